//! Tests of `message`: whole fixtures, the traps of mail-parser (reference/crates.md M1-M11), who wrote, what is attached.

use super::*;

/// Letters of the development corpus, bytes untouched.
pub(super) const FIXTURES: [(&str, &[u8]); 18] = [
    ("01-klassnyy-peresylaet-angl", include_bytes!("../../tests/letters/01-klassnyy-peresylaet-angl.eml")),
    ("02-cal-gmail-drugoe-vremya", include_bytes!("../../tests/letters/02-cal-gmail-drugoe-vremya.eml")),
    ("03-forma-ezhd-parol", include_bytes!("../../tests/letters/03-forma-ezhd-parol.eml")),
    ("04-pereslala-pismo-mamy", include_bytes!("../../tests/letters/04-pereslala-pismo-mamy.eml")),
    ("05-re-ne-smogu-chetverg", include_bytes!("../../tests/letters/05-re-ne-smogu-chetverg.eml")),
    ("06-auto-prochteno", include_bytes!("../../tests/letters/06-auto-prochteno.eml")),
    ("07-dsn-mailru-tekst", include_bytes!("../../tests/letters/07-dsn-mailru-tekst.eml")),
    ("08-list-metodobedinenie", include_bytes!("../../tests/letters/08-list-metodobedinenie.eml")),
    ("09-re-utochnyayu-klass", include_bytes!("../../tests/letters/09-re-utochnyayu-klass.eml")),
    ("10-mne-ochen-ploho", include_bytes!("../../tests/letters/10-mne-ochen-ploho.eml")),
    ("11-forma-fizika-7", include_bytes!("../../tests/letters/11-forma-fizika-7.eml")),
    ("12-oshibka-po-angliyski", include_bytes!("../../tests/letters/12-oshibka-po-angliyski.eml")),
    ("13-forma-kachestvo-himiya", include_bytes!("../../tests/letters/13-forma-kachestvo-himiya.eml")),
    ("14-re-mezhdu-strok", include_bytes!("../../tests/letters/14-re-mezhdu-strok.eml")),
    ("15-klassnaya-peresylaet-ezhd", include_bytes!("../../tests/letters/15-klassnaya-peresylaet-ezhd.eml")),
    ("16-razgovor-na-obo-vsem", include_bytes!("../../tests/letters/16-razgovor-na-obo-vsem.eml")),
    ("17-provayder-ne-tyanet", include_bytes!("../../tests/letters/17-provayder-ne-tyanet.eml")),
    ("18-dsn-postfix-net-adresa", include_bytes!("../../tests/letters/18-dsn-postfix-net-adresa.eml")),
];

fn fixture(number: &str) -> Message {
    let (_, bytes) = FIXTURES.iter().find(|(name, _)| name.starts_with(number)).unwrap();
    read(bytes)
}

/// A letter with these further fields and this body.
fn with(fields: &str, body: &str) -> Message {
    read(format!("From: a@b.example\r\nMessage-ID: <m@b.example>\r\nDate: Mon, 14 Sep 2026 11:02:00 +0300\r\n{fields}\r\n{body}").as_bytes())
}

fn bytes_with(fields: &[u8], body: &[u8]) -> Message {
    let head: &[u8] = b"From: a@b.example\r\nMessage-ID: <m@b.example>\r\nDate: Mon, 14 Sep 2026 11:02:00 +0300\r\n";
    read(&[head, fields, b"\r\n", body].concat())
}

fn cp1251(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
}

fn koi8(text: &str) -> Vec<u8> {
    encoding_rs::KOI8_R.encode(text).0.into_owned()
}

pub(super) fn lf(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|b| *b != b'\r').collect()
}

#[test]
fn a_letter_stored_with_lf_is_the_same_letter() {
    for (name, bytes) in FIXTURES {
        assert!(bytes.windows(2).any(|w| w == b"\r\n"), "{name} has lost its CRLF");
        let (crlf, lf) = (read(bytes), read(&lf(bytes)));
        assert_eq!(crlf, lf, "{name}");
        assert_eq!(crlf.content_hash.len(), 64, "{name}");
        assert!(!crlf.body.own.is_empty(), "{name}");
    }
}

