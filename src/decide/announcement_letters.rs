//! The letters of an announcement: to a family, to whoever sends it. One letter a family, addressed to it alone, with a token and an event of its own.
//!
//! Not here: whether and when they leave (`announcement_clock`), the orders of the sender (`announcement`).

use super::Round;
use super::case::shadowed;
use super::report::answer_to_staff;
use crate::announcement::{Addressee, Announcement, Answer, Asks, PREVIEW_DAYS, Stage};
use crate::compose::{
    AnnouncementCancelled, AnnouncementLetter, AnnouncementList, AnnouncementPreview, AnnouncementReminder, Asked, Envelope, InstanceKey, Letter, Notice,
    announcement_description, domain_of, family_links, freeze, freeze_announcement, hmac_token, letter_text, sender_link,
};
use crate::effect::Effect;
use crate::itip::{Event, Method, PartStat};
use crate::message::Attachment;
use crate::outbox::{Audience, Kind, Posting, SentCopy};
use crate::slots::Specialist;
use chrono::{DateTime, NaiveDateTime, Utc};

/// What the preview shows besides the letter.
pub(super) struct Shown {
    /// «5А (24)».
    pub classes: String,
    /// Letters.
    pub families: u32,
    /// Families without an address.
    pub without: Vec<String>,
    /// Families that get none.
    pub left_out: u32,
    /// Files that do not go along.
    pub refused: Vec<String>,
    /// First and last letter.
    pub span: (DateTime<Utc>, DateTime<Utc>),
    /// Letters of other announcements go first.
    pub ahead: bool,
    /// Warnings.
    pub concerns: Vec<String>,
}

impl Asks {
    fn key(self) -> &'static str {
        match self {
            Asks::Nothing => "nothing",
            Asks::Read => "read",
            Asks::Come => "come",
            Asks::Choose => "choose",
            Asks::Consent => "consent",
        }
    }
}

/// A family's token and UID: nobody can guess them, and the same decision gives the same ones.
pub(super) fn tokens(round: Round<'_>, id: i64, email: &str) -> (String, String) {
    let composer = &round.settings.composer;
    let what = format!("{id}/{email}");
    let uid = format!("{}@{}", hmac_token(&composer.key, "uid", &format!("announcement/{what}")), domain_of(&composer.address));
    (hmac_token(&composer.key, "announcement", &what), uid.to_ascii_lowercase())
}

/// The token of the sender's buttons for one preview.
pub(super) fn sender_token(key: &InstanceKey, id: i64, version: u32, staff: &str) -> String {
    hmac_token(key, "announce", &format!("{id}/{version}/{staff}"))
}

/// A local moment of a draft.
pub(super) fn moment(round: Round<'_>, at: NaiveDateTime) -> DateTime<Utc> {
    round.settings.worktime.local(at.date(), at.time())
}

fn sender(round: Round<'_>, a: &Announcement) -> String {
    round.settings.person(&a.staff).map_or_else(|| round.settings.school.clone(), Round::titled)
}

/// Labels and words of a family's buttons.
fn choices(a: &Announcement) -> Vec<(String, String)> {
    let pair = |label: &str, words: &str| (label.to_owned(), words.to_owned());
    match a.draft.asks() {
        Asks::Nothing => Vec::new(),
        Asks::Read => vec![pair("Ознакомлен(а)", "ознакомлен(а)")],
        Asks::Come => vec![pair("Буду", "буду"), pair("Не буду", "не буду")],
        Asks::Choose => a.draft.choices.iter().enumerate().map(|(i, c)| (format!("{}. {c}", i + 1), (i + 1).to_string())).collect(),
        Asks::Consent => vec![pair("Согласен (согласна)", "согласен"), pair("Не согласен (не согласна)", "не согласен")],
    }
}

fn letter(round: Round<'_>, a: &Announcement, family: &Addressee) -> AnnouncementLetter {
    let asks = a.draft.asks();
    AnnouncementLetter {
        name: family.name.clone(),
        topic: a.draft.topic.clone(),
        text: a.draft.text.clone(),
        start: a.draft.start.map(|s| moment(round, s)),
        end: a.draft.end().map(|e| moment(round, e)),
        place: a.draft.place.clone(),
        sender: sender(round, a),
        asked: Asked {
            what: asks.key(),
            choices: a.draft.choices.clone(),
            until: a.draft.until,
            protocol: round.settings.announcements.protocol.clone().filter(|_| asks == Asks::Read),
            links: family_links(&round.settings.address, &a.draft.topic, &family.token, &choices(a)),
        },
    }
}

