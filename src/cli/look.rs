//! `otklik status`, `list`, `show`: what is there.

use crate::appeal::{Appeal, Consultation, Meeting, Outcome, Seat};
use crate::clock::Clock;
use crate::compose::event_text;
use crate::jobs::School;
use crate::settings::{Mode, Settings};
use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;

use super::WrongUse;

/// A moment on the school's wall clock.
pub(super) fn local(settings: &Settings, at: DateTime<Utc>) -> String {
    at.with_timezone(&settings.worktime.zone).format("%Y-%m-%d %H:%M").to_string()
}

/// Health and numbers; exit code 1 when something needs a person.
pub(super) fn status(school: &School, json: bool, out: &mut impl Write) -> Result<ExitCode> {
    let settings = school.settings();
    let now = Clock::System.now();
    let mode = school.mode(&settings);
    let store = school.store();
    let total = store.totals(DateTime::UNIX_EPOCH, now, now)?;
    let waiting = store.count_waiting()?;
    let queued = store.postings(None)?;
    let parked = store.parked(DateTime::UNIX_EPOCH)?;
    let stopped = store.meta("line_stopped_until")?.and_then(|s| s.parse().ok()).and_then(|s| DateTime::from_timestamp(s, 0)).filter(|at| *at > now);
    let balanced = store.reconciliation(&settings.mailbox.folders)?.balanced();
    let read_at = settings.mailbox.folders.first().and_then(|f| store.folder(f).ok().flatten()).and_then(|k| k.read_at);
    let stale = read_at.is_none_or(|at| now - at > chrono::TimeDelta::hours(1));
    let healthy = stopped.is_none() && balanced && !stale;
    if json {
        let row = json!({
            "mode": if mode == Mode::Live { "live" } else { "shadow" }, "open": total.open, "overdue": total.overdue, "closed": total.closed, "waiting": waiting,
            "queued": queued.len(), "parked": parked.len(), "line_stopped_until": stopped, "balanced": balanced, "mailbox_read_at": read_at, "healthy": healthy,
        });
        writeln!(out, "{row}")?;
    } else {
        writeln!(out, "mode            {}", if mode == Mode::Live { "live" } else { "shadow: every letter goes to the operator" })?;
        writeln!(out, "mailbox read    {}", read_at.map_or_else(|| "never".to_owned(), |at| local(&settings, at)))?;
        writeln!(out, "appeals         {} open, {} overdue, {} closed", total.open, total.overdue, total.closed)?;
        writeln!(out, "letters         {waiting} waiting, {} parked", parked.len())?;
        writeln!(out, "outbox          {} waiting", queued.len())?;
        if store.meta(crate::jobs::RECONCILE)?.is_some() {
            writeln!(out, "sending         WAITS until this database has caught up with the mailbox")?;
        }
        if let Some(until) = stopped {
            writeln!(out, "sending         STOPPED until {}", local(&settings, until))?;
        }
        writeln!(out, "reconciliation  {}", if balanced { "adds up" } else { "DOES NOT ADD UP" })?;
        for warning in &settings.warnings {
            writeln!(out, "warning         {warning}")?;
        }
    }
    Ok(ExitCode::from(u8::from(!healthy)))
}

fn row(settings: &Settings, a: &Appeal) -> serde_json::Value {
    json!({
        "number": a.number, "state": a.state.key(), "category": a.category.key(), "assignee": a.assignee, "urgent": a.urgent, "complaint": a.complaint,
        "received": a.received.with_timezone(&settings.worktime.zone).to_rfc3339(), "due": a.due.literal.with_timezone(&settings.worktime.zone).to_rfc3339(),
        "met": a.met.map(|t| t.with_timezone(&settings.worktime.zone).to_rfc3339()), "closed": a.closed.map(|t| t.with_timezone(&settings.worktime.zone).to_rfc3339()),
    })
}

/// Appeals, newest first. Numbers and states: no names, no texts.
pub(super) fn list(school: &School, all: bool, json: bool, out: &mut impl Write) -> Result<()> {
    let settings = school.settings();
    let appeals = school.store().appeals(!all, 10_000)?;
    if appeals.is_empty() && !json {
        writeln!(out, "no {}appeals", if all { "" } else { "open " })?;
    }
    for a in appeals {
        if json {
            writeln!(out, "{}", row(&settings, &a))?;
            continue;
        }
        let marks = [(a.urgent, " срочно"), (a.complaint, " жалоба")].iter().filter(|(yes, _)| *yes).map(|(_, w)| *w).collect::<String>();
        writeln!(
            out,
            "№ {:<5} {:<26} {:<30} до {}  {}{marks}",
            a.number,
            a.state.title(),
            a.category.title(),
            local(&settings, a.due.literal),
            a.assignee.as_deref().unwrap_or("-")
        )?;
    }
    Ok(())
}

