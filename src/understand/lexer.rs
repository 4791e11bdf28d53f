//! Words, hours, dates and marks of a text, as the grammar of times needs them.
//!
//! Not here: what they mean together (`times`). Phones are masked first, so that no part of one is taken for an hour.

use super::contact::{number_word, phones};
use super::words::{TEXT_LIMIT, cut, folded, in_word, is_letter};
use chrono::NaiveTime;
use std::borrow::Cow;

/// One piece of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece<'t> {
    /// A folded word; most stand so in the text already.
    Word(Cow<'t, str>),
    /// A whole number with what clings to it: `25`, `25-го` (ordinal).
    Number { value: u32, ordinal: bool },
    /// `15:30`, `15.30`, `15-30`.
    Clock(NaiveTime),
    /// `18-20`: two hours.
    Hours(u32, u32),
    /// `25.11`, `25.11.2026`: day, month, year.
    Date(u32, u32, Option<i32>),
    /// A phone number.
    Phone,
    /// `,` and brackets.
    Comma,
    /// `-`, `–`, `—`.
    Dash,
    /// `;`: a stop within a sentence.
    Stop,
    /// The end of a sentence.
    End,
}

/// The folded word of a piece, empty when it is none.
pub(super) fn word<'p>(piece: Option<&'p Piece<'_>>) -> &'p str {
    match piece {
        Some(Piece::Word(w)) => w,
        _ => "",
    }
}

/// The numbers that hours are named by, in the cases that follow «с», «до», «к», «между».
fn hour_word(word: &str) -> Option<u32> {
    Some(match word {
        "часу" | "час" | "часа" | "часом" => 1,
        "двух" | "двум" | "двумя" => 2,
        "трех" | "трем" | "тремя" => 3,
        "четырех" | "четырем" | "четырьмя" => 4,
        "пяти" | "пятью" => 5,
        "шести" | "шестью" => 6,
        "семи" | "семью" => 7,
        "восьми" | "восемью" => 8,
        "девяти" | "девятью" => 9,
        "десяти" | "десятью" => 10,
        "одиннадцати" | "одиннадцатью" => 11,
        "двенадцати" | "двенадцатью" => 12,
        "тринадцати" => 13,
        "четырнадцати" => 14,
        "пятнадцати" => 15,
        "шестнадцати" => 16,
        "семнадцати" => 17,
        "восемнадцати" => 18,
        "девятнадцати" => 19,
        "двадцати" => 20,
        _ => return None,
    })
}

/// The number that a word names where an hour is expected.
pub(super) fn hour_of(word: &str) -> Option<u32> {
    hour_word(word).or_else(|| number_word(word).filter(|&n| (1..=23).contains(&n) && word != "раз" && word != "один"))
}

fn clock(h: u32, m: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(h, m, 0)
}

/// The character at byte `i`, `\0` behind the end.
fn at(text: &str, i: usize) -> char {
    text.get(i..).and_then(|rest| rest.chars().next()).unwrap_or('\0')
}

/// Where the word that byte `i` stands in ends.
fn word_end(text: &str, i: usize) -> usize {
    let rest = text.get(i..).unwrap_or_default();
    i + rest.find(|c| !in_word(c)).unwrap_or(rest.len())
}

