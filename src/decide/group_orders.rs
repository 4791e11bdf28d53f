//! What staff order about a group consultation: planned, filled, moved, held, cancelled (000 4.1.1; 003 3.7-3.8).
//!
//! Not here: who may give the order (whoever reads it checks that), the letters (`group`, `seats`).

use super::group::Group;
use super::{Round, group_absence, places, seats};
use crate::appeal::{Answer, DUTIES, Meeting, Move, Outcome, Place};
use crate::compose::{GroupNews, SeatEnd, SeatNext, event_text};
use crate::effect::{Effect, Event as Happened};
use crate::facts::{ForMeeting, ForPlan};
use crate::itip::{Method, PartStat};
use crate::outbox::Kind;
use crate::slots::{Busy, Specialist};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Seats that one group may have: more is an assembly.
const MOST: u32 = 500;

/// A group consultation to be planned. Those of the command line are written down for a rebuild, so its words never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Plan {
    /// Id or address.
    pub specialist: String,
    /// In words for families; no names.
    pub topic: String,
    /// Start; it lasts as long as any consultation.
    pub start: DateTime<Utc>,
    /// Seats.
    pub capacity: u32,
    /// «9А», «9»; empty: everybody.
    pub classes: Vec<String>,
    /// Before intermediate certification: the last day of the course.
    pub course_end: Option<NaiveDate>,
    /// The way.
    pub channel: String,
}

/// What staff can order about a group. Written down as [`Plan`] is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum GroupOrder {
    /// This appeal's family takes part.
    Join(i64),
    /// It does not.
    Leave {
        /// Appeal.
        appeal: i64,
        /// Told to the family.
        reason: Option<String>,
    },
    /// Another start.
    Move(DateTime<Utc>),
    /// Somebody else holds it, at the same time: id or address.
    Give(String),
    /// Another number of seats.
    Capacity(u32),
    /// It will not take place.
    Cancel(Option<String>),
    /// It took place.
    Held {
        /// Which of the three duties of 003 3.8 were carried out; required before certification.
        duties: Option<Vec<u8>>,
        /// Appeals whose families did not come.
        missed: Vec<i64>,
    },
}

/// Plans a group consultation: the specialist gets the event, nobody else hears of it yet.
///
/// # Errors
/// A sentence: why it cannot be planned so. Nothing is changed then.
pub fn on_plan(round: Round<'_>, facts: &ForPlan, plan: &Plan) -> Result<Vec<Effect>, String> {
    let settings = round.settings;
    let Some(person) = settings.person(&plan.specialist).or_else(|| settings.person_by_email(&plan.specialist)) else {
        let known: Vec<_> = settings.staff.iter().map(|p| p.id.as_str()).collect();
        return Err(format!("no member of staff has the id {}; known ids: {}", plan.specialist, known.join(", ")));
    };
    if plan.topic.trim().is_empty() {
        return Err("the group has no topic; families read it in the invitation: --topic \"…\"".into());
    }
    if !(1..=MOST).contains(&plan.capacity) {
        return Err(format!("a group has between 1 and {MOST} seats"));
    }
    if matches!(event_text::channel_words(&plan.channel).as_str(), "по телефону" | "по электронной почте") {
        return Err("a group cannot be held by telephone or by e-mail; name in_person, Сферум or another way".into());
    }
    let end = plan.start + TimeDelta::minutes(i64::from(settings.terms.consultation_minutes));
    check_time(round, &facts.busy, person, (plan.start, end), plan.course_end, None)?;
    let staff =
        Answer { uid: seats::uid(&round, &format!("{}/staff", facts.next)), sequence: 0, dtstamp: round.now, partstat: PartStat::NeedsAction, replied: None };
    let meeting = Meeting {
        id: facts.next,
        specialist: person.id.clone(),
        topic: plan.topic.trim().to_owned(),
        start: plan.start,
        end,
        channel: plan.channel.clone(),
        capacity: plan.capacity,
        classes: plan.classes.iter().map(|c| c.trim().to_uppercase()).filter(|c| !c.is_empty()).collect(),
        course_end: plan.course_end,
        cancelled: false,
        staff,
        outcome: None,
        duties: Vec::new(),
        asked: None,
    };
    let mut group = Group::of(round, meeting, Vec::new());
    group.changed = true;
    group.note(Happened::Opened, "назначена");
    group.tell_specialist(Kind::Task, "task", GroupNews::Planned, Some(Method::Request), None, None);
    Ok(group.finish())
}

