//! One machine serves a school; another takes its place by counting the epoch on. Each letter of ours tells its epoch, so a machine that finds a
//! newer one of its own school in Sent knows that it has been replaced, and stops.
//!
//! What remains open: letters that the replaced machine sends before its next look into Sent. The new one therefore lays its mark there first and
//! waits. Not here: the lock of the state folder (`daemon`), the command (`otklik takeover`).

use super::{JobError, School};
use crate::compose::note;
use crate::effect::Effect;
use crate::mailbox::Mailbox;
use crate::store::Store;
use chrono::{DateTime, TimeDelta, Utc};

/// The epoch of this machine's letters.
const EPOCH: &str = "epoch";
/// The newest epoch that was seen in Sent.
const SEEN: &str = "epoch_seen";
/// The epoch that replaced this machine.
const SUPERSEDED: &str = "superseded";
/// The new machine's patience at least: the other one may be in the middle of a round.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);

/// The epoch that a store's letters are made in: 1 until somebody takes over.
pub(super) fn epoch(store: &Store) -> u32 {
    number(store, EPOCH).unwrap_or(1).max(1)
}

fn number(store: &Store, key: &str) -> Option<u32> {
    store.meta(key).ok().flatten().and_then(|n| n.parse().ok())
}

/// The epoch by which this machine was replaced, if it was.
///
/// # Errors
/// The store's.
pub fn superseded(school: &School) -> Result<Option<u32>, JobError> {
    Ok(school.store().meta(SUPERSEDED)?.and_then(|n| n.parse().ok()))
}

/// A letter of ours with this epoch stands in Sent.
pub(super) fn seen(school: &School, found: u32, now: DateTime<Utc>) -> Result<(), JobError> {
    let mut store = school.store();
    if number(&store, SEEN).unwrap_or(1) < found {
        store.set_meta(SEEN, &found.to_string())?;
    }
    if found > epoch(&store) && store.meta(SUPERSEDED)?.is_none() {
        store.set_meta(SUPERSEDED, &found.to_string())?;
        let text = format!("another machine serves this school since epoch {found}: this one has stopped sending; run `otklik takeover` to change that");
        store.carry_out(&[Effect::Alert { key: format!("superseded/{found}"), text }], now)?;
    }
    Ok(())
}

/// While a rebuild or a restored database catches up, older epochs than the newest in Sent are its own past.
pub(super) fn adopt(school: &School, newest: u32) -> Result<(), JobError> {
    let store = school.store();
    if newest > epoch(&store) {
        store.set_meta(EPOCH, &newest.to_string())?;
    }
    store.clear_meta(SUPERSEDED)?;
    Ok(())
}

/// Takes over: the next epoch, its mark in Sent, and a pause long enough for the other machine to see it. Returns the epoch and the end of the pause.
///
/// # Errors
/// The mailbox's or the store's; without the mark in Sent nothing has changed.
pub async fn take_over(school: &School, mailbox: &mut Mailbox, now: DateTime<Utc>) -> Result<(u32, DateTime<Utc>), JobError> {
    let settings = school.settings();
    let folders = mailbox.folders().await?;
    let next = {
        let store = school.store();
        let known = [Some(epoch(&store)), number(&store, SEEN), number(&store, SUPERSEDED)];
        known.into_iter().flatten().max().unwrap_or(1).saturating_add(1)
    };
    let mut composer = settings.composer.clone();
    composer.epoch = next;
    let subject = "Отклик: школу обслуживает другой компьютер";
    let text = format!(
        "С {} письма школы отправляет другой компьютер (смена № {next}).\nПрежний, если он ещё работает, увидит эту запись и остановится сам. Удалять её не нужно.\n",
        now.with_timezone(&settings.worktime.zone).format("%d.%m.%Y %H:%M")
    );
    let mark = note(&composer, format!("takeover/{next}"), None, (subject, &text), None, now);
    if let Some(sent) = settings.mailbox.sent.clone().or(folders.sent) {
        mailbox.append(&sent, &mark.raw, now).await?;
    }
    let poll = TimeDelta::from_std(settings.mailbox.poll).unwrap_or(PATIENCE);
    let pause = now + PATIENCE.max(poll * 3);
    let mut store = school.store();
    store.keep_note(&mark, true, now)?;
    store.set_meta(EPOCH, &next.to_string())?;
    store.set_meta(SEEN, &next.to_string())?;
    store.clear_meta(SUPERSEDED)?;
    store.set_meta("line_stopped_until", &pause.timestamp().to_string())?;
    drop(store);
    school.retune(|settings| settings.composer.epoch = next);
    Ok((next, pause))
}
