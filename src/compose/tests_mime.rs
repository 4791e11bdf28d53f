//! The bytes: every letter with every sample, headers, calendar parts, shells and the shadow twin.

use super::mime::clean_ids;
use super::parts::take_apart;
use super::samples_author::moment;
use super::*;
use crate::itip::{Event, Method};
use std::collections::BTreeSet;

fn envelope(key: &str) -> Envelope {
    Envelope {
        kind: Kind::Invitation,
        key: key.to_owned(),
        appeal: Some(147),
        to: "m.petrova@mail.example".to_owned(),
        references: vec!["a@mail.example".to_owned(), "<b@mail.example>".to_owned()],
        replied: true,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::OutsiderOwed,
        priority: 3,
        copy: SentCopy::Full,
        not_before: None,
        not_after: None,
        cause: Some("0123456789abcdef".repeat(4)),
        due: Some(moment(19, 10, 0)),
        press: None,
        now: moment(18, 10, 1),
    }
}

fn event(method: Method) -> Event {
    Event {
        method,
        uid: "uid-1@school.example".to_owned(),
        sequence: 0,
        dtstamp: moment(18, 10, 1),
        start: moment(25, 15, 30),
        end: moment(25, 16, 10),
        summary: event_text::summary(147),
        description: "Консультация".to_owned(),
        location: "по телефону".to_owned(),
        organizer: ("Школа № 12".to_owned(), "priemnaya@school.example".to_owned()),
        attendee: (None, "m.petrova@mail.example".to_owned()),
        alarm: None,
        series: None,
        recurrence_id: None,
        conference: None,
        partstat: crate::itip::PartStat::NeedsAction,
    }
}

fn invitation() -> Invitation {
    Invitation::samples().remove(0)
}

/// What every outgoing letter must keep to (RFC 5322 §2.1.1, §2.3; RFC 3834 §5).
fn sound(raw: &[u8], what: &str) {
    assert!(raw.is_ascii(), "{what}: ASCII only");
    let text = String::from_utf8(raw.to_vec()).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{what}: CRLF only");
    assert_eq!(text.matches('\r').count(), text.matches("\r\n").count(), "{what}: CRLF only");
    for line in text.lines() {
        assert!(line.len() <= 100, "{what}: a line of {} characters: {line}", line.len());
    }
    for header in ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "X-Otklik", "MIME-Version", "Content-Type"] {
        assert_eq!(text.lines().take_while(|l| !l.is_empty()).filter(|l| l.starts_with(&format!("{header}:"))).count(), 1, "{what}: {header}");
    }
}

fn each_sample<L: Letter>(seen: &mut usize) {
    let samples = L::samples();
    assert!(!samples.is_empty(), "{} has samples", L::NAME);
    for (i, sample) in samples.iter().enumerate() {
        *seen += 1;
        let what = format!("{} {i}", L::NAME);
        let frozen = || freeze(&Composer::sample(), envelope(&format!("test/{i}")), sample);
        let (once, twice) = (frozen(), frozen());
        assert_eq!(once, twice, "{what}: equal input gives equal bytes");
        sound(&once.raw, &what);
        let parts = take_apart(&once.raw);
        assert_eq!(parts.header("Subject"), once.subject, "{what}");
        for text in [&once.subject, &parts.text, &parts.html] {
            assert!(!text.trim().is_empty(), "{what}: nothing is empty");
            for bad in ["{{", "{%", "}}", "\u{fffd}", "undefined", " .", " ,", "..", "()", "№ .", "!!", ": ."] {
                assert!(!text.contains(bad), "{what}: «{bad}» in {text}");
            }
            assert!(!parts.text.contains("none"), "{what}: an empty field was printed");
        }
        for personal in ["Петров", "Мария", "Ваня", "900 000", "mail.example", "психолог"] {
            assert!(!once.subject.contains(personal), "{what}: nothing personal in the subject: {}", once.subject);
        }
        for remote in ["http:", "https:", "<script", "<link", "@import", "url("] {
            assert!(!parts.html.contains(remote), "{what}: nothing remote in HTML: {remote}");
        }
        assert_eq!(parts.html.matches("src=").count(), parts.pictures.len(), "{what}: what is shown goes along, what goes along is shown");
        for image in parts.html.split("<img ").skip(1).filter_map(|tag| tag.split_once('>')).map(|(tag, _)| tag) {
            let value = |name: &str| image.split_once(name).and_then(|(_, rest)| rest.split_once('"')).map_or("", |(value, _)| value);
            assert!(!value("alt=\"").is_empty(), "{what}: a picture has its words: {image}");
            let picture = parts.pictures.iter().find(|p| p.id == value("src=\"cid:"));
            assert!(picture.is_some_and(|p| p.png.starts_with(b"\x89PNG\r\n")), "{what}: {image}");
        }
        let twin = shadow(&Composer::sample(), once, "it@school.example");
        sound(&twin.raw, &format!("{what}, shadow"));
    }
}

