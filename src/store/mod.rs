//! The store: one SQLite file, all SQL of the program. It remembers; it does not decide, compose or wait.
//!
//! WAL with synchronous=FULL: what was committed survives a power cut. Two processes (daemon and command line) may have it open;
//! decisions are taken inside `BEGIN IMMEDIATE`, so they never see half of each other.

mod absences;
mod agenda;
mod analysis;
mod announced;
mod announcements;
mod appeals;
mod apply;
mod asides;
mod backup;
mod blocks;
mod calls;
mod confirmations;
mod counts;
mod drafted;
mod edges;
mod export;
mod facts;
mod forget;
mod forgotten;
mod incidents;
mod integrity;
mod lessons;
mod letters;
mod meetings;
mod open;
mod postings;
mod queries;
mod rebuilt;
mod sent;
mod surveys;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_analysis;
#[cfg(test)]
mod tests_counts;
#[cfg(test)]
mod tests_lessons;
#[cfg(test)]
mod tests_plans;
mod undo;

pub use absences::Said;
pub use analysis::Received;
pub use apply::Item;
pub use backup::{Contents, contents, copy_into, mark_copy};
pub use blocks::Blocked;
pub use counts::Times;
pub use export::{KnownAppeal, KnownPerson, Ours};
pub use forget::{Certificate, Cut, ForgetError, Remains, Whom};
pub use integrity::open_sound;
pub use lessons::{Kept, Lesson, lessons_in};
pub use letters::{Known, Read, Waiting};
pub use open::{Store, StoreError, private_folder, schema_version};
pub use postings::{Attempt, Due, Failure};
pub use queries::{BaselineLine, HistoryLine, LetterLine, PostingLine, TranscriptLine};
pub use rebuilt::{Match, Proved, Unproved};

use chrono::{DateTime, Utc};

/// Whole seconds to a moment.
fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Whole seconds to a moment, where there is one.
fn moment_of(seconds: Option<i64>) -> Option<DateTime<Utc>> {
    seconds.map(moment)
}

/// A moment to whole seconds, where there is one.
fn seconds(at: Option<DateTime<Utc>>) -> Option<i64> {
    at.map(|t| t.timestamp())
}
