//! Catching up is cut off, at any call and at any moment, and begins again; machines come back, are rolled back, or find an empty disk. Nobody hears
//! anything twice, and nothing that waits for an answer is taken for old.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

#[path = "recovery/compare.rs"]
#[expect(dead_code, reason = "the other tests of a lost machine use the rest")]
mod compare;

use chrono::{DateTime, TimeDelta, Utc};
use compare::{at, differences, facts, in_sent, letter, round, runtime, script};
use otklik::clock::Clock;
use otklik::daemon::round;
use otklik::jobs::story::{Story, tell};
use otklik::jobs::{JobError, RECONCILE, RebuildError, Rehearsal, School, catch_up, dispatch, superseded, take_over};
use otklik::mailbox::{Folders, Mailbox, Script};
use otklik::settings::{Mode, Settings};
use otklik::store::{Store, copy_into, open_sound};
use otklik::transport::{self, Transport};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn live() -> Settings {
    Settings { mode: Mode::Live, ..otklik::config::demo() }
}

/// The demo week as it was lived, a copy of its database from the middle, and the mailbox of its end.
struct Week {
    _folder: tempfile::TempDir,
    lived: Rehearsal,
    mailbox: Mailbox,
    copy: PathBuf,
    middle: DateTime<Utc>,
    now: DateTime<Utc>,
}

fn week() -> Week {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("otklik.db"), folder.path().join("copy.db"));
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo");
    let story = Story::parse(&std::fs::read_to_string(demo.join("week.story")).unwrap()).unwrap();
    let mut lived = Rehearsal::new(otklik::config::demo(), Store::open(&path).unwrap()).unwrap();
    let letters = |name: &str| std::fs::read(demo.join("letters").join(name)).ok();
    let (middle, mut taken) = (at("2026-11-18T12:00:00Z"), false);
    let mut hear = |h: otklik::jobs::Happening| {
        if h.at >= middle && !taken {
            copy_into(&path, &copy).unwrap();
            taken = true;
        }
    };
    runtime().block_on(tell(&story, &mut lived, &letters, &mut hear)).unwrap();
    let mailbox = std::mem::replace(lived.mailbox(), Mailbox::Script(Script::new()));
    let now = lived.now().unwrap() + TimeDelta::hours(3);
    Week { _folder: folder, lived, mailbox, copy, middle, now }
}

impl Week {
    /// As the week left them: somebody fell ill.
    fn settings(&self) -> Settings {
        Settings { mode: Mode::Live, ..(*self.lived.school().settings()).clone() }
    }

    /// The restored database, under a name of its own.
    fn restored(&self, name: &str) -> Arc<School> {
        let path = self.copy.with_file_name(name);
        std::fs::copy(&self.copy, &path).unwrap();
        let store = open_sound(&path).unwrap();
        store.set_meta(RECONCILE, &self.middle.timestamp().to_string()).unwrap();
        Arc::new(School::new(self.settings(), store, true))
    }
}

fn catching_up(school: &Arc<School>, mailbox: &mut Mailbox, now: DateTime<Utc>) -> Result<(), RebuildError> {
    runtime().block_on(catch_up(school, mailbox, None, now)).map(drop)
}

/// What would leave from now on.
fn waiting(school: &School) -> Vec<String> {
    let store = school.store();
    let mut lines: Vec<String> = store.postings(None).unwrap().iter().map(|p| format!("{:?} {} {}", p.kind, p.to, p.subject)).collect();
    lines.sort();
    lines
}

fn read(school: &Arc<School>, mailbox: &mut Mailbox, now: DateTime<Utc>) -> anyhow::Result<bool> {
    runtime().block_on(round::read(school, mailbox, &mut None::<Folders>, now, &|| {}))
}

fn send(school: &School, now: DateTime<Utc>) -> Vec<(String, String)> {
    let mut line = Transport::Script(transport::Script::default());
    let done = runtime().block_on(dispatch(school, &mut line, Clock::Virtual(now))).unwrap();
    done.sent.into_iter().map(|s| (s.to, s.key)).collect()
}

