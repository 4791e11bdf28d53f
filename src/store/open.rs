//! Opening the file: pragmas, schema, migrations by `user_version`, one write transaction at a time.

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// How long another process may be at work in the database.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Schema version that this program writes.
const VERSION: i64 = 5;

/// The schema of a fresh file.
const SCHEMA: &str = include_str!("../../schema.sql");

/// Steps from version N to N+1; the first entry brings version 1 to 2. A test compares the result with the schema of a fresh file.
const MIGRATIONS: &[&str] = &[
    // 2: what corrections teach.
    "CREATE TABLE lesson (
    appeal   INTEGER PRIMARY KEY REFERENCES appeal (number) ON DELETE CASCADE,
    category TEXT    NOT NULL,                    -- where people put it
    stems    TEXT    NOT NULL,                    -- of common words, sorted
    at       INTEGER NOT NULL,
    undone   INTEGER                              -- taken out by hand: teaches nothing until it is put back
) STRICT;",
    // 3: series, offers, outcomes; blocked time; group consultations; indexes whose condition no query repeats word by word are whole ones. A changed table is made anew, since its text must be that of a fresh file.
    "ALTER TABLE consultation RENAME TO older;
DROP INDEX consultation_by_start;
DROP INDEX consultation_by_time;
DROP INDEX posting_due;
DROP INDEX letter_by_state;
CREATE INDEX posting_due ON posting (status, next_at);
CREATE INDEX posting_untold ON posting (id) WHERE reported_at IS NULL AND (status IN ('rejected', 'expired') OR bounced IS NOT NULL);
CREATE INDEX letter_by_state ON letter (state, folder);
CREATE TABLE consultation (
    appeal          INTEGER NOT NULL REFERENCES appeal (number),
    ordinal         INTEGER NOT NULL,
    specialist      TEXT    NOT NULL,
    starts          INTEGER NOT NULL,
    ends            INTEGER NOT NULL,
    channel         TEXT    NOT NULL,
    stage           TEXT    NOT NULL CHECK (stage IN ('offered', 'proposed', 'invited', 'cancelled')),
    staff_uid       TEXT    NOT NULL,
    staff_sequence  INTEGER NOT NULL,
    staff_dtstamp   INTEGER NOT NULL,
    staff_partstat  TEXT    NOT NULL,
    staff_replied   INTEGER,
    author_uid      TEXT,
    author_sequence INTEGER,
    author_dtstamp  INTEGER,
    author_partstat TEXT,
    author_replied  INTEGER,
    silent_at       INTEGER,
    invite_by       INTEGER,
    declined        TEXT    NOT NULL,
    why             TEXT    NOT NULL,
    wish_unmet      INTEGER NOT NULL CHECK (wish_unmet IN (0, 1)),
    series          INTEGER,                      -- ordinal of the first meeting of its series
    original        INTEGER,                      -- RECURRENCE-ID: its start by the rule, where the series is one event
    offered         TEXT    NOT NULL,             -- starts that the author may choose from
    outcome         TEXT CHECK (outcome IN ('held', 'no_show', 'failed', 'not_held')),
    recommendations TEXT,                         -- given to the author, kept for the journal (000 4.4)
    PRIMARY KEY (appeal, ordinal),
    CHECK (ends > starts AND ends - starts <= 2400),   -- 000 4.3.1: at most 40 minutes
    CHECK ((author_uid IS NULL) = (author_sequence IS NULL)),
    CHECK (original IS NULL OR series IS NOT NULL)
) STRICT;
INSERT INTO consultation (appeal, ordinal, specialist, starts, ends, channel, stage, staff_uid, staff_sequence, staff_dtstamp, staff_partstat, staff_replied, 
    author_uid, author_sequence, author_dtstamp, author_partstat, author_replied, silent_at, invite_by, declined, why, wish_unmet, offered)
    SELECT appeal, ordinal, specialist, starts, ends, channel, stage, staff_uid, staff_sequence, staff_dtstamp, staff_partstat, staff_replied, 
    author_uid, author_sequence, author_dtstamp, author_partstat, author_replied, silent_at, invite_by, declined, why, wish_unmet, '[]' FROM older;
