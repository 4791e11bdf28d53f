//! Blocked time kept up: series of invitations expanded as the horizon moves on, `.ics` files of busy times, and the time that a member of staff
//! gives to another school of the same daemon.

use super::{JobError, School};
use crate::decide::expand;
use crate::facts::{Block, BlockSource};
use crate::itip;
use crate::settings::Settings;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::SystemTime;

/// Longest file of busy times that is read.
const MOST_BYTES: u64 = 2 << 20;

/// Schools of one daemon that share people: whoever books looks at the others first, one at a time.
#[derive(Default)]
pub struct Neighbours {
    booking: Mutex<()>,
    schools: Mutex<Vec<Weak<School>>>,
}

impl Neighbours {
    /// Makes schools known to each other.
    pub fn introduce(schools: &[Arc<School>]) {
        let shared = Arc::new(Neighbours { booking: Mutex::new(()), schools: Mutex::new(schools.iter().map(Arc::downgrade).collect()) });
        for school in schools {
            *school.neighbours.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&shared));
        }
    }

    /// Held while a school decides: no two schools give the same hour of one person away.
    pub(super) fn booking(&self) -> MutexGuard<'_, ()> {
        self.booking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was last seen of a file.
pub(super) type Seen = BTreeMap<String, Option<SystemTime>>;

/// Series whose expansion ends too soon, and files that have changed.
///
/// # Errors
/// The store's.
pub fn blocks(school: &School, now: DateTime<Utc>) -> Result<(), JobError> {
    let settings = school.settings();
    let round = school.round(&settings, now);
    let horizon = now + TimeDelta::days(i64::from(settings.terms.horizon_days));
    let mut changed = Vec::new();
    let short = school.store().blocks_to_expand(horizon)?;
    for block in short {
        let (times, until) = expand(round, &block.rule);
        changed.push(Block { times, until, ..block });
    }
    changed.extend(files(school, &settings, now));
    if !changed.is_empty() {
        school.store().save_blocks(&changed)?;
    }
    Ok(())
}

/// The files of busy times that are new or changed. One that cannot be read leaves the times known before.
fn files(school: &School, settings: &Settings, now: DateTime<Utc>) -> Vec<Block> {
    let mut seen = school.busy_files.lock().unwrap_or_else(PoisonError::into_inner);
    let mut found = Vec::new();
    for person in &settings.staff {
        let Some(file) = &person.busy_file else { continue };
        let path = settings.rules_dir.join(file);
        let known = std::fs::metadata(&path).ok();
        if known.as_ref().is_some_and(|m| !m.is_file() || m.len() > MOST_BYTES) {
            tracing::warn!(specialist = person.id, "the file of busy times is no plain file, or longer than 2 MB: it is not read");
            continue;
        }
        let changed = known.and_then(|m| m.modified().ok());
        let key = format!("{}/{}", person.id, now.date_naive());
        if seen.get(&key) == Some(&changed) {
            continue;
        }
        let until = now + TimeDelta::days(i64::from(settings.terms.horizon_days) + 14);
        let read = std::fs::read(&path).map_err(|e| e.to_string());
        let read = read.and_then(|bytes| itip::busy_file(&bytes, settings.worktime.zone, now - TimeDelta::days(1), until).map_err(|e| e.to_string()));
        match read {
            Ok((times, cut)) => {
                if cut {
                    tracing::warn!(specialist = person.id, "some entries of the file of busy times are not understood");
                }
                let block = Block {
                    specialist: person.id.clone(),
                    source: BlockSource::File,
                    uid: "file".into(),
                    sequence: 0,
                    dtstamp: None,
                    margin_minutes: 0,
                    rule: Vec::new(),
                    until,
                    times,
                };
                found.push(block);
            }
            Err(why) => tracing::warn!(specialist = person.id, reason = why, "the file of busy times cannot be read; the times known before stay"),
        }
        seen.retain(|k, _| !k.starts_with(&format!("{}/", person.id)));
        seen.insert(key, changed);
    }
    found
}

/// Brings what shared people have in the other schools into this one; the caller holds [`Neighbours::booking`].
///
/// # Errors
/// The store's.
pub(super) fn meet(school: &School, shared: &Neighbours, now: DateTime<Utc>) -> Result<(), JobError> {
    let settings = school.settings();
    let others: Vec<Arc<School>> = shared.schools.lock().unwrap_or_else(PoisonError::into_inner).iter().filter_map(Weak::upgrade).collect();
    let mut found = Vec::new();
    for other in others.iter().filter(|o| !std::ptr::eq(o.as_ref(), school)) {
        let there = other.settings();
        for person in &settings.staff {
            let Some(same) = there.person_by_email(&person.email) else { continue };
            let times = other.store().own_time(&same.id, now)?;
            found.push(Block {
                specialist: person.id.clone(),
                source: BlockSource::School,
                uid: there.school.clone(),
                sequence: 0,
                dtstamp: None,
                margin_minutes: person.travel_minutes,
                rule: Vec::new(),
                until: now,
                times,
            });
        }
    }
    if !found.is_empty() {
        school.store().save_blocks(&found)?;
    }
    Ok(())
}
