//! The backup: database, configuration, rules, templates and instance key in one locked file, checked before it is kept, the oldest deleted.
//!
//! The passwords of mailbox and transport are not in it: they are revoked and made anew at the provider. Not here: the file's form (`archive`),
//! opening one (`otklik restore`).

use super::archive::{self, ArchiveError, Part};
use super::{School, brief};
use crate::effect::Effect;
use crate::settings::{BackupLock, BackupRule, Settings};
use crate::store::{Contents, StoreError, contents, copy_into, mark_copy};
use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Local day of the last daily backup.
const DAY: &str = "backup_day";
/// The local day of a daily backup that was begun and has not ended.
const ATTEMPT: &str = "backup_attempt";
/// The last good backup, seconds.
const MADE: &str = "backup_made";
/// How a backup is called between its school's moment and its ending.
const NAME: &str = "otklik-";
const ENDING: &str = ".tar.age";
const MOMENT: &str = "%Y-%m-%dT%H%M%SZ";
/// The copy of the database while it is made.
const COPY: &str = "backup-copy.db";
/// The database of a rebuild until it is whole.
pub const REBUILDING: &str = "rebuilding.db";

/// Where the database lies inside.
pub const DATABASE: &str = "state/otklik.db";
/// In a copy of the database, and so in a restored one: the moment up to which it knows, until mailbox and database agree again.
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
    let (database, contents) = copied(settings, now)?;
    let mut parts = vec![Part::Open(DATABASE.into(), database), Part::Bytes("instance.key".into(), key_file(settings).into_bytes())];
    let home = config.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    parts.push(Part::File("otklik.toml".into(), config.to_owned()));
    for name in ["rules", "templates"] {
        gather(&home.join(name), name, &mut parts)?;
    }
    parts.push(Part::Bytes("backup.txt".into(), note(settings, now).into_bytes()));
    archive::write(&mut parts, lock, to)?;
    Ok(Made { file: to.to_owned(), contents, files: parts.len() - 1, deleted: 0 })
}

/// A checked copy of the database as an open file without a name: it is in the clear, and must not outlive whatever happens to this process. Beside the
/// database: its disk has the room and its folder is private.
fn copied(settings: &Settings, now: DateTime<Utc>) -> Result<(File, Contents), BackupError> {
    let _one = one_at_a_time(&settings.state_dir)?;
    sweep_files(&settings.state_dir, COPY)?;
    let path = settings.state_dir.join(COPY);
    let made = copy_into(&settings.state_dir.join("otklik.db"), &path)
        .and_then(|()| mark_copy(&path, RECONCILE, now))
        .and_then(|()| contents(&path))
        .map_err(BackupError::from)
        .and_then(|contents| Ok((File::open(&path).map_err(told(&path))?, contents)));
    sweep_files(&settings.state_dir, COPY)?;
    made
}

/// Only one process makes a copy, so that a copy that lies there is either being made or was left by one that died.
fn one_at_a_time(state: &Path) -> Result<File, BackupError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let path = state.join("backup.lock");
    let file = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path).map_err(told(&path))?;
    file.lock().map_err(told(&path))?;
    Ok(file)
}

/// Removes a database and what SQLite lays beside it; that it is not there is as good. Returns whether it was there.
fn sweep_files(state: &Path, name: &str) -> Result<bool, BackupError> {
    let mut found = false;
    for ending in ["", "-wal", "-shm", "-journal"] {
        let path = state.join(format!("{name}{ending}"));
        match std::fs::remove_file(&path) {
            Ok(()) => found = true,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(told(&path)(e)),
        }
    }
    Ok(found)
}

/// Copies of the database in the clear that an end in the middle left behind: of a backup, and of a rebuild. For whoever knows that no rebuild is
/// at work: it needs the folder's lock and no database, so the daemon and whoever has just worked on the database do.
///
/// # Errors
/// What could not be removed.
pub fn sweep(settings: &Settings) -> Result<bool, BackupError> {
    if ![COPY, REBUILDING].iter().any(|name| settings.state_dir.join(name).exists()) {
        return Ok(false);
    }
    let _one = one_at_a_time(&settings.state_dir)?;
    let copy = sweep_files(&settings.state_dir, COPY)?;
    Ok(sweep_files(&settings.state_dir, REBUILDING)? || copy)
}

