//! Days out of Russian words, relative to the day of the letter.
//!
//! Conventions (docs/labels.md): a bare weekday is the nearest one after today; «следующий X» is X of the next calendar week; a day of a month that has
//! passed is next month's; a date of a year that has passed is next year's.

use super::hours::counted;
use super::lexer::{Piece, word};
use chrono::{Datelike, Duration, Months, NaiveDate, Weekday};

/// A weekday as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    /// Which.
    pub day: Weekday,
    /// Said without «эту», «следующую»: with «кроме» it means every one.
    pub general: bool,
}

/// A day or days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Day {
    /// No constraint: «в любой день».
    Any,
    /// Every such weekday.
    Each(Vec<Weekday>),
    /// One day: a weekday still to be dated, or a date.
    One(Option<Named>, Option<NaiveDate>),
    /// From a day to another, or on, or up to one.
    Range(Option<NaiveDate>, Option<NaiveDate>),
    /// Several dates.
    Dates(Vec<NaiveDate>),
    /// A calendar week.
    Week(NaiveDate, NaiveDate),
}

pub(super) const WEEK: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// The weekday that a word names, and whether the word is a plural.
pub(super) fn weekday(w: &str) -> Option<(Weekday, bool)> {
    // Each begins with one of these.
    if !w.starts_with(['п', 'в', 'с', 'ч']) {
        return None;
    }
    let short = match w {
        "пн" | "пон" | "понед" => Some(Weekday::Mon),
        "вт" | "вторн" => Some(Weekday::Tue),
        "ср" => Some(Weekday::Wed),
        "чт" | "чет" | "четв" => Some(Weekday::Thu),
        "пт" | "пятн" => Some(Weekday::Fri),
        "сб" | "суб" | "субб" => Some(Weekday::Sat),
        "вс" | "вск" | "воскр" => Some(Weekday::Sun),
        _ => None,
    };
    if let Some(day) = short {
        return Some((day, false));
    }
    let adjectives = [("пятничн", Weekday::Fri), ("субботн", Weekday::Sat), ("воскресн", Weekday::Sun)];
    if let Some((_, day)) = adjectives.iter().find(|a| w.starts_with(a.0)) {
        return Some((*day, true));
    }
    let roots = [
        ("понедельник", Weekday::Mon),
        ("вторник", Weekday::Tue),
        ("сред", Weekday::Wed),
        ("четверг", Weekday::Thu),
        ("пятниц", Weekday::Fri),
        ("суббот", Weekday::Sat),
        ("воскресень", Weekday::Sun),
    ];
    roots.iter().find_map(|(root, day)| {
        let end = w.strip_prefix(root)?;
        match end {
            "" if matches!(*root, "пятниц" | "суббот") => Some((*day, true)),
            "" | "а" | "у" | "ы" | "е" | "ой" | "ом" | "я" | "ю" | "ем" if !(*root == "сред" && end.is_empty()) => Some((*day, false)),
            "ам" | "ами" | "ах" | "и" | "ям" | "ов" => Some((*day, true)),
            _ => None,
        }
    })
}

/// The month that a word names.
pub(super) fn month(w: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = ["январ", "феврал", "март", "апрел", "мая", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"];
    const SHORT: [&str; 12] = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сент", "окт", "нояб", "дек"];
    let long = MONTHS.iter().position(|m| w.starts_with(m) && w.chars().count() <= m.chars().count() + 3);
    long.or_else(|| SHORT.iter().position(|m| w == *m || (w == "сен" && *m == "сент") || (w == "ноя" && *m == "нояб"))).map(|n| n as u32 + 1)
}

/// The nearest such weekday after today.
fn nearest(today: NaiveDate, day: Weekday) -> NaiveDate {
    let ahead = (7 + i64::from(day.num_days_from_monday()) - i64::from(today.weekday().num_days_from_monday())) % 7;
    today + Duration::days(if ahead == 0 { 7 } else { ahead })
}

pub(super) fn monday(today: NaiveDate) -> NaiveDate {
    today - Duration::days(i64::from(today.weekday().num_days_from_monday()))
}

/// A date of this year, or the next where it has passed more than half a year ago.
pub(super) fn dated(today: NaiveDate, day: u32, month: u32, year: Option<i32>) -> Option<NaiveDate> {
    match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day),
        None => {
            let date = NaiveDate::from_ymd_opt(today.year(), month, day)?;
            if date < today - Duration::days(120) { NaiveDate::from_ymd_opt(today.year() + 1, month, day) } else { Some(date) }
        }
    }
}

