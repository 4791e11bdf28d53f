//! Reports that are due: gathered from the store, one a period, made up for after downtime.

use super::{JobError, School};
use crate::appeal::{Appeal, IncidentState, State};
use crate::decide::{Gathered, Round, on_report, report_key};
use crate::report::{Count, Daily, Day, FEWEST_MARKS, Line, Meeting, Satisfaction, Schedule, SurveyRow, Weekly, mean};
use crate::settings::{Mode, Settings};
use crate::store::Store;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Minutes after which a report says that it is late.
const LATE_MINUTES: i64 = 30;

/// The last due moment of a schedule that lies on a working day.
fn last_on_workday(round: &Round<'_>, schedule: &Schedule, workdays: bool) -> Option<DateTime<Utc>> {
    let mut at = schedule.last(round.now)?;
    for _ in 0..20 {
        if !workdays || round.workday(round.date(at)) {
            return Some(at);
        }
        at = schedule.last(at - TimeDelta::seconds(1))?;
    }
    None
}

/// Makes the reports that are due. The first start counts as the end of the last period.
///
/// # Errors
/// The store's.
pub fn reports(school: &School, now: DateTime<Utc>) -> Result<(), JobError> {
    let settings = school.refresh()?;
    let round = school.round(&settings, now);
    let started = started(school, now)?;
    for (kind, schedule, workdays) in [("daily", &settings.daily, true), ("weekly", &settings.weekly, false)] {
        let Some(due) = last_on_workday(&round, schedule, workdays).filter(|at| *at > started) else { continue };
        let period = round.date(due);
        if school.store().reported(kind, &report_key(period))? {
            continue;
        }
        let late = now - due > TimeDelta::minutes(LATE_MINUTES);
        let since = school.store().last_report(kind)?.map_or(started, |(_, until)| until);
        let gathered = match kind {
            "daily" => Gathered::Daily(gather_daily(school, &settings, period, since, now, late)?),
            _ => Gathered::Weekly(weekly_since(school, &settings, period, since.min(now - TimeDelta::days(7)).max(now - TimeDelta::days(35)), now, late)?),
        };
        let effects = on_report(round, &gathered, period, now);
        school.store().carry_out(&effects, now)?;
    }
    Ok(())
}

/// The moment of the first start, remembered.
fn started(school: &School, now: DateTime<Utc>) -> Result<DateTime<Utc>, JobError> {
    let store = school.store();
    if let Some(at) = store.meta("started")?.and_then(|s| s.parse().ok()).and_then(|s| DateTime::from_timestamp(s, 0)) {
        return Ok(at);
    }
    // A second earlier, so that what came in the very first round counts as new in the first report.
    let started = now - TimeDelta::seconds(1);
    store.set_meta("started", &started.timestamp().to_string())?;
    Ok(started)
}

/// One line for all of an incident's appeals.
fn incident_line(title: &str, count: u32, state: IncidentState) -> String {
    let state = match state {
        IncidentState::Proposed => "ждёт ответа: одно это или разное",
        IncidentState::Answered => "всем отвечено, новым ответ приходит с квитанцией",
        IncidentState::Apart => "разное",
        IncidentState::Closed => "закрыт",
    };
    format!("Общий случай, {title}: обращений {count}, {state}")
}

/// When the next report is due.
pub fn next_report(settings: &Settings, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    settings.daily.after(now).into_iter().chain(settings.weekly.after(now)).min()
}

fn name_of(settings: &Settings, id: &str) -> String {
    settings.person(id).map_or_else(|| id.to_owned(), |p| p.name.clone())
}

fn line(settings: &Settings, a: &Appeal) -> Line {
    let what = match (a.state, a.consultation, a.met) {
        (State::Undecided, ..) => "решить, кто ответит",
        (_, true, None) => "пригласить на консультацию",
        (_, false, None) => "ответить автору",
        _ => "закрыть",
    };
    Line {
        number: a.number,
        category: a.category.title().into(),
        assignee: a.assignee.as_deref().map(|id| name_of(settings, id)),
        what: what.into(),
        due: Some(a.due.literal.max(a.due.office)),
    }
}

