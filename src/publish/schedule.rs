//! The schedule of consultations (003 3.4) as a table: whose hours, about what, for whom, when, how, where.
//!
//! Not here: its page for the site (`page`), its calendars (`calendar`).

use super::Publication;
use crate::appeal::Meeting;
use crate::compose::initials;
use crate::report::{Cell, Column, Table};
use crate::settings::{Handling, Settings};
use crate::slots::{ClassRange, Specialist, WeeklyWindow, Weeks, channel_in_words, weekdays_in_words};
use crate::understand::Category;
use crate::worktime::{day_month, day_range};
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

/// Days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// The school year of a day, 1 September to 31 August; August looks ahead to the next one.
    pub fn school_year(day: NaiveDate) -> Period {
        let year = if day.month() >= 8 { day.year() } else { day.year() - 1 };
        let date = |year, month, day_of| NaiveDate::from_ymd_opt(year, month, day_of).unwrap_or(day);
        Period { from: date(year, 9, 1), to: date(year + 1, 8, 31) }
    }

    /// Whether the day lies in it.
    pub fn holds(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// «2026/27 учебный год», or the two dates.
    pub(super) fn words(self) -> String {
        let whole = Period::school_year(self.from);
        if whole == self {
            return format!("{}/{:02} учебный год", self.from.year(), self.to.year().rem_euclid(100));
        }
        format!("с {} по {}", self.from.format("%d.%m.%Y"), self.to.format("%d.%m.%Y"))
    }
}

const fn column(key: &'static str, title: &'static str, width: u16) -> Column {
    Column { key, title, width }
}

/// Columns of the schedule.
pub const SCHEDULE_COLUMNS: [Column; 7] = [
    column("specialist", "Специалист", 30),
    column("about", "Вопросы", 26),
    column("classes", "Классы", 12),
    column("days", "Дни", 20),
    column("hours", "Время", 16),
    column("ways", "Как проходит", 26),
    column("place", "Где", 24),
];

/// One line of the schedule, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub specialist: String,
    pub about: String,
    pub classes: String,
    pub days: String,
    pub hours: String,
    pub ways: String,
    pub place: String,
}

impl Entry {
    pub(super) fn cells(&self) -> [&str; 7] {
        [&self.specialist, &self.about, &self.classes, &self.days, &self.hours, &self.ways, &self.place]
    }
}

/// The table, with the lines of its approval above.
pub fn table(of: Publication<'_>) -> Table {
    let settings = of.settings;
    let [approved, order] = approval(settings);
    let rows: Vec<Vec<Cell>> = of.people().flat_map(|p| entries(of, p)).map(|e| e.cells().map(Cell::text).to_vec()).collect();
    Table {
        title: TITLE.into(),
        heading: vec![settings.school.clone(), format!("УТВЕРЖДАЮ: {approved}"), order, of.period.words(), DAYS_OFF.into()],
        none: NONE,
        columns: SCHEDULE_COLUMNS.to_vec(),
        rows,
        signed: false,
    }
}

pub(super) const TITLE: &str = "График консультаций";
pub(super) const DAYS_OFF: &str = "В выходные и праздничные дни консультаций нет.";
pub(super) const NONE: &str = "Часов консультаций на это время нет.";

/// Who approves, with room for the signature; the order's number and date, or room for them.
pub(super) fn approval(settings: &Settings) -> [String; 2] {
    let director = || settings.director.first().and_then(|id| settings.person(id)).map(|p| format!("{} {}", p.post, initials(&p.name)));
    let who = settings.schedule.approved_by.clone().or_else(director).unwrap_or_else(|| "директор".to_owned());
    let number = settings.schedule.number.clone().unwrap_or_else(|| "________".to_owned());
    let date = settings.schedule.date.map_or_else(|| "«___» __________ 20__ г.".to_owned(), |d| d.format("%d.%m.%Y").to_string());
    [format!("{who} ____________________"), format!("Приказ № {number} от {date}")]
}

/// Everything of one person: weekly hours by day, then single days, days without any, groups.
pub(super) fn entries(of: Publication<'_>, person: &Specialist) -> Vec<Entry> {
    let base = Entry {
        specialist: if person.post.is_empty() { person.name.clone() } else { format!("{}, {}", person.name, person.post) },
        about: about(of.settings, person),
        classes: classes(&person.classes),
        days: String::new(),
        hours: String::new(),
        ways: String::new(),
        place: String::new(),
    };
    let period = of.period;
    let mut windows: Vec<&WeeklyWindow> = person.windows.iter().filter(|w| shown(w, of)).collect();
    windows.sort_by_key(|w| (w.weekdays.iter().map(Weekday::num_days_from_monday).min(), w.from));
    let mut found: Vec<Entry> = windows.into_iter().map(|w| weekly(&base, person, w, period)).collect();
    let mut days: Vec<_> = person.exceptions.iter().filter(|e| period.holds(e.date)).collect();
    days.sort_by_key(|e| (e.date, e.hours.as_ref().map(|h| h.from)));
    for day in days {
        let date = on_day(day.date);
        found.push(match &day.hours {
            Some(h) => {
                Entry { days: date, hours: hours(h.from, h.to), ways: ways(&h.channels), place: place(person, &h.channels, h.place.as_deref()), ..base.clone() }
            }
            None => Entry { days: date, hours: "консультаций нет".into(), ..base.clone() },
        });
    }
    for away in person.absences.iter().filter(|a| a.from <= period.to && a.to >= period.from) {
        let days = if away.from == away.to { on_day(away.from) } else { day_range(away.from, away.to) };
        found.push(Entry { days, hours: "консультаций нет".into(), ..base.clone() });
    }
    found.extend(of.groups_of(&person.id).map(|g| group(&base, of.settings, person, g)));
    found
}

