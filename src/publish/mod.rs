//! What the school puts before everybody: the schedule of consultations (003 3.4) as page, workbook and calendar feeds, fragments for its site
//! (001 3.1.1). Windows and groups, never a family.
//!
//! Not here: the rules it is made from (`settings`), when it is made and to whom it goes (`decide`), files (`jobs`).

mod calendar;
mod page;
mod schedule;
mod site;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_site;

pub use calendar::feed;
pub use page::page;
pub use schedule::{Period, SCHEDULE_COLUMNS, table};
pub use site::site;

use crate::appeal::Meeting;
use crate::settings::Settings;
use crate::slots::Specialist;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// What is published, and from what.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// The school's rules, without absences that people told by letter: an approved schedule does not change with every cold.
    pub settings: &'a Settings,
    /// Group consultations; those outside the period and the cancelled are left out.
    pub groups: &'a [Meeting],
    /// The days it is for.
    pub period: Period,
    /// Only this specialist's (id).
    pub specialist: Option<&'a str>,
}

/// A file to be put somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedFile {
    /// ASCII, relative: `schedule.html`, `psychologist-1.ics`.
    pub name: String,
    /// `text/html`, …
    pub media_type: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

impl<'a> Publication<'a> {
    /// Those who have hours or a group of their own in it, in the order of the register.
    fn people(&self) -> impl Iterator<Item = &'a Specialist> {
        let (settings, groups, specialist) = (self.settings, self.groups, self.specialist);
        settings
            .staff
            .iter()
            .filter(move |p| specialist.is_none_or(|id| id == p.id))
            .filter(move |p| p.windows.iter().any(|w| !w.reserve) || groups.iter().any(|g| g.specialist == p.id))
    }

    /// The groups of somebody in the period, by start.
    fn groups_of(&self, id: &str) -> impl Iterator<Item = &'a Meeting> {
        let (period, zone, groups) = (self.period, self.settings.worktime.zone, self.groups);
        let id = id.to_owned();
        groups.iter().filter(move |g| g.specialist == id && !g.cancelled && period.holds(g.start.with_timezone(&zone).date_naive()))
    }
}

/// The schedule as files: page, workbook, one feed a specialist; made at `now`.
///
/// # Errors
/// A sentence: the workbook could not be made.
pub fn schedule_files(of: Publication<'_>, now: DateTime<Utc>) -> Result<Vec<PublishedFile>, String> {
    let mut files = vec![
        PublishedFile { name: "schedule.html".into(), media_type: "text/html", bytes: page(of).into_bytes() },
        PublishedFile {
            name: "schedule.xlsx".into(),
            media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            bytes: table(of).xlsx(now)?,
        },
    ];
    for person in of.people() {
        if let Some(text) = feed(of, person, now) {
            files.push(PublishedFile { name: format!("{}.ics", person.id), media_type: "text/calendar", bytes: text.into_bytes() });
        }
    }
    Ok(files)
}

/// By which a change is told: equal rules have an equal one, whenever it is made.
pub fn digest(of: Publication<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(table(of).csv());
    hash.update(page(of));
    for person in of.people() {
        hash.update(feed(of, person, DateTime::UNIX_EPOCH).unwrap_or_default());
    }
    data_encoding::HEXLOWER.encode(hash.finalize().get(..12).unwrap_or_default())
}
