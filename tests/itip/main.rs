//! Answers as real clients write them: each `replies/NAME.ics` is read in many disguises and must always say what
//! `replies/NAME.txt` says. The people are invented; `replies/private/` is for letters of one's own and not in git.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use otklik::itip::{self, Object};
use proptest::prelude::*;
use std::fmt::Write;
use std::path::Path;

/// What a person would want to know of an answer, a line for each thing.
fn told(object: &Object) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            writeln!(out, "{name} {value}").unwrap();
        }
    };
    line("method", object.method.map(|m| m.as_str().to_owned()));
    line("uid", Some(object.uid.clone()));
    line("sequence", Some(object.sequence.to_string()));
    line("dtstamp", object.dtstamp.map(|t| t.to_string()));
    line("start", object.start.map(|t| t.to_string()));
    line("end", object.end.map(|t| t.to_string()));
    line("recurrence", object.recurrence_id.map(|t| t.to_string()));
    line("organizer", object.organizer.clone());
    for attendee in &object.attendees {
        line("attendee", Some(format!("{} {:?}", attendee.email, attendee.partstat)));
    }
    line("comment", object.comment.clone());
    out
}

/// Name, object with LF, what it says.
fn replies() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/itip/replies");
    let mut found = Vec::new();
    for folder in [root.clone(), root.join("private")] {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "ics")) {
            let text = |path: &Path| std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
            found.push((path.file_stem().unwrap().to_string_lossy().into_owned(), text(&path), text(&path.with_extension("txt"))));
        }
    }
    found.sort();
    assert!(found.len() >= 13, "only {} answers found in {}", found.len(), root.display());
    found
}

