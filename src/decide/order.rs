//! Orders of staff about one appeal, carried out. Who may is checked by whoever reads the order (`judge`; the command line may all: `command`).

use super::case::Case;
use super::{assign, calendar, consult, counter, events, held, moves, phone, places, returned, series, take_over};
use crate::appeal::{About, Due, Ending, Move, Outcome, State};
use crate::compose::{Answer, Extension};
use crate::effect::{Effect, Event};
use crate::itip::PartStat;
use crate::outbox::Kind;
use crate::slots::{Slot, Specialist, channel_kind};
use crate::understand::Category;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// What staff can order about an appeal. Those of the command line are written down for a rebuild, so their words never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Order {
    /// Give it to this member of staff.
    Assign(String),
    /// It belongs to another category; it is assigned anew.
    Category(Category),
    /// Take it into work.
    Take,
    /// Close, with the answer to the author or the reason why there is none.
    Close {
        /// Sent to the author.
        answer: Option<String>,
        /// Kept in the history.
        reason: Option<String>,
    },
    /// More time, by the head's leave (001 3.2.2).
    Extend {
        /// New local date.
        until: NaiveDate,
        /// Told to the author.
        reason: Option<String>,
    },
    /// Move the consultation to this start (the specialist's length and channel stay).
    Move(DateTime<Utc>),
    /// Cancel the consultation.
    Cancel(Option<String>),
    /// The specialist accepts the proposed time.
    Accept,
    /// The specialist declines it: the next slot.
    Decline,
    /// Hold it at this start with this member of staff: a proposal is taken.
    Slot {
        /// Id or address.
        specialist: String,
        /// Start.
        start: DateTime<Utc>,
    },
    /// Find another time of the same specialist; the reason is told to the author.
    Another(Option<String>),
    /// Another specialist holds it: this one, or whoever has the next free time.
    Replace(Option<String>),
    /// It stands as planned, though the specialist has not confirmed it.
    Stands,
    /// The way it is held: «phone», «Сферум», …
    Channel(String),
    /// It took place (000 4.3.2).
    Held {
        /// Sent to the author, kept for the journal.
        recommendations: Option<String>,
    },
    /// It did not take place.
    NotHeld {
        /// Why; [`Outcome::Held`] is refused.
        outcome: Outcome,
        /// In the words of whoever says so.
        reason: Option<String>,
    },
    /// After a technical failure the head allows another date (000 4.2.1).
    Allow,
    /// Recommendations for the author, after it or instead of it.
    Recommend(String),
    /// A next meeting: at this start, or the first that suits.
    Again(Option<DateTime<Utc>>),
    /// A series from the present meeting on.
    Series {
        /// Meetings in all, the present one included.
        count: u32,
        /// Weeks from one to the next.
        weeks: u32,
        /// One event with a rule instead of single ones.
        one_event: bool,
    },
    /// The rest of the series is cancelled.
    EndSeries(Option<String>),
    /// Into the group of this number.
    Join(i64),
    /// Whether the specialist is reminded half an hour before.
    Reminders(bool),
    /// «Вижу»: an urgent appeal is acknowledged.
    Acknowledge,
    /// The author was told by telephone.
    Called,
    /// Nobody was reached.
    Unreached,
    /// Who has the appeal calls by themselves.
    CallMyself,
    /// The author said by telephone that they come.
    Confirmed,
    /// Open a closed appeal again.
    Reopen,
    /// A question for the author.
    Ask(String),
    /// It is somebody else's; the head decides whose.
    NotMine(Option<String>),
    /// This appeal and the one of this number are one: the later closes into the earlier.
    Merge(i64),
    /// No more time is given.
    Keep(Option<String>),
    /// A remark for the history.
    Note(String),
    /// At go-live, still in shadow: a consultation that nobody outside was told of is taken back without a letter.
    #[serde(skip)]
    TakeBack,
    /// Taken over from shadow mode: what its author and staff were only said to have got goes out now, with a time found together with the others.
    #[serde(skip)]
    TakeOver(Option<Slot>),
}

