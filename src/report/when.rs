//! When a report is due: `daily_at` or a cron expression with weekday names, in the school's zone.
//!
//! Not here: what is skipped (days off) and what is made up for after downtime; `decide` keys reports by
//! [`Schedule::date_of`], so that one local date has one report whatever the clock did.

use chrono::{DateTime, Datelike, Days, MappedLocalTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};

/// How far back [`Schedule::last`] looks: a month and some holidays.
const LOOK_BACK: Days = Days::new(40);
/// Moments passed over in one search. Schedules have fixed seconds and minutes, so an hour that comes twice has few.
const MAX_STEPS: usize = 1_000;

/// An expression that cannot be used, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ScheduleMistake(pub String);

/// A schedule in a zone.
///
/// The expression is evaluated on the local clock face and only then put into the zone: `cron` by itself fires twice
/// where an hour comes twice and not at all where it is left out.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Box<cron::Schedule>,
    zone: chrono_tz::Tz,
}

impl Schedule {
    /// From "07:30" (every day; the caller skips days off) .
    pub fn daily(at: &str, zone: chrono_tz::Tz) -> Result<Schedule, ScheduleMistake> {
        let mistake = || ScheduleMistake(format!("«{at}» is no time of day: write hours and minutes, for example «07:30»"));
        let (hour, minute) = at.trim().split_once(':').ok_or_else(mistake)?;
        let hour = plain_number(hour, 23).ok_or_else(mistake)?;
        let minute = Some(minute).filter(|m| m.len() == 2).and_then(|m| plain_number(m, 59)).ok_or_else(mistake)?;
        Self::cron(&format!("0 {minute} {hour} * * *"), zone)
    }

    /// From a cron expression of six or seven fields; digits in the weekday field are refused with a hint.
    pub fn cron(expression: &str, zone: chrono_tz::Tz) -> Result<Schedule, ScheduleMistake> {
        let fields: Vec<&str> = expression.split_whitespace().collect();
        check(&fields)?;
        let cron: cron::Schedule = fields.join(" ").parse().map_err(|_| {
            ScheduleMistake(format!("«{expression}» cannot be read as a schedule: write «second minute hour day month weekday», for example «0 0 12 * * Fri»"))
        })?;
        let schedule = Schedule { cron: Box::new(cron), zone };
        let never = NaiveDate::from_ymd_opt(1970, 1, 1).and_then(|d| d.and_hms_opt(0, 0, 0)).and_then(|t| schedule.next_local(t)).is_none();
        if never {
            return Err(ScheduleMistake(format!("«{expression}» never comes: there is no such day of the month")));
        }
        Ok(schedule)
    }

    /// The first moment strictly after `now`.
    pub fn after(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut local = self.local(now)?;
        for _ in 0..MAX_STEPS {
            local = self.next_local(local)?;
            let at = self.instant(local)?;
            // In an hour that comes twice the clock face may show a moment that has been.
            if at > now {
                return Some(at);
            }
        }
        None
    }

    /// The last moment at or before `now`, looked for at most 40 days back.
    pub fn last(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = self.local(now)?;
        let earliest = local.checked_sub_days(LOOK_BACK)?;
        // In the second pass of an hour the first pass may have shown more than the clock does now.
        let twice = matches!(self.zone.from_local_datetime(&local), MappedLocalTime::Ambiguous(..));
        let from = if twice { local.checked_add_signed(TimeDelta::hours(3))? } else { local };
        // The iterator goes strictly back, so it starts a second later.
        let mut bound = from.with_nanosecond(0)?.checked_add_signed(TimeDelta::seconds(1))?;
        for _ in 0..MAX_STEPS {
            bound = self.cron.after(&bound.and_utc()).next_back()?.naive_utc();
            if bound < earliest {
                return None;
            }
            let at = self.instant(bound)?;
            if at <= now {
                return Some(at);
            }
        }
        None
    }

    /// The local date of a due moment: what a report is keyed by.
    pub fn date_of(&self, due: DateTime<Utc>) -> NaiveDate {
        due.with_timezone(&self.zone).date_naive()
    }

    /// The moment of another day at which the clock shows the same.
    pub(super) fn same_hour(&self, due: DateTime<Utc>, date: NaiveDate) -> Option<DateTime<Utc>> {
        self.instant(date.and_time(due.with_timezone(&self.zone).time()))
    }

    /// The clock face at an instant; none outside the years that `cron` knows.
    fn local(&self, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        Some(at).filter(|t| (1971..=2100).contains(&t.year())).map(|t| t.with_timezone(&self.zone).naive_local())
    }

    fn next_local(&self, after: NaiveDateTime) -> Option<NaiveDateTime> {
        self.cron.after(&after.and_utc()).next().map(|t| t.naive_utc())
    }

    /// Of two equal local times the first; for one that is left out the first moment after the gap.
    fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let mut local = local;
        // A gap is an hour; Samoa once left out a whole day.
        for _ in 0..26 * 60 {
            if let Some(at) = self.zone.from_local_datetime(&local).earliest() {
                return Some(at.to_utc());
            }
            local = local.with_second(0)?.checked_add_signed(TimeDelta::minutes(1))?;
        }
        None
    }
}

/// What `cron` would refuse with a picture of its grammar, or, worse, accept and mean otherwise.
fn check(fields: &[&str]) -> Result<(), ScheduleMistake> {
    let whole = fields.join(" ");
    let weekday = match fields {
        [minute, hour, day, month, weekday] => {
            let named = weekday_names(weekday);
            return Err(ScheduleMistake(format!("«{whole}» has five fields, the seconds are missing: write «0 {minute} {hour} {day} {month} {named}»")));
        }
        [_, _, _, _, _, weekday] | [_, _, _, _, _, weekday, _] => *weekday,
        _ => {
            return Err(ScheduleMistake(format!("«{whole}» is no schedule: write «second minute hour day month weekday», for example «0 0 12 * * Fri»")));
        }
    };
    if weekday.contains(|c: char| c.is_ascii_digit()) {
        return Err(ScheduleMistake(format!(
            "«{whole}» has digits in the weekday field, where 1 is Monday for some programs and Sunday for others: write names, for example «{}»",
            weekday_names(weekday)
        )));
    }
    let [second, minute, ..] = fields else { return Ok(()) };
    if plain_number(second, 59).is_none() || plain_number(minute, 59).is_none() {
        return Err(ScheduleMistake(format!(
            "«{whole}» would report many times an hour: write one number for the second and one for the minute, for example «0 0 12 * * Fri»"
        )));
    }
    Ok(())
}

/// Digits of one field of a crontab (Monday = 1, Sunday = 0 or 7) as names; a step or anything else is left out.
fn weekday_names(field: &str) -> String {
    let name = |c: char| match c {
        '0' | '7' => "Sun",
        '1' => "Mon",
        '2' => "Tue",
        '3' => "Wed",
        '4' => "Thu",
        '5' => "Fri",
        '6' => "Sat",
        _ => "",
    };
    let plain = field.chars().all(|c| matches!(c, '0'..='7' | '-' | ','));
    if !plain {
        return if field.contains(|c: char| c.is_ascii_digit()) { "Mon-Fri".to_owned() } else { field.to_owned() };
    }
    field.chars().map(|c| if matches!(c, '-' | ',') { c.to_string() } else { name(c).to_owned() }).collect()
}

/// One or two digits, not above `most`.
fn plain_number(text: &str, most: u32) -> Option<u32> {
    let digits = matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| digits && *n <= most)
}
