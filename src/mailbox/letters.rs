//! The commands about letters: what there is, and the bytes. Only `UID FETCH`, only with PEEK, only the items that every server gives right.

use super::wire::{COMMAND, Fault, Wire, within};
use super::{Entry, Fetched};
use crate::moment;
use async_imap::imap_proto::{AttributeValue, Response};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// Letters in one command.
const CHUNK_LETTERS: usize = 100;
/// Bytes in one command.
const CHUNK_BYTES: u64 = 8 << 20;
/// Commands in flight.
const AHEAD: usize = 2;
/// Sizes are told in the server's own way of counting line ends; so much more than told is still the letter.
const SLACK: u64 = 64 * 1024;
/// Bytes of the answer to a scan: some half a million letters.
const SCAN_ANSWER: u64 = 64 << 20;
/// A scan of a large folder makes some servers read every letter once.
const SCAN_TIME: Duration = Duration::from_secs(300);

/// `UID FETCH last+1:*`. The NOOP before it lets a server that never tells by itself take note of new letters.
pub(super) async fn scan(wire: &mut Wire, last: u32) -> Result<Vec<Entry>, Fault> {
    let Some(first) = last.checked_add(1) else { return Ok(Vec::new()) };
    let mut seen: BTreeMap<u32, (Option<DateTime<Utc>>, u64)> = BTreeMap::new();
    within(SCAN_TIME, async {
        wire.news = false;
        wire.allow_only(SCAN_ANSWER, 0);
        wire.put("NOOP").await?;
        wire.put(&format!("UID FETCH {first}:* (UID INTERNALDATE RFC822.SIZE)")).await?;
        moment::pass("imap.scan.send");
        wire.flush().await?;
        moment::pass("imap.scan.sent");
        wire.finish_all(&mut |response| note(response, last, &mut seen)).await?;
        moment::pass("imap.scan.answered");
        Ok(())
    })
    .await?;
    Ok(entries(seen))
}

/// `n:*` gives the newest letter even where its UID is below n (RFC 3501 §6.4.8): filtered. A FETCH about flags adds nothing.
fn note(response: &Response<'_>, last: u32, seen: &mut BTreeMap<u32, (Option<DateTime<Utc>>, u64)>) {
    let Response::Fetch(_, attributes) = response else { return };
    let Some(uid) = uid(attributes).filter(|uid| *uid > last) else { return };
    let entry = seen.entry(uid).or_default();
    for attribute in attributes {
        match attribute {
            AttributeValue::InternalDate(text) => entry.0 = DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z").ok().map(|d| d.to_utc()),
            AttributeValue::Rfc822Size(n) => entry.1 = u64::from(*n),
            _ => {}
        }
    }
}

/// A letter whose date is nonsense takes its neighbour's: UIDs ascend with arrival, and a term must not start in 1970.
fn entries(seen: BTreeMap<u32, (Option<DateTime<Utc>>, u64)>) -> Vec<Entry> {
    let mut date = seen.values().find_map(|(date, _)| *date).unwrap_or_default();
    let entry = |(uid, (told, size)): (u32, (Option<DateTime<Utc>>, u64))| {
        date = told.unwrap_or(date);
        Entry { uid, internal_date: date, size }
    };
    seen.into_iter().map(entry).collect()
}

fn uid(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|a| if let AttributeValue::Uid(uid) = a { Some(*uid) } else { None })
}

/// One command of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    uids: Vec<u32>,
    /// Only the beginning.
    partial: bool,
    expected: u64,
}

/// What a size tells about how much will come: none told, none trusted.
fn expected(entry: &Entry, limit: u64) -> u64 {
    if entry.size == 0 { limit } else { entry.size.min(limit) }
}

