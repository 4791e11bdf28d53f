//! How an order ends: what stands behind its phrase made into an order, or into a sentence that asks for what is missing.
//!
//! Not here: the phrases (`order_words`), single values such as a time or a name (`order_tails`).

use super::order_tails::{colleague, date, text_after, way, when};
use super::order_words::{Act, Spelling, phrase};
use super::orders::{Colleague, NO_NAME, NO_NUMBERS, NO_TEXT, NO_TIME, Reading, Said, TO_AUTHOR, Tail, WHOSE_WORDS, within};
use super::words::{Words, cut};
use chrono::NaiveDate;

pub(super) fn plain(said: Said, tail: Tail) -> Reading {
    match tail {
        Tail::Bare(remark) => Reading::Order(said, remark),
        // «Взяла, свяжусь с мамой вечером»: a remark, unless it takes back what was said.
        Tail::Reason(words, _) if !doubtful(&words) => Reading::Order(said, Some(words)),
        _ => Reading::Nothing,
    }
}

pub(super) fn reasoned(tail: Tail, below: &str, said: fn(Option<String>) -> Said) -> Reading {
    match tail {
        Tail::Bare(remark) => Reading::Order(said(None), remark),
        Tail::Reason(why, _) => Reading::Order(said(Some(stopless(&why))), Some(below.to_owned()).filter(|b| !b.is_empty())),
        Tail::Other => Reading::Nothing,
    }
}

/// «но», «не», «если»: words after which a yes is no plain yes.
pub(super) fn doubtful(words: &str) -> bool {
    Words::new(words).tokens.iter().any(|t| matches!(t.norm.as_str(), "но" | "не" | "нет" | "если" | "однако" | "хотя" | "только" | "кроме" | "или" | "лучше"))
        || words.contains('?')
}

pub(super) fn because(why: &str) -> &str {
    const LEADS: [&str; 8] = ["из-за: ", "из-за ", "по причине: ", "по причине ", "так как ", "потому что ", "причина: ", "причина "];
    LEADS.iter().find_map(|p| why.strip_prefix(p)).unwrap_or(why)
}

/// A reason as the words of a sentence to come.
pub(super) fn stopless(why: &str) -> String {
    why.trim().trim_end_matches('.').to_owned()
}

pub(super) fn moved(tail: &str, bare: Tail, below: &str, today: NaiveDate) -> Reading {
    let (said, remark) = match bare {
        Tail::Bare(remark) => (Said::Another(None), remark),
        Tail::Reason(words, _) => match when(&words, today) {
            Some(at) => (Said::Move(at), None),
            None if words.chars().any(|c| c.is_ascii_digit()) => return Reading::Unclear(NO_TIME),
            None => (Said::Another(Some(stopless(&words))), None),
        },
        Tail::Other => {
            // «на четверг 16:00, мама просила»
            let (time, why) = tail.split_once([',', '(']).map_or((tail, None), |(t, w)| (t, Some(w.trim().trim_end_matches([')', '.']).to_owned())));
            match when(tail, today).map(|at| (at, None)).or_else(|| when(time, today).map(|at| (at, why))) {
                Some((at, why)) => (Said::Move(at), why),
                None => return Reading::Unclear(NO_TIME),
            }
        }
    };
    Reading::Order(said, remark.or_else(|| Some(below.to_owned()).filter(|b| !b.is_empty())))
}

