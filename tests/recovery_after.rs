//! After a lost machine: what the head reads, in shadow mode, with another key, and where the mailbox cannot prove everything.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

#[path = "recovery/compare.rs"]
mod compare;

use chrono::{DateTime, TimeDelta, Utc};
use compare::{at, differences, facts, in_sent, letter, rebuild, round, runtime, script, without};
use otklik::clock::Clock;
use otklik::compose::{InstanceKey, OlderKey, decoded};
use otklik::decide::Order;
use otklik::jobs::{RECONCILE, School, Unknown, catch_up, dispatch, order};
use otklik::mailbox::{Mailbox, Script};
use otklik::settings::{Mode, Settings};
use otklik::store::{Store, copy_into, open_sound};
use otklik::transport::{self, Transport};
use std::sync::Arc;

const HEAD: &str = "zam@school.example";
const OPERATOR: &str = "it@school.example";

fn settings(mode: Mode) -> Settings {
    Settings { mode, ..otklik::config::demo() }
}

/// Parents write, the specialist closes one, everything leaves.
fn lived(settings: Settings, mailbox: &mut Mailbox, parents: std::ops::Range<u32>, now: DateTime<Utc>) -> Arc<School> {
    let school = Arc::new(School::new(settings, Store::in_memory().unwrap(), false));
    live_on(&school, mailbox, parents, now);
    school
}

fn live_on(school: &Arc<School>, mailbox: &mut Mailbox, parents: std::ops::Range<u32>, now: DateTime<Utc>) {
    for n in parents {
        let when = now + TimeDelta::minutes(i64::from(n));
        script(mailbox).deliver("INBOX", when, letter(n, "", when));
        minute(school, mailbox, when);
    }
}

/// All jobs once, as the daemon has them each minute; what left.
fn minute(school: &Arc<School>, mailbox: &mut Mailbox, now: DateTime<Utc>) -> Vec<(String, String)> {
    otklik::jobs::deadlines(school, now).unwrap();
    round(school, mailbox, now)
}

