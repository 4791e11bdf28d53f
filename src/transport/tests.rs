//! Tests of `transport`: what becomes of a letter when the server fails at each step, and which bytes arrive when it does not.

use super::tests_server::{Act, Plan, Server, Tls, authority};
use super::verdict::{Phase, of_refusal, wording};
use super::*;
use crate::settings::{self, ServerTls};
use std::time::Duration;

const LETTER: &[u8] = b"From: priemnaya@school.example\r\nSubject: test\r\n\r\nHello.\r\n";
const FROM: &str = "priemnaya@school.example";
const TO: &str = "parent@family.example";

/// Longer than any answer of a server that answers at all.
const PATIENT: Duration = Duration::from_secs(60);
/// For the one phase in which the server of the test is silent.
const BRIEF: Duration = Duration::from_millis(80);

fn patient() -> Timeouts {
    Timeouts { connect: PATIENT, command: PATIENT, data: PATIENT, block: PATIENT, dot: PATIENT, quit: BRIEF }
}

fn settings(port: u16) -> settings::Server {
    settings::Server { host: "127.0.0.1".into(), port, tls: ServerTls::None, user: "priemnaya@school.example".into(), password: "s3cret".into(), ca_file: None }
}

fn client(server: &Server) -> Smtp {
    Smtp::with_timeouts(settings(server.port), patient())
}

fn said(text: &str) -> Act {
    Act::Say(text.to_owned())
}

async fn failing(verb: &'static str, act: Act) -> Server {
    Server::start(Plan { acts: vec![(verb, act)], ..Plan::default() }).await
}

/// The outcome, and how many times "data started" was written down.
async fn send(smtp: &mut Smtp, to: &str, raw: &[u8]) -> (Outcome, u32) {
    let mut marks = 0;
    let outcome = smtp
        .send(FROM, to, raw, &mut || {
            marks += 1;
            Ok(())
        })
        .await;
    (outcome, marks)
}

fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted(_) => "accepted",
        Outcome::Deferred(_) => "deferred",
        Outcome::Account(_) => "account",
        Outcome::Spam(_) => "spam",
        Outcome::Refused(_) => "refused",
        Outcome::Full(_) => "full",
        Outcome::Unknown(_) => "unknown",
    }
}

fn text(outcome: &Outcome) -> &str {
    let (Outcome::Accepted(t) | Outcome::Deferred(t) | Outcome::Account(t) | Outcome::Spam(t)) = outcome else {
        let (Outcome::Refused(t) | Outcome::Full(t) | Outcome::Unknown(t)) = outcome else { unreachable!() };
        return t;
    };
    t
}

#[tokio::test]
async fn a_letter_arrives_byte_for_byte_after_a_login() {
    let server = Server::start(Plan::default()).await;
    let mut smtp = client(&server);
    let (outcome, marks) = send(&mut smtp, TO, LETTER).await;
    assert_eq!(outcome, Outcome::Accepted("250 2.0.0 Ok: queued".into()));
    assert_eq!(marks, 1);
    smtp.rest().await;
    let seen = server.seen();
    assert_eq!(seen.letters, [LETTER]);
    let plain = data_encoding::BASE64.encode(b"\0priemnaya@school.example\0s3cret");
    let expected =
        ["EHLO [127.0.0.1]", &format!("AUTH PLAIN {plain}"), "MAIL FROM:<priemnaya@school.example>", "RCPT TO:<parent@family.example>", "DATA", "QUIT"];
    assert_eq!(seen.commands, expected);
}

