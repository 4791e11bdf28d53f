//! Oddities, bombs and broken objects. Whole answers as real clients write them are in `tests/itip`.

use super::{Attendee, Method, PartStat, Refusal, read};
use chrono::{DateTime, Utc};

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().unwrap())
}

/// An object round the given lines of a VEVENT.
fn event(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:u1@school.example\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n")
}

fn start_of(line: &str) -> Option<DateTime<Utc>> {
    read(event(line).as_bytes(), None).unwrap().start
}

#[test]
fn times_in_every_zone_we_may_meet() {
    for (line, expected) in [
        ("DTSTART:20261125T123000Z", at("2026-11-25T12:30:00Z")),
        ("DTSTART;TZID=Europe/Moscow:20261125T153000", at("2026-11-25T12:30:00Z")),
        ("DTSTART;TZID=Russian Standard Time:20261125T153000", at("2026-11-25T12:30:00Z")),
        ("DTSTART;TZID=\"Russian Standard Time\":20261125T153000", at("2026-11-25T12:30:00Z")),
        ("DTSTART;TZID=russia time zone 11:20261125T153000", at("2026-11-25T03:30:00Z")),
        ("DTSTART;TZID=Ekaterinburg Standard Time:20261125T153000", at("2026-11-25T10:30:00Z")),
        ("DTSTART;TZID=W. Europe Standard Time:20260725T153000", at("2026-07-25T13:30:00Z")),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Europe/Moscow:20261125T153000", at("2026-11-25T12:30:00Z")),
        ("DTSTART;TZID=/x/America/Argentina/Buenos_Aires:20261125T153000", at("2026-11-25T18:30:00Z")),
        ("DTSTART;TZID=/Asia/Kamchatka:20261125T153000", at("2026-11-25T03:30:00Z")),
        ("DTSTART;TZID=UTC+05:00:20261125T153000", None),
        ("DTSTART;TZID=\"UTC+05:00\":20261125T153000", at("2026-11-25T10:30:00Z")),
        ("DTSTART;TZID=GMT-3:20261125T153000", at("2026-11-25T18:30:00Z")),
        ("DTSTART;TZID=MSK:20261125T153000", at("2026-11-25T12:30:00Z")),
        ("DTSTART;VALUE=DATE;TZID=Europe/Moscow:20261125", at("2026-11-24T21:00:00Z")),
        ("DTSTART:20261125T1530Z", at("2026-11-25T15:30:00Z")),
        ("dtstart;tzid=Europe/Moscow:20261125t153000", at("2026-11-25T12:30:00Z")),
        ("DTSTART:20261231T235960Z", at("2026-12-31T23:59:59Z")),
        // The hour that Berlin leaves out and the one it has twice.
        ("DTSTART;TZID=Europe/Berlin:20260329T023000", at("2026-03-29T01:30:00Z")),
        ("DTSTART;TZID=Europe/Berlin:20261025T023000", at("2026-10-25T00:30:00Z")),
        // Floating, unknown or impossible: no instant rather than a wrong one.
        ("DTSTART:20261125T153000", None),
        ("DTSTART;VALUE=DATE:20261125", None),
        ("DTSTART;TZID=Luna Standard Time:20261125T153000", None),
        ("DTSTART:20260231T153000Z", None),
        ("DTSTART:20261125T253000Z", None),
        ("DTSTART:завтра", None),
        ("DTSTART:", None),
        ("DTSTART:99999999999999999999T999999Z", None),
    ] {
        assert_eq!(start_of(line), expected, "{line}");
    }
}

#[test]
fn a_zone_of_the_senders_own_counts_only_where_its_offset_never_changes() {
    let object = |standard: &str, daylight: &str, more: &str| {
        format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART;TZID=Наш город:20261125T153000\nEND:VEVENT\nBEGIN:VTIMEZONE\nTZID:Наш город\n{more}BEGIN:STANDARD\nTZOFFSETFROM:+0400\nTZOFFSETTO:{standard}\nEND:STANDARD\nBEGIN:DAYLIGHT\nTZOFFSETTO:{daylight}\nEND:DAYLIGHT\nEND:VTIMEZONE\nEND:VCALENDAR\n"
        )
    };
    let start = |text: String| read(text.as_bytes(), None).unwrap().start;
    assert_eq!(start(object("+0500", "+0500", "")), at("2026-11-25T10:30:00Z"));
    assert_eq!(start(object("+0300", "+0400", "")), None);
    assert_eq!(start(object("+0300", "+0400", "X-LIC-LOCATION:Europe/Samara\n")), at("2026-11-25T11:30:00Z"));
    assert_eq!(start(object("мимо", "", "")), None);
    let calendar_zone = "BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Moscow\nBEGIN:VEVENT\nUID:u\nDTSTART:20261125T153000\nEND:VEVENT\nEND:VCALENDAR";
    assert_eq!(start(calendar_zone.to_owned()), at("2026-11-25T12:30:00Z"));
}

