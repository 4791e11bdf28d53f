//! `otklik announce …` and `otklik consent list`: announcements to families, as their senders order them by letter. Names of families are the sender's:
//! they are in the letters to the sender, here are numbers. `consent list` is the school's own record, with names.

use super::WrongUse;
use crate::announcement::{Addressee, Announcement, Answer, Tally};
use crate::clock::Clock;
use crate::decide::AnnouncementOrder;
use crate::jobs::{self, School};
use crate::message::Attachment;
use crate::settings::Settings;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use clap::Subcommand;
use serde_json::{Value, json};
use std::io::{Read as _, Write};
use std::path::PathBuf;

/// Announcements shown by `list`.
const MOST: u32 = 100;

/// Arguments of `announce`.
#[derive(Debug, clap::Args)]
pub(super) struct AnnounceArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Read a text as a letter «объявление» and show the very letter that families would get; nothing is sent to them
    Preview {
        /// Id of the sender in rules/specialists.toml, or address
        #[arg(long = "as", value_name = "ID")]
        sender: String,
        /// Text with lines «Кому: …», «Когда: …»; - reads from standard input
        file: PathBuf,
        /// Files that go along: pdf, docx, xlsx, odt, jpg, png, 5 MB in all
        #[arg(long, value_name = "FILE", num_args = 1..)]
        attach: Vec<PathBuf>,
    },
    /// Send what was previewed
    Send {
        /// Number of the announcement
        id: i64,
        /// At night too, where it is urgent
        #[arg(long)]
        now: bool,
    },
    /// Drop it, or tell those who have it that it is cancelled
    Drop {
        /// Number of the announcement
        id: i64,
    },
    /// One announcement: who has it, who has answered
    Status {
        /// Number of the announcement
        id: i64,
    },
    /// All announcements, newest first
    List,
}

/// Arguments of `consent`.
#[derive(Debug, clap::Args)]
pub(super) struct ConsentArguments {
    #[command(subcommand)]
    what: ConsentWhat,
}

#[derive(Debug, Subcommand)]
enum ConsentWhat {
    /// Families that gave or refused consent by letter
    List,
}

fn local(settings: &Settings, at: DateTime<Utc>) -> String {
    at.with_timezone(&settings.worktime.zone).format("%d.%m.%Y %H:%M").to_string()
}

impl AnnounceArguments {
    pub(super) fn run(self, school: &School, as_json: bool, out: &mut impl Write) -> Result<()> {
        let now = Clock::System.now();
        let (id, order) = match self.what {
            What::Preview { sender, file, attach } => return preview(school, (sender, &file, &attach), as_json, out),
            What::Send { id, now } => (id, AnnouncementOrder::Send { now }),
            What::Drop { id } => (id, AnnouncementOrder::Drop),
            What::Status { id } => return status(school, id, as_json, out),
            What::List => return list(school, as_json, out),
        };
        jobs::announce(school, Some(id), &order, now)?;
        status(school, id, as_json, out)
    }
}

fn preview(school: &School, (sender, file, attach): (String, &PathBuf, &[PathBuf]), as_json: bool, out: &mut impl Write) -> Result<()> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).context("reading the text")?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    }
    let mut files = Vec::new();
    for path in attach {
        let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        files.push(Attachment { name: path.file_name().map(|n| n.to_string_lossy().into_owned()), media_type: "application/octet-stream".into(), bytes });
    }
    jobs::announce(school, None, &AnnouncementOrder::Preview { staff: sender, text, files }, Clock::System.now())?;
    let Some((a, tally)) = school.store().announcements(1)?.into_iter().next() else { return Ok(()) };
    if as_json {
        writeln!(out, "{}", value(&school.settings(), &a, tally))?;
        return Ok(());
    }
    let d = &a.draft;
    writeln!(out, "объявление {}: {}, писем {}. Полный предпросмотр ушёл отправителю письмом.\n\nТема: {}", a.id, d.audience.words(), tally.families, d.topic)?;
    if let Some(start) = d.start {
        writeln!(out, "Когда: {}", start.format("%d.%m.%Y %H:%M"))?;
    }
    if let Some(place) = &d.place {
        writeln!(out, "Где: {place}")?;
    }
    writeln!(out, "\n{}", d.text)?;
    for (i, choice) in d.choices.iter().enumerate() {
        writeln!(out, "{}. {choice}", i + 1)?;
    }
    writeln!(out, "\notklik announce send {}", a.id)?;
    Ok(())
}

