//! Tests of the story engine: what it refuses, and that its letters are read as what they are meant to be.

use super::*;
use crate::compose::PUBLIC_KEY;
use crate::store::Store;

fn told(text: &str) -> Vec<Happening> {
    let mut settings = crate::config::demo();
    settings.composer.key = PUBLIC_KEY;
    let mut rehearsal = Rehearsal::new(settings, Store::in_memory().unwrap()).unwrap();
    let mut heard = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let story = Story::parse(text).unwrap();
    runtime.block_on(tell(&story, &mut rehearsal, &|_| None, &mut |h| heard.push(h))).unwrap();
    heard
}

const LETTER: &str = "at 2026-11-24 10:00\nmail\nFrom: Анна Котова <anna@mail.example>\nSubject: Психолог\n\nЗдравствуйте! Запишите, пожалуйста, дочь к психологу: она стала тревожной и плохо спит.\n.\n";

fn said(heard: &[Happening], event: &str) -> Vec<String> {
    heard.iter().filter(|h| h.event == event).map(|h| h.text.clone()).collect()
}

#[test]
fn mistakes_name_their_line() {
    for (text, what) in [
        ("", "the story is empty"),
        ("# only this\n", "the story is empty"),
        ("mail\nFrom: a@b.example\n\nx\n.\n", "line 1: the story has no time yet"),
        ("at 2026-11-20 22:00\nat 2026-11-20 21:00", "line 2: this moment is before"),
        ("at tomorrow", "line 1: «tomorrow» is no time"),
        ("at 2026-11-20 22:00\n\nmail\nFrom: a@b.example\n", "line 3: the text has no end"),
        ("at 2026-11-20 22:00\nmail\nSubject: x\n\ny\n.", "line 2: the letter has no From"),
        ("at 2026-11-20 22:00\norder 1 fly", "line 2: «fly» is no order"),
        ("at 2026-11-20 22:00\norder 1 note \"x", "line 2: a quotation mark is not closed"),
        ("at 2026-11-20 22:00\ndance", "line 2: there is no command dance"),
        ("at 2026-11-20 22:00\nsmtp maybe", "line 2: «maybe» is no outcome"),
        ("at 2026-11-20 22:00\nreply a@b.example to letter\nx\n.", "line 2: there is no kind letter"),
        ("at 2026-11-20 22:00\nbounce a@b.example", "line 2: bounce is not written so"),
    ] {
        let mistake = Story::parse(text).unwrap_err();
        assert!(mistake.starts_with(what), "{mistake} instead of {what}");
    }
}

#[test]
fn a_specialist_accepts_in_the_manner_of_every_client() {
    for client in ["gmail", "outlook", "apple", "thunderbird", "yandex"] {
        let heard = told(&format!("{LETTER}until 2026-11-24 10:05\ncalendar i.sokolova@school.example accepted as {client}\n"));
        assert_eq!(said(&heard, "accepted"), ["специалист принял время"], "{client}");
    }
}

#[test]
fn bounces_answers_and_their_threads_are_understood() {
    let heard = told(&format!(
        "{LETTER}bounce anna@mail.example delayed\nreply anna@mail.example to receipt\nЗабыла написать: класс 5Б.\n.\nbounce anna@mail.example hard\n"
    ));
    assert_eq!(said(&heard, "added"), ["автор дополнил заявку"]);
    let undelivered = said(&heard, "undelivered");
    assert!(undelivered.first().is_some_and(|t| t.contains("задерживается")) && undelivered.iter().any(|t| t.contains("не работает")), "{undelivered:?}");
}

#[test]
fn a_story_told_twice_gives_the_same_bytes() {
    assert_eq!(told(LETTER), told(LETTER));
}
