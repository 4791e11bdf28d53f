//! Taking out what the store knows of a person (152-FZ, art. 21): on demand at once, else by age after closing.
//!
//! Numbers, categories, states and moments stay: reports and terms go on being true. Not here: what lies in the mailbox (the certificate names it for
//! deletion by hand), whose demand it is (`cli`), after how long (`rules`), the marks that stay (`forgotten`). The store is opened with `secure_delete`, so what is taken out is overwritten.

use super::{Store, StoreError, moment};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};
use serde::Serialize;

/// Whose traces go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Everything of an address, in lower case.
    Address(String),
    /// One appeal.
    Appeal(i64),
}

/// What was destroyed and what remains elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// Appeals whose person is gone; their numbers, categories and moments stay.
    pub appeals: Vec<i64>,
    /// Rows that lost something, by table.
    pub destroyed: Vec<(&'static str, usize)>,
    /// Letters that still lie in the mailbox.
    pub remains: Vec<Remains>,
    /// Somebody else reads the database: what was overwritten stands in its log until the daemon has emptied it.
    pub log_in_use: bool,
}

/// A letter in the mailbox, to be deleted by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remains {
    /// Folder.
    pub folder: String,
    /// UIDVALIDITY and UID.
    pub uid: (u32, u32),
    /// INTERNALDATE.
    pub date: DateTime<Utc>,
}

/// Why nothing was taken out.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// Work would be lost.
    #[error("appeal {0} is open: close it first (`otklik order {0} close --reason …`), then nobody waits for an answer that has no address")]
    Open(i64),
    /// A letter with their words is on its way: what the server has begun to take cannot be taken back, and must be known until it is settled.
    #[error("a letter with their words is being sent just now; write the same again in a minute, while the service runs")]
    Leaving,
    /// A list of an announcement waits with their answer, and other families'.
    #[error("the list of an announcement with their answer waits to leave; write the same again when it has left (in the morning at the latest)")]
    Listed,
    /// Nothing is known.
    #[error("nothing is known of that: no appeal, letter, announcement or consent")]
    Unknown,
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for ForgetError {
    fn from(e: rusqlite::Error) -> ForgetError {
        ForgetError::Store(e.into())
    }
}

/// Rows changed, added to the certificate's line of a table.
fn count(certificate: &mut Certificate, table: &'static str, n: usize) {
    match certificate.destroyed.iter_mut().find(|(t, _)| *t == table) {
        Some((_, sum)) => *sum += n,
        None if n > 0 => certificate.destroyed.push((table, n)),
        None => {}
    }
}

/// Statements over one appeal (`?1`) that take out its words: letters, calls, reasons. Who it was stays.
const WORDS: [(&str, &str); 9] = [
    ("letter", "UPDATE letter SET subject = NULL, text = NULL, raw = NULL WHERE appeal = ?1 AND coalesce(subject, text, raw) IS NOT NULL"),
    // A list of the day or a return letter holds the letters that it stands for.
    (
        "posting",
        "UPDATE posting SET raw = NULL, shell = NULL WHERE status NOT IN ('queued', 'sending', 'unknown') AND coalesce(raw, shell) IS NOT NULL AND key IN \
         (SELECT a.heir FROM posting AS p CROSS JOIN aside AS a ON a.posting = p.id WHERE p.appeal = ?1 AND a.heir IS NOT NULL)",
    ),
    (
        "posting",
        "UPDATE posting SET raw = NULL, shell = NULL, last_text = NULL WHERE appeal = ?1 AND status NOT IN ('queued', 'sending', 'unknown') AND coalesce(raw, shell, last_text) IS NOT NULL",
    ),
    ("call", "DELETE FROM call WHERE appeal = ?1"),
    ("undo", "DELETE FROM undo WHERE appeal = ?1"),
    ("confirmation", "DELETE FROM confirmation WHERE appeal = ?1"),
    ("survey", "UPDATE survey SET impression = NULL, wishes = NULL WHERE appeal = ?1 AND coalesce(impression, wishes) IS NOT NULL"),
    ("history", "UPDATE history SET text = '' WHERE appeal = ?1 AND text <> ''"),
    ("appeal", "UPDATE appeal SET text = '', reasons = '[]', question = NULL WHERE number = ?1 AND (text <> '' OR reasons <> '[]' OR question IS NOT NULL)"),
];

