//! Simulates many seeds and prints what was counted:
//! `cargo run --release --example simulate -- --seeds 1000 [--from 0] [--days 30] [--threads 1] [--calm] [--wrong SentTwice] [--aloud] [--json docs/counters.json]`.
//!
//! A seed that breaks an invariant prints itself with the end of its trace; it belongs into `regressions.txt` then.

#![expect(clippy::unwrap_used, reason = "a simulation that cannot set itself up ends and says where")]

#[expect(dead_code, unused_imports, reason = "the servers of four test programs; each uses a part of them")]
mod servers;
mod world;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use world::{Counters, Options, Wrong, run};

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1)).cloned();
    let number = |name: &str, otherwise: u64| value(name).map_or(otherwise, |v| v.parse().unwrap());
    let flag = |name: &str| arguments.iter().any(|a| a == name);
    let (from, seeds, days) = (number("--from", 0), number("--seeds", 10), number("--days", 30));
    let wrong = value("--wrong").map(|name| Wrong::ALL.iter().find(|(w, _)| format!("{w:?}") == name).unwrap().0);
    let next = AtomicU64::new(from);
    let all = Mutex::new((Counters::default(), Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..number("--threads", 1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + seeds {
                        return;
                    }
                    let told = run(Options { days, calm: flag("--calm"), aloud: flag("--aloud"), wrong, ..Options::seed(seed) });
                    let mut all = all.lock().unwrap();
                    all.0.add(&told.counters);
                    if let Some(broken) = told.broken {
                        println!("{}", told.story);
                        all.1.push((seed, broken.name));
                    }
                    if flag("--hash") {
                        println!("seed {seed}: {}", told.hash);
                    }
                }
            });
        }
    });
    let (mut counters, broken) = all.into_inner().unwrap();
    println!("{}", counters.told());
    for (seed, name) in &broken {
        println!("seed {seed} broke {name}");
    }
    if let Some(file) = value("--json") {
        counters.add_to(&PathBuf::from(file)).unwrap();
    }
    if broken.is_empty() { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
