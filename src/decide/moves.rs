//! A consultation that changes: another time, none at all. Both calendars change, both people hear of it.

use super::assign::{self, assigned};
use super::case::Case;
use super::consult::{self, Search, exactly, pick, search};
use super::events::{announce, author_event, call_with_time, invitation, ordinal, slotted, staff_event, uid};
use crate::appeal::{Answer, Consultation, Stage};
use crate::compose::{Cancelled, Rescheduled, TaskCancelled, TaskMoved, Way};
use crate::effect::{Effect, Event};
use crate::itip::{Method, PartStat};
use crate::outbox::Kind;
use crate::slots::{Choice, Slot, Specialist};
use chrono::{Datelike, NaiveTime, TimeDelta};

/// Moves the consultation to another slot of the same specialist: both calendars change, both are told.
pub(super) fn reschedule(case: &mut Case<'_>, slot: &Slot, choice: Choice, why_staff: &str, why_author: Option<&str>, keep_staff_answer: bool) {
    let Some(person) = case.round.settings.person(&slot.specialist) else { return };
    let Some(old) = case.consultation.clone() else { return };
    let (n, now) = (case.appeal.number, case.round.now);
    if old.stage == Stage::Offered {
        return consult::first_proposal(case, person, slot, choice, why_staff);
    }
    withdraw_older(case);
    let silent_at = case.round.silent_at(person);
    let staff_stamp = case.dtstamp(old.staff.dtstamp);
    let author_stamp = old.author.as_ref().map(|a| case.dtstamp(a.dtstamp));
    let wish_unmet = !choice.wish_met && !case.appeal.times.is_empty();
    // Whoever moves their own consultation has agreed to it.
    let own_word = case.by.as_deref() == Some(person.id.as_str());
    if let Some(c) = &mut case.consultation {
        (c.start, c.end, c.channel) = (slot.start, slot.end, slot.channel.clone());
        c.why = choice.reasons;
        c.wish_unmet = wish_unmet;
        c.offered.clear();
        if !c.declined.contains(&old.start) {
            c.declined.push(old.start);
        }
        c.staff.sequence += 1;
        c.staff.dtstamp = staff_stamp;
        c.staff.replied = Some(now).filter(|_| own_word);
        if own_word {
            c.staff.partstat = PartStat::Accepted;
        } else if !keep_staff_answer {
            c.staff.partstat = PartStat::NeedsAction;
        }
        c.silent_at = Some(silent_at).filter(|_| c.stage == Stage::Proposed);
        if let (Some(a), Some(stamp)) = (&mut c.author, author_stamp) {
            a.sequence += 1;
            a.dtstamp = stamp;
            a.partstat = PartStat::NeedsAction;
            a.replied = None;
        }
    }
    case.book();
    case.note(Event::Moved, format!("консультация перенесена: {why_staff}"));
    if let (Some(slot), Some(event)) = (slotted(case, person), staff_event(case, person, Method::Request)) {
        let letter = TaskMoved { number: n, slot, old_start: old.start, reason: why_staff.to_owned(), agreed: own_word };
        let key = format!("task_moved/{n}/{}", ordinal(case));
        case.to_address(Kind::Update, key, &person.email.clone(), Some(event), Vec::new(), &letter);
    }
    if old.stage == Stage::Invited
        && let Some(invitation) = invitation(case, person)
    {
        let letter = Rescheduled { invitation, old_start: old.start, reason: why_author.map(str::to_owned) };
        let event = author_event(case, person, Method::Request);
        let key = format!("rescheduled/{n}/{}", ordinal(case));
        if !case.to_author(Kind::Update, key, event, &letter) {
            call_with_time(case, person, "консультация перенесена");
        }
    }
}

/// The specialist or the author said no (or cannot): the next slot of the same specialist; none left: the head decides.
pub(super) fn find_another(case: &mut Case<'_>, why_staff: &str, why_author: Option<&str>, by_author: bool) {
    // After CANCEL a UID is never updated (RFC 5546 §3.2.5), and what took place stays where it was.
    if !case.consultation.as_ref().is_some_and(Consultation::live) || !case.appeal.open() {
        return;
    }
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    if let Some(c) = &mut case.consultation
        && !c.declined.contains(&c.start)
    {
        c.declined.push(c.start);
    }
    let choice = near(case, person);
    match choice.slot.clone() {
        Some(slot) => reschedule(case, &slot, choice, why_staff, why_author, by_author),
        None => {
            cancel(case, why_staff, why_author, true);
            let question = "У специалиста не осталось свободного времени для этой консультации. Решите, пожалуйста, кто и когда её проведёт.";
            assign::ask(case, question.into(), &[]);
        }
    }
}

