//! What comes back: REPLY, COUNTER and the rest, as real clients write them.
//!
//! Single content lines go to the parser of `icalendar`, never whole components: it recurses for each BEGIN.

use super::Method;
use super::clean::{one_line, strip_mailto};
use super::lines::{Nesting, Place, logical_lines, mended_quotes, split_name};
use super::moment::{Written, duration};
use super::zones::Zone;
use chrono::{DateTime, TimeDelta, Utc};
use icalendar::parser::Property;

/// Longest comment kept, in characters.
const MAX_COMMENT: usize = 500;
/// Most attendees kept: an answer has one or two.
const MAX_ATTENDEES: usize = 100;
/// Longest UID or address kept, in characters. Ours are far shorter, so a cut one cannot match.
const MAX_NAME: usize = 1_000;

/// Participation status (RFC 5545 §3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of RFC 5545")]
pub enum PartStat {
    NeedsAction,
    Accepted,
    Declined,
    Tentative,
    Delegated,
}

impl PartStat {
    /// As written after `PARTSTAT=`.
    pub fn as_str(self) -> &'static str {
        match self {
            PartStat::NeedsAction => "NEEDS-ACTION",
            PartStat::Accepted => "ACCEPTED",
            PartStat::Declined => "DECLINED",
            PartStat::Tentative => "TENTATIVE",
            PartStat::Delegated => "DELEGATED",
        }
    }

    /// The status of that name; one that is unknown or no answer to an event is NEEDS-ACTION (RFC 5545 §3.2.12).
    fn named(text: &str) -> PartStat {
        [PartStat::Accepted, PartStat::Declined, PartStat::Tentative, PartStat::Delegated]
            .into_iter()
            .find(|p| p.as_str().eq_ignore_ascii_case(text.trim()))
            .unwrap_or(PartStat::NeedsAction)
    }
}

/// One ATTENDEE of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Lower-cased address without `mailto:`.
    pub email: String,
    /// Its answer.
    pub partstat: PartStat,
}

/// A calendar object from outside, read as far as needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// METHOD of the body, else of the part.
    pub method: Option<Method>,
    /// UID.
    pub uid: String,
    /// SEQUENCE, or the larger X-MICROSOFT-CDO-APPT-SEQUENCE.
    pub sequence: i64,
    /// DTSTAMP as an instant.
    pub dtstamp: Option<DateTime<Utc>>,
    /// DTSTART as an instant where its zone is known.
    pub start: Option<DateTime<Utc>>,
    /// DTEND likewise.
    pub end: Option<DateTime<Utc>>,
    /// RECURRENCE-ID as an instant.
    pub recurrence_id: Option<DateTime<Utc>>,
    /// ORGANIZER's address; Exchange sends none.
    pub organizer: Option<String>,
    /// ATTENDEEs.
    pub attendees: Vec<Attendee>,
    /// COMMENT, one line, at most 500 characters.
    pub comment: Option<String>,
}

/// Why an object was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum Refusal {
    #[error("calendar part of {0} bytes is over 256 KB")]
    TooLarge(usize),
    #[error("calendar part nests deeper than 6 components")]
    TooDeep,
    #[error("calendar part has more than {0} lines")]
    TooLong(usize),
    #[error("no VEVENT in the calendar part")]
    NoEvent,
    #[error("VEVENT without UID")]
    NoUid,
    #[error("VEVENTs with different UIDs in one object")]
    SeveralUids,
    #[error("calendar part cannot be read: {0}")]
    Broken(String),
}

/// Reads a calendar object. Guards size, depth and lines before any parser sees it.
///
/// Of several VEVENTs with one UID the first without RECURRENCE-ID is taken, else the first.
pub fn read(bytes: &[u8], part_method: Option<&str>) -> Result<Object, Refusal> {
    let lines = logical_lines(bytes)?;
    let mut nesting = Nesting::default();
    let mut gathered = Gathered::default();
    for line in &lines {
        let Some((name, rest)) = split_name(line) else { continue };
        match name.as_str() {
            "BEGIN" => {
                let component = rest.trim_start_matches([':', ';']);
                nesting.begin(component)?;
                gathered.opened(component, nesting.place());
            }
            "END" => nesting.end(rest.trim_start_matches([':', ';'])),
            _ => gathered.property(nesting.place(), &name, rest),
        }
        if nesting.finished() {
            break;
        }
    }
    if !gathered.calendar {
        return Err(Refusal::Broken("no BEGIN:VCALENDAR".to_owned()));
    }
    gathered.object(part_method)
}

/// A moment as the property has it: name of the zone, value.
struct Stamp {
    zone: Option<String>,
    value: String,
}

