//! Which report is due at a moment: one a period, none on a day off; the weekly one moves to the working day before at the same hour.
//!
//! A period is the stretch between two reports; it ends at the report's own moment, and the next begins there. What was missed while the program
//! stood still is covered by the next report that is made. Not here: when a schedule comes round (`when`), the hours in which letters to staff may
//! leave (`decide`), what a report says (the rest of this module).

use super::when::Schedule;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

/// Planned moments that are looked through backwards: two months of a daily report.
const MOST: usize = 70;

/// A report that has come due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When it was to be made; on a working day.
    pub at: DateTime<Utc>,
    /// The local day on which it would have been made had that been a working day.
    pub planned: NaiveDate,
    /// What the period is called: `2026-11-20`, `2026-W47`.
    pub key: String,
}

/// How a schedule treats days off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaysOff {
    /// No report; the next one covers the day.
    Skip,
    /// The report comes on the working day before, as long as that is later than the one planned before it.
    Before,
}

/// The last report that was due at `now` or before; `workday` is the school's calendar.
pub fn last_due(schedule: &Schedule, days_off: DaysOff, now: DateTime<Utc>, workday: impl Fn(NaiveDate) -> bool) -> Option<Due> {
    // What is planned for a day off to come may have moved before the present.
    let ahead = schedule.after(now).filter(|_| days_off == DaysOff::Before);
    let mut planned = ahead.or_else(|| schedule.last(now))?;
    for _ in 0..MOST {
        let before = schedule.last(planned - TimeDelta::seconds(1));
        if let Some(due) = moved(schedule, days_off, planned, before, &workday).filter(|due| due.at <= now) {
            return Some(due);
        }
        planned = before?;
    }
    None
}

/// The first report that is due after `now`.
pub fn next_due(schedule: &Schedule, days_off: DaysOff, now: DateTime<Utc>, workday: impl Fn(NaiveDate) -> bool) -> Option<Due> {
    let mut before = schedule.last(now);
    let mut planned = schedule.after(now)?;
    for _ in 0..MOST {
        if let Some(due) = moved(schedule, days_off, planned, before, &workday).filter(|due| due.at > now) {
            return Some(due);
        }
        before = Some(planned);
        planned = schedule.after(planned)?;
    }
    None
}

/// Where a planned report comes; nowhere, where no working day is left for it.
fn moved(schedule: &Schedule, days_off: DaysOff, planned: DateTime<Utc>, before: Option<DateTime<Utc>>, workday: impl Fn(NaiveDate) -> bool) -> Option<Due> {
    let day = schedule.date_of(planned);
    let key = match days_off {
        DaysOff::Skip => day.format("%Y-%m-%d").to_string(),
        DaysOff::Before => week_key(day, before.map(|b| schedule.date_of(b))),
    };
    if workday(day) {
        return Some(Due { at: planned, planned: day, key });
    }
    if days_off == DaysOff::Skip {
        return None;
    }
    // A week with no working day left behind the report before it has none of its own.
    let first = before.map_or(day - TimeDelta::days(7), |b| schedule.date_of(b));
    let to = std::iter::successors(day.pred_opt(), NaiveDate::pred_opt).take_while(|d| *d > first).find(|d| workday(*d))?;
    Some(Due { at: schedule.same_hour(planned, to)?, planned: day, key })
}

/// The ISO week of the planned day; a second report planned in the same week has its weekday behind it.
fn week_key(day: NaiveDate, before: Option<NaiveDate>) -> String {
    let week = day.iso_week();
    let again = before.is_some_and(|b| b.iso_week() == week);
    let plain = format!("{}-W{:02}", week.year(), week.week());
    if again { format!("{plain}-{}", day.weekday().number_from_monday()) } else { plain }
}
