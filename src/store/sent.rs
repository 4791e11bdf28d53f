//! Letters that staff write by hand: which open appeals those have to whom they went; our own copies in Sent; what staff look for.

use super::appeals::from_json;
use super::{Store, StoreError, appeals, calls, moment, moment_of, postings};
use crate::appeal::State;
use crate::facts::{Addressed, Found, Queued, Thread, Wanted};
use crate::outbox::Kind;
use crate::understand::named_like;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

/// Appeals that one letter can concern; a letter to more people than that is a mailing.
const MOST_ADDRESSED: usize = 20;
/// Appeals that a search returns.
const MOST_FOUND: usize = 10;
/// Appeals whose names a search reads: some years of a school.
const LOOKED_AT: u32 = 20_000;

/// Open appeals of these addresses, newest first, and the appeal of the conversation itself, open or not, where its author is among them.
pub(super) fn addressed(db: &Connection, recipients: &[String], answers: &[String], thread: Option<&Thread>) -> rusqlite::Result<Vec<Addressed>> {
    if recipients.is_empty() {
        return Ok(Vec::new());
    }
    let mut numbers: Vec<i64> = Vec::new();
    let mut found = db.prepare_cached("SELECT number FROM appeal WHERE email = ?1 AND state <> 'closed' ORDER BY number DESC LIMIT 20")?;
    for to in recipients {
        for number in found.query_map([to], |r| r.get(0))? {
            numbers.push(number?);
        }
    }
    let to_its_author = |number: i64| -> rusqlite::Result<bool> {
        let email: Option<String> = db.prepare_cached("SELECT email FROM appeal WHERE number = ?1")?.query_row([number], |r| r.get(0))?;
        Ok(email.is_some_and(|e| recipients.contains(&e)))
    };
    let mut own = None;
    for number in thread.filter(|t| !t.by_number).map(|t| t.appeal.number).into_iter().chain(answered(db, answers)?) {
        if own.is_none() && to_its_author(number)? {
            own = Some(number);
        }
    }
    numbers.retain(|n| Some(*n) != own);
    numbers.dedup();
    let mut list = Vec::new();
    for number in own.into_iter().chain(numbers).take(MOST_ADDRESSED) {
        let Some(appeal) = appeals::appeal(db, number)? else { continue };
        let consultations = appeals::consultations(db, number)?;
        let call = calls::of_appeal(db, number)?;
        let posting = thread.filter(|_| Some(number) == own).and_then(|t| t.posting.clone());
        list.push(Addressed {
            thread: Thread { appeal, consultations, posting, by_number: false, call },
            subjects: subjects(db, number)?,
            queued: queued(db, number)?,
            conversation: Some(number) == own,
        });
    }
    Ok(list)
}

/// Appeals whose letters from outside these ids name.
fn answered(db: &Connection, answers: &[String]) -> rusqlite::Result<Vec<i64>> {
    let mut found = db.prepare_cached("SELECT appeal FROM letter WHERE message_id = ?1 AND appeal IS NOT NULL ORDER BY id DESC LIMIT 1")?;
    let mut numbers = Vec::new();
    for id in answers.iter().take(12) {
        for number in found.query_map([id], |r| r.get(0))? {
            numbers.push(number?);
        }
    }
    Ok(numbers)
}

