//! «Тишина 147 до 15.12», «тишина 147 нет»: a family wants no automatic letters for a while. A whole line; what a letter speaks of beside it is a
//! remark. Not here: who may say it, and which letters are kept back (`decide`).

use super::order_absence::days;
use super::order_lines::{after_greeting, sentence};
use super::words::{TEXT_LIMIT, cut, fold};
use chrono::NaiveDate;

/// What was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// No automatic letter up to and including this day.
    Until(NaiveDate),
    /// Letters as usual again.
    Over,
    /// No day, or one that is past.
    Unclear,
}

/// The rest of a line that begins so, and the number in it.
fn line(own: &str) -> Option<(Option<i64>, String)> {
    let (first, _) = sentence(after_greeting(cut(own, TEXT_LIMIT)));
    let folded = fold(cut(first, 200));
    let rest = folded.strip_prefix("тишина").filter(|r| !r.starts_with(char::is_alphanumeric))?;
    let rest = rest.trim_start_matches([' ', ':', ',', '—', '-', '№', '\u{a0}']);
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    // «15.12» is a day, «147 до» a number.
    let (number, behind) = rest.split_at(digits);
    if number.is_empty() || behind.starts_with('.') {
        return Some((None, rest.to_owned()));
    }
    Some((number.parse().ok(), behind.trim_start_matches([' ', ':', ',', '—', '-']).to_owned()))
}

/// The number of the appeal that such a line names.
pub fn named(own: &str) -> Option<i64> {
    line(own)?.0
}

/// Reads the words that a member of staff wrote themselves: the number named, and what was said. `None`: it is about something else.
pub fn read(own: &str, today: NaiveDate) -> Option<(Option<i64>, Silence)> {
    let (number, rest) = line(own)?;
    let rest = rest.trim_end_matches(['.', '!', ' ']);
    if matches!(rest, "нет" | "снять" | "отменить" | "не нужна" | "закончена" | "закончилась" | "выключить")
    {
        return Some((number, Silence::Over));
    }
    let until = days(rest, today)?.last().and_then(|(_, until)| *until);
    Some((number, until.filter(|day| *day >= today).map_or(Silence::Unclear, Silence::Until)))
}
