//! The store against SQLite itself: what survives, what is refused, what two connections see.

use super::*;
use crate::effect::{Effect, Event};
use crate::outbox::{Audience, Kind, Posting, SentCopy};
use std::os::unix::fs::PermissionsExt as _;

fn at(minutes: i64) -> DateTime<Utc> {
    moment(1_795_000_000 + minutes * 60)
}

fn posting(key: &str, kind: Kind, uid: Option<&str>, priority: u8) -> Effect {
    Effect::Post(Box::new(Posting {
        key: key.into(),
        kind,
        appeal: None,
        to: "mama@mail.example".into(),
        shadow_of: None,
        message_id: format!("{key}@school.example"),
        subject: "Заявка".into(),
        raw: key.as_bytes().to_vec(),
        shell: None,
        copy: SentCopy::Full,
        audience: Audience::OutsiderOwed,
        priority,
        not_before: at(0),
        not_after: None,
        ics_uid: uid.map(str::to_owned),
        slot: None,
    }))
}

fn keys(store: &Store, now: DateTime<Utc>) -> Vec<String> {
    store.due(now, 50, 255).unwrap().into_iter().map(|d| d.key).collect()
}

#[test]
fn the_file_is_the_owners_and_its_pragmas_hold() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/otklik.db");
    drop(Store::open(&path).unwrap());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let store = Store::open(&path).unwrap();
    store.set_meta("a", "1").unwrap();
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.path());
    }
    let text = |p: &str| store.db.query_row(&format!("PRAGMA {p}"), [], |r| r.get::<_, rusqlite::types::Value>(0)).unwrap();
    assert_eq!(text("journal_mode"), rusqlite::types::Value::Text("wal".into()));
    for (pragma, value) in [("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("user_version", schema_version())] {
        assert_eq!(text(pragma), rusqlite::types::Value::Integer(value), "{pragma}");
    }
}

#[test]
fn newer_foreign_and_damaged_files_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("newer.db");
    Store::open(&path).unwrap().db.pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::Newer(99))));
    let foreign = dir.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE other (a)").unwrap();
    assert!(matches!(Store::open(&foreign), Err(StoreError::Damaged(_))));
    let none = dir.path().join("none.db");
    std::fs::write(&none, "this is no database at all, only words ".repeat(100)).unwrap();
    assert!(matches!(Store::open(&none), Err(StoreError::Damaged(_))));
    let torn = dir.path().join("torn.db");
    let store = Store::open(&torn).unwrap();
    store.verify().unwrap();
    for n in 0..500 {
        store.set_meta(&format!("key-{n}"), &"x".repeat(300)).unwrap();
    }
    store.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(store);
    let mut bytes = std::fs::read(&torn).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xa5);
    std::fs::write(&torn, bytes).unwrap();
    let found = Store::open(&torn).and_then(|s| s.verify());
    assert!(found.is_err(), "the damage was not seen");
}

#[test]
fn what_a_dropped_decision_wrote_is_gone_and_the_next_has_its_number() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let mut one = Store::open(&path).unwrap();
    let report = |until| Effect::Reported { kind: "daily", period: "2026-11-20".into(), until };
    one.carry_out(&[report(at(0))], at(0)).unwrap();
    // The second one for the same period breaks the key: its letter must not stay either.
    assert!(one.carry_out(&[posting("report/2", Kind::ReportDaily, None, 5), report(at(1))], at(1)).is_err());
    drop(one);
    let two = Store::open(&path).unwrap();
    assert!(keys(&two, at(2)).is_empty());
    assert_eq!(two.last_report("daily").unwrap().unwrap().1, at(0));
}

#[test]
fn a_second_writer_waits_for_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let one = Store::open(&path).unwrap();
    let mut two = Store::open(&path).unwrap();
    one.db.execute_batch("BEGIN IMMEDIATE; INSERT INTO meta VALUES ('who', 'one')").unwrap();
    let (ready, started) = std::sync::mpsc::channel();
    let second = std::thread::spawn(move || {
        ready.send(()).unwrap();
        two.carry_out(&[Effect::Note { appeal: None, event: Event::Report, text: "two".into() }], at(0)).unwrap();
        two.meta("who").unwrap()
    });
    started.recv().unwrap();
    one.db.execute_batch("COMMIT").unwrap();
    assert_eq!(second.join().unwrap().as_deref(), Some("one"));
}

#[test]
fn a_withdrawn_letter_never_leaves_though_it_was_picked_already() {
    let mut store = Store::in_memory().unwrap();
    store.carry_out(&[posting("invitation/1/1/0", Kind::Invitation, Some("u"), 3)], at(0)).unwrap();
    let id = store.due(at(0), 9, 255).unwrap()[0].id;
    store.carry_out(&[Effect::Withdraw(vec!["invitation/1/1/0".into()])], at(0)).unwrap();
    assert!(!store.begin_sending(id, at(0)).unwrap());
    // Nobody was told of the meeting, so nobody is told that it is off.
    store.carry_out(&[posting("cancelled/1/1/1", Kind::Cancel, Some("u"), 1)], at(0)).unwrap();
    assert!(keys(&store, at(1)).is_empty());
}

