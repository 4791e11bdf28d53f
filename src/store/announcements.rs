//! Announcements, their audiences and answers as rows: what decisions changed, and what a letter may be about.
//!
//! Not here: what the clock asks, lists for the command line (`announced`).

use super::{Store, StoreError, moment, moment_of, seconds};
use crate::announcement::{Addressee, Announced, Announcement, Answer, Change, Draft, Learned, Stage, Tally, family_token, sender_press};
use crate::facts::Question;
use crate::message::Attachment;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Columns of `announcement`, in the order of [`announcement_of`].
const ANNOUNCEMENT: &str = "id, staff, version, stage, message_id, draft, previewed, started, finished, remind_at, close_at, list_at, listed, at_night";

/// Columns of `addressee`, in the order of [`addressee_of`]; whether its letter came back is the outbox's word.
pub(super) const ADDRESSEE: &str = "announcement, ordinal, name, classes, email, token, uid, posted, left_out, reminded, cancelled, answer, answered, question, \
     EXISTS (SELECT 1 FROM posting p WHERE p.key = 'announcement/' || announcement || '/letter/' || ordinal \
             AND (p.status IN ('rejected', 'expired') OR p.bounced = 'hard'))";

pub(super) fn announcement_of(r: &Row<'_>) -> rusqlite::Result<Announcement> {
    let draft: Draft =
        serde_json::from_str(&r.get::<_, String>(5)?).map_err(|e| rusqlite::Error::FromSqlConversionFailure(5, rusqlite::types::Type::Text, Box::new(e)))?;
    Ok(Announcement {
        id: r.get(0)?,
        staff: r.get(1)?,
        version: r.get(2)?,
        stage: Stage::from_key(&r.get::<_, String>(3)?).unwrap_or(Stage::Closed),
        message_id: r.get(4)?,
        draft,
        previewed: moment(r.get(6)?),
        started: moment_of(r.get(7)?),
        finished: moment_of(r.get(8)?),
        remind_at: moment_of(r.get(9)?),
        close_at: moment_of(r.get(10)?),
        list_at: moment_of(r.get(11)?),
        listed: moment_of(r.get(12)?),
        at_night: r.get(13)?,
    })
}

pub(super) fn addressee_of(r: &Row<'_>) -> rusqlite::Result<Addressee> {
    Ok(Addressee {
        announcement: r.get(0)?,
        ordinal: r.get(1)?,
        name: r.get(2)?,
        classes: serde_json::from_str(&r.get::<_, String>(3)?).unwrap_or_default(),
        email: r.get(4)?,
        token: r.get(5)?,
        uid: r.get(6)?,
        posted: moment_of(r.get(7)?),
        left_out: r.get(8)?,
        reminded: moment_of(r.get(9)?),
        cancelled: moment_of(r.get(10)?),
        answer: r.get::<_, Option<String>>(11)?.as_deref().and_then(Answer::from_key),
        answered: moment_of(r.get(12)?),
        question: r.get(13)?,
        undelivered: r.get(14)?,
    })
}

