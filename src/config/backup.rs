//! `[backup]` of `otklik.toml`: where the daily backup goes, who can open it, how many are kept.
//!
//! Not here: making one (`jobs::backup`).

use super::document::{At, Section};
use crate::settings::{BackupLock, BackupRule};
use chrono::NaiveTime;
use std::path::{Path, PathBuf};

/// As written.
pub(super) struct Backup {
    folder: PathBuf,
    lock: BackupLock,
    keep: usize,
    at: NaiveTime,
}

impl Backup {
    /// With paths that start at the configuration's folder.
    pub(super) fn rule(&self, folder: &Path) -> BackupRule {
        let lock = match &self.lock {
            BackupLock::Passphrase(path) => BackupLock::Passphrase(folder.join(path)),
            recipient @ BackupLock::Recipient(_) => recipient.clone(),
        };
        BackupRule { folder: folder.join(&self.folder), lock, keep: self.keep, at: self.at }
    }
}

/// Reads the section; exactly one of `recipient` and `passphrase_file` is wanted.
pub(super) fn read(section: Section<'_>) -> Option<Backup> {
    let folder = section.required("folder", "/var/backups/otklik");
    let recipient = section.text("recipient", "age1…").and_then(|text| public_key(&section, text));
    let passphrase = section.text("passphrase_file", "backup-passphrase");
    let named = (section.has("recipient"), section.has("passphrase_file"));
    let lock = match (recipient, passphrase) {
        (Some(key), None) => Some(BackupLock::Recipient(key)),
        (None, Some(file)) if !named.0 => Some(BackupLock::Passphrase(PathBuf::from(file.value))),
        _ => None,
    };
    if named.0 == named.1 {
        section.wrong(
            None,
            "who can open the backup? write one of recipient (a public key \"age1…\" of `age-keygen`) and passphrase_file (a file with a passphrase in one line)",
        );
    }
    let keep = section.number("keep", 1..=1000).and_then(|n| usize::try_from(n.value).ok()).unwrap_or(14);
    let at = section.time("at").map(|t| t.value).or_else(|| NaiveTime::from_hms_opt(3, 30, 0)).unwrap_or_default();
    section.finish();
    Some(Backup { folder: PathBuf::from(folder?.value), lock: lock?, keep, at })
}

/// A public key of age in bech32, as `age-keygen` prints it; a secret key has no business here.
fn public_key(section: &Section<'_>, text: At<String>) -> Option<String> {
    let key = text.value.trim().to_owned();
    if key.parse::<age::x25519::Recipient>().is_ok() {
        return Some(key);
    }
    let why = if key.to_ascii_uppercase().starts_with("AGE-SECRET-KEY") {
        "recipient is a secret key; whoever reads this file could open every backup: write the public one (\"age1…\") and keep the secret one elsewhere"
    } else {
        "recipient is no public key of age; `age-keygen` prints one, \"age1\" and 58 more letters and digits"
    };
    section.wrong(Some(text.line), why);
    None
}
