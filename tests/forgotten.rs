//! Whoever was forgotten stays forgotten: over a lost machine, a backup that comes back, a new key; and what goes with age goes when it is of age.
//!
//! The file of the database is searched byte by byte. Not here: the demand itself (`privacy.rs`).

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

#[path = "recovery/compare.rs"]
#[expect(dead_code, reason = "the tests of a lost machine use the rest")]
mod compare;

use chrono::{DateTime, TimeDelta, Utc};
use compare::{at, facts, letter, round, runtime, script};
use otklik::clock::Clock;
use otklik::compose::{InstanceKey, OlderKey};
use otklik::decide::{AnnouncementOrder, Order};
use otklik::effect::Effect;
use otklik::jobs::{RECONCILE, School, announce, bring, catch_up, deadlines, dispatch, forget, order, retire};
use otklik::mailbox::{Mailbox, Script};
use otklik::settings::{Mode, Retention, Settings};
use otklik::store::{Cut, ForgetError, Store, Whom, copy_into};
use otklik::transport::{self, Transport};
use std::path::Path;
use std::sync::Arc;

const CANARIES: [&str; 5] = ["parent1", "Пересвет", "единорогов", "Зябликова", "000-88-99"];

fn settings() -> Settings {
    let mut settings = Settings { mode: Mode::Live, ..otklik::config::demo() };
    let families = "ФИО;класс;e-mail\nЗябликова Анна Сергеевна;5А;parent1@family.example\nКрылова Ольга Игоревна;6Б;semya2@mail.example\n";
    settings.contacts = Arc::new(otklik::config::contacts(families.as_bytes()).unwrap());
    settings
}

fn open(path: &Path, settings: Settings) -> Arc<School> {
    Arc::new(School::new(settings, Store::open(path).unwrap(), false))
}

/// Which of the words stand in a database, its log included.
fn found(path: &Path) -> Vec<&'static str> {
    let mut bytes = std::fs::read(path).unwrap();
    bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
    CANARIES.iter().copied().filter(|w| bytes.windows(w.len()).any(|part| part == w.as_bytes())).collect()
}

/// Two columns of the database.
fn rows(path: &Path, sql: &str) -> Vec<(String, String)> {
    let db = rusqlite::Connection::open(path).unwrap();
    let mut found = db.prepare(sql).unwrap();
    found.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// A letter of the person, with more words.
fn hers(n: u32, more: &str, text: &str, when: DateTime<Utc>) -> Vec<u8> {
    let bytes = String::from_utf8(letter(1, more, when)).unwrap().replace("<q1@", &format!("<{n}.q1@"));
    bytes.replace("Анна Котова, мама", &format!("{text} Анна Зябликова, мама")).into_bytes()
}

fn close(school: &School, number: i64, now: DateTime<Utc>) {
    order(school, number, &Order::Close { answer: Some("Пересвет может войти.".into()), reason: None }, now).unwrap();
}

/// A machine of the same school in the place of a lost one: its database a copy of before, or none.
fn another(dir: &Path, copy: Option<&Path>, settings: Settings, mailbox: &mut Mailbox, since: DateTime<Utc>, now: DateTime<Utc>) -> std::path::PathBuf {
    let path = dir.join(format!("{}.db", if copy.is_some() { "restored" } else { "rebuilt" }));
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(ending));
    }
    if let Some(copy) = copy {
        std::fs::copy(copy, &path).unwrap();
    }
    let school = Arc::new(School::new(settings, Store::open(&path).unwrap(), true));
    if copy.is_some() {
        school.store().set_meta(RECONCILE, &since.timestamp().to_string()).unwrap();
        assert!(!found(&path).is_empty(), "the backup holds the person: the test finds what is there");
    }
    // In a copy of the mailbox: two machines at one would notice each other.
    let mut mailbox = Mailbox::Script(script(mailbox).clone());
    runtime().block_on(catch_up(&school, &mut mailbox, None, now)).unwrap();
    round(&school, &mut mailbox, now);
    assert!(school.store().settle_down().unwrap());
    path
}

