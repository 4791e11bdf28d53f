//! A backlog assigned at once: who waited gets what together costs least, instead of first come, first served.
//!
//! The cost is waiting time, in seconds from receipt to the start. What is not as the author asked counts as further waiting: 28 days for
//! a time that was not wished, 7 for another way than wished, for a specialist without the subject on their list and for a time apart from
//! the family's other consultation, 3 for another specialist than before. For an urgent appeal waiting counts five times and a wish decides
//! between equal times only. Nobody is left without a slot while one can be had: that costs more than all else.
//!
//! Up to [`SMALL`] requests the answer is the best there is on starts of ten minutes (branch and bound, `exact`; where that would take too
//! long, the best found by then). For many: the cheapest matching of requests with rows of slots (`matching`), then exchanges while they
//! help (`improve`), of two and, exactly, of a few that stand in each other's way; and the same from a plain first-come order; the better
//! of the two. Bounded in steps, not by a clock: the same backlog has the
//! same answer. Not here: fairness between specialists, which single questions look after (`choose`).

use super::choice::{Fit, LONGEST_MINUTES, Slot, Wanted};
use super::exact::exact;
use super::grid::{Grid, slot_at};
use super::held::held;
use super::improve::{Plan, improve};
use super::{Busy, Specialist, matching, reasons};
use crate::worktime::Worktime;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rustc_hash::FxHashMap;

/// One appeal of a backlog.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What is looked for. `declined`, `near` and the rest hold as for one.
    pub wanted: Wanted<'a>,
    /// Since when the author waits.
    pub since: DateTime<Utc>,
    /// Ids of the specialists who may take it; empty: all who answer its category, or all without one.
    pub among: &'a [String],
    /// Requests with the same word never overlap in time, whoever holds them.
    pub family: Option<&'a str>,
}

/// What an assignment comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// From receipt to start, all that have a slot together.
    pub waiting: TimeDelta,
    /// Slots outside the times that their author named.
    pub unmet: usize,
    /// Requests without a slot.
    pub unplaced: usize,
}

/// Requests up to which the best answer is looked for.
pub(super) const SMALL: usize = 6;
const DAY: i64 = 86_400;
/// More than any waiting with all its wishes unmet.
const NOBODY: i64 = 4000 * DAY;
const URGENT: i64 = 5;
/// Flags of `Fit`: another subject, not wished, far from the family's, another channel, another specialist.
const UNMET: [i64; 5] = [7 * DAY, 28 * DAY, 7 * DAY, 7 * DAY, 3 * DAY];
/// Places tried before the exact search takes the best answer so far.
const PATIENCE: u32 = 3_000_000;

/// A slot that a request could have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) cost: i64,
    pub(super) at: i64,
    pub(super) who: usize,
    pub(super) day: i64,
    number: usize,
}

/// A request, prepared.
pub(super) struct Lot {
    /// Cheapest first.
    pub(super) places: Vec<Place>,
    /// What it costs to leave it without a slot.
    pub(super) nobody: i64,
    pub(super) length: i64,
    pub(super) buffer: i64,
    pub(super) urgent: bool,
    /// Requests of the same family, this one aside.
    pub(super) family: Vec<usize>,
}

impl Lot {
    pub(super) fn cost(&self, place: Option<Place>) -> i64 {
        place.map_or(self.nobody, |p| p.cost)
    }
}

/// The backlog, prepared.
pub(super) struct Problem<'a> {
    pub(super) specialists: &'a [&'a Specialist],
    pub(super) lots: Vec<Lot>,
    /// Consultations that stand already, by specialist and day, and by specialist and week.
    pub(super) days: FxHashMap<(usize, i64), u32>,
    pub(super) weeks: FxHashMap<(usize, i64), u32>,
    /// For each request the slots of a common row, which never touch each other: (number of the slot, place).
    rows: Vec<Vec<(usize, Place)>>,
    columns: usize,
}

/// The week of a day number; both count from a Monday.
pub(super) fn week(day: i64) -> i64 {
    (day - 1).div_euclid(7)
}

