//! How letters look that people, their calendars and mail servers write. Equal worlds write equal bytes.
//!
//! Not here: who writes what when (`people`), what the school's letters look like (`compose` of the program).

use super::luck::Luck;
use chrono::{DateTime, FixedOffset, Utc};
use otklik::itip::Object;
use otklik::message;

/// The school's mailbox.
pub const SCHOOL: &str = "priemnaya@school.example";

/// Who delivers: makes letters with a number of their own.
#[derive(Debug, Clone)]
pub struct Pen {
    seed: u64,
    number: u32,
}

/// A letter on its way to bytes.
pub struct Draft<'a> {
    pub from: &'a str,
    pub name: Option<&'a str>,
    pub subject: &'a str,
    /// Lines behind the usual ones, each with CRLF.
    pub more: String,
    /// Everything behind the headers' last line: content type, empty line, body.
    pub body: String,
    /// What the school's own mail server says of the sender; nothing: nobody signed.
    pub proved: bool,
    pub id: Option<String>,
}

impl Pen {
    /// The pen of a seed.
    pub fn new(seed: u64) -> Pen {
        Pen { seed, number: 0 }
    }

    /// A fresh Message-ID of this domain, bare.
    pub fn id(&mut self, from: &str) -> String {
        self.number += 1;
        format!("w{}-{}@{}", self.seed, self.number, domain(from))
    }

    /// The bytes as the school's server stores them.
    pub fn write(&mut self, at: DateTime<Utc>, d: &Draft<'_>) -> Vec<u8> {
        let id = d.id.clone().unwrap_or_else(|| self.id(d.from));
        let local = at.with_timezone(&FixedOffset::east_opt(3 * 3600).unwrap());
        let date = local.format("%a, %d %b %Y %H:%M:%S %z");
        let from = d.name.map_or_else(|| d.from.to_owned(), |n| format!("{} <{}>", encoded(n), d.from));
        let verdict = if d.proved {
            format!("spf=pass smtp.mailfrom={}; dmarc=pass header.from={}", d.from, domain(d.from))
        } else {
            "spf=softfail; dmarc=fail".to_owned()
        };
        let id_line = if id.is_empty() { String::new() } else { format!("Message-ID: <{id}>\r\n") };
        format!(
            "Received: by mx.school.example with LMTP id {}; {date}\r\nAuthentication-Results: mx.school.example; {verdict}\r\nReceived: from mail.{}\r\n\tby mx.school.example with ESMTPS id 1; {date}\r\n\
             Date: {date}\r\nFrom: {from}\r\nTo: {SCHOOL}\r\n{id_line}Subject: {}\r\n{}MIME-Version: 1.0\r\n{}",
            self.number,
            domain(d.from),
            encoded(d.subject),
            d.more,
            d.body
        )
        .into_bytes()
    }

    /// A plain letter.
    pub fn plain(&mut self, at: DateTime<Utc>, from: &str, name: Option<&str>, subject: &str, text: &str) -> Vec<u8> {
        self.write(at, &Draft { from, name, subject, more: String::new(), body: body(text), proved: true, id: None })
    }

    /// An answer to a letter of the school, with the quoted letter below.
    pub fn reply(&mut self, at: DateTime<Utc>, from: &str, ours: &[u8], text: &str, quoted: bool) -> Vec<u8> {
        let got = message::read(ours);
        let id = got.message_id.clone().unwrap_or_default();
        let references: Vec<String> = got.references.iter().chain([&id]).map(|i| format!("<{i}>")).collect();
        let mut whole = format!("{text}\r\n");
        if quoted {
            whole.push_str(&format!("\r\n01.12.2026 10:00, {SCHOOL} пишет:\r\n"));
            got.body.whole.lines().for_each(|l| whole.push_str(&format!("> {l}\r\n")));
        }
        let more = format!("In-Reply-To: <{id}>\r\nReferences: {}\r\n", references.join("\r\n "));
        self.write(at, &Draft { from, name: None, subject: &format!("Re: {}", got.subject), more, body: body(&whole), proved: true, id: None })
    }

