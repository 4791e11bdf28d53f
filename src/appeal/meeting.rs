//! A group consultation and the seats of its families: one event a family, so that nobody sees another (RFC 5546 §6.3).
//!
//! Not here: who gets a seat and what is written to whom (`decide`), the rows (`store`).

use super::{Answer, Outcome};
use crate::slots::Busy;
use chrono::{DateTime, NaiveDate, Utc};

/// What the teacher has to do in a consultation before intermediate certification, in the words of 003 3.8.
pub const DUTIES: [&str; 3] = [
    "провести инструктаж обучающихся о процедуре проведения промежуточной аттестации и правилах оформления аттестационной работы",
    "разобрать алгоритмы решения наиболее сложных задач",
    "разъяснить критерии оценивания аттестационной работы",
];

/// The same as done, for the journal.
const DONE: [&str; 3] = ["проведён инструктаж", "разобраны алгоритмы сложных задач", "разъяснены критерии оценивания"];

/// How far a family has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Place {
    /// In the waiting list: no event, no time promised.
    Waiting,
    /// Invited: it has a seat.
    Invited,
    /// Declined, left, or the group will not meet.
    Left,
}

impl Place {
    /// All places.
    pub const ALL: [Place; 3] = [Place::Waiting, Place::Invited, Place::Left];
    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            Place::Waiting => "waiting",
            Place::Invited => "invited",
            Place::Left => "left",
        }
    }
    /// In words, for lists.
    pub fn title(self) -> &'static str {
        match self {
            Place::Waiting => "в листе ожидания",
            Place::Invited => "приглашена",
            Place::Left => "место освобождено",
        }
    }
    /// The place of a key.
    pub fn from_key(key: &str) -> Option<Place> {
        Place::ALL.into_iter().find(|p| p.key() == key)
    }
}

/// A group consultation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Its number: a series of its own.
    pub id: i64,
    /// Specialist's id.
    pub specialist: String,
    /// What it is about, as staff named it; told to families, never in a calendar.
    pub topic: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// The way.
    pub channel: String,
    /// Seats.
    pub capacity: u32,
    /// Whom it is for: «9А», «9» (all of the grade); empty: everybody.
    pub classes: Vec<String>,
    /// Before intermediate certification: the course ends on this day, the consultation is not before it (003 3.7).
    pub course_end: Option<NaiveDate>,
    /// It will not take place.
    pub cancelled: bool,
    /// The specialist's calendar.
    pub staff: Answer,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// Which of [`DUTIES`] were carried out, from 1.
    pub duties: Vec<u8>,
    /// When the specialist was asked whether it took place.
    pub asked: Option<DateTime<Utc>>,
}

/// A family's seat, or its place in the waiting list. Who comes back after leaving gets another UID: after CANCEL one is never used again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Seat {
    /// The meeting.
    pub meeting: i64,
    /// The family's appeal.
    pub appeal: i64,
    /// Place.
    pub place: Place,
    /// Since when: the waiting list goes by it.
    pub joined: DateTime<Utc>,
    /// The family's calendar.
    pub author: Answer,
    /// When the head was asked about the family that waits.
    pub asked: Option<DateTime<Utc>>,
    /// The family did not come.
    pub missed: bool,
}

impl Meeting {
    /// Whether it is still to be held, as far as anybody has said.
    pub fn planned(&self) -> bool {
        !self.cancelled && self.outcome.is_none()
    }
    /// Whether families can be taken in and out.
    pub fn ahead(&self, now: DateTime<Utc>) -> bool {
        self.planned() && self.start > now
    }
    /// Its time, as the allocator sees it.
    pub fn busy(&self) -> Busy {
        Busy::consultation(self.specialist.clone(), self.start, self.end)
    }
    /// Whether it is meant for a class: «9А» is one of «9А» and of «9».
    pub fn suits(&self, class: Option<&str>) -> bool {
        let fits = |c: &String| class.is_some_and(|own| own == c || (c.chars().all(|d| d.is_ascii_digit()) && own.trim_end_matches(char::is_alphabetic) == c));
        self.classes.is_empty() || self.classes.iter().any(fits)
    }
    /// In words, for lists.
    pub fn title(&self) -> &'static str {
        match self.outcome {
            Some(outcome) => outcome.title(),
            None if self.cancelled => "отменена",
            None => "назначена",
        }
    }
}

impl Seat {
    /// A seat or a place in the waiting list, not given up.
    pub fn held(&self) -> bool {
        self.place != Place::Left
    }
}

/// The duties carried out, in words for the journal; nothing where none were.
pub fn duties_done(duties: &[u8]) -> String {
    let done: Vec<_> = (1..=3_u8).zip(DONE).filter(|(n, _)| duties.contains(n)).map(|(_, words)| words).collect();
    done.join(", ")
}
