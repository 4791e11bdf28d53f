//! Letters of staff in conversations: a button pressed, an order in words, or just a letter.
//!
//! Two things are asked of an order: the letter answers one of ours to that very person or carries their token (`token`), and its sender can be
//! believed (`sender`); `trust` says what follows of both. Not here: the words (`understand::orders`), who may what (`may`), what is answered (`staff_words`).

use super::case::Case;
use super::combined::line_back;
use super::group_orders::{GroupOrder, on_group};
use super::judge::{By, Came, judge};
use super::message::{Incoming, settled};
use super::token::{self, Holder};
use super::trust::{self, Auth, Risk, Verdict};
use super::{Round, choices, confirm, help, may, sender, staff_words, thread};
use crate::compose::{Choice, Done, Letter, Press, buttons};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{Answered, ForLetter, ForMeeting, Thread};
use crate::message::Origin;
use crate::outbox::Kind;
use crate::slots::Specialist;
use crate::understand::Kind as LetterKind;
use crate::understand::order_list::numbered;
use crate::understand::orders::{Colleague, OfGroup, Reading, Said, read};
use chrono::{DateTime, Utc};

/// Words of a letter that is answered with what could be ordered; a longer one is a letter to people.
const FEW_WORDS: usize = 5;

/// Whether the letter's token is this person's for the appeal of the conversation.
fn holds_token(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>, person: &Specialist) -> bool {
    let of_appeal = facts.thread.as_ref().is_some_and(|t| buttons::pressed(token::line(incoming)).is_some_and(|(number, _)| number == t.appeal.number));
    of_appeal && matches!(token::holder(round, facts, incoming), Some(Holder::Staff(p, _)) if p.id == person.id)
}

/// A token that is not its bearer's. One of a colleague's: nothing is done, its owner hears of it. One that no letter of ours carries, or no
/// longer, in a letter of staff: they are told at most that it is worth nothing.
pub(super) fn foreign(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let (number, _) = buttons::pressed(token::line(incoming))?;
    let sender = incoming.message.sender().map(|a| a.email.as_str()).unwrap_or_default();
    let about = facts.thread.as_ref().filter(|t| t.appeal.number == number).map(|_| number);
    match token::holder(round, facts, incoming) {
        Some(Holder::Staff(owner, _)) if owner.email.eq_ignore_ascii_case(sender) => None,
        Some(Holder::Staff(owner, _)) if by_hand(incoming) => Some(confirm::warn(round, owner, about)),
        Some(Holder::Staff(..)) => Some(confirm::distrusted(about, "письмо машины с ключом сотрудника: не исполнено".into())),
        Some(Holder::Author(_)) => None,
        None => {
            let person = round.settings.person_by_email(sender)?;
            let answers = facts.thread.as_ref().and_then(|t| t.posting.as_ref()).is_some_and(|p| p.to.eq_ignore_ascii_case(sender));
            let by_author = facts.thread.as_ref().is_some_and(|t| t.appeal.email.as_deref() == Some(sender));
            if answers || by_author || !by_hand(incoming) {
                return None;
            }
            Some(match trust::decide(false, true, sender::auth(round, incoming.message), Risk::Low) {
                Verdict::Help => confirm::help(round, person, about),
                _ => confirm::distrusted(about, format!("письмо от имени сотрудника ({}) с неверным ключом: не исполнено", person.post)),
            })
        }
    }
}

