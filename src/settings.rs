//! The gathered settings of one school: plain values, checked, immutable. Reading files is `config`'s.

use crate::announcement::{Contact, Pace};
use crate::compose::Composer;
use crate::report::Schedule;
use crate::slots::{ClassRange, Silence, Specialist};
use crate::understand::{Category, StaffName, Subjects, Topics};
use crate::worktime::{Term, Worktime};
use chrono::{NaiveDate, NaiveTime, Weekday};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Whether letters really leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Every letter goes to the operator instead.
    Shadow,
    /// Letters go to people.
    Live,
}

/// Who receives a category first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// The specialist of the category.
    Specialist,
    /// The head.
    Head,
}

/// How a category is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// Answered within 24 hours.
    Request,
    /// A consultation, the author invited within 3 business days.
    Consultation,
}

/// When the author is invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// As soon as the specialist has accepted (or is taken to have).
    SpecialistFirst,
    /// With the assignment.
    AtOnce,
}

/// One category's handling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CategoryRule {
    /// Who.
    pub to: Route,
    /// How.
    pub handled: Handling,
    /// When the author is invited.
    pub policy: Policy,
    /// Times that the author may choose among: 1 assigns one, up to 3.
    pub offer: u8,
}

/// Terms and limits (`rules/terms.toml`).
#[derive(Debug, Clone)]
pub struct Terms {
    /// 001 3.2.1.
    pub take: Term,
    /// 001 3.2.2.
    pub answer: Term,
    /// 000 3.2.
    pub invite: Term,
    /// 000 4.3.1: at most 40.
    pub consultation_minutes: u32,
    /// 000 4.2.
    pub prepare_minutes: u32,
    /// Minutes between now and the first slot that may be offered.
    pub notice_minutes: u32,
    /// Days ahead that slots are looked for.
    pub horizon_days: u32,
    /// Between consultations.
    pub buffer_minutes: u32,
    /// What a specialist's silence to a proposed time means, where their entry says nothing.
    pub silence: Silence,
    /// Working minutes after which it means so, where their entry says nothing.
    pub silence_minutes: u32,
    /// Working minutes before a term at which the specialist is reminded.
    pub remind_minutes: u32,
    /// Working minutes after the head's rung until the director's.
    pub director_minutes: u32,
    /// Minutes between repeats of an alarm.
    pub alarm_minutes: u32,
    /// Days within which «не помогло» reopens.
    pub reopen_days: u32,
    /// Confidence below which the head decides.
    pub sure: f64,
    /// Letters to authors not before (local).
    pub quiet_until: NaiveTime,
    /// Letters to authors not after (local).
    pub quiet_from: NaiveTime,
    /// Letters to staff not before.
    pub staff_from: NaiveTime,
    /// Letters to staff not after.
    pub staff_until: NaiveTime,
    /// Letters that one member of staff gets a day, the rest as one list.
    pub staff_letters_a_day: u32,
    /// A vacation answer of a colleague is an absence by itself, not a question to the head.
    pub believe_auto_replies: bool,
}

/// The brake (design.md, 8).
#[derive(Debug, Clone, Copy)]
pub struct Brake {
    /// Automatic letters to outsiders an hour.
    pub hour: u32,
    /// A day.
    pub day: u32,
    /// A day to one address.
    pub address_day: u32,
}

/// Announcements (`rules/announcements.toml`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementRules {
    /// Who besides the head writes to which classes: id and classes.
    pub may: Vec<(String, Vec<ClassRange>)>,
    /// How fast letters leave.
    pub pace: Pace,
    /// The protocol by which a confirmation counts as a signature (004 2.5).
    pub protocol: Option<String>,
}

/// How the schedule of consultations is approved and where it goes (`[schedule]`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScheduleRules {
    /// Who approves, «директор Громова Е. С.»; otherwise the director.
    pub approved_by: Option<String>,
    /// Number of the order; otherwise a blank to fill in.
    pub number: Option<String>,
    /// Its date; otherwise a blank to fill in.
    pub date: Option<NaiveDate>,
    /// Where the daemon keeps its files.
    pub folder: Option<PathBuf>,
    /// Who is sent them when they change; otherwise the operator, where there is a folder.
    pub administrator: Option<String>,
}

