//! The staff register as far as time goes: weekly windows, exceptions, absences, limits, who is present. Not here: whom a window
//! serves (`serves`), and which minutes of it are free (`grid`).

use super::choice::{Slot, Wanted};
use super::grid::Grid;
use super::held::held;
use super::serves::ClassRange;
use crate::understand::Category;
use crate::worktime::Worktime;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};

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
    /// Classes that they serve; empty: all.
    pub classes: Vec<ClassRange>,
    /// Subjects that they teach, in words; empty: not asked.
    pub subjects: Vec<String>,
    /// When consultations may be held.
    pub windows: Vec<WeeklyWindow>,
    /// Days on which other hours than the windows' hold, or none.
    pub exceptions: Vec<DayException>,
    /// When they are away.
    pub absences: Vec<Absence>,
    /// From and to of a break in which nothing is offered.
    pub lunch: Option<(NaiveTime, NaiveTime)>,
    /// The most consultations.
    pub load: Load,
    /// Free minutes between two consultations, where not the school's.
    pub buffer_minutes: Option<u32>,
    /// Nothing is offered sooner than this, where not the school's.
    pub notice_minutes: Option<u32>,
    /// Minutes kept before and after busy time of another school.
    pub travel_minutes: u32,
    /// Calendar file with busy time, as written.
    pub busy_file: Option<String>,
    /// Whether a letter reminds of each consultation 30 minutes before.
    pub reminders: bool,
    /// Id of the deputy.
    pub deputy: Option<String>,
    /// What silence to a proposed slot means.
    pub silence: Silence,
    /// Working minutes after which it means so, where not the school's.
    pub silence_minutes: Option<u32>,
    /// How to connect, by channel, told to the author.
    pub connect: Vec<(String, String)>,
}

impl Default for Specialist {
    /// Nobody yet: every rule is neutral, reminders are on.
    fn default() -> Specialist {
        Specialist {
            id: String::new(),
            name: String::new(),
            post: String::new(),
            email: String::new(),
            categories: Vec::new(),
            classes: Vec::new(),
            subjects: Vec::new(),
            windows: Vec::new(),
            exceptions: Vec::new(),
            absences: Vec::new(),
            lunch: None,
            load: Load::default(),
            buffer_minutes: None,
            notice_minutes: None,
            travel_minutes: 0,
            busy_file: None,
            reminders: true,
            deputy: None,
            silence: Silence::default(),
            silence_minutes: None,
            connect: Vec::new(),
        }
    }
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

/// Every other week, counted through a school year: the week (Monday to Sunday) in which 1 September lies is the first and odd. The
/// count runs on over New Year, so that "every second Tuesday" stays every second Tuesday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weeks {
    /// First, third, fifth week.
    Odd,
    /// Second, fourth, sixth week.
    Even,
}

/// A weekly window, local time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WeeklyWindow {
    /// Days of the week.
    pub weekdays: Vec<Weekday>,
    /// First moment.
    pub from: NaiveTime,
    /// Last moment.
    pub to: NaiveTime,
    /// Channels offered in it: «phone», «Сферум», «MAX», «in_person», «email» or free words.
    pub channels: Vec<String>,
    /// Where people come to, in free words; told with consultations in person.
    pub place: Option<String>,
    /// Every other week only.
    pub weeks: Option<Weeks>,
    /// Valid from (included), where limited.
    pub valid_from: Option<NaiveDate>,
    /// Valid to (included), where limited.
    pub valid_to: Option<NaiveDate>,
    /// Kept for urgent appeals.
    pub reserve: bool,
    /// Categories it serves; empty: all of the specialist's.
    pub categories: Vec<Category>,
    /// Classes it serves; empty: all.
    pub classes: Vec<ClassRange>,
}

/// A day that goes by its own hours. Several of one date are several windows of that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayException {
    /// The day.
    pub date: NaiveDate,
    /// The hours instead of the weekly windows; `None`: no consultations.
    pub hours: Option<DayHours>,
}

/// Hours of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayHours {
    /// First moment.
    pub from: NaiveTime,
    /// Last moment.
    pub to: NaiveTime,
    /// Channels, as in a window.
    pub channels: Vec<String>,
    /// Where, as in a window.
    pub place: Option<String>,
}