/// A backup by the configured rule; older ones are deleted once the new one is whole.
///
/// # Errors
/// As [`backup`].
pub fn backup_by_rule(settings: &Settings, config: &Path, rule: &BackupRule, now: DateTime<Utc>) -> Result<Made, BackupError> {
    let name = format!("{}{}{ENDING}", prefix(settings), now.format(MOMENT));
    let made = backup(settings, config, &rule.lock, &rule.folder.join(&name), now)?;
    let deleted = rotate(&rule.folder, &prefix(settings), &name, rule.keep)?;
    Ok(Made { deleted, ..made })
}

/// The daily one, once a local day after its hour. A failure is told to a person and tried again the next day; so is an end of the program in its middle,
/// which leaves nothing but the attempt.
///
/// # Errors
/// The store's.
pub fn daily_backup(school: &School, config: &Path, now: DateTime<Utc>) -> Result<Option<Made>, StoreError> {
    let settings = school.settings();
    if let Err(e) = sweep(&settings) {
        tracing::error!(reason = brief(&e), "an unfinished copy of the database could not be removed");
    }
    let Some(rule) = &settings.backup else { return Ok(None) };
    let local = now.with_timezone(&settings.worktime.zone);
    let day = local.format("%Y-%m-%d").to_string();
    let call = |day: &str, why: &str| {
        let text = format!("the daily backup failed ({why}); run `otklik backup` to see it work");
        school.store().carry_out(&[Effect::Alert { key: format!("backup/{day}"), text }], now)
    };
    let attempt = school.store().meta(ATTEMPT)?;
    if let Some(day) = attempt.filter(|a| !a.is_empty()) {
        call(&day, "the program was ended in the middle of it")?;
        school.store().set_meta(DAY, &day)?;
        school.store().clear_meta(ATTEMPT)?;
    }
    if local.time() < rule.at || school.store().meta(DAY)?.as_ref() == Some(&day) {
        return Ok(None);
    }
    school.store().set_meta(ATTEMPT, &day)?;
    let made = backup_by_rule(&settings, config, rule, now);
    let done = match made {
        Ok(made) => {
            school.store().set_meta(MADE, &now.timestamp().to_string())?;
            Some(made)
        }
        Err(e) => {
            call(&day, &brief(&e))?;
            None
        }
    };
    school.store().set_meta(DAY, &day)?;
    school.store().clear_meta(ATTEMPT)?;
    Ok(done)
}

/// The present key, the one before it and those of the marks, in the form in which the configuration reads them.
fn key_file(settings: &Settings) -> String {
    let hex = |key: &[u8; 32]| data_encoding::HEXLOWER.encode(key);
    let mut text = format!("{}\n", hex(&settings.composer.key.0));
    if let Some(older) = &settings.composer.older {
        text.push_str(&format!("{} until {}\n", hex(&older.key.0), older.until.to_rfc3339_opts(SecondsFormat::Secs, true)));
    }
    for key in &settings.composer.marks {
        text.push_str(&format!("{} marks\n", hex(&key.0)));
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

/// How the backups of a school are called before their moment: schools that share a folder do not take each other's for their own.
fn prefix(settings: &Settings) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "@.-_".contains(c) { c } else { '_' };
    format!("{NAME}{}-", settings.address.to_lowercase().chars().map(plain).collect::<String>())
}

/// The moment in the name of a backup of ours, `None` for any other file. The first versions wrote no school.
fn moment_of<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    let middle = name.strip_suffix(ENDING)?;
    let moment = middle.strip_prefix(prefix).or_else(|| middle.strip_prefix(NAME))?;
    NaiveDateTime::parse_from_str(moment, MOMENT).is_ok().then_some(moment)
}

/// Deletes all but the newest backups of this school in this folder; other files are left alone, and so is what was made just now and what is named after a
/// later moment: a clock that was wrong for a day must not cost the backups of the days after it. Unfinished files whose writer is gone go too.
fn rotate(folder: &Path, prefix: &str, new: &str, keep: usize) -> Result<usize, BackupError> {
    let Some(now) = moment_of(new, prefix) else { return Ok(0) };
    let mut backups = Vec::new();
    for entry in std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(told(folder))? {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(moment) = moment_of(&name, prefix).filter(|moment| *moment < now) {
            backups.push((moment.to_owned(), entry.path()));
        } else if name.starts_with(prefix) && name.ends_with(archive::PART) && File::open(entry.path()).is_ok_and(|f| f.try_lock().is_ok()) {
            std::fs::remove_file(entry.path()).map_err(told(&entry.path()))?;
        }
    }
    backups.sort();
    let old = backups.len().saturating_sub(keep.saturating_sub(1));
    for (_, path) in backups.iter().take(old) {
        std::fs::remove_file(path).map_err(told(path))?;
    }
    Ok(old)
}
