//! Letters within letters: a parent's letter that staff pass on inline or attached, and what of the quoted text is ours.
//!
//! Not here: the folding of quotes (`message`), threads (`thread`).

use super::forms::address;
use super::words::{TEXT_LIMIT, cut, fold};
use crate::message::{Address, Message};

/// A letter passed on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Passed {
    /// Its author.
    pub from: Address,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

const MARKS: [&str; 8] = [
    "forwarded message",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "пересланное письмо",
    "начало переадресованного сообщения",
    "перенаправленное сообщение",
    "original message",
    "исходное сообщение",
];
const HEADERS: [(&str, u8); 17] = [
    ("от кого", 1),
    ("от", 1),
    ("from", 1),
    ("кому", 0),
    ("to", 0),
    ("копия", 0),
    ("cc", 0),
    ("дата", 0),
    ("date", 0),
    ("отправлено", 0),
    ("sent", 0),
    ("тема", 2),
    ("subject", 2),
    ("ответить", 0),
    ("reply-to", 0),
    ("важность", 0),
    ("importance", 0),
];

/// The header of a line of a forwarded letter: which, and its value.
fn header(line: &str) -> Option<(u8, &str)> {
    let line = line.trim().trim_start_matches(['>', '*', ' ']);
    let (name, value) = line.split_once(':')?;
    let name = fold(name.trim_matches(['*', ' ', '>']));
    HEADERS.iter().find(|h| h.0 == name).map(|h| (h.1, value.trim_start_matches('*').trim()))
}

/// «15.12.2026, 08:41, "Анна Комарова" <anna.kom@mail.example>:», «пн, 14 сент. 2026 г. в 11:02, Имя <адрес>:»
fn attribution(line: &str) -> Option<Address> {
    let line = line.trim().trim_start_matches('>').trim();
    let digits = line.chars().filter(char::is_ascii_digit).count();
    if !(line.ends_with(':') || fold(line).ends_with("пишет") || fold(line).contains("написал")) || digits < 4 || line.len() > 300 {
        return None;
    }
    let email = address(line)?;
    let head = line.split(['<', '[']).next().unwrap_or_default();
    let name = head.rsplit([',', '"']).map(|p| p.trim().trim_start_matches("от ").trim()).find(|p| p.chars().filter(|c| c.is_alphabetic()).count() > 2);
    Some(Address { name: name.map(str::to_owned).filter(|n| !n.chars().any(|c| c.is_ascii_digit())), email })
}

fn sender(value: &str) -> Address {
    let name = value.split(['<', '[', '(']).next().unwrap_or_default().trim().trim_matches(['"', '\'', '«', '»']).trim();
    Address { name: Some(name.to_owned()).filter(|n| !n.is_empty() && !n.contains('@')), email: address(value).unwrap_or_default() }
}

/// The letter passed on in `message`: attached, or inline under a mark or a block of headers. `ours` are the school's own addresses: a quoted letter of
/// the school is an answer, not a letter passed on.
pub(super) fn passed_on(message: &Message, ours: &[String]) -> Option<Passed> {
    if let Some(inner) = message.forwarded.iter().find(|m| !m.body.whole.trim().is_empty() && m.sender().is_none_or(|a| !ours.contains(&a.email))) {
        // A letter forwarded twice: the innermost is the appeal.
        let deeper = inline(&inner.body.whole);
        let from = inner.sender().cloned().unwrap_or_default();
        return Some(deeper.unwrap_or_else(|| Passed { from, subject: inner.subject.clone(), text: joined(inner) }));
    }
    let found = inline(&message.body.whole)?;
    (!ours.contains(&found.from.email)).then_some(found)
}

fn joined(message: &Message) -> String {
    let body = &message.body;
    if body.own.trim().is_empty() { body.whole.clone() } else { format!("{}\n{}", body.own, body.signature) }
}

/// The innermost letter inline.
fn inline(text: &str) -> Option<Passed> {
    let text = cut(text, TEXT_LIMIT);
    let lines: Vec<&str> = text.lines().take(2000).collect();
    let mut found: Option<(Passed, usize)> = None;
    let mut i = 0;
    while let Some(line) = lines.get(i) {
        // Every mark has one of these, in small letters or in capitals; a long line is none.
        let may = line.len() < 600 && ["essag", "ообщен", "исьмо", "ESSAG", "ООБЩЕН", "ИСЬМО"].iter().any(|part| line.contains(part));
        let mark = may && {
            let folded = fold(line);
            MARKS.iter().any(|m| folded.contains(m)) && folded.trim_matches(['-', ' ', '>', '*', '_', ':', '=']).len() < 80
        };
        let headed = header(line).is_some_and(|h| h.0 == 1) && (1..=4).any(|n| lines.get(i + n).and_then(|l| header(l)).is_some());
        if mark || headed {
            let mut at = if mark { i + 1 } else { i };
            let (mut passed, mut any) = (Passed::default(), false);
            while let Some(line) = lines.get(at) {
                if let Some((what, value)) = header(line) {
                    any = true;
                    match what {
                        1 => passed.from = sender(value),
                        2 => passed.subject = value.to_owned(),
                        _ => {}
                    }
                } else if let Some(from) = attribution(line).filter(|_| !any) {
                    passed.from = from;
                    any = true;
                    at += 1;
                    break;
                } else if !line.trim().trim_matches('>').trim().is_empty() || (any && at > i + 12) {
                    break;
                }
                at += 1;
            }
            if any {
                found = Some((passed, at));
                i = at;
                continue;
            }
        }
        i += 1;
    }
    let (mut passed, at) = found?;
    let end = |l: &&str| {
        let l = fold(l);
        l.contains("завершение пересылаемого") || l.contains("конец пересылаемого") || l.contains("конец переадресованного")
    };
    let body: Vec<&str> = lines.iter().skip(at).copied().take_while(|l| !end(l)).map(|l| l.trim_start_matches('>').trim_start()).collect();
    passed.text = body.join("\n").trim().to_owned();
    (!passed.text.is_empty()).then_some(passed)
}

/// Whether the quoted part is a letter of the school's: its address stands in the lines that introduce a quotation.
pub(super) fn quotes_us(message: &Message, ours: &[String]) -> bool {
    if message.body.quoted.trim().is_empty() {
        return false;
    }
    cut(&message.body.whole, TEXT_LIMIT).lines().take(2000).any(|line| {
        let introduces = attribution(line).is_some() || header(line).is_some_and(|h| h.0 == 1);
        introduces && address(line).is_some_and(|a| ours.contains(&a))
    })
}
