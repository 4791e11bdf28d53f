//! Who lives in a world: families, their machines and dead addresses, staff, a forger, a sender of rubbish. They read what the servers accepted for
//! them and act after a while that is drawn.
//!
//! Not here: how their letters look (`hand`), what they write (`stock`), when acts are carried out (`mod`).

use super::hand::{self, Draft, Pen, SCHOOL};
use super::luck::Luck;
use super::stock;
use super::truth::{Nature, Ours, ours};
use chrono::{DateTime, TimeDelta, Utc};
use otklik::compose::links;
use otklik::itip::{self, Method, Object};
use otklik::message;
use otklik::settings::Settings;

/// Something that will be delivered.
#[derive(Debug, Clone)]
pub struct Act {
    pub nature: Nature,
    pub folder: &'static str,
    pub who: String,
    pub raw: Vec<u8>,
    pub mark: Option<String>,
}

/// How a family's mailbox behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// A person reads and may answer.
    Person,
    /// A machine answers every letter; which one.
    Machine(u8),
    /// Letters to it come back.
    Dead { delayed: bool },
}

/// A family.
#[derive(Debug, Clone)]
pub struct Family {
    pub address: String,
    pub name: String,
    pub child: String,
    pub phone: String,
    pub habit: Habit,
}

/// Everybody.
pub struct People {
    luck: Luck,
    pub pen: Pen,
    pub families: Vec<Family>,
    pub staff: Vec<String>,
    head: Vec<String>,
    /// How many of a hundred letters the forger answers.
    forger: u64,
    forged: u32,
}

impl People {
    /// The people of a seed.
    pub fn new(seed: u64, settings: &Settings, luck: &mut Luck) -> People {
        let mut own = luck.fork();
        let count = usize::try_from(own.between(2, 12)).unwrap();
        let mut families = Vec::new();
        for n in 0..count {
            let habit = match own.below(100) {
                0..=9 => Habit::Machine(u8::try_from(own.below(5)).unwrap()),
                10..=15 => Habit::Dead { delayed: own.percent(40) },
                _ => Habit::Person,
            };
            families.push(Family {
                address: format!("family{n}-{seed}@mail{n}.example"),
                name: format!("Анна {}а", stock::SURNAMES[n]),
                child: format!("{}{n}", stock::CHILDREN[n]),
                phone: format!("+7 900 {:03}-{:02}-{:02}", 100 + n, 10 + n, own.between(10, 99)),
                habit,
            });
        }
        let of = |ids: &[String]| ids.iter().filter_map(|id| settings.person(id)).map(|p| p.email.clone()).collect();
        let forger = if own.percent(40) { own.between(2, 15) } else { 0 };
        People {
            pen: Pen::new(seed),
            families,
            staff: settings.staff.iter().map(|s| s.email.clone()).collect(),
            head: of(&settings.head),
            forger,
            forged: 0,
            luck: own,
        }
    }

