//! Several times to choose among: for the head when nothing fits, and for authors who are offered three.

use super::choice::{Passed, Slot, Wanted, best};
use super::grid::Grid;
use super::{Busy, Specialist, reasons};
use crate::worktime::Worktime;

/// More are no choice but a timetable.
const MOST: usize = 20;

/// Up to `n` slots, best first, on different days or at least two hours apart, each with what speaks for it and what against it («за: …»,
/// «против: …»). Times that the author cannot are among them only when there is no other at all. The answer does not depend on the order
/// of the specialists.
pub fn proposals(specialists: &[&Specialist], worktime: &Worktime, busy: &[Busy], wanted: &Wanted<'_>, n: usize) -> Vec<(Slot, Vec<String>)> {
    let grid = Grid::new(specialists, worktime, wanted);
    let mut found: Vec<(Slot, Vec<String>)> = Vec::new();
    for excluded_too in [false, true] {
        let mut others = Vec::new();
        while found.len() < n.min(MOST) {
            let passed = Passed { excluded_too, others: &others };
            let Some((candidate, _)) = best(specialists, worktime, &grid, busy, wanted, passed) else { break };
            others.push((candidate.start.day, candidate.start.at));
            let Some(specialist) = specialists.get(candidate.who) else { break };
            let Some(slot) = candidate.start.slot(specialist, wanted.channel, grid.length) else { break };
            let lines = reasons::brief(&candidate, worktime, wanted, specialist, &slot);
            found.push((slot, lines));
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}
