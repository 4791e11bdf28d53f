//! What must have happened when nothing goes wrong any more for three days: nothing waits, nothing is lost, everybody was answered once.

use super::invariants::{Checked, broken};
use super::life::World;
use super::people::Habit;
use super::truth::Nature;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// Everything of this file; `healed` is when the last trouble ended.
pub fn all(world: &mut World, healed: DateTime<Utc>) -> Checked {
    settled(world)?;
    appeals(world)?;
    progress(world)?;
    receipts(world)?;
    escalated(world)?;
    reported(world, healed)
}

/// I1: every letter in the mailbox is settled; what a person wrote was not thrown away.
fn settled(world: &mut World) -> Checked {
    let inbox = world.servers.with(|s| s.folders.get("INBOX").cloned());
    let Some(inbox) = inbox else { return Ok(()) };
    let rows: BTreeMap<i64, String> = world.many(&format!(
        "SELECT uid, state || '/' || coalesce(outcome, '') || '/' || coalesce(reason, '') FROM letter WHERE folder = 'INBOX' AND uid_validity = {}",
        inbox.uid_validity
    ));
    for stored in &inbox.letters {
        let Some(truth) = world.oracle.of(&stored.raw) else { continue };
        let row = rows.get(&i64::from(stored.uid)).map(String::as_str);
        match row {
            None => return broken("I1 NoLoss", format!("a letter of {} ({:?}) is not in the journal", truth.who, truth.nature)),
            Some(r) if r.starts_with("waiting") => return broken("I1 NoLoss", format!("a letter of {} ({:?}) still waits", truth.who, truth.nature)),
            Some(r) if r.starts_with("parked") && !world.may_park() => {
                return broken("I1 NoLoss", format!("a letter of {} ({:?}) was parked without a reason: {r}", truth.who, truth.nature));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// I1: every family's first letter has opened one appeal, unless it had to be parked.
fn appeals(world: &mut World) -> Checked {
    let rows: Vec<(String, String)> =
        world.pairs("SELECT content_hash, coalesce(outcome, state) || ' ' || coalesce(reason, '') FROM letter WHERE content_hash IS NOT NULL");
    let parked: Option<i64> = world.one("SELECT count(*) FROM letter WHERE state = 'parked'", &[]);
    for truth in world.oracle.letters.iter().filter(|t| t.nature == Nature::First) {
        let found: Vec<&str> = rows.iter().filter(|(h, _)| *h == truth.hash).map(|(_, r)| r.as_str()).collect();
        if !found.iter().any(|r| r.starts_with("opened") || r.starts_with("added")) && parked == Some(0) {
            return broken("I1 NoLoss", format!("the first letter of {} opened no appeal: {found:?}", truth.who));
        }
    }
    Ok(())
}

/// I14: nothing is in the queues that should be out of them.
fn progress(world: &mut World) -> Checked {
    let late = (world.now - TimeDelta::hours(2)).timestamp();
    let stopped: Option<String> = world.one("SELECT value FROM meta WHERE key = 'line_stopped_until'", &[]);
    if stopped.and_then(|s| s.parse::<i64>().ok()).is_some_and(|until| until > late) {
        return broken("I14 Progress", "the line is still stopped three days after the last trouble".into());
    }
    let stuck: Option<String> =
        world.one(&format!("SELECT key || ', ' || status FROM posting WHERE status IN ('queued', 'sending', 'unknown') AND next_at <= {late} LIMIT 1"), &[]);
    if let Some(stuck) = stuck {
        return broken("I14 Progress", format!("a letter is still to be sent: {stuck}"));
    }
    let asleep: Option<i64> = world.one(&format!("SELECT number FROM appeal WHERE state <> 'closed' AND wake_at <= {late} LIMIT 1"), &[]);
    asleep.map_or(Ok(()), |n| broken("I14 Progress", format!("appeal {n} should have been looked at")))
}

/// Whoever wrote first and can be reached has one receipt, unless it was lost in the one window where it is not repeated.
fn receipts(world: &mut World) -> Checked {
    let rows: Vec<(String, String)> = world.pairs(
        "SELECT l.content_hash, coalesce((SELECT p.status || ' ' || p.key FROM posting AS p WHERE p.appeal = l.appeal AND p.kind IN ('receipt', 'call_task') ORDER BY p.kind DESC LIMIT 1), 'none') \
         FROM letter AS l WHERE l.outcome = 'opened' AND l.content_hash IS NOT NULL",
    );
    for truth in world.oracle.letters.iter().filter(|t| t.nature == Nature::First) {
        let family = world.people.families.iter().find(|f| f.address == truth.who);
        if family.is_none_or(|f| f.habit != Habit::Person) {
            continue;
        }
        let Some((_, row)) = rows.iter().find(|(h, _)| *h == truth.hash) else { continue };
        if row == "none" {
            return broken("I1 Receipt", format!("{} wrote first and no receipt was made", truth.who));
        }
    }
    Ok(())
}

/// I12: of what is overdue by more than two days of work the head was told; families in grief have no ladder.
fn escalated(world: &mut World) -> Checked {
    let untold: Vec<(i64, i64)> = world.rows(
        "SELECT number, max(due_office, due_literal, coalesce(assigned, 0)) FROM appeal AS a WHERE state IN ('assigned', 'taken') AND met IS NULL AND question IS NULL AND delicate = 0 \
         AND NOT EXISTS (SELECT 1 FROM rung WHERE appeal = a.number AND (name LIKE 'main/%' OR name LIKE 'overdue%'))",
    );
    for (number, due) in untold {
        let due = DateTime::from_timestamp(due, 0).unwrap_or_default();
        let told_by = world.settings.worktime.add_workdays(due.date_naive(), 3);
        if told_by < world.now.date_naive() {
            return broken("I12 Deadline", format!("the term of appeal {number} passed on {due} and nobody was told"));
        }
    }
    Ok(())
}

/// I13: each working day since has its report.
fn reported(world: &mut World, healed: DateTime<Utc>) -> Checked {
    let days: Vec<String> = world.pairs("SELECT period, kind FROM report WHERE kind = 'daily'").into_iter().map(|(p, _)| p).collect();
    let mut day = healed + TimeDelta::days(1);
    while day + TimeDelta::hours(24) < world.now {
        let date = day.date_naive();
        let working = world.settings.worktime.is_workday(date);
        if working && !days.iter().any(|d| *d == date.to_string()) {
            return broken("I13 Period", format!("there is no report of {date}; the last ones: {:?}", days.iter().rev().take(3).collect::<Vec<_>>()));
        }
        day += TimeDelta::days(1);
    }
    Ok(())
}
