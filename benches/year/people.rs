//! The people: what they do with the letters they get, and the letters in which they do it.

use crate::chance::Chance;
use chrono::{DateTime, TimeDelta, Utc};
use otklik::decide::Order;
use otklik::itip::{self, Method, Object};
use otklik::jobs::SentLine;
use otklik::message::{self, Message};
use otklik::outbox::Kind;
use otklik::settings::Settings;
use otklik::slots::Specialist;
use std::collections::BTreeMap;

/// A letter as its reader got it.
pub struct Got {
    /// What the line says of it.
    pub line: SentLine,
    /// Its bytes.
    pub raw: Vec<u8>,
}

impl std::ops::Deref for Got {
    type Target = SentLine;
    fn deref(&self) -> &SentLine {
        &self.line
    }
}

/// What somebody will do.
pub enum Act {
    /// A letter arrives.
    Letter(Vec<u8>),
    /// The head reads the decision of an appeal: the first of these that can be done.
    Decide(i64, Vec<Order>),
    /// Somebody falls ill: id, days.
    Ill(String, i64),
    /// A family writes: index of the arrival.
    Family(usize),
    /// The term of an arrival ends.
    Term(usize),
}

/// How many of each answer were given.
#[derive(Default)]
pub struct People {
    /// Answers by kind.
    pub said: BTreeMap<&'static str, u32>,
    /// Times that an appeal's author asked for another time.
    moved: BTreeMap<i64, u32>,
    number: u32,
}

fn local(settings: &Settings, at: DateTime<Utc>) -> String {
    at.with_timezone(&settings.worktime.zone).to_rfc2822()
}

/// A letter as plain text.
pub fn letter(settings: &Settings, at: DateTime<Utc>, from: &str, id: &str, subject: &str, head: &str, text: &str) -> Vec<u8> {
    format!(
        "From: <{from}>\r\nTo: {}\r\nSubject: {subject}\r\nMessage-ID: <{id}@mail.example>\r\nDate: {}\r\nMIME-Version: 1.0\r\n{head}Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
        settings.address,
        local(settings, at)
    )
    .into_bytes()
}

fn request(message: &Message) -> Option<Object> {
    let part = message.calendars.first()?;
    itip::read(&part.bytes, part.method.as_deref()).ok().filter(|o| o.method == Some(Method::Request))
}

/// The line of a decision letter that a head would send back: a leave before a time, a time before a name.
fn choice(body: &str) -> Option<String> {
    let ranks = ["разрешаю", "время ", "состоится", "передать: "];
    let lines = body.lines().filter_map(|l| l.trim().strip_prefix("— ")).map(|l| l.split(" — ").next().unwrap_or(l).trim());
    let ranked = lines.filter_map(|l| Some((ranks.iter().position(|r| l.starts_with(r))?, l.to_owned())));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, line)| line)
}

impl People {
    fn count(&mut self, what: &'static str) {
        *self.said.entry(what).or_default() += 1;
    }

    /// At work, so many minutes of it from now.
    fn at_work(settings: &Settings, now: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
        settings.worktime.add_working_minutes(settings.worktime.next_office_moment(now), u32::try_from(minutes.max(1)).unwrap())
    }

    /// At home, between eight and eleven.
    fn at_home(settings: &Settings, now: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
        use chrono::Timelike;
        let at = now + TimeDelta::minutes(minutes);
        let hour = settings.worktime.to_local(at).hour();
        if (8..23).contains(&hour) { at } else { at + TimeDelta::hours(i64::from((32 - hour) % 24)) }
    }

    fn reply(&mut self, settings: &Settings, at: DateTime<Utc>, from: &str, to: &Got, text: &str) -> Vec<u8> {
        self.number += 1;
        let head = format!("In-Reply-To: <{}>\r\nReferences: <{}>\r\n", to.message_id, to.message_id);
        letter(settings, at, from, &format!("reply{}", self.number), "Re: Консультация", &head, text)
    }

