//! Why this slot, in Russian, for staff who ask `show` and `explain`.

use super::choice::{Candidate, Passed, Slot, Wanted, best};
use super::fairness::Levelled;
use super::grid::Grid;
use super::words::{channel_in_words, window_in_words};
use super::{Busy, LONGEST_MINUTES, Specialist};
use crate::understand::{Channel, Window};
use crate::worktime::{DayKind, Worktime, day_month};
use chrono::NaiveTime;

/// Wishes that are quoted in one sentence.
const QUOTED: usize = 4;

/// The windows as the sentence names them: «по вторникам после 17:00; в среду, 25 ноября».
fn quoted(windows: &[&Window]) -> String {
    let mut words: Vec<String> = windows.iter().take(QUOTED).map(|w| window_in_words(w)).collect();
    if windows.len() > QUOTED {
        words.push("и другие".to_owned());
    }
    words.join("; ")
}

fn split(wishes: &[Window]) -> (Vec<&Window>, Vec<&Window>) {
    wishes.iter().partition(|w| !w.not)
}

/// The question, as far as reasons speak of it.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) specialists: &'a [&'a Specialist],
    pub(super) worktime: &'a Worktime,
    pub(super) grid: &'a Grid,
    pub(super) wanted: &'a Wanted<'a>,
}

impl Asked<'_> {
    /// Reasons of a chosen slot.
    pub(super) fn of(self, chosen: &Candidate, levelled: Levelled, specialist: &Specialist, slot: &Slot) -> Vec<String> {
        let wanted = self.wanted;
        let mut reasons = self.time(chosen, slot);
        if !wanted.near.is_empty() {
            reasons.push(match chosen.start.near {
                true => "рядом с другой консультацией этой семьи, чтобы не приходить дважды".to_owned(),
                false => "рядом с другой консультацией этой семьи свободного времени нет".to_owned(),
            });
        }
        if let Some(wish) = wanted.channel {
            reasons.push(match chosen.channel_met {
                true => format!("способ связи по просьбе автора: {}", channel_in_words(&slot.channel)),
                false => format!(
                    "способ связи, о котором просил автор ({}), в это время не предусмотрен: выбрано {}",
                    wished_channel(wish),
                    channel_in_words(&slot.channel)
                ),
            });
        }
        if let (Some(subject), Some(true)) = (wanted.subject, specialist.teaches(wanted.subject)) {
            reasons.push(format!("ведёт предмет: {}", shortened(subject)));
        }
        if !wanted.declined.is_empty() {
            reasons.push("время, от которого отказались, больше не предлагается".to_owned());
        }
        match wanted.familiar() {
            Some(id) if id == slot.specialist => reasons.push("тот же специалист, что и раньше".to_owned()),
            Some(_) => reasons.push("у прежнего специалиста подходящего времени нет".to_owned()),
            None => {}
        }
        reasons.extend(match levelled {
            Levelled::No => None,
            Levelled::Fewer => Some("из свободных в это время выбран специалист, у которого меньше консультаций".to_owned()),
            Levelled::FewerForHours => Some("из свободных в это время выбран специалист, на чей час приёма приходится меньше консультаций".to_owned()),
            Levelled::Longer => Some("из свободных в это время выбран специалист, который дольше других не вёл консультаций".to_owned()),
        });
        if wanted.minutes > LONGEST_MINUTES {
            reasons.push(format!("консультация длится не дольше {LONGEST_MINUTES} минут"));
        }
        reasons
    }

    /// Why this time.
    fn time(self, chosen: &Candidate, slot: &Slot) -> Vec<String> {
        let wanted = self.wanted;
        let mut reasons = Vec::new();
        let (wishes, nots) = split(wanted.wishes);
        let met: Vec<&Window> = wishes.iter().copied().filter(|w| contains(w, self.worktime, slot)).collect();
        if wanted.urgent {
            reasons.push("обращение срочное: выбрано самое раннее свободное время".to_owned());
            if !wishes.is_empty() && !chosen.start.wished {
                reasons.push(format!("пожелание автора уступило срочности: {}", quoted(&wishes)));
            }
        } else if wishes.is_empty() {
            reasons.push("выбрано ближайшее свободное время".to_owned());
        } else if chosen.start.wished {
            reasons.push(format!("выбрано ближайшее время из пожеланий автора: {}", quoted(if met.is_empty() { &wishes } else { &met })));
        } else {
            reasons.push(format!("пожелание автора выполнить нельзя: {} — {}", quoted(&wishes), self.why_not(&wishes)));
            reasons.push("выбрано ближайшее свободное время".to_owned());
        }
        if !nots.is_empty() {
            reasons.push(format!("учтено, когда автору неудобно: {}", quoted(&nots)));
        }
        reasons
    }

    /// Why none of the wishes could be met.
    fn why_not(self, wishes: &[&Window]) -> String {
        let wanted = self.wanted;
        // A single day that is no working day says so itself.
        if let [Window { date: Some(date), .. }] = wishes
            && !self.worktime.is_workday(*date)
        {
            return match self.worktime.day(*date) {
                DayKind::Holiday(name) => name,
                DayKind::Weekend | DayKind::Work { .. } => "выходной день".to_owned(),
            };
        }
        if !wishes.iter().any(|w| self.grid.touches(w)) {
            let (from, to) = (self.worktime.local_date(wanted.earliest), self.worktime.local_date(wanted.latest));
            return format!("среди рабочих дней с {} по {} таких нет", day_month(from), day_month(to));
        }
        let open = Wanted { declined: &[], urgent: false, channel: None, prefer: None, ..wanted.clone() };
        match best(self.specialists, self.worktime, self.grid, &[], &open, Passed::default()) {
            Some((candidate, _)) if candidate.start.wished => "это время занято".to_owned(),
            _ => "в это время консультаций нет".to_owned(),
        }
    }
}

