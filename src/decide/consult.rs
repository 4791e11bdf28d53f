//! The consultation of an appeal: a slot is found, the specialist hears of it, the author is invited, both hear of every change.

use super::assign;
use super::case::Case;
use crate::appeal::{Answer, Consultation, Move, Stage, State};
use crate::compose::{Absent, Cancelled, Invitation, Listed, Rescheduled, Slotted, TaskCancelled, TaskMoved, domain_of, event_text, hmac_token, phone};
use crate::effect::Effect;
use crate::effect::Event as Happened;
use crate::itip::{Alarm, Event, Method, PartStat};
use crate::outbox::Kind;
use crate::settings::Policy;
use crate::slots::{Choice, Silence, Slot, Specialist, Wanted, choose};
use chrono::{DateTime, TimeDelta, Utc};

/// Finds a slot among these specialists and sets everything going; without one the head decides.
pub(super) fn arrange(case: &mut Case<'_>, specialists: &[&Specialist], listed: &[Listed], last: Option<&str>) {
    let choice = pick(case, specialists, last);
    let Some(slot) = choice.slot.clone() else { return nothing_free(case, specialists, listed) };
    let Some(person) = case.round.settings.person(&slot.specialist) else { return };
    open(case, &slot, choice);
    if case.round.present(person) {
        assign::assigned(case, person);
        announce(case, person, listed);
        if policy(case) == Policy::AtOnce || case.consultation.as_ref().and_then(|c| c.invite_by).is_some_and(|at| at <= case.round.now) {
            invite(case);
        }
    } else {
        absent_but_later(case, person, listed);
    }
}

fn policy(case: &Case<'_>) -> Policy {
    case.round.settings.categories.get(&case.appeal.category).map_or(Policy::SpecialistFirst, |r| r.policy)
}

/// The slot, by the author's wishes and the specialists' load; declined starts are left out.
pub(super) fn pick(case: &Case<'_>, specialists: &[&Specialist], last: Option<&str>) -> Choice {
    let (round, a, terms) = (case.round, &case.appeal, &case.round.settings.terms);
    let declined: Vec<_> = case.consultation.iter().flat_map(|c| c.declined.iter().map(|at| (c.specialist.clone(), *at))).collect();
    // Urgent ones wait only for the preparation (000 4.2), the others for a decent notice.
    let notice = if a.urgent { terms.prepare_minutes } else { terms.notice_minutes };
    let own = case.consultation.as_ref().filter(|c| c.live()).map(Consultation::busy);
    let busy: Vec<_> = case.busy.iter().filter(|b| Some(*b) != own.as_ref()).cloned().collect();
    // While the specialist is still to agree, the author hears after their silence at the latest, and has the same notice then.
    let agreed = a.urgent || policy(case) == Policy::AtOnce || case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Invited);
    let worktime = &round.settings.worktime;
    let told = if agreed { round.now } else { worktime.add_working_minutes(worktime.next_office_moment(round.now), terms.silence_minutes) };
    let wanted = Wanted {
        earliest: told + TimeDelta::minutes(i64::from(notice)),
        latest: round.now + TimeDelta::days(i64::from(terms.horizon_days)),
        minutes: terms.consultation_minutes,
        buffer_minutes: terms.buffer_minutes,
        wishes: &a.times,
        channel: a.channel,
        urgent: a.urgent,
        prefer: last,
        declined: &declined,
    };
    choose(specialists, &round.settings.worktime, &busy, &wanted)
}

/// The row of a new consultation, proposed to the specialist.
fn open(case: &mut Case<'_>, slot: &Slot, choice: Choice) {
    let (round, n) = (case.round, case.appeal.number);
    let ordinal = case.consultation.as_ref().map_or(1, |c| c.ordinal + 1);
    let worktime = &round.settings.worktime;
    let silent_at = worktime.add_working_minutes(worktime.next_office_moment(round.now), round.settings.terms.silence_minutes);
    case.consultation = Some(Consultation {
        appeal: n,
        ordinal,
        specialist: slot.specialist.clone(),
        start: slot.start,
        end: slot.end,
        channel: slot.channel.clone(),
        stage: Stage::Proposed,
        staff: Answer { uid: uid(case, ordinal, "staff"), sequence: 0, dtstamp: round.now, partstat: PartStat::NeedsAction, replied: None },
        author: None,
        silent_at: Some(silent_at),
        invite_by: Some(invite_by(case)),
        // What the family or the specialist refused once is not offered again after a cancellation either.
        declined: case.consultation.as_ref().map(|c| c.declined.clone()).unwrap_or_default(),
        why: choice.reasons,
        wish_unmet: !choice.wish_met && !case.appeal.times.is_empty(),
    });
    case.busy.push(crate::slots::Busy { specialist: slot.specialist.clone(), start: slot.start, end: slot.end });
    case.book();
}