#[test]
fn an_end_may_be_a_duration() {
    let end = |duration: &str| read(event(&format!("DTSTART:20261125T123000Z\nDURATION:{duration}")).as_bytes(), None).unwrap().end;
    assert_eq!(end("PT40M"), at("2026-11-25T13:10:00Z"));
    assert_eq!(end("P1DT2H3M4S"), at("2026-11-26T14:33:04Z"));
    assert_eq!(end("P1W"), at("2026-12-02T12:30:00Z"));
    assert_eq!(end("+PT0S"), at("2026-11-25T12:30:00Z"));
    for broken in ["", "P", "PT", "40", "PT40", "PT99999999999999999999S", "P99999999W", "ПТ40М", "-"] {
        assert_eq!(end(broken), None, "{broken}");
    }
}

#[test]
fn the_larger_of_two_revision_numbers_counts() {
    let sequence = |lines: &str| read(event(lines).as_bytes(), None).unwrap().sequence;
    assert_eq!(sequence("SEQUENCE:3"), 3);
    assert_eq!(sequence("SEQUENCE:0\nX-MICROSOFT-CDO-APPT-SEQUENCE:4"), 4);
    assert_eq!(sequence("SEQUENCE:5\nX-MICROSOFT-CDO-APPT-SEQUENCE:4"), 5);
    assert_eq!(sequence("SEQUENCE:1407317367304"), 1_407_317_367_304);
    assert_eq!(sequence("SEQUENCE:99999999999999999999999"), i64::MAX);
    assert_eq!(sequence("SEQUENCE: 2 "), 2);
    assert_eq!(sequence("SEQUENCE:два"), 0);
    assert_eq!(sequence("SUMMARY:x"), 0);
}

#[test]
fn the_body_names_the_method_and_the_part_helps_where_it_does_not() {
    let without = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nEND:VEVENT\nEND:VCALENDAR";
    assert_eq!(read(without.as_bytes(), Some("reply")).unwrap().method, Some(Method::Reply));
    assert_eq!(read(without.as_bytes(), Some("\"COUNTER\"")).unwrap().method, Some(Method::Counter));
    assert_eq!(read(without.as_bytes(), Some("SHOUT")).unwrap().method, None);
    assert_eq!(read(without.as_bytes(), None).unwrap().method, None);
    assert_eq!(read(event("").as_bytes(), Some("REQUEST")).unwrap().method, Some(Method::Reply));
}

#[test]
fn addresses_are_found_however_they_are_written() {
    let attendees = |line: &str| {
        let attendees = read(event(line).as_bytes(), None).unwrap().attendees;
        attendees.into_iter().map(|a| (a.email, a.partstat)).collect::<Vec<_>>()
    };
    for (line, email, partstat) in [
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:Anna@Mail.Example", "anna@mail.example", PartStat::Accepted),
        ("ATTENDEE;PARTSTAT=\"declined\":MAILTO:anna@mail.example", "anna@mail.example", PartStat::Declined),
        ("ATTENDEE;partstat=Tentative:anna@mail.example", "anna@mail.example", PartStat::Tentative),
        ("ATTENDEE:mailto:<anna@mail.example>", "anna@mail.example", PartStat::NeedsAction),
        ("ATTENDEE;PARTSTAT=COMPLETED:mailto:anna%2Bschool@mail.example", "anna+school@mail.example", PartStat::NeedsAction),
        ("ATTENDEE:mailto:anna%FF%4@mail.example", "anna%ff%4@mail.example", PartStat::NeedsAction),
        ("ATTENDEE;PARTSTAT=DELEGATED;EMAIL=anna@mail.example:urn:uuid:1-2", "anna@mail.example", PartStat::Delegated),
        ("ATTENDEE;EMAIL=\"anna@mail.example\":/principals/users/anna@x/", "anna@mail.example", PartStat::NeedsAction),
        ("ATTENDEE;CN=\"Белова, Анна; \"\"Аня\"\"\";PARTSTAT=ACCEPTED:mailto:anna@mail.example", "anna@mail.example", PartStat::Accepted),
        ("ATTENDEE;CN=\"Анна \"Аня\" Белова\";PARTSTAT=ACCEPTED:mailto:anna@mail.example", "anna@mail.example", PartStat::Accepted),
        ("ATTENDEE;CN=\"Анна;PARTSTAT=ACCEPTED:mailto:anna@mail.example", "anna@mail.example", PartStat::Accepted),
        ("ATTENDEE;CN=Анна Белова;PARTSTAT=ACCEPTED:mailto:анна@почта.example", "анна@почта.example", PartStat::Accepted),
        ("ATTENDEE;CN=\"\";PARTSTAT=ACCEPTED:mailto:anna@mail.example?subject=x", "anna@mail.example", PartStat::Accepted),
        ("ATTENDEE;MEMBER=\"mailto:a@b.example\",\"mailto:c@d.example\";PARTSTAT=ACCEPTED:mailto:anna@mail.example", "anna@mail.example", PartStat::Accepted),
    ] {
        assert_eq!(attendees(line), [(email.to_owned(), partstat)], "{line}");
    }
    assert_eq!(attendees("ATTENDEE:invalid:nomail"), []);
    assert_eq!(attendees(&"ATTENDEE:mailto:a@b.example\n".repeat(2_000)).len(), 100);
    let organizer = |line: &str| read(event(line).as_bytes(), None).unwrap().organizer;
    assert_eq!(organizer("ORGANIZER;CN=Школа № 12:Priemnaya@school.example").as_deref(), Some("priemnaya@school.example"));
    assert_eq!(organizer("SUMMARY:нет"), None);
}

