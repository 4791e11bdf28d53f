//! An announcement of staff to families (000 4.1.1, 004): what it says, to whom it goes, how far it is, who answered.
//!
//! Plain data and its readers: the sender's letter (`text`), the classes meant (`audience`), a family's answer (`reply`), the pace (`pace`), what the
//! sender is warned of (`concerns`), texts that are ready (`ready`). Not here: who may write to whom and what is sent when (`decide`), letters (`compose`).

mod audience;
mod concerns;
mod files;
pub mod orders;
mod pace;
mod ready;
mod reply;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_text;
mod text;

pub use audience::{Audience, Chosen, Contact, choose, class_words};
pub use concerns::concerns;
pub use files::{MOST_BYTES, sorted};
pub use pace::{Pace, Recent};
pub use ready::{CONSENT_TEXT, CONSENT_VERSION, Ready};
pub use reply::{Reading, read_reply, second_address};
pub use text::{Written, announces, read_text};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

/// What families are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// «Ознакомлен».
    Read,
    /// «Буду» or «не буду».
    Come,
    /// The number of a choice.
    Choose,
    /// «Согласен» or «не согласен», kept as the family's consent (004 2.1).
    Consent,
}

/// What an announcement says, in the school's local time. Kept as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Subject of the letters: the topic only.
    pub topic: String,
    /// Text for families.
    pub text: String,
    /// Whom it is for, as the sender wrote it.
    pub audience: Audience,
    /// Start of what is announced.
    pub start: Option<NaiveDateTime>,
    /// Its length in minutes.
    pub minutes: u32,
    /// Where, or a link: as written.
    pub place: Option<String>,
    /// «Нужно подтверждение».
    pub confirm: bool,
    /// Last day for an answer.
    pub until: Option<NaiveDate>,
    /// Choices, in order.
    pub choices: Vec<String>,
    /// Leaves at once, where the head says so.
    pub urgent: bool,
    /// A form of consent.
    pub consent: bool,
}

impl Draft {
    /// What families are asked.
    pub fn asks(&self) -> Asks {
        match self {
            Draft { consent: true, .. } => Asks::Consent,
            d if !d.choices.is_empty() => Asks::Choose,
            d if d.start.is_some() => Asks::Come,
            d if d.confirm => Asks::Read,
            _ => Asks::Nothing,
        }
    }

    /// The end of what is announced.
    pub fn end(&self) -> Option<NaiveDateTime> {
        self.start.and_then(|s| s.checked_add_signed(chrono::TimeDelta::minutes(i64::from(self.minutes))))
    }
}

/// How far an announcement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The sender has seen it; no family has.
    Preview,
    /// Letters leave.
    Sending,
    /// All have left; answers come.
    Open,
    /// Reminders leave.
    Reminding,
    /// What was announced will not take place: families are told.
    Cancelling,
    /// The sender has the list.
    Closed,
    /// The sender dropped it before it was sent.
    Dropped,
    /// Nobody answered the preview.
    Lapsed,
    /// Cancelled, and all are told.
    Cancelled,
}

impl Stage {
    /// All of them.
    pub const ALL: [Stage; 9] =
        [Stage::Preview, Stage::Sending, Stage::Open, Stage::Reminding, Stage::Cancelling, Stage::Closed, Stage::Dropped, Stage::Lapsed, Stage::Cancelled];

    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Preview => "preview",
            Stage::Sending => "sending",
            Stage::Open => "open",
            Stage::Reminding => "reminding",
            Stage::Cancelling => "cancelling",
            Stage::Closed => "closed",
            Stage::Dropped => "dropped",
            Stage::Lapsed => "lapsed",
            Stage::Cancelled => "cancelled",
        }
    }

    /// The stage of a key.
    pub fn from_key(key: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|s| s.key() == key)
    }

    /// In words for staff.
    pub fn title(self) -> &'static str {
        match self {
            Stage::Preview => "ждёт слова «разослать»",
            Stage::Sending => "рассылается",
            Stage::Open => "разослано, собираем ответы",
            Stage::Reminding => "рассылаются напоминания",
            Stage::Cancelling => "отменено, семьи узнают об этом",
            Stage::Closed => "закончено",
            Stage::Dropped => "снято до рассылки",
            Stage::Lapsed => "снято: на предпросмотр не ответили",
            Stage::Cancelled => "отменено",
        }
    }

    /// Whether families have it or will have it, and their answers count.
    pub fn answers_count(self) -> bool {
        matches!(self, Stage::Sending | Stage::Open | Stage::Reminding | Stage::Closed)
    }
}

