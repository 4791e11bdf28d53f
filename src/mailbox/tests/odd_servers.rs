//! Servers as they are: odd lines, huge announcements, refused logins, copies with interruptions.

use super::fake::{Act, CLOSE, Fake, act, after_login, examine};
use super::letters_lost::{entry, got};
use crate::mailbox::{Fetched, MailboxError, Wake};
use crate::settings::ServerTls;
use chrono::DateTime;
use std::time::Duration;

fn permanent<T: std::fmt::Debug>(done: Result<T, MailboxError>) -> String {
    match done {
        Err(MailboxError::Permanent(text)) => text,
        other => panic!("expected to need a person, got {other:?}"),
    }
}

/// I4, I16: lines that imap-proto refuses or dies of. Each was seen at a provider or found in the parser's source.
#[tokio::test]
async fn lines_that_the_parser_cannot_take_do_no_harm() {
    let odd: &[&[u8]] = &[
        b"* XYZ whatever (\r\n",
        b"* ESEARCH (TAG \"o1\") UID COUNT 3\r\n",
        b"* SEARCH 1 2 (MODSEQ 5)\r\n",
        b"* VANISHED (EARLIER) 1:3 junk\r\n",
        b"* XYZ {7}\r\no1 OK )\r\n",
        b"\r\n",
        b"* OK lines end so\n",
        b"* FLAGS (\\Seen \\Weird[ ] )\r\n",
        b"* 3 FETCH (FLAGS (\\Seen  $X))\r\n",
        b"* OK [ALERT]\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82\r\n",
        b"* OK \xcf\xf0\xe8\xe2\xe5\xf2\r\n",
        b"* CAPABILITY  IMAP4rev1   AUTH= {x LITERAL+ \r\n",
        b"* CAPABILITY\r\n",
    ];
    let scanned: &[&[u8]] = &[
        b"* 1 FETCH (UID 4 INTERNALDATE \"25-Nov-2026 12:00:00 +0300\" RFC822.SIZE 9.3736e+06)\r\n",
        b"* 2 FETCH (UID 5 INTERNALDATE NIL RFC822.SIZE 99999999999)\r\n",
        b"* 3  FETCH  (RFC822.SIZE 10  UID 6 INTERNALDATE \" 5-Nov-2026 12:00:00 +0300\" )\r\n",
        b"* 4 FETCH (UID 7)\r\n",
    ];
    let mut noop = odd.concat();
    noop.extend_from_slice(b"{t} OK\r\n");
    let mut scan = scanned.concat();
    scan.extend_from_slice(b"{t} OK\r\n");
    let fetch = "* 1 FETCH (UID 4 BODY[]<0> NIL)\r\n{t} OK\r\n";
    let fake = Fake::start(vec![after_login(vec![
        examine(),
        Act("NOOP", noop),
        Act("UID FETCH 1:*", scan),
        act("UID FETCH 4 ", fetch),
        act("UID FETCH 5 ", "* 2 FETCH (UID 5 BODY[]<0>)\r\n{t} OK\r\n"),
        act("UID FETCH 6 ", "* 3 FETCH (UID 6 BODY[]  {10}\r\n0123456789)\r\n{t} OK\r\n"),
        act("UID FETCH 7 ", "* 4 FETCH (BODY[]<0> UID 7 )\r\n{t} OK\r\n"),
    ])])
    .await;
    let mut mailbox = fake.mailbox();
    mailbox.examine("INBOX").await.unwrap();
    let entries = mailbox.scan(0).await.unwrap();
    let seen: Vec<_> = entries.iter().map(|e| (e.uid, e.size, e.internal_date.format("%d %H").to_string())).collect();
    let neighbour = "25 09".to_owned();
    assert_eq!(seen, [(4, 0, neighbour.clone()), (5, u64::from(u32::MAX), neighbour), (6, 10, "05 09".into()), (7, 0, "05 09".into())]);
    let letters = mailbox.fetch(&entries, 1000).await.unwrap();
    let nothing = |uid| Fetched { uid, bytes: None, cut: false };
    assert_eq!(letters, [nothing(4), nothing(5), got(6, "0123456789"), nothing(7)]);
    assert!(!fake.heard().iter().any(|line| line.contains("UNEXPECTED")), "{:?}", fake.heard());
}

