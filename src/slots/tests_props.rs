//! What holds for every choice, checked against a plain second reading of the rules.

use super::tests::{busy, day, msk, specialist, time, wanted, window, worktime_in};
use super::*;
use crate::understand::{Category, Channel, Window};
use crate::worktime::Worktime;
use chrono::{DateTime, Datelike, Days, TimeDelta, Timelike, Utc, Weekday};
use proptest::prelude::*;

const DAYS: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// All that one question consists of.
#[derive(Debug, Clone)]
struct Question {
    zone: chrono_tz::Tz,
    specialists: Vec<Specialist>,
    busy: Vec<Busy>,
    wishes: Vec<Window>,
    declined: Vec<(String, DateTime<Utc>)>,
    channel: Option<Channel>,
    prefer: Option<String>,
    urgent: bool,
    minutes: u32,
    buffer_minutes: u32,
    earliest: DateTime<Utc>,
    days: i64,
    class: Option<&'static str>,
    subject: Option<&'static str>,
    category: Option<Category>,
    notice_from: Option<DateTime<Utc>>,
    near: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Question {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            earliest: self.earliest,
            latest: self.earliest + TimeDelta::days(self.days),
            minutes: self.minutes,
            buffer_minutes: self.buffer_minutes,
            wishes: &self.wishes,
            channel: self.channel,
            urgent: self.urgent,
            prefer: self.prefer.as_deref(),
            declined: &self.declined,
            class: self.class,
            subject: self.subject,
            category: self.category,
            notice_from: self.notice_from,
            near: &self.near,
        }
    }

    fn ask(&self, worktime: &Worktime) -> Choice {
        choose(&self.specialists.iter().collect::<Vec<_>>(), worktime, &self.busy, &self.wanted())
    }
}

fn any_days() -> impl Strategy<Value = Vec<Weekday>> {
    prop::sample::subsequence(DAYS.to_vec(), 1..4)
}

fn clock_of(minute: u32) -> chrono::NaiveTime {
    time(&format!("{:02}:{:02}", minute / 60, minute % 60))
}

fn any_classes() -> impl Strategy<Value = Vec<ClassRange>> {
    prop::sample::subsequence(vec!["5", "7-9", "10А", "1-4"], 0..2).prop_map(|all| all.into_iter().map(|c| ClassRange::parse(c).unwrap()).collect())
}

fn any_weekly() -> impl Strategy<Value = WeeklyWindow> {
    let times = (any_days(), 0u32..23, 0u32..59, 20u32..400, prop::option::of(0u64..40));
    let whom = (
        prop::option::of(prop::sample::select(vec![Weeks::Odd, Weeks::Even])),
        prop::bool::weighted(0.2),
        prop::sample::subsequence(vec![Category::Psychologist, Category::LearningHelp], 0..2),
        any_classes(),
    );
    (times, whom).prop_map(|((days, hour, minute, length, valid), (weeks, reserve, categories, classes))| WeeklyWindow {
        valid_from: valid.map(|d| day("2026-10-20") + Days::new(d)),
        weeks: weeks.filter(|_| length % 2 == 0),
        reserve,
        categories,
        classes,
        ..window(&days, &format!("{hour:02}:{minute:02}"), &clock_of((hour * 60 + minute + length).min(1439)).format("%H:%M").to_string(), &["phone", "Сферум"])
    })
}

fn any_exception() -> impl Strategy<Value = DayException> {
    (0u64..45, prop::option::of((0u32..1300, 20u32..400))).prop_map(|(at, hours)| DayException {
        date: day("2026-10-20") + Days::new(at),
        hours: hours.map(|(from, length)| DayHours {
            from: clock_of(from),
            to: clock_of((from + length).min(1439)),
            channels: vec!["phone".to_owned()],
            place: None,
        }),
    })
}

