//! What a rebuild came to: what was lived through, what the mailbox could not tell, and why there is none.
//!
//! Not here: how (`rebuild`), the words for people (`otklik rebuild`).

use super::JobError;
use crate::compose::{Doubts, Recovered};
use crate::outbox::Kind;
use chrono::{DateTime, Utc};

/// Why there is no rebuild.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// What stops a job.
    #[error(transparent)]
    Job(#[from] JobError),
    /// Sent is unknown.
    #[error("no folder for sent letters was found; name it in [mailbox] sent")]
    NoSent,
    /// Nothing to rebuild from.
    #[error("{0} holds no letter of Otklik: there is nothing to rebuild; a new school begins with `otklik run`")]
    NothingOfOurs(String),
}

impl From<crate::store::StoreError> for RebuildError {
    fn from(e: crate::store::StoreError) -> RebuildError {
        RebuildError::Job(e.into())
    }
}

impl From<crate::mailbox::MailboxError> for RebuildError {
    fn from(e: crate::mailbox::MailboxError) -> RebuildError {
        RebuildError::Job(e.into())
    }
}

/// What the mailbox could not tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// Our letters name this appeal; the letter that opened it is not in the mailbox, or was read otherwise.
    Appeal(i64),
    /// A letter of ours left whose occasion is not in the mailbox: kind, moment.
    Letter(Option<i64>, Kind, DateTime<Utc>),
    /// An order of the command line could not be carried out again.
    Order(i64, DateTime<Utc>),
    /// Any other command could not be carried out again, or its record could not be read (`locked`): key, appeal, moment.
    Command(&'static str, Option<i64>, DateTime<Utc>),
    /// A letter was decided again that Sent does not hold: kind, moment.
    Unproved(Option<i64>, String, DateTime<Utc>),
    /// The consultation's time is that of the letter in Sent; here another one came out.
    Time(i64),
    /// So many letters in Sent bear no signature of the present key: they were linked by appeal, kind and recipient.
    Unverified(usize),
    /// So many letters could not be read and are parked.
    Parked(usize),
}

/// What a rebuild did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Letters lived through.
    pub letters: usize,
    /// Orders of the command line carried out again.
    pub orders: usize,
    /// Letters of ours found in Sent.
    pub own: usize,
    /// The newest of them: what came later is still to be done.
    pub until: Option<DateTime<Utc>>,
    /// What could not be known, sorted.
    pub unknown: Vec<Unknown>,
}

impl Rebuilt {
    /// What the head is told. `appeals`: all and open ones.
    pub(super) fn letter(&self, restored: bool, (all, open): (usize, usize)) -> Recovered {
        let mut doubts = Doubts::default();
        for unknown in &self.unknown {
            match unknown {
                Unknown::Appeal(n) => doubts.lost.push(*n),
                Unknown::Letter(n, ..) => doubts.letters.push(*n),
                Unknown::Order(n, _) | Unknown::Command(_, Some(n), _) => doubts.orders.push(*n),
                Unknown::Command(key, None, _) => doubts.commands.push(key),
                Unknown::Unproved(n, ..) => doubts.unproved.push(*n),
                Unknown::Time(n) => doubts.times.push(*n),
                Unknown::Unverified(count) => doubts.unverified = *count,
                Unknown::Parked(count) => doubts.parked = *count,
            }
        }
        let mut came = vec![format!("заявки: {all}, из них открыты {open}")];
        // Of a restored database only what came later was read again.
        let again = if restored { "письма, прочитанные после копии" } else { "письма, прочитанные заново" };
        came.extend((self.letters > 0).then(|| format!("{again}: {}", self.letters)));
        came.extend((self.orders > 0).then(|| format!("распоряжения с сервера: {}", self.orders)));
        Recovered { restored, until: self.until, came, doubts: doubts.lines() }
    }
}