#[test]
fn a_comment_is_one_short_line_without_tricks() {
    let comment = |line: &str| read(event(line).as_bytes(), None).unwrap().comment;
    assert_eq!(comment("COMMENT;LANGUAGE=ru-RU:Опоздаю\\, минут на 10\\n\\nи  приду\\; да").as_deref(), Some("Опоздаю, минут на 10 и приду; да"));
    assert_eq!(comment("COMMENT:Первое.\nCOMMENT:Второе.").as_deref(), Some("Первое. Второе."));
    assert_eq!(comment("COMMENT:\u{202e}а\u{0}б\u{200b}").as_deref(), Some("аб"));
    assert_eq!(comment("COMMENT: \\n "), None);
    assert_eq!(comment(&format!("COMMENT:{}", "щ".repeat(9_000))).unwrap().chars().count(), 500);
    assert_eq!(comment("ATTENDEE;X-RESPONSE-COMMENT=\"Не смогу: работа\":mailto:a@b.example").as_deref(), Some("Не смогу: работа"));
}

#[test]
fn of_several_events_the_whole_series_speaks_first() {
    let two = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:U1\nRECURRENCE-ID;TZID=Europe/Moscow:20261125T153000\nSEQUENCE:9\nEND:VEVENT\nBEGIN:VEVENT\nUID:u1\nSEQUENCE:1\nEND:VEVENT\nEND:VCALENDAR\n";
    let object = read(two.as_bytes(), None).unwrap();
    assert_eq!((object.sequence, object.recurrence_id), (1, None));
    let only = two.replace("BEGIN:VEVENT\nUID:u1\nSEQUENCE:1\nEND:VEVENT\n", "");
    let object = read(only.as_bytes(), None).unwrap();
    assert_eq!((object.sequence, object.recurrence_id), (9, at("2026-11-25T12:30:00Z")));
    assert_eq!(read(two.replace("UID:u1", "UID:u2").as_bytes(), None), Err(Refusal::SeveralUids));
    let lost = two.replace("SEQUENCE:9\nEND:VEVENT\n", "SEQUENCE:9\n");
    assert_eq!(read(lost.as_bytes(), None).unwrap().sequence, 1, "the missing END was supplied");
}

#[test]
fn what_stands_in_an_alarm_or_beside_the_object_is_not_the_events() {
    let object = "Здравствуйте!\nBEGIN:VEVENT\nUID:outside\nEND:VEVENT\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VALARM\nUID:alarm\nATTENDEE:mailto:alarm@b.example\nEND:VALARM\nUID:inside\nUID:second\nEND:VEVENT\nEND:VCALENDAR\nBEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:later\nEND:VEVENT\nEND:VCALENDAR";
    let read = read(object.as_bytes(), None).unwrap();
    assert_eq!((read.uid.as_str(), read.method), ("inside", None));
    assert_eq!(read.attendees, Vec::<Attendee>::new());
}

