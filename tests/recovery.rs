//! A machine is lost: what a backup gives back, what the mailbox gives back alone, and that nobody hears anything twice.
//!
//! The demo week in virtual time; the same with the program as it is installed on real servers is in `recovery_wire.rs`.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

#[path = "recovery/compare.rs"]
#[expect(dead_code, reason = "the other tests of a lost machine use the rest")]
mod compare;

use chrono::{DateTime, TimeDelta, Utc};
use compare::{at, differences, facts, in_sent, letter, rebuild, round, runtime, script};
use otklik::clock::Clock;
use otklik::jobs::story::{Story, tell};
use otklik::jobs::{RECONCILE, Rehearsal, School, Unknown, catch_up, dispatch, superseded, take_over};
use otklik::mailbox::{Mailbox, Script};
use otklik::settings::Settings;
use otklik::store::{Store, StoreError, contents, copy_into, open_sound};
use otklik::transport::{self, Transport};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The demo week as it was lived, and its mailbox as the provider keeps it; `hear` is told of every moment.
fn demo_week(store: Store, hear: &mut dyn FnMut(DateTime<Utc>)) -> (Rehearsal, Mailbox) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo");
    let story = Story::parse(&std::fs::read_to_string(folder.join("week.story")).unwrap()).unwrap();
    let mut rehearsal = Rehearsal::new(otklik::config::demo(), store).unwrap();
    let letters = |name: &str| std::fs::read(folder.join("letters").join(name)).ok();
    runtime().block_on(tell(&story, &mut rehearsal, &letters, &mut |h| hear(h.at))).unwrap();
    let mailbox = std::mem::replace(rehearsal.mailbox(), Mailbox::Script(Script::new()));
    (rehearsal, mailbox)
}

#[test]
fn the_demo_week_comes_back_from_the_mailbox_alone() {
    let (lived, mut mailbox) = demo_week(Store::in_memory().unwrap(), &mut |_| {});
    let settings = (*lived.school().settings()).clone();
    let now = lived.now().unwrap() + TimeDelta::hours(3);
    let (school, done) = rebuild(settings, &mut mailbox, now);
    println!("{} letters, {} orders, {} of ours; unknown: {:?}", done.letters, done.orders, done.own, done.unknown);
    assert_eq!(differences(lived.school(), &school), Vec::<String>::new());
    assert!(done.letters >= 30 && done.orders >= 30 && done.own > 100, "{done:?}");
    assert_eq!(done.unknown, [], "everything that the week holds can be known");
    // Whoever answers a letter of before finds their appeal, and nothing that left leaves again.
    let before = in_sent(&mut mailbox);
    assert!(before.iter().all(|id| school.store().is_ours(id).unwrap()));
    let again: Vec<_> = round(&school, &mut mailbox, now).into_iter().filter(|(_, id)| before.contains(id)).collect();
    assert_eq!(again, []);
}

#[test]
fn without_the_key_letters_are_linked_by_their_headers_and_what_was_locked_is_listed() {
    let (lived, mut mailbox) = demo_week(Store::in_memory().unwrap(), &mut |_| {});
    let mut settings = (*lived.school().settings()).clone();
    settings.composer.key = otklik::compose::InstanceKey([7; 32]);
    let now = lived.now().unwrap() + TimeDelta::hours(3);
    let (school, done) = rebuild(settings, &mut mailbox, now);
    let (was, is) = (facts(lived.school()), facts(&school));
    assert_eq!(was.keys().collect::<Vec<_>>(), is.keys().collect::<Vec<_>>(), "every appeal under its number");
    for (number, was) in &was {
        for what in ["author", "received", "marks"] {
            assert_eq!(was[what], is[number][what], "№ {number}: {what}");
        }
    }
    assert!(done.unknown.contains(&Unknown::Unverified(done.own)), "none of our letters can be verified");
    let orders = done.unknown.iter().filter(|u| matches!(u, Unknown::Order(..))).count();
    assert!(orders >= 30, "the locked records are listed: {orders}");
    assert!(in_sent(&mut mailbox).iter().all(|id| school.store().is_ours(id).unwrap()), "answers to any letter of before find their appeal");
}