/// Entries into commands, ascending. Alone and only in part where the size is unknown or above the limit, or where `wary`.
pub(super) fn chunks(entries: &[Entry], limit: u64, wary: bool) -> Vec<Chunk> {
    let sorted: BTreeMap<u32, &Entry> = entries.iter().map(|e| (e.uid, e)).collect();
    let mut chunks: Vec<Chunk> = Vec::new();
    for (uid, entry) in sorted {
        let partial = wary || entry.size == 0 || entry.size > limit;
        let bytes = expected(entry, limit);
        match chunks.last_mut() {
            Some(chunk) if !partial && !chunk.partial && chunk.uids.len() < CHUNK_LETTERS && chunk.expected + bytes <= CHUNK_BYTES => {
                chunk.uids.push(uid);
                chunk.expected += bytes;
            }
            _ => chunks.push(Chunk { uids: vec![uid], partial, expected: bytes }),
        }
    }
    chunks
}

/// `1:5,7`.
fn uid_set(uids: &[u32]) -> String {
    let mut set = String::new();
    let mut runs = uids.chunk_by(|a, b| a.checked_add(1) == Some(*b)).peekable();
    while let Some(run) = runs.next() {
        let _ = match run {
            [first, .., last] => write!(set, "{first}:{last}"),
            [one] => write!(set, "{one}"),
            [] => Ok(()),
        };
        if runs.peek().is_some() {
            set.push(',');
        }
    }
    set
}

/// The bytes of these chunks into `got`, some commands ahead of the answers. After a fault `got` holds the letters that came whole.
pub(super) async fn fetch(wire: &mut Wire, chunks: &[Chunk], limit: u64, got: &mut BTreeMap<u32, Fetched>) -> Result<(), Fault> {
    let part = limit.saturating_add(1).min(u64::from(u32::MAX));
    let mut ahead = chunks.iter();
    wire.allow_only(0, limit.saturating_add(SLACK));
    for chunk in ahead.by_ref().take(AHEAD) {
        put(wire, chunk, part, limit).await?;
    }
    moment::pass("imap.fetch.send");
    within(COMMAND, wire.flush()).await?;
    moment::pass("imap.fetch.sent");
    for chunk in chunks {
        // Five minutes, and more for more on a slow line.
        let time = Duration::from_secs(300 + chunk.expected / 32_768);
        within(time, wire.finish(&mut |response| take(response, chunks, limit, got))).await?;
        moment::pass("imap.fetch.answered");
        if let Some(next) = ahead.next() {
            put(wire, next, part, limit).await?;
            within(COMMAND, wire.flush()).await?;
        }
    }
    for uid in chunks.iter().flat_map(|chunk| &chunk.uids) {
        got.entry(*uid).or_insert(Fetched { uid: *uid, bytes: None, cut: false });
    }
    Ok(())
}

async fn put(wire: &mut Wire, chunk: &Chunk, part: u64, limit: u64) -> Result<(), Fault> {
    let room = chunk.expected.saturating_mul(2).saturating_add(SLACK * (chunk.uids.len() as u64 + 16));
    wire.allow(room, limit.saturating_add(SLACK));
    let item = if chunk.partial { format!("BODY.PEEK[]<0.{part}>") } else { "BODY.PEEK[]".to_owned() };
    within(COMMAND, wire.put(&format!("UID FETCH {} (UID {item})", uid_set(&chunk.uids)))).await
}

/// Chunks ascend, and the UIDs in them.
fn asked(chunks: &[Chunk], uid: u32) -> bool {
    let at = chunks.partition_point(|chunk| chunk.uids.last().is_some_and(|last| *last < uid));
    chunks.get(at).is_some_and(|chunk| chunk.uids.binary_search(&uid).is_ok())
}

/// A letter's bytes where they were asked for; anything else that looks like a FETCH is somebody's flags.
fn take(response: &Response<'_>, chunks: &[Chunk], limit: u64, got: &mut BTreeMap<u32, Fetched>) {
    let Response::Fetch(_, attributes) = response else { return };
    let Some(uid) = uid(attributes).filter(|uid| asked(chunks, *uid)) else { return };
    for attribute in attributes {
        if let AttributeValue::BodySection { section: None, index: None | Some(0), data: Some(data) } = attribute {
            let cut = data.len() as u64 > limit;
            let kept = if cut { data.get(..usize::try_from(limit).unwrap_or(usize::MAX)).unwrap_or(data) } else { data };
            got.entry(uid).or_insert_with(|| Fetched { uid, bytes: Some(kept.to_vec()), cut });
        }
    }
}
