//! A group consultation as staff order it: planned, filled, moved, held, cancelled (000 4.1.1; 003 3.7-3.8).
//!
//! Not here: what one family gets (`seats`), what families and the specialist answer (`group_answers`), which group an appeal goes to (`places`).

use super::case::{Case, shadowed};
use super::{Round, assign, places, seats};
use crate::appeal::{Answer, DUTIES, Meeting, Move, Outcome, Place, Seat};
use crate::compose::{Envelope, GroupNews, GroupTask, Letter, Notice, SeatEnd, SeatNext, event_text, freeze, group_staff_description, group_summary};
use crate::effect::{Effect, Event as Happened};
use crate::facts::{ForMeeting, ForPlan, Planned};
use crate::itip::{Alarm, Event, Method, PartStat};
use crate::outbox::{Audience, Kind, SentCopy};
use crate::slots::{Busy, Specialist};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Seats that one group may have: more is an assembly.
const MOST: u32 = 500;

/// A group consultation to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What staff can order about a group.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    group.to_specialist(Kind::Task, "task", GroupNews::Planned, Some(Method::Request), None, None);
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

/// A family while a decision about its group is taken.
pub(super) struct Seated<'a> {
    pub case: Case<'a>,
    /// All its seats, in any group; the last that was decided.
    pub seats: Vec<Seat>,
    pub touched: bool,
}

/// A group while a decision about it is taken.
pub(super) struct Group<'a> {
    pub round: Round<'a>,
    pub meeting: Meeting,
    pub changed: bool,
    /// By the moment at which they joined.
    pub families: Vec<Seated<'a>>,
    pub groups: Vec<Planned>,
    pub effects: Vec<Effect>,
}

