//! Where a command's table goes: to the terminal, as JSON, or into a file whose name says its form.

use super::WrongUse;
use crate::report::Table;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Columns of a terminal that does not say how wide it is.
const ROOM: u16 = 140;

/// Arguments that every table shares.
#[derive(Debug, clap::Args)]
pub(super) struct Written {
    /// Write FILE instead: .xlsx, .csv, .html, .json or .txt
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only these columns, in this order: number,start,specialist
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    columns: Vec<String>,
}

impl Written {
    /// Prints or writes the table.
    pub(super) fn table(&self, table: Table, json: bool, now: DateTime<Utc>, out: &mut impl Write) -> Result<()> {
        self.table_or(table, &[], json, now, out)
    }

    /// The same with the columns that the configuration chooses, where the command line names none.
    pub(super) fn table_or(&self, table: Table, usual: &[String], json: bool, now: DateTime<Utc>, out: &mut impl Write) -> Result<()> {
        let columns = if self.columns.is_empty() { usual } else { &self.columns };
        let table = if columns.is_empty() { table } else { table.only(columns).map_err(WrongUse)? };
        if let Some(path) = &self.out {
            let bytes = in_form(&table, path, now)?;
            write(path, &bytes)?;
            writeln!(out, "{}: {}", path.display(), rows(table.rows.len()))?;
        } else if json {
            write!(out, "{}", lines(&table))?;
        } else {
            print(&table, out)?;
        }
        Ok(())
    }
}

/// As wide as the terminal.
pub(super) fn print(table: &Table, out: &mut impl Write) -> Result<()> {
    let room = terminal_size::terminal_size().map_or(ROOM, |(width, _)| width.0);
    Ok(write!(out, "{}", table.terminal(usize::from(room)))?)
}

fn rows(n: usize) -> String {
    if n == 1 { "1 row".into() } else { format!("{n} rows") }
}

/// Writes a file; a missing folder is named, not made.
///
/// # Errors
/// A sentence.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|f| !f.is_dir()) {
        return Err(WrongUse(format!("--out {}: there is no folder {}; make it first, or name another", path.display(), folder.display())).into());
    }
    std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// The table in the form that a file's name asks for.
///
/// # Errors
/// A sentence: the name's ending is none of those known.
pub(super) fn in_form(table: &Table, path: &Path, now: DateTime<Utc>) -> Result<Vec<u8>> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    Ok(match ending.as_str() {
        "xlsx" => table.xlsx(now).map_err(anyhow::Error::msg)?,
        "csv" => table.csv().into_bytes(),
        "html" | "htm" => table.page().into_bytes(),
        "json" | "jsonl" => lines(table).into_bytes(),
        "txt" => table.terminal(usize::from(u16::MAX)).into_bytes(),
        _ => return Err(WrongUse(format!("--out {}: name a file that ends in .xlsx, .csv, .html, .json or .txt", path.display())).into()),
    })
}

/// One object a line, by the columns' keys.
pub(super) fn lines(table: &Table) -> String {
    let mut out = String::new();
    for row in &table.rows {
        let object: serde_json::Map<String, serde_json::Value> = table.columns.iter().zip(row).map(|(c, cell)| (c.key.to_owned(), cell.json())).collect();
        out.push_str(&format!("{}\n", serde_json::Value::Object(object)));
    }
    out
}
