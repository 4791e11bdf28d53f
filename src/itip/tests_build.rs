//! What we send, read back by two other parsers and by hand.

use super::vtimezone::observances;
use super::{Alarm, Event, Method, PartStat, Series, answer, build, read};
use calcard::icalendar::{ICalendar, ICalendarParameterName, ICalendarProperty};
use chrono::{DateTime, Utc};
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn consultation(method: Method) -> Event {
    Event {
        method,
        uid: "7hq2k4n6v3x5z7b2d4f6h8j2k4@school.example".to_owned(),
        sequence: 2,
        dtstamp: at("2026-11-20T08:15:00Z"),
        start: at("2026-11-25T12:30:00Z"),
        end: at("2026-11-25T13:10:00Z"),
        series: None,
        recurrence_id: None,
        conference: None,
        partstat: PartStat::NeedsAction,
        summary: "Консультация специалиста школы № 12".to_owned(),
        description:
            "В среду, 25 ноября, в 15:30 (московское время), до 15:10; звонок на Ваш телефон.\nЧтобы перенести, ответьте на письмо: «удобно в четверг».\nC:\\next"
                .to_owned(),
        location: "Телефон; кабинет 3, второй этаж".to_owned(),
        organizer: ("Школа № 12: приёмная, \"Отклик\"".to_owned(), "priemnaya@school.example".to_owned()),
        attendee: (Some("Соколова, Ирина Юрьевна".to_owned()), "i.sokolova@school.example".to_owned()),
        alarm: Some(Alarm { minutes_before: 30, text: "Консультация через полчаса".to_owned() }),
    }
}

/// Lines with folds undone, as RFC 5545 §3.1 says.
fn unfolded(object: &str) -> Vec<String> {
    object.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

fn assert_well_formed(object: &str) {
    assert!(object.ends_with("\r\n"));
    for line in object.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "a bare line break in {line:?}");
        assert!(!line.is_empty());
    }
    let mut open = Vec::new();
    for line in unfolded(object) {
        assert!(!line.chars().any(char::is_control), "control character in {line:?}");
        if let Some(name) = line.strip_prefix("BEGIN:") {
            open.push(name.to_owned());
        } else if let Some(name) = line.strip_prefix("END:") {
            assert_eq!(open.pop().as_deref(), Some(name));
        } else {
            assert!(line.split([':', ';']).next().unwrap().bytes().all(|b| b.is_ascii_uppercase() || b == b'-'), "{line}");
        }
    }
    assert!(open.is_empty());
}

