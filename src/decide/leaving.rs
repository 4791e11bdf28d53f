//! Letters to staff at the moment at which they would leave: so many a day and the rest as one list; none to whoever is away.
//!
//! What never waits: urgent matters, moves of today's and tomorrow's consultations, answers to what the reader just wrote, calls that the operator
//! has to make, reports; nor letters with a calendar object: a list is no invitation, and an invitation that leaves behind its cancellation would
//! stand in a calendar for good. Not here: hours (`Round::staff_hours`), what else keeps a letter back (`jobs::dispatch`).

use super::case::shadowed;
use super::{Round, absence};
use crate::appeal::{Appeal, State};
use crate::compose::{Action, Choice, DayList, Envelope, Letter, ListItem, Within, freeze, initials};
use crate::effect::Effect;
use crate::facts::{Aside, ForList, StaffLetter};
use crate::outbox::{Audience, Kind, SentCopy};
use crate::slots::{Presence, Specialist};
use chrono::{DateTime, TimeDelta, Utc};

/// What becomes of a letter to staff whose moment has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    /// It leaves.
    Now,
    /// It waits whole until then.
    Until(DateTime<Utc>),
    /// It stands aside, for the list of the day (`day`) or for the return (`away`).
    Aside(&'static str, DateTime<Utc>),
    /// The list is due.
    List,
}

/// Decides about a letter. `returning`: the letter that the reader finds on their return is due and not decided yet.
pub fn on_leaving(round: Round<'_>, letter: &StaffLetter, returning: bool) -> Leaving {
    let Some(person) = round.settings.person_by_email(&letter.to) else { return Leaving::Now };
    if matches!(letter.priority, 0 | 2) || letter.kind == Kind::CallTask || letter.event {
        return Leaving::Now;
    }
    if person.is_away(round.date(round.now)) {
        return while_away(round, person);
    }
    if letter.aside.as_deref() == Some("away") && returning {
        return Leaving::Until(round.now + TimeDelta::minutes(1));
    }
    let soon = letter.priority == 1 && letter.slot.is_some_and(|start| start < day_after_tomorrow(round));
    if soon || matches!(letter.kind, Kind::ReportDaily | Kind::ReportWeekly) {
        return Leaving::Now;
    }
    if letter.aside.as_deref() == Some("day") {
        return Leaving::List;
    }
    if letter.sent_today < round.settings.terms.staff_letters_a_day {
        return Leaving::Now;
    }
    Leaving::Aside("day", list_at(round))
}

/// Where the day after the next begins: a move of what starts before is told whatever the number of letters.
pub fn day_after_tomorrow(round: Round<'_>) -> DateTime<Utc> {
    round.settings.worktime.local(round.date(round.now) + TimeDelta::days(2), chrono::NaiveTime::MIN)
}

/// Where the local day began.
pub fn day_began(round: Round<'_>) -> DateTime<Utc> {
    round.settings.worktime.local(round.date(round.now), chrono::NaiveTime::MIN)
}

/// What is no calendar letter waits for the return.
fn while_away(round: Round<'_>, person: &Specialist) -> Leaving {
    let first = match person.presence(&round.settings.worktime, round.now) {
        Presence::Away(Some(day)) if !absence::without_end(person, round.date(round.now)) => day,
        // Away today only, or nobody knows for how long: asked again every working morning.
        _ => round.settings.worktime.next_workday(round.date(round.now)),
    };
    let until = round.staff_hours(round.settings.worktime.local(first, round.settings.terms.staff_from));
    Leaving::Aside("away", until)
}

fn next_morning(round: Round<'_>) -> DateTime<Utc> {
    let worktime = &round.settings.worktime;
    round.staff_hours(worktime.local(worktime.next_workday(round.date(round.now)), round.settings.terms.staff_from))
}

/// The end of the reader's day; after it the next working morning.
fn list_at(round: Round<'_>) -> DateTime<Utc> {
    let closes = round.settings.worktime.office(round.date(round.now)).map(|(_, closes)| closes);
    closes.filter(|at| *at > round.now).unwrap_or_else(|| next_morning(round))
}

