//! A letter that staff wrote to an author by hand: from the school's mailbox (it lies in Sent) or from their own, with the school among the receivers.
//!
//! It counts as the answer: terms stop, nothing is sent twice. In doubt a person is asked and nothing stops. Nothing urgent is closed by it, and
//! a letter by hand is never an order. Not here: what its words are (`understand::by_hand`), how Sent is read (`jobs`).

use super::case::Case;
use super::message::{Incoming, settled};
use super::sender::sender_passes;
use super::{Round, may, staff_words, thread};
use crate::appeal::{Call, Ending, Move, Stage, State};
use crate::compose::{Choice, Done, Moment};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{Addressed, ForLetter};
use crate::message::Origin;
use crate::outbox::Kind;
use crate::slots::Specialist;
use crate::understand::{Hand, Kind as LetterKind, by_hand, times_named};
use chrono::{DateTime, Utc};

/// Receivers outside the school beyond which a letter is a mailing and answers nobody.
const MAILING: usize = 5;
/// Times of one letter that become buttons.
const MOST_TIMES: usize = 3;
/// Reason in the journal of a letter in Sent that concerns no appeal; nothing of it is kept.
const OTHER: &str = "not_to_author";

/// Whom a letter went to: To and Cc, at most twenty.
pub(super) fn recipients(incoming: &Incoming<'_>) -> Vec<String> {
    let m = incoming.message;
    let from = m.sender().map(|a| a.email.as_str()).unwrap_or_default();
    let mut list: Vec<String> = m.to.iter().chain(&m.cc).map(|a| a.email.clone()).filter(|e| e != from && e.contains('@')).take(20).collect();
    list.sort();
    list.dedup();
    list
}

/// Decides about a letter in Sent that is not ours.
pub fn on_sent(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Vec<Effect> {
    let ignored = |why| vec![Effect::Settle(Settled::Ignored(why))];
    if let Some(appeal) = facts.duplicate {
        return vec![Effect::Settle(Settled::Duplicate(appeal))];
    }
    let m = incoming.message;
    let outside = outside(round, incoming);
    if m.origin != Origin::Person || incoming.understanding.kind == Some(LetterKind::AutoReply) || by_hand(&m.body.own) == Hand::Machine {
        return ignored("auto_reply");
    }
    if outside.is_empty() || outside.len() > MAILING || facts.addressed.is_empty() {
        return ignored(OTHER);
    }
    written(round, facts, incoming, None)
}

/// Receivers who are not of the school.
fn outside(round: Round<'_>, incoming: &Incoming<'_>) -> Vec<String> {
    let s = round.settings;
    let own = |e: &String| *e == s.address || s.aliases.contains(e) || s.person_by_email(e).is_some();
    recipients(incoming).into_iter().filter(|e| !own(e)).collect()
}

/// A letter in the inbox that a member of staff wrote to an author from their own mailbox, with the school's in To or Cc.
pub(super) fn from_own_mailbox(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let m = incoming.message;
    let person = round.settings.person_by_email(&m.sender()?.email)?;
    let to_author = facts.addressed.iter().any(|a| a.thread.appeal.email.as_deref() != Some(person.email.as_str()));
    // A form or a letter passed on is a family's word, whoever else reads it.
    let other = matches!(incoming.understanding.kind, Some(LetterKind::AutoReply | LetterKind::Bounce | LetterKind::CalendarReply | LetterKind::StaffForm));
    let machine = m.origin != Origin::Person || other;
    if !to_author || machine || !m.calendars.is_empty() || outside(round, incoming).len() > MAILING || by_hand(&m.body.own) == Hand::Machine {
        return None;
    }
    if !sender_passes(round, m) || facts.replayed {
        let number = facts.addressed.first().map(|a| a.thread.appeal.number);
        return Some(settled(Settled::Answer(number), Event::Refused, number, "письмо автору от имени сотрудника не прошло проверку отправителя: не учтено"));
    }
    Some(written(round, facts, incoming, Some(person)))
}

/// The appeal that a letter by hand is about, or a question to whoever decides.
fn written(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>, by: Option<&Specialist>) -> Vec<Effect> {
    let of_conversation = facts.addressed.iter().find(|a| a.conversation);
    let several = facts.addressed.len() > 1;
    match (of_conversation, facts.addressed.first()) {
        (Some(known), _) => counted(round, facts, known, incoming, by),
        (None, Some(only)) if !several && plausible(only, &incoming.message.subject) => counted(round, facts, only, incoming, by),
        (None, Some(first)) => ambiguous(round, facts, first),
        (None, None) => vec![Effect::Settle(Settled::Ignored(OTHER))],
    }
}

/// A subject without «Re:», the number of the appeal and marks, folded.
fn bare(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((_, tail)) = rest.split_once(':').filter(|(h, _)| ["re", "fw", "fwd", "ответ", "отв", "на"].contains(&h.trim().to_lowercase().as_str()))
    {
        rest = tail.trim();
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('ё', "е")
}

/// Whether a letter outside the conversation may be about the only open appeal of its receiver: no subject, one of the conversation's, or its number.
fn plausible(a: &Addressed, subject: &str) -> bool {
    let said = bare(subject);
    let number = a.thread.appeal.number.to_string();
    let numbered = subject.contains('№') && subject.split(|c: char| !c.is_ascii_digit()).any(|n| n == number);
    let general = ["ответ", "заявк", "обращени", "ваш вопрос", "ваше письмо"].iter().any(|w| said.contains(w)) && !subject.contains('№');
    said.is_empty() || numbered || general || a.subjects.iter().any(|s| bare(s) == said)
}

fn case_of<'a>(round: Round<'a>, facts: &ForLetter, a: &Addressed) -> Case<'a> {
    thread::case_of(round, facts, &a.thread)
}

