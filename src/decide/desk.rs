//! Letters of staff that belong to no appeal: an order about the person themselves or the school, a form for somebody who called.
//!
//! Each such order is a whole line of a closed grammar in its own file; a letter that none of them knows is an appeal like anyone's. Such a letter
//! carries no token: its sender alone speaks for it, so what nothing proves and would reach people outside is asked about first. Not here: orders
//! about an appeal (`staff`), what proves a sender (`sender`).

use super::message::Incoming;
use super::trust::Auth;
use super::{Round, absence, announcement, confirm, director, enquiry, incident, sender};
use crate::announcement::{Change, sorted};
use crate::appeal::Appeal;
use crate::effect::{Effect, Event};
use crate::facts::ForLetter;
use crate::message::{Message, Origin, Proof};
use crate::outbox::Audience;
use crate::slots::Specialist;

/// What one file of orders makes of a letter: `None` where it is not its order.
type Desk = for<'a> fn(Round<'a>, &ForLetter, &Incoming<'_>, &'a Specialist) -> Option<Vec<Effect>>;

/// Every kind of order that is about no appeal, in the order in which they are asked.
const DESKS: [Desk; 8] = [
    incident::on_letter,
    director::on_letter,
    super::wanted::on_letter,
    announcement::on_desk,
    absence::on_letter,
    super::combined::on_list,
    super::help::on_help,
    enquiry::on_enquiry,
];

/// The effects of a letter that a member of staff wrote by hand and that is such an order.
pub(super) fn on_desk(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let m = incoming.message;
    if facts.thread.is_some() || m.origin != Origin::Person || m.from.len() != 1 {
        return None;
    }
    let person = round.settings.person_by_email(&m.sender()?.email)?;
    // What it would do if it were proved; only then is it known what there is to prove.
    let proved = Message { proof: Proof::Confirmed, ..m.clone() };
    let effects = DESKS.iter().find_map(|desk| desk(round, facts, &Incoming { message: &proved, ..*incoming }, person))?;
    // Days of absence move consultations, a silence and an incident are about families: what follows reaches people outside later.
    let later = |e: &Effect| matches!(e, Effect::Away(_) | Effect::Silence { .. } | Effect::Incident(_));
    let outside = effects.iter().any(|e| matches!(e, Effect::Post(p) if p.audience != Audience::Staff) || later(e) || weighs(facts, person, e));
    // What it is about is found again by the letter that it answers.
    let pressed = || facts.incident.as_ref().map(|k| format!("incident/{}/{}", k.incident.id, person.id));
    let answered = facts.list.as_ref().map(|l| l.key.clone()).or_else(pressed);
    let found = sender::auth(round, m);
    // The preview went to the registered address alone: its id or its button in the answer proves as much as a code.
    let found = if found != Auth::Fail && announcement::answers_preview(round, facts, m, person) { Auth::Sure } else { found };
    Some(match found {
        Auth::Sure => effects,
        Auth::Fail => confirm::distrusted(None, format!("поручение от имени сотрудника ({}) не прошло проверку отправителя: не исполнено", person.post)),
        Auth::Login | Auth::Shared | Auth::None if outside => confirm::ask(round, facts, incoming, person, (None, answered), files(&effects, m)),
        Auth::None if round.settings.sender_check.required => confirm::ask(round, facts, incoming, person, (None, answered), files(&effects, m)),
        Auth::Login | Auth::Shared => effects,
        Auth::None => marked(effects, person),
    })
}

/// Files that the order would send on; what is kept of others is their words alone.
fn files(effects: &[Effect], message: &Message) -> confirm::Files {
    let along = effects.iter().find_map(|e| if let Effect::Announcement(Change::Files(_, along)) = e { Some(along.clone()) } else { None });
    along.map(|along| (along, sorted(&message.attachments).1)).unwrap_or_default()
}

/// An appeal gets into other hands, another category, or ends: what is asked about in its conversation is asked about in a list of orders too.
fn weighs(facts: &ForLetter, person: &Specialist, effect: &Effect) -> bool {
    let Effect::Save(after) = effect else { return false };
    let before = facts.named.iter().map(|n| &n.appeal).find(|a| a.number == after.number);
    let handed = |before: &Appeal| before.assignee != after.assignee && after.assignee.as_ref() != Some(&person.id);
    before.is_some_and(|b| handed(b) || b.category != after.category || b.open() != after.open())
}

/// Carried out without a proof: the history and the daily report say so.
fn marked(mut effects: Vec<Effect>, person: &Specialist) -> Vec<Effect> {
    let text = format!("поручение исполнено, отправитель не подтверждён ({})", person.post);
    effects.push(Effect::Note { appeal: None, event: Event::Unproved, text });
    effects
}
