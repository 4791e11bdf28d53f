//! What a rebuild came to: what was lived through, what the mailbox could not tell, and why there is none.
//!
//! Not here: how (`rebuild`), the words for people (`otklik rebuild`).

use super::JobError;
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
