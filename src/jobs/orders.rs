//! An order of staff carried out: the same decision and transaction as the daemon's.

use super::{JobError, School};
use crate::decide::{Order, on_order};
use crate::store::StoreError;
use chrono::{DateTime, Utc};

/// Why an order was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// No such appeal.
    #[error("there is no appeal {0}; `otklik list` shows the open ones")]
    Unknown(i64),
    /// What stops a job.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The decision's words, or the store's.
    #[error(transparent)]
    Refused(#[from] StoreError),
}

/// Carries out an order about an appeal.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn order(school: &School, number: i64, order: &Order, now: DateTime<Utc>) -> Result<(), OrderError> {
    let settings = school.refresh()?;
    let round = school.round(&settings, now);
    school.booking(now, || school.store().decide_appeal(number, now, |facts| on_order(round, facts, order))?.ok_or(OrderError::Unknown(number)))
}
