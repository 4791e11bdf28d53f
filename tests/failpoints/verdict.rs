//! What came out of a scenario, and what must be the same whether the program died on the way or not (the invariants I1-I9 of a mail daemon).
//!
//! Not here: how it was lived (`world`).

use crate::world::Lived;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A posting's row.
#[derive(Clone, PartialEq, Eq)]
struct Row {
    key: String,
    to: String,
    status: String,
    /// The outcome was not known once, and the letter was said again.
    repeated: bool,
    staff: bool,
    text: String,
    /// What proves that it left.
    evidence: String,
}

/// Whom a letter went to, and the bytes of each copy.
type Copies = (String, Vec<Arc<[u8]>>);

/// What came out.
pub struct End {
    appeals: BTreeSet<String>,
    consultations: BTreeSet<String>,
    letters: BTreeSet<String>,
    postings: BTreeMap<String, Row>,
    /// By Message-ID.
    accepted: BTreeMap<String, Copies>,
    /// Copies in Sent, by Message-ID.
    copies: BTreeMap<String, usize>,
    broken: Vec<String>,
}

/// The Message-ID of a letter, without reading the rest.
fn message_id(raw: &[u8]) -> String {
    let head = raw.windows(4).position(|w| w == b"\r\n\r\n").map_or(raw, |n| &raw[..n]);
    let head = String::from_utf8_lossy(head);
    let line = head.split("\r\n").find_map(|l| l.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("message-id")).map(|(_, v)| v));
    line.unwrap_or_default().trim().trim_matches(['<', '>']).to_owned()
}

fn rows(db: &Connection, sql: &str) -> BTreeSet<String> {
    let mut found = db.prepare(sql).unwrap();
    found.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}

impl End {
    pub fn of(lived: &Lived) -> End {
        let db = Connection::open(&lived.path).unwrap();
        let mut found = db
            .prepare("SELECT message_id, key, recipient, status, repeated, audience = 'staff', coalesce(last_text, ''), coalesce(evidence, '') FROM posting")
            .unwrap();
        let postings: BTreeMap<String, Row> = found
            .query_map([], |r| {
                let row = Row { key: r.get(1)?, to: r.get(2)?, status: r.get(3)?, repeated: r.get(4)?, staff: r.get(5)?, text: r.get(6)?, evidence: r.get(7)? };
                Ok((r.get(0)?, row))
            })
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut broken = Vec::new();
        // I8: nobody is in two places at once.
        let twice = "SELECT a.specialist || ' ' || a.starts FROM consultation a JOIN consultation b ON a.specialist = b.specialist AND a.rowid < b.rowid \
                     AND a.stage <> 'cancelled' AND b.stage <> 'cancelled' AND a.starts < b.ends AND b.starts < a.ends";
        broken.extend(rows(&db, twice).into_iter().map(|who| format!("I8: two at one time: {who}")));
        let sound: String = db.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
        if sound != "ok" {
            broken.push(format!("the database is damaged: {sound}"));
        }
        let mut accepted: BTreeMap<String, Copies> = BTreeMap::new();
        let mut copies: BTreeMap<String, usize> = BTreeMap::new();
        lived.servers.with(|servers| {
            for letter in &servers.accepted {
                accepted.entry(message_id(&letter.raw)).or_insert_with(|| (letter.to.clone(), Vec::new())).1.push(Arc::clone(&letter.raw));
            }
            for letter in servers.folders.iter().filter(|(_, f)| f.role == Some("\\Sent")).flat_map(|(_, f)| &f.letters) {
                *copies.entry(message_id(&letter.raw)).or_default() += 1;
            }
            broken.extend(servers.destructive.iter().map(|c| format!("I3: {c}")));
            broken.extend(servers.illegal.iter().map(|c| format!("not the protocol: {c}")));
            // I1: each letter has one row, and is settled.
            let inbox = servers.folders.get("INBOX").map_or(0, |f| f.letters.len());
            let known: i64 = db.query_row("SELECT count(DISTINCT uid) FROM letter WHERE folder = 'INBOX' AND state <> 'waiting'", [], |r| r.get(0)).unwrap();
            if usize::try_from(known).ok() != Some(inbox) {
                broken.push(format!("I1: {inbox} letters came, {known} are settled"));
            }
        });
        End {
            appeals: rows(
                &db,
                "SELECT number || ' ' || state || ' ' || category || ' ' || coalesce(assignee, '-') || ' ' || coalesce(email, '-') || ' ' || cause || ' ' || received \
                 || ' ' || due_literal || ' ' || length(text) || ' ' || coalesce(closed, 0) FROM appeal",
            ),
            consultations: rows(
                &db,
                "SELECT appeal || ' ' || ordinal || ' ' || specialist || ' ' || starts || ' ' || stage || ' ' || staff_partstat || ' ' || staff_sequence || ' ' \
                 || coalesce(author_partstat, '-') || ' ' || coalesce(author_sequence, -1) FROM consultation",
            ),
            letters: rows(
                &db,
                "SELECT folder || ' ' || uid || ' ' || state || ' ' || coalesce(outcome, '-') || ' ' || coalesce(appeal, 0) FROM letter WHERE folder = 'INBOX'",
            ),
            postings,
            accepted,
            copies,
            broken,
        }
    }

