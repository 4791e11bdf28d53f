//! What the command line orders and shows of an appeal: every order of the letters, its end within the hour, a place in a group.

use super::look;
use super::order::OrderArguments;
use crate::appeal::{Place, State};
use crate::decide::{Order, Plan};
use crate::jobs::{School, handle, order, plan, undo};
use crate::settings::Mode;
use crate::store::Store;
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Command, FromArgMatches};

const PARENT: &str = "kotova.anna@mail.example";

fn now() -> DateTime<Utc> {
    "2026-12-01T08:00:00Z".parse().unwrap()
}

/// A school with two appeals of one mother about a group before certification, and one of the father.
fn school() -> School {
    let mut settings = crate::config::demo();
    settings.mode = Mode::Live;
    let school = School::new(settings, Store::in_memory().unwrap(), false);
    let topic = "Подготовка к промежуточной аттестации по математике".to_owned();
    let group = Plan {
        specialist: "teacher-1".into(),
        topic,
        start: "2026-12-10T12:00:00Z".parse().unwrap(),
        channel: "in_person".into(),
        capacity: 1,
        classes: vec!["9А".into()],
        course_end: Some("2026-12-09".parse().unwrap()),
    };
    plan(&school, &group, now()).unwrap();
    let letters = [
        (PARENT, "Не видно отметок за контрольную по физике в электронном журнале. Анна Котова, 9Б"),
        (PARENT, "В электронном журнале неверно указана буква класса. Анна Котова, 9Б"),
        ("kotov.ilya@mail.example", "В электронном журнале неверно указана буква класса. Илья Котов, 9Б"),
    ];
    for (uid, (from, text)) in (1_u32..).zip(letters) {
        let raw = format!(
            "From: {from}\r\nTo: priemnaya@school.example\r\nSubject: x{uid}\r\nMessage-ID: <{uid}@mail.example>\r\nDate: {}\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
            now().to_rfc2822()
        );
        school.store().journal("INBOX", 1, &[(uid, now(), raw.len() as u64)], false, now()).unwrap();
        let waiting = school.store().waiting("INBOX", 1, 1).unwrap().remove(0);
        assert!(handle(&school, &[(waiting, raw.into_bytes())], now()).unwrap().is_empty());
    }
    school
}

fn state(school: &School, number: i64) -> State {
    school.store().appeal(number).unwrap().unwrap().state
}