    /// What families write of their own accord within so many days, and the rubbish.
    pub fn plans(&mut self, start: DateTime<Utc>, days: u64) -> Vec<(DateTime<Utc>, Act)> {
        let mut acts = Vec::new();
        let minutes = days.saturating_sub(4).max(1) * 24 * 60;
        for family in self.families.clone() {
            let at = start + self.luck.minutes(30, minutes);
            let sample = self.luck.pick(&stock::FIRST);
            let raw = self.first(at, &family, sample.subject, sample.text);
            let delivered = if self.luck.percent(4) { "Спам" } else { "INBOX" };
            let nature = if delivered == "INBOX" { Nature::First } else { Nature::Spam };
            acts.push((at, act(nature, delivered, &family.address, raw.clone())));
            if self.luck.percent(12) {
                // The provider delivers it twice: another way, the same letter.
                let again = [b"Received: from mx2.school.example by mx.school.example; again\r\n".as_slice(), &raw].concat();
                acts.push((at + self.luck.minutes(0, 3_000), act(Nature::Twice, "INBOX", &family.address, again)));
            }
            if self.luck.percent(6) {
                // The same Message-ID over another letter.
                let id = message::read(&raw).message_id.unwrap_or_default();
                let later = at + self.luck.minutes(1, 4_000);
                let text = "Здравствуйте! Это совсем другое письмо: не работает вход в видеоурок, пишет «нет доступа».";
                let raw = self.pen.write(
                    later,
                    &Draft {
                        from: &family.address, name: None, subject: "Видеоурок", more: String::new(), body: hand::body(text), proved: true, id: Some(id)
                    },
                );
                acts.push((later, act(Nature::Again, "INBOX", &family.address, raw)));
            }
            while self.luck.percent(25) {
                let later = at + self.luck.minutes(20, 10_000);
                let text = *self.luck.pick(&stock::AGAIN);
                let id = self.luck.percent(20).then(String::new);
                let raw = self.pen.write(
                    later,
                    &Draft {
                        from: &family.address,
                        name: Some(&family.name),
                        subject: "ещё раз",
                        more: String::new(),
                        body: hand::body(text),
                        proved: true,
                        id,
                    },
                );
                acts.push((later, act(Nature::Again, "INBOX", &family.address, raw)));
            }
        }
        for _ in 0..self.luck.below(4) {
            let at = start + self.luck.minutes(30, minutes);
            let (subject, text) = *self.luck.pick(&stock::SPAM);
            let raw = self.pen.plain(at, "robot@spam.example", None, subject, text);
            let folder = if self.luck.percent(50) { "INBOX" } else { "Спам" };
            acts.push((at, act(Nature::Spam, folder, "robot@spam.example", raw)));
        }
        acts
    }

    fn first(&mut self, at: DateTime<Utc>, family: &Family, subject: &str, text: &str) -> Vec<u8> {
        let class = format!("{}{}", self.luck.between(1, 11), self.luck.pick(&["А", "Б", "В"]));
        let text = text.replace("{child}", &family.child).replace("{class}", &class).replace("{phone}", &family.phone).replace("{name}", &family.name);
        let id = self.luck.percent(5).then(String::new);
        let name = self.luck.percent(80).then_some(family.name.as_str());
        self.pen.write(at, &Draft { from: &family.address, name, subject, more: String::new(), body: hand::body(&text), proved: true, id })
    }

    /// Somebody has got a letter of the school: what they do about it, and when.
    pub fn got(&mut self, to: &str, raw: &[u8], at: DateTime<Utc>) -> Vec<(DateTime<Utc>, Act)> {
        let letter = ours(raw);
        let invited = request(raw);
        if let Some(family) = self.families.iter().find(|f| f.address.eq_ignore_ascii_case(to)).cloned() {
            return self.family(&family, raw, &letter, invited.as_ref(), at);
        }
        if self.staff.iter().any(|s| s.eq_ignore_ascii_case(to)) {
            let mut acts = self.colleague(to, raw, &letter, invited.as_ref(), at);
            if self.luck.percent(self.forger) {
                acts.extend(self.forge(to, raw, invited.as_ref(), at));
            }
            return acts;
        }
        Vec::new()
    }

    fn family(&mut self, family: &Family, raw: &[u8], letter: &Ours, invited: Option<&Object>, at: DateTime<Utc>) -> Vec<(DateTime<Utc>, Act)> {
        let who = &family.address;
        match family.habit {
            Habit::Machine(model) => {
                let at = at + self.luck.minutes(0, 7);
                let raw = hand::machine(&mut self.pen, &mut self.luck, at, model, who, raw);
                vec![(at, act(Nature::Robot, "INBOX", who, raw))]
            }
            Habit::Dead { delayed } => {
                let at = at + self.luck.minutes(0, 300);
                vec![(at, act(Nature::Bounce, "INBOX", who, self.pen.bounce(at, who, raw, delayed)))]
            }
            Habit::Person => {
                let at = at + self.luck.minutes(1, 900);
                let answer = match (invited, letter.kind.as_str(), self.luck.below(100)) {
                    (Some(object), _, 0..=34) => self.pen.calendar(at, who, object, "ACCEPTED", true),
                    (Some(object), _, 35..=44) => self.pen.calendar(at, who, object, "DECLINED", true),
                    (_, "receipt", 0..=84) | (_, _, 60..=99) => return Vec::new(),
                    (_, _, 45..=59) => match self.press(at, who, raw, &[]) {
                        Some(raw) => raw,
                        None => return Vec::new(),
                    },
                    _ => {
                        let text = *self.luck.pick(&stock::SHORT);
                        let quoted = self.luck.percent(60);
                        self.pen.reply(at, who, raw, text, quoted)
                    }
                };
                vec![(at, act(Nature::Answer, "INBOX", who, answer))]
            }
        }
    }

