//! Dates and skipped days in Russian.

use chrono::{Datelike, NaiveDate};

const MONTHS: [&str; 12] = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];

fn month(date: NaiveDate) -> &'static str {
    MONTHS.get(date.month0() as usize).copied().unwrap_or("")
}

/// «4 ноября».
pub fn day_month(date: NaiveDate) -> String {
    format!("{} {}", date.day(), month(date))
}

/// «4 ноября», «21-22 ноября», «с 31 октября по 1 ноября».
pub fn day_range(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        day_month(first)
    } else if first.month() == last.month() && first.year() == last.year() {
        format!("{}-{} {}", first.day(), last.day(), month(first))
    } else {
        format!("с {} по {}", day_month(first), day_month(last))
    }
}

/// A row of neighbouring days that are skipped for one reason.
pub(super) struct Row {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    /// `None`: a weekend.
    pub(super) reason: Option<String>,
}

impl Row {
    /// «21-22 ноября выходные», «4 ноября — День народного единства».
    pub(super) fn sentence(&self) -> String {
        let days = day_range(self.first, self.last);
        match (self.reason.as_deref(), self.first == self.last) {
            (None, true) => format!("{days} выходной"),
            (None, false) => format!("{days} выходные"),
            (Some("перенос выходного дня"), false) => format!("{days} — перенос выходных дней"),
            (Some(reason), _) => format!("{days} — {reason}"),
        }
    }
}
