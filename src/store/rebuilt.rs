//! What the mailbox proves about a database that was rebuilt or restored: letters that left, numbers that were given, times that were told.
//!
//! Not here: reading the mailbox and deciding (`jobs::rebuild`).

use super::{Store, StoreError, apply, moment, postings, sent};
use crate::effect::Effect;
use crate::outbox::{Kind, Posting};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

/// A letter of ours that stands in Sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// Bare.
    pub message_id: String,
    /// The same as another machine of the school would write it.
    pub other_id: String,
    /// When it was laid there.
    pub at: DateTime<Utc>,
    /// Appeal.
    pub appeal: Option<i64>,
    /// Kind.
    pub kind: Kind,
    /// Recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// UID of the event in it.
    pub uid: Option<String>,
}

/// How a proof was matched with a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// By its Message-ID.
    Exact,
    /// By appeal, kind and recipient: another key made the id.
    Linked,
    /// No decision here made such a letter; it is kept, so that answers to it find their appeal.
    Kept,
}

/// A letter that was decided, should be in Sent and is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproved {
    /// Appeal.
    pub appeal: Option<i64>,
    /// Kind.
    pub kind: String,
    /// When it would have left.
    pub at: DateTime<Utc>,
}

impl Store {
    /// Keeps a letter of the program to itself: never sent, to be laid into Sent unless that is done.
    ///
    /// # Errors
    /// SQLite's.
    pub fn keep_note(&mut self, posting: &Posting, laid: bool, now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        keep_note(&tx, posting, now)?;
        if laid {
            tx.execute("UPDATE posting SET copied_at = ?2 WHERE key = ?1 AND copied_at IS NULL", params![posting.key, now.timestamp()])?;
        }
        crate::moment::pass("store.rebuilt.keep_note.commit");
        tx.commit()?;
        crate::moment::pass("store.rebuilt.keep_note.committed");
        Ok(())
    }

    /// Letters of a folder that wait and came before a moment are never answered: the program did not serve the school yet.
    ///
    /// # Errors
    /// SQLite's.
    pub fn leave_as_baseline(&mut self, ids: &[i64]) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for id in ids {
            tx.prepare_cached("UPDATE letter SET state = 'baseline', working = 0 WHERE id = ?1 AND state = 'waiting'")?.execute([id])?;
        }
        crate::moment::pass("store.rebuilt.leave_as_baseline.commit");
        tx.commit()?;
        crate::moment::pass("store.rebuilt.leave_as_baseline.committed");
        Ok(())
    }

    /// The number of the appeal that this letter opened.
    ///
    /// # Errors
    /// SQLite's.
    pub fn opened_by(&self, cause: &str) -> Result<Option<i64>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT number FROM appeal WHERE cause = ?1 ORDER BY number LIMIT 1")?;
        Ok(found.query_map([cause], |r| r.get(0))?.next().transpose()?)
    }

    /// A letter stands in Sent: whatever was decided of it here counts as sent then. Looked for by its id, up to `most` also by its header, or
    /// kept by itself; `None` where nothing of that is.
    ///
    /// # Errors
    /// SQLite's.
    pub fn prove_left(&mut self, proved: &Proved, most: Match, now: DateTime<Utc>) -> Result<Option<Match>, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let how = match (by_id(&tx, proved)?, most) {
            (true, _) => Some(Match::Exact),
            (false, Match::Exact) => None,
            (false, _) if by_header(&tx, proved)? => Some(Match::Linked),
            (false, Match::Linked) => None,
            (false, Match::Kept) => {
                keep(&tx, proved, now)?;
                Some(Match::Kept)
            }
        };
        crate::moment::pass("store.rebuilt.prove_left.commit");
        tx.commit()?;
        crate::moment::pass("store.rebuilt.prove_left.committed");
        Ok(how)
    }

    /// Letters that would have left since a moment and should stand in Sent, but do not. Those that would have left after `doubt` wait for
    /// evidence as after a cut connection, the others count as sent: nothing old is repeated.
    ///
    /// # Errors
    /// SQLite's.
    pub fn settle_unproved(&mut self, since: DateTime<Utc>, doubt: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<Unproved>, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let which = "status = 'sent' AND evidence IS NULL AND sent_at >= ?1 AND copy <> 'no'";
        let list = {
            let mut found = tx.prepare(&format!("SELECT appeal, kind, sent_at FROM posting WHERE {which} ORDER BY id"))?;
            let rows = found.query_map([since.timestamp()], |r| Ok(Unproved { appeal: r.get(0)?, kind: r.get(1)?, at: moment(r.get(2)?) }))?;
            rows.collect::<Result<Vec<_>, _>>()?
        };
        tx.execute(
            &format!("UPDATE posting SET status = 'unknown', next_at = ?3, last_text = 'decided again from the mailbox, not found in Sent' WHERE {which} AND sent_at > ?2"),
            params![since.timestamp(), doubt.timestamp(), now.timestamp()],
        )?;
        tx.execute(&format!("UPDATE posting SET evidence = 'assumed' WHERE {which}"), [since.timestamp()])?;
        // Nothing of the past is laid into Sent again. What had left before it and was not laid there yet still is.
        tx.execute("UPDATE posting SET copied_at = ?1 WHERE status = 'sent' AND copied_at IS NULL AND sent_at >= ?2", [now.timestamp(), since.timestamp()])?;
        // What calls a person belongs to the past too; what still holds calls again by itself.
        tx.execute("UPDATE alert SET done = ?1 WHERE done IS NULL", [now.timestamp()])?;
        crate::moment::pass("store.rebuilt.settle_unproved.commit");
        tx.commit()?;
        crate::moment::pass("store.rebuilt.settle_unproved.committed");
        Ok(list)
    }

    /// A database has caught up with its mailbox: our letters in Sent are settled, what was decided about it is carried out, and the marks that held
    /// its letters back go, all at once or not at all.
    ///
    /// # Errors
    /// SQLite's.
    pub fn caught_up(&mut self, copies: &[(i64, String)], effects: &[Effect], marks: &[&str], now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for copy in copies {
            sent::settle_copy(&tx, copy, now)?;
        }
        apply::apply(&tx, effects, None, now)?;
        for mark in marks {
            tx.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([mark])?;
        }
        crate::moment::pass("store.rebuilt.caught_up.commit");
        tx.commit()?;
        crate::moment::pass("store.rebuilt.caught_up.committed");
        Ok(())
    }

    /// Whatever called a person in a past that was lived through calls nobody; what still holds calls again by itself.
    ///
    /// # Errors
    /// SQLite's.
    pub fn alerts_are_past(&mut self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.db.execute("UPDATE alert SET done = ?1 WHERE done IS NULL", [now.timestamp()])?;
        Ok(())
    }

    /// The time of a consultation as the letter in Sent told it; returns the appeal where that is another one than was decided here.
    ///
    /// # Errors
    /// SQLite's.
    pub fn told_time(&mut self, uid: &str, start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT appeal, ordinal FROM consultation WHERE (staff_uid = ?1 COLLATE NOCASE OR author_uid = ?1 COLLATE NOCASE) AND original IS NULL \
             AND stage <> 'cancelled' AND starts <> ?2 AND ?3 > ?2 AND ?3 - ?2 <= 2400 LIMIT 1",
        )?;
        let row: Option<(i64, i64)> = found.query_map(params![uid, start.timestamp(), end.timestamp()], |r| Ok((r.get(0)?, r.get(1)?)))?.next().transpose()?;
        let Some((appeal, ordinal)) = row else { return Ok(None) };
        self.db.prepare_cached("UPDATE consultation SET starts = ?3, ends = ?4 WHERE appeal = ?1 AND ordinal = ?2")?.execute(params![
            appeal,
            ordinal,
            start.timestamp(),
            end.timestamp()
        ])?;
        Ok(Some(appeal))
    }
}

