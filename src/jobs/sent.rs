//! Sent is read like INBOX, read-only: our own copies prove that their letters left, any other letter is what a person wrote by hand.
//!
//! Not here: what such a letter means (`decide::on_sent`).

use super::copies::OPEN;
use super::intake::{BATCH, Intake, drain, journal_new};
use super::{JobError, RECONCILE, School, own, takeover};
use crate::effect::Effect;
use crate::mailbox::{Entry, Mailbox};
use crate::message;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Bytes of a letter that are looked at to tell whether it is ours: its headers.
const HEADERS: u64 = 16 << 10;
/// Letters of Sent, newest first, among which a program that ran here is found.
const NEWEST: usize = 4096;
/// Where the name of the folder is kept: a letter of that folder is decided as one that staff wrote.
pub(super) const FOLDER: &str = "sent_folder";

/// Journals what is new in Sent and knows our own copies; what people wrote by hand waits for [`by_hand`]. Returns the folder's UIDVALIDITY.
///
/// # Errors
/// When the mailbox or the store fails; what was journalled until then stays and waits.
pub(super) async fn scan(school: &Arc<School>, mailbox: &mut Mailbox, folder: &str, now: DateTime<Utc>) -> Result<u32, JobError> {
    school.store().set_meta(FOLDER, folder)?;
    // Asked before anything of this look is written.
    let first = !school.seen.done.load(Ordering::SeqCst);
    let last = if first { school.store().last_moment()? } else { None };
    if first && school.baseline && school.store().is_new()? && holds_ours(school, mailbox, folder).await? {
        return Err(JobError::NotNew);
    }
    let uid_validity = journal_new(school, mailbox, folder, school.baseline, false, now).await?;
    if let (Some(strange), true) = (copies(school, mailbox, folder, uid_validity, last, now).await?, !first) {
        let text = "Sent holds a letter with our signature that this machine did not write: does another one serve the school too? Stop one of them for good, then run `otklik takeover` on the other";
        let key = format!("second/{}", strange.format("%Y-%m-%d"));
        school.store().carry_out(&[Effect::Alert { key, text: text.into() }], now)?;
    }
    let store = school.store();
    store.set_meta("sent_scanned_at", &now.timestamp().to_string())?;
    if store.meta(OPEN)?.is_some() {
        store.clear_meta(OPEN)?;
    }
    drop(store);
    school.sent_was_seen();
    Ok(uid_validity)
}

/// Decides what people wrote by hand. After the inbox of the same round: an answer written while the daemon was away is to a letter that came before it.
///
/// # Errors
/// When the mailbox or the store fails; what was not decided waits.
pub(super) async fn by_hand(
    school: &Arc<School>,
    mailbox: &mut Mailbox,
    folder: &str,
    uid_validity: u32,
    now: DateTime<Utc>,
    done: &mut Intake,
) -> Result<(), JobError> {
    if school.store().waiting(folder, uid_validity, 1)?.is_empty() {
        return Ok(());
    }
    // Between the two looks the server may have given the folder a new UIDVALIDITY: the next round journals it anew.
    if mailbox.examine(folder).await?.uid_validity == uid_validity {
        drain(school, mailbox, folder, uid_validity, now, done).await?;
    }
    Ok(())
}

/// Whether Sent holds a letter of this program: then a database that knows of no letter at all is a lost one, and the school is not new.
async fn holds_ours(school: &School, mailbox: &mut Mailbox, folder: &str) -> Result<bool, JobError> {
    let address = school.settings().address.clone();
    mailbox.examine(folder).await?;
    let mut entries = mailbox.scan(0).await?;
    entries.sort_by_key(|e| std::cmp::Reverse(e.uid));
    entries.truncate(NEWEST);
    for chunk in entries.chunks_mut(BATCH) {
        chunk.sort_by_key(|e| e.uid);
        for fetched in mailbox.fetch(chunk, HEADERS).await? {
            let Some(message) = fetched.bytes.as_deref().map(message::read) else { continue };
            // Signed or not: the key may be lost together with the database. Nobody from outside writes into Sent.
            if message.x_otklik.is_some() && message.sender().is_some_and(|s| s.email.eq_ignore_ascii_case(&address)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Our own letters are known by their headers and never fetched whole. `last`: where this is the first look, the last moment that the database
/// knows. A letter of this very machine (our signature, our epoch) that the outbox does not hold means that the database is older than the mailbox: a
/// snapshot was put back. Then nothing is settled, and it catches up like one that was restored. In daily life such a letter can only come from a
/// second machine; then today is returned.
async fn copies(
    school: &School,
    mailbox: &mut Mailbox,
    folder: &str,
    uid_validity: u32,
    last: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, JobError> {
    let (mut strange, mut behind, mut own) = (None, false, Vec::new());
    let epoch = school.settings().composer.epoch;
    let waiting = school.store().waiting(folder, uid_validity, 4096)?;
    for chunk in waiting.chunks(BATCH) {
        let entries: Vec<Entry> = chunk.iter().map(|w| Entry { uid: w.uid, internal_date: w.internal_date, size: w.size }).collect();
        for fetched in mailbox.fetch(&entries, HEADERS).await? {
            let Some(message) = fetched.bytes.as_deref().map(message::read) else { continue };
            let Some(id) = message.message_id.clone() else { continue };
            let Some(row) = chunk.iter().find(|w| w.uid == fetched.uid).map(|w| w.id) else { continue };
            // One of another machine with our key (before a restore, after a takeover) is as little written by hand as one of our own outbox.
            let signed = own::signed(school, &message);
            if let Some(stamp) = &signed {
                takeover::seen(school, stamp.epoch, now)?;
            }
            let known = school.store().is_ours(&id)?;
            // A tombstone is in no outbox.
            if signed.as_ref().is_some_and(|s| s.epoch == epoch && s.forgotten.is_none()) {
                if last.is_some() && (!known || school.store().never_left(&id)?) {
                    behind = true;
                }
                strange = strange.or((!known).then_some(now));
            }
            if signed.is_some() || known {
                own.push((row, id));
            }
        }
    }
    // All was looked at first: where another machine has taken over since, this one stops and catches up with nothing.
    if let Some(last) = last.filter(|_| behind)
        && takeover::superseded(school)?.is_none()
    {
        school.store().set_meta(RECONCILE, &last.timestamp().to_string())?;
        return Err(JobError::Behind);
    }
    if !own.is_empty() {
        school.store().settle_copies(&own, now)?;
    }
    Ok(strange)
}
