//! What holds for one specialist whatever the day: what is taken, which hours are open to the question, which days are full.

use super::availability::{Busy, Load, Specialist, monday};
use super::choice::Wanted;
use super::grid::{ROUND, round_up};
use super::serves::window_serves;
use crate::worktime::Worktime;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What holds for one specialist in this search.
#[derive(Default)]
pub(super) struct Held {
    /// Busy time with the buffer on both sides, in order, in epoch seconds.
    pub(super) spans: Vec<(i64, i64)>,
    pub(super) earliest: i64,
    pub(super) buffer: i64,
    /// By number of the window: whether it is open to this question.
    pub(super) open: Vec<bool>,
    pub(super) declined: Vec<i64>,
    /// The specialist holds no consultations at all.
    none: bool,
    /// Days that have as many consultations as the specialist holds.
    full_days: Vec<NaiveDate>,
    /// Mondays of such weeks.
    full_weeks: Vec<NaiveDate>,
}

/// The moment from which a specialist can be asked.
pub(super) fn earliest(specialist: &Specialist, wanted: &Wanted<'_>) -> i64 {
    let own = wanted.notice_from.filter(|_| !wanted.urgent).zip(specialist.notice_minutes);
    match own {
        Some((from, minutes)) => from.timestamp().saturating_add(i64::from(minutes) * 60),
        None => wanted.earliest.timestamp() + i64::from(wanted.earliest.timestamp_subsec_nanos() > 0),
    }
}

/// What holds for each specialist, in their order. Who does not serve the class or the subject has no open hours.
pub(super) fn held(specialists: &[&Specialist], worktime: &Worktime, busy: &[Busy], wanted: &Wanted<'_>) -> Vec<Held> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::with_capacity(specialists.len());
    let mut held: Vec<Held> = Vec::with_capacity(specialists.len());
    for (index, specialist) in specialists.iter().enumerate() {
        places.entry(specialist.id.as_str()).or_default().push(index);
        let serves = specialist.serves_class(wanted.class) && specialist.teaches(wanted.subject) != Some(false);
        let open = specialist.windows.iter().map(|w| serves && window_serves(w, wanted));
        held.push(Held {
            earliest: earliest(specialist, wanted),
            buffer: i64::from(specialist.buffer_minutes.unwrap_or(wanted.buffer_minutes).min(24 * 60)) * 60,
            open: open.chain(specialist.exceptions.iter().map(|_| serves)).collect(),
            declined: wanted.declined.iter().filter(|(id, _)| *id == specialist.id).map(|(_, at)| at.timestamp()).collect(),
            ..Held::default()
        });
    }
    for b in busy {
        let (start, end) = (b.start.timestamp(), b.end.timestamp().max(b.start.timestamp()));
        for index in places.get(b.specialist.as_str()).into_iter().flatten() {
            let (Some(h), Some(specialist)) = (held.get_mut(*index), specialists.get(*index)) else { continue };
            let margin = h.buffer.max(i64::from(b.margin_minutes.min(24 * 60)) * 60);
            h.spans.push((start.saturating_sub(margin), end.saturating_add(margin)));
            if b.counts && specialist.load != Load::default() {
                h.full_days.push(worktime.local_date(b.start));
            }
        }
    }
    for (h, specialist) in held.iter_mut().zip(specialists) {
        h.fill(specialist.load, wanted.urgent);
    }
    held
}

impl Held {
    /// Free time up to which two consultations of a family still lie next to each other: one buffer, or a short walk to another room.
    pub(super) fn touch(&self) -> i64 {
        round_up(self.buffer).max(2 * ROUND)
    }

    pub(super) fn is_full(&self, date: NaiveDate) -> bool {
        self.none || self.full_days.binary_search(&date).is_ok() || (!self.full_weeks.is_empty() && self.full_weeks.binary_search(&monday(date)).is_ok())
    }

    /// Puts the busy time in order, and leaves of the counted days those that are full.
    fn fill(&mut self, load: Load, urgent: bool) {
        self.spans.sort_unstable();
        // Merged, so that the ends are in order as the starts are.
        self.spans.dedup_by(|next, last| {
            let touch = next.0 <= last.1;
            if touch {
                last.1 = last.1.max(next.1);
            }
            touch
        });
        self.full_days.sort_unstable();
        if let Some(week) = load.week.filter(|_| !urgent) {
            let mondays: Vec<NaiveDate> = self.full_days.iter().map(|d| monday(*d)).collect();
            self.full_weeks = crowded(&mondays, week);
        }
        let most = load.day.map(|day| day.saturating_add(u32::from(urgent)));
        self.none = most == Some(0) || (load.week == Some(0) && !urgent);
        self.full_days = most.map(|most| crowded(&self.full_days, most)).unwrap_or_default();
    }
}

/// The days that stand in the ordered list at least `most` times.
fn crowded(days: &[NaiveDate], most: u32) -> Vec<NaiveDate> {
    days.chunk_by(|a, b| a == b).filter(|same| same.len() >= most as usize).filter_map(|same| same.first().copied()).collect()
}
