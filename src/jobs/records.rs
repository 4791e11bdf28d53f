//! What is ordered on the command line leaves no letter behind that a rebuild could read. Each such order is therefore laid into Sent as a small
//! record: in words of the program, locked with a secret made from the instance key, since an answer to a family may stand in it.
//!
//! Orders by letter need none: their letters are in the mailbox. Not here: the orders themselves (`commands`), when they are carried out again
//! (`rebuild`).

use super::commands::Command;
use super::{School, brief};
use crate::compose::{Composer, InstanceKey, hmac_token, note};
use crate::decide::Order;
use crate::effect::Effect;
use crate::message::Message;
use age::secrecy::SecretString;
use chrono::{DateTime, Utc};
use std::io::{Read as _, Write as _};

/// What parts the words for people from the record.
const MARK: &str = "-----";
/// A longer one (an announcement with its files) is a file of the letter, not its text.
const SHORT: usize = 64 << 10;
/// Bytes that a record may open to: the files of an announcement, five megabytes, as text, and room.
const LONGEST: u64 = 12 << 20;
/// Bytes of a record's letter: the same once more as text.
pub(super) const LARGEST: u64 = 20 << 20;

/// An order that was given on the command line.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Recorded {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    #[serde(flatten)]
    pub what: Said,
}

/// What was ordered. The first form is that of the first records.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub(super) enum Said {
    /// About an appeal.
    Order {
        /// Appeal.
        appeal: i64,
        /// Order.
        order: Order,
    },
    /// Anything else.
    Command {
        /// What.
        command: Command,
    },
}

impl Said {
    /// The appeal that it is about.
    pub(super) fn appeal(&self) -> Option<i64> {
        match self {
            Said::Order { appeal, .. } => Some(*appeal),
            Said::Command { command } => command.appeal(),
        }
    }
}

/// The record of an order about an appeal, for the transaction of its decision. What leaves shadow mode is no order of its own: it has none.
pub(super) fn record(school: &School, number: i64, order: &Order, now: DateTime<Utc>) -> Result<Option<Effect>, String> {
    if matches!(order, Order::TakeOver(_) | Order::TakeBack) {
        return Ok(None);
    }
    written_down(school, Said::Order { appeal: number, order: order.clone() }, now).map(Some)
}

/// The record of any other order.
pub(super) fn record_command(school: &School, command: Command, now: DateTime<Utc>) -> Result<Effect, String> {
    written_down(school, Said::Command { command }, now)
}

/// The record as an effect: an order and its record are written together or not at all. The copies job lays it into Sent.
fn written_down(school: &School, what: Said, now: DateTime<Utc>) -> Result<Effect, String> {
    let number = what.appeal();
    let failed = |e: &dyn std::fmt::Display| format!("the order could not be written down: {}", brief(e));
    let words = serde_json::to_string(&Recorded { at: now, what }).map_err(|e| failed(&e))?;
    let composer = &school.settings().composer;
    let sealed = seal(&composer.key, words.as_bytes()).map_err(|e| failed(&e))?;
    let about = number.map_or_else(|| "распоряжение".to_owned(), |n| format!("распоряжение о заявке № {n}"));
    let mut text = format!(
        "Запись программы для себя: {about}, отданное не письмом. Прочесть её может только «Отклик».\n\
         Она нужна, если сервер пропадёт. Удалять не нужно.\n\n{MARK}\n"
    );
    let file = (sealed.len() > SHORT).then(|| sealed.clone());
    if file.is_none() {
        for line in data_encoding::BASE64.encode(&sealed).as_bytes().chunks(76) {
            text.push_str(&String::from_utf8_lossy(line));
            text.push('\n');
        }
    }
    text.push_str(MARK);
    text.push('\n');
    let token = hmac_token(&composer.key, "record", &words);
    let (key, subject) = match number {
        Some(n) => (format!("record/{n}/{token}"), format!("Отклик: запись о заявке № {n}")),
        None => (format!("record/{token}"), "Отклик: запись о распоряжении".to_owned()),
    };
    Ok(Effect::Record(Box::new(note(composer, key, number, (&subject, &text), file, now))))
}

/// Whether these bytes are a record: it is appended where letters are not.
pub(super) fn is_record(raw: &[u8]) -> bool {
    raw.get(..4096).unwrap_or(raw).windows(9).any(|w| w == b"record=1;")
}

/// Whether a record of the program holds an order; others are marks (a takeover, an address that is forgotten).
pub(super) fn is_order(message: &Message) -> bool {
    message.body.whole.contains(MARK)
}

/// The order in a record, under the present key or the one before it.
pub(super) fn read(composer: &Composer, message: &Message) -> Option<Recorded> {
    let sealed = match message.attachments.first() {
        Some(file) => file.bytes.clone(),
        None => {
            let inside = message.body.whole.split(MARK).nth(1)?;
            let text: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
            data_encoding::BASE64.decode(text.as_bytes()).ok()?
        }
    };
    let keys = std::iter::once(&composer.key).chain(composer.older.iter().map(|o| &o.key));
    keys.filter_map(|key| open(key, &sealed)).find_map(|words| serde_json::from_slice(&words).ok())
}

/// A secret of 128 bits needs no slow derivation: the least work that age knows.
fn secret(key: &InstanceKey) -> SecretString {
    SecretString::from(hmac_token(key, "record-secret", "1"))
}

fn seal(key: &InstanceKey, words: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    let mut recipient = age::scrypt::Recipient::new(secret(key));
    recipient.set_work_factor(1);
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).map_err(std::io::Error::other)?;
    let mut sealed = Vec::new();
    let mut out = encryptor.wrap_output(&mut sealed)?;
    out.write_all(words)?;
    out.finish()?;
    Ok(sealed)
}

fn open(key: &InstanceKey, sealed: &[u8]) -> Option<Vec<u8>> {
    let mut identity = age::scrypt::Identity::new(secret(key));
    identity.set_max_work_factor(2);
    let decryptor = age::Decryptor::new(sealed).ok()?;
    let opened = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).ok()?;
    let mut words = Vec::new();
    opened.take(LONGEST).read_to_end(&mut words).ok()?;
    Some(words)
}
