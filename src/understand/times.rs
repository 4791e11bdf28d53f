//! When it suits: windows of time out of Russian sentences, relative to the day of the letter (conventions: docs/labels.md).
//!
//! Not here: which slot is taken (`slots`). Two readings give the later, safer one; the letter that goes out names weekday, date and time.

use super::Window;
use super::days::{Day, dates_of, day};
use super::hours::{Span, refine, time};
use super::lexer::{Piece, pieces, word};
use chrono::NaiveDate;

/// How much of a text is about meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A letter: only sentences that speak of calling, meeting, coming.
    Letter,
    /// An answer to ours, or a form's phone field: any time counts.
    Answer,
}

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Day(Day),
    Time(Span),
    Or,
    /// «кроме», «только не»: what follows is forbidden.
    Except,
    /// «не смогу»: the days of this clause are forbidden.
    Cannot,
    Clause,
    /// «в остальные дни»: the days before are forbidden.
    Others,
}

#[derive(Debug, Default)]
struct Group {
    days: Vec<Day>,
    time: Option<Span>,
    /// The time was said before the days: «утром во вторник и в среду».
    time_first: bool,
    or: bool,
}

/// The windows that a text names, at most twelve.
pub(super) fn windows(text: &str, today: NaiveDate, mode: Mode) -> Vec<Window> {
    let pieces = pieces(text);
    let mut out: Vec<Window> = Vec::new();
    let mut about = false;
    for sentence in pieces.split(|p| *p == Piece::End) {
        let speaks = mode == Mode::Answer || speaks_of_meeting(sentence);
        // «Когда удобно? Завтра после обеда.»: the next short sentence goes on about it.
        let asks = sentence.iter().any(|p| matches!(p, Piece::Word(w) if w == "ли" || w.starts_with("учит")));
        if speaks || (about && sentence.len() <= 14 && !past(sentence) && !asks) {
            for window in read(sentence, today, mode) {
                let over = window.date.is_some_and(|d| d < today) || window.to.is_some_and(|d| d < today);
                if !over && !out.contains(&window) && out.len() < 12 {
                    out.push(window);
                }
            }
        }
        if !sentence.is_empty() {
            about = speaks && mode == Mode::Letter;
        }
    }
    out
}

fn speaks_of_meeting(sentence: &[Piece]) -> bool {
    const STARTS: [&str; 46] = [
        "звон",
        "позвон",
        "перезвон",
        "набер",
        "набра",
        "созвон",
        "связ",
        "удоб",
        "подойти",
        "подойд",
        "прийти",
        "приду",
        "придем",
        "прид",
        "приехать",
        "приед",
        "подъех",
        "подъед",
        "заехать",
        "заед",
        "зайти",
        "зайд",
        "забегу",
        "встреч",
        "встрет",
        "консультац",
        "свобод",
        "трубк",
        "дозвон",
        "загляну",
        "доступн",
        "поговор",
        "пообща",
        "забрать",
        "заберу",
        "подскоч",
        "занести",
        "привез",
        "говорить",
        "разговарив",
        "приема",
        "прием",
        "предлага",
        "предпоч",
        "забира",
        "соглас",
    ];
    const WHOLE: [&str; 12] = ["могу", "можем", "смогу", "сможем", "готова", "готов", "готовы", "устроит", "подходит", "подойдет", "любой", "любое"];
    let cue = |w: &str| STARTS.iter().any(|s| w.starts_with(s)) || WHOLE.contains(&w);
    let pair = |p: &[Piece]| matches!(p, [Piece::Word(a), Piece::Word(b)] if (a == "по" && b == "времени") || (b == "дома" && matches!(a.as_str(), "я" | "мы" | "оба" | "буду" | "всегда" | "бываю" | "бываем")));
    sentence.iter().any(|p| matches!(p, Piece::Word(w) if cue(w))) || sentence.contains(&Piece::Phone) || sentence.windows(2).any(pair)
}

fn past(sentence: &[Piece]) -> bool {
    sentence.iter().any(|p| matches!(p, Piece::Word(w) if w == "вчера" || w == "позавчера" || w.starts_with("прошл")))
}

/// Events whose time is not the author's.
fn event(w: &str) -> bool {
    const EVENTS: [&str; 19] = [
        "тест",
        "контрольн",
        "экзамен",
        "зачет",
        "заседан",
        "комисси",
        "чаепит",
        "олимпиад",
        "суд",
        "операц",
        "собран",
        "репетиц",
        "соревнован",
        "дедлайн",
        "сдава",
        "пересдач",
        "смен",
        "работ",
        "больниц",
    ];
    EVENTS.iter().any(|e| w.starts_with(e))
}

