//! Places in groups when an order is taken back: the family that was put into one leaves it, the one that lost its place has it again.
//!
//! Whoever has heard nothing hears nothing. A place that others have taken since is not taken from them. Not here: all else of an order (`undo`).

use super::case::Case;
use super::seats::{self, of_key};
use crate::appeal::{Place, Seat};
use crate::compose::{SeatEnd, SeatNext};
use crate::facts::{Planned, Undo};

const OVER: &str = "Группа уже прошла или отменена, поэтому ничего не возвращено.";
const FULL: &str = "Место в группе уже занято, поэтому ничего не возвращено.";
const CHANGED: &str = "Семья уже знает о новом времени группы, поэтому ничего не возвращено.";

/// Each seat that the order changed: as it stood, as it stands.
fn changed(kept: &Undo) -> Vec<(Option<Seat>, Seat)> {
    let before = |s: &Seat| kept.before.seats.iter().find(|b| b.meeting == s.meeting).cloned();
    kept.after.seats.iter().map(|s| (before(s), s.clone())).filter(|(b, s)| b.as_ref() != Some(s)).collect()
}

/// Whether the family has had a letter of the order about this seat.
fn told(kept: &Undo, seat: &Seat) -> bool {
    kept.letters.iter().any(|l| l.outside && !l.waits && of_key(&l.key).is_some_and(|(m, joined, _)| (m, joined) == (seat.meeting, seat.joined.timestamp())))
}

fn group(case: &Case<'_>, seat: &Seat) -> Result<Planned, String> {
    let found = case.groups.iter().find(|g| g.meeting.id == seat.meeting && g.meeting.ahead(case.round.now));
    found.cloned().ok_or_else(|| OVER.to_owned())
}

/// Places that the order gave are given up.
pub(super) fn given(case: &mut Case<'_>, kept: &Undo) -> Result<(), String> {
    for (before, mut seat) in changed(kept) {
        let held = before.as_ref().is_some_and(Seat::held);
        if held || !seat.held() {
            continue;
        }
        if told(kept, &seat) {
            let planned = group(case, &seat)?;
            let own = kept.before.consultations.iter().any(|c| c.live() && c.outcome.is_none() && c.start > case.round.now);
            let other = kept.before.seats.iter().any(Seat::held);
            // What follows is told by the letter about it.
            let next = if own {
                SeatNext::Own
            } else if other {
                SeatNext::Group
            } else {
                SeatNext::Decision
            };
            seats::leave(case, &planned.meeting, &mut seat, SeatEnd::Removed, Some("запись была ошибкой"), next);
        } else {
            seat.place = Place::Left;
            seats::put(case, &seat);
        }
    }
    Ok(())
}

/// Places that the order took are given back.
pub(super) fn lost(case: &mut Case<'_>, kept: &Undo) -> Result<(), String> {
    for (before, seat) in changed(kept) {
        let Some(before) = before.filter(Seat::held) else { continue };
        if told(kept, &seat) {
            if seat.held() {
                return Err(CHANGED.to_owned());
            }
            let planned = group(case, &seat)?;
            if before.place == Place::Invited && !planned.free() {
                return Err(FULL.to_owned());
            }
            // After a CANCEL its UID is never used again (RFC 5546 §3.2.5): a place of its own.
            seats::join(case, &planned.meeting, before.place == Place::Invited);
        } else {
            let planned = group(case, &seat)?;
            if before.place == Place::Invited && !seat.held() && planned.invited >= planned.meeting.capacity {
                return Err(FULL.to_owned());
            }
            seats::put(case, &before);
        }
    }
    Ok(())
}
