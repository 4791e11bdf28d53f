//! `otklik report daily|weekly|monthly|quarterly`: the report's letter as text, as of now or of a day; nothing is sent, no period is used up.

use super::WrongUse;
use crate::clock::Clock;
use crate::compose::{Daily, Envelope, Letter, Weekly, freeze, letter_page, letter_text};
use crate::jobs::{School, Stretch, first_day, gather_daily, gather_period, gather_weekly};
use crate::outbox::{Audience, Kind, Posting, SentCopy};
use crate::report::Span;
use crate::settings::Settings;
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Report {
    /// Which
    #[arg(value_enum)]
    which: Which,
    /// As of this moment instead of now (counts by receipt and closing; states are today's)
    #[arg(long, value_name = "TIME", conflicts_with = "date")]
    at: Option<String>,
    /// The period in which this day lies
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
    /// Write FILE instead: .txt, .html or .json
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    Daily,
    Weekly,
    Monthly,
    Quarterly,
}

/// A report, made: its letter and its data.
struct Made {
    letter: Posting,
    json: String,
    /// Nothing came and nothing was closed: a sentence.
    empty: Option<String>,
}

impl Report {
    pub(super) fn run(self, school: &School, json: bool, out: &mut impl Write) -> Result<()> {
        let settings = school.settings();
        let now = match &self.at {
            Some(at) => super::due::moment(at, &settings)?,
            None => Clock::System.now(),
        };
        let made = self.made(school, &settings, now)?;
        if let Some(path) = &self.out {
            std::fs::write(path, in_form(&made, path)?).with_context(|| format!("writing {}", path.display()))?;
            writeln!(out, "{}", path.display())?;
        } else if json {
            writeln!(out, "{}", made.json)?;
        } else {
            write!(out, "{}", text(&made))?;
        }
        Ok(())
    }

    fn made(&self, school: &School, settings: &Settings, now: DateTime<Utc>) -> Result<Made> {
        let worktime = &settings.worktime;
        let today = worktime.local_date(now);
        if let Some(date) = self.date.filter(|d| *d > today) {
            return Err(WrongUse(format!("--date {date}: this day has not come yet; name one up to {today}")).into());
        }
        let span = match self.which {
            Which::Daily => {
                // A day of the past as its evening knew it.
                let now = self.date.map_or(now, |d| worktime.last_second(d).min(now));
                let report = gather_daily(school, settings, worktime.local_date(now), now - TimeDelta::days(1), now, false)?;
                let head = school.round(settings, now).decider(&[]).map(|h| h.id.clone()).unwrap_or_default();
                let json = serde_json::to_string(&report)?;
                let letter = Daily::of(report, &settings.composer, ("report/preview", now), &head);
                return Ok(Made { letter: frozen(settings, Kind::ReportDaily, &letter, now), json, empty: None });
            }
            Which::Weekly => Span::Week,
            Which::Monthly => Span::Month,
            Which::Quarterly => Span::Quarter,
        };
        let report = match (span, self.date) {
            (Span::Week, None) => gather_weekly(school, settings, now, false)?,
            (span, date) => {
                let stretch = Stretch::calendar(settings, span, first_day(span, date.unwrap_or(today)), now);
                gather_period(school, settings, &stretch, now, false)?
            }
        };
        // A week without news still has what is open and overdue.
        let empty = (span != Span::Week || self.date.is_some())
            .then_some(())
            .and_then(|()| report.analysis.nothing().then(|| format!("За {} обращений не было, или Отклик тогда ещё не работал.", report.analysis.title)));
        let json = serde_json::to_string(&report)?;
        Ok(Made { letter: frozen(settings, Kind::ReportWeekly, &Weekly::of(report), now), json, empty })
    }
}

/// The letter's subject and text; of an empty period a sentence.
fn text(made: &Made) -> String {
    if let Some(sentence) = &made.empty {
        return format!("{sentence}\n");
    }
    format!("{}\n\n{}\n", made.letter.subject, letter_text(&made.letter.raw))
}

/// In the form that a file's name asks for.
///
/// # Errors
/// A sentence: the name's ending is none of those known.
fn in_form(made: &Made, path: &Path) -> Result<String> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    Ok(match ending.as_str() {
        "txt" => text(made),
        "html" | "htm" => letter_page(&made.letter.raw),
        "json" => format!("{}\n", made.json),
        _ => return Err(WrongUse(format!("--out {}: name a file that ends in .txt, .html or .json", path.display())).into()),
    })
}

fn frozen<L: Letter>(settings: &Settings, kind: Kind, letter: &L, now: DateTime<Utc>) -> Posting {
    let envelope = Envelope {
        kind,
        key: "report/preview".into(),
        appeal: None,
        to: settings.operator.first().cloned().unwrap_or_default(),
        references: Vec::new(),
        replied: false,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::Staff,
        priority: 5,
        copy: SentCopy::No,
        not_before: None,
        not_after: None,
        cause: None,
        due: None,
        press: None,
        now,
    };
    freeze(&settings.composer, envelope, letter)
}
