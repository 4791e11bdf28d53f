//! Foreign series inside a span: by hand, against the `rrule` crate, and against texts made to take long.

#![expect(clippy::disallowed_methods, reason = "how long it takes is the question")]

use super::{Object, Refusal, busy, busy_file, occurrences, read, read_all};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use std::time::{Duration, Instant};

const MOSCOW: Tz = Tz::Europe__Moscow;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn object(lines: &str) -> Object {
    read(format!("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:u\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n").as_bytes(), None).unwrap()
}

/// Local times in Moscow, `25.11 10:00-12:00`; a mark at the end where some are missing.
fn told(found: &[(DateTime<Utc>, DateTime<Utc>)], cut: bool) -> String {
    let local = |t: &DateTime<Utc>| t.with_timezone(&MOSCOW);
    let mut all: Vec<String> = found.iter().map(|(a, b)| format!("{}-{}", local(a).format("%d.%m %H:%M"), local(b).format("%H:%M"))).collect();
    all.extend(cut.then(|| "…".to_owned()));
    all.join(", ")
}

#[test]
fn what_a_colleague_blocks_between_23_november_and_20_december() {
    let day = "DTSTART;VALUE=DATE:20261125";
    let hour = "DTSTART;TZID=Europe/Moscow:20261125T100000\nDTEND;TZID=Europe/Moscow:20261125T120000";
    for (lines, expected) in [
        (hour.to_owned(), "25.11 10:00-12:00"),
        ("DTSTART:20261125T070000Z\nDURATION:PT2H".to_owned(), "25.11 10:00-12:00"),
        // No zone: that of the school.
        ("DTSTART:20261125T100000\nDTEND:20261125T120000".to_owned(), "25.11 10:00-12:00"),
        ("DTSTART;TZID=Ekaterinburg Standard Time:20261125T120000\nDTEND;TZID=Ekaterinburg Standard Time:20261125T140000".to_owned(), "25.11 10:00-12:00"),
        ("DTSTART;TZID=\"UTC+05:00\":20261125T120000\nDURATION:PT2H".to_owned(), "25.11 10:00-12:00"),
        // Nobody knows which hour: not nothing, but missing.
        ("DTSTART;TZID=Luna Standard Time:20261125T100000\nDURATION:PT2H".to_owned(), "…"),
        ("SUMMARY:без времени".to_owned(), "…"),
        (day.to_owned(), "25.11 00:00-00:00"),
        (format!("{day}\nDTEND;VALUE=DATE:20261127"), "25.11 00:00-00:00"),
        (format!("{day}\nRRULE:FREQ=DAILY;COUNT=2"), "25.11 00:00-00:00, 26.11 00:00-00:00"),
        (format!("{day}\nTRANSP:TRANSPARENT"), ""),
        (format!("{hour}\nSTATUS:CANCELLED"), ""),
        ("DTSTART:20261125T070000Z".to_owned(), ""),
        ("DTSTART:20261125T070000Z\nDTEND:20261125T060000Z".to_owned(), ""),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;COUNT=3"), "25.11 10:00-12:00, 02.12 10:00-12:00, 09.12 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;INTERVAL=2"), "25.11 10:00-12:00, 09.12 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;UNTIL=20261202T070000Z"), "25.11 10:00-12:00, 02.12 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;UNTIL=20261202"), "25.11 10:00-12:00, 02.12 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;UNTIL=20261202T095959"), "25.11 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;COUNT=4;BYDAY=WE,FR"), "25.11 10:00-12:00, 27.11 10:00-12:00, 02.12 10:00-12:00, 04.12 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Europe/Moscow:20261202T100000"), "25.11 10:00-12:00, 09.12 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261202T070000Z,20261209T070000Z"), "25.11 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20261202"), "25.11 10:00-12:00, 09.12 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261202T100000"), "25.11 10:00-12:00, 09.12 10:00-12:00"),
        (format!("{hour}\nRDATE;TZID=Europe/Moscow:20261130T100000"), "25.11 10:00-12:00, 30.11 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=MONTHLY;BYDAY=2TU"), "25.11 10:00-12:00, 08.12 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"), "25.11 10:00-12:00, 30.11 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1"), "25.11 10:00-12:00, 30.11 10:00-12:00"),
        (format!("{hour}\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1,15"), "25.11 10:00-12:00, 01.12 10:00-12:00, 15.12 10:00-12:00"),
        // A lesson since September of long ago.
        (
            "DTSTART;TZID=Europe/Moscow:20130903T083000\nDURATION:PT45M\nRRULE:FREQ=WEEKLY;BYDAY=TU".to_owned(),
            "24.11 08:30-09:15, 01.12 08:30-09:15, 08.12 08:30-09:15, 15.12 08:30-09:15",
        ),
        // The first time is told of what is not understood.
        (format!("{hour}\nRRULE:FREQ=HOURLY;COUNT=9"), "25.11 10:00-12:00, …"),
        (format!("{hour}\nRRULE:FREQ=SECONDLY"), "25.11 10:00-12:00, …"),
        (format!("{hour}\nRRULE:FREQ=DAILY;BYHOUR=9,10,11"), "25.11 10:00-12:00, …"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;INTERVAL=0"), "25.11 10:00-12:00, …"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;COUNT=-3"), "25.11 10:00-12:00, …"),
        (format!("{hour}\nRRULE:всегда"), "25.11 10:00-12:00, …"),
        (format!("{hour}\nRRULE:FREQ=WEEKLY;INTERVAL=99999999999999999999"), "25.11 10:00-12:00"),
    ] {
        let (found, cut) = occurrences(&object(&lines), MOSCOW, at("2026-11-22T21:00:00Z"), at("2026-12-19T21:00:00Z"));
        assert_eq!(told(&found, cut), expected, "{lines}");
    }
}

