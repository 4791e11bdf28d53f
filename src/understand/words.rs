//! Words of a letter prepared for matching: lower case, ё as е, stems, keys.
//!
//! Not here: phrases of them (`phrases`). All work is linear in the text; the text looked at is cut at [`TEXT_LIMIT`].

use super::learned::Trace;
use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHasher;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::hash::Hasher;
use std::ops::{Deref, Range};
use std::rc::Rc;
use std::sync::LazyLock;

/// No more text than this is looked at (bytes).
pub(super) const TEXT_LIMIT: usize = 64 * 1024;

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::Russian));

/// One word and where it stood.
#[derive(Debug, Clone)]
pub(super) struct Token {
    word: Rc<Word>,
    /// Bytes in the text.
    pub at: Range<usize>,
    /// Number of the sentence.
    pub sentence: usize,
}

impl Deref for Token {
    type Target = Word;

    fn deref(&self) -> &Word {
        &self.word
    }
}

/// A word, prepared once and shared by all places where it stands.
#[derive(Debug)]
pub(super) struct Word {
    /// Lower case, ё as е, look-alike Latin letters of a Cyrillic word replaced.
    pub norm: String,
    /// Its stem, made when first asked for: most readings need the word alone.
    stem: OnceCell<Stem>,
    /// What was found out about it by those who meet it again and again.
    pub notes: Notes,
}

/// What is known of a word already. Each asker has a bit of its own, and what it finds depends on the word alone.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The matchers that have looked it up.
    asked: Cell<u64>,
    /// Those of them that have it in a phrase.
    within: Cell<u64>,
    /// The matchers that may have it at all, of so many that there were when that was looked up.
    possible: Cell<(u64, u8)>,
    /// One behind the other for each matcher: its number and how many atoms of it the word is (in one), then these.
    atoms: RefCell<Vec<u32>>,
    /// Questions that were answered, and which of them with yes.
    traits: Cell<(u32, u32)>,
    /// What the classifiers with this number know of it.
    trace: RefCell<Option<(u64, Rc<Trace>)>>,
}

/// The stem of a word: so many bytes of it, or else what is not its beginning.
#[derive(Debug)]
enum Stem {
    Of(usize),
    Other(Box<str>),
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

impl Word {
    fn new(norm: String) -> Word {
        Word { norm, stem: OnceCell::new(), notes: Notes::default() }
    }

    /// The keys of its stem, of itself and of its first three letters, in the order of [`Form`].
    pub(super) fn keys(&self) -> [u64; 3] {
        [key(Form::Stem, self.stem()), key(Form::Exact, &self.norm), three(&self.norm).map_or(0, |t| key(Form::Three, t))]
    }

    /// The Snowball stem.
    pub(super) fn stem(&self) -> &str {
        let stem = self.stem.get_or_init(|| match stemmed(&self.norm) {
            stem if self.norm.starts_with(&*stem) => Stem::Of(stem.len()),
            stem => Stem::Other(stem.into()),
        });
        match stem {
            Stem::Of(bytes) => self.norm.get(..*bytes).unwrap_or_default(),
            Stem::Other(stem) => stem,
        }
    }

    /// What the classifiers with this number know of it; `find` is asked once, unless other classifiers ask in between.
    pub(super) fn trace(&self, print: u64, find: impl FnOnce(&str) -> Trace) -> Rc<Trace> {
        if let Ok(kept) = self.notes.trace.try_borrow()
            && let Some((_, trace)) = kept.as_ref().filter(|(of, _)| *of == print)
        {
            return trace.clone();
        }
        let trace = Rc::new(find(self.stem()));
        if let Ok(mut kept) = self.notes.trace.try_borrow_mut() {
            *kept = Some((print, trace.clone()));
        }
        trace
    }
}

/// The lower part of the number before a matcher's atoms.
const COUNT: u32 = 0x00FF_FFFF;

impl Notes {
    /// Adds the atoms that the word is for a matcher; `find` is asked once.
    pub(super) fn atoms(&self, matcher: u8, all: &mut Vec<u32>, find: impl FnOnce(&mut Vec<u32>)) {
        let bit = 1u64.checked_shl(u32::from(matcher)).unwrap_or(0);
        if self.asked.get() & bit == 0 {
            let from = all.len();
            find(all);
            let found = all.get(from..).unwrap_or_default();
            if let (false, Ok(mut atoms)) = (bit == 0, self.atoms.try_borrow_mut()) {
                self.asked.set(self.asked.get() | bit);
                if !found.is_empty() {
                    self.within.set(self.within.get() | bit);
                    atoms.reserve_exact(found.len() + 1);
                    atoms.push(u32::from(matcher) << 24 | found.len() as u32 & COUNT);
                    atoms.extend_from_slice(found);
                }
            }
        } else if self.within.get() & bit != 0
            && let Ok(atoms) = self.atoms.try_borrow()
        {
            let mut rest = atoms.as_slice();
            while let [head, behind @ ..] = rest {
                let Some((found, next)) = behind.split_at_checked((head & COUNT) as usize) else { return };
                if head >> 24 == u32::from(matcher) {
                    return all.extend_from_slice(found);
                }
                rest = next;
            }
        }
    }