/// The note of a decision, in its transaction.
pub(super) fn keep_note(db: &Connection, posting: &Posting, now: DateTime<Utc>) -> rusqlite::Result<()> {
    postings::insert(db, posting, now)?;
    db.prepare_cached("UPDATE posting SET status = 'sent', sent_at = ?2 WHERE key = ?1 AND status = 'queued'")?
        .execute(params![posting.key, now.timestamp()])?;
    Ok(())
}

/// What a posting in Sent is.
const SENT: &str = "status = 'sent', sent_at = ?2, evidence = 'sent_folder', copied_at = coalesce(copied_at, ?2)";

fn by_id(db: &Connection, proved: &Proved) -> rusqlite::Result<bool> {
    let mut update = db.prepare_cached(&format!("UPDATE posting SET {SENT} WHERE message_id = ?1"))?;
    for id in [&proved.message_id, &proved.other_id] {
        if update.execute(params![id, proved.at.timestamp()])? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Another key made the ids: the letter's own count from now on, so that answers and calendars find what they mean.
fn by_header(db: &Connection, proved: &Proved) -> rusqlite::Result<bool> {
    let mut found = db.prepare_cached(
        "SELECT id, ics_uid FROM posting WHERE appeal = ?1 AND kind = ?2 AND recipient = ?3 AND evidence IS NULL AND status <> 'cancelled' \
         ORDER BY abs(created_at - ?4), id LIMIT 1",
    )?;
    let row: Option<(i64, Option<String>)> =
        found.query_map(params![proved.appeal, proved.kind.key(), proved.to, proved.at.timestamp()], |r| Ok((r.get(0)?, r.get(1)?)))?.next().transpose()?;
    let Some((id, made)) = row else { return Ok(false) };
    db.prepare_cached(&format!("UPDATE posting SET {SENT}, message_id = ?1 WHERE id = ?3"))?.execute(params![proved.message_id, proved.at.timestamp(), id])?;
    if let (Some(made), Some(told)) = (made, &proved.uid) {
        db.prepare_cached("UPDATE consultation SET staff_uid = ?2 WHERE staff_uid = ?1 COLLATE NOCASE")?.execute([&made, told])?;
        db.prepare_cached("UPDATE consultation SET author_uid = ?2 WHERE author_uid = ?1 COLLATE NOCASE")?.execute([&made, told])?;
        db.prepare_cached("UPDATE posting SET ics_uid = ?2 WHERE ics_uid = ?1")?.execute([made, told.to_ascii_lowercase()])?;
    }
    Ok(true)
}

fn keep(db: &Connection, proved: &Proved, now: DateTime<Utc>) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO posting (key, kind, appeal, recipient, message_id, subject, sha256, copy, audience, priority, ics_uid, status, next_at, \
         data_started_at, evidence, created_at, sent_at, copied_at, reported_at) \
         VALUES ('found/' || ?1, ?2, (SELECT number FROM appeal WHERE number = ?3), ?4, ?1, ?5, '', 'full', 'staff', 4, ?8, 'sent', ?6, ?6, 'sent_folder', ?6, ?6, ?6, ?7)",
    )?
    .execute(params![
        proved.message_id,
        proved.kind.key(),
        proved.appeal,
        proved.to,
        proved.subject,
        proved.at.timestamp(),
        now.timestamp(),
        proved.uid.as_ref().map(|u| u.to_ascii_lowercase())
    ])?;
    Ok(())
}