#[test]
fn fixtures_are_different_letters() {
    let hashes: std::collections::HashSet<String> = FIXTURES.iter().map(|(_, bytes)| read(bytes).content_hash).collect();
    assert_eq!(hashes.len(), FIXTURES.len());
}

#[test]
fn the_header_of_a_letter_is_read() {
    let letter = fixture("14");
    assert_eq!(letter.sender().unwrap(), &Address { name: Some("Константин Ребров".into()), email: "k.rebrov@example.org".into() });
    assert_eq!(letter.to[0].name.as_deref(), Some("Приёмная школы № 12"));
    assert_eq!(letter.subject, "Re: Запись на занятия: несколько вопросов");
    assert_eq!(letter.message_id.as_deref(), Some("2ed8a4a5-0e50-4941-865a-f51080590197@example.org"));
    assert_eq!(
        letter.answers().collect::<Vec<_>>(),
        ["appeal-2026-0231.2@school.example", "appeal-2026-0231.2@school.example", "appeal-2026-0231.1@school.example"]
    );
    assert_eq!(letter.date.unwrap().to_rfc3339(), "2026-12-05T10:31:00+03:00");
    assert_eq!(letter.received.unwrap().to_rfc3339(), "2026-12-05T10:31:09+03:00");
    assert_eq!((letter.origin, letter.oddities.as_slice()), (Origin::Person, [].as_slice()));
}

#[test]
fn m1_raw_headers_are_decoded_by_their_look() {
    assert_eq!(fixture("03").subject, "Обратная связь: проблема с ЭЖД");
    assert!(fixture("03").oddities.contains(&Oddity::RawHeader));
    for encode in [cp1251, koi8, |t: &str| t.as_bytes().to_vec()] {
        let fields = [b"Subject: ".as_slice(), &encode("Помогите с дневником"), b"\r\nTo: ", &encode("Мария Иванова"), b" <m@s.example>\r\n"].concat();
        let letter = bytes_with(&fields, b"x");
        assert_eq!(letter.subject, "Помогите с дневником");
        assert_eq!(letter.to[0], Address { name: Some("Мария Иванова".into()), email: "m@s.example".into() });
        assert!(letter.oddities.contains(&Oddity::RawHeader));
    }
}

#[test]
fn m2_encoded_words_cut_inside_a_letter_are_joined() {
    assert_eq!(fixture("11").subject, "Обратная связь: иные вопросы");
    // The two bytes of «р» stand in two words; then the base64 text itself is cut at an odd place; then Q.
    assert_eq!(with("Subject: =?utf-8?B?0J/R?=\r\n =?UTF-8?B?gNC40LLQtdGC?=\r\n", "").subject, "Привет");
    assert_eq!(with("Subject: =?utf-8?B?0J/RgNC4?= =?utf-8?B?0LLQt?=\r\n =?utf-8?B?dGC?=\r\n", "").subject, "Привет");
    assert_eq!(with("Subject: =?utf-8?Q?=D0=9F=D1?= =?utf-8?Q?=80=D0=B8_a?= b\r\n", "").subject, "При a b");
    assert_eq!(with("Subject: =?koi8-r?B?8NLJ18XU?= =?utf-8?B?0L/QsA==?=\r\n", "").subject, "Приветпа");
    assert_eq!(with("Subject: =?utf-8?B?broken and =?utf-8?Q?ok?=\r\n", "").subject, "=?utf-8?B?broken and ok");
}

