//! A school's mailbox as somebody's weapon: letters in forged names, forms with a victim's address, foreign words to be passed on. However many come, few
//! leave, each appeal is kept, one person is called, and no stranger's word reaches an address that has not written.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, TimeDelta, Utc};
use otklik::compose::decoded;
use otklik::jobs::Rehearsal;
use otklik::mailbox::Recorded;
use otklik::store::Store;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;

const SCHOOL: &str = "priemnaya@school.example";
const VICTIM: &str = "victim@family.example";

fn start() -> DateTime<Utc> {
    "2026-11-24T07:00:00Z".parse().unwrap()
}

fn encoded(text: &str) -> String {
    format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(text.as_bytes()))
}

fn letter(from: &str, name: &str, subject: &str, text: &str, at: DateTime<Utc>, n: usize) -> Recorded {
    let bytes = format!(
        "From: {} <{from}>\r\nTo: <{SCHOOL}>\r\nSubject: {}\r\nMessage-ID: <letter-{n}@{}>\r\nDate: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        encoded(name),
        encoded(subject),
        from.rsplit('@').next().unwrap(),
        at.to_rfc2822(),
        data_encoding::BASE64.encode(text.as_bytes()).as_bytes().chunks(76).map(|l| String::from_utf8_lossy(l).into_owned()).collect::<Vec<_>>().join("\r\n")
    );
    Recorded { folder: "INBOX".into(), arrival: Some(at), bytes: bytes.into_bytes(), origin: n.to_string() }
}

fn form(name: &str, class: &str, about: &str, phone: &str, email: &str) -> String {
    format!(
        "Новое сообщение из формы «Поддержка обучения в дистанционный период»\n\n1. ФИО: {name}\n2. Вы являетесь: родителем\n3. Класс, в котором обучается Ваш ребенок: {class}\n\
         4. Тип обращения: иные вопросы\n5. Опишите Вашу проблему: {about}\n6. Телефон для обратной связи: {phone}\n7. Адрес электронной почты: {email}\n"
    )
}

/// What left for whom and when, outside the school.
type Left = Vec<(String, DateTime<Utc>, String)>;

fn run(letters: Vec<Recorded>, until: DateTime<Utc>) -> (Rehearsal, Left) {
    let mut school = Rehearsal::new(otklik::config::demo(), Store::in_memory().unwrap()).unwrap();
    school.add(letters).unwrap();
    let mut left = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime
        .block_on(school.run(Some(until), &mut |h| {
            if let (Some(to), Some(raw)) = (h.to, h.raw)
                && !to.ends_with("@school.example")
            {
                left.push((to, h.at, decoded(&raw)));
            }
        }))
        .unwrap();
    (school, left)
}

#[test]
fn a_thousand_forged_senders_get_no_more_than_the_brake_allows() {
    const LETTERS: usize = 1000;
    let words = ["журнал не открывается", "не могу войти в дневник", "планшет сломался", "нет связи на уроке", "вопрос по оценкам", "где расписание звонков"];
    let letters = (0..LETTERS)
        .map(|n| {
            let at = start() + TimeDelta::minutes(i64::try_from(n / 50).unwrap() * 3);
            let text = format!("Здравствуйте! {}, обращение {n}. Подскажите, пожалуйста, что делать? Мама ученика {}А", words[n % words.len()], n % 9 + 1);
            letter(&format!("person{n}@host{}.example", n % 97), "Семья", "Вопрос", &text, at, n)
        })
        .collect();
    let (school, left) = run(letters, start() + TimeDelta::minutes(150));
    let store = school.school().store();
    assert_eq!(store.appeals(false, 10_000).unwrap().len(), LETTERS, "each is an appeal");
    let most = left.iter().map(|(_, from, _)| left.iter().filter(|(_, at, _)| at >= from && *at < *from + TimeDelta::hours(1)).count()).max().unwrap();
    println!("{} letters left in {} minutes, at most {most} an hour", left.len(), 150);
    assert!(most > 30 && most <= 60, "{most} automatic letters within an hour");
    let mut each: BTreeMap<&str, usize> = BTreeMap::new();
    left.iter().for_each(|(to, ..)| *each.entry(to).or_default() += 1);
    assert!(each.values().all(|n| *n == 1), "{each:?}");
    let alarms: Vec<_> = store.alerts().unwrap().into_iter().filter(|(key, _)| key.starts_with("brake/")).collect();
    assert_eq!(alarms.len(), 1, "one person is called, once: {alarms:?}");
}

