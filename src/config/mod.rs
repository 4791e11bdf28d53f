//! Files to [`Settings`]: `otklik.toml`, `rules/`, `templates/`; every mistake at once, with file and line.
//!
//! This is also the one reader of the environment (systemd's credentials, passwords). Not here: what the settings do, and reloading (`daemon`).
//! Every key is described in `docs/configuration.md`.

mod announcements;
mod backup;
mod class_hours;
mod contacts;
mod demo;
mod document;
mod embedded;
mod files;
mod gaps;
mod gather;
mod hours;
mod main_file;
mod publishing;
mod rules;
mod secrets;
mod server;
mod staff;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_subjects;
mod values;
mod warnings;

pub use demo::{DEMO, demo};
pub use secrets::{keys, mark_keys};
pub(crate) use values::{email, host, loopback, phone};

use crate::settings::Settings;
use chrono::NaiveDate;
use std::path::{Path, PathBuf};

/// A mistake in a file of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// File, relative to the configuration's folder.
    pub file: String,
    /// Line from 1, where known.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        place(f, &self.file, self.line)?;
        f.write_str(&self.message)
    }
}

/// Something that works but should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// File, relative to the configuration's folder.
    pub file: String,
    /// Line from 1, where known.
    pub line: Option<usize>,
    /// What to know and what to do, for who looks after the program.
    pub message: String,
    /// The same for the head, in Russian, for the daily report; `None` where the head can do nothing about it.
    pub report: Option<String>,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        place(f, &self.file, self.line)?;
        f.write_str(&self.message)
    }
}

fn place(f: &mut std::fmt::Formatter<'_>, file: &str, line: Option<usize>) -> std::fmt::Result {
    match line {
        Some(line) => write!(f, "{file}:{line}: "),
        None => write!(f, "{file}: "),
    }
}

/// A configuration without mistakes.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// What to know.
    pub warnings: Vec<Warning>,
    /// Names of the school's own files in `rules/` and `templates/`.
    pub own: Vec<String>,
}

/// What the process brings besides files.
#[derive(Clone, Default)]
pub struct Surroundings {
    /// systemd's `$CREDENTIALS_DIRECTORY`.
    pub credentials: Option<PathBuf>,
    /// `$OTKLIK_IMAP_PASSWORD`.
    pub imap_password: Option<String>,
    /// `$OTKLIK_SMTP_PASSWORD`.
    pub smtp_password: Option<String>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Surroundings {
        #[expect(clippy::disallowed_methods, reason = "configuration is the one reader of the environment")]
        let variable = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
        Surroundings {
            credentials: variable("CREDENTIALS_DIRECTORY").map(PathBuf::from),
            imap_password: variable("OTKLIK_IMAP_PASSWORD"),
            smtp_password: variable("OTKLIK_SMTP_PASSWORD"),
        }
    }
}

/// Reads `otklik.toml` at `path` with `rules/` and `templates/` beside it. `today` is for the warnings about the days ahead.
pub fn load(path: &Path, today: NaiveDate) -> Result<Loaded, Vec<Mistake>> {
    load_in(path, today, &Surroundings::of_process())
}

/// The same in given surroundings.
pub fn load_in(path: &Path, today: NaiveDate, surroundings: &Surroundings) -> Result<Loaded, Vec<Mistake>> {
    gather::load(path, today, surroundings, true)
}

/// The same without passwords and with the public key, for what neither reads nor sends real mail: `explain`, `due`, `rehearse`.
pub fn load_offline(path: &Path, today: NaiveDate) -> Result<Loaded, Vec<Mistake>> {
    gather::load(path, today, &Surroundings::default(), false)
}

/// Reads the text of `rules/contacts.csv` by itself; all its mistakes at once.
///
/// # Errors
/// Its mistakes, with their lines.
pub fn contacts(bytes: &[u8]) -> Result<Vec<crate::announcement::Contact>, Vec<Mistake>> {
    let notes = document::Notes::default();
    let found = contacts::read(bytes, &notes);
    if notes.is_empty() { Ok(found) } else { Err(notes.into_sorted()) }
}

/// The folder that a configuration lies in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
