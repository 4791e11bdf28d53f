//! The objects we send: one event or one series, one attendee, no foreign text in any property.
//!
//! `BEGIN` and `END` are written by us, since the writer of `icalendar` adds random UIDs and the wall clock to components. Single events are
//! in UTC; a series and its instances are in the time of their zone. ADD and THISANDFUTURE are never sent: clients differ about them.

use super::clean::{IcsText, web_link};
use super::vtimezone::observances;
use super::writer::Writer;
use super::{Method, PartStat};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// Most meetings of a series.
const MAX_COUNT: u32 = 500;
/// Most weeks between two of them.
const MAX_INTERVAL: u32 = 52;
/// How long before and after a series its zone is described, for instances that are moved out of it.
const ROUND: TimeDelta = TimeDelta::days(366);

/// A display alarm before the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Minutes before the start.
    pub minutes_before: u32,
    /// What it shows.
    pub text: String,
}

/// Every n-th week at the same local time. Outlook knows no more of RRULE than this without surprises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Whose clock counts.
    pub zone: Tz,
    /// Weeks from one meeting to the next, 1 to 52.
    pub interval: u32,
    /// Meetings, those taken out included (RFC 5545 §3.3.10), at most 500.
    pub count: u32,
    /// Starts of those taken out: holidays.
    pub exdates: Vec<DateTime<Utc>>,
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
    /// Start; of a series: of its first meeting.
    pub start: DateTime<Utc>,
    /// End of the same meeting.
    pub end: DateTime<Utc>,
    /// The series it is, or with `recurrence_id` the one it belongs to.
    pub series: Option<Series>,
    /// Which meeting of the series, by its first start; then `start` is where it is moved to.
    pub recurrence_id: Option<DateTime<Utc>>,
    /// Neutral title.
    pub summary: String,
    /// Time written out, way, how to move it.
    pub description: String,
    /// The channel in words.
    pub location: String,
    /// Link to the call, of our own configuration; anything but http(s) is left out.
    pub conference: Option<String>,
    /// The school: CN and address of the mailbox.
    pub organizer: (String, String),
    /// The one attendee: CN only for staff, address.
    pub attendee: (Option<String>, String),
    /// What they answered: kept where an update changes neither time nor length and SEQUENCE stands (RFC 5546 §3.2.2), else NEEDS-ACTION.
    pub partstat: PartStat,
    /// Alarm, REQUEST only.
    pub alarm: Option<Alarm>,
}

/// The object as text: CRLF, folded at 75 octets on character borders, deterministic.
///
/// A REPLY or a COUNTER carries the event's `partstat`; [`answer`] takes another. A DECLINECOUNTER carries the description as its COMMENT,
/// the one text it may hold.
pub fn build(event: &Event) -> String {
    build_all(std::slice::from_ref(event))
}

/// A series with its moved meetings, or several meetings of one cancelled together: events of one UID and one method in one object
/// (RFC 5546 §3.2.2, §3.2.5). The method is that of the first.
pub fn build_all(events: &[Event]) -> String {
    let method = events.first().map_or(Method::Request, |e| e.method);
    write(events, method, None, None)
}

/// What the attendee's own calendar sends back: a COUNTER if the event's method says so (its times are then the
/// proposal), else a REPLY. The demo, the simulation and tests speak for people with it.
pub fn answer(event: &Event, partstat: PartStat, comment: Option<&str>) -> String {
    let method = if event.method == Method::Counter { Method::Counter } else { Method::Reply };
    write(std::slice::from_ref(event), method, Some(partstat), comment)
}

fn write(events: &[Event], method: Method, partstat: Option<PartStat>, comment: Option<&str>) -> String {
    let mut out = Writer::calendar(method.as_str());
    zones(&mut out, events, method);
    for event in events {
        vevent(&mut out, event, method, partstat.unwrap_or(event.partstat), comment);
    }
    out.finish()
}

/// RFC 5546 §3.2.6 and §3.2.8: a REFRESH and a DECLINECOUNTER name the event and say nothing else about it.
fn bare(method: Method) -> bool {
    matches!(method, Method::Refresh | Method::DeclineCounter)
}

/// A VTIMEZONE for each zone that is named (RFC 5545 §3.2.19), and none that is not.
pub(super) fn zones(out: &mut Writer, events: &[Event], method: Method) {
    let mut written: Vec<Tz> = Vec::new();
    let named = |e: &&Event| !bare(method) || e.recurrence_id.is_some();
    for zone in events.iter().filter(named).filter_map(|e| e.series.as_ref()).map(|s| s.zone) {
        if written.contains(&zone) {
            continue;
        }
        written.push(zone);
        let of = || events.iter().filter(|e| e.series.as_ref().is_some_and(|s| s.zone == zone));
        let first = of().map(|e| e.recurrence_id.map_or(e.start, |id| id.min(e.start))).min();
        let last = of().map(|e| e.recurrence_id.map_or(e.end, |id| id.max(e.end)).max(last_start(e))).max();
        if let (Some(first), Some(last)) = (first, last) {
            let from = first.checked_sub_signed(ROUND).unwrap_or(first);
            out.zone(zone, &observances(zone, from, last.checked_add_signed(ROUND).unwrap_or(last)));
        }
    }
}

