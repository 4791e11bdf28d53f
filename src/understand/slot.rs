//! An answer against the slot that was offered: «на час позже», «в то же время, но в четверг», the very hour repeated as a yes.
//!
//! Not here: what an answer wants (`thread`), times that stand for themselves (`times`).

use super::Window;
use super::lexer::hour_of;
use super::words::Words;
use chrono::{Duration, NaiveDate, NaiveDateTime};

/// The slot offered, local to the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offer {
    pub start: NaiveDateTime,
    pub end: NaiveDateTime,
}

/// A shift of the offer: how far, in minutes.
fn shift(words: &Words<'_>) -> Option<i64> {
    let norms: Vec<&str> = words.tokens.iter().map(|t| t.norm.as_str()).collect();
    for (i, w) in norms.iter().enumerate() {
        let sign = match *w {
            "позже" | "позднее" | "попозже" | "спустя" => 1,
            "раньше" | "пораньше" | "ранее" => -1,
            _ => continue,
        };
        // The measure stands before: «на полтора часа позже», «часом позже», «на день раньше».
        let before = norms.get(i.saturating_sub(4)..i).unwrap_or_default();
        for (n, unit) in before.iter().enumerate().rev() {
            let after = before.get(n + 1).filter(|w| **w == "на").and_then(|_| before.get(n + 2)).and_then(|c| amount(c));
            let count = after.or_else(|| n.checked_sub(1).and_then(|p| before.get(p)).and_then(|c| amount(c)));
            let minutes = match *unit {
                "час" | "часа" | "часов" | "часом" | "часик" | "ч" => count.unwrap_or(1.0) * 60.0,
                "полчаса" | "полчасика" | "получасом" => 30.0,
                "минут" | "мин" | "минуты" | "минуток" => count?,
                "день" | "дня" | "дней" | "днем" | "сутки" => count.unwrap_or(1.0) * 1440.0,
                "неделю" | "неделей" | "недели" | "недельку" => count.unwrap_or(1.0) * 10080.0,
                _ => continue,
            };
            return Some(sign * minutes as i64);
        }
        return None;
    }
    None
}

fn amount(word: &str) -> Option<f64> {
    match word {
        "полтора" | "полторы" => Some(1.5),
        "пару" => Some(2.0),
        "два" | "две" | "двумя" => Some(2.0),
        "три" => Some(3.0),
        "один" | "одну" | "на" => Some(1.0),
        "десять" => Some(10.0),
        "пятнадцать" => Some(15.0),
        "двадцать" => Some(20.0),
        "тридцать" => Some(30.0),
        "сорок" => Some(40.0),
        w => w.parse::<u32>().ok().filter(|n| *n <= 180).map(f64::from).or_else(|| hour_of(w).map(f64::from)),
    }
}

/// The slot moved to `start`, of the same length.
fn moved(offer: Offer, start: NaiveDateTime) -> Window {
    let end = start + (offer.end - offer.start);
    Window { date: Some(start.date()), after: Some(start.time()), before: (end.date() == start.date()).then(|| end.time()), ..Window::default() }
}

/// The windows of an answer, read against the offer: what is relative to it becomes a date and an hour.
pub(super) fn against(text: &str, mut times: Vec<Window>, offer: Offer, today: NaiveDate) -> Vec<Window> {
    let words = Words::new(text);
    let has = |list: &[&[&str]]| words.tokens.windows(2).any(|w| list.iter().any(|l| matches!((*l, w), ([a, b], [x, y]) if x.norm == *a && y.norm == *b)));
    let same_time = has(&[&["то", "же"], &["тоже", "время"], &["это", "же"], &["это", "время"], &["такое", "же"]])
        && words.tokens.iter().any(|t| t.norm.starts_with("врем"));
    let same_day =
        has(&[&["тот", "же"], &["этот", "же"], &["том", "же"], &["тот", "день"], &["этот", "день"]]) && words.tokens.iter().any(|t| t.norm == "день");
    let next_day =
        has(&[&["следующий", "день"], &["другой", "день"]]) && words.tokens.iter().any(|t| t.norm.starts_with("следующ")) || has(&[&["днем", "позже"]]);
    let in_a_week = has(&[&["через", "неделю"]]) && (same_time || words.tokens.iter().any(|t| t.norm.starts_with("перенес") || t.norm.starts_with("перенос")));
    let mut base = None;
    if in_a_week {
        base = Some(offer.start + Duration::days(7));
    } else if let Some(minutes) = shift(&words) {
        let start = offer.start + Duration::minutes(minutes);
        if minutes % 1440 == 0 && !same_time {
            let date = start.date();
            return if date < today { times } else { vec![Window { date: Some(date), ..Window::default() }] };
        }
        base = Some(start);
    } else if next_day && !times.iter().any(|w| w.date.is_some()) {
        let date = offer.start.date() + Duration::days(1);
        let timed: Vec<Window> = times.iter().filter(|w| !w.not).map(|w| Window { date: Some(date), ..w.clone() }).collect();
        return match (same_time, timed.is_empty()) {
            (true, _) => vec![moved(offer, offer.start + Duration::days(1))],
            (false, true) => vec![Window { date: Some(date), ..Window::default() }],
            (false, false) => timed,
        };
    }
    if let Some(start) = base.filter(|s| s.date() >= today) {
        // An hour of its own beside the shift is the surer.
        if !times.iter().any(|w| !w.not && w.after.is_some()) {
            return vec![moved(offer, start)];
        }
    }
    let clock =
        |w: &Window| !w.not && w.date.is_none() && w.weekday.is_empty() && w.from.is_none() && w.to.is_none() && (w.after.is_some() || w.before.is_some());
    // A bare clock time in the hours round the offer is of the same day.
    let point = |w: &Window| matches!((w.after, w.before), (Some(a), Some(b)) if b - a <= Duration::minutes(40));
    let evening = words.tokens.iter().any(|t| t.norm.starts_with("удобн") || t.norm == "любой" || t.norm == "любое");
    for w in &mut times {
        if clock(w) && (same_day || (point(w) && !evening)) {
            w.date = Some(offer.start.date());
        } else if same_time && !w.not && w.after.is_none() && w.before.is_none() && (w.date.is_some() || !w.weekday.is_empty()) {
            w.after = Some(offer.start.time());
            w.before = Some(offer.end.time());
        }
    }
    times
}

/// Whether the windows name the very slot: its day, its hour, or both.
pub(super) fn is_the_offer(times: &[Window], offer: Offer) -> bool {
    let wished: Vec<&Window> = times.iter().filter(|w| !w.not).collect();
    !wished.is_empty()
        && wished.iter().all(|w| {
            let day = w.date.is_none_or(|d| d == offer.start.date()) && w.from.is_none() && w.to.is_none() && w.weekday.is_empty();
            let time = match (w.after, w.before) {
                (Some(a), _) => a == offer.start.time(),
                (None, Some(_)) => false,
                (None, None) => w.date.is_some(),
            };
            day && time
        })
}
