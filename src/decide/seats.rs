//! One family's place in a group: invited, waiting, moved, given up. Each letter goes through the family's own case and knows no other family.
//!
//! Not here: who gets a place (`group`), what answers mean (`group_answers`).

use super::case::Case;
use super::{Round, assign, events, moves};
use crate::appeal::{Answer, Consultation, Meeting, Move, Place, Seat, State};
use crate::compose::{
    GroupCancelled, GroupFamily, GroupInvitation, GroupMoved, GroupWaiting, Letter, SeatEnd, SeatNews, SeatNext, domain_of, event_text, group_description,
    hmac_token,
};
use crate::effect::Effect;
use crate::effect::Event as Happened;
use crate::itip::{Alarm, Event, Method, PartStat};
use crate::outbox::Kind;
use chrono::{DateTime, TimeDelta, Utc};

/// 128 unguessable bits for each person's event.
pub(super) fn uid(round: &Round<'_>, of: &str) -> String {
    let composer = &round.settings.composer;
    format!("{}@{}", hmac_token(&composer.key, "uid", &format!("group/{of}")), domain_of(&composer.address))
}

/// A new place. Who was there before joins anew: later than then, with a UID of its own.
pub(super) fn new_seat(case: &Case<'_>, meeting: &Meeting, before: Option<&Seat>) -> Seat {
    let (now, number) = (case.round.now, case.appeal.number);
    let joined = before.map_or(now, |s| now.max(s.joined + TimeDelta::seconds(1)));
    let uid = uid(&case.round, &format!("{}/{number}/{}", meeting.id, joined.timestamp()));
    let author = Answer { uid, sequence: 0, dtstamp: now - TimeDelta::seconds(1), partstat: PartStat::NeedsAction, replied: None };
    Seat { meeting: meeting.id, appeal: number, place: Place::Waiting, joined, author, asked: None, missed: false }
}

/// The key of a family's letter: meeting, appeal, since when, SEQUENCE, what. [`of_key`] reads it.
fn key(seat: &Seat, what: &str) -> String {
    format!("group/{}/{}/{}/{}/{what}", seat.meeting, seat.appeal, seat.joined.timestamp(), seat.author.sequence)
}

/// Which seat (by meeting and moment of joining) and SEQUENCE the letter with this key spoke of.
pub(super) fn of_key(key: &str) -> Option<(i64, i64, u32)> {
    let mut parts = key.trim_start_matches("shadow/").strip_prefix("group/")?.split('/');
    let (meeting, _, joined) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?.parse().ok()?);
    Some((meeting, joined, parts.next()?.parse().ok()?))
}

/// Remembers the seat.
pub(super) fn put(case: &mut Case<'_>, seat: &Seat) {
    case.seats.retain(|s| s.meeting != seat.meeting);
    case.seats.push(seat.clone());
    case.effects.push(Effect::Seat(Box::new(seat.clone())));
}

/// What is told starts before the next noon: at once, at any hour.
fn soon(case: &mut Case<'_>, start: DateTime<Utc>) {
    case.soon |= start < case.round.next_noon();
}

/// Letters about the seat that still wait to leave are useless now.
fn withdraw(case: &mut Case<'_>, seat: &Seat) {
    let of = |sequence: u32| {
        let older = Seat { author: Answer { sequence, ..seat.author.clone() }, ..seat.clone() };
        ["invitation", "moved", "waiting", "tomorrow"].map(|what| key(&older, what))
    };
    let keys = (seat.author.sequence.saturating_sub(50)..=seat.author.sequence).flat_map(of).collect();
    case.effects.push(Effect::Withdraw(keys));
}

