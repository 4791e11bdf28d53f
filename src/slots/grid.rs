//! The days of the search laid out as plain seconds, and the starts that are possible in them.
//!
//! Zone and calendar are asked once a day; all that is done for each specialist, window and start is integer arithmetic. A day on
//! which the clocks change is two segments, so that no slot spans the change and no hour that comes twice is offered twice.

use super::availability::Specialist;
use super::choice::{LONGEST_MINUTES, Slot, Wanted};
use super::held::{Held, earliest};
use super::words::{channel_for, channel_kind};
use crate::understand::{Channel, Window};
use crate::worktime::Worktime;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc, Weekday};

/// Days that are looked at, wishes that are regarded: more is nobody's honest question.
const MAX_DAYS: usize = 400;
const MAX_WISHES: usize = 50;
/// Starts are multiples of this on the local clock.
pub(super) const ROUND: i64 = 600;
const DAY: i64 = 86_400;

/// A working day, or the part of one with one offset. Times are seconds since local midnight; `base` makes them epoch seconds.
struct Segment {
    date: NaiveDate,
    weekday: Weekday,
    base: i64,
    from: i64,
    to: i64,
    /// Closing time, on a short day.
    short_close: Option<i64>,
    wishes: Vec<(i64, i64)>,
    /// Where two of them meet.
    meetings: Vec<(i64, i64)>,
    nots: Vec<(i64, i64)>,
    /// The family's other consultations.
    near: Vec<(i64, i64)>,
}

/// The search, prepared.
pub(super) struct Grid {
    segments: Vec<Segment>,
    /// Seconds of a consultation.
    pub(super) length: i64,
    latest: i64,
    any_wish: bool,
}

/// A possible start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Epoch seconds.
    pub(super) at: i64,
    /// Local day, as a number.
    pub(super) day: i64,
    /// Number of the hours that it lies in ([`Specialist::offered`]).
    pub(super) number: usize,
    /// Lies in the author's times; true when none are named.
    pub(super) wished: bool,
    /// In how many of them.
    pub(super) depth: u32,
    /// Touches what the author cannot.
    pub(super) forbidden: bool,
    /// Lies next to a consultation of the same family.
    pub(super) near: bool,
}

impl Start {
    /// The slot that begins here, by the channel that suits best.
    pub(super) fn slot(self, specialist: &Specialist, channel: Option<Channel>, length: i64) -> Option<Slot> {
        slot_at(specialist, self.number, self.at, channel, length)
    }
}

/// The slot of these hours at this moment.
pub(super) fn slot_at(specialist: &Specialist, number: usize, at: i64, channel: Option<Channel>, length: i64) -> Option<Slot> {
    let (channels, place) = specialist.offered(number)?;
    let channel = channel_for(channels, channel).0;
    Some(Slot {
        specialist: specialist.id.clone(),
        start: DateTime::from_timestamp(at, 0)?,
        end: DateTime::from_timestamp(at + length, 0)?,
        place: place.filter(|_| channel_kind(&channel) == Some(Channel::InPerson)).map(str::to_owned),
        channel,
    })
}

fn seconds(time: NaiveTime) -> i64 {
    i64::from(time.num_seconds_from_midnight())
}

pub(super) fn round_up(at: i64) -> i64 {
    (at + ROUND - 1).div_euclid(ROUND) * ROUND
}

/// The part of the day that a window speaks of; `None` when it speaks of other days.
fn part(window: &Window, date: NaiveDate, weekday: Weekday) -> Option<(i64, i64)> {
    let day = (window.weekday.is_empty() || window.weekday.contains(&weekday))
        && window.date.is_none_or(|d| d == date)
        && window.from.is_none_or(|d| d <= date)
        && window.to.is_none_or(|d| date <= d);
    let before = window.before.map_or(DAY, seconds);
    // "До полуночи" is the end of the day, not its beginning.
    day.then(|| (window.after.map_or(0, seconds), if before == 0 { DAY } else { before }))
}