fn named(settings: &Settings, counts: Vec<Count>) -> Vec<Count> {
    counts.into_iter().map(|c| Count { title: name_of(settings, &c.title), ..c }).collect()
}

fn meetings(store: &Store, settings: &Settings, round: &Round<'_>) -> Result<Vec<Meeting>, JobError> {
    let today = round.date(round.now);
    let tomorrow = settings.worktime.next_workday(today);
    let from = settings.worktime.local(today, chrono::NaiveTime::MIN);
    let to = settings.worktime.last_second(tomorrow) + TimeDelta::seconds(1);
    let groups = store.meetings(Some(from))?.into_iter().filter(|m| m.start < to && !m.cancelled).map(|m| Meeting {
        number: m.id,
        group: true,
        specialist: name_of(settings, &m.specialist),
        start: m.start,
        channel: crate::compose::event_text::channel_words(&m.channel),
        state: m.title().into(),
    });
    let found = store.consultations(from, to, false)?;
    let mut all: Vec<Meeting> = found
        .into_iter()
        .map(|c| Meeting {
            number: c.appeal,
            group: false,
            specialist: name_of(settings, &c.specialist),
            start: c.start,
            channel: crate::compose::event_text::channel_words(&c.channel),
            state: c.title().into(),
        })
        .chain(groups)
        .collect();
    all.sort_by(|a, b| (a.start, &a.specialist).cmp(&(b.start, &b.specialist)));
    Ok(all)
}

/// Nobody reads of a matter about themselves, in a report neither.
fn hide_from_reader(open: &mut Vec<Appeal>, round: Round<'_>) {
    if let Some(reader) = round.decider(&[]) {
        open.retain(|a| !a.excluded.contains(&reader.id));
    }
}

/// What it means when this report does not come: its hour and a half of grace, and whom to call.
fn absence_means(settings: &Settings, now: DateTime<Utc>) -> String {
    let due = settings.daily.after(now).unwrap_or(now) + TimeDelta::minutes(90);
    let hour = due.with_timezone(&settings.worktime.zone).format("%-H:%M");
    let phone = settings.absence_phone.as_ref().unwrap_or(&settings.phone);
    format!("Если в рабочий день к {hour} этого письма нет, Отклик не работает: звоните {phone}.")
}

/// In words, why a letter opened no appeal.
fn ignored_words(reason: &str) -> &str {
    match reason {
        "auto_reply" => "автоответы",
        "bounce" => "отчёты о доставке",
        "list" => "рассылки",
        "spam" => "спам",
        "own_echo" => "наши же письма",
        "calendar" => "чужие календарные письма",
        "survey" => "анкеты без заявки",
        "read_receipt" => "уведомления о прочтении",
        "forged" => "неподтверждённые отправители",
        "stranger" => "ответы с чужих адресов",
        "phishing" => "мошеннические письма",
        "forgotten" => "письма людей, чьи данные удалены",
        "" => "прочее",
        other => other,
    }
}

