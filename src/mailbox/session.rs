//! The commands about folders and waiting: LIST, EXAMINE, APPEND, IDLE. SELECT is never sent.

use super::names::{Role, folder_name, role, wire_name};
use super::wire::{COMMAND, Fault, Step, Wire, quoted, within};
use super::{Examined, Folders};
use crate::moment;
use async_imap::imap_proto::{MailboxDatum, MailboxListData, NameAttribute, Response, ResponseCode};
use chrono::{DateTime, Utc};
use std::time::Duration;
use tokio::time::Instant;

/// RFC 2177 wants a new IDLE at least every 29 minutes; NAT boxes and some providers want it sooner.
const IDLE_ROUND: Duration = Duration::from_secs(9 * 60);
/// Folders beyond this number are not remembered.
const FOLDERS_MOST: usize = 2_000;
/// Room for an answer that comes in small lines over a long time.
const KEEPALIVES: u64 = 1 << 20;

/// A folder's name as an argument.
fn argument(folder: &str) -> Result<String, Fault> {
    quoted(&wire_name(folder)).ok_or_else(|| Fault::Person("the folder's name has characters that no folder can have".into()))
}

/// EXAMINE: opened read-only.
pub(super) async fn examine(wire: &mut Wire, folder: &str) -> Result<Examined, Fault> {
    let (mut uid_validity, mut uid_next, mut exists) = (None, None, 0);
    let mut look = |response: &Response<'_>| match response {
        Response::MailboxData(MailboxDatum::Exists(n)) => exists = *n,
        Response::Data { outcome, .. } => match outcome.code {
            Some(ResponseCode::UidValidity(n)) => uid_validity = Some(n),
            Some(ResponseCode::UidNext(n)) => uid_next = Some(n),
            _ => {}
        },
        _ => {}
    };
    wire.run_between(["imap.examine.send", "imap.examine.answered"], &format!("EXAMINE {}", argument(folder)?), &mut look)
        .await
        .map_err(|fault| fault.for_person("there is no such folder, or it cannot be opened; the names are shown by `otklik check --online`"))?;
    wire.news = false;
    match uid_validity {
        Some(uid_validity) if uid_validity > 0 => Ok(Examined { uid_validity, uid_next, exists }),
        // Without it no letter has a lasting name; an answer cut short looks the same (RFC 3501 §2.3.1.1).
        _ => Err(Fault::Odd("no UIDVALIDITY for the folder".into())),
    }
}

/// LIST, and who plays which role.
pub(super) async fn list(wire: &mut Wire, special_use: bool) -> Result<Folders, Fault> {
    let mut found = Found::default();
    let command = if special_use { "LIST \"\" \"*\" RETURN (SPECIAL-USE)" } else { "LIST \"\" \"*\"" };
    let mut look = |response: &Response<'_>| {
        if let Response::MailboxData(MailboxDatum::List(entry)) = response {
            found.add(entry);
        }
    };
    wire.run_between(["imap.list.send", "imap.list.answered"], command, &mut look).await?;
    Ok(found.folders())
}

#[derive(Default)]
struct Found {
    all: Vec<String>,
    // By how sure: told by the server, told by the name; then the shallower folder.
    sent: Option<(u8, usize, String)>,
    spam: Option<(u8, usize, String)>,
}

impl Found {
    fn add(&mut self, entry: &MailboxListData<'_>) {
        let closed = entry.name_attributes.iter().any(|a| match a {
            NameAttribute::NoSelect => true,
            NameAttribute::Extension(name) => name.eq_ignore_ascii_case("\\NonExistent"),
            _ => false,
        });
        if closed || self.all.len() >= FOLDERS_MOST {
            return;
        }
        let name = unescaped(&entry.name);
        // Yandex separates with `|`, Dovecot with `.` or `/`: never assumed.
        let delimiter = entry.delimiter.as_deref().map(unescaped).filter(|d| !d.is_empty());
        let parts: Vec<&str> = delimiter.as_deref().map_or_else(|| vec![name.as_str()], |d| name.split(d).collect());
        let depth = parts.len();
        let by_name = role(&folder_name(parts.last().copied().unwrap_or_default()));
        let told = |wanted: &NameAttribute<'_>| entry.name_attributes.iter().any(|a| a == wanted);
        for (slot, attribute, wanted) in [(&mut self.sent, NameAttribute::Sent, Role::Sent), (&mut self.spam, NameAttribute::Junk, Role::Spam)] {
            let rank = if told(&attribute) {
                0
            } else if by_name == Some(wanted) {
                1
            } else {
                continue;
            };
            if slot.as_ref().is_none_or(|(r, d, _)| (rank, depth) < (*r, *d)) {
                *slot = Some((rank, depth, name.clone()));
            }
        }
        self.all.push(name);
    }

    fn folders(self) -> Folders {
        Folders { sent: self.sent.map(|s| s.2), spam: self.spam.map(|s| s.2), all: self.all }
    }
}

/// The parser leaves the escapes of quoted strings as they came.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => plain.extend(chars.next()),
            c => plain.push(c),
        }
    }
    plain
}

/// APPEND with `\Seen`. Not repeated by anyone below the caller: after a lost connection nobody knows whether the server kept it.
pub(super) async fn append(wire: &mut Wire, folder: &str, bytes: &[u8], date: DateTime<Utc>) -> Result<(), Fault> {
    let date = date.format("%d-%b-%Y %H:%M:%S +0000");
    let command = format!("APPEND {} (\\Seen) \"{date}\" {{{}}}", argument(folder)?, bytes.len());
    let time = COMMAND + Duration::from_secs(bytes.len() as u64 / 32_768);
    let exchange = within(time, async {
        wire.allow_only(KEEPALIVES, 0);
        moment::pass("imap.append.send");
        wire.put(&command).await?;
        wire.flush().await?;
        wire.await_go().await?;
        moment::pass("imap.append.go");
        wire.put_raw(bytes).await?;
        wire.put_raw(b"\r\n").await?;
        wire.flush().await?;
        moment::pass("imap.append.sent");
        wire.finish(&mut |_| {}).await?;
        moment::pass("imap.append.answered");
        Ok(())
    });
    exchange.await.map_err(|fault| fault.for_person("the copy was not taken: no such folder, or no room"))
}

/// How a round of waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Idled {
    /// Something changed.
    News,
    /// The moment has come.
    Time,
}

/// IDLE until news or the moment; a keepalive moves neither the moment nor the end of a round.
pub(super) async fn idle(wire: &mut Wire, until: Instant) -> Result<Idled, Fault> {
    while !wire.news && Instant::now() < until {
        let round = until.min(Instant::now() + IDLE_ROUND);
        wire.allow_only(KEEPALIVES, 0);
        within(COMMAND, async {
            moment::pass("imap.idle.send");
            wire.put("IDLE").await?;
            wire.flush().await?;
            wire.await_go().await
        })
        .await?;
        moment::pass("imap.idle.waiting");
        while !wire.news {
            match tokio::time::timeout_at(round, wire.step(&mut |_| {})).await {
                Ok(Ok(Step::Data)) => {}
                Ok(Ok(Step::Go | Step::Done)) => return Err(Fault::Odd("an end of waiting that nobody asked for".into())),
                Ok(Err(fault)) => return Err(fault),
                Err(_) => break,
            }
        }
        within(COMMAND, async {
            wire.put_raw(b"DONE\r\n").await?;
            wire.flush().await?;
            wire.finish(&mut |_| {}).await
        })
        .await?;
        moment::pass("imap.idle.answered");
    }
    Ok(if wire.news { Idled::News } else { Idled::Time })
}