fn value(settings: &Settings, a: &Announcement, t: Tally) -> Value {
    let at = |at: Option<DateTime<Utc>>| at.map(|at| at.with_timezone(&settings.worktime.zone).to_rfc3339());
    json!({
        "announcement": a.id, "sender": a.staff, "topic": a.draft.topic, "audience": a.draft.audience.words(), "stage": a.stage.key(), "version": a.version,
        "previewed": at(Some(a.previewed)), "started": at(a.started), "finished": at(a.finished), "families": t.families, "sent": t.posted,
        "left_out": t.left_out, "answered": t.answered,
    })
}

fn list(school: &School, as_json: bool, out: &mut impl Write) -> Result<()> {
    let settings = school.settings();
    let all = school.store().announcements(MOST)?;
    if all.is_empty() && !as_json {
        writeln!(out, "объявлений нет")?;
    }
    for (a, t) in all {
        if as_json {
            writeln!(out, "{}", value(&settings, &a, t))?;
        } else {
            let when = local(&settings, a.started.unwrap_or(a.previewed));
            writeln!(out, "{:>4}  {when}  {:<14}  {}: отправлено {} из {}, ответили {}", a.id, a.staff, a.stage.title(), t.posted, t.families, t.answered)?;
        }
    }
    Ok(())
}

/// Each answer and how many gave it.
fn answers(a: &Announcement, families: &[Addressee]) -> Vec<(String, String, usize)> {
    let mut given: Vec<Answer> = families.iter().filter_map(|f| f.answer).collect();
    given.sort_unstable();
    given.dedup();
    given.into_iter().map(|answer| (answer.key(), answer.words(&a.draft), families.iter().filter(|f| f.answer == Some(answer)).count())).collect()
}

fn status(school: &School, id: i64, as_json: bool, out: &mut impl Write) -> Result<()> {
    let settings = school.settings();
    let store = school.store();
    let Some((a, t)) = store.announcement(id)? else {
        return Err(WrongUse(format!("there is no announcement {id}; `otklik announce list` shows them")).into());
    };
    let families = store.addressees(id)?;
    let undelivered = families.iter().filter(|f| f.undelivered).count();
    let given = answers(&a, &families);
    if as_json {
        let mut whole = value(&settings, &a, t);
        if let Some(object) = whole.as_object_mut() {
            object.insert("undelivered".into(), json!(undelivered));
            object.insert("answers".into(), given.into_iter().map(|(key, _, n)| (key, json!(n))).collect::<serde_json::Map<_, _>>().into());
        }
        writeln!(out, "{whole}")?;
        return Ok(());
    }
    writeln!(out, "объявление {} «{}»: {}", a.id, a.draft.topic, a.stage.title())?;
    writeln!(
        out,
        "  {}, отправлено {} из {}, без объявлений {}, не дошло {undelivered}, ответили {}",
        a.draft.audience.words(),
        t.posted,
        t.families,
        t.left_out,
        t.answered
    )?;
    for (_, words, n) in given {
        writeln!(out, "  {words}: {n}")?;
    }
    Ok(())
}

impl ConsentArguments {
    pub(super) fn run(self, school: &School, as_json: bool, out: &mut impl Write) -> Result<()> {
        let ConsentWhat::List = self.what;
        let settings = school.settings();
        let consents = school.store().consents()?;
        if consents.is_empty() && !as_json {
            writeln!(out, "согласий нет; их просят письмом «Объявление: шаблон согласие»")?;
        }
        for c in consents {
            if as_json {
                let at = c.at.with_timezone(&settings.worktime.zone).to_rfc3339();
                let row = json!({"name": c.name, "classes": c.classes, "email": c.email, "given": c.given, "at": at, "version": c.version, "announcement": c.announcement, "message_id": c.message_id});
                writeln!(out, "{row}")?;
                continue;
            }
            let given = if c.given { "согласие дано" } else { "в согласии отказано" };
            writeln!(
                out,
                "{}  {}, {}: {given}, текст {}, объявление {}",
                local(&settings, c.at),
                c.name.as_deref().unwrap_or(&c.email),
                c.classes.join(", "),
                c.version,
                c.announcement
            )?;
        }
        Ok(())
    }
}
