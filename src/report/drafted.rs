//! The analysis that waits for the head's word before the director reads it: one row a period, so that the director is told once.
//!
//! Not here: the figures (`analysis`), whose word counts and what becomes of it (`decide`).

use super::{Analysis, Span};
use chrono::{DateTime, NaiveDate, Utc};

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftState {
    /// The head has it.
    Draft,
    /// The head passed it on.
    Passed,
    /// Nobody pressed in time: it went as it was.
    Unedited,
    /// The head keeps it.
    Kept,
}

impl DraftState {
    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            DraftState::Draft => "draft",
            DraftState::Passed => "passed",
            DraftState::Unedited => "unedited",
            DraftState::Kept => "kept",
        }
    }

    /// The state of a key; what is not known waits for nobody.
    pub fn from_key(key: &str) -> DraftState {
        match key {
            "draft" => DraftState::Draft,
            "passed" => DraftState::Passed,
            "unedited" => DraftState::Unedited,
            _ => DraftState::Kept,
        }
    }
}

/// The analysis of a period on its way to the director.
#[derive(Debug, Clone, PartialEq)]
pub struct Drafted {
    /// Period: `2026-W47`.
    pub period: String,
    /// Id of who has the draft: the head or who acts.
    pub staff: String,
    /// As it stood when it was drafted.
    pub analysis: Analysis,
    /// When that was.
    pub made: DateTime<Utc>,
    /// It goes to the director then, if nobody has said anything.
    pub due: DateTime<Utc>,
    /// How far it is.
    pub state: DraftState,
}

/// A report of a period that somebody of the staff asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Who asked.
    pub staff: String,
    /// How long.
    pub span: Span,
    /// Its first local day.
    pub first: NaiveDate,
    /// The letter that asked.
    pub message_id: Option<String>,
}
