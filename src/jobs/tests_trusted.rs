//! Whose letters steer, from the letter to the rows: what a forger knows of our subjects is worth nothing, what is asked about is carried out as it
//! was meant once its word comes, and no confirmed order ends in silence.

use super::*;
use crate::appeal::State;
use crate::settings::{Mode, SenderCheck, Settings};
use crate::store::Store;
use chrono::{DateTime, TimeDelta, Utc};

const HEAD: &str = "zam@school.example";
const EJOURNAL: &str = "a.zaytseva@school.example";
const OPERATOR: &str = "it@school.example";
const PSYCHOLOGIST: &str = "i.sokolova@school.example";
const DIARY: &str = "Здравствуйте! В электронном журнале неверно указана буква класса: сын учится в 5Б, а стоит 5В. Анна Белова";

struct Desk {
    school: School,
    uid: u32,
    now: DateTime<Utc>,
}

/// What a letter to staff is to the test.
struct Sent {
    id: String,
    raw: Vec<u8>,
    text: String,
}

impl Desk {
    /// A school at which nothing proves a sender.
    fn new(change: impl FnOnce(&mut Settings)) -> Desk {
        let mut settings = crate::config::demo();
        settings.mode = Mode::Live;
        settings.sender_check = SenderCheck::default();
        change(&mut settings);
        // Monday, 23 November 2026, 10:00 in Moscow.
        let now = "2026-11-23T07:00:00Z".parse().unwrap();
        Desk { school: School::new(settings, Store::in_memory().unwrap(), false), uid: 0, now }
    }

    /// A letter arrives a minute after the one before.
    fn arrive(&mut self, from: &str, subject: &str, answers: Option<&str>, text: &str) {
        self.uid += 1;
        self.now += TimeDelta::minutes(1);
        let subject = data_encoding::BASE64.encode(subject.as_bytes());
        let answers = answers.map(|id| format!("In-Reply-To: <{id}>\r\n")).unwrap_or_default();
        let raw = format!(
            "From: <{from}>\r\nTo: <priemnaya@school.example>\r\nSubject: =?utf-8?B?{subject}?=\r\nMessage-ID: <m{}@there.example>\r\n{answers}Date: {}\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            self.uid,
            self.now.to_rfc2822(),
            text.replace('\n', "\r\n")
        );
        self.school.store().journal("INBOX", 1, &[(self.uid, self.now, raw.len() as u64)], false, self.now).unwrap();
        let waiting = self.school.store().waiting("INBOX", 1, 1).unwrap().remove(0);
        assert!(handle(&self.school, &[(waiting, raw.into_bytes())], self.now).unwrap().is_empty());
    }

    /// Letters that wait, the newest last.
    fn letters(&self, key: &str) -> Vec<Sent> {
        let due = self.school.store().due(self.now + TimeDelta::days(30), 500, 255).unwrap();
        let mut all: Vec<_> = due.into_iter().filter(|p| p.key.starts_with(key)).collect();
        all.sort_by_key(|p| p.id);
        let sent = |p: crate::store::Due| {
            let raw = self.school.store().raw_of(&p.key).unwrap().unwrap();
            Sent { text: crate::compose::decoded(&raw), id: p.message_id, raw }
        };
        all.into_iter().map(sent).collect()
    }

    fn letter(&self, key: &str) -> Sent {
        let all = self.letters(key);
        assert!(!all.is_empty(), "no letter {key}");
        all.into_iter().next_back().unwrap()
    }

    /// The answer to the last question, as a press of its button: a letter without references.
    fn confirms(&mut self, from: &str) {
        let text = self.letter("confirm/").text;
        let code: String = text.split("подтвердить ").nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
        assert_eq!(code.len(), 6, "{text}");
        self.arrive(from, "Подтверждение", None, &format!("подтвердить {code}"));
    }

    fn state(&self, number: i64) -> State {
        self.school.store().appeal(number).unwrap().unwrap().state
    }

    fn events(&self, key: &str) -> usize {
        self.school.store().events_after(0).unwrap().iter().filter(|e| e.event == key).count()
    }

    /// The letter that the button with this order opens: subject and body.
    fn button(letter: &Sent, words: &str) -> (String, String) {
        let found = crate::compose::links(&letter.raw).into_iter().find(|(_, body)| body.starts_with(words));
        found.unwrap_or_else(|| panic!("no button «{words}» in {}", letter.text))
    }
}

#[test]
fn a_list_of_orders_needs_our_letter_and_not_its_subject() {
    let mut desk = Desk::new(|_| {});
    desk.arrive("a.belova@mail.example", "Журнал", None, DIARY);
    desk.arrive(HEAD, "форма", None, "форма");
    let form = desk.letter("enquiry/");
    let subject = crate::message::read(&form.raw).subject;
    desk.arrive(HEAD, &format!("Re: {subject}"), Some("x@y.example"), "1 беру");
    assert_eq!(desk.state(1), State::Assigned, "a subject may be guessed");
    desk.arrive(HEAD, &format!("Re: {subject}"), Some(&form.id), "1 беру");
    assert_eq!(desk.state(1), State::Taken);
}

