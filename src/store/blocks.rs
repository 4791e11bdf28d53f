//! Blocked time as rows: what a specialist, their file or another school has taken. Intervals, never reasons.

use super::{Store, StoreError, moment, moment_of, seconds};
use crate::facts::{Block, BlockSource, Interval};
use crate::slots::Busy;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// A block as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Row.
    pub id: i64,
    /// Whose.
    pub specialist: String,
    /// Key of [`BlockSource`].
    pub source: String,
    /// Times to come.
    pub count: u32,
    /// The next of them.
    pub next: Option<Interval>,
}

/// Blocked times that end after `now`, all specialists.
pub(super) fn busy(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Vec<Busy>> {
    let mut found = db.prepare_cached(
        "SELECT b.specialist, t.starts, t.ends, b.margin FROM blocked t JOIN block b ON b.id = t.block WHERE t.ends > ?1 ORDER BY t.starts, b.id",
    )?;
    let rows = found.query_map([now.timestamp()], |r| Ok(Busy::block(r.get::<_, String>(0)?, moment(r.get(1)?), moment(r.get(2)?), r.get(3)?)))?;
    rows.collect()
}

/// The block that an invitation with this UID made, whoever's it is.
pub(super) fn by_uid(db: &Connection, uid: &str) -> rusqlite::Result<Option<Block>> {
    let mut found =
        db.prepare_cached("SELECT specialist, uid, sequence, dtstamp, margin, rule, expanded_until FROM block WHERE source = 'invitation' AND uid = ?1")?;
    let mut rows = found.query_map([uid.to_ascii_lowercase()], |r| of(r, BlockSource::Invitation))?;
    rows.next().transpose()
}

fn of(r: &rusqlite::Row<'_>, source: BlockSource) -> rusqlite::Result<Block> {
    Ok(Block {
        specialist: r.get(0)?,
        source,
        uid: r.get(1)?,
        sequence: r.get(2)?,
        dtstamp: moment_of(r.get(3)?),
        margin_minutes: r.get(4)?,
        rule: serde_json::from_str(&r.get::<_, String>(5)?).unwrap_or_default(),
        until: moment(r.get(6)?),
        times: Vec::new(),
    })
}

/// Writes the block with its times in place of those before; one without times is taken out.
pub(super) fn save(db: &Connection, b: &Block) -> rusqlite::Result<()> {
    let uid = b.uid.to_ascii_lowercase();
    if b.times.is_empty() && b.rule.is_empty() {
        db.prepare_cached("DELETE FROM block WHERE specialist = ?1 AND source = ?2 AND uid = ?3")?.execute(params![b.specialist, b.source.key(), uid])?;
        return Ok(());
    }
    let rule = serde_json::to_string(&b.rule).unwrap_or_else(|_| "[]".into());
    let id: i64 = db
        .prepare_cached(
            "INSERT INTO block (specialist, source, uid, sequence, dtstamp, margin, rule, expanded_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
             ON CONFLICT (specialist, source, uid) DO UPDATE SET sequence = excluded.sequence, dtstamp = excluded.dtstamp, margin = excluded.margin, \
             rule = excluded.rule, expanded_until = excluded.expanded_until RETURNING id",
        )?
        .query_row(params![b.specialist, b.source.key(), uid, b.sequence, seconds(b.dtstamp), b.margin_minutes, rule, b.until.timestamp()], |r| r.get(0))?;
    db.prepare_cached("DELETE FROM blocked WHERE block = ?1")?.execute([id])?;
    let mut insert = db.prepare_cached("INSERT OR REPLACE INTO blocked (block, starts, ends) VALUES (?1, ?2, ?3)")?;
    for (start, end) in &b.times {
        insert.execute(params![id, start.timestamp(), end.timestamp()])?;
    }
    Ok(())
}

impl Store {
    /// Blocks of invitations that are expanded less far than `until` and go on.
    ///
    /// # Errors
    /// SQLite's.
    pub fn blocks_to_expand(&self, until: DateTime<Utc>) -> Result<Vec<Block>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT specialist, uid, sequence, dtstamp, margin, rule, expanded_until FROM block WHERE source = 'invitation' AND expanded_until < ?1 ORDER BY id",
        )?;
        Ok(found.query_map([until.timestamp()], |r| of(r, BlockSource::Invitation))?.collect::<Result<_, _>>()?)
    }

    /// Blocks with a time to come, and those that go on.
    ///
    /// # Errors
    /// SQLite's.
    pub fn blocks(&self, now: DateTime<Utc>) -> Result<Vec<Blocked>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT b.id, b.specialist, b.source, count(t.starts), min(t.starts), min(t.ends) FROM block b \
             LEFT JOIN blocked t ON t.block = b.id AND t.ends > ?1 GROUP BY b.id ORDER BY b.specialist, min(t.starts)",
        )?;
        let rows = found.query_map([now.timestamp()], |r| {
            let next = moment_of(r.get(4)?).zip(moment_of(r.get(5)?));
            Ok(Blocked { id: r.get(0)?, specialist: r.get(1)?, source: r.get(2)?, count: r.get(3)?, next })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes a block out; false where there is none of that number.
    ///
    /// # Errors
    /// SQLite's.
    pub fn remove_block(&self, id: i64) -> Result<bool, StoreError> {
        crate::moment::pass("store.blocks.remove_block.write");
        let done = self.db.prepare_cached("DELETE FROM block WHERE id = ?1")?.execute([id])? == 1;
        crate::moment::pass("store.blocks.remove_block.written");
        Ok(done)
    }

    /// Writes blocks, each in place of the one before.
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn save_blocks(&mut self, blocks: &[Block]) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for block in blocks {
            save(&tx, block)?;
        }
        crate::moment::pass("store.blocks.save_blocks.commit");
        tx.commit()?;
        crate::moment::pass("store.blocks.save_blocks.committed");
        Ok(())
    }

    /// What these members of staff have of their own from now on: consultations, meetings, and what they blocked themselves; for another school of
    /// the same daemon.
    ///
    /// # Errors
    /// SQLite's.
    pub fn own_time(&self, specialist: &str, now: DateTime<Utc>) -> Result<Vec<Interval>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT starts, ends FROM consultation WHERE specialist = ?1 AND stage <> 'cancelled' AND ends > ?2 \
             UNION ALL SELECT starts, ends FROM meeting WHERE specialist = ?1 AND stage <> 'cancelled' AND ends > ?2 \
             UNION ALL SELECT t.starts, t.ends FROM blocked t JOIN block b ON b.id = t.block WHERE b.specialist = ?1 AND b.source <> 'school' AND t.ends > ?2 \
             ORDER BY 1, 2",
        )?;
        Ok(found.query_map(params![specialist, now.timestamp()], |r| Ok((moment(r.get(0)?), moment(r.get(1)?))))?.collect::<Result<_, _>>()?)
    }
}