/// And those that take out who it was. Ids and hashes by which the same letter is known again stay.
const PEOPLE: [(&str, &str); 5] = [
    ("letter", "UPDATE letter SET sender = NULL WHERE appeal = ?1 AND sender IS NOT NULL"),
    (
        "posting",
        "UPDATE posting SET recipient = '', shadow_of = NULL, subject = '' WHERE appeal = ?1 AND status NOT IN ('queued', 'sending', 'unknown') AND (recipient <> '' OR subject <> '')",
    ),
    ("lesson", "DELETE FROM lesson WHERE appeal = ?1"),
    ("consultation", "UPDATE consultation SET recommendations = NULL, why = '' WHERE appeal = ?1 AND (recommendations IS NOT NULL OR why <> '')"),
    (
        "appeal",
        "UPDATE appeal SET email = NULL, name = NULL, child = NULL, class = NULL, phone = NULL, times = '[]', passed_by = NULL \
         WHERE number = ?1 AND (coalesce(email, name, child, class, phone, passed_by) IS NOT NULL OR times <> '[]')",
    ),
];

/// What is left of an appeal after [`WORDS`] and [`PEOPLE`] that could lead to somebody: ids that their mail program made.
const TRACES: [(&str, &str); 3] = [
    (
        "posting",
        "UPDATE posting SET status = 'cancelled', recipient = '', shadow_of = NULL, subject = '', raw = NULL, shell = NULL WHERE appeal = ?1 AND status IN ('queued', 'unknown')",
    ),
    ("letter", "UPDATE letter SET message_id = NULL WHERE appeal = ?1 AND message_id IS NOT NULL"),
    ("appeal", "UPDATE appeal SET message_id = NULL, text_hash = '' WHERE number = ?1 AND (message_id IS NOT NULL OR text_hash <> '')"),
];

/// Statements over an address (`?1`) up to a moment (`?2`): what hangs on no appeal. In shadow mode a letter of ours goes to the operator: whom it was for
/// stands in `shadow_of` and in its subject.
const ADDRESS: [(&str, &str); 9] = [
    ("letter", "UPDATE letter SET sender = NULL, subject = NULL, text = NULL, raw = NULL, message_id = NULL WHERE sender = ?1 AND internal_date <= ?2"),
    // The sender's lists name families and quote what they asked.
    (
        "posting",
        "UPDATE posting SET raw = NULL, shell = NULL, last_text = NULL WHERE audience = 'staff' AND appeal IS NULL AND coalesce(raw, shell, last_text) IS NOT NULL \
         AND status NOT IN ('queued', 'sending', 'unknown') AND EXISTS (SELECT 1 FROM addressee AS a JOIN announcement AS n ON n.id = a.announcement \
         WHERE a.email = ?1 AND n.previewed <= ?2 AND (posting.key LIKE 'announcement/' || n.id || '/%' OR posting.key LIKE 'shadow/announcement/' || n.id || '/%'))",
    ),
    (
        "posting",
        "UPDATE posting SET recipient = '', shadow_of = NULL, subject = '', raw = NULL, shell = NULL, last_text = NULL, \
         status = iif(status IN ('queued', 'unknown'), 'cancelled', status) WHERE (recipient = ?1 OR shadow_of = ?1) AND created_at <= ?2",
    ),
    (
        "addressee",
        "UPDATE addressee SET name = NULL, email = '', question = NULL, left_out = coalesce(left_out, 'dropped') WHERE email = ?1 \
         AND announcement IN (SELECT id FROM announcement WHERE previewed <= ?2)",
    ),
    ("unsubscribed", "DELETE FROM unsubscribed WHERE email = ?1 AND at <= ?2"),
    ("consent", "DELETE FROM consent WHERE email = ?1 AND at <= ?2"),
    ("contact_learned", "DELETE FROM contact_learned WHERE (email = ?1 OR known = ?1) AND asked <= ?2"),
    ("silence", "DELETE FROM silence WHERE author = ?1 AND at <= ?2"),
    ("confirmation", "DELETE FROM confirmation WHERE address = ?1 AND at <= ?2"),
];

