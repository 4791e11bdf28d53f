//! Letters as people, their calendars and mail servers write them. Equal stories give equal bytes.
//!
//! Not here: what our own letters look like (`compose`).

use super::{Client, Got};
use crate::itip::{self, Method, Object, PartStat};
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
    fn message_id(&self, sender: &str) -> String {
        let hash = Sha256::digest(format!("{} {} {sender}", self.number, self.at.timestamp()));
        let token = data_encoding::HEXLOWER.encode(hash.get(..6).unwrap_or_default());
        format!("story-{}-{token}@{}", self.number, crate::compose::domain_of(sender))
    }

    fn head(&self, from: &str, name: Option<&str>, subject: &str) -> String {
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

const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n";

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

fn crlf(text: &str) -> String {
    text.lines().map(|l| format!("{l}\r\n")).collect()
}

fn base64(text: &str) -> String {
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

/// The invitation in one of our letters.
pub(super) fn request(raw: &[u8]) -> Option<Object> {
    let message = message::read(raw);
    let part = message.calendars.first()?;
    itip::read(&part.bytes, part.method.as_deref()).ok().filter(|o| o.method == Some(Method::Request))
}

/// METHOD:REPLY in the manner of a client (shapes: tests/itip/replies).
pub(super) fn calendar(maker: &Maker, who: &str, name: Option<&str>, object: &Object, answer: PartStat, client: Client) -> Vec<u8> {
    let (russian, english) = match answer {
        PartStat::Accepted => ("Принято", "Event accepted"),
        PartStat::Declined => ("Отклонено", "Event declined"),
        _ => ("Под вопросом", "Event tentatively accepted"),
    };
    let summary = "Консультация специалиста школы";
    let subject = match client {
        Client::Apple => format!("{english}: {summary}"),
        _ => format!("{russian}: {summary}"),
    };
    let ics = crlf(&reply_object(maker, who, name.unwrap_or(who), object, answer, client, &format!("{russian}: {summary}")));
    let head = maker.head(who, name, &subject);
    let words = format!("{russian}: {summary}\r\n");
    let b = format!("story-boundary-{}", maker.number);
    let plain = format!("--{b}\r\n{PLAIN}\r\n{words}\r\n");
    let calendar = |kind: &str| format!("--{b}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", base64(&ics));
    let body = match client {
        // The same object twice: as an alternative and as a file.
        Client::Gmail | Client::Thunderbird => format!(
            "Content-Type: multipart/mixed; boundary=\"m{b}\"\r\n\r\n--m{b}\r\nContent-Type: multipart/alternative; boundary=\"{b}\"\r\n\r\n{plain}{}--{b}--\r\n--m{b}\r\nContent-Type: application/ics; name=\"invite.ics\"\r\nContent-Disposition: attachment; filename=\"invite.ics\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--m{b}--\r\n",
            calendar("text/calendar; charset=\"UTF-8\"; method=REPLY"),
            base64(&ics)
        ),
        Client::Outlook | Client::Yandex => format!(
            "Content-Type: multipart/alternative; boundary=\"{b}\"\r\n\r\n{plain}{}--{b}--\r\n",
            calendar("text/calendar; charset=\"utf-8\"; method=REPLY")
        ),
        // An attachment without method= and charset=.
        Client::Apple => format!(
            "Content-Type: multipart/mixed; boundary=\"{b}\"\r\n\r\n{plain}--{b}\r\nContent-Type: text/calendar; name=iCal-reply.ics\r\nContent-Disposition: attachment; filename=iCal-reply.ics\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--{b}--\r\n",
            base64(&ics)
        ),
    };
    format!("{head}{body}").into_bytes()
}

fn reply_object(maker: &Maker, who: &str, name: &str, object: &Object, answer: PartStat, client: Client, subject: &str) -> String {
    let stamp = maker.at.to_utc().format("%Y%m%dT%H%M%SZ");
    let (uid, sequence, partstat, school) = (&object.uid, object.sequence, answer.as_str(), &maker.school);
    let zone = maker.at.timezone();
    let times = |id: Option<&str>| {
        let mut lines = String::new();
        for (field, at) in [("DTSTART", object.start), ("DTEND", object.end)] {
            let Some(at) = at else { continue };
            lines.push_str(&match id {
                Some(id) => format!("{field};TZID={id}:{}\n", at.with_timezone(&zone).format("%Y%m%dT%H%M%S")),
                None => format!("{field}:{}\n", at.format("%Y%m%dT%H%M%SZ")),
            });
        }
        lines
    };
    let standard = |id: &str| {
        let offset = maker.at.format("%z");
        format!(
            "BEGIN:VTIMEZONE\nTZID:{id}\nBEGIN:STANDARD\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
    };
    let common = format!("UID:{uid}\nSEQUENCE:{sequence}\nDTSTAMP:{stamp}\nLAST-MODIFIED:{stamp}\nTRANSP:OPAQUE\n");
    let summary = "Консультация специалиста школы";
    let iana = zone.name();
    let (product, zones, event) = match client {
        Client::Gmail => (
            "-//Google Inc//Google Calendar 70.9054//EN",
            String::new(),
            format!(
                "{}ORGANIZER;CN={school}:mailto:{school}\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={name};X-NUM-GUESTS=0:mailto:{who}\nDESCRIPTION:\nLOCATION:\nSTATUS:CONFIRMED\nSUMMARY:{summary}\n{common}",
                times(None)
            ),
        ),
        // No ORGANIZER, a rewritten SUMMARY, an address in capitals.
        Client::Outlook => (
            "-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
            String::new(),
            format!(
                "ATTENDEE;PARTSTAT={partstat}:MAILTO:{}\nCLASS:PUBLIC\n{}PRIORITY:5\nSUMMARY;LANGUAGE=ru:{subject}\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\n{common}",
                who.to_uppercase(),
                times(None)
            ),
        ),
        Client::Apple => (
            "-//Apple Inc.//macOS 15.5//EN",
            standard(iana),
            format!(
                "{}ATTENDEE;CN=\"{name}\";CUTYPE=INDIVIDUAL;EMAIL=\"{who}\";PARTSTAT={partstat};ROLE=REQ-PARTICIPANT:mailto:{who}\nORGANIZER;EMAIL=\"{school}\":mailto:{school}\nSUMMARY:{summary}\n{common}",
                times(Some(iana))
            ),
        ),
        Client::Thunderbird => (
            "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
            standard(iana),
            format!(
                "ORGANIZER:mailto:{school}\nATTENDEE;CN={name};EMAIL={who};PARTSTAT={partstat};ROLE=REQ-PARTICIPANT:mailto:{who}\n{}SUMMARY:{summary}\n{common}",
                times(Some(iana))
            ),
        ),
        Client::Yandex => (
            "-//Yandex LLC//Yandex Calendar//EN",
            format!("X-YANDEX_MAIL_TYPE:event_reply\n{}", standard(iana)),
            format!(
                "{}SUMMARY:{summary}\nATTENDEE;PARTSTAT={partstat};CN=\"{name}\";ROLE=REQ-PARTICIPANT:mailto:{who}\nORGANIZER:mailto:{school}\n{common}",
                times(Some(iana))
            ),
        ),
    };
    format!("BEGIN:VCALENDAR\nPRODID:{product}\nVERSION:2.0\nMETHOD:REPLY\n{zones}BEGIN:VEVENT\n{event}END:VEVENT\nEND:VCALENDAR\n")
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
