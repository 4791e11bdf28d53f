//! Letters to authors: contexts of receipt, invitation, moved, cancelled, answer, extension, absence.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// What happens next with the appeal, as the receipt tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// A specialist answers by the due date.
    Request,
    /// A consultation: date and time come by the due date.
    Consultation,
    /// A complaint: the head has it; official ways last.
    Complaint,
    /// Death, grave illness: two lines.
    Delicate,
}

/// Receipt, sent at once. Urgent or not, it reads the same.
#[derive(Debug, Clone, Serialize)]
pub struct Receipt {
    /// Author's name as understood, for the salutation.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// Moment of receipt.
    pub received: DateTime<Utc>,
    /// What happens next.
    pub path: Path,
    /// Local date by which a person answers.
    pub due_date: NaiveDate,
    /// Moment for hour terms.
    pub due: DateTime<Utc>,
    /// The calendar of that year is not known yet.
    pub provisional: bool,
    /// Why the date is not simply "in three days": «21-22 ноября выходные», or empty.
    pub skipped: Option<String>,
    /// Who has it, in words: «руководитель службы», «директор».
    pub holder: String,
    /// A line of the season (`rules/seasons.toml`).
    pub season: Option<String>,
    /// «классный руководитель», where staff passed the letter on.
    pub passed_by: Option<String>,
    /// «фото», «голосовое сообщение»: the letter brought this and no words.
    pub wordless: Option<String>,
    /// Then also a phone is asked for.
    pub ask_phone: bool,
    /// What the school answered others who wrote of the same today.
    pub known: Option<String>,
}

/// Invitation to a consultation (first one).
#[derive(Debug, Clone, Serialize)]
pub struct Invitation {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Channel as the window names it.
    pub channel: String,
    /// How to connect, where configured.
    pub connect: Option<String>,
    /// «педагог-психолог Соколова Ирина Юрьевна».
    pub specialist: String,
    /// The author's wish could not be met.
    pub wish_unmet: bool,
    /// The phone that will be called, for the phone channel.
    pub phone: Option<String>,
    /// Which meeting of its series, of how many.
    pub meeting: Option<(usize, usize)>,
    /// All meetings to come, in the letter that begins a series.
    pub dates: Vec<DateTime<Utc>>,
}

/// The consultation moved to another time (REQUEST, SEQUENCE+1).
#[derive(Debug, Clone, Serialize)]
pub struct Rescheduled {
    /// The new invitation.
    pub invitation: Invitation,
    /// The old start.
    pub old_start: DateTime<Utc>,
    /// Why, in a neutral sentence.
    pub reason: Option<String>,
}

/// The consultation will not take place (CANCEL).
#[derive(Debug, Clone, Serialize)]
pub struct Cancelled {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// The start that is cancelled.
    pub start: DateTime<Utc>,
    /// Why, in a neutral sentence.
    pub reason: Option<String>,
    /// A new time will be sent; otherwise the appeal is closed.
    pub new_time_follows: bool,
    /// The appeal stays open all the same: other meetings, or an answer, are still to come.
    pub open: bool,
}

/// The answer that closes an appeal.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// The answer, plain text.
    pub text: String,
    /// Who signs: «Соколова Ирина Юрьевна, педагог-психолог».
    pub signer: String,
}

/// More time, by the head's leave (001 3.2.2).
#[derive(Debug, Clone, Serialize)]
pub struct Extension {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// New local date.
    pub until: NaiveDate,
    /// Reason in words for the author.
    pub reason: Option<String>,
}

/// Nobody there: the first slot after the return, or help elsewhere (service.md, "Consultations").
#[derive(Debug, Clone, Serialize)]
pub struct Absent {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// First day back, where known.
    pub back: Option<NaiveDate>,
    /// Lines of `rules/elsewhere.toml` for the category.
    pub elsewhere: Vec<String>,
}
