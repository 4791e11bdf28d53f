//! What templates can call: filters for dates, numerals, lists. The zone and the current moment come from the context.

use super::buttons::{Press, mailto};
use super::event_text::channel_words;
use super::page::escaped;
use super::russian::{self, Case, Moment, upfirst};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, Value};

/// Registers all filters and functions.
pub(super) fn register(env: &mut Environment<'static>) {
    env.add_filter("at", |s: &State, v: Value| clock(s, &v, Moment::spoken_in));
    env.add_filter("due_at", |s: &State, v: Value| clock(s, &v, Moment::passed_in));
    env.add_filter("title_at", |s: &State, v: Value| clock(s, &v, Moment::title_in));
    env.add_filter("by", |s: &State, v: Value| match when(s, &v)? {
        When::Moment(m) => Ok(m.deadline_in(Some(this_year(s)?))),
        When::Day(d) => Ok(russian::day_words(d, Case::By, Some(this_year(s)?))),
    });
    env.add_filter("day", |s: &State, v: Value| day(s, &v, Case::Plain));
    env.add_filter("on_day", |s: &State, v: Value| day(s, &v, Case::On));
    env.add_filter("by_day", |s: &State, v: Value| day(s, &v, Case::By));
    env.add_filter("date", |s: &State, v: Value| Ok::<_, Error>(russian::date_words(when(s, &v)?.date(), Some(this_year(s)?))));
    env.add_filter("time", |s: &State, v: Value| clock(s, &v, |m, _| m.time()));
    env.add_filter("short", |s: &State, v: Value| match when(s, &v)? {
        When::Moment(m) => Ok::<_, Error>(m.short()),
        When::Day(d) => Ok(russian::short_day(d)),
    });
    env.add_filter("same_day", |s: &State, a: Value, b: Value| Ok::<_, Error>(when(s, &a)?.date() == when(s, &b)?.date()));
    env.add_filter("hello", |v: Value| russian::salutation(v.as_str()));
    env.add_filter("initials", |s: &State, v: String| {
        let short = russian::initials(&v);
        if matches!(s.auto_escape(), AutoEscape::Html) { short.replace(' ', "\u{a0}") } else { short }
    });
    env.add_filter("way", |v: String| channel_words(&v));
    env.add_filter("plural", |n: i64, one: String, few: String, many: String| format!("{n} {}", russian::plural(n, [&one, &few, &many])));
    env.add_filter("duration", duration);
    env.add_filter("marked", marked);
    env.add_filter("pad", |v: Value, width: usize| fit(&v.to_string(), width, false));
    env.add_filter("tenths", crate::report::tenths);
    env.add_filter("lpad", |v: Value, width: usize| fit(&v.to_string(), width, true));
    env.add_filter("usual", |v: Value| mean_of(&v, "received_before"));
    env.add_filter("usual_closed", |v: Value| mean_of(&v, "closed_before"));
    env.add_filter("upfirst", |v: String| upfirst(&v));
    env.add_filter("sentence", sentence);
    env.add_filter("phone", |v: String| russian::phone(&v));
    env.add_filter("accounted", accounted);
    env.add_filter("tel", tel);
    env.add_filter("unbroken", unbroken);
    env.add_function("percent", |n: i64, of: i64| if of > 0 { (n.clamp(0, of) * 100 + of / 2) / of } else { 0 });
    env.add_function("order", |s: &State, words: String, room: Option<String>| order(s, &words, room));
    env.add_function("answer", |s: &State, words: String| answer(s, &words));
}

/// The mean of the figures of the periods before, rounded; «—» where there were none.
fn mean_of(compared: &Value, name: &str) -> Result<String, Error> {
    let values: Vec<i64> = compared.get_attr(name)?.try_iter()?.filter_map(|v| i64::try_from(v).ok()).collect();
    let n = i64::try_from(values.len()).unwrap_or(0);
    Ok(if n == 0 { "—".to_owned() } else { ((values.iter().sum::<i64>() * 2 + n) / (2 * n)).to_string() })
}

enum When {
    Moment(Moment),
    Day(NaiveDate),
}

impl When {
    fn date(&self) -> NaiveDate {
        match self {
            When::Moment(m) => m.date(),
            When::Day(d) => *d,
        }
    }
}

fn mistake(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, what.into())
}

/// A moment arrives as RFC 3339, a date as `2026-11-25`: that is how serde writes chrono's types.
fn when(state: &State, value: &Value) -> Result<When, Error> {
    let text = value.as_str().ok_or_else(|| mistake("not a date"))?;
    if let Ok(at) = text.parse::<DateTime<Utc>>() {
        let zone = state.lookup("zone").and_then(|z| z.as_str().and_then(|z| z.parse().ok())).ok_or_else(|| mistake("no zone"))?;
        return Ok(When::Moment(Moment { at, zone }));
    }
    text.parse::<NaiveDate>().map(When::Day).map_err(|_| mistake(format!("«{text}» is not a date")))
}

fn this_year(state: &State) -> Result<i32, Error> {
    let now = state.lookup("now").ok_or_else(|| mistake("no now"))?;
    Ok(when(state, &now)?.date().year())
}

