//! Tests of `slots`: whom windows serve, exceptions, limits, the family's other consultations, proposals, and the seasons of a school year.

use super::tests::{busy, day, moscow, msk, specialist, time, wanted, window};
use super::*;
use crate::understand::{Category, Channel, Window};
use crate::worktime::{CalendarRules, Office, Worktime};
use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use std::collections::BTreeMap;

const TUESDAY: [Weekday; 1] = [Weekday::Tue];

fn tuesdays() -> Specialist {
    specialist("a", vec![window(&TUESDAY, "14:00", "17:00", &["phone", "in_person"])])
}

fn start(choice: &Choice) -> String {
    choice.slot.as_ref().map_or("нет".to_owned(), |s| s.start.with_timezone(&chrono_tz::Europe::Moscow).format("%m-%d %H:%M").to_string())
}

fn first(s: &Specialist, wanted: &Wanted<'_>) -> String {
    start(&choose(&[s], &moscow(), &[], wanted))
}

fn all(s: &Specialist, worktime: &Worktime, taken: &[Busy], wanted: &Wanted<'_>) -> String {
    let slots = free_slots(s, worktime, taken, wanted);
    slots.iter().map(|s| s.start.with_timezone(&chrono_tz::Europe::Moscow).format("%m-%d %H:%M").to_string()).collect::<Vec<_>>().join(" ")
}

fn until(latest: &str) -> Wanted<'static> {
    Wanted { latest: msk(latest), ..wanted() }
}

#[test]
fn weeks_are_counted_through_the_school_year() {
    // (day, odd): 1 September 2026 is a Tuesday, its Monday lies in August; 1 September 2024 was a Sunday.
    let table = [
        ("2026-08-30", false),
        ("2026-08-31", true),
        ("2026-09-01", true),
        ("2026-09-06", true),
        ("2026-09-07", false),
        ("2026-12-28", false),
        ("2027-01-03", false),
        ("2027-01-04", true),
        ("2027-01-11", false),
        ("2024-08-26", true),
        ("2024-09-01", true),
        ("2024-09-02", false),
        ("2025-09-01", true),
    ];
    for (date, odd) in table {
        assert_eq!(Weeks::of(day(date)) == Weeks::Odd, odd, "{date}");
    }
    // Whatever the year, two weeks in a row differ but where a school year begins.
    let mut date = day("2020-09-07");
    while date < day("2040-01-01") {
        let next = date + chrono::Days::new(7);
        let new_year = (0..7).any(|n| (next + chrono::Days::new(n)).ordinal() == NaiveDate::from_ymd_opt(next.year(), 9, 1).unwrap().ordinal());
        assert!(new_year || Weeks::of(date) != Weeks::of(next), "{date}");
        date = next;
    }
    let mut s = tuesdays();
    s.windows[0].weeks = Some(Weeks::Odd);
    assert_eq!(first(&s, &until("2026-12-31T20:00")), "11-24 14:00", "the thirteenth week");
    s.windows[0].weeks = Some(Weeks::Even);
    assert_eq!(first(&s, &until("2026-12-31T20:00")), "12-01 14:00");
}

#[test]
fn classes_are_read_as_people_write_them() {
    let table = [
        ("5", Some((5, 5, None))),
        (" 7-9 ", Some((7, 9, None))),
        ("7 – 9", Some((7, 9, None))),
        ("1-4 классы", Some((1, 4, None))),
        ("10А", Some((10, 10, Some('А')))),
        ("10A", Some((10, 10, Some('А')))),
        ("5 «б»", Some((5, 5, Some('Б')))),
        ("5-б", Some((5, 5, Some('Б')))),
        ("11 класс", Some((11, 11, None))),
        ("12", None),
        ("0", None),
        ("9-7", None),
        ("7-", None),
        ("5АБ", None),
        ("", None),
        ("пятый", None),
        ("5-9А", None),
        ("99999999999999999999", None),
    ];
    for (text, expected) in table {
        assert_eq!(ClassRange::parse(text).map(|c| (c.from, c.to, c.letter)), expected, "{text}");
    }
    for word in ["5", "7-9", "10А"] {
        assert_eq!(ClassRange::parse(word).unwrap().to_string(), word);
    }
}

