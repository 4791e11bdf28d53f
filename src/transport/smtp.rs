//! SMTP submission, phase by phase, over lettre's low-level connection.
//!
//! lettre's own `send`, its timeout (connecting only) and its pool (replies off by one after a cancelled send) are not used; every exchange
//! has a limit here, and whatever ends unexpectedly drops the connection. Not here: one exchange (`wire`), what a refusal means (`verdict`),
//! when to retry (`outbox`).

use super::hello::{Description, read_hello};
use super::verdict::Phase;
use super::wire::{Fault, envelope_address, local_part, outcome_of, payload, say, with_crlf, wording};
use crate::dial::{Dial, Io};
use crate::moment;
use crate::outbox::Outcome;
use crate::settings::{Server, ServerTls};
use futures_util::FutureExt;
use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Auth, Data, Ehlo, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::timeout;

/// How long each phase may take (RFC 5321 §4.5.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// TCP, for each address of the server.
    pub connect: Duration,
    /// Name, TLS, greeting, EHLO, STARTTLS, RSET, each step of AUTH, MAIL, RCPT.
    pub command: Duration,
    /// From DATA to its 354.
    pub data: Duration,
    /// Each 64 KB of the letter.
    pub block: Duration,
    /// From the final dot to its 250: a short limit here makes duplicates (RFC 5321 §4.5.3.2.6).
    pub dot: Duration,
    /// QUIT.
    pub quit: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        let minutes = |n: u64| Duration::from_secs(n * 60);
        Timeouts { connect: Duration::from_secs(30), command: minutes(5), data: minutes(2), block: minutes(3), dot: minutes(10), quit: Duration::from_secs(5) }
    }
}

const TOKENS_ONLY: &str = "the server offers login by XOAUTH2 only, which is not supported yet: make an application password with the provider";
const NO_MECHANISM: &str = "the server offers no login by PLAIN or LOGIN on this connection: check port and tls";

/// A connection, made when needed.
pub struct Smtp {
    server: Server,
    dial: Dial,
    timeouts: Timeouts,
    tls: Option<TlsParameters>,
    connection: Option<AsyncSmtpConnection>,
}

impl Smtp {
    /// Nothing is connected until the first letter.
    pub fn new(server: Server) -> Smtp {
        Smtp::with_timeouts(server, Timeouts::default())
    }

    /// With limits of one's own.
    pub fn with_timeouts(server: Server, timeouts: Timeouts) -> Smtp {
        Smtp { server, dial: Dial::Tcp, timeouts, tls: None, connection: None }
    }

    /// The same over connections from elsewhere.
    pub fn over(server: Server, dial: Dial) -> Smtp {
        Smtp { dial, ..Smtp::new(server) }
    }

    pub(super) async fn send(&mut self, from: &str, to: &str, raw: &[u8], on_data: &mut (dyn FnMut() -> Result<(), String> + Send)) -> Outcome {
        let sender = if from.is_empty() { Ok(None) } else { envelope_address(from).map(Some) };
        let (sender, recipient) = match (sender, envelope_address(to)) {
            (Ok(sender), Ok(recipient)) => (sender, recipient),
            (Err(e), _) | (_, Err(e)) => return Outcome::Refused(e.to_owned()),
        };
        let names = [local_part(from).to_owned(), local_part(to).to_owned(), local_part(&self.server.user).to_owned()];
        // The connection is out of `self` while a letter is under way: if this future is dropped, so is the connection, and no later letter
        // can take this one's replies for its own.
        let mut connection = match self.ready().await {
            Ok(connection) => connection,
            Err((phase, fault)) => return outcome_of(phase, fault, &names),
        };
        let (outcome, sound) = match transaction(&mut connection, sender, recipient, raw, on_data, self.timeouts).await {
            Ok(text) => (Outcome::Accepted(wording(&text, &names)), true),
            Err((phase, fault)) => {
                let definite = matches!(&fault, Fault::Reply(code, _) if *code != 421);
                (outcome_of(phase, fault, &names), definite)
            }
        };
        // A definite word about this one letter leaves the conversation in step (RSET comes before the next); anything else ends it.
        if sound && matches!(outcome, Outcome::Accepted(_) | Outcome::Refused(_) | Outcome::Full(_) | Outcome::Deferred(_)) {
            self.connection = Some(connection);
        }
        outcome
    }

