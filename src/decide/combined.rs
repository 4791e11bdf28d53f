//! Several orders in one letter: an answer to a report or a list, one numbered line each. All lines are read first, each is carried out by itself,
//! one letter says what became of each.
//!
//! Not here: how a list is read (`understand::order_list`), a single order in a conversation (`staff`).

use super::case::{Case, shadowed};
use super::judge::{By, Came, judge};
use super::message::{Incoming, settled};
use super::staff::{by_hand, colleagues, own_words, said, today};
use super::{Round, may, staff_words};
use crate::compose::{DoneList, Envelope, Letter, Notice, Press, freeze};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{ForLetter, Named};
use crate::outbox::{Audience, Kind, SentCopy};
use crate::slots::Specialist;
use crate::understand::order_list::{Line, MOST, lines, numbered};
use crate::understand::orders::Reading;
use chrono::{DateTime, Utc};

/// A letter that answers a letter of ours to this very person about no appeal.
pub(super) fn on_list<'a>(round: Round<'a>, facts: &ForLetter, incoming: &Incoming<'_>, person: &'a Specialist) -> Option<Vec<Effect>> {
    let answered = facts.list.as_ref().filter(|p| p.to.eq_ignore_ascii_case(&person.email))?;
    if !by_hand(incoming) {
        return None;
    }
    let staff = colleagues(round);
    let read = lines(own_words(incoming), &person.name, round.date(today(round, incoming)), &staff);
    let nameless = read.is_empty();
    if nameless && !matches!(said(round, incoming), Reading::Order(order, _) if numberless(answered.kind, &order)) {
        return None;
    }
    if facts.replayed {
        return Some(settled(Settled::Answer(None), Event::Refused, None, "те же поручения ещё раз: ничего не изменено"));
    }
    if nameless {
        let line = "К какой заявке это относится? Начните строку с номера: «12 продлить до 28.11», «14 → Петрова».".to_owned();
        let letter = Notice { number: None, title: "не вижу номера заявки".into(), lines: vec![line] };
        let mut effects = settled(Settled::Answer(None), Event::Refused, None, "поручение без номера заявки: не исполнено");
        effects.push(line_back(round, incoming, person, "list", (None, None), &letter));
        return Some(effects);
    }
    let mut sheet = Sheet::of(round, facts, person);
    sheet.confirms = answered.kind == Kind::Confirm;
    for (index, line) in read.iter().enumerate() {
        sheet.line(index, line);
    }
    let text = format!("поручения одним письмом ({}): сделано {} из {}", person.post, sheet.done.len(), sheet.done.len() + sheet.not_done.len());
    let mut effects = settled(Settled::Answer(None), Event::Ordered, None, &text);
    effects.append(&mut sheet.effects);
    let letter = DoneList { done: sheet.done, not_done: sheet.not_done, undo_until: sheet.undo_until };
    effects.push(line_back(round, incoming, person, "list", (None, None), &letter));
    Some(effects)
}

/// Orders about an appeal that a report's reader may give and forget to say about which. «Да», «спасибо» are none.
fn numberless(answered: Kind, order: &crate::understand::orders::Said) -> bool {
    use crate::understand::orders::Said::{Assign, Close, CloseFor, Extend, Keep, Reopen, Take, Undo};
    let known = matches!(order, Assign(_) | Close(_) | CloseFor(_) | Extend { .. } | Keep(_) | Reopen | Take | Undo);
    known && matches!(answered, Kind::ReportDaily | Kind::ReportWeekly | Kind::Escalation | Kind::Confirm)
}

/// What became of the lines so far.
struct Sheet<'a, 'f> {
    round: Round<'a>,
    facts: &'f ForLetter,
    person: &'f Specialist,
    confirms: bool,
    /// Time taken, with what the lines above have taken.
    busy: Vec<crate::slots::Busy>,
    /// Appeals that a line above has changed: what is known of them is old.
    changed: Vec<i64>,
    done: Vec<String>,
    not_done: Vec<String>,
    undo_until: Option<DateTime<Utc>>,
    effects: Vec<Effect>,
}

impl<'a, 'f> Sheet<'a, 'f> {
    fn of(round: Round<'a>, facts: &'f ForLetter, person: &'f Specialist) -> Sheet<'a, 'f> {
        let (done, not_done, effects, changed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Sheet { round, facts, person, confirms: false, busy: facts.busy.clone(), changed, done, not_done, undo_until: None, effects }
    }

    fn case(&self, named: &Named) -> Case<'a> {
        let mut case = Case::of(
            self.round,
            named.appeal.clone(),
            &named.consultations,
            self.busy.clone(),
            self.facts.load.clone(),
            named.appeal.message_id.iter().cloned().collect(),
        );
        case.family.clone_from(&named.family);
        case.groups.clone_from(&self.facts.groups);
        case.seats.clone_from(&named.seats);
        case.call.clone_from(&named.call);
        case
    }

