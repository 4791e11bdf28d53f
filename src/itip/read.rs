//! What comes back: REPLY, COUNTER and the rest, as real clients write them.
//!
//! Single content lines go to the parser of `icalendar`, never whole components: it recurses for each BEGIN.

use super::Method;
use super::clean::one_line;
use super::lines::{FILE, LETTER, Limits, Nesting, Place, logical_lines, split_name};
use super::moment::{Written, duration};
use super::object::{Attendee, Local, Object, Refusal, Wall};
use super::property::{Stamp, address, attendee, keep, parameter, parsed, revision, short, stamp, unquoted};
use super::rule::Rule;
use super::zones::Zone;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// Longest comment kept, in characters.
const MAX_COMMENT: usize = 500;
/// Most attendees kept: an answer has one or two.
const MAX_ATTENDEES: usize = 100;
/// Most events of one object.
const MAX_EVENTS: usize = 50;
/// Most events of a file.
const MAX_FILE_EVENTS: usize = 5_000;
/// Most dates kept of each EXDATE and RDATE, and FREEBUSY periods of a file.
const MAX_DATES: usize = 500;
const MAX_PERIODS: usize = 20_000;
/// Longest event.
const LONGEST: TimeDelta = TimeDelta::days(400);

/// Reads a calendar object. Guards size, depth and lines before any parser sees it.
///
/// Of several VEVENTs with one UID the first without RECURRENCE-ID is taken, else the first.
///
/// # Errors
/// Why it was not read.
pub fn read(bytes: &[u8], part_method: Option<&str>) -> Result<Object, Refusal> {
    let gathered = gather(bytes, LETTER)?;
    gathered.of_one_uid()?;
    let chosen = gathered.events.iter().position(|e| e.recurrence_id.is_none()).unwrap_or(0);
    let event = gathered.events.get(chosen).ok_or(Refusal::NoEvent)?;
    gathered.object(event, part_method).ok_or(Refusal::NoUid)
}

/// Every VEVENT of a calendar object of one UID, in the order of the text: a series with moved meetings, an answer to several of them.
///
/// # Errors
/// Why it was not read; more than 50 events are refused too.
pub fn read_all(bytes: &[u8], part_method: Option<&str>) -> Result<Vec<Object>, Refusal> {
    let gathered = gather(bytes, LETTER)?;
    gathered.of_one_uid()?;
    if gathered.events.len() > MAX_EVENTS {
        return Err(Refusal::TooMany(MAX_EVENTS));
    }
    gathered.events.iter().map(|event| gathered.object(event, part_method).ok_or(Refusal::NoUid)).collect()
}

/// FREEBUSY periods that are not free.
pub(super) struct Periods(pub(super) Vec<(DateTime<Utc>, DateTime<Utc>)>);

/// The events of a file, of any UIDs or none, and its FREEBUSY periods.
pub(super) fn gather_file(bytes: &[u8]) -> Result<(Vec<Object>, Periods), Refusal> {
    let mut gathered = gather(bytes, FILE)?;
    if gathered.events.len() > MAX_FILE_EVENTS {
        return Err(Refusal::TooMany(MAX_FILE_EVENTS));
    }
    for (n, event) in gathered.events.iter_mut().enumerate() {
        keep(&mut event.uid, Some(format!("event {n} of the file")));
    }
    let objects = gathered.events.iter().filter_map(|event| gathered.object(event, None)).collect();
    Ok((objects, Periods(gathered.periods)))
}

