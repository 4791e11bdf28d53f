//! A school that is lived through a scenario: the real rounds over servers in memory, in virtual time, and what is left when the program dies.
//!
//! What is left is the disk (the database's file and its log) and the servers; the people go on writing as they did. Not here: the scenarios
//! (`scenes`), what must come out (`verdict`).

use crate::servers::{Planned, Servers};
use chrono::{DateTime, TimeDelta, Utc};
use otklik::clock::Clock;
use otklik::daemon::round;
use otklik::jobs::{self, School, dkim::Keys};
use otklik::mailbox::{Imap, Mailbox};
use otklik::moment;
use otklik::settings::{Server, ServerTls, Settings};
use otklik::store::Store;
use otklik::transport::{Smtp, Transport};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// What an operator does by hand: it may be done again after a crash, and then says that it was done already.
pub type Hand = for<'a> fn(&'a Arc<School>, &'a mut Mailbox, DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

/// What happens outside the program.
#[derive(Clone)]
pub enum Act {
    /// A letter arrives in a folder.
    Letter(String, Arc<[u8]>),
    /// The operator's hand.
    By(Hand),
}

/// A scenario.
pub struct Scenario {
    pub name: String,
    pub settings: Settings,
    pub acts: Vec<(DateTime<Utc>, Act)>,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// What the servers do wrong, once each.
    pub planned: Vec<Planned>,
    /// The provider files what it accepts.
    pub keeps_sent: bool,
    /// What lies there at the first start is never answered.
    pub baseline: bool,
    /// A crash changes nothing of what comes out. Not so where the servers fail at the n-th command: after a crash that is another one.
    pub alike: bool,
}

/// The files of a dead program.
struct Disk {
    db: Vec<u8>,
    log: Vec<u8>,
}

/// All that outlives a program.
#[derive(Clone)]
pub struct Left {
    disk: Rc<Disk>,
    pub servers: Servers,
    done: usize,
    now: DateTime<Utc>,
}

/// How the disk and the servers are told from what they were a moment ago.
type Mark = (u64, u64, Option<SystemTime>, usize, usize, u64);

/// The present of a living program, as its watcher sees it.
pub struct Present {
    path: PathBuf,
    servers: Servers,
    done: Rc<Cell<usize>>,
    now: Rc<Cell<DateTime<Utc>>>,
    writes: Cell<u64>,
    last: RefCell<Option<(Mark, Left)>>,
}

impl Present {
    /// Counts what is written: the marks of files alone are too coarse.
    fn heard(&self, name: &str) {
        if name.ends_with(".committed") || name.ends_with(".written") {
            self.writes.set(self.writes.get() + 1);
        }
    }

    /// What would be left, and whether it is another than at the last question.
    pub fn left(&self) -> (Left, bool) {
        let log = std::fs::metadata(self.path.with_extension("db-wal")).ok();
        let (accepted, letters) = self.servers.with(|s| (s.accepted.len(), s.folders.values().map(|f| u64::from(f.uid_next)).sum()));
        let mark = (self.writes.get(), log.as_ref().map_or(0, std::fs::Metadata::len), log.and_then(|m| m.modified().ok()), accepted, self.done.get(), letters);
        let mut last = self.last.borrow_mut();
        if let Some((_, left)) = last.as_ref().filter(|(known, _)| *known == mark) {
            return (left.clone(), false);
        }
        let read = |path: &Path| std::fs::read(path).unwrap_or_default();
        let disk = Disk { db: read(&self.path), log: read(&self.path.with_extension("db-wal")) };
        let left = Left { disk: Rc::new(disk), servers: self.servers.fork(), done: self.done.get(), now: self.now.get() };
        *last = Some((mark, left.clone()));
        (left, true)
    }
}

/// A scenario lived to its end, or to the program's death.
pub struct Lived {
    pub path: PathBuf,
    pub servers: Servers,
    _dir: TempDir,
}

fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("otklik-moments-").tempdir_in(place).unwrap()
}

fn server() -> Server {
    let host = "mail.school.example".to_owned();
    Server { host, port: 1, tls: ServerTls::Implicit, user: "priemnaya@school.example".into(), password: "s3cret".into(), ca_file: None }
}

