//! What corrections keep of real-looking letters: not one name, number, class or address of the development corpus.

use otklik::message;
use otklik::understand::{Category, Context, Learned, Topics, understand};
use serde_json::Value;
use std::path::Path;

/// A word's stem as lessons have it.
fn stem_of(word: &str) -> Option<String> {
    Learned::whole(Category::Other, &word.to_lowercase()).stems.into_iter().next()
}

#[test]
fn no_name_number_or_class_of_the_corpus_stays() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let labels = std::fs::read_to_string(root.join("labels.jsonl")).unwrap();
    let topics = Topics::embedded();
    let own = ["priemnaya@school.example".to_owned()];
    let domains = ["school.example".to_owned()];
    let context = Context { own: &own, staff_domains: &domains, zone: Some(chrono_tz::Europe::Moscow), ..Context::default() };
    let (mut letters, mut taught, mut kept, mut all, mut wrong) = (0, 0, 0, 0, Vec::new());
    for line in labels.lines() {
        let label: Value = serde_json::from_str(line).unwrap();
        let file = label["file"].as_str().unwrap();
        let read = message::read(&std::fs::read(root.join(file)).unwrap());
        let understood = understand(&topics, &read, &context);
        if label["category"].is_null() {
            continue;
        }
        letters += 1;
        let text = format!("{}.\n\n{}", read.subject, understood.text);
        let known: Vec<&str> = understood.name.iter().chain(&understood.child).map(String::as_str).collect();
        let Some(lesson) = Learned::of(Category::Other, &text, &known) else { continue };
        taught += 1;
        kept += lesson.stems.len();
        all += Learned::whole(Category::Other, &text).stems.len();
        // The author's name as labelled and as displayed, where it is a person's.
        let labelled = label["name"].as_str().unwrap_or_default();
        let parts = |name: &str| name.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).collect::<Vec<_>>();
        let displayed = read.sender().and_then(|a| a.name.clone()).filter(|n| parts(n).iter().any(|p| parts(labelled).contains(p)));
        let secrets = [Some(labelled.to_owned()), displayed, understood.child.clone()].into_iter().flatten().collect::<Vec<_>>();
        for name in secrets.iter().flat_map(|n| n.split(|c: char| !c.is_alphabetic())).filter(|w| w.chars().count() > 2) {
            if let Some(stem) = stem_of(name).filter(|s| lesson.stems.contains(s)) {
                wrong.push(format!("{file}: «{name}» stays as «{stem}»"));
            }
        }
        wrong.extend(lesson.stems.iter().filter(|s| !s.chars().all(char::is_alphabetic) || s.chars().count() < 2).map(|s| format!("{file}: «{s}»")));
        assert!(lesson.stems.is_sorted(), "{file}");
    }
    println!("{taught} of {letters} letters teach, {kept} stems of {all} words");
    assert!(taught * 10 > letters * 9, "{taught} of {letters}");
    assert!(wrong.is_empty(), "{} of {taught}:\n{}", wrong.len(), wrong.join("\n"));
}