fn gather(bytes: &[u8], limits: Limits) -> Result<Gathered, Refusal> {
    let lines = logical_lines(bytes, limits)?;
    let mut nesting = Nesting::default();
    let mut gathered = Gathered::default();
    for line in &lines {
        let Some((name, rest)) = split_name(line) else { continue };
        match name.as_str() {
            "BEGIN" => {
                let component = rest.trim_start_matches([':', ';']);
                nesting.begin(component)?;
                // Files may hold one calendar after another, a letter holds one.
                if nesting.finished() && limits.many {
                    nesting = Nesting::default();
                    nesting.begin(component)?;
                }
                gathered.opened(component, nesting.place());
            }
            "END" => nesting.end(rest.trim_start_matches([':', ';'])),
            _ => gathered.property(nesting.place(), &name, rest),
        }
        match (nesting.finished(), limits.many) {
            (true, true) => nesting = Nesting::default(),
            (true, false) => break,
            (false, _) => {}
        }
    }
    if !gathered.calendar {
        return Err(Refusal::Broken("no BEGIN:VCALENDAR".to_owned()));
    }
    Ok(gathered)
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
    rrule: Option<String>,
    exdates: Vec<Stamp>,
    rdates: Vec<Stamp>,
    transparent: bool,
    cancelled: bool,
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
    periods: Vec<(DateTime<Utc>, DateTime<Utc>)>,
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
            (Place::FreeBusy, "FREEBUSY") if self.periods.len() < MAX_PERIODS => {
                let taken = |p: &icalendar::parser::Property<'_>| !parameter(p, "FBTYPE").is_some_and(|t| t.eq_ignore_ascii_case("FREE"));
                let text = parsed(name, rest, |p| taken(&p).then(|| p.val.as_str().to_owned())).unwrap_or_default();
                self.periods.extend(text.split(',').filter_map(period).take(MAX_DATES));
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

    /// RFC 5546 §1.2: an object is about one event.
    fn of_one_uid(&self) -> Result<(), Refusal> {
        let uids: Vec<&str> = self.events.iter().filter_map(|e| e.uid.as_deref()).collect();
        if uids.windows(2).any(|pair| matches!(pair, [a, b] if !a.eq_ignore_ascii_case(b))) {
            return Err(Refusal::SeveralUids);
        }
        if self.events.is_empty() { Err(Refusal::NoEvent) } else { Ok(()) }
    }

    /// None without a UID.
    fn object(&self, event: &Vevent, part_method: Option<&str>) -> Option<Object> {
        let start = self.instant(event.start.as_ref());
        let lasting = || start?.checked_add_signed(event.duration?);
        // RFC 5545 §3.8.7.2: DTSTAMP is UTC; where the Z is missing it is meant all the same.
        let dtstamp = event.dtstamp.as_ref().and_then(|stamp| {
            let written = Written::parse(&stamp.value)?;
            written.instant(self.zone_of(stamp.zone.as_deref())).or_else(|| Some(written.local.and_utc()))
        });
        let comment = if event.comments.is_empty() { event.google_comment.clone().unwrap_or_default() } else { event.comments.join(" ") };
        let comment: String = one_line(&comment).chars().take(MAX_COMMENT).collect();
        let exdates = event.exdates.iter().flat_map(|s| s.value.split(',').map(|v| (s.zone.as_deref(), v)));
        let exdates = exdates.filter_map(|(zone, value)| Written::parse(value)?.instant(self.zone_of(zone))).take(MAX_DATES).collect();
        Some(Object {
            method: match &self.method {
                Some(name) => Method::named(name),
                None => part_method.and_then(Method::named),
            },
            uid: event.uid.clone()?,
            sequence: event.sequence.unwrap_or(0).max(event.microsoft_sequence.unwrap_or(0)),
            dtstamp,
            start,
            end: self.instant(event.end.as_ref()).or_else(lasting),
            recurrence_id: self.instant(event.recurrence_id.as_ref()),
            organizer: event.organizer.clone(),
            attendees: event.attendees.clone(),
            comment: Some(comment).filter(|c| !c.is_empty()),
            rrule: event.rrule.clone(),
            exdates,
            all_day: event.start.as_ref().is_some_and(is_day),
            transparent: event.transparent,
            cancelled: event.cancelled,
            wall: self.wall(event),
        })
    }

    /// None where the zone is named and not known: then nobody knows the time.
    fn wall(&self, event: &Vevent) -> Option<Wall> {
        let stamp = event.start.as_ref()?;
        let day = is_day(stamp);
        let Local { at: start, zone, .. } = self.local(&stamp.value, stamp.zone.as_deref())?;
        let ends = || {
            let end = event.end.as_ref()?;
            match (self.instant(event.start.as_ref()), self.instant(Some(end))) {
                (Some(start), Some(end)) if !day => Some(end.signed_duration_since(start)),
                _ => Some(Written::parse(&end.value)?.local.signed_duration_since(start)),
            }
        };
        let least = if day { TimeDelta::days(1) } else { TimeDelta::zero() };
        let lasting = ends().or(event.duration).unwrap_or(least).clamp(least, LONGEST);
        let dates = |stamps: &[Stamp]| -> Vec<Local> {
            let all = stamps.iter().flat_map(|s| s.value.split(',').map(|v| (s.zone.as_deref(), v)));
            // Of a period in RDATE the start.
            all.filter_map(|(zone, value)| self.local(value.split_once('/').map_or(value, |(start, _)| start), zone)).take(MAX_DATES).collect()
        };
        Some(Wall {
            start,
            zone,
            lasting,
            rule: event.rrule.as_deref().and_then(Rule::parse),
            except: dates(&event.exdates),
            extra: dates(&event.rdates),
            replaces: event.recurrence_id.as_ref().and_then(|s| self.local(&s.value, s.zone.as_deref())),
        })
    }

    fn local(&self, value: &str, zone: Option<&str>) -> Option<Local> {
        let written = Written::parse(value)?;
        let day = !value.contains(['T', 't']);
        let zone = match zone.or(self.zone.as_deref()) {
            _ if written.utc => Some(Tz::UTC),
            _ if day => None,
            None => None,
            Some(name) => Some(self.zone_of(Some(name))?.tz()?),
        };
        Some(Local { at: written.local, zone, day })
    }
}

fn is_day(stamp: &Stamp) -> bool {
    !stamp.value.contains(['T', 't'])
}

/// `start/end` or `start/duration` (RFC 5545 §3.3.9), always in UTC.
fn period(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let (start, end) = text.trim().split_once('/')?;
    let start = Written::parse(start)?.local.and_utc();
    let end = match Written::parse(end) {
        Some(end) => end.local.and_utc(),
        None => start.checked_add_signed(duration(end)?.min(LONGEST))?,
    };
    Some((start, end))
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
            "RRULE" => keep(&mut self.rrule, parsed(name, rest, |p| short(p.val.as_str()))),
            "EXDATE" if self.exdates.len() < MAX_DATES => self.exdates.extend(parsed(name, rest, stamp)),
            "RDATE" if self.rdates.len() < MAX_DATES => self.rdates.extend(parsed(name, rest, stamp)),
            "TRANSP" => self.transparent |= says(name, rest, "TRANSPARENT"),
            "STATUS" => self.cancelled |= says(name, rest, "CANCELLED"),
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

fn says(name: &str, rest: &str, word: &str) -> bool {
    parsed(name, rest, |p| Some(p.val.as_str().trim().eq_ignore_ascii_case(word))).unwrap_or(false)
}
