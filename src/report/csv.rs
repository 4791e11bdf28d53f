//! A table as CSV for Russian spreadsheets: `;`, UTF-8 with its mark, CRLF, what would be calculated defused.

use super::table::{Cell, Table};

impl Table {
    /// The file's text.
    pub fn csv(&self) -> String {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        // Writing into memory has no way to fail.
        let mut written = writer.write_record(self.columns.iter().map(|c| c.title));
        for row in &self.rows {
            written = written.and_then(|()| writer.write_record(row.iter().map(field)));
        }
        let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
        // Excel takes the file for windows-1251 without the mark.
        format!("\u{feff}{}", String::from_utf8(bytes).unwrap_or_default())
    }
}

/// Dates are written as a spreadsheet with Russian settings recognises them.
fn field(cell: &Cell) -> String {
    match cell {
        Cell::Text(words) => defused(words),
        other => other.shown(),
    }
}

/// One line for one row, and an apostrophe before what a spreadsheet would calculate (OWASP, CSV injection): names and
/// topics come from letters of strangers. The full-width signs count in some of them too.
fn defused(words: &str) -> String {
    let line = words.split(['\n', '\t']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let first = line.chars().find(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'));
    if matches!(first, Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠')) { format!("'{line}") } else { line }
}