#[test]
fn a_catch_up_that_was_cut_off_at_any_call_begins_again_and_repeats_nothing() {
    let mut week = week();
    let whole = week.restored("whole.db");
    catching_up(&whole, &mut week.mailbox, week.now).unwrap();
    let expected = waiting(&whole);
    let mut cut = 0;
    for calls in 0.. {
        let school = week.restored("cut.db");
        script(&mut week.mailbox).fails_after = Some(calls);
        if catching_up(&school, &mut week.mailbox, week.now).is_ok() {
            break;
        }
        cut += 1;
        assert_eq!(send(&school, week.now), [], "call {calls}: nothing leaves before it has caught up");
        round::decide(&school, week.now).unwrap();
        assert!(school.store().alerts().unwrap().is_empty(), "call {calls}: the past calls nobody");
        catching_up(&school, &mut week.mailbox, week.now).unwrap();
        assert_eq!(differences(week.lived.school(), &school), Vec::<String>::new(), "call {calls}");
        assert_eq!(waiting(&school), expected, "call {calls}");
        assert!(!round::catching_up(&school).unwrap());
    }
    script(&mut week.mailbox).fails_after = None;
    println!("cut at {cut} calls");
    assert!(cut > 8, "{cut}");
}

#[test]
fn a_machine_that_dies_at_any_moment_of_a_catch_up_begins_it_again_and_repeats_nothing() {
    let mut week = week();
    let whole = week.restored("whole.db");
    catching_up(&whole, &mut week.mailbox, week.now).unwrap();
    let expected = waiting(&whole);
    // What is on the disk meanwhile, again and again: each copy is what a machine that dies then would leave behind.
    let (school, dying) = (week.restored("dying.db"), week.copy.with_file_name("dying.db"));
    let over = Arc::new(AtomicBool::new(false));
    let copies = {
        let over = Arc::clone(&over);
        std::thread::spawn(move || {
            let mut copies = Vec::new();
            while !over.load(Ordering::SeqCst) {
                let to = dying.with_file_name(format!("dead-{}.db", copies.len()));
                copy_into(&dying, &to).unwrap();
                copies.push(to);
            }
            copies
        })
    };
    catching_up(&school, &mut week.mailbox, week.now).unwrap();
    over.store(true, Ordering::SeqCst);
    let copies = copies.join().unwrap();
    // Each look costs a catch-up: a dozen, evenly.
    let step = copies.len().div_ceil(12).max(1);
    let (mut half, mut steps) = (0, BTreeSet::new());
    for path in copies.iter().step_by(step) {
        let school = Arc::new(School::new(week.settings(), open_sound(path).unwrap(), true));
        round::begin(&school, week.now).unwrap();
        if round::catching_up(&school).unwrap() {
            half += 1;
            steps.insert(school.store().meta("reconciled_to").unwrap());
            catching_up(&school, &mut week.mailbox, week.now).unwrap();
        }
        assert_eq!(differences(week.lived.school(), &school), Vec::<String>::new(), "{steps:?}");
        // A try that went through most of it may leave the next one with a doubt that the head is told of; what leaves is the same.
        let sure: Vec<String> = waiting(&school).iter().map(|line| line.replace(", есть что проверить", "")).collect();
        assert_eq!(sure, expected, "{steps:?}");
    }
    println!("{} copies, {half} of those looked at were not through: {steps:?}", copies.len());
    assert!(half >= 4 && steps.len() >= 3, "{half} {steps:?}");
}

#[test]
fn a_snapshot_that_was_put_back_catches_up_before_anything_leaves() {
    let mut week = week();
    let path = week.copy.with_file_name("snapshot.db");
    std::fs::copy(&week.copy, &path).unwrap();
    let school = Arc::new(School::new(week.settings(), open_sound(&path).unwrap(), true));
    round::begin(&school, week.now).unwrap();
    let before = in_sent(&mut week.mailbox);
    assert_eq!(send(&school, week.now), [], "it has not looked into Sent yet");
    read(&school, &mut week.mailbox, week.now).unwrap();
    assert_eq!(differences(week.lived.school(), &school), Vec::<String>::new());
    round(&school, &mut week.mailbox, week.now + TimeDelta::minutes(1));
    let ids = in_sent(&mut week.mailbox);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "nothing stands in Sent twice");
    assert!(ids.len() >= before.len());
}

#[test]
fn letters_that_are_large_are_read_a_few_at_a_time_and_one_that_is_withheld_is_left_for_daily_life() {
    let now = at("2026-11-18T09:00:00Z");
    let lived = Arc::new(School::new(live(), Store::in_memory().unwrap(), false));
    let mut mailbox = Mailbox::Script(Script::new());
    let file = "x".repeat(70);
    let long = |n: u32| [letter(n, "", now), format!("{file}\r\n").repeat(30_000).into_bytes()].concat();
    for n in 1..9 {
        script(&mut mailbox).deliver("INBOX", now, long(n));
        round(&lived, &mut mailbox, now + TimeDelta::seconds(i64::from(n)));
    }
    script(&mut mailbox).largest = 0;
    let school = Arc::new(School::new(live(), Store::in_memory().unwrap(), true));
    script(&mut mailbox).withheld = vec![("INBOX".into(), 3)];
    let done = runtime().block_on(catch_up(&school, &mut mailbox, None, now + TimeDelta::hours(1))).unwrap();
    assert!(script(&mut mailbox).largest <= 8 << 20, "{}", script(&mut mailbox).largest);
    assert_eq!(facts(&school).keys().copied().collect::<Vec<_>>(), [1, 2, 4, 5, 6, 7, 8], "{:?}", done.unknown);
    script(&mut mailbox).withheld.clear();
    round(&school, &mut mailbox, now + TimeDelta::hours(2));
    assert!(facts(&school).len() == 8, "it is read as soon as the server hands it out");
}

