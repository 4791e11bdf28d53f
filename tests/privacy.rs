//! What the law lets a person ask (152-FZ): to be forgotten, to be told what is known; and that things go with age. The file of the store is searched
//! byte by byte for whoever is gone.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, TimeDelta, Utc};
use otklik::decide::Order;
use otklik::jobs::{Rehearsal, mark, order};
use otklik::mailbox::Recorded;
use otklik::outbox::Kind;
use otklik::settings::{Retention, Settings};
use otklik::store::{ForgetError, Store, Whom};
use otklik::understand::Category;
use std::path::Path;

const MAMA: &str = "kanareyka.mama@family.example";
/// Each can stand only where something of hers was kept.
const CANARIES: [&str; 7] = ["kanareyka", "Канарейкина", "Пересвет", "79005551234", "555-12-34", "единорогов", "секретный-пароль"];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn letter(from: &str, subject: &str, text: &str, arrival: DateTime<Utc>, n: usize) -> Recorded {
    // Ids that their own program made name people, too.
    let id = if n < 50 { format!("{n}.{from}") } else { format!("letter{n}@mail.example") };
    let name = if from.eq_ignore_ascii_case(MAMA) { "Канарейкина Ольга" } else { "Семья" };
    let bytes = format!(
        "From: {name} <{from}>\r\nTo: priemnaya@school.example\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\nDate: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
        arrival.to_rfc2822()
    );
    Recorded { folder: "INBOX".into(), arrival: Some(arrival), bytes: bytes.into_bytes(), origin: format!("{n}") }
}

const APPEAL: &str = "Здравствуйте! Сын Пересвет Канарейкин, 5А, не может войти в электронный журнал, пишет неверный пароль (секретный-пароль). \
     В журнале он рисует единорогов. Телефон 8 900 555-12-34. Канарейкина Ольга";

fn settings() -> Settings {
    otklik::config::demo()
}

async fn school(path: &Path, letters: Vec<Recorded>, until: &str) -> Rehearsal {
    let mut rehearsal = Rehearsal::new(settings(), Store::open(path).unwrap()).unwrap();
    rehearsal.add(letters).unwrap();
    rehearsal.run(Some(at(until)), &mut |_| {}).await.unwrap();
    rehearsal
}

/// Every file of the store's folder.
fn bytes_of(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        all.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    all
}

