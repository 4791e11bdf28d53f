//! Words about somebody's days: «болею до 5.12», «отпуск с 1.12 по 14.12», «меня не будет в четверг и пятницу», «вышла на работу».
//!
//! A whole line or nothing: what is left over after the phrase must be days. The head may put a name before it. Not here: who may say it and what
//! follows (`decide`).

use super::days::{Day, dates_of, day};
use super::lexer::{Piece, pieces, word};
use super::order_lines::{after_greeting, sentence};
use super::order_tails::{colleague, stretch};
use super::orders::Colleague;
use super::words::{TEXT_LIMIT, Words, cut};
use chrono::{Days, NaiveDate};

/// First and last day, local dates, both included; no last day: nobody knows yet.
pub type Stretch = (NaiveDate, Option<NaiveDate>);

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// Somebody is away; whoever writes where nobody is named.
    Away {
        /// Id in the register.
        who: Option<String>,
        /// The days, in order.
        days: Vec<Stretch>,
    },
    /// Somebody is there again from this day on.
    Back {
        /// Id in the register.
        who: Option<String>,
        /// First day.
        from: NaiveDate,
    },
    /// It is about an absence, but cannot be carried out so: a sentence that says what to write.
    Unclear(&'static str),
}

const NO_DAYS: &str = "Не вижу, в какие дни. Напишите, например: «отпуск с 1.12 по 14.12», «болею до 5.12», «меня не будет в четверг и пятницу».";
const NO_NAME: &str = "Не нахожу такого сотрудника в списке, или подходит не один. Напишите фамилию, при однофамильцах имя и отчество.";
const PAST: &str = "Названные дни уже прошли. Напишите, пожалуйста, дни, которые ещё будут.";

/// Words of a letter beside the order; a longer one is a letter to people.
const MOST_REMARK: usize = 400;

/// Away, and whether days must be named.
const AWAY: &[(&str, bool)] = &[
    ("?я ?сегодня ?опять болею|болеет|заболел|заболела|приболел|приболела|разболелся|разболелась", false),
    ("?я ?нахожусь|находится на больничном", false),
    ("?я ?ушла|ушел|ухожу|иду|открыла|открыл|взяла|взял|открыт|у ?меня ?на больничный ?лист", false),
    ("?я ?буду|будет|ухожу|уходит|ушла|ушел|иду ?в отпуск|отпуске", true),
    ("?я ?буду|будет|уезжаю|еду|уехала|уехал ?в командировка|командировке|командировку", true),
    ("?я ?буду|будет ?на ?прохожу курсы|курсах|учебе|обучении|сессии|сессия", true),
    ("?я ?буду|будет не будет ?на|в ?работе|школе", true),
    ("меня|его|ее ?сегодня ?не нет|будет ?на|в ?работе|месте|школе", true),
    ("?на|в ?работе|месте|школе нет", true),
    ("не будет ?на|в ?работе|месте|школе", true),
    ("?я ?буду|будет отсутствую|отсутствует|отсутствовать", true),
    ("отсутствие", true),
];

/// There again.
const BACK: &[&str] = &[
    "?я ?уже ?снова ?сегодня вышел|вышла|выхожу|выходит|выйду|вернулся|вернулась|возвращаюсь ?с|из|на ?отпуска|больничного|командировки|курсов|работу ?на ?работу",
    "?я ?уже ?снова ?опять на работе|месте",
    "?я ?уже выздоровел|выздоровела|поправился|поправилась ?и ?вышла|вышел ?на ?работу",
    "больничный|отпуск закрыт|закончился|закончен|окончен",
];

/// Whether nobody but whoever writes can be meant by the first word.
fn of_oneself(words: &Words<'_>) -> bool {
    matches!(words.norm(0), "я" | "меня")
}

