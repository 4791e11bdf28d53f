//! Who gets a consultation that several could hold at the same time: whoever has the fewest for the hours they offer.
//!
//! Counted over the 28 days around the time in question, this one included, and divided by the hours that each offers in them: who works
//! half the hours gets half the consultations, and who returns from a leave is not flooded with what the others held meanwhile. Then whoever
//! has waited longest since the last one, then the id: never chance, so that the same question has the same answer.

use super::{Busy, Specialist};
use crate::worktime::Worktime;
use chrono::{DateTime, Datelike, Days, NaiveDate};

/// Days before and after the time in question.
const AROUND: u64 = 14;
const AROUND_SECONDS: i64 = 14 * 86_400;

/// What decided between specialists who had the same start to offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Levelled {
    /// Nothing had to be decided, or the id did.
    No,
    /// Fewer consultations.
    Fewer,
    /// Fewer consultations for the hours offered.
    FewerForHours,
    /// Not asked for the longest time.
    Longer,
}

struct Share {
    count: u64,
    per_hour: u128,
    /// Start of the last consultation before.
    last: i64,
}

/// Place in `tied` of the specialist who is next, and why.
pub(super) fn fairest(specialists: &[&Specialist], tied: &[usize], worktime: &Worktime, busy: &[Busy], at: i64) -> (usize, Levelled) {
    if tied.len() < 2 {
        return (0, Levelled::No);
    }
    let days = workdays(worktime, at);
    let mut shares: Vec<(Share, &str, usize)> =
        tied.iter().enumerate().filter_map(|(place, who)| specialists.get(*who).map(|s| (share(s, &days, busy, at), s.id.as_str(), place))).collect();
    shares.sort_by(|(a, id_a, _), (b, id_b, _)| (a.per_hour, a.last, id_a).cmp(&(b.per_hour, b.last, id_b)));
    let Some(((first, _, place), others)) = shares.split_first() else { return (0, Levelled::No) };
    let heavier = others.iter().find(|(o, ..)| o.per_hour != first.per_hour);
    let levelled = match heavier {
        // Between those who are level in load the time since the last one has decided.
        _ if others.first().is_some_and(|(o, ..)| o.per_hour == first.per_hour && o.last != first.last) => Levelled::Longer,
        Some((other, ..)) if first.count < other.count => Levelled::Fewer,
        Some(_) => Levelled::FewerForHours,
        None => Levelled::No,
    };
    (*place, levelled)
}

fn workdays(worktime: &Worktime, at: i64) -> Vec<NaiveDate> {
    let date = worktime.local_date(DateTime::from_timestamp(at, 0).unwrap_or_default());
    let from = date.checked_sub_days(Days::new(AROUND)).unwrap_or(date);
    from.iter_days().take(2 * AROUND as usize + 1).filter(|d| worktime.is_workday(*d)).collect()
}

fn share(specialist: &Specialist, days: &[NaiveDate], busy: &[Busy], at: i64) -> Share {
    let mut offered: i64 = 0;
    for day in days {
        specialist.openings(*day, day.weekday(), &mut |_, from, to| offered += (to - from).num_seconds().max(0));
    }
    let own = || busy.iter().filter(|b| b.counts && b.specialist == specialist.id).map(|b| b.start.timestamp());
    let count = own().filter(|start| start.abs_diff(at) <= AROUND_SECONDS.unsigned_abs()).count() as u64;
    // The one in question is counted as theirs: with nothing held so far, whoever offers more hours begins.
    let per_hour = u128::from(count + 1) * 1_000_000_000 / u128::from(offered.max(1).unsigned_abs());
    Share { count, per_hour, last: own().filter(|start| *start <= at).max().unwrap_or(i64::MIN) }
}
