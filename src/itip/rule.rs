//! RRULE: which days a foreign rule names. Walks days, so that the time is bounded by the span asked for, whatever the text says; the `rrule`
//! crate walks from DTSTART to the end of chrono's years where a rule never fits (10 to 70 ms for each), and is the oracle of the tests.
//!
//! Not here: zones and instants (`occurrences`). FREQ=HOURLY and finer, BYHOUR, BYMINUTE, BYSECOND and BYWEEKNO are not understood: no
//! calendar offers them for appointments.

use super::moment::Written;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

/// Most values of one BY part.
const MAX_VALUES: usize = 400;
/// Largest INTERVAL; beyond it nothing comes twice in a life.
const MAX_INTERVAL: i64 = 100_000;
/// Weekdays as RRULE writes them.
const WEEKDAYS: [(&str, Weekday); 7] =
    [("MO", Weekday::Mon), ("TU", Weekday::Tue), ("WE", Weekday::Wed), ("TH", Weekday::Thu), ("FR", Weekday::Fri), ("SA", Weekday::Sat), ("SU", Weekday::Sun)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Freq {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// UNTIL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Wall(NaiveDateTime),
    Instant(DateTime<Utc>),
}

/// A rule that is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    freq: Freq,
    interval: i64,
    count: Option<u64>,
    until: Option<Until>,
    week_start: Weekday,
    months: Vec<i32>,
    month_days: Vec<i32>,
    year_days: Vec<i32>,
    /// 0: every such weekday.
    weekdays: Vec<(i32, Weekday)>,
    positions: Vec<i32>,
}

impl Rule {
    /// A rule, if all of it is understood.
    pub(super) fn parse(text: &str) -> Option<Rule> {
        let text = text.trim().to_ascii_uppercase();
        let mut freq = None;
        let mut rule = Rule {
            freq: Freq::Daily,
            interval: 1,
            count: None,
            until: None,
            week_start: Weekday::Mon,
            months: Vec::new(),
            month_days: Vec::new(),
            year_days: Vec::new(),
            weekdays: Vec::new(),
            positions: Vec::new(),
        };
        for part in text.split(';').map(str::trim).filter(|p| !p.is_empty()) {
            let (key, value) = part.split_once('=')?;
            match key.trim() {
                "FREQ" => freq = Some(frequency(value)?),
                "INTERVAL" => rule.interval = whole(value)?.min(MAX_INTERVAL),
                "COUNT" => rule.count = Some(u64::try_from(whole(value)?).ok()?),
                "UNTIL" => rule.until = Some(until(value)?),
                "WKST" => rule.week_start = weekday(value)?.1,
                "BYMONTH" => rule.months = numbers(value, 1, 12)?,
                "BYMONTHDAY" => rule.month_days = numbers(value, -31, 31)?,
                "BYYEARDAY" => rule.year_days = numbers(value, -366, 366)?,
                "BYSETPOS" => rule.positions = numbers(value, -366, 366)?,
                "BYDAY" => rule.weekdays = values(value, weekday)?,
                key if key.starts_with("X-") => {}
                _ => return None,
            }
        }
        rule.freq = freq?;
        let counted = rule.weekdays.iter().any(|(nth, _)| *nth != 0);
        // What RFC 5545 §3.3.10 forbids or leaves without meaning.
        let absurd = (counted && matches!(rule.freq, Freq::Daily | Freq::Weekly))
            || (!rule.month_days.is_empty() && rule.freq == Freq::Weekly)
            || (!rule.year_days.is_empty() && rule.freq != Freq::Yearly)
            || (!rule.positions.is_empty() && rule.weekdays.is_empty() && rule.month_days.is_empty() && rule.year_days.is_empty() && rule.months.is_empty());
        (!absurd).then_some(rule)
    }

    /// Local starts from `since` to `last`, in order, handed to `each` until it says no. DTSTART is one of them whether or not it fits
    /// (RFC 5545 §3.8.5.3). Each day looked at costs one of `budget`. Answers whether all were found.
    pub(super) fn starts(
        &self,
        first: NaiveDateTime,
        zone: Tz,
        (since, last): (NaiveDate, NaiveDate),
        budget: &mut usize,
        each: &mut dyn FnMut(NaiveDateTime) -> bool,
    ) -> bool {
        let end = self.until.map(|until| match until {
            Until::Wall(at) => at,
            Until::Instant(at) => at.with_timezone(&zone).naive_local(),
        });
        let from = first.date();
        let last = end.map_or(last, |end| last.min(end.date()));
        if since <= from && from <= last && !each(first) {
            return false;
        }
        let mut seen: u64 = 1;
        // Only a count has to be counted from the beginning.
        let begin = if self.count.is_some() { from } else { from.max(since) };
        let (origin, at) = (self.period(from), self.period(begin));
        // Periods that INTERVAL skips are skipped at once.
        let mut period = at + (origin - at).rem_euclid(self.interval);
        loop {
            let Some((opens, closes)) = self.span(period) else { return true };
            if opens > last {
                return true;
            }
            for day in self.days_of(opens, closes, from, budget) {
                let start = day.and_time(first.time());
                if start <= first {
                    continue;
                }
                seen += 1;
                if self.count.is_some_and(|count| seen > count) || end.is_some_and(|end| start > end) || day > last {
                    return true;
                }
                if day >= since && !each(start) {
                    return false;
                }
            }
            if *budget == 0 {
                return false;
            }
            period += self.interval;
        }
    }

