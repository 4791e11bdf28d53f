//! Two appeals of one author about one thing: the later closes into the earlier, both histories say so, the author is told once.
//!
//! Never urgent ones, complaints, letters to the psychologist or about a disaster: nothing of that kind is closed by joining.

use super::assign;
use super::case::Case;
use super::judge::By;
use super::may::{Role, roles};
use crate::appeal::{Appeal, Before, Ending, Move};
use crate::compose::{Added, Word};
use crate::effect::{Effect, Event};
use crate::outbox::Kind;
use crate::understand::Category;

/// The number of the earlier one, once the case is the later.
pub(super) fn into(case: &Case<'_>, other: i64) -> i64 {
    case.meant_into.unwrap_or(other)
}

/// Joins the case with another appeal that the letter names. Afterwards the case is the later of the two; the effects are the earlier's, and so
/// stood the later before.
pub(super) fn join(case: &mut Case<'_>, by: &By<'_>, other: i64) -> Result<(Vec<Effect>, Before), String> {
    let absent = || format!("Заявки № {other} среди Ваших нет.");
    let named = by.named.iter().find(|n| n.appeal.number == other && other != case.appeal.number).ok_or_else(absent)?;
    let mut second = Case::of(case.round, named.appeal.clone(), &named.consultations, case.busy.clone(), case.load.clone(), named.references.clone());
    second.by.clone_from(&case.by);
    if !roles(&second, by.person).iter().any(|r| matches!(r, Role::Head | Role::Assignee)) {
        return Err(absent());
    }
    for a in [&case.appeal, &second.appeal] {
        if !a.open() {
            return Err(format!("Заявка № {} закрыта. Сначала напишите по ней «вернуть в работу».", a.number));
        }
        if alone(a) {
            return Err("Срочные заявки, жалобы и письма к психологу не объединяются: каждую ведут отдельно.".to_owned());
        }
    }
    if case.appeal.email.is_none() || case.appeal.email != second.appeal.email {
        return Err("Это заявки разных авторов: каждому отвечают отдельно.".to_owned());
    }
    if second.appeal.number > case.appeal.number {
        std::mem::swap(case, &mut second);
    }
    let (later, mut earlier) = (case, second);
    if later.ahead() {
        return Err(format!("По заявке № {} назначена консультация. Сначала отмените её.", later.appeal.number));
    }
    let before = Before::of(&later.appeal, &later.all);
    let (number, main) = (later.appeal.number, earlier.appeal.number);
    close(later, main);
    if !earlier.appeal.text.contains(later.appeal.text.trim()) {
        earlier.appeal.text = format!("{}\n\n— из заявки № {number}:\n{}", earlier.appeal.text, later.appeal.text);
    }
    earlier.note(Event::Added, format!("к ней присоединена заявка № {number}"));
    if let Some(person) = earlier.assignee().filter(|p| p.id != by.person.id) {
        let letter = Added {
            number: main, what: format!("присоединена заявка № {number} того же автора"), text: later.appeal.text.clone(), files: Vec::new()
        };
        let key = earlier.key("joined");
        earlier.to_staff(Kind::Other, key, person, &letter);
    }
    Ok((earlier.finish(), before))
}

fn alone(a: &Appeal) -> bool {
    a.urgent || a.complaint || a.delicate || matches!(a.category, Category::Psychologist | Category::SocialPedagogue)
}

fn close(later: &mut Case<'_>, main: i64) {
    if later.step(Move::Close).is_err() {
        return;
    }
    let now = later.round.now;
    let number = later.appeal.number;
    later.meant_into = Some(main);
    later.appeal.met.get_or_insert(now);
    later.close(Ending::Merged, format!("закрыта: объединена с № {main}"));
    let letter = Word {
        name: later.appeal.name.clone(),
        number,
        title: format!("ответим вместе с № {main}"),
        lines: vec![format!("Ваши заявки № {main} и № {number} об одном, поэтому ответим на них вместе, под номером {main}. Писать заново ничего не нужно.")],
    };
    let key = later.key("joined");
    if !later.to_author(Kind::Other, key, None, &letter) {
        assign::call(later, letter.lines, "заявки объединены, адреса электронной почты нет");
    }
}