#[test]
fn every_letter_with_every_sample_is_sound() {
    let mut seen = 0;
    each_sample::<Receipt>(&mut seen);
    each_sample::<Invitation>(&mut seen);
    each_sample::<Rescheduled>(&mut seen);
    each_sample::<Cancelled>(&mut seen);
    each_sample::<Answer>(&mut seen);
    each_sample::<Extension>(&mut seen);
    each_sample::<Absent>(&mut seen);
    each_sample::<GroupInvitation>(&mut seen);
    each_sample::<GroupWaiting>(&mut seen);
    each_sample::<GroupMoved>(&mut seen);
    each_sample::<GroupCancelled>(&mut seen);
    each_sample::<GroupTask>(&mut seen);
    each_sample::<GroupFamily>(&mut seen);
    each_sample::<Task>(&mut seen);
    each_sample::<TaskMoved>(&mut seen);
    each_sample::<TaskCancelled>(&mut seen);
    each_sample::<Decision>(&mut seen);
    each_sample::<Alarm>(&mut seen);
    each_sample::<Reminder>(&mut seen);
    each_sample::<Escalation>(&mut seen);
    each_sample::<Handover>(&mut seen);
    each_sample::<CallTask>(&mut seen);
    each_sample::<Added>(&mut seen);
    each_sample::<Parked>(&mut seen);
    each_sample::<Undeliverable>(&mut seen);
    each_sample::<Passed>(&mut seen);
    each_sample::<Notice>(&mut seen);
    each_sample::<Offers>(&mut seen);
    each_sample::<Tomorrow>(&mut seen);
    each_sample::<Recommendations>(&mut seen);
    each_sample::<NoShow>(&mut seen);
    each_sample::<Way>(&mut seen);
    each_sample::<NotFree>(&mut seen);
    each_sample::<Survey>(&mut seen);
    each_sample::<Soon>(&mut seen);
    each_sample::<Ask>(&mut seen);
    each_sample::<Done>(&mut seen);
    each_sample::<super::Question>(&mut seen);
    each_sample::<super::Word>(&mut seen);
    each_sample::<super::DoneList>(&mut seen);
    each_sample::<super::Help>(&mut seen);
    each_sample::<Confirmation>(&mut seen);
    each_sample::<super::StaffQuestion>(&mut seen);
    each_sample::<super::DayList>(&mut seen);
    each_sample::<super::Return>(&mut seen);
    each_sample::<super::ScheduleChanged>(&mut seen);
    each_sample::<super::Recovered>(&mut seen);
    each_sample::<Daily>(&mut seen);
    each_sample::<Weekly>(&mut seen);
    each_sample::<super::DirectorReport>(&mut seen);
    each_sample::<AnnouncementLetter>(&mut seen);
    each_sample::<AnnouncementReminder>(&mut seen);
    each_sample::<AnnouncementCancelled>(&mut seen);
    each_sample::<AnnouncementPreview>(&mut seen);
    each_sample::<AnnouncementList>(&mut seen);
    each_sample::<SecondAddress>(&mut seen);
    each_sample::<Unsubscribed>(&mut seen);
    assert!(seen >= 45, "{seen} samples");
    let folders: BTreeSet<&str> = Templates::names().filter_map(|f| f.split_once('/')).map(|(folder, _)| folder).collect();
    assert_eq!(folders.len(), 57, "a letter was added: add it above");
}