#[test]
fn a_machine_that_comes_back_sends_nothing_before_it_has_looked_into_sent() {
    let now = at("2026-11-18T09:00:00Z");
    let mut mailbox = Mailbox::Script(Script::new());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let old = Arc::new(School::new(live(), Store::open(&path).unwrap(), false));
    script(&mut mailbox).deliver("INBOX", now, letter(1, "", now));
    read(&old, &mut mailbox, now).unwrap();
    let waits = waiting(&old);
    assert!(!waits.is_empty());
    drop(old);
    // Another machine takes its place and sends.
    let new = Arc::new(School::new(live(), Store::in_memory().unwrap(), false));
    let (_, from) = runtime().block_on(take_over(&new, &mut mailbox, now + TimeDelta::hours(1))).unwrap();
    assert!(!round(&new, &mut mailbox, from + TimeDelta::seconds(1)).is_empty());
    let noon = now + TimeDelta::hours(3);
    let old = Arc::new(School::new(live(), Store::open(&path).unwrap(), true));
    round::begin(&old, noon).unwrap();
    assert_eq!(send(&old, noon), []);
    assert_eq!(send(&old, noon + TimeDelta::minutes(3)), []);
    read(&old, &mut mailbox, noon + TimeDelta::minutes(4)).unwrap();
    assert_eq!(superseded(&old).unwrap(), Some(2));
    assert_eq!(send(&old, noon + TimeDelta::hours(2)), []);
    assert_eq!(waiting(&old), waits);
}

#[test]
fn a_mailbox_that_is_away_delays_alarms_by_minutes_and_the_rest_by_an_hour_at_a_start_and_nothing_later() {
    let now = at("2026-11-18T09:00:00Z");
    let mut mailbox = Mailbox::Script(Script::new());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let school = Arc::new(School::new(live(), Store::open(&path).unwrap(), false));
    let danger = "Здравствуйте! Мой сын пишет, что не хочет больше жить. Помогите, пожалуйста. Анна Котова, мама ученика 5А.";
    let bytes = String::from_utf8(letter(1, "", now)).unwrap();
    let (head, _) = bytes.split_once("\r\n\r\n").unwrap();
    script(&mut mailbox).deliver("INBOX", now, format!("{head}\r\n\r\n{danger}\r\n").into_bytes());
    script(&mut mailbox).deliver("INBOX", now, letter(2, "", now));
    read(&school, &mut mailbox, now).unwrap();
    drop(school);
    let school = Arc::new(School::new(live(), Store::open(&path).unwrap(), true));
    round::begin(&school, now).unwrap();
    assert_eq!(send(&school, now), []);
    let alarms = send(&school, now + TimeDelta::minutes(6));
    assert!(alarms.iter().any(|(_, key)| key.starts_with("alarm/1")) && alarms.iter().all(|(_, key)| key.contains("/1")), "{alarms:?}");
    assert!(alarms.iter().all(|(to, _)| to != "parent2@family.example"), "{alarms:?}");
    assert_eq!(send(&school, now + TimeDelta::minutes(50)), []);
    let rest = send(&school, now + TimeDelta::minutes(61));
    assert!(rest.iter().any(|(to, _)| to == "parent2@family.example"), "{rest:?}");
    // One look is enough: what is decided later leaves although the mailbox is away.
    let school = Arc::new(School::new(live(), Store::open(&path).unwrap(), true));
    let later = now + TimeDelta::hours(2);
    script(&mut mailbox).deliver("INBOX", later, letter(3, "", later));
    read(&school, &mut mailbox, later).unwrap();
    assert!(send(&school, later + TimeDelta::seconds(1)).iter().any(|(to, _)| to == "parent3@family.example"));
}

