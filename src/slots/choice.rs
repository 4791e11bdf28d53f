//! Which slot to take: hard constraints, then the author's wishes, then urgency, then the load.

use super::{Busy, Specialist};
use crate::understand::{Channel, Window};
use crate::worktime::Worktime;
use chrono::{DateTime, Utc};

/// A consultation's place in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Specialist id.
    pub specialist: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Channel, as the window names it.
    pub channel: String,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Not before (now + minimum notice).
    pub earliest: DateTime<Utc>,
    /// Ended by (the booking horizon).
    pub latest: DateTime<Utc>,
    /// Length, at most 40 minutes (000 4.3.1).
    pub minutes: u32,
    /// Free minutes kept before and after another consultation.
    pub buffer_minutes: u32,
    /// The author's windows.
    pub wishes: &'a [Window],
    /// Channel wished.
    pub channel: Option<Channel>,
    /// Earliest wins over wishes.
    pub urgent: bool,
    /// Specialist of the last time.
    pub prefer: Option<&'a str>,
    /// Starts that were declined for this appeal: (specialist, start).
    pub declined: &'a [(String, DateTime<Utc>)],
}

/// The slot and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The slot, if any is free.
    pub slot: Option<Slot>,
    /// Whether it lies in the author's wishes.
    pub wish_met: bool,
    /// Sentences in Russian.
    pub reasons: Vec<String>,
}

/// Chooses among the free slots of the given specialists.
pub fn choose(_specialists: &[&Specialist], _worktime: &Worktime, _busy: &[Busy], _wanted: &Wanted<'_>) -> Choice {
    Choice { slot: None, wish_met: false, reasons: Vec::new() }
}
