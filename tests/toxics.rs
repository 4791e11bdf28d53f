//! A toxic network in real time: an in-process proxy between the program's own clients and the scripted servers behind TLS on loopback. Slow, narrow,
//! torn into slices, reset, half-open, closed without TLS's good-bye: nothing may be lost, left twice without doubt, or touched.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

#[path = "simulation/servers/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the simulator uses the rest")]
mod servers;

use chrono::{DateTime, Utc};
use otklik::mailbox::{Imap, Mailbox};
use otklik::outbox::Outcome;
use otklik::settings::{Server, ServerTls};
use otklik::transport::{Smtp, Timeouts, Transport};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use servers::{Servers, Wire};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// What the network does to a connection; bytes are counted from the server to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Toxic {
    /// Nothing.
    None,
    /// Each piece comes so much later.
    Latency(Duration),
    /// So many bytes, then a rest of ten milliseconds.
    Bandwidth(usize),
    /// Pieces of 1 to 7 bytes.
    Slicer,
    /// After so many bytes a reset.
    Reset(usize),
    /// After so many bytes nothing more comes, and nothing ends.
    HalfOpen(usize),
    /// After so many bytes TCP ends in good order, TLS does not.
    NoNotify(usize),
    /// After so many bytes of the program TCP ends: the rest of what it says is lost.
    LimitIn(usize),
    /// The end of the connection comes late.
    SlowClose(Duration),
}

/// A certificate authority's acceptor for `localhost`; its root goes into `file`.
fn acceptor(file: &Path) -> TlsAcceptor {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    std::fs::write(file, ca.as_ref().pem()).unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// The scripted server behind TLS on a port of its own.
async fn serve(servers: Servers, wire: Wire, acceptor: TlsAcceptor) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, pipe) = (acceptor.clone(), servers.connect(wire).unwrap());
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut pipe = pipe;
                    let _ = tokio::io::copy_bidirectional(&mut stream, &mut pipe).await;
                }
            });
        }
    });
    port
}

/// A proxy before that port whose every connection suffers this.
async fn proxy(to: u16, toxic: Toxic) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(async move {
                if let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await {
                    carry(client, server, toxic).await;
                }
            });
        }
    });
    port
}

/// How many bytes of a direction may pass, and what follows.
async fn carry(client: TcpStream, server: TcpStream, toxic: Toxic) {
    if matches!(toxic, Toxic::Reset(_)) {
        client.set_zero_linger().unwrap();
    }
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = async {
        let mut buffer = [0; 4096];
        let mut left = if let Toxic::LimitIn(bytes) = toxic { bytes } else { usize::MAX };
        while left > 0 {
            let Ok(read) = from_client.read(&mut buffer).await else { return };
            if read == 0 || to_server.write_all(&buffer[..read.min(left)]).await.is_err() {
                return;
            }
            left = left.saturating_sub(read);
        }
    };
    let down = async {
        let mut buffer = [0; 4096];
        let mut left = if let Toxic::Reset(bytes) | Toxic::HalfOpen(bytes) | Toxic::NoNotify(bytes) = toxic { bytes } else { usize::MAX };
        let mut slice = 0;
        loop {
            let Ok(read) = from_server.read(&mut buffer).await else { return };
            let pass = read.min(left);
            let mut rest = &buffer[..pass];
            while !rest.is_empty() {
                slice = slice % 7 + 1;
                let size = match toxic {
                    Toxic::Bandwidth(bytes) => bytes,
                    Toxic::Slicer => slice,
                    _ => rest.len(),
                };
                let (now, later) = rest.split_at(size.min(rest.len()));
                match toxic {
                    Toxic::Latency(time) => tokio::time::sleep(time).await,
                    Toxic::Bandwidth(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                    Toxic::Slicer => tokio::task::yield_now().await,
                    _ => {}
                }
                if to_client.write_all(now).await.is_err() {
                    return;
                }
                rest = later;
            }
            left -= pass;
            if read == 0 || left == 0 {
                break;
            }
        }
        match toxic {
            Toxic::HalfOpen(_) => std::future::pending().await,
            Toxic::SlowClose(time) => tokio::time::sleep(time).await,
            _ => {}
        }
    };
    // The first direction that ends takes the connection with it.
    tokio::select! {
        () = up => {}
        () = down => {}
    }
}

fn at(port: u16, ca_file: &Path) -> Server {
    let (user, password) = ("priemnaya@school.example".to_owned(), "s3cret".to_owned());
    Server { host: "localhost".into(), port, tls: ServerTls::Implicit, user, password, ca_file: Some(ca_file.to_owned()) }
}

fn received() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-25T10:00:00+03:00").unwrap().to_utc()
}

/// Every toxic, the hurtful ones at several places: within TLS's beginning, the login, the letters, the end.
fn toxics() -> Vec<Toxic> {
    let places = [1, 700, 1_500, 1_900, 2_300, 3_500, 9_000];
    let mut all =
        vec![Toxic::None, Toxic::Latency(Duration::from_millis(5)), Toxic::Bandwidth(400), Toxic::Slicer, Toxic::SlowClose(Duration::from_millis(200))];
    all.extend(places.into_iter().flat_map(|n| [Toxic::Reset(n), Toxic::HalfOpen(n), Toxic::NoNotify(n), Toxic::LimitIn(n)]));
    all
}

