//! `otklik train`: what corrections have taught, what that changes, and how it is taken out again. Appeals are named by number alone.
//!
//! Not here: the learning, which needs no command: it follows each `otklik order N category …` by itself.

use super::WrongUse;
use crate::clock::Clock;
use crate::jobs::{School, train};
use crate::settings::Settings;
use crate::store::{Kept, Lesson};
use crate::understand::scores::Tally;
use crate::understand::{Accuracy, Category, Learned, Taught, sorted, validate};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;

/// Days back from now whose appeals are sorted again.
const DAYS: i64 = 90;
/// Numbers named in a line for people.
const NAMED: usize = 12;

/// Arguments.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(super) struct Train {
    /// What was learned and what it changes (this is also done without any flag)
    #[arg(long)]
    report: bool,
    /// Take out what the appeal N taught, or everything
    #[arg(long, value_name = "N|all", value_parser = which)]
    undo: Option<Which>,
    /// Put back what was taken out
    #[arg(long, value_name = "N|all", value_parser = which)]
    redo: Option<Which>,
}

/// One appeal's lesson, or all.
#[derive(Debug, Clone, Copy)]
enum Which {
    All,
    One(i64),
}

fn which(text: &str) -> Result<Which, String> {
    match text {
        "all" => Ok(Which::All),
        n => n.parse().map(Which::One).map_err(|_| "write the number of an appeal, or all".to_owned()),
    }
}

impl Which {
    fn number(self) -> Option<i64> {
        match self {
            Which::All => None,
            Which::One(n) => Some(n),
        }
    }
}

impl Train {
    pub(super) fn run(self, school: &School, json: bool, out: &mut impl Write) -> Result<()> {
        let now = Clock::System.now();
        let (done, key, word, which) = match (self.undo, self.redo) {
            (Some(which), _) => (train(school, which.number(), true, now)?, "undone", "больше не учат", which),
            (None, Some(which)) => (train(school, which.number(), false, now)?, "redone", "снова учат", which),
            (None, None) => return report(school, now, json, out),
        };
        if let (Which::One(n), true) = (which, done.is_empty()) {
            let state = if key == "undone" { "taught nothing that could be taken out" } else { "has nothing to put back" };
            return Err(WrongUse(format!("appeal {n} {state}; `otklik train` shows what was learned")).into());
        }
        if json {
            writeln!(out, "{}", json!({ key: done }))?;
        } else if done.is_empty() {
            writeln!(out, "Менять нечего.")?;
        } else {
            writeln!(out, "Исправления {word}: {}. Служба учтёт это до следующего письма.", numbers(&done))?;
        }
        Ok(())
    }
}

/// All that the report tells.
struct Report {
    lessons: Vec<Lesson>,
    /// Without lessons and with them; `None` where there are none.
    accuracy: Option<(Accuracy, Accuracy)>,
    /// Appeals that were sorted again.
    appeals: usize,
    /// Those that would go elsewhere now.
    resorted: Vec<Resorted>,
}

/// An appeal that would go elsewhere now.
struct Resorted {
    number: i64,
    before: Option<Category>,
    after: Option<Category>,
    /// It taught itself.
    taught: bool,
}

fn report(school: &School, now: DateTime<Utc>, json: bool, out: &mut impl Write) -> Result<()> {
    let settings = school.settings();
    let report = gather(school, &settings, now)?;
    if json { Ok(writeln!(out, "{}", object(&report, &settings))?) } else { print(&report, &settings, out) }
}

fn gather(school: &School, settings: &Settings, now: DateTime<Utc>) -> Result<Report> {
    let store = school.store();
    let (lessons, words, kept) = (store.lessons()?, store.taught_words()?, store.kept_words(now - TimeDelta::days(DAYS))?);
    drop(store);
    let teaching: BTreeMap<i64, &Learned> = lessons.iter().filter(|l| l.undone.is_none()).map(|l| (l.appeal, &l.learned)).collect();
    let (mut accuracy, mut resorted) = (None, Vec::new());
    if !teaching.is_empty() {
        let taught: Vec<Taught> =
            (words.into_iter()).filter_map(|w| Some(Taught { learned: (*teaching.get(&w.appeal)?).clone(), subject: w.subject, text: w.text })).collect();
        accuracy = Some(validate(&settings.topics, &taught));
        let own: Vec<Learned> = teaching.values().map(|l| (*l).clone()).collect();
        let with = settings.topics.learned(&own);
        resorted = (kept.iter())
            .map(|Kept { appeal, subject, text, sender }| Resorted {
                number: *appeal,
                before: sorted(&settings.topics, subject, text, sender),
                after: sorted(&with, subject, text, sender),
                taught: teaching.contains_key(appeal),
            })
            .filter(|r| r.before != r.after)
            .collect();
    }
    Ok(Report { lessons, accuracy, appeals: kept.len(), resorted })
}

