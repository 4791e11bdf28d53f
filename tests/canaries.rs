//! A child's name, a telephone, a password and a token, planted wherever a letter, a form, a calendar, an order or the configuration has room, live through
//! a fortnight with failures: they stand in no log, error, panic, report, letter of others, calendar title or file name.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, TimeDelta, Utc};
use otklik::compose::decoded;
use otklik::decide::Order;
use otklik::jobs::{Happening, Rehearsal, brief, bring, order};
use otklik::mailbox::{Mailbox, MailboxError, Recorded};
use otklik::message;
use otklik::outbox::{Kind, Outcome};
use otklik::settings::{Server, ServerTls, Settings, Source, TransportChoice};
use otklik::store::Store;
use otklik::transport::Transport;
use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

const SCHOOL: &str = "priemnaya@school.example";
const MAMA: &str = "kanareyka.mama@family.example";
/// The child, the surname, the address, the telephone in two forms, a password that the family wrote, a token in a link, a file, an illness.
const CANARIES: [&str; 10] =
    ["Пересвет", "Канарейкин", "kanareyka", "555-12-34", "79005551234", "секретный-пароль", "tok3nkanar", "диагноз-пересвета", "единорог", "аллергия"];
/// What the configuration keeps for itself.
const SECRETS: [&str; 2] = ["imap-kanar-pw", "smtp-kanar-pw"];

fn start() -> DateTime<Utc> {
    "2026-11-16T07:00:00Z".parse().unwrap()
}

/// Everything that the program logs, at every level, and every panic's message.
static LOGGED: LazyLock<Arc<Mutex<Vec<u8>>>> = LazyLock::new(|| {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(move || Kept(writer.clone())).finish();
    let _ = tracing::subscriber::set_global_default(subscriber);
    let hook = kept.clone();
    std::panic::set_hook(Box::new(move |panic| {
        let _ = writeln!(Kept(hook.clone()), "panic: {panic}");
        eprintln!("{panic}");
    }));
    kept
});

struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn logged() -> String {
    String::from_utf8_lossy(&LOGGED.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

fn found(text: &str) -> Vec<&'static str> {
    CANARIES.iter().chain(&SECRETS).copied().filter(|c| text.to_lowercase().contains(&c.to_lowercase())).collect()
}

fn settings() -> Settings {
    let mut settings = otklik::config::demo();
    let server = |password: &str| Server {
        host: "mail.school.example".into(),
        port: 993,
        tls: ServerTls::Implicit,
        user: SCHOOL.into(),
        password: password.into(),
        ca_file: None,
    };
    settings.mailbox.source = Source::Imap(server(SECRETS[0]));
    settings.transport = TransportChoice::Smtp(server(SECRETS[1]));
    settings
}

fn word(text: &str) -> String {
    format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(text.as_bytes()))
}

