//! One round of the daemon: what is done each time, without the loops, the waiting and the signals round it. `once` and the simulator call the same.

use crate::jobs::{self, JobError, School, brief};
use crate::mailbox::{Folders, Mailbox};
use crate::store::StoreError;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// Minutes for which evidence is awaited of what was being sent when the program ended.
const EVIDENCE: i64 = 15;

/// What a start finds: letters that were being sent when the program ended, deadlines that passed meanwhile.
///
/// # Errors
/// The store's.
pub fn begin(school: &School, now: DateTime<Utc>) -> Result<(), StoreError> {
    {
        let mut store = school.store();
        let unknown = store.recover_sending(now, EVIDENCE)?;
        if unknown > 0 {
            tracing::warn!(letters = unknown, "letters were being sent when the program ended; evidence is awaited");
        }
        store.wake_all()?;
    }
    learn(school);
    Ok(())
}

/// Learns from corrections where there are new ones. That this fails keeps no letter waiting: it is sorted as before.
pub fn learn(school: &School) {
    match jobs::learn(school) {
        Ok(Some(examples)) => tracing::info!(examples, "the topics were trained on the school's own examples"),
        Ok(None) => {}
        Err(e) => tracing::error!(reason = brief(&e), "the topics could not be trained on the school's own examples"),
    }
}

/// Reads, and opens the folder that is waited on; true when letters came meanwhile, of which IDLE would say nothing any more.
///
/// `posted` is called whenever letters may have been added to the outbox.
///
/// # Errors
/// The mailbox's or the store's; what was done until then stays.
pub async fn read(school: &Arc<School>, mailbox: &mut Mailbox, folders: &mut Option<Folders>, now: DateTime<Utc>, posted: &(dyn Fn() + Sync)) -> Result<bool> {
    let found = match folders.take() {
        Some(found) => found,
        None => mailbox.folders().await.context("listing folders")?,
    };
    if catching_up(school)? {
        catch_up(school, mailbox, now, posted).await?;
    }
    // Before the letters: the first one after a correction is sorted by it.
    learn(school);
    let done = match jobs::intake(school, mailbox, &found, now).await {
        Err(behind @ JobError::Behind) => {
            tracing::warn!("{behind}");
            catch_up(school, mailbox, now, posted).await?;
            jobs::intake(school, mailbox, &found, now).await?
        }
        done => done?,
    };
    if done.handled + done.parked > 0 {
        tracing::info!(handled = done.handled, parked = done.parked, "letters were read");
        posted();
    }
    let copied = jobs::copy_sent(school, mailbox, &found, now).await;
    // The folder that is waited on is the one letters come to. What came between the last look into it and this EXAMINE is news already:
    // IDLE tells only of what comes later. Without a gap nothing is asked after EXAMINE, so that nothing can slip in between.
    let mut news = false;
    if let Some(folder) = school.settings().mailbox.folders.first() {
        let examined = mailbox.examine(folder).await?;
        let last = school.store().folder(folder)?.map_or(0, |k| k.last_uid);
        if examined.uid_next.is_none_or(|next| next > last.saturating_add(1)) {
            news = !mailbox.scan(last).await?.is_empty();
        }
    }
    *folders = Some(found);
    copied?;
    Ok(news)
}

/// Whether the database is older than the mailbox: of a backup or a snapshot, and not yet lived through up to now.
///
/// # Errors
/// The store's.
pub fn catching_up(school: &School) -> Result<bool, StoreError> {
    Ok(school.store().meta(jobs::RECONCILE)?.is_some())
}

async fn catch_up(school: &Arc<School>, mailbox: &mut Mailbox, now: DateTime<Utc>, posted: &(dyn Fn() + Sync)) -> Result<()> {
    let done = jobs::catch_up(school, mailbox, None, now).await.context("reconciling the restored database with the mailbox")?;
    tracing::info!(letters = done.letters, own = done.own, unknown = done.unknown.len(), "the restored database agrees with the mailbox");
    posted();
    Ok(())
}

/// When there is something to decide by the clock: a term, a report. Nothing while the database catches up: first the mailbox has to be there.
pub fn next(school: &School, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if catching_up(school).unwrap_or_default() {
        return None;
    }
    let wake = school.store().next_wake().ok().flatten();
    wake.into_iter().chain(jobs::next_report(&school.settings(), now)).min()
}

/// Terms, alarms, reports, retention and what is published: all that a round does without the mailbox. Nothing of it while the database does not know
/// the present: whatever was answered since would be overdue.
///
/// # Errors
/// The store's.
pub fn decide(school: &School, now: DateTime<Utc>) -> Result<()> {
    if catching_up(school)? {
        return Ok(());
    }
    jobs::deadlines(school, now)?;
    jobs::reports(school, now)?;
    jobs::retire(school, now)?;
    // That a folder cannot be written keeps nothing else waiting.
    match jobs::publish(school, now) {
        Ok(true) => tracing::info!("the schedule has changed and goes to the site's administrator"),
        Ok(false) => {}
        Err(e) => tracing::error!(reason = brief(&e), "the schedule could not be published"),
    }
    Ok(())
}
