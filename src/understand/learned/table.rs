//! Two models over one vocabulary, as a table that is read in place: a feature of a text is looked up once for both.
//!
//! Not here: what the features are (`features`), how the weights come about (`train`). The features stand in the order of their tags, packed: two tables with
//! free places took two megabytes, this one takes one and a quarter, and less of it has to be fetched from afar for each letter (docs/benchmarks.md).

use super::features::{Features, Trace, stem_tag};
use super::{Known, Model, Scores};
use std::borrow::Cow;
use std::hash::Hasher;

/// A model of `N` classes and one of a single class.
#[derive(Debug, Clone)]
pub struct Pair<const N: usize> {
    /// As `build.rs` writes it and [`Pair::of_bytes`] reads it: two counts (of features, of groups of tags), scales and biases of both, where each group begins,
    /// the tags, and for each of these what both models know of it.
    pub table: Cow<'static, [u8]>,
    /// Its own number, by which words keep their places in it.
    print: u64,
    features: usize,
    groups: usize,
    scales: [(f32, f32); 2],
    biases: [f32; N],
    bias: f32,
}

impl<const N: usize> Default for Pair<N> {
    /// Knows nothing.
    fn default() -> Pair<N> {
        Pair::of(&Model::default(), &Model::default())
    }
}

fn bytes<const B: usize>(table: &[u8], at: usize) -> [u8; B] {
    table.get(at..at + B).and_then(|b| b.try_into().ok()).unwrap_or([0; B])
}

fn number(table: &[u8], n: usize) -> u32 {
    u32::from_le_bytes(bytes(table, 4 * n))
}

fn short(row: &[u8], n: usize) -> i16 {
    i16::from_le_bytes(bytes(row, 2 * n))
}

impl<const N: usize> Pair<N> {
    /// Numbers before the groups: two counts, four scales, the biases.
    const HEAD: usize = 6 + N + 1;
    /// Bytes of what is known of a feature: a rarity and the weights, for each of the models.
    const ROW: usize = 2 * (N + 3);

    /// Both models in one table.
    pub fn of(many: &Model<N>, one: &Model<1>) -> Pair<N> {
        let none = (Known { rarity: 0, weights: [0; N] }, Known { rarity: 0, weights: [0] });
        let mut rows: Vec<(u32, (Known<N>, Known<1>))> = Vec::with_capacity(many.features.len().max(one.features.len()));
        let mut ones = one.features.iter().copied().peekable();
        for &(tag, known) in &many.features {
            while let Some((before, known)) = ones.next_if(|(t, _)| *t < tag) {
                rows.push((before, (none.0, known)));
            }
            rows.push((tag, (known, ones.next_if(|(t, _)| *t == tag).map_or(none.1, |(_, known)| known))));
        }
        rows.extend(ones.map(|(tag, known)| (tag, (none.0, known))));
        let groups = rows.len().next_power_of_two();
        let mut table = Vec::with_capacity(4 * (Self::HEAD + groups + 1 + rows.len()) + Self::ROW * rows.len());
        let scales = [many.scales.0, many.scales.1, one.scales.0, one.scales.1];
        table.extend([rows.len() as u32, groups as u32].into_iter().flat_map(u32::to_le_bytes));
        table.extend(scales.into_iter().chain(many.biases).chain(one.biases).flat_map(f32::to_le_bytes));
        let mut begins = 0;
        for next in 0..=groups {
            begins += rows.iter().skip(begins).take_while(|(tag, _)| group(*tag, groups) < next).count();
            table.extend((begins as u32).to_le_bytes());
        }
        table.extend(rows.iter().flat_map(|(tag, _)| tag.to_le_bytes()));
        for (_, (many, one)) in &rows {
            let shorts = [many.rarity].into_iter().chain(many.weights).chain([one.rarity]).chain(one.weights);
            table.extend(shorts.flat_map(i16::to_le_bytes));
        }
        Pair::read(table.into())
    }

    /// The models out of their table. `None` when its length cannot be right.
    pub fn of_bytes(table: &'static [u8]) -> Option<Pair<N>> {
        let pair = Pair::read(table.into());
        let whole = 4 * (Self::HEAD + pair.groups + 1 + pair.features) + Self::ROW * pair.features;
        (table.len() == whole && pair.groups.is_power_of_two()).then_some(pair)
    }

    fn read(table: Cow<'static, [u8]>) -> Pair<N> {
        let float = |n: usize| f32::from_le_bytes(bytes(&table, 4 * n));
        let (features, groups) = (number(&table, 0) as usize, number(&table, 1) as usize);
        let scales = [(float(2), float(3)), (float(4), float(5))];
        let mut hasher = rustc_hash::FxHasher::default();
        hasher.write(match &table {
            // The program's own is told by its head: reading all of it would bring all of it into memory.
            Cow::Borrowed(table) => table.get(..4 * Self::HEAD).unwrap_or_default(),
            Cow::Owned(table) => table,
        });
        Pair { print: hasher.finish(), features, groups, scales, biases: std::array::from_fn(|c| float(6 + c)), bias: float(6 + N), table }
    }

    /// Its own number: pairs of equal tables have equal ones.
    pub fn print(&self) -> u64 {
        self.print
    }

    /// The place of a feature.
    fn place(&self, tag: u32) -> Option<u32> {
        let (group, tags) = (Self::HEAD + group(tag, self.groups), Self::HEAD + self.groups + 1);
        let (from, to) = (number(&self.table, group), number(&self.table, group + 1));
        (from..to).find(|at| number(&self.table, tags + *at as usize) == tag)
    }