/// A day of this month, or the next where it has passed.
fn numbered(today: NaiveDate, day: u32) -> Option<NaiveDate> {
    (0..3).find_map(|n| NaiveDate::from_ymd_opt(today.year(), today.month(), 1)?.checked_add_months(Months::new(n))?.with_day(day).filter(|d| *d > today))
}

/// The dates of a day within the week that the sentence speaks of, if it does.
pub(super) fn dates_of(day: &Day, today: NaiveDate, week: Option<(NaiveDate, NaiveDate)>) -> Vec<NaiveDate> {
    match day {
        Day::One(_, Some(date)) => vec![*date],
        Day::One(Some(named), None) => {
            let in_week = week.map(|(from, _)| monday(from) + Duration::days(i64::from(named.day.num_days_from_monday())));
            vec![in_week.filter(|d| *d > today).unwrap_or_else(|| nearest(today, named.day))]
        }
        _ => Vec::new(),
    }
}

/// A day at the head of the pieces, and how many it took.
pub(super) fn day(rest: &[Piece], today: NaiveDate) -> Option<(Day, usize)> {
    let (a, b, c) = (word(rest.first()), word(rest.get(1)), word(rest.get(2)));
    let next_monday = || monday(today) + Duration::days(7);
    let one = |date: NaiveDate| Day::One(None, Some(date));
    if let Some(found) = super::stretches::stretch(rest, today) {
        return Some(found);
    }
    match a {
        "сегодня" | "сегодняшний" => return Some((one(today), 1)),
        "завтра" | "завтрашний" => return Some((one(today + Duration::days(1)), 1)),
        "послезавтра" | "послезавтрашний" => return Some((one(today + Duration::days(2)), 1)),
        // «по вт и чт»: every one of them.
        "по" if matches!(weekday(b), Some((_, false))) => {
            let (mut list, mut used) = (Vec::new(), 1);
            while let Some((day, _)) = weekday(word(rest.get(used))) {
                list.push(day);
                used += 1;
                let link = matches!(rest.get(used), Some(Piece::Comma)) || matches!(word(rest.get(used)), "и" | "или");
                if !link || weekday(word(rest.get(used + 1))).is_none() || list.len() > 7 {
                    break;
                }
                used += 1;
            }
            return Some((Day::Each(list), used));
        }
        "ежедневно" => return Some((Day::Any, 1)),
        "будни" | "будням" | "будний" | "буднего" | "будней" | "будние" | "будних" | "будним" | "будничные" | "буднями" =>
        {
            return Some((Day::Each(WEEK[..5].to_vec()), if b.starts_with("дн") || b.starts_with("ден") { 2 } else { 1 }));
        }
        "рабочие" | "рабочий" | "рабочего" | "рабочим" | "рабочих" if b.starts_with("дн") || b.starts_with("ден") => {
            return Some((Day::Each(WEEK[..5].to_vec()), 2));
        }
        "выходные" | "выходным" | "выходной" | "выходных" | "выходными" => {
            return Some((Day::Each(WEEK[5..].to_vec()), if b.starts_with("дн") || b.starts_with("ден") { 2 } else { 1 }));
        }
        "любой" | "каждый" | "любые" | "все" | "любого" | "каждого" if b.starts_with("ден") || b.starts_with("дн") => {
            return Some((Day::Any, 2));
        }
        "любое" if b == "время" => return Some((Day::Any, 2)),
        "любой" | "любого" | "любую" | "любая" | "любое" | "каждый" | "каждого" | "каждую" | "каждое" => {
            if b.starts_with("рабоч") || b.starts_with("будн") {
                return Some((Day::Each(WEEK[..5].to_vec()), if c.starts_with("д") { 3 } else { 2 }));
            }
            if let Some((day, _)) = weekday(b) {
                return Some((Day::Each(vec![day]), 2));
            }
        }
        _ if a.starts_with("следующ") || a == "будущую" || a == "будущий" => {
            if let Some((day, _)) = weekday(b) {
                return Some((one(next_monday() + Duration::days(i64::from(day.num_days_from_monday()))), 2));
            }
        }
        "эту" | "этот" | "это" | "этого" | "этой" | "ближайшую" | "ближайший" | "ближайшее" | "ближайшей" | "ближайшего" => {
            if let Some((day, _)) = weekday(b) {
                return Some((one(nearest(today, day)), 2));
            }
        }
        // «прошлой среды», «в прошлую среду» are the past: taken and dropped.
        _ if a.starts_with("прошл") && weekday(b).is_some() => return Some((Day::Any, 2)),
        _ => {}
    }
    // «с 10 по 12 декабря», «с понедельника по среду», «пн-чт»
    let lead = usize::from(matches!(a, "с" | "со"));
    if let Some((mut from, mut used)) = single(rest.get(lead..).unwrap_or_default(), today) {
        // «среда, 28 октября», «в среду 28-го»: the date says it all.
        if matches!(from, Single::Weekday(..)) {
            let comma = usize::from(matches!(rest.get(lead + used), Some(Piece::Comma)));
            if let Some((date @ Single::Date(_), more)) = single(rest.get(lead + used + comma..).unwrap_or_default(), today) {
                (from, used) = (date, used + comma + more);
            }
        }
        // «1 декабря (вторник)»: the weekday says nothing new.
        if let Single::Date(date) = from {
            let comma = usize::from(matches!(rest.get(lead + used), Some(Piece::Comma)));
            let lead_in = usize::from(matches!(word(rest.get(lead + used + comma)), "в" | "во"));
            if comma == 1
                && let Some((day, false)) = weekday(word(rest.get(lead + used + comma + lead_in)))
                && day == date.weekday()
            {
                used += comma + lead_in + 1;
            }
        }
        let joiner = matches!(rest.get(lead + used), Some(Piece::Dash)) || (lead == 1 && matches!(word(rest.get(lead + used)), "по" | "до"));
        if joiner && let Some((to, more)) = single(rest.get(lead + used + 1..).unwrap_or_default(), today) {
            let total = lead + used + 1 + more;
            if let (Single::Weekday(x, _), Single::Weekday(y, _)) = (&from, &to) {
                let (x, y) = (x.num_days_from_monday() as usize, y.num_days_from_monday() as usize);
                return WEEK.get(x..=y).filter(|l| !l.is_empty()).map(|list| (Day::Each(list.to_vec()), total));
            }
            if let (Some(x), Some(y)) = (from.date(today), to.date(today)) {
                return (x <= y).then_some((Day::Range(Some(x), Some(y)), total));
            }
        }
        if lead == 0 {
            return Some(match from {
                Single::Weekday(day, true) => (Day::Each(vec![day]), used),
                Single::Weekday(day, false) => (Day::One(Some(Named { day, general: true }), None), used),
                Single::Date(date) => (one(date), used),
            });
        }
    }
    // «с 10 по 12 декабря», «с 10 до 12 декабря», «20 или 21 ноября»: the month stands once.
    if let (Some(Piece::Number { value: x, .. }), Some(Piece::Number { value: y, .. })) = (rest.get(lead), rest.get(lead + 2))
        && let Some(m) = month(word(rest.get(lead + 3)))
    {
        let (from, to) = (dated(today, *x, m, None)?, dated(today, *y, m, None)?);
        let between = word(rest.get(lead + 1));
        if lead == 1 && matches!(between, "по" | "до") || matches!(rest.get(lead + 1), Some(Piece::Dash)) {
            return (from <= to).then_some((Day::Range(Some(from), Some(to)), lead + 4));
        }
        if matches!(between, "или" | "и" | "либо") {
            return Some((one(from), 1 + lead));
        }
    }
    None
}