/// The facts without a conversation that only a number in the subject claims: the token is nobody's who writes.
pub(super) fn disbelieved(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<ForLetter> {
    let thread = facts.thread.as_ref().filter(|t| t.by_number)?;
    let sender = incoming.message.sender().map(|a| a.email.as_str()).unwrap_or_default();
    let of_staff = round.settings.person_by_email(sender).is_some_and(|p| holds_token(round, facts, incoming, p));
    let of_author = thread.appeal.email.as_deref() == Some(sender)
        && matches!(token::holder(round, facts, incoming), Some(Holder::Author(letter)) if letter.to.eq_ignore_ascii_case(sender));
    (!of_staff && !of_author).then(|| ForLetter { thread: None, ..facts.clone() })
}

/// Whether a letter reads as an order of staff, whatever kind of letter it looks like.
pub(super) fn orders(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> bool {
    let Some(thread) = &facts.thread else { return false };
    let Some(person) = incoming.message.sender().and_then(|a| round.settings.person_by_email(&a.email)) else { return false };
    let by_author = thread.appeal.email.as_deref() == Some(person.email.as_str());
    let pressed = holds_token(round, facts, incoming, person);
    let mine = pressed || token::answered(thread, incoming, person).is_some();
    !by_author && mine && by_hand(incoming) && (pressed || matches!(said_of(round, incoming, thread.appeal.number), Reading::Order(..) | Reading::Unclear(_)))
}

/// No sign of a machine anywhere: a vacation responder carries our token as well.
pub(super) fn by_hand(incoming: &Incoming<'_>) -> bool {
    let machine = matches!(incoming.understanding.kind, Some(LetterKind::AutoReply | LetterKind::Bounce | LetterKind::CalendarReply));
    incoming.message.origin == Origin::Person && !machine
}

/// The words that count: what the person wrote above a quotation, else the subject of a button.
pub(super) fn own_words<'m>(incoming: &Incoming<'m>) -> &'m str {
    let (own, line) = (token::own(incoming), token::line(incoming));
    // A token among the first lines: what follows it counts, else the order that its line names.
    let own = own.split_once(line).filter(|_| !line.is_empty() && buttons::pressed(line).is_some()).map_or(own, |(_, after)| after.trim());
    if own.is_empty() { buttons::ordered(line).unwrap_or_default() } else { own }
}

/// Everybody who may be named in an order.
pub(super) fn colleagues<'a>(round: Round<'a>) -> Vec<Colleague<'a>> {
    round.settings.staff.iter().map(|p| Colleague { id: &p.id, name: &p.name, post: &p.post }).collect()
}

/// The moment from which «завтра» is counted: a Date of next year must not move it, what is far from the arrival is not believed.
pub(super) fn today(round: Round<'_>, incoming: &Incoming<'_>) -> DateTime<Utc> {
    let today = incoming.message.date.map_or(round.now, |d| d.to_utc());
    if (today - incoming.received).num_hours().abs() <= 72 { today } else { incoming.received }
}

pub(super) fn said(round: Round<'_>, incoming: &Incoming<'_>) -> Reading {
    read(own_words(incoming), round.date(today(round, incoming)), &colleagues(round))
}

const ANOTHER: &str = "Письмо относится к одной заявке, а в строке названа другая. Ответьте на письмо о той заявке или на ежедневный отчёт.";

/// The same in the conversation of an appeal: its own number may stand before the order, another one may not.
fn said_of(round: Round<'_>, incoming: &Incoming<'_>, number: i64) -> Reading {
    let own = own_words(incoming);
    match numbered(own) {
        Some((n, rest)) => match read(rest, round.date(today(round, incoming)), &colleagues(round)) {
            reading @ (Reading::Order(..) | Reading::Unclear(_)) => {
                if n == number {
                    reading
                } else {
                    Reading::Unclear(ANOTHER)
                }
            }
            _ => said(round, incoming),
        },
        None => said(round, incoming),
    }
}

