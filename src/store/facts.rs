//! Facts for decisions: small snapshots, read inside the transaction that carries the decision out.

use super::{absences, announcements, appeals, blocks, calls, confirmations, drafted, incidents, meetings, moment, moment_of, sent, undo};
use crate::announcement::announces;
use crate::facts::{Answered, Confirmation, ForAppeal, ForDeadlines, ForLetter, Named, Open, Original, Pending, Question, Rung, Thread, Wanted};
use crate::outbox::Kind;
use crate::slots::Busy;
use crate::understand::order_list::{MOST, numbers};
use crate::understand::{order_incident, order_silence};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

/// What began this long ago may still be under way; for fairness between specialists the last four weeks count too.
const BACK: TimeDelta = TimeDelta::days(28);

/// Time taken from four weeks ago on, all specialists: consultations, groups and what they blocked.
pub(super) fn busy(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Vec<Busy>> {
    let mut found = db.prepare_cached(
        "SELECT specialist, starts, ends FROM consultation WHERE stage <> 'cancelled' AND starts > ?1 \
         UNION ALL SELECT specialist, starts, ends FROM meeting WHERE stage <> 'cancelled' AND starts > ?1 ORDER BY starts",
    )?;
    let rows = found.query_map([(now - BACK).timestamp()], |r| Ok(Busy::consultation(r.get::<_, String>(0)?, moment(r.get(1)?), moment(r.get(2)?))))?;
    let mut all: Vec<Busy> = rows.collect::<Result<_, _>>()?;
    all.extend(blocks::busy(db, now)?);
    Ok(all)
}

/// Consultations to come of an author's other appeals.
fn family(db: &Connection, author: Option<&str>, but: i64, now: DateTime<Utc>) -> rusqlite::Result<Vec<(DateTime<Utc>, DateTime<Utc>)>> {
    let mut found = db.prepare_cached(
        "SELECT c.starts, c.ends FROM appeal a JOIN consultation c ON c.appeal = a.number \
         WHERE a.email = ?1 AND a.number <> ?2 AND c.stage <> 'cancelled' AND c.starts > ?3 ORDER BY c.starts LIMIT 20",
    )?;
    found.query_map(params![author, but, now.timestamp()], |r| Ok((moment(r.get(0)?), moment(r.get(1)?))))?.collect()
}

/// Open appeals by assignee.
pub(super) fn load(db: &Connection) -> rusqlite::Result<Vec<(String, u32)>> {
    let mut found = db.prepare_cached("SELECT assignee, count(*) FROM appeal WHERE state <> 'closed' AND assignee IS NOT NULL GROUP BY assignee")?;
    found.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
}

fn next_number(db: &Connection) -> rusqlite::Result<i64> {
    // A rebuild gives back the number that the letters in Sent name; once it is taken, counting goes on as always.
    let pinned = "SELECT CAST(value AS INTEGER) AS n FROM meta WHERE key = 'next_number'";
    db.prepare_cached(&format!(
        "SELECT coalesce((SELECT n FROM ({pinned}) WHERE n > 0 AND n NOT IN (SELECT number FROM appeal)), (SELECT coalesce(max(number), 0) + 1 FROM appeal))"
    ))?
    .query_row([], |r| r.get(0))
}

/// Message-IDs of an appeal's conversation with its author: the opening letter, then ours, at most ten.
pub(super) fn references(db: &Connection, number: i64) -> rusqlite::Result<Vec<String>> {
    let mut found = db.prepare_cached(
        "SELECT message_id FROM appeal WHERE number = ?1 AND message_id IS NOT NULL \
         UNION ALL SELECT message_id FROM (SELECT message_id, id FROM posting WHERE appeal = ?1 AND audience <> 'staff' AND shadow_of IS NULL AND status <> 'cancelled' ORDER BY id LIMIT 9)",
    )?;
    found.query_map([number], |r| r.get(0))?.collect()
}

fn duplicate(db: &Connection, q: &Question, now: DateTime<Utc>) -> rusqlite::Result<Option<Option<i64>>> {
    let mut found = db.prepare_cached(
        "SELECT appeal FROM letter WHERE content_hash = ?1 AND id <> ?2 AND state IN ('done', 'baseline') AND \
         (message_id IS ?3) AND (?3 IS NOT NULL OR internal_date > ?4) ORDER BY id LIMIT 1",
    )?;
    found.query_map(params![q.content_hash, q.letter, q.message_id, (now - TimeDelta::days(7)).timestamp()], |r| r.get(0))?.next().transpose()
}

fn replayed(db: &Connection, q: &Question) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM letter WHERE content_hash = ?1 AND id <> ?2 AND state = 'done' AND message_id IS NOT ?3";
    db.prepare_cached(sql)?.exists(params![q.content_hash, q.letter, q.message_id])
}

