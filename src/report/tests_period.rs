//! Tests of `report::period`: every period has one report, on a working day, and nothing lies between two of them.

use super::{DaysOff, Due, Schedule, last_due, next_due};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use proptest::prelude::*;
use std::collections::BTreeSet;

const ZONE: Tz = Tz::Europe__Moscow;

fn local(y: i32, m: u32, d: u32, h: u32, min: u32) -> DateTime<Utc> {
    ZONE.with_ymd_and_hms(y, m, d, h, min, 0).unwrap().to_utc()
}

fn weekly() -> Schedule {
    Schedule::cron("0 0 12 * * Fri", ZONE).unwrap()
}

fn daily() -> Schedule {
    Schedule::daily("07:30", ZONE).unwrap()
}

/// Saturdays, Sundays and these days of the month are off.
fn but(off: &[(i32, u32, u32)]) -> impl Fn(NaiveDate) -> bool {
    let off: Vec<NaiveDate> = off.iter().map(|(y, m, d)| NaiveDate::from_ymd_opt(*y, *m, *d).unwrap()).collect();
    move |day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !off.contains(&day)
}

fn shown(due: Option<Due>) -> String {
    due.map(|d| format!("{} {}", d.key, d.at.with_timezone(&ZONE).format("%a %d.%m %H:%M"))).unwrap_or_default()
}

#[test]
fn a_weekly_report_of_a_day_off_comes_on_the_working_day_before_under_the_week_of_the_planned_day() {
    let work = but(&[(2026, 11, 27)]);
    let last = |at| shown(last_due(&weekly(), DaysOff::Before, at, &work));
    assert_eq!(last(local(2026, 11, 26, 11, 59)), "2026-W47 Fri 20.11 12:00");
    assert_eq!(last(local(2026, 11, 26, 12, 0)), "2026-W48 Thu 26.11 12:00");
    assert_eq!(last(local(2026, 11, 27, 12, 0)), "2026-W48 Thu 26.11 12:00", "no second one on the day itself");
    assert_eq!(last(local(2026, 12, 4, 12, 0)), "2026-W49 Fri 04.12 12:00");
    assert_eq!(shown(next_due(&weekly(), DaysOff::Before, local(2026, 11, 26, 11, 0), &work)), "2026-W48 Thu 26.11 12:00");
    assert_eq!(shown(next_due(&weekly(), DaysOff::Before, local(2026, 11, 26, 12, 0), &work)), "2026-W49 Fri 04.12 12:00");
}

#[test]
fn a_week_without_a_working_day_has_no_report_of_its_own() {
    // 31 December to 10 January are off; both Fridays would fall back on 30 December.
    let holidays: Vec<(i32, u32, u32)> = (1..=10).map(|d| (2027, 1, d)).chain([(2026, 12, 31)]).collect();
    let work = but(&holidays);
    let last = |at| shown(last_due(&weekly(), DaysOff::Before, at, &work));
    assert_eq!(last(local(2026, 12, 30, 12, 0)), "2026-W53 Wed 30.12 12:00");
    assert_eq!(last(local(2027, 1, 12, 9, 0)), "2026-W53 Wed 30.12 12:00");
    assert_eq!(last(local(2027, 1, 15, 12, 0)), "2027-W02 Fri 15.01 12:00");
}

#[test]
fn a_daily_report_of_a_day_off_is_left_out() {
    let work = but(&[(2026, 11, 4)]);
    let last = |at| shown(last_due(&daily(), DaysOff::Skip, at, &work));
    assert_eq!(last(local(2026, 11, 4, 12, 0)), "2026-11-03 Tue 03.11 07:30");
    assert_eq!(last(local(2026, 11, 5, 7, 30)), "2026-11-05 Thu 05.11 07:30");
    assert_eq!(last(local(2026, 11, 8, 12, 0)), "2026-11-06 Fri 06.11 07:30");
}

