//! What families and the specialist answer about a group, by calendar and in words.
//!
//! Not here: what everything else in a letter means (`thread`): questions, thanks and danger go there.

use super::group::Group;
use super::message::{Incoming, settled};
use super::{Round, seats};
use crate::appeal::{Ending, Meeting, Move, Place, Seat};
use crate::compose::{SeatEnd, SeatNext};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{ForLetter, ForMeeting};
use crate::itip::{Method, Object, PartStat, Verdict, verdict};
use crate::understand::{Intent, Kind as LetterKind};

/// Decides about a letter that speaks of a group; `None` where it does not.
pub(super) fn on_letter(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let known = facts.group.as_deref()?;
    match incoming.understanding.kind {
        Some(LetterKind::CalendarReply) => on_calendar(round, known, incoming),
        Some(LetterKind::ReplyToThread | LetterKind::NewAppeal) => in_words(round, facts, known, incoming),
        _ => None,
    }
}

/// Whose calendar answered.
enum Side {
    Staff,
    Family(usize),
}

fn on_calendar(round: Round<'_>, known: &ForMeeting, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let object = incoming.understanding.object.as_ref()?;
    let mut group = Group::with(round, known);
    let uid = object.uid.to_ascii_lowercase();
    let family = (0..group.families.len()).find(|i| group.seat(*i).is_some_and(|s| s.author.uid == uid));
    let (side, sent, address) = match family {
        Some(index) => (Side::Family(index), group.seat(index)?.author.clone(), group.families.get(index)?.case.appeal.email.clone()),
        None if group.meeting.staff.uid == uid => {
            (Side::Staff, group.meeting.staff.clone(), round.settings.person(&group.meeting.specialist).map(|p| p.email.clone()))
        }
        None => return None,
    };
    let appeal = family.and_then(|i| group.families.get(i)).map(|f| f.case.appeal.number);
    let from = incoming.message.sender().filter(|_| incoming.message.from.len() == 1).map(|a| a.email.as_str());
    // UID, ATTENDEE and From must be one person's.
    let theirs = address.as_deref().is_some_and(|email| {
        let named = object.attendees.is_empty() || object.attendees.iter().any(|a| a.email.eq_ignore_ascii_case(email));
        named && from.is_some_and(|f| f.eq_ignore_ascii_case(email))
    });
    if !theirs {
        let text = "календарный ответ с другого адреса или на другое событие: ничего не изменено";
        return Some(settled(Settled::Ignored("calendar"), Event::Ignored, appeal, text));
    }
    if object.method == Some(Method::Refresh) {
        return Some(refresh(group, &side, appeal));
    }
    if !matches!(object.method, Some(Method::Reply | Method::Counter)) {
        return Some(settled(Settled::Ignored("calendar"), Event::Ignored, appeal, "календарное письмо этого рода не исполняется"));
    }
    let object = &Object { dtstamp: object.dtstamp.or_else(|| incoming.message.date.map(|d| d.to_utc())), ..object.clone() };
    let attendee = object.attendees.iter().find(|a| from.is_some_and(|f| a.email.eq_ignore_ascii_case(f))).or_else(|| object.attendees.first());
    let partstat = attendee.map_or(PartStat::NeedsAction, |a| a.partstat);
    let stale = |text: &str| Some(settled(Settled::Answer(appeal), Event::Stale, appeal, text));
    match verdict(object, sent.sequence, sent.replied, group.meeting.start) {
        Verdict::Fresh => {}
        // The same moment with another answer: the letter that came later wins.
        Verdict::Duplicate if partstat != sent.partstat => {}
        Verdict::Duplicate => return Some(settled(Settled::Answer(appeal), Event::Ignored, appeal, "тот же календарный ответ ещё раз")),
        Verdict::Stale => return stale("ответ на прежнее время группы: ничего не изменено"),
    }
    if !group.meeting.ahead(round.now) {
        return stale("ответ на прошедшую или отменённую группу: ничего не изменено");
    }
    let replied = object.dtstamp.or(Some(round.now));
    match side {
        Side::Staff => by_specialist(&mut group, partstat, replied, object.method == Some(Method::Counter)),
        Side::Family(index) if group.seat(index).is_some_and(Seat::held) => {
            // Another time proposed leaves the answer to the present one as it was.
            let partstat = if object.method == Some(Method::Counter) { sent.partstat } else { partstat };
            group.on_seat(index, |_, _, seat| (seat.author.partstat, seat.author.replied) = (partstat, replied));
            let answer = match (object.method, partstat) {
                (Some(Method::Counter), _) => Said::AnotherTime { counter: true },
                (_, PartStat::Accepted) => Said::Yes,
                (_, PartStat::Declined) => Said::No,
                _ => Said::Unclear,
            };
            by_family(&mut group, index, answer, None);
        }
        Side::Family(_) => return stale("ответ на место в группе, которое уже освобождено: ничего не изменено"),
    }
    let mut effects = group.finish();
    effects.push(Effect::Settle(Settled::Answer(appeal)));
    Some(effects)
}

