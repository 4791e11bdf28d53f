//! Orders that wait for a confirmation, and the letters of ours whose tokens may come back.

use super::{Store, StoreError, moment, moment_of};
use crate::facts::{Answered, Bearer, Confirmation};
use crate::message::Attachment;
use crate::outbox::Kind;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

/// Letters of one appeal, and of several at once, whose tokens are tried, the newest first; questions of one person that are looked at.
const MOST_BEARERS: u32 = 300;
const MOST_QUESTIONS: u32 = 20;
/// Days that the buttons of a letter about several appeals are good for.
const LISTS_DAYS: i64 = 60;

impl Store {
    /// Whether tokens of letters made up to a moment may still come back: their appeal is open, or was closed in the last two weeks.
    ///
    /// # Errors
    /// SQLite's.
    pub fn tokens_live(&self, made: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM posting p JOIN appeal a ON a.number = p.appeal \
                   WHERE p.created_at <= ?1 AND p.created_at > ?2 AND (a.closed IS NULL OR a.closed > ?3)";
        let (oldest, closed) = (now - TimeDelta::days(400), now - TimeDelta::days(14));
        Ok(self.db.prepare(sql)?.exists(params![made.timestamp(), oldest.timestamp(), closed.timestamp()])?)
    }

    /// How many files wait with orders that are to be confirmed.
    ///
    /// # Errors
    /// SQLite's.
    pub fn kept_files(&self) -> Result<u32, StoreError> {
        Ok(self.db.query_row("SELECT count(*) FROM confirmation_file", [], |r| r.get(0))?)
    }

    /// How often something happened in a period, whatever it was about.
    ///
    /// # Errors
    /// SQLite's.
    pub fn count_events(&self, event: &str, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM history WHERE event = ?1 AND at > ?2 AND at <= ?3";
        Ok(self.db.query_row(sql, params![event, since.timestamp(), until.timestamp()], |r| r.get(0))?)
    }
}

/// Letters of ours whose buttons may name an appeal, in shadow mode for whom they were meant: those about it, and the latest about several that the
/// sender got; of the daily reports all, so that a button that was handed on is known as its owner's.
pub(super) fn bearers(db: &Connection, number: i64, sender: &str, now: DateTime<Utc>) -> rusqlite::Result<Vec<Bearer>> {
    const COLUMNS: &str = "iif(shadow_of IS NULL, key, substr(key, 8)), kind, coalesce(shadow_of, recipient), created_at, subject";
    let of_row = |r: &rusqlite::Row<'_>| {
        let kind = Kind::from_key(&r.get::<_, String>(1)?).unwrap_or(Kind::Other);
        Ok(Bearer { key: r.get(0)?, kind, to: r.get(2)?, made: moment(r.get(3)?), subject: r.get(4)? })
    };
    let mut about = db.prepare_cached(&format!("SELECT {COLUMNS} FROM posting WHERE appeal = ?1 AND status <> 'cancelled' ORDER BY id DESC LIMIT ?2"))?;
    let mut found: Vec<Bearer> = about.query_map(params![number, MOST_BEARERS], of_row)?.collect::<Result<_, _>>()?;
    let since = (now - TimeDelta::days(LISTS_DAYS)).timestamp();
    let mut lists = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM posting WHERE recipient = ?1 AND created_at > ?2 AND appeal IS NULL AND status <> 'cancelled' \
           AND kind IN ('report_daily', 'report_weekly', 'other') ORDER BY created_at DESC LIMIT ?3"
    ))?;
    for list in lists.query_map(params![sender, since, MOST_BEARERS], of_row)? {
        found.push(list?);
    }
    let mut reports = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM posting WHERE kind = 'report_daily' AND created_at > ?1 AND recipient <> ?2 AND status <> 'cancelled' ORDER BY created_at DESC LIMIT ?3"
    ))?;
    for report in reports.query_map(params![since, sender, MOST_BEARERS], of_row)? {
        found.push(report?);
    }
    Ok(found)
}

/// Whether this very press (subject and text) of this sender was the last order that was carried out: taken back, or with another one behind it,
/// the order itself is asked anew.
pub(super) fn pressed_before(db: &Connection, number: i64, sender: &str, (subject, text): &(String, String)) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM history h JOIN letter l ON l.id = h.letter \
               WHERE h.appeal = ?1 AND h.event = 'ordered' AND l.sender = ?2 AND l.subject = ?3 AND l.text = ?4 AND NOT EXISTS \
               (SELECT 1 FROM history n WHERE n.appeal = ?1 AND n.event = 'ordered' AND n.id > h.id AND n.letter IS NOT h.letter)";
    db.prepare_cached(sql)?.exists(params![number, sender, subject, text])
}