#[test]
fn m3_odd_and_missing_charset_labels_are_decoded() {
    let text = "Здравствуйте, у сына не работает дневник";
    let labels = [
        "; charset=win-1251",
        "; charset=\"windows1251\"",
        "; charset=x-unknown",
        "; charset=_autodetect_all",
        "",
        "; charset=us-ascii",
        "; charset=iso-8859-1",
    ];
    for label in labels {
        let fields = format!("Content-Type: text/plain{label}\r\nContent-Transfer-Encoding: 8bit\r\n");
        assert_eq!(bytes_with(fields.as_bytes(), &cp1251(text)).body.own, text, "{label}");
    }
    for (label, bytes) in
        [("koi8", koi8(text)), ("x-unknown", koi8(text)), ("windows-1251", text.as_bytes().to_vec()), ("koi8-r", cp1251(text)), ("utf-8", cp1251(text))]
    {
        let fields = format!("Content-Type: text/plain; charset={label}\r\nContent-Transfer-Encoding: 8bit\r\n");
        let letter = bytes_with(fields.as_bytes(), &bytes);
        assert_eq!(letter.body.own, text, "{label}");
        assert_eq!(letter.oddities.contains(&Oddity::GuessedCharset), label != "koi8", "{label}");
    }
}

#[test]
fn declared_charsets_are_believed_where_they_fit() {
    assert!(fixture("17").body.own.starts_with("Здравствуйте. Живем в деревне Заречье"));
    assert!(fixture("16").body.own.starts_with("Здравствуйте, спасибо за приглашение"));
    assert!(!fixture("17").oddities.contains(&Oddity::GuessedCharset));
    assert!(!fixture("16").oddities.contains(&Oddity::GuessedCharset));
    // Short and all in capitals: nothing to judge by, the label decides.
    let letter = bytes_with(b"Content-Type: text/plain; charset=koi8-r\r\n", &koi8("ОК"));
    assert_eq!((letter.body.own.as_str(), letter.oddities.as_slice()), ("ОК", [].as_slice()));
    let western = bytes_with(b"Content-Type: text/plain; charset=iso-8859-1\r\n", b"caf\xe9 cr\xe8me");
    assert_eq!(western.body.own, "café crème");
}

#[test]
fn m4_text_survives_broken_boundaries() {
    let part = "Content-Type: text/plain; charset=utf-8\r\n\r\nСлова мамы\r\n";
    let kind = "Content-Type: multipart/mixed; boundary=q\r\n";
    let unclosed = with(kind, &format!("--q\r\n{part}"));
    assert_eq!((unclosed.body.own.as_str(), unclosed.oddities.contains(&Oddity::BrokenMime)), ("Слова мамы", true));
    let other = with(kind, &format!("--zz\r\n{part}--zz--\r\n"));
    assert_eq!((other.body.own.as_str(), other.oddities.contains(&Oddity::BrokenMime)), ("Слова мамы", true));
    let none = with("Content-Type: multipart/mixed\r\n", &format!("--zz\r\n{part}--zz--\r\n"));
    assert_eq!(none.body.own, "Слова мамы");
    let never = with(kind, "Слова мамы\r\n");
    assert_eq!((never.body.own.as_str(), never.oddities.contains(&Oddity::BrokenMime)), ("Слова мамы", true));
    let attached = with(kind, &format!("--q\r\nContent-Disposition: attachment\r\n{part}--q--\r\n"));
    assert_eq!(attached.body.own, "Слова мамы");
    let inner = with(
        kind,
        &format!("--q\r\nContent-Type: multipart/alternative; boundary=qq\r\n\r\n--qq\r\n{part}--q\r\nContent-Type: image/png\r\n\r\nx\r\n--q--\r\n"),
    );
    assert_eq!((inner.body.own.as_str(), inner.attachments.len()), ("Слова мамы", 1));
}

#[test]
fn m5_several_senders_are_counted_and_never_merged() {
    let two = with("From: Директор <director@school.example>\r\n", "x");
    assert_eq!(two.from_fields, 2);
    assert_eq!(two.from.iter().map(|a| a.email.as_str()).collect::<Vec<_>>(), ["a@b.example", "director@school.example"]);
    assert!(two.oddities.contains(&Oddity::SeveralFrom));
    let list = read(b"From: a@b.example, C@D.example\nSubject: x\n\nx");
    assert_eq!((list.from_fields, list.from.len(), list.oddities.contains(&Oddity::SeveralFrom)), (1, 2, true));
    let name = with("", "x");
    assert_eq!((name.from_fields, name.oddities.contains(&Oddity::SeveralFrom)), (1, false));
}

