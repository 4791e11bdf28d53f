//! One appeal while a decision about it is taken: its record, its consultation, and the effects so far.

use super::{Round, choices};
use crate::appeal::{Appeal, Before, Call, Consultation, Ending, Meeting, Move, Refusal, Seat, after};
use crate::compose::{Envelope, Letter, Moment, Press, buttons, freeze, shadow};
use crate::effect::{Effect, Event};
use crate::facts::Planned;
use crate::itip;
use crate::message::Attachment;
use crate::outbox::{Audience, Kind, Posting, SentCopy};
use crate::settings::Mode;
use crate::slots::{Busy, Slot, Specialist};
use crate::understand::Category;
use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// A time that whoever decides can take with one press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proposal {
    pub slot: Slot,
    /// What speaks for it and against it.
    pub why: Vec<String>,
}

/// The case.
pub(super) struct Case<'a> {
    pub round: Round<'a>,
    pub appeal: Appeal,
    pub fresh: bool,
    /// The consultation in question: the next one to come, else the last.
    pub consultation: Option<Consultation>,
    /// All of the appeal's, by ordinal; the one in question as it was last booked.
    pub all: Vec<Consultation>,
    pub booked: Vec<Consultation>,
    pub busy: Vec<Busy>,
    pub load: Vec<(String, u32)>,
    /// The child's class by now: 5А of a letter of May is 6А in September.
    pub class: Option<String>,
    /// Times for the next question to whoever decides.
    pub proposals: Vec<Proposal>,
    /// Other consultations of the same family to come.
    pub family: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    pub references: Vec<String>,
    /// In direct answer to a letter of the author: quiet hours do not apply.
    pub replying: bool,
    /// Ordinal of the consultation that a letter speaks of by itself: below its own question, on its own button.
    pub meant: Option<u32>,
    /// Id of the member of staff whose word is carried out.
    pub by: Option<String>,
    /// Number of the appeal into which this one was closed.
    pub meant_into: Option<i64>,
    /// Id of whoever said that it is not theirs: not proposed again in the question that follows.
    pub unwilling: Option<String>,
    /// Letters to staff leave at any hour: they are about something that begins soon.
    pub at_once: bool,
    /// The letters to staff are alarms: few buttons.
    pub alarming: bool,
    /// The next letter to the author leaves not before then.
    pub not_before: Option<DateTime<Utc>>,
    /// Letters of this decision are of no use after it: a reminder of a consultation that has begun.
    pub not_after: Option<DateTime<Utc>>,
    /// What is told starts before the next noon, though it is no consultation of the appeal's own (a group).
    pub soon: bool,
    /// Group consultations to come, where the decision may take the family into one.
    pub groups: Vec<Planned>,
    /// All seats in groups that the family has or had.
    pub seats: Vec<Seat>,
    /// A time that was found for this appeal together with others: it is taken where it is still free.
    pub proposed: Option<Slot>,
    /// What the school knows of an incident already: it goes with the receipt.
    pub known: Option<String>,
    /// The call to the author, done or not.
    pub call: Option<Call>,
    pub files: Vec<Attachment>,
    pub effects: Vec<Effect>,
}

