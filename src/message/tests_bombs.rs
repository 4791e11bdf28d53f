//! Letters made to break a reader, and letters broken at random. They must finish, without a panic, within bounds;
//! a quadratic step would keep these tests running for minutes.

use proptest::prelude::*;

use super::read::letter;
use super::tests::FIXTURES;
use super::{Message, Oddity, clean, html};

/// Reads without the net that catches panics.
fn bare(bytes: &[u8]) -> Message {
    let message = letter(bytes, true);
    check(&message);
    message
}

fn is_clean(text: &str) -> bool {
    !text.chars().any(clean::is_unwelcome)
}

/// What holds for every message.
fn check(message: &Message) {
    let people = || message.from.iter().chain(&message.reply_to).chain(&message.to).chain(&message.cc);
    assert!(people().all(|a| is_clean(&a.email) && !a.email.is_empty() && a.name.iter().all(|n| is_clean(n) && n.chars().count() <= 200)));
    assert!(is_clean(&message.subject) && message.subject.chars().count() <= 500);
    assert!(
        message.message_id.iter().chain(&message.returned_id).chain(&message.in_reply_to).chain(&message.references).all(|id| is_clean(id) && !id.is_empty())
    );
    assert!(message.references.len() <= 10 && message.forwarded.len() <= 3 && message.from.len() <= 20 && message.to.len() <= 200);
    assert!(message.attachments.len() + message.calendars.len() <= 200);
    assert!(message.attachments.iter().filter_map(|a| a.name.as_ref()).all(|n| is_clean(n) && !n.contains(['/', '\\'])));
    let body = &message.body;
    assert!(body.whole.len() <= (1 << 20) + 4 && body.own.len() <= 2 * body.whole.len() + 2);
    assert!(body.whole.chars().all(|c| c == '\n' || c == '\t' || !clean::is_unwelcome(c)));
    assert_eq!(body.own.trim().is_empty(), body.whole.trim().is_empty());
    assert_eq!(message.content_hash.len(), 64);
}

const HEAD: &str = "From: a@b.example\r\nSubject: bomb\r\nMIME-Version: 1.0\r\n";

#[test]
fn nested_multiparts_are_cut() {
    for closed in [false, true] {
        let mut text = HEAD.to_owned();
        for i in 0..30_000 {
            text.push_str(&format!("Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n"));
        }
        text.push_str("\r\nтекст\r\n");
        if closed {
            (0..30_000).rev().for_each(|i| text.push_str(&format!("--b{i}--\r\n")));
        }
        let message = bare(text.as_bytes());
        assert!(message.oddities.contains(&Oddity::Cut) && message.subject == "bomb");
    }
}

#[test]
fn many_parts_with_boundaries_that_never_come_are_cut() {
    let mut text = format!("{HEAD}Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nтекст\r\n");
    text.push_str(&"--q\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\nx\r\n".repeat(50_000));
    let message = bare(text.as_bytes());
    assert!(message.oddities.contains(&Oddity::Cut) && message.body.own.starts_with("текст"));
    let flat = format!("{HEAD}Content-Type: multipart/mixed; boundary=q\r\n\r\n{}", "--q\r\n\r\nx\r\n".repeat(200_000));
    assert!(bare(flat.as_bytes()).oddities.contains(&Oddity::Cut));
    let digest = format!("{HEAD}Content-Type: multipart/digest; boundary=q\r\n\r\n{}", "--q\r\n\r\nFrom: x@y.example\r\n\r\nx\r\n".repeat(50_000));
    assert_eq!(bare(digest.as_bytes()).forwarded.len(), 3);
}

#[test]
fn nested_letters_are_read_one_level_deep() {
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(50_000);
    let message = bare(format!("{HEAD}{nested}").as_bytes());
    assert_eq!(message.forwarded.len(), 1);
    // Within base64 the same kills a process that hands it to mail-parser 0.11.9.
    let encoded = data_encoding::BASE64.encode(format!("From: x@y.example\r\n{nested}").as_bytes());
    let message = bare(format!("{HEAD}Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n").as_bytes());
    assert_eq!((message.forwarded.len(), message.forwarded[0].attachments.len()), (1, 1));
}

