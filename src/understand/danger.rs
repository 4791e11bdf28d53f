//! One finding of danger out of two witnesses: the signs of `rules/urgency.toml` and a classifier of letters about children in danger.
//!
//! Not here: either witness. A sign alone may be an innocent scene told with the same words, and danger told in new words has no sign; each corrects the other.

use super::learned::Scores;
use super::urgency::{ALARM, Danger};
use super::verdict::named;
use super::words::Token;

/// With a sign, a letter is urgent from this margin on. Both marks were set where the labelled letters of tests/corpus and tests/second part best.
const WITH_SIGN: f32 = -0.45;
/// Without one, from here on.
const ALONE: f32 = -0.29;
/// What a word must add to be named as the reason.
const TELLS: f32 = 0.02;

/// What both witnesses say together.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Weighed {
    /// Danger, when they find one.
    pub danger: Option<Danger>,
    /// A sign that the letter as a whole outweighs: no alarm, but whoever reads the letter is told of it.
    pub outweighed: Option<String>,
}

/// Weighs both; `words` are those that the classifier was given.
pub(super) fn weigh(sign: Option<Danger>, learned: &Scores<1>, words: &[&Token]) -> Weighed {
    let [margin] = learned.margins;
    match sign {
        Some(sign) if sign.certain || margin >= WITH_SIGN => Weighed { danger: Some(sign), outweighed: None },
        Some(sign) => {
            let what = sign.why.strip_prefix(ALARM).unwrap_or(&sign.why);
            Weighed {
                danger: None, outweighed: Some(format!("знак опасности ({what}), но письмо в целом спокойное: тревоги нет, прочтите сами"))
            }
        }
        None if margin >= ALONE => {
            let named = named(words, learned.words.iter().map(|[tells]| *tells), TELLS).map_or_else(String::new, |words| format!(" ({words})"));
            let why = format!("{ALARM}похоже на письма о ребёнке в опасности{named}");
            Weighed { danger: Some(Danger { why, leans: None, certain: false }), outweighed: None }
        }
        None => Weighed::default(),
    }
}
