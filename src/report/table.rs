//! A table for people: titled columns and typed cells, before it is a spreadsheet, a page, text of a terminal or JSON.
//!
//! Not here: what stands in it (`journal`, …), how each form is written (`csv`, `page`, `sheet`, `terminal`).

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// For `--columns`, the configuration and JSON.
    pub key: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Width in a spreadsheet, in characters.
    pub width: u16,
}

/// One cell. Moments are local: a spreadsheet has no zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A number.
    Number(i64),
    /// A local date and time.
    Moment(NaiveDateTime),
    /// A local date.
    Date(NaiveDate),
    /// Words, never a formula; line feeds stay, other control characters are gone.
    Text(String),
}

impl Cell {
    /// Words of anybody: control characters go, blank words are no words.
    pub fn text(words: &str) -> Cell {
        let cleaned = cleaned(words);
        if cleaned.is_empty() { Cell::Empty } else { Cell::Text(cleaned) }
    }

    /// A moment as the clocks of the school show it.
    pub fn moment(at: Option<DateTime<Utc>>, zone: Tz) -> Cell {
        at.map_or(Cell::Empty, |at| Cell::Moment(at.with_timezone(&zone).naive_local()))
    }

    /// As a person reads it: «25.11.2026 15:30».
    pub fn shown(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Number(n) => n.to_string(),
            Cell::Moment(at) => at.format("%d.%m.%Y %H:%M").to_string(),
            Cell::Date(date) => date.format("%d.%m.%Y").to_string(),
            Cell::Text(words) => words.clone(),
        }
    }

    /// As JSON: numbers as numbers, moments and dates by ISO 8601 without a zone.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Cell::Empty => serde_json::Value::Null,
            Cell::Number(n) => (*n).into(),
            Cell::Moment(at) => at.format("%Y-%m-%dT%H:%M:%S").to_string().into(),
            Cell::Date(date) => date.format("%Y-%m-%d").to_string().into(),
            Cell::Text(words) => words.clone().into(),
        }
    }
}

/// A whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// «Журнал дистанционного консультирования».
    pub title: String,
    /// Lines under the title: the school, the period.
    pub heading: Vec<String>,
    /// Said instead of an empty table.
    pub none: &'static str,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows; each has a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// A place for signature and date below.
    pub signed: bool,
}

impl Table {
    /// The same with only these columns, in this order.
    ///
    /// # Errors
    /// A sentence that names the key which no column has, and all that there are.
    pub fn only<S: AsRef<str>>(mut self, keys: &[S]) -> Result<Table, String> {
        let place = |key: &S| self.columns.iter().position(|c| c.key == key.as_ref());
        let mut places = Vec::with_capacity(keys.len());
        for key in keys {
            let known: Vec<&str> = self.columns.iter().map(|c| c.key).collect();
            places.push(place(key).ok_or_else(|| format!("there is no column {:?}; the columns are {}", key.as_ref(), known.join(", ")))?);
        }
        let pick = |row: &Vec<Cell>| places.iter().filter_map(|i| row.get(*i).cloned()).collect();
        self.rows = self.rows.iter().map(pick).collect();
        self.columns = places.iter().filter_map(|i| self.columns.get(*i).copied()).collect();
        Ok(self)
    }
}

/// Line feeds stay, other control characters go.
fn cleaned(words: &str) -> String {
    let one = words.replace("\r\n", "\n");
    one.chars().map(|c| if c == '\r' { '\n' } else { c }).filter(|c| *c == '\n' || !c.is_control()).collect::<String>().trim().to_owned()
}
