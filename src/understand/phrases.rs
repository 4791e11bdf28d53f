//! Phrases over the words of a letter: a notation for rule files, and a matcher that finds thousands of them in one pass.
//!
//! Not here: how they are found in a text (`followed`), what a phrase means (`topic`, `urgency`, `kind` and others say).
//!
//! A phrase is written as words: `слово` is any of its forms (equal Snowball stems), `слов*` a beginning of at least three letters, `=слово` exactly
//! that word, `а|б` either, `а_б` words in a row within an alternative, `..` up to three words in between, and `+` joins parts that stand near each other in one sentence, in any order.

use super::atoms::{Atom, atom, mark, numbered};
use super::words::Words;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;
use std::num::NonZeroU32;
use std::sync::OnceLock;

/// Words that `..` may skip.
pub(super) const GAP: usize = 3;

/// A place in a phrase: its alternatives as numbers of atoms.
#[derive(Debug, Clone, Default)]
pub(super) struct Slot {
    /// The marks of its atoms of one word, and of those that its rows begin with.
    pub marks: (u64, u64),
    /// Alternatives of one word, sorted: where they lie among [`Matcher::ones`].
    pub one: Span,
    /// Alternatives of several words in a row, tried first: where they lie among [`Matcher::rows`].
    pub rows: Span,
    pub gap: bool,
}

/// An alternative of several words in a row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The marks of its first and of its second word.
    pub marks: (u64, u64),
    /// Its words, among [`Matcher::ones`].
    pub words: Span,
}

/// From where, and how many.
pub(super) type Span = (u32, u32);

/// What lies there.
pub(super) fn span<T>(all: &[T], (from, count): Span) -> &[T] {
    all.get(from as usize..from as usize + count as usize).unwrap_or_default()
}

#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub rule: u32,
    /// One bit for each slot of each part.
    pub slots: u32,
    /// How many parts it has.
    pub parts: u8,
}

/// Where an atom stands in a phrase of several parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use {
    pub phrase: u32,
    /// The slot's bit in [`Phrase::slots`].
    pub bit: u8,
}

/// A part of a phrase that begins with an atom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begin {
    pub phrase: u32,
    /// Its slots, among [`Matcher::slots`].
    pub slots: (u32, u8),
    pub part: u8,
    /// The farthest word, counted from the first, that the second slot can stand on; none where there is no second slot.
    pub reach: u8,
    /// The marks of all that the second slot can begin with. Where none of them is within reach of the first, a part is not followed.
    pub second: u64,
    /// The phrase has other parts.
    pub several: bool,
    /// No alternative of the first slot is of several words: the atom alone fills it.
    pub plain: bool,
}

/// Slots that a phrase may have in all.
const SLOTS: usize = 32;

/// A phrase found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    /// Number of the rule that the phrase belongs to.
    pub rule: usize,
    /// Index of its first word.
    pub first: usize,
    /// Index of its last word.
    pub last: usize,
    /// Of one part only: such a hit can be denied by a word beside it.
    pub single: bool,
}

impl Words<'_> {
    /// The text between the first and the last word of a hit, on one line, at most 80 characters.
    pub(super) fn quote(&self, hit: &Hit) -> String {
        let (Some(a), Some(b)) = (self.tokens.get(hit.first), self.tokens.get(hit.last)) else { return String::new() };
        let raw = self.text.get(a.at.start..b.at.end).unwrap_or_default();
        let one = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if one.chars().count() > 80 { one.chars().take(79).chain(['…']).collect() } else { one }
    }
}

/// Many phrases, found in one pass. Each word of the text is looked up once; only phrases all of whose words are somewhere in the text are followed.
#[derive(Debug, Clone, Default)]
pub(super) struct Matcher {
    pub(super) phrases: Vec<Phrase>,
    pub(super) atoms: Vec<Atom>,
    /// The slots of all parts.
    pub(super) slots: Vec<Slot>,
    /// The alternatives of one word of all slots, and the words of those in rows.
    pub(super) ones: Vec<u32>,
    /// The alternatives in rows of all slots, as words among [`Matcher::ones`].
    pub(super) rows: Vec<Row>,
    /// By atom: the parts that begin with it, in the order of the phrases.
    begins: Vec<(u32, Begin)>,
    /// By atom: its places in phrases of several parts.
    uses: Vec<(u32, Use)>,
    /// The phrases' own hash; matchers with equal phrases have equal ones.
    print: u64,
    /// Made when the first text is read.
    ready: OnceLock<Ready>,
    /// The first atom of a key; the others follow by [`Matcher::same`].
    pub(super) by_key: FxHashMap<u64, u32>,
    /// By atom: the next one of the same key.
    same: Vec<Option<NonZeroU32>>,
}