/// An announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Number.
    pub id: i64,
    /// Who sends it: id in the register.
    pub staff: String,
    /// Which preview this is, from 1.
    pub version: u32,
    /// How far it is.
    pub stage: Stage,
    /// Message-ID of the sender's letter, for References.
    pub message_id: Option<String>,
    /// What it says.
    pub draft: Draft,
    /// When the last preview was made.
    pub previewed: DateTime<Utc>,
    /// When the sender said «разослать».
    pub started: Option<DateTime<Utc>>,
    /// When the last letter was made.
    pub finished: Option<DateTime<Utc>>,
    /// When those who have not answered are reminded.
    pub remind_at: Option<DateTime<Utc>>,
    /// When the sender gets the closing list.
    pub close_at: Option<DateTime<Utc>>,
    /// When the sender gets the day's list: questions, letters that did not arrive.
    pub list_at: Option<DateTime<Utc>>,
    /// When the last list was made.
    pub listed: Option<DateTime<Utc>>,
    /// May leave outside the agreed hours: the head said so twice.
    pub at_night: bool,
}

impl Announcement {
    /// When something is to be done next, were no letter waiting for its pace.
    pub fn wake(&self) -> Option<DateTime<Utc>> {
        match self.stage {
            Stage::Preview => Some(self.previewed + chrono::TimeDelta::days(PREVIEW_DAYS)),
            Stage::Open => [self.remind_at, self.close_at, self.list_at].into_iter().flatten().min(),
            // Who asks after the end, or after a cancellation, is told to the sender all the same.
            Stage::Closed | Stage::Cancelled => self.list_at,
            Stage::Sending | Stage::Reminding | Stage::Cancelling | Stage::Dropped | Stage::Lapsed => None,
        }
    }
}

/// Days that a preview waits for its word.
pub const PREVIEW_DAYS: i64 = 3;

/// What a family answered; the last answer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// «Ознакомлен».
    Read,
    /// «Буду», «согласен».
    Yes,
    /// «Не буду», «не согласен».
    No,
    /// A choice, from 1.
    Choice(u8),
}

impl Answer {
    /// Key in the schema.
    pub fn key(self) -> String {
        match self {
            Answer::Read => "read".into(),
            Answer::Yes => "yes".into(),
            Answer::No => "no".into(),
            Answer::Choice(n) => n.to_string(),
        }
    }

    /// The answer of a key.
    pub fn from_key(key: &str) -> Option<Answer> {
        match key {
            "read" => Some(Answer::Read),
            "yes" => Some(Answer::Yes),
            "no" => Some(Answer::No),
            number => number.parse().ok().map(Answer::Choice),
        }
    }

    /// In words for the sender.
    pub fn words(self, draft: &Draft) -> String {
        match (self, draft.asks()) {
            (Answer::Yes, Asks::Consent) => "согласны".into(),
            (Answer::No, Asks::Consent) => "не согласны".into(),
            (Answer::Read, _) => "ознакомлены".into(),
            (Answer::Yes, _) => "будут".into(),
            (Answer::No, _) => "не будут".into(),
            (Answer::Choice(n), _) => {
                let choice = draft.choices.get(usize::from(n).wrapping_sub(1));
                choice.map_or_else(|| format!("вариант {n}"), |c| format!("{n}) {c}"))
            }
        }
    }
}

/// One family's letter and answer. The list is frozen with the preview: what changes in the contacts later changes the next announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Announcement.
    pub announcement: i64,
    /// Place in the list, from 1.
    pub ordinal: u32,
    /// Name as in the contacts.
    pub name: Option<String>,
    /// Classes of the family's children in the audience.
    pub classes: Vec<String>,
    /// Where the letter goes.
    pub email: String,
    /// Personal token of the answer.
    pub token: String,
    /// UID of the family's own event.
    pub uid: String,
    /// When the letter was made.
    pub posted: Option<DateTime<Utc>>,
    /// Why there is none: `unsubscribed`, `silent`, `dropped`.
    pub left_out: Option<String>,
    /// When the reminder was made.
    pub reminded: Option<DateTime<Utc>>,
    /// When the family was told that it will not take place.
    pub cancelled: Option<DateTime<Utc>>,
    /// The answer.
    pub answer: Option<Answer>,
    /// When it came.
    pub answered: Option<DateTime<Utc>>,
    /// Other words of the family that the sender has not been shown yet.
    pub question: Option<String>,
    /// The letter came back or was refused. Told by the outbox, never written.
    pub undelivered: bool,
}

/// A consent that a family gave or refused (004 2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Address of the family.
    pub email: String,
    /// Name as in the contacts.
    pub name: Option<String>,
    /// Classes.
    pub classes: Vec<String>,
    /// Which text: its version and the beginning of its hash.
    pub version: String,
    /// Given or refused.
    pub given: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// The announcement that asked.
    pub announcement: i64,
    /// Message-ID of the letter that answered.
    pub message_id: Option<String>,
}

