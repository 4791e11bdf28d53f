//! A prolonged form (000 3.4): further meetings at the same hour, week after week. Days off are skipped, a taken hour gives way to another of
//! the same week; each meeting is an event of its own that moves or is cancelled alone. As one event with a rule (RFC 5545 §3.8.5.3) only the very
//! hour counts; what moves or falls out is told by RECURRENCE-ID, never by THISANDFUTURE.

use super::case::Case;
use super::consult::{self, Search};
use super::events::{announce_meeting, uid};
use super::{held, moves};
use crate::appeal::{Answer, Consultation, Stage};
use crate::effect::Event;
use crate::itip::{PartStat, Series};
use crate::slots::{Choice, Slot, Specialist};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

/// Most meetings of one series: a school year of weeks.
const MOST: u32 = 34;

/// Appoints the meetings after the present one.
pub(super) fn begin(case: &mut Case<'_>, count: u32, weeks: u32, one_event: bool) -> Result<(), String> {
    if !(2..=MOST).contains(&count) || !(1..=8).contains(&weeks) {
        return Err(format!("a series has 2 to {MOST} meetings, 1 to 8 weeks apart"));
    }
    let Some(mut first) = case.consultation.clone().filter(|c| c.live() || c.outcome.is_some()) else {
        return Err(format!("appeal {} has no consultation that a series could go on from", case.appeal.number));
    };
    let Some(person) = case.round.settings.person(&first.specialist) else { return Err("its specialist is no longer in the register".into()) };
    held::implied(case);
    case.focus(first.ordinal);
    held::reopened(case);
    if let Some(c) = &case.consultation {
        first.clone_from(c);
    }
    let series = first.series.unwrap_or(first.ordinal);
    let mut found: Vec<u32> = Vec::new();
    let own_word = case.by.as_ref().is_none_or(|by| *by == person.id);
    let mut week = 0;
    // Weeks of holidays are passed over, not counted; the bound ends a search that finds nothing.
    let mut out: Vec<DateTime<Utc>> = Vec::new();
    while (found.len() as u32) + 1 < count && week < 3 * MOST {
        week += weeks;
        let Some((slot, choice)) = in_week(case, person, &first, week, one_event) else {
            out.extend(hour(case, &first, week).filter(|_| !found.is_empty()));
            continue;
        };
        consult::open(case, &slot, choice);
        let of = found.first().copied().or(case.consultation.as_ref().map(|c| c.ordinal)).unwrap_or(first.ordinal);
        let uids = one_event.then(|| (uid(case, of, "series/staff"), uid(case, of, "series/author")));
        if let Some(c) = &mut case.consultation {
            c.series = Some(series);
            c.stage = Stage::Invited;
            (c.silent_at, c.invite_by) = (None, None);
            if own_word {
                c.staff.partstat = PartStat::Accepted;
                c.staff.replied = Some(case.round.now);
            }
            if let Some((staff, author)) = uids {
                c.original = Some(c.start);
                c.staff.uid = staff;
                let now = case.round.now;
                c.author = Some(Answer { uid: author, sequence: 0, dtstamp: now, partstat: PartStat::NeedsAction, replied: None });
            }
            found.push(c.ordinal);
        }
        case.book();
    }
    if found.is_empty() {
        case.focus(first.ordinal);
        return Err(held::not_free(case, person));
    }
    case.focus(first.ordinal);
    if let Some(c) = &mut case.consultation {
        c.series = Some(series);
    }
    case.book();
    case.note(Event::Invited, format!("назначена серия: ещё {} (всего {})", found.len(), found.len() + 1));
    let zone = case.round.settings.worktime.zone;
    let rule = one_event.then(|| Series { zone, interval: weeks, count: found.len() as u32 + out.len() as u32, exdates: out });
    announce(case, person, &found, rule.as_ref());
    case.focus(first.ordinal);
    Ok(())
}

/// The same local hour that many weeks later, where it is still to come.
fn hour(case: &Case<'_>, first: &Consultation, weeks: u32) -> Option<DateTime<Utc>> {
    let worktime = &case.round.settings.worktime;
    let local = worktime.to_local(first.start);
    Some(worktime.local(local.date() + TimeDelta::weeks(i64::from(weeks)), local.time())).filter(|at| *at > case.round.now)
}

/// The same hour that many weeks later, else another free hour of that week.
fn in_week(case: &Case<'_>, person: &Specialist, first: &Consultation, weeks: u32, only: bool) -> Option<(Slot, Choice)> {
    let worktime = &case.round.settings.worktime;
    let at = hour(case, first, weeks)?;
    if let Some(found) = consult::exactly(case, person, at, "тот же час, что и у первой встречи") {
        return Some(found);
    }
    // A rule knows one hour only.
    if only {
        return None;
    }
    let date = worktime.to_local(at).date();
    let monday = date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday()));
    let midnight = |d: NaiveDate| worktime.local(d, chrono::NaiveTime::MIN);
    let between = (midnight(monday).max(case.round.now), midnight(monday + TimeDelta::days(7)));
    let choice = consult::search(case, &[person], Search { between: Some(between), refused: Some(&[]), ..Search::default() });
    choice.slot.clone().map(|slot| (slot, choice))
}

/// Each meeting reaches both calendars; the first of the letters to the author lists all dates.
fn announce(case: &mut Case<'_>, person: &Specialist, found: &[u32], rule: Option<&Series>) {
    for at in found.iter().take(if rule.is_some() { 1 } else { found.len() }) {
        case.focus(*at);
        announce_meeting(case, person, rule);
        consult::invite_meeting(case, person, rule);
    }
}

/// The rest of the series will not be.
pub(super) fn end(case: &mut Case<'_>, reason: Option<&str>) -> Result<(), String> {
    let now = case.round.now;
    let rest: Vec<u32> = case.all.iter().filter(|c| c.series.is_some() && c.live() && c.start > now).map(|c| c.ordinal).collect();
    if rest.is_empty() {
        return Err(format!("appeal {} has no meetings of a series to come", case.appeal.number));
    }
    for ordinal in &rest {
        case.focus(*ordinal);
        moves::cancel(case, "серия закончена", Some(reason.unwrap_or("встречи больше не нужны")), false);
    }
    case.note(Event::Cancelled, format!("серия закончена раньше: отменено встреч {}", rest.len()));
    held::implied(case);
    let now = case.round.now;
    let marked = case.all.iter().filter(|c| c.live() && c.start <= now).all(|c| c.outcome.is_some());
    if marked {
        held::finish(case, "серия закончена", true);
    }
    Ok(())
}

/// Which meeting of its series this is, of how many, and all starts to come.
pub(super) fn place(case: &Case<'_>, c: &Consultation) -> Option<(usize, usize, Vec<DateTime<Utc>>)> {
    let series = c.series?;
    let of_it = |o: &&Consultation| (o.series == Some(series)) && (o.live() || o.ordinal == c.ordinal);
    let mut starts: Vec<DateTime<Utc>> = case.all.iter().filter(of_it).map(|o| o.start).collect();
    starts.sort();
    let nth = starts.iter().position(|s| *s == c.start)? + 1;
    Some((nth, starts.len(), starts.into_iter().filter(|s| *s > case.round.now).collect()))
}