#[test]
fn classes_categories_and_the_reserve_open_windows_to_whom_they_serve() {
    let mut s = tuesdays();
    let thursday = WeeklyWindow {
        classes: vec![ClassRange::parse("7-9").unwrap()],
        categories: vec![Category::Psychologist],
        ..window(&[Weekday::Thu], "09:00", "12:00", &["phone"])
    };
    s.windows = vec![thursday, window(&[Weekday::Fri], "09:00", "12:00", &["phone"])];
    let asks = |class, category| first(&s, &Wanted { class, category, earliest: msk("2026-11-23T08:00"), ..wanted() });
    assert_eq!(asks(None, None), "11-26 09:00");
    assert_eq!(asks(Some("8Б"), Some(Category::Psychologist)), "11-26 09:00");
    assert_eq!(asks(Some("8Б"), Some(Category::LearningHelp)), "11-27 09:00");
    assert_eq!(asks(Some("5А"), Some(Category::Psychologist)), "11-27 09:00");
    assert_eq!(asks(Some("не помню"), None), "11-26 09:00", "what is no class excludes nobody");
    s.windows[0].reserve = true;
    let wanted = Wanted { earliest: msk("2026-11-23T08:00"), ..wanted() };
    assert_eq!(first(&s, &wanted), "11-27 09:00");
    assert_eq!(first(&s, &Wanted { urgent: true, ..wanted.clone() }), "11-26 09:00");
    s.windows.truncate(1);
    let choice = choose(&[&s], &moscow(), &[], &wanted);
    assert_eq!((choice.slot, choice.reasons), (None, vec!["по 11 декабря остались только окна для срочных обращений".to_owned()]));
    s.classes = vec![ClassRange::parse("5-9").unwrap()];
    let choice = choose(&[&s], &moscow(), &[], &Wanted { class: Some("10А"), ..wanted });
    assert_eq!((choice.slot, choice.reasons), (None, vec!["никто из специалистов не принимает 10А класс".to_owned()]));
}

#[test]
fn the_teacher_of_the_subject_is_asked() {
    let teaches = |id: &str, words: &[&str]| Specialist { subjects: words.iter().map(|w| (*w).to_owned()).collect(), ..specialist(id, tuesdays().windows) };
    let (maths, russian, any) = (teaches("m", &["математика", "алгебра", "геометрия"]), teaches("r", &["Русский язык", "литература"]), teaches("x", &[]));
    let pe = teaches("f", &["физкультура", "ОБЖ", "труд"]);
    let who = |subject| {
        let wanted = Wanted { subject: Some(subject), ..wanted() };
        let choice = choose(&[&any, &maths, &russian, &pe], &moscow(), &[], &wanted);
        choice.slot.map_or("нет".to_owned(), |s| s.specialist)
    };
    let table = [
        ("математика", "m"),
        ("математике", "m"),
        ("по алгебре", "m"),
        ("Геометрию", "m"),
        ("русский", "r"),
        ("русскому языку", "r"),
        ("английский язык", "x"),
        ("физика", "x"),
        ("физкультуре", "f"),
        ("обж", "f"),
        ("труду", "f"),
        ("", "f"),
        ("язык", "f"),
    ];
    for (subject, expected) in table {
        assert_eq!(who(subject), expected, "{subject}");
    }
    let wanted = Wanted { subject: Some("физика"), ..wanted() };
    assert_eq!(choose(&[&maths], &moscow(), &[], &wanted).reasons, ["никто из специалистов не ведёт предмет: физика"]);
    let chosen = choose(&[&maths], &moscow(), &[], &Wanted { subject: Some("алгебра"), ..wanted });
    assert!(chosen.reasons.contains(&"ведёт предмет: алгебра".to_owned()), "{:?}", chosen.reasons);
}