    /// A calendar's answer; with a start it proposes that one.
    fn calendar(&mut self, settings: &Settings, at: DateTime<Utc>, from: &str, object: &Object, partstat: &str, other: Option<DateTime<Utc>>) -> Vec<u8> {
        self.number += 1;
        let (method, start) = if let Some(other) = other { ("COUNTER", Some(other)) } else { ("REPLY", object.start) };
        let length = object.end.zip(object.start).map_or(TimeDelta::minutes(40), |(b, a)| b - a);
        let stamp = |t: DateTime<Utc>| t.format("%Y%m%dT%H%M%SZ").to_string();
        let times = start.map(|s| format!("DTSTART:{}\r\nDTEND:{}\r\n", stamp(s), stamp(s + length))).unwrap_or_default();
        let ics = format!(
            "BEGIN:VCALENDAR\r\nPRODID:-//Year//RU\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{}\r\nSEQUENCE:{}\r\nDTSTAMP:{}\r\n{times}\
             ORGANIZER:mailto:{}\r\nATTENDEE;PARTSTAT={partstat}:mailto:{from}\r\nSUMMARY:Консультация\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            object.uid,
            object.sequence,
            stamp(at),
            settings.address
        );
        format!(
            "From: <{from}>\r\nTo: {}\r\nSubject: Event answered\r\nMessage-ID: <calendar{}@mail.example>\r\nDate: {}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/calendar; method={method}; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{ics}",
            settings.address,
            self.number,
            local(settings, at)
        )
        .into_bytes()
    }

    /// What the reader of a letter will do, and when.
    pub fn read(&mut self, settings: &Settings, sent: &Got, chance: &mut Chance) -> Vec<(DateTime<Utc>, Act)> {
        let Some(number) = sent.appeal else { return Vec::new() };
        let person = settings.person_by_email(&sent.to);
        let kind = sent.key.split('/').next().unwrap_or_default();
        match (person, kind) {
            (Some(_), "decision") => self.head(settings, sent, chance),
            (Some(_), "done") => {
                let refused = message::read(&sent.raw).body.whole.contains("ничего не изменено") || message::read(&sent.raw).subject.contains("не сделано");
                self.count(if refused { "an order in words was not carried out" } else { "an order in words was carried out" });
                Vec::new()
            }
            (Some(_), "unconfirmed") => vec![(Self::at_work(settings, sent.at, chance.between(10, 240)), Act::Decide(number, vec![Order::Stands]))],
            (Some(_), "alarm") => vec![(sent.at + TimeDelta::minutes(chance.between(10, 90)), Act::Decide(number, vec![Order::Acknowledge]))],
            (Some(p), "after") => self.afterwards(settings, sent, p, chance),
            (Some(p), "counter") => self.asked(settings, sent, p, chance),
            (Some(p), _) => self.specialist(settings, sent, p, chance),
            (None, _) => self.author(settings, sent, number, chance),
        }
    }

    fn head(&mut self, settings: &Settings, sent: &Got, chance: &mut Chance) -> Vec<(DateTime<Utc>, Act)> {
        let Some(words) = choice(&message::read(&sent.raw).body.whole).filter(|_| !chance.percent(10)) else {
            self.count("head silent");
            return Vec::new();
        };
        self.count(match words.split(' ').next().unwrap_or_default() {
            "разрешаю" => "head allows another date",
            "время" => "head takes a proposed time",
            "состоится" => "head says it stands",
            _ => "head hands it to a specialist",
        });
        let at = Self::at_work(settings, sent.at, chance.between(20, 360));
        let text = self.reply(settings, at, &sent.to, sent, &words);
        vec![(at, Act::Letter(text))]
    }

    fn afterwards(&mut self, settings: &Settings, sent: &Got, person: &Specialist, chance: &mut Chance) -> Vec<(DateTime<Utc>, Act)> {
        let at = sent.at + TimeDelta::minutes(chance.between(5, 300));
        let (what, words) = match chance.below(100) {
            0..58 => ("after: held", "состоялась"),
            58..88 => ("after: held, recommendations", "состоялась, рекомендации: больше читать вслух и гулять."),
            88..94 => ("after: no-show", "не пришли"),
            94..96 => ("after: failure", "сбой связи"),
            _ => {
                self.count("after: silent");
                return Vec::new();
            }
        };
        self.count(what);
        let text = self.reply(settings, at, &person.email, sent, words);
        vec![(at, Act::Letter(text))]
    }

