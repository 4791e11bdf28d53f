//! Days and hours that stand together become windows: «или» begins an alternative, «кроме» and «не смогу» forbid.
//!
//! Not here: how the words are read (`days`, `hours`), which of them are wishes (`suits`).

use super::Window;
use super::days::{Day, WEEK, dates_of, monday};
use super::hours::{Span, refine};
use chrono::{Duration, NaiveDate};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    Day(Day),
    Time(Span),
    Or,
    /// «кроме», «только не»: what follows is forbidden.
    Except,
    /// «не смогу»: the days of this clause are forbidden.
    Cannot,
    Clause,
    /// What follows suits again.
    Can,
    /// «суббота вся»: the day takes no hours of what follows.
    Whole,
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

/// Items to windows: days and times that stand together belong together, «или» begins an alternative.
pub(super) fn assemble(items: &[Item], today: NaiveDate) -> Vec<Window> {
    let (mut out, mut nots): (Vec<Window>, Vec<Window>) = (Vec::new(), Vec::new());
    let (mut group, mut except) = (Group::default(), false);
    let week = items.iter().find_map(|i| if let Item::Day(Day::Week(from, to)) = i { Some((*from, *to)) } else { None });
    let flush = |group: &mut Group, out: &mut Vec<Window>| {
        let g = std::mem::take(group);
        let own = g.days.iter().find_map(|d| if let Day::Week(from, to) = d { Some((*from, *to)) } else { None });
        out.extend(windows_of(&g.days, g.time, today, own.or(week)));
    };
    // How many forbidden days the run of «не смогу» has: a part of the day belongs to the last of them.
    let mut run = 0;
    let (mut bare, mut cannot) = (false, false);
    for (i, item) in items.iter().enumerate() {
        match item {
            Item::Day(d) if except => {
                nots.extend(forbid(d, !cannot || nots.last().is_some_and(|n| timed(n) && !dayed(n)), today, week));
                (bare, run) = (false, run + 1);
            }
            Item::Day(d) => {
                // A new day after a complete "days, time" begins the next alternative; a time that came first waits for its days.
                let waits = group.time_first && !group.days.is_empty();
                let complete = !group.days.is_empty() && !group.time_first && !matches!(d, Day::Week(..));
                // «не раньше половины седьмого, по пятницам с четырёх»: the first hour is of the other days.
                let ahead = items.get(i + 1..).unwrap_or_default().iter().find(|i| !matches!(i, Item::Day(_)));
                let own = group.days.is_empty()
                    && matches!((group.time, ahead), (Some(have), Some(Item::Time(t))) if !have.part && !t.part && have.after.is_some() && t.after.is_some());
                if own {
                    flush(&mut group, &mut out);
                }
                if group.time.is_some() && (complete || (group.or && !waits)) {
                    flush(&mut group, &mut out);
                }
                // «среда и пятница на этой неделе и все дни на следующей»: another week, the same hour said before.
                if matches!(d, Day::Any | Day::Week(..)) && group.days.len() > 1 && group.days.iter().any(|d| matches!(d, Day::Week(..))) {
                    let time = group.time.filter(|_| group.time_first);
                    flush(&mut group, &mut out);
                    group = Group { time, time_first: time.is_some(), ..Group::default() };
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
            // «не подходит утро до десяти», «не могу в среду утром»
            Item::Time(t) if except && cannot && (t.part || run == 0 || nots.last().is_some_and(timed)) => {
                match nots.last_mut().filter(|w| run > 0 && !(timed(w) && dayed(w))) {
                    Some(w) => {
                        // «утро до десяти»: all before ten.
                        w.after = if t.after.is_none() && t.before.is_some() { None } else { t.after.or(w.after) };
                        w.before = t.before.or(w.before);
                    }
                    None => nots.push(Window { after: t.after, before: t.before, not: true, ..Window::default() }),
                }
                run += 1;
            }
            Item::Can => (except, cannot) = (false, false),
            Item::Whole => flush(&mut group, &mut out),
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
                let g = std::mem::take(&mut group);
                match (g.days.is_empty(), g.time) {
                    (true, None) => (except, bare, cannot, run) = (true, false, true, 0),
                    // «днём звонить не надо», «в 15 не успеваю»
                    (true, Some(t)) => nots.push(Window { after: t.after, before: t.before, not: true, ..Window::default() }),
                    (false, time) => {
                        // «в четверг утром не могу» leaves the rest of Thursday; «в четверг в 15:00 не смогу» refuses the day.
                        let part = time.filter(|t| t.part);
                        nots.extend(g.days.iter().flat_map(|d| forbid(d, false, today, week)).map(|w| Window {
                            after: part.and_then(|t| t.after),
                            before: part.and_then(|t| t.before),
                            ..w
                        }));
                        except = false;
                    }
                }
            }
            Item::Clause => {
                except = false;
                flush(&mut group, &mut out);
            }
        }
    }
    flush(&mut group, &mut out);
    // «во вторник и четверг, кроме этого четверга»: the forbidden date is no longer offered.
    out.retain(|w| w.date.is_none() || !nots.iter().any(|n| n.date == w.date && n.after.is_none() && n.before.is_none()));
    // «на этой неделе никак, на следующей во вторник»: the week forbidden says nothing of the days wished.
    let apart = |n: &Window, w: &Window| match (n.from, n.to, w.date.or(w.from), w.date.or(w.to)) {
        (Some(from), Some(to), Some(first), Some(last)) => last < from || first > to,
        _ => false,
    };
    nots.retain(|n| n.date.is_some() || out.is_empty() || !out.iter().all(|w| apart(n, w)));
    // «по средам и пятницам не могу», «кроме вторника и пятницы»: one window of weekdays.
    let lists: Vec<_> = nots.iter().filter(|n| whole_weekdays(n)).flat_map(|n| n.weekday.clone()).collect();
    if let Some(first) = nots.iter_mut().find(|n| whole_weekdays(n)) {
        first.weekday = lists.iter().enumerate().filter(|(i, d)| !lists.iter().take(*i).any(|e| e == *d)).map(|(_, d)| *d).collect();
        let mut seen = false;
        nots.retain(|n| !whole_weekdays(n) || !std::mem::replace(&mut seen, true));
    }
    out.extend(nots);
    out
}

/// Whether a window names hours.
fn timed(w: &Window) -> bool {
    w.after.is_some() || w.before.is_some()
}

/// Whether a window names a day.
fn dayed(w: &Window) -> bool {
    w.date.is_some() || w.from.is_some() || w.to.is_some() || !w.weekday.is_empty()
}

/// Whether a window is weekdays and nothing else.
fn whole_weekdays(w: &Window) -> bool {
    *w == Window { weekday: w.weekday.clone(), not: w.not, ..Window::default() } && !w.weekday.is_empty()
}

fn windows_of(days: &[Day], time: Option<Span>, today: NaiveDate, week: Option<(NaiveDate, NaiveDate)>) -> Vec<Window> {
    let base = Window { after: time.and_then(|t| t.after), before: time.and_then(|t| t.before), ..Window::default() };
    let mut out: Vec<Window> = Vec::new();
    let within = week.filter(|_| days.iter().any(|d| matches!(d, Day::Week(..))));
    for d in days {
        match (d, within) {
            // «в любой день со вторника по четверг»: the narrower says it.
            (Day::Any, _) if days.len() > 1 => {}
            (Day::Any, _) => out.push(base.clone()),
            // «со вторника по четверг на следующей неделе»: the days of that week; all working days, or both days off, are one stretch.
            (Day::Each(list), Some((from, to))) => {
                let date = |day: &chrono::Weekday| monday(from) + Duration::days(i64::from(day.num_days_from_monday()));
                let dates: Vec<NaiveDate> = list.iter().map(date).filter(|d| *d >= from && *d <= to).collect();
                match dates.as_slice() {
                    [first, .., last] if list.len() == 5 || **list == WEEK[5..] => {
                        out.push(Window { from: Some(*first), to: Some(*last), ..base.clone() });
                    }
                    _ => out.extend(dates.into_iter().map(|d| Window { date: Some(d), ..base.clone() })),
                }
            }
            (d, _) => match d {
                Day::Any => {}
                Day::Each(list) => match out.iter_mut().find(|w| !w.weekday.is_empty()) {
                    Some(w) => w.weekday.extend(list.iter().filter(|d| !base.weekday.contains(d))),
                    None => out.push(Window { weekday: list.clone(), ..base.clone() }),
                },
                Day::One(..) => out.extend(dates_of(d, today, week).into_iter().map(|date| Window { date: Some(date), ..base.clone() })),
                Day::Range(from, to) => out.push(Window { from: *from, to: *to, ..base.clone() }),
                Day::Dates(dates) => out.extend(dates.iter().map(|d| Window { date: Some(*d), ..base.clone() })),
                // «во вторник на следующей неделе»: the week is in the date already.
                Day::Week(from, to) => {
                    if !days.iter().any(|d| matches!(d, Day::One(..) | Day::Each(_))) {
                        out.push(Window { from: Some(*from), to: Some(*to), ..base.clone() });
                    }
                }
            },
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
        // «до пятницы не могу»: on Friday I can.
        Day::Range(None, Some(to)) => vec![Window { to: to.pred_opt(), not: true, ..Window::default() }],
        Day::Range(from, to) => vec![Window { from: *from, to: *to, not: true, ..Window::default() }],
        Day::Dates(dates) => dates.iter().map(|d| Window { date: Some(*d), not: true, ..Window::default() }).collect(),
        Day::Week(from, to) => vec![Window { from: Some(*from), to: Some(*to), not: true, ..Window::default() }],
    }
}
