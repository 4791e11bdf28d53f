//! Which zone a TZID means: IANA names, the names Windows uses, paths and offsets.
//!
//! Not here: the rules inside a VTIMEZONE, which senders get wrong; only its offset is taken where the name says nothing.

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// A zone or a plain offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Named(Tz),
    Fixed(FixedOffset),
}

impl Zone {
    /// RFC 5545 §3.3.5: of two equal local times the first; one that does not exist is read with the offset before the gap.
    pub(super) fn instant(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self {
            Zone::Fixed(offset) => offset.from_local_datetime(&local).single().map(|t| t.to_utc()),
            Zone::Named(zone) => match zone.from_local_datetime(&local) {
                MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at.to_utc()),
                MappedLocalTime::None => {
                    // No gap is longer than a day and an hour (Samoa skipped a date).
                    let margin = TimeDelta::hours(25);
                    let before = zone.from_local_datetime(&local.checked_sub_signed(margin)?).earliest()?;
                    before.to_utc().checked_add_signed(margin)
                }
            },
        }
    }

    /// The zone, for clocks that go on; an offset of whole hours has one too.
    pub(super) fn tz(self) -> Option<Tz> {
        match self {
            Zone::Named(zone) => Some(zone),
            Zone::Fixed(offset) if offset.local_minus_utc() == 0 => Some(Tz::UTC),
            // The signs of these names are those of POSIX: west is plus.
            Zone::Fixed(offset) if offset.local_minus_utc() % 3600 == 0 => format!("Etc/GMT{:+}", -offset.local_minus_utc() / 3600).parse().ok(),
            Zone::Fixed(_) => None,
        }
    }

    /// The zone a name means.
    pub(super) fn named(name: &str) -> Option<Zone> {
        let name = name.trim_matches(|c: char| c == '"' || c.is_whitespace()).trim_start_matches('/');
        if name.is_empty() || name.len() > 200 {
            return None;
        }
        iana(name).or_else(|| windows(name)).map(Zone::Named).or_else(|| offset(name).map(Zone::Fixed))
    }

    /// `+0300` or `+030000` (RFC 5545 §3.3.14).
    pub(super) fn from_utc_offset(text: &str) -> Option<Zone> {
        let text = text.trim();
        let (sign, digits) = text.split_at_checked(1)?;
        let sign = if sign == "-" { -1 } else { 1 };
        let part = |at: usize| digits.get(at..at + 2).filter(|d| d.bytes().all(|b| b.is_ascii_digit())).and_then(|d| d.parse::<i32>().ok());
        let seconds = part(0)? * 3600 + part(2)? * 60 + part(4).unwrap_or(0);
        FixedOffset::east_opt(sign * seconds).map(Zone::Fixed)
    }
}

/// `Europe/Moscow`, also at the end of a path such as `/mozilla.org/20050126_1/Europe/Moscow`.
fn iana(name: &str) -> Option<Tz> {
    let parsed = |name: &str| name.parse::<Tz>().ok();
    if let Some(zone) = parsed(name) {
        return Some(zone);
    }
    let slashes: Vec<usize> = name.match_indices('/').map(|(at, _)| at).collect();
    // A zone's own name holds one or two slashes.
    [2, 3].into_iter().filter_map(|back| slashes.len().checked_sub(back)).find_map(|nth| parsed(name.get(slashes.get(nth)? + 1..)?))
}

fn windows(name: &str) -> Option<Tz> {
    WINDOWS.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(name)).map(|(_, zone)| *zone)
}

