//! Calls to authors who have no address: one row an appeal, the words of the undone call replaced by newer ones.

use super::{moment, moment_of, seconds};
use crate::appeal::{About, Call};
use rusqlite::{Connection, params};

/// The call of an appeal, done or not.
pub(super) fn of_appeal(db: &Connection, number: i64) -> rusqlite::Result<Option<Call>> {
    let mut found = db.prepare_cached("SELECT about, words, caller, tries, at, letter, done FROM call WHERE appeal = ?1")?;
    let mut rows = found.query_map([number], |r| {
        Ok(Call {
            appeal: number,
            about: About::from_key(&r.get::<_, String>(0)?).unwrap_or(About::News),
            words: serde_json::from_str(&r.get::<_, String>(1)?).unwrap_or_default(),
            caller: r.get(2)?,
            tries: r.get(3)?,
            at: moment(r.get(4)?),
            letter: r.get(5)?,
            done: moment_of(r.get(6)?),
        })
    })?;
    rows.next().transpose()
}

/// Writes the call of an appeal in place of the one before.
pub(super) fn save(db: &Connection, c: &Call) -> rusqlite::Result<()> {
    let words = serde_json::to_string(&c.words).unwrap_or_else(|_| "[]".into());
    db.prepare_cached("INSERT OR REPLACE INTO call (appeal, about, words, caller, tries, at, letter, done) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
        .execute(params![c.appeal, c.about.key(), words, c.caller, c.tries, c.at.timestamp(), c.letter, seconds(c.done)])?;
    Ok(())
}
