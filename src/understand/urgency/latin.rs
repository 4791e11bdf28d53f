//! Russian written in Latin letters, back into Cyrillic.
//!
//! Not here: single look-alike letters (`words`).

use crate::understand::words::Words;

/// Longest first.
const LETTERS: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("sch", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("yu", "ю"),
    ("ju", "ю"),
    ("iu", "ю"),
    ("ya", "я"),
    ("ja", "я"),
    ("ia", "я"),
    ("yo", "е"),
    ("jo", "е"),
    ("ye", "е"),
    ("a", "а"),
    ("b", "б"),
    ("v", "в"),
    ("w", "в"),
    ("g", "г"),
    ("d", "д"),
    ("e", "е"),
    ("z", "з"),
    ("i", "и"),
    ("j", "й"),
    ("k", "к"),
    ("q", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("f", "ф"),
    ("h", "х"),
    ("x", "х"),
    ("c", "ц"),
    ("4", "ч"),
    ("6", "ш"),
];

/// The text in Cyrillic, when nearly all of its words are Latin.
pub(super) fn as_cyrillic(words: &Words<'_>) -> Option<String> {
    let latin = words.tokens.iter().filter(|t| t.norm.bytes().any(|b| b.is_ascii_lowercase())).count();
    if latin < 3 || latin * 10 < words.tokens.len() * 7 {
        return None;
    }
    let lower = words.text.to_ascii_lowercase();
    let mut out = String::with_capacity(lower.len() * 2);
    let mut rest = lower.as_str();
    while let Some(c) = rest.chars().next() {
        let vowel = |c: Option<char>| c.is_some_and(|c| "аеиоуыэюя".contains(c));
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if let Some((from, to)) = LETTERS
            .iter()
            .find(|(from, _)| rest.starts_with(from))
            .filter(|(from, _)| !from.starts_with(['4', '6']) || out.chars().next_back().is_some_and(char::is_alphabetic))
        {
            out.push_str(to);
            rest = rest.get(from.len()..).unwrap_or_default();
        } else {
            match c {
                // «y» is й behind a vowel, ы elsewhere; an apostrophe within a word is ь.
                'y' => out.push(if vowel(out.chars().next_back()) { 'й' } else { 'ы' }),
                '\'' | '’' | '`' if out.chars().next_back().is_some_and(char::is_alphabetic) => out.push('ь'),
                other => out.push(other),
            }
            rest = after;
        }
    }
    Some(out)
}
