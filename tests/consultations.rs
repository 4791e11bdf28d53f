//! Consultations under any order of events, from the outside: calendars answer what was really sent (the newest object or an old one), staff
//! give orders, families write, people fall ill, time passes, the program is started again. After every step nothing is booked twice, SEQUENCE
//! and DTSTAMP grow, nothing follows a CANCEL, and what each person was told last is what the store says.
//!
//! Cases: 96, or PROPTEST_CASES. A failure is shrunk to its shortest story, which is printed.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Moscow;
use otklik::appeal::{Consultation, Outcome, Stage, State};
use otklik::compose::PUBLIC_KEY;
use otklik::decide::{Order, Plan};
use otklik::itip::{Event, Method, Object, PartStat, Series};
use otklik::jobs::{Happening, Rehearsal, order, plan};
use otklik::mailbox::Recorded;
use otklik::outbox::Kind;
use otklik::settings::{Policy, Settings};
use otklik::slots::{Absence, Silence};
use otklik::store::Store;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const SCHOOL: &str = "priemnaya@school.example";

/// Specialists that the families of the test can meet.
const STAFF: [&str; 4] = ["psychologist-1", "teacher-1", "teacher-2", "social-1"];

const FIRST: [&str; 4] = [
    "Прошу записать меня на консультацию к педагогу-психологу, сын стал тревожным и плохо спит. 5А.",
    "Здравствуйте! Нужна консультация учителя математики, дочь не понимает дроби. 6А.",
    "Нужна консультация педагога-психолога: ребёнок боится отвечать у доски. 7Б.",
    "Прошу консультацию социального педагога: оформляем льготное питание, не знаем, с чего начать. 8В.",
];

/// What families answer.
const WORDS: [&str; 8] = [
    "да",
    "не смогу",
    "лучше в четверг в 16:00",
    "можно по телефону?",
    "спасибо",
    "Давайте на следующей неделе, после 15:00",
    "2",
    "Нам уже не нужна консультация, отмените, пожалуйста.",
];

/// Whose calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Staff,
    Author,
}

/// A start, told so that many of them are possible ones.
#[derive(Debug, Clone, Copy)]
enum When {
    /// The n-th day on which the specialist has a window from tomorrow on, and so many times ten minutes after it opens.
    Window(u8, u8),
    /// So many days from now, at this minute of the local day.
    Any(i8, u16),
    /// The present start once more, or so many weeks later.
    Same(u8),
}

