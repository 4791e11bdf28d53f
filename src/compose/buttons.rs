//! Buttons: `mailto:` links that open a prepared letter to the school (RFC 6068). The subject says in Russian what is ordered and ends with a
//! token; the body begins with the order in words. A press opens a new letter, so that the subject alone finds the appeal again.
//!
//! Not here: whether a token is its bearer's and what an order does (`decide`), which buttons a letter has (its template).

use super::{InstanceKey, Moment, hmac_token};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::Serialize;

/// Longer links are cut by mail programs; what is left out is text that the writer would add anyway.
const LONGEST: usize = 1800;
const MARK: &str = "[otk-";

/// Whose press a letter's buttons will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// Appeal.
    pub number: i64,
    /// From [`order_token`] or [`author_token`]; `freeze` makes the letter's own token of it.
    pub token: String,
    /// Start of the consultation that the letter is about: a press on a button of yesterday is told from one of today.
    pub about: Option<DateTime<Utc>>,
    /// What its reader can order besides, in every letter about the appeal; those that the letter has itself are not repeated.
    pub choices: Vec<Choice>,
}

/// One thing that the reader can order, as a button and as words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// On the button.
    pub label: String,
    /// The order, «передать: Никитина Светлана Олеговна».
    pub words: String,
    /// What follows it in the body, with room for the writer's own text: «: ».
    pub room: String,
    /// The same on the command line.
    pub command: Option<String>,
}

impl Choice {
    /// A press that needs no words of the reader's own.
    pub fn of(label: &str, words: &str) -> Choice {
        Choice { label: label.to_owned(), words: words.to_owned(), room: String::new(), command: None }
    }
    /// A press that the reader completes.
    pub fn with_room(label: &str, words: &str, room: &str) -> Choice {
        Choice { room: room.to_owned(), ..Choice::of(label, words) }
    }
    /// The same with its command.
    pub fn command(self, command: String) -> Choice {
        Choice { command: Some(command), ..self }
    }
}

/// Days that a letter's token lives at most, however long its appeal stays open.
pub const TOKEN_DAYS: i64 = 400;

/// The secret of a member of staff for one appeal, from which the tokens of their letters are made. It allows whatever this person may order
/// at the moment of the press (`decide::may`): what somebody may depends on their part in the appeal then, not on the letter.
pub fn order_token(key: &InstanceKey, number: i64, staff: &str) -> String {
    hmac_token(key, "order", &format!("{number}/{staff}"))
}

/// The same of an author for their appeal: it allows answers, never orders.
pub fn author_token(key: &InstanceKey, number: i64, email: &str) -> String {
    hmac_token(key, "author", &format!("{number}/{}", email.to_lowercase()))
}

/// The token in a letter's buttons: whose it is (one of the two above), bound to the school's mailbox, to that letter and to its last day. 128 bits.
/// Nothing is kept of it: whoever verifies one makes it again from the letters that were sent.
pub fn letter_token(whose: &str, instance: &str, letter: &str, made: DateTime<Utc>) -> String {
    let mut key = [0u8; 32];
    for (to, from) in key.iter_mut().zip(whose.bytes()) {
        *to = from;
    }
    let until = (made + TimeDelta::days(TOKEN_DAYS)).date_naive();
    hmac_token(&InstanceKey(key), "press", &format!("{} {instance} {} {letter} {until}", instance.len(), letter.len()))
}

/// Six digits that only the letter with this key tells.
pub fn code(key: &InstanceKey, letter: &str) -> String {
    let digits = hmac_token(key, "code", letter).bytes().fold(0u64, |n, b| n.wrapping_mul(31).wrapping_add(u64::from(b)));
    format!("{:06}", digits % 1_000_000)
}

/// Whether two tokens are one, in a time that tells nothing about them.
pub fn same_token(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}

