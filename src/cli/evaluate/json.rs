//! The scores as one JSON object: counts, and shares from 0 to 1 that are null where nothing was counted.
//!
//! Not here: the counting.

use super::Shown;
use crate::understand::Category;
use crate::understand::scores::{CategoryScore, Difficulty, KEYS, Scores, Tally};
use serde_json::{Map, Value, json};

/// The object of `otklik evaluate --json`.
pub(super) fn object(scores: &Scores, shown: &Shown<'_>) -> Value {
    let keys: Map<String, Value> = (KEYS.iter().filter(|key| scores.keys.contains_key(*key)))
        .map(|key| {
            let score = scores.key(key);
            let mut value = tally(score.all());
            if let Some(object) = value.as_object_mut() {
                object.insert("said".into(), tally(score.said));
                object.insert("made_up".into(), json!({ "count": score.silent.wrong(), "of": score.silent.of }));
            }
            ((*key).to_owned(), value)
        })
        .collect();
    let difficulty: Map<String, Value> = scores.difficulty.iter().map(|(level, score)| (word(*level).to_owned(), category(*score))).collect();
    let mut confusion: Map<String, Value> = Map::new();
    for ((wanted, found), letters) in &scores.confusion {
        let row = confusion.entry(key_of(*wanted)).or_insert_with(|| json!({}));
        if let Some(row) = row.as_object_mut() {
            row.insert(key_of(*found).into(), json!(letters));
        }
    }
    let bins = scores.bins.iter().enumerate().filter(|(_, bin)| bin.tally.of > 0).map(|(tenth, bin)| {
        let to = if tenth == 9 { 1.0 } else { (tenth * 10 + 9) as f64 / 100.0 };
        json!({ "from": tenth as f64 / 10.0, "to": to, "letters": bin.tally.of, "right": bin.tally.right, "share": bin.tally.share(), "confidence": bin.confidence() })
    });
    let misses = scores.misses.iter().map(|miss| {
        let mut value = json!({ "file": miss.file, "key": miss.key, "read": miss.read, "label": miss.label, "accepted": miss.accepted });
        if let Some(object) = value.as_object_mut()
            && shown.reasons
        {
            object.insert("reasons".into(), json!(miss.reasons));
        }
        value
    });
    let (urgent, windows) = (scores.key("urgent"), scores.windows);
    json!({
        "letters": scores.letters,
        "folds": shown.folds,
        "keys": keys,
        "category": category(scores.category),
        "difficulty": difficulty,
        "urgent": { "recall": tally(urgent.said), "false_alarms": { "count": urgent.silent.wrong(), "of": urgent.silent.of } },
        "windows": { "precision": tally(windows.precision()), "recall": tally(windows.recall()), "f1": windows.f1() },
        "confusion": confusion,
        "calibration": bins.collect::<Vec<_>>(),
        "calibration_error": scores.calibration_error(),
        "misses": misses.collect::<Vec<_>>(),
    })
}

fn tally(tally: Tally) -> Value {
    json!({ "right": tally.right, "of": tally.of, "share": tally.share() })
}

fn category(score: CategoryScore) -> Value {
    json!({ "strict": tally(score.strict), "also_ok": tally(score.also) })
}

fn word(level: Option<Difficulty>) -> &'static str {
    match level {
        Some(Difficulty::Easy) => "easy",
        Some(Difficulty::Medium) => "medium",
        Some(Difficulty::Hard) => "hard",
        None => "unlabelled",
    }
}

fn key_of(category: Option<Category>) -> &'static str {
    category.map_or("none", Category::key)
}
