//! A feed of events that anybody may subscribe to: METHOD:PUBLISH with a name (RFC 5546 §3.2.1, RFC 7986 §5.1). Nobody is invited, nothing is answered.
//!
//! Not here: what is published (`publish`).

use super::Method;
use super::build::{Event, vevent, zones};
use super::clean::IcsText;
use super::writer::Writer;

/// Hours after which a subscriber may look again.
const REFRESH: &str = "PT12H";

/// The feed as text, under a name that calendars show. Each event has a UID of its own; their methods are not looked at.
pub fn feed(name: &str, events: &[Event]) -> String {
    let mut out = Writer::calendar(Method::Publish.as_str());
    let name = IcsText::line(name);
    out.optional("NAME", &name);
    out.optional("X-WR-CALNAME", &name);
    out.fixed("X-PUBLISHED-TTL", REFRESH);
    zones(&mut out, events, Method::Publish);
    for event in events {
        vevent(&mut out, event, Method::Publish, event.partstat, None);
    }
    out.finish()
}
