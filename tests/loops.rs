//! Machines that answer machines, for thirty days each (RFC 3834): whatever answers every letter of ours gets one automatic letter and no more.
//!
//! The responders are those that have sent other helpdesks round in circles: a clean vacation notice, one without headers, one that drops the thread, a
//! ticket system whose subject grows, a mailer daemon, a mailbox that sends our letter back, another Otklik, «this box is not read», one that answers from a
//! new address each time.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, TimeDelta, Utc};
use otklik::jobs::{Happening, Rehearsal};
use otklik::mailbox::Recorded;
use otklik::message;
use otklik::store::Store;

const SCHOOL: &str = "priemnaya@school.example";
const DAYS: i64 = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    Vacation,
    NoHeaders,
    NoThread,
    Tickets,
    MailerDaemon,
    Redirect,
    AnotherOtklik,
    NotRead,
    NewAddress,
}

const MODELS: [Model; 9] = [
    Model::Vacation,
    Model::NoHeaders,
    Model::NoThread,
    Model::Tickets,
    Model::MailerDaemon,
    Model::Redirect,
    Model::AnotherOtklik,
    Model::NotRead,
    Model::NewAddress,
];

/// What a machine answers to a letter of ours.
fn answer(model: Model, address: &str, raw: &[u8], n: usize, at: DateTime<Utc>) -> Vec<u8> {
    let ours = message::read(raw);
    let id = ours.message_id.clone().unwrap_or_default();
    let subject = ours.subject.clone();
    let thread = format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n");
    let own = |head: &str, subject: &str, text: &str, from: &str| {
        format!(
            "Return-Path: <{from}>\r\nFrom: <{from}>\r\nTo: <{SCHOOL}>\r\nSubject: {subject}\r\nMessage-ID: <answer-{n}-{}@mail.example>\r\nDate: {}\r\n{head}MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
            at.timestamp(),
            at.to_rfc2822()
        )
        .into_bytes()
    };
    match model {
        Model::Vacation => {
            own(&format!("{thread}Auto-Submitted: auto-replied\r\n"), &format!("Автоответ: {subject}"), "Я в отпуске до 14 декабря, отвечу позже.", address)
        }
        Model::NoHeaders => own(&thread, &format!("Re: {subject}"), "Здравствуйте! Я в отпуске и отвечу Вам, когда вернусь.", address),
        Model::NoThread => own("", &format!("Re: {subject}"), "Спасибо за Ваше письмо! Я прочитаю его и отвечу в ближайшее время.", address),
        Model::Tickets => own(
            "",
            &format!("[Заявка #{}] Re: {subject}", 4_000 + n),
            &format!("Ваше обращение зарегистрировано под номером {}. Специалист ответит Вам в течение двух рабочих дней.", 4_000 + n),
            address,
        ),
        Model::MailerDaemon => own(
            "",
            "Недоставленное сообщение",
            &format!(
                "Это письмо создано автоматически.\r\n\r\nНе удалось доставить Ваше сообщение следующему получателю:\r\n\r\n{address}\r\nмейлбокс переполнен, повторим попытку позже"
            ),
            &format!("mailer-daemon@{}", address.rsplit_once('@').unwrap().1),
        ),
        Model::Redirect => [format!("Received: from mail.example by mx.school.example; {}\r\n", at.to_rfc2822()).as_bytes(), raw].concat(),
        Model::AnotherOtklik => own(
            &format!("{thread}Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\nX-Otklik: v=1; appeal={}; kind=receipt\r\n", 10 + n),
            &format!("Заявка № {}: приняли Ваше обращение", 10 + n),
            &format!("Здравствуйте!\r\n\r\nМы получили Ваше письмо, номер {}. Ответим не позднее четверга, 26 ноября.", 10 + n),
            address,
        ),
        Model::NotRead => own("", "Этот ящик не читают", "Вы написали в ящик, который никто не читает. Звоните по телефону, указанному на сайте.", address),
        Model::NewAddress => own(&thread, &format!("Re: {subject}"), "Благодарим за письмо! Оно очень важно для нас.", &format!("auto{n}@mail{n}.example")),
    }
}

fn first(address: &str, n: usize, at: DateTime<Utc>) -> Vec<u8> {
    format!(
        "From: <{address}>\r\nTo: <{SCHOOL}>\r\nSubject: Журнал\r\nMessage-ID: <first-{n}@mail.example>\r\nDate: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\nЗдравствуйте! Не могу войти в электронный журнал, пишет неверный пароль. Помогите, пожалуйста. Класс 5А.\r\n",
        at.to_rfc2822()
    )
    .into_bytes()
}

fn recorded(bytes: Vec<u8>, at: DateTime<Utc>, n: usize) -> Recorded {
    Recorded { folder: "INBOX".into(), arrival: Some(at), bytes, origin: n.to_string() }
}

/// Letters of ours that left: to whom, when, the bytes.
type Sent = Vec<(String, DateTime<Utc>, Vec<u8>)>;

