//! Copies of the database while it is in use, and what a copy is worth.
//!
//! Not here: encryption, where copies go and how long they are kept (`jobs::backup`).

use super::{Store, StoreError};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// What a checked database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Schema version.
    pub version: i64,
    /// Appeals.
    pub appeals: i64,
    /// Letters in the journal.
    pub letters: i64,
    /// Postings.
    pub postings: i64,
}

/// Writes a whole copy of the database at `from` to the new file `to`, readable by its owner only. Daemon and commands go on meanwhile: the copy is
/// one moment of the database (SQLite: `VACUUM INTO` reads in one transaction).
///
/// # Errors
/// When a file cannot be opened or written; then `to` is no copy.
pub fn copy_into(from: &Path, to: &Path) -> Result<(), StoreError> {
    let told = |why: String| StoreError::Open { path: to.display().to_string(), why };
    // SQLite takes an empty file as new and would make one readable to others itself.
    super::open::private(to).map_err(|e| told(e.to_string()))?;
    let db = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(super::open::PATIENCE)?;
    // The copy is written under the same rule: else the pages at the roots of its tables would keep, unseen, what a deletion takes out of their leaves later.
    db.pragma_update(None, "secure_delete", true)?;
    let name = to.to_str().ok_or_else(|| told("its name is no text".into()))?;
    db.execute("VACUUM INTO ?1", [name])?;
    Ok(())
}

/// Writes into a copy that it is one, under this key of `meta`: the last moment that it speaks of, which is never later than `now`, whatever a clock that
/// was wrong once has left in it. However the copy comes back to life, the daemon first brings it up to what the mailbox holds.
///
/// # Errors
/// SQLite's.
pub fn mark_copy(path: &Path, key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let last: Option<i64> = db.query_row(LAST_MOMENT, [], |r| r.get(0))?;
    let at = last.map_or(0, |at| at.min(now.timestamp()));
    db.execute("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [key, &at.to_string()])?;
    Ok(())
}

/// History, outbox, looks into the mailbox.
const LAST_MOMENT: &str = "SELECT max(at) FROM (SELECT max(at) AS at FROM history UNION ALL SELECT max(created_at) FROM posting \
     UNION ALL SELECT max(sent_at) FROM posting UNION ALL SELECT max(read_at) FROM folder)";

/// Looks through a whole database file that nobody uses: pages, indexes, references between tables.
///
/// # Errors
/// [`StoreError::Damaged`] with the first finding.
pub fn contents(path: &Path) -> Result<Contents, StoreError> {
    let damaged = |e: rusqlite::Error| StoreError::Damaged(e.to_string());
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(damaged)?;
    let found: String = db.query_row("PRAGMA quick_check(1)", [], |r| r.get(0)).map_err(damaged)?;
    if found != "ok" {
        return Err(StoreError::Damaged(found));
    }
    let mut broken = db.prepare("PRAGMA foreign_key_check").map_err(damaged)?;
    if let Some(table) = broken.query_map([], |r| r.get::<_, String>(0)).map_err(damaged)?.next() {
        return Err(StoreError::Damaged(format!("a row of {} refers to one that is not there", table.map_err(damaged)?)));
    }
    drop(broken);
    let count = |sql: &str| db.query_row(sql, [], |r| r.get(0)).map_err(damaged);
    Ok(Contents {
        version: count("PRAGMA user_version")?,
        appeals: count("SELECT count(*) FROM appeal")?,
        letters: count("SELECT count(*) FROM letter")?,
        postings: count("SELECT count(*) FROM posting")?,
    })
}

impl Store {
    /// The last moment that the database speaks of: of its history, its outbox or a look into the mailbox.
    ///
    /// # Errors
    /// SQLite's.
    pub fn last_moment(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let at: Option<i64> = self.db.query_row(LAST_MOMENT, [], |r| r.get(0))?;
        Ok(super::moment_of(at))
    }

    /// Everything into the one file, so that it can be moved: the write-ahead log beside it is emptied. False where it could not be, because somebody else
    /// reads in it for longer than is waited.
    ///
    /// # Errors
    /// SQLite's.
    pub fn settle_down(&self) -> Result<bool, StoreError> {
        // A log that is in use is answered in the row, not as an error.
        let busy: i64 = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))?;
        Ok(busy == 0)
    }
}
