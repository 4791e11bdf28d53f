//! Moments that have come: alarms, absences, silence, terms. Each open appeal is looked at when its next moment is there, and then told when to be
//! looked at again.

use super::case::Case;
use super::events::options;
use super::{Round, alarm, assign, backlog, consult, counter, ladder, moves, offer, remind};
use crate::appeal::{Consultation, Outcome, Stage, State};
use crate::compose::{Ask, Choice, Escalation, Item, Notice, Reminder};
use crate::effect::{Effect, Event};
use crate::facts::{ForDeadlines, Open, Rung};
use crate::itip::PartStat;
use crate::outbox::Kind;
use crate::slots::{Busy, Silence, Slot, Specialist};
use chrono::{DateTime, TimeDelta, Utc};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Decides about all appeals whose moment has come. The director gets one list a day.
pub fn on_deadline(round: Round<'_>, facts: &ForDeadlines) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut for_director: Vec<Item> = Vec::new();
    let mut busy = facts.busy.clone();
    let freed = catch_unwind(AssertUnwindSafe(|| backlog::freed(round, facts))).unwrap_or_default();
    for (index, open) in facts.open.iter().enumerate() {
        let proposed = freed.get(index).cloned().flatten();
        let number = open.appeal.number;
        let looked = catch_unwind(AssertUnwindSafe(|| look_at(round, open, facts, &busy, proposed)));
        let Ok(looked) = looked else {
            // One appeal that breaks the rules must not stop the terms of the others; a person is called, and it is tried again.
            let key = format!("deadline/{number}/{}", round.date(round.now));
            effects.push(Effect::Alert { key, text: format!("the deadlines of appeal {number} could not be decided; look at it with `otklik show {number}`") });
            effects.push(Effect::WakeAt { appeal: number, at: round.now + TimeDelta::hours(1) });
            continue;
        };
        if let Some(slot) = looked.busy {
            busy.retain(|b| !open.consultations.iter().any(|old| *b == old.busy()));
            busy.extend(slot);
        }
        for_director.extend(looked.for_director);
        effects.extend(looked.effects);
        effects.push(Effect::WakeAt { appeal: number, at: looked.next.max(round.now + TimeDelta::seconds(1)) });
    }
    director_list(round, for_director, &mut effects);
    effects
}

/// What one appeal came to.
struct Looked {
    effects: Vec<Effect>,
    next: DateTime<Utc>,
    /// The appeal's time, where its consultations changed.
    busy: Option<Vec<Busy>>,
    for_director: Vec<Item>,
}

/// One appeal, with its effects; nothing is written when nothing changed.
fn look_at(round: Round<'_>, open: &Open, facts: &ForDeadlines, busy: &[Busy], proposed: Option<Slot>) -> Looked {
    let mut case = Case::of(round, open.appeal.clone(), &open.consultations, busy.to_vec(), facts.load.clone(), open.references.clone());
    case.family.clone_from(&open.family);
    case.groups.clone_from(&facts.groups);
    case.seats.clone_from(&open.seats);
    case.proposed = proposed;
    case.call.clone_from(&open.call);
    let mut for_director = Vec::new();
    let next = look(&mut case, &mut open.rungs.clone(), facts, &mut for_director);
    case.book();
    let busy = (!case.booked.is_empty()).then(|| case.all.iter().filter(|c| c.live()).map(Consultation::busy).collect());
    let effects = if case.effects.is_empty() { Vec::new() } else { case.finish() };
    Looked { effects, next, busy, for_director }
}

/// One appeal; returns when to look again.
fn look(case: &mut Case<'_>, rungs: &mut Vec<Rung>, facts: &ForDeadlines, for_director: &mut Vec<Item>) -> DateTime<Utc> {
    let now = case.round.now;
    let worktime = &case.round.settings.worktime;
    // Whoever is away is noticed at the latest when the office opens next.
    let mut next = vec![worktime.next_office_moment(worktime.last_second(case.round.date(now)) + TimeDelta::seconds(1))];
    alarms(case, &mut next);
    absence(case, rungs, &facts.told_away);
    returned(case, rungs, &facts.back);
    undecided(case, rungs, &mut next);
    let main = case.consultation.as_ref().map(|c| c.ordinal);
    let concerned: Vec<u32> = case.all.iter().filter(|c| c.live() && c.outcome.is_none()).map(|c| c.ordinal).collect();
    for ordinal in concerned {
        case.focus(ordinal);
        consultation(case, rungs, facts, &mut next);
    }
    if let Some(main) = main {
        case.focus(main);
    }
    if !case.appeal.delicate {
        next.extend(ladder::climb(case, rungs, facts.director_list_today, for_director));
    }
    next.into_iter().filter(|at| *at > now).min().unwrap_or(now + TimeDelta::hours(12))
}