/// Folded after every 75 octets, in the middle of letters too, as simple senders do.
fn folded_blindly(object: &str) -> Vec<u8> {
    let whole = object.replace("\n ", "");
    let mut out = Vec::new();
    for line in whole.lines() {
        for (n, piece) in line.as_bytes().chunks(74).enumerate() {
            if n > 0 {
                out.extend_from_slice(b"\r\n ");
            }
            out.extend_from_slice(piece);
        }
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// The same object as other programs and broken gateways would pass it on.
fn disguises(object: &str) -> Vec<(&'static str, Vec<u8>)> {
    let lower: String = object
        .lines()
        .map(|line| match line.find([':', ';']) {
            Some(end) if !line.starts_with(' ') => format!("{}{}\n", line[..end].to_lowercase(), &line[end..]),
            _ => format!("{line}\n"),
        })
        .collect();
    let without_ends: String =
        object.lines().filter(|l| !l.starts_with("END:VC") && !l.starts_with("END:VT") && !l.starts_with("END:S")).map(|l| format!("{l}\n")).collect();
    vec![
        ("LF", object.as_bytes().to_vec()),
        ("CRLF", object.replace('\n', "\r\n").into_bytes()),
        ("CR", object.replace('\n', "\r").into_bytes()),
        ("CRCRLF", object.replace('\n', "\r\r\n").into_bytes()),
        ("tabs in folds", object.replace("\n ", "\n\t").into_bytes()),
        ("blind folds", folded_blindly(object)),
        ("mark", format!("\u{feff}{object}").into_bytes()),
        ("blank lines", object.replace("\nBEGIN", "\n\n\nBEGIN").into_bytes()),
        ("lower case", lower.into_bytes()),
        ("no ends", without_ends.into_bytes()),
        ("no last line break", object.trim_end().as_bytes().to_vec()),
        ("garbage", object.replace("\nBEGIN:VEVENT", "\nthis is no property\n;:\n:x\nBEGIN:VEVENT\n=20").into_bytes()),
        ("text round it", format!("Ответ во вложении.\n\n{object}\n-- \nпочта\n").into_bytes()),
        ("a second object", format!("{object}BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:other\nEND:VEVENT\nEND:VCALENDAR\n").into_bytes()),
        ("MAILTO", object.replace("mailto:", "MAILTO:").into_bytes()),
    ]
}

#[test]
fn every_client_is_understood_in_every_disguise() {
    for (name, object, expected) in replies() {
        for (disguise, bytes) in disguises(&object) {
            let read = itip::read(&bytes, None).unwrap_or_else(|refusal| panic!("{name}, {disguise}: {refusal}"));
            assert_eq!(told(&read), expected, "{name}, {disguise}");
        }
    }
}

/// The independent reader of the same bytes, so that the expectations are not only our own.
#[test]
fn another_reader_finds_the_same_people_and_numbers() {
    use calcard::icalendar::{ICalendar, ICalendarProperty};
    for (name, object, expected) in replies() {
        let parsed = ICalendar::parse(&object).unwrap_or_else(|_| panic!("{name}"));
        let event = parsed.components.iter().filter(|c| c.component_type.is_event()).min_by_key(|c| c.is_recurrence_override()).unwrap();
        assert!(expected.contains(&format!("uid {}\n", event.uid().unwrap())), "{name}");
        let sequence = event.property(&ICalendarProperty::Sequence).unwrap().values[0].as_integer().unwrap();
        assert!(name == "exchange-counter" || expected.contains(&format!("sequence {sequence}\n")), "{name}");
        for attendee in event.properties(&ICalendarProperty::Attendee) {
            let address = attendee.calendar_address().unwrap().to_lowercase();
            assert!(expected.contains(&format!("attendee {} ", address.trim_start_matches("mailto:"))), "{name}: {address}");
        }
        let stamp = event.property(&ICalendarProperty::Dtstamp).unwrap().values[0].as_partial_date_time().unwrap().to_timestamp().unwrap();
        assert!(expected.contains(&format!("dtstamp {}\n", chrono::DateTime::from_timestamp(stamp, 0).unwrap())), "{name}");
    }
}

#[derive(Debug, Clone)]
enum Blow {
    Put(u8),
    Cut(usize),
    Drop(usize),
    Repeat(usize),
    Insert(&'static str),
}

fn blow() -> impl Strategy<Value = Blow> {
    let tokens = ["\r", "\n ", "\"", ":", ";", "=", "BEGIN:VEVENT\n", "END:VEVENT\n", "\nUID:", "\nDTSTART;TZID=", "T", "Z", "\u{feff}", "%", "%D0", "ё", "\\"];
    prop_oneof![
        any::<u8>().prop_map(Blow::Put),
        (1usize..400).prop_map(Blow::Cut),
        (1usize..40).prop_map(Blow::Drop),
        (1usize..200).prop_map(Blow::Repeat),
        proptest::sample::select(tokens.to_vec()).prop_map(Blow::Insert),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_answers_never_break_the_reader(which in any::<prop::sample::Index>(), blows in prop::collection::vec((any::<prop::sample::Index>(), blow()), 1..12)) {
        let all = ALL.get_or_init(replies);
        let mut bytes = all[which.index(all.len())].1.clone().into_bytes();
        for (at, blow) in blows {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match blow {
                Blow::Put(byte) => bytes[at] = byte,
                Blow::Cut(length) => bytes.truncate(bytes.len().saturating_sub(length)),
                Blow::Drop(length) => drop(bytes.drain(at..(at + length).min(bytes.len()))),
                Blow::Repeat(length) => {
                    let piece = bytes[at..(at + length).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
                Blow::Insert(token) => drop(bytes.splice(at..at, token.bytes())),
            }
        }
        if let Ok(object) = itip::read(&bytes, Some("REPLY")) {
            prop_assert!(!object.uid.is_empty());
            prop_assert!(object.comment.iter().all(|c| c.chars().count() <= 500 && !c.chars().any(char::is_control)));
            prop_assert!(object.attendees.iter().all(|a| a.email.contains('@')));
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = itip::read(&bytes, None);
        let framed = [b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\n".as_slice(), &bytes].concat();
        let _ = itip::read(&framed, None);
    }
}

static ALL: std::sync::OnceLock<Vec<(String, String, String)>> = std::sync::OnceLock::new();
