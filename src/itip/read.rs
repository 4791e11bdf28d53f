//! What comes back: REPLY, COUNTER and the rest, as real clients write them.

use super::Method;
use chrono::{DateTime, Utc};

/// Participation status (RFC 5545 §3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of RFC 5545")]
pub enum PartStat {
    NeedsAction,
    Accepted,
    Declined,
    Tentative,
    Delegated,
}

/// One ATTENDEE of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Lower-cased address without `mailto:`.
    pub email: String,
    /// Its answer.
    pub partstat: PartStat,
}

/// A calendar object from outside, read as far as needed.
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
}

/// Why an object was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum Refusal {
    #[error("calendar part of {0} bytes is over 256 KB")]
    TooLarge(usize),
    #[error("calendar part nests deeper than 6 components")]
    TooDeep,
    #[error("calendar part has more than {0} lines")]
    TooLong(usize),
    #[error("no VEVENT in the calendar part")]
    NoEvent,
    #[error("VEVENT without UID")]
    NoUid,
    #[error("VEVENTs with different UIDs in one object")]
    SeveralUids,
    #[error("calendar part cannot be read: {0}")]
    Broken(String),
}

/// Reads a calendar object. Guards size, depth and lines before any parser sees it.
pub fn read(_bytes: &[u8], _part_method: Option<&str>) -> Result<Object, Refusal> {
    Err(Refusal::NoEvent)
}