#[test]
fn a_forged_header_changes_nothing() {
    let now = at("2026-11-18T09:00:00Z");
    let settings = || otklik::config::demo();
    let live = || Settings { mode: otklik::settings::Mode::Live, ..settings() };
    let lived = Arc::new(School::new(live(), Store::in_memory().unwrap(), false));
    let mut mailbox = Mailbox::Script(Script::new());
    script(&mut mailbox).deliver("INBOX", now, letter(1, "", now));
    assert!(!round(&lived, &mut mailbox, now).is_empty());
    let forged = "X-Otklik: v=1; appeal=77; kind=task; cause=00; epoch=9; sig=aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
    let later = now + TimeDelta::minutes(10);
    script(&mut mailbox).deliver("INBOX", later, letter(2, forged, later));
    // By hand in Sent, with the header of a letter that somebody copied and changed.
    let answer = String::from_utf8(letter(3, forged, later)).unwrap().replace("From: Anna <parent3@family.example>", "From: priemnaya@school.example");
    script(&mut mailbox).deliver("Sent", later, answer.replace("To: priemnaya@school.example", "To: nobody@else.example").into_bytes());
    let sent = round(&lived, &mut mailbox, later);
    assert!(sent.iter().any(|(to, _)| to == "parent2@family.example"), "the letter is a letter like any other: {sent:?}");
    assert_eq!(superseded(&lived).unwrap(), None, "an unsigned epoch stops nobody");
    let (school, done) = rebuild(live(), &mut mailbox, later);
    assert_eq!(differences(&lived, &school), Vec::<String>::new());
    assert!(done.unknown.contains(&Unknown::Appeal(77)) || done.unknown.iter().any(|u| matches!(u, Unknown::Unverified(1))), "it is told: {:?}", done.unknown);
}

#[test]
fn whoever_was_forgotten_does_not_come_back() {
    let now = at("2026-11-18T09:00:00Z");
    let settings = || Settings { mode: otklik::settings::Mode::Live, ..otklik::config::demo() };
    let lived = Arc::new(School::new(settings(), Store::in_memory().unwrap(), false));
    let mut mailbox = Mailbox::Script(Script::new());
    for n in [1, 2] {
        script(&mut mailbox).deliver("INBOX", now, letter(n, "", now));
    }
    round(&lived, &mut mailbox, now);
    let close = otklik::decide::Order::Close { answer: Some("Пароль сброшен.".into()), reason: None };
    otklik::jobs::order(&lived, 1, &close, now + TimeDelta::minutes(1)).unwrap();
    round(&lived, &mut mailbox, now + TimeDelta::minutes(1));
    let later = now + TimeDelta::minutes(2);
    let mark = otklik::jobs::mark(&settings(), "parent1@family.example");
    lived.store().forget(&otklik::store::Whom::Address("parent1@family.example".into()), Some(&mark), later).unwrap();
    round(&lived, &mut mailbox, later);

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let school = Arc::new(School::new(settings(), Store::open(&path).unwrap(), true));
    let done = runtime().block_on(catch_up(&school, &mut mailbox, None, later)).unwrap();
    school.store().settle_down().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let holds = |words: &str| bytes.windows(words.len()).any(|w| w == words.as_bytes());
    assert!(holds("parent2@family.example") && !holds("parent1@family.example"), "not a byte of the address");
    assert_eq!(facts(&school).keys().copied().collect::<Vec<_>>(), [2], "the other appeal has its number: {:?}", done.unknown);
}

#[test]
fn a_backup_of_the_middle_of_the_week_catches_up_and_repeats_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("otklik.db"), dir.path().join("copy.db"));
    let middle = at("2026-11-18T12:00:00Z");
    let mut taken = false;
    let (lived, mut mailbox) = demo_week(Store::open(&path).unwrap(), &mut |now| {
        if now >= middle && !taken {
            copy_into(&path, &copy).unwrap();
            taken = true;
        }
    });
    let found = contents(&copy).unwrap();
    let settings = (*lived.school().settings()).clone();
    let whole = facts(lived.school());
    assert!(found.appeals > 5 && found.appeals < whole.len() as i64, "{found:?}");
    // What came while the machine was dead, after its last letter.
    let now = lived.now().unwrap() + TimeDelta::hours(3);
    let late = now - TimeDelta::hours(1);
    script(&mut mailbox).deliver("INBOX", late, letter(901, "", late));

    let store = open_sound(&copy).unwrap();
    store.set_meta(RECONCILE, &middle.timestamp().to_string()).unwrap();
    let live = Settings { mode: otklik::settings::Mode::Live, ..settings };
    let school = Arc::new(School::new(live, store, true));
    let before = in_sent(&mut mailbox);
    let mut line = Transport::Script(transport::Script::default());
    let held = runtime().block_on(dispatch(&school, &mut line, Clock::Virtual(now))).unwrap();
    assert!(held.sent.is_empty(), "nothing leaves before it has caught up");
    let done = runtime().block_on(catch_up(&school, &mut mailbox, None, now)).unwrap();
    assert_eq!(differences(lived.school(), &school), Vec::<String>::new(), "{:?}", done.unknown);
    let sent = round(&school, &mut mailbox, now);
    let again: Vec<_> = sent.iter().filter(|(_, id)| before.contains(id)).collect();
    assert!(again.is_empty(), "{again:?}");
    assert_eq!(sent.iter().filter(|(to, _)| to == "parent901@family.example").count(), 1, "the late letter has its receipt: {sent:?}");
    let ids = in_sent(&mut mailbox);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "nothing stands in Sent twice");
}

