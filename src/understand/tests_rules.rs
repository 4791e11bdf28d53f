//! That the topic knowledge is a school's life and not the development corpus: no words of a corpus letter stand in `rules/`, and no phrase lives by one.

use super::name_words::is_first;
use super::phrases::Matcher;
use super::words::{Words, fold};
use super::{Context, EMBEDDED, TopicRules, Topics, examples, understand};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// The development corpus: each letter's words as understood and its label.
fn corpus() -> Vec<(String, String, serde_json::Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let labels = std::fs::read_to_string(root.join("labels.jsonl")).unwrap();
    let own = ["priemnaya@school.example".to_owned()];
    let context = Context { own: &own, ..Context::default() };
    labels
        .lines()
        .map(|line| {
            let label: serde_json::Value = serde_json::from_str(line).unwrap();
            let message = crate::message::read(&std::fs::read(root.join(label["file"].as_str().unwrap())).unwrap());
            let text = understand(&Topics::default(), &message, &context).text;
            (message.subject, text, label)
        })
        .collect()
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_phrase_that_one_corpus_letter_has_is_known_from_the_examples_too() {
    let mut phrases: Vec<(String, String)> = Vec::new();
    for (name, text) in EMBEDDED {
        let rules: TopicRules = toml::from_str(text).unwrap();
        phrases.extend(rules.rule.into_iter().flat_map(|r| r.phrases).map(|p| ((*name).to_owned(), p)));
    }
    let mut matcher = Matcher::default();
    for (number, (_, phrase)) in phrases.iter().enumerate() {
        matcher.add(number, phrase).unwrap();
    }
    let count = |texts: &mut dyn Iterator<Item = String>| {
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for text in texts {
            let found: HashSet<usize> = matcher.find(&Words::new(&text)).into_iter().map(|h| h.rule).collect();
            found.into_iter().for_each(|rule| *counts.entry(rule).or_default() += 1);
        }
        counts
    };
    let letters = count(&mut corpus().into_iter().map(|(subject, text, _)| format!("{subject}\n\n{text}")));
    let shipped = count(&mut examples::shipped().map(|(_, text)| text.to_owned()));
    let narrow: Vec<String> = phrases
        .iter()
        .enumerate()
        .filter(|(n, _)| letters.get(n) == Some(&1) && shipped.get(n).copied().unwrap_or(0) < 2)
        .map(|(_, (file, phrase))| format!("{file}: {phrase}"))
        .collect();
    assert!(narrow.is_empty(), "{} of {} phrases match one corpus letter and fewer than two examples:\n{}", narrow.len(), phrases.len(), narrow.join("\n"));
}

#[test]
fn no_words_of_a_corpus_letter_stand_in_the_rules() {
    let mut runs: HashSet<Vec<String>> = HashSet::new();
    let mut secrets: HashSet<String> = HashSet::new();
    for (subject, text, label) in corpus() {
        for part in [subject, text] {
            runs.extend(words(&part).windows(4).map(<[String]>::to_vec));
        }
        for key in ["name", "child", "phone"] {
            // A first name or a patronymic alone is nobody's; surnames and numbers are somebody's.
            let value = label[key].as_str().unwrap_or_default();
            secrets.extend(words(value).into_iter().filter(|w| w.chars().count() > 3 && !is_first(w) && !["вич", "вна"].iter().any(|end| w.ends_with(end))));
        }
    }
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let mut found = Vec::new();
    for file in files {
        for (number, line) in std::fs::read_to_string(&file).unwrap().lines().enumerate() {
            let own = words(line);
            let place = format!("{}:{}", file.file_name().unwrap().to_string_lossy(), number + 1);
            for run in own.windows(4).filter(|run| runs.contains(*run)) {
                found.push(format!("{place}: «{}»", run.join(" ")));
            }
            found.extend(own.iter().filter(|w| secrets.contains(*w)).map(|w| format!("{place}: «{w}» is somebody's name or number")));
        }
    }
    assert!(found.is_empty(), "{} places:\n{}", found.len(), found.join("\n"));
}
