//! When it suits: windows of time out of Russian sentences, relative to the day of the letter (conventions: docs/labels.md).
//!
//! Not here: which slot is taken (`slots`). The letter that goes out names weekday, date and time, so that a misreading is seen.

use super::Window;
use super::clauses::{Clauses, Stance, clauses};
use super::days::{Day, dates_of, day, weekday};
use super::groups::{Item, assemble};
use super::hours::{Span, time};
use super::lexer::{Piece, pieces, word};
use super::occurs::{busy, office, past};
use super::suits::{able, comes, contacts, infinitive, meets, told_of};
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
    // Times that stand in no clause to tell by: they count where the letter asks for a meeting and names no other.
    let mut spare: Vec<Window> = Vec::new();
    let mut last = 0..0;
    // Most sentences name no time at all, and a text without one has no window.
    let timed = |sentence: &[Piece]| (0..sentence.len()).any(|i| sentence.get(i..).is_some_and(|rest| day(rest, today).is_some() || time(rest).is_some()));
    let sentences: Vec<(&[Piece], bool)> = pieces.split(|p| *p == Piece::End).map(|s| (s, timed(s))).collect();
    if !sentences.iter().any(|s| s.1) {
        return out;
    }
    let skipped = |sentence: &[Piece]| sentence.is_empty() || (mode == Mode::Letter && office(sentence));
    // The sentence before; its clauses are judged only where one with a time goes on with it.
    let mut before_it = Before::Known(false);
    for &(sentence, timed) in &sentences {
        if skipped(sentence) {
            continue;
        }
        if !timed {
            before_it = Before::Sentence(sentence);
            continue;
        }
        let judged = clauses(sentence);
        let speaks = mode == Mode::Answer || judged.speaks;
        let about = !speaks && before_it.speaks();
        before_it = Before::Known(speaks);
        let mut found: Vec<Window> = read(sentence, &judged, today, mode).into_iter().filter(|w| !over(w, today)).collect();
        // «Когда удобно? Завтра после обеда.»: the next short sentence goes on about it.
        let asks = sentence.iter().any(|p| matches!(p, Piece::Word(w) if w == "ли" || w.starts_with("учит")));
        let goes_on = sentence.len() <= 14 && !past(sentence) && !asks && judged.at(0) != Stance::Against;
        if !(speaks || about && goes_on) {
            if goes_on && !judged.tells && sentence.len() <= 8 {
                spare.append(&mut found);
            }
            continue;
        }
        let hour = match found.as_slice() {
            [hour] if !hour.not && !dayed(hour) => Some(hour.clone()),
            _ => None,
        };
        let calls = |p: &Piece| *p == Piece::Phone || ["звон", "позвон", "перезвон", "набер"].iter().any(|s| word(Some(p)).starts_with(s));
        let before = if sentence.iter().any(calls) { &[] } else { out.get(last.clone()).unwrap_or_default() };
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
    if out.is_empty() && !spare.is_empty() && sentences.iter().any(|(sentence, _)| !skipped(sentence) && clauses(sentence).asks) {
        spare.dedup();
        spare.truncate(4);
        return spare;
    }
    out
}

/// What stands before a sentence.
enum Before<'p> {
    /// Judged: whether it is about meeting.
    Known(bool),
    Sentence(&'p [Piece<'p>]),
}