#[test]
fn days_are_those_of_the_school_and_hours_those_of_the_clock() {
    let all = |lines: &str, zone: Tz, from: &str, to: &str| occurrences(&object(lines), zone, at(from), at(to)).0;
    let kamchatka = all("DTSTART;VALUE=DATE:20261125", Tz::Asia__Kamchatka, "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
    assert_eq!(kamchatka, [(at("2026-11-24T12:00:00Z"), at("2026-11-25T12:00:00Z"))]);
    // Berlin leaves summer time on 25 October.
    let berlin =
        all("DTSTART;TZID=Europe/Berlin:20261021T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2", MOSCOW, "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z");
    assert_eq!(berlin, [(at("2026-10-21T08:00:00Z"), at("2026-10-21T09:00:00Z")), (at("2026-10-28T09:00:00Z"), at("2026-10-28T10:00:00Z"))]);
    let long_day = all("DTSTART;VALUE=DATE:20261025", Tz::Europe__Berlin, "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z");
    assert_eq!(long_day[0].1 - long_day[0].0, TimeDelta::hours(25));
    // What began before the span and reaches into it counts.
    let into = all("DTSTART:20261124T060000Z\nDTEND:20261126T060000Z", MOSCOW, "2026-11-25T00:00:00Z", "2026-11-25T01:00:00Z");
    assert_eq!(into.len(), 1);
    assert_eq!(all("DTSTART:20261125T060000Z\nDTEND:20261125T070000Z", MOSCOW, "2026-11-25T07:00:00Z", "2026-11-25T08:00:00Z"), []);
}

#[test]
fn no_more_than_500_and_no_more_than_three_years() {
    let every = object("DTSTART:20260101T060000Z\nDURATION:PT10M\nRRULE:FREQ=DAILY");
    let (found, cut) = occurrences(&every, MOSCOW, at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"));
    assert_eq!((found.len(), cut), (500, true));
    let weekly = object("DTSTART:20260101T060000Z\nDURATION:PT10M\nRRULE:FREQ=WEEKLY");
    let (found, cut) = occurrences(&weekly, MOSCOW, at("2026-01-01T00:00:00Z"), at("9000-01-01T00:00:00Z"));
    assert!(cut && found.len() > 150 && found.len() < 160, "{}", found.len());
    assert_eq!(occurrences(&weekly, MOSCOW, at("2027-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z")), (vec![], false));
}

#[test]
fn a_moved_meeting_stands_in_for_that_of_its_series() {
    let series = "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Moscow:20261125T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n";
    let moved = "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20261202T070000Z\nDTSTART:20261203T070000Z\nDURATION:PT1H\nEND:VEVENT\n";
    let cancelled = "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;TZID=Russian Standard Time:20261209T100000\nSTATUS:CANCELLED\nDTSTART:20261209T070000Z\nDURATION:PT1H\nEND:VEVENT\n";
    let text = format!("BEGIN:VCALENDAR\n{series}{moved}{cancelled}END:VCALENDAR\n");
    let objects = read_all(text.as_bytes(), Some("REQUEST")).unwrap();
    assert_eq!(objects.len(), 3);
    assert_eq!(objects[1].recurrence_id, Some(at("2026-12-02T07:00:00Z")));
    let (found, cut) = busy(&objects, MOSCOW, at("2026-11-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    assert_eq!(told(&found, cut), "25.11 10:00-11:00, 03.12 10:00-11:00");

    let days = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261125\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID;VALUE=DATE:20261126\nDTSTART;VALUE=DATE:20261130\nEND:VEVENT\nEND:VCALENDAR\n";
    let (found, cut) = busy(&read_all(days.as_bytes(), None).unwrap(), MOSCOW, at("2026-11-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    assert_eq!(told(&found, cut), "25.11 00:00-00:00, 27.11 00:00-00:00, 30.11 00:00-00:00");
}

#[test]
fn a_file_of_busy_times_holds_many_events() {
    let file = "BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Moscow\nBEGIN:VEVENT\nUID:a\nDTSTART:20261125T100000\nDTEND:20261125T110000\nEND:VEVENT
BEGIN:VEVENT\nUID:b\nDTSTART:20261125T080000Z\nDTEND:20261125T090000Z\nEND:VEVENT
BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261201\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\nTRANSP:TRANSPARENT\nDTSTART;VALUE=DATE:20261202\nEND:VEVENT
BEGIN:VFREEBUSY\nDTSTART:20261101T000000Z\nFREEBUSY:20261203T060000Z/PT1H,20261203T080000Z/20261203T090000Z\nFREEBUSY;FBTYPE=FREE:20261204T060000Z/PT1H
FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261205T060000Z/PT1H\nFREEBUSY:завтра/послезавтра\nEND:VFREEBUSY\nEND:VCALENDAR
BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:c\nDTSTART:20261207T060000Z\nDTEND:20261207T070000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    let (found, cut) = busy_file(file.as_bytes(), MOSCOW, at("2026-11-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).unwrap();
    // The second calendar without its own zone has Z; two events that touch are one interval.
    let expected = "25.11 10:00-12:00, 01.12 00:00-00:00, 03.12 09:00-10:00, 03.12 11:00-12:00, 05.12 09:00-10:00, 07.12 09:00-10:00";
    assert_eq!(told(&found, cut), expected);
    assert_eq!(busy_file("BEGIN:VCALENDAR\nEND:VCALENDAR".as_bytes(), MOSCOW, at("2026-11-01T00:00:00Z"), at("2027-01-01T00:00:00Z")), Ok((vec![], false)));
    let refused = |text: &str| busy_file(text.as_bytes(), MOSCOW, at("2026-11-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).unwrap_err();
    assert_eq!(refused("Занятость за ноябрь"), Refusal::Broken("no BEGIN:VCALENDAR".to_owned()));
    assert_eq!(refused(&"x".repeat(3 << 20)), Refusal::TooLarge(3 << 20));
    assert_eq!(refused(&"\n".repeat(100_001)), Refusal::TooLong(100_000));
    assert_eq!(refused(&format!("BEGIN:VCALENDAR\n{}", "BEGIN:VEVENT\n".repeat(5_001))), Refusal::TooMany(5_000));
}

/// Rules made to take long, as one letter of 50 events and as a file of 5,000. The `rrule` crate needs 10 to 70 ms for each rule.
#[test]
fn rules_made_to_take_long_do_not() {
    let rules = [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=366",
        "FREQ=DAILY;COUNT=4294967295",
        "FREQ=DAILY;INTERVAL=1;COUNT=99999999999999999999999",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTH=2;BYMONTHDAY=1",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTHDAY=1;COUNT=1000",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=1000000",
    ];
    let file = |events: usize, start: &str| {
        let event = |n: usize| {
            format!("BEGIN:VEVENT\nUID:{}\nDTSTART:{start}T060000Z\nDURATION:PT10M\nRRULE:{}\nEND:VEVENT\n", n.min(events / 60), rules[n % rules.len()])
        };
        format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", (0..events).map(event).collect::<String>())
    };
    for start in ["00010101", "19000101", "20261101", "99991231"] {
        let (from, to) = (at("2026-11-01T00:00:00Z"), at("2027-11-01T00:00:00Z"));
        let began = Instant::now();
        let objects = read_all(file(50, start).as_bytes(), None).unwrap();
        for object in &objects {
            let one = Instant::now();
            assert!(occurrences(object, MOSCOW, from, to).0.len() <= 500);
            assert!(one.elapsed() < Duration::from_millis(200), "{start} {:?}: {:?}", object.rrule, one.elapsed());
        }
        busy(&objects, MOSCOW, from, to);
        busy_file(file(4_900, start).as_bytes(), MOSCOW, from, to).unwrap();
        assert!(began.elapsed() < Duration::from_secs(20), "{start}: {:?}", began.elapsed());
    }
}

fn rule_parts() -> impl Strategy<Value = String> {
    let days = || prop::sample::subsequence(vec!["MO", "TU", "WE", "TH", "FR", "SA", "SU"], 1..5);
    let nth = prop::sample::select(vec!["1MO", "2TU", "-1FR", "3WE,-2TH", "5SA", "-1SU,1MO"]);
    let month_days = prop::sample::select(vec!["1", "15,31", "-1", "29,-3", "30"]);
    let months = prop::sample::select(vec!["2", "9,12", "1,3,5,7,11"]);
    let by = prop_oneof![
        Just(String::new()),
        days().prop_map(|d| format!("FREQ=WEEKLY;BYDAY={}", d.join(","))),
        days().prop_map(|d| format!("FREQ=DAILY;BYDAY={}", d.join(","))),
        (nth.clone(), prop::bool::ANY).prop_map(|(n, y)| format!("FREQ=MONTHLY;BYDAY={n}{}", if y { ";BYMONTH=9,10,11,12" } else { "" })),
        nth.prop_map(|n| format!("FREQ=YEARLY;BYDAY={n};BYMONTH=10")),
        Just("FREQ=YEARLY;BYDAY=20MO,-1FR".to_owned()),
        month_days.clone().prop_map(|d| format!("FREQ=MONTHLY;BYMONTHDAY={d}")),
        (months.clone(), month_days).prop_map(|(m, d)| format!("FREQ=YEARLY;BYMONTH={m};BYMONTHDAY={d}")),
        months.prop_map(|m| format!("FREQ=YEARLY;BYMONTH={m}")),
        (days(), prop::sample::select(vec!["1", "-1", "2,-2"])).prop_map(|(d, p)| format!("FREQ=MONTHLY;BYDAY={};BYSETPOS={p}", d.join(","))),
        Just("FREQ=YEARLY;BYYEARDAY=1,100,-1".to_owned()),
        Just("FREQ=MONTHLY".to_owned()),
        Just("FREQ=YEARLY".to_owned()),
        Just("FREQ=WEEKLY".to_owned()),
    ];
    let end = prop_oneof![
        Just(String::new()),
        (1u32..40).prop_map(|n| format!(";COUNT={n}")),
        (0i64..800).prop_map(|d| { format!(";UNTIL={}", (at("2026-01-01T12:00:00Z") + TimeDelta::days(d)).format("%Y%m%dT%H%M%SZ")) })
    ];
    let week = prop::sample::select(vec!["", ";WKST=SU", ";WKST=MO", ";WKST=WE"]);
    (by, 1u32..5, end, week).prop_map(|(by, interval, end, week)| format!("{};INTERVAL={interval}{end}{week}", if by.is_empty() { "FREQ=DAILY" } else { &by }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same days as the `rrule` crate finds, wherever DTSTART fits its own rule.
    #[test]
    fn the_rrule_crate_finds_the_same(rule in rule_parts(), day in 0u64..700, window in 0i64..600, zone in prop::sample::select(vec![MOSCOW, Tz::Europe__Berlin, Tz::Asia__Kamchatka, Tz::UTC])) {
        let wanted = NaiveDate::from_ymd_opt(2025, 6, 1).unwrap() + chrono::Days::new(day);
        let school = rrule::Tz::from(zone);
        let start = |d: NaiveDate| school.with_ymd_and_hms(d.year(), d.month(), d.day(), 10, 0, 0).unwrap();
        let parsed: rrule::RRule<rrule::Unvalidated> = rule.parse().unwrap();
        // DTSTART is the first day that fits, since the rule is otherwise undefined.
        let open: rrule::RRule<rrule::Unvalidated> = rule.split(';').filter(|p| !p.starts_with("COUNT") && !p.starts_with("UNTIL") && !p.starts_with("INTERVAL")).collect::<Vec<_>>().join(";").parse().unwrap();
        let first = open.build(start(wanted)).unwrap().all(1).dates.first().map(|d| d.date_naive());
        prop_assume!(first.is_some_and(|f| f < NaiveDate::from_ymd_opt(2027, 12, 1).unwrap()));
        let first = first.unwrap();
        let Ok(set) = parsed.build(start(first)) else { return Ok(()) };
        let from = at("2025-06-01T00:00:00Z") + TimeDelta::days(window);
        let to = from + TimeDelta::days(400);
        let theirs: Vec<DateTime<Utc>> = set.after(from.with_timezone(&school)).before((to - TimeDelta::seconds(1)).with_timezone(&school)).all(400).dates.iter().map(|d| d.to_utc()).collect();
        let text = if zone == Tz::UTC { format!("DTSTART:{}T100000Z", first.format("%Y%m%d")) } else { format!("DTSTART;TZID={}:{}T100000", zone.name(), first.format("%Y%m%d")) };
        let (found, cut) = occurrences(&object(&format!("{text}\nDURATION:PT1H\nRRULE:{rule}")), MOSCOW, from, to);
        prop_assert!(!cut, "{rule} from {first}");
        let ours: Vec<DateTime<Utc>> = found.iter().map(|(a, _)| *a).filter(|a| *a >= from).collect();
        prop_assert_eq!(ours, theirs, "{} from {}", rule, first);
    }

    /// Any rule, any start, any span: an answer, and soon.
    #[test]
    fn any_rule_is_answered_soon(
        rule in prop_oneof![rule_parts(), "[A-Z0-9=;,+-]{0,80}", "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|SECONDLY)|INTERVAL=[0-9]{1,9}|COUNT=[0-9]{1,12}|UNTIL=[0-9]{8}|BY(DAY|MONTH|MONTHDAY|SETPOS|YEARDAY|HOUR)=(-?[0-9]{1,3}(MO|FR)?,?){1,4}|;){1,9}", any::<String>()],
        start in "(DTSTART(;VALUE=DATE|;TZID=Europe/Moscow)?:[0-9]{8}(T[0-2][0-9]0000Z?)?)|[A-Z;:=0-9T]{0,40}",
        more in "((EXDATE|RDATE|DURATION|DTEND|RECURRENCE-ID):[0-9TZPDHW/,-]{0,30}\n){0,3}",
        (from, to) in (-100_000_000_000i64..200_000_000_000, -100_000_000_000i64..200_000_000_000),
    ) {
        let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\n{start}\nRRULE:{rule}\n{more}END:VEVENT\nEND:VCALENDAR\n");
        let (from, to) = (DateTime::from_timestamp(from, 0).unwrap(), DateTime::from_timestamp(to, 0).unwrap());
        let began = Instant::now();
        if let Ok(objects) = read_all(text.as_bytes(), None) {
            let (found, _) = busy(&objects, MOSCOW, from, to);
            prop_assert!(found.iter().all(|(a, b)| a < b));
        }
        let _ = busy_file(text.as_bytes(), Tz::Asia__Kamchatka, from, to);
        prop_assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    }
}