/// Where two windows of a day meet, long enough for a consultation. The windows of one day are few; more than eight are no two readings.
fn meetings(wishes: &[(i64, i64)], length: i64) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    for (n, (a, b)) in wishes.iter().enumerate().take(8) {
        for (c, d) in wishes.iter().take(n) {
            let (from, to) = (*a.max(c), *b.min(d));
            if to - from >= length {
                found.push((from, to));
            }
        }
    }
    found
}

impl Grid {
    pub(super) fn new(specialists: &[&Specialist], worktime: &Worktime, wanted: &Wanted<'_>) -> Grid {
        let wishes = || wanted.wishes.iter().take(MAX_WISHES);
        let length = i64::from(wanted.minutes.clamp(1, LONGEST_MINUTES)) * 60;
        let first = specialists.iter().map(|s| earliest(s, wanted)).min().and_then(|at| DateTime::from_timestamp(at, 0)).unwrap_or(wanted.earliest);
        let last = worktime.local_date(wanted.latest);
        let mut segments = Vec::new();
        if first < wanted.latest {
            for date in worktime.local_date(first).iter_days().take_while(|d| *d <= last).take(MAX_DAYS) {
                if !worktime.is_workday(date) {
                    continue;
                }
                let weekday = date.weekday();
                let short_close = worktime.is_short(date).then(|| seconds(worktime.closing(date)));
                for (base, from, to) in parts_of_day(worktime, date) {
                    let of = |not| -> Vec<(i64, i64)> { wishes().filter(|w| w.not == not).filter_map(|w| part(w, date, weekday)).collect() };
                    let mut wishes = of(false);
                    wishes.sort_unstable();
                    // One window said twice is not two readings.
                    wishes.dedup();
                    let here = |t: &(DateTime<Utc>, DateTime<Utc>)| (t.0.timestamp() - base, t.1.timestamp() - base);
                    let near = wanted.near.iter().take(MAX_WISHES).map(here).filter(|(a, b)| *a < to && from < *b).collect();
                    let meetings = meetings(&wishes, length);
                    segments.push(Segment { date, weekday, base, from, to, short_close, wishes, meetings, nots: of(true), near });
                }
            }
        }
        Grid { segments, length, latest: wanted.latest.timestamp(), any_wish: wishes().any(|w| !w.not) }
    }

    /// Calls `found` for every possible start of a specialist. In each free gap: the row that packs best (`dense`: every round start),
    /// and the earliest starts after which the author's hours begin, what the author cannot ends, or a declined slot ends, and those
    /// next to the family's. The earliest start that meets any of these is always among them.
    pub(super) fn starts(&self, specialist: &Specialist, held: &Held, dense: bool, found: &mut dyn FnMut(Start)) {
        for segment in &self.segments {
            if held.is_full(segment.date) {
                continue;
            }
            specialist.openings(segment.date, segment.weekday, &mut |number, from, to| {
                if !held.open.get(number).copied().unwrap_or(false) {
                    return;
                }
                let mut to = seconds(to);
                if let Some(close) = segment.short_close.filter(|close| *close < to) {
                    // On the eve of a holiday the specialist's day, too, is an hour shorter (art. 95).
                    to = close.max(to - 3600);
                }
                let from = seconds(from).max(segment.from).max(held.earliest - segment.base);
                let to = to.min(segment.to).min(self.latest - segment.base);
                let hours = Hours { segment, number, held, dense };
                match specialist.lunch.map(|(a, b)| (seconds(a), seconds(b))) {
                    Some((begin, end)) if begin < end => {
                        self.stretch(&hours, (from, to.min(begin)), found);
                        self.stretch(&hours, (from.max(end), to), found);
                    }
                    _ => self.stretch(&hours, (from, to), found),
                }
            });
        }
    }

    /// A stretch of open hours: its free gaps.
    fn stretch(&self, hours: &Hours<'_>, (from, to): (i64, i64), found: &mut dyn FnMut(Start)) {
        let (base, spans) = (hours.segment.base, &hours.held.spans);
        let mut at = from;
        let first = spans.partition_point(|(_, end)| *end <= base + from);
        for (start, end) in spans.get(first..).unwrap_or_default() {
            let (start, end) = (start - base, end - base);
            if start >= to {
                break;
            }
            if end > at {
                self.gap(hours, (at, start.min(to)), found);
                at = end;
            }
        }
        self.gap(hours, (at, to), found);
    }

