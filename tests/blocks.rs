//! Blocked time from the outside: what another school of the same daemon has taken is not offered, a file of busy times neither, and a block can be
//! listed and taken out.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, TimeDelta, Utc};
use otklik::decide::Order;
use otklik::jobs::{Neighbours, School, blocks, handle, order};
use otklik::settings::{Mode, Settings};
use otklik::store::{Store, Waiting};
use std::sync::Arc;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn school(name: &str, change: impl FnOnce(&mut Settings)) -> Arc<School> {
    let mut settings = otklik::config::demo();
    settings.mode = Mode::Live;
    settings.school = name.to_owned();
    change(&mut settings);
    Arc::new(School::new(settings, Store::in_memory().unwrap(), false))
}

/// A letter that asks for the psychologist; its appeal's slot.
fn slot(school: &School, uid: u32, now: DateTime<Utc>) -> (DateTime<Utc>, i64) {
    let raw = format!(
        "From: Anna <a{uid}@mail.example>\r\nTo: priemnaya@school.example\r\nSubject: psy {uid}\r\nMessage-ID: <{uid}@mail.example>\r\nDate: {}\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nПрошу консультацию педагога-психолога для сына, 3А. Анна Котова, +7 900 000-00-0{uid}\r\n",
        now.to_rfc2822()
    );
    school.store().journal("INBOX", 1, &[(uid, now, raw.len() as u64)], false, now).unwrap();
    let waiting: Vec<Waiting> = school.store().waiting("INBOX", 1, 10).unwrap();
    let letters: Vec<_> = waiting.into_iter().map(|w| (w, raw.clone().into_bytes())).collect();
    assert_eq!(handle(school, &letters, now).unwrap(), Vec::<(i64, String)>::new());
    let number = school.store().appeals(true, 1).unwrap()[0].number;
    let c = school.store().consultations_of(number).unwrap().pop().unwrap();
    (c.start, number)
}

#[test]
fn one_person_in_two_schools_has_one_time() {
    let now = at("2026-11-23T06:00:00Z");
    let travel = |s: &mut Settings| s.staff.iter_mut().for_each(|p| p.travel_minutes = 30);
    let (first, second) = (school("Школа № 12", travel), school("Школа № 13", travel));
    Neighbours::introduce(&[Arc::clone(&first), Arc::clone(&second)]);
    let (here, number) = slot(&first, 1, now);
    let (there, _) = slot(&second, 2, now);
    assert!((there - here).abs() >= TimeDelta::minutes(70), "{here} and {there}: forty minutes and the way");
    let known = second.store().blocks(now).unwrap();
    assert_eq!((known.len(), known[0].source.as_str()), (1, "school"), "intervals, nothing else");
    order(&first, number, &Order::Cancel(None), now).unwrap();
    let (again, _) = slot(&second, 3, now + TimeDelta::minutes(1));
    assert_eq!(again, here, "freed there, it is free here");
}

#[test]
fn a_file_of_busy_times_is_read_and_a_block_taken_out() {
    let now = at("2026-11-23T06:00:00Z");
    let dir = tempfile::tempdir().unwrap();
    let event = |day: u32| {
        format!(
            "BEGIN:VEVENT\r\nUID:{day}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:202611{day}T060000Z\r\nDTEND:202611{day}T150000Z\r\nSUMMARY:Личное\r\nEND:VEVENT\r\n"
        )
    };
    let calendar = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//RU\r\n{}{}END:VCALENDAR\r\n", event(24), event(25));
    std::fs::write(dir.path().join("psy.ics"), calendar).unwrap();
    let school = school("Школа № 12", |s| {
        s.rules_dir = dir.path().to_owned();
        s.staff.iter_mut().filter(|p| p.id == "psychologist-1").for_each(|p| p.busy_file = Some("psy.ics".to_owned()));
    });
    blocks(&school, now).unwrap();
    let (start, _) = slot(&school, 1, now);
    assert_eq!(start, at("2026-11-26T11:00:00Z"), "Tuesday and Wednesday are taken by the file");
    let listed = school.store().blocks(now).unwrap();
    assert_eq!((listed.len(), listed[0].count), (1, 2));
    assert!(school.store().remove_block(listed[0].id).unwrap());
    assert!(!school.store().remove_block(listed[0].id).unwrap(), "once");
    let (start, _) = slot(&school, 2, now);
    assert_eq!(start, at("2026-11-24T11:00:00Z"));
}
