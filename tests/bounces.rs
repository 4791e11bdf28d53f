//! Delivery reports as Postfix, Exchange, mail.ru, Yandex and Gmail write them, each hard, soft and delayed, and their forged twins: what people see of it.
//!
//! A report is believed only with the Message-ID of a letter of ours and the address that it went to.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, TimeDelta, Utc};
use otklik::compose::decoded;
use otklik::decide::Order;
use otklik::jobs::{Rehearsal, order};
use otklik::mailbox::Recorded;
use otklik::message;
use otklik::outbox::Kind;
use otklik::store::Store;
use std::path::Path;

const SCHOOL: &str = "priemnaya@school.example";
const PARENT: &str = "s.rogova@family.example";
const OPERATOR: &str = "it@school.example";
const PROVIDERS: [&str; 5] = ["postfix", "exchange", "mailru", "yandex", "gmail"];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A report of this provider about our letter.
fn report(provider: &str, class: &str, our_id: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/bounces/{provider}-{class}.eml"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.replace("OUR-ID", our_id).replace("PARENT", PARENT).replace("SCHOOL", SCHOOL).replace("\r\n", "\n").replace('\n', "\r\n")
}

/// A school whose answer has left, and the id of that letter.
struct Answered {
    school: Rehearsal,
    our_id: String,
    now: DateTime<Utc>,
}

async fn answered() -> Answered {
    let start = at("2026-11-24T06:00:00Z");
    let mut school = Rehearsal::new(otklik::config::demo(), Store::in_memory().unwrap()).unwrap();
    let bytes = format!(
        "From: <{PARENT}>\r\nTo: <{SCHOOL}>\r\nSubject: Journal\r\nMessage-ID: <first@family.example>\r\nDate: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Здравствуйте! Не могу войти в электронный журнал, пишет неверный пароль. Светлана Рогова, мама ученика 5А, +7 900 000-20-30\r\n",
        start.to_rfc2822()
    );
    school.add(vec![Recorded { folder: "INBOX".into(), arrival: Some(start), bytes: bytes.into_bytes(), origin: "1".into() }]).unwrap();
    let mut our_id = None;
    let mut hear = |h: otklik::jobs::Happening| {
        if h.kind == Some(Kind::Answer) && h.to.as_deref() == Some(PARENT) {
            our_id = h.message_id;
        }
    };
    school.run(Some(at("2026-11-24T08:00:00Z")), &mut hear).await.unwrap();
    order(school.school(), 1, &Order::Close { answer: Some("Пароль сброшен.".into()), reason: None }, at("2026-11-24T08:00:00Z")).unwrap();
    let now = at("2026-11-24T09:00:00Z");
    school.run(Some(now), &mut hear).await.unwrap();
    Answered { school, our_id: our_id.unwrap(), now }
}

/// What anybody sees in the two days after: letters with their text, the appeal, its history but for the machine's own remark.
#[derive(Debug, PartialEq)]
struct Seen {
    letters: Vec<(String, String)>,
    appeal: otklik::appeal::Appeal,
    history: Vec<String>,
}

/// The report arrives (nothing for `None`), and two days pass.
async fn after(mut a: Answered, report: Option<String>) -> Seen {
    let bytes: Vec<Recorded> =
        (report.into_iter()).map(|r| Recorded { folder: "INBOX".into(), arrival: Some(a.now), bytes: r.into_bytes(), origin: "dsn".into() }).collect();
    a.school.add(bytes).unwrap();
    let (mut letters, mut history) = (Vec::new(), Vec::new());
    let until = a.now + TimeDelta::days(2);
    let mut hear = |h: otklik::jobs::Happening| match (h.to, h.raw) {
        // The daily report counts letters: one more came.
        (Some(to), Some(raw)) if h.kind != Some(Kind::ReportDaily) => letters.push((to, decoded(&raw))),
        _ if h.appeal.is_some() => history.push(format!("{} {}", h.event, h.text)),
        _ => {}
    };
    a.school.run(Some(until), &mut hear).await.unwrap();
    let appeal = a.school.school().store().appeal(1).unwrap().unwrap();
    assert_eq!(a.school.school().store().appeals(false, 10).unwrap().len(), 1, "a report is no appeal");
    Seen { letters, appeal, history }
}

