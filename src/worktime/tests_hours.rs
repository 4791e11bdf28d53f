//! Tests of office hours and of local time where the clocks change.

use super::tests::{day, in_zone, moscow, shipped};
use super::*;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn msk(local: &str) -> DateTime<Utc> {
    at(&format!("{local}:00+03:00"))
}

#[test]
fn office_hours_are_those_of_the_day() {
    let worktime = moscow();
    assert!(worktime.is_office(msk("2026-11-20T08:30")) && worktime.is_office(msk("2026-11-20T17:29")));
    assert!(!worktime.is_office(msk("2026-11-20T08:29")) && !worktime.is_office(msk("2026-11-20T17:30")));
    assert!(!worktime.is_office(msk("2026-11-21T12:00")) && !worktime.is_office(msk("2026-11-04T12:00")));
    assert!(worktime.is_office(msk("2025-11-01T12:00")), "a working Saturday");
    assert!(!worktime.is_office(msk("2026-11-03T16:30")) && worktime.is_office(msk("2026-11-03T16:29")), "the eve of a holiday");
    assert_eq!(worktime.next_office_moment(msk("2026-11-20T12:34")), msk("2026-11-20T12:34"));
    assert_eq!(worktime.next_office_moment(msk("2026-11-20T06:00")), msk("2026-11-20T08:30"));
    assert_eq!(worktime.next_office_moment(msk("2026-11-20T17:30")), msk("2026-11-23T08:30"));
    assert_eq!(worktime.next_office_moment(msk("2026-12-30T18:00")), msk("2027-01-11T08:30"));
    assert_eq!(worktime.office(day("2026-11-22")), None);
}

#[test]
fn in_a_six_day_week_saturday_is_worked_for_five_hours() {
    let office = Office { workweek: Workweek::Six, ..Office::default() };
    let worktime = Worktime::new(chrono_tz::Europe::Moscow, &shipped(), &[], office).unwrap();
    assert_eq!(worktime.office(day("2026-11-21")), Some((msk("2026-11-21T08:30"), msk("2026-11-21T13:30"))));
    assert_eq!(worktime.due(msk("2026-11-20T22:00"), Term::BusinessDays(3)).date, day("2026-11-24"));
    // A day off moved from a Saturday is worked by those who work on Saturdays; one moved from a Sunday is not.
    assert!(worktime.is_workday(day("2026-01-09")) && !worktime.is_workday(day("2026-12-31")));
}

#[test]
fn office_minutes_skip_nights_and_days_off() {
    let worktime = moscow();
    assert_eq!(worktime.add_working_minutes(msk("2026-11-20T17:00"), 60), msk("2026-11-23T09:00"));
    assert_eq!(worktime.add_working_minutes(msk("2026-11-20T17:00"), 30), msk("2026-11-20T17:30"), "the close, not the next opening");
    assert_eq!(worktime.add_working_minutes(msk("2026-11-21T03:00"), 0), msk("2026-11-21T03:00"));
    assert_eq!(worktime.add_working_minutes(msk("2026-12-30T17:00"), 31), msk("2027-01-11T08:31"));
    assert_eq!(worktime.sub_working_minutes(msk("2026-11-23T09:00"), 60), msk("2026-11-20T17:00"));
    assert_eq!(worktime.sub_working_minutes(msk("2026-11-25T23:59"), 120), msk("2026-11-25T15:30"));
    assert_eq!(worktime.sub_working_minutes(msk("2026-11-23T09:00"), 30), msk("2026-11-23T08:30"));
    assert_eq!(worktime.working_minutes_between(msk("2026-11-20T16:30"), msk("2026-11-23T09:30")), 120);
    assert_eq!(worktime.working_minutes_between(msk("2026-11-23T09:30"), msk("2026-11-20T16:30")), 0);
    assert_eq!(worktime.working_minutes_between(msk("2026-11-02T00:00"), msk("2026-11-07T00:00")), 4 * 540 - 60);
}

