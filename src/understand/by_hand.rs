//! What a letter is that staff wrote to an author by hand: an answer, a question back, a promise to answer later; which times it names.
//!
//! Conservative: a letter that could be either is `Unclear`, and a person is asked. Not here: whose letter it is and what follows (`decide`).

use super::times::{Mode, windows};
use super::words::{TEXT_LIMIT, cut, fold};
use super::{Window, machine, signs::Signs, words::Words};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// It answers.
    Answer,
    /// It asks the author something: they have to write again before an answer is possible.
    Asks,
    /// It says that an answer will come, or only that the letter has arrived.
    Promises,
    /// It may be an answer or not.
    Unclear,
    /// A vacation answer of the mailbox itself.
    Machine,
}

/// Words of a sentence that asks for something to be told, whatever mark ends it.
const TELL: [&str; 9] = ["уточните", "сообщите", "пришлите", "вышлите", "подскажите", "укажите", "назовите", "поясните", "опишите"];
/// The same of other words, where the writer or what they want to know stands beside.
const MAYBE_TELL: [&str; 6] = ["напишите", "ответьте", "позвоните", "перезвоните", "отправьте", "скажите"];
const BESIDE: [&str; 12] = ["мне", "нам", "какой", "какая", "какое", "какие", "когда", "удобн", "номер", "ваш", "класс", "сколько"];
/// Somebody will do it, or has only received it.
const LATER: [&str; 38] = [
    "разберемся",
    "разберусь",
    "уточню",
    "уточним",
    "уточняю",
    "уточняем",
    "проверим",
    "проверю",
    "проверяем",
    "сообщим",
    "сообщу",
    "ответим",
    "отвечу",
    "напишем",
    "напишу",
    "перезвоним",
    "перезвоню",
    "позвоним",
    "свяжемся",
    "свяжусь",
    "свяжется",
    "вернемся",
    "вернусь",
    "узнаем",
    "узнаю",
    "передам",
    "передадим",
    "исправим",
    "исправлю",
    "решим",
    "постараемся",
    "постараюсь",
    "рассмотрим",
    "пришлем",
    "пришлю",
    "вышлем",
    "вышлю",
    "разбираемся",
];
const RECEIVED: [&str; 12] =
    ["получили", "получено", "получила", "получил", "приняли", "принято", "принята", "зарегистриров", "передал", "передано", "передана", "переслал"];
/// Something was done.
const DONE: [&str; 26] = [
    "исправил",
    "исправлен",
    "восстановил",
    "восстановлен",
    "сбросил",
    "сброшен",
    "готов",
    "сделал",
    "сделано",
    "включил",
    "настроил",
    "открыл",
    "открыт",
    "решил",
    "решен",
    "выдал",
    "добавил",
    "внесл",
    "поправил",
    "обновил",
    "обновлен",
    "устранил",
    "устранен",
    "заработал",
    "создал",
    "подключил",
];

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '\n', ';']).map(str::trim).filter(|s| s.chars().any(char::is_alphabetic)).take(200)
}

fn words_of(sentence: &str) -> Vec<String> {
    fold(sentence).split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Reads the words that were written above a quotation.
pub fn by_hand(own: &str) -> Hand {
    let own = cut(own, TEXT_LIMIT);
    let words = Words::new(own);
    if words.tokens.len() < 90 {
        let (signs, voice) = (Signs::of(&words), machine::voice(&words));
        // «Ваше письмо получили, рассмотрим» of a person is a promise; a machine speaks of an absence.
        let away = ["отпуск", "отсутств", "автомат", "командиров", "больничн", "возвращ", "вернусь"]
            .iter()
            .any(|s| words.tokens.iter().any(|t| t.norm.starts_with(s)));
        if signs.count(0) > 0 && signs.count(2) == 0 && !own.contains('?') && away && (voice.formula() || signs.count(0) > 1) {
            return Hand::Machine;
        }
    }
    let (mut asks, mut later, mut done, mut count) = (false, false, false, 0);
    for sentence in sentences(own) {
        let words = words_of(sentence);
        let has = |list: &[&str]| words.iter().any(|w| list.iter().any(|l| w.starts_with(l)));
        let is = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        if greeting(&words) {
            continue;
        }
        count += words.len();
        // «Если останутся вопросы, пишите», «при необходимости сообщим» ask and promise nothing.
        let conditional = is(&["если", "необходимости", "случае", "возникнут", "останутся", "остались", "еще"]);
        if !conditional {
            asks |= sentence.ends_with('?') || is(&TELL) || is(&MAYBE_TELL) && has(&BESIDE);
            later |= is(&LATER) || has(&RECEIVED);
        }
        let denied = words.iter().any(|w| w == "не" || w == "пока");
        done |= has(&DONE) && !denied;
    }
    match (asks, later, done) {
        _ if count < 3 => Hand::Unclear,
        (true, _, true) | (_, true, true) => Hand::Unclear,
        (true, ..) => Hand::Asks,
        (_, true, _) => Hand::Promises,
        _ => Hand::Answer,
    }
}

/// «Здравствуйте, Мария Ивановна!», «С уважением».
fn greeting(words: &[String]) -> bool {
    let first = words.first().map(String::as_str).unwrap_or_default();
    let second = words.get(1).map(String::as_str).unwrap_or_default();
    words.len() <= 6
        && (first.starts_with("здравств")
            || first.starts_with("добр") && matches!(second, "день" | "утро" | "вечер" | "дня" | "утра")
            || first.starts_with("уважаем")
            || first == "с" && second == "уважением"
            || first.starts_with("спасибо"))
}

/// The moments that a letter names, each once, in order: a day with a clock time, nothing that is past, local to the school.
pub fn times_named(own: &str, now: NaiveDateTime) -> Vec<NaiveDateTime> {
    let today = now.date();
    let mut found: Vec<NaiveDateTime> = Vec::new();
    for window in windows(cut(own, TEXT_LIMIT), today, Mode::Answer) {
        let Some(at) = exact(&window) else { continue };
        let day = window.date.or_else(|| window.weekday.first().filter(|_| window.weekday.len() == 1).and_then(|w| next(today, *w, at > now.time())));
        if let Some(start) = day.map(|d| d.and_time(at)).filter(|s| *s > now && !found.contains(s)) {
            found.push(start);
        }
    }
    found.sort_unstable();
    found
}

/// «В 16:00» reads as the forty minutes from it on; «после 16:00» is no moment.
fn exact(window: &Window) -> Option<chrono::NaiveTime> {
    let at = window.after.filter(|_| !window.not)?;
    (window.before? - at == TimeDelta::minutes(40)).then_some(at)
}

fn next(today: NaiveDate, day: chrono::Weekday, may_be_today: bool) -> Option<NaiveDate> {
    today.iter_days().skip(usize::from(!may_be_today)).take(8).find(|d| d.weekday() == day)
}
