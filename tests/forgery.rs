//! Who may steer: every way of forging an order that reliability.md 2.3 names, for three profiles of providers and for none, and a million random
//! tokens. Nothing of it is accepted; the honest letter of each profile is, else the test would show nothing.
//!
//! Each forgery is as strong as it can be: the forger has seen our letter, its Message-ID and its buttons, and their own mail server signs for
//! their own domain. DNS is a fixed table, the keys are made here.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64;
use mail_auth::common::crypto::{Ed25519Key, SigningKey};
use otklik::compose::buttons::{author_token, letter_token, order_token, same_token};
use otklik::decide::Order;
use otklik::jobs::dkim::{Keys, proofs};
use otklik::jobs::{School, handle, handle_proved};
use otklik::settings::{Mode, SenderCheck, Settings};
use otklik::store::Store;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const STAFF: &str = "a.zaytseva@school.example";
const COLLEAGUE: &str = "d.kozlov@school.example";
const EVIL: &str = "evil@evil.example";
const PARENT: &str = "a.belova@mail.example";
const SCHOOL: &str = "priemnaya@school.example";
/// What would be read by a parent.
const ORDER: &str = "готово: всё исправлено, проверьте, пожалуйста, журнал";
const DOMAINS: [&str; 4] = ["school.example", "evil.example", "mail.ru", "sub.school.example"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Profile {
    MailRu,
    Yandex,
    Own,
    Nothing,
}

const PROFILES: [Profile; 4] = [Profile::MailRu, Profile::Yandex, Profile::Own, Profile::Nothing];

impl Profile {
    fn check(self) -> SenderCheck {
        let authserv_id = match self {
            Profile::MailRu => Some("mxs.mail.ru".to_owned()),
            Profile::Own => Some("mx.school.example".to_owned()),
            Profile::Yandex | Profile::Nothing => None,
        };
        SenderCheck { authserv_id, dkim: self == Profile::Yandex, ..SenderCheck::default() }
    }
}

fn key_of(domain: &str) -> Ed25519Key {
    // PKCS#8 version 1 of a seed (RFC 8410 §7): a test has the same keys every day.
    let mut der = vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    der.extend(Sha256::digest(domain.as_bytes()));
    Ed25519Key::from_pkcs8_maybe_unchecked_der(&der).unwrap()
}

fn dns() -> Keys {
    let record = |d: &&str| (format!("k1._domainkey.{d}."), format!("v=DKIM1; k=ed25519; p={}", BASE64.encode(&key_of(d).public_key())));
    Keys::Fixed(DOMAINS.iter().map(record).collect::<BTreeMap<_, _>>())
}

/// A letter as its sender made it, and what their server adds.
#[derive(Clone)]
struct Draft {
    from: Vec<String>,
    subject: String,
    in_reply_to: Option<String>,
    references: Vec<String>,
    /// Lines above From, as the sender wrote them.
    extra: Vec<String>,
    kind: String,
    body: String,
    id: String,
    date: DateTime<Utc>,
    /// Whose server handed it over and signed; none: nobody's.
    by: Option<&'static str>,
    /// Signed fields; changes to the signature.
    signed: &'static str,
    tags: String,
    /// Added above everything, behind the sender's server.
    above: Vec<String>,
    /// Added to the body after it was signed.
    suffix: String,
}

fn relaxed(value: &str) -> String {
    value.replace("\r\n", "").split([' ', '\t']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Draft {
    fn head(&self) -> Vec<(String, String)> {
        let mut head: Vec<(String, String)> = Vec::new();
        let mut add = |n: &str, v: String| head.push((n.to_owned(), v));
        for line in &self.extra {
            let (name, value) = line.split_once(": ").unwrap();
            add(name, value.to_owned());
        }
        for from in &self.from {
            add("From", from.clone());
        }
        add("To", SCHOOL.to_owned());
        add("Subject", format!("=?utf-8?B?{}?=", BASE64.encode(self.subject.as_bytes())));
        add("Date", self.date.to_rfc2822());
        add("Message-ID", format!("<{}>", self.id));
        if let Some(id) = &self.in_reply_to {
            add("In-Reply-To", format!("<{id}>"));
        }
        if !self.references.is_empty() {
            add("References", self.references.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join("\r\n "));
        }
        add("MIME-Version", "1.0".to_owned());
        add("Content-Type", self.kind.clone());
        head
    }

    /// RFC 6376, relaxed/relaxed.
    fn signature(&self, domain: &str) -> String {
        let lines: Vec<String> = self.body.lines().map(|l| l.split([' ', '\t']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")).collect();
        let mut body = lines.join("\r\n").trim_end_matches("\r\n").to_owned();
        body.push_str("\r\n");
        let hash = BASE64.encode(&Sha256::digest(body.as_bytes()));
        let head = self.head();
        let names: Vec<&str> = self.signed.split(':').filter(|n| head.iter().any(|(h, _)| h.eq_ignore_ascii_case(n))).collect();
        let bare = format!("v=1; a=ed25519-sha256; c=relaxed/relaxed; d={domain}; s=k1; {}h={}; bh={hash}; b=", self.tags, names.join(":"));
        let mut text = String::new();
        for name in &names {
            let (_, value) = head.iter().rev().find(|(h, _)| h.eq_ignore_ascii_case(name)).unwrap();
            text.push_str(&format!("{}:{}\r\n", name.to_lowercase(), relaxed(value)));
        }
        text.push_str(&format!("dkim-signature:{}", relaxed(&bare)));
        format!("{bare}{}", BASE64.encode(&key_of(domain).sign(text.as_bytes()).unwrap()))
    }

    fn raw(&self, profile: Profile) -> Vec<u8> {
        let from = self.from.first().and_then(|f| f.rsplit_once('@')).map_or("", |(_, d)| d).trim_end_matches('>').to_owned();
        let by = self.by.unwrap_or("unknown.example");
        let host = match profile {
            Profile::MailRu => "mxs.mail.ru",
            _ => "mx.school.example",
        };
        let mut out = String::new();
        for line in &self.above {
            out.push_str(&format!("{line}\r\n"));
        }
        // The provider's own field tells what its servers saw of the signer, whatever else the letter says.
        let dkim = self.by.map_or(String::new(), |d| format!("; dkim=pass header.d={d}"));
        let dmarc = if self.by == Some(from.as_str()) { format!("; dmarc=pass header.from={from}") } else { "; dmarc=none".to_owned() };
        let field = format!("Authentication-Results: {host}; spf=pass smtp.mailfrom=x@{by}{dkim}{dmarc}\r\n");
        let received = format!("Received: from mail.{by} (mail.{by} [192.0.2.7])\r\n\tby {host} with ESMTPS id 1; {}\r\n", self.date.to_rfc2822());
        match profile {
            Profile::MailRu => out.push_str(&format!("{field}{received}")),
            Profile::Own => out.push_str(&format!("Received: by {host} with LMTP id 2; x\r\n{field}{received}")),
            Profile::Yandex => out.push_str(&received.replace(host, "mail-nwsmtp-mxfront-production-main-7.iva.yp-c.yandex.net")),
            Profile::Nothing => out.push_str(&received),
        }
        if let Some(domain) = self.by {
            out.push_str(&format!("DKIM-Signature: {}\r\n", self.signature(domain)));
        }
        for (name, value) in self.head() {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
        format!("{out}\r\n{}{}", self.body.replace("\r\n", "\n").replace('\n', "\r\n"), self.suffix).into_bytes()
    }
}

/// A school with one appeal, and what its letters to staff carry.
struct Stage {
    school: School,
    uid: u32,
    now: DateTime<Utc>,
    /// Message-ID and token of the letter to the specialist.
    task: (String, String),
    task_raw: Vec<u8>,
    settings: Settings,
}

fn stage(settings: &Settings, profile: Profile) -> Stage {
    let mut settings = settings.clone();
    settings.mode = Mode::Live;
    settings.sender_check = profile.check();
    let now: DateTime<Utc> = "2026-11-23T07:00:00Z".parse().unwrap();
    let school = School::new(settings.clone(), Store::in_memory().unwrap(), false);
    let mut stage = Stage { school, uid: 0, now, task: Default::default(), task_raw: Vec::new(), settings };
    let parent = format!(
        "From: Anna <{PARENT}>\r\nTo: {SCHOOL}\r\nSubject: x\r\nMessage-ID: <1@mail.example>\r\nDate: {}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Здравствуйте! В электронном журнале неверно указана буква класса: сын учится в 5Б, а стоит 5В. Анна Белова\r\n",
        now.to_rfc2822()
    );
    stage.hand(parent.into_bytes());
    let due = stage.school.store().due(now + TimeDelta::days(3), 50, u8::MAX).unwrap();
    let task = due.iter().find(|p| p.to == STAFF).unwrap();
    let composer = &stage.settings.composer;
    let token = letter_token(&order_token(&composer.key, 1, "ejournal-1"), &composer.address, &task.key, now);
    stage.task = (task.message_id.clone(), token);
    stage.task_raw = stage.school.store().raw_of(&task.key).unwrap().unwrap();
    stage.now += TimeDelta::minutes(30);
    stage
}

impl Stage {
    fn journalled(&mut self, raw: &[u8]) -> otklik::store::Waiting {
        self.uid += 1;
        self.school.store().journal("INBOX", 1, &[(self.uid, self.now, raw.len() as u64)], false, self.now).unwrap();
        self.school.store().waiting("INBOX", 1, 1).unwrap().remove(0)
    }

    /// A letter arrives at a school that verifies nothing itself.
    fn hand(&mut self, raw: Vec<u8>) {
        let waiting = self.journalled(&raw);
        assert!(handle(&self.school, &[(waiting, raw)], self.now).unwrap().is_empty());
    }

    /// A letter arrives, and its signatures are looked at as the daemon does.
    fn arrive(&mut self, raw: Vec<u8>) {
        let waiting = self.journalled(&raw);
        let letters = [(waiting, raw)];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let proved = runtime.block_on(proofs(&dns(), &self.settings, &letters));
        assert!(handle_proved(&self.school, &letters, proved, self.now).unwrap().is_empty());
    }

    /// How many orders were carried out.
    fn ordered(&self) -> usize {
        self.events("ordered")
    }

    fn events(&self, key: &str) -> usize {
        self.school.store().events_after(0).unwrap().iter().filter(|e| e.event == key).count()
    }

    /// Letters so far to somebody.
    fn letters(&self, to: &str) -> usize {
        self.school.store().due(self.now + TimeDelta::days(30), 500, u8::MAX).unwrap().iter().filter(|p| p.to == to).count()
    }

    /// The code in the question to the specialist.
    fn code(&self) -> Option<String> {
        let due = self.school.store().due(self.now + TimeDelta::days(3), 500, u8::MAX).unwrap();
        let question = due.iter().find(|p| p.key.starts_with("confirm/"))?;
        let text = otklik::compose::decoded(&self.school.store().raw_of(&question.key).unwrap()?);
        Some(text.split_once("подтвердить ")?.1.chars().take(6).collect())
    }

    /// The specialist answers the task as they should.
    fn honest(&self) -> Draft {
        Draft {
            from: vec![STAFF.to_owned()],
            subject: "Re: Заявка № 1".to_owned(),
            in_reply_to: Some(self.task.0.clone()),
            references: vec![self.task.0.clone()],
            extra: Vec::new(),
            kind: "text/plain; charset=utf-8".to_owned(),
            body: format!("{ORDER}\r\n"),
            id: "order-1@school.example".to_owned(),
            date: self.now,
            by: Some("school.example"),
            signed: "from:subject:date:message-id:in-reply-to:references:to",
            tags: String::new(),
            above: Vec::new(),
            suffix: String::new(),
        }
    }

    /// The same by the button: a letter of its own.
    fn press(&self, token: &str) -> Draft {
        let subject = format!("Заявка № 1: готово [otk-{token}]");
        Draft { subject, in_reply_to: None, references: Vec::new(), ..self.honest() }
    }

    /// In the specialist's name by somebody else's server.
    fn forged(&self) -> Draft {
        Draft { by: Some("evil.example"), id: "order-1@evil.example".to_owned(), ..self.honest() }
    }

    /// Somebody else, under their own name.
    fn other(&self) -> Draft {
        Draft { from: vec![EVIL.to_owned()], ..self.forged() }
    }
}

/// Name and making of each forgery. A letter may be preceded by others, which are handed over first.
fn vectors(s: &Stage) -> Vec<(String, Vec<Draft>)> {
    let good = s.task.1.clone();
    let composer = &s.settings.composer;
    let key = &composer.key;
    let bound = |whose: &str, letter: &str| letter_token(whose, &composer.address, letter, s.now - TimeDelta::minutes(30));
    let task_key = "task/ejournal-1/1";
    let mut list: Vec<(String, Vec<Draft>)> = Vec::new();
    let mut add = |name: &str, draft: Draft| list.push((name.to_owned(), vec![draft]));
    let bare = |d: Draft| Draft { in_reply_to: None, references: Vec::new(), subject: "Заявка № 1".to_owned(), ..d };

    // Tokens, each in a letter of the specialist's own that proves its sender.
    add("no token", bare(s.honest()));
    let mut flipped = good.clone();
    flipped.replace_range(3..4, if &good[3..4] == "a" { "b" } else { "a" });
    let mut cut = good.clone();
    cut.pop();
    let tokens = [
        ("a random token", "abcdefghijklmnopqrstuvwxyz".to_owned()),
        ("a flipped letter", flipped),
        ("a truncated token", cut),
        ("one letter more", format!("{good}a")),
        ("the MAC of nothing", bound("", "")),
        ("a token of another appeal", bound(&order_token(key, 2, "ejournal-1"), task_key)),
        ("a token of another staff", bound(&order_token(key, 1, "head-1"), task_key)),
        ("a token of another letter", bound(&order_token(key, 1, "ejournal-1"), "task/ejournal-1/2")),
        ("a token of no letter", order_token(key, 1, "ejournal-1")),
        ("the author's token", bound(&author_token(key, 1, PARENT), task_key)),
        ("a token of another school", letter_token(&order_token(key, 1, "ejournal-1"), "other@school.example", task_key, s.now)),
        ("a token of another day", letter_token(&order_token(key, 1, "ejournal-1"), &composer.address, task_key, s.now + TimeDelta::days(1))),
        ("a token under another key", bound(&order_token(&otklik::compose::InstanceKey([7; 32]), 1, "ejournal-1"), task_key)),
        ("an empty token", String::new()),
        ("zeros", "0".repeat(26)),
    ];
    for (name, token) in &tokens {
        add(name, s.press(token));
    }
    add("a good token with another number", Draft { subject: format!("Заявка № 2: готово [otk-{good}]"), ..s.press(&good) });
    add("a good token in another case and spoilt", s.press(&good.to_uppercase().replacen(['A', 'B', 'C', 'D', 'E'], "Z", 3)));
    add("the token in a quotation only", Draft { body: format!("{ORDER}\r\n\r\n> Заявка № 1: готово [otk-{good}]\r\n"), ..bare(s.honest()) });
    add("a reply to the quoted id only", Draft { body: format!("{ORDER}\r\n\r\n> Message-ID: <{}>\r\n", s.task.0), ..bare(s.honest()) });
    let many: Vec<String> = std::iter::once(s.task.0.clone()).chain((0..100_000).map(|n| format!("{n}@x.example"))).collect();
    add("the id before a hundred thousand others", Draft { in_reply_to: None, references: many, subject: "x".into(), ..s.honest() });
    let damaged = format!("a{}", &s.task.0[1..]);
    add("a damaged Message-ID", Draft { in_reply_to: Some(damaged.clone()), references: vec![damaged], ..s.honest() });

    // The token is good, the sender somebody else: reply and button.
    add("another sender", s.other());
    add("another sender presses", Draft { from: vec![EVIL.into()], by: Some("evil.example"), ..s.press(&good) });
    add("a colleague answers", Draft { from: vec![COLLEAGUE.into()], ..s.honest() });
    add("a colleague presses", Draft { from: vec![COLLEAGUE.into()], ..s.press(&good) });
    add("the author answers", Draft { from: vec![PARENT.into()], by: None, ..s.honest() });
    add("the author presses", Draft { from: vec![PARENT.into()], by: None, ..s.press(&good) });
    add("Reply-To of staff", Draft { extra: vec![format!("Reply-To: {STAFF}")], ..s.other() });
    add("Sender of staff", Draft { extra: vec![format!("Sender: {STAFF}")], ..s.other() });
    add("Return-Path of staff", Draft { extra: vec![format!("Return-Path: <{STAFF}>")], ..s.other() });
    add("Resent-From of staff", Draft { extra: vec![format!("Resent-From: {STAFF}")], ..s.other() });
    add("X-Otklik", Draft { extra: vec![format!("X-Otklik: v=1; appeal=1; kind=task; staff={STAFF}")], ..s.other() });
    let froms: [(&str, &[&str]); 26] = [
        ("two From, evil first", &[EVIL, STAFF]),
        ("two From, staff first", &[STAFF, EVIL]),
        ("two From, both staff", &[STAFF, STAFF]),
        ("a group", &["school: a.zaytseva@school.example;"]),
        ("a group with evil", &["school: a.zaytseva@school.example, evil@evil.example;"]),
        ("a list, staff first", &["a.zaytseva@school.example, evil@evil.example"]),
        ("a list, evil first", &["evil@evil.example, a.zaytseva@school.example"]),
        ("the same twice", &["a.zaytseva@school.example, a.zaytseva@school.example"]),
        ("a display name", &["\"a.zaytseva@school.example\" <evil@evil.example>"]),
        ("a bare display name", &["a.zaytseva@school.example <evil@evil.example>"]),
        ("two brackets", &["<a.zaytseva@school.example> <evil@evil.example>"]),
        ("an encoded address", &["=?utf-8?Q?a.zaytseva=40school.example?= <evil@evil.example>"]),
        ("an encoded word as address", &["=?utf-8?B?YS56YXl0c2V2YUBzY2hvb2wuZXhhbXBsZQ==?="]),
        ("NUL in the address", &["a.zaytseva@school.example\0.evil.example"]),
        ("NUL in the local part", &["a.zay\0tseva@school.example"]),
        ("a homoglyph", &["а.zaytseva@school.example"]),
        ("a homoglyph domain", &["a.zaytseva@schооl.example"]),
        ("punycode", &["a.zaytseva@xn--schl-55da.example"]),
        ("a trailing dot", &["a.zaytseva@school.example."]),
        ("a subdomain", &["a.zaytseva@sub.school.example"]),
        ("a domain above", &["a.zaytseva@example"]),
        ("a longer domain", &["a.zaytseva@school.example.evil.example"]),
        ("a plus tag", &["a.zaytseva+x@school.example"]),
        ("a comment that ends", &["a.zaytseva@school.example (x) <evil@evil.example>"]),
        ("a route", &["<@school.example:evil@evil.example>"]),
        ("a quoted local part", &["\"a.zaytseva@school.example\"@evil.example"]),
    ];
    for (name, from) in froms {
        add(&format!("From: {name}"), Draft { from: from.iter().map(|f| (*f).to_owned()).collect(), ..s.forged() });
    }

    // Sender and token are good; the proof is forged.
    add("nothing proved", Draft { by: None, ..s.honest() });
    add("another domain signs", s.forged());
    add("another domain signs the press", Draft { by: Some("evil.example"), ..s.press(&good) });
    add("a subdomain signs", Draft { by: Some("sub.school.example"), ..s.honest() });
    add("free mail signs", Draft { by: Some("mail.ru"), ..s.honest() });
    let pass = "dmarc=pass header.from=school.example; dkim=pass header.d=school.example";
    let fields = [
        ("mail.ru's id", format!("Authentication-Results: mxs.mail.ru; {pass}")),
        ("the school's id", format!("Authentication-Results: mx.school.example; {pass}")),
        ("Yandex's id", format!("Authentication-Results: mail-nwsmtp-mxfront-production-main-7.iva.yp-c.yandex.net; {pass}")),
        ("another case", format!("Authentication-Results: MXS.MAIL.RU; {pass}")),
        ("folded", "Authentication-Results: mxs.mail.ru;\r\n\tdmarc=pass\r\n\theader.from=school.example".to_owned()),
        ("a comment", "Authentication-Results: mxs.mail.ru (x); dmarc=none (dmarc=pass header.from=school.example)".to_owned()),
        ("version 2", format!("Authentication-Results: mxs.mail.ru 2; {pass}")),
        ("two ids", format!("Authentication-Results: evil.example mxs.mail.ru; {pass}")),
        ("an id in quotes", format!("Authentication-Results: \"mxs.mail.ru\"; {pass}")),
        ("ARC", format!("ARC-Authentication-Results: i=1; mxs.mail.ru; {pass}")),
        ("a name like it", format!("X-Authentication-Results: mx.school.example; {pass}")),
    ];
    for (name, line) in &fields {
        add(&format!("A-R below: {name}"), Draft { extra: vec![line.clone()], ..s.forged() });
    }
    add("A-R above by a stranger's server", Draft { above: vec![format!("Authentication-Results: evil.example; {pass}")], ..s.forged() });
    let nested = format!(
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{ORDER}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
         Authentication-Results: mxs.mail.ru; {pass}\r\nAuthentication-Results: mx.school.example; {pass}\r\nFrom: {STAFF}\r\n\r\n{ORDER}\r\n--b--\r\n"
    );
    add("A-R in an attached letter", Draft { kind: "multipart/mixed; boundary=b".into(), body: nested, ..s.forged() });

    // Machines and other hands.
    let robots = [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: no\r\nAuto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: All",
        "Precedence: bulk",
        "Precedence: list",
        "List-Id: <l.school.example>",
        "List-Unsubscribe: <mailto:u@school.example>",
        "Return-Path: <>",
    ];
    for line in robots {
        let (first, rest) = line.split_once("\r\n").map_or((line, None), |(a, b)| (a, Some(b)));
        let extra: Vec<String> = std::iter::once(first).chain(rest).map(str::to_owned).collect();
        add(&format!("a machine: {line:?}"), Draft { extra, ..s.honest() });
    }
    let vacation = "Здравствуйте! Я в отпуске до 30 ноября. Отвечу после возвращения.\r\n";
    add("a vacation answer", Draft { body: vacation.into(), subject: "Автоответ: Заявка № 1".into(), ..s.honest() });
    let report = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n\
         Final-Recipient: rfc822; {STAFF}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n--b--\r\n",
        String::from_utf8_lossy(&s.task_raw)
    );
    let kind = "multipart/report; report-type=delivery-status; boundary=b".to_owned();
    add("a delivery report with our letter", Draft { from: vec!["MAILER-DAEMON@mx.school.example".into()], kind, body: report, ..s.forged() });
    let forwarded =
        format!("{ORDER}\r\n\r\n-------- Пересылаемое сообщение --------\r\nОт: Школа № 12 <{SCHOOL}>\r\nКому: {STAFF}\r\nТема: Заявка № 1\r\n\r\nГотово\r\n");
    add("our letter forwarded to another", Draft { body: forwarded, subject: "Fwd: Заявка № 1".into(), ..s.other() });

    // Words that are not the writer's, or two.
    add("an order in a quotation", Draft { body: format!("Спасибо.\r\n\r\n> {ORDER}\r\n"), ..s.honest() });
    add("an order in the signature", Draft { body: format!("Спасибо.\r\n\r\n-- \r\n{ORDER}\r\n"), ..s.honest() });
    let html = format!("<html><body><p>Спасибо.</p><p style=\"display:none\">{ORDER}</p></body></html>\r\n");
    add("a hidden order", Draft { kind: "text/html; charset=utf-8".into(), body: html, ..s.honest() });
    let attached = format!(
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nСпасибо.\r\n--b\r\nContent-Type: text/plain; charset=utf-8; name=\"a.txt\"\r\n\
         Content-Disposition: attachment; filename=\"a.txt\"\r\n\r\n{ORDER}\r\n--b--\r\n"
    );
    add("an order in a file", Draft { kind: "multipart/mixed; boundary=b".into(), body: attached, ..s.honest() });
    add(
        "two orders",
        Draft {
            body: format!("{ORDER}\r\nпередать: Козлову\r\n").replace("готово: всё исправлено, проверьте, пожалуйста, журнал", "беру в работу"),
            ..s.honest()
        },
    );

    // Signatures: what is not covered may be anybody's. Only where we verify them ourselves do they count at all.
    let unsigned = |fields: &'static str| Draft { signed: fields, ..s.honest() };
    if s.settings.sender_check.dkim {
        add("DKIM without Subject", unsigned("from:date:message-id:in-reply-to:references"));
        add("DKIM without Date", unsigned("from:subject:message-id:in-reply-to:references"));
        add("DKIM without Message-ID", unsigned("from:subject:date:in-reply-to:references"));
        add("DKIM without In-Reply-To", unsigned("from:subject:date:message-id:references"));
        add("DKIM without References", unsigned("from:subject:date:message-id:in-reply-to"));
        add("DKIM without From", unsigned("subject:date:message-id:in-reply-to:references"));
        add("DKIM with l=", Draft { tags: format!("l={}; ", ORDER.len() + 2), ..s.honest() });
        add("DKIM with l= and more text", Draft { body: "Спасибо.\r\n".into(), tags: "l=17; ".into(), suffix: format!("{ORDER}\r\n"), ..s.honest() });
        add("DKIM that has run out", Draft { tags: format!("t={}; x={}; ", s.now.timestamp() - 7200, s.now.timestamp() - 3600), ..s.honest() });
        add("DKIM of last month", Draft { date: s.now - TimeDelta::days(30), tags: format!("t={}; ", s.now.timestamp() - 30 * 86_400), ..s.honest() });
        add("an old letter", Draft { date: s.now - TimeDelta::days(8), ..s.honest() });
        add("text added after signing", Draft { body: "Спасибо.\r\n".into(), suffix: format!("{ORDER}\r\n"), ..s.honest() });
        add("another signature's tag", Draft { tags: "i=@evil.example; ".into(), ..s.honest() });
        let second = format!("Subject: =?utf-8?B?{}?=", BASE64.encode(s.press(&good).subject.as_bytes()));
        add("a second Subject on top", Draft { above: vec![second], ..bare(s.honest()) });
        add("an In-Reply-To added on top", Draft { above: vec![format!("In-Reply-To: <{}>", s.task.0)], ..bare(s.honest()) });
    }

    // Repeats.
    let replay = Draft { id: "order-2@evil.example".to_owned(), by: None, ..s.honest() };
    list.push(("the same letter again under another id".into(), vec![s.honest(), replay]));
    list.push(("the very same letter again".into(), vec![s.honest(), s.honest()]));
    let later = Draft { id: "order-2@school.example".to_owned(), date: s.now + TimeDelta::minutes(1), ..s.press(&good) };
    list.push(("the same press again".into(), vec![s.press(&good), later]));
    list
}

#[test]
fn no_forgery_is_accepted_and_each_honest_letter_is() {
    let settings = otklik::config::demo();
    let mut tried = 0;
    let mut wrong = Vec::new();
    for profile in PROFILES {
        // Equal schools have equal letters: each forgery meets a fresh one.
        let all = vectors(&stage(&settings, profile));
        assert!(all.len() >= 60, "{}", all.len());
        for (name, drafts) in &all {
            let mut s = stage(&settings, profile);
            let (last, before) = drafts.split_last().unwrap();
            for draft in before {
                let raw = draft.raw(profile);
                s.arrive(raw);
            }
            let (ordered, parents, evil) = (s.ordered(), s.letters(PARENT), s.letters(EVIL));
            let raw = last.raw(profile);
            s.arrive(raw);
            tried += 1;
            // Nothing is done, the parent reads nothing new, and whoever forged hears nothing of orders.
            if s.ordered() != ordered || s.letters(PARENT) > parents {
                wrong.push(format!("{profile:?}: {name}"));
            }
            if s.letters(EVIL) > evil + 1 {
                wrong.push(format!("{profile:?}: {name}: the forger is written to"));
            }
        }
        // The honest twins: the same order as a reply and by the button.
        for press in [false, true] {
            let mut s = stage(&settings, profile);
            let draft = if press { s.press(&s.task.1) } else { s.honest() };
            s.arrive(draft.raw(profile));
            if profile == Profile::Nothing {
                assert_eq!(s.ordered(), 0, "nothing proves it yet");
                let code = s.code().unwrap();
                let answer =
                    Draft {
                        body: format!("подтвердить {code}\r\n"), in_reply_to: None, references: Vec::new(), id: "c@school.example".into(), ..s.honest()
                    };
                let guess = Draft {
                    body: format!("подтвердить {}\r\n", if code == "111111" { "222222" } else { "111111" }),
                    id: "g@school.example".into(),
                    ..answer.clone()
                };
                s.arrive(guess.raw(profile));
                assert_eq!(s.ordered(), 0, "a guessed code");
                s.arrive(answer.raw(profile));
                assert_eq!(s.ordered(), 1, "{profile:?}, press {press}: confirmed");
                s.arrive(Draft { id: "d@school.example".into(), date: s.now + TimeDelta::minutes(5), ..answer }.raw(profile));
            }
            assert_eq!(s.ordered(), 1, "{profile:?}, press {press}: the honest order, once");
            assert!(s.letters(PARENT) >= 2, "{profile:?}: the parent reads the answer");
        }
    }
    assert!(wrong.is_empty(), "{} of {tried} accepted:\n{}", wrong.len(), wrong.join("\n"));
    println!("{tried} forgeries for {} profiles: 0 accepted", PROFILES.len());
}

#[test]
fn a_million_random_tokens_are_none() {
    let settings = otklik::config::demo();
    let composer = &settings.composer;
    let made: DateTime<Utc> = "2026-11-23T07:00:00Z".parse().unwrap();
    let whose = order_token(&composer.key, 1, "ejournal-1");
    let good: Vec<String> = (0..8).map(|n| letter_token(&whose, &composer.address, &format!("task/ejournal-1/{n}"), made)).collect();
    let accepted = |token: &str| good.iter().any(|g| same_token(g, token));
    assert!(good.iter().all(|g| accepted(g)), "the good ones are");
    let letters = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let (mut tried, mut found) = (0_u32, 0_u32);
    while tried < 1_000_000 {
        let token: String = (0..26).map(|_| char::from(letters[(next() % 32) as usize])).collect();
        found += u32::from(accepted(&token));
        tried += 1;
    }
    // Each single letter of each good token changed to each other letter; two of them swapped; cut and lengthened.
    for token in &good {
        let bytes = token.as_bytes();
        for at in 0..bytes.len() {
            for letter in letters.iter().filter(|l| **l != bytes[at]) {
                let mut other = bytes.to_vec();
                other[at] = *letter;
                found += u32::from(accepted(&String::from_utf8(other).unwrap()));
                tried += 1;
            }
            found += u32::from(accepted(&token[..at])) + u32::from(accepted(&format!("{}a{}", &token[..at], &token[at..])));
            tried += 2;
        }
    }
    // Fields moved into each other: a number at the end of a name, a letter's key in the mailbox's name.
    let swaps = [
        letter_token(&order_token(&composer.key, 11, "ejournal-"), &composer.address, "task/ejournal-1/1", made),
        letter_token(&order_token(&composer.key, 1, "1/ejournal-1"), &composer.address, "task/ejournal-1/1", made),
        letter_token(&whose, &format!("{} 17 task/ejournal-1/1", composer.address), "", made),
        letter_token(&whose, "", &format!("{}task/ejournal-1/1", composer.address), made),
        letter_token(&author_token(&composer.key, 1, "ejournal-1"), &composer.address, "task/ejournal-1/1", made),
    ];
    found += swaps.iter().map(|t| u32::from(accepted(t))).sum::<u32>();
    tried += u32::try_from(swaps.len()).unwrap();
    assert_eq!(found, 0, "of {tried}");
    println!("{tried} tokens: 0 accepted");
}

/// Every vector of reliability.md 2.3, and the forgeries here that are it: the beginning of their names, or the test of its own.
const CORPUS: &[(&str, &[&str])] = &[
    ("no token", &["no token"]),
    ("random token", &["a random token", "test: a_million_random_tokens_are_none"]),
    ("token of another appeal", &["a token of another appeal", "a good token with another number"]),
    ("token of another staff", &["a token of another staff"]),
    ("expired", &["a token of another day", "test: a_token_that_has_run_out_orders_nothing"]),
    ("used", &["the same press again"]),
    ("upper/lower case", &["a good token in another case and spoilt"]),
    ("truncated", &["a truncated token"]),
    ("extra char", &["one letter more"]),
    ("MAC of empty", &["the MAC of nothing"]),
    ("valid token + other From", &["another sender", "another sender presses", "a colleague answers", "a colleague presses", "the author answers"]),
    ("valid + Reply-To of staff", &["Reply-To of staff"]),
    ("valid + Sender of staff", &["Sender of staff"]),
    ("two From (evil first / staff first)", &["From: two From, evil first", "From: two From, staff first"]),
    ("From group", &["From: a group", "From: a group with evil"]),
    ("From list of 2", &["From: a list, staff first", "From: a list, evil first"]),
    ("display-name spoof", &["From: a display name", "From: a bare display name"]),
    ("encoded-word address", &["From: an encoded address", "From: an encoded word as address"]),
    ("NUL in address", &["From: NUL in the address", "From: NUL in the local part"]),
    ("IDN homoglyph", &["From: a homoglyph", "From: a homoglyph domain", "From: punycode"]),
    ("trailing dot domain", &["From: a trailing dot"]),
    ("subdomain", &["From: a subdomain", "a subdomain signs"]),
    ("plus-tag", &["From: a plus tag"]),
    ("comment in address", &["From: a comment that ends"]),
    ("forged A-R on top", &["A-R above by a stranger's server"]),
    ("forged A-R below", &["A-R below: mail.ru's id", "A-R below: the school's id", "A-R below: ARC", "A-R below: a name like it"]),
    ("forged A-R in rfc822", &["A-R in an attached letter"]),
    ("forged A-R with comment", &["A-R below: a comment"]),
    ("forged A-R folded", &["A-R below: folded"]),
    ("dkim=pass for other d=", &["another domain signs", "free mail signs"]),
    ("header.i mismatch", &["another signature's tag"]),
    ("forged A-R with second id", &["A-R below: two ids", "A-R below: an id in quotes"]),
    ("forged A-R in wrong case", &["A-R below: another case"]),
    ("forged A-R version 2", &["A-R below: version 2"]),
    ("Yandex-like forged id", &["A-R below: Yandex's id"]),
    ("DKIM l=", &["DKIM with l=", "DKIM with l= and more text"]),
    ("DKIM unsigned Subject", &["DKIM without Subject", "a second Subject on top"]),
    ("DKIM expired x=", &["DKIM that has run out"]),
    ("DKIM replay", &["the same letter again under another id", "the very same letter again", "DKIM of last month"]),
    ("Auto-Submitted reply with valid token", &["a machine: \"Auto-Submitted: auto-replied\""]),
    ("vacation reply", &["a vacation answer"]),
    ("DSN returning our message with token", &["a delivery report with our letter"]),
    ("forward of our notification by third party", &["our letter forwarded to another"]),
    ("quoted token in body only", &["the token in a quotation only", "a reply to the quoted id only"]),
    ("command in quoted text", &["an order in a quotation"]),
    ("command in signature", &["an order in the signature"]),
    ("command in HTML display:none", &["a hidden order"]),
    ("command in attachment", &["an order in a file"]),
    ("two commands", &["two orders"]),
    ("bounced command", &["a delivery report with our letter", "a machine: \"Return-Path: <>\""]),
    ("list-delivered", &["a machine: \"List-Id", "a machine: \"Precedence: list\""]),
    ("CANCEL iTIP", &["calendar: CANCEL", "calendar: REQUEST", "calendar: PUBLISH", "calendar: ADD"]),
    ("COUNTER", &["calendar: COUNTER from a stranger", "calendar: COUNTER from another appeal's author"]),
    ("SENT-BY", &["calendar: SENT-BY"]),
    ("REPLY wrong ATTENDEE", &["calendar: REPLY with another ATTENDEE", "calendar: REPLY from a stranger", "calendar: REPLY from another appeal's author"]),
    ("REPLY to another's UID", &["calendar: REPLY with another's UID", "calendar: REPLY with an unknown UID"]),
    ("forged ORGANIZER", &["calendar: REPLY with a forged ORGANIZER", "calendar: COUNTER with a forged ORGANIZER"]),
    ("old SEQUENCE", &["calendar: REPLY with an old SEQUENCE"]),
    ("10⁵ References of which one is valid", &["the id before a hundred thousand others"]),
];

#[test]
fn every_vector_of_the_threat_model_is_tried() {
    let settings = otklik::config::demo();
    let mut names: Vec<String> = PROFILES.iter().flat_map(|p| vectors(&stage(&settings, *p))).map(|(name, _)| name).collect();
    names.extend(calendar_vectors(&meeting(&settings)).into_iter().map(|(name, _)| format!("calendar: {name}")));
    let own = include_str!("forgery.rs");
    for (vector, forgeries) in CORPUS {
        for forgery in *forgeries {
            let there = match forgery.strip_prefix("test: ") {
                Some(test) => own.contains(&format!("#[test]\nfn {test}()")),
                None => names.iter().any(|n| n.starts_with(forgery)),
            };
            assert!(there, "«{vector}»: no forgery «{forgery}»");
        }
    }
}

#[test]
fn a_token_that_has_run_out_orders_nothing() {
    let settings = otklik::config::demo();
    for press in [false, true] {
        let mut s = stage(&settings, Profile::Own);
        otklik::jobs::order(&s.school, 1, &Order::Close { answer: None, reason: Some("дубль".into()) }, s.now).unwrap();
        s.now += TimeDelta::days(15);
        let draft = Draft { body: "вернуть в работу\r\n".into(), ..if press { s.press(&s.task.1.clone()) } else { s.honest() } };
        s.arrive(draft.raw(Profile::Own));
        assert_eq!(s.ordered(), 0, "press {press}: fifteen days after the end");
        assert_eq!(s.school.store().appeal(1).unwrap().unwrap().state, otklik::appeal::State::Closed);
    }
}

/// Two families with an appointment each; the first one's was moved once, and its calendar answered neither time.
struct Meeting {
    stage: Stage,
    /// UID of the first family's event, of the second's.
    uid: (String, String),
}

const OTHER: &str = "o.ryabova@post.example";

fn meeting(settings: &Settings) -> Meeting {
    let mut stage = stage(settings, Profile::Nothing);
    for (from, id, when) in [(PARENT, 2, "во вторник после 14:00"), (OTHER, 3, "в четверг после 14:00")] {
        let letter = format!(
            "From: {from}\r\nTo: {SCHOOL}\r\nSubject: y\r\nMessage-ID: <{id}@mail.example>\r\nDate: {}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
             Здравствуйте! Прошу консультацию педагога-психолога для дочери, 6Б, тревожится перед контрольными. Удобно {when}.\r\n",
            stage.now.to_rfc2822()
        );
        stage.hand(letter.into_bytes());
    }
    for number in [2, 3] {
        otklik::jobs::order(&stage.school, number, &Order::Accept, stage.now).unwrap();
    }
    stage.now += TimeDelta::minutes(10);
    let start = stage.consultation(2).start;
    otklik::jobs::order(&stage.school, 2, &Order::Move(start + TimeDelta::minutes(60)), stage.now).unwrap();
    stage.now += TimeDelta::minutes(10);
    let uid = |n| stage.consultation(n).author.unwrap().uid;
    let uid = (uid(2), uid(3));
    Meeting { stage, uid }
}

impl Stage {
    fn consultation(&self, number: i64) -> otklik::appeal::Consultation {
        self.school.store().consultations_of(number).unwrap().pop().unwrap()
    }
}

/// A calendar's letter. The forger knows the whole invitation.
fn object(m: &Meeting, method: &str, from: &str, uid: &str, sequence: u32, (organizer, attendee): (&str, &str)) -> String {
    let c = m.stage.consultation(2);
    let moment = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
    // What answers the first letter speaks of the time that it named.
    let named = if sequence == 0 { c.start - TimeDelta::minutes(60) } else { c.start };
    let start = if method == "COUNTER" { named + TimeDelta::days(2) } else { named };
    format!(
        "From: {from}\r\nTo: {SCHOOL}\r\nSubject: Accepted\r\nMessage-ID: <{method}-{sequence}-{}@mail.example>\r\nDate: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/calendar; charset=utf-8; method={method}\r\n\r\n\
         BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//RU\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:{sequence}\r\nDTSTAMP:{}\r\n\
         DTSTART:{}\r\nDTEND:{}\r\nSUMMARY:x\r\nORGANIZER:mailto:{organizer}\r\n{attendee}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        from.len(),
        m.stage.now.to_rfc2822(),
        moment(m.stage.now),
        moment(start),
        moment(start + TimeDelta::minutes(40)),
    )
}

/// Name and letter of each forgery about the first family's appointment.
fn calendar_vectors(m: &Meeting) -> Vec<(&'static str, String)> {
    let attendee = |who: &str| format!("ATTENDEE;PARTSTAT=DECLINED:mailto:{who}");
    let (own, theirs) = (m.uid.0.as_str(), m.uid.1.as_str());
    let both = format!("{}\r\n{}", attendee(OTHER), attendee(PARENT));
    let sent_by = format!("ATTENDEE;PARTSTAT=DECLINED;SENT-BY=\"mailto:{EVIL}\":mailto:{PARENT}");
    let parent = (SCHOOL, attendee(PARENT));
    let parent = (parent.0, parent.1.as_str());
    vec![
        ("REPLY from a stranger", object(m, "REPLY", EVIL, own, 1, parent)),
        ("REPLY from another appeal's author", object(m, "REPLY", OTHER, own, 1, (SCHOOL, &both))),
        ("REPLY with another ATTENDEE", object(m, "REPLY", PARENT, own, 1, (SCHOOL, &attendee(EVIL)))),
        ("REPLY with another's UID", object(m, "REPLY", PARENT, theirs, 1, parent)),
        ("REPLY with an unknown UID", object(m, "REPLY", PARENT, &format!("{}x", own), 1, parent)),
        ("REPLY with a forged ORGANIZER", object(m, "REPLY", PARENT, own, 1, (EVIL, parent.1))),
        ("REPLY with an old SEQUENCE", object(m, "REPLY", PARENT, own, 0, parent)),
        ("REPLY with two From", object(m, "REPLY", &format!("{PARENT}\r\nFrom: {EVIL}"), own, 1, parent)),
        ("SENT-BY", object(m, "REPLY", EVIL, own, 1, (SCHOOL, &sent_by))),
        ("COUNTER from a stranger", object(m, "COUNTER", EVIL, own, 1, parent)),
        ("COUNTER from another appeal's author", object(m, "COUNTER", OTHER, own, 1, (SCHOOL, &both))),
        ("COUNTER with a forged ORGANIZER", object(m, "COUNTER", PARENT, own, 1, (EVIL, parent.1))),
        ("COUNTER with an old SEQUENCE", object(m, "COUNTER", PARENT, own, 0, parent)),
        ("REFRESH from a stranger", object(m, "REFRESH", EVIL, own, 1, parent)),
        ("CANCEL", object(m, "CANCEL", PARENT, own, 2, parent)),
        ("CANCEL in the school's name", object(m, "CANCEL", SCHOOL, own, 2, parent)),
        ("REQUEST", object(m, "REQUEST", PARENT, own, 2, parent)),
        ("PUBLISH", object(m, "PUBLISH", PARENT, own, 2, parent)),
        ("ADD", object(m, "ADD", PARENT, own, 2, parent)),
    ]
}

#[test]
fn no_forged_calendar_changes_an_appointment_and_the_honest_one_does() {
    let settings = otklik::config::demo();
    let count = calendar_vectors(&meeting(&settings)).len();
    for at in 0..count {
        let mut m = meeting(&settings);
        let (name, letter) = calendar_vectors(&m).swap_remove(at);
        let known = |m: &Meeting| {
            let store = m.stage.school.store();
            [1, 2, 3].map(|n| (store.appeal(n).unwrap(), store.consultations_of(n).unwrap()))
        };
        let letters = |m: &Meeting| [PARENT, OTHER, EVIL, STAFF].map(|who| m.stage.letters(who));
        let (before, written) = (known(&m), letters(&m));
        m.stage.hand(letter.into_bytes());
        assert_eq!(known(&m), before, "{name}");
        assert_eq!(letters(&m), written, "{name}: somebody is written to");
    }
    // The same letter of the right person counts, else all of this would show nothing.
    let mut m = meeting(&settings);
    let attendee = format!("ATTENDEE;PARTSTAT=ACCEPTED:mailto:{PARENT}");
    let letter = object(&m, "REPLY", PARENT, &m.uid.0, 1, (SCHOOL, &attendee));
    m.stage.hand(letter.into_bytes());
    assert_eq!(m.stage.consultation(2).author.unwrap().partstat, otklik::itip::PartStat::Accepted);
    println!("{count} forged calendars: 0 accepted");
}
