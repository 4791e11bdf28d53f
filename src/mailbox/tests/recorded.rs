//! Recorded mail of three shapes.

use crate::mailbox::{Folder, Mailbox, MailboxError, recorded};
use std::fs;
use std::path::Path;

fn letter(subject: &str, received: Option<&str>, date: &str) -> String {
    let received = received.map(|r| format!("Received: from a.example (a.example [192.0.2.1])\r\n\tby mx.example (Postfix) id 1;\r\n\t{r} (MSK)\r\nReceived: by b.example; Thu, 1 Jan 2004 00:00:00 +0300\r\n")).unwrap_or_default();
    format!("{received}From: Мария <m@parents.example>\r\nDate: {date}\r\nSubject: {subject}\r\n\r\nЗдравствуйте!\r\nDate: Thu, 1 Jan 2004 00:00:00 +0300\r\n")
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn seen(path: &Path) -> Vec<(String, String, String)> {
    let subject = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().find_map(|l| l.strip_prefix("Subject: ").map(str::to_owned)).unwrap_or_default();
    recorded(path).unwrap().iter().map(|r| (r.folder.clone(), subject(&r.bytes), r.arrival.map(|a| a.to_rfc3339()).unwrap_or_default())).collect()
}

fn owned(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    rows.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect()
}

#[test]
fn a_folder_of_eml_is_read_in_the_order_of_arrival() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    put(&path.join("z.eml"), &letter("first", Some("Wed, 25 Nov 2026 09:00:00 +0300"), "Mon, 1 Jan 2001 00:00:00 +0000"));
    put(&path.join("sub/a.EML"), &letter("second", None, "Wed, 25 Nov 2026 10:00:00 +0300 (comment (in comment))"));
    put(&path.join("Sent/re.eml"), &letter("answer", None, "Wed, 25 Nov 2026 11:00:00 +0300"));
    put(&path.join("Спам/x.eml"), &letter("spam", None, "Wed, 25 Nov 2026 11:30:00 +0300"));
    put(&path.join("nodate.eml"), "Subject: no date\r\n\r\n");
    put(&path.join("broken.eml"), &letter("broken date", Some("yesterday"), "Wed, 25 Nov 2026 12:00:00 GMT"));
    put(&path.join("notes.txt"), "not a letter");
    put(&path.join(".hidden.eml"), "Subject: hidden\r\n\r\n");
    let expected = owned(&[
        ("INBOX", "first", "2026-11-25T06:00:00+00:00"),
        ("INBOX", "second", "2026-11-25T07:00:00+00:00"),
        ("Sent", "answer", "2026-11-25T08:00:00+00:00"),
        ("Spam", "spam", "2026-11-25T08:30:00+00:00"),
        ("INBOX", "broken date", "2026-11-25T12:00:00+00:00"),
        ("INBOX", "no date", ""),
    ]);
    assert_eq!(seen(path), expected);
    assert!(matches!(recorded(&path.join("absent")), Err(MailboxError::Permanent(_))));
    assert_eq!(seen(&path.join("z.eml")).len(), 1, "one letter is recorded mail too");
}

#[test]
fn a_maildir_tells_arrival_by_its_file_names() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    put(&path.join("cur/1795000000.M1P1.host,S=100:2,S"), &letter("read", None, "Mon, 1 Jan 2001 00:00:00 +0000"));
    put(&path.join("new/1795000060.M1P1.host"), &letter("new", None, "Mon, 1 Jan 2001 00:00:00 +0000"));
    put(&path.join("tmp/1795000070.M1P1.host"), "half a letter");
    put(&path.join(".Sent/cur/1795000030.M1P1.host:2,S"), &letter("answer", None, "Mon, 1 Jan 2001 00:00:00 +0000"));
    put(&path.join(".&BCEEPwQwBDw-/new/1795000040.M1P1.host"), &letter("spam", None, "Mon, 1 Jan 2001 00:00:00 +0000"));
    put(&path.join(".Archive.2025/cur/1795000050.M1P1.host:2,"), &letter("archive", None, "Mon, 1 Jan 2001 00:00:00 +0000"));
    put(&path.join("dovecot-uidlist"), "3 V1 N1");
    let expected = owned(&[
        ("INBOX", "read", "2026-11-18T11:06:40+00:00"),
        ("Sent", "answer", "2026-11-18T11:07:10+00:00"),
        ("Spam", "spam", "2026-11-18T11:07:20+00:00"),
        ("INBOX", "archive", "2026-11-18T11:07:30+00:00"),
        ("INBOX", "new", "2026-11-18T11:07:40+00:00"),
    ]);
    assert_eq!(seen(path), expected);
}

