//! Calendar objects as RFC 5545/5546 have them: what we send as organizer, what comes back.
//!
//! Not here: what an answer means for an appeal (`decide`), MIME (`compose`).

mod build;
mod read;
#[cfg(test)]
mod tests;

pub use build::{Alarm, Event, build};
pub use read::{Attendee, Object, PartStat, Refusal, read};

/// iTIP methods (RFC 5546 §1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of RFC 5546")]
pub enum Method {
    Publish,
    Request,
    Reply,
    Add,
    Cancel,
    Refresh,
    Counter,
    DeclineCounter,
}
