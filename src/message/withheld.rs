//! What a letter's parts look like in a log or a panic: sizes and kinds, never what people wrote. A failing test names its letter itself.

use super::{Address, Attachment, Body, CalendarPart, Message};
use std::fmt;

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.name.is_some() { "Address(named …)" } else { "Address(…)" })
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attachment({} bytes)", self.bytes.len())
    }
}

impl fmt::Debug for CalendarPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CalendarPart({} bytes)", self.bytes.len())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes, {} own)", self.whole.len(), self.own.len())
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("origin", &self.origin)
            .field("from", &self.from.len())
            .field("body", &self.body)
            .field("attachments", &self.attachments)
            .field("calendars", &self.calendars)
            .field("forwarded", &self.forwarded.len())
            .field("oddities", &self.oddities)
            .finish_non_exhaustive()
    }
}
