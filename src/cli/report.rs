//! `otklik report daily|weekly`: the report's letter as text, as of now; nothing is sent, no period is used up.

use crate::clock::Clock;
use crate::compose::{Daily, Envelope, Letter, Weekly, decoded, freeze};
use crate::jobs::{School, gather_daily, gather_weekly};
use crate::outbox::{Audience, Kind, SentCopy};
use crate::settings::Settings;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Report {
    /// Which
    #[arg(value_enum)]
    which: Which,
    /// As of this moment instead of now (counts by receipt and closing; states are today's)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Which {
    Daily,
    Weekly,
}

impl Report {
    pub(super) fn run(self, school: &School, json: bool, out: &mut impl Write) -> Result<()> {
        let settings = school.settings();
        let now = match &self.at {
            Some(at) => super::due::moment(at, &settings)?,
            None => Clock::System.now(),
        };
        let date = now.with_timezone(&settings.worktime.zone).date_naive();
        match self.which {
            Which::Daily => {
                let report = gather_daily(school, &settings, date, now - TimeDelta::days(1), now, false)?;
                if json {
                    writeln!(out, "{}", serde_json::to_string(&report)?)?;
                } else {
                    let head = school.round(&settings, now).decider(&[]).map(|h| h.id.clone()).unwrap_or_default();
                    print(&settings, Kind::ReportDaily, &Daily::of(report, &settings.composer, ("report/preview", now), &head), now, out)?;
                }
            }
            Which::Weekly => {
                let report = gather_weekly(school, &settings, now, false)?;
                if json {
                    writeln!(out, "{}", serde_json::to_string(&report)?)?;
                } else {
                    print(&settings, Kind::ReportWeekly, &Weekly::of(report), now, out)?;
                }
            }
        }
        Ok(())
    }
}

fn print<L: Letter>(settings: &Settings, kind: Kind, letter: &L, now: DateTime<Utc>, out: &mut impl Write) -> Result<()> {
    let envelope = Envelope {
        kind,
        key: "report/preview".into(),
        appeal: None,
        to: settings.operator.first().cloned().unwrap_or_default(),
        references: Vec::new(),
        replied: false,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::Staff,
        priority: 5,
        copy: SentCopy::No,
        not_before: None,
        not_after: None,
        cause: None,
        due: None,
        press: None,
        now,
    };
    writeln!(out, "{}", decoded(&freeze(&settings.composer, envelope, letter).raw))?;
    Ok(())
}
