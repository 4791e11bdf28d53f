//! The content hash by which the same letter is known in another folder or under another UID.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{Message, clean};

/// SHA-256 over From, Date, Subject, text and attachments. Received and other trace fields differ between copies and are left out;
/// white space is folded, because servers and line ends change it.
pub(super) fn content_hash(message: &Message, raw_date: &str) -> String {
    let mut hash = Sha256::new();
    for address in &message.from {
        field(&mut hash, "from", address.email.as_bytes());
    }
    match message.date {
        Some(date) => field(&mut hash, "date", date.timestamp().to_string().as_bytes()),
        None => field(&mut hash, "date", clean::folded(raw_date).as_bytes()),
    }
    field(&mut hash, "subject", clean::folded(&message.subject).as_bytes());
    field(&mut hash, "text", clean::folded(&message.body.whole).as_bytes());
    for file in &message.attachments {
        field(&mut hash, "file", &Sha256::digest(&file.bytes));
    }
    for calendar in &message.calendars {
        field(&mut hash, "calendar", &Sha256::digest(&calendar.bytes));
    }
    for letter in &message.forwarded {
        field(&mut hash, "letter", letter.content_hash.as_bytes());
    }
    HEXLOWER.encode(&hash.finalize())
}

/// Name, length and value, so that nothing can pass from one field into the next.
fn field(hash: &mut Sha256, name: &str, value: &[u8]) {
    hash.update(name.as_bytes());
    hash.update((value.len() as u64).to_be_bytes());
    hash.update(value);
}
