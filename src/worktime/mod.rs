//! The school's working time: production calendar, office hours, terms with the explanation of every skipped day.
//!
//! Sources: Labour Code art. 95, 111-112, Civil Code art. 191-194, the yearly decree on moved days off (rules/calendar/YYYY.toml).
//! Not here: who is present (`slots`), when letters may leave (`decide`).
//!
//! How it is used: `config` reads one [`CalendarRules`] per year and per overlay, asks each for its [`CalendarRules::mistakes`],
//! and builds one [`Worktime`]. Everything else asks that value: what a day is ([`Worktime::day`]), when a term ends
//! ([`Worktime::due`]) and in words why ([`Worktime::skipped`]), and the arithmetic of office minutes
//! ([`Worktime::add_working_minutes`] and its inverse). A year without a file is computed by art. 112 alone; terms that touch it
//! are `provisional`, and [`Worktime::missing_year_within`] says so before anybody is harmed.

mod calendar;
mod hours;
mod rules;
mod statute;
mod term;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_due;
#[cfg(test)]
mod tests_hours;
mod words;

pub use calendar::{DayKind, Office, ReceiptRule, Worktime, Workweek};
pub use rules::{CalendarRules, ExtraDay};
pub use term::{CountedDay, Due, Term, TermMistake};
pub use words::{day_month, day_range};
