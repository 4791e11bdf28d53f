//! Whole stories: tests/scenarios/NN-name.txt is told to the demo school in virtual time, NN-name.out is what everybody receives.
//!
//! `UPDATE=1 cargo test --test scenarios` writes the transcripts anew; read the difference before it is committed. A story with the line
//! `# full reports` shows reports in full, others only their beginning. How stories are written: src/jobs/story/mod.rs.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use chrono::{DateTime, Utc};
use otklik::compose::{PUBLIC_KEY, decoded};
use otklik::jobs::story::{Story, tell};
use otklik::jobs::{Happening, Rehearsal};
use otklik::outbox::Kind;
use otklik::settings::Settings;
use otklik::store::Store;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Lines of a report that are shown where it is not shown in full.
const BEGINNING: usize = 8;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn stories() -> Vec<PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "txt")).collect();
    found.sort();
    found
}

/// «пт 20.11 22:00» in the school's zone.
fn when(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&chrono_tz::Europe::Moscow);
    let day = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"][chrono::Datelike::weekday(&local).num_days_from_monday() as usize];
    format!("{day} {}", local.format("%d.%m %H:%M"))
}

/// Reports are long and alike; letters to people are what a scenario is about.
fn shown(h: &Happening, full: bool) -> String {
    let text = decoded(h.raw.as_deref().unwrap());
    let report = matches!(h.kind, Some(Kind::ReportDaily | Kind::ReportWeekly));
    if full || !report {
        return text;
    }
    let mut short: Vec<&str> = text.lines().take(BEGINNING + 6).collect();
    if text.lines().count() > short.len() {
        short.push("…");
    }
    short.join("\n")
}

fn transcript(heard: &[Happening], full: bool) -> String {
    let mut out = String::new();
    let mut last = String::new();
    for h in heard {
        let number = h.appeal.map(|n| format!("  № {n}")).unwrap_or_default();
        let at = when(h.at);
        match h.event.as_str() {
            "sent" => {
                writeln!(out, "{at}{number}  письмо: {} → {}", h.kind.unwrap().key(), h.to.as_deref().unwrap_or_default()).unwrap();
                let text = shown(h, full);
                // The same letter to the next person: only its receiver is told.
                let but_receiver = |t: &str| t.lines().filter(|l| !l.starts_with("Кому: ")).map(|l| format!("{l}\n")).collect::<String>();
                if but_receiver(&text) == last {
                    writeln!(out, "    | (то же письмо)\n").unwrap();
                    continue;
                }
                for line in text.lines() {
                    writeln!(out, "{}", format!("    | {line}").trim_end()).unwrap();
                }
                writeln!(out).unwrap();
                last = but_receiver(&text);
            }
            "incoming" => {
                let folder = h.to.as_deref().filter(|f| *f != "INBOX").map(|f| format!(" ({f})")).unwrap_or_default();
                writeln!(out, "{at}  пришло{folder}: {}", h.text).unwrap();
            }
            "received" => {}
            "story" => writeln!(out, "{at}  {}", h.text).unwrap(),
            event => writeln!(out, "{at}{number}  [{event}] {}", h.text).unwrap(),
        }
    }
    out
}

/// One story in its own school.
fn played(path: &Path, settings: &Settings) -> Result<String, String> {
    let text = std::fs::read_to_string(path).unwrap();
    let story = Story::parse(&text)?;
    let mut rehearsal = Rehearsal::new(settings.clone(), Store::in_memory().unwrap()).unwrap();
    let letters = |name: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        ["tests/scenarios/letters", "tests/letters"].iter().find_map(|f| std::fs::read(root.join(f).join(name)).ok())
    };
    let mut heard = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(tell(&story, &mut rehearsal, &letters, &mut |h| heard.push(h)))?;
    Ok(transcript(&heard, text.lines().any(|l| l.trim() == "# full reports")))
}

#[test]
fn every_story_is_told_as_it_is_written() {
    let stories = stories();
    assert!(stories.len() >= 20, "only {} stories in {}", stories.len(), folder().display());
    #[expect(clippy::disallowed_methods, reason = "the switches of a test run")]
    let switch = |name| std::env::var(name).unwrap_or_default();
    let (update, only) = (switch("UPDATE") == "1", switch("ONLY"));
    let mut settings = otklik::config::demo();
    settings.composer.key = PUBLIC_KEY;
    let mut wrong = Vec::new();
    for path in stories {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with(&only) {
            continue;
        }
        let expected = path.with_extension("out");
        match played(&path, &settings) {
            Err(e) => wrong.push(format!("{name}: {e}")),
            Ok(text) if update => std::fs::write(&expected, text).unwrap(),
            Ok(text) => {
                let old = std::fs::read_to_string(&expected).unwrap_or_default();
                if let Some((n, (is, was))) = text.lines().chain([""]).zip(old.lines().chain([""])).enumerate().find(|(_, (a, b))| a != b) {
                    wrong.push(format!("{name}, line {} of the transcript:\n  is   {is}\n  was  {was}", n + 1));
                } else if text != old {
                    wrong.push(format!("{name}: the transcript ends elsewhere"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n(UPDATE=1 writes the transcripts anew)", wrong.join("\n"));
}
