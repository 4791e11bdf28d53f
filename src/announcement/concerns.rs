//! What the sender is warned of in the preview: capitals, length, exclamation marks, strange links, what may be somebody's personal data. A warning
//! stops nothing; the sender decides.

use super::{Contact, Draft};

/// Characters above which few read to the end (004 2.4).
const LONG: usize = 1500;

/// Sentences for the preview.
pub fn concerns(draft: &Draft, contacts: &[Contact], own_domain: &str, own_phones: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let whole = format!("{}\n{}", draft.topic, draft.text);
    let loud: Vec<&str> = whole.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() >= 4 && w.chars().all(char::is_uppercase)).collect();
    if loud.len() >= 2 {
        let shown: Vec<&str> = loud.iter().copied().take(3).collect();
        found.push(format!("Слова заглавными буквами читаются как крик: {}. Напишите их, пожалуйста, обычными.", shown.join(", ")));
    }
    let length = draft.text.chars().count();
    if length > LONG {
        found.push(format!("Текст длинный ({length} знаков): до конца дочитают немногие. Хорошо, если получится короче {LONG}."));
    }
    if whole.contains("!!") || whole.matches('!').count() > 4 {
        found.push("Много восклицательных знаков: письмо выглядит тревожно.".into());
    }
    let hosts = strange_hosts(&format!("{whole}\n{}", draft.place.as_deref().unwrap_or_default()), own_domain);
    if !hosts.is_empty() {
        found.push(format!("Ссылка ведёт не на сайт школы: {}. Проверьте, что её можно открывать семьям.", hosts.join(", ")));
    }
    let names = surnames(&whole, contacts);
    if !names.is_empty() {
        found.push(format!("Похоже на имя семьи или ученика: {}. Чужие имена, оценки и диагнозы в объявлении не пишут.", names.join(", ")));
    }
    if has_phone(&whole, own_phones) {
        found.push("В тексте есть номер телефона, и это не телефон школы: он станет известен всем семьям.".into());
    }
    found
}

/// Hosts of links that are not the school's.
fn strange_hosts(text: &str, own: &str) -> Vec<String> {
    let mut hosts: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || "<>()\"«»".contains(c)) {
        let lower = word.to_lowercase();
        let Some(rest) =
            lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).or_else(|| lower.starts_with("www.").then_some(lower.as_str()))
        else {
            continue;
        };
        let host: String = rest.split(['/', '?', '#', ':']).next().unwrap_or_default().trim_end_matches(['.', ',']).chars().take(80).collect();
        let ours = host == own || host.strip_suffix(own).is_some_and(|sub| sub.ends_with('.'));
        if !ours && !host.is_empty() && !hosts.contains(&host) && hosts.len() < 5 {
            hosts.push(host);
        }
    }
    hosts
}

/// Surnames of the contacts that stand in the text, in any case: the first letters of a long word, or the word itself.
fn surnames(text: &str, contacts: &[Contact]) -> Vec<String> {
    let stem = |word: &str| -> String {
        let letters: Vec<char> = word.to_lowercase().replace('ё', "е").chars().collect();
        // «Петрова», «Петровой», «Петровых» begin alike; a feminine ending is two letters.
        let keep = if letters.len() > 5 { letters.len() - 2 } else { letters.len() };
        letters.into_iter().take(keep).collect()
    };
    let known: std::collections::BTreeSet<String> =
        contacts.iter().filter_map(|c| c.name.as_deref()).filter_map(|n| n.split_whitespace().next()).filter(|w| w.chars().count() > 3).map(stem).collect();
    let mut found: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphabetic() && c != '-') {
        if word.chars().count() < 4 || !word.starts_with(char::is_uppercase) || found.len() == 5 {
            continue;
        }
        let lower = word.to_lowercase().replace('ё', "е");
        let cut = |n: usize| lower.chars().take(lower.chars().count().saturating_sub(n)).collect::<String>();
        if [0, 1, 2, 3].iter().any(|n| known.contains(&cut(*n))) && !found.iter().any(|f| f == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// A telephone number that is not the school's: eleven digits, or ten.
fn has_phone(text: &str, own: &[String]) -> bool {
    let mut digits = String::new();
    let mut found = false;
    let mut end = |digits: &mut String| {
        if matches!(digits.len(), 10 | 11) {
            let tail = digits.get(digits.len() - 10..).unwrap_or_default().to_owned();
            found |= !own.iter().any(|o| o.chars().filter(char::is_ascii_digit).collect::<String>().ends_with(&tail));
        }
        digits.clear();
    };
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else if !" ()-+\u{a0}".contains(c) {
            end(&mut digits);
        }
    }
    end(&mut digits);
    found
}
