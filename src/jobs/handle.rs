//! A batch of fetched letters: read and understood in parallel, then decided in one transaction. A panic costs one letter, never the batch.

use super::dkim::Proofs;
use super::retire::{is_forgotten, is_forgotten_letter};
use super::{JobError, School, brought, sent};
use crate::decide::{Incoming, on_arrivals, on_message, on_sent, question};
use crate::effect::{Effect, Event, Settled};
use crate::message::{self, Message};
use crate::settings::Settings;
use crate::store::{Item, Read, Waiting};
use crate::understand::{Context, Sent, Topics, Understanding, understand};
use chrono::{DateTime, Utc};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is said where only the beginning of a letter was fetched.
const CUT: &str = "письмо слишком большое: прочитано только начало, вложения смотрите в почтовом ящике школы";

/// Why a letter is not decided about while the past is lived through: nothing in Sent tells that it was.
pub(super) const LEFT: &str = "it opened no appeal then";

/// Letters below this number are read on the calling thread.
const WORTH_THREADS: usize = 8;

/// A batch that was read and understood, and waits for its decision.
pub(super) struct Understood {
    letters: Vec<(Waiting, Vec<u8>)>,
    messages: Vec<Option<Message>>,
    understood: Vec<Option<Understanding>>,
}

impl Understood {
    /// How many letters.
    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }
}

/// A batch that was decided: its letters, and the rows that failed with a reason fit for a log.
pub(super) type Decided = (Vec<(Waiting, Vec<u8>)>, Vec<(i64, String)>);

/// Handles letters; returns the rows that failed with a reason fit for a log.
///
/// # Errors
/// The store's; then nothing of the batch was written.
pub fn handle(school: &School, letters: &[(Waiting, Vec<u8>)], now: DateTime<Utc>) -> Result<Vec<(i64, String)>, JobError> {
    handle_proved(school, letters, Proofs::new(), now)
}

/// The same with what is proved of the senders.
///
/// # Errors
/// The store's; then nothing of the batch was written.
pub fn handle_proved(school: &School, letters: &[(Waiting, Vec<u8>)], proofs: Proofs, now: DateTime<Utc>) -> Result<Vec<(i64, String)>, JobError> {
    let (_, understood) = advance(school, None, Some((letters.to_vec(), proofs)), now)?;
    let (decided, _) = advance(school, understood, None, now)?;
    Ok(decided.map(|(_, failed)| failed).unwrap_or_default())
}

/// Letters with their bytes, and what is proved of their senders.
pub(super) type Arrived = (Vec<(Waiting, Vec<u8>)>, Proofs);

/// One step of the line: the batch before is decided while this one is understood, so that both cores have work. Only reading what the store
/// knows of this batch waits for the store; nothing in it can answer a letter that the batch before has only just composed.
///
/// # Errors
/// The store's; then nothing of the batch before was written.
pub(super) fn advance(
    school: &School,
    before: Option<Understood>,
    letters: Option<Arrived>,
    now: DateTime<Utc>,
) -> Result<(Option<Decided>, Option<Understood>), JobError> {
    let settings = school.refresh()?;
    let topics = school.taught_topics();
    let topics = topics.as_deref().unwrap_or(&settings.topics);
    let read = letters.map(|(letters, proofs)| read_all(school, &settings, letters, &proofs)).transpose()?;
    let (decided, understood) = std::thread::scope(|scope| match (before, read) {
        (Some(before), Some(read)) => {
            let settings = &settings;
            let understanding = scope.spawn(move || understand_all(settings, topics, read));
            let decided = decide_all(school, settings, before, now);
            (Some(decided), understanding.join().ok())
        }
        (before, read) => (before.map(|b| decide_all(school, &settings, b, now)), read.map(|r| understand_all(&settings, topics, r))),
    });
    Ok((decided.transpose()?, understood))
}

/// A batch as read, with the letters of ours that each may answer.
struct ReadBatch {
    letters: Vec<(Waiting, Vec<u8>)>,
    messages: Vec<Option<Message>>,
    sent: Vec<Vec<Sent>>,
}

fn read_all(school: &School, settings: &Settings, letters: Vec<(Waiting, Vec<u8>)>, proofs: &Proofs) -> Result<ReadBatch, JobError> {
    let limit = settings.mailbox.size_limit;
    let messages = parallel(&letters, |(letter, bytes)| {
        let mut message = catch_unwind(AssertUnwindSafe(|| message::read(bytes))).ok()?;
        if letter.size > limit {
            // The last file is cut in the middle; the whole letter stays in the mailbox.
            message.attachments.clear();
        }
        if let Some(proof) = proofs.get(&letter.id) {
            message.proof = proof.clone();
        }
        Some(message)
    });
    let mut sent: Vec<Vec<Sent>> = Vec::with_capacity(messages.len());
    let store = school.store();
    for message in &messages {
        sent.push(message.as_ref().map(|m| known(&store, m)).transpose()?.unwrap_or_default());
    }
    Ok(ReadBatch { letters, messages, sent })
}

fn understand_all(settings: &Settings, topics: &Topics, read: ReadBatch) -> Understood {
    let ReadBatch { letters, messages, sent } = read;
    let jobs: Vec<_> = letters.iter().zip(&messages).zip(&sent).collect();
    let understood = parallel(&jobs, |((letter, message), sent)| {
        let message = message.as_ref()?;
        let mut understanding = catch_unwind(AssertUnwindSafe(|| comprehend(settings, topics, message, sent, letter.0.internal_date))).ok()?;
        if letter.0.size > settings.mailbox.size_limit {
            understanding.reasons.insert(0, CUT.to_owned());
        }
        Some(understanding)
    });
    Understood { letters, messages, understood }
}

