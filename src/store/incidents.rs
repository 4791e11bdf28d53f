//! Incidents as rows: which appeals belong together, what was answered. What is compared with a new letter is the last hour of the categories that an
//! incident of its own may have.

use super::{Store, StoreError, appeals, calls, facts, moment};
use crate::appeal::{Incident, IncidentState};
use crate::facts::{Family, ForIncident, LiveIncident, Question};
use crate::understand::{Category, compared_with};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

/// An incident without newcomers for so long is over.
const ALIVE: TimeDelta = TimeDelta::hours(24);
/// Appeals of the last hour that a new one is compared with.
const COMPARED: u32 = 40;
/// Characters of each that are compared. With [`COMPARED`] it bounds the work that one letter makes, however many come and however long they are.
const WORDS: u32 = 4000;

/// The categories of a query as JSON.
fn keys(category: Category) -> String {
    let keys: Vec<String> = compared_with(category).iter().map(|c| format!("\"{}\"", c.key())).collect();
    format!("[{}]", keys.join(","))
}

pub(super) fn save(db: &Connection, i: &Incident) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO incident (id, category, state, opened, newest, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, newest = excluded.newest, answer = excluded.answer",
    )?
    .execute(params![i.id, i.category.key(), i.state.key(), i.opened.timestamp(), i.newest.timestamp(), i.answer])?;
    let mut join = db.prepare_cached("INSERT OR IGNORE INTO incident_appeal (appeal, incident) VALUES (?1, ?2)")?;
    for number in &i.appeals {
        join.execute(params![number, i.id])?;
    }
    Ok(())
}

pub(super) fn incident(db: &Connection, id: i64) -> rusqlite::Result<Option<Incident>> {
    let mut numbers = db.prepare_cached("SELECT appeal FROM incident_appeal WHERE incident = ?1 ORDER BY appeal")?;
    let numbers: Vec<i64> = numbers.query_map([id], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut found = db.prepare_cached("SELECT id, category, state, opened, newest, answer FROM incident WHERE id = ?1")?;
    let mut rows = found.query_map([id], |r| {
        Ok(Incident {
            id: r.get(0)?,
            category: Category::from_key(&r.get::<_, String>(1)?).unwrap_or(Category::Other),
            state: IncidentState::from_key(&r.get::<_, String>(2)?),
            opened: moment(r.get(3)?),
            newest: moment(r.get(4)?),
            answer: r.get(5)?,
            appeals: numbers.clone(),
        })
    })?;
    rows.next().transpose()
}

/// The incidents that a new appeal of this category may belong to, with the words of their first appeals.
pub(super) fn live(db: &Connection, category: Category, received: DateTime<Utc>) -> rusqlite::Result<Vec<LiveIncident>> {
    let mut found = db.prepare_cached(
        "SELECT id FROM incident WHERE category IN (SELECT value FROM json_each(?1)) AND state IN ('proposed', 'answered') AND newest > ?2 \
             ORDER BY id DESC LIMIT 5",
    )?;
    let ids: Vec<i64> = found.query_map(params![keys(category), (received - ALIVE).timestamp()], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut words = db.prepare_cached(
        "SELECT substr(a.text, 1, ?2) FROM incident_appeal i JOIN appeal a ON a.number = i.appeal WHERE i.incident = ?1 ORDER BY a.number LIMIT 3",
    )?;
    let mut out = Vec::new();
    for id in ids {
        let texts = words.query_map(params![id, WORDS], |r| r.get(0))?.collect::<Result<_, _>>()?;
        out.extend(incident(db, id)?.map(|incident| LiveIncident { incident, texts }));
    }
    Ok(out)
}

/// Open appeals of the last hour that belong to no incident: number, category and first words, the newest first.
pub(super) fn recent(db: &Connection, category: Category, received: DateTime<Utc>) -> rusqlite::Result<Vec<(i64, Category, String)>> {
    let mut found = db.prepare_cached(
        "SELECT number, category, substr(text, 1, ?5) FROM appeal WHERE received > ?2 AND received <= ?3 \
         AND category IN (SELECT value FROM json_each(?1)) AND state <> 'closed' AND urgent = 0 AND complaint = 0 \
         AND delicate = 0 AND consultation = 0 AND number NOT IN (SELECT appeal FROM incident_appeal) ORDER BY received DESC, number DESC LIMIT ?4",
    )?;
    let hour = (received - TimeDelta::hours(1)).timestamp();
    let row = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, Category::from_key(&r.get::<_, String>(1)?).unwrap_or(category), r.get(2)?));
    found.query_map(params![keys(category), hour, received.timestamp(), COMPARED, WORDS], row)?.collect()
}

/// Number that the next incident takes.
pub(super) fn next(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM incident")?.query_row([], |r| r.get(0))
}

/// The incident that a letter of staff speaks of: answered, pressed, or the only one that is answered and still alive.
pub(super) fn of_letter(db: &Connection, q: &Question, now: DateTime<Utc>) -> rusqlite::Result<Option<ForIncident>> {
    let mut id = q.incident;
    let mut by_letter = db.prepare_cached(
        "SELECT key FROM posting WHERE message_id = ?1 AND appeal IS NULL \
         AND created_at > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'tokens_from'), -1)",
    )?;
    let mut to = None;
    // By its id alone, as `facts::list`: what only looks like an answer to it orders nothing.
    for answered in &q.referred {
        let key: Option<String> = by_letter.query_map([answered], |r| r.get(0))?.next().transpose()?;
        // `incident/3/head-1`: the letter and whom it went to.
        let mut parts = key.as_deref().unwrap_or_default().split('/');
        if parts.next() == Some("incident") {
            id = parts.next().and_then(|n| n.parse().ok()).or(id);
            to = parts.next().map(str::to_owned);
        }
    }
    if id.is_none() && q.closes_incident {
        let mut found = db.prepare_cached("SELECT id FROM incident WHERE state IN ('proposed', 'answered') AND newest > ?1 ORDER BY id LIMIT 2")?;
        let alive: Vec<i64> = found.query_map([(now - ALIVE).timestamp()], |r| r.get(0))?.collect::<Result<_, _>>()?;
        id = alive.first().copied().filter(|_| alive.len() == 1);
    }
    let Some(incident) = id.map(|id| incident(db, id)).transpose()?.flatten() else { return Ok(None) };
    let mut families = Vec::new();
    for number in &incident.appeals {
        let Some(appeal) = appeals::appeal(db, *number)? else { continue };
        let (consultations, references) = (appeals::consultations(db, *number)?, facts::references(db, *number)?);
        families.push(Family { appeal, consultations, references, seats: Vec::new(), call: calls::of_appeal(db, *number)? });
    }
    Ok(Some(ForIncident { incident, families, answered_by: to }))
}

impl Store {
    /// Incidents of a period for the report: category, appeals in all, whether they were answered.
    ///
    /// # Errors
    /// SQLite's.
    pub fn incidents_since(&self, since: DateTime<Utc>) -> Result<Vec<(Category, u32, IncidentState)>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT i.category, count(a.appeal), i.state FROM incident i JOIN incident_appeal a ON a.incident = i.id \
             WHERE i.newest > ?1 AND i.state <> 'apart' GROUP BY i.id ORDER BY i.id",
        )?;
        let rows = found.query_map([since.timestamp()], |r| {
            let category = Category::from_key(&r.get::<_, String>(0)?).unwrap_or(Category::Other);
            Ok((category, r.get(1)?, IncidentState::from_key(&r.get::<_, String>(2)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
