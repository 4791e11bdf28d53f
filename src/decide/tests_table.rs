//! Role x order x state: what becomes of every order of every role in every state, as a page that people can read (`docs/who-may.md`).
//! `UPDATE=1` writes it anew.

use super::tests_staff::{ABOUT_DIARY, TO_PSYCHOLOGIST, TOPICS, answer, at, conversation, notes, posts, settings};
use super::*;
use crate::appeal::{Appeal, Consultation, Stage, State};
use crate::effect::Effect;
use crate::facts::{Answered, ForLetter, Named, Thread};
use crate::outbox::Kind;
use crate::understand::{Category, Context, understand};
use std::fmt::Write as _;

const ORDERS: [&str; 32] = [
    "беру",
    "готово: исправили",
    "ответ дан",
    "закрыть",
    "закрыть без ответа: дубль",
    "уточнить: какой класс?",
    "продлить до 28.11",
    "не продлевать",
    "передать Козлову",
    "тема: логопед",
    "не моё",
    "объединить с 8",
    "вернуть в работу",
    "подходит",
    "не могу",
    "перенести",
    "перенести на 26.11 16:00",
    "время 26.11 16:00 у Самойловой",
    "способ: телефон",
    "состоится",
    "заменить",
    "отменить консультацию",
    "состоялась",
    "состоялась, рекомендации: режим сна",
    "не пришли",
    "сбой связи",
    "разрешаю",
    "рекомендации: режим сна",
    "ещё раз",
    "вижу",
    "созвонились",
    "верните как было",
];

const ROLES: [(&str, &str); 6] = [
    ("Руководитель", "zam@school.example"),
    ("У кого заявка", "a.zaytseva@school.example"),
    ("Кто проводит консультацию", "i.sokolova@school.example"),
    ("Директор", "director@school.example"),
    ("Оператор", "it@school.example"),
    ("Другой сотрудник", "d.kozlov@school.example"),
];

