//! Calls to authors who have no address: one task at a time, with the words to say; who calls, what becomes of it (000 4.1, 001 3.2.3).
//!
//! Not here: the letter with the task (`compose`), what staff write (`understand::orders`), who may say so (`may`).

use super::case::Case;
use super::order::Order;
use super::{assign, may, thread};
use crate::appeal::{About, Call, MOST_LINES, Stage, State};
use crate::compose::{self, CallTask, Choice, Done, Moment};
use crate::effect::{Effect, Event};
use crate::itip::PartStat;
use crate::outbox::Kind;
use crate::slots::Specialist;

/// Calls that reached nobody before the head hears of it.
const TRIES: u32 = 3;
/// Characters of one line to say: what is longer nobody reads out.
const LINE: usize = 160;

/// An author without an address hears of the number and the term.
pub(super) fn phone_only(case: &mut Case<'_>) {
    let called = case.effects.iter().any(|e| matches!(e, Effect::Post(p) if p.kind == Kind::CallTask));
    // One event, one call: the one that names the consultation's time says all of it. Who takes the call themselves is told what to say at once.
    if case.appeal.email.is_some() || called || said_at_once(case) {
        return;
    }
    let say = first_words(case);
    call(case, About::Receipt, say, "адреса электронной почты нет");
}

/// Whether the operator sent the form themselves: they have the author on the line.
pub(super) fn said_at_once(case: &Case<'_>) -> bool {
    case.fresh && case.appeal.phone.is_some() && case.appeal.passed_by.as_ref().is_some_and(|by| case.operator().eq_ignore_ascii_case(by))
}

/// «среды, 25 ноября»: the day of the term.
fn by(case: &Case<'_>) -> String {
    Moment { at: case.appeal.due.literal.max(case.appeal.due.office), zone: case.round.settings.worktime.zone }.by_day()
}

/// What whoever has the author on the line says at once.
pub(super) fn say_at_once(case: &Case<'_>) -> Vec<String> {
    let what = if case.appeal.consultation { "дату и время консультации сообщим" } else { "ответим" };
    vec![format!("«Номер Вашей заявки {}, {what} до {}».", case.appeal.number, by(case))]
}

/// The words of a receipt.
fn first_words(case: &Case<'_>) -> Vec<String> {
    let a = &case.appeal;
    let what = if a.consultation { "Сообщим дату и время консультации" } else { "Ответим" };
    vec![
        format!("Здравствуйте, это {}.", case.round.settings.school),
        format!("Ваша заявка принята, номер {}.", a.number),
        format!("{what} не позднее {}.", by(case)),
    ]
}

/// A text as lines to say: its sentences, each short. What does not fit into five lines is more than somebody else can pass on.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for sentence in sentences(text) {
        match lines.last_mut() {
            Some(last) if last.chars().count() + sentence.chars().count() < LINE / 2 => {
                last.push(' ');
                last.push_str(&sentence);
            }
            _ => lines.push(sentence),
        }
    }
    lines
}

fn sentences(text: &str) -> Vec<String> {
    let mut list = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let mut rest = line;
        while let Some((at, mark)) = rest.char_indices().find(|(at, c)| {
            let after = rest.get(at + c.len_utf8()..).unwrap_or_default();
            matches!(c, '.' | '!' | '?') && after.starts_with(' ') && after.trim_start().starts_with(char::is_uppercase) && *at > 20
        }) {
            let (head, tail) = rest.split_at(at + mark.len_utf8());
            list.push(head.trim().to_owned());
            rest = tail.trim_start();
        }
        if !rest.is_empty() {
            list.push(rest.to_owned());
        }
    }
    list
}

/// Whether somebody who has not written the words can say them.
fn short(say: &[String]) -> bool {
    say.len() <= MOST_LINES && say.iter().all(|l| l.chars().count() <= LINE)
}

/// Whether an operator carries out what the family just asked for by telephone.
fn told_on_the_line(case: &Case<'_>) -> bool {
    let by = case.by.as_deref().and_then(|id| case.round.settings.person(id));
    by.is_some_and(|p| may::roles(case, p) == [may::Role::Operator])
}

/// Who makes the call: the specialist who chose to, and whoever wrote what is confidential or long; else the operator. What is confidential the
/// operator never reads: from home too its writer says it, or whoever decides.
fn caller<'a>(case: &Case<'a>, written: bool, say: &[String]) -> Option<&'a Specialist> {
    let may = |p: &&Specialist| !case.appeal.excluded.contains(&p.id);
    let here = |p: &&Specialist| case.round.present(p);
    let chosen = case.call.as_ref().and_then(|c| c.caller.as_deref()).and_then(|id| case.round.settings.person(id)).filter(may).filter(here);
    let secret = written && case.confidential();
    if chosen.is_some() || !(secret || written && !short(say)) {
        return chosen;
    }
    let writer = case.by.as_deref().and_then(|id| case.round.settings.person(id)).or_else(|| case.assignee()).filter(may);
    let at_hand = writer.filter(here);
    if secret { at_hand.or(writer).or_else(|| case.round.decider(&case.appeal.excluded)) } else { at_hand }
}

