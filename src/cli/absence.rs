//! `otklik absence`: who is away, and a word about it for those who do not write letters. The days of `rules/` are listed too, changed there.

use super::WrongUse;
use crate::clock::Clock;
use crate::jobs::{AbsenceError, School, absence};
use crate::slots::open_ended;
use anyhow::Result;
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct AbsenceArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Somebody is away: open work goes to the deputy, consultations of these days move
    Add {
        /// Id or address in the register
        who: String,
        /// First day, 2026-12-01
        from: NaiveDate,
        /// Last day; without it until a word about the return
        until: Option<NaiveDate>,
    },
    /// Who is away now or later
    List,
    /// Somebody is there again
    End {
        /// Id or address in the register
        who: String,
        /// First day back; without it today
        from: Option<NaiveDate>,
    },
}

impl AbsenceArguments {
    pub(super) fn run(self, school: &School, as_json: bool, out: &mut impl Write) -> Result<()> {
        let now = Clock::System.now();
        let today = school.settings().worktime.local_date(now);
        let done = match self.what {
            What::List => return list(school, today, as_json, out),
            What::Add { who, from, until } => absence(school, &who, (from, until), false, now).map(|()| json!({"away": who, "from": from, "until": until})),
            What::End { who, from } => {
                let from = from.unwrap_or(today);
                absence(school, &who, (from, None), true, now).map(|()| json!({"back": who, "from": from}))
            }
        };
        let done = done.map_err(|e| match e {
            AbsenceError::Refused(why) => anyhow::Error::from(WrongUse(why)),
            AbsenceError::Job(e) => e.into(),
        })?;
        writeln!(out, "{}", if as_json { done.to_string() } else { "записано; работающий Отклик учтёт это сразу".to_owned() })?;
        Ok(())
    }
}

fn list(school: &School, today: NaiveDate, as_json: bool, out: &mut impl Write) -> Result<()> {
    let settings = school.refresh()?;
    let mut any = false;
    for person in &settings.staff {
        for a in person.absences.iter().filter(|a| a.to >= today) {
            any = true;
            let until = (!open_ended(a)).then_some(a.to);
            if as_json {
                writeln!(out, "{}", json!({"specialist": person.id, "from": a.from, "until": until}))?;
            } else {
                let until = until.map_or_else(|| "пока не известно".to_owned(), |d| d.format("%d.%m.%Y").to_string());
                writeln!(out, "{:<20} с {} по {until}", person.id, a.from.format("%d.%m.%Y"))?;
            }
        }
    }
    if !any && !as_json {
        writeln!(out, "все на месте")?;
    }
    Ok(())
}
