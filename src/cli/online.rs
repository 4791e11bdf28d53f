//! `otklik check --online`: logs in to both servers and says what they can do. Sends nothing, changes nothing.

use crate::mailbox::{Imap, Mailbox};
use crate::outbox::Outcome;
use crate::settings::{Settings, Source, TransportChoice};
use crate::transport::Smtp;

/// Lines for people, and whether all went well.
pub(super) async fn look(settings: &Settings) -> (Vec<String>, bool) {
    let mut lines = Vec::new();
    let mut good = true;
    match &settings.mailbox.source {
        Source::Imap(server) => {
            let mut imap = Imap::new(server.clone());
            match imap.describe().await {
                Ok(d) => {
                    let idle = if d.idle { "letters are seen at once (IDLE)" } else { "no IDLE: letters are seen at the next poll" };
                    lines.push(format!("mailbox: logged in to {}; {} letter(s) in INBOX; {idle}", server.host, d.exists));
                    lines.push(format!("mailbox: Sent is {}, spam is {}", named(d.folders.sent.as_deref()), named(d.folders.spam.as_deref())));
                }
                Err(e) => {
                    good = false;
                    lines.push(format!("mailbox: logging in to {}:{} failed: {e}", server.host, server.port));
                }
            }
        }
        Source::Folder(path) => match Mailbox::Folder(crate::mailbox::Folder::new(path)).folders().await {
            Ok(folders) => lines.push(format!("mailbox: folder {} is readable, {} folder(s)", path.display(), folders.all.len())),
            Err(e) => {
                good = false;
                lines.push(format!("mailbox: {e}"));
            }
        },
    }
    match &settings.transport {
        TransportChoice::Smtp(server) => match Smtp::new(server.clone()).describe().await {
            Ok(described) => {
                lines.extend(described.sentences().iter().map(|sentence| format!("transport: {sentence}")));
                match &described.login {
                    Ok(()) => lines.push(format!("transport: logged in to {}", server.host)),
                    Err(outcome) => {
                        good = false;
                        lines.push(format!("transport: logging in to {}:{} failed: {}", server.host, server.port, in_words(outcome)));
                    }
                }
            }
            Err(outcome) => {
                good = false;
                lines.push(format!("transport: {}:{} could not be talked to: {}", server.host, server.port, in_words(&outcome)));
            }
        },
        TransportChoice::Folder(path) => lines.push(format!("transport: letters are written into {}", path.display())),
    }
    (lines, good)
}

/// The server's answer and what to do about it.
fn in_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Account(text) => format!("the server refuses the user or the password ({text}); check user and password_file of [transport]"),
        Outcome::Accepted(text) | Outcome::Deferred(text) | Outcome::Refused(text) | Outcome::Full(text) | Outcome::Spam(text) | Outcome::Unknown(text) => {
            text.clone()
        }
    }
}

fn named(folder: Option<&str>) -> String {
    folder.map_or_else(|| "not found: name it in [mailbox]".to_owned(), |f| format!("«{f}»"))
}
