//! Small words of the stories: orders, answers, outcomes, dates.

use super::calendars::Said;
use crate::decide::Order;
use crate::outbox::{Kind, Outcome};
use chrono::{NaiveDate, NaiveDateTime};

/// Which of the letters that somebody got.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Which {
    /// `None`: of any kind.
    pub(super) kind: Option<Kind>,
    /// From 1; `None`: the last.
    pub(super) nth: Option<usize>,
}

/// An order; a time in it waits for the school's zone.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ordered {
    Plain(Order),
    Move(NaiveDateTime),
    Slot(String, NaiveDateTime),
    Again(NaiveDateTime),
}

/// What a calendar answers; a time in it waits for the school's zone.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answered {
    Plain(Said),
    Counter(NaiveDateTime),
}

pub(super) fn outcome_words(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted(_) => "приняты",
        Outcome::Deferred(_) => "сервер просит прийти позже",
        Outcome::Account(_) => "сервер не принимает наш пароль",
        Outcome::Spam(_) => "сервер счёл письмо спамом",
        Outcome::Refused(_) => "сервер отказался принять письмо",
        Outcome::Full(_) => "ящик получателя полон",
        Outcome::Unknown(_) => "связь оборвалась, исход неизвестен",
    }
}

/// A date of a story.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// A moment of a story: date and time, with a blank or T between.
pub(super) fn moment(text: &str) -> Option<NaiveDateTime> {
    ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"].iter().find_map(|f| NaiveDateTime::parse_from_str(text.trim(), f).ok())
}