/// Prepared with the embedded text, so that a template that does not compile is seen here and not as a fallback.
#[test]
fn every_embedded_template_compiles_and_renders() {
    for (file, source) in super::templates::embedded_files() {
        if let Err(mistakes) = Templates::new(&[(file.to_owned(), source.to_owned())]) {
            panic!("{mistakes:#?}");
        }
    }
}

#[test]
fn headers_of_an_answer() {
    let posting = freeze(&Composer::sample(), envelope("invitation/147/1"), &invitation());
    let raw = String::from_utf8(posting.raw.clone()).unwrap();
    let head = raw.split("\r\n\r\n").next().unwrap().replace("\r\n", "\n");
    insta::assert_snapshot!(head, @r#"
    From: =?utf-8?b?0KjQutC+0LvQsCDihJYgMTI=?= <priemnaya@school.example>
    To: m.petrova@mail.example
    Subject: =?utf-8?b?0JrQvtC90YHRg9C70YzRgtCw0YbQuNGPOiDRgdGA0LXQtNCwLA==?= 25
     =?utf-8?b?0L3QvtGP0LHRgNGPLA==?= 15:30 =?utf-8?b?KNC30LDRj9Cy0LrQsCA=?=
     =?utf-8?b?4oSW?= 147)
    Date: Wed, 18 Nov 2026 10:01:00 +0300
    Message-ID: <ppgjtxa4mavkbsthjhyckip3ey@school.example>
    In-Reply-To: <b@mail.example>
    References: <a@mail.example> <b@mail.example>
    Auto-Submitted: auto-replied
    X-Auto-Response-Suppress: All
    X-Otklik: v=1; appeal=147; kind=invitation;
     cause=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef;
     due=2026-11-19T07:00:00Z; sig=r2qyxtcggmuwj3kaeknryg3afe
    MIME-Version: 1.0
    Content-Type: multipart/alternative; boundary="yne2ckgk7lalmyrz7itrujpwoa"
    "#);
    assert_eq!(posting.message_id, format!("{}@school.example", hmac_token(&PUBLIC_KEY, "message-id", "invitation/147/1")));
    assert_eq!(take_apart(&posting.raw).header("Subject"), posting.subject);
}

#[test]
fn a_letter_by_the_clock_is_no_answer() {
    let posting = freeze(&Composer::sample(), Envelope { replied: false, references: Vec::new(), ..envelope("report/1") }, &invitation());
    let parts = take_apart(&posting.raw);
    assert_eq!(parts.header("Auto-Submitted"), "auto-generated");
    assert_eq!((parts.header("In-Reply-To"), parts.header("References")), ("", ""));
}

#[test]
fn an_invitation_carries_its_calendar_object_twice() {
    for (method, name) in [(Method::Request, "REQUEST"), (Method::Cancel, "CANCEL"), (Method::DeclineCounter, "DECLINECOUNTER"), (Method::Reply, "REPLY")] {
        let event = event(method);
        let object = crate::itip::build(&event);
        let posting = freeze(&Composer::sample(), Envelope { event: Some(event), ..envelope("invitation/147/1") }, &invitation());
        sound(&posting.raw, name);
        assert_eq!(posting.ics_uid.as_deref(), Some("uid-1@school.example"));
        assert_eq!(posting.slot, Some((moment(25, 15, 30), moment(25, 16, 10))));
        let parts = take_apart(&posting.raw);
        assert_eq!(parts.calendar, Some((name.to_owned(), object.clone().into_bytes())));
        assert_eq!(parts.files.len(), 1);
        assert_eq!((parts.files[0].name.as_str(), parts.files[0].media_type.as_str()), ("invite.ics", "application/ics"));
        assert_eq!(parts.files[0].bytes, object.into_bytes(), "identical bytes");
        let raw = String::from_utf8(posting.raw).unwrap();
        let order: Vec<usize> = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"]
            .iter()
            .map(|t| raw.find(t).unwrap())
            .collect();
        assert!(order.is_sorted(), "plain, html, calendar last, then the file");
        let calendar = &raw[raw.find("text/calendar").unwrap()..];
        let calendar_head = &calendar[..calendar.find("\r\n\r\n").unwrap()];
        assert!(calendar_head.contains(&format!("method={name}; charset=UTF-8")), "{calendar_head}");
        assert!(!calendar_head.contains("Content-Disposition"), "with one it would be a file, not an invitation");
    }
}

