//! Phrases over the words of a letter: a notation for rule files, and a matcher that finds thousands of them in one pass.
//!
//! Not here: what a phrase means (`topic`, `urgency`, `kind` and others say).
//!
//! A phrase is written as words: `слово` is any of its forms (equal Snowball stems), `слов*` a beginning of at least three letters, `=слово` exactly
//! that word, `а|б` either, `а_б` words in a row within an alternative, `..` up to three words in between, and `+` joins parts that stand near each other in one sentence, in any order.

use super::atoms::{Atom, atom, behind, mark, matchers_of, numbered};
use super::words::{Word, Words};
use rustc_hash::{FxHashMap, FxHasher};
use std::cell::RefCell;
use std::hash::Hasher;
use std::num::NonZeroU32;
use std::sync::OnceLock;

/// Words that `..` may skip.
const GAP: usize = 3;
/// Words between the outermost parts of a `+` phrase.
const NEAR: usize = 14;
/// Hits kept of one letter.
const HITS: usize = 2000;

/// A place in a phrase: its alternatives as numbers of atoms.
#[derive(Debug, Clone)]
struct Slot {
    /// Alternatives of one word, sorted.
    one: Box<[u32]>,
    /// Alternatives of several words in a row; they are tried first.
    rows: Vec<Box<[u32]>>,
    /// The marks of all atoms that it can begin with.
    marks: u64,
    gap: bool,
}

#[derive(Debug, Clone)]
struct Phrase {
    rule: usize,
    parts: Vec<Vec<Slot>>,
    /// One bit for each slot of each part.
    slots: u32,
}

/// Where an atom stands in a phrase of several parts.
#[derive(Debug, Clone, Copy)]
struct Use {
    phrase: u32,
    /// The slot's bit in [`Phrase::slots`].
    bit: u8,
}

/// A part of a phrase that begins with an atom.
#[derive(Debug, Clone, Copy)]
struct Begin {
    phrase: u32,
    part: u8,
    /// The phrase has other parts.
    several: bool,
    /// The farthest word, counted from the first, that the second slot can stand on; none where there is no second slot.
    reach: u8,
    /// The marks of the second slot's atoms: where none of them is within reach, the part is not followed.
    next: u64,
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
    phrases: Vec<Phrase>,
    atoms: Vec<Atom>,
    /// By atom: the parts that begin with it, in the order of the phrases.
    begins: Vec<Vec<Begin>>,
    /// By atom: its places in phrases of several parts.
    uses: Vec<Vec<Use>>,
    /// Some phrase has several parts.
    several: bool,
    /// The phrases' own hash; matchers with equal phrases have equal ones.
    print: u64,
    /// The number under which words keep their atoms for this matcher.
    number: OnceLock<u8>,
    /// The first atom of a key; the others follow by [`Matcher::same`].
    by_key: FxHashMap<u64, u32>,
    /// By atom: the next one of the same key.
    same: Vec<Option<NonZeroU32>>,
}

