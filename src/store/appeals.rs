//! Appeals and consultations as rows.

use super::{Store, StoreError, moment, moment_of, seconds};
use crate::appeal::{Answer, Appeal, Consultation, Due, Outcome, Stage, State};
use crate::itip::PartStat;
use crate::understand::Category;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, named_params, params};
use serde::{Serialize, de::DeserializeOwned};

/// Columns of `appeal`, in the order of [`appeal_of`].
const APPEAL: &str = "number, state, category, runner_up, secondary, consultation, urgent, complaint, delicate, unsure, email, name, role, child, class, phone, \
     channel, times, text, reasons, passed_by, excluded, assignee, message_id, cause, text_hash, received, assigned, taken, met, closed, extended, \
     take_due_literal, take_due_office, due_literal, due_office, provisional, alarms, alarmed, acknowledged, question, asked";

/// Columns of `consultation`, in the order of [`consultation_of`].
const CONSULTATION: &str = "appeal, ordinal, specialist, starts, ends, channel, stage, staff_uid, staff_sequence, staff_dtstamp, staff_partstat, staff_replied, \
     author_uid, author_sequence, author_dtstamp, author_partstat, author_replied, silent_at, invite_by, declined, why, wish_unmet, series, original, offered, outcome, recommendations";

/// A serde enum or list as its JSON text.
fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".into())
}

/// The other way; what cannot be read is the default (the writer is this program).
pub(super) fn from_json<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// A unit enum as its bare key.
fn word<T: Serialize>(value: &T) -> String {
    json(value).trim_matches('"').to_owned()
}

fn unword<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(&format!("\"{text}\"")).ok()
}

fn appeal_of(r: &Row<'_>) -> rusqlite::Result<Appeal> {
    let category = |c: Option<String>| c.as_deref().and_then(Category::from_key);
    let provisional: bool = r.get(36)?;
    Ok(Appeal {
        number: r.get(0)?,
        state: State::from_key(&r.get::<_, String>(1)?).unwrap_or(State::Undecided),
        category: category(r.get(2)?).unwrap_or(Category::Other),
        runner_up: category(r.get(3)?),
        secondary: category(r.get(4)?),
        consultation: r.get(5)?,
        urgent: r.get(6)?,
        complaint: r.get(7)?,
        delicate: r.get(8)?,
        unsure: r.get(9)?,
        email: r.get(10)?,
        name: r.get(11)?,
        role: unword(&r.get::<_, String>(12)?).unwrap_or_default(),
        child: r.get(13)?,
        class: r.get(14)?,
        phone: r.get(15)?,
        channel: r.get::<_, Option<String>>(16)?.as_deref().and_then(unword),
        times: from_json(&r.get::<_, String>(17)?),
        text: r.get(18)?,
        reasons: from_json(&r.get::<_, String>(19)?),
        passed_by: r.get(20)?,
        excluded: from_json(&r.get::<_, String>(21)?),
        assignee: r.get(22)?,
        message_id: r.get(23)?,
        cause: r.get(24)?,
        text_hash: r.get(25)?,
        received: moment(r.get(26)?),
        assigned: moment_of(r.get(27)?),
        taken: moment_of(r.get(28)?),
        met: moment_of(r.get(29)?),
        closed: moment_of(r.get(30)?),
        extended: r.get(31)?,
        take_due: Due { literal: moment(r.get(32)?), office: moment(r.get(33)?), provisional },
        due: Due { literal: moment(r.get(34)?), office: moment(r.get(35)?), provisional },
        alarms: r.get(37)?,
        alarmed: moment_of(r.get(38)?),
        acknowledged: moment_of(r.get(39)?),
        question: r.get(40)?,
        asked: moment_of(r.get(41)?),
    })
}

/// A list of moments.
fn moments(text: &str) -> Vec<DateTime<Utc>> {
    from_json::<Vec<i64>>(text).into_iter().map(moment).collect()
}

fn moments_json(moments: &[DateTime<Utc>]) -> String {
    json(&moments.iter().map(DateTime::timestamp).collect::<Vec<_>>())
}

