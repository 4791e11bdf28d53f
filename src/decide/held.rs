//! What follows a consultation: it took place or not, recommendations, the next meeting, the questionnaire; and what follows a technical
//! failure (000 4.2.1, 4.3.2).

use super::case::Case;
use super::{assign, consult, events, moves, phone, places};
use crate::appeal::{About, Consultation, Ending, Move, Outcome, Stage};
use crate::compose::{NoShow, Recommendations, Survey};
use crate::effect::{Effect, Event};
use crate::itip::PartStat;
use crate::outbox::Kind;
use crate::slots::Specialist;
use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc, Weekday};

/// A failure this close to the start is told by telephone too.
const CALL_WITHIN: TimeDelta = TimeDelta::hours(2);

/// Turns to the consultation that has begun last and whose outcome nobody has told yet; without one to the last that has begun.
fn over(case: &mut Case<'_>) -> Option<Consultation> {
    let now = case.round.now;
    if let Some(meant) = meant(case).filter(|c| c.start <= now) {
        return Some(meant);
    }
    let begun = || case.all.iter().filter(|c| c.live() && c.start <= now);
    let ordinal = begun().filter(|c| c.outcome.is_none()).max_by_key(|c| c.start).or_else(|| begun().max_by_key(|c| c.start)).map(|c| c.ordinal)?;
    case.focus(ordinal);
    case.consultation.clone()
}

/// The consultation that the letter speaks of by itself.
fn meant(case: &mut Case<'_>) -> Option<Consultation> {
    let ordinal = case.meant?;
    case.focus(ordinal);
    case.consultation.clone().filter(|c| c.live())
}

/// It took place.
pub(super) fn held(case: &mut Case<'_>, recommendations: Option<&str>) -> Result<(), String> {
    let Some(c) = over(case) else { return Err(format!("appeal {} has no consultation that has begun", case.appeal.number)) };
    if c.outcome == Some(Outcome::Held) && recommendations.is_none() {
        return Err(format!("the consultation of appeal {} is marked as held already", case.appeal.number));
    }
    settle(case, Outcome::Held, "консультация состоялась");
    if let Some(text) = recommendations {
        recommend(case, text)?;
    }
    case.appeal.met.get_or_insert(case.round.now);
    finish(case, "консультация состоялась", true);
    Ok(())
}

fn settle(case: &mut Case<'_>, outcome: Outcome, what: &str) {
    if let Some(c) = &mut case.consultation {
        c.outcome = Some(outcome);
        c.silent_at = None;
    }
    case.book();
    case.note(Event::Held, what);
}

/// Recommendations to the author; the journal only says that there are any.
pub(super) fn recommend(case: &mut Case<'_>, text: &str) -> Result<(), String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("the recommendations have no words".into());
    }
    let now = case.round.now;
    let next = case.all.iter().filter(|c| c.live() && c.start > now).map(|c| c.start).min();
    let signer = case
        .consultation
        .as_ref()
        .and_then(|c| case.round.settings.person(&c.specialist))
        .or_else(|| case.assignee())
        .map_or_else(|| case.round.settings.school.clone(), |p| format!("{}, {}", p.name, p.post));
    if let Some(c) = &mut case.consultation {
        c.recommendations = Some(c.recommendations.take().map_or_else(|| text.to_owned(), |before| format!("{before}\n\n{text}")));
    }
    case.book();
    let letter = Recommendations { name: case.appeal.name.clone(), number: case.appeal.number, text: text.to_owned(), signer, next };
    let key = case.key("recommendations");
    case.replying = true;
    if !case.to_author(Kind::Answer, key, None, &letter) {
        phone::call(case, About::Answer, phone::lines(text), "рекомендации после консультации, адреса почты нет");
    }
    case.note(Event::Added, "рекомендации отправлены автору");
    Ok(())
}

/// Nothing is left to come: the appeal is closed, and the next day the questionnaire goes out (000 App. 2).
pub(super) fn finish(case: &mut Case<'_>, why: &str, survey: bool) {
    let now = case.round.now;
    if case.all.iter().any(|c| c.live() && c.start > now) || case.step(Move::Close).is_err() {
        return;
    }
    case.close(Ending::Answered, format!("закрыта: {why}"));
    let Some(c) = case.consultation.as_ref().filter(|_| survey && asked_for_opinion(case)) else { return };
    let letter = Survey { name: case.appeal.name.clone(), number: case.appeal.number, start: c.start };
    let key = survey_key(case, c.ordinal);
    let (worktime, tomorrow) = (&case.round.settings.worktime, case.round.date(now) + TimeDelta::days(1));
    let zone_day = if tomorrow.weekday() == Weekday::Sun { tomorrow + TimeDelta::days(1) } else { tomorrow };
    let at = worktime.local(zone_day, NaiveTime::from_hms_opt(10, 0, 0).unwrap_or_default());
    case.not_before = Some(case.round.class_hours(at, case.class.as_deref()));
    case.to_author(Kind::Survey, key, None, &letter);
    case.not_before = None;
}

