//! Journal of remote consultations (000 4.4, App. 1) and register of appeals as tables.
//!
//! Not here: which rows belong to a period (`store`), files (`cli`).

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

/// Columns of the journal.
const JOURNAL_COLUMNS: [&str; 9] = ["№", "Дата, время", "Специалист", "Форма", "ФИО родителя", "Класс", "Тема", "Состояние", "Рекомендации, примечание"];
/// Columns of the register.
const REGISTER_COLUMNS: [&str; 8] = ["№", "Получено", "Тип обращения", "Состояние", "Специалист", "Ответить до", "Закрыто", "В срок"];

/// CSV with `;` and a UTF-8 BOM; cells that a spreadsheet would take for formulas are defused.
pub fn csv_of(rows: &[JournalRow], zone: Tz) -> String {
    table(&JOURNAL_COLUMNS, rows.iter().map(|row| journal_cells(row, zone)))
}

/// The register likewise.
pub fn register_csv(rows: &[RegisterRow], zone: Tz) -> String {
    table(&REGISTER_COLUMNS, rows.iter().map(|row| register_cells(row, zone)))
}

/// The journal as an HTML page for print.
pub fn html_of(rows: &[JournalRow], zone: Tz, school: &str) -> String {
    let mut page = String::with_capacity(2_048 + rows.len() * 400);
    page.push_str("<!DOCTYPE html>\n<html lang=\"ru\">\n<head>\n<meta charset=\"utf-8\">\n<title>Журнал дистанционного консультирования</title>\n");
    page.push_str(STYLE);
    page.push_str("</head>\n<body>\n<h1>Журнал дистанционного консультирования</h1>\n<p>");
    page.push_str(&escaped(school));
    if let Some(period) = period(rows, zone) {
        page.push_str(if school.trim().is_empty() { "" } else { "<br>" });
        page.push_str(&period);
    }
    page.push_str("</p>\n");
    if rows.is_empty() {
        page.push_str("<p>Записей за этот период нет.</p>\n");
    } else {
        page.push_str("<table>\n<thead>\n");
        push_row(&mut page, "th", JOURNAL_COLUMNS.into_iter());
        page.push_str("</thead>\n<tbody>\n");
        for row in rows {
            let cells = journal_cells(row, zone);
            push_row(&mut page, "td", cells.iter().map(String::as_str));
        }
        page.push_str("</tbody>\n</table>\n");
        page.push_str(&format!("<p>Всего записей: {}</p>\n", rows.len()));
        page.push_str("<p class=\"sign\">Подпись ____________________ &nbsp; Дата ____________</p>\n");
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// Nothing is loaded from elsewhere; the heading of the table repeats on every sheet.
const STYLE: &str = "<style>
@page { size: A4 landscape; margin: 12mm; }
body { font: 10pt/1.3 \"PT Sans\", \"Liberation Sans\", Arial, sans-serif; color: #000; background: #fff; }
h1 { font-size: 14pt; margin: 0 0 2mm; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.3mm solid #000; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eee; }
td { white-space: pre-line; }
td:first-child, td:nth-child(2) { white-space: nowrap; }
.sign { margin-top: 10mm; }
</style>
";

fn journal_cells(row: &JournalRow, zone: Tz) -> [String; 9] {
    [
        row.number.to_string(),
        moment(row.start, zone),
        text(&row.specialist),
        text(&row.form),
        text(&row.author),
        text(&row.class),
        text(&row.topic),
        text(&row.state),
        text(&row.note),
    ]
}

fn register_cells(row: &RegisterRow, zone: Tz) -> [String; 8] {
    let kept = match row.kept {
        Some(true) => "да",
        Some(false) => "нет",
        None => "",
    };
    [
        row.number.to_string(),
        moment(row.received, zone),
        text(&row.category),
        text(&row.state),
        text(&row.assignee),
        moment(row.due, zone),
        moment(row.closed, zone),
        kept.to_owned(),
    ]
}

/// As a spreadsheet with Russian settings recognises a date.
fn moment(at: Option<DateTime<Utc>>, zone: Tz) -> String {
    at.map(|at| at.with_timezone(&zone).format("%d.%m.%Y %H:%M").to_string()).unwrap_or_default()
}

/// Line feeds stay, other control characters go.
fn text(value: &str) -> String {
    value.replace("\r\n", "\n").trim().chars().map(|c| if c == '\r' { '\n' } else { c }).filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// «25.11.2026 – 30.11.2026», or one date.
fn period(rows: &[JournalRow], zone: Tz) -> Option<String> {
    let dates = || rows.iter().filter_map(|row| row.start).map(|at| at.with_timezone(&zone).date_naive());
    let (first, last) = (dates().min()?, dates().max()?);
    let shown = |date: chrono::NaiveDate| date.format("%d.%m.%Y").to_string();
    Some(if first == last { shown(first) } else { format!("{} – {}", shown(first), shown(last)) })
}

fn table<const N: usize>(columns: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing into memory has no way to fail.
    let mut written = writer.write_record(columns);
    for cells in rows {
        written = written.and_then(|()| writer.write_record(cells.map(|cell| defused(&cell))));
    }
    let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    // Excel takes the file for windows-1251 without the mark.
    format!("\u{feff}{}", String::from_utf8(bytes).unwrap_or_default())
}

/// One line for one row, and an apostrophe before what a spreadsheet would calculate (OWASP, CSV injection): names and
/// topics come from letters of strangers. The full-width signs count in some of them too.
fn defused(cell: &str) -> String {
    let line = cell.split(['\n', '\t']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let first = line.chars().find(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'));
    if matches!(first, Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠')) { format!("'{line}") } else { line }
}

fn push_row<'c>(page: &mut String, tag: &str, cells: impl Iterator<Item = &'c str>) {
    page.push_str("<tr>");
    for cell in cells {
        page.push_str(&format!("<{tag}>{}</{tag}>", escaped(cell)));
    }
    page.push_str("</tr>\n");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
