//! All that a decision may order. Each effect is complete: the store carries it out without choosing anything.

use crate::announcement::Change;
use crate::appeal::{Appeal, Before, Call, Consultation, Ending, Incident, Meeting, Seat};
use crate::facts::{Block, Confirmation};
use crate::outbox::Posting;
use crate::slots::Away;
use crate::understand::Category;
use chrono::{DateTime, Utc};

/// What became of a letter in the journal; the words of the reconciliation line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Opened this appeal.
    Opened(i64),
    /// Added to this appeal.
    Added(i64),
    /// An answer of staff or of a calendar, with the appeal where there is one.
    Answer(Option<i64>),
    /// The same letter again.
    Duplicate(Option<i64>),
    /// Nothing to do, for this reason (`auto_reply`, `list`, `bounce`, …).
    Ignored(&'static str),
}

/// What happened, for the history and the transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the keys of the transcript and of the history")]
pub enum Event {
    Received,
    Ignored,
    Parked,
    Opened,
    Assigned,
    Taken,
    Accepted,
    Declined,
    Tentative,
    Moved,
    Invited,
    Cancelled,
    Overdue,
    Extended,
    Reopened,
    Added,
    Alarm,
    Acknowledged,
    Asked,
    Blocked,
    Held,
    Reminded,
    Escalated,
    Handover,
    StaffLetter,
    Thanks,
    Undelivered,
    Closed,
    Report,
    Stale,
    NotAnswered,
    Ordered,
    Refused,
    Announced,
    Answered,
    Distrusted,
    Unproved,
}

impl Event {
    /// Key in schema and transcript.
    pub fn key(self) -> &'static str {
        match self {
            Event::Received => "received",
            Event::Ignored => "ignored",
            Event::Parked => "parked",
            Event::Opened => "opened",
            Event::Assigned => "assigned",
            Event::Taken => "taken",
            Event::Accepted => "accepted",
            Event::Declined => "declined",
            Event::Tentative => "tentative",
            Event::Moved => "moved",
            Event::Invited => "invited",
            Event::Cancelled => "cancelled",
            Event::Overdue => "overdue",
            Event::Extended => "extended",
            Event::Reopened => "reopened",
            Event::Added => "added",
            Event::Alarm => "alarm",
            Event::Acknowledged => "acknowledged",
            Event::Asked => "asked",
            Event::Blocked => "blocked",
            Event::Held => "held",
            Event::Reminded => "reminded",
            Event::Escalated => "escalated",
            Event::Handover => "handover",
            Event::StaffLetter => "staff_letter",
            Event::Thanks => "thanks",
            Event::Undelivered => "undelivered",
            Event::Closed => "closed",
            Event::Report => "report",
            Event::Stale => "stale",
            Event::NotAnswered => "not_answered",
            Event::Ordered => "ordered",
            Event::Refused => "refused",
            Event::Announced => "announced",
            Event::Answered => "answered",
            Event::Distrusted => "distrusted",
            Event::Unproved => "unproved",
        }
    }
}