/// `UTC+3`, `GMT+03:00`, `UTC-0330`: people's sign, east is plus.
fn offset(name: &str) -> Option<FixedOffset> {
    let rest = ["UTC", "GMT"].into_iter().find_map(|prefix| name.get(..3).filter(|n| n.eq_ignore_ascii_case(prefix)).and_then(|_| name.get(3..)))?;
    let (sign, digits) = rest.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: i32 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() <= 2 { (value, 0) } else { (value / 100, value % 100) };
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

/// Zone identifiers of Windows, as Outlook and Exchange write them, with the zone CLDR gives for the whole territory.
/// All of Russia and its neighbours; elsewhere those where parents are likely to be.
const WINDOWS: &[(&str, Tz)] = &[
    ("Russian Standard Time", Tz::Europe__Moscow),
    ("Kaliningrad Standard Time", Tz::Europe__Kaliningrad),
    ("Russia Time Zone 3", Tz::Europe__Samara),
    ("Astrakhan Standard Time", Tz::Europe__Astrakhan),
    ("Saratov Standard Time", Tz::Europe__Saratov),
    ("Volgograd Standard Time", Tz::Europe__Volgograd),
    ("Ekaterinburg Standard Time", Tz::Asia__Yekaterinburg),
    ("Omsk Standard Time", Tz::Asia__Omsk),
    ("Altai Standard Time", Tz::Asia__Barnaul),
    ("N. Central Asia Standard Time", Tz::Asia__Novosibirsk),
    ("Tomsk Standard Time", Tz::Asia__Tomsk),
    ("North Asia Standard Time", Tz::Asia__Krasnoyarsk),
    ("North Asia East Standard Time", Tz::Asia__Irkutsk),
    ("Transbaikal Standard Time", Tz::Asia__Chita),
    ("Yakutsk Standard Time", Tz::Asia__Yakutsk),
    ("Vladivostok Standard Time", Tz::Asia__Vladivostok),
    ("Sakhalin Standard Time", Tz::Asia__Sakhalin),
    ("Magadan Standard Time", Tz::Asia__Magadan),
    ("Russia Time Zone 10", Tz::Asia__Srednekolymsk),
    ("Russia Time Zone 11", Tz::Asia__Kamchatka),
    ("Kamchatka Standard Time", Tz::Asia__Kamchatka),
    ("Belarus Standard Time", Tz::Europe__Minsk),
    ("Caucasus Standard Time", Tz::Asia__Yerevan),
    ("Georgian Standard Time", Tz::Asia__Tbilisi),
    ("Azerbaijan Standard Time", Tz::Asia__Baku),
    ("Central Asia Standard Time", Tz::Asia__Bishkek),
    ("Qyzylorda Standard Time", Tz::Asia__Qyzylorda),
    ("West Asia Standard Time", Tz::Asia__Tashkent),
    ("FLE Standard Time", Tz::Europe__Kyiv),
    ("GTB Standard Time", Tz::Europe__Bucharest),
    ("E. Europe Standard Time", Tz::Europe__Chisinau),
    ("Turkey Standard Time", Tz::Europe__Istanbul),
    ("Israel Standard Time", Tz::Asia__Jerusalem),
    ("Egypt Standard Time", Tz::Africa__Cairo),
    ("Arab Standard Time", Tz::Asia__Riyadh),
    ("Arabian Standard Time", Tz::Asia__Dubai),
    ("Arabic Standard Time", Tz::Asia__Baghdad),
    ("Iran Standard Time", Tz::Asia__Tehran),
    ("Middle East Standard Time", Tz::Asia__Beirut),
    ("Jordan Standard Time", Tz::Asia__Amman),
    ("Syria Standard Time", Tz::Asia__Damascus),
    ("E. Africa Standard Time", Tz::Africa__Nairobi),
    ("South Africa Standard Time", Tz::Africa__Johannesburg),
    ("W. Europe Standard Time", Tz::Europe__Berlin),
    ("Central Europe Standard Time", Tz::Europe__Budapest),
    ("Central European Standard Time", Tz::Europe__Warsaw),
    ("Romance Standard Time", Tz::Europe__Paris),
    ("GMT Standard Time", Tz::Europe__London),
    ("Greenwich Standard Time", Tz::Atlantic__Reykjavik),
    ("Morocco Standard Time", Tz::Africa__Casablanca),
    ("W. Central Africa Standard Time", Tz::Africa__Lagos),
    ("UTC", Tz::UTC),
    ("Coordinated Universal Time", Tz::UTC),
    ("tzone://Microsoft/Utc", Tz::UTC),
    ("Afghanistan Standard Time", Tz::Asia__Kabul),
    ("Pakistan Standard Time", Tz::Asia__Karachi),
    ("India Standard Time", Tz::Asia__Kolkata),
    ("Sri Lanka Standard Time", Tz::Asia__Colombo),
    ("Nepal Standard Time", Tz::Asia__Kathmandu),
    ("Bangladesh Standard Time", Tz::Asia__Dhaka),
    ("W. Mongolia Standard Time", Tz::Asia__Hovd),
    ("Ulaanbaatar Standard Time", Tz::Asia__Ulaanbaatar),
    ("SE Asia Standard Time", Tz::Asia__Bangkok),
    ("China Standard Time", Tz::Asia__Shanghai),
    ("Singapore Standard Time", Tz::Asia__Singapore),
    ("Taipei Standard Time", Tz::Asia__Taipei),
    ("Tokyo Standard Time", Tz::Asia__Tokyo),
    ("Korea Standard Time", Tz::Asia__Seoul),
    ("AUS Eastern Standard Time", Tz::Australia__Sydney),
    ("New Zealand Standard Time", Tz::Pacific__Auckland),
    ("Azores Standard Time", Tz::Atlantic__Azores),
    ("E. South America Standard Time", Tz::America__Sao_Paulo),
    ("Argentina Standard Time", Tz::America__Buenos_Aires),
    ("Atlantic Standard Time", Tz::America__Halifax),
    ("Eastern Standard Time", Tz::America__New_York),
    ("Central Standard Time", Tz::America__Chicago),
    ("Mountain Standard Time", Tz::America__Denver),
    ("Pacific Standard Time", Tz::America__Los_Angeles),
    ("Alaskan Standard Time", Tz::America__Anchorage),
    ("Hawaiian Standard Time", Tz::Pacific__Honolulu),
    // Abbreviations that some phones write; they mean nothing else in a Russian mailbox.
    ("MSK", Tz::Europe__Moscow),
    ("Moscow Standard Time", Tz::Europe__Moscow),
    ("Moscow", Tz::Europe__Moscow),
];