/// One VEVENT as far as it was read.
#[derive(Default)]
struct Vevent {
    uid: Option<String>,
    sequence: Option<i64>,
    microsoft_sequence: Option<i64>,
    dtstamp: Option<Stamp>,
    start: Option<Stamp>,
    end: Option<Stamp>,
    duration: Option<TimeDelta>,
    recurrence_id: Option<Stamp>,
    organizer: Option<String>,
    attendees: Vec<Attendee>,
    comments: Vec<String>,
    google_comment: Option<String>,
}

/// One VTIMEZONE: what it calls itself and the offsets it leads to.
#[derive(Default)]
struct Vtimezone {
    id: String,
    location: Option<Zone>,
    offsets: Vec<Zone>,
}

/// What the lines said.
#[derive(Default)]
struct Gathered {
    calendar: bool,
    method: Option<String>,
    zone: Option<String>,
    zones: Vec<Vtimezone>,
    events: Vec<Vevent>,
}

impl Gathered {
    fn opened(&mut self, component: &str, place: Place) {
        let component = component.trim();
        match place {
            Place::Calendar => self.calendar = true,
            Place::Event if component.eq_ignore_ascii_case("VEVENT") => self.events.push(Vevent::default()),
            Place::Zone if component.eq_ignore_ascii_case("VTIMEZONE") => self.zones.push(Vtimezone::default()),
            _ => {}
        }
    }

    fn property(&mut self, place: Place, name: &str, rest: &str) {
        match (place, name) {
            (Place::Calendar, "METHOD") => keep(&mut self.method, parsed(name, rest, |p| Some(p.val.as_str().trim().to_owned()))),
            (Place::Calendar, "X-WR-TIMEZONE") => keep(&mut self.zone, parsed(name, rest, |p| Some(p.val.as_str().to_owned()))),
            (Place::Zone | Place::Observance, _) => {
                if let Some(zone) = self.zones.last_mut() {
                    zone.property(name, rest);
                }
            }
            (Place::Event, _) => {
                if let Some(event) = self.events.last_mut() {
                    event.property(name, rest);
                }
            }
            _ => {}
        }
    }

    /// RFC 5545 §3.2.19 would have the VTIMEZONE decide; as senders write it wrongly, the name goes first, as CalConnect
    /// advises, and the VTIMEZONE counts only where its offset never changes.
    fn zone_of(&self, name: Option<&str>) -> Option<Zone> {
        let name = name.or(self.zone.as_deref())?;
        Zone::named(name).or_else(|| {
            let zone = self.zones.iter().find(|z| z.id == unquoted(name))?;
            let first = *zone.offsets.first()?;
            zone.location.or_else(|| zone.offsets.iter().all(|offset| *offset == first).then_some(first))
        })
    }

    fn instant(&self, stamp: Option<&Stamp>) -> Option<DateTime<Utc>> {
        let stamp = stamp?;
        Written::parse(&stamp.value)?.instant(self.zone_of(stamp.zone.as_deref()))
    }

    fn object(mut self, part_method: Option<&str>) -> Result<Object, Refusal> {
        let uids: Vec<&str> = self.events.iter().filter_map(|e| e.uid.as_deref()).collect();
        if uids.windows(2).any(|pair| matches!(pair, [a, b] if !a.eq_ignore_ascii_case(b))) {
            return Err(Refusal::SeveralUids);
        }
        if self.events.is_empty() {
            return Err(Refusal::NoEvent);
        }
        let chosen = self.events.iter().position(|e| e.recurrence_id.is_none()).unwrap_or(0);
        let event = self.events.swap_remove(chosen);
        let start = self.instant(event.start.as_ref());
        let lasting = || start?.checked_add_signed(event.duration?);
        // RFC 5545 §3.8.7.2: DTSTAMP is UTC; where the Z is missing it is meant all the same.
        let dtstamp = event.dtstamp.as_ref().and_then(|stamp| {
            let written = Written::parse(&stamp.value)?;
            written.instant(self.zone_of(stamp.zone.as_deref())).or_else(|| Some(written.local.and_utc()))
        });
        let comment = if event.comments.is_empty() { event.google_comment.unwrap_or_default() } else { event.comments.join(" ") };
        let comment: String = one_line(&comment).chars().take(MAX_COMMENT).collect();
        Ok(Object {
            method: match &self.method {
                Some(name) => Method::named(name),
                None => part_method.and_then(Method::named),
            },
            uid: event.uid.ok_or(Refusal::NoUid)?,
            sequence: event.sequence.unwrap_or(0).max(event.microsoft_sequence.unwrap_or(0)),
            dtstamp,
            start,
            end: self.instant(event.end.as_ref()).or_else(lasting),
            recurrence_id: self.instant(event.recurrence_id.as_ref()),
            organizer: event.organizer,
            attendees: event.attendees,
            comment: Some(comment).filter(|c| !c.is_empty()),
        })
    }
}