/// What was not said yet and is still owed, with the news behind it. A time that is no more is not owed.
fn with_news(case: &Case<'_>, old: &Call, news: Vec<String>) -> Option<Vec<String>> {
    if !(old.waits() && (old.about == About::Answer || old.about == About::Time && case.ahead())) {
        return None;
    }
    let mut words = old.words.clone();
    words.extend(news.into_iter().filter(|line| !old.words.contains(line)));
    while words.len() > MOST_LINES {
        let last = words.pop().unwrap_or_default();
        if let Some(before) = words.last_mut() {
            before.push(' ');
            before.push_str(&last);
        }
    }
    Some(words)
}

/// A call with the words that a member of staff wrote for the author: a question.
pub(super) fn ask(case: &mut Case<'_>, say: Vec<String>, reason: &str) {
    tell(case, About::News, say, reason, true);
}

/// A call task; without a number the head has to find a way. Words of a call that was not made yet give way to these; an answer or a time that was
/// not told yet is told with the news.
pub(super) fn call(case: &mut Case<'_>, about: About, say: Vec<String>, reason: &str) {
    tell(case, about, say, reason, about == About::Answer);
}

/// The same. `written`: somebody of the staff wrote these very words for the author.
fn tell(case: &mut Case<'_>, about: About, say: Vec<String>, reason: &str, written: bool) {
    let Some(number) = case.appeal.phone.as_deref().map(compose::phone) else {
        if case.appeal.state != State::Undecided {
            assign::ask(case, "У автора нет ни адреса, ни телефона: решите, пожалуйста, как с ним связаться.".into(), &[]);
        }
        return;
    };
    if about == About::News && told_on_the_line(case) {
        return case.note(Event::Invited, "автор попросил об этом по телефону сам: звонить не нужно");
    }
    let mut say = say;
    let greeting = format!("Здравствуйте, это {}, по заявке № {}.", case.round.settings.school, case.appeal.number);
    if about == About::Answer && say.first() != Some(&greeting) {
        say.insert(0, greeting);
    }
    let owed = case.call.clone().filter(|_| !about.owed());
    let (about, say, written) = match owed.and_then(|old| with_news(case, &old, say.clone()).map(|words| (old.about, words))) {
        Some((about, words)) => (about, words, written || about == About::Answer),
        None => (about, say, written),
    };
    let who = caller(case, written, &say);
    let to = who.map_or_else(|| case.operator(), |p| p.email.clone());
    let before = case.call.clone();
    let instead = before.as_ref().is_some_and(Call::waits);
    if let Some(old) = before.filter(Call::waits) {
        case.effects.push(Effect::Withdraw(vec![old.letter]));
    }
    let more = say.len() > MOST_LINES;
    let mut words: Vec<String> = say.into_iter().take(MOST_LINES).collect();
    if let Some(last) = words.last_mut().filter(|_| more) {
        "Остальное скажите по Вашему ответу: здесь помещаются пять строк.".clone_into(last);
    }
    // The times of a family that wants to meet are for the meeting.
    let wishes = if case.appeal.consultation { String::new() } else { assign::wishes(None, &case.appeal.times).join(", ") };
    let reason = if wishes.is_empty() { reason.to_owned() } else { format!("{reason}; когда звонить, по просьбе автора: {wishes}") };
    let (number_of, name) = (case.appeal.number, case.appeal.name.clone());
    let (key, own) = (case.key("call"), who.is_some());
    let letter = CallTask { number: number_of, phone: number, name, say: words.clone(), reason, instead, own };
    let shadowed = key.clone();
    case.to_address(Kind::CallTask, key, &to, None, Vec::new(), &letter);
    let chosen = case.call.as_ref().and_then(|c| c.caller.clone());
    keep(case, Call { appeal: case.appeal.number, about, words, caller: chosen, tries: 0, at: case.round.now, letter: shadowed, done: None });
}

fn keep(case: &mut Case<'_>, call: Call) {
    case.effects.push(Effect::Call(Box::new(call.clone())));
    case.call = Some(call);
}

/// What staff say of a call.
///
/// # Errors
/// A sentence for the command line.
pub(super) fn order(case: &mut Case<'_>, order: &Order) -> Result<(), String> {
    match order {
        Order::Called => called(case),
        Order::Unreached => unreached(case),
        Order::CallMyself => myself(case)?,
        _ => confirmed(case)?,
    }
    Ok(())
}

/// The author was told. Only what was owed ends the term: who heard a number still waits for the answer, unless whoever has the appeal spoke to them.
/// The operator's second word about a call that was made tells nothing new.
fn called(case: &mut Case<'_>) {
    let now = case.round.now;
    let waiting = case.call.clone().filter(Call::waits);
    let holder = case.by.is_some() && case.by == case.appeal.assignee;
    if holder || waiting.as_ref().map_or(case.by.is_none(), |c| c.about.owed()) {
        case.appeal.met.get_or_insert(now);
    }
    if let Some(call) = waiting {
        case.effects.push(Effect::Withdraw(vec![call.letter.clone()]));
        keep(case, Call { done: Some(now), ..call });
    }
    case.note(Event::Invited, "автору сообщили по телефону");
}

