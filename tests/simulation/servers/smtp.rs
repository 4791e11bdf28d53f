//! The SMTP server of one connection: takes letters, and where a fault wants it, refuses, keeps silent, or keeps a letter and does not say so.

use super::State;
use super::faults::{Kind, Wire};
use super::pipe::{Answers, delay};

/// See the module.
pub(super) struct Session {
    heard: Vec<u8>,
    /// Bytes of the present write.
    fresh: usize,
    /// Inside a letter, after 354.
    letter: bool,
    /// What is awaited of AUTH LOGIN: so many lines more.
    secrets: u8,
    from: Option<String>,
    to: Option<String>,
    over: bool,
}

impl Session {
    /// The greeting.
    pub(super) fn greet(state: &mut State, out: &mut Answers) -> Session {
        let mut session = Session { heard: Vec::new(), fresh: 0, letter: false, secrets: 0, from: None, to: None, over: false };
        session.answer(state, out, "greeting", "220 smtp.school.example ESMTP");
        session
    }

    /// Bytes from the program.
    pub(super) fn hear(&mut self, state: &mut State, bytes: &[u8], out: &mut Answers) {
        self.heard.extend_from_slice(bytes);
        self.fresh = bytes.len();
        while !self.over && self.step(state, out) {}
    }

    fn step(&mut self, state: &mut State, out: &mut Answers) -> bool {
        if self.letter {
            return self.letter(state, out);
        }
        let Some(end) = self.heard.windows(2).position(|w| w == b"\r\n") else { return false };
        let line: Vec<u8> = self.heard.drain(..end + 2).collect();
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if self.secrets > 0 {
            self.secrets -= 1;
            if self.secrets == 1 {
                out.line("334 UGFzc3dvcmQ6");
            } else {
                self.answer(state, out, "AUTH", "235 2.7.0 welcome");
            }
            return true;
        }
        let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        state.note(format!("smtp {}", if verb == "AUTH" { "AUTH" } else { &line }));
        match verb.as_str() {
            "EHLO" => {
                let offers = "250-smtp.school.example\r\n250-8BITMIME\r\n250-SIZE 31457280\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES";
                self.answer(state, out, "EHLO", offers);
            }
            "AUTH" if line.eq_ignore_ascii_case("AUTH LOGIN") => {
                out.line("334 VXNlcm5hbWU6");
                self.secrets = 2;
            }
            "AUTH" => {
                self.answer(state, out, "AUTH", "235 2.7.0 welcome");
            }
            "MAIL" => {
                if self.answer(state, out, "MAIL", "250 2.1.0 Ok") {
                    self.from = Some(address(&line));
                    self.to = None;
                }
            }
            "RCPT" => {
                if self.answer_recipient(state, out, &address(&line)) {
                    self.to = Some(address(&line));
                }
            }
            "DATA" if self.from.is_some() && self.to.is_some() => self.letter = self.answer(state, out, "DATA", "354 End data with <CR><LF>.<CR><LF>"),
            "RSET" => {
                (self.from, self.to) = (None, None);
                self.answer(state, out, "RSET", "250 2.0.0 Ok");
            }
            "QUIT" => {
                self.answer(state, out, "QUIT", "221 2.0.0 Bye");
                self.close(out);
            }
            _ => {
                state.illegal.push(format!("SMTP: {line}"));
                out.line("503 5.5.1 not now");
            }
        }
        true
    }

    /// The usual answer, or the fault of the occasion; true when the client was told the usual.
    fn answer(&mut self, state: &mut State, out: &mut Answers, verb: &'static str, usual: &str) -> bool {
        let fault = state.fault(Wire::Smtp, verb);
        self.answer_with(state, out, fault, verb, usual)
    }

    fn answer_with(&mut self, state: &mut State, out: &mut Answers, fault: Option<Kind>, verb: &str, usual: &str) -> bool {
        if let Some(reply) = fault.and_then(|fault| refusal(state, fault, verb)) {
            out.line(reply);
            if reply.starts_with("421") {
                self.close(out);
            }
            return false;
        }
        match fault {
            Some(Kind::Silence) => {
                out.never();
                return false;
            }
            Some(Kind::Malformed) => {
                out.bytes(malformed(state));
                return false;
            }
            Some(Kind::Delay) => out.wait(delay(state)),
            Some(Kind::ManyLines) => {
                let code = usual.get(..3).unwrap_or("250");
                (0..40).for_each(|n| out.line(&format!("{code}-2.0.0 line {n} of forty, as some servers like to say more than they were asked")));
            }
            _ => {}
        }
        out.line(usual);
        true
    }

