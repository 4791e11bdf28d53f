//! The year itself: virtual time from moment to moment, the jobs of the daemon, the people, and what is noted on the way.

use crate::arrivals::{Asked, arrivals};
use crate::chance::{Chance, time};
use crate::greedy::Greedy;
use crate::oracle::{Query, Taken, free, hours};
use crate::people::{Act, Got, People, letter};
use crate::school;
use chrono::{DateTime, TimeDelta, Utc};
use otklik::appeal::{Consultation, Outcome, Stage};
use otklik::clock::Clock;
use otklik::jobs::{School, SentLine, deadlines, dispatch, handle, next_report, order, reports};
use otklik::outbox::Kind;
use otklik::settings::Settings;
use otklik::slots::Absence;
use otklik::store::Store;
use otklik::transport::{Script, Transport};
use otklik::worktime::Term;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The daemon looks at its mailbox this often.
const POLL: i64 = 300;

/// What is known of one letter that asked.
#[derive(Default, Clone)]
pub struct Track {
    /// Appeal.
    pub number: Option<i64>,
    /// End of the third business day.
    pub due: DateTime<Utc>,
    /// Admissible starts that the oracle saw when the letter was decided about.
    pub free: usize,
    /// The first of them.
    pub first_free: Option<(String, DateTime<Utc>)>,
    /// Admissible starts at the end of the term, where nothing had been told by then.
    pub free_at_due: Option<usize>,
    /// First assignment.
    pub assigned: Option<(String, DateTime<Utc>, String)>,
    /// It was one that the oracle admits.
    pub admitted: bool,
    /// First letter to the author with date and time.
    pub told: Option<DateTime<Utc>>,
    /// First question to the head.
    pub asked: Option<DateTime<Utc>>,
    /// Category, wishes and channel were understood as meant.
    pub understood: (bool, bool, bool),
    /// The head was asked at once because the topic was not sure.
    pub unsure: bool,
    /// What the head was asked first, where nothing was assigned.
    pub question: Option<String>,
}

/// The simulation.
pub struct World {
    pub seed: u64,
    pub school: Arc<School>,
    pub asked: Vec<Asked>,
    pub tracks: Vec<Track>,
    pub people: People,
    pub greedy: [Greedy; 2],
    /// Letters sent: to authors, to specialists, to heads and operators, reports.
    pub letters: [u32; 4],
    /// Sentences about what must not be.
    pub wrong: BTreeMap<&'static str, Vec<String>>,
    /// Consultations whose time came.
    pub come: u32,
    /// Orders of the head that were refused, with the reason.
    pub refused: u32,
    /// Seconds in intake, deadlines, dispatch, the oracle.
    pub spent: [Duration; 4],
    /// Seconds of dispatch by month.
    pub rounds: u32,
    _folder: tempfile::TempDir,
    chance: Chance,
    transport: Transport,
    queue: BinaryHeap<Reverse<(DateTime<Utc>, u64)>>,
    acts: BTreeMap<u64, Act>,
    next_act: u64,
    uid: u32,
    by_number: BTreeMap<i64, usize>,
    checked: DateTime<Utc>,
}

#[expect(clippy::disallowed_methods, reason = "the run is timed")]
fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let done = work();
    *sum += begin.elapsed();
    done
}

/// A store in a file (in memory where the machine has such a place).
fn opened(path: &std::path::Path) -> Store {
    Store::open(path).unwrap()
}

impl World {
    /// A school, its letters and its illnesses.
    pub fn new(seed: u64, count: usize) -> World {
        let mut chance = Chance::new(seed);
        let settings = school::settings(&mut chance);
        let worktime = &settings.worktime;
        let asked = arrivals(worktime, count, &mut chance);
        let illnesses = school::illnesses(&settings, &mut chance);
        let start = worktime.local(school::first(), time(0, 0));
        let due = |at| worktime.due(at, Term::BusinessDays(3)).at;
        let tracks: Vec<Track> = asked.iter().map(|a| Track { due: due(a.at), ..Track::default() }).collect();
        let mut coming: Vec<(DateTime<Utc>, Act)> = asked.iter().enumerate().map(|(n, a)| (a.at, Act::Family(n))).collect();
        coming.extend(tracks.iter().enumerate().map(|(n, t)| (t.due, Act::Term(n))));
        coming.extend(illnesses.into_iter().map(|(date, id, days)| (worktime.local(date, time(7, 0)), Act::Ill(id, days))));
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let store = opened(&folder.path().join("year.db"));
        let mut world = World {
            seed,
            school: Arc::new(School::new(settings, store, false)),
            _folder: folder,
            asked,
            tracks,
            people: People::default(),
            greedy: Default::default(),
            letters: [0; 4],
            wrong: BTreeMap::new(),
            come: 0,
            refused: 0,
            spent: [Duration::ZERO; 4],
            rounds: 0,
            chance,
            transport: Transport::Script(Script::default()),
            queue: BinaryHeap::new(),
            acts: BTreeMap::new(),
            next_act: 0,
            uid: 0,
            by_number: BTreeMap::new(),
            checked: start,
        };
        for (at, act) in coming {
            world.later(at, act);
        }
        world
    }

