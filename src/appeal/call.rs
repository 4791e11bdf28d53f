//! A call to an author who has no address: the words to say, who says them, how often nobody was reached. One at a time an appeal.
//!
//! Not here: when somebody is called (`decide`), the letter with the task (`compose`).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Most lines that a caller is given.
pub const MOST_LINES: usize = 5;

/// What a call tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum About {
    /// The number and the term: the author still waits for the answer.
    Receipt,
    /// The time of a consultation.
    Time,
    /// The answer.
    Answer,
    /// Anything else: a cancellation, more time.
    News,
}

impl About {
    /// All of them.
    pub const ALL: [About; 4] = [About::Receipt, About::Time, About::Answer, About::News];
    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            About::Receipt => "receipt",
            About::Time => "time",
            About::Answer => "answer",
            About::News => "news",
        }
    }
    /// What a key stands for.
    pub fn from_key(key: &str) -> Option<About> {
        About::ALL.into_iter().find(|a| a.key() == key)
    }
    /// Whether a call about it is what the author was owed: an answer or an invitation (000 4.1, 001 3.2.3).
    pub fn owed(self) -> bool {
        matches!(self, About::Time | About::Answer)
    }
}

/// A call that waits to be made, or the last one that was.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Appeal.
    pub appeal: i64,
    /// What it tells.
    pub about: About,
    /// What to say, at most [`MOST_LINES`] lines.
    pub words: Vec<String>,
    /// Id of the member of staff who chose to call by themselves; `None`: the operator calls.
    pub caller: Option<String>,
    /// How often nobody was reached.
    pub tries: u32,
    /// Since when these words wait.
    pub at: DateTime<Utc>,
    /// Key of the letter with the task.
    pub letter: String,
    /// When the author was told.
    pub done: Option<DateTime<Utc>>,
}

/// What is to be said stays with whoever calls.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Call(appeal {}, {:?}, {} tries, {})", self.appeal, self.about, self.tries, if self.done.is_some() { "done" } else { "waits" })
    }
}

impl Call {
    /// Whether it still has to be made.
    pub fn waits(&self) -> bool {
        self.done.is_none()
    }
}
