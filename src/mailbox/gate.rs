//! The gate between the network and async-imap's parser: bounds what a server may send and mends or drops the lines that the parser dies of.
//! It knows lines and literals, nothing of commands.
//!
//! imap-proto 0.17 panics on `INTERNALDATE NIL` and on 8-bit text after a response code, refuses whole connections for a double space in
//! CAPABILITY, a size written as a float or a body without a value, and async-imap allocates whatever a literal announces up to 512 MiB.
//! All of this stops here. Writes are gathered until flush, so that a pipelined batch is one TLS record.

use super::mend;
use crate::dial::Io;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The longest line we believe in; async-imap parses an unfinished line anew with every read.
const LINE_MOST: usize = 64 * 1024;
/// Read from the network at once.
const READ_MOST: usize = 32 * 1024;
/// Literals outside letters: folder names.
const SMALL_LITERAL: u64 = 64 * 1024;
/// A write of this size goes straight to the network.
const LARGE_WRITE: usize = 64 * 1024;

/// What a server did that we do not accept; travels inside an `io::Error` of kind `Other`.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Odd(pub(super) &'static str);

fn odd(what: &'static str) -> io::Error {
    io::Error::other(Odd(what))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A response begins.
    Start,
    /// The line goes on after a literal.
    Rest,
    /// So many bytes of a literal are to come.
    Literal(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `* n FETCH`.
    Fetch,
    /// `* LIST`.
    List,
    /// Status lines and all that has no literals.
    Plain,
    /// Not for us: left out together with its literals.
    Dropped,
}

/// See the module.
pub(super) struct Gate {
    inner: Box<dyn Io>,
    raw: Vec<u8>,
    raw_at: usize,
    raw_len: usize,
    line: Vec<u8>,
    ready: Vec<u8>,
    ready_at: usize,
    state: State,
    kind: Kind,
    literal_most: u64,
    budget: u64,
    out: Vec<u8>,
    out_at: usize,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate")
    }
}

impl Gate {
    pub(super) fn new(inner: Box<dyn Io>) -> Gate {
        Gate {
            inner,
            raw: vec![0; READ_MOST],
            raw_at: 0,
            raw_len: 0,
            line: Vec::new(),
            ready: Vec::new(),
            ready_at: 0,
            state: State::Start,
            kind: Kind::Plain,
            literal_most: SMALL_LITERAL,
            budget: 0,
            out: Vec::new(),
            out_at: 0,
        }
    }

    /// So many more bytes may come; a literal may have so many.
    pub(super) fn allow(&mut self, bytes: u64, literal: u64) {
        self.budget = self.budget.saturating_add(bytes);
        self.literal_most = literal.max(SMALL_LITERAL);
    }

    /// What is left of earlier permissions is withdrawn.
    pub(super) fn close_account(&mut self) {
        self.budget = 0;
    }

    /// The stream itself, for STARTTLS; what was read ahead in clear text is thrown away (RFC 3501 §6.2.1, response injection).
    pub(super) fn into_inner(self) -> Box<dyn Io> {
        self.inner
    }

    /// Moves raw bytes on until something is ready, a literal begins or the raw bytes are used up.
    fn advance(&mut self) -> io::Result<()> {
        while self.ready_at == self.ready.len() && self.raw_at < self.raw_len {
            let fresh = self.raw.get(self.raw_at..self.raw_len).unwrap_or_default();
            if let State::Literal(left) = self.state {
                if self.kind != Kind::Dropped {
                    return Ok(());
                }
                let skip = (fresh.len() as u64).min(left);
                self.raw_at += skip as usize;
                self.literal_read(skip);
                continue;
            }
            let (part, ended) = match fresh.iter().position(|b| *b == b'\n') {
                Some(at) => (fresh.get(..at).unwrap_or_default(), true),
                None => (fresh, false),
            };
            if self.line.len() + part.len() > LINE_MOST {
                return Err(odd("a line without end"));
            }
            self.line.extend_from_slice(part);
            self.raw_at += part.len() + usize::from(ended);
            if ended {
                self.line_ended()?;
            }
        }
        Ok(())
    }

    fn line_ended(&mut self) -> io::Result<()> {
        let mut line = std::mem::take(&mut self.line);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if self.state == State::Start {
            self.kind = kind_of(&line)?;
        }
        let literal = match self.kind {
            Kind::Plain => None,
            Kind::Fetch | Kind::List | Kind::Dropped => mend::announced(&line),
        };
        if let Some(bytes) = literal {
            let most = if self.kind == Kind::Fetch { self.literal_most } else { SMALL_LITERAL };
            if bytes > most {
                return Err(odd("a literal larger than anything that was asked for"));
            }
        }
        self.ready.clear();
        self.ready_at = 0;
        let kept = match self.kind {
            Kind::Dropped => false,
            Kind::Plain => {
                mend::plain(&line, &mut self.ready);
                true
            }
            Kind::List => mend::list(&line, &mut self.ready),
            // A FETCH that is all on one line and names no UID is about flags: nobody asked.
            Kind::Fetch => mend::fetch(&line, &mut self.ready) || literal.is_some() || self.state == State::Rest,
        };
        if kept {
            self.ready.extend_from_slice(b"\r\n");
        } else {
            self.ready.clear();
        }
        if mend::too_deep(&self.ready) {
            return Err(odd("brackets within brackets without end"));
        }
        self.state = match literal {
            Some(0) => State::Rest,
            Some(bytes) => State::Literal(bytes),
            None => State::Start,
        };
        line.clear();
        self.line = line;
        Ok(())
    }