    /// Whether a matcher may have the word; `ask` tells for all matchers there are, and how many those are.
    pub(super) fn possible(&self, matcher: u8, ask: impl FnOnce() -> (u64, u8)) -> bool {
        if matcher >= self.possible.get().1 {
            self.possible.set(ask());
        }
        self.possible.get().0.checked_shr(u32::from(matcher)).is_none_or(|bits| bits & 1 == 1)
    }

    /// The answer to the question that has this bit; it is worked out once.
    pub(super) fn is(&self, bit: u32, answer: impl FnOnce() -> bool) -> bool {
        let (asked, yes) = self.traits.get();
        if asked & bit != 0 {
            return yes & bit != 0;
        }
        let found = answer();
        self.traits.set((asked | bit, if found { yes | bit } else { yes }));
        found
    }
}

/// Words kept, and of how many places one is chosen for a word: those met last stay.
const WORDS: usize = 4096;
const WAYS: usize = 8;
/// No longer word is kept (bytes).
const LONGEST: usize = 48;
/// Texts kept while a letter is read, and the longest of them (bytes).
const TEXTS: usize = 8;
const KEPT: usize = 16 * 1024;

/// Where the splitting of a text stands.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    at: usize,
    sentence: usize,
    /// A sentence ends here if the next word does not go on with it.
    pending: bool,
    /// Where the line began.
    line: usize,
}

/// A text, its words, and where its splitting ended.
type Kept = (Box<str>, Rc<Vec<Token>>, State);

thread_local! {
    /// Words met lately, by their hash: letters say most of what they say with the same few words. The hash lies beside the word, so that no other
    /// word of the same places is looked at.
    static LATELY: RefCell<Vec<(u64, Option<Rc<Word>>)>> = const { RefCell::new(Vec::new()) };
    /// Texts cut into words lately: the readings of one letter look at the same text one after the other.
    static SPLIT: RefCell<VecDeque<Kept>> = const { RefCell::new(VecDeque::new()) };
}

/// A word out of a text, prepared.
pub(super) fn known(raw: &str) -> Rc<Word> {
    let mut norm = folded(raw);
    if norm.bytes().any(|b| b.is_ascii_lowercase()) && norm.chars().any(is_cyrillic) {
        norm = Cow::Owned(norm.chars().map(look_alike).collect());
    }
    if norm.len() > LONGEST {
        return Rc::new(Word::new(norm.into_owned()));
    }
    LATELY.with(|lately| {
        let Ok(mut lately) = lately.try_borrow_mut() else { return Rc::new(Word::new((*norm).to_owned())) };
        if lately.is_empty() {
            lately.resize_with(WORDS, || (0, None));
        }
        let mut hasher = FxHasher::default();
        hasher.write(norm.as_bytes());
        let hash = hasher.finish();
        let set = hash as usize % (WORDS / WAYS) * WAYS;
        let places = lately.get_mut(set..set + WAYS).unwrap_or_default();
        // The one met last stands first.
        let at = places.iter().position(|(kept, word)| *kept == hash && word.as_ref().is_some_and(|word| word.norm == *norm));
        places.get_mut(..at.map_or(WAYS, |at| at + 1)).unwrap_or_default().rotate_right(1);
        match (at, places.first_mut()) {
            (Some(_), Some((_, Some(word)))) => word.clone(),
            (_, Some((kept, place))) => {
                *kept = hash;
                place.insert(Rc::new(Word::new((*norm).to_owned()))).clone()
            }
            (_, None) => Rc::new(Word::new((*norm).to_owned())),
        }
    })
}

/// Forgets the texts of the letter that was read.
pub(super) fn forget() {
    let _ = SPLIT.try_with(|split| split.try_borrow_mut().map(|mut s| s.clear()));
}

/// A text as words.
#[derive(Debug)]
pub(super) struct Words<'a> {
    /// The text, cut at the limit.
    pub text: &'a str,
    /// Its words in order.
    pub tokens: Rc<Vec<Token>>,
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
    folded(text).into_owned()
}