#[derive(Debug, Clone)]
enum Command {
    Move(When),
    Slot(u8, When),
    Another,
    Replace(Option<u8>),
    Assign(u8),
    Cancel,
    Channel(&'static str),
    Stands,
    Accept,
    Decline,
    Held,
    NotHeld(Outcome),
    Allow,
    Again(Option<When>),
    Series(u32, u32, bool),
    EndSeries,
    Close,
    Reopen,
}

#[derive(Debug, Clone)]
enum Step {
    /// Appeal, whose calendar, how many objects back, answer.
    Reply(i64, Side, usize, PartStat),
    Counter(i64, Side, usize, When),
    Refresh(i64, Side, usize),
    Order(i64, Command),
    Words(i64, usize),
    /// Specialist, days until it begins, days that it lasts.
    Absent(usize, u8, u8),
    /// Specialist, when.
    Block(usize, When),
    /// The n-th block is taken back.
    Unblock(usize),
    /// A group consultation of a specialist.
    Group(usize, When),
    Pass(u32),
    Restart,
}

/// How the school of a case works.
#[derive(Debug, Clone, Copy)]
struct Rules {
    offer: u8,
    at_once: bool,
    silence: Silence,
    narrow: bool,
    families: i64,
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        5 => (0..8_u8, 0..13_u8).prop_map(|(d, k)| When::Window(d, k)),
        2 => (-3..30_i8, 96..230_u16).prop_map(|(d, m)| When::Any(d, m * 5)),
        1 => (0..30_i8, 0..1440_u16).prop_map(|(d, m)| When::Any(d, m)),
        1 => (0..3_u8).prop_map(When::Same),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let outcome = prop_oneof![Just(Outcome::NoShow), Just(Outcome::Failed), Just(Outcome::NotHeld)];
    let channel = prop_oneof![Just("phone"), Just("Сферум"), Just("in_person"), Just("email")];
    prop_oneof![
        4 => when().prop_map(Command::Move),
        2 => (0..4_u8, when()).prop_map(|(s, w)| Command::Slot(s, w)),
        3 => Just(Command::Another),
        3 => prop::option::of(0..4_u8).prop_map(Command::Replace),
        1 => (0..4_u8).prop_map(Command::Assign),
        2 => Just(Command::Cancel),
        1 => channel.prop_map(Command::Channel),
        1 => Just(Command::Stands),
        3 => Just(Command::Accept),
        2 => Just(Command::Decline),
        1 => Just(Command::Held),
        2 => outcome.prop_map(Command::NotHeld),
        1 => Just(Command::Allow),
        3 => prop::option::of(when()).prop_map(Command::Again),
        3 => (2..6_u32, 1..3_u32, any::<bool>()).prop_map(|(n, w, one)| Command::Series(n, w, one)),
        1 => Just(Command::EndSeries),
        1 => Just(Command::Close),
        1 => Just(Command::Reopen),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let side = || prop_oneof![Just(Side::Staff), Just(Side::Author)];
    let back = || prop_oneof![4 => Just(0_usize), 2 => 1..4_usize];
    let answer = prop_oneof![4 => Just(PartStat::Accepted), 4 => Just(PartStat::Declined), 1 => Just(PartStat::Tentative), 1 => Just(PartStat::Delegated)];
    prop_oneof![
        6 => (1..5_i64, side(), back(), answer).prop_map(|(n, s, b, a)| Step::Reply(n, s, b, a)),
        4 => (1..5_i64, side(), back(), when()).prop_map(|(n, s, b, w)| Step::Counter(n, s, b, w)),
        1 => (1..5_i64, side(), back()).prop_map(|(n, s, b)| Step::Refresh(n, s, b)),
        9 => (1..5_i64, command()).prop_map(|(n, c)| Step::Order(n, c)),
        4 => (1..5_i64, 0..WORDS.len()).prop_map(|(n, w)| Step::Words(n, w)),
        1 => (0..4_usize, 0..20_u8, 0..9_u8).prop_map(|(s, f, n)| Step::Absent(s, f, n)),
        1 => (0..4_usize, when()).prop_map(|(s, w)| Step::Block(s, w)),
        1 => (0..3_usize).prop_map(Step::Unblock),
        1 => (0..4_usize, when()).prop_map(|(s, w)| Step::Group(s, w)),
        3 => (10..400_u32).prop_map(Step::Pass),
        3 => (400..6000_u32).prop_map(Step::Pass),
        1 => Just(Step::Restart),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let silence = prop_oneof![2 => Just(Silence::Consent), 1 => Just(Silence::Ask)];
    (prop_oneof![3 => Just(1_u8), 1 => Just(3_u8)], prop::bool::weighted(0.2), silence, any::<bool>(), 1..5_i64)
        .prop_map(|(offer, at_once, silence, narrow, families)| Rules { offer, at_once, silence, narrow, families })
}

fn settings(rules: Rules) -> Settings {
    static DEMO: LazyLock<Settings> = LazyLock::new(otklik::config::demo);
    let mut settings = DEMO.clone();
    settings.composer.key = PUBLIC_KEY;
    for rule in settings.categories.values_mut() {
        rule.offer = rules.offer;
        if rules.at_once {
            rule.policy = Policy::AtOnce;
        }
    }
    for person in &mut settings.staff {
        person.silence = rules.silence;
        if rules.narrow && STAFF.contains(&person.id.as_str()) {
            person.windows.truncate(1);
        }
    }
    settings
}

/// A letter as somebody got it.
struct Got {
    to: String,
    kind: Kind,
    appeal: Option<i64>,
    objects: Vec<Object>,
    text: String,
}

/// What a calendar holds of one event: SEQUENCE, DTSTAMP, start, cancelled.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Held {
    sequence: i64,
    dtstamp: DateTime<Utc>,
    start: Option<DateTime<Utc>>,
    cancelled: bool,
}

/// Recipient, UID, RECURRENCE-ID.
type Key = (String, String, Option<DateTime<Utc>>);

struct World {
    runtime: tokio::runtime::Runtime,
    rehearsal: Rehearsal,
    file: Option<tempfile::TempDir>,
    now: DateTime<Utc>,
    got: Vec<Got>,
    held: BTreeMap<Key, Held>,
    /// Starts by an explicit order: they need lie in no window.
    ordered: BTreeSet<(i64, DateTime<Utc>)>,
    blocks: Vec<(String, String, DateTime<Utc>)>,
    letters: u32,
    wrong: Vec<String>,
}

type Checked = Result<(), TestCaseError>;

fn failed(what: String) -> TestCaseError {
    TestCaseError::fail(what)
}

impl World {
    fn new(rules: Rules, on_disk: bool) -> World {
        // In memory where the machine has such a folder: each case waits for hundreds of syncs otherwise.
        let file = on_disk.then(|| tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap());
        let store = file.as_ref().map_or_else(|| Store::in_memory().unwrap(), |d| Store::open(&d.path().join("store.db")).unwrap());
        // Tuesday, 24 November 2026, 9:10 in Moscow.
        let now = Moscow.with_ymd_and_hms(2026, 11, 24, 9, 10, 0).unwrap().to_utc();
        let mut rehearsal = Rehearsal::new(settings(rules), store).unwrap();
        rehearsal.start_at(now);
        World {
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            rehearsal,
            file,
            now,
            got: Vec::new(),
            held: BTreeMap::new(),
            ordered: BTreeSet::new(),
            blocks: Vec::new(),
            letters: 0,
            wrong: Vec::new(),
        }
    }