/// Never after a crisis or a complaint (000 App. 2 is for consultations that went their ordinary way).
fn asked_for_opinion(case: &Case<'_>) -> bool {
    !case.appeal.delicate && !case.appeal.urgent && !case.appeal.complaint
}

fn survey_key(case: &Case<'_>, ordinal: u32) -> String {
    format!("survey/{}/{ordinal}", case.appeal.number)
}

/// It did not take place.
pub(super) fn not_held(case: &mut Case<'_>, outcome: Outcome, reason: Option<&str>) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    match outcome {
        Outcome::Held => Err("that is what `held` says".into()),
        Outcome::NoShow => no_show(case),
        Outcome::Failed => failed(case, reason),
        Outcome::NotHeld => another(case, reason),
    }
}

/// The family did not come: a friendly word, and the appeal is closed until they write.
fn no_show(case: &mut Case<'_>) -> Result<(), String> {
    let Some(c) = over(case).filter(|c| c.outcome.is_none()) else {
        return Err(format!("appeal {} has no consultation that has begun and is still to be marked", case.appeal.number));
    };
    settle(case, Outcome::NoShow, "семья не пришла");
    let letter = NoShow { name: case.appeal.name.clone(), number: case.appeal.number, start: c.start };
    let key = format!("no_show/{}/{}", case.appeal.number, c.ordinal);
    if !case.appeal.delicate {
        case.to_author(Kind::Answer, key, None, &letter);
    }
    finish(case, "семья не пришла", false);
    Ok(())
}

/// The connection failed, before or during it: the author hears at once that it will not be, the head allows another date.
fn failed(case: &mut Case<'_>, reason: Option<&str>) -> Result<(), String> {
    let now = case.round.now;
    let open = |c: &Consultation| c.live() && c.outcome.is_none();
    let meant = meant(case);
    // Without a word about which: the one that was to begin within the last day, else the next.
    let recent = |c: &Consultation| meant.is_none() && c.start > now - TimeDelta::days(1);
    let begun = over(case).filter(|c| open(c) && recent(c)).map(|c| c.ordinal);
    let next = || case.all.iter().filter(|c| open(c) && c.start > now).min_by_key(|c| c.start).map(|c| c.ordinal);
    let Some(ordinal) = meant.as_ref().filter(|c| open(c)).map(|c| c.ordinal).or(begun).or_else(next) else {
        return Err(format!("appeal {} has no consultation that could fail", case.appeal.number));
    };
    case.focus(ordinal);
    let Some(c) = case.consultation.clone() else { return Ok(()) };
    // What a specialist writes about a confidential appeal stays with them.
    let why = reason.filter(|_| !case.confidential()).map_or_else(|| "сбой связи".to_owned(), |r| format!("сбой связи: {r}"));
    case.replying = true;
    if c.end > now {
        moves::cancel(case, &why, Some("по техническим причинам"), true);
    } else {
        case.appeal.met = None;
    }
    if let Some(c) = &mut case.consultation {
        c.outcome = Some(Outcome::Failed);
    }
    case.book();
    if c.end > now && c.stage == Stage::Invited && c.start - now < CALL_WITHIN && case.appeal.email.is_some() && case.appeal.phone.is_some() {
        let say = vec![
            format!("Здравствуйте, это {}, по заявке № {}.", case.round.settings.school, case.appeal.number),
            "Консультация сейчас не состоится: неполадки со связью.".to_owned(),
            "О новом времени сообщим письмом.".to_owned(),
        ];
        assign::call(case, say, "до начала меньше двух часов, письмо могут не увидеть");
    }
    let question = format!("Консультация не состоялась, причина: {why}. Разрешите, пожалуйста, новую дату.");
    assign::ask(case, question, &[]);
    Ok(())
}

/// The head allows another date (000 4.2.1): the same specialist's next time, in a second letter.
pub(super) fn allow(case: &mut Case<'_>) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    if case.ahead() {
        return Err(format!("appeal {} has a consultation to come; move it instead", case.appeal.number));
    }
    let Some(person) = case.all.last().and_then(|c| case.round.settings.person(&c.specialist)) else {
        return Err(format!("appeal {} had no consultation; assign it first", case.appeal.number));
    };
    case.note(Event::Extended, "руководитель разрешил новую дату");
    consult::arrange(case, &[person], &[], Some(&person.id));
    Ok(())
}