    /// A calendar's answer to an invitation.
    pub fn calendar(&mut self, at: DateTime<Utc>, from: &str, of: &Object, partstat: &str, proved: bool) -> Vec<u8> {
        let stamp = at.format("%Y%m%dT%H%M%SZ");
        let time = |name: &str, at: Option<DateTime<Utc>>| at.map(|at| format!("{name}:{}\r\n", at.format("%Y%m%dT%H%M%SZ"))).unwrap_or_default();
        let ics = format!(
            "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n{}{}DTSTAMP:{stamp}\r\nORGANIZER:mailto:{SCHOOL}\r\nUID:{}\r\n\
             ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat}:mailto:{from}\r\nSEQUENCE:{}\r\nSTATUS:CONFIRMED\r\nSUMMARY:x\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            time("DTSTART", of.start),
            time("DTEND", of.end),
            of.uid,
            of.sequence
        );
        let body = format!(
            "Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nОтвет на приглашение\r\n--b\r\n\
             Content-Type: text/calendar; charset=\"UTF-8\"; method=REPLY\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{ics}\r\n--b--\r\n"
        );
        self.write(at, &Draft { from, name: None, subject: "Принято: Консультация", more: String::new(), body, proved, id: None })
    }

    /// A delivery report about a letter of the school, as Postfix writes it; `of` is what stands for the returned letter's head.
    pub fn bounce(&mut self, at: DateTime<Utc>, who: &str, of: &[u8], delayed: bool) -> Vec<u8> {
        let (action, status, says) =
            if delayed { ("delayed", "4.4.1", "connect to mx: Connection timed out") } else { ("failed", "5.1.1", "550 5.1.1 User unknown") };
        let head = String::from_utf8_lossy(of).split("\r\n\r\n").next().unwrap_or_default().to_owned();
        let body = format!(
            "Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n<{who}>: {says}\r\n\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.school.example\r\n\r\nFinal-Recipient: rfc822; {who}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {says}\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n\r\n--b--\r\n"
        );
        let raw = self.write(
            at,
            &Draft {
                from: "MAILER-DAEMON@mx.school.example",
                name: None,
                subject: "Undelivered Mail Returned to Sender",
                more: String::new(),
                body,
                proved: false,
                id: None,
            },
        );
        [b"Return-Path: <>\r\n".as_slice(), &raw].concat()
    }
}

/// The part of a plain body.
pub fn body(text: &str) -> String {
    let lines: String = text.lines().map(|l| format!("{l}\r\n")).collect();
    format!("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{lines}")
}

/// The domain of an address.
pub fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, d)| d)
}

/// RFC 2047, in words that fit.
pub fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let words: Vec<String> =
        chars.chunks(20).map(|c| format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(c.iter().collect::<String>().as_bytes()))).collect();
    words.join("\r\n ")
}

/// What a machine answers to a letter of the school: one of the models of reliability.md 4.4.
pub fn machine(pen: &mut Pen, luck: &mut Luck, at: DateTime<Utc>, model: u8, from: &str, ours: &[u8]) -> Vec<u8> {
    let got = message::read(ours);
    let id = got.message_id.clone().unwrap_or_default();
    let thread = format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n");
    let (more, subject, text) = match model {
        0 => {
            (format!("{thread}Auto-Submitted: auto-replied\r\n"), format!("Автоответ: {}", got.subject), "Я в отпуске до 14 декабря, отвечу позже.".to_owned())
        }
        1 => (thread, format!("Re: {}", got.subject), "Здравствуйте! Я в отпуске и отвечу Вам, когда вернусь.".to_owned()),
        2 => (String::new(), format!("Re: {}", got.subject), "Спасибо за Ваше письмо! Я прочитаю его и отвечу в ближайшее время.".to_owned()),
        3 => {
            let n = 4_000 + luck.below(900);
            (
                String::new(),
                format!("[Заявка #{n}] Re: {}", got.subject),
                format!("Ваше обращение зарегистрировано под номером {n}. Специалист ответит Вам в течение двух рабочих дней."),
            )
        }
        _ => (
            String::new(),
            "Этот ящик не читают".to_owned(),
            "Вы написали в ящик, который никто не читает. Звоните по телефону, указанному на сайте.".to_owned(),
        ),
    };
    pen.write(at, &Draft { from, name: None, subject: &subject, more, body: body(&text), proved: true, id: None })
}
