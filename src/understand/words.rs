//! Words of a letter prepared for matching: lower case, ё as е, stems, keys.
//!
//! Not here: phrases of them (`phrases`). All work is linear in the text; the text looked at is cut at [`TEXT_LIMIT`].

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHasher;
use std::cell::OnceCell;
use std::hash::Hasher;
use std::ops::Range;
use std::sync::LazyLock;

/// No more text than this is looked at (bytes).
pub(super) const TEXT_LIMIT: usize = 64 * 1024;

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::Russian));

/// One word and where it stood.
#[derive(Debug)]
pub(super) struct Token {
    /// Lower case, ё as е, look-alike Latin letters of a Cyrillic word replaced.
    pub norm: String,
    /// Its stem and the keys of the matchers' indexes, made when first asked for: most readings need the word alone.
    inner: OnceCell<Inner>,
    /// Bytes in the text.
    pub at: Range<usize>,
    /// Number of the sentence.
    pub sentence: usize,
}

/// What a matcher looks a word up by.
#[derive(Debug)]
struct Inner {
    stem: String,
    /// In the order of [`Form`].
    keys: [u64; 3],
}

/// Which form of a word a key stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(u8)]
pub(super) enum Form {
    Stem,
    Exact,
    Three,
}

/// The key of a word's form in a matcher's index.
pub(super) fn key(form: Form, word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(form as u8);
    hasher.write(word.as_bytes());
    hasher.finish()
}

impl Token {
    fn inner(&self) -> &Inner {
        self.inner.get_or_init(|| {
            let stem = stem(&self.norm);
            let keys = [key(Form::Stem, &stem), key(Form::Exact, &self.norm), three(&self.norm).map_or(0, |t| key(Form::Three, t))];
            Inner { stem, keys }
        })
    }

    /// The keys of its stem, of itself and of its first three letters.
    pub(super) fn keys(&self) -> [u64; 3] {
        self.inner().keys
    }

    /// The Snowball stem.
    pub(super) fn stem(&self) -> &str {
        &self.inner().stem
    }
}

/// A text as words.
#[derive(Debug)]
pub(super) struct Words<'a> {
    /// The text, cut at the limit.
    pub text: &'a str,
    /// Its words in order.
    pub tokens: Vec<Token>,
}

/// The longest beginning of `text` within `limit` bytes that ends between characters.
pub(super) fn cut(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let end = (0..=limit).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    &text[..end]
}

/// Lower case with ё as е. Character by character, so that the number of characters stays but for the rare ones whose lower case is two.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0'..='\x7f' => folded.push(c.to_ascii_lowercase()),
            'а'..='я' => folded.push(c),
            // The capitals stand 32 places before the small letters.
            'А'..='Я' => folded.extend(char::from_u32(c as u32 + 32)),
            'ё' | 'Ё' => folded.push('е'),
            _ => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// A letter or a digit; the tables of Unicode are asked only beyond Latin and Russian.
fn in_word(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' => true,
        '«' | '»' | '—' | '–' | '\u{a0}' | '…' => false,
        _ => c.is_alphanumeric(),
    }
}

/// The Cyrillic letter that a Latin one looks like.
fn look_alike(c: char) -> char {
    match c {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'p' => 'р',
        'c' => 'с',
        'x' => 'х',
        'y' => 'у',
        'k' => 'к',
        'm' => 'м',
        't' => 'т',
        'b' => 'в',
        'h' => 'н',
        other => other,
    }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}

/// The stem of a folded word.
pub(super) fn stem(norm: &str) -> String {
    // Pronouns and the like have no stem: «меня» would meet «меню».
    const WHOLE: [&str; 24] = [
        "меня",
        "мной",
        "тебя",
        "него",
        "нему",
        "ними",
        "этот",
        "этого",
        "этом",
        "того",
        "тому",
        "тоже",
        "также",
        "если",
        "было",
        "были",
        "была",
        "есть",
        "даже",
        "хотя",
        "ваша",
        "ваши",
        "наши",
        "себя",
    ];
    if WHOLE.contains(&norm) || norm.chars().count() <= 3 || !norm.chars().any(is_cyrillic) {
        return norm.to_owned();
    }
    STEMMER.stem(norm).into_owned()
}

impl<'a> Words<'a> {
    /// Splits a text into words and sentences. A sentence ends at `.!?…` before a capital or a line end, and at an empty or a short line's end.
    pub(super) fn new(text: &'a str) -> Words<'a> {
        let text = cut(text, TEXT_LIMIT);
        let mut tokens = Vec::with_capacity(text.len() / 10);
        let mut sentence = 0;
        let (mut word, mut pending, mut line) = (None::<usize>, false, 0usize);
        for (i, c) in text.char_indices() {
            if in_word(c) {
                if word.is_none() {
                    if pending && !c.is_lowercase() {
                        sentence += 1;
                    }
                    pending = false;
                    word = Some(i);
                }
            } else {
                if let Some(start) = word.take() {
                    push(&mut tokens, text, start..i, sentence);
                }
                match c {
                    '.' | '!' | '?' | '…' => pending = true,
                    '\n' => {
                        if pending || i - line < 60 {
                            sentence += 1;
                            pending = false;
                        }
                        line = i + 1;
                    }
                    c if c.is_whitespace() || matches!(c, ')' | '»' | '"') => {}
                    _ => pending = false,
                }
            }
        }
        if let Some(start) = word {
            push(&mut tokens, text, start..text.len(), sentence);
        }
        Words { text, tokens }
    }

    /// The folded word at `i`, empty outside.
    pub(super) fn norm(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| t.norm.as_str())
    }

    /// Whether the sentence of word `i` ends in a question mark.
    pub(super) fn asked(&self, i: usize) -> bool {
        let Some(sentence) = self.tokens.get(i).map(|t| t.sentence) else { return false };
        let rest = self.tokens.iter().skip(i).take_while(|t| t.sentence == sentence).count();
        let Some(last) = self.tokens.get(i + rest - 1) else { return false };
        let until = self.tokens.get(i + rest).map_or(self.text.len(), |t| t.at.start);
        self.text.get(last.at.end..until).is_some_and(|gap| gap.contains('?'))
    }

    /// Whether words `i` and `j` stand in one sentence.
    pub(super) fn together(&self, i: usize, j: usize) -> bool {
        matches!((self.tokens.get(i), self.tokens.get(j)), (Some(a), Some(b)) if a.sentence == b.sentence)
    }
}

fn push(tokens: &mut Vec<Token>, text: &str, at: Range<usize>, sentence: usize) {
    let raw = &text[at.clone()];
    let mut norm = fold(raw);
    if norm.bytes().any(|b| b.is_ascii_lowercase()) && norm.chars().any(is_cyrillic) {
        norm = norm.chars().map(look_alike).collect();
    }
    tokens.push(Token { norm, inner: OnceCell::new(), at, sentence });
}

/// The first three letters.
pub(super) fn three(word: &str) -> Option<&str> {
    let (at, last) = word.char_indices().nth(2)?;
    word.get(..at + last.len_utf8())
}
