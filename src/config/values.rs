//! Single values of the configuration: addresses, phones, times, durations, weekdays. Total: any text in, `None` or a value out.

use chrono::{NaiveDate, NaiveTime, Weekday};
use std::time::Duration;

/// `07:30`, `07:30:00`, `7:30`.
pub(super) fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:00")).ok()
}

/// `2026-12-28`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// `60s`, `5m`, `1h`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

/// `25MB`, `300KB` or bytes.
pub(super) fn size(text: &str) -> Option<u64> {
    let (number, factor) = match (text.strip_suffix("MB"), text.strip_suffix("KB")) {
        (Some(n), _) => (n, 1 << 20),
        (_, Some(n)) => (n, 1 << 10),
        _ => (text, 1),
    };
    number.trim().parse::<u64>().ok()?.checked_mul(factor)
}

/// `mon` … `sun`, in full, or Russian «пн» … «вс».
pub(super) fn weekday(text: &str) -> Option<Weekday> {
    const RUSSIAN: [&str; 7] = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];
    let text = text.to_lowercase();
    let russian = RUSSIAN.iter().position(|w| *w == text).and_then(|n| u8::try_from(n).ok()).and_then(|n| Weekday::try_from(n).ok());
    russian.or_else(|| text.parse().ok())
}

/// An address in lower case, or what is wrong with it.
pub(crate) fn email(text: &str) -> Result<String, &'static str> {
    let Some((local, domain)) = text.rsplit_once('@') else { return Err("has no @") };
    if text.contains(|c: char| c.is_whitespace() || "<>(),;:\"\\[]".contains(c)) {
        return Err("holds a space or a sign that an address cannot have; write the bare address, one in each pair of quotes");
    }
    if !text.is_ascii() {
        return Err("holds letters that are not Latin; check the keyboard layout, and write a Cyrillic domain in its xn-- form");
    }
    if local.is_empty() || local.contains('@') || local.starts_with('.') || local.ends_with('.') {
        return Err("has no proper name before the @");
    }
    if domain.is_empty() || domain.split('.').any(|part| part.is_empty()) || text.len() > 254 {
        return Err("has no proper domain after the @");
    }
    Ok(text.to_ascii_lowercase())
}

/// A Russian phone as E.164: 8 or +7 and ten digits, anything behind «доб.» left aside.
pub(crate) fn phone(text: &str) -> Option<String> {
    let main = text.split("доб").next().unwrap_or(text);
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    if main.chars().any(|c| !(c.is_ascii_digit() || " \u{a0}+-\u{2011}–().,".contains(c))) {
        return None;
    }
    match (digits.len(), digits.chars().next()) {
        (11, Some('7' | '8')) => digits.get(1..).map(|d| format!("+7{d}")),
        (10, _) => Some(format!("+7{digits}")),
        _ => None,
    }
}

/// A host name or address without scheme, port or path.
pub(crate) fn host(text: &str) -> bool {
    let address = text.parse::<std::net::IpAddr>().is_ok();
    address || (!text.is_empty() && text.len() <= 253 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_'))
}

/// Whether a connection to the host stays on this machine.
pub(crate) fn loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback())
}

/// The known word that was probably meant.
pub(super) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|k| (distance(word, k), *k)).min()?;
    (near.0 <= 2 && near.0 < word.chars().count()).then_some(near.1)
}

/// Levenshtein's distance, of words up to 40 letters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut before = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let here = (before + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            before = *cell;
            *cell = here;
            left = here;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
