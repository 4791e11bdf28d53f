//! Orders of staff in plain words: the first line of a letter read by a small, closed grammar.
//!
//! A line is an order as a whole or not at all: what is left over after the phrase must be a reason, a text, a time or a name where the phrase
//! takes one. Nothing is guessed. Not here: who may give it and what it does (`decide`), the phrases themselves (`order_words`).

use super::Category;
use super::order_ends::{
    asked, assigned, because, closed, held, journal, known_way, let_do, merged, more_time, moved, plain, reasoned, slot, stopless, verb_last,
};
use super::order_lines::{after_greeting, after_yes, courteous, sentence, unreached};
use super::order_tails::{colleague, date, named, series, text_after, topic, way, when};
use super::order_words::{Act, Spelling, phrase};
use super::words::{Words, cut};
use chrono::{NaiveDate, NaiveDateTime};

/// A member of staff who may be named in an order.
#[derive(Debug, Clone, Copy)]
pub struct Colleague<'a> {
    /// Id in the register.
    pub id: &'a str,
    /// «Фамилия Имя Отчество».
    pub name: &'a str,
    /// «социальный педагог».
    pub post: &'a str,
}

/// What was ordered, in the school's local time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the orders of decide::Order, as they are said")]
pub enum Said {
    Take,
    /// The proposed time suits. «Принимаю» may also mean the appeal itself.
    Accept {
        takes: bool,
    },
    Decline(Option<String>),
    Another(Option<String>),
    Move(NaiveDateTime),
    Held(Option<String>),
    NoShow(Option<String>),
    NotHeld(Option<String>),
    Failed(Option<String>),
    Allow,
    Stands,
    Replace(Option<String>),
    Assign(String),
    Slot {
        start: NaiveDateTime,
        who: Option<String>,
    },
    Cancel(Option<String>),
    Recommend(String),
    Again(Option<NaiveDateTime>),
    Series {
        count: u32,
        weeks: u32,
        one_event: bool,
    },
    EndSeries(Option<String>),
    /// Into the group of this number.
    Join(i64),
    /// About the whole group of this number.
    Group(i64, OfGroup),
    Channel(String),
    Reminders(bool),
    /// The text goes to the author.
    Close(Option<String>),
    /// Answered elsewhere, or nothing to answer: kept in the history.
    CloseFor(String),
    Extend {
        until: NaiveDate,
        reason: Option<String>,
    },
    Acknowledge,
    Called(Option<String>),
    /// Nobody picked up.
    Unreached(Option<String>),
    /// «Позвоню сам».
    CallMyself,
    /// The author said by telephone that the time suits.
    Confirmed,
    Topic(Category),
    /// What this person ordered last is taken back.
    Undo,
    /// The question goes to the author.
    Ask(String),
    /// It belongs to somebody else, and why.
    NotMine(Option<String>),
    /// Two appeals are one: the numbers named, one or two.
    Merge(Vec<i64>),
    Reopen,
    Help,
    /// No more time is given.
    Keep(Option<String>),
}

/// What was ordered about a whole group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfGroup {
    /// This colleague holds it.
    Give(String),
    /// At another time.
    Move(NaiveDateTime),
    /// It will not be.
    Cancel(Option<String>),
}

/// A letter of staff as an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// An order, and what stands beside it, for the history.
    Order(Said, Option<String>),
    /// It begins as an order but cannot be carried out so: a sentence that says what to write.
    Unclear(&'static str),
    /// Thanks, «хорошо»: nothing is meant by it.
    Courtesy,
    /// No order.
    Nothing,
}

pub(super) const NO_TIME: &str = "Не вижу, на какое время. Напишите день и час: «перенести на четверг 16:00» или «перенести на 28.11 15:00».";
const NO_DATE: &str = "Не вижу даты. Напишите, например: «продлить до 28.11, ждём ответа поставщика».";
pub(super) const NO_NAME: &str = "Не нахожу такого сотрудника в списке, или подходит не один. Напишите фамилию, при однофамильцах имя и отчество.";
pub(super) const NO_TEXT: &str = "Поручение есть, а текста нет. Напишите его после двоеточия.";
const NO_COUNT: &str = "Не вижу, сколько встреч (от 2 до 20). Напишите, например: «серия 5» или «серия 5 раз в 2 недели».";
pub(super) const NO_NUMBERS: &str = "Не вижу, какие две заявки объединить. Напишите, например: «объединить 147 151».";
const NO_GROUP: &str = "Не вижу номера группы. Напишите, например: «в группу 3».";
const NO_WAY: &str = "Не вижу способа. Напишите, например: «способ: телефон», «способ: Сферум» или «способ: лично».";
const NOT_REACHED: &str =
    "Не отмечаю звонок: похоже, дозвониться не удалось. Когда поговорите, напишите «звонил»; если номер не отвечает, сообщите руководителю.";
