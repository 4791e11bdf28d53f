//! What must hold whatever goes wrong, for the letters that left: each check has the name of reliability.md 3.6 and says in a sentence what is broken.
//!
//! Not here: what the database must hold (`invariants_store`), what must have happened when all is well again (`liveness`).

use super::life::World;
use super::people::Habit;
use super::truth::{Nature, Ours, ours};
use crate::servers::Accepted;
use chrono::{DateTime, TimeDelta, Utc};
use otklik::itip::{self, Method};
use otklik::message;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is broken.
#[derive(Debug, Clone)]
pub struct Broken {
    /// `I5 Copies`.
    pub name: &'static str,
    /// A sentence.
    pub what: String,
}

/// A check's end.
pub type Checked = Result<(), Broken>;

/// Fails with a sentence.
pub fn broken(name: &'static str, what: String) -> Checked {
    Err(Broken { name, what })
}

/// A letter of the school that a server took, read once.
pub struct Left {
    pub at: DateTime<Utc>,
    pub to: String,
    pub raw: Arc<[u8]>,
    pub ours: Ours,
}

/// A calendar object: UID, recipient, occurrence, SEQUENCE.
type Version = (String, String, String, i64);
/// What it says: when it begins, and whether that is cancelled.
type Told = (Option<DateTime<Utc>>, bool);

/// What is remembered of the letters that left.
#[derive(Default)]
pub struct Memory {
    pub left: Vec<Left>,
    /// How often each Message-ID was accepted.
    pub copies: BTreeMap<String, u32>,
    bytes: BTreeMap<String, Vec<u8>>,
    /// Letters that the program knows to have left: no copy may follow.
    pub recorded: BTreeSet<String>,
    /// Calendar objects by UID, recipient, occurrence and SEQUENCE: when they begin and whether they are cancelled.
    objects: BTreeMap<Version, Told>,
    /// Letters beyond what the rule allows.
    pub repeated: u64,
}

/// Kinds of which a second copy is worse than none.
const ONCE: [&str; 5] = ["receipt", "reminder", "survey", "confirm", "announcement"];

/// Every check of one letter that was accepted just now.
pub fn letter(world: &mut World, taken: &Accepted) -> Checked {
    let ours = ours(&taken.raw);
    let left = Left { at: taken.at, to: taken.to.to_lowercase(), raw: taken.raw.clone(), ours };
    copies(world, &left)?;
    same_bytes(world, &left)?;
    nobody_of_before(world, &left)?;
    loop_bound(world, &left)?;
    forged_words(world, &left)?;
    no_leak(world, &left)?;
    sequence(world, &left)?;
    intent_first(world, &left)?;
    world.memory.left.push(left);
    Ok(())
}

/// I5: a letter of which the program knows that it left leaves no more; one of unknown outcome at most once more, and only where that is the rule.
fn copies(world: &mut World, left: &Left) -> Checked {
    let id = &left.ours.message_id;
    let count = world.memory.copies.entry(id.clone()).or_default();
    *count += 1;
    let (count, kind, to) = (*count, &left.ours.kind, &left.to);
    if world.memory.recorded.contains(id) {
        world.memory.repeated += 1;
        return broken("I5 Copies", format!("a {kind} to {to} was recorded as sent and left once more"));
    }
    // A server that keeps a letter and says 451 has asked for another copy each time.
    let asked = world.servers.with(|s| s.counts.get("kept_but_451").copied().unwrap_or_default());
    let most = if ONCE.contains(&kind.as_str()) { 1 } else { 2 } + u32::try_from(asked).unwrap_or(u32::MAX);
    if count > most {
        world.memory.repeated += 1;
        return broken("I5 Copies", format!("a {kind} to {to} was accepted {count} times, {most} at most are allowed"));
    }
    Ok(())
}