/// One business day before the term ends, when the office closes: the author is invited by then whatever happens.
fn invite_by(case: &Case<'_>) -> DateTime<Utc> {
    let worktime = &case.round.settings.worktime;
    let day = worktime.prev_workday(case.round.date(case.appeal.due.literal));
    worktime.office(day).map_or(case.round.now, |(_, closes)| closes)
}

/// 128 unguessable bits for each person's event: privacy, correlation and protection in one.
fn uid(case: &Case<'_>, ordinal: u32, who: &str) -> String {
    let composer = &case.round.settings.composer;
    let token = hmac_token(&composer.key, "uid", &format!("{}/{ordinal}/{who}", case.appeal.number));
    format!("{token}@{}", domain_of(&composer.address))
}

/// The specialist's task with the invitation to their calendar.
fn announce(case: &mut Case<'_>, person: &Specialist, listed: &[Listed]) {
    let mut letter = assign::task(case, listed, false);
    letter.slot = slotted(case, person);
    let Some(event) = staff_event(case, person, Method::Request) else { return };
    let key = format!("task/{}/{}", case.appeal.number, ordinal(case));
    let files = case.files.clone();
    case.to_address(Kind::Task, key, &person.email.clone(), Some(event), files, &letter);
}

fn ordinal(case: &Case<'_>) -> String {
    case.consultation.as_ref().map_or_else(String::new, |c| format!("{}/{}", c.ordinal, c.staff.sequence))
}

fn slotted(case: &Case<'_>, person: &Specialist) -> Option<Slotted> {
    let c = case.consultation.as_ref()?;
    let consent = c.stage == Stage::Proposed && person.silence == Silence::Consent && policy(case) == Policy::SpecialistFirst;
    Some(Slotted { start: c.start, end: c.end, channel: c.channel.clone(), silent_until: c.silent_at.filter(|_| consent), why: c.why.clone() })
}

fn connect(person: &Specialist, channel: &str) -> Option<String> {
    person.connect.iter().find(|(c, _)| c == channel).map(|(_, how)| how.clone())
}

fn event(case: &Case<'_>, method: Method, answer: &Answer, attendee: (Option<String>, String), person: &Specialist, alarm: Option<Alarm>) -> Option<Event> {
    let c = case.consultation.as_ref()?;
    let s = case.round.settings;
    let channel = event_text::channel_words(&c.channel);
    Some(Event {
        method,
        uid: answer.uid.clone(),
        sequence: answer.sequence,
        dtstamp: answer.dtstamp,
        start: c.start,
        end: c.end,
        summary: event_text::summary(case.appeal.number),
        description: event_text::description(case.appeal.number, c.start, c.end, s.worktime.zone, &channel, connect(person, &c.channel).as_deref(), &s.phone),
        location: channel,
        series: None,
        recurrence_id: None,
        conference: None,
        partstat: PartStat::NeedsAction,
        organizer: (s.school.clone(), s.address.clone()),
        attendee,
        alarm: alarm.filter(|_| method == Method::Request),
    })
}

fn staff_event(case: &Case<'_>, person: &Specialist, method: Method) -> Option<Event> {
    let c = case.consultation.as_ref()?;
    // 000 4.2: the specialist prepares 30 minutes before the start.
    let alarm = Alarm { minutes_before: case.round.settings.terms.prepare_minutes, text: event_text::summary(case.appeal.number) };
    event(case, method, &c.staff, (Some(person.name.clone()), person.email.clone()), person, Some(alarm))
}

fn author_event(case: &Case<'_>, person: &Specialist, method: Method) -> Option<Event> {
    let c = case.consultation.as_ref()?;
    let alarm = Alarm { minutes_before: 24 * 60, text: event_text::summary(case.appeal.number) };
    event(case, method, c.author.as_ref()?, (None, case.appeal.email.clone()?), person, Some(alarm))
}

fn invitation(case: &Case<'_>, person: &Specialist) -> Option<Invitation> {
    let c = case.consultation.as_ref()?;
    Some(Invitation {
        name: case.appeal.name.clone(),
        number: case.appeal.number,
        start: c.start,
        end: c.end,
        channel: c.channel.clone(),
        connect: connect(person, &c.channel),
        specialist: super::Round::titled(person),
        wish_unmet: c.wish_unmet,
        phone: case.appeal.phone.as_deref().map(phone),
    })
}

