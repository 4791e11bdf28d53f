//! The schedule of consultations kept up to date: its files in the configured folder, a letter to whoever keeps the site when its content is another.
//!
//! Not here: what stands in it (`publish`), to whom the letter goes (`decide`).

use super::{JobError, School};
use crate::decide::{SCHEDULE, on_schedule, schedule_known};
use crate::publish::{Period, Publication, PublishedFile, digest, schedule_files, site};
use chrono::{DateTime, Utc};
use std::path::Path;

/// Writes each file beside its place and then puts it there: whoever reads meanwhile sees the old one or the new one, whole.
///
/// # Errors
/// A sentence with the path.
pub fn write_files(folder: &Path, files: &[PublishedFile]) -> Result<(), String> {
    let said =
        |path: &Path, e: &std::io::Error| format!("{} could not be written ({e}); make the folder, and let the service's user write there", path.display());
    std::fs::create_dir_all(folder).map_err(|e| said(folder, &e))?;
    for file in files {
        let (place, beside) = (folder.join(&file.name), folder.join(format!(".{}.new", file.name)));
        std::fs::write(&beside, &file.bytes).and_then(|()| std::fs::rename(&beside, &place)).map_err(|e| said(&place, &e))?;
    }
    Ok(())
}

/// Looks whether the schedule is another than the last one that was sent. Without a folder and an administrator nothing is published.
///
/// # Errors
/// The store's, or that of the folder: then nothing is sent either, and the next round tries again.
pub fn publish(school: &School, now: DateTime<Utc>) -> Result<bool, JobError> {
    let settings = school.as_configured();
    let rules = &settings.schedule;
    if rules.folder.is_none() && rules.administrator.is_none() {
        return Ok(false);
    }
    let groups = school.store().meetings(None)?;
    let today = settings.worktime.local_date(now);
    let of = Publication { settings: &settings, groups: &groups, period: Period::school_year(today), specialist: None };
    let (digest, last) = (digest(of), school.store().meta(SCHEDULE)?);
    let known = schedule_known(last.as_deref(), &digest);
    let there = rules.folder.as_ref().is_none_or(|f| f.join("schedule.html").exists());
    if known && there {
        return Ok(false);
    }
    let files = schedule_files(of, now).map_err(JobError::Files)?;
    if let Some(folder) = &rules.folder {
        write_files(folder, &files).map_err(JobError::Files)?;
        write_files(folder, &site(of, today)).map_err(JobError::Files)?;
    }
    if !known {
        let effects = on_schedule(school.round(&settings, now), &files, &digest, last.is_none());
        school.store().carry_out(&effects, now)?;
    }
    Ok(!known)
}
