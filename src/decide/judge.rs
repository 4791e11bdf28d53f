//! One order of staff about one appeal: what was said becomes an order, is asked for its right, carried out, and kept for an hour to be taken back.
//!
//! Not here: whether the letter is believed (`staff`, `combined`), the words of the answer (`staff_words`).

use super::case::Case;
use super::order::{Order, carry_out};
use super::trust::{self, Auth, Risk, Verdict};
use super::{may, merge, staff_words, undo};
use crate::appeal::{Before, Consultation, Outcome};
use crate::compose::Choice;
use crate::effect::{Effect, Event, Kept};
use crate::facts::{Named, Undo};
use crate::outbox::{Audience, Kind};
use crate::slots::Specialist;
use crate::understand::orders::{Said, bare_cancel};
use chrono::{DateTime, TimeDelta, Utc};

/// Who ordered, where it was the command line: no id of the register looks so.
pub(super) const COMMAND: &str = "(command line)";
/// How long an order can be taken back.
const UNDO_FOR: TimeDelta = TimeDelta::hours(1);

/// Who orders, and what is known besides the appeal.
pub(super) struct By<'b> {
    pub person: &'b Specialist,
    /// What was ordered last and can be taken back.
    pub undo: Option<&'b Undo>,
    /// Other appeals that the letter names.
    pub named: &'b [Named],
    /// What is proved of the sender; `None`: whoever asks sees to it.
    pub auth: Option<Auth>,
    /// The letter answers one of our confirmations: «отменить» there means what was confirmed.
    pub confirms: bool,
    /// The writer's own words.
    pub own: &'b str,
}

/// What came of it. What is to be done stands in the case.
pub(super) enum Came {
    Done {
        /// A whole sentence.
        said: String,
        undo_until: Option<DateTime<Utc>>,
        /// Effects on another appeal.
        also: Vec<Effect>,
    },
    /// Put before whoever may.
    Passed(&'static str),
    /// It could be done; whether it is theirs is to be asked first. The case is not to be used.
    Unproved,
    Already,
    Not {
        title: &'static str,
        said: String,
        /// `None`: whatever can be ordered.
        options: Option<Vec<Choice>>,
    },
    Help,
}

fn not(said: impl Into<String>) -> Came {
    Came::Not { title: "не сделано", said: said.into(), options: None }
}

/// Carries an order out on the case, or leaves the case as it was.
pub(super) fn judge(case: &mut Case<'_>, by: &By<'_>, said: Said, remark: Option<String>) -> Came {
    if said == Said::Help {
        return Came::Help;
    }
    if let Some(came) = back(case, by, &said) {
        return came;
    }
    let order = match resolved(case, said) {
        Ok(order) => order,
        Err(sentence) => return not(sentence),
    };
    let roles = may::roles(case, by.person);
    // Whoever has the appeal sets a time of their own; who else holds it is the head's to say.
    let own = matches!(&order, Order::Slot { specialist, .. } if *specialist == by.person.id)
        && roles.iter().any(|r| matches!(r, may::Role::Assignee | may::Role::Specialist));
    if !own && !roles.iter().any(|r| may::may(*r, &order)) {
        let has = roles.contains(&may::Role::Assignee) || roles.contains(&may::Role::Specialist);
        return match &order {
            Order::Extend { .. } | Order::Assign(_) if has => pass_on(case, by, &order),
            _ => not(staff_words::not_yours(&order)),
        };
    }
    case.by = Some(by.person.id.clone());
    if staff_words::already(case, &order) {
        return Came::Already;
    }
    if let Order::Merge(other) = order {
        return match merge::join(case, by.named, Some(by.person), other) {
            Ok((also, before)) => match proved(case, by, Risk::High) {
                true => finish(case, by, &Order::Merge(merge::into(case, other)), before, remark, also),
                false => Came::Unproved,
            },
            Err(sentence) => not(sentence),
        };
    }
    let before = case.stands();
    match attempt(case, |case| carry_out(case, &order, &[])) {
        Ok(()) if !proved(case, by, trust::risk(&order, &roles)) => Came::Unproved,
        Ok(()) => finish(case, by, &order, before, remark, Vec::new()),
        Err(_) => not(staff_words::why_not(case, &order)),
    }
}

/// Whether the sender is proved as far as the order's risk asks; what is carried out without a proof is marked.
fn proved(case: &mut Case<'_>, by: &By<'_>, risk: Risk) -> bool {
    let Some(auth) = by.auth else { return true };
    match trust::decide(true, true, auth, risk) {
        Verdict::Confirm => false,
        Verdict::DoMarked if case.round.settings.sender_check.required => false,
        Verdict::DoMarked => {
            case.note(Event::Unproved, format!("отправитель не подтверждён ({})", by.person.post));
            true
        }
        _ => true,
    }
}

/// Changes the case, or leaves it as it was.
fn attempt<T>(case: &mut Case<'_>, change: impl FnOnce(&mut Case<'_>) -> Result<T, String>) -> Result<T, String> {
    let stood =
        (case.appeal.clone(), case.consultation.clone(), case.all.clone(), case.booked.clone(), case.busy.clone(), case.seats.clone(), case.effects.len());
    let changed = change(case);
    if changed.is_err() {
        let effects;
        (case.appeal, case.consultation, case.all, case.booked, case.busy, case.seats, effects) = stood;
        case.effects.truncate(effects);
    }
    changed
}

