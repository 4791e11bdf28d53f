//! A random day at a school: what parents get in their quiet hours, and how many letters one member of staff gets.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, FixedOffset, Timelike, Utc};
use otklik::compose::decoded;
use otklik::jobs::story::{Story, tell};
use otklik::jobs::{Happening, Rehearsal};
use otklik::outbox::Kind;
use otklik::store::Store;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Letters a day in these stories.
const MOST: u32 = 4;

/// A small generator: the same seed tells the same day.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

const MATTERS: [&str; 8] = [
    "В электронном журнале у сына неверная отметка, исправьте, пожалуйста.",
    "Прошу записать на консультацию к педагогу-психологу: дочь плачет по вечерам. Удобно после 15:00.",
    "Не открывается видеоурок, пишет ошибку сети.",
    "Прошу консультацию логопеда для сына, не выговаривает «р».",
    "Хотим пожаловаться на качество уроков физики, проверьте, пожалуйста.",
    "Нужна помощь по математике, не понимает дроби.",
    "Нет компьютера для занятий, чем может помочь школа?",
    "Сын пишет, что не хочет жить и думает о самоубийстве. Помогите.",
];

/// Two days of letters; now and then somebody of the staff answers, orders, falls ill.
fn story(seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut out = format!("at 2026-11-23 00:10\nletters a day {MOST}\nhours 5А 10:00 16:00\n");
    let mut minute = 20;
    let mut families = 0;
    while minute < 2 * 24 * 60 {
        writeln!(out, "at 2026-11-{} {:02}:{:02}", 23 + minute / 1440, minute / 60 % 24, minute % 60).unwrap();
        if families > 0 && dice.roll(6) == 0 {
            let n = 1 + dice.roll(families);
            writeln!(out, "reply f{n}@mail.example to receipt\nДобавлю: удобнее в четверг. Спасибо!\n.").unwrap();
        } else if dice.roll(25) == 0 {
            let (name, email) = [("Зайцева Анна Михайловна", "a.zaytseva"), ("Ершов Павел Николаевич", "p.ershov")][dice.roll(2) as usize];
            writeln!(out, "mail\nFrom: {name} <{email}@school.example>\nSubject: Отсутствие\n\nболею до 24.11\n.").unwrap();
        } else {
            families += 1;
            let matter = MATTERS[dice.roll(MATTERS.len() as u64) as usize];
            let matter = if matter.contains("самоубий") && dice.roll(3) > 0 { MATTERS[0] } else { matter };
            let class = ["5А", "5Б", "9В"][dice.roll(3) as usize];
            writeln!(
                out,
                "mail\nFrom: Семья {families} <f{families}@mail.example>\nSubject: Вопрос {families}\n\nЗдравствуйте! {matter} Класс {class}, {families}.\n."
            )
            .unwrap();
        }
        minute += 1 + dice.roll(70);
    }
    out.push_str("until 2026-11-27 20:00\n");
    out
}

fn told(text: &str) -> Vec<Happening> {
    let mut settings = otklik::config::demo();
    settings.composer.key = otklik::compose::PUBLIC_KEY;
    let mut rehearsal = Rehearsal::new(settings, Store::in_memory().unwrap()).unwrap();
    let mut heard = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(tell(&Story::parse(text).unwrap(), &mut rehearsal, &|_| None, &mut |h| heard.push(h))).unwrap();
    heard
}

fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&FixedOffset::east_opt(3 * 3600).unwrap())
}