    fn literal_read(&mut self, bytes: u64) {
        if let State::Literal(left) = self.state {
            self.state = if bytes >= left { State::Rest } else { State::Literal(left - bytes) };
        }
    }

    fn account(&mut self, bytes: usize) -> io::Result<()> {
        match self.budget.checked_sub(bytes as u64) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => Err(odd("more bytes than were asked for")),
        }
    }
}

/// What a response is, by its first words. An unknown untagged line is left out; what is no IMAP at all is an error,
/// because it may be the rest of a letter whose length was told wrongly.
fn kind_of(line: &[u8]) -> io::Result<Kind> {
    if line.is_empty() {
        return Ok(Kind::Dropped);
    }
    if line.first() == Some(&b'+') {
        return Ok(Kind::Plain);
    }
    let mut words = line.split(|b| *b == b' ').filter(|w| !w.is_empty());
    let (tag, word) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    if tag != b"*" {
        let ours = tag.iter().all(u8::is_ascii_alphanumeric) && (is("OK") || is("NO") || is("BAD"));
        return if ours { Ok(Kind::Plain) } else { Err(odd("a line that is no IMAP")) };
    }
    if ["OK", "NO", "BAD", "BYE", "PREAUTH", "CAPABILITY"].iter().any(|name| is(name)) {
        return Ok(Kind::Plain);
    }
    if is("LIST") {
        return Ok(Kind::List);
    }
    if !word.is_empty() && word.iter().all(u8::is_ascii_digit) {
        let what = words.next().unwrap_or_default();
        if what.eq_ignore_ascii_case(b"FETCH") {
            return Ok(Kind::Fetch);
        }
        if [&b"EXISTS"[..], b"RECENT", b"EXPUNGE"].iter().any(|name| what.eq_ignore_ascii_case(name)) {
            return Ok(Kind::Plain);
        }
    }
    Ok(Kind::Dropped)
}

impl AsyncRead for Gate {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        loop {
            if gate.ready_at < gate.ready.len() {
                let rest = gate.ready.get(gate.ready_at..).unwrap_or_default();
                let take = rest.len().min(buf.remaining());
                buf.put_slice(rest.get(..take).unwrap_or_default());
                gate.ready_at += take;
                return Poll::Ready(Ok(()));
            }
            if gate.raw_at < gate.raw_len {
                if let State::Literal(left) = gate.state
                    && gate.kind != Kind::Dropped
                {
                    let fresh = gate.raw.get(gate.raw_at..gate.raw_len).unwrap_or_default();
                    let take = fresh.len().min(buf.remaining()).min(usize::try_from(left).unwrap_or(usize::MAX));
                    buf.put_slice(fresh.get(..take).unwrap_or_default());
                    gate.raw_at += take;
                    gate.literal_read(take as u64);
                    return Poll::Ready(Ok(()));
                }
                gate.advance()?;
                continue;
            }
            if let State::Literal(left) = gate.state
                && gate.kind != Kind::Dropped
                && left >= READ_MOST as u64
                && buf.remaining() >= READ_MOST
            {
                // A large letter goes from the network into the parser's buffer without a stop.
                let most = buf.remaining().min(usize::try_from(left).unwrap_or(usize::MAX));
                let mut direct = ReadBuf::new(buf.initialize_unfilled_to(most));
                ready!(Pin::new(&mut gate.inner).poll_read(cx, &mut direct))?;
                let got = direct.filled().len();
                gate.account(got)?;
                gate.literal_read(got as u64);
                buf.advance(got);
                return Poll::Ready(Ok(()));
            }
            let mut fresh = ReadBuf::new(&mut gate.raw);
            ready!(Pin::new(&mut gate.inner).poll_read(cx, &mut fresh))?;
            let got = fresh.filled().len();
            gate.raw_at = 0;
            gate.raw_len = got;
            if got == 0 {
                return Poll::Ready(Ok(()));
            }
            gate.account(got)?;
        }
    }
}

impl Gate {
    fn poll_out(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.out_at < self.out.len() {
            let rest = self.out.get(self.out_at..).unwrap_or_default();
            let sent = ready!(Pin::new(&mut self.inner).poll_write(cx, rest))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.out_at += sent;
        }
        self.out.clear();
        self.out_at = 0;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Gate {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let gate = self.get_mut();
        if buf.len() >= LARGE_WRITE {
            ready!(gate.poll_out(cx))?;
            return Pin::new(&mut gate.inner).poll_write(cx, buf);
        }
        gate.out.extend_from_slice(buf);
        Poll::Ready(Ok(buf.len()))
    }
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        ready!(gate.poll_out(cx))?;
        Pin::new(&mut gate.inner).poll_flush(cx)
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        ready!(gate.poll_out(cx))?;
        Pin::new(&mut gate.inner).poll_shutdown(cx)
    }
}
