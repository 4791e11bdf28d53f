//! Which slot to take: hard constraints, then the author's wishes, then urgency, then the load.

use super::fairness::{self, Levelled};
use super::grid::{Grid, Start};
use super::held::{Held, held};
use super::reasons;
use super::words::channel_for;
use super::{Busy, Specialist};
use crate::understand::{Category, Channel, Window};
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
    /// Where people come to, for a consultation in person whose window says so.
    pub place: Option<String>,
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// Not before (now + minimum notice).
    pub earliest: DateTime<Utc>,
    /// Ended by (the booking horizon).
    pub latest: DateTime<Utc>,
    /// From here a specialist's own notice is counted, in place of `earliest`; `None`: own notices are not regarded. Nor are they
    /// for an urgent appeal.
    pub notice_from: Option<DateTime<Utc>>,
    /// Length, at most 40 minutes (000 4.3.1).
    pub minutes: u32,
    /// Free minutes kept before and after another consultation, where the specialist has no own.
    pub buffer_minutes: u32,
    /// The author's windows.
    pub wishes: &'a [Window],
    /// Channel wished.
    pub channel: Option<Channel>,
    /// Earliest wins over wishes; the reserve is open, the week's load does not count, the day's is one higher.
    pub urgent: bool,
    /// Specialist of the last time.
    pub prefer: Option<&'a str>,
    /// Starts that were declined for this appeal: (specialist, start). Nothing that overlaps them is offered by the same specialist
    /// again; without `prefer` the next slot is looked for with the specialist of the last one.
    pub declined: &'a [(String, DateTime<Utc>)],
    /// What it is about, for windows that serve certain categories. Whether a specialist answers the category at all is the caller's
    /// question: a deputy need not.
    pub category: Option<Category>,
    /// The child's class, «5А».
    pub class: Option<&'a str>,
    /// The subject in the author's or the register's words, «алгебра».
    pub subject: Option<&'a str>,
    /// Consultations of the same family, with whomever: the slot never overlaps them, and best lies next to one.
    pub near: &'a [(DateTime<Utc>, DateTime<Utc>)],
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
    /// The slot, if any is free that the author has not excluded.
    pub slot: Option<Slot>,
    /// Whether it lies in the author's wishes; true when the author named no time.
    pub wish_met: bool,
    /// Sentences in Russian.
    pub reasons: Vec<String>,
}

/// How good a start is; less is better. `soft` stands before the day and the start, `urgent` behind them; one of the two is all false.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
pub(super) struct Level {
    forbidden: bool,
    soft: [bool; 5],
    day: i64,
    /// Fewer of the author's windows than others of the day: two readings of one wish meet where both hold.
    shallow: u32,
    at: i64,
    urgent: [bool; 5],
}

/// A start with its owner.
#[derive(Clone)]
pub(super) struct Candidate {
    level: Level,
    /// Index of the specialist.
    pub(super) who: usize,
    pub(super) start: Start,
    /// The window offers the channel wished, or none is wished.
    pub(super) channel_met: bool,
}

/// What of a specialist does not depend on the start.
pub(super) struct Fit {
    /// By number of the hours: whether the channel wished is offered.
    channels: Vec<bool>,
    stranger: bool,
    /// Their list of subjects names the one that is asked for, or nobody asked.
    subject: bool,
}

impl Fit {
    pub(super) fn of(specialist: &Specialist, wanted: &Wanted<'_>) -> Fit {
        let hours = specialist.windows.len() + specialist.exceptions.len();
        Fit {
            channels: (0..hours).map(|n| specialist.offered(n).is_some_and(|(words, _)| channel_for(words, wanted.channel).1)).collect(),
            stranger: wanted.familiar().is_some_and(|id| id != specialist.id),
            subject: wanted.subject.is_none() || specialist.teaches(wanted.subject).is_some(),
        }
    }