/// Whether item pieces `from..to` belong to an event or to the past and not to a meeting: judged by the words round them within the clause.
fn foreign(sentence: &[Piece], from: usize, to: usize) -> bool {
    let clause = |p: &Piece| !matches!(p, Piece::Comma | Piece::Stop | Piece::Dash);
    let before: Vec<&str> = sentence.get(..from).unwrap_or_default().iter().rev().take_while(|p| clause(p)).take(5).map(|p| word(Some(p))).collect();
    let after: Vec<&str> = sentence.get(to..).unwrap_or_default().iter().take_while(|p| clause(p)).take(5).map(|p| word(Some(p))).collect();
    let near = |n: usize| before.iter().take(n).chain(after.iter().take(n)).copied();
    let meeting = |w: &str| {
        [
            "звон",
            "позвон",
            "перезвон",
            "набер",
            "созвон",
            "удоб",
            "подойт",
            "подойд",
            "прий",
            "прид",
            "встре",
            "свобод",
            "могу",
            "смогу",
            "готов",
            "заех",
            "зайт",
            "лучше",
            "подъех",
            "связ",
            "заед",
            "консультац",
            "мог",
        ]
        .iter()
        .any(|s| w.starts_with(s))
    };
    if near(5).any(meeting) {
        return false;
    }
    near(3).any(event)
        || after.iter().take(3).any(|w| happened(w))
        || before.iter().take(2).any(|w| matches!(*w, "был" | "была" | "было" | "были"))
        || after.first().is_some_and(|w| w.starts_with("прошл"))
}

/// A verb in the past tense: «выдавали», «закрылся».
fn happened(w: &str) -> bool {
    let ends = ["ал", "ил", "ел", "ала", "ила", "ела", "али", "или", "ели", "ался", "ился", "ылся", "алась", "илась", "ались", "ились", "шел", "шла", "шли"];
    w.chars().count() > 3 && !matches!(w, "если" | "дела" | "апрель" | "отдел" | "раздел") && ends.iter().any(|e| w.ends_with(e))
}

