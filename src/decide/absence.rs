//! Absences by a word: who may say them, who hears of them, and the one letter that is found on the return.
//!
//! What follows for appeals and consultations is the deadlines' (`deadline`): a word has every open appeal looked at anew. Not here: the words
//! (`understand::order_absence`), the days over the register (`slots::overlay`), letters that wait (`leaving`).

use super::message::{Incoming, settled};
use super::sender::sender_passes;
use super::{Round, leaving, report};
use crate::compose::{Action, Ahead, Notice, Return, StaffQuestion, Within, initials, stretch_words, upfirst};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{ForLetter, ForReturn};
use crate::outbox::Kind;
use crate::slots::{Away, AwaySource, Specialist, open_ended};
use crate::understand::order_absence::{Absence, Stretch, of_auto_reply, read};
use crate::understand::orders::Colleague;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

/// Days after an absence within which its letter is still worth sending.
const STALE_DAYS: i64 = 10;

/// An order about somebody's days.
pub(super) fn on_letter<'a>(round: Round<'a>, facts: &ForLetter, incoming: &Incoming<'_>, person: &'a Specialist) -> Option<Vec<Effect>> {
    if incoming.understanding.urgent {
        return None;
    }
    let own = super::staff::own_words(incoming);
    let own = if own.is_empty() { incoming.message.subject.trim() } else { own };
    let staff: Vec<_> = round.settings.staff.iter().map(|p| Colleague { id: &p.id, name: &p.name, post: &p.post }).collect();
    let said = read(own, round.date(incoming.received), &staff)?;
    if !sender_passes(round, incoming.message) || facts.replayed {
        return Some(settled(Settled::Answer(None), Event::Refused, None, &format!("слова об отсутствии от имени сотрудника ({}): не исполнено", person.post)));
    }
    let told = |title: &str, line: &str| {
        let text = format!("слова об отсутствии ({}): {title}", person.post);
        let mut effects = settled(Settled::Answer(None), Event::Refused, None, &text);
        effects.push(answer(round, incoming, person, title, vec![line.to_owned()]));
        Some(effects)
    };
    let who = match &said {
        Absence::Unclear(sentence) => return told("не записано", sentence),
        Absence::Away { who, .. } | Absence::Back { who, .. } => who.as_deref().and_then(|id| round.settings.person(id)).unwrap_or(person),
    };
    if who.id != person.id && !round.may_declare(person) {
        return told("не записано", "Чужое отсутствие отмечает руководитель или оператор. Напишите, пожалуйста, им.");
    }
    let source = if who.id == person.id { AwaySource::Own } else { AwaySource::Head };
    Some(match said {
        Absence::Away { days, .. } => away(round, facts, incoming, person, who, &days, source),
        Absence::Back { from, .. } => back(round, incoming, person, who, from, source),
        Absence::Unclear(_) => return None,
    })
}

impl Round<'_> {
    /// The head, a deputy, the director, the operator: they may say that somebody else is away.
    fn may_declare(&self, person: &Specialist) -> bool {
        let s = self.settings;
        s.head.contains(&person.id) || s.director.contains(&person.id) || s.operator.iter().any(|o| o.eq_ignore_ascii_case(&person.email))
    }
}

fn answer(round: Round<'_>, incoming: &Incoming<'_>, to: &Specialist, title: &str, lines: Vec<String>) -> Effect {
    let m = incoming.message;
    let key = format!("absence/{}/{}", to.id, m.content_hash.get(..16).unwrap_or("0"));
    report::answer_to_staff(round, key, &to.email, m.message_id.as_deref(), None, &Notice { number: None, title: title.to_owned(), lines })
}

/// «с 23 ноября по 5 декабря; 8 декабря».
fn words(round: Round<'_>, days: &[Stretch]) -> String {
    let year = round.date(round.now).year();
    days.iter().map(|(from, until)| stretch_words(*from, *until, year)).collect::<Vec<_>>().join("; ")
}

/// Who takes the work: the register's deputy where there, else whoever decides, never the absent one.
fn deputy<'a>(round: Round<'a>, person: &Specialist) -> Option<&'a Specialist> {
    round.deputy(person, std::slice::from_ref(&person.id))
}

