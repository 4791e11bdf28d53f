//! Reports that are due: gathered from the store, one a period, made up for after downtime.

use super::analysis::{Stretch, analyse, known};
use super::{JobError, School};
use crate::appeal::{Appeal, Ending, IncidentState, State};
use crate::decide::{ForAgenda, Gathered, Round, agenda, next_draft_due, on_draft_due, on_report, on_wanted};
use crate::report::{Count, Daily, Day, DaysOff, FEWEST_MARKS, Line, Meeting, Satisfaction, Schedule, Span, SurveyRow, Weekly, last_due, mean, next_due};
use crate::settings::{Mode, Settings};
use crate::slots::Specialist;
use crate::store::Store;
use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};

/// Minutes after which a report says that it is late.
const LATE_MINUTES: i64 = 30;

/// The two reports and how each treats days off.
fn kinds(settings: &Settings) -> [(&'static str, &Schedule, DaysOff); 2] {
    [("daily", &settings.daily, DaysOff::Skip), ("weekly", &settings.weekly, DaysOff::Before)]
}

/// Makes the reports that are due. The first start counts as the end of the last period; what is made up for waits for the hours of staff.
///
/// # Errors
/// The store's.
pub fn reports(school: &School, now: DateTime<Utc>) -> Result<(), JobError> {
    let settings = school.refresh()?;
    let round = school.round(&settings, now);
    let started = started(school, now)?;
    for (kind, schedule, days_off) in kinds(&settings) {
        let Some(due) = last_due(schedule, days_off, now, |d| round.workday(d)).filter(|due| due.at > started) else { continue };
        let last = school.store().last_report(kind)?.map(|(_, until)| until);
        if last.is_some_and(|until| until >= due.at) || school.store().reported(kind, &due.key)? || round.staff_hours(now) > now {
            continue;
        }
        let late = now - round.staff_hours(due.at) > TimeDelta::minutes(LATE_MINUTES);
        let (since, period) = (last.unwrap_or(started), round.date(due.at));
        let gathered = match kind {
            "daily" => Gathered::Daily(Box::new(gather_daily(school, &settings, period, since, now, late)?)),
            _ => Gathered::Weekly(Box::new(gather_period(school, &settings, &Stretch::between(&settings, since, now), now, late)?)),
        };
        let effects = on_report(round, &gathered, &due.key, now);
        school.store().carry_out(&effects, now)?;
    }
    if round.staff_hours(now) <= now {
        school.store().decide_drafts(now, |drafted| on_draft_due(round, drafted))?;
    }
    let wanted = school.store().wanted_reports()?;
    for (id, wanted) in wanted {
        let stretch = Stretch::calendar(&settings, wanted.span, wanted.first, now);
        let report = gather_period(school, &settings, &stretch, now, false)?;
        school.store().report_given(id, &on_wanted(round, id, &wanted, &report), now)?;
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

/// When the next report may be due: at the moment of one, or when the hours of staff begin, for which one that is made up for has waited.
pub fn next_report(settings: &Settings, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let round = Round { settings, now, mode: settings.mode };
    let opens = Some(round.staff_hours(now)).filter(|at| *at > now);
    let due = kinds(settings).into_iter().filter_map(|(_, schedule, days_off)| next_due(schedule, days_off, now, |d| round.workday(d)));
    let draft = last_due(&settings.weekly, DaysOff::Before, now, |d| round.workday(d)).and_then(|d| next_draft_due(round, d.at));
    due.map(|d| d.at).chain(opens).chain(draft).min()
}

pub(super) fn name_of(settings: &Settings, id: &str) -> String {
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
        acts: Vec::new(),
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
    let zone = settings.worktime.zone;
    let (decisions, asks) = match round.decider(&[]) {
        Some(head) => agenda(round, head, &for_agenda(&store, head, open.clone(), now)?),
        None => (Vec::new(), Vec::new()),
    };
    // What stands above with its buttons is not told a second time below.
    let above: Vec<i64> = decisions.iter().map(|l| l.number).collect();
    let decided = |a: &Appeal| above.contains(&a.number);
    Ok(Daily {
        date,
        since,
        until: now,
        late,
        shadow: mode == Mode::Shadow,
        decisions,
        asks,
        urgent: pick(&|a| a.urgent && !decided(a)),
        due_today: pick(&|a| a.met.is_none() && !decided(a) && a.due.office > now && a.due.office <= today_ends),
        overdue: pick(&|a| a.met.is_none() && !decided(a) && a.due.office <= now),
        total: store.totals(since, now, now)?,
        by_category: store.by_category(since, now, now)?,
        by_specialist: named(settings, store.by_specialist(since, now, now)?),
        meetings: meetings(&store, settings, &round)?,
        undelivered: (store.undelivered(since)?.into_iter())
            .map(|(n, phone, _)| match phone {
                // A family's telephone stands in the letters to whoever calls, in no report.
                Some(_) => format!("№ {n}: письмо не дошло, телефон у оператора"),
                None => format!("№ {n}: письмо не дошло, телефона нет"),
            })
            .collect(),
        incidents: store
            .incidents_since(since)?
            .into_iter()
            .filter(|(.., state)| *state != IncidentState::Proposed)
            .map(|(category, n, state)| incident_line(category.title(), n, state))
            .collect(),
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

/// What the head's agenda needs besides the open appeals.
fn for_agenda(store: &Store, head: &Specialist, open: Vec<Appeal>, now: DateTime<Utc>) -> Result<ForAgenda, JobError> {
    Ok(ForAgenda {
        wishes: store.wishes(now - TimeDelta::days(WISH_DAYS))?,
        counters: store.counters(now)?,
        grouped: store.in_groups()?,
        ahead: store.consultations(now, now + TimeDelta::days(120), false)?.into_iter().map(|c| c.appeal).collect(),
        incidents: store.proposed(now)?,
        unconfirmed: store.unconfirmed(&head.email, now)?,
        open,
    })
}

/// Days after which a wish that nobody has answered is no longer told.
const WISH_DAYS: i64 = 14;

/// Orders by letter that were not believed, and those carried out without a proof, one line each; whose they were is in the appeals' history.
fn orders(store: &Store, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<String>, JobError> {
    let count = |event: &str| store.count_events(event, since, now);
    let (forged, refused, unproved) = (count("distrusted")?, count("refused")?, count("unproved")?);
    let not_done = match (forged, refused) {
        (0, refused) => format!("Поручения в письмах, которые не исполнены: {refused}, причина ушла отправителю."),
        (forged, 0) => format!("Поручения в письмах не исполнены, потому что отправитель или ключ не подтверждён: {forged}."),
        (forged, refused) => {
            format!("Поручения в письмах, которые не исполнены: {}, из них {forged} потому, что отправитель или ключ не подтверждён.", forged + refused)
        }
    };
    let lines = [(forged + refused, not_done), (unproved, format!("Поручения исполнены, но почта не подтвердила отправителя: {unproved}."))];
    Ok(lines.into_iter().filter(|(n, _)| *n > 0).map(|(_, line)| line).collect())
}

/// The weekly report's data (001 3.3.3): the seven days up to now.
///
/// # Errors
/// The store's.
pub fn gather_weekly(school: &School, settings: &Settings, now: DateTime<Utc>, late: bool) -> Result<Weekly, JobError> {
    gather_period(school, settings, &Stretch::between(settings, now - TimeDelta::days(7), now), now, late)
}

/// Received and closed on each local day of a week, or in each week or month of a longer period.
fn days(store: &Store, settings: &Settings, stretch: &Stretch) -> Result<Vec<Day>, JobError> {
    let worktime = &settings.worktime;
    let first = worktime.local_date(stretch.since + TimeDelta::seconds(1));
    let step = |date: NaiveDate| match stretch.span {
        Span::Week => date + Days::new(1),
        Span::Month => date + Days::new(7),
        Span::Quarter => date + Months::new(1),
    };
    let mut dates: Vec<NaiveDate> = std::iter::successors(Some(first), |d| Some(step(*d))).take_while(|d| *d <= stretch.to).take(MOST_STEPS).collect();
    dates.drain(..dates.len().saturating_sub(MOST_DAYS));
    let mut days = Vec::new();
    for date in dates {
        // A second before midnight: the counting is from after a moment up to one.
        let from = (worktime.local(date, chrono::NaiveTime::MIN) - TimeDelta::seconds(1)).max(stretch.since);
        let to = (worktime.local(step(date), chrono::NaiveTime::MIN) - TimeDelta::seconds(1)).min(stretch.until);
        days.push(Day { date, received: store.received_between(from, to)?, closed: store.closed_between(from, to)? });
    }
    Ok(days)
}

/// Days that a chart has room for, and those that are looked through after a long standstill.
const MOST_DAYS: usize = 10;
const MOST_STEPS: usize = 400;

fn terms_before(store: &Store, settings: &Settings, stretch: &Stretch) -> Result<Vec<(NaiveDate, crate::report::Terms)>, JobError> {
    let of = |(since, until): &(DateTime<Utc>, DateTime<Utc>)| {
        Ok((settings.worktime.local_date(*since + TimeDelta::seconds(1)), store.times(*since, *until)?.terms))
    };
    known(store, stretch)?.iter().map(of).collect()
}

/// What families said: the week, the four before, and specialists over a quarter where enough have spoken.
pub(super) fn satisfaction(store: &Store, settings: &Settings, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Option<Satisfaction>, JobError> {
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

/// The report of a period.
///
/// # Errors
/// The store's.
pub fn gather_period(school: &School, settings: &Settings, stretch: &Stretch, now: DateTime<Utc>, late: bool) -> Result<Weekly, JobError> {
    let mode = school.mode(settings);
    let round = Round { settings, now, mode };
    let store = school.store();
    let (since, until) = (stretch.since, stretch.until);
    let times = store.times(since, until)?;
    let analysis = analyse(&store, settings, stretch)?;
    let mut open = store.appeals(true, 10_000)?;
    open.sort_by_key(|a| (a.due.literal, a.number));
    hide_from_reader(&mut open, round);
    let mut reconciliation = store.reconciliation(&settings.mailbox.folders)?;
    for (reason, _) in &mut reconciliation.ignored {
        *reason = ignored_words(reason).to_owned();
    }
    let endings = store.endings(since, until)?;
    let ended = |how: Ending| endings.iter().find(|(e, _)| *e == how).map_or(0, |(_, n)| *n);
    Ok(Weekly {
        from: stretch.from,
        to: stretch.to,
        late,
        shadow: mode == Mode::Shadow,
        total: store.totals(since, until, now)?,
        withdrawn: ended(Ending::Withdrawn),
        merged: ended(Ending::Merged),
        weeks_before: analysis.all.received_before.clone(),
        days: days(&store, settings, stretch)?,
        terms_before: terms_before(&store, settings, stretch)?,
        satisfaction: analysis.satisfaction.clone(),
        by_category: store.by_category(since, until, now)?,
        by_specialist: named(settings, store.by_specialist(since, until, now)?),
        terms: times.terms,
        median_minutes: crate::report::median(&times.minutes),
        p90_minutes: crate::report::percentile(&times.minutes, 90),
        meetings: store.consultations_between(since, until)?,
        thanks: analysis.thanks,
        overdue: open.iter().filter(|a| a.met.is_none() && a.due.office <= now).map(|a| line(settings, a)).collect(),
        unknown: store.doubts(since)?,
        reconciliation,
        analysis,
    })
}
