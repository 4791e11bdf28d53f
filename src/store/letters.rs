//! The journal of incoming letters: seen, tried, settled or parked.

use super::{Store, StoreError, moment};
use crate::message::Message;
use crate::understand::Sent;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};
use std::collections::BTreeMap;

/// A folder as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// UIDVALIDITY of the last time.
    pub uid_validity: u32,
    /// Highest UID journalled.
    pub last_uid: u32,
    /// Last time it was read without an error.
    pub read_at: Option<DateTime<Utc>>,
}

/// A letter that waits to be handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Row.
    pub id: i64,
    /// Folder.
    pub folder: String,
    /// UID.
    pub uid: u32,
    /// Moment of receipt.
    pub internal_date: DateTime<Utc>,
    /// Size.
    pub size: u64,
    /// Attempts counted so far.
    pub attempts: u32,
    /// An attempt was open when the program ended.
    pub working: bool,
}

/// What reading a letter gave for its row.
#[derive(Debug, Clone, Copy)]
pub struct Read<'a> {
    /// The letter.
    pub message: &'a Message,
    /// Its bytes, kept by the policy `keep_raw`.
    pub raw: Option<&'a [u8]>,
}

impl Store {
    /// How far a folder was read.
    ///
    /// # Errors
    /// SQLite's.
    pub fn folder(&self, name: &str) -> Result<Option<Known>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT uid_validity, last_uid, read_at FROM folder WHERE name = ?1")?;
        Ok(found.query_map([name], |r| Ok(Known { uid_validity: r.get(0)?, last_uid: r.get(1)?, read_at: super::moment_of(r.get(2)?) }))?.next().transpose()?)
    }

    /// Journals letters of a folder in one transaction; the watermark moves with them. As `baseline` they are never answered.
    /// A letter that is journalled already is left as it is.
    ///
    /// # Errors
    /// SQLite's.
    pub fn journal(
        &mut self,
        folder: &str,
        uid_validity: u32,
        entries: &[(u32, DateTime<Utc>, u64)],
        baseline: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        journal(&tx, folder, uid_validity, entries, baseline, now)?;
        tx.commit()?;
        Ok(())
    }

    /// Letters of a folder that wait, oldest receipt first. Those whose attempt was open when the program ended come first, to be taken one at a time.
    ///
    /// # Errors
    /// SQLite's.
    pub fn waiting(&self, folder: &str, uid_validity: u32, most: u32) -> Result<Vec<Waiting>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT id, folder, uid, internal_date, size, attempts, working FROM letter WHERE state = 'waiting' AND folder = ?1 AND uid_validity = ?2 \
             ORDER BY working DESC, internal_date, uid LIMIT ?3",
        )?;
        let rows = found.query_map(params![folder, uid_validity, most], |r| {
            Ok(Waiting {
                id: r.get(0)?,
                folder: r.get(1)?,
                uid: r.get(2)?,
                internal_date: moment(r.get(3)?),
                size: u64::try_from(r.get::<_, i64>(4)?).unwrap_or(0),
                attempts: r.get(5)?,
                working: r.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Opens an attempt before anything is parsed. A single letter's attempt counts; a batch's counts only if the program dies in it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin_attempt(&mut self, ids: &[i64], counted: bool) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut update = tx.prepare_cached("UPDATE letter SET working = 1, attempts = attempts + ?2 WHERE id = ?1")?;
            for id in ids {
                update.execute(params![id, counted])?;
            }
        }
        tx.commit()?;
        Ok(())
    }

    /// Takes a counted attempt back: the letter never came into work (the connection broke), so nothing is known against it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn uncount_attempt(&mut self, id: i64) -> Result<(), StoreError> {
        self.db.execute("UPDATE letter SET attempts = max(attempts - 1, 0) WHERE id = ?1 AND state = 'waiting'", [id])?;
        Ok(())
    }

    /// Closes attempts that came to nothing (a connection broke); the letters wait on.
    ///
    /// # Errors
    /// SQLite's.
    pub fn release_attempt(&mut self, ids: &[i64]) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut update = tx.prepare_cached("UPDATE letter SET working = 0 WHERE id = ?1 AND state = 'waiting'")?;
            for id in ids {
                update.execute([id])?;
            }
        }
        tx.commit()?;
        Ok(())
    }

    /// Parks a letter: kept with its bytes, reported, never tried again by itself.
    ///
    /// # Errors
    /// SQLite's.
    pub fn park(&mut self, id: i64, reason: &str, raw: Option<&[u8]>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute(
            "UPDATE letter SET state = 'parked', working = 0, reason = ?2, raw = coalesce(?3, raw), settled_at = ?4 WHERE id = ?1",
            params![id, reason, raw, now.timestamp()],
        )?;
        tx.execute("INSERT INTO history (at, event, letter, text) VALUES (?1, 'parked', ?2, ?3)", params![now.timestamp(), id, reason])?;
        tx.commit()?;
        Ok(())
    }

    /// Oldest receipt of the letters that wait under another UIDVALIDITY: they can't be fetched any more.
    ///
    /// # Errors
    /// SQLite's.
    pub fn oldest_stranded(&self, folder: &str, uid_validity: u32) -> Result<Option<DateTime<Utc>>, StoreError> {
        let oldest: Option<i64> = self.db.query_row(
            "SELECT min(internal_date) FROM letter WHERE state = 'waiting' AND folder = ?1 AND uid_validity <> ?2",
            params![folder, uid_validity],
            |r| r.get(0),
        )?;
        Ok(super::moment_of(oldest))
    }

    /// Letters of a folder under other UIDVALIDITYs that were never read here (baseline, parked): how many of each receipt and size. They are
    /// known again by nothing else (RFC 4549 §4.2.2.1).
    ///
    /// # Errors
    /// SQLite's.
    pub fn unread_under_others(&self, folder: &str, uid_validity: u32) -> Result<BTreeMap<(DateTime<Utc>, u64), u32>, StoreError> {
        let mut found = self.db.prepare(
            "SELECT internal_date, size, count(*) FROM letter WHERE state IN ('baseline', 'parked') AND folder = ?1 AND uid_validity <> ?2 GROUP BY internal_date, size",
        )?;
        let rows = found.query_map(params![folder, uid_validity], |r| Ok(((moment(r.get(0)?), u64::try_from(r.get::<_, i64>(1)?).unwrap_or(0)), r.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// After a change of UIDVALIDITY, in one transaction: what waited under the old one is taken out, what was handled then comes as baseline,
    /// the rest waits (or is only counted).
    ///
    /// # Errors
    /// SQLite's; then everything is as it was.
    pub fn rejournal(
        &mut self,
        folder: &str,
        uid_validity: u32,
        handled: &[(u32, DateTime<Utc>, u64)],
        new: &[(u32, DateTime<Utc>, u64)],
        counted_only: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("DELETE FROM letter WHERE state = 'waiting' AND folder = ?1 AND uid_validity <> ?2", params![folder, uid_validity])?;
        journal(&tx, folder, uid_validity, handled, true, now)?;
        journal(&tx, folder, uid_validity, new, counted_only, now)?;
        tx.commit()?;
        Ok(())
    }

    /// How many letters of a folder wait.
    ///
    /// # Errors
    /// SQLite's.
    pub fn count_waiting(&self) -> Result<u32, StoreError> {
        Ok(self.db.query_row("SELECT count(*) FROM letter WHERE state = 'waiting'", [], |r| r.get(0))?)
    }

    /// Letters of ours that one with these signs may answer.
    ///
    /// # Errors
    /// SQLite's.
    pub fn answered_by(&self, message: &Message) -> Result<Vec<Sent>, StoreError> {
        let mut found = Vec::new();
        for id in message.answers().take(12) {
            found.extend(sent_where(&self.db, "message_id = ?1", id)?);
        }
        if let Some(id) = &message.returned_id {
            found.extend(sent_where(&self.db, "message_id = ?1", id)?);
        }
        if let Some(sender) = message.sender() {
            found.extend(sent_where(&self.db, "recipient = ?1", &sender.email)?);
        }
        Ok(found)
    }

    /// Letters of ours with this calendar UID.
    ///
    /// # Errors
    /// SQLite's.
    pub fn sent_with_uid(&self, uid: &str) -> Result<Vec<Sent>, StoreError> {
        Ok(sent_where(&self.db, "ics_uid = ?1", &uid.to_ascii_lowercase())?)
    }
}

/// At most twenty letters of ours, newest first, by one sign.
fn sent_where(db: &Connection, which: &str, value: &str) -> rusqlite::Result<Vec<Sent>> {
    let mut found = db.prepare_cached(&format!(
        "SELECT message_id, coalesce(shadow_of, recipient), appeal, kind, slot_start, slot_end, ics_uid, subject, coalesce(sent_at, created_at), iif(shadow_of IS NULL, NULL, recipient) \
         FROM posting WHERE {which} ORDER BY id DESC LIMIT 20"
    ))?;
    let rows = found.query_map([value], |r| {
        Ok(Sent {
            message_id: r.get(0)?,
            to: r.get(1)?,
            appeal: r.get::<_, Option<i64>>(2)?.map(serde_json::Value::from),
            kind: r.get(3)?,
            slot_start: super::moment_of(r.get(4)?),
            slot_end: super::moment_of(r.get(5)?),
            ics_uid: r.get(6)?,
            subject: r.get(7)?,
            sent_at: super::moment_of(r.get(8)?),
            instead: r.get(9)?,
        })
    })?;
    rows.collect()
}

fn journal(
    db: &Connection,
    folder: &str,
    uid_validity: u32,
    entries: &[(u32, DateTime<Utc>, u64)],
    baseline: bool,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO folder (name, uid_validity) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET \
         last_uid = iif(uid_validity = excluded.uid_validity, last_uid, 0), uid_validity = excluded.uid_validity",
        params![folder, uid_validity],
    )?;
    {
        let mut insert = db.prepare_cached(
            "INSERT OR IGNORE INTO letter (folder, uid_validity, uid, internal_date, size, state, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let state = if baseline { "baseline" } else { "waiting" };
        for (uid, date, size) in entries {
            insert.execute(params![folder, uid_validity, uid, date.timestamp(), i64::try_from(*size).unwrap_or(i64::MAX), state, now.timestamp()])?;
        }
    }
    let highest = entries.iter().map(|(uid, ..)| *uid).max().unwrap_or(0);
    db.execute(
        "UPDATE folder SET last_uid = max(last_uid, ?2), baseline_uid = iif(?3, max(baseline_uid, ?2), baseline_uid), read_at = ?4 WHERE name = ?1",
        params![folder, highest, baseline, now.timestamp()],
    )?;
    Ok(())
}