    fn pass(&mut self, minutes: i64) {
        self.now += TimeDelta::minutes(minutes);
        let mut sent = Vec::new();
        let mut hear = |h: Happening| {
            if let (Some(to), Some(kind), Some(raw)) = (h.to, h.kind, h.raw) {
                sent.push((to, kind, h.appeal, raw));
            }
        };
        self.runtime.block_on(self.rehearsal.run(Some(self.now), &mut hear)).unwrap();
        for (to, kind, appeal, raw) in sent {
            self.hear(to, kind, appeal, &raw);
        }
    }

    /// What a calendar program would say of each object that it gets.
    fn hear(&mut self, to: String, kind: Kind, appeal: Option<i64>, raw: &[u8]) {
        let message = otklik::message::read(raw);
        let objects: Vec<Object> = message.calendars.first().map(|c| otklik::itip::read_all(&c.bytes, c.method.as_deref()).unwrap()).unwrap_or_default();
        // Answers to invitations of staff are another matter.
        let ours: Vec<Object> = objects.into_iter().filter(|o| o.method != Some(Method::Reply)).collect();
        for o in &ours {
            let mut wrong = |what: &str| self.wrong.push(format!("{what}: to {to}, {kind:?}, {o:?}"));
            if o.attendees.iter().map(|a| a.email.as_str()).collect::<Vec<_>>() != [to.as_str()] {
                wrong("ATTENDEE is not the recipient");
            }
            let whole = || self.held.get(&(to.clone(), o.uid.clone(), None));
            let key = (to.clone(), o.uid.clone(), o.recurrence_id);
            // A meeting of a series begins with what the series said of it.
            let before = self.held.get(&key).or_else(whole).copied();
            let of_series = o.recurrence_id.is_some() && !self.held.contains_key(&key);
            let cancelled = o.method == Some(Method::Cancel);
            let Some(dtstamp) = o.dtstamp else {
                wrong("no DTSTAMP");
                continue;
            };
            match before {
                None if cancelled => wrong("a CANCEL before its REQUEST"),
                None => {}
                Some(b) if b.cancelled => wrong("an object after the CANCEL of its UID"),
                Some(b) => {
                    if o.sequence < b.sequence {
                        wrong("SEQUENCE falls");
                    }
                    let start = if of_series { o.recurrence_id } else { b.start };
                    if o.method == Some(Method::Request) && o.start != start && o.sequence <= b.sequence {
                        wrong("another start under the same SEQUENCE");
                    }
                    if dtstamp <= b.dtstamp {
                        wrong("DTSTAMP does not grow");
                    }
                }
            }
            let start = if o.method == Some(Method::DeclineCounter) { before.and_then(|b| b.start) } else { o.start };
            self.held.insert(key, Held { sequence: o.sequence, dtstamp, start, cancelled });
        }
        let text = otklik::compose::decoded(raw);
        self.got.push(Got { to, kind, appeal, objects: ours, text });
    }

    fn letter(&mut self, from: &str, subject: &str, headers: &str, body: &str) {
        self.letters += 1;
        let id = self.letters;
        let host = from.split('@').nth(1).unwrap();
        let text = format!(
            "From: <{from}>\r\nTo: <{SCHOOL}>\r\nDate: {}\r\nMessage-ID: <letter{id}@{host}>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n{headers}\r\n{body}\r\n",
            self.now.to_rfc2822()
        );
        let recorded = Recorded { folder: "INBOX".into(), arrival: Some(self.now), bytes: text.into_bytes(), origin: format!("letter-{id}") };
        self.rehearsal.deliver_now(recorded).unwrap();
        self.pass(0);
    }