/// The letter of ours that belongs to no appeal and was answered: a report, a list. By its id alone: a subject may be guessed, and with a key in
/// wrong hands so may the ids of old letters.
fn list(db: &Connection, q: &Question) -> rusqlite::Result<Option<Answered>> {
    let sql = "SELECT key, kind, coalesce(shadow_of, recipient), subject FROM posting WHERE message_id = ?1 AND appeal IS NULL \
               AND created_at > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'tokens_from'), -1)";
    let mut by_id = db.prepare_cached(sql)?;
    for id in &q.referred {
        let hit = by_id.query_map([id], |r| {
            let kind = Kind::from_key(&r.get::<_, String>(1)?).unwrap_or(Kind::Other);
            Ok(Answered { key: r.get(0)?, kind, to: r.get(2)?, subject: r.get(3)? })
        });
        if let Some(answered) = hit?.next().transpose()? {
            return Ok(Some(answered));
        }
    }
    Ok(None)
}

/// The appeals that a letter of orders names.
fn named(db: &Connection, numbers: &[i64], now: DateTime<Utc>) -> rusqlite::Result<Vec<Named>> {
    let mut all = Vec::new();
    for number in numbers {
        let Some(appeal) = appeals::appeal(db, *number)? else { continue };
        all.push(Named {
            family: family(db, appeal.email.as_deref(), *number, now)?,
            consultations: appeals::consultations(db, *number)?,
            references: references(db, *number)?,
            seats: meetings::seats_of(db, *number)?,
            call: calls::of_appeal(db, *number)?,
            undo: undo::last(db, *number, now)?,
            appeal,
        });
    }
    Ok(all)
}

fn thread(db: &Connection, q: &Question) -> rusqlite::Result<Option<Thread>> {
    // With a key in wrong hands the Message-IDs of old letters can be made by anybody: those to staff find their appeal and prove nothing.
    let mut by_id = db.prepare_cached(
        "SELECT appeal, key, kind, coalesce(shadow_of, recipient), subject, \
         audience = 'staff' AND created_at <= coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'tokens_from'), 0) FROM posting WHERE message_id = ?1",
    )?;
    let mut number = None;
    let mut posting = None;
    for id in &q.answers {
        let hit = by_id
            .query_map([id], |r| {
                let kind = Kind::from_key(&r.get::<_, String>(2)?).unwrap_or(Kind::Other);
                let answered = Answered { key: r.get(1)?, kind, to: r.get(3)?, subject: r.get(4)? };
                Ok((r.get::<_, Option<i64>>(0)?, (!r.get::<_, bool>(5)?).then_some(answered)))
            })?
            .next()
            .transpose()?;
        if let Some((appeal, answered)) = hit {
            number = appeal;
            posting = answered;
            break;
        }
    }
    if number.is_none() && posting.is_none() {
        // Who answers a letter that staff wrote by hand goes on in its conversation, though we never sent that letter.
        number = sent::by_hand(db, &q.answers)?;
    }
    // A calendar's answer speaks of the event it names, whatever letter its client put into In-Reply-To.
    if let Some(uid) = &q.uid
        && let Some(of_event) = appeals::by_uid(db, uid)?.or(meetings::appeal_by_uid(db, uid)?)
    {
        if number != Some(of_event) {
            posting = None;
        }
        number = Some(of_event);
    }
    let by_number = number.is_none() && posting.is_none() && q.pressed.is_some();
    let Some(number) = number.or(q.pressed.as_ref().filter(|_| by_number).map(|p| p.0)) else { return Ok(None) };
    let Some(appeal) = appeals::appeal(db, number)? else { return Ok(None) };
    Ok(Some(Thread { appeal, consultations: appeals::consultations(db, number)?, posting, by_number, call: calls::of_appeal(db, number)? }))
}

/// Orders in somebody's name that were asked about, each with what it is about as that is now.
fn pending(db: &Connection, sender: &str, now: DateTime<Utc>) -> rusqlite::Result<Vec<Pending>> {
    let mut all = Vec::new();
    for confirmation in confirmations::lately(db, sender, now)? {
        let posting = confirmation.answered.as_deref().map(|key| confirmations::answered(db, key)).transpose()?.flatten();
        let appeal = confirmation.appeal.map(|number| appeals::appeal(db, number)).transpose()?.flatten();
        let mut about = if confirmation.done.is_none() && now <= confirmation.until { original(db, &confirmation, now)? } else { Original::default() };
        let thread = match appeal {
            Some(appeal) => {
                about.family = family(db, appeal.email.as_deref(), appeal.number, now)?;
                about.group = meetings::of_letter(db, None, Some(appeal.number), now)?;
                about.undo = undo::last(db, appeal.number, now)?;
                let (consultations, call) = (appeals::consultations(db, appeal.number)?, calls::of_appeal(db, appeal.number)?);
                Some(Thread { consultations, appeal, posting, by_number: false, call })
            }
            None => None,
        };
        let seats = thread.as_ref().map(|t| meetings::seats_of(db, t.appeal.number)).transpose()?.unwrap_or_default();
        all.push(Pending { confirmation, thread, seats, original: Box::new(about) });
    }
    Ok(all)
}

