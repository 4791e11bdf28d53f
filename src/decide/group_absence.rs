//! A group whose specialist will not be there, or that the head gives to somebody else: the whole of it is passed on by one decision.
//!
//! Not here: what each family is told (`seats`).

use super::group::Group;
use super::{Round, seats};
use crate::appeal::{Answer, Place};
use crate::compose::GroupNews;
use crate::effect::Event as Happened;
use crate::itip::{Method, PartStat};
use crate::outbox::Kind;
use crate::slots::{Busy, Specialist};

/// Deputies of deputies that are asked for.
const LONGEST_CHAIN: usize = 5;

/// An absence on the day of the group: the deputy holds it; without one who can, the head decides.
pub(super) fn away(group: &mut Group<'_>, busy: &[Busy]) {
    let (round, m) = (group.round, &group.meeting);
    let date = round.date(m.start);
    let Some(person) = round.settings.person(&m.specialist).filter(|p| p.is_away(date)) else { return };
    if let Some(deputy) = stand_in(group, person, busy) {
        let why = format!("{} в этот день отсутствует", Round::titled(person));
        return pass_on(group, deputy, &why);
    }
    let when = crate::compose::Moment { at: m.start, zone: round.settings.worktime.zone }.title();
    let lines = vec![
        format!("Групповая консультация № {}, {when}: в этот день отсутствует {}, заместителя на это время нет.", m.id, Round::titled(person)),
        "Семьям пока ничего не отправлено. Решите, пожалуйста, как быть с группой.".to_owned(),
    ];
    // One question for each time of the group, and once more on the working day before: what was asked is known by its key.
    let eve = round.date(round.now) >= round.settings.worktime.prev_workday(date);
    let what = format!("away/{}{}", m.start.timestamp(), if eve { "/eve" } else { "" });
    if group.told.iter().any(|key| *key == group.key(&what)) {
        return;
    }
    group.note(Happened::Asked, "специалист отсутствует, заместителя нет: решает руководитель");
    group.ask_decider(&what, "специалист группы отсутствует", lines);
}

/// Why somebody cannot hold the group.
pub(super) fn prevented(group: &Group<'_>, person: &Specialist, busy: &[Busy]) -> Option<String> {
    let (round, m) = (group.round, &group.meeting);
    let date = round.date(m.start);
    let about = [group.those(Place::Invited), group.those(Place::Waiting)].concat().into_iter().filter_map(|i| group.families.get(i));
    if let Some(family) = about.map(|f| &f.case.appeal).find(|a| a.excluded.contains(&person.id)) {
        return Some(format!("appeal {} of the group is about {}; nobody handles a matter about themselves", family.number, person.id));
    }
    if person.is_away(date) {
        return Some(format!("{} is away on {date}", person.id));
    }
    let taken = busy.iter().any(|b| b.specialist == person.id && b.start < m.end && m.start < b.end);
    taken.then(|| format!("{} has another consultation at that time", person.id))
}

/// The deputy by the register who is there now and then, and free; else the deputy's deputy.
fn stand_in<'a>(group: &Group<'a>, person: &'a Specialist, busy: &[Busy]) -> Option<&'a Specialist> {
    let mut person = person;
    for _ in 0..LONGEST_CHAIN {
        person = group.round.settings.person(person.deputy.as_deref()?)?;
        if group.round.present(person) && person.id != group.meeting.specialist && prevented(group, person, busy).is_none() {
            return Some(person);
        }
    }
    None
}

/// The whole group goes to somebody else: CANCEL for the one, REQUEST for the other with the numbers of all families in one letter; each
/// family is told what changes for it.
pub(super) fn pass_on(group: &mut Group<'_>, to: &Specialist, why: &str) {
    let from = group.meeting.specialist.clone();
    group.next_object();
    group.tell_specialist(Kind::Cancel, "passed", GroupNews::Passed, Some(Method::Cancel), None, Some(&Round::titled(to)));
    let round = group.round;
    let sequence = group.meeting.staff.sequence + 1;
    let uid = seats::uid(&round, &format!("{}/staff/{}/{sequence}", group.meeting.id, to.id));
    group.meeting.specialist.clone_from(&to.id);
    group.meeting.staff = Answer { uid, sequence, dtstamp: round.now, partstat: PartStat::NeedsAction, replied: None };
    group.note(Happened::Handover, &format!("{why}; проведёт {}", Round::titled(to)));
    group.tell_specialist(Kind::Task, "task", GroupNews::Given, Some(Method::Request), None, Some(why));
    let when = crate::compose::Moment { at: group.meeting.start, zone: round.settings.worktime.zone }.title();
    let line = format!("Групповую консультацию № {}, {when}, проведёт {}: {why}. Семьям сообщено.", group.meeting.id, Round::titled(to));
    if round.decider(&[]).is_some_and(|head| head.id != to.id && head.id != from) {
        group.tell_head("handover", "группу проведёт другой специалист", vec![line]);
    }
    for index in [group.those(Place::Invited), group.those(Place::Waiting)].concat() {
        group.on_seat(index, |case, meeting, seat| seats::other_specialist(case, meeting, seat, &from));
    }
}
