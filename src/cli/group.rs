//! `otklik group …`: group consultations as staff plan and order them. What it prints is for staff: families are numbers of appeals.

use super::WrongUse;
use super::due::moment;
use crate::appeal::{DUTIES, Meeting, Place, Seat};
use crate::clock::Clock;
use crate::compose::event_text;
use crate::decide::{GroupOrder, Plan};
use crate::jobs::{self, School};
use crate::settings::Settings;
use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use clap::Subcommand;
use serde_json::json;
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct GroupArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Plan one: the specialist gets the event, families are told when they join
    Add {
        /// Id of rules/specialists.toml, or address
        #[arg(long, value_name = "ID")]
        specialist: String,
        /// In words for families
        #[arg(long)]
        topic: String,
        /// 2026-12-10T15:00 (local) or RFC 3339
        #[arg(long)]
        start: String,
        /// Seats
        #[arg(long)]
        capacity: u32,
        /// Whom it is for: 9А 9Б, or 9 for all of the grade; without it, everybody
        #[arg(long = "class", num_args = 1.., value_name = "CLASS")]
        classes: Vec<String>,
        /// Before intermediate certification (003 3.7): families that ask for it get a place by themselves
        #[arg(long, requires = "course_end")]
        certification: bool,
        /// Last day of the course; a consultation before certification is not earlier
        #[arg(long, requires = "certification")]
        course_end: Option<NaiveDate>,
        /// in_person, Сферум, MAX, …
        #[arg(long, default_value = "in_person")]
        channel: String,
    },
    /// Those to come, or all
    List {
        /// Past ones too
        #[arg(long)]
        all: bool,
    },
    /// One group with its seats and waiting list
    Show {
        /// Number of the group
        group: i64,
    },
    /// An appeal's family takes part; without a free seat it waits
    Join {
        /// Number of the group
        group: i64,
        /// Appeal number
        appeal: i64,
    },
    /// A family is taken off
    Leave {
        /// Number of the group
        group: i64,
        /// Appeal number
        appeal: i64,
        /// Told to the family
        #[arg(long)]
        reason: Option<String>,
    },
    /// Move it for everybody
    Move {
        /// Number of the group
        group: i64,
        /// New start
        start: String,
    },
    /// Somebody else holds it, at the same time; its families are told
    Give {
        /// Number of the group
        group: i64,
        /// Id of rules/specialists.toml, or address
        specialist: String,
    },
    /// Change the number of seats; who waits moves up
    Capacity {
        /// Number of the group
        group: i64,
        /// Seats
        seats: u32,
    },
    /// It will not take place (or did not)
    Cancel {
        /// Number of the group
        group: i64,
        /// Told to the families
        #[arg(long)]
        reason: Option<String>,
    },
    /// It took place: journal rows, appeals closed
    Held {
        /// Number of the group
        group: i64,
        /// Duties of 003 3.8 that were carried out, 1,2,3 or none; required before certification
        #[arg(long)]
        duties: Option<String>,
        /// Appeals whose families did not come, 3,5
        #[arg(long, value_delimiter = ',')]
        missed: Vec<i64>,
    },
}

/// «1,2,3», «none».
pub(super) fn duties(text: &str) -> Result<Vec<u8>> {
    if text.trim().eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    let read = |part: &str| part.trim().parse().ok().filter(|n| (1..=3).contains(n));
    let numbers: Option<Vec<u8>> = text.split(',').map(read).collect();
    Ok(numbers.ok_or_else(|| WrongUse(format!("«{text}» names no duties; write 1,2,3 or none")))?)
}

