//! The IMAP server of one connection: what is heard becomes commands (read by imap-codec, so that what is no legal IMAP is noticed), what it does
//! about them it does at once, and where a fault wants it, it does it wrong. What FETCH and LIST look like is in `imap_fetch`.

use super::faults::{Kind, Wire};
use super::names::wire_name;
use super::pipe::{Answers, delay};
use super::{Folder, State, Stored, imap_fetch};
use chrono::{DateTime, Utc};
use imap_codec::decode::{CommandDecodeError, Decoder};
use imap_codec::imap_types::command::{Command, CommandBody};
use imap_codec::imap_types::core::Tag;
use imap_codec::imap_types::mailbox::Mailbox;
use otklik::mailbox::folder_name;

/// What the next bytes are.
enum Awaits {
    /// A command.
    Line,
    /// So many bytes in all until the literal is whole and the line may end.
    Literal(usize),
    /// The password, for the command of this tag.
    Password(String),
    /// DONE, for the command of this tag.
    Done(String),
}

/// A folder that is open.
struct Open {
    name: String,
    uid_validity: u32,
    /// Letters that the client has heard of.
    exists: usize,
}

/// See the module.
pub(super) struct Session {
    heard: Vec<u8>,
    /// Bytes of the present write.
    fresh: usize,
    awaits: Awaits,
    open: Option<Open>,
    over: bool,
}

/// An answer before anything goes wrong with it.
#[derive(Default)]
pub(super) struct Reply {
    /// Untagged lines, each with its CRLF.
    pub(super) untagged: Vec<Vec<u8>>,
    /// What follows the tag.
    pub(super) tagged: String,
}

impl Reply {
    fn of(tagged: &str) -> Reply {
        Reply { untagged: Vec::new(), tagged: tagged.to_owned() }
    }
    pub(super) fn line(&mut self, line: String) {
        self.untagged.push((line + "\r\n").into_bytes());
    }
}

impl Session {
    /// The greeting.
    pub(super) fn greet(state: &mut State, out: &mut Answers) -> Session {
        let mut over = false;
        match state.fault(Wire::Imap, "greeting") {
            Some(Kind::Silence) => out.never(),
            Some(Kind::Endless) => out.flood(NOISE),
            Some(Kind::Restart) => {
                out.line("* BYE too many connections");
                out.end();
                over = true;
            }
            fault => {
                if fault == Some(Kind::Delay) {
                    out.wait(delay(state));
                }
                out.line("* OK ready");
            }
        }
        Session { heard: Vec::new(), fresh: 0, awaits: Awaits::Line, open: None, over }
    }

    /// Bytes from the program.
    pub(super) fn hear(&mut self, state: &mut State, bytes: &[u8], out: &mut Answers) {
        self.heard.extend_from_slice(bytes);
        self.fresh = bytes.len();
        while !self.over && self.step(state, out) {}
    }

    /// One command or a part of one; false when more must be heard.
    fn step(&mut self, state: &mut State, out: &mut Answers) -> bool {
        let from = if let Awaits::Literal(whole) = self.awaits { whole } else { 0 };
        let Some(end) = self.heard.get(from..).and_then(|rest| rest.windows(2).position(|w| w == b"\r\n")) else { return false };
        let line: Vec<u8> = self.heard.drain(..from + end + 2).collect();
        match std::mem::replace(&mut self.awaits, Awaits::Line) {
            Awaits::Password(tag) => self.answer(state, out, &tag, "AUTHENTICATE", |_, _, _| Reply::of("OK welcome")),
            Awaits::Done(tag) if line.eq_ignore_ascii_case(b"DONE\r\n") => self.answer(state, out, &tag, "DONE", |_, _, _| Reply::of("OK done waiting")),
            Awaits::Done(tag) => {
                state.illegal.push(format!("IMAP after IDLE: {}", String::from_utf8_lossy(&line)));
                out.line(&format!("{tag} BAD DONE was expected"));
            }
            Awaits::Line | Awaits::Literal(_) => self.command(state, out, line),
        }
        true
    }

