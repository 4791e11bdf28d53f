//! What corrections taught: a row an appeal, stems only. It goes with its appeal, whatever removes that.
//!
//! Not here: which words may be kept (`understand`), training (`jobs`).

use super::{Store, StoreError, appeals, apply, moment, moment_of};
use crate::effect::Effect;
use crate::understand::{Category, Learned};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags, Row, params};
use std::path::Path;

/// The training takes no more than this, the newest: time and memory stay small however long a school corrects.
const MOST: u32 = 3000;

/// A lesson and when it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Appeal.
    pub appeal: i64,
    /// What it teaches.
    pub learned: Learned,
    /// When people moved the appeal.
    pub at: DateTime<Utc>,
    /// Taken out by hand since then.
    pub undone: Option<DateTime<Utc>>,
}

/// The words of an appeal as the store keeps them, to be sorted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Appeal.
    pub appeal: i64,
    /// The letter's subject, where the author wrote it.
    pub subject: String,
    /// The appeal's own words.
    pub text: String,
    /// Address of the letter's sender.
    pub sender: String,
}

/// Kept words: the subject of a site's form or of a letter passed on is not the author's.
const KEPT: &str = "SELECT a.number, iif(l.sender = a.email, coalesce(l.subject, ''), ''), a.text, coalesce(l.sender, '') \
     FROM appeal a LEFT JOIN letter l ON l.id = (SELECT min(id) FROM letter WHERE appeal = a.number AND outcome = 'opened')";

fn kept_of(r: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept { appeal: r.get(0)?, subject: r.get(1)?, text: r.get(2)?, sender: r.get(3)? })
}

/// `None` where a newer program wrote a category that this one does not know.
fn lesson_of(r: &Row<'_>) -> rusqlite::Result<Option<Lesson>> {
    let (category, stems): (String, String) = (r.get(1)?, r.get(2)?);
    let Some(category) = Category::from_key(&category) else { return Ok(None) };
    let learned = Learned { category, stems: serde_json::from_str(&stems).unwrap_or_default() };
    Ok(Some(Lesson { appeal: r.get(0)?, learned, at: moment(r.get(3)?), undone: moment_of(r.get(4)?) }))
}

fn lessons(db: &Connection, also_undone: bool) -> rusqlite::Result<Vec<Lesson>> {
    let which = if also_undone { "" } else { "WHERE undone IS NULL" };
    let mut found = db.prepare(&format!("SELECT appeal, category, stems, at, undone FROM lesson {which} ORDER BY at DESC, appeal DESC LIMIT ?1"))?;
    let newest: Vec<Option<Lesson>> = found.query_map([MOST], lesson_of)?.collect::<Result<_, _>>()?;
    let mut lessons: Vec<Lesson> = newest.into_iter().flatten().collect();
    lessons.sort_by_key(|l| l.appeal);
    Ok(lessons)
}

/// Remembers what the correction of an appeal teaches, instead of what an older one did. Too few common words: nothing, and the older one is wrong.
pub(super) fn learn(db: &Connection, number: i64, category: Category, unwanted: &[String], now: DateTime<Utc>) -> rusqlite::Result<()> {
    let Some(appeal) = appeals::appeal(db, number)? else { return Ok(()) };
    let kept = db.prepare_cached(&format!("{KEPT} WHERE a.number = ?1"))?.query_row([number], kept_of)?;
    let mut names: Vec<&str> = unwanted.iter().map(String::as_str).collect();
    names.extend(appeal.name.as_deref());
    names.extend(appeal.child.as_deref());
    // The subject ends a sentence: the text's first capital is none in the middle of one.
    match Learned::of(category, &format!("{}.\n\n{}", kept.subject, kept.text), &names) {
        Some(learned) => {
            let stems = serde_json::to_string(&learned.stems).unwrap_or_else(|_| "[]".into());
            db.prepare_cached(
                "INSERT INTO lesson (appeal, category, stems, at) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (appeal) DO UPDATE SET category = excluded.category, stems = excluded.stems, at = excluded.at, undone = NULL",
            )?
            .execute(params![number, category.key(), stems, now.timestamp()])?;
        }
        None => {
            db.prepare_cached("DELETE FROM lesson WHERE appeal = ?1")?.execute([number])?;
        }
    }
    Ok(())
}

/// The lessons in a school's database file that teach, for commands that only read: nothing is created, migrated or locked.
///
/// # Errors
/// SQLite's. No file, or one from before lessons, has none.
pub fn lessons_in(path: &Path) -> Result<Vec<Learned>, StoreError> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'lesson'", [], |r| r.get(0))?;
    Ok(if tables == 0 { Vec::new() } else { lessons(&db, false)?.into_iter().map(|l| l.learned).collect() })
}