/// The moments of one consultation: silence, reminders, what follows it.
fn consultation(case: &mut Case<'_>, rungs: &mut Vec<Rung>, facts: &ForDeadlines, next: &mut Vec<DateTime<Utc>>) {
    if let Some(c) = case.consultation.as_ref().filter(|c| c.stage == Stage::Offered) {
        // The author is silent: the first time stands.
        let first = c.offered.first().copied().unwrap_or(c.start);
        match c.silent_at {
            Some(at) if at <= case.round.now => offer::choose(case, first, "автор не выбрал: первое из предложенных времён"),
            at => next.extend(at),
        }
    }
    silence(case, rungs, next);
    counter::silence(case);
    remind::remind(case, rungs, &facts.unreminded, next);
    afterwards(case, rungs, next);
    if let Some(c) = case.consultation.as_ref().filter(|c| c.live()) {
        // Moved just now, it has moments of its own.
        next.extend(c.silent_at.into_iter().chain(c.invite_by));
        next.push(c.start - prepare(case));
    }
}

fn alarms(case: &mut Case<'_>, next: &mut Vec<DateTime<Utc>>) {
    if let Some(at) = alarm::next(case) {
        if at <= case.round.now {
            alarm::sound(case);
        }
        next.extend(alarm::next(case));
    }
}

/// Marks a rung; true when it was not climbed before.
pub(super) fn climb_once(case: &mut Case<'_>, rungs: &mut Vec<Rung>, name: &str) -> bool {
    if rungs.iter().any(|r| r.name == name) {
        return false;
    }
    rungs.push(Rung { name: name.to_owned(), at: case.round.now });
    case.effects.push(Effect::Rung { appeal: case.appeal.number, name: name.to_owned() });
    true
}

/// Who is not present within one working day is replaced by the deputy, head and director included; a consultation in the absence moves.
fn absence(case: &mut Case<'_>, rungs: &mut Vec<Rung>, told: &[String]) {
    let round = case.round;
    // An absence that was entered after the booking: the family hears at once, not on the day itself.
    let main = case.consultation.as_ref().map(|c| c.ordinal);
    let away = |c: &&Consultation| c.live() && c.start > round.now && round.settings.person(&c.specialist).is_some_and(|p| p.is_away(round.date(c.start)));
    let missed: Vec<u32> = case.all.iter().filter(away).map(|c| c.ordinal).collect();
    for ordinal in missed {
        case.focus(ordinal);
        moves::find_another(case, "на прежнее время приходится отсутствие", Some("специалист заболел или в отъезде"), false);
    }
    if let Some(main) = main {
        case.focus(main);
    }
    let Some(person) = case.assignee() else { return };
    if round.present(person) {
        return;
    }
    if case.seated().is_some() {
        // The group is passed on as a whole, where the absence is on its day.
        return;
    }
    if case.ahead() {
        // Nobody can accept in an absence: the author is invited to the time after it.
        if case.consultation.as_ref().is_some_and(|c| c.live() && c.stage == Stage::Proposed) {
            consult::invite(case);
        }
        return;
    }
    let day = round.date(round.now);
    if !climb_once(case, rungs, &format!("absent/{}/{day}", person.id)) {
        return;
    }
    match round.deputy(person, &case.appeal.excluded).filter(|d| d.id != person.id) {
        Some(deputy) if told.contains(&person.id) => assign::hand_over_quietly(case, person, deputy, "отсутствует"),
        Some(deputy) => assign::hand_over(case, person, deputy, "отсутствует", &[]),
        None => {}
    }
}