/// Carries a change out.
pub(super) fn change(db: &Connection, change: &Change, now: DateTime<Utc>) -> rusqlite::Result<()> {
    match change {
        Change::Save(a, wake_at) => save(db, a, *wake_at)?,
        Change::Audience(id, families) => {
            db.prepare_cached("DELETE FROM addressee WHERE announcement = ?1")?.execute([id])?;
            for family in families {
                save_family(db, family)?;
            }
        }
        Change::Files(id, files) => {
            db.prepare_cached("DELETE FROM announcement_file WHERE announcement = ?1")?.execute([id])?;
            let mut insert = db.prepare_cached("INSERT INTO announcement_file (announcement, ordinal, name, media_type, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?;
            for (i, file) in (0_i64..).zip(files) {
                insert.execute(params![id, i, file.name.as_deref().unwrap_or("файл"), file.media_type, file.bytes])?;
            }
        }
        Change::Family(family) => save_family(db, family)?,
        Change::Withdraw(id) => withdraw(db, *id)?,
        Change::Unsubscribe(email) => {
            db.prepare_cached("INSERT OR IGNORE INTO unsubscribed (email, at) VALUES (?1, ?2)")?.execute(params![email, now.timestamp()])?;
        }
        Change::Subscribe(email) => drop(db.prepare_cached("DELETE FROM unsubscribed WHERE email = ?1")?.execute([email])?),
        Change::Consent(c) => {
            db.prepare_cached(
                "INSERT INTO consent (email, version, name, classes, given, at, announcement, message_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
                 ON CONFLICT (email, version) DO UPDATE SET name = excluded.name, classes = excluded.classes, given = excluded.given, at = excluded.at, \
                 announcement = excluded.announcement, message_id = excluded.message_id",
            )?
            .execute(params![c.email, c.version, c.name, list(&c.classes), c.given, c.at.timestamp(), c.announcement, c.message_id])?;
        }
        Change::Learn(l) => {
            db.prepare_cached(
                "INSERT INTO contact_learned (email, known, token, asked, confirmed) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (known, email) DO UPDATE SET asked = excluded.asked, confirmed = coalesce(contact_learned.confirmed, excluded.confirmed)",
            )?
            .execute(params![l.email, l.known, l.token, l.asked.timestamp(), seconds(l.confirmed)])?;
        }
    }
    Ok(())
}

/// What waits of an announcement that was cancelled does not leave, and who has not been written to is not told of a cancellation. What a server put off
/// has not arrived either; what may have arrived stays.
fn withdraw(db: &Connection, id: i64) -> rusqlite::Result<()> {
    let mut cancel = db.prepare_cached(
        "UPDATE posting SET status = 'cancelled' WHERE key > ?1 || '/' AND key < ?1 || '0' AND status = 'queued' AND repeated = 0 \
         RETURNING CAST(substr(key, length(?1) + 2) AS INTEGER)",
    )?;
    let of = |what: &str| format!("announcement/{id}/{what}");
    let unwritten = cancel.query_map([of("letter")], |r| r.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()?;
    cancel.query_map([of("reminder")], |_| Ok(()))?.collect::<Result<Vec<()>, _>>()?;
    let mut leave = db.prepare_cached("UPDATE addressee SET posted = NULL, left_out = 'dropped' WHERE announcement = ?1 AND ordinal = ?2")?;
    for ordinal in unwritten {
        leave.execute(params![id, ordinal])?;
    }
    Ok(())
}

fn list(words: &[String]) -> String {
    serde_json::to_string(words).unwrap_or_else(|_| "[]".into())
}

fn save(db: &Connection, a: &Announcement, wake_at: Option<DateTime<Utc>>) -> rusqlite::Result<()> {
    let draft = serde_json::to_string(&a.draft).unwrap_or_default();
    db.prepare_cached(
        "INSERT INTO announcement (id, staff, version, stage, message_id, draft, previewed, started, finished, remind_at, close_at, list_at, listed, at_night, wake_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (id) DO UPDATE SET staff = excluded.staff, \
         version = excluded.version, stage = excluded.stage, message_id = excluded.message_id, draft = excluded.draft, previewed = excluded.previewed, \
         started = excluded.started, finished = excluded.finished, remind_at = excluded.remind_at, close_at = excluded.close_at, list_at = excluded.list_at, \
         listed = excluded.listed, at_night = excluded.at_night, wake_at = excluded.wake_at",
    )?
    .execute(params![
        a.id,
        a.staff,
        a.version,
        a.stage.key(),
        a.message_id,
        draft,
        a.previewed.timestamp(),
        seconds(a.started),
        seconds(a.finished),
        seconds(a.remind_at),
        seconds(a.close_at),
        seconds(a.list_at),
        seconds(a.listed),
        a.at_night,
        seconds(wake_at)
    ])?;
    Ok(())
}

fn save_family(db: &Connection, f: &Addressee) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO addressee (announcement, ordinal, name, classes, email, token, uid, posted, left_out, reminded, cancelled, answer, answered, question) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT (announcement, ordinal) DO UPDATE SET posted = excluded.posted, \
         left_out = excluded.left_out, reminded = excluded.reminded, cancelled = excluded.cancelled, answer = excluded.answer, answered = excluded.answered, \
         question = excluded.question",
    )?
    .execute(params![
        f.announcement,
        f.ordinal,
        f.name,
        list(&f.classes),
        f.email,
        f.token,
        f.uid,
        seconds(f.posted),
        f.left_out,
        seconds(f.reminded),
        seconds(f.cancelled),
        f.answer.map(Answer::key),
        seconds(f.answered),
        f.question
    ])?;
    Ok(())
}

