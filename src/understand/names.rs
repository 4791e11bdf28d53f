//! Words that make up names, and the names that stand in a text, with what stands around them.
//!
//! Not here: whose name it is (`author`, `people`). A text is read once, word by word.

use super::name_words::{declined_patronymic, is_first, is_kin, is_particle, is_patronymic, like_surname, nominative, not_name, surely_surname};
use super::suits::ends;
use super::words::{TEXT_LIMIT, cut, fold, folded, in_word, is_letter};
use std::borrow::Cow;

/// What stands before a word, as a set.
pub(super) mod gap {
    /// A line's end.
    pub const LINE: u8 = 1;
    /// A comma.
    pub const COMMA: u8 = 2;
    /// A full stop.
    pub const DOT: u8 = 4;
    /// `!`, `?`, `;`, `…`.
    pub const STOP: u8 = 8;
    /// A colon.
    pub const COLON: u8 = 16;
    /// A dash between words.
    pub const DASH: u8 = 32;
    /// A bracket that opens or closes.
    pub const BRACKET: u8 = 64;
    /// Quotes and all else.
    pub const OTHER: u8 = 128;
}

/// What a word can be in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    First,
    Patronymic,
    /// A first name or a patronymic in another case than the nominative.
    Declined,
    Surname,
    /// A capital and nothing else known.
    Capital,
    Initial,
    /// A small word that ends like a surname.
    Small,
    Number,
    Other,
}

/// One word or number.
#[derive(Debug)]
pub(super) struct Word<'a> {
    pub raw: &'a str,
    /// Folded; most words stand so in the text already.
    pub norm: Cow<'a, str>,
    pub at: usize,
    pub kind: Kind,
    /// What stands before it ([`gap`]).
    pub gap: u8,
    pub small: bool,
}

/// A text as words, with the names that stand in it.
#[derive(Debug)]
pub(super) struct Named<'a> {
    pub words: Vec<Word<'a>>,
    pub names: Vec<Name>,
}

/// A name: its first and last word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub first: usize,
    pub last: usize,
    pub text: String,
    /// It holds a first name or a patronymic of the lists, or a surname with initials.
    pub known: bool,
    /// Some of it is declined: «Пети Ухова».
    pub declined: bool,
    /// Written without capitals.
    pub small: bool,
}

fn kind(raw: &str, norm: &str, small: bool) -> Kind {
    let cyrillic = norm.chars().all(|c| matches!(c, 'а'..='я' | '-' | '\'' | '’'));
    if !cyrillic {
        return Kind::Other;
    }
    if raw.chars().nth(1).is_none() {
        return if small { Kind::Other } else { Kind::Initial };
    }
    if not_name(norm) {
        return Kind::Other;
    }
    if is_first(norm) {
        return if small && raw.chars().nth(2).is_none() { Kind::Other } else { Kind::First };
    }
    if is_patronymic(norm) {
        return Kind::Patronymic;
    }
    if small {
        return if surely_surname(norm) { Kind::Small } else { Kind::Other };
    }
    if declined_patronymic(norm) || nominative(norm).is_some() {
        return Kind::Declined;
    }
    if like_surname(norm) { Kind::Surname } else { Kind::Capital }
}

/// A verb or a word of asking at the head of a sentence has a capital and is no surname.
fn like_verb(norm: &str) -> bool {
    ends(norm, &["ет", "ит", "ют", "ут", "ат", "ят", "ла", "ли", "ло", "ть", "те", "ся", "сь", "но", "ем", "им", "ешь", "ало", "ого", "ых"])
}

