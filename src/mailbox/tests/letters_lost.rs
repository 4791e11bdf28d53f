//! A failure is never an empty success: refusals, cut connections, answers that belong to something else.

use super::fake::{Act, CLOSE, Fake, act, after_login, examine};
use crate::mailbox::wire::{Fault, Wire};
use crate::mailbox::{Entry, Fetched, MailboxError, letters, session};
use chrono::DateTime;
use std::collections::BTreeMap;
use tokio::io::AsyncWriteExt;

pub fn entry(uid: u32, size: u64) -> Entry {
    Entry { uid, internal_date: DateTime::from_timestamp(1_795_000_000, 0).unwrap(), size }
}

pub fn got(uid: u32, bytes: &str) -> Fetched {
    Fetched { uid, bytes: Some(bytes.as_bytes().to_vec()), cut: false }
}

pub const SCANNED: &str = concat!(
    "* 1 FETCH (UID 4 INTERNALDATE \"25-Nov-2026 12:00:00 +0300\" RFC822.SIZE 5)\r\n",
    "* 2 FETCH (UID 5 INTERNALDATE \"25-Nov-2026 12:00:01 +0300\" RFC822.SIZE 6)\r\n"
);

fn scan_acts(answer: &str) -> Vec<Act> {
    vec![examine(), act("NOOP", "{t} OK\r\n"), act("UID FETCH 1:*", answer)]
}

fn transient<T: std::fmt::Debug>(done: Result<T, MailboxError>) -> String {
    match done {
        Err(MailboxError::Transient(text)) => text,
        other => panic!("expected to try again later, got {other:?}"),
    }
}

/// I1, I3: NO, BAD, an answer to another command, a lost connection: an error each time, and the next call starts on a new connection.
#[tokio::test]
async fn every_failure_of_a_scan_is_an_error_and_the_next_call_is_served() {
    for bad in ["{t} NO [SERVERBUG] later\r\n", "{t} BAD what\r\n", "o99 OK done\r\n", "* BYE enough\r\n", CLOSE] {
        let good = scan_acts(&format!("{SCANNED}{{t}} OK\r\n"));
        let fake = Fake::start(vec![after_login(scan_acts(&format!("{SCANNED}{bad}"))), after_login(good)]).await;
        let mut mailbox = fake.mailbox();
        mailbox.examine("INBOX").await.unwrap();
        transient(mailbox.scan(0).await);
        let entries = mailbox.scan(0).await.unwrap();
        assert_eq!(entries.iter().map(|e| (e.uid, e.size)).collect::<Vec<_>>(), [(4, 5), (5, 6)], "after {bad}");
        assert_eq!(entries[0].internal_date.to_rfc3339(), "2026-11-25T09:00:00+00:00");
        assert!(!fake.heard().iter().any(|line| line.contains("UNEXPECTED")), "{:?}", fake.heard());
    }
}

#[tokio::test]
async fn a_refused_fetch_and_a_refused_list_are_errors() {
    let fake = Fake::start(vec![
        after_login(vec![examine(), act("UID FETCH 4 (UID BODY.PEEK[])", "{t} NO not now\r\n")]),
        after_login(vec![act("LIST", "{t} BAD no\r\n")]),
        after_login(vec![act("LIST", "{t} NO no\r\n")]),
    ])
    .await;
    let mut mailbox = fake.mailbox();
    mailbox.examine("INBOX").await.unwrap();
    assert!(transient(mailbox.fetch(&[entry(4, 5)], 100).await).contains("not now"));
    transient(mailbox.folders().await);
    transient(mailbox.folders().await);
}

