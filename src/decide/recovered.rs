//! After a lost machine: one letter to whoever acts as the head.
//!
//! Not here: its words (`compose::Recovered`), what was lived through (`jobs::rebuild`).

use super::Round;
use super::case::shadowed;
use super::report::staff_envelope;
use crate::compose::{Envelope, Recovered, freeze};
use crate::effect::Effect;
use crate::outbox::Kind;

/// What its `X-Otklik` names instead of a letter: a later rebuild knows by it that nothing in the mailbox is missing.
pub const RECOVERED: &str = "recovered";

/// The letter, once for each state of the mailbox: a catching up that was broken off and begins again says it once. In the hours of staff.
pub fn on_recovered(round: Round<'_>, letter: &Recovered) -> Vec<Effect> {
    let Some(head) = round.decider(&[]) else { return Vec::new() };
    let key = format!("{RECOVERED}/{}", letter.until.map_or(0, |at| at.timestamp()));
    let envelope = Envelope { cause: Some(RECOVERED.to_owned()), ..staff_envelope(round, Kind::Other, key, &head.email, 4) };
    let posting = shadowed(&round, freeze(&round.settings.composer, envelope, letter));
    vec![Effect::Post(Box::new(posting))]
}
