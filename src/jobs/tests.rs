//! The jobs over a scripted mailbox and transport: what is lost, doubled or told to nobody when something fails.

use super::*;
use crate::clock::Clock;
use crate::decide::Order;
use crate::mailbox::{Mailbox, Script};
use crate::outbox::Outcome;
use crate::transport::{self, Transport};
use chrono::TimeDelta;

/// Monday, 23 November 2026, 10:00 in Moscow, and minutes later.
fn at(minutes: i64) -> DateTime<Utc> {
    "2026-11-23T07:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
}

fn letter(n: u32, from: &str, head: &str, text: &str) -> Vec<u8> {
    format!(
        "From: <{from}>\r\nTo: priemnaya@school.example\r\nSubject: вопрос {n}\r\nMessage-ID: <m{n}@mail.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0300\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n{head}\r\n{text}\r\n"
    )
    .into_bytes()
}

const JOURNAL: &str =
    "Здравствуйте! Не могу войти в электронный журнал, пишет неверный пароль. Помогите, пожалуйста, восстановить доступ к электронному дневнику.";
const PSYCHOLOGIST: &str = "Здравствуйте! Прошу записать меня на консультацию к педагогу-психологу, сын стал тревожным и плохо спит. Мария, мама Пети, 5 А.";

struct World {
    school: Arc<School>,
    mailbox: Mailbox,
    transport: Transport,
}

impl World {
    fn new(baseline: bool, change: impl FnOnce(&mut Settings)) -> World {
        let mut settings = crate::config::demo();
        change(&mut settings);
        let school = Arc::new(School::new(settings, Store::in_memory().unwrap(), baseline));
        World { school, mailbox: Mailbox::Script(Script::new()), transport: Transport::Script(transport::Script::default()) }
    }
    fn live() -> World {
        World::new(false, |_| {})
    }
    fn script(&mut self) -> &mut Script {
        let Mailbox::Script(script) = &mut self.mailbox else { unreachable!() };
        script
    }
    fn wire(&mut self) -> &mut transport::Script {
        let Transport::Script(script) = &mut self.transport else { unreachable!() };
        script
    }
    fn put(&mut self, minutes: i64, bytes: Vec<u8>) -> u32 {
        self.script().deliver("INBOX", at(minutes), bytes)
    }
    async fn read(&mut self, minutes: i64) -> Result<Intake, JobError> {
        let folders = self.mailbox.folders().await?;
        intake(&self.school, &mut self.mailbox, &folders, at(minutes)).await
    }
    async fn send(&mut self, minutes: i64) -> Vec<String> {
        let done = dispatch(&self.school, &mut self.transport, Clock::Virtual(at(minutes))).await.unwrap();
        done.sent.into_iter().map(|s| s.key).collect()
    }
    fn open(&self) -> usize {
        self.school.store().appeals(true, 100).unwrap().len()
    }
}

#[tokio::test]
async fn a_new_uidvalidity_on_the_first_day_answers_no_old_letter_and_loses_no_new_one() {
    let mut w = World::new(true, |_| {});
    for n in 0..3 {
        w.put(-60, letter(n, "old@mail.example", "", &format!("{JOURNAL} {}", "Очень ".repeat(n as usize))));
    }
    w.read(0).await.unwrap();
    assert_eq!(w.open(), 0, "the baseline");
    w.put(5, letter(9, "new@mail.example", "", JOURNAL));
    w.script().uid_validity = 2;
    w.read(10).await.unwrap();
    assert_eq!(w.open(), 1);
    w.read(20).await.unwrap();
    assert_eq!(w.open(), 1);
}

#[tokio::test]
async fn a_broken_connection_is_no_attempt() {
    let mut w = World::live();
    w.put(0, letter(1, "mama@mail.example", "", JOURNAL));
    w.school.store().journal("INBOX", 1, &[(1, at(0), 10)], false, at(0)).unwrap();
    // The program died with this letter in its batch.
    w.school.store().begin_attempt(&[1], false).unwrap();
    for round in 0..5 {
        // Sent, spam and INBOX are examined and scanned, then the fetch breaks.
        let break_fetch = |w: &mut World| {
            let bad = crate::mailbox::MailboxError::Transient("reset".into());
            w.script().failures = vec![bad];
        };
        break_fetch(&mut w);
        let waiting = w.school.store().waiting("INBOX", 1, 9).unwrap();
        let fails = w.read(round).await;
        assert!(fails.is_err());
        assert_eq!(w.school.store().waiting("INBOX", 1, 9).unwrap(), waiting);
    }
    w.school.store().begin_attempt(&[1], true).unwrap();
    w.school.store().uncount_attempt(1).unwrap();
    let done = w.read(9).await.unwrap();
    assert_eq!((done.handled, done.parked, w.open()), (1, 0, 1));
}

