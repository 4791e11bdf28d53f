//! A child may be in danger: psychologist, head and deputies at once and every 30 minutes, at night too, until one acknowledges;
//! after two repeats the director and the configured command (service.md, "Control").

use super::case::Case;
use crate::compose::{Alarm, phone};
use crate::effect::{Effect, Event};
use crate::outbox::Kind;
use crate::slots::Specialist;
use crate::understand::Category;
use chrono::{DateTime, TimeDelta, Utc};

/// Repeats at the short interval: a day and a night. Later ones are twelve hours apart, so that alarms nobody answers cannot use up the
/// provider's daily limit that other families' letters need.
const SHORT_REPEATS: u32 = 48;

/// Sounds the first alarm or a repeat.
pub(super) fn sound(case: &mut Case<'_>) {
    let round = case.round;
    let count = case.appeal.alarms.unwrap_or(0) + 1;
    case.appeal.alarms = Some(count);
    case.appeal.alarmed = Some(round.now);
    let a = &case.appeal;
    let n = a.number;
    let letter = Alarm {
        number: n,
        round: count,
        received: a.received,
        name: a.name.clone(),
        child: a.child.clone(),
        class: a.class.clone(),
        phone: a.phone.as_deref().map(phone),
        email: a.email.clone(),
        text: a.text.clone(),
        reasons: a.reasons.clone(),
    };
    let mut people: Vec<&Specialist> = round.of_category(Category::Psychologist, &a.excluded);
    people.extend(round.heads(&a.excluded));
    if count > 2 {
        people.extend(round.director(&a.excluded));
        case.effects.push(Effect::Alert { key: format!("alarm/{n}/{count}"), text: format!("appeal {n} is urgent and nobody has acknowledged it") });
    }
    let mut told: Vec<&str> = Vec::new();
    case.alarming = true;
    for person in people {
        if !told.contains(&person.email.as_str()) {
            told.push(&person.email);
            case.to_staff(Kind::Escalation, format!("alarm/{n}/{count}/{}", person.id), person, &letter);
        }
    }
    case.alarming = false;
    if told.iter().all(|email| round.settings.person_by_email(email).is_none_or(|p| case.appeal.excluded.contains(&p.id))) {
        // It is about everybody who would be alarmed.
        case.effects.push(Effect::Alert { key: format!("alarm/{n}/{count}"), text: format!("appeal {n} is urgent and there is nobody to alarm by letter") });
    }
    case.note(Event::Alarm, format!("тревога, письмо {count}: ребёнок может быть в опасности"));
}

/// When the next repeat is due.
pub(super) fn next(case: &Case<'_>) -> Option<DateTime<Utc>> {
    let a = &case.appeal;
    if !a.urgent || a.acknowledged.is_some() {
        return None;
    }
    let minutes = i64::from(case.round.settings.terms.alarm_minutes);
    let pause = if a.alarms.unwrap_or(0) > SHORT_REPEATS { TimeDelta::minutes(minutes.max(720)) } else { TimeDelta::minutes(minutes) };
    Some(a.alarmed? + pause)
}

/// An urgent appeal changed hands: the next repeat stays due.
pub(super) fn wake(case: &mut Case<'_>) {
    if let Some(at) = next(case) {
        case.effects.push(Effect::WakeAt { appeal: case.appeal.number, at });
    }
}
