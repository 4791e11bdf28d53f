//! The machine of a school: the real rounds over real SQLite and the servers' pipes, and its deaths. A program that dies leaves what the disk held at
//! that moment; what its ghost still does afterwards reaches nobody.
//!
//! Not here: when a round is due and what goes wrong in it (`mod`, `weather`).

use crate::servers::{Servers, Wire};
use chrono::{DateTime, TimeDelta, Utc};
use otklik::clock::Clock;
use otklik::daemon::round;
use otklik::dial::{Dial, Io};
use otklik::jobs::dkim::Keys;
use otklik::jobs::{self, School, brief};
use otklik::mailbox::{Folders, Imap, Mailbox};
use otklik::moment;
use otklik::settings::{Server, ServerTls, Settings};
use otklik::store::open_sound;
use otklik::transport::{Smtp, Transport};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection that passes a named moment before and behind each write: a program may die between any two of them.
#[derive(Debug)]
struct Tapped {
    inner: Box<dyn Io>,
    names: (&'static str, &'static str),
}

impl AsyncRead for Tapped {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl AsyncWrite for Tapped {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        moment::pass(self.names.0);
        let done = Pin::new(&mut self.inner).poll_write(cx, buf);
        moment::pass(self.names.1);
        done
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// Set when the program is dead: its ghost gets no connection any more.
type Dead = Arc<AtomicBool>;

fn tapped(servers: &Servers, wire: Wire, dead: &Dead) -> Dial {
    let (servers, dead) = (servers.clone(), dead.clone());
    let names = if wire == Wire::Imap { ("wire/imap/before", "wire/imap/behind") } else { ("wire/smtp/before", "wire/smtp/behind") };
    Dial::Pipes(Arc::new(move || {
        if dead.load(Ordering::Relaxed) {
            return Err(std::io::ErrorKind::NetworkDown.into());
        }
        moment::pass("wire/connect");
        Ok(Box::new(Tapped { inner: servers.connect(wire)?, names }) as Box<dyn Io>)
    }))
}

fn server(host: &str, port: u16) -> Server {
    Server { host: host.into(), port, tls: ServerTls::None, user: "priemnaya@school.example".into(), password: "secret".into(), ca_file: None }
}

/// What happens at a moment of a round.
pub enum Strike {
    /// The program dies at the moment of this number.
    Crash(u64),
    /// Somebody types a command on the same file at the wire's moment of this number.
    Command(u64, Box<dyn FnOnce(&Path)>),
}

/// How a round ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// What the steps said that failed.
    pub errors: Vec<String>,
    /// The moment at which the program died, and the folder with what the disk held.
    pub died: Option<(&'static str, PathBuf)>,
    /// Something waits in the mailbox that IDLE would not tell of.
    pub news: bool,
    /// Virtual time that passed.
    pub took: TimeDelta,
}

/// A running program.
pub struct Machine {
    pub school: Arc<School>,
    /// Its state.
    pub folder: PathBuf,
    servers: Servers,
    dead: Dead,
    mailbox: Mailbox,
    folders: Option<Folders>,
    transport: Transport,
    /// Rounds in a row that could not read the mailbox.
    pub failures: u32,
    /// When the line has something to send.
    pub posting_at: Option<DateTime<Utc>>,
}

impl Machine {
    /// The program starts over what lies in the folder.
    pub fn start(settings: &Settings, folder: &Path, servers: &Servers, now: DateTime<Utc>) -> Result<Machine, String> {
        let store = open_sound(&folder.join("otklik.db")).map_err(|e| e.to_string())?;
        let settings = Settings { state_dir: folder.to_owned(), ..settings.clone() };
        let school = School::new(settings, store, true).with_keys(Keys::Nowhere);
        round::begin(&school, now).map_err(|e| e.to_string())?;
        let dead = Dead::default();
        Ok(Machine {
            school: Arc::new(school),
            folder: folder.to_owned(),
            servers: servers.clone(),
            mailbox: mailbox(servers, &dead),
            folders: None,
            transport: transport(servers, &dead),
            dead,
            failures: 0,
            posting_at: None,
        })
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.folder.join("otklik.db")
    }

    /// One round of both loops: reading first, sending first, or both at once.
    pub async fn round(&mut self, now: DateTime<Utc>, order: u64, strike: Option<Strike>, next_folder: &Path) -> Ended {
        let started = tokio::time::Instant::now();
        let died: Rc<RefCell<Option<(&'static str, PathBuf)>>> = Rc::default();
        let watching = moment::watch(watcher(self.folder.clone(), next_folder.to_owned(), (self.servers.clone(), self.dead.clone()), strike, died.clone()));
        let mut ended = Ended::default();
        let Machine { school, mailbox, folders, transport, .. } = self;
        let read = async {
            let read = round::read(school, mailbox, folders, now, &|| ()).await;
            (read, round::decide(school, now))
        };
        let ((read, decided), sent) = match order {
            0 => {
                let sent = jobs::dispatch(school, transport, Clock::Virtual(now)).await;
                (read.await, sent)
            }
            1 => tokio::join!(read, jobs::dispatch(school, transport, Clock::Virtual(now))),
            _ => (read.await, jobs::dispatch(school, transport, Clock::Virtual(now)).await),
        };
        drop(watching);
        match read {
            Ok(news) => (ended.news, self.failures) = (news, 0),
            Err(e) => {
                self.failures += 1;
                (self.folders, self.mailbox) = (None, self::mailbox(&self.servers, &self.dead));
                ended.errors.push(format!("reading: {}", brief(&format!("{e:#}"))));
            }
        }
        if let Err(e) = decided {
            ended.errors.push(format!("deciding: {}", brief(&format!("{e:#}"))));
        }
        match sent {
            Ok(done) => self.posting_at = done.next,
            Err(e) => {
                self.posting_at = Some(now + TimeDelta::seconds(30));
                ended.errors.push(format!("sending: {}", brief(&e)));
            }
        }
        ended.took = TimeDelta::from_std(started.elapsed()).unwrap_or_default();
        ended.died = died.borrow_mut().take();
        ended
    }
}

fn mailbox(servers: &Servers, dead: &Dead) -> Mailbox {
    Mailbox::Imap(Box::new(Imap::over(server("imap.school.example", 143), tapped(servers, Wire::Imap, dead))))
}

fn transport(servers: &Servers, dead: &Dead) -> Transport {
    Transport::Smtp(Box::new(Smtp::over(server("smtp.school.example", 587), tapped(servers, Wire::Smtp, dead))))
}

/// Counts the moments of a round and strikes at the one that was drawn.
fn watcher(
    folder: PathBuf,
    next: PathBuf,
    (servers, dead): (Servers, Dead),
    strike: Option<Strike>,
    died: Rc<RefCell<Option<(&'static str, PathBuf)>>>,
) -> impl FnMut(&'static str) + 'static {
    let mut strike = strike;
    move |name| match strike.take() {
        Some(Strike::Crash(0)) => {
            keep(&folder, &next);
            servers.cut_client();
            dead.store(true, Ordering::Relaxed);
            *died.borrow_mut() = Some((name, next.clone()));
        }
        Some(Strike::Crash(n)) => strike = Some(Strike::Crash(n - 1)),
        // Only where no transaction is open: another process would wait, this one would wait for itself.
        Some(Strike::Command(0, act)) if name.starts_with("wire/") => act(&folder),
        Some(Strike::Command(n, act)) => strike = Some(Strike::Command(n.saturating_sub(1), act)),
        None => {}
    }
}

/// What the disk holds of a database at this moment.
fn keep(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for name in ["otklik.db", "otklik.db-wal"] {
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}
