//! The only place that decides. Facts, an event and `now` go in; effects come out. No clock, no I/O, no choice left to whoever carries them out.
//!
//! One file an event: a letter ([`on_message`]), an order of staff ([`on_order`]), a moment that has come ([`on_deadline`]), a report
//! that is due ([`on_report`]). What they share about one appeal is a `case`; who does what is in `people`.

mod alarm;
mod announcement;
mod announcement_answers;
mod announcement_clock;
mod announcement_letters;
mod assign;
mod block;
mod calendar;
mod case;
mod confirm;
mod consult;
mod counter;
mod deadline;
mod desk;
mod events;
mod files;
mod group;
mod group_answers;
mod group_orders;
mod held;
mod ladder;
mod may;
mod message;
mod moves;
mod offer;
mod open;
mod order;
mod people;
mod places;
mod remind;
mod report;
mod seats;
mod sender;
mod series;
mod staff;
mod staff_words;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_staff;
#[cfg(test)]
mod tests_trust;
mod thread;
mod token;
mod trust;

pub use announcement::{AnnouncementOrder, on_announcement};
pub use announcement_clock::on_announcements;
pub use block::expand;
pub use deadline::on_deadline;
pub use group_orders::{GroupOrder, Plan, on_group, on_plan};
pub use message::{Incoming, on_message, question};
pub use order::{Order, on_order};
pub use places::on_groups;
pub use report::{Gathered, on_failure, on_parked, on_report, on_staff_failure, report_key};

pub use trust::asked_about;

use crate::settings::{Mode, Settings};
use crate::worktime::DayKind;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

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
