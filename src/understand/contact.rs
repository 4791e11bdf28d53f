//! Phones as people write them, and the address to answer to.
//!
//! Not here: classes (`classes`), and whose phone it is when several people speak (`forms` and `quoted` cut the text first).

use super::words::{TEXT_LIMIT, Words, cut, fold, folded, in_word, is_letter};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Digits of `text` from byte `start` on with the separators of phone numbers between them: the digits and the byte after the last.
fn run(text: &str, start: usize, want: usize) -> Option<(String, usize)> {
    let (mut digits, mut gap) = (0, 0);
    for (i, c) in text.get(start..)?.char_indices() {
        match c {
            '0'..='9' => {
                digits += 1;
                gap = 0;
                if digits == want {
                    let end = start + i + 1;
                    let next = text.get(end..).and_then(|t| t.chars().next());
                    let all = || text.get(start..end).unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
                    return (!next.is_some_and(|c| c.is_ascii_digit())).then(|| (all(), end));
                }
            }
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\n' | '-' | '\u{2010}'..='\u{2015}' | '(' | ')' | '.' | '/' | '*' => {
                gap += 1;
                if gap > 3 {
                    return None;
                }
            }
            _ => return None,
        }
    }
    None
}

fn canonical(digits: &str) -> Option<String> {
    let national = match digits.len() {
        11 if digits.starts_with(['7', '8']) => digits.get(1..)?,
        10 => digits,
        _ => return None,
    };
    let plausible = if digits.len() == 10 { national.starts_with('9') } else { national.starts_with(['3', '4', '8', '9']) };
    // 8-800 and 8-804 are helplines and hotlines, never a parent's phone.
    (plausible && !national.starts_with("800") && !national.starts_with("804")).then(|| format!("+7{national}"))
}

/// A text that is a telephone number and nothing else, as `+7XXXXXXXXXX`.
pub fn plain_phone(text: &str) -> Option<String> {
    let number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '\u{a0}'));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    number.then(|| canonical(&digits)).flatten()
}

/// A phone found and the byte where it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phone {
    /// `+7XXXXXXXXXX`.
    pub number: String,
    /// Byte in the text.
    pub at: usize,
}

/// All phones of a text in order, digits or words, at most twenty.
pub(super) fn phones(text: &str) -> Vec<Phone> {
    let text = cut(text, TEXT_LIMIT);
    let mut found: Vec<Phone> = Vec::new();
    let mut past = 0;
    // Less than ten digits are no phone: most texts need no second look.
    if !ten_digits(text) {
        return spoken(text);
    }
    for i in text.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(i, _)| i) {
        let begins = || !text.get(..i).and_then(|head| head.chars().next_back()).is_some_and(in_word);
        if i >= past && found.len() < 20 && begins() {
            let hit = [11, 10].into_iter().find_map(|n| run(text, i, n).and_then(|(d, end)| Some((canonical(&d)?, end))));
            if let Some((number, end)) = hit {
                found.push(Phone { number, at: i });
                past = end;
            }
        }
    }
    if found.is_empty() { spoken(text) } else { found }
}

/// Whether a text has ten digits. They are counted in one byte for some bytes at a time: the machine counts many at once so.
fn ten_digits(text: &str) -> bool {
    let count = |bytes: &[u8]| bytes.iter().fold(0u8, |all, b| all.wrapping_add(u8::from(b.is_ascii_digit())));
    text.as_bytes().chunks(255).map(|bytes| usize::from(count(bytes))).sum::<usize>() >= 10
}

