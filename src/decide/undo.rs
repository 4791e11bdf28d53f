//! An order taken back within its hour: state, hands, terms and consultation as they were, letters that still wait withdrawn, those that left
//! corrected where their reader would be misled, and said plainly where they cannot be.
//!
//! Whoever has heard nothing of the order hears nothing of its end: their calendar, its SEQUENCE and the letters that had waited are as before. Not
//! here: who may and when (`judge`), what is kept (`store::undo`).

use super::case::Case;
use super::consult::exactly;
use super::events::{announce, announce_meeting, author_event, invitation, ordinal, slotted, staff_event};
use super::{alarm, consult, merge, moves, staff_words, undo_seats};
use crate::appeal::{Before, Call, Consultation, Stage};
use crate::compose::{Notice, Rescheduled, TaskMoved, Word};
use crate::effect::{Effect, Event};
use crate::facts::{Posted, Undo};
use crate::itip::{Method, PartStat};
use crate::outbox::Kind;
use crate::slots::{Choice, Slot, Specialist};

const CHANGED: &str = "После этого поручения по заявке было уже новое, поэтому ничего не возвращено. Напишите, что нужно сделать теперь.";
const TAKEN: &str = "Прежнее время уже занято или прошло, поэтому ничего не возвращено.";
const INVITED: &str =
    "Приглашение автору уже ушло, поэтому ничего не возвращено. Если время не подходит, напишите «перенести на четверг 16:00» или «отменить консультацию».";
const SERIES: &str =
    "Встреча записана в календаре одной строкой с остальными, поэтому одним словом её не вернуть. Напишите, что нужно сделать: «перенести на четверг 16:00».";

/// Takes the order back; the sentence for who asked.
///
/// # Errors
/// A sentence: why nothing is changed. The case may be half changed then, and is thrown away.
pub(super) fn undo(case: &mut Case<'_>, kept: &Undo, person: Option<&Specialist>) -> Result<String, String> {
    if (Before { into: kept.after.into, ..case.stands() }) != kept.after {
        return Err(CHANGED.to_owned());
    }
    case.by = person.map(|p| p.id.clone());
    let waits: Vec<String> = kept.letters.iter().filter(|l| l.waits).map(|l| l.key.clone()).collect();
    let author_told = kept.letters.iter().any(|l| l.outside && !l.waits && l.uid.is_some());
    // What had waited waits again, unless its reader has had something newer.
    let again = if author_told { Vec::new() } else { kept.withdrew.clone() };
    case.effects.push(Effect::TakeBack { id: kept.id, withdrawn: waits, again });
    undo_seats::given(case, kept)?;
    consultations(case, kept)?;
    undo_seats::lost(case, kept)?;
    for (key, value) in &kept.before.remembered {
        case.effects.push(Effect::Remember { key: key.clone(), value: if value.as_deref() == Some("off") { "off" } else { "on" } });
    }
    let acknowledged = case.appeal.acknowledged.is_some() && kept.before.acknowledged.is_none();
    kept.before.restore(&mut case.appeal);
    call(case, kept);
    if acknowledged {
        alarm::wake(case);
    }
    if let Some(main) = kept.after.into {
        case.effects.push(Effect::Unjoin { appeal: main, words: merge::joined_words(&case.appeal) });
    }
    if kept.taught {
        case.effects.push(Effect::Unlearn(case.appeal.number));
    }
    let unreturned = to_author(case, kept);
    to_staff(case, kept, person);
    let post = person.map_or("командная строка", |p| p.post.as_str());
    case.note(Event::Ordered, format!("поручение отменено ({post}): {}", kept.title));
    let mut said = format!("Возвращено как было: поручение «{}» отменено.", kept.title);
    for line in unreturned {
        said.push(' ');
        said.push_str(&line);
    }
    Ok(said)
}

