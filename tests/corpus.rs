//! Scores the understanding of letters on the development corpus and prints the table. The floors stand a little under what was measured and are
//! never lowered; other letters are what counts.

use chrono_tz::Europe::Moscow;
use otklik::understand::scores::{KEYS, Scores, Tally, labels};
use otklik::understand::{Context, Topics, understand};
use std::path::Path;

#[test]
fn development_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let (labels, mistakes) = labels(&std::fs::read_to_string(root.join("labels.jsonl")).unwrap());
    assert_eq!(mistakes, [], "the labels are sound");
    assert_eq!(labels.len(), 160, "the corpus is there");
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
    let (urgent, times) = (scores.key("urgent"), scores.key("times"));
    println!("urgent recall {}/{}, false alarms {}", urgent.said.right, urgent.said.of, urgent.silent.wrong());
    for (tenth, bin) in scores.bins.iter().enumerate().filter(|(_, b)| b.tally.of > 0) {
        println!("confidence 0.{tenth}: right {}/{}, mean {:.2}", bin.tally.right, bin.tally.of, bin.confidence().unwrap());
    }
    println!("expected calibration error {:.3}", scores.calibration_error().unwrap());

    assert_eq!(urgent.said.right, urgent.said.of, "danger to a child is never missed");
    assert!(urgent.silent.wrong() <= 2, "{} false alarms", urgent.silent.wrong());
    let floor = |key: &str, tally: Tally, least: f64| {
        let share = tally.share().unwrap();
        assert!(share >= least, "{key}: {share:.3} under {least}");
    };
    let floors = [
        ("kind", 0.98),
        ("category", 0.91),
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
    floor("times, where some", times.said, 0.90);
}
