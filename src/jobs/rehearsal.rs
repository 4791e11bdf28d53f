//! The jobs in virtual time over recorded mail: nothing is delivered, everything that would have been is handed out.
//!
//! The clock jumps from moment to moment at which something is due: a letter's arrival, a deadline, a posting, a report. Nothing is kept
//! outside the store, so a rehearsal that goes on later with the same store gives the same letters as one in a single run.

use super::dkim::Keys;
use super::{JobError, School, copy_sent, deadlines, dispatch, intake, learn, next_report, reports, retire};
use crate::clock::Clock;
use crate::mailbox::{Mailbox, Recorded, Script};
use crate::message;
use crate::outbox::Kind;
use crate::settings::{Mode, Settings};
use crate::store::Store;
use crate::transport::{self, Transport};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Days after the last letter at which a rehearsal ends at the latest.
const TAIL_DAYS: i64 = 14;

/// Something that happened, in order.
#[derive(Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: DateTime<Utc>,
    /// Key of the event, or `sent`.
    pub event: String,
    /// Appeal.
    pub appeal: Option<i64>,
    /// Where the incoming letter came from, or the number of the outgoing one.
    pub letter: Option<String>,
    /// Kind of the outgoing letter.
    pub kind: Option<Kind>,
    /// Recipient of the outgoing letter.
    pub to: Option<String>,
    /// Message-ID of the letter.
    pub message_id: Option<String>,
    /// In words.
    pub text: String,
    /// Bytes of the outgoing letter.
    pub raw: Option<Vec<u8>>,
}

/// What kind of thing and when, not its words.
impl std::fmt::Debug for Happening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Happening({}, {}, appeal {:?}, kind {:?})", self.at, self.event, self.appeal, self.kind)
    }
}

/// A letter that will arrive.
struct Arrival {
    at: DateTime<Utc>,
    folder: String,
    origin: String,
    mark: String,
    bytes: Vec<u8>,
}

/// A rehearsal.
pub struct Rehearsal {
    school: Arc<School>,
    mailbox: Mailbox,
    transport: Transport,
    /// The virtual present; `None` before the first letter of a new rehearsal.
    now: Option<DateTime<Utc>>,
    arrivals: VecDeque<Arrival>,
    /// Where letters came from, by folder and UID.
    origins: BTreeMap<(String, u32), String>,
    last_letter: Option<DateTime<Utc>>,
    last_event: i64,
    number: u32,
    /// When the line has something to send: not its first posting's moment while it is stopped.
    posting_at: Option<DateTime<Utc>>,
}

impl Rehearsal {
    /// Over a store that may hold an earlier part. Acts as live, with no baseline (design.md, "Commands").
    ///
    /// # Errors
    /// The store's.
    pub fn new(settings: Settings, store: Store) -> Result<Rehearsal, JobError> {
        Rehearsal::with_keys(settings, store, Keys::Nowhere)
    }

    /// The same where signatures can be verified.
    ///
    /// # Errors
    /// The store's.
    pub fn with_keys(settings: Settings, store: Store, keys: Keys) -> Result<Rehearsal, JobError> {
        let settings = Settings { mode: Mode::Live, ..settings };
        let time = |v: Option<String>| v.and_then(|s| s.parse().ok()).and_then(|s| DateTime::from_timestamp(s, 0));
        let now = time(store.meta("rehearsal_now")?);
        let last_letter = time(store.meta("rehearsal_last_letter")?);
        let last_event = store.meta("rehearsal_last_event")?.and_then(|v| v.parse().ok()).unwrap_or(0);
        let number = store.meta("rehearsal_number")?.and_then(|v| v.parse().ok()).unwrap_or(0);
        let mut script = Script::new();
        for folder in ["INBOX", "Sent", "Spam"] {
            script.start_after(folder, store.folder(folder)?.map_or(0, |k| k.last_uid));
        }
        Ok(Rehearsal {
            school: Arc::new(School::new(settings, store, false).with_keys(keys)),
            mailbox: Mailbox::Script(script),
            transport: Transport::Script(transport::Script::default()),
            now,
            arrivals: VecDeque::new(),
            origins: BTreeMap::new(),
            last_letter,
            last_event,
            number,
            posting_at: None,
        })
    }

    /// The school, for orders and queries in between.
    pub fn school(&self) -> &Arc<School> {
        &self.school
    }