    /// What is known of the feature of a place, in shorts: rarity and weights for the model of many classes, then for that of one.
    fn row(&self, place: u32) -> &[u8] {
        let from = 4 * (Self::HEAD + self.groups + 1 + self.features) + Self::ROW * place as usize;
        self.table.get(from..from + Self::ROW).unwrap_or_default()
    }

    /// The model of one class by itself.
    pub fn one(&self) -> Model<1> {
        let tags = Self::HEAD + self.groups + 1;
        let known = |place: u32| {
            let row = self.row(place);
            let known = Known { rarity: short(row, N + 1), weights: [short(row, N + 2)] };
            (number(&self.table, tags + place as usize), known)
        };
        Model { scales: self.scales[1], biases: [self.bias], features: (0..self.features as u32).map(known).filter(|(_, k)| k.rarity > 0).collect() }
    }

    /// The places of a stem's own features.
    pub fn trace(&self, stem: &str) -> Trace {
        let tags = Features::tags(stem);
        Trace { lettered: !tags.is_empty(), places: tags.into_iter().filter_map(|tag| self.place(tag)).collect() }
    }

    /// The features of a text given as the stems of its words, each with its trace.
    pub fn features<'a>(&self, stems: impl Iterator<Item = (&'a str, &'a Trace)>) -> Features {
        Features::of(stems, |tag| self.place(tag))
    }

    /// The stems of a text as a vector of length one, by tag: a stem weighs by its rarity among the examples of the model of many classes, an unknown one as the rarest.
    pub fn weigh<'a>(&self, stems: impl Iterator<Item = &'a str>) -> Vec<(u32, f32)> {
        let mut tags: Vec<u32> = stems.map(stem_tag).collect();
        tags.sort_unstable();
        tags.dedup();
        let rarest = f32::from(i16::MAX);
        let rarity = |tag: u32| self.place(tag).map(|at| short(self.row(at), 0)).filter(|rarity| *rarity > 0).map_or(rarest, f32::from);
        // Squared: everyday words that any two letters share must not make them alike.
        let mut weighed: Vec<(u32, f32)> = tags.into_iter().map(|t| (t, (rarity(t) / rarest).powi(2))).collect();
        let length = weighed.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
        weighed.iter_mut().filter(|_| length > 0.0).for_each(|(_, w)| *w /= length);
        weighed
    }

    /// Weighs a text given as its features, by both models.
    pub fn weighed(&self, features: &Features) -> (Scores<N>, Scores<1>) {
        let (mut many, mut one) = (Sums::new(self.scales[0], features.words()), Sums::new(self.scales[1], features.words()));
        for (place, times) in features.counted() {
            let (of_many, of_one) = self.row(place).split_at_checked(2 * (N + 1)).unwrap_or_default();
            many.add(times, of_many);
            one.add(times, of_one);
        }
        (many.scores(self.biases), one.scores([self.bias]))
    }
}

/// The group that a tag belongs to: by its upper bits, so that tags in order lie in groups in order.
fn group(tag: u32, groups: usize) -> usize {
    ((u64::from(tag) * groups as u64) >> 32) as usize
}

/// What the features of a text add up to for one model.
struct Sums<const N: usize> {
    scales: (f32, f32),
    /// By word, and whether it had any feature that the model knows.
    words: Vec<([f32; N], bool)>,
    length: f32,
}

impl<const N: usize> Sums<N> {
    fn new(scales: (f32, f32), words: usize) -> Sums<N> {
        Sums { scales, words: vec![([0.0; N], false); words], length: 0.0 }
    }

    /// Adds a feature with the words that it stands in; `known` is its rarity and its weights.
    fn add(&mut self, times: &[u64], known: &[u8]) {
        let Some((&rarity, weights)) = known.split_first_chunk() else { return };
        let rarity = i16::from_le_bytes(rarity);
        if rarity == 0 {
            return;
        }
        // Most features stand once, and the logarithm of one is nothing.
        let often = if times.len() == 1 { 1.0 } else { 1.0 + (times.len() as f32).ln() };
        let value = often * f32::from(rarity) * self.scales.0;
        self.length += value * value;
        let share = value / times.len() as f32;
        // Of a known length, so that several are worked on at once.
        let Some(weights): Option<&[[u8; 2]; N]> = weights.as_chunks().0.first_chunk() else { return };
        let mut adds = [0.0; N];
        for (add, weight) in adds.iter_mut().zip(weights) {
            *add = share * (f32::from(i16::from_le_bytes(*weight)) * self.scales.1);
        }
        for &place in times {
            if let Some((sums, known)) = self.words.get_mut(place as u32 as usize) {
                for (sum, add) in sums.iter_mut().zip(&adds) {
                    *sum += add;
                }
                *known = true;
            }
        }
    }

    fn scores(self, biases: [f32; N]) -> Scores<N> {
        let scale = if self.length > 0.0 { 1.0 / self.length.sqrt() } else { 0.0 };
        let mut scores = Scores { margins: biases, words: Vec::with_capacity(self.words.len()), known: 0 };
        for (mut word, known) in self.words {
            for (margin, w) in scores.margins.iter_mut().zip(word.iter_mut()) {
                *w *= scale;
                *margin += *w;
            }
            scores.words.push(word);
            scores.known += usize::from(known);
        }
        scores
    }
}
