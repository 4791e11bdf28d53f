//! Orders of the command line leave no letter behind that a rebuild could read. Each is therefore laid into Sent as a small record: an order in words
//! of the program, locked with a secret made from the instance key, since an answer to a family stands in it.
//!
//! Orders by letter need none: their letters are in the mailbox. Not here: carrying them out again (`rebuild`).

use super::{JobError, School, brief};
use crate::compose::{Composer, InstanceKey, hmac_token, note};
use crate::decide::Order;
use crate::message::Message;
use crate::store::StoreError;
use age::secrecy::SecretString;
use chrono::{DateTime, Utc};
use std::io::{Read as _, Write as _};

/// What parts the words for people from the record.
const MARK: &str = "-----";
/// Bytes that a record may open to.
const LONGEST: u64 = 1 << 20;

/// An order that was given on the command line.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Recorded {
    /// When.
    pub at: DateTime<Utc>,
    /// Appeal.
    pub appeal: i64,
    /// Order.
    pub order: Order,
}

/// Writes an order down; the copies job lays it into Sent. What leaves shadow mode is no order of its own.
pub(super) fn record(school: &School, number: i64, order: &Order, now: DateTime<Utc>) -> Result<(), JobError> {
    let recorded = Recorded { at: now, appeal: number, order: order.clone() };
    let Ok(words) = serde_json::to_string(&recorded) else { return Ok(()) };
    let composer = &school.settings().composer;
    let sealed = seal(&composer.key, words.as_bytes()).map_err(|e| StoreError::Decision(format!("the order could not be written down: {}", brief(&e))))?;
    let mut text = format!(
        "Запись программы для себя: распоряжение о заявке № {number}, отданное не письмом. Прочесть её может только «Отклик».\n\
         Она нужна, если сервер пропадёт. Удалять не нужно.\n\n{MARK}\n"
    );
    for line in data_encoding::BASE64.encode(&sealed).as_bytes().chunks(76) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str(MARK);
    text.push('\n');
    let key = format!("record/{number}/{}", hmac_token(&composer.key, "record", &words));
    let posting = note(composer, key, Some(number), &format!("Отклик: запись о заявке № {number}"), &text, now);
    school.store().keep_note(&posting, false, now)?;
    Ok(())
}

/// Whether these bytes are a record: it is appended where letters are not.
pub(super) fn is_record(raw: &[u8]) -> bool {
    raw.get(..4096).unwrap_or(raw).windows(9).any(|w| w == b"record=1;")
}

/// The order in a record, under the present key or the one before it.
pub(super) fn read(composer: &Composer, message: &Message) -> Option<Recorded> {
    let inside = message.body.whole.split(MARK).nth(1)?;
    let text: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
    let sealed = data_encoding::BASE64.decode(text.as_bytes()).ok()?;
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