/// I15: what is announced is not believed, and nothing is allocated for it.
#[tokio::test]
async fn announcements_beyond_all_measure_end_the_connection() {
    let endless = "* 1 EXISTS\r\n".repeat(200_000);
    let brackets = format!("* 1 FETCH (UID 4 BODYSTRUCTURE {}))\r\n", "(".repeat(60_000));
    let line = format!("* OK {}", "x".repeat(100_000));
    for bad in [
        "* 1 FETCH (UID 4 BODY[] {314572800}\r\nabc",
        "* 1 FETCH (UID 4 BODY[] {4294967295}\r\nabc",
        "* 1 FETCH (UID 4 BODY[] {99999999999999999999999}\r\nabc",
        &endless,
        &brackets,
        &line,
    ] {
        let fake = Fake::start(vec![after_login(vec![examine(), act("UID FETCH 4 ", bad)])]).await;
        let mut mailbox = fake.mailbox();
        mailbox.examine("INBOX").await.unwrap();
        let done = tokio::time::timeout(Duration::from_secs(20), mailbox.fetch(&[entry(4, 5)], 1000)).await;
        assert!(matches!(done, Ok(Err(MailboxError::Transient(_)))), "{done:?} after {}", &bad[..50]);
    }
}

/// P20: a letter above the limit, and one that is larger than its size told.
#[tokio::test]
async fn large_letters_come_in_part() {
    let body = "x".repeat(101);
    let part = format!("* 1 FETCH (UID 4 BODY[]<0> {{101}}\r\n{body})\r\n{{t}} OK\r\n");
    let liar = format!("* 2 FETCH (UID 5 BODY[] {{101}}\r\n{body})\r\n{{t}} OK\r\n");
    let fake =
        Fake::start(vec![after_login(vec![examine(), act("UID FETCH 4 (UID BODY.PEEK[]<0.101>)", &part), act("UID FETCH 5 (UID BODY.PEEK[])", &liar)])]).await;
    let mut mailbox = fake.mailbox();
    mailbox.examine("INBOX").await.unwrap();
    let letters = mailbox.fetch(&[entry(4, 5000), entry(5, 50)], 100).await.unwrap();
    assert_eq!(letters.iter().map(|l| (l.uid, l.bytes.as_ref().unwrap().len(), l.cut)).collect::<Vec<_>>(), [(4, 100, true), (5, 100, true)]);
}

/// I6, lessons 1: the password is in no message, not even where the server repeats it.
#[tokio::test]
async fn a_refused_login_needs_a_person_and_tells_no_secret() {
    let greeting = || act("", "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n");
    let refusal = "{t} NO [AUTHENTICATIONFAILED] s3cret is wrong for priemnaya@school.example\r\n";
    let fake = Fake::start(vec![
        vec![greeting(), act("AUTHENTICATE PLAIN", "+ \r\n"), act("AHByaWVtbmF5YUBzY2hvb2wuZXhhbXBsZQBzM2NyZXQ=", refusal)],
        vec![greeting(), act("AUTHENTICATE PLAIN", "{t} NO [UNAVAILABLE] try later\r\n")],
    ])
    .await;
    let mut mailbox = fake.mailbox();
    let text = permanent(mailbox.examine("INBOX").await);
    assert!(text.contains("password_file") && text.contains("is wrong") && !text.contains("s3cret") && !text.contains("priemnaya"), "{text}");
    assert!(text.chars().count() <= 200);
    assert!(!format!("{:?}", crate::mailbox::Imap::new(fake.server())).contains("s3cret"));
    assert!(matches!(mailbox.examine("INBOX").await, Err(MailboxError::Transient(_))), "a passing trouble is not the password's fault");
}

