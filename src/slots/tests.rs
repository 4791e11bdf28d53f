//! Tests of `slots`: what a person would see, by example.

use super::*;
use crate::understand::{Category, Channel, Window};
use crate::worktime::{CalendarRules, Office, Worktime};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use std::collections::BTreeMap;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

/// Moscow local time.
pub(super) fn msk(local: &str) -> DateTime<Utc> {
    format!("{local}:00+03:00").parse().unwrap()
}

pub(super) fn worktime_in(zone: chrono_tz::Tz) -> Worktime {
    let years: BTreeMap<i32, CalendarRules> = [(2026, include_str!("../../rules/calendar/2026.toml")), (2027, include_str!("../../rules/calendar/2027.toml"))]
        .into_iter()
        .map(|(year, text)| (year, toml::from_str(text).unwrap()))
        .collect();
    Worktime::new(zone, &years, &[], Office::default()).unwrap()
}

pub(super) fn moscow() -> Worktime {
    worktime_in(chrono_tz::Europe::Moscow)
}

pub(super) fn window(days: &[Weekday], from: &str, to: &str, channels: &[&str]) -> WeeklyWindow {
    WeeklyWindow {
        weekdays: days.to_vec(),
        from: time(from),
        to: time(to),
        channels: channels.iter().map(|c| (*c).to_owned()).collect(),
        ..WeeklyWindow::default()
    }
}

pub(super) fn specialist(id: &str, windows: Vec<WeeklyWindow>) -> Specialist {
    Specialist {
        id: id.to_owned(),
        name: "Соколова Ирина Юрьевна".to_owned(),
        post: "педагог-психолог".to_owned(),
        email: format!("{id}@school.example"),
        categories: vec![Category::Psychologist],
        windows,
        ..Specialist::default()
    }
}

/// Tuesdays and Thursdays 14:00-17:00, as in the example of the configuration.
fn sokolova() -> Specialist {
    specialist("psychologist-1", vec![window(&[Weekday::Tue, Weekday::Thu], "14:00", "17:00", &["phone", "Сферум", "in_person"])])
}

pub(super) fn busy(id: &str, from: &str, minutes: i64) -> Busy {
    Busy::consultation(id, msk(from), msk(from) + TimeDelta::minutes(minutes))
}

/// Asked on Friday 20 November 2026 at noon, for three weeks.
pub(super) fn wanted() -> Wanted<'static> {
    Wanted { earliest: msk("2026-11-20T12:00"), latest: msk("2026-12-11T23:59"), minutes: 40, buffer_minutes: 10, ..Wanted::default() }
}

fn start(choice: &Choice) -> String {
    choice.slot.as_ref().map_or("нет".to_owned(), |s| s.start.with_timezone(&chrono_tz::Europe::Moscow).format("%m-%d %H:%M").to_string())
}

fn on(date: &str) -> Window {
    Window { date: Some(day(date)), ..Window::default() }
}

fn hours(mut window: Window, after: Option<&str>, before: Option<&str>) -> Window {
    window.after = after.map(time);
    window.before = before.map(time);
    window
}

fn weekly(days: &[Weekday]) -> Window {
    Window { weekday: days.to_vec(), ..Window::default() }
}

fn not(window: Window) -> Window {
    Window { not: true, ..window }
}

#[test]
fn without_wishes_the_nearest_free_time_is_taken() {
    let s = sokolova();
    let choice = choose(&[&s], &moscow(), &[], &wanted());
    assert_eq!(start(&choice), "11-24 14:00");
    let slot = choice.slot.unwrap();
    assert_eq!((slot.end - slot.start).num_minutes(), 40);
    assert_eq!((slot.specialist.as_str(), slot.channel.as_str()), ("psychologist-1", "phone"));
    assert!(choice.wish_met);
    assert_eq!(choice.reasons, ["выбрано ближайшее свободное время"]);
}

