//! `otklik check`: every mistake at once, else warnings and what the configuration comes to.
//!
//! Not here: what a mistake is (`config`), logging in to servers (`check --online`, which adds its lines to [`Checked::text`]).

use crate::compose::{self, Envelope, Letter};
use crate::config::{self, Loaded, Mistake, Surroundings};
use crate::outbox::{Audience, Kind, Posting, SentCopy};
use crate::settings::{Handling, Mode, Route, Server, ServerTls, Settings, Source, TransportChoice};
use crate::slots::Specialist;
use crate::worktime::DayKind;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use std::fmt::Write as _;
use std::path::Path;

/// What was found.
pub struct Checked {
    /// The settings, when there is no mistake.
    pub result: Result<Loaded, Vec<Mistake>>,
    /// For people.
    pub text: String,
    /// Exit code: 0, or 2 for mistakes (design.md, "Commands").
    pub code: u8,
}

/// Checks the configuration at `path`: the report for people and the exit code.
pub fn check(path: &Path, today: NaiveDate) -> (String, u8) {
    let checked = check_in(path, today, &Surroundings::of_process());
    (checked.text, checked.code)
}

/// The same in given surroundings, with the settings for whoever goes on to `--online`.
pub fn check_in(path: &Path, today: NaiveDate, surroundings: &Surroundings) -> Checked {
    let result = config::load_in(path, today, surroundings);
    let (text, code) = match &result {
        Ok(loaded) => (good(loaded, today), 0),
        Err(mistakes) => (bad(mistakes), 2),
    };
    Checked { result, text, code }
}

/// One JSON object a line: `{"kind": "mistake" | "warning", "file", "line", "message"}`.
pub fn json(result: &Result<Loaded, Vec<Mistake>>) -> String {
    let row = |kind: &str, file: &str, line: Option<usize>, message: &str| {
        serde_json::json!({"kind": kind, "file": file, "line": line, "message": message}).to_string()
    };
    let rows: Vec<String> = match result {
        Ok(loaded) => loaded.warnings.iter().map(|w| row("warning", &w.file, w.line, &w.message)).collect(),
        Err(mistakes) => mistakes.iter().map(|m| row("mistake", &m.file, m.line, &m.message)).collect(),
    };
    rows.iter().map(|r| format!("{r}\n")).collect()
}

fn bad(mistakes: &[Mistake]) -> String {
    let mut out: String = mistakes.iter().map(|m| format!("{m}\n")).collect();
    let count = match mistakes.len() {
        1 => "1 mistake".to_owned(),
        n => format!("{n} mistakes"),
    };
    out.push_str(&format!("{count}: correct and run `otklik check` again.\n"));
    out
}

fn good(loaded: &Loaded, today: NaiveDate) -> String {
    let s = &loaded.settings;
    let mut out = String::from("No mistakes.\n");
    if !loaded.warnings.is_empty() {
        out.push_str("\nTo know:\n");
        for warning in &loaded.warnings {
            out.push_str(&format!("  {warning}\n"));
        }
    }
    // Writing to a String cannot fail.
    let _ = summary(&mut out, s, today);
    if !loaded.own.is_empty() {
        out.push_str(&format!("Own files: {}\n", loaded.own.join(", ")));
    }
    out.push_str(&format!("Letters: {} samples composed\n", samples(s, today).len()));
    out
}