impl Before<'_> {
    fn speaks(&self) -> bool {
        match self {
            Before::Known(speaks) => *speaks,
            Before::Sentence(sentence) => clauses(sentence).speaks,
        }
    }
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
fn read(sentence: &[Piece], judged: &Clauses, today: NaiveDate, mode: Mode) -> Vec<Window> {
    let mut items: Vec<Item> = Vec::new();
    let told = past(sentence);
    let weekly = every_week(sentence);
    let mut i = 0;
    while i < sentence.len() {
        let rest = sentence.get(i..).unwrap_or_default();
        let (item, used) = if let Some((day, used)) = day(rest, today) {
            let dropped = (told && day == Day::One(None, Some(today))) || (judged.at(i) == Stance::Against && !filled(sentence, i + used, judged.speaks))
                // «у меня выходные плавающие», «у мужа выходной в среду»: no Saturday is meant.
                || (word(sentence.get(i)).starts_with("выходн") && whose(sentence, i))
                || (word(sentence.get(i)) == "выходной" && !matches!(word(i.checked_sub(1).and_then(|p| sentence.get(p))), "в" | "на" | "любой" | "каждый" | "за"));
            let day = match day {
                Day::One(Some(named), None) if named.general && (weekly || plural(sentence, i)) => Day::Each(vec![named.day]),
                other => other,
            };
            (if dropped { None } else { bounded(day, sentence, i, used, today, mode).map(Item::Day) }, used)
        } else if let Some((span, used)) = time(rest) {
            let previous = word(i.checked_sub(1).and_then(|p| sentence.get(p)));
            // «доброе утро» is a greeting, «я в 8» a class.
            let greeting = previous.starts_with("добр")
                || (previous == "я" && span.after.is_some() && word(rest.first()) == "в" && !told_of(sentence, "свобод"))
                || previous.starts_with("учит");
            // «совещание до 15, потом свободна»: from the end on.
            let ends = span.after.is_none() && judged.can(i + used + 1) && matches!(rest.get(used), Some(Piece::Comma | Piece::Dash)) && {
                let next = usize::from(word(rest.get(used + 1)) == "а");
                matches!(word(rest.get(used + 1 + next)), "потом" | "затем" | "дальше" | "позже" | "после")
                    && matches!(rest.get(used + 2 + next), Some(Piece::Word(_)))
                    && !matches!(word(rest.get(used + 2 + next)), "работы" | "обеда")
            };
            if ends && let Some(end) = span.before {
                items.push(Item::Time(Span { after: Some(end), before: None, part: false }));
                i += used;
                continue;
            }
            (if greeting || busy(sentence, i) || judged.at(i) == Stance::Against { None } else { Some(Item::Time(span)) }, used)
        } else {
            match rest.first() {
                Some(Piece::Word(w)) => match &**w {
                    "или" | "либо" => (Some(Item::Or), 1),
                    "кроме" | "исключая" | "исключите" | "исключить" | "минус" => (Some(Item::Except), 1),
                    "не" if matches!(word(rest.get(1)), "в" | "во" | "по") && day(rest.get(2..).unwrap_or_default(), today).is_some() => {
                        (Some(Item::Except), 2)
                    }
                    "не" if matches!(word(rest.get(1)), "в" | "во" | "по") && time(rest.get(2..).unwrap_or_default()).is_some() => {
                        (Some(Item::Except), 2)
                    }
                    "не" if time(rest.get(1..).unwrap_or_default()).is_some() && !matches!(word(rest.get(1)), "раньше" | "позже" | "ранее" | "позднее") => {
                        (Some(Item::Except), 1)
                    }
                    "остальные" | "остальное" if judged.at(i) == Stance::Against => (None, 1),
                    "остальные" | "остальное" => (Some(Item::Others), 1),
                    // «звоните вечером, лучше с 18 до 20»: the hours are of that evening.
                    "лучше" if matches!(items.last(), Some(Item::Time(t)) if t.part) && time(rest.get(1..).unwrap_or_default()).is_some() => (None, 1),
                    // «в пятницу, больше никак», «в другое время не могу»: the rest is closed, not the day said.
                    "не" | "никак" if otherwise(sentence, i) => (None, 2),
                    "нельзя" if word(rest.get(1)) == "ли" => (None, 2),
                    // «утром меня не будет»
                    "не" if matches!(word(rest.get(1)), "будет" | "бывает") && whose(sentence, i) => (Some(Item::Cannot), 2),
                    // «раньше купить не могу» is about a purchase.
                    "не" if matches!(word(rest.get(1)), "могу" | "можем") && elsewhere(sentence, i) => (None, 2),
                    "не" if cannot(word(rest.get(1))) => (Some(Item::Cannot), 2),
                    "весь" | "вся" | "всю" | "целиком" if matches!(items.last(), Some(Item::Day(_))) && !word(rest.get(1)).starts_with("недел") => {
                        (Some(Item::Whole), 1)
                    }
                    "у" if filled(sentence, i, judged.speaks)
                        && matches!(sentence.get(i.wrapping_sub(1)), Some(Piece::Word(_)))
                        && matches!(items.last(), Some(Item::Day(_))) =>
                    {
                        (Some(Item::Cannot), 2)
                    }
                    "никак" | "нельзя" | "неудобно" | "неудобен" | "неудобна" | "занята" | "занят" | "заняты" | "исключено" | "невозможно" | "отпадает" => {
                        (Some(Item::Cannot), 1)
                    }
                    // «сегодня не получится, завтра тоже», «в выходные нет»
                    "тоже" if items.contains(&Item::Cannot) && matches!(items.last(), Some(Item::Day(_))) => (Some(Item::Cannot), 1),
                    "нет" if matches!(items.last(), Some(Item::Day(_))) && !matches!(rest.get(1), Some(Piece::Word(_))) => (Some(Item::Cannot), 1),
                    // «в среду работаю»: said right behind the day only; «работаю до шести» forbids nothing.
                    w if engaged(w) && matches!(items.last(), Some(Item::Day(_))) => (Some(Item::Cannot), 1),
                    // «завтра, но после шести»: the hour is still that day's.
                    "но" if matches!(items.last(), Some(Item::Day(_))) && time(rest.get(1..).unwrap_or_default()).is_some() => (None, 1),
                    "а" | "но" | "зато" | "лучше" => (Some(Item::Clause), 1),
                    _ => (None, 1),
                },
                // «в среду не могу, приду в четверг»: what comes is not denied any more.
                Some(Piece::Comma) => (judged.can(i + 1).then_some(Item::Can), 1),
                Some(Piece::Stop) => (Some(Item::Clause), 1),
                _ => (None, 1),
            }
        };
        // «всю среду и четверг до обеда»: the hours are Thursday's.
        let all =
            matches!(item, Some(Item::Day(Day::One(..)))) && matches!(word(i.checked_sub(1).and_then(|p| sentence.get(p))), "весь" | "всю" | "все" | "целый");
        items.extend(item);
        if all {
            items.push(Item::Whole);
        }
        i += used.max(1);
    }
    assemble(&items, today)
}

