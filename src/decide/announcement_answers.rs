//! What families answer to announcements: counted by the family's own token, the last answer counts, other words reach the sender in one list a day.
//! Also «отписаться», and a second address that a family names.
//!
//! A letter that is about danger, a complaint or a consultation is an appeal whatever it answers: it goes its usual way.

use super::Round;
use super::announcement_clock::next_list;
use super::case::shadowed;
use super::message::{Incoming, settled};
use super::sender::sender_passes;
use crate::announcement::{
    Addressee, Announced, Announcement, Answer, Asks, CONSENT_TEXT, CONSENT_VERSION, Change, Consent, Learned, Stage, read_reply, second_address,
};
use crate::compose::{Envelope, Letter, SecondAddress, Unsubscribed, family_links, freeze, hmac_token};
use crate::effect::{Effect, Event, Settled};
use crate::facts::ForLetter;
use crate::itip::{Method, PartStat};
use crate::message::Origin;
use crate::outbox::{Audience, Kind, SentCopy};
use crate::understand::{BounceClass, Kind as LetterKind};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};

/// Characters of a question that the sender is shown.
const LONGEST_QUESTION: usize = 1000;

/// The effects of a letter about an announcement that is no order of its sender.
pub(super) fn on_letter(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let known = facts.announced.as_ref();
    if facts.thread.is_some() {
        return None;
    }
    match (incoming.understanding.kind, &known.family, &known.about) {
        (Some(LetterKind::Bounce), Some(_), Some(about)) => bounced(round, about, incoming),
        (Some(LetterKind::CalendarReply), Some(family), Some(about)) => on_calendar(round, known, about, family, incoming),
        (Some(LetterKind::Bounce | LetterKind::AutoReply | LetterKind::SpamOrList | LetterKind::CalendarReply), ..) => None,
        (_, Some(family), Some(about)) if incoming.message.origin == Origin::Person => in_words(round, known, about, family, incoming),
        _ if incoming.message.origin == Origin::Person => apart(round, known, incoming),
        _ => None,
    }
}

/// The sender's address, if there is exactly one.
fn from<'m>(incoming: &Incoming<'m>) -> Option<&'m str> {
    let m = incoming.message;
    m.sender().filter(|_| m.from.len() == 1 && m.from_fields <= 1).map(|a| a.email.as_str())
}

/// Whether the family itself wrote, from its address or a second one that it confirmed.
fn by_family(known: &Announced, family: &Addressee, incoming: &Incoming<'_>) -> bool {
    from(incoming).is_some_and(|f| f.eq_ignore_ascii_case(&family.email)) || known.known.as_deref().is_some_and(|k| k.eq_ignore_ascii_case(&family.email))
}

/// A letter came back: its sender has it in the next list.
fn bounced(round: Round<'_>, about: &Announcement, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let u = incoming.understanding;
    let class = u.bounce.as_ref().map(|b| b.class).filter(|c| *c != BounceClass::Delayed)?;
    let id = u.thread.clone()?;
    let mut effects = settled(Settled::Ignored("bounce"), Event::Undelivered, None, &format!("объявление {}: письмо семье не дошло", about.id));
    effects.push(Effect::Bounced { message_id: id.clone(), class: if class == BounceClass::Soft { "soft" } else { "hard" } });
    effects.push(Effect::Evidence { message_id: id, by: "dsn" });
    effects.extend(with_list(round, about));
    Some(effects)
}

/// A family's letter is refused after the sender had the last list: one more follows. Before that it stands in the next.
pub fn on_undelivered(round: Round<'_>, about: &Announcement) -> Vec<Effect> {
    if about.stage == Stage::Closed { with_list(round, about).into_iter().collect() } else { Vec::new() }
}

/// The announcement with a list to come.
fn with_list(round: Round<'_>, about: &Announcement) -> Option<Effect> {
    let leaving = matches!(about.stage, Stage::Sending | Stage::Reminding | Stage::Cancelling);
    let listing = (leaving || matches!(about.stage, Stage::Open | Stage::Closed | Stage::Cancelled)) && about.list_at.is_none();
    listing.then(|| {
        let mut a = about.clone();
        a.list_at = Some(next_list(round, a.listed));
        // Letters that are leaving set their own next moment.
        let wake = if leaving { Some(round.now) } else { a.wake() };
        Effect::Announcement(Change::Save(Box::new(a), wake))
    })
}