#[test]
fn m6_control_and_bidi_characters_are_taken_out() {
    let letter = with("To: =?utf-8?B?WA0KQmNjOiBlNEBleGFtcGxlLmNvbQ==?= <x@y.example>\r\nSubject: =?utf-8?Q?a=00b=E2=80=AEc=0D=0Ad?=\r\n", "");
    assert_eq!(letter.to[0], Address { name: Some("X Bcc: e4@example.com".into()), email: "x@y.example".into() });
    assert_eq!(letter.subject, "abc d");
    assert!(letter.oddities.contains(&Oddity::Controls));
    // A decoded name can never become an address.
    let name = with("To: =?utf-8?Q?=22x=22_=3Cevil=40x.example=3E=2C?= <real@y.example>\r\n", "");
    assert_eq!(name.to.iter().map(|a| a.email.as_str()).collect::<Vec<_>>(), ["real@y.example"]);
    let folded = read(b"From: a@b.example\r\nMessage-ID: <a\r\n b@c.example>\r\n\r\nx");
    assert_eq!(folded.message_id.as_deref(), Some("ab@c.example"));
}

#[test]
fn m7_impossible_dates_are_no_dates() {
    let date = |value: &str| read(format!("From: a@b.example\r\nDate: {value}\r\n\r\nx").as_bytes());
    for bad in ["Tue, 31 Feb 2026 25:61:61 +0300", "2026-02-31T25:61", "вчера", "", "Mon, 14 Sep 0001 11:02:00 +0300"] {
        assert_eq!(date(bad).date, None, "{bad}");
        assert!(date(bad).oddities.contains(&Oddity::BadDate), "{bad}");
    }
    let good = [
        ("Mon, 14 Sep 2026 11:02:00 +0300 (MSK)", "2026-09-14T11:02:00+03:00"),
        ("Пн, 14 Sep 2026 11:02 +0300", "2026-09-14T11:02:00+03:00"),
        ("Fri, 14 Sep 2026 11:02:00 MSK", "2026-09-14T11:02:00+03:00"),
        ("14 Sep 26 08:02:00 GMT", "2026-09-14T08:02:00+00:00"),
    ];
    for (value, moment) in good {
        assert_eq!(date(value).date.map(|d| d.to_rfc3339()).as_deref(), Some(moment), "{value}");
    }
}

#[test]
fn m8_return_path_and_every_auto_submitted_are_seen() {
    assert_eq!(with("Return-Path: <>\r\n", "x").origin, Origin::Robot(Robot::AutoReply));
    assert_eq!(with("Return-Path: <a@b.example>\r\n", "x").origin, Origin::Person);
    assert_eq!(with("", "x").origin, Origin::Person);
    assert_eq!(with("Auto-Submitted: auto-replied (vacation)\r\nAuto-Submitted: no\r\n", "x").origin, Origin::Robot(Robot::AutoReply));
    assert_eq!(with("Auto-Submitted: No (really)\r\n", "x").origin, Origin::Person);
    assert_eq!(with("auto-submitted: Auto-Generated; owner=x\r\n", "x").origin, Origin::Robot(Robot::Generated));
    assert_eq!(with("X-Otklik: =?utf-8?Q?v=3D1?=\r\n", "x").x_otklik.as_deref(), Some("v=1"));
}

#[test]
fn m9_flowed_text_is_unwrapped_and_foreign_formats_are_kept() {
    let flowed = "Прошу помочь \r\nс дневником.\r\n> Ваш \r\n> вопрос?\r\n>> раньше\r\n-- \r\nМама \r\nПети\r\n";
    let letter = with("Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n", flowed);
    assert_eq!(letter.body.whole, "Прошу помочь с дневником.\n> Ваш вопрос?\n>> раньше\n-- \nМама Пети");
    assert_eq!((letter.body.own.as_str(), letter.body.signature.as_str()), ("Прошу помочь с дневником.", "-- \nМама Пети"));
    let joined = with("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n", "дневни \r\nком\r\n");
    assert_eq!(joined.body.whole, "дневником");
    assert!(fixture("18").report.unwrap().contains("Status: 5.1.1"));
    let tnef = with("Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n", "eJ8+Ig==\r\n");
    assert_eq!((tnef.attachments[0].media_type.as_str(), tnef.attachments[0].bytes.len()), ("application/ms-tnef", 4));
}

