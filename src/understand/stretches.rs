//! Stretches of days out of Russian words: weeks and their parts, «через неделю», coming days off, holidays, even and odd dates.
//!
//! Not here: single days and ranges between two (`days`). Holidays are the usual ones of Russian schools: the school's own calendar is not known here.

use super::days::{Day, dated, dated_day, monday, month, weekday};
use super::lexer::{Piece, hour_of, word};
use chrono::{Datelike, Duration, Months, NaiveDate, Weekday};
use std::cell::LazyCell;

/// A stretch at the head of the pieces, and how many it took.
pub(super) fn stretch(rest: &[Piece], today: NaiveDate) -> Option<(Day, usize)> {
    let (a, b, c) = (word(rest.first()), word(rest.get(1)), word(rest.get(2)));
    let this = LazyCell::new(|| monday(today));
    let next = LazyCell::new(|| *this + Duration::days(7));
    let week = |from: NaiveDate| Day::Week(from, monday(from) + Duration::days(6));
    let later = |w: &str| w.starts_with("следующ") || matches!(w, "будущей" | "будущую" | "той" | "ту");
    let now = |w: &str| matches!(w, "этой" | "эту" | "текущей" | "текущую" | "нынешней");
    match a {
        "через" => return after(rest, today),
        "недели" | "дня" | "дней" | "недельки" | "денька" if b == "через" => {
            let n = count(rest.get(2))?;
            let days = if a.starts_with("нед") { 7 * n } else { n };
            return Some((Day::One(None, today.checked_add_signed(Duration::days(days))), 3));
        }
        "начале" | "начало" | "середине" | "середину" | "конце" | "конец" | "концу" => {
            let (monday, used) = match (b, c) {
                _ if b.starts_with("недел") => (*this, 2),
                _ if later(b) && c.starts_with("недел") => (*next, 3),
                _ if now(b) && c.starts_with("недел") => (*this, 3),
                _ => return None,
            };
            let (from, to) = match a {
                _ if a.starts_with("нач") => (0, 2),
                _ if a.starts_with("сер") => (1, 3),
                _ => (3, 6),
            };
            // The beginning of a week that is past it is that of the next one.
            let monday = if monday + Duration::days(to) < today { monday + Duration::days(7) } else { monday };
            let from = (monday + Duration::days(from)).max(today);
            return Some((Day::Range(Some(from), Some(monday + Duration::days(to))), used));
        }
        "до" if b == "конца" && c.starts_with("недел") => return Some((Day::Week(today, *this + Duration::days(6)), 3)),
        "ближайшие" | "ближайших" | "эти" | "этих" if b.starts_with("выходн") => {
            let saturday = *this + Duration::days(5);
            return Some((Day::Range(Some(saturday.max(today)), Some(saturday + Duration::days(1))), 2));
        }
        "следующие" | "следующих" if b.starts_with("выходн") => {
            let saturday = *next + Duration::days(5);
            return Some((Day::Range(Some(saturday), Some(saturday + Duration::days(1))), 2));
        }
        "ближайшие" | "ближайшее" if b.starts_with("дн") || b == "время" => return Some((Day::Any, 2)),
        "четным" | "четные" | "четных" => return Some(parity(today, 0, b)),
        "нечетным" | "нечетные" | "нечетных" => return Some(parity(today, 1, b)),
        "неделе" | "неделю" | "неделя" if matches!(b, "с" | "со") => {
            let (date, used) = dated_day(rest.get(2..)?, today)?;
            return Some((Day::Week(date, monday(date) + Duration::days(6)), used + 2));
        }
        // «в декабре»: a month near ahead.
        "в" if b.ends_with('е') && month(b).is_some() => {
            let first = dated(today, 1, month(b)?, None)?;
            let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
            return (last >= today && first < today + Duration::days(70)).then_some((Day::Range(Some(first.max(today)), Some(last)), 2));
        }
        "на" | "в" if matches!(b, "каникулы" | "каникулах") => return Some((holidays(today, "")?, 2)),
        "на" | "в" if c.starts_with("каникул") => return Some((holidays(today, b)?, 3)),
        _ => {}
    }
    if later(a) {
        if b.starts_with("недел") {
            return Some((week(*next), 2));
        }
        // «на этой неделе никак, на следующей — пожалуйста»: the noun was said before.
        if matches!(a, "следующей" | "следующую")
            && !matches!(rest.get(1), Some(Piece::Word(w)) if weekday(w).is_some() || w.ends_with('е') || w.ends_with('у'))
        {
            return Some((week(*next), 1));
        }
    }
    if now(a) && (b.starts_with("недел") || (matches!(b, "или" | "и" | "либо") && later(c) && word(rest.get(3)).starts_with("недел"))) {
        return Some((Day::Week(today, *this + Duration::days(6)), if b.starts_with("недел") { 2 } else { 1 }));
    }
    None
}

