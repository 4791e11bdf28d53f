//! Copies of sent letters in Sent, where the server does not keep them itself: the only write to the mailbox.

use super::{JobError, School, records};
use crate::compose::{hmac_token, tombstone};
use crate::mailbox::{Folders, Mailbox};
use chrono::{DateTime, TimeDelta, Utc};

/// Set while a copy is being laid: after a lost answer, or an end of the program in between, it may lie there already. A look into Sent takes it away;
/// no clock decides, since clocks jump.
pub(super) const OPEN: &str = "sent_copy_open";
/// By which key the marks in the mailbox are signed: a fingerprint of it.
const SIGNED: &str = "tombstones_signed";

/// Appends what was sent and is not there yet. After any doubt (a repeat, a second attempt) the copy waits for a look into Sent that came later, and
/// after an APPEND whose end is not known all copies do.
///
/// # Errors
/// The mailbox's or the store's; the copy is tried again in the next round.
pub async fn copy_sent(school: &School, mailbox: &mut Mailbox, folders: &Folders, now: DateTime<Utc>) -> Result<usize, JobError> {
    let settings = school.settings();
    let folder = settings.mailbox.sent.clone().or_else(|| folders.sent.clone());
    let waiting = school.store().uncopied(50)?;
    let scanned = school.store().meta("sent_scanned_at")?.and_then(|s| s.parse().ok()).and_then(|s| DateTime::from_timestamp(s, 0));
    let mut count = 0;
    if school.store().meta(OPEN)?.is_some() {
        return Ok(count);
    }
    for (id, bytes, sent_at, doubt) in waiting {
        // A record was never sent, so no provider has laid it there.
        let by_provider = settings.mailbox.sent_by_provider && !records::is_record(&bytes);
        let Some(folder) = folder.as_deref().filter(|_| !by_provider && !bytes.is_empty()) else {
            school.store().copied(id, now)?;
            continue;
        };
        if doubt && scanned.is_none_or(|at| at < sent_at + TimeDelta::minutes(1)) {
            continue;
        }
        if count == 0 {
            school.store().set_meta(OPEN, "copy")?;
        }
        mailbox.append(folder, &bytes, sent_at).await?;
        school.store().copied(id, now)?;
        count += 1;
    }
    if let Some(folder) = folder.as_deref() {
        signed_anew(school)?;
        let marks = school.store().tombstones_to_copy()?;
        for (mark, at) in marks {
            school.store().set_meta(OPEN, "mark")?;
            mailbox.append(folder, &tombstone(&settings.composer, &mark, at), now).await?;
            school.store().tombstone_copied(&mark, now)?;
        }
    }
    if school.store().meta(OPEN)?.is_some() {
        school.store().clear_meta(OPEN)?;
    }
    Ok(count)
}

/// A mark that nobody can verify any more is not believed: after a rotation of the key all of them are laid again under the new one.
fn signed_anew(school: &School) -> Result<(), JobError> {
    let composer = &school.settings().composer;
    let present = hmac_token(&composer.key, "tombstones", "");
    let store = school.store();
    let before = store.meta(SIGNED)?;
    if before.as_ref() == Some(&present) {
        return Ok(());
    }
    if before.is_some() || composer.older.is_some() || !composer.marks.is_empty() {
        store.lay_tombstones_again()?;
    }
    Ok(store.set_meta(SIGNED, &present)?)
}