/// A meeting of a series stays in its week where it can; all else goes to the first time that suits.
fn near(case: &Case<'_>, person: &Specialist) -> Choice {
    let worktime = &case.round.settings.worktime;
    let week = case.consultation.as_ref().filter(|c| c.series.is_some()).map(|c| {
        let date = worktime.to_local(c.start).date();
        let monday = date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday()));
        let midnight = |d| worktime.local(d, NaiveTime::MIN);
        let soonest = case.round.now + TimeDelta::minutes(i64::from(case.round.settings.terms.notice_minutes));
        (midnight(monday).max(soonest), midnight(monday + TimeDelta::days(7)))
    });
    let there = week.map(|between| search(case, &[person], Search { between: Some(between), ..Search::default() }));
    let there = there.filter(|c| c.slot.is_some()).or_else(|| consult::together(case, &[person], None));
    there.unwrap_or_else(|| pick(case, &[person], None))
}

/// What still waits to tell the author of the time before (quiet hours, a server that is away) is useless now.
fn withdraw_older(case: &mut Case<'_>) {
    let n = case.appeal.number;
    let Some(c) = case.consultation.as_ref().filter(|c| c.author.is_some()) else { return };
    // The invitation to a series that is one event speaks of all its meetings, and this one is told by RECURRENCE-ID after it.
    let alone = c.original.is_none();
    let mut keys: Vec<String> = alone.then(|| format!("invitation/{n}/{}/0", c.ordinal)).into_iter().collect();
    keys.extend((1..=c.staff.sequence).map(|s| format!("rescheduled/{n}/{}/{s}", c.ordinal)));
    case.effects.push(Effect::Withdraw(keys));
}

/// Cancels: both calendars and both people, the author only where invited.
pub(super) fn cancel(case: &mut Case<'_>, why_staff: &str, why_author: Option<&str>, new_time_follows: bool) {
    let Some(old) = case.consultation.clone().filter(Consultation::live) else { return };
    let Some(person) = case.round.settings.person(&old.specialist) else { return };
    let n = case.appeal.number;
    withdraw_older(case);
    let staff_stamp = case.dtstamp(old.staff.dtstamp);
    let author_stamp = old.author.as_ref().map(|a| case.dtstamp(a.dtstamp));
    if let Some(c) = &mut case.consultation {
        c.stage = Stage::Cancelled;
        c.silent_at = None;
        c.invite_by = None;
        c.staff.sequence += 1;
        c.staff.dtstamp = staff_stamp;
        if let (Some(a), Some(stamp)) = (&mut c.author, author_stamp) {
            a.sequence += 1;
            a.dtstamp = stamp;
        }
    }
    case.book();
    case.note(Event::Cancelled, format!("консультация отменена: {why_staff}"));
    // While the author still chooses, the specialist has heard nothing that could be cancelled.
    if old.stage != Stage::Offered {
        let event = staff_event(case, person, Method::Cancel);
        let letter = TaskCancelled { number: n, start: old.start, reason: why_staff.to_owned() };
        let key = format!("task_cancelled/{n}/{}", ordinal(case));
        case.to_address(Kind::Cancel, key, &person.email.clone(), event, Vec::new(), &letter);
    }
    if matches!(old.stage, Stage::Offered | Stage::Invited) {
        if new_time_follows {
            // The author waits for another time: the term of the invitation runs again.
            case.appeal.met = None;
        }
        let event = author_event(case, person, Method::Cancel);
        let letter = Cancelled {
            name: case.appeal.name.clone(),
            number: n,
            start: old.start,
            reason: why_author.map(str::to_owned),
            new_time_follows,
            open: case.appeal.open(),
        };
        let key = format!("cancelled/{n}/{}", ordinal(case));
        if !case.to_author(Kind::Cancel, key, event, &letter) {
            let when = case.spoken(old.start);
            let say = vec![
                format!("Здравствуйте, это {}, по заявке № {n}.", case.round.settings.school),
                format!("Консультация {when} не состоится.{}", if new_time_follows { " О новом времени сообщим отдельно." } else { "" }),
            ];
            assign::call(case, say, "адреса электронной почты нет");
        }
    }
}

/// Cancels all that is still to come: of a series every meeting.
pub(super) fn cancel_all(case: &mut Case<'_>, why_staff: &str, why_author: Option<&str>, new_time_follows: bool) {
    let now = case.round.now;
    let main = case.consultation.as_ref().map(|c| c.ordinal);
    let to_come: Vec<u32> = case.all.iter().filter(|c| c.live() && c.start > now).map(|c| c.ordinal).collect();
    for ordinal in to_come {
        case.focus(ordinal);
        cancel(case, why_staff, why_author, new_time_follows);
    }
    if let Some(main) = main {
        case.focus(main);
    }
}

