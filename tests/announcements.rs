//! Announcements to families: one letter a family, nobody sees another, each exactly once, answers counted, the pace kept; what must not happen.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, TimeDelta, Utc};
use otklik::announcement::{Answer, Pace, Stage};
use otklik::compose::decoded;
use otklik::jobs::{Happening, Rehearsal};
use otklik::mailbox::Recorded;
use otklik::message;
use otklik::outbox::Kind;
use otklik::settings::{ClassHours, SenderCheck, Settings};
use otklik::slots::ClassRange;
use otklik::store::Store;
use std::collections::BTreeMap;
use std::sync::Arc;

const TEACHER: &str = "t.morozova@school.example";
const HEAD: &str = "zam@school.example";

/// Names that no other letter holds by chance.
fn csv(families: usize) -> String {
    let mut text = "ФИО;класс;e-mail\n".to_owned();
    for n in 0..families {
        text.push_str(&format!("Семейкина{n}я Анна Сергеевна;{}А;semya{n}x@mail.example\n", n % 11 + 1));
    }
    text
}

fn settings(csv: &str) -> Settings {
    let mut settings = otklik::config::demo();
    settings.contacts = Arc::new(otklik::config::contacts(csv.as_bytes()).unwrap());
    settings.announcements.may = vec![("teacher-1".to_owned(), vec![ClassRange::parse("5А").unwrap()])];
    settings
}

/// A school and what left it.
struct Told {
    rehearsal: Rehearsal,
    sent: Vec<Happening>,
    letters: u32,
}

impl Told {
    fn new(settings: Settings) -> Told {
        Told::over(settings, Store::in_memory().unwrap())
    }

    fn over(settings: Settings, store: Store) -> Told {
        let mut rehearsal = Rehearsal::new(settings, store).unwrap();
        rehearsal.start_at(at("2026-11-30 10:00"));
        Told { rehearsal, sent: Vec::new(), letters: 0 }
    }

    fn run(&mut self, until: DateTime<Utc>) {
        let sent = &mut self.sent;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime
            .block_on(self.rehearsal.run(Some(until), &mut |h| {
                if h.event == "sent" {
                    sent.push(h)
                }
            }))
            .unwrap();
    }

    /// A letter arrives now.
    fn mail(&mut self, from: &str, subject: &str, more: &str, text: &str) {
        self.letters += 1;
        let now = self.rehearsal.now().unwrap();
        let raw = format!(
            "From: {from}\r\nTo: priemnaya@school.example\r\nSubject: {subject}\r\nMessage-ID: <{}-{}@mail.example>\r\nDate: {}\r\n{more}MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
            self.letters,
            now.timestamp(),
            now.to_rfc2822()
        );
        self.deliver(raw.into_bytes());
    }

    fn deliver(&mut self, bytes: Vec<u8>) {
        let now = self.rehearsal.now().unwrap();
        self.rehearsal.deliver_now(Recorded { folder: "INBOX".into(), origin: format!("{}", self.letters), arrival: Some(now), bytes }).unwrap();
    }

    fn now(&self) -> DateTime<Utc> {
        self.rehearsal.now().unwrap()
    }

    fn settle(&mut self) {
        let now = self.now();
        self.run(now);
    }

    /// An answer to the last letter of a kind that somebody got.
    fn reply(&mut self, from: &str, of: &str, kind: Kind, text: &str) {
        let letter = self.got(of, kind).pop().unwrap_or_else(|| panic!("{of} got no {kind:?}"));
        let id = letter.message_id.unwrap();
        self.mail(from, "Re: ", &format!("In-Reply-To: <{id}>\r\n"), text);
    }

    fn got(&self, who: &str, kind: Kind) -> Vec<Happening> {
        self.sent.iter().filter(|h| h.to.as_deref() == Some(who) && h.kind == Some(kind)).cloned().collect()
    }

    fn announcements(&self) -> Vec<&Happening> {
        self.sent.iter().filter(|h| h.kind == Some(Kind::Announcement)).collect()
    }

    fn stage(&self, id: i64) -> Stage {
        self.rehearsal.school().store().announcement(id).unwrap().unwrap().0.stage
    }