#[test]
fn m10_file_names_are_last_components_without_controls() {
    let name = |field: &[u8]| {
        let fields = [b"Content-Type: application/pdf\r\nContent-Disposition: attachment; ".as_slice(), field, b"\r\n"].concat();
        bytes_with(&fields, b"x").attachments.swap_remove(0).name
    };
    assert_eq!(name(b"filename=\"../../etc/passwd\0.txt\"").as_deref(), Some("passwd.txt"));
    assert_eq!(name(b"filename=\"C:\\docs\\a.pdf\"").as_deref(), Some("a.pdf"));
    assert_eq!(name(b"filename=\"..\""), None);
    assert_eq!(name(b"filename=\"=?utf-8?B?0KHQv9GA0LDQstC60LA=?=.pdf\"").as_deref(), Some("Справка.pdf"));
    assert_eq!(name(&[b"filename=\"".as_slice(), &cp1251("Справка для школы.pdf"), b"\""].concat()).as_deref(), Some("Справка для школы.pdf"));
    // RFC 2231, a koi8-r name cut inside a word and in reverse order; a plain twin beside the extended one.
    assert_eq!(name(b"filename*1*=%D7%CB%C1.pdf;\r\n filename*0*=koi8-r'ru'%F3%D0%D2%C1").as_deref(), Some("Справка.pdf"));
    assert_eq!(name(b"filename=\"?.pdf\"; filename*=utf-8''%D0%90.pdf").as_deref(), Some("А.pdf"));
    assert_eq!(name(b"filename=doc (1).pdf").as_deref(), Some("doc (1).pdf"));
    assert_eq!(name("filename=\"отчёт\u{202E}fdp.exe\"".as_bytes()).as_deref(), Some("отчётfdp.exe"));
}

#[test]
fn m11_bytes_that_are_no_letter_are_kept_as_text() {
    let empty = read(b"");
    assert!(empty.oddities.contains(&Oddity::Unparseable));
    let text = read("Просто текст без заголовков.\nВремя: вечер".as_bytes());
    assert_eq!(text.body.own, "Просто текст без заголовков.\nВремя: вечер");
    assert!(text.oddities.contains(&Oddity::Unparseable));
    assert_eq!(read(b"Note: not a letter\n\nbody").body.whole, "Note: not a letter\n\nbody");
    assert!(read(&[0; 5000]).oddities.contains(&Oddity::Unparseable));
    let mbox = read(b"From a@b.example Mon Sep 14 11:02:00 2026\nFrom: a@b.example\nSubject: x\n\nbody");
    assert_eq!((mbox.subject.as_str(), mbox.body.own.as_str()), ("x", "body"));
}

#[test]
fn a_subject_that_lost_its_fold_and_a_header_without_end_are_read() {
    let letter = read("From: a@b.example\nSubject: Прошу\nпомочь\nTo: s@school.example\n\nТекст".as_bytes());
    assert_eq!((letter.subject.as_str(), letter.to.len(), letter.body.own.as_str()), ("Прошу помочь", 1, "Текст"));
    let glued = read("From: a@b.example\nSubject: x\nЗдравствуйте! Это текст.\nВторая строка".as_bytes());
    assert_eq!((glued.subject.as_str(), glued.body.own.as_str()), ("x", "Здравствуйте! Это текст.\nВторая строка"));
}

