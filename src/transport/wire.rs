//! One exchange of SMTP at a time: commands, the letter itself, and what can go wrong, over lettre's connection.
//!
//! Not here: the order of the commands (`smtp`), and what a refusal means (`verdict`).

use super::smtp::Timeouts;
use super::verdict::{self, Phase};
use crate::moment;
use crate::outbox::Outcome;
use lettre::Address;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::{Error, response::Response};
use std::borrow::Cow;
use std::error::Error as _;
use std::fmt::Display;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// Written at once; after each the limit begins anew.
const BLOCK: usize = 64 * 1024;

/// Why a step went no further.
pub(super) enum Fault {
    /// The server's definite word.
    Reply(u16, String),
    /// No usable word: cut, silence, or replies out of step. The text is ours or the library's.
    Wire(String),
    /// Ours: what was found before asking the server.
    Ours(Outcome),
}

impl Fault {
    /// What lettre's error tells.
    pub(super) fn of(error: &Error) -> Fault {
        match error.status() {
            Some(code) => Fault::Reply(u16::from(code), error.source().map(ToString::to_string).unwrap_or_default()),
            None => Fault::Wire(error.to_string()),
        }
    }
}

/// One command and its answer, within the limit, in step.
pub(super) async fn say<C: Display>(connection: &mut AsyncSmtpConnection, phase: Phase, limit: Duration, command: C) -> Result<Response, (Phase, Fault)> {
    let [before, after] = phase.moments();
    moment::pass(before);
    let said = timeout(limit, connection.command(command)).await;
    moment::pass(after);
    let fault = match said {
        Ok(Ok(reply)) if phase.goes_on_with(u16::from(reply.code())) => return Ok(reply),
        Ok(Ok(reply)) => Fault::Wire(format!("replies out of step: {} to {}", reply.code(), phase.name())),
        Ok(Err(e)) => Fault::of(&e),
        Err(_) => Fault::Wire(format!("no answer to {} in time", phase.name())),
    };
    Err((phase, fault))
}

/// The letter in blocks. The library asks for the next block after the last one is flushed, and writes the final dot when there is none:
/// so the moment in which nothing more is given out is the one from which the terminator may have left.
struct Blocks<'a> {
    rest: &'a [u8],
    progress: &'a Progress,
}

#[derive(Default)]
struct Progress {
    blocks: AtomicUsize,
    dot: AtomicBool,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = &'a [u8];
    fn next(&mut self) -> Option<&'a [u8]> {
        self.progress.blocks.fetch_add(1, Ordering::Relaxed);
        if self.rest.is_empty() {
            moment::pass("smtp.dot.send");
            self.progress.dot.store(true, Ordering::Relaxed);
            return None;
        }
        moment::pass("smtp.block.send");
        let (block, rest) = self.rest.split_at(self.rest.len().min(BLOCK));
        self.rest = rest;
        Some(block)
    }
}

/// The letter, the dot, and the reply. The phase of a failure is `Data` while the terminator certainly has not left.
pub(super) async fn payload(connection: &mut AsyncSmtpConnection, letter: &[u8], limits: Timeouts) -> Result<String, (Phase, Fault)> {
    // The library ends every letter with CRLF "." CRLF: without this the letter would grow by an empty line.
    let body = letter.strip_suffix(b"\r\n").unwrap_or(letter);
    let progress = Progress::default();
    let ended = {
        let mut sending = std::pin::pin!(connection.message_iter(Blocks { rest: body, progress: &progress }));
        let mut limit = std::pin::pin!(sleep(limits.block));
        let mut seen = 0;
        poll_fn(|cx| {
            if let Poll::Ready(reply) = sending.as_mut().poll(cx) {
                return Poll::Ready(Some(reply));
            }
            let now = progress.blocks.load(Ordering::Relaxed);
            if now != seen {
                seen = now;
                let dot = progress.dot.load(Ordering::Relaxed);
                limit.as_mut().reset(Instant::now() + if dot { limits.dot } else { limits.block });
            }
            limit.as_mut().poll(cx).map(|()| None)
        })
        .await
    };
    moment::pass("smtp.dot.answered");
    let phase = if progress.dot.load(Ordering::Relaxed) { Phase::Dot } else { Phase::Data };
    match ended {
        Some(Ok(reply)) if phase.goes_on_with(u16::from(reply.code())) => {
            let text: Vec<&str> = reply.message().collect();
            Ok(format!("{} {}", reply.code(), text.join(" ")))
        }
        Some(Ok(reply)) => Err((phase, Fault::Wire(format!("replies out of step: {} to {}", reply.code(), phase.name())))),
        Some(Err(e)) => Err((phase, Fault::of(&e))),
        None => Err((phase, Fault::Wire(format!("no answer to {} in time", if phase == Phase::Dot { "the final dot" } else { "the letter" })))),
    }
}

/// A fault in a phase as an outcome.
pub(super) fn outcome_of(phase: Phase, fault: Fault, names: &[String]) -> Outcome {
    match fault {
        Fault::Reply(code, text) => verdict::of_refusal(phase, code, &text, wording(&format!("{code} {text}"), names)),
        Fault::Wire(text) if phase == Phase::Dot => Outcome::Unknown(wording(&text, names)),
        Fault::Wire(text) => Outcome::Deferred(wording(&text, names)),
        Fault::Ours(outcome) => outcome,
    }
}

/// [`verdict::wording`] for owned names.
pub(super) fn wording(text: &str, names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    verdict::wording(text, &names)
}

/// Lines by CRLF alone (RFC 5321 §2.3.8). Frozen letters are so already and pass untouched; a stray CR or LF becomes a line end, since lettre's
/// codec stuffs dots only after CRLF and a lenient server would take a bare `\n.\r\n` for the end of the letter and the rest for commands.
pub(super) fn with_crlf(raw: &[u8]) -> Cow<'_, [u8]> {
    let stray = |(i, byte): (usize, &u8)| match byte {
        b'\r' => raw.get(i + 1) != Some(&b'\n'),
        b'\n' => i == 0 || raw.get(i - 1) != Some(&b'\r'),
        _ => false,
    };
    if !raw.iter().enumerate().any(stray) {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 32);
    let mut bytes = raw.iter().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if(|next| **next == b'\n');
                out.extend_from_slice(b"\r\n");
            }
            b'\n' => out.extend_from_slice(b"\r\n"),
            other => out.push(*other),
        }
    }
    Cow::Owned(out)
}

/// An address as SMTP carries it. lettre's own check refuses real ones (`a..b@`, `.a@`, long local parts), so the check here is only that
/// nothing can break out of `<…>` and that it is one address.
pub(super) fn envelope_address(text: &str) -> Result<Address, &'static str> {
    if !text.is_ascii() {
        return Err("the address holds letters beyond ASCII: write its domain in the xn-- form");
    }
    let Some((user, domain)) = text.rsplit_once('@') else {
        return Err("the address has no @");
    };
    let sound = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'));
    let quoted = user.len() > 2 && user.starts_with('"') && user.ends_with('"');
    let single = !domain.contains([',', ';', '"', '\\']) && (quoted || !user.contains(['@', ',', ';', ':', '"', '\\']));
    if text.len() > 320 || !sound(user) || !sound(domain) || !single {
        return Err("the address is not one that SMTP can carry");
    }
    Ok(Address::new_dangerous(user, domain))
}

/// What stands before the @.
pub(super) fn local_part(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(user, _)| user)
}
