//! The staff register as far as time goes: weekly windows, absences, who is present.

use crate::understand::Category;
use crate::worktime::Worktime;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};

/// One `[[specialist]]` of `rules/specialists.toml`: anybody of the staff whom Otklik writes to, the head and the director too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specialist {
    /// Stable id, `psychologist-1`.
    pub id: String,
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// Role in words, «педагог-психолог»; shown to authors.
    pub post: String,
    /// Address, lower case.
    pub email: String,
    /// What they answer.
    pub categories: Vec<Category>,
    /// When consultations may be held.
    pub windows: Vec<WeeklyWindow>,
    /// When they are away.
    pub absences: Vec<Absence>,
    /// Id of the deputy.
    pub deputy: Option<String>,
    /// What silence to a proposed slot means.
    pub silence: Silence,
    /// How to connect, by channel, told to the author.
    pub connect: Vec<(String, String)>,
}

/// What the specialist's silence means (issue: `specialist_first`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Silence {
    /// Consent after the configured working hours.
    #[default]
    Consent,
    /// A reminder, then the head decides.
    Ask,
}

/// A weekly window, local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyWindow {
    /// Days of the week.
    pub weekdays: Vec<Weekday>,
    /// First moment.
    pub from: NaiveTime,
    /// Last moment.
    pub to: NaiveTime,
    /// Channels offered in it: «phone», «Сферум», «MAX», «in_person», «email» or free words.
    pub channels: Vec<String>,
    /// Valid from (included), where limited.
    pub valid_from: Option<NaiveDate>,
    /// Valid to (included), where limited.
    pub valid_to: Option<NaiveDate>,
}

/// Days away, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// Time that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// Whose.
    pub specialist: String,
    /// From.
    pub start: DateTime<Utc>,
    /// To.
    pub end: DateTime<Utc>,
}

/// Whether somebody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// At work today or on the next working day.
    Present,
    /// Away; first day back where known.
    Away(Option<NaiveDate>),
}

impl Specialist {
    /// Whether the person is there on the day of `now` or, on a day off, on the next working day
    /// ("who is not present within one working day is replaced by the deputy").
    pub fn presence(&self, _worktime: &Worktime, _now: DateTime<Utc>) -> Presence {
        Presence::Present
    }
}
