//! The simulator in the ordinary run: a few seeds, every seed that ever failed, the same seed twice, and worlds in which one thing is wrong on purpose,
//! so that no invariant is one that cannot fail. How to read a failing seed: docs/simulation.md.

#![expect(clippy::unwrap_used, reason = "a simulation that cannot set itself up fails and says where")]

#[path = "simulation/servers/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the servers of four test programs; each uses a part of them")]
mod servers;
#[path = "simulation/world/mod.rs"]
mod world;

use world::{Counters, Options, Wrong, run};

/// Seeds of the ordinary run; the example goes on from here.
const SEEDS: u64 = 16;

/// Days of a seed here; the long run has thirty.
const DAYS: u64 = 8;

#[test]
fn nothing_breaks_in_the_first_seeds() {
    let mut counters = Counters::default();
    for seed in 0..SEEDS {
        let told = run(Options { days: DAYS, ..Options::seed(seed) });
        assert!(told.broken.is_none(), "{}", told.story);
        counters.add(&told.counters);
    }
    println!("{}", counters.told());
    assert!(counters.letters_in > 0 && counters.letters_out > 0, "somebody wrote and was answered");
}

/// Each line: the seed, its days, and why it is there.
#[test]
fn no_seed_that_ever_failed_fails_again() {
    for line in include_str!("simulation/regressions.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let mut words = line.split_whitespace();
        let mut number = || words.next().and_then(|w| w.parse::<u64>().ok()).unwrap();
        let (seed, days) = (number(), number());
        let told = run(Options { days, ..Options::seed(seed) });
        assert!(told.broken.is_none(), "{}", told.story);
    }
}

#[test]
fn a_seed_is_the_same_twice() {
    let options = Options { days: 2, ..Options::seed(3) };
    let (first, second) = (run(options), run(options));
    assert_eq!(first.hash, second.hash);
    assert_eq!(first.counters, second.counters);
    assert_ne!(first.hash, run(Options { days: 2, ..Options::seed(4) }).hash);
}

#[test]
fn counters_add_up_over_runs() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("counters.json");
    std::fs::write(&file, r#"{"kills": {"runs": 3}}"#).unwrap();
    let mut counters = Counters { days: 60, letters_in: 5, faults: [("cut".to_owned(), 2)].into(), ..Counters::default() };
    counters.add_to(&file).unwrap();
    counters.add_to(&file).unwrap();
    let told: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(told["simulation"]["months"], 4.0);
    assert_eq!(told["simulation"]["letters_in"], 10);
    assert_eq!(told["simulation"]["faults"]["cut"], 4);
    assert_eq!(told["simulation"]["lost"], 0);
    assert_eq!(told["kills"]["runs"], 3, "what others count stays");
}

/// A world in which nothing goes wrong but one thing, on purpose: its invariant finds it.
#[test]
fn every_wrong_is_found_by_its_invariant() {
    let mut missed = Vec::new();
    for (wrong, name) in Wrong::ALL {
        // The first seed in which there is something to do it to.
        let found = (0..6).find_map(|seed| run(Options { days: 8, calm: true, wrong: Some(wrong), ..Options::seed(seed) }).broken);
        match found {
            Some(broken) if broken.name.starts_with(&format!("{name} ")) => {}
            Some(broken) => missed.push(format!("{wrong:?} was found as {}: {}", broken.name, broken.what)),
            None => missed.push(format!("{wrong:?} was not found")),
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
