//! Tests of `report`: when reports are due.

use super::Schedule;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn daily(time: &str, zone: Tz) -> Schedule {
    Schedule::daily(time, zone).unwrap()
}

/// «2026-11-25 07:30» in the zone.
fn shown(moment: Option<DateTime<Utc>>, zone: Tz) -> String {
    moment.map(|t| t.with_timezone(&zone).format("%a %Y-%m-%d %H:%M:%S %z").to_string()).unwrap_or_default()
}

#[test]
fn the_daily_report_comes_every_day_at_its_hour() {
    let schedule = daily("07:30", Tz::Europe__Moscow);
    assert_eq!(schedule.after(at("2026-11-25T04:29:59Z")), Some(at("2026-11-25T04:30:00Z")));
    assert_eq!(schedule.after(at("2026-11-25T04:30:00Z")), Some(at("2026-11-26T04:30:00Z")));
    assert_eq!(schedule.last(at("2026-11-25T04:30:00Z")), Some(at("2026-11-25T04:30:00Z")));
    assert_eq!(schedule.last(at("2026-11-25T04:29:59.999Z")), Some(at("2026-11-24T04:30:00Z")));
    assert_eq!(schedule.last(at("2026-11-25T04:30:00.001Z")), Some(at("2026-11-25T04:30:00Z")));
    assert_eq!(daily(" 7:05 ", Tz::Asia__Kamchatka).after(at("2026-12-31T20:00:00Z")), Some(at("2027-01-01T19:05:00Z")));
    assert_eq!(schedule.date_of(at("2026-11-25T22:00:00Z")), NaiveDate::from_ymd_opt(2026, 11, 26).unwrap());
}

#[test]
fn the_weekly_report_comes_on_its_weekday() {
    let zone = Tz::Europe__Moscow;
    let schedule = Schedule::cron("0 0 12 * * Fri", zone).unwrap();
    assert_eq!(shown(schedule.after(at("2026-11-25T10:00:00Z")), zone), "Fri 2026-11-27 12:00:00 +0300");
    assert_eq!(shown(schedule.last(at("2026-11-27T08:59:59Z")), zone), "Fri 2026-11-20 12:00:00 +0300");
    assert_eq!(shown(schedule.last(at("2026-11-27T09:00:00Z")), zone), "Fri 2026-11-27 12:00:00 +0300");
    let weekdays = Schedule::cron("0 30 7 * * Mon-Fri", zone).unwrap();
    assert_eq!(shown(weekdays.after(at("2026-11-27T10:00:00Z")), zone), "Mon 2026-11-30 07:30:00 +0300");
    assert_eq!(shown(weekdays.last(at("2026-11-29T20:00:00Z")), zone), "Fri 2026-11-27 07:30:00 +0300");
    let year = Schedule::cron("0 0 9 1 Sep ? 2027", zone).unwrap();
    assert_eq!(shown(year.after(at("2026-11-25T10:00:00Z")), zone), "Wed 2027-09-01 09:00:00 +0300");
    assert_eq!(year.after(at("2027-09-02T10:00:00Z")), None);
}

#[test]
fn nothing_older_than_forty_days_is_made_up_for() {
    let monthly = Schedule::cron("0 0 9 1 Jan,Mar *", Tz::Europe__Moscow).unwrap();
    assert_eq!(monthly.last(at("2026-02-10T05:59:00Z")), Some(at("2026-01-01T06:00:00Z")), "just within forty days");
    assert_eq!(monthly.last(at("2026-02-10T06:00:00Z")), Some(at("2026-01-01T06:00:00Z")));
    assert_eq!(monthly.last(at("2026-02-10T06:00:01Z")), None);
    assert_eq!(monthly.last(at("2026-03-01T05:00:00Z")), None);
}

/// `cron` by itself is silent on the day the hour is left out, and fires twice where it comes twice.
#[test]
fn a_changed_clock_neither_swallows_nor_repeats_a_report() {
    let zone = Tz::Europe__Berlin;
    let schedule = daily("02:30", zone);
    assert_eq!(shown(schedule.after(at("2026-03-28T12:00:00Z")), zone), "Sun 2026-03-29 03:00:00 +0200");
    assert_eq!(shown(schedule.after(at("2026-03-29T01:00:00Z")), zone), "Mon 2026-03-30 02:30:00 +0200");
    assert_eq!(shown(schedule.last(at("2026-03-29T01:00:00Z")), zone), "Sun 2026-03-29 03:00:00 +0200");
    assert_eq!(shown(schedule.last(at("2026-03-29T00:59:59Z")), zone), "Sat 2026-03-28 02:30:00 +0100");
    let first_pass = "Sun 2026-10-25 02:30:00 +0200";
    assert_eq!(shown(schedule.after(at("2026-10-24T12:00:00Z")), zone), first_pass);
    for second_pass in ["2026-10-25T01:00:00Z", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z", "2026-10-25T01:45:00Z"] {
        assert_eq!(shown(schedule.last(at(second_pass)), zone), first_pass, "{second_pass}");
        assert_eq!(shown(schedule.after(at(second_pass)), zone), "Mon 2026-10-26 02:30:00 +0100", "{second_pass}");
    }
    // Samoa had no 30 December 2011; its report comes as that day would have ended.
    let samoa = daily("09:00", Tz::Pacific__Apia);
    assert_eq!(shown(samoa.after(at("2011-12-30T09:00:00Z")), Tz::Pacific__Apia), "Sat 2011-12-31 00:00:00 +1400");
}