fn away(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>, by: &Specialist, who: &Specialist, days: &[Stretch], source: AwaySource) -> Vec<Effect> {
    let own = source == AwaySource::Own;
    let when = words(round, days);
    let mut lines =
        vec![if own { format!("Записано: Вас нет {when}.") } else { format!("Записано: {} отсутствует {when}.", who.name) }];
    lines.push(match deputy(round, who) {
        Some(d) => format!("Открытые заявки получит {}. Консультации этих дней переносятся, семьи узнают сразу.", Round::titled(d)),
        None => "Открытые заявки решит руководитель. Консультации этих дней переносятся, семьи узнают сразу.".to_owned(),
    });
    if own {
        lines.push("Писем Вам не будет, кроме тревог; в первый рабочий день придёт одно письмо обо всём.".to_owned());
        lines.push("Выйдете раньше или дни другие — напишите: «на работе», «болею до …».".to_owned());
    }
    let mut effects = settled(Settled::Answer(None), Event::Ordered, None, &format!("отсутствие записано: {} {when}", who.post));
    effects.push(answer(round, incoming, by, "отсутствие записано", lines));
    effects.extend(declared(round, Some(&facts.load), who, days, source, &by.id));
    effects
}

/// The rows, the line to whoever decides, and to the absent one where somebody else says so.
fn declared(round: Round<'_>, load: Option<&[(String, u32)]>, who: &Specialist, days: &[Stretch], source: AwaySource, by: &str) -> Vec<Effect> {
    let when = words(round, days);
    let said = |(from, until): &Stretch| Effect::Away(Away { specialist: who.id.clone(), from: *from, until: *until, present: false, source });
    let mut effects: Vec<Effect> = days.iter().map(said).collect();
    let stamp = round.now.timestamp();
    if by != who.id {
        let lines = vec![
            format!("Записано, что Вас нет {when}. Заявки получает заместитель, консультации этих дней переносятся."),
            "Если это не так, напишите школе: «на работе».".to_owned(),
        ];
        let letter = Notice { number: None, title: "Вас отметили отсутствующим".into(), lines };
        effects.push(report::answer_to_staff(round, format!("absence/told/{}/{stamp}", who.id), &who.email, None, None, &letter));
    }
    let ids = round.settings.head.iter().chain(&round.settings.director);
    let head = ids.filter(|id| **id != who.id).filter_map(|id| round.settings.person(id)).find(|p| round.present(p));
    if let Some(head) = head.filter(|h| h.id != by) {
        let open = load.map(|load| load.iter().find(|(id, _)| *id == who.id).map_or(0, |(_, n)| *n));
        let mut lines = vec![upfirst(&format!("{} отсутствует {when}.", Round::titled(who)))];
        lines.push(match (open, deputy(round, who)) {
            (None, Some(d)) => format!("Открытые заявки получит {}.", Round::titled(d)),
            (None, None) => "Заместителя на месте нет: об открытых заявках решать Вам.".to_owned(),
            (Some(0), _) => "Открытых заявок у этого сотрудника нет.".to_owned(),
            (Some(n), Some(d)) => format!("Открытых заявок {n}, {} {}.", if n == 1 { "её получит" } else { "их получит" }, Round::titled(d)),
            (Some(n), None) => format!("Открытых заявок {n}, заместителя на месте нет: решать Вам."),
        });
        lines.push("Консультации этих дней переносятся, семьи узнают сразу.".to_owned());
        let letter = Notice { number: None, title: format!("отсутствует {}", if who.post.is_empty() { &who.name } else { &who.post }), lines };
        effects.extend(report::staff_letter(round, Kind::Other, format!("absence/head/{}/{stamp}", who.id), &head.email, 3, &letter));
    }
    effects
}

