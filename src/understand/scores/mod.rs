//! How well letters are understood: readings counted against the labels that people gave (docs/labels.md).
//!
//! Not here: reading files, words for people (`cli/evaluate`). What a label leaves out is not counted.

mod folds;
mod label;
#[cfg(test)]
mod tests;

pub use folds::{deal, in_folds};
pub use label::{Difficulty, Label, Mistake, labels};

use super::{Category, Kind, Understanding, Window, explain_json};
use serde_json::Value;
use std::collections::BTreeMap;

/// The keys that are scored, in the order of docs/labels.md.
pub const KEYS: [&str; 12] = ["kind", "category", "secondary", "urgent", "wants_consultation", "role", "name", "class", "phone", "channel", "times", "intent"];

/// Right ones of those counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Right.
    pub right: usize,
    /// Counted.
    pub of: usize,
}

impl Tally {
    fn count(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }

    /// The wrong ones.
    pub fn wrong(self) -> usize {
        self.of - self.right
    }

    /// 0 to 1; `None` where nothing was counted.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.right as f64 / self.of as f64)
    }
}

/// One key over all letters. Most letters have no phone and no danger in them, so a reader that never finds one would look good: letters
/// whose label says something are counted apart from those whose label says nothing (`null`, `false`, an empty list, `none`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyScore {
    /// The label says something: right is what was found as it is.
    pub said: Tally,
    /// The label says nothing: wrong is what was made up.
    pub silent: Tally,
}

impl KeyScore {
    /// Both together.
    pub fn all(self) -> Tally {
        Tally { right: self.said.right + self.silent.right, of: self.said.of + self.silent.of }
    }
}

/// The category: as labelled, and with the other answers that the label accepts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CategoryScore {
    /// As labelled.
    pub strict: Tally,
    /// As labelled, or one of `also_ok`.
    pub also: Tally,
}

/// Windows of time one by one, over letters of kinds that can wish for times: a window is right when all its keys are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WindowScore {
    /// Windows read that are labelled.
    pub right: usize,
    /// Windows read.
    pub read: usize,
    /// Windows labelled.
    pub labelled: usize,
}

impl WindowScore {
    /// Of the windows read.
    pub fn precision(self) -> Tally {
        Tally { right: self.right, of: self.read }
    }

    /// Of the windows labelled.
    pub fn recall(self) -> Tally {
        Tally { right: self.right, of: self.labelled }
    }

    /// The harmonic mean of both, over all windows together.
    pub fn f1(self) -> Option<f64> {
        Tally { right: 2 * self.right, of: self.read + self.labelled }.share()
    }
}

/// Letters whose confidence lies in one tenth; right is a category as labelled or accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// Right ones and letters.
    pub tally: Tally,
    /// All confidences together.
    sum: f64,
}

impl Bin {
    /// The mean confidence.
    pub fn confidence(&self) -> Option<f64> {
        (self.tally.of > 0).then(|| self.sum / self.tally.of as f64)
    }
}

/// A key read otherwise than labelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// The letter, as the label names it.
    pub file: String,
    /// The key.
    pub key: &'static str,
    /// What was read.
    pub read: Value,
    /// What the label says.
    pub label: Value,
    /// A category that the label accepts.
    pub accepted: bool,
    /// Why it was read so; with words of the letter.
    pub reasons: Vec<String>,
}

/// The scores of many letters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores {
    /// Letters counted.
    pub letters: usize,
    /// By key; a key that no label has is absent.
    pub keys: BTreeMap<&'static str, KeyScore>,
    /// Over letters with a category.
    pub category: CategoryScore,
    /// The same by difficulty; `None`: not labelled.
    pub difficulty: BTreeMap<Option<Difficulty>, CategoryScore>,
    /// Letters by (labelled, read) category; `None`: no appeal.
    pub confusion: BTreeMap<(Option<Category>, Option<Category>), usize>,
    /// Times.
    pub windows: WindowScore,
    /// Over letters with a category, by tenths of confidence.
    pub bins: [Bin; 10],
    /// In the order of counting.
    pub misses: Vec<Miss>,
}

