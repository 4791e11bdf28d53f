//! A school's mail servers in memory: IMAP and SMTP as the program's own clients speak them, over pipes, in virtual time, with every misbehaviour
//! that was met in the field on order. They hold the letters and remember what was asked of them; they know nothing of schools.
//!
//! A server is a state machine without tasks: what a client writes takes effect at once, as if the kernel had delivered it, and the answers wait
//! in the pipe until the client reads them. A final dot that was written is a letter that was accepted, whether its 250 arrives or not.

mod chance;
mod faults;
mod imap;
mod imap_fetch;
mod names;
mod pipe;
mod smtp;

pub use chance::Chance;
pub use faults::{Faults, Kind, Moment, Planned, Rates, Way, Wire, possible};

use chrono::{DateTime, TimeDelta, Utc};
use otklik::dial::{Dial, Io};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// Lines of the trace that are kept.
const TRACE: usize = 400;

/// The mail servers of one school, and what they hold. A clone is the same servers; [`Servers::fork`] is a copy of everything as it is now.
#[derive(Clone)]
pub struct Servers(Arc<Mutex<State>>);

/// A letter in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// UID.
    pub uid: u32,
    /// INTERNALDATE.
    pub received: DateTime<Utc>,
    /// Bytes.
    pub raw: Arc<[u8]>,
}

/// A folder, letters by ascending UID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// UIDVALIDITY.
    pub uid_validity: u32,
    /// The UID that the next letter will have.
    pub uid_next: u32,
    /// What LIST says of it, such as `\Sent`.
    pub role: Option<&'static str>,
    /// Its letters.
    pub letters: Vec<Stored>,
}

/// A letter that SMTP has accepted: it is the server's from its final dot on.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Counts from 1 for ever, so that it names the letter where the list was emptied meanwhile.
    pub number: u64,
    /// When, by the world's clock.
    pub at: DateTime<Utc>,
    /// Envelope sender.
    pub from: String,
    /// Envelope recipient.
    pub to: String,
    /// Bytes, dots unstuffed.
    pub raw: Arc<[u8]>,
    /// The client has read the 250.
    pub told: bool,
}

/// Everything about the servers.
#[derive(Clone)]
pub struct State {
    /// The world's clock.
    pub now: DateTime<Utc>,
    /// Folders by the names that people read.
    pub folders: BTreeMap<String, Folder>,
    /// Letters accepted, in order. Whoever carries them on may take them out.
    pub accepted: Vec<Accepted>,
    /// What goes wrong.
    pub faults: Faults,
    /// The last commands and faults, for a trace; no passwords.
    pub commands: VecDeque<String>,
    /// What a mailbox that is read-only must never hear: SELECT, STORE, EXPUNGE, FETCH without PEEK… Must stay empty.
    pub destructive: Vec<String>,
    /// Commands that are no legal IMAP or SMTP. Must stay empty.
    pub illegal: Vec<String>,
    /// Faults injected, by kind.
    pub counts: BTreeMap<&'static str, u64>,
    /// What IMAP says it can do.
    pub capabilities: Vec<&'static str>,
    /// The provider lays what it accepts into the folder that is `\Sent`.
    pub keeps_sent: bool,
    /// Bytes that passed: by wire and way.
    pub passed: BTreeMap<(Wire, Way), u64>,
    /// Where letters lie among the bytes from the program: those of the last ones.
    pub letters_in: Vec<(Wire, Range<u64>)>,
    /// Times that a verb was heard (`connect` and `greeting` among them).
    pub heard: BTreeMap<(Wire, &'static str), u32>,
    /// Recipients turned away for the present, until when.
    greylisted: BTreeMap<String, DateTime<Utc>>,
    /// Pipes of an earlier generation are broken.
    generation: u64,
    last_accepted: u64,
    listeners: Listeners,
}

/// Clients that wait for news. A copy of the world has none.
#[derive(Default)]
struct Listeners(Vec<Waker>);

impl Clone for Listeners {
    fn clone(&self) -> Listeners {
        Listeners::default()
    }
}

impl Servers {
    /// INBOX, «Отправленные» and «Спам», empty; no faults.
    pub fn new(seed: u64) -> Servers {
        let folder = |uid_validity, role| Folder { uid_validity, uid_next: 1, role, letters: Vec::new() };
        let folders = [("INBOX", 11, None), ("Отправленные", 12, Some("\\Sent")), ("Спам", 13, Some("\\Junk"))];
        Servers(Arc::new(Mutex::new(State {
            now: DateTime::UNIX_EPOCH,
            folders: folders.into_iter().map(|(name, validity, role)| (name.to_owned(), folder(validity, role))).collect(),
            accepted: Vec::new(),
            faults: Faults::new(seed),
            commands: VecDeque::new(),
            destructive: Vec::new(),
            illegal: Vec::new(),
            counts: BTreeMap::new(),
            capabilities: vec!["IMAP4rev1", "SASL-IR", "AUTH=PLAIN", "IDLE", "SPECIAL-USE", "LIST-EXTENDED"],
            keeps_sent: false,
            passed: BTreeMap::new(),
            letters_in: Vec::new(),
            heard: BTreeMap::new(),
            greylisted: BTreeMap::new(),
            generation: 0,
            last_accepted: 0,
            listeners: Listeners::default(),
        })))
    }