/// Carries an order out on a case that may have been turned to another consultation.
pub(super) fn carry_out(case: &mut Case<'_>, order: &Order, owed: &[Kind]) -> Result<(), String> {
    let now = case.round.now;
    match order {
        Order::Assign(id) => give(case, id),
        Order::Category(category) => recategorise(case, *category),
        Order::Take => {
            case.step(Move::Take).map_err(|e| e.to_string())?;
            if case.appeal.assignee.is_none() {
                case.appeal.assignee = case.round.decider(&case.appeal.excluded).map(|p| p.id.clone());
            }
            case.appeal.taken.get_or_insert(now);
            case.appeal.question = None;
            case.note(Event::Taken, "взята в работу");
            Ok(())
        }
        Order::Close { answer, reason } => close(case, answer.as_deref(), reason.as_deref()),
        Order::Extend { until, reason } => extend(case, *until, reason.as_deref()),
        Order::Move(start) => move_to(case, *start),
        Order::Cancel(reason) => {
            if !case.ahead() {
                return Err(format!("appeal {} has no consultation to cancel", case.appeal.number));
            }
            let open = case.appeal.open();
            moves::cancel(case, reason.as_deref().unwrap_or("по решению школы"), reason.as_deref(), open);
            if open {
                // 000 4.2.1: the head allows another date; the author was just told that it follows.
                assign::ask(case, "Консультация отменена. Решите, пожалуйста, когда и кто её проведёт, или закройте заявку.".into(), &[]);
            }
            Ok(())
        }
        Order::Accept => staff_answer(case, PartStat::Accepted),
        Order::Decline => staff_answer(case, PartStat::Declined),
        Order::Acknowledge => {
            if !case.appeal.urgent {
                return Err(format!("appeal {} is not urgent; there is nothing to acknowledge", case.appeal.number));
            }
            case.appeal.acknowledged.get_or_insert(now);
            case.note(Event::Acknowledged, "тревогу видят");
            Ok(())
        }
        Order::Called | Order::Unreached | Order::CallMyself | Order::Confirmed => phone::order(case, order),
        Order::Reopen => {
            case.step(Move::Reopen).map_err(|e| e.to_string())?;
            let settings = case.round.settings;
            case.appeal.closed = None;
            case.appeal.met = None;
            case.appeal.taken = None;
            case.appeal.extended = false;
            case.appeal.take_due = crate::appeal::due_of(&settings.worktime, now, settings.terms.take);
            case.appeal.due = crate::appeal::due_of(&settings.worktime, now, settings.terms.answer);
            case.note(Event::Reopened, "открыта снова по поручению");
            match case.assignee() {
                Some(person) => assign::give(case, person, &[], true),
                None => assign::ask(case, "Заявка открыта снова. Решите, пожалуйста, кто ответит.".into(), &[]),
            }
            Ok(())
        }
        Order::Slot { specialist, start } => slot(case, specialist, *start),
        Order::Another(reason) => another(case, reason.as_deref()),
        Order::Replace(who) => replace(case, who.as_deref()),
        Order::Stands => stands(case),
        Order::Channel(channel) => channel_of(case, channel),
        Order::Held { recommendations } => held::held(case, recommendations.as_deref()),
        Order::NotHeld { outcome, reason } => held::not_held(case, *outcome, reason.as_deref()),
        Order::Allow => held::allow(case),
        Order::Recommend(text) => held::recommend(case, text),
        Order::Again(start) => held::again(case, *start),
        Order::Series { count, weeks, one_event } => series::begin(case, *count, *weeks, *one_event),
        Order::EndSeries(reason) => series::end(case, reason.as_deref()),
        Order::Join(group) => join(case, *group),
        Order::Reminders(wanted) => {
            let id = case.consultation.as_ref().map(|c| c.specialist.clone()).or_else(|| case.appeal.assignee.clone());
            let id = id.ok_or_else(|| format!("appeal {} has no specialist whose reminders could be meant", case.appeal.number))?;
            case.note(
                Event::Added,
                if *wanted {
                    "напоминания перед консультацией включены"
                } else {
                    "напоминания перед консультацией выключены"
                },
            );
            case.effects.push(Effect::Remember { key: format!("reminders/{id}"), value: if *wanted { "on" } else { "off" } });
            Ok(())
        }
        Order::Ask(text) => returned::ask_author(case, text),
        Order::NotMine(why) => returned::not_mine(case, why.as_deref()),
        Order::Keep(why) => returned::keep_term(case, why.as_deref()),
        // Two appeals change: whoever asks does it.
        Order::Merge(other) => Err(format!("appeals {} and {other} cannot be joined here", case.appeal.number)),
        Order::TakeBack => {
            if !take_over::answered(case, owed) {
                take_over::take_back(case);
            }
            Ok(())
        }
        Order::TakeOver(proposed) => take_over::take_over(case, owed, proposed.clone()),
        Order::Note(text) => {
            case.note(Event::Added, text.clone());
            Ok(())
        }
    }
}

