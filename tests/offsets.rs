//! Offset sweep: one canonical session with each server by the real rounds over a real database, cut once at every byte it has in either direction.
//! After each cut the wires are sound again, the rounds go on, and everything must be as if nothing had happened: each letter is known and answered
//! once, a letter left twice only where nobody could know that it had left, Sent holds each once, and nothing in the mailbox was touched.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

#[path = "offsets/clients.rs"]
mod clients;
#[path = "simulation/servers/mod.rs"]
#[expect(dead_code, reason = "the simulator uses the rest")]
mod servers;

use chrono::{DateTime, TimeDelta, Utc};
use otklik::clock::Clock;
use otklik::daemon::round;
use otklik::jobs::{School, dispatch, dkim};
use otklik::mailbox::{Folders, Imap, Mailbox};
use otklik::message;
use otklik::settings::{Server, ServerTls, Settings};
use otklik::store::Store;
use otklik::transport::{Smtp, Transport};
use servers::{Chance, Kind, Moment, Planned, Servers, State, Way, Wire, possible};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const SENT: &str = "Отправленные";
/// Of the bytes inside a letter that leaves, one in so many.
const EVERY: u64 = 151;
/// Letters to the school that want an answer, one of each parent; one of a robot comes with them.
const PARENTS: usize = 1;

/// A Wednesday, in working hours of Moscow.
fn morning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-25T10:00:00+03:00").unwrap().to_utc()
}

fn server() -> Server {
    let (user, password) = ("priemnaya@school.example".to_owned(), "s3cret".to_owned());
    Server { host: "mail.school.example".into(), port: 1, tls: ServerTls::Implicit, user, password, ca_file: None }
}

fn letter(n: usize) -> Vec<u8> {
    format!(
        "From: p{n}@family.example\r\nTo: priemnaya@school.example\r\nSubject: 5{n}\r\nMessage-ID: <{n}@family.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nНе могу войти в электронный журнал.\r\n"
    )
    .into_bytes()
}

const ROBOT: &[u8] = b"From: robot@shop.example\r\nTo: priemnaya@school.example\r\nSubject: Order\r\nMessage-ID: <9@shop.example>\r\n\
    Auto-Submitted: auto-generated\r\n\r\nSent.\r\n";

/// The program and its servers at one moment.
struct World {
    school: Arc<School>,
    servers: Servers,
    mailbox: Mailbox,
    transport: Transport,
    folders: Option<Folders>,
    now: DateTime<Utc>,
}

/// A world to begin from again and again.
#[derive(Clone)]
struct Start {
    database: Arc<[u8]>,
    servers: Servers,
    now: DateTime<Utc>,
}

impl World {
    fn new(start: &Start, settings: &Settings, file: &Path) -> World {
        for old in ["otklik.db-wal", "otklik.db-shm"] {
            let _ = std::fs::remove_file(file.with_file_name(old));
        }
        std::fs::write(file, &start.database).unwrap();
        let servers = start.servers.fork();
        servers.set_now(start.now);
        World {
            school: Arc::new(School::new(settings.clone(), Store::open(file).unwrap(), true).with_keys(dkim::Keys::Nowhere)),
            mailbox: Mailbox::Imap(Box::new(Imap::over(server(), servers.imap()))),
            transport: Transport::Smtp(Box::new(Smtp::over(server(), servers.smtp()))),
            folders: None,
            now: start.now,
            servers,
        }
    }

    /// The program ends in good order.
    fn stop(self, file: &Path) -> Start {
        drop((self.school, self.mailbox, self.transport));
        Start { database: std::fs::read(file).unwrap().into(), servers: self.servers, now: self.now }
    }

    fn at(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.servers.set_now(now);
    }

    async fn read(&mut self) -> bool {
        round::read(&self.school, &mut self.mailbox, &mut self.folders, self.now, &|| ()).await.is_ok()
    }

    async fn send(&mut self) {
        dispatch(&self.school, &mut self.transport, Clock::Virtual(self.now)).await.unwrap();
    }