#[test]
fn lunch_exceptions_and_own_limits_hold() {
    let mut s = specialist("a", vec![window(&TUESDAY, "10:00", "15:00", &["phone", "in_person"])]);
    let one = until("2026-11-24T23:00");
    s.lunch = Some((time("12:00"), time("13:00")));
    assert_eq!(all(&s, &moscow(), &[], &one), "11-24 10:00 11-24 10:50 11-24 13:00 11-24 13:50");
    s.buffer_minutes = Some(30);
    assert_eq!(all(&s, &moscow(), &[], &one), "11-24 10:00 11-24 11:10 11-24 13:00 11-24 14:10");
    s.buffer_minutes = None;
    // A day that goes by its own hours; another that is closed.
    let hours =
        |from: &str, to: &str| DayHours {
            from: time(from), to: time(to), channels: vec!["in_person".to_owned()], place: Some("актовый зал".to_owned())
        };
    s.exceptions = vec![
        DayException { date: day("2026-11-24"), hours: None },
        DayException { date: day("2026-11-25"), hours: Some(hours("09:00", "10:00")) },
        DayException { date: day("2026-11-25"), hours: Some(hours("11:30", "12:40")) },
        DayException { date: day("2026-11-28"), hours: Some(hours("09:00", "12:00")) },
    ];
    assert_eq!(all(&s, &moscow(), &[], &until("2026-12-01T11:00")), "11-25 09:00 12-01 10:00", "no day off is opened, lunch and notice stay");
    let chosen = choose(&[&s], &moscow(), &[], &one.clone());
    assert_eq!(chosen.slot, None);
    let slot = choose(&[&s], &moscow(), &[], &wanted()).slot.unwrap();
    assert_eq!((slot.channel.as_str(), slot.place.as_deref()), ("in_person", Some("актовый зал")));
    // An own notice, longer or shorter than the school's.
    s.exceptions.clear();
    s.lunch = None;
    let asked = Wanted { notice_from: Some(msk("2026-11-23T12:00")), earliest: msk("2026-11-24T06:00"), ..one };
    for (own, expected) in [(None, "11-24 10:00"), (Some(24 * 60), "11-24 12:00"), (Some(60), "11-24 10:00"), (Some(40 * 60), "нет")] {
        s.notice_minutes = own;
        assert_eq!(first(&s, &asked), expected, "{own:?}");
    }
    s.notice_minutes = Some(60);
    assert_eq!(first(&s, &Wanted { earliest: msk("2026-11-24T13:00"), ..asked.clone() }), "11-24 10:00", "a shorter own notice holds");
    s.notice_minutes = Some(40 * 60);
    assert_eq!(first(&s, &Wanted { urgent: true, ..asked }), "11-24 10:00", "an urgent appeal does not wait for it");
}

#[test]
fn the_place_of_a_window_is_told_with_what_is_held_there() {
    let mut s = tuesdays();
    s.windows[0].place = Some("кабинет 214".to_owned());
    let place = |channel| choose(&[&s], &moscow(), &[], &Wanted { channel: Some(channel), ..wanted() }).slot.unwrap().place;
    assert_eq!((place(Channel::InPerson).as_deref(), place(Channel::Phone)), (Some("кабинет 214"), None));
    s.windows[0].weeks = Some(Weeks::Even);
    s.windows[0].reserve = true;
    s.windows[0].classes = vec![ClassRange::parse("5-9").unwrap()];
    assert_eq!(windows_summary(&s.windows), "вт 14:00-17:00 (по чётным неделям; только срочные обращения; классы 5-9; кабинет 214)");
}

#[test]
fn the_load_of_a_day_and_a_week_is_a_limit() {
    let mut s = specialist("a", vec![window(&[Weekday::Mon, Weekday::Tue, Weekday::Wed], "14:00", "17:00", &["phone"])]);
    s.load = Load { day: Some(2), week: Some(3) };
    let taken = [busy("a", "2026-11-23T14:00", 40), busy("a", "2026-11-23T14:50", 40)];
    let at = |taken: &[Busy], urgent| start(&choose(&[&s], &moscow(), taken, &Wanted { urgent, ..wanted() }));
    assert_eq!(at(&taken, false), "11-24 14:00", "the day is full");
    assert_eq!(at(&taken, true), "11-23 15:40", "one more for an urgent appeal");
    let mut more = taken.to_vec();
    more.push(busy("a", "2026-11-24T14:00", 40));
    assert_eq!(at(&more, false), "11-30 14:00", "the week is full");
    assert_eq!(at(&more, true), "11-23 15:40");
    more.push(busy("a", "2026-11-23T15:40", 40));
    assert_eq!(at(&more, true), "11-24 14:50", "the day's one more is taken");
    // A block is no consultation, nor is what lies in the week before.
    let blocks = taken.clone().map(|b| Busy::block("a", b.start, b.end, 0));
    assert_eq!(at(&blocks, false), "11-23 15:40");
    assert_eq!(at(&[busy("a", "2026-11-20T14:00", 40), busy("a", "2026-11-20T14:50", 40), busy("a", "2026-11-20T15:40", 40)], false), "11-23 14:00");
    let week = until("2026-11-29T20:00");
    assert_eq!(
        choose(&[&s], &moscow(), &more, &week).reasons,
        ["по 29 ноября у специалистов уже столько консультаций, сколько они проводят за день или за неделю"]
    );
}

