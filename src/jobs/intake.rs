//! Letters come in: journalled, fetched in batches, handled, settled. Fetching the next batch goes on while the last one is handled.

use super::handle::{Understood, advance};
use super::{JobError, School, dkim, handle, sent};
use crate::decide::on_parked;
use crate::effect::Effect;
use crate::mailbox::{Entry, Fetched, Folders, Mailbox, MailboxError};
use crate::moment;
use crate::store::{Known, Waiting};
use chrono::{DateTime, TimeDelta, Utc};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Letters of one batch, at most.
pub(super) const BATCH: usize = 64;
/// Bytes of one batch, about.
pub(super) const BATCH_BYTES: u64 = 8 << 20;
/// Letters that are handled without a thread of their own.
const FEW: usize = 4;
/// Attempts before a letter is parked.
const ATTEMPTS: u32 = 3;

/// What a round of intake did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intake {
    /// Letters handled.
    pub handled: usize,
    /// Letters parked.
    pub parked: usize,
}

/// Reads the mailbox once.
///
/// # Errors
/// When the mailbox or the store fails; what was journalled until then stays and waits.
pub async fn intake(school: &Arc<School>, mailbox: &mut Mailbox, folders: &Folders, now: DateTime<Utc>) -> Result<Intake, JobError> {
    let settings = school.settings();
    let mut done = Intake::default();
    let mut written = None;
    if let Some(sent) = settings.mailbox.sent.clone().or_else(|| folders.sent.clone()) {
        let scanned = sent::scan(school, mailbox, &sent, now).await.map(|uid_validity| written = Some((sent, uid_validity)));
        despite(school, "sent", scanned, now)?;
    } else {
        school.sent_was_seen();
    }
    if let Some(spam) = settings.mailbox.spam.clone().or_else(|| folders.spam.clone()) {
        school.store().set_meta("spam_folder", &spam)?;
        let counted = journal_new(school, mailbox, &spam, true, true, now).await.map(|_| ());
        despite(school, "spam", counted, now)?;
    }
    for folder in &settings.mailbox.folders {
        let uid_validity = journal_new(school, mailbox, folder, school.baseline, false, now).await?;
        drain(school, mailbox, folder, uid_validity, now, &mut done).await?;
    }
    if let Some((sent, uid_validity)) = written {
        let mut by_hand = Intake::default();
        let decided = sent::by_hand(school, mailbox, &sent, uid_validity, now, &mut by_hand).await;
        done.parked += by_hand.parked;
        despite(school, "sent", decided, now)?;
    }
    Ok(done)
}

/// A folder beside the inbox that cannot be opened for good (renamed, taken away) must not keep people's letters waiting: a person is told.
fn despite(school: &School, what: &str, done: Result<(), JobError>, now: DateTime<Utc>) -> Result<(), JobError> {
    match done {
        Err(JobError::Mailbox(MailboxError::Permanent(_))) => {
            let key = format!("folder/{what}/{}", now.format("%Y-%m-%d"));
            let text = format!("the folder for {what} letters cannot be read: name it in [mailbox] or run `otklik check --online`");
            Ok(school.store().carry_out(&[Effect::Alert { key, text }], now)?)
        }
        done => done,
    }
}

/// Journals what is new in a folder; returns its UIDVALIDITY. `first_is_baseline`: what is there at the first look is never answered.
/// The spam folder is `counted_only`: all its letters are journalled as baseline.
pub(super) async fn journal_new(
    school: &School,
    mailbox: &mut Mailbox,
    folder: &str,
    first_is_baseline: bool,
    counted_only: bool,
    now: DateTime<Utc>,
) -> Result<u32, JobError> {
    let examined = mailbox.examine(folder).await?;
    let known = school.store().folder(folder)?;
    let same = known.is_some_and(|k| k.uid_validity == examined.uid_validity);
    let last = known.filter(|_| same).map_or(0, |k| k.last_uid);
    let entries = mailbox.scan(last).await?;
    let rows = |list: &[Entry]| list.iter().map(|e| (e.uid, e.internal_date, e.size)).collect::<Vec<_>>();
    let counted_only = counted_only && !school.settings().mailbox.folders.iter().any(|f| f == folder);
    let mut store = school.store();
    match known {
        None => store.journal(folder, examined.uid_validity, &rows(&entries), first_is_baseline, now)?,
        Some(_) if same => store.journal(folder, examined.uid_validity, &rows(&entries), counted_only, now)?,
        Some(old) => {
            let (before, after) = split_at_change(&store, folder, examined.uid_validity, old, entries)?;
            store.rejournal(folder, examined.uid_validity, &rows(&before), &rows(&after), counted_only, now)?;
        }
    }
    Ok(examined.uid_validity)
}

