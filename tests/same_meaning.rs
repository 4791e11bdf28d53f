//! What is understood of a letter does not depend on how it travels: charset, transfer encoding, a mail program's signature, the letter quoted below.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono_tz::Europe::Moscow;
use data_encoding::BASE64;
use otklik::message::{self, Message};
use otklik::understand::{Context, Kind, Topics, explain_json, understand};
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

static TOPICS: LazyLock<Topics> = LazyLock::new(Topics::embedded);

/// The letters of the development corpus that a person wrote as a new appeal, read.
static LETTERS: LazyLock<Vec<(String, Message)>> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/dev");
    let mut paths: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let letters = paths.iter().map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), message::read(&std::fs::read(p).unwrap())));
    letters
        .filter(|(_, m)| m.body.quoted.trim().is_empty() && m.forwarded.is_empty() && m.calendars.is_empty() && m.report.is_none())
        .filter(|(_, m)| understood(m)["kind"] == "new_appeal" && m.date.is_some() && !m.body.own.trim().is_empty())
        .collect()
});

fn understood(message: &Message) -> serde_json::Value {
    let (own, staff) = (["priemnaya@school.example".to_owned()], ["school.example".to_owned()]);
    let context = Context { own: &own, staff_domains: &staff, zone: Some(Moscow), ..Context::default() };
    let read = understand(&TOPICS, message, &context);
    assert_ne!(read.kind, Some(Kind::Bounce));
    explain_json("letter", &read, Moscow)
}

/// How a letter travels.
#[derive(Debug, Clone, Copy)]
struct Travel {
    charset: &'static str,
    base64: bool,
    html: bool,
}

fn encoded(text: &str, charset: &str) -> Vec<u8> {
    encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap().encode(text).0.into_owned()
}

fn quoted_printable(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut column = 0;
    for &b in bytes {
        if b == b'\n' {
            out.push_str("\r\n");
            column = 0;
            continue;
        }
        let piece = if b.is_ascii_graphic() && b != b'=' { char::from(b).to_string() } else { format!("={b:02X}") };
        if column + piece.len() > 72 {
            out.push_str("=\r\n");
            column = 0;
        }
        column += piece.len();
        out.push_str(&piece);
    }
    out
}

/// The letter again, its text travelling in another way.
fn sent_again(letter: &Message, text: &str, travel: Travel) -> Vec<u8> {
    let from = letter.from.first().unwrap();
    let word = |text: &str| format!("=?utf-8?B?{}?=", BASE64.encode(text.as_bytes()));
    let name = from.name.as_deref().map(word).unwrap_or_default();
    let text = if travel.html {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let lines: Vec<String> = escaped.lines().map(|l| format!("<div>{}</div>", if l.trim().is_empty() { "<br>" } else { l })).collect();
        format!("<html><body>{}</body></html>", lines.join("\n"))
    } else {
        text.to_owned()
    };
    let bytes = encoded(&text, travel.charset);
    let body = if travel.base64 {
        BASE64.encode(&bytes).as_bytes().chunks(76).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join("\r\n")
    } else {
        quoted_printable(&bytes)
    };
    let subject = if letter.subject.is_empty() {
        String::new()
    } else {
        letter.subject.chars().collect::<Vec<_>>().chunks(20).map(|c| word(&c.iter().collect::<String>())).collect::<Vec<_>>().join("\r\n ")
    };
    format!(
        "From: {name} <{}>\r\nTo: priemnaya@school.example\r\nDate: {}\r\nSubject: {subject}\r\nMessage-ID: <1@family.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/{}; charset={}\r\nContent-Transfer-Encoding: {}\r\n\r\n{body}\r\n",
        from.email,
        letter.date.unwrap().to_rfc2822(),
        if travel.html { "html" } else { "plain" },
        travel.charset,
        if travel.base64 { "base64" } else { "quoted-printable" },
    )
    .into_bytes()
}

