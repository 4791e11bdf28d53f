//! One connection: commands out, answers in, every status looked at. What the commands mean is in `session` and `letters`.
//!
//! async-imap is the transport's buffer and the parser; its own commands are not used, because they drop tagged NO and BAD and take a lost
//! connection for an empty answer. Commands are written with tags of our own straight through the gate, so that several can be in flight
//! and a password never passes a logging line. The caller drops the wire on any fault.

use super::MailboxError;
use super::gate::Gate;
use crate::dial::Io;
use crate::moment;
use async_imap::Client;
use async_imap::imap_proto::{MailboxDatum, Outcome, Response, ResponseCode, Status};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// An ordinary exchange takes no longer.
pub(super) const COMMAND: Duration = Duration::from_secs(60);
/// Bytes that an ordinary answer may have: some ten thousand folders, a hundred thousand letters in a scan are asked for apart.
pub(super) const ANSWER: u64 = 4 << 20;
/// Characters of a server's own words that are passed on.
const WORDS: usize = 120;

/// The parser panicked: nothing that the gate lets through should do that.
pub(super) const DIED: &str = "an answer that the parser died of";

/// What went wrong in an exchange; the wire is unusable afterwards.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// The connection ended or nothing came in time.
    Lost(String),
    /// The server said what cannot be understood.
    Odd(String),
    /// Tagged NO, with the server's words.
    No(String),
    /// Tagged BAD.
    Bad(String),
    /// Needs a person.
    Person(String),
}