pub(super) const TO_AUTHOR: &str = "Не знаю, отправить ли эти слова автору. Если да, напишите «готово: » и ответ; если нет, «закрыть без ответа: » и причину.";
const NO_REASON: &str = "Без ответа автору закрываю только с причиной. Напишите, например: «закрыть без ответа: вопрос решён по телефону».";
pub(super) const WHOSE_WORDS: &str = "Не знаю, рекомендации ли это для автора. Напишите «состоялась, рекомендации: » и текст или просто «состоялась».";
const TWO: &str = "В письме больше одного поручения. Пришлите, пожалуйста, каждое отдельным письмом.";

/// Reads the words that a member of staff wrote themselves.
pub fn read(own: &str, today: NaiveDate, staff: &[Colleague<'_>]) -> Reading {
    let text = after_greeting(cut(own, super::words::TEXT_LIMIT));
    if text.is_empty() {
        return Reading::Nothing;
    }
    // Signs that are no words: «+» is a yes, «?» asks what can be written.
    match text.trim() {
        "+" => return Reading::Order(Said::Accept { takes: true }, None),
        "?" | "??" | "???" => return Reading::Order(Said::Help, None),
        _ => {}
    }
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (line, rest) = (line.trim(), rest.trim());
    // «Ок, беру»: the order is what follows.
    let behind =
        after_yes(line).map(|more| first(more, rest, today, staff)).filter(|r| matches!(r, Reading::Order(said, _) if !matches!(said, Said::Accept { .. })));
    let mut reading = behind.unwrap_or_else(|| first(line, rest, today, staff));
    if reading == Reading::Nothing
        && let Some(more) = after_yes(line)
    {
        reading = first(more, rest, today, staff);
    }
    if let Reading::Order(said, remark) = &mut reading {
        if let (Said::Held(None), Some((head, more))) = (&*said, remark.as_deref().map(sentence)) {
            // «Состоялась. Рекомендации: …»
            if let Reading::Order(Said::Recommend(text), _) = first(head, more, today, staff) {
                return Reading::Order(Said::Held(Some(text)), None);
            }
        }
        if remark.as_deref().is_some_and(|r| another(r, said, today, staff)) {
            return Reading::Unclear(TWO);
        }
    }
    if reading == Reading::Nothing && courteous(text) { Reading::Courtesy } else { reading }
}

/// Whether nothing but «отменить» is said: of a consultation or of the last order.
pub fn bare_cancel(own: &str) -> bool {
    let text = after_greeting(cut(own, 200));
    let words = Words::new(text.lines().next().unwrap_or_default());
    let alone = words.tokens.iter().skip(1).all(|t| matches!(t.norm.as_str(), "пожалуйста" | "это" | "все" | "обратно"));
    matches!(words.norm(0), "отменить" | "отмените" | "отмена" | "отмени" | "отменяю") && alone
}

/// Whether what follows an order is an order of its own.
fn another(rest: &str, said: &Said, today: NaiveDate, staff: &[Colleague<'_>]) -> bool {
    let mut rest = rest;
    for _ in 0..6 {
        let (head, more) = sentence(rest);
        if let Reading::Order(other, _) = first(head, "", today, staff)
            && std::mem::discriminant(&other) != std::mem::discriminant(said)
            && !matches!(other, Said::Acknowledge | Said::Accept { .. })
        {
            return true;
        }
        if more.is_empty() {
            return false;
        }
        rest = more;
    }
    false
}

/// Orders that may stand within each other: «журнал: состоялась, рекомендации: …» is three.
const DEEPEST: u8 = 3;

/// One line as an order; `below` is what stands under it.
pub(super) fn first(line: &str, below: &str, today: NaiveDate, staff: &[Colleague<'_>]) -> Reading {
    within(line, below, today, staff, 0)
}

/// The same of what stands behind `depth` other phrases.
pub(super) fn within(line: &str, below: &str, today: NaiveDate, staff: &[Colleague<'_>], depth: u8) -> Reading {
    if depth > DEEPEST {
        return Reading::Nothing;
    }
    let words = Words::new(cut(line, 4096));
    let exact = phrase(&words, Spelling::Exact);
    let reading = exact.map_or(Reading::Nothing, |found| with(&words, found, line, below, today, staff, depth));
    if reading != Reading::Nothing {
        return reading;
    }
    if let Some(said) = verb_last(line, today) {
        return Reading::Order(said, Some(below.to_owned()).filter(|b| !b.is_empty()));
    }
    // The same words again end as they did: reading on would double the work with every phrase behind another.
    let slipped = phrase(&words, Spelling::OneSlip).filter(|found| exact != Some(*found));
    slipped.map_or(Reading::Nothing, |found| with(&words, found, line, below, today, staff, depth))
}

fn with(words: &Words<'_>, found: (Act, usize), line: &str, below: &str, today: NaiveDate, staff: &[Colleague<'_>], depth: u8) -> Reading {
    let Some(last) = found.1.checked_sub(1).and_then(|i| words.tokens.get(i)) else { return Reading::Nothing };
    let tail = line.get(last.at.end..).unwrap_or_default().trim_start();
    complete(found.0, line, tail, below, today, staff, depth)
}

/// What stands behind a phrase.
pub(super) enum Tail {
    /// Nothing but a remark of another sentence.
    Bare(Option<String>),
    /// Words behind a colon, comma, dash, bracket or «потому что».
    Reason(String, char),
    /// Something else.
    Other,
}

fn tail_of(tail: &str, below: &str) -> Tail {
    match behind(filler(tail), below) {
        // «Вижу, уже говорю с мамой»: the filler is part of the remark.
        Tail::Other => behind(tail.trim(), below),
        other => other,
    }
}

fn behind(rest: &str, below: &str) -> Tail {
    let below = Some(below.to_owned()).filter(|b| !b.is_empty());
    let mut chars = rest.chars();
    match chars.next() {
        None => Tail::Bare(below),
        Some('.' | '!' | ';') => {
            let more = [chars.as_str().trim(), below.as_deref().unwrap_or_default()].join("\n").trim().trim_start_matches(['.', '!', ')']).trim().to_owned();
            Tail::Bare(Some(more).filter(|m| !m.is_empty()))
        }
        Some(mark @ (':' | ',' | '—' | '–' | '-' | '(')) => {
            let said = chars.as_str().trim();
            let said = if mark == '(' { said.trim_end_matches([')', '.']) } else { said };
            if said.chars().any(char::is_alphanumeric) { Tail::Reason(said.to_owned(), mark) } else { Tail::Bare(below) }
        }
        _ => {
            let words = Words::new(rest);
            let because = matches!(
                (words.norm(0), words.norm(1)),
                ("потому", "что") | ("так", "как") | ("по", "причине") | ("из", "за") | ("в", "связи") | ("поскольку" | "ввиду" | "причина", _)
            );
            if because { Tail::Reason(rest.to_owned(), ' ') } else { Tail::Other }
        }
    }
}

/// Words that change nothing: «сегодня», «пожалуйста», «спасибо».
fn filler(tail: &str) -> &str {
    const FILLERS: [&str; 20] = [
        "пожалуйста",
        "спасибо",
        "сегодня",
        "вчера",
        "уже",
        "сейчас",
        "успешно",
        "хорошо",
        "нормально",
        "полностью",
        "вовремя",
        "сам",
        "сама",
        "тогда",
        "лично",
        "по плану",
        "по телефону",
        "в срок",
        "очно",
        "онлайн",
    ];
    let mut rest = tail.trim();
    for _ in 0..4 {
        let bare = rest.trim_start_matches([',', ' ']);
        let folded = super::words::fold(cut(bare, 64));
        let hit = FILLERS.iter().find(|f| folded.strip_prefix(**f).is_some_and(|r| !r.starts_with(char::is_alphanumeric)));
        let Some(hit) = hit else { return rest };
        rest = bare.get(hit.len()..).unwrap_or_default().trim_start();
    }
    rest
}

fn complete(act: Act, line: &str, tail: &str, below: &str, today: NaiveDate, staff: &[Colleague<'_>], depth: u8) -> Reading {
    let done = |said: Said| Reading::Order(said, Some(below.to_owned()).filter(|b| !b.is_empty()));
    let bare = tail_of(tail, below);
    match act {
        Act::Take => plain(Said::Take, bare),
        // «Да, в четверг в 16:00»: the time is what counts, whether it is the proposed one or another.
        Act::Accept(takes) => match when(tail, today) {
            Some(at) => done(Said::Move(at)),
            None => plain(Said::Accept { takes }, bare),
        },
        Act::Stands => plain(Said::Stands, bare),
        Act::Allow => plain(Said::Allow, bare),
        Act::Acknowledge => plain(Said::Acknowledge, bare),
        Act::Reminders(on) => plain(Said::Reminders(on), bare),
        Act::Answered => match bare {
            Tail::Bare(remark) => Reading::Order(Said::CloseFor(line.trim_end_matches(['.', '!']).to_owned()), remark),
            Tail::Reason(..) => done(Said::CloseFor(line.trim_end_matches('.').to_owned())),
            Tail::Other => Reading::Nothing,
        },
        Act::Decline => match bare {
            Tail::Bare(remark) => Reading::Order(Said::Decline(None), remark),
            // «Не могу, перенесите на четверг 16:00»: the time is what is ordered.
            Tail::Reason(why, _) => match within(&why, below, today, staff, depth + 1) {
                other @ (Reading::Order(Said::Move(_) | Said::Another(_), _) | Reading::Unclear(_)) => other,
                _ => done(Said::Decline(Some(stopless(&why)))),
            },
            Tail::Other => Reading::Nothing,
        },
        // «Можно перенести?» asks politely.
        Act::Move if tail.trim() == "?" => done(Said::Another(None)),
        // «Можно перенести на среду 15:30?» too.
        Act::Move => moved(tail.trim_end().trim_end_matches('?'), bare, below, today),
        Act::MoveTo => match when(tail, today) {
            Some(at) => done(Said::Move(at)),
            None => known_way(tail).map_or(Reading::Nothing, done),
        },
        Act::Held => held(bare, below, today, staff, depth + 1),
        Act::NoShow => reasoned(bare, below, Said::NoShow),
        Act::Failed => reasoned(bare, below, Said::Failed),
        Act::Cancel => reasoned(bare, below, Said::Cancel),
        Act::EndSeries => reasoned(bare, below, Said::EndSeries),
        Act::NotHeld => match bare {
            Tail::Bare(remark) => Reading::Order(Said::NotHeld(None), remark),
            Tail::Reason(why, _) => match within(because(&why), "", today, staff, depth + 1) {
                Reading::Order(Said::Failed(more), _) => done(Said::Failed(more.or_else(|| Some(stopless(&why))))),
                Reading::Order(Said::NoShow(_), _) => done(Said::NoShow(None)),
                _ => done(Said::NotHeld(Some(stopless(&why)))),
            },
            Tail::Other => Reading::Nothing,
        },
        Act::Called => match bare {
            Tail::Bare(remark) if remark.as_deref().is_some_and(unreached) => Reading::Order(Said::Unreached(remark), None),
            Tail::Bare(remark) => Reading::Order(Said::Called(None), remark),
            Tail::Reason(how, _) if unreached(&how) => done(Said::Unreached(Some(stopless(&how)))),
            Tail::Reason(how, _) => done(Said::Called(Some(stopless(&how)))),
            Tail::Other => Reading::Nothing,
        },
        Act::NotCalled => match bare {
            Tail::Bare(remark) => Reading::Order(Said::Unreached(None), remark),
            Tail::Reason(how, _) => done(Said::Unreached(Some(stopless(&how)))),
            Tail::Other => Reading::Unclear(NOT_REACHED),
        },
        Act::CallMyself => plain(Said::CallMyself, bare),
        Act::Confirmed => plain(Said::Confirmed, bare),
        Act::Recommend => text_after(tail, below).map_or(Reading::Unclear(NO_TEXT), |text| Reading::Order(Said::Recommend(text), None)),
        Act::RecommendThat => {
            let text = [line, below].join("\n").trim().to_owned();
            if tail.trim().is_empty() { Reading::Unclear(NO_TEXT) } else { Reading::Order(Said::Recommend(text), None) }
        }
        Act::Close => closed(tail, below),
        Act::CloseSilently => match bare {
            Tail::Reason(why, _) => done(Said::CloseFor(why)),
            Tail::Bare(Some(why)) => Reading::Order(Said::CloseFor(why), None),
            Tail::Bare(None) => Reading::Unclear(NO_REASON),
            Tail::Other => Reading::Nothing,
        },
        Act::Replace => match named(tail) {
            "" => done(Said::Replace(None)),
            who => colleague(who, staff).map_or(Reading::Unclear(NO_NAME), |id| done(Said::Replace(Some(id)))),
        },
        Act::Assign => match named(tail) {
            "" => Reading::Unclear(NO_NAME),
            who => assigned(who, below, staff),
        },
        Act::AssignTo => match assigned(named(tail), below, staff) {
            reading @ Reading::Order(..) => reading,
            _ => Reading::Nothing,
        },
        Act::Let => let_do(tail, below, staff),
        Act::Undo => plain(Said::Undo, bare),
        Act::Ask => asked(tail, below),
        // «Не моё, это к Козлову»: whose it is stands behind.
        Act::NotMine => match reasoned(bare, below, Said::NotMine) {
            Reading::Nothing if ["к ", "ко ", "для "].iter().any(|p| tail.starts_with(p)) => done(Said::NotMine(Some(stopless(tail)))),
            reading => reading,
        },
        Act::Merge => merged(tail),
        Act::Reopen => match bare {
            Tail::Bare(remark) => Reading::Order(Said::Reopen, remark),
            Tail::Reason(why, _) => Reading::Order(Said::Reopen, Some(why)),
            Tail::Other => Reading::Nothing,
        },
        Act::Help if tail.trim().trim_matches(['?', '!', '.', ' ']).is_empty() => done(Said::Help),
        Act::Help => Reading::Nothing,
        Act::Keep => reasoned(bare, below, Said::Keep),
        Act::Journal => journal(tail, below, today, staff, depth + 1),
        Act::ExtendFor => more_time(tail, below, today),
        Act::ChannelTo => known_way(tail).map_or(Reading::Nothing, done),
        Act::Slot => slot(tail, staff, today).map_or_else(|why| why.map_or(Reading::Nothing, Reading::Unclear), done),
        Act::Again => match bare {
            Tail::Bare(remark) => Reading::Order(Said::Again(None), remark),
            _ => when(tail, today).map_or(Reading::Unclear(NO_TIME), |at| done(Said::Again(Some(at)))),
        },
        Act::Series => series(tail).map_or(Reading::Unclear(NO_COUNT), |(count, weeks, one_event)| done(Said::Series { count, weeks, one_event })),
        Act::Join => match tail.trim().trim_start_matches('№').trim().trim_end_matches('.').parse() {
            Ok(group) => done(Said::Join(group)),
            Err(_) => Reading::Unclear(NO_GROUP),
        },
        Act::Group => group(tail, below, today, staff, depth + 1),
        Act::Topic => topic(tail).map_or(Reading::Nothing, |c| done(Said::Topic(c))),
        Act::Channel => way(tail).map_or(Reading::Unclear(NO_WAY), |way| done(Said::Channel(way))),
        Act::Extend => {
            let split = tail.char_indices().find(|(at, c)| matches!(c, ',' | ':' | '—' | '–' | '(') && *at > 0).map(|(at, c)| (at, at + c.len_utf8()));
            let (until, why) = split.map_or((tail, ""), |(at, after)| (tail.get(..at).unwrap_or_default(), tail.get(after..).unwrap_or_default()));
            let why = why.trim().trim_end_matches([')', '.']).trim();
            let why = [why, below].into_iter().find(|w| !w.is_empty()).map(str::to_owned);
            date(until, today).map_or(Reading::Unclear(NO_DATE), |until| Reading::Order(Said::Extend { until, reason: why }, None))
        }
    }
}

/// «Группу 3 проведёт: Козлов», «группу 3 перенести на 11.12 15:00», «группу 3 отменить: карантин».
fn group(tail: &str, below: &str, today: NaiveDate, staff: &[Colleague<'_>], depth: u8) -> Reading {
    let rest = tail.trim_start_matches(['№', ' ', '\u{a0}']);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (Some(Ok(id)), Some(rest)) = (rest.get(..digits).map(str::parse::<i64>), rest.get(digits..)) else { return Reading::Nothing };
    let rest = rest.trim_start_matches([':', ',', ' ', '\u{a0}']);
    let words = Words::new(cut(rest, 256));
    if let Some(who) = words.tokens.first().filter(|t| t.norm == "проведет").and_then(|t| rest.get(t.at.end..)) {
        let who = named(who);
        let found = if who.is_empty() { None } else { colleague(who, staff) };
        return found.map_or(Reading::Unclear(NO_NAME), |who| Reading::Order(Said::Group(id, OfGroup::Give(who)), None));
    }
    let of = |what: OfGroup, remark: Option<String>| Reading::Order(Said::Group(id, what), remark);
    match within(rest, below, today, staff, depth) {
        Reading::Order(Said::Assign(who), remark) => of(OfGroup::Give(who), remark),
        Reading::Order(Said::Move(at), remark) => of(OfGroup::Move(at), remark),
        Reading::Order(Said::Cancel(why), remark) => of(OfGroup::Cancel(why), remark),
        unclear @ Reading::Unclear(_) => unclear,
        _ => Reading::Nothing,
    }
}