DROP TABLE older;
CREATE INDEX consultation_by_start ON consultation (specialist, starts) WHERE stage <> 'cancelled';
CREATE INDEX consultation_by_time ON consultation (starts) WHERE stage <> 'cancelled';
CREATE UNIQUE INDEX consultation_by_staff_uid ON consultation (staff_uid, coalesce(original, 0));
CREATE UNIQUE INDEX consultation_by_author_uid ON consultation (author_uid, coalesce(original, 0)) WHERE author_uid IS NOT NULL;
CREATE TABLE block (
    id             INTEGER PRIMARY KEY,
    specialist     TEXT    NOT NULL,
    source         TEXT    NOT NULL CHECK (source IN ('invitation', 'file', 'school')),
    uid            TEXT    NOT NULL,              -- of the invitation; the name of the school
    sequence       INTEGER NOT NULL,
    dtstamp        INTEGER,
    margin         INTEGER NOT NULL,              -- minutes kept free on both sides: the way from another school
    rule           TEXT    NOT NULL,              -- times only: what a series is expanded from
    expanded_until INTEGER NOT NULL,
    UNIQUE (specialist, source, uid)
) STRICT;
CREATE TABLE blocked (
    block  INTEGER NOT NULL REFERENCES block (id) ON DELETE CASCADE,
    starts INTEGER NOT NULL,
    ends   INTEGER NOT NULL,
    PRIMARY KEY (block, starts),
    CHECK (ends > starts)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocked_by_end ON blocked (ends);
CREATE TABLE meeting (
    id             INTEGER PRIMARY KEY,
    specialist     TEXT    NOT NULL,
    topic          TEXT    NOT NULL,
    starts         INTEGER NOT NULL,
    ends           INTEGER NOT NULL,
    channel        TEXT    NOT NULL,
    capacity       INTEGER NOT NULL CHECK (capacity > 0),
    classes        TEXT    NOT NULL,              -- whom it is for; empty: all
    course_end     TEXT,                          -- before intermediate certification: not before this date (003 3.7)
    stage          TEXT    NOT NULL CHECK (stage IN ('planned', 'cancelled')),
    staff_uid      TEXT    NOT NULL UNIQUE,
    staff_sequence INTEGER NOT NULL,
    staff_dtstamp  INTEGER NOT NULL,
    staff_partstat TEXT    NOT NULL,
    staff_replied  INTEGER,
    outcome        TEXT CHECK (outcome IN ('held', 'no_show', 'failed', 'not_held')),
    duties         TEXT,                          -- which of the three duties of 003 3.8 were carried out, as numbers
    asked          INTEGER,                       -- the specialist was asked whether it took place
    CHECK (ends > starts AND ends - starts <= 2400)    -- 000 4.3.1: at most 40 minutes
) STRICT;
CREATE INDEX meeting_by_time ON meeting (starts) WHERE stage <> 'cancelled';
CREATE TABLE seat (
    meeting  INTEGER NOT NULL REFERENCES meeting (id),
    appeal   INTEGER NOT NULL REFERENCES appeal (number),
    stage    TEXT    NOT NULL CHECK (stage IN ('waiting', 'invited', 'left')),
    joined   INTEGER NOT NULL,                    -- the waiting list goes by it
    uid      TEXT    NOT NULL UNIQUE,
    sequence INTEGER NOT NULL,
    dtstamp  INTEGER NOT NULL,
    partstat TEXT    NOT NULL,
    replied  INTEGER,
    asked    INTEGER,                       -- it waits, and the head was asked before its term ends
    missed   INTEGER NOT NULL CHECK (missed IN (0, 1)),   -- the family did not come
    PRIMARY KEY (meeting, appeal)
) STRICT;
CREATE INDEX seat_by_appeal ON seat (appeal);",
    // 4: steering by letter.
    include_str!("migrations/4.sql"),
    include_str!("migrations/5.sql"),
];

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite's own words, with what was attempted.
    #[error("database: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The file is of a newer program.
    #[error("database has schema version {0}, this program knows {VERSION}: install the newer Otklik that wrote it, or restore a backup")]
    Newer(i64),
    /// Not writable or not there.
    #[error("cannot open the database {path}: {why}")]
    Open {
        /// File.
        path: String,
        /// Why.
        why: String,
    },
    /// The file is damaged.
    #[error("database is damaged ({0}): stop, keep the file, restore the last backup")]
    Damaged(String),
    /// A decision failed; nothing of it was written.
    #[error("{0}")]
    Decision(String),
}

