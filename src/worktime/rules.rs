//! The calendar files as data: `rules/calendar/YYYY.toml`, regional and school overlays; their mistakes as sentences.
//!
//! Not here: reading files (`config`), what the days mean together (`calendar`).

use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::{BTreeMap, BTreeSet};

/// One `rules/calendar/YYYY.toml` or an overlay (regional, school), as read from the file.
///
/// ```toml
/// decree = "№ 1466, 24.09.2025"
/// days_off = [2026-01-01, 2026-03-09]       # weekdays off; holidays of art. 112 are off even when they are missing here
/// working_saturdays = []
/// short_days = [2026-04-30]                 # one hour shorter (art. 95)
/// five_day_only = [2026-01-09]              # of days_off, those moved from a Saturday: worked in a six-day week
/// extra_off = [{ date = 2026-05-29, reason = "последний звонок" }]
/// extra_work = [{ date = 2026-11-07, reason = "рабочий день по приказу" }]
/// [names]
/// 2026-01-09 = "перенос выходного дня"      # instead of the name that is known by law
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarRules {
    /// Number and date of the decree, or the reason of the overlay.
    pub decree: String,
    /// Days off, beside Saturdays and Sundays.
    #[serde(deserialize_with = "dates")]
    pub days_off: Vec<NaiveDate>,
    /// Saturdays that are worked by decree.
    #[serde(deserialize_with = "dates")]
    pub working_saturdays: Vec<NaiveDate>,
    /// Working days one hour shorter.
    #[serde(deserialize_with = "dates")]
    pub short_days: Vec<NaiveDate>,
    /// Days of `days_off` that were moved from a Saturday: no days off where Saturday is a working day (art. 111).
    #[serde(deserialize_with = "dates")]
    pub five_day_only: Vec<NaiveDate>,
    /// Names of days off, where another than the usual one is wanted.
    pub names: BTreeMap<NaiveDate, String>,
    /// Days off by the region's law or the school's order.
    pub extra_off: Vec<ExtraDay>,
    /// Working days by the school's order; stronger than every day off.
    pub extra_work: Vec<ExtraDay>,
}

/// A day of an overlay, with its reason in Russian as people will read it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraDay {
    /// Which day.
    #[serde(deserialize_with = "date")]
    pub date: NaiveDate,
    /// Why: «карантин», «День Республики Татарстан».
    #[serde(default)]
    pub reason: String,
}

impl CalendarRules {
    /// All mistakes as sentences. `year`: the year of the file's name; `None` for an overlay, which may speak of any year.
    pub fn mistakes(&self, year: Option<i32>) -> Vec<String> {
        let mut found = Vec::new();
        let extra = |days: &[ExtraDay]| days.iter().map(|d| d.date).collect::<Vec<_>>();
        let (extra_off, extra_work) = (extra(&self.extra_off), extra(&self.extra_work));
        let named: Vec<NaiveDate> = self.names.keys().copied().collect();
        let lists: [(&str, &[NaiveDate]); 7] = [
            ("days_off", &self.days_off),
            ("working_saturdays", &self.working_saturdays),
            ("short_days", &self.short_days),
            ("five_day_only", &self.five_day_only),
            ("extra_off", &extra_off),
            ("extra_work", &extra_work),
            ("names", &named),
        ];
        for (list, days) in lists {
            let mut seen = BTreeSet::new();
            for &day in days {
                if let Some(year) = year.filter(|y| *y != day.year()) {
                    found.push(format!("{day} stands in {list} of the calendar of {year}: move it to the file of {}", day.year()));
                }
                if !seen.insert(day) {
                    found.push(format!("{day} stands twice in {list}: remove one"));
                }
            }
        }
        for &day in &self.working_saturdays {
            if day.weekday() != Weekday::Sat {
                found.push(format!("{day} stands in working_saturdays but is a {}: check the date against the decree, or use extra_work", english(day)));
            }
        }
        let off: BTreeSet<NaiveDate> = self.days_off.iter().chain(&extra_off).copied().collect();
        let work: BTreeSet<NaiveDate> = self.working_saturdays.iter().chain(&extra_work).copied().collect();
        for day in off.intersection(&work) {
            found.push(format!("{day} is both a day off and a working day: remove one of the two"));
        }
        for day in self.short_days.iter().filter(|d| off.contains(d)) {
            found.push(format!("{day} stands in short_days but is a day off: remove one of the two"));
        }
        for day in self.short_days.iter().filter(|d| year.is_some() && d.weekday() == Weekday::Sun && !work.contains(d)) {
            found.push(format!("{day} stands in short_days but is a Sunday: check the date"));
        }
        for day in self.five_day_only.iter().filter(|d| !off.contains(d)) {
            found.push(format!("{day} stands in five_day_only but not in days_off: add it there or remove it here"));
        }
        found
    }
}

/// The weekday as messages to the operator name it.
fn english(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// A date as TOML writes it, bare or in quotes: chrono reads strings only, TOML gives its dates as a map of its own.
struct Day(NaiveDate);

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        deserializer.deserialize_any(DayVisitor).map(Day)
    }
}

struct DayVisitor;

impl<'de> serde::de::Visitor<'de> for DayVisitor {
    type Value = NaiveDate;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a date like 2026-11-04")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<NaiveDate, E> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<NaiveDate, A::Error> {
        use serde::de::Error;
        let value = <toml::value::Datetime as serde::Deserialize>::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        match (value.date, value.time) {
            (Some(d), None) => NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()),
            _ => None,
        }
        .ok_or_else(|| A::Error::custom(format!("{value} is not a date like 2026-11-04")))
    }
}

fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    <Day as serde::Deserialize>::deserialize(deserializer).map(|d| d.0)
}

fn dates<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<NaiveDate>, D::Error> {
    <Vec<Day> as serde::Deserialize>::deserialize(deserializer).map(|days| days.into_iter().map(|d| d.0).collect())
}
