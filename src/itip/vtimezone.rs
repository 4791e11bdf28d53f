//! The observances of a zone over a span of time, from the tables of chrono-tz.
//!
//! Not here: the zones that others name (`zones`), how a VTIMEZONE is written (`writer`).

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// How far back the change is looked for that made the time what it is. Every zone of Russia has changed since.
const BACK_YEARS: i64 = 60;
/// Most observances written; a series of ours spans a school year.
const MOST: usize = 100;

/// STANDARD or DAYLIGHT (RFC 5545 §3.6.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Observance {
    pub(super) daylight: bool,
    /// The clock before the change, at the change.
    pub(super) onset: NaiveDateTime,
    /// Seconds east of UTC before and from then on.
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) name: String,
}

/// The observance in force at `from` and each that begins before `to`: one where the clocks do not change, as everywhere in Russia today.
/// Rules are spelt out as single changes: a sender that writes rules for a zone without any is refused by Outlook, and a rule with a past
/// end is read wrongly by many.
pub(super) fn observances(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Observance> {
    let mut found = vec![in_force(zone, from)];
    let mut at = from;
    while at < to && found.len() < MOST {
        let Some(next) = at.checked_add_signed(TimeDelta::days(1)) else { break };
        if seconds(zone, next) != seconds(zone, at) {
            found.push(change(zone, at, next));
        }
        at = next;
    }
    found
}

fn in_force(zone: Tz, at: DateTime<Utc>) -> Observance {
    let now = seconds(zone, at);
    let mut later = at;
    // A week at a time: nowhere did the clocks change and change back within one.
    for _ in 0..BACK_YEARS * 53 {
        let Some(earlier) = later.checked_sub_signed(TimeDelta::days(7)) else { break };
        if seconds(zone, earlier) != now {
            return change(zone, earlier, later);
        }
        later = earlier;
    }
    Observance { daylight: false, onset: DateTime::UNIX_EPOCH.naive_utc(), from: now, to: now, name: name(zone, at) }
}

/// The change between two moments with different offsets, to the second.
fn change(zone: Tz, before: DateTime<Utc>, after: DateTime<Utc>) -> Observance {
    let (mut low, mut high) = (before.timestamp(), after.timestamp());
    let old = seconds(zone, before);
    let moment = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or(after);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if seconds(zone, moment(middle)) == old { low = middle } else { high = middle }
    }
    let at = moment(high);
    let onset = at.naive_utc().checked_add_signed(TimeDelta::seconds(i64::from(old))).unwrap_or(at.naive_utc());
    let daylight = !zone.offset_from_utc_datetime(&at.naive_utc()).dst_offset().is_zero();
    Observance { daylight, onset, from: old, to: seconds(zone, at), name: name(zone, at) }
}

fn seconds(zone: Tz, at: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

fn name(zone: Tz, at: DateTime<Utc>) -> String {
    zone.offset_from_utc_datetime(&at.naive_utc()).abbreviation().unwrap_or_default().to_owned()
}