/// The call waits or is done as it was; one that the order made is not to be made.
fn call(case: &mut Case<'_>, kept: &Undo) {
    if kept.before.call == kept.after.call {
        return;
    }
    let made = || kept.after.call.clone().map(|c| Call { done: Some(c.done.unwrap_or(case.round.now)), ..c });
    if let Some(call) = kept.before.call.clone().or_else(made) {
        case.effects.push(Effect::Call(Box::new(call.clone())));
        case.call = Some(call);
    }
    // The operator need be nobody of the register: who has the words of the order must not say them.
    let made = kept.after.call.as_ref().map(|c| c.letter.as_str());
    let left = kept.letters.iter().find(|l| !l.waits && Some(bare(l)) == made).filter(|l| case.round.settings.person_by_email(&l.to).is_none());
    if let Some(letter) = left {
        let lines = vec!["Предыдущее письмо о звонке по этой заявке больше не действует: поручение отменено.".to_owned()];
        let notice = Notice { number: Some(case.appeal.number), title: "звонок отменён".to_owned(), lines };
        let key = case.key("no_call");
        case.to_address(Kind::Other, key, &letter.to, None, Vec::new(), &notice);
    }
}

/// First what the order made goes, then what it changed comes back: the freed time may be the one that is needed.
fn consultations(case: &mut Case<'_>, kept: &Undo) -> Result<(), String> {
    let main = case.consultation.as_ref().map(|c| c.ordinal);
    let now = kept.after.consultations.clone();
    let before = |ordinal: u32| kept.before.consultations.iter().find(|b| b.ordinal == ordinal);
    let back = now.iter().any(|c| before(c.ordinal).is_some_and(|b| b.live() && !c.live()));
    for c in now.iter().filter(|c| before(c.ordinal).is_none() && c.live()) {
        case.focus(c.ordinal);
        if told(kept, c) {
            moves::cancel(case, "прежнее решение возвращено", Some("решение изменилось"), back);
        } else if let Some(made) = &mut case.consultation {
            (made.stage, made.silent_at, made.invite_by) = (Stage::Cancelled, None, None);
            case.book();
        }
    }
    let mut meetings = Vec::new();
    for c in &now {
        let Some(b) = before(c.ordinal).filter(|b| *b != c) else { continue };
        case.focus(c.ordinal);
        if *c == (Consultation { series: c.series, ..b.clone() }) {
            // It only was the first of a series that is no more.
            case.consultation = Some(b.clone());
            case.book();
            continue;
        }
        if c.original.is_some() && b.live() && c.live() && told(kept, c) {
            return Err(SERIES.to_owned());
        }
        one(case, kept, b, c, &mut meetings)?;
    }
    // The meetings of a series are told when all of them are back: each says which of how many it is.
    for ordinal in meetings {
        case.focus(ordinal);
        let person = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)).ok_or(TAKEN)?;
        announce_meeting(case, person, None);
        consult::invite_meeting(case, person, None);
    }
    let ahead = case.all.iter().filter(|c| c.live() && c.outcome.is_none() && c.end > case.round.now).min_by_key(|c| c.start).map(|c| c.ordinal);
    if let Some(main) = ahead.or(main) {
        case.focus(main);
    }
    Ok(())
}

/// Whether anybody has had a letter of the order about this consultation.
fn told(kept: &Undo, c: &Consultation) -> bool {
    staff_told(kept, c) || c.author.as_ref().is_some_and(|a| left(kept, &a.uid))
}

fn staff_told(kept: &Undo, c: &Consultation) -> bool {
    left(kept, &c.staff.uid)
}

fn left(kept: &Undo, uid: &str) -> bool {
    kept.letters.iter().any(|l| !l.waits && l.uid.as_deref().is_some_and(|u| u.eq_ignore_ascii_case(uid)))
}

/// One consultation that the order changed.
fn one(case: &mut Case<'_>, kept: &Undo, b: &Consultation, c: &Consultation, meetings: &mut Vec<u32>) -> Result<(), String> {
    if !b.live() {
        return Ok(());
    }
    let heard = told(kept, c) || told(kept, b);
    if !heard {
        free(case, b, c)?;
        case.consultation = Some(b.clone());
        case.book();
        return Ok(());
    }
    match (c.live(), b.specialist == c.specialist) {
        (true, true) => same_people(case, kept, b, c),
        (true, false) => {
            let person = case.round.settings.person(&b.specialist).ok_or(TAKEN)?;
            free(case, b, c)?;
            let slot = exactly(case, person, b.start, "прежнее решение возвращено").ok_or(TAKEN)?;
            moves::replace_with(case, slot, "прежнее решение возвращено").map_err(|_| TAKEN.to_owned())
        }
        (false, _) => reopened(case, b, c, meetings),
    }
}