#[test]
fn a_victims_address_in_many_forms_gets_three_letters_a_day() {
    let mut letters = Vec::new();
    for n in 0..90_usize {
        let at = start() + TimeDelta::minutes(i64::try_from(n).unwrap() * 40);
        let (from, about) = match n % 3 {
            0 => ("noreply@site.example".to_owned(), format!("не открывается журнал, вопрос {n}")),
            1 => (format!("person{n}@host.example"), format!("запишите к логопеду, вопрос {n}")),
            _ => (format!("form{n}@forms.example"), format!("нужен планшет для уроков, вопрос {n}")),
        };
        letters.push(letter(&from, "Форма", "Обращение с сайта", &form("Семёнова Ольга Петровна", "5А", &about, "+7 900 000-20-30", VICTIM), at, n));
    }
    let (school, left) = run(letters, start() + TimeDelta::minutes(60 * 60));
    let store = school.school().store();
    let appeals = store.appeals(false, 1_000).unwrap();
    let to_victim: Vec<_> = left.iter().filter(|(to, ..)| to == VICTIM).collect();
    let receipts: Vec<_> = to_victim.iter().filter(|(.., text)| text.contains("принята")).collect();
    let most = receipts.iter().map(|(_, from, _)| receipts.iter().filter(|(_, at, _)| at >= from && *at < *from + TimeDelta::hours(24)).count()).max().unwrap();
    println!(
        "{} forms, {} appeals, {} letters to the victim, {} of them receipts, at most {most} within 24 hours",
        90,
        appeals.len(),
        to_victim.len(),
        receipts.len()
    );
    assert!((1..=3).contains(&most), "{most} receipts within a day");
    // Each of these three has what it is owed (an invitation, a reminder); the others are told by telephone alone.
    let believed = appeals.iter().filter(|a| a.email.as_deref() == Some(VICTIM)).count();
    assert_eq!((believed, appeals.len()), (receipts.len(), 90), "every form is kept");
    assert!(appeals.iter().all(|a| a.phone.is_some()), "and everybody can be called");
    assert!(
        to_victim.len() <= believed * 3,
        "{:#?}",
        to_victim.iter().map(|(_, at, text)| format!("{at} {}", text.lines().nth(2).unwrap())).collect::<Vec<_>>()
    );
}

/// Words that must not be passed on, each with a mark by which it is found again.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{3,8}".prop_map(|w| format!("http://zlo{w}.example/?a=1")),
        "[a-z]{3,8}".prop_map(|w| format!("Переходите по ссылке zlo{w}.example срочно")),
        "[а-я]{3,8}".prop_map(|w| format!("ЗЛО{w} выиграли миллион")),
        "[a-z]{3,8}".prop_map(|w| format!("<a href=\"https://zlo{w}.example\">нажмите zlo</a>")),
        "[0-9]{7}".prop_map(|w| format!("звоните 8 800 {w} zlo")),
        "[а-я]{3,8}".prop_map(|w| format!("Зло{w} Злодеевич Злов")),
        "[а-я]{3,8}".prop_map(|w| format!("Мария Зло{w}овна")),
        "[a-z]{3,8}".prop_map(|w| format!("\r\nBcc: zlo{w}@evil.example\r\n\r\nzlo")),
        "[a-z]{3,8}".prop_map(|w| format!("{{{{ zlo{w} }}}} {{% zlo %}}")),
        "[a-z]{3,8}".prop_map(|w| format!("\u{202e}zlo{w}\u{200b}\u{2066} zlo")),
    ]
}