/// An order to the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// The letter's row is done.
    Settle(Settled),
    /// A new appeal; its number is the next one.
    Open(Box<Appeal>),
    /// The appeal as it is now.
    Save(Box<Appeal>),
    /// A consultation as it is now (by appeal and ordinal).
    Book(Box<Consultation>),
    /// A group consultation as it is now.
    Meet(Box<Meeting>),
    /// A family's seat as it is now (by meeting and appeal).
    Seat(Box<Seat>),
    /// A letter to be sent.
    Post(Box<Posting>),
    /// A note of the program to itself: never sent, laid into Sent.
    Record(Box<Posting>),
    /// Queued letters with these keys are useless now.
    Withdraw(Vec<String>),
    /// The call of an appeal as it is now.
    Call(Box<Call>),
    /// A line of an appeal's history, in Russian; no personal data beyond what the appeal holds.
    Note {
        /// Appeal.
        appeal: Option<i64>,
        /// What kind of thing.
        event: Event,
        /// In words.
        text: String,
    },
    /// A rung was climbed; it never is again.
    Rung {
        /// Appeal.
        appeal: i64,
        /// `answer/head`.
        name: String,
    },
    /// A report was made for a period.
    Reported {
        /// `daily` or `weekly`.
        kind: &'static str,
        /// Local date of the due moment, ISO.
        period: String,
        /// Covers up to here.
        until: DateTime<Utc>,
    },
    /// What everybody sees is another since now.
    Published {
        /// `published/schedule`.
        key: &'static str,
        /// By which it is known again, and when it was made.
        version: String,
    },
    /// The letter with this Message-ID did not reach its reader (`hard`, `soft`).
    Bounced {
        /// Message-ID, bare.
        message_id: String,
        /// How.
        class: &'static str,
    },
    /// The letter with this Message-ID was certainly sent.
    Evidence {
        /// Message-ID, bare.
        message_id: String,
        /// `sent_folder`, `reply`, `dsn`.
        by: &'static str,
    },
    /// A person must come: run the configured command once for this key.
    Alert {
        /// Dedupe key.
        key: String,
        /// What the command is told: a number, no personal data.
        text: String,
    },
    /// Look at the appeal's deadlines not before then.
    WakeAt {
        /// Appeal.
        appeal: i64,
        /// Next moment at which something may be due.
        at: DateTime<Utc>,
    },
    /// An order waits for the word of the address in whose name it came.
    Ask(Box<Confirmation>),
    /// A code was wrong: one try less for all that waits for this address.
    WrongCode {
        /// Registered address.
        address: String,
    },
    /// The order of this row is carried out now; it never is again.
    Confirmed {
        /// Row.
        id: i64,
    },
    /// Look at the moments of a group consultation not before then; nothing more comes of itself where there is none.
    WakeGroup {
        /// The meeting.
        meeting: i64,
        /// Next moment at which something may be due.
        at: Option<DateTime<Utc>>,
    },
    /// Somebody's time is blocked, or free again.
    Block(Box<Block>),
    /// A family answered the questionnaire.
    Surveyed {
        /// Appeal.
        appeal: i64,
        /// Who held the consultation.
        specialist: Option<String>,
        /// What they said.
        survey: Box<crate::understand::Survey>,
    },
    /// An appeal was closed, and how.
    Ended {
        /// Appeal.
        appeal: i64,
        /// How.
        how: Ending,
    },
    /// A single value to be kept: what somebody of the staff prefers.
    Remember {
        /// `reminders/psychologist-1`.
        key: String,
        /// `off`, `on`.
        value: &'static str,
    },
    /// What an order of staff changed, kept so that it can be taken back. Stands before the effects of that order.
    Keep(Box<Kept>),
    /// An order is taken back: its letters that have not left, and those that it had withdrawn.
    TakeBack {
        /// The row that was kept.
        id: i64,
        /// Queued letters that no longer leave; what is said later may have their keys.
        withdrawn: Vec<String>,
        /// Letters that wait again.
        again: Vec<String>,
    },
    /// Words that came from another appeal are taken out of this one's again.
    Unjoin {
        /// Appeal.
        appeal: i64,
        /// As they were added.
        words: String,
    },
    /// What a correction of this appeal taught was wrong.
    Unlearn(i64),
    /// People moved the appeal to another category: its letter becomes an example of the school's own.
    Learn {
        /// Appeal.
        appeal: i64,
        /// Where it belongs.
        category: Category,
        /// Names of people that must not be kept, besides those of the appeal.
        unwanted: Vec<String>,
    },
    /// Somebody is away, or there again; every open appeal is looked at anew.
    Away(Away),
    /// Queued letters with these keys do not leave: what they say stands in another one.
    Replace {
        /// Their keys.
        keys: Vec<String>,
        /// Key of the letter that says it.
        heir: String,
    },
    /// No automatic letter to this address before then; `None`: again as usual.
    Silence {
        /// Address.
        author: String,
        /// Moment.
        until: Option<DateTime<Utc>>,
    },
    /// An incident as it is now, with the appeals that belong to it.
    Incident(Box<Incident>),
    /// The analysis of a period as it is now; one that is settled stays so.
    Drafted(Box<crate::report::Drafted>),
    /// Somebody of the staff wants a report of a period.
    Want(Box<crate::report::Wanted>),
    /// Something about an announcement changes.
    Announcement(Change),
}

/// What is kept of an order for the hour in which it can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Appeal.
    pub appeal: i64,
    /// Id of the member of staff who gave it.
    pub staff: String,
    /// «передать», in the words of the history.
    pub title: &'static str,
    /// Until when it can be taken back.
    pub until: DateTime<Utc>,
    /// As it stood.
    pub before: Before,
    /// As it stands since.
    pub after: Before,
    /// Keys of the letters that it posted.
    pub posted: Vec<String>,
    /// Keys of the letters that it withdrew, where they waited.
    pub withdrew: Vec<String>,
    /// It made the appeal's letter an example.
    pub taught: bool,
}