/// Lives a scenario, from its beginning or from what a death has left. `hear` is told of every moment; where it says so, the program is dead.
pub fn live(scenario: &Scenario, from: Option<&Left>, hear: impl FnMut(&Present, &'static str) -> bool + 'static) -> Lived {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(life(scenario, from, hear))
}

async fn life(scenario: &Scenario, from: Option<&Left>, mut hear: impl FnMut(&Present, &'static str) -> bool + 'static) -> Lived {
    let dir = folder();
    let path = dir.path().join("otklik.db");
    let servers = match from {
        Some(left) => {
            std::fs::write(&path, &left.disk.db).unwrap();
            if !left.disk.log.is_empty() {
                std::fs::write(path.with_extension("db-wal"), &left.disk.log).unwrap();
            }
            left.servers.fork()
        }
        None => {
            let servers = Servers::new(1);
            servers.with(|s| {
                s.faults.planned = scenario.planned.clone();
                s.keeps_sent = scenario.keeps_sent;
            });
            servers
        }
    };
    let now = Rc::new(Cell::new(from.map_or(scenario.start, |left| left.now)));
    let done = Rc::new(Cell::new(from.map_or(0, |left| left.done)));
    let present =
        Present { path: path.clone(), servers: servers.clone(), done: Rc::clone(&done), now: Rc::clone(&now), writes: Cell::new(0), last: RefCell::new(None) };
    let dead = Rc::new(Cell::new(false));
    let (died, end) = (Rc::clone(&dead), servers.clone());
    let watching = moment::watch(move |name| {
        if died.get() {
            return;
        }
        present.heard(name);
        if hear(&present, name) {
            died.set(true);
            end.cut_client();
        }
    });
    rounds(scenario, &path, &servers, &now, &done, &dead).await;
    drop(watching);
    Lived { path, servers, _dir: dir }
}

async fn rounds(scenario: &Scenario, path: &Path, servers: &Servers, now: &Cell<DateTime<Utc>>, done: &Cell<usize>, dead: &Cell<bool>) {
    let store = Store::open(path).unwrap();
    let school = Arc::new(School::new(scenario.settings.clone(), store, scenario.baseline).with_keys(Keys::Nowhere));
    let mut mailbox = Mailbox::Imap(Box::new(Imap::over(server(), servers.imap())));
    let mut transport = Transport::Smtp(Box::new(Smtp::over(server(), servers.smtp())));
    let mut folders = None;
    servers.set_now(now.get());
    round::begin(&school, now.get()).unwrap();
    while !dead.get() {
        let at = now.get();
        servers.set_now(at);
        while let Some((_, act)) = scenario.acts.get(done.get()).filter(|(when, _)| *when <= at) {
            match act {
                Act::Letter(folder, raw) => drop(servers.deliver(folder, raw, at)),
                Act::By(hand) => hand(&school, &mut mailbox, at).await,
            }
            if dead.get() {
                return;
            }
            done.set(done.get() + 1);
        }
        // As the daemon does: what fails is tried again soon.
        let read = round::read(&school, &mut mailbox, &mut folders, at, &|| ()).await;
        if dead.get() {
            return;
        }
        round::decide(&school, at).unwrap();
        if dead.get() {
            return;
        }
        let sent = jobs::dispatch(&school, &mut transport, Clock::Virtual(at)).await.unwrap();
        if dead.get() {
            return;
        }
        alerts(&school, at);
        if read.is_ok() {
            let _ = mailbox.wait(Duration::from_secs(1)).await;
        }
        if at >= scenario.end || dead.get() {
            return;
        }
        let again = read.is_err().then(|| at + TimeDelta::minutes(1));
        let wake = school.store().next_wake().unwrap();
        let report = jobs::next_report(&school.settings(), at);
        let act = scenario.acts.get(done.get()).map(|(when, _)| *when);
        // What left is copied to Sent at the next look, which a school has every few minutes.
        let copies = (!sent.sent.is_empty()).then(|| at + TimeDelta::minutes(2));
        let next = [again, wake, report, act, sent.next, copies].into_iter().flatten().min().unwrap_or(scenario.end);
        now.set(next.max(at + TimeDelta::seconds(1)).min(scenario.end));
    }
}

/// As the daemon gives them, without a command to run.
fn alerts(school: &School, now: DateTime<Utc>) {
    let waiting = school.store().alerts().unwrap();
    for (key, _) in waiting {
        school.store().alert_given(&key, now).unwrap();
    }
}
