//! Orders of the command line: whoever may log in to the machine may give them all. Kept for an hour like those of letters, and taken back alike.
//!
//! Not here: what an order does (`order`), what a letter may order (`judge`).

use super::Round;
use super::case::Case;
use super::judge::{COMMAND, keep};
use super::order::{Order, carry_out};
use super::{merge, undo};
use crate::effect::Effect;
use crate::facts::ForAppeal;

fn case_of<'a>(round: Round<'a>, facts: &ForAppeal) -> Case<'a> {
    let mut case = Case::of(round, facts.appeal.clone(), &facts.consultations, facts.busy.clone(), facts.load.clone(), facts.references.clone());
    case.family.clone_from(&facts.family);
    case.groups.clone_from(&facts.groups);
    case.seats.clone_from(&facts.seats);
    case.call.clone_from(&facts.call);
    case
}

/// Decides about an order.
///
/// # Errors
/// A sentence: why the order cannot be carried out and what to do instead. Nothing is changed then.
pub fn on_order(round: Round<'_>, facts: &ForAppeal, order: &Order) -> Result<Vec<Effect>, String> {
    let mut case = case_of(round, facts);
    if let Order::Merge(other) = order {
        let (also, before) = merge::join(&mut case, &facts.named, None, *other)?;
        keep(&mut case, COMMAND, order, before, &also);
        let mut effects = case.finish();
        effects.extend(also);
        return Ok(effects);
    }
    let before = case.stands();
    carry_out(&mut case, order, &facts.shadowed)?;
    keep(&mut case, COMMAND, order, before, &[]);
    Ok(case.finish())
}

/// Takes back what was ordered last about an appeal, by whomever; effects and a sentence.
///
/// # Errors
/// A sentence: why nothing is changed.
pub fn on_undo(round: Round<'_>, facts: &ForAppeal) -> Result<(Vec<Effect>, String), String> {
    let kept = facts.undo.as_ref().ok_or("Возвращать нечего: поручения за последний час нет.")?;
    let mut case = case_of(round, facts);
    let said = undo::undo(&mut case, kept, None)?;
    Ok((case.finish(), said))
}