    /// The days of one period that the rule names.
    fn days_of(&self, opens: NaiveDate, closes: NaiveDate, from: NaiveDate, budget: &mut usize) -> Vec<NaiveDate> {
        let mut days = Vec::new();
        for day in opens.iter_days().take_while(|d| *d < closes) {
            *budget = budget.saturating_sub(1);
            if *budget == 0 {
                return days;
            }
            if self.names(day, from) {
                days.push(day);
            }
        }
        if self.positions.is_empty() {
            return days;
        }
        let at = |position: &i32| {
            let index = if *position > 0 { i64::from(*position) - 1 } else { i64::try_from(days.len()).ok()? + i64::from(*position) };
            days.get(usize::try_from(index).ok()?).copied()
        };
        let mut chosen: Vec<NaiveDate> = self.positions.iter().filter_map(at).collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    /// Whether the BY parts, or DTSTART where there are none, name this day.
    fn names(&self, day: NaiveDate, from: NaiveDate) -> bool {
        let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        let (month, of_month, of_year) = (number(day.month()), number(day.day()), number(day.ordinal()));
        if !self.months.is_empty() && !self.months.contains(&month) {
            return false;
        }
        let (month_length, year_length) = (number(u32::from(day.num_days_in_month())), if day.leap_year() { 366 } else { 365 });
        let holds = |days: &[i32], nth: i32, length: i32| days.is_empty() || days.contains(&nth) || days.contains(&(nth - length - 1));
        if !holds(&self.month_days, of_month, month_length) || !holds(&self.year_days, of_year, year_length) {
            return false;
        }
        // «The second Tuesday» is of the month where there are months, else of the year.
        let monthly = self.freq == Freq::Monthly || !self.months.is_empty();
        let (nth, length) = if monthly { (of_month, month_length) } else { (of_year, year_length) };
        let (forth, back) = ((nth - 1) / 7 + 1, -((length - nth) / 7 + 1));
        if !self.weekdays.is_empty() {
            return self.weekdays.iter().any(|(n, weekday)| *weekday == day.weekday() && (*n == 0 || *n == forth || *n == back));
        }
        if !self.month_days.is_empty() || !self.year_days.is_empty() {
            return true;
        }
        match self.freq {
            Freq::Daily => true,
            Freq::Weekly => day.weekday() == from.weekday(),
            Freq::Monthly => day.day() == from.day(),
            Freq::Yearly => day.day() == from.day() && (!self.months.is_empty() || day.month() == from.month()),
        }
    }

    /// Number of the day, week, month or year.
    fn period(&self, day: NaiveDate) -> i64 {
        match self.freq {
            Freq::Daily => i64::from(day.num_days_from_ce()),
            Freq::Weekly => (i64::from(day.num_days_from_ce()) - self.week_shift()).div_euclid(7),
            Freq::Monthly => i64::from(day.year()) * 12 + i64::from(day.month0()),
            Freq::Yearly => i64::from(day.year()),
        }
    }

    /// Day 1 of the era was a Monday.
    fn week_shift(&self) -> i64 {
        1 + i64::from(self.week_start.num_days_from_monday())
    }

    /// First day of a period, and of the next.
    fn span(&self, period: i64) -> Option<(NaiveDate, NaiveDate)> {
        let day = |n: i64| NaiveDate::from_num_days_from_ce_opt(i32::try_from(n).ok()?);
        let month = |n: i64| NaiveDate::from_ymd_opt(i32::try_from(n.div_euclid(12)).ok()?, u32::try_from(n.rem_euclid(12)).ok()? + 1, 1);
        match self.freq {
            Freq::Daily => Some((day(period)?, day(period + 1)?)),
            Freq::Weekly => {
                let opens = day(period * 7 + self.week_shift())?;
                Some((opens, opens.checked_add_signed(TimeDelta::days(7))?))
            }
            Freq::Monthly => Some((month(period)?, month(period + 1)?)),
            Freq::Yearly => Some((month(period * 12)?, month(period * 12 + 12)?)),
        }
    }
}

fn frequency(text: &str) -> Option<Freq> {
    match text.trim() {
        "DAILY" => Some(Freq::Daily),
        "WEEKLY" => Some(Freq::Weekly),
        "MONTHLY" => Some(Freq::Monthly),
        "YEARLY" => Some(Freq::Yearly),
        _ => None,
    }
}

/// A number above zero; one longer than any is the largest.
fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().or(digits.then_some(i64::MAX)).filter(|n| *n > 0)
}

/// A day counts to its end.
fn until(text: &str) -> Option<Until> {
    let written = Written::parse(text)?;
    if written.utc {
        return Some(Until::Instant(written.local.and_utc()));
    }
    let day = !text.contains('T');
    Some(Until::Wall(if day { written.local.date().and_time(NaiveTime::from_hms_opt(23, 59, 59)?) } else { written.local }))
}

fn values<T>(text: &str, value: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let found: Option<Vec<T>> = text.split(',').take(MAX_VALUES + 1).map(|v| value(v.trim())).collect();
    found.filter(|f| f.len() <= MAX_VALUES)
}

fn numbers(text: &str, least: i32, most: i32) -> Option<Vec<i32>> {
    values(text, |v| v.parse().ok().filter(|n| *n != 0 && (least..=most).contains(n)))
}

/// `MO`, `2TU`, `-1FR`.
fn weekday(text: &str) -> Option<(i32, Weekday)> {
    let text = text.trim();
    let (nth, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let weekday = WEEKDAYS.iter().find(|(n, _)| *n == name)?.1;
    let nth = if nth.is_empty() { 0 } else { nth.parse().ok().filter(|n| *n != 0 && (-53..=53).contains(n))? };
    Some((nth, weekday))
}
