//! The outbox as rows: queued, tried, proved.

use super::{Store, StoreError, edges, moment, moment_of};
use crate::facts::Posted;
use crate::outbox::{Audience, Kind, Posting, SentCopy, Status};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sha2::{Digest, Sha256};

/// A posting whose moment has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Row.
    pub id: i64,
    /// Dedupe key.
    pub key: String,
    /// Kind.
    pub kind: Kind,
    /// Appeal.
    pub appeal: Option<i64>,
    /// Recipient.
    pub to: String,
    /// Message-ID.
    pub message_id: String,
    /// Counts in the brake.
    pub automatic: bool,
    /// Useless after.
    pub not_after: Option<DateTime<Utc>>,
    /// Attempts so far.
    pub attempt: u32,
    /// First attempt.
    pub first_at: Option<DateTime<Utc>>,
    /// Repeated after an unknown outcome already.
    pub repeated: bool,
}

/// What an attempt came to, for its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// Accepted.
    Sent(String),
    /// Again then.
    Retry(DateTime<Utc>, String),
    /// Never again.
    Rejected(String),
    /// Evidence is awaited until then.
    Unknown(DateTime<Utc>, String),
    /// The attempt did not count (the line is stopped, the database said no).
    Untouched(DateTime<Utc>, String),
}

/// A letter that a person must be told about: it did not reach its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Row.
    pub id: i64,
    /// Key.
    pub key: String,
    /// Kind.
    pub kind: Kind,
    /// Appeal.
    pub appeal: Option<i64>,
    /// Whom it went to.
    pub to: String,
    /// To somebody outside (in shadow mode nothing is).
    pub outside: bool,
    /// `rejected`, `unknown`, `expired`, `hard`, `soft`.
    pub why: String,
    /// The server's answer, without addresses.
    pub text: Option<String>,
}

fn audience_key(a: Audience) -> &'static str {
    match a {
        Audience::OutsiderAutomatic => "automatic",
        Audience::OutsiderOwed => "owed",
        Audience::Staff => "staff",
    }
}

/// Puts a posting into the outbox; a key that is there already is the same decision and changes nothing.
pub(super) fn insert(db: &Connection, p: &Posting, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let copy = match p.copy {
        SentCopy::Full => "full",
        SentCopy::Shell => "shell",
        SentCopy::No => "no",
    };
    // A cancellation of what was withdrawn unsent would tell its reader of a meeting that they never heard of.
    if p.kind == Kind::Cancel
        && p.audience != Audience::Staff
        && let Some(uid) = &p.ics_uid
        && !db.prepare_cached("SELECT 1 FROM posting WHERE ics_uid = ?1 AND status <> 'cancelled'")?.exists([uid.to_ascii_lowercase()])?
    {
        return Ok(());
    }
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&p.raw));
    db.prepare_cached(
        "INSERT OR IGNORE INTO posting (key, kind, appeal, recipient, shadow_of, message_id, subject, raw, sha256, shell, copy, audience, priority, ics_uid, \
         slot_start, slot_end, not_after, status, next_at, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 'queued', ?18, ?19)",
    )?
    .execute(params![
        p.key,
        p.kind.key(),
        p.appeal,
        p.to,
        p.shadow_of,
        p.message_id,
        p.subject,
        p.raw,
        hash,
        p.shell,
        copy,
        audience_key(p.audience),
        p.priority,
        p.ics_uid.as_ref().map(|u| u.to_ascii_lowercase()),
        p.slot.map(|(s, _)| s.timestamp()),
        p.slot.map(|(_, e)| e.timestamp()),
        p.not_after.map(|t| t.timestamp()),
        p.not_before.timestamp(),
        now.timestamp()
    ])?;
    // A change that leaves at once (at night too) takes along what still waits for the morning about the same event, else its reader would
    // have the old time last.
    if let Some(uid) = &p.ics_uid {
        db.prepare_cached("UPDATE posting SET next_at = min(next_at, ?2) WHERE ics_uid = ?1 AND status = 'queued' AND attempt = 0")?
            .execute(params![uid.to_ascii_lowercase(), p.not_before.timestamp()])?;
    }
    Ok(())
}

/// The key of a letter that waits and was never tried, as it stands in its row.
pub(super) fn waiting(db: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    let mut found = db.prepare_cached("SELECT key FROM posting WHERE status = 'queued' AND attempt = 0 AND (key = ?1 OR key = 'shadow/' || ?1)")?;
    found.query_map([key], |r| r.get(0))?.next().transpose()
}

