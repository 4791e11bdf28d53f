//! Letters to staff that wait for a list of the day or for the reader's return, and the silence that families asked for.

use super::{Store, StoreError, absences, apply, moment, moment_of};
use crate::effect::Effect;
use crate::facts::{Aside, ForList, ForReturn, StaffLetter};
use crate::outbox::Kind;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

/// Queued letters stand aside for this reader, oldest first.
pub(super) fn waiting(db: &Connection, email: &str, reason: &str) -> rusqlite::Result<Vec<Aside>> {
    let mut found = db.prepare_cached(
        "SELECT p.key, p.kind, p.appeal, p.subject, p.raw, p.copy <> 'full', p.created_at FROM aside a JOIN posting p ON p.id = a.posting \
         WHERE a.heir IS NULL AND a.reason = ?2 AND p.recipient = ?1 AND p.status = 'queued' AND p.attempt = 0 ORDER BY p.id LIMIT 200",
    )?;
    let rows = found.query_map(params![email, reason], |r| {
        Ok(Aside {
            key: r.get(0)?,
            kind: Kind::from_key(&r.get::<_, String>(1)?).unwrap_or(Kind::Other),
            appeal: r.get(2)?,
            subject: r.get(3)?,
            raw: r.get::<_, Option<Vec<u8>>>(4)?.unwrap_or_default(),
            shell: r.get(5)?,
            made: moment(r.get(6)?),
        })
    })?;
    rows.collect()
}

