//! A letter in a conversation: thanks, additions, "it did not help", "another time please", and what staff write.

use super::case::Case;
use super::message::Incoming;
use super::{Round, alarm, assign, consult, events, files, moves, offer, staff};
use crate::appeal::{Ending, Move, Stage, State, due_of};
use crate::compose::Added;
use crate::effect::{Effect, Event, Settled};
use crate::facts::{ForLetter, Thread};
use crate::itip::PartStat;
use crate::outbox::Kind;
use crate::slots::{Specialist, channel_kind};
use crate::understand::{Channel, Intent, Kind as LetterKind, Understanding};
use chrono::TimeDelta;

/// Decides about a letter that answers one of ours.
pub(super) fn on_reply(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Vec<Effect> {
    let Some(thread) = &facts.thread else { return Vec::new() };
    let sender = incoming.message.sender().map(|a| a.email.as_str()).unwrap_or_default();
    let mut effects = if incoming.message.from.len() == 1 && thread.appeal.email.as_deref() == Some(sender) {
        by_author(round, facts, thread, incoming)
    } else if let Some(person) = round.settings.person_by_email(sender) {
        staff::by_staff(round, facts, thread, incoming, person)
    } else {
        by_stranger(round, facts, thread, incoming)
    };
    if let Some(id) = &incoming.understanding.thread {
        effects.push(Effect::Evidence { message_id: id.clone(), by: "reply" });
    }
    effects
}

/// An address that is not known for the appeal changes nothing and is told nothing; the specialist sees the letter with that warning.
fn by_stranger(round: Round<'_>, facts: &ForLetter, thread: &Thread, incoming: &Incoming<'_>) -> Vec<Effect> {
    let mut case = case_of(round, facts, thread);
    case.note(Event::Added, "письмо в переписке с неизвестного адреса: ничего не изменено");
    if incoming.understanding.urgent {
        case.appeal.urgent = true;
        case.appeal.acknowledged = None;
        if !case.appeal.open() {
            reopen(&mut case, "письмо о срочном", incoming);
        }
        alarm::sound(&mut case);
    }
    tell(&mut case, incoming, "пришло письмо в этой переписке с адреса, которого нет в заявке; проверьте, кто пишет");
    done(case)
}

pub(super) fn case_of<'a>(round: Round<'a>, facts: &ForLetter, thread: &Thread) -> Case<'a> {
    let mut references: Vec<String> = thread.appeal.message_id.iter().cloned().collect();
    references.dedup();
    let mut case = Case::of(round, thread.appeal.clone(), &thread.consultations, facts.busy.clone(), facts.load.clone(), references);
    case.family.clone_from(&facts.family);
    case.groups.clone_from(&facts.groups);
    let own = facts.group.iter().flat_map(|g| &g.families).find(|f| f.appeal.number == thread.appeal.number);
    case.seats = own.map(|f| f.seats.clone()).unwrap_or_default();
    case.call.clone_from(&thread.call);
    case
}

fn done(case: Case<'_>) -> Vec<Effect> {
    let number = case.appeal.number;
    let mut effects = case.finish();
    effects.push(Effect::Settle(Settled::Added(number)));
    effects
}

/// The assignee (or whoever decides) reads what came.
fn tell(case: &mut Case<'_>, incoming: &Incoming<'_>, what: &str) {
    let Some(person) = reader(case) else { return };
    let (_, listed) = files::pass(&incoming.message.attachments);
    let files = listed.into_iter().map(|f| crate::compose::Listed { included: false, ..f }).collect();
    let text = if incoming.understanding.text.trim().is_empty() { incoming.message.body.own.clone() } else { incoming.understanding.text.clone() };
    let letter = Added { number: case.appeal.number, what: what.to_owned(), text, files };
    let key = case.key(&format!("added/{}", &incoming.message.content_hash.get(..12).unwrap_or("0")));
    case.to_staff(Kind::Other, key, person, &letter);
}

