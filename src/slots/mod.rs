//! Who is free when, and which slot to take. Deterministic and explained; the same question gives the same answer.
//!
//! The order of decision ([`choose`]): what must hold (window, its category, class and weeks, exceptions, lunch, working day, presence,
//! nothing else at that time, the specialist's load, notice, horizon, 40 minutes, not while the family is elsewhere, and what the author
//! cannot: [`crate::understand::Window::not`]); then the subject on the specialist's list; the author's times; next to the family's other
//! consultation; the channel; the specialist of the last time; the earliest day; where two of the author's windows meet on it; the
//! earliest start; the specialist with the fewest consultations for the hours offered (`fairness`); the one who has waited longest; the
//! id. For an urgent appeal the earliest start stands right after what must hold, reserve windows are open and the load gives way.
//!
//! Starts are round (10 minutes of the local clock). In a free gap they follow each other at the length of a consultation plus the
//! buffer: a fixed step of 20 would leave ends too short for anybody, this one packs as many as fit. Only where the author's own hours,
//! or a declined slot, begin in the middle of a gap is a further start tried there.
//!
//! [`proposals`] is the same question with several answers; [`assign`] answers many questions at once.
//!
//! Not here: whether a consultation is wanted at all, or what happens when nothing fits (`decide`); reading busy times from files.

mod availability;
mod away;
mod batch;
mod choice;
mod exact;
mod fairness;
mod grid;
mod held;
mod improve;
mod matching;
mod proposals;
mod reasons;
mod serves;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_availability;
#[cfg(test)]
mod tests_away;
#[cfg(test)]
mod tests_batch;
#[cfg(test)]
mod tests_props;
mod words;

pub use availability::{Absence, Busy, DayException, DayHours, Load, Presence, Silence, Specialist, WeeklyWindow, Weeks, conflicts, free_slots};
pub use away::{Away, AwaySource, open_ended, overlay};
pub use batch::{Outcome, Request, assign, outcome};
pub use choice::{Choice, LONGEST_MINUTES, Slot, Wanted, choose};
pub use proposals::proposals;
pub use serves::ClassRange;
pub use words::{channel_in_words, channel_kind, weekdays_in_words, window_in_words, windows_summary};