/// The time as it was; whoever has heard of the other one gets the old one with the next SEQUENCE.
fn same_people(case: &mut Case<'_>, kept: &Undo, b: &Consultation, c: &Consultation) -> Result<(), String> {
    let (staff_told, author_told) = (staff_told(kept, c), c.author.as_ref().is_some_and(|a| left(kept, &a.uid)));
    if b.author.is_none() && author_told {
        return Err(INVITED.to_owned());
    }
    free(case, b, c)?;
    let mut restored = b.clone();
    // The family's next letter is known by this number: whoever has heard of the order, it goes on.
    if staff_told || author_told {
        restored.staff.sequence = c.staff.sequence + 1;
        restored.staff.dtstamp = case.dtstamp(c.staff.dtstamp);
    }
    let moved = b.start != c.start || b.channel != c.channel;
    if let (true, Some(a), Some(now)) = (author_told, &mut restored.author, &c.author) {
        a.sequence = now.sequence + 1;
        a.dtstamp = case.dtstamp(now.dtstamp);
        if moved {
            (a.partstat, a.replied) = (PartStat::NeedsAction, None);
        }
    }
    case.consultation = Some(restored);
    case.book();
    let Some(person) = case.round.settings.person(&b.specialist) else { return Err(TAKEN.to_owned()) };
    let n = case.appeal.number;
    if moved {
        case.note(Event::Moved, "консультация возвращена на прежнее время");
    }
    if staff_told && let (Some(slot), Some(event)) = (slotted(case, person), staff_event(case, person, Method::Request)) {
        let letter =
            TaskMoved {
                number: n, slot, old_start: c.start, reason: "прежнее решение возвращено".to_owned(), agreed: b.staff.partstat == PartStat::Accepted
            };
        let key = format!("task_moved/{n}/{}", ordinal(case));
        case.to_address(Kind::Update, key, &person.email.clone(), Some(event), Vec::new(), &letter);
    }
    if author_told
        && moved
        && let Some(invitation) = invitation(case, person)
    {
        let letter = Rescheduled { invitation, old_start: c.start, reason: Some("вернулись к прежнему времени".to_owned()) };
        let event = author_event(case, person, Method::Request);
        let key = format!("rescheduled/{n}/{}", ordinal(case));
        case.to_author(Kind::Update, key, event, &letter);
    }
    Ok(())
}

/// After a CANCEL a UID is never used again (RFC 5546 §3.2.5): the same time in a new event. One of a series is told later, with the others.
fn reopened(case: &mut Case<'_>, b: &Consultation, c: &Consultation, meetings: &mut Vec<u32>) -> Result<(), String> {
    if b.stage == Stage::Offered {
        return Err(TAKEN.to_owned());
    }
    free(case, b, c)?;
    let person = case.round.settings.person(&b.specialist).ok_or(TAKEN)?;
    let slot = Slot { specialist: b.specialist.clone(), start: b.start, end: b.end, channel: b.channel.clone(), place: None };
    consult::open(case, &slot, Choice { slot: Some(slot.clone()), wish_met: !b.wish_unmet, reasons: b.why.clone() });
    if let Some(made) = &mut case.consultation {
        (made.staff.partstat, made.staff.replied, made.silent_at, made.invite_by) = (b.staff.partstat, b.staff.replied, b.silent_at, b.invite_by);
        // In its series again; as an event of its own, since the rule of the old one is cancelled for that day.
        made.series = b.series;
        if b.series.is_some() && b.stage == Stage::Invited {
            (made.stage, made.silent_at, made.invite_by) = (Stage::Invited, None, None);
            meetings.push(made.ordinal);
        }
    }
    case.book();
    case.note(Event::Moved, "консультация возвращена: она состоится");
    // Invite first needs the appeal to be in somebody's hands: it gets its old ones.
    case.appeal.state = crate::appeal::State::Assigned;
    case.appeal.assignee.get_or_insert_with(|| person.id.clone());
    case.appeal.closed = None;
    if meetings.last().is_some_and(|m| case.consultation.as_ref().is_some_and(|c| c.ordinal == *m)) {
        return Ok(());
    }
    if b.stage == Stage::Invited {
        consult::invite(case);
    }
    announce(case, person, &[]);
    Ok(())
}

