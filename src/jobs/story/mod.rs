//! Stories: what people did and when, told to a rehearsal. Scenario tests and `otklik demo` are stories.
//!
//! A story is a text, a command a line; times are local to the school's zone. `#` begins a comment. Texts end with a line `.`.
//!
//! ```text
//! at 2026-11-20 22:00          runs up to this moment first; the first one begins the story
//! letter NAME.eml              a file that the caller hands in arrives in INBOX (`spam NAME.eml`, `sent NAME.eml`: in those folders)
//! mail                         a letter written here: header lines, an empty line, the text, "."; `mail sent`: written by hand, it lies in Sent
//! reply ADDRESS to KIND [N]    an answer to the last (or N-th) letter of that kind they got; the text, "."; KIND `any`: of all kinds
//! reply ADDRESS to KIND of OTHER   the same by somebody who never got that letter
//! press ADDRESS [first] [of OTHER] WORDS   the button whose prepared text begins with these words, in the last (or first) letter of theirs (or of OTHER's) that has it
//! fill ADDRESS WORDS           the same with words of their own behind: the text, "."
//! sender mail.ru|own|yandex|none|trusted   what proves a sender from now on
//! rotate                       the school gets a new key
//! calendar ADDRESS accepted|declined|tentative as CLIENT [N]    the last (or N-th) invitation answered in the manner of a calendar program:
//!                              gmail, outlook, exchange, apple, thunderbird, yandex, zimbra, nextcloud
//! counter ADDRESS 2026-11-25 15:00 as CLIENT [N]   another start proposed (METHOD:COUNTER), the length as it was
//! delegate ADDRESS to ADDRESS as CLIENT   the last invitation handed on to somebody else (PARTSTAT=DELEGATED)
//! refresh ADDRESS              their calendar asks for the last event again (METHOD:REFRESH)
//! invite ADDRESS from 2026-11-25 10:00 to 12:00 [weekly N]   «занято»: an event of theirs to which the school's mailbox is invited; the end
//!                              may have a date of its own, `weekly N` repeats it N times
//! uninvite ADDRESS             their last such event is cancelled
//! bounce ADDRESS hard|soft|delayed
//! autoreply ADDRESS            a vacation answer that does not say what it is
//! order N WORDS                as on the command line: order 1 close --answer "…"
//! group WORDS                  as on the command line: group join 1 3
//! contacts                     the families of rules/contacts.csv; the text, "."
//! may ID CLASS …               who besides the head announces to these classes
//! pace MINUTE DAY              letters of announcements; `protocol TEXT`: a confirmation counts as a signature
//! train --undo|--redo N|all    what a correction taught is taken out, or put back
//! absent ID FROM TO | back ID  the staff register changes and is read again
//! offer CATEGORY N             authors of this category choose among N times from now on
//! silence ID ask|consent [8]   what the silence of this specialist means from now on, after so many working hours where named
//! letters a day N              so many letters a member of staff gets a day, the rest as one list
//! hours CLASS FROM UNTIL       letters to the families of a class leave between these times
//! smtp OUTCOME [xN]            the next letters end so: accepted, deferred, refused, unknown, spam, account, full
//! shadow | live
//! go-live 1,2                  leaves shadow mode and takes these open appeals over
//! down 2026-11-25 18:00        the program stands still up to this moment; letters told behind it are there at once when it goes on
//! until 2026-11-25 18:00       runs up to this moment
//! ```
//!
//! Not here: what is done with what happened (the caller hears it), the look of the letters that people send (`letters`, `calendars`).

mod calendars;
mod families;
mod groups;
mod letters;
mod parse;
mod presses;
#[cfg(test)]
mod tests;
mod words;

use super::{Happening, Rehearsal, go_live, order, train};
use crate::decide::Order;
use crate::itip::{Method, Object};
use crate::mailbox::Recorded;
use crate::outbox::{Kind, Outcome};
use crate::settings::{ClassHours, Mode, SenderCheck, Settings};
use crate::slots::{Absence, Silence};
use crate::transport::Transport;
use crate::understand::{BounceClass, Category};
use calendars::{Block, Client, Said};
use chrono::{DateTime, NaiveDateTime, Utc};
use words::{Answered, Ordered, Which, date, moment, outcome_words};

