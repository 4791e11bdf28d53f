//! Postings leave, in the order of sending; outcomes are told apart; the line stops when the provider says so.

use super::takeover::superseded;
use super::{JobError, School, brief};
use crate::clock::Clock;
use crate::decide::{announcement_leaves, on_failure, on_staff_failure, on_undelivered};
use crate::effect::Effect;
use crate::outbox::{AfterEvidence, Kind, Next, Outcome, after_evidence, next};
use crate::settings::{Mode, Settings};
use crate::store::{Attempt, Due};
use crate::transport::Transport;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::Ordering;

/// How long evidence of a cut-off letter is waited for.
const EVIDENCE_MINUTES: i64 = 15;

/// Without a look into Sent since the start, alarms leave after so long.
const UNSEEN_URGENT: TimeDelta = TimeDelta::minutes(5);
/// And everything else after so long.
const UNSEEN_ALL: TimeDelta = TimeDelta::hours(1);
/// How soon it is asked again whether anything may leave.
const ASK_AGAIN: TimeDelta = TimeDelta::minutes(1);
/// Ranks of the outbox: urgent alone, or all.
const URGENT: u8 = 0;
const LAST: u8 = u8::MAX;

/// A letter that left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLine {
    /// Moment.
    pub at: DateTime<Utc>,
    /// Key.
    pub key: String,
    /// Kind.
    pub kind: Kind,
    /// Appeal.
    pub appeal: Option<i64>,
    /// Recipient.
    pub to: String,
    /// Message-ID.
    pub message_id: String,
}

/// What a round of dispatch did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dispatched {
    /// Letters that left, in order.
    pub sent: Vec<SentLine>,
    /// A server took a connection in this round (or nothing was to be sent).
    pub reached: bool,
    /// When to come again.
    pub next: Option<DateTime<Utc>>,
}

/// Sends what is due.
///
/// # Errors
/// The store's.
pub async fn dispatch(school: &School, transport: &mut Transport, clock: Clock) -> Result<Dispatched, JobError> {
    if withheld(school)? {
        return Ok(Dispatched { reached: true, ..Dispatched::default() });
    }
    match line(school, clock.now()) {
        Some(line) => send_due(school, transport, clock, line).await,
        None => Ok(Dispatched { reached: true, next: Some(clock.now() + ASK_AGAIN), ..Dispatched::default() }),
    }
}

/// What may leave. Until this process has looked through Sent, another machine may have taken its place while it was off: nothing leaves at first, then
/// what is urgent, after an hour everything, for a school whose mailbox alone is away must not fall silent. One look is enough: a mailbox that goes
/// away later stops nothing.
fn line(school: &School, now: DateTime<Utc>) -> Option<Line> {
    if school.seen.done.load(Ordering::SeqCst) {
        return Some(Line::Whole);
    }
    let wanted = match school.seen.wanted.compare_exchange(0, now.timestamp(), Ordering::SeqCst, Ordering::SeqCst) {
        Ok(_) => now.timestamp(),
        Err(since) => since,
    };
    match now.timestamp() - wanted {
        // The clock was wrong then: counted anew.
        waited if waited < 0 => {
            school.seen.wanted.store(now.timestamp(), Ordering::SeqCst);
            None
        }
        waited if waited >= UNSEEN_ALL.num_seconds() => Some(Line::Whole),
        waited if waited >= UNSEEN_URGENT.num_seconds() => Some(Line::Urgent),
        _ => None,
    }
}

/// How much of the outbox is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// All that is due.
    Whole,
    /// Alarms alone.
    Urgent,
    /// All that was due then, whatever stops the line of the present: it goes nowhere.
    Past,
}

/// Nothing leaves while a restored database has not caught up with its mailbox, nor from a machine whose place another one has taken.
fn withheld(school: &School) -> Result<bool, JobError> {
    Ok(superseded(school)?.is_some() || school.store().meta(super::RECONCILE)?.is_some())
}

