//! `otklik site`: fragments for the school's site (001 3.1.1), and the schedule's files beside them.

use super::WrongUse;
use super::schedule::groups;
use crate::clock::Clock;
use crate::jobs::write_files;
use crate::publish::{Period, Publication, schedule_files, site};
use crate::settings::Settings;
use anyhow::Result;
use std::io::Write;
use std::path::PathBuf;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Site {
    /// Where they are written
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Site {
    /// `own`: there is a configuration, the school is not the demo's.
    pub(super) fn run(self, settings: &Settings, own: bool, out: &mut impl Write) -> Result<()> {
        if let Some(missing) = self.out.parent().filter(|f| !f.as_os_str().is_empty() && !f.is_dir()) {
            let sentence = format!("--out {}: there is no folder {}; make it first, or name another", self.out.display(), missing.display());
            return Err(WrongUse(sentence).into());
        }
        if self.out.is_file() {
            return Err(WrongUse(format!("--out {}: this is a file; name a folder", self.out.display())).into());
        }
        let now = Clock::System.now();
        let today = settings.worktime.local_date(now);
        let groups = groups(settings, own)?;
        let of = Publication { settings, groups: &groups, period: Period::school_year(today), specialist: None };
        let mut files = site(of, today);
        files.extend(schedule_files(of, now).map_err(anyhow::Error::msg)?);
        write_files(&self.out, &files).map_err(anyhow::Error::msg)?;
        for file in &files {
            writeln!(out, "{}", self.out.join(&file.name).display())?;
        }
        Ok(())
    }
}
