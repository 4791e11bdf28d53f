//! What a consultation's letters carry: UIDs, the event as each person's calendar sees it, the invitation, the words of a call.

use super::case::Case;
use super::consult::policy;
use super::{Round, assign, phone, series};
use crate::appeal::{About, Answer, Stage};
use crate::compose::{Ask, Choice, Invitation, Listed, Slotted, Way, domain_of, event_text, hmac_token, phone};
use crate::itip::{Alarm, Event, Method, Series};
use crate::outbox::Kind;
use crate::settings::Policy;
use crate::slots::{Silence, Specialist, WeeklyWindow, channel_kind};
use crate::understand::Channel;
use chrono::{DateTime, Datelike, Utc};

/// 128 unguessable bits for each person's event: privacy, correlation and protection in one.
pub(super) fn uid(case: &Case<'_>, ordinal: u32, who: &str) -> String {
    let composer = &case.round.settings.composer;
    let token = hmac_token(&composer.key, "uid", &format!("{}/{ordinal}/{who}", case.appeal.number));
    format!("{token}@{}", domain_of(&composer.address))
}

/// The specialist's task with the invitation to their calendar.
pub(super) fn announce(case: &mut Case<'_>, person: &Specialist, listed: &[Listed]) {
    let mut letter = assign::task(case, listed, false);
    letter.slot = slotted(case, person);
    let Some(event) = staff_event(case, person, Method::Request) else { return };
    let key = format!("task/{}/{}", case.appeal.number, ordinal(case));
    let files = case.files.clone();
    case.to_address(Kind::Task, key, &person.email.clone(), Some(event), files, &letter);
}

pub(super) fn ordinal(case: &Case<'_>) -> String {
    case.consultation.as_ref().map_or_else(String::new, |c| format!("{}/{}", c.ordinal, c.staff.sequence))
}

pub(super) fn slotted(case: &Case<'_>, person: &Specialist) -> Option<Slotted> {
    let c = case.consultation.as_ref()?;
    let consent = c.stage == Stage::Proposed && person.silence == Silence::Consent && policy(case) == Policy::SpecialistFirst;
    Some(Slotted { start: c.start, end: c.end, channel: c.channel.clone(), silent_until: c.silent_at.filter(|_| consent), why: c.why.clone() })
}

/// How to connect: the window's own place for a meeting in person, else what the register says of the channel.
pub(super) fn connect(round: &Round<'_>, person: &Specialist, channel: &str, start: DateTime<Utc>) -> Option<String> {
    let local = round.settings.worktime.to_local(start);
    let holds = |w: &&WeeklyWindow| w.holds_on(local.date(), local.weekday()) && w.from <= local.time() && local.time() < w.to;
    let place = || person.windows.iter().find(holds).and_then(|w| w.place.clone());
    let there = channel_kind(channel) == Some(Channel::InPerson);
    place().filter(|_| there).or_else(|| person.connect.iter().find(|(k, _)| k == channel).map(|(_, how)| how.clone()))
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
        description: event_text::description(
            case.appeal.number,
            c.start,
            c.end,
            s.worktime.zone,
            &channel,
            connect(&case.round, person, &c.channel, c.start).as_deref(),
            &s.phone,
        ),
        location: channel,
        // One meeting of a series that is one event: told in the time of the school's zone, as the rule is.
        series: c.original.map(|_| Series { zone: s.worktime.zone, interval: 1, count: 1, exdates: Vec::new() }),
        recurrence_id: c.original,
        conference: connect(&case.round, person, &c.channel, c.start).filter(|how| how.starts_with("https://") && !how.contains(char::is_whitespace)),
        // A change of time has taken the answer back; what changes nothing but words keeps it (RFC 5546 §3.2.2).
        partstat: answer.partstat,
        organizer: (s.school.clone(), s.address.clone()),
        attendee,
        alarm: alarm.filter(|_| method == Method::Request),
    })
}

pub(super) fn staff_event(case: &Case<'_>, person: &Specialist, method: Method) -> Option<Event> {
    let c = case.consultation.as_ref()?;
    // 000 4.2: the specialist prepares 30 minutes before the start.
    let alarm = Alarm { minutes_before: case.round.settings.terms.prepare_minutes, text: event_text::summary(case.appeal.number) };
    event(case, method, &c.staff, (Some(person.name.clone()), person.email.clone()), person, Some(alarm))
}

pub(super) fn author_event(case: &Case<'_>, person: &Specialist, method: Method) -> Option<Event> {
    let c = case.consultation.as_ref()?;
    let alarm = Alarm { minutes_before: 24 * 60, text: event_text::summary(case.appeal.number) };
    event(case, method, c.author.as_ref()?, (None, case.appeal.email.clone()?), person, Some(alarm))
}

pub(super) fn invitation(case: &Case<'_>, person: &Specialist) -> Option<Invitation> {
    let c = case.consultation.as_ref()?;
    let place = series::place(case, c);
    // The letter of the second meeting, which begins the series, lists all dates.
    let begins = c.series.is_some_and(|first| case.all.iter().filter(|o| o.series == Some(first) && o.ordinal != first).all(|o| c.ordinal <= o.ordinal));
    Some(Invitation {
        meeting: place.as_ref().map(|(nth, of, _)| (*nth, *of)),
        dates: place.filter(|_| begins).map(|(_, _, dates)| dates).unwrap_or_default(),
        name: case.appeal.name.clone(),
        number: case.appeal.number,
        start: c.start,
        end: c.end,
        channel: c.channel.clone(),
        connect: connect(&case.round, person, &c.channel, c.start),
        specialist: super::Round::titled(person),
        wish_unmet: c.wish_unmet,
        phone: case.appeal.phone.as_deref().map(phone),
    })
}