/// The family's own event; no other attendee is in it.
fn event(round: Round<'_>, a: &Announcement, family: &Addressee, method: Method) -> Option<Event> {
    let (start, end) = (moment(round, a.draft.start?), moment(round, a.draft.end()?));
    let s = round.settings;
    let place = a.draft.place.clone().unwrap_or_default();
    Some(Event {
        method,
        uid: family.uid.clone(),
        sequence: u32::from(method == Method::Cancel),
        dtstamp: round.now,
        start,
        end,
        series: None,
        recurrence_id: None,
        summary: a.draft.topic.clone(),
        description: announcement_description((start, end), s.worktime.zone, a.draft.place.as_deref(), &s.phone),
        location: place.clone(),
        conference: place.split_whitespace().find(|w| w.starts_with("https://")).map(str::to_owned),
        organizer: (s.school.clone(), s.address.clone()),
        attendee: (None, family.email.clone()),
        partstat: PartStat::NeedsAction,
        alarm: None,
    })
}

fn envelope(round: Round<'_>, a: &Announcement, family: &Addressee, what: &str) -> Envelope {
    Envelope {
        kind: Kind::Announcement,
        key: format!("announcement/{}/{what}/{}", a.id, family.ordinal),
        appeal: None,
        to: family.email.clone(),
        references: Vec::new(),
        replied: false,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::OutsiderOwed,
        // Behind all other letters, but for what the head calls urgent.
        priority: if a.draft.urgent { 3 } else { 6 },
        // A thousand copies would fill the school's mailbox; the preview is kept.
        copy: SentCopy::No,
        not_before: None,
        not_after: None,
        cause: None,
        due: None,
        press: None,
        now: round.now,
    }
}

/// A family's letter.
pub(super) fn family_letter(round: Round<'_>, a: &Announcement, family: &Addressee, files: &[Attachment]) -> Posting {
    let envelope = Envelope {
        event: event(round, a, family, Method::Request),
        attachments: files.to_vec(),
        not_after: a.draft.start.map(|s| moment(round, s)),
        ..envelope(round, a, family, "letter")
    };
    freeze_announcement(&round.settings.composer, envelope, &letter(round, a, family), &family.token)
}

/// The one reminder.
pub(super) fn reminder(round: Round<'_>, a: &Announcement, family: &Addressee) -> Posting {
    let envelope = Envelope { not_after: a.draft.start.map(|s| moment(round, s)), ..envelope(round, a, family, "reminder") };
    freeze_announcement(&round.settings.composer, envelope, &AnnouncementReminder { letter: letter(round, a, family) }, &family.token)
}

/// What was announced will not take place.
pub(super) fn cancelled(round: Round<'_>, a: &Announcement, family: &Addressee) -> Posting {
    let context = AnnouncementCancelled {
        name: family.name.clone(),
        topic: a.draft.topic.clone(),
        start: a.draft.start.map(|s| moment(round, s)),
        sender: sender(round, a),
    };
    let envelope = Envelope { event: event(round, a, family, Method::Cancel), priority: 1, ..envelope(round, a, family, "cancel") };
    freeze_announcement(&round.settings.composer, envelope, &context, &family.token)
}

/// A letter to the sender.
fn to_sender<L: Letter>(round: Round<'_>, a: &Announcement, kind: Kind, what: &str, at_once: bool, letter: &L) -> Option<Effect> {
    let person = round.settings.person(&a.staff)?;
    let envelope = Envelope {
        kind,
        key: format!("announcement/{}/{what}", a.id),
        appeal: None,
        to: person.email.clone(),
        references: a.message_id.iter().cloned().collect(),
        replied: at_once,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::Staff,
        priority: 3,
        copy: SentCopy::Full,
        not_before: (!at_once).then(|| round.staff_hours(round.now)),
        not_after: None,
        cause: None,
        due: None,
        press: None,
        now: round.now,
    };
    Some(Effect::Post(Box::new(shadowed(&round, freeze(&round.settings.composer, envelope, letter)))))
}

