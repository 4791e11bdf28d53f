//! Letters through a real Postfix: what is sent is what arrives, once, and each refusal is understood.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "wire/postfix.rs"]
mod postfix;

use otklik::outbox::Outcome;
use otklik::settings::{Server, ServerTls, TransportChoice};
use otklik::transport::{Smtp, Transport};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::PathBuf;

const FROM: &str = "priemnaya@school.example";

struct Wire {
    postfix: postfix::Postfix,
    ca_file: PathBuf,
    _dir: tempfile::TempDir,
}

impl Wire {
    fn start() -> Option<Wire> {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let ca_file = dir.path().join("ca.pem");
        std::fs::write(&ca_file, ca.as_ref().pem()).unwrap();
        Some(Wire { postfix: postfix::start(&ca)?, ca_file, _dir: dir })
    }
    fn server(&self, tls: ServerTls) -> Server {
        let port = if tls == ServerTls::Implicit { self.postfix.port } else { self.postfix.starttls_port };
        let (user, password) = (postfix::USER.to_owned(), postfix::PASSWORD.to_owned());
        Server { host: "localhost".into(), port, tls, user, password, ca_file: Some(self.ca_file.clone()) }
    }
    fn transport(&self, tls: ServerTls) -> Transport {
        Transport::open(&TransportChoice::Smtp(self.server(tls)))
    }
}

fn letter(subject: &str, body: &str) -> Vec<u8> {
    format!(
        "From: Priemnaya <{FROM}>\r\nTo: parent@family.example\r\nSubject: {subject}\r\nDate: Wed, 25 Nov 2026 12:00:00 +0300\r\n\
         Message-ID: <otk.receipt.147.abc@school.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{body}"
    )
    .into_bytes()
}

async fn send(transport: &mut Transport, to: &str, raw: &[u8]) -> Outcome {
    transport.send(FROM, to, raw, &mut || Ok(())).await
}

#[tokio::test]
async fn letters_arrive_once_and_unchanged_over_every_kind_of_connection() {
    let Some(wire) = Wire::start() else { return };
    for (tls, to) in [(ServerTls::Implicit, "one@family.example"), (ServerTls::Starttls, "two@family.example"), (ServerTls::None, "three@family.example")] {
        let mut transport = wire.transport(tls);
        let bodies = ["Hello.\r\n", "One.\r\n.\r\n..\r\n...\r\nEnd.\r\n", "Two lines at the end.\r\n\r\n"];
        let letters: Vec<Vec<u8>> = bodies.iter().enumerate().map(|(i, body)| letter(&format!("letter {i}"), body)).collect();
        for raw in &letters {
            let outcome = send(&mut transport, to, raw).await;
            assert!(matches!(&outcome, Outcome::Accepted(text) if text.starts_with("250 2.0.0 Ok: queued")), "{tls:?}: {outcome:?}\n{}", wire.postfix.log());
        }
        transport.rest().await;
        let mut delivered = wire.postfix.wait_delivered(to, letters.len());
        delivered.sort();
        assert_eq!(delivered.len(), letters.len(), "{}", wire.postfix.log());
        for (got, sent) in delivered.iter().zip(&letters) {
            assert_eq!(String::from_utf8_lossy(got), String::from_utf8_lossy(sent), "{tls:?}");
        }
    }
}

#[tokio::test]
async fn bare_line_ends_cannot_end_a_letter_early() {
    let Some(wire) = Wire::start() else { return };
    let mut transport = wire.transport(ServerTls::Implicit);
    let smuggling = "A.\n.\r\nMAIL FROM:<x@evil.example>\r\nRCPT TO:<victim@family.example>\r\nDATA\r\nSubject: forged\r\n\r\nB.\r.\rC.\n.\nD.\r\n";
    let outcome = send(&mut transport, "one@family.example", &letter("smuggling", smuggling)).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    // A second letter behind it shows that the conversation is in step, and that the queue has been worked through.
    assert!(matches!(send(&mut transport, "one@family.example", &letter("second", "Second.\r\n")).await, Outcome::Accepted(_)));
    let delivered = wire.postfix.wait_delivered("one@family.example", 2);
    assert_eq!(delivered.len(), 2, "{}", wire.postfix.log());
    let first = delivered.iter().map(|raw| String::from_utf8_lossy(raw)).find(|text| text.contains("Subject: smuggling")).unwrap();
    assert!(first.contains("A.\r\n.\r\nMAIL FROM:<x@evil.example>\r\n") && first.ends_with("B.\r\n.\r\nC.\r\n.\r\nD.\r\n"), "{first}");
    assert!(wire.postfix.delivered("victim@family.example").is_empty());
}

