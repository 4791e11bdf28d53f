//! The school's working time: production calendar, office hours, terms with the explanation of every skipped day.
//!
//! Sources: Labour Code art. 111-112, Civil Code art. 191-194, the yearly decree on moved days off (rules/calendar/YYYY.toml).
//! Not here: who is present (`slots`).

mod calendar;
mod term;
#[cfg(test)]
mod tests;

pub use calendar::{CalendarRules, DayKind, Worktime};
pub use term::{CountedDay, Due, Term};