    fn command(&mut self, state: &mut State, out: &mut Answers, line: Vec<u8>) {
        // What imap-codec does not know of (RFC 5258).
        const RETURN: &[u8] = b" RETURN (SPECIAL-USE)\r\n";
        let (mut known, with_roles) = (line.clone(), line.ends_with(RETURN));
        if with_roles {
            known.truncate(known.len() - RETURN.len());
            known.extend_from_slice(b"\r\n");
        }
        match imap_codec::CommandCodec::default().decode(&known) {
            Ok((b"", Command { tag, body })) => self.obey(state, out, tag.as_ref(), body, with_roles),
            Err(CommandDecodeError::LiteralFound { tag, length, .. }) => self.literal(state, out, &tag, length as usize, line.clone()),
            _ => {
                let text = String::from_utf8_lossy(&line);
                let tag = text.split(' ').next().unwrap_or("*").to_owned();
                state.illegal.push(format!("IMAP: {text}"));
                out.line(&format!("{tag} BAD what?"));
            }
        }
    }

    /// A command goes on with a literal: the client is asked for it, or told at once that there is no room.
    fn literal(&mut self, state: &mut State, out: &mut Answers, tag: &Tag<'_>, length: usize, line: Vec<u8>) {
        let append = line.split(|b| *b == b' ').nth(1).is_some_and(|verb| verb.eq_ignore_ascii_case(b"APPEND"));
        let fault = if append { state.fault(Wire::Imap, "APPEND") } else { None };
        if let Some(refusal) = fault.and_then(|fault| refusal(state, fault)) {
            return out.line(&format!("{} {refusal}", tag.as_ref()));
        }
        match fault {
            Some(Kind::Restart) => return self.bye(out),
            Some(Kind::Silence) => out.never(),
            Some(Kind::Endless) => out.flood(NOISE),
            Some(Kind::WrongTag) => out.line("x4711 OK whatever that was"),
            Some(Kind::Unsolicited) => out.bytes(self.unsolicited(state).concat()),
            Some(Kind::Delay) => out.wait(delay(state)),
            _ => {}
        }
        out.line("+ go on");
        self.awaits = Awaits::Literal(line.len() + length);
        let later = std::mem::replace(&mut self.heard, line);
        self.heard.extend_from_slice(&later);
    }

    fn obey(&mut self, state: &mut State, out: &mut Answers, tag: &str, body: CommandBody<'_>, with_roles: bool) {
        state.note(trace(&body));
        match body {
            CommandBody::Capability => self.answer(state, out, tag, "CAPABILITY", |_, state, _| {
                let mut reply = Reply::of("OK all");
                reply.line(format!("* CAPABILITY {}", state.capabilities.join(" ")));
                reply
            }),
            CommandBody::Authenticate { initial_response: None, .. } => {
                out.line("+ ");
                self.awaits = Awaits::Password(tag.to_owned());
            }
            CommandBody::Authenticate { .. } => self.answer(state, out, tag, "AUTHENTICATE", |_, _, _| Reply::of("OK welcome")),
            CommandBody::Login { .. } => self.answer(state, out, tag, "LOGIN", |_, _, _| Reply::of("OK welcome")),
            CommandBody::List { .. } => self.answer(state, out, tag, "LIST", |_, state, _| imap_fetch::list(state, with_roles)),
            CommandBody::Noop => self.answer(state, out, tag, "NOOP", |session, state, _| {
                let mut reply = Reply::of("OK here");
                session.changes(state).into_iter().for_each(|line| reply.line(line));
                reply
            }),
            CommandBody::Examine { mailbox } => {
                let name = name_of(&mailbox);
                self.answer(state, out, tag, "EXAMINE", |session, state, fault| session.examine(state, name, fault));
            }
            CommandBody::Fetch { sequence_set, macro_or_item_names, uid } => match imap_fetch::Wanted::of(&sequence_set, &macro_or_item_names, uid) {
                Ok(wanted) => {
                    let verb = if wanted.body.is_some() { "FETCH" } else { "SCAN" };
                    self.answer(state, out, tag, verb, |session, state, fault| match session.open.as_ref().map(|open| open.name.clone()) {
                        Some(folder) => imap_fetch::fetch(state, &folder, &wanted, fault),
                        None => Reply::of("BAD no folder is open"),
                    });
                }
                Err(why) => {
                    state.destructive.push(format!("FETCH: {why}"));
                    out.line(&format!("{tag} BAD not like this"));
                }
            },
            CommandBody::Append { mailbox, date, message, .. } => {
                let (name, raw) = (name_of(&mailbox), message.as_ref().to_vec());
                let date = date.map(|date| date.as_ref().to_utc());
                state.heard_letter(Wire::Imap, raw.len(), self.fresh.saturating_sub(self.heard.len()));
                self.answer(state, out, tag, "LITERAL", |_, state, _| append(state, &name, &raw, date));
            }
            CommandBody::Idle => {
                let awaits = Awaits::Done(tag.to_owned());
                self.answer(state, out, tag, "IDLE", |session, _, _| {
                    session.awaits = awaits;
                    Reply::of("+ waiting")
                });
            }
            CommandBody::Logout => {
                self.answer(state, out, tag, "LOGOUT", |_, _, _| {
                    let mut reply = Reply::of("OK good-bye");
                    reply.line("* BYE good-bye".to_owned());
                    reply
                });
                out.end();
                self.over = true;
            }
            other => {
                state.destructive.push(format!("{}: {}", other.name(), trace(&other)));
                out.line(&format!("{tag} NO this mailbox is read only"));
            }
        }
    }

