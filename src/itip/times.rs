//! A foreign calendar object cut down to its times, so that a series can be expanded again later without keeping what it is about.

use super::lines::{LETTER, logical_lines, split_name};

/// Properties that say when, of events and of zones; all else is what and why.
const WHEN: &[&str] = &[
    "BEGIN",
    "END",
    "VERSION",
    "METHOD",
    "X-WR-TIMEZONE",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "TRANSP",
    "STATUS",
    "TZID",
    "X-LIC-LOCATION",
    "TZOFFSETFROM",
    "TZOFFSETTO",
];

/// The object with its times only and `uid` in place of its own; nothing where it cannot be read.
pub fn times_only(bytes: &[u8], uid: &str) -> Option<String> {
    let mut out = String::new();
    for line in logical_lines(bytes, LETTER).ok()? {
        let Some((name, rest)) = split_name(&line) else { continue };
        if !WHEN.contains(&name.as_str()) {
            continue;
        }
        out.push_str(&name);
        out.push_str(rest);
        out.push_str("\r\n");
        if name == "BEGIN" && rest.trim_start_matches(':').trim().eq_ignore_ascii_case("VEVENT") {
            out.push_str("UID:");
            out.push_str(uid);
            out.push_str("\r\n");
        }
    }
    Some(out).filter(|o| o.contains("DTSTART"))
}
