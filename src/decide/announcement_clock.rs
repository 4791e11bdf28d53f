//! Announcements by the clock: letters leave by their pace and in the agreed hours, the one reminder, the sender's lists, previews that nobody answered.

use super::Round;
use super::announcement_letters::{Listing, cancelled, family_letter, list, moment, note, reminder, who};
use crate::announcement::{Addressee, Announcement, Asks, Change, ForAnnouncements, PREVIEW_DAYS, Recent, Stage, Woken};
use crate::effect::{Effect, Event};
use crate::settings::Mode;
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

/// Hours that a family has at least before it is reminded.
const BEFORE_REMINDER: i64 = 20;

fn clock(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
}

/// What is due of all announcements.
pub fn on_announcements(round: Round<'_>, facts: &ForAnnouncements) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut recent = facts.recent;
    let mut woken: Vec<&Woken> = facts.woken.iter().collect();
    // What is cancelled or urgent does not wait behind a poll.
    woken.sort_by_key(|w| (w.announcement.stage != Stage::Cancelling, !w.announcement.draft.urgent, w.announcement.id));
    for w in woken {
        effects.extend(one(round, facts, w, &mut recent));
    }
    effects
}

fn save(a: Announcement, wake: Option<DateTime<Utc>>) -> Effect {
    Effect::Announcement(Change::Save(Box::new(a), wake))
}

fn one(round: Round<'_>, facts: &ForAnnouncements, w: &Woken, recent: &mut Recent) -> Vec<Effect> {
    let a = w.announcement.clone();
    match a.stage {
        Stage::Preview if round.now >= a.previewed + TimeDelta::days(PREVIEW_DAYS) => lapsed(round, a),
        Stage::Preview => {
            let wake = a.wake();
            vec![save(a, wake)]
        }
        Stage::Cancelling => cancelling(round, facts, w, a, recent),
        Stage::Sending | Stage::Reminding => portion(round, facts, w, a, recent),
        Stage::Open | Stage::Closed | Stage::Cancelled => open(round, w, a),
        Stage::Dropped | Stage::Lapsed => vec![save(a, None)],
    }
}

fn lapsed(round: Round<'_>, mut a: Announcement) -> Vec<Effect> {
    a.stage = Stage::Lapsed;
    let told = round.settings.person(&a.staff).map(|person| {
        let line = format!(
            "На предпросмотр объявления {} «{}» не ответили, и оно снято: семьям ничего не ушло. Если оно ещё нужно, пришлите его снова.",
            a.id, a.draft.topic
        );
        note(round, person, a.message_id.as_deref(), format!("announcement/{}/lapsed/{}", a.id, a.version), &format!("объявление {} снято", a.id), vec![line])
    });
    let happened = Effect::Note {
        appeal: None, event: Event::Announced, text: format!("объявление {}: на предпросмотр не ответили", a.id)
    };
    told.into_iter().chain([happened, save(a, None)]).collect()
}

/// When a family's letter may leave: in the hours of its class (`rules/hours.toml`), but for what the head sends at night and for a cancellation of what
/// starts before the next noon. What the head calls urgent waits at most for the hours of all families.
pub fn announcement_opens(round: Round<'_>, a: &Announcement, family: &Addressee) -> DateTime<Utc> {
    announcement_leaves(round, a, family, a.stage == Stage::Cancelling)
}

/// The same for a family with children in several classes: the first moment that suits all of them, or the first one's where there is none.
pub(super) fn family_hours(round: Round<'_>, at: DateTime<Utc>, classes: &[String]) -> DateTime<Utc> {
    let Some(first) = classes.first() else { return round.author_hours(at) };
    let mut found = at;
    for _ in 0..8 {
        let next = classes.iter().map(|c| round.class_hours(found, Some(c))).max().unwrap_or(found);
        if next == found {
            return found;
        }
        found = next;
    }
    round.class_hours(at, Some(first))
}

/// The same for a letter that was made in its hours and could not leave then (a stopped line).
pub fn announcement_leaves(round: Round<'_>, a: &Announcement, family: &Addressee, cancels: bool) -> DateTime<Utc> {
    let soon = cancels && a.draft.start.is_some_and(|s| moment(round, s) < round.next_noon());
    if a.at_night || soon {
        return round.now;
    }
    let own = family_hours(round, round.now, &family.classes);
    if a.draft.urgent { own.min(round.author_hours(round.now)) } else { own }
}