    /// Letters accepted.
    pub fn accepted(&self) -> usize {
        self.accepted.values().map(|(_, copies)| copies.len()).sum()
    }

    /// Outcomes that nobody could know.
    pub fn unknown(&self) -> usize {
        self.postings.values().filter(|r| r.repeated || doubtful(r)).count()
    }

    /// Letters that their readers have twice.
    pub fn repeated(&self) -> usize {
        self.accepted.values().filter(|(_, copies)| copies.len() > 1).count()
    }

    /// What is wrong with an undisturbed life.
    pub fn wrong_by_itself(&self) -> Vec<String> {
        let mut wrong = self.broken.clone();
        for (id, (to, copies)) in &self.accepted {
            let Some(row) = self.postings.get(id) else {
                wrong.push(format!("I5: a letter that nobody decided: {id} to {to}"));
                continue;
            };
            if copies.len() > 1 + usize::from(row.repeated) {
                wrong.push(format!("I5: {} to {to} {} times", row.key, copies.len()));
            }
            if copies.windows(2).any(|pair| pair[0] != pair[1]) {
                wrong.push(format!("I6: {} to {to} with other bytes", row.key));
            }
        }
        // Records and marks are laid into Sent and never sent.
        for (id, row) in
            self.postings.iter().filter(|(_, r)| r.status == "sent" && !["record/", "takeover/"].iter().any(|k| r.key.starts_with(k)) && !believed(r))
        {
            if !self.accepted.contains_key(id) {
                wrong.push(format!("I5: {} to {} is sent and never came", row.key, row.to));
            }
        }
        // A tombstone is no letter: that it lies there twice says the same twice.
        let twice = self.copies.iter().filter(|(id, n)| **n > 1 && self.postings.contains_key(*id));
        wrong.extend(twice.map(|(id, n)| format!("{n} copies of {id} in Sent")));
        wrong
    }

    /// What a crashed life must have in common with the undisturbed one; each difference in a sentence.
    pub fn against(&self, calm: &End) -> Vec<String> {
        let mut wrong = self.wrong_by_itself();
        let mut same = |what: &str, mine: &BTreeSet<String>, theirs: &BTreeSet<String>| {
            wrong.extend(theirs.difference(mine).take(3).map(|row| format!("{what}: missing {row}")));
            wrong.extend(mine.difference(theirs).take(3).map(|row| format!("{what}: only after the crash {row}")));
        };
        same("appeals", &self.appeals, &calm.appeals);
        same("consultations", &self.consultations, &calm.consultations);
        same("letters", &self.letters, &calm.letters);
        // A letter of unknown outcome that must not be said again is told to a person: then staff have letters more.
        let doubted = self.postings.values().any(doubtful);
        for (id, (to, _)) in &calm.accepted {
            let row = self.postings.get(id);
            let key = calm.postings.get(id).map_or("?", |r| r.key.as_str());
            // An author has one call at a time: where a person must call already, a bounce adds none.
            let called = doubted && key.starts_with("undelivered/");
            if !self.accepted.contains_key(id) && !called && !row.is_some_and(|r| doubtful(r) || believed(r)) {
                wrong.push(format!("a letter less: {key} to {to}, now {}", row.map_or("without a row", |r| r.status.as_str())));
            }
        }
        for (id, (to, _)) in &self.accepted {
            let row = self.postings.get(id);
            let excused = doubted && row.is_some_and(|r| r.staff);
            if !calm.accepted.contains_key(id) && !excused {
                wrong.push(format!("a letter more: {} to {to}", row.map_or("?", |r| r.key.as_str())));
            }
        }
        wrong
    }
}

/// Given up because nobody knows whether it left, and never to be said twice. Of somebody who was forgotten not even the reason is kept.
fn doubtful(row: &Row) -> bool {
    row.status == "expired" && ["", "the program ended while the letter was being sent"].contains(&row.text.as_str()) || row.status == "unknown"
}

/// The people of the story answer a letter that, after this death, never came to them: their answer is taken for the proof that it did.
fn believed(row: &Row) -> bool {
    matches!(row.evidence.as_str(), "reply" | "dsn")
}
