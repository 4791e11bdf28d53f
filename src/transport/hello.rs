//! What a server says it can do, for `check --online`.
//!
//! Not here: the asking (`smtp`).

use crate::outbox::Outcome;
use lettre::transport::smtp::response::Response;

/// What a server says it can do, for `check --online`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Whether the conversation is encrypted.
    pub encrypted: bool,
    /// AUTH mechanisms.
    pub mechanisms: Vec<String>,
    /// Largest letter in bytes, where the server says so.
    pub size: Option<u64>,
    /// Delivery status notifications on request (RFC 3461).
    pub dsn: bool,
    /// Whether the login was accepted; without a user nothing is tried.
    pub login: Result<(), Outcome>,
}

/// The lines of EHLO that matter here (RFC 5321 §4.1.1.1); old servers write `AUTH=`.
pub(super) fn read_hello(reply: &Response) -> Description {
    let mut description = Description { encrypted: false, mechanisms: Vec::new(), size: None, dsn: false, login: Ok(()) };
    for line in reply.message().skip(1).take(64) {
        let line = line.to_ascii_uppercase().replacen("AUTH=", "AUTH ", 1);
        let mut words = line.split_ascii_whitespace();
        match words.next() {
            Some("AUTH") => {
                for word in words.filter(|w| w.len() <= 20 && w.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')) {
                    if !description.mechanisms.iter().any(|m| m == word) && description.mechanisms.len() < 16 {
                        description.mechanisms.push(word.to_owned());
                    }
                }
            }
            Some("SIZE") => description.size = words.next().and_then(|n| n.parse().ok()).filter(|n| *n > 0),
            Some("DSN") => description.dsn = true,
            _ => {}
        }
    }
    description
}

impl Description {
    /// What `check --online` prints, a sentence a line.
    pub fn sentences(&self) -> Vec<String> {
        let mut lines = vec![if self.encrypted { "The connection is encrypted." } else { "The connection is NOT encrypted (this machine only)." }.to_owned()];
        lines.push(match self.mechanisms.as_slice() {
            [] => "The server offers no login.".to_owned(),
            [one] if one == "XOAUTH2" => "The server offers login by XOAUTH2 only, which is not supported yet.".to_owned(),
            many => format!("The server offers login by {}.", many.join(", ")),
        });
        lines.push(match self.size {
            Some(bytes) => format!("The largest letter it takes is {} MB.", bytes.div_ceil(1024 * 1024)),
            None => "It does not say how large a letter may be.".to_owned(),
        });
        lines.push(if self.dsn { "It reports deliveries on request (DSN)." } else { "It does not report deliveries on request (no DSN)." }.to_owned());
        lines.push(match &self.login {
            Ok(()) => "Login: accepted, or not needed.".to_owned(),
            Err(Outcome::Account(text) | Outcome::Spam(text) | Outcome::Deferred(text)) => format!("Login: refused. {text}"),
            Err(_) => "Login: refused.".to_owned(),
        });
        lines
    }
}
