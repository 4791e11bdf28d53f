//! Analyses on their way to the director, and reports of longer periods that staff asked for.

use super::{Store, StoreError, apply, moment};
use crate::effect::Effect;
use crate::report::{DraftState, Drafted, Span, Wanted};
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Row, TransactionBehavior, params};

const COLUMNS: &str = "period, staff, analysis, made, due, state";

/// A row whose figures cannot be read any more counts for nothing.
fn row(r: &Row<'_>) -> rusqlite::Result<Option<Drafted>> {
    let Ok(analysis) = serde_json::from_str(&r.get::<_, String>(2)?) else { return Ok(None) };
    let state = DraftState::from_key(&r.get::<_, String>(5)?);
    Ok(Some(Drafted { period: r.get(0)?, staff: r.get(1)?, analysis, made: moment(r.get(3)?), due: moment(r.get(4)?), state }))
}

/// Keeps a draft as it is now; one that is settled stays so.
pub(super) fn save(db: &Connection, d: &Drafted, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let analysis = serde_json::to_string(&d.analysis).unwrap_or_else(|_| "{}".into());
    let settled = (d.state != DraftState::Draft).then(|| now.timestamp());
    db.prepare_cached(
        "INSERT INTO draft (period, staff, analysis, made, due, state, settled) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (period) DO UPDATE SET state = excluded.state, settled = excluded.settled WHERE state = 'draft'",
    )?
    .execute(params![d.period, d.staff, analysis, d.made.timestamp(), d.due.timestamp(), d.state.key(), settled])
    .map(|_| ())
}

/// The draft of a period.
pub(super) fn of_period(db: &Connection, period: &str) -> rusqlite::Result<Option<Drafted>> {
    let mut found = db.prepare_cached(&format!("SELECT {COLUMNS} FROM draft WHERE period = ?1"))?;
    Ok(found.query_map([period], row)?.next().transpose()?.flatten())
}

/// Keeps a wish for a report.
pub(super) fn want(db: &Connection, w: &Wanted, now: DateTime<Utc>) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO report_wanted (staff, span, first, message_id, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![w.staff, w.span.key(), w.first.to_string(), w.message_id, now.timestamp()])
        .map(|_| ())
}

impl Store {
    /// The draft of a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn draft(&self, period: &str) -> Result<Option<Drafted>, StoreError> {
        Ok(of_period(&self.db, period)?)
    }

    /// Decides about the drafts for whose word the time is over. Returns how many there were.
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn decide_drafts<D>(&mut self, now: DateTime<Utc>, decide: D) -> Result<usize, StoreError>
    where
        D: Fn(&Drafted) -> Vec<Effect>,
    {
        let due = "SELECT 1 FROM draft WHERE state = 'draft' AND due <= ?1";
        if !self.db.prepare_cached(due)?.exists([now.timestamp()])? {
            return Ok(0);
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let waiting: Vec<Drafted> = {
            let mut found = tx.prepare_cached(&format!("SELECT {COLUMNS} FROM draft WHERE state = 'draft' AND due <= ?1 ORDER BY due"))?;
            found.query_map([now.timestamp()], row)?.filter_map(Result::transpose).collect::<Result<_, _>>()?
        };
        for drafted in &waiting {
            apply::apply(&tx, &decide(drafted), None, now)?;
        }
        crate::moment::pass("store.drafted.decide_drafts.commit");
        tx.commit()?;
        crate::moment::pass("store.drafted.decide_drafts.committed");
        Ok(waiting.len())
    }

    /// Reports that staff asked for and that were not made yet, with their rows.
    ///
    /// # Errors
    /// SQLite's.
    pub fn wanted_reports(&self) -> Result<Vec<(i64, Wanted)>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT id, staff, span, first, message_id FROM report_wanted WHERE done IS NULL ORDER BY id")?;
        let rows = found.query_map([], |r| {
            let span = Span::from_key(&r.get::<_, String>(2)?).unwrap_or(Span::Week);
            let first = r.get::<_, String>(3)?.parse::<NaiveDate>().unwrap_or_default();
            Ok((r.get(0)?, Wanted { staff: r.get(1)?, span, first, message_id: r.get(4)? }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Such a report was made: carries out its effects in the same transaction.
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn report_given(&mut self, id: i64, effects: &[Effect], now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        apply::apply(&tx, effects, None, now)?;
        tx.prepare_cached("UPDATE report_wanted SET done = ?2 WHERE id = ?1")?.execute([id, now.timestamp()])?;
        crate::moment::pass("store.drafted.report_given.commit");
        tx.commit()?;
        crate::moment::pass("store.drafted.report_given.committed");
        Ok(())
    }
}