#[tokio::test]
async fn every_refusal_has_its_outcome() {
    let rows: &[(&'static str, &str, &str)] = &[
        ("greeting", "421 4.3.2 too many connections", "deferred"),
        ("greeting", "554 5.7.1 no service for you", "deferred"),
        ("ehlo", "421 4.3.0 busy", "deferred"),
        ("ehlo", "550 5.7.1 go away", "deferred"),
        ("auth", "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", "account"),
        ("auth", "534 5.7.9 application password needed", "account"),
        ("auth", "454 4.7.0 Temporary authentication failure", "account"),
        ("auth", "504 5.5.4 mechanism unknown", "account"),
        ("auth", "421 4.7.0 later", "deferred"),
        ("auth", "451 4.3.0 later", "deferred"),
        ("auth", "535 5.7.8 Error: authentication failed: Your message looks like SPAM", "spam"),
        ("mail", "530 5.7.7 Email sending without SSL/TLS encryption is not allowed", "account"),
        ("mail", "553 5.7.1 Sender address rejected: not owned by auth user.", "account"),
        ("mail", "501 5.1.7 Bad address", "account"),
        ("mail", "451 4.3.0 later", "deferred"),
        ("mail", "421 4.4.2 timeout", "deferred"),
        ("mail", "554 5.7.1 Message rejected under suspicion of SPAM", "spam"),
        ("rcpt", "550 5.1.1 User unknown", "refused"),
        ("rcpt", "550 no such mailbox", "refused"),
        ("rcpt", "553 5.1.3 bad address", "refused"),
        ("rcpt", "554 5.7.1 Recipient address rejected: Access denied", "refused"),
        ("rcpt", "553 5.7.1 Sender address rejected: not owned by user", "account"),
        ("rcpt", "554 5.7.1 Relay access denied", "account"),
        ("rcpt", "530 5.7.0 Authentication required", "account"),
        ("rcpt", "550 5.4.5 Daily sending quota exceeded", "account"),
        ("rcpt", "552 5.2.2 Mailbox full", "full"),
        ("rcpt", "550 5.2.2 over quota", "full"),
        ("rcpt", "552 5.2.2 Recipient address rejected: Mailbox is full", "full"),
        ("rcpt", "450 4.2.0 Greylisted", "deferred"),
        ("rcpt", "452 4.2.2 over quota for now", "deferred"),
        ("rcpt", "421 4.4.2 timeout", "deferred"),
        ("data", "451 4.3.0 later", "deferred"),
        ("data", "554 5.5.1 no valid recipients", "refused"),
        ("data", "250 out of step", "deferred"),
        ("dot", "550 5.7.0 refused", "refused"),
        ("dot", "554 5.7.1 [2] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc", "spam"),
        ("dot", "554 5.7.1 Message rejected", "spam"),
        ("dot", "550 spam message rejected. Please visit http://help.mail.example/notspam", "spam"),
        ("dot", "550 5.7.8 authentication failed: Your message looks like spam", "spam"),
        ("dot", "554 5.7.1 virus found", "refused"),
        ("dot", "552 5.2.2 Mailbox full", "full"),
        ("dot", "552 5.3.4 Message size exceeds fixed limit", "refused"),
        ("dot", "451 4.7.1 Try again later", "deferred"),
        ("dot", "421 4.3.0 shutting down", "deferred"),
        ("dot", "354 out of step", "unknown"),
        ("dot", "nonsense", "unknown"),
    ];
    for (verb, reply, expected) in rows {
        let server = failing(verb, said(reply)).await;
        let mut smtp = client(&server);
        let (outcome, marks) = send(&mut smtp, TO, LETTER).await;
        assert_eq!(class(&outcome), *expected, "{verb}: {reply} gave {outcome:?}");
        let reached = matches!(*verb, "data" | "dot");
        assert_eq!(marks, u32::from(reached), "{verb}: \"data started\" is written exactly when the recipient was accepted");
        let refusal = reply.starts_with(['4', '5']) && !matches!(*verb, "greeting" | "ehlo");
        if refusal {
            assert!(text(&outcome).starts_with(&reply[..3]), "{outcome:?} begins with the code");
        }
    }
}

#[tokio::test]
async fn silence_and_hanging_up_are_unknown_only_after_the_dot() {
    for verb in ["greeting", "ehlo", "auth", "mail", "rcpt", "data", "dot"] {
        let expected = if verb == "dot" { "unknown" } else { "deferred" };
        for reset in [false, true] {
            let server = Server::start(Plan { acts: vec![(verb, Act::Close)], reset, ..Plan::default() }).await;
            let (outcome, _) = send(&mut client(&server), TO, LETTER).await;
            assert_eq!(class(&outcome), expected, "closed at {verb}, reset {reset}: {outcome:?}");
        }
        let server = failing(verb, Act::Hang).await;
        let mut limits = patient();
        match verb {
            "data" => limits.data = BRIEF,
            "dot" => limits.dot = BRIEF,
            _ => (limits.connect, limits.command) = (BRIEF, BRIEF),
        }
        let mut smtp = Smtp::with_timeouts(settings(server.port), limits);
        let (outcome, _) = tokio::time::timeout(PATIENT / 4, send(&mut smtp, TO, LETTER)).await.expect("the limit of this phase ends the waiting");
        assert_eq!(class(&outcome), expected, "silent at {verb}: {outcome:?}");
    }
}

#[tokio::test]
async fn the_server_may_think_long_after_the_dot_even_where_blocks_must_be_quick() {
    let server = failing("dot", Act::Hang).await;
    let mut smtp = Smtp::with_timeouts(settings(server.port), Timeouts { block: BRIEF, ..patient() });
    let waited = tokio::time::timeout(BRIEF * 8, send(&mut smtp, TO, LETTER)).await;
    assert!(waited.is_err(), "gave up too early, which makes duplicates: {waited:?}");
    assert_eq!(server.seen().letters, [LETTER]);
}

#[tokio::test]
async fn a_refused_connection_is_deferred() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let (outcome, marks) = send(&mut Smtp::with_timeouts(settings(port), patient()), TO, LETTER).await;
    assert_eq!((class(&outcome), marks), ("deferred", 0), "{outcome:?}");
}