#[test]
fn broken_objects_are_refused_with_the_reason() {
    for (text, refusal) in [
        ("", Refusal::Broken("no BEGIN:VCALENDAR".to_owned())),
        ("Привет", Refusal::Broken("no BEGIN:VCALENDAR".to_owned())),
        ("BEGIN:VEVENT\nUID:u\nEND:VEVENT", Refusal::Broken("no BEGIN:VCALENDAR".to_owned())),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", Refusal::NoEvent),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:u\nEND:VTODO\nEND:VCALENDAR", Refusal::NoEvent),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR", Refusal::NoUid),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID: \nEND:VEVENT\nEND:VCALENDAR", Refusal::NoUid),
    ] {
        assert_eq!(read(text.as_bytes(), None), Err(refusal), "{text}");
    }
    // A VTIMEZONE cut in the middle, as in counters seen in the field.
    let cut = "BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nBEGIN:VEVENT\nUID:u\nSEQ";
    assert_eq!(read(cut.as_bytes(), None).unwrap().uid, "u");
}

#[test]
fn russian_charsets_and_marks_are_recognised() {
    let text = event("COMMENT:Приду в «субботу» № 3\\, ещё напишу");
    let expected = Some("Приду в «субботу» № 3, ещё напишу".to_owned());
    let (windows, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
    assert_eq!(read(&windows, None).unwrap().comment, expected);
    let plain = event("COMMENT:Приду в субботу\\, ещё напишу");
    let (koi, _, _) = encoding_rs::KOI8_R.encode(&plain);
    assert_eq!(read(&koi, None).unwrap().comment.as_deref(), Some("Приду в субботу, ещё напишу"));
    let utf16: Vec<u8> = "\u{feff}".chars().chain(text.chars()).flat_map(|c| (c as u16).to_le_bytes()).collect();
    assert_eq!(read(&utf16, None).unwrap().comment, expected);
    let marked = format!("\u{feff}{text}");
    assert_eq!(read(marked.as_bytes(), None).unwrap().comment, expected);
    let mut one_bad_byte = text.clone().into_bytes();
    let at = text.find("ещё").unwrap();
    one_bad_byte[at] = 0xff;
    assert!(read(&one_bad_byte, None).unwrap().comment.unwrap().starts_with("Приду в «субботу»"));
}

/// On a stack smaller than a worker's, since an overflow is not a panic and would end the daemon.
#[test]
fn bombs_are_refused_quickly_and_without_recursion() {
    let bombs: Vec<(&str, Vec<u8>, Option<Refusal>)> = vec![
        ("2000 open components in 16 KB", format!("BEGIN:VCALENDAR\r\n{}", "BEGIN:A\n".repeat(2_000)).into_bytes(), Some(Refusal::TooDeep)),
        ("7 components", format!("BEGIN:VCALENDAR\r\n{}", "BEGIN:A\n".repeat(6)).into_bytes(), Some(Refusal::TooDeep)),
        ("2000 open calendars", "BEGIN:VCALENDAR\n".repeat(2_000).into_bytes(), Some(Refusal::NoEvent)),
        ("2000 open events", format!("BEGIN:VCALENDAR\n{}", "BEGIN:VEVENT\n".repeat(2_000)).into_bytes(), Some(Refusal::NoUid)),
        (
            "50000 events",
            format!("BEGIN:VCALENDAR\n{}", "BEGIN:VEVENT\nUID:u\nEND:VEVENT\n".repeat(50_000)).into_bytes(),
            Some(Refusal::TooLarge(16 + 50_000 * 30)),
        ),
        ("10 MB in a line", [b"BEGIN:VCALENDAR\nDESCRIPTION:".as_slice(), &vec![b'x'; 10 << 20]].concat(), Some(Refusal::TooLarge(28 + (10 << 20)))),
        ("5001 lines", "\n".repeat(5_001).into_bytes(), Some(Refusal::TooLong(5_000))),
        ("5001 folds", format!("X:{}", "\n ".repeat(5_001)).into_bytes(), Some(Refusal::TooLong(5_000))),
        ("quotes", event(&format!("ATTENDEE;CN={}:mailto:a@b.example", "\"".repeat(200_000))).into_bytes(), None),
        ("parameters", event(&format!("ATTENDEE{}:mailto:a@b.example", ";A=\"b\"".repeat(40_000))).into_bytes(), None),
        ("percents", event(&format!("ATTENDEE:mailto:{}@b.example", "%41".repeat(80_000))).into_bytes(), None),
        ("a long UID", event(&format!("RECURRENCE-ID:{}", "1".repeat(250_000))).into_bytes(), None),
        ("colons", event(&format!("COMMENT{}", ":;".repeat(120_000))).into_bytes(), None),
    ];
    let worker = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
        for (name, bytes, refusal) in bombs {
            let read = read(&bytes, Some("REPLY"));
            match refusal {
                Some(refusal) => assert_eq!(read, Err(refusal), "{name}"),
                None => assert!(read.is_ok(), "{name}: {read:?}"),
            }
        }
    });
    worker.unwrap().join().unwrap();
}
