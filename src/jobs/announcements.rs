//! Announcements: letters by their pace, reminders and lists, and the orders of the command line. The same decisions and transactions as the daemon's.

use super::commands::Command;
use super::{JobError, School, records};
use crate::announcement::Announced;
use crate::decide::{AnnouncementOrder, announcement_opens, on_announcement, on_announcements};
use chrono::{DateTime, Utc};

/// What is due of all announcements.
///
/// # Errors
/// The store's.
pub(super) fn announcements(school: &School, now: DateTime<Utc>) -> Result<(), JobError> {
    let settings = school.settings();
    let round = school.round(&settings, now);
    // A reminder or a list that is due may be followed by letters at once; the bound guards against a mistake in a rule.
    for _ in 0..5 {
        if school.store().decide_announcements(
            now,
            settings.announcements.pace.minute,
            |a, family| announcement_opens(round, a, family),
            |facts| on_announcements(round, facts),
        )? == 0
        {
            break;
        }
    }
    Ok(())
}

/// Carries out an order of the command line about an announcement.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn announce(school: &School, about: Option<i64>, order: &AnnouncementOrder, now: DateTime<Utc>) -> Result<(), JobError> {
    let settings = school.settings();
    let round = school.round(&settings, now);
    let decide = |known: &Announced| {
        let mut effects = on_announcement(round, known, order)?;
        effects.push(records::record_command(school, Command::announced(about, order), now)?);
        Ok(effects)
    };
    Ok(school.store().decide_announced(about, now, decide)?)
}
