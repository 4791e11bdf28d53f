//! The jobs: intake, deadlines, reports, dispatch, copies, lessons. Each is idempotent, takes no input but the school and the moment, and can be
//! called by the daemon, by `once`, by a rehearsal and by tests alike. They move; they do not decide.

mod analysis;
mod announcements;
pub mod archive;
mod backup;
mod blocks;
mod brought;
mod coming;
mod commands;
mod copies;
mod deadlines;
mod dispatch;
pub mod dkim;
mod forgotten;
mod groups;
mod handle;
mod intake;
mod lessons;
mod orders;
mod own;
mod publishing;
mod rebuild;
mod rebuilt;
mod records;
mod rehearsal;
mod reports;
mod retire;
mod returns;
mod sent;
pub mod story;
mod takeover;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_publishing;
#[cfg(test)]
mod tests_trusted;
mod then;

pub use analysis::{Stretch, analyse, first_day};
pub use announcements::announce;
pub use backup::{BackupError, DATABASE, Made, REBUILDING, RECONCILE, backup, backup_by_rule, daily_backup, sweep};
pub use blocks::{Neighbours, blocks};
pub use brought::{BroughtError, bring};
pub use copies::copy_sent;
pub use deadlines::deadlines;
pub use dispatch::{Dispatched, SentLine, dispatch};
pub use groups::{GroupError, group_order, plan};
pub use handle::{handle, handle_proved};
pub use intake::{Intake, intake};
pub use lessons::{learn, train};
pub use orders::{OrderError, go_live, order, silence, undo};
pub use publishing::{publish, write_files};
pub use rebuild::catch_up;
pub use rebuilt::{RebuildError, Rebuilt, Unknown};
pub use rehearsal::{Happening, Rehearsal};
pub use reports::{gather_daily, gather_period, gather_weekly, next_report, reports};
pub use retire::{forget, mark, retire};
pub use returns::{AbsenceError, absence};
pub use takeover::{superseded, take_over};

use crate::decide::Round;
use crate::mailbox::MailboxError;
use crate::settings::{Mode, Settings};
use crate::slots::overlay;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// One school: its settings (replaced as a whole by a reload) and its store.
pub struct School {
    /// As the files say.
    base: RwLock<Arc<Settings>>,
    /// The same with the absences that people told since.
    settings: RwLock<Arc<Settings>>,
    /// The last word about anybody's days that `settings` knows.
    absences: AtomicI64,
    store: Mutex<Store>,
    taught: Mutex<lessons::Taught>,
    neighbours: RwLock<Option<Arc<Neighbours>>>,
    busy_files: Mutex<blocks::Seen>,
    keys: dkim::Keys,
    /// While the past is lived through: what opened an appeal then. Any other letter that would open one is left for the present.
    past: RwLock<Option<std::collections::HashSet<String>>>,
    /// What this process knows of Sent: until it has looked there, another machine may have sent what waits here.
    seen: SeenSent,
    /// Letters that are there at the first start are never answered; rehearsals have no such start.
    pub baseline: bool,
}

/// Whether this process has looked into Sent, and since when it has wanted to send.
#[derive(Default)]
struct SeenSent {
    done: std::sync::atomic::AtomicBool,
    /// Seconds; 0: never yet.
    wanted: AtomicI64,
}

/// What stops a job; the next round tries again.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The mailbox.
    #[error("mailbox: {0}")]
    Mailbox(#[from] MailboxError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The first look into the mailbox finds that the school is not new.
    #[error(
        "the database is gone: it is new here, but Sent holds letters of Otklik. Put the database back, or run `otklik restore` or `otklik rebuild` (docs/recovery.md); for a school that really begins anew: `otklik once --fresh`"
    )]
    NotNew,
    /// Sent holds letters of this very machine that its database knows nothing of.
    #[error("the mailbox knows more than this database, as after a snapshot was put back: it catches up first")]
    Behind,
    /// Files that are published.
    #[error("{0}")]
    Files(String),
}

