//! The counting behind reports, journal and register. Specialists come as ids; names are the caller's.

use super::{Store, StoreError, moment, moment_of};
use crate::appeal::{Ending, Outcome, Stage, State};
use crate::report::{Count, JournalRow, Reconciliation, RegisterRow, Terms};
use crate::understand::Category;
use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

/// Each appeal that a period has something to tell of, once for each thing; parameters: since, until, now. Three indexes, no scan: what is told of a day
/// must not grow with the years before it.
/// New is what was opened in the period: a letter received before it but handled in it (after an outage) is in no other report.
const TOLD: &str = "SELECT a.category, a.assignee, 1 AS new, 0 AS closed, 0 AS open, 0 AS overdue \
       FROM (SELECT DISTINCT appeal FROM history WHERE event = 'opened' AND at > ?1 AND at <= ?2) AS h CROSS JOIN appeal AS a ON a.number = h.appeal \
     UNION ALL SELECT category, assignee, 0, 1, 0, 0 FROM appeal WHERE closed > ?1 AND closed <= ?2 \
     UNION ALL SELECT category, assignee, 0, 0, 1, met IS NULL AND due_office <= ?3 FROM appeal WHERE state <> 'closed'";

/// The sums of [`TOLD`]; of nothing they are zero.
const SUMS: &str = "coalesce(sum(new), 0), coalesce(sum(closed), 0), coalesce(sum(open), 0), coalesce(sum(overdue), 0)";

fn count(r: &Row<'_>, title: String) -> rusqlite::Result<Count> {
    Ok(Count { title, new: r.get(0)?, closed: r.get(1)?, open: r.get(2)?, overdue: r.get(3)? })
}

/// Answer times and terms of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    /// Terms that ended in the period.
    pub terms: Terms,
    /// Minutes from receipt to answer or invitation of those met in the period, ascending.
    pub minutes: Vec<i64>,
}

