//! Who is free when, and which slot to take. Deterministic and explained; the same question gives the same answer.
//!
//! The order of decision ([`choose`]): what must hold (window, working day, presence, nothing else at that time, notice, horizon, 40
//! minutes); then what the author cannot ([`crate::understand::Window::not`]); then the author's times; the channel; the specialist of
//! the last time; the earliest start; the specialist with the fewest consultations; the id. For an urgent appeal the earliest start
//! stands right after what the author cannot.
//!
//! Starts are round (10 minutes of the local clock). In a free gap they follow each other at the length of a consultation plus the
//! buffer: a fixed step of 20 would leave ends too short for anybody, this one packs as many as fit. Only where the author's own hours,
//! or a declined slot, begin in the middle of a gap is a further start tried there.
//!
//! Not here: whether a consultation is wanted at all, or what happens when nothing fits (`decide`).

mod availability;
mod choice;
mod grid;
mod reasons;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_props;
mod words;

pub use availability::{Absence, Busy, Presence, Silence, Specialist, WeeklyWindow, conflicts, free_slots};
pub use choice::{Choice, LONGEST_MINUTES, Slot, Wanted, choose};
pub use words::{channel_in_words, channel_kind, window_in_words, windows_summary};
