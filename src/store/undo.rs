//! Orders that can be taken back: how the appeal stood, and which letters the order made or withdrew.
//!
//! Not here: what is put back and how (`decide::undo`).

use super::{moment, postings};
use crate::effect::Kept;
use crate::facts::{Posted, Undo};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};

/// Rows are gone so long after their hour.
const KEPT_FOR: TimeDelta = TimeDelta::days(1);

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
}

/// Keeps an order; of the letters that it withdraws next only those that wait.
pub(super) fn keep(db: &Connection, kept: &Kept, now: DateTime<Utc>) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM undo WHERE until < ?1")?.execute([(now - KEPT_FOR).timestamp()])?;
    let mut withdrew: Vec<String> = Vec::new();
    for key in &kept.withdrew {
        withdrew.extend(postings::waiting(db, key)?);
    }
    let mut before = kept.before.clone();
    for (key, value) in &mut before.remembered {
        *value = db.prepare_cached("SELECT value FROM meta WHERE key = ?1")?.query_row([key.as_str()], |r| r.get(0)).optional()?;
    }
    db.prepare_cached(
        "INSERT INTO undo (appeal, staff, title, at, until, before, after, posted, withdrew, taught) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        kept.appeal,
        kept.staff,
        kept.title,
        now.timestamp(),
        kept.until.timestamp(),
        json(&before)?,
        json(&kept.after)?,
        json(&kept.posted)?,
        json(&withdrew)?,
        kept.taught
    ])?;
    Ok(())
}

/// The last order about an appeal, while it can be taken back. A row that this program cannot read is none.
pub(super) fn last(db: &Connection, appeal: i64, now: DateTime<Utc>) -> rusqlite::Result<Option<Undo>> {
    let mut found = db.prepare_cached(
        "SELECT id, staff, title, until, before, after, posted, withdrew, taught FROM undo u \
         WHERE id = (SELECT max(id) FROM undo WHERE appeal = ?1) AND until >= ?2 AND taken_back IS NULL",
    )?;
    let row = found
        .query_map(params![appeal, now.timestamp()], |r| {
            let texts: [String; 4] = [r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?];
            Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, moment(r.get(3)?), texts, r.get::<_, bool>(8)?))
        })?
        .next()
        .transpose()?;
    let Some((id, staff, title, until, [before, after, posted, withdrew], taught)) = row else { return Ok(None) };
    let (Ok(before), Ok(after)) = (serde_json::from_str(&before), serde_json::from_str(&after)) else { return Ok(None) };
    let keys: Vec<String> = serde_json::from_str(&posted).unwrap_or_default();
    let mut letters: Vec<Posted> = Vec::with_capacity(keys.len());
    for key in keys {
        letters.extend(postings::posted(db, &key)?);
    }
    Ok(Some(Undo { id, staff, title, until, before, after, letters, withdrew: serde_json::from_str(&withdrew).unwrap_or_default(), taught }))
}

/// Takes an order's letters back. One that never left gives its key and Message-ID free, since what is said later may be called the same.
pub(super) fn take_back(db: &Connection, id: i64, withdrawn: &[String], again: &[String], now: DateTime<Utc>) -> rusqlite::Result<()> {
    for key in withdrawn {
        db.prepare_cached(
            "UPDATE posting SET status = 'cancelled', key = key || '#' || id, message_id = message_id || '#' || id \
             WHERE key = ?1 AND status = 'queued' AND attempt = 0",
        )?
        .execute([key])?;
    }
    for key in again {
        db.prepare_cached("UPDATE posting SET status = 'queued' WHERE key = ?1 AND status = 'cancelled' AND attempt = 0")?.execute([key])?;
    }
    db.prepare_cached("UPDATE undo SET taken_back = ?2 WHERE id = ?1")?.execute(params![id, now.timestamp()])?;
    Ok(())
}