#[test]
fn a_request_is_written_line_by_line_as_the_rfc_wants_it() {
    let object = build(&consultation(Method::Request));
    assert_well_formed(&object);
    let expected = "BEGIN:VCALENDAR
PRODID:-//Otklik//Otklik//RU
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VEVENT
UID:7hq2k4n6v3x5z7b2d4f6h8j2k4@school.example
SEQUENCE:2
DTSTAMP:20261120T081500Z
DTSTART:20261125T123000Z
DTEND:20261125T131000Z
SUMMARY:Консультация специалиста школы № 12
DESCRIPTION:В среду\\, 25 ноября\\, в 15:30 (московское время)\\, до 15:10\\; звонок на Ваш телефон.\\nЧтобы перенести\\, ответьте на письмо: «удобно в четверг».\\nC:\\\\next
LOCATION:Телефон\\; кабинет 3\\, второй этаж
ORGANIZER;CN=\"Школа № 12: приёмная, «Отклик»\":mailto:priemnaya@school.example
ATTENDEE;CN=\"Соколова, Ирина Юрьевна\";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:i.sokolova@school.example
STATUS:CONFIRMED
TRANSP:OPAQUE
CLASS:CONFIDENTIAL
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Консультация через полчаса
TRIGGER:-PT30M
END:VALARM
END:VEVENT
END:VCALENDAR";
    assert_eq!(unfolded(&object), expected.split('\n').map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(object, build(&consultation(Method::Request)), "equal input gives equal bytes");
}

/// The restriction tables of RFC 5546 §3.2.1 to §3.2.8, as far as we write them.
#[test]
fn each_method_has_the_properties_its_table_allows() {
    let names = |method| {
        let object = build(&consultation(method));
        assert_well_formed(&object);
        let lines = unfolded(&object);
        assert!(lines.contains(&format!("METHOD:{}", method.as_str())));
        let start = lines.iter().position(|l| l == "BEGIN:VEVENT").unwrap();
        lines[start + 1..].iter().map(|l| l.split([':', ';']).next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let has = |method, name: &str| names(method).contains(&name.to_owned());
    for method in [Method::Publish, Method::Request, Method::Reply, Method::Add, Method::Cancel, Method::Refresh, Method::Counter, Method::DeclineCounter] {
        assert_eq!(has(method, "SEQUENCE"), method != Method::Refresh, "{method:?}");
        for name in ["UID", "DTSTAMP", "ORGANIZER"] {
            assert_eq!(names(method).iter().filter(|n| *n == name).count(), 1, "{name} in {method:?}");
        }
        assert_eq!(has(method, "ATTENDEE"), method != Method::Publish, "{method:?}");
        assert_eq!(has(method, "BEGIN"), method == Method::Request, "an alarm in {method:?}");
        assert!(!has(method, "REQUEST-STATUS"));
        let bare = matches!(method, Method::Refresh | Method::DeclineCounter);
        assert_eq!(has(method, "DTSTART") && has(method, "DTEND") && has(method, "SUMMARY"), !bare, "{method:?}");
    }
    let cancel = build(&consultation(Method::Cancel));
    assert!(cancel.contains("\r\nSTATUS:CANCELLED\r\n"));
    assert!(!cancel.contains("RSVP") && !cancel.contains("PARTSTAT"));
    assert!(build(&consultation(Method::DeclineCounter)).contains("\r\nCOMMENT:В среду"));
}

#[test]
fn an_author_gets_no_name_into_the_object() {
    let event = Event { attendee: (None, "MAILTO:anna@mail.example".to_owned()), alarm: None, ..consultation(Method::Request) };
    let lines = unfolded(&build(&event));
    let attendee = lines.iter().find(|l| l.starts_with("ATTENDEE")).unwrap();
    assert_eq!(attendee, "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:anna@mail.example");
    assert!(!lines.iter().any(|l| l.contains("VALARM")));
}

#[test]
fn an_answer_carries_the_status_and_the_comment() {
    let object = answer(&consultation(Method::Request), PartStat::Declined, Some("Не смогу,\r\nработаю до 19; лучше в субботу."));
    assert_well_formed(&object);
    let read = read(object.as_bytes(), None).unwrap();
    assert_eq!(read.method, Some(Method::Reply));
    assert_eq!(read.attendees[0].partstat, PartStat::Declined);
    assert_eq!(read.comment.as_deref(), Some("Не смогу, работаю до 19; лучше в субботу."));
    let counter = answer(&consultation(Method::Counter), PartStat::Tentative, None);
    assert!(counter.contains("METHOD:COUNTER\r\n") && counter.contains("PARTSTAT=TENTATIVE"));
}

#[test]
fn every_kind_of_line_break_stays_one_in_a_text() {
    let event = Event { description: "а\r\nб\rв\nг\u{2028}д\u{85}е\tж".to_owned(), ..consultation(Method::Request) };
    assert!(build(&event).contains("\r\nDESCRIPTION:а\\nб\\nв\\nг\\nд\\nе ж\r\n"));
}

#[test]
fn no_name_or_text_becomes_a_property() {
    let evil = "Злой\r\nATTENDEE:mailto:evil@bad.example\nX-EVIL:1\rBEGIN:VALARM\u{2028}ORGANIZER:mailto:a@b.example\u{85}UID:2\0\u{202e}";
    for text in [evil.to_owned(), format!("\"{evil}\""), format!("x\";ROLE=CHAIR:mailto:{evil}"), format!("\";ROLE=CHAIR;CN=\"{evil}")] {
        let event = Event {
            uid: text.clone(),
            summary: text.clone(),
            description: text.clone(),
            location: text.clone(),
            organizer: (text.clone(), text.clone()),
            attendee: (Some(text.clone()), text.clone()),
            alarm: Some(Alarm { minutes_before: 5, text: text.clone() }),
            ..consultation(Method::Request)
        };
        let plain = unfolded(&build(&consultation(Method::Request)));
        for method in [Method::Request, Method::Cancel, Method::Counter, Method::DeclineCounter] {
            let object = build(&Event { method, ..event.clone() });
            assert_well_formed(&object);
            let lines = unfolded(&object);
            assert!(lines.len() <= plain.len(), "{object}");
            assert_eq!(lines.iter().filter(|l| l.starts_with("ATTENDEE")).count(), 1);
            assert_eq!(lines.iter().filter(|l| l.starts_with("ORGANIZER")).count(), 1);
            assert!(!lines.iter().any(|l| l.starts_with("X-EVIL")));
            let parsed = ICalendar::parse(&object).expect("calcard reads it");
            let event = parsed.components.iter().find(|c| c.uid().is_some()).unwrap();
            let organizer = event.property(&ICalendarProperty::Organizer).unwrap();
            assert_eq!(organizer.params.len(), 1, "a parameter was smuggled in: {organizer:?}");
            assert_eq!(organizer.params[0].name, ICalendarParameterName::Cn);
        }
    }
}

#[test]
fn two_other_parsers_read_the_same_values() {
    let event = consultation(Method::Request);
    let object = build(&event);

    let parsed = ICalendar::parse(&object).expect("calcard reads it");
    let vevent = parsed.components.iter().find(|c| c.component_type.is_event()).unwrap();
    let text = |name: ICalendarProperty| vevent.property(&name).unwrap().values[0].as_text().unwrap().to_owned();
    assert_eq!(text(ICalendarProperty::Uid), event.uid);
    assert_eq!(text(ICalendarProperty::Summary), event.summary);
    assert_eq!(text(ICalendarProperty::Description), event.description);
    assert_eq!(text(ICalendarProperty::Location), event.location);
    assert_eq!(vevent.property(&ICalendarProperty::Sequence).unwrap().values[0].as_integer(), Some(2));
    let instant = |name: ICalendarProperty| vevent.property(&name).unwrap().values[0].as_partial_date_time().unwrap().to_timestamp().unwrap();
    assert_eq!(instant(ICalendarProperty::Dtstart), event.start.timestamp());
    assert_eq!(instant(ICalendarProperty::Dtend), event.end.timestamp());
    assert_eq!(instant(ICalendarProperty::Dtstamp), event.dtstamp.timestamp());
    let organizer = vevent.property(&ICalendarProperty::Organizer).unwrap();
    assert_eq!(organizer.calendar_address(), Some("priemnaya@school.example"));
    assert_eq!(organizer.parameter(&ICalendarParameterName::Cn).unwrap().as_text(), Some("Школа № 12: приёмная, «Отклик»"));
    let attendee = vevent.property(&ICalendarProperty::Attendee).unwrap();
    assert_eq!(attendee.parameter(&ICalendarParameterName::Cn).unwrap().as_text(), Some("Соколова, Ирина Юрьевна"));
    assert_eq!(attendee.parameter(&ICalendarParameterName::Rsvp).unwrap().as_text(), Some("TRUE"));

    let plain = icalendar::parser::unfold(&object);
    let calendar = icalendar::parser::read_calendar(&plain).expect("icalendar reads it");
    let vevent = calendar.components.iter().find(|c| c.name == "VEVENT").unwrap();
    let value = |name: &str| vevent.find_prop(name).unwrap().val.as_str().to_owned();
    assert_eq!(value("SUMMARY"), event.summary);
    assert_eq!(value("DESCRIPTION"), event.description);
    assert_eq!(value("LOCATION"), event.location);
    assert_eq!(value("DTSTART"), "20261125T123000Z");
    assert_eq!(value("ORGANIZER"), "mailto:priemnaya@school.example");
    assert_eq!(vevent.components.len(), 1);
}

#[test]
fn cyrillic_is_folded_between_characters() {
    // Every shift of the first fold against the two octets of a letter.
    for shift in 0..80 {
        let text = format!("{}{}", "x".repeat(shift), "Ж—ы ёЁ😀 ".repeat(60));
        let event = Event { description: text.clone(), summary: text.chars().take(250).collect(), ..consultation(Method::Request) };
        let object = build(&event);
        assert_well_formed(&object);
        let parsed = ICalendar::parse(&object).unwrap();
        let vevent = parsed.components.iter().find(|c| c.component_type.is_event()).unwrap();
        assert_eq!(vevent.property(&ICalendarProperty::Description).unwrap().values[0].as_text(), Some(text.as_str()));
    }
}

#[test]
fn a_series_is_written_in_its_zone() {
    let zone = chrono_tz::Europe::Moscow;
    let series = Some(Series { zone, interval: 2, count: 6, exdates: vec![at("2027-01-06T12:30:00Z")] });
    let event = Event { series, conference: Some("https://sferum.example/room/12".to_owned()), ..consultation(Method::Request) };
    let object = build(&event);
    assert_well_formed(&object);
    let lines = unfolded(&object);
    let from = lines.iter().position(|l| l == "BEGIN:VTIMEZONE").unwrap();
    let expected = "BEGIN:VTIMEZONE
TZID:Europe/Moscow
BEGIN:STANDARD
DTSTART:20141026T020000
TZOFFSETFROM:+0400
TZOFFSETTO:+0300
TZNAME:MSK
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:7hq2k4n6v3x5z7b2d4f6h8j2k4@school.example
SEQUENCE:2
DTSTAMP:20261120T081500Z
DTSTART;TZID=Europe/Moscow:20261125T153000
DTEND;TZID=Europe/Moscow:20261125T161000
RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=6
EXDATE;TZID=Europe/Moscow:20270106T153000";
    assert_eq!(lines[from..from + 17], expected.split('\n').map(str::to_owned).collect::<Vec<_>>());
    assert!(lines.contains(&"CONFERENCE;VALUE=URI:https://sferum.example/room/12".to_owned()));
    // A meeting of it has no rule, and nothing that is empty of times names a zone.
    let meeting = Event { recurrence_id: Some(at("2026-12-09T12:30:00Z")), ..event.clone() };
    let object = build(&meeting);
    assert!(object.contains("\r\nRECURRENCE-ID;TZID=Europe/Moscow:20261209T153000\r\n") && !object.contains("RRULE") && !object.contains("EXDATE"));
    assert!(!build(&Event { method: Method::DeclineCounter, ..event.clone() }).contains("TZID"));
    assert!(!build(&Event { method: Method::Cancel, ..event }).contains("RRULE"));
}

/// Zones without letters for a name have none here, and no TZNAME.
#[test]
fn zones_are_described_by_what_happens_in_them() {
    let told = |zone: chrono_tz::Tz, from: &str, to: &str| {
        let all = observances(zone, at(from), at(to));
        let one = |o: &super::vtimezone::Observance| {
            format!("{}{} {:+}->{:+} {}", if o.daylight { "summer " } else { "" }, o.onset, o.from / 3600, o.to / 3600, o.name)
        };
        all.iter().map(|o| one(o).trim_end().to_owned()).collect::<Vec<_>>().join("; ")
    };
    use chrono_tz::Tz;
    for (zone, from, to, expected) in [
        (Tz::Europe__Moscow, "2026-09-01T00:00:00Z", "2027-06-01T00:00:00Z", "2014-10-26 02:00:00 +4->+3 MSK"),
        (Tz::Europe__Moscow, "2014-09-01T00:00:00Z", "2015-06-01T00:00:00Z", "2011-03-27 02:00:00 +3->+4 MSK; 2014-10-26 02:00:00 +4->+3 MSK"),
        (Tz::Asia__Kamchatka, "2026-09-01T00:00:00Z", "2027-06-01T00:00:00Z", "2011-03-27 02:00:00 +11->+12"),
        (Tz::Europe__Samara, "2026-09-01T00:00:00Z", "2027-06-01T00:00:00Z", "2011-03-27 02:00:00 +3->+4"),
        (Tz::Asia__Yekaterinburg, "2026-09-01T00:00:00Z", "2027-06-01T00:00:00Z", "2014-10-26 02:00:00 +6->+5"),
        (Tz::Europe__Volgograd, "2026-09-01T00:00:00Z", "2027-06-01T00:00:00Z", "2020-12-27 02:00:00 +4->+3 MSK"),
        (
            Tz::Europe__Berlin,
            "2026-09-01T00:00:00Z",
            "2027-06-01T00:00:00Z",
            "summer 2026-03-29 02:00:00 +1->+2 CEST; 2026-10-25 03:00:00 +2->+1 CET; summer 2027-03-28 02:00:00 +1->+2 CEST",
        ),
        (Tz::UTC, "2026-09-01T00:00:00Z", "2027-06-01T00:00:00Z", "1970-01-01 00:00:00 +0->+0 UTC"),
    ] {
        assert_eq!(told(zone, from, to), expected, "{zone}");
    }
}

#[test]
fn links_are_of_the_web_or_not_there() {
    let link = |link: &str| build(&Event { conference: Some(link.to_owned()), ..consultation(Method::Request) });
    for good in ["https://sferum.example/room/12?a=b&c=d#e", "http://meet.example:8443/x", "HTTPS://Meet.example/%D0%B0,b;c"] {
        assert!(link(good).contains("\r\nCONFERENCE;VALUE=URI:"), "{good}");
    }
    for bad in [
        "",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://x.example/\r\nATTENDEE:mailto:b@bad.example",
        "https://x.example/ y",
        "https://пример.рф/",
        "file:///etc/passwd",
        "https://x.example/\"<>",
    ] {
        assert!(!link(bad).contains("CONFERENCE"), "{bad}");
    }
    assert!(!link(&format!("https://x.example/{}", "y".repeat(300))).contains("CONFERENCE"));
}

#[test]
fn what_was_answered_is_kept_where_nothing_moved() {
    let event = Event { partstat: PartStat::Accepted, ..consultation(Method::Request) };
    assert!(unfolded(&build(&event)).iter().any(|l| l.starts_with("ATTENDEE") && l.contains("PARTSTAT=ACCEPTED") && l.contains("RSVP=TRUE")));
    assert!(!build(&Event { method: Method::Cancel, ..event }).contains("PARTSTAT"));
}

fn any_event() -> impl Strategy<Value = Event> {
    let methods = prop_oneof![
        Just(Method::Request),
        Just(Method::Cancel),
        Just(Method::Reply),
        Just(Method::DeclineCounter),
        Just(Method::Counter),
        Just(Method::Publish),
        Just(Method::Add),
        Just(Method::Refresh)
    ];
    let instant = || (0i64..4_000_000_000).prop_map(|s| DateTime::from_timestamp(s, 0).unwrap());
    let texts = || prop_oneof![any::<String>(), "[а-яё ,;:\\\\\"\r\n\t]{0,200}", " {0,300}"];
    (
        (methods, "[a-z0-9]{1,40}@school\\.example", any::<u32>(), instant(), instant(), instant()),
        (texts(), texts(), texts(), texts(), proptest::option::of(texts()), "[a-z.]{1,30}@[a-z]{1,20}\\.example"),
        proptest::option::of((any::<u32>(), texts())),
    )
        .prop_map(|((method, uid, sequence, dtstamp, start, end), (summary, description, location, cn, name, address), alarm)| Event {
            method,
            uid,
            sequence,
            dtstamp,
            start,
            end,
            series: None,
            recurrence_id: None,
            conference: None,
            partstat: PartStat::NeedsAction,
            summary,
            description,
            location,
            organizer: (cn, "priemnaya@school.example".to_owned()),
            attendee: (name, address),
            alarm: alarm.map(|(minutes_before, text)| Alarm { minutes_before, text }),
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_built_is_read_back(event in any_event()) {
        let object = build(&event);
        assert_well_formed(&object);
        let read = read(object.as_bytes(), None).unwrap();
        let bare = matches!(event.method, Method::Refresh | Method::DeclineCounter);
        prop_assert_eq!(read.method, Some(event.method));
        prop_assert_eq!(&read.uid, &event.uid);
        prop_assert_eq!(read.sequence, if event.method == Method::Refresh { 0 } else { i64::from(event.sequence) });
        prop_assert_eq!(read.dtstamp, Some(event.dtstamp));
        prop_assert_eq!(read.start, (!bare).then_some(event.start));
        prop_assert_eq!(read.end, (!bare).then_some(event.end));
        prop_assert_eq!(read.organizer.as_deref(), Some("priemnaya@school.example"));
        let attendees: Vec<_> = read.attendees.iter().map(|a| a.email.as_str()).collect();
        let expected = if event.method == Method::Publish { vec![] } else { vec![event.attendee.1.as_str()] };
        prop_assert_eq!(attendees, expected);
        prop_assert!(ICalendar::parse(&object).is_ok());
    }
}
