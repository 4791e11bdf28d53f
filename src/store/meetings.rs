//! Group consultations and seats as rows, and the facts for decisions about them.

use super::{Store, StoreError, appeals, apply, facts, moment, moment_of, seconds};
use crate::appeal::{Answer, Meeting, Outcome, Place, Seat, duties_done};
use crate::effect::Effect;
use crate::facts::{Family, ForAppeal, ForMeeting, ForPlan, Planned};
use crate::report::JournalRow;
use crate::slots::Busy;
use crate::understand::Category;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, Row, TransactionBehavior, params};

/// Columns of `meeting`, in the order of [`meeting_of`].
const MEETING: &str = "id, specialist, topic, starts, ends, channel, capacity, classes, course_end, stage, staff_uid, staff_sequence, staff_dtstamp, \
     staff_partstat, staff_replied, outcome, duties, asked";

/// Columns of `seat`, in the order of [`seat_of`].
const SEAT: &str = "meeting, appeal, stage, joined, uid, sequence, dtstamp, partstat, replied, asked, missed";

fn meeting_of(r: &Row<'_>) -> rusqlite::Result<Meeting> {
    Ok(Meeting {
        id: r.get(0)?,
        specialist: r.get(1)?,
        topic: r.get(2)?,
        start: moment(r.get(3)?),
        end: moment(r.get(4)?),
        channel: r.get(5)?,
        capacity: r.get(6)?,
        classes: serde_json::from_str(&r.get::<_, String>(7)?).unwrap_or_default(),
        course_end: r.get::<_, Option<String>>(8)?.and_then(|d| d.parse().ok()),
        cancelled: r.get::<_, String>(9)? == "cancelled",
        staff: Answer {
            uid: r.get(10)?,
            sequence: r.get(11)?,
            dtstamp: moment(r.get(12)?),
            partstat: appeals::partstat_of(&r.get::<_, String>(13)?),
            replied: moment_of(r.get(14)?),
        },
        outcome: r.get::<_, Option<String>>(15)?.as_deref().and_then(Outcome::from_key),
        duties: duties_of(r.get(16)?),
        asked: moment_of(r.get(17)?),
    })
}

/// The numbers of the duties carried out.
pub(super) fn duties_of(text: Option<String>) -> Vec<u8> {
    text.as_deref().and_then(|d| serde_json::from_str(d).ok()).unwrap_or_default()
}

fn seat_of(r: &Row<'_>) -> rusqlite::Result<Seat> {
    Ok(Seat {
        meeting: r.get(0)?,
        appeal: r.get(1)?,
        place: Place::from_key(&r.get::<_, String>(2)?).unwrap_or(Place::Left),
        joined: moment(r.get(3)?),
        author: Answer {
            uid: r.get(4)?,
            sequence: r.get(5)?,
            dtstamp: moment(r.get(6)?),
            partstat: appeals::partstat_of(&r.get::<_, String>(7)?),
            replied: moment_of(r.get(8)?),
        },
        asked: moment_of(r.get(9)?),
        missed: r.get(10)?,
    })
}

/// Writes the meeting's row, new or changed.
pub(super) fn save_meeting(db: &Connection, m: &Meeting) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "INSERT INTO meeting ({MEETING}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) \
         ON CONFLICT (id) DO UPDATE SET specialist = excluded.specialist, staff_uid = excluded.staff_uid, starts = excluded.starts, ends = excluded.ends, channel = excluded.channel, capacity = excluded.capacity, \
         stage = excluded.stage, staff_sequence = excluded.staff_sequence, staff_dtstamp = excluded.staff_dtstamp, staff_partstat = excluded.staff_partstat, \
         staff_replied = excluded.staff_replied, outcome = excluded.outcome, duties = excluded.duties, asked = excluded.asked"
    ))?
    .execute(params![
        m.id,
        m.specialist,
        m.topic,
        m.start.timestamp(),
        m.end.timestamp(),
        m.channel,
        m.capacity,
        serde_json::to_string(&m.classes).unwrap_or_else(|_| "[]".into()),
        m.course_end.map(|d| d.to_string()),
        if m.cancelled { "cancelled" } else { "planned" },
        m.staff.uid,
        m.staff.sequence,
        m.staff.dtstamp.timestamp(),
        appeals::partstat_key(m.staff.partstat),
        seconds(m.staff.replied),
        m.outcome.map(Outcome::key),
        (!m.duties.is_empty()).then(|| serde_json::to_string(&m.duties).unwrap_or_default()),
        seconds(m.asked),
    ])?;
    // Whatever changed, its moments are looked at again at once.
    db.prepare_cached("DELETE FROM meeting_wake WHERE meeting = ?1")?.execute([m.id])?;
    Ok(())
}

