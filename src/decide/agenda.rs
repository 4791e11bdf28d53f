//! What the head is asked in the morning: every appeal that stands still without a decision, each with the answers that are likeliest.
//!
//! The answers are orders like any other, given by a button of the report or by a line of a reply to it («147 → Петрова»). Not here: what an order
//! does (`order`), who may give it (`may`), the report around it (`report`).

use super::Round;
use crate::appeal::{Appeal, Consultation, Incident, State};
use crate::compose::{incident_token, initials};
use crate::report::{Act, Ask, Line};
use crate::slots::Specialist;
use crate::understand::Category;
use chrono::TimeDelta;

/// Colleagues that a line proposes.
const COLLEAGUES: usize = 2;
/// Days after which an answered appeal that nobody closed is asked about.
const STALE_DAYS: i64 = 7;

/// What the head's agenda is made of.
#[derive(Debug, Clone, Default)]
pub struct ForAgenda {
    /// Open appeals, the most pressing first; none that is about the reader.
    pub open: Vec<Appeal>,
    /// What colleagues asked the head for and nobody has answered: appeal and the line of its history.
    pub wishes: Vec<(i64, String)>,
    /// Consultations for which the author has proposed another time that nobody has answered.
    pub counters: Vec<Consultation>,
    /// Appeals of families in a group to come: they wait for its day.
    pub grouped: Vec<i64>,
    /// Appeals whose consultation is still to come.
    pub ahead: Vec<i64>,
    /// Incidents that were proposed and not answered.
    pub incidents: Vec<Incident>,
    /// Orders in the reader's name that wait for their code.
    pub unconfirmed: u32,
}

/// Lines about appeals, and questions about none.
pub fn agenda(round: Round<'_>, reader: &Specialist, known: &ForAgenda) -> (Vec<Line>, Vec<Ask>) {
    let agenda = Agenda { round, reader };
    let lines = known.open.iter().filter_map(|a| agenda.line(a, known)).collect();
    let mut asks: Vec<Ask> = known.incidents.iter().map(|i| agenda.incident(i)).collect();
    if known.unconfirmed > 0 {
        let text = format!("Ваши поручения ждут кода из письма «Подтвердите поручение»: {}. Без него они не исполняются.", known.unconfirmed);
        asks.push(Ask { text, acts: Vec::new() });
    }
    (lines, asks)
}

struct Agenda<'a> {
    round: Round<'a>,
    reader: &'a Specialist,
}

