//! `mailbox` against a real Dovecot: what a school's own server does with every call.

#[path = "wire/dovecot.rs"]
mod dovecot;

use chrono::{DateTime, Utc};
use dovecot::{Dovecot, PASSWORD, USER};
use otklik::mailbox::{Entry, Imap, Mailbox, MailboxError, Wake};
use otklik::settings::{Server, ServerTls};
use std::time::Duration;

fn server(dovecot: &Dovecot, tls: ServerTls) -> Server {
    let port = if tls == ServerTls::Implicit { dovecot.imaps } else { dovecot.imap };
    Server { host: "localhost".into(), port, tls, user: USER.into(), password: PASSWORD.into(), ca_file: Some(dovecot.ca_file.clone()) }
}

fn mailbox(server: Server) -> Mailbox {
    Mailbox::Imap(Box::new(Imap::new(server)))
}

fn letter(n: usize) -> Vec<u8> {
    format!("From: Мария <m{n}@parents.example>\r\nTo: {USER}\r\nSubject: letter {n}\r\n\r\nЗдравствуйте! {}\r\n", "Текст. ".repeat(n % 50)).into_bytes()
}

fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

#[tokio::test]
async fn letters_come_whole_over_every_kind_of_connection() {
    let Some(mut dovecot) = Dovecot::start() else { return };
    dovecot.deliver_many((0..250).map(letter));
    for tls in [ServerTls::Implicit, ServerTls::Starttls, ServerTls::None] {
        let mut mailbox = mailbox(server(&dovecot, tls));
        let examined = mailbox.examine("INBOX").await.unwrap();
        assert_eq!((examined.exists, examined.uid_next), (250, Some(251)), "{tls:?}");
        let entries = mailbox.scan(0).await.unwrap();
        assert_eq!(entries.len(), 250);
        let letters = mailbox.fetch(&entries, 1 << 20).await.unwrap();
        for (n, (entry, fetched)) in entries.iter().zip(&letters).enumerate() {
            assert_eq!(entry.internal_date, moment(1_795_000_000 + n as i64));
            assert_eq!(fetched.bytes.as_deref(), Some(letter(n).as_slice()), "{tls:?}, letter {n}");
            assert_eq!((entry.uid, fetched.uid, fetched.cut, entry.size), (n as u32 + 1, n as u32 + 1, false, letter(n).len() as u64));
        }
        assert_eq!(mailbox.scan(250).await.unwrap(), [], "`251:*` gives the newest letter, and it is not new");
        assert_eq!(mailbox.scan(248).await.unwrap().iter().map(|e| e.uid).collect::<Vec<_>>(), [249, 250]);
    }
    let files = dovecot.files("");
    assert_eq!(files.len(), 250);
    assert!(files.iter().all(|(name, _)| !name.contains('S')), "nothing was marked as read: {:?}", files.first());
}

#[tokio::test]
async fn a_large_letter_comes_in_part_and_a_missing_one_without_bytes() {
    let Some(mut dovecot) = Dovecot::start() else { return };
    let large = [letter(1), vec![b'x'; 3 << 20]].concat();
    dovecot.deliver(&large);
    let small = dovecot.deliver(&letter(2));
    dovecot.deliver(&letter(3));
    let mut mailbox = mailbox(server(&dovecot, ServerTls::Implicit));
    mailbox.examine("INBOX").await.unwrap();
    let mut entries = mailbox.scan(0).await.unwrap();
    assert!(entries[0].size > 3 << 20);
    entries.push(Entry { uid: 77, ..entries[0] });
    entries.push(Entry { uid: 78, size: 10, ..entries[0] });
    std::fs::remove_file(&small)
        .or_else(|_| std::fs::remove_file(dovecot.dir().join("mail/cur").join(small.file_name().unwrap()).with_extension("otklik:2,")))
        .unwrap();
    let letters = mailbox.fetch(&entries, 1 << 20).await;
    let letters = match letters {
        Ok(letters) => letters,
        // Dovecot answers NO for a letter that somebody took away under its hands, once.
        Err(_) => mailbox.fetch(&entries, 1 << 20).await.unwrap(),
    };
    let seen: Vec<_> = letters.iter().map(|l| (l.uid, l.bytes.as_ref().map(Vec::len), l.cut)).collect();
    assert_eq!(seen, [(1, Some(1 << 20), true), (2, None, false), (3, Some(letter(3).len()), false), (77, None, false), (78, None, false)]);
    assert_eq!(letters[0].bytes.as_deref(), large.get(..1 << 20));
    let whole = mailbox.fetch(&entries[..1], 100 << 20).await.unwrap();
    assert_eq!(whole[0].bytes.as_deref(), Some(large.as_slice()));
}

