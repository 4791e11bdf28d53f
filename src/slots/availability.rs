//! The staff register as far as time goes: weekly windows, absences, who is present.

use super::choice::{Slot, Wanted};
use super::grid::Grid;
use crate::understand::Category;
use crate::worktime::Worktime;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};

/// One `[[specialist]]` of `rules/specialists.toml`: anybody of the staff whom Otklik writes to, the head and the director too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specialist {
    /// Stable id, `psychologist-1`.
    pub id: String,
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// Role in words, «педагог-психолог»; shown to authors.
    pub post: String,
    /// Address, lower case.
    pub email: String,
    /// What they answer.
    pub categories: Vec<Category>,
    /// When consultations may be held.
    pub windows: Vec<WeeklyWindow>,
    /// When they are away.
    pub absences: Vec<Absence>,
    /// Id of the deputy.
    pub deputy: Option<String>,
    /// What silence to a proposed slot means.
    pub silence: Silence,
    /// How to connect, by channel, told to the author.
    pub connect: Vec<(String, String)>,
}

/// What the specialist's silence means (issue: `specialist_first`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Silence {
    /// Consent after the configured working hours.
    #[default]
    Consent,
    /// A reminder, then the head decides.
    Ask,
}

/// A weekly window, local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyWindow {
    /// Days of the week.
    pub weekdays: Vec<Weekday>,
    /// First moment.
    pub from: NaiveTime,
    /// Last moment.
    pub to: NaiveTime,
    /// Channels offered in it: «phone», «Сферум», «MAX», «in_person», «email» or free words.
    pub channels: Vec<String>,
    /// Valid from (included), where limited.
    pub valid_from: Option<NaiveDate>,
    /// Valid to (included), where limited.
    pub valid_to: Option<NaiveDate>,
}

/// Days away, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// Time that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// Whose.
    pub specialist: String,
    /// From.
    pub start: DateTime<Utc>,
    /// To.
    pub end: DateTime<Utc>,
}

/// Whether somebody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// At work today or on the next working day.
    Present,
    /// Away; first day back where known.
    Away(Option<NaiveDate>),
}

impl Absence {
    /// Whether the person is away on that day.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.to
    }
}

impl WeeklyWindow {
    /// Whether the window is open on that day, working days aside.
    pub fn holds_on(&self, date: NaiveDate, weekday: Weekday) -> bool {
        self.weekdays.contains(&weekday) && self.valid_from.is_none_or(|from| from <= date) && self.valid_to.is_none_or(|to| date <= to)
    }
}

impl Specialist {
    /// Whether the person is there on the day of `now` or, on a day off, on the next working day
    /// ("who is not present within one working day is replaced by the deputy").
    pub fn presence(&self, worktime: &Worktime, now: DateTime<Utc>) -> Presence {
        let day = worktime.workday_from(worktime.local_date(now));
        if !self.is_away(day) {
            return Presence::Present;
        }
        // Absences may follow each other: a holiday and then a course. Longer than a year of working days is "not known".
        let mut back = day;
        for _ in 0..260 {
            back = worktime.next_workday(back);
            if !self.is_away(back) {
                return Presence::Away(Some(back));
            }
        }
        Presence::Away(None)
    }

    /// Whether an absence covers the local date.
    pub fn is_away(&self, date: NaiveDate) -> bool {
        self.absences.iter().any(|a| a.covers(date))
    }

    /// What cannot be meant in windows and absences, as sentences for `check`.
    pub fn time_mistakes(&self) -> Vec<String> {
        let mut found = Vec::new();
        for w in &self.windows {
            let shown = format!("the window {}-{} of {}", w.from.format("%H:%M"), w.to.format("%H:%M"), self.id);
            if w.weekdays.is_empty() {
                found.push(format!("{shown} names no weekday: add weekdays = [\"tue\"]"));
            }
            if w.from >= w.to {
                found.push(format!("{shown} ends before it begins: exchange from and to"));
            }
            if let (Some(from), Some(to)) = (w.valid_from, w.valid_to)
                && from > to
            {
                found.push(format!("{shown} is valid from {from} to {to}: exchange the two"));
            }
        }
        for a in self.absences.iter().filter(|a| a.from > a.to) {
            found.push(format!("an absence of {} begins on {} and ends on {}: exchange the two", self.id, a.from, a.to));
        }
        found
    }
}

/// What of the busy time of the slot's specialist it would overlap; no buffer.
pub fn conflicts<'a>(busy: &'a [Busy], slot: &Slot) -> Vec<&'a Busy> {
    busy.iter().filter(|b| b.specialist == slot.specialist && b.start < slot.end && slot.start < b.end).collect()
}

/// The free slots of one specialist in order of time, as a schedule shows them; the author's wishes are not regarded, declined starts
/// are left out. At most 500.
pub fn free_slots(specialist: &Specialist, worktime: &Worktime, busy: &[Busy], wanted: &Wanted<'_>) -> Vec<Slot> {
    let plain = Wanted { wishes: &[], ..wanted.clone() };
    let grid = Grid::new(worktime, &plain);
    let taken = grid.taken(&[specialist], busy);
    let mut found = Vec::new();
    grid.starts(specialist, taken.first().map_or(&[], |t| &t.spans), &plain, &mut |start| {
        if let Some(slot) = start.slot(specialist, wanted.channel, grid.length).filter(|_| found.len() < 500) {
            found.push(slot);
        }
    });
    found.sort_by_key(|s| s.start);
    found.dedup_by_key(|s| s.start);
    found
}
