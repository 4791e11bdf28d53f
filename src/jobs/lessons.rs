//! The topics learn from corrections: before a round in which the school's own examples are others than those learned last, never for a letter.
//!
//! Not here: what a correction teaches (`store`), the training itself (`understand`).

use super::commands::Command;
use super::{JobError, School, records};
use crate::understand::Topics;
use chrono::{DateTime, Utc};
use std::sync::{Arc, PoisonError};

/// What the topics have learned from the school's own people.
#[derive(Debug, Default)]
pub(super) struct Taught {
    /// The store's mark of the lessons that were learned.
    mark: String,
    /// `None` without lessons: the settings' own topics.
    topics: Option<Arc<Topics>>,
}

/// Learns what was corrected since the last time, also by another process; returns how many examples there are when they changed. Without any
/// nothing is trained.
///
/// # Errors
/// The store's; the topics stay as they are.
pub fn learn(school: &School) -> Result<Option<usize>, JobError> {
    let mark = school.store().lessons_mark()?;
    if school.taught.lock().unwrap_or_else(PoisonError::into_inner).mark == mark {
        return Ok(None);
    }
    let own = school.store().own_examples()?;
    let topics = (!own.is_empty()).then(|| Arc::new(school.settings().topics.learned(&own)));
    *school.taught.lock().unwrap_or_else(PoisonError::into_inner) = Taught { mark, topics };
    Ok(Some(own.len()))
}

/// Takes out what the correction of an appeal taught (of all of them without a number), or puts it back. Returns the appeals.
///
/// # Errors
/// The store's.
pub fn train(school: &School, number: Option<i64>, undo: bool, now: DateTime<Utc>) -> Result<Vec<i64>, JobError> {
    let record = || records::record_command(school, Command::Train { lesson: number, undo }, now);
    Ok(school.store().decide_lessons(number, undo, now, record)?)
}

impl School {
    /// The topics that letters are sorted by, where corrections taught any.
    pub(super) fn taught_topics(&self) -> Option<Arc<Topics>> {
        self.taught.lock().unwrap_or_else(PoisonError::into_inner).topics.clone()
    }

    /// After a reload the rules may be others: the lessons are learned anew in the next round.
    pub(super) fn forget_training(&self) {
        *self.taught.lock().unwrap_or_else(PoisonError::into_inner) = Taught::default();
    }
}
