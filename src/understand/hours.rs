//! Times of day out of Russian words: «с 16 до 18», «полтретьего», «после обеда».
//!
//! Not here: days (`days`), what stands together (`times`).

use super::lexer::{Piece, hour_of, word};
use chrono::{Duration, NaiveTime, Timelike};

/// The longest consultation (000 4.3.1): a clock time stands for that window.
const LONGEST: i64 = 40;

/// A span within a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    pub after: Option<NaiveTime>,
    pub before: Option<NaiveTime>,
    /// Part of the day («утром»): gives way to hours beside it.
    pub part: bool,
}

fn hm(h: u32, m: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(h.min(23), m, 0)
}

/// Hours within a part of the day: «утром до 11», «вечером после 19», «вечером с 7 до 8».
pub(super) fn refine(a: Span, b: Span) -> Span {
    let (part, hours) = if a.part { (a, b) } else { (b, a) };
    if part.part && hours.part {
        return Span { after: hours.after.or(part.after), before: hours.before.or(part.before), part: true };
    }
    let evening = part.after.is_some_and(|t| t.hour() >= 13);
    let morning = part.before.is_some_and(|t| t.hour() <= 12);
    let fit = |t: NaiveTime| match t.hour() {
        h if evening && h < 12 => hm(h + 12, t.minute()).unwrap_or(t),
        h if morning && h > 16 => hm(h - 12, t.minute()).unwrap_or(t),
        _ => t,
    };
    let (mut after, mut before) = (hours.after.map(fit), hours.before.map(fit));
    // Hours that do not fit the part of the day stay as they were written.
    if after.zip(before).is_some_and(|(a, b)| a >= b) {
        (after, before) = (hours.after, hours.before);
    }
    Span {
        after: after.or(part.after.filter(|p| before.is_none_or(|b| *p < b))),
        before: before.or(part.before.filter(|p| after.is_none_or(|a| a < *p))),
        part: false,
    }
}

/// A part of the day at the head of the pieces: the hours it lies between, and how many pieces it took.
fn part_of_day(rest: &[Piece]) -> Option<(Option<u32>, Option<u32>, usize)> {
    let (a, b, c) = (word(rest.first()), word(rest.get(1)), word(rest.get(2)));
    let (morning, noon, day, evening) = ((Some(8), Some(12)), (Some(12), Some(14)), (Some(12), Some(17)), (Some(17), None));
    let ((from, to), used) = match a {
        "рано" if matches!(b, "утром" | "утречком") => (morning, 2),
        "утром" | "утречком" | "утрами" | "поутру" => (morning, 1),
        "утро" if !b.ends_with("ее") => (morning, 1),
        "с" if matches!(b, "утра" | "утреца") => (morning, if c == "пораньше" { 3 } else { 2 }),
        "с" if b == "самого" && c == "утра" => (morning, 3),
        "вечером" | "вечерком" | "вечерами" | "вечерочком" | "вечер" => (evening, 1),
        "к" | "под" if matches!(b, "вечеру" | "вечер") => (evening, 2),
        "к" if b == "обеду" => (noon, 2),
        "днем" if b != "раньше" && b != "позже" => (day, 1),
        "утреннее" | "утренние" | "утренних" => (morning, if b.starts_with("врем") || b.starts_with("час") { 2 } else { 1 }),
        "вечернее" | "вечерние" | "вечерних" => (evening, if b.starts_with("врем") || b.starts_with("час") { 2 } else { 1 }),
        "дневное" | "дневные" if b.starts_with("врем") || b.starts_with("час") => (day, 2),
        "послеобеденное" | "послеобеденные" => ((Some(13), None), 2),
        "обеденное" | "обеденный" if b.starts_with("врем") || b.starts_with("перерыв") => (noon, 2),
        "до" if matches!(b, "обеда" | "полудня") => (morning, 2),
        "после" if matches!(b, "обеда" | "полудня") => ((Some(13), None), 2),
        "после" if b == "работы" || (b == "рабочего" && c == "дня") => ((Some(18), None), if c == "дня" { 3 } else { 2 }),
        "до" | "перед" if matches!(b, "работы" | "работой") => ((None, Some(9)), 2),
        "до" | "перед" if matches!(b, "уроков" | "уроками") => ((None, Some(9)), 2),
        "в" if matches!(b, "обед" | "полдень") => (noon, 2),
        "в" if b == "середине" && c == "дня" => (noon, 3),
        "первой" | "первую" | "первая" if b.starts_with("половин") => (morning, if c == "дня" { 3 } else { 2 }),
        "второй" | "вторую" | "вторая" if b.starts_with("половин") => ((Some(13), Some(18)), if c == "дня" { 3 } else { 2 }),
        "по" if matches!(b, "вечерам" | "вечера") => (evening, 2),
        "по" if b == "утрам" => (morning, 2),
        _ => return None,
    };
    Some((from, to, used))
}

