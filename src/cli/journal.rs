//! `otklik journal`: the journal of remote consultations (000 4.4) or the register of appeals, for a period.

use super::due::moment;
use crate::clock::Clock;
use crate::jobs::School;
use crate::report::{csv_of, html_of, register_csv};
use crate::settings::Settings;
use anyhow::Result;
use chrono::TimeDelta;
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Journal {
    /// First day, 2026-09-01; otherwise 30 days back
    #[arg(long)]
    from: Option<String>,
    /// Day after the last; otherwise 60 days ahead
    #[arg(long)]
    to: Option<String>,
    /// Register of appeals instead of consultations
    #[arg(long)]
    register: bool,
    /// A page for print instead of CSV
    #[arg(long, conflicts_with = "register")]
    html: bool,
}

impl Journal {
    pub(super) fn run(self, school: &School, json: bool, out: &mut impl Write) -> Result<()> {
        let settings = school.settings();
        let now = Clock::System.now();
        let from = self.from.as_deref().map(|t| moment(t, &settings)).transpose()?.unwrap_or(now - TimeDelta::days(30));
        let to = self.to.as_deref().map(|t| moment(t, &settings)).transpose()?.unwrap_or(now + TimeDelta::days(60));
        let zone = settings.worktime.zone;
        if self.register {
            let mut rows = school.store().register_rows(from, to)?;
            rows.iter_mut().for_each(|r| r.assignee = name(&settings, &r.assignee));
            if json {
                for r in rows {
                    writeln!(
                        out,
                        "{}",
                        serde_json::json!({"number": r.number, "received": r.received, "category": r.category, "state": r.state, "assignee": r.assignee, "due": r.due, "closed": r.closed, "kept": r.kept})
                    )?;
                }
                return Ok(());
            }
            write!(out, "{}", register_csv(&rows, zone))?;
            return Ok(());
        }
        let mut rows = school.store().journal_rows(from, to)?;
        rows.iter_mut().for_each(|r| r.specialist = name(&settings, &r.specialist));
        if json {
            for r in rows {
                writeln!(
                    out,
                    "{}",
                    serde_json::json!({"number": r.number, "start": r.start, "specialist": r.specialist, "form": r.form, "author": r.author, "class": r.class, "topic": r.topic, "state": r.state, "note": r.note})
                )?;
            }
        } else if self.html {
            write!(out, "{}", html_of(&rows, zone, &settings.school))?;
        } else {
            write!(out, "{}", csv_of(&rows, zone))?;
        }
        Ok(())
    }
}

/// The register's name of an id.
pub(super) fn name(settings: &Settings, id: &str) -> String {
    settings.person(id).map_or_else(|| id.to_owned(), |p| p.name.clone())
}