/// The most consultations of one specialist. For an urgent appeal the week does not count and the day has one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// In a local day.
    pub day: Option<u32>,
    /// From Monday to Sunday.
    pub week: Option<u32>,
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
    /// A consultation of this school: it counts for load and fairness. A block, another school's time or travel does not.
    pub counts: bool,
    /// Free minutes kept on both sides, where more than the buffer (travel from another school).
    pub margin_minutes: u32,
}

impl Busy {
    /// A consultation.
    pub fn consultation(specialist: impl Into<String>, start: DateTime<Utc>, end: DateTime<Utc>) -> Busy {
        Busy { specialist: specialist.into(), start, end, counts: true, margin_minutes: 0 }
    }

    /// Time taken by anything else; `margin_minutes` are kept free on both sides of it.
    pub fn block(specialist: impl Into<String>, start: DateTime<Utc>, end: DateTime<Utc>, margin_minutes: u32) -> Busy {
        Busy { specialist: specialist.into(), start, end, counts: false, margin_minutes }
    }
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

/// Monday of the week in which the date lies.
pub(super) fn monday(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday()))).unwrap_or(date)
}

impl Weeks {
    /// Which week of the school year the date lies in.
    pub fn of(date: NaiveDate) -> Weeks {
        let first = |year| NaiveDate::from_ymd_opt(year, 9, 1).map(monday);
        // The last days of August may already belong to the first week.
        let begin = first(date.year()).filter(|m| *m <= date).or_else(|| first(date.year().saturating_sub(1)));
        let weeks = begin.map_or(0, |m| (date - m).num_days() / 7);
        if weeks % 2 == 0 { Weeks::Odd } else { Weeks::Even }
    }
}

impl WeeklyWindow {
    /// Whether the window is open on that day, working days aside.
    pub fn holds_on(&self, date: NaiveDate, weekday: Weekday) -> bool {
        self.weekdays.contains(&weekday)
            && self.valid_from.is_none_or(|from| from <= date)
            && self.valid_to.is_none_or(|to| date <= to)
            && self.weeks.is_none_or(|weeks| weeks == Weeks::of(date))
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

    /// The hours of a day, working days and lunch aside: number, from, to. The number names the window, or the exception behind them.
    pub(super) fn openings(&self, date: NaiveDate, weekday: Weekday, found: &mut dyn FnMut(usize, NaiveTime, NaiveTime)) {
        if self.is_away(date) {
            return;
        }
        let mut special = false;
        for (index, exception) in self.exceptions.iter().enumerate().filter(|(_, e)| e.date == date) {
            special = true;
            if let Some(hours) = &exception.hours {
                found(self.windows.len() + index, hours.from, hours.to);
            }
        }
        for (index, window) in self.windows.iter().enumerate().filter(|(_, w)| !special && w.holds_on(date, weekday)) {
            found(index, window.from, window.to);
        }
    }

    /// Whether any hours are offered on that day, whoever asks. Working days aside.
    pub fn opens_on(&self, date: NaiveDate) -> bool {
        let mut opens = false;
        self.openings(date, date.weekday(), &mut |_, _, _| opens = true);
        opens
    }

    /// Channels and place of the hours with that number.
    pub(super) fn offered(&self, number: usize) -> Option<(&[String], Option<&str>)> {
        match (self.windows.get(number), number.checked_sub(self.windows.len()).and_then(|n| self.exceptions.get(n))) {
            (Some(w), _) => Some((&w.channels, w.place.as_deref())),
            (None, Some(DayException { hours: Some(h), .. })) => Some((&h.channels, h.place.as_deref())),
            (None, _) => None,
        }
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
        for date in self.exceptions.iter().filter_map(|e| e.hours.as_ref().filter(|h| h.from >= h.to).map(|_| e.date)) {
            found.push(format!("the exception of {} on {date} ends before it begins: exchange from and to", self.id));
        }
        if self.lunch.is_some_and(|(from, to)| from >= to) {
            found.push(format!("the lunch of {} ends before it begins: exchange from and to", self.id));
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
    let plain = Wanted { wishes: &[], near: &[], ..wanted.clone() };
    let grid = Grid::new(&[specialist], worktime, &plain);
    let mut found = Vec::new();
    for held in held(&[specialist], worktime, busy, &plain) {
        grid.starts(specialist, &held, false, &mut |start| {
            if let Some(slot) = start.slot(specialist, wanted.channel, grid.length).filter(|_| found.len() < 500) {
                found.push(slot);
            }
        });
    }
    found.sort_by_key(|s| s.start);
    found.dedup_by_key(|s| s.start);
    found
}