/// The assignee; while the head decides about a confidential appeal, the specialist whom its words were written to (service.md, "Who sees what").
fn reader<'a>(case: &Case<'a>) -> Option<&'a Specialist> {
    let category = case.appeal.category;
    let assignee = case.assignee();
    if case.confidential() && case.appeal.state == State::Undecided && !assignee.is_some_and(|p| p.categories.contains(&category)) {
        let own = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)).filter(|p| !case.appeal.excluded.contains(&p.id));
        return own.or_else(|| case.round.of_category(category, &case.appeal.excluded).into_iter().next()).or(assignee);
    }
    assignee.or_else(|| case.round.decider(&case.appeal.excluded))
}

/// The author wrote again.
fn by_author(round: Round<'_>, facts: &ForLetter, thread: &Thread, incoming: &Incoming<'_>) -> Vec<Effect> {
    let u = incoming.understanding;
    if u.complaint && !u.about_staff.is_empty() {
        // Nobody handles or reads a matter about themselves: a complaint about the very people of this conversation is a matter of its own.
        return super::open::on_new(round, facts, incoming);
    }
    let mut case = case_of(round, facts, thread);
    case.replying = true;
    case.references.extend(incoming.message.message_id.iter().cloned());
    if u.urgent {
        case.appeal.urgent = true;
        case.appeal.acknowledged = None;
        if !case.appeal.open() {
            reopen(&mut case, "автор пишет о срочном", incoming);
        }
        alarm::sound(&mut case);
        tell(&mut case, incoming, "автор пишет о срочном");
        return done(case);
    }
    if u.kind == Some(LetterKind::SurveyAnswer) {
        case.note(Event::Added, "автор ответил на анкету");
        if let Some(survey) = &u.survey {
            let specialist = case.consultation.as_ref().map(|c| c.specialist.clone()).or_else(|| case.appeal.assignee.clone());
            case.effects.push(Effect::Surveyed { appeal: case.appeal.number, specialist, survey: Box::new(survey.clone()) });
        }
        return done(case);
    }
    if let Some(at) = offer::chosen(&case, u) {
        offer::choose(&mut case, at, "автор выбрал время");
        return done(case);
    }
    match u.intent {
        Intent::Accept | Intent::Question | Intent::Info | Intent::Reschedule | Intent::None if other_way(&case, u).is_some() => way(&mut case, incoming),
        Intent::Thanks => thanks(&mut case, incoming),
        Intent::Accept if invited(&case) => accept(&mut case, incoming),
        Intent::Decline | Intent::Reschedule if invited(&case) => another_time(&mut case, incoming),
        Intent::Decline | Intent::Reschedule | Intent::None | Intent::Info if choosing(&case, u) => offer::refused(&mut case, u),
        Intent::Withdraw if case.appeal.open() && !case.appeal.urgent => withdraw(&mut case, incoming),
        _ if !case.appeal.open() => after_closing(&mut case, incoming),
        _ => {
            if u.intent == Intent::NotHelped && !case.appeal.consultation {
                // What went with the receipt was no answer to this family: the term runs on.
                case.appeal.met = None;
            }
            case.note(Event::Added, "автор дополнил заявку");
            tell(&mut case, incoming, "автор дополнил заявку");
        }
    }
    done(case)
}

/// The channel of the window that the author asks for instead (000 3.6), where they name no other time.
fn other_way(case: &Case<'_>, said: &Understanding) -> Option<String> {
    // With a yes only the plain word for another way counts: «Да, придём. Мой телефон …» asks for none.
    let said_way = said.channel.filter(|_| said.intent != Intent::Accept);
    let (c, wish) = (case.consultation.as_ref().filter(|_| invited(case))?, said_way.or_else(|| named_way(&said.text))?);
    let person = case.round.settings.person(&c.specialist)?;
    let offered = person.windows.iter().flat_map(|w| &w.channels).find(|k| channel_kind(k) == Some(wish))?;
    (channel_kind(&c.channel) != Some(wish) && said.times.is_empty()).then(|| offered.clone())
}