/// Nothing that a stranger typed reaches the address that they typed: not the subject, not the words, not the name, not the class, not the telephone.
#[test]
fn the_first_letter_to_an_address_in_a_form_holds_no_foreign_word() {
    let mut runner =
        TestRunner::new_with_rng(Config::default(), proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha));
    let case = (hostile(), hostile(), hostile(), hostile(), hostile());
    let (mut letters, mut expected) = (Vec::new(), 0);
    for n in 0..120_usize {
        let (name, subject, about, class, display) = case.new_tree(&mut runner).unwrap().current();
        let flat = |s: &str| s.replace(['\r', '\n'], " ");
        let from = if n % 2 == 0 { "noreply@site.example".to_owned() } else { format!("person{n}@host.example") };
        let about = format!("не могу войти в журнал, {}", flat(&about));
        let text = form(&flat(&name), &flat(&class), &about, "+7 900 000-20-30", &format!("victim{n}@family.example"));
        letters.push(letter(&from, &flat(&display), &flat(&subject), &text, start() + TimeDelta::minutes(3 * i64::try_from(n).unwrap()), n));
        expected += 1;
    }
    let (_, left) = run(letters, start() + TimeDelta::hours(9));
    let first: BTreeMap<&str, &str> = left.iter().rev().map(|(to, _, text)| (to.as_str(), text.as_str())).collect();
    let first: Vec<_> = first.into_iter().filter(|(to, _)| to.starts_with("victim")).collect();
    println!("{} of {expected} addresses were written to", first.len());
    assert!(first.len() > 60, "the test sees letters: {}", first.len());
    for (to, text) in first {
        let low = text.to_lowercase();
        for mark in ["zlo", "зло", "evil", "миллион", "900 000-20-30", "Мария"] {
            assert!(!low.contains(&mark.to_lowercase()), "{mark} reached {to}:\n{text}");
        }
    }
}

/// Whoever writes from an address (forged or not) is greeted by a name and patronymic at most: letters alone, no link, no number, none of their words.
#[test]
fn the_first_letter_to_a_sender_holds_nothing_of_theirs_but_a_name() {
    let mut runner =
        TestRunner::new_with_rng(Config::default(), proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha));
    let case = (hostile(), hostile(), hostile());
    let mut letters = Vec::new();
    for n in 0..120_usize {
        let (name, subject, about) = case.new_tree(&mut runner).unwrap().current();
        let text = format!("Здравствуйте! Не могу войти в журнал. {about}\nМеня зовут {name}. Мама ученика 5А\n{about}");
        letters.push(letter(
            &format!("person{n}@host.example"),
            &name.replace(['\r', '\n'], " "),
            &subject.replace(['\r', '\n'], " "),
            &text,
            start() + TimeDelta::minutes(3 * i64::try_from(n).unwrap()),
            n,
        ));
    }
    let (_, left) = run(letters, start() + TimeDelta::hours(9));
    let first: BTreeMap<&str, &str> = left.iter().rev().map(|(to, _, text)| (to.as_str(), text.as_str())).collect();
    println!("{} addresses were written to", first.len());
    assert!(first.len() > 60, "the test sees letters: {}", first.len());
    for (to, text) in first {
        assert!(!to.contains("evil"), "{to}");
        let rest: String = text.lines().filter(|l| !l.starts_with("Здравствуйте, ")).map(|l| format!("{}\n", l.to_lowercase())).collect();
        for mark in ["zlo", "зло", "evil", "миллион"] {
            assert!(!rest.contains(mark), "{mark} reached {to}:\n{text}");
        }
        for greeting in text.lines().filter(|l| l.starts_with("Здравствуйте, ")) {
            let name = greeting.trim_start_matches("Здравствуйте, ").trim_end_matches('!');
            assert!(name.chars().count() <= 76 && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-') && !name.is_ascii(), "{greeting}");
        }
    }
}