/// The member of staff with this id or address, who may touch the appeal.
fn member<'a>(case: &Case<'a>, id: &str) -> Result<&'a Specialist, String> {
    let settings = case.round.settings;
    let Some(person) = settings.person(id).or_else(|| settings.person_by_email(id)) else {
        let known: Vec<_> = settings.staff.iter().map(|p| p.id.as_str()).collect();
        return Err(format!("no member of staff has the id {id}; known ids: {}", known.join(", ")));
    };
    if case.appeal.excluded.contains(&person.id) {
        return Err(format!("appeal {} is about {}; nobody handles a matter about themselves", case.appeal.number, person.id));
    }
    Ok(person)
}

fn give(case: &mut Case<'_>, id: &str) -> Result<(), String> {
    let person = member(case, id)?;
    if case.appeal.state == State::Closed {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    if places::only_in_groups(case).is_some() && person.categories.contains(&case.appeal.category) {
        places::into_group_of(case, person)?;
        case.appeal.unsure = false;
        return Ok(());
    }
    case.appeal.unsure = false;
    let consultation = case.appeal.consultation && person.categories.contains(&case.appeal.category) && !person.windows.is_empty();
    if case.ahead() && case.consultation.as_ref().is_some_and(|c| c.specialist != person.id) {
        moves::cancel_all(case, "заявка передана другому специалисту", Some("консультацию проведёт другой специалист"), true);
    }
    if consultation && !case.ahead() {
        consult::arrange(case, &[person], &[], Some(&person.id));
    } else {
        assign::give(case, person, &[], false);
    }
    Ok(())
}

/// Into a group, out of another one where the family has a place there.
fn join(case: &mut Case<'_>, group: i64) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    let planned = case.groups.iter().find(|g| g.meeting.id == group && g.meeting.ahead(case.round.now)).cloned();
    let planned = planned.ok_or_else(|| format!("there is no group {group} to come; `otklik group list` shows them"))?;
    member(case, &planned.meeting.specialist)?;
    if case.seated().is_some_and(|(m, _)| m.id == group) {
        return Err(format!("appeal {} has a place in group {group} already", case.appeal.number));
    }
    places::take_in(case, &planned);
    Ok(())
}

fn recategorise(case: &mut Case<'_>, category: Category) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    if case.ahead() {
        moves::cancel_all(case, "заявка относится к другой теме", None, true);
    }
    let rule = case.round.settings.categories.get(&category);
    if case.appeal.category != category {
        let unwanted = case.round.settings.staff_names.iter().map(|s| s.name.clone()).collect();
        case.effects.push(Effect::Learn { appeal: case.appeal.number, category, unwanted });
    }
    case.appeal.category = category;
    case.appeal.unsure = false;
    case.appeal.consultation = rule.is_some_and(|r| r.handled == crate::settings::Handling::Consultation);
    let terms = &case.round.settings.terms;
    let term = if case.appeal.consultation { terms.invite } else { terms.answer };
    case.appeal.due = crate::appeal::due_of(&case.round.settings.worktime, case.appeal.received, term);
    case.note(Event::Assigned, format!("тема: {}", category.title()));
    assign::first(case, Vec::new(), None);
    Ok(())
}

