//! Letters by hand and calls as decisions: whom they concern, what they change, what they never do.

use super::*;
use crate::appeal::{About, Appeal, Call, State};
use crate::compose::decoded;
use crate::effect::{Effect, Settled};
use crate::facts::{Addressed, ForAppeal, ForLetter, Queued, Thread};
use crate::message;
use crate::outbox::{Kind, Posting};
use crate::settings::{Mode, Settings};
use crate::understand::{Context, understand};
use chrono::{DateTime, TimeZone, Utc};

fn at(hour: u32, minute: u32) -> DateTime<Utc> {
    // Tuesday, Moscow time less three hours.
    Utc.with_ymd_and_hms(2026, 11, 24, hour - 3, minute, 0).unwrap()
}

fn settings() -> Settings {
    let mut settings = crate::config::demo();
    settings.composer.key = crate::compose::PUBLIC_KEY;
    settings
}

fn raw(from: &str, to: &str, subject: &str, extra: &str, text: &str) -> Vec<u8> {
    let letter = format!(
        "From: <{from}>\nTo: <{to}>\nSubject: {subject}\n{extra}Date: Tue, 24 Nov 2026 10:00:00 +0300\nMessage-ID: <x1@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    );
    letter.replace('\n', "\r\n").into_bytes()
}

/// An appeal that a letter opened at nine.
fn opened(settings: &Settings, text: &str) -> Appeal {
    let effects = letter_in(
        settings,
        &raw("anna@mail.example", "priemnaya@school.example", "Вопрос", "", text),
        &ForLetter { next_number: 7, ..ForLetter::default() },
        false,
        at(9, 0),
    );
    effects.into_iter().find_map(|e| if let Effect::Open(a) = e { Some(*a) } else { None }).unwrap()
}

fn letter_in(settings: &Settings, bytes: &[u8], facts: &ForLetter, sent: bool, now: DateTime<Utc>) -> Vec<Effect> {
    let message = message::read(bytes);
    let own = [settings.address.clone()];
    let context =
        Context { own: &own, staff_domains: &settings.staff_domains, staff: &settings.staff_names, zone: Some(settings.worktime.zone), ..Context::default() };
    let understanding = understand(&settings.topics, &message, &context);
    let incoming = Incoming { message: &message, understanding: &understanding, received: now, proposed: None };
    let round = Round { settings, now, mode: Mode::Live };
    if sent { on_sent(round, facts, &incoming) } else { on_message(round, facts, &incoming) }
}

fn addressed(appeal: &Appeal, conversation: bool) -> Addressed {
    Addressed {
        thread: Thread { appeal: appeal.clone(), consultations: Vec::new(), posting: None, by_number: false, call: None },
        subjects: vec!["Вопрос".into()],
        queued: vec![
            Queued { key: "receipt/7".into(), kind: Kind::Receipt, to_author: true },
            Queued { key: "remind/7".into(), kind: Kind::Reminder, to_author: false },
        ],
        conversation,
    }
}

fn saved(effects: &[Effect]) -> Option<&Appeal> {
    effects.iter().find_map(|e| if let Effect::Save(a) = e { Some(&**a) } else { None })
}

fn posts(effects: &[Effect]) -> Vec<&Posting> {
    effects.iter().filter_map(|e| if let Effect::Post(p) = e { Some(&**p) } else { None }).collect()
}

const REQUEST: &str = "Здравствуйте! Не могу войти в электронный дневник, пароль не подходит. Дочь учится в 3А. Анна Белова";
const ANSWER: &str = "Добрый день! Пароль сбросили, новый лежит у секретаря.";
const SCHOOL: &str = "priemnaya@school.example";

#[test]
fn an_answer_by_hand_closes_and_says_nothing_more() {
    let settings = settings();
    let appeal = opened(&settings, REQUEST);
    assert_eq!(appeal.state, State::Assigned);
    let facts = ForLetter { addressed: vec![addressed(&appeal, true)], ..ForLetter::default() };
    let effects = letter_in(&settings, &raw(SCHOOL, "anna@mail.example", "Re: Вопрос", "", ANSWER), &facts, true, at(10, 0));
    let now = saved(&effects).unwrap();
    assert_eq!((now.state, now.met, now.closed), (State::Closed, Some(at(10, 0)), Some(at(10, 0))));
    assert!(posts(&effects).is_empty());
    assert!(effects.contains(&Effect::Withdraw(vec!["receipt/7".into(), "remind/7".into()])));
    assert!(effects.contains(&Effect::Settle(Settled::Answer(Some(7)))));
}

#[test]
fn what_is_no_answer_changes_no_term() {
    let settings = settings();
    let appeal = opened(&settings, REQUEST);
    let ask = "Уточните, пожалуйста, логин.";
    // Subject, text, in the conversation, how many letters to staff, the state after.
    let table = [
        ("Re: Вопрос", ask, true, 0, State::Taken),
        ("Re: Вопрос", "Разберёмся и сообщим завтра.", true, 0, State::Taken),
        ("Re: Вопрос", "Спасибо за письмо.", true, 1, State::Assigned),
        ("Поздравляем с праздником", ANSWER, false, 1, State::Assigned),
        ("Re: Вопрос", ANSWER, false, 0, State::Closed),
        ("Заявка № 7", ANSWER, false, 0, State::Closed),
        ("Заявка № 8", ANSWER, false, 1, State::Assigned),
    ];
    for (subject, text, conversation, letters, state) in table {
        let facts = ForLetter { addressed: vec![addressed(&appeal, conversation)], ..ForLetter::default() };
        let effects = letter_in(&settings, &raw(SCHOOL, "anna@mail.example", subject, "", text), &facts, true, at(10, 0));
        let now = saved(&effects).unwrap();
        assert_eq!((now.state, posts(&effects).len()), (state, letters), "{subject}: {text}");
        assert_eq!(now.met.is_some(), state == State::Closed, "{subject}: {text}");
        assert_eq!(now.due, appeal.due, "the term of answering is as it was");
        assert!(posts(&effects).iter().all(|p| p.to.ends_with("@school.example")), "nobody outside is written to");
    }
}

#[test]
fn nothing_urgent_and_no_complaint_is_closed_by_hand() {
    let settings = settings();
    for text in
        ["Сына в 5Б каждый день бьют одноклассники, он говорит, что не хочет жить.", "Жалоба: учитель математики кричит на детей, прошу разобраться. 5Б класс."]
    {
        let appeal = opened(&settings, text);
        assert!(appeal.urgent || appeal.complaint, "{text}");
        let facts = ForLetter { addressed: vec![addressed(&appeal, true)], ..ForLetter::default() };
        let effects = letter_in(
            &settings,
            &raw(SCHOOL, "anna@mail.example", "Re: Вопрос", "", "Добрый день! Мы во всём разобрались, меры приняты."),
            &facts,
            true,
            at(10, 0),
        );
        assert!(saved(&effects).unwrap().open(), "{text}");
        assert!(saved(&effects).unwrap().met.is_none(), "{text}");
    }
}

#[test]
fn letters_to_others_robots_and_mailings_are_passed_over() {
    let settings = settings();
    let appeal = opened(&settings, REQUEST);
    let about = || ForLetter { addressed: vec![addressed(&appeal, true)], ..ForLetter::default() };
    let many = "anna@mail.example>, <b@mail.example>, <c@mail.example>, <d@mail.example>, <e@mail.example>, <f@mail.example";
    let table = [
        (raw(SCHOOL, "a.zaytseva@school.example", "Fwd: Вопрос", "", "Посмотрите, пожалуйста."), about(), "not_to_author"),
        (raw(SCHOOL, "shop@firm.example", "Счёт", "", ANSWER), ForLetter::default(), "not_to_author"),
        (raw(SCHOOL, many, "Собрание", "", ANSWER), about(), "not_to_author"),
        (raw(SCHOOL, "anna@mail.example", "Автоответ", "Auto-Submitted: auto-replied\n", "Письмо получено."), about(), "auto_reply"),
    ];
    for (bytes, facts, why) in table {
        let effects = letter_in(&settings, &bytes, &facts, true, at(10, 0));
        assert_eq!(effects, [Effect::Settle(Settled::Ignored(why))], "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn two_open_appeals_are_the_heads_to_tell_apart() {
    let settings = settings();
    let one = opened(&settings, REQUEST);
    let two = Appeal { number: 8, ..one.clone() };
    let facts = ForLetter { addressed: vec![addressed(&two, false), addressed(&one, false)], ..ForLetter::default() };
    let effects = letter_in(&settings, &raw(SCHOOL, "anna@mail.example", "Re: Вопрос", "", ANSWER), &facts, true, at(10, 0));
    let posted = posts(&effects);
    assert_eq!(posted.iter().map(|p| p.to.as_str()).collect::<Vec<_>>(), ["zam@school.example"]);
    assert!(saved(&effects).is_none(), "nothing is changed");
    // A button for each, and each with a token of its own appeal.
    let pressed: Vec<i64> =
        crate::compose::links(&posted[0].raw).iter().filter_map(|(subject, _)| crate::compose::buttons::pressed(subject)).map(|(n, _)| n).collect();
    assert_eq!(pressed, [8, 7]);
    // Of many at most six become buttons; how many more there are is said.
    let many = |n: i64| addressed(&Appeal { number: n, ..one.clone() }, false);
    let facts = ForLetter { addressed: (1..=9).map(many).collect(), ..ForLetter::default() };
    let effects = letter_in(&settings, &raw(SCHOOL, "anna@mail.example", "Re: Вопрос", "", ANSWER), &facts, true, at(10, 0));
    let letter = posts(&effects)[0].raw.clone();
    assert_eq!(crate::compose::links(&letter).len(), 6);
    assert!(crate::compose::decoded(&letter).contains("№ 6 и ещё 3"), "{}", crate::compose::decoded(&letter));
}

#[test]
fn a_letter_from_the_own_mailbox_counts_when_its_sender_is_believed() {
    let settings = settings();
    let appeal = opened(&settings, REQUEST);
    let facts = ForLetter { addressed: vec![addressed(&appeal, false)], ..ForLetter::default() };
    let cc = "Cc: <priemnaya@school.example>\n";
    let forged = "Cc: <priemnaya@school.example>\nAuthentication-Results: mx.school.example; dmarc=fail header.from=school.example\n";
    let table = [
        ("a.zaytseva@school.example", cc, State::Closed),
        ("zam@school.example", cc, State::Closed),
        // Neither holder nor head: it is asked.
        ("d.kozlov@school.example", cc, State::Assigned),
    ];
    for (from, extra, state) in table {
        let effects = letter_in(&settings, &raw(from, "anna@mail.example", "Re: Вопрос", extra, ANSWER), &facts, false, at(10, 0));
        assert_eq!(saved(&effects).unwrap().state, state, "{from}");
        assert!(!effects.iter().any(|e| matches!(e, Effect::Open(_))), "it is no appeal");
    }
    let effects = letter_in(&settings, &raw("a.zaytseva@school.example", "anna@mail.example", "Re: Вопрос", forged, ANSWER), &facts, false, at(10, 0));
    assert!(saved(&effects).is_none() && posts(&effects).is_empty(), "{effects:?}");
    let stranger = letter_in(&settings, &raw("somebody@mail.example", "anna@mail.example", "Re: Вопрос", cc, ANSWER), &facts, false, at(10, 0));
    assert!(saved(&stranger).is_none(), "a stranger's letter to an author answers nothing");
}

#[test]
fn an_answer_that_anybody_may_have_written_is_asked_about() {
    // Nothing proves the sender: a forger could close whatever they like.
    let settings = Settings { sender_check: crate::settings::SenderCheck::default(), ..settings() };
    let appeal = opened(&settings, REQUEST);
    let facts = ForLetter { addressed: vec![addressed(&appeal, false)], ..ForLetter::default() };
    for text in [ANSWER, "Разберёмся и сообщим завтра."] {
        let bytes = raw("a.zaytseva@school.example", "anna@mail.example", "Re: Вопрос", "Cc: <priemnaya@school.example>\n", text);
        let effects = letter_in(&settings, &bytes, &facts, false, at(10, 0));
        assert_eq!(saved(&effects).unwrap().state, State::Assigned, "{text}");
        assert_eq!(posts(&effects).iter().map(|p| p.to.as_str()).collect::<Vec<_>>(), ["a.zaytseva@school.example"], "one button to the holder");
        assert!(!effects.iter().any(|e| matches!(e, Effect::Withdraw(_))), "what waits to leave leaves");
    }
}

fn facts_of(appeal: Appeal, call: Option<Call>) -> ForAppeal {
    ForAppeal {
        appeal,
        consultations: Vec::new(),
        busy: Vec::new(),
        family: Vec::new(),
        load: Vec::new(),
        references: Vec::new(),
        shadowed: Vec::new(),
        groups: Vec::new(),
        seats: Vec::new(),
        named: Vec::new(),
        undo: None,
        call,
    }
}

fn call_of(effects: &[Effect]) -> Option<&Call> {
    effects.iter().rev().find_map(|e| if let Effect::Call(c) = e { Some(&**c) } else { None })
}

#[test]
fn one_call_at_a_time_and_the_head_after_three() {
    let settings = settings();
    let round = |now| Round { settings: &settings, now, mode: Mode::Live };
    let form = "ФИО обратившегося: Кравцова Тамара Ильинична\nКласс: 1А\nТелефон: 8 900 000-88-99\nОписание проблемы: не получается войти в электронный журнал";
    let bytes = raw("s.nikitina@school.example", SCHOOL, "Горячая линия", "", form);
    let effects = letter_in(&settings, &bytes, &ForLetter { next_number: 7, ..ForLetter::default() }, false, at(10, 0));
    let appeal = effects.iter().find_map(|e| if let Effect::Open(a) = e { Some((**a).clone()) } else { None }).unwrap();
    let first = call_of(&effects).unwrap().clone();
    assert_eq!((first.about, first.tries, first.waits()), (About::Receipt, 0, true));
    let passed = posts(&effects).into_iter().find(|p| p.key.starts_with("passed/")).unwrap();
    assert_eq!(passed.priority, 2, "who waits for the number on the line is not put off to the list of the day");
    assert_eq!(posts(&effects).iter().filter(|p| p.kind == Kind::CallTask).map(|p| p.to.as_str()).collect::<Vec<_>>(), ["it@school.example"]);

    // Who heard the number still waits for the answer.
    let called = on_order(round(at(10, 30)), &facts_of(appeal.clone(), Some(first.clone())), &Order::Called).unwrap();
    assert!(saved(&called).unwrap().met.is_none());
    assert_eq!(call_of(&called).unwrap().done, Some(at(10, 30)));

    // The answer takes the place of the words that were not said yet.
    let close = Order::Close { answer: Some("Пароль сброшен. Временный пароль у секретаря.".into()), reason: None };
    let closed = on_order(round(at(11, 0)), &facts_of(appeal.clone(), Some(first.clone())), &close).unwrap();
    assert!(closed.contains(&Effect::Withdraw(vec![first.letter.clone()])));
    let second = call_of(&closed).unwrap().clone();
    assert_eq!((second.about, second.waits(), second.words.len()), (About::Answer, true, 2));

    let mut call = second;
    let closed = saved(&closed).unwrap().clone();
    for (n, heads) in [(1, 0), (2, 0), (3, 1), (4, 0)] {
        let tried = on_order(round(at(11 + n, 0)), &facts_of(closed.clone(), Some(call.clone())), &Order::Unreached).unwrap();
        call = call_of(&tried).unwrap().clone();
        assert_eq!(call.tries, n);
        assert_eq!(posts(&tried).iter().filter(|p| p.to == "zam@school.example").count(), heads, "try {n}");
    }
    let long = Order::Close {
        answer: Some("Это длинное предложение ответа, которое трудно произнести на одном дыхании. ".repeat(8)), reason: None
    };
    let own = on_order(round(at(11, 0)), &facts_of(appeal, Some(first)), &long).unwrap();
    let task = posts(&own).into_iter().find(|p| p.kind == Kind::CallTask).unwrap();
    assert_eq!(task.to, "a.zaytseva@school.example", "what nobody else can read out goes to who wrote it");
}

#[test]
fn a_letter_to_the_school_that_a_parent_may_read_is_no_answer_to_the_parent() {
    let settings = settings();
    let appeal = opened(&settings, REQUEST);
    let own = "Прошу починить проектор в кабинете 214, уроки идут без него.";
    let cc = "Cc: <anna@mail.example>\n";
    for conversation in [false, true] {
        let facts = ForLetter { next_number: 8, addressed: vec![addressed(&appeal, conversation)], ..ForLetter::default() };
        let effects = letter_in(&settings, &raw("d.kozlov@school.example", SCHOOL, "Проектор", cc, own), &facts, false, at(10, 0));
        assert!(!effects.contains(&Effect::Settle(Settled::Answer(Some(7)))), "it is read as a letter of its own: {effects:?}");
    }
}

#[test]
fn who_has_no_part_in_an_appeal_changes_nothing_of_it_by_hand() {
    let settings = settings();
    let appeal = opened(&settings, REQUEST);
    let cc = "Cc: <priemnaya@school.example>\n";
    let consultation = Appeal { consultation: true, ..appeal.clone() };
    for (appeal, text) in [(&appeal, "Уточните, пожалуйста, логин."), (&consultation, "Добрый день! Ждём Вас завтра в 16:00.")]
    {
        let facts = ForLetter { addressed: vec![addressed(appeal, true)], ..ForLetter::default() };
        for (from, asked) in [("d.kozlov@school.example", true), ("a.zaytseva@school.example", false)] {
            let effects = letter_in(&settings, &raw(from, "anna@mail.example", "Re: Вопрос", cc, text), &facts, false, at(10, 0));
            let withdrawn = effects.iter().any(|e| matches!(e, Effect::Withdraw(_)));
            let taken = saved(&effects).unwrap().state == State::Taken;
            let question = posts(&effects).iter().any(|p| decoded(&p.raw).contains("Закрыть её?"));
            assert_eq!(question, asked, "{from}: {text}");
            assert!(!asked || !withdrawn && !taken, "{from}: {text}");
        }
    }
}

#[test]
fn tomorrow_is_the_day_after_the_letter_was_written() {
    let settings = settings();
    let appeal = Appeal { consultation: true, ..opened(&settings, REQUEST) };
    let facts = ForLetter { addressed: vec![addressed(&appeal, true)], ..ForLetter::default() };
    let read = |text: &str, received: DateTime<Utc>| {
        let message = message::read(&raw(SCHOOL, "anna@mail.example", "Re: Вопрос", "", text));
        let understanding = understand(&settings.topics, &message, &Context { zone: Some(settings.worktime.zone), ..Context::default() });
        let incoming = Incoming { message: &message, understanding: &understanding, received, proposed: None };
        let effects = on_sent(Round { settings: &settings, now: at(10, 0), mode: Mode::Live }, &facts, &incoming);
        posts(&effects).iter().map(|p| decoded(&p.raw)).collect::<String>()
    };
    let yesterday = at(10, 0) - chrono::TimeDelta::days(1);
    let asked = read("Добрый день! Ждём Вас завтра в 16:00.", yesterday);
    assert!(asked.contains("во вторник, 24 ноября, в 16:00"), "{asked}");
    let late = read("Добрый день! Ждём Вас завтра в 9:00.", yesterday);
    assert!(!late.contains("Назначить консультацию?"), "that time is past: {late}");
}

#[test]
fn a_calendar_is_put_right_though_the_appeal_was_answered_by_hand() {
    let settings = settings();
    let appeal = opened(&settings, REQUEST);
    let mut about = addressed(&appeal, true);
    about.queued.push(Queued { key: "cancelled/7/1/1".into(), kind: Kind::Cancel, to_author: false });
    let facts = ForLetter { addressed: vec![about], ..ForLetter::default() };
    let effects = letter_in(&settings, &raw(SCHOOL, "anna@mail.example", "Re: Вопрос", "", ANSWER), &facts, true, at(10, 0));
    assert!(effects.contains(&Effect::Withdraw(vec!["receipt/7".into(), "remind/7".into()])), "a specialist's cancellation leaves: {effects:?}");
}
/// The psychologist's appeal of a family without an address, invited.
fn invited_by_telephone() -> ForAppeal {
    let (mut appeal, mut consultations) = super::tests_staff::conversation(&settings(), super::tests_staff::TO_PSYCHOLOGIST);
    (appeal.email, appeal.phone, appeal.assignee) = (None, Some("+79000000011".into()), Some("psychologist-1".into()));
    for c in &mut consultations {
        c.stage = crate::appeal::Stage::Invited;
    }
    ForAppeal { consultations, ..facts_of(appeal, None) }
}

#[test]
fn an_answer_that_was_not_told_yet_is_told_with_the_news() {
    let settings = settings();
    let round = Round { settings: &settings, now: super::tests_staff::at(12, 0), mode: Mode::Live };
    let facts = invited_by_telephone();
    let close = Order::Close { answer: Some("Пароль сброшен, новый у секретаря.".into()), reason: None };
    let call = call_of(&on_order(round, &facts, &close).unwrap()).unwrap().clone();
    assert_eq!(call.about, About::Answer);
    let said = call.words.join(" ");
    assert!(said.contains("Пароль сброшен") && said.contains("не состоится"), "{said}");
    assert_eq!(said.matches("Здравствуйте").count(), 1, "{said}");
    // A time that waits to be told is told with a question; of a cancelled one only that it is off.
    let time = Call { about: About::Time, words: vec!["Консультация назначена на вторник.".into()], ..call };
    let facts = ForAppeal { call: Some(time), ..facts };
    let asked = call_of(&on_order(round, &facts, &Order::Ask("удобно ли?".into())).unwrap()).unwrap().clone();
    assert!(asked.about == About::Time && asked.words.join(" ").contains("вторник") && asked.words.join(" ").contains("удобно"), "{asked:?}");
    let off = call_of(&on_order(round, &facts, &Order::Cancel(None)).unwrap()).unwrap().clone();
    assert!(off.about == About::News && !off.words.join(" ").contains("назначена"), "{off:?}");
}

#[test]
fn what_the_psychologist_wrote_is_said_by_them() {
    let mut settings = settings();
    for away in [false, true] {
        let now = super::tests_staff::at(12, 0);
        if away {
            let psychologist = settings.staff.iter_mut().find(|p| p.id == "psychologist-1").unwrap();
            psychologist.absences.push(crate::slots::Absence { from: now.date_naive(), to: now.date_naive() });
        }
        let round = Round { settings: &settings, now, mode: Mode::Live };
        for order in [Order::Ask("давно ли дочь плохо спит?".into()), Order::Recommend("Больше гулять.".into())] {
            let effects = on_order(round, &invited_by_telephone(), &order).unwrap();
            let to: Vec<&str> = posts(&effects).iter().filter(|p| p.kind == Kind::CallTask).map(|p| p.to.as_str()).collect();
            assert_eq!(to, ["i.sokolova@school.example"], "{order:?}, away: {away}");
        }
    }
}
