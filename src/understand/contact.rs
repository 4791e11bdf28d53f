//! Phones and classes as people write them.
//!
//! Not here: whose phone it is when several people speak (`forms` and `quoted` cut the text first).

use super::words::{TEXT_LIMIT, Words, cut, fold};
use regex::Regex;
use std::sync::LazyLock;

/// Digits of `text` from byte `start` on with the separators of phone numbers between them: the digits and the byte after the last.
fn run(text: &str, start: usize, want: usize) -> Option<(String, usize)> {
    let (mut digits, mut gap) = (String::new(), 0);
    for (i, c) in text.get(start..)?.char_indices() {
        match c {
            '0'..='9' => {
                digits.push(c);
                gap = 0;
                if digits.len() == want {
                    let end = start + i + 1;
                    let next = text.get(end..).and_then(|t| t.chars().next());
                    return (!next.is_some_and(|c| c.is_ascii_digit())).then_some((digits, end));
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
    let (mut past, mut before) = (0, ' ');
    for (i, c) in text.char_indices() {
        if i >= past && c.is_ascii_digit() && !before.is_alphanumeric() && found.len() < 20 {
            let hit = [11, 10].into_iter().find_map(|n| run(text, i, n).and_then(|(d, end)| Some((canonical(&d)?, end))));
            if let Some((number, end)) = hit {
                found.push(Phone { number, at: i });
                past = end;
            }
        }
        before = c;
    }
    if found.is_empty() { spoken(text) } else { found }
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

/// The number that a word names, up to 999; digits of up to three count too.
pub(super) fn number_word(word: &str) -> Option<u32> {
    const WORDS: [(&str, u32); 40] = [
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
    if word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok();
    }
    WORDS.iter().find(|w| w.0 == word).map(|w| w.1)
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
    best.filter(|b| b.0 > -5).map(|b| b.1)
}

/// What the words beside a number say of it; below -4 it is not the author's.
fn beside_number(text: &str, at: usize, until: usize) -> i32 {
    const OTHERS: [&str; 13] =
        ["школ", "горяч", "доверия", "учител", "классн", "поликлин", "охран", "директор", "секретар", "полици", "тренер", "больниц", "приемн"];
    const OWN: [&str; 12] = ["мой", "моб", "личн", "сотов", "нов", "перезв", "позвон", "звон", "набер", "whatsapp", "ватсап", "актуальн"];
    let line = text.get(..at).unwrap_or_default().rsplit(['\n', ';', '!', '?']).next().unwrap_or_default();
    let mut weight = 0;
    let before = words_before(text, at, 5);
    let near = if line.trim().is_empty() { &[][..] } else { &before };
    for (n, word) in near.iter().enumerate() {
        let is = |list: &[&str]| list.iter().any(|l| word.starts_with(l));
        if is(&OTHERS) && !before.iter().take(n).any(|w| OWN.iter().any(|o| w.starts_with(o))) {
            weight -= 6;
        } else if matches!(word.as_str(), "старый" | "старом" | "прежний" | "бывший" | "раньше" | "ранее" | "старого") {
            weight -= 6;
        } else if is(&OWN) && n < 4 {
            weight += 2;
            break;
        } else if matches!(word.as_str(), "раб" | "рабочий" | "муж" | "мужа" | "жены" | "запасной" | "дополнительный" | "факс") {
            weight -= 1;
        }
        if weight < 0 {
            break;
        }
    }
    let after: String = text.get(at..until).unwrap_or_default().chars().take(70).collect();
    let after = fold(after.trim_start_matches(|c: char| !c.is_alphabetic()));
    if ["не работает", "больше не", "не актуал", "недоступ", "не берите", "не звоните", "отключен", "уже не"].iter().any(|p| after.split(['.', '!']).next().is_some_and(|s| s.contains(p))) {
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
            ["ответ", "отвеч", "пишите", "напишит", "написать", "присла", "пришл", "почт", "email", "mail", "адрес", "емейл", "имейл", "мыло", "обратн"].iter().any(|c| w.starts_with(c))
        });
        (cue && !own.contains(&address)).then_some(address)
    })
}

static CLASS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // 1 the grade, 2 an ordinal ending, 3 "класс" before the letter, 4 what separates, 5 a quote, 6 the letter, 7 "класс" after it.
    Regex::new(
        r#"(?i)^(?:[^\p{L}\d.,:/+-])?(1[0-2]|[1-9])(?:\s?[-‐-―]?\s?(ый|ой|ий|го|ого|му|ому|ом|ем|й|м|е|я|ая)\b)?(\s{0,2}[-–(]?\s?(?:класс[а-яё]{0,3}|кл)\b\.?,?\s*(?:буква|литера|лит\.)?)?([\s\x{a0}]{0,2}[-‐-―/]?[\s\x{a0}]{0,2})(["«„“”'‘’(]{0,2})([а-яёa-z])(?:["»“”'’)]{1,2}|\b)([\s\x{a0}]{0,2}(?:класс[а-яё]{0,3}|кл\b))?"#,
    )
    .ok()
});
static CLASS_BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[^\p{L}\d.,:/+-])?(1[0-2]|[1-9])(?:\s?[-‐-―]?\s?(?:ый|ой|ий|го|ого|му|ому|ом|ем|й|м|е))?[\s\x{a0}]{0,2}(?:(класс(?:а|е|у|ом|ник|ника|ница|ницы|нице|нику)?|кл)\b|-?(?:ти|ми)?классни[а-я]{1,3})").ok()
});
static CLASS_FIELD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\D{0,10}(1[0-2]|[1-9])(?:\D|$)").ok());

