//! A calendar answered: REPLY moves the appeal, everything else is kept with a reason (RFC 5546 §3.2; reliability.md T15).

use super::case::Case;
use super::message::{Incoming, settled};
use super::trust::Auth;
use super::{Round, assign, confirm, consult, counter, events, moves, sender, thread};
use crate::appeal::{Consultation, Move, Stage, State};
use crate::compose::Ask;
use crate::effect::{Effect, Event, Settled};
use crate::facts::{ForLetter, Thread};
use crate::itip::{Method, Object, PartStat, Verdict, verdict};
use crate::outbox::Kind;
use chrono::TimeDelta;

/// Whose calendar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Staff,
    Author,
}

/// Decides about a calendar object.
pub(super) fn on_calendar(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Vec<Effect> {
    let Some(object) = &incoming.understanding.object else {
        return settled(Settled::Ignored("calendar"), Event::Ignored, None, "календарный ответ не прочитан");
    };
    let Some(thread) = facts.thread.as_ref() else {
        return settled(Settled::Ignored("calendar"), Event::Ignored, None, "календарный ответ на неизвестное событие");
    };
    let number = thread.appeal.number;
    let Some((side, consultation)) = side(round, thread, object, incoming) else {
        return settled(
            Settled::Ignored("calendar"),
            Event::Ignored,
            Some(number),
            "календарный ответ с другого адреса или на другое событие: ничего не изменено",
        );
    };
    // Whoever saw an invitation knows its UID: an answer in a colleague's name that their own server disowns moves nothing.
    if side == Side::Staff && sender::auth(round, incoming.message) == Auth::Fail {
        return confirm::distrusted(Some(number), "календарный ответ от имени сотрудника: отправитель поддельный, не исполнено".into());
    }
    match object.method {
        Some(Method::Reply | Method::Counter) => {}
        Some(Method::Refresh) => return refresh(round, facts, thread, side, consultation),
        _ => return settled(Settled::Ignored("calendar"), Event::Ignored, Some(number), "календарное письмо этого рода не исполняется"),
    }
    let sent = match side {
        Side::Staff => &consultation.staff,
        Side::Author => match &consultation.author {
            Some(a) => a,
            None => return settled(Settled::Ignored("calendar"), Event::Ignored, Some(number), "ответ на неотправленное приглашение"),
        },
    };
    let object = &Object { dtstamp: object.dtstamp.or_else(|| incoming.message.date.map(|d| d.to_utc())), ..object.clone() };
    let partstat = answer_of(object, incoming).unwrap_or(PartStat::NeedsAction);
    match verdict(object, sent.sequence, sent.replied, consultation.start) {
        Verdict::Fresh => {}
        // The same moment with another answer: the letter that came later wins.
        Verdict::Duplicate if partstat != sent.partstat => {}
        Verdict::Duplicate => return settled(Settled::Answer(Some(number)), Event::Ignored, Some(number), "тот же календарный ответ ещё раз"),
        Verdict::Stale => return settled(Settled::Answer(Some(number)), Event::Stale, Some(number), "ответ на прежнее время консультации: ничего не изменено"),
    }
    let mut case = Case::of(round, thread.appeal.clone(), &thread.consultations, facts.busy.clone(), facts.load.clone(), references(thread));
    case.call.clone_from(&thread.call);
    case.focus(consultation.ordinal);
    if !consultation.live() || !case.appeal.open() {
        return settled(Settled::Answer(Some(number)), Event::Stale, Some(number), "ответ на отменённую консультацию");
    }
    if !case.ahead() {
        return settled(Settled::Answer(Some(number)), Event::Stale, Some(number), "ответ на прошедшую консультацию: ничего не изменено");
    }
    match (object.method, side) {
        (Some(Method::Counter), Side::Staff) => counter::by_staff(&mut case, object),
        (Some(Method::Counter), Side::Author) => counter::by_author(&mut case, object),
        _ => reply(&mut case, side, partstat, object),
    }
    let mut effects = case.finish();
    effects.push(Effect::Settle(Settled::Answer(Some(number))));
    effects
}

fn references(thread: &Thread) -> Vec<String> {
    thread.appeal.message_id.iter().cloned().collect()
}

/// A calendar asks for what is current (RFC 5546 §3.2.6): the same SEQUENCE once more, at most once an hour.
fn refresh(round: Round<'_>, facts: &ForLetter, thread: &Thread, side: Side, consultation: &Consultation) -> Vec<Effect> {
    let number = thread.appeal.number;
    let mut case = Case::of(round, thread.appeal.clone(), &thread.consultations, facts.busy.clone(), facts.load.clone(), references(thread));
    case.call.clone_from(&thread.call);
    case.focus(consultation.ordinal);
    let last = match side {
        Side::Staff => Some(consultation.staff.dtstamp),
        Side::Author => consultation.author.as_ref().map(|a| a.dtstamp),
    };
    if !consultation.live() || !case.ahead() || last.is_none_or(|at| at + TimeDelta::hours(1) > round.now) {
        return settled(Settled::Answer(Some(number)), Event::Ignored, Some(number), "просьба прислать приглашение ещё раз: отвечать нечем или рано");
    }
    case.replying = true;
    case.note(Event::Added, "календарь попросил приглашение ещё раз: отправлено");
    events::again(&mut case, side == Side::Staff);
    let mut effects = case.finish();
    effects.push(Effect::Settle(Settled::Answer(Some(number))));
    effects
}

/// We organise what we invite to: an answer that names somebody else as ORGANIZER is to another event under our UID. Exchange names nobody.
pub(super) fn organised_here(round: Round<'_>, object: &Object) -> bool {
    let s = round.settings;
    let own = |email: &str| s.address.eq_ignore_ascii_case(email) || s.aliases.iter().any(|a| a.eq_ignore_ascii_case(email));
    object.organizer.as_deref().is_none_or(own)
}

/// UID, ATTENDEE and From must be one person's.
fn side<'t>(round: Round<'_>, thread: &'t Thread, object: &Object, incoming: &Incoming<'_>) -> Option<(Side, &'t Consultation)> {
    if !organised_here(round, object) {
        return None;
    }
    let uid = object.uid.to_ascii_lowercase();
    let is_of = |c: &&Consultation| uid == c.staff.uid || c.author.as_ref().is_some_and(|a| a.uid == uid);
    // The meetings of a series that is one event share their UIDs: RECURRENCE-ID tells them apart.
    let mut of_event = thread.consultations.iter().filter(is_of).peekable();
    let first = of_event.peek().copied();
    let c = of_event.find(|c| c.original.is_some() && c.original == object.recurrence_id).or(first)?;
    let from = incoming.message.sender().filter(|_| incoming.message.from.len() == 1)?;
    let (side, email) = if uid == c.staff.uid {
        (Side::Staff, round.settings.person(&c.specialist)?.email.clone())
    } else if c.author.as_ref().is_some_and(|a| a.uid == uid) {
        (Side::Author, thread.appeal.email.clone()?)
    } else {
        return None;
    };
    let named = object.attendees.is_empty() || object.attendees.iter().any(|a| a.email.eq_ignore_ascii_case(&email));
    (named && from.email.eq_ignore_ascii_case(&email)).then_some((side, c))
}

