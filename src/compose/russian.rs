//! Russian as people receive it: dates, numerals, salutations, phones. No names are declined: a wrong case is worse than none.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone, Timelike, Utc};

/// Nominative, accusative with its preposition, genitive; Monday first.
const WEEKDAYS: [[&str; 3]; 7] = [
    ["понедельник", "в понедельник", "понедельника"],
    ["вторник", "во вторник", "вторника"],
    ["среда", "в среду", "среды"],
    ["четверг", "в четверг", "четверга"],
    ["пятница", "в пятницу", "пятницы"],
    ["суббота", "в субботу", "субботы"],
    ["воскресенье", "в воскресенье", "воскресенья"],
];

const MONTHS: [&str; 12] = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];

/// Which form a weekday takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// «среда, 25 ноября»
    Plain,
    /// «в среду, 25 ноября»
    On,
    /// «(не позднее) среды, 25 ноября»
    By,
}

/// Weekday and date. The year is added where it is not `this_year`: in December nobody may take a January date for the past one.
pub(super) fn day_words(date: NaiveDate, case: Case, this_year: Option<i32>) -> String {
    let row = WEEKDAYS.get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
    let weekday = match case {
        Case::Plain => row[0],
        Case::On => row[1],
        Case::By => row[2],
    };
    format!("{weekday}, {}", date_words(date, this_year))
}

/// «25 ноября», with « 2027 г.» where the year is not `this_year`.
pub(super) fn date_words(date: NaiveDate, this_year: Option<i32>) -> String {
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    match this_year {
        Some(year) if year != date.year() => format!("{} {month} {} г.", date.day(), date.year()),
        _ => format!("{} {month}", date.day()),
    }
}

/// A moment in the school's zone, in words.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// When.
    pub at: DateTime<Utc>,
    /// Where.
    pub zone: chrono_tz::Tz,
}

impl Moment {
    /// «среды, 25 ноября», behind «не позднее»
    pub fn by_day(&self) -> String {
        day_words(self.date(), Case::By, None)
    }
    /// «в среду, 25 ноября, в 15:30»
    pub fn spoken(&self) -> String {
        self.spoken_in(None)
    }
    /// «среда, 25 ноября, 15:30», for subjects.
    pub fn title(&self) -> String {
        self.title_in(None)
    }
    /// «четверга, 19 ноября, 18:00» after «до», «не позднее»; the last minute of a day is that day.
    pub fn deadline(&self) -> String {
        self.deadline_in(None)
    }
    /// «в среду, 25 ноября»
    pub fn on_day(&self) -> String {
        day_words(self.date(), Case::On, None)
    }
    /// «15:30»
    pub fn time(&self) -> String {
        let local = self.at.with_timezone(&self.zone);
        format!("{}:{:02}", local.hour(), local.minute())
    }
    /// The local date.
    pub fn date(&self) -> NaiveDate {
        self.at.with_timezone(&self.zone).date_naive()
    }
    pub(super) fn spoken_in(&self, this_year: Option<i32>) -> String {
        format!("{}, в {}", day_words(self.date(), Case::On, this_year), self.time())
    }
    pub(super) fn title_in(&self, this_year: Option<i32>) -> String {
        format!("{}, {}", day_words(self.date(), Case::Plain, this_year), self.time())
    }
    pub(super) fn deadline_in(&self, this_year: Option<i32>) -> String {
        let day = day_words(self.date(), Case::By, this_year);
        if self.ends_a_day() { day } else { format!("{day}, {}", self.time()) }
    }
    /// «в четверг, 19 ноября, в 18:00» for a term that has passed; the last minute of a day is that day.
    pub(super) fn passed_in(&self, this_year: Option<i32>) -> String {
        if self.ends_a_day() { day_words(self.date(), Case::On, this_year) } else { self.spoken_in(this_year) }
    }
    /// «25.11 15:30», for tables; a term of a whole day has no time.
    pub(super) fn short(&self) -> String {
        let day = short_day(self.date());
        if self.ends_a_day() { day } else { format!("{day} {}", self.time()) }
    }
    fn ends_a_day(&self) -> bool {
        let local = self.at.with_timezone(&self.zone);
        local.hour() == 23 && local.minute() == 59
    }
    /// «по московскому времени», or how far from Moscow: that is how people east of it say it.
    pub(super) fn zone_words(&self) -> String {
        let offset = |zone: chrono_tz::Tz| zone.offset_from_utc_datetime(&self.at.naive_utc()).fix().local_minus_utc();
        match offset(self.zone) - offset(chrono_tz::Europe::Moscow) {
            0 => "по московскому времени".to_owned(),
            seconds if seconds % 3600 == 0 => format!("по местному времени, МСК{:+}", seconds / 3600),
            _ => "по местному времени".to_owned(),
        }
    }
}

/// «25.11»
pub(super) fn short_day(date: NaiveDate) -> String {
    format!("{:02}.{:02}", date.day(), date.month())
}

/// The form of a noun after a number: `plural(3, ["заявка", "заявки", "заявок"])`.
pub fn plural(n: i64, forms: [&str; 3]) -> &str {
    let n = n.unsigned_abs();
    match (n % 10, n % 100) {
        (_, 11..=14) => forms[2],
        (1, _) => forms[0],
        (2..=4, _) => forms[1],
        _ => forms[2],
    }
}

