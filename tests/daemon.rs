//! The daemon on real servers: the program as it is installed, Dovecot over IMAPS, Postfix over implicit TLS, the real clock.
//!
//! Each test has its own servers. Measured times are printed (`--nocapture`) and stand in docs/benchmarks.md; nothing is asserted about them but
//! a bound that any machine keeps.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "wire/dovecot.rs"]
#[expect(dead_code, reason = "the mailbox's own tests use the rest")]
mod dovecot;
#[path = "wire/postfix.rs"]
#[expect(dead_code, reason = "the transport's own tests use the rest")]
mod postfix;
#[path = "wire/school.rs"]
mod school;

use otklik::itip;
use otklik::message::{self, Message};
use school::{PSYCHOLOGIST, TestSchool, instant, wait};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// For whatever a healthy daemon does at once, on a machine that does much else.
const SOON: Duration = Duration::from_secs(20);

fn letter(from: &str, id: &str, subject: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: {}\r\nSubject: {subject}\r\nDate: Wed, 18 Nov 2026 12:00:00 +0300\r\nMessage-ID: <{id}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n",
        school::ADDRESS
    )
    .into_bytes()
}

/// A parent's request, each a little different.
fn request(n: usize) -> Vec<u8> {
    let what = [
        "не могу войти в электронный журнал: пишет, что пароль неверный. Пробовала восстановить, письмо не приходит",
        "на дистанционном уроке нет звука, микрофон и камера не работают, Сферум показывает ошибку 403",
        "прошу записать на консультацию к психологу: ребёнок плачет по утрам и боится идти в школу",
        "нужна консультация логопеда: путает буквы б и д, читает по слогам",
        "вопрос социальному педагогу: как оформить бесплатное питание многодетной семье",
        "сын отстал по математике после болезни, нужны дополнительные занятия, подскажите материалы",
    ][n % 6];
    let class = [5, 6, 7, 8, 9][n % 5];
    letter(
        &format!("Мама ученика <parent{n}@family.example>").replace("Мама ученика", "=?utf-8?B?0JzQsNC80LAg0YPRh9C10L3QuNC60LA=?="),
        &format!("request.{n}@family.example"),
        &format!("Request {n}"),
        &format!("Здравствуйте! Пишет мама ученика {class}А класса, обращение {n}: {what}.\r\nТелефон +7 900 000-{:02}-{:02}.\r\nСпасибо.", n / 100, n % 100),
    )
}

fn parsed(raw: &[u8]) -> Message {
    message::read(raw)
}

/// Where each letter went when something did not come.
fn state(school: &TestSchool) -> String {
    let Some(db) = school.database() else { return "no database".to_owned() };
    let mut found = db
        .prepare(
            "SELECT 'letter ' || uid || ' ' || state || ' ' || coalesce(outcome, '-') || ' ' || coalesce(reason, '') FROM letter WHERE state <> 'baseline' \
             UNION ALL SELECT 'posting ' || kind || ' to ' || recipient || ' ' || status || ' ' || coalesce(last_text, '') FROM posting \
             UNION ALL SELECT 'history ' || event || ' ' || text FROM history",
        )
        .unwrap();
    let lines: Vec<String> = found.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    lines.join("\n")
}

#[test]
fn a_letter_is_answered_as_soon_as_it_comes() {
    let Some(mut school) = TestSchool::start() else { return };
    let daemon = school.run();
    school.await_first_look(&daemon);
    let mut times = Vec::new();
    for n in 0..7 {
        let begin = instant();
        school.dovecot.deliver(&request(n));
        let receipt = school.await_letter(&format!("parent{n}@family.example"), &["Auto-Submitted: auto-replied"], SOON);
        times.push(begin.elapsed());
        let Some(receipt) = receipt else { panic!("no receipt for letter {n}\n{}\n{}", state(&school), daemon.log()) };
        let receipt = parsed(&receipt);
        assert!(receipt.answers().any(|id| id == format!("request.{n}@family.example")), "the receipt answers the letter");
        assert!(receipt.subject.contains(&format!("{}", n + 1)), "the number stands in the subject: {}", receipt.subject);
    }
    times.sort();
    println!("a letter in the mailbox to its receipt in the parent's mailbox: median {:?}, longest {:?}, of {}", times[times.len() / 2], times[6], times.len());
    println!("resident memory, idle: {:.1} MB", daemon.resident() as f64 / 1024.0);
}