#[test]
fn a_takeover_counts_from_what_stands_in_sent_and_needs_to_see_it() {
    let now = at("2026-11-18T09:00:00Z");
    let school = || Arc::new(School::new(live(), Store::in_memory().unwrap(), false));
    let mut mailbox = Mailbox::Script(Script::new());
    let (running, restored) = (school(), school());
    let take = |who: &Arc<School>, mailbox: &mut Mailbox, now| runtime().block_on(take_over(who, mailbox, now));
    take(&running, &mut mailbox, now).unwrap();
    take(&running, &mut mailbox, now + TimeDelta::hours(1)).unwrap();
    // The backup is of before both.
    let later = now + TimeDelta::days(2);
    script(&mut mailbox).fails_after = Some(1);
    assert!(take(&restored, &mut mailbox, later).is_err(), "without a look into Sent nothing is taken over");
    assert_eq!(restored.settings().composer.epoch, 1);
    assert_eq!(take(&restored, &mut mailbox, later).unwrap().0, 4);
    script(&mut mailbox).deliver("INBOX", later, letter(1, "", later));
    assert_eq!(round(&running, &mut mailbox, later), []);
    assert_eq!(superseded(&running).unwrap(), Some(4));
    // A mailbox whose Sent nobody knows.
    let nameless = school();
    let mut folder = Mailbox::Script(Script::new());
    script(&mut folder).without_sent = true;
    assert!(matches!(take(&nameless, &mut folder, later), Err(RebuildError::NoSent)));
    assert_eq!(nameless.store().meta("epoch").unwrap(), None);
}

#[test]
fn a_takeover_before_the_first_start_changes_nothing_of_what_was_lived_through() {
    let mut week = week();
    let plain = week.restored("plain.db");
    let later = week.now + TimeDelta::hours(60);
    catching_up(&plain, &mut week.mailbox, later).unwrap();
    let taken = week.restored("taken.db");
    let (_, from) = runtime().block_on(take_over(&taken, &mut week.mailbox, later)).unwrap();
    catching_up(&taken, &mut week.mailbox, later).unwrap();
    assert_eq!(differences(week.lived.school(), &taken), Vec::<String>::new());
    assert_eq!(waiting(&taken), waiting(&plain));
    assert_eq!(taken.settings().composer.epoch, 2);
    let before = in_sent(&mut week.mailbox);
    round::decide(&taken, later).unwrap();
    assert_eq!(send(&taken, later + TimeDelta::seconds(1)), [], "the pause of the takeover holds");
    let sent = round(&taken, &mut week.mailbox, from + TimeDelta::seconds(1));
    assert!(sent.iter().all(|(_, id)| !before.contains(id)), "{sent:?}");
}

#[test]
fn an_empty_disk_is_not_taken_for_a_first_day() {
    let now = at("2026-11-18T09:00:00Z");
    let mut mailbox = Mailbox::Script(Script::new());
    let lived = Arc::new(School::new(live(), Store::in_memory().unwrap(), false));
    script(&mut mailbox).deliver("INBOX", now, letter(1, "", now));
    round(&lived, &mut mailbox, now);
    let later = now + TimeDelta::hours(1);
    script(&mut mailbox).deliver("INBOX", later, letter(2, "", later));
    let empty = Arc::new(School::new(live(), Store::in_memory().unwrap(), true));
    let refused = read(&empty, &mut mailbox, later).unwrap_err();
    assert!(refused.chain().any(|c| matches!(c.downcast_ref(), Some(JobError::NotNew))), "{refused:#}");
    assert!(empty.store().is_new().unwrap(), "no letter has become one of before the program");
    // Another key is no proof of another school.
    let mut settings = live();
    settings.composer.key = otklik::compose::InstanceKey([9; 32]);
    let other = Arc::new(School::new(settings, Store::in_memory().unwrap(), true));
    assert!(read(&other, &mut mailbox, later).is_err());
    empty.store().begin_anew().unwrap();
    read(&empty, &mut mailbox, later).unwrap();
    assert_eq!(facts(&empty).len(), 0, "what is there is left alone, as people have said");
}

#[test]
fn after_a_failed_try_letters_are_made_with_the_key_of_today() {
    let mut week = week();
    let now = week.now;
    let mut rotated = week.settings();
    let old = std::mem::replace(&mut rotated.composer.key, otklik::compose::InstanceKey([5; 32]));
    rotated.composer.older = Some(otklik::compose::OlderKey { key: old, until: now });
    let store = open_sound(&week.copy).unwrap();
    store.set_meta(RECONCILE, &week.middle.timestamp().to_string()).unwrap();
    let school = Arc::new(School::new(rotated, store, true));
    script(&mut week.mailbox).fails_after = Some(8);
    catching_up(&school, &mut week.mailbox, now).unwrap_err();
    assert_eq!(school.settings().composer.key.0, [5; 32]);
    assert_eq!(school.settings().mode, Mode::Live);
    catching_up(&school, &mut week.mailbox, now).unwrap();
    assert_eq!(differences(week.lived.school(), &school), Vec::<String>::new());
}