/// UIDVALIDITY changed: all UIDs are new (RFC 9051 §2.3.1.1). Letters received more than two days before the last good look were
/// handled then and become baseline; so do those of the baseline and the parked ones, which are known by receipt and size; the rest is
/// fetched and recognised by Message-ID and hash. What still waited stays new.
fn split_at_change(
    store: &crate::store::Store,
    folder: &str,
    uid_validity: u32,
    old: Known,
    entries: Vec<Entry>,
) -> Result<(Vec<Entry>, Vec<Entry>), JobError> {
    let stranded = store.oldest_stranded(folder, uid_validity)?;
    let looked = old.read_at.map(|at| at - TimeDelta::hours(48));
    let from = stranded.into_iter().chain(looked).min();
    let mut unread = store.unread_under_others(folder, uid_validity)?;
    Ok(entries.into_iter().partition(|e| {
        let known = unread.get_mut(&(e.internal_date, e.size)).filter(|n| **n > 0).map(|n| *n -= 1).is_some();
        known || from.is_some_and(|f| e.internal_date < f)
    }))
}

/// Handles all letters of a folder that wait, in pipelined batches.
pub(super) async fn drain(
    school: &Arc<School>,
    mailbox: &mut Mailbox,
    folder: &str,
    uid_validity: u32,
    now: DateTime<Utc>,
    done: &mut Intake,
) -> Result<(), JobError> {
    loop {
        let waiting = school.store().waiting(folder, uid_validity, 4096)?;
        if waiting.is_empty() {
            return Ok(());
        }
        let (open, fresh): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|w| w.working);
        let handled = done.handled + done.parked;
        for letter in open {
            single(school, mailbox, letter, now, done).await?;
        }
        pipeline(school, mailbox, &fresh, now, done).await?;
        if done.handled + done.parked == handled {
            return Ok(());
        }
    }
}

/// After an unclean end the letters whose attempt was open are taken one at a time: only the one in work when the program died counts on.
async fn single(school: &Arc<School>, mailbox: &mut Mailbox, letter: Waiting, now: DateTime<Utc>, done: &mut Intake) -> Result<(), JobError> {
    if letter.attempts >= ATTEMPTS {
        return park(school, &letter, "письмо трижды останавливало программу", None, now, done);
    }
    school.store().begin_attempt(&[letter.id], true)?;
    let fetched = match fetch(school, mailbox, std::slice::from_ref(&letter)).await {
        Ok(fetched) => fetched,
        Err(e) => {
            school.store().uncount_attempt(letter.id)?;
            return Err(e);
        }
    };
    settle(school, vec![Waiting { attempts: letter.attempts + 1, ..letter }], fetched, true, now, done).await
}

/// Batches by number and size.
fn batches(waiting: &[Waiting]) -> Vec<&[Waiting]> {
    let mut batches = Vec::new();
    let mut rest = waiting;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = rest.iter().take(BATCH).take_while(|w| {
            bytes += w.size;
            bytes <= BATCH_BYTES
        });
        let (batch, later) = rest.split_at(fits.count().max(1));
        batches.push(batch);
        rest = later;
    }
    batches
}

/// Three batches are under way at once: one is fetched, one is understood, one is decided.
async fn pipeline(school: &Arc<School>, mailbox: &mut Mailbox, waiting: &[Waiting], now: DateTime<Utc>, done: &mut Intake) -> Result<(), JobError> {
    let mut fetched: Option<(Vec<Waiting>, Vec<Fetched>)> = None;
    let mut understood: Option<Understood> = None;
    let mut broken = None;
    for batch in batches(waiting) {
        let ids: Vec<i64> = batch.iter().map(|w| w.id).collect();
        school.store().begin_attempt(&ids, false)?;
        let (next, stepped) = tokio::join!(fetch(school, mailbox, batch), step(school, understood.take(), fetched.take(), false, now, done));
        understood = stepped?;
        match next {
            Ok(bytes) => fetched = Some((batch.to_vec(), bytes)),
            Err(e) => {
                school.store().release_attempt(&ids)?;
                broken = Some(e);
                break;
            }
        }
    }
    while fetched.is_some() || understood.is_some() {
        understood = step(school, understood.take(), fetched.take(), false, now, done).await?;
    }
    broken.map_or(Ok(()), Err)
}

async fn fetch(school: &School, mailbox: &mut Mailbox, batch: &[Waiting]) -> Result<Vec<Fetched>, JobError> {
    let entries: Vec<_> = batch.iter().map(|w| Entry { uid: w.uid, internal_date: w.internal_date, size: w.size }).collect();
    Ok(mailbox.fetch(&entries, school.settings().mailbox.size_limit).await?)
}