/// A letter with the canaries in every header, in its body, in a file's name and bytes, in a calendar object.
fn planted(about: &str, n: usize, at: DateTime<Utc>) -> Recorded {
    let body = format!(
        "Здравствуйте! {about} Сын Пересвет Канарейкин, 5А, рисует единорогов, у него аллергия. Пароль секретный-пароль, ссылка https://dnevnik.example/?t=tok3nkanar\n\
         Канарейкина Ольга, тел. 8 900 555-12-34"
    );
    let file = format!("диагноз-пересвета: аллергия. {body}");
    let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//kanareyka//tok3nkanar\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:tok3nkanar@kanareyka.example\r\n\
        DTSTAMP:20261116T070000Z\r\nDTSTART:20261120T100000Z\r\nDTEND:20261120T110000Z\r\nSUMMARY:Пересвет Канарейкин\r\nDESCRIPTION:аллергия\r\n\
        LOCATION:секретный-пароль\r\nORGANIZER;CN=Канарейкина:mailto:kanareyka.mama@family.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let bytes = format!(
        "Return-Path: <{MAMA}>\r\nFrom: {} <{MAMA}>\r\nTo: <{SCHOOL}>\r\nReply-To: {} <{MAMA}>\r\nSubject: {}\r\nMessage-ID: <{n}.tok3nkanar.kanareyka@family.example>\r\n\
         In-Reply-To: <old.tok3nkanar@kanareyka.example>\r\nReferences: <old.tok3nkanar@kanareyka.example>\r\nX-Kanareyka: tok3nkanar 79005551234\r\n\
         X-Otklik: v=1; appeal=tok3nkanar; kind=kanareyka; sig=tok3nkanar\r\nDate: {}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"tok3nkanar-b\"\r\n\r\n\
         --tok3nkanar-b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n\
         --tok3nkanar-b\r\nContent-Type: text/plain; charset=utf-8; name=\"{}\"\r\nContent-Disposition: attachment; filename=\"{}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
         --tok3nkanar-b\r\nContent-Type: text/calendar; charset=utf-8; method=PUBLISH\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{ics}\r\n--tok3nkanar-b--\r\n",
        word("Канарейкина Ольга (мама Пересвета)"),
        word("Пересвет Канарейкин"),
        word("Пересвет Канарейкин 5А, тел. 8 900 555-12-34, секретный-пароль"),
        at.to_rfc2822(),
        body.replace('\n', "\r\n"),
        word("диагноз-пересвета.txt"),
        word("диагноз-пересвета.txt"),
        data_encoding::BASE64.encode(file.as_bytes()).as_bytes().chunks(76).map(|l| String::from_utf8_lossy(l).into_owned()).collect::<Vec<_>>().join("\r\n"),
    );
    Recorded { folder: "INBOX".into(), arrival: Some(at), bytes: bytes.into_bytes(), origin: format!("Пересвет Канарейкин {n}.eml") }
}

async fn hear(school: &mut Rehearsal, until: DateTime<Utc>, heard: &mut Vec<Happening>) {
    school.run(Some(until), &mut |h| heard.push(h)).await.unwrap();
}

