//! Words known by their sound: «избевают», «суецид», «синики».
//!
//! Not here: which concepts are worth it (`rules/urgency.toml`, `misspelled`).

use crate::understand::phrases::Hit;
use crate::understand::words::Words;
use rustc_hash::FxHashMap;

/// A word shorter than this has too many neighbours.
const SHORTEST: usize = 5;

/// Beginnings of words by sound.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    by_head: FxHashMap<[char; 4], Vec<(String, usize)>>,
}

impl Sounds {
    /// Learns the long beginnings (`слов*`) of a phrase of one word.
    pub(super) fn learn(&mut self, concept: usize, phrase: &str) {
        if phrase.contains([' ', '+', '_']) {
            return;
        }
        for word in phrase.split('|').filter_map(|w| w.strip_suffix('*')).filter(|w| w.chars().count() >= SHORTEST) {
            if let Some(head) = head(word) {
                self.by_head.entry(head).or_default().push((heard(word).collect(), concept));
            }
        }
    }

    /// Adds what only the ear knows, and keeps the order of last words.
    pub(super) fn add(&self, words: &Words<'_>, tags: &mut Vec<Hit>) {
        let mut known = vec![false; words.tokens.len()];
        for tag in tags.iter().filter(|t| t.first == t.last) {
            if let Some(k) = known.get_mut(tag.first) {
                *k = true;
            }
        }
        let before = tags.len();
        let mut sound = String::new();
        for (i, token) in words.tokens.iter().enumerate() {
            if known.get(i).is_some_and(|k| *k) || token.norm.len() < 2 * SHORTEST {
                continue;
            }
            let Some(list) = head(&token.norm).and_then(|h| self.by_head.get(&h)) else { continue };
            sound.clear();
            sound.extend(heard(&token.norm));
            tags.extend(list.iter().filter(|(s, _)| sound.starts_with(s.as_str())).map(|&(_, rule)| Hit { rule, first: i, last: i, single: true }));
        }
        if tags.len() > before {
            tags.sort_by_key(|t| t.last);
        }
    }
}

/// The first four sounds of a folded word.
fn head(word: &str) -> Option<[char; 4]> {
    let mut sounds = heard(word);
    Some([sounds.next()?, sounds.next()?, sounds.next()?, sounds.next()?])
}

/// How a folded word sounds: unstressed vowels and voiced consonants fall together, double letters and signs go.
fn heard(word: &str) -> impl Iterator<Item = char> + '_ {
    let mut previous = '\0';
    word.chars().filter_map(move |c| {
        let c = match c {
            'о' => 'а',
            'е' | 'э' | 'ы' | 'я' | 'й' => 'и',
            'б' => 'п',
            'д' => 'т',
            'г' => 'к',
            'в' => 'ф',
            'з' => 'с',
            'ж' | 'щ' => 'ш',
            'ь' | 'ъ' => return None,
            other => other,
        };
        (std::mem::replace(&mut previous, c) != c).then_some(c)
    })
}