#[test]
fn an_mbox_is_split_at_its_from_lines_only() {
    for end in ["\r\n", "\n"] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mbox");
        let text = "From a@example Wed Nov 25 09:00:00 2026\r\nSubject: one\r\nDate: Wed, 25 Nov 2026 09:00:00 +0300\r\n\r\nFirst line\r\n>From the beginning\r\n>>From quoted\r\n> From nobody\r\nFrom a line inside\r\n\r\n\
                    From b@example Wed Nov 25 10:00:00 2026\r\nSubject: two\r\nDate: Wed, 25 Nov 2026 10:00:00 +0300\r\n\r\nSecond\r\n\r\n"
            .replace("\r\n", end);
        put(&path, &text);
        let letters = recorded(&path).unwrap();
        let bodies: Vec<String> = letters.iter().map(|l| String::from_utf8_lossy(&l.bytes).replace("\r\n", "\n")).collect();
        assert_eq!(
            bodies[0],
            "Subject: one\nDate: Wed, 25 Nov 2026 09:00:00 +0300\n\nFirst line\nFrom the beginning\n>From quoted\n> From nobody\nFrom a line inside\n"
        );
        assert_eq!(bodies[1], "Subject: two\nDate: Wed, 25 Nov 2026 10:00:00 +0300\n\nSecond\n");
        assert_eq!(bodies.len(), 2);
        assert!(letters[1].origin.ends_with("mbox, letter 2"), "{}", letters[1].origin);
    }
}

#[tokio::test]
async fn a_live_maildir_keeps_its_numbers_while_letters_come_and_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    put(&path.join("new/1795000060.b.host"), &letter("later", None, "Mon, 1 Jan 2001 00:00:00 +0000"));
    put(&path.join("cur/1795000000.a.host:2,S"), &letter("earlier", None, "Mon, 1 Jan 2001 00:00:00 +0000"));
    let mut mailbox = Mailbox::Folder(Folder::new(path));
    let first = mailbox.examine("INBOX").await.unwrap();
    assert_eq!((first.exists, first.uid_next), (2, Some(3)));
    let entries = mailbox.scan(0).await.unwrap();
    assert_eq!(entries.iter().map(|e| e.internal_date.timestamp()).collect::<Vec<_>>(), [1_795_000_000, 1_795_000_060]);

    // An older letter comes late: the next number, not one in between.
    put(&path.join("new/1794999999.c.host"), &letter("oldest", None, "Mon, 1 Jan 2001 00:00:00 +0000"));
    fs::rename(path.join("new/1795000060.b.host"), path.join("cur/1795000060.b.host:2,S")).unwrap();
    let news = mailbox.scan(2).await.unwrap();
    assert_eq!(news.iter().map(|e| e.uid).collect::<Vec<_>>(), [3]);
    let letters = mailbox.fetch(&[entries[1], news[0]], 20).await.unwrap();
    assert_eq!(letters.iter().map(|l| (l.uid, l.bytes.as_ref().map(Vec::len), l.cut)).collect::<Vec<_>>(), [(2, Some(20), true), (3, Some(20), true)]);

    fs::remove_file(path.join("cur/1795000000.a.host:2,S")).unwrap();
    let again = mailbox.examine("INBOX").await.unwrap();
    assert_eq!((again.uid_validity, again.exists, again.uid_next), (first.uid_validity, 2, Some(4)));
    assert_eq!(mailbox.scan(0).await.unwrap().iter().map(|e| e.uid).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(mailbox.fetch(&[entries[0]], 1000).await.unwrap()[0].bytes, None);

    // After a restart a changed folder is numbered anew, an unchanged one is not.
    let restarted = || async { Mailbox::Folder(Folder::new(path)).examine("INBOX").await.unwrap().uid_validity };
    assert_ne!(restarted().await, first.uid_validity);
    assert_eq!(restarted().await, restarted().await);
    assert!(matches!(mailbox.examine("Archive").await, Err(MailboxError::Permanent(_))));
    assert_eq!(mailbox.examine("Sent").await.unwrap().exists, 0);
}