#[test]
fn two_reports_of_one_week_have_two_keys() {
    let twice = Schedule::cron("0 0 12 * * Tue,Fri", ZONE).unwrap();
    assert_eq!(shown(last_due(&twice, DaysOff::Before, local(2026, 11, 24, 13, 0), but(&[]))), "2026-W48 Tue 24.11 12:00");
    assert_eq!(shown(last_due(&twice, DaysOff::Before, local(2026, 11, 27, 13, 0), but(&[]))), "2026-W48-5 Fri 27.11 12:00");
}

/// The program's rounds over some months: at each, the last due report is made unless it was, and covers what follows the one before.
fn made(schedule: &Schedule, days_off: DaysOff, off: &BTreeSet<NaiveDate>, down: &[(DateTime<Utc>, DateTime<Utc>)], hours: i64) -> Vec<(Due, DateTime<Utc>)> {
    let start = local(2026, 9, 1, 0, 0);
    let work = |d: NaiveDate| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun) && !off.contains(&d);
    let mut reports: Vec<(Due, DateTime<Utc>)> = Vec::new();
    for step in 0..(hours * 2) {
        let now = start + TimeDelta::minutes(30 * step);
        if down.iter().any(|(from, to)| *from <= now && now < *to) {
            continue;
        }
        let Some(due) = last_due(schedule, days_off, now, work).filter(|d| d.at > start) else { continue };
        let known = reports.iter().any(|(made, until)| made.key == due.key || *until >= due.at);
        if !known {
            reports.push((due, now));
        }
    }
    reports
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever days are off and whenever the program stands still: no key twice, one report for every period that could have one, on a working day and
    /// not before its moment; the stretches abut, so that every moment lies in one of them.
    #[test]
    fn every_period_has_one_report(
        off in proptest::collection::btree_set(0u64..120, 0..60),
        down in proptest::collection::vec((0i64..2_800, 1i64..400), 0..4),
        is_weekly in any::<bool>(),
    ) {
        let first = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        let off: BTreeSet<NaiveDate> = off.into_iter().map(|n| first + Days::new(n)).collect();
        let start = local(2026, 9, 1, 0, 0);
        let down: Vec<_> = down.into_iter().map(|(from, long)| (start + TimeDelta::hours(from), start + TimeDelta::hours(from + long))).collect();
        let (schedule, days_off) = if is_weekly { (weekly(), DaysOff::Before) } else { (daily(), DaysOff::Skip) };
        let hours = 120 * 24;
        let reports = made(&schedule, days_off, &off, &down, hours);
        let keys: BTreeSet<&String> = reports.iter().map(|(d, _)| &d.key).collect();
        prop_assert_eq!(keys.len(), reports.len(), "a period has two reports");
        let mut until = start;
        for (due, at) in &reports {
            let day = due.at.with_timezone(&ZONE).date_naive();
            prop_assert!(!off.contains(&day) && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun), "{:?} is a day off", day);
            prop_assert!(*at >= due.at && *at > until, "made before its moment, or two at once");
            until = *at;
        }
        // Without a standstill each due moment has its own report, made in the same half hour; with one, a later report covers it.
        let work = |d: NaiveDate| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun) && !off.contains(&d);
        let mut moment = start;
        while let Some(due) = next_due(&schedule, days_off, moment, work).filter(|d| d.at < start + TimeDelta::hours(hours - 1)) {
            moment = due.at;
            let up = down.iter().all(|(from, to)| due.at < *from || due.at >= *to);
            let own = reports.iter().find(|(d, _)| d.key == due.key);
            if up {
                prop_assert_eq!(own.map(|(_, at)| *at), Some(due.at), "{} has no report at its moment", due.key);
            } else {
                let mut end = due.at;
                while let Some((_, to)) = down.iter().find(|(from, to)| end >= *from && end < *to) {
                    end = *to;
                }
                prop_assert!(own.is_some() || end >= start + TimeDelta::hours(hours - 1) || reports.iter().any(|(_, at)| *at >= due.at), "{} is lost", due.key);
            }
        }
    }
}