fn back(round: Round<'_>, incoming: &Incoming<'_>, by: &Specialist, who: &Specialist, from: NaiveDate, source: AwaySource) -> Vec<Effect> {
    let until = who.absences.iter().filter(|a| a.covers(from)).map(|a| a.to).max();
    let Some(until) = until else {
        let mut effects = settled(Settled::Answer(None), Event::Refused, None, "отсутствие не записано: возвращаться не из чего");
        effects.push(answer(round, incoming, by, "уже на месте", vec!["Отсутствия на этот день не записано, ничего не изменено.".to_owned()]));
        return effects;
    };
    let own = source == AwaySource::Own;
    let day = stretch_words(from, Some(from), round.date(round.now).year());
    let first = if own {
        format!("С возвращением. С {day} Вы снова на месте.")
    } else {
        format!("Записано: {} на месте с {day}.", who.name)
    };
    let lines = vec![first, "Что заместитель взял в работу, остаётся у него; чего никто не брал, вернулось.".to_owned()];
    let mut effects = settled(Settled::Answer(None), Event::Ordered, None, &format!("возвращение записано: {}", who.post));
    effects.push(answer(round, incoming, by, "возвращение записано", lines));
    effects.push(Effect::Away(Away { specialist: who.id.clone(), from, until: Some(until), present: true, source }));
    effects
}

/// What the command line says of somebody's days: away from `from` on, or there again. Whoever may log in to the machine may say so.
///
/// # Errors
/// A sentence: why it cannot be so.
pub fn on_command(round: Round<'_>, id: &str, from: NaiveDate, until: Option<NaiveDate>, present: bool) -> Result<Vec<Effect>, String> {
    let settings = round.settings;
    let Some(who) = settings.person(id).or_else(|| settings.person_by_email(id)) else {
        let known: Vec<_> = settings.staff.iter().map(|p| p.id.as_str()).collect();
        return Err(format!("no member of staff has the id {id}; known ids: {}", known.join(", ")));
    };
    if present {
        let last = who.absences.iter().filter(|a| a.covers(from)).map(|a| a.to).max();
        let last = last.ok_or_else(|| format!("{} is not away on {from}; `otklik absence list` shows who is", who.id))?;
        return Ok(vec![Effect::Away(Away { specialist: who.id.clone(), from, until: Some(last), present: true, source: AwaySource::Command })]);
    }
    if until.is_some_and(|until| until < from) {
        return Err(format!("the absence would end before it begins; exchange {from} and the last day"));
    }
    if until.is_some_and(|until| until < round.date(round.now)) {
        return Err("those days are past; name days to come".into());
    }
    Ok(declared(round, None, who, &[(from, until)], AwaySource::Command, ""))
}

/// A vacation answer of a member of staff: a question to whoever decides, or by itself where the school believes such answers.
pub(super) fn on_auto_reply(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Vec<Effect> {
    let m = incoming.message;
    let Some(person) = m.sender().and_then(|a| round.settings.person_by_email(&a.email)) else { return Vec::new() };
    let Some((from, until)) = of_auto_reply(&m.body.own, round.date(incoming.received)) else { return Vec::new() };
    let known = person.is_away(from.max(round.date(round.now))) && person.is_away(until);
    if known || !sender_passes(round, m) {
        return Vec::new();
    }
    if round.settings.terms.believe_auto_replies {
        return declared(round, Some(&facts.load), person, &[(from, Some(until))], AwaySource::AutoReply, "");
    }
    let ids = round.settings.head.iter().chain(&round.settings.director);
    let Some(head) = ids.filter(|id| **id != person.id).filter_map(|id| round.settings.person(id)).find(|p| round.present(p)) else { return Vec::new() };
    let when = words(round, &[(from, Some(until))]);
    let order = format!("{} отсутствует с {} по {}", person.name, from.format("%d.%m.%Y"), until.format("%d.%m.%Y"));
    let lines = vec![
        format!("Почта ответила автоматически: {} отсутствует {when}.", Round::titled(person)),
        "Само по себе это ничего не меняет. Отметить отсутствие: заявки получит заместитель, консультации этих дней перенесутся?".to_owned(),
    ];
    let letter = StaffQuestion {
        title: format!("отсутствует {}?", initials(&person.name)),
        lines,
        actions: vec![Action::letter(&round.settings.composer, "Да, отметить отсутствие", &format!("Отсутствие: {}", initials(&person.name)), &order)],
    };
    // The same answer to each of our letters is one question.
    report::staff_letter(round, Kind::Other, format!("away/{}/{until}", person.id), &head.email, 3, &letter)
}

/// An absence that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// Its days.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// Key of the letter about it.
    pub key: String,
    /// When that letter is due: the first working morning.
    pub due: DateTime<Utc>,
    /// Where the absence began.
    pub since: DateTime<Utc>,
}

