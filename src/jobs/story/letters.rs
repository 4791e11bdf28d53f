//! Letters as people, their calendars and mail servers write them. Equal stories give equal bytes.
//!
//! Not here: calendar objects (`calendars`), what our own letters look like (`compose`).

use super::Got;
use crate::message;
use crate::understand::BounceClass;
use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

/// Where and when a letter is made.
pub(super) struct Maker {
    /// The local present.
    pub at: DateTime<Tz>,
    /// The school's address.
    pub school: String,
    /// Number of the letter in the story.
    pub number: u32,
}

impl Maker {
    fn date(&self) -> String {
        self.at.format("%a, %d %b %Y %H:%M:%S %z").to_string()
    }

    /// Different in each letter, equal in each telling.
    pub(super) fn message_id(&self, sender: &str) -> String {
        let hash = Sha256::digest(format!("{} {} {sender}", self.number, self.at.timestamp()));
        let token = data_encoding::HEXLOWER.encode(hash.get(..6).unwrap_or_default());
        format!("story-{}-{token}@{}", self.number, crate::compose::domain_of(sender))
    }

    pub(super) fn head(&self, from: &str, name: Option<&str>, subject: &str) -> String {
        let from_field = name.map_or_else(|| from.to_owned(), |n| format!("{} <{from}>", encoded(n)));
        format!(
            "Date: {}\r\nFrom: {from_field}\r\nTo: {}\r\nMessage-ID: <{}>\r\nSubject: {}\r\nMIME-Version: 1.0\r\n",
            self.date(),
            self.school,
            self.message_id(from),
            encoded(subject)
        )
    }
}

pub(super) const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n";

/// RFC 2047, in words of at most 75 characters; plain ASCII stays.
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for c in text.chars() {
        if words.last().is_none_or(|w| w.len() + c.len_utf8() > 42) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let words: Vec<_> = words.iter().map(|w| format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(w.as_bytes()))).collect();
    words.join("\r\n ")
}

pub(super) fn crlf(text: &str) -> String {
    text.lines().map(|l| format!("{l}\r\n")).collect()
}

pub(super) fn base64(text: &str) -> String {
    let encoded = data_encoding::BASE64.encode(text.as_bytes());
    encoded.as_bytes().chunks(76).map(|c| format!("{}\r\n", String::from_utf8_lossy(c))).collect()
}

/// `Имя <адрес>, …` with the names encoded.
fn addresses(value: &str) -> String {
    let one = |part: &str| match part.trim().rsplit_once('<') {
        Some((name, rest)) => format!("{} <{rest}", encoded(name.trim().trim_matches('"'))),
        None => part.trim().to_owned(),
    };
    value.split(',').map(one).collect::<Vec<_>>().join(", ")
}

/// A letter with the headers of the story; what is missing is added. Also the sender's address and name.
pub(super) fn mail(maker: &Maker, headers: &[(String, String)], text: &str) -> (Vec<u8>, Option<(String, String)>) {
    let has = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    let from = headers.iter().find(|(n, _)| n.eq_ignore_ascii_case("From")).map(|(_, v)| v.as_str()).unwrap_or_default();
    let (name, email) = from.rsplit_once('<').map_or(("", from), |(n, e)| (n.trim().trim_matches('"'), e.trim_end_matches('>')));
    let mut out = String::new();
    let mut add = |name: &str, value: String| out.push_str(&format!("{name}: {value}\r\n"));
    for (name, value) in headers {
        let structured = ["From", "To", "Cc", "Reply-To", "Sender"].iter().any(|s| s.eq_ignore_ascii_case(name));
        add(name, if structured { addresses(value) } else { encoded(value) });
    }
    if !has("To") {
        add("To", maker.school.clone());
    }
    if !has("Date") {
        add("Date", maker.date());
    }
    if !has("Message-ID") {
        add("Message-ID", format!("<{}>", maker.message_id(email.trim())));
    }
    if !has("MIME-Version") {
        add("MIME-Version", "1.0".into());
    }
    if !has("Content-Type") {
        out.push_str(PLAIN);
    }
    out.push_str("\r\n");
    out.push_str(&crlf(text));
    let sender = (!name.is_empty()).then(|| (email.trim().to_owned(), name.to_owned()));
    (out.into_bytes(), sender)
}

