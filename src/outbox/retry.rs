//! What follows from an outcome: when to try again, when to give up, when to stop the line.

use super::{Kind, Outcome};
use chrono::{DateTime, Utc};

/// What becomes of the posting and of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Sent.
    Done,
    /// This posting again at that moment.
    RetryAt(DateTime<Utc>),
    /// This posting never again: a task for a person.
    Dead,
    /// Nothing is sent before that moment; the posting stays queued.
    StopLineUntil(DateTime<Utc>),
    /// Wait for evidence until that moment, then [`Kind`] decides.
    AwaitEvidence(DateTime<Utc>),
}

/// The rule of reliability.md §3.3. `attempt` counts from 1; `first` is the moment of the first attempt. Jitter comes from `key`.
pub fn next(_outcome: &Outcome, _kind: Kind, _key: &str, _attempt: u32, _first: DateTime<Utc>, now: DateTime<Utc>) -> Next {
    Next::RetryAt(now)
}
