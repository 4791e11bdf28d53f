//! Features of a text: its stems, pairs of stems that follow each other, the groups of four letters within them, and their first five letters.
//!
//! Not here: what they weigh. A feature is a 32-bit tag; zero is no tag.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Letters of a group.
const GROUP: usize = 4;
/// Letters of a beginning.
const BEGINNING: usize = 5;
/// No more words than this are looked at.
const WORDS: usize = 1200;

/// The features of a text with the word that each came from, in order.
#[derive(Debug, Default)]
pub struct Features {
    /// The tag, or its place in the order of the known ones, in the upper half, the number of the word in the lower.
    found: Vec<u64>,
    words: u32,
}

/// What of a stem a vocabulary knows: kept with the word, so that nothing of it is looked up again in the next letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    /// The stem is of letters: it makes a pair with its neighbours.
    pub lettered: bool,
    /// The places of its own features in the order of the known ones.
    pub places: Box<[u32]>,
}

fn tag(kind: u8, letters: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    hasher.write(letters);
    let hash = hasher.finish();
    ((hash ^ (hash >> 32)) as u32).max(1)
}

/// The tag of a whole stem.
pub(super) fn stem_tag(stem: &str) -> u32 {
    tag(0, stem.as_bytes())
}

impl Features {
    /// The features of one stem: itself, its groups of letters, its beginning. A stem with anything but letters has none.
    pub fn tags(stem: &str) -> Vec<u32> {
        if !stem.chars().all(|c| matches!(c, 'а'..='я') || c.is_alphabetic()) {
            return Vec::new();
        }
        let mut edged = String::with_capacity(stem.len() + 2);
        edged.extend(["<", stem, ">"]);
        let letters = edged.chars().count();
        // As many as there will be, so that what keeps them need not move them.
        let mut tags = Vec::with_capacity(1 + letters.saturating_sub(GROUP - 1) + usize::from(letters + 1 > BEGINNING + 3));
        tags.push(stem_tag(stem));
        let ends = || edged.char_indices().map(|(i, _)| i).chain([edged.len()]);
        for (from, to) in ends().zip(ends().skip(GROUP)) {
            tags.push(tag(1, edged.as_bytes().get(from..to).unwrap_or_default()));
        }
        if let (Some(from), Some(to), true) = (ends().nth(1), ends().nth(1 + BEGINNING), letters + 1 > BEGINNING + 3) {
            tags.push(tag(2, edged.as_bytes().get(from..to).unwrap_or_default()));
        }
        tags
    }

    /// The features of a text given as the stems of its words, each with its own; `place` knows those of pairs. A stem that is not of letters counts as
    /// a word all the same.
    pub(super) fn of<'a>(stems: impl Iterator<Item = (&'a str, &'a Trace)>, place: impl Fn(u32) -> Option<u32>) -> Features {
        let (mut found, mut words, mut pair, mut first) = (Vec::with_capacity(1024), 0u32, String::new(), true);
        for (stem, trace) in stems.take(WORDS) {
            let word = words;
            words += 1;
            if !trace.lettered {
                continue;
            }
            let of_word = |place: u32| u64::from(place) << 32 | u64::from(word);
            found.extend(trace.places.iter().copied().map(of_word));
            // The pair counts as the second word's.
            let before = pair.len();
            if !first {
                pair.push('_');
                pair.push_str(stem);
                found.extend(place(tag(3, pair.as_bytes())).map(of_word));
                pair.drain(..(before + 1).min(pair.len()));
            } else {
                pair.push_str(stem);
                first = false;
            }
        }
        found.sort_unstable();
        Features { found, words }
    }

    /// All features of bare stems by their tags: nothing is known yet.
    pub(super) fn of_stems<'a>(stems: impl Iterator<Item = &'a str>) -> Features {
        let trace = |stem: &str| {
            let tags = Features::tags(stem);
            Trace { lettered: !tags.is_empty(), places: tags.into() }
        };
        let stems: Vec<(&str, Trace)> = stems.take(WORDS).map(|s| (s, trace(s))).collect();
        Features::of(stems.iter().map(|(stem, trace)| (*stem, trace)), Some)
    }

    /// How many words were taken.
    pub(super) fn words(&self) -> usize {
        self.words as usize
    }

    /// Each feature, in order, with the words that it stands in.
    pub(super) fn counted(&self) -> impl Iterator<Item = (u32, &[u64])> {
        self.found.chunk_by(|a, b| a >> 32 == b >> 32).filter_map(|run| Some(((run.first()? >> 32) as u32, run)))
    }
}