impl GroupArguments {
    pub(super) fn run(self, school: &School, json: bool, out: &mut impl Write) -> Result<()> {
        let settings = school.settings();
        let now = Clock::System.now();
        let (id, order) = match self.what {
            What::Add { specialist, topic, start, capacity, classes, certification: _, course_end, channel } => {
                let plan = Plan { specialist, topic, start: moment(&start, &settings)?, capacity, classes, course_end, channel };
                let id = jobs::plan(school, &plan, now)?;
                return show(school, &settings, id, json, out);
            }
            What::List { all } => return list(school, &settings, (!all).then_some(now), json, out),
            What::Show { group } => return show(school, &settings, group, json, out),
            What::Join { group, appeal } => (group, GroupOrder::Join(appeal)),
            What::Leave { group, appeal, reason } => (group, GroupOrder::Leave { appeal, reason }),
            What::Move { group, start } => (group, GroupOrder::Move(moment(&start, &settings)?)),
            What::Give { group, specialist } => (group, GroupOrder::Give(specialist)),
            What::Capacity { group, seats } => (group, GroupOrder::Capacity(seats)),
            What::Cancel { group, reason } => (group, GroupOrder::Cancel(reason)),
            What::Held { group, duties: named, missed } => (group, GroupOrder::Held { duties: named.as_deref().map(duties).transpose()?, missed }),
        };
        jobs::group_order(school, id, &order, now)?;
        show(school, &settings, id, json, out)
    }
}

fn local(settings: &Settings, at: DateTime<Utc>) -> String {
    at.with_timezone(&settings.worktime.zone).format("%d.%m.%Y %H:%M").to_string()
}

fn value(settings: &Settings, m: &Meeting, seats: &[Seat]) -> serde_json::Value {
    let families: Vec<_> =
        seats.iter().map(|s| json!({"appeal": s.appeal, "place": s.place.key(), "answer": s.author.partstat.as_str(), "missed": s.missed})).collect();
    json!({
        "group": m.id, "specialist": m.specialist, "topic": m.topic, "start": m.start.with_timezone(&settings.worktime.zone).to_rfc3339(),
        "end": m.end.with_timezone(&settings.worktime.zone).to_rfc3339(), "channel": m.channel, "capacity": m.capacity, "classes": m.classes,
        "course_end": m.course_end, "cancelled": m.cancelled, "outcome": m.outcome.map(crate::appeal::Outcome::key), "duties": m.duties,
        "specialist_answer": m.staff.partstat.as_str(), "families": families,
    })
}

fn heading(settings: &Settings, m: &Meeting, seats: &[Seat]) -> String {
    let count = |place: Place| seats.iter().filter(|s| s.place == place).count();
    format!(
        "группа № {}  {}  {}  {}: занято {} из {}, ждут {}  «{}»",
        m.id,
        local(settings, m.start),
        m.specialist,
        m.title(),
        count(Place::Invited),
        m.capacity,
        count(Place::Waiting),
        m.topic
    )
}

fn list(school: &School, settings: &Settings, from: Option<DateTime<Utc>>, json: bool, out: &mut impl Write) -> Result<()> {
    let store = school.store();
    let meetings = store.meetings(from)?;
    if meetings.is_empty() && !json {
        writeln!(out, "no groups{}", if from.is_some() { " to come" } else { "" })?;
    }
    for m in meetings {
        let seats = store.meeting(m.id)?.map(|(_, seats)| seats).unwrap_or_default();
        if json {
            writeln!(out, "{}", value(settings, &m, &seats))?;
        } else {
            writeln!(out, "{}", heading(settings, &m, &seats))?;
        }
    }
    Ok(())
}

fn show(school: &School, settings: &Settings, id: i64, json: bool, out: &mut impl Write) -> Result<()> {
    let Some((m, seats)) = school.store().meeting(id)? else { return Err(jobs::GroupError::Unknown(id).into()) };
    if json {
        writeln!(out, "{}", value(settings, &m, &seats))?;
        return Ok(());
    }
    writeln!(out, "{}", heading(settings, &m, &seats))?;
    writeln!(out, "  до {}, {}", local(settings, m.end), event_text::channel_words(&m.channel))?;
    if !m.classes.is_empty() {
        writeln!(out, "  классы: {}", m.classes.join(", "))?;
    }
    if let Some(last) = m.course_end {
        writeln!(out, "  перед промежуточной аттестацией, курс закончен {}", last.format("%d.%m.%Y"))?;
        for (n, duty) in (1_u8..).zip(DUTIES) {
            writeln!(out, "  [{}] {n} {duty}", if m.duties.contains(&n) { 'x' } else { ' ' })?;
        }
    }
    for s in seats {
        let missed = if s.missed { ", не пришла" } else { "" };
        writeln!(out, "  заявка № {}: {}, ответ {}{missed}", s.appeal, s.place.title(), s.author.partstat.as_str())?;
    }
    Ok(())
}