    /// A connection that is logged in and between letters.
    async fn ready(&mut self) -> Result<AsyncSmtpConnection, (Phase, Fault)> {
        // A kept connection may have been closed by the server meanwhile: RSET finds out before a letter is risked on it.
        if let Some(mut kept) = self.connection.take()
            && say(&mut kept, Phase::Hello, self.timeouts.command, Rset).await.is_ok()
        {
            return Ok(kept);
        }
        moment::pass("smtp.connect.dial");
        let mut fresh = self.connect().await.map_err(|fault| (Phase::Hello, fault))?;
        moment::pass("smtp.connect.greeted");
        self.log_in(&mut fresh).await.map_err(|fault| (Phase::Auth, fault))?;
        Ok(fresh)
    }

    /// To the end of EHLO, encrypted as configured.
    async fn connect(&mut self) -> Result<AsyncSmtpConnection, Fault> {
        if let Dial::Pipes(pipes) = &self.dial {
            let pipe = Pipe(pipes().map_err(|e| Fault::Wire(e.kind().to_string()))?);
            let name = ClientId::default();
            let connecting = AsyncSmtpConnection::connect_with_transport(Box::new(pipe), &name);
            return match timeout(self.timeouts.command, connecting).await {
                Ok(made) => made.map_err(|e| Fault::of(&e)),
                Err(_) => Err(Fault::Wire("the server does not answer: no greeting in time".into())),
            };
        }
        if self.server.tls == ServerTls::None && !is_loopback(&self.server.host) {
            return Err(Fault::Ours(Outcome::Account("a connection without TLS is made to this machine only: set tls to \"implicit\" or \"starttls\"".into())));
        }
        let tls = if self.server.tls == ServerTls::None { None } else { Some(self.tls_parameters()?) };
        let (at_once, later) = if self.server.tls == ServerTls::Implicit { (tls, None) } else { (None, tls) };
        let limits = self.timeouts;
        let name = ClientId::default();
        let connecting = AsyncSmtpConnection::connect_tokio1((self.server.host.as_str(), self.server.port), Some(limits.connect), &name, at_once, None);
        // Name, TLS, greeting and EHLO are one call of the library: one limit for all of them.
        let mut connection = match timeout(limits.connect + limits.command, connecting).await {
            Ok(made) => made.map_err(|e| Fault::of(&e))?,
            Err(_) => return Err(Fault::Wire("the server does not answer: no greeting in time".into())),
        };
        if let Some(tls) = later {
            match timeout(limits.command, connection.starttls(tls, &name)).await {
                Ok(upgraded) => upgraded.map_err(|e| Fault::of(&e))?,
                Err(_) => return Err(Fault::Wire("no answer to STARTTLS in time".into())),
            }
            // The library keeps what was received before TLS began: replies smuggled in there by somebody between us would be taken for the
            // server's (CVE-2011-0411). After EHLO a sound server is silent.
            if !connection.is_encrypted() || connection.read_response().now_or_never().is_some() {
                return Err(Fault::Wire("the server spoke out of turn at STARTTLS".into()));
            }
        }
        Ok(connection)
    }

    /// Made once: reading the system's roots takes a while.
    fn tls_parameters(&mut self) -> Result<TlsParameters, Fault> {
        if let Some(tls) = &self.tls {
            return Ok(tls.clone());
        }
        let ours = |text: String| Fault::Ours(Outcome::Account(text));
        let mut builder = TlsParameters::builder(self.server.host.clone());
        if let Some(path) = &self.server.ca_file {
            let pem = std::fs::read(path).map_err(|e| ours(format!("cannot read ca_file: {}", e.kind())))?;
            let root = Certificate::from_pem(&pem).map_err(|_| ours("ca_file holds no PEM certificate".into()))?;
            builder = builder.add_root_certificate(root);
        }
        let tls = builder.build().map_err(|_| ours("ca_file holds a certificate that is not usable as a root".into()))?;
        self.tls = Some(tls.clone());
        Ok(tls)
    }