/// A calendar asks for what is current: the same SEQUENCE once more, at most once an hour.
fn refresh(mut group: Group<'_>, side: &Side, appeal: Option<i64>) -> Vec<Effect> {
    let ahead = group.meeting.ahead(group.round.now);
    let mut sent = false;
    match side {
        Side::Family(index) if ahead => group.on_seat(*index, |case, meeting, seat| sent = seats::again(case, meeting, seat)),
        Side::Staff if ahead => sent = group.again(),
        _ => {}
    }
    if !sent {
        return settled(Settled::Answer(appeal), Event::Ignored, appeal, "просьба прислать приглашение в группу ещё раз: отвечать нечем или рано");
    }
    let mut effects = group.finish();
    effects.push(Effect::Settle(Settled::Answer(appeal)));
    effects
}

/// The specialist's own calendar: a refusal is the head's to decide, nothing is cancelled by itself.
fn by_specialist(group: &mut Group<'_>, partstat: PartStat, replied: Option<chrono::DateTime<chrono::Utc>>, counter: bool) {
    group.changed = true;
    group.meeting.staff.partstat = partstat;
    group.meeting.staff.replied = replied;
    let refused = counter || matches!(partstat, PartStat::Declined | PartStat::Delegated);
    let (event, text) = match partstat {
        _ if counter => (Event::Declined, "специалист предлагает другое время, решает руководитель"),
        PartStat::Accepted => (Event::Accepted, "специалист принял время"),
        PartStat::Declined => (Event::Declined, "специалист не может в это время, решает руководитель"),
        PartStat::Delegated => (Event::Declined, "специалист передал приглашение другому, решает руководитель"),
        PartStat::Tentative => (Event::Tentative, "специалист ответил «возможно»"),
        PartStat::NeedsAction => (Event::Stale, "календарь специалиста ответил без решения"),
    };
    group.note(event, text);
    if refused {
        let m = &group.meeting;
        let who = group.round.settings.person(&m.specialist).map_or_else(|| "специалист".to_owned(), Round::titled);
        let when = crate::compose::Moment { at: m.start, zone: group.round.settings.worktime.zone }.title();
        let what = match partstat {
            _ if counter => "предлагает другое время",
            PartStat::Delegated => "передаёт приглашение другому человеку",
            _ => "не может в это время",
        };
        let lines = vec![
            format!("Групповая консультация № {}, {when}: {who} {what}.", m.id),
            "Семьям ничего не отправлено, группа пока остаётся. Решите, пожалуйста, как быть с ней.".to_owned(),
        ];
        group.ask_decider(&format!("refused/{}", group.round.now.timestamp()), "специалист отказался от группы", lines);
    }
}

/// What a family says about its place.
enum Said {
    Yes,
    No,
    /// No, and nothing else is wanted either.
    Withdraws,
    /// Another time; by a COUNTER of the calendar, which is answered with an object.
    AnotherTime {
        counter: bool,
    },
    Unclear,
}

