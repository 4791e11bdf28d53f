//! Our REPLY to somebody else's REQUEST: «занято» of a colleague is accepted or declined by the mailbox.
//!
//! Not here: whether it is (`decide`); our own events (`build`).

use super::clean::IcsText;
use super::writer::Writer;
use super::{Method, Object, PartStat};
use chrono::{DateTime, Utc};

/// METHOD:REPLY of the mailbox `(name, address)`, made from what was read (RFC 5546 §3.2.3): UID, SEQUENCE, ORGANIZER, DTSTART and
/// RECURRENCE-ID are echoed, times in UTC or as days; no text of the other side goes out again. Each object is one VEVENT of the one UID.
///
/// `None` where nobody can be answered: no object, or no ORGANIZER in the first.
pub fn reply_to(objects: &[Object], mailbox: (&str, &str), partstat: PartStat, dtstamp: DateTime<Utc>) -> Option<String> {
    let organizer = objects.first()?.organizer.as_deref()?;
    let mut out = Writer::calendar(Method::Reply.as_str());
    for object in objects {
        out.begin("VEVENT");
        // A UID is echoed whole or the other side does not know it again.
        out.text("UID", &IcsText::name(&object.uid));
        out.fixed("SEQUENCE", &object.sequence.max(0).to_string());
        out.moment("DTSTAMP", dtstamp, None);
        if let Some(at) = object.recurrence_id {
            out.moment("RECURRENCE-ID", at, None);
        } else if let Some(day) = object.wall.as_ref().and_then(|w| w.replaced_day()) {
            out.day("RECURRENCE-ID", day);
        }
        match (&object.wall, object.start) {
            (Some(wall), _) if object.all_day => out.day("DTSTART", wall.first_day()),
            (_, Some(start)) => out.moment("DTSTART", start, None),
            _ => {}
        }
        out.organizer("", organizer);
        out.attendee(Some(mailbox.0), mailbox.1, Some(partstat), false);
        out.end("VEVENT");
    }
    Some(out.finish())
}