    fn colleague(&mut self, who: &str, raw: &[u8], letter: &Ours, invited: Option<&Object>, at: DateTime<Utc>) -> Vec<(DateTime<Utc>, Act)> {
        // Questions whether a letter was theirs are answered by nobody: what was forged stays unconfirmed.
        if letter.kind == "confirm" {
            return Vec::new();
        }
        let at = at + self.luck.minutes(2, 1_500);
        let head = self.head.iter().any(|h| h.eq_ignore_ascii_case(who));
        let answer = match (invited, letter.kind.as_str(), self.luck.below(100)) {
            (Some(object), _, 0..=39) => self.pen.calendar(at, who, object, "ACCEPTED", true),
            (Some(object), _, 40..=49) => self.pen.calendar(at, who, object, "DECLINED", true),
            (_, "task" | "call_task", 50..=64) => return self.by_hand(raw, letter, at),
            (_, "task" | "call_task", 65..=79) | (_, _, 70..=85) => match self.press(at, who, raw, &["готово", "возьм", "беру", "вижу"]) {
                Some(raw) => raw,
                None => return Vec::new(),
            },
            (_, "task" | "call_task", 0..=49) => {
                let text = *self.luck.pick(&stock::DONE);
                self.pen.reply(at, who, raw, text, true)
            }
            (_, "report_daily" | "other" | "escalation", 0..=19) if head => {
                let text = *self.luck.pick(&stock::HEAD);
                self.pen.reply(at, who, raw, text, true)
            }
            _ => return Vec::new(),
        };
        vec![(at, act(Nature::Answer, "INBOX", who, answer))]
    }

    /// A button of the letter is pressed: one that begins with these words where there is one, else any.
    fn press(&mut self, at: DateTime<Utc>, who: &str, raw: &[u8], liked: &[&str]) -> Option<Vec<u8>> {
        let buttons = links(raw);
        let best: Vec<&(String, String)> = buttons.iter().filter(|(_, b)| liked.iter().any(|l| b.starts_with(l))).collect();
        let (subject, words) = if best.is_empty() || self.luck.percent(30) {
            self.luck.pick(buttons.get(..).filter(|b| !b.is_empty())?).clone()
        } else {
            (*self.luck.pick(&best)).clone()
        };
        let words = if words.trim_end().ends_with(':') { format!("{words} всё сделано, проверьте, пожалуйста") } else { words };
        Some(self.pen.plain(at, who, None, &subject, &words))
    }

    /// Staff answer in their mail program, from the school's mailbox: it lies in Sent, and the program has not written it.
    fn by_hand(&mut self, raw: &[u8], letter: &Ours, at: DateTime<Utc>) -> Vec<(DateTime<Utc>, Act)> {
        let text = message::read(raw).body.whole;
        let Some(family) = self.families.iter().find(|f| text.contains(&f.address)).cloned() else { return Vec::new() };
        let words = *self.luck.pick(&stock::BY_HAND);
        let number = letter.appeal.map(|n| format!("Заявка № {n}")).unwrap_or_default();
        let written = self.pen.write(
            at,
            &Draft {
                from: SCHOOL,
                name: Some("Школа № 12"),
                subject: &format!("Re: {number}"),
                more: String::new(),
                body: hand::body(words),
                proved: true,
                id: None,
            },
        );
        let written = String::from_utf8_lossy(&written).replacen(&format!("To: {SCHOOL}"), &format!("To: {}", family.address), 1).into_bytes();
        vec![(at, act(Nature::ByHand, "Отправленные", SCHOOL, written))]
    }