fn letter(raw: &str) -> Option<char> {
    let c = fold(raw).chars().next()?;
    let c = match c {
        'a' => 'а',
        'b' | 'v' => 'в',
        'k' => 'к',
        'e' => 'е',
        'm' => 'м',
        'h' => 'н',
        'o' => 'о',
        'p' => 'р',
        'c' => 'с',
        't' => 'т',
        'x' => 'х',
        'g' => 'г',
        'd' => 'д',
        other => other,
    };
    (matches!(c, 'а'..='я') && !matches!(c, 'й' | 'ъ' | 'ы' | 'ь')).then(|| c.to_uppercase().next().unwrap_or(c))
}

/// The last `n` words before byte `at`, folded, nearest first.
fn words_before(text: &str, at: usize, n: usize) -> Vec<String> {
    let from = (at.saturating_sub(120)..=at).find(|&i| text.is_char_boundary(i)).unwrap_or(at);
    let head = text.get(from..at).unwrap_or_default();
    head.split(|c: char| !c.is_alphanumeric() && c != '№').filter(|w| !w.is_empty()).rev().take(n).map(fold).collect()
}

/// A class of a form's field: «4в», «7-й "Б"», «1 класс, букву не помнит».
pub(super) fn class_field(value: &str) -> Option<String> {
    class(value, true).or_else(|| CLASS_FIELD.as_ref()?.captures(value)?.get(1).map(|m| m.as_str().to_owned()))
}

/// The places where a number begins: each piece reaches from the character before it some way on, so that no pattern runs over a whole text. At most 200.
fn round_digits(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut before = (0, ' ');
    let starts = text.char_indices().filter_map(move |(i, c)| {
        let from = before;
        before = (i, c);
        (c.is_ascii_digit() && !from.1.is_ascii_digit()).then_some(from.0)
    });
    starts.take(200).filter_map(|from| {
        let to = (from + 90).min(text.len());
        let to = (to..=text.len()).find(|&e| text.is_char_boundary(e))?;
        Some((from, text.get(from..to)?))
    })
}