type Stand = (&'static str, fn(&mut Appeal, &mut Vec<Consultation>));

const STATES: [Stand; 10] = [
    ("решает руководитель", |a, c| {
        c.clear();
        (a.state, a.assignee) = (State::Undecided, Some("head-1".into()));
    }),
    ("передана", |_, c| c.clear()),
    ("в работе", |a, c| {
        c.clear();
        a.state = State::Taken;
    }),
    ("закрыта", |a, c| {
        c.clear();
        (a.state, a.closed, a.met) = (State::Closed, Some(at(11, 0)), Some(at(11, 0)));
    }),
    ("срочная", |a, c| {
        c.clear();
        (a.urgent, a.alarms, a.alarmed) = (true, Some(1), Some(at(11, 50)));
    }),
    ("время выбирает автор", |_, c| staged(c, Stage::Offered)),
    ("ждём специалиста", |_, c| staged(c, Stage::Proposed)),
    ("автор приглашён", |a, c| {
        a.state = State::Taken;
        a.met = Some(at(11, 0));
        invited(c);
    }),
    ("время прошло", |a, c| {
        a.state = State::Taken;
        a.met = Some(at(9, 0));
        invited(c);
        for c in c {
            (c.start, c.end) = (at(11, 0), at(11, 40));
        }
    }),
    ("отменена", |a, c| {
        a.state = State::Taken;
        staged(c, Stage::Cancelled);
    }),
];

fn staged(all: &mut [Consultation], stage: Stage) {
    for c in all {
        c.stage = stage;
        if stage == Stage::Offered {
            c.offered = vec![c.start, c.start + TimeDelta::days(2)];
        }
    }
}

fn invited(all: &mut [Consultation]) {
    staged(all, Stage::Invited);
    for c in all {
        c.author = Some(crate::appeal::Answer { uid: "author-7".into(), sequence: 0, ..c.staff.clone() });
        c.silent_at = None;
        c.invite_by = None;
    }
}

type Known = (Appeal, Vec<Consultation>);

/// The first with the psychologist's time, though of a topic whose appeals may be joined.
fn facts(first: &Known, other: &Appeal, stand: &Stand, to: &str) -> ForLetter {
    let (mut appeal, mut consultations) = first.clone();
    (appeal.assignee, appeal.category) = (Some("ejournal-1".into()), Category::LearningHelp);
    (stand.1)(&mut appeal, &mut consultations);
    let second = Appeal { number: 8, email: appeal.email.clone(), assignee: Some("ejournal-1".into()), ..other.clone() };
    let named = Named { appeal: second, consultations: Vec::new(), references: Vec::new(), family: Vec::new(), seats: Vec::new(), call: None, undo: None };
    let posting = Some(Answered { key: "other/7/1".into(), kind: Kind::Other, to: to.to_owned(), subject: "Заявка № 7".into() });
    let thread = Some(Thread { appeal, consultations, posting, by_number: false, call: None });
    ForLetter { next_number: 9, thread, named: vec![named], ..ForLetter::default() }
}

/// One sign for what became of it.
fn outcome(effects: &[Effect], from: &str) -> char {
    let confirm = posts(effects).into_iter().find(|p| p.kind == Kind::Confirm && p.to == from).map(|p| crate::compose::decoded(&p.raw));
    if notes(effects).split(' ').any(|n| n == "ordered") {
        return '+';
    }
    let Some(text) = confirm else { return '-' };
    let not_yours = [
        "может только",
        "может сделать тот",
        "может тот",
        "решает руководитель",
        "Срок продлевает руководитель.\n",
        "и так не у Вас",
        "Объединить заявки может",
    ];
    if text.contains("передано руководителю") {
        '>'
    } else if text.contains("уже сделано") {
        '='
    } else if text.contains("Возвращать нечего") {
        '0'
    } else if not_yours.iter().any(|n| text.contains(n)) {
        'x'
    } else if text.contains("не понял") {
        '?'
    } else {
        '0'
    }
}

#[test]
fn every_role_every_order_every_state() {
    let settings = settings();
    let round = Round { settings: &settings, now: at(12, 0), mode: Mode::Live };
    let (first, (other, _)) = (conversation(&settings, TO_PSYCHOLOGIST), conversation(&settings, ABOUT_DIARY));
    let own = [settings.address.clone()];
    let context = Context {
        own: &own,
        staff_domains: &settings.staff_domains,
        staff: &settings.staff_names,
        received: Some(at(12, 0)),
        zone: Some(settings.worktime.zone),
        ..Context::default()
    };
    let mut page = String::from(
        "# Кто что может поручить письмом\n\nКаждое поручение каждой роли в каждом состоянии заявки: эту страницу пишет тест (`src/decide/tests_table.rs`), \
         и он же следит, чтобы она была верна.\n\n`+` исполняется, `>` просьба уходит руководителю, `=` уже сделано, `x` не его право (так и отвечаем), `0` сейчас нельзя: \
         отвечаем почему и что можно, `?` не поняли, `-` ответа нет.\nСотрудник, которого заявка касается, не может ничего: его письма ничего не меняют и остаются без ответа.\n",
    );
    let mut wrong = Vec::new();
    for (role, from) in ROLES {
        write!(page, "\n## {role}\n\n| поручение |").unwrap();
        STATES.iter().for_each(|(name, _)| write!(page, " {name} |").unwrap());
        write!(page, "\n| --- |{}\n", " :-: |".repeat(STATES.len())).unwrap();
        for order in ORDERS {
            let message = answer(from, order);
            let understanding = understand(&TOPICS, &message, &context);
            write!(page, "| `{order}` |").unwrap();
            for stand in &STATES {
                let incoming = Incoming { message: &message, understanding: &understanding, received: at(12, 0), proposed: None };
                let known = facts(&first, &other, stand, from);
                let came = outcome(&on_message(round, &known, &incoming), from);
                write!(page, " {came} |").unwrap();
                // Nobody orders in a matter about themselves, whatever they are to it.
                let mut about = known.clone();
                if let Some(t) = &mut about.thread {
                    t.appeal.excluded = settings.person_by_email(from).map(|p| p.id.clone()).into_iter().collect();
                }
                let effects = on_message(round, &about, &incoming);
                if outcome(&effects, from) != '-' || posts(&effects).iter().any(|p| p.to == from) {
                    wrong.push(format!("{role}, {order}, {}: the matter is about them", stand.0));
                }
            }
            page.push('\n');
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/who-may.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap_or_default() == page, "docs/who-may.md differs: run with UPDATE=1 and read the diff");
}