#[test]
fn endless_headers_are_cut() {
    let mut text = String::from(HEAD);
    (0..100_000).for_each(|i| text.push_str(&format!("X-{i}: y\r\n")));
    text.push_str("\r\nтекст");
    let message = bare(text.as_bytes());
    assert_eq!((message.body.own.as_str(), message.oddities.contains(&Oddity::Cut)), ("текст", true));
    let many = format!("{HEAD}To: {}\r\n\r\nx", "a@b.example, ".repeat(100_000));
    assert_eq!(bare(many.as_bytes()).to.len(), 200);
    let groups = format!("{HEAD}To: {}\r\n\r\nx", "g:a@b.example;".repeat(100_000));
    assert!(bare(groups.as_bytes()).to.len() <= 200);
    let long = format!("{HEAD}X-Long: {}\r\nTo: z@x.example\r\n\r\nx", "y".repeat(5_000_000));
    assert_eq!(bare(long.as_bytes()).to[0].email, "z@x.example");
    let senders = "From: a@b.example\r\n".repeat(100_000);
    assert!(bare(senders.as_bytes()).from_fields >= 1000);
    let folds = format!("{HEAD}References:{}\r\n\r\nx", "\r\n <a@b.example>".repeat(100_000));
    assert_eq!(bare(folds.as_bytes()).references.len(), 10);
}

#[test]
fn comments_words_and_parameters_without_end() {
    for field in ["To", "Subject", "Content-Type", "Date", "Auto-Submitted", "Message-ID", "Return-Path", "Content-Disposition"] {
        for unit in ["(", "\"", "<", "=?", "=?utf-8?B?", "=?utf-8?q?x?= ", ";a*0*=x", "\\", ",", ":"] {
            let text = format!("{HEAD}{field}: {}\r\n\r\nтекст", unit.repeat(200_000 / unit.len()));
            assert_eq!(bare(text.as_bytes()).body.whole, "текст", "{field} {unit}");
        }
    }
    let words = format!("{HEAD}To: {} <x@y.example>\r\n\r\nx", "=?utf-8?B?0L8=?=\r\n ".repeat(100_000));
    bare(words.as_bytes());
    let sections: String = (0..50_000).rev().map(|i| format!(";\r\n name*{i}*=%D0%BF")).collect();
    bare(format!("{HEAD}Content-Type: application/pdf{sections}\r\n\r\nx").as_bytes());
}

#[test]
fn boundaries_of_dashes() {
    let dashes = "-".repeat(100);
    let text = format!("{HEAD}Content-Type: multipart/mixed; boundary=\"{dashes}\"\r\n\r\n{}", "-".repeat(3_000_000));
    bare(text.as_bytes());
    let lines = format!("{HEAD}Content-Type: multipart/mixed; boundary=\"{dashes}\"\r\n\r\n{}", format!("{}\r\n", "-".repeat(101)).repeat(30_000));
    bare(lines.as_bytes());
}

#[test]
fn html_bombs_are_linear() {
    let bombs = [
        "<div>".repeat(200_000),
        "<blockquote>".repeat(80_000) + "x",
        "<table><tr><td>".repeat(50_000) + "x",
        "<style>".repeat(140_000) + "x",
        "<!--".repeat(250_000),
        "<a href=\"".repeat(100_000),
        "<a title='".repeat(100_000) + ">",
        "<".repeat(1_000_000),
        "<a ".repeat(300_000),
        "&".repeat(1_000_000),
        "<div style=display:none>".repeat(40_000) + "x",
        "<ol><li>".repeat(100_000),
        "</td>".repeat(200_000),
        "<p style=\"".repeat(90_000) + "\">",
        " ".repeat(1_000_000),
        "a<td>\n".repeat(100_000),
    ];
    for bomb in bombs {
        html::to_text(&bomb);
    }
    let message = bare(format!("{HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n{}слова{}", "<div>".repeat(20_000), "</div>".repeat(20_000)).as_bytes());
    assert_eq!(message.body.own, "слова");
    let big = bare(format!("{HEAD}Content-Type: text/html\r\n\r\n{}", "<p>x</p>".repeat(400_000)).as_bytes());
    assert!(big.oddities.contains(&Oddity::Cut));
}

