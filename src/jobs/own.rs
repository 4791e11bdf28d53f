//! Our own letters in Sent, as far as they tell what happened: to a machine that has lost its memory they are the proof of what left.
//!
//! Not here: the journal of Sent in daily life (`sent`), what is made of the proofs (`rebuild`).

use super::intake::BATCH;
use super::records::{self, Recorded};
use super::{JobError, School};
use crate::compose::{Composer, Stamp, stamp, without_epoch};
use crate::itip::{self, Method};
use crate::mailbox::{Entry, Mailbox, MailboxError};
use crate::message::{self, Message};
use crate::outbox::Kind;
use crate::store::{Proved, Waiting};
use chrono::{DateTime, Utc};

/// Bytes of a letter of ours that are looked at: its headers, its calendar object, its record.
const LOOKED_AT: u64 = 256 << 10;
/// Letters of one folder, more than any school has.
const ALL: u32 = 1 << 30;

/// A letter of ours in Sent.
pub(super) struct Own {
    /// Its row in the journal.
    pub row: i64,
    /// What it proves.
    pub proved: Proved,
    /// What it says of itself.
    pub stamp: Stamp,
    /// The event in it: UID, start, end.
    pub told: Option<(String, DateTime<Utc>, DateTime<Utc>)>,
    /// The order in it.
    pub order: Option<Recorded>,
    /// It holds an order that cannot be read: the key is lost.
    pub locked: bool,
    /// Letters that it answers.
    pub answers: Vec<String>,
    /// When it was decided: our `Date` is the round's moment.
    pub decided: DateTime<Utc>,
}

impl Own {
    /// The mark of a takeover: no letter, no order, nobody's tombstone.
    pub(super) fn is_takeover(&self) -> bool {
        self.stamp.record && self.order.is_none() && !self.locked && self.stamp.forgotten.is_none()
    }
}

/// The stamp of a letter that bears our signature; without one nothing is believed.
pub(super) fn signed(school: &School, message: &Message) -> Option<Stamp> {
    let composer = &school.settings().composer;
    stamp(composer, message.message_id.as_deref()?, message.x_otklik.as_deref()?).filter(|s| s.signed)
}

/// Reads what waits in Sent; letters of ours are returned, oldest first. All go on waiting: ours are settled with the end of the catching up, so
/// that one that was cut off finds its proofs again.
///
/// # Errors
/// The mailbox's or the store's.
pub(super) async fn index(school: &School, mailbox: &mut Mailbox, folder: &str, uid_validity: u32) -> Result<Vec<Own>, JobError> {
    let settings = school.settings();
    let waiting = school.store().waiting(folder, uid_validity, ALL)?;
    let mut found = Vec::new();
    same_folder(mailbox, folder, uid_validity).await?;
    for chunk in waiting.chunks(BATCH) {
        let entries: Vec<Entry> = chunk.iter().map(|w| Entry { uid: w.uid, internal_date: w.internal_date, size: w.size }).collect();
        for fetched in mailbox.fetch(&entries, LOOKED_AT).await? {
            let Some(letter) = chunk.iter().find(|w| w.uid == fetched.uid) else { continue };
            let Some(message) = fetched.bytes.as_deref().map(message::read) else { continue };
            let message = match message.x_otklik.as_deref() {
                Some(header) if letter.size > LOOKED_AT && records::is_record(header.as_bytes()) => whole(mailbox, letter, message).await?,
                _ => message,
            };
            let from_us = message.sender().is_some_and(|s| s.email.eq_ignore_ascii_case(&settings.address));
            if let Some(own) = from_us.then(|| own(&settings.composer, &message, letter)).flatten() {
                found.push(own);
            }
        }
    }
    found.sort_by_key(|own| own.proved.at);
    Ok(found)
}

/// Opens a folder whose letters are known by their UIDs. Under another UIDVALIDITY these would be other letters.
///
/// # Errors
/// The mailbox's; a transient one where the folder has changed, so that the next round journals it anew.
pub(super) async fn same_folder(mailbox: &mut Mailbox, folder: &str, uid_validity: u32) -> Result<(), JobError> {
    if mailbox.examine(folder).await?.uid_validity == uid_validity {
        return Ok(());
    }
    Err(MailboxError::Transient("the folder has another UIDVALIDITY than a moment ago".into()).into())
}

/// A long record is read to its end.
async fn whole(mailbox: &mut Mailbox, letter: &Waiting, beginning: Message) -> Result<Message, JobError> {
    let entry = Entry { uid: letter.uid, internal_date: letter.internal_date, size: letter.size };
    let fetched = mailbox.fetch(&[entry], records::LARGEST).await?;
    Ok(fetched.into_iter().next().and_then(|f| f.bytes).map_or(beginning, |bytes| message::read(&bytes)))
}

fn own(composer: &Composer, message: &Message, letter: &Waiting) -> Option<Own> {
    let at = letter.internal_date;
    let message_id = message.message_id.clone()?;
    let stamp = stamp(composer, &message_id, message.x_otklik.as_deref()?)?;
    let told = message.calendars.iter().find_map(|part| {
        let object = itip::read(&part.bytes, part.method.as_deref()).ok().filter(|o| o.method == Some(Method::Request) && o.rrule.is_none())?;
        Some((object.uid.clone(), object.start?, object.end?))
    });
    let proved = Proved {
        other_id: without_epoch(&message_id),
        message_id,
        at,
        appeal: stamp.appeal,
        kind: stamp.kind.unwrap_or(Kind::Other),
        to: message.to.first().map(|a| a.email.clone()).unwrap_or_default(),
        // In shadow mode it names whom the letter was for.
        subject: if stamp.shadow { String::new() } else { message.subject.clone() },
        uid: message.calendars.iter().find_map(|p| itip::read(&p.bytes, p.method.as_deref()).ok()).map(|o| o.uid),
    };
    let order = (stamp.record && stamp.signed).then(|| records::read(composer, message)).flatten();
    let decided = message.date.map_or(at, |d| d.to_utc()).min(at);
    let locked = stamp.record && order.is_none() && records::is_order(message);
    Some(Own { row: letter.id, proved, told, order, locked, decided, answers: message.answers().map(str::to_owned).collect(), stamp })
}
