//! A table as text for a terminal: columns under each other by the cells that letters really take (Cyrillic one, East Asian two), long ones cut.

use super::table::{Cell, Table};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns are never narrower, however little room there is.
const NARROWEST: usize = 6;
const GAP: usize = 2;

impl Table {
    /// Lines of at most `room` columns where that is possible at all; numbers stand to the right.
    pub fn terminal(&self, room: usize) -> String {
        let mut out = format!("{}\n", self.title);
        for line in self.heading.iter().filter(|l| !l.trim().is_empty()) {
            out.push_str(&format!("{line}\n"));
        }
        out.push('\n');
        if self.rows.is_empty() {
            out.push_str(&format!("{}\n", self.none));
            return out;
        }
        let cells: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(|c| one_line(&c.shown())).collect()).collect();
        let widths = self.widths(&cells, room);
        let titles: Vec<String> = self.columns.iter().map(|c| c.title.to_owned()).collect();
        let numbers: Vec<bool> = (0..self.columns.len()).map(|i| self.rows.iter().all(|r| matches!(r.get(i), Some(Cell::Number(_) | Cell::Empty)))).collect();
        push_line(&mut out, &titles, &widths, &numbers);
        let rule: Vec<String> = widths.iter().map(|w| "─".repeat(*w)).collect();
        push_line(&mut out, &rule, &widths, &numbers);
        for row in &cells {
            push_line(&mut out, row, &widths, &numbers);
        }
        out
    }

    /// Each column as wide as its widest cell; where that is too much the widest give way first.
    fn widths(&self, cells: &[Vec<String>], room: usize) -> Vec<usize> {
        let widest = |i: usize| cells.iter().filter_map(|r| r.get(i)).map(|c| c.width()).max().unwrap_or(0);
        let mut widths: Vec<usize> = self.columns.iter().enumerate().map(|(i, c)| widest(i).max(c.title.width())).collect();
        let between = GAP * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + between > room {
            let Some(most) = widths.iter_mut().max_by_key(|w| **w).filter(|w| **w > NARROWEST) else { break };
            *most -= 1;
        }
        widths
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `width` cells, with an ellipsis where something is missing.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

fn push_line(out: &mut String, cells: &[String], widths: &[usize], numbers: &[bool]) {
    let mut line = String::new();
    for ((cell, width), number) in cells.iter().zip(widths).zip(numbers) {
        let shown = cut(cell, *width);
        let blanks = " ".repeat(width.saturating_sub(shown.width()));
        if !line.is_empty() {
            line.push_str(&" ".repeat(GAP));
        }
        line.push_str(&if *number { format!("{blanks}{shown}") } else { format!("{shown}{blanks}") });
    }
    out.push_str(line.trim_end());
    out.push('\n');
}
