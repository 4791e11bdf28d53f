//! Which group an appeal goes to: before intermediate certification by itself, after a cancellation to another of the same topic; and what
//! of a group is due by the clock.
//!
//! Not here: the letters (`seats`), what staff order (`group`).

use super::case::Case;
use super::group::Group;
use super::{Round, assign, seats};
use crate::appeal::{Consultation, Meeting, Place};
use crate::compose::{Choice, GroupNews, Listed, SeatEnd, SeatNext};
use crate::effect::{Effect, Event as Happened};
use crate::facts::{ForMeeting, Planned};
use crate::outbox::Kind;
use crate::understand::{Category, before_certification, subjects};
use chrono::TimeDelta;

/// Whether the appeal is one that 003 3.7 allows in groups only; its words.
fn only_in_groups(case: &Case<'_>) -> Option<String> {
    let a = &case.appeal;
    (a.consultation && a.category == Category::LearningHelp && !a.urgent).then(|| before_certification(&a.text))?
}

/// Takes an appeal before intermediate certification to the next group for its class and subject; without one the head decides. False
/// where the appeal is no such one: a consultation of its own is arranged.
pub(super) fn placed(case: &mut Case<'_>, listed: &[Listed]) -> bool {
    let Some(words) = only_in_groups(case) else { return false };
    case.appeal.reasons.push(format!("консультация перед промежуточной аттестацией («{words}»): по положению только в группе"));
    let rule = "Семья просит консультацию перед промежуточной аттестацией. По правилам такие консультации только групповые";
    match fitting(case) {
        Ok(planned) => {
            let seat = seats::join(case, &planned.meeting, None, planned.free());
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

/// The next group before certification for the class and subject: with a free seat, else with a waiting list.
fn fitting(case: &Case<'_>) -> Result<Planned, Missing> {
    let (a, now) = (&case.appeal, case.round.now);
    let soonest = now + TimeDelta::minutes(i64::from(case.round.settings.terms.notice_minutes));
    let named = subjects(&a.text);
    let of = |m: &Meeting| subjects(&m.topic);
    let about = |m: &Meeting| named.is_empty() || of(m).is_empty() || of(m).iter().any(|s| named.contains(s));
    let suits = |g: &&Planned| {
        let m = &g.meeting;
        m.course_end.is_some() && m.ahead(now) && m.start > soonest && m.suits(a.class.as_deref()) && !a.excluded.contains(&m.specialist) && about(m)
    };
    let found: Vec<&Planned> = case.groups.iter().filter(suits).collect();
    let Some(first) = found.first() else { return Err(Missing::None) };
    if named.is_empty() && found.iter().any(|g| of(&g.meeting) != of(&first.meeting)) {
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
    let groups = case.groups.iter().filter(|g| g.meeting.course_end.is_some() && g.meeting.ahead(case.round.now)).take(4);
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
        let seat = seats::join(&mut family.case, &meeting, None, true);
        family.seats.push(seat);
    }
}

/// What is due by the clock about a group: appeals that ended otherwise, a family that waits while its term ends, a specialist who is away,
/// whether it took place.
pub fn on_groups(round: Round<'_>, facts: &ForMeeting) -> Vec<Effect> {
    let mut group = Group::with(round, facts);
    let ahead = group.meeting.ahead(round.now);
    for index in [group.those(Place::Invited), group.those(Place::Waiting)].concat() {
        let Some(family) = group.families.get(index) else { continue };
        let own = family.case.consultation.as_ref().is_some_and(|c| Consultation::live(c) && c.end > round.now);
        match () {
            () if ahead && !family.case.appeal.open() => group.give_up(index, SeatEnd::Removed, None, SeatNext::Closed),
            () if ahead && own => group.give_up(index, SeatEnd::Removed, None, SeatNext::Own),
            () => {}
        }
    }
    if ahead {
        group.fill();
        waiting_too_long(&mut group);
        away(&mut group);
    } else {
        for index in group.those(Place::Waiting) {
            another_group(&mut group, index, SeatEnd::Full, None);
        }
    }
    if group.meeting.end <= round.now && group.meeting.asked.is_none() {
        group.changed = true;
        group.meeting.asked = Some(round.now);
        group.note(Happened::Reminded, "специалиста спросили, состоялась ли она");
        group.tell_specialist(Kind::Reminder, "over", GroupNews::Over, None, None, None);
    }
    group.finish()
}

/// A waiting family keeps its term: the head is asked a working day before it ends.
fn waiting_too_long(group: &mut Group<'_>) {
    let (now, worktime) = (group.round.now, &group.round.settings.worktime);
    let day = worktime.office_day_minutes();
    for index in group.those(Place::Waiting) {
        let due = |a: &crate::appeal::Appeal| a.met.is_none() && worktime.sub_working_minutes(a.due.office, day) <= now;
        let asked = group.seat(index).is_none_or(|s| s.asked.is_some());
        if asked || !group.families.get(index).is_some_and(|f| due(&f.case.appeal)) {
            continue;
        }
        let question = "Семья ждёт места в группе, свободных мест нет, а срок приглашения подходит к концу. Решите, пожалуйста, чем ей помочь: добавить место, назначить другую группу или ответить.";
        group.on_seat(index, |case, _, seat| {
            seat.asked = Some(now);
            seats::put(case, seat);
            assign::ask(case, question.to_owned(), &[]);
        });
    }
}

/// An absence that was entered after the planning: nothing is cancelled by itself, the head decides.
fn away(group: &mut Group<'_>) {
    let m = &group.meeting;
    let date = group.round.date(m.start);
    let Some(person) = group.round.settings.person(&m.specialist).filter(|p| p.is_away(date)) else { return };
    let when = crate::compose::Moment { at: m.start, zone: group.round.settings.worktime.zone }.title();
    let lines = vec![
        format!("Групповая консультация № {}, {when}: в этот день отсутствует {}.", m.id, Round::titled(person)),
        format!("Семьям пока ничего не отправлено. Перенести: otklik group move {} …, отменить: otklik group cancel {}.", m.id, m.id),
    ];
    group.tell_head(&format!("away/{}", m.start.timestamp()), "специалист группы отсутствует", lines);
}
