//! A table as an XLSX workbook: typed cells, widths, a filter, a frozen heading, A4 landscape with the heading on every sheet.
//!
//! Words are written as strings, so that a name like `=cmd|…` is a name. The workbook bears the round's moment, not the clock's: equal tables
//! are equal bytes.

use super::table::{Cell, Table};
use chrono::{DateTime, Datelike, Timelike, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// The longest text that a cell holds (Excel's limit).
const LONGEST: usize = 32_000;
/// Height of a line in points; a row is at most so many lines high (Excel's limit is 409 points).
const LINE: f64 = 15.0;
const MOST_LINES: u16 = 27;
/// Sheet names are at most so long.
const NAME: usize = 31;

struct Formats {
    title: Format,
    head: Format,
    text: Format,
    number: Format,
    moment: Format,
    date: Format,
}

impl Formats {
    fn new() -> Formats {
        let cell = || Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Thin).set_text_wrap();
        Formats {
            title: Format::new().set_bold().set_font_size(14),
            head: cell().set_bold().set_background_color("#E8EDF3").set_align(FormatAlign::VerticalCenter),
            text: cell(),
            number: cell().set_num_format("0"),
            moment: cell().set_align(FormatAlign::Left).set_num_format("dd.mm.yyyy hh:mm"),
            date: cell().set_align(FormatAlign::Left).set_num_format("dd.mm.yyyy"),
        }
    }
}

impl Table {
    /// The workbook's bytes, made at `now`.
    ///
    /// # Errors
    /// A sentence: more rows or columns than a sheet holds.
    pub fn xlsx(&self, now: DateTime<Utc>) -> Result<Vec<u8>, String> {
        self.workbook(now).map_err(|e| format!("the spreadsheet could not be made: {e}"))
    }

    fn workbook(&self, now: DateTime<Utc>) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let made = stamp(now)?;
        book.set_properties(&DocProperties::new().set_title(&self.title).set_creation_datetime(&made));
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&self.title))?;
        self.write(sheet, &Formats::new())?;
        book.save_to_buffer()
    }

    fn write(&self, sheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
        sheet.write_string_with_format(0, 0, &self.title, &formats.title)?;
        let mut row: u32 = 1;
        for line in self.heading.iter().filter(|l| !l.trim().is_empty()) {
            sheet.write_string(row, 0, line)?;
            row += 1;
        }
        let head = row + 1;
        for (i, column) in (0_u16..).zip(&self.columns) {
            sheet.set_column_width(i, column.width)?;
            sheet.write_string_with_format(head, i, column.title, &formats.head)?;
        }
        let mut at = head;
        for cells in &self.rows {
            at += 1;
            for (i, cell) in (0_u16..).zip(cells) {
                write_cell(sheet, at, i, cell, formats)?;
            }
            let lines = cells.iter().zip(&self.columns).map(|(cell, column)| lines(cell, column.width)).max().unwrap_or(1);
            if lines > 1 {
                sheet.set_row_height(at, LINE * f64::from(lines.min(MOST_LINES)))?;
            }
        }
        if self.rows.is_empty() {
            sheet.write_string(head + 1, 0, self.none)?;
        }
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        if !self.rows.is_empty() {
            sheet.autofilter(head, 0, at, last)?;
        }
        sheet.set_freeze_panes(head + 1, 0)?;
        sheet.set_repeat_rows(head, head)?;
        sheet.set_landscape();
        sheet.set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_footer("&L&A&RСтраница &P из &N");
        if self.signed {
            sheet.write_string(at + 3, 0, "Подпись ____________________   Дата ____________")?;
        }
        Ok(())
    }
}

/// Lines that a cell takes in a column of this width: not every program makes room for wrapped words by itself.
fn lines(cell: &Cell, width: u16) -> u16 {
    let width = usize::from(width.max(1));
    let Cell::Text(words) = cell else { return 1 };
    let taken: usize = words.lines().map(|line| wrapped(line, width)).sum();
    u16::try_from(taken).unwrap_or(u16::MAX).max(1)
}

/// Lines of one paragraph broken between words.
fn wrapped(line: &str, width: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for word in line.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines += 1;
            used = 0;
        }
        lines += length.saturating_sub(1) / width;
        used += length.min(width) + usize::from(used > 0);
    }
    lines
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(row, column, &formats.text)?,
        // Excel keeps numbers as floats; ours are far below 2^53.
        Cell::Number(n) => sheet.write_number_with_format(row, column, *n as f64, &formats.number)?,
        Cell::Moment(at) => {
            let date = ExcelDateTime::from_ymd(u16::try_from(at.year()).unwrap_or(1900), at.month() as u8, at.day() as u8)?;
            sheet.write_datetime_with_format(row, column, date.and_hms(at.hour() as u16, at.minute() as u8, at.second())?, &formats.moment)?
        }
        Cell::Date(at) => {
            let date = ExcelDateTime::from_ymd(u16::try_from(at.year()).unwrap_or(1900), at.month() as u8, at.day() as u8)?;
            sheet.write_datetime_with_format(row, column, date, &formats.date)?
        }
        Cell::Text(words) => {
            let words: String = words.chars().take(LONGEST).collect();
            sheet.write_string_with_format(row, column, words, &formats.text)?
        }
    };
    Ok(())
}

fn stamp(now: DateTime<Utc>) -> Result<ExcelDateTime, XlsxError> {
    let n = now.naive_utc();
    ExcelDateTime::from_ymd(u16::try_from(n.year()).unwrap_or(1900), n.month() as u8, n.day() as u8)?.and_hms(n.hour() as u16, n.minute() as u8, n.second())
}

/// What a sheet may be called: short by UTF-16 units, without the signs that a formula would read.
fn sheet_name(title: &str) -> String {
    let mut name = String::new();
    let mut units = 0;
    for c in title.chars().filter(|c| !c.is_control() && !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'')) {
        units += c.len_utf16();
        if units > NAME {
            break;
        }
        name.push(c);
    }
    if name.trim().is_empty() || name.eq_ignore_ascii_case("history") { "Таблица".into() } else { name }
}
