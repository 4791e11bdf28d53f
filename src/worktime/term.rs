//! Terms: three business days, 24 hours, 30 minutes; when they end and why.

use chrono::{DateTime, NaiveDate, Utc};

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

/// A day that was looked at while a term was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Day by day.
    pub days: Vec<CountedDay>,
}
