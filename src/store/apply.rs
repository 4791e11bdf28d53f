//! Decisions: facts are read, the decision is taken and its effects are written inside one `BEGIN IMMEDIATE`.

use super::{
    Read, Store, StoreError, absences, announcements, appeals, asides, blocks, calls, confirmations, drafted, edges, facts, incidents, lessons, meetings,
    postings, rebuilt, seconds, undo,
};
use crate::effect::{Effect, Settled};
use crate::facts::{ForAppeal, ForDeadlines, ForLetter, Question};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

/// A letter's part of a batch: what the facts are asked for, and what goes into its row.
pub struct Item<'a> {
    /// Question for the facts.
    pub question: Question,
    /// What reading gave.
    pub read: Read<'a>,
}

impl Store {
    /// Decides about a batch of letters in one transaction: group commit while a backlog drains. A letter whose decision fails is rolled back
    /// alone and listed; the others stand.
    ///
    /// # Errors
    /// SQLite's; then nothing of the batch was written.
    pub fn decide_letters<D>(&mut self, items: &[Item<'_>], now: DateTime<Utc>, mut decide: D) -> Result<Vec<(i64, String)>, StoreError>
    where
        D: FnMut(usize, &ForLetter) -> Result<Vec<Effect>, String>,
    {
        let mut tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut failed = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let point = tx.savepoint()?;
            let known = facts::for_letter(&point, &item.question, now)?;
            match decide(index, &known) {
                Ok(effects) => {
                    let written = record(&point, item.question.letter, &item.read).and_then(|()| apply(&point, &effects, Some(item.question.letter), now));
                    match written {
                        Ok(()) => point.commit()?,
                        // What breaks a rule of the schema is this letter's fault: it must not hold up the others.
                        Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
                            failed.push((item.question.letter, "its decision breaks a rule of the database".to_owned()));
                            drop(point);
                        }
                        Err(e) => return Err(e.into()),
                    }
                }
                Err(why) => {
                    failed.push((item.question.letter, why));
                    drop(point);
                }
            }
        }
        crate::moment::pass("store.apply.decide_letters.commit");
        tx.commit()?;
        crate::moment::pass("store.apply.decide_letters.committed");
        Ok(failed)
    }

    /// Decides about one appeal (an order), which may name `others`. `None` where there is no such appeal.
    ///
    /// # Errors
    /// SQLite's, or the decision's own words; then nothing was written.
    pub fn decide_appeal<D>(&mut self, number: i64, others: &[i64], now: DateTime<Utc>, decide: D) -> Result<Option<()>, StoreError>
    where
        D: FnOnce(&ForAppeal) -> Result<Vec<Effect>, String>,
    {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(known) = facts::for_appeal(&tx, number, others, now)? else { return Ok(None) };
        let effects = decide(&known).map_err(StoreError::Decision)?;
        apply(&tx, &effects, None, now)?;
        crate::moment::pass("store.apply.decide_appeal.commit");
        tx.commit()?;
        crate::moment::pass("store.apply.decide_appeal.committed");
        Ok(Some(()))
    }

    /// Decides about the deadlines that have come. Returns how many appeals were looked at.
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn decide_deadlines<D>(&mut self, now: DateTime<Utc>, today: &str, decide: D) -> Result<usize, StoreError>
    where
        D: FnOnce(&ForDeadlines) -> Vec<Effect>,
    {
        if self.next_wake()?.is_none_or(|at| at > now) {
            return Ok(0);
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = facts::for_deadlines(&tx, now, today)?;
        let count = known.open.len();
        let effects = decide(&known);
        apply(&tx, &effects, None, now)?;
        crate::moment::pass("store.apply.decide_deadlines.commit");
        tx.commit()?;
        crate::moment::pass("store.apply.decide_deadlines.committed");
        Ok(count)
    }

    /// Carries out effects that need no facts (a report, a parked letter's notice).
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn carry_out(&mut self, effects: &[Effect], now: DateTime<Utc>) -> Result<(), StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        apply(&tx, effects, None, now)?;
        crate::moment::pass("store.apply.carry_out.commit");
        tx.commit()?;
        crate::moment::pass("store.apply.carry_out.committed");
        Ok(())
    }
}

/// Headers and text of a letter, in the transaction of what is done about it.
fn record(db: &Connection, letter: i64, read: &Read<'_>) -> rusqlite::Result<()> {
    let m = read.message;
    db.prepare_cached("UPDATE letter SET message_id = ?2, content_hash = ?3, sender = ?4, subject = ?5, text = ?6, raw = ?7 WHERE id = ?1")?
        .execute(params![letter, m.message_id, m.content_hash, m.sender().map(|a| &a.email), m.subject, m.body.whole, read.raw])?;
    Ok(())
}