impl Store {
    /// Totals of a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn totals(&self, since: DateTime<Utc>, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<Count, StoreError> {
        let mut found = self.db.prepare(&format!("SELECT {SUMS} FROM ({TOLD})"))?;
        Ok(found.query_row(params![since.timestamp(), until.timestamp(), now.timestamp()], |r| count(r, "всего".into()))?)
    }

    /// By category, in the order of the regulation; only those with something to tell.
    ///
    /// # Errors
    /// SQLite's.
    pub fn by_category(&self, since: DateTime<Utc>, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<Count>, StoreError> {
        let mut found = self.db.prepare(&format!("SELECT {SUMS}, category FROM ({TOLD}) GROUP BY category"))?;
        let rows: Vec<(Option<Category>, Count)> = found
            .query_map(params![since.timestamp(), until.timestamp(), now.timestamp()], |r| {
                let category = Category::from_key(&r.get::<_, String>(4)?);
                Ok((category, count(r, category.map_or("", Category::title).to_owned())?))
            })?
            .collect::<Result<_, _>>()?;
        let mut told: Vec<_> = rows.into_iter().filter(|(_, c)| c.new + c.closed + c.open > 0).collect();
        told.sort_by_key(|(category, _)| *category);
        Ok(told.into_iter().map(|(_, c)| c).collect())
    }

    /// By specialist; the title is the id.
    ///
    /// # Errors
    /// SQLite's.
    pub fn by_specialist(&self, since: DateTime<Utc>, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<Count>, StoreError> {
        let mut found = self.db.prepare(&format!("SELECT {SUMS}, assignee FROM ({TOLD}) WHERE assignee IS NOT NULL GROUP BY assignee ORDER BY assignee"))?;
        let rows = found.query_map(params![since.timestamp(), until.timestamp(), now.timestamp()], |r| count(r, r.get(4)?))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().filter(|c| c.new + c.closed + c.open > 0).collect())
    }

    /// Where every letter of the read folders since the baseline went. Sent and spam folders are not letters to the school.
    ///
    /// # Errors
    /// SQLite's.
    pub fn reconciliation(&self, folders: &[String]) -> Result<Reconciliation, StoreError> {
        let mut r = Reconciliation::default();
        let mut found = self.db.prepare(
            "SELECT state, nullif(outcome, ''), reason, sum(count) FROM letter_count WHERE state <> 'baseline' AND folder IN (SELECT value FROM json_each(?1)) \
             GROUP BY state, outcome, reason HAVING sum(count) > 0",
        )?;
        let names = serde_json::to_string(folders).unwrap_or_else(|_| "[]".into());
        let rows = found.query_map([names], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get::<_, Option<String>>(2)?,
                u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
            ))
        })?;
        for row in rows {
            let (state, outcome, reason, n) = row?;
            r.journalled += n;
            match (state.as_str(), outcome.as_deref()) {
                ("waiting", _) => r.waiting += n,
                ("parked", _) => r.parked += n,
                (_, Some("opened")) => r.opened += n,
                (_, Some("added")) => r.added += n,
                (_, Some("answer")) => r.answers += n,
                (_, Some("duplicate")) => r.duplicates += n,
                _ => r.ignored.push((reason.unwrap_or_default(), n)),
            }
        }
        Ok(r)
    }

    /// Terms that ended in a period and the answer times of those met in it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn times(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Times, StoreError> {
        let (since, until) = (since.timestamp(), until.timestamp());
        // A term ends when it is met, and at the latest when it is due both by the clock and in presence hours: what is not decided yet is in the
        // next report. Two sets without a common member, each found by its index.
        let terms = self.db.query_row(
            "SELECT count(*), count(*) FILTER (WHERE met <= due_literal), count(*) FILTER (WHERE met <= last) FROM ( \
               SELECT met, due_literal, max(due_office, due_literal) AS last FROM appeal \
                WHERE met > ?1 AND met <= ?2 AND met <= max(due_office, due_literal) \
               UNION ALL SELECT met, due_literal, max(due_office, due_literal) FROM appeal \
                WHERE max(due_office, due_literal) > ?1 AND max(due_office, due_literal) <= ?2 AND (met IS NULL OR met > max(due_office, due_literal)))",
            [since, until],
            |r| Ok(Terms { ended: r.get(0)?, kept_literal: r.get(1)?, kept_office: r.get(2)? }),
        )?;
        let mut found = self.db.prepare("SELECT (met - received) / 60 FROM appeal WHERE met > ?1 AND met <= ?2 ORDER BY 1")?;
        let minutes = found.query_map([since, until], |r| r.get(0))?.collect::<Result<_, _>>()?;
        Ok(Times { terms, minutes })
    }

    /// Appeals received in a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn received_between(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<u32, StoreError> {
        Ok(self.db.query_row("SELECT count(*) FROM appeal WHERE received > ?1 AND received <= ?2", [since.timestamp(), until.timestamp()], |r| r.get(0))?)
    }

    /// Appeals closed in a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn closed_between(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<u32, StoreError> {
        Ok(self.db.query_row("SELECT count(*) FROM appeal WHERE closed > ?1 AND closed <= ?2", [since.timestamp(), until.timestamp()], |r| r.get(0))?)
    }

    /// How many of those closed in a period ended in which way; each ending that occurred, in the order of [`Ending::ALL`].
    ///
    /// # Errors
    /// SQLite's.
    pub fn endings(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<(Ending, u32)>, StoreError> {
        let mut found = self.db.prepare(
            "SELECT coalesce(e.how, 'answered'), count(*) FROM appeal AS a LEFT JOIN ending AS e ON e.appeal = a.number WHERE a.closed > ?1 AND a.closed <= ?2 GROUP BY 1",
        )?;
        let rows = found.query_map([since.timestamp(), until.timestamp()], |r| Ok((r.get::<_, String>(0)?, r.get::<_, u32>(1)?)))?;
        let counted: Vec<(String, u32)> = rows.collect::<Result<_, _>>()?;
        let of = |how: Ending| counted.iter().find(|(key, _)| key == how.key()).map(|(_, n)| (how, *n));
        Ok(Ending::ALL.into_iter().filter_map(of).collect())
    }

    /// Events of a kind in a period, by appeal.
    ///
    /// # Errors
    /// SQLite's.
    pub fn events_between(&self, event: &str, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<(i64, u32)>, StoreError> {
        let mut found = self
            .db
            .prepare("SELECT appeal, count(*) FROM history WHERE event = ?1 AND at > ?2 AND at <= ?3 AND appeal IS NOT NULL GROUP BY appeal ORDER BY appeal")?;
        let rows = found.query_map(params![event, since.timestamp(), until.timestamp()], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Outside letters that did not arrive, of a period: (appeal, phone, what failed).
    ///
    /// # Errors
    /// SQLite's.
    pub fn undelivered(&self, since: DateTime<Utc>) -> Result<Vec<(i64, Option<String>, String)>, StoreError> {
        let mut found = self.db.prepare(
            "SELECT p.appeal, a.phone, coalesce(p.bounced, p.status) FROM posting AS p INDEXED BY posting_failed CROSS JOIN appeal AS a ON a.number = p.appeal \
             WHERE p.audience <> 'staff' AND (p.status IN ('rejected', 'expired') OR p.bounced IS NOT NULL) AND NOT (p.kind = 'reminder' AND p.status = 'expired') AND coalesce(p.reported_at, p.sent_at, p.next_at) > ?1 \
             GROUP BY p.appeal ORDER BY p.appeal",
        )?;
        Ok(found.query_map([since.timestamp()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<Result<_, _>>()?)
    }

    /// Unknown outcomes and repeats in a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn doubts(&self, since: DateTime<Utc>) -> Result<u32, StoreError> {
        Ok(self
            .db
            .query_row("SELECT count(*) FROM posting WHERE (repeated = 1 OR status = 'unknown') AND created_at > ?1", [since.timestamp()], |r| r.get(0))?)
    }

    /// Letters in the spam folder that were seen since a moment.
    ///
    /// # Errors
    /// SQLite's.
    pub fn seen_in(&self, folder: &str, since: DateTime<Utc>) -> Result<u32, StoreError> {
        Ok(self.db.query_row("SELECT count(*) FROM letter WHERE folder = ?1 AND internal_date > ?2", params![folder, since.timestamp()], |r| r.get(0))?)
    }

    /// The last report of a kind: its period and how far it covered.
    ///
    /// # Errors
    /// SQLite's.
    pub fn last_report(&self, kind: &str) -> Result<Option<(String, DateTime<Utc>)>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT period, until FROM report WHERE kind = ?1 ORDER BY until DESC LIMIT 1")?;
        Ok(found.query_map([kind], |r| Ok((r.get(0)?, moment(r.get(1)?))))?.next().transpose()?)
    }

    /// Whether a report was made for a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn reported(&self, kind: &str, period: &str) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM report WHERE kind = ?1 AND period = ?2")?.exists([kind, period])?)
    }

    /// Rows of the journal of remote consultations (000 4.4).
    ///
    /// # Errors
    /// SQLite's.
    pub fn journal_rows(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<JournalRow>, StoreError> {
        let mut found = self.db.prepare(
            "SELECT c.appeal, c.starts, c.specialist, c.channel, coalesce(a.name, ''), coalesce(a.class, ''), a.category, c.stage, c.author_partstat, c.outcome, c.recommendations \
             FROM consultation c JOIN appeal a ON a.number = c.appeal WHERE c.starts >= ?1 AND c.starts < ?2 ORDER BY c.starts, c.specialist",
        )?;
        let rows = found.query_map([from.timestamp(), to.timestamp()], |r| {
            let stage = Stage::from_key(&r.get::<_, String>(7)?).unwrap_or(Stage::Cancelled);
            let accepted = r.get::<_, Option<String>>(8)?.as_deref() == Some("ACCEPTED");
            let outcome = r.get::<_, Option<String>>(9)?.as_deref().and_then(Outcome::from_key).map(Outcome::title);
            let state = outcome.unwrap_or(match (stage, accepted) {
                (Stage::Offered, _) => "автор выбирает время",
                (Stage::Proposed, _) => "предложена специалисту",
                (Stage::Invited, true) => "подтверждена",
                (Stage::Invited, false) => "назначена",
                (Stage::Cancelled, _) => "отменена",
            });
            let category = Category::from_key(&r.get::<_, String>(6)?);
            Ok(JournalRow {
                number: r.get(0)?,
                start: moment_of(r.get(1)?),
                specialist: r.get(2)?,
                form: r.get(3)?,
                group: false,
                author: r.get(4)?,
                class: r.get(5)?,
                topic: category.map_or("", Category::title).into(),
                state: state.into(),
                recommendations: r.get(10)?,
                note: String::new(),
                confidential: category.is_some_and(Category::confidential),
            })
        })?;
        let mut rows: Vec<JournalRow> = rows.collect::<Result<_, _>>()?;
        rows.extend(super::meetings::journal_rows(&self.db, from, to)?);
        rows.sort_by(|a, b| (a.start, &a.specialist).cmp(&(b.start, &b.specialist)));
        Ok(rows)
    }

    /// Rows of the register of appeals received in a period.
    ///
    /// # Errors
    /// SQLite's.
    pub fn register_rows(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<RegisterRow>, StoreError> {
        let mut found = self.db.prepare(
            "SELECT a.number, a.received, a.category, a.state, coalesce(a.assignee, ''), a.due_literal, a.closed, a.met, e.how \
             FROM appeal AS a LEFT JOIN ending AS e ON e.appeal = a.number AND a.state = 'closed' WHERE a.received >= ?1 AND a.received < ?2 ORDER BY a.number",
        )?;
        let rows = found.query_map([from.timestamp(), to.timestamp()], |r| {
            let due: i64 = r.get(5)?;
            let met: Option<i64> = r.get(7)?;
            Ok(RegisterRow {
                number: r.get(0)?,
                received: moment_of(r.get(1)?),
                category: Category::from_key(&r.get::<_, String>(2)?).map_or("", Category::title).into(),
                state: State::from_key(&r.get::<_, String>(3)?).map_or("", State::title).into(),
                assignee: r.get(4)?,
                due: Some(moment(due)),
                closed: moment_of(r.get(6)?),
                ending: r.get::<_, Option<String>>(8)?.as_deref().and_then(Ending::from_key),
                kept: met.map(|m| m <= due),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
