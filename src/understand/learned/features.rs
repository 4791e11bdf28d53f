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

/// The features of a text with the word that each came from.
#[derive(Debug, Default)]
pub(super) struct Features {
    found: Vec<(u32, u32)>,
    words: u32,
    before: String,
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
    /// Takes the next word's stem. A stem with anything but letters counts as a word without features.
    pub(super) fn add(&mut self, stem: &str) {
        if self.words as usize >= WORDS {
            return;
        }
        let word = self.words;
        self.words += 1;
        if !stem.chars().all(char::is_alphabetic) {
            return;
        }
        self.found.push((stem_tag(stem), word));
        // The pair counts as the second word's.
        self.before.push('_');
        self.before.push_str(stem);
        if !self.before.starts_with('_') {
            self.found.push((tag(3, self.before.as_bytes()), word));
        }
        self.before.replace_range(.., stem);
        let edged = format!("<{stem}>");
        let ends: Vec<usize> = edged.char_indices().map(|(i, _)| i).chain([edged.len()]).collect();
        for pair in ends.windows(GROUP + 1) {
            if let [from, .., to] = pair
                && let Some(group) = edged.as_bytes().get(*from..*to)
            {
                self.found.push((tag(1, group), word));
            }
        }
        if let (Some(&from), Some(&to), true) = (ends.get(1), ends.get(1 + BEGINNING), ends.len() > BEGINNING + 3) {
            self.found.push((tag(2, edged.as_bytes().get(from..to).unwrap_or_default()), word));
        }
    }

    /// How many words were taken.
    pub(super) fn words(&self) -> usize {
        self.words as usize
    }

    /// Each feature with all its places.
    pub(super) fn counted(&mut self) -> impl Iterator<Item = (u32, &[(u32, u32)])> {
        self.found.sort_unstable();
        self.found.chunk_by(|a, b| a.0 == b.0).filter_map(|run| Some((run.first()?.0, run)))
    }
}
