//! What the command line shows: an appeal's history, letters, the outbox, the transcript.

use super::{Store, StoreError, moment, moment_of};
use crate::outbox::Kind;
use chrono::{DateTime, Utc};
use rusqlite::params;

/// A line of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// When.
    pub at: DateTime<Utc>,
    /// Key of the event.
    pub event: String,
    /// In words.
    pub text: String,
}

/// A letter that was there before the first start: row, folder, UID, receipt.
pub type BaselineLine = (i64, String, u32, DateTime<Utc>);

/// An incoming letter of an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterLine {
    /// Folder.
    pub folder: String,
    /// UID.
    pub uid: u32,
    /// Receipt.
    pub received: DateTime<Utc>,
    /// State or outcome.
    pub outcome: String,
    /// Reason of ignoring or parking.
    pub reason: Option<String>,
}

/// An outgoing letter of an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingLine {
    /// Row.
    pub id: i64,
    /// Kind.
    pub kind: Kind,
    /// Recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Status.
    pub status: String,
    /// Sent.
    pub sent_at: Option<DateTime<Utc>>,
}

/// A line of the transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptLine {
    /// Row of history.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Event.
    pub event: String,
    /// Appeal.
    pub appeal: Option<i64>,
    /// Incoming letter: folder and UID.
    pub letter: Option<(String, u32)>,
    /// Message-ID of the incoming letter.
    pub message_id: Option<String>,
    /// In words.
    pub text: String,
}

impl Store {
    /// An appeal's history, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn history(&self, number: i64) -> Result<Vec<HistoryLine>, StoreError> {
        let mut found = self.db.prepare("SELECT at, event, text FROM history WHERE appeal = ?1 ORDER BY id")?;
        Ok(found.query_map([number], |r| Ok(HistoryLine { at: moment(r.get(0)?), event: r.get(1)?, text: r.get(2)? }))?.collect::<Result<_, _>>()?)
    }

    /// An appeal's incoming letters.
    ///
    /// # Errors
    /// SQLite's.
    pub fn letters_of(&self, number: i64) -> Result<Vec<LetterLine>, StoreError> {
        let mut found =
            self.db.prepare("SELECT folder, uid, internal_date, coalesce(outcome, state), reason FROM letter WHERE appeal = ?1 ORDER BY internal_date, id")?;
        let rows = found.query_map([number], |r| {
            Ok(LetterLine { folder: r.get(0)?, uid: r.get(1)?, received: moment(r.get(2)?), outcome: r.get(3)?, reason: r.get(4)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Outgoing letters of an appeal, or the whole outbox that is not done, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn postings(&self, number: Option<i64>) -> Result<Vec<PostingLine>, StoreError> {
        let mut found = self.db.prepare(
            "SELECT id, kind, coalesce(shadow_of, recipient), subject, status, sent_at FROM posting \
             WHERE (?1 IS NULL AND status IN ('queued', 'sending', 'unknown')) OR appeal = ?1 ORDER BY id",
        )?;
        let rows = found.query_map(params![number], |r| {
            Ok(PostingLine {
                id: r.get(0)?,
                kind: Kind::from_key(&r.get::<_, String>(1)?).unwrap_or(Kind::Other),
                to: r.get(2)?,
                subject: r.get(3)?,
                status: r.get(4)?,
                sent_at: moment_of(r.get(5)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Events after a row of history, in order.
    ///
    /// # Errors
    /// SQLite's.
    pub fn events_after(&self, id: i64) -> Result<Vec<TranscriptLine>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT h.id, h.at, h.event, h.appeal, l.folder, l.uid, l.message_id, h.text FROM history h LEFT JOIN letter l ON l.id = h.letter WHERE h.id > ?1 ORDER BY h.id",
        )?;
        let rows = found.query_map([id], |r| {
            let folder: Option<String> = r.get(4)?;
            let uid: Option<u32> = r.get(5)?;
            Ok(TranscriptLine {
                id: r.get(0)?,
                at: moment(r.get(1)?),
                event: r.get(2)?,
                appeal: r.get(3)?,
                letter: folder.zip(uid),
                message_id: r.get(6)?,
                text: r.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Letters parked since a moment: «INBOX, UID 17, 25.11 10:02: reason» as (folder, uid, receipt, reason).
    ///
    /// # Errors
    /// SQLite's.
    pub fn parked(&self, since: DateTime<Utc>) -> Result<Vec<LetterLine>, StoreError> {
        let mut found =
            self.db.prepare("SELECT folder, uid, internal_date, reason FROM letter WHERE state = 'parked' AND settled_at > ?1 ORDER BY internal_date")?;
        let rows = found.query_map([since.timestamp()], |r| {
            Ok(LetterLine { folder: r.get(0)?, uid: r.get(1)?, received: moment(r.get(2)?), outcome: "parked".into(), reason: r.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Baseline letters received since a moment that no letter in Sent answers, newest last.
    ///
    /// # Errors
    /// SQLite's.
    pub fn baseline_since(&self, since: DateTime<Utc>) -> Result<Vec<BaselineLine>, StoreError> {
        let mut found = self.db.prepare(
            "SELECT l.id, l.folder, l.uid, l.internal_date FROM letter l JOIN folder f ON f.name = l.folder AND f.uid_validity = l.uid_validity \
             WHERE l.state = 'baseline' AND l.internal_date >= ?1 ORDER BY l.internal_date, l.id",
        )?;
        Ok(found.query_map([since.timestamp()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, moment(r.get(3)?))))?.collect::<Result<_, _>>()?)
    }

    /// Takes a baseline letter in: it waits to be handled like a new one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn take_in(&mut self, id: i64) -> Result<(), StoreError> {
        crate::moment::pass("store.queries.take_in.write");
        self.db.execute("UPDATE letter SET state = 'waiting' WHERE id = ?1 AND state = 'baseline'", [id])?;
        crate::moment::pass("store.queries.take_in.written");
        Ok(())
    }
}
