//! The oracle: which starts are admissible, by brute force over every ten minutes. Written apart from `slots`, in the words of the rules:
//! working days, windows or what stands instead of them, weeks, lunch, absences, loads, buffer, notice, horizon, what the family cannot.

use crate::arrivals::suits;
use crate::chance::time;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use otklik::settings::Settings;
use otklik::slots::{ClassRange, Specialist, Weeks};
use otklik::understand::{Category, Window};
use std::collections::BTreeMap;

/// Consultations by specialist.
pub type Taken = BTreeMap<String, Vec<(DateTime<Utc>, DateTime<Utc>)>>;

/// What is asked.
pub struct Query<'a> {
    pub now: DateTime<Utc>,
    pub category: Category,
    pub class: &'a str,
    pub subject: Option<&'a str>,
    pub wishes: &'a [Window],
    pub urgent: bool,
    pub family: &'a [(DateTime<Utc>, DateTime<Utc>)],
}

/// An odd week of the school year: the one of 1 September is the first.
fn odd(date: NaiveDate) -> bool {
    let begin = NaiveDate::from_ymd_opt(if date.month() >= 9 { date.year() } else { date.year() - 1 }, 9, 1).unwrap();
    let monday = |d: NaiveDate| d - TimeDelta::days(i64::from(d.weekday().num_days_from_monday()));
    (monday(date) - monday(begin)).num_days() / 7 % 2 == 0
}

/// The hours of a day, lunch taken out; none on a day off or away.
pub fn hours(settings: &Settings, person: &Specialist, date: NaiveDate, reserve: bool) -> Vec<(NaiveTime, NaiveTime)> {
    if !settings.worktime.is_workday(date) || person.absences.iter().any(|a| a.from <= date && date <= a.to) {
        return Vec::new();
    }
    let special: Vec<_> = person.exceptions.iter().filter(|e| e.date == date).collect();
    let open: Vec<(NaiveTime, NaiveTime)> = if special.is_empty() {
        let holds = |w: &&otklik::slots::WeeklyWindow| {
            w.weekdays.contains(&date.weekday())
                && (reserve || !w.reserve)
                && w.valid_from.is_none_or(|d| d <= date)
                && w.valid_to.is_none_or(|d| date <= d)
                && w.weeks.is_none_or(|k| (k == Weeks::Odd) == odd(date))
        };
        person.windows.iter().filter(holds).map(|w| (w.from, w.to)).collect()
    } else {
        special.iter().filter_map(|e| e.hours.as_ref()).map(|h| (h.from, h.to)).collect()
    };
    let shorter = |(from, to): (NaiveTime, NaiveTime)| {
        // On the eve of a holiday the day is an hour shorter, but not before the office closes.
        let close = settings.worktime.closing(date);
        (from, if settings.worktime.is_short(date) && close < to { close.max(to - TimeDelta::hours(1)) } else { to })
    };
    let (eat, eaten) = person.lunch.unwrap_or((time(0, 0), time(0, 0)));
    open.into_iter().map(shorter).flat_map(|(from, to)| [(from, to.min(eat)), (from.max(eaten), to)]).filter(|(from, to)| from < to).collect()
}

/// Whether the person can be asked at all.
pub fn serves(person: &Specialist, query: &Query<'_>) -> bool {
    let class = ClassRange::parse(query.class);
    person.categories.contains(&query.category)
        && (person.classes.is_empty() || class.is_none_or(|class| person.classes.iter().any(|c| c.holds(class))))
        && query.subject.is_none_or(|s| person.subjects.is_empty() || person.subjects.iter().any(|own| own == s))
}

/// When the earliest consultation may begin: the notice counts from the end of the specialist's time to answer.
pub fn earliest(settings: &Settings, query: &Query<'_>) -> DateTime<Utc> {
    let terms = &settings.terms;
    if query.urgent {
        return query.now + TimeDelta::minutes(i64::from(terms.prepare_minutes));
    }
    let told = settings.worktime.add_working_minutes(settings.worktime.next_office_moment(query.now), terms.silence_minutes);
    told + TimeDelta::minutes(i64::from(terms.notice_minutes))
}

/// The admissible starts of one specialist, in order.
pub fn free(settings: &Settings, person: &Specialist, taken: &Taken, query: &Query<'_>) -> Vec<DateTime<Utc>> {
    if !serves(person, query) {
        return Vec::new();
    }
    let (worktime, terms) = (&settings.worktime, &settings.terms);
    let (from, until) = (earliest(settings, query), query.now + TimeDelta::days(i64::from(terms.horizon_days)));
    let length = TimeDelta::minutes(i64::from(terms.consultation_minutes));
    let buffer = TimeDelta::minutes(i64::from(person.buffer_minutes.unwrap_or(terms.buffer_minutes)));
    let own = taken.get(&person.id).map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    for date in worktime.local_date(from).iter_days().take_while(|d| *d <= worktime.local_date(until)) {
        let open = hours(settings, person, date, query.urgent);
        if open.is_empty() || full(settings, person, own, date, query.urgent) {
            continue;
        }
        for minute in (0..24 * 60).step_by(10) {
            let begin = time(minute / 60, minute % 60);
            let start = worktime.local(date, begin);
            let end = start + length;
            let (local, ends) = (worktime.to_local(start), worktime.to_local(end));
            let fits = start >= from
                && end <= until
                && ends.date() == date
                && open.iter().any(|(a, b)| *a <= begin && ends.time() <= *b)
                && !own.iter().any(|(a, b)| *a < end + buffer && start < *b + buffer)
                && !query.family.iter().any(|(a, b)| *a < end && start < *b);
            if fits && suits(query.wishes, local, ends).1 {
                found.push(start);
            }
        }
    }
    found
}

/// Whether the day or its week holds as many consultations as it may.
fn full(settings: &Settings, person: &Specialist, own: &[(DateTime<Utc>, DateTime<Utc>)], date: NaiveDate, urgent: bool) -> bool {
    let dates = || own.iter().map(|(a, _)| settings.worktime.local_date(*a));
    let day = dates().filter(|d| *d == date).count();
    let week = dates().filter(|d| d.iso_week() == date.iso_week()).count();
    person.load.day.is_some_and(|most| day >= most as usize + usize::from(urgent)) || (!urgent && person.load.week.is_some_and(|most| week >= most as usize))
}