/// The very letter, and what will happen.
pub(super) fn preview(round: Round<'_>, a: &Announcement, first: &Addressee, files: &[Attachment], shown: Shown) -> Option<Effect> {
    let token = sender_token(&round.settings.composer.key, a.id, a.version, &a.staff);
    let link = |label: &str, words: &str| sender_link(&round.settings.address, (a.id, a.version), &token, label, words);
    let context = AnnouncementPreview {
        id: a.id,
        version: a.version,
        topic: a.draft.topic.clone(),
        families: shown.families,
        classes: shown.classes,
        without: shown.without,
        left_out: shown.left_out,
        letter: letter_text(&family_letter(round, a, first, &[]).raw),
        files: files.iter().filter_map(|f| f.name.clone()).collect(),
        refused: shown.refused,
        first: shown.span.0,
        last: shown.span.1,
        ahead: shown.ahead,
        urgent: a.draft.urgent,
        event: a.draft.start.is_some(),
        concerns: shown.concerns,
        days: PREVIEW_DAYS,
        links: vec![link("Разослать", "разослать"), link("Не рассылать", "отмена")],
    };
    to_sender(round, a, Kind::Confirm, &format!("preview/{}", a.version), true, &context)
}

/// «Семейкина Анна Сергеевна, 5А»: as in the sender's own contacts.
pub(super) fn who(f: &Addressee) -> String {
    let name = f.name.as_deref().unwrap_or(&f.email);
    if f.classes.is_empty() { name.to_owned() } else { format!("{name}, {}", f.classes.join(", ")) }
}

/// Why the sender gets a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    /// Questions and letters that did not arrive; nobody who has not answered yet.
    OfTheDay,
    /// The sender asked for it.
    Asked,
    /// The time for answers is over.
    Closing,
}

/// Who has answered and who has not: names as in the sender's own contacts, to the sender alone. A list of the day that says nothing is none.
pub(super) fn list(round: Round<'_>, a: &Announcement, families: &[Addressee], what: &str, why: Listing) -> Option<Effect> {
    let reached: Vec<&Addressee> = families.iter().filter(|f| f.posted.is_some()).collect();
    let asks = a.draft.asks();
    let mut given: Vec<Answer> = reached.iter().filter_map(|f| f.answer).collect();
    given.sort_unstable();
    given.dedup();
    if why == Listing::OfTheDay && !reached.iter().any(|f| f.question.is_some() || f.undelivered) {
        return None;
    }
    let names = |of: &dyn Fn(&Addressee) -> bool| reached.iter().filter(|f| of(f)).map(|f| who(f)).collect::<Vec<_>>();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let context = AnnouncementList {
        id: a.id,
        topic: a.draft.topic.clone(),
        closing: why == Listing::Closing,
        whole: why != Listing::OfTheDay,
        stage: match (why, a.stage) {
            (Listing::Closing, _) => Stage::Closed.title(),
            (_, Stage::Open) if asks == Asks::Nothing => "разослано",
            (_, stage) => stage.title(),
        }
        .to_owned(),
        families: count(families.len()),
        posted: count(reached.len()),
        what: asks.key(),
        answers: given.into_iter().map(|answer| (answer.words(&a.draft), names(&|f| f.answer == Some(answer)))).collect(),
        silent: if asks == Asks::Nothing { Vec::new() } else { names(&|f| f.answer.is_none() && !f.undelivered) },
        undelivered: names(&|f| f.undelivered),
        questions: reached.iter().filter_map(|f| f.question.clone().map(|q| (who(f), q))).collect(),
    };
    to_sender(round, a, Kind::Other, what, why == Listing::Asked, &context)
}

/// A few lines to a member of staff, at once where they just wrote.
pub(super) fn note(round: Round<'_>, person: &Specialist, answers: Option<&str>, key: String, title: &str, lines: Vec<String>) -> Effect {
    answer_to_staff(round, key, &person.email, answers, None, &Notice { number: None, title: title.to_owned(), lines })
}