/// The PARTSTAT of the one who wrote.
fn answer_of(object: &Object, incoming: &Incoming<'_>) -> Option<PartStat> {
    let from = &incoming.message.sender()?.email;
    object.attendees.iter().find(|a| a.email.eq_ignore_ascii_case(from)).or_else(|| object.attendees.first()).map(|a| a.partstat)
}

/// Carries a fresh answer out.
fn reply(case: &mut Case<'_>, side: Side, partstat: PartStat, object: &Object) {
    let now = case.round.now;
    if let Some(c) = &mut case.consultation {
        let calendar = match side {
            Side::Staff => Some(&mut c.staff),
            Side::Author => c.author.as_mut(),
        };
        if let Some(calendar) = calendar {
            calendar.partstat = partstat;
            calendar.replied = object.dtstamp.or(Some(now));
        }
    }
    case.book();
    if object.recurrence_id.is_none() {
        whole_series(case, side, partstat);
    }
    let comment = object.comment.as_deref().map(|c| format!(" («{c}»)")).unwrap_or_default();
    match (side, partstat) {
        (Side::Staff, PartStat::Accepted) => {
            case.note(Event::Accepted, format!("специалист принял время{comment}"));
            accepted_by_staff(case);
        }
        (Side::Author, PartStat::Accepted) => {
            thread::settled_time(case);
            case.book();
            case.note(Event::Accepted, format!("автор принял приглашение{comment}"));
        }
        (_, PartStat::Declined) if object.recurrence_id.is_none() && case.consultation.as_ref().is_some_and(|c| c.original.is_some()) => {
            case.note(Event::Declined, format!("серия встреч отклонена целиком{comment}"));
            series_declined(case, side);
        }
        (Side::Staff, PartStat::Declined) => {
            case.note(Event::Declined, format!("специалист не может в это время{comment}"));
            moves::find_another(case, "Вы отклонили прежнее время", Some("специалист не сможет в прежнее время"), false);
        }
        (Side::Author, PartStat::Declined) => {
            case.note(Event::Declined, format!("автор не может в это время{comment}"));
            case.replying = true;
            moves::find_another(case, "автор не может в прежнее время", None, true);
        }
        (_, PartStat::Tentative) => case.note(Event::Tentative, format!("ответ «возможно»{comment}: время остаётся за консультацией")),
        (_, PartStat::Delegated) => delegated(case, side),
        (_, PartStat::NeedsAction) => case.note(Event::Stale, format!("календарь ответил без решения{comment}")),
    }
}

