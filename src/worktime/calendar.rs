//! The production calendar: which day is a working day, and why not.

use chrono::NaiveDate;

/// One `rules/calendar/YYYY.toml` or an overlay (regional, school), as read from the file.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarRules {
    /// Number and date of the decree, or the reason of the overlay.
    #[serde(default)]
    pub decree: String,
}

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// A working day; `short` on the eve of a holiday.
    Work {
        /// One hour shorter (art. 95).
        short: bool,
    },
    /// Saturday or Sunday.
    Weekend,
    /// A holiday or a moved day off; the reason in Russian.
    Holiday(String),
}

/// Calendar, zone and office hours of one school. Built once, asked often.
#[derive(Debug, Clone)]
pub struct Worktime {
    /// The school's zone.
    pub zone: chrono_tz::Tz,
}

impl Worktime {
    /// What the local date is.
    pub fn day(&self, _date: NaiveDate) -> DayKind {
        DayKind::Weekend
    }
}
