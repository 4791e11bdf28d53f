//! What should be known of the register's hours: nobody could be invited to them, or the file says what cannot have been meant.

use super::Warning;
use super::warnings::{AHEAD, warning};
use crate::settings::{Handling, Settings};
use crate::slots::{Specialist, Wanted, free_slots};
use crate::understand::Category;
use crate::worktime::Worktime;
use chrono::{Days, NaiveDate, NaiveTime};

const FILE: &str = "rules/specialists.toml";
/// Hours in which a school may well expect a family.
const FROM: (u32, u32) = (7, 0);
const UNTIL: (u32, u32) = (21, 0);

fn time((hour, minute): (u32, u32)) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()
}

fn consults(settings: &Settings, category: Category) -> bool {
    settings.categories.get(&category).is_some_and(|r| r.handled == Handling::Consultation)
}

/// Whether a consultation of this category and class could be given to the person within the days looked at, if nobody else had any.
fn serves(settings: &Settings, person: &Specialist, today: NaiveDate, category: Category, class: Option<&str>) -> bool {
    let worktime = &settings.worktime;
    let last = today.checked_add_days(Days::new(AHEAD)).unwrap_or(today);
    let wanted = Wanted {
        earliest: worktime.local(today, NaiveTime::MIN),
        latest: worktime.last_second(last),
        // Windows that are too short are told by themselves.
        minutes: 1,
        category: Some(category),
        class,
        ..Wanted::default()
    };
    !free_slots(person, worktime, &[], &wanted).is_empty()
}

/// What is odd in the hours of one person.
pub(super) fn find(settings: &Settings, person: &Specialist, today: NaiveDate, line: Option<usize>, out: &mut Vec<Warning>) {
    let consulted: Vec<Category> = person.categories.iter().copied().filter(|c| consults(settings, *c)).collect();
    let unserved: Vec<Category> = consulted.iter().copied().filter(|c| !serves(settings, person, today, *c, None)).collect();
    if !unserved.is_empty() && unserved.len() == consulted.len() {
        let message = format!(
            "{} answers consultations but has no window in the next {AHEAD} days; add windows to the entry, or nobody can be invited to them",
            person.id
        );
        let report = format!("{}: нет ни одного окна для консультаций в ближайшие {AHEAD} дней.", person.name);
        out.push(warning(FILE, line, message, Some(report)));
    } else {
        for category in unserved {
            let message = format!(
                "{} answers {} but no window in the next {AHEAD} days serves it; add it to the categories of a window, or take it from the person's",
                person.id,
                category.key()
            );
            let report = format!("{}: тема «{}» — нет окон в ближайшие {AHEAD} дней.", person.name, category.title());
            out.push(warning(FILE, line, message, Some(report)));
        }
    }
    let minutes = settings.terms.consultation_minutes;
    let clock = |from: NaiveTime, to: NaiveTime| format!("{}-{}", from.format("%H:%M"), to.format("%H:%M"));
    if let Some(w) = person.windows.iter().find(|w| (w.to - w.from).num_minutes() < i64::from(minutes)) {
        let shown = clock(w.from, w.to);
        let message = format!("{}: the window {shown} is shorter than a consultation ({minutes} minutes) and will never be offered; widen it", person.id);
        out.push(warning(FILE, line, message, None));
    }
    let exceptional = person.exceptions.iter().filter_map(|e| e.hours.as_ref()).map(|h| (h.from, h.to));
    if let Some((from, to)) = person.windows.iter().map(|w| (w.from, w.to)).chain(exceptional).find(|(from, to)| *from < time(FROM) || time(UNTIL) < *to) {
        let message = format!("{}: the window {} lies outside 07:00-21:00; correct it unless families really come then", person.id, clock(from, to));
        out.push(warning(FILE, line, message, None));
    }
    days(person, &settings.worktime, today, line, out);
}

/// Exceptions that open nothing.
fn days(person: &Specialist, worktime: &Worktime, today: NaiveDate, line: Option<usize>, out: &mut Vec<Warning>) {
    for date in person.exceptions.iter().filter(|e| e.hours.is_some() && today <= e.date).map(|e| e.date) {
        let cause = match (worktime.is_workday(date), person.is_away(date)) {
            (true, false) => continue,
            (false, _) => "is a day off",
            (true, true) => "lies in an absence of theirs",
        };
        let message = format!("{}: the exception of {date} opens nothing, since the day {cause}; take it out, or correct the date", person.id);
        out.push(warning(FILE, line, message, None));
    }
}

/// Years of school that nobody serves in a category in which somebody serves others.
pub(super) fn classes(settings: &Settings, today: NaiveDate, out: &mut Vec<Warning>) {
    for category in settings.categories.keys().copied().filter(|c| consults(settings, *c)) {
        let own: Vec<&Specialist> = settings.staff.iter().filter(|s| s.categories.contains(&category)).collect();
        if own.iter().all(|s| s.classes.is_empty() && s.windows.iter().all(|w| w.classes.is_empty())) {
            continue;
        }
        let served = |year: &u8| own.iter().any(|s| serves(settings, s, today, category, Some(&year.to_string())));
        let (some, none): (Vec<u8>, Vec<u8>) = (1..=11).partition(served);
        if some.is_empty() || none.is_empty() {
            continue;
        }
        let years = ranges(&none);
        let message = format!(
            "nobody with a window in the next {AHEAD} days serves classes {years} for {}: their letters go to the head; add the classes to somebody's entry or window",
            category.key()
        );
        let report = format!("Тема «{}»: для классов {years} нет специалиста с окнами в ближайшие {AHEAD} дней, обращения приходят Вам.", category.title());
        out.push(warning(FILE, None, message, Some(report)));
    }
}

/// «1-4, 10».
fn ranges(years: &[u8]) -> String {
    let rows = years.chunk_by(|a, b| a + 1 == *b).filter_map(|row| Some((*row.first()?, *row.last()?)));
    rows.map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") }).collect::<Vec<_>>().join(", ")
}