fn close(case: &mut Case<'_>, answer: Option<&str>, reason: Option<&str>) -> Result<(), String> {
    if answer.is_none() && reason.is_none() && case.appeal.met.is_none() {
        return Err("nothing was sent to the author yet: give --answer \"…\" (sent to the author) or --reason \"…\" (kept in the history)".into());
    }
    case.step(Move::Close).map_err(|e| e.to_string())?;
    let now = case.round.now;
    if let Some(text) = answer {
        let signer = case.assignee().map_or_else(|| case.round.settings.school.clone(), |p| format!("{}, {}", p.name, p.post));
        let letter = Answer { name: case.appeal.name.clone(), number: case.appeal.number, text: text.to_owned(), signer };
        let key = case.key("answer");
        if !case.to_author(Kind::Answer, key, None, &letter) {
            phone::call(case, About::Answer, phone::lines(text), "адреса электронной почты нет");
        }
    }
    case.appeal.met.get_or_insert(now);
    case.close(Ending::Answered, reason.map_or_else(|| "закрыта с ответом автору".to_owned(), |r| format!("закрыта: {r}")));
    moves::cancel_all(case, "заявка закрыта", Some("вопрос решён"), false);
    Ok(())
}

fn extend(case: &mut Case<'_>, until: NaiveDate, reason: Option<&str>) -> Result<(), String> {
    case.step(Move::Extend).map_err(|e| e.to_string())?;
    let worktime = &case.round.settings.worktime;
    let literal = worktime.last_second(until);
    if literal <= case.round.now {
        return Err(format!("{until} is past; name a day to come"));
    }
    let office = worktime.office(worktime.workday_from(until)).map_or(literal, |(_, closes)| closes.min(literal));
    case.appeal.due = Due { literal, office, provisional: false };
    case.appeal.extended = true;
    case.note(Event::Extended, format!("срок продлён до {}{}", until.format("%d.%m.%Y"), reason.map(|r| format!(": {r}")).unwrap_or_default()));
    let letter = Extension { name: case.appeal.name.clone(), number: case.appeal.number, until, reason: reason.map(str::to_owned) };
    let key = case.key("extension");
    if !case.to_author(Kind::Answer, key, None, &letter) {
        let say = vec![format!("Ответ по заявке № {} будет не позднее {}.", case.appeal.number, until.format("%d.%m"))];
        assign::call(case, say, "адреса электронной почты нет");
    }
    if case.by.is_some() {
        returned::tell_holder(case, "срок продлён", vec![format!("Руководитель продлил срок до {}. Автору об этом сказано.", until.format("%d.%m.%Y"))]);
    }
    Ok(())
}

fn move_to(case: &mut Case<'_>, start: DateTime<Utc>) -> Result<(), String> {
    // One that was missed and not yet marked can still be moved; one that is marked is over.
    let Some(c) = case.consultation.clone().filter(|c| c.live() && c.outcome.is_none()) else {
        return Err(format!("appeal {} has no consultation to move", case.appeal.number));
    };
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    if case.round.settings.person(&c.specialist).is_some_and(|p| p.is_away(case.round.date(start))) {
        return Err("the specialist is away on that day; name another or assign the appeal to somebody else".into());
    }
    if start <= case.round.now {
        return Err("that time is past; name a time to come".into());
    }
    let end = start + TimeDelta::minutes(i64::from(case.round.settings.terms.consultation_minutes));
    let taken = case.busy.iter().any(|b| b.specialist == c.specialist && b.start < end && start < b.end && *b != c.busy());
    if taken {
        return Err("the specialist has another consultation at that time".into());
    }
    let slot = Slot { specialist: c.specialist.clone(), start, end, channel: c.channel.clone(), place: None };
    let choice = crate::slots::Choice { slot: Some(slot.clone()), wish_met: true, reasons: vec!["время назначено поручением".into()] };
    moves::reschedule(case, &slot, choice, "по поручению", None, false);
    // The specialist's own move is their yes: the author is invited at once.
    if case.by.as_deref() == Some(slot.specialist.as_str()) {
        calendar::accepted_by_staff(case);
    }
    Ok(())
}