    /// Preview and «разослать».
    fn announce(&mut self, from: &str, subject: &str, text: &str) {
        self.mail(from, subject, "", text);
        self.settle();
        self.reply(from, from, Kind::Confirm, "разослать");
        self.settle();
    }
}

fn at(local: &str) -> DateTime<Utc> {
    format!("{}:00+03:00", local.replace(' ', "T")).parse().unwrap()
}

fn text_of(h: &Happening) -> String {
    decoded(h.raw.as_deref().unwrap())
}

/// Everything that a letter says, in any encoding: headers, text, HTML, calendar.
fn everything(raw: &[u8]) -> String {
    let m = message::read(raw);
    let mut all = String::from_utf8_lossy(raw).into_owned();
    all.push_str(&decoded(raw));
    all.push_str(&m.body.whole);
    for part in &m.calendars {
        all.push_str(&String::from_utf8_lossy(&part.bytes).replace("\r\n ", ""));
    }
    // The HTML part, wherever it stands: long base64 stretches decoded.
    for block in String::from_utf8_lossy(raw).split("\r\n\r\n") {
        let packed: String = block.split_ascii_whitespace().take_while(|l| !l.starts_with("--")).collect();
        if let Ok(bytes) = data_encoding::BASE64.decode(packed.as_bytes()) {
            all.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    all
}

/// Preview, sending, answers of everybody; the letters and the time they took.
fn a_whole_announcement(families: usize, pace: Pace) -> Told {
    let mut settings = settings(&csv(families));
    settings.announcements.pace = pace;
    let mut told = Told::new(settings);
    told.announce(HEAD, "Объявление: собрание", "Приглашаем.\nКому: все\nКогда: 10.12 18:00\nГде: актовый зал");
    told.run(at("2026-11-30 19:00"));
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for h in told.announcements() {
        assert!(ids.insert(h.to.clone().unwrap(), h.message_id.clone().unwrap()).is_none(), "a second letter to one family");
    }
    assert_eq!(ids.len(), families);
    for (n, (who, id)) in ids.iter().enumerate() {
        let words = ["Буду", "Не буду", "буду. А где это?"][n % 3];
        told.mail(who, "Re: собрание", &format!("In-Reply-To: <{id}>\r\n"), words);
    }
    told.run(at("2026-11-30 19:30"));
    let rows = told.rehearsal.school().store().addressees(1).unwrap();
    let count = |answer| rows.iter().filter(|f| f.answer == Some(answer)).count();
    assert_eq!(count(Answer::Yes) + count(Answer::No), families);
    assert_eq!(count(Answer::No), (families + 1) / 3);
    told
}

#[test]
fn no_letter_holds_a_name_or_an_address_of_another_family() {
    let told = a_whole_announcement(200, Pace { minute: 100, day: 5000 });
    for h in told.announcements() {
        let own = h.to.as_deref().unwrap();
        let number: String = own.chars().filter(char::is_ascii_digit).collect();
        let all = everything(h.raw.as_deref().unwrap());
        assert!(all.contains("BEGIN:VCALENDAR") && all.contains("<html"), "all parts are looked at");
        for at in all.match_indices("semya").map(|(i, _)| i).chain(all.match_indices("Семейкина").map(|(i, _)| i)) {
            let found: String = all[at..].chars().take(24).collect();
            assert!(found.starts_with(&format!("semya{number}x@")) || found.starts_with(&format!("Семейкина{number}я")), "{own}: {found}");
        }
        let message = message::read(h.raw.as_deref().unwrap());
        assert!(message.cc.is_empty() && message.to.len() == 1, "{own}");
        for part in &message.calendars {
            let text = String::from_utf8_lossy(&part.bytes).replace("\r\n ", "");
            let attendees: Vec<&str> = text.lines().filter(|l| l.starts_with("ATTENDEE")).collect();
            assert!(attendees.len() == 1 && attendees[0].ends_with(own), "{attendees:?}");
        }
        assert!(!text_of(h).contains("Bcc"));
    }
}

#[test]
#[ignore = "a measurement: cargo test --release --test announcements -- --ignored --nocapture"]
fn a_thousand_families_in_ten_seconds() {
    #[expect(clippy::disallowed_methods, reason = "a measurement takes time")]
    let start = std::time::Instant::now();
    let told = a_whole_announcement(1000, Pace { minute: 100, day: 5000 });
    let taken = start.elapsed();
    println!("1,000 families previewed, sent and counted: {:.2} s, {} letters out", taken.as_secs_f64(), told.sent.len());
    assert!(taken < std::time::Duration::from_secs(10), "{taken:?}");
}

#[test]
fn the_pace_is_kept_and_the_preview_foretells_the_last_letter() {
    let mut settings = settings(&csv(35));
    settings.announcements.pace = Pace { minute: 5, day: 20 };
    let mut told = Told::new(settings);
    told.mail(HEAD, "Объявление", "", "Завтра каникулы.\nКому: все");
    told.settle();
    let preview = text_of(&told.got(HEAD, Kind::Confirm)[0]);
    assert!(preview.contains("последнее во вторник, 1 декабря, в 10:02"), "{preview}");
    told.reply(HEAD, HEAD, Kind::Confirm, "разослать");
    told.run(at("2026-12-02 09:00"));
    let times: Vec<DateTime<Utc>> = told.announcements().iter().map(|h| h.at).collect();
    assert_eq!(times.len(), 35);
    assert_eq!(times.last().copied(), Some(at("2026-12-01 10:02")));
    for window in times.windows(6) {
        assert!(window[5] - window[0] >= TimeDelta::minutes(1), "more than five in a minute: {window:?}");
    }
    for window in times.windows(21) {
        assert!(window[20] - window[0] >= TimeDelta::days(1), "more than twenty in a day");
    }
}

#[test]
fn letters_to_families_wait_for_the_agreed_hours_and_for_all_other_letters() {
    let mut told = Told::new(settings(&csv(11)));
    told.run(at("2026-11-30 19:58"));
    told.mail("Анна <parent@other.example>", "Журнал", "", "Здравствуйте! Не открывается электронный журнал, не видно оценок сына. 5А, Анна Котова");
    told.announce(HEAD, "Объявление", "Завтра каникулы.\nКому: все");
    let order: Vec<Kind> = told.sent.iter().filter(|h| h.at >= at("2026-11-30 19:58")).filter_map(|h| h.kind).collect();
    let first = order.iter().position(|k| *k == Kind::Announcement).unwrap();
    assert!(order[..first].contains(&Kind::Receipt), "{order:?}");
    told.run(at("2026-12-01 12:00"));
    assert!(
        told.announcements().iter().all(|h| (8..20).contains(&chrono::Timelike::hour(&h.at.with_timezone(&chrono_tz::Europe::Moscow)))),
        "in parents' hours"
    );
    assert_eq!(told.announcements().len(), 11);
}

#[test]
fn a_restart_in_the_middle_sends_each_letter_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    let mut pace = settings(&csv(40));
    pace.announcements.pace = Pace { minute: 10, day: 300 };
    let mut told = Told::over(pace.clone(), Store::open(&path).unwrap());
    told.announce(HEAD, "Объявление", "Завтра каникулы.\nКому: все");
    told.run(at("2026-11-30 10:01"));
    let mut all: Vec<String> = told.announcements().iter().filter_map(|h| h.to.clone()).collect();
    assert!((10..40).contains(&all.len()), "{}", all.len());
    drop(told);
    let mut told = Told::over(pace, Store::open(&path).unwrap());
    told.run(at("2026-11-30 12:00"));
    all.extend(told.announcements().iter().filter_map(|h| h.to.clone()));
    assert_eq!(all.len(), 40);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 40, "each family once");
}