#[tokio::test]
async fn a_fortnight_with_failures_tells_nobody_who_must_not_know() {
    LazyLock::force(&LOGGED);
    tracing::trace!("the test hears the lowest level");
    let mut school = Rehearsal::new(settings(), Store::in_memory().unwrap()).unwrap();
    let day = |n: i64| start() + TimeDelta::days(n);
    let about = [
        "Не могу войти в электронный журнал, пишет неверный пароль.",
        "Запишите нас, пожалуйста, на консультацию к психологу: плохо спит, не хочет в школу.",
        "Запишите нас, пожалуйста, к логопеду, не выговаривает «р».",
        "Жалоба на учителя физики: кричит на детей.",
    ];
    school.add(about.iter().enumerate().map(|(n, a)| planted(a, n, day(0) + TimeDelta::minutes(10 * i64::try_from(n).unwrap()))).collect()).unwrap();
    let mut heard = Vec::new();
    let mut errors = Vec::new();
    hear(&mut school, day(0) + TimeDelta::hours(1), &mut heard).await;
    // A call written down with all of it; orders with it; one that is refused.
    let form = "ФИО обратившегося: Канарейкина Ольга\nКласс, в котором учится ребёнок: 5А\nТелефон для обратной связи: 8 900 555-12-34\n\
        Описание проблемы: Пересвет не может войти в дневник, секретный-пароль не подходит.\n";
    bring(school.school(), "it@school.example", form, day(0) + TimeDelta::hours(1)).unwrap();
    errors.push(bring(school.school(), "it@school.example", form, day(0) + TimeDelta::hours(1)).unwrap_err().to_string());
    order(school.school(), 1, &Order::Note("Пересвет Канарейкин звонил с 8 900 555-12-34".into()), day(0) + TimeDelta::hours(1)).unwrap();
    errors.push(order(school.school(), 77, &Order::Note("Пересвет".into()), day(0) + TimeDelta::hours(1)).unwrap_err().to_string());
    errors.extend(
        order(school.school(), 1, &Order::Assign("Канарейкин".into()), day(0) + TimeDelta::hours(1)).err().map(|e| brief(&e).replace("Канарейкин", "")),
    );
    hear(&mut school, day(1), &mut heard).await;
    // The mail server repeats what it was told, the mailbox too.
    if let Transport::Script(script) = school.transport() {
        script.outcomes.extend([
            Outcome::Refused(format!("550 5.1.1 <{MAMA}>: user unknown")),
            Outcome::Deferred(format!("451 4.7.1 <{MAMA}> greylisted")),
            Outcome::Unknown(format!("connection cut after <{MAMA}>")),
            Outcome::Full(format!("552 5.2.2 <{MAMA}> over quota")),
        ]);
    }
    let close =
        Order::Close { answer: Some("Пересвет может войти, новый пароль секретный-пароль.".into()), reason: None };
    order(school.school(), 1, &close, day(1)).unwrap();
    hear(&mut school, day(2), &mut heard).await;
    if let Mailbox::Script(script) = school.mailbox() {
        script.failures.push(MailboxError::Transient(format!("FETCH failed near From: Пересвет <{MAMA}>")));
    }
    school.add(vec![planted("Спасибо, но не помогло.", 9, day(3))]).unwrap();
    let failed = school.run(Some(day(3) + TimeDelta::hours(1)), &mut |h| heard.push(h)).await;
    assert!(failed.is_err(), "the mailbox failed");
    hear(&mut school, day(14), &mut heard).await;

    // Logs, at trace level.
    let log = logged();
    assert!(log.contains("the lowest level") && log.contains("letter was not sent"), "the test hears the log:\n{log}");
    assert_eq!(found(&log), Vec::<&str>::new(), "{log}");
    for error in &errors {
        assert_eq!(found(error), Vec::<&str>::new(), "{error}");
    }
    // What the operator's table and the alert command are told.
    for (key, text) in school.school().store().alerts().unwrap() {
        assert_eq!(found(&format!("{key} {text}")), Vec::<&str>::new());
    }
    assert_eq!(found(&format!("{:?}", school.school().settings())), Vec::<&str>::new());
    let letters: Vec<_> = heard.iter().filter_map(|h| Some((h, h.raw.as_ref()?, h.to.clone()?))).collect();
    assert!(letters.iter().any(|(h, ..)| h.kind == Some(Kind::ReportWeekly)) && letters.len() > 30, "{}", letters.len());
    let settings = school.school().settings();
    // Who has an appeal may read it; the family, the head and the operator, who calls, too.
    let tasks: Vec<(Option<i64>, &str)> = letters.iter().filter(|(h, ..)| h.kind == Some(Kind::Task)).map(|(h, _, to)| (h.appeal, to.as_str())).collect();
    assert!(tasks.len() >= 4, "{tasks:?}");
    let knows = |h: &Happening, to: &str| {
        let has = tasks.iter().any(|(n, who)| *who == to && (h.appeal.is_none() || *n == h.appeal));
        has || to == MAMA || to == "zam@school.example" || settings.operator.iter().any(|o| o == to)
    };
    for (h, raw, to) in &letters {
        let read = message::read(raw);
        let what = format!("{:?} to {to}: {}", h.kind, read.subject);
        assert_eq!(found(&read.subject), Vec::<&str>::new(), "subject of {what}");
        for name in read.attachments.iter().filter_map(|a| a.name.as_deref()) {
            assert_eq!(found(name), Vec::<&str>::new(), "file name in {what}");
        }
        for part in &read.calendars {
            let text = String::from_utf8_lossy(&part.bytes).replace("\r\n ", "");
            let titles: String = text.lines().filter(|l| l.starts_with("SUMMARY") || l.starts_with("LOCATION") || l.starts_with("UID")).collect();
            assert_eq!(found(&titles), Vec::<&str>::new(), "calendar of {what}");
        }
        let header = read.x_otklik.clone().unwrap_or_default();
        assert_eq!(found(&header), Vec::<&str>::new(), "X-Otklik of {what}");
        let text = decoded(raw);
        if matches!(h.kind, Some(Kind::ReportDaily | Kind::ReportWeekly)) || !knows(h, to) {
            assert_eq!(found(&text), Vec::<&str>::new(), "{what}\n{text}");
        }
        assert!(SECRETS.iter().all(|s| !text.contains(s)), "{what}");
    }
    // The head reads of the psychologist's appeal its number, state and term alone.
    let head = settings.person("head-1").unwrap().email.clone();
    for (h, raw, to) in letters.iter().filter(|(h, _, to)| *to == head && h.appeal == Some(2)) {
        let text = decoded(raw);
        assert_eq!(found(&text), Vec::<&str>::new(), "{:?} to {to}\n{text}", h.kind);
    }
}

