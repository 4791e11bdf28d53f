//! The analysis of a period, gathered from the store: figures against the periods before it, frequent questions, wishes, proposals.
//!
//! Not here: how it is counted (`store::analysis`), what follows from it (`report::propose`), when it is due (`reports`).

use super::JobError;
use super::reports::{name_of, satisfaction};
use crate::facts::Interval;
use crate::report::{Analysis, Band, Compared, Counted, Moved, Span, Terms, frequent, median, parallel, propose, wishes};
use crate::settings::Settings;
use crate::store::{Received, Store};
use crate::understand::Category;
use crate::worktime::day_range;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};

/// A period and those it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// How long.
    pub span: Span,
    /// After this moment.
    pub since: DateTime<Utc>,
    /// Up to this one.
    pub until: DateTime<Utc>,
    /// First local day.
    pub from: NaiveDate,
    /// Last local day.
    pub to: NaiveDate,
    /// As long ones before it, oldest first.
    pub before: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// A local midnight as the end of what was before it.
fn midnight(settings: &Settings, date: NaiveDate) -> DateTime<Utc> {
    settings.worktime.local(date, NaiveTime::MIN) - TimeDelta::seconds(1)
}

/// So many periods earlier, by the calendar.
fn back(span: Span, date: NaiveDate, n: u32) -> NaiveDate {
    let earlier = match span {
        Span::Week => date.checked_sub_days(Days::new(7 * u64::from(n))),
        Span::Month => date.checked_sub_months(Months::new(n)),
        Span::Quarter => date.checked_sub_months(Months::new(3 * n)),
    };
    earlier.unwrap_or(date)
}

/// First day of the period in which a date lies.
pub fn first_day(span: Span, date: NaiveDate) -> NaiveDate {
    match span {
        Span::Week => date - Days::new(u64::from(date.weekday().num_days_from_monday())),
        Span::Month => date.with_day(1).unwrap_or(date),
        Span::Quarter => NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1).unwrap_or(date),
    }
}

impl Stretch {
    /// The week of a report: what lies between the last report and now, against seven days and those before them.
    pub(super) fn between(settings: &Settings, since: DateTime<Utc>, until: DateTime<Utc>) -> Stretch {
        let worktime = &settings.worktime;
        // A period that begins in the afternoon is told from the next day on.
        let began = worktime.to_local(since);
        let from = if began.hour() < 12 { began.date() } else { began.date() + Days::new(1) };
        let to = worktime.local_date(until);
        let days = |n: u32| since - TimeDelta::days(7 * i64::from(n));
        let before = (1..=Span::Week.compared()).rev().map(|n| (days(n), days(n - 1))).collect();
        Stretch { span: Span::Week, since, until, from: from.min(to), to, before }
    }

    /// The calendar period that begins on a day, as far as it has come; one that is not over is compared with as many days of those before.
    pub fn calendar(settings: &Settings, span: Span, first: NaiveDate, now: DateTime<Utc>) -> Stretch {
        let next = back_forward(span, first);
        let (since, end) = (midnight(settings, first), midnight(settings, next));
        let until = end.min(now);
        let before = (1..=span.compared())
            .rev()
            .map(|n| {
                let (from, to) = (back(span, first, n), back(span, next, n));
                let (from, to) = (midnight(settings, from), midnight(settings, to));
                (from, to.min(from + (until - since)))
            })
            .collect();
        Stretch { span, since, until, from: first, to: settings.worktime.local_date(until), before }
    }

    /// «неделю 16-20 ноября», «ноябрь 2026 года», «4-й квартал 2026 года», behind «за».
    pub fn title(&self) -> String {
        const MONTHS: [&str; 12] = ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"];
        let year = self.from.year();
        match self.span {
            Span::Week => format!("неделю {}", day_range(self.from, self.to)),
            Span::Month => format!("{} {year} года", MONTHS.get(self.from.month0() as usize).copied().unwrap_or_default()),
            Span::Quarter => format!("{}-й квартал {year} года", self.from.month0() / 3 + 1),
        }
    }
}

/// First day of the period behind that of a first day.
fn back_forward(span: Span, first: NaiveDate) -> NaiveDate {
    let next = match span {
        Span::Week => first.checked_add_days(Days::new(7)),
        Span::Month => first.checked_add_months(Months::new(1)),
        Span::Quarter => first.checked_add_months(Months::new(3)),
    };
    next.unwrap_or(first)
}

/// The periods before that are a measure: what was before the first start the program does not know.
pub(super) fn known(store: &Store, stretch: &Stretch) -> Result<Vec<Interval>, JobError> {
    let started = store.meta("started")?.and_then(|s| s.parse().ok()).and_then(|s| DateTime::from_timestamp(s, 0));
    Ok(stretch.before.iter().copied().filter(|(since, _)| started.is_some_and(|at| at <= *since + TimeDelta::days(1))).collect())
}