/// The list of what stands aside. A single letter leaves as it is: nothing is decided then.
pub fn on_list(round: Round<'_>, person: &Specialist, facts: &ForList) -> Vec<Effect> {
    if facts.letters.len() < 2 {
        return Vec::new();
    }
    let key = format!("list/{}/{}", person.id, round.now.timestamp());
    let mut items: Vec<ListItem> = Vec::new();
    for appeal in &facts.appeals {
        if !items.iter().any(|i| i.number == appeal.number) && !appeal.excluded.contains(&person.id) {
            items.push(item(round, appeal, person, &key));
        }
    }
    items.sort_by_key(|i| (i.due.is_none(), i.due, i.number));
    let letters = facts.letters.iter().filter(|l| worth_telling(l)).map(|l| Within::of(&l.subject, &l.raw)).collect();
    let letter = DayList { most: round.settings.terms.staff_letters_a_day, items, letters };
    let mut effects = letter_of_many(round, key.clone(), &person.email, facts.letters.iter().any(|l| l.shell), &letter);
    effects.push(Effect::Replace { keys: facts.letters.iter().map(|l| l.key.clone()).collect(), heir: key });
    effects
}

/// What only says that something is to be done is said by the list itself; all else is told word by word.
pub(super) fn worth_telling(letter: &Aside) -> bool {
    // By their keys: questions after a consultation, a try to call, the director's list are of the same kinds and say more.
    let told_by_itself = ["handover/", "absent/", "done/", "soon/", "reminder/"].iter().any(|k| letter.key.starts_with(k));
    let rung = letter.appeal.is_some() && letter.key.starts_with("escalation/");
    !told_by_itself && !rung
}

/// An appeal as a line with its buttons, in the letter of this key.
pub(super) fn item(round: Round<'_>, a: &Appeal, person: &Specialist, key: &str) -> ListItem {
    let mine = a.assignee.as_deref() == Some(person.id.as_str());
    let what = match a.state {
        State::Closed => "закрыта, делать ничего не нужно",
        State::Undecided if mine => "решить, кто ответит",
        State::Assigned if mine => "взять в работу",
        State::Taken if mine && a.met.is_some() => "закрыть",
        State::Taken if mine && a.consultation => "провести консультацию",
        State::Taken if mine => "ответить автору",
        _ => "",
    };
    let holder = || a.assignee.as_deref().and_then(|id| round.settings.person(id)).map_or_else(|| "никто".to_owned(), |p| initials(&p.name));
    let what = if what.is_empty() { format!("ведёт {}", holder()) } else { what.to_owned() };
    let composer = &round.settings.composer;
    let action =
        |label: &str, words: &str, room: &str| Action::order(composer, (key, round.now), (a.number, &person.id), &Choice::with_room(label, words, room));
    let actions = match a.state {
        State::Undecided if mine => vec![action("Взять себе", "беру себе", ""), action("Передать", "передать", ": ")],
        State::Assigned if mine => vec![action("Взять в работу", "беру", ""), action("Ответить автору и закрыть", "готово", ": ")],
        State::Taken if mine => vec![action("Ответить автору и закрыть", "готово", ": ")],
        State::Assigned | State::Taken if round.settings.head.contains(&person.id) => {
            vec![action("Продлить срок", "продлить", " до "), action("Передать", "передать", ": ")]
        }
        _ => Vec::new(),
    };
    let due = (a.met.is_none() && a.open()).then(|| a.due.literal.max(a.due.office));
    ListItem { number: a.number, category: a.category.title().to_owned(), what, due, actions }
}

/// A letter about several appeals, in the reader's hours.
pub(super) fn letter_of_many<L: Letter>(round: Round<'_>, key: String, to: &str, shell: bool, letter: &L) -> Vec<Effect> {
    let envelope = Envelope {
        kind: Kind::Other,
        key,
        appeal: None,
        to: to.to_owned(),
        references: Vec::new(),
        replied: false,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::Staff,
        priority: 4,
        copy: if shell && !round.settings.sent_copy_full { SentCopy::Shell } else { SentCopy::Full },
        not_before: Some(round.staff_hours(round.now)),
        not_after: None,
        cause: None,
        due: None,
        press: None,
        now: round.now,
    };
    vec![Effect::Post(Box::new(shadowed(&round, freeze(&round.settings.composer, envelope, letter))))]
}
