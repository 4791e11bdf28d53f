//! IMAP over async-imap as transport and parser, under a command layer of our own: the mailbox as others see it.
//!
//! A connection is taken out of its place for each exchange and put back only after a good one: any fault, and any future dropped half-way,
//! closes it. The next call connects again and opens the folder again.

use super::connect::{Live, connect};
use super::session::{self, Idled};
use super::wire::Fault;
use super::*;
use crate::dial::Dial;
use crate::settings::Server;
use std::collections::BTreeMap;
use tokio_rustls::TlsConnector;

/// Times that a letter may spoil its own exchange before it is given up as one without bytes.
const SPOILT: u32 = 3;
/// The same for exchanges that ended with the connection: the network may be at fault.
const BROKEN: u32 = 6;

/// A connection to a server; reconnects on the next call after any error.
pub struct Imap {
    server: Server,
    dial: Dial,
    tls: Option<TlsConnector>,
    live: Option<Live>,
    /// The folder that the caller opened last, and the UIDVALIDITY it was told.
    folder: Option<(String, u32)>,
    /// Faults of letters fetched one by one; a folder with an entry here is fetched so.
    faults: BTreeMap<(String, u32), u32>,
    idle_refused: bool,
}

impl std::fmt::Debug for Imap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Imap({:?})", self.server)
    }
}

/// What the server can do, for `check --online`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// The server's first words.
    pub greeting: String,
    /// Capabilities after login.
    pub capabilities: Vec<String>,
    /// News at once; otherwise the mailbox is asked at every poll.
    pub idle: bool,
    /// MOVE (not used by Otklik; tells a modern server).
    pub moves: bool,
    /// Folders tell their role.
    pub special_use: bool,
    /// Folders found.
    pub folders: Folders,
    /// Letters in INBOX.
    pub exists: u32,
}

impl Imap {
    /// Nothing is connected until the first call.
    pub fn new(server: Server) -> Imap {
        Imap::over(server, Dial::Tcp)
    }

    /// The same over connections from elsewhere.
    pub fn over(server: Server, dial: Dial) -> Imap {
        Imap { server, dial, tls: None, live: None, folder: None, faults: BTreeMap::new(), idle_refused: false }
    }

    fn tried(&self, what: &str) -> String {
        format!("IMAP {}:{}, {what}", self.server.host, self.server.port)
    }

    async fn connected(&mut self) -> Result<Live, MailboxError> {
        if let Some(live) = self.live.take() {
            return Ok(live);
        }
        let made = connect(&self.server, &self.dial, &mut self.tls).await;
        made.map_err(|fault| fault.told(&self.tried("connecting")))
    }

    /// A connection with the caller's folder open. After a reconnect with another UIDVALIDITY the caller's UIDs mean other letters:
    /// an error, and the folder must be examined anew.
    async fn opened(&mut self) -> Result<Live, MailboxError> {
        let Some((folder, uid_validity)) = self.folder.clone() else {
            return Err(MailboxError::Transient(self.tried("no folder is open")));
        };
        let mut live = self.connected().await?;
        if !live.examined {
            let now = session::examine(&mut live.wire, &folder).await.map_err(|fault| fault.told(&self.tried("opening the folder")))?;
            if now.uid_validity != uid_validity {
                self.folder = None;
                return Err(MailboxError::Transient(self.tried("the folder was numbered anew; it is read again from the start")));
            }
            live.examined = true;
        }
        Ok(live)
    }

    fn keep<T>(&mut self, live: Live, done: Result<T, Fault>, what: &str) -> Result<T, MailboxError> {
        match done {
            Ok(value) => {
                self.live = Some(live);
                Ok(value)
            }
            Err(fault) => Err(fault.told(&self.tried(what))),
        }
    }

    /// Greeting, capabilities, folders and the number of letters in INBOX.
    pub async fn describe(&mut self) -> Result<Described, MailboxError> {
        let mut live = self.connected().await?;
        live.examined = false;
        let special_use = live.capabilities.contains("SPECIAL-USE");
        let done = async {
            let folders = session::list(&mut live.wire, special_use).await?;
            let inbox = session::examine(&mut live.wire, "INBOX").await?;
            Ok(Described {
                greeting: live.greeting.clone(),
                capabilities: live.capabilities.iter().cloned().collect(),
                idle: live.capabilities.contains("IDLE"),
                moves: live.capabilities.contains("MOVE"),
                special_use,
                folders,
                exists: inbox.exists,
            })
        };
        let done = done.await;
        self.keep(live, done, "looking round")
    }

    pub(super) async fn folders(&mut self) -> Result<Folders, MailboxError> {
        let reused = self.live.is_some();
        match self.folders_once().await {
            // An idle connection may have died long ago; that is no news.
            Err(MailboxError::Transient(_)) if reused => self.folders_once().await,
            done => done,
        }
    }

    async fn folders_once(&mut self) -> Result<Folders, MailboxError> {
        let mut live = self.connected().await?;
        let special_use = live.capabilities.contains("SPECIAL-USE");
        let done = session::list(&mut live.wire, special_use).await;
        self.keep(live, done, "listing folders")
    }