pub(super) fn partstat_key(p: PartStat) -> &'static str {
    match p {
        PartStat::NeedsAction => "NEEDS-ACTION",
        PartStat::Accepted => "ACCEPTED",
        PartStat::Declined => "DECLINED",
        PartStat::Tentative => "TENTATIVE",
        PartStat::Delegated => "DELEGATED",
    }
}

pub(super) fn partstat_of(key: &str) -> PartStat {
    match key {
        "ACCEPTED" => PartStat::Accepted,
        "DECLINED" => PartStat::Declined,
        "TENTATIVE" => PartStat::Tentative,
        "DELEGATED" => PartStat::Delegated,
        _ => PartStat::NeedsAction,
    }
}

fn consultation_of(r: &Row<'_>) -> rusqlite::Result<Consultation> {
    let author = match r.get::<_, Option<String>>(12)? {
        Some(uid) => Some(Answer {
            uid,
            sequence: r.get(13)?,
            dtstamp: moment(r.get(14)?),
            partstat: partstat_of(&r.get::<_, String>(15)?),
            replied: moment_of(r.get(16)?),
        }),
        None => None,
    };
    Ok(Consultation {
        appeal: r.get(0)?,
        ordinal: r.get(1)?,
        specialist: r.get(2)?,
        start: moment(r.get(3)?),
        end: moment(r.get(4)?),
        channel: r.get(5)?,
        stage: Stage::from_key(&r.get::<_, String>(6)?).unwrap_or(Stage::Cancelled),
        staff: Answer {
            uid: r.get(7)?,
            sequence: r.get(8)?,
            dtstamp: moment(r.get(9)?),
            partstat: partstat_of(&r.get::<_, String>(10)?),
            replied: moment_of(r.get(11)?),
        },
        author,
        silent_at: moment_of(r.get(17)?),
        invite_by: moment_of(r.get(18)?),
        declined: moments(&r.get::<_, String>(19)?),
        why: from_json(&r.get::<_, String>(20)?),
        wish_unmet: r.get(21)?,
        series: r.get(22)?,
        original: moment_of(r.get(23)?),
        offered: moments(&r.get::<_, String>(24)?),
        outcome: r.get::<_, Option<String>>(25)?.as_deref().and_then(Outcome::from_key),
        recommendations: r.get(26)?,
    })
}

/// Writes the appeal's row, new or changed; its deadlines are looked at again at once.
pub(super) fn save_appeal(db: &Connection, a: &Appeal) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "INSERT INTO appeal ({APPEAL}, wake_at) VALUES (:number, :state, :category, :runner_up, :secondary, :consultation, :urgent, :complaint, :delicate, :unsure, \
         :email, :name, :role, :child, :class, :phone, :channel, :times, :text, :reasons, :passed_by, :excluded, :assignee, :message_id, :cause, :text_hash, \
         :received, :assigned, :taken, :met, :closed, :extended, :take_literal, :take_office, :due_literal, :due_office, :provisional, :alarms, :alarmed, \
         :acknowledged, :question, :asked, 0) \
         ON CONFLICT (number) DO UPDATE SET state = excluded.state, category = excluded.category, runner_up = excluded.runner_up, secondary = excluded.secondary, \
         consultation = excluded.consultation, urgent = excluded.urgent, complaint = excluded.complaint, delicate = excluded.delicate, unsure = excluded.unsure, \
         email = excluded.email, name = excluded.name, role = excluded.role, child = excluded.child, class = excluded.class, phone = excluded.phone, \
         channel = excluded.channel, times = excluded.times, text = excluded.text, excluded = excluded.excluded, assignee = excluded.assignee, assigned = excluded.assigned, \
         taken = excluded.taken, met = excluded.met, closed = excluded.closed, extended = excluded.extended, take_due_literal = excluded.take_due_literal, \
         take_due_office = excluded.take_due_office, due_literal = excluded.due_literal, due_office = excluded.due_office, provisional = excluded.provisional, \
         alarms = excluded.alarms, alarmed = excluded.alarmed, acknowledged = excluded.acknowledged, question = excluded.question, asked = excluded.asked, wake_at = 0"
    ))?
    .execute(named_params! {
        ":number": a.number, ":state": a.state.key(), ":category": a.category.key(), ":runner_up": a.runner_up.map(Category::key),
        ":secondary": a.secondary.map(Category::key), ":consultation": a.consultation, ":urgent": a.urgent, ":complaint": a.complaint, ":delicate": a.delicate,
        ":unsure": a.unsure, ":email": a.email, ":name": a.name, ":role": word(&a.role), ":child": a.child, ":class": a.class, ":phone": a.phone,
        ":channel": a.channel.as_ref().map(word), ":times": json(&a.times), ":text": a.text, ":reasons": json(&a.reasons), ":passed_by": a.passed_by,
        ":excluded": json(&a.excluded), ":assignee": a.assignee, ":message_id": a.message_id, ":cause": a.cause, ":text_hash": a.text_hash,
        ":received": a.received.timestamp(), ":assigned": seconds(a.assigned), ":taken": seconds(a.taken), ":met": seconds(a.met), ":closed": seconds(a.closed),
        ":extended": a.extended, ":take_literal": a.take_due.literal.timestamp(), ":take_office": a.take_due.office.timestamp(),
        ":due_literal": a.due.literal.timestamp(), ":due_office": a.due.office.timestamp(), ":provisional": a.due.provisional, ":alarms": a.alarms,
        ":alarmed": seconds(a.alarmed), ":acknowledged": seconds(a.acknowledged), ":question": a.question, ":asked": seconds(a.asked),
    })?;
    Ok(())
}