/// The store. Not shared between threads without a lock; every method is short.
pub struct Store {
    pub(super) db: Connection,
}

impl Store {
    /// Opens or creates the file. Missing folders are made; they and the file are their owner's alone.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer program.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let told = |why: String| StoreError::Open { path: path.display().to_string(), why };
        if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            private_folder(folder).map_err(|e| told(e.to_string()))?;
        }
        private(path).map_err(|e| told(e.to_string()))?;
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|e| told(e.to_string()))?;
        Self::prepare(db).map_err(|e| match e {
            StoreError::Sql(e) if matches!(e.sqlite_error_code(), Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt)) => {
                StoreError::Damaged(e.to_string())
            }
            e => e,
        })
    }

    /// A store in memory, for rehearsals without a state file and for tests.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn in_memory() -> Result<Store, StoreError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    /// From now on the file may have so many pages: SQLite answers as on a full disk beyond them. For tests; 0 changes nothing, a large number lifts it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn limit_pages(&self, most: u32) -> Result<(), StoreError> {
        self.db.pragma_update(None, "max_page_count", most)?;
        Ok(())
    }

    /// Pages that the file has.
    ///
    /// # Errors
    /// SQLite's.
    pub fn pages(&self) -> Result<u32, StoreError> {
        Ok(self.db.query_row("PRAGMA page_count", [], |r| r.get(0))?)
    }

    fn prepare(db: Connection) -> Result<Store, StoreError> {
        db.busy_timeout(PATIENCE)?;
        db.set_prepared_statement_cache_capacity(128);
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", "full")?;
        db.pragma_update(None, "foreign_keys", true)?;
        // A megabyte: the working set of a school is smaller.
        db.pragma_update(None, "cache_size", -1024)?;
        db.pragma_update(None, "secure_delete", true)?;
        db.pragma_update(None, "journal_size_limit", 16 << 20)?;
        let mut store = Store { db };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: i64 = tx.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        let tables: i64 = tx.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).map_err(|e| StoreError::Damaged(e.to_string()))?;
        if found > VERSION {
            return Err(StoreError::Newer(found));
        }
        if found < 0 || (found == 0 && tables > 0) {
            return Err(StoreError::Damaged("it is no database of Otklik".into()));
        }
        if found == 0 && tables == 0 {
            tx.execute_batch(SCHEMA)?;
        } else {
            for step in MIGRATIONS.iter().skip(usize::try_from(found - 1).unwrap_or(0)) {
                tx.execute_batch(step)?;
            }
        }
        tx.pragma_update(None, "user_version", VERSION)?;
        crate::moment::pass("store.open.migrate.commit");
        tx.commit()?;
        crate::moment::pass("store.open.migrate.committed");
        Ok(())
    }

    /// A single value.
    ///
    /// # Errors
    /// SQLite's.
    pub fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        let mut rows = found.query([key])?;
        Ok(rows.next()?.map(|r| r.get(0)).transpose()?)
    }

    /// Sets a single value.
    ///
    /// # Errors
    /// SQLite's.
    pub fn set_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        crate::moment::pass("store.open.set_meta.write");
        self.db
            .prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")?
            .execute([key, value])?;
        crate::moment::pass("store.open.set_meta.written");
        Ok(())
    }

    /// Removes a single value.
    ///
    /// # Errors
    /// SQLite's.
    pub fn clear_meta(&self, key: &str) -> Result<(), StoreError> {
        crate::moment::pass("store.open.clear_meta.write");
        self.db.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
        crate::moment::pass("store.open.clear_meta.written");
        Ok(())
    }
}

/// The schema version of this program.
pub fn schema_version() -> i64 {
    VERSION
}

/// Makes a folder, and those above it that are missing, with mode 0700 whatever the umask; one that is there stays as somebody made it.
///
/// # Errors
/// The file system's.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Creates the file with mode 0600 before SQLite would create it 0644; takes others' rights from one that is there.
pub(super) fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    use std::os::unix::fs::PermissionsExt;
    let file = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    // A restored copy may have come readable to others.
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
