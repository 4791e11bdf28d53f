//! Channels, weekly windows and the author's windows in Russian.

use super::availability::{WeeklyWindow, Weeks};
use crate::understand::{Channel, Window};
use crate::worktime::{day_month, day_range};
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

/// What words of the rules mean: (lower-case words, kind, told to authors).
type Known = (&'static [&'static str], Channel, &'static str);

/// The channels with words of their own. Сферум and MAX carry both video and chat: see `channel_for`.
const KNOWN: [Known; 7] = [
    (&["phone", "телефон", "по телефону", "звонок"], Channel::Phone, "по телефону"),
    (&["in_person", "in person", "очно", "лично", "личный приём", "личный прием", "в школе"], Channel::InPerson, "очно, в школе"),
    (&["email", "e-mail", "mail", "почта", "электронная почта", "письмо"], Channel::Email, "по электронной почте"),
    (&["сферум", "sferum"], Channel::Video, "в Сферуме"),
    (&["max", "макс"], Channel::Messenger, "в MAX"),
    (&["video", "видео", "видеосвязь", "видеозвонок"], Channel::Video, "по видеосвязи"),
    (&["messenger", "мессенджер", "чат"], Channel::Messenger, "в мессенджере"),
];

fn known(word: &str) -> Option<&'static Known> {
    let word = word.trim().to_lowercase();
    KNOWN.iter().find(|(words, ..)| words.contains(&word.as_str()))
}

/// The kind of a channel's word; free words («Яндекс Телемост») are services with video.
pub fn channel_kind(word: &str) -> Option<Channel> {
    if word.trim().is_empty() { None } else { Some(known(word).map_or(Channel::Video, |(_, kind, _)| *kind)) }
}

/// A channel as a letter says it: «по телефону», «в Сферуме», «в MAX», «очно, в школе»; a free word is named: «в сервисе «Телемост»».
pub fn channel_in_words(word: &str) -> String {
    match known(word) {
        Some((_, _, words)) => (*words).to_owned(),
        None => match word.trim() {
            "" => "способ связи уточнит специалист".to_owned(),
            name => format!("в сервисе «{}»", name.chars().filter(|c| !c.is_control()).take(60).collect::<String>()),
        },
    }
}

/// The word for a kind of channel where the rules name none.
fn usual(kind: Channel) -> &'static str {
    match kind {
        Channel::Phone => "phone",
        Channel::Video => "Сферум",
        Channel::Messenger => "MAX",
        Channel::Email => "email",
        Channel::InPerson => "in_person",
    }
}

/// The word of a window that suits a wish best, and whether it does suit. Video and chat stand in for each other: the services carry
/// both. A window without words takes any channel.
pub(super) fn channel_for(words: &[String], wish: Option<Channel>) -> (String, bool) {
    let Some(wish) = wish else {
        return (words.first().cloned().unwrap_or_else(|| usual(Channel::Phone).to_owned()), true);
    };
    if words.is_empty() {
        return (usual(wish).to_owned(), true);
    }
    let online = |kind| matches!(kind, Channel::Video | Channel::Messenger);
    let suits = |word: &&String| channel_kind(word) == Some(wish);
    let stands_in = |word: &&String| online(wish) && channel_kind(word).is_some_and(online);
    match words.iter().find(suits).or_else(|| words.iter().find(stands_in)) {
        Some(word) => (word.clone(), true),
        None => (words.first().cloned().unwrap_or_default(), false),
    }
}

const SHORT: [&str; 7] = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];
const DATIVE: [&str; 7] = ["понедельникам", "вторникам", "средам", "четвергам", "пятницам", "субботам", "воскресеньям"];
const ACCUSATIVE: [&str; 7] = ["в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"];

