//! Whether a database can be trusted: asked at every start, before a letter is read or sent.
//!
//! Not here: what a copy of it is worth (`backup`).

use super::{Store, StoreError};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;

/// Opens the database and looks it through. A damaged one is found out before anything is written into it, migrations included.
///
/// # Errors
/// [`StoreError::Damaged`] or [`StoreError::Newer`], after which only a person can go on; otherwise as [`Store::open`].
pub fn open_sound(path: &Path) -> Result<Store, StoreError> {
    let there = std::fs::metadata(path).is_ok_and(|m| m.len() > 0);
    if there {
        look_through(path)?;
    }
    Store::open(path).map_err(worn)
}

/// Pages, indexes and constraints, by a connection that writes nothing of ours.
fn look_through(path: &Path) -> Result<(), StoreError> {
    let open = || -> rusqlite::Result<Option<String>> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(std::time::Duration::from_secs(20))?;
        // The tables of Otklik must be among what is sound: a header that lost its schema is sound too, and empty.
        let known: i64 = db.query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('letter', 'appeal', 'posting', 'meta')", [], |r| r.get(0))?;
        if known != 4 {
            return Ok(Some("it is no database of Otklik".into()));
        }
        let found: String = db.query_row("PRAGMA quick_check(1)", [], |r| r.get(0))?;
        Ok((found != "ok").then_some(found))
    };
    match open() {
        Ok(None) => Ok(()),
        Ok(Some(found)) => Err(StoreError::Damaged(found)),
        Err(e) if matches!(e.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => Err(e.into()),
        Err(e) => Err(StoreError::Damaged(e.to_string())),
    }
}

/// What SQLite says of a file that it cannot make sense of is damage, however it calls it (a header that forbids writing is one: the file itself was
/// opened for it); a full disk or a busy file is not.
fn worn(error: StoreError) -> StoreError {
    match error {
        StoreError::Sql(e)
            if !matches!(
                e.sqlite_error_code(),
                Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::CannotOpen | ErrorCode::OutOfMemory)
            ) =>
        {
            StoreError::Damaged(e.to_string())
        }
        e => e,
    }
}

impl Store {
    /// Whether nothing was ever read into this database.
    ///
    /// # Errors
    /// SQLite's.
    pub fn is_new(&self) -> Result<bool, StoreError> {
        Ok(!self.db.prepare_cached("SELECT 1 FROM folder UNION ALL SELECT 1 FROM letter UNION ALL SELECT 1 FROM meta WHERE key = 'begins_anew'")?.exists([])?)
    }

    /// A school begins anew whatever its mailbox holds: what is there is never answered.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin_anew(&self) -> Result<(), StoreError> {
        self.set_meta("begins_anew", "1")
    }

    /// A quick check of the file's pages; slow on large files, run at start.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with SQLite's first finding.
    pub fn verify(&self) -> Result<(), StoreError> {
        let found: String = self.db.query_row("PRAGMA quick_check(1)", [], |r| r.get(0)).map_err(|e| StoreError::Damaged(e.to_string()))?;
        if found == "ok" { Ok(()) } else { Err(StoreError::Damaged(found)) }
    }
}