#[test]
fn travel_is_kept_on_both_sides_of_another_schools_time() {
    let s = tuesdays();
    let other = |margin| [Busy::block("a", msk("2026-11-24T14:00"), msk("2026-11-24T14:30"), margin)];
    let one = until("2026-11-24T23:00");
    assert_eq!(all(&s, &moscow(), &other(0), &one), "11-24 14:40 11-24 15:30 11-24 16:20");
    assert_eq!(all(&s, &moscow(), &other(45), &one), "11-24 15:20 11-24 16:10");
    let before = [Busy::block("a", msk("2026-11-24T16:00"), msk("2026-11-24T20:00"), 60)];
    assert_eq!(all(&s, &moscow(), &before, &one), "11-24 14:00");
}

#[test]
fn where_two_readings_of_a_wish_meet_the_slot_is_taken() {
    let s = specialist("a", vec![window(&[Weekday::Tue, Weekday::Thu], "09:00", "18:00", &["phone"])]);
    let wish = |weekday: &[Weekday], after: Option<&str>, before: Option<&str>| Window {
        weekday: weekday.to_vec(),
        after: after.map(time),
        before: before.map(time),
        ..Window::default()
    };
    let with = |wishes: &[Window]| first(&s, &Wanted { wishes, ..wanted() });
    assert_eq!(with(&[wish(&TUESDAY, None, None), wish(&[], Some("15:00"), None)]), "11-24 15:00");
    assert_eq!(with(&[wish(&[Weekday::Thu], None, None), wish(&[], Some("15:00"), None)]), "11-24 15:00", "an earlier day is not given up for it");
    assert_eq!(with(&[wish(&TUESDAY, Some("15:35"), Some("18:00")), wish(&TUESDAY, Some("10:00"), Some("16:15"))]), "11-24 15:35", "to the minute");
    assert_eq!(with(&[wish(&TUESDAY, Some("10:00"), None), wish(&TUESDAY, Some("10:00"), None)]), "11-24 10:00", "said twice is one wish");
    let urgent = Wanted { wishes: &[wish(&TUESDAY, None, None), wish(&[], Some("15:00"), None)], urgent: true, ..wanted() };
    assert_eq!(first(&s, &urgent), "11-24 09:00");
}

#[test]
fn the_familys_consultations_lie_side_by_side() {
    let (a, b) = (specialist("a", tuesdays().windows), specialist("b", vec![window(&[Weekday::Mon, Weekday::Tue], "13:00", "18:00", &["phone"])]));
    let near = [(msk("2026-11-24T15:00"), msk("2026-11-24T15:40"))];
    let with = |wanted: &Wanted<'_>, taken: &[Busy]| {
        let choice = choose(&[&a, &b], &moscow(), taken, wanted);
        format!("{} {}", choice.slot.as_ref().map_or("", |s| s.specialist.as_str()), start(&choice))
    };
    let asked = Wanted { near: &near, ..wanted() };
    assert_eq!(with(&Wanted { near: &[], ..asked.clone() }, &[]), "b 11-23 13:00");
    assert_eq!(with(&asked, &[]), "b 11-24 14:00", "just before it, with whoever offers more hours");
    let sibling = [busy("b", "2026-11-24T15:00", 40)];
    assert_eq!(with(&Wanted { prefer: Some("b"), ..asked.clone() }, &sibling), "b 11-24 14:00", "the buffer between them is no gap");
    // What the author wished comes first, and at the same time the family is elsewhere.
    let mondays = [Window { weekday: vec![Weekday::Mon], ..Window::default() }];
    assert_eq!(with(&Wanted { wishes: &mondays, ..asked.clone() }, &[]), "b 11-23 13:00");
    let exactly = [Window { date: Some(day("2026-11-24")), after: Some(time("15:00")), before: Some(time("15:40")), ..Window::default() }];
    assert_ne!(with(&Wanted { wishes: &exactly, ..asked.clone() }, &[]), "a 11-24 15:00");
    let choice = choose(&[&a, &b], &moscow(), &[], &asked);
    assert!(choice.reasons.contains(&"рядом с другой консультацией этой семьи, чтобы не приходить дважды".to_owned()), "{:?}", choice.reasons);
}