    /// The author proposed another time.
    fn asked(&mut self, settings: &Settings, sent: &Got, person: &Specialist, chance: &mut Chance) -> Vec<(DateTime<Utc>, Act)> {
        let at = Self::at_work(settings, sent.at, chance.between(5, 200));
        if chance.percent(50) {
            self.count("asked for another time: silent");
            return Vec::new();
        }
        self.count("asked for another time: keeps the first");
        let text = self.reply(settings, at, &person.email, sent, "состоится");
        vec![(at, Act::Letter(text))]
    }

    fn specialist(&mut self, settings: &Settings, sent: &Got, person: &Specialist, chance: &mut Chance) -> Vec<(DateTime<Utc>, Act)> {
        if !matches!(sent.kind, Kind::Task | Kind::Update) {
            return Vec::new();
        }
        let Some(object) = request(&message::read(&sent.raw)) else { return Vec::new() };
        let Some(start) = object.start else { return Vec::new() };
        let at = Self::at_work(settings, sent.at, chance.between(5, 60) * chance.between(1, 9));
        let first = object.sequence == 0;
        let bytes = match chance.below(100) {
            0..70 if chance.percent(80) => {
                self.count("specialist accepts");
                self.calendar(settings, at, &person.email, &object, "ACCEPTED", None)
            }
            0..70 => {
                self.count("specialist accepts in words");
                self.reply(settings, at, &person.email, sent, "принять")
            }
            90..97 if first => {
                self.count("specialist declines");
                self.calendar(settings, at, &person.email, &object, "DECLINED", None)
            }
            97..100 if first => {
                self.count("specialist counters");
                let other = start + *chance.of(&[TimeDelta::minutes(50), TimeDelta::days(7), TimeDelta::minutes(-50)]);
                self.calendar(settings, at, &person.email, &object, "TENTATIVE", Some(other))
            }
            _ => {
                self.count("specialist silent");
                return Vec::new();
            }
        };
        vec![(at, Act::Letter(bytes))]
    }

    fn author(&mut self, settings: &Settings, sent: &Got, number: i64, chance: &mut Chance) -> Vec<(DateTime<Utc>, Act)> {
        if !matches!(sent.kind, Kind::Invitation | Kind::Update) {
            return Vec::new();
        }
        let Some(object) = request(&message::read(&sent.raw)) else { return Vec::new() };
        let Some(start) = object.start else { return Vec::new() };
        let at = Self::at_home(settings, sent.at, chance.between(5, 120) * chance.between(1, 10));
        let tired = self.moved.get(&number).copied().unwrap_or(0) >= 2;
        let bytes = match chance.below(100) {
            0..20 => {
                self.count("author accepts");
                self.calendar(settings, at, &sent.to, &object, "ACCEPTED", None)
            }
            20..40 => {
                self.count("author accepts in words");
                self.reply(settings, at, &sent.to, sent, "Да, подходит, придём.")
            }
            85..95 if !tired => {
                *self.moved.entry(number).or_default() += 1;
                self.count("author declines");
                if chance.percent(50) {
                    self.calendar(settings, at, &sent.to, &object, "DECLINED", None)
                } else {
                    self.reply(settings, at, &sent.to, sent, "К сожалению, в это время не сможем. Можно в другой день?")
                }
            }
            95..100 if !tired => {
                *self.moved.entry(number).or_default() += 1;
                self.count("author asks for another time");
                if chance.percent(50) {
                    self.calendar(settings, at, &sent.to, &object, "TENTATIVE", Some(start + *chance.of(&[TimeDelta::minutes(50), TimeDelta::days(7)])))
                } else {
                    self.reply(settings, at, &sent.to, sent, "Не получится прийти. Можно в четверг после 14:00?")
                }
            }
            _ => {
                self.count("author silent");
                return Vec::new();
            }
        };
        vec![(at, Act::Letter(bytes))]
    }
}
