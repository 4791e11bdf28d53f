//! The counting behind the analysis of a period: each figure one function. Ranges are from after a moment up to one, by indexed columns.

use super::{Store, StoreError};
use crate::understand::{Category, Window};
use chrono::{DateTime, Utc};
use rusqlite::params;

/// Opened in a period, by category.
pub(super) const OPENED: &str =
    "SELECT a.category, count(*) FROM history h JOIN appeal a ON a.number = h.appeal WHERE h.event = 'opened' AND h.at > ?1 AND h.at <= ?2 GROUP BY a.category";
/// Closed in a period, by category.
pub(super) const CLOSED: &str = "SELECT category, count(*) FROM appeal WHERE closed > ?1 AND closed <= ?2 GROUP BY category";
/// Received in a period, as far as it may be counted with others.
pub(super) const RECEIVED: &str = "SELECT category, reasons, coalesce(lower(email), phone, 'n' || number), class, times, \
               EXISTS (SELECT 1 FROM consultation c WHERE c.appeal = number AND c.wish_unmet = 1) \
             FROM appeal WHERE received > ?1 AND received <= ?2 AND urgent = 0 AND complaint = 0 AND delicate = 0";
/// Got another specialist in a period.
pub(super) const HANDED: &str = "SELECT count(DISTINCT h.appeal) FROM history h WHERE h.at > ?1 AND h.at <= ?2 AND h.event = 'assigned' AND h.text LIKE 'передана: %' AND EXISTS ( \
               SELECT 1 FROM history e WHERE e.appeal = h.appeal AND e.id < h.id AND e.event = 'assigned' AND e.text LIKE 'передана: %')";
/// Got another category.
pub(super) const CORRECTED: &str = "SELECT count(DISTINCT appeal) FROM history WHERE at > ?1 AND at <= ?2 AND event = 'assigned' AND text LIKE 'тема: %'";
/// Began in a period.
pub(super) const CONSULTATIONS: &str = "SELECT count(*) FROM consultation WHERE starts > ?1 AND starts <= ?2 AND stage <> 'cancelled'";

/// An appeal as the analysis counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Category.
    pub category: Category,
    /// Why it was sorted there: the rules' names with words of the letter behind them.
    pub reasons: Vec<String>,
    /// Whose it is: address, else telephone, else the number.
    pub family: String,
    /// Class as written.
    pub class: Option<String>,
    /// Times wished.
    pub times: Vec<Window>,
    /// It got another time than those.
    pub unmet: bool,
}

impl Store {
    /// Appeals opened in a period by category; the period of a report is that in which they were opened, not that of their letters' receipt.
    ///
    /// # Errors
    /// SQLite's.
    pub fn opened_by_category(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<(Category, u32)>, StoreError> {
        self.by_key(OPENED, since, until)
    }

    /// Appeals closed in a period by category.
    ///
    /// # Errors
    /// SQLite's.
    pub fn closed_by_category(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<(Category, u32)>, StoreError> {
        self.by_key(CLOSED, since, until)
    }

    fn by_key(&self, sql: &str, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<(Category, u32)>, StoreError> {
        let mut found = self.db.prepare_cached(sql)?;
        let rows: Vec<(String, u32)> = found.query_map([since.timestamp(), until.timestamp()], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        Ok(rows.into_iter().filter_map(|(key, n)| Some((Category::from_key(&key)?, n))).collect())
    }

    /// Appeals received in a period that may be counted with others: no urgent one, no complaint, no grief.
    ///
    /// # Errors
    /// SQLite's.
    pub fn received_plain(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Received>, StoreError> {
        let mut found = self.db.prepare_cached(RECEIVED)?;
        let rows = found.query_map([since.timestamp(), until.timestamp()], |r| {
            let list = |text: String| serde_json::from_str(&text).unwrap_or_default();
            Ok((
                r.get::<_, String>(0)?,
                Received {
                    category: Category::Other,
                    reasons: list(r.get(1)?),
                    family: r.get(2)?,
                    class: r.get(3)?,
                    times: serde_json::from_str(&r.get::<_, String>(4)?).unwrap_or_default(),
                    unmet: r.get(5)?,
                },
            ))
        })?;
        let rows: Vec<(String, Received)> = rows.collect::<Result<_, _>>()?;
        Ok(rows.into_iter().filter_map(|(key, row)| Some(Received { category: Category::from_key(&key)?, ..row })).collect())
    }

    /// Appeals that got another specialist in a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn handed(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<u32, StoreError> {
        self.count(HANDED, since, until)
    }

    /// Appeals whose category people corrected in a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn corrected(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<u32, StoreError> {
        self.count(CORRECTED, since, until)
    }

    /// Consultations that began in a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn consultations_between(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<u32, StoreError> {
        self.count(CONSULTATIONS, since, until)
    }

    fn count(&self, sql: &str, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<u32, StoreError> {
        Ok(self.db.prepare_cached(sql)?.query_row(params![since.timestamp(), until.timestamp()], |r| r.get(0))?)
    }
}
