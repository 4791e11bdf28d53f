//! Danger to a child by concept: tables of sentences, and how many of them are seen. The tables themselves are in `tests_urgency_first` and `_second`.

use super::Urgency;
use super::translit;
use super::words::Words;
use super::{danger, learned, tests_urgency_first as first, tests_urgency_second as second, tests_urgency_third as third, urgency};

fn urgent(text: &str) -> Option<String> {
    // As for a whole letter: Latin letters are spelled back before anything is read.
    let text = translit::script(text).map_or_else(|| text.to_owned(), |script| translit::restored(text, script));
    Urgency::default().read(&Words::new(&text)).danger.map(|d| d.why)
}

/// Prints and returns what was missed and what was a false alarm.
fn measure(name: &str, dangers: &[&str], innocent: &[&str]) -> (Vec<String>, Vec<String>) {
    let missed: Vec<String> = dangers.iter().filter(|t| urgent(t).is_none()).map(|t| format!("missed: {t}")).collect();
    let alarms: Vec<String> = innocent.iter().filter_map(|t| urgent(t).map(|why| format!("alarm: {t} <- {why}"))).collect();
    println!("{name}: {} of {} seen, {} false alarms of {}", dangers.len() - missed.len(), dangers.len(), alarms.len(), innocent.len());
    for line in missed.iter().chain(&alarms) {
        println!("  {line}");
    }
    (missed, alarms)
}

#[test]
fn the_first_set() {
    let (missed, alarms) = measure("first", first::URGENT, first::INNOCENT);
    assert!(missed.is_empty() && alarms.is_empty());
}

#[test]
fn the_rules_compile() {
    let rules = toml::from_str::<urgency::UrgencyRules>(urgency::EMBEDDED).unwrap();
    let named = |name: &str| rules.sign.iter().any(|s| s.unless.iter().chain(&s.when).any(|w| w.split([' ', ':']).any(|c| c == name)));
    let idle: Vec<_> = rules.concept.keys().filter(|name| !named(name)).collect();
    println!("concepts that no sign names: {idle:?}");
    if let Err(mistakes) = urgency::Urgency::new(&rules) {
        panic!("{}", mistakes.join("\n"));
    }
}

#[test]
fn the_second_set() {
    let (missed, alarms) = measure("second", second::URGENT, second::INNOCENT);
    assert!(missed.is_empty() && alarms.is_empty());
}

#[test]
fn the_third_set() {
    let (missed, alarms) = measure("third", third::URGENT, third::INNOCENT);
    assert!(missed.is_empty() && alarms.is_empty());
}

#[test]
fn a_sign_that_a_calm_letter_outweighs_is_told_and_raises_no_alarm() {
    let sign = |certain| Some(urgency::Danger { why: format!("{}ребёнка бьют («толкнул»)", urgency::ALARM), leans: None, certain });
    let learned = |margin| learned::Scores { margins: [margin], words: Vec::new(), known: 9 };
    let calm = danger::weigh(sign(false), &learned(-0.9), &[]);
    assert_eq!(calm.danger, None);
    assert_eq!(calm.outweighed.as_deref(), Some("знак опасности (ребёнка бьют («толкнул»)), но письмо в целом спокойное: тревоги нет, прочтите сами"));
    for (sign, margin, danger, outweighed) in [
        (sign(true), -0.9, true, false),
        (sign(false), -0.1, true, false),
        (None, -0.9, false, false),
        (None, -0.1, true, false),
        (sign(false), -0.9, false, true),
    ] {
        let weighed = danger::weigh(sign.clone(), &learned(margin), &[]);
        assert_eq!((weighed.danger.is_some(), weighed.outweighed.is_some()), (danger, outweighed), "{sign:?} {margin}");
    }
}