    /// The answer to a command, with the fault of the occasion. `perform` is what the command does; a refusal does nothing.
    fn answer(
        &mut self,
        state: &mut State,
        out: &mut Answers,
        tag: &str,
        verb: &'static str,
        perform: impl FnOnce(&mut Session, &mut State, Option<Kind>) -> Reply,
    ) {
        let stale = self.open.as_ref().is_some_and(|open| state.folders.get(&open.name).is_none_or(|folder| folder.uid_validity != open.uid_validity));
        if stale && matches!(verb, "NOOP" | "SCAN" | "FETCH" | "IDLE" | "DONE") {
            return self.bye(out);
        }
        let fault = state.fault(Wire::Imap, verb);
        if let Some(refusal) = fault.and_then(|fault| refusal(state, fault)) {
            return out.line(&format!("{tag} {refusal}"));
        }
        if fault == Some(Kind::Restart) {
            if state.faults.chance.per_mille(500) {
                perform(self, state, fault);
            }
            return self.bye(out);
        }
        let mut reply = perform(self, state, fault);
        let unsolicited = if fault == Some(Kind::Unsolicited) { self.unsolicited(state) } else { Vec::new() };
        match fault {
            Some(Kind::Silence) => out.never(),
            Some(Kind::Delay) => out.wait(delay(state)),
            Some(Kind::Endless) => out.flood(NOISE),
            Some(Kind::Repeat) => reply.untagged = reply.untagged.iter().flat_map(|line| [line.clone(), line.clone()]).collect(),
            Some(Kind::Reorder) => {
                for at in (1..reply.untagged.len()).rev() {
                    let with = usize::try_from(state.faults.chance.below(at as u64 + 1)).unwrap_or_default();
                    reply.untagged.swap(at, with);
                }
            }
            _ => {}
        }
        out.bytes([unsolicited, reply.untagged].concat().concat());
        match (fault, reply.tagged.strip_prefix("+ ")) {
            (Some(Kind::WrongTag), _) => out.line("x4711 OK whatever that was"),
            (_, Some(words)) => out.line(&format!("+ {words}")),
            (_, None) => out.line(&format!("{tag} {}", reply.tagged)),
        }
    }

    fn bye(&mut self, out: &mut Answers) {
        out.line("* BYE the server goes down");
        out.end();
        self.over = true;
    }

    fn examine(&mut self, state: &mut State, name: String, fault: Option<Kind>) -> Reply {
        self.open = None;
        if fault == Some(Kind::Renumbered) {
            state.renumber(&name);
        }
        let Some(Folder { uid_validity, uid_next, letters, .. }) = state.folders.get(&name) else { return Reply::of("NO [NONEXISTENT] no such folder") };
        let mut reply = Reply::of("OK [READ-ONLY] open");
        reply.line("* FLAGS (\\Seen)".to_owned());
        reply.line(format!("* {} EXISTS", letters.len()));
        reply.line("* 0 RECENT".to_owned());
        reply.line(format!("* OK [UIDVALIDITY {uid_validity}] ok"));
        if fault != Some(Kind::NoUidNext) {
            reply.line(format!("* OK [UIDNEXT {uid_next}] ok"));
        }
        self.open = Some(Open { name, uid_validity: *uid_validity, exists: letters.len() });
        reply
    }