#[test]
fn times_that_do_not_exist_or_come_twice_have_a_moment() {
    use chrono_tz::{America::Sao_Paulo, Europe::Berlin, Europe::Moscow};
    let berlin = in_zone(Berlin);
    // 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00.
    assert_eq!(berlin.local(day("2026-03-29"), time("02:30:00")), at("2026-03-29T01:30:00Z"));
    assert_eq!(berlin.to_local(at("2026-03-29T01:30:00Z")).time(), time("03:30:00"));
    assert_eq!(berlin.local(day("2026-10-25"), time("02:30:00")), at("2026-10-25T00:30:00Z"));
    assert_eq!(berlin.local(day("2026-10-25"), time("03:00:00")), at("2026-10-25T02:00:00Z"));
    // Moscow went from +04:00 to +03:00 on 26 October 2014 at 02:00.
    let moscow = in_zone(Moscow);
    assert_eq!(moscow.local(day("2014-10-26"), time("01:30:00")), at("2014-10-25T21:30:00Z"));
    assert_eq!(moscow.local(day("2014-10-26"), time("12:00:00")), at("2014-10-26T09:00:00Z"));
    assert_eq!(moscow.last_second(day("2014-10-25")), at("2014-10-25T19:59:59Z"));
    assert_eq!(moscow.last_second(day("2014-10-26")), at("2014-10-26T20:59:59Z"));
    // In Sao Paulo the clocks turned at midnight: the last hour of 17 February 2018 came twice, the first of 4 November 2018 never.
    let paulo = in_zone(Sao_Paulo);
    assert_eq!(paulo.last_second(day("2018-02-17")), at("2018-02-18T02:59:59Z"));
    assert_eq!(paulo.local(day("2018-11-04"), time("00:00:00")), at("2018-11-04T03:00:00Z"));
    // A term over the change of clocks still ends with the day.
    let due = berlin.due(berlin.local(day("2026-10-23"), time("12:00:00")), Term::BusinessDays(1));
    assert_eq!(due.at, at("2026-10-26T22:59:59Z"));
}

fn any_zone() -> impl Strategy<Value = chrono_tz::Tz> {
    prop::sample::select(vec![
        chrono_tz::Europe::Moscow,
        chrono_tz::Europe::Kaliningrad,
        chrono_tz::Asia::Kamchatka,
        chrono_tz::Europe::Berlin,
        chrono_tz::America::Sao_Paulo,
    ])
}

proptest! {
    #[test]
    fn taking_off_undoes_adding_on(zone in any_zone(), seconds in 1_388_534_400i64..1_843_430_400, minutes in 1u32..6000) {
        let worktime = in_zone(zone);
        let from = DateTime::from_timestamp(seconds, 0).unwrap();
        let to = worktime.add_working_minutes(from, minutes);
        prop_assert_eq!(worktime.sub_working_minutes(to, minutes), worktime.next_office_moment(from));
        prop_assert_eq!(worktime.working_minutes_between(from, to), i64::from(minutes));
        prop_assert_eq!(worktime.add_working_minutes(worktime.sub_working_minutes(from, minutes), minutes) <= from, true);
        // Time spent is additive, and never more than the clock shows.
        let middle = from + (to - from) / 2;
        let parts = worktime.working_minutes_between(from, middle) + worktime.working_minutes_between(middle, to);
        prop_assert!((i64::from(minutes) - parts).abs() <= 1);
        prop_assert!(to - from >= TimeDelta::minutes(i64::from(minutes)));
    }

    #[test]
    fn a_local_time_that_exists_is_shown_again(zone in any_zone(), date in 0u64..20_000, second in 0u32..86_400) {
        let worktime = in_zone(zone);
        let date = day("2000-01-01") + chrono::Days::new(date);
        let time = NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap();
        let shown = worktime.to_local(worktime.local(date, time));
        let moved = shown - date.and_time(time);
        prop_assert!(moved == TimeDelta::zero() || moved == TimeDelta::hours(1), "{date} {time} is shown as {shown}");
        prop_assert!(worktime.local(date, time) <= worktime.last_second(date));
        prop_assert_eq!(worktime.local_date(worktime.last_second(date)), date);
    }
}