fn any_specialist(n: usize) -> impl Strategy<Value = Specialist> {
    let absence =
        (0u64..60, 0u64..8).prop_map(|(from, length)| Absence { from: day("2026-10-10") + Days::new(from), to: day("2026-10-10") + Days::new(from + length) });
    let limits = (prop::option::of(0u32..3), prop::option::of(0u32..5), prop::option::of(0u32..40), prop::option::of(0u32..4000));
    (
        prop::collection::vec(any_weekly(), 1..4),
        prop::collection::vec(any_exception(), 0..4),
        prop::collection::vec(absence, 0..3),
        prop::option::of((0u32..1300, 20u32..90)),
        limits,
        any_classes(),
        prop::bool::weighted(0.2),
    )
        .prop_map(move |(windows, exceptions, absences, lunch, (day, week, buffer_minutes, notice_minutes), classes, teaches)| Specialist {
            exceptions,
            absences,
            lunch: lunch.map(|(from, length)| (clock_of(from), clock_of(from + length))),
            load: Load { day, week },
            buffer_minutes,
            notice_minutes,
            classes,
            subjects: if teaches { vec!["математика".to_owned(), "алгебра".to_owned()] } else { Vec::new() },
            ..specialist(&format!("s{n}"), windows)
        })
}

fn any_window() -> impl Strategy<Value = Window> {
    let clock = || prop::option::of((0u32..24, 0u32..60).prop_map(|(h, m)| time(&format!("{h:02}:{m:02}"))));
    (prop::option::of(any_days()), clock(), clock(), prop::option::of(0u64..40), any::<bool>()).prop_map(|(weekday, after, before, date, not)| Window {
        weekday: weekday.unwrap_or_default(),
        after,
        before,
        date: date.map(|d| day("2026-10-20") + Days::new(d)),
        not,
        ..Window::default()
    })
}

fn any_question() -> impl Strategy<Value = Question> {
    let zone = prop::sample::select(vec![chrono_tz::Europe::Moscow, chrono_tz::Europe::Berlin, chrono_tz::Asia::Kamchatka, chrono_tz::Asia::Kathmandu]);
    let moment = || (0i64..40 * 24 * 60).prop_map(|m| msk("2026-10-20T00:00") + TimeDelta::minutes(m));
    let busy = prop::collection::vec((0usize..3, moment(), 1i64..3000, any::<bool>(), 0u32..100), 0..25).prop_map(|all| {
        let one = |(n, start, minutes, counts, margin)| {
            let (id, end) = (format!("s{n}"), start + TimeDelta::minutes(minutes));
            if counts { Busy::consultation(id, start, end) } else { Busy::block(id, start, end, margin) }
        };
        all.into_iter().map(one).collect::<Vec<_>>()
    });
    let near = prop::collection::vec(moment().prop_map(|at| (at, at + TimeDelta::minutes(40))), 0..3);
    let whom = (
        prop::option::of(prop::sample::select(vec!["5А", "8Б", "10А", "10Б"])),
        prop::option::of(prop::sample::select(vec!["алгебре", "физика"])),
        prop::option::of(prop::sample::select(vec![Category::Psychologist, Category::LearningHelp])),
        prop::option::of(moment()),
        near,
    );
    let declined = prop::collection::vec((0usize..3, moment()).prop_map(|(n, at)| (format!("s{n}"), at)), 0..3);
    let channel = prop::option::of(prop::sample::select(vec![Channel::Phone, Channel::Video, Channel::InPerson]));
    let who = (any_specialist(0), any_specialist(1), any_specialist(2)).prop_map(|(a, b, c)| vec![a, b, c]);
    let numbers = (1u32..90, 0u32..60, moment(), 0i64..40);
    (
        zone,
        who,
        busy,
        prop::collection::vec(any_window(), 0..4),
        declined,
        channel,
        prop::option::of(prop::sample::select(vec!["s0".to_owned(), "s2".to_owned()])),
        any::<bool>(),
        numbers,
        whom,
    )
        .prop_map(|(zone, specialists, busy, wishes, declined, channel, prefer, urgent, (minutes, buffer_minutes, earliest, days), whom)| Question {
            zone,
            specialists,
            busy,
            wishes,
            declined,
            channel,
            prefer,
            urgent,
            minutes,
            buffer_minutes,
            earliest,
            days,
            class: whom.0,
            subject: whom.1.filter(|_| days % 4 == 0),
            category: whom.2,
            notice_from: whom.3,
            near: whom.4,
        })
}

