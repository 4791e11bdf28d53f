//! The best there is for a few requests, all others staying where they are: branch and bound.

use super::batch::Place;
use super::improve::Plan;

struct Search<'a, 'p> {
    plan: &'a mut Plan<'p>,
    lots: &'a [usize],
    /// The least that the requests from each one on can cost.
    rest: Vec<i64>,
    best: i64,
    found: Option<Vec<Option<Place>>>,
    patience: &'a mut u32,
}

/// Gives these requests the places that are cheapest together, if cheaper than those they have. `patience` is the number of places
/// that may still be tried; when it ends, the best answer so far is taken. Whether anything became cheaper.
pub(super) fn exact(plan: &mut Plan<'_>, lots: &[usize], patience: &mut u32) -> bool {
    let before: Vec<Option<Place>> = lots.iter().map(|l| plan.chosen.get(*l).copied().flatten()).collect();
    let best = lots.iter().map(|l| plan.cost_of(*l)).sum();
    lots.iter().for_each(|l| plan.lift(*l));
    let mut rest = vec![0];
    for lot in lots.iter().rev().filter_map(|l| plan.lot(*l)) {
        let least = lot.cost(lot.places.first().copied()).min(lot.nobody);
        rest.push(rest.last().copied().unwrap_or(0) + least);
    }
    rest.reverse();
    let mut search = Search { plan, lots, rest, best, found: None, patience };
    search.go(0, 0);
    let found = search.found;
    for (lot, place) in lots.iter().zip(found.as_ref().unwrap_or(&before)) {
        if let Some(place) = place {
            plan.put(*lot, *place);
        }
    }
    found.is_some()
}

impl Search<'_, '_> {
    fn go(&mut self, depth: usize, cost: i64) {
        let Some((lot, this)) = self.lots.get(depth).and_then(|l| Some((*l, self.plan.lot(*l)?))) else {
            if cost < self.best {
                self.best = cost;
                self.found = Some(self.lots.iter().map(|l| self.plan.chosen.get(*l).copied().flatten()).collect());
            }
            return;
        };
        let rest = self.rest.get(depth + 1).copied().unwrap_or(0);
        for place in &this.places {
            if cost + place.cost + rest >= self.best || *self.patience == 0 {
                break;
            }
            *self.patience -= 1;
            if self.plan.fits(lot, *place) {
                self.plan.put(lot, *place);
                self.go(depth + 1, cost + place.cost);
                self.plan.lift(lot);
            }
        }
        if cost + this.nobody + rest < self.best && *self.patience > 0 {
            self.go(depth + 1, cost + this.nobody);
        }
    }
}
