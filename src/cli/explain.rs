//! `otklik explain`: what is understood of a letter, with reasons; of several letters also which of them tell of one thing.

mod shown;
#[cfg(test)]
mod tests;

use super::WrongUse;
use crate::message::{self, Message};
use crate::settings::Settings;
use crate::understand::{ALIKE, Context, Sent, Topics, Understanding, explain_json, gist, likeness, understand};
use anyhow::{Context as _, Result};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// Letters (.eml)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    around: Around,
}

/// What may be known besides a letter.
#[derive(Debug, clap::Args)]
pub(super) struct Around {
    /// Letters sent before, JSON lines (see docs/labels.md)
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// The school's address, where there is no configuration; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    mailbox: Vec<String>,
    /// Domain of staff addresses; may be repeated
    #[arg(long, value_name = "DOMAIN")]
    staff_domain: Vec<String>,
}

/// Understands letters as the school would.
pub(super) struct Reader {
    pub(super) settings: Settings,
    own: Vec<String>,
    domains: Vec<String>,
    sent: Vec<Sent>,
    /// Without a configuration the demo school's people are nobody's staff.
    named: bool,
}

impl Around {
    pub(super) fn reader(&self, path: Option<&Path>) -> Result<Reader> {
        let settings = super::settings_as_taught(path)?;
        let sent = self.known.as_deref().map(known).transpose()?.unwrap_or_default();
        let mut own: Vec<String> = self.mailbox.iter().map(|a| a.to_lowercase()).collect();
        let mut domains: Vec<String> = self.staff_domain.iter().map(|d| d.to_lowercase()).collect();
        if own.is_empty() {
            own.push(settings.address.clone());
            own.extend(settings.aliases.iter().cloned());
        }
        if domains.is_empty() {
            domains.clone_from(&settings.staff_domains);
        }
        let named = super::found(path).is_some() || self.mailbox.is_empty();
        Ok(Reader { settings, own, domains, sent, named })
    }
}

impl Reader {
    pub(super) fn understand(&self, topics: &Topics, message: &Message) -> Understanding {
        let context = Context {
            own: &self.own,
            staff_domains: &self.domains,
            staff: if self.named { &self.settings.staff_names } else { &[] },
            school_phones: &self.settings.school_phones,
            sent: &self.sent,
            received: message.received.or(message.date).map(|d| d.to_utc()),
            zone: Some(self.settings.worktime.zone),
        };
        understand(topics, message, &context)
    }
}

impl Explain {
    pub(super) fn run(self, path: Option<&Path>, json: bool, out: &mut impl Write) -> Result<()> {
        let reader = self.around.reader(path)?;
        let settings = &reader.settings;
        let mut gists = Vec::new();
        for file in &self.files {
            let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
            let read = reader.understand(&settings.topics, &message::read(&bytes));
            if json {
                writeln!(out, "{}", explain_json(&file.display().to_string(), &read, settings.worktime.zone))?;
            } else {
                writeln!(out, "{}\n{}", file.display(), shown::page(&read))?;
                gists.push((file.display().to_string(), gist(&settings.topics, &read)));
            }
        }
        for (i, (name, one)) in gists.iter().enumerate() {
            for (other, two) in gists.iter().skip(i + 1) {
                let like = one.as_ref().zip(two.as_ref()).map_or(0.0, |(a, b)| likeness(a, b));
                if like >= ALIKE {
                    writeln!(out, "похоже об одном: {name} и {other} ({like:.2})")?;
                }
            }
        }
        Ok(())
    }
}

/// Letters sent before.
fn known(path: &Path) -> Result<Vec<Sent>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    (text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()))
        .map(|(i, l)| serde_json::from_str(l).map_err(|e| WrongUse(format!("{}:{}: not a line of --known: {e}", path.display(), i + 1)).into()))
        .collect()
}