/// The child's class: the best-supported mention. `sure` says that the text is about a class anyway (a form's field, a subject).
pub(super) fn class(text: &str, sure: bool) -> Option<String> {
    const PLACES: [&str; 19] = [
        "дом",
        "д",
        "кабинет",
        "каб",
        "кабинета",
        "корпус",
        "корп",
        "квартира",
        "кв",
        "офис",
        "строение",
        "стр",
        "школа",
        "школы",
        "этаж",
        "№",
        "подъезд",
        "вариант",
        "задание",
    ];
    const CUES: [&str; 11] = ["класс", "учит", "учен", "учус", "сын", "доч", "ребен", "внук", "внуч", "мам", "класc"];
    let mut best: Option<(i32, String)> = None;
    let mut offer = |score: i32, class: String| {
        if best.as_ref().is_none_or(|b| score > b.0) {
            best = Some((score, class));
        }
    };
    let text = cut(text, TEXT_LIMIT);
    if let Some(regex) = CLASS.as_ref() {
        for (start, piece) in round_digits(text) {
            let Some(c) = regex.captures(piece) else { continue };
            let (Some(grade), Some(sign)) = (c.get(1), c.get(6)) else { continue };
            let Some(upper) = letter(sign.as_str()) else { continue };
            let between = c.get(4).map_or("", |m| m.as_str());
            let quoted = c.get(5).is_some_and(|m| !m.is_empty());
            let class_word = c.get(3).is_some() || c.get(7).is_some();
            let capital = sign.as_str().chars().next().is_some_and(char::is_uppercase);
            let before = words_before(text, start + grade.start(), 4);
            let near = |list: &[&str]| before.iter().any(|w| list.iter().any(|l| w.starts_with(l)));
            let after = text.get(start + sign.end()..).unwrap_or_default().trim_start_matches(['"', '»', '”', '\'', ')', '.']);
            let ends = after.trim_start_matches([' ', '\u{a0}']).chars().next().is_none_or(|c| !c.is_alphanumeric());
            if before.first().is_some_and(|w| PLACES.contains(&w.as_str())) && !class_word {
                continue;
            }
            let attached = between.trim_matches(['\n', ' ', '\u{a0}']).len() == between.len();
            let mut score = if quoted {
                6
            } else if attached && capital {
                5
            } else if capital || attached {
                4
            } else {
                0
            };
            // «в 9 в школе», «5 и 6», «с 3 к 4»: a small separate letter is a word unless the sentence speaks of a class.
            if !quoted && !capital && !attached {
                let word_like = matches!(upper, 'А' | 'В' | 'И' | 'К' | 'О' | 'С' | 'У' | 'Я' | 'Ч' | 'Г');
                score = if upper == 'И' && !sure {
                    0
                } else if class_word || near(&CUES) || (ends && (sure || !word_like)) {
                    4
                } else {
                    0
                };
            }
            if score > 0 && !quoted && matches!(upper, 'Ч' | 'Я') && !class_word {
                score = 0;
            }
            // «5 В понедельник…»: the letter begins the next sentence.
            if score > 0
                && !quoted
                && !attached
                && !ends
                && capital
                && matches!(upper, 'В' | 'А' | 'К' | 'С' | 'И' | 'У' | 'О' | 'Я')
                && !class_word
                && !near(&CUES)
            {
                score = 1;
            }
            if score == 0 {
                continue;
            }
            score += 3 * i32::from(class_word) + 2 * i32::from(near(&CUES)) + 2 * i32::from(c.get(2).is_some());
            // «перевели из 3 Г в 3 А»: the present class counts.
            if before.first().is_some_and(|w| w == "из") && before.iter().any(|w| w.starts_with("перев") || w.starts_with("переш") || w.starts_with("переш"))
            {
                score -= 4;
            }
            offer(score, format!("{}{upper}", grade.as_str()));
        }
    }
    if let Some(class) = class_in_words(text) {
        offer(if class.chars().last().is_some_and(char::is_alphabetic) { 6 } else { 3 }, class);
    }
    if let Some(regex) = CLASS_BARE.as_ref() {
        for (start, piece) in round_digits(text) {
            let Some(c) = regex.captures(piece) else { continue };
            let Some(grade) = c.get(1) else { continue };
            let before = words_before(text, start + grade.start(), 2);
            // «с 1 по 4 класс», «5-7 класс»: a range is nobody's class; «из 4 класса» is the former one.
            if before.first().is_some_and(|w| matches!(w.as_str(), "по" | "до") || w.chars().all(|c| c.is_ascii_digit())) {
                continue;
            }
            offer(2, grade.as_str().to_owned());
        }
    }
    best.filter(|b| b.0 > 0).map(|b| b.1)
}

