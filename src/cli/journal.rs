//! `otklik journal`: the journal of remote consultations (000 4.4) or the register of appeals, for a period.

use super::WrongUse;
use super::due::moment;
use super::written::Written;
use crate::clock::Clock;
use crate::jobs::School;
use crate::report::{Reader, Table, journal, register};
use crate::settings::Settings;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
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
    /// Only what this specialist (id or address) holds, with topics and recommendations: for them alone
    #[arg(long, value_name = "ID")]
    specialist: Option<String>,
    #[command(flatten)]
    written: Written,
}

impl Journal {
    pub(super) fn run(self, school: &School, json: bool, out: &mut impl Write) -> Result<()> {
        let settings = school.settings();
        let now = Clock::System.now();
        let from = self.from.as_deref().map(|t| moment(t, &settings)).transpose()?.unwrap_or(now - TimeDelta::days(30));
        let to = self.to.as_deref().map(|t| moment(t, &settings)).transpose()?.unwrap_or(now + TimeDelta::days(60));
        if from >= to {
            return Err(WrongUse("the period ends before it begins: --to is the day after the last one and must be later than --from".into()).into());
        }
        let specialist = self.specialist.as_deref().map(|who| id_of(&settings, who)).transpose()?;
        let table = if self.register {
            register_of(school, &settings, from, to, specialist.as_deref())?
        } else {
            journal_of(school, &settings, from, to, specialist.as_deref())?
        };
        let usual = if self.register { &settings.register_columns } else { &settings.journal_columns };
        self.written.table_or(table, usual, json, now, out)
    }
}

/// The id of somebody named by id or address.
pub(super) fn id_of(settings: &Settings, who: &str) -> Result<String> {
    let known = || settings.staff.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ");
    let found = settings.person(who).or_else(|| settings.person_by_email(who)).map(|p| p.id.clone());
    found.ok_or_else(|| WrongUse(format!("nobody in rules/specialists.toml has the id or address {who:?}; the ids are {}", known())).into())
}

/// The journal of a period, of one specialist or of all.
pub(super) fn journal_of(school: &School, settings: &Settings, from: DateTime<Utc>, to: DateTime<Utc>, specialist: Option<&str>) -> Result<Table> {
    let mut rows = school.store().journal_rows(from, to)?;
    rows.retain(|r| specialist.is_none_or(|id| r.specialist == id));
    rows.iter_mut().for_each(|r| r.specialist = name(settings, &r.specialist));
    let reader = if specialist.is_some() { Reader::Specialist } else { Reader::School };
    Ok(journal(&rows, settings.worktime.zone, &settings.school, reader))
}

/// The register of a period, of one assignee or of all.
pub(super) fn register_of(school: &School, settings: &Settings, from: DateTime<Utc>, to: DateTime<Utc>, assignee: Option<&str>) -> Result<Table> {
    let mut rows = school.store().register_rows(from, to)?;
    rows.retain(|r| assignee.is_none_or(|id| r.assignee == id));
    rows.iter_mut().for_each(|r| r.assignee = name(settings, &r.assignee));
    Ok(register(&rows, settings.worktime.zone, &settings.school))
}

/// The register's name of an id.
pub(super) fn name(settings: &Settings, id: &str) -> String {
    settings.person(id).map_or_else(|| id.to_owned(), |p| p.name.clone())
}