fn done(case: Case<'_>) -> Vec<Effect> {
    let number = case.appeal.number;
    let mut effects = case.finish();
    effects.push(Effect::Settle(Settled::Answer(Some(number))));
    effects
}

/// It is not plain which appeal is meant: whoever decides is asked, nothing is stopped.
fn ambiguous(round: Round<'_>, facts: &ForLetter, first: &Addressed) -> Vec<Effect> {
    let mut case = case_of(round, facts, first);
    let number = case.appeal.number;
    let others: Vec<String> = facts.addressed.iter().skip(1).map(|a| format!("№ {}", a.thread.appeal.number)).collect();
    case.note(Event::StaffLetter, "автору написано вручную; неясно, ответ ли это на заявку: решает руководитель");
    let said = if others.is_empty() {
        format!("Автору заявки № {number} написали вручную. По теме письма не видно, ответ ли это на заявку. Ничего не изменено, сроки идут.")
    } else {
        let others = others.join(", ");
        format!(
            "Автору написали вручную, а открытых заявок у него несколько: № {number}, {others}. Ничего не изменено, сроки идут. Если это ответ по другой заявке, напишите «ответ дан» в ответ на письмо о ней."
        )
    };
    let options = vec![Choice::of(&format!("Это ответ по № {number}: закрыть"), "ответ дан")];
    let head = case.round.decider(&case.appeal.excluded);
    ask(&mut case, head, "автору написали вручную", said, options);
    done(case)
}

/// One line with buttons.
fn ask(case: &mut Case<'_>, person: Option<&Specialist>, title: &str, said: String, options: Vec<Choice>) {
    let Some(person) = person else { return };
    let letter = Done { number: case.appeal.number, title: title.to_owned(), said, present: Some(staff_words::present(case)), options, undo_until: None };
    let key = case.key("by_hand");
    case.to_staff(Kind::Other, key, person, &letter);
}

/// Whoever holds the appeal, else whoever decides.
fn holder<'a>(case: &Case<'a>) -> Option<&'a Specialist> {
    let specialist = case.consultation.as_ref().filter(|_| case.ahead()).and_then(|c| case.round.settings.person(&c.specialist));
    specialist.or_else(|| case.assignee()).filter(|p| case.round.present(p)).or_else(|| case.round.decider(&case.appeal.excluded))
}

/// The letter belongs to this appeal.
fn counted(round: Round<'_>, facts: &ForLetter, a: &Addressed, incoming: &Incoming<'_>, by: Option<&Specialist>) -> Vec<Effect> {
    let mut case = case_of(round, facts, a);
    let own = &incoming.message.body.own;
    if !case.appeal.open() {
        case.note(Event::StaffLetter, "автору закрытой заявки написано вручную");
        return done(case);
    }
    if by.is_some_and(|p| case.appeal.excluded.contains(&p.id)) {
        case.note(Event::StaffLetter, "автору написал сотрудник, которого касается заявка: ответом не считается");
        let head = case.round.decider(&case.appeal.excluded);
        let said = "Автору написал сотрудник, которого касается заявка. Ответом это не считается, сроки идут.".to_owned();
        ask(&mut case, head, "автору написал сотрудник, которого касается заявка", said, Vec::new());
        return done(case);
    }
    let attached = !incoming.message.attachments.is_empty();
    let sort = match by_hand(own) {
        // «Во вложении» with the file is an answer, however few its words are.
        Hand::Unclear if attached && own.split_whitespace().count() <= 12 && !own.contains('?') => Hand::Answer,
        sort => sort,
    };
    let now = case.round.settings.worktime.to_local(case.round.now);
    let times: Vec<DateTime<Utc>> = if case.appeal.consultation {
        times_named(own, now).into_iter().take(MOST_TIMES).map(|at| case.round.settings.worktime.local(at.date(), at.time())).collect()
    } else {
        Vec::new()
    };
    // From the school's mailbox anybody may have written; from their own only who has the appeal or decides.
    let entitled = by.is_none_or(|p| !may::roles(&case, p).iter().all(|r| *r == may::Role::Operator));
    if !times.is_empty() {
        time_named(&mut case, &times, a);
    } else if matches!(sort, Hand::Asks | Hand::Promises) {
        taken(&mut case, sort);
    } else if sort == Hand::Answer && entitled && !(case.appeal.urgent || case.appeal.complaint || case.appeal.consultation) {
        answered(&mut case, incoming, a);
    } else {
        unclear(&mut case, sort);
    }
    done(case)
}

