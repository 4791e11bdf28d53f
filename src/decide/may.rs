//! Who may order what by letter: one table of orders and roles. The command line is not asked: whoever may log in to the machine may all.

use super::Round;
use super::case::Case;
use super::order::Order;
use crate::appeal::{Appeal, State};
use crate::slots::Specialist;
use crate::understand::Category;

/// What somebody is to an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The head, a deputy, or whoever decides about it.
    Head,
    /// Who has it.
    Assignee,
    /// Who holds its consultation.
    Specialist,
    /// Who is alarmed where a child may be in danger.
    Guard,
    /// Who calls authors without an address.
    Operator,
}

/// The roles of a member of staff in this appeal; nobody has one in a matter about themselves.
pub(super) fn roles(case: &Case<'_>, person: &Specialist) -> Vec<Role> {
    let (round, a): (Round<'_>, _) = (case.round, &case.appeal);
    if a.excluded.contains(&person.id) {
        return Vec::new();
    }
    let id = &person.id;
    let all = [
        // Who was asked to decide, a director in the head's absence too, has the head's rights in that matter.
        (Role::Head, round.settings.head.contains(id) || round.decider(&a.excluded).is_some_and(|d| d.id == *id) || asked_to_decide(a, id)),
        (Role::Assignee, a.assignee.as_ref() == Some(id)),
        (Role::Specialist, case.consultation.as_ref().is_some_and(|c| c.specialist == *id)),
        (Role::Guard, a.urgent && (person.categories.contains(&Category::Psychologist) || round.settings.director.contains(id))),
        (Role::Operator, round.settings.operator.iter().any(|o| o.eq_ignore_ascii_case(&person.email))),
    ];
    all.into_iter().filter(|(_, is)| *is).map(|(role, _)| role).collect()
}

/// The question about the appeal was put before this director.
fn asked_to_decide(a: &Appeal, id: &str) -> bool {
    a.state == State::Undecided && a.assignee.as_deref() == Some(id)
}

/// The table. The head may everything but answer from somebody else's calendar: «не могу» of the head is not the specialist's.
pub(super) fn may(role: Role, order: &Order) -> bool {
    use Role::{Assignee, Guard, Head, Operator, Specialist};
    match order {
        Order::Accept | Order::Decline => matches!(role, Specialist),
        // The specialist is changed by the head's word alone; so are terms and new dates after a failure.
        Order::Assign(_) | Order::Category(_) | Order::Extend { .. } | Order::Slot { .. } | Order::Replace(_) | Order::Allow | Order::Join(_) => {
            matches!(role, Head)
        }
        Order::Keep(_) => matches!(role, Head),
        Order::NotMine(_) => matches!(role, Assignee | Specialist),
        Order::Merge(_) => matches!(role, Head | Assignee),
        Order::Ask(_) => matches!(role, Head | Assignee | Specialist),
        Order::Move(_) | Order::Another(_) | Order::Cancel(_) => matches!(role, Head | Assignee | Specialist | Operator),
        Order::Take | Order::Close { .. } | Order::Channel(_) => matches!(role, Head | Assignee | Specialist),
        Order::Held { .. } | Order::NotHeld { .. } | Order::Recommend(_) | Order::Again(_) | Order::Series { .. } | Order::EndSeries(_) => {
            matches!(role, Head | Assignee | Specialist)
        }
        Order::Reminders(_) | Order::Stands => matches!(role, Head | Specialist),
        Order::Acknowledge => matches!(role, Head | Assignee | Specialist | Guard),
        // The operator takes the family's calls and makes the school's: they say what was said, at whichever end it was said.
        Order::Called | Order::Unreached | Order::Confirmed => matches!(role, Head | Assignee | Specialist | Operator),
        Order::CallMyself => matches!(role, Head | Assignee | Specialist),
        Order::Reopen | Order::Note(_) => matches!(role, Head | Assignee),
        // Go-live is done on the machine.
        Order::TakeBack | Order::TakeOver(_) => false,
    }
}