enum Single {
    Weekday(Weekday, bool),
    Date(NaiveDate),
}

impl Single {
    fn date(&self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            Single::Weekday(day, _) => Some(nearest(today, *day)),
            Single::Date(date) => Some(*date),
        }
    }
}

/// A date at the head of the pieces, not a weekday.
pub(super) fn dated_day(rest: &[Piece], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    match single(rest, today)? {
        (Single::Date(date), used) => Some((date, used)),
        (Single::Weekday(..), _) => None,
    }
}

/// One weekday or date at the head of the pieces.
fn single(rest: &[Piece], today: NaiveDate) -> Option<(Single, usize)> {
    match rest.first()? {
        Piece::Word(w) => {
            if let Some((day, plural)) = weekday(w) {
                return Some((Single::Weekday(day, plural), 1));
            }
            if *w == "числа"
                && let Some(Piece::Number { value, .. }) = rest.get(1)
            {
                return numbered(today, *value).map(|d| (Single::Date(d), 2));
            }
            // «двадцать пятого», «тридцать первого»
            let tens = match &**w {
                "двадцать" => 20,
                "тридцать" => 30,
                _ => 0,
            };
            let (n, used) = if tens > 0 { (tens + ordinal_day(word(rest.get(1))).filter(|n| *n < 10)?, 2) } else { (ordinal_day(w)?, 1) };
            let next = word(rest.get(used));
            if used == 1
                && let Some(m) = listed_month(rest)
            {
                return dated(today, n, m, None).map(|d| (Single::Date(d), 1));
            }
            if let Some(m) = month(next) {
                return dated(today, n, m, None).map(|d| (Single::Date(d), used + 1));
            }
            if next.starts_with("числ") {
                return numbered(today, n).map(|d| (Single::Date(d), used + 1));
            }
            (used == 2 && !counted(next)).then(|| numbered(today, n)).flatten().map(|d| (Single::Date(d), used))
        }
        Piece::Date(d, m, y) => dated(today, *d, *m, *y).map(|d| (Single::Date(d), 1)),
        Piece::Number { value, ordinal } => {
            let next = word(rest.get(1));
            if let Some(m) = month(next) {
                return dated(today, *value, m, None).map(|d| (Single::Date(d), 2));
            }
            if let Some(m) = listed_month(rest) {
                return dated(today, *value, m, None).map(|d| (Single::Date(d), 1));
            }
            if next.starts_with("числ") {
                return numbered(today, *value).map(|d| (Single::Date(d), 2));
            }
            (*ordinal && !counted(next) && !sign(next)).then(|| numbered(today, *value)).flatten().map(|d| (Single::Date(d), 1))
        }
        _ => None,
    }
}