/// The same as a press in the calendar.
fn staff_answer(case: &mut Case<'_>, partstat: PartStat) -> Result<(), String> {
    let now = case.round.now;
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    if !case.ahead() {
        return Err(format!("appeal {} has no consultation to come", case.appeal.number));
    }
    let Some(c) = case.consultation.as_mut().filter(|c| c.live()) else {
        return Err(format!("appeal {} has no proposed consultation", case.appeal.number));
    };
    c.staff.partstat = partstat;
    c.staff.replied = Some(now);
    case.book();
    if partstat == PartStat::Accepted {
        case.note(Event::Accepted, "специалист принял время");
        calendar::accepted_by_staff(case);
    } else {
        case.note(Event::Declined, "специалист не может в это время");
        moves::find_another(case, "Вы отклонили прежнее время", Some("специалист не сможет в прежнее время"), false);
    }
    Ok(())
}

/// A proposal is taken: this time of this person.
fn slot(case: &mut Case<'_>, id: &str, start: DateTime<Utc>) -> Result<(), String> {
    let person = member(case, id)?;
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    places::no_time_of_its_own(case)?;
    let (slot, choice) = consult::exactly(case, person, start, "время выбрано из предложенных").ok_or_else(|| held::not_free(case, person))?;
    if !case.ahead() {
        case.appeal.consultation = true;
        consult::open(case, &slot, choice);
        assign::assigned(case, person);
        consult::propose(case, person, &[]);
        return Ok(());
    }
    if case.consultation.as_ref().is_some_and(|c| c.specialist == person.id) {
        moves::reschedule(case, &slot, choice, "по поручению", None, false);
        return Ok(());
    }
    moves::cancel(case, "консультацию проведёт другой специалист", Some("консультацию проведёт другой специалист"), true);
    consult::open(case, &slot, choice);
    assign::assigned(case, person);
    consult::propose(case, person, &[]);
    Ok(())
}

fn another(case: &mut Case<'_>, reason: Option<&str>) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    if !case.ahead() {
        return Err(format!("appeal {} has no consultation to come", case.appeal.number));
    }
    moves::find_another(case, "по поручению", reason, false);
    Ok(())
}

/// The head's word changes the specialist.
fn replace(case: &mut Case<'_>, who: Option<&str>) -> Result<(), String> {
    if !case.appeal.open() {
        return Err(crate::appeal::Refusal::Closed.to_string());
    }
    let present = case.consultation.as_ref().map(|c| c.specialist.clone()).unwrap_or_default();
    let candidates: Vec<&Specialist> = match who {
        Some(id) => vec![member(case, id)?],
        None => {
            let all = consult::teaching(case, case.round.of_category(case.appeal.category, &case.appeal.excluded));
            all.into_iter().filter(|p| p.id != present && case.round.present(p)).collect()
        }
    };
    if candidates.iter().any(|p| p.id == present) {
        return Err(format!("{present} has it already"));
    }
    moves::replace(case, &candidates, "по решению руководителя")
}

/// It stands: the head's word counts for the specialist's, and a time that the author proposed is not to be.
fn stands(case: &mut Case<'_>) -> Result<(), String> {
    if !case.ahead() || !case.appeal.open() {
        return Err(format!("appeal {} has no consultation to come", case.appeal.number));
    }
    let asked = case.consultation.as_ref().filter(|c| c.stage == crate::appeal::Stage::Invited).and_then(|c| c.offered.first().copied());
    if let Some(asked) = asked {
        counter::decline_to_author(case, asked);
        return Ok(());
    }
    staff_answer(case, PartStat::Accepted)
}

/// The way of meeting, by a channel that the window offers.
fn channel_of(case: &mut Case<'_>, wish: &str) -> Result<(), String> {
    let Some(c) = case.consultation.clone().filter(|_| case.ahead() && case.appeal.open()) else {
        return Err(format!("appeal {} has no consultation to come", case.appeal.number));
    };
    let Some(person) = case.round.settings.person(&c.specialist) else { return Err("its specialist is no longer in the register".into()) };
    let known: Vec<&String> = person.windows.iter().flat_map(|w| &w.channels).collect();
    let kind = channel_kind(wish);
    let found = known.iter().find(|k| k.eq_ignore_ascii_case(wish)).or_else(|| known.iter().find(|k| kind.is_some() && channel_kind(k) == kind));
    let Some(channel) = found else {
        let mut names: Vec<&str> = known.iter().map(|k| k.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        return Err(format!("{} offers no such way; known: {}", person.id, names.join(", ")));
    };
    events::way(case, (*channel).clone(), true);
    Ok(())
}
