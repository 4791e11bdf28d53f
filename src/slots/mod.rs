//! Who is free when, and which slot to take. Deterministic and explained; the same question gives the same answer.
//!
//! Not here: whether a consultation is wanted at all, or what happens when nothing fits (`decide`).

mod availability;
mod choice;
#[cfg(test)]
mod tests;

pub use availability::{Absence, Busy, Presence, Silence, Specialist, WeeklyWindow};
pub use choice::{Choice, Slot, Wanted, choose};