/// The appeal that a letter of staff with one of these ids was counted for.
pub(super) fn by_hand(db: &Connection, answers: &[String]) -> rusqlite::Result<Option<i64>> {
    let mut found =
        db.prepare_cached("SELECT appeal FROM letter WHERE message_id = ?1 AND outcome = 'answer' AND appeal IS NOT NULL ORDER BY id DESC LIMIT 1")?;
    for id in answers.iter().take(12) {
        if let Some(number) = found.query_map([id], |r| r.get(0))?.next().transpose()? {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

fn subjects(db: &Connection, number: i64) -> rusqlite::Result<Vec<String>> {
    let mut found = db.prepare_cached(
        "SELECT subject FROM letter WHERE appeal = ?1 AND subject IS NOT NULL AND outcome IN ('opened', 'added') \
         UNION SELECT subject FROM posting WHERE appeal = ?1 AND audience <> 'staff' LIMIT 20",
    )?;
    found.query_map([number], |r| r.get(0))?.collect()
}

fn queued(db: &Connection, number: i64) -> rusqlite::Result<Vec<Queued>> {
    let mut found = db.prepare_cached(
        "SELECT iif(key LIKE 'shadow/%', substr(key, 8), key), kind, audience FROM posting WHERE appeal = ?1 AND status = 'queued' AND attempt = 0 ORDER BY id",
    )?;
    let rows = found.query_map([number], |r| {
        let kind = Kind::from_key(&r.get::<_, String>(1)?).unwrap_or(Kind::Other);
        Ok(Queued { key: r.get(0)?, kind, to_author: r.get::<_, String>(2)? != "staff" })
    })?;
    rows.collect()
}

/// Appeals that staff look for, newest first.
pub(super) fn find(db: &Connection, wanted: &Wanted, now: DateTime<Utc>) -> rusqlite::Result<Vec<Found>> {
    let numbers: Vec<i64> = match wanted {
        Wanted::Number(number) => vec![*number],
        Wanted::Phone(phone) => {
            let mut found = db.prepare_cached("SELECT number FROM appeal WHERE phone = ?1 ORDER BY number DESC LIMIT 10")?;
            found.query_map([phone], |r| r.get(0))?.collect::<Result<_, _>>()?
        }
        Wanted::Name(name) => {
            let mut found =
                db.prepare_cached("SELECT number, name, child FROM appeal WHERE name IS NOT NULL OR child IS NOT NULL ORDER BY number DESC LIMIT ?1")?;
            let rows = found.query_map([LOOKED_AT], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Option<String>>(1)?, r.get::<_, Option<String>>(2)?)))?;
            let mut numbers = Vec::new();
            for row in rows {
                let (number, author, child) = row?;
                if numbers.len() < MOST_FOUND && author.iter().chain(&child).any(|whole| named_like(name, whole)) {
                    numbers.push(number);
                }
            }
            numbers
        }
    };
    let mut found = db.prepare_cached(
        "SELECT a.number, a.state, a.received, max(a.due_literal, a.due_office), (SELECT min(c.starts) FROM consultation c WHERE c.appeal = a.number AND \
         c.stage = 'invited' AND c.outcome IS NULL AND c.starts > ?2), a.excluded FROM appeal a WHERE a.number = ?1",
    )?;
    let mut list = Vec::new();
    for number in numbers {
        let rows = found.query_map(params![number, now.timestamp()], |r| {
            let state = State::from_key(&r.get::<_, String>(1)?).unwrap_or(State::Undecided);
            Ok(Found {
                number: r.get(0)?,
                state,
                received: moment(r.get(2)?),
                due: moment(r.get(3)?),
                consultation: moment_of(r.get(4)?),
                excluded: from_json(&r.get::<_, String>(5)?),
            })
        })?;
        for row in rows {
            list.push(row?);
        }
    }
    Ok(list)
}

impl Store {
    /// Appeals that staff look for, newest first, at most ten.
    ///
    /// # Errors
    /// SQLite's.
    pub fn find(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<Vec<Found>, StoreError> {
        Ok(find(&self.db, wanted, now)?)
    }

    /// What became of a letter: its outcome and its appeal.
    ///
    /// # Errors
    /// SQLite's.
    pub fn outcome_of(&self, folder: &str, uid: u32) -> Result<Option<(String, Option<i64>)>, StoreError> {
        let mut found =
            self.db.prepare_cached("SELECT outcome, appeal FROM letter WHERE folder = ?1 AND uid = ?2 AND outcome IS NOT NULL ORDER BY id DESC LIMIT 1")?;
        Ok(found.query_map(params![folder, uid], |r| Ok((r.get(0)?, r.get(1)?)))?.next().transpose()?)
    }

    /// Our own copies in Sent: each proves that its letter was sent, and its row is done. One transaction.
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn settle_copies(&mut self, copies: &[(i64, String)], now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for copy in copies {
            settle_copy(&tx, copy, now)?;
        }
        crate::moment::pass("store.sent.settle_copies.commit");
        tx.commit()?;
        crate::moment::pass("store.sent.settle_copies.committed");
        Ok(())
    }
}

pub(super) fn settle_copy(db: &Connection, (row, message_id): &(i64, String), now: DateTime<Utc>) -> rusqlite::Result<()> {
    postings::prove(db, message_id, "sent_folder", now)?;
    db.prepare_cached(
        "UPDATE letter SET state = 'done', working = 0, outcome = 'ignored', reason = 'own_copy', message_id = ?2, settled_at = ?3 WHERE id = ?1",
    )?
    .execute(params![row, message_id, now.timestamp()])?;
    Ok(())
}
