//! What has come of age is taken out, once a local day; people who asked to be forgotten stay forgotten.
//!
//! Not here: what is taken out and what stays (`store::forget`), the terms (`[retention]` of otklik.toml), the demand itself (`otklik forget`).

use super::{JobError, School};
use crate::compose::{InstanceKey, hmac_token};
use crate::settings::Settings;
use crate::store::{Certificate, Cut, ForgetError, Store, StoreError, Whom};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// The last local day on which everything of age was taken out.
const DONE: &str = "retired_on";
/// Portions a round: the others of a long list follow in the next rounds, so letters are not kept waiting.
const PORTIONS: usize = 5;

/// The local day on which the clock first said something that no letter bears out.
const DOUBTED: &str = "retire_doubted_on";
/// Days without a letter after which the clock alone is not believed.
const SILENT: i64 = 14;
/// Days for which it must go on saying the same.
const STEADY: i64 = 7;

/// Takes out what is older than `[retention]` says (152-FZ, art. 5.7); returns how many rows lost something.
///
/// # Errors
/// The store's; the next round goes on.
pub fn retire(school: &School, now: DateTime<Utc>) -> Result<usize, JobError> {
    let settings = school.settings();
    let date = settings.worktime.local_date(now);
    let today = date.to_string();
    let mut store = school.store();
    // What somebody else's reading kept in the log when a person was forgotten.
    store.empty_log()?;
    if store.meta(DONE)?.as_ref() == Some(&today) || !plausible(&store, date, now)? {
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

/// Whether it is the day that the clock says: what a day too late would take out no one brings back. The mail server's moments of letters that came are the
/// witness; where none came for long (holidays, a school that is called rather than written to), a clock that goes on for a week.
fn plausible(store: &Store, today: NaiveDate, now: DateTime<Utc>) -> Result<bool, JobError> {
    let newest = store.newest_receipt()?;
    if newest.is_some_and(|at| at <= now + TimeDelta::days(1) && now - at <= TimeDelta::days(SILENT)) {
        store.clear_meta(DOUBTED)?;
        return Ok(true);
    }
    let doubted = store.meta(DOUBTED)?.and_then(|d| d.parse::<NaiveDate>().ok());
    let steady = doubted.map(|d| (today - d).num_days());
    if steady.is_none_or(|days| !(0..=8 * STEADY).contains(&days)) {
        store.set_meta(DOUBTED, &today.to_string())?;
    }
    Ok(steady.is_some_and(|days| (STEADY..=8 * STEADY).contains(&days)))
}

/// The keys that may have made a mark, the one that makes new ones first.
pub(super) fn mark_keys(settings: &Settings) -> impl Iterator<Item = &InstanceKey> {
    let composer = &settings.composer;
    composer.marks.iter().chain(std::iter::once(&composer.key)).chain(composer.older.iter().map(|old| &old.key))
}

/// What a mark stands for. In other words of the same key the mark is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marked {
    /// An address.
    Address,
    /// What opened an appeal.
    Appeal,
}

fn mark_under(key: &InstanceKey, marked: Marked, what: &str) -> String {
    match marked {
        Marked::Address => hmac_token(key, "forgotten", &what.to_lowercase()),
        Marked::Appeal => hmac_token(key, "forgotten-appeal", what),
    }
}

/// The mark of an address that asked to be forgotten: keyed, so it names nobody.
pub fn mark(settings: &Settings, address: &str) -> String {
    let key = settings.composer.marks.first().unwrap_or(&settings.composer.key);
    mark_under(key, Marked::Address, address)
}

/// Takes out what is known of somebody, with the mark by which a restored or rebuilt store, and a letter that is found again, are told.
///
/// # Errors
/// As [`Store::forget`].
pub fn forget(school: &School, whom: &Whom, now: DateTime<Utc>) -> Result<Certificate, ForgetError> {
    let settings = school.settings();
    let mut store = school.store();
    let mark = match whom {
        Whom::Address(address) => mark(&settings, address),
        Whom::Appeal(number) => {
            let cause = store.cause_of(*number)?.ok_or(ForgetError::Unknown)?;
            mark_under(settings.composer.marks.first().unwrap_or(&settings.composer.key), Marked::Appeal, &cause)
        }
    };
    store.forget(whom, Some(&mark), now)
}

/// When whoever or whatever this is was forgotten, by a mark of any of the keys.
pub(super) fn forgotten_at(store: &Store, settings: &Settings, marked: Marked, what: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut newest = None;
    for key in mark_keys(settings) {
        newest = newest.max(store.forgotten_at(&mark_under(key, marked, what))?);
    }
    Ok(newest)
}

/// Whether a letter is from somebody who asked to be forgotten after they had written it. Marks of earlier keys count too.
///
/// # Errors
/// The store's.
pub(super) fn is_forgotten(school: &School, settings: &Settings, sender: Option<&str>, received: DateTime<Utc>) -> Result<bool, JobError> {
    let Some(sender) = sender else { return Ok(false) };
    Ok(forgotten_at(&school.store(), settings, Marked::Address, sender)?.is_some_and(|at| received <= at))
}

/// Whether a letter belonged to an appeal that was forgotten, found again under another UID. While the past is lived through the appeal comes about once
/// more, with all that followed, and is taken out in the end: without its first letter an answer to it would begin an appeal of its own.
///
/// # Errors
/// The store's.
pub(super) fn is_forgotten_letter(school: &School, settings: &Settings, content: &str, received: DateTime<Utc>, past: bool) -> Result<bool, JobError> {
    let store = school.store();
    if store.forgotten_letter(content)? {
        return Ok(true);
    }
    Ok(!past && forgotten_at(&store, settings, Marked::Appeal, content)?.is_some_and(|at| received <= at))
}