/// Invites the author; the main term is met with that letter (000 3.2). Without an address the operator calls.
pub(super) fn invite(case: &mut Case<'_>) {
    let (n, now) = (case.appeal.number, case.round.now);
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    let Some(ordinal) = case.consultation.as_ref().filter(|c| c.stage == Stage::Proposed).map(|c| c.ordinal) else { return };
    let author = Answer { uid: uid(case, ordinal, "author"), sequence: 0, dtstamp: now, partstat: PartStat::NeedsAction, replied: None };
    if let Some(c) = &mut case.consultation {
        c.stage = Stage::Invited;
        c.author = Some(author);
        c.silent_at = None;
        c.invite_by = None;
    }
    case.book();
    if case.appeal.state == State::Undecided {
        // The head was asked about the specialist's silence; the term decides now.
        assign::assigned(case, person);
    }
    if case.step(Move::Invite).is_ok() {
        case.appeal.taken.get_or_insert(now);
    }
    let Some(letter) = invitation(case, person) else { return };
    let event = author_event(case, person, Method::Request);
    let sequence = case.consultation.as_ref().and_then(|c| c.author.as_ref()).map_or(0, |a| a.sequence);
    if case.to_author(Kind::Invitation, format!("invitation/{n}/{ordinal}/{sequence}"), event, &letter) {
        case.appeal.met.get_or_insert(now);
        case.note(Happened::Invited, "автору отправлено приглашение");
    } else {
        call_with_time(case, person, "назначена консультация");
        case.note(Happened::Invited, "автора пригласит по телефону оператор");
    }
}

/// The words of a call about the consultation's time.
fn call_with_time(case: &mut Case<'_>, person: &Specialist, what: &str) {
    let Some(c) = &case.consultation else { return };
    let when = crate::compose::Moment { at: c.start, zone: case.round.settings.worktime.zone }.spoken();
    let say = vec![
        format!("Здравствуйте, это {}, по заявке № {}.", case.round.settings.school, case.appeal.number),
        format!("Вам {what}: {when}, {}.", event_text::channel_words(&c.channel)),
        format!("Специалист: {}.", person.post),
        "Подходит ли Вам это время?".to_owned(),
    ];
    assign::call(case, say, "адреса электронной почты нет");
}