/// A phone spelled in words: «восемь девятьсот, ноль ноль ноль, двенадцать, тридцать четыре».
fn spoken(text: &str) -> Vec<Phone> {
    // Every number begins with «восемь», «семь» or «девятьсот»: most letters have none of them.
    if !["емь", "евят", "ЕМЬ", "ЕВЯТ"].iter().any(|part| text.contains(part)) {
        return Vec::new();
    }
    let words = Words::new(text);
    let (mut digits, mut start, mut count) = (String::new(), 0, 0);
    // What the last word left open: a number of hundreds or tens that smaller ones may still fill.
    let mut open: Option<(u32, u32)> = None;
    let close = |open: &mut Option<(u32, u32)>, digits: &mut String| {
        if let Some((value, _)) = open.take() {
            digits.push_str(&value.to_string());
        }
    };
    let mut tokens = words.tokens.iter().peekable();
    while let Some(token) = tokens.next() {
        let Some(value) = number_word(&token.norm) else {
            close(&mut open, &mut digits);
            if let Some(number) = canonical(&digits).filter(|_| count >= 4) {
                return vec![Phone { number, at: start }];
            }
            if !matches!(token.norm.as_str(), "и" | "потом" | "затем" | "далее" | "плюс") {
                digits.clear();
                count = 0;
            }
            continue;
        };
        if digits.is_empty() && open.is_none() {
            start = token.at.start;
        }
        count += 1;
        if let Some(times) = tokens.peek().filter(|t| matches!(t.norm.as_str(), "нуля" | "ноля" | "нулей")).and(Some(value)).filter(|v| (2..=5).contains(v))
        {
            close(&mut open, &mut digits);
            digits.push_str(&"0".repeat(times as usize));
            tokens.next();
            continue;
        }
        match (open, value) {
            (Some((sum, room)), v) if v > 0 && v < room && v.to_string().len() < room.to_string().len() => {
                open = if v >= 20 && v % 10 == 0 { Some((sum + v, 10)) } else { None };
                if open.is_none() {
                    digits.push_str(&(sum + v).to_string());
                }
            }
            _ => {
                close(&mut open, &mut digits);
                match value {
                    v if v >= 100 => open = Some((v, 100)),
                    v if v >= 20 && v % 10 == 0 => open = Some((v, 10)),
                    v => digits.push_str(&token.norm.parse::<u32>().map_or_else(|_| v.to_string(), |_| token.norm.clone())),
                }
            }
        }
    }
    close(&mut open, &mut digits);
    canonical(&digits).filter(|_| count >= 4).map(|number| Phone { number, at: start }).into_iter().collect()
}

/// Numbers by their words.
static NUMBERS: LazyLock<FxHashMap<&str, u32>> = LazyLock::new(|| FxHashMap::from_iter(NUMBER_WORDS));

const NUMBER_WORDS: [(&str, u32); 40] = [
    ("ноль", 0),
    ("нуль", 0),
    ("один", 1),
    ("раз", 1),
    ("два", 2),
    ("две", 2),
    ("три", 3),
    ("четыре", 4),
    ("пять", 5),
    ("шесть", 6),
    ("семь", 7),
    ("восемь", 8),
    ("девять", 9),
    ("десять", 10),
    ("одиннадцать", 11),
    ("двенадцать", 12),
    ("тринадцать", 13),
    ("четырнадцать", 14),
    ("пятнадцать", 15),
    ("шестнадцать", 16),
    ("семнадцать", 17),
    ("восемнадцать", 18),
    ("девятнадцать", 19),
    ("двадцать", 20),
    ("тридцать", 30),
    ("сорок", 40),
    ("пятьдесят", 50),
    ("шестьдесят", 60),
    ("семьдесят", 70),
    ("восемьдесят", 80),
    ("девяносто", 90),
    ("сто", 100),
    ("двести", 200),
    ("триста", 300),
    ("четыреста", 400),
    ("пятьсот", 500),
    ("шестьсот", 600),
    ("восемьсот", 800),
    ("семьсот", 700),
    ("девятьсот", 900),
];

/// The number that a word names, up to 999; digits of up to three count too.
pub(super) fn number_word(word: &str) -> Option<u32> {
    if word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok();
    }
    NUMBERS.get(word).copied()
}

/// The phone to call back: none of the school's, of helplines and of other people, none that works no more; of several the one that the author calls the own.
pub(super) fn phone(text: &str, not_these: &[String]) -> Option<String> {
    let found = phones(text);
    if found.len() == 1 && not_these.is_empty() && text.len() < 40 {
        return found.into_iter().next().map(|p| p.number);
    }
    let mut best: Option<(i32, String)> = None;
    for (n, phone) in found.iter().enumerate() {
        if not_these.contains(&phone.number) {
            continue;
        }
        let until = found.get(n + 1).map_or(text.len(), |p| p.at);
        let weight = beside_number(text, phone.at, until);
        if best.as_ref().is_none_or(|b| weight > b.0) {
            best = Some((weight, phone.number.clone()));
        }
    }
    let own = best.filter(|b| b.0 > -5).map(|b| b.1);
    // The school's number in digits, the own one in words behind or before it.
    own.or_else(|| {
        let (first, last) = (found.first()?.at, found.last()?.at);
        let behind = text.get(last..).and_then(|t| t.find(|c: char| is_letter(c)).and_then(|i| t.get(i..)));
        behind.into_iter().chain(text.get(..first)).find_map(|t| spoken(t).into_iter().map(|p| p.number).find(|n| !not_these.contains(n)))
    })
}