    fn later(&mut self, at: DateTime<Utc>, act: Act) {
        self.next_act += 1;
        self.queue.push(Reverse((at, self.next_act)));
        self.acts.insert(self.next_act, act);
    }

    fn note(&mut self, what: &'static str, sentence: String) {
        self.wrong.entry(what).or_default().push(sentence);
    }

    /// Until the last consultation is over.
    pub async fn run(&mut self) {
        let settings = self.school.settings();
        let end = settings.worktime.local(school::day(2027, 7, 1), time(0, 0));
        let mut now = self.checked;
        let mut posting: Option<DateTime<Utc>> = None;
        let mut report = next_report(&settings, now);
        let mut month = String::new();
        loop {
            let wake = self.school.store().next_wake().unwrap();
            let next = self.queue.peek().map(|Reverse((at, _))| *at).into_iter().chain(wake).chain(posting).chain(report).min();
            let Some(next) = next else { break };
            let next = next.max(now + TimeDelta::seconds(1)).timestamp();
            now = DateTime::from_timestamp((next + POLL - 1).div_euclid(POLL) * POLL, 0).unwrap();
            if now > end {
                break;
            }
            if month != now.format("%Y-%m").to_string() {
                month = now.format("%Y-%m").to_string();
                eprintln!(
                    "{month}: letter {} of the school's mailbox, {} rounds, intake, deadlines, dispatch, oracle {:.0?}",
                    self.uid, self.rounds, self.spent
                );
            }
            self.rounds += 1;
            let mut happened = false;
            while let Some(Reverse((at, id))) = self.queue.peek().copied().filter(|Reverse((at, _))| *at <= now) {
                self.queue.pop();
                if let Some(act) = self.acts.remove(&id) {
                    happened = true;
                    self.act(act, at, now);
                }
            }
            if happened || wake.is_some_and(|at| at <= now) {
                let school = self.school.clone();
                timed(&mut self.spent[1], || deadlines(&school, now)).unwrap();
            }
            if report.is_some_and(|at| at <= now) {
                reports(&self.school, now).unwrap();
                report = next_report(&self.school.settings(), now);
            }
            let due = self.school.store().next_posting().unwrap();
            posting = due;
            if due.is_some_and(|at| at <= now) {
                self.send(now, &mut posting).await;
            }
            self.check(now);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the run is timed")]
    async fn send(&mut self, now: DateTime<Utc>, posting: &mut Option<DateTime<Utc>>) {
        let begin = Instant::now();
        let done = dispatch(&self.school, &mut self.transport, Clock::Virtual(now)).await.unwrap();
        self.spent[2] += begin.elapsed();
        *posting = done.next;
        // Nobody reads the server's memory; what left is handed out.
        self.transport = Transport::Script(Script::default());
        let settings = self.school.settings();
        for sent in done.sent {
            self.count(&settings, &sent);
            let raw = self.school.store().raw_of(&sent.key).unwrap().unwrap_or_default();
            for (at, act) in self.people.read(&settings, &Got { line: sent, raw }, &mut self.chance) {
                self.later(at, act);
            }
        }
    }

    fn count(&mut self, settings: &Settings, sent: &SentLine) {
        let to = settings.person_by_email(&sent.to);
        let whose = match (sent.appeal, to) {
            (None, _) => 3,
            (_, None) => 0,
            (_, Some(p)) if p.categories.is_empty() => 2,
            (_, Some(_)) => 1,
        };
        self.letters[whose] += 1;
        let Some(track) = sent.appeal.and_then(|n| self.by_number.get(&n)).and_then(|i| self.tracks.get_mut(*i)) else { return };
        if whose == 0 && matches!(sent.kind, Kind::Invitation | Kind::Update) {
            track.told.get_or_insert(sent.at);
        }
        if whose == 2 && sent.key.starts_with("decision/") {
            track.asked.get_or_insert(sent.at);
        }
    }

    fn act(&mut self, act: Act, at: DateTime<Utc>, now: DateTime<Utc>) {
        let settings = self.school.settings();
        match act {
            Act::Letter(bytes) => self.deliver(bytes, at, now),
            Act::Decide(number, orders) => {
                let done = orders.iter().any(|o| order(&self.school, number, o, now).is_ok());
                self.refused += u32::from(!done);
            }
            Act::Ill(id, days) => {
                let mut changed = (*settings).clone();
                let from = settings.worktime.local_date(now);
                if let Some(person) = changed.staff.iter_mut().find(|p| p.id == id) {
                    person.absences.push(Absence { from, to: from + TimeDelta::days(days - 1) });
                }
                self.school.reload(changed);
                self.school.store().wake_all().unwrap();
            }
            Act::Family(index) => self.family(&settings, index, now),
            Act::Term(index) => {
                if self.tracks[index].told.is_none() {
                    let (taken, family) = self.taken(index, now);
                    let free = self.admissible(&settings, index, now, &taken, &family);
                    self.tracks[index].free_at_due = Some(free.len());
                }
            }
        }
    }

    fn deliver(&mut self, bytes: Vec<u8>, at: DateTime<Utc>, now: DateTime<Utc>) {
        self.uid += 1;
        let school = self.school.clone();
        timed(&mut self.spent[0], || {
            let mut store = school.store();
            store.journal("INBOX", 1, &[(self.uid, at, bytes.len() as u64)], false, now).unwrap();
            let waiting = store.waiting("INBOX", 1, 1).unwrap().pop().unwrap();
            drop(store);
            let failed = handle(&school, &[(waiting, bytes)], now).unwrap();
            assert!(failed.is_empty(), "{failed:?}");
        });
    }

    /// What is booked, and the other consultations of a letter's family.
    fn taken(&self, index: usize, now: DateTime<Utc>) -> (Taken, Vec<otklik::facts::Interval>) {
        let booked = self.school.store().consultations(now - TimeDelta::days(14), now + TimeDelta::days(90), false).unwrap();
        let mut taken = Taken::new();
        let mut family = Vec::new();
        for c in booked {
            let theirs = self.by_number.get(&c.appeal).filter(|i| **i != index && self.asked[**i].email == self.asked[index].email);
            if theirs.is_some() {
                family.push((c.start, c.end));
            }
            taken.entry(c.specialist).or_default().push((c.start, c.end));
        }
        (taken, family)
    }

    fn query<'q>(&'q self, index: usize, now: DateTime<Utc>, family: &'q [(DateTime<Utc>, DateTime<Utc>)]) -> Query<'q> {
        let a = &self.asked[index];
        Query { now, category: a.category, class: &a.class, subject: a.subject, wishes: &a.wishes, urgent: a.urgent, family }
    }

    fn admissible(
        &mut self,
        settings: &Settings,
        index: usize,
        now: DateTime<Utc>,
        taken: &Taken,
        family: &[(DateTime<Utc>, DateTime<Utc>)],
    ) -> Vec<(String, DateTime<Utc>)> {
        let mut spent = self.spent[3];
        let found = timed(&mut spent, || {
            let query = self.query(index, now, family);
            settings.staff.iter().flat_map(|p| free(settings, p, taken, &query).into_iter().map(|at| (p.id.clone(), at))).collect()
        });
        self.spent[3] = spent;
        found
    }

    /// A family writes: the oracle first, then the real decision, then the greedy ones.
    fn family(&mut self, settings: &Settings, index: usize, now: DateTime<Utc>) {
        let (taken, family) = self.taken(index, now);
        let mut free = self.admissible(settings, index, now, &taken, &family);
        free.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        let a = &self.asked[index];
        let bytes = letter(settings, a.at, &a.email, &format!("family{index}"), "консультация", "", &a.text);
        let (at, wishes, channel, category) = (a.at, a.wishes.clone(), a.channel, a.category);
        let next = i64::try_from(self.by_number.len()).unwrap() + 1;
        self.deliver(bytes, at, now);
        let store = self.school.store();
        let (appeal, booked) = (store.appeal(next).unwrap(), store.consultations_of(next).unwrap());
        drop(store);
        let Some(appeal) = appeal else {
            let why = self.school.store().events_after(0).unwrap().pop().map(|e| e.text).unwrap_or_default();
            let said = format!("{why}: letter of {}: {}", self.asked[index].at, self.asked[index].text.lines().next().unwrap_or_default());
            return self.note("a letter that opened no appeal", said);
        };
        self.by_number.insert(next, index);
        let first = booked.into_iter().find(|c| c.live() || c.stage == Stage::Cancelled);
        let grid = |at: DateTime<Utc>| at.timestamp() % 600 == 0;
        let track = &mut self.tracks[index];
        track.number = Some(next);
        track.free = free.len();
        track.unsure = appeal.unsure || appeal.complaint || appeal.delicate;
        track.question = appeal.question.clone();
        track.understood = (appeal.category == category, appeal.times == wishes, appeal.channel == channel);
        track.admitted = first.as_ref().is_none_or(|c| !grid(c.start) || free.iter().any(|(id, at)| *id == c.specialist && *at == c.start));
        track.first_free = free.into_iter().next();
        track.assigned = first.map(|c| (c.specialist, c.start, c.channel));
        let mut greedy = std::mem::take(&mut self.greedy);
        let kept: Vec<_> = greedy.iter().map(|g| self.brothers(g, index, now)).collect();
        for (n, way) in greedy.iter_mut().enumerate() {
            way.assign(settings, &self.query(index, now, &kept[n]), index, n == 1);
        }
        self.greedy = greedy;
    }

    /// What a greedy way gave the same family before.
    fn brothers(&self, way: &Greedy, index: usize, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let near = index.saturating_sub(400)..index;
        let given = near.filter(|i| self.asked[*i].email == self.asked[index].email).filter_map(|i| way.given.get(i)?.as_ref());
        given.map(|(_, at)| (*at, *at + TimeDelta::minutes(40))).filter(|(_, end)| *end > now).collect()
    }

    /// Once an hour: what begins in it stands where it may; every six hours: nothing to come overlaps.
    fn check(&mut self, now: DateTime<Utc>) {
        if now - self.checked < TimeDelta::hours(1) {
            return;
        }
        let settings = self.school.settings();
        let store = self.school.store();
        let come = store.consultations(self.checked, now, false).unwrap();
        let far = if now.timestamp() / 21_600 != self.checked.timestamp() / 21_600 { TimeDelta::days(90) } else { TimeDelta::hours(1) };
        let around = store.consultations(self.checked - TimeDelta::hours(1), now + far, false).unwrap();
        drop(store);
        self.checked = now;
        let mut last: BTreeMap<&str, &Consultation> = BTreeMap::new();
        let mut double = Vec::new();
        for c in &around {
            if let Some(before) = last.insert(&c.specialist, c).filter(|b| c.start < b.end) {
                double.push(format!("{} of {}: appeals {} and {}", c.start, c.specialist, before.appeal, c.appeal));
            }
        }
        for sentence in double {
            self.note("double bookings", sentence);
        }
        for c in come.iter().filter(|c| c.stage == Stage::Invited || c.outcome.is_some()) {
            self.come += 1;
            self.stands(&settings, c);
        }
    }

    fn stands(&mut self, settings: &Settings, c: &Consultation) {
        let told = format!("appeal {} with {}, {}", c.appeal, c.specialist, settings.worktime.to_local(c.start));
        if c.end - c.start > TimeDelta::minutes(40) {
            self.note("longer than 40 minutes", told.clone());
        }
        let (from, to) = (settings.worktime.to_local(c.start), settings.worktime.to_local(c.end));
        let Some(person) = settings.person(&c.specialist) else { return };
        if !settings.worktime.is_workday(from.date()) {
            self.note("on days off", told.clone());
        } else if person.is_away(from.date()) {
            self.note("in an absence", told.clone());
        } else if !hours(settings, person, from.date(), true).iter().any(|(a, b)| *a <= from.time() && to.time() <= *b) {
            self.note("outside the windows", told.clone());
        }
        let Some(asked) = self.by_number.get(&c.appeal).map(|i| &self.asked[*i]) else { return };
        let other = asked.subject.filter(|s| !person.subjects.is_empty() && !person.subjects.iter().any(|own| own == s));
        let cannot = !crate::arrivals::suits(&asked.wishes, from, to).1;
        if let Some(subject) = other {
            self.note("with a teacher of another subject", format!("{told}: {subject}"));
        }
        if cannot {
            self.note("when the family cannot", told);
        }
    }

    /// The consultation of an appeal that was held.
    pub fn held(&self, number: i64) -> Option<Consultation> {
        self.school.store().consultations_of(number).unwrap().into_iter().rfind(|c| c.outcome == Some(Outcome::Held))
    }
}
