//! Everything that the store knows of a person, for that person (152-FZ, art. 14).
//!
//! Not here: its form (`cli::forget`).

use super::{Store, StoreError, moment};
use chrono::{DateTime, Utc};
use rusqlite::Connection;

/// A letter of ours: kind, moment, its frozen bytes while they are kept.
pub type Ours = (String, DateTime<Utc>, Option<Vec<u8>>);

/// What is known of an address.
#[derive(Debug, Clone, Default)]
pub struct KnownPerson {
    /// Its appeals, oldest first.
    pub appeals: Vec<KnownAppeal>,
    /// Letters about no appeal.
    pub announcements: Vec<Ours>,
    /// It wants no announcements.
    pub unsubscribed: bool,
    /// Consents: when, whether given.
    pub consents: Vec<(DateTime<Utc>, bool)>,
}

/// One appeal of theirs.
#[derive(Debug, Clone)]
pub struct KnownAppeal {
    /// Number.
    pub number: i64,
    /// Moment of receipt.
    pub received: DateTime<Utc>,
    /// Keys of state and category.
    pub state: String,
    /// Category.
    pub category: String,
    /// As written.
    pub name: Option<String>,
    /// As written.
    pub child: Option<String>,
    /// Class.
    pub class: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// What was asked.
    pub text: String,
    /// Their letters: moment, subject, text.
    pub letters: Vec<(DateTime<Utc>, Option<String>, Option<String>)>,
    /// Letters to them.
    pub answers: Vec<Ours>,
    /// What happened: moment, event, words.
    pub history: Vec<(DateTime<Utc>, String, String)>,
    /// Consultations: start, specialist, recommendations.
    pub consultations: Vec<(DateTime<Utc>, String, Option<String>)>,
}

impl Store {
    /// All that is known of an address in lower case. What staff wrote to each other about an appeal is theirs and not in it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn known_of(&self, address: &str) -> Result<KnownPerson, StoreError> {
        let db = &self.db;
        let mut found = db.prepare("SELECT number, received, state, category, name, child, class, phone, text FROM appeal WHERE email = ?1 ORDER BY number")?;
        let mut appeals: Vec<KnownAppeal> = found
            .query_map([address], |r| {
                Ok(KnownAppeal {
                    number: r.get(0)?,
                    received: moment(r.get(1)?),
                    state: r.get(2)?,
                    category: r.get(3)?,
                    name: r.get(4)?,
                    child: r.get(5)?,
                    class: r.get(6)?,
                    phone: r.get(7)?,
                    text: r.get(8)?,
                    letters: Vec::new(),
                    answers: Vec::new(),
                    history: Vec::new(),
                    consultations: Vec::new(),
                })
            })?
            .collect::<Result<_, _>>()?;
        for appeal in &mut appeals {
            fill(db, appeal, address)?;
        }
        let mut ours = db.prepare("SELECT kind, created_at, raw FROM posting WHERE recipient = ?1 AND appeal IS NULL ORDER BY id")?;
        let announcements = ours.query_map([address], |r| Ok((r.get(0)?, moment(r.get(1)?), r.get(2)?)))?.collect::<Result<_, _>>()?;
        let mut consents = db.prepare("SELECT at, given FROM consent WHERE email = ?1 ORDER BY at")?;
        Ok(KnownPerson {
            appeals,
            announcements,
            unsubscribed: db.prepare("SELECT 1 FROM unsubscribed WHERE email = ?1")?.exists([address])?,
            consents: consents.query_map([address], |r| Ok((moment(r.get(0)?), r.get(1)?)))?.collect::<Result<_, _>>()?,
        })
    }
}

fn fill(db: &Connection, appeal: &mut KnownAppeal, address: &str) -> rusqlite::Result<()> {
    let n = appeal.number;
    let mut letters = db.prepare_cached("SELECT internal_date, subject, text FROM letter WHERE appeal = ?1 AND sender = ?2 ORDER BY id")?;
    appeal.letters = letters.query_map(rusqlite::params![n, address], |r| Ok((moment(r.get(0)?), r.get(1)?, r.get(2)?)))?.collect::<Result<_, _>>()?;
    let mut ours = db.prepare_cached(
        "SELECT kind, created_at, raw FROM posting WHERE appeal = ?1 AND coalesce(shadow_of, recipient) = ?2 AND status = 'sent' ORDER BY id",
    )?;
    appeal.answers = ours.query_map(rusqlite::params![n, address], |r| Ok((r.get(0)?, moment(r.get(1)?), r.get(2)?)))?.collect::<Result<_, _>>()?;
    let mut history = db.prepare_cached("SELECT at, event, text FROM history WHERE appeal = ?1 ORDER BY id")?;
    appeal.history = history.query_map([n], |r| Ok((moment(r.get(0)?), r.get(1)?, r.get(2)?)))?.collect::<Result<_, _>>()?;
    let mut meetings = db.prepare_cached("SELECT starts, specialist, recommendations FROM consultation WHERE appeal = ?1 ORDER BY ordinal")?;
    appeal.consultations = meetings.query_map([n], |r| Ok((moment(r.get(0)?), r.get(1)?, r.get(2)?)))?.collect::<Result<_, _>>()?;
    Ok(())
}
