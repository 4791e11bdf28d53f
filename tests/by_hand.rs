//! An answer that somebody writes in webmail, on real servers: a letter in Sent closes the appeal's term, and nothing is said twice.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "wire/dovecot.rs"]
#[expect(dead_code, reason = "the mailbox's own tests use the rest")]
mod dovecot;
#[path = "wire/postfix.rs"]
#[expect(dead_code, reason = "the transport's own tests use the rest")]
mod postfix;
#[path = "wire/school.rs"]
#[expect(dead_code, reason = "the daemon's own tests use the rest")]
mod school;

use school::{TestSchool, instant, wait};
use std::time::Duration;

/// A bound that a loaded machine keeps.
const SOON: Duration = Duration::from_secs(60);
const AUTHOR: &str = "parent1@family.example";

fn letter(from: &str, to: &str, id: &str, answers: &str, text: &str) -> Vec<u8> {
    let reply = if answers.is_empty() { String::new() } else { format!("In-Reply-To: <{answers}>\r\nReferences: <{answers}>\r\n") };
    format!(
        "From: <{from}>\r\nTo: <{to}>\r\nSubject: {}\r\nDate: Wed, 18 Nov 2026 12:00:00 +0300\r\nMessage-ID: <{id}>\r\n{reply}MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
        if answers.is_empty() { "diary" } else { "Re: diary" }
    )
    .into_bytes()
}

fn state(school: &TestSchool) -> (String, bool) {
    let db = school.database().unwrap();
    db.query_row("SELECT state, met IS NOT NULL FROM appeal WHERE number = 1", [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap_or_default()
}

#[test]
fn a_hand_written_answer_in_sent_closes_the_term() {
    let Some(mut school) = TestSchool::start() else { return };
    let daemon = school.run();
    school.await_first_look(&daemon);
    school.dovecot.deliver(&letter(
        AUTHOR,
        school::ADDRESS,
        "request.1@family.example",
        "",
        "Здравствуйте! Не могу войти в электронный дневник, пароль не подходит. Дочь учится в 3А.",
    ));
    assert!(school.await_letter(AUTHOR, &["Auto-Submitted: auto-replied"], SOON).is_some(), "no receipt\n{}", daemon.log());
    // Sent has no IDLE of its own: it is read at each poll (a minute), and whenever a letter wakes the inbox.
    let advert = |n: u32| {
        letter(
            "news@shop.example",
            school::ADDRESS,
            &format!("ad.{n}@shop.example"),
            "",
            "Скидки на мебель до 30 ноября, отписаться от рассылки: http://shop.example",
        )
    };
    school.dovecot.deliver(&advert(1));
    // Our own copy of the receipt lies in Sent and changes nothing.
    let copied = wait(SOON, || (school.count("SELECT count(*) FROM posting WHERE copied_at IS NOT NULL AND kind = 'receipt'") > 0).then_some(()));
    assert!(copied.is_some(), "no copy in Sent\n{}", daemon.log());
    assert_eq!(state(&school), ("assigned".to_owned(), false));

    let begin = instant();
    let by_hand =
        letter(school::ADDRESS, AUTHOR, "webmail.1@school.example", "request.1@family.example", "Добрый день! Пароль сбросили, новый лежит у секретаря.");
    school.dovecot.deliver_into("Sent", 1_795_000_000, &by_hand);
    school.dovecot.deliver(&advert(2));
    let closed = wait(SOON, || (state(&school) == ("closed".to_owned(), true)).then_some(()));
    println!("a letter in Sent to the closed appeal: {:?}", begin.elapsed());
    assert!(closed.is_some(), "{:?}\n{}", state(&school), daemon.log());
    assert_eq!(school.count("SELECT count(*) FROM posting WHERE recipient = 'parent1@family.example'"), 1, "the receipt and nothing else");
    assert_eq!(school.count("SELECT count(*) FROM letter WHERE reason = 'own_copy'"), school.count("SELECT count(*) FROM posting WHERE copied_at IS NOT NULL"));
}
