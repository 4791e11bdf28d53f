//! A mailbox in memory: letters are put in by a test, a rehearsal or the demo.
use super::*;
use std::collections::BTreeMap;

/// Letters by folder. UIDs count from 1 in the order of arrival.
#[derive(Debug, Default)]
pub struct Script {
    boxes: BTreeMap<String, Vec<(Entry, Vec<u8>)>>,
    open: String,
    /// UIDVALIDITY of every folder.
    pub uid_validity: u32,
    /// Letters appended to Sent.
    pub appended: Vec<(String, Vec<u8>)>,
    /// Errors that the next calls give, first first.
    pub failures: Vec<MailboxError>,
}

impl Script {
    /// Empty folders INBOX, Sent, Spam.
    pub fn new() -> Script {
        Script { uid_validity: 1, open: "INBOX".into(), ..Script::default() }
    }
    /// Puts a letter into a folder; returns its UID.
    pub fn deliver(&mut self, folder: &str, internal_date: DateTime<Utc>, bytes: Vec<u8>) -> u32 {
        let list = self.boxes.entry(folder.to_owned()).or_default();
        let uid = list.last().map_or(1, |(e, _)| e.uid + 1);
        list.push((Entry { uid, internal_date, size: bytes.len() as u64 }, bytes));
        uid
    }
    /// UIDs of a folder go on from here (a rehearsal that is continued).
    pub fn start_after(&mut self, folder: &str, uid: u32) {
        let _ = (folder, uid);
    }
    fn fail(&mut self) -> Result<(), MailboxError> {
        if self.failures.is_empty() { Ok(()) } else { Err(self.failures.remove(0)) }
    }
    pub(super) fn folders(&mut self) -> Folders {
        Folders { sent: Some("Sent".into()), spam: Some("Spam".into()), all: vec!["INBOX".into(), "Sent".into(), "Spam".into()] }
    }
    pub(super) fn examine(&mut self, folder: &str) -> Result<Examined, MailboxError> {
        self.fail()?;
        self.open = folder.to_owned();
        let list = self.boxes.entry(folder.to_owned()).or_default();
        Ok(Examined { uid_validity: self.uid_validity, uid_next: list.last().map(|(e, _)| e.uid + 1), exists: list.len() as u32 })
    }
    pub(super) fn scan(&mut self, last: u32) -> Result<Vec<Entry>, MailboxError> {
        self.fail()?;
        Ok(self.boxes.get(&self.open).into_iter().flatten().map(|(e, _)| *e).filter(|e| e.uid > last).collect())
    }
    pub(super) fn fetch(&mut self, entries: &[Entry], limit: u64) -> Result<Vec<Fetched>, MailboxError> {
        self.fail()?;
        let list = self.boxes.get(&self.open).map(Vec::as_slice).unwrap_or_default();
        Ok(entries
            .iter()
            .filter_map(|wanted| list.iter().find(|(e, _)| e.uid == wanted.uid))
            .map(|(e, bytes)| {
                let cut = bytes.len() as u64 > limit;
                let kept = if cut { bytes.get(..limit as usize).unwrap_or(bytes).to_vec() } else { bytes.clone() };
                Fetched { uid: e.uid, bytes: Some(kept), cut }
            })
            .collect())
    }
    pub(super) fn append(&mut self, folder: &str, bytes: &[u8], date: DateTime<Utc>) -> Result<(), MailboxError> {
        self.fail()?;
        self.appended.push((folder.to_owned(), bytes.to_vec()));
        self.deliver(folder, date, bytes.to_vec());
        Ok(())
    }
}