/// Cut once at each byte that the client sends, and once at each byte that the server sends.
#[tokio::test]
async fn wherever_the_line_is_cut_no_letter_is_lost_or_called_sent() {
    let one = |at: usize, incoming: bool| async move {
        let (cut_in, cut_out) = if incoming { (Some(at), None) } else { (None, Some(at)) };
        let server = Server::start(Plan { cut_in, cut_out, reset: at % 2 == 1, ..Plan::default() }).await;
        let (outcome, _) = send(&mut client(&server), TO, LETTER).await;
        let stored = server.seen().letters.len();
        let class = class(&outcome);
        let side = if incoming { "received" } else { "sent" };
        assert!(class != "accepted" || stored == 1, "called accepted, but the server has nothing: cut after {at} bytes {side}");
        assert!(class != "deferred" || stored == 0, "would be sent twice: cut after {at} bytes {side}");
        class
    };
    // Many at a time: a letter of two small writes waits 40 ms for Nagle and a delayed ACK.
    let mut counts = std::collections::BTreeMap::<&str, u32>::new();
    for block in 0..6 {
        let offsets = (block * 70..block * 70 + 70).flat_map(|at| [(at, true), (at, false)]);
        for class in futures_util::future::join_all(offsets.map(|(at, incoming)| one(at, incoming))).await {
            *counts.entry(class).or_default() += 1;
        }
    }
    let kinds: Vec<&str> = counts.keys().copied().collect();
    assert_eq!(kinds, ["accepted", "deferred", "unknown"]);
    assert!(counts.values().all(|count| *count > 40) && counts.values().sum::<u32>() == 840, "{counts:?}");
}

