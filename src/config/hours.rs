//! The hours of one `[[specialist]]`: windows, exceptions, absences, lunch, and whom and how many they serve.

use super::document::{At, Section};
use super::rules::{days, span};
use super::values;
use crate::slots::{Absence, ClassRange, DayException, DayHours, Load, WeeklyWindow, Weeks};
use crate::understand::Category;
use chrono::{NaiveDate, NaiveTime};

/// `categories` of a person or of a window.
pub(super) fn categories(section: &Section<'_>) -> Vec<Category> {
    let mut categories = Vec::new();
    for word in section.texts("categories", "psychologist").unwrap_or_default() {
        match Category::from_key(&word.value) {
            Some(category) if categories.contains(&category) => section.wrong(Some(word.line), format!("categories names {} twice; take one out", word.value)),
            Some(category) => categories.push(category),
            None => {
                let known = Category::ALL.map(Category::key);
                let hint = values::closest(&word.value, &known).map_or_else(|| format!("known: {}", known.join(", ")), |near| format!("did you mean {near}?"));
                section.wrong(Some(word.line), format!("\"{}\" is no category; {hint}", word.value));
            }
        }
    }
    categories
}

/// `classes` of a person or of a window.
pub(super) fn classes(section: &Section<'_>) -> Vec<ClassRange> {
    let mut classes = Vec::new();
    for word in section.texts("classes", "7-9").unwrap_or_default() {
        match ClassRange::parse(&word.value) {
            Some(class) if classes.contains(&class) => section.wrong(Some(word.line), format!("classes names {} twice; take one out", word.value)),
            Some(class) => classes.push(class),
            None => section.wrong(Some(word.line), format!("\"{}\" is no class; write a year \"5\", years \"7-9\" or one class \"10А\"", word.value)),
        }
    }
    classes
}

/// The weekly windows of a person with these categories.
pub(super) fn windows(section: &Section<'_>, own: &[Category]) -> Vec<WeeklyWindow> {
    let mut out: Vec<WeeklyWindow> = Vec::new();
    for item in section.tables("windows") {
        let mut weekdays = Vec::new();
        for word in item.texts("weekdays", "tue").unwrap_or_default() {
            match values::weekday(&word.value) {
                Some(day) if weekdays.contains(&day) => item.wrong(Some(word.line), format!("names {} twice; take one out", word.value)),
                Some(day) => weekdays.push(day),
                None => item.wrong(Some(word.line), format!("\"{}\" is no weekday; write mon, tue, wed, thu, fri, sat, sun", word.value)),
            }
        }
        if !item.has("weekdays") {
            item.wrong(None, "weekdays is missing; write e.g. weekdays = [\"tue\", \"thu\"]");
        }
        let times = span(&item, "from", "to");
        let channels = channels(&item);
        let place = item.text("place", "кабинет 214").map(|p| p.value);
        let weeks = item.choice("weeks", &[("odd", Weeks::Odd), ("even", Weeks::Even)]).map(|w| w.value);
        let valid_from = item.date("valid_from");
        let valid_to = item.date("valid_to");
        if let (Some(from), Some(to)) = (&valid_from, &valid_to)
            && from.value > to.value
        {
            item.wrong(Some(to.line), format!("valid_to ({}) is before valid_from ({}); exchange them or correct one", to.value, from.value));
        }
        let reserve = item.flag("reserve").unwrap_or(false);
        let categories = categories(&item);
        if let Some(foreign) = categories.iter().find(|c| !own.contains(c)) {
            let key = foreign.key();
            item.wrong(None, format!("the window serves {key}, which this person does not answer; add {key} to their categories or take it out here"));
        }
        let classes = classes(&item);
        if let Some((from, to)) = times {
            let valid = (valid_from.map(|d| d.value), valid_to.map(|d| d.value));
            let window = WeeklyWindow { weekdays, from, to, channels, place, weeks, valid_from: valid.0, valid_to: valid.1, reserve, categories, classes };
            if out.iter().any(|other| overlap(other, &window)) {
                item.wrong(None, format!("the window {} overlaps with an earlier one of the same day; join them or correct the times", clock((from, to))));
            }
            out.push(window);
        }
        item.finish();
    }
    out
}