fn last_start(event: &Event) -> DateTime<Utc> {
    let weeks = event.series.as_ref().map_or(0, |s| i64::from(s.interval.clamp(1, MAX_INTERVAL)) * i64::from(s.count.clamp(1, MAX_COUNT)));
    event.start.checked_add_signed(TimeDelta::weeks(weeks)).unwrap_or(event.start)
}

pub(super) fn vevent(out: &mut Writer, event: &Event, method: Method, partstat: PartStat, comment: Option<&str>) {
    let zone = event.series.as_ref().map(|s| s.zone);
    out.begin("VEVENT");
    out.text("UID", &IcsText::line(&event.uid));
    // RFC 5546 §3.2.6: a REFRESH asks for whatever is current.
    if method != Method::Refresh {
        out.fixed("SEQUENCE", &event.sequence.to_string());
    }
    out.moment("DTSTAMP", event.dtstamp, None);
    if let Some(id) = event.recurrence_id {
        out.moment("RECURRENCE-ID", id, zone);
    }
    if !bare(method) {
        out.moment("DTSTART", event.start, zone);
        out.moment("DTEND", event.end, zone);
        // A CANCEL names the series by its UID; what the rule was no longer matters.
        if method != Method::Cancel && event.recurrence_id.is_none() {
            series(out, event);
        }
        out.text("SUMMARY", &IcsText::line(&event.summary));
    }
    let described = matches!(method, Method::Publish | Method::Request | Method::Add | Method::Cancel);
    if described {
        out.optional("DESCRIPTION", &IcsText::lines(&event.description));
        out.optional("LOCATION", &IcsText::line(&event.location));
        if let Some(link) = event.conference.as_deref().and_then(web_link).filter(|_| method != Method::Cancel) {
            out.conference(link);
        }
    }
    let comment = if method == Method::DeclineCounter { Some(event.description.as_str()) } else { comment };
    if let Some(comment) = comment {
        out.optional("COMMENT", &IcsText::lines(comment));
    }
    out.organizer(&event.organizer.0, &event.organizer.1);
    attendee(out, event, method, partstat);
    if described {
        state(out, method);
    }
    // RFC 5546 §3.2.5: no alarms in a CANCEL; nor in any answer.
    if let (Method::Request, Some(alarm)) = (method, &event.alarm) {
        display(out, alarm, &event.summary);
    }
    out.end("VEVENT");
}

fn series(out: &mut Writer, event: &Event) {
    let Some(series) = &event.series else { return };
    let (interval, count) = (series.interval.clamp(1, MAX_INTERVAL), series.count.clamp(1, MAX_COUNT));
    out.fixed("RRULE", &format!("FREQ=WEEKLY;INTERVAL={interval};COUNT={count}"));
    // One to a line: lists are where old clients stumble.
    for at in series.exdates.iter().take(MAX_COUNT as usize) {
        out.moment("EXDATE", *at, Some(series.zone));
    }
}

fn attendee(out: &mut Writer, event: &Event, method: Method, partstat: PartStat) {
    let (name, address) = &event.attendee;
    let (partstat, rsvp) = match method {
        // RFC 5546 §3.2.1: no attendees in a PUBLISH.
        Method::Publish => return,
        Method::Request | Method::Add => (Some(partstat), true),
        Method::Reply | Method::Counter => (Some(partstat), false),
        Method::Cancel | Method::Refresh | Method::DeclineCounter => (None, false),
    };
    out.attendee(name.as_deref(), address, partstat, rsvp);
}

/// Whether the time is taken. Every UID has one attendee, so a CANCEL is always of the entire event, or of an entire meeting of a series, and
/// STATUS belongs in it (RFC 5546 §3.2.5).
///
/// What is published is for everybody to see, and takes nobody's time who subscribes to it.
fn state(out: &mut Writer, method: Method) {
    let [status, transparency, busy] = match method {
        Method::Cancel => ["CANCELLED", "TRANSPARENT", "FREE"],
        Method::Publish => ["CONFIRMED", "TRANSPARENT", "FREE"],
        _ => ["CONFIRMED", "OPAQUE", "BUSY"],
    };
    out.fixed("STATUS", status);
    out.fixed("TRANSP", transparency);
    out.fixed("CLASS", if method == Method::Publish { "PUBLIC" } else { "CONFIDENTIAL" });
    out.fixed("X-MICROSOFT-CDO-BUSYSTATUS", busy);
}

fn display(out: &mut Writer, alarm: &Alarm, summary: &str) {
    // RFC 5545 §3.6.6: a display alarm must say something.
    let text = Some(IcsText::line(&alarm.text)).filter(|t| !t.is_empty()).unwrap_or_else(|| IcsText::line(summary));
    out.begin("VALARM");
    out.fixed("ACTION", "DISPLAY");
    out.text("DESCRIPTION", &text);
    out.fixed("TRIGGER", &format!("-PT{}M", alarm.minutes_before));
    out.end("VALARM");
}