/// Handles one fetched batch to its end.
async fn settle(
    school: &Arc<School>,
    letters: Vec<Waiting>,
    fetched: Vec<Fetched>,
    counted: bool,
    now: DateTime<Utc>,
    done: &mut Intake,
) -> Result<(), JobError> {
    let understood = step(school, None, Some((letters, fetched)), counted, now, done).await?;
    step(school, understood, None, counted, now, done).await.map(|_| ())
}

/// Letters that came with their bytes; those without are looked for again and parked after three looks: taken away by a person meanwhile,
/// or a server that does not hand them out (lessons, provider traps).
fn with_bytes(
    school: &School,
    batch: (Vec<Waiting>, Vec<Fetched>),
    counted: bool,
    now: DateTime<Utc>,
    done: &mut Intake,
) -> Result<Vec<(Waiting, Vec<u8>)>, JobError> {
    let (letters, fetched) = batch;
    let mut pairs = Vec::with_capacity(letters.len());
    let mut fetched: std::collections::HashMap<u32, Fetched> = fetched.into_iter().map(|f| (f.uid, f)).collect();
    for letter in letters {
        if let Some(bytes) = fetched.remove(&letter.uid).and_then(|f| f.bytes) {
            pairs.push((letter, bytes));
        } else if letter.attempts + u32::from(!counted) >= ATTEMPTS {
            park(school, &letter, "сервер не отдаёт письмо (возможно, его перенесли или удалили)", None, now, done)?;
        } else {
            let mut store = school.store();
            if !counted {
                store.begin_attempt(&[letter.id], true)?;
            }
            store.release_attempt(&[letter.id])?;
        }
    }
    Ok(pairs)
}

/// One step of the line, on a thread that may block; what fails is tried again alone and parked after three attempts.
async fn step(
    school: &Arc<School>,
    understood: Option<Understood>,
    fetched: Option<(Vec<Waiting>, Vec<Fetched>)>,
    counted: bool,
    now: DateTime<Utc>,
    done: &mut Intake,
) -> Result<Option<Understood>, JobError> {
    let pairs = fetched.map(|batch| with_bytes(school, batch, counted, now, done)).transpose()?.filter(|p| !p.is_empty());
    // A few letters take milliseconds and are handled here: a thread of their own would keep its own heap while the daemon idles.
    // Those who watch the moments of a thread see it whole.
    let few = moment::watched() || pairs.as_ref().map_or(0, Vec::len).max(understood.as_ref().map_or(0, Understood::len)) <= FEW;
    let worker = Arc::clone(school);
    let proofs = match &pairs {
        Some(pairs) => dkim::proofs(&school.keys, &school.settings(), pairs).await,
        None => dkim::Proofs::new(),
    };
    let work = move || advance(&worker, understood, pairs.map(|pairs| (pairs, proofs)), now);
    let worked = if few { catch_unwind(AssertUnwindSafe(work)).ok() } else { tokio::task::spawn_blocking(work).await.ok() };
    let (decided, understood) = match worked {
        Some(result) => result?,
        None => {
            return Err(JobError::Store(crate::store::StoreError::Decision(
                "a batch of letters broke the handling; its letters are taken one at a time".into(),
            )));
        }
    };
    if let Some((pairs, failed)) = decided {
        done.handled += pairs.len() - failed.len();
        for (id, why) in failed {
            let Some((letter, bytes)) = pairs.iter().find(|(w, _)| w.id == id) else { continue };
            tracing::warn!(letter.uid = letter.uid, reason = why, "letter could not be handled");
            alone(school, letter, bytes, now, done)?;
        }
    }
    Ok(understood)
}

/// A letter that failed in its batch, twice more alone.
fn alone(school: &School, letter: &Waiting, bytes: &[u8], now: DateTime<Utc>, done: &mut Intake) -> Result<(), JobError> {
    for _ in 1..ATTEMPTS {
        school.store().begin_attempt(&[letter.id], true)?;
        if handle(school, &[(letter.clone(), bytes.to_vec())], now)?.is_empty() {
            done.handled += 1;
            return Ok(());
        }
    }
    park(school, letter, "письмо не удалось разобрать", Some(bytes), now, done)
}

/// Parks a letter and tells the operator.
fn park(school: &School, letter: &Waiting, reason: &str, bytes: Option<&[u8]>, now: DateTime<Utc>, done: &mut Intake) -> Result<(), JobError> {
    let settings = school.settings();
    let when = letter.internal_date.with_timezone(&settings.worktime.zone).format("%d.%m.%Y %H:%M");
    let line = format!("{}, письмо {} от {when}: {reason}", letter.folder, letter.uid);
    school.store().park(letter.id, reason, bytes, now)?;
    let effects = on_parked(school.round(&settings, now), vec![line]);
    school.store().carry_out(&effects, now)?;
    done.parked += 1;
    Ok(())
}
