//! What the clock asks of announcements, and what the command line shows of consents and addresses that were learned.

use super::announcements::{ADDRESSEE, addressee_of, families, files, silent, tally, unsubscribed};
use super::{Store, StoreError, announcements, apply, moment, moment_of};
use crate::announcement::{Addressee, Announced, Announcement, Consent, ForAnnouncements, Learned, Recent, Stage, Woken};
use crate::effect::Effect;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

/// Letters of announcements lately.
pub(super) fn recent(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Recent> {
    let since = |span: TimeDelta| -> rusqlite::Result<(u32, Option<DateTime<Utc>>)> {
        db.prepare_cached("SELECT count(*), min(created_at) FROM posting WHERE kind = 'announcement' AND created_at > ?1")?
            .query_row([(now - span).timestamp()], |r| Ok((r.get(0)?, moment_of(r.get(1)?))))
    };
    let waiting = db
        .prepare_cached("SELECT count(*) FROM posting WHERE status = 'queued' AND kind = 'announcement' AND created_at <= ?1")?
        .query_row([now.timestamp()], |r| r.get(0))?;
    Ok(Recent { minute: since(TimeDelta::minutes(1))?, day: since(TimeDelta::days(1))?, waiting })
}

/// The families whose letter, reminder or cancellation is to be made next, and when the first of those may be written to whose hours are not yet.
/// Of a family whose hours have come nothing waits for one whose hours have not.
fn next(
    db: &Connection,
    id: i64,
    stage: Stage,
    most: u32,
    (now, opens): (DateTime<Utc>, impl Fn(&Addressee) -> DateTime<Utc>),
) -> rusqlite::Result<(Vec<Addressee>, Option<DateTime<Utc>>)> {
    let waits = match stage {
        Stage::Sending => "posted IS NULL AND left_out IS NULL",
        Stage::Reminding => "posted IS NOT NULL AND answer IS NULL AND reminded IS NULL AND left_out IS NULL",
        Stage::Cancelling => "posted IS NOT NULL AND cancelled IS NULL",
        _ => return Ok((Vec::new(), None)),
    };
    let mut found = db.prepare_cached(&format!("SELECT {ADDRESSEE} FROM addressee WHERE announcement = ?1 AND {waits} ORDER BY ordinal"))?;
    let (mut ready, mut later): (Vec<Addressee>, Option<DateTime<Utc>>) = (Vec::new(), None);
    for family in found.query_map([id], addressee_of)? {
        let family = family?;
        match opens(&family) {
            at if at > now => later = later.map_or(Some(at), |l| Some(l.min(at))),
            _ => ready.push(family),
        }
        if ready.len() as u64 >= u64::from(most) {
            break;
        }
    }
    Ok((ready, later))
}

impl Store {
    /// Decides about the announcements whose moment has come; `portion` is the most letters that one round makes of each, `opens` when a family may
    /// be written to.
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn decide_announcements<O, D>(&mut self, now: DateTime<Utc>, portion: u32, opens: O, decide: D) -> Result<usize, StoreError>
    where
        O: Fn(&Announcement, &Addressee) -> DateTime<Utc>,
        D: FnOnce(&ForAnnouncements) -> Vec<Effect>,
    {
        let due: Vec<i64> = {
            let mut found = self.db.prepare_cached("SELECT id FROM announcement WHERE wake_at IS NOT NULL AND wake_at <= ?1 ORDER BY wake_at, id LIMIT 20")?;
            found.query_map([now.timestamp()], |r| r.get(0))?.collect::<Result<_, _>>()?
        };
        if due.is_empty() {
            return Ok(0);
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut known =
            ForAnnouncements { recent: recent(&tx, now)?, unsubscribed: unsubscribed(&tx)?, silent: silent(&tx, now)?, ..ForAnnouncements::default() };
        for id in &due {
            let Some(announcement) = announcements::announcement(&tx, *id)? else { continue };
            let listing = announcement.stage == Stage::Cancelling || [announcement.list_at, announcement.close_at].into_iter().flatten().any(|at| at <= now);
            let sending = matches!(announcement.stage, Stage::Sending | Stage::Cancelling);
            let (next, later) = next(&tx, *id, announcement.stage, portion, (now, |family: &Addressee| opens(&announcement, family)))?;
            known.woken.push(Woken {
                tally: tally(&tx, *id)?,
                next,
                later,
                families: if listing { families(&tx, *id)? } else { Vec::new() },
                files: if sending { files(&tx, *id)? } else { Vec::new() },
                announcement,
            });
        }
        let effects = decide(&known);
        apply::apply(&tx, &effects, None, now)?;
        // What has left is kept by its answer, not by its bytes: a file of 5 MB to 1,000 families would be 5 GB.
        // By its letters of the week: without the hint SQLite would go through every letter that was ever sent.
        tx.prepare_cached(
            "UPDATE posting INDEXED BY posting_announced SET raw = NULL WHERE kind = 'announcement' AND status = 'sent' AND raw IS NOT NULL AND created_at > ?1",
        )?
        .execute([(now - TimeDelta::days(7)).timestamp()])?;
        crate::moment::pass("store.announced.decide_announcements.commit");
        tx.commit()?;
        crate::moment::pass("store.announced.decide_announcements.committed");
        Ok(due.len())
    }

    /// Decides about an announcement given on the command line, or about one that is there.
    ///
    /// # Errors
    /// SQLite's, or the decision's own words; then nothing was written.
    pub fn decide_announced<D>(&mut self, about: Option<i64>, now: DateTime<Utc>, decide: D) -> Result<(), StoreError>
    where
        D: FnOnce(&Announced) -> Result<Vec<Effect>, String>,
    {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let next = tx.prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM announcement")?.query_row([], |r| r.get(0))?;
        let mut known = Announced { next, ..Announced::default() };
        if let Some(id) = about {
            known.about = announcements::announcement(&tx, id)?;
            known.tally = tally(&tx, id)?;
            known.families = families(&tx, id)?;
            known.files = files(&tx, id)?;
        }
        announcements::circumstances(&tx, &mut known, now)?;
        let effects = decide(&known).map_err(StoreError::Decision)?;
        apply::apply(&tx, &effects, None, now)?;
        crate::moment::pass("store.announced.decide_announced.commit");
        tx.commit()?;
        crate::moment::pass("store.announced.decide_announced.committed");
        Ok(())
    }

    /// What a letter of the outbox is of an announcement: the announcement, the family, `letter`, `reminder` or `cancel`.
    ///
    /// # Errors
    /// SQLite's.
    pub fn announced_letter(&self, key: &str) -> Result<Option<(Announcement, Addressee, String)>, StoreError> {
        let Some((id, what, Some(ordinal))) = announcements::parts_of(key) else { return Ok(None) };
        let Some(announcement) = announcements::announcement(&self.db, id)? else { return Ok(None) };
        let mut found = self.db.prepare_cached(&format!("SELECT {ADDRESSEE} FROM addressee WHERE announcement = ?1 AND ordinal = ?2"))?;
        let family = found.query_map(params![id, ordinal], addressee_of)?.next().transpose()?;
        Ok(family.map(|family| (announcement, family, what.to_owned())))
    }

    /// When an announcement next wants attention.
    ///
    /// # Errors
    /// SQLite's.
    pub(super) fn next_announcement(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let at: Option<i64> = self.db.prepare_cached("SELECT min(wake_at) FROM announcement WHERE wake_at IS NOT NULL")?.query_row([], |r| r.get(0))?;
        Ok(moment_of(at))
    }

    /// Consents of families, by name and address.
    ///
    /// # Errors
    /// SQLite's.
    pub fn consents(&self) -> Result<Vec<Consent>, StoreError> {
        let mut found = self
            .db
            .prepare_cached("SELECT email, name, classes, version, given, at, announcement, message_id FROM consent ORDER BY classes, name, email, version")?;
        let rows = found.query_map([], |r| {
            Ok(Consent {
                email: r.get(0)?,
                name: r.get(1)?,
                classes: serde_json::from_str(&r.get::<_, String>(2)?).unwrap_or_default(),
                version: r.get(3)?,
                given: r.get(4)?,
                at: moment(r.get(5)?),
                announcement: r.get(6)?,
                message_id: r.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Second addresses, confirmed or asked for.
    ///
    /// # Errors
    /// SQLite's.
    pub fn learned_addresses(&self) -> Result<Vec<Learned>, StoreError> {
        let mut found = self.db.prepare_cached("SELECT email, known, token, asked, confirmed FROM contact_learned ORDER BY known, email")?;
        let rows = found.query_map([], |r| {
            Ok(Learned { email: r.get(0)?, known: r.get(1)?, token: r.get(2)?, asked: moment(r.get(3)?), confirmed: moment_of(r.get(4)?) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Addresses that want no announcements.
    ///
    /// # Errors
    /// SQLite's.
    pub fn unsubscribed(&self) -> Result<Vec<String>, StoreError> {
        Ok(unsubscribed(&self.db)?)
    }
}