    /// Letters that came were all handled.
    fn settled(&self) -> bool {
        let store = self.school.store();
        let validity = store.folder("INBOX").unwrap().map_or(0, |known| known.uid_validity);
        store.waiting("INBOX", validity, 9).unwrap().is_empty()
    }

    /// Nothing waits: no letter to be handled, none to be sent, none to be laid into Sent.
    fn quiet(&self) -> bool {
        if !self.settled() {
            return false;
        }
        let store = self.school.store();
        store.next_posting().unwrap().is_none() && store.uncopied(50).unwrap().is_empty()
    }

    /// Sound wires again: rounds until nothing waits any more.
    async fn recover(&mut self, session: Session) -> Result<(), String> {
        let began = self.now;
        let mut sound = false;
        // A refused login stops the line for up to an hour, a verdict of spam for a day.
        for minutes in [1, 2, 7, 23, 40, 60, 125, 1_500, 1_530] {
            self.at(began + TimeDelta::minutes(minutes));
            self.folders = None;
            // Where sending was disturbed it is tried again first; elsewhere reading may be all that is left to do.
            if !matches!(session, Session::Send) {
                sound = self.read().await;
                if sound && (matches!(session, Session::Read) && self.settled() || self.quiet()) {
                    return Ok(());
                }
            }
            self.send().await;
            sound = self.read().await;
            if sound && self.quiet() {
                return Ok(());
            }
        }
        Err(format!("after a day something still waits (reading is {})", if sound { "sound" } else { "broken" }))
    }
}

/// Copies of a letter that a server took: whether the client was told, and the bytes.
type Copies = Vec<(bool, Arc<[u8]>)>;

/// Message-ID and recipient of what was accepted, with how often and how often told.
fn accepted(state: &State) -> BTreeMap<(String, String), Copies> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for letter in &state.accepted {
        let id = message::read(&letter.raw).message_id.unwrap_or_default();
        all.entry((id, letter.to.clone())).or_default().push((letter.told, letter.raw.clone()));
    }
    all
}

/// What must hold when everything has come to rest.
fn judge(world: &World) -> Result<(), String> {
    let store = world.school.store();
    let appeals = store.appeals(false, 100).unwrap().len();
    if appeals != PARENTS {
        return Err(format!("{appeals} appeals of {PARENTS} letters"));
    }
    let waiting: Vec<String> = store.due(world.now + TimeDelta::days(9), 50, u8::MAX).unwrap().into_iter().map(|due| due.to).collect();
    drop(store);
    world.servers.with(|state| {
        if !state.destructive.is_empty() || !state.illegal.is_empty() {
            return Err(format!("{:?} {:?}", state.destructive, state.illegal));
        }
        let letters = accepted(state);
        // A letter that may have left is not repeated where it is only polite: a person is told to call instead.
        let told = letters.keys().any(|(_, to)| to == "it@school.example");
        for n in 1..=PARENTS {
            let to = format!("p{n}@family.example");
            let answers = letters.keys().filter(|(_, recipient)| *recipient == to).count() + waiting.iter().filter(|recipient| **recipient == to).count();
            if answers > 1 || answers == 0 && !told {
                return Err(format!("{answers} answers to parent {n}"));
            }
        }
        let in_sent: Vec<_> = state.folders[SENT].letters.iter().map(|l| message::read(&l.raw).message_id.unwrap_or_default()).collect();
        for ((id, to), copies) in &letters {
            let untold = copies.iter().filter(|(told, _)| !told).count();
            if copies.len() > 1 && (copies.len() > 2 || untold == 0) {
                return Err(format!("{} copies to {to}, {untold} of which nobody was told of", copies.len()));
            }
            if copies.iter().any(|(_, raw)| *raw != copies[0].1) {
                return Err(format!("copies to {to} differ"));
            }
            let kept = in_sent.iter().filter(|known| *known == id).count();
            // A polite letter whose fate stayed unknown is not laid into Sent.
            if kept != 1 && !(kept == 0 && untold == copies.len()) {
                return Err(format!("{kept} copies in Sent of a letter to {to}"));
            }
        }
        Ok(())
    })
}