/// The answer: the term is kept, the appeal closed, and what waits to leave about it is useless.
fn answered(case: &mut Case<'_>, incoming: &Incoming<'_>, a: &Addressed) {
    if case.step(Move::Close).is_err() {
        return;
    }
    let now = case.round.now;
    case.appeal.met.get_or_insert(incoming.received.min(now));
    case.close(Ending::Answered, "закрыта: ответ написан вручную");
    let useless = a.queued.iter().filter(|q| !(q.to_author && matches!(q.kind, Kind::Cancel | Kind::Update)));
    let keys: Vec<String> = useless.map(|q| q.key.clone()).collect();
    if !keys.is_empty() {
        case.effects.push(Effect::Withdraw(keys));
    }
    told(case);
}

/// Who was written to needs no call any more.
fn told(case: &mut Case<'_>) {
    if let Some(call) = case.call.clone().filter(Call::waits) {
        let call = Call { done: Some(case.round.now), ..call };
        case.effects.push(Effect::Call(Box::new(call.clone())));
        case.call = Some(call);
    }
}

/// A question to the author or a promise: somebody works on it, the term of the answer runs on.
fn taken(case: &mut Case<'_>, sort: Hand) {
    let what = if sort == Hand::Asks { "автору вручную задан вопрос" } else { "автору вручную обещан ответ" };
    if case.appeal.state == State::Assigned && case.step(Move::Take).is_ok() {
        case.appeal.taken.get_or_insert(case.round.now);
        case.note(Event::Taken, format!("{what}: в работе, срок ответа идёт"));
    } else {
        case.note(Event::StaffLetter, format!("{what}: срок ответа идёт"));
    }
}

/// It may be the answer: whoever has the appeal says so with one press.
fn unclear(case: &mut Case<'_>, sort: Hand) {
    case.note(Event::StaffLetter, "автору написано вручную: закрыть ли заявку, решает исполнитель");
    let why = match sort {
        _ if case.appeal.urgent => "Срочную заявку закрывает только человек.",
        _ if case.appeal.complaint => "Жалобу закрывает только человек.",
        _ if case.appeal.consultation => "По заявке обещана консультация, времени в письме нет.",
        _ => "Из письма не видно, ответ ли это.",
    };
    let said = format!("Автору написали вручную. {why} Заявка открыта, сроки идут. Закрыть её?");
    let mut options = Vec::new();
    if case.appeal.urgent && case.appeal.acknowledged.is_none() {
        options.push(Choice::of("Вижу, занимаюсь", "вижу"));
    }
    options.push(Choice::of("Закрыть: ответ дан", "ответ дан"));
    if case.appeal.state != State::Taken {
        options.push(Choice::of("Ещё в работе", "беру в работу"));
    }
    let person = holder(case);
    ask(case, person, "автору написали вручную", said, options);
}

/// A time named by hand: the specialist makes a consultation of it with one press; until then no letter of ours tells the author another.
fn time_named(case: &mut Case<'_>, times: &[DateTime<Utc>], a: &Addressed) {
    let known = case.consultation.as_ref().filter(|c| case.ahead() && c.stage == Stage::Invited).is_some_and(|c| times == [c.start]);
    if known {
        return case.note(Event::StaffLetter, "автору вручную написано о назначенном времени");
    }
    case.note(Event::StaffLetter, "автору вручную названо время: подтверждает специалист");
    let keys: Vec<String> = a.queued.iter().filter(|q| q.to_author && q.kind != Kind::Receipt && q.kind != Kind::Cancel).map(|q| q.key.clone()).collect();
    if !keys.is_empty() {
        case.effects.push(Effect::Withdraw(keys));
    }
    if let Some(c) = case.consultation.as_mut().filter(|c| matches!(c.stage, Stage::Proposed | Stage::Offered)) {
        // Silence would invite the author to another time than the one they were told.
        c.silent_at = None;
        c.invite_by = None;
    }
    case.book();
    let person = holder(case);
    let zone = case.round.settings.worktime.zone;
    let options = times.iter().map(|at| {
        let local = case.round.settings.worktime.to_local(*at).format("%d.%m %H:%M").to_string();
        let words = match person {
            Some(p) if !case.ahead() => format!("время {local} у: {}", p.name),
            _ => format!("перенести на {local}"),
        };
        Choice::of(&format!("Назначить {}", Moment { at: *at, zone }.spoken()), &words)
    });
    let options: Vec<Choice> = options.collect();
    let spoken: Vec<String> = times.iter().map(|at| case.spoken(*at)).collect();
    let said = format!(
        "Автору вручную написали время: {}. Назначить консультацию? Автору придёт приглашение с этим временем, других писем о времени не будет.",
        spoken.join("; ")
    );
    ask(case, person, "назначить консультацию?", said, options);
}