#[test]
fn a_machine_that_sees_a_newer_epoch_stops() {
    let now = at("2026-11-18T09:00:00Z");
    let settings = || Settings { mode: otklik::settings::Mode::Live, ..otklik::config::demo() };
    let school = || Arc::new(School::new(settings(), Store::in_memory().unwrap(), false));
    let (old, new) = (school(), school());
    let mut mailbox = Mailbox::Script(Script::new());
    let (epoch, from) = runtime().block_on(take_over(&new, &mut mailbox, now)).unwrap();
    assert!(epoch == 2 && from >= now + TimeDelta::minutes(3), "{epoch} {from}");
    script(&mut mailbox).deliver("INBOX", now, letter(1, "", now));
    assert_eq!(round(&old, &mut mailbox, now), [], "the replaced machine sends nothing any more");
    assert_eq!(superseded(&old).unwrap(), Some(2));
    assert_eq!(round(&new, &mut mailbox, now + TimeDelta::seconds(1)), [], "the new one waits until the old one must have looked");
    let sent = round(&new, &mut mailbox, from + TimeDelta::seconds(1));
    assert!(!sent.is_empty() && sent.iter().all(|(_, id)| id.contains(".e2@")), "its letters tell the epoch: {sent:?}");
    assert_eq!(superseded(&new).unwrap(), None);
    // The old one comes back by a takeover of its own; then the other stops.
    runtime().block_on(take_over(&old, &mut mailbox, from + TimeDelta::minutes(2))).unwrap();
    assert_eq!(round(&new, &mut mailbox, from + TimeDelta::minutes(2)), []);
    assert_eq!(superseded(&new).unwrap(), Some(3));
    // A rebuild knows both times.
    let (rebuilt, done) = rebuild(settings(), &mut mailbox, from + TimeDelta::hours(2));
    assert_eq!((facts(&rebuilt).len(), &done.unknown[..]), (1, &[][..]));
    assert_eq!(rebuilt.settings().composer.epoch, 3);
}

#[test]
fn a_damaged_database_is_refused_in_words_or_is_sound() {
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() };
    let path = dir.path().join("otklik.db");
    let now = at("2026-11-18T09:00:00Z");
    let settings = Settings { mode: otklik::settings::Mode::Live, ..otklik::config::demo() };
    {
        let school = Arc::new(School::new(settings.clone(), Store::open(&path).unwrap(), false));
        let mut mailbox = Mailbox::Script(Script::new());
        (1..6).for_each(|n| {
            script(&mut mailbox).deliver("INBOX", now, letter(n, "", now));
        });
        round(&school, &mut mailbox, now);
        school.store().settle_down().unwrap();
    }
    let whole = std::fs::read(&path).unwrap();
    let mut dice = 0x0074_6b6c_696b_2026_u64;
    let mut throw = |below: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        usize::try_from(dice % below as u64).unwrap()
    };
    let (mut refused, mut sound) = (0, 0);
    for case in 0..2000 {
        let mut bytes = whole.clone();
        // A third of them in the first pages, where header, schema and roots of the tables are.
        let place = if case % 3 == 0 { bytes.len().min(16 << 10) } else { bytes.len() };
        for _ in 0..=throw(64) {
            bytes[throw(place)] ^= 1 << throw(8);
        }
        for ending in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(dir.path().join(format!("otklik.db{ending}")));
        }
        std::fs::write(&path, &bytes).unwrap();
        match open_sound(&path) {
            Err(e @ (StoreError::Damaged(_) | StoreError::Newer(_))) => {
                refused += 1;
                assert!(e.to_string().contains("restore"), "case {case}: what to do stands in the sentence: {e}");
            }
            Err(e) => panic!("case {case}: damage has another name: {e}"),
            Ok(store) => {
                sound += 1;
                store.verify().unwrap();
                let _ = store.appeals(false, 100);
                let _ = store.postings(None);
                let _ = store.next_wake();
            }
        }
    }
    println!("{refused} refused, {sound} sound");
    assert!(refused > 1000, "most damage is found: {refused} refused, {sound} sound");
}
