//! `otklik go-live`: leaves shadow mode. Lists the open appeals and the unanswered letters of the last five business days, to be taken in or
//! left by choice; nothing composed in shadow is ever sent later.

use super::WrongUse;
use super::look::local;
use crate::clock::Clock;
use crate::decide::Order;
use crate::jobs::{self, School};
use crate::settings::Mode;
use anyhow::Result;
use chrono::NaiveTime;
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct GoLive {
    /// Open appeals to go on with, by number (their specialists get a fresh task); the others are closed without a letter
    #[arg(long, value_delimiter = ',', value_name = "N,…")]
    take: Vec<i64>,
    /// Letters of the list below to take in as new ones, by UID
    #[arg(long, value_delimiter = ',', value_name = "UID,…")]
    letters: Vec<u32>,
    /// Go live; without it the command only lists
    #[arg(long)]
    yes: bool,
}

impl GoLive {
    pub(super) fn run(self, school: &School, out: &mut impl Write) -> Result<()> {
        let settings = school.settings();
        let now = Clock::System.now();
        if school.mode(&settings) == Mode::Live {
            writeln!(out, "letters go to people already")?;
            return Ok(());
        }
        let open = school.store().appeals(true, 10_000)?;
        let mut day = settings.worktime.local_date(now);
        for _ in 0..5 {
            day = settings.worktime.prev_workday(day);
        }
        let letters = school.store().baseline_since(settings.worktime.local(day, NaiveTime::MIN))?;
        let letters: Vec<_> = letters.into_iter().filter(|(_, folder, ..)| settings.mailbox.folders.contains(folder)).collect();
        writeln!(out, "Открытые заявки, принятые в пробном режиме: {}", open.len())?;
        for a in &open {
            writeln!(
                out,
                "  № {:<5} {:<30} получена {}, срок {}",
                a.number,
                a.category.title(),
                local(&settings, a.received),
                local(&settings, a.due.literal)
            )?;
        }
        writeln!(out, "Письма последних пяти рабочих дней, пришедшие до первого запуска: {}", letters.len())?;
        for (_, folder, uid, received) in &letters {
            writeln!(out, "  {folder} UID {uid}: {}", local(&settings, *received))?;
        }
        if !self.yes {
            writeln!(out, "\nНичего не изменено. Чтобы письма пошли людям: otklik go-live --yes [--take N,…] [--letters UID,…]")?;
            return Ok(());
        }
        for number in &self.take {
            if !open.iter().any(|a| a.number == *number) {
                return Err(WrongUse(format!("{number} is not among the open appeals listed above")).into());
            }
        }
        for uid in &self.letters {
            if !letters.iter().any(|(_, _, u, _)| u == uid) {
                return Err(WrongUse(format!("UID {uid} is not among the letters listed above")).into());
            }
        }
        // Still in shadow: closing tells nobody outside.
        for a in open.iter().filter(|a| !self.take.contains(&a.number)) {
            jobs::order(school, a.number, &Order::Close { answer: None, reason: Some("осталась в пробном режиме".into()) }, now)?;
        }
        jobs::go_live(school, &self.take, now)?;
        for (row, ..) in letters.iter().filter(|(_, _, uid, _)| self.letters.contains(uid)) {
            school.store().take_in(*row)?;
        }
        writeln!(out, "\nГотово: с этой минуты письма идут людям. Взято заявок: {}, писем: {}.", self.take.len(), self.letters.len())?;
        Ok(())
    }
}