/// The family's event: its own address is the only one in it.
fn event(case: &Case<'_>, meeting: &Meeting, seat: &Seat, method: Method) -> Option<Event> {
    let (s, number) = (case.round.settings, case.appeal.number);
    let way = event_text::channel_words(&meeting.channel);
    let connect = s.person(&meeting.specialist).and_then(|p| events::connect(&case.round, p, &meeting.channel, meeting.start));
    let alarm = Alarm { minutes_before: 24 * 60, text: event_text::summary(number) };
    Some(Event {
        method,
        uid: seat.author.uid.clone(),
        sequence: seat.author.sequence,
        dtstamp: seat.author.dtstamp,
        start: meeting.start,
        end: meeting.end,
        summary: event_text::summary(number),
        description: group_description(number, (meeting.start, meeting.end), s.worktime.zone, &way, connect.as_deref(), &s.phone),
        location: way,
        organizer: (s.school.clone(), s.address.clone()),
        attendee: (None, case.appeal.email.clone()?),
        alarm: Some(alarm).filter(|_| method == Method::Request),
        series: None,
        recurrence_id: None,
        conference: None,
        partstat: seat.author.partstat,
    })
}

/// The words of an invitation.
pub(super) fn invitation(case: &Case<'_>, meeting: &Meeting, news: SeatNews) -> GroupInvitation {
    let person = case.round.settings.person(&meeting.specialist);
    GroupInvitation {
        name: case.appeal.name.clone(),
        number: case.appeal.number,
        topic: meeting.topic.clone(),
        start: meeting.start,
        end: meeting.end,
        channel: meeting.channel.clone(),
        connect: person.and_then(|p| events::connect(&case.round, p, &meeting.channel, meeting.start)),
        specialist: person.map_or_else(|| "специалист школы".to_owned(), Round::titled),
        certification: meeting.course_end.is_some(),
        news,
    }
}

/// The letter, or a call where there is no address.
fn tell<L: Letter>(case: &mut Case<'_>, kind: Kind, key: String, event: Option<Event>, letter: &L, spoken: &str) -> bool {
    if case.to_author(kind, key, event, letter) {
        return true;
    }
    let say = vec![format!("Здравствуйте, это {}, по заявке № {}.", case.round.settings.school, case.appeal.number), spoken.to_owned()];
    assign::call(case, say, "адреса электронной почты нет");
    false
}

/// The appeal is the group's specialist's now; a consultation of its own would be a second one.
fn taken_over(case: &mut Case<'_>, meeting: &Meeting) {
    if case.ahead() && case.consultation.as_ref().is_some_and(Consultation::live) {
        moves::cancel_all(case, "семья записана в группу", Some("вместо неё будет групповая"), true);
    }
    let Some(person) = case.round.settings.person(&meeting.specialist) else { return };
    if case.appeal.state == State::Undecided || case.appeal.assignee.as_deref() != Some(person.id.as_str()) {
        assign::assigned(case, person);
    }
    if case.step(Move::Take).is_ok() {
        case.appeal.taken.get_or_insert(case.round.now);
    }
}

/// Takes a family in: invited where a seat is free, else in the waiting list.
pub(super) fn join(case: &mut Case<'_>, meeting: &Meeting, free: bool) -> Seat {
    let mut seat = new_seat(case, meeting, case.seats.iter().find(|s| s.meeting == meeting.id));
    if free {
        invite(case, meeting, &mut seat);
    } else {
        taken_over(case, meeting);
        case.note(Happened::Added, format!("в листе ожидания группы № {}", meeting.id));
        wait(case, meeting, &mut seat, false);
        to_specialist(case, meeting, "семья в листе ожидания", None);
    }
    seat
}

/// Invites a family; the main term is met with that letter (000 3.2).
pub(super) fn invite(case: &mut Case<'_>, meeting: &Meeting, seat: &mut Seat) {
    taken_over(case, meeting);
    withdraw(case, seat);
    seat.place = Place::Invited;
    seat.author.dtstamp = case.dtstamp(seat.author.dtstamp);
    put(case, seat);
    let letter = invitation(case, meeting, SeatNews::Invited);
    let event = event(case, meeting, seat, Method::Request);
    let spoken = format!("Вы записаны на групповую консультацию: {}, {}. Придёте?", case.spoken(meeting.start), event_text::channel_words(&meeting.channel));
    if tell(case, Kind::Invitation, key(seat, "invitation"), event, &letter, &spoken) {
        case.appeal.met.get_or_insert(case.round.now);
        case.note(Happened::Invited, format!("автору отправлено приглашение в группу № {}", meeting.id));
    } else {
        case.note(Happened::Invited, format!("в группу № {} автора пригласит по телефону оператор", meeting.id));
    }
    to_specialist(case, meeting, "семья получила место", None);
}