impl<'a> Group<'a> {
    fn of(round: Round<'a>, meeting: Meeting, families: Vec<Seated<'a>>) -> Group<'a> {
        Group { round, meeting, changed: false, families, groups: Vec::new(), effects: Vec::new() }
    }

    /// The group of the facts.
    pub fn with(round: Round<'a>, facts: &ForMeeting) -> Group<'a> {
        let family = |f: &crate::facts::Family| {
            let mut case = Case::of(round, f.appeal.clone(), &f.consultations, facts.busy.clone(), facts.load.clone(), f.references.clone());
            case.groups.clone_from(&facts.groups);
            Seated { case, seats: f.seats.clone(), touched: false }
        };
        let families = facts.families.iter().map(family).collect();
        Group { groups: facts.groups.clone(), ..Group::of(round, facts.meeting.clone(), families) }
    }

    /// All effects in the order in which rows depend on each other: the meeting, the appeals with their seats, the rest.
    pub fn finish(self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.changed {
            effects.push(Effect::Meet(Box::new(self.meeting)));
        }
        for family in self.families.into_iter().filter(|f| f.touched) {
            effects.extend(family.case.finish());
        }
        effects.extend(self.effects);
        effects
    }

    /// A line of history that is no family's.
    pub fn note(&mut self, event: Happened, text: &str) {
        self.effects.push(Effect::Note { appeal: None, event, text: format!("группа № {}: {text}", self.meeting.id) });
    }

    pub fn seat(&self, index: usize) -> Option<&Seat> {
        self.families.get(index)?.seats.iter().find(|s| s.meeting == self.meeting.id)
    }

    /// The family of an appeal, where it has a place.
    pub fn index(&self, appeal: i64) -> Option<usize> {
        (0..self.families.len()).find(|i| self.seat(*i).is_some_and(|s| s.appeal == appeal && s.held()))
    }

    /// Families in this place, in order.
    pub fn those(&self, place: Place) -> Vec<usize> {
        let mut found: Vec<usize> = (0..self.families.len()).filter(|i| self.seat(*i).is_some_and(|s| s.place == place)).collect();
        found.sort_by_key(|i| self.seat(*i).map(|s| (s.joined, s.appeal)));
        found
    }

    /// Works on a family's case and its seat in this group.
    pub fn on_seat(&mut self, index: usize, work: impl FnOnce(&mut Case<'a>, &Meeting, &mut Seat)) {
        let (meeting, id) = (&self.meeting, self.meeting.id);
        let Some(family) = self.families.get_mut(index) else { return };
        let Some(seat) = family.seats.iter_mut().find(|s| s.meeting == id) else { return };
        family.touched = true;
        work(&mut family.case, meeting, seat);
    }

    /// A family's place is free.
    pub fn give_up(&mut self, index: usize, why: SeatEnd, reason: Option<&str>, next: SeatNext) {
        self.on_seat(index, |case, meeting, seat| seats::leave(case, meeting, seat, why, reason, next));
    }

    /// The appeal is the head's to decide, its term runs again.
    pub fn ask_head(&mut self, index: usize, question: &str) {
        if let Some(family) = self.families.get_mut(index).filter(|f| f.case.appeal.open()) {
            family.case.appeal.met = None;
            assign::ask(&mut family.case, question.to_owned(), &[]);
        }
    }

    /// Free seats go to those who wait, first come first served.
    pub fn fill(&mut self) {
        if !self.meeting.ahead(self.round.now) {
            return;
        }
        let waiting = self.those(Place::Waiting);
        let mut free = (self.meeting.capacity as usize).saturating_sub(self.those(Place::Invited).len());
        for index in waiting {
            if free == 0 {
                return;
            }
            if self.families.get(index).is_some_and(|f| f.case.appeal.open()) {
                self.on_seat(index, seats::invite);
                free -= 1;
            }
        }
    }

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
        let before = family.seats.iter().find(|s| s.meeting == id).cloned();
        family.touched = true;
        let seat = seats::join(&mut family.case, &self.meeting, before.as_ref(), free);
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
        self.to_specialist(Kind::Update, "task_moved", GroupNews::Moved, Some(Method::Request), Some(old), None);
        for index in [self.those(Place::Invited), self.those(Place::Waiting)].concat() {
            self.on_seat(index, |case, meeting, seat| seats::moved(case, meeting, seat, old));
        }
        Ok(())
    }

    /// The specialist's next object: SEQUENCE and DTSTAMP grow.
    fn next_object(&mut self) {
        self.changed = true;
        self.meeting.staff.sequence += 1;
        self.meeting.staff.dtstamp = self.round.now.max(self.meeting.staff.dtstamp + TimeDelta::seconds(1));
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
        self.to_specialist(Kind::Cancel, "task_cancelled", GroupNews::Cancelled, method, None, reason);
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

    /// A letter to the specialist about the group as a whole; whoever runs it no longer is in the register, the head reads it.
    pub fn to_specialist(&mut self, kind: Kind, what: &str, news: GroupNews, method: Option<Method>, old_start: Option<DateTime<Utc>>, reason: Option<&str>) {
        let (m, s) = (&self.meeting, self.round.settings);
        let duties: Vec<String> = if m.course_end.is_some() { DUTIES.map(str::to_owned).to_vec() } else { Vec::new() };
        let letter = GroupTask {
            id: m.id,
            news,
            topic: m.topic.clone(),
            start: m.start,
            end: m.end,
            channel: m.channel.clone(),
            capacity: m.capacity,
            classes: m.classes.clone(),
            course_end: m.course_end,
            duties: duties.clone(),
            old_start,
            reason: reason.map(str::to_owned),
        };
        let key = format!("group/{}/{what}/{}", m.id, m.staff.sequence);
        let Some(person) = s.person(&m.specialist) else {
            let to = self.round.decider(&[]).map_or_else(|| self.round.operator().to_owned(), |d| d.email.clone());
            return self.post(kind, key, &to, None, &letter);
        };
        let way = event_text::channel_words(&m.channel);
        let event = method.map(|method| Event {
            method,
            uid: m.staff.uid.clone(),
            sequence: m.staff.sequence,
            dtstamp: m.staff.dtstamp,
            start: m.start,
            end: m.end,
            summary: group_summary(m.id),
            description: group_staff_description(m.id, (m.start, m.end), s.worktime.zone, &way, &duties),
            location: way,
            organizer: (s.school.clone(), s.address.clone()),
            attendee: (Some(person.name.clone()), person.email.clone()),
            // 000 4.2: the specialist prepares 30 minutes before the start.
            alarm: Some(Alarm { minutes_before: s.terms.prepare_minutes, text: group_summary(m.id) }).filter(|_| method == Method::Request),
            series: None,
            recurrence_id: None,
            conference: None,
            partstat: m.staff.partstat,
        });
        let to = person.email.clone();
        self.post(kind, key, &to, event, &letter);
    }

    /// A line to whoever decides.
    pub fn tell_head(&mut self, what: &str, title: &str, lines: Vec<String>) {
        let Some(head) = self.round.decider(&[]) else { return };
        let key = format!("group/{}/{what}/{}", self.meeting.id, self.meeting.staff.sequence);
        self.post(Kind::Other, key, &head.email.clone(), None, &Notice { number: None, title: title.to_owned(), lines });
    }

    /// A letter to staff about no single appeal.
    fn post<L: Letter>(&mut self, kind: Kind, key: String, to: &str, event: Option<Event>, letter: &L) {
        let round = self.round;
        let moved = matches!(kind, Kind::Update | Kind::Cancel);
        let at_once = moved && self.meeting.start < round.next_noon();
        let envelope = Envelope {
            kind,
            key,
            appeal: None,
            to: to.to_owned(),
            references: Vec::new(),
            replied: false,
            not_after: None,
            event,
            reply: None,
            press: None,
            attachments: Vec::new(),
            audience: Audience::Staff,
            priority: if moved { 1 } else { 3 },
            copy: if round.settings.sent_copy_full { SentCopy::Full } else { SentCopy::Shell },
            not_before: if at_once { None } else { Some(round.staff_hours(round.now)) },
            cause: None,
            due: None,
            now: round.now,
        };
        let posting = shadowed(&round, freeze(&round.settings.composer, envelope, letter));
        self.effects.push(Effect::Post(Box::new(posting)));
    }
}