/// I6: copies of a letter are the same bytes.
fn same_bytes(world: &mut World, left: &Left) -> Checked {
    let sum = Sha256::digest(&left.raw).to_vec();
    let first = world.memory.bytes.entry(left.ours.message_id.clone()).or_insert_with(|| sum.clone());
    if *first == sum { Ok(()) } else { broken("I6 SameBytes", format!("two letters with one Message-ID differ: {} to {}", left.ours.kind, left.to)) }
}

/// P14, the baseline: nobody who wrote before the program came hears of it.
fn nobody_of_before(_: &World, left: &Left) -> Checked {
    if left.to.ends_with("@past.example") {
        broken("I1 Baseline", format!("a letter of before the first start was answered: {} to {}", left.ours.kind, left.to))
    } else {
        Ok(())
    }
}

/// Whether a copy of this letter lies in Sent.
fn in_sent(world: &World, message_id: &str) -> bool {
    let id = message_id.as_bytes();
    let holds = |raw: &[u8]| raw.windows(id.len()).take(8192).any(|w| w == id);
    world.servers.with(|s| s.folders.get("Отправленные").is_some_and(|f| f.letters.iter().any(|l| holds(&l.raw))))
}

/// I10: one receipt a first letter; none to machines, reports and copies; never more a day than the brake allows; nothing to the own address.
fn loop_bound(world: &World, left: &Left) -> Checked {
    if left.to == super::hand::SCHOOL {
        return broken("I10 LoopBound", format!("a {} to the school's own address", left.ours.kind));
    }
    if left.ours.kind != "receipt" {
        return Ok(());
    }
    let others = || world.memory.left.iter().filter(|l| l.ours.kind == "receipt" && l.ours.message_id != left.ours.message_id);
    if let Some(cause) = &left.ours.in_reply_to {
        // A restored database knows of a receipt by its copy in Sent alone; where that was never laid, the letter is answered late but certainly.
        let known = |l: &&Left| world.counters.restores == 0 || in_sent(world, &l.ours.message_id);
        if others().filter(known).any(|l| l.ours.in_reply_to.as_ref() == Some(cause) && l.to == left.to && same_letter(world, cause)) {
            return broken("I10 LoopBound", format!("a second receipt for one letter, to {}", left.to));
        }
        let to_what = world.oracle.letters.iter().find(|t| t.message_id.as_ref() == Some(cause)).map(|t| t.nature);
        // A receipt for what was forged in a colleague's name goes to the colleague: so they hear of it.
        let warned = to_what == Some(Nature::Forged) && left.to.ends_with("@school.example");
        if matches!(to_what, Some(Nature::Robot | Nature::Bounce | Nature::Forged | Nature::Old)) && !warned {
            return broken("I10 LoopBound", format!("a receipt to a letter that was {:?}, to {}", to_what.unwrap_or(Nature::Old), left.to));
        }
    }
    let today = others().filter(|l| l.to == left.to && l.at > left.at - TimeDelta::days(1)).count() + 1;
    let most = usize::try_from(world.settings.brake.address_day).unwrap_or(usize::MAX);
    let machine = world.people.families.iter().any(|f| f.address.eq_ignore_ascii_case(&left.to) && matches!(f.habit, Habit::Machine(_)));
    if today > most && !machine { broken("I10 LoopBound", format!("{today} receipts within a day to {}", left.to)) } else { Ok(()) }
}

/// Whether only one letter has this Message-ID: another letter under the same is another letter.
fn same_letter(world: &World, id: &str) -> bool {
    let hashes: BTreeSet<&str> = world.oracle.letters.iter().filter(|t| t.message_id.as_deref() == Some(id)).map(|t| t.hash.as_str()).collect();
    hashes.len() <= 1
}

/// I11: what only a forger says reaches nobody outside, and the program tells the forger nothing; whether people write to them is their choice.
fn forged_words(world: &World, left: &Left) -> Checked {
    if left.to.ends_with("@evil.example") && left.ours.kind == "receipt" {
        return broken("I11 AuthZ", format!("the forger was written to: {}", left.ours.kind));
    }
    if left.to.ends_with("@school.example") || left.to.ends_with("@evil.example") {
        return Ok(());
    }
    let mark = world.oracle.letters.iter().filter_map(|t| t.mark.as_deref()).find(|m| left.ours.text.contains(*m) || left.ours.subject.contains(*m));
    mark.map_or(Ok(()), |m| broken("I11 AuthZ", format!("the words of the forged letter {m} went to {}", left.to)))
}

