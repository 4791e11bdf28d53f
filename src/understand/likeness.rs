//! How alike two appeals are: the sign of an incident, when many families write of one thing within an hour.
//!
//! Not here: what is proposed then (`decide`). Nothing is merged by likeness: two children with the same trouble are two children.

use super::words::Words;
use super::{Category, Topics, Understanding};
use std::collections::BTreeMap;

/// From here on two appeals are of one thing.
pub const ALIKE: f64 = 0.35;

/// One outage is sorted by the words that each family chose for it: the same trouble of the journal comes as a technical one, or as a lesson that
/// did not take place. Appeals of these categories are compared with each other, of any other only with their own.
const OF_AN_OUTAGE: [Category; 3] = [Category::Technical, Category::Ejournal, Category::LessonQuality];

/// The categories whose appeals may be of one thing with one of this category, itself first.
pub fn compared_with(category: Category) -> Vec<Category> {
    let others = OF_AN_OUTAGE.into_iter().filter(|c| *c != category && OF_AN_OUTAGE.contains(&category));
    std::iter::once(category).chain(others).collect()
}

/// The words of an appeal, ready to be compared with many others: rarer words weigh more. Holds tags of stems, no text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gist {
    category: Option<Category>,
    words: Vec<(u32, f32)>,
}

/// The gist of an appeal; `None` where likeness must never count: danger, grief, the psychologist's, the social pedagogue's, complaints, and what is no appeal.
pub fn gist(topics: &Topics, read: &Understanding) -> Option<Gist> {
    let personal = matches!(read.category, None | Some(Category::Psychologist | Category::SocialPedagogue));
    if personal || read.urgent || read.delicate || read.complaint {
        return None;
    }
    let words = Words::new(&read.text);
    let stems = words.tokens.iter().filter(|t| t.norm.chars().count() > 2).map(|t| t.stem());
    Some(Gist { category: read.category, words: topics.weigh(stems) })
}

/// 0 (nothing in common) to 1 (the same words); appeals of categories that are not compared are not alike.
pub fn likeness(a: &Gist, b: &Gist) -> f64 {
    let outage = |c: Option<Category>| c.is_some_and(|c| OF_AN_OUTAGE.contains(&c));
    if a.category == b.category || outage(a.category) && outage(b.category) { cosine(&a.words, &b.words) } else { 0.0 }
}

/// The product of two vectors of length one, sorted by tag.
pub(super) fn cosine(a: &[(u32, f32)], b: &[(u32, f32)]) -> f64 {
    let (mut dot, mut other) = (0.0, b.iter().peekable());
    for &(tag, weight) in a {
        while other.next_if(|(t, _)| *t < tag).is_some() {}
        if let Some((_, theirs)) = other.next_if(|(t, _)| *t == tag) {
            dot += f64::from(weight) * f64::from(*theirs);
        }
    }
    dot.min(1.0)
}

/// The gist of an open appeal that is compared with a new one: the caller has left out what must never count.
pub fn gist_of(topics: &Topics, category: Category, text: &str) -> Gist {
    let words = Words::new(text);
    let stems = words.tokens.iter().filter(|t| t.norm.chars().count() > 2).map(|t| t.stem());
    Gist { category: Some(category), words: topics.weigh(stems) }
}

/// Up to six words that nearly all of the texts have in common, as the last of them writes them; the longest first.
pub fn common_words(texts: &[&str]) -> Vec<String> {
    let read: Vec<Vec<(String, String)>> = texts
        .iter()
        .map(|t| Words::new(t).tokens.iter().filter(|w| w.norm.chars().count() > 4).map(|w| (w.stem().to_owned(), w.norm.clone())).collect())
        .collect();
    let mut held: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for words in &read {
        let mut seen = std::collections::BTreeSet::new();
        for (stem, norm) in words {
            if seen.insert(stem) {
                held.entry(stem).and_modify(|(n, _)| *n += 1).or_insert((1, norm));
            }
        }
    }
    let enough = texts.len().saturating_sub(1).max(2);
    let greeting = |w: &str| ["здравствуйте", "добрый", "пожалуйста", "спасибо", "уважаем", "подскажите", "помогите"].iter().any(|g| w.starts_with(g));
    let mut words: Vec<&str> = held.values().filter(|(n, w)| *n >= enough && !greeting(w)).map(|(_, w)| *w).collect();
    words.sort_by_key(|w| (std::cmp::Reverse(w.chars().count()), *w));
    words.iter().take(6).map(|w| (*w).to_owned()).collect()
}