#[expect(clippy::wrong_self_convention, reason = "`to_` names the reader of a letter, it converts nothing")]
impl<'a> Case<'a> {
    /// A case about a known appeal and its consultations.
    pub fn of(round: Round<'a>, appeal: Appeal, all: &[Consultation], busy: Vec<Busy>, load: Vec<(String, u32)>, references: Vec<String>) -> Case<'a> {
        let ahead = all.iter().filter(|c| c.live() && c.outcome.is_none() && c.end > round.now).min_by_key(|c| c.start);
        let consultation = ahead.or(all.last()).cloned();
        let class = appeal.class.as_deref().map(|c| class_now(c, round.date(appeal.received), round.date(round.now)));
        let (booked, files, effects) = (Vec::new(), Vec::new(), Vec::new());
        Case {
            round,
            appeal,
            fresh: false,
            consultation,
            all: all.to_vec(),
            booked,
            busy,
            load,
            class,
            proposals: Vec::new(),
            family: Vec::new(),
            references,
            replying: false,
            meant: None,
            by: None,
            meant_into: None,
            unwilling: None,
            at_once: false,
            alarming: false,
            not_before: None,
            not_after: None,
            soon: false,
            groups: Vec::new(),
            seats: Vec::new(),
            proposed: None,
            known: None,
            call: None,
            files,
            effects,
        }
    }

    /// The place in a group to come that the family has, and the group.
    pub fn seated(&self) -> Option<(Meeting, Seat)> {
        let of = |s: &Seat| self.groups.iter().find(|g| g.meeting.id == s.meeting && g.meeting.ahead(self.round.now));
        self.seats.iter().filter(|s| s.held()).find_map(|s| of(s).map(|g| (g.meeting.clone(), s.clone())))
    }

    /// How it stands, for an order that may be taken back.
    pub fn stands(&self) -> Before {
        Before { into: self.meant_into, ..Before::of(&self.appeal, &self.all, &self.seats).with_call(self.call.as_ref()) }
    }

    /// Turns to another consultation of the appeal; what was decided about the present one stands.
    pub fn focus(&mut self, ordinal: u32) {
        if self.consultation.as_ref().is_some_and(|c| c.ordinal == ordinal) {
            return;
        }
        self.book();
        if let Some(other) = self.all.iter().find(|c| c.ordinal == ordinal) {
            self.consultation = Some(other.clone());
        }
    }

    /// The ordinal of the next consultation.
    pub fn next_ordinal(&self) -> u32 {
        self.all.iter().chain(&self.consultation).map(|c| c.ordinal).max().unwrap_or(0) + 1
    }

    /// All effects in the order in which rows depend on each other: the appeal, its consultations, the rest.
    pub fn finish(mut self) -> Vec<Effect> {
        self.book();
        let mut effects = vec![if self.fresh { Effect::Open(Box::new(self.appeal)) } else { Effect::Save(Box::new(self.appeal)) }];
        effects.extend(self.booked.into_iter().map(|c| Effect::Book(Box::new(c))));
        effects.extend(self.effects);
        effects
    }

    /// «в среду, 25 ноября, в 15:30».
    pub fn spoken(&self, at: DateTime<Utc>) -> String {
        Moment { at, zone: self.round.settings.worktime.zone }.spoken()
    }

    /// «среды, 25 ноября, 15:30», behind «до».
    pub fn by_words(&self, at: DateTime<Utc>) -> String {
        Moment { at, zone: self.round.settings.worktime.zone }.deadline()
    }

    /// Remembers the present consultation, where it is new or changed.
    pub fn book(&mut self) {
        let Some(c) = &self.consultation else { return };
        if self.all.contains(c) {
            return;
        }
        // Whatever is looked for next sees the time as it is now.
        let before = self.all.iter().find(|b| b.ordinal == c.ordinal && b.live()).map(Consultation::busy);
        if let Some(index) = self.busy.iter().position(|b| Some(b) == before.as_ref()) {
            self.busy.remove(index);
        }
        if c.live() {
            self.busy.push(c.busy());
        }
        for list in [&mut self.booked, &mut self.all] {
            list.retain(|b| b.ordinal != c.ordinal);
            list.push(c.clone());
        }
        self.all.sort_by_key(|b| b.ordinal);
    }

    pub fn note(&mut self, event: Event, text: impl Into<String>) {
        self.effects.push(Effect::Note { appeal: Some(self.appeal.number), event, text: text.into() });
    }

    /// The end of it, told in the history; the state was moved before.
    pub fn close(&mut self, how: Ending, text: impl Into<String>) {
        self.appeal.closed = Some(self.round.now);
        self.appeal.question = None;
        self.effects.push(Effect::Ended { appeal: self.appeal.number, how });
        self.note(Event::Closed, text);
    }

    /// Moves the state.
    pub fn step(&mut self, step: Move) -> Result<(), Refusal> {
        self.appeal.state = after(self.appeal.state, step)?;
        Ok(())
    }

    /// The assignee.
    pub fn assignee(&self) -> Option<&'a Specialist> {
        self.appeal.assignee.as_deref().and_then(|id| self.round.settings.person(id))
    }

