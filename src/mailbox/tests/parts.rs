//! The gate and the mender, batches, the script.

use super::letters_lost::{entry, got};
use crate::mailbox::wire::{DIED, Fault, Wire, cut};
use crate::mailbox::{Imap, Mailbox, MailboxError, Script, letters, mend, session};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[test]
fn lines_are_mended_and_good_ones_left_alone() {
    let cases = [
        ("* 1 FETCH (UID 4 BODY[] {5}", "* 1 FETCH (UID 4 BODY[] {5}"),
        ("* 1 FETCH (UID 4 BODY[]  {5}", "* 1 FETCH (UID 4 BODY[] {5}"),
        ("* 1 FETCH (UID 4 BODY[])", "* 1 FETCH (UID 4 BODY[] NIL)"),
        ("* 1 FETCH (UID 4 BODY[] )", "* 1 FETCH (UID 4 BODY[] NIL)"),
        ("* 1 FETCH (BODY[]<0> UID 4)", "* 1 FETCH (BODY[]<0> NIL UID 4)"),
        ("* 1 FETCH (UID 4 BODY[] \"a  b INTERNALDATE NIL\")", "* 1 FETCH (UID 4 BODY[] \"a  b INTERNALDATE NIL\")"),
        ("* 1 FETCH (UID 4 INTERNALDATE NIL RFC822.SIZE 1e+3)", "* 1 FETCH (UID 4 INTERNALDATE \"\" RFC822.SIZE 0)"),
        ("* 1 FETCH (RFC822.SIZE -1 UID 4)", "* 1 FETCH (RFC822.SIZE 0 UID 4)"),
    ];
    for (line, mended) in cases {
        let mut out = Vec::new();
        assert!(mend::fetch(line.as_bytes(), &mut out), "{line} names a UID");
        assert_eq!(String::from_utf8(out).unwrap(), mended);
    }
    assert!(!mend::fetch(b"* 1 FETCH (FLAGS (\\Seen))", &mut Vec::new()));
    for (line, bytes) in
        [("x {5}", Some(5)), ("x {5+}", Some(5)), ("x ~{5}", Some(5)), ("x {}", None), ("x 5}", None), ("{99999999999999999999}", Some(u64::MAX))]
    {
        assert_eq!(mend::announced(line.as_bytes()), bytes, "{line}");
    }
    assert_eq!(cut(&"я".repeat(300), 200).chars().count(), 200);
    assert_eq!(cut("a\r\nb", 200), "ab");
}

/// The commands of a batch as a server hears them.
async fn commands(entries: &[crate::mailbox::Entry], limit: u64) -> Vec<String> {
    let (ours, mut theirs) = tokio::io::duplex(1 << 16);
    let chunks = letters::chunks(entries, limit, false);
    let answers: String = (1..=chunks.len()).map(|n| format!("o{n} OK\r\n")).collect();
    theirs.write_all(answers.as_bytes()).await.unwrap();
    let mut wire = Wire::new(Box::new(ours));
    letters::fetch(&mut wire, &chunks, limit, &mut BTreeMap::new()).await.unwrap();
    drop(wire);
    let mut heard = String::new();
    theirs.read_to_string(&mut heard).await.unwrap();
    heard.lines().filter_map(|l| l.split_once(' ')).map(|(_, command)| command.to_owned()).collect()
}

#[tokio::test]
async fn letters_are_fetched_in_batches_by_number_and_by_size() {
    let small: Vec<_> = (1..=150).filter(|n| *n != 7).map(|n| entry(n, 1000)).collect();
    assert_eq!(commands(&small, 1 << 20).await, ["UID FETCH 1:6,8:101 (UID BODY.PEEK[])", "UID FETCH 102:150 (UID BODY.PEEK[])"]);
    let large: Vec<_> = [entry(3, 5 << 20), entry(1, 5 << 20), entry(2, 1 << 20), entry(4, 0), entry(5, 30 << 20)].into();
    assert_eq!(
        commands(&large, 25 << 20).await,
        [
            "UID FETCH 1:2 (UID BODY.PEEK[])",
            "UID FETCH 3 (UID BODY.PEEK[])",
            "UID FETCH 4 (UID BODY.PEEK[]<0.26214401>)",
            "UID FETCH 5 (UID BODY.PEEK[]<0.26214401>)"
        ]
    );
}

