//! Letters of staff that belong to no appeal: an order about the person themselves or the school, a form for somebody who called.
//!
//! Each such order is a whole line of a closed grammar in its own file; a letter that none of them knows is an appeal like anyone's. Not here: orders
//! about an appeal (`staff`), whether the sender is believed (`sender`).

use super::message::Incoming;
use super::{Round, announcement};
use crate::effect::Effect;
use crate::facts::ForLetter;
use crate::message::Origin;
use crate::slots::Specialist;

/// What one file of orders makes of a letter: `None` where it is not its order.
type Desk = for<'a> fn(Round<'a>, &ForLetter, &Incoming<'_>, &'a Specialist) -> Option<Vec<Effect>>;

/// Every kind of order that is about no appeal, in the order in which they are asked.
const DESKS: [Desk; 1] = [announcement::on_desk];

/// The effects of a letter that a member of staff wrote by hand and that is such an order.
pub(super) fn on_desk(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let m = incoming.message;
    if facts.thread.is_some() || m.origin != Origin::Person || m.from.len() != 1 {
        return None;
    }
    let person = round.settings.person_by_email(&m.sender()?.email)?;
    DESKS.iter().find_map(|desk| desk(round, facts, incoming, person))
}