/// Whoever declines a whole series is asked about by a person: the specialist, or of the specialist's answer the head.
fn series_declined(case: &mut Case<'_>, side: Side) {
    let reader = if side == Side::Staff { case.round.decider(&case.appeal.excluded) } else { case.assignee() };
    let Some(reader) = reader else { return };
    let who = if side == Side::Staff { "Специалист отклонил" } else { "Автор отклонил" };
    let lines = vec![format!("{who} в календаре всю серию встреч сразу. Пока они остаются в силе.")];
    let options = events::options(&[("закончить серию", "Отменить оставшиеся встречи"), ("состоится", "Оставить как есть")]);
    let letter = Ask { number: case.appeal.number, title: "серия отклонена".into(), lines, options };
    let key = case.key("series_declined");
    case.to_staff(Kind::Other, key, reader, &letter);
}

/// An answer to a series that is one event counts for each of its meetings; nothing of it is moved or cancelled by that alone.
fn whole_series(case: &mut Case<'_>, side: Side, partstat: PartStat) {
    let Some(c) = case.consultation.clone().filter(|c| c.original.is_some()) else { return };
    let rest: Vec<u32> = case.all.iter().filter(|o| o.staff.uid == c.staff.uid && o.ordinal != c.ordinal && o.live()).map(|o| o.ordinal).collect();
    for ordinal in rest {
        case.focus(ordinal);
        let answer = case.consultation.as_mut().and_then(|o| if side == Side::Staff { Some(&mut o.staff) } else { o.author.as_mut() });
        if let Some(answer) = answer {
            answer.partstat = partstat;
        }
        case.book();
    }
    case.focus(c.ordinal);
}

/// Somebody else is to come: the specialist is changed by the head's word only, and of an author's delegate the specialist decides.
fn delegated(case: &mut Case<'_>, side: Side) {
    case.note(Event::Stale, "приглашение передано другому человеку: решает руководитель, время остаётся за консультацией");
    let number = case.appeal.number;
    let line = "Приглашение на консультацию передано в календаре другому человеку. Время пока остаётся за консультацией.".to_owned();
    let (reader, options) = match side {
        Side::Staff => (
            case.round.decider(&case.appeal.excluded),
            events::options(&[("состоится", "Ничего не менять"), ("заменить", "Другой специалист"), ("перенести", "Другое время")]),
        ),
        Side::Author => (case.assignee(), Vec::new()),
    };
    let Some(reader) = reader else { return };
    let letter = Ask { number, title: "приглашение передано".into(), lines: vec![line], options };
    let key = case.key("delegated");
    case.to_staff(Kind::Other, key, reader, &letter);
}

/// The specialist has said yes: the appeal is in work and the author is invited.
pub(super) fn accepted_by_staff(case: &mut Case<'_>) {
    let now = case.round.now;
    if case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Proposed && c.start <= now) {
        return moves::find_another(case, "прежнее время уже наступило", None, false);
    }
    if case.appeal.state == State::Undecided
        && let Some(person) = case.consultation.as_ref().filter(|c| c.stage == Stage::Proposed).and_then(|c| case.round.settings.person(&c.specialist))
    {
        // Whoever was asked about the specialist's silence need not decide any more.
        assign::assigned(case, person);
    }
    if case.step(Move::Take).is_ok() && case.appeal.taken.is_none() {
        case.appeal.taken = Some(now);
        case.note(Event::Taken, "взята в работу");
    }
    if case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Proposed) {
        consult::invite(case);
    }
}
