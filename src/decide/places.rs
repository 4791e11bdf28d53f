//! Which group an appeal goes to: before intermediate certification by itself or where staff assign it, after a cancellation to another of the
//! same topic.
//!
//! Not here: the letters (`seats`), what staff order about a group (`group_orders`), what is due by the clock (`group_clock`).

use super::case::Case;
use super::group::Group;
use super::{assign, seats};
use crate::appeal::Meeting;
use crate::compose::{Choice, Listed, SeatEnd, SeatNext};
use crate::effect::Event as Happened;
use crate::facts::Planned;
use crate::slots::Specialist;
use crate::understand::{Category, before_certification};
use chrono::TimeDelta;

/// Whether the appeal is one that 003 3.7 allows in groups only; its words.
pub(super) fn only_in_groups(case: &Case<'_>) -> Option<String> {
    let a = &case.appeal;
    (a.consultation && a.category == Category::LearningHelp && !a.urgent).then(|| before_certification(&a.text))?
}

/// Takes an appeal before intermediate certification to the next group for its class and subject; without one the head decides. False
/// where the appeal is no such one: a consultation of its own is arranged.
pub(super) fn placed(case: &mut Case<'_>, listed: &[Listed]) -> bool {
    let Some(words) = only_in_groups(case) else { return false };
    if case.seated().is_some() {
        return true;
    }
    case.appeal.reasons.push(format!("консультация перед промежуточной аттестацией («{words}»): по положению только в группе"));
    let rule = "Семья просит консультацию перед промежуточной аттестацией. По правилам такие консультации только групповые";
    match fitting(case, None) {
        Ok(planned) => {
            let seat = seats::join(case, &planned.meeting, planned.free());
            case.note(Happened::Assigned, format!("перед промежуточной аттестацией («{words}»): группа № {}", seat.meeting));
        }
        // Without any group in sight nothing is said of the class: an order about the appeal may not know the groups.
        Err(Missing::None) if case.groups.is_empty() => {
            assign::ask(case, format!("{rule}. Назначьте, пожалуйста, группу или запишите семью в назначенную (otklik group list)."), listed);
        }
        Err(Missing::None) => {
            assign::ask(
                case,
                format!("{rule}, а группы для этого класса и предмета нет. Назначьте, пожалуйста, группу или решите, кто ответит семье."),
                listed,
            );
        }
        Err(Missing::Subject) => {
            assign::ask(
                case,
                format!("{rule}, групп несколько, а по какому предмету нужна помощь, из письма не ясно. Решите, пожалуйста, в какую записать семью."),
                listed,
            );
        }
    }
    true
}

/// Why there is no group to go to.
enum Missing {
    None,
    Subject,
}

/// A time of its own is no answer to an appeal before intermediate certification (003 3.7).
///
/// # Errors
/// A sentence for whoever ordered one.
pub(super) fn no_time_of_its_own(case: &Case<'_>) -> Result<(), String> {
    let Some(words) = only_in_groups(case) else { return Ok(()) };
    let n = case.appeal.number;
    Err(format!(
        "appeal {n} asks for help before intermediate certification («{words}»), which is given in groups only (003 3.7): `otklik group join GROUP {n}`, or `otklik group add` first"
    ))
}

/// Staff give an appeal before intermediate certification to somebody: it ends in a seat of a group of theirs.
///
/// # Errors
/// A sentence: they hold no group for it.
pub(super) fn into_group_of(case: &mut Case<'_>, person: &Specialist) -> Result<(), String> {
    if let Some((meeting, seat)) = case.seated().filter(|(m, _)| m.specialist == person.id) {
        return Err(format!("appeal {} has a place in group {} ({}) of {} already", case.appeal.number, meeting.id, seat.place.key(), person.id));
    }
    let Ok(planned) = fitting(case, Some(&person.id)) else {
        return no_time_of_its_own(case).map_err(|why| format!("{} holds no group for its class and subject; {why}", person.id));
    };
    take_in(case, &planned);
    Ok(())
}

/// A family goes into a group; a place that it has in another is given up with it.
pub(super) fn take_in(case: &mut Case<'_>, planned: &Planned) {
    if let Some((meeting, mut seat)) = case.seated() {
        seats::leave(case, &meeting, &mut seat, SeatEnd::Removed, None, SeatNext::Group);
    }
    seats::join(case, &planned.meeting, planned.free());
}

