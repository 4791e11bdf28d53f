//! RFC 5546 §3.2 as a table: which property may stand how often in which method, and what RFC 5545 asks of components and values. Foreign
//! validators miss most of it; libical's own table follows RFC 2446 in DECLINECOUNTER.
//!
//! Reads lines by itself, so that a mistake of `itip` cannot hide.

use std::collections::BTreeSet;

/// Never a limit.
const ANY: usize = usize::MAX;

/// Properties of a VEVENT: name, least, most; what is not named may not stand there (X- may).
fn allowed(method: &str) -> Option<&'static [(&'static str, usize, usize)]> {
    Some(match method {
        // §3.2.2
        "REQUEST" => &[
            ("ATTENDEE", 1, ANY),
            ("DTSTAMP", 1, 1),
            ("DTSTART", 1, 1),
            ("ORGANIZER", 1, 1),
            ("SEQUENCE", 0, 1),
            ("SUMMARY", 1, 1),
            ("UID", 1, 1),
            ("ATTACH", 0, ANY),
            ("CATEGORIES", 0, ANY),
            ("CLASS", 0, 1),
            ("COMMENT", 0, ANY),
            ("CONFERENCE", 0, ANY),
            ("CONTACT", 0, ANY),
            ("CREATED", 0, 1),
            ("DESCRIPTION", 0, 1),
            ("DTEND", 0, 1),
            ("DURATION", 0, 1),
            ("EXDATE", 0, ANY),
            ("LAST-MODIFIED", 0, 1),
            ("LOCATION", 0, 1),
            ("PRIORITY", 0, 1),
            ("RDATE", 0, ANY),
            ("RECURRENCE-ID", 0, 1),
            ("RRULE", 0, 1),
            ("STATUS", 0, 1),
            ("TRANSP", 0, 1),
            ("URL", 0, 1),
        ],
        // §3.2.3; SUMMARY and the rest may, and we do not.
        "REPLY" => &[
            ("ATTENDEE", 1, 1),
            ("DTSTAMP", 1, 1),
            ("ORGANIZER", 1, 1),
            ("RECURRENCE-ID", 0, 1),
            ("SEQUENCE", 0, 1),
            ("UID", 1, 1),
            ("COMMENT", 0, ANY),
            ("DTEND", 0, 1),
            ("DTSTART", 0, 1),
            ("REQUEST-STATUS", 0, ANY),
            ("SUMMARY", 0, 1),
        ],
        // §3.2.5
        "CANCEL" => &[
            ("ATTENDEE", 0, ANY),
            ("DTSTAMP", 1, 1),
            ("ORGANIZER", 1, 1),
            ("SEQUENCE", 1, 1),
            ("UID", 1, 1),
            ("CLASS", 0, 1),
            ("COMMENT", 0, ANY),
            ("DESCRIPTION", 0, 1),
            ("DTEND", 0, 1),
            ("DTSTART", 0, 1),
            ("LOCATION", 0, 1),
            ("RECURRENCE-ID", 0, 1),
            ("STATUS", 0, 1),
            ("SUMMARY", 0, 1),
            ("TRANSP", 0, 1),
        ],
        // §3.2.8
        "DECLINECOUNTER" => &[
            ("ATTENDEE", 1, ANY),
            ("DTSTAMP", 1, 1),
            ("ORGANIZER", 1, 1),
            ("SEQUENCE", 1, 1),
            ("UID", 1, 1),
            ("COMMENT", 0, ANY),
            ("RECURRENCE-ID", 0, 1),
            ("REQUEST-STATUS", 0, ANY),
        ],
        // ADD, COUNTER, REFRESH, PUBLISH are never sent.
        _ => return None,
    })
}

/// One property: name, parameters, value.
struct Property {
    name: String,
    parameters: String,
    value: String,
}

impl Property {
    fn parameter(&self, key: &str) -> Option<&str> {
        let at = self.parameters.find(&format!(";{key}="))?;
        let rest = &self.parameters[at + key.len() + 2..];
        Some(match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default(),
            None => rest.split(';').next().unwrap_or_default(),
        })
    }
}

/// A component and what is in it.
struct Component {
    name: String,
    properties: Vec<Property>,
    inner: Vec<Component>,
}

impl Component {
    fn count(&self, name: &str) -> usize {
        self.properties.iter().filter(|p| p.name == name).count()
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|p| p.name == name).map(|p| p.value.as_str())
    }
}

