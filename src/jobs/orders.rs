//! An order of staff carried out: the same decision and transaction as the daemon's, with its record in it. Leaving shadow mode is many such orders.

use super::commands::Command;
use super::{JobError, School, groups, records};
use crate::decide::{Order, on_backlog, on_order, on_silence, on_undo};
use crate::facts::ForAppeal;
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
    let others: Vec<i64> = if let Order::Merge(other) = order { vec![*other] } else { Vec::new() };
    let decide = |facts: &ForAppeal| {
        let mut effects = on_order(round, facts, order)?;
        effects.extend(records::record(school, number, order, now)?);
        Ok(effects)
    };
    school.booking(now, || school.store().decide_appeal(number, &others, now, decide)?.ok_or(OrderError::Unknown(number)))
}

/// Takes back what was ordered last about an appeal, within its hour; the sentence that says what has come back.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn undo(school: &School, number: i64, now: DateTime<Utc>) -> Result<String, OrderError> {
    let settings = school.refresh()?;
    let round = school.round(&settings, now);
    let mut said = String::new();
    let decide = |facts: &ForAppeal| {
        let (mut effects, sentence) = on_undo(round, facts)?;
        said = sentence;
        effects.push(records::record_command(school, Command::Undo { appeal: number }, now)?);
        Ok(effects)
    };
    school.booking(now, || school.store().decide_appeal(number, &[], now, decide)?.ok_or(OrderError::Unknown(number)))?;
    Ok(said)
}

/// A family wants no automatic letters up to this day, or wants them again.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn silence(school: &School, number: i64, until: Option<chrono::NaiveDate>, now: DateTime<Utc>) -> Result<(), OrderError> {
    let settings = school.refresh()?;
    let round = school.round(&settings, now);
    let decide = |facts: &ForAppeal| {
        let mut effects = on_silence(round, facts, until)?;
        effects.push(records::record_command(school, Command::Silence { appeal: number, until }, now)?);
        Ok(effects)
    };
    school.store().decide_appeal(number, &[], now, decide)?.ok_or(OrderError::Unknown(number))
}

/// Leaves shadow mode and takes these open appeals over, oldest first; the others are closed before. Their times are looked for together, each
/// is taken over in a transaction of its own. Whatever stops it on the way, it can be called again.
///
/// # Errors
/// A sentence for the person who gave the order.
pub fn go_live(school: &School, take: &[i64], now: DateTime<Utc>) -> Result<(), OrderError> {
    let mut take = take.to_vec();
    take.sort_unstable();
    take.dedup();
    // Still in shadow: seats of closed appeals and times that nobody was told of become free without a letter to a family.
    groups::groups(school, now)?;
    for number in &take {
        order(school, *number, &Order::TakeBack, now)?;
    }
    school.store().withdraw_unsent()?;
    school.store().set_meta("mode", "live")?;
    groups::taken_over(school, now)?;
    let mut known = Vec::with_capacity(take.len());
    for number in &take {
        known.push(school.store().known(*number, now)?.ok_or(OrderError::Unknown(*number))?);
    }
    let settings = school.settings();
    let proposed = on_backlog(school.round(&settings, now), &known);
    for (number, slot) in take.iter().zip(proposed) {
        order(school, *number, &Order::TakeOver(slot), now)?;
    }
    Ok(())
}
