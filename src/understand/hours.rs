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
    let (after, before) = (hours.after.map(fit), hours.before.map(fit));
    Span {
        after: after.or(part.after.filter(|p| before.is_none_or(|b| *p < b))),
        before: before.or(part.before.filter(|p| after.is_none_or(|a| a < *p))),
        part: false,
    }
}

/// A time of day at the head of the pieces, and how many it took.
pub(super) fn time(rest: &[Piece]) -> Option<(Span, usize)> {
    let first = word(rest.first());
    let second = word(rest.get(1));
    let part = |after: Option<u32>, before: Option<u32>, used: usize| {
        Some((Span { after: after.and_then(|h| hm(h, 0)), before: before.and_then(|h| hm(h, 0)), part: true }, used))
    };
    match first {
        "утром" | "утро" | "утречком" => return part(Some(8), Some(12), 1),
        "с" if second == "утра" => return part(Some(8), Some(12), 2),
        "вечером" | "вечерком" => return part(Some(17), None, 1),
        "вечер" | "вечера" if first == "вечер" => return part(Some(17), None, 1),
        "до" if second == "обеда" || second == "полудня" => return part(Some(8), Some(12), 2),
        "после" if second == "обеда" || second == "полудня" => return part(Some(13), None, 2),
        "в" if second == "обед" || second == "обеденный" => return part(Some(12), Some(14), 2),
        "первой" | "первую" | "первая" | "1" if second.starts_with("половин") => return part(Some(8), Some(12), 2),
        "второй" | "вторую" | "вторая" if second.starts_with("половин") => return part(Some(13), Some(18), 2),
        "по" if second == "вечерам" => return part(Some(17), None, 2),
        "по" if second == "утрам" => return part(Some(8), Some(12), 2),
        _ => {}
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
    let (lead, kind) = match first {
        "с" | "со" | "от" | "между" => (1, 'r'),
        "после" | "позже" | "позднее" => (1, 'a'),
        "до" => (1, 'b'),
        "не" if matches!(second, "раньше" | "ранее") => (2, 'a'),
        "не" if matches!(second, "позже" | "позднее") => (2, 'b'),
        "в" | "к" | "около" | "примерно" | "ровно" | "часов" if !matches!(second, "около" | "районе") => {
            (if first == "часов" && second == "в" { 2 } else { 1 }, 'e')
        }
        "в" => (2, 'e'),
        _ => (0, if matches!(rest.first(), Some(Piece::Clock(_))) { 'e' } else { ' ' }),
    };
    if kind == ' ' {
        return None;
    }
    let (from, mut used) = hour(rest.get(lead..).unwrap_or_default())?;
    used += lead;
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
    let first = word(rest.first());
    if let Some(n) = first.strip_prefix("пол").and_then(ordinal) {
        return Some(((hm(n, 30)?, Half::Open), 1));
    }
    if first.starts_with("половин") {
        let n = ordinal(word(rest.get(1)))?;
        return Some(((hm(n, 30)?, Half::Open), 2));
    }
    let (mut h, m, mut used, written) = match rest.first()? {
        Piece::Clock(t) => (t.hour(), t.minute(), 1, true),
        Piece::Number { value, ordinal: false } if *value <= 23 => (*value, 0, 1, false),
        Piece::Word(w) => (hour_of(w)?, 0, 1, false),
        _ => return None,
    };
    let mut half = if written && h > 7 || h > 12 { Half::Said } else { Half::Open };
    if word(rest.get(used)).starts_with("час") || word(rest.get(used)) == "ч" {
        used += 1;
    }
    // «в 9 «Б»» is a class.
    if word(rest.get(used)).chars().count() == 1 && !matches!(word(rest.get(used)), "и" | "а" | "в" | "с" | "я" | "о" | "у" | "к") {
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
        w if [
            "класс",
            "лет",
            "раз",
            "минут",
            "год",
            "урок",
            "человек",
            "руб",
            "дн",
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
        ]
        .iter()
        .any(|s| w.starts_with(s))
            || super::days::month(w).is_some() =>
        {
            return None;
        }
        _ => {}
    }
    Some(((hm(h, m)?, half), used))
}