fn found(bytes: &[u8], words: &[&'static str]) -> Vec<&'static str> {
    words.iter().copied().filter(|w| bytes.windows(w.len()).any(|part| part == w.as_bytes())).collect()
}

fn closed(rehearsal: &Rehearsal, number: i64, now: DateTime<Utc>) {
    order(rehearsal.school(), number, &Order::Close { answer: Some("Пересвет может войти с новым паролем.".into()), reason: None }, now).unwrap();
}

#[tokio::test]
async fn who_asks_to_be_forgotten_is_gone_to_the_last_byte() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let start = at("2026-11-23T07:00:00Z");
    let other = letter("papa@family.example", "Логопед", "Прошу консультацию логопеда для дочери, 3Б, не выговаривает «р». Иванов Пётр", start, 2);
    let mut school = school(&path, vec![letter(MAMA, "Журнал", APPEAL, start, 1), other], "2026-11-23T09:00:00Z").await;
    assert_eq!(found(&bytes_of(dir.path()), &CANARIES).len(), CANARIES.len(), "the test finds what is there");

    let whom = Whom::Address(MAMA.into());
    let refused = school.school().store().forget(&whom, None, at("2026-11-23T09:00:00Z")).unwrap_err();
    assert!(matches!(refused, ForgetError::Open(1)), "{refused}");
    closed(&school, 1, at("2026-11-23T09:10:00Z"));
    school.run(Some(at("2026-11-23T10:00:00Z")), &mut |_| {}).await.unwrap();

    let known = school.school().store().known_of(MAMA).unwrap();
    assert_eq!((known.appeals.len(), known.appeals[0].phone.as_deref()), (1, Some("+79005551234")));
    assert!(known.appeals[0].text.contains("единорогов"));
    assert!(known.appeals[0].answers.iter().any(|(kind, ..)| kind == Kind::Receipt.key()), "our letters to her are in it");

    let told = school.school().store().would_forget(&whom).unwrap();
    assert!(!found(&bytes_of(dir.path()), &CANARIES).is_empty(), "asking takes nothing out");
    let mark = mark(&settings(), MAMA);
    let certificate = school.school().store().forget(&whom, Some(&mark), at("2026-11-23T10:00:00Z")).unwrap();
    assert_eq!(told, certificate);
    assert_eq!(certificate.appeals, [1]);
    assert!(certificate.remains.iter().any(|r| r.folder == "INBOX"), "{:?}", certificate.remains);
    assert_eq!(found(&bytes_of(dir.path()), &CANARIES), Vec::<&str>::new());
    let row = school.school().store().appeal(1).unwrap().unwrap();
    assert_eq!((row.email, row.name, row.text.as_str()), (None, None, ""));
    assert!(school.school().store().appeal(2).unwrap().unwrap().email.is_some(), "another family is as it was");
    assert!(matches!(school.school().store().forget(&Whom::Address("nobody@family.example".into()), None, start), Err(ForgetError::Unknown)));

    // The mark lies in Sent and names nobody; the daemon goes on, and days later nothing of her has come back.
    school.run(Some(at("2026-11-27T12:00:00Z")), &mut |_| {}).await.unwrap();
    assert!(school.school().store().tombstones_to_copy().unwrap().is_empty());
    assert_eq!(found(&bytes_of(dir.path()), &CANARIES), Vec::<&str>::new());
}

#[tokio::test]
async fn an_old_letter_of_theirs_is_no_appeal_and_a_new_one_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let start = at("2026-11-23T07:00:00Z");
    let mut school = school(&path, vec![letter(MAMA, "Журнал", APPEAL, start, 1)], "2026-11-23T08:00:00Z").await;
    closed(&school, 1, at("2026-11-23T08:00:00Z"));
    school.school().store().forget(&Whom::Address(MAMA.into()), Some(&mark(&settings(), MAMA)), at("2026-11-23T09:00:00Z")).unwrap();
    // The provider gave the mailbox new UIDs: the old letter is listed again.
    school.add(vec![letter(&MAMA.to_uppercase(), "Журнал", APPEAL, at("2026-11-23T08:59:00Z"), 1)]).unwrap();
    school.run(Some(at("2026-11-23T10:00:00Z")), &mut |_| {}).await.unwrap();
    assert!(school.school().store().appeal(2).unwrap().is_none());
    assert_eq!(found(&bytes_of(dir.path()), &CANARIES), Vec::<&str>::new());
    school
        .add(vec![letter(MAMA, "Новый вопрос", "Здравствуйте! Не открывается видеоурок по алгебре, 6А. Что делать?", at("2026-11-24T08:00:00Z"), 7)])
        .unwrap();
    school.run(Some(at("2026-11-24T09:00:00Z")), &mut |_| {}).await.unwrap();
    assert_eq!(school.school().store().appeal(2).unwrap().unwrap().email.as_deref(), Some(MAMA));
}

