//! Which slot to take: hard constraints, then the author's wishes, then urgency, then the load.

use super::grid::{Grid, Start};
use super::reasons;
use super::words::channel_for;
use super::{Busy, Specialist};
use crate::understand::{Channel, Window};
use crate::worktime::Worktime;
use chrono::{DateTime, Utc};

/// The longest consultation (000 4.3.1).
pub const LONGEST_MINUTES: u32 = 40;

/// A consultation's place in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Specialist id.
    pub specialist: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Channel, as the window names it.
    pub channel: String,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Not before (now + minimum notice).
    pub earliest: DateTime<Utc>,
    /// Ended by (the booking horizon).
    pub latest: DateTime<Utc>,
    /// Length, at most 40 minutes (000 4.3.1).
    pub minutes: u32,
    /// Free minutes kept before and after another consultation.
    pub buffer_minutes: u32,
    /// The author's windows.
    pub wishes: &'a [Window],
    /// Channel wished.
    pub channel: Option<Channel>,
    /// Earliest wins over wishes.
    pub urgent: bool,
    /// Specialist of the last time.
    pub prefer: Option<&'a str>,
    /// Starts that were declined for this appeal: (specialist, start). Nothing that overlaps them is offered by the same specialist
    /// again; without `prefer` the next slot is looked for with the specialist of the last one.
    pub declined: &'a [(String, DateTime<Utc>)],
}

impl Wanted<'_> {
    /// The specialist to stay with.
    pub(super) fn familiar(&self) -> Option<&str> {
        self.prefer.or_else(|| self.declined.last().map(|(id, _)| id.as_str()))
    }
}

/// The slot and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The slot, if any is free.
    pub slot: Option<Slot>,
    /// Whether it lies in the author's wishes and touches nothing that the author cannot; true when the author named no time.
    pub wish_met: bool,
    /// Sentences in Russian.
    pub reasons: Vec<String>,
}

/// A start with its owner, ready to be compared.
pub(super) struct Candidate {
    key: Key,
    /// Index of the specialist.
    pub(super) who: usize,
    pub(super) start: Start,
    /// The window offers the channel wished, or none is wished.
    pub(super) channel_met: bool,
}

/// Less is better. `soft` stands before the start, `urgent` behind it; one of the two is all false.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
struct Key {
    forbidden: bool,
    soft: [bool; 3],
    at: i64,
    urgent: [bool; 3],
    load: u32,
    rank: usize,
    window: usize,
}

/// The best start with the number of specialists who had an equally good one.
pub(super) fn best(specialists: &[&Specialist], grid: &Grid, busy: &[Busy], wanted: &Wanted<'_>) -> Option<(Candidate, bool)> {
    let taken = grid.taken(specialists, busy);
    let mut ranks: Vec<usize> = (0..specialists.len()).collect();
    ranks.sort_by_key(|i| specialists.get(*i).map(|s| s.id.as_str()));
    let familiar = wanted.familiar();
    let mut best: Option<Candidate> = None;
    let mut levelled = false;
    for (rank, who) in ranks.into_iter().enumerate() {
        let (Some(specialist), Some(taken)) = (specialists.get(who), taken.get(who)) else { continue };
        let channels: Vec<bool> = specialist.windows.iter().map(|w| channel_for(&w.channels, wanted.channel).1).collect();
        let stranger = familiar.is_some_and(|id| id != specialist.id);
        grid.starts(specialist, &taken.spans, wanted, &mut |start| {
            let channel_met = channels.get(start.window).copied().unwrap_or(false);
            let flags = [!start.wished, !channel_met, stranger];
            let (soft, urgent) = if wanted.urgent { ([false; 3], flags) } else { (flags, [false; 3]) };
            let key = Key { forbidden: start.forbidden, soft, at: start.at, urgent, load: taken.load, rank, window: start.window };
            let better = match &best {
                None => true,
                Some(b) => {
                    let level = |k: &Key| (k.forbidden, k.soft, k.at, k.urgent);
                    if level(&key) < level(&b.key) {
                        levelled = false;
                    } else if level(&key) == level(&b.key) && rank != b.key.rank && key.load != b.key.load {
                        levelled = true;
                    }
                    key < b.key
                }
            };
            if better {
                best = Some(Candidate { key, who, start, channel_met });
            }
        });
    }
    best.map(|b| (b, levelled))
}

/// Chooses among the free slots of the given specialists. The answer does not depend on their order, nor on that of `busy`.
pub fn choose(specialists: &[&Specialist], worktime: &Worktime, busy: &[Busy], wanted: &Wanted<'_>) -> Choice {
    let grid = Grid::new(worktime, wanted);
    let found = best(specialists, &grid, busy, wanted);
    let chosen = found.as_ref().and_then(|(c, levelled)| {
        let specialist = specialists.get(c.who)?;
        Some((c, *levelled, c.start.slot(specialist, wanted.channel, grid.length)?))
    });
    match chosen {
        None => Choice { slot: None, wish_met: false, reasons: reasons::nothing(specialists, worktime, &grid, wanted) },
        Some((candidate, levelled, slot)) => {
            let wish_met = candidate.start.wished && !candidate.start.forbidden;
            let reasons = reasons::of(specialists, worktime, &grid, wanted, candidate, levelled, &slot);
            Choice { slot: Some(slot), wish_met, reasons }
        }
    }
}
