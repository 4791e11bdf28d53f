//! Which time foreign events take: series expanded inside a span only, days and floating times in the school's zone.
//!
//! Not here: which days a rule names (`rule`), whether anybody may block time (`decide`).

use super::object::{Local, Object, Wall};
use super::read::{Periods, gather_file};
use super::zones::Zone;
use super::{Method, Refusal};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::collections::HashMap;

/// Most occurrences of one event.
const MAX_OCCURRENCES: usize = 500;
/// Most intervals of one file.
const MAX_INTERVALS: usize = 20_000;
/// Days that may be looked at for one event: COUNT is counted from DTSTART, 100 years at most.
const DAYS: usize = 40_000;
/// The same for a letter or a file in all.
const DAYS_IN_ALL: usize = 2_000_000;
/// Longest span; a booking horizon is some months.
const SPAN: TimeDelta = TimeDelta::days(3 * 366);

/// From and to.
type Interval = (DateTime<Utc>, DateTime<Utc>);

/// When the event takes time inside `[from, to]`, as intervals that touch it, in order, and whether some are missing: more than 500, a rule
/// that is not understood (then its first time is told), a zone that is not known, a span of over three years. Days are those of `zone`,
/// as are times without a zone. What is transparent or cancelled takes none.
pub fn occurrences(object: &Object, zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> (Vec<Interval>, bool) {
    let mut budget = DAYS;
    spans(object, zone, (from, to), &[], &mut budget)
}

/// The same for the events of one letter together: a moved meeting stands in for that of its series. Sorted and merged.
pub fn busy(objects: &[Object], zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> (Vec<Interval>, bool) {
    let mut replaced: HashMap<&str, Vec<DateTime<Utc>>> = HashMap::new();
    for object in objects {
        if let Some(at) = object.wall.as_ref().and_then(|w| w.replaces).and_then(|r| instant(r, zone)) {
            replaced.entry(&object.uid).or_default().push(at);
        }
    }
    for moved in replaced.values_mut() {
        moved.sort_unstable();
    }
    let mut budget = DAYS_IN_ALL;
    let (mut all, mut cut) = (Vec::new(), false);
    for object in objects {
        let without = replaced.get(object.uid.as_str()).map_or(&[][..], Vec::as_slice);
        let mut own = budget.min(DAYS);
        let before = own;
        let (found, missing) = spans(object, zone, (from, to), without, &mut own);
        budget = budget.saturating_sub(before - own);
        all.extend(found);
        cut |= missing;
        if all.len() > MAX_INTERVALS {
            all.truncate(MAX_INTERVALS);
            return (merged(all), true);
        }
    }
    (merged(all), cut)
}

/// Busy times of an `.ics` file with any number of UIDs, VEVENT and VFREEBUSY, up to 2 MB: sorted, merged, and whether some are missing as in
/// [`occurrences`].
///
/// # Errors
/// What is too large, too deep, too long, or no calendar.
pub fn busy_file(bytes: &[u8], zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<(Vec<Interval>, bool), Refusal> {
    let (objects, Periods(periods)) = gather_file(bytes)?;
    let (mut all, cut) = busy(&objects, zone, from, to);
    all.extend(periods.into_iter().filter(|(start, end)| start < end && *start < to && *end > from));
    Ok((merged(all), cut))
}

fn spans(object: &Object, zone: Tz, (from, to): Interval, without: &[DateTime<Utc>], budget: &mut usize) -> (Vec<Interval>, bool) {
    if object.transparent || object.cancelled || object.method == Some(Method::Cancel) {
        return (Vec::new(), false);
    }
    // A time that cannot be told is not none.
    let Some(wall) = &object.wall else { return (Vec::new(), true) };
    let longest = from.checked_add_signed(SPAN).unwrap_or(to);
    let (cut, to) = (to > longest, to.min(longest));
    // A moved meeting has no series of its own.
    let single = wall.replaces.is_some();
    let own = if object.all_day { zone } else { wall.zone.unwrap_or(zone) };
    let mut all = Collected::new(wall, own, object.all_day, (from, to));
    if !single {
        all.without.extend(without);
        all.without.sort_unstable();
    }
    let complete = match &wall.rule {
        Some(rule) if !single => {
            let local = |at: DateTime<Utc>| at.with_timezone(&own).date_naive();
            let (Some(since), Some(last)) = (local(from).checked_sub_signed(wall.lasting + TimeDelta::days(2)), local(to).succ_opt()) else {
                return (Vec::new(), true);
            };
            rule.starts(wall.start, own, (since, last), budget, &mut |start| all.take(start))
        }
        _ => all.take(wall.start) && (single || object.rrule.is_none()),
    };
    let mut room = true;
    for extra in wall.extra.iter().filter(|_| !single) {
        let start = match extra.zone {
            _ if extra.day => extra.at.date().and_time(wall.start.time()),
            Some(_) => instant(*extra, own).map_or(extra.at, |at| at.with_timezone(&own).naive_local()),
            None => extra.at,
        };
        room &= all.take(start);
    }
    let mut found = all.found;
    found.sort_unstable();
    found.dedup();
    (found, cut || !complete || !room)
}

/// The occurrences of one event so far.
struct Collected {
    lasting: TimeDelta,
    clock: Zone,
    /// Whole days.
    days: bool,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    /// Starts that were taken out or moved, and days with none; sorted.
    without: Vec<DateTime<Utc>>,
    without_days: Vec<NaiveDate>,
    found: Vec<Interval>,
}

impl Collected {
    fn new(wall: &Wall, own: Tz, days: bool, (from, to): Interval) -> Collected {
        let mut without: Vec<_> = wall.except.iter().filter(|e| !e.day).filter_map(|e| instant(*e, own)).collect();
        let mut without_days: Vec<_> = wall.except.iter().filter(|e| e.day).map(|e| e.at.date()).collect();
        without.sort_unstable();
        without_days.sort_unstable();
        Collected { lasting: wall.lasting, clock: Zone::Named(own), days, from, to, without, without_days, found: Vec::new() }
    }

    /// One more; no: there is no room.
    fn take(&mut self, start: NaiveDateTime) -> bool {
        let Some(begins) = self.clock.instant(start) else { return true };
        // A day has 23 or 25 hours when the clocks change, a meeting keeps its length.
        let ends = if self.days { start.checked_add_signed(self.lasting).and_then(|e| self.clock.instant(e)) } else { begins.checked_add_signed(self.lasting) };
        let Some(ends) = ends else { return true };
        let outside = begins >= self.to || ends <= self.from || ends <= begins;
        if outside || self.without.binary_search(&begins).is_ok() || self.without_days.binary_search(&start.date()).is_ok() {
            return true;
        }
        if self.found.len() >= MAX_OCCURRENCES {
            return false;
        }
        self.found.push((begins, ends));
        true
    }
}

/// On its own clock, else on that of the given zone.
fn instant(local: Local, zone: Tz) -> Option<DateTime<Utc>> {
    Zone::Named(local.zone.unwrap_or(zone)).instant(local.at)
}

/// Sorted, and one where two touch.
fn merged(mut all: Vec<Interval>) -> Vec<Interval> {
    all.sort_unstable();
    let mut out: Vec<Interval> = Vec::new();
    for (start, end) in all {
        match out.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => out.push((start, end)),
        }
    }
    out
}
