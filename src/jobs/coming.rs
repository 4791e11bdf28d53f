//! What is still to be lived through, in order: letters and orders of the past. Letters' bytes are fetched shortly before they are wanted, and never
//! more of them at once than a batch of daily life.
//!
//! Not here: what is done with them (`rebuild`).

use super::JobError;
use super::intake::{BATCH, BATCH_BYTES};
use super::own::same_folder;
use crate::mailbox::{Entry, Mailbox};
use crate::store::Waiting;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Something to live through.
pub(super) struct Happened {
    pub at: DateTime<Utc>,
    pub what: What,
}

pub(super) enum What {
    Letter(Waiting, Bytes),
    /// The order in this one of our letters.
    Order(usize),
}

/// A letter's bytes.
pub(super) enum Bytes {
    Unread,
    Here(Vec<u8>),
    /// The server does not hand them out.
    Withheld,
}

/// All of it.
pub(super) struct Coming {
    events: VecDeque<Happened>,
    /// UIDVALIDITY of the folders that the letters lie in.
    folders: BTreeMap<String, u32>,
    /// Bytes of a letter, at most.
    limit: u64,
}

impl Coming {
    /// In order; letters before orders of the same second: an order needs its appeal.
    pub(super) fn new(mut events: Vec<Happened>, folders: BTreeMap<String, u32>, limit: u64) -> Coming {
        events.sort_by_key(|e| match &e.what {
            What::Letter(w, _) => (e.at.timestamp(), 0, w.uid),
            What::Order(_) => (e.at.timestamp(), 1, 0),
        });
        Coming { events: events.into(), folders, limit }
    }

    /// When the next of it happened.
    pub(super) fn next_at(&self) -> Option<DateTime<Utc>> {
        self.events.front().map(|e| e.at)
    }

    /// The next, if it happened by then; a letter with its bytes.
    pub(super) async fn by(&mut self, now: DateTime<Utc>, mailbox: &mut Mailbox) -> Result<Option<Happened>, JobError> {
        if self.next_at().is_none_or(|at| at > now) {
            return Ok(None);
        }
        if matches!(self.events.front().map(|e| &e.what), Some(What::Letter(_, Bytes::Unread))) {
            self.fetch(mailbox).await?;
        }
        Ok(self.events.pop_front())
    }

    /// A letter is wanted later. Its bytes are read again then: a long standstill would hold all of them.
    pub(super) fn put_off(&mut self, letter: Waiting, later: DateTime<Utc>) {
        let index = self.events.partition_point(|e| e.at <= later);
        self.events.insert(index, Happened { at: later, what: What::Letter(letter, Bytes::Unread) });
    }

    /// The next letters' bytes, folder by folder.
    async fn fetch(&mut self, mailbox: &mut Mailbox) -> Result<(), JobError> {
        let held = |e: &Happened| if let What::Letter(_, Bytes::Here(bytes)) = &e.what { bytes.len() as u64 } else { 0 };
        let mut sum: u64 = self.events.iter().take(BATCH).map(held).sum();
        let mut wanted: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for (index, event) in self.events.iter().take(BATCH).enumerate() {
            let What::Letter(w, Bytes::Unread) = &event.what else { continue };
            sum += w.size.min(self.limit);
            if index > 0 && sum > BATCH_BYTES {
                break;
            }
            wanted.entry(w.folder.clone()).or_default().push(Entry { uid: w.uid, internal_date: w.internal_date, size: w.size });
        }
        let mut found: HashMap<(String, u32), Bytes> = HashMap::new();
        for (folder, mut entries) in wanted {
            entries.sort_by_key(|e| e.uid);
            same_folder(mailbox, &folder, self.folders.get(&folder).copied().unwrap_or_default()).await?;
            found.extend(entries.iter().map(|e| ((folder.clone(), e.uid), Bytes::Withheld)));
            for fetched in mailbox.fetch(&entries, self.limit).await? {
                if let Some(bytes) = fetched.bytes {
                    found.insert((folder.clone(), fetched.uid), Bytes::Here(bytes));
                }
            }
        }
        for event in self.events.iter_mut().take(BATCH) {
            if let What::Letter(w, place @ Bytes::Unread) = &mut event.what
                && let Some(bytes) = found.remove(&(w.folder.clone(), w.uid))
            {
                *place = bytes;
            }
        }
        Ok(())
    }
}