#[test]
fn text_bombs_are_linear() {
    let bombs = [
        ">".repeat(1_000_000),
        ">\n".repeat(100_000),
        "От: x\n".repeat(40_000),
        "14.09.2026 11:02\n".repeat(30_000),
        "--\n".repeat(100_000),
        "С уважением,\n".repeat(40_000),
        "\n".repeat(1_000_000),
        "Отправлено с iPhone\n".repeat(20_000),
        "14.09.2026 11:02, x пишет:\n\n\n\n".repeat(20_000),
        "-".repeat(1_000_000),
        "a \n".repeat(100_000),
    ];
    for bomb in bombs {
        for kind in ["text/plain", "text/plain; format=flowed"] {
            bare(format!("{HEAD}Content-Type: {kind}\r\n\r\n{bomb}").as_bytes());
        }
    }
}

#[test]
fn nothing_and_nothing_but_nuls() {
    for bytes in [&b""[..], b"\n", b"\r\n\r\n", b":", b"From:", b"From: \r\n\r\n", b"\xff\xfe", b"\xef\xbb\xbf"] {
        bare(bytes);
    }
    assert_eq!(bare(&vec![0; 1_000_000]).body.whole, "");
    assert!(bare(&vec![0xff; 100_000]).oddities.contains(&Oddity::Unparseable));
}

/// What mutations insert.
const TOKENS: [&str; 18] = [
    "\r\n",
    "\n\n",
    "--",
    "=?utf-8?B?",
    "?=",
    "Content-Type: multipart/mixed; boundary=",
    "Content-Type: message/rfc822\r\n\r\n",
    "\0",
    "<",
    ">",
    "\"",
    "(",
    "=D0",
    "; charset=koi8-r",
    "\u{202E}",
    "&#",
    "-----Исходное сообщение-----\n",
    "Content-Transfer-Encoding: base64\r\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        bare(&bytes);
    }

    #[test]
    fn mutated_letters_are_read(which in 0..FIXTURES.len(), changes in prop::collection::vec((any::<prop::sample::Index>(), 0..5_u8, any::<u8>(), 0..TOKENS.len()), 1..12)) {
        let mut bytes = FIXTURES[which].1.to_vec();
        for (at, what, byte, token) in changes {
            if bytes.is_empty() { break; }
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match what {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => { bytes.splice(at..at, TOKENS[token].bytes()); }
                3 => bytes.truncate(at.max(1)),
                _ => { let end = (at + usize::from(byte)).min(bytes.len()); let piece = bytes[at..end].to_vec(); bytes.splice(at..at, piece); }
            }
        }
        bare(&bytes);
    }

    #[test]
    fn any_text_is_cut_without_loss(text in "([>а-яА-Я ]{0,12}|От: x|Дата: 14.09.2026|Тема: y|--|С уважением, Я|14.09.2026 11:02, x <a@b.example>:|\n){0,30}") {
        let folds = super::quotes::cut(&text, false);
        let count = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).count();
        let parts = count(&folds.own) + count(&folds.signature) + count(&folds.quoted);
        // The initials before a mark («ИП>») are the only letters that may go.
        prop_assert!(folds.own == text || parts <= count(&text) && parts + 3 * text.lines().count() >= count(&text));
    }
}
