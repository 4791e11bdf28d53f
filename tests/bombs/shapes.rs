//! Bombs made of structure: parts, headers, addresses, ids. Each is a whole letter; reliability.md §5 names them.

use data_encoding::BASE64;

/// A parent's first lines, so that what is read goes all the way.
pub const HEAD: &str = "From: Мама <mama@family.example>\r\nTo: priemnaya@school.example\r\nSubject: bomb\r\nMessage-ID: <b@family.example>\r\n\
     Date: Mon, 23 Nov 2026 09:00:00 +0300\r\nMIME-Version: 1.0\r\n";

/// What the parent wants.
pub const TEXT: &str = "Здравствуйте! Не могу войти в электронный журнал, пишет, что пароль неверный. Мама Пети Иванова, 5А.";

/// A letter of these header lines and this body.
pub fn letter(fields: &str, body: &str) -> Vec<u8> {
    format!("{HEAD}{fields}\r\n{body}").into_bytes()
}

/// A plain letter in UTF-8 of this text.
pub fn plain(body: &str) -> Vec<u8> {
    letter("Content-Type: text/plain; charset=utf-8\r\n", body)
}

fn nested_multiparts(closed: bool) -> Vec<u8> {
    let mut text = HEAD.to_owned();
    for i in 0..100_000 {
        text.push_str(&format!("Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n"));
    }
    text.push_str(&format!("\r\n{TEXT}\r\n"));
    if closed {
        (0..100_000).rev().for_each(|i| text.push_str(&format!("--b{i}--\r\n")));
    }
    text.into_bytes()
}

pub fn multiparts_within_multiparts() -> Vec<u8> {
    nested_multiparts(false)
}

pub fn multiparts_within_multiparts_closed() -> Vec<u8> {
    nested_multiparts(true)
}

pub fn letters_within_letters() -> Vec<u8> {
    format!("{HEAD}{}", "Content-Type: message/rfc822\r\n\r\n".repeat(50_000)).into_bytes()
}

/// 80 KB of these overflow the stack of mail-parser 0.11.9, which aborts the process.
pub fn letters_within_base64() -> Vec<u8> {
    let inner = format!("From: x@y.example\r\n{}", "Content-Type: message/rfc822\r\n\r\n".repeat(50_000));
    letter("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n", &BASE64.encode(inner.as_bytes()))
}

/// Each level is the base64 of the next: twenty times a third more.
pub fn base64_within_base64() -> Vec<u8> {
    let mut inner = format!("{HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\n{}", "текст ".repeat(4_000)).into_bytes();
    for _ in 0..14 {
        inner = letter("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n", &BASE64.encode(&inner));
    }
    inner
}

pub fn a_million_parts() -> Vec<u8> {
    letter("Content-Type: multipart/mixed; boundary=q\r\n", &format!("--q\r\n\r\n{TEXT}\r\n{}", "--q\r\n\r\nx\r\n".repeat(1_000_000)))
}

/// Each opens a multipart whose boundary never comes: read naively, the square of their number.
pub fn parts_that_never_begin() -> Vec<u8> {
    let part = "--q\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\nx\r\n";
    letter("Content-Type: multipart/mixed; boundary=q\r\n", &format!("--q\r\n\r\n{TEXT}\r\n{}", part.repeat(100_000)))
}

pub fn a_digest_of_letters() -> Vec<u8> {
    letter("Content-Type: multipart/digest; boundary=q\r\n", &"--q\r\n\r\nFrom: x@y.example\r\n\r\nx\r\n".repeat(200_000))
}

