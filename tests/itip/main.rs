//! Answers as real clients write them: each `replies/NAME.ics` is read in many disguises and must always say what
//! `replies/NAME.txt` says (`UPDATE=1` writes those anew; read the difference). The people are invented; `replies/private/` is for letters of one's own and not in git.

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
            writeln!(out, "{}", format!("{name} {value}").trim_end()).unwrap();
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
        let to = attendee.delegated_to.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
        let by = attendee.sent_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        line("attendee", Some(format!("{} {:?}{to}{by}", attendee.email, attendee.partstat)));
    }
    line("rrule", object.rrule.clone());
    for without in &object.exdates {
        line("without", Some(without.to_string()));
    }
    for (name, is) in [("all day", object.all_day), ("transparent", object.transparent), ("cancelled", object.cancelled)] {
        line(name, is.then(String::new));
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
            found.push((
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                text(&path),
                std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default().replace("\r\n", "\n"),
            ));
        }
    }
    found.sort();
    assert!(found.len() >= 19, "only {} answers found in {}", found.len(), root.display());
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
    #[expect(clippy::disallowed_methods, reason = "a switch of a test run")]
    let update = std::env::var("UPDATE").is_ok_and(|v| v == "1");
    for (name, object, expected) in replies() {
        if update {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/itip/replies").join(&name).with_extension("txt");
            std::fs::write(path, told(&itip::read(object.as_bytes(), None).unwrap())).unwrap();
            continue;
        }
        for (disguise, bytes) in disguises(&object) {
            let read = itip::read(&bytes, None).unwrap_or_else(|refusal| panic!("{name}, {disguise}: {refusal}"));
            assert_eq!(told(&read), expected, "{name}, {disguise}");
        }
    }
}

/// The letter round it, as programs write letters.
fn letters(object: &str, method: &str) -> Vec<(&'static str, String)> {
    let crlf = object.replace('\n', "\r\n");
    let quoted: String = crlf
        .bytes()
        .map(|b| match b {
            b'\r' | b'\n' | b'=' | 0x7f..=0xff => format!("={b:02X}"),
            b => char::from(b).to_string(),
        })
        .collect::<Vec<_>>()
        // Soft breaks every 20 characters or so, in the middle of letters too.
        .chunks(20)
        .map(|c| c.concat())
        .collect::<Vec<_>>()
        .join("=\r\n");
    let base64 =
        data_encoding::BASE64.encode(crlf.as_bytes()).as_bytes().chunks(76).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join("\r\n");
    let head = "From: Anna <anna@mail.example>\r\nTo: priemnaya@school.example\r\nSubject: Event accepted\r\nMIME-Version: 1.0\r\n";
    let text = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nПринято\r\n";
    let multipart = |kind: &str, part: String| format!("{head}Content-Type: multipart/{kind}; boundary=b\r\n\r\n{text}--b\r\n{part}\r\n--b--\r\n");
    vec![
        (
            "alternative, base64",
            multipart(
                "alternative",
                format!("Content-Type: text/calendar; charset=\"utf-8\"; method={method}\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}"),
            ),
        ),
        (
            "attachment without method, quoted-printable",
            multipart(
                "mixed",
                format!(
                    "Content-Type: text/calendar; name=iCal-reply.ics\r\nContent-Disposition: attachment; filename=iCal-reply.ics\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}"
                ),
            ),
        ),
        (
            "8bit with bare CR",
            multipart(
                "alternative",
                format!("Content-Type: text/calendar; method={method}; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}", object.replace('\n', "\r")),
            ),
        ),
        (
            "the letter itself",
            format!("{head}Content-Type: text/calendar; method={method}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n"),
        ),
        (
            "related inside mixed",
            format!(
                "{head}Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/related; boundary=b\r\n\r\n{text}--b\r\nContent-Type: TEXT/CALENDAR; METHOD={method}\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n--b--\r\n--m--\r\n"
            ),
        ),
    ]
}