#[test]
fn what_was_said_first_of_a_meeting_leaves_first() {
    let mut store = Store::in_memory().unwrap();
    let letters = [posting("receipt/2", Kind::Receipt, None, 2), posting("task/1", Kind::Task, Some("u"), 3), posting("moved/1", Kind::Update, Some("u"), 1)];
    store.carry_out(&letters, at(0)).unwrap();
    assert_eq!(keys(&store, at(0)), ["task/1", "moved/1", "receipt/2"]);
}

#[test]
fn evidence_proves_only_what_had_its_data_started() {
    let mut store = Store::in_memory().unwrap();
    for key in ["a", "b"] {
        store.carry_out(&[posting(key, Kind::Invitation, None, 3)], at(0)).unwrap();
    }
    let ids: Vec<i64> = store.due(at(0), 9, 255).unwrap().into_iter().map(|d| d.id).collect();
    for id in &ids {
        assert!(store.begin_sending(*id, at(0)).unwrap());
    }
    store.data_started(ids[0], at(0)).unwrap();
    // The program dies here.
    assert_eq!(store.recover_sending(at(1), 15).unwrap(), 1);
    let evidence = |key: &str| Effect::Evidence { message_id: format!("{key}@school.example"), by: "sent_folder" };
    store.carry_out(&[evidence("a"), evidence("b")], at(2)).unwrap();
    assert_eq!(keys(&store, at(2)), ["b"], "what had not started is sent again, what was proved is not");
    assert!(store.unproved(at(99)).unwrap().is_empty());
}

#[test]
fn a_change_of_uidvalidity_is_one_step() {
    let mut store = Store::in_memory().unwrap();
    store.journal("INBOX", 1, &[(1, at(0), 10), (2, at(1), 20)], true, at(2)).unwrap();
    store.journal("INBOX", 1, &[(3, at(3), 30)], false, at(3)).unwrap();
    assert_eq!(store.oldest_stranded("INBOX", 7).unwrap(), Some(at(3)));
    assert_eq!(store.unread_under_others("INBOX", 7).unwrap().len(), 2);
    store.rejournal("INBOX", 7, &[(11, at(0), 10), (12, at(1), 20)], &[(5, at(3), 30)], false, at(4)).unwrap();
    let waiting: Vec<u32> = store.waiting("INBOX", 7, 9).unwrap().iter().map(|w| w.uid).collect();
    assert_eq!((waiting, store.count_waiting().unwrap()), (vec![5], 1), "the stranded row is gone, the letter waits once");
    let known = store.folder("INBOX").unwrap().unwrap();
    assert_eq!((known.uid_validity, known.last_uid), (7, 12));
}

fn away(who: &str, from: &str, until: Option<&str>, present: bool) -> Effect {
    use crate::slots::{Away, AwaySource};
    let day = |d: &str| d.parse().unwrap();
    Effect::Away(Away { specialist: who.into(), from: day(from), until: until.map(day), present, source: AwaySource::Own })
}

#[test]
fn an_old_illness_does_not_come_back_when_the_word_of_its_end_is_old() {
    let mut store = Store::in_memory().unwrap();
    let day = |d: i64| moment(1_795_000_000 + d * 86_400);
    store.carry_out(&[away("a", "2026-11-18", None, false)], day(0)).unwrap();
    store.carry_out(&[away("a", "2026-11-25", Some("2028-04-01"), true)], day(7)).unwrap();
    for later in [410, 515, 530] {
        store.carry_out(&[away("b", "2026-12-01", Some("2026-12-01"), false)], day(later)).unwrap();
        let words: Vec<_> = store.absences().unwrap().into_iter().map(|s| s.away).collect();
        let mut staff = vec![crate::slots::Specialist { id: "a".into(), ..Default::default() }];
        crate::slots::overlay(&mut staff, &words);
        let today = day(later).date_naive();
        assert!(!staff[0].is_away(today), "on day {later} they are at work: {:?}", staff[0].absences);
    }
}

#[test]
fn a_leave_of_the_register_is_no_absence_that_the_head_was_told_of() {
    let mut store = Store::in_memory().unwrap();
    store
        .carry_out(&[away("a", "2026-11-18", None, false), away("b", "2026-11-18", None, false), away("c", "2026-12-28", Some("2027-01-10"), false)], at(0))
        .unwrap();
    store.carry_out(&[away("a", "2026-11-25", Some("2028-04-01"), true), away("b", "2026-11-20", Some("2026-11-24"), false)], at(1)).unwrap();
    let spoken = |day: &str| absences::spoken_of(&store.db, day.parse().unwrap(), at(1)).unwrap().0;
    assert_eq!(spoken("2026-11-18"), ["a", "b"]);
    assert_eq!(spoken("2026-12-30"), ["c"], "the illnesses are over, only this one's days were spoken of");
}