/// Families with machines write once; each letter to a machine is answered within minutes. Returns every letter of ours, and the appeals.
async fn month(machines: &[(Model, String)], staff: Option<(Model, &str)>) -> (Sent, i64) {
    let start: DateTime<Utc> = "2026-11-16T07:00:00Z".parse().unwrap();
    let mut school = Rehearsal::new(otklik::config::demo(), Store::in_memory().unwrap()).unwrap();
    let letters = if machines.is_empty() { vec!["mama@mail.example".to_owned()] } else { machines.iter().map(|(_, a)| a.clone()).collect() };
    school.add(letters.iter().enumerate().map(|(n, a)| recorded(first(a, n, start), start, n)).collect()).unwrap();
    let (mut all, mut n): (Sent, usize) = (Vec::new(), 100);
    let mut now = start;
    while now < start + TimeDelta::days(DAYS) {
        // The first days tell nearly all of it.
        now += if now < start + TimeDelta::days(2) { TimeDelta::minutes(30) } else { TimeDelta::hours(4) };
        let mut fresh: Sent = Vec::new();
        let mut tell = |h: Happening| {
            if let (Some(to), Some(raw)) = (h.to, h.raw) {
                fresh.push((to, h.at, raw));
            }
        };
        school.run(Some(now), &mut tell).await.unwrap();
        let mut answers = Vec::new();
        for (to, _, raw) in &fresh {
            let machine = machines.iter().find(|(m, a)| a == to || (*m == Model::NewAddress && to.starts_with("auto"))).map(|(m, _)| *m);
            let machine = machine.or(staff.filter(|(_, address)| address == to).map(|(m, _)| m));
            if let Some(model) = machine {
                n += 1;
                let at = now + TimeDelta::minutes(i64::try_from(n % 7).unwrap());
                answers.push(recorded(answer(model, to, raw, n, at), at, n));
            }
        }
        all.extend(fresh);
        school.add(answers).unwrap();
    }
    let appeals = school.school().store().appeals(false, 1_000).unwrap().len();
    (all, i64::try_from(appeals).unwrap())
}

fn outside(sent: &Sent) -> usize {
    sent.iter().filter(|(to, ..)| !to.ends_with("@school.example")).count()
}

#[tokio::test]
async fn each_machine_gets_one_letter_in_a_month() {
    for model in MODELS {
        let (sent, appeals) = month(&[(model, "robot@mail.example".into())], None).await;
        let told: Vec<String> =
            sent.iter().filter(|(to, ..)| !to.ends_with("@school.example")).map(|(to, at, raw)| format!("{at} {to} {}", message::read(raw).subject)).collect();
        let most = if model == Model::NewAddress { 5 } else { 1 };
        println!("{model:?}: {} letters, {appeals} appeals", told.len());
        assert!(told.len() <= most, "{model:?}: {}", told.join("\n"));
        let appeals_most = if model == Model::NewAddress { 5 } else { 2 };
        assert!(appeals <= appeals_most, "{model:?}: {appeals} appeals");
    }
}

#[tokio::test]
async fn two_machines_at_once_get_one_letter_each() {
    for pair in [(Model::Tickets, Model::NotRead), (Model::NoThread, Model::AnotherOtklik), (Model::Redirect, Model::MailerDaemon)] {
        let (sent, _) = month(&[(pair.0, "robot@mail.example".into()), (pair.1, "machine@post.example".into())], None).await;
        assert!(outside(&sent) <= 2, "{pair:?}: {}", outside(&sent));
    }
}

#[tokio::test]
async fn a_machine_at_a_staff_address_makes_no_further_letters() {
    let settings = otklik::config::demo();
    let who = settings.staff.iter().find(|s| s.categories.contains(&otklik::understand::Category::Ejournal)).unwrap().email.clone();
    let (quiet, appeals) = month(&[], None).await;
    for model in MODELS.into_iter().filter(|m| *m != Model::NewAddress) {
        let (sent, more) = month(&[], Some((model, &who))).await;
        assert_eq!(outside(&sent), outside(&quiet), "{model:?}: families get no more for it");
        assert!(more <= appeals + 1, "{model:?}: {more} appeals instead of {appeals}");
        assert!(sent.len() <= quiet.len() + 2, "{model:?}: {} letters instead of {}", sent.len(), quiet.len());
    }
}

/// Whoever answers a report that somebody else was sent (it was passed on to them) is heard, and a machine among them begins no round of answers.
#[tokio::test]
async fn an_answer_to_somebody_elses_report_gets_no_receipt() {
    let start: DateTime<Utc> = "2026-11-16T07:00:00Z".parse().unwrap();
    let mut school = Rehearsal::new(otklik::config::demo(), Store::in_memory().unwrap()).unwrap();
    school.add(vec![recorded(first("mama@mail.example", 1, start), start, 1)]).unwrap();
    let mut report = None;
    let mut tell = |h: Happening| report = h.raw.filter(|_| h.kind == Some(otklik::outbox::Kind::ReportDaily)).or(report.take());
    school.run(Some(start + TimeDelta::days(1)), &mut tell).await.unwrap();
    let at = start + TimeDelta::days(1);
    let id = message::read(&report.unwrap()).message_id.unwrap();
    let letter = String::from_utf8(first("home@mail.example", 2, at)).unwrap();
    let passed_on = letter.replacen("Subject:", &format!("In-Reply-To: <{id}>\r\nSubject:"), 1).into_bytes();
    school.add(vec![recorded(passed_on, at, 2)]).unwrap();
    let mut told = Vec::new();
    let mut tell = |h: Happening| told.extend(h.to.filter(|to| to == "home@mail.example"));
    school.run(Some(at + TimeDelta::days(1)), &mut tell).await.unwrap();
    assert_eq!(told, Vec::<String>::new());
    let appeals = school.school().store().appeals(false, 10).unwrap();
    assert_eq!(appeals.len(), 2, "the letter is not lost");
}
