//! `otklik demo`: a bundled week of the demo school in virtual time; needs no server, no configuration and no network.

mod index;
mod pages;
mod scenes;
mod week;

use super::journal::{journal_of, name as name_of, register_of};
use super::rehearse::tell as tell_line;
use crate::compose::{PUBLIC_KEY, letter_page};
use crate::jobs::story::{Story, tell};
use crate::jobs::{Happening, Rehearsal, write_files};
use crate::outbox::Kind;
use crate::publish::{Period, Publication, schedule_files, site};
use crate::settings::Settings;
use crate::store::Store;
use anyhow::{Context, Result, anyhow};
use chrono::TimeDelta;
use scenes::{Cause, Scene, Week, stamp};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// Where the letters, the reports and index.html are written
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    out: PathBuf,
}

/// The folder of the demo, being filled.
struct Folder<'a> {
    path: &'a Path,
    zone: chrono_tz::Tz,
    transcript: Vec<u8>,
    weekly: bool,
}

impl Demo {
    pub(super) fn run(self, out: &mut impl Write) -> Result<()> {
        let mut settings = crate::config::demo();
        settings.composer.key = PUBLIC_KEY;
        let zone = settings.worktime.zone;
        for folder in ["letters", "incoming"] {
            let path = self.out.join(folder);
            // Pages of an earlier demo would stand among the new ones.
            if path.is_dir() {
                std::fs::remove_dir_all(&path).with_context(|| format!("emptying {}", path.display()))?;
            }
            std::fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        }
        writeln!(out, "Неделя выдуманной школы: {}. Время виртуальное, наружу ничего не уходит.\n", settings.school)?;
        let mut rehearsal = Rehearsal::new(settings.clone(), Store::in_memory()?)?;
        let mut folder = Folder { path: &self.out, zone, transcript: Vec::new(), weekly: false };
        let story = Story::parse(week::STORY).map_err(|e| anyhow!("the bundled story: {e}"))?;
        let mut week = Week::default();
        let mut failed = None;
        let find = |name: &str| week::LETTERS.iter().find(|l| l.name == name).map(|l| l.bytes.to_vec());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut hear = |h: Happening| {
            let done = folder.keep(&h).and_then(|()| {
                if week.hear(&h, &settings)
                    && let Some(scene) = week.scenes.iter().nth_back(1)
                {
                    say(out, &week, scene, zone)?;
                }
                Ok(())
            });
            if let Err(e) = done {
                failed.get_or_insert(e);
            }
        };
        runtime.block_on(tell(&story, &mut rehearsal, &find, &mut hear)).map_err(|e| anyhow!("the bundled story: {e}"))?;
        if let Some(e) = failed {
            return Err(e.context(format!("writing into {}", self.out.display())));
        }
        if let Some(scene) = week.scenes.last() {
            say(out, &week, scene, zone)?;
        }
        std::fs::write(self.out.join("transcript.jsonl"), &folder.transcript)?;
        let facts = tables(&self.out, &settings, &rehearsal)?;
        for letter in &week.incoming {
            std::fs::write(self.out.join("incoming").join(format!("{}.eml", letter.name)), &letter.raw)?;
            std::fs::write(self.out.join("incoming").join(format!("{}.html", letter.name)), pages::incoming(letter, zone))?;
        }
        let index = self.out.join("index.html");
        std::fs::write(&index, index::page(&week, &settings, &facts))?;
        writeln!(out, "\nПришло писем: {}, отправлено: {}, обращений: {}.", week.incoming.len(), week.sent.len(), facts.appeals.len())?;
        writeln!(out, "Откройте в браузере: {}", index.display())?;
        Ok(())
    }
}

