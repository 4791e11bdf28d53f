//! `X-Otklik`: what a letter of ours says to a program that has lost its memory, and whether we really wrote it.
//!
//! `v=1; appeal=147; kind=task; cause=HASH; due=…; epoch=2; sig=TOKEN`. Nothing personal. `sig` is an HMAC under the instance key over the Message-ID
//! and the fields before it, so that nobody without the key can make or change one. Not here: what is done with it (`jobs::rebuild`, `jobs::sent`).

use super::mime::{self, Draft, File};
use super::{Composer, InstanceKey, buttons, freeze};
use crate::outbox::{Audience, Kind, Posting, SentCopy};
use chrono::{DateTime, Utc};

/// Purpose of the signature's HMAC.
const PURPOSE: &str = "x-otklik";
/// What parts the signature from what is signed.
const SIGNATURE: &str = "; sig=";
/// Name of the file of a [`note`].
const RECORD: &str = "record.age";

/// What a letter of ours says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Appeal.
    pub appeal: Option<i64>,
    /// Kind, where it is one that this program knows.
    pub kind: Option<Kind>,
    /// Content hash of the letter that opened the appeal.
    pub cause: Option<String>,
    /// A copy for the operator, in shadow mode.
    pub shadow: bool,
    /// A record of the program for itself (an order of the command line), no letter to anybody.
    pub record: bool,
    /// The nameless mark of an address that asked to be forgotten, and when.
    pub forgotten: Option<(String, DateTime<Utc>)>,
    /// Which machine in turn wrote it.
    pub epoch: u32,
    /// Made with our key.
    pub signed: bool,
}

/// Reads the header of a letter with this Message-ID; `None` where it is none of ours at all.
pub fn stamp(composer: &Composer, message_id: &str, header: &str) -> Option<Stamp> {
    let header = header.split_whitespace().collect::<Vec<_>>().join(" ");
    let (fields, signature) = match header.rsplit_once(SIGNATURE) {
        Some((fields, signature)) => (fields, Some(signature)),
        None => (header.as_str(), None),
    };
    let field = |name: &str| fields.split(';').find_map(|f| f.trim().strip_prefix(name)?.strip_prefix('='));
    if field("v") != Some("1") {
        return None;
    }
    let good = |key: &InstanceKey| signature.is_some_and(|s| buttons::same_token(s, &token(key, message_id, fields)));
    Some(Stamp {
        appeal: field("appeal").and_then(|n| n.parse().ok()).filter(|n| (1..1 << 40).contains(n)),
        kind: field("kind").and_then(Kind::from_key),
        cause: field("cause").map(str::to_owned),
        shadow: field("shadow") == Some("1"),
        record: field("record") == Some("1"),
        forgotten: field("mark").map(str::to_owned).zip(field("at").and_then(|s| s.parse().ok()).and_then(|s| DateTime::from_timestamp(s, 0))),
        epoch: field("epoch").and_then(|n| n.parse().ok()).unwrap_or(1),
        signed: std::iter::once(&composer.key).chain(composer.older.iter().map(|o| &o.key)).any(good),
    })
}

/// A Message-ID without the epoch: what the same decision has on every machine.
pub fn without_epoch(message_id: &str) -> String {
    let Some((local, domain)) = message_id.rsplit_once('@') else { return message_id.to_owned() };
    match local.rsplit_once(".e") {
        Some((token, epoch)) if !epoch.is_empty() && epoch.bytes().all(|b| b.is_ascii_digit()) => format!("{token}@{domain}"),
        _ => message_id.to_owned(),
    }
}

/// The fields with epoch and signature.
pub(super) fn sealed(composer: &Composer, message_id: &str, fields: &str) -> String {
    let fields = if composer.epoch > 1 { format!("{fields}; epoch={}", composer.epoch) } else { fields.to_owned() };
    let signature = token(&composer.key, message_id, &fields);
    format!("{fields}{SIGNATURE}{signature}")
}

/// The fields alone, of a header that is to be sealed anew.
pub(super) fn unsealed(header: &str) -> &str {
    let fields = header.rsplit_once(SIGNATURE).map_or(header, |(fields, _)| fields);
    fields.rsplit_once("; epoch=").map_or(fields, |(fields, _)| fields)
}

fn token(key: &InstanceKey, message_id: &str, fields: &str) -> String {
    mime::token(&key.0, PURPOSE, &format!("{message_id}\n{fields}"))
}

/// A letter of the program to itself: it is never sent, only laid into Sent. Plain text, from the school to the school; what is too long for a text goes
/// along as a file.
pub fn note(composer: &Composer, key: String, appeal: Option<i64>, words: (&str, &str), file: Option<Vec<u8>>, now: DateTime<Utc>) -> Posting {
    let (subject, text) = words;
    let message_id = freeze::message_id(composer, &key);
    let number = appeal.map(|n| format!("; appeal={n}")).unwrap_or_default();
    let fields = format!("v=1{number}; kind={}; record=1", Kind::Other.key());
    let draft = Draft {
        from: (composer.school.clone(), composer.address.clone()),
        to: composer.address.clone(),
        subject: subject.to_owned(),
        date: freeze::date_header(now, composer.zone),
        message_id: message_id.clone(),
        references: Vec::new(),
        replied: false,
        x_otklik: sealed(composer, &message_id, &fields),
        unsubscribe: None,
        text: text.to_owned(),
        html: format!("<p>{}</p>", super::page::escaped(text)),
        calendar: None,
        files: file.into_iter().map(|bytes| File { name: RECORD.to_owned(), media_type: "application/octet-stream".to_owned(), bytes }).collect(),
        pictures: Vec::new(),
    };
    let raw = if draft.files.is_empty() { draft.shell(text) } else { draft.assemble(|index| freeze::boundary(composer, &key, index)) };
    Posting {
        key,
        kind: Kind::Other,
        appeal,
        to: composer.address.clone(),
        shadow_of: None,
        message_id,
        subject: subject.to_owned(),
        raw,
        shell: None,
        copy: SentCopy::Full,
        audience: Audience::Staff,
        priority: 5,
        not_before: now,
        not_after: None,
        ics_uid: None,
        slot: None,
    }
}
