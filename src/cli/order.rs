//! `otklik order N …`: what staff can order about an appeal, given on the command line by whoever may log in to the machine.

use super::WrongUse;
use super::due::moment;
use crate::appeal::Outcome;
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
    /// Hold the consultation at this time with this member of staff
    Slot {
        /// Id or address
        who: String,
        /// Start: 2026-11-26T16:00 (local) or RFC 3339
        start: String,
    },
    /// Find another time of the same specialist
    Another {
        /// Told to the author
        #[arg(long)]
        reason: Option<String>,
    },
    /// Another specialist holds the consultation
    Replace {
        /// Id or address; without it whoever has the next free time
        who: Option<String>,
    },
    /// The consultation stands, though the specialist has not confirmed it
    Stands,
    /// The way it is held
    Channel {
        /// phone, Сферум, MAX, in_person, email, or as the windows name it
        way: String,
    },
    /// The consultation took place
    Held {
        /// Recommendations, sent to the author
        #[arg(long)]
        recommendations: Option<String>,
    },
    /// The consultation did not take place
    NotHeld {
        /// Why
        #[arg(value_enum)]
        outcome: NotHeld,
        /// In words, kept in the history
        #[arg(long)]
        reason: Option<String>,
    },
    /// After a technical failure another date is allowed
    Allow,
    /// Recommendations for the author
    Recommend {
        /// The text
        text: String,
    },
    /// A next meeting
    Again {
        /// Start; without it the first time that suits
        start: Option<String>,
    },
    /// A series of meetings, the present one included
    Series {
        /// Meetings in all
        #[arg(value_parser = clap::value_parser!(u32).range(2..=20))]
        count: u32,
        /// Weeks from one to the next
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=8))]
        weeks: u32,
        /// One event with a rule instead of single ones
        #[arg(long)]
        one_event: bool,
    },
    /// Cancel the rest of the series
    EndSeries {
        /// Told to the author
        #[arg(long)]
        reason: Option<String>,
    },
    /// Whether the specialist is reminded half an hour before
    Reminders {
        /// on or off
        #[arg(value_enum)]
        when: Switch,
    },
    /// An urgent appeal is seen
    Acknowledge,
    /// The author was told by telephone
    Called,
    /// Nobody was reached by telephone
    Unreached,
    /// Whoever has it calls the author themselves
    CallMyself,
    /// The author said by telephone that they come
    Confirmed,
    /// A question for the author
    Ask {
        /// The question, as the author reads it
        text: String,
    },
    /// It is somebody else's: the head decides whose
    NotMine {
        /// In words, kept in the history
        #[arg(long)]
        reason: Option<String>,
    },
    /// No more time is given
    Keep {
        /// Told to whoever has it
        #[arg(long)]
        reason: Option<String>,
    },
    /// One answer for two appeals of one author: the later closes into the earlier
    Merge {
        /// Number of the other appeal
        other: i64,
    },
    /// Into a group
    Join {
        /// Number of the group
        group: i64,
    },
    /// No automatic letters to this family up to a day; without it the silence ends
    Silence {
        /// Last day, 2026-12-15
        until: Option<NaiveDate>,
    },
    /// Take back what was ordered last, within an hour
    #[command(visible_alias = "отменить")]
    Undo,
    /// Open a closed appeal again
    Reopen,
    /// A remark for the history
    Note {
        /// The remark
        text: String,
    },
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Switch {
    On,
    Off,
}

/// Why a consultation did not take place.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum NotHeld {
    /// The family did not come
    NoShow,
    /// The connection failed
    Failed,
    /// Another reason
    Other,
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
            What::Slot { who, start } => Order::Slot { specialist: who, start: moment(&start, &settings)? },
            What::Another { reason } => Order::Another(reason),
            What::Replace { who } => Order::Replace(who),
            What::Stands => Order::Stands,
            What::Channel { way } => Order::Channel(way),
            What::Held { recommendations } => Order::Held { recommendations },
            What::NotHeld { outcome, reason } => {
                let outcome = match outcome {
                    NotHeld::NoShow => Outcome::NoShow,
                    NotHeld::Failed => Outcome::Failed,
                    NotHeld::Other => Outcome::NotHeld,
                };
                Order::NotHeld { outcome, reason }
            }
            What::Allow => Order::Allow,
            What::Recommend { text } => Order::Recommend(text),
            What::Again { start } => Order::Again(start.map(|s| moment(&s, &settings)).transpose()?),
            What::Series { count, weeks, one_event } => Order::Series { count, weeks, one_event },
            What::EndSeries { reason } => Order::EndSeries(reason),
            What::Reminders { when } => Order::Reminders(matches!(when, Switch::On)),
            What::Acknowledge => Order::Acknowledge,
            What::CallMyself => Order::CallMyself,
            What::Ask { text } => Order::Ask(text),
            What::NotMine { reason } => Order::NotMine(reason),
            What::Keep { reason } => Order::Keep(reason),
            What::Merge { other } => Order::Merge(other),
            What::Join { group } => Order::Join(group),
            What::Silence { until } => {
                jobs::silence(school, self.number, until, Clock::System.now())?;
                return told(school, self.number, json, if until.is_some() { "тишина записана" } else { "тишина снята" }, out);
            }
            What::Undo => {
                let said = jobs::undo(school, self.number, Clock::System.now())?;
                return told(school, self.number, json, &said, out);
            }
            What::Called => Order::Called,
            What::Unreached => Order::Unreached,
            What::Confirmed => Order::Confirmed,
            What::Reopen => Order::Reopen,
            What::Note { text } => Order::Note(text),
        };
        jobs::order(school, self.number, &order, Clock::System.now())?;
        told(school, self.number, json, "сделано", out)
    }
}

/// What was done, and how the appeal stands now.
fn told(school: &School, number: i64, json: bool, said: &str, out: &mut impl Write) -> Result<()> {
    let appeal = school.store().appeal(number)?;
    let state = appeal.as_ref().map_or("", |a| a.state.title());
    if json {
        writeln!(out, "{}", serde_json::json!({"number": number, "state": appeal.map(|a| a.state.key())}))?;
    } else {
        writeln!(out, "№ {number}: {}; теперь {state}", said.trim_end_matches('.'))?;
    }
    Ok(())
}