    fn plain(&mut self, from: &str, answers: Option<&str>, body: &str) {
        let references = answers.map(|id| format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n")).unwrap_or_default();
        self.letter(from, "=?utf-8?q?Re=3A_=D0=BF=D0=B8=D1=81=D1=8C=D0=BC=D0=BE?=", &format!("{references}Content-Type: text/plain; charset=utf-8\r\n"), body);
    }

    fn email(&self, id: &str) -> String {
        self.rehearsal.school().settings().person(id).unwrap().email.clone()
    }

    fn consultations(&self, appeal: i64) -> Vec<Consultation> {
        self.rehearsal.school().store().consultations_of(appeal).unwrap()
    }

    /// The next consultation of the appeal, else its last.
    fn main(&self, appeal: i64) -> Option<Consultation> {
        let all = self.consultations(appeal);
        all.iter().filter(|c| c.live() && c.end > self.now).min_by_key(|c| c.start).or(all.last()).cloned()
    }

    fn at(&self, w: When, specialist: &str, present: Option<DateTime<Utc>>) -> DateTime<Utc> {
        let settings = self.rehearsal.school().settings();
        let today = self.now.with_timezone(&Moscow).date_naive();
        match w {
            When::Window(day, tens) => {
                let person = settings.person(specialist).unwrap();
                let opens = |d: &chrono::NaiveDate| person.windows.iter().find(|w| w.weekdays.contains(&d.weekday())).map(|w| (*d, w.from));
                let found = (1..90).map(|n| today + TimeDelta::days(n)).filter_map(|d| opens(&d)).nth(usize::from(day));
                let (date, from) = found.unwrap_or((today, NaiveTime::from_hms_opt(14, 0, 0).unwrap()));
                Moscow.from_local_datetime(&date.and_time(from)).unwrap().to_utc() + TimeDelta::minutes(10 * i64::from(tens))
            }
            When::Any(days, minute) => {
                let time = NaiveTime::from_hms_opt(u32::from(minute / 60) % 24, u32::from(minute % 60), 0).unwrap();
                Moscow.from_local_datetime(&(today + TimeDelta::days(i64::from(days))).and_time(time)).unwrap().to_utc()
            }
            When::Same(weeks) => present.unwrap_or(self.now) + TimeDelta::weeks(i64::from(weeks)),
        }
    }

    /// The object of this appeal that this person's calendar got, counted from the newest.
    fn object(&self, appeal: i64, side: Side, back: usize) -> Option<(String, Object)> {
        let family = address(appeal);
        let of_it = |g: &&Got| g.appeal == Some(appeal) && (g.to == family) == (side == Side::Author);
        let requests = |g: &Got| g.objects.iter().filter(|o| o.method == Some(Method::Request)).map(|o| (g.to.clone(), o.clone())).collect::<Vec<_>>();
        let mut all: Vec<_> = self.got.iter().filter(of_it).flat_map(requests).collect();
        all.reverse();
        let index = back.min(all.len().checked_sub(1)?);
        Some(all.swap_remove(index))
    }

    fn answer(&mut self, who: &str, object: &Object, method: Method, start: DateTime<Utc>, partstat: PartStat) {
        let event = Event {
            method,
            uid: object.uid.clone(),
            sequence: u32::try_from(object.sequence).unwrap(),
            dtstamp: self.now,
            start,
            end: start + TimeDelta::minutes(40),
            summary: "Консультация".into(),
            description: String::new(),
            location: String::new(),
            organizer: ("Школа № 12".into(), SCHOOL.into()),
            attendee: (None, who.to_owned()),
            alarm: None,
            series: object.recurrence_id.map(|_| Series { zone: Moscow, interval: 1, count: 1, exdates: Vec::new() }),
            recurrence_id: object.recurrence_id,
            conference: None,
            partstat,
        };
        let text = if method == Method::Refresh { otklik::itip::build(&event) } else { otklik::itip::answer(&event, partstat, None) };
        self.letter(who, "answer", &format!("Content-Type: text/calendar; charset=UTF-8; method={}\r\n", method.as_str()), &text);
    }

    fn restart(&mut self) {
        let Some(dir) = &self.file else { return };
        // What was heard of absences stays: they are in the register's file.
        let settings = (*self.rehearsal.school().settings()).clone();
        self.rehearsal = Rehearsal::new(settings, Store::open(&dir.path().join("store.db")).unwrap()).unwrap();
    }

    fn order(&mut self, appeal: i64, command: &Command) {
        let present = self.main(appeal);
        let start = present.as_ref().map(|c| c.start);
        let holder = present.as_ref().map_or_else(|| STAFF[0].to_owned(), |c| c.specialist.clone());
        let staff = |n: u8| STAFF[usize::from(n)].to_owned();
        let order_of = match command {
            Command::Move(w) => Order::Move(self.at(*w, &holder, start)),
            Command::Slot(s, w) => Order::Slot { specialist: staff(*s), start: self.at(*w, &staff(*s), start) },
            Command::Another => Order::Another(None),
            Command::Replace(s) => Order::Replace(s.map(staff)),
            Command::Assign(s) => Order::Assign(staff(*s)),
            Command::Cancel => Order::Cancel(None),
            Command::Channel(c) => Order::Channel((*c).into()),
            Command::Stands => Order::Stands,
            Command::Accept => Order::Accept,
            Command::Decline => Order::Decline,
            Command::Held => Order::Held { recommendations: None },
            Command::NotHeld(outcome) => Order::NotHeld { outcome: *outcome, reason: None },
            Command::Allow => Order::Allow,
            Command::Again(w) => Order::Again(w.map(|w| self.at(w, &holder, start))),
            Command::Series(count, weeks, one_event) => Order::Series { count: *count, weeks: *weeks, one_event: *one_event },
            Command::EndSeries => Order::EndSeries(None),
            Command::Close => Order::Close { answer: None, reason: Some("решили".into()) },
            Command::Reopen => Order::Reopen,
        };
        let done = order(self.rehearsal.school(), appeal, &order_of, self.now).is_ok();
        if let (true, Order::Move(at)) = (done, &order_of) {
            self.ordered.insert((appeal, *at));
        }
        self.pass(0);
    }

    fn invite_school(&mut self, id: &str, uid: &str, start: DateTime<Utc>, method: Method, sequence: u32) {
        let email = self.email(id);
        let event = Event {
            method,
            uid: uid.into(),
            sequence,
            dtstamp: self.now,
            start,
            end: start + TimeDelta::minutes(90),
            summary: "Занято".into(),
            description: String::new(),
            location: String::new(),
            organizer: ("Сотрудник".into(), email.clone()),
            attendee: (None, SCHOOL.into()),
            alarm: None,
            series: None,
            recurrence_id: None,
            conference: None,
            partstat: PartStat::NeedsAction,
        };
        self.letter(&email, "busy", &format!("Content-Type: text/calendar; charset=UTF-8; method={}\r\n", method.as_str()), &otklik::itip::build(&event));
    }

    /// One step; says what must be checked besides what always holds.
    fn step(&mut self, step: &Step) -> Checked {
        // What is due up to now is done before, so that the step alone is judged.
        self.pass(1);
        match step {
            Step::Reply(n, side, back, partstat) => {
                let Some((who, object)) = self.object(*n, *side, *back) else { return Ok(()) };
                let before = self.consultations(*n);
                self.answer(&who, &object, Method::Reply, object.start.unwrap(), *partstat);
                self.stale(*n, &object, &before)?;
            }
            Step::Counter(n, side, back, w) => {
                let Some((who, object)) = self.object(*n, *side, *back) else { return Ok(()) };
                let specialist = self.main(*n).map_or_else(|| STAFF[0].into(), |c| c.specialist);
                let start = self.at(*w, &specialist, object.start);
                self.answer(&who, &object, Method::Counter, start, PartStat::Tentative);
            }
            Step::Refresh(n, side, back) => {
                let Some((who, object)) = self.object(*n, *side, *back) else { return Ok(()) };
                self.answer(&who, &object, Method::Refresh, object.start.unwrap(), PartStat::NeedsAction);
            }
            Step::Order(n, command) => self.order(*n, command),
            Step::Words(n, word) => {
                let to = address(*n);
                let Some(id) = self.last_id(&to) else { return Ok(()) };
                self.plain(&to, Some(&id), WORDS[*word]);
            }
            Step::Absent(s, from, days) => {
                let mut settings = (*self.rehearsal.school().settings()).clone();
                let from = self.now.with_timezone(&Moscow).date_naive() + TimeDelta::days(i64::from(*from));
                let away = Absence { from, to: from + TimeDelta::days(i64::from(*days)) };
                settings.staff.iter_mut().find(|p| p.id == STAFF[*s]).unwrap().absences.push(away);
                self.rehearsal.school().reload(settings);
                self.rehearsal.school().store().wake_all().unwrap();
                self.pass(0);
            }
            Step::Block(s, w) => {
                let start = self.at(*w, STAFF[*s], None);
                let uid = format!("block{}@calendar.example", self.blocks.len());
                self.invite_school(STAFF[*s], &uid, start, Method::Request, 0);
                self.blocks.push((STAFF[*s].to_owned(), uid, start));
            }
            Step::Unblock(n) => {
                if let Some((id, uid, start)) = self.blocks.get(*n).cloned() {
                    self.invite_school(&id, &uid, start, Method::Cancel, 1);
                }
            }
            Step::Group(s, w) => {
                let start = self.at(*w, STAFF[*s], None);
                let planned = Plan {
                    specialist: STAFF[*s].into(),
                    topic: "Дроби".into(),
                    start,
                    capacity: 5,
                    classes: Vec::new(),
                    course_end: None,
                    channel: "in_person".into(),
                };
                let _ = plan(self.rehearsal.school(), &planned, self.now);
                self.pass(0);
            }
            Step::Pass(minutes) => self.pass(i64::from(*minutes)),
            Step::Restart => self.restart(),
        }
        Ok(())
    }

    /// The Message-ID of the last letter to somebody.
    fn last_id(&self, to: &str) -> Option<String> {
        let last = self.got.iter().rev().find(|g| g.to == to && g.kind != Kind::Survey)?;
        let line = last.text.lines().find(|l| l.to_lowercase().starts_with("message-id:"))?;
        Some(line.split_once(':')?.1.trim().trim_matches(['<', '>']).to_owned())
    }

    /// An answer to an old SEQUENCE with a start that is no more changes nothing.
    fn stale(&self, appeal: i64, object: &Object, before: &[Consultation]) -> Checked {
        let of = |c: &&Consultation| c.staff.uid == object.uid || c.author.as_ref().is_some_and(|a| a.uid == object.uid);
        let own = |c: &&Consultation| of(c) && (c.original.is_none() || c.original == object.recurrence_id);
        let Some(c) = before.iter().find(own) else { return Ok(()) };
        let current = if c.staff.uid == object.uid { c.staff.sequence } else { c.author.as_ref().map_or(0, |a| a.sequence) };
        if object.sequence < i64::from(current) && object.start != Some(c.start) && self.consultations(appeal) != before {
            return Err(failed(format!("an answer to SEQUENCE {} of {current} changed {c:?}", object.sequence)));
        }
        Ok(())
    }

    /// What must hold after every step.
    fn sound(&self) -> Checked {
        if let Some(what) = self.wrong.first() {
            return Err(failed(what.clone()));
        }
        let school = self.rehearsal.school();
        let settings = school.settings();
        let store = school.store();
        let groups = store.meetings(None).unwrap();
        let appeals = store.appeals(false, 100).unwrap();
        let parked = store.parked(DateTime::<Utc>::MIN_UTC).unwrap();
        let alerts = store.alerts().unwrap();
        let wake = store.next_wake().unwrap();
        let waiting = store.count_waiting().unwrap();
        let queued: BTreeSet<(Option<i64>, String)> = appeals
            .iter()
            .flat_map(|a| store.postings(Some(a.number)).unwrap().into_iter().map(move |p| (Some(a.number), p)))
            .filter(|(_, p)| p.status == "queued" || p.status == "sending")
            .map(|(n, p)| (n, p.to))
            .collect();
        drop(store);
        if !parked.is_empty() || waiting > 0 || alerts.iter().any(|(key, _)| key.starts_with("deadline/")) {
            return Err(failed(format!("a decision failed: {parked:?}, {alerts:?}, {waiting} letters wait")));
        }
        let all: Vec<Consultation> = appeals.iter().flat_map(|a| self.consultations(a.number)).collect();
        let mut taken: Vec<(String, DateTime<Utc>, DateTime<Utc>, String)> =
            all.iter().filter(|c| c.live()).map(|c| (c.specialist.clone(), c.start, c.end, format!("{}/{}", c.appeal, c.ordinal))).collect();
        taken.extend(groups.iter().filter(|m| !m.cancelled).map(|m| (m.specialist.clone(), m.start, m.end, format!("group {}", m.id))));
        for (i, a) in taken.iter().enumerate() {
            if let Some(b) = taken[i + 1..].iter().find(|b| a.0 == b.0 && a.1 < b.2 && b.1 < a.2) {
                return Err(failed(format!("double booking: {a:?} and {b:?}")));
            }
        }
        if let Some(c) = all.iter().find(|c| c.stage == Stage::Cancelled && matches!(c.outcome, Some(Outcome::Held | Outcome::NoShow))) {
            return Err(failed(format!("what took place is cancelled: {c:?}")));
        }
        for c in all.iter().filter(|c| c.live() && c.start > self.now) {
            let (from, to) = (c.start.with_timezone(&Moscow), c.end.with_timezone(&Moscow));
            if c.end - c.start > TimeDelta::minutes(40) {
                return Err(failed(format!("longer than 40 minutes: {c:?}")));
            }
            if settings.person(&c.specialist).unwrap().is_away(from.date_naive()) {
                return Err(failed(format!("in an absence: {c:?}")));
            }
            if self.ordered.contains(&(c.appeal, c.start)) {
                continue;
            }
            let person = settings.person(&c.specialist).unwrap();
            let inside = person.windows.iter().any(|w| {
                w.weekdays.contains(&from.weekday()) && from.date_naive() == to.date_naive() && w.from <= from.time() && to.time() <= w.to && !w.reserve
            });
            if !inside || !matches!(settings.worktime.day(from.date_naive()), otklik::worktime::DayKind::Work { .. }) {
                return Err(failed(format!("outside the windows: {c:?}")));
            }
        }
        for a in &appeals {
            let own: Vec<&Consultation> = all.iter().filter(|c| c.appeal == a.number).collect();
            let to_come = own.iter().filter(|c| c.live() && c.start > self.now).count();
            if !a.open() && to_come > 0 {
                return Err(failed(format!("appeal {} is closed, but its consultation is still to come: {own:?}", a.number)));
            }
            if a.open() && to_come == 0 && a.state != State::Undecided && a.assignee.is_none() {
                return Err(failed(format!("appeal {} is open and nobody has it: {a:?}", a.number)));
            }
            for c in own.iter().filter(|c| c.live() && c.start > self.now && a.open()) {
                let asked = a.state == State::Undecided && a.question.is_some();
                if matches!(c.stage, Stage::Offered | Stage::Proposed) && c.silent_at.is_none() && c.invite_by.is_none() && !asked {
                    return Err(failed(format!("nothing will ever happen to {c:?}")));
                }
                if c.stage == Stage::Offered && (c.silent_at.is_none() || c.offered.is_empty()) {
                    return Err(failed(format!("a choice without an end: {c:?}")));
                }
                if c.outcome.is_some() {
                    return Err(failed(format!("an outcome before it took place: {c:?}")));
                }
            }
        }
        if appeals.iter().any(|a| a.open()) && wake.is_none_or(|at| at <= self.now || at > self.now + TimeDelta::days(16)) {
            return Err(failed(format!("nothing wakes the open appeals: {wake:?}")));
        }
        for c in &all {
            self.agreed(c, &queued)?;
        }
        Ok(())
    }

    /// What the store says of a consultation is what both calendars were told, and what the author read last.
    fn agreed(&self, c: &Consultation, queued: &BTreeSet<(Option<i64>, String)>) -> Checked {
        let (staff, family) = (self.email(&c.specialist), address(c.appeal));
        let sides = [(staff, Some(&c.staff), c.stage != Stage::Offered), (family.clone(), c.author.as_ref(), c.stage != Stage::Proposed)];
        for (to, answer, due) in sides {
            let Some(answer) = answer.filter(|_| !queued.contains(&(Some(c.appeal), to.clone()))) else { continue };
            let told = self.held.get(&(to.clone(), answer.uid.clone(), c.original)).or_else(|| self.held.get(&(to.clone(), answer.uid.clone(), None)));
            let whole = c.original.is_some() && !self.held.contains_key(&(to.clone(), answer.uid.clone(), c.original));
            match told {
                // Nobody was told of what was taken back in time, nor of what began before their hours.
                None if !due || c.stage == Stage::Cancelled || c.start <= self.now => {}
                None => return Err(failed(format!("{to} was never told of {c:?}"))),
                Some(h) => {
                    let start = if whole { c.original } else { h.start };
                    let cancelled = c.stage == Stage::Cancelled;
                    if h.cancelled != cancelled || (!cancelled && c.start > self.now && start != Some(c.start)) {
                        return Err(failed(format!("the calendar of {to} has {h:?}, the store {c:?}")));
                    }
                }
            }
        }
        if c.stage == Stage::Invited && c.start > self.now && !queued.contains(&(Some(c.appeal), family.clone())) {
            let uid = c.author.as_ref().map(|a| a.uid.as_str()).unwrap_or_default();
            let last = self
                .got
                .iter()
                .rev()
                .find(|g| g.to == family && g.objects.iter().any(|o| o.uid == uid && (c.original.is_none() || o.recurrence_id == c.original)));
            let time = c.start.with_timezone(&Moscow).format("%-H:%M").to_string();
            let day = c.start.with_timezone(&Moscow).day().to_string();
            if let Some(last) = last.filter(|l| !l.text.contains(&time) || !l.text.contains(&day)) {
                return Err(failed(format!("the author's last letter does not name {time}, {day}: {c:?}\n{}", last.text)));
            }
        }
        Ok(())
    }
}

fn address(appeal: i64) -> String {
    format!("family{appeal}@mail.example")
}

/// Tells a story to a school of its own.
fn told(rules: Rules, steps: &[Step]) -> Checked {
    let on_disk = steps.iter().any(|s| matches!(s, Step::Restart));
    let mut world = World::new(rules, on_disk);
    for n in 1..=rules.families {
        world.now += TimeDelta::minutes(1);
        world.plain(&address(n), None, FIRST[usize::try_from(n - 1).unwrap()]);
    }
    world.sound()?;
    for (i, step) in steps.iter().enumerate() {
        world.step(step)?;
        world.sound().map_err(|e| failed(format!("after step {i}, {step:?}, at {}: {e}", world.now.with_timezone(&Moscow))))?;
    }
    // Whatever waits for the morning, or for a day off to end, has gone then.
    world.pass(4 * 24 * 60);
    world.sound().map_err(|e| failed(format!("four days later: {e}")))
}

#[test]
fn any_order_of_events_keeps_consultations_sound() {
    let mut config = Config { failure_persistence: None, max_shrink_iters: 3000, ..Config::default() };
    if config.cases == Config::with_cases(256).cases {
        config.cases = 96;
    }
    let mut runner = TestRunner::new(config);
    let stories = (rules(), prop::collection::vec(step(), 1..25));
    match runner.run(&stories, |(rules, steps)| told(rules, &steps)) {
        Ok(()) => {}
        Err(TestError::Fail(why, (rules, steps))) => panic!("{why}\n{rules:?}\n{steps:?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

const USUAL: Rules = Rules { offer: 1, at_once: false, silence: Silence::Consent, narrow: false, families: 1 };

/// Days in minutes.
const DAY: u32 = 24 * 60;

#[test]
fn whoever_takes_over_is_told_and_so_is_the_author_of_every_change_after_it() {
    use Command::{Accept, Another, Cancel, Move, Replace};
    let at = |day| Move(When::Window(day, 0));
    let stories: [&[Command]; 5] = [
        &[Replace(Some(1))],
        &[Accept, Replace(Some(1)), Cancel],
        &[Accept, at(2), Replace(Some(1)), at(3)],
        &[Accept, Another, Replace(Some(1)), Another, Another, Replace(Some(0)), Another],
        &[Accept, Replace(Some(1)), Replace(Some(0)), Replace(Some(1))],
    ];
    for story in stories {
        let steps: Vec<Step> = story.iter().map(|c| Step::Order(1, c.clone())).collect();
        told(USUAL, &steps).unwrap_or_else(|e| panic!("{story:?}: {e}"));
    }
}

#[test]
fn a_next_meeting_never_takes_the_time_of_the_present_one() {
    use Command::{Accept, Again, Move};
    for weeks in 0..3 {
        let present = Step::Order(1, Again(Some(When::Same(weeks))));
        told(USUAL, &[Step::Order(1, Accept), present]).unwrap_or_else(|e| panic!("{weeks}: {e}"));
    }
    // The first that suits, where the present one is the first that would.
    for day in 0..6 {
        let far = Step::Order(1, Move(When::Window(day, 0)));
        told(USUAL, &[Step::Order(1, Accept), far, Step::Order(1, Again(None))]).unwrap_or_else(|e| panic!("{day}: {e}"));
    }
}

#[test]
fn the_end_of_an_appeal_is_the_end_of_its_series() {
    use Command::{Accept, Assign, Close, Series};
    for one_event in [false, true] {
        for end in [Step::Order(1, Close), Step::Words(1, 7), Step::Order(1, Assign(1))] {
            let steps = [Step::Order(1, Accept), Step::Order(1, Series(4, 1, one_event)), end.clone()];
            told(USUAL, &steps).unwrap_or_else(|e| panic!("{one_event}, {end:?}: {e}"));
        }
    }
}

#[test]
fn an_absence_moves_every_meeting_of_a_series() {
    use Command::{Accept, Series};
    for one_event in [false, true] {
        for from in [6, 13] {
            let steps = [Step::Order(1, Accept), Step::Order(1, Series(5, 1, one_event)), Step::Absent(0, from, 7)];
            told(USUAL, &steps).unwrap_or_else(|e| panic!("{one_event}, {from}: {e}"));
        }
    }
}

#[test]
fn what_is_ordered_while_the_author_chooses_reaches_a_specialist_who_heard_nothing() {
    use Command::{Accept, Another, Cancel, Channel, Decline, Move, Replace};
    let rules = Rules { offer: 3, ..USUAL };
    for command in [Move(When::Window(3, 0)), Another, Decline, Accept, Cancel, Channel("in_person"), Replace(Some(1))] {
        for after in [Step::Pass(10), Step::Words(1, 6), Step::Words(1, 0)] {
            let steps = [Step::Order(1, command.clone()), after.clone(), Step::Pass(2 * DAY)];
            told(rules, &steps).unwrap_or_else(|e| panic!("{command:?}, {after:?}: {e}"));
        }
    }
}

#[test]
fn what_took_place_is_neither_cancelled_nor_moved() {
    use Command::{Accept, Again, Another, Cancel, Held, Move};
    for command in [Cancel, Another, Move(When::Window(2, 0))] {
        for between in [None, Some(Step::Order(1, Again(None)))] {
            let mut steps = vec![Step::Order(1, Accept), Step::Pass(9 * DAY), Step::Order(1, Held)];
            steps.extend(between);
            steps.push(Step::Order(1, command.clone()));
            told(USUAL, &steps).unwrap_or_else(|e| panic!("{steps:?}: {e}"));
        }
    }
}

#[test]
fn what_is_told_at_night_keeps_its_order() {
    use Command::{Accept, Another, Cancel, Channel, Decline, Move, Replace, Slot};
    // Tomorrow at nine: what changes is told at once, what is new waits for the morning.
    let new = Slot(0, When::Window(0, 0));
    let first: [&[Command]; 5] =
        [&[Accept], &[Accept, Channel("in_person")], &[Cancel, new.clone()], &[Cancel, new.clone(), Accept], &[Accept, Cancel, new.clone(), Accept]];
    for before in first {
        for then in [Cancel, Another, Decline, Move(When::Window(0, 6)), Move(When::Window(3, 0)), Replace(Some(1)), Channel("Сферум")] {
            let mut steps = vec![Step::Pass(770)];
            steps.extend(before.iter().chain([&then, &Cancel]).map(|c| Step::Order(1, c.clone())));
            told(USUAL, &steps).unwrap_or_else(|e| panic!("{before:?}, {then:?}: {e}"));
        }
    }
}

#[test]
fn a_series_that_waits_for_the_morning_is_told_before_its_meetings_change() {
    use Command::{Accept, Again, Cancel, EndSeries, Series};
    // At nine in the evening the first meeting is over: the one in question is the first of the series.
    for then in [
        Step::Absent(0, 0, 7),
        Step::Order(1, Cancel),
        Step::Order(1, EndSeries),
        Step::Order(1, Command::Move(When::Window(4, 0))),
        Step::Order(1, Again(None)),
    ] {
        let steps = [Step::Order(1, Accept), Step::Pass(2150), Step::Order(1, Series(3, 1, true)), then.clone()];
        told(USUAL, &steps).unwrap_or_else(|e| panic!("{then:?}: {e}"));
    }
}