/// The line itself. A rebuild gives it a transport that keeps everything.
pub(super) async fn send_due(school: &School, transport: &mut Transport, clock: Clock, line: Line) -> Result<Dispatched, JobError> {
    let settings = school.refresh()?;
    let now = clock.now();
    // Only this job sends: what is still "sending" was cut off (a failed write, a dropped round), and nobody else will take it up.
    school.store().recover_sending(now, EVIDENCE_MINUTES)?;
    if school.mode(&settings) == Mode::Live {
        // Whichever way the school went live, what was composed in shadow is never sent later.
        school.store().withdraw_unsent()?;
    }
    resolve_unknown(school, now)?;
    tell_failures(school, &settings, now)?;
    let mut done = Dispatched { reached: true, ..Dispatched::default() };
    let stopped = |school: &School| if line == Line::Past { Ok(None) } else { stopped_until(school) };
    if let Some(until) = stopped(school)?.filter(|u| *u > now) {
        done.next = Some(until);
        return Ok(done);
    }
    'line: loop {
        let due = school.store().due(clock.now(), 50, if line == Line::Urgent { URGENT } else { LAST })?;
        if due.is_empty() {
            break;
        }
        for posting in due {
            // Asked before each letter: another machine may have taken over since the last one.
            if line != Line::Past && superseded(school)?.is_some() {
                break 'line;
            }
            let now = clock.now();
            if held(school, &settings, &posting, now)? {
                continue;
            }
            if let Some(stop) = send(school, &settings, transport, posting, clock, &mut done).await? {
                stop_line(school, &stop, now)?;
                break 'line;
            }
        }
    }
    transport.rest().await;
    tell_failures(school, &settings, clock.now())?;
    let stopped = stopped(school)?.filter(|u| *u > clock.now());
    done.next = match (school.store().next_posting()?, stopped) {
        (Some(at), Some(until)) => Some(at.max(until)),
        (at, _) => at,
    };
    if line == Line::Urgent {
        done.next = Some(clock.now() + ASK_AGAIN);
    }
    Ok(done)
}