/// One appeal's whole history.
pub(super) fn show(school: &School, number: i64, json: bool, out: &mut impl Write) -> Result<()> {
    let settings = school.settings();
    let store = school.store();
    let Some(a) = store.appeal(number)? else {
        return Err(WrongUse(format!("there is no appeal {number}; `otklik list --all` shows all")).into());
    };
    let consultations = store.consultations_of(number)?;
    let mut seats = Vec::new();
    for seat in store.seats_of(number)? {
        seats.extend(store.meeting(seat.meeting)?.map(|(meeting, _)| (meeting, seat)));
    }
    let history = store.history(number)?;
    let postings = store.postings(Some(number))?;
    let letters = store.letters_of(number)?;
    if json {
        let mut value = row(&settings, &a);
        value["history"] = history.iter().map(|h| json!({"at": local(&settings, h.at), "event": h.event, "text": h.text})).collect();
        value["letters"] =
            letters.iter().map(|l| json!({"folder": l.folder, "uid": l.uid, "received": local(&settings, l.received), "outcome": l.outcome})).collect();
        value["postings"] =
            postings.iter().map(|p| json!({"kind": p.kind.key(), "status": p.status, "sent": p.sent_at.map(|t| local(&settings, t))})).collect();
        let shown = |c: &Consultation| {
            json!({"specialist": c.specialist, "start": local(&settings, c.start), "channel": c.channel, "state": c.title(), "why": c.why,
                "outcome": c.outcome.map(Outcome::key), "series": c.series})
        };
        value["consultation"] = consultations.last().map_or(serde_json::Value::Null, shown);
        value["consultations"] = consultations.iter().map(shown).collect();
        let group = |(m, s): &(Meeting, Seat)| {
            json!({"group": m.id, "specialist": m.specialist, "start": local(&settings, m.start), "channel": m.channel, "state": m.title(),
                "place": s.place.key(), "answer": s.author.partstat.as_str(), "missed": s.missed})
        };
        value["groups"] = seats.iter().map(group).collect();
        writeln!(out, "{value}")?;
        return Ok(());
    }
    writeln!(out, "Заявка № {number}: {}, {}", a.category.title(), a.state.title())?;
    writeln!(out, "  получена    {}", local(&settings, a.received))?;
    writeln!(
        out,
        "  срок        {} (по часам), {} (в рабочее время){}",
        local(&settings, a.due.literal),
        local(&settings, a.due.office),
        if a.due.provisional { ", предварительно" } else { "" }
    )?;
    writeln!(out, "  исполнитель {}", a.assignee.as_deref().unwrap_or("-"))?;
    if let Some(question) = &a.question {
        writeln!(out, "  решить      {question}")?;
    }
    for c in &consultations {
        writeln!(out, "  консультация {} {}, {}: {}", local(&settings, c.start), c.specialist, event_text::channel_words(&c.channel), c.title())?;
        for why in &c.why {
            writeln!(out, "     почему это время: {why}")?;
        }
    }
    for (m, s) in &seats {
        let missed = if s.missed { ", не пришла" } else { "" };
        writeln!(out, "  группа      № {} {} {}, {}: {}", m.id, local(&settings, m.start), m.specialist, event_text::channel_words(&m.channel), m.title())?;
        writeln!(out, "     место семьи: {}, ответ {}{missed}", s.place.title(), s.author.partstat.as_str())?;
    }
    writeln!(out, "История")?;
    for h in history {
        writeln!(out, "  {}  {:<13} {}", local(&settings, h.at), h.event, h.text)?;
    }
    writeln!(out, "Письма к нам")?;
    for l in letters {
        writeln!(out, "  {}  {} UID {}: {}", local(&settings, l.received), l.folder, l.uid, l.outcome)?;
    }
    writeln!(out, "Наши письма")?;
    for p in postings {
        writeln!(out, "  {}  {:<12} {}  {}", p.sent_at.map_or_else(|| " ".repeat(16), |t| local(&settings, t)), p.kind.key(), p.status, p.subject)?;
    }
    Ok(())
}
