//! A plan for a backlog: what fits beside what, and exchanges of two that make it cheaper.

use super::batch::{Lot, Place, Problem, week};
use super::exact::exact;
use rustc_hash::FxHashMap;

/// Rounds through all requests; places tried in all; places of one request for which another may be moved away.
const ROUNDS: usize = 12;
const STEPS: u32 = 3_000_000;
const EXCHANGES: usize = 60;
/// Requests that are placed anew together, and places tried for that: of one group, in all.
const FEW: usize = 6;
const FEW_PATIENCE: u32 = 10_000;
const PATIENCE: u32 = 500_000;
/// Others that are tried to be moved where a day or week is full.
const OTHERS: usize = 8;

/// Who has which place.
pub(super) struct Plan<'p> {
    problem: &'p Problem<'p>,
    pub(super) chosen: Vec<Option<Place>>,
    /// Requests by specialist and day: (those that are not urgent, all).
    days: FxHashMap<(usize, i64), Vec<usize>>,
    weeks: FxHashMap<(usize, i64), Vec<usize>>,
}

impl<'p> Plan<'p> {
    pub(super) fn new(problem: &'p Problem<'p>) -> Plan<'p> {
        Plan { problem, chosen: vec![None; problem.lots.len()], days: FxHashMap::default(), weeks: FxHashMap::default() }
    }

    /// The sum over all requests.
    pub(super) fn cost(&self) -> i64 {
        self.problem.lots.iter().zip(&self.chosen).map(|(lot, place)| lot.cost(*place)).sum()
    }

    pub(super) fn lot(&self, lot: usize) -> Option<&'p Lot> {
        self.problem.lots.get(lot)
    }

    pub(super) fn cost_of(&self, lot: usize) -> i64 {
        self.lot(lot).map_or(0, |l| l.cost(self.chosen.get(lot).copied().flatten()))
    }

    fn on_day(&self, place: Place) -> &[usize] {
        self.days.get(&(place.who, place.day)).map_or(&[], Vec::as_slice)
    }

    fn in_week(&self, place: Place) -> &[usize] {
        self.weeks.get(&(place.who, week(place.day))).map_or(&[], Vec::as_slice)
    }

    /// Requests whose places cannot stand beside this one; one that is of the same family and at the same specialist may come twice.
    fn against(&self, lot: usize, place: Place) -> impl Iterator<Item = usize> {
        let own = self.lot(lot);
        let (length, buffer) = own.map_or((0, 0), |l| (l.length, self.problem.buffer(place.who, l)));
        let overlaps = move |other: usize, buffered: bool| {
            let (Some(theirs), Some(Some(there))) = (self.lot(other), self.chosen.get(other)) else { return false };
            let apart = if buffered { buffer.max(self.problem.buffer(place.who, theirs)) } else { 0 };
            other != lot && there.at < place.at + length + apart && place.at < there.at + theirs.length + apart
        };
        let beside = self.on_day(place).iter().copied().filter(move |other| overlaps(*other, true));
        beside.chain(own.into_iter().flat_map(|l| l.family.iter().copied()).filter(move |other| overlaps(*other, false)))
    }

    /// Whether the load of the specialist allows one more: urgent ones come on top of the others, one a day, and do not fill the week.
    fn bears(&self, lot: usize, place: Place) -> bool {
        let (Some(own), Some(specialist)) = (self.lot(lot), self.problem.specialists.get(place.who)) else { return false };
        let count = |lots: &[usize], urgent_too: bool| {
            let counted = lots.iter().filter(|l| **l != lot && (urgent_too || self.lot(**l).is_some_and(|l| !l.urgent))).count();
            u32::try_from(counted).unwrap_or(u32::MAX)
        };
        let day = specialist.load.day.is_none_or(|most| {
            let stands = self.problem.days.get(&(place.who, place.day)).copied().unwrap_or(0);
            let lots = self.on_day(place);
            stands + count(lots, true) < most.saturating_add(1) && (own.urgent || stands + count(lots, false) < most)
        });
        day && (own.urgent
            || specialist
                .load
                .week
                .is_none_or(|most| self.problem.weeks.get(&(place.who, week(place.day))).copied().unwrap_or(0) + count(self.in_week(place), false) < most))
    }

    /// Whether the request can have the place beside all others.
    pub(super) fn fits(&self, lot: usize, place: Place) -> bool {
        self.bears(lot, place) && self.against(lot, place).next().is_none()
    }

    /// Gives the request the place.
    pub(super) fn put(&mut self, lot: usize, place: Place) {
        self.lift(lot);
        if let Some(cell) = self.chosen.get_mut(lot) {
            *cell = Some(place);
            self.days.entry((place.who, place.day)).or_default().push(lot);
            self.weeks.entry((place.who, week(place.day))).or_default().push(lot);
        }
    }

    /// Takes its place from the request.
    pub(super) fn lift(&mut self, lot: usize) {
        if let Some(place) = self.chosen.get_mut(lot).and_then(Option::take) {
            for list in [self.days.get_mut(&(place.who, place.day)), self.weeks.get_mut(&(place.who, week(place.day)))].into_iter().flatten() {
                list.retain(|l| *l != lot);
            }
        }
    }

    /// First come, first served: every request without a place gets its cheapest that is left.
    pub(super) fn fill(&mut self) {
        for lot in 0..self.chosen.len() {
            if self.chosen.get(lot) == Some(&None)
                && let Some(place) = self.lot(lot).and_then(|l| l.places.iter().find(|p| self.fits(lot, **p)))
            {
                self.put(lot, *place);
            }
        }
    }

    /// Those one of whom would have to go for the request to have the place: whoever is in the way, else whoever fills the day or week.
    fn movable(&self, lot: usize, place: Place) -> Vec<usize> {
        let mut against: Vec<usize> = self.against(lot, place).take(4).collect();
        against.dedup();
        match against.as_slice() {
            [one] => vec![*one],
            [] => {
                let mut all: Vec<usize> = self.on_day(place).iter().chain(self.in_week(place)).copied().filter(|l| *l != lot).collect();
                all.sort_unstable();
                all.dedup();
                all.truncate(OTHERS);
                all
            }
            _ => Vec::new(),
        }
    }

    /// The request, if it could be better off, and a few that stand in its way, dearest first.
    fn few(&self, lot: usize) -> Vec<usize> {
        let cost = self.cost_of(lot);
        let mut few = vec![lot];
        for place in self.lot(lot).into_iter().flat_map(|l| l.places.iter().take_while(|p| p.cost < cost).take(EXCHANGES)) {
            for other in self.on_day(*place) {
                if few.len() < FEW && !few.contains(other) {
                    few.push(*other);
                }
            }
        }
        few.sort_by_key(|l| (std::cmp::Reverse(self.cost_of(*l)), *l));
        few
    }

    /// Gives the request the place by moving another one, if both together become cheaper.
    fn exchange(&mut self, lot: usize, place: Place, steps: &mut u32) -> bool {
        for other in self.movable(lot, place) {
            let (before, mine, theirs) =
                (self.cost_of(lot) + self.cost_of(other), self.chosen.get(lot).copied().flatten(), self.chosen.get(other).copied().flatten());
            self.lift(other);
            self.lift(lot);
            if self.fits(lot, place) {
                self.put(lot, place);
                let affordable = |p: &&Place| place.cost + p.cost < before;
                let next = self.lot(other).and_then(|l| {
                    l.places.iter().take_while(affordable).find(|p| {
                        *steps = steps.saturating_sub(1);
                        self.fits(other, **p)
                    })
                });
                if let Some(next) = next {
                    self.put(other, *next);
                    return true;
                }
                self.lift(lot);
            }
            for (lot, place) in [(lot, mine), (other, theirs)] {
                if let Some(place) = place {
                    self.put(lot, place);
                }
            }
        }
        false
    }
}

/// Moves and exchanges while they help; bounded in steps.
pub(super) fn improve(plan: &mut Plan<'_>) {
    let (mut steps, mut patience) = (STEPS, PATIENCE);
    for _ in 0..ROUNDS {
        let mut better = false;
        for lot in 0..plan.chosen.len() {
            better |= improve_one(plan, lot, &mut steps);
        }
        if !better && patience > 0 {
            for lot in 0..plan.chosen.len() {
                let few = plan.few(lot);
                let mut each = patience.min(FEW_PATIENCE);
                patience -= each;
                better |= few.len() > 1 && exact(plan, &few, &mut each);
                patience += each;
            }
        }
        if !better || steps == 0 {
            return;
        }
    }
}

fn improve_one(plan: &mut Plan<'_>, lot: usize, steps: &mut u32) -> bool {
    let cost = plan.cost_of(lot);
    let Some(own) = plan.lot(lot) else { return false };
    let mut tried = 0;
    for place in own.places.iter().take_while(|p| p.cost < cost) {
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        if plan.fits(lot, *place) {
            plan.put(lot, *place);
            return true;
        }
        if tried < EXCHANGES {
            tried += 1;
            if plan.exchange(lot, *place, steps) {
                return true;
            }
        }
    }
    false
}