/// Who was away says that they are back: what the deputy has not taken into work is theirs again. One letter on the return names it.
fn returned(case: &mut Case<'_>, rungs: &mut Vec<Rung>, back: &[(String, DateTime<Utc>)]) {
    let round = case.round;
    if case.appeal.state != State::Assigned || case.ahead() {
        return;
    }
    let was_theirs =
        |id: &str, at: DateTime<Utc>| rungs.iter().any(|r| r.at <= at && r.name.strip_prefix("absent/").is_some_and(|n| n.split('/').next() == Some(id)));
    let Some((id, at)) = back.iter().rev().find(|(id, at)| was_theirs(id, *at)) else { return };
    let Some(person) = round.settings.person(id).filter(|p| round.present(p) && !case.appeal.excluded.contains(&p.id)) else { return };
    let holder = case.assignee();
    if holder.is_some_and(|h| h.id == person.id) || !climb_once(case, rungs, &format!("back/{id}/{}", at.timestamp())) {
        return;
    }
    assign::assigned(case, person);
    if let Some(holder) = holder {
        let lines = vec![format!("Заявку № {} снова ведёт {}: в работу её ещё не брали.", case.appeal.number, Round::titled(person))];
        let letter = Notice { number: Some(case.appeal.number), title: "снова у прежнего исполнителя".into(), lines };
        let key = case.key(&format!("handover/{}", holder.id));
        case.to_staff(Kind::Other, key, holder, &letter);
    }
}

/// After a working day without action on a decision the first present deputy acts; both get one line.
fn undecided(case: &mut Case<'_>, rungs: &mut Vec<Rung>, next: &mut Vec<DateTime<Utc>>) {
    let (Some(asked), State::Undecided) = (case.appeal.asked, case.appeal.state) else { return };
    let worktime = &case.round.settings.worktime;
    // 000 4.2.1: after a technical failure the family waits; whoever acts decides after a working hour.
    let failed = case.all.last().is_some_and(|c| c.outcome == Some(Outcome::Failed));
    let until = worktime.add_working_minutes(asked, if failed { 60 } else { case.round.settings.worktime.office_day_minutes() });
    next.push(until);
    let Some(person) = case.assignee().filter(|_| until <= case.round.now) else { return };
    let mut excluded = case.appeal.excluded.clone();
    excluded.push(person.id.clone());
    let chain: Vec<_> = case.round.settings.head.iter().chain(&case.round.settings.director).collect();
    let deputy = (chain.into_iter())
        .filter(|id| !excluded.contains(id) && !rungs.iter().any(|r| r.name == format!("acts/{id}")))
        .filter_map(|id| case.round.settings.person(id))
        .find(|p| case.round.present(p));
    if let Some(deputy) = deputy {
        let (from, to) = (format!("acts/{}", person.id), format!("acts/{}", deputy.id));
        climb_once(case, rungs, &from);
        climb_once(case, rungs, &to);
        assign::hand_over(case, person, deputy, "решения не было рабочий день", &[]);
    }
}

/// The specialist is silent: consent after the working hours agreed, or a question to the head; at the latest one business day before the
/// term ends the author is invited and the head is told.
fn silence(case: &mut Case<'_>, rungs: &mut Vec<Rung>, next: &mut Vec<DateTime<Utc>>) {
    let now = case.round.now;
    let Some(c) = case.consultation.clone().filter(|c| c.stage == Stage::Proposed) else { return };
    let Some(person) = case.round.settings.person(&c.specialist) else { return };
    next.extend(c.silent_at);
    next.extend(c.invite_by);
    // A slot that came too close while nobody answered is no use to the author.
    let too_close = c.start <= now + prepare(case);
    if too_close && case.appeal.urgent && c.start > now {
        // The alarm rings anyway; an urgent family gets the earliest time rather than the next but one.
        case.note(Event::Taken, "специалист ещё не ответил, время подходит: автор приглашён");
        return consult::invite(case);
    }
    if too_close {
        moves::find_another(case, "прежнее время прошло без ответа", None, false);
        if c.invite_by.is_none_or(|at| at > now) || !case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Proposed) {
            return;
        }
    }
    if c.invite_by.is_some_and(|at| at <= now) {
        case.note(Event::Taken, "специалист не ответил: автор приглашён, руководитель предупреждён");
        consult::invite(case);
        return tell_head(case, "специалист не ответил", "Специалист не ответил на предложенное время. Срок подходит к концу, поэтому автор уже приглашён.");
    }
    if c.silent_at.is_none_or(|at| at > now) || c.staff.partstat == PartStat::Tentative {
        return;
    }
    match person.silence {
        Silence::Consent => {
            case.note(Event::Taken, "молчание специалиста принято за согласие");
            consult::invite(case);
        }
        // The head has the question already; the assignee is whoever decides, not the specialist.
        Silence::Ask if case.appeal.state == State::Undecided => {}
        Silence::Ask if climb_once(case, rungs, &format!("silence/{}/{}", c.ordinal, c.staff.sequence)) => {
            remind(case, person, "принять или отклонить предложенное время");
            let again = case.round.settings.worktime.add_working_minutes(now, case.round.silence_minutes(person));
            next.push(again);
            if let Some(c) = &mut case.consultation {
                c.silent_at = Some(again);
            }
            case.book();
        }
        Silence::Ask if climb_once(case, rungs, &format!("silence/{}/{}/head", c.ordinal, c.staff.sequence)) => {
            assign::ask(case, "Специалист не ответил на предложенное время консультации. Решите, пожалуйста, состоится ли она.".into(), &[]);
        }
        Silence::Ask => {}
    }
}