/// The answer that a calendar program gives to an invitation.
fn reply(from: &str, invitation: &[u8], n: u32) -> Vec<u8> {
    let invitation = parsed(invitation);
    let ics = String::from_utf8(invitation.calendars[0].bytes.clone()).unwrap();
    let unfolded = ics.replace("\r\n ", "");
    let line = |name: &str| {
        let found = unfolded.lines().find(|line| line.starts_with(name) && line[name.len()..].starts_with([':', ';']));
        found.unwrap_or_else(|| panic!("no {name} in\n{ics}")).to_owned()
    };
    let event = [line("UID"), line("SEQUENCE"), line("ORGANIZER"), "DTSTAMP:20261118T090000Z".to_owned(), line("DTSTART"), line("DTEND"), line("SUMMARY")];
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n{}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{from}\r\n\
         END:VEVENT\r\nEND:VCALENDAR\r\n",
        event.join("\r\n")
    );
    format!(
        "From: {from}\r\nTo: {}\r\nSubject: Accepted\r\nDate: Wed, 18 Nov 2026 12:00:00 +0300\r\nMessage-ID: <reply.{n}@calendar.example>\r\nIn-Reply-To: <{}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAccepted\r\n\
         --b\r\nContent-Type: text/calendar; charset=utf-8; method=REPLY\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{calendar}--b--\r\n",
        school::ADDRESS,
        invitation.message_id.unwrap_or_default()
    )
    .into_bytes()
}

