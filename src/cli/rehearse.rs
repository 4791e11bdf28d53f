//! `otklik rehearse`: the whole daemon in virtual time on recorded mail; delivers nothing. Format of its output: docs/rehearsal.md.

use super::due::moment;
use crate::compose::PUBLIC_KEY;
use crate::jobs::{Happening, Rehearsal};
use crate::mailbox::recorded;
use crate::settings::Settings;
use crate::store::Store;
use anyhow::{Context, Result};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Rehearse {
    /// A folder of .eml, a Maildir or an mbox file
    #[arg(long, value_name = "PATH")]
    mail: PathBuf,
    /// Where the letters and the transcript are written
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Keeps the state, so that a later call goes on with the mail added since
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Stops here instead of when nothing is due
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

/// Events of the transcript; the history knows more.
const TOLD: [&str; 13] =
    ["received", "ignored", "parked", "opened", "assigned", "taken", "sent", "accepted", "declined", "moved", "overdue", "closed", "report"];

impl Rehearse {
    pub(super) fn run(self, settings: Settings, json: bool, out: &mut impl Write) -> Result<()> {
        let mut settings = settings;
        settings.composer.key = PUBLIC_KEY;
        let until = self.until.as_deref().map(|t| moment(t, &settings)).transpose()?;
        let zone = settings.worktime.zone;
        let store = match &self.state {
            Some(path) => Store::open(path)?,
            None => Store::in_memory()?,
        };
        let mail = recorded(&self.mail).with_context(|| format!("reading {}", self.mail.display()))?;
        let count = mail.len();
        let mut rehearsal = Rehearsal::new(settings, store)?;
        let goes_on = rehearsal.now().is_some();
        let letters = self.out.join("letters");
        std::fs::create_dir_all(&letters).with_context(|| format!("making {}", letters.display()))?;
        let path = self.out.join("transcript.jsonl");
        let file = std::fs::OpenOptions::new().create(true).write(true).append(goes_on).truncate(!goes_on).open(&path);
        let mut transcript = std::io::BufWriter::new(file.with_context(|| format!("writing {}", path.display()))?);
        rehearsal.add(mail)?;
        let mut written = 0_usize;
        let mut failed = None;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(rehearsal.run(until, &mut |h| {
            let told = write_letter(&letters, &h).and_then(|()| tell(&mut transcript, &h, zone));
            written += usize::from(h.raw.is_some());
            if let Err(e) = told {
                failed.get_or_insert(e);
            }
        }))?;
        transcript.flush()?;
        if let Some(e) = failed {
            return Err(e.context(format!("writing into {}", self.out.display())));
        }
        let stopped = rehearsal.now().map(|t| t.with_timezone(&zone).to_rfc3339());
        if json {
            writeln!(out, "{}", json!({"read": count, "letters": written, "stopped_at": stopped}))?;
        } else {
            writeln!(out, "{count} letters read, {written} letters written to {}", letters.display())?;
            writeln!(out, "what happened: {}", path.display())?;
            if let Some(at) = stopped {
                writeln!(out, "stopped at {at}")?;
            }
        }
        Ok(())
    }
}

fn write_letter(folder: &Path, h: &Happening) -> Result<()> {
    if let (Some(raw), Some(name)) = (&h.raw, &h.letter) {
        std::fs::write(folder.join(format!("{name}.eml")), raw)?;
    }
    Ok(())
}

/// A line of the transcript: always the same seven keys.
pub(super) fn tell(transcript: &mut impl Write, h: &Happening, zone: chrono_tz::Tz) -> Result<()> {
    if TOLD.contains(&h.event.as_str()) {
        let row = json!({
            "at": h.at.with_timezone(&zone).to_rfc3339(), "event": h.event, "appeal": h.appeal, "letter": h.letter,
            "kind": h.kind.map(crate::outbox::Kind::key), "to": h.to, "message_id": h.message_id,
        });
        writeln!(transcript, "{row}")?;
    }
    Ok(())
}
