//! A connection between the program and a server: takes what is written to the server at once, gives the answers when they are read, breaks where a
//! fault says so. What is spoken over it is the servers' matter.

use super::faults::{Kind, Way, Wire};
use super::{Servers, State, imap, smtp};
use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// What waits to be read.
enum Piece {
    /// Bytes; when the last one is read, the client has been told of the letter of this number.
    Bytes { bytes: Vec<u8>, at: usize, tells: Option<u64> },
    /// Nothing for a while.
    Wait(Duration),
    /// Nothing ever again.
    Never,
    /// This line for ever.
    Flood(&'static str),
    /// The server closes.
    End,
}

/// Answers of a server, in order.
#[derive(Default)]
pub(super) struct Answers(VecDeque<Piece>);

impl Answers {
    /// Bytes as they are.
    pub(super) fn bytes(&mut self, bytes: Vec<u8>) {
        // A read of nothing would be the end of the connection.
        if !bytes.is_empty() {
            self.0.push_back(Piece::Bytes { bytes, at: 0, tells: None });
        }
    }
    /// A line; CRLF is added.
    pub(super) fn line(&mut self, line: &str) {
        self.bytes(format!("{line}\r\n").into_bytes());
    }
    /// A line that tells the client that a letter was accepted.
    pub(super) fn telling(&mut self, line: &str, number: u64) {
        self.0.push_back(Piece::Bytes { bytes: format!("{line}\r\n").into_bytes(), at: 0, tells: Some(number) });
    }
    /// What follows comes later.
    pub(super) fn wait(&mut self, time: Duration) {
        self.0.push_back(Piece::Wait(time));
    }
    /// What follows never comes.
    pub(super) fn never(&mut self) {
        self.0.push_back(Piece::Never);
    }
    /// This line, again and again.
    pub(super) fn flood(&mut self, line: &'static str) {
        self.0.push_back(Piece::Flood(line));
    }
    /// The server closes the connection.
    pub(super) fn end(&mut self) {
        self.0.push_back(Piece::End);
    }
    /// Nothing waits.
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

enum Session {
    Imap(imap::Session),
    Smtp(smtp::Session),
}

/// See the module.
pub(super) struct Pipe {
    servers: Servers,
    wire: Wire,
    generation: u64,
    session: Session,
    answers: Answers,
    sleeping: Option<Pin<Box<Sleep>>>,
    /// A drawn cut: direction, and bytes of this connection until then.
    cut: Option<(Way, u64, Kind)>,
    /// How it ended: as by a cut (reads end, writes vanish) or as by a reset (both fail).
    end: Option<Kind>,
}

impl fmt::Debug for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pipe({:?})", self.wire)
    }
}

impl Pipe {
    /// A connection whose server greets; `cut`: it will break somewhere, so.
    pub(super) fn new(servers: Servers, wire: Wire, cut: Option<Kind>) -> Pipe {
        let mut answers = Answers::default();
        let mut state = servers.lock();
        let session = match wire {
            Wire::Imap => Session::Imap(imap::Session::greet(&mut state, &mut answers)),
            Wire::Smtp => Session::Smtp(smtp::Session::greet(&mut state, &mut answers)),
        };
        let chance = &mut state.faults.chance;
        // Most conversations are a few hundred bytes long; letters make some of them longer.
        let cut = cut.map(|kind| {
            let (way, most) = (*chance.pick(&[Way::In, Way::Out]), *chance.pick(&[40, 200, 600, 3_000, 20_000]));
            (way, 1 + chance.below(most), kind)
        });
        let generation = state.generation;
        drop(state);
        Pipe { servers, wire, generation, session, answers, sleeping: None, cut, end: None }
    }

    /// Bytes that may still pass in this direction, and what comes then.
    fn room(&self, state: &State, way: Way) -> (u64, Kind) {
        room(self.cut, state, self.wire, way)
    }

    /// So many have passed; true when the connection broke with the last of them.
    fn passed(&mut self, state: &mut State, way: Way, bytes: usize) -> bool {
        let (room, kind) = self.room(state, way);
        let broken = room <= bytes as u64;
        state.pass(self.wire, way, bytes);
        if let Some((w, left, _)) = &mut self.cut
            && *w == way
        {
            *left = left.saturating_sub(bytes as u64);
        }
        if broken {
            state.cut_done(self.wire, way, kind);
            self.cut = None;
            self.end = Some(kind);
            if way == Way::Out || kind == Kind::Reset {
                self.answers.0.clear();
            }
        }
        broken
    }
}

