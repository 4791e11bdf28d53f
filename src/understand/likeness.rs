//! How alike two appeals are: the sign of an incident, when many families write of one thing within an hour.
//!
//! Not here: what is proposed then (`decide`). Nothing is merged by likeness: two children with the same trouble are two children.

use super::words::Words;
use super::{Category, Topics, Understanding};

/// From here on two appeals are of one thing.
pub const ALIKE: f64 = 0.35;

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

/// 0 (nothing in common) to 1 (the same words); appeals of different categories are not alike.
pub fn likeness(a: &Gist, b: &Gist) -> f64 {
    if a.category != b.category {
        return 0.0;
    }
    cosine(&a.words, &b.words)
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