/// What the words beside a number say of it; below -4 it is not the author's.
fn beside_number(text: &str, at: usize, until: usize) -> i32 {
    const OTHERS: [&str; 13] =
        ["школ", "горяч", "доверия", "учител", "классн", "поликлин", "охран", "директор", "секретар", "полици", "тренер", "больниц", "приемн"];
    const OWN: [&str; 12] = ["мой", "моб", "личн", "сотов", "нов", "перезв", "позвон", "звон", "набер", "whatsapp", "ватсап", "актуальн"];
    let from = (at.saturating_sub(120)..=at).find(|&i| text.is_char_boundary(i)).unwrap_or(at);
    let head = text.get(from..at).unwrap_or_default();
    // Only what stands in the same sentence; «тел.» ends none.
    let mut cut = head.rfind(['\n', ';', '!', '?']).map_or(0, |i| i + 1);
    for (i, _) in head.match_indices('.') {
        let next = head.get(i + 1..).unwrap_or_default().trim_start().chars().next();
        let last = head.get(..i).unwrap_or_default().rsplit(|c: char| !is_letter(c)).next().unwrap_or_default();
        if next.is_none_or(|c| c.is_uppercase() || !is_letter(c)) && last.chars().count() > 5 || next.is_some_and(char::is_uppercase) {
            cut = cut.max(i + 1);
        }
    }
    let mut weight = 0;
    let near: Vec<String> = head.get(cut..).unwrap_or_default().split(|c: char| !in_word(c)).filter(|w| !w.is_empty()).rev().take(5).map(fold).collect();
    for (n, word) in near.iter().enumerate() {
        let is = |list: &[&str]| list.iter().any(|l| word.starts_with(l));
        if is(&OTHERS) || matches!(word.as_str(), "рук" | "старый" | "старом" | "прежний" | "бывший" | "раньше" | "ранее" | "старого")
        {
            weight -= 6;
        } else if is(&OWN) && n < 4 {
            // «кл. рук., моб. …» stays the teacher's.
            weight += if near.iter().any(|w| w == "рук") { -6 } else { 2 };
        } else if matches!(word.as_str(), "раб" | "рабочий" | "муж" | "мужа" | "жены" | "запасной" | "дополнительный" | "факс")
        {
            weight -= 1;
        }
        if weight != 0 {
            break;
        }
    }
    if near.windows(2).any(|w| matches!(w, [a, b] if a.starts_with("звон") && b == "не")) {
        weight -= 8;
    }
    let after: String = text.get(at..until).unwrap_or_default().chars().skip_while(|c| !is_letter(*c) && !matches!(c, ',' | ';')).take(60).collect();
    let after = fold(after.split(['.', '!', ';', '\n']).next().unwrap_or_default());
    let dead = ["не работает", "больше не", "не актуал", "недоступ", "отключен", "уже не"].iter().any(|p| after.contains(p));
    let refused = !after.starts_with(',') && ["не берите", "не звоните"].iter().any(|p| after.contains(p));
    if dead || refused {
        weight -= 6;
    }
    weight
}

/// The address that the author asks to answer to: «ответьте лучше на …», «моя почта …».
pub(super) fn answer_to(text: &str, own: &[String]) -> Option<String> {
    let at = text.find('@')?;
    text.match_indices('@').take(20).map(|m| m.0).chain([at]).find_map(|at| {
        let start = text.get(..at)?.rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'))).map_or(0, |i| i + 1);
        let start = (start..=at).find(|&i| text.is_char_boundary(i))?;
        let address = super::forms::address(text.get(start..)?.split_whitespace().next()?)?;
        let cue = words_before(text, start, 6).iter().any(|w| {
            ["ответ", "отвеч", "пишите", "напишит", "написать", "присла", "пришл", "почт", "email", "mail", "адрес", "емейл", "имейл", "мыло", "обратн"]
                .iter()
                .any(|c| w.starts_with(c))
        });
        (cue && !own.contains(&address)).then_some(address)
    })
}

/// The last `n` words before byte `at`, folded, nearest first.
pub(super) fn words_before(text: &str, at: usize, n: usize) -> Vec<Cow<'_, str>> {
    let from = (at.saturating_sub(120)..=at).find(|&i| text.is_char_boundary(i)).unwrap_or(at);
    let head = text.get(from..at).unwrap_or_default();
    head.split(|c: char| !in_word(c) && c != '№').filter(|w| !w.is_empty()).rev().take(n).map(folded).collect()
}
