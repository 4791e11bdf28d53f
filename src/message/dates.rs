//! Date fields as possible moments. Not here: any clock.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeZone};

/// The moment that a Date field names, `None` where there is none (`31 Feb 25:61`: mail-parser passes it on unchecked).
pub(super) fn moment(value: &str) -> Option<DateTime<FixedOffset>> {
    let bare = without_comments(value.get(..200).unwrap_or(value));
    // The weekday is redundant, often in Russian, sometimes wrong: it is not looked at.
    let bare = bare.rsplit_once(',').map_or(bare.as_str(), |(_, rest)| rest).trim();
    let bare = match bare.strip_suffix("MSK") {
        Some(rest) => format!("{rest}+0300"), // Moscow's name for its zone is no RFC 5322 zone and would be read as UTC.
        None => bare.to_owned(),
    };
    let found = DateTime::parse_from_rfc2822(&bare).ok().or_else(|| by_mail_parser(&bare))?;
    (1970..=2199).contains(&found.year()).then_some(found)
}

/// The moment at the end of a Received field.
pub(super) fn received(value: &str) -> Option<DateTime<FixedOffset>> {
    value.rsplit_once(';').and_then(|(_, date)| moment(date.trim()))
}

/// Forms that chrono refuses (a missing zone, odd month names) and mail-parser takes.
fn by_mail_parser(value: &str) -> Option<DateTime<FixedOffset>> {
    let read = mail_parser::DateTime::parse_rfc822(value)?;
    let seconds = i32::from(read.tz_hour) * 3600 + i32::from(read.tz_minute) * 60;
    let zone = FixedOffset::east_opt(if read.tz_before_gmt { -seconds } else { seconds })?;
    let day = NaiveDate::from_ymd_opt(i32::from(read.year), u32::from(read.month), u32::from(read.day))?;
    let time = day.and_hms_opt(u32::from(read.hour), u32::from(read.minute), u32::from(read.second))?;
    zone.from_local_datetime(&time).single()
}

fn without_comments(value: &str) -> String {
    let (mut out, mut depth) = (String::with_capacity(value.len()), 0_u32);
    for c in value.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned()
}
