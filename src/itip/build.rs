//! The objects we send: one event, one attendee, UTC times, no foreign text in any property.
//!
//! `BEGIN` and `END` are written here, since the writer of `icalendar` adds random UIDs and the wall clock to
//! components; single content lines are formatted by it, behind the types of `clean`.

use super::clean::{CalAddress, CnValue, IcsText};
use super::{Method, PartStat};
use chrono::{DateTime, Utc};
use icalendar::Property;

/// Ours, never another program's: clients switch quirks on by it.
const PRODID: &str = "-//Otklik//Otklik//RU";

/// A display alarm before the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Minutes before the start.
    pub minutes_before: u32,
    /// What it shows.
    pub text: String,
}

/// One consultation as one person's calendar sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// REQUEST, CANCEL, REPLY or DECLINECOUNTER.
    pub method: Method,
    /// Unguessable, one for each attendee.
    pub uid: String,
    /// Grows with every change of time (RFC 5546 §2.1.4).
    pub sequence: u32,
    /// The round's `now`, strictly later than the last one of this UID.
    pub dtstamp: DateTime<Utc>,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Neutral title.
    pub summary: String,
    /// Time written out, way, how to move it.
    pub description: String,
    /// The channel in words.
    pub location: String,
    /// The school: CN and address of the mailbox.
    pub organizer: (String, String),
    /// The one attendee: CN only for staff, address.
    pub attendee: (Option<String>, String),
    /// Alarm, REQUEST only.
    pub alarm: Option<Alarm>,
}

/// The object as text: CRLF, folded at 75 octets on character borders, deterministic.
///
/// A REPLY needs a participation status, which an `Event` does not hold: it is written as NEEDS-ACTION, which changes
/// nothing for anybody. [`answer`] takes the status. A DECLINECOUNTER carries the description as its COMMENT, the one
/// text it may hold.
pub fn build(event: &Event) -> String {
    write(event, event.method, PartStat::NeedsAction, None)
}

/// What the attendee's own calendar sends back: a COUNTER if the event's method says so (its times are then the
/// proposal), else a REPLY. The demo, the simulation and tests speak for people with it.
pub fn answer(event: &Event, partstat: PartStat, comment: Option<&str>) -> String {
    let method = if event.method == Method::Counter { Method::Counter } else { Method::Reply };
    write(event, method, partstat, comment)
}

fn write(event: &Event, method: Method, partstat: PartStat, comment: Option<&str>) -> String {
    let mut out = Writer::default();
    out.begin("VCALENDAR");
    out.fixed("PRODID", PRODID);
    out.fixed("VERSION", "2.0");
    out.fixed("CALSCALE", "GREGORIAN");
    out.fixed("METHOD", method.as_str());
    out.begin("VEVENT");
    out.text("UID", &IcsText::line(&event.uid));
    // RFC 5546 §3.2.6: a REFRESH asks for whatever is current.
    if method != Method::Refresh {
        out.fixed("SEQUENCE", &event.sequence.to_string());
    }
    out.instant("DTSTAMP", event.dtstamp);
    // RFC 5546 §3.2.6 and §3.2.8: a REFRESH and a DECLINECOUNTER name the event and say nothing else about it.
    let bare = matches!(method, Method::Refresh | Method::DeclineCounter);
    if !bare {
        out.instant("DTSTART", event.start);
        out.instant("DTEND", event.end);
        out.text("SUMMARY", &IcsText::line(&event.summary));
    }
    let described = matches!(method, Method::Publish | Method::Request | Method::Add | Method::Cancel);
    if described {
        out.optional("DESCRIPTION", &IcsText::lines(&event.description));
        out.optional("LOCATION", &IcsText::line(&event.location));
    }
    let comment = if method == Method::DeclineCounter { Some(event.description.as_str()) } else { comment };
    if let Some(comment) = comment {
        out.optional("COMMENT", &IcsText::lines(comment));
    }
    out.organizer(&event.organizer.0, &event.organizer.1);
    // RFC 5546 §3.2.1: no attendees in a PUBLISH.
    if method != Method::Publish {
        out.attendee(event, method, partstat);
    }
    if described {
        out.state(method == Method::Cancel);
    }
    // RFC 5546 §3.2.5: no alarms in a CANCEL; nor in any answer.
    if let (Method::Request, Some(alarm)) = (method, &event.alarm) {
        out.alarm(alarm, &event.summary);
    }
    out.end("VEVENT");
    out.end("VCALENDAR");
    out.0
}

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

