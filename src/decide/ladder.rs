//! A ladder for each term: a reminder to the specialist before, the head when it passes, the director when it stays so.
//!
//! Rungs are climbed in presence hours, spaced by half a working day, each once; the ladder ends when the term is met or the appeal closed.
//! The half-hour of taking (001 3.2.1) has the first two rungs: the director hears of the main term only.

use super::case::Case;
use super::deadline::climb_once;
use crate::appeal::{Stage, State};
use crate::compose::{Escalation, Item, Reminder};
use crate::effect::{Effect, Event};
use crate::facts::Rung;
use crate::outbox::Kind;
use crate::slots::Silence;
use crate::worktime::Term;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

/// Working minutes between two rungs of one appeal: never two on one morning.
const SPACING: u32 = 240;

/// An appeal as a line of a list.
pub(super) fn item(case: &Case<'_>, what: &str, due: DateTime<Utc>) -> Item {
    Item {
        number: case.appeal.number,
        category: case.appeal.category.title().into(),
        assignee: case.assignee().map(|p| p.name.clone()),
        what: what.into(),
        due,
        overdue: due <= case.round.now,
    }
}

/// Climbs what is due of both terms; returns the moments of the rungs to come.
pub(super) fn climb(case: &mut Case<'_>, rungs: &mut Vec<Rung>, director_told: bool, for_director: &mut Vec<Item>) -> Vec<DateTime<Utc>> {
    let mut next = Vec::new();
    let a = &case.appeal;
    let waiting_for_consent = case.consultation.as_ref().is_some_and(|c| matches!(c.stage, Stage::Offered | Stage::Proposed))
        && case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)).is_some_and(|p| p.silence == Silence::Consent);
    if a.state == State::Assigned && a.met.is_none() && !waiting_for_consent {
        next.extend(take(case, rungs));
    }
    let a = &case.appeal;
    if a.met.is_none() && a.open() {
        let what = if a.consultation { "пригласить автора на консультацию" } else { "ответить автору" };
        next.extend(main(case, rungs, what, director_told, for_director));
    }
    next
}

/// The earliest moment for the next rung after the last one.
fn spaced(case: &Case<'_>, rungs: &[Rung]) -> Option<DateTime<Utc>> {
    let worktime = &case.round.settings.worktime;
    rungs.iter().filter(|r| r.name.starts_with("take/") || r.name.starts_with("main/")).map(|r| worktime.add_working_minutes(r.at, SPACING)).max()
}

/// Whether a rung at `at` may be climbed now; else when.
fn moment(case: &Case<'_>, rungs: &[Rung], at: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
    let at = spaced(case, rungs).map_or(at, |s| at.max(s));
    let at = if case.appeal.urgent { at } else { case.round.settings.worktime.next_office_moment(at) };
    if at > case.round.now {
        return Err(at);
    }
    let office = case.round.settings.worktime.next_office_moment(case.round.now);
    if !case.appeal.urgent && office > case.round.now { Err(office) } else { Ok(()) }
}

fn climbed(rungs: &[Rung], name: &str) -> bool {
    rungs.iter().any(|r| r.name == name)
}

/// A rung's name: each is climbed once a term. A reopened or extended appeal and a new assignee have a term of their own.
fn rung(name: &str, term: DateTime<Utc>) -> String {
    format!("{name}@{}", term.timestamp())
}

/// Taking into work.
fn take(case: &mut Case<'_>, rungs: &mut Vec<Rung>) -> Option<DateTime<Utc>> {
    let worktime = &case.round.settings.worktime;
    let since = case.appeal.assigned.unwrap_or(case.appeal.received);
    let minutes = match case.round.settings.terms.take {
        Term::Minutes(m) | Term::WorkingMinutes(m) => m,
        Term::BusinessDays(days) => days.saturating_mul(case.round.settings.worktime.office_day_minutes()),
    };
    let (first, second) = (rung("take/remind", since), rung("take/head", since));
    let due = worktime.add_working_minutes(since, minutes);
    if !climbed(rungs, &first) {
        let at = worktime.add_working_minutes(since, minutes.saturating_sub(10));
        if let Err(later) = moment(case, rungs, at) {
            return Some(later);
        }
        climb_once(case, rungs, &first);
        reminder(case, "взять заявку в работу", due);
        return spaced(case, rungs);
    }
    if climbed(rungs, &second) {
        return None;
    }
    if let Err(later) = moment(case, rungs, due) {
        return Some(later);
    }
    climb_once(case, rungs, &second);
    head(case, "взять в работу", due);
    None
}

