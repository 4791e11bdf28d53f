//! `rules/hours.toml`: when letters to the families of a class may leave, by the protocol of its parents' meeting.

use super::Warning;
use super::document::Section;
use super::hours::classes;
use super::rules::span;
use super::values;
use super::warnings::warning;
use crate::settings::ClassHours;
use chrono::{NaiveTime, Timelike};

/// The file.
const FILE: &str = "rules/hours.toml";

/// All entries, each with its line for warnings.
pub(super) fn read(root: Section<'_>) -> Vec<(ClassHours, usize)> {
    let mut out = Vec::new();
    for mut section in root.tables("hours") {
        section.call("[[hours]]");
        let classes = classes(&section);
        if !section.has("classes") {
            section.wrong(None, "classes is missing; write e.g. classes = [\"5А\", \"7-9\"]");
        }
        let mut weekdays = Vec::new();
        for word in section.texts("weekdays", "mon").unwrap_or_default() {
            match values::weekday(&word.value) {
                Some(day) if weekdays.contains(&day) => section.wrong(Some(word.line), format!("weekdays names {} twice; take one out", word.value)),
                Some(day) => weekdays.push(day),
                None => section.wrong(Some(word.line), format!("\"{}\" is no weekday; write mon, tue, wed, thu, fri, sat, sun", word.value)),
            }
        }
        let hours = span(&section, "from", "until");
        let protocol = section.required("protocol", "№ 2");
        let date = section.date("date");
        if !section.has("date") {
            section.wrong(None, "date is missing; write the day of the parents' meeting, e.g. date = 2026-09-10");
        }
        if let (Some((from, until)), Some(protocol), Some(date), false) = (hours, protocol, date, classes.is_empty()) {
            out.push((ClassHours { classes, from, until, weekdays, protocol: protocol.value, date: date.value }, protocol.line));
        }
        section.finish();
    }
    root.finish();
    out
}

/// Hours that are early or late for a family: they are kept, and the school is asked to look once more.
pub(super) fn warn(read: &[(ClassHours, usize)], out: &mut Vec<Warning>) {
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    for (hours, line) in read {
        if hours.from < at(7) || hours.until > at(21) {
            let classes: Vec<String> = hours.classes.iter().map(ToString::to_string).collect();
            let message = format!(
                "letters to the families of {} may leave from {} to {}: before 7 or after 21 they wake people; look whether protocol {} means it",
                classes.join(", "),
                hours.from.format("%H:%M"),
                hours.until.format("%H:%M"),
                hours.protocol
            );
            out.push(warning(FILE, Some(*line), message, None));
        }
        if (hours.until.num_seconds_from_midnight() - hours.from.num_seconds_from_midnight()) < 3600 {
            out.push(warning(FILE, Some(*line), "less than an hour a day is left for letters to these families: some will wait for days", None));
        }
    }
}
