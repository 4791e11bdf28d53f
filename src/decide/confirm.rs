//! Orders that nothing proves: the registered address is asked, the order is kept, and the right code carries it out once.
//!
//! Whoever forges a sender never sees the question. What is kept is decided about anew when the word comes, as things stand then. Not here:
//! which orders are asked about (`trust`).

use super::case::shadowed;
use super::message::{Incoming, settled};
use super::{Round, desk, sender, silence, staff, token, trust};
use crate::compose::buttons::{self, order_token, same_token};
use crate::compose::{Confirmation as Question, Envelope, Letter, Notice, Press, freeze};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{Confirmation, ForLetter, Pending};
use crate::message::{Attachment, Body, Message, Origin, Proof};
use crate::outbox::{Audience, Kind, Posting, SentCopy};
use crate::slots::Specialist;
use chrono::TimeDelta;

/// Hours that an answer counts; wrong codes before an order is dropped; questions to one person that may be open.
const HOURS: i64 = 24;
const TRIES: u32 = 5;
const MOST_OPEN: u32 = 5;
/// Characters of the order that the question shows.
const SHOWN: usize = 600;

/// The code of «подтвердить 482913»: the first line of the letter's own words, and nothing else in it.
fn code(own: &str) -> Option<String> {
    let line = own.lines().map(str::trim).find(|l| !l.is_empty()).filter(|l| l.len() <= 100)?.to_lowercase();
    let mut words = line.split(|c: char| c.is_whitespace() || ".,:;!«»\"".contains(c)).filter(|w| !w.is_empty());
    let (first, second, more) = (words.next()?, words.next(), words.next());
    let digits = match (first, second) {
        ("подтвердить" | "подтверждаю", Some(digits)) => digits,
        (digits, None) => digits,
        _ => return None,
    };
    (more.is_none() && digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.to_owned())
}

/// Whether a letter reads as an answer to such a question.
pub(super) fn reads_as_answer(incoming: &Incoming<'_>) -> bool {
    incoming.message.origin == Origin::Person && code(token::own(incoming)).is_some()
}

/// The files of an order that go along with what it makes, and why others do not.
pub(super) type Files = (Vec<Attachment>, Vec<String>);

/// Asks the registered address, and keeps the order. `answered` is the letter of ours whose token it carries.
pub(super) fn ask(
    round: Round<'_>,
    facts: &ForLetter,
    incoming: &Incoming<'_>,
    person: &Specialist,
    about: (Option<i64>, Option<String>),
    (files, refused): Files,
) -> Vec<Effect> {
    let (number, answered) = about;
    let m = incoming.message;
    if facts.open_questions >= MOST_OPEN {
        // Who holds a token could make us write to its owner without end.
        return distrusted(number, format!("слишком много неподтверждённых поручений подряд ({}): не исполнено", person.post));
    }
    let key = format!("confirm/{}/{}/{}", number.unwrap_or(0), person.id, m.content_hash.get(..16).unwrap_or("0"));
    let until = round.now + TimeDelta::hours(HOURS);
    let own = token::own(incoming);
    let words = if own.is_empty() { buttons::ordered(&m.subject).unwrap_or_default() } else { own };
    let question = Question {
        number,
        words: words.chars().take(SHOWN).collect::<String>().lines().map(str::to_owned).collect(),
        cut: words.chars().count() > SHOWN,
        code: buttons::code(&round.settings.composer.key, &key),
        until,
        files: files.iter().filter_map(|f| f.name.clone()).collect(),
        refused,
    };
    let kept = Confirmation {
        id: 0,
        staff: person.id.clone(),
        address: person.email.clone(),
        appeal: number,
        subject: m.subject.clone(),
        words: own.to_owned(),
        letter: key.clone(),
        answered,
        at: round.now,
        until,
        tries: 0,
        done: None,
        files,
    };
    let mut effects = settled(Settled::Answer(number), Event::Asked, number, &format!("поручение ждёт подтверждения ({})", person.post));
    effects.push(Effect::Ask(Box::new(kept)));
    effects.push(letter(round, person, Kind::Confirm, key, number, &question));
    effects
}

/// The letter is an answer to a question of ours: what becomes of it. `None` where it is something else.
pub(super) fn on_letter(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let address = sender::one_sender(incoming.message)?;
    let person = round.settings.person_by_email(address)?;
    if !reads_as_answer(incoming) || !staff::by_hand(incoming) || facts.pending.is_empty() {
        return None;
    }
    let given = code(token::own(incoming))?;
    if sender::auth(round, incoming.message) == trust::Auth::Fail {
        return Some(distrusted(None, format!("подтверждение от имени сотрудника ({}) не прошло проверку отправителя: не исполнено", person.post)));
    }
    let composer = &round.settings.composer;
    let right = |p: &&Pending| {
        let c = &p.confirmation;
        c.tries < TRIES && c.staff == person.id && composer.keys(c.at).any(|key| same_token(&given, &buttons::code(key, &c.letter)))
    };
    let told = |title: &str, what: &str, number: Option<i64>| {
        let lines = vec![what.to_owned()];
        let key = format!("confirm-told/{}/{}", person.id, incoming.message.content_hash.get(..16).unwrap_or("0"));
        letter(round, person, Kind::Other, key, None, &Notice { number, title: title.to_owned(), lines })
    };
    let Some(pending) = facts.pending.iter().find(right) else {
        let mut effects = distrusted(None, format!("неверный код подтверждения ({}): не исполнено", person.post));
        effects.push(Effect::WrongCode { address: person.email.clone() });
        // The last try is told to nobody: a guesser would learn that it was the last.
        if facts.pending.iter().any(|p| p.confirmation.tries == 0 && p.confirmation.done.is_none()) {
            let what = "Ничего не сделано. Перепишите код из письма «Подтвердите поручение» или нажмите кнопку в нём.";
            effects.push(told("код не подошёл", what, None));
        }
        return Some(effects);
    };
    let c = &pending.confirmation;
    if c.done.is_some() || round.now > c.until {
        let (title, said) = if c.done.is_some() {
            ("поручение уже исполнено", "Второй раз ничего не изменено.")
        } else {
            ("код больше не действует", "Он годился сутки. Ничего не сделано; пришлите, пожалуйста, поручение ещё раз.")
        };
        let mut effects = settled(Settled::Answer(c.appeal), Event::Refused, c.appeal, &format!("код подтверждения уже не действует ({})", person.post));
        effects.push(told(title, said, c.appeal));
        return Some(effects);
    }
    let mut effects = vec![Effect::Confirmed { id: c.id }];
    effects.extend(carried_out(round, facts, incoming, person, pending));
    let theirs = |p: &Posting| p.to == person.email || p.shadow_of.as_ref() == Some(&person.email);
    let heard = |e: &Effect| matches!(e, Effect::Post(p) if theirs(p)) || matches!(e, Effect::Note { event: Event::Ordered, .. });
    if !effects.iter().any(heard) {
        let what =
            "Поручение подтверждено, но исполнить его уже нельзя: то, к чему оно относилось, изменилось. Ничего не сделано; пришлите его, пожалуйста, ещё раз.";
        effects.push(told("поручение не исполнено", what, c.appeal));
    }
    Some(effects)
}