/// The caller of each response.
pub(super) type Each<'a> = &'a mut (dyn FnMut(&Response<'_>) + Send);

/// What a response was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Untagged.
    Data,
    /// `+`: the server waits for more.
    Go,
    /// A command in flight is done, with OK.
    Done,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Wire {
    client: Client<Gate>,
    count: u32,
    flight: Vec<String>,
    /// EXISTS, RECENT or EXPUNGE was heard since this was last set to false.
    pub(super) news: bool,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Io>) -> Wire {
        Wire { client: Client::new(Gate::new(stream)), count: 0, flight: Vec::new(), news: false }
    }

    /// The stream below, for STARTTLS.
    pub(super) fn into_inner(self) -> Box<dyn Io> {
        self.client.into_inner().into_inner()
    }

    /// So many more bytes may come, in literals of so many; what an earlier exchange left over is withdrawn.
    pub(super) fn allow_only(&mut self, bytes: u64, literal: u64) {
        self.client.get_mut().close_account();
        self.allow(bytes, literal);
    }

    /// So many more bytes may come.
    pub(super) fn allow(&mut self, bytes: u64, literal: u64) {
        self.client.get_mut().allow(bytes, literal);
    }

    /// Puts a command into the pipe; nothing leaves before `flush`.
    pub(super) async fn put(&mut self, command: &str) -> Result<(), Fault> {
        self.count += 1;
        let tag = format!("o{}", self.count);
        let line = format!("{tag} {command}\r\n");
        self.flight.push(tag);
        self.put_raw(line.as_bytes()).await
    }

    /// Puts bytes into the pipe: the rest of a command after `+`.
    pub(super) async fn put_raw(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.client.get_mut().write_all(bytes).await.map_err(|e| lost(&e))
    }

    /// Sends what was put.
    pub(super) async fn flush(&mut self) -> Result<(), Fault> {
        self.client.get_mut().flush().await.map_err(|e| lost(&e))
    }

    /// The next response. Cancel-safe as long as nothing was heard of it.
    pub(super) async fn step(&mut self, each: Each<'_>) -> Result<Step, Fault> {
        // The parser has panicked on servers' words before; the gate mends those, this is for the next one.
        let read = AssertUnwindSafe(self.client.read_response()).catch_unwind().await;
        let response = match read {
            Ok(Ok(Some(response))) => response,
            Ok(Ok(None)) => return Err(Fault::Lost("the server closed the connection".into())),
            Ok(Err(e)) if e.kind() == std::io::ErrorKind::Other && e.raw_os_error().is_none() => {
                // async-imap's own text holds the whole buffer, letters included: only our gate's is passed on.
                let why = e.get_ref().and_then(|inner| inner.downcast_ref::<super::gate::Odd>());
                return Err(Fault::Odd(why.map_or_else(|| "an answer that is no IMAP".to_owned(), |odd| odd.0.to_owned())));
            }
            Ok(Err(e)) => return Err(lost(&e)),
            Err(_) => return Err(Fault::Odd(DIED.into())),
        };
        let parsed = response.parsed();
        let step = match parsed {
            Response::Continue(_) => Step::Go,
            Response::Data { status: Status::Bye, outcome } => {
                return Err(Fault::Lost(format!("the server ended the conversation: {}", words(outcome))));
            }
            Response::Done { tag, status, outcome } => {
                // Dovecot ends a NOOP after the FETCH behind it: any order will do (RFC 3501 §5.5).
                let Some(at) = self.flight.iter().position(|sent| *sent == tag.0) else {
                    return Err(Fault::Odd("an answer to a command that was never given".into()));
                };
                self.flight.swap_remove(at);
                match status {
                    Status::Ok => Step::Done,
                    Status::No => return Err(Fault::No(words(outcome))),
                    Status::Bad | Status::Bye | Status::PreAuth => return Err(Fault::Bad(words(outcome))),
                }
            }
            Response::MailboxData(MailboxDatum::Exists(_) | MailboxDatum::Recent(_)) | Response::Expunge(_) => {
                self.news = true;
                Step::Data
            }
            _ => Step::Data,
        };
        each(parsed);
        Ok(step)
    }

    /// Reads until everything in flight is done.
    pub(super) async fn finish_all(&mut self, each: Each<'_>) -> Result<(), Fault> {
        while !self.flight.is_empty() {
            self.finish(&mut *each).await?;
        }
        Ok(())
    }

    /// Reads until a command in flight is done.
    pub(super) async fn finish(&mut self, each: Each<'_>) -> Result<(), Fault> {
        loop {
            match self.step(&mut *each).await? {
                Step::Done => return Ok(()),
                Step::Go => return Err(Fault::Odd("a request to go on where nothing was left to say".into())),
                Step::Data => {}
            }
        }
    }

    /// Reads until the server asks for more; a tagged OK instead is out of step.
    pub(super) async fn await_go(&mut self) -> Result<(), Fault> {
        loop {
            match self.step(&mut |_| {}).await? {
                Step::Go => return Ok(()),
                Step::Done => return Err(Fault::Odd("an end where more was to be said".into())),
                Step::Data => {}
            }
        }
    }

    /// One ordinary command with its answer.
    pub(super) async fn run(&mut self, command: &str, each: Each<'_>) -> Result<(), Fault> {
        within(COMMAND, async {
            self.allow_only(ANSWER, 0);
            self.put(command).await?;
            self.flush().await?;
            self.finish(each).await
        })
        .await
    }

    /// The same between two named moments.
    pub(super) async fn run_between(&mut self, [before, after]: [&'static str; 2], command: &str, each: Each<'_>) -> Result<(), Fault> {
        moment::pass(before);
        self.run(command, each).await?;
        moment::pass(after);
        Ok(())
    }
}

/// An exchange with its time.
pub(super) async fn within<T>(most: Duration, exchange: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    match tokio::time::timeout(most, exchange).await {
        Ok(done) => done,
        Err(_) => Err(Fault::Lost(format!("no answer within {} seconds", most.as_secs()))),
    }
}

fn lost(e: &std::io::Error) -> Fault {
    Fault::Lost(cut(&e.to_string(), WORDS))
}

/// A server's words, with a code that matters.
fn words(outcome: &Outcome<'_>) -> String {
    let code = match outcome.code {
        Some(ResponseCode::TryCreate) => "[TRYCREATE] ",
        _ => "",
    };
    cut(&format!("{code}{}", outcome.information.as_deref().unwrap_or("no reason given")), WORDS)
}

/// At most so many characters, none of them control characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    let mut kept: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    if text.chars().nth(most).is_some() {
        kept.pop();
        kept.push('…');
    }
    kept
}

/// A string argument in quotes; `None` where only a literal could carry it.
pub(super) fn quoted(text: &str) -> Option<String> {
    text.chars().all(|c| matches!(c, ' '..='~')).then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

impl Fault {
    /// The fault as told to others, with what was tried.
    pub(super) fn told(self, tried: &str) -> MailboxError {
        let text = |why: &str| cut(&format!("{tried}: {why}"), 200);
        match self {
            Fault::Lost(why) => MailboxError::Transient(text(&why)),
            Fault::Odd(why) => MailboxError::Transient(text(&format!("the server sent {why}"))),
            Fault::No(why) | Fault::Bad(why) => MailboxError::Transient(text(&format!("the server refused: {why}"))),
            Fault::Person(why) => MailboxError::Permanent(text(&why)),
        }
    }

    /// A refusal of something that stays refused until a person acts, unless the server says that it is a passing trouble (RFC 5530).
    pub(super) fn for_person(self, advice: &str) -> Fault {
        const PASSING: [&str; 10] =
            ["[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]", "[LIMIT]", "[THROTTLED]", "TEMPORAR", "TRY AGAIN", "TRY LATER", "TOO MANY", "INTERNAL ERROR"];
        match self {
            Fault::No(why) if !PASSING.iter().any(|sign| why.to_uppercase().contains(sign)) => Fault::Person(format!("{advice} ({why})")),
            other => other,
        }
    }
}
