//! The families: when they write, what they ask for, and the words in which they say it.

use crate::chance::{Chance, time};
use crate::school::{SUBJECTS, first, last};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc, Weekday};
use otklik::understand::{Category, Channel, Window};
use otklik::worktime::Worktime;

/// One letter that asks for a consultation, as it was meant.
pub struct Asked {
    pub at: DateTime<Utc>,
    pub email: String,
    pub category: Category,
    pub class: String,
    pub subject: Option<&'static str>,
    pub wishes: Vec<Window>,
    pub channel: Option<Channel>,
    pub urgent: bool,
    pub text: String,
}

const DAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
const BY: [&str; 5] = ["по понедельникам", "по вторникам", "по средам", "по четвергам", "по пятницам"];
const HOURS: [u64; 24] = [6, 3, 2, 1, 1, 2, 6, 18, 40, 48, 50, 46, 44, 42, 44, 46, 42, 40, 44, 52, 56, 48, 30, 14];
const MONTHS: [&str; 12] = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];
const NAMES: [(&str, &str); 6] = [
    ("Мария Петрова", "мама"),
    ("Ольга Котова", "мама"),
    ("Сергей Иванов", "папа"),
    ("Елена Смирнова", "мама"),
    ("Анна Лебедева", "мама"),
    ("Павел Орехов", "папа"),
];
const CHILDREN: [&str; 6] = ["Пети", "Ани", "Вани", "Димы", "Кати", "Сони"];

/// How much is written on a day.
fn weight(date: NaiveDate, worktime: &Worktime) -> u64 {
    let month = match (date.month(), date.day()) {
        (9, 1..=24) => 190,
        (10, 16..=25) | (12, 14..=28) | (3, 8..=19) => 165,
        (1, 11..=22) => 140,
        (5, 17..=31) => 65,
        _ => 100,
    };
    let kind = match date.weekday() {
        _ if worktime.is_workday(date) => 100,
        Weekday::Sun => 42,
        Weekday::Sat => 35,
        _ => 25,
    };
    month * kind / 100
}

/// The letters of a year, in order.
pub fn arrivals(worktime: &Worktime, count: usize, chance: &mut Chance) -> Vec<Asked> {
    let dates: Vec<NaiveDate> = first().iter_days().take_while(|d| *d <= last()).collect();
    let weights: Vec<u64> = dates.iter().map(|d| weight(*d, worktime)).collect();
    let mut found = Vec::with_capacity(count);
    while found.len() < count {
        let date = dates[chance.weighted(&weights)];
        let hour = u32::try_from(chance.weighted(&HOURS)).unwrap();
        let at = worktime.local(date, time(hour, u32::try_from(chance.below(60)).unwrap())) + TimeDelta::seconds(chance.between(0, 59));
        let number = found.len();
        let one = asked(at, format!("family{number}@mail.example"), date, worktime, chance);
        if chance.percent(4) && found.len() + 1 < count {
            // The brother or sister, from the same address.
            let later = at + TimeDelta::minutes(chance.between(10, 2000));
            if worktime.local_date(later) <= last() {
                found.push(asked(later, one.email.clone(), worktime.local_date(later), worktime, chance));
            }
        }
        found.push(one);
    }
    found.sort_by(|a, b| (a.at, &a.email).cmp(&(b.at, &b.email)));
    found
}

fn asked(at: DateTime<Utc>, email: String, date: NaiveDate, worktime: &Worktime, chance: &mut Chance) -> Asked {
    let category = [Category::Psychologist, Category::SpeechTherapist, Category::SocialPedagogue, Category::LearningHelp][chance.weighted(&[38, 18, 18, 26])];
    let urgent = matches!(category, Category::Psychologist) && chance.below(1000) < 26;
    let year = match category {
        Category::SpeechTherapist => chance.between(1, 4),
        Category::LearningHelp => chance.between(5, 11),
        _ => chance.between(1, 11),
    };
    let letter = *chance.of(&["А", "Б", "В"]);
    let subject = (category == Category::LearningHelp).then(|| chance.weighted(&SUBJECTS.map(|(_, share)| share)));
    let (wishes, when) = if urgent { (Vec::new(), String::new()) } else { wish(date, worktime, chance) };
    let (channel, way) = match chance.below(100) {
        _ if urgent => (None, ""),
        0..15 => (Some(Channel::Phone), " Удобно по телефону."),
        15..25 => (Some(Channel::Video), " Лучше по видеосвязи."),
        25..40 => (Some(Channel::InPerson), " Хотелось бы встретиться лично, в школе."),
        _ => (None, ""),
    };
    let (name, who) = chance.of(&NAMES);
    let what = words(category, subject, urgent, chance);
    let text = format!("Здравствуйте! {what}{when}{way}\r\n\r\n{name}, {who} {}, {year} {letter} класс", chance.of(&CHILDREN));
    Asked { at, email, category, class: format!("{year}{letter}"), subject: subject.map(|s| SUBJECTS[s].0), wishes, channel, urgent, text }
}

