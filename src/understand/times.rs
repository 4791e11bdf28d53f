//! When it suits: windows of time out of Russian sentences, relative to the day of the letter (conventions: docs/labels.md).
//!
//! Not here: which slot is taken (`slots`). Two readings give the later, safer one; the letter that goes out names weekday, date and time.

use super::Window;
use super::days::{Day, dates_of, day};
use super::lexer::{Piece, hour_of, pieces};
use chrono::{Duration, NaiveDate, NaiveTime, Timelike};

/// The longest consultation (000 4.3.1): a clock time stands for that window.
const LONGEST: i64 = 40;

/// How much of a text is about meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A letter: only sentences that speak of calling, meeting, coming.
    Letter,
    /// An answer to ours, or a form's phone field: any time counts.
    Answer,
}

/// A span within a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Span {
    after: Option<NaiveTime>,
    before: Option<NaiveTime>,
    /// Part of the day («утром»): gives way to hours beside it.
    part: bool,
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

fn hm(h: u32, m: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(h.min(23), m, 0)
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

fn word(piece: Option<&Piece>) -> &str {
    match piece {
        Some(Piece::Word(w)) => w,
        _ => "",
    }
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

/// Hours within a part of the day: «утром до 11», «вечером после 19», «вечером с 7 до 8».
fn refine(a: Span, b: Span) -> Span {
    let (part, hours) = if a.part { (a, b) } else { (b, a) };
    if part.part && hours.part {
        return Span { after: hours.after.or(part.after), before: hours.before.or(part.before), part: true };
    }
    let evening = part.after.is_some_and(|t| t.hour() >= 13);
    let morning = part.before.is_some_and(|t| t.hour() <= 12);
    let fit = |t: NaiveTime| match t.hour() {
        h if evening && h < 12 => hm(h + 12, t.minute()).unwrap_or(t),
        h if morning && h > 16 => hm(h - 12, t.minute()).unwrap_or(t),
        _ => t,
    };
    let (after, before) = (hours.after.map(fit), hours.before.map(fit));
    Span {
        after: after.or(part.after.filter(|p| before.is_none_or(|b| *p < b))),
        before: before.or(part.before.filter(|p| after.is_none_or(|a| a < *p))),
        part: false,
    }
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

/// A time of day at the head of the pieces, and how many it took.
fn time(rest: &[Piece]) -> Option<(Span, usize)> {
    let first = word(rest.first());
    let second = word(rest.get(1));
    let part = |after: Option<u32>, before: Option<u32>, used: usize| {
        Some((Span { after: after.and_then(|h| hm(h, 0)), before: before.and_then(|h| hm(h, 0)), part: true }, used))
    };
    match first {
        "утром" | "утро" | "утречком" => return part(Some(8), Some(12), 1),
        "с" if second == "утра" => return part(Some(8), Some(12), 2),
        "вечером" | "вечерком" => return part(Some(17), None, 1),
        "вечер" | "вечера" if first == "вечер" => return part(Some(17), None, 1),
        "до" if second == "обеда" || second == "полудня" => return part(Some(8), Some(12), 2),
        "после" if second == "обеда" || second == "полудня" => return part(Some(13), None, 2),
        "в" if second == "обед" || second == "обеденный" => return part(Some(12), Some(14), 2),
        "первой" | "первую" | "первая" | "1" if second.starts_with("половин") => return part(Some(8), Some(12), 2),
        "второй" | "вторую" | "вторая" if second.starts_with("половин") => return part(Some(13), Some(18), 2),
        "по" if second == "вечерам" => return part(Some(17), None, 2),
        "по" if second == "утрам" => return part(Some(8), Some(12), 2),
        _ => {}
    }
    if let Some(Piece::Number { value, .. }) = rest.first() {
        if second.starts_with("половин") {
            return if *value == 1 { part(Some(8), Some(12), 2) } else { part(Some(13), Some(18), 2) };
        }
    }
    // «18-20», «16:00-17:30», «с 18 до 20», «между 12 и 14»
    let exact = |after: Option<NaiveTime>, before: Option<NaiveTime>, used: usize| Some((Span { after, before, part: false }, used));
    if let Some(Piece::Hours(a, b)) = rest.first() {
        return exact(hm(*a, 0), hm(*b, 0), 1);
    }
    let (lead, kind) = match first {
        "с" | "со" | "от" | "между" => (1, 'r'),
        "после" | "позже" | "позднее" => (1, 'a'),
        "до" => (1, 'b'),
        "не" if matches!(second, "раньше" | "ранее") => (2, 'a'),
        "не" if matches!(second, "позже" | "позднее") => (2, 'b'),
        "в" | "к" | "около" | "примерно" | "ровно" | "часов" if !matches!(second, "около" | "районе") => {
            (if first == "часов" && second == "в" { 2 } else { 1 }, 'e')
        }
        "в" => (2, 'e'),
        _ => (0, if matches!(rest.first(), Some(Piece::Clock(_))) { 'e' } else { ' ' }),
    };
    if kind == ' ' {
        return None;
    }
    let (from, mut used) = hour(rest.get(lead..).unwrap_or_default())?;
    used += lead;
    let joiner = matches!(rest.get(used), Some(Piece::Dash)) || matches!(word(rest.get(used)), "до" | "и" | "по");
    if (kind == 'r' || (kind == 'e' && matches!(rest.get(used), Some(Piece::Dash)))) && joiner {
        if let Some((to, more)) = hour(rest.get(used + 1..).unwrap_or_default()) {
            let (mut a, mut b) = (from, to);
            // «с 7 до 8 вечера»: the later hour tells the half of the day.
            if b.1 == Half::Evening && a.1 == Half::Open && a.0.hour() < 12 && a.0.hour() + 12 <= b.0.hour() {
                a.0 = hm(a.0.hour() + 12, a.0.minute())?;
            } else if a.1 == Half::Open && !(b.1 == Half::Said && b.0.hour() < 12) && a.0.hour() < 8 && a.0.hour() > 0 {
                a.0 = hm(a.0.hour() + 12, a.0.minute())?;
            }
            if b.0 <= a.0 && b.0.hour() < 12 {
                b.0 = hm(b.0.hour() + 12, b.0.minute())?;
            }
            if a.0 >= b.0 && a.0.hour() >= 12 {
                a.0 = hm(a.0.hour() - 12, a.0.minute())?;
            }
            return (a.0 < b.0).then(|| exact(Some(a.0), Some(b.0), used + 1 + more)).flatten();
        }
    }
    let afternoon =
        |t: (NaiveTime, Half)| if t.1 == Half::Open && (1..8).contains(&t.0.hour()) { hm(t.0.hour() + 12, t.0.minute()).unwrap_or(t.0) } else { t.0 };
    match kind {
        'a' | 'r' => exact(Some(afternoon(from)), None, used),
        'b' => {
            let until = afternoon(from);
            exact(None, Some(until), used)
        }
        _ => {
            let at = afternoon(from);
            let end = at.overflowing_add_signed(Duration::minutes(LONGEST));
            (end.1 == 0).then(|| exact(Some(at), Some(end.0), used)).flatten()
        }
    }
}

/// Whether the half of the day was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Open,
    Said,
    Evening,
}

/// An hour at the head of the pieces: «15:30», «16 часов», «шести вечера», «полтретьего», «половине четвертого».
fn hour(rest: &[Piece]) -> Option<((NaiveTime, Half), usize)> {
    const ORDINALS: [&str; 12] = ["перв", "втор", "треть", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат", "двенадцат"];
    let ordinal = |w: &str| ORDINALS.iter().position(|o| w.starts_with(o)).map(|n| n as u32);
    let first = word(rest.first());
    if let Some(n) = first.strip_prefix("пол").and_then(ordinal) {
        return Some(((hm(n, 30)?, Half::Open), 1));
    }
    if first.starts_with("половин") {
        let n = ordinal(word(rest.get(1)))?;
        return Some(((hm(n, 30)?, Half::Open), 2));
    }
    let (mut h, m, mut used, written) = match rest.first()? {
        Piece::Clock(t) => (t.hour(), t.minute(), 1, true),
        Piece::Number { value, ordinal: false } if *value <= 23 => (*value, 0, 1, false),
        Piece::Word(w) => (hour_of(w)?, 0, 1, false),
        _ => return None,
    };
    let mut half = if written && h > 7 || h > 12 { Half::Said } else { Half::Open };
    if word(rest.get(used)).starts_with("час") || word(rest.get(used)) == "ч" {
        used += 1;
    }
    // «в 9 «Б»» is a class.
    if word(rest.get(used)).chars().count() == 1 && !matches!(word(rest.get(used)), "и" | "а" | "в" | "с" | "я" | "о" | "у" | "к") {
        return None;
    }
    match word(rest.get(used)) {
        "утра" => (half, used) = (Half::Said, used + 1),
        "дня" | "пополудни" => {
            h = if h < 9 { h + 12 } else { h };
            (half, used) = (Half::Said, used + 1);
        }
        "вечера" => {
            h = if h < 12 { h + 12 } else { h };
            (half, used) = (Half::Evening, used + 1);
        }
        // «после 5 класса», «до 10 лет», «в 3 раза», «с 12 октября» are no hours.
        w if [
            "класс",
            "лет",
            "раз",
            "минут",
            "год",
            "урок",
            "человек",
            "руб",
            "дн",
            "недел",
            "месяц",
            "числ",
            "тысяч",
            "кабинет",
            "четверт",
            "дет",
            "сут",
            "смен",
            "предмет",
            "балл",
            "номер",
            "параграф",
            "шт",
            "страниц",
            "сын",
            "доч",
        ]
        .iter()
        .any(|s| w.starts_with(s))
            || super::days::month(w).is_some() =>
        {
            return None;
        }
        _ => {}
    }
    Some(((hm(h, m)?, half), used))
}
