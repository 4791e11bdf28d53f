//! A group consultation while a decision about it is taken: its meeting, its families, the letters about it as a whole.
//!
//! Not here: what staff order (`group_orders`), what one family gets (`seats`), what is answered (`group_answers`), where an appeal goes (`places`).

use super::case::{Case, shadowed};
use super::{Round, assign, seats};
use crate::appeal::{DUTIES, Meeting, Place, Seat};
use crate::compose::{
    Ask, Choice, Envelope, GroupNews, GroupTask, Letter, Notice, SeatEnd, SeatNext, event_text, freeze, group_staff_description, group_summary,
};
use crate::effect::{Effect, Event as Happened};
use crate::facts::{ForMeeting, Planned};
use crate::itip::{Alarm, Event, Method, PartStat};
use crate::outbox::{Audience, Kind, SentCopy};
use chrono::{DateTime, TimeDelta, Utc};

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
    /// Keys of the reminders and questions written so far.
    pub told: Vec<String>,
    /// Letters to staff leave at any hour: it begins soon.
    pub at_once: bool,
    pub effects: Vec<Effect>,
}

impl<'a> Group<'a> {
    /// A group with these families.
    pub fn of(round: Round<'a>, meeting: Meeting, families: Vec<Seated<'a>>) -> Group<'a> {
        Group { round, meeting, changed: false, families, groups: Vec::new(), told: Vec::new(), at_once: false, effects: Vec::new() }
    }

    /// The group of the facts.
    pub fn with(round: Round<'a>, facts: &ForMeeting) -> Group<'a> {
        let family = |f: &crate::facts::Family| {
            let mut case = Case::of(round, f.appeal.clone(), &f.consultations, facts.busy.clone(), facts.load.clone(), f.references.clone());
            case.groups.clone_from(&facts.groups);
            case.seats.clone_from(&f.seats);
            Seated { case, seats: f.seats.clone(), touched: false }
        };
        let families = facts.families.iter().map(family).collect();
        Group { groups: facts.groups.clone(), told: facts.told.clone(), ..Group::of(round, facts.meeting.clone(), families) }
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

    /// The specialist's next object: SEQUENCE and DTSTAMP grow.
    pub fn next_object(&mut self) {
        self.changed = true;
        self.meeting.staff.sequence += 1;
        self.meeting.staff.dtstamp = self.round.now.max(self.meeting.staff.dtstamp + TimeDelta::seconds(1));
    }

    /// The specialist's invitation once more, the same SEQUENCE; false where it left within the hour.
    pub fn again(&mut self) -> bool {
        let now = self.round.now;
        if self.meeting.staff.dtstamp + TimeDelta::hours(1) > now {
            return false;
        }
        self.changed = true;
        self.meeting.staff.dtstamp = now;
        self.note(Happened::Added, "календарь специалиста попросил приглашение ещё раз: отправлено");
        self.tell_specialist(Kind::Update, &format!("again/{}", now.timestamp()), GroupNews::Again, Some(Method::Request), None, None);
        true
    }

    /// A letter to the specialist about the group as a whole; whoever runs it no longer is in the register, the head reads it.
    pub fn tell_specialist(&mut self, kind: Kind, what: &str, news: GroupNews, method: Option<Method>, old_start: Option<DateTime<Utc>>, reason: Option<&str>) {
        let (seats, waiting) = (self.numbers(Place::Invited), self.numbers(Place::Waiting));
        let confirmed = self.those(Place::Invited).into_iter().filter(|i| self.seat(*i).is_some_and(|s| s.author.partstat == PartStat::Accepted)).count();
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
            seats,
            waiting,
            confirmed,
        };
        let key = self.key(what);
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

    /// The key of a letter to staff: the same one is written once for each object of the specialist.
    pub fn key(&self, what: &str) -> String {
        format!("group/{}/{what}/{}", self.meeting.id, self.meeting.staff.sequence)
    }

    /// Appeals of the families in this place, in order.
    fn numbers(&self, place: Place) -> Vec<i64> {
        self.those(place).into_iter().filter_map(|i| self.seat(i).map(|s| s.appeal)).collect()
    }

    /// A question to whoever decides, with buttons: they are a family's appeal's, whose number their answer carries. Without any family
    /// there is nothing that could be answered by letter, and the commands are named.
    pub fn ask_decider(&mut self, what: &str, title: &str, lines: Vec<String>) {
        let id = self.meeting.id;
        let of = [self.those(Place::Invited), self.those(Place::Waiting)].concat();
        let open =
            of.into_iter().find(|i| self.families.get(*i).is_some_and(|f| f.case.appeal.open() && self.round.decider(&f.case.appeal.excluded).is_some()));
        let Some(index) = open else {
            let commands = format!("Передать: otklik group give {id} …, перенести: otklik group move {id} …, отменить: otklik group cancel {id}.");
            return self.tell_head(what, title, lines.into_iter().chain([commands]).collect());
        };
        let options = vec![
            Choice::with_room("Назвать, кто проведёт", &format!("группу {id} проведёт"), ": ").command(format!("otklik group give {id} …")),
            Choice::with_room("Перенести группу", &format!("группу {id} перенести на"), " ").command(format!("otklik group move {id} …")),
            Choice::of("Отменить группу", &format!("группу {id} отменить")).command(format!("otklik group cancel {id}")),
        ];
        let key = self.key(what);
        self.on_seat(index, |case, _, _| {
            let Some(head) = case.round.decider(&case.appeal.excluded) else { return };
            let letter = Ask { number: case.appeal.number, title: title.to_owned(), lines, options };
            case.to_staff(Kind::Other, key, head, &letter);
        });
    }

    /// A line to whoever decides.
    pub fn tell_head(&mut self, what: &str, title: &str, lines: Vec<String>) {
        let Some(head) = self.round.decider(&[]) else { return };
        let key = self.key(what);
        self.post(Kind::Other, key, &head.email.clone(), None, &Notice { number: None, title: title.to_owned(), lines });
    }

    /// A letter to staff about no single appeal.
    fn post<L: Letter>(&mut self, kind: Kind, key: String, to: &str, event: Option<Event>, letter: &L) {
        let round = self.round;
        let moved = matches!(kind, Kind::Update | Kind::Cancel);
        let at_once = self.at_once || (moved && self.meeting.start < round.next_noon());
        let envelope = Envelope {
            kind,
            key,
            appeal: None,
            to: to.to_owned(),
            references: Vec::new(),
            replied: false,
            not_after: Some(self.meeting.start).filter(|start| kind == Kind::Reminder && *start > round.now),
            event,
            reply: None,
            press: None,
            attachments: Vec::new(),
            audience: Audience::Staff,
            // What cannot wait for its hour cannot wait for the day's list.
            priority: if moved { 1 } else { 3 - u8::from(at_once) },
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