/// «Состоялась, …». `depth`: so many phrases stand before the words behind this one.
pub(super) fn held(bare: Tail, below: &str, today: NaiveDate, staff: &[Colleague<'_>], depth: u8) -> Reading {
    match bare {
        Tail::Bare(remark) => Reading::Order(Said::Held(None), remark),
        Tail::Reason(words, mark) => match within(&words, below, today, staff, depth) {
            Reading::Order(Said::Recommend(text), _) => Reading::Order(Said::Held(Some(text)), None),
            Reading::Unclear(NO_TEXT) => Reading::Order(Said::Held(None), None),
            // «Состоялась: …» names no recommendations, and nothing goes to the author by a guess.
            _ if doubtful(&words) => Reading::Nothing,
            _ if mark == ':' => Reading::Unclear(WHOSE_WORDS),
            _ => Reading::Order(Said::Held(None), Some(words)),
        },
        Tail::Other => Reading::Nothing,
    }
}

/// «Готово: …». Words without the colon are not sent to a family by mistake.
pub(super) fn closed(tail: &str, below: &str) -> Reading {
    let text = text_after(tail, below);
    if let Some(reason) = settled(tail) {
        return Reading::Order(Said::CloseFor(reason), Some(below.to_owned()).filter(|b| !b.is_empty()));
    }
    match (tail.chars().next(), text) {
        (Some(':' | '—' | '–' | '-'), Some(text)) => Reading::Order(Said::Close(Some(text)), None),
        (Some(':' | '—' | '–' | '-'), None) => Reading::Unclear(NO_TEXT),
        (None | Some('.' | '!' | ','), None) => Reading::Order(Said::Close(None), None),
        (None | Some('.' | '!' | ',' | ';'), Some(text)) => {
            // «Готово. Ответ автору: …»
            let (line, rest) = text.split_once('\n').unwrap_or((&text, ""));
            let words = Words::new(cut(line, 4096));
            let again = phrase(&words, Spelling::Exact).filter(|(act, _)| *act == Act::Close).and_then(|(_, used)| words.tokens.get(used - 1));
            let after = again.and_then(|t| line.get(t.at.end..)).map(str::trim_start).filter(|t| t.starts_with(':'));
            match after.and_then(|tail| text_after(tail, rest)) {
                Some(answer) => Reading::Order(Said::Close(Some(answer)), None),
                None => Reading::Unclear(TO_AUTHOR),
            }
        }
        _ => Reading::Nothing,
    }
}

/// «25.11 15:00 у Соколовой».
pub(super) fn slot(tail: &str, staff: &[Colleague<'_>], today: NaiveDate) -> Result<Said, Option<&'static str>> {
    let tail = tail.trim_start_matches([':', ' ']).trim_end_matches(['.', '!']);
    let who = [" у ", " к ", ", "].iter().find_map(|p| tail.rsplit_once(p));
    let (time, who) = who.map_or((tail, None), |(t, w)| (t, Some(w.trim())));
    let who = match who.filter(|_| when(tail, today).is_none()) {
        None => None,
        Some(who) => Some(colleague(who, staff).ok_or(Some(NO_NAME))?),
    };
    let time = if who.is_none() { tail } else { time };
    match when(time, today) {
        Some(start) => Ok(Said::Slot { start, who }),
        None if tail.chars().any(|c| c.is_ascii_digit()) || tail.is_empty() => Err(Some(NO_TIME)),
        None => Err(None),
    }
}

/// «Закройте, всё решили»: words behind a comma that say why nothing is to be answered. Any others may be meant for the author.
fn settled(tail: &str) -> Option<String> {
    const ROOTS: [&str; 13] =
        ["реши", "решен", "передумал", "отказал", "неактуал", "дубл", "повтор", "телефон", "договорил", "снят", "ошиб", "отозва", "созвонил"];
    let why = tail.strip_prefix(',')?.trim();
    let words = Words::new(cut(why, 300));
    let says = words.tokens.iter().enumerate().any(|(i, t)| {
        ROOTS.iter().any(|r| t.norm.starts_with(r)) || t.norm == "не" && ["нужн", "актуал", "надо"].iter().any(|r| words.norm(i + 1).starts_with(r))
    });
    // Who speaks to the family speaks to «Вы».
    let to_them = words.tokens.iter().any(|t| matches!(t.norm.as_str(), "вы" | "вам" | "вас" | "ваш" | "ваша" | "вашу" | "здравствуйте"));
    (says && !to_them && words.tokens.len() <= 12).then(|| stopless(why))
}

/// «Уточнить: …»: without the colon it may be a remark among colleagues.
pub(super) fn asked(tail: &str, below: &str) -> Reading {
    let marked = tail.starts_with([':', '—', '–', '-']);
    text_after(tail, below).filter(|_| marked).map_or(Reading::Unclear(NO_QUESTION), |text| Reading::Order(Said::Ask(text), None))
}

const NO_QUESTION: &str = "Вопрос автору пишите после двоеточия, например: «уточнить: какой у Вас логин?». Без него ничего не отправляю.";

/// «Передать Вишневскому, это по его части»: the name, and why.
pub(super) fn assigned(name: &str, below: &str, staff: &[Colleague<'_>]) -> Reading {
    let remark = |why: &str| Some([why, below].join("\n").trim().to_owned()).filter(|r| !r.is_empty());
    if let Some(id) = colleague(name, staff) {
        return Reading::Order(Said::Assign(id), remark(""));
    }
    let split = name.find([',', '(', ';', '—', '–']).map(|at| name.split_at(at));
    let found = split.and_then(|(who, why)| colleague(who.trim(), staff).map(|id| (id, why.trim_matches([',', '(', ')', ';', '—', '–', ' ', '.']))));
    found.map_or(Reading::Unclear(NO_NAME), |(id, why)| Reading::Order(Said::Assign(id), remark(why)))
}

/// «Пусть Петрова возьмёт».
pub(super) fn let_do(tail: &str, below: &str, staff: &[Colleague<'_>]) -> Reading {
    const VERBS: [&str; 8] = ["возьмет", "ответит", "займется", "проведет", "разберется", "посмотрит", "возьмется", "сделает"];
    let tail = tail.trim_end_matches(['.', '!', ' ']);
    let Some((who, verb)) = tail.rsplit_once(' ') else { return Reading::Nothing };
    if !VERBS.contains(&super::words::fold(verb).as_str()) {
        return Reading::Nothing;
    }
    let done = |id| Reading::Order(Said::Assign(id), Some(below.to_owned()).filter(|b| !b.is_empty()));
    colleague(who, staff).map_or(Reading::Unclear(NO_NAME), done)
}

/// «147 и 151», «с № 151».
pub(super) fn merged(tail: &str) -> Reading {
    let words = Words::new(cut(tail, 120));
    let plain = |w: &str| matches!(w, "и" | "с" | "со" | "в" | "заявку" | "заявки" | "заявкой" | "заявка" | "номер" | "n" | "пожалуйста" | "одну");
    let numbers: Vec<i64> = words.tokens.iter().filter_map(|t| t.norm.parse().ok()).collect();
    let only = words.tokens.iter().all(|t| plain(&t.norm) || t.norm.parse::<i64>().is_ok());
    match numbers.as_slice() {
        [_] | [_, _] if only => Reading::Order(Said::Merge(numbers), None),
        _ => Reading::Unclear(NO_NUMBERS),
    }
}

/// «Журнал: проведена, рекомендации …»: what the journal is to say is the order.
pub(super) fn journal(tail: &str, below: &str, today: NaiveDate, staff: &[Colleague<'_>], depth: u8) -> Reading {
    let Some(entry) = tail.strip_prefix([':', '—', '–', '-']).map(str::trim) else { return Reading::Nothing };
    match within(entry, below, today, staff, depth) {
        reading @ (Reading::Order(Said::Held(_) | Said::NoShow(_) | Said::NotHeld(_) | Said::Failed(_) | Said::Recommend(_), _) | Reading::Unclear(_)) => {
            reading
        }
        _ => Reading::Unclear(NO_ENTRY),
    }
}

const NO_ENTRY: &str = "Не понял, что записать в журнал. Напишите, например: «журнал: проведена, рекомендации: …» или «журнал: не пришли».";

/// «На 26.11 в 16.00 перенесите»: the verb stands last.
pub(super) fn verb_last(line: &str, today: NaiveDate) -> Option<Said> {
    const VERBS: [&str; 5] = ["перенести", "перенесите", "перенесем", "переношу", "перенос"];
    let line = line.trim_end_matches(['.', '!', '?', ' ']);
    let (time, verb) = line.rsplit_once(' ')?;
    VERBS.contains(&super::words::fold(verb).as_str()).then(|| when(time, today)).flatten().map(Said::Move)
}

/// «Лучше по телефону»: a way that is known; any other word is none.
pub(super) fn known_way(tail: &str) -> Option<Said> {
    let rest = ["на ", "по ", "через ", "в "].iter().find_map(|p| tail.strip_prefix(p)).unwrap_or(tail);
    let folded = super::words::fold(cut(rest, 80));
    let known = ["телефон", "звон", "лично", "очно", "сферум", "max", "макс", "письм", "почт"].iter().any(|r| folded.starts_with(r));
    known.then(|| way(rest)).flatten().map(Said::Channel)
}

/// More time asked for without the word: «нужно ещё два дня», «дайте время до пятницы».
pub(super) fn more_time(tail: &str, below: &str, today: NaiveDate) -> Reading {
    let (until, why) = tail.split_once([',', ':', '(']).unwrap_or((tail, ""));
    let why = [why.trim().trim_end_matches([')', '.']).trim(), below].into_iter().find(|w| !w.is_empty()).map(str::to_owned);
    date(until, today).map_or(Reading::Nothing, |until| Reading::Order(Said::Extend { until, reason: why }, None))
}
