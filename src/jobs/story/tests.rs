//! Tests of the story engine: what it refuses, and that its letters are read as what they are meant to be.

use super::*;
use crate::compose::PUBLIC_KEY;
use crate::itip::{self, PartStat};
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

const CLIENTS: [&str; 8] = ["gmail", "outlook", "exchange", "apple", "thunderbird", "yandex", "zimbra", "nextcloud"];

/// The last letter that came in, as the reader of calendars takes it, and the one invitation before it.
fn came(heard: &[Happening]) -> (itip::Object, itip::Object) {
    let last = heard.iter().rev().find(|h| h.event == "incoming").unwrap();
    let part = &crate::message::read(last.raw.as_deref().unwrap()).calendars[0];
    let sent = heard.iter().filter(|h| h.kind.is_some()).filter_map(|h| calendars::request(h.raw.as_deref()?)).next().unwrap();
    (itip::read(&part.bytes, part.method.as_deref()).unwrap(), sent)
}

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
        ("at 2026-11-20 22:00\ncounter a@b.example завтра 15:00 as gmail", "line 2: «завтра 15:00» is no time"),
        ("at 2026-11-20 22:00\ncalendar a@b.example accepted as pine", "line 2: «pine» is no known client: write one of gmail, outlook"),
        ("at 2026-11-20 22:00\ndelegate a@b.example as gmail", "line 2: delegate is not written so"),
        ("at 2026-11-20 22:00\ninvite a@b.example from 2026-11-25 10:00 to 09:00", "line 2: the event ends before it begins"),
        ("at 2026-11-20 22:00\ninvite a@b.example from 2026-11-25 10:00 to 12:00 weekly 0", "line 2: «0» is no number of weeks"),
    ] {
        let mistake = Story::parse(text).unwrap_err();
        assert!(mistake.starts_with(what), "{mistake} instead of {what}");
    }
}

#[test]
fn a_specialist_accepts_in_the_manner_of_every_client() {
    for client in CLIENTS {
        let heard = told(&format!("{LETTER}until 2026-11-24 10:05\ncalendar i.sokolova@school.example accepted as {client}\n"));
        assert_eq!(said(&heard, "accepted"), ["специалист принял время"], "{client}");
    }
}

#[test]
fn another_time_and_another_person_are_proposed_in_the_manner_of_every_client() {
    for client in CLIENTS {
        let heard = told(&format!("{LETTER}until 2026-11-24 10:05\ncounter i.sokolova@school.example 2026-11-26 15:00 as {client} 1\n"));
        let (counter, sent) = came(&heard);
        assert_eq!((counter.method, counter.sequence, &counter.uid), (Some(Method::Counter), sent.sequence, &sent.uid), "{client}");
        assert_eq!(counter.start, Some("2026-11-26T12:00:00Z".parse().unwrap()), "{client}");
        assert_eq!(counter.end.unwrap() - counter.start.unwrap(), sent.end.unwrap() - sent.start.unwrap(), "{client}");
        assert_eq!(counter.attendees[0].partstat, PartStat::Tentative, "{client}");

        let heard = told(&format!("{LETTER}until 2026-11-24 10:05\ndelegate i.sokolova@school.example to l.petrenko@school.example as {client}\n"));
        let (handed, sent) = came(&heard);
        assert_eq!((handed.method, handed.start, &handed.uid), (Some(Method::Reply), sent.start, &sent.uid), "{client}");
        let people: Vec<_> = handed.attendees.iter().map(|a| (a.email.as_str(), a.partstat, a.delegated_to.as_deref())).collect();
        let expected =
            [("i.sokolova@school.example", PartStat::Delegated, Some("l.petrenko@school.example")), ("l.petrenko@school.example", PartStat::NeedsAction, None)];
        assert_eq!(people, expected, "{client}");
    }
}

#[test]
fn an_event_is_asked_for_again_and_time_is_blocked() {
    let heard = told(&format!("{LETTER}until 2026-11-24 10:05\nrefresh i.sokolova@school.example\n"));
    let (refresh, sent) = came(&heard);
    assert_eq!((refresh.method, &refresh.uid, refresh.start), (Some(Method::Refresh), &sent.uid, None));
    assert_eq!((refresh.organizer, refresh.attendees[0].email.as_str()), (sent.organizer, "i.sokolova@school.example"));

    let block = "invite i.sokolova@school.example from 2026-11-25 10:00 to 12:00 weekly 3\n";
    let (request, _) = came(&told(&format!("{LETTER}{block}")));
    assert_eq!((request.method, request.sequence, request.cancelled), (Some(Method::Request), 0, false));
    assert_eq!(request.organizer.as_deref(), Some("i.sokolova@school.example"));
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (times, cut) = itip::occurrences(&request, chrono_tz::Europe::Moscow, at("2026-11-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    assert_eq!((times.len(), cut, times[2]), (3, false, (at("2026-12-09T07:00:00Z"), at("2026-12-09T09:00:00Z"))));
    let (cancel, _) = came(&told(&format!("{LETTER}{block}at 2026-11-24 11:00\nuninvite i.sokolova@school.example\n")));
    assert_eq!((cancel.method, &cancel.uid, cancel.sequence, cancel.cancelled), (Some(Method::Cancel), &request.uid, 1, true));
    let (days, _) = came(&told(&format!("{LETTER}invite i.sokolova@school.example from 2026-11-25 10:00 to 2026-11-27 12:00\n")));
    assert_eq!((days.start, days.end), (Some(at("2026-11-25T07:00:00Z")), Some(at("2026-11-27T09:00:00Z"))));
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
