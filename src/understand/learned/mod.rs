//! The learned half of topic and urgency: linear classifiers over word stems and letter groups, trained on example letters.
//!
//! Not here: which examples there are (`examples`), how its word is weighed against the rules (`topic`). This folder knows nothing of letters or
//! categories beyond stems and class numbers: `build.rs` compiles it too, to train on `rules/examples/` while the program is built, so that a start costs nothing.
//! The libraries for linear models at hand want dense matrices; letters are sparse, and the training is sixty lines.

mod features;
mod table;
#[cfg(test)]
mod tests;
mod train;

pub use features::Trace;
pub use table::Pair;
pub use train::{Example, train};

/// A trained model of `N` classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Model<const N: usize> {
    /// What a step of a rarity and of a weight counts.
    pub scales: (f32, f32),
    /// What each class has without any feature.
    pub biases: [f32; N],
    /// The features by their tags, in order.
    pub features: Vec<(u32, Known<N>)>,
}

/// What a model knows of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<const N: usize> {
    /// How rare it is among the examples; above zero.
    pub rarity: i16,
    /// Its weight for each class.
    pub weights: [i16; N],
}

impl<const N: usize> Default for Model<N> {
    /// Knows nothing: every margin is zero.
    fn default() -> Model<N> {
        Model { scales: (0.0, 0.0), biases: [0.0; N], features: Vec::new() }
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
