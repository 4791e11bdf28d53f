//! How letters were made at a moment of the past: with the key and the epoch of that time, in shadow or live; and the way back to the present, which
//! is found whatever happens on the way.
//!
//! Not here: what is lived through (`rebuild`).

use super::own::Own;
use super::{School, takeover};
use crate::compose::InstanceKey;
use crate::settings::{Mode, Settings};
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// The present, as the files say. It is put back when this is dropped, also when living through the past broke off: the next try must begin with the
/// key of today.
pub(super) struct Present<'a> {
    school: &'a School,
    settings: Arc<Settings>,
}

impl<'a> Present<'a> {
    pub(super) fn of(school: &'a School) -> Present<'a> {
        Present { school, settings: school.settings() }
    }

    /// Back to it: key and mode of the files, the epoch that the store knows.
    pub(super) fn back(&self) {
        self.school.live_in_the_past(None);
        let epoch = takeover::epoch(&self.school.store());
        let (key, mode) = (&self.settings.composer.key, self.settings.mode);
        self.school.retune(|s| {
            s.composer.key = InstanceKey(key.0);
            s.composer.epoch = epoch;
            s.mode = mode;
        });
    }
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.back();
    }
}

/// What was known at a moment; moments only go on, so each letter of ours is looked at once.
pub(super) struct Then {
    present: Arc<Settings>,
    /// Of our signed letters: when each left, and its epoch.
    epochs: Vec<(DateTime<Utc>, u32)>,
    /// How many of them had left, and the newest epoch among those.
    seen: usize,
    epoch: u32,
    /// Letters of the trial are among ours.
    shadow: bool,
    /// When the first letter that went to its reader was decided.
    live_since: Option<DateTime<Utc>>,
    /// A restored database knows its mode by itself.
    fresh: bool,
}

impl Then {
    pub(super) fn new(present: Arc<Settings>, own: &[Own], fresh: bool) -> Then {
        Then {
            present,
            epochs: own.iter().filter(|o| o.stamp.signed).map(|o| (o.proved.at, o.stamp.epoch)).collect(),
            seen: 0,
            epoch: 1,
            shadow: own.iter().any(|o| o.stamp.shadow),
            live_since: own.iter().find(|o| !o.stamp.shadow && !o.stamp.record).map(|o| o.decided),
            fresh,
        }
    }

    /// From now on letters are made as they were made then.
    pub(super) fn set(&mut self, school: &School, at: DateTime<Utc>) -> Result<(), StoreError> {
        while let Some((_, epoch)) = self.epochs.get(self.seen).filter(|(left, _)| *left <= at) {
            self.epoch = self.epoch.max(*epoch);
            self.seen += 1;
        }
        let composer = &self.present.composer;
        let key = composer.older.as_ref().filter(|older| at <= older.until).map_or(&composer.key, |older| &older.key);
        let mode = self.mode(at);
        if mode == Some(Mode::Live) && self.shadow && school.store().meta("mode")?.is_none() {
            school.store().set_meta("mode", "live")?;
        }
        let now = school.settings();
        if now.composer.epoch != self.epoch || now.composer.key.0 != key.0 || mode.is_some_and(|m| m != now.mode) {
            school.retune(|s| {
                s.composer.epoch = self.epoch;
                s.composer.key = InstanceKey(key.0);
                s.mode = mode.unwrap_or(s.mode);
            });
        }
        Ok(())
    }

    /// Shadow until the first letter that went to its reader.
    fn mode(&self, at: DateTime<Utc>) -> Option<Mode> {
        self.fresh.then(|| if !self.shadow || self.live_since.is_some_and(|since| since <= at) { Mode::Live } else { Mode::Shadow })
    }
}
