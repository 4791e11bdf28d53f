//! When it suits: windows of time out of Russian sentences, relative to the day of the letter (conventions: docs/labels.md).
//!
//! Not here: which slot is taken (`slots`). The letter that goes out names weekday, date and time, so that a misreading is seen.

use super::Window;
use super::days::{Day, dates_of, day};
use super::groups::{Item, assemble};
use super::hours::time;
use super::lexer::{Piece, pieces, word};
use super::suits::{able, busy, foreign, office, past, speaks_of_meeting, told_of};
use chrono::NaiveDate;

/// How much of a text is about meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A letter: only sentences that speak of calling, meeting, coming.
    Letter,
    /// An answer to ours, or a form's phone field: any time counts.
    Answer,
}

/// The windows that a text names, at most twelve.
pub(super) fn windows(text: &str, today: NaiveDate, mode: Mode) -> Vec<Window> {
    let pieces = pieces(text);
    let mut out: Vec<Window> = Vec::new();
    let (mut about, mut last) = (false, 0..0);
    for sentence in pieces.split(|p| *p == Piece::End) {
        let speaks = mode == Mode::Answer || speaks_of_meeting(sentence, today);
        // «Когда удобно? Завтра после обеда.»: the next short sentence goes on about it.
        let asks = sentence.iter().any(|p| matches!(p, Piece::Word(w) if w == "ли" || w.starts_with("учит")));
        if mode == Mode::Letter && office(sentence) {
            continue;
        }
        if speaks || (about && sentence.len() <= 14 && !past(sentence) && !asks) {
            let found: Vec<Window> = read(sentence, today, mode).into_iter().filter(|w| !over(w, today)).collect();
            let hour = match found.as_slice() {
                [hour] if !hour.not && !dayed(hour) => Some(hour.clone()),
                _ => None,
            };
            let before = out.get(last.clone()).unwrap_or_default();
            if let Some(hour) = hour.filter(|_| !before.is_empty() && before.iter().all(|w| !w.not && dayed(w) && w.after.is_none() && w.before.is_none())) {
                // «Могу в среду. Часов в пять.»: the hour belongs to the day before it.
                for window in out.get_mut(last.clone()).unwrap_or_default() {
                    (window.after, window.before) = (hour.after, hour.before);
                }
            } else {
                let start = out.len();
                for window in found {
                    if !out.contains(&window) && out.len() < 12 {
                        out.push(window);
                    }
                }
                if out.len() > start {
                    last = start..out.len();
                }
            }
        }
        if !sentence.is_empty() {
            about = speaks && mode == Mode::Letter;
        }
    }
    out
}

/// Whether a window names a day.
fn dayed(w: &Window) -> bool {
    w.date.is_some() || w.from.is_some() || w.to.is_some() || !w.weekday.is_empty()
}

/// Whether a window is past or empty.
fn over(w: &Window, today: NaiveDate) -> bool {
    let empty = matches!((w.after, w.before), (Some(a), Some(b)) if a >= b) || matches!((w.from, w.to), (Some(a), Some(b)) if a > b);
    empty || w.date.is_some_and(|d| d < today) || w.to.is_some_and(|d| d < today)
}

/// A day with what stands before it: «с понедельника», «после 1 декабря», «до пятницы». `None`: a term or the past, no wish.
fn bounded(day: Day, sentence: &[Piece], at: usize, used: usize, today: NaiveDate, mode: Mode) -> Option<Day> {
    let back = |n: usize| word(at.checked_sub(n).and_then(|p| sentence.get(p)));
    let first = || match &day {
        Day::Week(from, _) => Some(*from),
        Day::Range(from, _) => *from,
        _ => dates_of(&day, today, None).first().copied(),
    };
    let wished = mode == Mode::Answer || able(sentence, at, at + used);
    let late = matches!(back(1), "позднее" | "позже") && back(2) == "не";
    match back(1) {
        "к" | "ко" | "под" => None,
        "с" | "со" if matches!(day, Day::Range(..)) => Some(day),
        "с" | "со" | "раньше" | "ранее" => wished.then(|| first().map(|d| Day::Range(Some(d), None))).flatten(),
        "после" => wished.then(|| first().and_then(|d| d.succ_opt()).map(|d| Day::Range(Some(d), None))).flatten(),
        "до" => (able(sentence, at, at + used) && !matches!(day, Day::Week(..))).then(|| first().map(|d| Day::Range(None, Some(d)))).flatten(),
        _ if late => able(sentence, at, at + used).then(|| first().map(|d| Day::Range(None, Some(d)))).flatten(),
        _ => Some(day),
    }
}

