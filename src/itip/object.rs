//! A calendar object from outside, as far as we use it.
//!
//! Not here: how it is read (`read`), which time it takes (`occurrences`).

use super::Method;
use super::rule::Rule;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// Participation status (RFC 5545 §3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[expect(missing_docs, reason = "the names of RFC 5545")]
pub enum PartStat {
    NeedsAction,
    Accepted,
    Declined,
    Tentative,
    Delegated,
}

impl PartStat {
    /// As written after `PARTSTAT=`.
    pub fn as_str(self) -> &'static str {
        match self {
            PartStat::NeedsAction => "NEEDS-ACTION",
            PartStat::Accepted => "ACCEPTED",
            PartStat::Declined => "DECLINED",
            PartStat::Tentative => "TENTATIVE",
            PartStat::Delegated => "DELEGATED",
        }
    }

    /// The status of that name; one that is unknown or no answer to an event is NEEDS-ACTION (RFC 5545 §3.2.12).
    pub(super) fn named(text: &str) -> PartStat {
        [PartStat::Accepted, PartStat::Declined, PartStat::Tentative, PartStat::Delegated]
            .into_iter()
            .find(|p| p.as_str().eq_ignore_ascii_case(text.trim()))
            .unwrap_or(PartStat::NeedsAction)
    }
}

/// One ATTENDEE of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Lower-cased address without `mailto:`.
    pub email: String,
    /// Its answer.
    pub partstat: PartStat,
    /// Address of the first that DELEGATED-TO names.
    pub delegated_to: Option<String>,
    /// Address of SENT-BY: who writes for them.
    pub sent_by: Option<String>,
}

/// A calendar object from outside, read as far as needed: one VEVENT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// METHOD of the body, else of the part.
    pub method: Option<Method>,
    /// UID.
    pub uid: String,
    /// SEQUENCE, or the larger X-MICROSOFT-CDO-APPT-SEQUENCE.
    pub sequence: i64,
    /// DTSTAMP as an instant.
    pub dtstamp: Option<DateTime<Utc>>,
    /// DTSTART as an instant where its zone is known.
    pub start: Option<DateTime<Utc>>,
    /// DTEND likewise.
    pub end: Option<DateTime<Utc>>,
    /// RECURRENCE-ID as an instant.
    pub recurrence_id: Option<DateTime<Utc>>,
    /// ORGANIZER's address; Exchange sends none.
    pub organizer: Option<String>,
    /// ATTENDEEs.
    pub attendees: Vec<Attendee>,
    /// COMMENT, one line, at most 500 characters.
    pub comment: Option<String>,
    /// RRULE as written, at most 1,000 characters.
    pub rrule: Option<String>,
    /// EXDATEs as instants where their zone is known.
    pub exdates: Vec<DateTime<Utc>>,
    /// DTSTART is a day.
    pub all_day: bool,
    /// TRANSP:TRANSPARENT: takes no time.
    pub transparent: bool,
    /// STATUS:CANCELLED.
    pub cancelled: bool,
    /// The times as the clock on the wall shows them, for [`super::occurrences()`]; none where DTSTART is missing or its zone unknown.
    pub wall: Option<Wall>,
}

/// See [`Object::wall`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wall {
    /// DTSTART; midnight of a day.
    pub(super) start: NaiveDateTime,
    /// Its zone; none: floating, or a day.
    pub(super) zone: Option<Tz>,
    pub(super) lasting: TimeDelta,
    /// None: no RRULE, or one that is not understood.
    pub(super) rule: Option<Rule>,
    /// EXDATE.
    pub(super) except: Vec<Local>,
    /// RDATE.
    pub(super) extra: Vec<Local>,
    /// RECURRENCE-ID.
    pub(super) replaces: Option<Local>,
}

/// A moment on the clock of a zone; without one on that of the event, or of the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Local {
    pub(super) at: NaiveDateTime,
    pub(super) zone: Option<Tz>,
    /// A day, whatever the hour.
    pub(super) day: bool,
}

impl Wall {
    pub(super) fn first_day(&self) -> NaiveDate {
        self.start.date()
    }

    pub(super) fn replaced_day(&self) -> Option<NaiveDate> {
        self.replaces.filter(|r| r.day).map(|r| r.at.date())
    }
}

/// Why an object was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum Refusal {
    #[error("calendar part of {0} bytes is too large")]
    TooLarge(usize),
    #[error("calendar part nests deeper than 6 components")]
    TooDeep,
    #[error("calendar part has more than {0} lines")]
    TooLong(usize),
    #[error("calendar part has more than {0} events")]
    TooMany(usize),
    #[error("no VEVENT in the calendar part")]
    NoEvent,
    #[error("VEVENT without UID")]
    NoUid,
    #[error("VEVENTs with different UIDs in one object")]
    SeveralUids,
    #[error("calendar part cannot be read: {0}")]
    Broken(String),
}
