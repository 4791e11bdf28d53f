//! One finding of danger out of two witnesses: the signs of `rules/urgency.toml` and a classifier of letters about children in danger.
//!
//! Not here: either witness. A sign alone may be an innocent scene told with the same words, and danger told in new words has no sign; each corrects the other.

use super::learned::Scores;
use super::urgency::Danger;
use super::verdict::named;
use super::words::Token;

/// With a sign, a letter is urgent from this margin on. Both marks were set where the labelled letters of tests/corpus and tests/second part best.
const WITH_SIGN: f32 = -0.45;
/// Without one, from here on.
const ALONE: f32 = -0.29;
/// What a word must add to be named as the reason.
const TELLS: f32 = 0.02;

/// Weighs both; `words` are those that the classifier was given.
pub(super) fn weigh(sign: Option<Danger>, learned: &Scores<1>, words: &[&Token]) -> Option<Danger> {
    let [margin] = learned.margins;
    match sign {
        Some(sign) if sign.certain || margin >= WITH_SIGN => Some(sign),
        None if margin >= ALONE => {
            let named = named(words, learned.words.iter().map(|[tells]| *tells), TELLS).map_or_else(String::new, |words| format!(" ({words})"));
            Some(Danger {
                why: format!("срочно: похоже на письма о ребёнке в опасности{named}"), leans: None, certain: false
            })
        }
        _ => None,
    }
}