#[tokio::test]
async fn a_cut_inside_a_large_letter_is_certainly_not_sent() {
    let large = [LETTER, &b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n".repeat(512 * 1024)].concat();
    let server = Server::start(Plan { cut_in: Some(300_000), ..Plan::default() }).await;
    let (outcome, marks) = send(&mut client(&server), TO, &large).await;
    assert_eq!((class(&outcome), marks), ("deferred", 1), "{outcome:?}");
    assert!(server.seen().letters.is_empty());
}

#[tokio::test]
async fn a_server_that_stops_reading_inside_a_large_letter_is_certainly_not_sent() {
    // After 354 the server of this test reads nothing more; 32 MB do not fit into the sockets.
    let large = b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n".repeat(512 * 1024);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
        let mut stream = BufReader::new(listener.accept().await.unwrap().0);
        stream.write_all(b"220 hi\r\n").await.unwrap();
        for answer in ["250 hi", "250 ok", "250 ok", "354 go"] {
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    let limits = Timeouts { block: BRIEF, ..patient() };
    let server_settings = settings::Server { user: String::new(), ..settings(port) };
    let (outcome, _) = send(&mut Smtp::with_timeouts(server_settings, limits), TO, &large).await;
    assert_eq!(outcome, Outcome::Deferred("no answer to the letter in time".into()));
    server.abort();
}

#[tokio::test]
async fn each_letter_arrives_as_exactly_one_whatever_its_lines_look_like() {
    let rows: &[(&[u8], &[u8])] = &[
        (b"A: b\r\n\r\none\r\n.\r\ntwo\r\n", b"A: b\r\n\r\none\r\n.\r\ntwo\r\n"),
        (b"A: b\r\n\r\n.\r\n..\r\n...end.\r\n.", b"A: b\r\n\r\n.\r\n..\r\n...end.\r\n.\r\n"),
        (b"A: b\r\n\r\none\n.\r\nMAIL FROM:<x@evil.example>\r\n", b"A: b\r\n\r\none\r\n.\r\nMAIL FROM:<x@evil.example>\r\n"),
        (b"A: b\r\n\r\none\r.\rtwo\n.\nthree\r\r\n.\r\n", b"A: b\r\n\r\none\r\n.\r\ntwo\r\n.\r\nthree\r\n\r\n.\r\n"),
        (b".\r\n", b".\r\n"),
        (b"no end of line", b"no end of line\r\n"),
        (b"two at the end\r\n\r\n", b"two at the end\r\n\r\n"),
        (b"", b"\r\n"),
    ];
    let server = Server::start(Plan::default()).await;
    let mut smtp = client(&server);
    for (raw, _) in rows {
        assert_eq!(class(&send(&mut smtp, TO, raw).await.0), "accepted");
    }
    let seen = server.seen();
    for ((raw, expected), got) in rows.iter().zip(&seen.letters) {
        assert_eq!(String::from_utf8_lossy(got), String::from_utf8_lossy(expected), "sent {:?}", String::from_utf8_lossy(raw));
    }
    assert_eq!((seen.letters.len(), seen.connections), (rows.len(), 1));
    assert!(seen.commands.iter().all(|c| !c.contains("evil")));
}

#[tokio::test]
async fn a_dot_at_the_seam_of_two_blocks_survives() {
    for shift in 0..6 {
        let mut letter = vec![b'x'; 64 * 1024 - 3 - shift];
        letter.extend_from_slice(b"\r\n.\r\n..\r\nend\r\n");
        let server = Server::start(Plan::default()).await;
        assert_eq!(class(&send(&mut client(&server), TO, &letter).await.0), "accepted");
        assert!(server.seen().letters == [letter], "shift {shift}");
    }
}

#[tokio::test]
async fn a_batch_shares_a_connection_and_one_bad_address_does_not_end_it() {
    let server = Server::start(Plan { acts: vec![("rcpt", said("250 ok")), ("rcpt", said("550 5.1.1 unknown"))], ..Plan::default() }).await;
    let mut smtp = client(&server);
    let mut classes = Vec::new();
    for to in ["one@family.example", "two@family.example", "three@family.example"] {
        classes.push(class(&send(&mut smtp, to, LETTER).await.0));
    }
    smtp.rest().await;
    assert_eq!(classes, ["accepted", "refused", "accepted"]);
    let seen = server.seen();
    let verbs: Vec<&str> = seen.commands.iter().map(|c| c.split(' ').next().unwrap()).collect();
    assert_eq!(verbs, ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA", "QUIT"]);
    assert_eq!((seen.connections, seen.letters.len()), (1, 2));
}

#[tokio::test]
async fn a_kept_connection_that_died_meanwhile_is_replaced_before_a_letter_is_risked() {
    for act in [Act::Close, Act::SayAndClose("421 4.4.2 idle too long".into())] {
        let server = failing("rset", act).await;
        let mut smtp = client(&server);
        assert_eq!(class(&send(&mut smtp, TO, LETTER).await.0), "accepted");
        assert_eq!(class(&send(&mut smtp, TO, LETTER).await.0), "accepted");
        assert_eq!((server.seen().connections, server.seen().letters.len()), (2, 2));
    }
}

#[tokio::test]
async fn after_any_error_the_next_letter_gets_a_new_connection() {
    for (verb, act) in [("dot", Act::Hang), ("data", said("250 out of step")), ("mail", said("530 5.7.0 no")), ("rcpt", said("421 4.4.2 I am about to close"))]
    {
        let server = failing(verb, act).await;
        let mut smtp = Smtp::with_timeouts(settings(server.port), Timeouts { dot: Duration::from_millis(300), ..patient() });
        assert_ne!(class(&send(&mut smtp, TO, LETTER).await.0), "accepted", "{verb}");
        assert_eq!(class(&send(&mut smtp, TO, LETTER).await.0), "accepted", "{verb}");
        assert_eq!(server.seen().connections, 2, "{verb}");
    }
}

#[tokio::test]
async fn a_letter_given_up_in_the_middle_does_not_lend_its_replies_to_the_next() {
    for verb in ["mail", "rcpt", "data", "dot"] {
        let server = failing(verb, Act::Hang).await;
        let mut smtp = client(&server);
        let given_up = tokio::time::timeout(Duration::from_millis(200), send(&mut smtp, "one@family.example", b"one\r\n")).await;
        assert!(given_up.is_err());
        let (outcome, _) = send(&mut smtp, "two@family.example", b"two\r\n").await;
        assert_eq!(class(&outcome), "accepted", "{verb}");
        assert_eq!(server.seen().letters.last().unwrap(), b"two\r\n", "{verb}");
    }
}

#[tokio::test]
async fn nothing_is_sent_when_the_beginning_cannot_be_written_down() {
    let server = Server::start(Plan::default()).await;
    let mut smtp = client(&server);
    let outcome = smtp.send(FROM, TO, LETTER, &mut || Err("disk full".into())).await;
    assert_eq!(outcome, Outcome::Deferred("disk full".into()));
    assert_eq!(server.seen().commands.last().unwrap(), "RCPT TO:<parent@family.example>");
}

#[tokio::test]
async fn at_the_moment_of_the_mark_no_byte_of_the_letter_has_left() {
    let server = Server::start(Plan::default()).await;
    let mut last = String::new();
    let outcome = client(&server)
        .send(FROM, TO, LETTER, &mut || {
            last = server.seen().commands.last().unwrap().clone();
            Ok(())
        })
        .await;
    assert_eq!((class(&outcome), last.as_str()), ("accepted", "RCPT TO:<parent@family.example>"));
}

#[tokio::test]
async fn tls_from_the_first_byte_with_a_root_of_ones_own() {
    let own = authority("127.0.0.1");
    let stranger = authority("127.0.0.1");
    let misnamed = authority("mail.other.example");
    let rows = [(&own, Some(&own), "accepted"), (&own, None, "deferred"), (&stranger, Some(&own), "deferred"), (&misnamed, Some(&misnamed), "deferred")];
    for (presented, trusted, expected) in rows {
        for tls in [ServerTls::Implicit, ServerTls::Starttls] {
            let acceptor = presented.acceptor.clone();
            let plan = Plan { tls: if tls == ServerTls::Implicit { Tls::Implicit(acceptor) } else { Tls::Starttls(acceptor) }, ..Plan::default() };
            let server = Server::start(plan).await;
            let ca_file = trusted.map(|t| t.ca_file.clone());
            let mut smtp = Smtp::with_timeouts(settings::Server { tls, ca_file, ..settings(server.port) }, patient());
            let (outcome, _) = send(&mut smtp, TO, LETTER).await;
            assert_eq!(class(&outcome), expected, "{tls:?}: {outcome:?}");
            let accepted = expected == "accepted";
            assert_eq!(server.seen().commands.iter().any(|c| c.starts_with("AUTH")), accepted, "the password goes to the right server only");
            assert!(accepted || text(&outcome).contains("certificate"), "{outcome:?}");
        }
    }
}

#[tokio::test]
async fn without_starttls_there_is_no_fallback_to_plain() {
    let server = Server::start(Plan::default()).await;
    let mut smtp = Smtp::with_timeouts(settings::Server { tls: ServerTls::Starttls, ..settings(server.port) }, patient());
    let (outcome, _) = send(&mut smtp, TO, LETTER).await;
    assert_eq!(class(&outcome), "deferred");
    assert!(text(&outcome).contains("STARTTLS"), "{outcome:?}");
    assert!(server.seen().commands.iter().all(|c| c.starts_with("EHLO")), "{:?}", server.seen().commands);
}

#[tokio::test]
async fn replies_smuggled_in_before_tls_are_not_believed() {
    let own = authority("127.0.0.1");
    let server = Server::start(Plan { tls: Tls::Smuggling(own.acceptor.clone()), ..Plan::default() }).await;
    let mut smtp = Smtp::with_timeouts(settings::Server { tls: ServerTls::Starttls, ca_file: Some(own.ca_file.clone()), ..settings(server.port) }, patient());
    let (outcome, marks) = send(&mut smtp, TO, LETTER).await;
    assert_eq!((outcome, marks), (Outcome::Deferred("the server spoke out of turn at STARTTLS".into()), 0));
    assert!(server.seen().commands.iter().all(|c| !c.starts_with("AUTH")));
}

#[tokio::test]
async fn a_plain_connection_is_made_to_this_machine_only() {
    for host in ["smtp.school.example", "192.0.2.1", "127.0.0.1.school.example"] {
        let mut smtp = Smtp::new(settings::Server { host: host.into(), ..settings(25) });
        let (outcome, marks) = send(&mut smtp, TO, LETTER).await;
        assert_eq!((class(&outcome), marks), ("account", 0), "{host}");
    }
}

#[tokio::test]
async fn a_ca_file_that_is_missing_or_no_certificate_is_the_accounts_fault() {
    let dir = tempfile::tempdir().unwrap();
    let broken = dir.path().join("broken.pem");
    std::fs::write(&broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    for path in [dir.path().join("missing.pem"), broken] {
        let mut smtp = Smtp::new(settings::Server { tls: ServerTls::Implicit, ca_file: Some(path), ..settings(465) });
        let (outcome, _) = send(&mut smtp, TO, LETTER).await;
        assert_eq!(class(&outcome), "account", "{outcome:?}");
        assert!(text(&outcome).contains("ca_file"));
    }
}

#[tokio::test]
async fn login_by_login_by_nothing_and_by_tokens() {
    let server = Server::start(Plan { offers: vec!["AUTH LOGIN XOAUTH2"], ..Plan::default() }).await;
    assert_eq!(class(&send(&mut client(&server), TO, LETTER).await.0), "accepted");
    let given = format!("{} {}", data_encoding::BASE64.encode(b"priemnaya@school.example"), data_encoding::BASE64.encode(b"s3cret"));
    assert!(server.seen().commands.contains(&given));

    let server = Server::start(Plan::default()).await;
    let mut smtp = Smtp::with_timeouts(settings::Server { user: String::new(), ..settings(server.port) }, patient());
    assert_eq!(class(&send(&mut smtp, TO, LETTER).await.0), "accepted");
    assert!(server.seen().commands.iter().all(|c| !c.starts_with("AUTH")));

    for (offers, expected) in [(vec!["AUTH XOAUTH2"], "not supported yet"), (vec!["AUTH CRAM-MD5"], "check port and tls"), (vec!["SIZE 1"], "check port")] {
        let server = Server::start(Plan { offers, ..Plan::default() }).await;
        let (outcome, _) = send(&mut client(&server), TO, LETTER).await;
        assert_eq!(class(&outcome), "account");
        assert!(text(&outcome).contains(expected), "{outcome:?}");
    }
}

#[tokio::test]
async fn odd_addresses_go_through_and_dangerous_ones_nowhere() {
    let long = format!("{}@family.example", "a".repeat(80));
    for to in ["a..b@family.example", ".dot@family.example", "o'neill+tag@family.example", "\"a@b\"@family.example", &long, "x@[192.0.2.1]"] {
        let server = Server::start(Plan::default()).await;
        assert_eq!(class(&send(&mut client(&server), to, LETTER).await.0), "accepted", "{to}");
        assert!(server.seen().commands.contains(&format!("RCPT TO:<{to}>")), "{to}");
    }
    let server = Server::start(Plan::default()).await;
    let mut smtp = client(&server);
    let too_long = format!("{}@family.example", "a".repeat(400));
    for to in [
        "",
        "nobody",
        "@family.example",
        "a@",
        "a@b>\r\nRCPT TO:<c@d",
        "a b@c.example",
        "a@b.example, c@d.example",
        "a@b.example,c@d.example",
        "a\0@b.example",
        "мама@family.example",
        "a@школа.example",
        &too_long,
    ] {
        let (outcome, marks) = send(&mut smtp, to, LETTER).await;
        assert_eq!((class(&outcome), marks), ("refused", 0), "{to:?}");
        assert!(!text(&outcome).contains("family"), "{outcome:?}");
    }
    assert_eq!(server.seen().connections, 0, "nobody is called for an address that cannot be");
    let mut marks = || Ok(());
    assert_eq!(class(&smtp.send("", TO, LETTER, &mut marks).await), "accepted");
    assert!(server.seen().commands.contains(&"MAIL FROM:<>".to_owned()), "an empty sender is the null sender");
}

#[tokio::test]
async fn outcomes_are_short_and_name_nobody() {
    let long = format!("550 5.1.1 {}", "word ".repeat(150));
    let rows = [
        "550 5.1.1 <parent@family.example>: Recipient address rejected: User unknown",
        "550 5.1.1 parent: no such user here (PARENT)",
        "550-5.1.1 line for parent@family.example\r\n550 5.1.1 and one for <priemnaya@school.example>",
        "550 5.1.1 verp priemnaya=school.example@bounce.example and return-parent=family.example",
        &long,
    ];
    for reply in rows {
        let server = failing("rcpt", said(reply)).await;
        let (outcome, _) = send(&mut client(&server), TO, LETTER).await;
        let text = text(&outcome);
        assert_eq!(class(&outcome), "refused");
        assert!(text.starts_with("550 5.1.1 ") && text.chars().count() <= 200, "{text}");
        assert!(!text.contains('@') && !text.to_lowercase().contains("parent") && !text.contains("priemnaya") && !text.contains('\n'), "{text}");
    }
    assert_eq!(wording("550 5.1.1 <a@b.example>: \u{7}unknown", &[]), "550 5.1.1 … unknown");
    assert_eq!(wording("", &["", "x"]), "");
}

#[test]
fn codes_without_an_enhanced_status_and_odd_texts_are_judged_by_the_code() {
    let judge = |phase, code, text: &str| class(&of_refusal(phase, code, text, String::new()));
    assert_eq!(judge(Phase::Dot, 552, ""), "full");
    assert_eq!(judge(Phase::Dot, 554, ""), "refused");
    assert_eq!(judge(Phase::Rcpt, 550, "5.7.1.1 x"), "refused");
    assert_eq!(judge(Phase::Dot, 550, "СПАМ"), "spam");
    assert_eq!(judge(Phase::Dot, 454, "4.7.0 later"), "deferred");
    assert_eq!(judge(Phase::Rcpt, 454, "4.7.1 Relay access denied"), "account");
}

#[tokio::test]
async fn check_online_says_what_the_server_can_do() {
    let server = Server::start(Plan::default()).await;
    let description = client(&server).describe().await.unwrap();
    assert_eq!(
        description.sentences(),
        [
            "The connection is NOT encrypted (this machine only).",
            "The server offers login by PLAIN, LOGIN.",
            "The largest letter it takes is 30 MB.",
            "It reports deliveries on request (DSN).",
            "Login: accepted, or not needed."
        ]
    );
    assert_eq!(server.seen().commands.last().unwrap(), "QUIT");

    let server = Server::start(Plan { offers: vec!["AUTH=XOAUTH2", "SIZE 0"], ..Plan::default() }).await;
    let description = client(&server).describe().await.unwrap();
    assert_eq!((description.mechanisms.as_slice(), description.size, description.dsn), (["XOAUTH2".to_owned()].as_slice(), None, false));
    assert!(description.sentences().iter().any(|s| s.contains("not supported yet")));
    assert!(description.login.is_err());

    let server = failing("auth", said("535 5.7.8 priemnaya: wrong password")).await;
    let description = client(&server).describe().await.unwrap();
    assert_eq!(description.login, Err(Outcome::Account("535 5.7.8 … wrong password".into())));
    assert!(failing("greeting", Act::Close).await.seen().commands.is_empty());
    let server = failing("greeting", Act::Close).await;
    assert_eq!(client(&server).describe().await.map_err(|o| class(&o)), Err("deferred"));
}

#[tokio::test]
async fn a_folder_gets_one_numbered_file_a_letter_and_goes_on_after_the_last() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("new/out");
    let mut first = Transport::open(&crate::settings::TransportChoice::Folder(path.clone()));
    for letter in [b"one\r\n", b"two\r\n"] {
        assert_eq!(class(&first.send(FROM, TO, letter, &mut || Ok(())).await), "accepted");
    }
    std::fs::write(path.join("0007.eml"), "old").unwrap();
    std::fs::write(path.join("notes.eml"), "not a number").unwrap();
    let mut second = Transport::open(&crate::settings::TransportChoice::Folder(path.clone()));
    assert_eq!(second.send(FROM, TO, LETTER, &mut || Ok(())).await, Outcome::Accepted("250 written as 0008.eml".into()));
    // The first one does not know of 0003.eml, made by somebody else: it never writes over a file.
    std::fs::write(path.join("0003.eml"), "theirs").unwrap();
    assert_eq!(first.send(FROM, TO, b"three\r\n", &mut || Ok(())).await, Outcome::Accepted("250 written as 0004.eml".into()));
    assert_eq!(std::fs::read(path.join("0002.eml")).unwrap(), b"two\r\n");
    assert_eq!(std::fs::read(path.join("0003.eml")).unwrap(), b"theirs");
    assert_eq!(second.send(FROM, TO, LETTER, &mut || Err("no".into())).await, Outcome::Deferred("no".into()));
    assert!(!path.join("0009.eml").exists());
    let mut nowhere = Folder::new(&path.join("0002.eml"));
    assert_eq!(class(&nowhere.send(TO, LETTER, &mut || Ok(()))), "deferred");
}

#[tokio::test]
async fn the_script_remembers_what_a_server_would_have() {
    let outcomes = [Outcome::Deferred("421".into()), Outcome::Unknown("cut".into()), Outcome::Refused("550".into())].into();
    let mut transport = Transport::Script(Script { outcomes, ..Script::default() });
    let mut marks = 0;
    for _ in 0..4 {
        transport
            .send(FROM, TO, LETTER, &mut || {
                marks += 1;
                Ok(())
            })
            .await;
    }
    transport.rest().await;
    let Transport::Script(script) = transport else { unreachable!() };
    assert_eq!((script.sent.len(), marks), (2, 3), "stored: the unknown one and the accepted one; marked: all but the deferred one");
}
