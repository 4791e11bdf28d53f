//! What was ordered on the command line comes back from the mailbox alone: groups, absences, announcements, appeals by telephone, what was taken back,
//! a family's silence, what corrections taught.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

#[path = "recovery/compare.rs"]
#[expect(dead_code, reason = "the tests of a lost machine use the rest")]
mod compare;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use compare::{at, differences, facts, in_sent, letter, rebuild, round, runtime};
use otklik::decide::{AnnouncementOrder, GroupOrder, Order, Plan};
use otklik::jobs::{Rehearsal, School, Unknown, absence, announce, bring, group_order, order, plan, silence, train, undo};
use otklik::mailbox::{Mailbox, Recorded, Script};
use otklik::message::Attachment;
use otklik::settings::Settings;
use otklik::store::Store;
use otklik::understand::Category;
use std::sync::Arc;

const FAMILIES: &str = "ФИО;класс;e-mail\nСемейкина Анна Сергеевна;5А;semya1@mail.example\nКрылова Ольга Игоревна;6Б;semya2@mail.example\n";
const FORM: &str = "ФИО обратившегося: Кравцова Тамара Ильинична\nРоль обратившегося: родитель\nКласс, в котором учится ребёнок: 1А\n\
    Тип обращения: не указано\nТелефон для обратной связи: +7 900 000-88-99\nE-mail: не указано\n\
    Описание проблемы: не получается войти в электронный журнал, забыла пароль.\n";

