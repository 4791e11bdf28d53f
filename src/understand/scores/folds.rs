//! Letters dealt into folds, so that no letter is judged by topics that were trained with its own label.
//!
//! Not here: the training.

use super::Label;
use crate::understand::Topics;

/// Deals letters into `folds` parts of equal size, give or take one: the same letters fall into the same parts in whatever order their
/// labels stand, and every category is spread over all parts. Indices are those of `labels`, ascending.
pub fn deal(labels: &[Label], folds: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by_key(|&i| labels.get(i).map(|l| (l.category(), l.file.as_str())));
    let mut dealt = vec![Vec::new(); folds.max(1)];
    let parts = dealt.len();
    for (place, letter) in order.into_iter().enumerate() {
        if let Some(part) = dealt.get_mut(place % parts) {
            part.push(letter);
        }
    }
    dealt.iter_mut().for_each(|part| part.sort_unstable());
    dealt
}

/// Judges every letter once: `train` makes topics from the letters of the other folds (ascending), `judge` judges one letter of this fold.
pub fn in_folds(folds: &[Vec<usize>], mut train: impl FnMut(&[usize]) -> Topics, mut judge: impl FnMut(&Topics, usize)) {
    for (number, fold) in folds.iter().enumerate() {
        let mut others: Vec<usize> = folds.iter().enumerate().filter(|(n, _)| *n != number).flat_map(|(_, f)| f.iter().copied()).collect();
        others.sort_unstable();
        let topics = train(&others);
        for &letter in fold {
            judge(&topics, letter);
        }
    }
}