/// A time of day at the head of the pieces, and how many it took.
pub(super) fn time(rest: &[Piece]) -> Option<(Span, usize)> {
    let first = word(rest.first());
    let second = word(rest.get(1));
    let part = |after: Option<u32>, before: Option<u32>, used: usize| {
        Some((Span { after: after.and_then(|h| hm(h, 0)), before: before.and_then(|h| hm(h, 0)), part: true }, used))
    };
    if let Some((from, to, used)) = part_of_day(rest) {
        return part(from, to, used);
    }
    if let Some(Piece::Number { value, .. }) = rest.first()
        && second.starts_with("половин")
    {
        return if *value == 1 { part(Some(8), Some(12), 2) } else { part(Some(13), Some(18), 2) };
    }
    // «18-20», «16:00-17:30», «с 18 до 20», «между 12 и 14»
    let exact = |after: Option<NaiveTime>, before: Option<NaiveTime>, used: usize| Some((Span { after, before, part: false }, used));
    if let Some(Piece::Hours(a, b)) = rest.first() {
        return exact(hm(*a, 0), hm(*b, 0), 1);
    }
    // «после шестого урока (14:05)», «после уроков — 15:30»: from that time on.
    if first == "после"
        && let Some(at) = (1..3).find(|&n| word(rest.get(n)).starts_with("урок") || word(rest.get(n)).starts_with("заняти")).map(|n| n + 1)
        && matches!(rest.get(at), Some(Piece::Comma | Piece::Dash))
    {
        let said = at + 1 + usize::from(word(rest.get(at + 1)) == "это");
        return match rest.get(said) {
            Some(Piece::Clock(t)) => exact(Some(*t), None, said + 1),
            _ => None,
        };
    }
    // «часов в пять», «часам к семи», «где-то после шести»: the word before only says that it is rough.
    let rough = usize::from(
        matches!(
            first,
            "часов"
                | "часика"
                | "часиков"
                | "часам"
                | "часа"
                | "где"
                | "примерно"
                | "приблизительно"
                | "ориентировочно"
                | "желательно"
                | "строго"
                | "ровно"
        ) && (matches!(second, "в" | "к" | "с" | "до" | "после" | "около" | "на" | "без") || second == "то"),
    );
    let rough = if rough == 1 && second == "то" { 2 } else { rough };
    let (first, second) = (word(rest.get(rough)), word(rest.get(rough + 1)));
    let clocked = || {
        matches!(rest.get(rough + 1), Some(Piece::Clock(_)))
            || matches!(word(rest.get(rough + 2)), "часов" | "часа" | "утра" | "вечера" | "дня" | "ч")
            || hour_of(second).is_some_and(|n| n > 1 && !matches!(second, "двух" | "двум" | "трем" | "пять" | "два" | "две" | "три"))
    };
    let (lead, kind) = match first {
        "с" | "со" | "от" | "между" => (1, 'r'),
        "после" | "позже" | "позднее" => (1, 'a'),
        "до" | "раньше" | "ранее" => (1, 'b'),
        "не" if matches!(second, "раньше" | "ранее") => (2, 'a'),
        "не" if matches!(second, "позже" | "позднее") => (2, 'b'),
        "в" if matches!(second, "около" | "районе" | "промежутке" | "период" | "районах") => (2, 'e'),
        "в" | "к" | "ко" | "около" | "примерно" | "ровно" | "без" => (1, 'e'),
        // «на два часа позже» is a shift.
        "на" if (clocked() || rough > 0)
            && !(rough + 2..rough + 4).any(|n| matches!(word(rest.get(n)), "позже" | "раньше" | "попозже" | "пораньше" | "позднее")) =>
        {
            (1, 'e')
        }
        _ => (0, if matches!(rest.get(rough), Some(Piece::Clock(_))) || first == "четверть" { 'e' } else { ' ' }),
    };
    // «без четверти три» keeps its «без».
    let lead = rough + if first == "без" { 0 } else { lead };
    if kind == ' ' {
        return None;
    }
    let (from, mut used) = hour(rest.get(lead..).unwrap_or_default())?;
    used += lead;
    // «с 4 на 2», «с 5 по 9 класс», «с 3 до 4 баллов» are no hours.
    let next = word(rest.get(used));
    if kind == 'r'
        && (next == "на"
            || (matches!(next, "по" | "до")
                && matches!(rest.get(used + 1), Some(Piece::Number { .. }))
                && hour(rest.get(used + 1..).unwrap_or_default()).is_none()))
    {
        return None;
    }
    let joiner = matches!(rest.get(used), Some(Piece::Dash)) || matches!(word(rest.get(used)), "до" | "и" | "по");
    if (kind == 'r' || (kind == 'e' && matches!(rest.get(used), Some(Piece::Dash))))
        && joiner
        && let Some((to, more)) = hour(rest.get(used + 1..).unwrap_or_default())
    {
        let (mut a, mut b) = (from, to);
        // «с 7 до 8 вечера»: the later hour tells the half of the day.
        let evening = b.1 == Half::Evening && a.0.hour() < 12 && a.0.hour() + 12 <= b.0.hour();
        let school_day = !(b.1 == Half::Said && b.0.hour() < 12) && (1..8).contains(&a.0.hour());
        if a.1 == Half::Open && (evening || school_day) {
            a.0 = hm(a.0.hour() + 12, a.0.minute())?;
        }
        if b.0 <= a.0 && b.0.hour() < 12 {
            b.0 = hm(b.0.hour() + 12, b.0.minute())?;
        }
        if a.0 >= b.0 && a.0.hour() >= 12 {
            a.0 = hm(a.0.hour() - 12, a.0.minute())?;
        }
        return (a.0 < b.0).then(|| exact(Some(a.0), Some(b.0), used + 1 + more)).flatten();
    }
    let afternoon =
        |t: (NaiveTime, Half)| if t.1 == Half::Open && (1..8).contains(&t.0.hour()) { hm(t.0.hour() + 12, t.0.minute()).unwrap_or(t.0) } else { t.0 };
    match kind {
        'a' | 'r' => exact(Some(afternoon(from)), None, used),
        'b' => {
            let until = afternoon(from);
            exact(None, Some(until), used)
        }
        _ => {
            let at = afternoon(from);
            let end = at.overflowing_add_signed(Duration::minutes(LONGEST));
            (end.1 == 0).then(|| exact(Some(at), Some(end.0), used)).flatten()
        }
    }
}