/// The letter of ours with this key.
pub(super) fn answered(db: &Connection, key: &str) -> rusqlite::Result<Option<Answered>> {
    let mut found = db.prepare_cached(
        "SELECT iif(shadow_of IS NULL, key, substr(key, 8)), kind, coalesce(shadow_of, recipient), subject FROM posting WHERE key IN (?1, 'shadow/' || ?1)",
    )?;
    found
        .query_map([key], |r| {
            let kind = Kind::from_key(&r.get::<_, String>(1)?).unwrap_or(Kind::Other);
            Ok(Answered { key: r.get(0)?, kind, to: r.get(2)?, subject: r.get(3)? })
        })?
        .next()
        .transpose()
}

/// Its Message-ID.
pub(super) fn message_id(db: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    let mut found = db.prepare_cached("SELECT message_id FROM posting WHERE key IN (?1, 'shadow/' || ?1)")?;
    found.query_map([key], |r| r.get(0))?.next().transpose()
}

/// Keeps an order until its word comes. The same letter asked about twice is one question; of those that ran out the words go.
pub(super) fn ask(db: &Connection, c: &Confirmation, source: Option<i64>) -> rusqlite::Result<()> {
    expire(db, c.at)?;
    let kept = db.prepare_cached(
        "INSERT OR IGNORE INTO confirmation (staff, address, appeal, subject, words, letter, answered, source, at, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![c.staff, c.address, c.appeal, c.subject, c.words, c.letter, c.answered, source, c.at.timestamp(), c.until.timestamp()])?;
    if kept == 1 {
        let id = db.last_insert_rowid();
        let mut insert = db.prepare_cached("INSERT INTO confirmation_file (confirmation, ordinal, name, media_type, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for (i, file) in (0_i64..).zip(&c.files) {
            insert.execute(params![id, i, file.name.as_deref().unwrap_or("файл"), file.media_type, file.bytes])?;
        }
    }
    Ok(())
}

/// Words and files of what has run out are needed no more; an announcement with files has words.
pub(super) fn expire(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM confirmation_file WHERE confirmation IN (SELECT id FROM confirmation WHERE until < ?1 AND words <> '')")?
        .execute([now.timestamp()])?;
    db.prepare_cached("UPDATE confirmation SET words = '', subject = '' WHERE until < ?1 AND words <> ''")?.execute([now.timestamp()])?;
    Ok(())
}

fn files(db: &Connection, id: i64) -> rusqlite::Result<Vec<Attachment>> {
    let mut found = db.prepare_cached("SELECT name, media_type, bytes FROM confirmation_file WHERE confirmation = ?1 ORDER BY ordinal")?;
    found.query_map([id], |r| Ok(Attachment { name: Some(r.get(0)?), media_type: r.get(1)?, bytes: r.get(2)? }))?.collect()
}

/// Questions to an address that wait for an answer.
pub(super) fn open(db: &Connection, address: &str, now: DateTime<Utc>) -> rusqlite::Result<u32> {
    db.prepare_cached("SELECT count(*) FROM confirmation WHERE address = ?1 AND at > ?2 AND until >= ?3 AND done IS NULL")?
        .query_row(params![address, (now - TimeDelta::days(7)).timestamp(), now.timestamp()], |r| r.get(0))
}

/// Questions to an address of the last week, answered ones too, the newest first.
pub(super) fn lately(db: &Connection, address: &str, now: DateTime<Utc>) -> rusqlite::Result<Vec<Confirmation>> {
    let mut found = db.prepare_cached(
        "SELECT id, staff, address, appeal, subject, words, letter, answered, at, until, tries, done FROM confirmation \
         WHERE address = ?1 AND at > ?2 ORDER BY id DESC LIMIT ?3",
    )?;
    let rows = found.query_map(params![address, (now - TimeDelta::days(7)).timestamp(), MOST_QUESTIONS], |r| {
        Ok(Confirmation {
            id: r.get(0)?,
            staff: r.get(1)?,
            address: r.get(2)?,
            appeal: r.get(3)?,
            subject: r.get(4)?,
            words: r.get(5)?,
            letter: r.get(6)?,
            answered: r.get(7)?,
            at: moment(r.get(8)?),
            until: moment(r.get(9)?),
            tries: r.get(10)?,
            done: moment_of(r.get(11)?),
            files: Vec::new(),
        })
    })?;
    let mut all: Vec<Confirmation> = rows.collect::<Result<_, _>>()?;
    for c in &mut all {
        c.files = files(db, c.id)?;
    }
    Ok(all)
}

/// A wrong code: all that waits for this address has one try less.
pub(super) fn wrong(db: &Connection, address: &str, now: DateTime<Utc>) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE confirmation SET tries = tries + 1 WHERE address = ?1 AND done IS NULL AND until >= ?2")?
        .execute(params![address, now.timestamp()])?;
    Ok(())
}

/// Carried out; its words and files are needed no more.
pub(super) fn done(db: &Connection, id: i64, now: DateTime<Utc>) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE confirmation SET done = ?2, words = '' WHERE id = ?1 AND done IS NULL")?.execute(params![id, now.timestamp()])?;
    db.prepare_cached("DELETE FROM confirmation_file WHERE confirmation = ?1")?.execute([id])?;
    Ok(())
}
