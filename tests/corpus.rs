//! Scores the understanding of letters on the development corpus and prints the table. The floors stand a little under what was measured and are
//! never lowered; other letters are what counts. (The one for the strict category is under what rules with phrases of single letters had reached here:
//! such phrases are forbidden now, and letters by other hands are read far better for it.)

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono_tz::Europe::Moscow;
use otklik::understand::scores::{KEYS, Scores, Tally, labels};
use otklik::understand::{Context, Topics, understand};
use std::path::Path;

/// Reads and scores a corpus of labelled letters, and prints the table.
fn scored(folder: &str, letters: usize) -> Scores {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (labels, mistakes) = labels(&std::fs::read_to_string(root.join("labels.jsonl")).unwrap());
    assert_eq!(mistakes, [], "the labels are sound");
    assert_eq!(labels.len(), letters, "the corpus is there");
    let (own, staff) = (["priemnaya@school.example".to_owned()], ["school.example".to_owned()]);
    let phones = ["+74950001200".to_owned()];
    let context = Context { own: &own, staff_domains: &staff, school_phones: &phones, zone: Some(Moscow), ..Context::default() };
    let topics = Topics::embedded();
    let mut scores = Scores::default();
    for label in &labels {
        let bytes = std::fs::read(root.join(&label.file)).unwrap();
        let read = understand(&topics, &otklik::message::read(&bytes), &context);
        if std::env::var_os("OTKLIK_CORPUS_SHOW").is_some() {
            println!("SHOW {} {:?} runner-up {:?} {}", label.file, read.category, read.runner_up, read.reasons.join(" | "));
        }
        scores.count(label, &read);
    }
    for miss in &scores.misses {
        println!("{:18} {}: {} instead of {}{}", miss.key, miss.file, miss.read, miss.label, if miss.accepted { ", accepted" } else { "" });
    }
    let line = |key: &str, tally: Tally| println!("{key:24} {:5} {:3}  {:.3}", tally.right, tally.of, tally.share().unwrap_or(0.0));
    println!("{:24} right of", "key");
    for key in KEYS {
        line(key, scores.key(key).all());
    }
    line("category, also_ok", scores.category.also);
    line("times, where some", scores.key("times").said);
    line("windows, precision", scores.windows.precision());
    line("windows, recall", scores.windows.recall());
    let urgent = scores.key("urgent");
    println!("urgent recall {}/{}, false alarms {}", urgent.said.right, urgent.said.of, urgent.silent.wrong());
    for (tenth, bin) in scores.bins.iter().enumerate().filter(|(_, b)| b.tally.of > 0) {
        println!("confidence 0.{tenth}: right {}/{}, mean {:.2}", bin.tally.right, bin.tally.of, bin.confidence().unwrap());
    }
    println!("expected calibration error {:.3}", scores.calibration_error().unwrap());
    scores
}

/// Under its floor a share fails the test.
fn floor(key: &str, tally: Tally, least: f64) {
    let share = tally.share().unwrap();
    assert!(share >= least, "{key}: {share:.3} under {least}");
}

#[test]
fn development_corpus() {
    let scores = scored("tests/corpus", 160);
    let urgent = scores.key("urgent");
    assert_eq!(urgent.said.right, urgent.said.of, "danger to a child is never missed");
    floor("no false alarm", urgent.silent, 0.97);
    let floors = [
        ("kind", 0.98),
        ("category", 0.90),
        ("wants_consultation", 0.90),
        ("role", 0.97),
        ("name", 0.93),
        ("class", 0.97),
        ("phone", 0.99),
        ("channel", 0.88),
        ("times", 0.95),
    ];
    for (key, least) in floors {
        floor(key, scores.key(key).all(), least);
    }
    floor("category, also_ok", scores.category.also, 0.95);
    floor("times, where some", scores.key("times").said, 0.90);
}

/// 290 letters by other hands, written without sight of rules, examples and the development corpus. The first two parts were looked at while the
/// grammar of times, names and kinds was mended; the numbers of the third were only printed.
#[test]
fn second_corpus() {
    let scores = scored("tests/second", 290);
    let urgent = scores.key("urgent");
    floor("urgent", urgent.said, 0.80);
    floor("no false alarm", urgent.silent, 0.97);
    let floors = [
        ("kind", 0.96),
        ("category", 0.90),
        ("wants_consultation", 0.88),
        ("role", 0.90),
        ("name", 0.87),
        ("class", 0.94),
        ("phone", 0.96),
        ("channel", 0.84),
        ("times", 0.87),
    ];
    for (key, least) in floors {
        floor(key, scores.key(key).all(), least);
    }
    floor("category, also_ok", scores.category.also, 0.93);
}
