//! Content lines one after another: formatted by `icalendar` behind the types of `clean`, folded here.
//!
//! Not here: which properties an object has (`build`, `echo`).

use super::PartStat;
use super::clean::{CalAddress, CnValue, IcsText};
use super::vtimezone::Observance;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use icalendar::Property;

/// Ours, never another program's: clients switch quirks on by it.
const PRODID: &str = "-//Otklik//Otklik//RU";

/// Pieces of at most 75 octets, cut between characters; the blank before a continued one counts (RFC 5545 §3.1).
fn fold(line: &str, out: &mut String) {
    let mut rest = line;
    let mut room = 75;
    while rest.len() > room {
        let (piece, tail) = rest.split_at(rest.floor_char_boundary(room));
        out.push_str(piece);
        out.push_str("\r\n ");
        rest = tail;
        room = 74;
    }
    out.push_str(rest);
    out.push_str("\r\n");
}

/// An object in the making.
#[derive(Default)]
pub(super) struct Writer(String);

impl Writer {
    /// What every object of ours begins with.
    pub(super) fn calendar(method: &str) -> Writer {
        let mut out = Writer::default();
        out.begin("VCALENDAR");
        out.fixed("PRODID", PRODID);
        out.fixed("VERSION", "2.0");
        out.fixed("CALSCALE", "GREGORIAN");
        out.fixed("METHOD", method);
        out
    }

    /// Closes the calendar.
    pub(super) fn finish(mut self) -> String {
        self.end("VCALENDAR");
        self.0
    }

    pub(super) fn begin(&mut self, component: &str) {
        self.0.push_str("BEGIN:");
        self.0.push_str(component);
        self.0.push_str("\r\n");
    }

    pub(super) fn end(&mut self, component: &str) {
        self.0.push_str("END:");
        self.0.push_str(component);
        self.0.push_str("\r\n");
    }

    fn line(&mut self, property: Property) {
        // Formatting into a String has no way to fail.
        let line: Result<String, std::fmt::Error> = property.try_into();
        // `icalendar` 0.17.17 folds between characters, but its last piece may have 76 octets; the values hold no line
        // breaks of their own, so its folds can be told apart and made anew.
        let line = line.unwrap_or_default().replace("\r\n ", "");
        fold(line.trim_end_matches("\r\n"), &mut self.0);
    }

    /// A value of our own making.
    pub(super) fn fixed(&mut self, name: &str, value: &str) {
        self.line(Property::new(name, value));
    }

    pub(super) fn text(&mut self, name: &str, value: &IcsText) {
        self.line(Property::new(name, value.as_str()));
    }

    pub(super) fn optional(&mut self, name: &str, value: &IcsText) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    /// UTC in form 2 of RFC 5545 §3.3.5, where no VTIMEZONE can be wrong; in a series the local time of its zone, so that the hour stays
    /// the same when the clocks change.
    pub(super) fn moment(&mut self, name: &str, at: DateTime<Utc>, zone: Option<Tz>) {
        match zone {
            None => self.line(Property::new(name, at.format("%Y%m%dT%H%M%SZ").to_string())),
            Some(zone) => {
                let mut property = Property::new(name, at.with_timezone(&zone).format("%Y%m%dT%H%M%S").to_string());
                property.add_parameter("TZID", zone.name());
                self.line(property);
            }
        }
    }

    /// A whole day.
    pub(super) fn day(&mut self, name: &str, day: NaiveDate) {
        let mut property = Property::new(name, day.format("%Y%m%d").to_string());
        property.add_parameter("VALUE", "DATE");
        self.line(property);
    }

    /// A link, already known to be one.
    pub(super) fn conference(&mut self, uri: &str) {
        let mut property = Property::new("CONFERENCE", uri);
        property.add_parameter("VALUE", "URI");
        self.line(property);
    }

    pub(super) fn organizer(&mut self, name: &str, address: &str) {
        let mut property = Property::new("ORGANIZER", CalAddress::new(address).as_str());
        let cn = CnValue::new(name);
        if !cn.is_empty() {
            property.add_parameter("CN", cn.as_str());
        }
        self.line(property);
    }

    /// `rsvp`: an answer is wanted; iOS and Nextcloud show buttons only when it is spelt out.
    pub(super) fn attendee(&mut self, name: Option<&str>, address: &str, partstat: Option<PartStat>, rsvp: bool) {
        let mut property = Property::new("ATTENDEE", CalAddress::new(address).as_str());
        property.add_parameter("CUTYPE", "INDIVIDUAL").add_parameter("ROLE", "REQ-PARTICIPANT");
        if let Some(partstat) = partstat {
            property.add_parameter("PARTSTAT", partstat.as_str());
        }
        if rsvp {
            property.add_parameter("RSVP", "TRUE");
        }
        let cn = CnValue::new(name.unwrap_or_default());
        if !cn.is_empty() {
            property.add_parameter("CN", cn.as_str());
        }
        self.line(property);
    }

    /// The zone of a series, with every change of the clocks that matters to it spelt out.
    pub(super) fn zone(&mut self, zone: Tz, observances: &[Observance]) {
        self.begin("VTIMEZONE");
        self.fixed("TZID", zone.name());
        for observance in observances {
            let kind = if observance.daylight { "DAYLIGHT" } else { "STANDARD" };
            self.begin(kind);
            self.fixed("DTSTART", &observance.onset.format("%Y%m%dT%H%M%S").to_string());
            self.fixed("TZOFFSETFROM", &offset(observance.from));
            self.fixed("TZOFFSETTO", &offset(observance.to));
            self.optional("TZNAME", &IcsText::line(&observance.name));
            self.end(kind);
        }
        self.end("VTIMEZONE");
    }
}

/// `+0300`; seconds only where there are some (RFC 5545 §3.3.14).
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let all = seconds.unsigned_abs();
    let (hours, minutes, rest) = (all / 3600, all / 60 % 60, all % 60);
    if rest == 0 { format!("{sign}{hours:02}{minutes:02}") } else { format!("{sign}{hours:02}{minutes:02}{rest:02}") }
}
