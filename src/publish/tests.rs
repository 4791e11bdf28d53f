//! The schedule: what stands in it, and that it changes only with the rules.

use super::*;
use crate::slots::{Absence, DayException, DayHours, WeeklyWindow, Weeks};
use chrono::NaiveDate;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(if month > 8 { 2026 } else { 2027 }, month, day).unwrap()
}

fn whole(settings: &Settings) -> Publication<'_> {
    Publication { settings, groups: &[], period: Period::school_year(day(11, 20)), specialist: None }
}

fn meeting(specialist: &str) -> Meeting {
    Meeting {
        id: 3,
        specialist: specialist.into(),
        topic: "дроби".into(),
        start: "2026-12-08T12:00:00Z".parse().unwrap(),
        end: "2026-12-08T12:40:00Z".parse().unwrap(),
        channel: "Сферум".into(),
        capacity: 12,
        classes: vec!["6А".into()],
        course_end: None,
        cancelled: false,
        staff: crate::appeal::Answer {
            uid: String::new(),
            sequence: 0,
            dtstamp: DateTime::UNIX_EPOCH,
            partstat: crate::itip::PartStat::NeedsAction,
            replied: None,
        },
        outcome: None,
        duties: Vec::new(),
        asked: None,
    }
}

#[test]
fn the_year_begins_with_september_and_august_looks_ahead() {
    let year = |y, m, d| Period::school_year(NaiveDate::from_ymd_opt(y, m, d).unwrap());
    assert_eq!((year(2026, 11, 20).from, year(2026, 11, 20).to), (day(9, 1), day(8, 31)));
    assert_eq!(year(2027, 5, 31), year(2026, 9, 1));
    assert_eq!(year(2026, 8, 3), year(2026, 9, 1));
    assert_eq!(year(2026, 9, 1).words(), "2026/27 учебный год");
}

#[test]
fn the_table_names_whose_hours_when_how_and_where() {
    let settings = crate::config::demo();
    let text = table(Publication { specialist: Some("psychologist-1"), ..whole(&settings) }).terminal(220);
    let expected = "График консультаций
Школа № 12
УТВЕРЖДАЮ: директор Громова Е. С. ____________________
Приказ № ________ от «___» __________ 20__ г.
2026/27 учебный год
В выходные и праздничные дни консультаций нет.
";
    assert!(text.starts_with(expected), "{text}");
    assert!(
        text.contains("психологическая поддержка")
            && text.contains("вт, чт")
            && text.contains("14:00–17:00")
            && text.contains("по телефону, в Сферуме, очно в школе"),
        "{text}"
    );
    assert!(text.contains("Кабинет 214, второй этаж") && !text.contains("второй этаж."), "{text}");
    assert!(!text.contains("Полозова"), "only the one who was asked for: {text}");
}

#[test]
fn an_order_stands_where_it_is_known() {
    let mut settings = crate::config::demo();
    settings.schedule.approved_by = Some("директор Иванов <И. И.>".into());
    settings.schedule.number = Some("45-ОД".into());
    settings.schedule.date = Some(day(9, 1));
    let page = page(whole(&settings));
    assert!(page.contains("директор Иванов &lt;И. И.&gt; ______") && page.contains("Приказ № 45-ОД от 01.09.2026"), "{page}");
}

#[test]
fn reserve_hours_are_not_published_and_limits_are_told() {
    let mut settings = crate::config::demo();
    let person = settings.staff.iter_mut().find(|p| p.id == "teacher-1").unwrap();
    let window = person.windows[0].clone();
    person.windows = vec![
        WeeklyWindow { reserve: true, from: "08:00:00".parse().unwrap(), ..window.clone() },
        WeeklyWindow { weeks: Some(Weeks::Odd), valid_to: Some(day(12, 25)), classes: vec![crate::slots::ClassRange::parse("5-6").unwrap()], ..window },
    ];
    person.exceptions = vec![
        DayException { date: day(12, 29), hours: None },
        DayException {
            date: day(11, 30),
            hours: Some(DayHours { from: "10:00:00".parse().unwrap(), to: "12:00:00".parse().unwrap(), channels: vec!["phone".into()], place: None }),
        },
    ];
    person.absences = vec![Absence { from: day(2, 1), to: day(2, 5) }];
    let of = Publication { specialist: Some("teacher-1"), ..whole(&settings) };
    let text = table(of).terminal(400);
    assert!(!text.contains("08:00"), "{text}");
    assert!(text.contains("вт, пт, по нечётным неделям, по 25 декабря") && text.contains("5-6"), "{text}");
    assert!(text.contains("30 ноября (пн)") && text.contains("10:00–12:00"), "{text}");
    assert_eq!(text.matches("консультаций нет").count() - 1, 2, "a day without, and days away, besides the line about days off: {text}");
}