#[test]
fn days_and_silence_in_somebody_elses_name_are_asked_about() {
    let mut desk = Desk::new(|_| {});
    desk.arrive("a.belova@mail.example", "Журнал", None, DIARY);
    for (from, text) in [(EJOURNAL, "болею до 5.12"), (HEAD, "тишина 1 до 15.12")] {
        let before = desk.events("ordered");
        desk.arrive(from, "Сообщение", None, text);
        assert_eq!(desk.events("ordered"), before, "«{text}» is carried out without a proof");
        desk.confirms(from);
        assert_eq!(desk.events("ordered"), before + 1, "«{text}» is carried out once its word has come");
    }
}

#[test]
fn a_confirmed_answer_to_an_incident_reaches_every_family() {
    let mut desk = Desk::new(|_| {});
    for n in 1..=5 {
        let text = format!("Здравствуйте! Электронный журнал не открывается с утра, ошибка сервера 502. Семья {n}");
        desk.arrive(&format!("f{n}@mail.example"), "Журнал не открывается", None, &text);
    }
    let asked = desk.letter("incident/1/head-1");
    desk.arrive(HEAD, "Re: Отклик", Some(&asked.id), "всем: Журнал чинят, будет к 14:00.");
    assert_eq!(desk.state(1), State::Assigned, "nothing proves the head");
    desk.confirms(HEAD);
    assert!((1..=5).all(|n| desk.state(n) == State::Closed), "each is answered");
}

#[test]
fn a_confirmed_list_means_the_letter_that_it_answered() {
    let mut desk = Desk::new(|_| {});
    desk.arrive(
        "a.belova@mail.example",
        "Психолог",
        None,
        "Здравствуйте! Хочу записаться на консультацию к педагогу-психологу, сын 4Б плачет перед школой. Анна Белова",
    );
    desk.arrive(PSYCHOLOGIST, "Re: Отклик", Some(&desk.letter("task/1/").id.clone()), "подходит");
    desk.arrive(HEAD, "форма", None, "форма");
    let form = desk.letter("enquiry/");
    // What the specialist said can be taken back no more: the consultation is meant.
    desk.now += TimeDelta::hours(2);
    desk.arrive(HEAD, "Re: x", Some(&form.id), "1 отменить");
    assert!(desk.school.store().consultations_of(1).unwrap().iter().all(|c| c.live()), "it is asked about");
    desk.confirms(HEAD);
    assert!(desk.school.store().consultations_of(1).unwrap().iter().all(|c| !c.live()), "{}", desk.letter("list/").text);
}

#[test]
fn a_confirmed_search_finds() {
    let mut desk = Desk::new(|s| s.sender_check = SenderCheck { required: true, ..SenderCheck::default() });
    desk.arrive("a.belova@mail.example", "Журнал", None, DIARY);
    desk.arrive(OPERATOR, "поиск", None, "найти 1");
    assert!(desk.letters("enquiry/").is_empty());
    desk.confirms(OPERATOR);
    assert!(!desk.letter("enquiry/").text.contains("таких заявок нет"), "{}", desk.letter("enquiry/").text);
}

#[test]
fn each_time_that_nobody_answers_counts() {
    let mut desk = Desk::new(|_| {});
    desk.arrive(
        "s.nikitina@school.example",
        "Горячая линия",
        None,
        "ФИО обратившегося: Кравцова Тамара Ильинична\nКласс: 1А\nТелефон: 8 900 000-88-99\nОписание проблемы: не получается войти в электронный журнал",
    );
    let task = desk.letter("call/");
    let (subject, body) = Desk::button(&task, "не дозвонились");
    for _ in 0..3 {
        desk.arrive(OPERATOR, &subject, None, &body);
    }
    assert_eq!(desk.letters("unreached/").len(), 1, "the head hears of the third");
}

#[test]
fn two_appeals_that_were_joined_come_apart_with_their_words() {
    let mut desk = Desk::new(|s| s.sender_check = SenderCheck { trusted: true, ..SenderCheck::default() });
    desk.arrive("a.belova@mail.example", "Журнал", None, DIARY);
    desk.arrive("a.belova@mail.example", "Журнал ещё раз", None, "Здравствуйте! В электронном журнале пропала оценка за контрольную по физике. Анна Белова");
    let words = |desk: &Desk| desk.school.store().appeal(1).unwrap().unwrap().text;
    let before = words(&desk);
    desk.arrive(EJOURNAL, "Re: x", Some(&desk.letter("task/").id.clone()), "объединить 1 и 2");
    assert!(words(&desk).contains("по физике") && desk.state(2) == State::Closed);
    desk.arrive(EJOURNAL, "Re: x", Some(&desk.letter("done/").id.clone()), "отменить");
    assert_eq!((words(&desk), desk.state(2)), (before, State::Assigned), "{}", desk.letter("done/").text);
}

#[test]
fn a_button_whose_order_was_taken_back_can_be_pressed_again() {
    let mut desk = Desk::new(|_| {});
    desk.arrive("a.belova@mail.example", "Журнал", None, DIARY);
    let (subject, body) = Desk::button(&desk.letter("task/"), "беру в работу");
    desk.arrive(EJOURNAL, &subject, None, &body);
    let done = desk.letter("done/");
    desk.arrive(EJOURNAL, "Re: x", Some(&done.id), "отменить");
    assert_eq!(desk.state(1), State::Assigned);
    desk.arrive(EJOURNAL, &subject, None, &body);
    assert_eq!(desk.state(1), State::Taken, "{}", desk.letter("done/").text);
}