/// The same; what is folded already is not copied.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    let mut rest = text;
    let mut out = String::new();
    loop {
        let (plain, other) = rest.split_at_checked(folded_until(rest.as_bytes())).unwrap_or((rest, ""));
        let mut chars = other.chars();
        let Some(c) = chars.next() else {
            if out.is_empty() {
                return Cow::Borrowed(rest);
            }
            out.push_str(plain);
            return Cow::Owned(out);
        };
        if out.is_empty() {
            out.reserve_exact(text.len());
        }
        out.push_str(plain);
        match c {
            '\0'..='\x7f' => out.push(c.to_ascii_lowercase()),
            // The capitals stand 32 places before the small letters.
            'А'..='Я' => out.extend(char::from_u32(c as u32 + 32)),
            'ё' | 'Ё' => out.push('е'),
            _ => out.extend(c.to_lowercase()),
        }
        rest = chars.as_str();
    }
}

/// How many bytes at the head of a text are small Russian letters, digits and signs of ASCII: such text is folded already.
fn folded_until(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        // «а» to «п», «р» to «я»: words are such pairs of bytes one behind the other.
        let pairs = rest.as_chunks().0.iter().take_while(|pair| matches!(u16::from_be_bytes(**pair), 0xD0B0..=0xD0BF | 0xD180..=0xD18F)).count();
        let plain = rest.iter().skip(2 * pairs).take_while(|b| b.is_ascii() && !b.is_ascii_uppercase()).count();
        if pairs + plain == 0 {
            return at;
        }
        at += 2 * pairs + plain;
    }
}

/// A letter; the tables of Unicode are asked only beyond Latin and Russian.
pub(super) fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphabetic(),
        'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' => true,
        _ => c.is_alphabetic(),
    }
}

/// A letter or a digit; the tables of Unicode are asked only beyond Latin and Russian.
pub(super) fn in_word(c: char) -> bool {
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
    stemmed(norm).into_owned()
}

/// The same; what is its own stem is not copied.
pub(super) fn stemmed(norm: &str) -> Cow<'_, str> {
    // Pronouns and the like have no stem: «меня» would meet «меню».
    let whole = matches!(
        norm,
        "меня"
            | "мной"
            | "тебя"
            | "него"
            | "нему"
            | "ними"
            | "этот"
            | "этого"
            | "этом"
            | "того"
            | "тому"
            | "тоже"
            | "также"
            | "если"
            | "было"
            | "были"
            | "была"
            | "есть"
            | "даже"
            | "хотя"
            | "ваша"
            | "ваши"
            | "наши"
            | "себя"
    );
    if whole || norm.chars().count() <= 3 || !norm.chars().any(is_cyrillic) {
        return Cow::Borrowed(norm);
    }
    STEMMER.stem(norm)
}

impl<'a> Words<'a> {
    /// A text as words; one that was split a moment ago is not split again.
    pub(super) fn new(text: &'a str) -> Words<'a> {
        let text = cut(text, TEXT_LIMIT);
        if text.len() > KEPT {
            return Words { text, tokens: Rc::new(split(text, Vec::with_capacity(text.len() / 10), State::default()).0) };
        }
        // A text that begins with one split before and a line's end goes on from there: the author's words with the signature below.
        let begins = |kept: &str| text.strip_prefix(kept).is_some_and(|rest| rest.is_empty() || !kept.is_empty() && rest.starts_with('\n'));
        let met = SPLIT.with(|kept| {
            let kept = kept.try_borrow().ok()?;
            let (_, tokens, state) = kept.iter().filter(|(kept, ..)| begins(kept)).max_by_key(|(kept, ..)| kept.len())?;
            Some((tokens.clone(), *state))
        });
        let (tokens, state) = match met {
            Some((tokens, state)) if state.at == text.len() => return Words { text, tokens },
            Some((tokens, state)) if text.get(state.at..).is_some_and(|rest| rest.trim().is_empty()) => return Words { text, tokens },
            Some((tokens, state)) => split(text, tokens.to_vec(), state),
            None => split(text, Vec::with_capacity(text.len() / 10), State::default()),
        };
        let tokens = Rc::new(tokens);
        SPLIT.with(|kept| {
            if let Ok(mut kept) = kept.try_borrow_mut() {
                kept.truncate(TEXTS - 1);
                kept.push_front((text.into(), tokens.clone(), state));
            }
        });
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

/// The words of a text. A sentence ends at `.!?…` before a capital or a line end, and at an empty or a short line's end.
fn split(text: &str, mut tokens: Vec<Token>, state: State) -> (Vec<Token>, State) {
    let State { at, mut sentence, mut pending, mut line } = state;
    let mut word = None::<usize>;
    for (i, c) in text.get(at..).unwrap_or_default().char_indices().map(|(i, c)| (at + i, c)) {
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
    (tokens, State { at: text.len(), sentence, pending, line })
}

fn push(tokens: &mut Vec<Token>, text: &str, at: Range<usize>, sentence: usize) {
    tokens.push(Token { word: known(&text[at.clone()]), at, sentence });
}

/// The first three letters.
pub(super) fn three(word: &str) -> Option<&str> {
    let (at, last) = word.char_indices().nth(2)?;
    word.get(..at + last.len_utf8())
}
