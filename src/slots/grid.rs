//! The days of the search laid out as plain seconds, and the starts that are possible in them.
//!
//! Zone and calendar are asked once a day; all that is done for each specialist, window and start is integer arithmetic. A day on
//! which the clocks change is two segments, so that no slot spans the change and no hour that comes twice is offered twice.

use super::availability::{Busy, Specialist};
use super::choice::{LONGEST_MINUTES, Slot, Wanted};
use super::words::channel_for;
use crate::understand::{Channel, Window};
use crate::worktime::Worktime;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc, Weekday};
use std::collections::HashMap;

/// Days that are looked at, wishes that are regarded: more is nobody's honest question.
const MAX_DAYS: usize = 400;
const MAX_WISHES: usize = 50;
/// Starts are multiples of this on the local clock.
const ROUND: i64 = 600;
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
    nots: Vec<(i64, i64)>,
}

/// The search, prepared.
pub(super) struct Grid {
    segments: Vec<Segment>,
    /// Seconds of a consultation.
    pub(super) length: i64,
    buffer: i64,
    earliest: i64,
    latest: i64,
    any_wish: bool,
}

/// The busy time of one specialist.
#[derive(Default)]
pub(super) struct Taken {
    /// With the buffer on both sides, in order, in epoch seconds.
    pub(super) spans: Vec<(i64, i64)>,
    /// Consultations in the horizon.
    pub(super) load: u32,
}

/// A possible start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Epoch seconds.
    pub(super) at: i64,
    /// Index of the window.
    pub(super) window: usize,
    /// Lies in the author's times; true when none are named.
    pub(super) wished: bool,
    /// Touches what the author cannot.
    pub(super) forbidden: bool,
}

impl Start {
    /// The slot that begins here, by the channel that suits best.
    pub(super) fn slot(self, specialist: &Specialist, channel: Option<Channel>, length: i64) -> Option<Slot> {
        let window = specialist.windows.get(self.window)?;
        Some(Slot {
            specialist: specialist.id.clone(),
            start: DateTime::from_timestamp(self.at, 0)?,
            end: DateTime::from_timestamp(self.at + length, 0)?,
            channel: channel_for(&window.channels, channel).0,
        })
    }
}

fn seconds(time: NaiveTime) -> i64 {
    i64::from(time.num_seconds_from_midnight())
}