#[test]
fn machines_are_told_from_people() {
    let origin = |fields: &str| with(fields, "x").origin;
    let robot = [
        ("X-Failed-Recipients: x@y.example\r\n", Robot::Bounce),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=q\r\n", Robot::Bounce),
        ("Return-Path: <>\r\nSubject: Mail failure.\r\n", Robot::Bounce),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=q\r\n", Robot::ReadReceipt),
        ("Content-Type: multipart/report; report-type=feedback-report; boundary=q\r\n", Robot::Generated),
        ("X-Autoreply: yes\r\n", Robot::AutoReply),
        ("Precedence: auto_reply\r\n", Robot::AutoReply),
        ("Subject: Автоматический ответ: отпуск\r\n", Robot::AutoReply),
        ("X-Spam-Flag: YES\r\n", Robot::Spam),
        ("List-Id: <x.example>\r\n", Robot::List),
        ("List-Unsubscribe: <mailto:x@y.example>\r\n", Robot::List),
        ("Precedence: Bulk\r\n", Robot::List),
        ("X-Auto-Response-Suppress: DR, OOF\r\n", Robot::Generated),
        ("X-Auto-Response-Suppress: AutoReply\r\n", Robot::Generated),
        ("X-Ack: no\r\n", Robot::Generated),
        ("Return-Path: <bounce-77@list.example>\r\n", Robot::Generated),
    ];
    for (fields, kind) in robot {
        assert_eq!(origin(fields), Origin::Robot(kind), "{fields}");
    }
    for fields in
        ["X-Auto-Response-Suppress: DR, NDR\r\n", "X-Autoreply: no\r\n", "Precedence: first-class\r\n", "X-Spam-Flag: NO\r\n", "Subject: Re: Автоответ\r\n"]
    {
        assert_eq!(origin(fields), Origin::Person, "{fields}");
    }
    let from = |address: &str| read(format!("From: {address}\r\nDate: Mon, 14 Sep 2026 11:02:00 +0300\r\n\r\nx").as_bytes()).origin;
    assert_eq!(from("MAILER-DAEMON@y.example"), Origin::Robot(Robot::Bounce));
    assert_eq!(from("no-reply@y.example"), Origin::Robot(Robot::NoReply));
    assert_eq!(from("noreply.site@y.example"), Origin::Robot(Robot::NoReply));
    assert_eq!(from("majordomo@y.example"), Origin::Robot(Robot::List));
    assert_eq!(from("norepin@y.example"), Origin::Person);
    let hops = "Received: by x; Mon, 14 Sep 2026 11:02:00 +0300\r\n".repeat(51);
    assert_eq!(origin(&hops), Origin::Robot(Robot::Generated));
}

#[test]
fn fixtures_have_the_right_origin() {
    let expected = [
        ("02", Origin::Robot(Robot::Generated)),
        ("03", Origin::Robot(Robot::NoReply)),
        ("06", Origin::Robot(Robot::ReadReceipt)),
        ("07", Origin::Robot(Robot::Bounce)),
        ("08", Origin::Robot(Robot::List)),
        ("10", Origin::Person),
        ("18", Origin::Robot(Robot::Bounce)),
    ];
    for (number, origin) in expected {
        assert_eq!(fixture(number).origin, origin, "{number}");
    }
}

#[test]
fn the_returned_letter_is_named() {
    assert_eq!(fixture("18").returned_id.as_deref(), Some("appeal-2026-0043.2@school.example"));
    // mail.ru copies the returned letter into the text of a plain letter.
    assert_eq!(fixture("07").returned_id.as_deref(), Some("appeal-2026-0194.1@school.example"));
    assert_eq!(fixture("06").returned_id.as_deref(), Some("appeal-2026-0176.2@school.example"));
    assert!(fixture("18").forwarded.is_empty() && fixture("18").attachments.is_empty());
    // A person who pastes a header into a letter returns nothing.
    assert_eq!(with("", "Message-ID: <appeal@school.example>").returned_id, None);
}

