//! A scripted SMTP server on loopback for the tests: answers well unless told otherwise, and remembers what it got.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// What the server does instead of its usual answer.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Says this (CRLF is added).
    Say(String),
    /// Says this and closes.
    SayAndClose(String),
    /// Never answers.
    Hang,
    /// Closes without a word.
    Close,
}

#[derive(Clone, Default)]
pub(super) enum Tls {
    #[default]
    None,
    Implicit(TlsAcceptor),
    Starttls(TlsAcceptor),
    /// Offers STARTTLS and sends replies of its own before TLS begins.
    Smuggling(TlsAcceptor),
}

#[derive(Clone, Default)]
pub(super) struct Plan {
    pub tls: Tls,
    /// Lines of EHLO after the first; empty: AUTH PLAIN LOGIN, SIZE, DSN.
    pub offers: Vec<&'static str>,
    /// (verb, act): the first entry of a verb is used up when the verb comes. Verbs: greeting ehlo auth mail rcpt data dot rset quit.
    pub acts: Vec<(&'static str, Act)>,
    /// The server dies after so many bytes received.
    pub cut_in: Option<usize>,
    /// The server dies after so many bytes sent.
    pub cut_out: Option<usize>,
    /// Closing is a reset.
    pub reset: bool,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Seen {
    pub connections: usize,
    pub commands: Vec<String>,
    /// Letters stored, dots unstuffed.
    pub letters: Vec<Vec<u8>>,
}

pub(super) struct Server {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

struct Shared {
    plan: Plan,
    acts: Mutex<Vec<(&'static str, Act)>>,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub(super) async fn start(plan: Plan) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::new(Shared { acts: Mutex::new(plan.acts.clone()), plan, seen: seen.clone() });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.seen.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Server { port, seen }
    }
    pub(super) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    if shared.plan.reset {
        stream.set_zero_linger().unwrap();
    }
    match shared.plan.tls.clone() {
        Tls::None => drop(talk(stream, &shared, true).await),
        Tls::Implicit(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                drop(talk(stream, &shared, true).await);
            }
        }
        Tls::Starttls(acceptor) | Tls::Smuggling(acceptor) => {
            if let Some(stream) = talk(stream, &shared, true).await
                && let Ok(stream) = acceptor.accept(stream).await
            {
                drop(talk(stream, &shared, false).await);
            }
        }
    }
}

struct Peer<S> {
    stream: S,
    buffer: Vec<u8>,
    in_left: usize,
    out_left: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    async fn fill(&mut self) -> Option<()> {
        let mut chunk = [0; 8192];
        let room = chunk.len().min(self.in_left);
        let n = self.stream.read(&mut chunk[..room]).await.ok().filter(|n| *n > 0)?;
        self.in_left -= n;
        self.buffer.extend_from_slice(&chunk[..n]);
        Some(())
    }
    /// Up to and with `end`, searched in bytes that begin with `before`.
    async fn until(&mut self, before: &[u8], end: &[u8]) -> Option<Vec<u8>> {
        let mut from = 0;
        loop {
            let mut all = before.to_vec();
            all.extend_from_slice(&self.buffer);
            if let Some(at) = all[from..].windows(end.len()).position(|w| w == end) {
                let taken = from + at + end.len() - before.len();
                return Some(self.buffer.drain(..taken).collect());
            }
            from = all.len().saturating_sub(end.len());
            self.fill().await?;
        }
    }
    async fn say(&mut self, text: &str) -> Option<()> {
        let bytes = format!("{text}\r\n").into_bytes();
        let n = bytes.len().min(self.out_left);
        self.out_left -= n;
        self.stream.write_all(&bytes[..n]).await.ok()?;
        self.stream.flush().await.ok()?;
        (n == bytes.len()).then_some(())
    }
}

/// Returns the stream when TLS is to begin on it.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(stream: S, shared: &Shared, first: bool) -> Option<S> {
    let plan = &shared.plan;
    let whole = usize::MAX;
    let mut peer = Peer { stream, buffer: Vec::new(), in_left: plan.cut_in.unwrap_or(whole), out_left: plan.cut_out.unwrap_or(whole) };
    if first {
        answer(&mut peer, shared, "greeting", "220 test.example ESMTP").await?;
    }
    loop {
        let line = peer.until(b"", b"\r\n").await?;
        let line = String::from_utf8(line).unwrap().trim_end().to_owned();
        let verb = line.split(' ').next().unwrap_or_default().to_lowercase();
        shared.seen.lock().unwrap().commands.push(line.clone());
        match verb.as_str() {
            "ehlo" => {
                let mut offers = plan.offers.clone();
                if offers.is_empty() {
                    offers = vec!["AUTH PLAIN LOGIN", "SIZE 31457280", "DSN"];
                }
                if first && matches!(plan.tls, Tls::Starttls(_) | Tls::Smuggling(_)) {
                    offers = vec!["STARTTLS"];
                }
                let lines: Vec<String> = offers.iter().map(|offer| format!("250-{offer}\r\n")).collect();
                answer(&mut peer, shared, "ehlo", &format!("250-test.example\r\n{}250 HELP", lines.concat())).await?;
            }
            "starttls" => {
                if matches!(plan.tls, Tls::Smuggling(_)) {
                    peer.say("220 go\r\n250-test.example\r\n250 AUTH PLAIN\r\n235 in\r\n250 a\r\n250 b\r\n354 c\r\n250 taken").await?;
                } else {
                    peer.say("220 2.0.0 go").await?;
                }
                return Some(peer.stream);
            }
            "auth" if line == "AUTH LOGIN" => {
                peer.say("334 VXNlcm5hbWU6").await?;
                let user = peer.until(b"", b"\r\n").await?;
                peer.say("334 UGFzc3dvcmQ6").await?;
                let password = peer.until(b"", b"\r\n").await?;
                let given = format!("{} {}", String::from_utf8_lossy(&user).trim(), String::from_utf8_lossy(&password).trim());
                shared.seen.lock().unwrap().commands.push(given);
                answer(&mut peer, shared, "auth", "235 2.7.0 welcome").await?;
            }
            "auth" => {
                answer(&mut peer, shared, "auth", "235 2.7.0 welcome").await?;
            }
            "mail" => {
                answer(&mut peer, shared, "mail", "250 2.1.0 Ok").await?;
            }
            "rcpt" => {
                answer(&mut peer, shared, "rcpt", "250 2.1.5 Ok").await?;
            }
            "rset" => {
                answer(&mut peer, shared, "rset", "250 2.0.0 Ok").await?;
            }
            "quit" => {
                answer(&mut peer, shared, "quit", "221 2.0.0 Bye").await?;
                return None;
            }
            "data" => {
                if answer(&mut peer, shared, "data", "354 End data with <CR><LF>.<CR><LF>").await? {
                    let mut letter = peer.until(b"\r\n", b"\r\n.\r\n").await?;
                    letter.truncate(letter.len() - 3);
                    shared.seen.lock().unwrap().letters.push(unstuffed(&letter));
                    answer(&mut peer, shared, "dot", "250 2.0.0 Ok: queued").await?;
                }
            }
            _ => peer.say("502 5.5.2 what?").await?,
        }
    }
}

/// The answer or the act; true when it was the usual answer.
async fn answer<S: AsyncRead + AsyncWrite + Unpin>(peer: &mut Peer<S>, shared: &Shared, verb: &str, usual: &str) -> Option<bool> {
    let act = {
        let mut acts = shared.acts.lock().unwrap();
        acts.iter().position(|(v, _)| *v == verb).map(|i| acts.remove(i).1)
    };
    match act {
        None => peer.say(usual).await.map(|()| true),
        Some(Act::Say(text)) => peer.say(&text).await.map(|()| false),
        Some(Act::SayAndClose(text)) => {
            peer.say(&text).await;
            None
        }
        Some(Act::Close) => None,
        Some(Act::Hang) => std::future::pending().await,
    }
}

/// Lines end with CRLF only; a first dot of a line goes.
fn unstuffed(stuffed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line_start = true;
    for (i, byte) in stuffed.iter().enumerate() {
        if !(line_start && *byte == b'.') {
            out.push(*byte);
        }
        line_start = *byte == b'\n' && i > 0 && stuffed[i - 1] == b'\r';
    }
    out
}

/// A certificate authority of its own, with one certificate for `name`.
pub(super) struct Authority {
    pub acceptor: TlsAcceptor,
    pub ca_file: PathBuf,
    _dir: tempfile::TempDir,
}

pub(super) fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let ca_file = dir.path().join("ca.pem");
    std::fs::write(&ca_file, ca.as_ref().pem()).unwrap();
    Authority { acceptor: TlsAcceptor::from(Arc::new(config)), ca_file, _dir: dir }
}