#[test]
fn whoever_offers_half_the_hours_gets_half_the_consultations() {
    let half = specialist("a", vec![window(&TUESDAY, "14:00", "16:00", &["phone"])]);
    let full = specialist("b", vec![window(&TUESDAY, "14:00", "18:00", &["phone"])]);
    let mut taken: Vec<Busy> = Vec::new();
    // Both are free at 14:00 of each Tuesday.
    for week in 0..12 {
        let earliest = msk("2026-09-01T00:00") + chrono::TimeDelta::weeks(week);
        let slot = choose(&[&half, &full], &moscow(), &taken, &Wanted { earliest, ..wanted() }).slot.unwrap();
        taken.push(Busy::consultation(slot.specialist, slot.start, slot.end));
    }
    let count = |id| taken.iter().filter(|b| b.specialist == id).count();
    assert_eq!((count("a"), count("b")), (4, 8));
}

#[test]
fn proposals_differ_and_say_what_speaks_for_and_against() {
    let s = specialist("a", vec![window(&[Weekday::Tue, Weekday::Thu], "14:00", "17:00", &["phone"])]);
    let tell = |wanted: &Wanted<'_>, n| -> Vec<String> {
        let found = proposals(&[&s], &moscow(), &[], wanted, n);
        found
            .iter()
            .map(|(slot, lines)| format!("{} {}", slot.start.with_timezone(&chrono_tz::Europe::Moscow).format("%m-%d %H:%M"), lines.join(" | ")))
            .collect()
    };
    assert_eq!(
        tell(&wanted(), 3),
        ["11-24 14:00 за: свободное время без возражений", "11-26 14:00 за: свободное время без возражений", "12-01 14:00 за: свободное время без возражений"]
    );
    let thursdays = [Window { weekday: vec![Weekday::Thu], after: Some(time("15:00")), ..Window::default() }];
    assert_eq!(
        tell(&Wanted { wishes: &thursdays, prefer: Some("b"), latest: msk("2026-11-27T20:00"), ..wanted() }, 3),
        [
            "11-26 15:00 за: по пожеланию автора: по четвергам после 15:00 | против: другой специалист, чем раньше",
            "11-24 14:00 против: не в то время, о котором просил автор; другой специалист, чем раньше",
        ]
    );
    // Only when nothing else is left the head is shown what the author cannot.
    let not_then = [Window { weekday: vec![Weekday::Tue], not: true, ..Window::default() }];
    let short = Wanted { wishes: &not_then, latest: msk("2026-11-24T20:00"), ..wanted() };
    assert_eq!(tell(&short, 1), ["11-24 14:00 против: автору неудобно: по вторникам"]);
    assert_eq!(tell(&Wanted { latest: msk("2026-11-26T15:00"), ..short }, 3), ["11-26 14:00 за: свободное время без возражений"]);
    assert_eq!(tell(&wanted(), 0), Vec::<String>::new());
}

/// The seasons of a school year: what was asked when, and what is found.
#[test]
fn the_turn_of_the_year_the_summer_and_the_end_of_a_quarter_are_kept() {
    let worktime = moscow();
    let mut s = specialist("a", vec![window(&[Weekday::Mon, Weekday::Wed, Weekday::Thu], "14:00", "17:00", &["phone"])]);
    let next = |s: &Specialist, from: &str, days: i64| {
        let earliest = msk(from);
        start(&choose(&[s], &worktime, &[], &Wanted { earliest, latest: earliest + chrono::TimeDelta::days(days), ..wanted() }))
    };
    // 30 December 2026 is the last working day; 31 December is off, the school opens on 11 January.
    assert_eq!(next(&s, "2026-12-30T09:00", 21), "12-30 14:00");
    assert_eq!(next(&s, "2026-12-30T17:00", 21), "01-11 14:00");
    s.windows[0].weeks = Some(Weeks::Odd);
    assert_eq!(next(&s, "2026-12-30T09:00", 30), "01-18 14:00", "every other week goes on over New Year");
    s.windows[0].weeks = None;
    // The quarter ends, and the window with it; the next one begins after the holidays.
    s.windows[0].valid_to = Some(day("2026-12-25"));
    let mut spring = window(&[Weekday::Fri], "09:00", "12:00", &["phone"]);
    spring.valid_from = Some(day("2027-01-11"));
    s.windows.push(spring);
    assert_eq!(next(&s, "2026-12-24T09:00", 21), "12-24 14:00");
    assert_eq!(next(&s, "2026-12-25T09:00", 40), "01-15 09:00");
    // Summer leave: 1 July finds nobody within the horizon, 16 August the first day back.
    s.windows = vec![window(&[Weekday::Mon, Weekday::Wed], "10:00", "12:00", &["phone"])];
    s.absences = vec![Absence { from: day("2027-06-21"), to: day("2027-08-22") }];
    assert_eq!(next(&s, "2027-07-01T09:00", 21), "нет");
    assert_eq!(next(&s, "2027-08-16T09:00", 21), "08-23 10:00");
    assert_eq!(s.presence(&worktime, msk("2027-07-01T09:00")), Presence::Away(Some(day("2027-08-23"))));
    // 31 August: the new school year's windows begin the next day, in its first and odd week.
    s.absences.clear();
    s.windows = vec![WeeklyWindow {
        weeks: Some(Weeks::Odd),
        valid_from: Some(day("2026-09-01")),
        ..window(&[Weekday::Mon, Weekday::Tue], "14:00", "16:00", &["phone"])
    }];
    assert_eq!(next(&s, "2026-08-31T09:00", 21), "09-01 14:00");
    assert_eq!(next(&s, "2026-09-02T09:00", 21), "09-14 14:00");
}