/// Nobody picked up; after three times the head hears of it.
fn unreached(case: &mut Case<'_>) {
    let Some(call) = case.call.clone().filter(Call::waits) else {
        return case.note(Event::Added, "не дозвонились");
    };
    let tries = call.tries + 1;
    case.note(Event::Added, format!("не дозвонились, попытка {tries}"));
    keep(case, Call { tries, ..call });
    if tries != TRIES {
        return;
    }
    let Some(head) = case.round.decider(&case.appeal.excluded) else { return };
    let mut options = vec![Choice::with_room("Созвонились", "созвонились", ": ")];
    if case.appeal.open() {
        options.push(Choice::with_room("Закрыть без ответа", "закрыть без ответа", ": "));
        options.push(Choice::with_room("Передать", "передать", ": "));
    }
    let letter = Done {
        number: case.appeal.number,
        title: "трижды не дозвонились".into(),
        said: "Автору звонили три раза, никто не ответил, то, что надо было сказать, не передано. Решите, пожалуйста, как с ним связаться.".into(),
        present: Some(super::staff_words::present(case)),
        options,
        undo_until: None,
    };
    let key = case.key("unreached");
    case.note(Event::Escalated, "трижды не дозвонились: решает руководитель");
    case.to_staff(Kind::Escalation, key, head, &letter);
}

/// What an unreached call came to, for who tried.
pub(super) fn tried(case: &Case<'_>) -> String {
    match case.call.as_ref().filter(|c| c.waits()).map(|c| c.tries) {
        Some(tries) if tries >= TRIES => "отмечено, что дозвониться не удалось трижды; руководитель знает".to_owned(),
        Some(tries) => format!("отмечено, что не дозвонились, попытка {tries} из {TRIES}; позвоните, пожалуйста, позже"),
        None => "отмечено, что дозвониться не удалось".to_owned(),
    }
}

/// Who has the appeal calls by themselves from now on.
fn myself(case: &mut Case<'_>) -> Result<(), String> {
    let by = case.by.clone().or_else(|| case.appeal.assignee.clone()).ok_or_else(|| format!("appeal {} has nobody who could call", case.appeal.number))?;
    let now = case.round.now;
    case.note(Event::Added, "автору звонит специалист");
    match case.call.clone() {
        Some(call) if call.waits() => {
            let operator = case.operator();
            let before = call.caller.clone();
            case.call = Some(Call { caller: Some(by.clone()), ..call.clone() });
            let words = call.words.clone();
            self::call(case, call.about, words, "Вы решили позвонить сами");
            if before.is_none() && !case.round.settings.person(&by).is_some_and(|p| p.email.eq_ignore_ascii_case(&operator)) {
                let letter = Done {
                    number: case.appeal.number,
                    title: "звонить не нужно".into(),
                    said: "Автору позвонит специалист. Вам звонить по этой заявке не нужно.".into(),
                    present: None,
                    options: Vec::new(),
                    undo_until: None,
                };
                let key = case.key("no_call");
                case.to_address(Kind::Other, key, &operator, None, Vec::new(), &letter);
            }
        }
        other => {
            let blank = Call {
                appeal: case.appeal.number,
                about: About::News,
                words: Vec::new(),
                caller: None,
                tries: 0,
                at: now,
                letter: String::new(),
                done: Some(now),
            };
            keep(case, Call { caller: Some(by), ..other.unwrap_or(blank) });
        }
    }
    Ok(())
}

/// The author said by telephone that they come.
fn confirmed(case: &mut Case<'_>) -> Result<(), String> {
    let now = case.round.now;
    if !case.appeal.open() || !case.ahead() {
        return Err(format!("appeal {} has no consultation to come", case.appeal.number));
    }
    if let Some(a) = case.consultation.as_mut().and_then(|c| c.author.as_mut()) {
        a.partstat = PartStat::Accepted;
        a.replied = Some(now);
    }
    thread::settled_time(case);
    case.book();
    if let Some(call) = case.call.clone().filter(|c| c.waits() && c.about == About::Time) {
        case.effects.push(Effect::Withdraw(vec![call.letter.clone()]));
        keep(case, Call { done: Some(now), ..call });
        case.appeal.met.get_or_insert(now);
    }
    case.note(Event::Accepted, "автор подтвердил время по телефону");
    Ok(())
}

/// What the operator can order of an appeal: about calls, and what families say on the telephone.
pub(super) fn choices(case: &Case<'_>, list: &mut Vec<Choice>) {
    let waits = case.call.as_ref().is_some_and(Call::waits);
    if waits || case.appeal.email.is_none() {
        list.push(Choice::with_room("Созвонились", "созвонились", ": "));
        list.push(Choice::of("Не дозвонились", "не дозвонились"));
    }
    if case.ahead() && case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Invited) {
        list.push(Choice::of("Подтвердили по телефону", "подтвердили по телефону"));
        list.push(Choice::with_room("Перенести на…", "перенести", " на "));
        list.push(Choice::of("Отменить по просьбе семьи", "отменить: по просьбе семьи"));
    }
}