/// For another reason: the next time of the same specialist.
fn another(case: &mut Case<'_>, reason: Option<&str>) -> Result<(), String> {
    let why = reason.map_or_else(|| "консультация не состоялась".to_owned(), |r| format!("консультация не состоялась: {r}"));
    let meant = meant(case);
    if meant.is_none_or(|c| c.start > case.round.now) && case.ahead() && case.consultation.as_ref().is_some_and(|c| c.start > case.round.now) {
        moves::find_another(case, &why, Some("консультация в прежнее время не состоится"), false);
        return Ok(());
    }
    let Some(c) = over(case).filter(|c| c.outcome.is_none()) else {
        return Err(format!("appeal {} has no consultation that is still to be marked", case.appeal.number));
    };
    settle(case, Outcome::NotHeld, &why);
    let Some(person) = case.round.settings.person(&c.specialist) else { return Ok(()) };
    case.appeal.met = None;
    consult::arrange(case, &[person], &[], Some(&person.id));
    Ok(())
}

/// A next meeting with the same specialist, who ordered it: no consent is awaited.
pub(super) fn again(case: &mut Case<'_>, start: Option<DateTime<Utc>>) -> Result<(), String> {
    let Some(person) = case.all.last().and_then(|c| case.round.settings.person(&c.specialist)).or_else(|| case.assignee()) else {
        return Err(format!("appeal {} has nobody to meet with; assign it first", case.appeal.number));
    };
    places::no_time_of_its_own(case)?;
    // The present meeting stays where it is: its time is taken too.
    let present = case.consultation.take();
    let found = match start {
        Some(at) => consult::exactly(case, person, at, "время назвал специалист"),
        None => {
            let from = case.round.now + TimeDelta::days(6);
            let to = from + TimeDelta::days(i64::from(case.round.settings.terms.horizon_days));
            let declined: Vec<_> = present.iter().flat_map(|c| c.declined.iter().map(|at| (c.specialist.clone(), *at))).collect();
            let found = consult::search(case, &[person], consult::Search { between: Some((from, to)), refused: Some(&declined), ..Default::default() });
            found.slot.clone().map(|s| (s, found))
        }
    };
    let found = found.ok_or_else(|| not_free(case, person));
    case.consultation = present;
    let (slot, choice) = found?;
    implied(case);
    reopened(case);
    consult::open(case, &slot, choice);
    agreed(case, person);
    Ok(())
}

/// Who speaks of a next meeting has held the one before.
pub(super) fn implied(case: &mut Case<'_>) {
    if over(case).is_some_and(|c| c.outcome.is_none() && c.stage == Stage::Invited) {
        settle(case, Outcome::Held, "консультация состоялась");
    }
}

/// Opened again for a further meeting: the questionnaire waits for the last one.
pub(super) fn reopened(case: &mut Case<'_>) {
    if case.step(Move::Reopen).is_ok() {
        case.appeal.closed = None;
        case.note(Event::Reopened, "назначается следующая встреча");
        if let Some(c) = &case.consultation {
            let key = survey_key(case, c.ordinal);
            case.effects.push(Effect::Withdraw(vec![key]));
        }
    }
}

/// The specialist's own order is their consent: their calendar gets the event, the author the invitation.
pub(super) fn agreed(case: &mut Case<'_>, person: &Specialist) {
    assign::assigned(case, person);
    // The head may order a further meeting too; whether they can, the specialist still says.
    if case.by.as_ref().is_some_and(|by| *by != person.id) {
        return consult::propose(case, person, &[]);
    }
    if let Some(c) = &mut case.consultation {
        c.staff.partstat = PartStat::Accepted;
        c.staff.replied = Some(case.round.now);
    }
    case.book();
    events::announce(case, person, &[]);
    consult::invite(case);
}

/// What to do where a time is not free.
pub(super) fn not_free(case: &Case<'_>, person: &Specialist) -> String {
    let times: Vec<String> =
        consult::several(case, &[person], consult::Search::default(), 3).iter().map(|(s, _)| super::counter::plain(case, s.start)).collect();
    if times.is_empty() {
        format!("{} has no free time in the next weeks; assign the appeal to somebody else", person.id)
    } else {
        format!("that time is not free in the windows of {}; free are: {}", person.id, times.join(", "))
    }
}
