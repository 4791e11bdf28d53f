//! Another time proposed in a calendar (COUNTER, RFC 5546 §3.2.7). The specialist's is taken where it is free in their own windows; the
//! author's is offered to the specialist; otherwise DECLINECOUNTER, with the times that are free.

use super::case::Case;
use super::consult::{self, exactly, several};
use super::{calendar, events, moves};
use crate::appeal::Stage;
use crate::compose::{Ask, Choice, NotFree, OfferedTime};
use crate::effect::Event;
use crate::itip::{Method, Object, PartStat};
use crate::outbox::Kind;
use crate::slots::Silence;
use chrono::{DateTime, Utc};

/// The specialist proposes another time: that is their word, where it is possible.
pub(super) fn by_staff(case: &mut Case<'_>, object: &Object) {
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    let Some(start) = object.start else { return without_time(case) };
    case.note(Event::Declined, format!("специалист предлагает другое время: {}", case.spoken(start)));
    let Some((slot, choice)) = exactly(case, person, start, "время предложил специалист") else {
        let lines = vec![
            format!("Предложенное Вами время {} занято или не входит в график консультаций.", case.spoken(start)),
            format!("Консультация остаётся {}.", case.consultation.as_ref().map(|c| case.spoken(c.start)).unwrap_or_default()),
        ];
        let options = free(case, person)
            .into_iter()
            .map(|t| Choice::of(&format!("Перенести на {}", plain(case, t.start)), &format!("перенести на {}", plain(case, t.start))))
            .collect();
        return declined_to_staff(case, lines, options);
    };
    case.by = Some(person.id.clone());
    moves::reschedule(case, &slot, choice, "Вы предложили это время", Some("специалист предложил другое время"), true);
    if let Some(c) = &mut case.consultation {
        c.staff.partstat = PartStat::Accepted;
        c.staff.replied = object.dtstamp.or(Some(case.round.now));
    }
    case.book();
    calendar::accepted_by_staff(case);
}

/// The author proposes another time: the specialist decides; silence means yes where it does so for the slots.
pub(super) fn by_author(case: &mut Case<'_>, object: &Object) {
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    let Some(start) = object.start else { return without_time(case) };
    case.note(Event::Added, format!("автор предлагает другое время: {}", case.spoken(start)));
    if exactly(case, person, start, "").is_none() {
        return decline_to_author(case, start);
    }
    let until = case.round.silent_at(person);
    let Some(c) = case.consultation.as_mut() else { return };
    c.offered = vec![start];
    c.silent_at = Some(until);
    let present = c.start;
    case.book();
    let mut lines =
        vec![format!("Автор предлагает другое время консультации: {}.", case.spoken(start)), format!("Сейчас она назначена {}.", case.spoken(present))];
    if person.silence == Silence::Consent {
        lines.push(format!("Без Вашего ответа до {}, время будет перенесено.", case.by_words(until)));
    }
    let options = vec![Choice::of("Новое время подходит", &format!("перенести на {}", plain(case, start))), Choice::of("Оставить прежнее время", "состоится")];
    let letter = Ask { number: case.appeal.number, title: "автор просит другое время".into(), lines, options };
    let key = case.key("counter");
    case.to_staff(Kind::Other, key, person, &letter);
}

/// The proposed time is not to be: the author hears that the present one stands, and what else is free.
pub(super) fn decline_to_author(case: &mut Case<'_>, asked: DateTime<Utc>) {
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    let times = free(case, person);
    if let Some(c) = case.consultation.as_mut().filter(|c| c.stage == Stage::Invited) {
        c.offered.clear();
        c.silent_at = None;
    }
    let stamp = case.consultation.as_ref().and_then(|c| c.author.as_ref()).map(|a| case.dtstamp(a.dtstamp));
    if let (Some(a), Some(stamp)) = (case.consultation.as_mut().and_then(|c| c.author.as_mut()), stamp) {
        a.dtstamp = stamp;
    }
    case.book();
    let Some(stands) = case.consultation.as_ref().map(|c| c.start) else { return };
    let letter = NotFree { name: case.appeal.name.clone(), number: case.appeal.number, asked, stands, times };
    let event = events::author_event(case, person, Method::DeclineCounter);
    let key = case.key("not_free");
    case.replying = true;
    case.to_author(Kind::Answer, key, event, &letter);
    case.note(Event::Moved, "предложенное автором время не подошло: прежнее остаётся");
}

/// A COUNTER that names no readable time is a person's matter.
fn without_time(case: &mut Case<'_>) {
    case.note(Event::Stale, "предложение другого времени прочитать не удалось: время не названо");
    let Some(person) = case.assignee() else { return };
    let lines = vec!["В календаре предложили другое время, но прочитать его не удалось. Консультация остаётся в прежнее время.".to_owned()];
    let options = vec![Choice::with_room("Назвать другое время", "перенести на", " ")];
    let letter = Ask { number: case.appeal.number, title: "предложено другое время".into(), lines, options };
    let key = case.key("counter");
    case.to_staff(Kind::Other, key, person, &letter);
}

fn declined_to_staff(case: &mut Case<'_>, lines: Vec<String>, options: Vec<Choice>) {
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    let stamp = case.consultation.as_ref().map(|c| case.dtstamp(c.staff.dtstamp));
    if let (Some(c), Some(stamp)) = (case.consultation.as_mut(), stamp) {
        c.staff.dtstamp = stamp;
    }
    case.book();
    let letter = Ask { number: case.appeal.number, title: "это время не свободно".into(), lines, options };
    let event = events::staff_event(case, person, Method::DeclineCounter);
    let key = case.key("not_free");
    case.to_address(Kind::Other, key, &person.email.clone(), event, Vec::new(), &letter);
}

/// Three times of the specialist that are free.
fn free(case: &Case<'_>, person: &crate::slots::Specialist) -> Vec<OfferedTime> {
    several(case, &[person], consult::Search::default(), 3).into_iter().map(|(s, _)| OfferedTime { start: s.start, end: s.end, channel: s.channel }).collect()
}

/// «25.11 15:30», as an order has it.
pub(super) fn plain(case: &Case<'_>, at: DateTime<Utc>) -> String {
    case.round.settings.worktime.to_local(at).format("%d.%m %H:%M").to_string()
}

/// Silence about the author's proposal: consent where the specialist's silence means that, else the present time stands.
pub(super) fn silence(case: &mut Case<'_>) -> bool {
    let Some(c) = case.consultation.as_ref().filter(|c| c.stage == Stage::Invited) else { return false };
    let (Some(asked), Some(at)) = (c.offered.first().copied(), c.silent_at) else { return false };
    if at > case.round.now {
        return false;
    }
    let Some(person) = case.round.settings.person(&c.specialist) else { return false };
    match consult::exactly(case, person, asked, "время предложил автор").filter(|_| person.silence == Silence::Consent) {
        Some((slot, choice)) => moves::reschedule(case, &slot, choice, "автор предложил это время, возражений не было", None, false),
        None => decline_to_author(case, asked),
    }
    true
}
