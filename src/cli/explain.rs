//! `otklik explain`: what is understood of a letter, with reasons.

use super::WrongUse;
use crate::message::{self, Message};
use crate::settings::Settings;
use crate::understand::{Context, Sent, Topics, Understanding, explain_json, understand};
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
        for file in &self.files {
            let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
            let read = reader.understand(&settings.topics, &message::read(&bytes));
            if json {
                writeln!(out, "{}", explain_json(&file.display().to_string(), &read, settings.worktime.zone))?;
            } else {
                print(out, file, &read)?;
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

fn print(out: &mut impl Write, file: &Path, u: &Understanding) -> Result<()> {
    let word = |v: serde_json::Value| v.as_str().unwrap_or("-").to_owned();
    writeln!(out, "{}", file.display())?;
    writeln!(out, "  вид         {}", word(serde_json::json!(u.kind)))?;
    if let Some(category) = u.category {
        let runner_up = u.runner_up.map(|c| format!(", иначе {}", c.title())).unwrap_or_default();
        writeln!(out, "  тема        {} (уверенность {:.2}{runner_up})", category.title(), u.confidence)?;
    }
    for (yes, what) in [(u.urgent, "срочно"), (u.complaint, "жалоба"), (u.delicate, "беда в семье"), (u.wants_consultation, "просит консультацию")]
    {
        if yes {
            writeln!(out, "  отметка     {what}")?;
        }
    }
    for (title, value) in [("имя", &u.name), ("ребёнок", &u.child), ("класс", &u.class), ("телефон", &u.phone), ("адрес", &u.contact_email)]
    {
        if let Some(value) = value {
            writeln!(out, "  {title:<11} {value}")?;
        }
    }
    for reason in &u.reasons {
        writeln!(out, "  — {reason}")?;
    }
    Ok(())
}
