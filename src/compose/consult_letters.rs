//! Letters around a consultation: a choice of times, reminders, what follows it, a short question to staff.

use super::Choice;
use super::author_letters::Invitation;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A time that is offered.
#[derive(Debug, Clone, Serialize)]
pub struct OfferedTime {
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Channel.
    pub channel: String,
}

/// The author chooses among several times; the first is held and stands without an answer.
#[derive(Debug, Clone, Serialize)]
pub struct Offers {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// Two or three times, the best first.
    pub times: Vec<OfferedTime>,
    /// «педагог-психолог Соколова Ирина Юрьевна».
    pub specialist: String,
    /// Without an answer by then the first time stands.
    pub choose_by: DateTime<Utc>,
}

/// A day before, to the author.
#[derive(Debug, Clone, Serialize)]
pub struct Tomorrow {
    /// The consultation as it stands.
    pub invitation: Invitation,
}

/// Half an hour before, to the specialist (000 4.2).
#[derive(Debug, Clone, Serialize)]
pub struct Soon {
    /// Appeal number.
    pub number: i64,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Channel.
    pub channel: String,
    /// Author.
    pub name: Option<String>,
    /// Class.
    pub class: Option<String>,
    /// Printed.
    pub phone: Option<String>,
    /// How the author answered, in words.
    pub author: String,
    /// What can be ordered.
    pub options: Vec<Choice>,
}

/// Recommendations after a consultation, or instead of it (000 4.3.2).
#[derive(Debug, Clone, Serialize)]
pub struct Recommendations {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// The specialist's own words.
    pub text: String,
    /// Who signs.
    pub signer: String,
    /// The next meeting, where there is one.
    pub next: Option<DateTime<Utc>>,
}

/// The family did not come.
#[derive(Debug, Clone, Serialize)]
pub struct NoShow {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// When it would have been.
    pub start: DateTime<Utc>,
}

/// Another way of meeting, or another specialist, at the same time.
#[derive(Debug, Clone, Serialize)]
pub struct Way {
    /// The consultation as it stands now.
    pub invitation: Invitation,
    /// The specialist changed, not the way.
    pub specialist: bool,
}

/// The questionnaire (000 App. 2), answered between its lines.
#[derive(Debug, Clone, Serialize)]
pub struct Survey {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// The consultation.
    pub start: DateTime<Utc>,
}

/// A short question to a member of staff, with the words that answer it.
#[derive(Debug, Clone, Serialize)]
pub struct Ask {
    /// Appeal number.
    pub number: i64,
    /// The matter in a few words, for the subject.
    pub title: String,
    /// Sentences.
    pub lines: Vec<String>,
    /// What can be ordered.
    pub options: Vec<Choice>,
}

/// The time that the author proposed cannot be; the present one stands (DECLINECOUNTER).
#[derive(Debug, Clone, Serialize)]
pub struct NotFree {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// The time that was asked for.
    pub asked: DateTime<Utc>,
    /// The time that stands.
    pub stands: DateTime<Utc>,
    /// Free times instead, at most three.
    pub times: Vec<OfferedTime>,
}