/// Reads the words that a member of staff wrote themselves; `None`: it is about no absence.
pub fn read(own: &str, today: NaiveDate, staff: &[Colleague<'_>]) -> Option<Absence> {
    let text = after_greeting(cut(own, TEXT_LIMIT));
    let (line, rest) = sentence(text);
    // A question, or more than a remark beside it, is a letter to people.
    if rest.len() > MOST_REMARK || rest.contains('?') || line.len() > 300 {
        return None;
    }
    let words = Words::new(line);
    for start in 0..words.tokens.len().min(7) {
        let back = longest(BACK.iter().copied(), &words, start);
        let away = longest(AWAY.iter().map(|(p, _)| *p), &words, start);
        let Some((used, pattern)) = back.or(away) else { continue };
        let behind = words.tokens.get(start + used - 1)?.at.end;
        let tail = line.get(behind..).unwrap_or_default();
        let before = line.get(..words.tokens.get(start)?.at.start).unwrap_or_default().trim().trim_end_matches([',', ':', '—', '-', ' ']);
        let needs_days = AWAY.iter().any(|(p, needs)| *p == pattern && *needs);
        // «Нет», «не будет» alone say nothing about anybody.
        let nameless = before.is_empty() && !of_oneself(&words) && (pattern.ends_with(" нет") || pattern.starts_with("не будет"));
        let days = days(tail, today);
        let days = days.filter(|_| !nameless)?;
        let who = match before {
            "" => None,
            name => match colleague(name, staff) {
                Some(id) => Some(id),
                // «Завтра меня не будет»: the days stand before it.
                None => return led_by_days(before, tail, pattern, today, back.is_some()),
            },
        };
        return said(who, days, needs_days, back.is_some(), today);
    }
    None
}

fn said(who: Option<String>, days: Vec<Stretch>, needs_days: bool, back: bool, today: NaiveDate) -> Option<Absence> {
    if back {
        return match days.as_slice() {
            [] => Some(Absence::Back { who, from: today }),
            [(from, end)] if end.is_none_or(|e| e == *from) => Some(Absence::Back { who, from: *from }),
            _ => None,
        };
    }
    if days.is_empty() {
        return Some(if needs_days { Absence::Unclear(NO_DAYS) } else { Absence::Away { who, days: vec![(today, None)] } });
    }
    if days.iter().all(|(_, until)| until.is_some_and(|u| u < today)) {
        return Some(Absence::Unclear(PAST));
    }
    Some(Absence::Away { who, days })
}

/// «Завтра меня не будет», «в пятницу отсутствую»; a name that nobody has is told so only where nothing else can be meant.
fn led_by_days(before: &str, tail: &str, pattern: &str, today: NaiveDate, back: bool) -> Option<Absence> {
    if !tail.trim_matches(['.', '!', ' ']).is_empty() {
        return None;
    }
    match days(before, today) {
        Some(days) if !days.is_empty() && !pattern.ends_with(" нет") => said(None, days, false, back, today),
        _ => {
            let words = Words::new(before);
            // «Завтра уроков физкультуры не будет» names nobody: a name has a capital in each of its words.
            let capital = before.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
            let named = capital && words.tokens.len() <= 3 && words.tokens.len() == before.split_whitespace().count();
            (named && pattern.starts_with("не будет")).then_some(Absence::Unclear(NO_NAME))
        }
    }
}

/// The longest pattern at this word: words taken, pattern.
fn longest<'p>(patterns: impl Iterator<Item = &'p str>, words: &Words<'_>, start: usize) -> Option<(usize, &'p str)> {
    patterns.filter_map(|p| fits(p, words, start).map(|used| (used, p))).max_by_key(|(used, _)| *used)
}

/// How many words a pattern takes from this one on: `а|б` either, `?а` may be missing.
fn fits(pattern: &str, words: &Words<'_>, start: usize) -> Option<usize> {
    let mut at = start;
    for element in pattern.split(' ') {
        let (optional, choices) = element.strip_prefix('?').map_or((false, element), |rest| (true, rest));
        if choices.split('|').any(|c| c == words.norm(at)) {
            at += 1;
        } else if !optional {
            return None;
        }
    }
    (at > start).then_some(at - start)
}

