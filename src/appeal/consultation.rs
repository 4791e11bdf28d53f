//! The consultation of an appeal: proposed to the specialist, offered to the author, confirmed, cancelled.

use crate::itip::PartStat;
use crate::slots::Busy;
use chrono::{DateTime, Utc};

/// Kept instead of recommendations that were spoken: nothing of them is written anywhere.
pub const IN_PERSON: &str = "лично";

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Stage {
    /// The author chooses among several times; the first of them is held.
    Offered,
    /// The specialist has the invitation, the author not yet.
    Proposed,
    /// The author is invited.
    Invited,
    /// It will not take place.
    Cancelled,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 4] = [Stage::Offered, Stage::Proposed, Stage::Invited, Stage::Cancelled];
    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Offered => "offered",
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

/// What became of a consultation when its time was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Outcome {
    /// It took place.
    Held,
    /// The family did not come.
    NoShow,
    /// The connection failed (000 4.2.1).
    Failed,
    /// It did not take place for another reason.
    NotHeld,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Outcome; 4] = [Outcome::Held, Outcome::NoShow, Outcome::Failed, Outcome::NotHeld];
    /// Key in schema and journal.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Held => "held",
            Outcome::NoShow => "no_show",
            Outcome::Failed => "failed",
            Outcome::NotHeld => "not_held",
        }
    }
    /// In words, for the journal.
    pub fn title(self) -> &'static str {
        match self {
            Outcome::Held => "состоялась",
            Outcome::NoShow => "семья не пришла",
            Outcome::Failed => "не состоялась: сбой связи",
            Outcome::NotHeld => "не состоялась",
        }
    }
    /// The outcome of a key.
    pub fn from_key(key: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|o| o.key() == key)
    }
}

/// One person's calendar: what was sent, what came back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
    /// Ordinal of the first meeting of its series.
    pub series: Option<u32>,
    /// Its start by the rule (RECURRENCE-ID), where the series is one event.
    pub original: Option<DateTime<Utc>>,
    /// Starts that the author may choose from.
    pub offered: Vec<DateTime<Utc>>,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// What the specialist recommended (000 4.3.2).
    pub recommendations: Option<String>,
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
        if let Some(outcome) = self.outcome {
            return outcome.title();
        }
        let author = self.author.as_ref().map(|a| a.partstat);
        match (self.stage, author) {
            (Stage::Cancelled, _) => "отменена",
            (Stage::Offered, _) => "автор выбирает время",
            (Stage::Proposed, _) => "ждём специалиста",
            (Stage::Invited, Some(PartStat::Accepted)) => "подтверждена",
            (Stage::Invited, _) => "назначена",
        }
    }
}