fn shown(school: &School, number: i64, json: bool) -> String {
    let mut out = Vec::new();
    look::show(school, number, json, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn show_names_the_group_the_place_and_the_answer() {
    let school = school();
    order(&school, 1, &Order::Join(1), now()).unwrap();
    let text = shown(&school, 1, false);
    assert!(text.contains("группа      № 1 2026-12-10 15:00") || text.contains("группа      № 1 2026-12-10T15:00"), "{text}");
    assert!(text.contains("teacher-1, лично, в школе: назначена"), "{text}");
    assert!(text.contains(&format!("место семьи: {}, ответ NEEDS-ACTION", Place::Invited.title())), "{text}");
    assert!(text.contains("в группу"), "the order is in the history: {text}");
    let json: serde_json::Value = serde_json::from_str(&shown(&school, 1, true)).unwrap();
    let group = &json["groups"][0];
    assert_eq!((group["group"].as_i64(), group["place"].as_str(), group["specialist"].as_str()), (Some(1), Some("invited"), Some("teacher-1")));
    // Who comes later waits; a place that was given up is shown as that.
    order(&school, 2, &Order::Join(1), now()).unwrap();
    assert!(shown(&school, 2, false).contains(&format!("место семьи: {}", Place::Waiting.title())));
    undo(&school, 1, now() + TimeDelta::minutes(5)).unwrap();
    assert!(shown(&school, 1, false).contains(&format!("место семьи: {}", Place::Left.title())), "{}", shown(&school, 1, false));
}

#[test]
fn what_the_command_line_ordered_is_taken_back_within_the_hour() {
    let school = school();
    for what in [Order::Take, Order::Close { answer: Some("Исправили.".into()), reason: None }, Order::NotMine(None), Order::Join(1)] {
        let before = state(&school, 1);
        order(&school, 1, &what, now()).unwrap();
        let said = undo(&school, 1, now() + TimeDelta::minutes(59)).unwrap();
        assert!(said.starts_with("Возвращено как было"), "{what:?}: {said}");
        assert_eq!(state(&school, 1), before, "{what:?}");
        assert!(undo(&school, 1, now() + TimeDelta::minutes(59)).is_err(), "once");
    }
    order(&school, 1, &Order::Take, now()).unwrap();
    assert!(undo(&school, 1, now() + TimeDelta::minutes(61)).is_err(), "the hour is over");
}

#[test]
fn appeals_of_one_author_are_joined_and_those_of_two_parents_are_not() {
    let school = school();
    let refused = order(&school, 3, &Order::Merge(1), now()).unwrap_err().to_string();
    assert!(refused.contains("разных авторов"), "{refused}");
    assert_ne!(state(&school, 3), State::Closed);
    order(&school, 1, &Order::Merge(2), now()).unwrap();
    assert_eq!(state(&school, 2), State::Closed);
    undo(&school, 2, now() + TimeDelta::minutes(5)).unwrap();
    assert_ne!(state(&school, 2), State::Closed);
}

#[test]
fn every_order_of_the_letters_has_its_word_on_the_command_line() {
    // Of the grammar (`understand::orders::Said`) to the command; orders about a group as a whole are `otklik group`, «помощь» is `--help`.
    let table: &[(&str, &[&str])] = &[
        ("беру", &["take"]),
        ("подходит", &["accept"]),
        ("не могу", &["decline"]),
        ("перенести", &["another"]),
        ("перенести на 26.11 16:00", &["move", "2026-11-26T16:00"]),
        ("состоялась, рекомендации: …", &["held", "--recommendations", "x"]),
        ("не пришли", &["not-held", "no-show"]),
        ("сбой связи", &["not-held", "failed"]),
        ("не состоялась: …", &["not-held", "other", "--reason", "x"]),
        ("разрешаю", &["allow"]),
        ("состоится", &["stands"]),
        ("заменить", &["replace"]),
        ("передать Петровой", &["assign", "social-1"]),
        ("тема: логопед", &["category", "speech_therapist"]),
        ("время 25.11 15:00 у Петровой", &["slot", "social-1", "2026-11-25T15:00"]),
        ("отменить: …", &["cancel", "--reason", "x"]),
        ("рекомендации: …", &["recommend", "x"]),
        ("ещё раз", &["again"]),
        ("серия 5 раз в 2 недели", &["series", "5", "--weeks", "2"]),
        ("закончить серию", &["end-series"]),
        ("в группу 1", &["join", "1"]),
        ("способ: Сферум", &["channel", "Сферум"]),
        ("напоминание нет", &["reminders", "off"]),
        ("готово: …", &["close", "--answer", "x"]),
        ("закрыть без ответа: …", &["close", "--reason", "x"]),
        ("продлить до 28.11", &["extend", "2026-11-28"]),
        ("не продлевать", &["keep"]),
        ("вижу", &["acknowledge"]),
        ("созвонились", &["called"]),
        ("не дозвонился", &["unreached"]),
        ("позвоню сам", &["call-myself"]),
        ("подтвердили по телефону", &["confirmed"]),
        ("уточнить: …", &["ask", "x"]),
        ("не моё", &["not-mine"]),
        ("вернуть в работу", &["reopen"]),
        ("объединить с 151", &["merge", "151"]),
        ("тишина 147 до 15.12", &["silence", "2026-12-15"]),
        ("тишина 147 нет", &["silence"]),
        ("отменить", &["undo"]),
    ];
    let command = OrderArguments::augment_args(Command::new("order"));
    for (letter, words) in table {
        let line = ["order", "147"].iter().chain(words.iter());
        let found =
            command.clone().try_get_matches_from(line).map_err(|e| e.to_string()).and_then(|m| OrderArguments::from_arg_matches(&m).map_err(|e| e.to_string()));
        assert!(found.is_ok(), "«{letter}»: {}", found.unwrap_err());
    }
    let named: std::collections::BTreeSet<&str> = table.iter().map(|(_, words)| words[0]).collect();
    let there: std::collections::BTreeSet<&str> = command.get_subcommands().map(clap::Command::get_name).filter(|n| !["note", "help"].contains(n)).collect();
    assert_eq!(named, there, "each command is somebody's order");
}
