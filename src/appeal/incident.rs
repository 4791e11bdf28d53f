//! The same trouble of many families at once: its record. Each family keeps an appeal of its own.
//!
//! Not here: when appeals are alike (`understand::likeness`), what is proposed and answered (`decide`).

use crate::understand::Category;
use chrono::{DateTime, Utc};

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentState {
    /// The head was asked whether it is one.
    Proposed,
    /// It is one: all were answered, newcomers are.
    Answered,
    /// The head said that they are different.
    Apart,
    /// Over.
    Closed,
}

impl IncidentState {
    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            IncidentState::Proposed => "proposed",
            IncidentState::Answered => "answered",
            IncidentState::Apart => "apart",
            IncidentState::Closed => "closed",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> IncidentState {
        match key {
            "proposed" => IncidentState::Proposed,
            "answered" => IncidentState::Answered,
            "apart" => IncidentState::Apart,
            _ => IncidentState::Closed,
        }
    }
}

/// An incident and its appeals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Number, a series of its own.
    pub id: i64,
    /// What all of them are about.
    pub category: Category,
    /// How far it is.
    pub state: IncidentState,
    /// When it was noticed.
    pub opened: DateTime<Utc>,
    /// Receipt of the last appeal that joined.
    pub newest: DateTime<Utc>,
    /// What everybody was answered.
    pub answer: Option<String>,
    /// Numbers of its appeals, in order.
    pub appeals: Vec<i64>,
}
