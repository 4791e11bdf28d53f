//! Tokens that come back: whose letter carries them, and whether they still live. Nothing is kept of a token; it is made again from the letters
//! that were sent about the appeal, under the present key and the one before it.
//!
//! Not here: how one is made (`compose::buttons`), what a valid one is worth (`trust`).

use super::Round;
use super::message::Incoming;
use crate::appeal::Appeal;
use crate::compose::buttons::{self, author_token, letter_token, order_token, same_token};
use crate::facts::{Bearer, ForLetter};
use crate::slots::Specialist;
use chrono::TimeDelta;

/// Days that tokens live after their appeal was closed.
const AFTER_CLOSING: i64 = 14;

/// Whose token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder<'a> {
    /// A member of staff's, in the letter with this key.
    Staff(&'a Specialist, &'a Bearer),
    /// The author's.
    Author(&'a Bearer),
}

/// The line of a letter in which a token may stand: the subject, or one of the first lines that the writer has not quoted.
pub(super) fn line<'m>(incoming: &Incoming<'m>) -> &'m str {
    buttons::line_of(&incoming.message.subject, own(incoming))
}

/// What the writer wrote above a quotation. Where nothing but a quotation or a signature is there, `own` is the whole letter, and the words
/// are not the writer's.
pub(super) fn own<'m>(incoming: &Incoming<'m>) -> &'m str {
    let body = &incoming.message.body;
    let folded = !body.quoted.trim().is_empty() || !body.signature.trim().is_empty();
    if folded && body.own == body.whole { "" } else { body.own.trim() }
}

/// Whether tokens about an appeal still live.
pub(super) fn alive(round: Round<'_>, appeal: &Appeal) -> bool {
    appeal.closed.is_none_or(|at| round.now <= at + TimeDelta::days(AFTER_CLOSING))
}

/// Whose token a letter carries, as far as it is one of ours that has not run out.
pub(super) fn holder<'a>(round: Round<'a>, facts: &'a ForLetter, incoming: &Incoming<'_>) -> Option<Holder<'a>> {
    let (number, token) = buttons::pressed(line(incoming))?;
    let composer = &round.settings.composer;
    let fits = |letter: &Bearer, whose: &str| same_token(&token, &letter_token(whose, &composer.address, &letter.key, letter.made));
    facts.bearers.iter().filter(|l| round.now <= l.made + TimeDelta::days(buttons::TOKEN_DAYS)).find_map(|letter| {
        composer.keys(letter.made).find_map(|key| {
            let staff = round.settings.person_by_email(&letter.to).filter(|p| fits(letter, &order_token(key, number, &p.id)));
            let author = || fits(letter, &author_token(key, number, &letter.to)).then_some(Holder::Author(letter));
            staff.map(|p| Holder::Staff(p, letter)).or_else(author)
        })
    })
}
