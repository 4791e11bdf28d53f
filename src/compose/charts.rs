//! Which charts the weekly report shows, from its data.

use super::Picture;
use super::russian::initials;
use super::staff_letters::{ChartWords, Weekly};
use crate::report::{self, Chart, FEWEST_MARKS, Span, Terms, percent};
use chrono::{Datelike, NaiveDate};

/// Bars that a telephone shows without scrolling.
const MOST_BARS: usize = 10;

impl Weekly {
    /// The letter of a report.
    pub fn of(report: report::Weekly) -> Weekly {
        let charts = charts(&report).into_iter().map(|(name, title, chart)| ChartWords { name, title, words: chart.words() }).collect();
        let compared = report.analysis.span.words(report.weeks_before.len());
        let ago = (1..=report.weeks_before.len()).rev().map(|n| format!("{} назад", report.analysis.span.words(n))).collect();
        Weekly { report, charts, compared, ago, draft: None }
    }

    /// Its charts as pictures, under the names by which the page shows them.
    pub(super) fn drawn(&self) -> Vec<Picture> {
        charts(&self.report).into_iter().filter_map(|(name, _, chart)| Some(Picture { name, png: chart.png()? })).collect()
    }
}

/// Name, heading and chart; what has nothing to show is left out.
fn charts(report: &report::Weekly) -> Vec<(&'static str, &'static str, Chart)> {
    let (this, name) = match report.analysis.span {
        Span::Week => ("эта", "неделя"),
        Span::Month => ("этот", "месяц"),
        Span::Quarter => ("этот", "квартал"),
    };
    let mut all = Vec::new();
    if report.days.iter().any(|d| d.received + d.closed > 0) {
        let label = |date| if report.analysis.span == Span::Week { weekday(date).to_owned() } else { day(date) };
        let columns = report.days.iter().map(|d| (label(d.date), [d.received, d.closed])).collect();
        all.push((
            "days",
            if report.analysis.span == Span::Week { "Получено и закрыто по дням" } else { "Получено и закрыто" },
            Chart::Pairs { series: ["получено".into(), "закрыто".into()], columns },
        ));
    }
    if report.terms.ended > 0 && !report.terms_before.is_empty() {
        let kept = |t: &Terms| percent(t.kept_office, t.ended);
        let before = report.terms_before.iter().map(|(from, terms)| (day(*from), kept(terms)));
        let columns = before.chain([(this.to_owned(), kept(&report.terms))]).collect();
        all.push(("terms", "Сроки соблюдены", Chart::Percents { columns }));
    }
    let load: Vec<(String, u32)> = report.by_specialist.iter().filter(|c| c.open > 0).map(|c| (initials(&c.title), c.open)).take(MOST_BARS).collect();
    if !load.is_empty() {
        all.push(("load", "Открытых заявок у сотрудников", Chart::Ranks { rows: load }));
    }
    if let Some(said) = report.satisfaction.as_ref().filter(|s| s.answers as usize >= FEWEST_MARKS) {
        let before = said.mean_before.map(|m| ("месяц до этого".to_owned(), m));
        let rows = std::iter::once((format!("{this} {name}"), said.mean)).chain(before).chain(said.by_specialist.iter().map(|(who, m)| (initials(who), *m)));
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