/// Remembers when a meeting is looked at next.
pub(super) fn wake(db: &Connection, id: i64, at: Option<DateTime<Utc>>) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO meeting_wake (meeting, at) VALUES (?1, ?2) ON CONFLICT (meeting) DO UPDATE SET at = excluded.at")?
        .execute(params![id, seconds(at)])?;
    Ok(())
}

fn woken(db: &Connection, id: i64) -> rusqlite::Result<Option<Option<DateTime<Utc>>>> {
    let mut found = db.prepare_cached("SELECT at FROM meeting_wake WHERE meeting = ?1")?;
    found.query_map([id], |r| Ok(moment_of(r.get(0)?)))?.next().transpose()
}

/// Keys of the reminders and questions about a meeting; the mark of shadow mode is left out.
fn told(db: &Connection, id: i64) -> rusqlite::Result<Vec<String>> {
    // «0» is the sign behind «/».
    let mut found = db.prepare_cached(
        "SELECT key FROM posting WHERE kind IN ('reminder', 'other') AND (key >= ?1 || '/' AND key < ?1 || '0' OR key >= 'shadow/' || ?1 || '/' AND key < 'shadow/' || ?1 || '0')",
    )?;
    let keys = found.query_map([format!("group/{id}")], |r| r.get::<_, String>(0))?;
    keys.map(|key| key.map(|k| k.trim_start_matches("shadow/").to_owned())).collect()
}

/// Writes the seat's row, new or changed. A UID of another seat is a mistake and fails.
pub(super) fn save_seat(db: &Connection, s: &Seat) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "INSERT INTO seat ({SEAT}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT (meeting, appeal) DO UPDATE SET stage = excluded.stage, joined = excluded.joined, uid = excluded.uid, sequence = excluded.sequence, \
         dtstamp = excluded.dtstamp, partstat = excluded.partstat, replied = excluded.replied, asked = excluded.asked, missed = excluded.missed"
    ))?
    .execute(params![
        s.meeting,
        s.appeal,
        s.place.key(),
        s.joined.timestamp(),
        s.author.uid,
        s.author.sequence,
        s.author.dtstamp.timestamp(),
        appeals::partstat_key(s.author.partstat),
        seconds(s.author.replied),
        seconds(s.asked),
        s.missed,
    ])?;
    Ok(())
}

fn meeting(db: &Connection, id: i64) -> rusqlite::Result<Option<Meeting>> {
    let mut found = db.prepare_cached(&format!("SELECT {MEETING} FROM meeting WHERE id = ?1"))?;
    found.query_map([id], meeting_of)?.next().transpose()
}

pub(super) fn seats_of(db: &Connection, appeal: i64) -> rusqlite::Result<Vec<Seat>> {
    let mut found = db.prepare_cached(&format!("SELECT {SEAT} FROM seat WHERE appeal = ?1 ORDER BY joined, meeting"))?;
    found.query_map([appeal], seat_of)?.collect()
}

/// The appeal whose seat has this UID.
pub(super) fn appeal_by_uid(db: &Connection, uid: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT appeal FROM seat WHERE uid = ?1")?.query_map([uid.to_ascii_lowercase()], |r| r.get(0))?.next().transpose()
}