/// A letter of an order; one that was withdrawn since then is none.
pub(super) fn posted(db: &Connection, key: &str) -> rusqlite::Result<Option<Posted>> {
    let mut found = db.prepare_cached(
        "SELECT key, coalesce(shadow_of, recipient), audience <> 'staff', status = 'queued' AND attempt = 0, ics_uid FROM posting \
         WHERE key = ?1 AND status <> 'cancelled'",
    )?;
    found.query_map([key], |r| Ok(Posted { key: r.get(0)?, to: r.get(1)?, outside: r.get(2)?, waits: r.get(3)?, uid: r.get(4)? }))?.next().transpose()
}

/// A letter was certainly sent: what awaits evidence is done.
pub(super) fn prove(db: &Connection, message_id: &str, by: &str, now: DateTime<Utc>) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE posting SET evidence = ?2, status = iif(status IN ('unknown', 'sending', 'queued') AND data_started_at IS NOT NULL, 'sent', status), \
         sent_at = iif(status IN ('unknown', 'sending', 'queued') AND data_started_at IS NOT NULL, coalesce(sent_at, ?3), sent_at), \
         copied_at = iif(?2 = 'sent_folder', coalesce(copied_at, ?3), copied_at) WHERE message_id = ?1",
    )?
    .execute(params![message_id, by, now.timestamp()])?;
    Ok(())
}

