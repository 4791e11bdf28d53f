//! A term of an appeal as two moments: by the clock, and in the hours when people are there (service.md, "Terms").

use crate::worktime::{Term, Worktime};
use chrono::{DateTime, Utc};

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Due {
    /// By the clock, as the regulation's words say.
    pub literal: DateTime<Utc>,
    /// In presence hours: what reminders, the ladder and "terms kept" go by.
    pub office: DateTime<Utc>,
    /// The production calendar of a year concerned is missing.
    pub provisional: bool,
}

/// Both moments of a term that starts at `from`. In presence hours, 24 hours by the clock are one office day; business days end when
/// the office closes (Civil Code art. 194, second sentence).
pub fn due_of(worktime: &Worktime, from: DateTime<Utc>, term: Term) -> Due {
    let literal = worktime.due(from, term);
    let office = match term {
        Term::BusinessDays(_) => worktime.office(literal.date).map_or(literal.at, |(_, closes)| closes),
        Term::Minutes(m) if m >= 1440 => worktime.add_working_minutes(from, m * worktime.office_day_minutes() / 1440),
        Term::Minutes(m) | Term::WorkingMinutes(m) => worktime.add_working_minutes(from, m),
    };
    Due { literal: literal.at, office, provisional: literal.provisional }
}
