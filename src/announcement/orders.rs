//! What the sender answers to a preview: a small, closed grammar of whole first lines. What it does not know is answered, never guessed.

/// The sender's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// «Разослать».
    Send,
    /// «Разослать сейчас»: at night too.
    SendNow,
    /// «Отмена».
    Drop,
    /// «Исправить: …», with what follows.
    Correct(String),
    /// «Список»: who has answered and who has not.
    List,
}

/// Reads the text that a person wrote themselves.
pub fn word(own: &str) -> Option<Word> {
    let own = own.trim();
    let first = own.lines().next().unwrap_or_default();
    let line = first.trim().trim_matches(|c: char| c.is_whitespace() || ".,!«»\"".contains(c)).to_lowercase().replace('ё', "е");
    if let Some(at) = line.starts_with("исправить").then_some("исправить".chars().count()) {
        let rest = own.char_indices().nth(at).map_or("", |(i, _)| own.get(i..).unwrap_or_default());
        let rest = rest.trim_start_matches([':', '.', ',', ' ', '\t']);
        return Some(Word::Correct(rest.to_owned()));
    }
    // A word with more behind it, «разослать, но не всем», is no order.
    let bare = line.trim_end_matches(", пожалуйста").trim_end_matches(" пожалуйста");
    Some(match bare {
        "разослать" | "разошлите" | "рассылать" | "отправить" | "отправляйте" | "разослать объявление" | "да, разослать" => {
            Word::Send
        }
        "разослать сейчас" | "разослать ночью" | "разослать немедленно" => Word::SendNow,
        "отмена" | "отменить" | "отмените" | "не рассылать" | "снять" => Word::Drop,
        "список" | "список ответов" | "кто не ответил" | "ответы" | "итог" | "итоги" => Word::List,
        _ => return None,
    })
}