/// Content lines one after another.
#[derive(Default)]
struct Writer(String);

impl Writer {
    fn begin(&mut self, component: &str) {
        self.0.push_str("BEGIN:");
        self.0.push_str(component);
        self.0.push_str("\r\n");
    }

    fn end(&mut self, component: &str) {
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
    fn fixed(&mut self, name: &str, value: &str) {
        self.line(Property::new(name, value));
    }

    fn text(&mut self, name: &str, value: &IcsText) {
        self.line(Property::new(name, value.as_str()));
    }

    fn optional(&mut self, name: &str, value: &IcsText) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    /// UTC in form 2 of RFC 5545 §3.3.5: no VTIMEZONE to get wrong.
    fn instant(&mut self, name: &str, at: DateTime<Utc>) {
        self.line(Property::new(name, at.format("%Y%m%dT%H%M%SZ").to_string()));
    }

    fn organizer(&mut self, name: &str, address: &str) {
        let mut property = Property::new("ORGANIZER", CalAddress::new(address).as_str());
        let cn = CnValue::new(name);
        if !cn.is_empty() {
            property.add_parameter("CN", cn.as_str());
        }
        self.line(property);
    }

    fn attendee(&mut self, event: &Event, method: Method, partstat: PartStat) {
        let (name, address) = &event.attendee;
        let mut property = Property::new("ATTENDEE", CalAddress::new(address).as_str());
        property.add_parameter("CUTYPE", "INDIVIDUAL").add_parameter("ROLE", "REQ-PARTICIPANT");
        match method {
            // Both are the defaults or nearly so, yet iOS and Nextcloud show buttons only when they are spelt out.
            Method::Request | Method::Add => {
                property.add_parameter("PARTSTAT", PartStat::NeedsAction.as_str()).add_parameter("RSVP", "TRUE");
            }
            Method::Reply | Method::Counter => {
                property.add_parameter("PARTSTAT", partstat.as_str());
            }
            Method::Publish | Method::Cancel | Method::Refresh | Method::DeclineCounter => {}
        }
        let cn = CnValue::new(name.as_deref().unwrap_or_default());
        if !cn.is_empty() {
            property.add_parameter("CN", cn.as_str());
        }
        self.line(property);
    }

    /// Whether the time is taken. Every UID has one attendee, so a CANCEL is always of the entire event and STATUS
    /// belongs in it (RFC 5546 §3.2.5).
    fn state(&mut self, cancelled: bool) {
        let [status, transparency, busy] = if cancelled { ["CANCELLED", "TRANSPARENT", "FREE"] } else { ["CONFIRMED", "OPAQUE", "BUSY"] };
        self.fixed("STATUS", status);
        self.fixed("TRANSP", transparency);
        self.fixed("CLASS", "CONFIDENTIAL");
        self.fixed("X-MICROSOFT-CDO-BUSYSTATUS", busy);
    }

    fn alarm(&mut self, alarm: &Alarm, summary: &str) {
        // RFC 5545 §3.6.6: a display alarm must say something.
        let text = Some(IcsText::line(&alarm.text)).filter(|t| !t.is_empty()).unwrap_or_else(|| IcsText::line(summary));
        self.begin("VALARM");
        self.fixed("ACTION", "DISPLAY");
        self.text("DESCRIPTION", &text);
        self.fixed("TRIGGER", &format!("-PT{}M", alarm.minutes_before));
        self.end("VALARM");
    }
}