fn count(piece: Option<&Piece>) -> Option<i64> {
    match piece? {
        Piece::Number { value, .. } => Some(i64::from(*value)),
        Piece::Word(w) if w == "пару" || w == "парочку" => Some(2),
        Piece::Word(w) if !w.starts_with("час") => hour_of(w).map(i64::from),
        _ => None,
    }
}

/// «через неделю», «через три дня», «через неделю в среду».
fn after(rest: &[Piece], today: NaiveDate) -> Option<(Day, usize)> {
    let (n, at) = count(rest.get(1)).map_or((1, 1), |n| (n, 2));
    let unit = word(rest.get(at));
    if unit.starts_with("дн") || unit.starts_with("ден") {
        return Some((Day::One(None, today.checked_add_signed(Duration::days(n))), at + 1));
    }
    if !unit.starts_with("недел") {
        return None;
    }
    let then = today.checked_add_signed(Duration::days(7 * n))?;
    let used = at + 1;
    let comma = usize::from(matches!(rest.get(used), Some(Piece::Comma)));
    let lead = usize::from(matches!(word(rest.get(used + comma)), "в" | "во"));
    match weekday(word(rest.get(used + comma + lead))) {
        Some((day, false)) => {
            let date = monday(then) + Duration::days(i64::from(day.num_days_from_monday()));
            Some((Day::One(None, Some(date)), used + comma + lead + 1))
        }
        _ => Some((Day::One(None, Some(then)), used)),
    }
}

/// «по чётным (числам)»: those of the next two weeks; which weeks are «чётные» is not known here.
fn parity(today: NaiveDate, odd: u32, next: &str) -> (Day, usize) {
    if next.starts_with("недел") {
        return (Day::Any, 2);
    }
    let days = (1..=14).map(|n| today + Duration::days(n)).filter(|d| d.day() % 2 == odd && d.weekday() != Weekday::Sun);
    (Day::Dates(days.collect()), 1 + usize::from(next.starts_with("числ") || next.starts_with("дн")))
}

/// The school holidays of that name, or the next ones.
fn holidays(today: NaiveDate, name: &str) -> Option<Day> {
    type Holiday = (&'static str, (u32, u32), (u32, u32));
    const ALL: [Holiday; 5] =
        [("осен", (10, 26), (11, 4)), ("зимн", (12, 31), (1, 10)), ("новогод", (12, 31), (1, 10)), ("весен", (3, 27), (4, 4)), ("летн", (6, 1), (8, 31))];
    let named = ALL.iter().any(|h| name.starts_with(h.0));
    let coming = |(root, from, to): &Holiday| {
        let start = dated(today, from.1, from.0, None)?;
        let end = NaiveDate::from_ymd_opt(start.year() + i32::from(to.0 < from.0), to.0, to.1)?;
        (end >= today && (!named || name.starts_with(root))).then_some((start, end))
    };
    let (from, to) = ALL.iter().filter_map(coming).min()?;
    Some(Day::Range(Some(from), Some(to)))
}
