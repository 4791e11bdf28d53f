//! `otklik schedule`: the schedule of consultations (003 3.4) on the terminal, as one file, or as the whole folder that the site needs.

use super::WrongUse;
use super::due::moment;
use super::journal::id_of;
use super::written::{in_form, lines, print, write};
use crate::appeal::Meeting;
use crate::clock::Clock;
use crate::jobs::write_files;
use crate::publish::{Period, Publication, feed, page, schedule_files, table};
use crate::settings::Settings;
use crate::store::Store;
use anyhow::{Context, Result, anyhow};
use chrono::{Days, NaiveDate};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Schedule {
    /// First day, 2026-09-01; otherwise that of the school year
    #[arg(long)]
    from: Option<String>,
    /// Day after the last; otherwise that of the school year
    #[arg(long)]
    to: Option<String>,
    /// Only this specialist's (id or address)
    #[arg(long, value_name = "ID")]
    specialist: Option<String>,
    /// Write FILE (.html, .xlsx, .csv, .ics, .json, .txt), or page, workbook and feeds into a folder
    #[arg(long, value_name = "FILE|DIR")]
    out: Option<PathBuf>,
}

/// Group consultations of the school, where it has a database yet.
pub(super) fn groups(settings: &Settings, own: bool) -> Result<Vec<Meeting>> {
    let path = settings.state_dir.join("otklik.db");
    if !own || !path.exists() {
        return Ok(Vec::new());
    }
    Store::open(&path).and_then(|store| store.meetings(None)).context("reading the group consultations")
}

impl Schedule {
    /// `own`: there is a configuration, the school is not the demo's.
    pub(super) fn run(self, settings: &Settings, own: bool, json: bool, out: &mut impl Write) -> Result<()> {
        let now = Clock::System.now();
        let whole = Period::school_year(settings.worktime.local_date(now));
        let period = period(settings, self.from.as_deref(), self.to.as_deref(), whole)?;
        let specialist = self.specialist.as_deref().map(|who| id_of(settings, who)).transpose()?;
        let groups = groups(settings, own)?;
        let of = Publication { settings, groups: &groups, period, specialist: specialist.as_deref() };
        match &self.out {
            None if json => write!(out, "{}", lines(&table(of)))?,
            None => print(&table(of), out)?,
            Some(path) if path.is_dir() || path.extension().is_none() => {
                let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
                if let Some(missing) = folder.filter(|f| !f.is_dir()) {
                    let sentence = format!("--out {}: there is no folder {}; make it first, or name another", path.display(), missing.display());
                    return Err(WrongUse(sentence).into());
                }
                let files = schedule_files(of, now).map_err(anyhow::Error::msg)?;
                write_files(path, &files).map_err(anyhow::Error::msg)?;
                for file in &files {
                    writeln!(out, "{}", path.join(&file.name).display())?;
                }
            }
            Some(path) => {
                write(path, &one_file(of, path, now)?)?;
                writeln!(out, "{}", path.display())?;
            }
        }
        Ok(())
    }
}

/// The days asked for, or the school year's.
fn period(settings: &Settings, from: Option<&str>, to: Option<&str>, whole: Period) -> Result<Period> {
    let day = |text: &str| -> Result<NaiveDate> { Ok(settings.worktime.local_date(moment(text, settings)?)) };
    let from = from.map(day).transpose()?;
    let to = to.map(day).transpose()?.map(|day| day.checked_sub_days(Days::new(1)).unwrap_or(day));
    // A period that begins in another year ends with that year, unless an end is named.
    let year = from.map_or(whole, Period::school_year);
    let period = Period { from: from.unwrap_or(to.map_or(whole, Period::school_year).from), to: to.unwrap_or(year.to) };
    if period.from > period.to {
        return Err(WrongUse("the period ends before it begins: --to is the day after the last one and must be later than --from".into()).into());
    }
    if (period.to - period.from).num_days() > 800 {
        return Err(WrongUse("the period is longer than two years: a schedule is made for a school year; name a later --from or an earlier --to".into()).into());
    }
    Ok(period)
}

fn one_file(of: Publication<'_>, path: &Path, now: chrono::DateTime<chrono::Utc>) -> Result<Vec<u8>> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    match ending.as_str() {
        "html" | "htm" => Ok(page(of).into_bytes()),
        "ics" => {
            let id = of
                .specialist
                .ok_or_else(|| WrongUse("a calendar feed is one specialist's: add --specialist ID, or write all of them with --out DIR".into()))?;
            let person = of.settings.person(id).ok_or_else(|| anyhow!("nobody has the id {id}"))?;
            let text = feed(of, person, now).ok_or_else(|| WrongUse(format!("{id} has no hours in this period: there is nothing to put into a calendar")))?;
            Ok(text.into_bytes())
        }
        _ => in_form(&table(of), path, now),
    }
}