#[tokio::test]
async fn a_large_letter_arrives_whole() {
    let Some(wire) = Wire::start() else { return };
    let mut transport = wire.transport(ServerTls::Implicit);
    let raw = letter("large", &".0123456789 a line that begins with a dot and goes on\r\n".repeat(100_000));
    assert!(matches!(send(&mut transport, "large@family.example", &raw).await, Outcome::Accepted(_)));
    let delivered = wire.postfix.wait_delivered("large@family.example", 1);
    assert!(delivered.len() == 1 && delivered[0] == raw, "{} letters, {:?} bytes", delivered.len(), delivered.first().map(Vec::len));
}

#[tokio::test]
async fn refusals_of_a_real_server_are_told_apart_and_the_batch_goes_on() {
    let Some(wire) = Wire::start() else { return };
    let mut transport = wire.transport(ServerTls::Starttls);
    let raw = letter("refusals", "Hello.\r\n");
    let mut outcomes = Vec::new();
    for to in
        ["rejected@family.example", "deferred@family.example", "full@family.example", "spam@family.example", "somebody@elsewhere.invalid", "ok@family.example"]
    {
        outcomes.push(send(&mut transport, to, &raw).await);
    }
    let [Outcome::Refused(rejected), Outcome::Deferred(_), Outcome::Full(_), Outcome::Spam(_), _, Outcome::Accepted(_)] = outcomes.as_slice() else {
        panic!("{outcomes:?}\n{}", wire.postfix.log())
    };
    assert!(rejected.starts_with("550 5.1.1") && !rejected.contains('@'), "{rejected}");
    assert_eq!(wire.postfix.wait_delivered("ok@family.example", 1).len(), 1);
    assert!(wire.postfix.delivered("rejected@family.example").is_empty());
    let oversized = letter("oversized", &"0123456789012345678901234567890123456789012345678901234567890123456789\r\n".repeat(450_000));
    let outcome = send(&mut transport, "ok@family.example", &oversized).await;
    assert!(matches!(outcome, Outcome::Refused(_) | Outcome::Deferred(_)), "a letter that is too large is not a full mailbox: {outcome:?}");
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_certificate_stop_before_any_letter() {
    let Some(wire) = Wire::start() else { return };
    let raw = letter("never", "Never.\r\n");
    let wrong = Server { password: "wrong".into(), ..wire.server(ServerTls::Implicit) };
    let outcome = send(&mut Transport::open(&TransportChoice::Smtp(wrong.clone())), "one@family.example", &raw).await;
    assert!(matches!(&outcome, Outcome::Account(text) if text.starts_with("535")), "{outcome:?}");
    for tls in [ServerTls::Implicit, ServerTls::Starttls] {
        let stranger = Server { ca_file: None, ..wire.server(tls) };
        let outcome = send(&mut Transport::open(&TransportChoice::Smtp(stranger)), "one@family.example", &raw).await;
        assert!(matches!(&outcome, Outcome::Deferred(text) if text.contains("certificate")), "{outcome:?}");
    }
    assert!(wire.postfix.delivered("one@family.example").is_empty());

    let description = Smtp::new(wire.server(ServerTls::Starttls)).describe().await.unwrap();
    let told = (description.encrypted, description.mechanisms.as_slice(), description.size, description.dsn, &description.login);
    assert_eq!(told, (true, ["PLAIN".to_owned(), "LOGIN".to_owned()].as_slice(), Some(31_457_280), true, &Ok(())));
    assert!(matches!(Smtp::new(wrong).describe().await.unwrap().login, Err(Outcome::Account(_))));
}