const FORM: &str = "ФИО обратившегося: Зябликова Тамара Ильинична\nРоль обратившегося: родитель\nКласс, в котором учится ребёнок: 1А\n\
    Тип обращения: не указано\nТелефон для обратной связи: +7 900 000-88-99\nE-mail: не указано\n\
    Описание проблемы: сын Пересвет не может войти в электронный журнал, забыл пароль.\n";

#[test]
fn a_single_appeal_that_was_forgotten_stays_so_by_letter_and_by_telephone() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("otklik.db"), dir.path().join("copy.db"));
    let now = at("2026-11-18T09:00:00Z");
    let minute = |n| now + TimeDelta::minutes(n);
    let (school, mut mailbox) = (open(&path, settings()), Mailbox::Script(Script::new()));
    script(&mut mailbox).deliver("INBOX", now, hers(1, "", "Сын Пересвет рисует единорогов.", now));
    script(&mut mailbox).deliver("INBOX", now, letter(2, "", now));
    let sent = round(&school, &mut mailbox, now);
    let receipt = sent.iter().find(|(to, _)| to.starts_with("parent1@")).unwrap().1.clone();
    // A second letter in the same thread: without the first it would begin an appeal of its own.
    script(&mut mailbox).deliver("INBOX", minute(1), hers(2, &format!("In-Reply-To: <{receipt}>\r\n"), "Пересвет ждёт.", minute(1)));
    round(&school, &mut mailbox, minute(1));
    let called = bring(&school, "it@school.example", FORM, minute(2)).unwrap();
    assert_eq!(called, 3);
    round(&school, &mut mailbox, minute(2));
    close(&school, 1, minute(3));
    order(&school, 3, &Order::Close { answer: None, reason: Some("пароль продиктовали".into()) }, minute(3)).unwrap();
    round(&school, &mut mailbox, minute(3));
    copy_into(&path, &copy).unwrap();
    let was = facts(&school);
    for number in [1, 3] {
        forget(&school, &Whom::Appeal(number), minute(5)).unwrap();
    }
    assert_eq!(found(&path), ["000-88-99"; 0], "gone here");
    round(&school, &mut mailbox, minute(6));
    // The provider gave the mailbox new UIDs: the old letters are listed again.
    script(&mut mailbox).uid_validity += 1;
    round(&school, &mut mailbox, minute(7));
    assert_eq!(facts(&school).len(), 3);
    assert!(school.store().settle_down().unwrap());
    assert_eq!(found(&path), [""; 0], "gone still");

    for copy in [None, Some(copy.as_path())] {
        let path = another(dir.path(), copy, settings(), &mut mailbox, minute(3), minute(60));
        assert_eq!(found(&path), [""; 0], "from {copy:?}");
        let is = facts(&open(&path, settings()));
        assert_eq!(is.keys().collect::<Vec<_>>(), was.keys().collect::<Vec<_>>(), "numbers stay");
        assert_eq!(is[&2], was[&2], "another family is as it was");
        assert_eq!((&is[&1]["category"], &is[&1]["closed"]), (&was[&1]["category"], &was[&1]["closed"]));
    }
}

/// Marks of the forgotten in Sent.
fn marks(mailbox: &mut Mailbox) -> usize {
    runtime().block_on(async {
        mailbox.examine("Sent").await.unwrap();
        let entries = mailbox.scan(0).await.unwrap();
        let all = mailbox.fetch(&entries, 64 << 10).await.unwrap();
        all.iter().filter(|f| String::from_utf8_lossy(f.bytes.as_deref().unwrap()).contains("mark=")).count()
    })
}

