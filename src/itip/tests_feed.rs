//! Feeds: what a subscriber's program reads.

use super::*;
use chrono::{DateTime, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn event(uid: &str, series: Option<Series>) -> Event {
    Event {
        method: Method::Request,
        uid: uid.to_owned(),
        sequence: 0,
        dtstamp: at("2026-09-01T06:00:00Z"),
        start: at("2026-09-01T11:00:00Z"),
        end: at("2026-09-01T14:00:00Z"),
        series,
        recurrence_id: None,
        summary: "Консультации".to_owned(),
        description: "Записаться: напишите".to_owned(),
        location: "по телефону".to_owned(),
        conference: None,
        organizer: ("Школа".to_owned(), "school@school.example".to_owned()),
        attendee: (None, String::new()),
        partstat: PartStat::NeedsAction,
        alarm: None,
    }
}

#[test]
fn a_feed_invites_nobody_and_takes_nobodys_time() {
    let series = Series { zone: chrono_tz::Europe::Moscow, interval: 1, count: 3, exdates: vec![at("2026-09-08T11:00:00Z")] };
    let text = feed("График; Самойлова", &[event("a@school.example", Some(series)), event("b@school.example", None)]);
    for line in
        ["METHOD:PUBLISH", "X-WR-CALNAME:График\\; Самойлова", "BEGIN:VTIMEZONE", "RRULE:FREQ=WEEKLY;INTERVAL=1;COUNT=3", "TRANSP:TRANSPARENT", "CLASS:PUBLIC"]
    {
        assert!(text.contains(&format!("{line}\r\n")), "{line} in\n{text}");
    }
    for never in ["ATTENDEE", "RSVP", "VALARM", "REQUEST", "CONFIDENTIAL"] {
        assert!(!text.contains(never), "{never}");
    }
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
    let foreign = calcard::icalendar::ICalendar::parse(&text).expect("another parser reads it too");
    assert_eq!(foreign.components.iter().filter(|c| c.component_type.is_event()).count(), 2);
}
