//! The head's morning letter as data (001 3.3.2): what needs a decision first, each with what can be answered. Appeals by number alone.
//!
//! Not here: what needs a decision (`decide`), how much of it a screen holds (`screen`), the wording (`compose`).

use super::{Count, Reconciliation};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// An appeal in a list of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Number.
    pub number: i64,
    /// Category title.
    pub category: String,
    /// Specialist's name.
    pub assignee: Option<String>,
    /// What it is about: «ответить», «пригласить», «решить: …».
    pub what: String,
    /// Due.
    pub due: Option<DateTime<Utc>>,
    /// What its reader can answer, the likeliest first.
    pub acts: Vec<Act>,
}

/// One thing that the reader can order about a line: as a button, and as the words of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Act {
    /// On the button.
    pub label: String,
    /// The order, «передать: Никитина Светлана Олеговна».
    pub words: String,
    /// What follows it in the prepared letter, with room for the reader's own text.
    pub room: String,
    /// The same as a line of a reply to the report, «147 → Никитина».
    pub line: String,
    /// Subject of the prepared letter where it is about no single appeal; it carries its own proof.
    pub subject: Option<String>,
}

/// A question to the reader that is about no single appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// One sentence.
    pub text: String,
    /// What can be answered.
    pub acts: Vec<Act>,
}

/// A consultation in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// Appeal number, or that of the group.
    pub number: i64,
    /// A group of several families.
    pub group: bool,
    /// Specialist's name.
    pub specialist: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// Channel.
    pub channel: String,
    /// «подтверждена», «ждём автора», «ждём специалиста».
    pub state: String,
}

/// The daily report's data (001 3.3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Daily {
    /// Local date.
    pub date: NaiveDate,
    /// Covers from here.
    pub since: DateTime<Utc>,
    /// To here.
    pub until: DateTime<Utc>,
    /// Made later than due, after downtime.
    pub late: bool,
    /// mode = "shadow".
    pub shadow: bool,
    /// Needs the head's decision.
    pub decisions: Vec<Line>,
    /// The same, about no single appeal.
    pub asks: Vec<Ask>,
    /// Urgent ones that are open and that somebody has seen.
    pub urgent: Vec<Line>,
    /// Terms that end today.
    pub due_today: Vec<Line>,
    /// Overdue.
    pub overdue: Vec<Line>,
    /// Totals over everything.
    pub total: Count,
    /// By category.
    pub by_category: Vec<Count>,
    /// By specialist.
    pub by_specialist: Vec<Count>,
    /// Of today and tomorrow.
    pub meetings: Vec<Meeting>,
    /// Mail that did not reach people: «№ 147: позвоните +7 …».
    pub undelivered: Vec<String>,
    /// Incidents: «электронный журнал: обращений 7, всем отвечено».
    pub incidents: Vec<String>,
    /// Letters of staff in threads, by number and count.
    pub staff_letters: Vec<String>,
    /// Letters parked, by folder and date.
    pub parked: Vec<String>,
    /// Letters in the spam folder since the last report.
    pub spam: Option<u32>,
    /// Warnings: calendar year missing, nobody present in a category, …
    pub warnings: Vec<String>,
    /// Reconciliation.
    pub reconciliation: Reconciliation,
    /// «если в рабочий день к 9:00 этого письма нет, Отклик не работает: звоните …».
    pub absence_means: String,
}