/// A proposal in two short lines at most: what speaks for it, and what against it.
pub(super) fn brief(chosen: &Candidate, worktime: &Worktime, wanted: &Wanted<'_>, specialist: &Specialist, slot: &Slot) -> Vec<String> {
    let (wishes, nots) = split(wanted.wishes);
    let met: Vec<&Window> = wishes.iter().copied().filter(|w| contains(w, worktime, slot)).collect();
    let familiar = wanted.familiar();
    let mut good = Vec::new();
    let mut bad = Vec::new();
    if chosen.start.forbidden {
        let hit: Vec<&Window> = nots.iter().copied().filter(|w| concerns(w, worktime, slot)).collect();
        bad.push(format!("автору неудобно: {}", quoted(if hit.is_empty() { &nots } else { &hit })));
    }
    match (wishes.is_empty(), chosen.start.wished) {
        (true, _) => {}
        (_, true) => good.push(format!("по пожеланию автора: {}", quoted(if met.is_empty() { &wishes } else { &met }))),
        (_, false) => bad.push("не в то время, о котором просил автор".to_owned()),
    }
    if chosen.start.near {
        good.push("рядом с другой консультацией этой семьи".to_owned());
    }
    match (wanted.channel, chosen.channel_met) {
        (Some(_), true) => good.push(channel_in_words(&slot.channel)),
        (Some(wish), false) => bad.push(format!("{}, а автор просил {}", channel_in_words(&slot.channel), wished_channel(wish))),
        (None, _) => {}
    }
    if familiar.is_some_and(|id| id == slot.specialist) {
        good.push("тот же специалист, что и раньше".to_owned());
    } else if familiar.is_some() {
        bad.push("другой специалист, чем раньше".to_owned());
    }
    if wanted.subject.is_some() && specialist.teaches(wanted.subject).is_none() {
        bad.push("предмет у специалиста не указан".to_owned());
    }
    if good.is_empty() && bad.is_empty() {
        good.push("свободное время без возражений".to_owned());
    }
    [("за", good), ("против", bad)].into_iter().filter(|(_, w)| !w.is_empty()).map(|(side, w)| format!("{side}: {}", w.join("; "))).collect()
}