/// The end of hours on a day: on the eve of a holiday an hour earlier where they reach beyond the school's close at 16:30.
fn end_of(to: chrono::NaiveTime, worktime: &Worktime, date: chrono::NaiveDate) -> chrono::NaiveTime {
    let hour_less = to - TimeDelta::hours(1);
    if worktime.is_short(date) && to > time("16:30") { hour_less.max(time("16:30")) } else { to }
}

/// Weeks of the school year 2026/27, whose first Monday is 31 August.
fn odd_week(date: chrono::NaiveDate) -> bool {
    (date - day("2026-08-31")).num_days() / 7 % 2 == 0
}

fn serves(classes: &[ClassRange], class: Option<&str>) -> bool {
    let Some(class) = class else { return true };
    let year: u8 = class.trim_end_matches(char::is_alphabetic).parse().unwrap();
    classes.is_empty() || classes.iter().any(|c| c.from <= year && year <= c.to && c.letter.is_none_or(|l| class.ends_with(l)))
}

/// Whether a slot is allowed at all, read from the rules once more and without any of the search's machinery.
fn allowed(q: &Question, worktime: &Worktime, slot: &Slot) -> Result<(), String> {
    let s = q.specialists.iter().find(|s| s.id == slot.specialist).ok_or("somebody else")?;
    let (from, to) = (worktime.to_local(slot.start), worktime.to_local(slot.end));
    let must = |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}: {slot:?}")) };
    let date = from.date();
    must((slot.end - slot.start).num_minutes() == i64::from(q.minutes.min(40)), "length")?;
    let earliest = match (q.urgent, q.notice_from, s.notice_minutes) {
        (false, Some(from), Some(own)) => from + TimeDelta::minutes(i64::from(own)),
        _ => q.earliest,
    };
    must(slot.start >= earliest && slot.end <= q.earliest + TimeDelta::days(q.days), "horizon")?;
    must(worktime.is_workday(date) && to.date() == date, "day off")?;
    must(!s.absences.iter().any(|a| a.from <= date && date <= a.to), "absence")?;
    must(serves(&s.classes, q.class), "class")?;
    must(s.subjects.is_empty() || q.subject != Some("физика"), "subject")?;
    must(s.lunch.is_none_or(|(a, b)| to.time() <= a || b <= from.time()), "lunch")?;
    let inside = |a: chrono::NaiveTime, b| a <= from.time() && to.time() <= end_of(b, worktime, date);
    let own_hours: Vec<&DayException> = s.exceptions.iter().filter(|e| e.date == date).collect();
    if own_hours.is_empty() {
        must(
            s.windows.iter().any(|w| {
                w.weekdays.contains(&date.weekday())
                    && w.valid_from.is_none_or(|d| d <= date)
                    && w.weeks.is_none_or(|weeks| (weeks == Weeks::Odd) == odd_week(date))
                    && (q.urgent || !w.reserve)
                    && (w.categories.is_empty() || q.category.is_none_or(|c| w.categories.contains(&c)))
                    && serves(&w.classes, q.class)
                    && inside(w.from, w.to)
                    && w.channels.contains(&slot.channel)
            }),
            "window",
        )?;
    } else {
        must(own_hours.iter().filter_map(|e| e.hours.as_ref()).any(|h| inside(h.from, h.to) && h.channels.contains(&slot.channel)), "exception")?;
    }
    let buffer = s.buffer_minutes.unwrap_or(q.buffer_minutes);
    let clear = |b: &Busy| {
        let margin = TimeDelta::minutes(i64::from(buffer.max(b.margin_minutes)));
        b.start - margin >= slot.end || slot.start >= b.end + margin
    };
    let own: Vec<&Busy> = q.busy.iter().filter(|b| b.specialist == s.id).collect();
    must(own.iter().all(|b| clear(b)), "busy")?;
    let held: Vec<chrono::NaiveDate> = own.iter().filter(|b| b.counts).map(|b| worktime.local_date(b.start)).collect();
    let today = held.iter().filter(|d| **d == date).count() as u32;
    let week = held.iter().filter(|d| d.iso_week() == date.iso_week()).count() as u32;
    must(s.load.day.is_none_or(|most| today < most + u32::from(q.urgent)), "day's load")?;
    must(q.urgent || s.load.week.is_none_or(|most| week < most), "week's load")?;
    must(!q.near.iter().any(|(a, b)| slot.start < *b && *a < slot.end), "the family is elsewhere")?;
    must(!q.declined.iter().any(|(id, at)| *id == s.id && *at < slot.end && slot.start < *at + (slot.end - slot.start)), "declined")
}