    /// The forger has seen the letter: its Message-ID, its buttons, its calendar object.
    fn forge(&mut self, victim: &str, raw: &[u8], invited: Option<&Object>, at: DateTime<Utc>) -> Vec<(DateTime<Utc>, Act)> {
        self.forged += 1;
        let mark = format!("подделка-{}-{}", self.forged, self.luck.below(1_000_000));
        let at = at + self.luck.minutes(1, 600);
        let evil = "evil@evil.example";
        let order = format!("готово: {mark}, переведите деньги");
        let got = message::read(raw);
        let id = got.message_id.clone().unwrap_or_default();
        let thread = format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n");
        let subject = format!("Re: {}", got.subject);
        let whole = Draft { from: victim, name: None, subject: &subject, more: thread.clone(), body: hand::body(&order), proved: false, id: None };
        let (who, forged) = match self.luck.below(6) {
            // In a colleague's name, and their server disowns it.
            0 => (victim, self.pen.write(at, &whole)),
            // Under an address of the forger's own, which their server vouches for.
            1 => (evil, self.pen.write(at, &Draft { from: evil, proved: true, ..whole })),
            // The colleague's name only in Reply-To and Sender.
            2 => (evil, self.pen.write(at, &Draft { from: evil, proved: true, more: format!("{thread}Reply-To: {victim}\r\nSender: {victim}\r\n"), ..whole })),
            // A button with a valid token, pressed by somebody else.
            3 => {
                let Some((subject, words)) = links(raw).into_iter().next_back() else { return Vec::new() };
                let body = hand::body(&format!("{words} {mark}"));
                (evil, self.pen.write(at, &Draft { from: evil, subject: &subject, body, more: String::new(), proved: true, ..whole }))
            }
            // A calendar's answer by somebody who was not invited, in the victim's name.
            4 => {
                let Some(object) = invited else { return Vec::new() };
                (victim, self.pen.calendar(at, victim, object, "DECLINED", false))
            }
            // A delivery report about a letter that the school never wrote.
            _ => {
                let never = format!("From: {SCHOOL}\r\nTo: {victim}\r\nSubject: {mark}\r\nMessage-ID: <{mark}@school.example>\r\n\r\n");
                (evil, self.pen.bounce(at, victim, never.replace("подделка", "forged").as_bytes(), false))
            }
        };
        let who = who.to_owned();
        vec![(at, Act { nature: Nature::Forged, folder: "INBOX", who, raw: forged, mark: Some(mark) })]
    }

    /// How many letters were forged.
    pub fn forged(&self) -> u32 {
        self.forged
    }
}

fn act(nature: Nature, folder: &'static str, who: &str, raw: Vec<u8>) -> Act {
    Act { nature, folder, who: who.to_owned(), raw, mark: None }
}

/// The invitation in a letter of the school.
fn request(raw: &[u8]) -> Option<Object> {
    let letter = message::read(raw);
    let part = letter.calendars.first()?;
    itip::read(&part.bytes, part.method.as_deref()).ok().filter(|o| o.method == Some(Method::Request))
}

/// Letters that lie in the mailbox before the program comes: nobody may hear of them.
pub fn before(pen: &mut Pen, start: DateTime<Utc>, n: u64) -> Vec<(DateTime<Utc>, Vec<u8>)> {
    (0..n)
        .map(|k| {
            let at = start - TimeDelta::hours(i64::try_from(3 + 7 * k).unwrap());
            let from = format!("old{k}@past.example");
            (at, pen.plain(at, &from, None, "Журнал", "Здравствуйте! Не могу войти в электронный журнал, пишет, что пароль неверный. 5А."))
        })
        .collect()
}