/// What a session does.
#[derive(Clone, Copy, Debug)]
enum Session {
    /// Login, LIST, EXAMINE, scan, two letters fetched, one of them decided and one left out, IDLE.
    Read,
    /// Login, two letters.
    Send,
    /// Copies of them into Sent.
    Copy,
}

impl Session {
    async fn play(self, world: &mut World) {
        match self {
            Session::Read => {
                world.read().await;
                let _ = world.mailbox.wait(Duration::from_secs(60)).await;
            }
            Session::Send => {
                // Nothing leaves before Sent was looked through.
                world.read().await;
                world.send().await;
            }
            Session::Copy => {
                world.read().await;
            }
        }
    }
}

fn virtually<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(future)
}

/// A folder in memory where there is one: a database is written for each offset.
fn folder() -> tempfile::TempDir {
    let shm = Path::new("/dev/shm");
    let made = if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() };
    made.unwrap()
}

/// A session when nothing goes wrong.
struct One {
    session: Session,
    wire: Wire,
    start: Start,
    /// Bytes in and out.
    passed: [u64; 2],
    /// Bytes in that are deep inside a letter.
    inside: Vec<Range<u64>>,
    /// Times that a verb was heard before it, and in it.
    heard: BTreeMap<&'static str, (u32, u32)>,
}

fn starts(settings: &Settings) -> Vec<One> {
    let dir = folder();
    let file = dir.path().join("otklik.db");
    let mut start = Start { database: Arc::new([]), servers: Servers::new(7), now: morning() };
    // The first look makes the baseline; the letters come after it.
    let mut world = World::new(&start, settings, &file);
    assert!(virtually(world.read()), "the first look");
    world.at(morning() + TimeDelta::minutes(5));
    for n in 1..=PARENTS {
        world.servers.deliver("INBOX", &letter(n), morning() + TimeDelta::minutes(2));
    }
    world.servers.deliver("INBOX", ROBOT, morning() + TimeDelta::minutes(3));
    start = world.stop(&file);
    let mut all = Vec::new();
    for (session, wire) in [(Session::Read, Wire::Imap), (Session::Send, Wire::Smtp), (Session::Copy, Wire::Imap)] {
        let mut world = World::new(&start, settings, &file);
        world.at(start.now + TimeDelta::minutes(1));
        let before = world.servers.with(|state| {
            state.passed.clear();
            state.heard.clone()
        });
        let from = Start { now: world.now, servers: world.servers.fork(), ..start.clone() };
        virtually(session.play(&mut world));
        let one = world.servers.with(|state| One {
            session,
            wire,
            start: from,
            passed: [Way::In, Way::Out].map(|way| state.passed[&(wire, way)]),
            inside: state
                .letters_in
                .iter()
                .filter(|(w, range)| *w == wire && range.end - range.start > 400)
                .map(|(_, range)| range.start + 100..range.end - 100)
                .collect(),
            heard: (state.heard.iter().filter(|((w, _), _)| *w == wire))
                .map(|((w, verb), times)| {
                    let before = before.get(&(*w, *verb)).copied().unwrap_or_default();
                    (*verb, (before, times - before))
                })
                .collect(),
        });
        all.push(one);
        start = world.stop(&file);
        start.servers.with(|state| state.letters_in.clear());
    }
    all
}

/// One fault, and what follows.
fn suffer(session: Session, fault: Planned, start: &Start, settings: &Settings, file: &Path) -> Result<(), String> {
    let mut world = World::new(start, settings, file);
    world.servers.with(|state| state.faults.planned.push(fault));
    let told = virtually(async {
        session.play(&mut world).await;
        world.recover(session).await
    });
    let happened = world.servers.with(|state| if state.faults_injected() == 1 { Ok(()) } else { Err(format!("happened: {:?}", state.counts)) });
    told.and(happened).and_then(|()| judge(&world)).map_err(|why| format!("{session:?} {fault:?}: {why}"))
}