/// How far behind a word the next slot of a part is looked for by its mark; farther ones are followed without.
const FAR: usize = 8;

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
        (self.print, self.number) = (print.finish(), OnceLock::new());
        let several = read.len() > 1;
        self.several |= several;
        let (mut parts, mut bit) = (Vec::new(), 0);
        for (part, slots) in read.into_iter().enumerate() {
            let (mut own, mut firsts): (Vec<Slot>, Vec<u32>) = (Vec::new(), Vec::new());
            for (n, (any, gap)) in slots.into_iter().enumerate() {
                let any: Vec<Box<[u32]>> = any.into_iter().map(|alternative| alternative.into_iter().map(|a| self.intern(a)).collect()).collect();
                for first in any.iter().filter_map(|a| a.first()) {
                    if let Some(uses) = self.uses.get_mut(*first as usize).filter(|_| several) {
                        uses.push(Use { phrase: number, bit });
                    }
                    if n == 0 {
                        firsts.push(*first);
                    }
                }
                let (one, rows): (Vec<_>, Vec<_>) = any.into_iter().partition(|alternative| alternative.len() == 1);
                let mut one: Vec<u32> = one.into_iter().flatten().collect();
                one.sort_unstable();
                let marks = one.iter().chain(rows.iter().filter_map(|r| r.first())).fold(0, |all, a| all | mark(*a));
                own.push(Slot { one: one.into(), rows, marks, gap });
                bit += 1;
            }
            let next = own.get(1).map_or(0, |slot| slot.marks);
            let longest = own.first().map_or(0, |slot| slot.rows.iter().map(|r| r.len()).max().unwrap_or(1) - 1);
            let reach = own.get(1).map_or(0, |slot| longest + if slot.gap { GAP + 1 } else { 1 }).min(FAR + 1) as u8;
            for first in firsts {
                if let Some(begins) = self.begins.get_mut(first as usize) {
                    begins.push(Begin { phrase: number, part: part as u8, several, reach, next });
                }
            }
            parts.push(own);
        }
        self.phrases.push(Phrase { rule, parts, slots: u32::MAX >> (32 - count.clamp(1, SLOTS)) });
        Ok(())
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
        self.uses.push(Vec::new());
        self.begins.push(Vec::new());
        number
    }

    /// The next atom of the same key. Number 0 is always the first of its own.
    fn after(&self, atom: u32) -> Option<u32> {
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
        matcher
    }

    /// All phrases in the text, in the order of their last words; at most a few thousand.
    pub(super) fn find(&self, words: &Words<'_>) -> Vec<Hit> {
        // A matcher that runs within another's run has marks of its own.
        MARKS.with(|marks| match marks.try_borrow_mut() {
            Ok(mut marks) => self.follow_all(words, &mut marks),
            Err(_) => self.follow_all(words, &mut Marks::default()),
        })
    }

    fn follow_all(&self, words: &Words<'_>, marks: &mut Marks) -> Vec<Hit> {
        let held = self.held(words);
        let mut hits = Vec::new();
        if held.atoms.is_empty() {
            return hits;
        }
        if self.several {
            self.mark(&held, marks);
        }
        // Of phrases in several parts: where each part was seen last, as (phrase, part) -> (first, last).
        let mut seen: FxHashMap<(u32, u8), (usize, usize)> = FxHashMap::default();
        for i in 0..words.tokens.len() {
            let here = held.at(i);
            if here.is_empty() {
                continue;
            }
            let within = held.within(i);
            for &Begin { phrase: number, part, several, reach, next } in here.iter().filter_map(|a| self.begins.get(*a as usize)).flatten() {
                if within.get(reach as usize).is_some_and(|near| reach > 0 && near & next == 0) {
                    continue;
                }
                let found = if several { marks.slots(number) } else { u32::MAX };
                if found == 0 {
                    continue;
                }
                let Some(phrase) = self.phrases.get(number as usize).filter(|p| found & p.slots == p.slots) else { continue };
                let Some(slots) = phrase.parts.get(part as usize) else { continue };
                let Some(last) = follow(words, &held, i, slots) else { continue };
                if phrase.parts.len() == 1 {
                    hits.push(Hit { rule: phrase.rule, first: i, last, single: true });
                } else {
                    seen.insert((number, part), (i, last));
                    let spans: Option<Vec<_>> = (0..phrase.parts.len() as u8).map(|p| seen.get(&(number, p)).copied()).collect();
                    if let Some(spans) = spans {
                        let first = spans.iter().map(|s| s.0).min().unwrap_or(i);
                        let end = spans.iter().map(|s| s.1).max().unwrap_or(last);
                        if end - first <= NEAR && words.together(first, end) && apart(&spans) {
                            hits.push(Hit { rule: phrase.rule, first, last: end, single: false });
                        }
                    }
                }
                if hits.len() >= HITS {
                    return hits;
                }
            }
        }
        hits
    }

    /// The atoms that each word of a text is.
    fn held(&self, words: &Words<'_>) -> Held {
        let number = *self.number.get_or_init(|| numbered(self.print, self.by_key.keys().copied()));
        let mut held = Held { starts: Vec::with_capacity(words.tokens.len() + 1), atoms: Vec::new(), marks: Vec::with_capacity(words.tokens.len()) };
        for token in words.tokens.iter() {
            let from = held.atoms.len();
            held.starts.push(from as u32);
            token.notes.atoms(number, &mut held.atoms, |all| {
                if token.notes.possible(number, || matchers_of(token)) {
                    self.look_up(token, all);
                }
            });
            held.marks.push(held.atoms.get(from..).unwrap_or_default().iter().fold(0, |all, a| all | mark(*a)));
        }
        held.starts.push(held.atoms.len() as u32);
        held
    }

    /// The atoms that a word is.
    fn look_up(&self, word: &Word, all: &mut Vec<u32>) {
        let behind = behind(&word.norm);
        for key in word.keys() {
            let mut at = self.by_key.get(&key).copied();
            while let Some(n) = at {
                if self.atoms.get(n as usize).is_some_and(|a| a.holds(word, behind)) {
                    all.push(n);
                }
                at = self.after(n);
            }
        }
    }

    /// Marks for each phrase of several parts the slots that have a word somewhere in the text.
    fn mark(&self, held: &Held, marks: &mut Marks) {
        marks.begin(self.phrases.len(), self.atoms.len());
        for &atom in &held.atoms {
            if !marks.first(atom) {
                continue;
            }
            for used in self.uses.get(atom as usize).into_iter().flatten() {
                marks.set(used.phrase, 1 << (used.bit & 31));
            }
        }
    }

    /// How many phrases there are.
    pub(super) fn len(&self) -> usize {
        self.phrases.len()
    }
}