#[tokio::test]
async fn words_go_with_age_and_then_people_but_never_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let start = at("2026-11-23T07:00:00Z");
    let mut short = settings();
    short.retention = Retention { words: 30, people: 60 };
    let mut school = Rehearsal::new(short, Store::open(&path).unwrap()).unwrap();
    school.add(vec![letter(MAMA, "Журнал", APPEAL, start, 51), letter("noreply@shop.example", "Скидки", "Купите единорогов!", start, 2)]).unwrap();
    school.run(Some(at("2026-11-23T08:00:00Z")), &mut |_| {}).await.unwrap();
    closed(&school, 1, at("2026-11-23T08:00:00Z"));
    let words = ["единорогов", "секретный-пароль"];
    let day = |n: i64| start + TimeDelta::days(n);
    let mut visit = |n: i64| {
        school.add(vec![letter("papa@family.example", "Вопрос", &format!("Когда каникулы, {n}?"), day(n), 100 + usize::try_from(n).unwrap())]).unwrap()
    };
    visit(29);
    visit(45);
    visit(70);
    school.run(Some(day(29) + TimeDelta::hours(3)), &mut |_| {}).await.unwrap();
    assert_eq!(found(&bytes_of(dir.path()), &words), words, "not yet");
    school.run(Some(day(45) + TimeDelta::hours(3)), &mut |_| {}).await.unwrap();
    school.school().store().forget(&Whom::Address("nobody@family.example".into()), None, start).unwrap_err();
    let kept = school.school().store().appeal(1).unwrap().unwrap();
    assert_eq!((kept.text.as_str(), kept.email.as_deref()), ("", Some(MAMA)));
    school.run(Some(day(70) + TimeDelta::hours(3)), &mut |_| {}).await.unwrap();
    let kept = school.school().store().appeal(1).unwrap().unwrap();
    assert_eq!((kept.email, kept.name, kept.phone), (None, None, None));
    assert!(kept.closed.is_some(), "when it was closed stays");
    drop(school);
    // The last connection empties the log.
    drop(Store::open(&path).unwrap());
    assert_eq!(found(&bytes_of(dir.path()), &CANARIES), Vec::<&str>::new());
}

/// What a corrected letter taught goes with its writer, and the program sorts as if it had never been: words that only she used mean nothing any more.
#[tokio::test]
async fn what_a_forgotten_letter_taught_is_unlearned() {
    let dir = tempfile::tempdir().unwrap();
    let start = at("2026-11-23T07:00:00Z");
    let ask = |n: usize, when: &str| {
        let text = "Здравствуйте! Кондиционер опять гудит и капает, нужен мастер по кондиционерам, кондиционер старый. 5А";
        letter(&format!("papa{n}@family.example"), "Кондиционер", text, at(when), 60 + n)
    };
    let words = "Здравствуйте! Кондиционер в кабинете гудит, кондиционер капает на парты, вызовите мастера по кондиционерам, он гуталиновый. 5А";
    let letters = vec![letter(MAMA, "Кондиционер", words, start, 1), ask(1, "2026-11-23T07:10:00Z")];
    let mut school = school(&dir.path().join("otklik.db"), letters, "2026-11-23T09:00:00Z").await;
    let category = |school: &Rehearsal, n: i64| school.school().store().appeal(n).unwrap().unwrap().category;
    let before = category(&school, 2);
    assert_ne!(before, Category::Equipment, "the words mean nothing yet");
    order(school.school(), 1, &Order::Category(Category::Equipment), at("2026-11-23T09:00:00Z")).unwrap();
    school.add(vec![ask(2, "2026-11-23T09:20:00Z")]).unwrap();
    school.run(Some(at("2026-11-23T09:30:00Z")), &mut |_| {}).await.unwrap();
    assert_eq!(category(&school, 3), Category::Equipment, "it has learned them");
    closed(&school, 1, at("2026-11-23T09:30:00Z"));
    school.run(Some(at("2026-11-23T09:40:00Z")), &mut |_| {}).await.unwrap();
    assert_eq!(found(&bytes_of(dir.path()), &["гуталинов"]), ["гуталинов"], "the test finds what is there");
    let certificate = school.school().store().forget(&Whom::Address(MAMA.into()), Some(&mark(&settings(), MAMA)), at("2026-11-23T10:00:00Z")).unwrap();
    assert!(certificate.destroyed.contains(&("lesson", 1)), "{certificate:?}");
    school.add(vec![ask(3, "2026-11-23T10:20:00Z")]).unwrap();
    school.run(Some(at("2026-11-23T10:30:00Z")), &mut |_| {}).await.unwrap();
    assert!(school.school().store().own_examples().unwrap().is_empty());
    assert_eq!(category(&school, 4), before, "what she taught is gone from the training too");
    assert_eq!(found(&bytes_of(dir.path()), &["гуталинов"]), Vec::<&str>::new(), "nor do her words lie in the file");
}