fn decide_all(school: &School, settings: &Settings, batch: Understood, now: DateTime<Utc>) -> Result<Decided, JobError> {
    let Understood { letters, messages, understood } = batch;
    let limit = settings.mailbox.size_limit;
    let mut failed = Vec::new();
    let mut ready = Vec::with_capacity(letters.len());
    for (((letter, bytes), message), understanding) in letters.iter().zip(&messages).zip(&understood) {
        match (message, understanding) {
            (Some(message), Some(understanding)) => {
                ready.push((letter, bytes, Incoming { message, understanding, received: letter.internal_date, proposed: None }))
            }
            (None, _) => failed.push((letter.id, "reading the letter failed".to_owned())),
            (_, None) => failed.push((letter.id, "understanding the letter failed".to_owned())),
        }
    }
    let items: Vec<Item<'_>> = (ready.iter())
        .map(|(letter, bytes, incoming)| Item {
            question: question(letter.id, incoming),
            read: Read { message: incoming.message, raw: settings.keep_raw.then_some(bytes.as_slice()) },
        })
        .collect();
    let round = school.round(settings, now);
    let arrived: Vec<&Incoming<'_>> = ready.iter().map(|(.., incoming)| incoming).collect();
    // After an outage many ask at once: their times are looked for together, and each decision takes its own where it is still free.
    let proposed = if arrived.len() < 2 {
        Vec::new()
    } else {
        let (busy, groups) = school.store().taken(now)?;
        catch_unwind(AssertUnwindSafe(|| on_arrivals(round, &arrived, &busy, &groups))).unwrap_or_default()
    };
    let by_hand = school.store().meta(sent::FOLDER)?;
    let past = school.past.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let mut forgotten = Vec::with_capacity(ready.len());
    for (letter, _, incoming) in &ready {
        let by_hash = is_forgotten_letter(school, settings, &incoming.message.content_hash, letter.internal_date, past.is_some())?;
        forgotten.push(by_hash || is_forgotten(school, settings, incoming.message.sender().map(|a| a.email.as_str()), letter.internal_date)?);
    }
    let decide = |index: usize, facts: &crate::facts::ForLetter| {
        let Some((letter, bytes, incoming)) = ready.get(index) else { return Err("no such letter".into()) };
        if forgotten.get(index).copied().unwrap_or_default() {
            return Ok(vec![Effect::Settle(Settled::Ignored("forgotten"))]);
        }
        let incoming = Incoming { proposed: proposed.get(index).and_then(Option::as_ref), ..*incoming };
        let on_letter = if by_hand.as_ref() == Some(&letter.folder) { on_sent } else { on_message };
        let decided = catch_unwind(AssertUnwindSafe(|| on_letter(round, facts, &incoming)));
        let mut effects = decided.map_err(|_| "deciding about the letter failed".to_owned())?;
        if let Some(known) = past.as_ref()
            && effects.iter().any(|e| matches!(e, Effect::Open(a) if !known.contains(&a.cause)))
        {
            return Err(LEFT.to_owned());
        }
        let opened = effects.iter().find_map(|e| if let Effect::Open(a) = e { Some(a.number) } else { None });
        if let Some(number) = opened {
            effects.extend(brought::record(school, &letter.folder, bytes, number, now)?);
        }
        if letter.size > limit {
            let appeal = effects.iter().find_map(|e| match e {
                Effect::Settle(Settled::Opened(n) | Settled::Added(n)) => Some(*n),
                _ => None,
            });
            effects.push(Effect::Note { appeal, event: Event::Added, text: CUT.to_owned() });
        }
        Ok(effects)
    };
    let undecided = school.booking(now, || Ok::<_, JobError>(school.store().decide_letters(&items, now, decide)?))?;
    failed.extend(undecided);
    drop(items);
    Ok((letters, failed))
}

/// Letters of ours that this one may answer, by ids, sender and the UID of its calendar object.
fn known(store: &crate::store::Store, message: &Message) -> Result<Vec<Sent>, JobError> {
    let mut sent = store.answered_by(message)?;
    for part in &message.calendars {
        if let Ok(object) = crate::itip::read(&part.bytes, part.method.as_deref()) {
            sent.extend(store.sent_with_uid(&object.uid)?);
        }
    }
    Ok(sent)
}

/// Understanding with what the school knows.
pub(super) fn comprehend(settings: &Settings, topics: &Topics, message: &Message, sent: &[Sent], received: DateTime<Utc>) -> Understanding {
    let mut own = vec![settings.address.clone()];
    own.extend(settings.aliases.iter().cloned());
    let context = Context {
        own: &own,
        staff_domains: &settings.staff_domains,
        staff: &settings.staff_names,
        school_phones: &settings.school_phones,
        sent,
        received: Some(received),
        zone: Some(settings.worktime.zone),
    };
    understand(topics, message, &context)
}

/// Maps a slice on as many threads as the machine has, keeping the order. A few letters are not worth a thread.
fn parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    if items.len() < WORTH_THREADS || threads < 2 {
        return items.iter().map(work).collect();
    }
    let size = items.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = items.chunks(size).map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<R>>())).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    })
}