/// Number and token of a subject «Заявка № 147: состоялась [otk-…]».
pub fn pressed(subject: &str) -> Option<(i64, String)> {
    let (before, token) = subject.rsplit_once(MARK)?;
    let token = token.trim_end().strip_suffix(']')?.to_lowercase();
    let number = before.rsplit_once('№')?.1.trim_start();
    let digits = number.find(|c: char| !c.is_ascii_digit()).map_or(number, |end| number.get(..end).unwrap_or_default());
    (token.len() == 26 && token.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| digits.parse().ok().map(|n| (n, token))).flatten()
}

/// Lines of a letter's own text in which a token may stand that was copied there.
const FIRST_LINES: usize = 3;

/// The line that carries a token: the subject, else one of the first own lines; otherwise the subject as well.
pub fn line_of<'m>(subject: &'m str, own: &'m str) -> &'m str {
    if subject.contains(MARK) {
        return subject;
    }
    own.lines().map(str::trim).filter(|l| !l.is_empty()).take(FIRST_LINES).find(|l| pressed(l).is_some()).unwrap_or(subject)
}

/// Whether a text carries what looks like a token of ours.
pub fn marked(text: &str) -> bool {
    text.contains(MARK)
}

/// The order in words that such a subject names.
pub fn ordered(subject: &str) -> Option<&str> {
    let (before, _) = subject.rsplit_once(MARK)?;
    let after = before.rsplit_once('№')?.1;
    // «147, 25.11.2026 15:30: состоялась»: the colon of the hour has no blank behind it.
    after.split_once(": ").map(|(_, words)| words.trim()).filter(|w| !w.is_empty())
}

/// The local start of the consultation that such a subject names.
pub fn about(subject: &str) -> Option<NaiveDateTime> {
    let (before, _) = subject.rsplit_once(MARK)?;
    let after = before.rsplit_once('№')?.1;
    let (_, moment) = after.split_once(": ")?.0.split_once(", ")?;
    NaiveDateTime::parse_from_str(moment, "%d.%m.%Y %H:%M").ok()
}

/// «Заявка № 147, 25.11.2026 15:30: состоялась [otk-…]».
fn subject(number: i64, about: Option<NaiveDateTime>, words: &str, token: &str) -> String {
    let about = about.map(|at| at.format(", %d.%m.%Y %H:%M").to_string()).unwrap_or_default();
    format!("Заявка № {number}{about}: {words} {MARK}{token}]")
}

impl Press {
    /// The choices whose buttons are not in the letter already.
    pub(super) fn besides(&self, html: &str) -> Vec<Choice> {
        let shown = |c: &Choice| html.contains(&encoded(&format!(": {} {MARK}", c.words), b""));
        self.choices.iter().filter(|c| !shown(c)).cloned().collect()
    }

    /// The same for the buttons of one letter, made now.
    pub(super) fn bound(&self, instance: &str, letter: &str, now: DateTime<Utc>) -> Press {
        Press { token: letter_token(&self.token, instance, letter, now), ..self.clone() }
    }

    /// The link of an order.
    pub(super) fn order(&self, address: &str, zone: chrono_tz::Tz, words: &str, room: &str) -> String {
        let about = self.about.map(|at| Moment { at, zone }.at.with_timezone(&zone).naive_local());
        mailto(address, &subject(self.number, about, words, &self.token), &format!("{words}{room}"))
    }

    /// The link of an author's answer to the letter of this subject.
    pub(super) fn answer(&self, address: &str, of: &str, words: &str) -> String {
        mailto(address, &format!("Re: {of} {MARK}{}]", self.token), words)
    }
}

/// A link with a prepared letter.
pub fn mailto(address: &str, subject: &str, body: &str) -> String {
    let head = format!("mailto:{}?subject={}&body=", encoded(address, b"@"), encoded(subject, b""));
    let mut out = head;
    for c in body.replace("\r\n", "\n").replace('\n', "\r\n").chars() {
        let next = encoded(c.encode_utf8(&mut [0; 4]), b"");
        if out.len() + next.len() > LONGEST {
            break;
        }
        out.push_str(&next);
    }
    out
}

fn encoded(text: &str, also: &[u8]) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