#[tokio::test]
async fn a_letter_that_kills_three_times_is_parked_and_the_next_goes_on() {
    let mut w = World::live();
    w.put(0, letter(1, "a@mail.example", "", JOURNAL));
    w.put(0, letter(2, "b@mail.example", "", JOURNAL));
    w.school.store().journal("INBOX", 1, &[(1, at(0), 10), (2, at(0), 10)], false, at(0)).unwrap();
    for _ in 0..3 {
        w.school.store().begin_attempt(&[1], true).unwrap();
    }
    let done = w.read(1).await.unwrap();
    assert_eq!((done.handled, done.parked, w.open()), (1, 1, 1));
    let keys = w.send(1).await;
    assert!(keys.iter().any(|k| k.starts_with("parked/")), "the operator hears of it: {keys:?}");
}

#[tokio::test]
async fn a_huge_letter_is_read_in_part_and_says_so() {
    let mut w = World::new(false, |s| s.mailbox.size_limit = 4096);
    w.put(0, letter(1, "mama@mail.example", "", &format!("{JOURNAL}\r\n{}", "слово ".repeat(5000))));
    w.read(0).await.unwrap();
    let store = w.school.store();
    assert!(store.history(1).unwrap().iter().any(|h| h.text.contains("прочитано только начало")));
    assert!(store.appeal(1).unwrap().unwrap().reasons[0].contains("прочитано только начало"));
}

#[tokio::test]
async fn the_first_letter_seen_in_an_empty_sent_folder_is_evidence() {
    let mut w = World::new(true, |_| {});
    w.read(0).await.unwrap();
    w.put(1, letter(1, "mama@mail.example", "", JOURNAL));
    w.read(1).await.unwrap();
    w.wire().outcomes = vec![Outcome::Unknown("timeout".into()); 9].into();
    w.send(1).await;
    let sent: Vec<Vec<u8>> = w.wire().sent.iter().map(|s| s.2.clone()).collect();
    assert!(!sent.is_empty());
    for bytes in &sent {
        w.script().deliver("Sent", at(2), bytes.clone());
    }
    w.read(3).await.unwrap();
    w.send(60).await;
    assert_eq!(w.wire().sent.len(), sent.len(), "nothing that is in Sent is sent again");
}

#[tokio::test]
async fn an_answer_by_hand_read_in_one_round_with_its_letter_is_the_answer() {
    let mut w = World::live();
    let by_hand = String::from_utf8(letter(
        2,
        "priemnaya@school.example",
        "In-Reply-To: <m1@mail.example>\r\n",
        "Добрый день! Пароль сбросили, новый лежит у секретаря.",
    ))
    .unwrap()
    .replace("To: priemnaya@school.example\r\nSubject: вопрос 2", "To: mama@mail.example\r\nSubject: Re: вопрос 1");
    // The daemon was away the whole night.
    w.put(0, letter(1, "mama@mail.example", "", JOURNAL));
    w.script().deliver("Sent", at(30), by_hand.into_bytes());
    w.read(600).await.unwrap();
    assert_eq!(w.open(), 0, "answered");
    w.send(600).await;
    assert!(w.wire().sent.iter().all(|(_, to, _)| to != "mama@mail.example"), "no receipt behind the answer");
}

#[tokio::test]
async fn a_task_that_a_specialist_never_got_is_told_to_the_operator() {
    let mut w = World::live();
    w.put(0, letter(1, "mama@mail.example", "", JOURNAL));
    w.read(0).await.unwrap();
    // Receipt first, then the task.
    w.wire().outcomes = vec![Outcome::Accepted("ok".into()), Outcome::Refused("550 no such user".into())].into();
    let keys = w.send(0).await;
    assert!(keys.iter().any(|k| k.starts_with("undelivered/")) || w.send(1).await.iter().any(|k| k.starts_with("undelivered/")), "{keys:?}");
    let to = w.wire().sent.last().unwrap().1.clone();
    assert_eq!(to, "it@school.example");
    assert!(w.send(2).await.is_empty(), "told once");
}

#[tokio::test]
async fn spam_stops_the_line_for_a_day_and_over_a_restart() {
    let mut w = World::live();
    w.put(0, letter(1, "mama@mail.example", "", JOURNAL));
    w.read(0).await.unwrap();
    w.wire().outcomes = vec![Outcome::Spam("554 5.7.1".into())].into();
    assert!(w.send(0).await.is_empty());
    w.transport = Transport::Script(transport::Script::default());
    assert!(w.send(23 * 60).await.is_empty(), "a fresh connection sends nothing either");
    assert!(!w.send(26 * 60).await.is_empty());
}