#[tokio::test]
async fn idle_wakes_for_a_letter_and_ends_in_time_without_one() {
    let Some(mut dovecot) = Dovecot::start() else { return };
    let mut mailbox = mailbox(server(&dovecot, ServerTls::Implicit));
    mailbox.examine("INBOX").await.unwrap();
    assert_eq!(mailbox.scan(0).await.unwrap(), []);
    assert_eq!(mailbox.wait(Duration::from_millis(50)).await.unwrap(), Wake::Timeout);
    let woken = tokio::join!(mailbox.wait(Duration::from_secs(60)), async { dovecot.deliver(&letter(1)) }).0;
    assert_eq!(woken.unwrap(), Wake::News);
    assert_eq!(mailbox.scan(0).await.unwrap().len(), 1);
    // The server cuts the connection: an error, and the next call has a new one.
    let cut = tokio::join!(mailbox.wait(Duration::from_secs(60)), async {
        tokio::task::yield_now().await;
        dovecot.kick();
    })
    .0;
    assert!(matches!(cut, Err(MailboxError::Transient(_)) | Ok(Wake::News)), "{cut:?}");
    assert_eq!(mailbox.scan(0).await.unwrap().len(), 1);
}

#[tokio::test]
async fn folders_are_found_and_copies_kept() {
    let Some(dovecot) = Dovecot::start() else { return };
    let mut imap = Imap::new(server(&dovecot, ServerTls::Implicit));
    let told = imap.describe().await.unwrap();
    assert!(told.idle && told.moves && told.special_use && told.exists == 0, "{told:?}");
    assert_eq!((told.folders.sent.as_deref(), told.folders.spam.as_deref()), (Some("Sent"), Some("Spam")));
    let mut mailbox = Mailbox::Imap(Box::new(imap));
    assert_eq!(mailbox.folders().await.unwrap(), told.folders);
    let copy = [letter(7), vec![b'y'; 200_000], b"\r\n".to_vec()].concat();
    mailbox.append("Sent", &copy, moment(1_795_000_123)).await.unwrap();
    mailbox.append("Sent", &letter(8), moment(1_795_000_124)).await.unwrap();
    mailbox.examine("Sent").await.unwrap();
    let entries = mailbox.scan(0).await.unwrap();
    assert_eq!(entries.iter().map(|e| e.internal_date).collect::<Vec<_>>(), [moment(1_795_000_123), moment(1_795_000_124)]);
    let letters = mailbox.fetch(&entries, 1 << 20).await.unwrap();
    assert_eq!((letters[0].bytes.as_deref(), letters[1].bytes.as_deref()), (Some(copy.as_slice()), Some(letter(8).as_slice())));
    assert!(dovecot.files("Sent").iter().all(|(name, _)| name.ends_with(",S")), "copies are read: {:?}", dovecot.files("Sent").first());
    let missing = mailbox.append("Отправленное", b"x\r\n", moment(1_795_000_125)).await;
    assert!(matches!(&missing, Err(MailboxError::Permanent(text)) if text.contains("TRYCREATE")), "{missing:?}");
    assert!(matches!(mailbox.examine("Нет такой").await, Err(MailboxError::Permanent(_))));
    assert_eq!(mailbox.examine("Spam").await.unwrap().exists, 0);
}

