//! Tests of `worktime`: the calendar against an independent oracle, its files, its mistakes.

use super::*;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn rules(text: &str) -> CalendarRules {
    toml::from_str(text).unwrap()
}

/// The four calendars that are shipped.
pub(super) fn shipped() -> BTreeMap<i32, CalendarRules> {
    [
        (2024, include_str!("../../rules/calendar/2024.toml")),
        (2025, include_str!("../../rules/calendar/2025.toml")),
        (2026, include_str!("../../rules/calendar/2026.toml")),
        (2027, include_str!("../../rules/calendar/2027.toml")),
    ]
    .into_iter()
    .map(|(year, text)| (year, rules(text)))
    .collect()
}

const REGIONS: [(&str, &str); 11] = [
    ("bashkortostan", include_str!("../../rules/calendar/regional/bashkortostan.toml")),
    ("buryatia", include_str!("../../rules/calendar/regional/buryatia.toml")),
    ("chechnya", include_str!("../../rules/calendar/regional/chechnya.toml")),
    ("krasnodar_krai", include_str!("../../rules/calendar/regional/krasnodar_krai.toml")),
    ("north_ossetia_alania", include_str!("../../rules/calendar/regional/north_ossetia_alania.toml")),
    ("penza_oblast", include_str!("../../rules/calendar/regional/penza_oblast.toml")),
    ("saratov_oblast", include_str!("../../rules/calendar/regional/saratov_oblast.toml")),
    ("stavropol_krai", include_str!("../../rules/calendar/regional/stavropol_krai.toml")),
    ("tatarstan", include_str!("../../rules/calendar/regional/tatarstan.toml")),
    ("tuva", include_str!("../../rules/calendar/regional/tuva.toml")),
    ("zabaykalsky_krai", include_str!("../../rules/calendar/regional/zabaykalsky_krai.toml")),
];

pub(super) fn in_zone(zone: chrono_tz::Tz) -> Worktime {
    Worktime::new(zone, &shipped(), &[], Office::default()).unwrap()
}

pub(super) fn moscow() -> Worktime {
    in_zone(chrono_tz::Europe::Moscow)
}

fn with(overlays: &[CalendarRules], office: Office) -> Worktime {
    Worktime::new(chrono_tz::Europe::Moscow, &shipped(), overlays, office).unwrap()
}

fn days_of(year: i32) -> impl Iterator<Item = NaiveDate> {
    day(&format!("{year}-01-01")).iter_days().take_while(move |d| d.year() == year)
}

#[test]
fn every_day_agrees_with_an_independent_calendar() {
    let worktime = moscow();
    let mut compared = 0;
    for date in (2024..=2027).flat_map(days_of) {
        let flags = holidays_ru::flags_ymd::<holidays_ru::Federal>(date.year(), date.month() as u8, date.day() as u8).unwrap();
        assert!(flags.is_fact(), "{date}: the oracle guesses");
        assert_eq!(worktime.is_workday(date), flags.value().is_working_day(), "{date}");
        // The oracle is known to err on the short days of 2024: 27 April instead of 2 November.
        if date.year() > 2024 {
            assert_eq!(worktime.is_short(date), flags.value().is_short_day(), "{date}: short");
        }
        compared += 1;
    }
    assert_eq!(compared, 1461);
}

#[test]
fn totals_of_working_days_are_those_of_the_published_calendars() {
    let total = |worktime: &Worktime, year| days_of(year).filter(|d| worktime.is_workday(*d)).count();
    let five = moscow();
    assert_eq!([2024, 2025, 2026, 2027].map(|y| total(&five, y)), [248, 247, 247, 247]);
    let six = with(&[], Office { workweek: Workweek::Six, ..Office::default() });
    assert_eq!([2024, 2025, 2026, 2027].map(|y| total(&six, y)), [300, 299, 299, 299]);
}

