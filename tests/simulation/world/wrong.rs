//! Deliberate wrongs: a world in which one thing is broken on purpose must be found out by the invariant that is there for it.

use super::life::World;
use super::truth::Nature;
use crate::servers::{Accepted, Wire};
use std::sync::Arc;
use tokio::io::AsyncWriteExt as _;

/// What is done, once, as soon as there is something to do it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The row of a family's letter is taken out of the journal, and nothing remembers it.
    LetterForgotten,
    /// A letter that left is queued once more.
    SentTwice,
    /// The mailbox hears STORE.
    Flagged,
    /// Two consultations of one person at one time.
    BookedTwice,
    /// An appeal counts from another moment.
    OtherMoment,
    /// A letter leaves without a row that says so.
    NoIntent,
    /// Other bytes under a known Message-ID.
    OtherBytes,
    /// A family's letter goes to another family.
    Leak,
    /// The forger is written to.
    ForgerAnswered,
    /// A second receipt.
    ReceiptTwice,
    /// Somebody who wrote before the first start is written to.
    OldAnswered,
    /// A letter waits for ever.
    Stuck,
    /// One letter opens two appeals.
    OpenedTwice,
}

impl Wrong {
    /// All of them, with the invariant that must find each.
    pub const ALL: [(Wrong, &'static str); 13] = [
        (Wrong::LetterForgotten, "I1"),
        (Wrong::SentTwice, "I5"),
        (Wrong::Flagged, "I3"),
        (Wrong::BookedTwice, "I8"),
        (Wrong::OtherMoment, "I12"),
        (Wrong::NoIntent, "I4"),
        (Wrong::OtherBytes, "I6"),
        (Wrong::Leak, "I16"),
        (Wrong::ForgerAnswered, "I11"),
        (Wrong::ReceiptTwice, "I10"),
        (Wrong::OldAnswered, "I1"),
        (Wrong::Stuck, "I14"),
        (Wrong::OpenedTwice, "I7"),
    ];
}

impl Wrong {
    /// What a running program would mend by itself is done when it has stopped, just before the last look.
    pub fn at_the_end(self) -> bool {
        matches!(self, Wrong::Stuck | Wrong::LetterForgotten)
    }
}

/// Does it; false: there is nothing yet to do it to.
pub async fn does(world: &mut World, wrong: Wrong) -> bool {
    let receipt = world.memory.left.iter().find(|l| l.ours.kind == "receipt").map(|l| (l.to.clone(), l.raw.clone(), l.ours.message_id.clone()));
    let sql = |text: &str| world.eyes_write(text) > 0;
    match wrong {
        Wrong::LetterForgotten => {
            let Some(first) = world.oracle.letters.iter().find(|t| t.nature == Nature::First) else { return false };
            sql(&format!(
                "UPDATE letter SET content_hash = 'x', message_id = 'x', uid = uid + 100000 WHERE outcome = 'opened' AND content_hash = '{}'",
                first.hash
            ))
        }
        Wrong::SentTwice => sql("UPDATE posting SET status = 'queued' WHERE id = (SELECT min(id) FROM posting WHERE status = 'sent' AND kind = 'task')"),
        Wrong::BookedTwice => sql(
            "UPDATE consultation SET (specialist, starts, ends) = (SELECT specialist, starts, ends FROM consultation AS c WHERE c.stage IN ('proposed', 'invited') AND c.outcome IS NULL AND c.appeal <> consultation.appeal LIMIT 1) \
             WHERE rowid = (SELECT max(rowid) FROM consultation WHERE stage IN ('proposed', 'invited') AND outcome IS NULL) AND (SELECT count(DISTINCT appeal) FROM consultation WHERE stage IN ('proposed', 'invited') AND outcome IS NULL) > 1",
        ),
        Wrong::OtherMoment => sql("UPDATE appeal SET received = received + 3600 WHERE number = (SELECT min(number) FROM appeal)"),
        Wrong::Stuck => sql("UPDATE posting SET status = 'queued', next_at = 0 WHERE id = (SELECT min(id) FROM posting)"),
        Wrong::OpenedTwice => sql("INSERT INTO letter (folder, uid_validity, uid, internal_date, size, state, outcome, appeal, content_hash, seen_at) \
             SELECT folder, uid_validity + 1, uid, internal_date, size, state, outcome, appeal, content_hash, seen_at FROM letter WHERE outcome = 'opened' LIMIT 1"),
        Wrong::Flagged => {
            let mut pipe = world.servers.connect(Wire::Imap).unwrap();
            pipe.write_all(b"a1 LOGIN priemnaya@school.example secret\r\na2 SELECT INBOX\r\na3 STORE 1 +FLAGS (\\Deleted)\r\n").await.unwrap();
            true
        }
        Wrong::NoIntent | Wrong::OtherBytes | Wrong::Leak | Wrong::ForgerAnswered | Wrong::ReceiptTwice | Wrong::OldAnswered => {
            let Some((to, raw, id)) = receipt else { return false };
            let text = String::from_utf8_lossy(&raw).into_owned();
            let other = world.people.families.iter().find(|f| f.address != to).map_or_else(|| "nobody@mail.example".to_owned(), |f| f.address.clone());
            let canary = world.people.families.iter().find(|f| f.address == to).map(|f| f.child.clone()).unwrap_or_default();
            let leak = format!(
                "From: priemnaya@school.example\r\nTo: {other}\r\nSubject: x\r\nMessage-ID: <leak@school.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{canary}\r\n"
            );
            let (to, raw) = match wrong {
                Wrong::NoIntent => (to, text.replace(&id, "never@school.example").replace("kind=receipt", "kind=answer")),
                Wrong::OtherBytes => {
                    // The rule of copies is not what is tried here.
                    world.memory.recorded.remove(&id);
                    world.memory.copies.remove(&id);
                    (to, format!("{text}\r\nи ещё"))
                }
                Wrong::Leak => (other, leak),
                Wrong::ForgerAnswered => ("evil@evil.example".to_owned(), text.replace(&id, "never@school.example")),
                Wrong::ReceiptTwice => (to, text.replace(&id, "again@school.example")),
                _ => ("old0@past.example".to_owned(), text.replace(&id, "never@school.example")),
            };
            let at = world.now;
            world.servers.with(|s| {
                s.accepted.push(Accepted { number: 0, at, from: "priemnaya@school.example".into(), to, raw: Arc::from(raw.into_bytes()), told: true })
            });
            true
        }
    }
}