fn of(names: [&'static str; 7], day: Weekday) -> &'static str {
    names.get(day.num_days_from_monday() as usize).copied().unwrap_or("")
}

/// «в среду, 25 ноября».
fn on_date(date: NaiveDate) -> String {
    format!("{}, {}", of(ACCUSATIVE, date.weekday()), day_month(date))
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

fn in_order(days: &[Weekday]) -> Vec<Weekday> {
    let mut days = days.to_vec();
    days.sort_by_key(Weekday::num_days_from_monday);
    days.dedup();
    days
}

/// A window of an author in words: «по вторникам и четвергам после 17:00», «в среду, 25 ноября, с 14:00 до 15:30», «в любое время».
pub fn window_in_words(window: &Window) -> String {
    let mut parts = Vec::new();
    let days = in_order(&window.weekday);
    let numbers: Vec<u32> = days.iter().map(Weekday::num_days_from_monday).collect();
    match (numbers.as_slice(), window.date) {
        (_, Some(date)) => parts.push(on_date(date)),
        ([] | [0, 1, 2, 3, 4, 5, 6], None) => {}
        ([0, 1, 2, 3, 4], None) => parts.push("в будни".to_owned()),
        ([5, 6], None) => parts.push("в выходные".to_owned()),
        _ => parts.push(format!("по {}", listed(&days.iter().map(|d| of(DATIVE, *d)).collect::<Vec<_>>()))),
    }
    match (window.from, window.to) {
        (Some(from), Some(to)) if from == to => parts.push(on_date(from)),
        (Some(from), Some(to)) if from.month() == to.month() => parts.push(format!("с {} по {}", from.day(), day_month(to))),
        (Some(from), Some(to)) => parts.push(day_range(from, to)),
        (Some(from), None) => parts.push(format!("с {}", day_month(from))),
        (None, Some(to)) => parts.push(format!("по {}", day_month(to))),
        (None, None) => {}
    }
    match (window.after, window.before) {
        (Some(after), Some(before)) => parts.push(format!("с {} до {}", clock(after), clock(before))),
        (Some(after), None) => parts.push(format!("после {}", clock(after))),
        (None, Some(before)) => parts.push(format!("до {}", clock(before))),
        (None, None) => {}
    }
    // A date is set off by commas, everything else reads on.
    match parts.as_slice() {
        [] => "в любое время".to_owned(),
        [day, rest @ ..] if window.date.is_some() && !rest.is_empty() => format!("{day}, {}", rest.join(" ")),
        _ => parts.join(" "),
    }
}

/// «а», «а и б», «а, б и в».
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} и {last}", most.join(", ")),
    }
}

/// «пн-пт», «вт, чт».
pub fn weekdays_in_words(days: &[Weekday]) -> String {
    let days = in_order(days);
    let mut rows: Vec<(Weekday, Weekday)> = Vec::new();
    for day in days {
        match rows.last_mut() {
            Some((_, last)) if last.succ() == day => *last = day,
            _ => rows.push((day, day)),
        }
    }
    let name = |d| of(SHORT, d);
    let words: Vec<String> = rows
        .into_iter()
        .map(|(a, b)| match b.num_days_from_monday() - a.num_days_from_monday() {
            0 => name(a).to_owned(),
            1 => format!("{}, {}", name(a), name(b)),
            _ => format!("{}-{}", name(a), name(b)),
        })
        .collect();
    words.join(", ")
}

/// A specialist's windows in short: «вт, чт 14:00-17:00; пт 09:00-12:00 (с 1 сентября по 31 мая)»; «окон нет».
pub fn windows_summary(windows: &[WeeklyWindow]) -> String {
    if windows.is_empty() {
        return "окон нет".to_owned();
    }
    windows.iter().map(summary).collect::<Vec<_>>().join("; ")
}

/// One window; what limits it stands in brackets.
fn summary(w: &WeeklyWindow) -> String {
    let mut limits = Vec::new();
    limits.extend(w.weeks.map(|weeks| match weeks {
        Weeks::Odd => "по нечётным неделям".to_owned(),
        Weeks::Even => "по чётным неделям".to_owned(),
    }));
    match (w.valid_from, w.valid_to) {
        (Some(from), Some(to)) => limits.push(format!("с {} по {}", day_month(from), day_month(to))),
        (Some(from), None) => limits.push(format!("с {}", day_month(from))),
        (None, Some(to)) => limits.push(format!("по {}", day_month(to))),
        (None, None) => {}
    }
    limits.extend(w.reserve.then(|| "только срочные обращения".to_owned()));
    limits.extend((!w.categories.is_empty()).then(|| w.categories.iter().map(|c| c.title()).collect::<Vec<_>>().join(", ")));
    limits.extend((!w.classes.is_empty()).then(|| format!("классы {}", w.classes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))));
    limits.extend(w.place.clone());
    let limits = if limits.is_empty() { String::new() } else { format!(" ({})", limits.join("; ")) };
    format!("{} {}-{}{limits}", weekdays_in_words(&w.weekdays), clock(w.from), clock(w.to))
}
