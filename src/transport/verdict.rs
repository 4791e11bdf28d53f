//! Which [`Outcome`] a server's reply means, by the phase it came in, and how it is worded for the store.
//!
//! Not here: the conversation itself (`smtp`), and what follows from an outcome (`outbox::next`).

use crate::outbox::Outcome;

/// Longest text of an outcome, in characters.
const LONGEST: usize = 200;

/// Where in the conversation a reply came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Greeting, EHLO, STARTTLS, RSET: nothing of the letter was spoken of.
    Hello,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, before its 354.
    Data,
    /// After the final dot.
    Dot,
}

impl Phase {
    /// Whether this is the answer that the phase goes on with. lettre takes any 2xx and 3xx for success: a 250 in answer to DATA, or a
    /// 354 after the dot, would mean that replies are out of step.
    pub(super) fn goes_on_with(self, code: u16) -> bool {
        match self {
            Phase::Auth => code == 235 || code == 334,
            Phase::Data => code == 354,
            Phase::Hello | Phase::Mail | Phase::Rcpt | Phase::Dot => (200..300).contains(&code),
        }
    }
    /// The named moments before the command of this phase and after its answer. RSET is the only command of the first one beside the library's own.
    pub(super) fn moments(self) -> [&'static str; 2] {
        match self {
            Phase::Hello => ["smtp.rset.send", "smtp.rset.answered"],
            Phase::Auth => ["smtp.auth.send", "smtp.auth.answered"],
            Phase::Mail => ["smtp.mail.send", "smtp.mail.answered"],
            Phase::Rcpt => ["smtp.rcpt.send", "smtp.rcpt.answered"],
            Phase::Data => ["smtp.data.send", "smtp.data.answered"],
            Phase::Dot => ["smtp.dot.send", "smtp.dot.answered"],
        }
    }
    /// The name in texts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Phase::Hello => "the greeting",
            Phase::Auth => "AUTH",
            Phase::Mail => "MAIL",
            Phase::Rcpt => "RCPT",
            Phase::Data => "DATA",
            Phase::Dot => "the final dot",
        }
    }
}

/// The outcome of a 4xx or 5xx reply (reliability of submission servers as met in the field; RFC 5321 §4.2, RFC 3463). `line` begins with the code.
pub(super) fn of_refusal(phase: Phase, code: u16, text: &str, line: String) -> Outcome {
    let words = text.to_lowercase();
    let status = enhanced(&words);
    let says = |needles: &[&str]| needles.iter().any(|needle| words.contains(needle));
    if phase == Phase::Hello {
        return Outcome::Deferred(line);
    }
    if code < 500 {
        // 454: authentication fails for the moment; it is about the account wherever it comes before the letter.
        let account = code == 454 && phase != Phase::Dot;
        return if account { Outcome::Account(line) } else { Outcome::Deferred(line) };
    }
    // The words come before the codes: Yandex words its spam verdict as 5.7.8 at AUTH, a code that otherwise means a wrong password.
    let spam = says(&["spam", "спам"]);
    let ours = says(&["sender address rejected", "not owned by", "relay access denied", "relaying denied", "authentication required"]) || status == "5.4.5";
    match phase {
        _ if spam => Outcome::Spam(line),
        Phase::Auth | Phase::Mail => account_or_spam(code, status, line),
        _ if ours || matches!(code, 530 | 534 | 535) => Outcome::Account(line),
        // 552 5.3.4 and 5.2.3 are about the size of the letter, not about the room in the mailbox (RFC 3463 §3.3, §3.4).
        _ if matches!(status, "5.3.4" | "5.2.3") => Outcome::Refused(line),
        _ if code == 552 || status == "5.2.2" => Outcome::Full(line),
        // An infected attachment or a closed address is this letter's matter, although filters answer with the code of spam.
        _ if says(&["virus", "вирус", "infected", "recipient address rejected"]) => Outcome::Refused(line),
        _ if code == 554 && status == "5.7.1" => Outcome::Spam(line),
        _ => Outcome::Refused(line),
    }
}

/// 5xx at AUTH and MAIL is never about the letter (RFC 5321 §4.2.1 on MAIL: not to be remembered as permanent).
fn account_or_spam(code: u16, status: &str, line: String) -> Outcome {
    if code == 554 && status == "5.7.1" { Outcome::Spam(line) } else { Outcome::Account(line) }
}

/// The enhanced status code (RFC 3463) that a text begins with, or an empty string.
fn enhanced(text: &str) -> &str {
    let word = text.split_whitespace().next().unwrap_or_default();
    let parts = word.split('.').filter(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).count();
    if parts == 3 && word.split('.').count() == 3 { word } else { "" }
}

/// A text for the store and the log: one line, at most 200 characters, no address and none of the given names (local parts).
pub(super) fn wording(text: &str, names: &[&str]) -> String {
    let hidden = |word: &str| {
        let lower = word.to_lowercase();
        let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
        word.contains('@')
            || names.iter().filter(|name| !name.is_empty()).any(|name| {
                let name = name.to_lowercase();
                bare == name || (name.chars().count() >= 5 && lower.contains(&name))
            })
    };
    let mut out = String::new();
    // Only the beginning is looked at: a reply may be 100 KB long.
    let head: String = text.chars().take(LONGEST * 5).map(|c| if c.is_control() { ' ' } else { c }).collect();
    for word in head.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(if hidden(word) { "…" } else { word });
    }
    if out.chars().count() > LONGEST {
        out = out.chars().take(LONGEST - 1).collect();
        out.push('…');
    }
    out
}
