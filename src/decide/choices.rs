//! What a member of staff can order about an appeal as it stands: the buttons that every letter about it carries, the likeliest first.
//!
//! Not here: who may what (`may`), what a letter's own template offers first.

use super::case::Case;
use super::may::{self, Role};
use crate::appeal::{Stage, State};
use crate::compose::Choice;
use crate::slots::Specialist;

/// Colleagues whom a letter names.
const COLLEAGUES: usize = 6;

/// Beside «вижу» in an alarm: to take it, and the list of all orders. Whoever reads it at night must not look for the one button among twenty.
pub(super) fn of_alarm(case: &Case<'_>, person: &Specialist) -> Vec<Choice> {
    const BESIDE: [&str; 3] = ["вижу", "беру в работу", "беру себе"];
    let mut list: Vec<Choice> = of(case, person).into_iter().filter(|c| BESIDE.contains(&c.words.as_str())).collect();
    list.push(Choice::of("Другие распоряжения", "помощь"));
    list
}

/// For this person, as the appeal stands now.
pub(super) fn of(case: &Case<'_>, person: &Specialist) -> Vec<Choice> {
    let roles = may::roles(case, person);
    let is = |role: Role| roles.contains(&role);
    let works = is(Role::Head) || is(Role::Assignee) || is(Role::Specialist);
    if !case.appeal.open() {
        let again = is(Role::Head) || is(Role::Assignee);
        return again.then(|| Choice::of("Вернуть в работу", "вернуть в работу")).into_iter().collect();
    }
    let mut list = Vec::new();
    if case.appeal.urgent && case.appeal.acknowledged.is_none() && !roles.is_empty() {
        list.push(Choice::of("Вижу, занимаюсь", "вижу"));
    }
    if works {
        likeliest(case, &roles, &mut list);
        let reachable = case.appeal.email.is_some() || case.appeal.phone.is_some();
        list.extend(reachable.then(|| Choice::with_room("Уточнить у автора", "уточнить", ": ")));
        hands(case, person, &roles, &mut list);
    } else if is(Role::Operator) {
        super::phone::choices(case, &mut list);
    }
    list
}

/// What is due next.
fn likeliest(case: &Case<'_>, roles: &[Role], list: &mut Vec<Choice>) {
    let head = roles.contains(&Role::Head);
    let over = case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Invited && c.start <= case.round.now && c.outcome.is_none());
    if over {
        list.push(Choice::of("Состоялась", "состоялась"));
        list.push(Choice::with_room("Состоялась, вот рекомендации", "состоялась", ", рекомендации: "));
        list.push(Choice::of("Не пришли", "не пришли"));
        list.push(Choice::of("Сбой связи", "сбой связи"));
    } else if case.ahead() {
        if roles.contains(&Role::Specialist) {
            list.push(Choice::of("Время подходит", "подходит"));
            list.push(Choice::of("Не могу в это время", "не могу"));
        } else {
            list.push(Choice::of("Пусть состоится", "состоится"));
            list.push(Choice::of("Заменить специалиста", "заменить"));
        }
        list.push(Choice::with_room("Перенести на…", "перенести", " на "));
        list.push(Choice::of("Отменить консультацию", "отменить консультацию"));
    } else {
        if head && case.appeal.state == State::Undecided {
            list.push(Choice::of("Взять себе", "беру себе"));
        } else if case.appeal.state != State::Taken {
            list.push(Choice::of("Беру в работу", "беру в работу"));
        }
        if case.appeal.email.is_none() && case.appeal.phone.is_some() {
            list.push(Choice::with_room("Созвонились", "созвонились", ": "));
        }
        list.push(Choice::with_room("Ответить автору", "готово", ": "));
        list.push(Choice::of("Ответ уже дан", "ответ дан"));
        list.push(Choice::with_room(if head { "Продлить срок" } else { "Прошу продлить срок" }, "продлить", " до "));
    }
}

/// Other hands: colleagues of the category, their deputies, those of the next best guess; whoever has it can say that it is not theirs.
fn hands(case: &Case<'_>, person: &Specialist, roles: &[Role], list: &mut Vec<Choice>) {
    let (round, a) = (case.round, &case.appeal);
    if !roles.contains(&Role::Head) {
        list.push(Choice::of("Не моё", "не моё"));
    }
    let mut colleagues: Vec<&Specialist> = round.of_category(a.category, &a.excluded);
    colleagues.extend(case.assignee().and_then(|p| p.deputy.as_deref()).and_then(|id| round.settings.person(id)));
    colleagues.extend(a.runner_up.into_iter().flat_map(|c| round.of_category(c, &a.excluded)));
    let mut named: Vec<&str> = vec![person.id.as_str()];
    named.extend(a.assignee.as_deref().filter(|_| a.state != State::Undecided));
    named.extend(case.unwilling.as_deref());
    for colleague in colleagues {
        if named.contains(&colleague.id.as_str()) || a.excluded.contains(&colleague.id) || list.len() > 20 {
            continue;
        }
        named.push(&colleague.id);
        if list.iter().filter(|c| c.words.starts_with("передать: ")).count() < COLLEAGUES {
            list.push(Choice::of(&format!("Передать: {}", colleague.name), &format!("передать: {}", colleague.name)));
        }
    }
    list.push(Choice::with_room("Передать другому…", "передать", ": "));
}