#[test]
fn a_decoded_invitation_shows_the_calendar_in_short() {
    let posting = freeze(&Composer::sample(), Envelope { event: Some(event(Method::Request)), ..envelope("invitation/147/1") }, &invitation());
    let read = decoded(&posting.raw);
    insta::assert_snapshot!(read.split_once("\nВложения").unwrap().1, @r"
    : invite.ics (application/ics)

    Календарь: REQUEST
      SEQUENCE: 0
      DTSTART: 20261125T123000Z
      DTEND: 20261125T131000Z
      SUMMARY: Консультация, заявка № 147
      LOCATION: по телефону
      ATTENDEE: m.petrova@mail.example PARTSTAT=NEEDS-ACTION
      STATUS: CONFIRMED
    ");
}

#[test]
fn files_travel_byte_for_byte_under_harmless_types() {
    let file =
        |name: &str, media_type: &str, bytes: &[u8]| Attachment { name: Some(name.to_owned()), media_type: media_type.to_owned(), bytes: bytes.to_vec() };
    let attachments = vec![
        file("вложение-1.pdf", "application/pdf", &[0, 10, 13, 255, 13, 10]),
        file("../../этот\r\nBcc: x@mail.example.html", "text/html", b"<script>"),
        file("", "message/rfc822", b"From: x\n\ny"),
        file("очень длинное имя файла, которое не помещается в одну строку заголовка письма.docx", "x/y; evil=\"\r\n", b"z"),
        Attachment { name: None, media_type: "text/calendar".to_owned(), bytes: b"BEGIN:VCALENDAR".to_vec() },
    ];
    let posting = freeze(&Composer::sample(), Envelope { attachments: attachments.clone(), ..envelope("task/147") }, &Task::samples()[0]);
    sound(&posting.raw, "files");
    let parts = take_apart(&posting.raw);
    assert_eq!(parts.files.iter().map(|f| &f.bytes).collect::<Vec<_>>(), attachments.iter().map(|a| &a.bytes).collect::<Vec<_>>());
    let names: Vec<String> = parts.files.iter().map(|f| format!("{} {}", f.name, f.media_type)).collect();
    insta::assert_snapshot!(names.join("\n"), @r"
    вложение-1.pdf application/pdf
    этот  Bcc x@mail.example.html application/octet-stream
    файл application/octet-stream
    очень длинное имя файла, которое не помещается в одну строку заголовка.docx application/octet-stream
    вложение-5 application/octet-stream
    ");
    assert!(parts.calendar.is_none(), "a foreign calendar object is only a file");
}

#[test]
fn a_name_with_line_ends_never_reaches_lettre() {
    // Trap L1: lettre panics on a display name with CR or LF.
    let school = "Школа\r\nBcc: evil@mail.example\0\u{202e} \"№ 12\"";
    let composer = Composer { school: school.to_owned(), address: "priemnaya@school.example\r\nX: y".to_owned(), ..Composer::sample() };
    let letter = Receipt {
        name: Some("Мария\r\nBcc: evil@mail.example Ивановна".to_owned()), holder: "\r\n\r\nx".to_owned(), ..Receipt::samples().remove(0)
    };
    let odd = Envelope {
        to: "a b\r\nBcc: evil@mail.example, <c@mail.example>".to_owned(),
        references: vec!["a\r\nBcc: evil@mail.example".to_owned(), "ok@mail.example".to_owned()],
        cause: Some("x\r\nBcc: y".to_owned()),
        ..envelope("receipt/147\r\nBcc: y")
    };
    let posting = freeze(&composer, odd, &letter);
    sound(&posting.raw, "odd names");
    let parts = take_apart(&posting.raw);
    let names: Vec<&str> = parts.headers.iter().map(|(n, _)| n.as_str()).collect();
    assert!(!names.iter().any(|n| ["Bcc", "X"].contains(n)), "{names:?}");
    assert_eq!(parts.header("References"), "<ok@mail.example>");
    sound(&shadow(&composer, posting, "it@school.example\r\nBcc: x").raw, "odd names, shadow");
}

#[test]
fn foreign_ids_are_taken_only_as_ids() {
    let ids = |list: &[&str]| clean_ids(&list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
    assert_eq!(ids(&["<a@b>", " c@d ", "no-at", "e@f g", "h@ж", "a@b"]), ["c@d", "a@b"]);
    let many: Vec<String> = (0..60).map(|i| format!("id{i}@mail.example")).collect();
    let kept = clean_ids(&many);
    assert_eq!((kept.len(), kept.last().map(String::as_str)), (10, Some("id59@mail.example")), "the last ten");
    let long = vec![format!("{}@mail.example", "x".repeat(400)), "ok@mail.example".to_owned()];
    assert_eq!(clean_ids(&long), ["ok@mail.example"]);
}

#[test]
fn a_shell_keeps_the_headers_and_nothing_of_the_letter() {
    let posting = freeze(&Composer::sample(), Envelope { copy: SentCopy::Shell, ..envelope("invitation/147/1") }, &invitation());
    assert_eq!(posting.copy, SentCopy::Shell);
    let shell = posting.shell.unwrap();
    sound(&shell, "shell");
    let (whole, kept) = (take_apart(&posting.raw), take_apart(&shell));
    for header in ["Message-ID", "X-Otklik", "Date", "Subject", "To", "References"] {
        assert_eq!(whole.header(header), kept.header(header), "{header}");
    }
    assert_eq!(kept.text.trim_end(), "Содержание письма в «Отправленных» не хранится. Заявка № 147, 18 ноября 2026 г.");
    assert!(kept.html.is_empty() && kept.files.is_empty() && kept.calendar.is_none());
    let full = freeze(&Composer::sample(), envelope("invitation/147/1"), &invitation());
    assert!(full.shell.is_none());
}

#[test]
fn the_shadow_twin_goes_to_the_operator_and_says_so_first() {
    let envelope = Envelope { event: Some(event(Method::Request)), copy: SentCopy::Shell, ..envelope("invitation/147/1") };
    let posting = freeze(&Composer::sample(), envelope, &invitation());
    let twin = shadow(&Composer::sample(), posting.clone(), "it@school.example");
    sound(&twin.raw, "shadow");
    sound(twin.shell.as_deref().unwrap(), "shadow shell");
    assert_eq!(
        (twin.to.as_str(), twin.shadow_of.as_deref(), twin.key.as_str()),
        ("it@school.example", Some("m.petrova@mail.example"), "shadow/invitation/147/1")
    );
    assert_ne!(twin.message_id, posting.message_id);
    insta::assert_snapshot!(decoded(&twin.raw), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: it@school.example
    Тема: [проба → m.petrova@mail.example] Консультация: среда, 25 ноября, 15:30 (заявка № 147)
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-generated

    Пробный режим: это письмо получили только Вы. В рабочем режиме его получит m.petrova@mail.example.

    Здравствуйте, Мария Ивановна!
    Консультация в среду, 25 ноября, в 15:30, до 16:10 (по московскому времени).
    Способ: по телефону, позвоним на +7 900 000-00-01.
    С Вами поговорит педагог-психолог Соколова Ирина Юрьевна. Это ответ на Вашу заявку № 147.

    Ответьте одним словом: да / не смогу. Нужно другое время или другой способ (звонок, видео, лично): так и напишите.
    Если ответа не будет, консультация остаётся в силе. Приглашение для календаря приложено.

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.

    Вложения: invite.ics.txt (text/plain)
    ");
    let raw = String::from_utf8(twin.raw.clone()).unwrap();
    for active in ["text/calendar", "application/ics", "invite.ics\""] {
        assert!(!raw.contains(active), "no calendar accepts it: {active}");
    }
    let parts = take_apart(&twin.raw);
    let own = super::stamp(&Composer::sample(), &twin.message_id, parts.header("X-Otklik")).unwrap();
    assert!(own.shadow && own.signed, "{}", parts.header("X-Otklik"));
    assert_eq!(parts.header("References"), "", "an answer of the operator joins no appeal");
    let first_html = parts.html.split("<body").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(first_html.contains("Пробный режим") && first_html.contains("m.petrova@mail.example"), "{first_html}");
    assert_eq!(shadow(&Composer::sample(), twin.clone(), "other@school.example"), twin, "no twin of a twin");
}

#[test]
fn tokens_are_lower_case_words_that_depend_on_every_part() {
    let token = hmac_token(&PUBLIC_KEY, "message-id", "receipt/147");
    assert_eq!(token.len(), 26);
    assert!(token.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)), "{token}");
    // Computed apart: HMAC-SHA256 over 8-byte big-endian lengths and words.
    assert_eq!(token, "bdreuafnw2zsrnduqrfalkh3tm");
    let others = [
        hmac_token(&PUBLIC_KEY, "message-i", "dreceipt/147"),
        hmac_token(&PUBLIC_KEY, "boundary", "receipt/147"),
        hmac_token(&InstanceKey([1; 32]), "message-id", "receipt/147"),
    ];
    assert!(!others.contains(&token));
}

#[test]
fn boundaries_differ_in_one_letter() {
    let posting = freeze(&Composer::sample(), Envelope { event: Some(event(Method::Request)), ..envelope("invitation/147/1") }, &invitation());
    let raw = String::from_utf8(posting.raw).unwrap();
    let found: BTreeSet<&str> = raw.match_indices("boundary=\"").map(|(i, m)| &raw[i + m.len()..i + m.len() + 26]).collect();
    assert_eq!(found.len(), 2);
}

#[test]
fn any_bytes_can_be_decoded() {
    for raw in [
        &b""[..],
        b"\r\n\r\n",
        b"\xff\xfe\x00",
        b"Subject: =?utf-8?b?!!!?= =?utf-8?x?a?= =?\r\n\r\nbody",
        b"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n----",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n--a--",
        b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n*",
    ] {
        decoded(raw);
        letter_page(raw);
    }
    let posting = freeze(&Composer::sample(), Envelope { event: Some(event(Method::Request)), ..envelope("x") }, &invitation());
    for cut in (0..posting.raw.len()).step_by(97) {
        decoded(&posting.raw[..cut]);
    }
}

#[test]
fn years_out_of_range_freeze_without_a_panic() {
    for now in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::UNIX_EPOCH] {
        let posting = freeze(&Composer { zone: chrono_tz::UTC, ..Composer::sample() }, Envelope { now, due: Some(now), ..envelope("x") }, &invitation());
        assert!(!posting.raw.is_empty());
    }
}

#[test]
fn a_page_shows_the_letter_and_runs_nothing() {
    let posting = freeze(&Composer::sample(), Envelope { event: Some(event(Method::Request)), ..envelope("x") }, &invitation());
    let page = letter_page(&posting.raw);
    assert!(page.contains("<div class=\"letter\">") && page.contains("Да, подходит") && page.contains("Консультация: среда, 25 ноября, 15:30 (заявка № 147)"));
    assert!(page.contains("Календарь: приглашение"));
    assert!(page.contains("среда, 18 ноября 2026 г., 10:01"));
    assert!(!page.contains("<script") && !page.contains("http"));
}
