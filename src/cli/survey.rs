//! `otklik survey`: what families said after consultations (000 App. 2), of nobody in particular.

use super::WrongUse;
use super::due::moment;
use super::journal::name;
use super::written::Written;
use crate::clock::Clock;
use crate::jobs::School;
use crate::report::survey;
use anyhow::Result;
use chrono::TimeDelta;
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Survey {
    /// First day, 2026-09-01; otherwise 92 days back
    #[arg(long)]
    from: Option<String>,
    /// Day after the last; otherwise now
    #[arg(long)]
    to: Option<String>,
    #[command(flatten)]
    written: Written,
}

impl Survey {
    pub(super) fn run(self, school: &School, json: bool, out: &mut impl Write) -> Result<()> {
        let settings = school.settings();
        let now = Clock::System.now();
        let from = self.from.as_deref().map(|t| moment(t, &settings)).transpose()?.unwrap_or(now - TimeDelta::days(92));
        let to = self.to.as_deref().map(|t| moment(t, &settings)).transpose()?.unwrap_or(now);
        if from >= to {
            return Err(WrongUse("the period ends before it begins: --to is the day after the last one and must be later than --from".into()).into());
        }
        let mut rows = school.store().surveys(from, to)?;
        rows.iter_mut().for_each(|r| r.specialist = r.specialist.as_deref().map(|id| name(&settings, id)));
        self.written.table(survey(&rows, settings.worktime.zone, &settings.school), json, now, out)
    }
}
