//! Answers to the questionnaire (000 App. 2), filled in between the lines, as bare numbers, or told in a sentence.

use super::Survey;
use super::words::{Matcher, Words, fold};
use std::sync::LazyLock;

const SIGNS: &[&[&str]] = &[
    &["больше|побольше|добавить|хватило .. практики|практику|практика|упражнений", "практик* .. больше|побольше|мало|хватило|добавить"],
    &["больше|побольше|добавить|хватило .. теории|теорию", "теори* .. больше|побольше|мало|хватило"],
    &["достаточно|хватило|устроило|хватает"],
    &["порекомендую|порекомендовал*|рекомендую|посоветую|советую|рекомендовать_буду"],
];
static SIGN: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(SIGNS));

/// The number of the question at the head of a line, and the rest.
fn numbered(line: &str) -> Option<(u8, &str)> {
    let line = line.trim_start();
    let digit = line.chars().next()?.to_digit(10)? as u8;
    let rest = line.get(1..)?.strip_prefix(['.', ')'])?;
    (1..=5).contains(&digit).then(|| (digit, rest.trim_start()))
}

/// A line of ours without what the author put behind it is no answer: after the last colon or question mark stands what was written.
fn answer(rest: &str) -> &str {
    let ours = fold(rest);
    let label = ["ф.и.о", "оцените", "стоит ли", "ваше впечатление", "ваши пожелания", "порекомендовали", "организация", "понятность", "удобство"]
        .iter()
        .any(|l| ours.starts_with(l));
    if label { rest.split_once([':', '-', '–', '—']).map_or("", |(_, a)| a).trim() } else { rest.trim() }
}

fn yes_no(text: &str) -> Option<bool> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let (yes, no) = (
        words.iter().any(|w| matches!(*w, "да" | "конечно" | "обязательно" | "yes" | "порекомендую" | "порекомендовали" | "посоветую")),
        words.contains(&"нет"),
    );
    if yes == no { None } else { Some(yes) }
}

/// Marks 1 to 5 in a text, as digits or words, at most ten.
fn marks(text: &str) -> Vec<u8> {
    let folded = fold(text);
    folded
        .split(|c: char| !c.is_alphanumeric() && c != '+')
        .filter_map(|w| match w.trim_end_matches('+') {
            "5" | "пять" | "пятерка" | "пятерку" | "отлично" => Some(5),
            "4" | "четыре" | "четверка" | "четверку" => Some(4),
            "3" | "три" | "тройка" | "тройку" => Some(3),
            "2" | "два" | "двойка" | "двойку" => Some(2),
            "1" | "один" | "единица" | "кол" => Some(1),
            _ => None,
        })
        .take(10)
        .collect()
}

/// Reads the answers out of the author's words. The score is the rounded mean of the marks.
pub(super) fn read(text: &str) -> Survey {
    let (mut survey, mut scores) = (Survey::default(), Vec::new());
    let plain: String = text.lines().map(|l| l.trim_start_matches(['>', ' '])).collect::<Vec<_>>().join("\n");
    let mut question = 0;
    for line in plain.lines().take(200) {
        let (here, rest) = numbered(line).map_or((question, line), |(n, r)| (n, r));
        let fresh = here != question;
        question = here;
        let said = answer(rest);
        if said.is_empty() {
            continue;
        }
        match question {
            0 | 1 => {
                let folded = fold(line);
                let labelled = ["организация", "понятность", "удобство", "оцен"].iter().any(|l| folded.trim_start_matches(['-', ' ', '•', '*']).starts_with(l));
                if labelled || (question == 0 && !fresh) {
                    let tail = if labelled { line.rsplit([':', '-', '–', '—']).next().unwrap_or(line) } else { line };
                    scores.extend(marks(tail).into_iter().take(if labelled { 1 } else { 3 }));
                }
            }
            3 if survey.impression.is_none() => survey.impression = Some(said.to_owned()),
            4 if survey.wishes.is_none() => survey.wishes = Some(said.to_owned()),
            5 => survey.recommend = survey.recommend.or(yes_no(said)),
            _ => {}
        }
    }
    // «5 5 5, достаточно, 3) супер 4) нет 5) да»: the questions inside one line.
    if survey.impression.is_none() {
        let piece = |from: &str, to: &str| {
            plain.split_once(from).map(|(_, t)| t.split(to).next().unwrap_or(t).lines().next().unwrap_or_default().trim().to_owned()).filter(|t| !t.is_empty())
        };
        survey.impression = piece("3)", "4)");
        survey.wishes = survey.wishes.or(piece("4)", "5)"));
        survey.recommend = survey.recommend.or_else(|| piece("5)", "\n").and_then(|t| yes_no(&t)));
    }
    if scores.is_empty() {
        scores = marks(&plain).into_iter().take(3).collect();
    }
    let sum: u32 = scores.iter().map(|&s| u32::from(s)).sum();
    survey.score = u32::try_from(scores.len()).ok().filter(|&n| n > 0).map(|n| ((sum * 2 + n) / (2 * n)) as u8);
    // Options struck out (~~…~~) are not chosen.
    let kept = plain.split("~~").step_by(2).collect::<Vec<_>>().join(" ");
    let words = Words::new(&kept);
    let hits = SIGN.find(&words);
    let offered = fold(&kept).contains("больше практики / больше теории");
    let unwanted = |last: usize| (1..=3).any(|n| words.norm(last + n) == "не" && words.norm(last + n + 1) == "надо");
    let mut said: Vec<usize> = hits.iter().filter(|h| h.rule < 3 && !unwanted(h.first)).map(|h| h.rule).collect();
    said.sort_unstable();
    said.dedup();
    survey.include = match said.as_slice() {
        _ if offered => None,
        [0, ..] => Some("practice"),
        [1, ..] => Some("theory"),
        [2] => Some("enough"),
        _ => None,
    }
    .map(str::to_owned);
    if survey.recommend.is_none() && hits.iter().any(|h| h.rule == 3 && words.norm(h.first.wrapping_sub(1)) != "не") {
        survey.recommend = Some(true);
    }
    let empty = |s: &Option<String>| s.as_deref().is_some_and(|t| matches!(fold(t).trim_matches(['.', '!', ' ']), "нет" | "-" | "—" | "не имею"));
    if empty(&survey.wishes) {
        survey.wishes = None;
    }
    survey
}