/// A content line cut at the first colon outside quotes.
fn property(line: &str) -> Option<Property> {
    let mut quoted = false;
    let colon = line.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let name = head.split(';').next()?;
    Some(Property { name: name.to_owned(), parameters: head[name.len()..].to_owned(), value: value.to_owned() })
}

fn tree(text: &str, mistakes: &mut Vec<String>) -> Option<Component> {
    let mut open: Vec<Component> = Vec::new();
    for line in text.replace("\r\n ", "").split_terminator("\r\n") {
        let Some(property) = property(line) else {
            mistakes.push(format!("no property: {line}"));
            continue;
        };
        match property.name.as_str() {
            "BEGIN" => open.push(Component { name: property.value, properties: Vec::new(), inner: Vec::new() }),
            "END" => {
                let closed = open.pop()?;
                if closed.name != property.value {
                    mistakes.push(format!("END:{} closes {}", property.value, closed.name));
                }
                match open.last_mut() {
                    Some(outer) => outer.inner.push(closed),
                    None => return Some(closed),
                }
            }
            _ => open.last_mut()?.properties.push(property),
        }
    }
    None
}

/// Everything that is wrong with an object, one sentence each.
pub fn mistakes(object: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(text) = std::str::from_utf8(object) else { return vec!["not UTF-8".to_owned()] };
    lines(text, &mut found);
    let Some(calendar) = tree(text, &mut found) else {
        found.push("no calendar".to_owned());
        return found;
    };
    for name in ["PRODID", "VERSION", "METHOD"] {
        if calendar.name != "VCALENDAR" || calendar.count(name) != 1 {
            found.push(format!("{} times {name} in {}", calendar.count(name), calendar.name));
        }
    }
    let method = calendar.value("METHOD").unwrap_or_default();
    let Some(table) = allowed(method) else {
        found.push(format!("METHOD:{method} is never sent"));
        return found;
    };
    let events: Vec<&Component> = calendar.inner.iter().filter(|c| c.name == "VEVENT").collect();
    let uids: BTreeSet<_> = events.iter().filter_map(|e| e.value("UID")).collect();
    if uids.len() != 1 {
        found.push(format!("{} UIDs", uids.len()));
    }
    for event in &events {
        of_event(event, method, table, &mut found);
    }
    zones(&calendar, &mut found);
    found
}

fn lines(text: &str, found: &mut Vec<String>) {
    if text.contains('\u{fffd}') {
        found.push("U+FFFD".to_owned());
    }
    if !text.ends_with("\r\n") {
        found.push("the last line has no end".to_owned());
    }
    for line in text.split_terminator("\r\n") {
        if line.len() > 75 {
            found.push(format!("{} octets: {line}", line.len()));
        }
        if line.chars().any(char::is_control) || line.trim().is_empty() {
            found.push(format!("a control character or nothing in {line:?}"));
        }
    }
}

fn of_event(event: &Component, method: &str, table: &[(&str, usize, usize)], found: &mut Vec<String>) {
    for (name, least, most) in table {
        if !(*least..=*most).contains(&event.count(name)) {
            found.push(format!("{method}: {} times {name}", event.count(name)));
        }
    }
    for property in event.properties.iter().filter(|p| !p.name.starts_with("X-") && !table.iter().any(|(name, _, _)| *name == p.name)) {
        found.push(format!("{method}: no {} may stand here", property.name));
    }
    let status = event.value("STATUS");
    let fits = match method {
        "REQUEST" => matches!(status, None | Some("TENTATIVE" | "CONFIRMED")),
        "CANCEL" => status == Some("CANCELLED"),
        _ => status.is_none(),
    };
    if !fits {
        found.push(format!("{method}: STATUS {status:?}"));
    }
    if event.count("DTEND") + event.count("DURATION") > 1 {
        found.push("DTEND and DURATION".to_owned());
    }
    if event.count("RECURRENCE-ID") > 0 && event.count("RRULE") + event.count("EXDATE") > 0 {
        found.push("a meeting of a series with a series of its own".to_owned());
    }
    if event.count("EXDATE") > 0 && event.count("RRULE") == 0 {
        found.push("EXDATE without RRULE".to_owned());
    }
    for property in &event.properties {
        value(property, method, found);
    }
    let alarms = if method == "REQUEST" { ANY } else { 0 };
    if event.inner.iter().filter(|c| c.name == "VALARM").count() > alarms || event.inner.iter().any(|c| c.name != "VALARM") {
        found.push(format!("{method}: no such component in a VEVENT"));
    }
    for alarm in &event.inner {
        for name in ["ACTION", "TRIGGER", "DESCRIPTION"] {
            if alarm.count(name) != 1 {
                found.push(format!("{} times {name} in a VALARM", alarm.count(name)));
            }
        }
    }
}

