//! Answers to the questionnaire: one an appeal, the last one counts; gone with it.

use super::{Store, StoreError, moment};
use crate::report::SurveyRow;
use crate::understand::Survey;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// Keeps an answer; what an earlier one said and this does not, stays.
pub(super) fn keep(db: &Connection, appeal: i64, specialist: Option<&str>, said: &Survey, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let mut kept = db.prepare_cached(
        "INSERT INTO survey (appeal, at, specialist, score, include, impression, wishes, recommend) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
         ON CONFLICT (appeal) DO UPDATE SET score = coalesce(excluded.score, score), include = coalesce(excluded.include, include), \
         impression = coalesce(excluded.impression, impression), wishes = coalesce(excluded.wishes, wishes), recommend = coalesce(excluded.recommend, recommend)",
    )?;
    kept.execute(params![appeal, now.timestamp(), specialist, said.score, said.include, said.impression, said.wishes, said.recommend]).map(|_| ())
}

impl Store {
    /// Answers that came in a period; specialists as ids.
    ///
    /// # Errors
    /// SQLite's.
    pub fn surveys(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<SurveyRow>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT at, specialist, score, include, impression, wishes, recommend FROM survey WHERE at > ?1 AND at <= ?2 ORDER BY at, appeal",
        )?;
        let rows = found.query_map([since.timestamp(), until.timestamp()], |r| {
            Ok(SurveyRow {
                at: Some(moment(r.get(0)?)),
                specialist: r.get(1)?,
                score: r.get(2)?,
                include: r.get(3)?,
                impression: r.get(4)?,
                wishes: r.get(5)?,
                recommend: r.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