/// Cuts a text into pieces.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let text = cut(text, TEXT_LIMIT);
    let masks = phones(text);
    let mut out = Vec::with_capacity(text.len() / 8);
    let mut i = 0;
    while let Some(c) = text.get(i..).and_then(|rest| rest.chars().next()) {
        if c.is_ascii_digit() && masks.iter().any(|m| m.at == i) {
            out.push(Piece::Phone);
            let mut digits = 0;
            while digits < 11 && i < text.len() && !is_letter(at(text, i)) {
                digits += usize::from(at(text, i).is_ascii_digit());
                i += at(text, i).len_utf8();
                // Ten digits without the leading 7 or 8 end earlier.
                if digits == 10 && !at(text, i).is_ascii_digit() {
                    break;
                }
            }
            continue;
        }
        if c.is_ascii_digit() {
            i = number(text, i, &mut out);
            continue;
        }
        if is_letter(c) {
            let end = word_end(text, i).max(i + c.len_utf8());
            out.push(Piece::Word(folded(text.get(i..end).unwrap_or_default())));
            i = end;
            continue;
        }
        // The characters behind this one.
        let behind = || text.get(i + c.len_utf8()..).unwrap_or_default().chars();
        match c {
            '.' | '!' | '?' | '…' => {
                let next = behind().take(3).find(|c| !c.is_whitespace());
                let previous = matches!(out.last(), Some(Piece::Word(w)) if matches!(&**w, "т" | "г" | "ч" | "час" | "мин" | "каб" | "кв" | "ул" | "пон" | "понед" | "вторн" | "четв" | "пятн" | "субб" | "воскр" | "ноя" | "нояб" | "дек" | "янв" | "окт" | "сент" | "пн" | "вт" | "ср" | "чт" | "пт" | "сб" | "вс" | "тел" | "моб" | "кл"));
                if !(c == '.' && (previous || next.is_some_and(char::is_lowercase))) {
                    out.push(Piece::End);
                }
            }
            '\n' if matches!(behind().next(), Some('\n')) || (matches!(behind().next(), Some('\r')) && matches!(behind().nth(2), Some('\n'))) => {
                out.push(Piece::End);
            }
            ',' | '(' | ')' | ':' => out.push(Piece::Comma),
            ';' => out.push(Piece::Stop),
            '-' | '\u{2010}'..='\u{2015}' => out.push(Piece::Dash),
            _ => {}
        }
        i += c.len_utf8();
    }
    out.push(Piece::End);
    out
}

/// A piece that begins with a digit; returns where it ends.
fn number(text: &str, start: usize, out: &mut Vec<Piece<'_>>) -> usize {
    let at = |i: usize| at(text, i);
    let digits = |mut i: usize| {
        let (mut value, from) = (0u32, i);
        while at(i).is_ascii_digit() && i - from < 5 {
            value = value * 10 + at(i).to_digit(10).unwrap_or(0);
            i += 1;
        }
        (value, i, i - from)
    };
    let (value, mut i, len) = digits(start);
    if len > 4 || at(i).is_ascii_digit() {
        return word_end(text, i);
    }
    let mark = at(i);
    let (second, after, second_len) = digits(i + mark.len_utf8());
    let ends = !in_word(at(after));
    if matches!(mark, ':' | '.' | '-' | '–' | '/' | '_') && second_len > 0 && ends {
        if mark == '.' && at(after) == '.' && at(after + 1).is_ascii_digit() {
            let (year, end, n) = digits(after + 1);
            if (1..=31).contains(&value) && (1..=12).contains(&second) && (n == 2 || n == 4) {
                let year = if n == 2 { 2000 + year as i32 } else { year as i32 };
                out.push(Piece::Date(value, second, Some(year)));
            }
            return end;
        }
        let minutes = second_len == 2 && second < 60 && value < 24;
        let date = (1..=31).contains(&value) && (1..=12).contains(&second) && matches!(mark, '.' | '/') && second_len == 2;
        let hours = matches!(mark, '-' | '–') && value < second && second <= 23 && value >= 6;
        let found = if mark == ':' && minutes {
            clock(value, second).map(Piece::Clock)
        } else if hours {
            Some(Piece::Hours(value, second))
        } else if minutes && (second == 0 || second > 12 || matches!(mark, '-' | '–')) {
            clock(value, second).map(Piece::Clock)
        } else if date {
            Some(Piece::Date(value, second, None))
        } else {
            None
        };
        if let Some(found) = found {
            out.push(found);
            return after;
        }
    }
    // «25-го», «7-й»; «5А», «5-А» are classes, «16ч» is an hour.
    let behind = i + mark.len_utf8();
    let cling = if matches!(mark, '-' | '–') && is_letter(at(behind)) { behind } else { i };
    if is_letter(at(cling)) {
        let end = word_end(text, cling);
        let tail = folded(text.get(cling..end).unwrap_or_default());
        match &*tail {
            "го" | "ого" | "числа" | "ое" => out.push(Piece::Number { value, ordinal: true }),
            "е" if cling > i => out.push(Piece::Number { value, ordinal: true }),
            "ч" | "час" | "часов" | "ти" | "и" if value < 24 => out.push(Piece::Number { value, ordinal: false }),
            _ => out.push(Piece::Word(format!("{value}{tail}").into())),
        }
        return end;
    }
    // Numbers of years, houses, flats and percents are no hours: four digits are kept as a word.
    i = i.max(start + 1);
    out.push(if len > 2 || at(i) == '%' { Piece::Word(value.to_string().into()) } else { Piece::Number { value, ordinal: false } });
    i
}