/// What the letter that ordered would be told now: it asked about itself, and so does the word that confirms it not.
fn original(db: &Connection, c: &Confirmation, now: DateTime<Utc>) -> rusqlite::Result<Original> {
    let answered = c.answered.as_deref().map(|key| confirmations::message_id(db, key)).transpose()?.flatten();
    let q = Question {
        sender: Some(c.address.clone()),
        author: Some(c.address.clone()),
        answers: answered.iter().cloned().collect(),
        referred: answered.into_iter().collect(),
        subject: c.subject.clone(),
        closes_incident: order_incident::read(&c.words) == Some(order_incident::Incident::Over),
        announces: announces(&c.subject, &c.words),
        ..Question::default()
    };
    let silenced = order_silence::named(&c.words).map(|n| appeals::appeal(db, n)).transpose()?.flatten();
    Ok(Original {
        list: if c.appeal.is_none() { list(db, &q)? } else { None },
        incident: incidents::of_letter(db, &q, now)?.map(Box::new),
        found: Wanted::asked(&c.subject, &c.words).map(|w| sent::find(db, &w, now)).transpose()?.unwrap_or_default(),
        silenced: silenced.map(Box::new),
        announced: Box::new(announcements::for_letter(db, &q, now)?),
        ..Original::default()
    })
}

/// Facts for a letter.
pub(super) fn for_letter(db: &Connection, q: &Question, now: DateTime<Utc>) -> rusqlite::Result<ForLetter> {
    let resent = db
        .prepare_cached("SELECT number FROM appeal WHERE text_hash = ?1 AND received > ?2 AND state <> 'closed' ORDER BY number DESC LIMIT 1")?
        .query_map(params![q.text_hash, (now - TimeDelta::days(7)).timestamp()], |r| r.get(0))?
        .next()
        .transpose()?;
    let (automatic_to_author, last_specialist) = match &q.author {
        Some(author) => (
            db.prepare_cached("SELECT count(*) FROM posting WHERE recipient = ?1 AND audience = 'automatic' AND created_at > ?2 AND status <> 'cancelled'")?
                .query_row(params![author, (now - TimeDelta::days(1)).timestamp()], |r| r.get(0))?,
            db.prepare_cached("SELECT assignee FROM appeal WHERE email = ?1 AND category = ?2 AND assignee IS NOT NULL ORDER BY received DESC LIMIT 1")?
                .query_map(params![author, q.category.map(|c| c.key())], |r| r.get(0))?
                .next()
                .transpose()?,
        ),
        None => (0, None),
    };
    let thread = thread(db, q)?;
    let (bearers, pressed_before) = match (&q.pressed, &q.press, &q.sender) {
        (Some((number, _)), Some(press), Some(sender)) => {
            (confirmations::bearers(db, *number, sender, now)?, confirmations::pressed_before(db, *number, sender, press)?)
        }
        _ => (Vec::new(), false),
    };
    let (pending, open_questions) = match &q.sender {
        Some(sender) => (if q.confirms { pending(db, sender, now)? } else { Vec::new() }, confirmations::open(db, sender, now)?),
        None => (Vec::new(), 0),
    };
    let block = q.uid.as_deref().map(|uid| blocks::by_uid(db, uid)).transpose()?.flatten();
    let own = thread.as_ref().map_or(0, |t| t.appeal.number);
    let addressed = sent::addressed(db, &q.recipients, &q.answers, thread.as_ref())?;
    let found = q.wanted.as_ref().map(|w| sent::find(db, w, now)).transpose()?.unwrap_or_default();
    let group = meetings::of_letter(db, q.uid.as_deref(), thread.as_ref().map(|t| t.appeal.number), now)?;
    let list = if thread.is_none() { list(db, q)? } else { None };
    // `report/weekly/2026-W47`: the report that carried the draft.
    let period = list.as_ref().and_then(|l| l.key.trim_start_matches("shadow/").strip_prefix("report/weekly/")).map(str::to_owned);
    let pending_words: Vec<String> = pending.iter().map(|p| p.confirmation.words.clone()).collect();
    Ok(ForLetter {
        next_number: next_number(db)?,
        duplicate: duplicate(db, q, now)?,
        replayed: replayed(db, q)?,
        resent,
        block,
        automatic_to_author,
        last_specialist,
        busy: busy(db, now)?,
        family: family(db, q.author.as_deref(), own, now)?,
        load: load(db)?,
        groups: meetings::planned(db, now)?,
        bearers,
        pressed_before,
        pending,
        open_questions,
        group,
        addressed,
        found,
        seats: if own > 0 { meetings::seats_of(db, own)? } else { Vec::new() },
        undo: thread.as_ref().map(|t| undo::last(db, t.appeal.number, now)).transpose()?.flatten(),
        draft: q.draft.as_deref().or(period.as_deref()).map(|p| drafted::of_period(db, p)).transpose()?.flatten().map(Box::new),
        list,
        named: {
            // An order that waited for its code names its appeals itself.
            let waited = pending_words.iter().flat_map(|words| numbers(words));
            let all: Vec<i64> = q.named.iter().copied().chain(waited).take(MOST).collect();
            named(db, &all, now)?
        },
        thread,
        silenced: q.silenced.map(|n| appeals::appeal(db, n)).transpose()?.flatten().map(Box::new),
        recent: q.alike.map(|c| incidents::recent(db, c, q.received)).transpose()?.unwrap_or_default(),
        incidents: q.alike.map(|c| incidents::live(db, c, q.received)).transpose()?.unwrap_or_default(),
        next_incident: if q.alike.is_some() { incidents::next(db)? } else { 0 },
        incident: incidents::of_letter(db, q, now)?.map(Box::new),
        announced: Box::new(announcements::for_letter(db, q, now)?),
    })
}