    /// AUTH PLAIN, or LOGIN where there is no PLAIN; without a user nothing.
    async fn log_in(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Fault> {
        if self.server.user.is_empty() {
            return Ok(());
        }
        let info = connection.server_info();
        let Some(mechanism) = info.get_auth_mechanism(&[Mechanism::Plain, Mechanism::Login]) else {
            let only_tokens = info.supports_auth_mechanism(Mechanism::Xoauth2);
            return Err(Fault::Ours(Outcome::Account(if only_tokens { TOKENS_ONLY } else { NO_MECHANISM }.into())));
        };
        let credentials = Credentials::new(self.server.user.clone(), self.server.password.clone());
        let limit = self.timeouts.command;
        let mut command = Auth::new(mechanism, credentials.clone(), None).map_err(|e| Fault::of(&e))?;
        // LOGIN asks twice; a server that asks more is not understood.
        for _ in 0..4 {
            let reply = say(connection, Phase::Auth, limit, command).await.map_err(|(_, fault)| fault)?;
            if !reply.has_code(334) {
                return Ok(());
            }
            command = Auth::new_from_response(mechanism, credentials.clone(), &reply).map_err(|e| Fault::of(&e))?;
        }
        Err(Fault::Wire("the server asks for more than a name and a password".into()))
    }

    /// Connects, asks the server what it can do, logs in, and says goodbye.
    pub async fn describe(&mut self) -> Result<Description, Outcome> {
        let names = [local_part(&self.server.user).to_owned()];
        let failed = |phase, fault| outcome_of(phase, fault, &names);
        self.rest().await;
        let mut connection = self.connect().await.map_err(|fault| failed(Phase::Hello, fault))?;
        // lettre keeps neither SIZE nor DSN: asked once more and read here.
        let hello = say(&mut connection, Phase::Hello, self.timeouts.command, Ehlo::new(ClientId::default())).await;
        let reply = hello.map_err(|(phase, fault)| failed(phase, fault))?;
        let mut description = read_hello(&reply);
        description.encrypted = connection.is_encrypted();
        description.login = self.log_in(&mut connection).await.map_err(|fault| failed(Phase::Auth, fault));
        self.connection = Some(connection);
        self.rest().await;
        Ok(description)
    }

    /// Ends the conversation politely; whether the server answers does not matter.
    pub(super) async fn rest(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            moment::pass("smtp.quit.send");
            let _ = timeout(self.timeouts.quit, connection.quit()).await;
            moment::pass("smtp.quit.answered");
        }
    }
}

/// One letter from MAIL to the reply after the dot. A wire fault in the phase `Dot` means that the letter may have left.
async fn transaction(
    connection: &mut AsyncSmtpConnection,
    sender: Option<Address>,
    recipient: Address,
    raw: &[u8],
    on_data: &mut (dyn FnMut() -> Result<(), String> + Send),
    limits: Timeouts,
) -> Result<String, (Phase, Fault)> {
    let letter = with_crlf(raw);
    let eight_bit = !letter.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime);
    let parameters = if eight_bit { vec![MailParameter::Body(MailBodyParameter::EightBitMime)] } else { Vec::new() };
    say(connection, Phase::Mail, limits.command, Mail::new(sender, parameters)).await?;
    say(connection, Phase::Rcpt, limits.command, Rcpt::new(recipient, Vec::new())).await?;
    on_data().map_err(|e| (Phase::Data, Fault::Wire(e)))?;
    say(connection, Phase::Data, limits.data, Data).await?;
    payload(connection, &letter, limits).await
}

/// A connection from elsewhere as the library wants it.
#[derive(Debug)]
struct Pipe(Box<dyn Io>);

impl AsyncTokioStream for Pipe {
    fn peer_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(SocketAddr::from(([127, 0, 0, 1], 25)))
    }
}

impl AsyncRead for Pipe {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
