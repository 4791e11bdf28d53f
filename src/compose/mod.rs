//! Every letter we send: context + template -> frozen MIME. One context type for each kind of letter, each with samples.
//!
//! Not here: whether to send (`decide`), sending (`jobs::dispatch`). No foreign display name, subject or HTML ever enters a letter;
//! an author's words reach staff as plain text only.

mod announcement_letters;
mod author_letters;
pub mod buttons;
mod charts;
mod consult_letters;
mod daily_letter;
mod director_letter;
pub mod event_text;
mod filters;
mod freeze;
mod group_letters;
mod hours_letters;
mod links;
mod mime;
mod order_letters;
mod page;
mod parts;
mod previews;
mod publish_letters;
mod recovered_letter;
mod russian;
mod samples_announcement;
mod samples_author;
mod samples_consult;
mod samples_group;
mod samples_hours;
mod samples_reports;
mod samples_staff;
mod staff_letters;
mod stamp;
mod templates;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_buttons;
#[cfg(test)]
mod tests_letters;
#[cfg(test)]
mod tests_mime;
#[cfg(test)]
mod tests_recovered;
mod tombstone;
mod trust_letters;

pub use announcement_letters::{
    AnnouncementCancelled, AnnouncementLetter, AnnouncementList, AnnouncementPreview, AnnouncementReminder, Asked, SecondAddress, Unsubscribed,
    announcement_description, family_links, freeze_announcement, letter_text, sender_link,
};
pub use author_letters::{Absent, Answer, Cancelled, Extension, Invitation, Path, Receipt, Rescheduled};
pub use buttons::{Choice, Press, mailto};
pub use consult_letters::{Ask, NoShow, NotFree, OfferedTime, Offers, Recommendations, Soon, Survey, Tomorrow, Way};
pub use daily_letter::{Daily, Section, Shown};
pub use director_letter::{DirectorReport, DraftOffer, Figure, KEEP, PASS, director_pressed, director_token};
pub use freeze::{decoded, domain_of, freeze, hmac_token, shadow};
pub use group_letters::{
    GroupCancelled, GroupFamily, GroupInvitation, GroupMoved, GroupNews, GroupTask, GroupWaiting, SeatEnd, SeatNews, SeatNext, group_description,
    group_staff_description, group_summary,
};
pub use hours_letters::{Action, Ahead, DayList, ListItem, Return, StaffQuestion, Within, incident_pressed, incident_token, stretch_words};
pub use links::links;
pub use order_letters::{DoneList, Help, HelpGroup, Question, Word};
pub use page::letter_page;
pub use previews::Preview;
pub use publish_letters::{NamedFile, ScheduleChanged};
pub use recovered_letter::{Doubts, Recovered};
pub use russian::{Moment, initials, phone, plural, salutation, upfirst};
pub use staff_letters::{
    Added, Alarm, CallTask, ChartWords, Decision, Done, Escalation, Handover, Item, Listed, Notice, Parked, Passed, Reminder, Slotted, Task, TaskCancelled,
    TaskMoved, Undeliverable, Weekly,
};
pub use stamp::{Stamp, note, stamp, without_epoch};
pub use templates::{TemplateMistake, Templates};
pub use tombstone::tombstone;
pub use trust_letters::Confirmation;

use crate::message::Attachment;
use crate::outbox::{Audience, Kind, SentCopy};
use chrono::{DateTime, Utc};

/// What every letter needs to know of the school. Built once from the settings.
#[derive(Debug, Clone)]
pub struct Composer {
    /// Prepared templates.
    pub templates: Templates,
    /// «Школа № 12».
    pub school: String,
    /// Address of the mailbox: From and ORGANIZER.
    pub address: String,
    /// Telephone, as printed.
    pub phone: String,
    /// The school's zone.
    pub zone: chrono_tz::Tz,
    /// Lines of the helpline block, the same in every receipt (service.md, "Control").
    pub helplines: Vec<String>,
    /// Instance key: Message-IDs, UIDs, boundaries, tokens.
    pub key: InstanceKey,
    /// The key before it, while tokens of its letters may still come back.
    pub older: Option<OlderKey>,
    /// The keys that made the marks of forgotten people where it is not the present one: these never change, or nobody would be known by their mark any more.
    pub marks: Vec<InstanceKey>,
    /// Which machine in turn serves the school, from 1: `otklik takeover` counts on. From 2 on it stands in every Message-ID and in `X-Otklik`.
    pub epoch: u32,
}

/// A key that was replaced: no new letter is made with it, and one made after its end proves nothing.
#[derive(Debug, Clone)]
pub struct OlderKey {
    /// The key.
    pub key: InstanceKey,
    /// When it was replaced.
    pub until: DateTime<Utc>,
}

impl Composer {
    /// The keys with which a letter of this moment may have been made.
    pub fn keys(&self, made: DateTime<Utc>) -> impl Iterator<Item = &InstanceKey> {
        std::iter::once(&self.key).chain(self.older.iter().filter(move |old| made <= old.until).map(|old| &old.key))
    }
}

/// 256 bits made by `init`; never printed.
#[derive(Clone)]
pub struct InstanceKey(pub [u8; 32]);

impl std::fmt::Debug for InstanceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InstanceKey(…)")
    }
}

/// The key of rehearsals, demo and tests: equal input gives equal bytes.
pub const PUBLIC_KEY: InstanceKey = InstanceKey([0x42; 32]);

/// One letter's template folder and its samples.
pub trait Letter: serde::Serialize {
    /// Folder under `templates/`.
    const NAME: &'static str;
    /// Contexts that show every branch of the template; used by `check` and by the tests.
    fn samples() -> Vec<Self>
    where
        Self: Sized;

    /// The pictures that its page shows as `cid:name`; the text and the alternative texts say the same in words.
    fn pictures(&self) -> Vec<Picture> {
        Vec::new()
    }
}

/// A picture of a letter's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// By which the template shows it.
    pub name: &'static str,
    /// The file.
    pub png: Vec<u8>,
}

/// Everything about a letter that is not its text.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// Kind in transcript and schema.
    pub kind: Kind,
    /// Dedupe key: `receipt/147`.
    pub key: String,
    /// Appeal number.
    pub appeal: Option<i64>,
    /// Recipient.
    pub to: String,
    /// Ids of the conversation, oldest first; the last is In-Reply-To.
    pub references: Vec<String>,
    /// In answer to a letter (`auto-replied`) or by the clock (`auto-generated`), RFC 3834 §5.
    pub replied: bool,
    /// Calendar object; its METHOD and UID are read from it.
    pub event: Option<crate::itip::Event>,
    /// Our REPLY to an event of somebody else, as text; never together with `event`.
    pub reply: Option<String>,
    /// Files that go along (staff only), under neutral names.
    pub attachments: Vec<Attachment>,
    /// Audience.
    pub audience: Audience,
    /// Order of sending, 0 first.
    pub priority: u8,
    /// Copy in Sent.
    pub copy: SentCopy,
    /// Not before; `None`: at once.
    pub not_before: Option<DateTime<Utc>>,
    /// Useless after.
    pub not_after: Option<DateTime<Utc>>,
    /// Content hash of the letter that caused it.
    pub cause: Option<String>,
    /// The appeal's due moment, for `X-Otklik`.
    pub due: Option<DateTime<Utc>>,
    /// Whose press the letter's buttons will be.
    pub press: Option<Press>,
    /// The round's `now`: Date, DTSTAMP.
    pub now: DateTime<Utc>,
}