/// Bytes that may still pass before a drawn cut or a planned one, and its kind.
fn room(drawn: Option<(Way, u64, Kind)>, state: &State, wire: Wire, way: Way) -> (u64, Kind) {
    let drawn = drawn.filter(|(w, ..)| *w == way).map(|(_, left, kind)| (left, kind));
    drawn.into_iter().chain(state.until_cut(wire, way)).min().unwrap_or((u64::MAX, Kind::Cut))
}

impl AsyncRead for Pipe {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let me = self.get_mut();
        let servers = me.servers.clone();
        let mut state = servers.lock();
        loop {
            if state.generation != me.generation {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            let Some(piece) = me.answers.0.front_mut() else {
                match me.end {
                    Some(Kind::Reset) => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
                    Some(_) => return Poll::Ready(Ok(())),
                    None => {}
                }
                if let Session::Imap(session) = &mut me.session {
                    session.news(&state, &mut me.answers);
                }
                if me.answers.is_empty() {
                    state.listeners.0.push(cx.waker().clone());
                    return Poll::Pending;
                }
                continue;
            };
            match piece {
                Piece::Bytes { bytes, at, tells } => {
                    let rest = bytes.get(*at..).unwrap_or_default();
                    let (most, tells) = (rest.len().min(buf.remaining()), *tells);
                    let (room, _) = room(me.cut, &state, me.wire, Way::Out);
                    let take = most.min(usize::try_from(room).unwrap_or(usize::MAX));
                    buf.put_slice(rest.get(..take).unwrap_or_default());
                    *at += take;
                    if *at == bytes.len() {
                        me.answers.0.pop_front();
                        tells.into_iter().for_each(|number| state.told(number));
                    }
                    // A connection that broke before the first byte has nothing to give: the next look finds its end.
                    if me.passed(&mut state, Way::Out, take) && take == 0 {
                        continue;
                    }
                    return Poll::Ready(Ok(()));
                }
                Piece::Wait(time) => {
                    let sleeping = me.sleeping.get_or_insert_with(|| Box::pin(tokio::time::sleep(*time)));
                    if sleeping.as_mut().poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                    me.sleeping = None;
                    me.answers.0.pop_front();
                }
                Piece::Never => {
                    state.listeners.0.push(cx.waker().clone());
                    return Poll::Pending;
                }
                Piece::Flood(line) => {
                    while buf.remaining() >= line.len() {
                        buf.put_slice(line.as_bytes());
                        state.pass(me.wire, Way::Out, line.len());
                    }
                    if buf.filled().is_empty() {
                        buf.put_slice(line.as_bytes().get(..buf.remaining()).unwrap_or_default());
                    }
                    return Poll::Ready(Ok(()));
                }
                Piece::End => {
                    me.answers.0.clear();
                    me.end = Some(Kind::Cut);
                }
            }
        }
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let me = self.get_mut();
        let servers = me.servers.clone();
        let mut state = servers.lock();
        if state.generation != me.generation || me.end == Some(Kind::Reset) {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        // The kernel still takes what the other side will never read.
        if me.end.is_some() || matches!(me.answers.0.back(), Some(Piece::End)) {
            return Poll::Ready(Ok(buf.len()));
        }
        let take = buf.len().min(usize::try_from(me.room(&state, Way::In).0).unwrap_or(usize::MAX));
        let heard = buf.get(..take).unwrap_or_default();
        match &mut me.session {
            Session::Imap(session) => session.hear(&mut state, heard, &mut me.answers),
            Session::Smtp(session) => session.hear(&mut state, heard, &mut me.answers),
        }
        if me.passed(&mut state, Way::In, take) && me.end == Some(Kind::Reset) {
            return Poll::Ready(if take > 0 { Ok(take) } else { Err(io::ErrorKind::BrokenPipe.into()) });
        }
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// How long an answer is delayed: mostly seconds, at times longer than the client waits.
pub(super) fn delay(state: &mut State) -> Duration {
    let chance = &mut state.faults.chance;
    let most = *chance.pick(&[200, 3_000, 30_000, 90_000]);
    Duration::from_millis(1 + chance.below(most))
}