/// Writes the consultation's row, new or changed. A UID of another row is a mistake and fails: nothing is replaced silently.
pub(super) fn save_consultation(db: &Connection, c: &Consultation) -> rusqlite::Result<()> {
    let author = c.author.as_ref();
    db.prepare_cached(&format!(
        "INSERT INTO consultation ({CONSULTATION}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27) \
         ON CONFLICT (appeal, ordinal) DO UPDATE SET specialist = excluded.specialist, starts = excluded.starts, ends = excluded.ends, channel = excluded.channel, stage = \
         excluded.stage, staff_uid = excluded.staff_uid, staff_sequence = excluded.staff_sequence, staff_dtstamp = \
         excluded.staff_dtstamp, staff_partstat = excluded.staff_partstat, staff_replied = excluded.staff_replied, author_uid = \
         excluded.author_uid, author_sequence = excluded.author_sequence, author_dtstamp = excluded.author_dtstamp, author_partstat = \
         excluded.author_partstat, author_replied = excluded.author_replied, silent_at = excluded.silent_at, invite_by = \
         excluded.invite_by, declined = excluded.declined, why = excluded.why, wish_unmet = excluded.wish_unmet, series = excluded.series, original = excluded.original, offered = excluded.offered, outcome = \
         excluded.outcome, recommendations = excluded.recommendations"
    ))?
    .execute(params![
        c.appeal,
        c.ordinal,
        c.specialist,
        c.start.timestamp(),
        c.end.timestamp(),
        c.channel,
        c.stage.key(),
        c.staff.uid,
        c.staff.sequence,
        c.staff.dtstamp.timestamp(),
        partstat_key(c.staff.partstat),
        seconds(c.staff.replied),
        author.map(|a| &a.uid),
        author.map(|a| a.sequence),
        author.map(|a| a.dtstamp.timestamp()),
        author.map(|a| partstat_key(a.partstat)),
        author.and_then(|a| seconds(a.replied)),
        seconds(c.silent_at),
        seconds(c.invite_by),
        moments_json(&c.declined),
        json(&c.why),
        c.wish_unmet,
        c.series,
        seconds(c.original),
        moments_json(&c.offered),
        c.outcome.map(Outcome::key),
        c.recommendations,
    ])?;
    Ok(())
}

pub(super) fn appeal(db: &Connection, number: i64) -> rusqlite::Result<Option<Appeal>> {
    let mut found = db.prepare_cached(&format!("SELECT {APPEAL} FROM appeal WHERE number = ?1"))?;
    found.query_map([number], appeal_of)?.next().transpose()
}

/// All consultations of an appeal, by ordinal.
pub(super) fn consultations(db: &Connection, number: i64) -> rusqlite::Result<Vec<Consultation>> {
    let mut found = db.prepare_cached(&format!("SELECT {CONSULTATION} FROM consultation WHERE appeal = ?1 ORDER BY ordinal"))?;
    found.query_map([number], consultation_of)?.collect()
}