    /// EXISTS where the folder has grown since the client heard of it.
    fn changes(&mut self, state: &State) -> Option<String> {
        let open = self.open.as_mut()?;
        let exists = state.folders.get(&open.name)?.letters.len();
        (exists > std::mem::replace(&mut open.exists, exists)).then(|| format!("* {exists} EXISTS"))
    }

    /// What the client that waits is told.
    pub(super) fn news(&mut self, state: &State, out: &mut Answers) {
        if matches!(self.awaits, Awaits::Done(_)) {
            self.changes(state).into_iter().for_each(|line| out.line(&line));
        }
    }

    /// What nobody asked for: true, or harmless where it is not.
    fn unsolicited(&self, state: &mut State) -> Vec<Vec<u8>> {
        let letters = self.open.as_ref().and_then(|open| state.folders.get(&open.name)).map(|folder| folder.letters.clone()).unwrap_or_default();
        let mut lines = vec![format!("* {} EXISTS\r\n", letters.len()), "* 0 RECENT\r\n".to_owned(), "* FLAGS (\\Seen)\r\n".to_owned()];
        for (at, letter) in letters.iter().enumerate().take(3) {
            lines.push(format!("* {} FETCH (FLAGS (\\Seen))\r\n* {0} FETCH (UID {} FLAGS ())\r\n", at + 1, letter.uid));
        }
        if state.faults.chance.per_mille(300) {
            lines.push("* 1 EXPUNGE\r\n".to_owned());
        }
        lines.into_iter().map(String::into_bytes).collect()
    }
}

/// A long line, for a flood of them.
const NOISE: &str = "* OK Still here, the server is busy with the mailboxes of very many people and says so again and again, as it has nothing else to \
     say, and nobody knows when it will end; the client that reads on for ever waits for ever, and so do the people whose letters it was to read.\r\n";

fn append(state: &mut State, name: &str, raw: &[u8], date: Option<DateTime<Utc>>) -> Reply {
    if !state.folders.contains_key(name) {
        return Reply::of("NO [TRYCREATE] no such folder");
    }
    let received = date.unwrap_or(state.now);
    let uid = state.deliver(name, raw, received);
    let validity = state.folders.get(name).map_or(0, |folder| folder.uid_validity);
    Reply::of(&format!("OK [APPENDUID {validity} {uid}] kept"))
}

/// Words of a refusal, where the fault is one.
fn refusal(state: &mut State, fault: Kind) -> Option<&'static str> {
    let words: &[&'static str] = match fault {
        // Some are passing, some are for a person, and no program can tell by the words alone.
        Kind::No => {
            &["NO [UNAVAILABLE] try again later", "NO [SERVERBUG] internal error", "NO [INUSE] the mailbox is locked", "NO not now", "NO [LIMIT] too many"]
        }
        Kind::Bad => &["BAD what?", "BAD [CLIENTBUG] not here"],
        Kind::LoginRefused => &["NO [AUTHENTICATIONFAILED] wrong name or password", "NO [UNAVAILABLE] the directory does not answer"],
        Kind::OverQuota => &["NO [OVERQUOTA] no room"],
        _ => return None,
    };
    Some(*state.faults.chance.pick(words))
}

/// A folder's name as people read it.
fn name_of(mailbox: &Mailbox<'_>) -> String {
    match mailbox {
        Mailbox::Inbox => "INBOX".to_owned(),
        Mailbox::Other(other) => folder_name(&String::from_utf8_lossy(other.as_ref())),
    }
}

/// A command for the trace: no password, no letter.
fn trace(body: &CommandBody<'_>) -> String {
    match body {
        CommandBody::Examine { mailbox } => format!("imap EXAMINE {}", name_of(mailbox)),
        CommandBody::Append { mailbox, message, .. } => format!("imap APPEND {} {} bytes", name_of(mailbox), message.as_ref().len()),
        CommandBody::Fetch { sequence_set, macro_or_item_names, .. } => format!("imap FETCH {sequence_set:?} {macro_or_item_names:?}"),
        other => format!("imap {}", other.name()),
    }
}

/// Used by LIST.
pub(super) fn spelled(name: &str) -> String {
    wire_name(name).replace('\\', "\\\\").replace('"', "\\\"")
}

/// A letter's place among its folder's.
pub(super) fn numbered(folder: &Folder) -> impl Iterator<Item = (usize, &Stored)> {
    folder.letters.iter().enumerate().map(|(at, letter)| (at + 1, letter))
}