/// Facts for an order about one appeal.
pub(super) fn for_appeal(db: &Connection, number: i64, others: &[i64], now: DateTime<Utc>) -> rusqlite::Result<Option<ForAppeal>> {
    let Some(appeal) = appeals::appeal(db, number)? else { return Ok(None) };
    let consultations = appeals::consultations(db, number)?;
    let mut found = db.prepare_cached("SELECT DISTINCT kind FROM posting WHERE appeal = ?1 AND shadow_of IS NOT NULL AND audience <> 'staff' ORDER BY kind")?;
    let kinds: Vec<String> = found.query_map([number], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let shadowed = kinds.iter().filter_map(|k| Kind::from_key(k)).collect();
    let family = family(db, appeal.email.as_deref(), number, now)?;
    Ok(Some(ForAppeal {
        appeal,
        consultations,
        family,
        busy: busy(db, now)?,
        load: load(db)?,
        references: references(db, number)?,
        shadowed,
        call: calls::of_appeal(db, number)?,
        groups: meetings::planned(db, now)?,
        seats: meetings::seats_of(db, number)?,
        named: named(db, others, now)?,
        undo: undo::last(db, number, now)?,
    }))
}

fn rungs(db: &Connection, number: i64) -> rusqlite::Result<Vec<Rung>> {
    let mut found = db.prepare_cached("SELECT name, at FROM rung WHERE appeal = ?1 ORDER BY at, name")?;
    found.query_map([number], |r| Ok(Rung { name: r.get(0)?, at: moment(r.get(1)?) }))?.collect()
}

/// Facts for the deadlines that have come.
pub(super) fn for_deadlines(db: &Connection, now: DateTime<Utc>, today: &str) -> rusqlite::Result<ForDeadlines> {
    let woken = appeals::woken(db, now)?;
    if woken.is_empty() {
        return Ok(ForDeadlines::default());
    }
    let mut open = Vec::with_capacity(woken.len());
    for appeal in woken {
        let number = appeal.number;
        let family = family(db, appeal.email.as_deref(), number, now)?;
        let call = calls::of_appeal(db, number)?;
        let (consultations, rungs) = (appeals::consultations(db, number)?, rungs(db, number)?);
        open.push(Open { appeal, family, consultations, rungs, references: references(db, number)?, seats: meetings::seats_of(db, number)?, call });
    }
    let director: Option<i64> = db
        .prepare_cached("SELECT created_at FROM posting WHERE key = ?1 OR key = 'shadow/' || ?1")?
        .query_map([format!("escalation/director/{today}")], |r| r.get(0))?
        .next()
        .transpose()?;
    let (told_away, back) = absences::spoken_of(db, today.parse().unwrap_or_else(|_| now.date_naive()), now)?;
    Ok(ForDeadlines {
        open,
        groups: meetings::planned(db, now)?,
        unreminded: unreminded(db)?,
        busy: busy(db, now)?,
        load: load(db)?,
        director_list_today: moment_of(director).is_some(),
        told_away,
        back,
    })
}

/// Ids of those who have said «напоминание нет».
pub(super) fn unreminded(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = db.prepare_cached("SELECT substr(key, 11) FROM meta WHERE key LIKE 'reminders/%' AND value = 'off' ORDER BY key")?;
    found.query_map([], |r| r.get(0))?.collect()
}