/// An announcement.
pub(super) fn announcement(db: &Connection, id: i64) -> rusqlite::Result<Option<Announcement>> {
    db.prepare_cached(&format!("SELECT {ANNOUNCEMENT} FROM announcement WHERE id = ?1"))?.query_row([id], announcement_of).optional()
}

/// Its whole list.
pub(super) fn families(db: &Connection, id: i64) -> rusqlite::Result<Vec<Addressee>> {
    let mut found = db.prepare_cached(&format!("SELECT {ADDRESSEE} FROM addressee WHERE announcement = ?1 ORDER BY ordinal"))?;
    found.query_map([id], addressee_of)?.collect()
}

/// Its files.
pub(super) fn files(db: &Connection, id: i64) -> rusqlite::Result<Vec<Attachment>> {
    let mut found = db.prepare_cached("SELECT name, media_type, bytes FROM announcement_file WHERE announcement = ?1 ORDER BY ordinal")?;
    found.query_map([id], |r| Ok(Attachment { name: Some(r.get(0)?), media_type: r.get(1)?, bytes: r.get(2)? }))?.collect()
}

/// Its counts.
pub(super) fn tally(db: &Connection, id: i64) -> rusqlite::Result<Tally> {
    // Keys of its letters lie side by side: «0» is the sign behind «/».
    let sql = "SELECT count(*) FROM posting WHERE key > ?1 || '/' AND key < ?1 || '0' AND status = 'queued' AND repeated = 0";
    let waiting = db.prepare_cached(sql)?.query_row([format!("announcement/{id}/letter")], |r| r.get(0))?;
    db.prepare_cached("SELECT count(*), count(posted), count(left_out), count(answer) FROM addressee WHERE announcement = ?1")?
        .query_row([id], |r| Ok(Tally { families: r.get(0)?, posted: r.get(1)?, left_out: r.get(2)?, answered: r.get(3)?, waiting }))
}

fn one_family(db: &Connection, condition: &str, value: &dyn rusqlite::ToSql) -> rusqlite::Result<Option<Addressee>> {
    db.prepare_cached(&format!("SELECT {ADDRESSEE} FROM addressee WHERE {condition} = ?1"))?.query_row([value], addressee_of).optional()
}

/// Number, what follows it in the key, and the rest, of a posting's key: `announcement/12/letter/7`.
pub(super) fn parts_of(key: &str) -> Option<(i64, &str, Option<u32>)> {
    let mut parts = key.trim_start_matches("shadow/").strip_prefix("announcement/")?.splitn(3, '/');
    let (id, what, rest) = (parts.next()?.parse().ok()?, parts.next()?, parts.next());
    Some((id, what, rest.and_then(|r| r.parse().ok())))
}