fn channels(item: &Section<'_>) -> Vec<String> {
    item.texts("channels", "phone").unwrap_or_else(|| vec![At { value: "phone".into(), line: 0 }]).into_iter().map(|c| c.value).collect()
}

fn clock((from, to): (NaiveTime, NaiveTime)) -> String {
    format!("{}-{}", from.format("%H:%M"), to.format("%H:%M"))
}

/// Whether two windows claim the same minutes: a slot would be offered twice.
fn overlap(a: &WeeklyWindow, b: &WeeklyWindow) -> bool {
    let first = |w: &WeeklyWindow| w.valid_from.unwrap_or(NaiveDate::MIN);
    let last = |w: &WeeklyWindow| w.valid_to.unwrap_or(NaiveDate::MAX);
    let other_weeks = a.weeks.is_some() && b.weeks.is_some() && a.weeks != b.weeks;
    !other_weeks && a.weekdays.iter().any(|d| b.weekdays.contains(d)) && a.from < b.to && b.from < a.to && first(a) <= last(b) && first(b) <= last(a)
}

/// Days with hours of their own, or with none.
pub(super) fn exceptions(section: &Section<'_>) -> Vec<DayException> {
    let mut out: Vec<DayException> = Vec::new();
    for item in section.tables("exceptions") {
        let date = item.date("date");
        if !item.has("date") {
            item.wrong(None, "date is missing; write e.g. date = 2026-12-25");
        }
        let closed = item.flag("closed").unwrap_or(false);
        let named = item.has("from") | item.has("to");
        let hours = match (closed, named) {
            (true, true) => {
                item.wrong(None, "is closed and has hours; take closed = true out, or from and to");
                None
            }
            (true, false) => {
                item.know(&["channels", "place"]);
                Some(None)
            }
            (false, false) if !item.has("closed") || item.flag("closed").is_some() => {
                item.wrong(None, "says nothing of the day; write from and to, or closed = true");
                None
            }
            (false, _) => {
                let (channels, place) = (channels(&item), item.text("place", "кабинет 214").map(|p| p.value));
                span(&item, "from", "to").map(|(from, to)| Some(DayHours { from, to, channels, place }))
            }
        };
        if let (Some(date), Some(hours)) = (date, hours) {
            let exception = DayException { date: date.value, hours };
            if out.iter().any(|other| contradict(other, &exception)) {
                item.wrong(Some(date.line), format!("contradicts an earlier exception of {}; join the two or take one out", date.value));
            }
            out.push(exception);
        }
        item.finish();
    }
    out
}

/// Whether two exceptions cannot both hold: hours of one day that overlap, or a closed day with hours.
fn contradict(a: &DayException, b: &DayException) -> bool {
    a.date == b.date
        && match (&a.hours, &b.hours) {
            (Some(a), Some(b)) => a.from < b.to && b.from < a.to,
            _ => true,
        }
}

/// Days away.
pub(super) fn absences(section: &Section<'_>) -> Vec<Absence> {
    let mut out: Vec<Absence> = Vec::new();
    for item in section.tables("absences") {
        if let Some((from, to)) = days(&item) {
            if let Some(other) = out.iter().find(|a| a.from <= to && from <= a.to) {
                item.wrong(None, format!("overlaps with the absence from {} to {}; join them", other.from, other.to));
            }
            out.push(Absence { from, to });
        }
        item.finish();
    }
    out
}

/// The daily break.
pub(super) fn lunch(section: &Section<'_>) -> Option<(NaiveTime, NaiveTime)> {
    let item = section.table("lunch")?;
    let times = span(&item, "from", "to");
    item.finish();
    times
}

/// The most consultations.
pub(super) fn load(section: &Section<'_>) -> Load {
    let Some(item) = section.table("load") else { return Load::default() };
    let day = item.number("day", 1..=20);
    let week = item.number("week", 1..=100);
    if !item.has("day") && !item.has("week") {
        item.wrong(None, "limits nothing; write day = 4, week = 15 or both");
    }
    if let (Some(day), Some(week)) = (&day, &week)
        && day.value > week.value
    {
        item.wrong(Some(day.line), format!("day ({}) is more than week ({}); exchange them or correct one", day.value, week.value));
    }
    item.finish();
    let small = |n: At<u64>| u32::try_from(n.value).ok();
    Load { day: day.and_then(small), week: week.and_then(small) }
}
