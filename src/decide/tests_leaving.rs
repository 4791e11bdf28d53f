//! Letters to staff at the door, one at a time; whole days are in `tests/hours.rs`.

use super::{Leaving, Round, absence, leaving, on_leaving};
use crate::facts::{Aside, StaffLetter};
use crate::outbox::Kind;
use crate::settings::{Mode, Settings};
use crate::slots::Absence;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

fn settings() -> Settings {
    crate::config::demo()
}

/// Monday, 23 November 2026, 12:00 in Moscow.
fn noon() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap_or_default()
}

fn letter(kind: Kind, priority: u8, sent_today: u32) -> StaffLetter {
    StaffLetter { to: "a.zaytseva@school.example".into(), kind, priority, event: false, slot: None, aside: None, sent_today }
}

fn at(settings: &Settings, now: DateTime<Utc>, letter: &StaffLetter) -> Leaving {
    on_leaving(Round { settings, now, mode: Mode::Live }, letter, false)
}

fn local(settings: &Settings, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    let date = NaiveDate::from_ymd_opt(2026, 11, day).unwrap_or_default();
    settings.worktime.local(date, chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
}

#[test]
fn a_day_holds_twelve_letters() {
    let s = settings();
    assert_eq!(at(&s, noon(), &letter(Kind::Task, 3, 11)), Leaving::Now);
    assert_eq!(at(&s, noon(), &letter(Kind::Task, 3, 12)), Leaving::Aside("day", local(&s, 23, 17, 30)), "at the end of the day");
    assert_eq!(at(&s, local(&s, 23, 18, 0), &letter(Kind::Task, 3, 12)), Leaving::Aside("day", local(&s, 24, 7, 30)), "then in the morning");
    assert_eq!(at(&s, local(&s, 27, 18, 0), &letter(Kind::Task, 3, 12)), Leaving::Aside("day", local(&s, 30, 7, 30)), "after the week-end");
    let invitation = StaffLetter { event: true, ..letter(Kind::Task, 3, 12) };
    assert_eq!(at(&s, noon(), &invitation), Leaving::Now, "a list is no invitation");
    let waited = StaffLetter { aside: Some("day".into()), ..letter(Kind::Task, 3, 0) };
    assert_eq!(at(&s, noon(), &waited), Leaving::List);
}

#[test]
fn what_is_never_kept_back() {
    let s = settings();
    let full = |kind, priority| letter(kind, priority, 40);
    for (what, one) in [
        ("an alarm", full(Kind::Task, 0)),
        ("an answer to an order", full(Kind::Confirm, 2)),
        ("a call to make", full(Kind::CallTask, 3)),
        ("the report", full(Kind::ReportDaily, 5)),
        ("a move of tomorrow's", StaffLetter { event: true, slot: Some(noon() + TimeDelta::hours(24)), ..full(Kind::Update, 1) }),
    ] {
        assert_eq!(at(&s, noon(), &one), Leaving::Now, "{what}");
    }
    let later = StaffLetter { slot: Some(noon() + TimeDelta::days(5)), ..full(Kind::Update, 1) };
    assert_ne!(at(&s, noon(), &later), Leaving::Now, "a word about next week's waits");
    assert_eq!(at(&s, noon(), &StaffLetter { event: true, ..later }), Leaving::Now, "a calendar is never late");
}

#[test]
fn nothing_for_whoever_is_away() {
    let mut s = settings();
    let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap_or_default();
    if let Some(p) = s.staff.iter_mut().find(|p| p.id == "ejournal-1") {
        p.absences = vec![Absence { from: day(23), to: day(25) }];
    }
    let back = local(&s, 26, 7, 30);
    assert_eq!(at(&s, noon(), &letter(Kind::Task, 3, 0)), Leaving::Aside("away", back));
    assert_eq!(
        at(&s, noon(), &StaffLetter { event: true, ..letter(Kind::Task, 3, 0) }),
        Leaving::Now,
        "an invitation is in the calendar before its cancellation can be"
    );
    assert_eq!(at(&s, noon(), &StaffLetter { event: true, ..letter(Kind::Cancel, 1, 0) }), Leaving::Now, "the calendar stays right");
    assert_eq!(at(&s, noon(), &letter(Kind::Task, 0, 0)), Leaving::Now, "a child in danger");
    let round = Round { settings: &s, now: back, mode: Mode::Live };
    let over = s.person("ejournal-1").and_then(|p| absence::over(round, p));
    assert_eq!(over.map(|o| (o.from, o.to, o.due)), Some((day(23), day(25), back)));
    let waited = StaffLetter { aside: Some("away".into()), ..letter(Kind::Task, 3, 0) };
    assert!(matches!(on_leaving(round, &waited, true), Leaving::Until(_)), "first the one letter");
    assert_eq!(on_leaving(round, &waited, false), Leaving::Now, "without one it leaves by itself");
}

#[test]
fn hours_of_a_class() {
    let mut s = settings();
    let time = |h| chrono::NaiveTime::from_hms_opt(h, 0, 0).unwrap_or_default();
    let weekdays = vec![chrono::Weekday::Mon, chrono::Weekday::Tue];
    let classes = crate::slots::ClassRange::parse("5А").into_iter().collect();
    s.hours = vec![crate::settings::ClassHours { classes, from: time(9), until: time(18), weekdays, protocol: "№ 2".into(), date: NaiveDate::default() }];
    let round = Round { settings: &s, now: noon(), mode: Mode::Live };
    assert_eq!(round.class_hours(noon(), Some("5А")), noon());
    assert_eq!(round.class_hours(local(&s, 23, 19, 0), Some("5А")), local(&s, 24, 9, 0));
    assert_eq!(round.class_hours(local(&s, 24, 19, 0), Some("5А")), local(&s, 30, 9, 0), "only on Mondays and Tuesdays");
    assert_eq!(round.class_hours(local(&s, 23, 19, 0), Some("5Б")), local(&s, 23, 19, 0), "another class has the school's hours");
    assert_eq!(round.class_hours(local(&s, 23, 21, 0), None), local(&s, 24, 8, 0));
}

#[test]
fn a_list_tells_word_by_word_what_it_does_not_say_itself() {
    let aside = |key: &str, kind, appeal| Aside { key: key.into(), kind, appeal, subject: String::new(), raw: Vec::new(), shell: false, made: noon() };
    for (key, kind, appeal) in [
        ("after/7/1/60", Kind::Reminder, Some(7)),
        ("group/3/over/0", Kind::Reminder, None),
        ("unreached/7/60", Kind::Escalation, Some(7)),
        ("escalation/director/2026-11-23", Kind::Escalation, None),
        ("question/7/60", Kind::Task, Some(7)),
    ] {
        assert!(leaving::worth_telling(&aside(key, kind, appeal)), "{key}");
    }
    for (key, kind) in [("reminder/7/60", Kind::Reminder), ("escalation/7/60", Kind::Escalation), ("soon/7/1", Kind::Reminder), ("handover/p/7", Kind::Other)] {
        assert!(!leaving::worth_telling(&aside(key, kind, Some(7))), "{key}");
    }
    let long = format!(
        "From: <a@school.example>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}конец",
        "№ 7: взять в работу\r\n".repeat(900)
    );
    assert!(crate::compose::Within::of("список", long.as_bytes()).text.ends_with("конец"), "a list of ours is not cut");
}