fn finish(case: &mut Case<'_>, by: &By<'_>, order: &Order, before: Before, remark: Option<String>, also: Vec<Effect>) -> Came {
    let post = &by.person.post;
    case.note(Event::Ordered, format!("поручение письмом ({post}): {}", staff_words::title(order)));
    if let Some(remark) = remark.filter(|r| !r.trim().is_empty()) {
        case.note(Event::Added, format!("{post}: «{}»", remark.chars().take(500).collect::<String>()));
    }
    let undo_until = keep(case, &by.person.id, order, before, &also);
    Came::Done { said: format!("Сделано: {}.", staff_words::done(case, order)), undo_until, also }
}

/// Keeps how the appeal stood; `staff` is the id of whoever ordered, [`COMMAND`] for the command line; `also` is what it does to another appeal.
pub(super) fn keep(case: &mut Case<'_>, staff: &str, order: &Order, mut before: Before, also: &[Effect]) -> Option<DateTime<Utc>> {
    // A remark stays in the history; going live is not taken back.
    if matches!(order, Order::Note(_) | Order::TakeBack | Order::TakeOver(_)) {
        return None;
    }
    case.book();
    let until = case.round.now + UNDO_FOR;
    let (mut posted, mut withdrew) = (Vec::new(), Vec::new());
    for effect in case.effects.iter().chain(also) {
        match effect {
            Effect::Post(p) => posted.push(p.key.clone()),
            Effect::Withdraw(keys) => withdrew.extend(keys.iter().cloned()),
            // What it was before, the store knows.
            Effect::Remember { key, .. } => before.remembered.push((key.clone(), None)),
            _ => {}
        }
    }
    let taught = case.effects.iter().any(|e| matches!(e, Effect::Learn { .. }));
    let after = case.stands();
    let kept = Kept { appeal: case.appeal.number, staff: staff.to_owned(), title: staff_words::title(order), until, before, after, posted, withdrew, taught };
    // Before the letters that it withdraws: which of them waited is known only then.
    case.effects.insert(0, Effect::Keep(Box::new(kept)));
    Some(until)
}

/// «Отменить» takes back what was confirmed, in answer to the confirmation; elsewhere it cancels the consultation; where both may be meant, it asks.
fn back(case: &mut Case<'_>, by: &By<'_>, said: &Said) -> Option<Came> {
    let plain = *said == Said::Undo;
    if !(plain || *said == Said::Cancel(None) && bare_cancel(by.own)) {
        return None;
    }
    let roles = may::roles(case, by.person);
    // Whoever gave it may be nothing to the appeal by now: «не моё», «передать».
    let mine = by.undo.filter(|u| u.staff == by.person.id || roles.contains(&may::Role::Head));
    let cancel = || vec![Choice::of("Отменить консультацию", "отменить консультацию")];
    match (mine, plain || by.confirms) {
        (Some(kept), false) if case.ahead() => {
            let mut options = vec![Choice::of("Вернуть как было", "вернуть как было")];
            options.extend(cancel());
            let said = format!("Не знаю, что отменить: консультацию или поручение «{}». Пока ничего не изменено.", kept.title);
            Some(Came::Not { title: "что отменить?", said, options: Some(options) })
        }
        (Some(kept), _) => {
            let person = by.person;
            Some(match attempt(case, |case| undo::undo(case, kept, Some(person))) {
                Ok(said) => {
                    let outside = case.effects.iter().any(|e| matches!(e, Effect::Post(p) if p.audience != Audience::Staff));
                    match proved(case, by, if outside { Risk::High } else { Risk::Low }) {
                        true => Came::Done { said, undo_until: None, also: Vec::new() },
                        false => Came::Unproved,
                    }
                }
                Err(sentence) => not(sentence),
            })
        }
        (None, true) => {
            let said = "Возвращать нечего: поручения за последний час нет, или вернуть его может только тот, кто его дал.".to_owned();
            let options = (!plain && case.ahead()).then(cancel);
            Some(Came::Not { title: "не сделано", said, options })
        }
        (None, false) => None,
    }
}