    /// The virtual present.
    pub fn now(&self) -> Option<DateTime<Utc>> {
        self.now
    }

    /// Sets the present of a new rehearsal before its first letter; later moments are reached by running.
    pub fn start_at(&mut self, at: DateTime<Utc>) {
        self.now.get_or_insert(at);
    }

    /// The transport, so that tests can make it fail.
    pub fn transport(&mut self) -> &mut Transport {
        &mut self.transport
    }

    /// The mailbox, so that tests can make it fail.
    pub fn mailbox(&mut self) -> &mut Mailbox {
        &mut self.mailbox
    }

    /// Adds recorded mail; letters that an earlier part took already are passed over, letters older than the present arrive at once.
    ///
    /// # Errors
    /// The store's.
    pub fn add(&mut self, recorded: Vec<Recorded>) -> Result<(), JobError> {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let mut new = Vec::new();
        let earliest = recorded.iter().filter_map(|r| r.arrival).min();
        for letter in recorded {
            let mut hash = Sha256::new();
            hash.update(letter.folder.as_bytes());
            hash.update([0]);
            hash.update(&letter.bytes);
            let sha = data_encoding::HEXLOWER.encode(&hash.finalize());
            let copy = seen.entry(sha.clone()).or_insert(0);
            *copy += 1;
            let mark = format!("rehearsed/{sha}/{copy}");
            if self.school.store().meta(&mark)?.is_some() {
                continue;
            }
            // A letter without any date arrives with the first one that has one.
            let Some(at) = letter.arrival.or(earliest).or(self.now) else { continue };
            let at = self.now.map_or(at, |now| at.max(now));
            new.push(Arrival {
                at: DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at),
                folder: letter.folder,
                origin: letter.origin,
                mark,
                bytes: letter.bytes,
            });
        }
        self.arrivals.extend(new);
        self.arrivals.make_contiguous().sort_by(|a, b| (a.at, &a.origin).cmp(&(b.at, &b.origin)));
        self.last_letter = self.arrivals.back().map(|a| a.at).into_iter().chain(self.last_letter).max();
        Ok(())
    }

    /// A letter arrives at this moment, or at the present; the same bytes again are a letter of their own.
    ///
    /// # Errors
    /// The store's.
    pub fn deliver_now(&mut self, letter: Recorded) -> Result<(), JobError> {
        let Some(at) = letter.arrival.into_iter().chain(self.now).max() else { return Ok(()) };
        let mut hash = Sha256::new();
        hash.update(letter.folder.as_bytes());
        hash.update([0]);
        hash.update(&letter.bytes);
        let sha = data_encoding::HEXLOWER.encode(&hash.finalize());
        let mut copy = 1_u32;
        let mut mark = format!("rehearsed/{sha}/{copy}");
        while self.school.store().meta(&mark)?.is_some() || self.arrivals.iter().any(|a| a.mark == mark) {
            copy += 1;
            mark = format!("rehearsed/{sha}/{copy}");
        }
        let index = self.arrivals.partition_point(|a| a.at <= at);
        self.arrivals.insert(index, Arrival { at, folder: letter.folder, origin: letter.origin, mark, bytes: letter.bytes });
        self.last_letter = Some(at).max(self.last_letter);
        Ok(())
    }

    /// The program stands still up to this moment: nothing due before is done until it runs again.
    pub fn stand_still(&mut self, until: DateTime<Utc>) {
        self.now = Some(self.now.map_or(until, |now| now.max(until)));
    }

    /// Runs up to and including `until`; without it, until nothing is due, at most 14 days after the last letter. `tell` hears everything in order.
    ///
    /// # Errors
    /// The store's, or a scripted failure of the mailbox.
    pub async fn run(&mut self, until: Option<DateTime<Utc>>, tell: &mut dyn FnMut(Happening)) -> Result<(), JobError> {
        let end = until.or_else(|| self.last_letter.map(|l| l + TimeDelta::days(TAIL_DAYS)));
        let Some(end) = end else { return Ok(()) };
        if let Some(now) = self.now {
            // Orders given since the last round may have something due at this very moment.
            self.round(now, tell).await?;
        }
        while let Some(next) = self.next_moment(until.is_some())?.filter(|at| *at <= end) {
            self.now = Some(next);
            self.deliver(next, tell)?;
            self.round(next, tell).await?;
        }
        if let Some(until) = until {
            self.now = Some(self.now.map_or(until, |n| n.max(until)));
        }
        self.remember()
    }

    /// The next moment at which something is due, strictly later than the present (or the first arrival).
    fn next_moment(&self, to_the_end: bool) -> Result<Option<DateTime<Utc>>, JobError> {
        let arrival = self.arrivals.front().map(|a| a.at);
        let Some(now) = self.now else { return Ok(arrival) };
        let store = self.school.store();
        let wake = store.next_wake()?;
        drop(store);
        let posting = self.posting_at;
        if arrival.is_none() && wake.is_none() && posting.is_none() && !to_the_end {
            return Ok(None);
        }
        let later = |at: DateTime<Utc>| at.max(now + TimeDelta::seconds(1));
        let report = next_report(&self.school.settings(), now);
        Ok(arrival.map(|a| a.max(now)).into_iter().chain(wake.map(later)).chain(posting.map(later)).chain(report).min())
    }

    fn deliver(&mut self, now: DateTime<Utc>, tell: &mut dyn FnMut(Happening)) -> Result<(), JobError> {
        while let Some(arrival) = self.arrivals.pop_front_if(|a| a.at <= now) {
            if arrival.folder == "INBOX" {
                tell(Happening {
                    at: now,
                    event: "received".into(),
                    appeal: None,
                    letter: Some(arrival.origin.clone()),
                    kind: None,
                    to: None,
                    message_id: message::read(&arrival.bytes).message_id,
                    text: "пришло письмо".into(),
                    raw: None,
                });
            }
            if let Mailbox::Script(script) = &mut self.mailbox {
                let uid = script.deliver(&arrival.folder, arrival.at, arrival.bytes);
                self.origins.insert((arrival.folder, uid), arrival.origin);
                self.school.store().set_meta(&arrival.mark, &uid.to_string())?;
            }
        }
        Ok(())
    }

    /// All jobs once at this moment.
    async fn round(&mut self, now: DateTime<Utc>, tell: &mut dyn FnMut(Happening)) -> Result<(), JobError> {
        let folders = self.mailbox.folders().await?;
        learn(&self.school)?;
        intake(&self.school, &mut self.mailbox, &folders, now).await?;
        deadlines(&self.school, now)?;
        reports(&self.school, now)?;
        retire(&self.school, now)?;
        self.tell_events(tell)?;
        let done = dispatch(&self.school, &mut self.transport, Clock::Virtual(now)).await?;
        self.posting_at = done.next;
        for sent in done.sent {
            self.number += 1;
            let raw = self.school.store().raw_of(&sent.key)?;
            tell(Happening {
                at: sent.at,
                event: "sent".into(),
                appeal: sent.appeal,
                letter: Some(format!("{:04}-{}", self.number, sent.kind.key())),
                kind: Some(sent.kind),
                to: Some(sent.to),
                message_id: Some(sent.message_id),
                text: String::new(),
                raw,
            });
        }
        self.tell_events(tell)?;
        copy_sent(&self.school, &mut self.mailbox, &folders, now).await?;
        Ok(())
    }

    fn tell_events(&mut self, tell: &mut dyn FnMut(Happening)) -> Result<(), JobError> {
        let events = self.school.store().events_after(self.last_event)?;
        for e in events {
            self.last_event = e.id;
            let letter = e.letter.map(|(folder, uid)| self.origins.get(&(folder.clone(), uid)).cloned().unwrap_or(format!("{folder}/{uid}")));
            tell(Happening { at: e.at, event: e.event, appeal: e.appeal, letter, kind: None, to: None, message_id: e.message_id, text: e.text, raw: None });
        }
        Ok(())
    }

    /// Where a later part goes on.
    fn remember(&self) -> Result<(), JobError> {
        let store = self.school.store();
        if let Some(now) = self.now {
            store.set_meta("rehearsal_now", &now.timestamp().to_string())?;
        }
        if let Some(at) = self.last_letter {
            store.set_meta("rehearsal_last_letter", &at.timestamp().to_string())?;
        }
        store.set_meta("rehearsal_last_event", &self.last_event.to_string())?;
        store.set_meta("rehearsal_number", &self.number.to_string())?;
        Ok(())
    }
}