pub fn calendars_in_each_part() -> Vec<u8> {
    let part = |n: usize| {
        format!("--q\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u{n}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    };
    letter("Content-Type: multipart/mixed; boundary=q\r\n", &(0..50_000).map(part).collect::<String>())
}

pub fn a_hundred_thousand_fields() -> Vec<u8> {
    letter(&(0..100_000).map(|i| format!("X-{i}: y\r\n")).collect::<String>(), TEXT)
}

pub fn one_field_of_60_megabytes() -> Vec<u8> {
    letter(&format!("X-Long: {}\r\n", "y".repeat(60 << 20)), TEXT)
}

pub fn a_subject_of_10_megabytes() -> Vec<u8> {
    format!("From: mama@family.example\r\nSubject: {}\r\n\r\n{TEXT}", "слово ".repeat(900_000)).into_bytes()
}

pub fn a_million_addresses() -> Vec<u8> {
    letter(&format!("Cc: {}x@y.example\r\n", "a@b.example, ".repeat(1_000_000)), TEXT)
}

pub fn a_hundred_thousand_groups() -> Vec<u8> {
    letter(&format!("Cc: {}\r\n", "g:a@b.example;".repeat(100_000)), TEXT)
}

pub fn groups_within_groups() -> Vec<u8> {
    letter(&format!("Cc: {}\r\n", "g:".repeat(500_000)), TEXT)
}

pub fn a_hundred_thousand_senders() -> Vec<u8> {
    format!("{}{HEAD}\r\n{TEXT}", "From: a@b.example\r\n".repeat(100_000)).into_bytes()
}

fn sections(order: impl Iterator<Item = usize>) -> Vec<u8> {
    let sections: String = order.map(|i| format!(";\r\n name*{i}*=%D0%BF")).collect();
    letter(&format!("Content-Type: application/pdf{sections}\r\n"), TEXT)
}

pub fn sections_of_a_file_name() -> Vec<u8> {
    sections(0..50_000)
}

pub fn sections_of_a_file_name_backwards() -> Vec<u8> {
    sections((0..50_000).rev())
}

pub fn a_hundred_thousand_encoded_words() -> Vec<u8> {
    letter(&format!("Cc: {} <x@y.example>\r\n", "=?utf-8?B?0L8=?=\r\n ".repeat(100_000)), TEXT)
}

pub fn encoded_words_that_never_end() -> Vec<u8> {
    letter(&format!("Cc: {}\r\nX-Subject: {}\r\n", "=?utf-8?B?".repeat(100_000), "=?".repeat(500_000)), TEXT)
}

pub fn a_million_brackets() -> Vec<u8> {
    let open = "(".repeat(1_000_000);
    letter(&format!("Cc: {open}\r\nContent-Type: {open}\r\nAuto-Submitted: {open}\r\nReturn-Path: {open}\r\n"), TEXT)
}

pub fn a_boundary_of_dashes() -> Vec<u8> {
    letter(&format!("Content-Type: multipart/mixed; boundary=\"{}\"\r\n", "-".repeat(70)), &"-".repeat(10_000_000))
}

pub fn lines_of_dashes() -> Vec<u8> {
    let line = format!("{}\r\n", "-".repeat(71));
    letter(&format!("Content-Type: multipart/mixed; boundary=\"{}\"\r\n", "-".repeat(70)), &line.repeat(140_000))
}

pub fn a_hundred_thousand_references() -> Vec<u8> {
    let ids: String = (0..100_000).map(|i| format!("\r\n <r{i}@x.example>")).collect();
    letter(&format!("References:{ids}\r\nIn-Reply-To:{ids}\r\n"), TEXT)
}

pub fn a_hundred_thousand_checks() -> Vec<u8> {
    let field = format!("Authentication-Results: mx.school.example; {}\r\n", "dkim=pass header.d=x.example; ".repeat(30));
    letter(&format!("{}Authentication-Results: {}\r\n", field.repeat(3_000), "(((\"\\".repeat(300_000)), TEXT)
}

/// In the name of staff, so that signatures are looked for.
pub fn signatures_without_end() -> Vec<u8> {
    let signature = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=school.example; s=k1; bh=AA==; b=AA==; h=";
    let fields = format!("{signature}{}\r\n", "from:".repeat(40_000)).repeat(5);
    format!("{}{fields}\r\n{}", HEAD.replace("mama@family.example", "a.zaytseva@school.example"), "x \r\n".repeat(1_000_000)).into_bytes()
}

/// A delivery report about a hundred thousand people.
pub fn a_report_about_everybody() -> Vec<u8> {
    let people: String = (0..100_000).map(|i| format!("Final-Recipient: rfc822; p{i}@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n")).collect();
    let head = HEAD.replace("mama@family.example", "mailer-daemon@mx.example");
    format!(
        "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n{head}Content-Type: multipart/report; report-type=delivery-status; boundary=q\r\n\r\n\
         --q\r\n\r\nundeliverable\r\n--q\r\nContent-Type: message/delivery-status\r\n\r\n{people}--q--\r\n"
    )
    .into_bytes()
}