#[test]
fn marks_outlive_every_key() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("otklik.db"), dir.path().join("copy.db"));
    let now = at("2026-11-18T09:00:00Z");
    let minute = |n| now + TimeDelta::minutes(n);
    let (school, mut mailbox) = (open(&path, settings()), Mailbox::Script(Script::new()));
    for n in [1, 2] {
        script(&mut mailbox).deliver("INBOX", now, letter(n, "", now));
    }
    round(&school, &mut mailbox, now);
    close(&school, 1, minute(1));
    round(&school, &mut mailbox, minute(1));
    copy_into(&path, &copy).unwrap();
    forget(&school, &Whom::Address("parent1@family.example".into()), minute(2)).unwrap();
    round(&school, &mut mailbox, minute(3));
    drop(school);

    // Rotated, rotated again, and once more because the key was in wrong hands: as `otklik key rotate` writes the file.
    let first = settings().composer.key;
    let rotated = |n: u8, older: Option<u8>, until| {
        let mut settings = settings();
        settings.composer.key = InstanceKey([n; 32]);
        settings.composer.older = older.map(|o| OlderKey { key: if o == 0 { first.clone() } else { InstanceKey([o; 32]) }, until });
        settings.composer.marks = vec![first.clone()];
        settings
    };
    let steps = [rotated(1, Some(0), minute(10)), rotated(2, Some(1), minute(20)), rotated(3, None, minute(30))];
    for (n, settings) in (1..).zip(steps) {
        let then = minute(10 * n + 1);
        let school = open(&path, settings.clone());
        let before = marks(&mut mailbox);
        round(&school, &mut mailbox, then);
        round(&school, &mut mailbox, then + TimeDelta::minutes(1));
        assert_eq!(marks(&mut mailbox), before + 1, "laid once more under each key");
        for copy in [None, Some(copy.as_path())] {
            let path = another(dir.path(), copy, settings.clone(), &mut mailbox, minute(1), then + TimeDelta::minutes(2));
            assert_eq!(found(&path), [""; 0], "after rotation {n}, from {copy:?}");
        }
    }
}

#[test]
fn a_family_of_an_announcement_and_one_that_has_written_since_do_not_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("otklik.db"), dir.path().join("copy.db"));
    let now = at("2026-11-18T09:00:00Z");
    let minute = |n| now + TimeDelta::minutes(n);
    let (school, mut mailbox) = (open(&path, settings()), Mailbox::Script(Script::new()));
    let text = "Кому: все\n\nУважаемые родители! В субботу, 28 ноября, школа закрыта: меняют отопление.".to_owned();
    announce(&school, None, &AnnouncementOrder::Preview { staff: "head-1".into(), text, files: vec![] }, now).unwrap();
    announce(&school, Some(1), &AnnouncementOrder::Send { now: true }, now).unwrap();
    deadlines(&school, now).unwrap();
    script(&mut mailbox).deliver("INBOX", now, letter(3, "", now));
    let sent = round(&school, &mut mailbox, now);
    assert!(sent.iter().any(|(to, _)| to.starts_with("parent1@")), "{sent:?}");
    close(&school, 1, minute(1));
    round(&school, &mut mailbox, minute(1));
    copy_into(&path, &copy).unwrap();
    forget(&school, &Whom::Address("parent1@family.example".into()), minute(2)).unwrap();
    forget(&school, &Whom::Address("parent3@family.example".into()), minute(2)).unwrap();
    round(&school, &mut mailbox, minute(3));
    // The author of № 1 asks anew: that question stands, the old one does not come back for it.
    script(&mut mailbox).deliver("INBOX", minute(10), hers(9, "", "Новый вопрос.", minute(10)).replace_all("parent1", "parent3"));
    round(&school, &mut mailbox, minute(10));

    let path = another(dir.path(), Some(&copy), settings(), &mut mailbox, minute(1), minute(60));
    assert!(!found(&path).contains(&"parent1"), "{:?}", found(&path));
    let school = open(&path, settings());
    let row = |n| school.store().appeal(n).unwrap().unwrap();
    assert_eq!((row(1).email, row(1).text.as_str()), (None, ""));
    assert_eq!(row(2).email.as_deref(), Some("parent3@family.example"), "the new question waits for its answer");
}

trait ReplaceAll {
    fn replace_all(self, from: &str, to: &str) -> Vec<u8>;
}

impl ReplaceAll for Vec<u8> {
    fn replace_all(self, from: &str, to: &str) -> Vec<u8> {
        String::from_utf8(self).unwrap().replace(from, to).into_bytes()
    }
}

