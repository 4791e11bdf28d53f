//! Moments that have come, until none is left.

use super::{JobError, School, blocks};
use crate::decide::on_deadline;
use chrono::{DateTime, Utc};

/// Looks at every appeal whose moment has come; returns when to look again.
///
/// # Errors
/// The store's.
pub fn deadlines(school: &School, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, JobError> {
    let settings = school.refresh()?;
    let round = school.round(&settings, now);
    let today = round.date(now).to_string();
    blocks(school, now)?;
    super::groups::groups(school, now)?;
    super::announcements::announcements(school, now)?;
    // Each look sets a later moment, so this ends; the bound guards against a mistake in a rule.
    for _ in 0..100 {
        let looked = school.booking(now, || Ok::<_, JobError>(school.store().decide_deadlines(now, &today, |facts| on_deadline(round, facts))?))?;
        if looked == 0 {
            break;
        }
    }
    super::returns::returns(school, &settings, now)?;
    Ok(school.store().next_wake()?)
}