fn shown(school: &TestSchool) -> serde_json::Value {
    let out = school.otklik(&["--json", "show", "1"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn a_consultation_is_arranged_by_calendar_answers_alone() {
    let Some(mut school) = TestSchool::start() else { return };
    let daemon = school.run();
    school.await_first_look(&daemon);
    let author = "parent2@family.example";
    school.dovecot.deliver(&request(2));
    let told = |what: &str, school: &TestSchool| format!("{what}\n{}\n{}", state(school), daemon.log());
    // One and the same check for both invitations: whoever reads the calendar part sees one attendee, one time and who asks.
    let invited = |raw: &[u8], who: &str| {
        let message = parsed(raw);
        let part = message.calendars.first().expect("a calendar part");
        assert_eq!(part.method.as_deref(), Some("REQUEST"));
        let object = itip::read(&part.bytes, part.method.as_deref()).expect("valid iTIP");
        let text = String::from_utf8(part.bytes.clone()).unwrap().replace("\r\n ", "");
        assert!(text.contains(&format!("mailto:{who}")) && text.contains("METHOD:REQUEST\r\n") && text.contains(school::ADDRESS), "{text}");
        assert_eq!(text.matches("\r\nATTENDEE").count(), 1, "{text}");
        let entries = calcard::icalendar::ICalendar::parse(&text).expect("another parser reads it too");
        assert!(entries.components.len() >= 2);
        object.uid
    };
    let Some(task) = school.await_letter(PSYCHOLOGIST, &["method=REQUEST"], SOON) else { panic!("{}", told("no task", &school)) };
    let staff_uid = invited(&task, PSYCHOLOGIST);
    assert!(school.await_letter(author, &["method=REQUEST"], Duration::ZERO).is_none(), "the specialist is asked first");

    school.dovecot.deliver(&reply(PSYCHOLOGIST, &task, 1));
    let Some(invitation) = school.await_letter(author, &["method=REQUEST"], SOON) else { panic!("{}", told("no invitation", &school)) };
    assert_ne!(invited(&invitation, author), staff_uid, "the author's event is not the specialist's");
    assert_eq!(shown(&school)["consultation"]["state"], "назначена");

    school.dovecot.deliver(&reply(author, &invitation, 2));
    let confirmed = wait(SOON, || (shown(&school)["consultation"]["state"] == "подтверждена").then_some(()));
    assert!(confirmed.is_some(), "{}", told("not confirmed", &school));
    assert_eq!(shown(&school)["consultation"]["specialist"], "psychologist-1");
}

#[test]
fn an_order_by_letter_is_carried_out_at_once() {
    let Some(mut school) = TestSchool::start() else { return };
    school.trust_senders();
    let daemon = school.run();
    school.await_first_look(&daemon);
    school.dovecot.deliver(&request(2));
    let Some(task) = school.await_letter(PSYCHOLOGIST, &["method=REQUEST"], SOON) else { panic!("no task\n{}\n{}", state(&school), daemon.log()) };
    let task = parsed(&task).message_id.unwrap();
    let orders = ["Подходит", "уточнить: какой класс?", "уточнить: какой день удобнее?", "отменить консультацию", "верните как было"];
    let mut times = Vec::new();
    for (n, order) in orders.iter().enumerate() {
        let letter = format!(
            "From: {PSYCHOLOGIST}\r\nTo: {}\r\nSubject: Re: task\r\nDate: Wed, 18 Nov 2026 12:0{n}:00 +0300\r\nMessage-ID: <order.{n}@school.example>\r\n\
             In-Reply-To: <{task}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{order}\r\n",
            school::ADDRESS
        );
        let done = "SELECT count(*) FROM history WHERE event = 'ordered'";
        let begin = instant();
        school.dovecot.deliver(letter.as_bytes());
        let carried_out = wait(SOON, || (school.count(done) > n as i64).then_some(()));
        times.push(begin.elapsed());
        assert!(carried_out.is_some(), "«{order}» was not carried out\n{}\n{}", state(&school), daemon.log());
    }
    assert!(school.await_letter(PSYCHOLOGIST, &["kind=confirm"], SOON).is_some(), "each order is confirmed\n{}", daemon.log());
    times.sort();
    println!(
        "a specialist's reply in the mailbox to its order carried out: median {:?}, longest {:?}, of {}",
        times[times.len() / 2],
        times[times.len() - 1],
        times.len()
    );
}

#[test]
fn check_online_logs_in_to_both_servers_or_says_why_not() {
    let Some(school) = TestSchool::start() else { return };
    let said = |out: &std::process::Output| String::from_utf8_lossy(&[out.stdout.as_slice(), &out.stderr].concat()).into_owned();
    let good = school.otklik(&["check", "--online"]);
    let text = said(&good);
    assert_eq!(good.status.code(), Some(0), "{text}");
    assert!(text.contains("mailbox: logged in to localhost") && text.contains("(IDLE)") && text.contains("Sent is «Sent»"), "{text}");
    assert!(text.lines().any(|line| line.contains("transport") && line.contains("logged in")), "{text}");

    for (file, server) in [("imap-password", "mailbox"), ("smtp-password", "transport")] {
        let right = std::fs::read(school.dir().join(file)).unwrap();
        std::fs::write(school.dir().join(file), "wrong-password").unwrap();
        let bad = school.otklik(&["check", "--online"]);
        let text = said(&bad);
        assert_eq!(bad.status.code(), Some(1), "{text}");
        let line =
            text.lines().find(|line| line.starts_with(server) && line.contains("password")).unwrap_or_else(|| panic!("no sentence about {server}:\n{text}"));
        println!("{line}");
        assert!(!text.contains("wrong-password") && !text.contains("Account("), "{text}");
        std::fs::write(school.dir().join(file), right).unwrap();
    }
    assert_eq!(school.delivered_count(), 0, "a check sends nothing");
}

#[test]
fn a_broken_file_changes_nothing_and_the_end_is_clean() {
    let Some(mut school) = TestSchool::start() else { return };
    let mut daemon = school.run();
    school.await_first_look(&daemon);
    assert!(daemon.await_log("running", SOON));
    std::fs::write(school.dir().join("rules/terms.toml"), "take = \"soon\"\n").unwrap();
    daemon.signal("HUP");
    assert!(daemon.await_log("not reloaded, the old settings stay", SOON), "{}", daemon.log());
    assert!(daemon.log().contains("rules/terms.toml:1"), "the mistake is named with its place:\n{}", daemon.log());
    school.dovecot.deliver(&request(1));
    assert!(school.await_letter("parent1@family.example", &["Auto-Submitted"], SOON).is_some(), "{}\n{}", state(&school), daemon.log());

    school.configure("[policy]\nkeep_raw = true\n");
    daemon.signal("HUP");
    assert!(daemon.await_log(" reloaded", SOON), "{}", daemon.log());
    school.dovecot.deliver(&request(3));
    assert!(school.await_letter("parent3@family.example", &["Auto-Submitted"], SOON).is_some(), "{}\n{}", state(&school), daemon.log());
    assert_eq!(school.count("SELECT count(*) FROM letter WHERE raw IS NOT NULL"), 1, "the new setting is in force, for new letters");

    let begin = instant();
    daemon.signal("TERM");
    assert_eq!(daemon.ended(SOON), Some(Some(0)), "{}", daemon.log());
    println!("SIGTERM to the end: {:?}", begin.elapsed());
}

#[test]
fn the_service_manager_is_told_how_it_goes() {
    let Some(school) = TestSchool::start() else { return };
    let path = school.dir().join("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(SOON)).unwrap();
    let mut heard = BTreeSet::new();
    let mut hear = |wanted: &[&str]| {
        let mut buffer = [0; 4096];
        while !wanted.iter().all(|w| heard.iter().any(|line: &String| line.starts_with(w))) {
            let size = socket.recv(&mut buffer).unwrap_or_else(|e| panic!("{wanted:?} awaited, heard {heard:?}: {e}"));
            heard.extend(String::from_utf8_lossy(&buffer[..size]).lines().map(str::to_owned));
        }
        heard.clone()
    };
    let mut daemon = school.run_with(&[("NOTIFY_SOCKET", Path::new(&path))]);
    let heard = hear(&["READY=1", "WATCHDOG=1", "STATUS="]);
    assert!(heard.contains("STATUS=1 school(s), 0 letter(s) waiting"), "{heard:?}");
    assert!(!heard.contains("STOPPING=1"));
    // A signal in the moment after READY is a signal to a service that runs.
    daemon.signal("TERM");
    hear(&["STOPPING=1"]);
    assert_eq!(daemon.ended(SOON), Some(Some(0)), "{}", daemon.log());
}

#[test]
fn what_lay_in_the_mailbox_before_is_left_in_peace() {
    let Some(mut school) = TestSchool::start() else { return };
    school.dovecot.deliver_many((0..120).map(request));
    let daemon = school.run();
    school.await_first_look(&daemon);
    school.dovecot.deliver(&request(500));
    assert!(school.await_letter("parent500@family.example", &["Auto-Submitted"], SOON).is_some(), "{}\n{}", state(&school), daemon.log());
    daemon.kill();
    let daemon = school.run();
    school.dovecot.deliver(&request(501));
    assert!(school.await_letter("parent501@family.example", &["Auto-Submitted"], SOON).is_some(), "{}\n{}", state(&school), daemon.log());
    assert_eq!(school.count("SELECT count(*) FROM letter WHERE state = 'baseline'"), 120);
    assert_eq!(school.count("SELECT count(*) FROM appeal"), 2);
    let old = school.delivered_files().iter().filter(|file| !String::from_utf8_lossy(file).contains("To: ")).count();
    assert_eq!(old, 0);
    let recipients = school
        .count("SELECT count(*) FROM posting WHERE recipient LIKE 'parent%' AND recipient NOT IN ('parent500@family.example', 'parent501@family.example')");
    assert_eq!(recipients, 0, "{}", state(&school));
    for n in 0..120 {
        assert!(school.postfix.delivered(&format!("parent{n}@family.example")).is_empty());
    }
}
