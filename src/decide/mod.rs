//! The only place that decides. Facts, an event and `now` go in; effects come out. No clock, no I/O, no choice left to whoever carries them out.
//!
//! One file an event: a letter ([`on_message`]), an order of staff ([`on_order`]), a moment that has come ([`on_deadline`]), a report
//! that is due ([`on_report`]). What they share about one appeal is a `case`; who does what is in `people`.

mod absence;
mod agenda;
mod alarm;
mod announcement;
mod announcement_answers;
mod announcement_clock;
mod announcement_letters;
mod assign;
mod backlog;
mod block;
mod calendar;
mod case;
mod choices;
mod combined;
mod command;
mod confirm;
mod consult;
mod counter;
mod deadline;
mod desk;
mod director;
mod enquiry;
mod events;
mod files;
mod group;
mod group_absence;
mod group_answers;
mod group_clock;
mod group_orders;
mod held;
mod help;
mod incident;
mod judge;
mod ladder;
mod leaving;
mod may;
mod merge;
mod message;
mod moves;
mod offer;
mod open;
mod order;
mod people;
mod phone;
mod places;
mod publish;
mod recovered;
mod remind;
mod report;
mod returned;
mod seats;
mod sender;
mod sent;
mod series;
mod silence;
mod staff;
mod staff_words;
mod take_over;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_desk;
#[cfg(test)]
mod tests_held;
#[cfg(test)]
mod tests_leaving;
#[cfg(test)]
mod tests_sent;
#[cfg(test)]
mod tests_staff;
#[cfg(test)]
mod tests_table;
#[cfg(test)]
mod tests_trust;
#[cfg(test)]
mod tests_undo;
mod thread;
mod token;
mod trust;
mod undo;
mod undo_seats;
mod wanted;

pub use absence::{Over, on_command as on_absence_command, on_return, over};
pub use agenda::{ForAgenda, agenda};
pub use announcement::{AnnouncementOrder, on_announcement};
pub use announcement_answers::on_undelivered;
pub use announcement_clock::{announcement_leaves, announcement_opens, on_announcements};
pub use backlog::{on_arrivals, on_backlog};
pub use block::expand;
pub use command::{on_order, on_undo};
pub use deadline::on_deadline;
pub use director::{next_draft_due, on_draft_due};
pub use enquiry::{found_line, looked_for};
pub use group_clock::on_groups;
pub use group_orders::{GroupOrder, Plan, on_group, on_plan};
pub use leaving::{Leaving, day_after_tomorrow, day_began, on_leaving, on_list};
pub use message::{Incoming, on_message, question};
pub use order::Order;
pub use publish::{SCHEDULE, on_schedule, schedule_known};
pub use recovered::{RECOVERED, on_recovered};
pub use report::{Gathered, on_failure, on_parked, on_report, on_staff_failure};
pub use sent::on_sent;
pub use silence::on_silence;
pub use take_over::on_group_taken_over;

pub use trust::asked_about;
pub use wanted::on_wanted;

use crate::settings::{ClassHours, Mode, Settings};
use crate::slots::ClassRange;
use crate::worktime::DayKind;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

/// What every decision of one round shares.
#[derive(Debug, Clone, Copy)]
pub struct Round<'a> {
    /// The school.
    pub settings: &'a Settings,
    /// The round's moment.
    pub now: DateTime<Utc>,
    /// Shadow or live: the store's word after `go-live` comes before the file's.
    pub mode: Mode,
}

impl<'a> Round<'a> {
    /// The local date of a moment.
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.settings.worktime.zone).date_naive()
    }

    /// Whether a local date is a working day.
    pub fn workday(&self, date: NaiveDate) -> bool {
        matches!(self.settings.worktime.day(date), DayKind::Work { .. })
    }

    /// The first moment from `at` on that lies between two local times, on working days only where asked.
    fn within(&self, at: DateTime<Utc>, from: NaiveTime, until: NaiveTime, workdays: bool) -> DateTime<Utc> {
        let worktime = &self.settings.worktime;
        let mut date = self.date(at);
        for _ in 0..60 {
            let (opens, closes) = (worktime.local(date, from), worktime.local(date, until));
            if (!workdays || self.workday(date)) && at < closes {
                return at.max(opens);
            }
            date += TimeDelta::days(1);
        }
        at
    }

    /// When a letter to staff may leave: 7:30-19:00 on working days (service.md, "Groups and announcements").
    pub fn staff_hours(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let t = &self.settings.terms;
        self.within(at, t.staff_from, t.staff_until, true)
    }

    /// When a letter to a parent that answers nothing they just wrote may leave: 8:00-20:00 (004 2.2).
    pub fn author_hours(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let t = &self.settings.terms;
        self.within(at, t.quiet_until, t.quiet_from, false)
    }

    /// The same for the families of a class: the hours that its parents' meeting agreed on, where there are any (`rules/hours.toml`).
    pub fn class_hours(&self, at: DateTime<Utc>, class: Option<&str>) -> DateTime<Utc> {
        let Some(class) = class.and_then(ClassRange::parse) else { return self.author_hours(at) };
        let own: Vec<&ClassHours> = self.settings.hours.iter().filter(|h| h.classes.iter().any(|c| c.holds(class))).collect();
        if own.is_empty() {
            return self.author_hours(at);
        }
        let worktime = &self.settings.worktime;
        let mut date = self.date(at);
        for _ in 0..60 {
            let today = own.iter().filter(|h| h.weekdays.is_empty() || h.weekdays.contains(&date.weekday()));
            let spans = today.map(|h| (worktime.local(date, h.from), worktime.local(date, h.until)));
            if let Some(found) = spans.filter(|(_, closes)| at < *closes).map(|(opens, _)| at.max(opens)).min() {
                return found;
            }
            date += TimeDelta::days(1);
        }
        at
    }

    /// Noon of the next local day: what starts before it is moved or cancelled at once, at any hour.
    pub fn next_noon(&self) -> DateTime<Utc> {
        let date = self.date(self.now) + TimeDelta::days(1);
        self.settings.worktime.local(date, NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default())
    }

    /// The whole names of a category's title for staff.
    pub fn operator(&self) -> &'a str {
        self.settings.operator.first().map_or(self.settings.address.as_str(), String::as_str)
    }
}
