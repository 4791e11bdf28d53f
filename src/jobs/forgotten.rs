//! Whoever was forgotten after the backup, or before the machine was lost, is forgotten again at the end of a catch-up: the mailbox has brought them back.
//!
//! Not here: the marks (`retire`, `store::forgotten`), what is taken out (`store::forget`), the catch-up (`rebuild`).

use super::retire::{Marked, forgotten_at};
use super::{School, brief};
use crate::effect::Effect;
use crate::settings::Settings;
use crate::store::{ForgetError, StoreError, Whom};
use chrono::{DateTime, Utc};

/// Every address and every appeal that has a mark, as old as it. What is open stays, and calls a person. `present`: the settings with the keys of today;
/// `fresh`: the database was empty before.
///
/// # Errors
/// The store's.
pub(super) fn again(school: &School, present: &Settings, fresh: bool, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut store = school.store();
    if !store.anybody_forgotten()? {
        return Ok(());
    }
    let mut open = Vec::new();
    for address in store.addresses()? {
        if let Some(at) = forgotten_at(&store, present, Marked::Address, &address)? {
            open.extend(store.forget_again(&address, at)?);
        }
    }
    for (number, cause) in store.causes()? {
        if forgotten_at(&store, present, Marked::Appeal, &cause)?.is_none() {
            continue;
        }
        match store.forget(&Whom::Appeal(number), None, now) {
            Ok(_) | Err(ForgetError::Unknown) => {}
            Err(ForgetError::Store(e)) => return Err(e),
            Err(_) => open.push(number),
        }
    }
    for number in open {
        tracing::warn!(appeal = number, "forgotten before, and open again");
        let text = format!("appeal {number} was forgotten (otklik forget) and is open again after the mailbox was read anew: close it and forget it once more");
        store.carry_out(&[Effect::Alert { key: format!("forgotten/{number}"), text }], now)?;
    }
    if let Err(e) = if fresh { store.empty_log().map(drop) } else { store.write_anew() } {
        tracing::warn!(reason = brief(&e), "the database could not be written anew: unused parts of it may hold what was forgotten");
    }
    Ok(())
}