/// Reads the words and the names of a text.
pub(super) fn read(text: &str) -> Named<'_> {
    let text = cut(text, TEXT_LIMIT);
    let (mut upper, mut lower) = (0, 0);
    for c in text.chars() {
        match c {
            'а'..='я' | 'ё' => lower += 1,
            'А'..='Я' | 'Ё' => upper += 1,
            _ => {
                upper += usize::from(c.is_uppercase());
                lower += usize::from(c.is_lowercase());
            }
        }
    }
    // In a letter of capitals a capital says nothing.
    let shouted = upper > 30 && upper > 2 * lower;
    let mut words: Vec<Word<'_>> = Vec::with_capacity(text.len() / 10);
    let mut pushed = |start: usize, end: usize, gap: u8, number: bool| {
        let raw = text.get(start..end).unwrap_or_default();
        let norm = folded(raw);
        let small = shouted || !raw.chars().next().is_some_and(char::is_uppercase);
        // «5 кл. А. Рауф Мамедов», «4Б. Регина»: a letter behind a number or «кл.» is a class.
        let of_class = raw.chars().nth(1).is_none() && words.last().is_some_and(|w| w.kind == Kind::Number || w.norm.starts_with("кл"));
        let kind = match number {
            true => Kind::Number,
            false if of_class => Kind::Other,
            false => kind(raw, &norm, small),
        };
        words.push(Word { raw, norm, at: start, kind, gap, small });
    };
    let mut chars = text.char_indices().peekable();
    let (mut start, mut gap, mut number) = (None::<usize>, gap::LINE, false);
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|p| p.1);
        let inner = matches!(c, '-' | '\'' | '’' | '‑') && !number && next.is_some_and(is_letter);
        let goes_on = start.is_some() && (if number { c.is_ascii_digit() } else { is_letter(c) || inner });
        if goes_on {
            continue;
        }
        if let Some(from) = start.take() {
            pushed(from, i, gap, number);
            gap = 0;
        }
        if is_letter(c) || c.is_ascii_digit() {
            (start, number) = (Some(i), c.is_ascii_digit());
            continue;
        }
        gap |= match c {
            '\n' => gap::LINE,
            ',' => gap::COMMA,
            '.' => gap::DOT,
            '!' | '?' | ';' | '…' => gap::STOP,
            ':' => gap::COLON,
            '-' | '‐'..='―' => gap::DASH,
            '(' | ')' | '[' | ']' => gap::BRACKET,
            c if c.is_whitespace() => 0,
            _ => gap::OTHER,
        };
    }
    if let Some(from) = start {
        pushed(from, text.len(), gap, number);
    }
    let names = names(&words, text);
    Named { words, names }
}

