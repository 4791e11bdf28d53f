//! One appeal from arrival to closing: its record, its states, its consultation, its history.
//!
//! Not here: who decides what (`decide`), how it is kept (`store`).

mod before;
mod call;
mod consultation;
mod ending;
mod incident;
mod meeting;
mod state;
mod terms;
#[cfg(test)]
mod tests;

pub use before::Before;
pub use call::{About, Call, MOST_LINES};
pub use consultation::{Answer, Consultation, IN_PERSON, Outcome, Stage};
pub use ending::Ending;
pub use incident::{Incident, IncidentState};
pub use meeting::{DUTIES, Meeting, Place, Seat, duties_done};
pub use state::{Move, Refusal, State, after};
pub use terms::{Due, due_of};

use crate::understand::{Category, Channel, Role, Window};
use chrono::{DateTime, Utc};

/// One appeal: number, author, understanding, terms. All moments are UTC.
#[derive(Clone, PartialEq)]
pub struct Appeal {
    /// Number: one series a school, never reset.
    pub number: i64,
    /// State.
    pub state: State,
    /// Type.
    pub category: Category,
    /// The next best guess, while the head decides.
    pub runner_up: Option<Category>,
    /// A second question.
    pub secondary: Option<Category>,
    /// A consultation is owed (otherwise an answer).
    pub consultation: bool,
    /// A child may be in danger.
    pub urgent: bool,
    /// Handled as a complaint.
    pub complaint: bool,
    /// Death, grave illness, disaster: no further automatic letters.
    pub delicate: bool,
    /// The category was not sure.
    pub unsure: bool,
    /// Where answers go.
    pub email: Option<String>,
    /// Author's name as written.
    pub name: Option<String>,
    /// Role.
    pub role: Role,
    /// Child's name as written.
    pub child: Option<String>,
    /// Class.
    pub class: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// Channel wished.
    pub channel: Option<Channel>,
    /// Times wished.
    pub times: Vec<Window>,
    /// The author's own words.
    pub text: String,
    /// Why it was understood so.
    pub reasons: Vec<String>,
    /// Address of the member of staff who passed it on.
    pub passed_by: Option<String>,
    /// Ids of staff who may not touch or read it (they are its matter).
    pub excluded: Vec<String>,
    /// Assignee's id.
    pub assignee: Option<String>,
    /// Message-ID of the letter that opened it.
    pub message_id: Option<String>,
    /// Content hash of that letter.
    pub cause: String,
    /// Hash of author and words: the same letter sent twice.
    pub text_hash: String,
    /// Receipt: INTERNALDATE.
    pub received: DateTime<Utc>,
    /// Assigned to the present assignee.
    pub assigned: Option<DateTime<Utc>>,
    /// Taken into work.
    pub taken: Option<DateTime<Utc>>,
    /// Answered or invited: the main term is met.
    pub met: Option<DateTime<Utc>>,
    /// Closed.
    pub closed: Option<DateTime<Utc>>,
    /// Extended by the head's leave.
    pub extended: bool,
    /// Take it: by the clock and in presence hours.
    pub take_due: Due,
    /// Answer or invite: by the clock and in presence hours.
    pub due: Due,
    /// Alarms sent; `None` where it is not urgent.
    pub alarms: Option<u32>,
    /// Last alarm.
    pub alarmed: Option<DateTime<Utc>>,
    /// «Вижу».
    pub acknowledged: Option<DateTime<Utc>>,
    /// What the head has to decide, while undecided.
    pub question: Option<String>,
    /// Since when the head (or who acts) has it.
    pub asked: Option<DateTime<Utc>>,
}

/// Number, state, category and moments: whoever reads a log sees no family.
impl std::fmt::Debug for Appeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Appeal")
            .field("number", &self.number)
            .field("state", &self.state)
            .field("category", &self.category)
            .field("urgent", &self.urgent)
            .field("assignee", &self.assignee)
            .field("received", &self.received)
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

impl Appeal {
    /// Open: not closed.
    pub fn open(&self) -> bool {
        self.state != State::Closed
    }
}