/// Decides about an order.
///
/// # Errors
/// A sentence: why it cannot be carried out. Nothing is changed then.
pub fn on_group(round: Round<'_>, facts: &ForMeeting, order: &GroupOrder) -> Result<Vec<Effect>, String> {
    let mut group = Group::with(round, facts);
    let (id, now) = (group.meeting.id, round.now);
    if group.meeting.cancelled {
        return Err(format!("group {id} is cancelled; plan another one"));
    }
    if let Some(outcome) = group.meeting.outcome {
        return Err(format!("group {id} is over ({}); plan another one", outcome.key()));
    }
    if group.meeting.start <= now && !matches!(order, GroupOrder::Cancel(_) | GroupOrder::Held { .. }) {
        return Err(format!("group {id} has begun already; tell how it went with held or cancel"));
    }
    match order {
        GroupOrder::Join(number) => group.join(*number)?,
        GroupOrder::Leave { appeal, reason } => {
            let index = group.index(*appeal).ok_or_else(|| format!("appeal {appeal} has no place in group {id}"))?;
            group.give_up(index, SeatEnd::Removed, reason.as_deref(), SeatNext::Decision);
            group.ask_head(index, "Семью сняли с групповой консультации. Решите, пожалуйста, кто и как ей поможет, или закройте заявку.");
            group.fill();
        }
        GroupOrder::Move(start) => group.move_to(facts, *start)?,
        GroupOrder::Give(id) => group.give(facts, id)?,
        GroupOrder::Capacity(seats) => group.resize(*seats)?,
        GroupOrder::Cancel(reason) => group.cancel(reason.as_deref()),
        GroupOrder::Held { duties, missed } => group.held(duties.as_deref(), missed)?,
    }
    Ok(group.finish())
}

/// A start that a group may have: a working day to come, the specialist there and free, not before the end of the course.
fn check_time(
    round: Round<'_>,
    busy: &[Busy],
    person: &Specialist,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    course_end: Option<NaiveDate>,
    own: Option<&Busy>,
) -> Result<(), String> {
    let date = round.date(start);
    if start <= round.now {
        return Err("that time is past; name a time to come".into());
    }
    if !round.workday(date) {
        return Err(format!("{date} is no working day"));
    }
    if let Some(last) = course_end.filter(|last| date < *last) {
        return Err(format!(
            "a consultation before intermediate certification is held after the course (003 3.7), which ends on {last}; {date} is before that"
        ));
    }
    if person.is_away(date) {
        return Err(format!("{} is away on {date}", person.id));
    }
    if busy.iter().any(|b| b.specialist == person.id && Some(b) != own && b.start < end && start < b.end) {
        return Err(format!("{} has another consultation at that time", person.id));
    }
    Ok(())
}

