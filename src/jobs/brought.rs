//! An appeal that came by telephone or on paper: the same decision as for a letter of staff with the hotline's form (001 App. 2), on a letter that
//! never was in the mailbox.
//!
//! Not here: the form (`otklik new`), what is made of it (`decide`).

use super::commands::Command;
use super::{JobError, School, handle, records};
use crate::compose::domain_of;
use crate::effect::Effect;
use crate::message;
use crate::settings::Settings;
use crate::store::Waiting;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// Journal folder of what never was in the mailbox.
const FOLDER: &str = "otklik new";

/// Why no appeal was opened.
#[derive(Debug, thiserror::Error)]
pub enum BroughtError {
    /// The same was written down before.
    #[error("the same appeal is there already: № {0}")]
    There(i64),
    /// Too little to act upon.
    #[error("no appeal was opened: write who called, how to reach them (--phone or --email) and what about (--text)")]
    Nothing,
    /// It could not be read or decided about.
    #[error("the appeal could not be taken in: {0}")]
    Parked(String),
    /// What stops a job.
    #[error(transparent)]
    Job(#[from] JobError),
}

impl From<crate::store::StoreError> for BroughtError {
    fn from(e: crate::store::StoreError) -> BroughtError {
        BroughtError::Job(e.into())
    }
}

/// Takes in what a member of staff (`by`, an address of the register) wrote down; returns the number.
///
/// # Errors
/// A sentence for the person who wrote it.
pub fn bring(school: &School, by: &str, body: &str, now: DateTime<Utc>) -> Result<i64, BroughtError> {
    let bytes = letter(by, &school.settings().address, body, now);
    let (uid, row): (u32, Option<Waiting>) = {
        let mut store = school.store();
        let uid = store.folder(FOLDER)?.map_or(0, |k| k.last_uid) + 1;
        store.journal(FOLDER, 1, &[(uid, now, bytes.len() as u64)], false, now)?;
        (uid, store.waiting(FOLDER, 1, 4096)?.into_iter().find(|w| w.uid == uid))
    };
    let Some(row) = row else { return Err(BroughtError::Parked("it could not be written down".into())) };
    let id = row.id;
    let failed = handle(school, &[(row, bytes)], now)?;
    if let Some((_, why)) = failed.into_iter().next() {
        school.store().park(id, "запись на сервере не удалось разобрать", None, now)?;
        return Err(BroughtError::Parked(why));
    }
    match school.store().outcome_of(FOLDER, uid)? {
        Some((outcome, Some(number))) if outcome == "opened" => Ok(number),
        Some((outcome, Some(number))) if outcome == "duplicate" => Err(BroughtError::There(number)),
        _ => Err(BroughtError::Nothing),
    }
}

/// The record of such an appeal, for the transaction that opens it; nothing for a letter out of the mailbox.
pub(super) fn record(school: &School, folder: &str, bytes: &[u8], number: i64, now: DateTime<Utc>) -> Result<Option<Effect>, String> {
    let Some((by, body)) = (folder == FOLDER).then(|| written(bytes)).flatten() else { return Ok(None) };
    records::record_command(school, Command::Brought { number, by, body }, now).map(Some)
}

/// Who wrote it down, and what: as [`letter`] was told.
fn written(bytes: &[u8]) -> Option<(String, String)> {
    let (headers, body) = std::str::from_utf8(bytes).ok()?.split_once("\r\n\r\n")?;
    let by = headers.lines().next()?.strip_prefix("From: <")?.strip_suffix('>')?;
    Some((by.to_owned(), body.strip_suffix("\r\n")?.replace("\r\n", "\n")))
}

/// By what our letters name the appeal's first letter.
pub(super) fn cause(settings: &Settings, by: &str, body: &str, now: DateTime<Utc>) -> String {
    message::read(&letter(by, &settings.address, body, now)).content_hash
}

/// The same letter as staff would write.
fn letter(by: &str, to: &str, body: &str, now: DateTime<Utc>) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(now.timestamp().to_be_bytes());
    hash.update(body);
    let id = data_encoding::HEXLOWER.encode(&hash.finalize());
    let id = id.get(..32).unwrap_or(&id);
    let text = body.replace("\r\n", "\n").replace('\n', "\r\n");
    format!(
        "From: <{by}>\r\nTo: <{to}>\r\nSubject: new\r\nDate: {}\r\nMessage-ID: <new.{id}@{}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        now.to_rfc2822(),
        domain_of(to)
    )
    .into_bytes()
}