/// What only the head may give is put before the head with a button.
fn pass_on(case: &mut Case<'_>, by: &By<'_>, order: &Order) -> Came {
    let about_them = matches!(order, Order::Assign(id) if case.appeal.excluded.contains(id));
    if about_them || !case.appeal.open() {
        return not(staff_words::why_not(case, order));
    }
    let Some(head) = case.round.decider(&case.appeal.excluded).filter(|h| h.id != by.person.id) else { return not(staff_words::not_yours(order)) };
    let what = match order {
        Order::Extend { until, .. } => format!("просьба о сроке до {}", until.format("%d.%m")),
        _ => "просьба о другом исполнителе".to_owned(),
    };
    case.note(Event::Asked, format!("{what} передана руководителю ({})", by.person.post));
    let letter = staff_words::wish(case, by.person, order);
    let key = case.key("wish");
    case.to_staff(Kind::Other, key, head, &letter);
    Came::Passed(staff_words::passed_on(order))
}

/// What was said as an order about this appeal.
fn resolved(case: &Case<'_>, said: Said) -> Result<Order, String> {
    let local = |at: chrono::NaiveDateTime| case.round.settings.worktime.local(at.date(), at.time());
    let awaited = case.ahead().then(|| case.consultation.clone()).flatten();
    Ok(match said {
        Said::Take => Order::Take,
        // «Принимаю» without a time that waits for it is about the appeal.
        Said::Accept { takes: true } if awaited.is_none() => Order::Take,
        Said::Accept { .. } => Order::Accept,
        Said::Decline(_) => Order::Decline,
        Said::Another(why) => Order::Another(why),
        Said::Move(at) if awaited.as_ref().is_some_and(|c: &Consultation| c.start == local(at)) => Order::Accept,
        Said::Move(at) => Order::Move(local(at)),
        Said::Held(recommendations) => Order::Held { recommendations },
        Said::NoShow(reason) => Order::NotHeld { outcome: Outcome::NoShow, reason },
        Said::NotHeld(reason) => Order::NotHeld { outcome: Outcome::NotHeld, reason },
        Said::Failed(reason) => Order::NotHeld { outcome: Outcome::Failed, reason },
        Said::Allow => Order::Allow,
        Said::Stands => Order::Stands,
        Said::Replace(who) => Order::Replace(who),
        Said::Assign(who) => Order::Assign(who),
        Said::Topic(category) => Order::Category(category),
        Said::Slot { start, who } => {
            let holder = || case.consultation.as_ref().map(|c| c.specialist.clone()).or_else(|| case.appeal.assignee.clone());
            let specialist = who.or_else(holder).ok_or("Не вижу, кто проведёт консультацию. Напишите, например: «время 25.11 15:00 у Соколовой».")?;
            Order::Slot { specialist, start: local(start) }
        }
        Said::Cancel(why) => Order::Cancel(why),
        Said::Recommend(text) => Order::Recommend(text),
        Said::Again(at) => Order::Again(at.map(local)),
        Said::Series { count, weeks, one_event } => Order::Series { count, weeks, one_event },
        Said::EndSeries(why) => Order::EndSeries(why),
        Said::Join(group) => Order::Join(group),
        Said::Group(..) => return Err("О группе решает руководитель.".to_owned()),
        Said::Channel(way) => Order::Channel(way),
        Said::Reminders(on) => Order::Reminders(on),
        Said::Close(answer) => Order::Close { answer, reason: None },
        Said::CloseFor(reason) => Order::Close { answer: None, reason: Some(reason) },
        Said::Extend { until, reason } => Order::Extend { until, reason },
        Said::Acknowledge => Order::Acknowledge,
        Said::Called(_) => Order::Called,
        Said::Unreached(_) => Order::Unreached,
        Said::CallMyself => Order::CallMyself,
        Said::Confirmed => Order::Confirmed,
        Said::Ask(text) => Order::Ask(text),
        Said::NotMine(why) => Order::NotMine(why),
        Said::Reopen => Order::Reopen,
        Said::Keep(why) => Order::Keep(why),
        Said::Merge(numbers) => {
            let other = numbers.iter().copied().find(|n| *n != case.appeal.number);
            let named = numbers.len() == 1 || numbers.contains(&case.appeal.number);
            Order::Merge(other.filter(|_| named).ok_or("Объединить можно эту заявку с другой: «объединить с 151».")?)
        }
        // Both are answered before anything is looked for.
        Said::Undo | Said::Help => return Err("Возвращать нечего.".to_owned()),
    })
}
