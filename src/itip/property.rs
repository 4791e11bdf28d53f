//! One property of a foreign object: its value, the parameters we use.
//!
//! Not here: which properties count (`read`).

use super::clean::{MAX_NAME, strip_mailto};
use super::lines::mended_quotes;
use super::object::{Attendee, PartStat};
use icalendar::parser::Property;

/// A moment as the property has it: name of the zone, value.
pub(super) struct Stamp {
    pub(super) zone: Option<String>,
    pub(super) value: String,
}

/// The first of a property that may stand once is believed; `icalendar` itself would take the last.
pub(super) fn keep<T>(place: &mut Option<T>, value: Option<T>) {
    if place.is_none() {
        *place = value;
    }
}

/// One property through the parser of `icalendar`; a line it cannot take is as if it were not there.
pub(super) fn parsed<T>(name: &str, rest: &str, value: impl FnOnce(Property<'_>) -> Option<T>) -> Option<T> {
    let line: String = [name, &mended_quotes(rest)].concat().chars().filter(|c| !c.is_control() || *c == '\t').collect();
    value(Property::try_from(line.as_str()).ok()?)
}

pub(super) fn parameter<'p>(property: &'p Property<'_>, key: &str) -> Option<&'p str> {
    property.params.iter().find(|p| p.key.as_str().eq_ignore_ascii_case(key))?.val.as_ref().map(|v| unquoted(v.as_str()))
}

pub(super) fn unquoted(text: &str) -> &str {
    text.trim_matches(|c: char| c == '"' || c.is_whitespace())
}

pub(super) fn short(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(MAX_NAME).collect();
    Some(text).filter(|t| !t.is_empty())
}

pub(super) fn stamp(property: Property<'_>) -> Option<Stamp> {
    Some(Stamp { zone: parameter(&property, "TZID").map(str::to_owned), value: property.val.as_str().to_owned() })
}

/// A revision number; one longer than any counter is taken for the largest.
pub(super) fn revision(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().or(digits.then_some(i64::MAX))
}

pub(super) fn attendee(property: Property<'_>) -> Option<(Attendee, Option<String>)> {
    let partstat = parameter(&property, "PARTSTAT").map_or(PartStat::NeedsAction, PartStat::named);
    let comment = parameter(&property, "X-RESPONSE-COMMENT").map(str::to_owned);
    let person = |key| parameter(&property, key).and_then(|list| email(list.split(',').next().unwrap_or_default()));
    let (delegated_to, sent_by) = (person("DELEGATED-TO"), person("SENT-BY"));
    Some((Attendee { email: address(&property)?, partstat, delegated_to, sent_by }, comment))
}

/// The address in the value, with or without `mailto:` (RFC 6047 §2.3 requires it, Google loses it), else that of the
/// EMAIL parameter (RFC 7986 §6.2), for servers that put a URN or a path into the value.
pub(super) fn address(property: &Property<'_>) -> Option<String> {
    email(property.val.as_str()).or_else(|| parameter(property, "EMAIL").and_then(email))
}

fn email(text: &str) -> Option<String> {
    let text = strip_mailto(unquoted(text));
    let text = percent_decoded(text.split_once('?').map_or(text, |(address, _)| address));
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).to_lowercase();
    let plain = text.contains('@') && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | ','));
    if plain { short(&text) } else { None }
}

/// `anna%2Bschool@…`: mailto is a URI (RFC 6068 §2). What does not decode to text stays as it is.
fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let decoded = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        out.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}