/// I16: name and telephone of a child stand in no subject, no calendar title, and in no letter to another family.
fn no_leak(world: &World, left: &Left) -> Checked {
    let titles: Vec<String> = message::read(&left.raw)
        .calendars
        .iter()
        .flat_map(|c| String::from_utf8_lossy(&c.bytes).lines().filter(|l| l.starts_with("SUMMARY")).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    for family in &world.people.families {
        let own = family.address.eq_ignore_ascii_case(&left.to);
        let staff = left.to.ends_with("@school.example");
        for canary in [&family.child, &family.phone] {
            if left.ours.subject.contains(canary.as_str()) {
                return broken("I16 NoLeak", format!("{canary} stands in the subject of a {} to {}", left.ours.kind, left.to));
            }
            if titles.iter().any(|t| t.contains(canary.as_str())) {
                return broken("I16 NoLeak", format!("{canary} stands in a calendar title to {}", left.to));
            }
            if !own && !staff && left.ours.text.contains(canary.as_str()) {
                return broken("I16 NoLeak", format!("{canary} stands in a {} to {}", left.ours.kind, left.to));
            }
        }
    }
    Ok(())
}

/// I9: under one UID and SEQUENCE there is one event; behind a cancellation comes nothing with a lower number.
fn sequence(world: &mut World, left: &Left) -> Checked {
    for part in message::read(&left.raw).calendars {
        let Ok(objects) = itip::read_all(&part.bytes, part.method.as_deref()) else { continue };
        for object in objects.iter().filter(|o| matches!(o.method, Some(Method::Request | Method::Cancel))) {
            let cancelled = object.method == Some(Method::Cancel);
            let key = (object.uid.clone(), left.to.clone(), format!("{:?}", object.recurrence_id), object.sequence);
            let event = (object.start, cancelled);
            let known = world.memory.objects.entry(key).or_insert(event);
            if *known != event {
                return broken("I9 SeqMonotone", format!("two events under one UID and SEQUENCE {} to {}: {known:?} and {event:?}", object.sequence, left.to));
            }
        }
    }
    Ok(())
}

/// I4: when a server has a letter, the program has written down before that it may have left.
fn intent_first(world: &mut World, left: &Left) -> Checked {
    let started: Option<Option<i64>> = world.one("SELECT data_started_at FROM posting WHERE message_id = ?1", &[&left.ours.message_id]);
    match started {
        Some(Some(_)) => Ok(()),
        Some(None) => broken("I4 IntentFirst", format!("a {} to {} was accepted and its row does not say that it began", left.ours.kind, left.to)),
        None => broken("I4 IntentFirst", format!("a {} to {} was accepted and has no row", left.ours.kind, left.to)),
    }
}

/// I2 and I3: the mailbox is only read, and what is said to it is the protocol.
pub fn no_destroy(world: &World) -> Checked {
    let (destructive, illegal) = world.servers.with(|s| (s.destructive.clone(), s.illegal.clone()));
    if let Some(command) = destructive.first() {
        return broken("I3 NoDestroy", format!("the mailbox heard {command}"));
    }
    illegal.first().map_or(Ok(()), |command| broken("I3 NoDestroy", format!("what is no IMAP or SMTP was said: {command}")))
}

/// Which letters the program knows to have left, after a step.
pub fn record(world: &mut World, fresh: &[String]) {
    for id in fresh {
        let status: Option<String> = world.one("SELECT status FROM posting WHERE message_id = ?1", &[id]);
        if status.as_deref() == Some("sent") {
            world.memory.recorded.insert(id.clone());
        }
    }
}
