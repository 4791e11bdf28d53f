//! A batch of fetched letters: read and understood in parallel, then decided in one transaction. A panic costs one letter, never the batch.

use super::{JobError, School};
use crate::decide::{Incoming, on_message, question};
use crate::effect::{Effect, Event, Settled};
use crate::message::{self, Message};
use crate::settings::Settings;
use crate::store::{Item, Read, Waiting};
use crate::understand::{Context, Sent, Understanding, understand};
use chrono::{DateTime, Utc};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is said where only the beginning of a letter was fetched.
const CUT: &str = "письмо слишком большое: прочитано только начало, вложения смотрите в почтовом ящике школы";

/// Letters below this number are read on the calling thread.
const WORTH_THREADS: usize = 8;

/// Handles letters; returns the rows that failed with a reason fit for a log.
///
/// # Errors
/// The store's; then nothing of the batch was written.
pub fn handle(school: &School, letters: &[(Waiting, Vec<u8>)], now: DateTime<Utc>) -> Result<Vec<(i64, String)>, JobError> {
    let settings = school.settings();
    let limit = settings.mailbox.size_limit;
    let messages = parallel(letters, |(letter, bytes)| {
        let mut message = catch_unwind(AssertUnwindSafe(|| message::read(bytes))).ok()?;
        if letter.size > limit {
            // The last file is cut in the middle; the whole letter stays in the mailbox.
            message.attachments.clear();
        }
        Some(message)
    });
    let mut sent: Vec<Vec<Sent>> = Vec::with_capacity(messages.len());
    {
        let store = school.store();
        for message in &messages {
            sent.push(message.as_ref().map(|m| known(&store, m)).transpose()?.unwrap_or_default());
        }
    }
    let jobs: Vec<_> = letters.iter().zip(&messages).zip(&sent).collect();
    let understood = parallel(&jobs, |((letter, message), sent)| {
        let message = message.as_ref()?;
        let mut understanding = catch_unwind(AssertUnwindSafe(|| comprehend(&settings, message, sent, letter.0.internal_date))).ok()?;
        if letter.0.size > limit {
            understanding.reasons.insert(0, CUT.to_owned());
        }
        Some(understanding)
    });
    let mut failed = Vec::new();
    let mut ready = Vec::with_capacity(letters.len());
    for (((letter, bytes), message), understanding) in letters.iter().zip(&messages).zip(&understood) {
        match (message, understanding) {
            (Some(message), Some(understanding)) => ready.push((letter, bytes, Incoming { message, understanding, received: letter.internal_date })),
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
    let round = school.round(&settings, now);
    let undecided = school.store().decide_letters(&items, now, |index, facts| {
        let Some((letter, _, incoming)) = ready.get(index) else { return Err("no such letter".into()) };
        let decided = catch_unwind(AssertUnwindSafe(|| on_message(round, facts, incoming)));
        let mut effects = decided.map_err(|_| "deciding about the letter failed".to_owned())?;
        if letter.size > limit {
            let appeal = effects.iter().find_map(|e| match e {
                Effect::Settle(Settled::Opened(n) | Settled::Added(n)) => Some(*n),
                _ => None,
            });
            effects.push(Effect::Note { appeal, event: Event::Added, text: CUT.to_owned() });
        }
        Ok(effects)
    })?;
    failed.extend(undecided);
    Ok(failed)
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
pub(super) fn comprehend(settings: &Settings, message: &Message, sent: &[Sent], received: DateTime<Utc>) -> Understanding {
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
    understand(&settings.topics, message, &context)
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