fn minutes(school: &Arc<School>, mailbox: &mut Mailbox, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(String, String)> {
    let mut left = Vec::new();
    let mut now = from;
    while now <= to {
        left.extend(minute(school, mailbox, now));
        now += TimeDelta::minutes(1);
    }
    left
}

/// What waits for staff's hours leaves too: to whom, as a person reads it.
fn letters(school: &Arc<School>, now: DateTime<Utc>) -> Vec<(String, String)> {
    let mut line = Transport::Script(transport::Script::default());
    let sent = runtime().block_on(dispatch(school, &mut line, Clock::Virtual(now))).unwrap().sent;
    sent.into_iter().map(|s| (s.to, decoded(&school.store().raw_of(&s.key).unwrap().unwrap()))).collect()
}

fn told(letters: &[(String, String)], whom: &str) -> Vec<String> {
    letters.iter().filter(|(to, text)| to == whom && text.contains("Записи Отклика восстановлены")).map(|(_, text)| text.clone()).collect()
}

#[test]
fn the_head_reads_what_came_back_and_what_could_not_be_known() {
    let now = at("2026-11-18T09:00:00Z");
    let mut mailbox = Mailbox::Script(Script::new());
    let school = lived(settings(Mode::Live), &mut mailbox, 1..5, now);
    let close = Order::Close { answer: Some("Пароль сброшен.".into()), reason: None };
    order(&school, 3, &close, now + TimeDelta::minutes(20)).unwrap();
    let later = now + TimeDelta::minutes(30);
    round(&school, &mut mailbox, later);
    // Somebody has tidied the mailbox: the second letter is gone.
    let mut mailbox = without(&mut mailbox, |folder, m| folder == "INBOX" && m.subject == "question 2");
    let (rebuilt, done) = rebuild(settings(Mode::Live), &mut mailbox, later);
    assert!(done.unknown.contains(&Unknown::Appeal(2)), "{:?}", done.unknown);
    let told_now = letters(&rebuilt, later);
    let read = told(&told_now, HEAD);
    assert_eq!(read.len(), 1, "{told_now:?}");
    let text = &read[0];
    println!("{text}");
    for words in ["заявки: 3, из них открыты 2", "распоряжения с сервера: 1", "первого письма которых в ящике нет", "№ 2", "в среду, 18 ноября, в 12:30"]
    {
        assert!(text.contains(words), "«{words}» is not in\n{text}");
    }
    for secret in ["parent", "Anna", "Котова", "question"] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
    // Once: no later round says it again, whoever else is on the list hears nothing.
    assert_eq!(told_now.iter().filter(|(_, t)| t.contains("восстановлены")).count(), 1);
    otklik::jobs::deadlines(&rebuilt, later + TimeDelta::hours(1)).unwrap();
    assert_eq!(told(&letters(&rebuilt, later + TimeDelta::hours(1)), HEAD), Vec::<String>::new());
}

#[test]
fn a_second_rebuild_does_not_wonder_at_the_letter_about_the_first() {
    let now = at("2026-11-18T09:00:00Z");
    let mut mailbox = Mailbox::Script(Script::new());
    let school = lived(settings(Mode::Live), &mut mailbox, 1..4, now);
    let later = now + TimeDelta::minutes(30);
    minutes(&school, &mut mailbox, now + TimeDelta::minutes(4), later);
    let (first, done) = rebuild(settings(Mode::Live), &mut mailbox, later);
    assert_eq!(done.unknown, []);
    let sent = minutes(&first, &mut mailbox, later, later + TimeDelta::minutes(59));
    assert!(sent.iter().any(|(to, _)| to == HEAD), "{sent:?}");
    let (second, done) = rebuild(settings(Mode::Live), &mut mailbox, later + TimeDelta::hours(1));
    assert_eq!(done.unknown, [], "its occasion is no letter of the mailbox");
    assert_eq!(facts(&first), facts(&second));
    let text = told(&letters(&second, later + TimeDelta::hours(1)), HEAD).remove(0);
    assert!(text.contains("Всё сошлось"), "{text}");
}

#[test]
fn a_school_in_shadow_mode_is_rebuilt_and_no_family_hears_of_it() {
    let now = at("2026-11-18T09:00:00Z");
    let mut mailbox = Mailbox::Script(Script::new());
    let school = lived(settings(Mode::Shadow), &mut mailbox, 1..5, now);
    let later = now + TimeDelta::minutes(30);
    let (rebuilt, done) = rebuild(settings(Mode::Shadow), &mut mailbox, later);
    assert_eq!(differences(&school, &rebuilt), Vec::<String>::new());
    assert_eq!(done.unknown, []);
    // A week on, everything that comes due goes to the operator alone.
    let mut all = letters(&rebuilt, later);
    assert_eq!(told(&all, OPERATOR).len(), 1, "the letter for the head is in the operator's hands: {all:?}");
    assert!(told(&all, OPERATOR)[0].contains("Пробный режим"), "{all:?}");
    let mut when = later;
    while when < later + TimeDelta::days(7) {
        when += TimeDelta::hours(6);
        otklik::jobs::deadlines(&rebuilt, when).unwrap();
        otklik::jobs::reports(&rebuilt, when).unwrap();
        all.extend(letters(&rebuilt, when));
    }
    script(&mut mailbox).deliver("INBOX", when, letter(9, "", when));
    round(&rebuilt, &mut mailbox, when);
    all.extend(letters(&rebuilt, when));
    assert!(all.len() > 3 && all.iter().all(|(to, _)| to == OPERATOR), "{:?}", all.iter().map(|(to, _)| to).collect::<Vec<_>>());
}

#[test]
fn a_live_school_rebuilt_with_a_file_that_says_shadow_writes_to_the_operator_alone() {
    let now = at("2026-11-18T09:00:00Z");
    let mut mailbox = Mailbox::Script(Script::new());
    lived(settings(Mode::Live), &mut mailbox, 1..3, now);
    let later = now + TimeDelta::minutes(30);
    let (rebuilt, _) = rebuild(settings(Mode::Shadow), &mut mailbox, later);
    script(&mut mailbox).deliver("INBOX", later, letter(9, "", later));
    let sent = round(&rebuilt, &mut mailbox, later);
    assert!(!sent.is_empty() && sent.iter().all(|(to, _)| to == OPERATOR), "{sent:?}");
}

/// Two letters under the first key, two under the second.
fn rotated(mailbox: &mut Mailbox, now: DateTime<Utc>) -> (Arc<School>, Settings) {
    let school = lived(settings(Mode::Live), mailbox, 1..3, now);
    let until = now + TimeDelta::hours(1);
    minutes(&school, mailbox, now + TimeDelta::minutes(3), until);
    let mut after = settings(Mode::Live);
    after.composer.older = Some(OlderKey { key: after.composer.key.clone(), until });
    after.composer.key = InstanceKey([9; 32]);
    school.reload(after.clone());
    live_on(&school, mailbox, 3..5, until + TimeDelta::minutes(1));
    minutes(&school, mailbox, until + TimeDelta::minutes(6), until + TimeDelta::minutes(20));
    order(&school, 1, &Order::Take, until + TimeDelta::minutes(20)).unwrap();
    minutes(&school, mailbox, until + TimeDelta::minutes(20), until + TimeDelta::minutes(30));
    (school, after)
}

#[test]
fn after_a_key_was_replaced_both_halves_are_proved() {
    let now = at("2026-11-18T09:00:00Z");
    let mut mailbox = Mailbox::Script(Script::new());
    let (school, both) = rotated(&mut mailbox, now);
    let later = now + TimeDelta::hours(2);
    let (rebuilt, done) = rebuild(both, &mut mailbox, later);
    assert_eq!(differences(&school, &rebuilt), Vec::<String>::new());
    assert_eq!(done.unknown, []);
    let before = in_sent(&mut mailbox);
    assert!(before.iter().all(|id| rebuilt.store().is_ours(id).unwrap()));
    let again: Vec<_> = round(&rebuilt, &mut mailbox, later).into_iter().filter(|(_, id)| before.contains(id)).collect();
    assert_eq!(again, []);
}

#[test]
fn with_the_older_key_lost_its_letters_are_linked_by_their_headers_and_counted() {
    let now = at("2026-11-18T09:00:00Z");
    let mut mailbox = Mailbox::Script(Script::new());
    let (school, both) = rotated(&mut mailbox, now);
    let mut alone = both;
    alone.composer.older = None;
    let first = {
        let proved = |m: &otklik::message::Message| otklik::compose::stamp(&alone.composer, m.message_id.as_deref()?, m.x_otklik.as_deref()?).map(|s| s.signed);
        let count = std::cell::Cell::new(0);
        without(&mut mailbox, |_, m| {
            count.set(count.get() + usize::from(proved(m) == Some(false)));
            false
        });
        count.get()
    };
    assert!(first > 2, "two receipts and two tasks of the time before: {first}");
    let later = now + TimeDelta::hours(2);
    let (rebuilt, done) = rebuild(alone, &mut mailbox, later);
    assert_eq!(facts(&school).keys().collect::<Vec<_>>(), facts(&rebuilt).keys().collect::<Vec<_>>(), "every appeal under its number");
    assert!(done.unknown.contains(&Unknown::Unverified(first)), "{first}: {:?}", done.unknown);
    assert!(in_sent(&mut mailbox).iter().all(|id| rebuilt.store().is_ours(id).unwrap()), "an answer to any letter of before finds its appeal");
    let text = told(&letters(&rebuilt, later), HEAD).remove(0);
    assert!(text.contains(&format!("которые нечем проверить: {first}")), "{text}");
    // Nobody gets their receipt again.
    let receipts = rebuilt.store().appeals(false, 10).unwrap();
    assert_eq!(receipts.len(), 4);
    assert!(!letters(&rebuilt, later).iter().any(|(to, _)| to.starts_with("parent")));
}

#[test]
fn a_restored_database_repeats_only_what_sent_cannot_prove() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("otklik.db"), dir.path().join("copy.db"));
    let now = at("2026-11-18T09:00:00Z");
    let school = Arc::new(School::new(settings(Mode::Live), Store::open(&path).unwrap(), false));
    let mut mailbox = Mailbox::Script(Script::new());
    live_on(&school, &mut mailbox, 1..3, now);
    copy_into(&path, &copy).unwrap();
    let middle = now + TimeDelta::minutes(5);
    live_on(&school, &mut mailbox, 3..6, middle);
    // The machine died between the server's «250» and the copy: the receipt of the fourth is not in Sent.
    let mut mailbox = without(&mut mailbox, |folder, m| folder == "Sent" && m.to[0].email == "parent4@family.example");
    let later = middle + TimeDelta::minutes(20);
    script(&mut mailbox).deliver("INBOX", later, letter(7, "", later));

    let store = open_sound(&copy).unwrap();
    store.set_meta(RECONCILE, &middle.timestamp().to_string()).unwrap();
    let restored = Arc::new(School::new(settings(Mode::Live), store, true));
    let done = runtime().block_on(catch_up(&restored, &mut mailbox, None, later)).unwrap();
    assert_eq!(done.letters, 3, "what came after the backup");
    let before = in_sent(&mut mailbox);
    let mut sent = round(&restored, &mut mailbox, later);
    for minutes in [20, 40, 60] {
        sent.extend(round(&restored, &mut mailbox, later + TimeDelta::minutes(minutes)));
    }
    assert!(sent.iter().all(|(_, id)| !before.contains(id)), "what Sent proves is not repeated: {sent:?}");
    for n in 1..=6_u32 {
        let again = sent.iter().filter(|(to, _)| *to == format!("parent{n}@family.example")).count();
        assert!(again <= usize::from(n == 4), "parent {n} gets {again} letters again");
    }
    assert_eq!(sent.iter().filter(|(to, _)| to == "parent7@family.example").count(), 1, "the newcomer has a receipt");
    assert_eq!(restored.store().appeals(false, 100).unwrap().len(), 6, "nothing is lost");
    assert!(sent.iter().any(|(to, _)| to == HEAD), "the head is told: {sent:?}");
}