/// The links of a letter's buttons: subject and body, decoded.
fn links(h: &Happening) -> Vec<(String, String)> {
    let all = everything(h.raw.as_deref().unwrap());
    let decode = |t: &str| {
        let mut bytes = Vec::new();
        let mut rest = t.as_bytes();
        while let Some((first, tail)) = rest.split_first() {
            if *first == b'%' {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
                rest = &tail[2..];
            } else {
                bytes.push(*first);
                rest = tail;
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    let found = all.split("href=\"mailto:priemnaya@school.example?subject=").skip(1);
    found
        .filter_map(|l| l.split('"').next()?.split_once("&amp;body=").or_else(|| l.split('"').next()?.split_once("&body=")))
        .map(|(s, b)| (decode(s), decode(b)))
        .collect()
}

#[test]
fn a_button_counts_without_any_reference_and_only_from_the_family_s_own_address() {
    let mut told = Told::new(settings(&csv(2)));
    told.mail(HEAD, "Объявление", "", "Приглашаем.\nКому: все\nКогда: 10.12 18:00");
    told.settle();
    let send = links(&told.got(HEAD, Kind::Confirm)[0]).into_iter().find(|(_, body)| body == "разослать").unwrap();
    // A press of somebody else, and one with a token that was made up.
    told.mail(TEACHER, &send.0, "", &send.1);
    let invented = send.0.rsplit_once('-').unwrap().0.to_owned() + "-aaaaaaaaaaaaaaaaaaaaaaaaaa]";
    told.mail(HEAD, &invented, "", &send.1);
    told.settle();
    assert_eq!((told.stage(1), told.announcements().len()), (Stage::Preview, 0));
    told.mail(HEAD, &send.0, "", &send.1);
    told.settle();
    assert_eq!(told.announcements().len(), 2);
    let family = told.got("semya0x@mail.example", Kind::Announcement).pop().unwrap();
    let yes = links(&family).into_iter().find(|(_, body)| body == "буду").unwrap();
    told.mail("semya1x@mail.example", &yes.0, "", "не буду");
    told.settle();
    let rows = told.rehearsal.school().store().addressees(1).unwrap();
    assert_eq!((rows[0].answer, rows[1].answer), (None, Some(Answer::No)), "another family's button says nothing of that family");
    told.mail("Anna <SEMYA0x@mail.example>", &yes.0, "", &yes.1);
    told.settle();
    let rows = told.rehearsal.school().store().addressees(1).unwrap();
    assert_eq!(rows[0].answer, Some(Answer::Yes));
    let raw = String::from_utf8(family.raw.unwrap()).unwrap();
    assert!(raw.contains("List-Unsubscribe: <mailto:priemnaya@school.example?subject=unsubscribe%20"), "{}", &raw[..900]);
}

#[test]
fn forged_letters_and_shadow_send_nothing() {
    for (mode_shadow, fail) in [(false, true), (true, false)] {
        let mut told = Told::new(settings(&csv(3)));
        told.mail(HEAD, "Объявление", "", "Завтра каникулы.\nКому: все");
        told.settle();
        if mode_shadow {
            let school = told.rehearsal.school();
            school.reload(Settings { mode: otklik::settings::Mode::Shadow, ..(*school.settings()).clone() });
        }
        let id = told.got(HEAD, Kind::Confirm).pop().unwrap().message_id.unwrap();
        let auth = if fail { "Authentication-Results: mx.mail.example; spf=fail smtp.mailfrom=school.example\r\n" } else { "" };
        told.mail(HEAD, "Re: ", &format!("In-Reply-To: <{id}>\r\n{auth}"), "разослать");
        told.run(at("2026-12-01 12:00"));
        assert_eq!((told.announcements().len(), told.stage(1)), (0, Stage::Preview), "shadow {mode_shadow}");
    }
}

#[test]
fn an_individual_answer_goes_where_the_letter_came_from_whatever_the_contacts_say() {
    let mut told = Told::new(settings("ФИО;класс;e-mail;телефон\nКотова Анна Сергеевна;5А;kotova@mail.example;+7 900 000-00-07\n"));
    told.mail(
        "Котова Анна Сергеевна <new-address@other.example>",
        "Журнал",
        "",
        "Здравствуйте! Не открывается электронный журнал, не видно оценок сына, 5А. Котова Анна Сергеевна, +7 900 000-00-07",
    );
    told.run(at("2026-11-30 12:00"));
    assert_eq!(told.got("new-address@other.example", Kind::Receipt).len(), 1);
    assert!(told.sent.iter().all(|h| h.to.as_deref() != Some("kotova@mail.example")), "the contacts choose no address");
}

#[test]
fn who_unsubscribed_still_gets_answers_to_appeals_and_may_come_back() {
    let mut told = Told::new(settings(&csv(2)));
    told.announce(HEAD, "Объявление", "Завтра каникулы.\nКому: все");
    told.reply("semya0x@mail.example", "semya0x@mail.example", Kind::Announcement, "Отписаться");
    told.settle();
    assert_eq!(told.rehearsal.school().store().unsubscribed().unwrap(), ["semya0x@mail.example"]);
    told.announce(HEAD, "Объявление: ещё", "Послезавтра тоже.\nКому: все");
    assert_eq!(told.got("semya0x@mail.example", Kind::Announcement).len(), 1);
    assert_eq!(told.got("semya1x@mail.example", Kind::Announcement).len(), 2);
    told.mail("semya0x@mail.example", "Журнал", "", "Здравствуйте! Не открывается электронный журнал, не видно оценок сына. 5А, Анна Котова");
    told.settle();
    assert_eq!(told.got("semya0x@mail.example", Kind::Receipt).len(), 1, "an appeal is answered as ever");
    told.mail("semya0x@mail.example", "подписка", "", "Подписаться");
    told.settle();
    assert!(told.rehearsal.school().store().unsubscribed().unwrap().is_empty());
}

#[test]
fn who_unsubscribes_between_preview_and_sending_gets_nothing() {
    let mut told = Told::new(settings(&csv(2)));
    told.mail(HEAD, "Объявление", "", "Завтра каникулы.\nКому: все");
    told.mail("semya0x@mail.example", "отписка", "", "отписаться");
    told.settle();
    told.reply(HEAD, HEAD, Kind::Confirm, "разослать");
    told.settle();
    assert_eq!(told.announcements().len(), 1);
    assert_eq!(told.rehearsal.school().store().addressees(1).unwrap()[0].left_out.as_deref(), Some("unsubscribed"));
}

#[test]
fn a_cry_for_help_in_answer_to_an_announcement_is_an_appeal_at_once() {
    let mut told = Told::new(settings(&csv(2)));
    told.announce(HEAD, "Объявление", "Приглашаем.\nКому: все\nКогда: 10.12 18:00");
    told.reply(
        "semya0x@mail.example",
        "semya0x@mail.example",
        Kind::Announcement,
        "Здравствуйте. Дочь говорит, что не хочет жить, и режет руки. Помогите, пожалуйста. Анна",
    );
    told.settle();
    let appeals = told.rehearsal.school().store().appeals(true, 5).unwrap();
    assert_eq!(appeals.len(), 1, "an appeal of its own");
    assert!(appeals[0].urgent);
    assert!(told.rehearsal.school().store().addressees(1).unwrap()[0].question.is_none(), "the sender of the announcement is told nothing of it");
}

#[test]
fn a_family_in_grief_gets_no_announcement() {
    let mut told = Told::new(settings(&csv(2)));
    told.mail("semya0x@mail.example", "Горе", "", "Здравствуйте. Вчера умер папа Саши, 5А. На этой неделе Саша в школу не придёт. Анна Котова");
    told.settle();
    assert!(told.rehearsal.school().store().appeals(true, 5).unwrap()[0].delicate);
    told.announce(HEAD, "Объявление", "Завтра праздник.\nКому: все");
    assert_eq!(told.announcements().iter().filter_map(|h| h.to.as_deref()).collect::<Vec<_>>(), ["semya1x@mail.example"]);
}

/// «Объявление» with two files, one of them of a kind that does not go along.
fn letter_with_files(now: DateTime<Utc>) -> Vec<u8> {
    let file = |name: &str, bytes: &[u8]| {
        format!(
            "--b\r\nContent-Type: application/octet-stream; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            data_encoding::BASE64.encode(bytes)
        )
    };
    let letter = format!(
        "From: {HEAD}\r\nTo: priemnaya@school.example\r\nSubject: Объявление\r\nMessage-ID: <f@school.example>\r\nDate: {}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nПамятка во вложении.\r\nКому: все\r\n{}{}--b--\r\n",
        now.to_rfc2822(),
        file("memo.pdf", b"%PDF-1.7 memo"),
        file("song.mp3", b"ID3")
    );
    letter.into_bytes()
}

#[test]
fn files_go_along_within_the_limit_and_their_bytes_are_not_kept() {
    let mut told = Told::new(settings(&csv(3)));
    told.deliver(letter_with_files(told.now()));
    told.settle();
    let preview = text_of(&told.got(HEAD, Kind::Confirm)[0]);
    assert!(preview.contains("Файлы: memo.pdf") && preview.contains("«song.mp3» не прикреплён"), "{preview}");
    told.reply(HEAD, HEAD, Kind::Confirm, "разослать");
    told.settle();
    let got = message::read(told.got("semya0x@mail.example", Kind::Announcement)[0].raw.as_deref().unwrap());
    assert_eq!(got.attachments.iter().filter_map(|a| a.name.as_deref()).collect::<Vec<_>>(), ["memo.pdf"]);
    assert_eq!(got.attachments[0].bytes, b"%PDF-1.7 memo");
    // The next announcement's round frees what has left.
    told.announce(HEAD, "Объявление", "Ещё одно.\nКому: все");
    assert_eq!(told.rehearsal.school().store().raw_of("announcement/1/letter/1").unwrap(), None);
}

#[test]
fn a_refused_letter_is_a_line_in_the_sender_s_list_and_no_letter_to_the_operator() {
    let mut told = Told::new(settings(&csv(2)));
    told.mail(HEAD, "Объявление", "", "Завтра каникулы.\nКому: все");
    told.settle();
    if let otklik::transport::Transport::Script(script) = told.rehearsal.transport() {
        script.outcomes.extend([otklik::outbox::Outcome::Accepted("250".into()), otklik::outbox::Outcome::Refused("550 5.1.1 no such user".into())]);
    }
    told.reply(HEAD, HEAD, Kind::Confirm, "разослать");
    told.run(at("2026-11-30 17:00"));
    let list = text_of(&told.got(HEAD, Kind::Other).pop().unwrap());
    assert!(list.contains("Письмо не дошло (1)") && list.contains("Семейкина0я"), "{list}");
    assert!(told.got("it@school.example", Kind::Other).is_empty(), "the operator has no part in it");
    assert_eq!(told.stage(1), Stage::Closed);
}

#[test]
fn a_word_found_by_the_subject_alone_sends_nothing() {
    let mut told = Told::new(settings(&csv(2)));
    told.mail(HEAD, "Объявление: каникулы", "", "Завтра каникулы.\nКому: все");
    told.settle();
    told.mail(HEAD, "Re: Объявление 1, проверьте: Каникулы", "", "разослать");
    told.run(at("2026-11-30 12:00"));
    assert_eq!((told.announcements().len(), told.stage(1)), (0, Stage::Preview));
    assert!(text_of(&told.got(HEAD, Kind::Other).pop().unwrap()).contains("ответьте на само письмо"));
}

#[test]
fn a_question_after_a_cancellation_still_reaches_the_sender() {
    let mut told = Told::new(settings(&csv(1)));
    told.announce(HEAD, "Объявление", "Приглашаем.\nКому: все\nКогда: 10.12 18:00");
    told.reply(HEAD, HEAD, Kind::Confirm, "отмена");
    told.settle();
    assert_eq!(told.stage(1), Stage::Cancelled);
    told.reply("semya0x@mail.example", "semya0x@mail.example", Kind::Announcement, "А когда будет новая встреча?");
    told.run(at("2026-11-30 17:00"));
    let list = text_of(&told.got(HEAD, Kind::Other).pop().unwrap());
    assert!(list.contains("А когда будет новая встреча?"), "{list}");
}

#[test]
fn a_cancellation_waits_for_no_day_s_number() {
    let mut settings = settings(&csv(20));
    settings.announcements.pace = Pace { minute: 10, day: 20 };
    let mut told = Told::new(settings);
    told.run(at("2026-11-30 12:00"));
    told.announce(HEAD, "Объявление: собрание", "Приглашаем.\nКому: все\nКогда: 1.12 10:00");
    told.run(at("2026-12-01 08:30"));
    assert_eq!(told.announcements().len(), 20, "the day's number is spent");
    told.reply(HEAD, HEAD, Kind::Confirm, "отмена");
    told.run(at("2026-12-01 08:40"));
    assert_eq!((told.announcements().len(), told.stage(1)), (40, Stage::Cancelled), "everybody knows before they set out");
    told.run(at("2026-12-03 12:00"));
    assert!(told.got(HEAD, Kind::Other).iter().all(|h| !text_of(h).contains("итог")), "nobody is counted who was told not to come");
}

#[test]
fn who_was_not_told_of_a_cancellation_in_time_is_named_to_the_sender() {
    let mut settings = settings(&csv(10));
    settings.announcements.pace = Pace { minute: 2, day: 300 };
    let mut told = Told::new(settings);
    told.announce(HEAD, "Объявление: собрание", "Приглашаем.\nКому: все\nКогда: 30.11 11:00");
    told.run(at("2026-11-30 10:58"));
    told.reply(HEAD, HEAD, Kind::Confirm, "отмена");
    told.run(at("2026-11-30 11:30"));
    assert_eq!((told.announcements().len(), told.stage(1)), (14, Stage::Cancelled));
    let list = text_of(&told.got(HEAD, Kind::Other).pop().unwrap());
    assert!(list.contains("об отмене «Собрание» не узнали: 6.") && list.contains("Семейкина9я"), "{list}");
    assert!(!list.contains("Семейкина3я"), "who was told is not named: {list}");
}

/// Three families are previewed; after so many letters the mail server refuses our login for a quarter of an hour.
fn stopped_line(letters: usize, text: &str, start: &str) -> Told {
    let mut told = Told::new(settings(&csv(3)));
    told.run(at(start));
    told.mail(HEAD, "Объявление: собрание", "", text);
    told.settle();
    if let otklik::transport::Transport::Script(script) = told.rehearsal.transport() {
        script.outcomes.extend(vec![otklik::outbox::Outcome::Accepted("250".into()); letters + 1]);
        script.outcomes.push_back(otklik::outbox::Outcome::Account("535 5.7.8".into()));
    }
    told.reply(HEAD, HEAD, Kind::Confirm, "разослать");
    told.settle();
    told
}

#[test]
fn a_cancelled_announcement_does_not_leave_behind_its_cancellation() {
    for (text, reached) in
        [("Завтра в школе субботник.\nКому: все", 0), ("Завтра в школе субботник.\nКому: все", 1), ("Приглашаем.\nКому: все\nКогда: 1.12 18:00", 1)]
    {
        let mut told = stopped_line(reached, text, "2026-11-30 10:00");
        assert_eq!(told.announcements().len(), reached);
        told.run(at("2026-11-30 10:05"));
        told.reply(HEAD, HEAD, Kind::Confirm, "отмена");
        told.run(at("2026-11-30 12:00"));
        assert_eq!(told.announcements().len(), reached * 2, "only who has it hears that it is off: {text}");
        assert_eq!(told.stage(1), if reached == 0 { Stage::Dropped } else { Stage::Cancelled });
        let said = text_of(&told.got(HEAD, Kind::Other).pop().unwrap());
        assert!(said.contains(if reached == 0 { "семьям ничего не ушло" } else { "Тем, кто письмо получил (1)" }), "{said}");
    }
}

#[test]
fn what_a_stopped_line_held_up_until_the_night_waits_for_the_morning() {
    let mut told = stopped_line(1, "Завтра в школе субботник.\nКому: все", "2026-11-30 19:55");
    told.run(at("2026-12-01 07:59"));
    assert_eq!(told.announcements().len(), 1, "{:?}", told.announcements().iter().map(|h| h.at).collect::<Vec<_>>());
    told.run(at("2026-12-01 08:30"));
    assert_eq!(told.announcements().len(), 3);
}

#[test]
fn a_refusal_after_the_last_list_is_told_in_one_more() {
    let mut told = Told::new(settings(&csv(1)));
    told.run(at("2026-11-30 15:58"));
    told.mail(HEAD, "Объявление", "", "Завтра каникулы.\nКому: все");
    told.settle();
    if let otklik::transport::Transport::Script(script) = told.rehearsal.transport() {
        use otklik::outbox::Outcome;
        script.outcomes.extend([Outcome::Accepted("250".into()), Outcome::Deferred("451".into()), Outcome::Refused("550 5.1.1 no such user".into())]);
    }
    told.reply(HEAD, HEAD, Kind::Confirm, "разослать");
    told.run(at("2026-11-30 16:00"));
    assert_eq!(told.stage(1), Stage::Closed, "nothing is asked, nothing failed so far");
    told.run(at("2026-12-01 17:00"));
    let list = text_of(&told.got(HEAD, Kind::Other).pop().unwrap());
    assert!(list.contains("Письмо не дошло (1)") && list.contains("Семейкина0я"), "{list}");
}

#[test]
fn a_preview_that_waited_beyond_its_day_of_answers_is_not_sent() {
    let mut told = Told::new(settings(&csv(1)));
    told.mail(HEAD, "Объявление", "", "Сдаём анкеты.\nКому: все\nНужно подтверждение\nОтветить до: 30.11");
    told.run(at("2026-12-01 10:00"));
    told.reply(HEAD, HEAD, Kind::Confirm, "разослать");
    told.settle();
    assert_eq!((told.announcements().len(), told.stage(1)), (0, Stage::Preview));
    assert!(text_of(&told.got(HEAD, Kind::Other).pop().unwrap()).contains("«Ответить до»"));
}

#[test]
fn an_unproved_announcement_keeps_its_files_until_it_is_confirmed_and_no_longer() {
    let mut settings = settings(&csv(3));
    settings.sender_check = SenderCheck { required: true, ..SenderCheck::default() };
    let mut told = Told::new(settings);
    told.deliver(letter_with_files(told.now()));
    told.settle();
    let question = text_of(&told.got(HEAD, Kind::Confirm)[0]);
    assert!(question.contains("Файлы: memo.pdf.") && question.contains("«song.mp3» не прикреплён"), "{question}");
    let kept = |told: &Told| told.rehearsal.school().store().kept_files().unwrap();
    assert_eq!(kept(&told), 1);
    let code: String = question.split_once("подтвердить ").unwrap().1.chars().take(6).collect();
    // Without a thread, as from a telephone.
    told.mail(HEAD, "x", "", &format!("подтвердить {code}"));
    told.settle();
    let preview = text_of(&told.got(HEAD, Kind::Confirm)[1]);
    assert!(preview.contains("Файлы: memo.pdf") && !preview.contains("song.mp3"), "{preview}");
    assert_eq!(kept(&told), 0, "they are the announcement's now");
    told.reply(HEAD, HEAD, Kind::Confirm, "разослать");
    told.settle();
    let got = message::read(told.got("semya0x@mail.example", Kind::Announcement)[0].raw.as_deref().unwrap());
    assert_eq!(got.attachments[0].bytes, b"%PDF-1.7 memo");
}

#[test]
fn files_of_an_announcement_that_nobody_confirms_go_with_the_next_report() {
    let mut settings = settings(&csv(3));
    settings.sender_check = SenderCheck { required: true, ..SenderCheck::default() };
    let mut told = Told::new(settings);
    told.deliver(letter_with_files(told.now()));
    told.settle();
    assert_eq!(told.rehearsal.school().store().kept_files().unwrap(), 1);
    told.run(at("2026-12-02 08:00"));
    assert_eq!(told.rehearsal.school().store().kept_files().unwrap(), 0);
}

#[test]
fn an_announcement_keeps_the_hours_that_each_class_agreed_on() {
    let mut settings = settings(&csv(11));
    let class = ClassRange::parse("5А").unwrap();
    let clock = |h| chrono::NaiveTime::from_hms_opt(h, 0, 0).unwrap();
    settings.hours = vec![ClassHours {
        classes: vec![class],
        from: clock(9),
        until: clock(18),
        weekdays: Vec::new(),
        protocol: "1".into(),
        date: at("2026-09-01 10:00").date_naive(),
    }];
    let mut told = Told::new(settings);
    told.run(at("2026-11-30 18:20"));
    told.announce(HEAD, "Объявление", "Завтра каникулы.\nКому: все");
    let preview = text_of(&told.got(HEAD, Kind::Confirm)[0]);
    assert!(preview.contains("1 декабря"), "the last letter is foretold: {preview}");
    told.run(at("2026-11-30 23:00"));
    assert_eq!(told.announcements().len(), 10, "the others read it the same evening");
    told.run(at("2026-12-01 08:59"));
    assert!(told.got("semya4x@mail.example", Kind::Announcement).is_empty());
    told.run(at("2026-12-01 09:10"));
    assert_eq!(told.got("semya4x@mail.example", Kind::Announcement).len(), 1);
    assert_eq!((told.announcements().len(), told.stage(1)), (11, Stage::Open));
}