/// The daily report's data (001 3.3.2).
///
/// # Errors
/// The store's.
pub fn gather_daily(school: &School, settings: &Settings, date: NaiveDate, since: DateTime<Utc>, now: DateTime<Utc>, late: bool) -> Result<Daily, JobError> {
    let mode = school.mode(settings);
    let round = Round { settings, now, mode };
    let store = school.store();
    let mut open = store.appeals(true, 10_000)?;
    open.sort_by_key(|a| (a.due.literal, a.number));
    hide_from_reader(&mut open, round);
    let today_ends = settings.worktime.last_second(round.date(now));
    let pick = |test: &dyn Fn(&Appeal) -> bool| open.iter().filter(|a| test(a)).map(|a| line(settings, a)).collect::<Vec<_>>();
    let mut reconciliation = store.reconciliation(&settings.mailbox.folders)?;
    for (reason, _) in &mut reconciliation.ignored {
        *reason = ignored_words(reason).to_owned();
    }
    // Found by its attribute the folder may have any name: intake remembers which it was.
    let spam_folder = settings.mailbox.spam.clone().or(store.meta("spam_folder")?).unwrap_or_else(|| "Spam".into());
    let staff_letters = store.events_between("staff_letter", since, now)?;
    let grouped = store.in_groups()?;
    let zone = settings.worktime.zone;
    Ok(Daily {
        date,
        since,
        until: now,
        late,
        shadow: mode == Mode::Shadow,
        // An appeal that was answered or invited a week ago and is still open waits for somebody to close it; a family of a group, for its day.
        decisions: pick(&|a| a.state == State::Undecided || (a.met.is_some_and(|at| now - at > TimeDelta::days(7)) && !grouped.contains(&a.number))),
        urgent: pick(&|a| a.urgent && a.acknowledged.is_none()),
        due_today: pick(&|a| a.met.is_none() && a.due.office > now && a.due.office <= today_ends),
        overdue: pick(&|a| a.met.is_none() && a.due.office <= now),
        total: store.totals(since, now, now)?,
        by_category: store.by_category(since, now, now)?,
        by_specialist: named(settings, store.by_specialist(since, now, now)?),
        meetings: meetings(&store, settings, &round)?,
        undelivered: (store.undelivered(since)?.into_iter())
            .map(|(n, phone, _)| match phone {
                Some(phone) => format!("№ {n}: письмо не дошло, позвоните {}", crate::compose::phone(&phone)),
                None => format!("№ {n}: письмо не дошло, телефона нет"),
            })
            .collect(),
        incidents: store.incidents_since(since)?.into_iter().map(|(category, n, state)| incident_line(category.title(), n, state)).collect(),
        staff_letters: staff_letters.into_iter().map(|(n, count)| format!("№ {n}: писем сотрудников {count}")).collect(),
        parked: (store.parked(since)?.into_iter())
            .map(|l| format!("{}, письмо {} от {}: {}", l.folder, l.uid, l.received.with_timezone(&zone).format("%d.%m %H:%M"), l.reason.unwrap_or_default()))
            .collect(),
        spam: Some(store.seen_in(&spam_folder, since)?),
        warnings: orders(&store, since, now)?.into_iter().chain(settings.warnings.iter().cloned()).collect(),
        reconciliation,
        absence_means: absence_means(settings, now),
    })
}

