//! Orders that wait for the word of the address in whose name they came, with what they are about as that is now.
//!
//! Not here: who is asked (`decide::confirm`), how they are kept (`store`).

use super::{Original, Thread};
use crate::appeal::Seat;
use crate::message::Attachment;
use chrono::{DateTime, Utc};

/// An order that waits for the word of the address in whose name it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Row; 0 for a new one.
    pub id: i64,
    /// Id of the member of staff.
    pub staff: String,
    /// The registered address that was asked.
    pub address: String,
    /// Appeal, where the order is about one.
    pub appeal: Option<i64>,
    /// Subject of the letter that ordered.
    pub subject: String,
    /// Its own words.
    pub words: String,
    /// Key of the question's posting: the code is made from it.
    pub letter: String,
    /// Key of the letter of ours that was answered, or whose button was pressed.
    pub answered: Option<String>,
    /// When it was asked.
    pub at: DateTime<Utc>,
    /// Until when an answer counts.
    pub until: DateTime<Utc>,
    /// Wrong codes so far.
    pub tries: u32,
    /// When it was carried out.
    pub done: Option<DateTime<Utc>>,
    /// The files of an announcement that go along, 5 MB in all.
    pub files: Vec<Attachment>,
}

/// Such an order with the conversation that it is about, as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The order.
    pub confirmation: Confirmation,
    /// The conversation.
    pub thread: Option<Thread>,
    /// What else it is about, for an order that still waits.
    pub original: Box<Original>,
    /// All seats in groups that the family of its appeal has or had.
    pub seats: Vec<Seat>,
}
