//! The only wall clock of the program.

use chrono::{DateTime, Utc};

/// Where `now` comes from.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A set moment: rehearsals, demo, tests.
    Virtual(DateTime<Utc>),
}

impl Clock {
    /// The moment of this round, to whole seconds: mail and calendars know no finer time.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Clock::System => {
                #[expect(clippy::disallowed_methods, reason = "the one wall clock")]
                let now = Utc::now();
                DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
            }
            Clock::Virtual(at) => *at,
        }
    }
}