fn summary(out: &mut String, s: &Settings, today: NaiveDate) -> std::fmt::Result {
    writeln!(out, "\n{} <{}>, {}, zone {}", s.school, s.address, s.phone, s.worktime.zone.name())?;
    match s.mode {
        Mode::Shadow => writeln!(out, "Mode: shadow, every letter goes to {}", s.operator.join(", "))?,
        Mode::Live => writeln!(out, "Mode: live, letters go to people")?,
    }
    match &s.mailbox.source {
        Source::Imap(server) => writeln!(out, "Mailbox: {}, {}, every {} s", address(server), s.mailbox.folders.join(", "), s.mailbox.poll.as_secs())?,
        Source::Folder(path) => writeln!(out, "Mailbox: {}", path.display())?,
    }
    match &s.transport {
        TransportChoice::Smtp(server) => writeln!(out, "Transport: {}", address(server))?,
        TransportChoice::Folder(path) => writeln!(out, "Transport: files in {}", path.display())?,
    }
    writeln!(out, "Head: {}", row_of(s, &s.head))?;
    writeln!(out, "Director: {}", row_of(s, &s.director))?;
    writeln!(out, "\nOrders by letter (orders that matter: answers to authors, closing, handing over, moving, cancelling):")?;
    for person in &s.staff {
        writeln!(out, "  {:<32} {}", person.email, crate::decide::asked_about(s, person))?;
    }
    writeln!(out, "\nWho answers what:")?;
    for (category, rule) in &s.categories {
        let handled = if rule.handled == Handling::Request { "request" } else { "consultation" };
        writeln!(out, "  {:<17} {handled:<13} {}", category.key(), who(s, *category, rule.to))?;
    }
    let t = &s.terms;
    writeln!(out, "\nTerms: taken within {}, answered within {}, invited within {}", t.take, t.answer, t.invite)?;
    let (clock, zone) = (|time: NaiveTime| time.format("%H:%M").to_string(), s.worktime.zone);
    writeln!(out, "Letters to families {}-{}, to staff {}-{}", clock(t.quiet_until), clock(t.quiet_from), clock(t.staff_from), clock(t.staff_until))?;
    let start = zone
        .from_local_datetime(&today.and_time(NaiveTime::MIN))
        .earliest()
        .map_or_else(|| today.and_time(NaiveTime::MIN).and_utc(), |m| m.with_timezone(&Utc));
    let local = |at: Option<DateTime<Utc>>| at.map_or_else(|| "never".to_owned(), |at| at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M").to_string());
    if !s.contacts.is_empty() {
        let pace = s.announcements.pace;
        let without = s.contacts.iter().filter(|c| c.email.is_none()).count();
        let consents = s.contacts.iter().filter(|c| c.consent == Some(true)).count();
        writeln!(
            out,
            "Families: {} rows, {without} without an address, {consents} with consent on paper; announcements {} a minute, {} a day",
            s.contacts.len(),
            pace.minute,
            pace.day
        )?;
        for (id, classes) in &s.announcements.may {
            let classes: Vec<String> = classes.iter().map(ToString::to_string).collect();
            writeln!(out, "  {id} writes to {}", classes.join(", "))?;
        }
    }
    writeln!(out, "Reports: daily from {}, weekly from {}", local(next_daily(s, start)), local(s.weekly.after(start)))?;
    Ok(())
}

/// The daily report is skipped on days off.
fn next_daily(s: &Settings, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut at = s.daily.after(start - chrono::Duration::seconds(1))?;
    for _ in 0..20 {
        if matches!(s.worktime.day(at.with_timezone(&s.worktime.zone).date_naive()), DayKind::Work { .. }) {
            return Some(at);
        }
        at = s.daily.after(at)?;
    }
    None
}

/// Every letter with every sample, as this school would send it: name of the letter and posting.
pub fn samples(s: &Settings, today: NaiveDate) -> Vec<(&'static str, Posting)> {
    let mut out = Vec::new();
    let now = today.and_time(NaiveTime::MIN).and_utc();
    macro_rules! compose_all {
        ($($letter:ty),*) => { $(compose_one::<$letter>(s, now, &mut out);)* };
    }
    compose_all!(
        compose::Receipt,
        compose::Invitation,
        compose::Rescheduled,
        compose::Cancelled,
        compose::Answer,
        compose::Extension,
        compose::Absent,
        compose::Task,
        compose::TaskMoved,
        compose::TaskCancelled,
        compose::Decision,
        compose::Alarm,
        compose::Reminder,
        compose::Escalation,
        compose::Handover,
        compose::CallTask,
        compose::Added,
        compose::Parked,
        compose::Undeliverable,
        compose::Passed,
        compose::Notice,
        compose::Done,
        compose::Question,
        compose::Word,
        compose::DoneList,
        compose::Help,
        compose::Daily,
        compose::Weekly,
        compose::AnnouncementLetter,
        compose::AnnouncementReminder,
        compose::AnnouncementCancelled,
        compose::AnnouncementPreview,
        compose::AnnouncementList,
        compose::SecondAddress,
        compose::Unsubscribed
    );
    out
}

fn compose_one<L: Letter>(s: &Settings, now: DateTime<Utc>, out: &mut Vec<(&'static str, Posting)>) {
    for (number, letter) in L::samples().iter().enumerate() {
        let envelope = Envelope {
            kind: Kind::Other,
            key: format!("sample/{}/{number}", L::NAME),
            appeal: Some(147),
            to: s.address.clone(),
            references: Vec::new(),
            replied: true,
            event: None,
            reply: None,
            attachments: Vec::new(),
            audience: Audience::Staff,
            priority: 9,
            copy: SentCopy::No,
            not_before: None,
            not_after: None,
            cause: None,
            due: None,
            press: None,
            now,
        };
        out.push((L::NAME, compose::freeze(&s.composer, envelope, letter)));
    }
}

fn address(server: &Server) -> String {
    let tls = match server.tls {
        ServerTls::Implicit => "TLS",
        ServerTls::Starttls => "STARTTLS",
        ServerTls::None => "no TLS, this machine only",
    };
    format!("{}:{} ({tls}) as {}", server.host, server.port, server.user)
}

fn row_of(s: &Settings, ids: &[String]) -> String {
    let names: Vec<&str> = ids.iter().filter_map(|id| s.person(id)).map(|p| p.name.as_str()).collect();
    match names.split_first() {
        Some((first, rest)) => format!("{first}; when away {}", rest.join(", then ")),
        None => String::new(),
    }
}

fn who(s: &Settings, category: crate::understand::Category, to: Route) -> String {
    if to == Route::Head {
        return "the head".to_owned();
    }
    let name = |p: &Specialist| match p.deputy.as_deref().and_then(|d| s.person(d)) {
        Some(deputy) => format!("{} (deputy {})", p.name, deputy.name),
        None => format!("{} (no deputy)", p.name),
    };
    let list: Vec<String> = s.staff.iter().filter(|p| p.categories.contains(&category)).map(name).collect();
    if list.is_empty() { "nobody, so the head".to_owned() } else { list.join("; ") }
}
