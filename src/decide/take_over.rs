//! Go-live with an appeal of the trial: what was only said to have been told is told now.

use super::case::Case;
use super::{assign, consult};
use crate::appeal::State;
use crate::effect::Event;
use crate::outbox::Kind;

/// Go-live with an open appeal of shadow mode: nobody but the operator has heard of it. The receipt is owed where one was composed; the terms
/// start now, since those of the trial were nobody's to keep; a consultation that nobody was told of is taken back and arranged anew.
pub(super) fn take_over(case: &mut Case<'_>, owed: &[Kind]) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    let (settings, now) = (case.round.settings, case.round.now);
    let terms = &settings.terms;
    if owed.is_empty() && case.appeal.email.is_some() && case.appeal.met.is_some() {
        // Nothing to the author was composed in shadow: people have answered already.
        return Ok(());
    }
    case.appeal.take_due = crate::appeal::due_of(&settings.worktime, now, terms.take);
    case.appeal.due = crate::appeal::due_of(&settings.worktime, now, if case.appeal.consultation { terms.invite } else { terms.answer });
    case.appeal.met = None;
    case.appeal.taken = None;
    if owed.contains(&Kind::Receipt) {
        super::open::post_receipt(case, None);
    }
    if let Some(c) = case.consultation.as_mut().filter(|c| c.live()) {
        c.stage = crate::appeal::Stage::Cancelled;
        let own = c.busy();
        case.book();
        case.busy.retain(|b| *b != own);
    }
    case.note(Event::Assigned, "взята из пробного режима");
    if case.appeal.urgent && case.appeal.acknowledged.is_none() {
        super::alarm::sound(case);
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
