//! `rules/announcements.toml`: who may write to which classes, how fast, and whether a confirmation counts as a signature.
//!
//! Not here: the families (`contacts`).

use super::document::Section;
use super::{hours, staff::Register, values};
use crate::announcement::Pace;
use crate::settings::AnnouncementRules;

/// Reads the file. The register is known later: [`check`].
pub(super) fn read(root: Section<'_>) -> (AnnouncementRules, Vec<(String, Option<usize>)>) {
    let number = |key, most, usual: u32| root.number(key, 1..=most).and_then(|n| u32::try_from(n.value).ok()).unwrap_or(usual);
    let pace = Pace { minute: number("a_minute", 200, 10), day: number("a_day", 20_000, 300) };
    let protocol = root.text("protocol", "протокол общешкольного родительского собрания от 15.09.2026 № 2").map(|p| p.value);
    let (mut may, mut lines) = (Vec::new(), Vec::new());
    for mut section in root.tables("may") {
        section.call("[[may]]");
        let id = section.required("id", "teacher-5a");
        if !section.has("classes") {
            section.wrong(None, "classes is missing; write e.g. classes = [\"5А\"]");
        }
        let classes = hours::classes(&section);
        if let Some(id) = id {
            lines.push((id.value.clone(), Some(id.line)));
            may.push((id.value, classes));
        }
        section.finish();
    }
    root.finish();
    (AnnouncementRules { may, pace, protocol }, lines)
}

/// Ids that the register does not know.
pub(super) fn check(named: &[(String, Option<usize>)], register: &Register, notes: &super::document::Notes) {
    let known: Vec<&str> = register.staff.iter().map(|s| s.id.as_str()).collect();
    for (id, line) in named.iter().filter(|(id, _)| !known.contains(&id.as_str())) {
        let hint = values::closest(id, &known).map_or_else(|| "give them a [[specialist]] there".to_owned(), |near| format!("did you mean {near}?"));
        notes.add("rules/announcements.toml", *line, format!("[[may]] id = \"{id}\" is nobody's id in rules/specialists.toml; {hint}"));
    }
}
