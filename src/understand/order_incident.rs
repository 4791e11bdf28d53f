//! «Всем: …», «разные», «инцидент закрыт»: the answers of staff to what was proposed as one incident. Not here: who may, and what follows (`decide`).

use super::order_lines::after_greeting;
use super::words::{TEXT_LIMIT, cut, fold};

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incident {
    /// These words answer each of them.
    All(String),
    /// «Всем» without words.
    NoText,
    /// They are different.
    Apart,
    /// Over: newcomers are appeals like any other.
    Over,
}

/// Reads the words that a member of staff wrote themselves.
pub fn read(own: &str) -> Option<Incident> {
    let text = after_greeting(cut(own, TEXT_LIMIT));
    let (first, below) = text.split_once('\n').unwrap_or((text, ""));
    let folded = fold(cut(first, 400));
    let bare = folded.trim().trim_end_matches(['.', '!']).trim();
    if matches!(bare, "разные" | "это разные" | "разное" | "это разное" | "не одно" | "разные случаи") {
        return Some(Incident::Apart);
    }
    let closing = ["инцидент закрыт", "закрыть инцидент", "инцидент закрыть", "общий случай закрыт", "закрыть общий случай", "инцидент исчерпан"];
    if closing.contains(&bare) {
        return Some(Incident::Over);
    }
    let (word, rest) = first.trim_start().split_once(':')?;
    if !matches!(fold(cut(word, 60)).trim(), "всем" | "ответ всем" | "ответить всем" | "это одно, всем" | "одно, всем")
    {
        return None;
    }
    let answer = [rest.trim(), below.trim()].join("\n").trim().to_owned();
    Some(if answer.chars().any(char::is_alphanumeric) { Incident::All(answer) } else { Incident::NoText })
}