#[test]
fn every_client_is_understood_in_every_letter() {
    for (name, object, expected) in replies() {
        let method = expected.lines().find_map(|l| l.strip_prefix("method ")).unwrap_or("REPLY");
        for (shape, letter) in letters(&object, method) {
            let message = otklik::message::read(letter.as_bytes());
            let part = message.calendars.first().unwrap_or_else(|| panic!("{name}, {shape}: no calendar in the letter"));
            let read = itip::read(&part.bytes, part.method.as_deref()).unwrap_or_else(|refusal| panic!("{name}, {shape}: {refusal}"));
            assert_eq!(told(&read), expected, "{name}, {shape}");
        }
    }
}

/// Each meeting of a series can be answered by itself.
#[test]
fn every_event_of_an_answer_is_read() {
    for (name, object, expected) in replies() {
        let all = itip::read_all(object.as_bytes(), None).unwrap();
        assert!(all.iter().any(|o| told(o) == expected), "{name}");
        if name == "series-one-instance-and-all" {
            let answers: Vec<_> = all.iter().map(|o| (o.recurrence_id.map(|t| t.to_string()), o.attendees[0].partstat)).collect();
            assert_eq!(answers, [(Some("2026-11-12 12:00:00 UTC".to_owned()), itip::PartStat::Declined), (None, itip::PartStat::Accepted)]);
        } else {
            assert_eq!(all.len(), 1, "{name}");
        }
    }
    let object = |n: usize| format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", "BEGIN:VEVENT\nUID:u\nEND:VEVENT\n".repeat(n));
    assert_eq!(itip::read_all(object(50).as_bytes(), None).unwrap().len(), 50);
    assert_eq!(itip::read_all(object(51).as_bytes(), None), Err(itip::Refusal::TooMany(50)));
    assert!(itip::read(object(51).as_bytes(), None).is_ok());
}

