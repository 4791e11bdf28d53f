//! `[mailbox]` and `[transport]`: a server and how to log in, or a folder.

use super::document::{At, Section};
use super::values;
use crate::settings::{SenderCheck, ServerTls};
use std::path::PathBuf;
use std::time::Duration;

/// A server as written; the password is looked up later.
#[derive(Clone)]
pub(super) struct ServerText {
    pub(super) file: String,
    pub(super) host: At<String>,
    pub(super) port: u16,
    pub(super) tls: ServerTls,
    pub(super) user: At<String>,
    pub(super) password_file: At<String>,
    pub(super) ca_file: Option<At<String>>,
}

/// Where letters come from or go.
#[derive(Clone)]
pub(super) enum Place {
    Server(ServerText),
    Folder(At<PathBuf>),
}

/// `[mailbox]`.
pub(super) struct Mailbox {
    pub(super) place: Place,
    pub(super) folders: Vec<String>,
    pub(super) sent: Option<String>,
    pub(super) spam: Option<String>,
    pub(super) poll: Duration,
    pub(super) size_limit: u64,
    pub(super) sent_by_provider: bool,
    pub(super) sender_check: SenderCheck,
}

/// Ports and names that differ between the two protocols.
struct Protocol {
    name: &'static str,
    example: &'static str,
    implicit: u16,
    starttls: u16,
    password: &'static str,
}

const IMAP: Protocol = Protocol { name: "imap", example: "imap.mail.ru", implicit: 993, starttls: 143, password: "imap-password" };
const SMTP: Protocol = Protocol { name: "smtp", example: "smtp.mail.ru", implicit: 465, starttls: 587, password: "smtp-password" };
/// The name in every letter that mail.ru's servers have checked.
const MAIL_RU: &str = "mxs.mail.ru";
const SERVER_KEYS: [&str; 7] = ["host", "port", "tls", "user", "password_file", "ca_file", "auth"];

/// Reads `[mailbox]`.
pub(super) fn mailbox(section: Section<'_>) -> Option<Mailbox> {
    let place = place(&section, &IMAP);
    let folders = section.texts("folders", "INBOX").map(|l| l.into_iter().map(|t| t.value).collect::<Vec<_>>());
    if folders.as_ref().is_some_and(Vec::is_empty) {
        section.wrong(None, "folders is empty, so no letter would ever be read; write folders = [\"INBOX\"]");
    }
    let poll = section.text("poll", "60s").and_then(|text| {
        let found = values::duration(&text.value).filter(|d| (10..=3600).contains(&d.as_secs()));
        if found.is_none() {
            section.wrong(Some(text.line), format!("poll = \"{}\" is no time between 10s and 1h; write e.g. poll = \"60s\"", text.value));
        }
        found
    });
    let size_limit = section.text("size_limit", "25MB").and_then(|text| {
        let found = values::size(&text.value).filter(|n| (64 << 10..=100 << 20).contains(n));
        if found.is_none() {
            section.wrong(Some(text.line), format!("size_limit = \"{}\" is no size between 64KB and 100MB; write e.g. size_limit = \"25MB\"", text.value));
        }
        found
    });
    let name = |key, example| section.text(key, example).map(|t| t.value);
    let check = SenderCheck {
        required: false,
        trusted: false,
        authserv_id: section.text("authserv_id", "mx.school.example").map(|t| t.value.to_lowercase()),
        dkim: section.choice("dkim", &[("verify", true), ("off", false)]).is_some_and(|c| c.value),
        binds_from: section.texts("binds_from", "mail.ru").map(|l| l.into_iter().map(|t| t.value.to_lowercase()).collect()).unwrap_or_default(),
    };
    let strictness = section.choice("sender_check", &[("required", (true, false)), ("if_present", (false, false)), ("trusted", (false, true))]);
    let read = place.map(|place| Mailbox {
        sender_check: sender_check(&place, strictness.map(|c| c.value), check),
        place,
        folders: folders.unwrap_or_else(|| vec!["INBOX".to_owned()]),
        sent: name("sent", "Отправленные"),
        spam: name("spam", "Спам"),
        poll: poll.unwrap_or(Duration::from_secs(60)),
        size_limit: size_limit.unwrap_or(25 << 20),
        sent_by_provider: section.flag("sent_by_provider").unwrap_or(false),
    });
    section.know(&["sent", "spam", "sent_by_provider"]);
    section.finish();
    read
}

