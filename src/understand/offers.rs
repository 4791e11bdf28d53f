//! What was offered in the letter that is answered: variants to choose from, the slot that is refused.
//!
//! Not here: offers that the store knows (`decide` compares with those).

use super::Window;
use super::times::{Mode, windows};
use super::words::{Words, fold};
use chrono::NaiveDate;

/// Lines of the quoted letter that offer a numbered variant: the number and its window.
fn variants(quoted: &str, today: NaiveDate) -> Vec<(u32, Window)> {
    let mut out = Vec::new();
    for line in quoted.lines().take(200) {
        let line = line.trim_start_matches(['>', ' ', '•', '-', '*']);
        let folded = fold(line);
        let rest = folded.strip_prefix("вариант").map_or(folded.as_str(), str::trim_start);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let Some(number) = digits.parse::<u32>().ok().filter(|n| (1..=9).contains(n)) else { continue };
        let tail = rest.get(digits.len()..).unwrap_or_default();
        if !tail.trim_start().starts_with(['-', '–', '—', '.', ')', ':']) {
            continue;
        }
        // A weekday beside its date names the same day: the date is the surer.
        let tail = tail.trim_start_matches([' ', '-', '–', '—', '.', ')', ':']);
        let dated =
            windows(&tail.replace(", ", " в "), today, Mode::Answer).into_iter().filter(|w| w.date.is_some()).max_by_key(|w| (w.after.is_some(), w.date));
        if let Some(window) = dated {
            out.push((number, window));
        }
    }
    out
}

/// The windows that the answer chooses by number: «второй вариант, если он занят, то третий». `None` when nothing numbered was offered or chosen.
pub(super) fn chosen(text: &str, quoted: &str, today: NaiveDate) -> Option<Vec<Window>> {
    let offered = variants(quoted, today);
    if offered.len() < 2 {
        return None;
    }
    let words = Words::new(text);
    let bare = words.tokens.len() <= 6;
    let named = words.tokens.iter().any(|t| t.norm.starts_with("вариант"));
    let picks: Vec<Window> = words
        .tokens
        .iter()
        .filter_map(|t| {
            let n = match t.norm.as_str() {
                "1" => 1,
                "2" => 2,
                "3" => 3,
                "4" => 4,
                w if w.starts_with("перв") => 1,
                w if w.starts_with("втор") && !w.starts_with("вторник") => 2,
                w if w.starts_with("трет") => 3,
                w if w.starts_with("четверт") => 4,
                _ => return None,
            };
            (bare || named).then(|| offered.iter().find(|o| o.0 == n).map(|o| o.1.clone())).flatten()
        })
        .collect();
    (!picks.is_empty()).then_some(picks)
}

/// A refused offer forbids its date, unless the author named the forbidden day.
pub(super) fn refuse_offered(times: &mut Vec<Window>, quoted: &str, today: NaiveDate) {
    let mut dates: Vec<NaiveDate> = quoted
        .lines()
        .filter(|l| {
            let l = fold(l);
            l.contains("консультаци") || l.contains("встреч") || l.contains("назначен") || l.contains("когда")
        })
        .flat_map(|l| windows(l, today, Mode::Answer))
        .filter_map(|w| w.date)
        .filter(|d| *d >= today)
        .collect();
    dates.dedup();
    // A weekday before a date reads as a second day: only a single date is sure enough.
    dates.sort_unstable();
    dates.dedup();
    if let [only] = dates.as_slice() {
        if times.iter().any(|w| w.not && w.date == Some(*only)) {
            return;
        }
        times.retain(|w| w.date != Some(*only));
        times.insert(0, Window { date: Some(*only), not: true, ..Window::default() });
    }
}