fn clock(state: &State, value: &Value, words: impl Fn(&Moment, Option<i32>) -> String) -> Result<String, Error> {
    match when(state, value)? {
        When::Moment(m) => Ok(words(&m, Some(this_year(state)?))),
        When::Day(_) => Err(mistake("a date has no time: use «day», «on_day» or «by_day»")),
    }
}

fn day(state: &State, value: &Value, case: Case) -> Result<String, Error> {
    Ok(russian::day_words(when(state, value)?.date(), case, Some(this_year(state)?)))
}

/// Minutes in words: «3 ч 20 мин», «2 дн. 4 ч».
fn duration(minutes: i64) -> String {
    let minutes = minutes.max(0);
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, m) => format!("{m} мин"),
        (0, h, 0) => format!("{h} ч"),
        (0, h, m) => format!("{h} ч {m} мин"),
        (d, 0, _) => format!("{d} дн."),
        (d, h, _) => format!("{d} дн. {h} ч"),
    }
}

/// Foreign text in a plain letter: a bar before every line, so that nobody takes an author's words for ours. Not «>»: programs fold that away.
fn marked(text: String) -> String {
    text.trim_end().lines().map(|line| format!("| {line}")).collect::<Vec<_>>().join("\n")
}

/// Exactly `width` characters: padded or cut with «…».
fn fit(text: &str, width: usize, right: bool) -> String {
    let width = width.min(200);
    let count = text.chars().count();
    if count > width {
        return text.chars().take(width.saturating_sub(1)).chain(['…']).collect();
    }
    let pad = " ".repeat(width - count);
    if right { pad + text } else { text.to_owned() + &pad }
}

/// Words as a sentence of their own: reasons come from people and from rules.
fn sentence(text: String) -> String {
    let text = upfirst(text.trim());
    if text.is_empty() || text.ends_with(['.', '!', '?', '…', '»']) { text } else { text + "." }
}

/// The right side of the reconciliation: where the journalled letters went.
fn accounted(reconciliation: Value) -> Result<i64, Error> {
    let count = |value: Value| i64::try_from(value).unwrap_or(0);
    let mut sum = 0;
    for field in ["opened", "added", "answers", "duplicates", "parked", "waiting"] {
        sum += count(reconciliation.get_attr(field)?);
    }
    for pair in reconciliation.get_attr("ignored")?.try_iter()? {
        sum += count(pair.get_item_by_index(1)?);
    }
    Ok(sum)
}

/// For HTML: escaped text in which no phone is torn between two lines.
fn unbroken(text: String) -> Value {
    let of_phone = |c: char| c.is_ascii_digit() || "+()- ".contains(c);
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let plain = rest.find(of_phone).unwrap_or(rest.len());
        let (before, from) = rest.split_at(plain);
        let (run, tail) = from.split_at(from.find(|c| !of_phone(c)).unwrap_or(from.len()));
        out.push_str(&escaped(before));
        let trimmed = run.trim_matches([' ', '-']);
        match run.split_once(trimmed).filter(|_| trimmed.chars().filter(char::is_ascii_digit).count() >= 5) {
            Some((left, right)) => out.push_str(&format!("{left}<span style=\"white-space:nowrap;\">{trimmed}</span>{right}")),
            None => out.push_str(run),
        }
        rest = tail;
    }
    Value::from_safe_string(out)
}

/// A printed phone as the number of a `tel:` link.
fn tel(printed: String) -> String {
    printed.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// A link to the school's mailbox with a prepared order: `order("состоялась")`, `order("готово", ": ")`.
fn order(state: &State, words: &str, room: Option<String>) -> String {
    let (press, address, zone) = around(state);
    let press = press.unwrap_or(Press { number: 0, token: String::new(), about: None, choices: Vec::new() });
    press.order(&address, zone, words, &room.unwrap_or_default())
}

/// A link with an author's prepared answer to this letter.
fn answer(state: &State, words: &str) -> String {
    let (press, address, _) = around(state);
    let subject = state.lookup("subject").map(|s| s.to_string()).unwrap_or_default();
    match press {
        Some(press) => press.answer(&address, &subject, words),
        None => mailto(&address, &format!("Re: {subject}"), words),
    }
}

/// What buttons are made of: whose they are, the school's address, its zone.
fn around(state: &State) -> (Option<Press>, String, chrono_tz::Tz) {
    let address = state.lookup("school").and_then(|s| s.get_attr("address").ok()).map(|a| a.to_string()).unwrap_or_default();
    let zone = state.lookup("zone").and_then(|z| z.as_str().and_then(|z| z.parse().ok())).unwrap_or(chrono_tz::UTC);
    let field = |name: &str| state.lookup("press").and_then(|p| p.get_attr(name).ok());
    let press = field("token").and_then(|t| t.as_str().map(str::to_owned)).zip(field("number").and_then(|n| i64::try_from(n).ok()));
    let about = field("about").and_then(|a| a.as_str().and_then(|a| a.parse().ok()));
    (press.map(|(token, number)| Press { number, token, about, choices: Vec::new() }), address, zone)
}
