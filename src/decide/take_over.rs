//! Go-live: open appeals of shadow mode, of which nobody but the operator has heard, are taken over. So are the groups that were planned.
//!
//! Not here: which appeals those are (`cli`), the times found for all of them together (`backlog`).

use super::case::Case;
use super::group::Group;
use super::{Round, alarm, assign, consult, open, seats};
use crate::appeal::{Stage, State, due_of};
use crate::compose::GroupNews;
use crate::effect::{Effect, Event};
use crate::facts::ForMeeting;
use crate::itip::Method;
use crate::outbox::Kind;
use crate::slots::Slot;

/// Nothing to the author was composed in shadow, and yet they have what they asked for: people have answered already.
pub(super) fn answered(case: &Case<'_>, owed: &[Kind]) -> bool {
    owed.is_empty() && case.appeal.email.is_some() && case.appeal.met.is_some()
}

/// A consultation of shadow mode is taken back: nobody was told of it, so nobody is told that it will not be.
pub(super) fn take_back(case: &mut Case<'_>) {
    let now = case.round.now;
    let standing: Vec<u32> = case.all.iter().filter(|c| c.live() && c.outcome.is_none() && c.end > now).map(|c| c.ordinal).collect();
    for ordinal in standing {
        case.focus(ordinal);
        if let Some(c) = case.consultation.as_mut() {
            c.stage = Stage::Cancelled;
        }
        case.book();
    }
}

/// Takes an open appeal over. The receipt is owed where one was composed; the terms start now, since those of the trial were nobody's to
/// keep; a place in a group stays what it is; a consultation is arranged anew.
///
/// # Errors
/// A sentence: the appeal is closed.
pub(super) fn take_over(case: &mut Case<'_>, owed: &[Kind], proposed: Option<Slot>) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    let (settings, now) = (case.round.settings, case.round.now);
    let terms = &settings.terms;
    if answered(case, owed) {
        return Ok(());
    }
    case.appeal.take_due = due_of(&settings.worktime, now, terms.take);
    case.appeal.due = due_of(&settings.worktime, now, if case.appeal.consultation { terms.invite } else { terms.answer });
    case.appeal.met = None;
    case.appeal.taken = None;
    if owed.contains(&Kind::Receipt) {
        open::post_receipt(case, None, true);
    }
    take_back(case);
    case.proposed = proposed;
    case.note(Event::Assigned, "взята из пробного режима");
    if case.appeal.urgent && case.appeal.acknowledged.is_none() {
        alarm::sound(case);
    }
    if let Some((meeting, mut seat)) = case.seated() {
        seats::from_shadow(case, &meeting, &mut seat);
        assign::phone_only(case);
        return Ok(());
    }
    let holder = case.assignee();
    match (case.appeal.state, holder) {
        (State::Undecided, _) => {
            let question = case.appeal.question.clone().unwrap_or_else(|| "Решите, пожалуйста, кто ответит.".into());
            assign::ask(case, question, &[]);
        }
        (_, Some(person)) if case.appeal.consultation && person.categories.contains(&case.appeal.category) => consult::arrange(case, &[person], &[], None),
        (_, Some(person)) => assign::give(case, person, &[], false),
        (_, None) => assign::first(case, Vec::new(), None),
    }
    assign::phone_only(case);
    Ok(())
}

/// A group that was planned in shadow mode: its specialist gets the event now.
pub fn on_group_taken_over(round: Round<'_>, facts: &ForMeeting) -> Vec<Effect> {
    let mut group = Group::with(round, facts);
    if !group.meeting.ahead(round.now) {
        return Vec::new();
    }
    group.changed = true;
    group.meeting.staff.dtstamp = round.now.max(group.meeting.staff.dtstamp + chrono::TimeDelta::seconds(1));
    group.note(Event::Assigned, "взята из пробного режима");
    group.tell_specialist(Kind::Task, "task", GroupNews::Planned, Some(Method::Request), None, None);
    group.finish()
}
