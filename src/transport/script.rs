//! A transport in memory that remembers everything and fails on order.
use crate::outbox::Outcome;
use std::collections::VecDeque;

/// What was "sent", and what the next calls answer.
#[derive(Debug, Default)]
pub struct Script {
    /// (from, to, bytes) of every letter that a server would have stored.
    pub sent: Vec<(String, String, Vec<u8>)>,
    /// Outcomes of the next calls, first first; when empty every letter is accepted.
    pub outcomes: VecDeque<Outcome>,
}

impl Script {
    pub(super) fn send(&mut self, from: &str, to: &str, raw: &[u8], on_data: &mut (dyn FnMut() -> Result<(), String> + Send)) -> Outcome {
        let outcome = self.outcomes.pop_front().unwrap_or_else(|| Outcome::Accepted("250 2.0.0 Ok".into()));
        let reached_data = !matches!(outcome, Outcome::Deferred(_) | Outcome::Account(_));
        if reached_data && let Err(e) = on_data() {
            return Outcome::Deferred(e);
        }
        if matches!(outcome, Outcome::Accepted(_) | Outcome::Unknown(_)) {
            self.sent.push((from.to_owned(), to.to_owned(), raw.to_vec()));
        }
        outcome
    }
}