impl Scores {
    /// Counts one letter.
    pub fn count(&mut self, label: &Label, read: &Understanding) {
        self.letters += 1;
        // Scored is what `explain --json` prints; the zone matters to no key that is scored.
        let printed = explain_json(&label.file, read, chrono_tz::UTC);
        let (times, wished) = (read.times.iter().cloned().map(tidy).collect::<Vec<_>>(), label.times());
        let common = common(wished, &times);
        for key in KEYS {
            let Some(wanted) = label.get(key) else { continue };
            let found = printed.get(key).unwrap_or(&Value::Null);
            // What only appeals have is no merit of a reader that finds none of it in other letters.
            let of_appeals = matches!(key, "category" | "secondary" | "wants_consultation");
            if of_appeals && (label.is_no_appeal() || (key != "secondary" && wanted.is_null())) {
                continue;
            }
            let right = if key == "times" { common == wished.len() && common == times.len() } else { wanted == found };
            let score = self.keys.entry(key).or_default();
            if says(wanted) {
                score.said.count(right)
            } else {
                score.silent.count(right)
            }
            if !right {
                self.misses.push(Miss {
                    file: label.file.clone(),
                    key,
                    read: found.clone(),
                    label: if key == "times" { serde_json::json!(wished) } else { wanted.clone() },
                    accepted: key == "category" && accepts(label, found),
                    reasons: read.reasons.clone(),
                });
            }
        }
        self.count_category(label, printed.get("category").and_then(Value::as_str).and_then(Category::from_key), read.confidence);
        if label.get("times").is_some() && label.kind().is_none_or(wishes_times) {
            self.windows.right += common;
            self.windows.read += times.len();
            self.windows.labelled += wished.len();
        }
    }

    fn count_category(&mut self, label: &Label, found: Option<Category>, confidence: f64) {
        let wanted = label.category();
        if wanted.is_some() || label.is_no_appeal() {
            *self.confusion.entry((wanted, found)).or_default() += 1;
        }
        if wanted.is_none() {
            return;
        }
        let strict = wanted == found;
        let also = strict || found.is_some_and(|c| label.also_ok.contains(&c));
        for score in [&mut self.category, self.difficulty.entry(label.difficulty).or_default()] {
            score.strict.count(strict);
            score.also.count(also);
        }
        // In hundredths, as it is printed: 0.80 is in the bin of 0.8 whatever its last bit says.
        let hundredths = (confidence.clamp(0.0, 1.0) * 100.0).round();
        if let Some(bin) = self.bins.get_mut((hundredths as usize / 10).min(9)) {
            bin.tally.count(also);
            bin.sum += hundredths / 100.0;
        }
    }

    /// One key's score; nothing counted where no label has it.
    pub fn key(&self, key: &str) -> KeyScore {
        self.keys.get(key).copied().unwrap_or_default()
    }

    /// How far confidence is from the share of right ones, on the mean over letters; `None` without letters that have a category.
    pub fn calibration_error(&self) -> Option<f64> {
        let letters: usize = self.bins.iter().map(|b| b.tally.of).sum();
        let gaps = self.bins.iter().map(|b| (b.tally.right as f64 - b.sum).abs());
        (letters > 0).then(|| gaps.sum::<f64>() / letters as f64)
    }
}

/// Whether a value says anything.
fn says(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(list) => !list.is_empty(),
        Value::String(text) => text != "none",
        _ => true,
    }
}

fn accepts(label: &Label, found: &Value) -> bool {
    found.as_str().and_then(Category::from_key).is_some_and(|c| label.also_ok.contains(&c))
}

/// Letters in which times are wishes; a survey or a robot names none.
fn wishes_times(kind: Kind) -> bool {
    matches!(kind, Kind::NewAppeal | Kind::StaffForm | Kind::ReplyToThread | Kind::CalendarReply)
}

/// A window as it is compared: weekdays in order, each once.
fn tidy(mut window: Window) -> Window {
    window.weekday.sort_by_key(|d| d.num_days_from_monday());
    window.weekday.dedup();
    window
}

/// How many windows both lists have; a window that stands twice must be there twice.
fn common(one: &[Window], other: &[Window]) -> usize {
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for window in other {
        *left.entry(format!("{window:?}")).or_default() += 1;
    }
    let taken = one.iter().filter(|w| left.get_mut(&format!("{w:?}")).filter(|n| **n > 0).map(|n| *n -= 1).is_some());
    taken.count()
}
