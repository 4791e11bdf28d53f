//! The author chooses among several times (`offer` of rules/categories.toml): the first of them is held and stands without an answer.

use super::case::Case;
use super::consult::{self, Search, several};
use super::{Round, events, moves};
use crate::appeal::Stage;
use crate::compose::{OfferedTime, Offers};
use crate::effect::Event;
use crate::outbox::Kind;
use crate::slots::Specialist;
use crate::understand::{Intent, Understanding, Window};
use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};

/// Whether the author of this appeal is to choose: never where it is urgent or cannot be answered by letter.
pub(super) fn wanted(case: &Case<'_>) -> bool {
    let offer = case.round.settings.categories.get(&case.appeal.category).map_or(1, |r| r.offer);
    offer > 1 && !case.appeal.urgent && case.appeal.email.is_some()
}

/// Writes the times to the author; false where there is no choice (one free time, or no time left to wait for an answer).
pub(super) fn send(case: &mut Case<'_>, person: &Specialist) -> bool {
    let round = case.round;
    let worktime = &round.settings.worktime;
    let most = usize::from(case.round.settings.categories.get(&case.appeal.category).map_or(1, |r| r.offer));
    let day = worktime.add_working_minutes(worktime.next_office_moment(round.now), case.round.settings.worktime.office_day_minutes());
    let choose_by = case.consultation.as_ref().and_then(|c| c.invite_by).map_or(day, |at| at.min(day));
    // The specialist still has to agree after the author has chosen.
    let terms = &round.settings.terms;
    let earliest = worktime.add_working_minutes(choose_by, round.silence_minutes(person)) + TimeDelta::minutes(i64::from(terms.notice_minutes));
    let times =
        several(case, &[person], Search { between: Some((earliest, round.now + TimeDelta::days(i64::from(terms.horizon_days)))), ..Search::default() }, most);
    let times: Vec<_> = times.into_iter().map(|(slot, _)| slot).collect();
    let Some(first) = times.first().cloned() else { return false };
    let Some(c) = case.consultation.as_mut() else { return false };
    if times.len() < 2 || choose_by <= round.now {
        return false;
    }
    (c.start, c.end, c.channel) = (first.start, first.end, first.channel.clone());
    c.stage = Stage::Offered;
    c.offered = times.iter().map(|t| t.start).collect();
    c.silent_at = Some(choose_by);
    let ordinal = c.ordinal;
    case.book();
    let letter = Offers {
        name: case.appeal.name.clone(),
        number: case.appeal.number,
        times: times.into_iter().map(|t| OfferedTime { start: t.start, end: t.end, channel: t.channel }).collect(),
        specialist: Round::titled(person),
        choose_by,
    };
    let key = case.key(&format!("offers/{ordinal}"));
    case.to_author(Kind::Invitation, key, None, &letter);
    case.note(Event::Invited, "автору предложены времена на выбор");
    true
}

/// What the author's letter chooses: a number, a plain yes (the first), or words about a time that only one of the offers fits.
pub(super) fn chosen(case: &Case<'_>, said: &Understanding) -> Option<DateTime<Utc>> {
    let c = case.consultation.as_ref().filter(|c| c.stage == Stage::Offered)?;
    let words: Vec<&str> = said.text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(4).collect();
    let number = words.iter().find_map(|w| match *w {
        "1" | "первое" | "Первое" | "первый" | "Первый" => Some(0),
        "2" | "второе" | "Второе" | "второй" | "Второй" => Some(1),
        "3" | "третье" | "Третье" | "третий" | "Третий" => Some(2),
        _ => None,
    });
    // «2» is an answer; «2 раза в неделю» is none, nor «1 не подходит» or «1 или 2».
    let refuses = said.text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "не" | "ни" | "нет" | "кроме" | "или"));
    if refuses {
        return None;
    }
    if let Some(at) = number.filter(|_| words.len() <= 3).and_then(|n: usize| c.offered.get(n)) {
        return Some(*at);
    }
    let worktime = &case.round.settings.worktime;
    let mut fitting = c.offered.iter().filter(|at| said.times.iter().any(|w| holds(w, worktime.to_local(**at))));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Some(*one),
        _ if said.times.is_empty() && said.intent == Intent::Accept => c.offered.first().copied(),
        _ => None,
    }
}

/// The numbers of offers that a short letter names.
fn numbers(text: &str) -> Vec<usize> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.len() > 6 {
        return Vec::new();
    }
    words.iter().filter_map(|w| w.parse().ok()).filter(|n| (1..=3).contains(n)).collect()
}

/// None of the times suits: they are offered no more; the author's own words decide, else other times are offered.
pub(super) fn refused(case: &mut Case<'_>, said: &Understanding) {
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    let worktime = &case.round.settings.worktime;
    let Some(c) = case.consultation.as_mut() else { return };
    let offered = std::mem::take(&mut c.offered);
    // «1 не подходит» refuses the first alone, «не 1 и не 2» two of them, words without a number all.
    let numbers = numbers(&said.text);
    let refused = |n: usize| numbers.is_empty() || numbers.contains(&(n + 1));
    c.declined.extend(offered.iter().enumerate().filter(|(n, _)| refused(*n)).map(|(_, at)| *at));
    case.note(Event::Declined, "из предложенных времён автору не подходит ни одно, или не подходят названные");
    // A number that was refused is no wish for its time.
    let own: Vec<Window> = said.times.iter().filter(|w| !offered.iter().any(|at| holds(w, worktime.to_local(*at))) || numbers.is_empty()).cloned().collect();
    let named = own.iter().any(|w| !w.not);
    if !own.is_empty() {
        case.appeal.times = own;
    }
    if !named && send(case, person) {
        return;
    }
    let choice = consult::pick(case, &[person], None);
    match choice.slot.clone() {
        Some(slot) => consult::first_proposal(case, person, &slot, choice, "автор назвал своё время"),
        None => moves::find_another(case, "ни одно из предложенных времён не подошло", None, true),
    }
}

/// Whether the start lies in what the author wishes.
fn holds(wish: &Window, at: NaiveDateTime) -> bool {
    let (day, time) = (at.date(), at.time());
    !wish.not
        && (wish.weekday.is_empty() || wish.weekday.contains(&day.weekday()))
        && wish.date.is_none_or(|d| d == day)
        && wish.from.is_none_or(|d| d <= day)
        && wish.to.is_none_or(|d| day <= d)
        && wish.after.is_none_or(|t| t <= time)
        && wish.before.is_none_or(|t| time < t)
}

/// The author has chosen, or been silent: the time is proposed to the specialist.
pub(super) fn choose(case: &mut Case<'_>, at: DateTime<Utc>, why: &str) {
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    let slot = consult::exactly(case, person, at, why);
    let silent_at = case.round.silent_at(person);
    let Some(c) = case.consultation.as_mut() else { return };
    c.stage = Stage::Proposed;
    c.silent_at = Some(silent_at);
    c.offered.clear();
    match slot {
        Some((slot, choice)) => {
            (c.start, c.end, c.channel) = (slot.start, slot.end, slot.channel);
            c.why = choice.reasons;
            case.book();
            case.note(Event::Accepted, why);
            consult::propose(case, person, &[]);
        }
        None => {
            // Taken meanwhile: the next one that suits.
            case.note(Event::Moved, "выбранное время уже занято");
            events::announce(case, person, &[]);
            moves::find_another(case, "выбранное время уже занято", Some("выбранное время только что заняли"), false);
        }
    }
}
