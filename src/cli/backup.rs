//! `otklik backup`: a checked, locked copy of everything that a lost machine would cost; works beside the daemon.
//!
//! Not here: what goes in (`jobs::backup`), opening one (`restore`).

use super::{WrongUse, loaded};
use crate::clock::Clock;
use crate::jobs::{Made, backup, backup_by_rule};
use crate::settings::{BackupLock, BackupRule};
use anyhow::{Context, Result};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file to write; otherwise one in the folder of [backup], where the oldest are then deleted
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Lock it with the passphrase in the first line of this file instead of by [backup]
    #[arg(long, value_name = "FILE", conflicts_with = "recipient")]
    passphrase_file: Option<PathBuf>,
    /// Lock it to this public key of age instead of by [backup]
    #[arg(long, value_name = "age1…")]
    recipient: Option<String>,
}

impl Backup {
    pub(super) fn run(self, config: &Path, json: bool, out: &mut impl Write) -> Result<()> {
        let settings = loaded(config)?.settings;
        let lock = match (self.passphrase_file, self.recipient) {
            (Some(file), _) => Some(BackupLock::Passphrase(file)),
            (None, Some(key)) => Some(BackupLock::Recipient(key)),
            (None, None) => None,
        };
        let Some(lock) = lock.or_else(|| settings.backup.as_ref().map(|b| b.lock.clone())) else {
            return Err(WrongUse(
                "who can open the backup? name --passphrase-file FILE or --recipient age1…, or write [backup] into the configuration (docs/recovery.md)".into(),
            )
            .into());
        };
        let now = Clock::System.now();
        let made = match (&self.out, &settings.backup) {
            (Some(file), _) if file.exists() => {
                return Err(WrongUse(format!("{} is there already; a backup overwrites nothing: name a new file", file.display())).into());
            }
            (Some(file), _) => backup(&settings, config, &lock, file, now),
            (None, Some(rule)) => backup_by_rule(&settings, config, &BackupRule { lock, ..rule.clone() }, now),
            (None, None) => return Err(WrongUse("where to? name --out FILE, or write [backup] folder into the configuration".into()).into()),
        };
        let made = made.context("making the backup")?;
        say(&made, json, out)
    }
}

fn say(made: &Made, json: bool, out: &mut impl Write) -> Result<()> {
    let c = made.contents;
    if json {
        let row = json!({
            "file": made.file, "schema": c.version, "appeals": c.appeals, "letters": c.letters, "postings": c.postings, "files": made.files, "deleted": made.deleted,
        });
        writeln!(out, "{row}")?;
        return Ok(());
    }
    writeln!(out, "written and checked: {}", made.file.display())?;
    writeln!(out, "{} appeals, {} letters, {} postings, schema {}; {} other files", c.appeals, c.letters, c.postings, c.version, made.files)?;
    if made.deleted > 0 {
        writeln!(out, "older backups deleted: {}", made.deleted)?;
    }
    writeln!(out, "The mail passwords are not in it. Keep the secret that opens it elsewhere than on this machine.")?;
    Ok(())
}
