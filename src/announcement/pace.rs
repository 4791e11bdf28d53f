//! How fast letters of announcements leave: so many a minute, so many in 24 hours, below what the provider allows and behind all other letters.

use chrono::{DateTime, TimeDelta, Utc};

/// Most portions that are foreseen; more than a school ever sends.
const MOST: usize = 20_000;

/// The pace of `rules/announcements.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Letters a minute.
    pub minute: u32,
    /// Letters in 24 hours.
    pub day: u32,
}

/// Letters of announcements lately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recent {
    /// Made in the last minute, and the first of them.
    pub minute: (u32, Option<DateTime<Utc>>),
    /// Made in the last 24 hours, and the first of them.
    pub day: (u32, Option<DateTime<Utc>>),
    /// Made and not sent yet: the line is slow or stopped.
    pub waiting: u32,
}

impl Pace {
    /// How many letters may be made now, or when to ask again.
    pub fn allows(self, now: DateTime<Utc>, recent: &Recent) -> Result<u32, DateTime<Utc>> {
        if recent.waiting > self.minute.saturating_mul(2) {
            // What waits before a stopped line leaves first; a heap of letters would only make it longer.
            return Err(now + TimeDelta::minutes(5));
        }
        let spans = [(self.day, recent.day, TimeDelta::days(1)), (self.minute, recent.minute, TimeDelta::minutes(1))];
        for (most, (made, first), span) in spans {
            if made >= most {
                return Err(first.map_or(now + span, |f| f + span).max(now + TimeDelta::seconds(1)));
            }
        }
        Ok(spans.iter().map(|(most, (made, _), _)| most - made).min().unwrap_or(0))
    }

    /// When the last of so many letters is made, with what was made lately; `hours` moves a moment into the agreed hours.
    pub fn last(self, now: DateTime<Utc>, letters: u32, recent: &Recent, hours: impl Fn(DateTime<Utc>) -> DateTime<Utc>) -> DateTime<Utc> {
        // Made in the 24 hours before, as (when, how many), oldest first.
        let mut made: std::collections::VecDeque<(DateTime<Utc>, u32)> = recent.day.1.map(|at| (at, recent.day.0)).into_iter().collect();
        let mut today = recent.day.0;
        let (mut at, mut left, mut last) = (hours(now), letters, now);
        for _ in 0..MOST {
            if left == 0 {
                break;
            }
            while let Some((_, n)) = made.pop_front_if(|(when, _)| *when + TimeDelta::days(1) <= at) {
                today -= n.min(today);
            }
            let free = self.minute.min(self.day.saturating_sub(today)).min(left);
            if free == 0 {
                let freed = made.front().map_or(at + TimeDelta::hours(1), |(when, _)| *when + TimeDelta::days(1));
                at = hours(freed.max(at + TimeDelta::seconds(1)));
                continue;
            }
            made.push_back((at, free));
            (today, left, last) = (today + free, left - free, at);
            at = hours(at + TimeDelta::minutes(1));
        }
        last
    }
}