/// Most words of a letter that is about the way alone.
const SHORT: usize = 12;

/// The way that a short answer names: in a letter about our invitation «лично» needs no more words around it.
fn named_way(text: &str) -> Option<Channel> {
    const WAYS: [(&str, Channel); 4] = [("лично", Channel::InPerson), ("очно", Channel::InPerson), ("видео", Channel::Video), ("созвон", Channel::Phone)];
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let found: Vec<Channel> = WAYS.iter().filter(|(root, _)| words.iter().any(|w| w.starts_with(root))).map(|(_, way)| *way).collect();
    // Two ways in one breath («лучше лично, не по телефону») are a person's to read.
    let one = found.first().copied().filter(|first| found.iter().all(|w| w == first));
    one.filter(|_| words.len() <= SHORT && !words.contains(&"не"))
}

/// «Можно по телефону?»: the way changes at once, the time stays.
fn way(case: &mut Case<'_>, incoming: &Incoming<'_>) {
    let Some(channel) = other_way(case, incoming.understanding) else { return };
    if incoming.understanding.phone.is_some() && case.appeal.phone.is_none() {
        case.appeal.phone = incoming.understanding.phone.clone();
    }
    if incoming.understanding.intent == Intent::Accept {
        accept(case, incoming);
    }
    case.note(Event::Added, "автор просит другой способ связи");
    events::way(case, channel, false);
}

/// The author is choosing among times and says that they do not suit, or names others.
fn choosing(case: &Case<'_>, said: &Understanding) -> bool {
    let offered = case.appeal.open() && case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Offered);
    offered && (matches!(said.intent, Intent::Decline | Intent::Reschedule) || !said.times.is_empty())
}

fn invited(case: &Case<'_>) -> bool {
    case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Invited) && case.ahead() && case.appeal.open()
}

/// «Спасибо» neither reopens nor gets a receipt; it reaches the specialist and the weekly report.
fn thanks(case: &mut Case<'_>, incoming: &Incoming<'_>) {
    case.note(Event::Thanks, "автор благодарит");
    tell(case, incoming, "автор благодарит");
}

/// Who accepts the present time has taken back another one that was proposed before.
pub(super) fn settled_time(case: &mut Case<'_>) {
    if let Some(c) = case.consultation.as_mut().filter(|c| c.stage == Stage::Invited) {
        c.offered.clear();
        c.silent_at = None;
    }
}

/// «Да», «1», «подходит». «Да, придём. А какой кабинет?» accepts too, and the question reaches the specialist.
fn accept(case: &mut Case<'_>, incoming: &Incoming<'_>) {
    let now = case.round.now;
    if let Some(a) = case.consultation.as_mut().and_then(|c| c.author.as_mut()) {
        a.partstat = PartStat::Accepted;
        a.replied = Some(now);
    }
    settled_time(case);
    case.book();
    case.note(Event::Accepted, "автор подтвердил время письмом");
    if incoming.understanding.text.contains('?') {
        tell(case, incoming, "автор подтвердил время и спрашивает");
    }
}

/// «Не смогу», «давайте в пятницу»: the words about time count as the new wishes.
fn another_time(case: &mut Case<'_>, incoming: &Incoming<'_>) {
    let now = case.round.now;
    if !incoming.understanding.times.is_empty() {
        // What a family cannot, it cannot next time either.
        let cannot: Vec<_> = case.appeal.times.iter().filter(|w| w.not).cloned().collect();
        case.appeal.times.clone_from(&incoming.understanding.times);
        case.appeal.times.extend(cannot);
    }
    if let Some(a) = case.consultation.as_mut().and_then(|c| c.author.as_mut()) {
        a.partstat = PartStat::Declined;
        a.replied = Some(now);
    }
    case.note(Event::Declined, late(case, "автор просит другое время"));
    moves::find_another(case, "автор просит другое время", None, true);
}