/// The absence that this person has come back from lately.
pub fn over(round: Round<'_>, person: &Specialist) -> Option<Over> {
    let today = round.date(round.now);
    if person.absences.is_empty() || person.is_away(today) {
        return None;
    }
    let worktime = &round.settings.worktime;
    let to = person.absences.iter().map(|a| a.to).filter(|to| *to < today).max()?;
    let first_day = worktime.workday_from(to.succ_opt()?);
    if (today - first_day).num_days() > STALE_DAYS || person.is_away(first_day) {
        return None;
    }
    // Days off between two absences are none of work.
    let mut from = to;
    for _ in 0..400 {
        match from.pred_opt() {
            Some(day) if person.is_away(day) || (!round.workday(day) && person.is_away(worktime.prev_workday(day))) => from = day,
            _ => break,
        }
    }
    while from < to && !person.is_away(from) {
        from = from.succ_opt()?;
    }
    let due = round.staff_hours(worktime.local(first_day, round.settings.terms.staff_from));
    Some(Over { from, to, key: format!("return/{}/{to}", person.id), due, since: worktime.local(from, chrono::NaiveTime::MIN) - TimeDelta::days(1) })
}

/// The one letter that somebody finds on their return; none where nothing happened.
pub fn on_return(round: Round<'_>, person: &Specialist, over: &Over, facts: &ForReturn) -> Vec<Effect> {
    let settings = round.settings;
    let mine = |excluded: &[String]| !excluded.contains(&person.id);
    let name = |id: &Option<String>| id.as_deref().and_then(|id| settings.person(id)).map_or_else(|| "руководитель".to_owned(), |p| initials(&p.name));
    let others = || facts.passed.iter().filter(|p| mine(&p.excluded) && p.assignee.as_deref() != Some(&person.id));
    let decided = others().filter(|p| p.closed).map(|p| format!("№ {}, {}: закрыта ({})", p.number, p.category.title(), name(&p.assignee))).collect();
    let passed = others().filter(|p| !p.closed).map(|p| format!("№ {}, {}: {}", p.number, p.category.title(), name(&p.assignee))).collect();
    let waiting: Vec<_> = facts.waiting.iter().filter(|a| mine(&a.excluded)).collect();
    let telling = |l: &&crate::facts::Aside| l.appeal.is_none_or(|n| waiting.iter().any(|a| a.number == n)) && leaving::worth_telling(l);
    let letters: Vec<Within> = facts.letters.iter().filter(telling).map(|l| Within::of(&l.subject, &l.raw)).collect();
    let meetings = facts.meetings.iter().map(|(number, start, channel)| Ahead { number: *number, start: *start, channel: channel.clone() }).collect();
    let letter =
        Return { from: over.from, to: over.to, decided, passed, waiting: waiting.iter().map(|a| leaving::item(round, &over.key, a, person)).collect(), meetings, letters };
    let keys: Vec<String> = facts.letters.iter().map(|l| l.key.clone()).collect();
    let nothing = letter.decided.is_empty() && letter.passed.is_empty() && letter.letters.is_empty() && keys.is_empty();
    if nothing {
        return vec![Effect::Remember { key: over.key.clone(), value: "nothing" }];
    }
    let shell = facts.letters.iter().any(|l| l.shell);
    let mut effects = leaving::letter_of_many(round, over.key.clone(), &person.email, shell, &letter);
    if !keys.is_empty() {
        effects.push(Effect::Replace { keys, heir: over.key.clone() });
    }
    effects
}

/// Whether somebody's absence has no known end.
pub(super) fn without_end(person: &Specialist, day: NaiveDate) -> bool {
    person.absences.iter().any(|a| a.covers(day) && open_ended(a))
}
