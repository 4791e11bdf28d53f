//! What people said about their days, as rows that are only added; and what whoever was away finds on their return.

use super::{Store, StoreError, appeals, moment};
use crate::facts::{ForReturn, Passed};
use crate::slots::{Away, AwaySource, Specialist, overlay};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rusqlite::{Connection, params};

/// Words about days longer gone than this lay nothing over anything. More than an absence without an end lasts, so that a return is not forgotten before
/// the illness that it ended.
const KEPT_DAYS: i64 = 520;

/// A word about days, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Row.
    pub id: i64,
    /// What was said.
    pub away: Away,
    /// When.
    pub at: DateTime<Utc>,
}

/// Adds a word, and has every open appeal looked at anew.
pub(super) fn save(db: &Connection, a: &Away, now: DateTime<Utc>) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO absence (specialist, from_day, until_day, present, source, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
        a.specialist,
        a.from.to_string(),
        a.until.map(|d| d.to_string()),
        a.present,
        a.source.key(),
        now.timestamp()
    ])?;
    db.execute("UPDATE appeal SET wake_at = 0 WHERE state <> 'closed'", [])?;
    if a.present {
        // What waits for a return is asked again; letters of others who are away wait on.
        let sql = "UPDATE posting SET next_at = min(next_at, ?1) WHERE status = 'queued' AND id IN (SELECT posting FROM aside WHERE heir IS NULL AND reason = 'away')";
        db.execute(sql, [now.timestamp()])?;
    }
    Ok(())
}

fn said(r: &rusqlite::Row<'_>) -> rusqlite::Result<Said> {
    let date = |text: String| text.parse::<NaiveDate>().unwrap_or_default();
    let source = match r.get::<_, String>(5)?.as_str() {
        "self" => AwaySource::Own,
        "head" => AwaySource::Head,
        "auto_reply" => AwaySource::AutoReply,
        _ => AwaySource::Command,
    };
    let away = Away { specialist: r.get(1)?, from: date(r.get(2)?), until: r.get::<_, Option<String>>(3)?.map(date), present: r.get(4)?, source };
    Ok(Said { id: r.get(0)?, away, at: moment(r.get(6)?) })
}

/// Ids of who was away by a word, and whose return was told when.
pub(super) type SpokenOf = (Vec<String>, Vec<(String, DateTime<Utc>)>);

/// What was said of days, in the order in which it was said; not what is long over.
fn lately(db: &Connection) -> rusqlite::Result<Vec<Said>> {
    let sql = "SELECT id, specialist, from_day, until_day, present, source, at FROM absence WHERE at > (SELECT max(at) FROM absence) - ?1 ORDER BY id";
    db.prepare_cached(sql)?.query_map([KEPT_DAYS * 86400], said)?.collect()
}

/// Members of staff whose days somebody spoke of: who is away today by a word (the register's leaves are none), and when somebody's return was told
/// within the last day.
pub(super) fn spoken_of(db: &Connection, today: NaiveDate, now: DateTime<Utc>) -> rusqlite::Result<SpokenOf> {
    let words: Vec<Away> = lately(db)?.into_iter().map(|s| s.away).collect();
    let mut people: Vec<Specialist> = Vec::new();
    for word in &words {
        if !people.iter().any(|p| p.id == word.specialist) {
            people.push(Specialist { id: word.specialist.clone(), ..Specialist::default() });
        }
    }
    overlay(&mut people, &words);
    let mut away: Vec<String> = people.into_iter().filter(|p| p.is_away(today)).map(|p| p.id).collect();
    away.sort_unstable();
    let mut found = db.prepare_cached("SELECT specialist, at FROM absence WHERE present = 1 AND at > ?1 ORDER BY id")?;
    let back = found.query_map([(now - TimeDelta::days(1)).timestamp()], |r| Ok((r.get(0)?, moment(r.get(1)?))))?.collect::<Result<_, _>>()?;
    Ok((away, back))
}

impl Store {
    /// A mark that changes with every word about somebody's days.
    ///
    /// # Errors
    /// SQLite's.
    pub fn absence_mark(&self) -> Result<i64, StoreError> {
        Ok(self.db.prepare_cached("SELECT coalesce(max(id), 0) FROM absence")?.query_row([], |r| r.get(0))?)
    }

    /// What was said of days, in the order in which it was said; not what is long over.
    ///
    /// # Errors
    /// SQLite's.
    pub fn absences(&self) -> Result<Vec<Said>, StoreError> {
        Ok(lately(&self.db)?)
    }

    /// Whether the letter of this return was decided already.
    ///
    /// # Errors
    /// SQLite's.
    pub fn returned(&self, key: &str) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM posting WHERE key = ?1 OR key = 'shadow/' || ?1")?.exists([key])? || self.meta(key)?.is_some())
    }
}

/// What somebody finds on their return from an absence that began on `since`.
pub(super) fn for_return(db: &Connection, specialist: &str, email: &str, since: DateTime<Utc>, now: DateTime<Utc>) -> rusqlite::Result<ForReturn> {
    let mut found = db.prepare_cached("SELECT DISTINCT appeal FROM rung WHERE name LIKE 'absent/' || ?1 || '/%' AND at >= ?2 ORDER BY appeal LIMIT 200")?;
    let numbers: Vec<i64> = found.query_map(params![specialist, since.timestamp()], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut passed = Vec::new();
    for number in numbers {
        passed.extend(appeals::appeal(db, number)?.map(Passed::of));
    }
    let mut found = db.prepare_cached("SELECT number FROM appeal WHERE state <> 'closed' AND assignee = ?1 ORDER BY due_literal, number LIMIT 200")?;
    let numbers: Vec<i64> = found.query_map([specialist], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut waiting = Vec::new();
    for number in numbers {
        waiting.extend(appeals::appeal(db, number)?);
    }
    let mut found = db.prepare_cached(
        "SELECT c.appeal, c.starts, c.channel FROM consultation c JOIN appeal a ON a.number = c.appeal AND a.state <> 'closed' \
         WHERE c.specialist = ?1 AND c.stage <> 'cancelled' AND c.outcome IS NULL AND c.starts > ?2 AND c.starts < ?3 ORDER BY c.starts LIMIT 60",
    )?;
    let week = (now + TimeDelta::days(7)).timestamp();
    let meetings = found.query_map(params![specialist, now.timestamp(), week], |r| Ok((r.get(0)?, moment(r.get(1)?), r.get(2)?)))?.collect::<Result<_, _>>()?;
    Ok(ForReturn { passed, waiting, meetings, letters: super::asides::waiting(db, email, "away")? })
}
