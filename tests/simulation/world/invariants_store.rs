//! What must hold in the database at any time, compared with what really happened.

use super::invariants::{Checked, broken};
use super::life::World;
use super::truth::{Nature, Truth};
use std::collections::BTreeMap;

/// Events that an order carries out.
const CARRIED_OUT: &str = "'taken','accepted','declined','moved','invited','cancelled','extended','reopened','closed','acknowledged','ordered'";

/// Everything of this file.
pub fn all(world: &mut World) -> Checked {
    no_loss(world)?;
    slot_unique(world)?;
    authorised(world)?;
    deadline(world)?;
    period(world)?;
    bounded(world)?;
    conservation(world)
}

/// I1 and I7: what is the same letter opens one appeal at most; nothing of before the first start, no machine's report and nothing forged opens one.
fn no_loss(world: &mut World) -> Checked {
    let opened: BTreeMap<String, i64> =
        world.many("SELECT content_hash, count(*) FROM letter WHERE outcome = 'opened' AND content_hash IS NOT NULL GROUP BY content_hash");
    for truth in &world.oracle.letters {
        let n = opened.get(&truth.hash).copied().unwrap_or_default();
        if n > 1 {
            return broken("I7 OneDecision", format!("{n} appeals were opened by one letter of {}", truth.who));
        }
        if n > 0 && matches!(truth.nature, Nature::Old | Nature::Bounce | Nature::ByHand) {
            return broken("I1 NoLoss", format!("a letter that was {:?} opened an appeal", truth.nature));
        }
    }
    Ok(())
}

/// I8: nobody of the staff has two consultations at one time.
fn slot_unique(world: &mut World) -> Checked {
    let twice: Option<String> = world.one(
        "SELECT a.specialist || ': ' || a.appeal || ' and ' || b.appeal FROM consultation AS a JOIN consultation AS b ON a.specialist = b.specialist \
         AND (a.appeal, a.ordinal) < (b.appeal, b.ordinal) AND a.starts < b.ends AND b.starts < a.ends \
         WHERE a.stage IN ('proposed', 'invited') AND b.stage IN ('proposed', 'invited') AND a.outcome IS NULL AND b.outcome IS NULL LIMIT 1",
        &[],
    );
    twice.map_or(Ok(()), |who| broken("I8 SlotUnique", format!("two consultations at one time: {who}")))
}

/// I11: nothing is carried out because of a forged letter.
fn authorised(world: &mut World) -> Checked {
    let forged: Vec<Truth> = world.oracle.letters.iter().filter(|t| t.nature == Nature::Forged).cloned().collect();
    for truth in forged {
        let done: Option<String> = world
            .one(&format!("SELECT h.event || ' of appeal ' || h.appeal FROM history AS h JOIN letter AS l ON l.id = h.letter WHERE l.content_hash = ?1 AND h.event IN ({CARRIED_OUT}) LIMIT 1"), &[&truth.hash]);
        if let Some(done) = done {
            return broken("I11 AuthZ", format!("a forged letter in the name of {} brought about: {done}", truth.who));
        }
    }
    Ok(())
}

/// I12: an appeal is received when the server received its letter, whatever any clock says.
fn deadline(world: &mut World) -> Checked {
    let received: BTreeMap<String, i64> = world.many(
        "SELECT l.content_hash, a.received FROM letter AS l JOIN appeal AS a ON a.number = l.appeal WHERE l.outcome = 'opened' AND l.content_hash IS NOT NULL",
    );
    for truth in world.oracle.letters.iter().filter(|t| t.nature == Nature::First) {
        if let Some(at) = received.get(&truth.hash).filter(|at| **at != truth.received.timestamp()) {
            // The same letter may have come twice; then the appeal is of the other copy.
            if !world.oracle.letters.iter().any(|t| t.hash == truth.hash && t.received.timestamp() == *at) {
                return broken("I12 Deadline", format!("the appeal of {} counts from {at} instead of {}", truth.who, truth.received.timestamp()));
            }
        }
    }
    let early: Option<i64> = world.one("SELECT number FROM appeal WHERE due_literal < received OR due_office < received LIMIT 1", &[]);
    early.map_or(Ok(()), |n| broken("I12 Deadline", format!("the term of appeal {n} ends before it begins")))
}

/// I13: one report a period and reader.
fn period(world: &World) -> Checked {
    let mut seen: BTreeMap<(&str, &str, &str), &str> = BTreeMap::new();
    for left in world.memory.left.iter().filter(|l| matches!(l.ours.kind.as_str(), "report_daily" | "report_weekly")) {
        let first = seen.entry((&left.to, &left.ours.kind, &left.ours.subject)).or_insert(&left.ours.message_id);
        if *first != left.ours.message_id {
            return broken("I13 Period", format!("two reports «{}» to {}", left.ours.subject, left.to));
        }
    }
    Ok(())
}

/// I15: the write-ahead log stays small.
fn bounded(world: &World) -> Checked {
    let log = world.machine.folder.join("otklik.db-wal");
    let size = std::fs::metadata(log).map_or(0, |m| m.len());
    if size > 20 << 20 { broken("I15 Bounded", format!("the write-ahead log has {size} bytes")) } else { Ok(()) }
}

/// I18: every appeal has the letter that opened it, and every settled letter its outcome.
fn conservation(world: &mut World) -> Checked {
    let opened: Option<i64> = world.one("SELECT count(DISTINCT appeal) FROM letter WHERE outcome = 'opened'", &[]);
    let appeals: Option<i64> = world.one("SELECT count(*) FROM appeal", &[]);
    if opened != appeals {
        return broken("I18 Conservation", format!("{opened:?} letters opened {appeals:?} appeals"));
    }
    let lost: Option<i64> = world.one("SELECT count(*) FROM appeal WHERE state <> 'closed' AND assignee IS NULL AND state <> 'undecided'", &[]);
    if lost != Some(0) { broken("I18 Conservation", format!("{lost:?} open appeals are nobody's")) } else { Ok(()) }
}