/// mail.ru's servers write one and the same name into every letter, so a pass counts there; Yandex names another server in each letter and leaves
/// forged fields in place, so that only a fail tells anything and signatures are verified where `dkim = "verify"` is written.
fn sender_check(place: &Place, strictness: Option<(bool, bool)>, check: SenderCheck) -> SenderCheck {
    let mail_ru = matches!(place, Place::Server(s) if s.host.value.eq_ignore_ascii_case("imap.mail.ru"));
    let (required, trusted) = strictness.unwrap_or_default();
    SenderCheck { required, trusted, authserv_id: check.authserv_id.or_else(|| mail_ru.then(|| MAIL_RU.to_owned())), ..check }
}

/// Reads `[transport]`.
pub(super) fn transport(section: Section<'_>) -> Option<Place> {
    let place = place(&section, &SMTP);
    section.finish();
    place
}

fn place(section: &Section<'_>, protocol: &Protocol) -> Option<Place> {
    let kind = section.choice("kind", &[(protocol.name, false), ("folder", true)]);
    if section.has("kind") && kind.is_none() {
        section.know(&SERVER_KEYS);
        section.know(&["path"]);
        return None;
    }
    if kind.is_some_and(|k| k.value) {
        // A school that tries a folder for a day keeps its server's lines.
        section.know(&SERVER_KEYS);
        return section.required("path", "/var/mail/school").map(|t| Place::Folder(At { value: PathBuf::from(t.value), line: t.line }));
    }
    section.know(&["path"]);
    server(section, protocol).map(Place::Server)
}

fn server(section: &Section<'_>, protocol: &Protocol) -> Option<ServerText> {
    let host = section.required("host", protocol.example).filter(|h| {
        let good = values::host(&h.value);
        if !good {
            section.wrong(
                Some(h.line),
                format!("host = \"{}\" is no host name; write only the name, e.g. host = \"{}\" (the port has a key of its own)", h.value, protocol.example),
            );
        }
        good
    });
    let tls = section.choice("tls", &[("implicit", ServerTls::Implicit), ("starttls", ServerTls::Starttls), ("none", ServerTls::None)]);
    if let (Some(host), Some(At { value: ServerTls::None, line })) = (&host, &tls)
        && !values::loopback(&host.value)
    {
        section.wrong(
            Some(*line),
            format!(
                "tls = \"none\" would send the password and families' letters in the clear to {}; write tls = \"implicit\" (\"none\" is for this machine only)",
                host.value
            ),
        );
    }
    let tls = tls.map_or(ServerTls::Implicit, |t| t.value);
    let usual = if tls == ServerTls::Implicit { protocol.implicit } else { protocol.starttls };
    let port = section.number("port", 1..=65535);
    if let Some(port) = &port {
        let crossed = (port.value == u64::from(protocol.implicit) && tls == ServerTls::Starttls)
            || (port.value == u64::from(protocol.starttls) && tls == ServerTls::Implicit);
        if crossed {
            let right = if tls == ServerTls::Implicit { "starttls" } else { "implicit" };
            section.wrong(Some(port.line), format!("port {} belongs to tls = \"{right}\"; write that, or port = {usual}", port.value));
        }
    }
    if let Some(auth) = section.text("auth", "password")
        && auth.value != "password"
    {
        let what = if auth.value.eq_ignore_ascii_case("xoauth2") { "is not supported yet" } else { "is not known" };
        section.wrong(
            Some(auth.line),
            format!("auth = \"{}\" {what}; take the line out and use a password for applications made in the provider's settings", auth.value),
        );
    }
    let user = section.required("user", "priemnaya@school.example");
    let password_file = section.text("password_file", protocol.password).unwrap_or(At { value: protocol.password.to_owned(), line: section.line.unwrap_or(1) });
    let ca_file = section.text("ca_file", "/etc/ssl/school-ca.pem");
    if section.has("password") {
        section.wrong(
            None,
            format!(
                "password does not belong into this file, which people copy and show; put it alone into the file {} and take the line out",
                password_file.value
            ),
        );
    }
    Some(ServerText {
        file: section.file.name.clone(),
        host: host?,
        port: port.and_then(|p| u16::try_from(p.value).ok()).unwrap_or(usual),
        tls,
        user: user?,
        password_file,
        ca_file,
    })
}