/// Whether the parts stand on different words.
fn apart(spans: &[(usize, usize)]) -> bool {
    spans.iter().enumerate().all(|(i, a)| spans.iter().skip(i + 1).all(|b| a.0 > b.1 || b.0 > a.1))
}

thread_local! {
    static MARKS: RefCell<Marks> = RefCell::default();
}

/// Marks that need no wiping: each run has a number of its own, and older marks count as none.
#[derive(Debug, Default)]
struct Marks {
    run: u32,
    /// By phrase: the run of the mark and the slots found.
    phrases: Vec<(u32, u32)>,
    /// By atom: the run in which it was met.
    atoms: Vec<u32>,
}

impl Marks {
    fn begin(&mut self, phrases: usize, atoms: usize) {
        self.run = self.run.wrapping_add(1);
        if self.run == 0 {
            *self = Marks { run: 1, ..Marks::default() };
        }
        self.phrases.resize(self.phrases.len().max(phrases), (0, 0));
        self.atoms.resize(self.atoms.len().max(atoms), 0);
    }

    /// Whether the atom is met for the first time in this run.
    fn first(&mut self, atom: u32) -> bool {
        self.atoms.get_mut(atom as usize).is_some_and(|seen| std::mem::replace(seen, self.run) != self.run)
    }

    fn set(&mut self, phrase: u32, slot: u32) {
        if let Some((run, slots)) = self.phrases.get_mut(phrase as usize) {
            *slots = if *run == self.run { *slots | slot } else { slot };
            *run = self.run;
        }
    }

    fn slots(&self, phrase: u32) -> u32 {
        self.phrases.get(phrase as usize).filter(|(run, _)| *run == self.run).map_or(0, |(_, slots)| *slots)
    }
}

/// Which atoms the words of a text are: those of word `i` lie between its start and the next.
struct Held {
    starts: Vec<u32>,
    atoms: Vec<u32>,
    /// By word: the marks of its atoms.
    marks: Vec<u64>,
}

impl Held {
    fn at(&self, i: usize) -> &[u32] {
        match (self.starts.get(i), self.starts.get(i + 1)) {
            (Some(from), Some(to)) => self.atoms.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// What stands behind word `i`: by distance, the marks of all atoms from the next word up to it.
    fn within(&self, i: usize) -> [u64; FAR + 1] {
        let (mut near, mut all) = ([0; FAR + 1], 0);
        for (n, slot) in near.iter_mut().enumerate().skip(1) {
            all |= self.marks.get(i + n).copied().unwrap_or(0);
            *slot = all;
        }
        near
    }
}

/// The index of the last word when the slots hold from word `i` on.
fn follow(words: &Words<'_>, held: &Held, i: usize, slots: &[Slot]) -> Option<usize> {
    let here = |slot: &Slot, j: usize| {
        if held.marks.get(j).is_none_or(|marks| marks & slot.marks == 0) || !words.together(i, j) {
            return None;
        }
        let holds = |(n, atom): (usize, &u32)| held.at(j + n).contains(atom) && words.together(i, j + n);
        let row = slot.rows.iter().find(|a| a.iter().enumerate().all(holds)).map(|a| j + a.len() - 1);
        row.or_else(|| held.at(j).iter().any(|atom| slot.one.binary_search(atom).is_ok()).then_some(j))
    };
    let mut at = here(slots.first()?, i)?;
    for slot in slots.iter().skip(1) {
        let reach = if slot.gap { GAP + 1 } else { 1 };
        at = (at + 1..=at + reach).find_map(|j| here(slot, j))?;
    }
    Some(at)
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