fn names(words: &[Word<'_>], text: &str) -> Vec<Name> {
    let mut found = Vec::new();
    let mut i = 0;
    while let Some(word) = words.get(i) {
        if matches!(word.kind, Kind::Number | Kind::Other) {
            i += 1;
            continue;
        }
        let mut last = i;
        while words.get(last + 1).is_some_and(|n| last - i < 4 && joins(words, i, last, n)) {
            last += 1;
        }
        // A small surname that no ending gives away: «8 б, мельник даниил», «меня зовут анна мельник».
        let lone = i == last && word.small && word.kind == Kind::First;
        let mut from = i;
        if lone && open(words, i + 1) && i.checked_sub(1).is_some_and(|p| plain(words, p) && open(words, p) && word.gap == 0) {
            from = i - 1;
        } else if plain(words, last + 1) && words.get(last + 1).is_some_and(|w| w.gap == 0) {
            let father = last > i && words.get(last).is_some_and(|w| w.kind == Kind::Patronymic && w.small);
            let kin = words.get(last + 2).is_some_and(|w| is_kin(&w.norm));
            let ends = open(words, last + 2);
            last += usize::from(father && (ends || kin) || lone && ends && (told(words, i) || open(words, i)));
        }
        if let Some(name) = name(words, from, last, text) {
            found.push(name);
        }
        i = last + 1;
    }
    found
}

/// Whether something stands before word `i` that parts phrases, or nothing follows at all.
fn open(words: &[Word<'_>], i: usize) -> bool {
    words.get(i).is_none_or(|w| w.gap != 0 || w.kind == Kind::Number || matches!(&*w.norm, "я" | "сын" | "дочь" | "мама" | "папа" | "из" | "у" | "мой"))
}

/// A small word that may be a surname: a noun of some length, in no list.
fn plain(words: &[Word<'_>], i: usize) -> bool {
    words.get(i).is_some_and(|w| w.small && w.kind == Kind::Other && w.norm.chars().count() >= 4 && !not_name(&w.norm) && !like_verb(&w.norm))
}

fn told(words: &[Word<'_>], i: usize) -> bool {
    i.checked_sub(1).and_then(|p| words.get(p)).is_some_and(|w| matches!(&*w.norm, "зовут" | "пишет" | "это" | "вам"))
}

/// Whether `next` belongs to the name that stands at `first..=last`.
fn joins(words: &[Word<'_>], first: usize, last: usize, next: &Word<'_>) -> bool {
    let run = words.get(first..=last).unwrap_or_default();
    let Some(end) = run.last() else { return false };
    let count = |kinds: &[Kind]| run.iter().filter(|w| kinds.contains(&w.kind)).count();
    let plain = next.gap == 0 || next.gap == gap::DOT && end.kind == Kind::Initial;
    let line = next.gap == gap::LINE && !next.small && run.len() == 1 && run.first().is_some_and(|w| w.gap & gap::LINE != 0);
    if !plain && !line {
        return false;
    }
    let room = match next.kind {
        Kind::First | Kind::Declined => count(&[Kind::First, Kind::Declined]) < 2 && !(count(&[Kind::First]) == 1 && count(&[Kind::Surname, Kind::Small]) == 1),
        Kind::Patronymic => is_particle(&next.norm) || count(&[Kind::Patronymic]) == 0,
        Kind::Surname | Kind::Capital => count(&[Kind::Surname, Kind::Capital]) < if count(&[Kind::First, Kind::Patronymic]) == 0 { 3 } else { 1 },
        Kind::Small => count(&[Kind::Surname, Kind::Capital, Kind::Small]) == 0 && run.iter().all(|w| w.small),
        Kind::Initial => count(&[Kind::Initial]) < 2,
        Kind::Number | Kind::Other => false,
    };
    // A line's end joins only the two halves of one name.
    let halves = matches!((run.first().map(|w| w.kind), next.kind), (Some(Kind::First), Kind::Surname) | (Some(Kind::Surname), Kind::First));
    room && (plain || halves && end.norm != next.norm)
}

fn name(words: &[Word<'_>], mut first: usize, mut last: usize, text: &str) -> Option<Name> {
    let has = |from: usize, to: usize, kinds: &[Kind]| words.get(from..=to).unwrap_or_default().iter().any(|w| kinds.contains(&w.kind));
    let known_kinds = [Kind::First, Kind::Patronymic, Kind::Declined];
    // The head of a sentence has a capital of its own: «Получит Анна».
    while first < last && words.get(first).is_some_and(|w| w.kind == Kind::Capital && like_verb(&w.norm) && w.gap != 0) {
        first += 1;
    }
    // A single capital letter at either end is a class or a word: «Анна К» is a name, «А Анна» is not.
    while first < last && words.get(first).is_some_and(|w| w.kind == Kind::Initial) && words.get(first + 1).is_some_and(|n| n.gap & gap::DOT == 0) {
        first += 1;
    }
    while last > first && words.get(last).is_some_and(|w| w.kind == Kind::Small) && !has(first, last, &[Kind::First]) {
        last -= 1;
    }
    let run = words.get(first..=last)?;
    let initials = run.iter().filter(|w| w.kind == Kind::Initial).count();
    if initials == run.len() {
        return None;
    }
    let small = run.iter().any(|w| w.small && w.kind != Kind::Patronymic);
    let known = has(first, last, &known_kinds) || initials > 0 && has(first, last, &[Kind::Surname]);
    if small && !has(first, last, &[Kind::First, Kind::Patronymic]) {
        return None;
    }
    let declined = has(first, last, &[Kind::Declined]) && !has(first, last, &[Kind::Patronymic]);
    let from = run.first()?.at;
    let end = run.last()?;
    let mut to = end.at + end.raw.len();
    if end.kind == Kind::Initial && text.get(to..).is_some_and(|t| t.starts_with('.')) {
        to += 1;
    }
    let joined = text.get(from..to)?.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Name { first, last, text: joined, known, declined, small })
}

/// A part of a name, to compare names by.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub norm: String,
    pub initial: bool,
}

/// The parts of a name.
pub(super) fn parts(name: &str) -> Vec<Part> {
    name.split(|c: char| c.is_whitespace() || c == '.')
        .map(|w| w.trim_matches(|c: char| !in_word(c)))
        .filter(|w| !w.is_empty())
        .map(|w| Part { norm: fold(w), initial: w.chars().count() == 1 })
        .collect()
}

/// Whether all of `a` stands in `b`, an initial for a full part.
pub(super) fn within(a: &[Part], b: &[Part]) -> bool {
    !a.is_empty() && a.iter().all(|x| b.iter().any(|y| x.norm == y.norm || (x.initial && y.norm.starts_with(&x.norm))))
}
