//! Words of a letter prepared for matching (lower case, ё as е, stems), and a matcher of phrases over them.
//!
//! Not here: what a phrase means. All work is linear in the text; the text looked at is cut at [`TEXT_LIMIT`].
//!
//! A phrase is written as words: `слово` is any of its forms (equal Snowball stems), `слов*` a beginning of at least three letters, `=слово` exactly
//! that word, `а|б` either, `а_б` words in a row within an alternative, `..` up to three words in between, and `+` joins parts that stand near each other in one sentence, in any order.

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::{FxHashMap, FxHasher};
use std::cell::OnceCell;
use std::hash::Hasher;
use std::ops::Range;
use std::sync::LazyLock;

/// No more text than this is looked at (bytes).
pub(super) const TEXT_LIMIT: usize = 64 * 1024;
/// Words that `..` may skip.
const GAP: usize = 3;
/// Words between the outermost parts of a `+` phrase.
const NEAR: usize = 14;
/// Hits kept of one letter.
const HITS: usize = 2000;

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
enum Form {
    Stem,
    Exact,
    Three,
}

/// The key of a word's form in a matcher's index.
fn key(form: Form, word: &str) -> u64 {
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

    /// The text between the first and the last word of a hit, on one line, at most 80 characters.
    pub(super) fn quote(&self, hit: &Hit) -> String {
        let (Some(a), Some(b)) = (self.tokens.get(hit.first), self.tokens.get(hit.last)) else { return String::new() };
        let raw = self.text.get(a.at.start..b.at.end).unwrap_or_default();
        let one = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if one.chars().count() > 80 { one.chars().take(79).chain(['…']).collect() } else { one }
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

/// One word of a phrase. Words are compared by their keys; a beginning is compared by its letters once the first three agree.
#[derive(Debug, Clone, PartialEq)]
struct Atom {
    form: Form,
    key: u64,
    prefix: Box<str>,
}

impl Atom {
    fn new(form: Form, word: &str) -> Atom {
        match form {
            Form::Stem | Form::Exact => Atom { form, key: key(form, word), prefix: Box::default() },
            Form::Three => Atom { form, key: key(form, three(word).unwrap_or_default()), prefix: word.into() },
        }
    }

    fn holds(&self, token: &Token) -> bool {
        let [stem, exact, head] = token.inner().keys;
        match self.form {
            Form::Stem => stem == self.key,
            Form::Exact => exact == self.key,
            Form::Three => head == self.key && token.norm.starts_with(&*self.prefix),
        }
    }
}

/// A place in a phrase: alternatives, each one word or several in a row, as numbers of atoms.
#[derive(Debug, Clone)]
struct Slot {
    any: Vec<Box<[u32]>>,
    gap: bool,
}

#[derive(Debug, Clone)]
struct Phrase {
    rule: usize,
    parts: Vec<Vec<Slot>>,
    /// One bit for each slot of each part.
    slots: u32,
}

/// Where an atom stands in a phrase.
#[derive(Debug, Clone, Copy)]
struct Use {
    phrase: u32,
    part: u8,
    /// The slot's bit in [`Phrase::slots`].
    bit: u8,
    /// The part begins with it.
    begins: bool,
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

/// Many phrases, found in one pass. Each word of the text is looked up once; only phrases all of whose words are somewhere in the text are followed.
#[derive(Debug, Clone, Default)]
pub(super) struct Matcher {
    phrases: Vec<Phrase>,
    atoms: Vec<Atom>,
    uses: Vec<Vec<Use>>,
    by_key: FxHashMap<u64, Vec<u32>>,
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
        let (mut parts, mut bit) = (Vec::new(), 0);
        for (part, slots) in read.into_iter().enumerate() {
            let mut own = Vec::new();
            for (n, (any, gap)) in slots.into_iter().enumerate() {
                let any: Vec<Box<[u32]>> = any.into_iter().map(|alternative| alternative.into_iter().map(|a| self.intern(a)).collect()).collect();
                for first in any.iter().filter_map(|a| a.first()) {
                    if let Some(uses) = self.uses.get_mut(*first as usize) {
                        uses.push(Use { phrase: number, part: part as u8, bit, begins: n == 0 });
                    }
                }
                own.push(Slot { any, gap });
                bit += 1;
            }
            parts.push(own);
        }
        self.phrases.push(Phrase { rule, parts, slots: u32::MAX >> (32 - count.clamp(1, SLOTS)) });
        Ok(())
    }

    /// The number of an atom, the same for equal ones.
    fn intern(&mut self, atom: Atom) -> u32 {
        let same = self.by_key.entry(atom.key).or_default();
        if let Some(known) = same.iter().find(|n| self.atoms.get(**n as usize) == Some(&atom)) {
            return *known;
        }
        let number = self.atoms.len() as u32;
        same.push(number);
        self.atoms.push(atom);
        self.uses.push(Vec::new());
        number
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
        let held = self.held(words);
        let full = self.full(&held);
        let mut hits = Vec::new();
        // Of phrases in several parts: where each part was seen last, as (phrase, part) -> (first, last).
        let mut seen: FxHashMap<(u32, u8), (usize, usize)> = FxHashMap::default();
        for i in 0..words.tokens.len() {
            let uses = held.at(i).iter().filter_map(|a| self.uses.get(*a as usize)).flatten();
            for &Use { phrase: number, part, .. } in uses.filter(|u| u.begins && full.get(u.phrase as usize) == Some(&true)) {
                let Some(phrase) = self.phrases.get(number as usize) else { continue };
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
        let mut held = Held { starts: Vec::with_capacity(words.tokens.len() + 1), atoms: Vec::new() };
        for token in &words.tokens {
            held.starts.push(held.atoms.len() as u32);
            for number in token.inner().keys.iter().filter_map(|k| self.by_key.get(k)).flatten() {
                if self.atoms.get(*number as usize).is_some_and(|a| a.holds(token)) {
                    held.atoms.push(*number);
                }
            }
        }
        held.starts.push(held.atoms.len() as u32);
        held
    }

    /// For each phrase, whether every slot of it has a word somewhere in the text.
    fn full(&self, held: &Held) -> Vec<bool> {
        let mut found = vec![0u32; self.phrases.len()];
        let mut known = vec![false; self.atoms.len()];
        for &atom in &held.atoms {
            let Some(known) = known.get_mut(atom as usize).filter(|k| !**k) else { continue };
            *known = true;
            for used in self.uses.get(atom as usize).into_iter().flatten() {
                if let Some(slots) = found.get_mut(used.phrase as usize) {
                    *slots |= 1 << used.bit;
                }
            }
        }
        found.iter().zip(&self.phrases).map(|(found, phrase)| *found == phrase.slots).collect()
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

/// Which atoms the words of a text are: those of word `i` lie between its start and the next.
struct Held {
    starts: Vec<u32>,
    atoms: Vec<u32>,
}

impl Held {
    fn at(&self, i: usize) -> &[u32] {
        match (self.starts.get(i), self.starts.get(i + 1)) {
            (Some(from), Some(to)) => self.atoms.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The index of the last word when the slots hold from word `i` on.
fn follow(words: &Words<'_>, held: &Held, i: usize, slots: &[Slot]) -> Option<usize> {
    let here = |slot: &Slot, j: usize| {
        if held.at(j).is_empty() || !words.together(i, j) {
            return None;
        }
        let holds = |(n, atom): (usize, &u32)| held.at(j + n).contains(atom) && words.together(i, j + n);
        slot.any.iter().find(|a| a.iter().enumerate().all(holds)).map(|a| j + a.len() - 1)
    };
    let mut at = here(slots.first()?, i)?;
    for slot in slots.iter().skip(1) {
        let reach = if slot.gap { GAP + 1 } else { 1 };
        at = (at + 1..=at + reach).find_map(|j| here(slot, j))?;
    }
    Some(at)
}

/// The first three letters.
fn three(word: &str) -> Option<&str> {
    let (at, last) = word.char_indices().nth(2)?;
    word.get(..at + last.len_utf8())
}

fn atom(word: &str, phrase: &str) -> Result<Atom, String> {
    let folded = fold(word);
    if let Some(prefix) = folded.strip_suffix('*') {
        if prefix.chars().count() < 3 || !prefix.chars().all(char::is_alphanumeric) {
            return Err(format!("phrase «{phrase}»: «{word}» needs at least three letters before the star"));
        }
        return Ok(Atom::new(Form::Three, prefix));
    }
    let (exact, bare) = folded.strip_prefix('=').map_or((false, folded.as_str()), |w| (true, w));
    if bare.is_empty() || !bare.chars().all(char::is_alphanumeric) {
        return Err(format!("phrase «{phrase}»: «{word}» is no word"));
    }
    Ok(if exact { Atom::new(Form::Exact, bare) } else { Atom::new(Form::Stem, &stem(bare)) })
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