/// The analysis of a period.
///
/// # Errors
/// The store's.
pub fn analyse(store: &Store, settings: &Settings, stretch: &Stretch) -> Result<Analysis, JobError> {
    let before = known(store, stretch)?;
    let (all, categories) = compared(store, stretch, &before)?;
    let times = store.times(stretch.since, stretch.until)?;
    let (mut terms_before, mut minutes) = (Terms::default(), Vec::new());
    for (since, until) in &before {
        let earlier = store.times(*since, *until)?;
        terms_before.ended += earlier.terms.ended;
        terms_before.kept_literal += earlier.terms.kept_literal;
        terms_before.kept_office += earlier.terms.kept_office;
        minutes.extend(earlier.minutes);
    }
    let counted: Vec<Counted> = store.received_plain(stretch.since, stretch.until)?.into_iter().filter_map(|r| counted(settings, r)).collect();
    let rules = &settings.proposals;
    let mut load: Vec<(String, u32)> = (store.by_specialist(stretch.since, stretch.until, stretch.until)?.into_iter())
        .filter(|c| c.open > 0)
        .map(|c| (name_of(settings, &c.title), c.open))
        .collect();
    load.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut analysis = Analysis {
        span: stretch.span,
        title: stretch.title(),
        from: stretch.from,
        to: stretch.to,
        all,
        categories,
        terms: times.terms,
        terms_before,
        median: median(&times.minutes),
        median_before: median(&minutes),
        topics: frequent(&counted, 0, false),
        groups: frequent(&counted, rules.group_from as usize, true),
        wishes: wishes(&counted, |band| open(settings, band)),
        moved: Moved { handed: store.handed(stretch.since, stretch.until)?, corrected: store.corrected(stretch.since, stretch.until)? },
        thanks: store.events_between("thanks", stretch.since, stretch.until)?.iter().map(|(_, n)| n).sum(),
        load,
        satisfaction: satisfaction(store, settings, stretch.since, stretch.until)?,
        proposals: Vec::new(),
    };
    analysis.proposals = propose(rules, &analysis);
    Ok(analysis)
}

/// Received and closed, all and by category in the order of the regulation.
fn compared(store: &Store, stretch: &Stretch, before: &[(DateTime<Utc>, DateTime<Utc>)]) -> Result<(Compared, Vec<Compared>), JobError> {
    let rows = |since, until| -> Result<_, JobError> { Ok((store.opened_by_category(since, until)?, store.closed_by_category(since, until)?)) };
    let now = rows(stretch.since, stretch.until)?;
    let earlier = before.iter().map(|(since, until)| rows(*since, *until)).collect::<Result<Vec<_>, _>>()?;
    let of = |found: &[(Category, u32)], category: Option<Category>| found.iter().filter(|(c, _)| category.is_none_or(|k| k == *c)).map(|(_, n)| n).sum();
    let line = |category: Option<Category>| Compared {
        key: category.map_or("", Category::key).into(),
        title: category.map_or("всего", Category::title).into(),
        received: of(&now.0, category),
        closed: of(&now.1, category),
        received_before: earlier.iter().map(|(opened, _)| of(opened, category)).collect(),
        closed_before: earlier.iter().map(|(_, closed)| of(closed, category)).collect(),
    };
    let told = |c: &Compared| c.received + c.closed + c.received_before.iter().sum::<u32>() > 0;
    Ok((line(None), Category::ALL.into_iter().map(|c| line(Some(c))).filter(told).collect()))
}

/// As it may be counted with others; nothing of the psychologist's and the social pedagogue's.
fn counted(settings: &Settings, r: Received) -> Option<Counted> {
    if matches!(r.category, Category::Psychologist | Category::SocialPedagogue) {
        return None;
    }
    let prefix = format!("{}: ", r.category.title());
    // «…: отметки не видны («нет оценки»)»: the rule's name, never the words of the letter behind it.
    let name = |reason: &String| reason.strip_prefix(&prefix).map(|rest| rest.split(" («").next().unwrap_or(rest).to_owned());
    let topic = r.reasons.iter().filter_map(name).find(|name| settings.topics.topic(r.category, name));
    Some(Counted {
        category: (r.category.key().to_owned(), r.category.title().to_owned()),
        topic,
        family: r.family,
        parallel: r.class.as_deref().and_then(parallel),
        times: r.times,
        unmet: r.unmet,
    })
}

/// Whether anybody's schedule has such a time.
fn open(settings: &Settings, band: Band) -> bool {
    let windows = || settings.staff.iter().flat_map(|p| &p.windows);
    match band {
        Band::After(hour) => windows().any(|w| w.to.hour() > hour || w.to.hour() == hour && w.to.minute() > 0),
        Band::Before(hour) => windows().any(|w| w.from.hour() < hour),
        Band::Saturday => windows().any(|w| w.weekdays.contains(&Weekday::Sat)),
    }
}