fn value(property: &Property, method: &str, found: &mut Vec<String>) {
    let mut say = |what: &str| found.push(format!("{method}: {}{}:{}: {what}", property.name, property.parameters, property.value));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match property.name.as_str() {
        "DTSTAMP" | "CREATED" | "LAST-MODIFIED" if !property.value.ends_with('Z') => say("not UTC"),
        "DTSTART" | "DTEND" | "RECURRENCE-ID" | "EXDATE" => {
            let (utc, zone) = (property.value.ends_with('Z'), property.parameter("TZID").is_some());
            let day = property.parameter("VALUE") == Some("DATE");
            if utc == zone && !day {
                say("neither UTC nor in a zone, or both");
            }
            let digits = if day { property.value.clone() } else { property.value.trim_end_matches('Z').replacen('T', "", 1) };
            if !all_digits(&digits) || digits.len() != if day { 8 } else { 14 } {
                say("no moment");
            }
            if property.parameter("RANGE").is_some() {
                say("THISANDFUTURE is never sent");
            }
        }
        "SEQUENCE" if property.value.parse::<u64>().is_err() => say("no number"),
        "ORGANIZER" | "ATTENDEE" => {
            if !property.value.strip_prefix("mailto:").is_some_and(|a| a.contains('@') && !a.contains(' ')) {
                say("no mailto");
            }
            let answered = matches!(property.parameter("PARTSTAT"), Some("ACCEPTED" | "DECLINED" | "TENTATIVE"));
            let asked = property.parameter("PARTSTAT") == Some("NEEDS-ACTION");
            let fits = match (property.name.as_str(), method) {
                ("ORGANIZER", _) | (_, "CANCEL" | "DECLINECOUNTER") => property.parameter("PARTSTAT").is_none() && property.parameter("RSVP").is_none(),
                (_, "REQUEST") => (answered || asked) && property.parameter("RSVP") == Some("TRUE"),
                _ => answered && property.parameter("RSVP").is_none(),
            };
            if !fits {
                say("PARTSTAT or RSVP");
            }
        }
        "RRULE" => {
            let parts: Vec<&str> = property.value.split(';').collect();
            let weekly = matches!(parts.as_slice(), ["FREQ=WEEKLY", interval, count]
                if interval.strip_prefix("INTERVAL=").is_some_and(all_digits) && count.strip_prefix("COUNT=").is_some_and(all_digits));
            if !weekly {
                say("a rule that Outlook may not know");
            }
        }
        "CONFERENCE" if property.parameter("VALUE") != Some("URI") => say("no URI"),
        "SUMMARY" | "DESCRIPTION" | "LOCATION" | "COMMENT" => {
            let bare = property.value.replace("\\\\", "").replace("\\,", "").replace("\\;", "").replace("\\n", "");
            if bare.contains([',', ';', '\\']) {
                say("not escaped");
            }
        }
        _ => {}
    }
}

/// RFC 5545 §3.2.19: a VTIMEZONE for each TZID, and none besides.
fn zones(calendar: &Component, found: &mut Vec<String>) {
    let named: BTreeSet<&str> = calendar.inner.iter().flat_map(|e| e.properties.iter().filter_map(|p| p.parameter("TZID"))).collect();
    let zones: Vec<&Component> = calendar.inner.iter().filter(|c| c.name == "VTIMEZONE").collect();
    let defined: BTreeSet<&str> = zones.iter().filter_map(|z| z.value("TZID")).collect();
    if named != defined || zones.len() != defined.len() {
        found.push(format!("zones named {named:?}, defined {defined:?}"));
    }
    if let Some(other) = calendar.inner.iter().find(|c| !matches!(c.name.as_str(), "VEVENT" | "VTIMEZONE")) {
        found.push(format!("a {}", other.name));
    }
    for zone in zones {
        if !zone.inner.iter().any(|o| o.name == "STANDARD") {
            found.push("a VTIMEZONE without STANDARD".to_owned());
        }
        for observance in &zone.inner {
            for name in ["DTSTART", "TZOFFSETFROM", "TZOFFSETTO"] {
                if observance.count(name) != 1 {
                    found.push(format!("{} times {name} in {}", observance.count(name), observance.name));
                }
            }
        }
        if zone.properties.len() != 1 {
            found.push("a VTIMEZONE with more than its name".to_owned());
        }
    }
}
