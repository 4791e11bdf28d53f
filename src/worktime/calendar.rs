//! The production calendar: which day is a working day, and why not.
//!
//! Not here: hours and minutes (`hours`), terms (`term`).

use super::rules::{CalendarRules, ExtraDay};
use super::statute;
use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use std::collections::{BTreeMap, BTreeSet};

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// A working day; `short` on the eve of a holiday.
    Work {
        /// One hour shorter (art. 95).
        short: bool,
    },
    /// Saturday or Sunday.
    Weekend,
    /// A holiday or a moved day off; the reason in Russian.
    Holiday(String),
}

/// Working days of a week (art. 111).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Workweek {
    /// Monday to Friday.
    #[default]
    Five,
    /// Monday to Saturday; Saturday is at most five hours long (art. 95).
    Six,
}

impl TryFrom<u8> for Workweek {
    type Error = String;
    fn try_from(days: u8) -> Result<Workweek, String> {
        match days {
            5 => Ok(Workweek::Five),
            6 => Ok(Workweek::Six),
            _ => Err(format!("a working week of {days} days is not known: write 5 or 6")),
        }
    }
}

/// From which day a term in business days is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptRule {
    /// From the day after receipt, whatever the hour (Civil Code art. 191).
    #[default]
    Civil,
    /// What comes after hours or on a day off counts as received on the next working day (as administrative regulations have it).
    Office,
}

/// How the school works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Office {
    /// Opening time, local.
    pub from: NaiveTime,
    /// Closing time, local; an hour earlier on short days.
    pub to: NaiveTime,
    /// Five or six days.
    pub workweek: Workweek,
    /// How receipt is counted.
    pub receipt_rule: ReceiptRule,
}

impl Default for Office {
    /// 08:30-17:30, five days, Civil Code.
    fn default() -> Office {
        let at = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap_or_default();
        Office { from: at(8, 30), to: at(17, 30), workweek: Workweek::Five, receipt_rule: ReceiptRule::Civil }
    }
}

/// A day as stored; `u16` is an index into `Worktime::names`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Work,
    /// A working day that the week would make a day off; why.
    Called(u16),
    Weekend,
    Off(u16),
}

/// One year, day by day.
#[derive(Debug, Clone)]
struct Year {
    /// There was a file for it.
    known: bool,
    days: Vec<(Cell, bool)>,
}

/// Calendar, zone and office hours of one school. Built once, asked often.
#[derive(Debug, Clone)]
pub struct Worktime {
    /// The school's zone.
    pub zone: chrono_tz::Tz,
    pub(super) office: Office,
    years: BTreeMap<i32, Year>,
    names: Vec<String>,
}