/// The lessons of a category.
struct Lessons {
    category: Category,
    /// Appeals that teach.
    teach: Vec<i64>,
    /// Appeals taken out.
    undone: Vec<i64>,
    /// The first of either.
    since: DateTime<Utc>,
}

fn by_category(lessons: &[Lesson]) -> Vec<Lessons> {
    let of = |category: Category| {
        let here: Vec<&Lesson> = lessons.iter().filter(|l| l.learned.category == category).collect();
        let numbers = |undone: bool| here.iter().filter(|l| l.undone.is_some() == undone).map(|l| l.appeal).collect::<Vec<_>>();
        Some(Lessons { category, teach: numbers(false), undone: numbers(true), since: here.iter().map(|l| l.at).min()? })
    };
    Category::ALL.into_iter().filter_map(of).collect()
}

fn print(report: &Report, settings: &Settings, out: &mut impl Write) -> Result<()> {
    if report.lessons.is_empty() {
        writeln!(out, "Исправлений ещё не было, свои примеры не накоплены.")?;
        writeln!(out, "Когда обращение передают в другую тему (otklik order N category …), программа учится на нём сама.")?;
        return Ok(());
    }
    writeln!(out, "{:<30} {:>8}  {:>7}  {:<10}  обращения", "Чему научили исправления", "примеров", "забыто", "начиная с")?;
    for Lessons { category, teach, undone, since } in by_category(&report.lessons) {
        let since = since.with_timezone(&settings.worktime.zone).format("%d.%m.%Y").to_string();
        let named = if teach.is_empty() { "–".to_owned() } else { numbers(&teach) };
        writeln!(out, "{:<30} {:>8}  {:>7}  {since:<10}  {named}", category.title(), teach.len(), undone.len())?;
    }
    let undone: Vec<i64> = report.lessons.iter().filter(|l| l.undone.is_some()).map(|l| l.appeal).collect();
    if !undone.is_empty() {
        writeln!(out, "Забыто (вернуть: otklik train --redo N): {}", numbers(&undone))?;
    }
    let Some((before, after)) = report.accuracy else {
        writeln!(out, "\nСейчас исправления не учат ничему.")?;
        return Ok(());
    };
    writeln!(out, "\n{:<30} {:<21}  с исправлениями", "Верно узнанные темы", "без исправлений")?;
    writeln!(out, "{:<30} {}  {}", "примеры программы", share(before.shipped), share(after.shipped))?;
    writeln!(out, "{:<30} {}  {}", "свои примеры", share(before.own), share(after.own))?;
    writeln!(out, "(по пяти частям: каждый пример судят модели, которые его не видели)")?;
    writeln!(out, "\nОбращений за {DAYS} дней: {}; теперь ушли бы в другую тему: {}", report.appeals, report.resorted.len())?;
    for Resorted { number, before, after, taught } in &report.resorted {
        let own = if *taught { "  (учило само)" } else { "" };
        let title = |c: &Option<Category>| c.map_or("–", Category::title);
        writeln!(out, "  № {number:<5} {:<30} → {}{own}", title(before), title(after))?;
    }
    Ok(())
}

fn object(report: &Report, settings: &Settings) -> Value {
    let lessons = by_category(&report.lessons).into_iter().map(|Lessons { category, teach, undone, since }| {
        json!({ "category": category.key(), "appeals": teach, "undone": undone, "since": since.with_timezone(&settings.worktime.zone).to_rfc3339() })
    });
    let accuracy = |a: Accuracy| json!({ "shipped": tally(a.shipped), "own": tally(a.own) });
    let key = |c: Option<Category>| c.map(Category::key);
    json!({
        "examples": report.lessons.iter().filter(|l| l.undone.is_none()).count(),
        "lessons": lessons.collect::<Vec<_>>(),
        "accuracy": report.accuracy.map(|(before, after)| json!({ "before": accuracy(before), "after": accuracy(after) })),
        "days": DAYS,
        "appeals": report.appeals,
        "resorted": (report.resorted.iter())
            .map(|r| json!({ "number": r.number, "before": key(r.before), "after": key(r.after), "taught": r.taught }))
            .collect::<Vec<_>>(),
    })
}

fn tally(tally: Tally) -> Value {
    json!({ "right": tally.right, "of": tally.of, "share": tally.share() })
}

/// `  12 из 14     85.7 %`, always equally wide.
fn share(tally: Tally) -> String {
    let percent = tally.share().map_or_else(|| format!("{:>5}  ", "–"), |share| format!("{:>5.1} %", share * 100.0));
    format!("{:>5} из {:<5} {percent}", tally.right, tally.of)
}

/// «№ 3, № 7», the newest of many.
fn numbers(all: &[i64]) -> String {
    let newest: Vec<String> = all.iter().skip(all.len().saturating_sub(NAMED)).map(|n| format!("№ {n}")).collect();
    format!("{}{}", if all.len() > NAMED { "…, " } else { "" }, newest.join(", "))
}
