//! A simulated school year: 5,000 letters that ask for a consultation, 30 specialists, people who answer like people, all through the real jobs
//! in virtual time; an oracle beside every decision; two greedy ways of assigning on the same letters.
//! Run `cargo bench --bench year` (`-- SEED [LETTERS]`). See docs/benchmarks.md. Everything is made from the seed.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot set itself up fails and says where")]

mod arrivals;
mod chance;
mod greedy;
mod oracle;
mod people;
mod school;
mod told;
mod world;

use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "the run is timed")]
fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let (seed, count) = (numbers.first().copied().unwrap_or(12), numbers.get(1).copied().unwrap_or(5000));
    let begin = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut world = world::World::new(seed, usize::try_from(count).unwrap());
    runtime.block_on(world.run());
    told::tell(&world, begin.elapsed());
}