/// The month of a list in which it stands once, at the end: «15, 16 или 17 октября», «второго и пятого октября».
fn listed_month(rest: &[Piece]) -> Option<u32> {
    let mut linked = false;
    for piece in rest.iter().skip(1).take(6) {
        match piece {
            Piece::Comma => linked = true,
            Piece::Word(w) if matches!(&**w, "и" | "или" | "либо" | "в" | "во") => linked = true,
            Piece::Word(w) if linked && ordinal_day(w).is_some() => {}
            Piece::Number { value, .. } if linked && *value <= 31 => {}
            Piece::Word(w) => return month(w).filter(|_| linked),
            _ => return None,
        }
    }
    None
}

/// One letter that is no preposition or conjunction: the sign of a class, «9-го «Б»».
pub(super) fn sign(w: &str) -> bool {
    w.chars().count() == 1 && !matches!(w, "и" | "а" | "в" | "с" | "я" | "о" | "у" | "к")
}

/// «шестнадцатого», «первое»: the day that one ordinal names.
fn ordinal_day(w: &str) -> Option<u32> {
    const DAYS: [&str; 21] = [
        "перв",
        "втор",
        "треть",
        "четверт",
        "пят",
        "шест",
        "седьм",
        "восьм",
        "девят",
        "десят",
        "одиннадцат",
        "двенадцат",
        "тринадцат",
        "четырнадцат",
        "пятнадцат",
        "шестнадцат",
        "семнадцат",
        "восемнадцат",
        "девятнадцат",
        "двадцат",
        "тридцат",
    ];
    let root = w.strip_suffix("ого").or_else(|| w.strip_suffix("его")).or_else(|| w.strip_suffix("ое"))?;
    DAYS.iter().position(|d| root == *d || (*d == "треть" && root == "трет")).map(|n| if n == 20 { 30 } else { n as u32 + 1 })
}