/// A second address of a family, named by a letter from a known one and good only when confirmed from the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// The new address.
    pub email: String,
    /// The known one.
    pub known: String,
    /// Token of the question that was sent to the new one.
    pub token: String,
    /// When it was asked.
    pub asked: DateTime<Utc>,
    /// When it was confirmed.
    pub confirmed: Option<DateTime<Utc>>,
}

/// What a decision about announcements orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The announcement as it is now; looked at again at the moment.
    Save(Box<Announcement>, Option<DateTime<Utc>>),
    /// Its audience, in place of the one before.
    Audience(i64, Vec<Addressee>),
    /// Its files, in place of those before.
    Files(i64, Vec<crate::message::Attachment>),
    /// A family as it is now.
    Family(Box<Addressee>),
    /// Its letters and reminders that wait do not leave; their families count as not written to.
    Withdraw(i64),
    /// No announcements to this address any more.
    Unsubscribe(String),
    /// Announcements to this address again.
    Subscribe(String),
    /// A family's consent.
    Consent(Box<Consent>),
    /// A second address.
    Learn(Box<Learned>),
}

/// What the store knows for a letter that may be about an announcement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Announced {
    /// Number that the next announcement takes.
    pub next: i64,
    /// The announcement that the letter speaks of.
    pub about: Option<Announcement>,
    /// Its counts, where the letter speaks of one.
    pub tally: Tally,
    /// The letter names one of ours in its In-Reply-To or References: nobody else can know that id.
    pub referred: bool,
    /// The version of the preview that was answered.
    pub version: Option<u32>,
    /// The family whose letter was answered.
    pub family: Option<Addressee>,
    /// The whole list of an announcement that its sender asks about.
    pub families: Vec<Addressee>,
    /// Names of the files that the announcement carries.
    pub files: Vec<crate::message::Attachment>,
    /// Addresses that want no announcements; asked only for a letter of staff.
    pub unsubscribed: Vec<String>,
    /// Addresses of families that get no automatic letter; asked only for a letter of staff.
    pub silent: Vec<String>,
    /// Letters of announcements lately, for the pace.
    pub recent: Recent,
    /// Letters of other announcements that have not been made yet.
    pub ahead: u32,
    /// The known address behind the author's second one.
    pub known: Option<String>,
    /// A second address that waits for this letter's confirmation, or was named lately by its author.
    pub learned: Option<Learned>,
}

/// How many families are how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// In the list.
    pub families: u32,
    /// Letters made.
    pub posted: u32,
    /// Left out.
    pub left_out: u32,
    /// Answered.
    pub answered: u32,
    /// Of the letters made, those that certainly have not left yet.
    pub waiting: u32,
}

impl Tally {
    /// Families that have the letter, or may have it.
    pub fn reached(&self) -> u32 {
        self.posted.saturating_sub(self.waiting)
    }
}

/// An announcement whose moment has come, with what the moment needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Woken {
    /// The announcement.
    pub announcement: Announcement,
    /// Counts.
    pub tally: Tally,
    /// The next families of the letter, the reminder or the cancellation that is leaving, at most a minute's; of those whose hours it is.
    pub next: Vec<Addressee>,
    /// When the hours of the first of the others come, as far as those were looked at.
    pub later: Option<DateTime<Utc>>,
    /// All families, where a list is due.
    pub families: Vec<Addressee>,
    /// Files that go along, where letters leave.
    pub files: Vec<crate::message::Attachment>,
}

/// What the clock's decision about announcements knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ForAnnouncements {
    /// Those whose moment has come.
    pub woken: Vec<Woken>,
    /// Letters of announcements lately.
    pub recent: Recent,
    /// Addresses that want no announcements.
    pub unsubscribed: Vec<String>,
    /// Addresses of families that get no automatic letter.
    pub silent: Vec<String>,
}

/// The subject's mark of a family's answer: `[obv-TOKEN]`.
pub const FAMILY_MARK: &str = "[obv-";
/// The subject's mark of the sender's press: `[obs-ID-VERSION-TOKEN]`.
pub const SENDER_MARK: &str = "[obs-";

/// A family's token in a subject.
pub fn family_token(subject: &str) -> Option<&str> {
    let token = subject.rsplit_once(FAMILY_MARK)?.1.trim_end().strip_suffix(']')?;
    (token.len() == 26 && token.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(token)
}

/// Number, version and token of the sender's press in a subject.
pub fn sender_press(subject: &str) -> Option<(i64, u32, &str)> {
    let inside = subject.rsplit_once(SENDER_MARK)?.1.trim_end().strip_suffix(']')?;
    let mut parts = inside.splitn(3, '-');
    let (id, version, token) = (parts.next()?, parts.next()?, parts.next()?);
    (token.len() == 26 && token.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| id.parse().ok().zip(version.parse().ok()).map(|(i, v)| (i, v, token)))?
}
