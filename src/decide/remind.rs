//! Before a consultation: the author is reminded a day before, the specialist half an hour before (000 4.2), and on the working day before the
//! head sees what its specialist has not confirmed.

use super::case::Case;
use super::deadline::climb_once;
use super::events::{invitation, options};
use crate::appeal::{Consultation, Stage};
use crate::compose::{Ask, Soon, Tomorrow, phone};
use crate::effect::Event;
use crate::facts::Rung;
use crate::itip::PartStat;
use crate::outbox::Kind;
use chrono::{DateTime, TimeDelta, Utc};

/// An invitation that is younger than this reminds by itself.
const FRESH: TimeDelta = TimeDelta::hours(36);
/// A reminder nearer than this is no use to a family.
const TOO_LATE: TimeDelta = TimeDelta::hours(3);

/// Sends what is due about the consultation in question; says when the next is.
pub(super) fn remind(case: &mut Case<'_>, rungs: &mut Vec<Rung>, quiet: &[String], next: &mut Vec<DateTime<Utc>>) {
    let now = case.round.now;
    let Some(c) = case.consultation.clone().filter(|c| c.stage == Stage::Invited && c.outcome.is_none() && c.start > now) else { return };
    let of = format!("{}/{}", c.ordinal, c.staff.sequence);
    case.not_after = Some(c.start);
    author(case, rungs, &c, &of, next);
    specialist(case, rungs, &c, &of, quiet, next);
    head(case, rungs, &c, &of, next);
    case.not_after = None;
}

fn author(case: &mut Case<'_>, rungs: &mut Vec<Rung>, c: &Consultation, of: &str, next: &mut Vec<DateTime<Utc>>) {
    let told = c.author.as_ref().map_or(c.start, |a| a.dtstamp);
    if case.appeal.delicate || case.appeal.email.is_none() || c.start - told < FRESH {
        return;
    }
    let at = case.round.class_hours(c.start - TimeDelta::days(1), case.class.as_deref());
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
    // The register's word, unless the specialist has said otherwise by letter.
    let wanted = case.round.settings.person(&c.specialist).is_some_and(|p| p.reminders) && !quiet.contains(&c.specialist);
    if !wanted || at > case.round.now || !climb_once(case, rungs, &format!("remind/staff/{of}")) {
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
        options: options(&[("сбой связи", "Связи нет, не состоится"), ("напоминание нет", "Не напоминать мне больше")]),
    };
    let key = format!("soon/{}/{of}", a.number);
    case.at_once = true;
    case.to_staff(Kind::Reminder, key, person, &letter);
    case.at_once = false;
    case.note(Event::Reminded, "специалисту напомнили о консультации");
}

fn head(case: &mut Case<'_>, rungs: &mut Vec<Rung>, c: &Consultation, of: &str, next: &mut Vec<DateTime<Utc>>) {
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
    let Some(decider) = case.round.decider(&case.appeal.excluded) else { return };
    let lines = vec![
        format!("{specialist}: консультация {}. Время специалист не подтвердил, автор приглашён.", case.spoken(c.start)),
        "Если ничего не делать, она остаётся в силе.".to_owned(),
    ];
    let options = options(&[("состоится", "Состоится"), ("заменить", "Другой специалист"), ("перенести", "Другое время")]);
    let letter = Ask { number: case.appeal.number, title: "консультация не подтверждена".into(), lines, options };
    let key = format!("unconfirmed/{}/{of}", case.appeal.number);
    case.to_staff(Kind::Other, key, decider, &letter);
}