/// Whether what follows a day fills it: «в среду работаю», «по пятницам мы заняты», «в четверг у меня суд» beside a time that suits.
fn filled(sentence: &[Piece], at: usize, speaks: bool) -> bool {
    let mut at = at;
    while matches!(word(sentence.get(at)), "и" | "или") && weekday(word(sentence.get(at + 1))).is_some() {
        at += 2;
    }
    let w = |n: usize| word(sentence.get(at + n));
    let own = speaks && w(0) == "у" && matches!(w(1), "меня" | "нас") && !matches!(w(2), "окно" | "свободно" | "выходной" | "есть" | "нет" | "получится");
    own || engaged(w(0)) || (0..3).any(|n| matches!(w(n), "занят" | "занята" | "заняты") && !matches!(sentence.get(at + n + 1), Some(Piece::Word(_))))
}

/// Whether the word before is whose it is: «у меня», «мой».
fn whose(sentence: &[Piece], at: usize) -> bool {
    matches!(
        word(at.checked_sub(1).and_then(|b| sentence.get(b))),
        "меня" | "нас" | "мой" | "мои" | "наш" | "наши" | "мужа" | "жены" | "мамы" | "папы" | "него" | "нее"
    )
}

/// «подходят пятницы», «предлагаем субботы»: the plural, not the genitive of «до пятницы».
fn plural(sentence: &[Piece], at: usize) -> bool {
    let before = word(at.checked_sub(1).and_then(|b| sentence.get(b)));
    matches!(word(sentence.get(at)), "пятницы" | "субботы" | "среды")
        && !matches!(
            before,
            "до" | "с"
                | "со"
                | "после"
                | "кроме"
                | "от"
                | "без"
                | "для"
                | "около"
                | "ближе"
                | "позже"
                | "раньше"
                | "позднее"
                | "из"
                | "числа"
        )
        && !before.ends_with("ей")
        && !before.ends_with("ой")
}

/// Whether what is said is meant for every week: «каждую неделю», «еженедельно», or a Saturday beside the working days.
fn every_week(sentence: &[Piece]) -> bool {
    let pair = |p: &[Piece]| matches!(word(p.first()), "каждую" | "любую") && word(p.last()).starts_with("недел");
    let this = |p: &Piece| matches!(word(Some(p)), "этой" | "следующей" | "эту" | "следующую" | "ближайшую" | "завтра");
    sentence.windows(2).any(pair)
        || sentence.iter().any(|p| word(Some(p)) == "еженедельно")
        || (sentence.iter().any(|p| matches!(word(Some(p)), "будни" | "будням" | "будние")) && !sentence.iter().any(this))
}

/// Whether what cannot be done is no coming and no call: «купить не могу», «не могу проверить».
fn elsewhere(sentence: &[Piece], at: usize) -> bool {
    let other = |w: &str| infinitive(w) && !comes(w) && !contacts(w) && !meets(w);
    other(word(at.checked_sub(1).and_then(|b| sentence.get(b)))) || other(word(sentence.get(at + 2)))
}

/// «больше никак», «иначе не могу», «в другие дни не получится»: said of all other times.
fn otherwise(sentence: &[Piece], at: usize) -> bool {
    let back = |n: usize| word(at.checked_sub(n).and_then(|b| sentence.get(b)));
    matches!(back(1), "больше" | "иначе") || (matches!(back(1), "время" | "дни" | "день") && (back(2).starts_with("друг") || back(2).starts_with("осталь")))
}

/// What fills a day of the author's.
fn engaged(w: &str) -> bool {
    matches!(w, "работаю" | "дежурю" | "дежурство" | "уезжаем" | "уезжаю" | "командировка" | "тренировка" | "врач")
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