/// «пятый бэ», «в седьмом «Г»», «второклассница», «первый класс».
fn class_in_words(text: &str) -> Option<String> {
    const GRADES: [(&str, &str); 12] = [
        ("одиннадцат", "11"),
        ("десят", "10"),
        ("девят", "9"),
        ("восьм", "8"),
        ("седьм", "7"),
        ("шест", "6"),
        ("пят", "5"),
        ("четверт", "4"),
        ("трет", "3"),
        ("втор", "2"),
        ("перв", "1"),
        ("одинадцат", "11"),
    ];
    const ENDINGS: [&str; 13] = ["ый", "ой", "ий", "ого", "его", "ому", "ему", "ом", "ем", "ьем", "ьего", "ым", "ьему"];
    let words = Words::new(text);
    let mut bare = None;
    for (i, token) in words.tokens.iter().enumerate() {
        let w = token.norm.as_str();
        if let Some(head) = w.find("классни").or_else(|| w.find("клашк")).and_then(|at| w.get(..at)) {
            const HEADS: [(&str, &str); 11] = [
                ("перво", "1"),
                ("второ", "2"),
                ("третье", "3"),
                ("четверо", "4"),
                ("пяти", "5"),
                ("шести", "6"),
                ("семи", "7"),
                ("восьми", "8"),
                ("девяти", "9"),
                ("десяти", "10"),
                ("одиннадцати", "11"),
            ];
            // «одноклассники», «первоклассников» (several) are nobody's class.
            let plural = w.ends_with("ки") || w.ends_with("ков") || w.ends_with("кам") || w.ends_with("ками") || w.ends_with("ках");
            if let Some(grade) = HEADS.iter().find(|h| h.0 == head).filter(|_| !plural || w.ends_with("ницы")) {
                bare = bare.or(Some(grade.1.to_owned()));
            }
            continue;
        }
        let Some((root, grade)) = GRADES.iter().find(|g| w.starts_with(g.0)) else { continue };
        if !w.get(root.len()..).is_some_and(|e| ENDINGS.contains(&e)) {
            continue;
        }
        let (mut at, mut class_word) = (i + 1, false);
        if words.norm(at).starts_with("класс") {
            (at, class_word) = (at + 1, true);
        }
        let sign = words.norm(at);
        let named = match sign {
            "бэ" => Some('Б'),
            "вэ" => Some('В'),
            "гэ" => Some('Г'),
            "дэ" => Some('Д'),
            "жэ" => Some('Ж'),
            "зэ" => Some('З'),
            "ка" => Some('К'),
            one if one.chars().count() == 1 && words.together(i, at) => {
                let raw = words.tokens.get(at).and_then(|t| words.text.get(t.at.clone())).unwrap_or_default();
                let quoted = words.tokens.get(at).and_then(|t| words.text.get(..t.at.start)).is_some_and(|h| h.ends_with(['"', '«', '“', '„', '\'']));
                let sure = quoted || raw.chars().all(char::is_uppercase) || words.norm(at + 1).starts_with("класс");
                letter(one).filter(|_| sure && words.norm(at) != "и")
            }
            _ => None,
        };
        if let Some(letter) = named {
            return Some(format!("{grade}{letter}"));
        }
        let previous = words.norm(i.wrapping_sub(1));
        if class_word
            && words.norm(i + 1).len() <= "классом".len()
            && !words.norm(i + 1).ends_with("ы")
            && !words.norm(i + 1).ends_with("ов")
            && previous != "по"
            && previous != "до"
        {
            bare = bare.or(Some((*grade).to_owned()));
        }
    }
    bare
}