/// Whether this network lets a session end well.
fn harmless(toxic: Toxic) -> bool {
    matches!(toxic, Toxic::None | Toxic::Latency(_) | Toxic::Bandwidth(_) | Toxic::Slicer | Toxic::SlowClose(_))
}

#[tokio::test]
async fn a_mailbox_is_read_whole_or_not_at_all_over_any_network() {
    let dir = tempfile::tempdir().unwrap();
    let ca_file = dir.path().join("ca.pem");
    let acceptor = acceptor(&ca_file);
    let mut tasks = tokio::task::JoinSet::new();
    for toxic in toxics() {
        let (acceptor, ca_file) = (acceptor.clone(), ca_file.clone());
        tasks.spawn(async move {
            let servers = Servers::new(3);
            let letters: Vec<Vec<u8>> = (0..4).map(|n| format!("Subject: {n}\r\n\r\n{}\r\n", "строка ".repeat(60 * n)).into_bytes()).collect();
            for raw in &letters {
                servers.deliver("INBOX", raw, received());
            }
            let port = serve(servers.clone(), Wire::Imap, acceptor).await;
            let session = async |port: u16| -> Option<()> {
                let mut mailbox = Mailbox::Imap(Box::new(Imap::new(at(port, &ca_file))));
                let sent = mailbox.folders().await.ok()?.sent?;
                mailbox.examine("INBOX").await.ok()?;
                let entries = mailbox.scan(0).await.ok()?;
                assert_eq!(entries.len(), letters.len(), "{toxic:?}: a scan that ended well is whole");
                let fetched = mailbox.fetch(&entries, 1 << 20).await.ok()?;
                for (got, raw) in fetched.iter().zip(&letters) {
                    assert_eq!(got.bytes.as_deref(), Some(&raw[..]), "{toxic:?}: a letter that came is whole");
                }
                assert_eq!(fetched.len(), letters.len(), "{toxic:?}");
                mailbox.append(&sent, b"Subject: copy\r\n\r\ncopy\r\n", received()).await.ok()
            };
            // A half-open connection ends by the limit of the exchange, which is a minute: here whoever waits gives up sooner.
            let done = tokio::time::timeout(Duration::from_secs(3), session(proxy(port, toxic).await)).await.ok().flatten();
            let kept = servers.with(|state| state.folders["Отправленные"].letters.len());
            assert!(kept <= 1 && (done.is_none() || kept == 1), "{toxic:?}: {done:?}, {kept} copies");
            assert!(done.is_some() || !harmless(toxic), "{toxic:?} is no reason to fail");
            assert_eq!(session(port).await, Some(()), "{toxic:?}: over a sound network it works again");
            servers.with(|state| assert!(state.destructive.is_empty() && state.illegal.is_empty(), "{toxic:?}: {:?} {:?}", state.destructive, state.illegal));
            done.is_none()
        });
    }
    let hurt = tasks.join_all().await.into_iter().filter(|failed| *failed).count();
    assert!(hurt >= 12, "the network was too kind: only {hurt} sessions failed");
}

#[tokio::test]
async fn the_outcome_of_a_letter_is_never_better_than_the_truth_over_any_network() {
    let dir = tempfile::tempdir().unwrap();
    let ca_file = dir.path().join("ca.pem");
    let acceptor = acceptor(&ca_file);
    let mut tasks = tokio::task::JoinSet::new();
    for toxic in toxics() {
        let (acceptor, ca_file) = (acceptor.clone(), ca_file.clone());
        tasks.spawn(async move {
            let servers = Servers::new(4);
            let port = serve(servers.clone(), Wire::Smtp, acceptor).await;
            let limit = Duration::from_millis(1_500);
            let limits = Timeouts { connect: limit, command: limit, data: limit, block: limit, dot: limit, quit: limit };
            let mut transport = Transport::Smtp(Box::new(Smtp::with_timeouts(at(proxy(port, toxic).await, &ca_file), limits)));
            let mut told = 0;
            for n in 0..3 {
                let raw = format!("Subject: {n}\r\n\r\n.{}\r\n", "line\r\n..".repeat(40)).into_bytes();
                let outcome = transport.send("priemnaya@school.example", "p@family.example", &raw, &mut || Ok(())).await;
                let (accepted, same) = servers.with(|state| (state.accepted.len(), state.accepted.iter().all(|letter| *letter.raw == raw)));
                match outcome {
                    Outcome::Accepted(_) => told += 1,
                    Outcome::Unknown(_) => {}
                    other => assert_eq!(accepted, 0, "{toxic:?}: {other:?} of a letter that was accepted"),
                }
                assert!(same, "{toxic:?}: other bytes");
                assert!(!harmless(toxic) || accepted == 1, "{toxic:?} is no reason to fail");
                servers.with(|state| state.accepted.clear());
            }
            transport.rest().await;
            assert!(told == 3 || !harmless(toxic), "{toxic:?}: {told} of 3");
            servers.with(|state| assert!(state.illegal.is_empty(), "{toxic:?}: {:?}", state.illegal));
            told < 3
        });
    }
    let hurt = tasks.join_all().await.into_iter().filter(|failed| *failed).count();
    assert!(hurt >= 12, "the network was too kind: only {hurt} sessions failed");
}