/// The words of a call about the consultation's time.
pub(super) fn call_with_time(case: &mut Case<'_>, person: &Specialist, what: &str) {
    let Some(c) = &case.consultation else { return };
    let when = case.spoken(c.start);
    let say = vec![
        format!("Здравствуйте, это {}, по заявке № {}.", case.round.settings.school, case.appeal.number),
        format!("Вам {what}: {when}, {}.", event_text::channel_words(&c.channel)),
        format!("Специалист: {}.", person.post),
        "Подходит ли Вам это время?".to_owned(),
    ];
    phone::call(case, About::Time, say, "адреса электронной почты нет");
}

/// The invitation as it stands, once more: the same SEQUENCE, a later DTSTAMP.
pub(super) fn again(case: &mut Case<'_>, staff: bool) {
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    stamp(case);
    let n = case.appeal.number;
    if staff {
        let Some(event) = staff_event(case, person, Method::Request) else { return };
        let lines = vec!["Приглашение на консультацию ещё раз: время и способ прежние.".to_owned()];
        let letter = Ask { number: n, title: "приглашение ещё раз".into(), lines, options: Vec::new() };
        let key = case.key("again/staff");
        return case.to_address(Kind::Update, key, &person.email.clone(), Some(event), Vec::new(), &letter);
    }
    let (Some(letter), event) = (invitation(case, person), author_event(case, person, Method::Request)) else { return };
    let key = case.key("again/author");
    case.to_author(Kind::Update, key, event, &letter);
}

/// Later DTSTAMPs for both calendars, where something but the time is told.
pub(super) fn stamp(case: &mut Case<'_>) {
    let Some(c) = &case.consultation else { return };
    let (staff, author) = (case.dtstamp(c.staff.dtstamp), c.author.as_ref().map(|a| case.dtstamp(a.dtstamp)));
    if let Some(c) = &mut case.consultation {
        c.staff.dtstamp = staff;
        if let (Some(a), Some(at)) = (&mut c.author, author) {
            a.dtstamp = at;
        }
    }
    case.book();
}

/// Another way of meeting at the same time: both calendars hear of it, nobody has to answer again.
pub(super) fn way(case: &mut Case<'_>, channel: String, by_staff: bool) {
    let Some(person) = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)) else { return };
    let choosing = case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Offered);
    if choosing {
        // The specialist has heard nothing yet, and the times are still open: it counts as the author's wish.
        case.appeal.channel = channel_kind(&channel).or(case.appeal.channel);
    }
    if let Some(c) = &mut case.consultation {
        c.channel = channel;
    }
    if !choosing {
        stamp(case);
    }
    case.book();
    let n = case.appeal.number;
    let words = case.consultation.as_ref().map(|c| event_text::channel_words(&c.channel)).unwrap_or_default();
    case.note(crate::effect::Event::Moved, format!("способ связи: {words}"));
    if !choosing && let Some(event) = staff_event(case, person, Method::Request) {
        let asked = if by_staff {
            "Способ связи изменён, автор об этом знает"
        } else {
            "Автор просит другой способ связи"
        };
        let letter = Ask {
            number: n, title: format!("консультация {words}"), lines: vec![format!("{asked}: {words}. Время прежнее.")], options: Vec::new()
        };
        let key = case.key("way/staff");
        case.to_address(Kind::Update, key, &person.email.clone(), Some(event), Vec::new(), &letter);
    }
    if case.consultation.as_ref().is_some_and(|c| c.stage == Stage::Invited)
        && let Some(invitation) = invitation(case, person)
    {
        let event = author_event(case, person, Method::Request);
        let key = case.key("way/author");
        case.to_author(Kind::Update, key, event, &Way { invitation, specialist: false });
    }
}

/// A further meeting of a series, for the specialist's calendar; with a rule all of them at once.
pub(super) fn announce_meeting(case: &mut Case<'_>, person: &Specialist, rule: Option<&Series>) {
    let Some(c) = case.consultation.clone() else { return };
    let (nth, of) = series::place(case, &c).map_or((1, 1), |(nth, of, _)| (nth, of));
    let Some(event) = staff_event(case, person, Method::Request).map(|e| ruled(e, rule)) else { return };
    let when = case.spoken(c.start);
    let lines = vec![format!("Встреча {nth} из {of}: {when}, {}.", event_text::channel_words(&c.channel))];
    let letter = Ask { number: case.appeal.number, title: format!("встреча {nth} из {of}"), lines, options: Vec::new() };
    let key = format!("task/{}/{}", case.appeal.number, ordinal(case));
    case.to_address(Kind::Task, key, &person.email.clone(), Some(event), Vec::new(), &letter);
}

/// The event as the whole series.
pub(super) fn ruled(event: Event, rule: Option<&Series>) -> Event {
    match rule {
        Some(rule) => Event { series: Some(rule.clone()), recurrence_id: None, ..event },
        None => event,
    }
}

/// Orders in words, each with its button's label.
pub(super) fn options(list: &[(&str, &str)]) -> Vec<Choice> {
    list.iter().map(|(words, label)| Choice::of(label, words)).collect()
}