/// What a letter may be about: by the letter of ours that it answers, by a token in its subject, by its calendar object.
pub(super) fn for_letter(db: &Connection, q: &Question, now: DateTime<Utc>) -> rusqlite::Result<Announced> {
    let mut known =
        Announced { next: db.prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM announcement")?.query_row([], |r| r.get(0))?, ..Announced::default() };
    for id in &q.answers {
        let key: Option<String> = db.prepare_cached("SELECT key FROM posting WHERE message_id = ?1")?.query_row([id], |r| r.get(0)).optional()?;
        let Some(key) = key else { continue };
        if let Some(token) = key.trim_start_matches("shadow/").strip_prefix("second/") {
            known.learned = learned(db, "token", token)?;
        }
        let Some((number, what, rest)) = parts_of(&key) else { break };
        known.about = announcement(db, number)?;
        known.referred = q.referred.contains(id);
        match what {
            "preview" => known.version = rest,
            "letter" | "reminder" | "cancel" => {
                let sql = format!("SELECT {ADDRESSEE} FROM addressee WHERE announcement = ?1 AND ordinal = ?2");
                known.family = db.prepare_cached(&sql)?.query_row(params![number, rest], addressee_of).optional()?;
            }
            _ => {}
        }
        break;
    }
    if known.family.is_none()
        && let Some(token) = family_token(&q.subject)
    {
        known.family = one_family(db, "token", &token)?;
        if known.family.is_none() {
            // The button of the question to a second address: a new letter without references.
            known.learned = learned(db, "token", token)?;
        }
    }
    if known.family.is_none()
        && let Some(uid) = &q.uid
    {
        known.family = one_family(db, "uid", &uid.to_ascii_lowercase())?;
    }
    let pressed = sender_press(&q.subject).map(|(id, ..)| id);
    if let Some(id) = known.family.as_ref().map(|f| f.announcement).or(pressed) {
        known.about = announcement(db, id)?;
    }
    if let Some(author) = &q.author {
        let sql = "SELECT known FROM contact_learned WHERE email = ?1 AND confirmed IS NOT NULL LIMIT 1";
        known.known = db.prepare_cached(sql)?.query_row([author], |r| r.get(0)).optional()?;
        if known.learned.is_none() && q.names_address {
            known.learned = learned(db, "known", author)?;
        }
    }
    if let Some(about) = known.about.as_ref().map(|a| a.id) {
        known.tally = tally(db, about)?;
        if known.family.is_none() {
            known.families = families(db, about)?;
            known.files = files(db, about)?;
        }
    }
    if known.about.is_some() && known.family.is_none() || q.announces {
        circumstances(db, &mut known, now)?;
    }
    Ok(known)
}

/// What a preview needs to know besides its text.
pub(super) fn circumstances(db: &Connection, known: &mut Announced, now: DateTime<Utc>) -> rusqlite::Result<()> {
    known.unsubscribed = unsubscribed(db)?;
    known.silent = silent(db, now)?;
    known.recent = super::announced::recent(db, now)?;
    known.ahead = db
        .prepare_cached(
            "SELECT count(*) FROM addressee f JOIN announcement a ON a.id = f.announcement \
             WHERE a.stage = 'sending' AND f.posted IS NULL AND f.left_out IS NULL AND a.id IS NOT ?1",
        )?
        .query_row([known.about.as_ref().map(|a| a.id)], |r| r.get(0))?;
    Ok(())
}

fn learned(db: &Connection, column: &str, value: &str) -> rusqlite::Result<Option<Learned>> {
    let sql = format!("SELECT email, known, token, asked, confirmed FROM contact_learned WHERE {column} = ?1 ORDER BY asked DESC LIMIT 1");
    let read = |r: &Row<'_>| Ok(Learned { email: r.get(0)?, known: r.get(1)?, token: r.get(2)?, asked: moment(r.get(3)?), confirmed: moment_of(r.get(4)?) });
    db.prepare_cached(&sql)?.query_row([value], read).optional()
}

/// Addresses that want no announcements.
pub(super) fn unsubscribed(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("SELECT email FROM unsubscribed ORDER BY email")?.query_map([], |r| r.get(0))?.collect()
}

/// Addresses of families that get no automatic letter for now: those with an open delicate appeal (service.md, "Terms"), and those for whom staff
/// ordered silence.
pub(super) fn silent(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Vec<String>> {
    // Open appeals only: without the hint SQLite would go through all that have an address.
    let sql = "SELECT lower(email) FROM appeal INDEXED BY appeal_open WHERE delicate = 1 AND state <> 'closed' AND email IS NOT NULL \
               UNION SELECT lower(author) FROM silence WHERE until > ?1 ORDER BY 1";
    db.prepare_cached(sql)?.query_map([now.timestamp()], |r| r.get(0))?.collect()
}

impl Store {
    /// An announcement with its counts.
    ///
    /// # Errors
    /// SQLite's.
    pub fn announcement(&self, id: i64) -> Result<Option<(Announcement, Tally)>, StoreError> {
        Ok(announcement(&self.db, id)?.map(|a| tally(&self.db, id).map(|t| (a, t))).transpose()?)
    }

    /// All announcements, newest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn announcements(&self, most: u32) -> Result<Vec<(Announcement, Tally)>, StoreError> {
        let mut found = self.db.prepare_cached(&format!("SELECT {ANNOUNCEMENT} FROM announcement ORDER BY id DESC LIMIT ?1"))?;
        let all: Vec<Announcement> = found.query_map([most], announcement_of)?.collect::<Result<_, _>>()?;
        all.into_iter().map(|a| Ok(tally(&self.db, a.id).map(|t| (a, t))?)).collect()
    }

    /// The families of an announcement.
    ///
    /// # Errors
    /// SQLite's.
    pub fn addressees(&self, id: i64) -> Result<Vec<Addressee>, StoreError> {
        Ok(families(&self.db, id)?)
    }
}