/// «Вы в листе ожидания»: the term runs on.
pub(super) fn wait(case: &mut Case<'_>, meeting: &Meeting, seat: &mut Seat, moved: bool) {
    put(case, seat);
    let a = &case.appeal;
    let due_date = a.met.is_none().then(|| case.round.date(a.due.literal.max(a.due.office))).filter(|d| *d >= case.round.date(case.round.now));
    let letter = GroupWaiting { name: a.name.clone(), number: a.number, topic: meeting.topic.clone(), start: meeting.start, moved, due_date };
    let spoken = format!("Вы в листе ожидания группы {}. Если место освободится, позвоним ещё раз.", case.spoken(meeting.start));
    tell(case, Kind::Answer, key(seat, "waiting"), None, &letter, &spoken);
}

/// The group meets at another time: SEQUENCE grows, the answer is asked anew.
pub(super) fn moved(case: &mut Case<'_>, meeting: &Meeting, seat: &mut Seat, old_start: DateTime<Utc>) {
    withdraw(case, seat);
    soon(case, old_start.min(meeting.start));
    seat.author.sequence += 1;
    seat.author.partstat = PartStat::NeedsAction;
    seat.author.replied = None;
    case.note(Happened::Moved, format!("группа № {} перенесена", meeting.id));
    if seat.place == Place::Waiting {
        return wait(case, meeting, seat, true);
    }
    seat.author.dtstamp = case.dtstamp(seat.author.dtstamp);
    put(case, seat);
    let letter = GroupMoved { invitation: invitation(case, meeting, SeatNews::Invited), old_start };
    let event = event(case, meeting, seat, Method::Request);
    let spoken = format!("Групповая консультация перенесена: теперь {}. Придёте?", case.spoken(meeting.start));
    tell(case, Kind::Update, key(seat, "moved"), event, &letter, &spoken);
}

/// Later DTSTAMP, same SEQUENCE: something but the time is told.
fn stamp(case: &mut Case<'_>, seat: &mut Seat) {
    seat.author.dtstamp = case.dtstamp(seat.author.dtstamp);
    put(case, seat);
}

/// The time of a group is everybody's: a family that asks for another hears so, its calendar by DECLINECOUNTER where it asked there (RFC 5546 §3.2.8).
pub(super) fn fixed(case: &mut Case<'_>, meeting: &Meeting, seat: &mut Seat, counter: bool) {
    stamp(case, seat);
    let event = event(case, meeting, seat, Method::DeclineCounter).filter(|_| counter);
    let letter = invitation(case, meeting, SeatNews::Fixed);
    let key = key(seat, &format!("fixed/{}", case.round.now.timestamp()));
    case.to_author(Kind::Answer, key, event, &letter);
}

/// A calendar asks for what is current (RFC 5546 §3.2.6): the same SEQUENCE once more, at most once an hour. False where there is nothing
/// to send, or it was sent just now.
pub(super) fn again(case: &mut Case<'_>, meeting: &Meeting, seat: &mut Seat) -> bool {
    if seat.place != Place::Invited || seat.author.dtstamp + TimeDelta::hours(1) > case.round.now {
        return false;
    }
    stamp(case, seat);
    case.replying = true;
    case.note(Happened::Added, format!("календарь попросил приглашение в группу № {} ещё раз: отправлено", meeting.id));
    let (letter, event) = (invitation(case, meeting, SeatNews::Again), event(case, meeting, seat, Method::Request));
    let key = key(seat, &format!("again/{}", case.round.now.timestamp()));
    case.to_author(Kind::Update, key, event, &letter);
    true
}

/// An invitation that is younger than this reminds by itself.
const FRESH: TimeDelta = TimeDelta::hours(36);

/// Whether the family is still to be reminded of the group a day before.
pub(super) fn to_remind(case: &Case<'_>, meeting: &Meeting, seat: &Seat, told: &[String]) -> bool {
    let may = !case.appeal.delicate && case.appeal.email.is_some() && case.appeal.open();
    may && meeting.start - seat.author.dtstamp >= FRESH && !told.contains(&key(seat, "tomorrow"))
}

