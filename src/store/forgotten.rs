//! The marks of what was forgotten: keyed, so they name nobody; by them a letter that is found again, a backup that comes back and a rebuild know whom to
//! leave alone.
//!
//! Not here: what is taken out (`forget`), how a mark is made (`jobs::retire`), the mark in the mailbox (`compose`).

use super::{Store, StoreError, moment};
use chrono::{DateTime, Utc};
use rusqlite::params;
use std::collections::BTreeSet;

/// Every place where an address of somebody outside stands.
const ADDRESSES: &str = "SELECT email FROM appeal UNION SELECT sender FROM letter UNION SELECT recipient FROM posting UNION SELECT shadow_of FROM posting \
     UNION SELECT email FROM addressee UNION SELECT email FROM unsubscribed UNION SELECT email FROM consent UNION SELECT email FROM contact_learned \
     UNION SELECT known FROM contact_learned UNION SELECT author FROM silence UNION SELECT address FROM confirmation";

impl Store {
    /// Whether somebody with this mark asked to be forgotten at or after a moment: an older letter of theirs is no appeal.
    ///
    /// # Errors
    /// SQLite's.
    pub fn forgotten(&self, mark: &str, received: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM tombstone WHERE mark = ?1 AND at >= ?2")?.exists(params![mark, received.timestamp()])?)
    }

    /// Whether a letter with this content belonged to an appeal that was forgotten: its row has nothing left but the content's hash. What has gone with age
    /// keeps its Message-ID.
    ///
    /// # Errors
    /// SQLite's.
    pub fn forgotten_letter(&self, content: &str) -> Result<bool, StoreError> {
        let sql =
            "SELECT 1 FROM letter WHERE content_hash = ?1 AND state = 'done' AND appeal IS NOT NULL AND coalesce(message_id, sender, subject, text) IS NULL";
        Ok(self.db.prepare_cached(sql)?.exists([content])?)
    }

    /// When whoever has this mark asked to be forgotten.
    ///
    /// # Errors
    /// SQLite's.
    pub fn forgotten_at(&self, mark: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT at FROM tombstone WHERE mark = ?1")?;
        Ok(found.query_map([mark], |r| Ok(moment(r.get(0)?)))?.next().transpose()?)
    }

    /// Whether anybody ever was forgotten.
    ///
    /// # Errors
    /// SQLite's.
    pub fn anybody_forgotten(&self) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM tombstone")?.exists([])?)
    }

    /// Every address that stands anywhere, to be compared with the marks; lower case as it is kept.
    ///
    /// # Errors
    /// SQLite's.
    pub fn addresses(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut found = self.db.prepare(ADDRESSES)?;
        let rows = found.query_map([], |r| r.get::<_, Option<String>>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().flatten().filter(|a| !a.is_empty()).collect())
    }

    /// What opened an appeal, by its content.
    ///
    /// # Errors
    /// SQLite's.
    pub fn cause_of(&self, number: i64) -> Result<Option<String>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT cause FROM appeal WHERE number = ?1")?;
        Ok(found.query_map([number], |r| r.get(0))?.next().transpose()?)
    }

    /// All appeals with what opened them, and whether somebody still stands in them.
    ///
    /// # Errors
    /// SQLite's.
    pub fn causes(&self) -> Result<Vec<(i64, String)>, StoreError> {
        let mut found = self.db.prepare("SELECT number, cause FROM appeal ORDER BY number")?;
        Ok(found.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    /// A mark that was found in the mailbox counts here too.
    ///
    /// # Errors
    /// SQLite's.
    pub fn obey(&mut self, mark: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO tombstone (mark, at, copied) VALUES (?1, ?2, ?2) ON CONFLICT DO UPDATE SET at = max(at, excluded.at), copied = excluded.at",
            )?
            .execute(params![mark, at.timestamp()])?;
        Ok(())
    }

    /// Marks that are not in the mailbox yet.
    ///
    /// # Errors
    /// SQLite's.
    pub fn tombstones_to_copy(&self) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT mark, at FROM tombstone WHERE copied IS NULL ORDER BY mark")?;
        Ok(found.query_map([], |r| Ok((r.get(0)?, moment(r.get(1)?))))?.collect::<Result<_, _>>()?)
    }

    /// A mark stands in the mailbox.
    ///
    /// # Errors
    /// SQLite's.
    pub fn tombstone_copied(&self, mark: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        crate::moment::pass("store.forget.tombstone_copied.write");
        self.db.prepare_cached("UPDATE tombstone SET copied = ?2 WHERE mark = ?1")?.execute(params![mark, now.timestamp()])?;
        crate::moment::pass("store.forget.tombstone_copied.written");
        Ok(())
    }

    /// All marks are laid into the mailbox once more: those that lie there are signed with a key that will be unknown one day.
    ///
    /// # Errors
    /// SQLite's.
    pub fn lay_tombstones_again(&self) -> Result<usize, StoreError> {
        Ok(self.db.execute("UPDATE tombstone SET copied = NULL", [])?)
    }

    /// The newest moment that the mail server gave a letter that came: a witness of what day it is. Our own copies bear the moments of this machine.
    ///
    /// # Errors
    /// SQLite's.
    pub fn newest_receipt(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "SELECT max(internal_date) FROM letter WHERE folder = ?1";
        let mut folders =
            self.db.prepare_cached("SELECT name FROM folder WHERE name NOT IN (SELECT value FROM meta WHERE key = 'sent_folder') AND name <> 'otklik new'")?;
        let mut newest = None;
        for name in folders.query_map([], |r| r.get::<_, String>(0))? {
            let at: Option<i64> = self.db.prepare_cached(sql)?.query_row([name?], |r| r.get(0))?;
            newest = newest.max(at);
        }
        Ok(super::moment_of(newest))
    }
}