/// The order as if it had come now from the address that confirmed it.
fn carried_out(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>, person: &Specialist, pending: &Pending) -> Vec<Effect> {
    let c = &pending.confirmation;
    let message = Message {
        subject: c.subject.clone(),
        body: Body { whole: c.words.clone(), own: c.words.clone(), ..Body::default() },
        date: Some(c.at.fixed_offset()),
        proof: Proof::Confirmed,
        attachments: c.files.clone(),
        ..incoming.message.clone()
    };
    let again = Incoming { message: &message, understanding: incoming.understanding, received: c.at, proposed: None };
    let about = (*pending.original).clone();
    let facts = ForLetter {
        thread: pending.thread.clone(),
        seats: pending.seats.clone(),
        replayed: false,
        bearers: Vec::new(),
        pressed_before: false,
        family: about.family,
        group: about.group,
        undo: about.undo,
        list: about.list,
        incident: about.incident,
        found: about.found,
        silenced: about.silenced,
        announced: about.announced,
        ..facts.clone()
    };
    if let Some(silenced) = silence::on_letter(round, &facts, &again) {
        return silenced;
    }
    match &facts.thread {
        Some(thread) => staff::by_staff(round, &facts, thread, &again, person),
        None => desk::on_desk(round, &facts, &again)
            .unwrap_or_else(|| settled(Settled::Answer(None), Event::Refused, None, &format!("подтверждённое поручение уже не исполнимо ({})", person.post))),
    }
}

/// Nothing is done and nobody is told; the daily report counts it.
pub(super) fn distrusted(number: Option<i64>, text: String) -> Vec<Effect> {
    settled(Settled::Answer(number), Event::Distrusted, number, &text)
}

/// What could be done instead, once a day.
pub(super) fn help(round: Round<'_>, person: &Specialist, number: Option<i64>) -> Vec<Effect> {
    let mut effects = distrusted(number, format!("кнопка или письмо больше не действует ({}): не исполнено", person.post));
    let lines = vec![
        "Кнопка или письмо, на которое Вы ответили, больше не действует: заявка давно закрыта, или это не Ваша кнопка. Ничего не сделано.".to_owned(),
        "Ответьте на последнее письмо по заявке. Если его нет, напишите руководителю.".to_owned(),
    ];
    let key = format!("help/{}/{}", person.id, round.date(round.now));
    effects.push(letter(round, person, Kind::Other, key, None, &Notice { number, title: "поручение не принято".into(), lines }));
    effects
}

/// Somebody else used a token of this person: they hear of it once a day, the other never.
pub(super) fn warn(round: Round<'_>, person: &Specialist, number: Option<i64>) -> Vec<Effect> {
    let mut effects = distrusted(number, format!("поручение с ключом сотрудника ({}) с чужого адреса: не исполнено", person.post));
    let lines = vec![
        "С другого адреса пришло поручение с кнопкой или ссылкой из письма, которое получили только Вы. Оно не исполнено.".to_owned(),
        "Если Вы пересылали это письмо или писали с личной почты, отвечайте, пожалуйста, со своего рабочего адреса. Если нет, скажите администратору."
            .to_owned(),
    ];
    let key = format!("foreign/{}/{}", person.id, round.date(round.now));
    effects.push(letter(round, person, Kind::Other, key, None, &Notice { number, title: "поручение с чужого адреса не исполнено".into(), lines }));
    effects
}

/// A letter to the registered address, at any hour: they have just written, or somebody in their name.
fn letter<L: Letter>(round: Round<'_>, person: &Specialist, kind: Kind, key: String, number: Option<i64>, letter: &L) -> Effect {
    let composer = &round.settings.composer;
    let envelope = Envelope {
        kind,
        key,
        appeal: number,
        to: person.email.clone(),
        // No thread of the letter that ordered: it may be somebody else's.
        references: Vec::new(),
        replied: true,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::Staff,
        priority: 2,
        copy: SentCopy::Shell,
        not_before: None,
        not_after: None,
        cause: None,
        due: None,
        press: number.map(|n| Press { number: n, token: order_token(&composer.key, n, &person.id), about: None, choices: Vec::new() }),
        now: round.now,
    };
    Effect::Post(Box::new(shadowed(&round, freeze(composer, envelope, letter))))
}