/// Appeal whose consultation has this UID (compared without regard to case, as some calendars change it).
pub(super) fn by_uid(db: &Connection, uid: &str) -> rusqlite::Result<Option<i64>> {
    let mut found = db.prepare_cached("SELECT appeal FROM consultation WHERE staff_uid = ?1 OR author_uid = ?1")?;
    found.query_map([uid.to_ascii_lowercase()], |r| r.get(0))?.next().transpose()
}

/// Open appeals whose moment has come.
pub(super) fn woken(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Vec<Appeal>> {
    let mut found =
        db.prepare_cached(&format!("SELECT {APPEAL} FROM appeal WHERE state <> 'closed' AND wake_at IS NOT NULL AND wake_at <= ?1 ORDER BY number LIMIT 500"))?;
    found.query_map([now.timestamp()], appeal_of)?.collect()
}

impl Store {
    /// One appeal.
    ///
    /// # Errors
    /// SQLite's.
    pub fn appeal(&self, number: i64) -> Result<Option<Appeal>, StoreError> {
        Ok(appeal(&self.db, number)?)
    }

    /// Its consultations, by ordinal.
    ///
    /// # Errors
    /// SQLite's.
    pub fn consultations_of(&self, number: i64) -> Result<Vec<Consultation>, StoreError> {
        Ok(consultations(&self.db, number)?)
    }

    /// Appeals, newest first; only open ones where asked.
    ///
    /// # Errors
    /// SQLite's.
    pub fn appeals(&self, only_open: bool, most: u32) -> Result<Vec<Appeal>, StoreError> {
        // By the order alone SQLite would go through all that was ever closed to find the few that are open.
        let which = if only_open { "INDEXED BY appeal_open WHERE state <> 'closed'" } else { "" };
        let mut found = self.db.prepare(&format!("SELECT {APPEAL} FROM appeal {which} ORDER BY number DESC LIMIT ?1"))?;
        Ok(found.query_map([most], appeal_of)?.collect::<Result<_, _>>()?)
    }

    /// Consultations that start in `[from, to)`, cancelled ones where asked.
    ///
    /// # Errors
    /// SQLite's.
    pub fn consultations(&self, from: DateTime<Utc>, to: DateTime<Utc>, cancelled: bool) -> Result<Vec<Consultation>, StoreError> {
        let which = if cancelled { "" } else { "AND stage <> 'cancelled'" };
        let mut found =
            self.db.prepare(&format!("SELECT {CONSULTATION} FROM consultation WHERE starts >= ?1 AND starts < ?2 {which} ORDER BY starts, specialist"))?;
        Ok(found.query_map([from.timestamp(), to.timestamp()], consultation_of)?.collect::<Result<_, _>>()?)
    }

    /// When the next deadline may be due.
    ///
    /// # Errors
    /// SQLite's.
    pub fn next_wake(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        // A group consultation wakes for its reminders and when it is over; one that nobody has looked at yet, at once.
        let at: Option<i64> = self.db.query_row(
            "SELECT min(at) FROM (SELECT min(wake_at) AS at FROM appeal WHERE state <> 'closed' \
             UNION ALL SELECT min(iif(w.meeting IS NULL, 0, w.at)) FROM meeting m LEFT JOIN meeting_wake w ON w.meeting = m.id \
             WHERE m.stage <> 'cancelled' AND m.outcome IS NULL AND (w.meeting IS NULL OR w.at IS NOT NULL))",
            [],
            |r| r.get(0),
        )?;
        Ok(moment_of(at).into_iter().chain(self.next_announcement()?).min())
    }

    /// After a start or a reload every open appeal's deadlines are looked at: staff and hours may have changed.
    ///
    /// # Errors
    /// SQLite's.
    pub fn wake_all(&self) -> Result<(), StoreError> {
        crate::moment::pass("store.appeals.wake_all.write");
        self.db.execute("UPDATE appeal SET wake_at = 0 WHERE state <> 'closed'", [])?;
        crate::moment::pass("store.appeals.wake_all.written");
        Ok(())
    }
}