/// A letter that the server may have begun to take, of an appeal (`?1`).
const LEAVING: &str = "SELECT 1 FROM posting WHERE status = 'sending' AND (appeal = ?1 OR key IN \
     (SELECT a.heir FROM posting AS p CROSS JOIN aside AS a ON a.posting = p.id WHERE p.appeal = ?1 AND a.heir IS NOT NULL))";
/// The same of an address.
const LEAVING_TO: &str = "SELECT 1 FROM posting WHERE status = 'sending' AND (recipient = ?1 OR shadow_of = ?1)";
/// A list of an announcement that waits, and the address is among its families.
const LISTED: &str = "SELECT 1 FROM posting AS p, addressee AS a WHERE a.email = ?1 AND p.audience = 'staff' AND p.appeal IS NULL AND p.raw IS NOT NULL \
     AND p.status IN ('queued', 'sending', 'unknown') AND (p.key LIKE 'announcement/' || a.announcement || '/%' OR p.key LIKE 'shadow/announcement/' || a.announcement || '/%')";

/// A list of the day (or a return letter) that waits holds the words of several appeals. It is taken back, and the letters that it stands for stand in the
/// line again: those of this appeal are cancelled with it, the others find another list.
fn take_lists_back(db: &Connection, number: i64) -> rusqlite::Result<()> {
    let mut found = db.prepare_cached(
        "SELECT DISTINCT h.key FROM posting AS p CROSS JOIN aside AS a ON a.posting = p.id JOIN posting AS h ON h.key = a.heir \
         WHERE p.appeal = ?1 AND h.status IN ('queued', 'unknown')",
    )?;
    let heirs: Vec<String> = found.query_map([number], |r| r.get(0))?.collect::<Result<_, _>>()?;
    for heir in heirs {
        db.prepare_cached("UPDATE posting SET status = 'cancelled', raw = NULL, shell = NULL, last_text = NULL WHERE key = ?1")?.execute([&heir])?;
        db.prepare_cached(
            "UPDATE posting SET status = 'queued' WHERE status = 'cancelled' AND raw IS NOT NULL AND id IN (SELECT posting FROM aside WHERE heir = ?1)",
        )?
        .execute([&heir])?;
        db.prepare_cached("DELETE FROM aside WHERE heir = ?1")?.execute([&heir])?;
    }
    Ok(())
}

