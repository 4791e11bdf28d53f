//! The objects we send: one event, one attendee, UTC times, no foreign text in any property.

use super::Method;
use chrono::{DateTime, Utc};

/// A display alarm before the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Minutes before the start.
    pub minutes_before: u32,
    /// What it shows.
    pub text: String,
}

/// One consultation as one person's calendar sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// REQUEST, CANCEL, REPLY or DECLINECOUNTER.
    pub method: Method,
    /// Unguessable, one for each attendee.
    pub uid: String,
    /// Grows with every change of time (RFC 5546 §2.1.4).
    pub sequence: u32,
    /// The round's `now`, strictly later than the last one of this UID.
    pub dtstamp: DateTime<Utc>,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Neutral title.
    pub summary: String,
    /// Time written out, way, how to move it.
    pub description: String,
    /// The channel in words.
    pub location: String,
    /// The school: CN and address of the mailbox.
    pub organizer: (String, String),
    /// The one attendee: CN only for staff, address.
    pub attendee: (Option<String>, String),
    /// Alarm, REQUEST only.
    pub alarm: Option<Alarm>,
}

/// The object as text: CRLF, folded at 75 octets on character borders, deterministic.
pub fn build(_event: &Event) -> String {
    String::new()
}