#[tokio::test]
async fn who_cannot_be_reached_is_called_and_a_delay_changes_nothing() {
    let quiet = after(answered().await, None).await;
    for provider in PROVIDERS {
        for (class, why) in [("hard", "Почему: адрес не работает."), ("soft", "Почему: ящик переполнен или сервер не принимает почту."), ("delayed", "")]
        {
            let what = format!("{provider}, {class}");
            let a = answered().await;
            let dsn = report(provider, class, &a.our_id);
            let seen = after(a, Some(dsn)).await;
            println!("{what}: {:?}", seen.history);
            assert!(!seen.letters.iter().any(|(to, _)| to == PARENT || to.contains("daemon") || to.contains("Exchange")), "{what}: nobody outside hears of it");
            assert_eq!(seen.appeal, quiet.appeal, "{what}: the appeal stands as it stood");
            if class == "delayed" {
                assert_eq!(seen.letters, quiet.letters, "{what}");
                assert_eq!(seen.history.iter().filter(|h| h.contains("доставка письма задерживается")).count(), 1, "{what}: {:?}", seen.history);
                continue;
            }
            let calls: Vec<_> = seen.letters.iter().filter(|(to, text)| to == OPERATOR && text.contains("Заявка № 1: письмо не дошло")).collect();
            assert_eq!(calls.len(), 1, "{what}: {:?}", seen.letters);
            for words in [why, "Автор, похоже, не получил письмо: ответ на заявку.", "Позвоните: +7 900 000-20-30"]
            {
                assert!(calls[0].1.contains(words), "{what}: «{words}» is not in\n{}", calls[0].1);
            }
        }
    }
}

#[tokio::test]
async fn the_same_report_again_makes_no_second_call() {
    let mut a = answered().await;
    let dsn = report("yandex", "hard", &a.our_id);
    let again = dsn.replace("20261124-hard@", "20261124-hard-2@");
    let later = a.now + TimeDelta::hours(3);
    a.school.add(vec![Recorded { folder: "INBOX".into(), arrival: Some(later), bytes: again.into_bytes(), origin: "again".into() }]).unwrap();
    let seen = after(a, Some(dsn)).await;
    assert_eq!(seen.letters.iter().filter(|(to, text)| to == OPERATOR && text.contains("письмо не дошло")).count(), 1, "{:?}", seen.letters);
}

/// Without our id, with another one of our form, or about another address.
#[tokio::test]
async fn a_forged_report_changes_nothing() {
    let quiet = after(answered().await, None).await;
    for provider in PROVIDERS {
        for class in ["hard", "soft", "delayed"] {
            let id = answered().await.our_id;
            let other_id = format!("{}@school.example", id.split('@').next().unwrap().chars().rev().collect::<String>());
            let nameless: String = report(provider, class, &id).split_inclusive("\r\n").filter(|l| !l.contains(&id)).collect();
            assert!(message::read(nameless.as_bytes()).returned_id.as_deref() != Some(&id));
            let forged = [
                ("no id", nameless),
                ("another id", report(provider, class, &other_id)),
                ("another address", report(provider, class, &id).replace(PARENT, "stranger@elsewhere.example")),
            ];
            for (how, dsn) in forged {
                let seen = after(answered().await, Some(dsn)).await;
                assert_eq!(seen.letters, quiet.letters, "{provider}, {class}, {how}");
                assert_eq!(seen.appeal, quiet.appeal, "{provider}, {class}, {how}");
                assert_eq!(seen.history, quiet.history, "{provider}, {class}, {how}: not even a word in its history");
            }
        }
    }
}

/// A mailbox that forwards: the server behind it names both addresses, and the family did not get the letter.
#[tokio::test]
async fn a_forwarded_letter_that_came_back_counts() {
    let a = answered().await;
    let dsn = report("postfix", "hard", &a.our_id)
        .replace(&format!("Final-Recipient: rfc822; {PARENT}"), "Final-Recipient: rfc822; s.rogova@work.example")
        .replace(&format!("<{PARENT}>: "), "<s.rogova@work.example>: ");
    let seen = after(a, Some(dsn)).await;
    assert!(seen.letters.iter().any(|(to, text)| to == OPERATOR && text.contains("письмо не дошло")), "{:?}", seen.letters);
}