#[test]
fn a_window_holds_as_many_consultations_as_fit() {
    let s = sokolova();
    let one_day = Wanted { latest: msk("2026-11-24T23:00"), ..wanted() };
    let starts = |minutes, buffer_minutes| {
        let wanted = Wanted { minutes, buffer_minutes, ..one_day.clone() };
        free_slots(&s, &moscow(), &[], &wanted)
            .iter()
            .map(|s| s.start.with_timezone(&chrono_tz::Europe::Moscow).format("%H:%M").to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(starts(40, 0), "14:00 14:40 15:20 16:00");
    assert_eq!(starts(40, 10), "14:00 14:50 15:40");
    assert_eq!(starts(30, 0), "14:00 14:30 15:00 15:30 16:00 16:30");
    assert_eq!(starts(25, 0), "14:00 14:30 15:00 15:30 16:00 16:30", "starts stay round");
    assert_eq!(starts(90, 0), "14:00 14:40 15:20 16:00", "never longer than 40 minutes");
}

#[test]
fn busy_time_is_left_alone_with_the_buffer_around_it() {
    let s = sokolova();
    let at = |taken: &[Busy]| start(&choose(&[&s], &moscow(), taken, &wanted()));
    assert_eq!(at(&[busy("psychologist-1", "2026-11-24T14:00", 40)]), "11-24 14:50");
    assert_eq!(at(&[busy("psychologist-1", "2026-11-24T14:45", 40)]), "11-24 15:40", "35 minutes before it are not enough");
    assert_eq!(at(&[busy("psychologist-1", "2026-11-23T09:00", 6 * 24 * 60)]), "12-01 14:00", "a block of days");
    assert_eq!(at(&[busy("psychologist-2", "2026-11-24T14:00", 40)]), "11-24 14:00", "somebody else's");
    let slot = Slot {
        specialist: "psychologist-1".to_owned(),
        start: msk("2026-11-24T14:00"),
        end: msk("2026-11-24T14:40"),
        channel: "phone".to_owned(),
        place: None,
    };
    let all = [busy("psychologist-1", "2026-11-24T14:40", 40), busy("psychologist-1", "2026-11-24T14:30", 40), busy("psychologist-2", "2026-11-24T14:00", 40)];
    assert_eq!(conflicts(&all, &slot), [&all[1]]);
}

#[test]
fn days_off_absences_and_validity_are_respected() {
    let mut s = sokolova();
    s.windows[0].weekdays = vec![Weekday::Mon, Weekday::Wed];
    let from =
        |earliest, s: &Specialist| start(&choose(&[s], &moscow(), &[], &Wanted { earliest: msk(earliest), latest: msk("2027-02-01T12:00"), ..wanted() }));
    assert_eq!(from("2026-11-03T09:00", &s), "11-09 14:00", "4 November is a holiday");
    s.absences = vec![Absence { from: day("2026-11-09"), to: day("2026-11-15") }];
    assert_eq!(from("2026-11-03T09:00", &s), "11-16 14:00");
    s.windows[0].valid_from = Some(day("2026-11-17"));
    assert_eq!(from("2026-11-03T09:00", &s), "11-18 14:00");
    s.windows[0].valid_to = Some(day("2026-12-30"));
    assert_eq!(from("2026-12-30T17:00", &s), "нет");
    let saturday = specialist("s", vec![window(&[Weekday::Sat], "10:00", "13:00", &[])]);
    assert_eq!(from("2026-11-20T09:00", &saturday), "нет");
    assert_eq!(start(&choose(&[&saturday], &moscow(), &[], &Wanted { latest: msk("2027-03-01T12:00"), ..wanted() })), "02-20 10:00", "the working Saturday");
}

#[test]
fn on_the_eve_of_a_holiday_windows_end_earlier() {
    let mut s = sokolova();
    s.windows[0].weekdays = vec![Weekday::Tue];
    let eve = Wanted { earliest: msk("2026-11-03T08:00"), latest: msk("2026-11-03T23:00"), buffer_minutes: 0, ..wanted() };
    assert_eq!(free_slots(&s, &moscow(), &[], &eve).len(), 3, "until 16:30, when the school closes");
    s.windows[0].to = time("20:00");
    let last = free_slots(&s, &moscow(), &[], &eve).pop().unwrap();
    assert!(last.end <= msk("2026-11-03T19:00") && last.end > msk("2026-11-03T18:00"), "an evening window loses its last hour");
}

#[test]
fn the_wish_of_the_author_wins_over_the_nearest_time() {
    let s = sokolova();
    let with = |wishes: &[Window]| choose(&[&s], &moscow(), &[], &Wanted { wishes, ..wanted() });
    let thursdays = with(&[hours(weekly(&[Weekday::Thu]), Some("15:00"), None)]);
    assert_eq!(start(&thursdays), "11-26 15:00");
    assert_eq!(thursdays.reasons, ["выбрано ближайшее время из пожеланий автора: по четвергам после 15:00"]);
    assert_eq!(start(&with(&[on("2026-12-03"), on("2026-12-01")])), "12-01 14:00");
    let exact = with(&[hours(on("2026-11-24"), Some("15:35"), Some("16:15"))]);
    assert_eq!((start(&exact).as_str(), exact.wish_met), ("11-24 15:35", true), "a proposed time is kept to the minute");
    assert_eq!(start(&with(&[hours(on("2026-11-24"), Some("15:35"), None)])), "11-24 15:40");
    assert_eq!(start(&with(&[Window { from: Some(day("2026-11-30")), to: Some(day("2026-12-06")), ..Window::default() }])), "12-01 14:00");
    // "До полуночи" is the end of the day, not its beginning.
    let until_midnight = with(&[hours(on("2026-11-26"), Some("16:00"), Some("00:00"))]);
    assert_eq!((start(&until_midnight).as_str(), until_midnight.wish_met), ("11-26 16:00", true));
    // The whole slot must lie in the window.
    let short = with(&[hours(on("2026-11-24"), Some("15:00"), Some("15:30"))]);
    assert!(!short.wish_met);
    assert_eq!(start(&short), "11-24 14:00");
}

#[test]
fn what_cannot_be_met_is_told_with_the_cause() {
    let s = sokolova();
    let tell = |wishes: &[Window], taken: &[Busy]| {
        let choice = choose(&[&s], &moscow(), taken, &Wanted { wishes, ..wanted() });
        assert!(!choice.wish_met && choice.slot.is_some());
        choice.reasons[0].clone()
    };
    assert_eq!(
        tell(&[hours(weekly(&[Weekday::Tue]), Some("17:00"), None)], &[]),
        "пожелание автора выполнить нельзя: по вторникам после 17:00 — в это время консультаций нет"
    );
    assert_eq!(
        tell(&[hours(on("2026-11-24"), Some("14:00"), Some("15:00"))], &[busy("psychologist-1", "2026-11-24T14:00", 40)]),
        "пожелание автора выполнить нельзя: во вторник, 24 ноября, с 14:00 до 15:00 — это время занято"
    );
    assert_eq!(tell(&[on("2026-11-21")], &[]), "пожелание автора выполнить нельзя: в субботу, 21 ноября — выходной день");
    assert_eq!(tell(&[on("2026-12-31")], &[]), "пожелание автора выполнить нельзя: в четверг, 31 декабря — перенос выходного дня");
    assert_eq!(
        tell(&[on("2026-12-25")], &[]),
        "пожелание автора выполнить нельзя: в пятницу, 25 декабря — среди рабочих дней с 20 ноября по 11 декабря таких нет"
    );
}

#[test]
fn what_the_author_cannot_is_never_chosen() {
    let s = sokolova();
    let with = |wishes: &[Window], latest| choose(&[&s], &moscow(), &[], &Wanted { wishes, latest: msk(latest), ..wanted() });
    let avoided = with(&[not(weekly(&[Weekday::Tue]))], "2026-12-11T23:00");
    assert_eq!((start(&avoided).as_str(), avoided.wish_met), ("11-26 14:00", true));
    assert_eq!(avoided.reasons, ["выбрано ближайшее свободное время", "учтено, когда автору неудобно: по вторникам"]);
    assert_eq!(start(&with(&[not(hours(Window::default(), None, Some("14:30")))], "2026-12-11T23:00")), "11-24 14:30", "touching is enough to forbid");
    // A wish that lies in what is forbidden does not help it.
    assert_eq!(start(&with(&[on("2026-11-24"), not(weekly(&[Weekday::Tue]))], "2026-12-11T23:00")), "11-26 14:00");
    let nothing_else = with(&[not(weekly(&[Weekday::Tue]))], "2026-11-25T12:00");
    assert_eq!((&nothing_else.slot, nothing_else.wish_met), (&None, false), "what the author cannot is never chosen");
    assert_eq!(nothing_else.reasons, ["по 25 ноября свободно только время, которое автору неудобно: по вторникам"]);
}

#[test]
fn urgent_takes_the_earliest() {
    let s = sokolova();
    let thursdays = [weekly(&[Weekday::Thu])];
    let wanted = Wanted { wishes: &thursdays, urgent: true, ..wanted() };
    let choice = choose(&[&s], &moscow(), &[], &wanted);
    assert_eq!((start(&choice).as_str(), choice.wish_met), ("11-24 14:00", false));
    assert_eq!(choice.reasons, ["обращение срочное: выбрано самое раннее свободное время", "пожелание автора уступило срочности: по четвергам"]);
    let cannot = [not(weekly(&[Weekday::Tue]))];
    assert_eq!(start(&choose(&[&s], &moscow(), &[], &Wanted { wishes: &cannot, ..wanted })), "11-26 14:00");
}

#[test]
fn the_channel_is_the_authors_where_a_window_offers_it() {
    let s =
        specialist("p", vec![window(&[Weekday::Tue], "14:00", "17:00", &["телефон"]), window(&[Weekday::Thu], "09:00", "12:00", &["очно", "MAX", "Сферум"])]);
    let with = |channel| {
        let choice = choose(&[&s], &moscow(), &[], &Wanted { channel: Some(channel), ..wanted() });
        format!("{} {} | {}", start(&choice), choice.slot.unwrap().channel, choice.reasons[1])
    };
    assert_eq!(with(Channel::Phone), "11-24 14:00 телефон | способ связи по просьбе автора: по телефону");
    assert_eq!(with(Channel::InPerson), "11-26 09:00 очно | способ связи по просьбе автора: очно, в школе");
    assert_eq!(with(Channel::Video), "11-26 09:00 Сферум | способ связи по просьбе автора: в Сферуме");
    assert_eq!(with(Channel::Messenger), "11-26 09:00 MAX | способ связи по просьбе автора: в MAX");
    assert_eq!(
        with(Channel::Email),
        "11-24 14:00 телефон | способ связи, о котором просил автор (по электронной почте), в это время не предусмотрен: выбрано по телефону"
    );
    // The time wished counts for more than the channel.
    let tuesday = [weekly(&[Weekday::Tue])];
    let both = choose(&[&s], &moscow(), &[], &Wanted { wishes: &tuesday, channel: Some(Channel::InPerson), ..wanted() });
    assert_eq!(start(&both), "11-24 14:00");
}

#[test]
fn equal_specialists_share_the_load_and_a_known_one_is_kept() {
    let (a, b) = (specialist("a", sokolova().windows), specialist("b", sokolova().windows));
    let who = |taken: &[Busy], wanted: &Wanted<'_>| {
        let choice = choose(&[&b, &a], &moscow(), taken, wanted);
        let slot = choice.slot.clone().unwrap();
        (slot.specialist, start(&choice), choice.reasons.last().unwrap().clone())
    };
    assert_eq!(who(&[], &wanted()).0, "a", "by id when all else is equal");
    for at in ["2026-12-01T14:00", "2026-11-17T14:00"] {
        let (id, at, why) = who(&[busy("a", at, 40)], &wanted());
        assert_eq!((id.as_str(), at.as_str()), ("b", "11-24 14:00"));
        assert_eq!(why, "из свободных в это время выбран специалист, у которого меньше консультаций");
    }
    let outside = [busy("a", "2026-12-15T14:00", 40)];
    assert_eq!(who(&outside, &wanted()).0, "a", "only two weeks before and after count");
    let (id, _, why) = who(&[busy("a", "2026-11-03T14:00", 40)], &wanted());
    assert_eq!((id.as_str(), why.as_str()), ("b", "из свободных в это время выбран специалист, который дольше других не вёл консультаций"));
    let (id, _, why) = who(&[], &Wanted { prefer: Some("b"), ..wanted() });
    assert_eq!((id.as_str(), why.as_str()), ("b", "тот же специалист, что и раньше"));
    let full = [busy("b", "2026-11-20T00:00", 30 * 24 * 60)];
    let (id, _, why) = who(&full, &Wanted { prefer: Some("b"), ..wanted() });
    assert_eq!((id.as_str(), why.as_str()), ("a", "у прежнего специалиста подходящего времени нет"));
}

#[test]
fn a_declined_time_is_not_offered_again_and_the_next_one_is_the_same_specialists() {
    let (a, b) = (specialist("a", sokolova().windows), specialist("b", sokolova().windows));
    let mut declined = Vec::new();
    let mut offered = Vec::new();
    for _ in 0..5 {
        let choice = choose(&[&a, &b], &moscow(), &[], &Wanted { declined: &declined, ..wanted() });
        offered.push(format!("{} {}", choice.slot.as_ref().unwrap().specialist, start(&choice)));
        declined.push(("a".to_owned(), choice.slot.unwrap().start));
    }
    assert_eq!(offered, ["a 11-24 14:00", "a 11-24 14:40", "a 11-24 15:20", "a 11-24 16:00", "a 11-26 14:00"]);
    // Not a part of it either.
    let declined = [("a".to_owned(), msk("2026-11-24T14:10"))];
    let choice = choose(&[&a], &moscow(), &[], &Wanted { declined: &declined, ..wanted() });
    assert_eq!(start(&choice), "11-24 14:50");
    assert!(choice.reasons.contains(&"время, от которого отказались, больше не предлагается".to_owned()));
}

#[test]
fn when_there_is_no_time_the_cause_is_told() {
    let s = sokolova();
    let tell = |who: &[&Specialist], taken: &[Busy]| {
        let choice = choose(who, &moscow(), taken, &wanted());
        assert_eq!((choice.slot, choice.wish_met), (None, false));
        choice.reasons.join("|")
    };
    assert_eq!(tell(&[], &[]), "нет специалиста, которому можно назначить консультацию");
    assert_eq!(tell(&[&specialist("x", Vec::new())], &[]), "у специалистов не заданы окна консультаций");
    assert_eq!(tell(&[&s], &[busy("psychologist-1", "2026-11-20T00:00", 30 * 24 * 60)]), "по 11 декабря всё время занято или от него отказались");
    let mut away = sokolova();
    away.absences = vec![Absence { from: day("2026-11-01"), to: day("2026-12-31") }];
    assert_eq!(tell(&[&away], &[]), "по 11 декабря приёма нет: выходные, отсутствие специалиста или окна в другие дни");
}

#[test]
fn presence_looks_at_the_day_or_at_the_next_working_day() {
    let worktime = moscow();
    let mut s = sokolova();
    s.absences = vec![Absence { from: day("2026-11-23"), to: day("2026-11-27") }, Absence { from: day("2026-11-30"), to: day("2026-11-30") }];
    let at = |now| s.presence(&worktime, msk(now));
    assert_eq!(at("2026-11-20T18:00"), Presence::Present);
    assert_eq!(at("2026-11-21T10:00"), Presence::Away(Some(day("2026-12-01"))), "on Saturday the next working day counts");
    assert_eq!(at("2026-11-25T10:00"), Presence::Away(Some(day("2026-12-01"))));
    assert_eq!(at("2026-11-28T10:00"), Presence::Away(Some(day("2026-12-01"))));
    assert_eq!(at("2026-12-01T00:00"), Presence::Present);
    s.absences = vec![Absence { from: day("2026-12-28"), to: day("2027-01-10") }];
    assert_eq!(s.presence(&worktime, msk("2026-12-28T10:00")), Presence::Away(Some(day("2027-01-11"))));
    assert_eq!(s.presence(&worktime, msk("2026-12-31T10:00")), Presence::Present, "back on the next working day");
    s.absences = vec![Absence { from: day("2026-12-28"), to: NaiveDate::MAX }];
    assert_eq!(s.presence(&worktime, msk("2026-12-28T10:00")), Presence::Away(None));
}

#[test]
fn channels_and_windows_in_words() {
    let words: Vec<String> =
        ["phone", " Телефон ", "Сферум", "MAX", "in_person", "очно", "email", "видео", "Яндекс Телемост", ""].iter().map(|c| channel_in_words(c)).collect();
    assert_eq!(
        words,
        [
            "по телефону",
            "по телефону",
            "в Сферуме",
            "в MAX",
            "очно, в школе",
            "очно, в школе",
            "по электронной почте",
            "по видеосвязи",
            "в сервисе «Яндекс Телемост»",
            "способ связи уточнит специалист"
        ]
    );
    assert_eq!(channel_kind("Max"), Some(Channel::Messenger));
    assert_eq!(channel_kind(" "), None);
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let mut limited = window(&[Fri], "09:00", "12:00", &[]);
    limited.valid_to = Some(day("2027-05-31"));
    assert_eq!(windows_summary(&[window(&[Thu, Tue], "14:00", "17:00", &[]), limited]), "вт, чт 14:00-17:00; пт 09:00-12:00 (по 31 мая)");
    assert_eq!(windows_summary(&[window(&[Mon, Tue, Wed, Fri, Sat], "08:00", "09:00", &[])]), "пн-ср, пт, сб 08:00-09:00");
    assert_eq!(windows_summary(&[]), "окон нет");
    let shown: Vec<String> = [
        weekly(&[Thu, Tue]),
        hours(weekly(&[Mon, Tue, Wed, Thu, Fri]), None, Some("10:00")),
        weekly(&[Sat, Sun]),
        hours(on("2026-11-25"), Some("14:00"), Some("15:30")),
        Window { from: Some(day("2026-11-23")), to: Some(day("2026-11-29")), after: Some(time("08:00")), ..Window::default() },
        Window { from: Some(day("2026-11-30")), to: Some(day("2026-12-06")), ..Window::default() },
        Window::default(),
    ]
    .iter()
    .map(window_in_words)
    .collect();
    assert_eq!(
        shown,
        [
            "по вторникам и четвергам",
            "в будни до 10:00",
            "в выходные",
            "в среду, 25 ноября, с 14:00 до 15:30",
            "с 23 по 29 ноября после 08:00",
            "с 30 ноября по 6 декабря",
            "в любое время"
        ]
    );
}

#[test]
fn moments_at_the_ends_of_time_are_answered() {
    let s = sokolova();
    let (min, max) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let odd = [Busy::consultation(s.id.clone(), max, min), Busy::consultation(s.id.clone(), min, max)];
    for (earliest, latest) in [(min, max), (max, min), (min, min), (max, max)] {
        let declined = [(s.id.clone(), min), (s.id.clone(), max)];
        let wanted = Wanted { earliest, latest, minutes: u32::MAX, buffer_minutes: u32::MAX, declined: &declined, ..wanted() };
        assert_eq!(choose(&[&s], &moscow(), &odd, &wanted).slot, None);
        let _ = choose(&[&s], &moscow(), &[], &wanted);
    }
    let backwards = [Busy::consultation(s.id.clone(), msk("2026-11-24T14:40"), msk("2026-11-24T14:00"))];
    assert_eq!(start(&choose(&[&s], &moscow(), &backwards, &wanted())), "11-24 14:50", "what begins at 14:40 is kept clear of");
}

#[test]
fn mistakes_in_windows_and_absences_are_told() {
    let mut s = specialist("psychologist-1", vec![window(&[], "17:00", "14:00", &[])]);
    s.windows[0].valid_from = Some(day("2027-01-01"));
    s.windows[0].valid_to = Some(day("2026-01-01"));
    s.absences = vec![Absence { from: day("2027-01-10"), to: day("2026-12-28") }];
    assert_eq!(
        s.time_mistakes(),
        [
            "the window 17:00-14:00 of psychologist-1 names no weekday: add weekdays = [\"tue\"]",
            "the window 17:00-14:00 of psychologist-1 ends before it begins: exchange from and to",
            "the window 17:00-14:00 of psychologist-1 is valid from 2027-01-01 to 2026-01-01: exchange the two",
            "an absence of psychologist-1 begins on 2027-01-10 and ends on 2026-12-28: exchange the two",
        ]
    );
    assert_eq!(sokolova().time_mistakes(), Vec::<String>::new());
}

#[test]
fn where_the_clocks_change_no_slot_spans_the_change_or_comes_twice() {
    // The Sundays of the change are made working days for the test.
    let overlay: CalendarRules = toml::from_str("extra_work = [{ date = 2026-03-29, reason = \"проба\" }, { date = 2026-10-25, reason = \"проба\" }]").unwrap();
    let worktime = Worktime::new(chrono_tz::Europe::Berlin, &BTreeMap::new(), &[overlay], Office::default()).unwrap();
    let s = specialist("n", vec![window(&[Weekday::Sun], "00:00", "05:00", &[])]);
    let starts = |from: &str, to: &str| {
        let wanted = Wanted { earliest: from.parse().unwrap(), latest: to.parse().unwrap(), buffer_minutes: 0, ..wanted() };
        free_slots(&s, &worktime, &[], &wanted)
            .iter()
            .map(|s| s.start.with_timezone(&chrono_tz::Europe::Berlin).format("%H:%M").to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(starts("2026-03-28T12:00:00Z", "2026-03-29T20:00:00Z"), "00:00 00:40 01:20 03:00 03:40 04:20");
    assert_eq!(starts("2026-10-24T12:00:00Z", "2026-10-25T20:00:00Z"), "00:00 00:40 01:20 02:00 03:00 03:40 04:20");
}
