//! The consultation of an appeal: proposed to the specialist, offered to the author, confirmed, cancelled.

use crate::itip::PartStat;
use crate::slots::Busy;
use chrono::{DateTime, Utc};

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The specialist has the invitation, the author not yet.
    Proposed,
    /// The author is invited.
    Invited,
    /// It will not take place.
    Cancelled,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 3] = [Stage::Proposed, Stage::Invited, Stage::Cancelled];
    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Proposed => "proposed",
            Stage::Invited => "invited",
            Stage::Cancelled => "cancelled",
        }
    }
    /// The stage of a key.
    pub fn from_key(key: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// One person's calendar: what was sent, what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// UID of that person's event.
    pub uid: String,
    /// SEQUENCE of the last object sent.
    pub sequence: u32,
    /// DTSTAMP of the last object sent; the next one is strictly later.
    pub dtstamp: DateTime<Utc>,
    /// Last valid answer.
    pub partstat: PartStat,
    /// DTSTAMP of that answer.
    pub replied: Option<DateTime<Utc>>,
}

/// A consultation. One live row an appeal; moved, it keeps its UIDs (RFC 5546 §2.1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// Appeal number.
    pub appeal: i64,
    /// 1 for the appeal's first consultation, 2 for one with another specialist, …
    pub ordinal: u32,
    /// Specialist's id.
    pub specialist: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Channel, as the window names it.
    pub channel: String,
    /// Stage.
    pub stage: Stage,
    /// The specialist's calendar.
    pub staff: Answer,
    /// The author's calendar; `None` until invited.
    pub author: Option<Answer>,
    /// When silence counts as consent (or the head is asked).
    pub silent_at: Option<DateTime<Utc>>,
    /// The author is invited by then whatever happens.
    pub invite_by: Option<DateTime<Utc>>,
    /// Starts that were declined.
    pub declined: Vec<DateTime<Utc>>,
    /// Why this time.
    pub why: Vec<String>,
    /// The author's wish is not met.
    pub wish_unmet: bool,
}

impl Consultation {
    /// Whether its time is taken.
    pub fn live(&self) -> bool {
        self.stage != Stage::Cancelled
    }
    /// Its time, as the allocator sees it.
    pub fn busy(&self) -> Busy {
        Busy::consultation(self.specialist.clone(), self.start, self.end)
    }
    /// In words, for reports.
    pub fn title(&self) -> &'static str {
        let author = self.author.as_ref().map(|a| a.partstat);
        match (self.stage, author) {
            (Stage::Cancelled, _) => "отменена",
            (Stage::Proposed, _) => "ждём специалиста",
            (Stage::Invited, Some(PartStat::Accepted)) => "подтверждена",
            (Stage::Invited, _) => "назначена",
        }
    }
}