/// What stands in letters to do harm, or by mistake: what is read of it, and that nothing takes long.
#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is the question")]
fn bad_input_is_read_or_refused_and_never_takes_long() {
    let event = |lines: &str| format!("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:u@school.example\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n");
    let ok = |text: String| (text, None);
    let refused = |text: String, why: &str| (text, Some(why.to_owned()));
    let cases = [
        ("nothing", refused(String::new(), "cannot be read")),
        ("a letter", refused("Приду в среду.".into(), "cannot be read")),
        ("nested", refused("BEGIN:VCALENDAR\n".to_owned() + &"BEGIN:A\n".repeat(4_000), "deeper")),
        ("nested and closed", refused("BEGIN:VCALENDAR\n".to_owned() + &"BEGIN:A\n".repeat(1_000) + &"END:A\n".repeat(1_000), "deeper")),
        ("nested in an event", refused(event(&"BEGIN:VALARM\n".repeat(5)), "deeper")),
        ("endless lines", refused("BEGIN:VCALENDAR\n".to_owned() + &"X:1\n".repeat(60_000), "more than 5000 lines")),
        ("an endless line", refused(event(&"x".repeat(300_000)), "too large")),
        ("an endless fold", refused(event(&"\n ".repeat(60_000)), "more than 5000 lines")),
        ("endless names", ok(event(&format!("{}:1", "X".repeat(200_000))))),
        ("no UID", refused(event("").replace("UID:u@school.example\n", ""), "without UID")),
        ("an empty UID", refused(event("").replace("u@school.example", "  "), "without UID")),
        ("two UIDs", refused(event("END:VEVENT\nBEGIN:VEVENT\nUID:other"), "different UIDs")),
        ("a UID with controls", ok(event("").replace("u@", "u\u{1}\u{202e}@"))),
        ("an unknown zone", ok(event("DTSTART;TZID=Луна/Море Ясности:20261125T100000"))),
        ("a zone that is its own", ok(event("DTSTART;TZID=X:20261125T100000\nBEGIN:VTIMEZONE\nTZID:X\nX-LIC-LOCATION:X\nEND:VTIMEZONE"))),
        ("an offset beyond the day", ok(event("DTSTART;TZID=\"UTC+9999\":20261125T100000"))),
        ("years without end", ok(event("DTSTART:99991231T235959Z\nDURATION:P99999999W\nRECURRENCE-ID:00000101T000000Z"))),
        ("a negative length", ok(event("DTSTART:20261125T100000Z\nDURATION:-P1W"))),
        ("a wrong attendee", ok(event("ATTENDEE;PARTSTAT=ACCEPTED:mailto:other@bad.example"))),
        ("no address", ok(event("ATTENDEE;PARTSTAT=ACCEPTED:приёмная\nATTENDEE:mailto:\nATTENDEE:\nORGANIZER:CN=x"))),
        ("100 attendees and more", ok(event(&"ATTENDEE:mailto:a@b.example\n".repeat(1_000)))),
        ("a forged organizer", ok(event("ORGANIZER:mailto:priemnaya@school.example\nORGANIZER:mailto:evil@bad.example"))),
        ("delegated round", ok(event("ATTENDEE;DELEGATED-TO=\"mailto:a@b.example\";PARTSTAT=DELEGATED:mailto:a@b.example"))),
        ("delegated to many", ok(event(&format!("ATTENDEE;DELEGATED-TO={}:mailto:a@b.example", vec!["\"mailto:c@d.example\""; 5_000].join(","))))),
        ("every second", ok(event("DTSTART:20261125T100000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY;COUNT=99999999999"))),
        ("since the Flood", ok(event("DTSTART:00010101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4294967296"))),
        ("a rule that never fits", ok(event("DTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"))),
        (
            "a rule of all days",
            ok(event(&format!(
                "DTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYYEARDAY={}",
                (1..=366).map(|n| n.to_string()).collect::<Vec<_>>().join(",")
            ))),
        ),
        ("a long rule", ok(event(&format!("DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;BYDAY={}", "MO,".repeat(60_000))))),
        ("dates without end", ok(event(&format!("DTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEXDATE:{}", "20260102T000000Z,".repeat(14_000))))),
        ("lists of dates", ok(event(&format!("DTSTART:20260101T000000Z\nDURATION:PT1H\n{}", "RDATE:20260102T000000Z,20260103T000000Z\n".repeat(2_000))))),
    ];
    let moscow = chrono_tz::Europe::Moscow;
    let at = |text: &str| text.parse().unwrap();
    for (what, (text, refusal)) in cases {
        let began = std::time::Instant::now();
        let read = itip::read(text.as_bytes(), Some("REPLY"));
        match (&read, refusal) {
            (Ok(object), None) => {
                assert!(!object.uid.is_empty() && !object.uid.chars().any(char::is_control), "{what}: {:?}", object.uid);
                assert!(object.attendees.len() <= 100 && object.exdates.len() <= 500, "{what}");
                assert_ne!(object.organizer.as_deref(), Some("evil@bad.example"), "{what}: the first counts");
                let (found, _) = itip::occurrences(object, moscow, at("2026-11-01T00:00:00Z"), at("2027-11-01T00:00:00Z"));
                assert!(found.len() <= 500, "{what}");
                itip::reply_to(std::slice::from_ref(object), ("Школа", "priemnaya@school.example"), itip::PartStat::Declined, at("2026-11-01T00:00:00Z"));
            }
            (Err(error), Some(why)) => assert!(error.to_string().contains(&why), "{what}: {error}"),
            (read, why) => panic!("{what}: {read:?} instead of {why:?}"),
        }
        let _ = itip::busy_file(text.as_bytes(), moscow, at("2026-11-01T00:00:00Z"), at("2027-11-01T00:00:00Z"));
        assert!(began.elapsed() < std::time::Duration::from_secs(2), "{what}: {:?}", began.elapsed());
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
            // A URN, where ours takes the EMAIL parameter.
            assert!(address.starts_with("urn:") || expected.contains(&format!("attendee {} ", address.trim_start_matches("mailto:"))), "{name}: {address}");
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
        let _ = itip::read_all(&framed, None);
        let (from, to) = ("2026-11-01T00:00:00Z".parse().unwrap(), "2027-11-01T00:00:00Z".parse().unwrap());
        let _ = itip::busy_file(&framed, chrono_tz::Europe::Moscow, from, to);
    }
}

static ALL: std::sync::OnceLock<Vec<(String, String, String)>> = std::sync::OnceLock::new();