    /// A copy of the world as it is at this moment; the pipes to this one do not lead there.
    pub fn fork(&self) -> Servers {
        Servers(Arc::new(Mutex::new(self.lock().clone())))
    }

    /// Connections to the IMAP server.
    pub fn imap(&self) -> Dial {
        self.dial(Wire::Imap)
    }

    /// Connections to the SMTP server.
    pub fn smtp(&self) -> Dial {
        self.dial(Wire::Smtp)
    }

    fn dial(&self, wire: Wire) -> Dial {
        let servers = self.clone();
        Dial::Pipes(Arc::new(move || servers.connect(wire)))
    }

    /// One connection; refused where a fault says so.
    pub fn connect(&self, wire: Wire) -> io::Result<Box<dyn Io>> {
        let fault = self.lock().fault(wire, "connect");
        if fault == Some(Kind::Refused) {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        Ok(Box::new(pipe::Pipe::new(self.clone(), wire, fault.filter(|kind| matches!(kind, Kind::Cut | Kind::Reset)))))
    }

    /// The world's clock.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.lock().now = now;
    }

    /// A letter arrives; its UID. A folder that is not there is made.
    pub fn deliver(&self, folder: &str, raw: &[u8], received: DateTime<Utc>) -> u32 {
        self.lock().deliver(folder, raw, received)
    }

    /// A look at everything, and a hand in it. Not from within a client's poll.
    pub fn with<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        f(&mut self.lock())
    }

    /// The program is dead: every pipe made so far is broken, and what it would still write has no effect.
    pub fn cut_client(&self) {
        let mut state = self.lock();
        state.generation += 1;
        state.wake();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A letter arrives; its UID.
    pub fn deliver(&mut self, folder: &str, raw: &[u8], received: DateTime<Utc>) -> u32 {
        let fresh = 100 + u32::try_from(self.folders.len()).unwrap_or_default();
        let place = self.folders.entry(folder.to_owned()).or_insert_with(|| Folder { uid_validity: fresh, uid_next: 1, role: None, letters: Vec::new() });
        let uid = place.uid_next;
        place.uid_next += 1;
        place.letters.push(Stored { uid, received, raw: raw.into() });
        self.wake();
        uid
    }

    /// The server numbers a folder anew: another UIDVALIDITY, UIDs from 1, the same letters.
    pub fn renumber(&mut self, folder: &str) {
        if let Some(place) = self.folders.get_mut(folder) {
            place.uid_validity += 1_000;
            place.uid_next = 1;
            for letter in &mut place.letters {
                letter.uid = place.uid_next;
                place.uid_next += 1;
            }
        }
    }

    /// No faults from now on; nobody is greylisted.
    pub fn heal(&mut self) {
        self.faults.rates = Rates::default();
        self.faults.planned.clear();
        self.greylisted.clear();
    }

    /// Faults injected so far.
    pub fn faults_injected(&self) -> u64 {
        self.counts.values().sum()
    }

    fn wake(&mut self) {
        self.listeners.0.drain(..).for_each(Waker::wake);
    }

    fn note(&mut self, line: String) {
        if self.commands.len() == TRACE {
            self.commands.pop_front();
        }
        self.commands.push_back(line);
    }

    /// A letter of so many bytes has just been heard whole, before so many bytes that came with it.
    fn heard_letter(&mut self, wire: Wire, bytes: usize, heard: usize) {
        let end = self.passed.get(&(wire, Way::In)).copied().unwrap_or_default() + heard as u64;
        if self.letters_in.len() == TRACE {
            self.letters_in.clear();
        }
        self.letters_in.push((wire, end.saturating_sub(bytes as u64)..end));
    }

    /// Takes a letter over.
    fn accept(&mut self, from: &str, to: &str, raw: &[u8]) -> u64 {
        self.last_accepted += 1;
        let (number, at) = (self.last_accepted, self.now);
        self.accepted.push(Accepted { number, at, from: from.to_owned(), to: to.to_owned(), raw: raw.into(), told: false });
        let sent = self.folders.iter().find(|(_, folder)| folder.role == Some("\\Sent")).map(|(name, _)| name.clone());
        if let Some(name) = sent.filter(|_| self.keeps_sent) {
            self.deliver(&name, raw, at);
        }
        number
    }

    fn told(&mut self, number: u64) {
        if let Some(letter) = self.accepted.iter_mut().rev().find(|letter| letter.number == number) {
            letter.told = true;
        }
    }

    /// Whether this address is turned away for the present; begins that where `begin`.
    fn greylists(&mut self, address: &str, begin: bool) -> bool {
        let now = self.now;
        match self.greylisted.get(address) {
            Some(until) => now < *until,
            None if begin => {
                let minutes = 3 + self.faults.chance.below(12);
                self.greylisted.insert(address.to_owned(), now + TimeDelta::minutes(i64::try_from(minutes).unwrap_or(5)));
                true
            }
            None => false,
        }
    }
}
