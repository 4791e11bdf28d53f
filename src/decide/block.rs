//! A member of staff invites the mailbox to an event of their own: its time is not offered to families (RFC 5546 §3.2.2). The only REQUEST and
//! CANCEL from outside that are carried out; from a registered address, written by that person, about their own time.

use super::message::{Incoming, settled};
use super::sender::sender_passes;
use super::{Round, report};
use crate::compose::Notice;
use crate::effect::{Effect, Event, Settled};
use crate::facts::{Block, BlockSource, ForLetter, Interval};
use crate::itip::{self, Method, Object, PartStat};
use crate::message::Message;
use crate::slots::Specialist;
use chrono::{DateTime, TimeDelta, Utc};

/// Times kept of one block: its own and what moved or fell out of it.
const MOST_PARTS: usize = 50;

/// The calendar object by which a member of staff invites the mailbox or takes that back; of all other letters none.
pub(super) fn invitation(round: Round<'_>, message: &Message) -> Option<Object> {
    let from = message.sender()?;
    round.settings.person_by_email(&from.email)?;
    let part = message.calendars.first()?;
    let object = itip::read(&part.bytes, part.method.as_deref()).ok()?;
    matches!(object.method, Some(Method::Request | Method::Cancel)).then_some(object)
}

/// Carries it out, or says why it is ignored.
pub(super) fn on_invitation(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>, object: &Object) -> Vec<Effect> {
    match accepted(round, facts, incoming, object) {
        Ok(effects) => effects,
        Err(why) => settled(Settled::Ignored("calendar"), Event::Ignored, None, why),
    }
}

fn accepted(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>, object: &Object) -> Result<Vec<Effect>, &'static str> {
    let from = incoming.message.sender().filter(|_| incoming.message.from.len() == 1).ok_or("приглашение без одного отправителя: не исполняется")?;
    let person = round.settings.person_by_email(&from.email).ok_or("приглашение от человека не из школы: не исполняется")?;
    if object.organizer.as_deref().is_none_or(|o| !o.eq_ignore_ascii_case(&person.email)) {
        return Err("организатор приглашения — не его отправитель: не исполняется");
    }
    let own = |email: &str| round.settings.address.eq_ignore_ascii_case(email) || round.settings.aliases.iter().any(|a| a.eq_ignore_ascii_case(email));
    if !object.attendees.is_empty() && !object.attendees.iter().any(|a| own(&a.email)) {
        return Err("ящик школы не приглашён: не исполняется");
    }
    if !sender_passes(round, incoming.message) {
        return Err("отправитель приглашения не подтверждён почтовым сервером: не исполняется");
    }
    let before = facts.block.as_ref();
    if before.is_some_and(|b| b.specialist != person.id) {
        return Err("это событие другого сотрудника: не исполняется");
    }
    let newer = |b: &Block| (object.sequence, object.dtstamp) > (b.sequence, b.dtstamp);
    if before.is_some_and(|b| !newer(b)) {
        return Err("приглашение уже учтено или устарело");
    }
    if object.method == Some(Method::Cancel) && before.is_none() {
        return Err("отменено событие, о котором ничего не известно");
    }
    let block = block(round, incoming, object, person, before).ok_or("время приглашения прочитать не удалось: не учтено")?;
    Ok(effects(round, facts, incoming, object, person, block))
}

/// The block as it is with this letter.
fn block(round: Round<'_>, incoming: &Incoming<'_>, object: &Object, person: &Specialist, before: Option<&Block>) -> Option<Block> {
    let cancelled = object.method == Some(Method::Cancel) || object.cancelled;
    let part = incoming.message.calendars.iter().find_map(|c| itip::times_only(&c.bytes, "block"));
    let one = object.recurrence_id.is_some();
    let mut rule: Vec<String> = before.filter(|_| one).map(|b| b.rule.clone()).unwrap_or_default();
    if !cancelled || one {
        rule.push(part?);
    }
    let surplus = rule.len().saturating_sub(MOST_PARTS);
    rule.drain(..surplus);
    let (times, until) = expand(round, &rule);
    if !cancelled && !object.transparent && times.is_empty() && before.is_none() {
        return None;
    }
    let uid = object.uid.clone();
    Some(Block {
        specialist: person.id.clone(),
        source: BlockSource::Invitation,
        uid,
        sequence: object.sequence,
        dtstamp: object.dtstamp,
        margin_minutes: 0,
        rule,
        until,
        times,
    })
}

/// The times of a block inside the booking horizon, and how far they were looked for.
pub fn expand(round: Round<'_>, rule: &[String]) -> (Vec<Interval>, DateTime<Utc>) {
    let until = round.now + TimeDelta::days(i64::from(round.settings.terms.horizon_days) + 14);
    let objects: Vec<Object> = rule.iter().filter_map(|text| itip::read_all(text.as_bytes(), None).ok()).flatten().collect();
    let repeats = objects.iter().any(|o| o.rrule.is_some());
    // A single event is known once for all, be it next spring.
    let to = if repeats { until } else { round.now + TimeDelta::days(730) };
    let (times, _) = itip::busy(&objects, round.settings.worktime.zone, round.now - TimeDelta::days(1), to);
    (times.into_iter().take(500).collect(), if repeats { until } else { DateTime::<Utc>::MAX_UTC })
}

fn effects(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>, object: &Object, person: &Specialist, block: Block) -> Vec<Effect> {
    let cancelled = object.method == Some(Method::Cancel);
    let meets =
        |(start, end): &(DateTime<Utc>, DateTime<Utc>)| facts.busy.iter().any(|b| b.counts && b.specialist == person.id && b.start < *end && *start < b.end);
    let overlap = block.times.iter().any(meets);
    let text = if cancelled {
        "время сотрудника снова свободно"
    } else {
        "сотрудник занял время в календаре: оно не предлагается"
    };
    let mut effects = settled(Settled::Answer(None), Event::Blocked, None, text);
    let key = format!("block/{}/{}", incoming.message.content_hash.get(..16).unwrap_or("0"), round.now.timestamp());
    effects.push(Effect::Block(Box::new(block)));
    if cancelled {
        return effects;
    }
    let objects: Vec<Object> = incoming.message.calendars.iter().find_map(|c| itip::read_all(&c.bytes, c.method.as_deref()).ok()).unwrap_or_default();
    let reply = itip::reply_to(&objects, (&round.settings.school, &round.settings.address), PartStat::Accepted, round.now);
    let mut lines = vec!["Время занято: консультации на него не назначаются. Отмените событие, и оно снова станет свободным. Если приглашение отправили не Вы, скажите администратору.".to_owned()];
    if overlap {
        lines.push("На это время уже назначена консультация. Она остаётся; чтобы перенести её, ответьте «перенести» на письмо о ней.".to_owned());
    }
    let letter = Notice { number: None, title: "время занято".into(), lines };
    effects.push(report::answer_to_staff(round, key, &person.email, incoming.message.message_id.as_deref(), reply, &letter));
    effects
}
