//! The consultation of an appeal: a slot is found, the specialist hears of it, the author is invited, both hear of every change.

use super::case::{Case, Proposal};
use super::events::{announce, author_event, call_with_time, invitation, ruled, uid};
use super::{assign, offer, places};
use crate::appeal::{Answer, Consultation, Move, Stage, State};
use crate::compose::{Absent, Listed};
use crate::effect::Event;
use crate::itip::{Method, PartStat, Series};
use crate::outbox::Kind;
use crate::settings::Policy;
use crate::slots::{Busy, Choice, Slot, Specialist, Wanted, choose, proposals};
use crate::understand::Window;
use chrono::{DateTime, TimeDelta, Utc};

/// Finds a slot among these specialists and sets everything going; without one the head decides.
pub(super) fn arrange(case: &mut Case<'_>, specialists: &[&Specialist], listed: &[Listed], last: Option<&str>) {
    if places::placed(case, listed) {
        return;
    }
    let choice = together(case, specialists, last).unwrap_or_else(|| pick(case, specialists, last));
    let choice = if choice.slot.is_some() { choice } else { after_return(case, specialists).unwrap_or(choice) };
    let Some(slot) = choice.slot.clone() else { return nothing_free(case, specialists, listed) };
    let Some(person) = case.round.settings.person(&slot.specialist) else { return };
    open(case, &slot, choice);
    if !case.round.present(person) {
        return absent_but_later(case, person, listed);
    }
    assign::assigned(case, person);
    if offer::wanted(case) && offer::send(case, person) {
        return;
    }
    propose(case, person, listed);
}

/// The time that was found for this appeal together with others, where it is still free.
pub(super) fn together(case: &Case<'_>, specialists: &[&Specialist], last: Option<&str>) -> Option<Choice> {
    let slot = case.proposed.as_ref()?;
    let person = specialists.iter().find(|p| p.id == slot.specialist)?;
    let mut choice = search(case, &[person], Search { last, between: Some((slot.start, slot.end)), ..Search::default() });
    choice.slot.as_ref().filter(|s| s.start == slot.start)?;
    // Of the moments, only this one was looked at: what its reasons say of others is not meant so.
    choice.reasons.retain(|why| why != "выбрано ближайшее свободное время" && !why.starts_with("пожелание автора выполнить нельзя"));
    if !choice.wish_met && !case.appeal.times.is_empty() {
        choice.reasons.insert(0, "из времён, названных автором, свободного не нашлось".to_owned());
    }
    choice.reasons.push("время подобрано сразу для нескольких заявок, чтобы все вместе ждали меньше".to_owned());
    Some(choice)
}

/// Nobody of them is there: the first slot after the return, though it be later than is usually offered (service.md, "Consultations").
fn after_return(case: &Case<'_>, specialists: &[&Specialist]) -> Option<Choice> {
    if specialists.iter().any(|p| case.round.present(p)) {
        return None;
    }
    let back = specialists.iter().filter_map(|p| assign::back(case.round, p)).min()?;
    let days = i64::from(case.round.settings.terms.horizon_days);
    let from = case.round.settings.worktime.local(back, chrono::NaiveTime::MIN);
    let found = search(case, specialists, Search { between: Some((from, from + TimeDelta::days(days))), ..Search::default() });
    Some(found).filter(|c| c.slot.is_some() && from < case.round.now + TimeDelta::days(LONGEST_WAIT))
}

/// The specialist hears of the time; the author too where nobody's consent is awaited or no time is left for it.
pub(super) fn propose(case: &mut Case<'_>, person: &Specialist, listed: &[Listed]) {
    announce(case, person, listed);
    if policy(case) == Policy::AtOnce || case.consultation.as_ref().and_then(|c| c.invite_by).is_some_and(|at| at <= case.round.now) {
        invite(case);
    }
}

pub(super) fn policy(case: &Case<'_>) -> Policy {
    case.round.settings.categories.get(&case.appeal.category).map_or(Policy::SpecialistFirst, |r| r.policy)
}

/// Days after which a time is no answer to a family any more: a summer's leave is just within it.
const LONGEST_WAIT: i64 = 92;

/// Times put before whoever decides.
const PROPOSED: usize = 3;

/// What is unlike the usual question for a slot.
#[derive(Default, Clone, Copy)]
pub(super) struct Search<'q> {
    /// The specialist of the last time.
    pub last: Option<&'q str>,
    /// Between these moments, whatever the notice.
    pub between: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// These wishes instead of the author's.
    pub wishes: Option<&'q [Window]>,
    /// Other times that were refused than those of the consultation.
    pub refused: Option<&'q [(String, DateTime<Utc>)]>,
}

