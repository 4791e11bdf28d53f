//! The program dies at every named moment, singly and in pairs, in thirty scenarios over servers in memory; what was left is opened anew and lived to
//! the end with the same people. Nothing may be lost, and nothing said twice but a letter of which nobody could know whether it had left.
//!
//! The ordinary run dies at the first and the last passing of each name in four scenarios that pass it; `OTKLIK_MOMENTS=each` in each scenario, `all` at
//! every passing.
//! `OTKLIK_PAIRS=5000` dies so many times a second time while it recovers. `OTKLIK_COUNT=1` adds what was counted to docs/counters.json.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "failpoints/by_hand.rs"]
mod by_hand;
#[path = "counting/mod.rs"]
mod counting;
#[path = "failpoints/scenes.rs"]
mod scenes;
#[path = "simulation/servers/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the simulator uses the rest")]
mod servers;
#[path = "failpoints/verdict.rs"]
mod verdict;
#[path = "failpoints/world.rs"]
mod world;

use otklik::moment::NAMES;
use servers::Chance;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use verdict::End;
use world::{Left, Scenario, live};

/// Second deaths of the ordinary run.
const PAIRS: usize = 240;
/// Scenarios of a part in which the ordinary run dies at a name.
const ENOUGH: usize = 2;
/// The scenarios are shared out among so many threads.
const PARTS: usize = 2;

/// What was counted.
#[derive(Default)]
struct Counts {
    crashes: usize,
    states: usize,
    pairs: usize,
    accepted: usize,
    repeated: usize,
    unknown: usize,
    names: BTreeSet<&'static str>,
    /// In how many scenarios the program has died at a name.
    died: BTreeMap<&'static str, usize>,
    broken: Vec<String>,
}

impl Counts {
    fn add(&mut self, more: Counts) {
        self.crashes += more.crashes;
        self.states += more.states;
        self.pairs += more.pairs;
        self.accepted += more.accepted;
        self.repeated += more.repeated;
        self.unknown += more.unknown;
        self.names.extend(more.names);
        self.died = more.died;
        self.broken.extend(more.broken);
    }
}

