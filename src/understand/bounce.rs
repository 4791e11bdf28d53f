//! Delivery reports: RFC 3464, and the plain texts of mail.ru and Exim that have no such part.
//!
//! Not here: whether a letter is one (`kind`).

use super::forms::address;
use super::{Bounce, BounceClass};
use crate::message::Message;

/// A field of a delivery-status part, unfolded.
fn field(report: &str, name: &str) -> Option<String> {
    let mut lines = report.lines();
    while let Some(line) = lines.next() {
        let Some((key, value)) = line.split_once(':') else { continue };
        if !key.trim().eq_ignore_ascii_case(name) {
            continue;
        }
        let mut whole = value.trim().to_owned();
        for next in lines.by_ref().take_while(|l| l.starts_with([' ', '\t'])) {
            whole.push(' ');
            whole.push_str(next.trim());
        }
        return Some(whole);
    }
    None
}

/// The first enhanced status code (RFC 3463) of class 4 or 5 in a text.
fn status(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | ';' | ',' | ':' | '#' | '-'))
        .map(|w| w.trim_end_matches('.'))
        .find(|w| {
            let mut parts = w.split('.');
            let numbers = |p: Option<&str>| p.is_some_and(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
            matches!(parts.next(), Some("4" | "5")) && numbers(parts.next()) && numbers(parts.next()) && parts.next().is_none()
        })
        .map(str::to_owned)
}

/// Reads a delivery report: class, recipient, status.
pub(super) fn read(message: &Message, own: &[String]) -> Bounce {
    let report = message.report.as_deref().unwrap_or_default();
    let text = super::words::cut(&message.body.whole, 16 * 1024);
    let after = |v: String| v.split_once(';').map_or(v.clone(), |(_, a)| a.trim().to_owned());
    let recipient = field(report, "Final-Recipient").or_else(|| field(report, "Original-Recipient")).map(after).and_then(|v| address(&v)).or_else(|| {
        // The text names the recipient before the copy of our letter, where our own address stands.
        text.lines()
            .take_while(|l| !l.contains("------ "))
            .filter_map(address)
            .find(|a| !own.contains(a) && !a.starts_with("postmaster@") && !a.starts_with("mailer-daemon@"))
    });
    let code = field(report, "Status").and_then(|s| status(&s)).or_else(|| status(report)).or_else(|| status(text));
    let low = format!("{} {}", message.subject, text).to_lowercase();
    let has = |list: &[&str]| list.iter().any(|w| low.contains(w));
    let action = field(report, "Action").unwrap_or_default().to_lowercase();
    let class = if action.starts_with("delayed")
        || (action.is_empty() && has(&["will be retried", "still being retried", "warning only", "задерж", "повторные попытки", "delayed"]))
    {
        BounceClass::Delayed
    } else if code.as_deref().is_some_and(|c| c.starts_with('4') || c == "5.2.2")
        || has(&["mailbox full", "quota", "переполнен", "over quota", "превышена квота"])
    {
        BounceClass::Soft
    } else {
        BounceClass::Hard
    };
    Bounce { class, recipient, status: code }
}
