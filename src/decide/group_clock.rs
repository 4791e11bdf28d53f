//! What is due by the clock about a group: appeals that ended otherwise, a specialist who is away, a family that waits while its term ends,
//! reminders, whether it took place.
//!
//! Not here: who passes it on to whom (`group_absence`), the letters (`group`, `seats`).

use super::group::Group;
use super::{Round, assign, group_absence, places, seats};
use crate::appeal::{Consultation, Place};
use crate::compose::{GroupNews, SeatEnd, SeatNext};
use crate::effect::{Effect, Event as Happened};
use crate::facts::ForMeeting;
use crate::outbox::Kind;
use chrono::{DateTime, TimeDelta, Utc};

/// A reminder nearer than this is no use to a family.
const TOO_LATE: TimeDelta = TimeDelta::hours(3);

/// Decides about one group; says when it is to be looked at next.
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
        group_absence::away(&mut group, &facts.busy);
        group.fill();
        waiting_too_long(&mut group);
        remind(&mut group, &facts.unreminded);
    } else {
        for index in group.those(Place::Waiting) {
            places::another_group(&mut group, index, SeatEnd::Full, None);
        }
    }
    if group.meeting.end <= round.now && group.meeting.asked.is_none() {
        group.changed = true;
        group.meeting.asked = Some(round.now);
        group.note(Happened::Reminded, "специалиста спросили, состоялась ли она");
        group.tell_specialist(Kind::Reminder, "over", GroupNews::Over, None, None, None);
    }
    let next = next(&group);
    if group.changed || facts.wake != Some(next) {
        let meeting = group.meeting.id;
        group.effects.push(Effect::WakeGroup { meeting, at: next });
    }
    group.finish()
}

/// When a family is reminded: a day before, in the hours of its class; `None` where that is no use to it.
fn day_before(group: &Group<'_>, index: usize) -> Option<DateTime<Utc>> {
    let start = group.meeting.start;
    let class = group.families.get(index)?.case.class.as_deref();
    Some(group.round.class_hours(start - TimeDelta::days(1), class)).filter(|at| *at + TOO_LATE <= start)
}

/// When the specialist is reminded (000 4.2).
fn half_an_hour_before(group: &Group<'_>) -> DateTime<Utc> {
    group.meeting.start - TimeDelta::minutes(i64::from(group.round.settings.terms.prepare_minutes))
}

/// The next moment at which something may be due.
fn next(group: &Group<'_>) -> Option<DateTime<Utc>> {
    let (m, now) = (&group.meeting, group.round.now);
    let families = group.those(Place::Invited).into_iter().filter_map(|index| day_before(group, index));
    let before = families.chain([half_an_hour_before(group), m.start]).filter(|_| m.ahead(now));
    let over = Some(m.end).filter(|_| m.planned() && m.asked.is_none());
    before.chain(over).filter(|at| *at > now).min()
}

/// Families a day before, the specialist half an hour before: each once for each time of the group.
fn remind(group: &mut Group<'_>, quiet: &[String]) {
    let now = group.round.now;
    if now + TOO_LATE <= group.meeting.start {
        for index in group.those(Place::Invited) {
            if day_before(group, index).is_none_or(|at| at > now) {
                continue;
            }
            let due = group.families.get(index).zip(group.seat(index)).is_some_and(|(f, seat)| seats::to_remind(&f.case, &group.meeting, seat, &group.told));
            if due {
                group.on_seat(index, seats::remind);
            }
        }
    }
    let key = group.key("soon");
    let wanted = group.round.settings.person(&group.meeting.specialist).is_some_and(|p| p.reminders) && !quiet.contains(&group.meeting.specialist);
    if wanted && half_an_hour_before(group) <= now && !group.told.contains(&key) {
        group.at_once = true;
        group.tell_specialist(Kind::Reminder, "soon", GroupNews::Soon, None, None, None);
        group.at_once = false;
        group.note(Happened::Reminded, "специалисту напомнили о ней");
    }
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
