//! What a decision may know: snapshots that the store fills inside the transaction that will carry the decision out.
//!
//! Each field names the decision that needs it. Nothing here grows with the whole mailbox or database.

mod many;
mod pending;

pub use pending::{Confirmation, Pending};

pub use many::{Aside, ForIncident, ForList, ForReturn, Found, LiveIncident, Original, Passed, StaffLetter, Wanted};

use crate::announcement::Announced;
use crate::appeal::{Appeal, Before, Call, Consultation, Meeting, Place, Seat};
use crate::outbox::Kind;
use crate::slots::Busy;
use crate::understand::Category;
use chrono::{DateTime, Utc};

/// Where blocked time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockSource {
    /// The person invited the mailbox to an event of theirs.
    Invitation,
    /// Their `.ics` file.
    File,
    /// Another school of this daemon.
    School,
}

impl BlockSource {
    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            BlockSource::Invitation => "invitation",
            BlockSource::File => "file",
            BlockSource::School => "school",
        }
    }
}

/// From and to.
pub type Interval = (DateTime<Utc>, DateTime<Utc>);

/// Time that somebody of the staff is not to be asked for. Times only, never what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Whose.
    pub specialist: String,
    /// Where it comes from.
    pub source: BlockSource,
    /// UID of the invitation, name of the file or of the other school.
    pub uid: String,
    /// SEQUENCE of the last letter about it.
    pub sequence: i64,
    /// DTSTAMP of that letter.
    pub dtstamp: Option<DateTime<Utc>>,
    /// Minutes kept free on both sides.
    pub margin_minutes: u32,
    /// Calendar objects with their times only, for a later expansion; with no times either the block is gone.
    pub rule: Vec<String>,
    /// How far it is expanded.
    pub until: DateTime<Utc>,
    /// The times, in order.
    pub times: Vec<Interval>,
}

/// What a decision about a letter asks the store.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Row of the letter.
    pub letter: i64,
    /// Its Message-ID.
    pub message_id: Option<String>,
    /// Its content hash.
    pub content_hash: String,
    /// Hash of author and words.
    pub text_hash: String,
    /// Address of the author (of the appeal, or From).
    pub author: Option<String>,
    /// Ids that it answers, and what understanding found.
    pub answers: Vec<String>,
    /// Number and token of a pressed button's subject: they find the appeal where no id does.
    pub pressed: Option<(i64, String)>,
    /// Who wrote it, for the questions that wait for an answer of theirs.
    pub sender: Option<String>,
    /// Where a button was pressed: its subject and its whole text, by which the same press is known again.
    pub press: Option<(String, String)>,
    /// It reads as the answer to a question of ours: «подтвердить 482913».
    pub confirms: bool,
    /// UID of its calendar object.
    pub uid: Option<String>,
    /// Category, for the specialist of the last time.
    pub category: Option<Category>,
    /// Numbers of appeals that the letter names as orders of staff do; asked for only where it answers one of ours.
    pub named: Vec<i64>,
    /// Moment of receipt.
    pub received: DateTime<Utc>,
    /// It may be one of many about the same trouble: the category in which to look.
    pub alike: Option<Category>,
    /// Number of the appeal whose family is to be left alone, or no longer.
    pub silenced: Option<i64>,
    /// Number of the incident that a pressed button names.
    pub incident: Option<i64>,
    /// Period of the analysis that a pressed button names.
    pub draft: Option<String>,
    /// «Инцидент закрыт», without a number.
    pub closes_incident: bool,
    /// Whom it went to besides the school: a letter that staff wrote by hand.
    pub recipients: Vec<String>,
    /// What staff look for: «найти +7…».
    pub wanted: Option<Wanted>,
    /// Ids of In-Reply-To and References alone, without what was found by the subject.
    pub referred: Vec<String>,
    /// Its subject: a button of an announcement is found by it.
    pub subject: String,
    /// It is an announcement of staff, as far as its words go.
    pub announces: bool,
    /// It names a second address of its author.
    pub names_address: bool,
}

/// An open appeal of somebody to whom staff wrote by hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Addressed {
    /// The appeal.
    pub thread: Thread,
    /// Subjects of the author's letters to it.
    pub subjects: Vec<String>,
    /// Letters of ours about it that wait.
    pub queued: Vec<Queued>,
    /// The letter answers one of this conversation: the author's or ours.
    pub conversation: bool,
}

/// A letter of ours that waits to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its dedupe key.
    pub key: String,
    /// Its kind.
    pub kind: Kind,
    /// It goes to the author.
    pub to_author: bool,
}

/// The letter of ours that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its dedupe key.
    pub key: String,
    /// Its kind.
    pub kind: Kind,
    /// Whom it went to.
    pub to: String,
    /// Its subject, in words for a person.
    pub subject: String,
}

