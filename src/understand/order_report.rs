//! «Отчёт за ноябрь», «отчёт за квартал», «отчёт за прошлую неделю»: a report of a period that staff ask the mailbox for. A whole line; anything else is no
//! such order. Not here: who may ask, and what is gathered (`decide`, `jobs`).

use super::order_lines::{after_greeting, sentence};
use super::words::{TEXT_LIMIT, cut, fold};
use chrono::{Datelike, Days, Months, NaiveDate};

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportAsked {
    /// The week that begins on this Monday.
    Week(NaiveDate),
    /// The month that begins on this day.
    Month(NaiveDate),
    /// The quarter that begins on this day.
    Quarter(NaiveDate),
    /// A period that has not begun.
    Ahead,
    /// A report, but of which period is not said in a way that is known.
    Unclear,
}

const MONTHS: [&str; 12] = ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"];

/// Reads the words that a member of staff wrote themselves.
pub fn read(own: &str, today: NaiveDate) -> Option<ReportAsked> {
    let (first, rest) = sentence(after_greeting(cut(own, TEXT_LIMIT)));
    let folded = fold(cut(first, 200));
    let line = folded.trim_start_matches("пришлите ").trim_start_matches("пожалуйста, ").trim_start_matches("пожалуйста ");
    let period = ["отчет за ", "анализ за ", "сводка за ", "сводку за "].iter().find_map(|p| line.strip_prefix(p))?;
    // «Отчёт за урок не сдан, что делать»: a letter about something else.
    let words: Vec<&str> = period.split(|c: char| c.is_whitespace() || ",.!?".contains(c)).filter(|w| !w.is_empty() && *w != "пожалуйста").collect();
    if words.len() > 4 || rest.split_whitespace().count() > 6 {
        return None;
    }
    Some(asked(&words, today))
}

fn asked(words: &[&str], today: NaiveDate) -> ReportAsked {
    let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
    let month = today.with_day(1).unwrap_or(today);
    let quarter = start_of_quarter(today);
    let earlier = |date: NaiveDate, months: u32| date.checked_sub_months(Months::new(months)).unwrap_or(date);
    let words: Vec<&str> = words.iter().copied().filter(|w| !matches!(*w, "год" | "года" | "г")).collect();
    match words.as_slice() {
        ["неделю" | "недели"] | ["эту" | "текущую", "неделю"] => ReportAsked::Week(monday),
        ["прошлую" | "предыдущую", "неделю"] => ReportAsked::Week(monday - Days::new(7)),
        ["месяц"] | ["этот" | "текущий", "месяц"] => ReportAsked::Month(month),
        ["прошлый" | "предыдущий", "месяц"] => ReportAsked::Month(earlier(month, 1)),
        ["квартал"] | ["этот" | "текущий", "квартал"] => ReportAsked::Quarter(quarter),
        ["прошлый" | "предыдущий", "квартал"] => ReportAsked::Quarter(earlier(quarter, 3)),
        [number, "квартал", year @ ..] => quarter_of(number, year, today),
        [name, year @ ..] => month_of(name, year, today),
        [] => ReportAsked::Unclear,
    }
}

fn start_of_quarter(date: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1).unwrap_or(date)
}

/// The year named; where none is, the last one in which the period had begun.
fn begins(first_month: u32, year: &[&str], today: NaiveDate, found: fn(NaiveDate) -> ReportAsked) -> ReportAsked {
    let year = match year {
        [] => None,
        [one] => match one.parse::<i32>().ok().filter(|y| (2000..=2100).contains(y)) {
            Some(y) => Some(y),
            None => return ReportAsked::Unclear,
        },
        _ => return ReportAsked::Unclear,
    };
    let of = |y| NaiveDate::from_ymd_opt(y, first_month, 1);
    let first = match year {
        Some(y) => of(y),
        None => of(today.year()).filter(|d| *d <= today).or_else(|| of(today.year() - 1)),
    };
    match first {
        Some(first) if first <= today => found(first),
        Some(_) => ReportAsked::Ahead,
        None => ReportAsked::Unclear,
    }
}

fn month_of(name: &str, year: &[&str], today: NaiveDate) -> ReportAsked {
    let Some(index) = MONTHS.iter().position(|m| *m == name) else { return ReportAsked::Unclear };
    begins(u32::try_from(index + 1).unwrap_or(1), year, today, ReportAsked::Month)
}

fn quarter_of(number: &str, year: &[&str], today: NaiveDate) -> ReportAsked {
    let number = number.trim_end_matches("-й").trim_end_matches("й");
    let index = match number {
        "1" | "первый" | "i" => 1,
        "2" | "второй" | "ii" => 2,
        "3" | "третий" | "iii" => 3,
        "4" | "четвертый" | "iv" => 4,
        _ => return ReportAsked::Unclear,
    };
    begins(index * 3 - 2, year, today, ReportAsked::Quarter)
}