/// A letter about no appeal (here: to a second address of a family) as it is made in shadow mode.
fn loose(now: DateTime<Utc>) -> Effect {
    let mut letter =
        otklik::compose::note(&settings().composer, "shadow/contact/1".into(), None, ("[проба → parent1@family.example] Адрес", "Добрый день!"), None, now);
    letter.to = "it@school.example".into();
    letter.shadow_of = Some("parent1@family.example".into());
    letter.audience = otklik::outbox::Audience::OutsiderAutomatic;
    letter.copy = otklik::outbox::SentCopy::No;
    Effect::Post(Box::new(letter))
}

#[test]
fn a_year_of_shadow_keeps_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let now = at("2026-11-18T09:00:00Z");
    let shadow = || Settings { mode: Mode::Shadow, ..settings() };
    let (school, mut mailbox) = (open(&path, shadow()), Mailbox::Script(Script::new()));
    school.store().carry_out(&[loose(now)], now).unwrap();
    script(&mut mailbox).deliver("INBOX", now, letter(1, "", now));
    let sent = round(&school, &mut mailbox, now);
    assert!(sent.len() >= 3 && sent.iter().all(|(to, _)| to == "it@school.example"), "{sent:?}");
    close(&school, 1, now + TimeDelta::minutes(1));
    round(&school, &mut mailbox, now + TimeDelta::minutes(1));
    assert!(found(&path).contains(&"parent1"));
    let whom = Whom::Address("parent1@family.example".into());
    forget(&school, &whom, now + TimeDelta::minutes(2)).unwrap();
    assert_eq!(found(&path), [""; 0]);
    round(&school, &mut mailbox, now + TimeDelta::minutes(3));
    let path = another(dir.path(), None, shadow(), &mut mailbox, now, now + TimeDelta::hours(1));
    assert_eq!(found(&path), [""; 0], "our copies in Sent name whom they were for in their subjects");

    // With age the same goes of itself.
    let path = dir.path().join("aged.db");
    let school = open(&path, shadow());
    let mut mailbox = Mailbox::Script(Script::new());
    school.store().carry_out(&[loose(now)], now).unwrap();
    round(&school, &mut mailbox, now);
    assert_eq!(rows(&path, "SELECT subject, shadow_of FROM posting").len(), 1);
    let later = now + TimeDelta::days(400);
    while school.store().retire(Cut { words: later, people: later }).unwrap() > 0 {}
    assert_eq!(rows(&path, "SELECT subject, coalesce(shadow_of, '') FROM posting WHERE subject LIKE '%parent1%' OR shadow_of IS NOT NULL"), []);
}

#[test]
fn lists_of_the_day_and_of_an_announcement_give_their_words_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let now = at("2026-11-18T09:00:00Z");
    let minute = |n| now + TimeDelta::minutes(n);
    let (school, mut mailbox) = (open(&path, settings()), Mailbox::Script(Script::new()));
    script(&mut mailbox).deliver("INBOX", now, hers(1, "", "Сын Пересвет рисует единорогов.", now));
    script(&mut mailbox).deliver("INBOX", now, letter(2, "", now));
    // Both tasks wait: folded into a list that has not left.
    let folders = runtime().block_on(mailbox.folders()).unwrap();
    runtime().block_on(otklik::jobs::intake(&school, &mut mailbox, &folders, now)).unwrap();
    let tasks = rows(&path, "SELECT key, recipient FROM posting WHERE key LIKE 'task/%' ORDER BY appeal");
    assert_eq!(tasks.len(), 2, "{tasks:?}");
    let mut heir = otklik::compose::note(&settings().composer, "list/ejournal-1/1".into(), None, ("список", "-"), None, now);
    heir.to = tasks[0].1.clone();
    heir.raw = tasks.iter().flat_map(|(key, _)| school.store().raw_of(key).unwrap().unwrap()).chain("Пересвет рисует единорогов".bytes()).collect();
    let keys = tasks.iter().map(|(key, _)| key.clone()).collect();
    school.store().carry_out(&[Effect::Post(Box::new(heir)), Effect::Replace { keys, heir: "list/ejournal-1/1".into() }], now).unwrap();
    close(&school, 1, minute(1));
    forget(&school, &Whom::Appeal(1), minute(2)).unwrap();
    assert_eq!(found(&path), [""; 0]);
    let state = |key: &str| rows(&path, &format!("SELECT status, '' FROM posting WHERE key = '{key}'")).remove(0).0;
    assert_eq!(state("list/ejournal-1/1"), "cancelled");
    assert_eq!(state(&tasks[1].0), "queued", "the other family's task is not lost with the list");
    let sent = round(&school, &mut mailbox, minute(3));
    assert!(sent.iter().any(|(to, _)| *to == tasks[1].1), "{sent:?}");
}