impl Group<'_> {
    fn join(&mut self, number: i64) -> Result<(), String> {
        let id = self.meeting.id;
        let free = self.those(Place::Invited).len() < self.meeting.capacity as usize && self.those(Place::Waiting).is_empty();
        let Some(family) = self.families.iter_mut().find(|f| f.case.appeal.number == number) else {
            return Err(format!("there is no appeal {number}; `otklik list` shows the open ones"));
        };
        if !family.case.appeal.open() {
            return Err(crate::appeal::Refusal::Closed.to_string());
        }
        if family.case.appeal.excluded.contains(&self.meeting.specialist) {
            return Err(format!("appeal {number} is about {}; nobody handles a matter about themselves", self.meeting.specialist));
        }
        let elsewhere = family.seats.iter().find(|s| s.held() && (s.meeting == id || self.groups.iter().any(|g| g.meeting.id == s.meeting)));
        if let Some(seat) = elsewhere {
            return Err(format!(
                "appeal {number} has a place in group {} ({}); `otklik group leave {} {number}` first",
                seat.meeting,
                seat.place.key(),
                seat.meeting
            ));
        }
        family.touched = true;
        let seat = seats::join(&mut family.case, &self.meeting, free);
        family.seats.retain(|s| s.meeting != id);
        family.seats.push(seat);
        Ok(())
    }

    fn move_to(&mut self, facts: &ForMeeting, start: DateTime<Utc>) -> Result<(), String> {
        let Some(person) = self.round.settings.person(&self.meeting.specialist) else {
            return Err(format!("{} is no member of staff any more; cancel the group and plan another one", self.meeting.specialist));
        };
        let (old, end) = (self.meeting.start, start + (self.meeting.end - self.meeting.start));
        if start == old {
            return Err("the group is held at that time already".into());
        }
        check_time(self.round, &facts.busy, person, (start, end), self.meeting.course_end, Some(&self.meeting.busy()))?;
        (self.meeting.start, self.meeting.end) = (start, end);
        self.meeting.staff.partstat = PartStat::NeedsAction;
        self.meeting.staff.replied = None;
        self.next_object();
        self.note(Happened::Moved, "перенесена");
        self.tell_specialist(Kind::Update, "task_moved", GroupNews::Moved, Some(Method::Request), Some(old), None);
        for index in [self.those(Place::Invited), self.those(Place::Waiting)].concat() {
            self.on_seat(index, |case, meeting, seat| seats::moved(case, meeting, seat, old));
        }
        Ok(())
    }

    fn give(&mut self, facts: &ForMeeting, id: &str) -> Result<(), String> {
        let settings = self.round.settings;
        let Some(person) = settings.person(id).or_else(|| settings.person_by_email(id)) else {
            let known: Vec<_> = settings.staff.iter().map(|p| p.id.as_str()).collect();
            return Err(format!("no member of staff has the id {id}; known ids: {}", known.join(", ")));
        };
        if person.id == self.meeting.specialist {
            return Err(format!("{} holds it already", person.id));
        }
        if let Some(why) = group_absence::prevented(self, person, &facts.busy) {
            return Err(why);
        }
        group_absence::pass_on(self, person, "по решению руководителя");
        Ok(())
    }

    fn resize(&mut self, seats: u32) -> Result<(), String> {
        let invited = self.those(Place::Invited).len();
        if !(1..=MOST).contains(&seats) || (seats as usize) < invited {
            return Err(format!("{invited} families are invited; name at least as many seats, at most {MOST}"));
        }
        self.changed = true;
        self.meeting.capacity = seats;
        self.note(Happened::Extended, &format!("мест теперь {seats}"));
        self.fill();
        Ok(())
    }

    fn cancel(&mut self, reason: Option<&str>) {
        let over = self.meeting.start <= self.round.now;
        self.next_object();
        if over {
            self.meeting.outcome = Some(Outcome::NotHeld);
        } else {
            self.meeting.cancelled = true;
        }
        self.groups.retain(|g| g.meeting.id != self.meeting.id);
        self.note(Happened::Cancelled, &format!("отменена{}", reason.map(|r| format!(": {r}")).unwrap_or_default()));
        let method = Some(Method::Cancel).filter(|_| !over);
        self.tell_specialist(Kind::Cancel, "task_cancelled", GroupNews::Cancelled, method, None, reason);
        for index in [self.those(Place::Invited), self.those(Place::Waiting)].concat() {
            places::another_group(self, index, SeatEnd::Cancelled, reason);
        }
    }

    fn held(&mut self, duties: Option<&[u8]>, missed: &[i64]) -> Result<(), String> {
        let (id, now) = (self.meeting.id, self.round.now);
        if self.meeting.start > now {
            return Err(format!("group {id} has not begun yet"));
        }
        if self.meeting.course_end.is_some() && duties.is_none() {
            let list: Vec<_> = (1..).zip(DUTIES).map(|(n, duty)| format!("{n} {duty}")).collect();
            return Err(format!("name the duties of 003 3.8 that were carried out, --duties 1,2,3, or --duties none: {}", list.join("; ")));
        }
        if let Some(unknown) = missed.iter().find(|n| !self.those(Place::Invited).iter().any(|i| self.seat(*i).is_some_and(|s| s.appeal == **n))) {
            return Err(format!("appeal {unknown} had no seat in group {id}"));
        }
        let mut duties = duties.unwrap_or_default().to_vec();
        duties.sort_unstable();
        duties.dedup();
        self.changed = true;
        self.meeting.outcome = Some(Outcome::Held);
        self.meeting.duties = duties;
        self.note(Happened::Closed, "состоялась");
        for index in self.those(Place::Invited) {
            self.on_seat(index, |case, _, seat| {
                seat.missed = missed.contains(&seat.appeal);
                seats::put(case, seat);
                if seat.missed {
                    return case.note(Happened::Added, format!("семья не пришла в группу № {id}; заявка остаётся открытой"));
                }
                if case.step(Move::Close).is_ok() {
                    case.appeal.closed = Some(now);
                    case.appeal.met.get_or_insert(now);
                    case.appeal.question = None;
                    case.note(Happened::Closed, format!("закрыта: групповая консультация № {id} состоялась"));
                }
            });
        }
        for index in self.those(Place::Waiting) {
            places::another_group(self, index, SeatEnd::Full, None);
        }
        Ok(())
    }
}
