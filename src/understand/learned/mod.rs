//! The learned half of topic and urgency: linear classifiers over word stems and letter groups, trained on example letters.
//!
//! Not here: which examples there are (`examples`), how its word is weighed against the rules (`topic`). This folder knows nothing of letters or
//! categories beyond stems and class numbers: `build.rs` compiles it too, to train on `rules/examples/` while the program is built, so that a start costs nothing.
//! The libraries for linear models at hand want dense matrices; letters are sparse, and the training is sixty lines.

mod features;
mod train;

pub use features::Features;
pub use train::{Example, train};

/// Bytes of a slot: the feature's tag, its rarity, a weight for each class.
const fn slot_size(classes: usize) -> usize {
    4 + 2 + 2 * classes
}

/// Bytes before the slots: two scales and the biases.
const fn head_size(classes: usize) -> usize {
    4 * (2 + classes)
}

/// A trained model of `N` classes: an open-addressing table of features with their weights, readable in place.
#[derive(Debug, Clone)]
pub struct Model<const N: usize> {
    /// As `build.rs` writes it and [`Model::of_bytes`] reads it.
    pub table: std::borrow::Cow<'static, [u8]>,
}

impl<const N: usize> Default for Model<N> {
    /// Knows nothing: every margin is zero.
    fn default() -> Model<N> {
        Model { table: std::borrow::Cow::Borrowed(&[]) }
    }
}

/// What the model says of a text.
#[derive(Debug, Clone)]
pub struct Scores<const N: usize> {
    /// The margin of each class: above zero speaks for it.
    pub margins: [f32; N],
    /// For each word given: what it added to each class.
    pub words: Vec<[f32; N]>,
    /// How many of the words the model had seen in some form.
    pub known: usize,
}

impl<const N: usize> Model<N> {
    /// A model out of its table. `None` when the length cannot be right.
    pub fn of_bytes(table: &'static [u8]) -> Option<Model<N>> {
        let slots = table.len().checked_sub(head_size(N))?;
        (slots % slot_size(N) == 0 && (slots / slot_size(N)).is_power_of_two()).then_some(Model { table: table.into() })
    }

    fn float(&self, n: usize) -> f32 {
        self.table.get(4 * n..4 * n + 4).and_then(|b| b.try_into().ok()).map_or(0.0, f32::from_le_bytes)
    }

    /// The slot of a feature.
    fn slot(&self, tag: u32) -> Option<&[u8]> {
        let slots = self.table.get(head_size(N)..)?;
        let mask = (slots.len() / slot_size(N)).checked_sub(1)?;
        let mut at = tag as usize & mask;
        loop {
            let slot = slots.get(at * slot_size(N)..(at + 1) * slot_size(N))?;
            match u32::from_le_bytes(slot.get(..4)?.try_into().ok()?) {
                0 => return None,
                found if found == tag => return Some(slot),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// The stems of a text as a vector of length one, by tag: a stem weighs by its rarity among the examples, an unknown one as the rarest.
    pub fn weigh<'a>(&self, stems: impl Iterator<Item = &'a str>) -> Vec<(u32, f32)> {
        let mut tags: Vec<u32> = stems.map(features::stem_tag).collect();
        tags.sort_unstable();
        tags.dedup();
        let rarest = f32::from(i16::MAX);
        let rarity = |tag: u32| self.slot(tag).and_then(|s| s.get(4..6)).and_then(|b| b.try_into().ok()).map_or(rarest, |b| f32::from(i16::from_le_bytes(b)));
        // Squared: everyday words that any two letters share must not make them alike.
        let mut weighed: Vec<(u32, f32)> = tags.into_iter().map(|t| (t, (rarity(t) / rarest).powi(2))).collect();
        let length = weighed.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
        weighed.iter_mut().filter(|_| length > 0.0).for_each(|(_, w)| *w /= length);
        weighed
    }

    /// Weighs a text given as its features.
    pub fn weighed(&self, features: &Features) -> Scores<N> {
        let (rarity_scale, weight_scale) = (self.float(0), self.float(1));
        let mut scores = Scores { margins: [0.0; N], words: vec![[0.0; N]; features.words()], known: 0 };
        let mut length = 0.0;
        let mut known = vec![false; features.words()];
        for (tag, times) in features.counted() {
            let Some(slot) = self.slot(tag) else { continue };
            let short = |at: usize| slot.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, i16::from_le_bytes);
            let value = (1.0 + (times.len() as f32).ln()) * f32::from(short(4)) * rarity_scale;
            length += value * value;
            let share = value / times.len() as f32;
            let weights: [f32; N] = std::array::from_fn(|c| f32::from(short(6 + 2 * c)) * weight_scale);
            for &place in times {
                if let (Some(sum), Some(known)) = (scores.words.get_mut(place as u32 as usize), known.get_mut(place as u32 as usize)) {
                    sum.iter_mut().zip(weights).for_each(|(s, w)| *s += share * w);
                    *known = true;
                }
            }
        }
        let scale = if length > 0.0 { 1.0 / length.sqrt() } else { 0.0 };
        for (c, margin) in scores.margins.iter_mut().enumerate() {
            *margin = self.float(2 + c);
        }
        for word in &mut scores.words {
            for (margin, w) in scores.margins.iter_mut().zip(word.iter_mut()) {
                *w *= scale;
                *margin += *w;
            }
        }
        scores.known = known.into_iter().filter(|k| *k).count();
        scores
    }
}
