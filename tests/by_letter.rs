//! A consultation by e-mail (000 3.3): where the family asks for it and the specialist's windows offer it, the answer is a letter and no time is
//! arranged; the term is that of an invitation.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, Utc};
use otklik::appeal::Appeal;
use otklik::jobs::{School, handle};
use otklik::settings::Mode;
use otklik::store::Store;

fn opened(offers_mail: bool, words: &str) -> (Appeal, usize) {
    let now: DateTime<Utc> = "2026-11-23T06:00:00Z".parse().unwrap();
    let mut settings = otklik::config::demo();
    settings.mode = Mode::Live;
    if offers_mail {
        let psychologist = settings.staff.iter_mut().find(|p| p.id == "psychologist-1").unwrap();
        psychologist.windows[0].channels.push("email".to_owned());
    }
    let school = School::new(settings, Store::in_memory().unwrap(), false);
    let raw = format!(
        "From: Anna <a@mail.example>\r\nTo: priemnaya@school.example\r\nSubject: psy\r\nMessage-ID: <1@mail.example>\r\nDate: {}\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nПрошу записать на консультацию к психологу: сын, 3А, боится отвечать у доски и плачет. {words} Анна Котова\r\n",
        now.to_rfc2822()
    );
    school.store().journal("INBOX", 1, &[(1, now, raw.len() as u64)], false, now).unwrap();
    let waiting = school.store().waiting("INBOX", 1, 1).unwrap().remove(0);
    handle(&school, &[(waiting, raw.into_bytes())], now).unwrap();
    let appeal = school.store().appeals(true, 1).unwrap().remove(0);
    let consultations = school.store().consultations_of(appeal.number).unwrap().len();
    (appeal, consultations)
}

const BY_MAIL: &str = "Ответьте, пожалуйста, письмом на почту.";

#[test]
fn who_asks_for_a_letter_gets_one_where_that_is_offered() {
    let (appeal, consultations) = opened(true, BY_MAIL);
    assert_eq!((appeal.consultation, consultations), (false, 0), "no time is arranged");
    assert_eq!(appeal.assignee.as_deref(), Some("psychologist-1"), "{:?}", appeal.question);
    let (usual, _) = opened(false, "");
    assert_eq!(appeal.due, usual.due, "the same three business days");
}

#[test]
fn elsewhere_a_time_is_arranged() {
    for (offered, words) in [(false, BY_MAIL), (true, "Позвоните по телефону.")] {
        let (appeal, consultations) = opened(offered, words);
        assert_eq!((appeal.consultation, consultations), (true, 1), "{offered} {words}");
    }
}