fn settings() -> Settings {
    let mut settings = otklik::config::demo();
    settings.contacts = Arc::new(otklik::config::contacts(FAMILIES.as_bytes()).unwrap());
    settings
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What the school would miss besides its appeals.
fn beside(school: &School) -> Vec<String> {
    let store = school.store();
    let mut all = Vec::new();
    for m in store.meetings(None).unwrap() {
        let seats: Vec<_> = store.meeting(m.id).unwrap().unwrap().1.into_iter().map(|s| (s.appeal, s.place, s.missed)).collect();
        all.push(format!(
            "group {} «{}» {} {} {} seats of {} {:?} {:?} {:?}",
            m.id, m.topic, m.specialist, m.start, m.channel, m.capacity, m.cancelled, m.outcome, seats
        ));
    }
    all.extend(store.absences().unwrap().into_iter().map(|a| format!("{a:?}")));
    for (a, tally) in store.announcements(10).unwrap() {
        all.push(format!("announcement {} {} «{}» {:?} {tally:?}", a.id, a.staff, a.draft.text, a.stage));
        all.extend(store.addressees(a.id).unwrap().into_iter().map(|f| format!("  {} {:?} {:?}", f.email, f.posted.map(|at| at.timestamp()), f.answer)));
    }
    all.extend(store.lessons().unwrap().into_iter().map(|l| format!("lesson of {} {:?} undone {}", l.appeal, l.learned.category, l.undone.is_some())));
    drop(store);
    // What an announcement would know of families that want none; nothing is decided.
    let mut silent = Vec::new();
    let asked = school.store().decide_announced(None, at("2026-11-18T09:00:00Z"), |known| {
        silent.clone_from(&known.silent);
        Err("only asked".into())
    });
    assert!(asked.is_err());
    all.push(format!("silent: {silent:?}"));
    all
}

/// A school that lives on, order by order.
struct Told(Rehearsal);

impl Told {
    fn new() -> Told {
        let mut rehearsal = Rehearsal::new(settings(), Store::in_memory().unwrap()).unwrap();
        rehearsal.start_at(at("2026-11-17T07:00:00Z"));
        Told(rehearsal)
    }

    fn letters(&mut self, n: std::ops::Range<u32>) {
        let now = self.now();
        let recorded = n.map(|n| Recorded { folder: "INBOX".into(), arrival: Some(now), bytes: letter(n, "", now), origin: n.to_string() }).collect();
        self.0.add(recorded).unwrap();
        self.pass(1);
    }

    fn now(&self) -> DateTime<Utc> {
        self.0.now().unwrap()
    }

    fn pass(&mut self, minutes: i64) {
        let until = self.now() + TimeDelta::minutes(minutes);
        runtime().block_on(self.0.run(Some(until), &mut |_| {})).unwrap();
    }

    /// Carries out and lets ten minutes pass.
    fn order<T, E: std::fmt::Display>(&mut self, order: impl FnOnce(&School, DateTime<Utc>) -> Result<T, E>) -> T {
        let now = self.now();
        let done = order(self.0.school(), now).unwrap_or_else(|e| panic!("{e}"));
        self.pass(10);
        done
    }

    fn lost(mut self) -> (Arc<School>, Mailbox, DateTime<Utc>) {
        let mailbox = std::mem::replace(self.0.mailbox(), Mailbox::Script(Script::new()));
        (self.0.school().clone(), mailbox, self.now())
    }
}

fn group() -> Plan {
    Plan {
        specialist: "psychologist-1".into(),
        topic: "Как пережить экзамены".into(),
        start: at("2026-11-26T12:00:00Z"),
        capacity: 5,
        classes: vec!["5".into()],
        course_end: None,
        channel: "in_person".into(),
    }
}

fn compare(told: Told) -> (Arc<School>, Mailbox, Vec<Unknown>) {
    let (lived, mut mailbox, now) = told.lost();
    let (school, done) = rebuild((*lived.as_configured()).clone(), &mut mailbox, now);
    assert_eq!(differences(&lived, &school), Vec::<String>::new(), "{:?}", done.unknown);
    assert_eq!(beside(&lived), beside(&school), "{:?}", done.unknown);
    let before = in_sent(&mut mailbox);
    let again: Vec<_> = round(&school, &mut mailbox, now).into_iter().filter(|(_, id)| before.contains(id)).collect();
    assert_eq!(again, [], "nothing that left leaves again");
    (school, mailbox, done.unknown)
}

#[test]
fn a_group_planned_filled_and_moved_comes_back() {
    let mut told = Told::new();
    told.letters(1..4);
    let id = told.order(|s, now| plan(s, &group(), now));
    told.order(|s, now| group_order(s, id, &GroupOrder::Join(1), now));
    told.order(|s, now| group_order(s, id, &GroupOrder::Join(2), now));
    told.order(|s, now| group_order(s, id, &GroupOrder::Capacity(1), now).or_else(|_| group_order(s, id, &GroupOrder::Capacity(2), now)));
    told.order(|s, now| group_order(s, id, &GroupOrder::Join(3), now));
    told.order(|s, now| group_order(s, id, &GroupOrder::Leave { appeal: 1, reason: Some("просили сами".into()) }, now));
    told.order(|s, now| group_order(s, id, &GroupOrder::Move(at("2026-11-27T12:00:00Z")), now));
    told.order(|s, now| plan(s, &Plan { topic: "Вторая".into(), start: at("2026-12-03T12:00:00Z"), ..group() }, now));
    told.order(|s, now| group_order(s, id + 1, &GroupOrder::Cancel(Some("карантин".into())), now));
    let (school, _, unknown) = compare(told);
    assert_eq!(unknown, []);
    assert_eq!(school.store().meetings(None).unwrap().len(), 2);
}

#[test]
fn who_is_away_comes_back_with_the_work_that_went_to_the_deputy() {
    let mut told = Told::new();
    told.letters(1..3);
    let who = told.0.school().store().appeal(1).unwrap().unwrap().assignee.unwrap();
    told.order(|s, now| absence(s, &who, (day("2026-11-17"), Some(day("2026-11-20"))), false, now).map_err(|e| format!("{e}")));
    told.letters(3..5);
    told.order(|s, now| absence(s, "psychologist-1", (day("2026-11-18"), None), false, now).map_err(|e| format!("{e}")));
    told.order(|s, now| absence(s, &who, (day("2026-11-17"), None), true, now).map_err(|e| format!("{e}")));
    told.letters(5..6);
    let (school, _, unknown) = compare(told);
    assert_eq!(unknown, []);
    assert_eq!(school.store().absences().unwrap().len(), 3);
}

#[test]
fn an_announcement_comes_back_with_its_files_and_what_is_still_to_be_sent() {
    let mut told = Told::new();
    told.letters(1..2);
    let mut pdf = b"%PDF-1.7 ".to_vec();
    pdf.extend((0..400_000_u32).map(|n| u8::try_from(n * 7 % 251).unwrap()));
    let file = Attachment { name: Some("Расписание.pdf".into()), media_type: "application/octet-stream".into(), bytes: pdf };
    let text = "Кому: все\n\nУважаемые родители! В субботу, 28 ноября, школа закрыта: меняют отопление.";
    let preview = AnnouncementOrder::Preview { staff: "head-1".into(), text: text.into(), files: vec![file] };
    told.order(|s, now| announce(s, None, &preview, now));
    told.order(|s, now| announce(s, Some(1), &AnnouncementOrder::Send { now: false }, now));
    told.order(|s, now| announce(s, None, &AnnouncementOrder::Preview { staff: "head-1".into(), text: text.replace("28", "29"), files: vec![] }, now));
    told.order(|s, now| announce(s, Some(2), &AnnouncementOrder::Drop, now));
    told.order(|s, now| announce(s, None, &AnnouncementOrder::Preview { staff: "head-1".into(), text: text.replace("28", "30"), files: vec![] }, now));
    let (school, _, unknown) = compare(told);
    assert_eq!(unknown, []);
    let families = school.store().addressees(1).unwrap();
    assert!(families.len() == 2 && families.iter().all(|f| f.posted.is_some()), "{families:?}");
    // The third waits for its word: after the rebuild it can be sent.
    let now = at("2026-11-18T09:00:00Z");
    announce(&school, Some(3), &AnnouncementOrder::Send { now: false }, now).unwrap();
}

#[test]
fn an_appeal_by_telephone_comes_back_under_its_number() {
    let mut told = Told::new();
    told.letters(1..3);
    let number = told.order(|s, now| bring(s, "it@school.example", FORM, now));
    assert_eq!(number, 3);
    told.letters(4..5);
    told.order(|s, now| order(s, 3, &Order::Take, now));
    told.order(|s, now| order(s, 3, &Order::Called, now));
    told.order(|s, now| order(s, 3, &Order::Close { answer: None, reason: Some("пароль продиктовали по телефону".into()) }, now));
    // The last one: none of our letters names it yet.
    let now = told.now();
    let last = bring(told.0.school(), "it@school.example", &FORM.replace("журнал", "дневник").replace("88-99", "88-98"), now).unwrap();
    told.pass(0);
    let (school, _, unknown) = compare(told);
    assert_eq!(unknown, []);
    let appeal = school.store().appeal(3).unwrap().unwrap();
    assert_eq!((appeal.phone.as_deref(), appeal.closed.is_some()), (Some("+79000008899"), true));
    assert_eq!((last, facts(&school).len()), (5, 5));
}

#[test]
fn what_was_taken_back_stays_taken_back() {
    let mut told = Told::new();
    told.letters(1..3);
    let first = facts(told.0.school());
    told.order(|s, now| order(s, 1, &Order::Category(Category::Equipment), now));
    told.order(|s, now| undo(s, 1, now));
    told.order(|s, now| order(s, 2, &Order::Close { answer: Some("Пароль сброшен.".into()), reason: None }, now));
    told.order(|s, now| undo(s, 2, now));
    told.order(|s, now| order(s, 2, &Order::Take, now));
    let (school, _, unknown) = compare(told);
    assert_eq!(unknown, []);
    for (number, is) in facts(&school) {
        assert_eq!((&is["category"], &is["assignee"], is["closed"].as_str()), (&first[&number]["category"], &first[&number]["assignee"], "None"), "№ {number}");
    }
}

#[test]
fn a_familys_silence_and_what_must_not_teach_come_back() {
    let mut told = Told::new();
    told.letters(1..4);
    told.order(|s, now| silence(s, 1, Some(day("2026-12-15")), now));
    told.order(|s, now| silence(s, 2, Some(day("2026-12-15")), now));
    told.order(|s, now| silence(s, 2, None, now));
    told.order(|s, now| order(s, 1, &Order::Category(Category::Equipment), now));
    told.order(|s, now| order(s, 3, &Order::Category(Category::Equipment), now));
    told.order(|s, now| train(s, Some(1), true, now));
    told.order(|s, now| train(s, None, true, now));
    told.order(|s, now| train(s, Some(3), false, now));
    let (school, _, unknown) = compare(told);
    assert_eq!(unknown, []);
    let lessons: Vec<_> = school.store().lessons().unwrap().into_iter().map(|l| (l.appeal, l.undone.is_some())).collect();
    assert_eq!(lessons, [(1, true), (3, false)]);
}

#[test]
fn a_record_names_nobody_and_only_the_key_opens_it() {
    let mut told = Told::new();
    told.letters(1..2);
    told.order(|s, now| bring(s, "it@school.example", FORM, now));
    told.order(|s, now| absence(s, "psychologist-1", (day("2026-12-18"), None), false, now).map_err(|e| format!("{e}")));
    told.order(|s, now| plan(s, &group(), now));
    let (lived, mut mailbox, now) = told.lost();
    let records: Vec<Vec<u8>> = runtime().block_on(async {
        mailbox.examine("Sent").await.unwrap();
        let entries = mailbox.scan(0).await.unwrap();
        mailbox.fetch(&entries, 1 << 20).await.unwrap().into_iter().filter_map(|f| f.bytes).collect()
    });
    let records: Vec<_> =
        records.iter().map(|raw| otklik::message::read(raw)).filter(|m| m.x_otklik.as_deref().is_some_and(|x| x.contains("record=1"))).collect();
    assert_eq!(records.len(), 3);
    for record in &records {
        println!("{}\n{}", record.subject, record.body.whole.lines().take(3).collect::<Vec<_>>().join("\n"));
        for word in ["Кравцова", "000-88-99", "psychologist", "Самойлова", "экзамены", "it@school"] {
            assert!(!record.subject.contains(word) && !record.body.whole.contains(word), "{word}");
        }
    }
    let mut other = (*lived.as_configured()).clone();
    other.composer.key = otklik::compose::InstanceKey([9; 32]);
    let (_, done) = rebuild(other, &mut mailbox, now);
    let locked = done.unknown.iter().filter(|u| matches!(u, Unknown::Command("locked", None, _))).count();
    assert_eq!(locked, 2, "what nobody can open is listed: {:?}", done.unknown);
    assert!(done.unknown.iter().any(|u| matches!(u, Unknown::Order(2, _))), "{:?}", done.unknown);
}