/// A story, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    steps: Vec<Step>,
}

/// A command and where it stands.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    line: usize,
    what: What,
}

/// The commands.
#[derive(Debug, Clone, PartialEq)]
enum What {
    Until(NaiveDateTime),
    Down(NaiveDateTime),
    Letter {
        folder: &'static str,
        name: String,
    },
    Mail {
        folder: &'static str,
        headers: Vec<(String, String)>,
        text: String,
    },
    /// A button of a letter to `of`, by its words; `text` is added to the body.
    Press {
        who: String,
        of: String,
        first: bool,
        words: String,
        text: String,
    },
    Sender {
        word: String,
        check: SenderCheck,
    },
    Rotate,
    Reply {
        who: String,
        of: String,
        to: Which,
        text: String,
    },
    Calendar {
        who: String,
        answer: Answered,
        client: Client,
        nth: Option<usize>,
    },
    Refresh {
        who: String,
    },
    Invite {
        who: String,
        from: NaiveDateTime,
        to: NaiveDateTime,
        weeks: Option<u32>,
    },
    Uninvite {
        who: String,
    },
    Bounce {
        who: String,
        class: BounceClass,
    },
    Autoreply {
        who: String,
    },
    Order {
        number: i64,
        order: Ordered,
        words: String,
    },
    Group {
        grouped: groups::Grouped,
        words: String,
    },
    Families(families::Families),
    /// `None`: all of them.
    Lessons {
        undo: bool,
        number: Option<i64>,
    },
    Absent {
        id: String,
        absence: Absence,
    },
    Back {
        id: String,
    },
    Offer {
        category: Category,
        times: u8,
    },
    Silence {
        id: String,
        silence: Silence,
        hours: Option<u32>,
    },
    LettersADay(u32),
    Hours(ClassHours),
    Smtp {
        outcome: Outcome,
        times: usize,
    },
    GoLive(Vec<i64>),
    Mode(Mode),
}

/// A letter that the school sent, as its receiver has it.
struct Got {
    to: String,
    kind: Kind,
    message_id: String,
    raw: Vec<u8>,
}

impl Story {
    /// Reads a story.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub fn parse(text: &str) -> Result<Story, String> {
        parse::parse(text)
    }
}

/// Tells a story to a rehearsal. `letters` hands in files by name. `on` hears everything in order: what the rehearsal tells, and what
/// people do: event `incoming` for letters (bytes in `raw`, folder in `to`, sender and subject in `text`) and `story` for all else.
///
/// # Errors
/// A sentence with the line of the command that could not be carried out.
pub async fn tell(story: &Story, rehearsal: &mut Rehearsal, letters: &dyn Fn(&str) -> Option<Vec<u8>>, on: &mut dyn FnMut(Happening)) -> Result<(), String> {
    let mut teller = Teller { rehearsal, letters, on, got: Vec::new(), names: Vec::new(), blocks: Vec::new(), made: 0, down: false };
    for step in &story.steps {
        teller.step(&step.what).await.map_err(|e| format!("line {}: {e}", step.line))?;
    }
    Ok(())
}

struct Teller<'a> {
    rehearsal: &'a mut Rehearsal,
    letters: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    on: &'a mut dyn FnMut(Happening),
    got: Vec<Got>,
    /// Names of those who wrote, by address.
    names: Vec<(String, String)>,
    /// Events to which the school was invited.
    blocks: Vec<Block>,
    made: u32,
    /// The program stands still: nothing is done until the story's next moment.
    down: bool,
}