#[test]
fn a_group_is_announced_without_anybody_in_it() {
    let settings = crate::config::demo();
    for (who, named) in [("teacher-1", true), ("psychologist-1", false)] {
        let groups = [meeting(who), Meeting { id: 4, cancelled: true, topic: "отменённая".into(), ..meeting(who) }];
        let of = Publication { groups: &groups, specialist: Some(who), ..whole(&settings) };
        let text = table(of).terminal(400);
        assert!(text.contains("групповая консультация") && text.contains("8 декабря (вт)") && text.contains("15:00–15:40"), "{text}");
        assert_eq!(text.contains("дроби"), named, "what a psychologist's group is about is nobody's business: {text}");
        assert!(!text.contains("отменённая"), "{text}");
        let feed = feed(of, settings.person(who).unwrap(), "2026-09-01T06:00:00Z".parse().unwrap()).unwrap();
        assert!(feed.replace("\r\n ", "").contains("Групповая консультация (6А)") && !feed.contains("дроби"), "a calendar names no topic");
    }
}

#[test]
fn a_feed_leaves_out_days_off_and_keeps_its_uids() {
    let settings = crate::config::demo();
    let (of, person) = (whole(&settings), settings.person("psychologist-1").unwrap());
    let (early, late) = ("2026-09-01T06:00:00Z".parse().unwrap(), "2026-11-20T06:00:00Z".parse().unwrap());
    let (one, two) = (feed(of, person, early).unwrap(), feed(of, person, late).unwrap());
    let uids = |text: &str| text.lines().filter(|l| l.starts_with("UID:")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(uids(&one), uids(&two));
    assert_eq!(uids(&one).len(), 3, "Tuesday, Thursday, Wednesday");
    // Tuesday, 5 January 2027 is a day off, and so is 23 February.
    for off in ["20270105T140000", "20270223T140000"] {
        assert!(one.contains(&format!("EXDATE;TZID=Europe/Moscow:{off}")), "{off} in {one}");
    }
    assert!(one.contains("DTSTART;TZID=Europe/Moscow:20260901T140000") && one.contains("BEGIN:VTIMEZONE"));
    let odd = Settings {
        staff: vec![Specialist { windows: vec![WeeklyWindow { weeks: Some(Weeks::Even), ..person.windows[0].clone() }], ..person.clone() }],
        ..settings.clone()
    };
    assert!(feed(whole(&odd), &odd.staff[0], early).unwrap().contains("INTERVAL=2"));
    let away = Settings { staff: vec![Specialist { absences: vec![Absence { from: day(9, 1), to: day(8, 31) }], ..person.clone() }], ..settings.clone() };
    assert_eq!(feed(whole(&away), &away.staff[0], early), None, "nobody subscribes to nothing");
}

#[test]
fn only_the_rules_change_the_digest() {
    let settings = crate::config::demo();
    let before = digest(whole(&settings));
    assert_eq!(before, digest(whole(&settings)));
    let mut other = settings.clone();
    other.staff.iter_mut().find(|p| p.id == "social-1").unwrap().windows[0].to = "18:30:00".parse().unwrap();
    assert_ne!(before, digest(whole(&other)));
    let names: Vec<String> = schedule_files(whole(&settings), DateTime::UNIX_EPOCH).unwrap().into_iter().map(|f| f.name).collect();
    assert_eq!(names[..3], ["schedule.html", "schedule.xlsx", "head-1.ics"]);
    assert!(names.iter().all(|n| n.is_ascii()));
}

#[test]
fn an_empty_schedule_says_so() {
    let settings = Settings { staff: Vec::new(), ..crate::config::demo() };
    assert!(table(whole(&settings)).terminal(100).contains("Часов консультаций на это время нет."));
    assert!(page(whole(&settings)).contains("Часов консультаций на это время нет."));
}