/// Another specialist holds it, at the same time where that is free: the old one's event is cancelled, the new one gets theirs, the author
/// keeps the event they have.
pub(super) fn replace(case: &mut Case<'_>, candidates: &[&Specialist], why: &str) -> Result<(), String> {
    let Some(old) = case.consultation.clone().filter(|c| c.live() && c.start > case.round.now) else {
        return Err(format!("appeal {} has no consultation to come", case.appeal.number));
    };
    let same_time = candidates.iter().find_map(|p| exactly(case, p, old.start, "время прежнее, другой специалист"));
    let found = same_time.or_else(|| {
        let choice = pick(case, candidates, None);
        choice.slot.clone().map(|slot| (slot, choice))
    });
    let Some((slot, choice)) = found else {
        return Err("nobody else has free time for it; cancel it, or name another member of staff".into());
    };
    replace_with(case, (slot, choice), why)
}

/// The same with a time that was found.
pub(super) fn replace_with(case: &mut Case<'_>, (slot, choice): (Slot, Choice), why: &str) -> Result<(), String> {
    let Some(old) = case.consultation.clone().filter(|c| c.live() && c.start > case.round.now) else {
        return Err(format!("appeal {} has no consultation to come", case.appeal.number));
    };
    let Some(person) = case.round.settings.person(&slot.specialist) else { return Err("nobody else is in the register".into()) };
    withdraw_older(case);
    if old.stage == Stage::Offered {
        let staff = uid(case, old.ordinal, &format!("staff/{}/{}", person.id, case.round.now.timestamp()));
        if let Some(c) = &mut case.consultation {
            (c.specialist, c.staff.uid) = (person.id.clone(), staff);
        }
        assigned(case, person);
        consult::first_proposal(case, person, &slot, choice, why);
        return Ok(());
    }
    cancel_with_staff(case, &old, why);
    let now = case.round.now;
    let staff = Answer {
        // A UID is never used again after its CANCEL, should the first specialist come back.
        uid: uid(case, old.ordinal, &format!("staff/{}/{}", person.id, now.timestamp())),
        // Letters and rungs are known by this number: it goes on where the first specialist's ended, or theirs would count as sent already.
        sequence: old.staff.sequence + 2,
        dtstamp: now,
        partstat: PartStat::NeedsAction,
        replied: None,
    };
    let moved = slot.start != old.start;
    let silent_at = case.round.silent_at(person);
    let author_stamp = old.author.as_ref().map(|a| case.dtstamp(a.dtstamp));
    if let Some(c) = &mut case.consultation {
        (c.specialist, c.start, c.end, c.channel) = (slot.specialist.clone(), slot.start, slot.end, slot.channel.clone());
        (c.staff, c.why) = (staff, choice.reasons);
        c.offered.clear();
        // The new one has as long to answer as the first had.
        c.silent_at = Some(silent_at).filter(|_| c.stage == Stage::Proposed);
        if let (Some(a), Some(stamp)) = (&mut c.author, author_stamp) {
            a.dtstamp = stamp;
            if moved {
                (a.sequence, a.partstat, a.replied) = (a.sequence + 1, PartStat::NeedsAction, None);
            }
        }
    }
    case.book();
    case.note(Event::Moved, format!("консультацию проведёт другой специалист: {why}"));
    assigned(case, person);
    announce(case, person, &[]);
    if old.stage == Stage::Invited
        && let Some(invitation) = invitation(case, person)
    {
        let event = author_event(case, person, Method::Request);
        let key = case.key("replaced");
        let told = if moved {
            let reason = Some("консультацию проведёт другой специалист".to_owned());
            case.to_author(Kind::Update, key, event, &Rescheduled { invitation, old_start: old.start, reason })
        } else {
            case.to_author(Kind::Update, key, event, &Way { invitation, specialist: true })
        };
        if !told && moved {
            call_with_time(case, person, "консультация перенесена");
        }
    }
    Ok(())
}

/// The CANCEL of the specialist's own event.
fn cancel_with_staff(case: &mut Case<'_>, old: &Consultation, why: &str) {
    let Some(person) = case.round.settings.person(&old.specialist) else { return };
    let stamp = case.dtstamp(old.staff.dtstamp);
    if let Some(c) = &mut case.consultation {
        c.staff.sequence += 1;
        c.staff.dtstamp = stamp;
    }
    let event = staff_event(case, person, Method::Cancel);
    let letter = TaskCancelled { number: case.appeal.number, start: old.start, reason: why.to_owned() };
    let key = format!("task_cancelled/{}/{}", case.appeal.number, ordinal(case));
    case.to_address(Kind::Cancel, key, &person.email.clone(), event, Vec::new(), &letter);
}