#[test]
fn short_days_are_those_of_art_95() {
    let worktime = moscow();
    let short = |year| days_of(year).filter(|d| worktime.is_short(*d)).map(|d| d.format("%d.%m").to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(short(2024), "22.02 07.03 08.05 11.06 02.11");
    assert_eq!(short(2025), "07.03 30.04 11.06 01.11");
    assert_eq!(short(2026), "30.04 08.05 11.06 03.11");
    assert_eq!(short(2027), "20.02 30.04 11.06 03.11");
}

#[test]
fn days_are_named_as_people_name_them() {
    let worktime = moscow();
    let named = |date: &str| worktime.reason(day(date)).to_owned();
    assert_eq!(worktime.day(day("2026-11-04")), DayKind::Holiday("День народного единства".to_owned()));
    assert_eq!(worktime.day(day("2026-11-03")), DayKind::Work { short: true });
    assert_eq!(worktime.day(day("2026-11-21")), DayKind::Weekend);
    assert_eq!(named("2026-01-05"), "новогодние каникулы");
    assert_eq!(named("2026-01-07"), "Рождество Христово");
    assert_eq!(named("2026-01-09"), "перенос выходного дня");
    assert_eq!(named("2026-03-08"), "Международный женский день");
    assert_eq!(named("2026-03-09"), "перенос выходного дня");
    assert_eq!(named("2025-11-01"), "рабочая суббота");
    assert_eq!(named("2026-11-21"), "суббота");
    assert_eq!(named("2026-11-22"), "воскресенье");
    assert_eq!(named("2026-11-20"), "рабочий день");
}

#[test]
fn a_year_without_a_file_follows_the_labour_code_alone() {
    let worktime = moscow();
    assert!(worktime.known(2027) && !worktime.known(2028) && !worktime.known(2023));
    // 2028: 1 and 2 January are a weekend among the holidays and move by decree only; 12 June is a Monday, 4 November a Saturday.
    assert_eq!(worktime.reason(day("2028-01-08")), "новогодние каникулы");
    assert!(worktime.is_workday(day("2028-01-10")));
    assert_eq!(worktime.reason(day("2028-11-06")), "перенос выходного дня");
    assert!(worktime.is_workday(day("2028-11-07")));
    // 2023: 8 January was a Sunday of the January holidays and moves by decree, which is not there; 4 November was a Saturday.
    assert!(worktime.is_workday(day("2023-01-09")));
    assert_eq!(worktime.day(day("2023-11-06")), DayKind::Holiday("перенос выходного дня".to_owned()));
    assert_eq!(worktime.day(day("2023-11-03")), DayKind::Work { short: true });
    assert_eq!(worktime.missing_year_within(day("2027-10-01"), 60), None);
    assert_eq!(worktime.missing_year_within(day("2027-10-01"), 120), Some(2028));
    assert_eq!(worktime.missing_year_within(day("2023-12-31"), 0), Some(2023));
}

#[test]
fn the_labour_code_alone_moves_what_every_calendar_moved() {
    // Without its file, a year differs from the published calendar only by what the decree moved.
    let bare = Worktime::new(chrono_tz::Europe::Moscow, &BTreeMap::new(), &[], Office::default()).unwrap();
    let full = moscow();
    let differ =
        |year| days_of(year).filter(|d| bare.is_workday(*d) != full.is_workday(*d)).map(|d| d.format("%d.%m").to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(differ(2026), "09.01 31.12");
    assert_eq!(differ(2027), "20.02 22.02 05.11 31.12");
}

#[test]
fn overlays_of_region_and_school_are_laid_over_the_federal_calendar() {
    let region = rules(REGIONS[8].1);
    let school = rules(
        "decree = \"приказ № 7\"\nextra_off = [{ date = 2026-11-23, reason = \"карантин\" }]\nextra_work = [{ date = 2026-11-06, reason = \"рабочий день по приказу № 7\" }, { date = 2026-11-28 }]",
    );
    let only_region = with(std::slice::from_ref(&region), Office::default());
    assert_eq!(only_region.day(day("2026-11-06")), DayKind::Holiday("День Конституции Республики Татарстан".to_owned()));
    assert_eq!(only_region.reason(day("2026-08-30")), "День Республики Татарстан");
    assert!(only_region.is_workday(day("2026-08-31")), "no day moves from a weekend in Tatarstan");
    let both = with(&[region, school], Office::default());
    assert!(both.is_workday(day("2026-11-06")));
    assert_eq!(both.reason(day("2026-11-06")), "рабочий день по приказу № 7");
    assert_eq!(both.reason(day("2026-11-23")), "карантин");
    assert_eq!(both.reason(day("2026-11-28")), "рабочий день по приказу");
    // An overlay does not make a year known.
    let later = with(&[rules("extra_off = [{ date = 2028-03-01 }]")], Office::default());
    assert!(!later.known(2028) && !later.is_workday(day("2028-03-01")) && !later.is_workday(day("2028-11-06")));
}

#[test]
fn regional_calendars_can_be_read_and_name_their_law() {
    for (region, text) in REGIONS {
        let rules = rules(text);
        assert_eq!(rules.mistakes(None), Vec::<String>::new(), "{region}");
        assert!(rules.decree.contains('№'), "{region}");
        assert!(!rules.extra_off.is_empty() && rules.extra_off.iter().all(|d| !d.reason.is_empty()), "{region}");
        assert!(rules.extra_off.iter().all(|d| (2026..=2027).contains(&d.date.year())), "{region}");
    }
}

#[test]
fn a_name_of_the_file_wins_and_quoted_dates_are_read() {
    let mut years = shipped();
    years.insert(2028, rules("decree = \"№ 1\"\ndays_off = [\"2028-05-08\", 2028-05-09]\n[names]\n2028-05-08 = \"перенос с субботы 1 января\""));
    let worktime = Worktime::new(chrono_tz::Europe::Moscow, &years, &[], Office::default()).unwrap();
    assert_eq!(worktime.reason(day("2028-05-08")), "перенос с субботы 1 января");
    assert_eq!(worktime.reason(day("2028-05-09")), "День Победы");
    // A holiday that the file forgets is a day off by law; a move that the file does not list did not happen.
    assert_eq!(worktime.reason(day("2028-06-12")), "День России");
    assert!(worktime.is_workday(day("2028-11-06")));
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let wrong = rules(
        "days_off = [2026-03-09, 2026-03-09, 2027-01-01, 2026-11-07]\nworking_saturdays = [2026-02-22, 2026-11-07]\nshort_days = [2026-03-09, 2026-04-26]\nfive_day_only = [2026-05-11]",
    );
    assert_eq!(
        wrong.mistakes(Some(2026)),
        [
            "2026-03-09 stands twice in days_off: remove one",
            "2027-01-01 stands in days_off of the calendar of 2026: move it to the file of 2027",
            "2026-02-22 stands in working_saturdays but is a Sunday: check the date against the decree, or use extra_work",
            "2026-11-07 is both a day off and a working day: remove one of the two",
            "2026-03-09 stands in short_days but is a day off: remove one of the two",
            "2026-04-26 stands in short_days but is a Sunday: check the date",
            "2026-05-11 stands in five_day_only but not in days_off: add it there or remove it here",
        ]
    );
    let mut years = shipped();
    years.insert(2026, wrong);
    let office = Office { to: "08:00".parse::<chrono::NaiveTime>().unwrap(), ..Office::default() };
    let all = Worktime::new(chrono_tz::Europe::Moscow, &years, &[], office).unwrap_err();
    assert_eq!(all.len(), 8);
    assert_eq!(all[7], "office hours end at 08:00 and begin at 08:30: the end must be later");
    assert_eq!(shipped().iter().flat_map(|(y, r)| r.mistakes(Some(*y))).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn what_is_no_date_or_no_key_is_refused_with_a_reason() {
    let error = |text: &str| toml::from_str::<CalendarRules>(text).unwrap_err().to_string();
    assert!(error("days_off = [2026-01-01T10:00:00]").contains("is not a date like 2026-11-04"));
    assert!(error("days_off = [\"1 января\"]").contains("a date like 2026-11-04"));
    assert!(error("days_of = []").contains("unknown field `days_of`"));
    assert!(error("extra_off = [{ day = 2026-01-01 }]").contains("unknown field `day`"));
    assert!(Workweek::try_from(7).is_err_and(|m| m.contains("write 5 or 6")));
}

#[test]
fn working_days_before_and_after() {
    let worktime = moscow();
    assert_eq!(worktime.next_workday(day("2026-12-30")), day("2027-01-11"));
    assert_eq!(worktime.prev_workday(day("2027-01-11")), day("2026-12-30"));
    assert_eq!(worktime.workday_from(day("2026-11-04")), day("2026-11-05"));
    assert_eq!(worktime.workday_from(day("2026-11-05")), day("2026-11-05"));
    assert_eq!(worktime.add_workdays(day("2025-10-31"), 1), day("2025-11-01"));
    assert_eq!(worktime.add_workdays(day("2025-10-31"), 2), day("2025-11-05"));
    assert_eq!(worktime.add_workdays(day("2025-10-31"), 0), day("2025-10-31"));
}

#[test]
fn a_calendar_that_never_works_ends_every_walk() {
    let off: Vec<String> = day("2026-01-01").iter_days().take(3 * 365).map(|d| format!("{{ date = {d}, reason = \"закрыто\" }}")).collect();
    let closed = with(&[rules(&format!("extra_off = [{}]", off.join(",")))], Office::default());
    let now = "2026-06-01T10:00:00Z".parse().unwrap();
    assert_eq!(closed.next_workday(day("2026-06-01")), day("2026-06-02"));
    assert_eq!(closed.due(now, Term::BusinessDays(1)).date, day("2029-01-09"));
    assert!(closed.due(now, Term::BusinessDays(u32::MAX)).days.len() <= 3660);
    for far in [chrono::DateTime::<chrono::Utc>::MIN_UTC, chrono::DateTime::<chrono::Utc>::MAX_UTC] {
        for term in [Term::BusinessDays(3), Term::Minutes(u32::MAX), Term::WorkingMinutes(u32::MAX), Term::BusinessDays(0)] {
            assert!(closed.due(far, term).days.len() <= 3660);
        }
        let _ = (closed.add_working_minutes(far, u32::MAX), closed.sub_working_minutes(far, u32::MAX), closed.next_office_moment(far));
        let _ = closed.working_minutes_between(chrono::DateTime::<chrono::Utc>::MIN_UTC, far);
    }
    for far in [NaiveDate::MIN, NaiveDate::MAX] {
        let _ = (closed.next_workday(far), closed.prev_workday(far), closed.day(far), closed.office(far), closed.last_second(far));
        let _ = closed.missing_year_within(far, u32::MAX);
    }
}
