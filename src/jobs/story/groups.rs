//! The line `group …` of a story: the same words as `otklik group …` takes.
//!
//! Not here: what is done with it (`jobs::groups`).

use super::{date, moment};
use crate::decide::{GroupOrder, Plan};
use crate::jobs::{School, group_order, plan};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// An order about groups; times in it wait for the school's zone.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Grouped {
    Add { start: NaiveDateTime, plan: Plan },
    Move { id: i64, start: NaiveDateTime },
    Order { id: i64, order: GroupOrder },
}

/// The value after an option.
fn option(words: &[String], name: &str) -> Option<String> {
    words.iter().position(|w| w == name).and_then(|i| words.get(i + 1)).cloned()
}

fn required(words: &[String], name: &str) -> Result<String, String> {
    option(words, name).ok_or_else(|| format!("group add needs {name}"))
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("«{text}» is no number"))
}

fn time(text: &str) -> Result<NaiveDateTime, String> {
    moment(text).ok_or_else(|| format!("«{text}» is no time; write 2026-12-10T15:00"))
}

fn numbers<T: std::str::FromStr>(text: Option<String>) -> Result<Option<Vec<T>>, String> {
    text.map(|t| if t == "none" { Ok(Vec::new()) } else { t.split(',').map(number).collect() }).transpose()
}

/// The words after `group`.
pub(super) fn parse(words: &[String]) -> Result<Grouped, String> {
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    let order = |id: &str, order: GroupOrder| Ok(Grouped::Order { id: number(id)?, order });
    match plain.as_slice() {
        ["add", ..] => add(words),
        ["move", id, start] => Ok(Grouped::Move { id: number(id)?, start: time(start)? }),
        ["join", id, appeal] => order(id, GroupOrder::Join(number(appeal)?)),
        ["leave", id, appeal, ..] => order(id, GroupOrder::Leave { appeal: number(appeal)?, reason: option(words, "--reason") }),
        ["give", id, who] => order(id, GroupOrder::Give((*who).to_owned())),
        ["capacity", id, seats] => order(id, GroupOrder::Capacity(number(seats)?)),
        ["cancel", id, ..] => order(id, GroupOrder::Cancel(option(words, "--reason"))),
        ["held", id, ..] => {
            let missed = numbers(option(words, "--missed"))?.unwrap_or_default();
            order(id, GroupOrder::Held { duties: numbers(option(words, "--duties"))?, missed })
        }
        other => Err(format!("«group {}» is not written so; `otklik group --help` lists the orders", other.join(" "))),
    }
}

fn add(words: &[String]) -> Result<Grouped, String> {
    let start = time(&required(words, "--start")?)?;
    let classes = words.iter().position(|w| w == "--class").map_or(&[][..], |i| words.get(i + 1..).unwrap_or_default());
    let last: Option<NaiveDate> = option(words, "--course-end").map(|d| date(&d).ok_or_else(|| format!("«{d}» is no date"))).transpose()?;
    let plan = Plan {
        specialist: required(words, "--specialist")?,
        topic: required(words, "--topic")?,
        start: DateTime::UNIX_EPOCH,
        capacity: number(&required(words, "--capacity")?)?,
        classes: classes.iter().take_while(|w| !w.starts_with("--")).cloned().collect(),
        course_end: last,
        channel: option(words, "--channel").unwrap_or_else(|| "in_person".to_owned()),
    };
    Ok(Grouped::Add { start, plan })
}

/// Carries it out; `local` is the school's clock.
pub(super) fn carry_out(school: &School, grouped: &Grouped, now: DateTime<Utc>, local: impl Fn(NaiveDateTime) -> DateTime<Utc>) -> Result<(), String> {
    match grouped {
        Grouped::Add { start, plan: planned } => plan(school, &Plan { start: local(*start), ..planned.clone() }, now).map(drop),
        Grouped::Move { id, start } => group_order(school, *id, &GroupOrder::Move(local(*start)), now),
        Grouped::Order { id, order } => group_order(school, *id, order, now),
    }
    .map_err(|e| e.to_string())
}