/// The text with its first letter large.
pub fn upfirst(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// «+7 900 000-00-01» for a Russian number in any writing; anything else as it is.
pub fn phone(raw: &str) -> String {
    let digits: String = raw.chars().filter(char::is_ascii_digit).take(16).collect();
    let national = match digits.as_bytes() {
        [b'7' | b'8', rest @ ..] if rest.len() == 10 => digits.get(1..),
        [b'9', rest @ ..] if rest.len() == 9 => digits.get(..),
        _ => None,
    };
    let cut = |from, to| national.and_then(|n| n.get(from..to));
    match (cut(0, 3), cut(3, 6), cut(6, 8), cut(8, 10)) {
        (Some(code), Some(a), Some(b), Some(c)) => format!("+7 {code} {a}-{b}-{c}"),
        _ => raw.trim().to_owned(),
    }
}

/// «Соколова И. Ю.» from «Соколова Ирина Юрьевна»; staff only. One word stays as it is.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let mut out = words.next().unwrap_or_default().to_owned();
    for initial in words.take(2).filter_map(|w| w.chars().next()) {
        out.push_str(&format!(" {initial}."));
    }
    out
}

/// «Здравствуйте, Мария Ивановна!» when name and patronymic are sure, otherwise «Здравствуйте!».
///
/// Sure means: Cyrillic words, a patronymic in the nominative, before it a word that can be a first name of the same gender. A surname,
/// initials, a nickname, a declined name («мама Вани») or Latin letters make nothing sure.
pub fn salutation(name: Option<&str>) -> String {
    match name.and_then(sure_name) {
        Some(name) => format!("Здравствуйте, {name}!"),
        None => "Здравствуйте!".to_owned(),
    }
}

fn sure_name(raw: &str) -> Option<String> {
    let words: Vec<&str> = raw.split_whitespace().map(|w| w.trim_matches([',', ';'])).filter(|w| !w.is_empty()).take(9).collect();
    if words.len() > 8 {
        return None;
    }
    (1..words.len()).find_map(|i| {
        let word = words.get(i)?;
        if is_turkic(&word.to_lowercase()) {
            let (first, father) = (words.get(i.checked_sub(2)?)?, words.get(i - 1)?);
            let alone = i == 2 && words.len() == 3;
            let sure = is_name(first) && is_name(father) && !(alone && is_surname(first));
            return sure.then(|| format!("{} {} {}", title_case(first), title_case(father), word.to_lowercase()));
        }
        let gender = patronymic(word)?;
        let first = words.get(i - 1)?;
        let sure = is_name(first) && patronymic(first).is_none() && agrees(first, gender) && !(i == 1 && is_surname(first));
        sure.then(|| match word.to_lowercase().split_once('-') {
            Some((father, particle)) => format!("{} {}-{particle}", title_case(first), title_case(father)),
            None => format!("{} {}", title_case(first), title_case(word)),
        })
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gender {
    Male,
    Female,
    Unknown,
}

fn is_turkic(lower: &str) -> bool {
    matches!(lower, "оглы" | "оглу" | "улы" | "уулу" | "кызы" | "гызы")
}

fn patronymic(word: &str) -> Option<Gender> {
    if !is_name(word) {
        return None;
    }
    let lower = word.to_lowercase();
    if lower.rsplit_once('-').is_some_and(|(_, particle)| is_turkic(particle)) {
        return Some(Gender::Unknown);
    }
    let ends = |endings: &[&str]| lower.chars().count() >= 5 && endings.iter().any(|e| lower.ends_with(e));
    if ends(&["овна", "евна", "ёвна", "ична"]) {
        Some(Gender::Female)
    } else if ends(&["ович", "евич"]) || matches!(lower.as_str(), "ильич" | "лукич" | "никитич" | "фомич" | "кузьмич" | "саввич" | "фокич")
    {
        Some(Gender::Male)
    } else {
        None
    }
}

fn agrees(first: &str, gender: Gender) -> bool {
    const MALE_IN_A: [&str; 15] =
        ["никита", "илья", "фома", "лука", "кузьма", "савва", "данила", "гаврила", "мустафа", "муса", "иса", "абдулла", "мирза", "иона", "зия"];
    let lower = first.to_lowercase();
    match gender {
        Gender::Unknown => true,
        Gender::Male => !lower.ends_with(['а', 'я']) || MALE_IN_A.contains(&lower.as_str()),
        Gender::Female => lower.ends_with(['а', 'я', 'ь', 'е', 'и', 'о', 'у', 'э', 'ю']) && !MALE_IN_A.contains(&lower.as_str()),
    }
}

fn is_surname(word: &str) -> bool {
    let lower = word.to_lowercase();
    !matches!(lower.as_str(), "лев" | "яков" | "ева")
        && ["ова", "ева", "ёва", "ов", "ев", "ёв", "ский", "ская", "цкий", "цкая", "енко", "заде"].iter().any(|e| lower.ends_with(e))
}

fn is_name(word: &str) -> bool {
    let letter = |c: char| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё');
    (2..=24).contains(&word.chars().count()) && word.starts_with(letter) && word.ends_with(letter) && word.chars().all(|c| letter(c) || c == '-')
}

fn title_case(word: &str) -> String {
    let part = |p: &str| {
        let mut chars = p.chars();
        chars.next().map(|c| c.to_uppercase().collect::<String>() + &chars.as_str().to_lowercase()).unwrap_or_default()
    };
    word.split('-').map(part).collect::<Vec<_>>().join("-")
}