/// Carries effects out, in order.
pub(super) fn apply(db: &Connection, effects: &[Effect], letter: Option<i64>, now: DateTime<Utc>) -> rusqlite::Result<()> {
    for effect in effects {
        edges::crossed(effect);
        match effect {
            Effect::Settle(settled) => settle(db, letter, settled, now)?,
            Effect::Open(appeal) | Effect::Save(appeal) => appeals::save_appeal(db, appeal)?,
            Effect::Book(consultation) => appeals::save_consultation(db, consultation)?,
            Effect::Meet(meeting) => meetings::save_meeting(db, meeting)?,
            Effect::Seat(seat) => meetings::save_seat(db, seat)?,
            Effect::Post(posting) => postings::insert(db, posting, now)?,
            Effect::Record(posting) => rebuilt::keep_note(db, posting, now)?,
            Effect::Withdraw(keys) => {
                let mut cancel = db.prepare_cached(
                    "UPDATE posting SET status = 'cancelled' WHERE status = 'queued' AND attempt = 0 AND (key = ?1 OR key = 'shadow/' || ?1)",
                )?;
                for key in keys {
                    cancel.execute([key])?;
                }
            }
            Effect::Note { appeal, event, text } => {
                db.prepare_cached("INSERT INTO history (at, event, appeal, letter, text) VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
                    now.timestamp(),
                    event.key(),
                    appeal,
                    letter,
                    text
                ])?;
            }
            Effect::Rung { appeal, name } => {
                db.prepare_cached("INSERT OR IGNORE INTO rung (appeal, name, at) VALUES (?1, ?2, ?3)")?.execute(params![appeal, name, now.timestamp()])?;
            }
            Effect::Reported { kind, period, until } => {
                confirmations::expire(db, now)?;
                db.prepare_cached("INSERT INTO report (kind, period, until, at) VALUES (?1, ?2, ?3, ?4)")?.execute(params![
                    kind,
                    period,
                    until.timestamp(),
                    now.timestamp()
                ])?;
            }
            Effect::Bounced { message_id, class } => {
                db.prepare_cached("UPDATE posting SET bounced = iif(bounced = 'hard', 'hard', ?2) WHERE message_id = ?1")?
                    .execute(params![message_id, class])?;
            }
            Effect::Evidence { message_id, by } => postings::prove(db, message_id, by, now)?,
            Effect::Alert { key, text } => {
                db.prepare_cached("INSERT OR IGNORE INTO alert (key, text, at) VALUES (?1, ?2, ?3)")?.execute(params![key, text, now.timestamp()])?;
            }
            Effect::Ask(asked) => confirmations::ask(db, asked, letter)?,
            Effect::WrongCode { address } => confirmations::wrong(db, address, now)?,
            Effect::Confirmed { id } => confirmations::done(db, *id, now)?,
            Effect::Block(block) => blocks::save(db, block)?,
            Effect::Call(call) => calls::save(db, call)?,
            Effect::Published { key, version } => {
                db.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")?
                    .execute(params![key, version])?;
            }
            Effect::Ended { appeal, how } => {
                db.prepare_cached("INSERT OR REPLACE INTO ending (appeal, how) VALUES (?1, ?2)")?.execute(params![appeal, how.key()])?;
            }
            Effect::Remember { key, value } => {
                db.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")?
                    .execute(params![key, value])?;
            }
            Effect::Surveyed { appeal, specialist, survey } => super::surveys::keep(db, *appeal, specialist.as_deref(), survey, now)?,
            Effect::Learn { appeal, category, unwanted } => lessons::learn(db, *appeal, *category, unwanted, now)?,
            Effect::Keep(kept) => undo::keep(db, kept, now)?,
            Effect::TakeBack { id, withdrawn, again } => undo::take_back(db, *id, withdrawn, again, now)?,
            Effect::Unjoin { appeal, words } => {
                db.prepare_cached("UPDATE appeal SET text = replace(text, ?2, '') WHERE number = ?1")?.execute(params![appeal, words])?;
            }
            Effect::Unlearn(appeal) => {
                db.prepare_cached("DELETE FROM lesson WHERE appeal = ?1")?.execute([appeal])?;
            }
            Effect::WakeGroup { meeting, at } => meetings::wake(db, *meeting, *at)?,
            Effect::Away(away) => absences::save(db, away, now)?,
            Effect::Replace { keys, heir } => asides::replace(db, keys, heir, now)?,
            Effect::Silence { author, until } => asides::silence(db, author, *until, now)?,
            Effect::Incident(incident) => incidents::save(db, incident)?,
            Effect::Drafted(drafted) => drafted::save(db, drafted, now)?,
            Effect::Want(wanted) => drafted::want(db, wanted, now)?,
            Effect::Announcement(change) => announcements::change(db, change, now)?,
            Effect::WakeAt { appeal, at } => {
                db.prepare_cached("UPDATE appeal SET wake_at = ?2 WHERE number = ?1")?.execute(params![appeal, at.timestamp()])?;
            }
        }
    }
    Ok(())
}

fn settle(db: &Connection, letter: Option<i64>, settled: &Settled, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let (outcome, reason, appeal) = match settled {
        Settled::Opened(n) => ("opened", None, Some(*n)),
        Settled::Added(n) => ("added", None, Some(*n)),
        Settled::Answer(n) => ("answer", None, *n),
        Settled::Duplicate(n) => ("duplicate", None, *n),
        Settled::Ignored(why) => ("ignored", Some(*why), None),
    };
    db.prepare_cached("UPDATE letter SET state = 'done', working = 0, outcome = ?2, reason = ?3, appeal = ?4, settled_at = ?5 WHERE id = ?1")?
        .execute(params![letter, outcome, reason, appeal, seconds(Some(now))])?;
    // What staff write by hand is theirs and lies in the mailbox; of letters to others not even the subject is kept (152-FZ).
    db.prepare_cached("UPDATE letter SET text = NULL, raw = NULL WHERE id = ?1 AND folder = (SELECT value FROM meta WHERE key = 'sent_folder')")?
        .execute([letter])?;
    if reason == Some("not_to_author") {
        db.prepare_cached("UPDATE letter SET sender = NULL, subject = NULL, text = NULL, raw = NULL WHERE id = ?1")?.execute([letter])?;
    }
    // Somebody asked to be forgotten: the row says that the letter was seen, and nothing else.
    if reason == Some("forgotten") {
        db.prepare_cached("UPDATE letter SET sender = NULL, subject = NULL, text = NULL, raw = NULL, message_id = NULL WHERE id = ?1")?.execute([letter])?;
    }
    Ok(())
}
