//! A specialist's hours and groups as a calendar feed. Its UIDs stay the same from one making to the next.
//!
//! Not here: how an event is written (`itip`).

use super::Publication;
use super::schedule::{TITLE, entries, way};
use crate::appeal::Meeting;
use crate::compose::{domain_of, hmac_token, initials};
use crate::itip::{self, Event, Method, PartStat, Series};
use crate::slots::{Specialist, WeeklyWindow};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};

/// A series holds at most so many weeks; a school year has 52.
const WEEKS_MOST: u32 = 60;

/// The feed of one person, or `None` where it would be empty; its events were made at `now`.
pub fn feed(of: Publication<'_>, person: &Specialist, now: DateTime<Utc>) -> Option<String> {
    let made = Made { of, person, now };
    let mut events = Vec::new();
    for window in person.windows.iter().filter(|w| !w.reserve) {
        for day in &window.weekdays {
            made.weekly(window, *day, &mut events);
        }
    }
    for e in person.exceptions.iter().filter(|e| of.period.holds(e.date) && of.settings.worktime.is_workday(e.date) && !person.is_away(e.date)) {
        if let Some(h) = &e.hours {
            let what = format!("day/{}/{}", e.date, h.from);
            events.push(made.event(&what, e.date, h.from, h.to, &h.channels, h.place.as_deref()));
        }
    }
    events.extend(of.groups_of(&person.id).map(|g| made.group(g)));
    let name = format!("{TITLE}: {}", initials(&person.name));
    (!events.is_empty() && !entries(of, person).is_empty()).then(|| itip::feed(&name, &events))
}

/// What every event of one feed shares.
struct Made<'a> {
    of: Publication<'a>,
    person: &'a Specialist,
    now: DateTime<Utc>,
}

impl Made<'_> {
    /// The days on which a window is really open, as series of equal steps; days off and single days are taken out.
    fn weekly(&self, window: &WeeklyWindow, day: Weekday, events: &mut Vec<Event>) {
        let step = if window.weeks.is_some() { 2 } else { 1 };
        let period = self.of.period;
        let open = |date: &NaiveDate| {
            window.holds_on(*date, date.weekday())
                && self.of.settings.worktime.is_workday(*date)
                && !self.person.is_away(*date)
                && !self.person.exceptions.iter().any(|e| e.date == *date)
        };
        let days: Vec<NaiveDate> = period.from.iter_days().take_while(|d| *d <= period.to).filter(|d| d.weekday() == day).filter(open).collect();
        let mut rest = days.as_slice();
        let mut part = 0;
        while let [first, ..] = rest {
            let on_grid = |d: &&NaiveDate| (**d - *first).num_days() % (7 * step) == 0 && (**d - *first).num_days() < 7 * i64::from(WEEKS_MOST);
            let run: Vec<NaiveDate> = rest.iter().take_while(on_grid).copied().collect();
            let last = run.last().copied().unwrap_or(*first);
            let grid: Vec<NaiveDate> = first.iter_days().step_by(7 * step as usize).take_while(|d| *d <= last).collect();
            let missing = grid.iter().filter(|d| !run.contains(d)).map(|d| self.of.settings.worktime.local(*d, window.from)).collect();
            let weeks = window.weeks.map_or("every", |w| if w == crate::slots::Weeks::Odd { "odd" } else { "even" });
            let what = format!("week/{day}/{}/{}/{weeks}/{}/{part}", window.from, window.to, window.valid_from.unwrap_or_default());
            let mut event = self.event(&what, *first, window.from, window.to, &window.channels, window.place.as_deref());
            let count = u32::try_from(grid.len()).unwrap_or(1);
            event.series =
                (count > 1).then(|| Series { zone: self.of.settings.worktime.zone, interval: u32::try_from(step).unwrap_or(1), count, exdates: missing });
            events.push(event);
            rest = rest.get(run.len().max(1)..).unwrap_or_default();
            part += 1;
        }
    }

    fn event(&self, what: &str, date: NaiveDate, from: NaiveTime, to: NaiveTime, channels: &[String], place: Option<&str>) -> Event {
        let worktime = &self.of.settings.worktime;
        let ways: Vec<String> = channels.iter().map(|c| way(c)).collect();
        Event {
            method: Method::Publish,
            uid: self.uid(what),
            sequence: 0,
            dtstamp: self.now,
            start: worktime.local(date, from),
            end: worktime.local(date, to),
            series: None,
            recurrence_id: None,
            summary: format!("Консультации: {}", initials(&self.person.name)),
            description: format!("{}. Записаться: напишите на {} или позвоните {}.", self.person.post, self.of.settings.address, self.of.settings.phone),
            location: place.map_or_else(|| ways.join(", "), |p| format!("{}; {p}", ways.join(", "))),
            conference: None,
            organizer: (self.of.settings.school.clone(), self.of.settings.address.clone()),
            attendee: (None, String::new()),
            partstat: PartStat::NeedsAction,
            alarm: None,
        }
    }

    /// A group names neither its topic nor anybody in it.
    fn group(&self, g: &Meeting) -> Event {
        let classes = if g.classes.is_empty() { String::new() } else { format!(" ({})", g.classes.join(", ")) };
        Event {
            start: g.start,
            end: g.end,
            summary: format!("Групповая консультация{classes}: {}", initials(&self.person.name)),
            ..self.event(&format!("group/{}", g.id), NaiveDate::default(), NaiveTime::MIN, NaiveTime::MIN, std::slice::from_ref(&g.channel), None)
        }
    }

    fn uid(&self, what: &str) -> String {
        let composer = &self.of.settings.composer;
        format!("{}@{}", hmac_token(&composer.key, "schedule", &format!("{}/{what}", self.person.id)), domain_of(&self.of.settings.address))
    }
}