/// A letter of a member of staff in a conversation.
pub(super) fn by_staff(round: Round<'_>, facts: &ForLetter, thread: &Thread, incoming: &Incoming<'_>, person: &Specialist) -> Vec<Effect> {
    let number = thread.appeal.number;
    let only = |event, text: String| settled(Settled::Answer(Some(number)), event, Some(number), &text);
    if thread.appeal.excluded.contains(&person.id) {
        return only(Event::StaffLetter, "письмо сотрудника, которого касается заявка: не исполняется".into());
    }
    let plain = || only(Event::StaffLetter, format!("письмо сотрудника в переписке ({})", person.post));
    let pressed = holds_token(round, facts, incoming, person);
    let answered = token::answered(thread, incoming, person);
    if !by_hand(incoming) || !(pressed || answered.is_some()) {
        // Like an answer to a letter of theirs, but its program has lost the trace, or nobody of ours wrote it.
        let alike = thread.posting.as_ref().is_some_and(|p| p.to.eq_ignore_ascii_case(&person.email));
        let ordered = alike && by_hand(incoming) && matches!(said_of(round, incoming, number), Reading::Order(..));
        return match trust::decide(false, ordered, sender::auth(round, incoming.message), Risk::Low) {
            Verdict::Help => confirm::help(round, person, Some(number)),
            _ => plain(),
        };
    }
    let reading = said_of(round, incoming, number);
    let few = (1..=FEW_WORDS).contains(&own_words(incoming).split_whitespace().count());
    // Whoever answers our «не понял» with another word of no meaning may be a machine: one such letter in a row.
    let to_confirm = answered.is_some_and(|p| p.kind == Kind::Confirm);
    let silent = match &reading {
        Reading::Courtesy => true,
        Reading::Nothing => !(pressed || few) || to_confirm,
        Reading::Order(..) | Reading::Unclear(_) => false,
    };
    if silent {
        return plain();
    }
    let registered = sender::one_sender(incoming.message).is_some_and(|email| email.eq_ignore_ascii_case(&person.email));
    let auth = sender::auth(round, incoming.message);
    match trust::decide(token::alive(round, &thread.appeal), registered, auth, Risk::Low) {
        Verdict::Do | Verdict::DoMarked | Verdict::Confirm => {}
        Verdict::Help => return confirm::help(round, person, Some(number)),
        Verdict::Refuse | Verdict::Silent => {
            let text = format!("письмо от имени сотрудника ({}) не прошло проверку отправителя: не исполнено", person.post);
            return confirm::distrusted(Some(number), text);
        }
    }
    if facts.replayed {
        return only(Event::Refused, format!("то же поручение ещё раз ({}): ничего не изменено", person.post));
    }
    if buttons::pressed(token::line(incoming)).is_some_and(|(n, _)| n != number) {
        return only(Event::Refused, format!("письмо называет две заявки ({}): не исполнено", person.post));
    }
    let case = thread::case_of(round, facts, thread);
    let asked = Asked { person, incoming, number, auth, facts, answered };
    match reading {
        // Who was not reached once may be tried again: each time counts.
        Reading::Order(ref said, _) if facts.pressed_before && !matches!(said, Said::Unreached(_)) => {
            asked.told(&case, "уже сделано", "Эту кнопку Вы уже нажимали, поручение исполнено. Второй раз ничего не изменено.".into(), true)
        }
        Reading::Order(Said::Group(id, what), _) => asked.group(&case, facts.group.as_deref(), id, what),
        Reading::Order(said, remark) => asked.order(case, thread, said, remark),
        Reading::Unclear(sentence) => asked.told(&case, "не понял поручения", sentence.to_owned(), true),
        Reading::Nothing | Reading::Courtesy => {
            asked.told(&case, "не понял поручения", "Такого поручения не знаю, поэтому ничего не изменено.".to_owned(), true)
        }
    }
}

/// Who gave an order and by which letter.
struct Asked<'a, 'i> {
    person: &'a Specialist,
    incoming: &'a Incoming<'i>,
    number: i64,
    /// What is proved of the sender.
    auth: Auth,
    facts: &'a ForLetter,
    /// The letter of ours that was answered.
    answered: Option<&'a Answered>,
}

