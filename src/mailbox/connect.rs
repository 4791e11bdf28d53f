//! From a name and a port to a logged-in connection: TCP, TLS, greeting, STARTTLS, login, capabilities.

use super::wire::{ANSWER, COMMAND, Fault, Step, Wire, cut, quoted, within};
use crate::dial::{Dial, Io};
use crate::moment;
use crate::settings::{Server, ServerTls};
use async_imap::imap_proto::{Capability, Response, ResponseCode, Status};
use data_encoding::BASE64;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore, crypto::ring};

/// Name look-up, TCP, TLS and greeting take no longer together.
const CONNECT: Duration = Duration::from_secs(30);
/// One address of several: an IPv6 route into nowhere must not eat the whole time.
const ADDRESS: Duration = Duration::from_secs(10);

/// A logged-in connection.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) wire: Wire,
    /// The server's first words.
    pub(super) greeting: String,
    /// Capabilities after login, upper case.
    pub(super) capabilities: BTreeSet<String>,
    /// The folder opened last is open on this connection.
    pub(super) examined: bool,
}

/// Connects and logs in.
pub(super) async fn connect(server: &Server, dial: &Dial, tls: &mut Option<TlsConnector>) -> Result<Live, Fault> {
    moment::pass("imap.connect.dial");
    let (mut wire, greeting, mut capabilities) = within(CONNECT, open(server, dial, tls)).await?;
    moment::pass("imap.connect.greeted");
    if capabilities.is_empty() {
        capabilities = ask_capabilities(&mut wire).await?;
    }
    moment::pass("imap.login.send");
    login(&mut wire, server, &capabilities).await?;
    moment::pass("imap.login.answered");
    let capabilities = ask_capabilities(&mut wire).await?;
    Ok(Live { wire, greeting, capabilities, examined: false })
}

async fn open(server: &Server, dial: &Dial, tls: &mut Option<TlsConnector>) -> Result<(Wire, String, BTreeSet<String>), Fault> {
    if let Dial::Pipes(pipes) = dial {
        let pipe = pipes().map_err(|e| Fault::Lost(cut(&e.to_string(), 100)))?;
        return greet(Wire::new(pipe)).await;
    }
    let stream = reach(server).await?;
    match server.tls {
        ServerTls::None => greet(Wire::new(Box::new(stream))).await,
        ServerTls::Implicit => greet(Wire::new(secure(server, tls, Box::new(stream)).await?)).await,
        ServerTls::Starttls => {
            let (mut wire, greeting, _) = greet(Wire::new(Box::new(stream))).await?;
            wire.run("STARTTLS", &mut |_| {}).await.map_err(|fault| match fault {
                Fault::No(why) | Fault::Bad(why) => Fault::Person(format!("the server does not offer STARTTLS; try tls = \"implicit\" ({why})")),
                other => other,
            })?;
            // What was said before is worth nothing now: no capabilities are carried over (RFC 3501 §6.2.1).
            Ok((Wire::new(secure(server, tls, wire.into_inner()).await?), greeting, BTreeSet::new()))
        }
    }
}

async fn reach(server: &Server) -> Result<TcpStream, Fault> {
    let found = tokio::net::lookup_host((server.host.as_str(), server.port)).await;
    let addresses: Vec<_> = found.map_err(|_| Fault::Lost("the name of the server is not known".into()))?.collect();
    if server.tls == ServerTls::None && !addresses.iter().all(|a| a.ip().is_loopback()) {
        return Err(Fault::Person("tls = \"none\" would send the password in clear text, it is only for this machine; set tls = \"implicit\"".into()));
    }
    let mut last = Fault::Lost("the name of the server has no address".into());
    for address in addresses {
        match tokio::time::timeout(ADDRESS, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Our commands are small and waited for.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(e)) => last = Fault::Lost(cut(&e.to_string(), 100)),
            Err(_) => last = Fault::Lost("the server does not answer".into()),
        }
    }
    Err(last)
}

async fn greet(mut wire: Wire) -> Result<(Wire, String, BTreeSet<String>), Fault> {
    let (mut greeting, mut capabilities, mut status_ok) = (String::new(), BTreeSet::new(), None);
    wire.allow_only(ANSWER, 0);
    let mut look = |response: &Response<'_>| {
        if let Response::Data { status, outcome } = response {
            status_ok = Some(*status == Status::Ok);
            greeting = cut(outcome.information.as_deref().unwrap_or_default(), 120);
            if let Some(ResponseCode::Capabilities(told)) = &outcome.code {
                capabilities.extend(told.iter().map(name));
            }
        }
    };
    let step = wire.step(&mut look).await?;
    match (step, status_ok) {
        (Step::Data, Some(true)) => Ok((wire, greeting, capabilities)),
        // PREAUTH: somebody else's login; before STARTTLS it is an attack that skips it.
        (Step::Data, Some(false)) => Err(Fault::Person("the server greets without asking for a login".into())),
        _ => Err(Fault::Odd("no greeting of an IMAP server".into())),
    }
}

async fn ask_capabilities(wire: &mut Wire) -> Result<BTreeSet<String>, Fault> {
    let mut capabilities = BTreeSet::new();
    let mut look = |response: &Response<'_>| {
        if let Response::Capabilities(told) = response {
            capabilities.extend(told.iter().map(name));
        }
    };
    wire.run_between(["imap.capability.send", "imap.capability.answered"], "CAPABILITY", &mut look).await?;
    Ok(capabilities)
}