/// Hours kept for urgent appeals are nobody's to choose; those of other months say nothing.
fn shown(window: &WeeklyWindow, of: Publication<'_>) -> bool {
    !window.reserve && window.valid_from.is_none_or(|from| from <= of.period.to) && window.valid_to.is_none_or(|to| to >= of.period.from)
}

fn weekly(base: &Entry, person: &Specialist, w: &WeeklyWindow, period: Period) -> Entry {
    let mut days = vec![weekdays_in_words(&w.weekdays)];
    days.extend(w.weeks.map(|weeks| if weeks == Weeks::Odd { "по нечётным неделям".to_owned() } else { "по чётным неделям".to_owned() }));
    let (from, to) = (w.valid_from.filter(|d| *d > period.from), w.valid_to.filter(|d| *d < period.to));
    days.extend(match (from, to) {
        (Some(from), Some(to)) => Some(day_range(from, to)),
        (Some(from), None) => Some(format!("с {}", day_month(from))),
        (None, Some(to)) => Some(format!("по {}", day_month(to))),
        (None, None) => None,
    });
    let named: Vec<&str> = w.categories.iter().map(|c| in_plain_words(*c)).collect();
    Entry {
        about: if named.is_empty() { base.about.clone() } else { named.join(", ") },
        classes: if w.classes.is_empty() { base.classes.clone() } else { classes(&w.classes) },
        days: days.join(", "),
        hours: hours(w.from, w.to),
        ways: ways(&w.channels),
        place: place(person, &w.channels, w.place.as_deref()),
        ..base.clone()
    }
}

/// A group: its topic, unless it is of those whose topics are nobody's business.
fn group(base: &Entry, settings: &Settings, person: &Specialist, g: &Meeting) -> Entry {
    let zone = settings.worktime.zone;
    let (start, end) = (g.start.with_timezone(&zone), g.end.with_timezone(&zone));
    let quiet = person.categories.iter().any(|c| c.confidential());
    Entry {
        about: if quiet || g.topic.trim().is_empty() {
            "групповая консультация".into()
        } else {
            format!("групповая консультация: {}", g.topic.trim())
        },
        classes: if g.classes.is_empty() { base.classes.clone() } else { g.classes.join(", ") },
        days: on_day(start.date_naive()),
        hours: hours(start.time(), end.time()),
        ways: way(&g.channel),
        place: place(person, std::slice::from_ref(&g.channel), None),
        ..base.clone()
    }
}

/// What they are asked about: subjects, else the topics of consultations that go to them; others receive in person.
fn about(settings: &Settings, person: &Specialist) -> String {
    if !person.subjects.is_empty() {
        return person.subjects.join(", ");
    }
    let consulted = |c: &&Category| settings.categories.get(c).is_some_and(|r| r.handled == Handling::Consultation);
    let named: Vec<&str> = person.categories.iter().filter(consulted).map(|c| in_plain_words(*c)).collect();
    if named.is_empty() { "личный приём".into() } else { named.join(", ") }
}

/// What a family would call it: the post stands beside the name already.
fn in_plain_words(category: Category) -> &'static str {
    match category {
        Category::Psychologist => "психологическая поддержка",
        Category::SpeechTherapist => "речь, чтение и письмо",
        Category::SocialPedagogue => "права и льготы, трудные ситуации",
        other => other.title(),
    }
}

fn classes(ranges: &[ClassRange]) -> String {
    if ranges.is_empty() { "все".into() } else { ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") }
}

fn ways(channels: &[String]) -> String {
    channels.iter().map(|c| way(c)).collect::<Vec<_>>().join(", ")
}

/// One way: in a list of them «очно, в школе» would be two.
pub(super) fn way(channel: &str) -> String {
    channel_in_words(channel).replace(", ", " ")
}

/// Where people come to: the window's own, else what they are told who are invited in person.
fn place(person: &Specialist, channels: &[String], own: Option<&str>) -> String {
    let in_person = |word: &str| crate::slots::channel_kind(word) == Some(crate::understand::Channel::InPerson);
    if !channels.iter().any(|c| in_person(c)) {
        return String::new();
    }
    let told = || person.connect.iter().find(|(channel, _)| in_person(channel)).map(|(_, words)| words.as_str());
    own.or_else(told).unwrap_or_default().trim_end_matches('.').to_owned()
}

pub(super) fn hours(from: NaiveTime, to: NaiveTime) -> String {
    format!("{}–{}", from.format("%H:%M"), to.format("%H:%M"))
}

/// «25 декабря (пт)».
fn on_day(date: NaiveDate) -> String {
    format!("{} ({})", day_month(date), weekdays_in_words(&[date.weekday()]))
}