/// What a day before would have been in time for another family is marked in the history.
fn late(case: &Case<'_>, what: &str) -> String {
    let near = case.consultation.as_ref().is_some_and(|c| c.live() && c.start - case.round.now < TimeDelta::days(1));
    if near { format!("{what} (поздно: до начала меньше суток)") } else { what.to_owned() }
}

/// No longer needed: the consultation is cancelled, the appeal closed; the author wrote it, so there is nothing to tell them.
fn withdraw(case: &mut Case<'_>, incoming: &Incoming<'_>) {
    tell(case, incoming, "автор пишет, что помощь больше не нужна; заявка закрыта");
    let why = late(case, "автор отказался");
    moves::cancel_all(case, &why, Some("по Вашей просьбе"), false);
    if case.step(Move::Close).is_ok() {
        case.appeal.met.get_or_insert(case.round.now);
        case.close(Ending::Withdrawn, "закрыта: автор отказался");
    }
}

/// After closing: «не помогло», a question or a complaint within 14 days reopens; anything else is passed on only.
fn after_closing(case: &mut Case<'_>, incoming: &Incoming<'_>) {
    let limit = TimeDelta::days(i64::from(case.round.settings.terms.reopen_days));
    let recent = case.appeal.closed.is_some_and(|at| incoming.received <= at + limit);
    let asks = matches!(incoming.understanding.intent, Intent::NotHelped | Intent::Question | Intent::Complaint | Intent::Reschedule | Intent::NoShow);
    if recent && asks {
        reopen(case, "автор пишет, что вопрос не решён", incoming);
    } else {
        case.note(Event::Added, "автор написал в закрытой заявке");
        tell(case, incoming, "автор написал в закрытой заявке");
    }
}

/// Opens the appeal again with a new term of the same kind, at the same person.
fn reopen(case: &mut Case<'_>, why: &str, incoming: &Incoming<'_>) {
    if case.step(Move::Reopen).is_err() {
        return;
    }
    let (worktime, terms) = (&case.round.settings.worktime, &case.round.settings.terms);
    case.appeal.closed = None;
    case.appeal.met = None;
    case.appeal.extended = false;
    case.appeal.taken = None;
    case.appeal.take_due = due_of(worktime, incoming.received, terms.take);
    case.appeal.due = due_of(worktime, incoming.received, terms.answer);
    case.note(Event::Reopened, format!("открыта снова: {why}"));
    if !incoming.understanding.text.trim().is_empty() {
        case.appeal.text = format!("{}\n\n— {why}:\n{}", case.appeal.text, incoming.understanding.text);
    }
    let (_, listed) = files::pass(&incoming.message.attachments);
    let person = case.assignee().filter(|p| case.round.present(p)).or_else(|| case.assignee().and_then(|p| case.round.deputy(p, &case.appeal.excluded)));
    match person.or_else(|| case.round.decider(&case.appeal.excluded)) {
        // Who wants to meet after all gets a new time, not only a reader.
        Some(person) if case.appeal.consultation && meets(incoming) && !person.windows.is_empty() => {
            if !incoming.understanding.times.is_empty() {
                case.appeal.times = incoming.understanding.times.clone();
            }
            consult::arrange(case, &[person], &listed, Some(&person.id));
        }
        Some(person) => assign::give(case, person, &listed, true),
        None => assign::ask(case, "Заявка открыта снова, исполнителя нет. Решите, пожалуйста, кто ответит.".into(), &listed),
    }
}

/// Whether the letter asks for a meeting.
fn meets(incoming: &Incoming<'_>) -> bool {
    matches!(incoming.understanding.intent, Intent::Reschedule | Intent::NoShow) || incoming.understanding.wants_consultation
}
