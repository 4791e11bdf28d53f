//! Lessons against SQLite itself: one an appeal, gone with it, put aside and put back.

use super::*;
use crate::understand::Category;
use rusqlite::params;

fn at(minutes: i64) -> DateTime<Utc> {
    moment(1_795_000_000 + minutes * 60)
}

/// A store with an appeal and the letter that opened it.
fn school(number: i64, text: &str) -> Store {
    let store = Store::in_memory().unwrap();
    open(&store, number, text);
    store
}

fn open(store: &Store, number: i64, text: &str) {
    let insert = "INSERT INTO appeal (number, state, category, consultation, urgent, complaint, delicate, unsure, email, name, role, child, times, text, reasons, excluded, \
         cause, text_hash, received, extended, take_due_literal, take_due_office, due_literal, due_office, provisional) \
         VALUES (?1, 'undecided', 'other', 0, 1, 0, 0, 1, 'm@mail.example', 'Зима Ольга', 'parent', 'Тур', '[]', ?2, '[]', '[]', 'c', 'h', ?3, 0, 0, 0, 0, 0, 0)";
    store.db.execute(insert, params![number, text, at(number).timestamp()]).unwrap();
    let insert = "INSERT INTO letter (folder, uid_validity, uid, internal_date, size, state, outcome, appeal, sender, subject, text, seen_at) \
         VALUES ('INBOX', 1, ?1, 0, 9, 'done', 'opened', ?1, 'm@mail.example', 'Вопрос про турникет', 'all', 0)";
    store.db.execute(insert, [number]).unwrap();
}

fn learn(store: &mut Store, appeal: i64, category: Category, minutes: i64) {
    let unwanted = vec!["Соколов Пётр Ильич".to_owned()];
    store.carry_out(&[crate::effect::Effect::Learn { appeal, category, unwanted }], at(minutes)).unwrap();
}

const TEXT: &str = "Здравствуйте! браслет зиме и туру не открывает турникет, соколову об этом сказали.";

#[test]
fn the_newest_correction_of_an_appeal_teaches_and_no_name_is_kept() {
    let mut store = school(7, TEXT);
    assert_eq!(store.lessons_mark().unwrap(), "");
    learn(&mut store, 7, Category::Technical, 0);
    learn(&mut store, 7, Category::Equipment, 5);
    let lessons = store.lessons().unwrap();
    assert_eq!(lessons.len(), 1);
    assert_eq!((lessons[0].appeal, lessons[0].at, lessons[0].undone, lessons[0].learned.category), (7, at(5), None, Category::Equipment));
    let stems = &lessons[0].learned.stems;
    // The subject is the author's own, urgent letters teach too.
    assert!(["браслет", "открыва", "турникет", "вопрос"].iter().all(|s| stems.iter().any(|k| k == s)), "{stems:?}");
    assert!(!["зим", "зиме", "тур", "туру", "сокол", "соколов"].iter().any(|s| stems.iter().any(|k| k == s)), "{stems:?}");
    assert_eq!(store.own_examples().unwrap(), [lessons[0].learned.clone()]);
    // A letter of which nothing common is left teaches nothing, and takes the older lesson along.
    store.db.execute("UPDATE appeal SET text = 'Ура' WHERE number = 7", []).unwrap();
    store.db.execute("UPDATE letter SET subject = NULL", []).unwrap();
    learn(&mut store, 7, Category::Technical, 9);
    assert_eq!(store.lessons().unwrap(), []);
}

#[test]
fn lessons_are_taken_out_put_back_and_gone_with_their_appeal() {
    let mut store = school(1, TEXT);
    for number in [2, 3] {
        open(&store, number, TEXT);
    }
    for number in 1..=3 {
        learn(&mut store, number, Category::Technical, number);
    }
    let all = store.lessons_mark().unwrap();
    assert_eq!(store.undo_lessons(Some(2), at(9)).unwrap(), [2]);
    assert_eq!(store.undo_lessons(Some(2), at(10)).unwrap(), [0; 0], "it is out already");
    assert_ne!(store.lessons_mark().unwrap(), all);
    assert_eq!((store.own_examples().unwrap().len(), store.lessons().unwrap()[1].undone), (2, Some(at(9))));
    assert_eq!(store.taught_words().unwrap().iter().map(|k| k.appeal).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(store.undo_lessons(None, at(11)).unwrap(), [1, 3]);
    assert_eq!(store.lessons_mark().unwrap(), "");
    assert_eq!(store.redo_lessons(Some(9)).unwrap(), [0; 0]);
    assert_eq!(store.redo_lessons(None).unwrap(), [1, 2, 3]);
    assert_eq!(store.lessons_mark().unwrap(), all);
    // A new correction of an appeal whose lesson was taken out teaches again.
    store.undo_lessons(Some(1), at(12)).unwrap();
    learn(&mut store, 1, Category::Ejournal, 13);
    assert_eq!(store.own_examples().unwrap().len(), 3);
    store.db.execute_batch("DELETE FROM letter WHERE appeal = 3; DELETE FROM appeal WHERE number = 3").unwrap();
    assert_eq!(store.lessons().unwrap().iter().map(|l| l.appeal).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn words_of_appeals_are_read_to_be_sorted_again() {
    let store = school(1, TEXT);
    open(&store, 500, TEXT);
    // A form of the site: sender and subject are the site's.
    store.db.execute("UPDATE letter SET sender = 'noreply@school.example' WHERE appeal = 500", []).unwrap();
    let kept = store.kept_words(at(2)).unwrap();
    assert_eq!(kept, [Kept { appeal: 500, subject: String::new(), text: TEXT.into(), sender: "noreply@school.example".into() }]);
    assert_eq!(store.kept_words(at(0)).unwrap()[0].subject, "Вопрос про турникет");
}

#[test]
fn commands_that_only_read_create_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    assert!(lessons_in(&path).unwrap().is_empty());
    assert!(!path.exists());
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE appeal (number INTEGER)").unwrap();
    assert!(lessons_in(&path).unwrap().is_empty(), "a file from before lessons");
    std::fs::remove_file(&path).unwrap();
    let mut store = Store::open(&path).unwrap();
    open(&store, 1, TEXT);
    learn(&mut store, 1, Category::Technical, 0);
    assert_eq!(lessons_in(&path).unwrap(), store.own_examples().unwrap());
    let none = dir.path().join("none.db");
    std::fs::write(&none, "this is no database at all, only words ".repeat(100)).unwrap();
    assert!(lessons_in(&none).is_err());
}