/// What the school's site says besides (`rules/site.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteRules {
    /// Telephone of the hotline; otherwise the school's.
    pub hotline: Option<String>,
    /// When somebody answers there, in words.
    pub hotline_hours: Option<String>,
    /// Announcements that the school makes public.
    pub announcements: Vec<PublicAnnouncement>,
}

/// An announcement for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAnnouncement {
    /// Its day.
    pub date: NaiveDate,
    /// The last day it is shown.
    pub until: Option<NaiveDate>,
    /// Title.
    pub title: String,
    /// Paragraphs.
    pub text: Vec<String>,
}

/// A season (`rules/seasons.toml`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// Name.
    pub name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Ids of those on duty instead of the usual assignee, by category; empty: as usual.
    pub duty: Vec<String>,
    /// A line for receipts.
    pub line: Option<String>,
}

/// When letters that answer nothing a family just wrote may leave to the families of some classes (`rules/hours.toml`, 004 2.2); local times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassHours {
    /// The classes.
    pub classes: Vec<ClassRange>,
    /// Not before.
    pub from: NaiveTime,
    /// Not after.
    pub until: NaiveTime,
    /// On these days; empty: on all.
    pub weekdays: Vec<Weekday>,
    /// Number of the protocol of the parents' meeting.
    pub protocol: String,
    /// Its day.
    pub date: NaiveDate,
}

/// Where letters come from.
#[derive(Debug, Clone)]
pub struct MailboxChoice {
    /// IMAP, or a path.
    pub source: Source,
    /// Folders read as INBOX.
    pub folders: Vec<String>,
    /// Sent, named; otherwise found.
    pub sent: Option<String>,
    /// Spam, named; otherwise found.
    pub spam: Option<String>,
    /// Polling interval.
    pub poll: Duration,
    /// Letters above this many bytes are fetched in part.
    pub size_limit: u64,
    /// The provider files sent letters itself: no APPEND.
    pub sent_by_provider: bool,
}

/// What must be known of a sender before a letter of staff orders anything (reliability.md, 2.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SenderCheck {
    /// Nothing at all is ordered by a letter whose sender is not proved without a confirmation; otherwise small orders are carried out and marked.
    pub required: bool,
    /// The server lets nobody write in a colleague's name: what does not fail is believed. Never a default; `check` warns.
    pub trusted: bool,
    /// Who writes the `Authentication-Results` that are believed; `None`: nobody does, and only a fail is heard.
    pub authserv_id: Option<String>,
    /// Signatures are verified by ourselves: for providers whose fields prove nothing (Yandex).
    pub dkim: bool,
    /// Free mail domains, besides those known, whose server lets nobody write under another address than that of the login.
    pub binds_from: Vec<String>,
}

/// Kind of mailbox.
#[derive(Debug, Clone)]
pub enum Source {
    /// A server.
    Imap(Server),
    /// `.eml` folder, Maildir or mbox.
    Folder(PathBuf),
}

/// A server and how to log in.
#[derive(Clone)]
pub struct Server {
    /// Name, as in the certificate.
    pub host: String,
    /// Port.
    pub port: u16,
    /// TLS.
    pub tls: ServerTls,
    /// Login.
    pub user: String,
    /// Password; never printed.
    pub password: String,
    /// PEM file of an extra root.
    pub ca_file: Option<PathBuf>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server({}:{}, {:?}, password …)", self.host, self.port, self.tls)
    }
}

/// TLS of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerTls {
    /// From the first byte.
    Implicit,
    /// After STARTTLS; no fallback.
    Starttls,
    /// Loopback only.
    None,
}

/// Where letters go.
#[derive(Debug, Clone)]
pub enum TransportChoice {
    /// A server.
    Smtp(Server),
    /// One file for each letter.
    Folder(PathBuf),
}

/// Where backups go, who can open them, how many are kept (`[backup]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupRule {
    /// Folder of the files.
    pub folder: PathBuf,
    /// Who can open them.
    pub lock: BackupLock,
    /// Files that are kept; older ones are deleted.
    pub keep: usize,
    /// Local time of the daily one.
    pub at: chrono::NaiveTime,
}

