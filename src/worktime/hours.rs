//! Office hours and local time: moments of a local date, safe in gaps and folds of the zone, and the arithmetic of office minutes.
//!
//! Office time of a day is half-open: at the opening second the office is open, at the closing second it is closed.

use super::calendar::{Office, Worktime, Workweek};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc, Weekday};

/// Days that a walk through the calendar looks at; beyond it the clock goes on without regard to the office.
pub(super) const WALK: usize = 3660;

/// 1900-01-01 and 9000-01-01: what lies beyond is treated as that moment, so that no local time overflows.
const BOUNDS: (i64, i64) = (-2_208_988_800, 221_845_392_000);

fn bounded(at: DateTime<Utc>) -> i64 {
    at.timestamp().clamp(BOUNDS.0, BOUNDS.1)
}

pub(super) fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// A local date that stays within the bounds of moments.
fn bounded_date(date: NaiveDate) -> NaiveDate {
    let year = |y| NaiveDate::from_ymd_opt(y, 1, 1).unwrap_or_default();
    date.clamp(year(1900), year(9000))
}

impl Worktime {
    /// The moment of a local time. In a fold (the hour that comes twice) the first one; in a gap the time is read with the offset
    /// before it (RFC 5545 §3.3.5), so 02:30 of the lost hour is shown as 03:30.
    pub fn local(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        self.resolve(bounded_date(date).and_time(time), false)
    }

    /// The last second of the local date (Civil Code art. 194), where a fold repeats it the later one.
    pub fn last_second(&self, date: NaiveDate) -> DateTime<Utc> {
        let last = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
        self.resolve(bounded_date(date).and_time(last), true)
    }

    /// The local date and time of a moment.
    pub fn to_local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        moment(bounded(at)).with_timezone(&self.zone).naive_local()
    }

    /// The local date of a moment.
    pub fn local_date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.to_local(at).date()
    }

    fn resolve(&self, naive: NaiveDateTime, later: bool) -> DateTime<Utc> {
        use chrono::LocalResult::{Ambiguous, None, Single};
        match self.zone.from_local_datetime(&naive) {
            Single(at) => at.with_timezone(&Utc),
            Ambiguous(a, b) => (if later { a.max(b) } else { a.min(b) }).with_timezone(&Utc),
            None => {
                let before = naive.checked_sub_signed(TimeDelta::days(1)).unwrap_or(naive);
                let offset = self.zone.offset_from_utc_datetime(&before).fix().local_minus_utc();
                moment(naive.and_utc().timestamp() - i64::from(offset))
            }
        }
    }

    /// Opening and closing moment of a local date; `None` on a day off. Short days close an hour earlier; a Saturday of the six-day
    /// week lasts at most five hours (art. 95).
    pub fn office(&self, date: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.span(date).map(|(open, close)| (moment(open), moment(close)))
    }

    /// Whether the office is open.
    pub fn is_office(&self, now: DateTime<Utc>) -> bool {
        let at = bounded(now);
        self.span(self.local_date(now)).is_some_and(|(open, close)| (open..close).contains(&at))
    }

    /// `now` while the office is open, else the next opening.
    pub fn next_office_moment(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let at = bounded(now);
        for (_, open, close) in self.spans_from(self.local_date(now)) {
            if at < close {
                return if at >= open { now } else { moment(open) };
            }
        }
        now
    }

    /// The earliest moment by which so many office minutes have passed since `from`. Ends at the close of a day rather than at the
    /// next opening; nought gives `from` itself.
    pub fn add_working_minutes(&self, from: DateTime<Utc>, minutes: u32) -> DateTime<Utc> {
        let (at, mut left) = (bounded(from), i64::from(minutes) * 60);
        if left == 0 {
            return from;
        }
        for (_, open, close) in self.spans_from(self.local_date(from)) {
            let start = open.max(at);
            if start < close {
                if close - start >= left {
                    return moment(start + left);
                }
                left -= close - start;
            }
        }
        moment(at.saturating_add(left).min(BOUNDS.1))
    }

    /// The latest moment from which so many office minutes pass until `from`: the time of a reminder before a term. The inverse of
    /// [`Worktime::add_working_minutes`] for moments in office hours.
    pub fn sub_working_minutes(&self, from: DateTime<Utc>, minutes: u32) -> DateTime<Utc> {
        let (at, mut left) = (bounded(from), i64::from(minutes) * 60);
        if left == 0 {
            return from;
        }
        let mut date = self.local_date(from);
        for _ in 0..WALK {
            if let Some((open, close)) = self.span(date) {
                let end = close.min(at);
                if open < end {
                    if end - open >= left {
                        return moment(end - left);
                    }
                    left -= end - open;
                }
            }
            match date.pred_opt() {
                Some(before) => date = before,
                None => break,
            }
        }
        moment(at.saturating_sub(left).max(BOUNDS.0))
    }

    /// Whole office minutes from `a` to `b`; nought when `b` is not later. Ten years are looked at.
    pub fn working_minutes_between(&self, a: DateTime<Utc>, b: DateTime<Utc>) -> i64 {
        let (from, to) = (bounded(a), bounded(b));
        if to <= from {
            return 0;
        }
        let seconds: i64 =
            self.spans_from(self.local_date(a)).take_while(|(_, open, _)| *open < to).map(|(_, open, close)| (close.min(to) - open.max(from)).max(0)).sum();
        seconds / 60
    }

    /// Office spans of the working days from a date on.
    pub(super) fn spans_from(&self, date: NaiveDate) -> impl Iterator<Item = (NaiveDate, i64, i64)> + '_ {
        (0..WALK as u64).map_while(move |n| date.checked_add_days(Days::new(n))).filter_map(|d| self.span(d).map(|(open, close)| (d, open, close)))
    }

    fn span(&self, date: NaiveDate) -> Option<(i64, i64)> {
        if !self.is_workday(date) {
            return None;
        }
        let open = self.local(date, self.office.from).timestamp();
        let close = self.local(date, self.closing(date)).timestamp();
        (open < close).then_some((open, close))
    }

    /// Closing time of a working day, local.
    pub fn closing(&self, date: NaiveDate) -> NaiveTime {
        let Office { from, to, workweek, .. } = self.office;
        let earlier = |hours| {
            let (time, wrapped) = to.overflowing_sub_signed(TimeDelta::hours(hours));
            if wrapped != 0 || time < from { from } else { time }
        };
        if workweek == Workweek::Six && date.weekday() == Weekday::Sat {
            let (time, wrapped) = from.overflowing_add_signed(TimeDelta::hours(5));
            return if wrapped == 0 { to.min(time) } else { to };
        }
        if self.is_short(date) { earlier(1) } else { to }
    }
}
