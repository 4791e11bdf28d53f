//! Letters about announcements: to each family alone, and to whoever sends them. A family's letter has no field for another family.

use super::buttons::mailto;
use super::freeze::freeze_listed;
use super::parts::take_apart;
use super::russian::Moment;
use super::{Composer, Envelope, Letter};
use crate::announcement::{FAMILY_MARK, SENDER_MARK};
use crate::outbox::Posting;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// What a family is asked, and its buttons.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// `nothing`, `read`, `come`, `choose`, `consent`.
    pub what: &'static str,
    /// Choices, in order.
    pub choices: Vec<String>,
    /// Last day for an answer.
    pub until: Option<NaiveDate>,
    /// The protocol by which the answer counts as a signature.
    pub protocol: Option<String>,
    /// Label and link of each button.
    pub links: Vec<(String, String)>,
}

/// A family's letter.
#[derive(Debug, Clone, Serialize)]
pub struct AnnouncementLetter {
    /// Name as in the contacts.
    pub name: Option<String>,
    /// Subject.
    pub topic: String,
    /// The sender's text.
    pub text: String,
    /// Start of what is announced.
    pub start: Option<DateTime<Utc>>,
    /// Its end.
    pub end: Option<DateTime<Utc>>,
    /// Where, or a link.
    pub place: Option<String>,
    /// «классный руководитель Лебедева Анна Сергеевна».
    pub sender: String,
    /// What is asked.
    pub asked: Asked,
}

/// The one reminder to who has not answered.
#[derive(Debug, Clone, Serialize)]
pub struct AnnouncementReminder {
    /// The letter.
    pub letter: AnnouncementLetter,
}

/// What was announced will not take place.
#[derive(Debug, Clone, Serialize)]
pub struct AnnouncementCancelled {
    /// Name as in the contacts.
    pub name: Option<String>,
    /// Subject of the announcement.
    pub topic: String,
    /// Its start.
    pub start: Option<DateTime<Utc>>,
    /// Who sent it.
    pub sender: String,
}

/// What the sender sees before anybody else does.
#[derive(Debug, Clone, Serialize)]
pub struct AnnouncementPreview {
    /// Number.
    pub id: i64,
    /// Which preview.
    pub version: u32,
    /// Subject of the families' letter.
    pub topic: String,
    /// Letters.
    pub families: u32,
    /// «5А (24), 5Б (26)».
    pub classes: String,
    /// Families without an address.
    pub without: Vec<String>,
    /// Families that want none, or get none for now.
    pub left_out: u32,
    /// The very letter, as the first family gets it.
    pub letter: String,
    /// Its files.
    pub files: Vec<String>,
    /// What does not go along, sentences.
    pub refused: Vec<String>,
    /// When the first letter leaves.
    pub first: DateTime<Utc>,
    /// When the last one does.
    pub last: DateTime<Utc>,
    /// Letters before it are those of other announcements.
    pub ahead: bool,
    /// It is urgent.
    pub urgent: bool,
    /// An event for the calendar goes along.
    pub event: bool,
    /// Warnings, sentences.
    pub concerns: Vec<String>,
    /// Days that the preview waits.
    pub days: i64,
    /// Label and link of each button.
    pub links: Vec<(String, String)>,
}

/// Who has answered what: for the sender alone.
#[derive(Debug, Clone, Serialize)]
pub struct AnnouncementList {
    /// Number.
    pub id: i64,
    /// Its subject.
    pub topic: String,
    /// The time for answers is over.
    pub closing: bool,
    /// With all names, not only what is new today.
    pub whole: bool,
    /// In words, how far it is.
    pub stage: String,
    /// Families in the list.
    pub families: u32,
    /// Letters made.
    pub posted: u32,
    /// What was asked: as in [`Asked`].
    pub what: &'static str,
    /// Each answer and who gave it.
    pub answers: Vec<(String, Vec<String>)>,
    /// Who has not answered.
    pub silent: Vec<String>,
    /// Whose letter did not arrive.
    pub undelivered: Vec<String>,
    /// Who asked what.
    pub questions: Vec<(String, String)>,
}

/// To an address that a family named as its second one.
#[derive(Debug, Clone, Serialize)]
pub struct SecondAddress {
    /// Label and link of the button.
    pub links: Vec<(String, String)>,
}

/// A family wants no announcements.
#[derive(Debug, Clone, Serialize)]
pub struct Unsubscribed {
    /// It wants them again.
    pub again: bool,
}

/// A family's buttons: the subject is the letter's, with the family's own token.
pub fn family_links(address: &str, topic: &str, token: &str, words: &[(String, String)]) -> Vec<(String, String)> {
    words.iter().map(|(label, said)| (label.clone(), mailto(address, &format!("Re: {topic} {FAMILY_MARK}{token}]"), said))).collect()
}

/// The sender's button for a preview.
pub fn sender_link(address: &str, (id, version): (i64, u32), token: &str, label: &str, words: &str) -> (String, String) {
    (label.to_owned(), mailto(address, &format!("Объявление {id}: {words} {SENDER_MARK}{id}-{version}-{token}]"), words))
}

/// Freezes a family's letter with its own link to unsubscribe.
pub fn freeze_announcement<L: Letter>(composer: &Composer, envelope: Envelope, letter: &L, token: &str) -> Posting {
    let link = mailto(&composer.address, &format!("unsubscribe {FAMILY_MARK}{token}]"), "unsubscribe");
    freeze_listed(composer, envelope, letter, Some(link))
}

/// The text of a frozen letter, as its reader sees it.
pub fn letter_text(raw: &[u8]) -> String {
    take_apart(raw).text.trim().to_owned()
}

/// DESCRIPTION of a family's event.
pub fn announcement_description((start, end): (DateTime<Utc>, DateTime<Utc>), zone: chrono_tz::Tz, place: Option<&str>, phone: &str) -> String {
    let (start, end) = (Moment { at: start, zone }, Moment { at: end, zone });
    let mut lines = vec![format!("Когда: {}, до {} ({}).", start.spoken(), end.time(), start.zone_words())];
    lines.extend(place.map(|p| format!("Где: {p}")));
    lines.push(format!("Не сможете прийти: ответьте на письмо или позвоните: {phone}."));
    lines.join("\n")
}