/// The slot, by the author's wishes and the specialists' load; declined starts are left out.
pub(super) fn pick(case: &Case<'_>, specialists: &[&Specialist], last: Option<&str>) -> Choice {
    search(case, specialists, Search { last, ..Search::default() })
}

/// Up to so many good and different times, the best first, each with a line about it.
pub(super) fn several(case: &Case<'_>, specialists: &[&Specialist], how: Search<'_>, most: usize) -> Vec<(Slot, Vec<String>)> {
    let (declined, busy) = (refused(case), others(case));
    proposals(specialists, &case.round.settings.worktime, &busy, &wanted(case, specialists, how, &declined), most)
}

/// What whoever decides can choose from where nothing fits: times that the author would rather not have, and later ones than are usually offered.
fn beyond(case: &Case<'_>, specialists: &[&Specialist]) -> Vec<Proposal> {
    let terms = &case.round.settings.terms;
    let (from, days) = (case.round.now + TimeDelta::minutes(i64::from(terms.notice_minutes)), i64::from(terms.horizon_days));
    let how = Search { between: Some((from, from + TimeDelta::days(2 * days))), ..Search::default() };
    several(case, specialists, how, PROPOSED).into_iter().map(|(slot, why)| Proposal { slot, why }).collect()
}

/// This very start with this specialist, where it lies in their windows and is free; neither notice nor the author's wishes are asked.
/// `why` is the reason that `show` tells.
pub(super) fn exactly(case: &Case<'_>, person: &Specialist, start: DateTime<Utc>, why: &str) -> Option<(Slot, Choice)> {
    let end = start + TimeDelta::minutes(i64::from(case.round.settings.terms.consultation_minutes));
    let (from, to) = (case.round.settings.worktime.to_local(start), case.round.settings.worktime.to_local(end));
    let wish = [Window { date: Some(from.date()), after: Some(from.time()), before: Some(to.time()), ..Window::default() }];
    let choice = search(case, &[person], Search { between: Some((start, end)), wishes: Some(&wish), refused: Some(&[]), last: None });
    let slot = choice.slot.clone().filter(|s| s.start == start && start > case.round.now)?;
    Some((slot, Choice { wish_met: true, reasons: vec![why.to_owned()], ..choice }))
}

pub(super) fn refused(case: &Case<'_>) -> Vec<(String, DateTime<Utc>)> {
    case.consultation.iter().flat_map(|c| c.declined.iter().map(|at| (c.specialist.clone(), *at))).collect()
}

/// All that is taken but by the consultation itself.
fn others(case: &Case<'_>) -> Vec<Busy> {
    let own = case.consultation.as_ref().filter(|c| c.live()).map(Consultation::busy);
    case.busy.iter().filter(|b| Some(*b) != own.as_ref()).cloned().collect()
}

/// Looks for a slot.
pub(super) fn search(case: &Case<'_>, specialists: &[&Specialist], how: Search<'_>) -> Choice {
    let declined = refused(case);
    choose(specialists, &case.round.settings.worktime, &others(case), &wanted(case, specialists, how, &declined))
}

/// The question for a slot: the appeal's wishes and the terms, but for what `how` has otherwise.
pub(super) fn wanted<'q>(case: &'q Case<'_>, specialists: &[&'q Specialist], how: Search<'q>, declined: &'q [(String, DateTime<Utc>)]) -> Wanted<'q> {
    let (round, a, terms) = (case.round, &case.appeal, &case.round.settings.terms);
    // Urgent ones wait only for the preparation (000 4.2), the others for a decent notice.
    let notice = if a.urgent { terms.prepare_minutes } else { terms.notice_minutes };
    // While the specialist is still to agree, the author hears after their silence at the latest, and has the same notice then.
    let agreed = a.urgent || policy(case) == Policy::AtOnce || case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Invited);
    let worktime = &round.settings.worktime;
    let silence = specialists.iter().map(|p| round.silence_minutes(p)).max().unwrap_or(terms.silence_minutes);
    let told = if agreed { round.now } else { worktime.add_working_minutes(worktime.next_office_moment(round.now), silence) };
    let usual = || (told + TimeDelta::minutes(i64::from(notice)), round.now + TimeDelta::days(i64::from(terms.horizon_days)));
    let (earliest, latest) = how.between.unwrap_or_else(usual);
    Wanted {
        earliest,
        latest,
        notice_from: Some(told).filter(|_| how.between.is_none()),
        minutes: terms.consultation_minutes,
        buffer_minutes: terms.buffer_minutes,
        wishes: how.wishes.unwrap_or(&a.times),
        channel: a.channel,
        urgent: a.urgent,
        prefer: how.last,
        declined: how.refused.unwrap_or(declined),
        category: Some(a.category),
        class: case.class.as_deref(),
        // Whoever is named by a person's word is asked whatever they teach.
        subject: named_subject(case).filter(|s| specialists.iter().any(|p| p.teaches(Some(s)) != Some(false))),
        near: &case.family,
    }
}

