//! An incoming letter as data: bytes in, [`Message`] out. Reading never fails; what is odd about a letter is listed, not thrown.
//!
//! Not here: what the letter is about (`understand`), which appeal it belongs to (`decide`).

mod attached;
mod authentication;
mod body;
mod charset;
mod clean;
mod dates;
mod headers;
mod html;
mod identity;
mod mime;
mod origin;
mod params;
mod quotes;
mod read;
mod references;
mod signature;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_authentication;
#[cfg(test)]
mod tests_body;
#[cfg(test)]
mod tests_bombs;
#[cfg(test)]
mod tests_quotes;
mod transfer;
mod withheld;
mod words;

pub use authentication::{Authentication, Checked};
pub use body::Body;
pub use origin::{Origin, Robot};
pub use read::read;
pub use references::bare_id;

use chrono::{DateTime, FixedOffset};

/// One mailbox of a header field. `email` is lower-cased and trimmed; `name` is one clean line (no control or bidi characters).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Display name, decoded, at most 200 characters.
    pub name: Option<String>,
    /// Address without angle brackets; may be syntactically odd, never contains control characters.
    pub email: String,
}

/// A file that came with the letter. `name` is safe to show, never to be used as a path.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Decoded file name reduced to its last path component, without control characters.
    pub name: Option<String>,
    /// `type/subtype`, lower case.
    pub media_type: String,
    /// Decoded bytes.
    pub bytes: Vec<u8>,
}

/// A part that carries a calendar object, wherever it stands in the letter; duplicates by content are removed.
#[derive(Clone, PartialEq, Eq)]
pub struct CalendarPart {
    /// The `method=` parameter of the part, upper case.
    pub method: Option<String>,
    /// Decoded transfer encoding, charset untouched.
    pub bytes: Vec<u8>,
}

/// What is strange about a letter. Kept in the journal; never a reason to drop the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Oddity {
    /// The bytes are no message at all: everything is taken as text.
    Unparseable,
    /// No usable From.
    NoFrom,
    /// More than one From field or more than one address in it (RFC 5322 §3.6.2, RFC 7489 §6.6.1): never authorises anything.
    SeveralFrom,
    /// No Message-ID.
    NoMessageId,
    /// No Date, or an impossible one.
    BadDate,
    /// Raw 8-bit bytes in a header.
    RawHeader,
    /// A charset label that had to be guessed.
    GuessedCharset,
    /// A boundary that is missing or never closed.
    BrokenMime,
    /// A control or bidi character was taken out of a name, subject or file name.
    Controls,
    /// A limit (parts, depth, length) cut the reading short.
    Cut,
}

/// What is known of a letter's sender besides its header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Proof {
    /// Nothing was looked for, or nothing found.
    #[default]
    Unknown,
    /// Signatures that hold and cover what an order is read from: the domains that signed (`d=`), lower case.
    Signed(Vec<String>),
    /// The writer answered from the registered address with a code that only it was sent (`decide::confirm`).
    Confirmed,
}

/// An incoming letter, read. Every string is clean of control characters; sizes are bounded.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Message-ID without angle brackets or folding.
    pub message_id: Option<String>,
    /// Ids of In-Reply-To, bare.
    pub in_reply_to: Vec<String>,
    /// Ids of References, bare, the last ten.
    pub references: Vec<String>,
    /// All addresses of all From fields, in order.
    pub from: Vec<Address>,
    /// How many From fields there are.
    pub from_fields: usize,
    /// Reply-To.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Decoded subject, one line, at most 500 characters.
    pub subject: String,
    /// The Date field where it is a possible moment.
    pub date: Option<DateTime<FixedOffset>>,
    /// Date of the topmost Received field.
    pub received: Option<DateTime<FixedOffset>>,
    /// The text, cut into what the author wrote, the signature and the quoted letter; the whole is kept.
    pub body: Body,
    /// Files, calendar parts and attached letters excluded.
    pub attachments: Vec<Attachment>,
    /// Calendar objects, in order of preference.
    pub calendars: Vec<CalendarPart>,
    /// Text of a `message/delivery-status` part or of a `disposition-notification`, decoded.
    pub report: Option<String>,
    /// Headers of the returned letter in a delivery report (`message/rfc822` or `text/rfc822-headers`): its Message-ID, bare.
    pub returned_id: Option<String>,
    /// Attached letters (`message/rfc822` outside delivery reports), at most three, one level deep.
    pub forwarded: Vec<Message>,
    /// Human, robot, bounce, list: what the headers say.
    pub origin: Origin,
    /// `Authentication-Results` fields, from the top: anybody may have written them.
    pub authentication: Vec<Authentication>,
    /// Whether somebody proved to have sent it, beyond what its header claims: reading knows nothing of it, the jobs may (`jobs::dkim`).
    pub proof: Proof,
    /// Value of `X-Otklik`, never believed alone.
    pub x_otklik: Option<String>,
    /// SHA-256 (hex) of From, Date, Subject, decoded text and attachments, Received excluded: the same letter elsewhere has the same hash.
    pub content_hash: String,
    /// What is strange about it.
    pub oddities: Vec<Oddity>,
}

impl Message {
    /// The one sender, when there is exactly one; the first otherwise.
    pub fn sender(&self) -> Option<&Address> {
        self.from.first()
    }
    /// Every id that this letter answers: In-Reply-To first, then References from the last to the first.
    pub fn answers(&self) -> impl Iterator<Item = &str> {
        self.in_reply_to.iter().chain(self.references.iter().rev()).map(String::as_str)
    }
}

/// Lists an oddity once.
fn note(oddities: &mut Vec<Oddity>, oddity: Oddity) {
    if !oddities.contains(&oddity) {
        oddities.push(oddity);
    }
}
