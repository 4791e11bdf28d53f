//! Chance in the words of the world: percent, minutes, one of these. What the servers do wrong draws from a chance of their own.

use crate::servers::Chance;
use chrono::TimeDelta;

/// A stream of numbers.
#[derive(Debug, Clone)]
pub struct Luck(Chance);

impl Luck {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Luck {
        Luck(Chance::new(seed ^ 0x5851_f42d_4c95_7f2d))
    }

    /// A stream of its own, so that what one draws does not shift what another draws.
    pub fn fork(&mut self) -> Luck {
        Luck(self.0.fork())
    }

    /// A number below `n`; 0 for 0.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0.below(n)
    }

    /// From `low` up to and including `high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in so many of a hundred.
    pub fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    /// True in so many of a thousand.
    pub fn per_mille(&mut self, n: u64) -> bool {
        self.below(1_000) < n
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        self.0.pick(of)
    }

    /// A span between these minutes, to the second.
    pub fn minutes(&mut self, low: u64, high: u64) -> TimeDelta {
        TimeDelta::seconds(i64::try_from(self.between(low * 60, high * 60)).unwrap())
    }
}