/// A slot nearer than this is no use to an author who has not heard of it.
fn prepare(case: &Case<'_>) -> TimeDelta {
    let terms = &case.round.settings.terms;
    TimeDelta::minutes(i64::from(terms.prepare_minutes.min(terms.notice_minutes)))
}

/// A line to whoever decides.
pub(super) fn tell_head(case: &mut Case<'_>, title: &str, line: &str) {
    let Some(head) = case.round.decider(&case.appeal.excluded) else { return };
    let letter = Notice { number: Some(case.appeal.number), title: title.into(), lines: vec![line.into()] };
    let key = case.key("notice");
    case.to_staff(Kind::Other, key, head, &letter);
}

fn remind(case: &mut Case<'_>, person: &Specialist, what: &str) {
    let item = ladder::item(case, what, case.appeal.due.literal.max(case.appeal.due.office));
    let letter = Reminder { number: case.appeal.number, item };
    let key = case.key("reminder");
    case.to_staff(Kind::Reminder, key, person, &letter);
}

/// The consultation is over: the specialist is asked once how it went (000 4.3.2).
fn afterwards(case: &mut Case<'_>, rungs: &mut Vec<Rung>, next: &mut Vec<DateTime<Utc>>) {
    let Some(c) = case.consultation.clone().filter(|c| c.stage == Stage::Invited && c.outcome.is_none()) else { return };
    let at = case.round.staff_hours(c.end);
    next.push(at);
    if at > case.round.now || !climb_once(case, rungs, &format!("after/{}/{}", c.ordinal, c.staff.sequence)) {
        return;
    }
    if let Some(person) = case.round.settings.person(&c.specialist) {
        let lines = vec![
            format!("Консультация {} закончилась. Как она прошла?", case.spoken(c.start)),
            "Хватит одного ответа: по нему заполнится строка журнала.".to_owned(),
        ];
        let letter = Ask { number: case.appeal.number, title: "как прошла консультация?".into(), lines, options: after() };
        let key = format!("after/{}/{}/{}", case.appeal.number, c.ordinal, c.staff.sequence);
        case.to_staff(Kind::Reminder, key, person, &letter);
    }
    case.note(Event::Reminded, "специалиста спросили, как прошла консультация");
}

/// The usual answer first: recommendations are owed to the family (000 4.3.2).
fn after() -> Vec<Choice> {
    let with_words = Choice::with_room("Состоялась, рекомендации автору", "состоялась, рекомендации", ": ");
    std::iter::once(with_words).chain(options(AFTER)).collect()
}

/// What else the specialist can answer afterwards.
const AFTER: &[(&str, &str)] = &[
    ("состоялась, рекомендации: лично", "Состоялась, рекомендации даны лично"),
    ("состоялась", "Состоялась, без письма автору"),
    ("не пришли", "Семья не пришла"),
    ("не состоялась", "Не состоялась, нужно другое время"),
    ("сбой связи", "Не было связи, нужна новая дата"),
    ("ещё раз", "Нужна ещё одна встреча"),
    ("серия 5", "Серия: ещё четыре встречи в тот же час"),
];

/// One list a day for the director.
fn director_list(round: Round<'_>, items: Vec<Item>, effects: &mut Vec<Effect>) {
    let Some(director) = round.director(&[]).filter(|_| !items.is_empty()) else { return };
    let date = round.date(round.now);
    let letter = Escalation { items, director: true };
    effects.extend(super::report::staff_letter(round, Kind::Escalation, format!("escalation/director/{date}"), &director.email, 4, &letter));
}