/// What a backup is encrypted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupLock {
    /// An age public key, `age1…`: the machine itself cannot open its backups.
    Recipient(String),
    /// A file with a passphrase in its first line.
    Passphrase(PathBuf),
}

/// Everything that a school has settled.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Shadow or live.
    pub mode: Mode,
    /// Where the database and its company live.
    pub state_dir: PathBuf,
    /// Where `rules/` is: paths in the rules are relative to it.
    pub rules_dir: PathBuf,
    /// «Школа № 12».
    pub school: String,
    /// As printed.
    pub phone: String,
    /// The mailbox's address: From, ORGANIZER.
    pub address: String,
    /// Other addresses of the same mailbox.
    pub aliases: Vec<String>,
    /// Ids in `staff`: the head, then deputies.
    pub head: Vec<String>,
    /// The director, then deputies.
    pub director: Vec<String>,
    /// Addresses of the operators.
    pub operator: Vec<String>,
    /// Domains of staff addresses.
    pub staff_domains: Vec<String>,
    /// The staff register, head, director and operators included.
    pub staff: Vec<Specialist>,
    /// The same, as understanding needs it.
    pub staff_names: Vec<StaffName>,
    /// The school's phones, E.164.
    pub school_phones: Vec<String>,
    /// Whom to call about somebody's absence («звоните …»); otherwise [`Settings::phone`].
    pub absence_phone: Option<String>,
    /// Category rules, all nine.
    pub categories: BTreeMap<Category, CategoryRule>,
    /// Help outside the school, lines by category.
    pub elsewhere: BTreeMap<Category, Vec<String>>,
    /// Terms.
    pub terms: Terms,
    /// Seasons.
    pub seasons: Vec<Season>,
    /// Hours of letters to families, class by class.
    pub hours: Vec<ClassHours>,
    /// Calendar and hours.
    pub worktime: Worktime,
    /// Topic rules.
    pub topics: Topics,
    /// The table of school subjects.
    pub subjects: Subjects,
    /// Letters.
    pub composer: Composer,
    /// Daily report.
    pub daily: Schedule,
    /// Weekly report.
    pub weekly: Schedule,
    /// What is proposed from the figures of a period.
    pub proposals: crate::report::ProposalRules,
    /// Announcements.
    pub announcements: AnnouncementRules,
    /// Families, for announcements alone.
    pub contacts: Arc<Vec<Contact>>,
    /// The schedule of consultations.
    pub schedule: ScheduleRules,
    /// The school's site.
    pub site: SiteRules,
    /// Columns of the journal, where not all.
    pub journal_columns: Vec<String>,
    /// Columns of the register, where not all.
    pub register_columns: Vec<String>,
    /// Brake.
    pub brake: Brake,
    /// Command run when a person must come: alarm unanswered, no mailbox for an hour.
    pub alert_command: Option<Vec<String>>,
    /// Copy of consultation letters in Sent: shell by default.
    pub sent_copy_full: bool,
    /// What must be known of a sender before a letter of staff orders anything.
    pub sender_check: SenderCheck,
    /// Mailbox.
    pub mailbox: MailboxChoice,
    /// Transport.
    pub transport: TransportChoice,
    /// How long words and people are kept.
    pub retention: Retention,
    /// Keep raw bytes of all letters.
    pub keep_raw: bool,
    /// The daily backup, where one is configured.
    pub backup: Option<BackupRule>,
    /// What `check` would warn of: lines for the daily report.
    pub warnings: Vec<String>,
}

/// Days after an appeal was closed (after receipt, for letters that opened none) for which things are kept (152-FZ, art. 5.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Words: letters, texts, what was said in reasons.
    pub words: u32,
    /// Who it was: names, addresses, telephones, recommendations in the journal.
    pub people: u32,
}

impl Default for Retention {
    fn default() -> Retention {
        Retention { words: 365, people: 1_095 }
    }
}

impl Settings {
    /// The member of staff with this id.
    pub fn person(&self, id: &str) -> Option<&Specialist> {
        self.staff.iter().find(|s| s.id == id)
    }
    /// The member of staff with this address.
    pub fn person_by_email(&self, email: &str) -> Option<&Specialist> {
        self.staff.iter().find(|s| s.email.eq_ignore_ascii_case(email))
    }
}