/// The next group before certification for the class and subject, of this specialist where one is named: with a free seat, else with a
/// waiting list.
fn fitting(case: &Case<'_>, whose: Option<&str>) -> Result<Planned, Missing> {
    let (a, now) = (&case.appeal, case.round.now);
    let soonest = now + TimeDelta::minutes(i64::from(case.round.settings.terms.notice_minutes));
    let subjects = &case.round.settings.subjects;
    let named = subjects.named(&a.text);
    let of = |m: &Meeting| subjects.named(&m.topic);
    let about = |m: &Meeting| named.is_empty() || of(m).is_empty() || of(m).iter().any(|s| named.contains(s));
    let suits = |g: &&Planned| {
        let m = &g.meeting;
        whose.is_none_or(|id| m.specialist == id)
            && m.course_end.is_some()
            && m.ahead(now)
            && m.start > soonest
            && m.suits(a.class.as_deref())
            && !a.excluded.contains(&m.specialist)
            && about(m)
    };
    let found: Vec<&Planned> = case.groups.iter().filter(suits).collect();
    let Some(first) = found.first() else { return Err(Missing::None) };
    if named.is_empty() && whose.is_none() && found.iter().any(|g| of(&g.meeting) != of(&first.meeting)) {
        return Err(Missing::Subject);
    }
    Ok((*found.iter().find(|g| g.free()).unwrap_or(first)).clone())
}

/// Commands of the head's letter for an appeal that is allowed in groups only.
pub(super) fn options(case: &Case<'_>) -> Vec<Choice> {
    if only_in_groups(case).is_none() {
        return Vec::new();
    }
    let n = case.appeal.number;
    let zone = case.round.settings.worktime.zone;
    let when = |m: &Meeting| crate::compose::Moment { at: m.start, zone }.title();
    let a = &case.appeal;
    // A group of other classes, or of somebody whom the matter is about, is none to offer.
    let offered = |m: &Meeting| m.course_end.is_some() && m.ahead(case.round.now) && m.suits(a.class.as_deref()) && !a.excluded.contains(&m.specialist);
    let groups = case.groups.iter().filter(|g| offered(&g.meeting)).take(4);
    let taken = |g: &Planned| {
        let id = g.meeting.id;
        let label = format!("В группу «{}», {}", g.meeting.topic, when(&g.meeting));
        Choice::of(&label, &format!("в группу {id}")).command(format!("otklik group join {id} {n}"))
    };
    groups.map(taken).collect()
}

/// A family loses its place through no word of its own: another group of the same topic with a free seat, else the head decides.
pub(super) fn another_group(group: &mut Group<'_>, index: usize, why: SeatEnd, reason: Option<&str>) {
    let topic = |m: &Meeting| m.topic.to_lowercase().replace('ё', "е");
    let own = (group.meeting.id, topic(&group.meeting), group.meeting.course_end.is_some());
    let Some(family) = group.families.get(index) else { return };
    let a = &family.case.appeal;
    if !a.open() {
        return group.give_up(index, why, reason, SeatNext::Closed);
    }
    let now = group.round.now;
    let fits = |g: &Planned| {
        let m = &g.meeting;
        m.id != own.0
            && topic(m) == own.1
            && m.course_end.is_some() == own.2
            && m.ahead(now)
            && g.free()
            && m.suits(a.class.as_deref())
            && !a.excluded.contains(&m.specialist)
            && !family.seats.iter().any(|s| s.meeting == m.id)
    };
    let Some(next) = group.groups.iter().position(fits) else {
        group.give_up(index, why, reason, SeatNext::Decision);
        let question = match why {
            SeatEnd::Full => {
                "Семья ждала места в группе, но место не освободилось. Другой группы по этой теме со свободным местом нет. Решите, пожалуйста, кто и как ей поможет."
            }
            _ => "Групповая консультация отменена, другой группы по этой теме со свободным местом нет. Решите, пожалуйста, кто и как поможет семье.",
        };
        return group.ask_head(index, question);
    };
    group.give_up(index, why, reason, SeatNext::Group);
    let Some(other) = group.groups.get_mut(next) else { return };
    other.invited += 1;
    let meeting = other.meeting.clone();
    if let Some(family) = group.families.get_mut(index) {
        let seat = seats::join(&mut family.case, &meeting, true);
        family.seats.push(seat);
    }
}