/// I2: the canonical conversation, cut after every single byte: never a success before the last one.
#[tokio::test]
async fn a_conversation_cut_at_any_byte_is_an_error() {
    let words = format!(
        "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\no1 OK [READ-ONLY] done\r\no2 OK\r\n{SCANNED}o3 OK\r\n\
         * 1 FETCH (UID 4 BODY[] {{5}}\r\nabcde)\r\n* 2 FETCH (BODY[] {{6}}\r\nfghijk UID 5)\r\no4 OK\r\n"
    );
    for cut in 0..=words.len() {
        let (ours, mut theirs) = tokio::io::duplex(1 << 16);
        theirs.write_all(&words.as_bytes()[..cut]).await.unwrap();
        theirs.shutdown().await.unwrap();
        let mut wire = Wire::new(Box::new(ours));
        let mut got_letters = BTreeMap::new();
        let whole = async {
            session::examine(&mut wire, "INBOX").await?;
            let entries = letters::scan(&mut wire, 0).await?;
            letters::fetch(&mut wire, &letters::chunks(&entries, 100, false), 100, &mut got_letters).await?;
            Ok::<_, Fault>(())
        };
        let done = whole.await;
        assert_eq!(done.is_ok(), cut == words.len(), "cut at {cut}: {done:?}");
        for letter in got_letters.values() {
            assert!([got(4, "abcde"), got(5, "fghijk")].contains(letter), "cut at {cut}: a letter in pieces: {letter:?}");
        }
    }
}

/// I2: what an end of the connection looks like in the library: a folder with no letters and no UIDVALIDITY.
#[tokio::test]
async fn a_folder_without_uidvalidity_is_an_error() {
    let fake = Fake::start(vec![after_login(vec![act("EXAMINE", "* 0 EXISTS\r\n{t} OK done\r\n")])]).await;
    assert!(transient(fake.mailbox().examine("INBOX").await).contains("UIDVALIDITY"));
}

/// I9: a mere warning does not stop the opening.
#[tokio::test]
async fn a_warning_while_opening_is_only_a_warning() {
    let warned = act("EXAMINE", "* NO Disk 98% full\r\n* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n{t} OK [READ-ONLY]\r\n");
    let fake = Fake::start(vec![after_login(vec![warned])]).await;
    let examined = fake.mailbox().examine("INBOX").await.unwrap();
    assert_eq!((examined.uid_validity, examined.exists, examined.uid_next), (7, 3, None));
}

/// I7 and RFC 3501 §6.4.8: flags that nobody asked for, and the newest letter that `n:*` always gives.
#[tokio::test]
async fn what_nobody_asked_for_is_no_letter() {
    let stray = "* 2 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (UID 77 FLAGS ())\r\n* 3 FETCH (UID 77 BODY[] {1}\r\nz)\r\n* 5 EXISTS\r\n";
    let fetched = format!("{stray}* 1 FETCH (UID 4 BODY[] {{5}}\r\nabcde)\r\n* 1 FETCH (UID 4 FLAGS (\\Seen))\r\n{{t}} OK\r\n");
    let old = "* 3 FETCH (UID 8 INTERNALDATE \"25-Nov-2026 12:00:00 +0300\" RFC822.SIZE 5)\r\n{t} OK\r\n";
    let fake =
        Fake::start(vec![after_login(vec![examine(), act("NOOP", "{t} OK\r\n"), act("UID FETCH 9:*", old), act("UID FETCH 4:5 (UID BODY.PEEK[])", &fetched)])])
            .await;
    let mut mailbox = fake.mailbox();
    mailbox.examine("INBOX").await.unwrap();
    assert_eq!(mailbox.scan(8).await.unwrap(), []);
    let letters = mailbox.fetch(&[entry(5, 6), entry(4, 5)], 100).await.unwrap();
    assert_eq!(letters, [got(4, "abcde"), Fetched { uid: 5, bytes: None, cut: false }]);
}

