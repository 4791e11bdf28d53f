//! Group consultations: planned and ordered by staff, looked at by the clock. The same decisions and transactions as the daemon's.

use super::commands::Command;
use super::{JobError, School, records};
use crate::decide::{GroupOrder, Plan, on_group, on_group_taken_over, on_groups, on_plan};
use crate::facts::{ForMeeting, ForPlan};
use crate::store::StoreError;
use chrono::{DateTime, Utc};

/// Why an order about a group was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// No such group.
    #[error("there is no group {0}; `otklik group list` shows them")]
    Unknown(i64),
    /// The decision's words, or the store's.
    #[error(transparent)]
    Refused(#[from] StoreError),
    /// What stops a job.
    #[error(transparent)]
    Job(#[from] JobError),
}

/// Plans a group consultation; returns its number.
///
/// # Errors
/// A sentence for the person who gave the order.
pub fn plan(school: &School, plan: &Plan, now: DateTime<Utc>) -> Result<i64, GroupError> {
    let settings = school.refresh()?;
    let round = school.round(&settings, now);
    let decide = |facts: &ForPlan| {
        let mut effects = on_plan(round, facts, plan)?;
        effects.push(records::record_command(school, Command::Plan(plan.clone()), now)?);
        Ok(effects)
    };
    Ok(school.store().plan_meeting(now, decide)?)
}

/// Carries out an order about a group.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn group_order(school: &School, id: i64, order: &GroupOrder, now: DateTime<Utc>) -> Result<(), GroupError> {
    let settings = school.refresh()?;
    let round = school.round(&settings, now);
    let joining = match order {
        GroupOrder::Join(number) => Some(*number),
        _ => None,
    };
    let decide = |facts: &ForMeeting| {
        let mut effects = on_group(round, facts, order)?;
        effects.push(records::record_command(school, Command::Group { group: id, order: order.clone() }, now)?);
        Ok(effects)
    };
    school.store().decide_meeting(id, joining, now, decide)?.ok_or(GroupError::Unknown(id))
}

/// What is due of all groups.
///
/// # Errors
/// The store's.
pub(super) fn groups(school: &School, now: DateTime<Utc>) -> Result<(), JobError> {
    let settings = school.refresh()?;
    let round = school.round(&settings, now);
    Ok(school.store().decide_groups(now, |facts| on_groups(round, facts))?)
}

/// Groups that were planned in shadow mode: their specialists get the events now.
///
/// # Errors
/// The store's.
pub(super) fn taken_over(school: &School, now: DateTime<Utc>) -> Result<(), JobError> {
    let settings = school.settings();
    let round = school.round(&settings, now);
    let planned = school.store().meetings(Some(now))?;
    for meeting in planned {
        school.store().decide_meeting(meeting.id, None, now, |facts| Ok(on_group_taken_over(round, facts)))?;
    }
    Ok(())
}