#[test]
fn calendar_objects_are_found_wherever_they_stand_and_once() {
    let letter = fixture("02");
    assert_eq!((letter.calendars.len(), letter.calendars[0].method.as_deref()), (1, Some("COUNTER")));
    assert!(letter.calendars[0].bytes.starts_with(b"BEGIN:VCALENDAR") && letter.attachments.is_empty());
    let named = with("Content-Type: application/octet-stream; name=\"invite.ICS\"\r\nContent-Transfer-Encoding: base64\r\n", "QkVHSU46VkNBTEVOREFS\r\n");
    assert_eq!(named.calendars[0], CalendarPart { method: None, bytes: b"BEGIN:VCALENDAR".to_vec() });
    let text = with("Content-Type: text/calendar; method=reply\r\n", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    assert_eq!((text.calendars[0].method.as_deref(), text.origin), (Some("REPLY"), Origin::Person));
}

#[test]
fn attached_letters_are_read_one_level_deep() {
    let letter = fixture("01");
    assert_eq!(letter.body.own, "Ольга Борисовна, добрый день. Вопрос не ко мне, а к методистам английского. Пересылаю вложением.\nСорокин");
    let inner = &letter.forwarded[0];
    assert_eq!(inner.sender().unwrap().name.as_deref(), Some("Камила Джураева"));
    assert!(inner.body.own.starts_with("Дмитрий Александрович, добрый день!"));
    assert!(letter.attachments.is_empty());

    let one = "Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: deep\r\nContent-Type: message/rfc822\r\n\r\nFrom: z@y.example\r\n\r\ntext\r\n";
    let many = with("Content-Type: multipart/mixed; boundary=q\r\n", &format!("{}--q--\r\n", format!("--q\r\n{one}").repeat(5)));
    assert_eq!((many.forwarded.len(), many.attachments.len(), many.oddities.contains(&Oddity::Cut)), (3, 2, true));
    assert_eq!((many.forwarded[0].subject.as_str(), many.forwarded[0].forwarded.len(), many.forwarded[0].attachments.len()), ("deep", 0, 1));
}

#[test]
fn files_come_decoded_with_their_names() {
    let letter = fixture("12");
    assert_eq!(letter.attachments[0].name.as_deref(), Some("снимок экрана.png"));
    assert_eq!(letter.attachments[0].media_type, "image/png");
    assert!(letter.attachments[0].bytes.starts_with(b"\x89PNG"));
    let raw = with("Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n", "это не base64, а просто слова");
    assert_eq!(raw.attachments[0].bytes, "это не base64, а просто слова".as_bytes());
    assert!(raw.oddities.contains(&Oddity::BrokenMime));
}

#[test]
fn the_hash_knows_the_same_letter_elsewhere() {
    let (_, bytes) = FIXTURES[11];
    let letter = read(bytes);
    let moved = [b"Received: from elsewhere; Tue, 15 Sep 2026 00:00:00 +0300\r\nX-Spam-Flag: NO\r\n".as_slice(), bytes].concat();
    assert_eq!(read(&moved).content_hash, letter.content_hash);
    let changed = |from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
        read(&[&bytes[..at], to, &bytes[at + from.len()..]].concat()).content_hash
    };
    assert_ne!(changed(b"18:20:00", b"18:20:01"), letter.content_hash);
    assert_ne!(changed(b"Subject: ", b"Subject: x "), letter.content_hash);
    assert_ne!(changed(b"iVBORw0KGgo", b"iVBORw0KGgp"), letter.content_hash);
    assert_ne!(with("", "раз").content_hash, with("", "два").content_hash);
    assert_eq!(with("", "раз  два\r\n\r\n").content_hash, with("", "раз\r\nдва").content_hash);
}

#[test]
fn references_are_the_last_ten() {
    let ids: String = (0..100_000).map(|i| format!(" <r{i}@x.example>")).collect();
    let letter = with(&format!("References: {}\r\nIn-Reply-To: Ваше письмо <one@x.example> от вчера\r\n", &ids[..60_000]), "x");
    assert_eq!((letter.references.len(), letter.in_reply_to.as_slice()), (10, ["one@x.example".to_owned()].as_slice()));
    assert_eq!(letter.answers().next(), Some("one@x.example"));
    assert_eq!(bare_id(" <a\r\n b@\u{202E}c> "), "ab@c");
}

#[test]
fn lengths_are_bounded() {
    let letter = with(&format!("To: \"{}\" <x@y.example>\r\nSubject: {}\r\n", "я".repeat(5000), "ы".repeat(5000)), "x");
    assert_eq!(letter.to[0].name.as_ref().unwrap().chars().count(), 200);
    assert_eq!(letter.subject.chars().count(), 500);
    assert!(letter.oddities.contains(&Oddity::Cut));
}