    fn answer_recipient(&mut self, state: &mut State, out: &mut Answers, to: &str) -> bool {
        let fault = state.fault(Wire::Smtp, "RCPT");
        if state.greylists(to, fault == Some(Kind::Greylist)) {
            state.count(Kind::Greylist, "RCPT");
            out.line("450 4.2.0 Greylisted, come again in some minutes");
            return false;
        }
        self.answer_with(state, out, fault, "RCPT", "250 2.1.5 Ok")
    }

    /// The letter up to its dot; from the dot on it is ours, whatever the client is told.
    fn letter(&mut self, state: &mut State, out: &mut Answers) -> bool {
        let whole =
            if self.heard.starts_with(b".\r\n") { Some((0, 3)) } else { self.heard.windows(5).position(|w| w == b"\r\n.\r\n").map(|at| (at + 2, at + 5)) };
        let Some((end, after)) = whole else { return false };
        let letter = unstuffed(self.heard.get(..end).unwrap_or_default());
        self.heard.drain(..after);
        state.heard_letter(Wire::Smtp, after, self.fresh.saturating_sub(self.heard.len()));
        self.letter = false;
        let (from, to) = (self.from.take().unwrap_or_default(), self.to.take().unwrap_or_default());
        state.note(format!("smtp . {} bytes to {to}", letter.len()));
        let fault = state.fault(Wire::Smtp, "DOT");
        if let Some(reply) = fault.and_then(|fault| refusal(state, fault, "DOT")) {
            if fault == Some(Kind::KeptBut451) {
                state.accept(&from, &to, &letter);
            }
            out.line(reply);
            if reply.starts_with("421") {
                self.close(out);
            }
            return true;
        }
        let number = state.accept(&from, &to, &letter);
        match fault {
            Some(Kind::Untold) => self.close(out),
            Some(Kind::SilentDot) => out.never(),
            Some(Kind::Malformed) => out.bytes(malformed(state)),
            Some(Kind::ManyLines) => {
                (0..40).for_each(|n| out.line(&format!("250-2.0.0 line {n} of forty")));
                out.telling("250 2.0.0 Ok: queued", number);
            }
            fault => {
                if fault == Some(Kind::Delay) {
                    out.wait(delay(state));
                }
                out.telling("250 2.0.0 Ok: queued", number);
                if fault == Some(Kind::ToldThenCut) {
                    self.close(out);
                }
            }
        }
        true
    }

    fn close(&mut self, out: &mut Answers) {
        out.end();
        self.over = true;
    }
}

/// The reply of a refusal, where the fault is one.
fn refusal(state: &mut State, fault: Kind, verb: &str) -> Option<&'static str> {
    let replies: &[&'static str] = match (fault, verb) {
        (Kind::No, "RCPT") => &["550 5.1.1 no such user", "552 5.2.2 mailbox full", "550 5.7.1 not from you"],
        (Kind::No, "DOT") => &["552 5.2.2 mailbox full", "550 5.6.0 not this letter", "554 5.3.4 too large"],
        (Kind::No, _) => &["550 5.0.0 no", "503 5.5.1 bad sequence of commands"],
        (Kind::Bad, _) => &["451 4.3.0 try again later", "452 4.3.1 no room for the moment", "450 4.2.1 busy"],
        (Kind::Restart, _) => &["421 4.3.2 the server goes down"],
        (Kind::KeptBut451, _) => &["451 4.3.0 something went wrong"],
        (Kind::LostLogin, "AUTH") => &["535 5.7.8 wrong name or password"],
        (Kind::LostLogin, _) => &["530 5.7.0 log in first"],
        (Kind::Spam, _) => &["554 5.7.1 this looks like spam"],
        _ => return None,
    };
    Some(*state.faults.chance.pick(replies))
}

/// What is no reply.
fn malformed(state: &mut State) -> Vec<u8> {
    let replies: [&[u8]; 6] = [b"\r\n", b"2x0 fine\r\n", b"Ok\r\n", b"250\xff\xfe\xd0 fine\r\n", b"99999 fine\r\n", b"250-first\r\n354 second\r\n"];
    state.faults.chance.pick(&replies).to_vec()
}

/// What stands between `<` and `>`.
fn address(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address.to_owned()).unwrap_or_default()
}

/// A first dot of a line goes; lines end with CRLF only.
fn unstuffed(stuffed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(stuffed.len());
    let mut begins = true;
    for (at, byte) in stuffed.iter().enumerate() {
        if !(begins && *byte == b'.') {
            plain.push(*byte);
        }
        begins = *byte == b'\n' && at > 0 && stuffed.get(at - 1) == Some(&b'\r');
    }
    plain
}