impl School {
    /// A school over its settings and store.
    pub fn new(mut settings: Settings, store: Store, baseline: bool) -> School {
        settings.composer.epoch = takeover::epoch(&store);
        let settings = Arc::new(settings);
        School {
            base: RwLock::new(settings.clone()),
            settings: RwLock::new(settings),
            absences: AtomicI64::new(0),
            store: Mutex::new(store),
            taught: Mutex::default(),
            neighbours: RwLock::default(),
            busy_files: Mutex::default(),
            past: RwLock::default(),
            seen: SeenSent::default(),
            keys: if baseline { dkim::Keys::system() } else { dkim::Keys::Nowhere },
            baseline,
        }
    }

    /// The same with other keys of signers.
    pub fn with_keys(self, keys: dkim::Keys) -> School {
        School { keys, ..self }
    }

    /// The present settings.
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The settings as the files say, without absences that people told since.
    pub fn as_configured(&self) -> Arc<Settings> {
        self.base.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the settings between rounds.
    pub fn reload(&self, mut settings: Settings) {
        settings.composer.epoch = takeover::epoch(&self.store());
        let settings = Arc::new(settings);
        *self.base.write().unwrap_or_else(PoisonError::into_inner) = settings.clone();
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
        self.absences.store(0, Ordering::SeqCst);
        self.forget_training();
    }

    /// Changes how letters are made from now on, without reading the files again: a takeover, or a rebuild that lives through another time.
    pub fn retune(&self, change: impl Fn(&mut Settings)) {
        for place in [&self.base, &self.settings] {
            let mut place = place.write().unwrap_or_else(PoisonError::into_inner);
            let mut settings = (**place).clone();
            change(&mut settings);
            *place = Arc::new(settings);
        }
    }

    /// Sent was looked through by this process, or there is none.
    fn sent_was_seen(&self) {
        self.seen.done.store(true, Ordering::SeqCst);
    }

    /// From now on only these open appeals; `None`: the present again.
    fn live_in_the_past(&self, causes: Option<std::collections::HashSet<String>>) {
        *self.past.write().unwrap_or_else(PoisonError::into_inner) = causes;
    }

    /// The present settings with every absence that people have told: what a round of decisions begins with.
    ///
    /// # Errors
    /// The store's.
    pub fn refresh(&self) -> Result<Arc<Settings>, StoreError> {
        let store = self.store();
        let mark = store.absence_mark()?;
        if mark != self.absences.load(Ordering::SeqCst) {
            let said: Vec<_> = store.absences()?.into_iter().map(|s| s.away).collect();
            let mut settings = (**self.base.read().unwrap_or_else(PoisonError::into_inner)).clone();
            overlay(&mut settings.staff, &said);
            *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
            self.absences.store(mark, Ordering::SeqCst);
        }
        drop(store);
        Ok(self.settings())
    }

    /// The store, for a short while. A panic of another holder left no transaction behind: SQLite rolled it back.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shadow or live: `go-live` is remembered in the store and comes before the file.
    pub fn mode(&self, settings: &Settings) -> Mode {
        match self.store().meta("mode") {
            Ok(Some(mode)) if mode == "live" => Mode::Live,
            _ => settings.mode,
        }
    }

    /// Runs a decision while no other school of the daemon books, with what shared people have there.
    ///
    /// # Errors
    /// The decision's, or the store's.
    pub fn booking<T, E: From<JobError>>(&self, now: DateTime<Utc>, decide: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let shared = self.neighbours.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(shared) = shared else { return decide() };
        let _booking = shared.booking();
        blocks::meet(self, &shared, now)?;
        decide()
    }

    /// What the decisions of one round share.
    pub fn round<'a>(&self, settings: &'a Settings, now: DateTime<Utc>) -> Round<'a> {
        Round { settings, now, mode: self.mode(settings) }
    }
}

/// An error text fit for a log: one line, bounded, without addresses.
pub fn brief(error: &dyn std::fmt::Display) -> String {
    let text: String = error.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
    text.split(' ').map(|w| if w.contains('@') { "…" } else { w }).collect::<Vec<_>>().join(" ")
}
