//! What has come of age is taken out, once a local day; people who asked to be forgotten stay forgotten.
//!
//! Not here: what is taken out and what stays (`store::forget`), the terms (`[retention]` of otklik.toml), the demand itself (`otklik forget`).

use super::{JobError, School};
use crate::compose::hmac_token;
use crate::settings::Settings;
use crate::store::Cut;
use chrono::{DateTime, TimeDelta, Utc};

/// The last local day on which everything of age was taken out.
const DONE: &str = "retired_on";
/// Portions a round: the others of a long list follow in the next rounds, so letters are not kept waiting.
const PORTIONS: usize = 5;

/// Takes out what is older than `[retention]` says (152-FZ, art. 5.7); returns how many rows lost something.
///
/// # Errors
/// The store's; the next round goes on.
pub fn retire(school: &School, now: DateTime<Utc>) -> Result<usize, JobError> {
    let settings = school.settings();
    let today = settings.worktime.local_date(now).to_string();
    let mut store = school.store();
    if store.meta(DONE)?.as_ref() == Some(&today) {
        return Ok(0);
    }
    let ago = |days: u32| now - TimeDelta::days(i64::from(days));
    let cut = Cut { words: ago(settings.retention.words), people: ago(settings.retention.people) };
    let mut sum = 0;
    for _ in 0..PORTIONS {
        let done = store.retire(cut)?;
        sum += done;
        if done == 0 {
            store.set_meta(DONE, &today)?;
            break;
        }
    }
    Ok(sum)
}

/// The mark of an address that asked to be forgotten: keyed, so it names nobody.
pub fn mark(settings: &Settings, address: &str) -> String {
    hmac_token(&settings.composer.key, "forgotten", &address.to_lowercase())
}

/// Whether a letter is from somebody who asked to be forgotten after they had written it. Marks of the key before count too.
///
/// # Errors
/// The store's.
pub(super) fn is_forgotten(school: &School, settings: &Settings, sender: Option<&str>, received: DateTime<Utc>) -> Result<bool, JobError> {
    let Some(sender) = sender else { return Ok(false) };
    let address = sender.to_lowercase();
    let keys = std::iter::once(&settings.composer.key).chain(settings.composer.older.iter().map(|old| &old.key));
    for key in keys {
        if school.store().forgotten(&hmac_token(key, "forgotten", &address), received)? {
            return Ok(true);
        }
    }
    Ok(false)
}