#[test]
fn a_quarantine_closes_days_or_leaves_the_telephone() {
    let overlay: CalendarRules = toml::from_str("extra_off = [{ date = 2026-11-24, reason = \"карантин\" }]").unwrap();
    let worktime = Worktime::new(chrono_tz::Europe::Moscow, &BTreeMap::new(), &[overlay], Office::default()).unwrap();
    let mut s = tuesdays();
    let asked = |worktime: &Worktime, s: &Specialist| {
        let slot = choose(&[s], worktime, &[], &Wanted { channel: Some(Channel::InPerson), ..wanted() }).slot.unwrap();
        format!("{} {}", slot.start.with_timezone(&chrono_tz::Europe::Moscow).format("%m-%d"), slot.channel)
    };
    assert_eq!(asked(&moscow(), &s), "11-24 in_person");
    assert_eq!(asked(&worktime, &s), "12-01 in_person", "the whole school is closed");
    // One class or one specialist: nobody comes, but telephones are open. A visit waits for the day on which one can come.
    let hours = DayHours { from: time("14:00"), to: time("17:00"), channels: vec!["phone".to_owned()], place: None };
    s.exceptions = vec![DayException { date: day("2026-11-24"), hours: Some(hours) }];
    assert_eq!(asked(&moscow(), &s), "12-01 in_person");
    assert_eq!(first(&s, &wanted()), "11-24 14:00");
    s.exceptions = vec![DayException { date: day("2026-11-24"), hours: None }];
    assert_eq!(first(&s, &wanted()), "12-01 14:00");
}

#[test]
fn nothing_at_the_ends_of_time_breaks_the_new_rules() {
    let (min, max) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let mut s = tuesdays();
    s.load = Load { day: Some(1), week: Some(1) };
    s.notice_minutes = Some(u32::MAX);
    s.buffer_minutes = Some(u32::MAX);
    s.lunch = Some((time("23:00"), time("01:00")));
    s.exceptions = vec![DayException { date: NaiveDate::MAX, hours: None }, DayException { date: NaiveDate::MIN, hours: None }];
    s.windows[0].weeks = Some(Weeks::Even);
    let odd = [Busy { margin_minutes: u32::MAX, ..Busy::consultation("a", min, max) }, Busy::consultation("a", max, min)];
    for at in [min, max, msk("2026-11-20T12:00")] {
        for (earliest, latest) in [(min, max), (at, max), (min, at)] {
            let near = [(min, max), (max, min), (at, at)];
            let wanted = Wanted { earliest, latest, notice_from: Some(at), near: &near, ..wanted() };
            let _ = choose(&[&s], &moscow(), &odd, &wanted);
            let _ = proposals(&[&s], &moscow(), &odd, &wanted, 3);
            let _ = assign(&[Request { wanted, since: max, among: &[], family: None }], &[&s], &moscow(), &odd);
        }
    }
    assert_eq!((Weeks::of(NaiveDate::MIN), Weeks::of(NaiveDate::MAX)).0, Weeks::of(NaiveDate::MIN));
}
