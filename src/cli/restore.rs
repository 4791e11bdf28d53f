//! `otklik restore`: a backup becomes a folder that the daemon can start from. Its database is marked: before anything leaves, the daemon brings it
//! up to what INBOX and Sent hold.
//!
//! Not here: that catching up (`jobs::rebuild`), taking another machine's place (`takeover`).

use super::WrongUse;
use crate::jobs::archive::{Opener, passphrase_in, private_folder, unpack};
use crate::jobs::{DATABASE, RECONCILE};
use crate::store::{contents, open_sound};
use anyhow::{Context, Result};
use chrono::DateTime;
use serde_json::json;
use std::io::{BufRead as _, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,
    /// A folder that is not there yet, or empty: configuration, key and state are put into it
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// A file with the passphrase in its first line; otherwise it is asked on standard input
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    passphrase_file: Option<PathBuf>,
    /// A file with the secret key of age
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

impl Restore {
    pub(super) fn run(self, json: bool, out: &mut impl Write) -> Result<()> {
        if std::fs::read_dir(&self.to).is_ok_and(|mut entries| entries.next().is_some()) {
            let words = format!("{} is not empty; a restore overwrites nothing: name a new folder, and put the old one away first", self.to.display());
            return Err(WrongUse(words).into());
        }
        let opener = match (self.passphrase_file, self.identity) {
            (_, Some(key)) => Opener::Identity(key),
            (Some(file), None) => Opener::Passphrase(passphrase_in(&file)?),
            (None, None) => Opener::Passphrase(asked()?),
        };
        // Under another name until it is whole, checked and marked: nobody can start from half of it.
        let unfinished = unfinished(&self.to)?;
        if unfinished.exists() {
            std::fs::remove_dir_all(&unfinished).with_context(|| format!("removing {}", unfinished.display()))?;
        }
        private_folder(&unfinished)?;
        let names = unpack(&self.file, &opener, &unfinished).with_context(|| format!("opening {}", self.file.display()))?;
        let database = unfinished.join(DATABASE);
        let found = contents(&database).context("looking through the restored database")?;
        let store = open_sound(&database).context("opening the restored database")?;
        let made = made_at(&store)?;
        // A copy of a database that was still catching up goes on from where that one began.
        if store.meta(RECONCILE)?.is_none() {
            store.set_meta(RECONCILE, &made.to_string())?;
        }
        store.settle_down()?;
        drop(store);
        let _ = std::fs::remove_dir(&self.to);
        std::fs::rename(&unfinished, &self.to).with_context(|| format!("putting the restored folder to {}", self.to.display()))?;
        let database = self.to.join(DATABASE);
        let told = state_dir(&self.to.join("otklik.toml"));
        if json {
            let row = json!({"folder": self.to, "files": names.len(), "appeals": found.appeals, "letters": found.letters, "state_until": moment(made)});
            writeln!(out, "{row}")?;
            return Ok(());
        }
        writeln!(out, "restored and checked: {}", self.to.display())?;
        writeln!(out, "{} files; {} appeals, {} letters, as of {}", names.len(), found.appeals, found.letters, moment(made))?;
        writeln!(out, "\nNext (docs/recovery.md):")?;
        writeln!(out, "  1. write the mail passwords (imap-password, smtp-password) into {}", self.to.display())?;
        match told {
            Some(dir) if self.to.join(&dir) != self.to.join("state") => {
                writeln!(out, "  2. put {} into {} (state_dir) and the rest to its place", database.display(), dir.display())?;
            }
            _ => writeln!(out, "  2. start it from there, or put the folder to its place")?,
        }
        writeln!(out, "  3. is the old machine lost or may it still run? then: otklik takeover")?;
        writeln!(out, "  4. otklik run: first it catches up with INBOX and Sent, only then anything leaves")?;
        Ok(())
    }
}

/// Where it lies until it is whole: beside its place, on the same disk.
fn unfinished(to: &Path) -> Result<PathBuf> {
    let name = to.file_name().ok_or_else(|| WrongUse(format!("{} is no name for a new folder", to.display())))?;
    Ok(to.with_file_name(format!(".{}.otklik-unfinished", name.to_string_lossy())))
}

fn moment(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).map(|t| t.to_rfc3339()).unwrap_or_default()
}

/// The last thing that the backup knows of: what happened later is looked for in the mailbox.
fn made_at(store: &crate::store::Store) -> Result<i64> {
    Ok(store.last_moment()?.map_or(0, |at| at.timestamp()))
}

/// A passphrase from the terminal or a pipe; never from the arguments, which everybody on the machine can read.
fn asked() -> Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprint!("passphrase: ");
    }
    let mut line = String::new();
    input.lock().read_line(&mut line).context("reading the passphrase")?;
    let line = line.trim();
    if line.is_empty() {
        return Err(WrongUse("no passphrase; name --passphrase-file FILE or --identity FILE, or write it on standard input".into()).into());
    }
    Ok(line.to_owned())
}

/// `state_dir` as written; the whole configuration is checked only where its passwords are.
fn state_dir(config: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(config).ok()?;
    let line = text.lines().map(str::trim).find_map(|l| l.strip_prefix("state_dir"))?;
    let value = line.trim_start().strip_prefix('=')?.trim().trim_start_matches('"');
    Some(PathBuf::from(value.split('"').next()?))
}