/// The conversation that a letter belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// The appeal.
    pub appeal: Appeal,
    /// Its consultations, by ordinal.
    pub consultations: Vec<Consultation>,
    /// The posting that was answered.
    pub posting: Option<Answered>,
    /// Found by the number in the subject alone: without a token that holds it is no conversation.
    pub by_number: bool,
    /// The call to its author.
    pub call: Option<Call>,
}

/// An order that can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// Its row.
    pub id: i64,
    /// Id of the member of staff who gave it.
    pub staff: String,
    /// «передать», in the words of the history.
    pub title: String,
    /// Until when.
    pub until: DateTime<Utc>,
    /// As the appeal stood.
    pub before: Before,
    /// As it stood behind the order: what has changed since then is somebody else's.
    pub after: Before,
    /// The letters that it posted.
    pub letters: Vec<Posted>,
    /// Keys of the letters that it withdrew.
    pub withdrew: Vec<String>,
    /// It made the appeal's letter an example.
    pub taught: bool,
}

/// A letter of an order that may be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Its dedupe key.
    pub key: String,
    /// Whom it went to.
    pub to: String,
    /// To somebody who is no staff.
    pub outside: bool,
    /// It has not left yet.
    pub waits: bool,
    /// UID of its calendar object.
    pub uid: Option<String>,
}

/// An appeal that a letter of orders names.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The appeal.
    pub appeal: Appeal,
    /// Its consultations, by ordinal.
    pub consultations: Vec<Consultation>,
    /// Message-IDs of the letters to the author so far, for References.
    pub references: Vec<String>,
    /// Consultations to come of the same author's other appeals.
    pub family: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// All seats in groups that its family has or had.
    pub seats: Vec<Seat>,
    /// The call to its author.
    pub call: Option<Call>,
    /// What was ordered about it last and can be taken back.
    pub undo: Option<Undo>,
}

/// A letter of ours about an appeal, as far as its buttons go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// Its dedupe key.
    pub key: String,
    /// Its kind.
    pub kind: Kind,
    /// Whom it was written for.
    pub to: String,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// Its subject.
    pub subject: String,
}

/// What the store knows about a letter.
#[derive(Debug, Clone, Default)]
pub struct ForLetter {
    /// Number that the next appeal takes.
    pub next_number: i64,
    /// The same letter (Message-ID and hash) was handled: its appeal, if any.
    pub duplicate: Option<Option<i64>>,
    /// The very same letter, Date included, was handled under another Message-ID: a replay.
    pub replayed: bool,
    /// The same words of the same author within seven days: that appeal.
    pub resent: Option<i64>,
    /// Conversation.
    pub thread: Option<Thread>,
    /// The blocked time that its calendar object speaks of, without its times.
    pub block: Option<Block>,
    /// Automatic letters to this author in the last 24 hours.
    pub automatic_to_author: u32,
    /// Specialist who last helped this author in this category.
    pub last_specialist: Option<String>,
    /// Time taken from now on, all specialists.
    pub busy: Vec<Busy>,
    /// Consultations to come of the same author's other appeals: brothers and sisters.
    pub family: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// Open appeals by assignee.
    pub load: Vec<(String, u32)>,
    /// Group consultations to come.
    pub groups: Vec<Planned>,
    /// Letters of ours about the appeal whose button was pressed, the newest first.
    pub bearers: Vec<Bearer>,
    /// The same press of the same person was carried out before.
    pub pressed_before: bool,
    /// Orders in the sender's name that were asked about within a week; filled where the letter reads as an answer to that.
    pub pending: Vec<Pending>,
    /// Questions to the sender that are open.
    pub open_questions: u32,
    /// The group that the letter speaks of: by the UID of its calendar object, else the one in which its appeal has a place.
    pub group: Option<Box<ForMeeting>>,
    /// Open appeals of those to whom the letter went, at most five, and the one whose conversation it belongs to where its author is among them.
    pub addressed: Vec<Addressed>,
    /// What staff look for, newest first, at most ten.
    pub found: Vec<Found>,
    /// All seats in groups that the family of the conversation's appeal has or had.
    pub seats: Vec<Seat>,
    /// What was ordered last about the conversation's appeal and can be taken back.
    pub undo: Option<Undo>,
    /// The letter of ours about no appeal (a report, a list) that was answered.
    pub list: Option<Answered>,
    /// The analysis that it speaks of: pressed, or sent with the report that was answered.
    pub draft: Option<Box<crate::report::Drafted>>,
    /// The appeals that it names, by number.
    pub named: Vec<Named>,
    /// The appeal whose family is to be left alone, or no longer.
    pub silenced: Option<Box<Appeal>>,
    /// Open appeals of the last hour and of the categories compared with its own that belong to no incident: number, category and first words.
    pub recent: Vec<(i64, Category, String)>,
    /// Incidents of these categories that newcomers join.
    pub incidents: Vec<LiveIncident>,
    /// Number that the next incident takes.
    pub next_incident: i64,
    /// The incident that a letter of staff speaks of.
    pub incident: Option<Box<ForIncident>>,
    /// The announcement that it is, or that it answers.
    pub announced: Box<Announced>,
}