#[test]
fn mistakes_are_named_with_what_to_write_instead() {
    let said = |expression: &str| Schedule::cron(expression, Tz::Europe__Moscow).unwrap_err().to_string();
    assert_eq!(said("0 12 * * 5"), "«0 12 * * 5» has five fields, the seconds are missing: write «0 0 12 * * Fri»");
    assert_eq!(said("30 7 * * 1-5"), "«30 7 * * 1-5» has five fields, the seconds are missing: write «0 30 7 * * Mon-Fri»");
    assert!(said("0 12 * * Fri").ends_with("write «0 0 12 * * Fri»"));
    assert!(said("0 0 12 * * 1-5").ends_with("write names, for example «Mon-Fri»"));
    assert!(said("0 0 12 * * 0,6").ends_with("«Sun,Sat»"));
    assert!(said("0 0 12 * * */2").contains("digits in the weekday field"));
    assert!(said("0 0 12 * * 5 2027").contains("digits in the weekday field"));
    assert!(said("* * 12 * * Fri").contains("many times an hour"));
    assert!(said("0 */5 12 * * Fri").contains("many times an hour"));
    assert!(said("0 0 9 30 Feb *").contains("never comes"));
    for expression in ["", "Fri", "@weekly", "0 0 12 * * Fri 2027 1", "0 0 25 * * Fri", "0 0 12 * * Птн", "0 0 12 * * Fre", "0 0 12 * * Sun-Sat-Mon"] {
        let text = said(expression);
        assert!(text.contains("«0 0 12 * * Fri»"), "{expression}: {text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    for time in ["", "7", "25:00", "24:00", "07:60", "07:3", "07:030", "0730", "07-30", "семь", "+7:30", "07:30:00", "-1:30"] {
        let mistake = Schedule::daily(time, Tz::Europe__Moscow).unwrap_err().to_string();
        assert_eq!(mistake, format!("«{time}» is no time of day: write hours and minutes, for example «07:30»"));
    }
}

#[test]
fn moments_no_calendar_reaches_have_no_schedule() {
    let schedule = daily("07:30", Tz::Europe__Moscow);
    for now in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, at("2200-01-01T00:00:00Z"), at("1950-01-01T00:00:00Z")] {
        assert_eq!((schedule.after(now), schedule.last(now)), (None, None));
    }
}

/// The first instant whose clock face shows the time or a later one on that date, found minute by minute.
fn due_on(date: NaiveDate, hour: u32, minute: u32, zone: Tz) -> DateTime<Utc> {
    let wanted = date.and_hms_opt(hour, minute, 0).unwrap();
    let mut instant = zone.from_utc_datetime(&(wanted - TimeDelta::hours(15))).to_utc();
    while instant.with_timezone(&zone).naive_local() < wanted {
        instant += TimeDelta::minutes(1);
    }
    instant
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_day_has_one_moment_and_both_directions_agree(
        day in 0u64..3_000, hour in 0u32..24, minute in 0u32..60, second_of_day in 0i64..86_400,
        zone in prop::sample::select(vec![Tz::Europe__Moscow, Tz::Europe__Berlin, Tz::Asia__Kamchatka, Tz::America__Sao_Paulo, Tz::Australia__Lord_Howe, Tz::Asia__Tehran]),
    ) {
        let date = NaiveDate::from_ymd_opt(2014, 1, 10).unwrap() + Days::new(day);
        let schedule = daily(&format!("{hour:02}:{minute:02}"), zone);
        let due = due_on(date, hour, minute, zone);
        prop_assert_eq!(schedule.last(due), Some(due));
        prop_assert_eq!(schedule.after(due - TimeDelta::seconds(1)), Some(due));
        prop_assert!(schedule.last(due - TimeDelta::seconds(1)).unwrap() < due);
        prop_assert!(schedule.after(due).unwrap() > due);
        prop_assert_eq!(schedule.date_of(due), date);

        let now = due + TimeDelta::seconds(second_of_day);
        let (last, next) = (schedule.last(now).unwrap(), schedule.after(now).unwrap());
        prop_assert!(last <= now && now < next);
        prop_assert_eq!(schedule.after(last), Some(next), "nothing is due between them");
        prop_assert!(schedule.date_of(last) < schedule.date_of(next), "one moment for one date");
    }

    #[test]
    fn weekly_moments_are_found_from_both_sides(start in 1_400_000_000i64..2_000_000_000, weekday in 0usize..7, hour in 0u32..24, month_day in prop::option::of(1u32..=31)) {
        let name = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][weekday];
        let day = month_day.map_or("*".to_owned(), |d| d.to_string());
        let weekday = if month_day.is_some() { "*" } else { name };
        let schedule = Schedule::cron(&format!("0 0 {hour} {day} * {weekday}"), Tz::Europe__Berlin).unwrap();
        let now = DateTime::from_timestamp(start, 0).unwrap();
        let next = schedule.after(now).unwrap();
        prop_assert_eq!(schedule.last(next), Some(next));
        if let Some(last) = schedule.last(now) {
            prop_assert!(last <= now);
            prop_assert_eq!(schedule.after(last), Some(next));
        } else {
            prop_assert!(month_day.is_some_and(|d| d > 28), "only the 29th to 31st are rarer than forty days");
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,40}", cron in "[0-9*/,?A-Za-z -]{0,40}") {
        let _ = Schedule::daily(&text, Tz::Europe__Moscow);
        let _ = Schedule::cron(&text, Tz::Europe__Moscow);
        if let Ok(schedule) = Schedule::cron(&cron, Tz::Europe__Moscow) {
            let _ = (schedule.after(at("2026-11-25T04:30:00Z")), schedule.last(at("2026-11-25T04:30:00Z")));
        }
    }
}
