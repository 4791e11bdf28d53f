//! Recorded mail: a folder of `.eml`, a Maildir, an mbox file.
use super::*;
use std::path::Path;

/// A letter found in recorded mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// INBOX, Sent or Spam.
    pub folder: String,
    /// Moment of receipt: Maildir file time in the name, else the topmost Received, else Date.
    pub arrival: Option<DateTime<Utc>>,
    /// Bytes.
    pub bytes: Vec<u8>,
    /// Path (or mbox path and index), for messages to the operator.
    pub origin: String,
}

/// Reads recorded mail of any of the three shapes, in a stable order.
pub fn recorded(_path: &Path) -> Result<Vec<Recorded>, MailboxError> {
    Ok(Vec::new())
}

/// Recorded mail as a mailbox.
#[derive(Debug, Default)]
pub struct Folder {}

impl Folder {
    /// Over a path.
    pub fn new(_path: &Path) -> Folder {
        Folder {}
    }
    pub(super) fn folders(&mut self) -> Result<Folders, MailboxError> {
        Ok(Folders::default())
    }
    pub(super) fn examine(&mut self, _folder: &str) -> Result<Examined, MailboxError> {
        Err(MailboxError::Permanent("not yet".into()))
    }
    pub(super) fn scan(&mut self, _last: u32) -> Result<Vec<Entry>, MailboxError> {
        Ok(Vec::new())
    }
    pub(super) fn fetch(&mut self, _entries: &[Entry], _limit: u64) -> Result<Vec<Fetched>, MailboxError> {
        Ok(Vec::new())
    }
}
