//! Reports and journal as data: what the store counted, in the order a head reads it. No names of children, no problem texts.
//!
//! Not here: their wording (`compose`), when they are due (`decide`), the counting itself (`store`).

mod chart;
mod csv;
mod journal;
mod page;
mod period;
mod picture;
mod sheet;
mod survey;
mod table;
mod tally;
mod terminal;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_period;
#[cfg(test)]
mod tests_tables;
#[cfg(test)]
mod tests_when;
mod when;

pub use chart::{Chart, tenths};
pub use journal::{JOURNAL_COLUMNS, JournalRow, REGISTER_COLUMNS, Reader, RegisterRow, journal, register};
pub use period::{DaysOff, Due, last_due, next_due};
pub use survey::{SURVEY_COLUMNS, SurveyRow, survey};
pub use table::{Cell, Column, Table};
pub use tally::{median, percent, percentile};
pub use when::{Schedule, ScheduleMistake};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// An appeal in a list of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Number.
    pub number: i64,
    /// Category title.
    pub category: String,
    /// Specialist's name.
    pub assignee: Option<String>,
    /// What it is about: «ответить», «пригласить», «решить: …».
    pub what: String,
    /// Due.
    pub due: Option<DateTime<Utc>>,
}

/// Counts by one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Count {
    /// Category title or specialist's name.
    pub title: String,
    /// Received in the period.
    pub new: u32,
    /// Closed in the period.
    pub closed: u32,
    /// Open now.
    pub open: u32,
    /// Overdue now.
    pub overdue: u32,
}

/// A consultation in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// Appeal number, or that of the group.
    pub number: i64,
    /// A group of several families.
    pub group: bool,
    /// Specialist's name.
    pub specialist: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// Channel.
    pub channel: String,
    /// «подтверждена», «ждём автора», «ждём специалиста».
    pub state: String,
}

/// Where every letter since the baseline went. `journalled` equals the sum of the rest: if not, something is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Reconciliation {
    /// Letters in the journal.
    pub journalled: u64,
    /// Opened an appeal.
    pub opened: u64,
    /// Added to one.
    pub added: u64,
    /// Answers of staff and calendars.
    pub answers: u64,
    /// Duplicates.
    pub duplicates: u64,
    /// Ignored, by reason in Russian.
    pub ignored: Vec<(String, u64)>,
    /// Parked.
    pub parked: u64,
    /// Waiting.
    pub waiting: u64,
}

impl Reconciliation {
    /// Whether the line adds up.
    pub fn balanced(&self) -> bool {
        self.journalled
            == self.opened + self.added + self.answers + self.duplicates + self.ignored.iter().map(|(_, n)| n).sum::<u64>() + self.parked + self.waiting
    }
}

/// The daily report's data (001 3.3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Daily {
    /// Local date.
    pub date: NaiveDate,
    /// Covers from here.
    pub since: DateTime<Utc>,
    /// To here.
    pub until: DateTime<Utc>,
    /// Made later than due, after downtime.
    pub late: bool,
    /// mode = "shadow".
    pub shadow: bool,
    /// Needs the head's decision.
    pub decisions: Vec<Line>,
    /// Urgent ones not acknowledged or open.
    pub urgent: Vec<Line>,
    /// Terms that end today.
    pub due_today: Vec<Line>,
    /// Overdue.
    pub overdue: Vec<Line>,
    /// Totals over everything.
    pub total: Count,
    /// By category.
    pub by_category: Vec<Count>,
    /// By specialist.
    pub by_specialist: Vec<Count>,
    /// Of today and tomorrow.
    pub meetings: Vec<Meeting>,
    /// Mail that did not reach people: «№ 147: позвоните +7 …».
    pub undelivered: Vec<String>,
    /// Incidents: «электронный журнал: обращений 7, всем отвечено».
    pub incidents: Vec<String>,
    /// Letters of staff in threads, by number and count.
    pub staff_letters: Vec<String>,
    /// Letters parked, by folder and date.
    pub parked: Vec<String>,
    /// Letters in the spam folder since the last report.
    pub spam: Option<u32>,
    /// Warnings: calendar year missing, nobody present in a category, …
    pub warnings: Vec<String>,
    /// Reconciliation.
    pub reconciliation: Reconciliation,
    /// «если в рабочий день к 9:00 этого письма нет, Отклик не работает: звоните …».
    pub absence_means: String,
}

/// The weekly report's data (001 3.3.3).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weekly {
    /// First local date.
    pub from: NaiveDate,
    /// Last local date.
    pub to: NaiveDate,
    /// Made later than due.
    pub late: bool,
    /// mode = "shadow".
    pub shadow: bool,
    /// Totals.
    pub total: Count,
    /// Received in each of the four weeks before, oldest first.
    pub weeks_before: Vec<u32>,
    /// Each local day of the week.
    pub days: Vec<Day>,
    /// Terms of the four weeks before, oldest first; the week's own are in `terms`.
    pub terms_before: Vec<(NaiveDate, Terms)>,
    /// What families said of consultations; `None` where nobody did.
    pub satisfaction: Option<Satisfaction>,
    /// By category.
    pub by_category: Vec<Count>,
    /// By specialist.
    pub by_specialist: Vec<Count>,
    /// Terms kept: of how many, by the clock and in presence hours.
    pub terms: Terms,
    /// Median minutes from receipt to answer.
    pub median_minutes: Option<i64>,
    /// 90th percentile.
    pub p90_minutes: Option<i64>,
    /// Consultations held or invited in the week.
    pub meetings: u32,
    /// Thanks received.
    pub thanks: u32,
    /// Overdue now.
    pub overdue: Vec<Line>,
    /// Unknown outcomes and repeats of our own letters.
    pub unknown: u32,
    /// Reconciliation.
    pub reconciliation: Reconciliation,
}

/// One local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// Appeals received.
    pub received: u32,
    /// Appeals closed.
    pub closed: u32,
}

/// Answers to the questionnaire (000 App. 2), of nobody in particular.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Satisfaction {
    /// Answers with a mark.
    pub answers: u32,
    /// Mean of the marks in tenths: 46 is 4,6.
    pub mean: u32,
    /// Mean of the four weeks before.
    pub mean_before: Option<u32>,
    /// Of how many who said whether they would recommend it.
    pub asked: u32,
    /// Would.
    pub recommend: u32,
    /// Means by specialist over the last quarter, only from five answers on.
    pub by_specialist: Vec<(String, u32)>,
}

/// Marks of one specialist are told from so many answers on.
pub const FEWEST_MARKS: usize = 5;

/// Mean of marks in tenths, rounded; `None` of none.
pub fn mean(marks: &[u8]) -> Option<u32> {
    let n = u32::try_from(marks.len()).ok().filter(|n| *n > 0)?;
    let sum: u32 = marks.iter().map(|m| u32::from(*m)).sum();
    Some((sum * 20 + n) / (2 * n))
}

/// Terms kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
pub struct Terms {
    /// Terms that ended in the period.
    pub ended: u32,
    /// Kept by the clock (`due_literal`).
    pub kept_literal: u32,
    /// Kept in presence hours (`due_office`).
    pub kept_office: u32,
}
