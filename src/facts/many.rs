//! What decisions about many letters at once may know: incidents, letters to staff before they leave, somebody's return, a search.

use super::{Answered, Family, ForMeeting, Undo};
use crate::announcement::Announced;
use crate::appeal::{Appeal, Incident, State};
use crate::outbox::Kind;
use crate::understand::{Category, plain_phone};
use chrono::{DateTime, Utc};

/// An incident that newcomers join.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveIncident {
    /// The incident.
    pub incident: Incident,
    /// Words of its first appeals, at most three.
    pub texts: Vec<String>,
}

/// What an order about an incident knows.
#[derive(Debug, Clone, PartialEq)]
pub struct ForIncident {
    /// The incident.
    pub incident: Incident,
    /// Its families.
    pub families: Vec<Family>,
    /// Id of the member of staff whose letter about it was answered.
    pub answered_by: Option<String>,
}

/// A letter to staff before it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffLetter {
    /// Address.
    pub to: String,
    /// Kind.
    pub kind: Kind,
    /// As in the posting: 0 urgent, 1 moves, 2 answers to what the reader just wrote.
    pub priority: u8,
    /// It carries a calendar object.
    pub event: bool,
    /// Start of the consultation that it is about.
    pub slot: Option<DateTime<Utc>>,
    /// It stood aside: `day` or `away`.
    pub aside: Option<String>,
    /// Letters that count and that the reader got today.
    pub sent_today: u32,
}

/// A letter that stands aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// Key.
    pub key: String,
    /// Kind.
    pub kind: Kind,
    /// Appeal.
    pub appeal: Option<i64>,
    /// Subject.
    pub subject: String,
    /// Frozen bytes.
    pub raw: Vec<u8>,
    /// Sent keeps no copy of its words.
    pub shell: bool,
    /// When it was decided.
    pub made: DateTime<Utc>,
}

/// What the list of what stands aside knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ForList {
    /// The letters, oldest first.
    pub letters: Vec<Aside>,
    /// The appeals that they are about.
    pub appeals: Vec<Appeal>,
}

/// An appeal that a deputy took over, as whoever was away reads of it: nothing of its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Number.
    pub number: i64,
    /// Category.
    pub category: Category,
    /// Id of whoever has it.
    pub assignee: Option<String>,
    /// It is closed.
    pub closed: bool,
    /// The matter is about these members of staff.
    pub excluded: Vec<String>,
}

impl Passed {
    /// Of an appeal.
    pub fn of(a: Appeal) -> Passed {
        Passed { number: a.number, category: a.category, assignee: a.assignee, closed: a.closed.is_some(), excluded: a.excluded }
    }
}

/// What somebody finds on their return.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ForReturn {
    /// What deputies took over.
    pub passed: Vec<Passed>,
    /// Open appeals that are theirs, by term.
    pub waiting: Vec<Appeal>,
    /// Consultations of the next seven days: appeal, start, channel.
    pub meetings: Vec<(i64, DateTime<Utc>, String)>,
    /// Letters that were not sent meanwhile.
    pub letters: Vec<Aside>,
}

/// Which appeals are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Of this number.
    Number(i64),
    /// With this telephone, `+7XXXXXXXXXX`.
    Phone(String),
    /// Whose author or child has this name.
    Name(String),
}

impl Wanted {
    /// A number, a telephone or a name.
    pub fn of(what: &str) -> Option<Wanted> {
        let what = what.trim().trim_start_matches([':', ' ']);
        if let Some(phone) = plain_phone(what) {
            return Some(Wanted::Phone(phone));
        }
        let bare = what.trim_start_matches("заявку").trim().trim_start_matches(['№', ' ']);
        if let Ok(number) = bare.parse::<i64>() {
            return Some(Wanted::Number(number)).filter(|_| number > 0);
        }
        let name = what.split_whitespace().all(|w| w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\'')))
            && what.chars().filter(|c| c.is_alphabetic()).count() > 1;
        name.then(|| Wanted::Name(what.to_owned()))
    }

    /// What a letter of these own words looks for: one line «найти …», else its subject where it has no words.
    pub fn asked(subject: &str, own: &str) -> Option<Wanted> {
        let mut lines = own.lines().map(str::trim).filter(|l| !l.is_empty());
        let line = lines.next().unwrap_or(subject.trim());
        if lines.next().is_some() || line.chars().count() > 120 {
            return None;
        }
        let mut words = line.trim_end_matches(['.', '!', '?']).splitn(2, [' ', ':']);
        let order = matches!(words.next()?.to_lowercase().as_str(), "найти" | "найди" | "найдите" | "поиск");
        Wanted::of(words.next().filter(|_| order)?)
    }
}

/// An appeal that was looked for: nothing of who wrote and what about.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Number.
    pub number: i64,
    /// State.
    pub state: State,
    /// Receipt.
    pub received: DateTime<Utc>,
    /// When the answer or the invitation is due.
    pub due: DateTime<Utc>,
    /// Start of its next consultation that the author was invited to.
    pub consultation: Option<DateTime<Utc>>,
    /// The matter is about these members of staff: none of them is told of it.
    pub excluded: Vec<String>,
}

/// What an order that waited for its word was about: by the letter that it answered and by its own words, as that is now. The fields are those of
/// [`super::ForLetter`].
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "the fields of ForLetter")]
pub struct Original {
    pub family: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    pub group: Option<Box<ForMeeting>>,
    pub undo: Option<Undo>,
    pub list: Option<Answered>,
    pub incident: Option<Box<ForIncident>>,
    pub found: Vec<Found>,
    pub silenced: Option<Box<Appeal>>,
    pub announced: Box<Announced>,
}