/// Answer or invitation.
fn main(case: &mut Case<'_>, rungs: &mut Vec<Rung>, what: &str, director_told: bool, for_director: &mut Vec<Item>) -> Option<DateTime<Utc>> {
    let (now, due) = (case.round.now, case.appeal.due.office);
    let worktime = &case.round.settings.worktime;
    let terms = &case.round.settings.terms;
    if due <= now && climb_once(case, rungs, &rung("overdue", due)) {
        case.note(Event::Overdue, format!("срок прошёл: {what}"));
    }
    if !climbed(rungs, &rung("main/remind", due)) && due > now {
        let at = worktime.sub_working_minutes(due, terms.remind_minutes);
        if let Err(later) = moment(case, rungs, at) {
            return Some(later.min(due));
        }
        climb_once(case, rungs, &rung("main/remind", due));
        reminder(case, what, due);
        return Some(due);
    }
    if due > now {
        return Some(due);
    }
    let Some(at_head) = rungs.iter().find(|r| r.name == rung("main/head", due)).map(|r| r.at) else {
        if let Err(later) = moment(case, rungs, due) {
            return Some(later);
        }
        climb_once(case, rungs, &rung("main/head", due));
        head(case, what, due);
        return Some(director_moment(case, now));
    };
    if climbed(rungs, &rung("main/director", due)) {
        return None;
    }
    let at = director_moment(case, at_head);
    if at > now || director_told {
        let tomorrow = director_moment(case, now);
        return Some(if at > now { at } else { tomorrow });
    }
    climb_once(case, rungs, &rung("main/director", due));
    case.note(Event::Escalated, "срок прошёл, директор предупреждён");
    let line = item(case, what, case.appeal.due.literal.max(case.appeal.due.office));
    match case.round.director(&case.appeal.excluded) {
        // What the director reads about themselves would be no escalation: their deputy has it.
        Some(acting) if case.round.director(&[]).is_none_or(|d| d.id != acting.id) => {
            let letter = Escalation { items: vec![line], director: true };
            let key = case.key("escalation/deputy");
            case.to_staff(Kind::Escalation, key, acting, &letter);
        }
        Some(_) => for_director.push(line),
        None => {
            let n = case.appeal.number;
            case.effects.push(Effect::Alert { key: format!("overdue/{n}"), text: format!("appeal {n} is overdue and there is nobody to tell") });
        }
    }
    None
}

/// Ten o'clock of a working day, some working time after the head's rung: the director's list goes out once a day.
fn director_moment(case: &Case<'_>, since: DateTime<Utc>) -> DateTime<Utc> {
    let worktime = &case.round.settings.worktime;
    let after = worktime.add_working_minutes(since, case.round.settings.terms.director_minutes);
    let ten = NaiveTime::from_hms_opt(10, 0, 0).unwrap_or_default();
    let mut date = case.round.date(after);
    while worktime.local(date, ten) < after || !case.round.workday(date) {
        date += TimeDelta::days(1);
    }
    worktime.local(date, ten)
}

fn reminder(case: &mut Case<'_>, what: &str, due: DateTime<Utc>) {
    let Some(person) = case.assignee() else { return };
    let letter = Reminder { number: case.appeal.number, item: item(case, what, due) };
    let key = case.key("reminder");
    case.to_staff(Kind::Reminder, key, person, &letter);
    case.note(Event::Reminded, format!("напоминание: {what}"));
}

/// The head hears when the term passes; where the head is the assignee, the reminder was theirs and the director is next.
fn head(case: &mut Case<'_>, what: &str, due: DateTime<Utc>) {
    let Some(head) = case.round.decider(&case.appeal.excluded).filter(|h| Some(&h.id) != case.appeal.assignee.as_ref()) else { return };
    let letter = Escalation { items: vec![item(case, what, due)], director: false };
    let key = case.key("escalation");
    case.to_staff(Kind::Escalation, key, head, &letter);
    case.note(Event::Escalated, format!("срок прошёл, руководитель предупреждён: {what}"));
}