    /// [another subject, not wished, far from the family's, another channel, another specialist], and whether the channel is met.
    pub(super) fn flags(&self, start: &Start, wanted: &Wanted<'_>) -> ([bool; 5], bool) {
        let channel_met = self.channels.get(start.number).copied().unwrap_or(false);
        ([!self.subject, !start.wished, !wanted.near.is_empty() && !start.near, !channel_met, self.stranger], channel_met)
    }
}

/// What a search passes over.
#[derive(Clone, Copy, Default)]
pub(super) struct Passed<'a> {
    /// Starts that the author excluded are looked at too.
    pub(super) excluded_too: bool,
    /// Starts (epoch seconds) to keep two hours away from on the same day.
    pub(super) others: &'a [(i64, i64)],
}

/// Two proposals of one day are at least this far apart: closer ones are one proposal to a family.
const APART: i64 = 2 * 3600;

impl Passed<'_> {
    fn over(&self, start: &Start) -> bool {
        (start.forbidden && !self.excluded_too) || self.others.iter().any(|(day, at)| *day == start.day && (start.at - at).abs() < APART)
    }
}

/// The best start, and what decided between specialists who had an equally good one.
pub(super) fn best(
    specialists: &[&Specialist],
    worktime: &Worktime,
    grid: &Grid,
    busy: &[Busy],
    wanted: &Wanted<'_>,
    passed: Passed<'_>,
) -> Option<(Candidate, Levelled)> {
    let held = held(specialists, worktime, busy, wanted);
    let mut level_with: Vec<Candidate> = Vec::new();
    for (who, (specialist, held)) in specialists.iter().zip(&held).enumerate() {
        first_of(specialist, held, who, grid, wanted, passed, &mut level_with);
    }
    let tied: Vec<usize> = level_with.iter().map(|c| c.who).collect();
    let at = level_with.first()?.start.at;
    let (winner, levelled) = fairness::fairest(specialists, &tied, worktime, busy, at);
    Some((level_with.into_iter().nth(winner)?, levelled))
}

/// Leaves in `best` the candidates of the best level so far, at most one of this specialist.
fn first_of(specialist: &Specialist, held: &Held, who: usize, grid: &Grid, wanted: &Wanted<'_>, passed: Passed<'_>, best: &mut Vec<Candidate>) {
    let fit = Fit::of(specialist, wanted);
    grid.starts(specialist, held, false, &mut |start| {
        if passed.over(&start) {
            return;
        }
        let (flags, channel_met) = fit.flags(&start, wanted);
        let (soft, urgent, shallow) = if wanted.urgent { ([false; 5], flags, 0) } else { (flags, [false; 5], u32::MAX - start.depth) };
        let level = Level { forbidden: start.forbidden, soft, day: start.day, shallow, at: start.at, urgent };
        if let Some(b) = best.first() {
            if level > b.level || (level == b.level && best.last().is_some_and(|b| b.who == who)) {
                return;
            }
            if level < b.level {
                best.clear();
            }
        }
        best.push(Candidate { level, who, start, channel_met });
    });
}

/// Chooses among the free slots of the given specialists. The answer does not depend on their order, nor on that of `busy`.
///
/// `busy` should reach two weeks back: loads and fairness count what has been, too.
pub fn choose(specialists: &[&Specialist], worktime: &Worktime, busy: &[Busy], wanted: &Wanted<'_>) -> Choice {
    let grid = Grid::new(specialists, worktime, wanted);
    let found = best(specialists, worktime, &grid, busy, wanted, Passed::default());
    let chosen = found.as_ref().and_then(|(c, levelled)| {
        let specialist = specialists.get(c.who)?;
        Some((c, *levelled, specialist, c.start.slot(specialist, wanted.channel, grid.length)?))
    });
    match chosen {
        None => Choice { slot: None, wish_met: false, reasons: reasons::nothing(specialists, worktime, &grid, busy, wanted) },
        Some((candidate, levelled, specialist, slot)) => {
            let question = reasons::Asked { specialists, worktime, grid: &grid, wanted };
            let reasons = question.of(candidate, levelled, specialist, &slot);
            Choice { slot: Some(slot), wish_met: candidate.start.wished, reasons }
        }
    }
}
