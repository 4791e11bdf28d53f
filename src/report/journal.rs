//! Journal of remote consultations (000 4.4, App. 1) and register of appeals as tables.
//!
//! Not here: which rows belong to a period (`store`), how a table is written (`table` and its forms), files (`cli`).

use super::table::{Cell, Column, Table};
use crate::appeal::Ending;
use crate::appeal::IN_PERSON;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// A row of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalRow {
    /// Appeal number.
    pub number: i64,
    /// Start of the consultation.
    pub start: Option<DateTime<Utc>>,
    /// Specialist.
    pub specialist: String,
    /// Channel as the register names it: `phone`, `in_person`, «Сферум», …
    pub form: String,
    /// A group consultation.
    pub group: bool,
    /// Parent's name.
    pub author: String,
    /// Class.
    pub class: String,
    /// Topic: the category's title.
    pub topic: String,
    /// State: «назначена», «проведена», «отменена».
    pub state: String,
    /// Recommendations as the author got them.
    pub recommendations: Option<String>,
    /// Whatever else is noted.
    pub note: String,
    /// Whose appeal this was is known to its specialist alone (service.md, "Who sees what").
    pub confidential: bool,
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
    /// How it was closed.
    pub ending: Option<Ending>,
    /// Within the term.
    pub kept: Option<bool>,
}

const fn column(key: &'static str, title: &'static str, width: u16) -> Column {
    Column { key, title, width }
}

/// Columns of the journal.
pub const JOURNAL_COLUMNS: [Column; 9] = [
    column("number", "№", 7),
    column("start", "Дата, время", 16),
    column("specialist", "Специалист", 28),
    column("form", "Форма", 18),
    column("author", "ФИО родителя", 28),
    column("class", "Класс", 8),
    column("topic", "Тема", 24),
    column("state", "Состояние", 16),
    column("note", "Рекомендации, примечание", 44),
];
/// Columns of the register.
pub const REGISTER_COLUMNS: [Column; 9] = [
    column("number", "№", 7),
    column("received", "Получено", 16),
    column("category", "Тип обращения", 26),
    column("state", "Состояние", 16),
    column("assignee", "Специалист", 28),
    column("due", "Ответить до", 16),
    column("closed", "Закрыто", 16),
    column("ending", "Чем закончилось", 24),
    column("kept", "В срок", 8),
];

/// Said in the journal for all where only the specialist may know.
const THEIR_OWN: &str = "в журнале специалиста";

/// For whom a journal is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// For all: no name, class or topic of a confidential appeal, of recommendations only that they were given.
    School,
    /// For the specialist whose rows these are: everything.
    Specialist,
}

/// The journal of a period.
pub fn journal(rows: &[JournalRow], zone: Tz, school: &str, reader: Reader) -> Table {
    let heading = std::iter::once(school.to_owned()).chain(period(rows.iter().filter_map(|r| r.start), zone)).collect();
    Table {
        title: "Журнал дистанционного консультирования".into(),
        heading,
        none: "Записей за этот период нет.",
        columns: JOURNAL_COLUMNS.to_vec(),
        rows: rows.iter().map(|row| journal_cells(row, zone, reader)).collect(),
        signed: true,
    }
}

/// The register of appeals received in a period.
pub fn register(rows: &[RegisterRow], zone: Tz, school: &str) -> Table {
    let heading = std::iter::once(school.to_owned()).chain(period(rows.iter().filter_map(|r| r.received), zone)).collect();
    Table {
        title: "Реестр обращений".into(),
        heading,
        none: "Обращений за этот период нет.",
        columns: REGISTER_COLUMNS.to_vec(),
        rows: rows.iter().map(|row| register_cells(row, zone)).collect(),
        signed: false,
    }
}

fn journal_cells(row: &JournalRow, zone: Tz, reader: Reader) -> Vec<Cell> {
    let hidden = row.confidential && reader == Reader::School;
    let own = |words: &str| if hidden { Cell::text(THEIR_OWN) } else { Cell::text(words) };
    let given = row.recommendations.as_deref().map(|words| match (words, reader) {
        (IN_PERSON, _) => "рекомендации даны лично",
        (words, Reader::Specialist) => words,
        (_, Reader::School) => "рекомендации даны",
    });
    let note: Vec<&str> = given.into_iter().chain([row.note.as_str()]).filter(|n| !n.trim().is_empty()).collect();
    vec![
        Cell::Number(row.number),
        Cell::moment(row.start, zone),
        Cell::text(&row.specialist),
        Cell::text(&form(row)),
        own(&row.author),
        if hidden { Cell::Empty } else { Cell::text(&row.class) },
        if hidden { Cell::Empty } else { Cell::text(&row.topic) },
        Cell::text(&row.state),
        Cell::text(&note.join("\n")),
    ]
}

/// The form of a consultation as the journal names it (000 3.3).
fn form(row: &JournalRow) -> String {
    let way = match row.form.trim().to_lowercase().as_str() {
        "phone" => "телефон",
        "in_person" => "лично",
        "email" => "электронная почта",
        "video" => "видеосвязь",
        "max" => "MAX",
        _ => row.form.trim(),
    };
    if row.group { format!("{way}, группа") } else { way.to_owned() }
}

fn register_cells(row: &RegisterRow, zone: Tz) -> Vec<Cell> {
    let kept = match row.kept {
        Some(true) => "да",
        Some(false) => "нет",
        None => "",
    };
    vec![
        Cell::Number(row.number),
        Cell::moment(row.received, zone),
        Cell::text(&row.category),
        Cell::text(&row.state),
        Cell::text(&row.assignee),
        Cell::moment(row.due, zone),
        Cell::moment(row.closed, zone),
        Cell::text(row.ending.map_or("", Ending::title)),
        Cell::text(kept),
    ]
}

/// «25.11.2026 – 30.11.2026», or one date.
fn period(moments: impl Iterator<Item = DateTime<Utc>> + Clone, zone: Tz) -> Option<String> {
    let dates = || moments.clone().map(|at| at.with_timezone(&zone).date_naive());
    let (first, last) = (dates().min()?, dates().max()?);
    let shown = |date: chrono::NaiveDate| date.format("%d.%m.%Y").to_string();
    Some(if first == last { shown(first) } else { format!("{} – {}", shown(first), shown(last)) })
}
