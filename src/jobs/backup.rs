//! The backup: database, configuration, rules, templates and instance key in one locked file, checked before it is kept, the oldest deleted.
//!
//! The passwords of mailbox and transport are not in it: they are revoked and made anew at the provider. Not here: the file's form (`archive`),
//! opening one (`otklik restore`).

use super::archive::{self, ArchiveError, Part};
use super::{School, brief};
use crate::effect::Effect;
use crate::settings::{BackupLock, BackupRule, Settings};
use crate::store::{Contents, StoreError, contents, copy_into};
use chrono::{DateTime, SecondsFormat, Utc};
use std::path::{Path, PathBuf};

/// Local day of the last daily backup.
const DAY: &str = "backup_day";
/// The last good backup, seconds.
const MADE: &str = "backup_made";
/// How a backup is called between its school's moment and its ending.
const NAME: &str = "otklik-";
const ENDING: &str = ".tar.age";

/// Where the database lies inside.
pub const DATABASE: &str = "state/otklik.db";
/// In a restored database: the moment of the backup, until mailbox and database agree again.
pub const RECONCILE: &str = "reconcile";

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Files of this machine.
    #[error("{path}: {why}")]
    Files {
        /// Which.
        path: String,
        /// Why.
        why: String,
    },
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its file.
    pub file: PathBuf,
    /// What the copied database holds.
    pub contents: Contents,
    /// Files beside the database.
    pub files: usize,
    /// Older backups that were deleted.
    pub deleted: usize,
}

fn told(path: &Path) -> impl Fn(std::io::Error) -> BackupError + '_ {
    move |e| BackupError::Files { path: path.display().to_string(), why: e.to_string() }
}

/// Makes a backup into `to`, or into the configured folder under a name of its moment.
///
/// # Errors
/// What could not be read, copied, checked or written; no file is left then.
pub fn backup(settings: &Settings, config: &Path, lock: &BackupLock, to: &Path, now: DateTime<Utc>) -> Result<Made, BackupError> {
    let folder = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    archive::private_folder(folder)?;
    // Beside the database: its disk has the room and its folder is private.
    let copy = settings.state_dir.join("backup-copy.db");
    let _ = std::fs::remove_file(&copy);
    let made = copy_into(&settings.state_dir.join("otklik.db"), &copy).and_then(|()| contents(&copy)).map_err(BackupError::from).and_then(|contents| {
        let mut parts = vec![Part::File(DATABASE.into(), copy.clone()), Part::Bytes("instance.key".into(), key_file(settings).into_bytes())];
        let home = config.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        parts.push(Part::File("otklik.toml".into(), config.to_owned()));
        for name in ["rules", "templates"] {
            gather(&home.join(name), name, &mut parts)?;
        }
        parts.push(Part::Bytes("backup.txt".into(), note(settings, now).into_bytes()));
        archive::write(&parts, lock, to)?;
        Ok(Made { file: to.to_owned(), contents, files: parts.len() - 1, deleted: 0 })
    });
    let _ = std::fs::remove_file(&copy);
    made
}

/// A backup by the configured rule; older ones are deleted once the new one is whole.
///
/// # Errors
/// As [`backup`].
pub fn backup_by_rule(settings: &Settings, config: &Path, rule: &BackupRule, now: DateTime<Utc>) -> Result<Made, BackupError> {
    let name = format!("{NAME}{}{ENDING}", now.format("%Y-%m-%dT%H%M%SZ"));
    let made = backup(settings, config, &rule.lock, &rule.folder.join(name), now)?;
    Ok(Made { deleted: rotate(&rule.folder, rule.keep)?, ..made })
}

/// The daily one, once a local day after its hour. A failure is told to a person and tried again the next day.
///
/// # Errors
/// The store's.
pub fn daily_backup(school: &School, config: &Path, now: DateTime<Utc>) -> Result<Option<Made>, StoreError> {
    let settings = school.settings();
    let Some(rule) = &settings.backup else { return Ok(None) };
    let local = now.with_timezone(&settings.worktime.zone);
    let day = local.format("%Y-%m-%d").to_string();
    if local.time() < rule.at || school.store().meta(DAY)?.as_ref() == Some(&day) {
        return Ok(None);
    }
    school.store().set_meta(DAY, &day)?;
    match backup_by_rule(&settings, config, rule, now) {
        Ok(made) => {
            school.store().set_meta(MADE, &now.timestamp().to_string())?;
            Ok(Some(made))
        }
        Err(e) => {
            let text = format!("the daily backup failed ({}); run `otklik backup` to see it work", brief(&e));
            school.store().carry_out(&[Effect::Alert { key: format!("backup/{day}"), text }], now)?;
            Ok(None)
        }
    }
}

/// The present key and the one before it, in the form in which the configuration reads them.
fn key_file(settings: &Settings) -> String {
    let hex = |key: &[u8; 32]| data_encoding::HEXLOWER.encode(key);
    let mut text = format!("{}\n", hex(&settings.composer.key.0));
    if let Some(older) = &settings.composer.older {
        text.push_str(&format!("{} until {}\n", hex(&older.key.0), older.until.to_rfc3339_opts(SecondsFormat::Secs, true)));
    }
    text
}

/// For whoever opens the archive by hand.
fn note(settings: &Settings, now: DateTime<Utc>) -> String {
    format!(
        "Резервная копия «Отклика»: {}, {}.\nВосстановить: otklik restore ФАЙЛ --to ПАПКА (docs/recovery.md). Паролей почты здесь нет.\n\
         A backup of Otklik. To restore: otklik restore FILE --to FOLDER (docs/recovery.md). The mail passwords are not in it.\n",
        settings.school,
        now.with_timezone(&settings.worktime.zone).format("%d.%m.%Y %H:%M")
    )
}

/// Plain files below a folder, in order; links are not followed.
fn gather(folder: &Path, name: &str, parts: &mut Vec<Part>) -> Result<(), BackupError> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut entries: Vec<_> = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(told(folder))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let inside = format!("{name}/{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(told(&path))?;
        if kind.is_dir() {
            gather(&path, &inside, parts)?;
        } else if kind.is_file() {
            parts.push(Part::File(inside, path));
        }
    }
    Ok(())
}

/// Deletes all but the newest backups of this folder; other files are left alone. Names sort by their moment.
fn rotate(folder: &Path, keep: usize) -> Result<usize, BackupError> {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(told(folder))?;
    let ours = |name: &str| name.starts_with(NAME) && name.ends_with(ENDING);
    let mut backups: Vec<PathBuf> = entries.iter().filter(|e| ours(&e.file_name().to_string_lossy())).map(std::fs::DirEntry::path).collect();
    backups.sort();
    let old = backups.len().saturating_sub(keep);
    for path in backups.iter().take(old) {
        std::fs::remove_file(path).map_err(told(path))?;
    }
    Ok(old)
}