fn run(db: &Connection, certificate: &mut Certificate, statements: &[(&'static str, &str)], number: i64) -> rusqlite::Result<()> {
    for (table, sql) in statements {
        let n = db.prepare_cached(sql)?.execute([number])?;
        count(certificate, table, n);
    }
    Ok(())
}

/// Letters of the mailbox that are about an appeal: those that came, and our copies in Sent, which the journal knows by their Message-IDs.
fn remains_of(db: &Connection, number: i64) -> rusqlite::Result<Vec<Remains>> {
    let mut found = db.prepare_cached(
        "SELECT folder, uid_validity, uid, internal_date FROM letter WHERE appeal = ?1 \
         UNION SELECT l.folder, l.uid_validity, l.uid, l.internal_date FROM posting AS p CROSS JOIN letter AS l ON l.message_id = p.message_id WHERE p.appeal = ?1 \
         ORDER BY 1, 2, 3",
    )?;
    found.query_map([number], remains)?.collect()
}

fn remains(r: &rusqlite::Row<'_>) -> rusqlite::Result<Remains> {
    Ok(Remains { folder: r.get(0)?, uid: (r.get(1)?, r.get(2)?), date: moment(r.get(3)?) })
}

/// Days after closing (and after receipt for what opened nothing) from which words and people go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Words of what was closed up to here go.
    pub words: DateTime<Utc>,
    /// And who it was, of what was closed up to here.
    pub people: DateTime<Utc>,
}

/// In `meta` while the log may still hold what was taken out.
const LOG_HOLDS: &str = "log_holds_forgotten";
/// Later than any row.
const EVER: i64 = i64::MAX;

/// How much a look of the retention takes at once.
const PORTION: i64 = 200;

impl Store {
    /// What [`Store::forget`] would take out, and where the letters lie; nothing is changed.
    ///
    /// # Errors
    /// SQLite's; an open appeal; nobody known.
    pub fn would_forget(&mut self, whom: &Whom) -> Result<Certificate, ForgetError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        forget(&tx, whom)
        // Dropped without a commit: all of it was only counted.
    }

    /// Takes out what is known of a person, for ever. `tombstone` is the keyed, nameless mark by which a rebuilt or restored store knows them again.
    ///
    /// # Errors
    /// SQLite's; an open appeal; a letter on its way; nobody known. Then nothing is changed.
    pub fn forget(&mut self, whom: &Whom, tombstone: Option<&str>, now: DateTime<Utc>) -> Result<Certificate, ForgetError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut certificate = forget(&tx, whom)?;
        if let Some(mark) = tombstone {
            tx.execute(
                "INSERT INTO tombstone (mark, at) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET at = excluded.at, copied = NULL",
                params![mark, now.timestamp()],
            )?;
        }
        tx.execute("INSERT INTO meta (key, value) VALUES (?1, '1') ON CONFLICT DO NOTHING", [LOG_HOLDS])?;
        crate::moment::pass("store.forget.forget.commit");
        tx.commit()?;
        crate::moment::pass("store.forget.forget.committed");
        certificate.log_in_use = !self.empty_log()?;
        Ok(certificate)
    }

    /// What was overwritten in the file stands in the write-ahead log until it is emptied, which a reader can hold up. True when nothing is left to empty.
    ///
    /// # Errors
    /// SQLite's.
    pub fn empty_log(&mut self) -> Result<bool, StoreError> {
        if self.meta(LOG_HOLDS)?.is_none() {
            return Ok(true);
        }
        // The daemon must not stand still for a report that is read for long: it asks again.
        self.db.busy_timeout(std::time::Duration::from_millis(500))?;
        let emptied = self.settle_down();
        self.db.busy_timeout(super::open::PATIENCE)?;
        if emptied? {
            self.clear_meta(LOG_HOLDS)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Writes the whole file anew. Copies that the first versions made keep old words in the unused parts of their pages, where no deletion reaches.
    ///
    /// # Errors
    /// SQLite's: there must be room for a second one.
    pub fn write_anew(&mut self) -> Result<(), StoreError> {
        self.set_meta(LOG_HOLDS, "1")?;
        self.db.execute_batch("VACUUM")?;
        self.empty_log()?;
        Ok(())
    }

    /// Takes out again what was forgotten at a moment and has come back out of a backup: appeals of the address received until then, and loose rows of
    /// before. Returns the appeals that are open and stay.
    ///
    /// # Errors
    /// SQLite's; then nothing is changed.
    pub fn forget_again(&mut self, address: &str, at: DateTime<Utc>) -> Result<Vec<i64>, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut found = tx.prepare("SELECT number, state = 'closed' FROM appeal WHERE email = ?1 AND received <= ?2 ORDER BY number")?;
        let numbers: Vec<(i64, bool)> = found.query_map(params![address, at.timestamp()], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        drop(found);
        let mut certificate = Certificate::default();
        for (number, _) in numbers.iter().filter(|(_, closed)| *closed) {
            forget_appeal(&tx, &mut certificate, *number)?;
        }
        for (_, sql) in ADDRESS {
            tx.execute(sql, params![address, at.timestamp()])?;
        }
        tx.execute("INSERT INTO meta (key, value) VALUES (?1, '1') ON CONFLICT DO NOTHING", [LOG_HOLDS])?;
        crate::moment::pass("store.forget.forget_again.commit");
        tx.commit()?;
        crate::moment::pass("store.forget.forget_again.committed");
        Ok(numbers.into_iter().filter(|(_, closed)| !closed).map(|(number, _)| number).collect())
    }

    /// Takes out what has come of age; returns how many appeals and other letters lost something. At most a portion: called until it returns zero.
    ///
    /// # Errors
    /// SQLite's; then nothing is changed.
    pub fn retire(&mut self, cut: Cut) -> Result<usize, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut done = stage(&tx, "retired_words", cut.words, &[&WORDS])?;
        done += stage(&tx, "retired_people", cut.people, &[&WORDS, &PEOPLE])?;
        done += loose(&tx, cut)?;
        done += announcements(&tx, cut.people)?;
        crate::moment::pass("store.forget.retire.commit");
        tx.commit()?;
        crate::moment::pass("store.forget.retire.committed");
        Ok(done)
    }
}