impl Vtimezone {
    fn property(&mut self, name: &str, rest: &str) {
        match name {
            "TZID" => self.id = parsed(name, rest, |p| Some(unquoted(p.val.as_str()).to_owned())).unwrap_or_default(),
            "X-LIC-LOCATION" => keep(&mut self.location, parsed(name, rest, |p| Zone::named(p.val.as_str()))),
            "TZOFFSETTO" => self.offsets.extend(parsed(name, rest, |p| Zone::from_utc_offset(p.val.as_str()))),
            _ => {}
        }
    }
}

impl Vevent {
    fn property(&mut self, name: &str, rest: &str) {
        match name {
            "UID" => keep(&mut self.uid, parsed(name, rest, |p| short(p.val.as_str()))),
            "SEQUENCE" => keep(&mut self.sequence, parsed(name, rest, |p| revision(p.val.as_str()))),
            "X-MICROSOFT-CDO-APPT-SEQUENCE" => keep(&mut self.microsoft_sequence, parsed(name, rest, |p| revision(p.val.as_str()))),
            "DTSTAMP" => keep(&mut self.dtstamp, parsed(name, rest, stamp)),
            "DTSTART" => keep(&mut self.start, parsed(name, rest, stamp)),
            "DTEND" => keep(&mut self.end, parsed(name, rest, stamp)),
            "RECURRENCE-ID" => keep(&mut self.recurrence_id, parsed(name, rest, stamp)),
            "DURATION" => keep(&mut self.duration, parsed(name, rest, |p| duration(p.val.as_str()))),
            "ORGANIZER" => keep(&mut self.organizer, parsed(name, rest, |p| address(&p))),
            "ATTENDEE" if self.attendees.len() < MAX_ATTENDEES => {
                if let Some((attendee, comment)) = parsed(name, rest, attendee) {
                    self.attendees.push(attendee);
                    keep(&mut self.google_comment, comment);
                }
            }
            "COMMENT" if self.comments.iter().map(String::len).sum::<usize>() < MAX_COMMENT * 4 => {
                self.comments.extend(parsed(name, rest, |p| Some(p.val.as_str().to_owned())));
            }
            _ => {}
        }
    }
}

/// The first of a property that may stand once is believed; `icalendar` itself would take the last.
fn keep<T>(place: &mut Option<T>, value: Option<T>) {
    if place.is_none() {
        *place = value;
    }
}

/// One property through the parser of `icalendar`; a line it cannot take is as if it were not there.
fn parsed<T>(name: &str, rest: &str, value: impl FnOnce(Property<'_>) -> Option<T>) -> Option<T> {
    let line: String = [name, &mended_quotes(rest)].concat().chars().filter(|c| !c.is_control() || *c == '\t').collect();
    value(Property::try_from(line.as_str()).ok()?)
}

fn parameter<'p>(property: &'p Property<'_>, key: &str) -> Option<&'p str> {
    property.params.iter().find(|p| p.key.as_str().eq_ignore_ascii_case(key))?.val.as_ref().map(|v| unquoted(v.as_str()))
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(|c: char| c == '"' || c.is_whitespace())
}

fn short(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(MAX_NAME).collect();
    Some(text).filter(|t| !t.is_empty())
}

fn stamp(property: Property<'_>) -> Option<Stamp> {
    Some(Stamp { zone: parameter(&property, "TZID").map(str::to_owned), value: property.val.as_str().to_owned() })
}

/// A revision number; one longer than any counter is taken for the largest.
fn revision(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().or(digits.then_some(i64::MAX))
}

fn attendee(property: Property<'_>) -> Option<(Attendee, Option<String>)> {
    let partstat = parameter(&property, "PARTSTAT").map_or(PartStat::NeedsAction, PartStat::named);
    let comment = parameter(&property, "X-RESPONSE-COMMENT").map(str::to_owned);
    Some((Attendee { email: address(&property)?, partstat }, comment))
}

/// The address in the value, with or without `mailto:` (RFC 6047 §2.3 requires it, Google loses it), else that of the
/// EMAIL parameter (RFC 7986 §6.2), for servers that put a URN or a path into the value.
fn address(property: &Property<'_>) -> Option<String> {
    let email = |text: &str| {
        let text = strip_mailto(unquoted(text));
        let text = percent_decoded(text.split_once('?').map_or(text, |(address, _)| address));
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).to_lowercase();
        let plain = text.contains('@') && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | ','));
        if plain { short(&text) } else { None }
    };
    email(property.val.as_str()).or_else(|| parameter(property, "EMAIL").and_then(email))
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