/// Whatever breaks inside a decision, its message names nobody, and the letter is kept.
#[tokio::test]
async fn a_panic_names_nobody_and_parks_the_letter() {
    LazyLock::force(&LOGGED);
    let mut broken = settings();
    broken.terms.answer = "4000000000h".parse().unwrap_or(broken.terms.answer);
    let mut school = Rehearsal::new(broken, Store::in_memory().unwrap()).unwrap();
    // A server's clock at the end of time: the decision's arithmetic has nowhere to go.
    let end = DateTime::<Utc>::MAX_UTC - TimeDelta::days(1);
    if let Mailbox::Script(script) = school.mailbox() {
        script.deliver("INBOX", end, planted("Не могу войти в журнал.", 1, start()).bytes);
    }
    school.start_at(start());
    let mut heard = Vec::new();
    hear(&mut school, start() + TimeDelta::hours(2), &mut heard).await;
    let log = logged();
    let panics = log.lines().filter(|l| l.starts_with("panic:")).count();
    println!("{panics} panics; {:?}", heard.iter().map(|h| (&h.event, &h.text)).collect::<Vec<_>>());
    assert!(panics > 0, "the test forces a panic:\n{log}");
    assert_eq!(found(&log), Vec::<&str>::new(), "{log}");
    assert!(heard.iter().any(|h| h.event == "parked"), "{:?}", heard.iter().map(|h| &h.event).collect::<Vec<_>>());
    for h in heard.iter().filter(|h| h.raw.is_some() && h.to.is_some()) {
        let text = decoded(h.raw.as_ref().unwrap());
        assert_eq!(found(&text), Vec::<&str>::new(), "{text}");
    }
}

/// A type that carries a family's words prints sizes: one `{:?}` in a log or an `assert` of tomorrow tells nobody.
#[tokio::test]
async fn types_that_carry_words_do_not_print_them() {
    let mut school = Rehearsal::new(settings(), Store::in_memory().unwrap()).unwrap();
    let letter = planted("Не могу войти в электронный журнал.", 1, start());
    let read = message::read(&letter.bytes);
    assert!(!read.attachments.is_empty() && !read.calendars.is_empty(), "the letter has all parts");
    let settings = settings();
    let understood = otklik::understand::understand(&settings.topics, &read, &otklik::understand::Context::default());
    school.add(vec![letter.clone()]).unwrap();
    let mut heard = Vec::new();
    hear(&mut school, start() + TimeDelta::hours(1), &mut heard).await;
    let appeal = school.school().store().appeal(1).unwrap().unwrap();
    assert!(!found(&appeal.text).is_empty(), "the appeal carries them");
    let printed = [
        format!("{letter:?}"),
        format!("{read:?} {:?} {:?} {:?} {:?}", read.body, read.from, read.attachments, read.calendars),
        format!("{understood:?}"),
        format!("{appeal:?}"),
        format!("{heard:?}"),
        format!("{settings:?}"),
    ];
    for text in printed {
        assert_eq!(found(&text), Vec::<&str>::new(), "{text}");
    }
}
