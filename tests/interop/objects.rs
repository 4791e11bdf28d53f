//! Every kind of object that is sent, and what it means.
//!
//! Not here: who reads them (`tests/interop.rs`).

use chrono::{DateTime, Duration, TimeDelta, Utc};
use chrono_tz::Tz;
use otklik::itip::{self, Alarm, Event, Method, PartStat, Series};

/// An object with the events it is to mean, in order.
pub struct Sent {
    pub name: String,
    pub method: Method,
    pub text: String,
    pub events: Vec<Meant>,
}

/// What a reader must find.
#[derive(Default)]
pub struct Meant {
    pub uid: String,
    pub sequence: i64,
    pub dtstamp: i64,
    pub start: Option<i64>,
    pub end: Option<i64>,
    pub recurrence_id: Option<i64>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub location: Option<String>,
    pub conference: Option<String>,
    pub organizer: (String, Option<String>),
    pub attendee: (String, Option<String>),
    pub partstat: Option<&'static str>,
    pub starts: Vec<i64>,
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

const LINK: &str = "https://sferum.example/room/12?key=a,b;c&x=%D0%B0";

fn consultation(method: Method) -> Event {
    Event {
        method,
        uid: "7hq2k4n6v3x5z7b2d4f6h8j2k4@school.example".to_owned(),
        sequence: 0,
        dtstamp: at("2026-11-20T08:15:00Z"),
        start: at("2026-11-25T12:30:00Z"),
        end: at("2026-11-25T13:10:00Z"),
        series: None,
        recurrence_id: None,
        summary: "Консультация, заявка № 147".to_owned(),
        description: "В среду, 25 ноября, в 15:30 (МСК); звонок на Ваш телефон.\nЧтобы перенести, ответьте: «удобно в четверг».\nПуть: C:\\next".to_owned(),
        location: "Телефон; кабинет 3, второй этаж".to_owned(),
        conference: None,
        organizer: ("Школа № 12: приёмная, \"Отклик\"".to_owned(), "priemnaya@school.example".to_owned()),
        attendee: (Some("Соколова, Ирина Юрьевна".to_owned()), "i.sokolova@school.example".to_owned()),
        partstat: PartStat::NeedsAction,
        alarm: Some(Alarm { minutes_before: 30, text: "Консультация через полчаса".to_owned() }),
    }
}

/// Local starts of a series, by hand: the same hour in every n-th week.
fn starts(event: &Event) -> Vec<i64> {
    let Some(series) = event.series.as_ref().filter(|_| event.recurrence_id.is_none() && event.method == Method::Request) else { return Vec::new() };
    let first = event.start.with_timezone(&series.zone).naive_local();
    let all = (0..series.count).map(|n| first + Duration::weeks(i64::from(n * series.interval)));
    let instants = all.map(|local| local.and_local_timezone(series.zone).earliest().unwrap().to_utc());
    instants.filter(|at| !series.exdates.contains(at)).map(|at| at.timestamp()).collect()
}

fn meant(event: &Event) -> Meant {
    let bare = event.method == Method::DeclineCounter;
    let told = |text: &str| (!bare && event.method != Method::Reply).then(|| text.to_owned()).filter(|t| !t.is_empty());
    Meant {
        uid: event.uid.clone(),
        sequence: i64::from(event.sequence),
        dtstamp: event.dtstamp.timestamp(),
        start: (!bare).then(|| event.start.timestamp()),
        end: (!bare).then(|| event.end.timestamp()),
        recurrence_id: event.recurrence_id.map(|t| t.timestamp()),
        summary: (!bare).then(|| event.summary.clone()),
        description: told(&event.description),
        location: told(&event.location),
        conference: event.conference.clone().filter(|link| event.method == Method::Request && link == LINK),
        organizer: (event.organizer.1.clone(), Some(quoted(&event.organizer.0))),
        attendee: (event.attendee.1.clone(), event.attendee.0.clone()),
        partstat: (event.method == Method::Request).then(|| event.partstat.as_str()),
        starts: starts(event),
    }
}

/// A double quote cannot stand in a CN.
fn quoted(name: &str) -> String {
    name.replace("\"Отклик\"", "«Отклик»")
}

fn sent(name: &str, events: &[&Event]) -> Sent {
    let events: Vec<Event> = events.iter().map(|e| (*e).clone()).collect();
    Sent { name: name.to_owned(), method: events[0].method, text: itip::build_all(&events), events: events.iter().map(meant).collect() }
}

/// Nine in the morning there, four Wednesdays, the third taken out.
fn series(zone: Tz, first: &str, count: u32, interval: u32) -> Event {
    let local: chrono::NaiveDateTime = first.parse().unwrap();
    let start = local.and_local_timezone(zone).unwrap().to_utc();
    let third = (local + Duration::weeks(i64::from(2 * interval))).and_local_timezone(zone).earliest().unwrap().to_utc();
    Event {
        uid: format!("series-{}@school.example", zone.name().replace('/', "-").to_lowercase()),
        start,
        end: start + TimeDelta::minutes(40),
        series: Some(Series { zone, interval, count, exdates: vec![third] }),
        ..consultation(Method::Request)
    }
}

/// «Занято» as colleagues' calendars write it, and our answer.
fn replies(all: &mut Vec<Sent>) {
    let request = |event: &str| format!("BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\n{event}END:VCALENDAR\n");
    let event = |more: &str| {
        format!(
            "BEGIN:VEVENT\nUID:040000008200E00074C5B7101A82E008\nSUMMARY:Совещание\\; не передавать\nORGANIZER;CN=\"Орлова, М.\":MAILTO:m.orlova@school.example\nATTENDEE:mailto:priemnaya@school.example\nDTSTAMP:20261118T101010Z\n{more}END:VEVENT\n"
        )
    };
    let moscow = "DTSTART;TZID=Russian Standard Time:20261125T100000\nDTEND;TZID=Russian Standard Time:20261125T120000\n";
    let cases = [
        ("reply-accepted", request(&event(&format!("{moscow}SEQUENCE:3\n"))), PartStat::Accepted),
        ("reply-declined", request(&event(moscow)), PartStat::Declined),
        ("reply-to-a-series", request(&event(&format!("{moscow}RRULE:FREQ=WEEKLY;COUNT=10\n"))), PartStat::Accepted),
        ("reply-to-a-meeting", request(&event(&format!("{moscow}RECURRENCE-ID;TZID=Russian Standard Time:20261124T100000\nSEQUENCE:1\n"))), PartStat::Accepted),
        ("reply-to-a-day", request(&event("DTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261126\n")), PartStat::Accepted),
        ("reply-to-several", request(&[event(moscow), event(&format!("{moscow}RECURRENCE-ID:20261202T070000Z\n"))].concat()), PartStat::Accepted),
    ];
    for (name, text, partstat) in cases {
        let objects = itip::read_all(text.as_bytes(), None).unwrap();
        let stamp = at("2026-11-20T09:00:00Z");
        let text = itip::reply_to(&objects, ("Школа № 12", "priemnaya@school.example"), partstat, stamp).unwrap();
        assert!(!text.contains("Совещание") && !text.contains("Орлова"), "no foreign text: {text}");
        let events = objects.iter().map(|object| Meant {
            uid: object.uid.clone(),
            sequence: object.sequence,
            dtstamp: stamp.timestamp(),
            start: object.start.map(|t| t.timestamp()),
            recurrence_id: object.recurrence_id.map(|t| t.timestamp()),
            organizer: ("m.orlova@school.example".to_owned(), None),
            attendee: ("priemnaya@school.example".to_owned(), Some("Школа № 12".to_owned())),
            partstat: Some(partstat.as_str()),
            ..Meant::default()
        });
        all.push(Sent { name: name.to_owned(), method: Method::Reply, text, events: events.collect() });
    }
}

/// All of them.
pub fn all() -> Vec<Sent> {
    let first = consultation(Method::Request);
    let author = Event { attendee: (None, "anna+school@mail.example".to_owned()), ..first.clone() };
    let moved = Event { sequence: 1, dtstamp: at("2026-11-21T08:15:00Z"), start: at("2026-11-26T12:30:00Z"), end: at("2026-11-26T13:10:00Z"), ..first.clone() };
    let told_more = Event {
        dtstamp: at("2026-11-21T08:15:00Z"),
        partstat: PartStat::Accepted,
        location: "Сферум".to_owned(),
        conference: Some(LINK.to_owned()),
        ..first.clone()
    };
    let long = "Ж—ы ёЁ😀, ".repeat(90).trim().to_owned();
    let cancel = |event: &Event| Event { method: Method::Cancel, sequence: event.sequence + 1, dtstamp: at("2026-11-22T08:15:00Z"), ..event.clone() };
    let mut all = vec![
        sent("request", &[&first]),
        sent("request-to-an-author", &[&author]),
        sent("request-moved", &[&moved]),
        sent("request-told-more", &[&told_more]),
        sent("request-after-refresh", &[&Event { dtstamp: at("2026-11-23T08:15:00Z"), ..moved.clone() }]),
        sent("request-folded", &[&Event { summary: long.chars().take(240).collect(), description: long, alarm: None, ..first.clone() }]),
        sent("request-bad-link", &[&Event { conference: Some("https://x.example/\r\nATTENDEE:mailto:b@bad.example".to_owned()), ..first.clone() }]),
        sent("cancel", &[&cancel(&moved)]),
        sent("cancel-to-an-author", &[&cancel(&author)]),
        sent("declinecounter", &[&Event { method: Method::DeclineCounter, ..moved }]),
    ];
    for (zone, from, count, interval) in [
        (Tz::Europe__Moscow, "2026-09-02T09:00:00", 12, 1),
        (Tz::Europe__Moscow, "2026-09-09T00:30:00", 5, 2),
        // Summer time for ever until 26 October 2014, winter time since.
        (Tz::Europe__Moscow, "2014-10-08T09:00:00", 6, 1),
        (Tz::Asia__Kamchatka, "2026-09-02T09:00:00", 12, 1),
        (Tz::Europe__Samara, "2026-09-02T09:00:00", 12, 1),
        (Tz::Asia__Yekaterinburg, "2026-09-02T09:00:00", 12, 4),
        (Tz::Europe__Volgograd, "2026-09-02T09:00:00", 12, 1),
        // Moscow time from 27 December 2020.
        (Tz::Europe__Volgograd, "2020-12-02T09:00:00", 8, 1),
        (Tz::Europe__Kaliningrad, "2026-09-02T09:00:00", 3, 1),
        (Tz::Asia__Vladivostok, "2026-09-02T08:30:00", 3, 1),
        // The clocks change twice.
        (Tz::Europe__Berlin, "2026-09-02T09:00:00", 40, 1),
        (Tz::UTC, "2026-09-02T09:00:00", 3, 1),
    ] {
        let event = series(zone, from, count, interval);
        let id = event.start + TimeDelta::weeks(i64::from(interval));
        let name = |kind: &str| format!("{kind}-{}-{}", zone.name().replace('/', "-"), &from[..10]);
        let instance =
            Event { sequence: 1, recurrence_id: Some(id), start: id + TimeDelta::hours(26), end: id + TimeDelta::minutes(26 * 60 + 40), ..event.clone() };
        let fourth = event.start + TimeDelta::weeks(i64::from(3 * interval));
        let other = Event { recurrence_id: Some(fourth), start: fourth, end: fourth + TimeDelta::minutes(40), ..instance.clone() };
        all.push(sent(&name("series"), &[&event]));
        all.push(sent(
            &name("series-moved"),
            &[&Event {
                sequence: 1,
                start: event.start + TimeDelta::hours(1),
                end: event.end + TimeDelta::hours(1),
                series: event.series.clone().map(|s| Series { exdates: Vec::new(), ..s }),
                ..event.clone()
            }],
        ));
        all.push(sent(&name("meeting-moved"), &[&instance]));
        all.push(sent(&name("series-with-a-moved-meeting"), &[&event, &instance]));
        all.push(sent(&name("meeting-cancelled"), &[&cancel(&instance)]));
        all.push(sent(&name("meetings-cancelled"), &[&cancel(&instance), &cancel(&other)]));
        all.push(sent(&name("series-cancelled"), &[&cancel(&event)]));
        all.push(sent(&name("declinecounter"), &[&Event { method: Method::DeclineCounter, ..instance }]));
    }
    replies(&mut all);
    all
}