/// A group consultation to come, as one who looks for a place sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The meeting.
    pub meeting: Meeting,
    /// Families invited.
    pub invited: u32,
    /// Families in the waiting list.
    pub waiting: u32,
}

impl Planned {
    /// Whether a family that joins now is invited.
    pub fn free(&self) -> bool {
        self.invited < self.meeting.capacity && self.waiting == 0
    }
}

/// A family of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Its appeal.
    pub appeal: Appeal,
    /// Consultations of its own, by ordinal.
    pub consultations: Vec<Consultation>,
    /// Message-IDs of the letters to it so far, for References.
    pub references: Vec<String>,
    /// All seats that it has or had, in any group.
    pub seats: Vec<Seat>,
    /// The words that are still to be told it by telephone.
    pub call: Option<Call>,
}

impl Family {
    /// Its seat in a group.
    pub fn seat(&self, meeting: i64) -> Option<&Seat> {
        self.seats.iter().find(|s| s.meeting == meeting)
    }
}

/// What the store knows about one group consultation.
#[derive(Debug, Clone, PartialEq)]
pub struct ForMeeting {
    /// The meeting.
    pub meeting: Meeting,
    /// Families with a seat in it, by the moment at which they joined; the one that joins now is last.
    pub families: Vec<Family>,
    /// Group consultations to come, this one too.
    pub groups: Vec<Planned>,
    /// Time taken from now on.
    pub busy: Vec<Busy>,
    /// Open appeals by assignee.
    pub load: Vec<(String, u32)>,
    /// Keys of the reminders and questions written about it: each is written once.
    pub told: Vec<String>,
    /// Ids of those who want no reminder half an hour before.
    pub unreminded: Vec<String>,
    /// When it is looked at next, as last decided; the outer `None`: not decided since it changed.
    pub wake: Option<Option<DateTime<Utc>>>,
}

impl ForMeeting {
    /// Families invited.
    pub fn invited(&self) -> usize {
        self.families.iter().filter(|f| f.seat(self.meeting.id).is_some_and(|s| s.place == Place::Invited)).count()
    }
}

/// What a new group consultation asks.
#[derive(Debug, Clone, Default)]
pub struct ForPlan {
    /// Number that it takes.
    pub next: i64,
    /// Time taken from now on.
    pub busy: Vec<Busy>,
}

/// What the store knows about one appeal, for orders.
#[derive(Debug, Clone, PartialEq)]
pub struct ForAppeal {
    /// The appeal.
    pub appeal: Appeal,
    /// Its consultations, by ordinal.
    pub consultations: Vec<Consultation>,
    /// Time taken from now on.
    pub busy: Vec<Busy>,
    /// Consultations to come of the same author's other appeals.
    pub family: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// Open appeals by assignee.
    pub load: Vec<(String, u32)>,
    /// Message-IDs of the letters to the author so far, for References.
    pub references: Vec<String>,
    /// Kinds of the letters to the author that were composed in shadow: at go-live they are owed.
    pub shadowed: Vec<Kind>,
    /// The call to its author.
    pub call: Option<Call>,
    /// Group consultations to come.
    pub groups: Vec<Planned>,
    /// All seats in groups that its family has or had.
    pub seats: Vec<Seat>,
    /// Other appeals that the order names.
    pub named: Vec<Named>,
    /// What was ordered about it last and can be taken back.
    pub undo: Option<Undo>,
}

/// A rung of a ladder that was climbed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// `answer/remind`, `answer/head`, …
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// An open appeal with everything that its deadlines need.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// The appeal.
    pub appeal: Appeal,
    /// Its consultations, by ordinal.
    pub consultations: Vec<Consultation>,
    /// Rungs climbed.
    pub rungs: Vec<Rung>,
    /// Message-IDs of the conversation.
    pub references: Vec<String>,
    /// Consultations to come of the same author's other appeals.
    pub family: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// All seats in groups that its family has or had.
    pub seats: Vec<Seat>,
    /// The call to its author.
    pub call: Option<Call>,
}

/// What the deadlines job knows.
#[derive(Debug, Clone, Default)]
pub struct ForDeadlines {
    /// Open appeals whose next moment has come.
    pub open: Vec<Open>,
    /// Time taken from now on.
    pub busy: Vec<Busy>,
    /// Open appeals by assignee.
    pub load: Vec<(String, u32)>,
    /// Group consultations to come.
    pub groups: Vec<Planned>,
    /// Ids of those who want no reminder half an hour before.
    pub unreminded: Vec<String>,
    /// Local dates (ISO) for which the director's list was sent.
    pub director_list_today: bool,
    /// Ids of those whose absence the head heard of by a letter of its own.
    pub told_away: Vec<String>,
    /// Ids of those whose return was told within a day, and when.
    pub back: Vec<(String, DateTime<Utc>)>,
}