    fn line(&mut self, index: usize, line: &Line) {
        let short: String = line.text.chars().take(80).collect();
        let Some(number) = line.number else {
            return self.not_done.push(format!("«{short}»: не понял, к какой заявке это относится."));
        };
        if index >= MOST {
            return self.not_done.push(format!("№ {number}: в письме больше тридцати строк, эта не прочитана."));
        }
        let found = self.facts.named.iter().find(|n| n.appeal.number == number);
        let gave = found.and_then(|n| n.undo.as_ref()).is_some_and(|u| u.staff == self.person.id);
        let theirs = |case: &Case<'_>| !may::roles(case, self.person).is_empty() || gave && !case.appeal.excluded.contains(&self.person.id);
        let Some(mut case) = found.map(|n| self.case(n)).filter(theirs) else {
            return self.not_done.push(format!("№ {number}: такой заявки среди Ваших нет."));
        };
        let mut not = |why: &str| self.not_done.push(format!("№ {number}: {why}"));
        if self.changed.contains(&number) {
            return not("её изменила строка выше. Пришлите поручение отдельно.");
        }
        let (said, remark) = match &line.reading {
            Reading::Order(said, remark) => (said.clone(), remark.clone()),
            Reading::Unclear(sentence) => return not(sentence),
            Reading::Courtesy | Reading::Nothing => return not(&format!("не понял поручения «{short}».")),
        };
        let by = By {
            person: self.person,
            undo: found.and_then(|n| n.undo.as_ref()),
            named: &self.facts.named,
            // The desk asks where anything reaches a family.
            auth: None,
            confirms: self.confirms,
            own: numbered(&line.text).map_or(line.text.as_str(), |(_, rest)| rest),
        };
        match judge(&mut case, &by, said, remark) {
            Came::Done { said, undo_until, also } => {
                let what = said.strip_prefix("Сделано: ").unwrap_or(&said).trim_end_matches('.').to_owned();
                self.done.push(format!("№ {number}: {}", lowered(&what)));
                self.undo_until = undo_until.or(self.undo_until);
                self.changed.extend(also.iter().filter_map(|e| if let Effect::Save(a) = e { Some(a.number) } else { None }));
                self.effects.extend(also);
                self.take(case, number);
            }
            Came::Passed(sentence) => {
                self.done.push(format!("№ {number}: {}", lowered(sentence.trim_end_matches('.'))));
                self.effects.append(&mut case.effects);
            }
            Came::Unproved | Came::Already => self.not_done.push(format!("№ {number}: это уже сделано, второй раз ничего не изменено.")),
            Came::Not { said, .. } => self.not_done.push(format!("№ {number}: {said} {}", staff_words::present(&case))),
            Came::Help => self.not_done.push(format!("№ {number}: список поручений приходит в ответ на письмо «помощь».")),
        }
    }

    fn take(&mut self, mut case: Case<'a>, number: i64) {
        case.book();
        self.changed.extend([number, case.appeal.number]);
        self.busy.clone_from(&case.busy);
        self.effects.extend(case.finish());
    }
}

/// Behind a colon.
fn lowered(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// A letter back to whoever just wrote, at any hour. `what` names it among the letters back; `press`: the appeal that it is about, and its buttons.
pub(super) fn line_back<L: Letter>(
    round: Round<'_>,
    incoming: &Incoming<'_>,
    person: &Specialist,
    what: &str,
    (appeal, press): (Option<i64>, Option<Press>),
    letter: &L,
) -> Effect {
    let m = incoming.message;
    let envelope = Envelope {
        kind: Kind::Confirm,
        key: format!("{what}/{}/{}", person.id, m.content_hash.get(..16).unwrap_or("0")),
        appeal,
        to: person.email.clone(),
        references: m.message_id.iter().cloned().collect(),
        replied: true,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::Staff,
        priority: 2,
        copy: SentCopy::Full,
        not_before: None,
        not_after: None,
        cause: None,
        due: None,
        press,
        now: round.now,
    };
    Effect::Post(Box::new(shadowed(&round, freeze(&round.settings.composer, envelope, letter))))
}
