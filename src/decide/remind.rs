//! Before a consultation: the author is reminded a day before, the specialist half an hour before (000 4.2), and on the working day before the
//! head sees what its specialist has not confirmed.

use super::case::Case;
use super::deadline::climb_once;
use super::events::{invitation, options};
use crate::appeal::{Consultation, Stage};
use crate::compose::{Soon, Tomorrow, Unconfirmed, Unsure, phone};
use crate::effect::{Effect, Event};
use crate::facts::Rung;
use crate::itip::PartStat;
use crate::outbox::Kind;
use chrono::{DateTime, TimeDelta, Utc};

/// An invitation that is younger than this reminds by itself.
const FRESH: TimeDelta = TimeDelta::hours(36);
/// A reminder nearer than this is no use to a family.
const TOO_LATE: TimeDelta = TimeDelta::hours(3);

/// Sends what is due about the consultation in question; says when the next is.
pub(super) fn remind(case: &mut Case<'_>, rungs: &mut Vec<Rung>, quiet: &[String], next: &mut Vec<DateTime<Utc>>, for_head: &mut Vec<Unsure>) {
    let now = case.round.now;
    let Some(c) = case.consultation.clone().filter(|c| c.stage == Stage::Invited && c.outcome.is_none() && c.start > now) else { return };
    let of = format!("{}/{}", c.ordinal, c.staff.sequence);
    author(case, rungs, &c, &of, next);
    specialist(case, rungs, &c, &of, quiet, next);
    head(case, rungs, &c, &of, next, for_head);
}

fn author(case: &mut Case<'_>, rungs: &mut Vec<Rung>, c: &Consultation, of: &str, next: &mut Vec<DateTime<Utc>>) {
    let told = c.author.as_ref().map_or(c.start, |a| a.dtstamp);
    if case.appeal.delicate || case.appeal.email.is_none() || c.start - told < FRESH {
        return;
    }
    let at = case.round.author_hours(c.start - TimeDelta::days(1));
    if at + TOO_LATE > c.start {
        return;
    }
    next.push(at);
    if at > case.round.now || !climb_once(case, rungs, &format!("remind/author/{of}")) {
        return;
    }
    let Some(person) = case.round.settings.person(&c.specialist) else { return };
    let Some(invitation) = invitation(case, person) else { return };
    let key = format!("tomorrow/{}/{of}", case.appeal.number);
    case.to_author(Kind::Reminder, key, None, &Tomorrow { invitation });
    case.note(Event::Reminded, "автору напомнили о консультации");
}

fn specialist(case: &mut Case<'_>, rungs: &mut Vec<Rung>, c: &Consultation, of: &str, quiet: &[String], next: &mut Vec<DateTime<Utc>>) {
    let before = i64::from(case.round.settings.terms.prepare_minutes);
    let at = c.start - TimeDelta::minutes(before);
    next.push(at);
    if quiet.contains(&c.specialist) || at > case.round.now || !climb_once(case, rungs, &format!("remind/staff/{of}")) {
        return;
    }
    let Some(person) = case.round.settings.person(&c.specialist) else { return };
    let a = &case.appeal;
    let author = match c.author.as_ref().map(|a| a.partstat) {
        Some(PartStat::Accepted) => "время подтверждено",
        Some(PartStat::Tentative) => "ответ «возможно»",
        _ => "ответа не было, время в силе",
    };
    let letter = Soon {
        number: a.number,
        start: c.start,
        end: c.end,
        channel: c.channel.clone(),
        name: a.name.clone(),
        class: a.class.clone(),
        phone: a.phone.as_deref().map(phone),
        author: author.to_owned(),
        options: options(&[("сбой связи", "связи нет, консультация не состоится"), ("напоминание нет", "таких писем больше не нужно")]),
    };
    let key = format!("soon/{}/{of}", a.number);
    case.at_once = true;
    case.to_staff(Kind::Reminder, key, person, &letter);
    case.at_once = false;
    case.note(Event::Reminded, "специалисту напомнили о консультации");
}

fn head(case: &mut Case<'_>, rungs: &mut Vec<Rung>, c: &Consultation, of: &str, next: &mut Vec<DateTime<Utc>>, for_head: &mut Vec<Unsure>) {
    if c.staff.partstat == PartStat::Accepted {
        return;
    }
    let worktime = &case.round.settings.worktime;
    let day = worktime.prev_workday(case.round.date(c.start));
    let Some((opens, _)) = worktime.office(day) else { return };
    next.push(opens);
    if opens > case.round.now || !climb_once(case, rungs, &format!("unconfirmed/{of}")) {
        return;
    }
    let specialist = case.round.settings.person(&c.specialist).map(|p| p.name.clone()).unwrap_or_default();
    case.note(Event::Asked, "консультация не подтверждена специалистом: руководитель предупреждён");
    for_head.push(Unsure {
        number: case.appeal.number,
        start: c.start,
        specialist,
        options: options(&[("состоится", "всё в силе"), ("заменить", "другой специалист"), ("перенести", "другое время")]),
    });
}

/// One letter for all that became due together.
pub(super) fn unconfirmed(round: super::Round<'_>, mut items: Vec<Unsure>, effects: &mut Vec<Effect>) {
    let Some(head) = round.decider(&[]).filter(|_| !items.is_empty()) else { return };
    items.sort_by_key(|i| (i.start, i.number));
    let key = format!("unconfirmed/{}", round.now.timestamp());
    effects.extend(super::report::staff_letter(round, Kind::Other, key, &head.email, 4, &Unconfirmed { items }));
}
