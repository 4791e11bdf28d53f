//! What is published and printed: `[schedule]` and `[journal]` of `otklik.toml`, `rules/site.toml`.
//!
//! Not here: making any of it (`publish`, `report`).

use super::document::{At, Section};
use super::{main_file, values};
use crate::report::{Column, JOURNAL_COLUMNS, REGISTER_COLUMNS};
use crate::settings::{PublicAnnouncement, ScheduleRules, SiteRules};
use std::path::PathBuf;

/// `[journal]`: which columns, in which order; empty: all.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) journal: Vec<String>,
    pub(super) register: Vec<String>,
}

/// `[schedule]`; its folder is relative to the configuration's.
pub(super) fn schedule(section: Section<'_>) -> ScheduleRules {
    let rules = ScheduleRules {
        approved_by: section.text("approved_by", "директор Громова Е. С.").map(|t| t.value),
        number: section.text("number", "45").map(|t| t.value),
        date: section.date("date").map(|d| d.value),
        folder: section.text("folder", "site").map(|t| PathBuf::from(t.value)),
        administrator: section.text("administrator", "site@school.example").and_then(|a| main_file::address(&section, "administrator", a)).map(|a| a.value),
    };
    section.finish();
    rules
}

/// `[journal]`.
pub(super) fn columns(section: Section<'_>) -> Columns {
    let read = Columns { journal: chosen(&section, "columns", &JOURNAL_COLUMNS), register: chosen(&section, "register", &REGISTER_COLUMNS) };
    section.finish();
    read
}

fn chosen(section: &Section<'_>, key: &'static str, all: &[Column]) -> Vec<String> {
    let known: Vec<&str> = all.iter().map(|c| c.key).collect();
    let mut keys: Vec<String> = Vec::new();
    for At { value, line } in section.texts(key, "number").unwrap_or_default() {
        if keys.contains(&value) {
            section.wrong(Some(line), format!("{key} names \"{value}\" twice; take one out"));
        } else if known.contains(&value.as_str()) {
            keys.push(value);
        } else {
            let hint = values::closest(&value, &known).map_or_else(|| format!("the columns are {}", known.join(", ")), |near| format!("did you mean {near}?"));
            section.wrong(Some(line), format!("{key}: there is no column \"{value}\"; {hint}"));
        }
    }
    keys
}

/// `rules/site.toml`.
pub(super) fn site(root: Section<'_>) -> SiteRules {
    let hotline = root.text("hotline", "8 (495) 000-12-02").and_then(|t| {
        if values::phone(&t.value).is_none() {
            root.wrong(Some(t.line), format!("hotline: \"{}\" is no phone number; write 8 or +7 and ten digits, e.g. 8 (495) 000-12-02", t.value));
            return None;
        }
        Some(t.value)
    });
    let hotline_hours = root.text("hotline_hours", "по рабочим дням с 9:00 до 17:00").map(|t| t.value);
    let mut announcements = Vec::new();
    for mut section in root.tables("announcement") {
        section.call("[[announcement]]");
        let (title, date, until) = (section.required("title", "День открытых дверей"), section.date("date"), section.date("until"));
        let text: Vec<String> = section.texts("text", "Приглашаем в 11:00.").unwrap_or_default().into_iter().map(|t| t.value).collect();
        if !section.has("date") {
            section.wrong(None, "date is missing; write the day of the announcement, e.g. date = 2026-11-20");
        }
        if text.iter().all(|t| t.is_empty()) {
            section.wrong(None, "text is empty; write its paragraphs, e.g. text = [\"Приглашаем в 11:00.\"]");
        }
        if let (Some(date), Some(until)) = (&date, &until)
            && until.value < date.value
        {
            section.wrong(Some(until.line), format!("until = {} is before date = {}; exchange the two", until.value, date.value));
        }
        if let (Some(title), Some(date)) = (title, date) {
            announcements.push(PublicAnnouncement { date: date.value, until: until.map(|u| u.value), title: title.value, text });
        }
        section.finish();
    }
    root.finish();
    SiteRules { hotline, hotline_hours, announcements }
}