impl Asked<'_, '_> {
    fn order(&self, mut case: Case<'_>, thread: &Thread, said: Said, remark: Option<String>) -> Vec<Effect> {
        if stale(&mut case, thread, self.incoming, &said) {
            return self.told(&case, "поручение о прежнем времени", "Письмо относится к времени, которое уже изменилось. Ничего не сделано.".into(), true);
        }
        let own = own_words(self.incoming);
        let by = By {
            person: self.person,
            undo: self.facts.undo.as_ref(),
            named: &self.facts.named,
            auth: Some(self.auth),
            confirms: thread.posting.as_ref().is_some_and(|p| p.kind == Kind::Confirm),
            own: numbered(own).filter(|(n, _)| *n == self.number).map_or(own, |(_, rest)| rest),
        };
        match judge(&mut case, &by, said, remark) {
            Came::Done { said, undo_until, also } => self.done(case, said, undo_until, also),
            Came::Passed(said) => {
                let confirmed = Done {
                    number: self.number,
                    title: "передано руководителю".into(),
                    said: said.into(),
                    present: None,
                    options: Vec::new(),
                    undo_until: None,
                };
                let effects = std::mem::take(&mut case.effects);
                let mut all = vec![Effect::Settle(Settled::Answer(Some(self.number))), self.letter(&case, &confirmed)];
                all.extend(effects);
                all
            }
            Came::Unproved => self.confirmed_first(case.round),
            Came::Already => self.told(&case, "уже сделано", "Это уже сделано, второй раз ничего не изменено.".into(), false),
            Came::Not { title, said, options: Some(options) } => self.asked(&case, title, said, options),
            Came::Not { title, said, options: None } => self.told(&case, title, said, true),
            Came::Help => {
                let mut effects = settled(Settled::Answer(Some(self.number)), Event::Ordered, Some(self.number), "помощь: список поручений");
                let letter = help::letter(Some(self.number), Some(staff_words::present(&case)), choices::of(&case, self.person));
                effects.push(self.letter(&case, &letter));
                effects
            }
        }
    }

    /// Carried out: one short line, unless the person is written to about it anyway.
    fn done(&self, case: Case<'_>, said: String, undo_until: Option<DateTime<Utc>>, also: Vec<Effect>) -> Vec<Effect> {
        let posts = |e: &Effect| matches!(e, Effect::Post(p) if p.to == self.person.email && matches!(p.kind, Kind::Update | Kind::Cancel | Kind::Task));
        let by_itself = case.effects.iter().any(posts);
        let confirmed = Done { number: case.appeal.number, title: "сделано".into(), said, present: None, options: Vec::new(), undo_until };
        // One event, one letter: who is written to about it anyway needs no second one.
        let confirmed = (!by_itself).then(|| self.letter(&case, &confirmed));
        let mut effects = case.finish();
        effects.extend(also);
        effects.extend(confirmed);
        effects.push(Effect::Settle(Settled::Answer(Some(self.number))));
        effects
    }

    /// It could be carried out; whether it is theirs is asked first.
    fn confirmed_first(&self, round: Round<'_>) -> Vec<Effect> {
        let pressed = match token::holder(round, self.facts, self.incoming) {
            Some(Holder::Staff(_, letter)) => Some(letter.key.clone()),
            _ => None,
        };
        let answered = pressed.or_else(|| self.answered.map(|p| p.key.clone()));
        confirm::ask(round, self.facts, self.incoming, self.person, (Some(self.number), answered), Default::default())
    }

    /// An order about the whole group in which the appeal has its place.
    fn group(&self, case: &Case<'_>, known: Option<&ForMeeting>, id: i64, what: OfGroup) -> Vec<Effect> {
        let roles = may::roles(case, self.person);
        if !roles.contains(&may::Role::Head) {
            return self.told(case, "не сделано", "О группе решает руководитель.".to_owned(), true);
        }
        let Some(known) = known.filter(|k| k.meeting.id == id) else {
            return self.told(
                case,
                "не сделано",
                format!("Семья этой заявки не записана в группу № {id}. Ответьте, пожалуйста, на письмо об этой группе."),
                true,
            );
        };
        let (order, done) = match what {
            OfGroup::Give(who) => {
                let name = case.round.settings.person(&who).map_or(who.clone(), |p| p.name.clone());
                (GroupOrder::Give(who), format!("группу проведёт {name}"))
            }
            OfGroup::Move(at) => {
                let start = case.round.settings.worktime.local(at.date(), at.time());
                (GroupOrder::Move(start), format!("группа перенесена: {}", case.spoken(start)))
            }
            OfGroup::Cancel(why) => (GroupOrder::Cancel(why), "группа отменена".to_owned()),
        };
        let Ok(mut effects) = on_group(case.round, known, &order) else {
            let why = "Так не получится: время прошло или занято, сотрудник в этот день отсутствует, или группы уже нет. Ничего не изменено.";
            return self.told(case, "не сделано", why.to_owned(), true);
        };
        if trust::decide(true, true, self.auth, Risk::High) != Verdict::Do {
            return self.confirmed_first(case.round);
        }
        effects.push(Effect::Note {
            appeal: None, event: Event::Ordered, text: format!("поручение письмом о группе № {id} ({}): {done}", self.person.post)
        });
        let said = format!("Сделано: {done}. Семьям сообщено.");
        effects.push(self.letter(case, &Done { number: self.number, title: "сделано".into(), said, present: None, options: Vec::new(), undo_until: None }));
        effects.push(Effect::Settle(Settled::Answer(Some(self.number))));
        effects
    }