/// The subject that the author names first, where anybody of the category teaches it by the register: «по алгебре» is «математика».
fn named_subject<'a>(case: &Case<'a>) -> Option<&'a str> {
    let (settings, a) = (case.round.settings, &case.appeal);
    let taught: Vec<&str> = settings.staff.iter().filter(|p| p.categories.contains(&a.category)).flat_map(|p| &p.subjects).map(String::as_str).collect();
    if taught.is_empty() {
        return None;
    }
    let known = settings.subjects.named(&a.text).into_iter().find(|s| taught.contains(s));
    known.or_else(|| in_words(&a.text, &taught))
}

/// A subject that the table does not know, in the words of the register: each of its words, in any case, is somewhere in the letter.
fn in_words<'s>(text: &str, taught: &[&'s str]) -> Option<&'s str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    let stem = |word: &str| word.to_lowercase().chars().take(word.chars().count().saturating_sub(2).max(4)).collect::<String>();
    let named = |s: &str| s.split_whitespace().all(|part| words.iter().any(|w| w.starts_with(&stem(part))));
    taught.iter().copied().filter(|s| named(s)).max_by_key(|s| s.len())
}

/// Those who teach the subject that the author names, or say nothing of subjects; all of them where the register has nobody else.
pub(super) fn teaching<'a>(case: &Case<'a>, specialists: Vec<&'a Specialist>) -> Vec<&'a Specialist> {
    let subject = named_subject(case);
    let may: Vec<_> = specialists.iter().copied().filter(|p| p.teaches(subject) != Some(false)).collect();
    if may.is_empty() { specialists } else { may }
}

/// A time is set while the author still chooses: the choice is over, and the specialist, who has heard nothing yet, is asked.
pub(super) fn first_proposal(case: &mut Case<'_>, person: &Specialist, slot: &Slot, choice: Choice, why: &str) {
    let silent_at = case.round.silent_at(person);
    let wish_unmet = !choice.wish_met && !case.appeal.times.is_empty();
    let Some(c) = &mut case.consultation else { return };
    (c.start, c.end, c.channel) = (slot.start, slot.end, slot.channel.clone());
    (c.stage, c.silent_at, c.why, c.wish_unmet) = (Stage::Proposed, Some(silent_at), choice.reasons, wish_unmet);
    c.offered.clear();
    case.book();
    case.note(Event::Moved, format!("время назначено, пока автор выбирал: {why}"));
    propose(case, person, &[]);
}

/// The row of a new consultation, proposed to the specialist.
pub(super) fn open(case: &mut Case<'_>, slot: &Slot, choice: Choice) {
    let (round, n) = (case.round, case.appeal.number);
    let ordinal = case.next_ordinal();
    let silent_at = round.settings.person(&slot.specialist).map(|person| round.silent_at(person));
    case.consultation = Some(Consultation {
        appeal: n,
        ordinal,
        specialist: slot.specialist.clone(),
        start: slot.start,
        end: slot.end,
        channel: slot.channel.clone(),
        stage: Stage::Proposed,
        staff: Answer {
            uid: uid(case, ordinal, &format!("staff/{}", slot.specialist)),
            sequence: 0,
            dtstamp: round.now,
            partstat: PartStat::NeedsAction,
            replied: None,
        },
        author: None,
        silent_at,
        invite_by: Some(invite_by(case)),
        // What the family or the specialist refused once is not offered again after a cancellation either.
        declined: case.consultation.as_ref().map(|c| c.declined.clone()).unwrap_or_default(),
        why: choice.reasons,
        wish_unmet: !choice.wish_met && !case.appeal.times.is_empty(),
        series: None,
        original: None,
        offered: Vec::new(),
        outcome: None,
        recommendations: None,
    });
    case.book();
}

/// One business day before the term ends, when the office closes: the author is invited by then whatever happens.
fn invite_by(case: &Case<'_>) -> DateTime<Utc> {
    let worktime = &case.round.settings.worktime;
    let day = worktime.prev_workday(case.round.date(case.appeal.due.literal));
    worktime.office(day).map_or(case.round.now, |(_, closes)| closes)
}