#[test]
fn the_list_of_an_announcement_names_nobody_who_was_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let now = at("2026-11-18T09:00:00Z");
    let (school, mut mailbox) = (open(&path, settings()), Mailbox::Script(Script::new()));
    let text = "Кому: все\n\nУважаемые родители! В субботу, 28 ноября, школа закрыта: меняют отопление.".to_owned();
    announce(&school, None, &AnnouncementOrder::Preview { staff: "head-1".into(), text, files: vec![] }, now).unwrap();
    announce(&school, Some(1), &AnnouncementOrder::Send { now: true }, now).unwrap();
    deadlines(&school, now).unwrap();
    let sent = round(&school, &mut mailbox, now);
    let theirs = sent.iter().find(|(to, _)| to.starts_with("parent1@")).unwrap().1.clone();
    let question = hers(4, &format!("In-Reply-To: <{theirs}>\r\n"), "А продлёнка для Пересвета будет? Он рисует единорогов.", now);
    script(&mut mailbox).deliver("INBOX", now + TimeDelta::minutes(5), question);
    // The list of the day is made and waits.
    let evening = at("2026-11-18T14:30:00Z");
    let folders = runtime().block_on(mailbox.folders()).unwrap();
    runtime().block_on(otklik::jobs::intake(&school, &mut mailbox, &folders, now + TimeDelta::minutes(5))).unwrap();
    deadlines(&school, evening).unwrap();
    let lists = "SELECT status, coalesce(length(raw), 0) || '' FROM posting WHERE key LIKE 'announcement/1/list/%'";
    assert_eq!(rows(&path, lists).len(), 1, "{:?}", rows(&path, "SELECT key, status FROM posting"));
    let whom = Whom::Address("parent1@family.example".into());
    let refused = forget(&school, &whom, evening).unwrap_err();
    assert!(matches!(refused, ForgetError::Listed), "{refused}");
    round(&school, &mut mailbox, evening + TimeDelta::minutes(1));
    assert_eq!(rows(&path, lists)[0].0, "sent");
    forget(&school, &whom, evening + TimeDelta::minutes(2)).unwrap();
    assert_eq!(rows(&path, lists), [("sent".to_owned(), "0".to_owned())]);
    assert_eq!(found(&path), [""; 0]);
}

#[test]
fn what_is_on_its_way_is_not_forgotten_behind_its_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let now = at("2026-11-18T09:00:00Z");
    let (school, mut mailbox) = (open(&path, settings()), Mailbox::Script(Script::new()));
    script(&mut mailbox).deliver("INBOX", now, letter(1, "", now));
    round(&school, &mut mailbox, now);
    close(&school, 1, now + TimeDelta::minutes(1));
    let db = rusqlite::Connection::open(&path).unwrap();
    let n = db.execute("UPDATE posting SET status = 'sending' WHERE appeal = 1 AND status = 'queued'", []).unwrap();
    assert!(n > 0);
    for whom in [Whom::Appeal(1), Whom::Address("parent1@family.example".into())] {
        let refused = forget(&school, &whom, now + TimeDelta::minutes(2)).unwrap_err();
        assert!(matches!(refused, ForgetError::Leaving), "{refused}");
    }
    db.execute("UPDATE posting SET status = 'queued' WHERE status = 'sending'", []).unwrap();
    let mut line = Transport::Script(transport::Script::default());
    runtime().block_on(dispatch(&school, &mut line, Clock::Virtual(now + TimeDelta::minutes(3)))).unwrap();
    // Somebody reads the database meanwhile: the certificate says that the log still holds something, and the daemon empties it later.
    db.execute_batch("BEGIN").unwrap();
    db.query_row("SELECT count(*) FROM appeal", [], |_| Ok(())).unwrap();
    let certificate = forget(&school, &Whom::Appeal(1), now + TimeDelta::minutes(4)).unwrap();
    assert!(certificate.log_in_use);
    assert!(found(&path).contains(&"parent1"), "it stands in the log, as the certificate says");
    db.execute_batch("COMMIT").unwrap();
    retire(&school, now + TimeDelta::minutes(5)).unwrap();
    assert_eq!(found(&path), [""; 0]);
}