#[test]
fn no_letter_in_quiet_hours_and_no_flood_to_anybody() {
    let (mut letters, mut lists, mut held) = (0, 0, 0);
    for seed in 1..=4 {
        let heard = told(&story(seed));
        let urgent: Vec<i64> = heard.iter().filter(|h| h.event == "alarm").filter_map(|h| h.appeal).collect();
        let mut wrote: BTreeMap<String, DateTime<Utc>> = BTreeMap::new();
        let mut a_day: BTreeMap<(String, chrono::NaiveDate), u32> = BTreeMap::new();
        for h in &heard {
            if h.event == "incoming" {
                let sender = h.text.split(':').next().unwrap_or_default().to_owned();
                wrote.insert(sender, h.at);
                continue;
            }
            let (Some(kind), Some(to), "sent") = (h.kind, h.to.clone(), h.event.as_str()) else { continue };
            let about_urgent = h.appeal.is_some_and(|n| urgent.contains(&n));
            let text = decoded(h.raw.as_deref().unwrap());
            if to.ends_with("@school.example") {
                let list = text.contains("Тема: Отклик: остальное за день") || text.contains("Тема: Отклик: пока Вас не было");
                let answer = kind == Kind::Confirm || text.contains("Тема: Отклик: отсутствие записано") || text.contains("Тема: Отклик: возвращение");
                lists += u32::from(list);
                // An invitation that waited might leave behind its own cancellation.
                let event = h.raw.as_deref().is_some_and(|raw| String::from_utf8_lossy(raw).contains("Content-Type: text/calendar"));
                // What begins in half an hour is told at once, whatever the number of letters.
                let soon = kind == Kind::Reminder && text.contains(": консультация в ");
                let exempt = event
                    || soon
                    || list
                    || answer
                    || about_urgent
                    || matches!(kind, Kind::CallTask | Kind::ReportDaily | Kind::ReportWeekly | Kind::Update | Kind::Cancel);
                if !exempt {
                    let count = a_day.entry((to.clone(), local(h.at).date_naive())).or_default();
                    *count += 1;
                    // A single letter too many is its own list, at the list's hour.
                    let alone = *count == MOST + 1 && (local(h.at).hour(), local(h.at).minute()) == (17, 30);
                    assert!(*count <= MOST || alone, "seed {seed}: letter {count} to {to} on {}", local(h.at));
                }
                continue;
            }
            letters += 1;
            let now = local(h.at).hour();
            let just_wrote = wrote.get(&to).is_some_and(|at| h.at - *at < chrono::TimeDelta::minutes(1));
            let in_5a = text.contains("5А")
                || heard
                    .iter()
                    .any(|i| i.event == "incoming" && i.text.starts_with(&format!("{to}:")) && i.raw.as_deref().is_some_and(|r| decoded(r).contains("5А")));
            let (from, until) = if in_5a { (10, 16) } else { (8, 20) };
            let quiet = now < from || now >= until;
            held += u32::from(!quiet && !just_wrote);
            assert!(
                !quiet || just_wrote || about_urgent || matches!(kind, Kind::Update | Kind::Cancel),
                "seed {seed}: {} to {to} at {}\n{text}",
                kind.key(),
                local(h.at)
            );
        }
    }
    // The days were not empty, and both rules had work.
    assert!(letters > 100 && lists > 3 && held > 10, "{letters} letters, {lists} lists, {held} in their hours");
}

#[test]
fn a_group_is_reminded_of_in_the_hours_of_each_class() {
    let heard = told(
        "at 2026-12-01 10:00\nhours 6А 09:00 10:30\ngroup add --specialist teacher-1 --topic \"Дроби\" --start 2026-12-10T11:00 --capacity 5\n\
         mail\nFrom: Анна Котова <anna@mail.example>\nSubject: дроби\n\nЗдравствуйте! Дочь не понимает дроби, нужна консультация учителя математики. Котова Варвара, 6А.\n.\n\
         group join 1 1\nat 2026-12-01 10:30\n\
         mail\nFrom: Пётр Зимин <petr@mail.example>\nSubject: проценты\n\nДобрый день. Сын не понимает проценты, нужна консультация по математике. Зимин Илья, 6Б.\n.\n\
         group join 1 2\nuntil 2026-12-10 12:00\n",
    );
    let reminded = |who: &str| heard.iter().filter(|h| h.kind == Some(Kind::Reminder) && h.to.as_deref() == Some(who)).map(|h| local(h.at)).collect::<Vec<_>>();
    assert_eq!(reminded("petr@mail.example").iter().map(|at| at.to_string()).collect::<Vec<_>>(), ["2026-12-09 11:00:00 +03:00"]);
    assert!(reminded("anna@mail.example").is_empty(), "two hours before it is no use: {:?}", reminded("anna@mail.example"));
}

#[test]
fn an_answer_to_all_takes_the_place_of_words_that_wait_to_be_told_by_telephone() {
    let mut story = String::from("at 2026-11-23 18:30\n");
    for n in 0..5 {
        write!(
            story,
            "at 2026-11-23 18:{}\nmail\nFrom: Семья {n} <f{n}@mail.example>\nSubject: Журнал не открывается\n\nЗдравствуйте! Электронный журнал не открывается, ошибка сервера 502. Семья {n}, 5А\n.\n",
            31 + n
        )
        .unwrap();
    }
    story.push_str(
        "at 2026-11-23 19:05\nmail\nFrom: Никитина Светлана Петровна <s.nikitina@school.example>\nSubject: Горячая линия\n\nФИО обратившегося: Кравцова Тамара Ильинична\nКласс: 1А\n\
         Телефон: 8 900 000-88-99\nОписание проблемы: Электронный журнал не открывается, ошибка сервера 502.\n.\n\
         at 2026-11-23 19:20\nreply zam@school.example to other\nвсем: Журнал чинят, откроется к вечеру.\n.\nuntil 2026-11-24 12:00\n",
    );
    let heard = told(&story);
    let calls: Vec<String> = heard.iter().filter(|h| h.kind == Some(Kind::CallTask)).map(|h| decoded(h.raw.as_deref().unwrap())).collect();
    assert_eq!(calls.len(), 1, "one call says it all: {calls:?}");
    assert!(calls[0].contains("Журнал чинят"), "{}", calls[0]);
}
