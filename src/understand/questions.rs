//! The topic of an appeal and of the second question in it.
//!
//! Not here: what a text speaks of (`topic`), when the second question becomes the specialist's (`decide`).

use super::suits::starts;
use super::topic::LearnedOf;
use super::verdict::Verdict;
use super::words::{Words, cut, fold};
use super::{Category, Topics};

/// The topic of an appeal, with that of its second question.
pub(super) fn judged(
    topics: &Topics,
    subject: &Words<'_>,
    words: &Words<'_>,
    form_type: Option<&str>,
    sender: &str,
    leans: Option<(Category, f64)>,
    known: Option<&LearnedOf>,
) -> Verdict {
    let mut verdict = topics.judge_by(subject, words, form_type, sender, leans, known);
    if let Some((first, second)) = two_questions(words.text) {
        let first = topics.judge(subject, &Words::new(first), form_type, sender, leans);
        let second = topics.judge(&Words::new(""), &Words::new(second), None, "", None);
        // The first question is the main one, unless the whole letter speaks of something else.
        if first.confidence > 0.6 && first.category != Some(Category::Other) {
            verdict = first;
        }
        if second.confidence > 0.6 && second.category != verdict.category && second.category != Some(Category::Other) {
            verdict.secondary = second.category;
        }
    }
    verdict
}

/// Where an appeal that the store keeps would go now.
pub fn sorted(topics: &Topics, subject: &str, text: &str, sender: &str) -> Option<Category> {
    let (subject, words) = (Words::new(subject), Words::new(text));
    let leans = topics.urgency(&subject, &words).danger.and_then(|d| d.leans);
    judged(topics, &subject, &words, None, sender, leans, None).category
}

/// A letter of two questions, cut where the sentence of the second begins: «2)», «И ещё», «Второй вопрос», «Заодно».
fn two_questions(text: &str) -> Option<(&str, &str)> {
    const MARKS: [&str; 26] = [
        "2)",
        "2.",
        "и еще",
        "а еще",
        "еще вопрос",
        "еще один",
        "еще хотел",
        "еще просьба",
        "еще прошу",
        "еще подскажите",
        "и второе",
        "второе",
        "второй вопрос",
        "кроме того",
        "также",
        "а также",
        "заодно",
        "и заодно",
        "отдельно",
        "и отдельный",
        "отдельный вопрос",
        "попутно",
        "и последнее",
        "p.s",
        "p. s",
        "з.ы",
    ];
    const LEAST: usize = 60;
    let begins = text.match_indices(['.', '!', '?', '\n', ')']).map(|(i, c)| i + c.len());
    let at = begins.filter(|&i| i >= LEAST).find_map(|i| {
        let rest = text.get(i..)?;
        let head = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '—' | '–' | '.' | ')'));
        let first = head.chars().next()?.to_lowercase().next()?;
        // The first letters of all marks.
        if !matches!(first, '2' | 'и' | 'а' | 'е' | 'ё' | 'в' | 'к' | 'т' | 'з' | 'о' | 'п' | 'p') {
            return None;
        }
        starts(&fold(cut(head, 40)), &MARKS).then(|| i + rest.len() - head.len())
    })?;
    text.is_char_boundary(at).then(|| text.split_at(at))
}
