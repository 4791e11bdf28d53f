//! Where an order stands in a letter: behind the greeting, in the first sentence; what is courtesy and no order.

use super::words::{Words, cut};

/// The first sentence and the rest.
pub(super) fn sentence(text: &str) -> (&str, &str) {
    let text = text.trim();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let after = text.get(at + c.len_utf8()..).unwrap_or_default();
        // The point of «28.11» and of «И. О.» ends nothing.
        let ends = c == '\n' || matches!(c, '!' | '?' | ';') || c == '.' && !before.is_uppercase() && after.starts_with([' ', '\n']);
        if ends {
            return (text.get(..at).unwrap_or_default().trim(), after.trim());
        }
        before = c;
    }
    (text, "")
}

const GREETINGS: [&str; 9] =
    ["здравствуйте", "добрый день", "доброе утро", "добрый вечер", "приветствую", "коллеги", "уважаемые коллеги", "добрый", "здравствуй"];

/// The text without a greeting before it.
pub(super) fn after_greeting(text: &str) -> &str {
    let text = text.trim();
    let words = Words::new(cut(text, 200));
    let said = |phrase: &str| phrase.split(' ').enumerate().all(|(i, w)| words.norm(i) == w).then(|| phrase.split(' ').count());
    let Some(used) = GREETINGS.iter().filter_map(|g| said(g)).max() else { return text };
    let Some(token) = words.tokens.get(used - 1) else { return text };
    let rest = text.get(token.at.end..).unwrap_or_default();
    // «Здравствуйте, Марина Викторовна!», «Добрый день, коллеги.»: whoever is greeted stands before the mark, an order does not begin with capitals only.
    let end = rest.char_indices().take(60).find(|(_, c)| matches!(c, '!' | '.' | '\n')).map(|(at, _)| at);
    let greeted = end.and_then(|at| rest.get(..at)).is_some_and(|who| {
        let mut words = who.split([',', ' ', '\u{a0}']).filter(|w| !w.is_empty());
        words.all(|w| w.starts_with(char::is_uppercase) || matches!(w, "коллеги" | "уважаемые" | "уважаемый" | "всем"))
    });
    let after = if greeted { end.and_then(|at| rest.get(at + 1..)).unwrap_or_default() } else { rest };
    let plain = |rest: &'_ str| rest.trim_start_matches([',', ' ', '\n', '\r', '\u{a0}', '!', '.']).len();
    // «Здравствуйте, Взяла.»: a letter that would be all greeting is none.
    let left = if plain(after) > 0 { plain(after) } else { plain(rest) };
    text.get(text.len() - left..).unwrap_or_default()
}

/// What follows a word of consent in the same sentence: «ок, беру», «хорошо, перенесу», «ой, верните».
pub(super) fn after_yes(line: &str) -> Option<&str> {
    const YES: [&str; 17] =
        ["ок", "окей", "ok", "хорошо", "да", "ага", "угу", "понял", "поняла", "понятно", "ясно", "ладно", "конечно", "спасибо", "так", "ой", "извините"];
    let words = Words::new(cut(line, 200));
    let token = words.tokens.first().filter(|t| YES.contains(&t.norm.as_str()))?;
    let rest = line.get(token.at.end..)?.trim_start_matches([',', ' ', '\u{a0}', '-', '—', '–']);
    (rest.starts_with(char::is_alphanumeric) && words.norm(1) != "нет").then_some(rest)
}

/// Thanks and consent that order nothing.
pub(super) fn courteous(text: &str) -> bool {
    const WORDS: [&str; 22] = [
        "спасибо",
        "большое",
        "благодарю",
        "ок",
        "окей",
        "хорошо",
        "понял",
        "поняла",
        "понятно",
        "ясно",
        "учту",
        "добрый",
        "день",
        "здравствуйте",
        "отлично",
        "вас",
        "вам",
        "за",
        "информацию",
        "все",
        "письмо",
        "напоминание",
    ];
    text.len() < 200 && {
        let words = Words::new(text);
        !words.tokens.is_empty() && words.tokens.iter().all(|t| WORDS.contains(&t.norm.as_str()))
    }
}

/// Whether nobody was reached by telephone.
pub(super) fn unreached(words: &str) -> bool {
    let words = Words::new(words);
    words.tokens.iter().enumerate().any(|(i, t)| {
        let next = words.norm(i + 1);
        (t.norm == "не" && ["бер", "отвеч", "ответ", "дозвон", "взял", "снима", "доступ", "обслуж", "поднима"].iter().any(|s| next.starts_with(s)))
            || t.norm.starts_with("недоступ")
            || (t.norm == "занято" || t.norm.starts_with("сбрасыва") || t.norm == "трубку" && words.norm(i.wrapping_sub(2)) == "не")
    })
}
