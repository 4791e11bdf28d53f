//! The single words of phrases: how one is written, how it is compared with a word of a letter, which matchers know a word at all.
//!
//! Not here: phrases of them, and how they are found (`phrases`).

use super::words::{Form, Word, fold, in_word, key, stem, three};
use rustc_hash::FxHashMap;
use std::sync::{LazyLock, RwLock};

/// One word of a phrase. Words are compared by their keys; a beginning is compared by its letters once the first three agree.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Atom {
    form: Form,
    pub(super) key: u64,
    prefix: Box<str>,
    /// The first bytes of the beginning behind its third letter, and which of eight they are: most words are told from it by them alone.
    head: (u64, u64),
}

impl Atom {
    pub(super) fn new(form: Form, word: &str) -> Atom {
        match form {
            Form::Stem | Form::Exact => Atom { form, key: key(form, word), prefix: Box::default(), head: (0, 0) },
            Form::Three => {
                let first = three(word).unwrap_or_default();
                let rest = word.len().saturating_sub(first.len()).min(8) as u32;
                let mask = if rest == 8 { u64::MAX } else { (1 << (8 * rest)) - 1 };
                Atom { form, key: key(form, first), prefix: word.into(), head: (behind(word), mask) }
            }
        }
    }

    /// Whether it is a word that has its key; `behind` is what stands there behind the third letter.
    pub(super) fn holds(&self, word: &Word, behind: u64) -> bool {
        self.form != Form::Three || behind & self.head.1 == self.head.0 && word.norm.starts_with(&*self.prefix)
    }
}

/// The bytes of a word behind its third letter, at most eight.
pub(super) fn behind(word: &str) -> u64 {
    let rest = three(word).and_then(|t| word.as_bytes().get(t.len()..)).unwrap_or_default();
    rest.iter().take(8).enumerate().fold(0, |all, (n, b)| all | u64::from(*b) << (8 * n))
}

/// The mark of an atom: one bit of 64, so that what stands within reach of a word is told by one comparison.
pub(super) fn mark(atom: u32) -> u64 {
    1 << (atom.wrapping_mul(0x9E37_79B9) >> 26)
}

/// Matchers that words keep their atoms for.
const NUMBERED: usize = 64;

/// The matchers in use: their prints in the order of their numbers, and for each key of a word the set of those that have it.
#[derive(Debug, Default)]
struct Vocabulary {
    prints: Vec<u64>,
    keys: FxHashMap<u64, u64>,
}

static VOCABULARY: LazyLock<RwLock<Vocabulary>> = LazyLock::new(RwLock::default);

/// The number of a matcher, by its print: equal phrases have one number however often they are compiled.
pub(super) fn numbered(print: u64, keys: impl Iterator<Item = u64>) -> u8 {
    let Ok(mut vocabulary) = VOCABULARY.write() else { return u8::MAX };
    let at = vocabulary.prints.iter().position(|p| *p == print).unwrap_or(vocabulary.prints.len());
    if at >= NUMBERED {
        return u8::MAX;
    }
    if at == vocabulary.prints.len() {
        vocabulary.prints.push(print);
        for key in keys {
            *vocabulary.keys.entry(key).or_default() |= 1 << at;
        }
    }
    at as u8
}

/// The set of the matchers that may have a word, and how many matchers there are.
pub(super) fn matchers_of(word: &Word) -> (u64, u8) {
    let Ok(vocabulary) = VOCABULARY.read() else { return (u64::MAX, 0) };
    (word.keys().iter().filter_map(|k| vocabulary.keys.get(k)).fold(0, |all, m| all | m), vocabulary.prints.len() as u8)
}

/// The atom of a word as a phrase writes it.
pub(super) fn atom(word: &str, phrase: &str) -> Result<Atom, String> {
    let folded = fold(word);
    if let Some(prefix) = folded.strip_suffix('*') {
        if prefix.chars().count() < 3 || !prefix.chars().all(in_word) {
            return Err(format!("phrase «{phrase}»: «{word}» needs at least three letters before the star"));
        }
        return Ok(Atom::new(Form::Three, prefix));
    }
    let (exact, bare) = folded.strip_prefix('=').map_or((false, folded.as_str()), |w| (true, w));
    if bare.is_empty() || !bare.chars().all(in_word) {
        return Err(format!("phrase «{phrase}»: «{word}» is no word"));
    }
    Ok(if exact { Atom::new(Form::Exact, bare) } else { Atom::new(Form::Stem, &stem(bare)) })
}