/// Characters that the Russian one-byte charsets lack would be lost in them, as in life.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii() || matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')).map(|c| if c == '\r' { ' ' } else { c }).collect()
}

const PLAIN: Travel = Travel { charset: "utf-8", base64: true, html: false };

const SIGNATURES: [&str; 6] = [
    "\n\n-- \nОтправлено из мобильной Почты Mail.ru",
    "\n\nОтправлено с iPhone",
    "\n\nОтправлено из Яндекс.Почты для мобильных",
    "\n\nSent from my Samsung Galaxy smartphone.",
    "\n\n--\nОтправлено из myMail для Android",
    "\n\nПолучить Outlook для Android",
];

/// Quoted below a new appeal, other people's letters change nothing: a relative's, a class chat's digest, an old one of the author's own.
const QUOTES: [&str; 3] = [
    "\n\nпн, 2 нояб. 2026 г. в 09:14, Людмила Орешкина <l.oreshkina@post.example>:\n> Привет! Посмотри, пожалуйста, письмо и напиши в школу сама.\n> Бабушка звонила, обещала заехать в субботу, телефон 8 900 000-55-66.\n",
    "\n\n02.11.2026 9:14, Чат родителей <digest@chat.example> пишет:\n> Светлана: кто сдаёт на шторы?\n> Игорь: напоминаю о собрании в четверг в 18:00 в классе 7Б.\n",
    "\n\n-------- Исходное сообщение --------\nОт: Заявитель <{own}>\nДата: 2 ноября 2026 г., 9:14\nКому: priemnaya@school.example\nТема: Справка\n\nДобрый день! Справку об обучении мы уже получили в четверг в 18:00.\n",
];

/// What must not change: everything but the reasons, whose quotes may, and the confidence of the kind.
fn essence(message: &Message) -> serde_json::Value {
    let mut read = understood(message);
    let object = read.as_object_mut().unwrap();
    for key in ["reasons", "confidence", "file"] {
        object.remove(key);
    }
    read
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_way_of_travel_changes_nothing(n in 0usize..1000, charset in prop::sample::select(vec!["utf-8", "windows-1251", "koi8-r"]), base64: bool, html: bool) {
        let (file, letter) = &LETTERS[n % LETTERS.len()];
        let text = plain(&letter.body.whole);
        let before = essence(&message::read(&sent_again(letter, &text, PLAIN)));
        let after = essence(&message::read(&sent_again(letter, &text, Travel { charset, base64, html })));
        prop_assert_eq!(before, after, "{}", file);
    }

    #[test]
    fn a_mail_programs_signature_changes_nothing(n in 0usize..1000, which in 0usize..SIGNATURES.len()) {
        let (file, letter) = &LETTERS[n % LETTERS.len()];
        let text = plain(&letter.body.whole);
        let before = essence(&message::read(&sent_again(letter, &text, PLAIN)));
        let signed = format!("{}{}", text.trim_end(), SIGNATURES[which]);
        prop_assert_eq!(before, essence(&message::read(&sent_again(letter, &signed, PLAIN))), "{} {}", file, SIGNATURES[which]);
    }

    #[test]
    fn a_letter_quoted_below_changes_nothing(n in 0usize..1000, which in 0usize..QUOTES.len()) {
        let (file, letter) = &LETTERS[n % LETTERS.len()];
        let text = plain(&letter.body.whole);
        let before = essence(&message::read(&sent_again(letter, &text, PLAIN)));
        let own = &letter.from.first().unwrap().email;
        let quoting = format!("{}{}", text.trim_end(), QUOTES[which].replace("{own}", own));
        prop_assert_eq!(before, essence(&message::read(&sent_again(letter, &quoting, PLAIN))), "{} {}", file, QUOTES[which]);
    }
}

#[test]
fn there_are_letters_enough() {
    assert!(LETTERS.len() > 60, "{}", LETTERS.len());
}