/// What a matcher that grows no more is followed by: what each atom leads to lies together.
#[derive(Debug, Clone)]
pub(super) struct Ready {
    /// The number under which words keep their atoms for this matcher.
    pub number: u8,
    pub begins: Grouped<Begin>,
    pub uses: Grouped<Use>,
}

/// Things by the number of what they belong to.
#[derive(Debug, Clone)]
pub(super) struct Grouped<T> {
    starts: Box<[u32]>,
    all: Box<[T]>,
}

impl<T: Copy> Grouped<T> {
    fn new(groups: usize, all: &[(u32, T)]) -> Grouped<T> {
        let mut order: Vec<u32> = (0..all.len() as u32).collect();
        let group = |n: u32| all.get(n as usize).map_or(0, |a| a.0);
        order.sort_by_key(|&n| group(n));
        let mut starts = vec![0u32; groups + 1];
        for (group, _) in all {
            if let Some(count) = starts.get_mut(*group as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Grouped { starts: starts.into(), all: order.iter().filter_map(|&n| all.get(n as usize)).map(|a| a.1).collect() }
    }

    /// Whether there is nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Those of one group.
    pub(super) fn of(&self, group: u32) -> &[T] {
        match self.starts.get(group as usize..group as usize + 2) {
            Some(&[from, to]) => self.all.get(from as usize..to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

impl Matcher {
    /// Adds a phrase for a rule; the mistake in Russian-speaking rule files is told in words.
    pub(super) fn add(&mut self, rule: usize, phrase: &str) -> Result<(), String> {
        let mut read: Vec<Vec<(Vec<Vec<Atom>>, bool)>> = Vec::new();
        for part in phrase.split('+') {
            let (mut slots, mut gap) = (Vec::new(), false);
            for word in part.split_whitespace() {
                if word == ".." {
                    gap = true;
                    continue;
                }
                let any = word.split('|').map(|a| a.split('_').map(|w| atom(w, phrase)).collect()).collect::<Result<Vec<Vec<_>>, _>>()?;
                let after_gap = std::mem::take(&mut gap) && !slots.is_empty();
                slots.push((any, after_gap));
            }
            if slots.is_empty() {
                return Err(format!("phrase «{phrase}» has an empty part"));
            }
            read.push(slots);
        }
        let count = read.iter().map(Vec::len).sum::<usize>();
        if read.len() > 4 {
            return Err(format!("phrase «{phrase}» has more than four parts"));
        }
        if count > SLOTS {
            return Err(format!("phrase «{phrase}» has more than {SLOTS} words"));
        }
        let number = self.phrases.len() as u32;
        let mut print = FxHasher::default();
        print.write_u64(self.print);
        print.write(phrase.as_bytes());
        (self.print, self.ready) = (print.finish(), OnceLock::new());
        let (several, parts) = (read.len() > 1, read.len() as u8);
        let mut bit = 0;
        for (part, slots) in read.into_iter().enumerate() {
            let (from, mut firsts) = (self.slots.len(), Vec::new());
            let (mut longest, mut plain) = (0, true);
            for (n, (any, gap)) in slots.into_iter().enumerate() {
                let any: Vec<Vec<u32>> = any.into_iter().map(|alternative| alternative.into_iter().map(|a| self.intern(a)).collect()).collect();
                let begin = any.iter().filter_map(|a| a.first()).copied();
                if several {
                    self.uses.extend(begin.clone().map(|first| (first, Use { phrase: number, bit })));
                }
                if n == 0 {
                    firsts.extend(begin);
                    longest = any.iter().map(|r| r.len() - 1).max().unwrap_or(0);
                    plain = longest == 0;
                }
                let slot = self.slot(any, gap);
                self.slots.push(slot);
                bit += 1;
            }
            let count = (self.slots.len() - from) as u8;
            let reach = self.slots.get(from + 1).map_or(0, |slot| longest + if slot.gap { GAP + 1 } else { 1 }).min(255) as u8;
            let second = self.slots.get(from + 1).map_or(0, |slot| slot.marks.0 | slot.marks.1);
            let begin = Begin { phrase: number, slots: (from as u32, count), part: part as u8, reach, second, several, plain };
            self.begins.extend(firsts.into_iter().map(|first| (first, begin)));
        }
        self.phrases.push(Phrase { rule: rule as u32, slots: u32::MAX >> (32 - count.clamp(1, SLOTS)), parts });
        Ok(())
    }

    /// Lays the alternatives of a slot with all others.
    fn slot(&mut self, any: Vec<Vec<u32>>, gap: bool) -> Slot {
        let (one, rows): (Vec<_>, Vec<_>) = any.into_iter().partition(|alternative| alternative.len() == 1);
        let mut one: Vec<u32> = one.into_iter().flatten().collect();
        one.sort_unstable();
        let all = |atoms: &mut dyn Iterator<Item = &u32>| atoms.fold(0, |all, a| all | mark(*a));
        let marks = (all(&mut one.iter()), all(&mut rows.iter().filter_map(|r| r.first())));
        let slot = Slot { marks, one: (self.ones.len() as u32, one.len() as u32), rows: (self.rows.len() as u32, rows.len() as u32), gap };
        self.ones.extend(one);
        for row in rows {
            let marks = (all(&mut row.iter().take(1)), all(&mut row.iter().skip(1).take(1)));
            self.rows.push(Row { marks, words: (self.ones.len() as u32, row.len() as u32) });
            self.ones.extend(row);
        }
        slot
    }

    /// The number of an atom, the same for equal ones.
    fn intern(&mut self, atom: Atom) -> u32 {
        let number = self.atoms.len() as u32;
        if let Some(&first) = self.by_key.get(&atom.key) {
            let (mut at, mut last) = (Some(first), first);
            while let Some(n) = at {
                if self.atoms.get(n as usize) == Some(&atom) {
                    return n;
                }
                last = n;
                at = self.after(n);
            }
            if let Some(next) = self.same.get_mut(last as usize) {
                *next = NonZeroU32::new(number);
            }
        } else {
            self.by_key.insert(atom.key, number);
        }
        self.same.push(None);
        self.atoms.push(atom);
        number
    }

    /// The next atom of the same key. Number 0 is always the first of its own.
    pub(super) fn after(&self, atom: u32) -> Option<u32> {
        self.same.get(atom as usize).copied().flatten().map(NonZeroU32::get)
    }

    /// A matcher of fixed rules, each a list of phrases. Phrases that cannot be read are left out; a test reads them all.
    pub(super) fn of(rules: &[&[&str]]) -> Matcher {
        let mut matcher = Matcher::default();
        for (i, phrases) in rules.iter().enumerate() {
            for phrase in *phrases {
                let added = matcher.add(i, phrase);
                debug_assert!(added.is_ok(), "{added:?}");
            }
        }
        matcher.packed()
    }

    /// Without the room that growing left over: nothing is added any more.
    pub(super) fn packed(mut self) -> Matcher {
        self.phrases.shrink_to_fit();
        self.atoms.shrink_to_fit();
        self.slots.shrink_to_fit();
        self.ones.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.begins.shrink_to_fit();
        self.uses.shrink_to_fit();
        self.same.shrink_to_fit();
        self
    }

    /// What it is followed by.
    pub(super) fn ready(&self) -> &Ready {
        self.ready.get_or_init(|| Ready {
            number: numbered(self.print, self.by_key.keys().copied()),
            begins: Grouped::new(self.atoms.len(), &self.begins),
            uses: Grouped::new(self.atoms.len(), &self.uses),
        })
    }

    /// How many phrases there are.
    pub(super) fn len(&self) -> usize {
        self.phrases.len()
    }
}

/// Words that deny what stands beside them: «психолога не надо», «дело не в логопеде», «это не про дневник».
pub(super) fn denied(words: &Words<'_>, hit: &Hit) -> bool {
    const NOT_NEEDED: [&str; 17] = [
        "надо",
        "нужен",
        "нужна",
        "нужно",
        "нужны",
        "требуется",
        "требуются",
        "понадобится",
        "предлагать",
        "предлагайте",
        "просим",
        "прошу",
        "хотим",
        "хочу",
        "хотел",
        "хотела",
        "советуйте",
    ];
    if !hit.single {
        return false;
    }
    let before = |n: usize| hit.first.checked_sub(n).filter(|&i| words.together(i, hit.first)).map_or("", |i| words.norm(i));
    let own = words.norm(hit.first);
    if own != "не" && own != "нет" {
        if before(1) == "не" || before(1) == "никакого" || before(1) == "никаких" || before(1) == "никакой" {
            return true;
        }
        if matches!(
            before(1),
            "к" | "про"
                | "о"
                | "об"
                | "в"
                | "по"
                | "на"
                | "с"
                | "для"
                | "от"
                | "у"
                | "это"
                | "самого"
                | "нужен"
                | "нужна"
                | "нужны"
                | "надо"
                | "нужно"
        ) && before(2) == "не"
        {
            return true;
        }
        if matches!(before(1), "к" | "с" | "в" | "о" | "нам" | "мне") && NOT_NEEDED.contains(&before(2)) && before(3) == "не" {
            return true;
        }
    }
    // «психолога (нам) не надо»
    (1..=2).any(|n| words.norm(hit.last + n) == "не" && words.together(hit.last, hit.last + n) && NOT_NEEDED.contains(&words.norm(hit.last + n + 1)))
}
