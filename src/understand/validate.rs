//! What lessons change: how often topics are right with them and without, on examples that the models had not seen.
//!
//! Not here: labelled letters (`scores`), training (`learned`).

use super::examples::{self, Learned};
use super::scores::Tally;
use super::topic::own_example;
use super::{Category, Topics, sorted};

/// Parts into which the examples are dealt.
const FOLDS: usize = 5;

/// A lesson with the appeal that it came from, to be judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taught {
    /// What is learned.
    pub learned: Learned,
    /// The letter's subject.
    pub subject: String,
    /// The appeal's words.
    pub text: String,
}

/// Right ones of the examples, each judged by a model that had not seen it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accuracy {
    /// Shipped examples.
    pub shipped: Tally,
    /// The school's own.
    pub own: Tally,
}

/// Accuracy without the school's own examples and with them. Ten trainings: a second or two.
pub fn validate(topics: &Topics, own: &[Taught]) -> (Accuracy, Accuracy) {
    let shipped: Vec<(Category, &str)> = examples::shipped().collect();
    let examples: Vec<_> = shipped.iter().map(|(c, text)| examples::example(*c, text)).collect();
    let taught: Vec<_> = own.iter().map(|t| own_example(&t.learned)).collect();
    let (mut before, mut after) = (Accuracy::default(), Accuracy::default());
    for fold in 0..FOLDS {
        let seen: Vec<_> = examples.iter().enumerate().filter(|(i, _)| i % FOLDS != fold).map(|(_, e)| e.clone()).collect();
        let without = topics.trained(&seen);
        let own_seen = taught.iter().enumerate().filter(|(i, _)| i % FOLDS != fold).map(|(_, e)| e.clone());
        let with = topics.trained(&seen.into_iter().chain(own_seen).collect::<Vec<_>>());
        for (category, text) in shipped.iter().skip(fold).step_by(FOLDS) {
            count(&mut before.shipped, sorted(&without, "", text, "") == Some(*category));
            count(&mut after.shipped, sorted(&with, "", text, "") == Some(*category));
        }
        for taught in own.iter().skip(fold).step_by(FOLDS) {
            let right = |topics: &Topics| sorted(topics, &taught.subject, &taught.text, "") == Some(taught.learned.category);
            count(&mut before.own, right(&without));
            count(&mut after.own, right(&with));
        }
    }
    (before, after)
}

fn count(tally: &mut Tally, right: bool) {
    tally.right += usize::from(right);
    tally.of += 1;
}