/// A day before, by letter.
pub(super) fn remind(case: &mut Case<'_>, meeting: &Meeting, seat: &mut Seat) {
    let letter = invitation(case, meeting, SeatNews::Tomorrow);
    case.not_after = Some(meeting.start);
    case.to_author(Kind::Reminder, key(seat, "tomorrow"), None, &letter);
    case.not_after = None;
    case.note(Happened::Reminded, format!("автору напомнили о группе № {}", meeting.id));
}

/// Somebody else holds the group at the same time: the appeal goes with it, and who has a seat hears of it; the answer given counts.
pub(super) fn other_specialist(case: &mut Case<'_>, meeting: &Meeting, seat: &mut Seat, from: &str) {
    if case.appeal.assignee.as_deref() == Some(from) {
        taken_over(case, meeting);
    }
    case.note(Happened::Handover, format!("группу № {} проведёт другой специалист", meeting.id));
    if seat.place == Place::Waiting {
        return;
    }
    withdraw(case, seat);
    soon(case, meeting.start);
    stamp(case, seat);
    let (letter, event) = (invitation(case, meeting, SeatNews::Replaced), event(case, meeting, seat, Method::Request));
    let key = key(seat, &format!("other/{}", meeting.staff.sequence));
    let spoken = format!("Групповую консультацию {} проведёт другой специалист. Время прежнее.", case.spoken(meeting.start));
    tell(case, Kind::Update, key, event, &letter, &spoken);
}

/// Taken over from shadow mode: what the family was only said to have got goes out now, with the place and the UID that it has.
pub(super) fn from_shadow(case: &mut Case<'_>, meeting: &Meeting, seat: &mut Seat) {
    if seat.place == Place::Waiting {
        taken_over(case, meeting);
        return wait(case, meeting, seat, false);
    }
    invite(case, meeting, seat);
}

/// The family has no place any more: CANCEL where its calendar has the event.
pub(super) fn leave(case: &mut Case<'_>, meeting: &Meeting, seat: &mut Seat, why: SeatEnd, reason: Option<&str>, next: SeatNext) {
    withdraw(case, seat);
    soon(case, meeting.start);
    let waited = seat.place == Place::Waiting;
    seat.place = Place::Left;
    let mut cancel = None;
    if !waited {
        seat.author.sequence += 1;
        seat.author.dtstamp = case.dtstamp(seat.author.dtstamp);
        // What is over stays in calendars as it was.
        cancel = event(case, meeting, seat, Method::Cancel).filter(|_| meeting.start > case.round.now);
    }
    put(case, seat);
    let letter = GroupCancelled {
        name: case.appeal.name.clone(),
        number: case.appeal.number,
        start: meeting.start,
        why,
        waited,
        reason: reason.map(str::to_owned),
        next,
        certification: meeting.course_end.is_some(),
    };
    let spoken = match why {
        SeatEnd::Cancelled => format!("Групповая консультация {} не состоится.", case.spoken(meeting.start)),
        _ => format!("Запись в группу {} снята.", case.spoken(meeting.start)),
    };
    let done = match why {
        SeatEnd::Declined => "семья отказалась",
        SeatEnd::Removed => "запись снята",
        SeatEnd::Cancelled => "группы не будет",
        SeatEnd::Full => "место не освободилось",
    };
    case.note(Happened::Cancelled, format!("место в группе № {} свободно: {done}", meeting.id));
    tell(case, Kind::Cancel, key(seat, "cancelled"), cancel, &letter, &spoken);
}

/// The specialist hears what became of a family. About whom the matter is, reads nothing: such a family has no place here.
pub(super) fn to_specialist(case: &mut Case<'_>, meeting: &Meeting, what: &str, wrote: Option<&str>) {
    let Some(person) = case.round.settings.person(&meeting.specialist) else { return };
    let wrote = wrote.map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned);
    let letter = GroupFamily { id: meeting.id, start: meeting.start, what: what.to_owned(), wrote, task: assign::task(case, &[], false) };
    let key = case.key(&format!("group/{}/family", meeting.id));
    case.to_staff(Kind::Other, key, person, &letter);
}