/// Reads one sentence.
fn read(sentence: &[Piece], today: NaiveDate, mode: Mode) -> Vec<Window> {
    let mut items: Vec<Item> = Vec::new();
    let told = past(sentence);
    let mut i = 0;
    while i < sentence.len() {
        let rest = sentence.get(i..).unwrap_or_default();
        let (item, used) = if let Some((day, used)) = day(rest, today) {
            let dropped = (told && day == Day::One(None, Some(today))) || foreign(sentence, i, i + used);
            (if dropped { None } else { bounded(day, sentence, i, used, today, mode).map(Item::Day) }, used)
        } else if let Some((span, used)) = time(rest) {
            let previous = word(i.checked_sub(1).and_then(|p| sentence.get(p)));
            // «доброе утро» is a greeting, «я в 8» a class.
            let greeting = previous.starts_with("добр")
                || (previous == "я" && span.after.is_some() && word(rest.first()) == "в" && !told_of(sentence, "свобод"))
                || previous.starts_with("учит");
            (if greeting || busy(sentence, i) || foreign(sentence, i, i + used) { None } else { Some(Item::Time(span)) }, used)
        } else {
            match rest.first() {
                Some(Piece::Word(w)) => match w.as_str() {
                    "или" | "либо" => (Some(Item::Or), 1),
                    "кроме" | "исключая" => (Some(Item::Except), 1),
                    "не" if matches!(word(rest.get(1)), "в" | "во" | "по") && day(rest.get(2..).unwrap_or_default(), today).is_some() => {
                        (Some(Item::Except), 2)
                    }
                    "не" if matches!(word(rest.get(1)), "в" | "во" | "по") && time(rest.get(2..).unwrap_or_default()).is_some() => {
                        (Some(Item::Except), 2)
                    }
                    "не" if time(rest.get(1..).unwrap_or_default()).is_some() && !matches!(word(rest.get(1)), "раньше" | "позже" | "ранее" | "позднее") => {
                        (Some(Item::Except), 1)
                    }
                    "остальные" | "остальное" => (Some(Item::Others), 1),
                    "не" if cannot(word(rest.get(1))) => (Some(Item::Cannot), 2),
                    "никак" | "нельзя" | "неудобно" | "неудобен" | "неудобна" | "занята" | "занят" | "заняты" | "исключено" | "невозможно" | "отпадает" => {
                        (Some(Item::Cannot), 1)
                    }
                    // «сегодня не получится, завтра тоже», «в выходные нет»
                    "тоже" if items.contains(&Item::Cannot) && matches!(items.last(), Some(Item::Day(_))) => (Some(Item::Cannot), 1),
                    "нет" if matches!(items.last(), Some(Item::Day(_))) && !matches!(rest.get(1), Some(Piece::Word(_))) => (Some(Item::Cannot), 1),
                    // «в среду работаю»: said right behind the day only; «работаю до шести» forbids nothing.
                    "работаю" | "дежурю" | "дежурство" | "уезжаем" | "уезжаю" | "командировка" | "тренировка" | "врач"
                        if matches!(items.last(), Some(Item::Day(_))) =>
                    {
                        (Some(Item::Cannot), 1)
                    }
                    // «завтра, но после шести»: the hour is still that day's.
                    "но" if matches!(items.last(), Some(Item::Day(_))) && time(rest.get(1..).unwrap_or_default()).is_some() => (None, 1),
                    "а" | "но" | "зато" | "лучше" => (Some(Item::Clause), 1),
                    _ => (None, 1),
                },
                Some(Piece::Comma) => (None, 1),
                Some(Piece::Stop) => (Some(Item::Clause), 1),
                _ => (None, 1),
            }
        };
        items.extend(item);
        i += used.max(1);
    }
    assemble(&items, today)
}

fn cannot(w: &str) -> bool {
    const STEMS: [&str; 26] = [
        "смогу",
        "смож",
        "могу",
        "можем",
        "подход",
        "подойд",
        "получ",
        "устраива",
        "устро",
        "удоб",
        "успею",
        "успеем",
        "успеваю",
        "успеваем",
        "приду",
        "придем",
        "буду",
        "будем",
        "звон",
        "выйдет",
        "прихожу",
        "назнача",
        "надо",
        "нужно",
        "стоит",
        "предлага",
    ];
    STEMS.iter().any(|s| w.starts_with(s))
}