/// I12: LOGIN where PLAIN is not offered; a password beyond ASCII goes as a literal.
#[tokio::test]
async fn login_carries_any_password() {
    let greeting = || act("", "* OK [CAPABILITY IMAP4rev1] ready\r\n");
    let capability = || act("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n{t} OK\r\n");
    let fake = Fake::start(vec![
        vec![greeting(), act(r#"LOGIN "priemnaya@school.example" "q\"\\w""#, "* OK [ALERT] mind the gap\r\n{t} OK\r\n"), capability(), examine()],
        vec![greeting(), act("LOGIN {24}", "+ go\r\n"), act("priemnaya@school.example {12}", "+ go\r\n"), act("пароль", "{t} OK\r\n"), capability(), examine()],
        vec![act("", "* OK ready\r\n"), act("CAPABILITY", "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{t} OK\r\n")],
        vec![act("", "* PREAUTH welcome\r\n")],
        vec![act("", "* BYE full\r\n")],
        vec![act("", "220 smtp.example ESMTP\r\n")],
    ])
    .await;
    for password in ["q\"\\w", "пароль"] {
        let server = crate::settings::Server { password: password.into(), ..fake.server() };
        let mut mailbox = crate::mailbox::Mailbox::Imap(Box::new(crate::mailbox::Imap::new(server)));
        assert_eq!(mailbox.examine("INBOX").await.unwrap().exists, 3, "{:?}", fake.heard());
    }
    assert!(permanent(fake.mailbox().examine("INBOX").await).contains("implicit"));
    permanent(fake.mailbox().examine("INBOX").await);
    for _ in 0..2 {
        assert!(matches!(fake.mailbox().examine("INBOX").await, Err(MailboxError::Transient(_))));
    }
}

#[tokio::test]
async fn clear_text_goes_to_this_machine_only() {
    let fake = Fake::start(vec![]).await;
    let server = crate::settings::Server { host: "192.0.2.1".into(), ..fake.server() };
    let mut mailbox = crate::mailbox::Mailbox::Imap(Box::new(crate::mailbox::Imap::new(server.clone())));
    assert!(permanent(mailbox.examine("INBOX").await).contains("clear text"));
    // And no TLS is no reason to fall back to it.
    let fake = Fake::start(vec![vec![act("", "* OK ready\r\n"), act("STARTTLS", "{t} BAD what\r\n")], vec![act("", "* OK ready\r\n")]]).await;
    for tls in [ServerTls::Starttls, ServerTls::Implicit] {
        let server = crate::settings::Server { tls, ..fake.server() };
        let mut mailbox = crate::mailbox::Mailbox::Imap(Box::new(crate::mailbox::Imap::new(server)));
        permanent(mailbox.examine("INBOX").await);
    }
    assert!(!fake.heard().iter().any(|line| line.contains("LOGIN") || line.contains("AUTHENTICATE")), "{:?}", fake.heard());
}

/// I10: interruptions before `+`; a refusal with its reason.
#[tokio::test]
async fn a_copy_is_kept_in_spite_of_interruptions() {
    let date = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    let fake = Fake::start(vec![
        after_login(vec![
            act("APPEND \"Sent\" (\\Seen) \"18-Nov-2026 11:06:40 +0000\" {6}", "* 4 EXISTS\r\n* OK Still here\r\n+ go\r\n"),
            act("abc", ""),
            act("", ""),
            act("d", "* 5 EXISTS\r\n{t} OK [APPENDUID 7 9] kept\r\n"),
            act("NOOP", "{t} OK\r\n"),
            act("APPEND", "{t} NO [TRYCREATE] no such folder\r\n"),
        ]),
        after_login(vec![act("APPEND", "{t} NO [UNAVAILABLE] not now\r\n")]),
        after_login(vec![act("APPEND", &format!("+ go\r\n{CLOSE}"))]),
    ])
    .await;
    let mut mailbox = fake.mailbox();
    mailbox.append("Sent", b"abc\r\nd", date).await.unwrap();
    assert!(permanent(mailbox.append("Sent", b"x", date).await).contains("TRYCREATE"));
    assert!(matches!(mailbox.append("Sent", b"x", date).await, Err(MailboxError::Transient(_))));
    assert!(matches!(mailbox.append("Sent", b"x", date).await, Err(MailboxError::Transient(_))));
    assert!(!fake.heard().iter().any(|line| line.contains("UNEXPECTED")), "{:?}", fake.heard());
}

/// I11: IDLE that is refused is replaced by waiting; one that ends with the connection or with BYE is an error.
#[tokio::test]
async fn waiting_survives_every_way_that_idle_can_end() {
    let fake = Fake::start(vec![
        after_login(vec![
            examine(),
            act("IDLE", "+ idling\r\n* OK Still here\r\n* 2 FETCH (FLAGS ())\r\n* 4 EXISTS\r\n"),
            act("DONE", "{t} OK\r\n"),
            act("IDLE", &format!("+ idling\r\n{CLOSE}")),
        ]),
        after_login(vec![examine(), act("IDLE", "+ idling\r\n* BYE going\r\n* BYE going\r\n")]),
        after_login(vec![examine(), act("IDLE", "{t} NO not today\r\n")]),
        after_login(vec![examine()]),
    ])
    .await;
    let mut mailbox = fake.mailbox();
    let (long, short) = (Duration::from_secs(20), Duration::from_millis(1));
    mailbox.examine("INBOX").await.unwrap();
    assert_eq!(mailbox.wait(long).await.unwrap(), Wake::News);
    assert!(mailbox.wait(long).await.is_err(), "the connection was closed");
    assert_eq!(mailbox.wait(long).await.unwrap(), Wake::News, "nobody listened meanwhile");
    assert!(mailbox.wait(long).await.is_err(), "BYE");
    assert_eq!(mailbox.wait(long).await.unwrap(), Wake::News);
    assert_eq!(mailbox.wait(short).await.unwrap(), Wake::Timeout, "refused");
    assert_eq!(mailbox.wait(long).await.unwrap(), Wake::News);
    assert_eq!(mailbox.wait(short).await.unwrap(), Wake::Timeout, "and not asked again");
    assert!(!fake.heard().iter().any(|line| line.contains("UNEXPECTED") || line.contains("LATE")), "{:?}", fake.heard());
}

/// News that came while letters were fetched is not slept over, with IDLE and (mail.ru) without.
#[tokio::test]
async fn news_during_a_fetch_is_news() {
    let fetched = || act("UID FETCH 4", "* 1 FETCH (UID 4 BODY[] {1}\r\na)\r\n* 4 EXISTS\r\n{t} OK\r\n");
    let mut mail_ru = after_login(vec![examine(), fetched()]);
    mail_ru[2] = act("CAPABILITY", "* CAPABILITY IMAP4rev1 ID XLIST UIDPLUS UNSELECT MOVE LIST-STATUS\r\n{t} OK\r\n");
    let fake = Fake::start(vec![after_login(vec![examine(), fetched()]), mail_ru]).await;
    for _ in 0..2 {
        let mut mailbox = fake.mailbox();
        mailbox.examine("INBOX").await.unwrap();
        mailbox.fetch(&[entry(4, 1)], 100).await.unwrap();
        let woken = tokio::time::timeout(Duration::from_secs(20), mailbox.wait(Duration::from_secs(3600))).await;
        assert_eq!(woken.unwrap().unwrap(), Wake::News);
    }
}

/// A connection that died while nobody looked is replaced without a word.
#[tokio::test]
async fn a_connection_that_died_in_its_sleep_is_no_news() {
    let fake = Fake::start(vec![
        after_login(vec![act("EXAMINE", "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n{t} OK\r\n* BYE idle for too long\r\n<close>")]),
        after_login(vec![examine()]),
    ])
    .await;
    let mut mailbox = fake.mailbox();
    mailbox.examine("INBOX").await.unwrap();
    assert_eq!(mailbox.examine("INBOX").await.unwrap().exists, 3);
}