fn round_up(at: i64) -> i64 {
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

impl Grid {
    pub(super) fn new(worktime: &Worktime, wanted: &Wanted<'_>) -> Grid {
        let wishes = || wanted.wishes.iter().take(MAX_WISHES);
        let last = worktime.local_date(wanted.latest);
        let mut segments = Vec::new();
        if wanted.earliest < wanted.latest {
            for date in worktime.local_date(wanted.earliest).iter_days().take_while(|d| *d <= last).take(MAX_DAYS) {
                if !worktime.is_workday(date) {
                    continue;
                }
                let weekday = date.weekday();
                let short_close = worktime.is_short(date).then(|| seconds(worktime.closing(date)));
                for (base, from, to) in parts_of_day(worktime, date) {
                    let of = |not| wishes().filter(|w| w.not == not).filter_map(|w| part(w, date, weekday)).collect();
                    segments.push(Segment { date, weekday, base, from, to, short_close, wishes: of(false), nots: of(true) });
                }
            }
        }
        Grid {
            segments,
            length: i64::from(wanted.minutes.clamp(1, LONGEST_MINUTES)) * 60,
            buffer: i64::from(wanted.buffer_minutes.min(24 * 60)) * 60,
            earliest: wanted.earliest.timestamp() + i64::from(wanted.earliest.timestamp_subsec_nanos() > 0),
            latest: wanted.latest.timestamp(),
            any_wish: wishes().any(|w| !w.not),
        }
    }

    /// The busy time of each specialist, in the order of the specialists.
    pub(super) fn taken(&self, specialists: &[&Specialist], busy: &[Busy]) -> Vec<Taken> {
        let mut taken: Vec<Taken> = specialists.iter().map(|_| Taken::default()).collect();
        let mut places: HashMap<&str, Vec<usize>> = HashMap::with_capacity(specialists.len());
        for (index, specialist) in specialists.iter().enumerate() {
            places.entry(specialist.id.as_str()).or_default().push(index);
        }
        for b in busy {
            let (start, end) = (b.start.timestamp(), b.end.timestamp().max(b.start.timestamp()));
            for index in places.get(b.specialist.as_str()).into_iter().flatten() {
                if let Some(t) = taken.get_mut(*index) {
                    t.load += u32::from(start < self.latest && self.earliest < end);
                    t.spans.push((start.saturating_sub(self.buffer), end.saturating_add(self.buffer)));
                }
            }
        }
        for t in &mut taken {
            t.spans.sort_unstable();
            // Merged, so that the ends are in order as the starts are.
            t.spans.dedup_by(|next, last| {
                let touch = next.0 <= last.1;
                if touch {
                    last.1 = last.1.max(next.1);
                }
                touch
            });
        }
        taken
    }

    /// Calls `found` for every possible start of a specialist. In each free gap: the row that packs best, and the earliest starts
    /// after which the author's hours begin, what the author cannot ends, or a declined slot ends. The earliest start that meets any
    /// of these is always among them.
    pub(super) fn starts(&self, specialist: &Specialist, taken: &[(i64, i64)], wanted: &Wanted<'_>, found: &mut dyn FnMut(Start)) {
        let declined: Vec<i64> = wanted.declined.iter().filter(|(id, _)| *id == specialist.id).map(|(_, at)| at.timestamp()).collect();
        for segment in &self.segments {
            if specialist.absences.iter().any(|a| a.covers(segment.date)) {
                continue;
            }
            for (index, window) in specialist.windows.iter().enumerate() {
                if !window.holds_on(segment.date, segment.weekday) {
                    continue;
                }
                let mut to = seconds(window.to);
                if let Some(close) = segment.short_close.filter(|close| *close < to) {
                    // On the eve of a holiday the specialist's day, too, is an hour shorter (art. 95).
                    to = close.max(to - 3600);
                }
                let from = seconds(window.from).max(segment.from).max(self.earliest - segment.base);
                let to = to.min(segment.to).min(self.latest - segment.base);
                let mut at = from;
                let first = taken.partition_point(|(_, end)| *end <= segment.base + from);
                for (start, end) in taken.get(first..).unwrap_or_default() {
                    let (start, end) = (start - segment.base, end - segment.base);
                    if start >= to {
                        break;
                    }
                    if end > at {
                        self.gap(segment, index, (at, start.min(to)), &declined, found);
                        at = end;
                    }
                }
                self.gap(segment, index, (at, to), &declined, found);
            }
        }
    }

    fn gap(&self, segment: &Segment, window: usize, (from, to): (i64, i64), declined: &[i64], found: &mut dyn FnMut(Start)) {
        if to - from < self.length {
            return;
        }
        let mut offer = |at: i64| {
            let end = at + self.length;
            let abroad = at < from || end > to;
            if abroad || declined.iter().any(|d| d - segment.base < end && at < d - segment.base + self.length) {
                return;
            }
            let wished = !self.any_wish || segment.wishes.iter().any(|(a, b)| *a <= at && end <= *b);
            let forbidden = segment.nots.iter().any(|(a, b)| at < *b && *a < end);
            found(Start { at: segment.base + at, window, wished, forbidden });
        };
        let mut at = round_up(from);
        while at + self.length <= to {
            offer(at);
            at = round_up(at + self.length + self.buffer);
        }
        for (after, before) in &segment.wishes {
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
        for at in declined {
            offer(round_up(at - segment.base + self.length));
        }
    }

    /// Whether a working day that the search looks at is among those of the window.
    pub(super) fn touches(&self, window: &Window) -> bool {
        self.segments.iter().any(|s| part(window, s.date, s.weekday).is_some())
    }
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