/// Suffers all of these on both cores; prints how many there were.
fn suffer_all(cases: &[(Session, Planned, &Start)], settings: &Settings, what: &str) {
    #[expect(clippy::disallowed_methods, reason = "a measurement takes time")]
    let began = Instant::now();
    let next = AtomicUsize::new(0);
    let work = || {
        let dir = folder();
        let file = dir.path().join("otklik.db");
        let mut broken = Vec::new();
        while let Some((session, fault, start)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            broken.extend(suffer(*session, *fault, start, settings, &file).err());
        }
        broken
    };
    let broken = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    println!("{} {what}, {} broken, {:.1} s", cases.len(), broken.len(), began.elapsed().as_secs_f32());
    assert!(broken.is_empty(), "{} {what}, the first: {:#?}", broken.len(), &broken[..broken.len().min(12)]);
}

#[test]
fn a_session_may_be_cut_at_every_byte() {
    let settings = otklik::config::demo();
    let starts = starts(&settings);
    let mut cases = Vec::new();
    for One { session, wire, start, passed, inside, .. } in &starts {
        println!("{session:?}: {} bytes in, {} bytes out", passed[0], passed[1]);
        for (way, bytes) in [(Way::In, passed[0]), (Way::Out, passed[1])] {
            // Inside a letter that leaves all bytes are alike to the rounds (each one is cut at in the test of the clients): every so many.
            let alike = |at: &u64| way == Way::Out || at.is_multiple_of(EVERY) || !inside.iter().any(|range| range.contains(at));
            for at in (0..bytes).filter(alike) {
                let what = if at % 2 == 0 { Kind::Cut } else { Kind::Reset };
                cases.push((*session, Planned { when: Moment::Byte(*wire, way, at), what }, start));
            }
        }
    }
    suffer_all(&cases, &settings, "offsets");
}

#[test]
fn every_misbehaviour_at_every_command_is_outlived() {
    let settings = otklik::config::demo();
    let starts = starts(&settings);
    let mut cases = Vec::new();
    for One { session, wire, start, heard, .. } in &starts {
        for (verb, (before, times)) in heard {
            for (kind, nth) in Kind::ALL.iter().flat_map(|kind| (1..=*times).map(move |nth| (*kind, nth))) {
                // A cut that is drawn may lie beyond the session; those at every byte are another test.
                if possible(kind, *wire, verb) && !matches!(kind, Kind::Cut | Kind::Reset) {
                    cases.push((*session, Planned { when: Moment::Verb(*wire, verb, before + nth), what: kind }, start));
                }
            }
        }
    }
    suffer_all(&cases, &settings, "misbehaviours");
}

#[test]
fn a_copy_whose_answer_was_lost_is_not_laid_again_where_nobody_could_look() {
    let settings = otklik::config::demo();
    let starts = starts(&settings);
    let one = starts.iter().find(|one| matches!(one.session, Session::Copy)).unwrap();
    let dir = folder();
    let file = dir.path().join("otklik.db");
    let times = |verb: &str| one.heard.get(verb).copied().unwrap_or_default();
    let ((literals, _), (examined, more)) = (times("LITERAL"), times("EXAMINE"));
    // The words of the refusal are drawn: some say that a person is needed, some that it will pass.
    for (seed, nth) in (0..6).flat_map(|seed| (1..=more + 3).map(move |nth| (seed, nth))) {
        let mut world = World::new(&one.start, &settings, &file);
        world.servers.with(|state| {
            state.faults.chance = Chance::new(seed);
            for (verb, nth, what) in [("LITERAL", literals + 1, Kind::Silence), ("EXAMINE", examined + nth, Kind::No)] {
                state.faults.planned.push(Planned { when: Moment::Verb(Wire::Imap, verb, nth), what });
            }
        });
        let told = virtually(async {
            Session::Copy.play(&mut world).await;
            world.recover(Session::Copy).await
        });
        assert_eq!(told.and_then(|()| judge(&world)), Ok(()), "seed {seed}, EXAMINE {nth}");
    }
}