impl Store {
    /// All lessons by appeal, those taken out too.
    ///
    /// # Errors
    /// SQLite's.
    pub fn lessons(&self) -> Result<Vec<Lesson>, StoreError> {
        Ok(lessons(&self.db, true)?)
    }

    /// What the school's own people taught, for the training.
    ///
    /// # Errors
    /// SQLite's.
    pub fn own_examples(&self) -> Result<Vec<Learned>, StoreError> {
        Ok(lessons(&self.db, false)?.into_iter().map(|l| l.learned).collect())
    }

    /// Changes with every lesson that is given, taken out, put back or gone; empty without any. Asked every round, so no stems are read.
    ///
    /// # Errors
    /// SQLite's.
    pub fn lessons_mark(&self) -> Result<String, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT coalesce(group_concat(appeal || category || at, ' '), '') FROM (SELECT appeal, category, at FROM lesson WHERE undone IS NULL ORDER BY appeal)",
        )?;
        Ok(found.query_row([], |r| r.get(0))?)
    }

    /// Takes out what an appeal taught, or everything. Returns the appeals.
    ///
    /// # Errors
    /// SQLite's.
    pub fn undo_lessons(&self, number: Option<i64>, now: DateTime<Utc>) -> Result<Vec<i64>, StoreError> {
        crate::moment::pass("store.lessons.undo_lessons.write");
        let mut done = self.db.prepare("UPDATE lesson SET undone = ?2 WHERE undone IS NULL AND appeal = coalesce(?1, appeal) RETURNING appeal")?;
        let numbers = sorted(done.query_map(params![number, now.timestamp()], |r| r.get(0))?)?;
        crate::moment::pass("store.lessons.undo_lessons.written");
        Ok(numbers)
    }

    /// The same or its opposite, with the record of the order in one transaction; without any change there is none.
    ///
    /// # Errors
    /// SQLite's, or why there is no record; then nothing is changed.
    pub fn decide_lessons<R>(&mut self, number: Option<i64>, undo: bool, now: DateTime<Utc>, record: R) -> Result<Vec<i64>, StoreError>
    where
        R: FnOnce() -> Result<Effect, String>,
    {
        // Another transaction cannot be open: the store is borrowed for this one.
        let tx = self.db.unchecked_transaction()?;
        let done = if undo { self.undo_lessons(number, now)? } else { self.redo_lessons(number)? };
        if !done.is_empty() {
            apply::apply(&tx, &[record().map_err(StoreError::Decision)?], None, now)?;
        }
        crate::moment::pass("store.lessons.decide_lessons.commit");
        tx.commit()?;
        crate::moment::pass("store.lessons.decide_lessons.committed");
        Ok(done)
    }

    /// Puts back what was taken out. Returns the appeals.
    ///
    /// # Errors
    /// SQLite's.
    pub fn redo_lessons(&self, number: Option<i64>) -> Result<Vec<i64>, StoreError> {
        crate::moment::pass("store.lessons.redo_lessons.write");
        let mut done = self.db.prepare("UPDATE lesson SET undone = NULL WHERE undone IS NOT NULL AND appeal = coalesce(?1, appeal) RETURNING appeal")?;
        let numbers = sorted(done.query_map([number], |r| r.get(0))?)?;
        crate::moment::pass("store.lessons.redo_lessons.written");
        Ok(numbers)
    }

    /// The words of appeals received since a moment, by number.
    ///
    /// # Errors
    /// SQLite's.
    pub fn kept_words(&self, since: DateTime<Utc>) -> Result<Vec<Kept>, StoreError> {
        let mut found = self.db.prepare(&format!("{KEPT} WHERE a.received >= ?1 ORDER BY a.number"))?;
        Ok(found.query_map([since.timestamp()], kept_of)?.collect::<Result<_, _>>()?)
    }

    /// The words of the appeals that teach, by number.
    ///
    /// # Errors
    /// SQLite's.
    pub fn taught_words(&self) -> Result<Vec<Kept>, StoreError> {
        let mut found = self.db.prepare(&format!("{KEPT} JOIN lesson s ON s.appeal = a.number WHERE s.undone IS NULL ORDER BY a.number"))?;
        Ok(found.query_map([], kept_of)?.collect::<Result<_, _>>()?)
    }
}

fn sorted(numbers: impl Iterator<Item = rusqlite::Result<i64>>) -> Result<Vec<i64>, StoreError> {
    let mut numbers: Vec<i64> = numbers.collect::<Result<_, _>>()?;
    numbers.sort_unstable();
    Ok(numbers)
}
