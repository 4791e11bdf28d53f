//! SIGKILL, again and again: the program as it is installed, real Dovecot and Postfix, while letters flow in and staff and families answer.
//!
//! The ordinary run kills 100 times. `OTKLIK_KILLS=2000 cargo test --test kills -- --nocapture` goes on until docs/counters.json has so many kills, in
//! schools of 25 kills, whose counters are added once the school has been looked through: it may be stopped at any time and started again. Nothing may be lost, nothing
//! come twice but a letter of which nobody could know whether it had left (the same bytes), nothing in the mailbox be touched.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "counting/mod.rs"]
mod counting;
#[path = "wire/dovecot.rs"]
#[expect(dead_code, reason = "the mailbox's own tests use the rest")]
mod dovecot;
#[path = "wire/postfix.rs"]
#[expect(dead_code, reason = "the transport's own tests use the rest")]
mod postfix;
#[path = "wire/school.rs"]
#[expect(dead_code, reason = "the daemon's own tests use the rest")]
mod school;

use otklik::message;
use school::{TestSchool, instant, wait};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Kills of the ordinary run.
const KILLS: u64 = 100;
/// Kills of each school of a long run.
const SCHOOL: u64 = 25;
/// For what takes a while on a loaded machine.
const LATER: Duration = Duration::from_secs(180);
const WAITS: &str = "SELECT (SELECT count(*) FROM letter WHERE state = 'waiting') + (SELECT count(*) FROM posting WHERE status IN ('queued', 'sending'))";

/// A small generator with a seed.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

fn letter(from: &str, id: &str, more: &str, subject: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: {}\r\nSubject: {subject}\r\nDate: Wed, 18 Nov 2026 12:00:00 +0300\r\nMessage-ID: <{id}>\r\n{more}MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n",
        school::ADDRESS
    )
    .into_bytes()
}

/// A family's request, each a little different.
fn request(n: u64) -> Vec<u8> {
    let what = [
        "не могу войти в электронный журнал: пишет, что пароль неверный. Пробовала восстановить, письмо не приходит",
        "на дистанционном уроке нет звука, микрофон и камера не работают, Сферум показывает ошибку 403",
        "прошу записать на консультацию к психологу: ребёнок плачет по утрам и боится идти в школу",
        "нужна консультация логопеда: путает буквы б и д, читает по слогам",
        "вопрос социальному педагогу: как оформить бесплатное питание многодетной семье",
        "сын отстал по математике после болезни, нужны дополнительные занятия, подскажите материалы",
    ][usize::try_from(n % 6).unwrap()];
    let body = format!("Здравствуйте! Пишет мама ученика {}А класса, обращение {n}: {what}.\r\nСпасибо.", 5 + n % 5);
    letter(&format!("parent{n}@family.example"), &format!("request.{n}@family.example"), "", &format!("Request {n}"), &body)
}

/// What was counted in one school.
#[derive(Default)]
struct Counted {
    letters: u64,
    parked: u64,
    lost: u64,
    repeated: u64,
    unknown: u64,
    said: Vec<String>,
}

/// A school and its people.
struct Town {
    school: TestSchool,
    dice: Dice,
    requests: u64,
    delivered: u64,
    answered: BTreeSet<String>,
}

impl Town {
    fn deliver(&mut self, raw: &[u8]) {
        self.delivered += 1;
        self.school.dovecot.deliver(raw);
    }

    /// One to three letters: requests, one of them again, an automatic answer.
    fn write(&mut self) {
        for _ in 0..=self.dice.throw(3) {
            match self.dice.throw(10) {
                0 if self.requests > 0 => {
                    let again = request(self.dice.throw(self.requests));
                    self.deliver(&again);
                }
                1 => {
                    let n = self.delivered;
                    let raw = letter(
                        &format!("away{n}@family.example"),
                        &format!("away.{n}@family.example"),
                        "Auto-Submitted: auto-replied\r\n",
                        "Away",
                        "Я в отпуске.",
                    );
                    self.deliver(&raw);
                }
                _ => {
                    let raw = request(self.requests);
                    self.requests += 1;
                    self.deliver(&raw);
                }
            }
        }
    }