    pub(super) async fn examine(&mut self, folder: &str) -> Result<Examined, MailboxError> {
        let reused = self.live.is_some();
        match self.examine_once(folder).await {
            Err(MailboxError::Transient(_)) if reused => self.examine_once(folder).await,
            done => done,
        }
    }

    async fn examine_once(&mut self, folder: &str) -> Result<Examined, MailboxError> {
        let mut live = self.connected().await?;
        self.folder = None;
        live.examined = false;
        let done = session::examine(&mut live.wire, folder).await;
        live.examined = true;
        let examined = self.keep(live, done, "opening the folder")?;
        self.folder = Some((folder.to_owned(), examined.uid_validity));
        Ok(examined)
    }

    pub(super) async fn scan(&mut self, last: u32) -> Result<Vec<Entry>, MailboxError> {
        let mut live = self.opened().await?;
        let done = letters::scan(&mut live.wire, last).await;
        self.keep(live, done, "looking for letters")
    }

    pub(super) async fn fetch(&mut self, entries: &[Entry], limit: u64) -> Result<Vec<Fetched>, MailboxError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let folder = self.folder.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
        if self.faults.range((folder.clone(), 0)..=(folder.clone(), u32::MAX)).next().is_some() {
            return self.fetch_warily(entries, limit, &folder).await;
        }
        let mut live = self.opened().await?;
        let mut got = BTreeMap::new();
        let done = letters::fetch(&mut live.wire, &letters::chunks(entries, limit, false), limit, &mut got).await;
        if done.is_err() {
            // One letter may be the cause: next time each goes alone, so that it cannot stop the others.
            let first = entries.iter().map(|e| e.uid).filter(|uid| !got.contains_key(uid)).min();
            self.faults.insert((folder, first.unwrap_or_default()), 0);
        }
        self.keep(live, done, "fetching letters")?;
        Ok(got.into_values().collect())
    }

    /// One letter at a time, in part only where the size is not to be trusted. A letter that spoils its exchange again and again
    /// (Yandex: broken BODY; a parser's death) is given without bytes, and the rest goes on.
    async fn fetch_warily(&mut self, entries: &[Entry], limit: u64, folder: &str) -> Result<Vec<Fetched>, MailboxError> {
        let mut got = BTreeMap::new();
        for entry in entries {
            let key = (folder.to_owned(), entry.uid);
            let mut live = self.opened().await?;
            let done = letters::fetch(&mut live.wire, &letters::chunks(&[*entry], limit, true), limit, &mut got).await;
            let Err(fault) = &done else {
                self.live = Some(live);
                continue;
            };
            let most = if matches!(fault, Fault::Lost(_)) { BROKEN } else { SPOILT };
            let times = self.faults.entry(key).or_default();
            *times += 1;
            if *times < most {
                return self.keep(live, done.map(|()| Vec::new()), "fetching one letter");
            }
            got.insert(entry.uid, Fetched { uid: entry.uid, bytes: None, cut: false });
        }
        self.faults.retain(|(name, _), _| name != folder);
        Ok(got.into_values().collect())
    }

    pub(super) async fn wait(&mut self, most: Duration) -> Result<Wake, MailboxError> {
        let until = tokio::time::Instant::now() + most;
        if self.folder.is_none() {
            tokio::time::sleep_until(until).await;
            return Ok(Wake::Timeout);
        }
        let known = self.live.as_ref().is_some_and(|live| live.examined);
        let mut live = self.opened().await?;
        if !known || live.wire.news {
            // Nobody listened while the connection was down; and what came during the last exchange may be new.
            live.wire.news = false;
            self.live = Some(live);
            return Ok(Wake::News);
        }
        if self.idle_refused || !live.capabilities.contains("IDLE") {
            self.live = Some(live);
            tokio::time::sleep_until(until).await;
            return Ok(Wake::Timeout);
        }
        match session::idle(&mut live.wire, until).await {
            Ok(idled) => {
                live.wire.news = false;
                self.live = Some(live);
                Ok(if idled == Idled::News { Wake::News } else { Wake::Timeout })
            }
            Err(Fault::No(_) | Fault::Bad(_)) => {
                self.idle_refused = true;
                tokio::time::sleep_until(until).await;
                Ok(Wake::Timeout)
            }
            Err(fault) => Err(fault.told(&self.tried("waiting for letters"))),
        }
    }

    pub(super) async fn append(&mut self, folder: &str, bytes: &[u8], date: DateTime<Utc>) -> Result<(), MailboxError> {
        let reused = self.live.is_some();
        let mut live = self.connected().await?;
        if reused && live.wire.run_between(["imap.noop.send", "imap.noop.answered"], "NOOP", &mut |_| {}).await.is_err() {
            // A connection that has slept may be dead: found out before the one command that must not be repeated.
            live = self.connected().await?;
        }
        let done = session::append(&mut live.wire, folder, bytes, date).await;
        self.keep(live, done, "keeping a copy")
    }
}
