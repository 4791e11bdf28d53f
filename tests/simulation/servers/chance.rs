//! Seeded chance: the same seed draws the same numbers on every machine and in every version.

/// splitmix64 (Steele, Lea, Flood 2014): one word of state, good enough for drawing faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chance(u64);

impl Chance {
    /// From a seed; neighbouring seeds have nothing in common.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n` - 1; 0 where `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.number() % n }
    }

    /// True `rate` times in a thousand.
    pub fn per_mille(&mut self, rate: u32) -> bool {
        rate > 0 && self.below(1000) < u64::from(rate)
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.below(of.len() as u64);
        &of[usize::try_from(at).unwrap_or_default()]
    }

    /// A chance of its own: what is drawn there moves nothing here.
    pub fn fork(&mut self) -> Chance {
        Chance(self.number())
    }
}
