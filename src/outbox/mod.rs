//! An outgoing letter as a notion: what a posting is, in which order postings leave, what an outcome of SMTP means for it.
//!
//! Not here: the bytes (`compose`), the wire (`transport`), the rows (`store`).

mod retry;
#[cfg(test)]
mod tests;

pub use retry::{AfterEvidence, Next, after_evidence, next};

use chrono::{DateTime, Utc};

/// Kinds of letters, the words of the transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the keys of the transcript")]
pub enum Kind {
    Receipt,
    Task,
    Invitation,
    Update,
    Cancel,
    Reminder,
    Escalation,
    ReportDaily,
    ReportWeekly,
    CallTask,
    Answer,
    Survey,
    Confirm,
    Announcement,
    Other,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 15] = [
        Kind::Receipt,
        Kind::Task,
        Kind::Invitation,
        Kind::Update,
        Kind::Cancel,
        Kind::Reminder,
        Kind::Escalation,
        Kind::ReportDaily,
        Kind::ReportWeekly,
        Kind::CallTask,
        Kind::Answer,
        Kind::Survey,
        Kind::Confirm,
        Kind::Announcement,
        Kind::Other,
    ];
    /// The key in schema and transcript.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Receipt => "receipt",
            Kind::Task => "task",
            Kind::Invitation => "invitation",
            Kind::Update => "update",
            Kind::Cancel => "cancel",
            Kind::Reminder => "reminder",
            Kind::Escalation => "escalation",
            Kind::ReportDaily => "report_daily",
            Kind::ReportWeekly => "report_weekly",
            Kind::CallTask => "call_task",
            Kind::Answer => "answer",
            Kind::Survey => "survey",
            Kind::Confirm => "confirm",
            Kind::Announcement => "announcement",
            Kind::Other => "other",
        }
    }
    /// The kind of a key.
    pub fn from_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// How a copy goes to Sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SentCopy {
    /// The whole letter.
    Full,
    /// Headers, number and date only (consultations, recommendations).
    Shell,
    /// None.
    No,
}

/// Who is written to; decides the brake and the hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Somebody outside, in answer to what they just wrote: counts in the brake.
    OutsiderAutomatic,
    /// Somebody outside, owed by a term or urgent: not braked.
    OutsiderOwed,
    /// Staff.
    Staff,
}

/// A letter to be sent: frozen bytes, decided once.
#[derive(Clone, PartialEq, Eq)]
pub struct Posting {
    /// Semantic dedupe key, `receipt/147`: the same decision twice is one posting.
    pub key: String,
    /// Kind.
    pub kind: Kind,
    /// Appeal number.
    pub appeal: Option<i64>,
    /// The one recipient.
    pub to: String,
    /// The real recipient in shadow mode (then `to` is the operator).
    pub shadow_of: Option<String>,
    /// Message-ID, bare, deterministic.
    pub message_id: String,
    /// Subject, decoded: for matching replies that lost their references.
    pub subject: String,
    /// RFC 5322 bytes, CRLF.
    pub raw: Vec<u8>,
    /// What Sent keeps instead of `raw` where `copy` is `Shell`.
    pub shell: Option<Vec<u8>>,
    /// Copy in Sent.
    pub copy: SentCopy,
    /// Audience.
    pub audience: Audience,
    /// 0 urgent, 1 moves and cancellations, 2 receipts, 3 invitations, 4 other, 5 reports, 6 announcements (service.md, "Letters in moderation").
    pub priority: u8,
    /// Not before (quiet hours).
    pub not_before: DateTime<Utc>,
    /// Useless after: becomes a task for a person instead of a stale invitation.
    pub not_after: Option<DateTime<Utc>>,
    /// UID of the calendar object inside.
    pub ics_uid: Option<String>,
    /// Slot named in it.
    pub slot: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Kind, appeal and size: recipient, subject and words are nobody's who reads a log; ids carry tokens.
impl std::fmt::Debug for Posting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Posting")
            .field("kind", &self.kind)
            .field("appeal", &self.appeal)
            .field("audience", &self.audience)
            .field("not_before", &self.not_before)
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}

/// State of a posting in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Waiting for `next_at`.
    Queued,
    /// An attempt began; no byte of the letter has left yet.
    Sending,
    /// The letter's bytes may have left: outcome not known.
    Unknown,
    /// Accepted by the server, or proved by evidence.
    Sent,
    /// Refused for good.
    Rejected,
    /// `not_after` passed.
    Expired,
    /// Withdrawn before sending.
    Cancelled,
}

impl Status {
    /// The key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            Status::Queued => "queued",
            Status::Sending => "sending",
            Status::Unknown => "unknown",
            Status::Sent => "sent",
            Status::Rejected => "rejected",
            Status::Expired => "expired",
            Status::Cancelled => "cancelled",
        }
    }
}

/// What one SMTP attempt came to (reliability.md §3.3). Texts are cut to 200 characters and carry no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 250 after the final dot.
    Accepted(String),
    /// Connection, TLS, greeting, EHLO failed or a 421/4xx came before the dot, or the payload was cut: certainly not sent.
    Deferred(String),
    /// 530, 534, 535, 454, 5xx at MAIL: the account, not the letter. Stops the line.
    Account(String),
    /// The provider took it for spam (554 5.7.1, or Yandex's 5.7.8 with "spam"): stops the line for a day.
    Spam(String),
    /// 5xx at RCPT or after the dot: this letter or address is refused.
    Refused(String),
    /// Mailbox full (552, 5.2.2): tried again up to 48 hours.
    Full(String),
    /// Timeout, EOF or reset after the final dot could have left.
    Unknown(String),
}
