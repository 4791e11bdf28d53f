//! A mailbox in memory: letters are put in by a test, a rehearsal or the demo.
use super::*;
use std::collections::BTreeMap;

/// Letters by folder. UIDs count from 1 in the order of arrival.
#[derive(Debug, Clone, Default)]
pub struct Script {
    boxes: BTreeMap<String, Vec<(Entry, Vec<u8>)>>,
    /// The last UID given out in a folder.
    last: BTreeMap<String, u32>,
    open: String,
    /// UIDVALIDITY of every folder.
    pub uid_validity: u32,
    /// Letters appended to Sent.
    pub appended: Vec<(String, Vec<u8>)>,
    /// Errors that the next calls give, first first.
    pub failures: Vec<MailboxError>,
    /// After so many more calls one fails; then no more.
    pub fails_after: Option<u32>,
    /// Letters that the server does not hand out: folder, UID.
    pub withheld: Vec<(String, u32)>,
    /// Its Sent is not known.
    pub without_sent: bool,
    /// The most bytes that were asked for at once.
    pub largest: u64,
}

impl Script {
    /// Empty folders INBOX, Sent, Spam.
    pub fn new() -> Script {
        Script { uid_validity: 1, open: "INBOX".into(), ..Script::default() }
    }
    /// Puts a letter into a folder; returns its UID.
    pub fn deliver(&mut self, folder: &str, internal_date: DateTime<Utc>, bytes: Vec<u8>) -> u32 {
        let last = self.last.entry(folder.to_owned()).or_default();
        *last = last.saturating_add(1);
        let uid = *last;
        self.boxes.entry(folder.to_owned()).or_default().push((Entry { uid, internal_date, size: bytes.len() as u64 }, bytes));
        uid
    }
    /// UIDs of a folder go on from here (a rehearsal that is continued). Never back: a UID names one letter for ever.
    pub fn start_after(&mut self, folder: &str, uid: u32) {
        let last = self.last.entry(folder.to_owned()).or_default();
        *last = uid.max(*last);
    }
    fn fail(&mut self) -> Result<(), MailboxError> {
        match &mut self.fails_after {
            Some(0) => {
                self.fails_after = None;
                return Err(MailboxError::Transient("cut".into()));
            }
            Some(calls) => *calls -= 1,
            None => {}
        }
        if self.failures.is_empty() { Ok(()) } else { Err(self.failures.remove(0)) }
    }
    pub(super) fn folders(&mut self) -> Folders {
        Folders { sent: (!self.without_sent).then(|| "Sent".into()), spam: Some("Spam".into()), all: vec!["INBOX".into(), "Sent".into(), "Spam".into()] }
    }
    pub(super) fn examine(&mut self, folder: &str) -> Result<Examined, MailboxError> {
        self.fail()?;
        self.open = folder.to_owned();
        let list = self.boxes.entry(folder.to_owned()).or_default();
        let exists = u32::try_from(list.len()).unwrap_or(u32::MAX);
        let uid_next = self.last.get(folder).copied().unwrap_or_default().checked_add(1);
        Ok(Examined { uid_validity: self.uid_validity, uid_next, exists })
    }
    pub(super) fn scan(&mut self, last: u32) -> Result<Vec<Entry>, MailboxError> {
        self.fail()?;
        Ok(self.boxes.get(&self.open).into_iter().flatten().map(|(e, _)| *e).filter(|e| e.uid > last).collect())
    }
    pub(super) fn fetch(&mut self, entries: &[Entry], limit: u64) -> Result<Vec<Fetched>, MailboxError> {
        self.fail()?;
        self.largest = self.largest.max(entries.iter().map(|e| e.size.min(limit)).sum());
        let list = self.boxes.get(&self.open).map(Vec::as_slice).unwrap_or_default();
        Ok(entries
            .iter()
            .filter(|e| !self.withheld.iter().any(|(folder, uid)| *folder == self.open && *uid == e.uid))
            .filter_map(|wanted| list.iter().find(|(e, _)| e.uid == wanted.uid))
            .map(|(e, bytes)| {
                let cut = bytes.len() as u64 > limit;
                let most = usize::try_from(limit).unwrap_or(usize::MAX);
                let kept = if cut { bytes.get(..most).unwrap_or(bytes).to_vec() } else { bytes.clone() };
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
