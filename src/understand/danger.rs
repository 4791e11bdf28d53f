//! One finding of danger out of two witnesses: the signs of `rules/urgency.toml` and a classifier of letters about children in danger.
//!
//! Not here: either witness. A sign alone may be an innocent scene told with the same words, and danger told in new words has no sign; each corrects the other.

use super::learned::Scores;
use super::urgency::Danger;
use super::words::Token;

/// With a sign, a letter is urgent unless the classifier finds it quite unlike the others.
const WITH_SIGN: f32 = -0.45;
/// Without one, from here on.
const ALONE: f32 = -0.29;
/// Words named as the reason, and what each must add at least.
const NAMED: usize = 3;
const TELLS: f32 = 0.02;

/// Weighs both; `words` are those that the classifier was given.
pub(super) fn weigh(sign: Option<Danger>, learned: &Scores<1>, words: &[&Token]) -> Option<Danger> {
    let [margin] = learned.margins;
    match sign {
        Some(sign) if sign.certain || margin >= WITH_SIGN => Some(sign),
        None if margin >= ALONE => {
            Some(Danger {
                why: format!("срочно: похоже на письма о ребёнке в опасности{}", telling(learned, words)), leans: None, certain: false
            })
        }
        _ => None,
    }
}

/// The words by which the letter resembles them most.
fn telling(learned: &Scores<1>, words: &[&Token]) -> String {
    let mut told: Vec<(f32, &str)> = Vec::new();
    for (token, [tells]) in words.iter().zip(&learned.words) {
        if *tells >= TELLS && token.norm.chars().count() > 2 && !told.iter().any(|(_, w)| *w == token.norm) {
            told.push((*tells, &token.norm));
        }
    }
    told.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named: Vec<String> = told.into_iter().take(NAMED).map(|(_, word)| format!("«{word}»")).collect();
    if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) }
}