#[tokio::test]
async fn what_needs_a_person_says_so() {
    let Some(dovecot) = Dovecot::start() else { return };
    let good = server(&dovecot, ServerTls::Implicit);
    let cases = [
        (Server { password: "wrong".into(), ..good.clone() }, "password_file"),
        (Server { ca_file: None, ..good.clone() }, "ca_file"),
        (Server { host: "127.0.0.1".into(), ..good.clone() }, "another name"),
        (Server { port: dovecot.imap, ..good.clone() }, "starttls"),
        (Server { ca_file: Some("/nonexistent.pem".into()), ..good.clone() }, "cannot be read"),
    ];
    for (server, hint) in cases {
        let done = mailbox(server).examine("INBOX").await;
        assert!(matches!(&done, Err(MailboxError::Permanent(text)) if text.contains(hint) && !text.contains("wrong")), "{hint}: {done:?}");
    }
    let closed = mailbox(Server { port: 1, ..good }).examine("INBOX").await;
    assert!(matches!(closed, Err(MailboxError::Transient(_))), "{closed:?}");
}

/// By hand: `cargo test --release --test wire_imap -- --ignored --nocapture`, beside mbsync on the same mailbox.
#[tokio::test]
#[ignore = "a measurement"]
#[expect(clippy::disallowed_methods, reason = "a measurement takes time")]
async fn measure_two_thousand_letters_beside_mbsync() {
    use std::time::Instant;
    let Some(mut dovecot) = Dovecot::start() else { return };
    dovecot.deliver_many((0..2000).map(|n| [letter(n), b"Line of text, as letters have them.\r\n".repeat(60)].concat()));
    let config = dovecot.dir().join("mbsyncrc");
    for round in 1..=3 {
        let local = dovecot.dir().join(format!("local{round}"));
        std::fs::create_dir_all(&local).unwrap();
        let text = format!(
            "FSync no\n\nIMAPAccount s\nHost localhost\nPort {}\nUser {USER}\nPassCmd \"cat {}\"\nSSLType IMAPS\nCertificateFile {}\nAuthMechs PLAIN\n\n\
             IMAPStore far\nAccount s\n\nMaildirStore near\nPath {local}/\nInbox {local}/INBOX\n\n\
             Channel c\nFar :far:INBOX\nNear :near:INBOX\nCreate Near\nSyncState *\nSync Pull New\n",
            dovecot.imaps,
            dovecot.dir().join("password").display(),
            dovecot.ca_file.display(),
            local = local.display()
        );
        std::fs::write(dovecot.dir().join("password"), PASSWORD).unwrap();
        std::fs::write(&config, text).unwrap();
        let begin = Instant::now();
        let mut mailbox = mailbox(server(&dovecot, ServerTls::Implicit));
        mailbox.examine("INBOX").await.unwrap();
        let connected = begin.elapsed();
        let entries = mailbox.scan(0).await.unwrap();
        let scanned = begin.elapsed();
        let letters = mailbox.fetch(&entries, 25 << 20).await.unwrap();
        let bytes: usize = letters.iter().map(|l| l.bytes.as_ref().unwrap().len()).sum();
        println!("round {round}: connected {connected:?}, scanned {scanned:?}, all {:?} ({} letters, {bytes} bytes)", begin.elapsed(), letters.len());
        let begin = Instant::now();
        let done = std::process::Command::new("mbsync").arg("-q").arg("-c").arg(&config).arg("c").output().unwrap();
        let files = std::fs::read_dir(local.join("INBOX/new")).map(|d| d.count()).unwrap_or(0)
            + std::fs::read_dir(local.join("INBOX/cur")).map(|d| d.count()).unwrap_or(0);
        println!("round {round}: mbsync {:?} ({files} files) {}", begin.elapsed(), String::from_utf8_lossy(&done.stderr));
    }
}
