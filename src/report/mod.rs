//! Reports and journal as data: what the store counted, in the order a head reads it. No names of children, no problem texts.
//!
//! Not here: their wording (`compose`), when they are due (`decide`), the counting itself (`store`).

mod analysis;
mod chart;
mod csv;
mod daily;
mod drafted;
mod journal;
mod page;
mod period;
mod picture;
mod proposals;
mod screen;
mod sheet;
mod survey;
mod table;
mod tally;
mod terminal;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_analysis;
#[cfg(test)]
mod tests_period;
#[cfg(test)]
mod tests_screen;
#[cfg(test)]
mod tests_tables;
#[cfg(test)]
mod tests_when;
mod when;

pub use analysis::{Analysis, Band, Compared, Counted, FEWEST_FAMILIES, Frequent, Moved, Span, Wish, frequent, parallel, wishes};
pub use chart::{Chart, tenths};
pub use daily::{Act, Ask, Daily, Line, Meeting};
pub use drafted::{DraftState, Drafted, Wanted};
pub use journal::{JOURNAL_COLUMNS, JournalRow, REGISTER_COLUMNS, Reader, RegisterRow, journal, register};
pub use period::{DaysOff, Due, last_due, next_due};
pub use proposals::{Cause, LONGEST_PROPOSAL, MOST_FOR_DIRECTOR, MOST_PROPOSALS, Proposal, ProposalRules, Rule, propose};
pub use screen::{SCREEN_LINES, Screen};
pub use survey::{SURVEY_COLUMNS, SurveyRow, survey};
pub use table::{Cell, Column, Table};
pub use tally::{median, percent, percentile};
pub use when::{Schedule, ScheduleMistake};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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

/// The weekly report's data (001 3.3.3); of a month or a quarter likewise.
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
    /// Of those closed: the author no longer needed it.
    pub withdrawn: u32,
    /// Of those closed: answered together with another one.
    pub merged: u32,
    /// Received in each of the periods before, oldest first.
    pub weeks_before: Vec<u32>,
    /// Each local day of the week; of a longer period its weeks or months, by their first day.
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
    /// Against the periods before: topics, wishes, proposals.
    pub analysis: Analysis,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Terms {
    /// Terms that ended in the period.
    pub ended: u32,
    /// Kept by the clock (`due_literal`).
    pub kept_literal: u32,
    /// Kept in presence hours (`due_office`).
    pub kept_office: u32,
}
