//! An answer against the slot that was offered: «на час позже», «в то же время, но в четверг», the very hour repeated as a yes.
//!
//! Not here: what an answer wants (`thread`), times that stand for themselves (`times`).

use super::Window;
use super::lexer::{Piece, hour_of, pieces, word};
use super::times::{Mode, windows};
use super::words::{Words, cut, fold};
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use std::ops::Range;

/// The slot offered, local to the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offer {
    pub start: NaiveDateTime,
    pub end: NaiveDateTime,
}

/// A shift of the offer: how far, in minutes, and where in the text it is said.
fn shift(words: &Words<'_>) -> Option<(i64, Range<usize>)> {
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
            // «На два часа позже», «минут на двадцать позже»: the number belongs to the measure and is no hour.
            let base = i.saturating_sub(4);
            let counted = if after.is_some() { n } else { n.saturating_sub(usize::from(count.is_some())) };
            let with = |k: usize| before.get(k.wrapping_sub(1)).is_some_and(|w| matches!(*w, "на" | "через"));
            let first = base + if with(counted) { counted - 1 } else { counted };
            let from = words.tokens.get(first)?.at.start;
            return Some((sign * minutes as i64, from..words.tokens.get(i)?.at.end));
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
    } else if let Some((minutes, at)) = shift(&words) {
        let rest = [text.get(..at.start), text.get(at.end..)].map(Option::unwrap_or_default).join(" ");
        times = windows(&rest, today, Mode::Answer);
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
    // «Рано, давайте 17»: a bare number where an hour is proposed.
    if times.is_empty() {
        let bare = words.tokens.windows(2).enumerate().find_map(|(i, w)| {
            let [a, b] = w else { return None };
            let proposed = matches!(a.norm.as_str(), "давайте" | "давай" | "лучше" | "тогда");
            let hour = b.norm.parse::<u32>().ok().filter(|h| proposed && (8..=20).contains(h))?;
            let unit = ["ноя", "дек", "янв", "фев", "мар", "апр", "мая", "сен", "окт", "мин", "числ", "го"].iter().any(|u| words.norm(i + 2).starts_with(u));
            (!unit).then(|| offer.start.date().and_hms_opt(hour, 0, 0)).flatten()
        });
        if let Some(start) = bare {
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

/// The hours that a line of ours gives: «15:30-16:10», «с 15:30 до 16:10», a lone «14:00».
fn hours(pieces: &[Piece]) -> Option<(NaiveTime, Option<NaiveTime>)> {
    let mut clocks = pieces.iter().filter_map(|p| if let Piece::Clock(t) = p { Some(*t) } else { None });
    let first = clocks.next()?;
    let second = clocks.next();
    clocks.next().is_none().then_some((first, second.filter(|s| *s > first)))
}

/// The day that a line of ours gives: «10 ноября», «10.11.2026».
fn day(pieces: &[Piece], today: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike;
    let of = |year: Option<i32>, month: u32, day: u32| {
        let date = NaiveDate::from_ymd_opt(year.unwrap_or(today.year()), month, day)?;
        // Without a year, a day long past is of the next one.
        if year.is_none() && (today - date).num_days() > 180 { NaiveDate::from_ymd_opt(today.year() + 1, month, day) } else { Some(date) }
    };
    pieces.iter().enumerate().find_map(|(i, p)| match p {
        Piece::Date(d, m, y) => of(*y, *m, *d),
        Piece::Number { value, .. } => {
            let month = super::days::month(word(pieces.get(i + 1)))?;
            of(word(pieces.get(i + 2)).get(..4).and_then(|y| y.parse().ok()), month, *value)
        }
        _ => None,
    })
}

/// The slot that the quoted letter or the subject offers, where the letter itself is not known: «Вторник, 10 ноября, 15:30-16:10». None where several are.
pub(super) fn quoted(quoted: &str, subject: &str, today: NaiveDate) -> Option<Offer> {
    let speaks = |line: &str| {
        let line = fold(line);
        ["консультац", "встреч", "беседа", "занятие", "звон", "приглаша", "предлага", "время", "ждем вас"].iter().any(|w| line.contains(w))
    };
    let read = |line: &str, any: bool| {
        let pieces = pieces(line);
        let (date, (start, end)) = (day(&pieces, today)?, hours(&pieces)?);
        let long = end.map(|e| e - start);
        if !any && long.is_none() || long.is_some_and(|l| l > Duration::hours(3)) {
            return None;
        }
        let start = date.and_time(start);
        Some(Offer { start, end: start + long.unwrap_or(Duration::minutes(40)) })
    };
    let mut found = None;
    for line in cut(quoted, 8 * 1024).lines().take(60) {
        // The head of a quotation has a date and an hour too.
        let head = line.contains('@')
            || line.trim_end().ends_with(':')
            || line.contains("+0")
            || ["Отправлено", "Дата", "Sent", "Date"].iter().any(|h| line.contains(h));
        if head || !line.contains(':') {
            continue;
        }
        match (read(line, speaks(line)), found) {
            (Some(offer), Some(known)) if offer != known => return None,
            (Some(offer), _) => found = Some(offer),
            (None, _) => {}
        }
    }
    found.or_else(|| read(subject, speaks(subject)))
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