/// The time is still to come and nobody else's by now.
fn free(case: &Case<'_>, b: &Consultation, c: &Consultation) -> Result<(), String> {
    let same = b.start == c.start && b.specialist == c.specialist && c.live();
    let own = c.live().then(|| c.busy());
    let taken = case.busy.iter().any(|t| t.specialist == b.specialist && t.start < b.end && b.start < t.end && Some(t) != own.as_ref());
    // What has begun and was only marked needs no time any more.
    if !same && (taken || b.start <= case.round.now) { Err(TAKEN.to_owned()) } else { Ok(()) }
}

/// What left to the author beside calendars: a correcting line where they would wait for the wrong thing. Returns what cannot be taken back.
fn to_author(case: &mut Case<'_>, kept: &Undo) -> Vec<String> {
    let open = if case.appeal.open() { "; заявка снова открыта" } else { "" };
    let (mut unreturned, mut lines, mut title) = (Vec::new(), Vec::new(), "прежнее письмо было ошибкой");
    for letter in kept.letters.iter().filter(|l| l.outside && !l.waits && l.uid.is_none()) {
        match what(letter) {
            "answer" => unreturned.push(format!("Ответ автору уже ушёл, вернуть его нельзя{open}.")),
            "recommendations" => unreturned.push(format!("Рекомендации автору уже ушли, вернуть их нельзя{open}.")),
            "question" => unreturned.push("Вопрос автору уже ушёл, вернуть его нельзя.".to_owned()),
            "extension" => {
                title = "прежний срок остаётся";
                let due = case.by_words(case.appeal.due.literal.max(case.appeal.due.office));
                lines.push(format!("Письмо о новом сроке отправлено по ошибке. Ответим, как обещали, не позднее {due}."));
            }
            "no_show" => lines.push("Письмо о том, что консультация не состоялась, отправлено по ошибке. Простите за беспокойство.".to_owned()),
            "joined" => {
                title = "ответим отдельно";
                lines.push("Предыдущее письмо отправлено по ошибке: на эту заявку ответим отдельно. Писать заново ничего не нужно.".to_owned());
            }
            _ => {}
        }
    }
    if !lines.is_empty() {
        let letter = Word { name: case.appeal.name.clone(), number: case.appeal.number, title: title.to_owned(), lines };
        let key = case.key("correction");
        if case.to_author(Kind::Other, key, None, &letter) {
            unreturned.push("Автору ушло короткое письмо, что прежнее было ошибкой.".to_owned());
        }
    }
    unreturned
}

/// The first word of a letter's key.
fn what(letter: &Posted) -> &str {
    bare(letter).split('/').next().unwrap_or_default()
}

/// A letter's key as it was decided.
fn bare(letter: &Posted) -> &str {
    letter.key.strip_prefix("shadow/").unwrap_or(&letter.key)
}

/// Colleagues to whom a letter of the order has gone hear that it counts no more, once.
fn to_staff(case: &mut Case<'_>, kept: &Undo, person: Option<&Specialist>) {
    let mut told: Vec<String> = case.effects.iter().filter_map(|e| if let Effect::Post(p) = e { Some(p.to.clone()) } else { None }).collect();
    told.extend(person.map(|p| p.email.clone()));
    for letter in kept.letters.iter().filter(|l| !l.outside && !l.waits) {
        if told.contains(&letter.to) {
            continue;
        }
        told.push(letter.to.clone());
        let Some(reader) = case.round.settings.person_by_email(&letter.to) else { continue };
        let lines = vec!["Предыдущее письмо по этой заявке больше не действует: поручение отменено.".to_owned(), staff_words::present(case)];
        let notice = Notice { number: Some(case.appeal.number), title: "поручение отменено".to_owned(), lines };
        let key = case.key(&format!("taken_back/{}", reader.id));
        case.to_staff(Kind::Other, key, reader, &notice);
    }
}
