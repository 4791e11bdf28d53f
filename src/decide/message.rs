//! A letter has come: what is to be done about it.

use super::{
    Round, absence, announcement_answers, block, calendar, confirm, desk, director, enquiry, group_answers, incident, open, sent, silence, staff, thread, token,
};
use crate::announcement;
use crate::compose::{buttons, incident_pressed};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{ForLetter, Question};
use crate::message::Message;
use crate::slots::Slot;
use crate::understand::order_list::numbers;
use crate::understand::{BounceClass, Kind, Understanding, order_incident, order_silence};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// A letter, read and understood.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// As read.
    pub message: &'a Message,
    /// As understood.
    pub understanding: &'a Understanding,
    /// INTERNALDATE.
    pub received: DateTime<Utc>,
    /// A time found for it together with others that came at once.
    pub proposed: Option<&'a Slot>,
}

/// Hash of author and words, for the same letter sent twice. White space and case do not count. Two families who call the hotline with the same
/// words are told apart by telephone and names, two children of one family by name and class.
pub(super) fn text_hash(author: Option<&str>, u: &Understanding) -> String {
    let mut hash = Sha256::new();
    hash.update(author.unwrap_or_default().to_lowercase());
    let caller = u.name.as_deref().filter(|_| author.is_none());
    for part in [u.phone.as_deref(), u.child.as_deref(), u.class.as_deref(), caller] {
        hash.update([1]);
        hash.update(part.unwrap_or_default().to_lowercase());
    }
    for word in u.text.split_whitespace() {
        hash.update([0]);
        hash.update(word.to_lowercase());
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// Who wrote, as far as answers go: the address inside a form or forward, else the sender.
pub(super) fn author_of(incoming: &Incoming<'_>) -> Option<String> {
    let u = incoming.understanding;
    if let Some(email) = &u.contact_email {
        return Some(email.to_lowercase());
    }
    // What staff bring in is answered to the author only where the form names an address.
    let from_staff = u.kind == Some(Kind::StaffForm);
    incoming.message.sender().filter(|_| !from_staff).map(|a| a.email.clone()).filter(|e| e.contains('@'))
}

/// What the facts are asked for this letter.
pub fn question(letter: i64, incoming: &Incoming<'_>) -> Question {
    let (m, u) = (incoming.message, incoming.understanding);
    let author = author_of(incoming);
    let mut answers: Vec<String> = u.thread.iter().cloned().collect();
    answers.extend(m.answers().map(str::to_owned));
    answers.extend(m.returned_id.iter().cloned());
    let pressed = buttons::pressed(token::line(incoming));
    let press = pressed.is_some().then(|| (m.subject.clone(), m.body.whole.clone()));
    Question {
        letter,
        message_id: m.message_id.clone(),
        content_hash: m.content_hash.clone(),
        text_hash: text_hash(author.as_deref(), u),
        author,
        answers,
        pressed,
        sender: m.sender().map(|a| a.email.clone()),
        press,
        confirms: confirm::reads_as_answer(incoming),
        uid: u.object.as_ref().map(|o| o.uid.clone()).or_else(|| u.calendar.as_ref().map(|c| c.uid.clone())).or_else(|| uid_of(m)),
        category: u.category,
        recipients: sent::recipients(incoming),
        wanted: enquiry::wanted(incoming),
        // Only an answer to one of ours orders anything about several.
        named: if m.answers().next().is_some() || buttons::pressed(&m.subject).is_some() { numbers(&m.body.own) } else { Vec::new() },
        received: incoming.received,
        alike: incident::comparable(u).filter(|_| matches!(u.kind, None | Some(Kind::NewAppeal | Kind::StaffForm))),
        silenced: order_silence::named(staff::own_words(incoming)),
        incident: incident_pressed(&m.subject).map(|(id, _)| id),
        draft: director::period_of(incoming),
        closes_incident: order_incident::read(staff::own_words(incoming)) == Some(order_incident::Incident::Over),
        referred: m.answers().map(str::to_owned).collect(),
        subject: m.subject.clone(),
        announces: announcement::announces(&m.subject, &m.body.own),
        names_address: announcement::second_address(&m.body.own).is_some(),
    }
}

/// UID of a calendar object that answers nothing of ours: an invitation, perhaps of a colleague.
fn uid_of(message: &Message) -> Option<String> {
    let part = message.calendars.first()?;
    crate::itip::read(&part.bytes, part.method.as_deref()).ok().map(|o| o.uid)
}

/// Decides about a letter.
pub fn on_message(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Vec<Effect> {
    let u = incoming.understanding;
    if let Some(appeal) = facts.duplicate {
        return settled(Settled::Duplicate(appeal), Event::Ignored, appeal, "то же письмо пришло ещё раз");
    }
    if u.ignored == Some("own_echo") {
        return own_echo(incoming);
    }
    if let Some(object) = block::invitation(round, incoming.message) {
        return block::on_invitation(round, facts, incoming, &object);
    }
    if let Some(answered) = confirm::on_letter(round, facts, incoming) {
        return answered;
    }
    if let Some(written) = sent::from_own_mailbox(round, facts, incoming) {
        return written;
    }
    if let Some(refused) = staff::foreign(round, facts, incoming) {
        return refused;
    }
    if let Some(refused) = director::foreign(round, facts, incoming) {
        return refused;
    }
    if let Some(without) = staff::disbelieved(round, facts, incoming) {
        let number = facts.thread.as_ref().map(|t| t.appeal.number);
        let mut effects = on_message(round, &without, incoming);
        effects.push(Effect::Note {
            appeal: number,
            event: Event::StaffLetter,
            text: "письмо с чужим или неверным ключом в теме: тема ничего не значит".into(),
        });
        return effects;
    }
    if let Some(about_group) = group_answers::on_letter(round, facts, incoming) {
        return about_group;
    }
    if let Some(silenced) = silence::on_letter(round, facts, incoming) {
        return silenced;
    }
    if staff::orders(round, facts, incoming) {
        return thread::on_reply(round, facts, incoming);
    }
    if let Some(about_announcement) = announcement_answers::on_letter(round, facts, incoming) {
        return about_announcement;
    }
    if let Some(ordered) = desk::on_desk(round, facts, incoming) {
        return ordered;
    }
    let kind = u.kind.unwrap_or(Kind::NewAppeal);
    match kind {
        Kind::Bounce => bounced(facts, u),
        Kind::AutoReply => {
            let mut effects = auto_reply(facts, u);
            effects.extend(absence::on_auto_reply(round, facts, incoming));
            effects
        }
        Kind::SpamOrList => settled(Settled::Ignored(u.ignored.unwrap_or("list")), Event::Ignored, None, "рассылка или спам"),
        Kind::CalendarReply => calendar::on_calendar(round, facts, incoming),
        Kind::SurveyAnswer | Kind::ReplyToThread if facts.thread.is_some() => thread::on_reply(round, facts, incoming),
        Kind::SurveyAnswer => settled(Settled::Ignored("survey"), Event::Ignored, None, "анкета без известной заявки"),
        Kind::ReplyToThread | Kind::NewAppeal | Kind::StaffForm => match (&facts.thread, kind) {
            // Whatever refers to our letters belongs to a conversation and gets no receipt: loops end here (RFC 3834).
            (Some(_), Kind::NewAppeal | Kind::ReplyToThread) => thread::on_reply(round, facts, incoming),
            _ => open::on_new(round, facts, incoming),
        },
    }
}

/// One settlement and one line of history.
pub(super) fn settled(settled: Settled, event: Event, appeal: Option<i64>, text: &str) -> Vec<Effect> {
    vec![Effect::Settle(settled), Effect::Note { appeal, event, text: text.to_owned() }]
}

/// Our own letter came back to us: proof that it was sent.
fn own_echo(incoming: &Incoming<'_>) -> Vec<Effect> {
    let mut effects = settled(Settled::Ignored("own_echo"), Event::Ignored, None, "наше собственное письмо");
    if let Some(id) = &incoming.message.message_id {
        effects.push(Effect::Evidence { message_id: id.clone(), by: "own_copy" });
    }
    effects
}

/// A delivery report: believed only with the Message-ID of a letter of ours and the address that it went to; a number in its subject is nothing, anybody
/// can write one. A notice of delay closes nothing.
fn bounced(facts: &ForLetter, u: &Understanding) -> Vec<Effect> {
    let Some(thread) = facts.thread.as_ref().filter(|_| u.thread.is_some()) else {
        let mut effects = settled(Settled::Ignored("bounce"), Event::Ignored, None, "отчёт о доставке письма, которое не относится к заявке");
        // A report or a notice to staff is no appeal's letter, and its loss is told all the same.
        if let (Some(id), Some(class)) = (&u.thread, u.bounce.as_ref().map(|b| b.class).filter(|c| *c != BounceClass::Delayed)) {
            effects.push(Effect::Bounced { message_id: id.clone(), class: if class == BounceClass::Soft { "soft" } else { "hard" } });
            effects.push(Effect::Evidence { message_id: id.clone(), by: "dsn" });
        }
        return effects;
    };
    let number = thread.appeal.number;
    let (class, text) = match u.bounce.as_ref().map(|b| b.class) {
        Some(BounceClass::Delayed) => {
            return settled(Settled::Ignored("bounce"), Event::Undelivered, Some(number), "доставка письма задерживается, почта ещё пробует");
        }
        Some(BounceClass::Soft) => ("soft", "письмо пока не дошло: ящик переполнен или сервер не отвечает"),
        Some(BounceClass::Hard) | None => ("hard", "письмо не дошло: адрес не работает"),
    };
    let mut effects = settled(Settled::Ignored("bounce"), Event::Undelivered, Some(number), text);
    if let Some(id) = &u.thread {
        effects.push(Effect::Bounced { message_id: id.clone(), class });
        // What came back had left: it is not sent again for want of evidence.
        effects.push(Effect::Evidence { message_id: id.clone(), by: "dsn" });
    }
    effects
}

/// A machine answered: nothing is done, the appeal's history shows it.
fn auto_reply(facts: &ForLetter, u: &Understanding) -> Vec<Effect> {
    let appeal = facts.thread.as_ref().map(|t| t.appeal.number);
    let mut effects = settled(Settled::Ignored(u.ignored.unwrap_or("auto_reply")), Event::Ignored, appeal, "автоответ");
    if let Some(id) = &u.thread {
        effects.push(Effect::Evidence { message_id: id.clone(), by: "reply" });
    }
    effects
}
