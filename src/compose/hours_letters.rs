//! Letters to staff that are about several appeals or about none: a question with prepared answers, the list of the day, the letter that somebody
//! finds on their return. Each button carries the token of its own appeal.

use super::buttons::{Press, mailto, order_token};
use super::{Composer, InstanceKey, hmac_token, parts, russian};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// A button that opens a prepared letter, and its words for who writes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// On the button.
    pub label: String,
    /// First line of the prepared letter.
    pub words: String,
    /// `mailto:` link.
    pub link: String,
}

impl Action {
    /// An order about one appeal, for one member of staff, in the letter with this key that is made now.
    pub fn order(composer: &Composer, letter: (&str, DateTime<Utc>), number: i64, staff: &str, (label, words, room): (&str, &str, &str)) -> Action {
        let press = Press { number, token: order_token(&composer.key, number, staff), about: None, choices: Vec::new() };
        let press = press.bound(&composer.address, letter.0, letter.1);
        let link = press.order(&composer.address, composer.zone, words, room);
        Action { label: label.to_owned(), words: format!("{words}{}", room.trim_end()), link }
    }

    /// A letter about no appeal.
    pub fn letter(composer: &Composer, label: &str, subject: &str, words: &str) -> Action {
        Action { label: label.to_owned(), words: words.trim_end().to_owned(), link: mailto(&composer.address, subject, words) }
    }
}

/// A short question that belongs to no appeal.
#[derive(Debug, Clone, Serialize)]
pub struct StaffQuestion {
    /// Part of the subject.
    pub title: String,
    /// Sentences.
    pub lines: Vec<String>,
    /// What can be answered.
    pub actions: Vec<Action>,
}

/// An appeal of a list.
#[derive(Debug, Clone, Serialize)]
pub struct ListItem {
    /// Number.
    pub number: i64,
    /// Category title.
    pub category: String,
    /// «взять в работу», «ответить автору».
    pub what: String,
    /// By when, where something is to be done.
    pub due: Option<DateTime<Utc>>,
    /// What can be ordered.
    pub actions: Vec<Action>,
}

/// A letter that was not sent by itself, in full.
#[derive(Debug, Clone, Serialize)]
pub struct Within {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

impl Within {
    /// Of frozen bytes of ours; the school's name below and what could be answered are left out.
    pub fn of(subject: &str, raw: &[u8]) -> Within {
        let text = parts::take_apart(raw).text;
        let body = text.trim_end().rsplit_once("\n\nОтклик, ").map_or(text.trim_end(), |(body, _)| body);
        // What to answer «this letter» with is said of each appeal beside its number.
        let body = body.split_once("\nОтветьте на это письмо").map_or(body, |(body, _)| body);
        Within { subject: subject.to_owned(), text: body.trim_end().chars().take(4000).collect() }
    }
}

/// What would have been more letters than a day holds.
#[derive(Debug, Clone, Serialize)]
pub struct DayList {
    /// Letters that a day holds.
    pub most: u32,
    /// The appeals.
    pub items: Vec<ListItem>,
    /// The letters themselves.
    pub letters: Vec<Within>,
}

/// A consultation of the coming week.
#[derive(Debug, Clone, Serialize)]
pub struct Ahead {
    /// Appeal.
    pub number: i64,
    /// Start.
    pub start: DateTime<Utc>,
    /// The way.
    pub channel: String,
}

/// What somebody finds on their return.
#[derive(Debug, Clone, Serialize)]
pub struct Return {
    /// First day of the absence.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// What others decided: sentences.
    pub decided: Vec<String>,
    /// What others have in hand: sentences.
    pub passed: Vec<String>,
    /// What waits for the reader.
    pub waiting: Vec<ListItem>,
    /// Consultations of the next seven days.
    pub meetings: Vec<Ahead>,
    /// Letters about what waits.
    pub letters: Vec<Within>,
}

/// «с 23 ноября по 5 декабря», «25 ноября», «с 23 ноября, пока без даты возвращения».
pub fn stretch_words(from: NaiveDate, until: Option<NaiveDate>, this_year: i32) -> String {
    let day = |d| russian::date_words(d, Some(this_year));
    match until {
        Some(until) if until == from => day(from),
        Some(until) => format!("с {} по {}", day(from), day(until)),
        None => format!("с {}, день возвращения пока не известен", day(from)),
    }
}

/// The token of a member of staff for one incident.
pub fn incident_token(key: &InstanceKey, incident: i64, staff: &str) -> String {
    hmac_token(key, "incident", &format!("{incident}/{staff}"))
}

/// Number and token of a subject «Общий случай 3: разные [inc-…]».
pub fn incident_pressed(subject: &str) -> Option<(i64, String)> {
    let (before, token) = subject.rsplit_once("[inc-")?;
    let token = token.trim_end().strip_suffix(']')?.to_lowercase();
    let number = before.rsplit_once("случай ")?.1.split(':').next()?.trim().parse().ok()?;
    (token.len() == 26 && token.bytes().all(|b| b.is_ascii_alphanumeric())).then_some((number, token))
}
