//! `otklik blocks`: time that is taken besides consultations, and how to free what somebody blocked by mistake or in another's name. Times and ids of
//! staff only: what an event is about is not kept.

use super::WrongUse;
use crate::clock::Clock;
use crate::jobs::School;
use anyhow::Result;
use clap::Subcommand;
use serde_json::json;
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct BlocksArguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Free the time of a block again
    Remove {
        /// Number in the list
        id: i64,
    },
}

impl BlocksArguments {
    pub(super) fn run(self, school: &School, as_json: bool, out: &mut impl Write) -> Result<()> {
        if let Some(What::Remove { id }) = self.what {
            if !school.store().remove_block(id)? {
                return Err(WrongUse(format!("there is no block {id}; `otklik blocks` lists them")).into());
            }
            writeln!(out, "{}", if as_json { json!({"removed": id}).to_string() } else { format!("время {id} снова свободно") })?;
            return Ok(());
        }
        let settings = school.settings();
        let local = |at: chrono::DateTime<chrono::Utc>| settings.worktime.to_local(at).format("%d.%m.%Y %H:%M").to_string();
        let known = school.store().blocks(Clock::System.now())?;
        if known.is_empty() && !as_json {
            writeln!(out, "занятого времени, кроме консультаций, нет")?;
        }
        for b in known {
            if as_json {
                let next = b.next.map(|(from, to)| json!([local(from), local(to)]));
                writeln!(out, "{}", json!({"id": b.id, "specialist": b.specialist, "source": b.source, "times": b.count, "next": next}))?;
                continue;
            }
            let source = match b.source.as_str() {
                "invitation" => "приглашение",
                "file" => "файл",
                _ => "другая школа",
            };
            let next = b.next.map_or_else(|| "прошло".to_owned(), |(from, to)| format!("{} – {}", local(from), local(to)));
            writeln!(
                out,
                "{:>5}  {:<20} {:<12} {next}{}",
                b.id,
                b.specialist,
                source,
                if b.count > 1 { format!(", всего {}", b.count) } else { String::new() }
            )?;
        }
        Ok(())
    }
}
