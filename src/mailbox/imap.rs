//! IMAP over async-imap as transport and parser, under a command layer of our own.
use super::*;
use crate::settings::Server;

/// A connection to a server; reconnects on the next call after any error.
pub struct Imap {}

impl Imap {
    /// Nothing is connected until the first call.
    pub fn new(_server: Server) -> Imap {
        Imap {}
    }
    pub(super) async fn folders(&mut self) -> Result<Folders, MailboxError> {
        Err(MailboxError::Permanent("not yet".into()))
    }
    pub(super) async fn examine(&mut self, _folder: &str) -> Result<Examined, MailboxError> {
        Err(MailboxError::Permanent("not yet".into()))
    }
    pub(super) async fn scan(&mut self, _last: u32) -> Result<Vec<Entry>, MailboxError> {
        Err(MailboxError::Permanent("not yet".into()))
    }
    pub(super) async fn fetch(&mut self, _entries: &[Entry], _limit: u64) -> Result<Vec<Fetched>, MailboxError> {
        Err(MailboxError::Permanent("not yet".into()))
    }
    pub(super) async fn wait(&mut self, _most: Duration) -> Result<Wake, MailboxError> {
        Err(MailboxError::Permanent("not yet".into()))
    }
    pub(super) async fn append(&mut self, _folder: &str, _bytes: &[u8], _date: DateTime<Utc>) -> Result<(), MailboxError> {
        Err(MailboxError::Permanent("not yet".into()))
    }
}