/// Reads one sentence.
fn read(sentence: &[Piece], today: NaiveDate, mode: Mode) -> Vec<Window> {
    let mut items: Vec<Item> = Vec::new();
    let told = past(sentence);
    let mut i = 0;
    while i < sentence.len() {
        let rest = sentence.get(i..).unwrap_or_default();
        let (item, used) = if let Some((day, used)) = day(rest, today) {
            let previous = word(i.checked_sub(1).and_then(|p| sentence.get(p)));
            // «до пятницы», «к понедельнику» are terms, not wishes; «с вторника не работает» is the past.
            let term = matches!(previous, "до" | "к" | "ко") || (matches!(previous, "с" | "со") && !matches!(day, Day::Range(..)) && mode == Mode::Letter);
            (if term || (told && day == Day::One(None, Some(today))) || foreign(sentence, i, i + used) { None } else { Some(Item::Day(day)) }, used)
        } else if let Some((span, used)) = time(rest) {
            let previous = word(i.checked_sub(1).and_then(|p| sentence.get(p)));
            // «доброе утро» is a greeting, «я в 8» a class.
            let greeting =
                previous.starts_with("добр") || (previous == "я" && span.after.is_some() && word(rest.first()) == "в") || previous.starts_with("учит");
            (if greeting || foreign(sentence, i, i + used) { None } else { Some(Item::Time(span)) }, used)
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
                    "никак" | "нельзя" | "неудобно" | "занята" | "занят" | "исключено" => (Some(Item::Cannot), 1),
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
    [
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
        "успе",
        "приду",
        "придем",
        "буду",
        "будем",
        "звон",
        "выйдет",
        "прихожу",
    ]
    .iter()
    .any(|s| w.starts_with(s))
}

/// Items to windows: days and times that stand together belong together, «или» begins an alternative.
fn assemble(items: &[Item], today: NaiveDate) -> Vec<Window> {
    let (mut out, mut nots): (Vec<Window>, Vec<Window>) = (Vec::new(), Vec::new());
    let (mut group, mut except) = (Group::default(), false);
    let week = items.iter().find_map(|i| if let Item::Day(Day::Week(from, to)) = i { Some((*from, *to)) } else { None });
    let flush = |group: &mut Group, out: &mut Vec<Window>| {
        let g = std::mem::take(group);
        out.extend(windows_of(&g.days, g.time, today, week));
    };
    let (mut bare, mut cannot) = (false, false);
    for item in items {
        match item {
            Item::Day(d) if except => {
                nots.extend(forbid(d, !cannot, today, week));
                bare = false;
            }
            Item::Day(d) => {
                // A new day after a complete "days, time" begins the next alternative; a time that came first waits for its days.
                if group.time.is_some() && (group.or || (!group.days.is_empty() && !group.time_first && !matches!(d, Day::Week(..)))) {
                    flush(&mut group, &mut out);
                }
                group.or = false;
                // «на следующей неделе, в любой день»: nothing new.
                if matches!(d, Day::Any) && !group.days.is_empty() {
                    continue;
                }
                // «в выходные и в будни после девяти»: the hour is of the working days only.
                if matches!((d, group.days.last()), (Day::Each(a), Some(Day::Each(b))) if a.len() == 5 && b.len() == 2) {
                    flush(&mut group, &mut out);
                }
                group.days.push(d.clone());
            }
            Item::Time(t) if except && bare => {
                nots.push(Window { after: t.after, before: t.before, not: true, ..Window::default() });
                except = false;
            }
            Item::Others => {
                let g = std::mem::take(&mut group);
                let lists: Vec<_> = g.days.iter().filter_map(|d| if let Day::Each(list) = d { Some(list.clone()) } else { None }).collect();
                nots.extend(g.days.iter().filter(|d| !matches!(d, Day::Each(_))).flat_map(|d| forbid(d, true, today, week)));
                if !lists.is_empty() {
                    nots.push(Window { weekday: lists.concat(), not: true, ..Window::default() });
                }
            }
            Item::Time(t) => {
                except = false;
                if group.time_first && !group.days.is_empty() {
                    flush(&mut group, &mut out);
                }
                group.time_first = group.time_first || (group.time.is_none() && group.days.is_empty());
                group.time = match group.time {
                    None => Some(*t),
                    Some(have) if group.or => {
                        // «утром или вечером»: the same days, another time.
                        let days = group.days.clone();
                        group.time = Some(have);
                        flush(&mut group, &mut out);
                        group.days = days;
                        Some(*t)
                    }
                    Some(have) if have.part || t.part => Some(refine(have, *t)),
                    Some(have) if have.before.is_none() && t.after.is_none() => Some(Span { before: t.before, ..have }),
                    Some(have) => {
                        let days = group.days.clone();
                        group.time = Some(have);
                        flush(&mut group, &mut out);
                        group.days = days;
                        Some(*t)
                    }
                };
                group.or = false;
            }
            Item::Or => group.or = true,
            Item::Except => (except, bare) = (true, true),
            Item::Cannot => {
                if group.days.is_empty() {
                    (except, bare, cannot) = (true, false, true);
                } else {
                    let g = std::mem::take(&mut group);
                    nots.extend(g.days.iter().flat_map(|d| forbid(d, false, today, week)));
                    except = false;
                }
            }
            Item::Clause => {
                except = false;
                flush(&mut group, &mut out);
            }
        }
    }
    flush(&mut group, &mut out);
    out.extend(nots);
    out
}

fn windows_of(days: &[Day], time: Option<Span>, today: NaiveDate, week: Option<(NaiveDate, NaiveDate)>) -> Vec<Window> {
    let base = Window { after: time.and_then(|t| t.after), before: time.and_then(|t| t.before), ..Window::default() };
    let mut out: Vec<Window> = Vec::new();
    for d in days {
        match d {
            Day::Any => out.push(base.clone()),
            Day::Each(list) => match out.iter_mut().find(|w| !w.weekday.is_empty()) {
                Some(w) => w.weekday.extend(list.iter().filter(|d| !base.weekday.contains(d))),
                None => out.push(Window { weekday: list.clone(), ..base.clone() }),
            },
            Day::One(..) => out.extend(dates_of(d, today, week).into_iter().map(|date| Window { date: Some(date), ..base.clone() })),
            Day::Range(from, to) => out.push(Window { from: Some(*from), to: *to, ..base.clone() }),
            // «во вторник на следующей неделе»: the week is in the date already.
            Day::Week(from, to) => {
                if !days.iter().any(|d| matches!(d, Day::One(..))) {
                    out.push(Window { from: Some(*from), to: Some(*to), ..base.clone() });
                }
            }
        }
    }
    if days.is_empty() && time.is_some() {
        out.push(base);
    }
    out.retain(|w| *w != Window::default());
    out
}

fn forbid(day: &Day, every: bool, today: NaiveDate, week: Option<(NaiveDate, NaiveDate)>) -> Vec<Window> {
    match day {
        Day::Any => Vec::new(),
        Day::Each(list) => vec![Window { weekday: list.clone(), not: true, ..Window::default() }],
        Day::One(weekday, None) if every && week.is_none() && weekday.is_some_and(|w| w.general) => {
            weekday.map(|w| Window { weekday: vec![w.day], not: true, ..Window::default() }).into_iter().collect()
        }
        Day::One(..) => dates_of(day, today, week).into_iter().map(|date| Window { date: Some(date), not: true, ..Window::default() }).collect(),
        Day::Range(from, to) => vec![Window { from: Some(*from), to: *to, not: true, ..Window::default() }],
        Day::Week(from, to) => vec![Window { from: Some(*from), to: Some(*to), not: true, ..Window::default() }],
    }
}
