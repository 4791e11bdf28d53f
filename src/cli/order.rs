//! `otklik order N …`: what staff can order about an appeal, given on the command line by whoever may log in to the machine.

use super::WrongUse;
use super::due::moment;
use crate::clock::Clock;
use crate::decide::Order;
use crate::jobs::{self, School};
use crate::understand::Category;
use anyhow::Result;
use chrono::NaiveDate;
use clap::Subcommand;
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct OrderArguments {
    /// Appeal number
    number: i64,
    #[command(subcommand)]
    order: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Give it to a member of staff (id or address)
    Assign {
        /// Id of rules/specialists.toml, or address
        who: String,
    },
    /// It belongs to another category
    Category {
        /// technical, ejournal, lesson_quality, equipment, psychologist, speech_therapist, social_pedagogue, learning_help, other
        category: String,
    },
    /// Take it into work
    Take,
    /// Close it, with the answer to the author or a reason
    Close {
        /// Sent to the author
        #[arg(long)]
        answer: Option<String>,
        /// The answer from a file
        #[arg(long, conflicts_with = "answer", value_name = "FILE")]
        answer_file: Option<std::path::PathBuf>,
        /// Kept in the history
        #[arg(long)]
        reason: Option<String>,
    },
    /// More time
    Extend {
        /// New date, 2026-11-28
        until: NaiveDate,
        /// Told to the author
        #[arg(long)]
        reason: Option<String>,
    },
    /// Move the consultation
    Move {
        /// New start: 2026-11-26T16:00 (local) or RFC 3339
        start: String,
    },
    /// Cancel the consultation
    Cancel {
        /// Told to the author
        #[arg(long)]
        reason: Option<String>,
    },
    /// The specialist accepts the proposed time
    Accept,
    /// The specialist cannot: the next time
    Decline,
    /// An urgent appeal is seen
    Acknowledge,
    /// The author was told by telephone
    Called,
    /// Open a closed appeal again
    Reopen,
    /// A remark for the history
    Note {
        /// The remark
        text: String,
    },
}

impl OrderArguments {
    pub(super) fn run(self, school: &School, json: bool, out: &mut impl Write) -> Result<()> {
        let settings = school.settings();
        let order = match self.order {
            What::Assign { who } => Order::Assign(who),
            What::Category { category } => Order::Category(Category::from_key(&category).ok_or_else(|| {
                let keys: Vec<_> = Category::ALL.iter().map(|c| c.key()).collect();
                WrongUse(format!("there is no category {category}; write one of {}", keys.join(", ")))
            })?),
            What::Take => Order::Take,
            What::Close { answer, answer_file, reason } => {
                let from_file = answer_file.map(|f| std::fs::read_to_string(&f).map_err(|e| WrongUse(format!("reading {}: {e}", f.display())))).transpose()?;
                Order::Close { answer: answer.or(from_file), reason }
            }
            What::Extend { until, reason } => Order::Extend { until, reason },
            What::Move { start } => Order::Move(moment(&start, &settings)?),
            What::Cancel { reason } => Order::Cancel(reason),
            What::Accept => Order::Accept,
            What::Decline => Order::Decline,
            What::Acknowledge => Order::Acknowledge,
            What::Called => Order::Called,
            What::Reopen => Order::Reopen,
            What::Note { text } => Order::Note(text),
        };
        jobs::order(school, self.number, &order, Clock::System.now())?;
        let appeal = school.store().appeal(self.number)?;
        let state = appeal.as_ref().map_or("", |a| a.state.title());
        if json {
            writeln!(out, "{}", serde_json::json!({"number": self.number, "state": appeal.map(|a| a.state.key())}))?;
        } else {
            writeln!(out, "№ {}: сделано; теперь {state}", self.number)?;
        }
        Ok(())
    }
}