/// Postings that do not leave now: too late, outside the hours of families, or over the brake.
fn held(school: &School, settings: &Settings, posting: &Due, now: DateTime<Utc>) -> Result<bool, JobError> {
    if posting.not_after.is_some_and(|at| at <= now) {
        school.store().expire(posting.id, now)?;
        return Ok(true);
    }
    if super::returns::kept(school, settings, posting, now)? {
        return Ok(true);
    }
    // Asked before the condition: the store is let go before the round asks it for the mode.
    let announced = if posting.kind == Kind::Announcement && posting.attempt == 0 { school.store().announced_letter(&posting.key)? } else { None };
    if let Some((about, family, what)) = announced {
        let at = announcement_leaves(school.round(settings, now), &about, &family, what == "cancel");
        if at > now {
            school.store().postpone(posting.id, at)?;
            return Ok(true);
        }
    }
    if !posting.automatic {
        return Ok(false);
    }
    let mut store = school.store();
    for (limit, span) in [(settings.brake.hour, TimeDelta::hours(1)), (settings.brake.day, TimeDelta::days(1))] {
        let (count, oldest) = store.automatic_since(now - span)?;
        if count >= limit {
            let free = oldest.map_or(now, |o| o + span) + TimeDelta::seconds(1);
            store.postpone(posting.id, free.max(now + TimeDelta::minutes(1)))?;
            let key = format!("brake/{}", now.format("%Y-%m-%d"));
            store.carry_out(
                &[Effect::Alert { key, text: "automatic letters to outsiders have reached the brake; they wait, owed letters go on".into() }],
                now,
            )?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Why the line stops.
struct Stop {
    until: DateTime<Utc>,
    spam: bool,
}

/// One attempt; the row tells at every moment what may have left.
async fn send(
    school: &School,
    settings: &Settings,
    transport: &mut Transport,
    posting: Due,
    clock: Clock,
    done: &mut Dispatched,
) -> Result<Option<Stop>, JobError> {
    let started = clock.now();
    if !school.store().begin_sending(posting.id, started)? {
        return Ok(None);
    }
    // One letter at a time: fifty with a file of 5 MB would be more than the daemon may hold.
    let raw = school.store().raw_of(&posting.key)?.unwrap_or_default();
    let mut on_data = || school.store().data_started(posting.id, clock.now()).map_err(|e| brief(&e));
    let outcome = transport.send(&settings.address, &posting.to, &raw, &mut on_data).await;
    let now = clock.now();
    let attempt = posting.attempt + 1;
    let first = posting.first_at.unwrap_or(started);
    let text = outcome_text(&outcome);
    let mut stop = None;
    let row = match next(&outcome, posting.kind, &posting.key, attempt, first, now) {
        Next::Done => Attempt::Sent(text.clone()),
        Next::RetryAt(at) => Attempt::Retry(at, text.clone()),
        Next::Dead => Attempt::Rejected(text.clone()),
        Next::AwaitEvidence(until) => Attempt::Unknown(until, text.clone()),
        Next::StopLineUntil(until) => {
            stop = Some(Stop { until, spam: matches!(outcome, Outcome::Spam(_)) });
            Attempt::Untouched(until, text.clone())
        }
    };
    school.store().end_sending(posting.id, &row, now)?;
    match outcome {
        Outcome::Accepted(_) => {
            done.sent.push(SentLine { at: now, key: posting.key, kind: posting.kind, appeal: posting.appeal, to: posting.to, message_id: posting.message_id });
        }
        Outcome::Deferred(_) => {
            done.reached = false;
            tracing::warn!(posting.id = posting.id, posting.kind = posting.kind.key(), attempt, reason = text, "letter is deferred");
        }
        _ => tracing::warn!(posting.id = posting.id, posting.kind = posting.kind.key(), attempt, reason = text, "letter was not sent"),
    }
    Ok(stop)
}

fn outcome_text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted(t) | Outcome::Deferred(t) | Outcome::Account(t) | Outcome::Spam(t) | Outcome::Refused(t) | Outcome::Full(t) | Outcome::Unknown(t) => {
            brief(t)
        }
    }
}

fn stopped_until(school: &School) -> Result<Option<DateTime<Utc>>, JobError> {
    let until = school.store().meta("line_stopped_until")?;
    Ok(until.and_then(|u| u.parse().ok()).and_then(|s| DateTime::from_timestamp(s, 0)))
}

/// Nothing is sent before then; a person is called, since mail cannot tell them.
fn stop_line(school: &School, stop: &Stop, now: DateTime<Utc>) -> Result<(), JobError> {
    let mut store = school.store();
    store.set_meta("line_stopped_until", &stop.until.timestamp().to_string())?;
    let (what, text) = if stop.spam {
        ("spam", "the mail provider takes our letters for spam; nothing is sent for a day: look at the mailbox in the provider's web interface")
    } else {
        ("account", "the mail server refuses our login or our address; nothing is sent until it does: check the password and the transport settings")
    };
    store.carry_out(&[Effect::Alert { key: format!("line/{what}/{}", now.format("%Y-%m-%d")), text: text.into() }], now)?;
    tracing::error!(until = %stop.until, reason = what, "the line is stopped");
    Ok(())
}

/// Waits for evidence that are over: the same bytes once more, or a person is told.
fn resolve_unknown(school: &School, now: DateTime<Utc>) -> Result<(), JobError> {
    let mut store = school.store();
    for (id, kind, repeated) in store.unproved(now)? {
        let repeat = after_evidence(kind, repeated) == AfterEvidence::Repeat;
        store.resolve_unknown(id, repeat, now)?;
    }
    Ok(())
}

/// Letters that did not arrive become tasks for a person: those to authors for the operator and the specialist, those to staff for the
/// operator, those to the operator for whoever the alert command reaches. Each is told once.
fn tell_failures(school: &School, settings: &Settings, now: DateTime<Utc>) -> Result<(), JobError> {
    let round = school.round(settings, now);
    let mut store = school.store();
    for failure in store.failures()? {
        // A family's letter of an announcement that did not arrive is a line in its sender's next list.
        if failure.kind == Kind::Announcement {
            if let Some((about, ..)) = store.announced_letter(&failure.key)?.filter(|(.., what)| what == "letter") {
                store.carry_out(&on_undelivered(round, &about), now)?;
            }
            store.failure_told(failure.id, now)?;
            continue;
        }
        if let Some(appeal) = failure.appeal.filter(|_| failure.outside).and_then(|n| store.appeal(n).ok().flatten()) {
            let effects = on_failure(round, appeal, failure.id, failure.kind, &failure.why, failure.text.as_deref());
            store.carry_out(&effects, now)?;
        } else {
            store.carry_out(&on_staff_failure(round, failure.id, failure.appeal, &failure.to, &failure.key), now)?;
        }
        store.failure_told(failure.id, now)?;
    }
    Ok(())
}