fn on_calendar(round: Round<'_>, known: &Announced, about: &Announcement, family: &Addressee, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let object = incoming.understanding.object.as_ref()?;
    if !by_family(known, family, incoming) {
        return Some(settled(Settled::Ignored("stranger"), Event::Ignored, None, &format!("объявление {}: ответ календаря с чужого адреса", about.id)));
    }
    let said = object.attendees.iter().find(|a| a.email.eq_ignore_ascii_case(&family.email)).or(object.attendees.first()).map(|a| a.partstat);
    let (answer, question) = match (object.method, said) {
        (Some(Method::Counter), _) => (None, Some("просят другое время (из календаря)")),
        (Some(Method::Refresh), _) => (None, None),
        (_, Some(PartStat::Accepted)) => (Some(Answer::Yes), None),
        (_, Some(PartStat::Declined)) => (Some(Answer::No), None),
        _ => (None, Some("пока не решили (отметили в календаре)")),
    };
    let answer = answer.filter(|_| about.draft.asks() == Asks::Come);
    Some(recorded(round, about, family, incoming, answer, question.map(str::to_owned)))
}

fn in_words(round: Round<'_>, known: &Announced, about: &Announcement, family: &Addressee, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let (m, u) = (incoming.message, incoming.understanding);
    // Where only a quotation is there, `own` is all of it, and its words are ours.
    let quoted = !m.body.quoted.trim().is_empty() && m.body.own == m.body.whole;
    let own = if quoted { "" } else { m.body.own.as_str() };
    let reading = read_reply(own, &m.subject, &about.draft);
    let appeal = reading.question.is_some() && (u.urgent || u.delicate || u.complaint || u.wants_consultation);
    if !by_family(known, family, incoming) {
        // Nothing is told to a stranger, nothing counts; what is more than an answer goes the way of every letter.
        if reading.answer.is_none() && !reading.unsubscribe || appeal {
            return None;
        }
        return Some(settled(Settled::Ignored("stranger"), Event::Ignored, None, &format!("объявление {}: ответ с чужого адреса не засчитан", about.id)));
    }
    if appeal {
        return None;
    }
    if reading.unsubscribe {
        let mut effects = recorded(round, about, family, incoming, reading.answer, reading.question);
        effects.extend(unsubscribed(round, incoming, &family.email, false));
        return Some(effects);
    }
    if plain(own) == "подписаться" {
        let mut effects = settled(Settled::Answer(None), Event::Answered, None, "семья снова получает объявления");
        effects.extend(unsubscribed(round, incoming, &family.email, true));
        return Some(effects);
    }
    let files = !m.attachments.is_empty();
    let question = match (reading.question, files) {
        (Some(q), true) => Some(format!("{q} (с файлом: смотрите в ящике школы)")),
        (None, true) => Some("прислали файл: смотрите в ящике школы".to_owned()),
        (q, false) => q,
    };
    Some(recorded(round, about, family, incoming, reading.answer, question))
}

fn plain(text: &str) -> String {
    text.trim().trim_matches(|c: char| c.is_whitespace() || ".!,«»".contains(c)).to_lowercase()
}

/// The answer counted, the question kept for the list.
fn recorded(
    round: Round<'_>,
    about: &Announcement,
    family: &Addressee,
    incoming: &Incoming<'_>,
    answer: Option<Answer>,
    question: Option<String>,
) -> Vec<Effect> {
    let mut effects = settled(Settled::Answer(None), Event::Answered, None, &format!("объявление {}: семья ответила", about.id));
    let mut family = family.clone();
    let counts = about.stage.answers_count();
    if let Some(answer) = answer.filter(|_| counts) {
        (family.answer, family.answered) = (Some(answer), Some(round.now));
    }
    let asks = question.is_some();
    if let Some(question) = question {
        let before = family.question.take().map(|q| q + " / ").unwrap_or_default();
        family.question = Some((before + &question.split_whitespace().collect::<Vec<_>>().join(" ")).chars().take(LONGEST_QUESTION).collect());
    }
    // A consent is the family's word about itself: it is kept only where the sender is believed.
    if let Some(given) = answer.filter(|_| counts && about.draft.consent && sender_passes(round, incoming.message)) {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(if about.draft.text == CONSENT_TEXT { CONSENT_TEXT } else { &about.draft.text }));
        effects.push(Effect::Announcement(Change::Consent(Box::new(Consent {
            email: family.email.clone(),
            name: family.name.clone(),
            classes: family.classes.clone(),
            version: format!("{CONSENT_VERSION}/{}", hash.get(..8).unwrap_or_default()),
            given: given == Answer::Yes,
            at: round.now,
            announcement: about.id,
            message_id: incoming.message.message_id.clone(),
        }))));
    }
    effects.push(Effect::Announcement(Change::Family(Box::new(family))));
    if asks {
        effects.extend(with_list(round, about));
    }
    if let Some(id) = &incoming.understanding.thread {
        effects.push(Effect::Evidence { message_id: id.clone(), by: "reply" });
    }
    effects
}