    /// Whether the head sees more of it than number, state and term (service.md, "Who sees what").
    pub fn confidential(&self) -> bool {
        let a = &self.appeal;
        matches!(a.category, Category::Psychologist | Category::SocialPedagogue) && !(a.urgent || a.complaint || a.unsure || a.delicate)
    }

    /// The posting, in shadow mode addressed to the operator.
    fn posting<L: Letter>(&self, envelope: Envelope, letter: &L) -> Posting {
        let posting = freeze(&self.round.settings.composer, envelope, letter);
        shadowed(&self.round, posting)
    }

    fn envelope(&self, kind: Kind, key: String, to: &str) -> Envelope {
        Envelope {
            kind,
            key,
            appeal: Some(self.appeal.number),
            to: to.to_owned(),
            references: Vec::new(),
            replied: self.replying,
            event: None,
            reply: None,
            attachments: Vec::new(),
            audience: Audience::Staff,
            priority: 4,
            copy: SentCopy::Full,
            not_before: None,
            not_after: self.not_after,
            cause: Some(self.appeal.cause.clone()).filter(|c| !c.is_empty()),
            due: Some(self.appeal.due.literal),
            press: None,
            now: self.round.now,
        }
    }

    /// The buttons of a letter to staff are that person's alone.
    pub fn press_of(&self, to: &str) -> Option<Press> {
        let person = self.round.settings.person_by_email(to)?;
        let token = buttons::order_token(&self.round.settings.composer.key, self.appeal.number, &person.id);
        Some(Press {
            number: self.appeal.number,
            token,
            about: self.consultation.as_ref().filter(|c| c.live()).map(|c| c.start),
            choices: if self.alarming { choices::of_alarm(self, person) } else { choices::of(self, person) },
        })
    }

    /// A letter to a member of staff, in their hours unless urgent. Never to anybody whom the matter is about.
    pub fn to_staff<L: Letter>(&mut self, kind: Kind, key: String, person: &Specialist, letter: &L) {
        if !self.appeal.excluded.contains(&person.id) {
            self.to_address(kind, key, &person.email.clone(), None, Vec::new(), letter);
        }
    }

    /// A letter to staff with an event or files.
    pub fn to_address<L: Letter>(&mut self, kind: Kind, key: String, to: &str, event: Option<itip::Event>, files: Vec<Attachment>, letter: &L) {
        let urgent = self.appeal.urgent;
        let moved = matches!(kind, Kind::Update | Kind::Cancel);
        let hours = self.round.staff_hours(self.round.now);
        let mut envelope = self.envelope(kind, key, to);
        envelope.priority = if urgent {
            0
        } else if moved {
            1
        } else if self.at_once {
            // What cannot wait for its hour cannot wait for the day's list.
            2
        } else {
            3
        };
        envelope.not_before = if urgent || self.at_once || (moved && self.starts_soon()) { None } else { Some(hours) };
        envelope.event = event;
        envelope.press = self.press_of(to);
        envelope.attachments = files;
        if self.confidential() || self.appeal.consultation {
            envelope.copy = self.copy();
        }
        let posting = self.posting(envelope, letter);
        self.effects.push(Effect::Post(Box::new(posting)));
    }

