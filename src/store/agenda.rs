//! What stands still for want of the head's word: wishes of colleagues, times that authors proposed, incidents, orders without their code.

use super::{Store, StoreError, appeals, incidents};
use crate::appeal::{Consultation, Incident};
use chrono::{DateTime, TimeDelta, Utc};

/// An incident that nobody has answered for so long is no question any more.
const INCIDENT: TimeDelta = TimeDelta::hours(48);

impl Store {
    /// What colleagues asked the head for about open appeals since a moment and nobody has answered: number and line of the history, the newest of each.
    ///
    /// # Errors
    /// SQLite's.
    pub fn wishes(&self, since: DateTime<Utc>) -> Result<Vec<(i64, String)>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT h.appeal, h.text FROM history h JOIN appeal a ON a.number = h.appeal \
             WHERE h.at > ?1 AND h.event = 'asked' AND h.text LIKE 'просьба о %' AND a.state <> 'closed' AND NOT EXISTS ( \
               SELECT 1 FROM history l WHERE l.appeal = h.appeal AND l.id > h.id \
                 AND (l.event IN ('extended', 'assigned', 'closed') OR l.event = 'asked' OR l.event = 'added' AND l.text = 'срок не продлён')) \
             ORDER BY h.appeal",
        )?;
        Ok(found.query_map([since.timestamp()], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    /// Consultations to come for which the author proposed another time that nobody has answered.
    ///
    /// # Errors
    /// SQLite's.
    pub fn counters(&self, now: DateTime<Utc>) -> Result<Vec<Consultation>, StoreError> {
        let mut found = self
            .db
            .prepare_cached("SELECT appeal, ordinal FROM consultation WHERE starts > ?1 AND stage <> 'cancelled' AND stage = 'invited' AND offered <> '[]' AND silent_at IS NOT NULL ORDER BY starts")?;
        let rows: Vec<(i64, u32)> = found.query_map([now.timestamp()], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut all = Vec::new();
        for (appeal, ordinal) in rows {
            all.extend(appeals::consultations(&self.db, appeal)?.into_iter().filter(|c| c.ordinal == ordinal));
        }
        Ok(all)
    }

    /// Incidents that were proposed lately and not answered.
    ///
    /// # Errors
    /// SQLite's.
    pub fn proposed(&self, now: DateTime<Utc>) -> Result<Vec<Incident>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT id FROM incident WHERE state = 'proposed' AND newest > ?1 ORDER BY id")?;
        let ids: Vec<i64> = found.query_map([(now - INCIDENT).timestamp()], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let mut all = Vec::new();
        for id in ids {
            all.extend(incidents::incident(&self.db, id)?);
        }
        Ok(all)
    }

    /// Orders in the name of this address that wait for their code.
    ///
    /// # Errors
    /// SQLite's.
    pub fn unconfirmed(&self, address: &str, now: DateTime<Utc>) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM confirmation WHERE address = ?1 AND at > ?2 AND until > ?3 AND done IS NULL";
        let since = (now - TimeDelta::days(3)).timestamp();
        Ok(self.db.prepare_cached(sql)?.query_row(rusqlite::params![address, since, now.timestamp()], |r| r.get(0))?)
    }
}