impl Worktime {
    /// From the yearly calendars and the overlays (region, school); a later overlay wins over an earlier one. All mistakes at once,
    /// as sentences; `config` asks each file first, to name the file.
    pub fn new(zone: chrono_tz::Tz, years: &BTreeMap<i32, CalendarRules>, overlays: &[CalendarRules], office: Office) -> Result<Worktime, Vec<String>> {
        let mut mistakes: Vec<String> = years.iter().flat_map(|(year, rules)| rules.mistakes(Some(*year))).collect();
        mistakes.extend(overlays.iter().flat_map(|rules| rules.mistakes(None)));
        if office.from >= office.to {
            mistakes.push(format!("office hours end at {} and begin at {}: the end must be later", office.to.format("%H:%M"), office.from.format("%H:%M")));
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let names = statute::NAMES.iter().map(|n| (*n).to_owned()).collect();
        let mut built = Worktime { zone, office, years: BTreeMap::new(), names };
        for (year, rules) in years {
            let table = built.statutory(*year, true);
            built.years.insert(*year, table);
            built.lay(rules);
        }
        for rules in overlays {
            built.lay(rules);
        }
        Ok(built)
    }

    /// The office hours and rules it was built with.
    pub fn office_rules(&self) -> Office {
        self.office
    }

    /// Minutes of an ordinary office day.
    pub fn office_day_minutes(&self) -> u32 {
        u32::try_from((self.office.to - self.office.from).num_minutes()).unwrap_or(540)
    }

    /// What the local date is.
    pub fn day(&self, date: NaiveDate) -> DayKind {
        match self.cell(date) {
            (Cell::Work | Cell::Called(_), short) => DayKind::Work { short },
            (Cell::Weekend, _) => DayKind::Weekend,
            (Cell::Off(name), _) => DayKind::Holiday(self.name(name).to_owned()),
        }
    }

    /// Whether the date is a working day.
    pub fn is_workday(&self, date: NaiveDate) -> bool {
        matches!(self.cell(date).0, Cell::Work | Cell::Called(_))
    }

    /// Whether the date is a working day one hour shorter than usual.
    pub fn is_short(&self, date: NaiveDate) -> bool {
        matches!(self.cell(date), (Cell::Work | Cell::Called(_), true))
    }

    /// Why the day counts or does not, in Russian: «рабочий день», «рабочая суббота», «суббота», «День народного единства».
    pub fn reason(&self, date: NaiveDate) -> &str {
        match self.cell(date).0 {
            Cell::Work => "рабочий день",
            Cell::Weekend if date.weekday() == chrono::Weekday::Sat => "суббота",
            Cell::Weekend => "воскресенье",
            Cell::Called(name) | Cell::Off(name) => self.name(name),
        }
    }

    /// Whether there is a calendar for the year; without one its days follow from art. 112 alone.
    pub fn known(&self, year: i32) -> bool {
        self.years.get(&year).is_some_and(|y| y.known)
    }

    /// The first year without a calendar that the days from `from` on reach.
    pub fn missing_year_within(&self, from: NaiveDate, days: u32) -> Option<i32> {
        let last = from.checked_add_days(Days::new(u64::from(days.min(36_600)))).unwrap_or(NaiveDate::MAX);
        (from.year()..=last.year()).find(|year| !self.known(*year))
    }

    /// The first working day after the date.
    pub fn next_workday(&self, date: NaiveDate) -> NaiveDate {
        self.step(date, NaiveDate::succ_opt)
    }

    /// The last working day before the date.
    pub fn prev_workday(&self, date: NaiveDate) -> NaiveDate {
        self.step(date, NaiveDate::pred_opt)
    }

    /// The date itself if it is a working day, else the next one.
    pub fn workday_from(&self, date: NaiveDate) -> NaiveDate {
        if self.is_workday(date) { date } else { self.next_workday(date) }
    }

    /// The n-th working day after the date; the date itself for nought. At most 1000 are counted.
    pub fn add_workdays(&self, date: NaiveDate, n: u32) -> NaiveDate {
        (0..n.min(1000)).fold(date, |day, _| self.next_workday(day))
    }

    /// Looks at most a year ahead: a calendar that closes the school for longer is answered with the neighbouring day.
    fn step(&self, date: NaiveDate, next: fn(&NaiveDate) -> Option<NaiveDate>) -> NaiveDate {
        let mut day = date;
        for _ in 0..366 {
            match next(&day) {
                Some(d) => day = d,
                None => break,
            }
            if self.is_workday(day) {
                return day;
            }
        }
        next(&date).unwrap_or(date)
    }

    fn name(&self, index: u16) -> &str {
        self.names.get(usize::from(index)).map_or("нерабочий день", String::as_str)
    }

    fn cell(&self, date: NaiveDate) -> (Cell, bool) {
        match self.years.get(&date.year()) {
            Some(year) => year.days.get(date.ordinal0() as usize).copied().unwrap_or((Cell::Work, false)),
            None => self.by_statute(date),
        }
    }

    /// The day by art. 95, 111, 112, without a decree.
    fn by_statute(&self, date: NaiveDate) -> (Cell, bool) {
        if let Some(name) = statute::holiday(date) {
            (Cell::Off(name), false)
        } else if statute::weekend(date, self.office.workweek) {
            (Cell::Weekend, false)
        } else if statute::moved_here(date, self.office.workweek) {
            (Cell::Off(statute::MOVED), false)
        } else {
            (Cell::Work, statute::eve(date))
        }
    }

    /// A year before any file: with a file to come, without the moves by law and the short eves, which the file lists itself.
    fn statutory(&self, year: i32, known: bool) -> Year {
        let days = NaiveDate::from_ymd_opt(year, 1, 1)
            .into_iter()
            .flat_map(|d| d.iter_days())
            .take_while(|d| d.year() == year)
            .map(|d| match self.by_statute(d) {
                (Cell::Off(statute::MOVED) | Cell::Work, _) if known => (Cell::Work, false),
                cell => cell,
            })
            .collect();
        Year { known, days }
    }

    /// Lays a file over the years that it speaks of.
    fn lay(&mut self, rules: &CalendarRules) {
        let six = self.office.workweek == Workweek::Six;
        let five_only: BTreeSet<NaiveDate> = rules.five_day_only.iter().copied().collect();
        for &day in rules.days_off.iter().filter(|d| !(six && five_only.contains(d))) {
            let name = match rules.names.get(&day) {
                Some(name) => self.intern(name, "перенос выходного дня"),
                None => statute::holiday(day).unwrap_or(statute::MOVED),
            };
            self.put(day, Cell::Off(name));
        }
        for ExtraDay { date, reason } in &rules.extra_off {
            let name = self.intern(reason, "нерабочий день");
            self.put(*date, Cell::Off(name));
        }
        for &day in &rules.working_saturdays {
            let name = self.intern("", "рабочая суббота");
            self.put(day, Cell::Called(name));
        }
        for ExtraDay { date, reason } in &rules.extra_work {
            let name = self.intern(reason, "рабочий день по приказу");
            self.put(*date, Cell::Called(name));
        }
        for &day in &rules.short_days {
            if let Some((_, short)) = self.slot(day) {
                *short = true;
            }
        }
    }

    fn put(&mut self, date: NaiveDate, cell: Cell) {
        if let Some((place, _)) = self.slot(date) {
            // In a six-day week a Saturday is worked anyway: it needs no reason of its own.
            let plain = matches!(cell, Cell::Called(_)) && *place == Cell::Work;
            *place = if plain { Cell::Work } else { cell };
        }
    }

    /// The place of a day; a year that only an overlay speaks of is filled by the statute first and stays unknown.
    fn slot(&mut self, date: NaiveDate) -> Option<&mut (Cell, bool)> {
        let year = date.year();
        if !self.years.contains_key(&year) {
            let table = self.statutory(year, false);
            self.years.insert(year, table);
        }
        self.years.get_mut(&year).and_then(|y| y.days.get_mut(date.ordinal0() as usize))
    }

    fn intern(&mut self, name: &str, otherwise: &str) -> u16 {
        let name = name.trim();
        let name: String = if name.is_empty() { otherwise } else { name }.chars().filter(|c| !c.is_control()).take(200).collect();
        let index = match self.names.iter().position(|n| *n == name) {
            Some(index) => index,
            None => {
                self.names.push(name);
                self.names.len() - 1
            }
        };
        u16::try_from(index).unwrap_or(u16::MAX)
    }
}