fn name(capability: &Capability<'_>) -> String {
    match capability {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(how) => format!("AUTH={}", how.to_uppercase()),
        Capability::Atom(atom) => atom.to_uppercase(),
    }
}

/// AUTHENTICATE PLAIN carries any password; LOGIN is for servers without it (and for those that take it back with BAD).
async fn login(wire: &mut Wire, server: &Server, capabilities: &BTreeSet<String>) -> Result<(), Fault> {
    let advice = "the login was refused; check user and password_file (mail.ru, Yandex: a password for applications)";
    let personal = |fault: Fault| hidden(fault, server).for_person(advice);
    if capabilities.contains("AUTH=PLAIN") {
        match within(COMMAND, plain(wire, server, capabilities.contains("SASL-IR"))).await {
            Err(Fault::Bad(_)) => {}
            other => return other.map_err(personal),
        }
    }
    if capabilities.contains("LOGINDISABLED") {
        return Err(Fault::Person("the server takes no password over this connection; set tls = \"implicit\" or \"starttls\"".into()));
    }
    within(COMMAND, by_login(wire, server)).await.map_err(personal)
}

async fn plain(wire: &mut Wire, server: &Server, at_once: bool) -> Result<(), Fault> {
    let secret = BASE64.encode(format!("\0{}\0{}", server.user, server.password).as_bytes());
    wire.allow_only(ANSWER, 0);
    if at_once {
        wire.put(&format!("AUTHENTICATE PLAIN {secret}")).await?;
    } else {
        wire.put("AUTHENTICATE PLAIN").await?;
        wire.flush().await?;
        wire.await_go().await?;
        wire.put_raw(format!("{secret}\r\n").as_bytes()).await?;
    }
    wire.flush().await?;
    wire.finish(&mut |_| {}).await
}

async fn by_login(wire: &mut Wire, server: &Server) -> Result<(), Fault> {
    wire.allow_only(ANSWER, 0);
    match (quoted(&server.user), quoted(&server.password)) {
        (Some(user), Some(password)) => wire.put(&format!("LOGIN {user} {password}")).await?,
        _ => {
            // Beyond ASCII only a literal is legal (RFC 3501 §4.3).
            wire.put(&format!("LOGIN {{{}}}", server.user.len())).await?;
            wire.flush().await?;
            wire.await_go().await?;
            wire.put_raw(format!("{} {{{}}}\r\n", server.user, server.password.len()).as_bytes()).await?;
            wire.flush().await?;
            wire.await_go().await?;
            wire.put_raw(format!("{}\r\n", server.password).as_bytes()).await?;
        }
    }
    wire.flush().await?;
    wire.finish(&mut |_| {}).await
}

/// A server that repeats the password in its refusal does not get it into our messages.
fn hidden(fault: Fault, server: &Server) -> Fault {
    let hide = |why: String| {
        let secrets = [&server.password, &server.user];
        secrets.iter().filter(|s| !s.is_empty()).fold(why, |why, secret| why.replace(secret.as_str(), "…"))
    };
    match fault {
        Fault::No(why) => Fault::No(hide(why)),
        Fault::Bad(why) => Fault::Bad(hide(why)),
        other => other,
    }
}

async fn secure(server: &Server, tls: &mut Option<TlsConnector>, stream: Box<dyn Io>) -> Result<Box<dyn Io>, Fault> {
    let connector = match tls {
        Some(connector) => connector.clone(),
        None => tls.insert(connector(server.ca_file.as_deref())?).clone(),
    };
    let name = ServerName::try_from(server.host.clone()).map_err(|_| Fault::Person("the host is no name that a certificate can have".into()))?;
    match connector.connect(name, stream).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(e) => Err(tls_fault(&e)),
    }
}

fn tls_fault(e: &std::io::Error) -> Fault {
    let Some(error) = e.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>()) else {
        return Fault::Lost(cut(&format!("TLS was broken off: {e}"), 120));
    };
    match error {
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer) => Fault::Person(
            "the server's certificate is signed by an authority that this machine does not know; add it to the system's store or name it in ca_file".into(),
        ),
        TlsError::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
            Fault::Person("the server's certificate is for another name; write host as the certificate has it".into())
        }
        TlsError::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            Fault::Person("the server's certificate has expired, or this machine's clock is wrong".into())
        }
        TlsError::InvalidCertificate(_) => Fault::Person(cut(&format!("the server's certificate is not accepted: {error}"), 150)),
        TlsError::InvalidMessage(_) => Fault::Person("the server does not speak TLS on this port; try tls = \"starttls\"".into()),
        other => Fault::Lost(cut(&format!("TLS failed: {other}"), 120)),
    }
}

/// The system's roots and one file more; ring as the provider, said outright, so that a second provider in the tree changes nothing.
fn connector(ca_file: Option<&Path>) -> Result<TlsConnector, Fault> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let unreadable = |_| Fault::Person(format!("ca_file {} cannot be read as PEM", path.display()));
        let mut added = 0;
        for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
            roots.add(certificate.map_err(unreadable)?).map_err(|_| Fault::Person(format!("ca_file {} holds no usable certificate", path.display())))?;
            added += 1;
        }
        if added == 0 {
            return Err(Fault::Person(format!("ca_file {} holds no certificate", path.display())));
        }
    }
    if roots.is_empty() {
        return Err(Fault::Person("this machine has no root certificates; install ca-certificates or set ca_file".into()));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Fault::Person("TLS is not available in this build".into()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