#[test]
fn a_wrong_clock_retires_nobody_and_a_silent_mailbox_only_waits() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let now = at("2026-11-18T09:00:00Z");
    let aged = Settings { retention: Retention { words: 30, people: 60 }, ..settings() };
    let (school, mut mailbox) = (open(&path, aged), Mailbox::Script(Script::new()));
    script(&mut mailbox).deliver("INBOX", now, letter(1, "", now));
    round(&school, &mut mailbox, now);
    close(&school, 1, now + TimeDelta::minutes(1));
    let text = || school.store().appeal(1).unwrap().unwrap().text;
    let wrong = now + TimeDelta::days(5 * 365);
    assert_eq!(retire(&school, wrong).unwrap(), 0);
    assert_eq!(retire(&school, wrong + TimeDelta::days(1)).unwrap(), 0);
    retire(&school, now + TimeDelta::days(1)).unwrap();
    assert!(!text().is_empty(), "a day of wrong time takes nothing out");
    // No letter comes for months: what is of age goes a week later.
    for day in 95..102 {
        assert_eq!(retire(&school, now + TimeDelta::days(day)).unwrap(), 0, "day {day}");
    }
    assert!(retire(&school, now + TimeDelta::days(102)).unwrap() > 0);
    assert_eq!(text(), "");
}

#[test]
fn a_thank_you_in_a_long_closed_thread_ages_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let now = at("2026-11-18T09:00:00Z");
    let aged = Settings { retention: Retention { words: 30, people: 60 }, ..settings() };
    let (school, mut mailbox) = (open(&path, aged), Mailbox::Script(Script::new()));
    script(&mut mailbox).deliver("INBOX", now, letter(1, "", now));
    let receipt = round(&school, &mut mailbox, now).into_iter().find(|(to, _)| to.starts_with("parent1@")).unwrap().1;
    close(&school, 1, now + TimeDelta::minutes(1));
    round(&school, &mut mailbox, now + TimeDelta::minutes(1));
    let visit = |mailbox: &mut Mailbox, day: i64, n| {
        let then = now + TimeDelta::days(day);
        script(mailbox).deliver("INBOX", then, letter(n, "", then));
        round(&school, mailbox, then);
        retire(&school, then).unwrap();
    };
    visit(&mut mailbox, 65, 2);
    assert!(school.store().settle_down().unwrap());
    assert_eq!(found(&path), [""; 0]);
    let late = now + TimeDelta::days(70);
    script(&mut mailbox).deliver("INBOX", late, hers(3, &format!("In-Reply-To: <{receipt}>\r\n"), "Спасибо! Пересвет доволен.", late));
    round(&school, &mut mailbox, late);
    assert!(found(&path).contains(&"Пересвет"), "the test finds what is there");
    for (number, row) in facts(&school) {
        if row["state"] != "closed" {
            close(&school, number, late + TimeDelta::hours(1));
        }
    }
    round(&school, &mut mailbox, late + TimeDelta::hours(1));
    visit(&mut mailbox, 102, 4);
    visit(&mut mailbox, 140, 5);
    assert!(school.store().settle_down().unwrap());
    assert_eq!(found(&path), [""; 0]);
}
