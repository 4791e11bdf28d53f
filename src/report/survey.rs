//! Answers to the questionnaire (000 App. 2) as a table: of nobody in particular.
//!
//! A row has no number, no day and no name; the specialist stands there only where enough families have spoken of them. Not here: reading an answer
//! (`understand`), its sums in the weekly report (`jobs`).

use super::table::{Cell, Column, Table};
use super::{FEWEST_MARKS, tenths};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SurveyRow {
    /// When it came.
    pub at: Option<DateTime<Utc>>,
    /// Who held the consultation.
    pub specialist: Option<String>,
    /// 1 to 5.
    pub score: Option<u8>,
    /// `practice`, `theory`, `enough`.
    pub include: Option<String>,
    /// In the family's words.
    pub impression: Option<String>,
    /// In the family's words.
    pub wishes: Option<String>,
    /// Would recommend it.
    pub recommend: Option<bool>,
}

/// Columns of the results.
pub const SURVEY_COLUMNS: [Column; 7] = [
    Column { key: "month", title: "Месяц", width: 12 },
    Column { key: "specialist", title: "Специалист", width: 28 },
    Column { key: "score", title: "Оценка", width: 9 },
    Column { key: "include", title: "Чего больше", width: 20 },
    Column { key: "impression", title: "Впечатление", width: 40 },
    Column { key: "wishes", title: "Пожелания", width: 40 },
    Column { key: "recommend", title: "Порекомендуют", width: 15 },
];

/// The results of a period. Rows are in an order that tells nothing of when each came within its month.
pub fn survey(rows: &[SurveyRow], zone: Tz, school: &str) -> Table {
    let mut spoken: BTreeMap<&str, usize> = BTreeMap::new();
    for who in rows.iter().filter(|r| r.score.is_some()).filter_map(|r| r.specialist.as_deref()) {
        *spoken.entry(who).or_default() += 1;
    }
    let known = |who: &str| spoken.get(who).is_some_and(|n| *n >= FEWEST_MARKS);
    let mut lines: Vec<(String, Vec<Cell>)> = rows.iter().map(|r| (month(r, zone), cells(r, zone, &known))).collect();
    lines.sort_by(|a, b| (&a.0, a.1.iter().map(Cell::shown).collect::<Vec<_>>()).cmp(&(&b.0, b.1.iter().map(Cell::shown).collect::<Vec<_>>())));
    let marks: Vec<u8> = rows.iter().filter_map(|r| r.score).collect();
    let mean = super::mean(&marks).map(|m| format!("Средняя оценка {} (ответов с оценкой {})", tenths(m), marks.len()));
    Table {
        title: "Анкеты после консультаций".into(),
        heading: std::iter::once(school.to_owned()).chain(mean).collect(),
        none: "Ответов на анкету за этот период нет.",
        columns: SURVEY_COLUMNS.to_vec(),
        rows: lines.into_iter().map(|(_, cells)| cells).collect(),
        signed: false,
    }
}

fn month(row: &SurveyRow, zone: Tz) -> String {
    row.at.map(|at| at.with_timezone(&zone).format("%Y-%m").to_string()).unwrap_or_default()
}

fn cells(row: &SurveyRow, zone: Tz, known: &dyn Fn(&str) -> bool) -> Vec<Cell> {
    let include = match row.include.as_deref() {
        Some("practice") => "больше практики",
        Some("theory") => "больше теории",
        Some("enough") => "всего достаточно",
        _ => "",
    };
    let recommend = row.recommend.map_or("", |yes| if yes { "да" } else { "нет" });
    vec![
        Cell::text(&month(row, zone)),
        Cell::text(row.specialist.as_deref().filter(|who| known(who)).unwrap_or_default()),
        row.score.map_or(Cell::Empty, |s| Cell::Number(i64::from(s))),
        Cell::text(include),
        Cell::text(row.impression.as_deref().unwrap_or_default()),
        Cell::text(row.wishes.as_deref().unwrap_or_default()),
        Cell::text(recommend),
    ]
}