/// Moves the consultation to another slot of the same specialist: both calendars change, both are told.
pub(super) fn reschedule(case: &mut Case<'_>, slot: &Slot, choice: Choice, why_staff: &str, why_author: Option<&str>, keep_staff_answer: bool) {
    let Some(person) = case.round.settings.person(&slot.specialist) else { return };
    let Some(old) = case.consultation.clone() else { return };
    let (n, now) = (case.appeal.number, case.round.now);
    withdraw_older(case);
    let worktime = &case.round.settings.worktime;
    let silent_at = worktime.add_working_minutes(worktime.next_office_moment(now), case.round.settings.terms.silence_minutes);
    let staff_stamp = case.dtstamp(old.staff.dtstamp);
    let author_stamp = old.author.as_ref().map(|a| case.dtstamp(a.dtstamp));
    let wish_unmet = !choice.wish_met && !case.appeal.times.is_empty();
    if let Some(c) = &mut case.consultation {
        (c.start, c.end, c.channel) = (slot.start, slot.end, slot.channel.clone());
        c.why = choice.reasons;
        c.wish_unmet = wish_unmet;
        if !c.declined.contains(&old.start) {
            c.declined.push(old.start);
        }
        c.staff.sequence += 1;
        c.staff.dtstamp = staff_stamp;
        c.staff.replied = None;
        if !keep_staff_answer {
            c.staff.partstat = PartStat::NeedsAction;
        }
        if c.stage == Stage::Proposed {
            c.silent_at = Some(silent_at);
        }
        if let (Some(a), Some(stamp)) = (&mut c.author, author_stamp) {
            a.sequence += 1;
            a.dtstamp = stamp;
            a.partstat = PartStat::NeedsAction;
            a.replied = None;
        }
    }
    case.book();
    case.note(Happened::Moved, format!("консультация перенесена: {why_staff}"));
    if let (Some(slot), Some(event)) = (slotted(case, person), staff_event(case, person, Method::Request)) {
        let letter = TaskMoved { number: n, slot, old_start: old.start, reason: why_staff.to_owned() };
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
    let choice = pick(case, &[person], None);
    match choice.slot.clone() {
        Some(slot) => reschedule(case, &slot, choice, why_staff, why_author, by_author),
        None => {
            cancel(case, why_staff, why_author, true);
            let question = "У специалиста не осталось свободного времени для этой консультации. Решите, пожалуйста, кто и когда её проведёт.";
            assign::ask(case, question.into(), &[]);
        }
    }
}

/// What still waits to tell the author of the time before (quiet hours, a server that is away) is useless now.
fn withdraw_older(case: &mut Case<'_>) {
    let n = case.appeal.number;
    let Some(c) = case.consultation.as_ref().filter(|c| c.author.is_some()) else { return };
    let mut keys = vec![format!("invitation/{n}/{}/0", c.ordinal)];
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
    case.note(Happened::Cancelled, format!("консультация отменена: {why_staff}"));
    let event = staff_event(case, person, Method::Cancel);
    let letter = TaskCancelled { number: n, start: old.start, reason: why_staff.to_owned() };
    let key = format!("task_cancelled/{n}/{}", ordinal(case));
    case.to_address(Kind::Cancel, key, &person.email.clone(), event, Vec::new(), &letter);
    if old.stage == Stage::Invited {
        if new_time_follows {
            // The author waits for another time: the term of the invitation runs again.
            case.appeal.met = None;
        }
        let event = author_event(case, person, Method::Cancel);
        let letter = Cancelled { name: case.appeal.name.clone(), number: n, start: old.start, reason: why_author.map(str::to_owned), new_time_follows };
        let key = format!("cancelled/{n}/{}", ordinal(case));
        if !case.to_author(Kind::Cancel, key, event, &letter) {
            let when = crate::compose::Moment { at: old.start, zone: case.round.settings.worktime.zone }.spoken();
            let say = vec![
                format!("Звоню из школы «{}» по заявке № {n}.", case.round.settings.school),
                format!("Консультация {when} не состоится.{}", if new_time_follows { " О новом времени сообщим отдельно." } else { "" }),
            ];
            assign::call(case, say, "адреса электронной почты нет");
        }
    }
}

/// Nobody of the category is present, but there is a time after the return: the author is invited at once, since nobody could accept;
/// the deputy has the appeal meanwhile and the head knows.
fn absent_but_later(case: &mut Case<'_>, person: &Specialist, listed: &[Listed]) {
    assign::assigned(case, person);
    // First the invitation: the task must not say that an answer is awaited.
    invite(case);
    announce(case, person, listed);
    let n = case.appeal.number;
    let lines = vec![
        format!("Отсутствует {}. По заявке № {n} автору предложено первое время после возвращения.", super::Round::titled(person)),
        "Если ждать нельзя, передайте заявку другому специалисту.".to_owned(),
    ];
    let notice = crate::compose::Notice { number: Some(n), title: "специалист отсутствует".into(), lines };
    let heads: Vec<_> = case.round.decider(&case.appeal.excluded).into_iter().chain(case.round.deputy(person, &case.appeal.excluded)).collect();
    let mut told: Vec<&str> = Vec::new();
    for head in heads {
        if !told.contains(&head.id.as_str()) {
            told.push(&head.id);
            let key = case.key(&format!("absent/{}", head.id));
            case.to_staff(Kind::Other, key, head, &notice);
        }
    }
}

/// No time at all within the horizon: the author hears when somebody is back or where else help is; the head decides.
fn nothing_free(case: &mut Case<'_>, specialists: &[&Specialist], listed: &[Listed]) {
    let round = case.round;
    let all_away = specialists.iter().all(|p| !round.present(p));
    if all_away && let Some(person) = specialists.first() {
        let elsewhere = round.settings.elsewhere.get(&case.appeal.category).cloned().unwrap_or_default();
        let letter = Absent { name: case.appeal.name.clone(), number: case.appeal.number, back: assign::back(round, person), elsewhere };
        let key = format!("absent/{}", case.appeal.number);
        if case.to_author(Kind::Answer, key, None, &letter) {
            case.appeal.met.get_or_insert(round.now);
        }
    }
    let question = if all_away {
        "Специалист отсутствует, свободного времени после возвращения пока нет. Решите, пожалуйста, кто поможет семье."
    } else {
        "Свободного времени у специалиста до конца срока нет. Решите, пожалуйста, кто и когда проведёт консультацию."
    };
    assign::ask(case, question.into(), listed);
}