impl<'a> Problem<'a> {
    pub(super) fn new(requests: &[Request<'_>], specialists: &'a [&'a Specialist], worktime: &Worktime, busy: &[Busy]) -> Problem<'a> {
        let row = common_row(requests, specialists, worktime, busy);
        let most = if requests.len() <= SMALL { usize::MAX } else { (64 + 8 * requests.len()).min(2500) };
        let mut problem =
            Problem { specialists, lots: Vec::new(), days: FxHashMap::default(), weeks: FxHashMap::default(), rows: Vec::new(), columns: row.len() };
        for b in busy.iter().filter(|b| b.counts) {
            let day = i64::from(worktime.local_date(b.start).num_days_from_ce());
            for (who, _) in specialists.iter().enumerate().filter(|(_, s)| s.id == b.specialist) {
                *problem.days.entry((who, day)).or_default() += 1;
                *problem.weeks.entry((who, week(day))).or_default() += 1;
            }
        }
        for (index, request) in requests.iter().enumerate() {
            let mut places = places(request, specialists, worktime, busy);
            places.sort_unstable_by_key(|p| (p.cost, p.at, p.who));
            let column = |p: &Place| row.get(&(p.who, p.at)).map(|column| (*column, *p));
            // In a matching nobody needs more slots to choose among than there are requests.
            problem.rows.push(places.iter().filter_map(column).take(requests.len()).collect());
            places.truncate(most);
            let same = |n: usize, other: &Request<'_>| n != index && other.family.is_some() && other.family == request.family;
            problem.lots.push(Lot {
                places,
                nobody: NOBODY * if request.wanted.urgent { URGENT } else { 1 },
                length: length(&request.wanted),
                buffer: i64::from(request.wanted.buffer_minutes.min(24 * 60)) * 60,
                urgent: request.wanted.urgent,
                family: requests.iter().enumerate().filter(|(n, r)| same(*n, r)).map(|(n, _)| n).collect(),
            });
        }
        problem
    }

    /// Free time that must lie between two consultations of a specialist.
    pub(super) fn buffer(&self, who: usize, lot: &Lot) -> i64 {
        self.specialists.get(who).and_then(|s| s.buffer_minutes).map_or(lot.buffer, |own| i64::from(own.min(24 * 60)) * 60)
    }
}

fn length(wanted: &Wanted<'_>) -> i64 {
    i64::from(wanted.minutes.clamp(1, LONGEST_MINUTES)) * 60
}

/// Every slot that a request could have if it were alone, with its cost.
fn places(request: &Request<'_>, specialists: &[&Specialist], worktime: &Worktime, busy: &[Busy]) -> Vec<Place> {
    let wanted = &request.wanted;
    let may = |s: &Specialist| match request.among {
        [] => wanted.category.is_none_or(|c| s.categories.contains(&c)),
        ids => ids.contains(&s.id),
    };
    let (whose, among): (Vec<usize>, Vec<&Specialist>) = specialists.iter().copied().enumerate().filter(|(_, s)| may(s)).unzip();
    let grid = Grid::new(&among, worktime, wanted);
    let held = held(&among, worktime, busy, wanted);
    let since = request.since.timestamp();
    let mut found = Vec::new();
    for ((who, specialist), held) in whose.iter().zip(&among).zip(&held) {
        let fit = Fit::of(specialist, wanted);
        let first = found.len();
        grid.starts(specialist, held, true, &mut |start| {
            if start.forbidden {
                return;
            }
            let (flags, _) = fit.flags(&start, wanted);
            let waiting = start.at.saturating_sub(since).clamp(0, 1000 * DAY);
            let unmet = |one: &dyn Fn(i64) -> i64| flags.iter().zip(UNMET).filter(|(f, _)| **f).map(|(_, cost)| one(cost)).sum::<i64>();
            let cost = if wanted.urgent { waiting * URGENT + unmet(&|cost| cost / DAY) } else { waiting + unmet(&|cost| cost) };
            found.push(Place { cost, at: start.at, who: *who, day: start.day, number: start.number });
        });
        // A start can be found twice: as a round one, and as the beginning of the author's hours.
        if let Some(own) = found.get_mut(first..) {
            own.sort_unstable_by_key(|p| (p.at, p.cost, p.number));
        }
    }
    found.dedup_by_key(|p| (p.who, p.at));
    found
}

/// Slots that follow each other in the free time of every specialist and suit any of the requests in length and buffer, numbered.
fn common_row(requests: &[Request<'_>], specialists: &[&Specialist], worktime: &Worktime, busy: &[Busy]) -> FxHashMap<(usize, i64), usize> {
    let all = || requests.iter().map(|r| &r.wanted);
    let (Some(earliest), Some(latest)) = (all().map(|w| w.notice_from.unwrap_or(w.earliest).min(w.earliest)).min(), all().map(|w| w.latest).max()) else {
        return FxHashMap::default();
    };
    let wanted = Wanted {
        earliest,
        latest,
        minutes: all().map(|w| w.minutes).max().unwrap_or(LONGEST_MINUTES),
        buffer_minutes: all().map(|w| w.buffer_minutes).max().unwrap_or(0),
        urgent: true,
        ..Wanted::default()
    };
    let grid = Grid::new(specialists, worktime, &wanted);
    let mut row = FxHashMap::default();
    for ((who, specialist), held) in specialists.iter().enumerate().zip(&held(specialists, worktime, busy, &wanted)) {
        grid.starts(specialist, held, false, &mut |start| {
            let next = row.len();
            row.entry((who, start.at)).or_insert(next);
        });
    }
    row
}

/// A slot for each request, in their order, as cheap together as can be found; no slot overlaps another or what is taken, and nobody
/// holds more than their load. The cost is described at the head of `slots/batch.rs`.
pub fn assign(requests: &[Request<'_>], specialists: &[&Specialist], worktime: &Worktime, busy: &[Busy]) -> Vec<Option<Slot>> {
    let problem = Problem::new(requests, specialists, worktime, busy);
    let chosen = solve(&problem);
    let slot = |(request, place): (&Request<'_>, &Option<Place>)| {
        let p = (*place)?;
        slot_at(specialists.get(p.who)?, p.number, p.at, request.wanted.channel, length(&request.wanted))
    };
    requests.iter().zip(&chosen).map(slot).collect()
}

/// What an assignment comes to, for comparing two of them.
pub fn outcome(requests: &[Request<'_>], worktime: &Worktime, slots: &[Option<Slot>]) -> Outcome {
    let mut sum = Outcome::default();
    for (request, slot) in requests.iter().zip(slots) {
        let Some(slot) = slot else {
            sum.unplaced += 1;
            continue;
        };
        sum.waiting += (slot.start - request.since).max(TimeDelta::zero());
        let mut wishes = request.wanted.wishes.iter().filter(|w| !w.not).peekable();
        sum.unmet += usize::from(wishes.peek().is_some() && !wishes.any(|w| reasons::contains(w, worktime, slot)));
    }
    sum
}

/// The place of each request.
pub(super) fn solve(problem: &Problem<'_>) -> Vec<Option<Place>> {
    let mut best = from_matching(problem);
    improve(&mut best);
    let mut plain = Plan::new(problem);
    plain.fill();
    improve(&mut plain);
    if plain.cost() < best.cost() {
        best = plain;
    }
    if problem.lots.len() <= SMALL {
        let mut patience = PATIENCE;
        exact(&mut best, &(0..problem.lots.len()).collect::<Vec<_>>(), &mut patience);
    }
    best.chosen
}

/// The cheapest matching of the requests with the common row, as far as loads and families allow, the others filled in.
fn from_matching<'p>(problem: &'p Problem<'p>) -> Plan<'p> {
    let costs: Vec<Vec<(usize, i64)>> = problem.rows.iter().map(|row| row.iter().map(|(column, p)| (*column, p.cost)).collect()).collect();
    let nobody: Vec<i64> = problem.lots.iter().map(|l| l.nobody).collect();
    let mut plan = Plan::new(problem);
    for (lot, column) in matching::cheapest(&costs, problem.columns, &nobody).into_iter().enumerate() {
        let place = problem.rows.get(lot).and_then(|row| row.iter().find(|(c, _)| Some(*c) == column));
        if let Some((_, place)) = place.filter(|(_, p)| plan.fits(lot, *p)) {
            plan.put(lot, *place);
        }
    }
    plan.fill();
    plan
}
