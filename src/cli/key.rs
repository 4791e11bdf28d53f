//! `otklik key rotate`: a new instance key; the one before it is kept while buttons of its letters may come back.
//!
//! The file keeps both in two lines, and in a third the key that makes the marks of forgotten people. Not here: reading it (`config`), what a key signs (`compose`).

use super::init::new_key;
use crate::jobs::School;
use anyhow::{Context, Result, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Flags.
#[derive(Debug, clap::Args)]
pub struct KeyArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Make a new key; the old one counts until the buttons of its letters have died
    Rotate {
        /// The old key is in wrong hands: it counts no more, and no button sent so far works
        #[arg(long)]
        at_once: bool,
    },
}

impl KeyArguments {
    /// Carries it out. `config` is the configuration's file: the key stands in its folder or in `state_dir`.
    pub fn run(&self, config: &Path, school: &School, now: DateTime<Utc>, out: &mut dyn Write) -> Result<()> {
        let What::Rotate { at_once } = self.what;
        rotate(config, school, at_once, now, out)
    }
}

/// Puts a new key into the file, the old one below it unless it is in wrong hands.
pub(super) fn rotate(config: &Path, school: &School, at_once: bool, now: DateTime<Utc>, out: &mut dyn Write) -> Result<()> {
    let settings = school.settings();
    let older = settings.composer.older.as_ref().map(|o| o.until);
    if let Some(until) = older.filter(|_| !at_once)
        && school.store().tokens_live(until, now)?
    {
        bail!(
            "the key before the present one (until {}) still signs letters of open appeals; rotate again when they are closed for two weeks, or write --at-once: then no button sent so far works",
            until.to_rfc3339_opts(SecondsFormat::Secs, true)
        );
    }
    let path = place(config, &settings.state_dir)?;
    let before = std::fs::read(&path).with_context(|| format!("cannot read {}; run this as its owner", path.display()))?;
    let (present, older_key) = crate::config::keys(&before).with_context(|| format!("{} holds no key; restore it from the backup", path.display()))?;
    let older_key = older_key.map(|o| o.key);
    let mut text = new_key()?;
    if !at_once {
        let hex = data_encoding::HEXLOWER.encode(&present.0);
        text.push_str(&format!("{hex} until {}\n", now.to_rfc3339_opts(SecondsFormat::Secs, true)));
    }
    // Whoever was forgotten is known by a mark of their address: no other key can make it again, so that key stays for this alone. Should it be in wrong
    // hands, it signs nothing; it could only tell, to who has the mailbox too, whether an address that they know was forgotten.
    let mut marks = crate::config::mark_keys(&before);
    if marks.is_empty() {
        marks.push(present);
        marks.extend(older_key);
    }
    for key in &marks {
        text.push_str(&format!("{} marks\n", data_encoding::HEXLOWER.encode(&key.0)));
    }
    if at_once {
        school.store().set_meta("tokens_from", &now.timestamp().to_string())?;
    }
    replace(&path, &text)?;
    writeln!(out, "{}: a new key. Restart the service, and put the file into the backup.", path.display())?;
    if at_once {
        writeln!(out, "No button and no answer to a letter sent so far orders anything any more; staff answer the next letter about their appeal.")?;
    } else {
        writeln!(out, "Buttons of letters sent so far go on working.")?;
    }
    Ok(())
}

/// The file of the key, in the order in which the configuration looks for it.
fn place(config: &Path, state_dir: &Path) -> Result<PathBuf> {
    let folder = config.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let candidates = [folder.join(state_dir).join("instance.key"), folder.join("instance.key")];
    match candidates.iter().find(|p| p.is_file()) {
        Some(found) => Ok(found.clone()),
        None => bail!("there is no instance.key in {} or beside {}; a key kept elsewhere is changed there", state_dir.display(), config.display()),
    }
}

/// The whole file or nothing: half a key would make strangers of all letters.
fn replace(path: &Path, text: &str) -> Result<()> {
    let new = path.with_extension("key.new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&new).with_context(|| format!("cannot write {}; ask for the right to write there", new.display()))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(|| format!("cannot write {}; is the disk full?", new.display()))?;
    std::fs::rename(&new, path).with_context(|| format!("cannot put the new key in the place of {}", path.display()))
}