/// Orders by letter that were not believed, and those carried out without a proof, one line each; whose they were is in the appeals' history.
fn orders(store: &Store, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<String>, JobError> {
    let (refused, unproved) = (store.count_events("distrusted", since, now)?, store.count_events("unproved", since, now)?);
    let lines = [
        (refused, format!("Поручения в письмах не исполнены, потому что отправитель или ключ не подтверждён: {refused}.")),
        (unproved, format!("Поручения исполнены, но почта не подтвердила отправителя: {unproved}.")),
    ];
    Ok(lines.into_iter().filter(|(n, _)| *n > 0).map(|(_, line)| line).collect())
}

/// The weekly report's data (001 3.3.3): the seven days up to now.
///
/// # Errors
/// The store's.
pub fn gather_weekly(school: &School, settings: &Settings, date: NaiveDate, now: DateTime<Utc>, late: bool) -> Result<Weekly, JobError> {
    weekly_since(school, settings, date, now - TimeDelta::days(7), now, late)
}

/// Received and closed on each local day of the period.
fn days(store: &Store, settings: &Settings, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<Day>, JobError> {
    let worktime = &settings.worktime;
    let (first, last) = (worktime.local_date(since + TimeDelta::seconds(1)), worktime.local_date(now));
    let mut days = Vec::new();
    for date in first.iter_days().take_while(|d| *d <= last).take(MOST_DAYS) {
        // A second before midnight: the counting is from after a moment up to one.
        let from = worktime.local(date, chrono::NaiveTime::MIN) - TimeDelta::seconds(1);
        let to = worktime.last_second(date);
        let (received, closed) = (store.received_between(from.max(since), to.min(now))?, store.closed_between(from.max(since), to.min(now))?);
        days.push(Day { date, received, closed });
    }
    Ok(days)
}

/// Days that a chart has room for.
const MOST_DAYS: usize = 10;

fn terms_before(store: &Store, settings: &Settings, since: DateTime<Utc>) -> Result<Vec<(NaiveDate, crate::report::Terms)>, JobError> {
    let mut weeks = Vec::with_capacity(4);
    for back in (1..=4).rev() {
        let (from, to) = (since - TimeDelta::days(7 * back), since - TimeDelta::days(7 * (back - 1)));
        weeks.push((settings.worktime.local_date(from + TimeDelta::seconds(1)), store.times(from, to)?.terms));
    }
    Ok(weeks)
}

/// What families said: the week, the four before, and specialists over a quarter where enough have spoken.
fn satisfaction(store: &Store, settings: &Settings, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Option<Satisfaction>, JobError> {
    let marks = |answers: &[SurveyRow]| answers.iter().filter_map(|a| a.score).collect::<Vec<u8>>();
    let week = store.surveys(since, now)?;
    let Some(mean_now) = mean(&marks(&week)) else { return Ok(None) };
    let before = store.surveys(since - TimeDelta::days(28), since)?;
    let mut by_specialist: Vec<(String, u32)> = Vec::new();
    let quarter = store.surveys(now - TimeDelta::days(92), now)?;
    let mut ids: Vec<&String> = quarter.iter().filter_map(|a| a.specialist.as_ref()).collect();
    ids.sort();
    ids.dedup();
    for id in ids {
        let own: Vec<u8> = quarter.iter().filter(|a| a.specialist.as_ref() == Some(id)).filter_map(|a| a.score).collect();
        by_specialist.extend(mean(&own).filter(|_| own.len() >= FEWEST_MARKS).map(|m| (name_of(settings, id), m)));
    }
    let said: Vec<bool> = week.iter().filter_map(|a| a.recommend).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Some(Satisfaction {
        answers: count(marks(&week).len()),
        mean: mean_now,
        mean_before: mean(&marks(&before)),
        asked: count(said.len()),
        recommend: count(said.iter().filter(|yes| **yes).count()),
        by_specialist,
    }))
}

/// The same from the end of the last report on: a report that is late leaves no gap.
fn weekly_since(school: &School, settings: &Settings, date: NaiveDate, since: DateTime<Utc>, now: DateTime<Utc>, late: bool) -> Result<Weekly, JobError> {
    let mode = school.mode(settings);
    let round = Round { settings, now, mode };
    let store = school.store();
    let times = store.times(since, now)?;
    let mut weeks_before = Vec::with_capacity(4);
    for back in (1..=4).rev() {
        weeks_before.push(store.received_between(since - TimeDelta::days(7 * back), since - TimeDelta::days(7 * (back - 1)))?);
    }
    let mut open = store.appeals(true, 10_000)?;
    open.sort_by_key(|a| (a.due.literal, a.number));
    hide_from_reader(&mut open, round);
    let mut reconciliation = store.reconciliation(&settings.mailbox.folders)?;
    for (reason, _) in &mut reconciliation.ignored {
        *reason = ignored_words(reason).to_owned();
    }
    Ok(Weekly {
        from: (date - TimeDelta::days(6)).min(settings.worktime.local_date(since) + TimeDelta::days(1)),
        to: date,
        late,
        shadow: mode == Mode::Shadow,
        total: store.totals(since, now, now)?,
        weeks_before,
        days: days(&store, settings, since, now)?,
        terms_before: terms_before(&store, settings, since)?,
        satisfaction: satisfaction(&store, settings, since, now)?,
        by_category: store.by_category(since, now, now)?,
        by_specialist: named(settings, store.by_specialist(since, now, now)?),
        terms: times.terms,
        median_minutes: crate::report::median(&times.minutes),
        p90_minutes: crate::report::percentile(&times.minutes, 90),
        meetings: u32::try_from(store.consultations(since, now, false)?.len()).unwrap_or(u32::MAX),
        thanks: store.events_between("thanks", since, now)?.iter().map(|(_, n)| n).sum(),
        overdue: open.iter().filter(|a| a.met.is_none() && a.due.office <= now).map(|a| line(settings, a)).collect(),
        unknown: store.doubts(since)?,
        reconciliation,
    })
}