    /// Staff and families answer some of what they got since the last time.
    fn answer(&mut self) {
        let mut replies = Vec::new();
        for raw in self.school.delivered_files() {
            let got = message::read(&raw);
            let (Some(id), Some(to)) = (got.message_id.clone(), got.to.first().map(|a| a.email.clone())) else { continue };
            if !self.answered.insert(id.clone()) || self.dice.throw(3) > 0 {
                continue;
            }
            let staff = to.ends_with("@school.example");
            let words: &[&str] = if staff {
                &["беру", "готово: Пароль сброшен, попробуйте войти снова.", "вижу", "подходит", "не моё"]
            } else {
                &["Спасибо большое!", "Да, подойдёт."]
            };
            let text = words[usize::try_from(self.dice.throw(words.len() as u64)).unwrap()];
            let n = self.delivered + replies.len() as u64;
            let head = format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n");
            replies.push(letter(&to, &format!("answer.{n}@{}", to.rsplit('@').next().unwrap()), &head, "Re: Otklik", text));
        }
        replies.iter().for_each(|raw| self.deliver(raw));
    }

    /// Waits until nothing is left to do.
    fn drained(&self) -> bool {
        let delivered = i64::try_from(self.delivered).unwrap();
        let read = "SELECT count(*) FROM letter WHERE folder = 'INBOX'";
        wait(LATER, || (self.school.count(read) >= delivered && self.school.count(WAITS) == 0).then_some(())).is_some()
    }
}