impl Folder<'_> {
    /// Letters as bytes and as pages, reports also under names of their own, the transcript as `rehearse` writes it.
    fn keep(&mut self, h: &Happening) -> Result<()> {
        tell_line(&mut self.transcript, h, self.zone)?;
        let (Some(raw), Some(name), Some(kind)) = (&h.raw, &h.letter, h.kind) else { return Ok(()) };
        let letters = self.path.join("letters");
        let page = letter_page(raw);
        std::fs::write(letters.join(format!("{name}.eml")), raw)?;
        std::fs::write(letters.join(format!("{name}.html")), &page)?;
        match kind {
            Kind::ReportDaily => {
                let day = h.at.with_timezone(&self.zone).format("%Y-%m-%d");
                std::fs::write(self.path.join(format!("report-daily-{day}.html")), &page)?;
            }
            Kind::ReportWeekly if !self.weekly => {
                self.weekly = true;
                std::fs::write(self.path.join("report-weekly.html"), &page)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// A scene on the terminal: one line.
fn say(out: &mut impl Write, week: &Week, scene: &Scene, zone: chrono_tz::Tz) -> Result<()> {
    let number = scene.appeals().first().map(|n| format!("№ {n}: ")).unwrap_or_default();
    let mut line = match &scene.cause {
        Cause::Letter(i) => week.incoming.get(*i).map(|l| format!("Письмо: {}", l.about)).unwrap_or_default(),
        Cause::Staff(_, words) => format!("{number}{words}"),
        Cause::Clock => String::new(),
    };
    let mut told: Vec<String> = Vec::new();
    let mut last = "";
    for step in &scene.steps {
        match (&step.to, told.last_mut()) {
            // The same letter to several people is told once.
            (Some((to, _)), Some(line)) if step.words == last => line.push_str(&format!(", {to}")),
            (Some((to, _)), _) => told.push(format!("{} → {to}", step.words)),
            (None, _) => told.push(step.words.clone()),
        }
        last = &step.words;
    }
    if line.is_empty() {
        line = number;
    } else if !told.is_empty() {
        line.push_str("\n                   ");
    }
    writeln!(out, "{}  {line}{}", stamp(scene.at, zone), told.join("; "))?;
    Ok(())
}

/// What the index says of the whole week.
struct Facts {
    appeals: Vec<crate::appeal::Appeal>,
    consultations: Vec<crate::appeal::Consultation>,
    register: Vec<crate::report::RegisterRow>,
}

/// Journal and register, as `otklik journal` prints them.
fn tables(path: &Path, settings: &Settings, rehearsal: &Rehearsal) -> Result<Facts> {
    let now = rehearsal.now().unwrap_or_default();
    let (from, to) = (now - TimeDelta::days(30), now + TimeDelta::days(60));
    let school = rehearsal.school();
    let journal = journal_of(school, settings, from, to, None)?;
    std::fs::write(path.join("journal.csv"), journal.csv())?;
    std::fs::write(path.join("journal.html"), journal.page())?;
    std::fs::write(path.join("journal.xlsx"), journal.xlsx(now).map_err(anyhow::Error::msg)?)?;
    let register = register_of(school, settings, from, to, None)?;
    std::fs::write(path.join("register.csv"), register.csv())?;
    std::fs::write(path.join("register.xlsx"), register.xlsx(now).map_err(anyhow::Error::msg)?)?;
    let today = settings.worktime.local_date(now);
    let groups = school.store().meetings(None)?;
    let of = Publication { settings, groups: &groups, period: Period::school_year(today), specialist: None };
    let mut files = site(of, today);
    files.extend(schedule_files(of, now).map_err(anyhow::Error::msg)?);
    write_files(&path.join("site"), &files).map_err(anyhow::Error::msg)?;
    let store = school.store();
    let mut rows = store.register_rows(from, to)?;
    rows.iter_mut().for_each(|r| r.assignee = name_of(settings, &r.assignee));
    let mut appeals = store.appeals(false, 10_000)?;
    appeals.sort_by_key(|a| a.number);
    Ok(Facts { appeals, consultations: store.consultations(from, to, false)?, register: rows })
}
