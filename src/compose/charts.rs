//! Which charts the weekly report shows, from its data.

use super::Picture;
use super::russian::initials;
use super::staff_letters::{ChartWords, Weekly};
use crate::report::{self, Chart, Terms, percent};
use chrono::{Datelike, NaiveDate};

/// Bars that a telephone shows without scrolling.
const MOST_BARS: usize = 10;

impl Weekly {
    /// The letter of a report.
    pub fn of(report: report::Weekly) -> Weekly {
        let charts = charts(&report).into_iter().map(|(name, title, chart)| ChartWords { name, title, words: chart.words() }).collect();
        Weekly { report, charts }
    }

    /// Its charts as pictures, under the names by which the page shows them.
    pub(super) fn drawn(&self) -> Vec<Picture> {
        charts(&self.report).into_iter().filter_map(|(name, _, chart)| Some(Picture { name, png: chart.png()? })).collect()
    }
}

/// Name, heading and chart; what has nothing to show is left out.
fn charts(report: &report::Weekly) -> Vec<(&'static str, &'static str, Chart)> {
    let mut all = Vec::new();
    if report.days.iter().any(|d| d.received + d.closed > 0) {
        let columns = report.days.iter().map(|d| (weekday(d.date).to_owned(), [d.received, d.closed])).collect();
        all.push(("days", "Получено и закрыто по дням", Chart::Pairs { series: ["получено".into(), "закрыто".into()], columns }));
    }
    if report.terms.ended > 0 && !report.terms_before.is_empty() {
        let kept = |t: &Terms| percent(t.kept_office, t.ended);
        let before = report.terms_before.iter().map(|(from, terms)| (day(*from), kept(terms)));
        let columns = before.chain([("эта".to_owned(), kept(&report.terms))]).collect();
        all.push(("terms", "Сроки соблюдены, по неделям", Chart::Percents { columns }));
    }
    let load: Vec<(String, u32)> = report.by_specialist.iter().filter(|c| c.open > 0).map(|c| (initials(&c.title), c.open)).take(MOST_BARS).collect();
    if !load.is_empty() {
        all.push(("load", "Открытых заявок у сотрудников", Chart::Ranks { rows: load }));
    }
    if let Some(said) = &report.satisfaction {
        let before = said.mean_before.map(|m| ("месяц до этого".to_owned(), m));
        let rows = std::iter::once(("эта неделя".to_owned(), said.mean)).chain(before).chain(said.by_specialist.iter().map(|(who, m)| (initials(who), *m)));
        all.push(("marks", "Оценки консультаций, из пяти", Chart::Marks { rows: rows.take(MOST_BARS).collect() }));
    }
    all
}

fn weekday(date: NaiveDate) -> &'static str {
    ["пн", "вт", "ср", "чт", "пт", "сб", "вс"].get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or_default()
}

/// «16 ноя».
fn day(date: NaiveDate) -> String {
    const MONTHS: [&str; 12] = ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];
    format!("{} {}", date.day(), MONTHS.get(date.month0() as usize).copied().unwrap_or_default())
}