    /// A letter to the author. Delicate appeals get nothing automatic but the receipt.
    pub fn to_author<L: Letter>(&mut self, kind: Kind, key: String, event: Option<itip::Event>, letter: &L) -> bool {
        let Some(to) = self.appeal.email.clone() else { return false };
        let automatic = kind == Kind::Receipt;
        let mut envelope = self.envelope(kind, key, &to);
        envelope.references = self.references.clone();
        let token = buttons::author_token(&self.round.settings.composer.key, self.appeal.number, &to);
        envelope.press = Some(Press { number: self.appeal.number, token, about: None, choices: Vec::new() });
        envelope.audience = if automatic && !self.appeal.urgent { Audience::OutsiderAutomatic } else { Audience::OutsiderOwed };
        envelope.priority = match kind {
            _ if self.appeal.urgent => 0,
            Kind::Update | Kind::Cancel => 1,
            Kind::Receipt => 2,
            _ => 3,
        };
        let at_once = self.replying || self.appeal.urgent || (matches!(kind, Kind::Update | Kind::Cancel) && self.starts_soon());
        envelope.not_before = if at_once { None } else { Some(self.round.class_hours(self.round.now, self.class.as_deref())) };
        if self.not_before.is_some() {
            envelope.not_before = self.not_before;
        }
        envelope.not_after = event.as_ref().filter(|e| e.method == itip::Method::Request).map(|e| e.start).or(envelope.not_after);
        envelope.event = event;
        if matches!(kind, Kind::Invitation | Kind::Update | Kind::Cancel | Kind::Answer) {
            envelope.copy = self.copy();
        }
        let posting = self.posting(envelope, letter);
        self.effects.push(Effect::Post(Box::new(posting)));
        true
    }

    /// How consultation letters and recommendations are kept in Sent.
    fn copy(&self) -> SentCopy {
        if self.round.settings.sent_copy_full { SentCopy::Full } else { SentCopy::Shell }
    }

    /// The consultation starts before the next noon: a move or cancellation is told at once.
    fn starts_soon(&self) -> bool {
        self.soon
            || self.consultation.as_ref().is_some_and(|c| c.start < self.round.next_noon())
            || self.booked.iter().any(|c| c.start < self.round.next_noon())
    }

    /// A key that tells repeats of one decision apart by the round's moment, and two letters of one decision by a count.
    pub fn key(&self, what: &str) -> String {
        let key = format!("{what}/{}/{}", self.appeal.number, self.round.now.timestamp());
        let used = |k: &str| self.effects.iter().any(|e| matches!(e, Effect::Post(p) if p.key.strip_prefix("shadow/").unwrap_or(&p.key) == k));
        let mut free = key.clone();
        for count in 2..100 {
            if !used(&free) {
                break;
            }
            free = format!("{key}/{count}");
        }
        free
    }

    /// Whether its consultation is still to take place (or under way): what is over is neither moved nor cancelled.
    pub fn ahead(&self) -> bool {
        self.consultation.as_ref().is_some_and(|c| c.live() && c.outcome.is_none() && c.end > self.round.now)
    }

    /// The operator for this appeal: never somebody whom it is about.
    pub fn operator(&self) -> String {
        let settings = self.round.settings;
        let about = |email: &&String| settings.person_by_email(email).is_some_and(|p| self.appeal.excluded.contains(&p.id));
        let decider = || self.round.decider(&self.appeal.excluded).map(|d| d.email.clone());
        settings.operator.iter().find(|o| !about(o)).cloned().or_else(decider).unwrap_or_else(|| self.round.operator().to_owned())
    }

    /// A moment strictly later than the last DTSTAMP of a calendar.
    pub fn dtstamp(&self, last: DateTime<Utc>) -> DateTime<Utc> {
        self.round.now.max(last + chrono::TimeDelta::seconds(1))
    }
}

/// A class as it is called when school years have passed; the eleventh is the last.
fn class_now(class: &str, then: NaiveDate, now: NaiveDate) -> String {
    let school_year = |d: NaiveDate| d.year() - i32::from(d.month() < 9);
    let digits = class.find(|c: char| !c.is_ascii_digit()).unwrap_or(class.len());
    let (number, letter) = class.split_at(digits);
    let passed = school_year(now) - school_year(then);
    match number.parse::<i32>() {
        Ok(n) if passed > 0 => format!("{}{letter}", (n + passed).min(11)),
        _ => class.to_owned(),
    }
}

/// In shadow mode every letter goes to the operator instead.
pub(super) fn shadowed(round: &Round<'_>, posting: Posting) -> Posting {
    match round.mode {
        // The operator's own letters too: without the mark a trial's call task would be carried out.
        Mode::Shadow => shadow(&round.settings.composer, posting, round.operator()),
        Mode::Live => posting,
    }
}