/// Whether the half of the day was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Open,
    Said,
    Evening,
}

/// An hour at the head of the pieces: «15:30», «16 часов», «шести вечера», «полтретьего», «половине четвертого».
fn hour(rest: &[Piece]) -> Option<((NaiveTime, Half), usize)> {
    const ORDINALS: [&str; 12] = ["перв", "втор", "треть", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат", "двенадцат"];
    let ordinal = |w: &str| ORDINALS.iter().position(|o| w.starts_with(o)).map(|n| n as u32);
    // «в половине первого» is past noon.
    let first = word(rest.first());
    // «без четверти три», «без десяти семь», «без 15 шесть»: so many minutes before the hour.
    if first == "без" {
        let minutes = match rest.get(1)? {
            Piece::Number { value, .. } => *value,
            Piece::Word(w) if w == "четверти" => 15,
            Piece::Word(w) => hour_of(w)?,
            _ => return None,
        };
        let at = 2 + usize::from(word(rest.get(2)).starts_with("минут"));
        let ((t, half), used) = hour(rest.get(at..).filter(|r| word(r.first()) != "без")?)?;
        // «без четверти три» is in the afternoon as three is.
        let whole = if half == Half::Open && (1..8).contains(&t.hour()) { hm(t.hour() + 12, t.minute())? } else { t };
        return Some(((whole.overflowing_sub_signed(Duration::minutes(i64::from(minutes.min(59)))).0, Half::Said), at + used));
    }
    // «четверть пятого», «десять минут седьмого»
    if matches!(first, "четверть" | "четверти") {
        return Some(((hm(ordinal(word(rest.get(1))).map(|n| if n == 0 { 12 } else { n })?, 15)?, Half::Open), 2));
    }
    if word(rest.get(1)).starts_with("минут")
        && let Some(h) = ordinal(word(rest.get(2)))
    {
        let minutes = match rest.first()? {
            Piece::Number { value, .. } => *value,
            _ => hour_of(first)?,
        };
        return Some(((hm(h, minutes)?, Half::Open), 3));
    }
    if let Some(n) = first.strip_prefix("пол").and_then(ordinal) {
        return Some(((hm(if n == 0 { 12 } else { n }, 30)?, Half::Open), 1));
    }
    if first == "пол" {
        let at = 1 + usize::from(matches!(rest.get(1), Some(Piece::Dash)));
        return Some(((hm(ordinal(word(rest.get(at))).map(|n| if n == 0 { 12 } else { n })?, 30)?, Half::Open), at + 1));
    }
    if first.starts_with("половин") {
        let n = ordinal(word(rest.get(1)))?;
        return Some(((hm(if n == 0 { 12 } else { n }, 30)?, Half::Open), 2));
    }
    let (mut h, m, mut used, written) = match rest.first()? {
        Piece::Clock(t) => (t.hour(), t.minute(), 1, true),
        Piece::Number { value, ordinal: false } if *value <= 23 => (*value, 0, 1, false),
        Piece::Word(w) => (hour_of(w)?, 0, 1, false),
        _ => return None,
    };
    let mut half = if written && h > 6 || h > 12 { Half::Said } else { Half::Open };
    if word(rest.get(used)).starts_with("час") || word(rest.get(used)) == "ч" {
        used += 1;
    }
    // «в 9 «Б»» is a class.
    if super::days::sign(word(rest.get(used))) {
        return None;
    }
    match word(rest.get(used)) {
        "утра" => (half, used) = (Half::Said, used + 1),
        "дня" | "пополудни" => {
            h = if h < 9 { h + 12 } else { h };
            (half, used) = (Half::Said, used + 1);
        }
        "вечера" => {
            h = if h < 12 { h + 12 } else { h };
            (half, used) = (Half::Evening, used + 1);
        }
        // «после 5 класса», «до 10 лет», «в 3 раза», «с 12 октября» are no hours.
        w if counted(w) || super::days::month(w).is_some() || (counted(word(rest.get(used + 1))) && w.chars().count() == 1) => {
            return None;
        }
        _ => {}
    }
    Some(((hm(h, m)?, half), used))
}

/// Things that are counted or numbered: a number before them is no hour and no date.
pub(super) fn counted(w: &str) -> bool {
    const ROOTS: [&str; 62] = [
        "класс",
        "лет",
        "раз",
        "минут",
        "год",
        "урок",
        "человек",
        "руб",
        "дн",
        "ден",
        "недел",
        "месяц",
        "числ",
        "тысяч",
        "кабинет",
        "четверт",
        "дет",
        "сут",
        "смен",
        "предмет",
        "балл",
        "номер",
        "параграф",
        "шт",
        "страниц",
        "сын",
        "доч",
        "этаж",
        "корпус",
        "подъезд",
        "квартир",
        "школ",
        "групп",
        "тур",
        "вопрос",
        "задани",
        "упражнен",
        "ряд",
        "отряд",
        "модул",
        "триместр",
        "полугод",
        "категор",
        "ребен",
        "пятер",
        "двой",
        "двое",
        "трой",
        "троек",
        "оцен",
        "балл",
        "замечан",
        "попыт",
        "сообщен",
        "письм",
        "звонк",
        "процент",
        "шаг",
        "пункт",
        "степен",
        "вариант",
        "учеб",
    ];
    (ROOTS.iter().any(|s| w.starts_with(s)) && !matches!(w, "дня" | "дети" | "пятницу" | "пятницы" | "пятница" | "пятницам"))
        // «попыток», «замечаний», «новых»: a noun or adjective in the genitive plural.
        || (w.chars().count() > 4 && ["ов", "ев", "ний", "ток", "нок", "вых", "ных", "ких"].iter().any(|e| w.ends_with(e)) && !w.starts_with("час"))
}