/// The days that a text names and nothing else; `None` where other words are left.
pub fn days(text: &str, today: NaiveDate) -> Option<Vec<Stretch>> {
    let text = text.trim().trim_end_matches(['.', '!', ')']).trim_start_matches(['(', ':', '—', '-', ',', ' ']);
    if text.len() > 160 {
        return None;
    }
    let pieces = pieces(text);
    let mut rest = pieces.as_slice();
    let mut found: Vec<Stretch> = Vec::new();
    while let Some(piece) = rest.first() {
        if let Some((stretch, used)) = one(rest, today) {
            found.push(stretch);
            rest = rest.get(used..)?;
        } else if matches!(piece, Piece::Comma | Piece::Dash | Piece::End | Piece::Stop)
            || matches!(
                word(Some(piece)),
                "в" | "во"
                    | "на"
                    | "и"
                    | "включительно"
                    | "года"
                    | "г"
                    | "ориентировочно"
                    | "примерно"
                    | "работе"
                    | "работу"
                    | "вместе"
            )
        {
            rest = rest.get(1..)?;
        } else {
            return None;
        }
    }
    Some(joined(found))
}

/// «до 5.12», «с 1.12 по 14.12», «с понедельника», «четверг», «неделю» at the head of the pieces.
fn one(rest: &[Piece], today: NaiveDate) -> Option<(Stretch, usize)> {
    let single = |found: &Day| dates_of(found, today, None).first().copied();
    if matches!(word(rest.first()), "до" | "по") && !word(rest.get(1)).starts_with("конца") {
        let (found, used) = day(rest.get(1..)?, today)?;
        return Some(((today, Some(single(&found)?)), used + 1));
    }
    if let Some((found, used)) = day(rest, today) {
        let stretch = match &found {
            Day::Range(Some(from), to) => (*from, *to),
            Day::Week(from, to) => (*from, Some(*to)),
            Day::Each(list) => {
                // «с понедельника по среду»: of the coming days.
                let dates: Vec<NaiveDate> = today.iter_days().take(8).filter(|d| list.contains(&chrono::Datelike::weekday(d))).collect();
                (*dates.first()?, dates.last().copied())
            }
            _ => single(&found).map(|d| (d, Some(d)))?,
        };
        return Some((stretch, used));
    }
    if matches!(word(rest.first()), "с" | "со") {
        let (found, used) = day(rest.get(1..)?, today)?;
        let from = single(&found)?;
        let behind = rest.get(used + 1..).unwrap_or_default();
        if matches!(word(behind.first()), "по" | "до")
            && let Some((to, more)) = day(behind.get(1..)?, today)
        {
            return Some(((from, Some(single(&to).filter(|to| *to >= from)?)), used + more + 2));
        }
        return Some(((from, None), used + 1));
    }
    // «неделю», «3 дня»: from today on, today included.
    let length = stretch(rest).or_else(|| stretch(rest.get(..2)?))?;
    let end = today.checked_add_days(Days::new(length.saturating_sub(1)))?;
    Some(((today, Some(end)), rest.len().min(if matches!(rest.first(), Some(Piece::Number { .. })) { 2 } else { rest.len() })))
}

/// Days that follow each other are one stretch.
fn joined(mut found: Vec<Stretch>) -> Vec<Stretch> {
    found.sort_unstable();
    let mut out: Vec<Stretch> = Vec::new();
    for (from, until) in found {
        match out.last_mut() {
            Some((_, Some(end))) if from <= end.succ_opt().unwrap_or(*end) => *end = until.map_or(*end, |u| u.max(*end)),
            _ => out.push((from, until)),
        }
    }
    out
}

/// The days of a vacation answer: the first sentence that is about an absence and names an end.
pub fn of_auto_reply(text: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    for part in cut(text, 4096).split(['\n', '!', ';']).flat_map(|line| line.split(". ")).take(30) {
        let words = Words::new(part);
        let about = words.tokens.iter().enumerate().any(|(i, t)| {
            matches!(
                t.norm.as_str(),
                "отпуске"
                    | "отпуск"
                    | "больничном"
                    | "командировке"
                    | "отсутствую"
                    | "отсутствовать"
                    | "отсутствии"
                    | "office"
                    | "leave"
                    | "vacation"
            ) || t.norm == "не" && words.norm(i + 1) == "будет"
        });
        if !about {
            continue;
        }
        let pieces = pieces(part);
        let named = (0..pieces.len()).filter_map(|i| one(pieces.get(i..)?, today)).find_map(|((from, until), _)| until.map(|u| (from, u)));
        if let Some(days) = named.filter(|(from, until)| from <= until && *until >= today && (*until - today).num_days() <= 120) {
            return Some(days);
        }
    }
    None
}