/// A school that is killed so many times.
fn suffer(kills: u64, seed: u64) -> Option<Counted> {
    let school = TestSchool::start()?;
    school.trust_senders();
    let first = school.otklik(&["once"]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let mut town = Town { school, dice: Dice(seed | 1), requests: 0, delivered: 0, answered: BTreeSet::new() };
    // How long an undisturbed start takes here to read, decide and send: the kills are spread over it and a little beyond.
    town.write();
    let begin = instant();
    let daemon = town.school.run();
    assert!(town.drained(), "{}", daemon.log());
    let whole = begin.elapsed();
    daemon.kill();
    let (mut in_work, begin) = (0, instant());
    for n in 1..kills {
        town.write();
        if n % 4 == 0 {
            town.answer();
        }
        let daemon = town.school.run();
        let span = u64::try_from(whole.as_micros()).unwrap() * 5 / 4;
        let until = Duration::from_micros(town.dice.throw(span));
        // More letters while it works.
        let half = until / 2;
        wait(half, || None::<()>);
        if town.dice.throw(2) == 0 {
            town.write();
        }
        wait(until - half, || None::<()>);
        daemon.kill();
        in_work += u64::from(town.school.count(WAITS) > 0);
    }
    println!("{kills} kills in {:?}, {in_work} of them in the middle of work; a start takes {whole:?}", begin.elapsed());
    assert!(in_work * 4 >= kills, "{in_work} of {kills} kills hit work");
    let mut daemon = town.school.run();
    assert!(town.drained(), "not drained:\n{}", daemon.log());
    daemon.signal("TERM");
    assert_eq!(daemon.ended(LATER), Some(Some(0)), "{}", daemon.log());
    Some(look(&town))
}

/// A posting of the outbox.
struct Row {
    kind: String,
    status: String,
    repeated: bool,
    raw: Vec<u8>,
}

fn look(town: &Town) -> Counted {
    let school = &town.school;
    let mut counted = Counted { letters: town.delivered, ..Counted::default() };
    let db = school.database().unwrap();
    let one = |sql: &str| u64::try_from(school.count(sql)).unwrap_or(0);
    // Each letter has one row and is settled; each request opened one appeal.
    // One that was in work at three kills is taken for what stops the program: it is kept for a person, who is told.
    let settled = one("SELECT count(*) FROM letter WHERE folder = 'INBOX' AND state IN ('done', 'parked')");
    counted.parked = one("SELECT count(*) FROM letter WHERE folder = 'INBOX' AND state = 'parked'");
    let told = one("SELECT count(*) FROM posting WHERE recipient = 'it@school.example' AND status IN ('sent', 'unknown')");
    counted.lost += town.delivered.saturating_sub(settled);
    if settled != town.delivered || (counted.parked > 0 && told == 0) {
        counted
            .said
            .push(format!("{} letters came, {settled} are settled, {} of them parked, the operator was told of {told}", town.delivered, counted.parked));
    }
    let mut parked = counted.parked;
    for n in 0..town.requests {
        let opened = one(&format!("SELECT count(*) FROM letter WHERE message_id = 'request.{n}@family.example' AND outcome = 'opened'"));
        if opened == 0 && parked > 0 {
            parked -= 1;
            continue;
        }
        counted.lost += u64::from(opened == 0);
        counted.repeated += opened.saturating_sub(1);
        if opened != 1 {
            counted.said.push(format!("request {n} opened {opened} appeals"));
        }
    }
    let appeals = one("SELECT count(*) FROM appeal");
    let opened = one("SELECT count(*) FROM letter WHERE outcome = 'opened'");
    if appeals != opened {
        counted.said.push(format!("{appeals} appeals of {opened} letters"));
    }
    let mut rows = db.prepare("SELECT message_id, kind, status, repeated, raw FROM posting").unwrap();
    let postings: BTreeMap<String, Row> = rows
        .query_map([], |r| Ok((r.get(0)?, Row { kind: r.get(1)?, status: r.get(2)?, repeated: r.get(3)?, raw: r.get(4)? })))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let sent = postings.values().filter(|p| p.status == "sent").count();
    wait(LATER, || (school.delivered_count() >= sent).then_some(()));
    let mut times: BTreeMap<String, u64> = BTreeMap::new();
    for file in school.delivered_files() {
        let id = message::read(&file).message_id.unwrap();
        let lines = postings.get(&id).map(|row| String::from_utf8_lossy(&row.raw).replace("\r\n", "\n").into_bytes());
        if lines.is_none_or(|lines| !file.ends_with(&lines)) {
            counted.said.push(format!("a letter with other bytes, or that nobody decided: {id}"));
        }
        *times.entry(id).or_default() += 1;
    }
    for (id, row) in &postings {
        let came = times.get(id).copied().unwrap_or(0);
        let (least, most) = match (row.status.as_str(), row.repeated) {
            (_, true) => (0, 2),
            ("sent", false) => (1, 1),
            // Whether it left is what nobody knows; evidence is awaited, or a person is told.
            ("unknown" | "expired", false) => (0, 1),
            ("cancelled", false) => (0, 0),
            _ => (1, 0),
        };
        counted.unknown += u64::from(row.repeated || matches!(row.status.as_str(), "unknown" | "expired"));
        counted.lost += u64::from(came < least);
        counted.repeated += came.saturating_sub(most);
        if came < least || came > most {
            counted.said.push(format!("{} {id} is {} and came {came} times", row.kind, row.status));
        }
    }
    // Nothing in the mailbox was taken away or marked; copies of what was sent lie in Sent once.
    let inbox = school.dovecot.files("");
    if inbox.len() as u64 != town.delivered {
        counted.said.push(format!("INBOX has {} letters of {}", inbox.len(), town.delivered));
    }
    counted.said.extend(
        inbox.iter().filter(|(name, _)| name.rsplit_once(":2,").is_some_and(|(_, flags)| !flags.is_empty())).map(|(name, _)| format!("marked: {name}")),
    );
    let mut copies: BTreeMap<String, u64> = BTreeMap::new();
    for (_, raw) in school.dovecot.files("Sent") {
        *copies.entry(message::read(&raw).message_id.unwrap_or_default()).or_default() += 1;
    }
    counted.said.extend(copies.iter().filter(|(_, n)| **n > 1).map(|(id, n)| format!("{n} copies of {id} in Sent")));
    counted
}

#[test]
fn killed_again_and_again_it_loses_nothing_and_says_nothing_twice() {
    #[expect(clippy::disallowed_methods, reason = "the switch of a long run")]
    let wanted: Option<u64> = std::env::var("OTKLIK_KILLS").ok().and_then(|n| n.parse().ok());
    let Some(wanted) = wanted else {
        if let Some(counted) = suffer(KILLS, 0x6b69_6c6c) {
            println!(
                "{} letters, {} parked, {} outcomes unknown, {} lost, {} repeated beyond the rule",
                counted.letters, counted.parked, counted.unknown, counted.lost, counted.repeated
            );
            assert!(counted.said.is_empty(), "{}", counted.said.join("\n"));
        }
        return;
    };
    loop {
        let done = counting::stands("kills", "kills");
        if done >= wanted {
            break;
        }
        let kills = SCHOOL.min(wanted - done).max(2);
        let Some(counted) = suffer(kills, 0x6b69_6c6c ^ (done << 20)) else { return };
        let broken = counted.said.len() as u64;
        let numbers = [
            ("kills", kills),
            ("letters", counted.letters),
            ("parked", counted.parked),
            ("lost", counted.lost),
            ("repeated", counted.repeated),
            ("unknown", counted.unknown),
            ("broken", broken),
        ];
        counting::add("kills", &numbers, &[]);
        assert!(counted.said.is_empty(), "after {done} kills:\n{}", counted.said.join("\n"));
    }
}
