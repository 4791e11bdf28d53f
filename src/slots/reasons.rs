//! Why this slot, in Russian, for staff who ask `show` and `explain`.

use super::choice::{Candidate, Slot, Wanted, best};
use super::grid::Grid;
use super::words::{channel_in_words, window_in_words};
use super::{LONGEST_MINUTES, Specialist};
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

/// Reasons of a chosen slot.
pub(super) fn of(
    specialists: &[&Specialist],
    worktime: &Worktime,
    grid: &Grid,
    wanted: &Wanted<'_>,
    chosen: &Candidate,
    levelled: bool,
    slot: &Slot,
) -> Vec<String> {
    let mut reasons = Vec::new();
    let (wishes, nots) = split(wanted.wishes);
    let met: Vec<&Window> = wishes.iter().copied().filter(|w| contains(w, worktime, slot)).collect();
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
        reasons.push(format!("пожелание автора выполнить нельзя: {} — {}", quoted(&wishes), why_not(specialists, worktime, grid, wanted, &wishes)));
        reasons.push("выбрано ближайшее свободное время".to_owned());
    }
    if chosen.start.forbidden {
        reasons.push(format!("автор просил не назначать {}, но другого свободного времени нет", quoted(&nots)));
    } else if !nots.is_empty() {
        reasons.push(format!("учтено, когда автору неудобно: {}", quoted(&nots)));
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
    if !wanted.declined.is_empty() {
        reasons.push("время, от которого отказались, больше не предлагается".to_owned());
    }
    match wanted.familiar() {
        Some(id) if id == slot.specialist => reasons.push("тот же специалист, что и раньше".to_owned()),
        Some(_) => reasons.push("у прежнего специалиста подходящего времени нет".to_owned()),
        None => {}
    }
    if levelled {
        reasons.push("из свободных в это время выбран специалист, у которого меньше консультаций".to_owned());
    }
    if wanted.minutes > LONGEST_MINUTES {
        reasons.push(format!("консультация длится не дольше {LONGEST_MINUTES} минут"));
    }
    reasons
}

/// Reasons when there is no slot at all.
pub(super) fn nothing(specialists: &[&Specialist], worktime: &Worktime, grid: &Grid, wanted: &Wanted<'_>) -> Vec<String> {
    let until = day_month(worktime.local_date(wanted.latest));
    let cause = if specialists.is_empty() {
        "нет специалиста, которому можно назначить консультацию".to_owned()
    } else if specialists.iter().all(|s| s.windows.is_empty()) {
        "у специалистов не заданы окна консультаций".to_owned()
    } else if best(specialists, grid, &[], &Wanted { declined: &[], ..wanted.clone() }).is_some() {
        format!("по {until} всё время занято или от него отказались")
    } else {
        format!("по {until} приёма нет: выходные, отсутствие специалиста или окна в другие дни")
    };
    vec![cause]
}

/// Why none of the wishes could be met.
fn why_not(specialists: &[&Specialist], worktime: &Worktime, grid: &Grid, wanted: &Wanted<'_>, wishes: &[&Window]) -> String {
    // A single day that is no working day says so itself.
    if let [Window { date: Some(date), .. }] = wishes
        && !worktime.is_workday(*date)
    {
        return match worktime.day(*date) {
            DayKind::Holiday(name) => name,
            DayKind::Weekend | DayKind::Work { .. } => "выходной день".to_owned(),
        };
    }
    if !wishes.iter().any(|w| grid.touches(w)) {
        let (from, to) = (worktime.local_date(wanted.earliest), worktime.local_date(wanted.latest));
        return format!("среди рабочих дней с {} по {} таких нет", day_month(from), day_month(to));
    }
    let open = Wanted { declined: &[], urgent: false, channel: None, prefer: None, ..wanted.clone() };
    match best(specialists, grid, &[], &open) {
        Some((candidate, _)) if candidate.start.wished => "это время занято".to_owned(),
        _ => "в это время консультаций нет".to_owned(),
    }
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

/// Whether the window holds the whole slot.
fn contains(window: &Window, worktime: &Worktime, slot: &Slot) -> bool {
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
