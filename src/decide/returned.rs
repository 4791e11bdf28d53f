//! An appeal that goes back: the author is asked something, the specialist says that it is not theirs, the head gives no more time.

use super::case::Case;
use super::{assign, moves, phone};
use crate::appeal::{Move, Stage, State};
use crate::compose::{Notice, Question};
use crate::effect::Event;
use crate::outbox::Kind;

/// A question for the author. The term does not stop; the answer reaches whoever has the appeal.
pub(super) fn ask_author(case: &mut Case<'_>, text: &str) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    if case.appeal.email.is_none() && case.appeal.phone.is_none() {
        return Err("the author has neither an address nor a telephone".into());
    }
    let asks = case.by.as_deref().and_then(|id| case.round.settings.person(id)).or_else(|| case.assignee());
    let signer =
        asks.map_or_else(|| case.round.settings.school.clone(), |p| if p.post.is_empty() { p.name.clone() } else { format!("{}, {}", p.name, p.post) });
    let letter = Question { name: case.appeal.name.clone(), number: case.appeal.number, text: text.to_owned(), signer };
    let key = case.key("question");
    if !case.to_author(Kind::Other, key, None, &letter) {
        let mut say = vec![format!("Здравствуйте, это {}, по заявке № {}.", case.round.settings.school, case.appeal.number)];
        say.extend(text.lines().map(str::trim).filter(|l| !l.is_empty()).take(4).map(str::to_owned));
        phone::ask(case, say, "нужно уточнить, адреса электронной почты нет");
    }
    if case.appeal.state == State::Assigned && case.step(Move::Take).is_ok() {
        case.appeal.taken.get_or_insert(case.round.now);
        case.note(Event::Taken, "взята в работу");
    }
    case.note(Event::Added, "автору задан вопрос");
    Ok(())
}

/// Not the specialist's: the head decides, with the best guesses as buttons. A time that the author has not heard of is given up.
pub(super) fn not_mine(case: &mut Case<'_>, why: Option<&str>) -> Result<(), String> {
    let by = case.by.clone().or_else(|| case.appeal.assignee.clone());
    if case.round.decider(&case.appeal.excluded).is_none_or(|d| Some(&d.id) == by.as_ref()) {
        return Err("whoever decides cannot pass it to themselves; assign it to somebody".into());
    }
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    if case.ahead() && case.consultation.as_ref().is_some_and(|c| matches!(c.stage, Stage::Proposed | Stage::Offered)) {
        moves::cancel(case, "специалист пишет, что заявка не к нему", None, true);
    }
    case.unwilling = by;
    let because = why.filter(|_| !case.confidential()).map(|w| format!(": «{}»", w.chars().take(300).collect::<String>())).unwrap_or_default();
    assign::ask(case, format!("Специалист пишет, что заявка не к нему{because}. Решите, пожалуйста, кто ответит."), &[]);
    Ok(())
}

/// The head gives no more time: whoever has the appeal hears it.
pub(super) fn keep_term(case: &mut Case<'_>, why: Option<&str>) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    let until = case.by_words(case.appeal.due.literal.max(case.appeal.due.office));
    let mut lines = vec![format!("Срок прежний: ответить надо до {until}.")];
    lines.extend(why.map(|w| format!("Руководитель пишет: «{}»", w.chars().take(300).collect::<String>())));
    tell_holder(case, "срок не продлён", lines);
    case.note(Event::Added, "срок не продлён");
    Ok(())
}

/// A few lines for whoever has the appeal, unless they are the one who ordered it.
pub(super) fn tell_holder(case: &mut Case<'_>, title: &str, lines: Vec<String>) {
    let Some(person) = case.assignee().filter(|p| case.by.as_ref() != Some(&p.id)) else { return };
    let letter = Notice { number: Some(case.appeal.number), title: title.to_owned(), lines };
    let key = case.key("told");
    case.to_staff(Kind::Other, key, person, &letter);
}
