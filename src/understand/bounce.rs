//! Delivery reports: RFC 3464, and the plain texts of mail.ru and Exim that have no such part.
//!
//! Not here: whether a letter is one (`kind`).

use super::forms::address;
use super::words::{cut, fold};
use super::{Bounce, BounceClass, Sent};
use crate::message::Message;

/// A delivery report that no header gives away: a mailer's sender or subject, and a text that says it.
pub(super) fn by_text(message: &Message) -> bool {
    let from = message.sender().map_or("", |a| a.email.as_str());
    let local = from.split_once('@').map_or(from, |e| e.0);
    let mailer = ["mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mail.delivery"].iter().any(|m| local.starts_with(m));
    let subject = fold(&message.subject);
    let titled = [
        "undeliver",
        "недоставлен",
        "не доставлен",
        "не может быть доставлен",
        "mail failure",
        "delivery status notification",
        "failure notice",
        "delivery failure",
        "returned mail",
        "delayed mail",
        "сбой доставки",
        "ошибка доставки",
        "не удалось доставить",
        "delivery has failed",
        "delayed",
        "задержк",
        "задержив",
        "отложен",
        "недоставк",
        "вернулось",
        "возвращено",
    ]
    .iter()
    .any(|m| subject.contains(m));
    // Most letters are told by sender and subject alone.
    if !mailer && !titled {
        return false;
    }
    let text = fold(cut(&message.body.whole, 4096));
    let says = [
        "не может быть доставлено",
        "не доставлено",
        "не может быть отправлено",
        "could not be delivered",
        "user unknown",
        "mailbox full",
        "user not found",
        "адрес не найден",
        "invalid mailbox",
        "delivery to the following",
        "undeliverable",
        "does not exist",
        "за пределами квоты",
        "переполнен",
        "не доставлено",
        "has not yet been delivered",
        "повторит попытк",
        "попытки доставки",
        "не найден",
        "рассматривается как спам",
        "rejected",
        "отклонено",
        "no such user",
    ]
    .iter()
    .any(|m| text.contains(m));
    // A person may write of a letter that came back: a report greets nobody and asks nothing.
    let person = ["здравствуйте", "добрый", "доброе", "подскажите", "у меня", "мое письмо", "моего письма", "?"].iter().any(|p| text.contains(p));
    (mailer && (titled || says)) || (titled && says && !person && !subject.starts_with("re:"))
}

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

/// Of a report on several recipients, the part that matters: the first that failed, else the first that waits, else the first.
fn worst(report: &str) -> String {
    let mut blocks: Vec<String> = vec![String::new()];
    for line in report.lines().take(2000) {
        let blank = line.trim().is_empty();
        if let Some(last) = blocks.last_mut().filter(|_| !blank) {
            last.push_str(line);
            last.push('\n');
        } else if blocks.last().is_some_and(|b| !b.is_empty()) {
            blocks.push(String::new());
        }
    }
    let of = |wanted: &str| blocks.iter().find(|b| field(b, "Action").is_some_and(|a| a.to_ascii_lowercase().starts_with(wanted)));
    of("failed").or_else(|| of("delayed")).cloned().unwrap_or_else(|| report.to_owned())
}

/// Everybody whom a report calls failed, beside the one that is told.
fn others(message: &Message, told: Option<&str>) -> Vec<String> {
    let report = message.report.as_deref().unwrap_or_default();
    let mut out: Vec<String> = Vec::new();
    let mut recipient = None;
    for line in report.lines().take(2000) {
        let Some((key, value)) = line.split_once(':') else { continue };
        if key.trim().eq_ignore_ascii_case("Final-Recipient") {
            recipient = value.split_once(';').and_then(|v| address(v.1));
        } else if key.trim().eq_ignore_ascii_case("Action") && value.trim().to_ascii_lowercase().starts_with("failed") {
            out.extend(recipient.take().filter(|r| Some(r.as_str()) != told && out.len() < 20));
        }
    }
    out
}

/// Whether a report speaks of the address that this letter of ours went to. One that names no address at all is about the letter that it returns.
pub(super) fn names(message: &Message, read: &Bounce, sent: &Sent) -> bool {
    let ours = |a: &str| [&sent.to, &sent.instead].into_iter().flatten().any(|to| to.eq_ignore_ascii_case(a));
    if read.recipient.iter().chain(&read.also).any(|a| ours(a)) {
        return true;
    }
    // An address that forwards: the report tells both (RFC 3464 §2.3.1), or its text does, before the copy of our letter.
    let report = message.report.as_deref().unwrap_or_default();
    let fields = report.lines().take(2000).filter(|l| l.get(..18).is_some_and(|name| name.eq_ignore_ascii_case("Original-Recipient")));
    let text = cut(&message.body.whole, 16 * 1024).lines().take_while(|l| !l.contains("------ ") && !l.to_ascii_lowercase().starts_with("message-id:"));
    read.recipient.is_none() || fields.chain(text).filter_map(address).any(|a| ours(&a))
}

/// Reads a delivery report: class, recipient, status.
pub(super) fn read(message: &Message, own: &[String]) -> Bounce {
    let report = worst(message.report.as_deref().unwrap_or_default());
    let text = super::words::cut(&message.body.whole, 16 * 1024);
    let after = |v: String| v.split_once(';').map_or(v.clone(), |(_, a)| a.trim().to_owned());
    let recipient = field(&report, "Final-Recipient").or_else(|| field(&report, "Original-Recipient")).map(after).and_then(|v| address(&v)).or_else(|| {
        // The text names the recipient before the copy of our letter, where our own address stands.
        text.lines()
            .take_while(|l| !l.contains("------ "))
            .filter_map(address)
            .find(|a| !own.contains(a) && !a.starts_with("postmaster@") && !a.starts_with("mailer-daemon@"))
    });
    let code = field(&report, "Status").and_then(|s| status(&s)).or_else(|| status(&report)).or_else(|| status(text));
    let low = format!("{} {}", message.subject, text).to_lowercase();
    let has = |list: &[&str]| list.iter().any(|w| low.contains(w));
    let action = field(&report, "Action").unwrap_or_default().to_lowercase();
    let class = if action.starts_with("delayed")
        || (action.is_empty()
            && has(&[
                "will be retried",
                "still being retried",
                "warning only",
                "задерж",
                "повторные попытки",
                "delayed",
                "отложен",
                "повторит попытк",
                "попытки доставки",
                "not yet been delivered",
                "пока не доставлен",
            ])) {
        BounceClass::Delayed
    } else if code.as_deref().is_some_and(|c| c.starts_with('4') || c == "5.2.2")
        || has(&["mailbox full", "quota", "переполнен", "over quota", "превышена квота"])
    {
        BounceClass::Soft
    } else {
        BounceClass::Hard
    };
    let also = others(message, recipient.as_deref());
    Bounce { class, recipient, status: code, also }
}
