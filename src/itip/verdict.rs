//! Whether an answer still speaks about the meeting as it stands (RFC 5546 §2.1.5).
//!
//! Not here: who may answer, and what an answer changes (`decide`).

use super::{Method, Object};
use chrono::{DateTime, Utc};

/// What an answer is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Newer than what we know, and about the present time.
    Fresh,
    /// About an earlier time of the meeting, or older than the answer in force.
    Stale,
    /// The DTSTAMP of the answer in force. The same status: nothing to do. Another status: some clients do not renew
    /// DTSTAMP within a second, so the later letter wins; who knows the letters decides.
    Duplicate,
}

/// Judges an answer against the meeting: its current SEQUENCE and start, and the DTSTAMP of the last answer taken for
/// that SEQUENCE.
///
/// An answer without DTSTAMP is Fresh if its SEQUENCE is right: put the letter's Date into `object.dtstamp` first.
pub fn verdict(object: &Object, current_sequence: u32, last_reply_dtstamp: Option<DateTime<Utc>>, start: DateTime<Utc>) -> Verdict {
    let current = i64::from(current_sequence);
    let about_now = match object.method {
        // The times of a COUNTER are the proposal, so only the number tells (RFC 5546 §3.2.7: it echoes ours).
        Some(Method::Counter) => object.sequence == current,
        _ if object.sequence == current => true,
        // Some clients echo an old number with the new time.
        _ if object.sequence < current => object.start == Some(start),
        // Others make numbers up; then the time must not contradict.
        _ => object.start.is_none_or(|told| told == start),
    };
    if !about_now {
        return Verdict::Stale;
    }
    match (object.dtstamp, last_reply_dtstamp) {
        (Some(new), Some(known)) if new < known => Verdict::Stale,
        (Some(new), Some(known)) if new == known => Verdict::Duplicate,
        _ => Verdict::Fresh,
    }
}