/// I8: a fetch given up half-way leaves nothing behind for the next.
#[tokio::test]
async fn a_dropped_fetch_takes_its_connection_along() {
    let half = "* 1 FETCH (UID 4 BODY[] {5}\r\nabcde)\r\n* 2 FETCH (UID 5 BODY[] {6}\r\nfgh";
    let fake = Fake::start(vec![
        after_login(vec![examine(), act("UID FETCH 4:5", half)]),
        after_login(vec![examine(), act("UID FETCH 4 ", "* 1 FETCH (UID 4 BODY[] {5}\r\nabcde)\r\n{t} OK\r\n")]),
    ])
    .await;
    let mut mailbox = fake.mailbox();
    mailbox.examine("INBOX").await.unwrap();
    let both = [entry(4, 5), entry(5, 6)];
    let heard_all = async {
        while !fake.heard().iter().any(|line| line.contains("UID FETCH 4:5")) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        done = mailbox.fetch(&both, 100) => panic!("a half answer was taken: {done:?}"),
        () = heard_all => {}
    }
    assert_eq!(mailbox.fetch(&[entry(4, 5)], 100).await.unwrap(), [got(4, "abcde")]);
}

/// P14: the numbers of a folder numbered anew are never mixed with the old ones.
#[tokio::test]
async fn a_folder_numbered_anew_must_be_opened_anew() {
    let renumbered = || act("EXAMINE", "* 3 EXISTS\r\n* OK [UIDVALIDITY 8] ok\r\n{t} OK\r\n");
    let fake = Fake::start(vec![
        after_login(scan_acts(CLOSE)),
        after_login(vec![renumbered()]),
        after_login(vec![renumbered(), act("NOOP", "{t} OK\r\n"), act("UID FETCH 1:*", &format!("{SCANNED}{{t}} OK\r\n"))]),
    ])
    .await;
    let mut mailbox = fake.mailbox();
    assert_eq!(mailbox.examine("INBOX").await.unwrap().uid_validity, 7);
    transient(mailbox.scan(0).await);
    assert!(transient(mailbox.scan(0).await).contains("numbered anew"));
    assert!(transient(mailbox.scan(0).await).contains("no folder is open"));
    assert_eq!(mailbox.examine("INBOX").await.unwrap().uid_validity, 8);
    assert_eq!(mailbox.scan(0).await.unwrap().len(), 2);
}

/// A letter whose answer is no IMAP stops the batch once and itself for good, never the others.
#[tokio::test]
async fn one_poisoned_letter_does_not_stop_the_rest() {
    let four = || act("UID FETCH 4 (UID BODY.PEEK[]<0.101>)", "* 1 FETCH (UID 4 BODY[]<0> {5}\r\nabcde)\r\n{t} OK\r\n");
    let broken = || act("UID FETCH 5 ", "* 2 FETCH (UID 5 BODY[]<0> *Тайна*)\r\n{t} OK\r\n");
    let six = || act("UID FETCH 6 ", "* 3 FETCH (UID 6 BODY[]<0> {3}\r\nxyz)\r\n{t} OK\r\n");
    let fake = Fake::start(vec![
        after_login(vec![examine(), act("UID FETCH 4:6", "* 1 FETCH (UID 4 BODY[] {5}\r\nabcde)\r\n* 2 FETCH (UID 5 BODY[] *Тайна*)\r\n{t} OK\r\n")]),
        after_login(vec![examine(), four(), broken()]),
        after_login(vec![examine(), four(), broken()]),
        after_login(vec![examine(), four(), broken()]),
        after_login(vec![examine(), six(), act("UID FETCH 7 (UID BODY.PEEK[])", "* 4 FETCH (UID 7 BODY[] {1}\r\nz)\r\n{t} OK\r\n")]),
    ])
    .await;
    let mut mailbox = fake.mailbox();
    mailbox.examine("INBOX").await.unwrap();
    let wanted = [entry(4, 5), entry(5, 5), entry(6, 3)];
    for _ in 0..3 {
        let text = transient(mailbox.fetch(&wanted, 100).await);
        assert!(!text.contains("Тайна") && text.chars().count() <= 200, "{text}");
    }
    let letters = mailbox.fetch(&wanted, 100).await.unwrap();
    assert_eq!(letters, [got(4, "abcde"), Fetched { uid: 5, bytes: None, cut: false }, got(6, "xyz")]);
    assert_eq!(mailbox.fetch(&[entry(7, 1)], 100).await.unwrap(), [got(7, "z")], "and the folder is trusted again");
}