/// Group consultations to come.
pub(super) fn planned(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Vec<Planned>> {
    let mut found = db.prepare_cached(&format!(
        "SELECT {MEETING}, (SELECT count(*) FROM seat WHERE meeting = id AND stage = 'invited'), (SELECT count(*) FROM seat WHERE meeting = id AND stage = 'waiting') \
         FROM meeting WHERE stage <> 'cancelled' AND outcome IS NULL AND starts > ?1 ORDER BY starts, id"
    ))?;
    found.query_map([now.timestamp()], |r| Ok(Planned { meeting: meeting_of(r)?, invited: r.get(18)?, waiting: r.get(19)? }))?.collect()
}

fn family(db: &Connection, number: i64) -> rusqlite::Result<Option<Family>> {
    let Some(appeal) = appeals::appeal(db, number)? else { return Ok(None) };
    let (consultations, references) = (appeals::consultations(db, number)?, facts::references(db, number)?);
    Ok(Some(Family { appeal, consultations, references, seats: seats_of(db, number)?, call: super::calls::of_appeal(db, number)? }))
}

/// Facts about a meeting; `joining` is an appeal that need not have a seat yet.
fn for_meeting(db: &Connection, id: i64, joining: Option<i64>, now: DateTime<Utc>) -> rusqlite::Result<Option<ForMeeting>> {
    let Some(meeting) = meeting(db, id)? else { return Ok(None) };
    let mut found = db.prepare_cached("SELECT appeal FROM seat WHERE meeting = ?1 ORDER BY joined, appeal")?;
    let mut numbers: Vec<i64> = found.query_map([id], |r| r.get(0))?.collect::<Result<_, _>>()?;
    numbers.extend(joining.filter(|n| !numbers.contains(n)));
    let mut families = Vec::with_capacity(numbers.len());
    for number in numbers {
        families.extend(family(db, number)?);
    }
    Ok(Some(ForMeeting {
        told: told(db, id)?,
        unreminded: facts::unreminded(db)?,
        wake: woken(db, id)?,
        meeting,
        families,
        groups: planned(db, now)?,
        busy: facts::busy(db, now)?,
        load: facts::load(db)?,
    }))
}

/// The group that a letter speaks of: by the UID of its calendar object, else the one in which its appeal has (or last had) a place.
pub(super) fn of_letter(db: &Connection, uid: Option<&str>, appeal: Option<i64>, now: DateTime<Utc>) -> rusqlite::Result<Option<Box<ForMeeting>>> {
    let mut id: Option<i64> = None;
    if let Some(uid) = uid {
        let mut by_uid = db.prepare_cached("SELECT id FROM meeting WHERE staff_uid = ?1 UNION ALL SELECT meeting FROM seat WHERE uid = ?1")?;
        id = by_uid.query_map([uid.to_ascii_lowercase()], |r| r.get(0))?.next().transpose()?;
    } else if let Some(appeal) = appeal {
        let mut of_appeal = db.prepare_cached("SELECT meeting FROM seat WHERE appeal = ?1 ORDER BY stage = 'left', joined DESC LIMIT 1")?;
        id = of_appeal.query_map([appeal], |r| r.get(0))?.next().transpose()?;
    }
    let Some(id) = id else { return Ok(None) };
    Ok(for_meeting(db, id, None, now)?.map(Box::new))
}

/// Rows of the journal (000 4.4): each family of a group has one; who left or waited has none.
pub(super) fn journal_rows(db: &Connection, from: DateTime<Utc>, to: DateTime<Utc>) -> rusqlite::Result<Vec<JournalRow>> {
    let mut found = db.prepare_cached(
        "SELECT s.appeal, m.starts, m.specialist, m.channel, coalesce(a.name, ''), coalesce(a.class, ''), a.category, m.outcome, s.missed, s.partstat, m.duties \
         FROM seat s JOIN meeting m ON m.id = s.meeting JOIN appeal a ON a.number = s.appeal \
         WHERE s.stage = 'invited' AND m.starts >= ?1 AND m.starts < ?2 ORDER BY m.starts, m.specialist, s.appeal",
    )?;
    let rows = found.query_map([from.timestamp(), to.timestamp()], |r| {
        let outcome = r.get::<_, Option<String>>(7)?.as_deref().and_then(Outcome::from_key);
        let missed: bool = r.get(8)?;
        let accepted = r.get::<_, String>(9)? == "ACCEPTED";
        let state = match outcome {
            Some(Outcome::Held) if missed => Outcome::NoShow.title(),
            Some(outcome) => outcome.title(),
            None if accepted => "подтверждена",
            None => "назначена",
        };
        let category = Category::from_key(&r.get::<_, String>(6)?);
        Ok(JournalRow {
            number: r.get(0)?,
            start: moment_of(r.get(1)?),
            specialist: r.get(2)?,
            form: r.get(3)?,
            group: true,
            author: r.get(4)?,
            class: r.get(5)?,
            topic: category.map_or("", Category::title).into(),
            state: state.into(),
            recommendations: None,
            confidential: category.is_some_and(Category::confidential),
            note: duties_done(&duties_of(r.get(10)?)),
        })
    })?;
    rows.collect()
}

impl Store {
    /// Time taken from now on, and the group consultations to come: what times for several appeals at once are looked for with.
    ///
    /// # Errors
    /// SQLite's.
    pub fn taken(&self, now: DateTime<Utc>) -> Result<(Vec<Busy>, Vec<Planned>), StoreError> {
        Ok((facts::busy(&self.db, now)?, planned(&self.db, now)?))
    }

    /// What a decision about an appeal may know, outside of one; `None` where there is no such appeal.
    ///
    /// # Errors
    /// SQLite's.
    pub fn known(&self, number: i64, now: DateTime<Utc>) -> Result<Option<ForAppeal>, StoreError> {
        Ok(facts::for_appeal(&self.db, number, &[], now)?)
    }

    /// An appeal's seats in groups, by the moment at which its family joined.
    ///
    /// # Errors
    /// SQLite's.
    pub fn seats_of(&self, appeal: i64) -> Result<Vec<Seat>, StoreError> {
        Ok(seats_of(&self.db, appeal)?)
    }

    /// Decides about one group consultation. `None` where there is no such meeting.
    ///
    /// # Errors
    /// SQLite's, or the decision's own words; then nothing was written.
    pub fn decide_meeting<D>(&mut self, id: i64, joining: Option<i64>, now: DateTime<Utc>, decide: D) -> Result<Option<()>, StoreError>
    where
        D: FnOnce(&ForMeeting) -> Result<Vec<Effect>, String>,
    {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(known) = for_meeting(&tx, id, joining, now)? else { return Ok(None) };
        let effects = decide(&known).map_err(StoreError::Decision)?;
        apply::apply(&tx, &effects, None, now)?;
        crate::moment::pass("store.meetings.decide_meeting.commit");
        tx.commit()?;
        crate::moment::pass("store.meetings.decide_meeting.committed");
        Ok(Some(()))
    }

    /// Decides about a new group consultation; returns its number.
    ///
    /// # Errors
    /// SQLite's, or the decision's own words; then nothing was written.
    pub fn plan_meeting<D>(&mut self, now: DateTime<Utc>, decide: D) -> Result<i64, StoreError>
    where
        D: FnOnce(&ForPlan) -> Result<Vec<Effect>, String>,
    {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let next = tx.query_row("SELECT coalesce(max(id), 0) + 1 FROM meeting", [], |r| r.get(0))?;
        let effects = decide(&ForPlan { next, busy: facts::busy(&tx, now)? }).map_err(StoreError::Decision)?;
        apply::apply(&tx, &effects, None, now)?;
        crate::moment::pass("store.meetings.plan_meeting.commit");
        tx.commit()?;
        crate::moment::pass("store.meetings.plan_meeting.committed");
        Ok(next)
    }

    /// Decides about each meeting that is planned or over without a word about it; at most a month back.
    ///
    /// # Errors
    /// SQLite's; then nothing was written.
    pub fn decide_groups<D>(&mut self, now: DateTime<Utc>, mut decide: D) -> Result<(), StoreError>
    where
        D: FnMut(&ForMeeting) -> Vec<Effect>,
    {
        let ids: Vec<i64> = {
            // Whoever was not asked yet is, however long the program stood still.
            let mut found = self
                .db
                .prepare_cached("SELECT id FROM meeting WHERE stage <> 'cancelled' AND outcome IS NULL AND (starts > ?1 OR asked IS NULL) ORDER BY id")?;
            found.query_map([(now - TimeDelta::days(30)).timestamp()], |r| r.get(0))?.collect::<Result<_, _>>()?
        };
        for id in ids {
            self.decide_meeting(id, None, now, |known| Ok(decide(known)))?;
        }
        Ok(())
    }

    /// Group consultations by start; those that begin from a moment on where asked.
    ///
    /// # Errors
    /// SQLite's.
    pub fn meetings(&self, from: Option<DateTime<Utc>>) -> Result<Vec<Meeting>, StoreError> {
        let mut found = self.db.prepare_cached(&format!("SELECT {MEETING} FROM meeting WHERE starts >= ?1 ORDER BY starts, id"))?;
        Ok(found.query_map([from.map_or(0, |at| at.timestamp())], meeting_of)?.collect::<Result<_, _>>()?)
    }

    /// Appeals with a place in a group that is still to be held or told about.
    ///
    /// # Errors
    /// SQLite's.
    pub fn in_groups(&self) -> Result<Vec<i64>, StoreError> {
        let mut found = self.db.prepare_cached(
            "SELECT DISTINCT s.appeal FROM seat s JOIN meeting m ON m.id = s.meeting WHERE s.stage <> 'left' AND m.stage <> 'cancelled' AND m.outcome IS NULL",
        )?;
        Ok(found.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }

    /// One group consultation with its seats, by the moment at which the families joined.
    ///
    /// # Errors
    /// SQLite's.
    pub fn meeting(&self, id: i64) -> Result<Option<(Meeting, Vec<Seat>)>, StoreError> {
        let Some(meeting) = meeting(&self.db, id)? else { return Ok(None) };
        let mut found = self.db.prepare_cached(&format!("SELECT {SEAT} FROM seat WHERE meeting = ?1 ORDER BY joined, appeal"))?;
        let seats = found.query_map([id], seat_of)?.collect::<Result<_, _>>()?;
        Ok(Some((meeting, seats)))
    }
}
