//! The table of two models: nothing that either knows is lost or mixed up in it.

use super::{Example, Model, Pair, Trace, train};
use crate::understand::words::known;

fn examples(texts: &[(usize, &str)]) -> Vec<Example> {
    let stems = |text: &str| text.split(' ').map(str::to_owned).collect();
    texts.iter().map(|(class, text)| Example { class: *class, stems: stems(text), weight: 2.0 }).collect()
}

fn many() -> Model<2> {
    train(&examples(&[(0, "журнал оценк двойк"), (0, "журнал оценк пропуск"), (1, "планшет экран"), (1, "планшет заряд двойк")]))
}

fn one() -> Model<1> {
    train(&examples(&[(0, "двойк бьют страх"), (0, "бьют синяк"), (1, "журнал планшет")]))
}

/// What the pair says of a text: the margins of both, and how many words each knows.
fn says(pair: &Pair<2>, text: &str) -> ([f32; 2], usize, f32, usize) {
    let traces: Vec<(&str, Trace)> = text.split(' ').map(|stem| (stem, pair.trace(stem))).collect();
    let (many, one) = pair.weighed(&pair.features(traces.iter().map(|(stem, trace)| (*stem, trace))));
    (many.margins, many.known, one.margins[0], one.known)
}

#[test]
fn both_models_stand_whole_in_one_table() {
    let pair = Pair::of(&many(), &one());
    assert_eq!(pair.one(), one());
    // Each says beside the other what it says alone.
    let (alone, other) = (Pair::of(&many(), &Model::default()), Pair::of(&Model::default(), &one()));
    for text in ["двойк журнал", "бьют бьют бьют двойк", "планшет", "жираф", "журнал 7 оценк"] {
        let (both, of_many, of_one) = (says(&pair, text), says(&alone, text), says(&other, text));
        assert_eq!((both.0, both.1), (of_many.0, of_many.1), "{text}");
        assert_eq!((both.2, both.3), (of_one.2, of_one.3), "{text}");
    }
    assert_eq!(says(&pair, "жираф").1, 0);
    let (journal, tablet) = (says(&pair, "журнал оценк"), says(&pair, "планшет экран"));
    assert!(journal.0[0] > journal.0[1] && tablet.0[0] < tablet.0[1], "{journal:?} {tablet:?}");
    assert!(says(&pair, "бьют синяк").2 > says(&pair, "журнал планшет").2);
}

#[test]
fn a_table_of_the_wrong_length_is_refused() {
    let table: &'static [u8] = Pair::of(&many(), &one()).table.into_owned().leak();
    assert_eq!(Pair::<2>::of_bytes(table).map(|pair| pair.one()), Some(one()));
    for length in [0, 7, 40, table.len() - 1] {
        assert!(Pair::<2>::of_bytes(&table[..length]).is_none(), "{length}");
    }
    assert!(Pair::<3>::of_bytes(table).is_none());
}

#[test]
fn a_word_keeps_its_places_for_the_models_that_asked_last() {
    let (pair, other) = (Pair::of(&many(), &one()), Pair::of(&many(), &Model::default()));
    assert_ne!(pair.print(), other.print());
    let word = known("журнал");
    for models in [&pair, &other, &pair] {
        assert_eq!(*word.trace(models.print(), |stem| models.trace(stem)), models.trace(word.stem()));
    }
    assert_ne!(pair.trace(word.stem()), other.trace(word.stem()));
}
