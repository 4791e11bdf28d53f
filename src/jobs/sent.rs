//! Sent is read like INBOX, read-only: our own copies prove that their letters left, any other letter is what a person wrote by hand.
//!
//! Not here: what such a letter means (`decide::on_sent`).

use super::copies::OPEN;
use super::intake::{BATCH, Intake, drain, journal_new};
use super::{JobError, School, own, takeover};
use crate::mailbox::{Entry, Mailbox};
use crate::message;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// Bytes of a letter that are looked at to tell whether it is ours: its headers.
const HEADERS: u64 = 16 << 10;
/// Where the name of the folder is kept: a letter of that folder is decided as one that staff wrote.
pub(super) const FOLDER: &str = "sent_folder";

/// Journals what is new in Sent and knows our own copies; what people wrote by hand waits for [`by_hand`]. Returns the folder's UIDVALIDITY.
///
/// # Errors
/// When the mailbox or the store fails; what was journalled until then stays and waits.
pub(super) async fn scan(school: &Arc<School>, mailbox: &mut Mailbox, folder: &str, now: DateTime<Utc>) -> Result<u32, JobError> {
    school.store().set_meta(FOLDER, folder)?;
    let uid_validity = journal_new(school, mailbox, folder, school.baseline, false, now).await?;
    copies(school, mailbox, folder, uid_validity, now).await?;
    let store = school.store();
    store.set_meta("sent_scanned_at", &now.timestamp().to_string())?;
    if store.meta(OPEN)?.is_some() {
        store.clear_meta(OPEN)?;
    }
    drop(store);
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

/// Our own letters are known by their headers and never fetched whole.
async fn copies(school: &School, mailbox: &mut Mailbox, folder: &str, uid_validity: u32, now: DateTime<Utc>) -> Result<(), JobError> {
    let waiting = school.store().waiting(folder, uid_validity, 4096)?;
    for chunk in waiting.chunks(BATCH) {
        let entries: Vec<Entry> = chunk.iter().map(|w| Entry { uid: w.uid, internal_date: w.internal_date, size: w.size }).collect();
        let mut own = Vec::new();
        for fetched in mailbox.fetch(&entries, HEADERS).await? {
            let Some(message) = fetched.bytes.as_deref().map(message::read) else { continue };
            let Some(id) = message.message_id.clone() else { continue };
            let Some(row) = chunk.iter().find(|w| w.uid == fetched.uid).map(|w| w.id) else { continue };
            // One of another machine with our key (before a restore, after a takeover) is as little written by hand as one of our own outbox.
            let signed = own::signed(school, &message);
            if let Some(stamp) = &signed {
                takeover::seen(school, stamp.epoch, now)?;
            }
            if signed.is_some() || school.store().is_ours(&id)? {
                own.push((row, id));
            }
        }
        if !own.is_empty() {
            school.store().settle_copies(&own, now)?;
        }
    }
    Ok(())
}
