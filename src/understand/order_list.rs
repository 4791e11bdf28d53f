//! Several orders in one letter: the head's answer to a report or a list, one numbered line each (`12 продлить до 20.05`, `14 → Петрова`).
//!
//! Not here: which letters may hold a list and what becomes of its lines (`decide::combined`).

use super::order_lines::{after_greeting, courteous};
use super::order_tails::colleague;
use super::order_words::{Act, Spelling, phrase};
use super::orders::{Colleague, Reading, Said, read};
use super::words::{Words, cut, fold};
use chrono::NaiveDate;

/// No more lines than this are carried out, nor appeals asked for.
pub const MOST: usize = 30;

/// Bytes of a letter that may hold a list.
const TEXT: usize = 16 * 1024;

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As it was written.
    pub text: String,
    /// The appeal that it names.
    pub number: Option<i64>,
    /// What is to be done with it.
    pub reading: Reading,
}

const ALONE: &str = "Ответ автору в несколько строк пришлите отдельным письмом: здесь каждое поручение занимает одну строку.";
const TWICE: &str = "Заявка названа в письме дважды. Пришлите, пожалуйста, её поручения отдельными письмами.";

/// The lines of a list, signed perhaps with the writer's name; empty where no line names an appeal.
pub fn lines(own: &str, writer: &str, today: NaiveDate, staff: &[Colleague<'_>]) -> Vec<Line> {
    let text = after_greeting(cut(own, TEXT));
    let mut found: Vec<Line> = Vec::new();
    let mut ended = false;
    for line in text.lines().map(str::trim) {
        match numbered(line) {
            Some((number, _)) if found.iter().filter(|l| l.number.is_some()).count() >= MOST => {
                found.push(Line { text: line.to_owned(), number: Some(number), reading: Reading::Nothing });
            }
            Some((number, rest)) => {
                let reading = match read(rest, today, staff) {
                    // «14 → Петрова»: a name alone is who gets it.
                    Reading::Nothing => {
                        colleague(rest.trim_end_matches(['.', ';', ',', ' ']), staff).map_or(Reading::Nothing, |id| Reading::Order(Said::Assign(id), None))
                    }
                    reading => reading,
                };
                // «1) зайдите в настройки» below «12 готово: порядок такой:» is no appeal: what goes to a family would be half of it.
                if reading == Reading::Nothing
                    && let Some(before) = found.last_mut().filter(|l| texts(l))
                {
                    before.reading = Reading::Unclear(ALONE);
                }
                found.push(Line { text: line.to_owned(), number: Some(number), reading });
                ended = false;
            }
            None if line.is_empty() || ended || courteous(line) => {}
            None if signed(line, writer) => ended = true,
            None => {
                // The rest of a text that would go to a family in halves is a text of its own.
                let told = found.last().is_some_and(|l| l.reading == Reading::Unclear(ALONE));
                match found.last_mut().filter(|l| texts(l)) {
                    Some(before) => before.reading = Reading::Unclear(ALONE),
                    None if told => {}
                    None => found.push(Line { text: line.to_owned(), number: None, reading: Reading::Nothing }),
                }
            }
        }
    }
    if found.iter().all(|l| l.number.is_none()) {
        return Vec::new();
    }
    let named: Vec<i64> = found.iter().filter_map(|l| l.number).collect();
    for line in &mut found {
        if line.number.is_some_and(|n| named.iter().filter(|m| **m == n).count() > 1) {
            line.reading = Reading::Unclear(TWICE);
        }
    }
    found.truncate(2 * MOST);
    found
}

/// Whether a line holds words that go to a family.
fn texts(line: &Line) -> bool {
    matches!(line.reading, Reading::Order(Said::Close(Some(_)) | Said::Ask(_) | Said::Recommend(_) | Said::Held(Some(_)), _))
}

/// The numbers of appeals that a letter of orders may name, each once.
pub fn numbers(own: &str) -> Vec<i64> {
    let text = after_greeting(cut(own, TEXT));
    let mut all: Vec<i64> = Vec::new();
    for (index, line) in text.lines().map(str::trim).take(8 * MOST).enumerate() {
        let found = numbered(line);
        all.extend(found.map(|(n, _)| n));
        // «12 объединить с 14» names two.
        if let Some(rest) = found.map(|(_, rest)| rest).or((index == 0).then_some(line)) {
            let words = Words::new(cut(rest, 200));
            if matches!(phrase(&words, Spelling::Exact), Some((Act::Merge, _))) {
                all.extend(words.tokens.iter().filter_map(|t| t.norm.parse::<i64>().ok()).take(2));
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all.truncate(MOST);
    all
}

/// «№ 12 — продлить до 20.05»: the number and the order. «12.05» and «15:30» are no numbers of appeals.
pub fn numbered(line: &str) -> Option<(i64, &str)> {
    let line = line.trim_start_matches(['•', '*', '—', '–', '-', ' ']);
    let bare =
        line.strip_prefix('№').or_else(|| line.strip_prefix(['З', 'з']).and_then(|l| l.strip_prefix("аявка")).map(|l| l.trim_start().trim_start_matches('№')));
    let line = bare.unwrap_or(line).trim_start();
    let end = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
    let number: i64 = line.get(..end).filter(|d| (1..=9).contains(&d.len()))?.parse().ok()?;
    let rest = line.get(end..)?;
    let mut marks = rest.trim_start();
    if rest.starts_with(['.', ':', '-', ',', '/']) && rest.get(1..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    if !rest.starts_with(|c: char| c.is_whitespace() || ".):—–-→=,".contains(c)) {
        return None;
    }
    for mark in ["=>", "->", "→", ":", ")", ".", "—", "–", "-", ","] {
        marks = marks.strip_prefix(mark).unwrap_or(marks).trim_start();
    }
    (number > 0 && !marks.is_empty()).then_some((number, marks))
}

/// «С уважением», or the writer's own name.
fn signed(line: &str, writer: &str) -> bool {
    let words = Words::new(cut(line, 200));
    let name = fold(writer);
    let own = |w: &str| name.split_whitespace().any(|p| p == w || w.chars().count() == 1 && p.starts_with(w));
    matches!(words.norm(0), "с" | "со") && words.norm(1).starts_with("уважени") || !words.tokens.is_empty() && words.tokens.iter().all(|t| own(&t.norm))
}