/// A letter to a family outside, at once: it answers what they just wrote.
fn to_family<L: Letter>(round: Round<'_>, key: String, to: &str, answers: Option<&str>, letter: &L) -> Effect {
    let envelope = Envelope {
        kind: Kind::Confirm,
        key,
        appeal: None,
        to: to.to_owned(),
        references: answers.map(str::to_owned).into_iter().collect(),
        replied: answers.is_some(),
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::OutsiderAutomatic,
        priority: 2,
        copy: SentCopy::Full,
        not_before: None,
        not_after: None,
        cause: None,
        due: None,
        press: None,
        now: round.now,
    };
    Effect::Post(Box::new(shadowed(&round, freeze(&round.settings.composer, envelope, letter))))
}

fn unsubscribed(round: Round<'_>, incoming: &Incoming<'_>, email: &str, again: bool) -> Vec<Effect> {
    let m = incoming.message;
    let change = if again { Change::Subscribe(email.to_owned()) } else { Change::Unsubscribe(email.to_owned()) };
    let key = format!("unsubscribed/{}/{}", m.content_hash.get(..16).unwrap_or("0"), round.now.timestamp());
    vec![Effect::Announcement(change), to_family(round, key, email, m.message_id.as_deref(), &Unsubscribed { again })]
}

/// Letters that answer no announcement: «отписаться», a second address and its confirmation.
fn apart(round: Round<'_>, known: &Announced, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let m = incoming.message;
    let email = from(incoming)?.to_ascii_lowercase();
    let staff = round.settings.person_by_email(&email).is_some();
    if known.about.is_some() && !staff {
        return Some(settled(Settled::Ignored("stranger"), Event::Refused, None, "слово об объявлении не от сотрудника: не исполняется"));
    }
    let contact = || round.settings.contacts.iter().any(|c| c.email.as_deref() == Some(email.as_str()));
    let own = plain(&m.body.own);
    if let Some(learned) = known.learned.as_ref().filter(|l| l.email == email && l.confirmed.is_none()) {
        // Only in answer to the letter that asked: the store found it by that letter's id.
        let yes = matches!(own.lines().next().unwrap_or_default().trim_matches(['.', ',', '!', ' ']), "да" | "да, это мой адрес" | "подтверждаю" | "мой");
        if yes && sender_passes(round, m) {
            let mut effects = settled(Settled::Answer(None), Event::Answered, None, "второй адрес семьи подтверждён");
            effects.push(Effect::Announcement(Change::Learn(Box::new(Learned { confirmed: Some(round.now), ..learned.clone() }))));
            return Some(effects);
        }
    }
    if own == "отписаться" && contact() {
        let mut effects = settled(Settled::Answer(None), Event::Answered, None, "семья отписалась от объявлений");
        effects.extend(unsubscribed(round, incoming, &email, false));
        return Some(effects);
    }
    if own == "подписаться" && contact() {
        let mut effects = settled(Settled::Answer(None), Event::Answered, None, "семья снова получает объявления");
        effects.extend(unsubscribed(round, incoming, &email, true));
        return Some(effects);
    }
    let second = second_address(&m.body.own).and_then(|e| plain_address(&e)).filter(|e| *e != email)?;
    let own_address = second.eq_ignore_ascii_case(&round.settings.address) || round.settings.person_by_email(&second).is_some();
    if !contact() || own_address || !sender_passes(round, m) {
        return None;
    }
    let mut effects = settled(Settled::Answer(None), Event::Answered, None, "семья назвала второй адрес: спрашиваем его");
    // One question a day for each family: nobody is written to at somebody else's wish more often.
    if known.learned.as_ref().is_some_and(|l| round.now - l.asked < TimeDelta::days(1)) {
        return Some(effects);
    }
    let token = hmac_token(&round.settings.composer.key, "second", &format!("{email}/{second}"));
    let links = family_links(&round.settings.address, "второй адрес", &token, &[("Да, это мой адрес".to_owned(), "да".to_owned())]);
    effects.push(to_family(round, format!("second/{token}"), &second, None, &SecondAddress { links }));
    let learned = Learned { email: second, known: email, token, asked: round.now, confirmed: None };
    effects.push(Effect::Announcement(Change::Learn(Box::new(learned))));
    Some(effects)
}

/// A plain address: one `@`, Latin letters, a domain with a point.
fn plain_address(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let plain = text.is_ascii() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>(),;:\"\\[]".contains(c));
    (plain && !local.is_empty() && !domain.contains('@') && domain.contains('.') && !domain.split('.').any(str::is_empty)).then(|| text.to_owned())
}