#[tokio::test]
async fn go_live_gives_a_taken_appeal_what_its_author_is_owed_and_nothing_of_the_trial() {
    let mut w = World::new(false, |s| s.mode = Mode::Shadow);
    w.put(0, letter(1, "mama@mail.example", "", PSYCHOLOGIST));
    w.read(0).await.unwrap();
    order(&w.school, 1, &Order::Accept, at(1)).unwrap();
    w.send(1).await;
    assert!(w.wire().sent.iter().all(|(_, to, _)| to == "it@school.example"), "in shadow everything goes to the operator");
    order(&w.school, 1, &Order::Decline, at(2)).unwrap();
    w.school.store().set_meta("mode", "live").unwrap();
    w.wire().sent.clear();
    order(&w.school, 1, &Order::TakeOver(None), at(3)).unwrap();
    let keys = w.send(3).await;
    assert!(keys.contains(&"receipt/1".to_owned()) && keys.iter().all(|k| !k.starts_with("shadow/")), "{keys:?}");
    order(&w.school, 1, &Order::Accept, at(4)).unwrap();
    let keys = w.send(4).await;
    assert_eq!(keys, ["invitation/1/2/0"]);
    assert_eq!(w.wire().sent.last().unwrap().1, "mama@mail.example");
}

#[tokio::test]
async fn an_absence_entered_later_moves_the_consultation_at_once() {
    let mut w = World::live();
    w.put(0, letter(1, "mama@mail.example", "", PSYCHOLOGIST));
    w.read(0).await.unwrap();
    order(&w.school, 1, &Order::Accept, at(1)).unwrap();
    let c = w.school.store().consultations_of(1).unwrap().pop().unwrap();
    let mut settings = (*w.school.settings()).clone();
    let day = settings.worktime.local_date(c.start);
    settings.staff.iter_mut().find(|p| p.id == c.specialist).unwrap().absences.push(crate::slots::Absence { from: day, to: day });
    w.school.reload(settings);
    w.school.store().wake_all().unwrap();
    deadlines(&w.school, at(2)).unwrap();
    let moved = w.school.store().consultations_of(1).unwrap().pop().unwrap();
    assert!(moved.start != c.start && moved.staff.sequence == 1 && moved.author.unwrap().sequence == 1);
    let keys = w.send(3).await;
    assert!(!keys.contains(&"invitation/1/1/0".to_owned()), "the invitation to the old time is not sent after all: {keys:?}");
}

#[tokio::test]
async fn random_days_keep_the_invariants() {
    for seed in 1..=6_u64 {
        let mut w = World::live();
        let mut dice = seed;
        let mut roll = |n: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % n
        };
        let mut stamps: std::collections::BTreeMap<(i64, u32), (u32, DateTime<Utc>)> = std::collections::BTreeMap::new();
        let mut minutes = 0;
        for step in 0..60_u32 {
            minutes += i64::try_from(roll(600)).unwrap();
            let n = i64::try_from(1 + roll(6)).unwrap();
            let done = match roll(9) {
                0..=2 => {
                    let text = if roll(2) == 0 { PSYCHOLOGIST } else { JOURNAL };
                    w.put(minutes, letter(step, &format!("p{step}@mail.example"), "", text));
                    Ok(())
                }
                3 => order(&w.school, n, &Order::Accept, at(minutes)),
                4 => order(&w.school, n, &Order::Decline, at(minutes)),
                5 => order(&w.school, n, &Order::Cancel(None), at(minutes)),
                6 => order(&w.school, n, &Order::Assign("psychologist-1".into()), at(minutes)),
                7 => order(&w.school, n, &Order::Close { answer: Some("Готово.".into()), reason: None }, at(minutes)),
                _ => order(&w.school, n, &Order::Reopen, at(minutes)),
            };
            if let Err(OrderError::Refused(e)) = &done {
                assert!(matches!(e, crate::store::StoreError::Decision(_)), "seed {seed}, step {step}: {e}");
            }
            w.read(minutes).await.unwrap();
            deadlines(&w.school, at(minutes)).unwrap();
            w.send(minutes).await;
            let store = w.school.store();
            let numbers: Vec<i64> = store.appeals(false, 100).unwrap().iter().map(|a| a.number).rev().collect();
            assert_eq!(numbers, (1..=i64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>(), "seed {seed}: the series has a gap");
            assert!(store.next_wake().unwrap().is_none_or(|wake| wake > at(minutes) && wake < at(minutes) + TimeDelta::days(5)), "seed {seed}, step {step}");
            let live = store.consultations(at(-1), at(minutes + 60 * 24 * 60), false).unwrap();
            for (i, a) in live.iter().enumerate() {
                assert!(live[i + 1..].iter().all(|b| a.specialist != b.specialist || a.end <= b.start || b.end <= a.start), "seed {seed}: double booking");
            }
            for c in store.consultations(at(-1), at(minutes + 60 * 24 * 60), true).unwrap() {
                let now = (c.staff.sequence, c.staff.dtstamp);
                let old = stamps.insert((c.appeal, c.ordinal), now).unwrap_or(now);
                assert!(old == now || (now.0 > old.0 && now.1 > old.1), "seed {seed}: SEQUENCE {old:?} -> {now:?}");
            }
        }
        assert!(!stamps.is_empty(), "seed {seed}: nothing was booked, the test says nothing");
    }
}