/// A cancellation keeps to so many a minute and to nothing else: the day's number is spent by the announcement itself, and who is not told in time comes.
/// What has begun is not told any more; the sender hears who does not know.
fn cancelling(round: Round<'_>, facts: &ForAnnouncements, w: &Woken, a: Announcement, recent: &mut Recent) -> Vec<Effect> {
    let untold: Vec<&Addressee> = w.families.iter().filter(|f| f.posted.is_some() && f.cancelled.is_none() && !f.undelivered).collect();
    if a.draft.start.is_some_and(|s| moment(round, s) <= round.now) && !untold.is_empty() {
        return too_late(round, a, &untold);
    }
    let mut own = Recent { minute: recent.minute, ..Recent::default() };
    let effects = portion(round, facts, w, a, &mut own);
    recent.minute = own.minute;
    recent.day = (recent.day.0 + own.day.0, recent.day.1.or(own.day.1));
    effects
}

/// It has begun, and some families do not know that it was cancelled.
fn too_late(round: Round<'_>, mut a: Announcement, untold: &[&Addressee]) -> Vec<Effect> {
    let told = round.settings.person(&a.staff).map(|person| {
        let mut lines = vec![format!("Время уже наступило, а об отмене «{}» не узнали: {}. Если можно, позвоните им.", a.draft.topic, untold.len())];
        lines.extend(untold.iter().map(|f| who(f)));
        note(round, person, a.message_id.as_deref(), format!("announcement/{}/untold", a.id), &format!("объявление {}: об отмене узнали не все", a.id), lines)
    });
    let text = format!("объявление {}: об отмене не успели сообщить, семей {}", a.id, untold.len());
    a.stage = Stage::Cancelled;
    let wake = a.wake();
    told.into_iter().chain([Effect::Note { appeal: None, event: Event::Announced, text }, save(a, wake)]).collect()
}

/// The next letters, as many as the pace allows; the day's list, where it is due, waits for no pace.
fn portion(round: Round<'_>, facts: &ForAnnouncements, w: &Woken, mut a: Announcement, recent: &mut Recent) -> Vec<Effect> {
    let mut effects = Vec::new();
    if a.list_at.is_some_and(|at| at <= round.now) {
        effects.extend(listing(round, w, &mut a, false));
    }
    let begun = a.draft.start.is_some_and(|s| moment(round, s) <= round.now);
    if begun || w.next.is_empty() && w.later.is_none() {
        effects.extend(advanced(round, a));
        return effects;
    }
    let allowed = match w.later {
        _ if round.mode == Mode::Shadow => Err(round.now + TimeDelta::hours(1)),
        Some(at) if w.next.is_empty() => Err(at),
        _ => round.settings.announcements.pace.allows(round.now, recent),
    };
    let again = match allowed {
        Err(at) => at,
        Ok(allowed) => {
            let (letters, made, looked) = letters(round, facts, w, &a, allowed);
            effects.extend(letters);
            for (count, first) in [&mut recent.minute, &mut recent.day] {
                *count += made;
                *first = first.or(Some(round.now));
            }
            // Fewer than a minute's were there, and all were looked at: none is left.
            let full = u32::try_from(w.next.len()).unwrap_or(u32::MAX) >= round.settings.announcements.pace.minute;
            match w.later {
                _ if looked < w.next.len() || full => round.now + TimeDelta::minutes(1),
                // Only those are left whose hours are not yet.
                Some(at) => at,
                None => {
                    effects.extend(advanced(round, a));
                    return effects;
                }
            }
        }
    };
    let wake = a.list_at.map_or(again, |at| at.min(again));
    effects.push(save(a, Some(wake)));
    effects
}

/// At most so many letters of the stage: what is written, how many letters, how many families were looked at.
fn letters(round: Round<'_>, facts: &ForAnnouncements, w: &Woken, a: &Announcement, allowed: u32) -> (Vec<Effect>, u32, usize) {
    let listed = |list: &[String], email: &str| list.binary_search_by(|e| e.as_str().cmp(email)).is_ok();
    let (mut effects, mut made, mut looked) = (Vec::new(), 0, 0);
    for family in &w.next {
        if made == allowed {
            break;
        }
        looked += 1;
        let mut family = family.clone();
        // Asked again for each letter: who unsubscribed since the preview gets none.
        let out = if listed(&facts.unsubscribed, &family.email) {
            Some("unsubscribed")
        } else if listed(&facts.silent, &family.email) {
            Some("silent")
        } else {
            None
        };
        let posting = match a.stage {
            Stage::Sending if out.is_some() => {
                family.left_out = out.map(str::to_owned);
                None
            }
            Stage::Sending => {
                family.posted = Some(round.now);
                Some(family_letter(round, a, &family, &w.files))
            }
            Stage::Reminding => {
                family.reminded = Some(round.now);
                (out.is_none() && !family.undelivered).then(|| reminder(round, a, &family))
            }
            // Who was invited hears of the cancellation, unsubscribed since or not.
            _ => {
                family.cancelled = Some(round.now);
                (!family.undelivered).then(|| cancelled(round, a, &family))
            }
        };
        made += u32::from(posting.is_some());
        effects.extend(posting.map(|p| Effect::Post(Box::new(p))));
        effects.push(Effect::Announcement(Change::Family(Box::new(family))));
    }
    (effects, made, looked)
}

