//! Terms: three business days, 24 hours, 30 minutes; when they end and why.
//!
//! Civil Code: art. 191 (the day after the event is the first), 193 (a term does not end on a day off), 194 (until 24:00 of the last
//! day). "From the moment" (001 3.1.1, 3.2.2) runs by the clock: hours and minutes are exact.

use super::calendar::{ReceiptRule, Worktime};
use super::hours::WALK;
use super::words::Row;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use std::fmt;
use std::str::FromStr;

/// A term as the rules write it: `3bd`, `24h`, `30m`, `24hw` (working hours), `30mw`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Business days; ends at the last second of the last day (Civil Code art. 191, 194).
    BusinessDays(u32),
    /// Minutes by the clock.
    Minutes(u32),
    /// Minutes that count in office hours only.
    WorkingMinutes(u32),
}

/// Business days in the longest term.
const MAX_DAYS: u32 = 1000;
/// Minutes in the longest term: a leap year.
const MAX_MINUTES: u32 = 366 * 24 * 60;

/// A term that cannot be used, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TermMistake(pub String);

impl FromStr for Term {
    type Err = TermMistake;

    fn from_str(text: &str) -> Result<Term, TermMistake> {
        let text = text.trim();
        let shown = || text.chars().take(30).collect::<String>();
        let unclear = || {
            let shown = shown();
            TermMistake(format!(
                "the term {shown:?} is not understood: write a number and a unit, 3bd (business days), 24h, 30m, 24hw or 30mw (in working time)"
            ))
        };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at_checked(digits).unwrap_or(("", text));
        if number.is_empty() {
            return Err(unclear());
        }
        // Only digits, so the one error left is a number that is too great.
        let number: u32 = number.parse().unwrap_or(u32::MAX);
        let (term, most) = match unit {
            "bd" => (Term::BusinessDays(number), MAX_DAYS),
            "h" => (Term::Minutes(number.saturating_mul(60)), MAX_MINUTES / 60),
            "m" => (Term::Minutes(number), MAX_MINUTES),
            "hw" => (Term::WorkingMinutes(number.saturating_mul(60)), MAX_MINUTES / 60),
            "mw" => (Term::WorkingMinutes(number), MAX_MINUTES),
            _ => return Err(unclear()),
        };
        match number {
            0 => Err(TermMistake(format!("the term {:?} is nought: a term is at least 1{unit}", shown()))),
            n if n > most => Err(TermMistake(format!("the term {:?} is too long: at most {most}{unit}", shown()))),
            _ => Ok(term),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Term::BusinessDays(n) => write!(f, "{n}bd"),
            Term::Minutes(n) if n > 0 && n % 60 == 0 => write!(f, "{}h", n / 60),
            Term::Minutes(n) => write!(f, "{n}m"),
            Term::WorkingMinutes(n) if n > 0 && n % 60 == 0 => write!(f, "{}hw", n / 60),
            Term::WorkingMinutes(n) => write!(f, "{n}mw"),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Term {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Term, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A day that was looked at while a term was counted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CountedDay {
    /// Local date.
    pub date: NaiveDate,
    /// Whether it counts as one of the term's days.
    pub counted: bool,
    /// Why, in Russian: «рабочий день», «суббота», «День народного единства».
    pub reason: String,
}

/// When a term ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The moment: the last second of the last day, or the exact moment for hours and minutes.
    pub at: DateTime<Utc>,
    /// The local date of `at`.
    pub date: NaiveDate,
    /// A year of the production calendar was missing: computed by art. 112 alone.
    pub provisional: bool,
    /// Day by day. Business days: from the day after receipt to the last one. Hours and minutes: every date that they touch, the day
    /// of receipt included.
    pub days: Vec<CountedDay>,
}

impl Worktime {
    /// When a term that began with a receipt ends, and why.
    pub fn due(&self, received: DateTime<Utc>, term: Term) -> Due {
        match term {
            Term::BusinessDays(n) => self.due_days(received, n.min(MAX_DAYS)),
            Term::Minutes(n) => {
                let at = received.checked_add_signed(TimeDelta::minutes(i64::from(n.min(MAX_MINUTES)))).unwrap_or(received);
                self.due_at(received, at, |_| (true, "по часам, без перерывов".to_owned()), false)
            }
            Term::WorkingMinutes(n) => {
                let at = self.add_working_minutes(received, n.min(MAX_MINUTES));
                let (from, to) = (received.timestamp(), at.timestamp());
                let explain = |date| match self.office(date) {
                    Some((open, close)) => {
                        let minutes = (close.timestamp().min(to) - open.timestamp().max(from)).max(0) / 60;
                        match minutes {
                            0 => (false, "рабочий день, вне рабочих часов".to_owned()),
                            m => (true, format!("{}, учтено {}", self.reason(date), spent(m))),
                        }
                    }
                    None => (false, self.reason(date).to_owned()),
                };
                self.due_at(received, at, explain, true)
            }
        }
    }

    fn due_days(&self, received: DateTime<Utc>, n: u32) -> Due {
        let receipt = self.local_date(received);
        let mut days = Vec::new();
        let mut date = receipt;
        let mut provisional = false;
        if self.office.receipt_rule == ReceiptRule::Office && self.office(receipt).is_none_or(|(_, close)| received >= close) {
            let deemed = self.next_workday(receipt);
            while date < deemed {
                let Some(next) = date.succ_opt() else { break };
                date = next;
                let reason = if date == deemed { DEEMED } else { self.reason(date) };
                provisional |= !self.known(date.year());
                days.push(CountedDay { date, counted: false, reason: reason.to_owned() });
            }
        }
        let mut left = n;
        // The walk is bounded: a calendar that never works ends the term where the walk ends.
        for _ in 0..WALK {
            let Some(next) = date.succ_opt().filter(|_| left > 0) else { break };
            date = next;
            let counted = self.is_workday(date);
            left -= u32::from(counted);
            provisional |= !self.known(date.year());
            days.push(CountedDay { date, counted, reason: self.reason(date).to_owned() });
        }
        Due { at: self.last_second(date), date, provisional, days }
    }

    fn due_at(&self, received: DateTime<Utc>, at: DateTime<Utc>, explain: impl Fn(NaiveDate) -> (bool, String), by_calendar: bool) -> Due {
        let (first, last) = (self.local_date(received), self.local_date(at));
        let mut days = Vec::new();
        let mut provisional = false;
        for date in first.iter_days().take(WALK).take_while(|d| *d <= last) {
            let (counted, reason) = explain(date);
            provisional |= by_calendar && !self.known(date.year());
            days.push(CountedDay { date, counted, reason });
        }
        Due { at, date: last, provisional, days }
    }

    /// The skipped days of a term as people read them: «21-22 ноября выходные; 4 ноября — День народного единства».
    /// `None` when no day was skipped.
    pub fn skipped(&self, due: &Due) -> Option<String> {
        let mut rows: Vec<Row> = Vec::new();
        for day in due.days.iter().filter(|d| !d.counted) {
            let reason = match (self.is_workday(day.date), self.day(day.date)) {
                (true, _) if day.reason != DEEMED => continue,
                (true, _) => Some(DEEMED.to_owned()),
                (false, super::DayKind::Weekend) => None,
                (false, _) => Some(day.reason.clone()),
            };
            match rows.last_mut() {
                Some(row) if row.last.succ_opt() == Some(day.date) && (row.reason == reason || (new_year(row.last) && new_year(day.date))) => {
                    row.last = day.date
                }
                _ => rows.push(Row { first: day.date, last: day.date, reason }),
            }
        }
        let rows: Vec<String> = rows.iter().map(Row::sentence).collect();
        (!rows.is_empty()).then(|| rows.join("; "))
    }
}

/// Reason of the working day on which a letter that came after hours counts as received.
const DEEMED: &str = "день получения: письмо пришло вне рабочих часов";

/// One row for the New Year holidays: nobody needs Christmas told apart in the middle of them.
fn new_year(date: NaiveDate) -> bool {
    date.month() == 1 && date.day() <= 8
}

/// «2 ч 30 мин».
fn spent(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m} мин"),
        (h, 0) => format!("{h} ч"),
        (h, m) => format!("{h} ч {m} мин"),
    }
}