#[tokio::test]
async fn a_script_goes_on_where_it_was_told_to() {
    let mut script = Script::new();
    let day = |n: u32| entry(n, 0).internal_date;
    script.start_after("INBOX", 41);
    assert_eq!(script.deliver("INBOX", day(1), b"a".to_vec()), 42);
    assert_eq!(script.deliver("Sent", day(1), b"b".to_vec()), 1);
    script.start_after("INBOX", 10);
    assert_eq!(script.deliver("INBOX", day(2), b"cd".to_vec()), 43, "never back");
    script.failures.push(MailboxError::Transient("once".into()));
    let mut mailbox = Mailbox::Script(script);
    assert!(mailbox.examine("INBOX").await.is_err());
    let examined = mailbox.examine("INBOX").await.unwrap();
    assert_eq!((examined.exists, examined.uid_next), (2, Some(44)));
    let entries = mailbox.scan(42).await.unwrap();
    assert_eq!(mailbox.fetch(&entries, 100).await.unwrap(), [got(43, "cd")]);
}

/// The daemon spawns what holds a mailbox.
#[test]
fn a_mailbox_travels_between_threads() {
    fn travels<T: Send>(_: &T) {}
    let server = crate::settings::Server {
        host: "localhost".into(),
        port: 1,
        tls: crate::settings::ServerTls::None,
        user: String::new(),
        password: String::new(),
        ca_file: None,
    };
    let mut mailbox = Mailbox::Imap(Box::new(Imap::new(server)));
    travels(&mailbox);
    travels(&async { mailbox.fetch(&[], 1).await });
    travels(&async { mailbox.wait(std::time::Duration::ZERO).await });
}

/// What a hostile server may say: lines of the language with anything in them, and any bytes.
fn words() -> impl Strategy<Value = Vec<u8>> {
    let begin = prop::sample::select(vec![
        "* 1 FETCH (UID 4 ",
        "* 2 FETCH (",
        "* OK [",
        "* OK ",
        "* NO [ALERT]",
        "* LIST (",
        "* CAPABILITY ",
        "* 12 ",
        "+ ",
        "o1 OK [",
        "o1 OK done\r\n",
        "o2 OK\r\n",
        "o3 OK\r\n",
        "* XYZ ",
        "",
    ]);
    let middle = prop::sample::select(vec![
        "INTERNALDATE ",
        "NIL",
        "RFC822.SIZE ",
        "1e5",
        "BODY[] ",
        "BODY[]<0> ",
        "{3}\r\n",
        "{9}\r\n",
        "~{2}\r\n",
        "abc",
        "FLAGS ",
        "(",
        ")",
        "\"",
        "\\",
        " ",
        "  ",
        "Ж",
        "ALERT]",
        "UIDVALIDITY 7] ",
        "CAPABILITY IMAP4rev1]",
        "CAPABILITY]",
        "BODYSTRUCTURE ",
        "ENVELOPE ",
        "MODSEQ (5) ",
        "UID 4 ",
        "EXISTS",
        "X-GM-LABELS ",
        "EMAILID ",
        "THREADID ",
        "\n",
        "\r",
        "INBOX",
        "\\Sent",
    ]);
    let middle = prop_oneof![8 => middle.prop_map(|s| s.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..6)];
    let end = prop::sample::select(vec!["\r\n", ")\r\n", ")\r\n", "\n", ""]);
    let line = (begin, prop::collection::vec(middle, 0..6), end).prop_map(|(begin, middle, end)| [begin.as_bytes(), &middle.concat(), end.as_bytes()].concat());
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    /// No panic, no waiting, whatever is said; and a letter is never made of anything but its literal.
    #[test]
    fn no_words_of_a_server_break_us(bytes in words(), piece in 1_usize..40) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let (ours, theirs) = tokio::io::duplex(piece);
            let (mut hears, mut says) = tokio::io::split(theirs);
            let talk = async {
                let says = async {
                    let _ = says.write_all(&bytes).await;
                    let _ = says.shutdown().await;
                };
                let mut sink = tokio::io::sink();
                let _ = tokio::join!(says, tokio::io::copy(&mut hears, &mut sink));
            };
            let ours = async {
                let mut wire = Wire::new(Box::new(ours));
                let mut got = BTreeMap::new();
                let faults = [
                    session::examine(&mut wire, "INBOX").await.err(),
                    letters::scan(&mut wire, 0).await.err(),
                    letters::fetch(&mut wire, &letters::chunks(&[entry(4, 3)], 9, false), 9, &mut got).await.err(),
                ];
                (got, faults)
            };
            let (got, faults) = tokio::select! { done = ours => done, () = talk => Default::default() };
            prop_assert!(!faults.iter().flatten().any(|fault| matches!(fault, Fault::Odd(why) if why == DIED)));
            prop_assert!(got.values().all(|l| l.bytes.as_ref().is_none_or(|b| b.len() <= 9)));
            Ok(())
        })?;
    }
}
