//! `otklik find +7 900 … | Фамилия | N`: numbers, states and times of appeals, newest first, at most ten; no names, no matters.

use super::WrongUse;
use crate::clock::Clock;
use crate::decide::{found_line, looked_for};
use crate::jobs::School;
use anyhow::Result;
use serde_json::json;
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Find {
    /// A telephone, a surname (of the author or the child), or a number
    #[arg(required = true)]
    what: Vec<String>,
}

impl Find {
    pub(super) fn run(self, school: &School, as_json: bool, out: &mut impl Write) -> Result<()> {
        let what = self.what.join(" ");
        let wanted = looked_for(&what)
            .ok_or_else(|| WrongUse("write a telephone (+7 900 000-00-00), a surname or a number of an appeal: `otklik find Иванова`".to_owned()))?;
        let settings = school.settings();
        let zone = settings.worktime.zone;
        let found = school.store().find(&wanted, Clock::System.now())?;
        for f in &found {
            if as_json {
                let local = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).to_rfc3339();
                let line = json!({"number": f.number, "state": f.state.key(), "received": local(f.received), "due": local(f.due), "consultation": f.consultation.map(local)});
                writeln!(out, "{line}")?;
            } else {
                writeln!(out, "{}", found_line(zone, f))?;
            }
        }
        if found.is_empty() && !as_json {
            writeln!(out, "таких заявок нет")?;
        }
        Ok(())
    }
}