impl Agenda<'_> {
    fn line(&self, a: &Appeal, known: &ForAgenda) -> Option<Line> {
        let n = a.number;
        let wish = known.wishes.iter().find(|(number, _)| *number == n).map(|(_, text)| text.as_str());
        let counter = known.counters.iter().find(|c| c.appeal == n);
        let waits = known.grouped.contains(&n) || known.ahead.contains(&n);
        let stale = a.met.is_some_and(|at| self.round.now - at > TimeDelta::days(STALE_DAYS)) && !waits;
        let (what, acts) = if a.urgent && a.acknowledged.is_none() {
            ("срочная, никто не ответил «вижу»".to_owned(), vec![act(n, "Вижу, занимаюсь", "вижу", "")])
        } else if a.state == State::Undecided {
            (undecided(a).to_owned(), self.hands(a))
        } else if let Some(until) = wish.and_then(more_time) {
            let give = format!("продлить до {until}");
            (format!("просят продлить срок до {until}"), vec![act(n, "Продлить", &give, ""), act(n, "Не продлевать", "не продлевать", "")])
        } else if wish.is_some() {
            ("просят передать другому".to_owned(), self.hands(a))
        } else if let Some(start) = counter.and_then(|c| c.offered.first()) {
            let local = self.round.settings.worktime.to_local(*start);
            let moved = format!("перенести на {}", local.format("%d.%m %H:%M"));
            let what = format!("автор просит другое время: {}", local.format("%d.%m %-H:%M"));
            (what, vec![act(n, "Перенести", &moved, ""), act(n, "Оставить прежнее время", "состоится", "")])
        } else if stale {
            let held = a.consultation.then(|| act(n, "Состоялась", "состоялась", ""));
            let closed = act(n, "Закрыть: ответ дан", "ответ дан", "");
            ("больше недели без движения, не закрыта".to_owned(), held.into_iter().chain([closed]).collect())
        } else {
            return None;
        };
        let assignee = a.assignee.as_deref().filter(|_| a.state != State::Undecided).and_then(|id| self.round.settings.person(id)).map(|p| p.name.clone());
        let due = a.met.is_none().then(|| a.due.literal.max(a.due.office));
        Some(Line { number: n, category: a.category.title().into(), assignee, what, due, acts })
    }

    /// Who could have it: those of its category and of the next best guess, and the head.
    fn hands(&self, a: &Appeal) -> Vec<Act> {
        let mut named: Vec<&Specialist> = Vec::new();
        let known = [Some(a.category), a.runner_up];
        for category in known.into_iter().flatten().filter(|c| *c != Category::Other) {
            for person in self.round.of_category(category, &a.excluded) {
                let theirs = a.assignee.as_ref() == Some(&person.id) && a.state != State::Undecided;
                if person.id != self.reader.id && !theirs && self.round.present(person) && named.iter().all(|p| p.id != person.id) {
                    named.push(person);
                }
            }
        }
        let mut acts: Vec<Act> = named.into_iter().take(COLLEAGUES).map(|p| self.pass(a.number, p)).collect();
        if acts.is_empty() {
            acts.push(act(a.number, "Передать…", "передать", ": "));
        }
        acts.push(act(a.number, "Взять себе", "беру себе", ""));
        acts
    }

    /// By the family name in a reply, unless two have it.
    fn pass(&self, number: i64, person: &Specialist) -> Act {
        let family = person.name.split_whitespace().next().unwrap_or_default();
        let twice = self.round.settings.staff.iter().filter(|p| p.name.split_whitespace().next() == Some(family)).count() > 1;
        let line = format!("{number} → {}", if twice { person.name.as_str() } else { family });
        Act { line, ..act(number, &format!("Передать: {}", initials(&person.name)), &format!("передать: {}", person.name), "") }
    }

    fn incident(&self, i: &Incident) -> Ask {
        let token = incident_token(&self.round.settings.composer.key, i.id, &self.reader.id);
        let act = |label: &str, words: &str, said: &str, room: &str| Act {
            label: label.to_owned(),
            words: said.to_owned(),
            room: room.to_owned(),
            line: format!("{said}{}", room.trim_end()),
            subject: Some(format!("Общий случай {}: {words} [inc-{token}]", i.id)),
        };
        let text = format!("Похоже на общий случай, {}: обращений {}. Одно это или разное?", i.category.title(), i.appeals.len());
        Ask {
            text, acts: vec![act("Это одно: ответить всем", "ответить всем", "всем", ": "), act("Это разное", "разные", "разные", "")]
        }
    }
}

fn act(number: i64, label: &str, words: &str, room: &str) -> Act {
    let line = format!("{number} {words}{}", room.trim_end());
    Act { label: label.to_owned(), words: words.to_owned(), room: room.to_owned(), line, subject: None }
}

/// Why nobody has it, in a few words without a name.
fn undecided(a: &Appeal) -> &'static str {
    match (a.delicate, a.complaint, a.unsure) {
        (true, ..) => "беда в семье: ответить лично",
        (_, true, _) => "жалоба: кто разберётся",
        (.., true) => "тема не ясна: кто ответит",
        _ => "решить, кто ответит",
    }
}

/// The day up to which more time was asked for, as the history has it: «просьба о сроке до 28.11 передана руководителю».
fn more_time(history: &str) -> Option<&str> {
    history.strip_prefix("просьба о сроке до ")?.split(' ').next()
}
