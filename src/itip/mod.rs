//! Calendar objects as RFC 5545/5546 have them: what we send as organizer, what comes back.
//!
//! Not here: what an answer means for an appeal (`decide`), MIME (`compose`).

mod build;
mod clean;
mod echo;
mod feed;
mod lines;
mod moment;
mod object;
mod occurrences;
mod property;
mod read;
mod rule;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_build;
#[cfg(test)]
mod tests_feed;
#[cfg(test)]
mod tests_occurrences;
#[cfg(test)]
mod tests_read;
mod times;
mod verdict;
mod vtimezone;
mod writer;
mod zones;

pub use build::{Alarm, Event, Series, answer, build, build_all};
pub use echo::reply_to;
pub use feed::feed;
pub use object::{Attendee, Object, PartStat, Refusal, Wall};
pub use occurrences::{busy, busy_file, occurrences};
pub use read::{read, read_all};
pub use times::times_only;
pub use verdict::{Verdict, verdict};

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

impl Method {
    /// All of them, for lookup.
    const ALL: [Method; 8] =
        [Method::Publish, Method::Request, Method::Reply, Method::Add, Method::Cancel, Method::Refresh, Method::Counter, Method::DeclineCounter];

    /// As written after `METHOD:` and in `method=` of the part, which must agree (RFC 6047 §2.4).
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Publish => "PUBLISH",
            Method::Request => "REQUEST",
            Method::Reply => "REPLY",
            Method::Add => "ADD",
            Method::Cancel => "CANCEL",
            Method::Refresh => "REFRESH",
            Method::Counter => "COUNTER",
            Method::DeclineCounter => "DECLINECOUNTER",
        }
    }

    /// The method of that name, in any case, with blanks or quotes around it.
    pub fn named(text: &str) -> Option<Method> {
        let text = text.trim_matches(|c: char| c == '"' || c.is_whitespace());
        Self::ALL.into_iter().find(|m| m.as_str().eq_ignore_ascii_case(text))
    }
}