/// Invites the author; the main term is met with that letter (000 3.2). Without an address the operator calls.
pub(super) fn invite(case: &mut Case<'_>) {
    let now = case.round.now;
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    let Some(ordinal) = case.consultation.as_ref().filter(|c| c.stage == Stage::Proposed).map(|c| c.ordinal) else { return };
    let author = Answer { uid: uid(case, ordinal, "author"), sequence: 0, dtstamp: now, partstat: PartStat::NeedsAction, replied: None };
    if let Some(c) = &mut case.consultation {
        c.stage = Stage::Invited;
        c.author = Some(author);
        c.silent_at = None;
        c.invite_by = None;
    }
    case.book();
    if case.appeal.state == State::Undecided {
        // The head was asked about the specialist's silence; the term decides now.
        assign::assigned(case, person);
    }
    if case.step(Move::Invite).is_ok() {
        case.appeal.taken.get_or_insert(now);
    }
    invite_meeting(case, person, None);
}

/// The letter that invites the author; without an address the operator calls.
pub(super) fn invite_meeting(case: &mut Case<'_>, person: &Specialist, rule: Option<&Series>) {
    let (n, now) = (case.appeal.number, case.round.now);
    let Some(ordinal) = case.consultation.as_ref().map(|c| c.ordinal) else { return };
    if case.consultation.as_ref().is_some_and(|c| c.author.is_none()) {
        let author = Answer { uid: uid(case, ordinal, "author"), sequence: 0, dtstamp: now, partstat: PartStat::NeedsAction, replied: None };
        if let Some(c) = &mut case.consultation {
            c.author = Some(author);
        }
        case.book();
    }
    let Some(letter) = invitation(case, person) else { return };
    let event = author_event(case, person, Method::Request).map(|e| ruled(e, rule));
    let sequence = case.consultation.as_ref().and_then(|c| c.author.as_ref()).map_or(0, |a| a.sequence);
    if case.to_author(Kind::Invitation, format!("invitation/{n}/{ordinal}/{sequence}"), event, &letter) {
        case.appeal.met.get_or_insert(now);
        case.note(Event::Invited, "автору отправлено приглашение");
    } else {
        call_with_time(case, person, "назначена консультация");
        case.note(Event::Invited, "автора пригласит по телефону оператор");
    }
}

/// Nobody of the category is present, but there is a time after the return: the author is invited at once, since nobody could accept;
/// the deputy has the appeal meanwhile and the head knows.
fn absent_but_later(case: &mut Case<'_>, person: &Specialist, listed: &[Listed]) {
    assign::assigned(case, person);
    // First the invitation: the task must not say that an answer is awaited.
    invite(case);
    announce(case, person, listed);
    let n = case.appeal.number;
    let lines = vec![
        format!("Отсутствует {}. По заявке № {n} автору предложено первое время после возвращения.", super::Round::titled(person)),
        "Если ждать нельзя, передайте заявку другому специалисту.".to_owned(),
    ];
    let notice = crate::compose::Notice { number: Some(n), title: "специалист отсутствует".into(), lines };
    let heads: Vec<_> = case.round.decider(&case.appeal.excluded).into_iter().chain(case.round.deputy(person, &case.appeal.excluded)).collect();
    let mut told: Vec<&str> = Vec::new();
    for head in heads {
        if !told.contains(&head.id.as_str()) {
            told.push(&head.id);
            let key = case.key(&format!("absent/{}", head.id));
            case.to_staff(Kind::Other, key, head, &notice);
        }
    }
}

/// No time at all within the horizon: the author hears when somebody is back or where else help is; the head decides.
fn nothing_free(case: &mut Case<'_>, specialists: &[&Specialist], listed: &[Listed]) {
    let round = case.round;
    let all_away = specialists.iter().all(|p| !round.present(p));
    if all_away && let Some(person) = specialists.first() {
        let elsewhere = round.settings.elsewhere.get(&case.appeal.category).cloned().unwrap_or_default();
        let letter = Absent { name: case.appeal.name.clone(), number: case.appeal.number, back: assign::back(round, person), elsewhere };
        let key = format!("absent/{}", case.appeal.number);
        if case.to_author(Kind::Answer, key, None, &letter) {
            case.appeal.met.get_or_insert(round.now);
        }
    }
    let question = if all_away {
        "Специалист отсутствует, свободного времени после возвращения пока нет. Решите, пожалуйста, кто поможет семье."
    } else {
        "Свободного времени у специалиста до конца срока нет. Решите, пожалуйста, кто и когда проведёт консультацию."
    };
    case.proposals = beyond(case, specialists);
    assign::ask(case, question.into(), listed);
}
