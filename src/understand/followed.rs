//! Phrases found in a text: the atoms of its words, and from each the parts of phrases that begin there.
//!
//! Not here: how phrases are written and kept (`phrases`). A text is walked once for a matcher, in rooms that are used again for the next text.

use super::atoms::{behind, mark, matchers_of};
use super::phrases::{Begin, GAP, Hit, Matcher, Ready, Slot, span};
use super::words::{Token, Word, Words};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// Words between the outermost parts of a `+` phrase.
const NEAR: usize = 14;
/// Hits kept of one letter.
const HITS: usize = 2000;
/// Hits that there is room for from the first one on.
const FEW: usize = 16;
/// Parts that a phrase may have.
const PARTS: usize = 4;

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
}

/// What one run needs.
#[derive(Debug, Default)]
struct Room {
    held: Held,
    marks: Marks,
    /// Of phrases in several parts: where each part was seen last, as (phrase, part) -> (first, last).
    seen: FxHashMap<(u32, u8), (usize, usize)>,
}

/// How far off the word behind a gap may stand.
const BEHIND_GAP: usize = GAP + 1;

impl Matcher {
    /// All phrases in the text, in the order of their last words; at most a few thousand.
    pub(super) fn find(&self, words: &Words<'_>) -> Vec<Hit> {
        // A matcher that runs within another's run has a room of its own.
        ROOM.with(|room| match room.try_borrow_mut() {
            Ok(mut room) => self.follow_all(&words.tokens, &mut room),
            Err(_) => self.follow_all(&words.tokens, &mut Room::default()),
        })
    }