#[expect(clippy::disallowed_methods, reason = "the switches of a long run")]
fn switch(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The moments that a life passes, in order, and what came out of it.
fn calm(scene: &Scenario) -> (Vec<&'static str>, End) {
    let passed = Rc::new(RefCell::new(Vec::new()));
    let hear = Rc::clone(&passed);
    let lived = live(scene, None, move |_, name| {
        hear.borrow_mut().push(name);
        false
    });
    let passed = passed.borrow().clone();
    (passed, End::of(&lived))
}

/// The passings at which the program dies: the first and the last one of each name, in the ordinary run in so many scenarios of a part.
fn chosen(passed: &[&'static str], died: &mut BTreeMap<&'static str, usize>) -> BTreeSet<usize> {
    let how = switch("OTKLIK_MOMENTS").unwrap_or_default();
    if how == "none" {
        return BTreeSet::new();
    }
    if how == "all" {
        return (0..passed.len()).collect();
    }
    let mut ends: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for (n, name) in passed.iter().enumerate() {
        ends.entry(name).and_modify(|e| e.1 = n).or_insert((n, n));
    }
    let mut at = BTreeSet::new();
    for (name, (first, last)) in ends {
        let times = died.entry(name).or_default();
        if how == "each" || *times < ENOUGH {
            *times += 1;
            at.extend([first, last]);
        }
    }
    at
}

/// A death: what it leaves, and the moments between which nothing of that changes.
type Death = (Left, Vec<&'static str>);

/// What is left at these passings; the same world is one, however many moments it spans.
fn deaths(scene: &Scenario, at: BTreeSet<usize>) -> Vec<Death> {
    let found: Rc<RefCell<Vec<Death>>> = Rc::default();
    let hear = Rc::clone(&found);
    let count = Cell::new(0);
    live(scene, None, move |present, name| {
        let n = count.replace(count.get() + 1);
        if at.contains(&n) {
            let (left, another) = present.left();
            let mut found = hear.borrow_mut();
            match found.last_mut().filter(|_| !another) {
                Some((_, names)) => names.push(name),
                None => found.push((left, vec![name])),
            }
        }
        false
    });
    found.take()
}

fn judge(counts: &mut Counts, scene: &Scenario, end: &End, calm: &End, how: &str) {
    counts.accepted += end.accepted();
    counts.repeated += end.repeated();
    counts.unknown += end.unknown();
    let broken = if scene.alike { end.against(calm) } else { end.wrong_by_itself() };
    counts.broken.extend(broken.into_iter().map(|what| format!("{}, {how}: {what}", scene.name)));
}

/// One scenario: every chosen death, and some of them with a second one.
fn suffer(scene: &Scenario, chance: &mut Chance, pairs: usize, counts: &mut Counts) {
    let (passed, calm) = calm(scene);
    counts.names.extend(passed.iter().copied());
    counts.broken.extend(calm.wrong_by_itself().into_iter().map(|what| format!("{}, undisturbed: {what}", scene.name)));
    let mut at = chosen(&passed, &mut counts.died);
    // Where the first of two deaths happens is chance.
    at.extend((0..pairs).map(|_| usize::try_from(chance.below(passed.len() as u64)).unwrap()));
    let deaths = deaths(scene, at);
    if deaths.is_empty() {
        return;
    }
    let mut lengths = Vec::new();
    for (left, names) in &deaths {
        let passed: Rc<RefCell<Vec<&'static str>>> = Rc::default();
        let hear = Rc::clone(&passed);
        let lived = live(scene, Some(left), move |_, name| {
            hear.borrow_mut().push(name);
            false
        });
        counts.names.extend(passed.borrow().iter());
        lengths.push(passed.borrow().len());
        counts.crashes += names.len();
        counts.states += 1;
        judge(counts, scene, &End::of(&lived), &calm, names[0]);
    }
    for _ in 0..pairs {
        let n = usize::try_from(chance.below(deaths.len() as u64)).unwrap();
        let second = usize::try_from(chance.below(lengths[n].max(1) as u64)).unwrap();
        let (left, names) = &deaths[n];
        let found: Rc<RefCell<Option<(Left, &'static str)>>> = Rc::default();
        let (hear, count) = (Rc::clone(&found), Cell::new(0));
        live(scene, Some(left), move |present, name| {
            let dies = count.replace(count.get() + 1) == second;
            if dies {
                *hear.borrow_mut() = Some((present.left().0, name));
            }
            dies
        });
        let Some((again, name)) = found.take() else { continue };
        let lived = live(scene, Some(&again), |_, _| false);
        counts.pairs += 1;
        judge(counts, scene, &End::of(&lived), &calm, &format!("{} and then {name}", names[0]));
    }
}

/// The scenarios of one part.
fn part(n: usize) -> Counts {
    let mut counts = Counts::default();
    let pairs = switch("OTKLIK_PAIRS").and_then(|v| v.parse().ok()).unwrap_or(PAIRS);
    let only = switch("ONLY").unwrap_or_default();
    // A run that is counted goes on with other chances than the one before.
    let count = switch("OTKLIK_COUNT").is_some();
    let before = if count { counting::stands("failpoints", "pairs") } else { 0 };
    let mut chance = Chance::new((before << 8) + 0x6661_696c + n as u64);
    for k in (0..scenes::COUNT).filter(|k| k % PARTS == n && scenes::name(*k).starts_with(&only)) {
        let scene = scenes::scene(k);
        let mut own = Counts { died: std::mem::take(&mut counts.died), ..Counts::default() };
        suffer(&scene, &mut chance, pairs.div_ceil(scenes::COUNT), &mut own);
        println!("{}: {} deaths in {} worlds, {} second deaths, {} broken", scene.name, own.crashes, own.states, own.pairs, own.broken.len());
        if count {
            let numbers = [("crashes", own.crashes), ("pairs", own.pairs), ("letters", own.accepted), ("unknown", own.unknown), ("broken", own.broken.len())];
            let numbers = numbers.map(|(name, n)| (name, n as u64));
            counting::add("failpoints", &numbers, &[("names", NAMES.len() as u64), ("scenarios", scenes::COUNT as u64)]);
        }
        counts.add(own);
    }
    counts
}

#[test]
fn dying_at_any_moment_loses_nothing_and_says_nothing_twice() {
    let parts: Vec<Counts> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..PARTS).map(|n| scope.spawn(move || part(n))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let sum = |of: fn(&Counts) -> usize| parts.iter().map(of).sum::<usize>() as u64;
    let broken: Vec<&String> = parts.iter().flat_map(|c| &c.broken).collect();
    let passed: BTreeSet<&str> = parts.iter().flat_map(|c| c.names.iter().copied()).collect();
    let (crashes, worlds, pairs, letters) = (sum(|c| c.crashes), sum(|c| c.states), sum(|c| c.pairs), sum(|c| c.accepted));
    let (unknown, repeated) = (sum(|c| c.unknown), sum(|c| c.repeated));
    println!(
        "{} names, {} scenarios; {crashes} deaths in {worlds} worlds, {pairs} second deaths, {letters} letters; {unknown} outcomes that nobody could know, \
         {repeated} letters said twice for that; {} broken",
        passed.len(),
        scenes::COUNT,
        broken.len()
    );
    if switch("ONLY").is_none() {
        let missed: Vec<&&str> = NAMES.iter().filter(|n| !passed.contains(**n)).collect();
        println!("moments that no scenario passes: {missed:?}");
        let new: Vec<_> = missed.iter().filter(|n| !scenes::NOT_YET.contains(**n)).collect();
        assert!(new.is_empty() || !broken.is_empty(), "moments that no scenario passes: {new:?}");
    }
    assert!(broken.is_empty(), "{}", broken.iter().take(80).map(|b| b.as_str()).collect::<Vec<_>>().join("\n"));
}