    fn gap(&self, hours: &Hours<'_>, (from, to): (i64, i64), found: &mut dyn FnMut(Start)) {
        if to - from < self.length {
            return;
        }
        let (segment, held) = (hours.segment, hours.held);
        let mut offer = |at: i64| {
            if at >= from
                && at + self.length <= to
                && let Some(start) = self.judged(hours, at)
            {
                found(start);
            }
        };
        let mut at = round_up(from);
        while at + self.length <= to {
            offer(at);
            at = if hours.dense { at + ROUND } else { round_up(at + self.length + held.buffer) };
        }
        for (after, before) in segment.wishes.iter().chain(&segment.meetings) {
            let exact = from.max(*after);
            let round = round_up(exact);
            // An exact wish ("в 15:35", a time proposed in a calendar) is kept to the minute where a round start would not fit it.
            match before - self.length {
                last if round <= last => offer(round),
                last if exact <= last => offer(exact),
                _ => {}
            }
        }
        for (_, end) in &segment.nots {
            offer(round_up(from.max(*end)));
        }
        for at in &held.declined {
            offer(round_up(at - segment.base + self.length));
        }
        for (start, end) in &segment.near {
            for step in 0..=held.touch() / ROUND {
                offer(round_up(from.max(*end)) + step * ROUND);
                offer((to.min(*start) - self.length).div_euclid(ROUND) * ROUND - step * ROUND);
            }
        }
    }

    /// A start that lies in a free gap, with what the author thinks of it; `None` when it was declined, or the family is elsewhere then.
    fn judged(&self, hours: &Hours<'_>, at: i64) -> Option<Start> {
        let (segment, held, end) = (hours.segment, hours.held, at + self.length);
        let declined = held.declined.iter().any(|d| d - segment.base < end && at < d - segment.base + self.length);
        if declined || segment.near.iter().any(|(a, b)| at < *b && *a < end) {
            return None;
        }
        let depth = segment.wishes.iter().filter(|(a, b)| *a <= at && end <= *b).count();
        Some(Start {
            at: segment.base + at,
            day: i64::from(segment.date.num_days_from_ce()),
            number: hours.number,
            wished: !self.any_wish || depth > 0,
            depth: u32::try_from(depth).unwrap_or(u32::MAX),
            forbidden: segment.nots.iter().any(|(a, b)| at < *b && *a < end),
            near: segment.near.iter().any(|(a, b)| (0..=held.touch()).contains(&if at >= *b { at - b } else { a - end })),
        })
    }

    /// Whether a working day that the search looks at is among those of the window.
    pub(super) fn touches(&self, window: &Window) -> bool {
        self.segments.iter().any(|s| part(window, s.date, s.weekday).is_some())
    }
}

/// Open hours of a day, as the search looks at them.
struct Hours<'a> {
    segment: &'a Segment,
    number: usize,
    held: &'a Held,
    dense: bool,
}

/// (base, from, to) of the parts of a local day that have one offset each: one, or two when the clocks change.
fn parts_of_day(worktime: &Worktime, date: NaiveDate) -> Vec<(i64, i64, i64)> {
    let midnight = |d: NaiveDate| worktime.local(d, NaiveTime::MIN).timestamp();
    let naive = date.and_time(NaiveTime::MIN).and_utc().timestamp();
    let (begin, end) = (midnight(date), date.succ_opt().map_or(0, midnight));
    let offset = |at: i64| {
        let at = DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default();
        worktime.to_local(at).and_utc().timestamp() - at.timestamp()
    };
    let (first, second) = (offset(begin), offset(end - 1));
    if first == second || begin >= end {
        return vec![(naive - first, 0, DAY)];
    }
    let (mut low, mut high) = (begin, end - 1);
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if offset(middle) == first {
            low = middle;
        } else {
            high = middle;
        }
    }
    let (a, b) = (naive - first, naive - second);
    // Where the clocks go back, the hour that comes twice is used the first time only.
    let turn = high - a;
    vec![(a, begin - a, turn), (b, turn.max(high - b), DAY)]
}