/// Takes letters out of the line in favour of another one.
pub(super) fn replace(db: &Connection, keys: &[String], heir: &str, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let mut cancel = db.prepare_cached("UPDATE posting SET status = 'cancelled' WHERE key = ?1 AND status = 'queued' AND attempt = 0 RETURNING id")?;
    let mut inherit =
        db.prepare_cached("INSERT INTO aside (posting, reason, at, heir) VALUES (?1, 'day', ?2, ?3) ON CONFLICT (posting) DO UPDATE SET heir = excluded.heir")?;
    for key in keys {
        for id in cancel.query_map([key], |r| r.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()? {
            inherit.execute(params![id, now.timestamp(), heir])?;
        }
    }
    Ok(())
}

/// No automatic letter to this address before then.
pub(super) fn silence(db: &Connection, author: &str, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> rusqlite::Result<()> {
    match until {
        Some(until) => db
            .prepare_cached(
                "INSERT INTO silence (author, until, at) VALUES (?1, ?2, ?3) ON CONFLICT (author) DO UPDATE SET until = excluded.until, at = excluded.at",
            )?
            .execute(params![author, until.timestamp(), now.timestamp()])?,
        None => db.prepare_cached("DELETE FROM silence WHERE author = ?1")?.execute([author])?,
    };
    Ok(())
}

impl Store {
    /// What must be known of a letter to staff before it leaves; `None` for letters to others, and in shadow mode, where the operator reads all.
    /// `day` is where the reader's day began, `tomorrow` where the day after the next begins.
    ///
    /// # Errors
    /// SQLite's.
    pub fn staff_letter(&self, id: i64, day: DateTime<Utc>, tomorrow: DateTime<Utc>) -> Result<Option<StaffLetter>, StoreError> {
        // The plus keeps the count to the letters of the day: by recipient it would go through all that a person ever got.
        let mut found = self.db.prepare_cached(
            "SELECT p.recipient, p.kind, p.priority, p.ics_uid IS NOT NULL, p.slot_start, a.reason, \
             (SELECT count(*) FROM posting s WHERE s.sent_at >= ?2 AND +s.recipient = p.recipient AND s.audience = 'staff' AND s.shadow_of IS NULL AND s.ics_uid IS NULL \
              AND (s.priority > 2 OR s.priority = 1 AND coalesce(s.slot_start, ?3) >= ?3) AND s.kind NOT IN ('call_task', 'report_daily', 'report_weekly') \
              AND s.key NOT LIKE 'list/%' AND s.key NOT LIKE 'return/%') \
             FROM posting p LEFT JOIN aside a ON a.posting = p.id WHERE p.id = ?1 AND p.audience = 'staff' AND p.shadow_of IS NULL AND p.attempt = 0 \
             AND p.key NOT LIKE 'list/%' AND p.key NOT LIKE 'return/%'",
        )?;
        let rows = found.query_map(params![id, day.timestamp(), tomorrow.timestamp()], |r| {
            Ok(StaffLetter {
                to: r.get(0)?,
                kind: Kind::from_key(&r.get::<_, String>(1)?).unwrap_or(Kind::Other),
                priority: r.get(2)?,
                event: r.get(3)?,
                slot: moment_of(r.get(4)?),
                aside: r.get(5)?,
                sent_today: r.get(6)?,
            })
        })?;
        Ok(rows.into_iter().next().transpose()?)
    }

    /// A letter stands aside until then.
    ///
    /// # Errors
    /// SQLite's.
    pub fn stand_aside(&mut self, id: i64, reason: &str, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.prepare_cached("INSERT INTO aside (posting, reason, at) VALUES (?1, ?2, ?3) ON CONFLICT (posting) DO UPDATE SET reason = excluded.reason")?
            .execute(params![id, reason, now.timestamp()])?;
        // Both or neither: one that stands aside and is due would be put on a list at once.
        tx.prepare_cached("UPDATE posting SET next_at = ?2 WHERE id = ?1 AND status = 'queued'")?.execute(params![id, until.timestamp()])?;
        crate::moment::pass("store.asides.stand_aside.commit");
        tx.commit()?;
        crate::moment::pass("store.asides.stand_aside.committed");
        Ok(())
    }

    /// It waits no longer: from here on a letter like any other.
    ///
    /// # Errors
    /// SQLite's.
    pub fn stand_in_line(&mut self, id: i64) -> Result<(), StoreError> {
        crate::moment::pass("store.asides.stand_in_line.write");
        self.db.prepare_cached("DELETE FROM aside WHERE posting = ?1 AND heir IS NULL")?.execute([id])?;
        crate::moment::pass("store.asides.stand_in_line.written");
        Ok(())
    }

    /// Whether a letter to somebody outside is one that a family did not want at this moment.
    ///
    /// # Errors
    /// SQLite's.
    pub fn unwanted(&self, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM posting p JOIN silence s ON s.author = p.recipient WHERE p.id = ?1 AND s.until > ?2 AND p.audience <> 'staff' \
             AND p.shadow_of IS NULL AND p.kind IN ('reminder', 'survey', 'announcement')";
        Ok(self.db.prepare_cached(sql)?.exists(params![id, now.timestamp()])?)
    }

    /// It does not leave, and nobody is told of a failure.
    ///
    /// # Errors
    /// SQLite's.
    pub fn drop_unwanted(&mut self, id: i64) -> Result<(), StoreError> {
        crate::moment::pass("store.asides.drop_unwanted.write");
        self.db.prepare_cached("UPDATE posting SET status = 'cancelled' WHERE id = ?1 AND status = 'queued'")?.execute([id])?;
        crate::moment::pass("store.asides.drop_unwanted.written");
        Ok(())
    }

    /// Decides about the list of what stands aside for somebody.
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn decide_list<D>(&mut self, email: &str, now: DateTime<Utc>, decide: D) -> Result<(), StoreError>
    where
        D: FnOnce(&ForList) -> Vec<Effect>,
    {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let letters = waiting(&tx, email, "day")?;
        let mut appeals = Vec::new();
        for number in letters.iter().filter_map(|l| l.appeal) {
            appeals.extend(super::appeals::appeal(&tx, number)?);
        }
        let effects = decide(&ForList { letters, appeals });
        apply::apply(&tx, &effects, None, now)?;
        crate::moment::pass("store.asides.decide_list.commit");
        tx.commit()?;
        crate::moment::pass("store.asides.decide_list.committed");
        Ok(())
    }

    /// Decides about the one letter that somebody finds on their return.
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn decide_return<D>(&mut self, (id, email): (&str, &str), since: DateTime<Utc>, now: DateTime<Utc>, decide: D) -> Result<(), StoreError>
    where
        D: FnOnce(&ForReturn) -> Vec<Effect>,
    {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = absences::for_return(&tx, id, email, since, now)?;
        let effects = decide(&known);
        apply::apply(&tx, &effects, None, now)?;
        crate::moment::pass("store.asides.decide_return.commit");
        tx.commit()?;
        crate::moment::pass("store.asides.decide_return.committed");
        Ok(())
    }
}