/// An answer as mail programs write it: the text above, our letter quoted below.
pub(super) fn reply(maker: &Maker, who: &str, name: Option<&str>, got: &Got, text: &str) -> Vec<u8> {
    let ours = message::read(&got.raw);
    let mut out = maker.head(who, name, &format!("Re: {}", ours.subject));
    let ids: Vec<String> = ours.references.iter().chain([&got.message_id]).map(|id| format!("<{id}>")).collect();
    out.push_str(&format!("In-Reply-To: <{}>\r\nReferences: {}\r\n{PLAIN}\r\n", got.message_id, ids.join("\r\n ")));
    out.push_str(&crlf(text));
    let when = ours.date.map(|d| d.format("%d.%m.%Y %H:%M").to_string()).unwrap_or_default();
    out.push_str(&format!("\r\n{when}, {} пишет:\r\n", maker.school));
    for line in ours.body.whole.lines() {
        out.push_str(&format!("> {line}\r\n"));
    }
    out.into_bytes()
}

/// A vacation answer of a server that sets none of the headers of RFC 3834.
pub(super) fn autoreply(maker: &Maker, who: &str, name: Option<&str>, got: &Got) -> Vec<u8> {
    let ours = message::read(&got.raw);
    let mut out = maker.head(who, name, &format!("Re: {}", ours.subject));
    out.push_str(&format!("In-Reply-To: <{}>\r\n{PLAIN}\r\n", got.message_id));
    out.push_str("Здравствуйте! Спасибо за письмо. Я в отпуске и отвечу после возвращения.\r\n");
    out.into_bytes()
}

/// A delivery report as Postfix writes it, with the head of our letter.
pub(super) fn bounce(maker: &Maker, who: &str, got: &Got, class: BounceClass) -> Vec<u8> {
    let host = crate::compose::domain_of(&maker.school);
    let (subject, action, status, says) = match class {
        BounceClass::Hard => ("Undelivered Mail Returned to Sender", "failed", "5.1.1", "550 5.1.1 Recipient address rejected: User unknown"),
        BounceClass::Soft => ("Undelivered Mail Returned to Sender", "failed", "4.2.2", "452 4.2.2 Mailbox full"),
        BounceClass::Delayed => ("Delayed Mail (still being retried)", "delayed", "4.4.1", "connect to mx: Connection timed out"),
    };
    let b = format!("story-{}.{}/mx.{host}", maker.number, maker.at.timestamp());
    let arrival = (maker.at - TimeDelta::minutes(1)).format("%a, %d %b %Y %H:%M:%S %z");
    let head: String = String::from_utf8_lossy(&got.raw).split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let mut out = format!(
        "Return-Path: <>\r\nDate: {}\r\nFrom: MAILER-DAEMON@mx.{host} (Mail Delivery System)\r\nSubject: {subject}\r\nTo: {}\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <{}>\r\nMIME-Version: 1.0\r\n",
        maker.date(),
        maker.school,
        maker.message_id(&format!("mailer-daemon@mx.{host}")),
    );
    out.push_str(&format!("Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{b}\"\r\n\r\n"));
    out.push_str(&format!(
        "--{b}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is the mail system at host mx.{host}.\r\n\r\n<{who}>: {says}\r\n\r\n"
    ));
    out.push_str(&format!(
        "--{b}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.{host}\r\nArrival-Date: {arrival}\r\n\r\nFinal-Recipient: rfc822; {who}\r\nOriginal-Recipient: rfc822;{who}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {says}\r\n\r\n"
    ));
    out.push_str(&format!("--{b}\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n\r\n--{b}--\r\n"));
    out.into_bytes()
}