/// Reasons when there is no slot at all: the first of the causes that explains it.
pub(super) fn nothing(specialists: &[&Specialist], worktime: &Worktime, grid: &Grid, busy: &[Busy], wanted: &Wanted<'_>) -> Vec<String> {
    let until = day_month(worktime.local_date(wanted.latest));
    let would =
        |busy: &[Busy], wanted: &Wanted<'_>, excluded_too| best(specialists, worktime, grid, busy, wanted, Passed { excluded_too, others: &[] }).is_some();
    let relaxed = Wanted { declined: &[], near: &[], ..wanted.clone() };
    let serving = |s: &&&Specialist| s.serves_class(wanted.class);
    let cause = if specialists.is_empty() {
        "нет специалиста, которому можно назначить консультацию".to_owned()
    } else if specialists.iter().all(|s| s.windows.is_empty() && s.exceptions.is_empty()) {
        "у специалистов не заданы окна консультаций".to_owned()
    } else if let (None, Some(class)) = (specialists.iter().find(serving), wanted.class) {
        format!("никто из специалистов не принимает {} класс", shortened(class))
    } else if let (true, Some(subject)) = (specialists.iter().filter(serving).all(|s| s.teaches(wanted.subject) == Some(false)), wanted.subject) {
        format!("никто из специалистов не ведёт предмет: {}", shortened(subject))
    } else if would(busy, wanted, true) {
        format!("по {until} свободно только время, которое автору неудобно: {}", quoted(&split(wanted.wishes).1))
    } else if would(&uncounted(busy), wanted, true) {
        format!("по {until} у специалистов уже столько консультаций, сколько они проводят за день или за неделю")
    } else if !wanted.urgent && would(busy, &Wanted { urgent: true, ..wanted.clone() }, true) {
        format!("по {until} остались только окна для срочных обращений")
    } else if would(&[], &relaxed, true) {
        format!("по {until} всё время занято или от него отказались")
    } else {
        format!("по {until} приёма нет: выходные, отсутствие специалиста или окна в другие дни")
    };
    vec![cause]
}

fn wished_channel(wish: Channel) -> String {
    match wish {
        Channel::Phone => channel_in_words("phone"),
        Channel::Video => channel_in_words("video"),
        Channel::Messenger => channel_in_words("messenger"),
        Channel::Email => channel_in_words("email"),
        Channel::InPerson => channel_in_words("in_person"),
    }
}

/// Whether the window speaks of some part of the slot.
fn concerns(window: &Window, worktime: &Worktime, slot: &Slot) -> bool {
    let (start, end) = (worktime.to_local(slot.start), worktime.to_local(slot.end));
    let whole = Window { after: None, before: None, ..window.clone() };
    contains(&whole, worktime, slot) && window.after.is_none_or(|t| t < end.time()) && window.before.is_none_or(|t| t == NaiveTime::MIN || start.time() < t)
}

/// The same time taken, as if none of it were a consultation.
fn uncounted(busy: &[Busy]) -> Vec<Busy> {
    busy.iter().map(|b| Busy { counts: false, ..b.clone() }).collect()
}

/// Words from outside, short enough for a sentence.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Whether the window holds the whole slot.
pub(super) fn contains(window: &Window, worktime: &Worktime, slot: &Slot) -> bool {
    use chrono::Datelike;
    let (start, end) = (worktime.to_local(slot.start), worktime.to_local(slot.end));
    let date = start.date();
    (window.weekday.is_empty() || window.weekday.contains(&date.weekday()))
        && window.date.is_none_or(|d| d == date)
        && window.from.is_none_or(|d| d <= date)
        && window.to.is_none_or(|d| date <= d)
        && window.after.is_none_or(|t| t <= start.time())
        && window.before.is_none_or(|t| t == NaiveTime::MIN || end.time() <= t)
}