fn forget(db: &Connection, whom: &Whom) -> Result<Certificate, ForgetError> {
    let numbers: Vec<(i64, bool)> = match whom {
        Whom::Appeal(number) => db
            .prepare("SELECT number, state = 'closed' FROM appeal WHERE number = ?1")?
            .query_map([number], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<Result<_, _>>()?,
        Whom::Address(address) => db
            .prepare("SELECT number, state = 'closed' FROM appeal WHERE email = ?1 ORDER BY number")?
            .query_map([address], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<Result<_, _>>()?,
    };
    if let Some((open, _)) = numbers.iter().find(|(_, closed)| !closed) {
        return Err(ForgetError::Open(*open));
    }
    let mut certificate = Certificate { appeals: numbers.iter().map(|(n, _)| *n).collect(), ..Certificate::default() };
    for number in certificate.appeals.clone() {
        if db.prepare_cached(LEAVING)?.exists([number])? {
            return Err(ForgetError::Leaving);
        }
        certificate.remains.extend(remains_of(db, number)?);
        forget_appeal(db, &mut certificate, number)?;
    }
    if let Whom::Address(address) = whom {
        if db.prepare_cached(LEAVING_TO)?.exists([address])? {
            return Err(ForgetError::Leaving);
        }
        if db.prepare_cached(LISTED)?.exists([address])? {
            return Err(ForgetError::Listed);
        }
        let mut found = db.prepare("SELECT folder, uid_validity, uid, internal_date FROM letter WHERE sender = ?1 ORDER BY 1, 2, 3")?;
        for letter in found.query_map([address], remains)? {
            let letter = letter?;
            if !certificate.remains.contains(&letter) {
                certificate.remains.push(letter);
            }
        }
        for (table, sql) in ADDRESS {
            let n = db.execute(sql, params![address, EVER])?;
            count(&mut certificate, table, n);
        }
    }
    if certificate.appeals.is_empty() && certificate.destroyed.is_empty() && certificate.remains.is_empty() {
        return Err(ForgetError::Unknown);
    }
    Ok(certificate)
}

fn forget_appeal(db: &Connection, certificate: &mut Certificate, number: i64) -> rusqlite::Result<()> {
    take_lists_back(db, number)?;
    for statements in [&WORDS[..], &PEOPLE[..], &TRACES[..]] {
        run(db, certificate, statements, number)?;
    }
    Ok(())
}

/// The moment up to which a stage is done.
fn reached(db: &Connection, key: &str) -> rusqlite::Result<i64> {
    db.query_row("SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?1), 0)", [key], |r| r.get(0))
}

fn reach(db: &Connection, key: &str, value: i64) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")?
        .execute(params![key, value.to_string()])?;
    Ok(())
}

/// Appeals closed between where the stage stands and the cut, oldest first. One that is opened and closed again is closed later, so it comes again.
fn stage(db: &Connection, key: &str, cut: DateTime<Utc>, statements: &[&[(&'static str, &str)]]) -> rusqlite::Result<usize> {
    let from = reached(db, key)?;
    let mut found = db.prepare_cached("SELECT number, closed FROM appeal WHERE closed > ?1 AND closed <= ?2 ORDER BY closed LIMIT ?3")?;
    let old: Vec<(i64, i64)> = found.query_map(params![from, cut.timestamp(), PORTION], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
    let Some((_, last)) = old.last().copied() else { return Ok(0) };
    // All of one second go together, or the next look would leave the rest of it out.
    let mut same = db.prepare_cached("SELECT number FROM appeal WHERE closed = ?1")?;
    let rest: Vec<i64> = same.query_map([last], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut numbers: Vec<i64> = old.into_iter().map(|(n, _)| n).chain(rest).collect();
    numbers.sort_unstable();
    numbers.dedup();
    for number in &numbers {
        for part in statements {
            run(db, &mut Certificate::default(), part, *number)?;
        }
    }
    reach(db, key, last)?;
    Ok(numbers.len())
}

/// Letters that opened nothing, and letters of ours about no appeal. What came to an appeal after its people had gone (a "thank you" in an old thread, a
/// returned letter) goes with them: all that the appeal has got since is taken out once more.
fn loose(db: &Connection, cut: Cut) -> rusqlite::Result<usize> {
    let mut done = 0;
    let parts = [
        (
            "retired_letter",
            "SELECT l.id, a.number FROM letter AS l LEFT JOIN appeal AS a ON a.number = l.appeal AND a.closed <= ?4 \
             WHERE l.id > ?1 AND l.seen_at <= ?2 AND l.state <> 'waiting' ORDER BY l.id LIMIT ?3",
            "UPDATE letter SET sender = NULL, subject = NULL, text = NULL, raw = NULL WHERE id = ?1 AND appeal IS NULL",
        ),
        (
            "retired_posting",
            "SELECT p.id, a.number FROM posting AS p LEFT JOIN appeal AS a ON a.number = p.appeal AND a.closed <= ?4 \
             WHERE p.id > ?1 AND p.created_at <= ?2 AND p.status NOT IN ('queued', 'sending', 'unknown') ORDER BY p.id LIMIT ?3",
            "UPDATE posting SET raw = NULL, shell = NULL, last_text = NULL, recipient = iif(audience = 'staff' AND shadow_of IS NULL, recipient, ''), \
             subject = iif(shadow_of IS NULL, subject, ''), shadow_of = NULL WHERE id = ?1 AND appeal IS NULL",
        ),
    ];
    for (key, select, update) in parts {
        let from = reached(db, key)?;
        let words = params![from, cut.words.timestamp(), PORTION, cut.people.timestamp()];
        let rows: Vec<(i64, Option<i64>)> = db.prepare_cached(select)?.query_map(words, |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut late: Vec<i64> = rows.iter().filter_map(|(_, appeal)| *appeal).collect();
        late.sort_unstable();
        late.dedup();
        for number in late {
            for statements in [&WORDS[..], &PEOPLE[..]] {
                run(db, &mut Certificate::default(), statements, number)?;
            }
        }
        for (id, _) in &rows {
            db.prepare_cached(update)?.execute([id])?;
        }
        if let Some((last, _)) = rows.last() {
            reach(db, key, *last)?;
        }
        done += rows.len();
    }
    Ok(done)
}

/// Announcements that ended: their families and files; how many there were and what they answered stays.
fn announcements(db: &Connection, cut: DateTime<Utc>) -> rusqlite::Result<usize> {
    let over = "SELECT id FROM announcement WHERE previewed <= ?1 AND stage IN ('closed', 'dropped', 'lapsed', 'cancelled')";
    let files = db.prepare_cached(&format!("DELETE FROM announcement_file WHERE announcement IN ({over})"))?.execute([cut.timestamp()])?;
    let people = db
        .prepare_cached(&format!("UPDATE addressee SET name = NULL, email = '', question = NULL WHERE email <> '' AND announcement IN ({over})"))?
        .execute([cut.timestamp()])?;
    let asked = db.prepare_cached("DELETE FROM contact_learned WHERE confirmed IS NULL AND asked <= ?1")?.execute([cut.timestamp()])?;
    Ok(files + people + asked)
}