/// All letters of a stage are made.
fn advanced(round: Round<'_>, mut a: Announcement) -> Vec<Effect> {
    let mut effects = Vec::new();
    let text = match a.stage {
        Stage::Sending => {
            a.finished = Some(round.now);
            (a.remind_at, a.close_at) = moments(round, &a);
            a.list_at = Some(next_list(round, a.listed));
            "письма разосланы"
        }
        Stage::Reminding => {
            a.remind_at = None;
            "напоминания разосланы"
        }
        _ => "об отмене сообщено",
    };
    effects.push(Effect::Note { appeal: None, event: Event::Announced, text: format!("объявление {}: {text}", a.id) });
    a.stage = if a.stage == Stage::Cancelling { Stage::Cancelled } else { Stage::Open };
    let wake = a.wake();
    effects.push(save(a, wake));
    effects
}

/// When who has not answered is reminded, and when the sender gets the closing list.
fn moments(round: Round<'_>, a: &Announcement) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    if a.draft.asks() == Asks::Nothing {
        return (None, None);
    }
    let local = |date: chrono::NaiveDate, hour| round.settings.worktime.local(date, clock(hour));
    let start = a.draft.start.map(|s| (s.date(), moment(round, s)));
    let week = round.date(round.now).checked_add_days(Days::new(7)).unwrap_or(chrono::NaiveDate::MAX);
    let last_day = a.draft.until.or(start.map(|(day, _)| day)).unwrap_or(week);
    let close = match (a.draft.until, start) {
        (Some(day), _) => round.staff_hours(local(day.checked_add_days(Days::new(1)).unwrap_or(day), 8)),
        // Who comes must be known before it begins.
        (None, Some((day, at))) => local(day, 9).max(round.now + TimeDelta::hours(3)).min(at),
        (None, None) => round.staff_hours(local(week, 8)),
    };
    let earliest = round.now + TimeDelta::hours(BEFORE_REMINDER);
    let usual =
        if a.draft.until.is_none() && start.is_none() { round.date(round.now).checked_add_days(Days::new(3)) } else { last_day.checked_sub_days(Days::new(1)) };
    let remind = usual.into_iter().chain([last_day]).map(|day| local(day, 10)).find(|at| *at >= earliest && *at < close);
    (remind, Some(close))
}

/// The moment of the sender's list: four in the afternoon of a working day, at most one a day.
pub(super) fn next_list(round: Round<'_>, listed: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let until = clock(17);
    let at = round.within(round.now, clock(16), until, true);
    match listed.filter(|l| round.date(*l) == round.date(at)) {
        Some(_) => round.within(round.settings.worktime.last_second(round.date(at)) + TimeDelta::seconds(1), clock(16), until, true),
        None => at,
    }
}

/// The list, and its questions told.
fn listing(round: Round<'_>, w: &Woken, a: &mut Announcement, closing: bool) -> Vec<Effect> {
    a.list_at = None;
    a.listed = Some(round.now);
    let what = if closing { "list/closing".to_owned() } else { format!("list/{}", round.date(round.now)) };
    let letter = list(round, a, &w.families, &what, if closing { Listing::Closing } else { Listing::OfTheDay });
    let told =
        w.families.iter().filter(|f| f.question.is_some()).map(|f| Effect::Announcement(Change::Family(Box::new(Addressee { question: None, ..f.clone() }))));
    letter.into_iter().chain(told).collect()
}

fn open(round: Round<'_>, w: &Woken, mut a: Announcement) -> Vec<Effect> {
    let due = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= round.now);
    let mut effects = Vec::new();
    if a.stage == Stage::Open && due(a.close_at) {
        effects.extend(listing(round, w, &mut a, true));
        (a.stage, a.remind_at, a.close_at) = (Stage::Closed, None, None);
    } else if due(a.list_at) {
        effects.extend(listing(round, w, &mut a, false));
        if a.draft.asks() == Asks::Nothing && a.stage == Stage::Open {
            a.stage = Stage::Closed;
        }
    }
    let wake = if a.stage == Stage::Open && due(a.remind_at) {
        (a.stage, a.remind_at) = (Stage::Reminding, None);
        Some(round.now)
    } else {
        a.wake()
    };
    effects.push(save(a, wake));
    effects
}
