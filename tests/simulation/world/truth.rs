//! What really happened: every letter that the servers hold, who wrote it and why. The program knows nothing of it; the invariants compare.

use chrono::{DateTime, Utc};
use otklik::message;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a letter is, as its writer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// There before the program's first start: never answered.
    Old,
    /// A family's first letter: opens an appeal.
    First,
    /// A person's letter that stands for itself and may belong to what is there.
    Again,
    /// The same letter delivered again.
    Twice,
    /// An answer of a family or of staff, by words, button or calendar.
    Answer,
    /// A machine answers.
    Robot,
    /// A delivery report.
    Bounce,
    /// Rubbish.
    Spam,
    /// Somebody pretends: nothing may follow from it.
    Forged,
    /// Staff wrote by hand; it lies in Sent.
    ByHand,
}

/// A letter as it was delivered.
#[derive(Debug, Clone)]
pub struct Truth {
    pub nature: Nature,
    pub who: String,
    pub received: DateTime<Utc>,
    /// As reading sees it: the same letter has the same hash wherever it lies.
    pub hash: String,
    pub message_id: Option<String>,
    /// What only a forged letter says.
    pub mark: Option<String>,
}

/// Everything that was delivered.
#[derive(Default)]
pub struct Oracle {
    pub letters: Vec<Truth>,
    /// By the bytes, for a look from the server's side.
    by_bytes: BTreeMap<Vec<u8>, usize>,
}

impl Oracle {
    /// A letter is delivered.
    pub fn add(&mut self, nature: Nature, who: &str, received: DateTime<Utc>, raw: &Arc<[u8]>, mark: Option<String>) {
        let read = message::read(raw);
        let (hash, message_id) = (read.content_hash, read.message_id);
        self.by_bytes.insert(raw.to_vec(), self.letters.len());
        self.letters.push(Truth { nature, who: who.to_owned(), received, hash, message_id, mark });
    }

    /// What the bytes in a folder are; nothing: the program laid them there.
    pub fn of(&self, raw: &[u8]) -> Option<&Truth> {
        self.by_bytes.get(raw).and_then(|n| self.letters.get(*n))
    }
}

/// What a letter of the school says of itself, believed: the simulator checks the letters, not the seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ours {
    pub kind: String,
    pub appeal: Option<i64>,
    pub message_id: String,
    pub in_reply_to: Option<String>,
    pub subject: String,
    pub text: String,
}

/// Reads a letter that the servers accepted.
pub fn ours(raw: &[u8]) -> Ours {
    let got = message::read(raw);
    let stamp = got.x_otklik.clone().unwrap_or_default();
    let field = |name: &str| stamp.split(';').find_map(|f| f.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned));
    Ours {
        kind: field("kind").unwrap_or_default(),
        appeal: field("appeal").and_then(|n| n.parse().ok()),
        message_id: got.message_id.clone().unwrap_or_default(),
        in_reply_to: got.in_reply_to.first().cloned(),
        subject: got.subject.clone(),
        text: got.body.whole.clone(),
    }
}