    fn follow_all(&self, tokens: &[Token], room: &mut Room) -> Vec<Hit> {
        let ready = self.ready();
        let Room { held, marks, seen } = room;
        held.fill(self, ready, tokens);
        let mut hits = Vec::new();
        if held.atoms.is_empty() {
            return hits;
        }
        self.mark(ready, held, marks);
        seen.clear();
        let mut end = 0;
        for (i, token) in tokens.iter().enumerate() {
            if end <= i {
                end = i + tokens.iter().skip(i).take_while(|t| t.sentence == token.sentence).count();
            }
            let here = held.at(i);
            if here.is_empty() {
                continue;
            }
            // Nearly every part goes on with the next word or within a gap.
            let (next, gap) = (held.ahead(i, 1, end), held.ahead(i, BEHIND_GAP, end));
            for begin in here.iter().flat_map(|a| ready.begins.of(*a)) {
                let near = match usize::from(begin.reach) {
                    0 => u64::MAX,
                    1 => next,
                    BEHIND_GAP => gap,
                    reach => held.ahead(i, reach, end),
                };
                if begin.reach > 0 && near & begin.second == 0 {
                    continue;
                }
                let number = begin.phrase;
                if begin.several && self.phrases.get(number as usize).is_none_or(|phrase| marks.slots(number) & phrase.slots != phrase.slots) {
                    continue;
                }
                let Some(last) = self.follow(held, i, end, begin) else { continue };
                let Some(phrase) = self.phrases.get(number as usize) else { continue };
                if hits.is_empty() {
                    hits.reserve(FEW);
                }
                let rule = phrase.rule as usize;
                if !begin.several {
                    hits.push(Hit { rule, first: i, last, single: true });
                } else {
                    seen.insert((number, begin.part), (i, last));
                    let mut spans = [(0, 0); PARTS];
                    let all = spans.iter_mut().zip(0..phrase.parts).all(|(span, part)| seen.get(&(number, part)).map(|s| *span = *s).is_some());
                    let spans = spans.get(..usize::from(phrase.parts)).unwrap_or_default();
                    if all {
                        let first = spans.iter().map(|s| s.0).min().unwrap_or(i);
                        let last = spans.iter().map(|s| s.1).max().unwrap_or(last);
                        let together = tokens.get(first).map(|t| t.sentence) == tokens.get(last).map(|t| t.sentence);
                        if last - first <= NEAR && together && apart(spans) {
                            hits.push(Hit { rule, first, last, single: false });
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

    /// The index of the last word when the slots of a part hold from word `i` on, within the sentence that ends before `end`.
    fn follow(&self, held: &Held, i: usize, end: usize, begin: &Begin) -> Option<usize> {
        let mut slots = span(&self.slots, (begin.slots.0, u32::from(begin.slots.1))).iter();
        let first = slots.next()?;
        let mut at = if begin.plain { i } else { self.stands(held, first, i, end)? };
        for slot in slots {
            let reach = if slot.gap { GAP + 1 } else { 1 };
            let begins = slot.marks.0 | slot.marks.1;
            let mut places = (at + 1..(at + 1 + reach).min(end)).filter(|j| held.marks.get(*j).is_some_and(|marks| marks & begins != 0));
            at = places.find_map(|j| self.stands(held, slot, j, end))?;
        }
        Some(at)
    }

    /// The last word of a slot that stands on word `j`.
    fn stands(&self, held: &Held, slot: &Slot, j: usize, end: usize) -> Option<usize> {
        let marks = held.marks.get(j).copied()?;
        let next = held.marks.get(j + 1).copied().unwrap_or(0);
        let rows = if marks & slot.marks.1 == 0 { &[] } else { span(&self.rows, slot.rows) };
        for row in rows {
            if marks & row.marks.0 == 0 || next & row.marks.1 == 0 {
                continue;
            }
            let words = span(&self.ones, row.words);
            if j + words.len() <= end && words.iter().enumerate().all(|(n, atom)| held.at(j + n).contains(atom)) {
                return Some(j + words.len() - 1);
            }
        }
        if marks & slot.marks.0 == 0 {
            return None;
        }
        let one = span(&self.ones, slot.one);
        held.at(j).iter().any(|atom| mark(*atom) & slot.marks.0 != 0 && one.binary_search(atom).is_ok()).then_some(j)
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
    fn mark(&self, ready: &Ready, held: &Held, marks: &mut Marks) {
        marks.begin(self.phrases.len(), self.atoms.len());
        if ready.uses.is_empty() {
            return;
        }
        for &atom in &held.atoms {
            if !marks.first(atom) {
                continue;
            }
            for used in ready.uses.of(atom) {
                marks.set(used.phrase, 1 << (used.bit & 31));
            }
        }
    }
}

/// Whether the parts stand on different words.
fn apart(spans: &[(usize, usize)]) -> bool {
    spans.iter().enumerate().all(|(i, a)| spans.iter().skip(i + 1).all(|b| a.0 > b.1 || b.0 > a.1))
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
#[derive(Debug, Default)]
struct Held {
    starts: Vec<u32>,
    atoms: Vec<u32>,
    /// By word: the marks of its atoms.
    marks: Vec<u64>,
}

impl Held {
    /// Takes the words of a text in.
    fn fill(&mut self, matcher: &Matcher, ready: &Ready, tokens: &[Token]) {
        self.starts.clear();
        self.atoms.clear();
        self.marks.clear();
        for token in tokens {
            let from = self.atoms.len();
            self.starts.push(from as u32);
            token.notes.atoms(ready.number, &mut self.atoms, |all| {
                if token.notes.possible(ready.number, || matchers_of(token)) {
                    matcher.look_up(token, all);
                }
            });
            self.marks.push(self.atoms.get(from..).unwrap_or_default().iter().fold(0, |all, a| all | mark(*a)));
        }
        self.starts.push(self.atoms.len() as u32);
    }

    /// The marks of the next `reach` words behind word `i` together, within the sentence that ends before `end`.
    fn ahead(&self, i: usize, reach: usize, end: usize) -> u64 {
        self.marks.get(i + 1..end.min(i + 1 + reach)).unwrap_or_default().iter().fold(0, |all, marks| all | marks)
    }

    fn at(&self, i: usize) -> &[u32] {
        match self.starts.get(i..i + 2) {
            Some(&[from, to]) => self.atoms.get(from as usize..to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}