fn in_day(w: &Window, worktime: &Worktime, slot: &Slot) -> bool {
    let date = worktime.local_date(slot.start);
    (w.weekday.is_empty() || w.weekday.contains(&date.weekday())) && w.date.is_none_or(|d| d == date)
}

fn minute(time: chrono::NaiveTime) -> u32 {
    time.num_seconds_from_midnight() / 60
}

fn meets(w: &Window, worktime: &Worktime, slot: &Slot) -> bool {
    let (from, to) = (worktime.to_local(slot.start).time(), worktime.to_local(slot.end).time());
    let before = w.before.map_or(1440, minute);
    in_day(w, worktime, slot) && w.after.is_none_or(|t| t <= from) && minute(to) <= if before == 0 { 1440 } else { before }
}

fn touches(w: &Window, worktime: &Worktime, slot: &Slot) -> bool {
    let (from, to) = (worktime.to_local(slot.start).time(), worktime.to_local(slot.end).time());
    let before = w.before.map_or(1440, minute);
    in_day(w, worktime, slot) && w.after.is_none_or(|t| t < to) && minute(from) < if before == 0 { 1440 } else { before }
}

/// Every allowed round start, found by trying them all.
fn all_round_starts(q: &Question, worktime: &Worktime) -> Vec<Slot> {
    let mut found = Vec::new();
    let minutes = TimeDelta::minutes(i64::from(q.minutes.min(40)));
    let first = DateTime::from_timestamp(q.earliest.timestamp().div_euclid(300) * 300, 0).unwrap();
    for n in 0..q.days * 24 * 12 + 12 {
        let start = first + TimeDelta::minutes(5 * n);
        if !worktime.to_local(start).time().minute().is_multiple_of(10) {
            continue;
        }
        for s in &q.specialists {
            let slot = Slot { specialist: s.id.clone(), start, end: start + minutes, channel: "phone".to_owned(), place: None };
            if allowed(q, worktime, &slot).is_ok() {
                found.push(slot);
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_choice_breaks_no_rule_and_the_same_question_has_the_same_answer(q in any_question()) {
        let worktime = worktime_in(q.zone);
        let choice = q.ask(&worktime);
        prop_assert!(!choice.reasons.is_empty());
        if let Some(slot) = &choice.slot {
            prop_assert_eq!(allowed(&q, &worktime, slot), Ok(()));
            let named = q.wishes.iter().any(|w| !w.not);
            let wished = !named || q.wishes.iter().any(|w| !w.not && meets(w, &worktime, slot));
            prop_assert!(!q.wishes.iter().any(|w| w.not && touches(w, &worktime, slot)), "what the author cannot");
            prop_assert_eq!(choice.wish_met, wished);
        }
        prop_assert_eq!(&q.ask(&worktime), &choice);
        let mut turned = q.clone();
        turned.specialists.reverse();
        turned.busy.reverse();
        prop_assert_eq!(turned.ask(&worktime), choice);
    }

    #[test]
    fn free_slots_break_no_rule_and_follow_each_other(q in any_question()) {
        let worktime = worktime_in(q.zone);
        for s in &q.specialists {
            let q = Question { near: Vec::new(), ..q.clone() };
            let slots = free_slots(s, &worktime, &q.busy, &q.wanted());
            prop_assert!(slots.windows(2).all(|w| w[0].start < w[1].start));
            for slot in slots {
                prop_assert_eq!(allowed(&q, &worktime, &slot), Ok(()));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn nothing_better_was_left_unseen(mut q in any_question()) {
        q.days = q.days.min(14);
        let worktime = worktime_in(q.zone);
        let choice = q.ask(&worktime);
        let all = all_round_starts(&q, &worktime);
        let named = q.wishes.iter().any(|w| !w.not);
        let wished = |s: &Slot| !named || q.wishes.iter().any(|w| !w.not && meets(w, &worktime, s));
        let forbidden = |s: &Slot| q.wishes.iter().any(|w| w.not && touches(w, &worktime, s));
        let fair: Vec<&Slot> = all.iter().filter(|s| !forbidden(s)).collect();
        match &choice.slot {
            None => prop_assert!(fair.is_empty(), "a slot was missed: {:?}", fair.first()),
            Some(slot) if q.urgent => prop_assert!(fair.iter().all(|s| slot.start <= s.start), "an earlier one was free"),
            Some(slot) => {
                // A teacher whose list names the subject comes before wishes.
                let named = |s: &Slot| q.subject.is_none() || q.specialists.iter().any(|p| p.id == s.specialist && !p.subjects.is_empty());
                let same: Vec<&&Slot> = fair.iter().filter(|s| named(s) == named(slot)).collect();
                prop_assert!(named(slot) || !fair.iter().any(|s| named(s)), "a teacher of the subject was free");
                prop_assert!(wished(slot) || !same.iter().any(|s| wished(s)), "a wish could be met");
            }
        }
    }

    #[test]
    fn proposals_are_allowed_apart_and_begin_with_the_choice(q in any_question(), n in 0usize..5) {
        let worktime = worktime_in(q.zone);
        let who: Vec<&Specialist> = q.specialists.iter().collect();
        let found = proposals(&who, &worktime, &q.busy, &q.wanted(), n);
        prop_assert!(found.len() <= n);
        let choice = q.ask(&worktime);
        if n > 0 && choice.slot.is_some() {
            prop_assert_eq!(found.first().map(|(s, _)| s), choice.slot.as_ref());
        }
        let turned: Vec<&Specialist> = q.specialists.iter().rev().collect();
        prop_assert_eq!(&proposals(&turned, &worktime, &q.busy, &q.wanted(), n), &found);
        for (i, (slot, lines)) in found.iter().enumerate() {
            prop_assert_eq!(allowed(&q, &worktime, slot), Ok(()));
            prop_assert!((1..=2).contains(&lines.len()), "{:?}", lines);
            let cannot = q.wishes.iter().any(|w| w.not && touches(w, &worktime, slot));
            prop_assert_eq!(cannot, choice.slot.is_none());
            for (other, _) in &found[..i] {
                let apart = (slot.start - other.start).abs() >= TimeDelta::hours(2);
                prop_assert!(apart || worktime.local_date(slot.start) != worktime.local_date(other.start), "{slot:?} {other:?}");
            }
        }
    }
}

#[test]
fn a_large_school_asked_for_two_months_is_answered() {
    // The size that the promise of one millisecond speaks of; the time itself is measured by a benchmark, not by a test.
    let worktime = worktime_in(chrono_tz::Europe::Moscow);
    let all: Vec<Specialist> = (0..30)
        .map(|n| specialist(&format!("s{n:02}"), vec![window(&DAYS[..5], "09:00", "12:00", &["phone"]), window(&DAYS[..5], "14:00", "17:00", &["Сферум"])]))
        .collect();
    let taken: Vec<Busy> = (0..30).flat_map(|n| (10..30).map(move |d| busy(&format!("s{n:02}"), &format!("2026-11-{d}T14:00"), 40))).collect();
    let wishes = [Window { weekday: vec![Weekday::Fri], after: Some(time("16:00")), ..Window::default() }];
    let wanted = Wanted { wishes: &wishes, latest: msk("2027-01-19T12:00"), ..wanted() };
    let choice = choose(&all.iter().collect::<Vec<_>>(), &worktime, &taken, &wanted);
    assert_eq!(choice.slot.map(|s| (s.specialist, s.start)), Some(("s00".to_owned(), msk("2026-11-20T16:00"))));
}