impl Store {
    /// Postings whose moment has come, up to a rank, in the order of sending, bounded. What was said of a meeting first leaves first: an older letter about
    /// the same calendar UID takes over the rank of a newer one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn due(&self, now: DateTime<Utc>, most: u32, rank: u8) -> Result<Vec<Due>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT id, key, kind, appeal, recipient, message_id, audience, not_after, attempt, first_at, repeated FROM posting \
             WHERE status = 'queued' AND next_at <= ?1 AND priority <= ?3 \
             ORDER BY coalesce((SELECT min(later.priority) FROM posting later WHERE later.ics_uid = posting.ics_uid AND later.id > posting.id \
                                AND later.status = 'queued' AND later.next_at <= ?1 AND later.priority < posting.priority), priority), id LIMIT ?2",
        )?;
        let rows = found.query_map(params![now.timestamp(), most, rank], |r| {
            Ok(Due {
                id: r.get(0)?,
                key: r.get(1)?,
                kind: Kind::from_key(&r.get::<_, String>(2)?).unwrap_or(Kind::Other),
                appeal: r.get(3)?,
                to: r.get(4)?,
                message_id: r.get(5)?,
                automatic: r.get::<_, String>(6)? == "automatic",
                not_after: moment_of(r.get(7)?),
                attempt: r.get(8)?,
                first_at: moment_of(r.get(9)?),
                repeated: r.get(10)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the outbox next wants attention: a queued posting or the end of a wait for evidence.
    ///
    /// # Errors
    /// SQLite's.
    pub fn next_posting(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let at: Option<i64> = self.db.query_row("SELECT min(next_at) FROM posting WHERE status IN ('queued', 'unknown')", [], |r| r.get(0))?;
        Ok(moment_of(at))
    }

    /// An attempt begins; false where the posting was withdrawn meanwhile and must not be sent.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin_sending(&mut self, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        crate::moment::pass("store.postings.begin_sending.write");
        let begun = self
            .db
            .prepare_cached(
                "UPDATE posting SET status = 'sending', attempt = attempt + 1, first_at = coalesce(first_at, ?2), data_started_at = NULL \
                 WHERE id = ?1 AND status = 'queued'",
            )?
            .execute(params![id, now.timestamp()])?;
        crate::moment::pass("store.postings.begin_sending.written");
        Ok(begun == 1)
    }

    /// Durable before the letter's first byte leaves.
    ///
    /// # Errors
    /// SQLite's; then the letter must not be sent.
    pub fn data_started(&mut self, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        crate::moment::pass("store.postings.data_started.write");
        self.db.prepare_cached("UPDATE posting SET data_started_at = ?2 WHERE id = ?1")?.execute(params![id, now.timestamp()])?;
        crate::moment::pass("store.postings.data_started.written");
        Ok(())
    }

    /// What the attempt came to.
    ///
    /// # Errors
    /// SQLite's.
    pub fn end_sending(&mut self, id: i64, attempt: &Attempt, now: DateTime<Utc>) -> Result<(), StoreError> {
        crate::moment::pass("store.postings.end_sending.write");
        edges::attempted(attempt);
        let (status, next, text, counted) = match attempt {
            Attempt::Sent(t) => (Status::Sent, now, t, 0),
            Attempt::Retry(at, t) => (Status::Queued, *at, t, 0),
            Attempt::Rejected(t) => (Status::Rejected, now, t, 0),
            Attempt::Unknown(at, t) => (Status::Unknown, *at, t, 0),
            Attempt::Untouched(at, t) => (Status::Queued, *at, t, 1),
        };
        self.db
            .prepare_cached(
                "UPDATE posting SET status = ?2, next_at = ?3, last_text = ?4, attempt = attempt - ?5, sent_at = iif(?2 = 'sent', ?6, sent_at) WHERE id = ?1 AND status = 'sending'",
            )?
            .execute(params![id, status.key(), next.timestamp(), text, counted, now.timestamp()])?;
        crate::moment::pass("store.postings.end_sending.written");
        Ok(())
    }

    /// After an unclean end: attempts that were open are `unknown` where data had started, else queued again.
    ///
    /// # Errors
    /// SQLite's.
    pub fn recover_sending(&mut self, now: DateTime<Utc>, evidence_minutes: i64) -> Result<usize, StoreError> {
        if !self.db.prepare_cached("SELECT 1 FROM posting WHERE status = 'sending'")?.exists([])? {
            return Ok(0);
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let unknown = tx.execute(
            "UPDATE posting SET status = 'unknown', next_at = ?1, last_text = 'the program ended while the letter was being sent' WHERE status = 'sending' AND data_started_at IS NOT NULL",
            [(now + TimeDelta::minutes(evidence_minutes)).timestamp()],
        )?;
        tx.execute("UPDATE posting SET status = 'queued', next_at = ?1 WHERE status = 'sending'", [now.timestamp()])?;
        crate::moment::pass("store.postings.recover_sending.commit");
        tx.commit()?;
        crate::moment::pass("store.postings.recover_sending.committed");
        Ok(unknown)
    }

    /// Postings whose wait for evidence is over: (row, kind, repeated already).
    ///
    /// # Errors
    /// SQLite's.
    pub fn unproved(&self, now: DateTime<Utc>) -> Result<Vec<(i64, Kind, bool)>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT id, kind, repeated FROM posting WHERE status = 'unknown' AND next_at <= ?1 ORDER BY id LIMIT 100")?;
        let rows = found.query_map([now.timestamp()], |r| Ok((r.get(0)?, Kind::from_key(&r.get::<_, String>(1)?).unwrap_or(Kind::Other), r.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// No evidence came: the same bytes once more, or given up.
    ///
    /// # Errors
    /// SQLite's.
    pub fn resolve_unknown(&mut self, id: i64, repeat: bool, now: DateTime<Utc>) -> Result<(), StoreError> {
        crate::moment::pass("store.postings.resolve_unknown.write");
        let sql = if repeat {
            "UPDATE posting SET status = 'queued', repeated = 1, next_at = ?2 WHERE id = ?1 AND status = 'unknown'"
        } else {
            "UPDATE posting SET status = 'expired', next_at = ?2 WHERE id = ?1 AND status = 'unknown'"
        };
        self.db.prepare_cached(sql)?.execute(params![id, now.timestamp()])?;
        crate::moment::pass("store.postings.resolve_unknown.written");
        Ok(())
    }

    /// A posting that came too late becomes a task for a person; a reminder of what has begun is nobody's task any more.
    ///
    /// # Errors
    /// SQLite's.
    pub fn expire(&mut self, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        crate::moment::pass("store.postings.expire.write");
        let sql =
            "UPDATE posting SET status = 'expired', reported_at = CASE kind WHEN 'reminder' THEN ?2 ELSE reported_at END WHERE id = ?1 AND status = 'queued'";
        self.db.prepare_cached(sql)?.execute(params![id, now.timestamp()])?;
        crate::moment::pass("store.postings.expire.written");
        Ok(())
    }

    /// Postpones a queued posting (the brake, a stopped line).
    ///
    /// # Errors
    /// SQLite's.
    pub fn postpone(&mut self, id: i64, until: DateTime<Utc>) -> Result<(), StoreError> {
        crate::moment::pass("store.postings.postpone.write");
        self.db.prepare_cached("UPDATE posting SET next_at = ?2 WHERE id = ?1 AND status = 'queued'")?.execute(params![id, until.timestamp()])?;
        crate::moment::pass("store.postings.postpone.written");
        Ok(())
    }

    /// Automatic letters to outsiders sent since a moment, and the oldest of them.
    ///
    /// # Errors
    /// SQLite's.
    pub fn automatic_since(&self, since: DateTime<Utc>) -> Result<(u32, Option<DateTime<Utc>>), StoreError> {
        let row: (u32, Option<i64>) = self
            .db
            .prepare_cached("SELECT count(*), min(sent_at) FROM posting WHERE audience = 'automatic' AND sent_at > ?1")?
            .query_row([since.timestamp()], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok((row.0, moment_of(row.1)))
    }

    /// Sent letters whose copy is not in Sent yet: (row, bytes to append, sent at, whether its sending was ever in doubt).
    ///
    /// # Errors
    /// SQLite's.
    #[expect(clippy::type_complexity, reason = "four plain columns, read at once by one caller")]
    pub fn uncopied(&self, most: u32) -> Result<Vec<(i64, Vec<u8>, DateTime<Utc>, bool)>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT id, iif(copy = 'shell', shell, raw), sent_at, repeated OR attempt > 1 FROM posting \
             WHERE status = 'sent' AND copied_at IS NULL AND copy <> 'no' ORDER BY id LIMIT ?1",
        )?;
        let rows = found.query_map([most], |r| {
            Ok((r.get(0)?, r.get::<_, Option<Vec<u8>>>(1)?.unwrap_or_default(), moment(r.get::<_, Option<i64>>(2)?.unwrap_or(0)), r.get(3)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A copy is in Sent (or need not be).
    ///
    /// # Errors
    /// SQLite's.
    pub fn copied(&mut self, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        crate::moment::pass("store.postings.copied.write");
        self.db.prepare_cached("UPDATE posting SET copied_at = ?2 WHERE id = ?1")?.execute(params![id, now.timestamp()])?;
        crate::moment::pass("store.postings.copied.written");
        Ok(())
    }

    /// Whether a Message-ID is one of ours.
    ///
    /// # Errors
    /// SQLite's.
    pub fn is_ours(&self, message_id: &str) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM posting WHERE message_id = ?1")?.exists([message_id])?)
    }

    /// Whether a letter of ours still waits, and no attempt of this database can have brought it to its reader.
    ///
    /// # Errors
    /// SQLite's.
    pub fn never_left(&self, message_id: &str) -> Result<bool, StoreError> {
        let waits = "SELECT 1 FROM posting WHERE message_id = ?1 AND status = 'queued' AND data_started_at IS NULL";
        Ok(self.db.prepare_cached(waits)?.exists([message_id])?)
    }

    /// Letters that failed and that nobody was told about yet.
    ///
    /// # Errors
    /// SQLite's.
    pub fn failures(&self) -> Result<Vec<Failure>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT id, key, kind, appeal, recipient, audience <> 'staff' AND shadow_of IS NULL, coalesce(bounced, status), last_text FROM posting \
             WHERE reported_at IS NULL AND (status IN ('rejected', 'expired') OR bounced IS NOT NULL) ORDER BY id LIMIT 100",
        )?;
        let rows = found.query_map([], |r| {
            Ok(Failure {
                id: r.get(0)?,
                key: r.get(1)?,
                kind: Kind::from_key(&r.get::<_, String>(2)?).unwrap_or(Kind::Other),
                appeal: r.get(3)?,
                to: r.get(4)?,
                outside: r.get(5)?,
                why: r.get(6)?,
                text: r.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A person was told of the failure.
    ///
    /// # Errors
    /// SQLite's.
    pub fn failure_told(&mut self, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        crate::moment::pass("store.postings.failure_told.write");
        self.db.prepare_cached("UPDATE posting SET reported_at = ?2 WHERE id = ?1")?.execute(params![id, now.timestamp()])?;
        crate::moment::pass("store.postings.failure_told.written");
        Ok(())
    }

    /// Alerts not yet given: (key, text).
    ///
    /// # Errors
    /// SQLite's.
    pub fn alerts(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT key, text FROM alert WHERE done IS NULL ORDER BY at")?;
        Ok(found.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    /// An alert was given.
    ///
    /// # Errors
    /// SQLite's.
    pub fn alert_given(&mut self, key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        crate::moment::pass("store.postings.alert_given.write");
        self.db.execute("UPDATE alert SET done = ?2 WHERE key = ?1", params![key, now.timestamp()])?;
        crate::moment::pass("store.postings.alert_given.written");
        Ok(())
    }

    /// The frozen bytes of a posting, while they are kept.
    ///
    /// # Errors
    /// SQLite's.
    pub fn raw_of(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.db.query_row("SELECT raw FROM posting WHERE key = ?1", [key], |r| r.get::<_, Option<Vec<u8>>>(0)).optional()?.flatten())
    }
}

impl Store {
    /// What was composed in shadow and has not left is never sent later.
    ///
    /// # Errors
    /// SQLite's.
    pub fn withdraw_unsent(&mut self) -> Result<usize, StoreError> {
        crate::moment::pass("store.postings.withdraw_unsent.write");
        let done = self.db.execute("UPDATE posting SET status = 'cancelled' WHERE status IN ('queued', 'unknown') AND shadow_of IS NOT NULL", [])?;
        crate::moment::pass("store.postings.withdraw_unsent.written");
        Ok(done)
    }
}
