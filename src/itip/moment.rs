//! DATE, DATE-TIME and DURATION values as instants.
//!
//! Not here: which zone a name means (`zones`).

use super::zones::Zone;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// A value as written (RFC 5545 §3.3.4, §3.3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// Midnight for a DATE.
    pub(super) local: NaiveDateTime,
    /// Ends with Z.
    pub(super) utc: bool,
}

impl Written {
    /// `20261125`, `20261125T153000`, `20261125T153000Z`; seconds may be missing.
    pub(super) fn parse(text: &str) -> Option<Written> {
        let text = text.trim();
        let (text, utc) = match text.strip_suffix(['Z', 'z']) {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (date, time) = match text.split_once(['T', 't']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let date = match digits(date)?.as_slice() {
            [a, b, c, d, m1, m2, d1, d2] => NaiveDate::from_ymd_opt(i32::try_from(number(&[*a, *b, *c, *d])).ok()?, number(&[*m1, *m2]), number(&[*d1, *d2]))?,
            _ => return None,
        };
        let time = match time.map(digits) {
            None => NaiveTime::MIN,
            Some(time) => match time?.as_slice() {
                [h1, h2, m1, m2] => NaiveTime::from_hms_opt(number(&[*h1, *h2]), number(&[*m1, *m2]), 0)?,
                // A leap second is an answer all the same.
                [h1, h2, m1, m2, s1, s2] => NaiveTime::from_hms_opt(number(&[*h1, *h2]), number(&[*m1, *m2]), number(&[*s1, *s2]).min(59))?,
                _ => return None,
            },
        };
        Some(Written { local: date.and_time(time), utc })
    }

    /// The instant, if it is UTC or its zone is known. A floating time is no instant: a wrong hour is worse than none.
    pub(super) fn instant(self, zone: Option<Zone>) -> Option<DateTime<Utc>> {
        if self.utc { Some(self.local.and_utc()) } else { zone?.instant(self.local) }
    }
}

/// At most 14 ASCII digits, and nothing else.
fn digits(text: &str) -> Option<Vec<u8>> {
    (text.len() <= 14).then(|| text.bytes().map(|b| b.is_ascii_digit().then(|| b - b'0')).collect())?
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(*digit))
}

/// `PT40M`, `P1DT2H`, `P2W`, `-PT15M` (RFC 5545 §3.3.6); at most some years.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let (negative, text) = match text.split_at_checked(1)? {
        ("-", rest) => (true, rest),
        ("+", rest) => (false, rest),
        _ => (false, text),
    };
    let text = text.strip_prefix(['P', 'p'])?;
    let mut seconds: i64 = 0;
    let mut value: Option<i64> = None;
    let mut any = false;
    for c in text.bytes() {
        let unit = match c.to_ascii_uppercase() {
            digit @ b'0'..=b'9' => {
                let next = value.unwrap_or(0) * 10 + i64::from(digit - b'0');
                if next > 100_000_000 {
                    return None;
                }
                value = Some(next);
                continue;
            }
            b'T' if value.is_none() => continue,
            b'W' => 604_800,
            b'D' => 86_400,
            b'H' => 3_600,
            b'M' => 60,
            b'S' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(value.take()?.checked_mul(unit)?)?;
        any = true;
    }
    if !any || value.is_some() || seconds > 100_000_000 {
        return None;
    }
    Some(TimeDelta::seconds(if negative { -seconds } else { seconds }))
}