    /// A line back, and nothing else.
    fn told(&self, case: &Case<'_>, title: &str, said: String, can: bool) -> Vec<Effect> {
        let options = if can { choices::of(case, self.person) } else { Vec::new() };
        self.asked(case, title, said, options)
    }

    fn asked(&self, case: &Case<'_>, title: &str, said: String, options: Vec<Choice>) -> Vec<Effect> {
        let text = format!("поручение письмом ({}) не исполнено: {title}", self.person.post);
        let mut effects = settled(Settled::Answer(Some(self.number)), Event::Refused, Some(self.number), &text);
        let letter = Done { number: self.number, title: title.to_owned(), said, present: Some(staff_words::present(case)), options, undo_until: None };
        effects.push(self.letter(case, &letter));
        effects
    }

    /// In answer to what they just wrote, at any hour.
    fn letter<L: Letter>(&self, case: &Case<'_>, letter: &L) -> Effect {
        // It offers what it is about, and nothing besides.
        let press = case.press_of(&self.person.email).map(|p| Press { choices: Vec::new(), ..p });
        let number = case.appeal.number;
        line_back(case.round, self.incoming, self.person, &format!("done/{number}"), (Some(number), press), letter)
    }
}

/// Turns the case to the consultation that the letter is about; true where that time is no more.
fn stale(case: &mut Case<'_>, thread: &Thread, incoming: &Incoming<'_>, said: &Said) -> bool {
    let line = token::line(incoming);
    let about = buttons::about(line).filter(|_| buttons::pressed(line).is_some());
    if let Some(local) = about {
        let start = case.round.settings.worktime.local(local.date(), local.time());
        return match thread.consultations.iter().find(|c| c.start == start) {
            Some(c) => {
                case.focus(c.ordinal);
                case.meant = Some(c.ordinal);
                !c.live() && of_the_time(said)
            }
            None => of_the_time(said),
        };
    }
    // `task/147/2/1`, `after/147/2/1`: appeal, ordinal, sequence.
    let key = thread.posting.as_ref().map(|p| p.key.as_str()).unwrap_or_default();
    let parts: Vec<&str> = key.split('/').collect();
    let ("task" | "task_moved" | "after" | "soon", Some(ordinal), Some(sequence)) =
        (parts.first().copied().unwrap_or_default(), parts.get(2).and_then(|o| o.parse().ok()), parts.get(3).and_then(|s| s.parse::<u32>().ok()))
    else {
        return false;
    };
    let Some(c) = thread.consultations.iter().find(|c| c.ordinal == ordinal) else { return false };
    // «Состоялась» is as true below an old letter; «не могу» there speaks of the old time.
    case.focus(ordinal);
    case.meant = Some(ordinal);
    matches!(said, Said::Accept { .. } | Said::Decline(_) | Said::Another(None)) && (c.staff.sequence != sequence || !c.live())
}

/// Orders that speak of one meeting at one time.
fn of_the_time(said: &Said) -> bool {
    use Said::{Accept, Another, Cancel, Channel, Decline, Failed, Held, Move, NoShow, NotHeld, Stands};
    matches!(said, Accept { .. } | Decline(_) | Another(_) | Move(_) | Held(_) | NoShow(_) | NotHeld(_) | Failed(_) | Stands | Cancel(_) | Channel(_))
}