fn words(category: Category, subject: Option<usize>, urgent: bool, chance: &mut Chance) -> String {
    if urgent {
        return (*chance.of(&[
            "Срочно! Дочь режет себе руки, говорит, что не хочет жить. Прошу срочную консультацию психолога.",
            "Помогите, сын пишет, что покончит с собой. Нужна консультация психолога.",
        ]))
        .to_owned();
    }
    let teacher = ["математики", "русского языка", "английского языка", "физики", "химии", "истории"];
    match category {
        Category::Psychologist => (*chance.of(&[
            "Прошу записать меня на консультацию к педагогу-психологу: сын стал тревожным и плохо спит.",
            "Нужна консультация психолога: дочь боится отвечать у доски и плачет перед школой.",
            "Хотели бы поговорить с психологом о том, как помочь ребёнку привыкнуть к новому классу.",
            "Прошу консультацию педагога-психолога, у ребёнка истерики из-за уроков.",
        ]))
        .to_owned(),
        Category::SpeechTherapist => (*chance.of(&[
            "Хотели бы попасть на консультацию к логопеду: дочь не выговаривает звук «р».",
            "Прошу записать на консультацию к учителю-логопеду, сын путает буквы на письме.",
            "Нужна консультация логопеда: ребёнок заикается, когда волнуется.",
        ]))
        .to_owned(),
        Category::SocialPedagogue => (*chance.of(&[
            "Нужна консультация социального педагога по льготам для многодетной семьи.",
            "Прошу записать на консультацию к социальному педагогу: оформляем опеку, есть вопросы по документам.",
            "Хотели бы поговорить с социальным педагогом о бесплатном питании и выплатах.",
        ]))
        .to_owned(),
        _ => {
            let of = teacher[subject.unwrap_or(0)];
            match chance.below(3) {
                0 => format!("Прошу консультацию учителя {of}: сын не понимает последние темы, нужна помощь по предмету."),
                1 => format!("Нужна консультация учителя {of}, дочь отстала по предмету после болезни."),
                _ => format!("Хотели бы записаться на консультацию к учителю {of}: не справляемся с домашними заданиями."),
            }
        }
    }
}

/// A wish and its words.
fn wish(date: NaiveDate, worktime: &Worktime, chance: &mut Chance) -> (Vec<Window>, String) {
    let n = usize::try_from(chance.below(5)).unwrap();
    let on = |days: Vec<Weekday>| Window { weekday: days, ..Window::default() };
    match chance.below(100) {
        0..40 => (Vec::new(), String::new()),
        40..52 => {
            let from = time(u32::try_from(chance.between(13, 15)).unwrap(), 0);
            (vec![Window { after: Some(from), ..on(vec![DAYS[n]]) }], format!(" Нам удобно {} после {}.", BY[n], from.format("%H:%M")))
        }
        52..62 => {
            let to = time(if chance.percent(50) { 12 } else { 16 }, 0);
            let pair = (n + 2) % 5;
            let days = vec![DAYS[n.min(pair)], DAYS[n.max(pair)]];
            let words = format!(" Удобно {} и {} до {}.", BY[n.min(pair)], BY[n.max(pair)].trim_start_matches("по "), to.format("%H:%M"));
            (vec![Window { before: Some(to), ..on(days) }], words)
        }
        62..70 => (vec![Window { after: Some(time(15, 0)), ..Window::default() }], " Удобно после 15:00.".to_owned()),
        70..85 => (vec![Window { not: true, ..on(vec![DAYS[n]]) }], format!(" {} не можем.", upfirst(BY[n]))),
        _ => {
            let mut at = date + TimeDelta::days(chance.between(5, 15));
            while !worktime.is_workday(at) {
                at += TimeDelta::days(1);
            }
            let words = format!(" Удобно {} {}.", at.day(), MONTHS[at.month0() as usize]);
            (vec![Window { date: Some(at), ..Window::default() }], words)
        }
    }
}

fn upfirst(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Whether a consultation lies in one of the wished windows (true where none is named), and in none that cannot be.
pub fn suits(wishes: &[Window], from: chrono::NaiveDateTime, to: chrono::NaiveDateTime) -> (bool, bool) {
    let day = |w: &Window| (w.weekday.is_empty() || w.weekday.contains(&from.date().weekday())) && w.date.is_none_or(|d| d == from.date());
    let inside = |w: &Window| day(w) && w.after.is_none_or(|t| t <= from.time()) && w.before.is_none_or(|t| to.time() <= t);
    let touches = |w: &Window| {
        let (after, before) = (w.after.map_or(0, |t| t.num_seconds_from_midnight()), w.before.map_or(86_400, |t| t.num_seconds_from_midnight()));
        day(w) && after < to.time().num_seconds_from_midnight() && from.time().num_seconds_from_midnight() < before
    };
    let mut wished = wishes.iter().filter(|w| !w.not).peekable();
    let met = wished.peek().is_none() || wished.any(inside);
    (met, !wishes.iter().filter(|w| w.not).any(touches))
}
