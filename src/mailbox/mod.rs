//! The school's mailbox, read-only: IMAP, a folder of letters, or a script. Bytes and UIDs; nothing is understood here.
//!
//! Never sent to a server: STORE, EXPUNGE, DELETE, MOVE, SEARCH, BODYSTRUCTURE, a FETCH without PEEK. The one write is APPEND to Sent.

mod connect;
mod folder;
mod gate;
mod imap;
mod letters;
mod mend;
mod names;
mod recorded;
mod script;
mod session;
#[cfg(test)]
mod tests;
mod wire;

pub use folder::Folder;
pub use imap::{Described, Imap};
pub use names::folder_name;
pub use recorded::{Recorded, recorded};
pub use script::Script;

use chrono::{DateTime, Utc};
use std::time::Duration;

/// A failure of the mailbox with its verdict. Texts are cut to 200 characters and hold nothing of a letter.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MailboxError {
    /// Try again later.
    #[error("{0}")]
    Transient(String),
    /// Needs a person: wrong password, no such folder, untrusted certificate.
    #[error("{0}")]
    Permanent(String),
}

/// What EXAMINE told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Examined {
    /// UIDVALIDITY; a server without it is an error.
    pub uid_validity: u32,
    /// UIDNEXT where told.
    pub uid_next: Option<u32>,
    /// EXISTS.
    pub exists: u32,
}

/// A letter's line in the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// UID.
    pub uid: u32,
    /// INTERNALDATE: the moment of receipt.
    pub internal_date: DateTime<Utc>,
    /// RFC822.SIZE, 0 where the server tells nonsense.
    pub size: u64,
}

/// A letter's bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetched {
    /// UID.
    pub uid: u32,
    /// The bytes; `None` where the server gave none for this UID.
    pub bytes: Option<Vec<u8>>,
    /// Only the beginning was fetched (too large).
    pub cut: bool,
}

/// How long it is.
impl std::fmt::Debug for Fetched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fetched(UID {}, {:?} bytes)", self.uid, self.bytes.as_ref().map(Vec::len))
    }
}

/// Folders by role, names raw as the server spells them (modified UTF-7).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folders {
    /// `\Sent`, else by name.
    pub sent: Option<String>,
    /// `\Junk`, else by name.
    pub spam: Option<String>,
    /// All names.
    pub all: Vec<String>,
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// The server said something changed.
    News,
    /// The time was up.
    Timeout,
}

/// A mailbox of any kind.
pub enum Mailbox {
    /// A real server.
    Imap(Box<Imap>),
    /// A folder of `.eml`, a Maildir or an mbox file.
    Folder(Folder),
    /// Letters handed in by tests, rehearsals and the demo.
    Script(Script),
}

impl Mailbox {
    /// Folders by role.
    pub async fn folders(&mut self) -> Result<Folders, MailboxError> {
        match self {
            Mailbox::Imap(m) => m.folders().await,
            Mailbox::Folder(m) => m.folders(),
            Mailbox::Script(m) => Ok(m.folders()),
        }
    }
    /// Opens a folder read-only; the calls below are about the folder opened last.
    pub async fn examine(&mut self, folder: &str) -> Result<Examined, MailboxError> {
        match self {
            Mailbox::Imap(m) => m.examine(folder).await,
            Mailbox::Folder(m) => m.examine(folder),
            Mailbox::Script(m) => m.examine(folder),
        }
    }
    /// Entries with UIDs above `last`, ascending.
    pub async fn scan(&mut self, last: u32) -> Result<Vec<Entry>, MailboxError> {
        match self {
            Mailbox::Imap(m) => m.scan(last).await,
            Mailbox::Folder(m) => m.scan(last),
            Mailbox::Script(m) => m.scan(last),
        }
    }
    /// Bytes of these entries in pipelined batches, ascending; entries larger than `limit` bytes only to `limit`.
    pub async fn fetch(&mut self, entries: &[Entry], limit: u64) -> Result<Vec<Fetched>, MailboxError> {
        match self {
            Mailbox::Imap(m) => m.fetch(entries, limit).await,
            Mailbox::Folder(m) => m.fetch(entries, limit),
            Mailbox::Script(m) => m.fetch(entries, limit),
        }
    }
    /// Waits for news in the folder opened last, by IDLE where offered, else just that long. Cancel-safe only by dropping the connection.
    pub async fn wait(&mut self, most: Duration) -> Result<Wake, MailboxError> {
        match self {
            Mailbox::Imap(m) => m.wait(most).await,
            Mailbox::Folder(_) | Mailbox::Script(_) => {
                tokio::time::sleep(most).await;
                Ok(Wake::Timeout)
            }
        }
    }
    /// Appends our own letter to Sent with `\Seen`.
    pub async fn append(&mut self, folder: &str, bytes: &[u8], date: DateTime<Utc>) -> Result<(), MailboxError> {
        match self {
            Mailbox::Imap(m) => m.append(folder, bytes, date).await,
            Mailbox::Folder(_) => Ok(()),
            Mailbox::Script(m) => m.append(folder, bytes, date),
        }
    }
}
