//! One verdict out of two witnesses: the points of the rules and the margins of the classifier.
//!
//! Not here: either witness. [`MARGIN`] and [`POINTS`] were fitted by cross-validation over `rules/examples/` (each example judged by a model that had not seen
//! it), so that no labelled letter had a part in them; `otklik evaluate` prints how well the confidence is calibrated on letters.

use super::Category;
use super::learned::Scores;
use super::phrases::Hit;
use super::words::{Token, Words};

/// As many classes as categories.
pub(super) const CLASSES: usize = Category::ALL.len();

/// What a point of margin counts, in log-odds.
const MARGIN: f64 = 3.7;
/// What the logarithm of a rule's points counts, in log-odds.
const POINTS: f64 = 1.05;
/// What a point beside the words counts, in log-odds: a form's type of three points outweighs seven to one what its text seems to say.
const LEAN: f64 = 0.65;
/// Under this many known words the classifier has read nothing.
const FEW: usize = 2;
/// No verdict over words alone is surer than this.
const SUREST: f64 = 0.98;
/// Words named as a classifier's reason.
const NAMED: usize = 3;
/// What a word must add to its category over the others to be named.
const TELLS: f32 = 0.04;

/// What the words of a letter say of its topic.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdict {
    pub category: Option<Category>,
    pub runner_up: Option<Category>,
    pub secondary: Option<Category>,
    /// How often such verdicts are right, 0 to 1.
    pub confidence: f64,
    pub reasons: Vec<String>,
}

/// Why a category has points.
#[derive(Debug)]
pub(super) enum Why<'w> {
    Told(String),
    /// A rule's reason and the words that showed it. They are put together only where they are told: of some forty rules of a letter three are.
    Shown(&'w str, &'w Words<'w>, Hit),
}

impl Why<'_> {
    fn text(&self) -> String {
        match self {
            Why::Told(text) => text.clone(),
            Why::Shown(why, words, hit) => format!("{why} («{}»)", words.quote(hit)),
        }
    }
}

/// The points of the rules by category, with their reasons.
#[derive(Debug, Default)]
pub(super) struct Evidence<'w> {
    points: [f64; CLASSES],
    /// Log-odds that stand beside all words: a form's type, a sender, a danger.
    leans: [f64; CLASSES],
    why: Vec<(Category, f64, Why<'w>)>,
}

impl<'w> Evidence<'w> {
    /// Points for a category, and the rule that gave them.
    pub(super) fn add(&mut self, category: Category, points: f64, why: Option<Why<'w>>) {
        if let Some(sum) = self.points.get_mut(category.number()) {
            *sum += points;
        }
        self.why.extend(why.filter(|_| points > 0.0).map(|why| (category, points, why)));
    }

    /// Points that no wording can dilute: the author chose a type in a form, the sender is a service, a danger has its helper.
    pub(super) fn lean(&mut self, category: Category, points: f64, why: Option<Why<'w>>) {
        if let Some(sum) = self.leans.get_mut(category.number()) {
            *sum += LEAN * points;
        }
        self.why.extend(why.map(|why| (category, points, why)));
    }

    /// Weighs both witnesses. `words` are those that the classifier was given.
    pub(super) fn verdict(mut self, learned: &Scores<CLASSES>, words: &[&Token]) -> Verdict {
        let read = learned.known >= FEW;
        let odds: [f64; CLASSES] = std::array::from_fn(|c| {
            let margin = learned.margins.get(c).copied().map_or(0.0, f64::from);
            let points = self.points.get(c).copied().unwrap_or(0.0).max(0.0);
            MARGIN * if read { margin } else { 0.0 } + POINTS * points.ln_1p() + self.leans.get(c).copied().unwrap_or(0.0)
        });
        let highest = odds.iter().copied().fold(f64::MIN, f64::max);
        let total: f64 = odds.iter().map(|o| (o - highest).exp()).sum();
        let mut ranked: Vec<(Category, f64)> = Category::ALL.into_iter().zip(odds).map(|(c, o)| (c, (o - highest).exp() / total)).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (Some(&(best, sure)), Some(&(next, second))) = (ranked.first(), ranked.get(1)) else { return Verdict::default() };
        self.why.retain(|(c, ..)| *c == best);
        self.why.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut reasons: Vec<String> = self.why.into_iter().take(3).map(|(_, _, why)| format!("{}: {}", best.title(), why.text())).collect();
        reasons.extend(telling(best, learned, words).filter(|_| read));
        // A category that nothing speaks for is no finding: the head decides.
        let confidence = if reasons.is_empty() { sure.min(0.35) } else { sure.min(SUREST) };
        if reasons.is_empty() {
            reasons.push("ни одно правило не подошло: решает руководитель".to_owned());
        }
        Verdict { category: Some(best), runner_up: (second > 0.05).then_some(next), secondary: None, confidence, reasons }
    }
}

/// The words by which the letter resembles the examples of a category most.
fn telling(best: Category, learned: &Scores<CLASSES>, words: &[&Token]) -> Option<String> {
    let tells = |sums: &[f32; CLASSES]| sums.get(best.number()).copied().unwrap_or(0.0) - sums.iter().sum::<f32>() / CLASSES as f32;
    let named = named(words, learned.words.iter().map(tells), TELLS)?;
    Some(format!("{}: похоже на такие письма ({named})", best.title()))
}

/// The words that tell most, each at least `least`, strongest first: «слово», «слово».
pub(super) fn named(words: &[&Token], tells: impl Iterator<Item = f32>, least: f32) -> Option<String> {
    let mut told: Vec<(f32, &str)> = Vec::new();
    for (token, tells) in words.iter().zip(tells) {
        if tells >= least && token.norm.chars().count() > 2 && !told.iter().any(|(_, w)| *w == token.norm) {
            told.push((tells, &token.norm));
        }
    }
    told.sort_by(|a, b| b.0.total_cmp(&a.0));
    let words: Vec<String> = told.into_iter().take(NAMED).map(|(_, word)| format!("«{word}»")).collect();
    (!words.is_empty()).then(|| words.join(", "))
}