fn by_family(group: &mut Group<'_>, index: usize, said: Said, wrote: Option<&str>) {
    match said {
        Said::Yes => group.on_seat(index, |case, meeting, seat| {
            seats::put(case, seat);
            case.note(Event::Accepted, format!("семья подтвердила место в группе № {}", meeting.id));
            if wrote.is_some_and(|w| w.contains('?')) {
                seats::to_specialist(case, meeting, "семья придёт и спрашивает", wrote);
            }
        }),
        Said::Unclear => group.on_seat(index, |case, meeting, seat| {
            seats::put(case, seat);
            case.note(Event::Tentative, format!("календарь ответил без решения: место в группе № {} остаётся за семьёй", meeting.id));
        }),
        Said::AnotherTime { counter } => group.on_seat(index, |case, meeting, seat| {
            case.note(Event::Added, format!("семья просит другое время; время группы № {} одно на всех, ей сказано", meeting.id));
            case.replying = true;
            seats::fixed(case, meeting, seat, counter);
            seats::to_specialist(case, meeting, "семья просит другое время", wrote);
        }),
        Said::No | Said::Withdraws => {
            let closes = matches!(said, Said::Withdraws);
            let next = if closes { SeatNext::Closed } else { SeatNext::Word };
            group.on_seat(index, |case, meeting, seat| declined(case, meeting, seat, wrote, next));
            group.fill();
        }
    }
}

/// The seat is free; what the family was told answers its appeal until it writes again.
fn declined(case: &mut super::case::Case<'_>, meeting: &Meeting, seat: &mut Seat, wrote: Option<&str>, next: SeatNext) {
    let now = case.round.now;
    case.replying = true;
    seat.author.partstat = PartStat::Declined;
    seat.author.replied.get_or_insert(now);
    case.note(Event::Declined, format!("семья не придёт в группу № {}", meeting.id));
    seats::leave(case, meeting, seat, SeatEnd::Declined, None, next);
    case.appeal.met.get_or_insert(now);
    let closed = next == SeatNext::Closed && case.step(Move::Close).is_ok();
    if closed {
        case.close(Ending::Withdrawn, "закрыта: автор отказался");
    }
    let what = if closed {
        "семья отказалась от места, помощь больше не нужна"
    } else {
        "семья отказалась от места"
    };
    seats::to_specialist(case, meeting, what, wrote);
}

/// «Да», «нет», «а можно в пятницу?» in answer to a letter about the group, or while the family has a place and no consultation of its own.
fn in_words(round: Round<'_>, facts: &ForLetter, known: &ForMeeting, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let (thread, u) = (facts.thread.as_ref()?, incoming.understanding);
    let sender = incoming.message.sender().filter(|_| incoming.message.from.len() == 1)?;
    if thread.appeal.email.as_deref() != Some(sender.email.as_str()) || u.urgent || u.complaint {
        return None;
    }
    let said = match u.intent {
        Intent::Accept => Said::Yes,
        Intent::Decline => Said::No,
        Intent::Withdraw => Said::Withdraws,
        Intent::Reschedule => Said::AnotherTime { counter: false },
        _ => return None,
    };
    let mut group = Group::with(round, known);
    let number = thread.appeal.number;
    let index = group.index(number).filter(|_| group.meeting.ahead(round.now) && thread.appeal.open())?;
    let own = thread.consultations.iter().any(|c| c.live() && c.end > round.now);
    let of = thread.posting.as_ref().and_then(|p| seats::of_key(&p.key));
    let (place, joined, sequence) = group.seat(index).map(|s| (s.place, s.joined.timestamp(), s.author.sequence))?;
    // A letter about another matter of the family, or one that waits and says yes to nothing.
    if (of.is_none() && own) || (place == Place::Waiting && matches!(said, Said::Yes | Said::AnotherTime { .. })) {
        return None;
    }
    let id = group.meeting.id;
    let current = of.is_none_or(|told| told == (id, joined, sequence));
    let wrote = if u.text.trim().is_empty() { incoming.message.body.own.as_str() } else { u.text.as_str() };
    if current {
        let answer = if matches!(said, Said::Yes) { PartStat::Accepted } else { PartStat::NeedsAction };
        group.on_seat(index, |case, _, seat| {
            (seat.author.partstat, seat.author.replied) = (answer, Some(round.now));
            case.references.extend(incoming.message.message_id.iter().cloned());
        });
        by_family(&mut group, index, said, Some(wrote));
    } else {
        group.on_seat(index, |case, meeting, _| {
            case.note(Event::Stale, format!("ответ на прежнее письмо о группе № {}: место не изменилось", meeting.id));
            if !matches!(said, Said::Yes) {
                seats::to_specialist(case, meeting, "семья ответила на прежнее время группы", Some(wrote));
            }
        });
    }
    let mut effects = group.finish();
    effects.push(Effect::Settle(Settled::Added(number)));
    if let Some(id) = &u.thread {
        effects.push(Effect::Evidence { message_id: id.clone(), by: "reply" });
    }
    Some(effects)
}