impl Teller<'_> {
    async fn step(&mut self, what: &What) -> Result<(), String> {
        match what {
            What::Until(at) => {
                self.down = false;
                return self.until(*at).await;
            }
            What::Down(at) => {
                let at = self.moment(*at);
                self.say(format!("до {} программа не работает", self.local(at).format("%d.%m %H:%M")))?;
                self.rehearsal.stand_still(at);
                self.down = true;
                return Ok(());
            }
            What::Letter { folder, name } => {
                let bytes = (self.letters)(name).ok_or_else(|| format!("there is no letter {name}"))?;
                self.deliver(folder, bytes, name.clone())?;
            }
            What::Mail { folder, headers, text } => {
                let at = self.now()?;
                let (bytes, sender) = letters::mail(&self.maker(at), headers, text);
                self.names.extend(sender);
                self.made += 1;
                let origin = format!("{:02}", self.made);
                self.deliver(folder, bytes, origin)?;
            }
            What::Reply { who, of, to, text } => {
                let got = self.received(of, to.kind, to.nth)?;
                let bytes = letters::reply(&self.maker(self.now()?), who, self.name(who).as_deref(), got, text);
                self.arrive(bytes)?;
            }
            What::Calendar { who, answer, client, nth } => {
                let said = match answer {
                    Answered::Plain(said) => said.clone(),
                    Answered::Counter(at) => Said::Counter(self.moment(*at)),
                };
                let object = self.invited(who, *nth)?;
                let bytes = calendars::answer(&self.maker(self.now()?), who, self.name(who).as_deref(), &object, &said, *client);
                self.arrive(bytes)?;
            }
            What::Refresh { who } => {
                let object = self.invited(who, None)?;
                let bytes = calendars::refresh(&self.maker(self.now()?), who, self.name(who).as_deref(), &object);
                self.arrive(bytes)?;
            }
            What::Invite { who, from, to, weeks } => {
                let maker = self.maker(self.now()?);
                let block = Block { who: who.clone(), uid: maker.message_id(who), start: self.moment(*from), end: self.moment(*to), weeks: *weeks };
                let bytes = calendars::block(&maker, self.name(who).as_deref(), &block, Method::Request);
                self.blocks.push(block);
                self.arrive(bytes)?;
            }
            What::Uninvite { who } => {
                let at = self.blocks.iter().rposition(|b| b.who.eq_ignore_ascii_case(who)).ok_or_else(|| format!("{who} has invited nobody"))?;
                let block = self.blocks.remove(at);
                let bytes = calendars::block(&self.maker(self.now()?), self.name(who).as_deref(), &block, Method::Cancel);
                self.arrive(bytes)?;
            }
            What::Bounce { who, class } => {
                let bytes = letters::bounce(&self.maker(self.now()?), who, self.received(who, None, None)?, *class);
                self.arrive(bytes)?;
            }
            What::Autoreply { who } => {
                let bytes = letters::autoreply(&self.maker(self.now()?), who, self.name(who).as_deref(), self.received(who, None, None)?);
                self.arrive(bytes)?;
            }
            What::Order { number, order: ordered, words } => {
                let at = self.now()?;
                let order_ = match ordered {
                    Ordered::Plain(o) => o.clone(),
                    Ordered::Move(to) => Order::Move(self.moment(*to)),
                    Ordered::Again(at) => Order::Again(Some(self.moment(*at))),
                    Ordered::Slot(who, at) => Order::Slot { specialist: who.clone(), start: self.moment(*at) },
                };
                self.say(format!("распоряжение: {number} {words}"))?;
                order(self.rehearsal.school(), *number, &order_, at).map_err(|e| e.to_string())?;
            }
            What::Group { grouped, words } => {
                let at = self.now()?;
                self.say(format!("распоряжение о группе: {words}"))?;
                groups::carry_out(self.rehearsal.school(), grouped, at, |local| self.moment(local))?;
            }
            What::Families(change) => {
                let school = self.rehearsal.school();
                let mut settings = (*school.settings()).clone();
                let said = families::carry_out(change, &mut settings);
                school.reload(settings);
                self.say(said)?;
            }
            What::Lessons { undo, number } => {
                let at = self.now()?;
                let done = train(self.rehearsal.school(), *number, *undo, at).map_err(|e| e.to_string())?;
                let numbers: Vec<String> = done.iter().map(|n| format!("№ {n}")).collect();
                let what = if *undo { "забыто, чему научили исправления" } else { "снова учат исправления" };
                self.say(format!("{what}: {}", if numbers.is_empty() { "никакие".to_owned() } else { numbers.join(", ") }))?;
            }
            What::Absent { id, absence } => {
                self.say(format!("в реестре: {id} отсутствует с {} по {}", absence.from.format("%d.%m"), absence.to.format("%d.%m")))?;
                self.person(id, |p| p.absences.push(absence.clone()))?;
            }
            What::Back { id } => {
                self.say(format!("в реестре: {id} на месте"))?;
                self.person(id, |p| p.absences.clear())?;
            }
            What::Offer { category, times } => {
                let school = self.rehearsal.school();
                let mut settings = (*school.settings()).clone();
                if let Some(rule) = settings.categories.get_mut(category) {
                    rule.offer = *times;
                }
                school.reload(settings);
            }
            What::Silence { id, silence, hours } => self.person(id, |p| (p.silence, p.silence_minutes) = (*silence, hours.map(|h| h * 60)))?,
            What::GoLive(take) => {
                self.say(format!("go-live --yes --take {}", take.iter().map(i64::to_string).collect::<Vec<_>>().join(",")))?;
                let now = self.now()?;
                go_live(self.rehearsal.school(), take, now).map_err(|e| e.to_string())?;
            }
            What::LettersADay(most) => {
                let school = self.rehearsal.school();
                let mut settings = (*school.settings()).clone();
                settings.terms.staff_letters_a_day = *most;
                school.reload(settings);
            }
            What::Hours(hours) => {
                let school = self.rehearsal.school();
                let mut settings = (*school.settings()).clone();
                settings.hours.push(hours.clone());
                school.reload(settings);
            }
            What::Smtp { outcome, times } => {
                self.say(format!("следующие письма ({times}): {}", outcome_words(outcome)))?;
                if let Transport::Script(script) = self.rehearsal.transport() {
                    script.outcomes.extend(std::iter::repeat_n(outcome.clone(), *times));
                }
            }
            What::Press { who, of, first, words, text } => {
                let (headers, text) = self.pressed(who, of, *first, words, text)?;
                let (bytes, _) = letters::mail(&self.maker(self.now()?), &headers, &text);
                self.arrive(bytes)?;
            }
            What::Sender { word, check } => self.believes(word, check)?,
            What::Rotate => self.rotate()?,
            What::Mode(mode) => {
                self.say(if *mode == Mode::Shadow { "пробный режим" } else { "рабочий режим" }.to_owned())?;
                let school = self.rehearsal.school();
                school.reload(Settings { mode: *mode, ..(*school.settings()).clone() });
            }
        }
        if self.down {
            return Ok(());
        }
        let now = self.now()?;
        self.run(now).await
    }

    async fn until(&mut self, at: NaiveDateTime) -> Result<(), String> {
        let at = self.moment(at);
        if self.rehearsal.now().is_some_and(|now| at < now) {
            return Err("this moment is past already".into());
        }
        self.rehearsal.start_at(at);
        self.run(at).await
    }

    /// Everything due up to this moment, heard by the caller and remembered for answers.
    async fn run(&mut self, until: DateTime<Utc>) -> Result<(), String> {
        let (on, got) = (&mut self.on, &mut self.got);
        let mut hear = |h: Happening| {
            if let (Some(kind), Some(to), Some(message_id), Some(raw)) = (h.kind, &h.to, &h.message_id, &h.raw) {
                got.push(Got { to: to.clone(), kind, message_id: message_id.clone(), raw: raw.clone() });
            }
            on(h);
        };
        self.rehearsal.run(Some(until), &mut hear).await.map_err(|e| e.to_string())
    }

    fn now(&self) -> Result<DateTime<Utc>, String> {
        self.rehearsal.now().ok_or_else(|| "the story has no time yet: begin it with \"at 2026-11-20 22:00\"".into())
    }

    fn moment(&self, local: NaiveDateTime) -> DateTime<Utc> {
        self.rehearsal.school().settings().worktime.local(local.date(), local.time())
    }

    fn local(&self, at: DateTime<Utc>) -> DateTime<chrono_tz::Tz> {
        at.with_timezone(&self.rehearsal.school().settings().worktime.zone)
    }

    /// A letter of our own making.
    fn arrive(&mut self, bytes: Vec<u8>) -> Result<(), String> {
        self.made += 1;
        let origin = format!("{:02}", self.made);
        self.deliver("INBOX", bytes, origin)
    }

    fn deliver(&mut self, folder: &str, bytes: Vec<u8>, origin: String) -> Result<(), String> {
        let at = self.now()?;
        let message = crate::message::read(&bytes);
        let sender = message.sender().map_or("без отправителя", |a| a.email.as_str());
        let text = format!("{sender}: {}", if message.subject.is_empty() { "(без темы)" } else { &message.subject });
        let mut heard = self.happening("incoming", text, at);
        (heard.letter, heard.to, heard.message_id) = (Some(origin.clone()), Some(folder.to_owned()), message.message_id);
        heard.raw = Some(bytes.clone());
        (self.on)(heard);
        self.rehearsal.deliver_now(Recorded { folder: folder.to_owned(), arrival: Some(at), bytes, origin }).map_err(|e| e.to_string())
    }

    fn happening(&self, event: &str, text: String, at: DateTime<Utc>) -> Happening {
        Happening { at, event: event.to_owned(), appeal: None, letter: None, kind: None, to: None, message_id: None, text, raw: None }
    }

    fn say(&mut self, text: String) -> Result<(), String> {
        let heard = self.happening("story", text, self.now()?);
        (self.on)(heard);
        Ok(())
    }

    fn maker(&self, at: DateTime<Utc>) -> letters::Maker {
        let settings = self.rehearsal.school().settings();
        letters::Maker { at: self.local(at), school: settings.address.clone(), number: self.made + 1 }
    }

    /// Who an address belongs to, as they sign.
    fn name(&self, who: &str) -> Option<String> {
        let settings = self.rehearsal.school().settings();
        let wrote = self.names.iter().rev().find(|(email, _)| email.eq_ignore_ascii_case(who)).map(|(_, name)| name.clone());
        wrote.or_else(|| settings.person_by_email(who).map(|p| p.name.clone()))
    }

    /// The last, or n-th, invitation somebody got.
    fn invited(&self, who: &str, nth: Option<usize>) -> Result<Object, String> {
        let mut asked: Vec<_> = self.got.iter().filter(|g| g.to.eq_ignore_ascii_case(who)).filter_map(|g| calendars::request(&g.raw)).collect();
        let at = nth.unwrap_or(asked.len()).wrapping_sub(1);
        if at < asked.len() { Ok(asked.swap_remove(at)) } else { Err(format!("{who} has no such invitation")) }
    }

    fn received(&self, who: &str, kind: Option<Kind>, nth: Option<usize>) -> Result<&Got, String> {
        let mut all = self.got.iter().filter(|g| g.to.eq_ignore_ascii_case(who) && kind.is_none_or(|k| g.kind == k));
        let found = match nth {
            Some(n) => all.nth(n.saturating_sub(1)),
            None => all.next_back(),
        };
        found.ok_or_else(|| format!("{who} has got no such letter{}", kind.map(|k| format!(" ({})", k.key())).unwrap_or_default()))
    }

    /// Changes a person of the register and reads it again, as SIGHUP does.
    fn person(&mut self, id: &str, change: impl FnOnce(&mut crate::slots::Specialist)) -> Result<(), String> {
        let school = self.rehearsal.school();
        let mut settings = (*school.settings()).clone();
        let person = settings.staff.iter_mut().find(|p| p.id == id).ok_or_else(|| format!("no member of staff has the id {id}"))?;
        change(person);
        school.reload(settings);
        school.store().wake_all().map_err(|e| e.to_string())
    }
}
