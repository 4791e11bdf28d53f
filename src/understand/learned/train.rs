//! Training: one linear support vector machine per class against the others, by coordinate descent on the dual (Hsieh et al., ICML 2008).
//!
//! Not here: reading examples. Deterministic: the order of the examples is shuffled by a fixed generator, so equal examples give equal bytes.

use super::features::Features;
use super::{Known, Model};
use rustc_hash::{FxHashMap, FxHashSet};

/// How much a misplaced example costs.
const COST: f32 = 0.3;
/// Passes over the examples at most.
const PASSES: usize = 40;
/// The largest step that is no step any more.
const STILL: f32 = 0.02;
/// A feature must stand in so many examples of weight one.
const SEEN: u32 = 2;

/// One example: its class and the stems of its words.
#[derive(Debug, Clone)]
pub struct Example {
    /// Number of its class. One that the model does not have speaks against all that it has.
    pub class: usize,
    /// Stems.
    pub stems: Vec<String>,
    /// What it counts beside the others: 1 as a rule.
    pub weight: f32,
}

/// The examples as one flat sparse matrix.
struct Matrix {
    starts: Vec<u32>,
    columns: Vec<u32>,
    values: Vec<f32>,
    tags: Vec<u32>,
    rarity: Vec<f32>,
}

impl Matrix {
    fn row(&self, i: usize) -> impl Iterator<Item = (usize, f32)> {
        let range = self.starts.get(i).map_or(0, |s| *s as usize)..self.starts.get(i + 1).map_or(0, |e| *e as usize);
        let columns = self.columns.get(range.clone()).unwrap_or_default();
        columns.iter().map(|c| *c as usize).zip(self.values.get(range).unwrap_or_default().iter().copied())
    }

    fn of(examples: &[Example]) -> Matrix {
        let rows: Vec<Vec<(u32, f32)>> = examples
            .iter()
            .map(|example| {
                Features::of_stems(example.stems.iter().map(String::as_str)).counted().map(|(tag, places)| (tag, 1.0 + (places.len() as f32).ln())).collect()
            })
            .collect();
        let mut seen: FxHashMap<u32, u32> = FxHashMap::default();
        // What is rare in a single example is chance; in one that counts for several it is what the example is there to teach.
        let mut taught: FxHashSet<u32> = FxHashSet::default();
        for (row, example) in rows.iter().zip(examples) {
            for (tag, _) in row {
                *seen.entry(*tag).or_default() += 1;
                if example.weight > 1.0 {
                    taught.insert(*tag);
                }
            }
        }
        let mut tags: Vec<u32> = seen.iter().filter(|(t, n)| **n >= SEEN || taught.contains(t)).map(|(t, _)| *t).collect();
        tags.sort_unstable();
        let count = examples.len() as f32;
        let rarity: Vec<f32> = tags.iter().map(|t| ((1.0 + count) / (1.0 + seen.get(t).map_or(0.0, |n| *n as f32))).ln() + 1.0).collect();
        let column: FxHashMap<u32, u32> = tags.iter().enumerate().map(|(i, t)| (*t, i as u32)).collect();
        let mut matrix = Matrix { starts: vec![0], columns: Vec::new(), values: Vec::new(), tags, rarity };
        for row in rows {
            let from = matrix.values.len();
            for (tag, times) in row {
                if let Some(&c) = column.get(&tag) {
                    matrix.columns.push(c);
                    matrix.values.push(times * matrix.rarity.get(c as usize).copied().unwrap_or(1.0));
                }
            }
            let own = matrix.values.get_mut(from..).unwrap_or_default();
            let length = own.iter().map(|v| v * v).sum::<f32>().sqrt();
            own.iter_mut().filter(|_| length > 0.0).for_each(|v| *v /= length);
            matrix.starts.push(matrix.values.len() as u32);
        }
        matrix
    }
}

/// The weights of one class against the rest; the bias comes last.
fn separate(matrix: &Matrix, examples: &[Example], class: usize) -> Vec<f32> {
    let mut weights = vec![0.0f32; matrix.tags.len() + 1];
    let bias = matrix.tags.len();
    let mut alpha = vec![0.0f32; examples.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = 0x9E37_79B9u32;
    for _ in 0..PASSES {
        for i in (1..order.len()).rev() {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            order.swap(i, state as usize % (i + 1));
        }
        let mut largest = 0.0f32;
        for &i in &order {
            let (Some(example), Some(alpha)) = (examples.get(i), alpha.get_mut(i)) else { continue };
            let sign = if example.class == class { 1.0 } else { -1.0 };
            let slack = 1.0 / (2.0 * COST * example.weight.max(1e-3));
            let dot = matrix.row(i).map(|(c, v)| weights.get(c).map_or(0.0, |w| w * v)).sum::<f32>() + weights.get(bias).copied().unwrap_or(0.0);
            let gradient = sign * dot - 1.0 + slack * *alpha;
            // Rows have length one, and the bias adds one.
            let next = (*alpha - gradient / (2.0 + slack)).max(0.0);
            let step = (next - *alpha) * sign;
            if step.abs() > 1e-6 {
                largest = largest.max(step.abs());
                for (c, v) in matrix.row(i) {
                    if let Some(w) = weights.get_mut(c) {
                        *w += step * v;
                    }
                }
                if let Some(w) = weights.get_mut(bias) {
                    *w += step;
                }
            }
            *alpha = next;
        }
        if largest < STILL {
            break;
        }
    }
    weights
}

/// Trains a model. Linear in the examples; of no examples comes a model that knows nothing.
pub fn train<const N: usize>(examples: &[Example]) -> Model<N> {
    let matrix = Matrix::of(examples);
    let classes: [Vec<f32>; N] = std::array::from_fn(|class| separate(&matrix, examples, class));
    let most = |values: &mut dyn Iterator<Item = f32>| values.fold(1e-6f32, |a, b| a.max(b.abs()));
    let rarity_scale = most(&mut matrix.rarity.iter().copied()) / f32::from(i16::MAX);
    let weight_scale = most(&mut classes.iter().flat_map(|c| c.iter().take(matrix.tags.len()).copied())) / f32::from(i16::MAX);
    let weight = |class: &Vec<f32>, column: usize| (class.get(column).map_or(0.0, |w| w / weight_scale).round()) as i16;
    let known = |(column, (tag, rarity)): (usize, (&u32, &f32))| {
        let weights = std::array::from_fn(|c| classes.get(c).map_or(0, |class| weight(class, column)));
        (*tag, Known { rarity: (rarity / rarity_scale) as i16, weights })
    };
    Model {
        scales: (rarity_scale, weight_scale),
        biases: std::array::from_fn(|c| classes.get(c).and_then(|class| class.last()).copied().unwrap_or(0.0)),
        features: matrix.tags.iter().zip(&matrix.rarity).enumerate().map(known).collect(),
    }
}
