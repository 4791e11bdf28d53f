//! «Отчёт за ноябрь», «отчёт за квартал», «отчёт за неделю» of the head or the director: the wish is kept, the report comes in the same round.
//!
//! Not here: how the line is read (`understand::order_report`), the figures (`jobs`), the letter's words (`compose`).

use super::Round;
use super::message::{Incoming, settled};
use super::report::{answer_to_staff, staff_envelope};
use super::staff::{by_hand, own_words, today};
use crate::compose::{Envelope, Notice, Weekly, freeze};
use crate::effect::{Effect, Event, Settled};
use crate::facts::ForLetter;
use crate::outbox::Kind;
use crate::report::{self, Span, Wanted};
use crate::slots::Specialist;
use crate::understand::order_report::{ReportAsked, read};

const SAMPLE: &str = "Напишите, например: «отчёт за неделю», «отчёт за прошлый месяц», «отчёт за ноябрь», «отчёт за квартал».";

/// The order of this file.
pub(super) fn on_letter<'a>(round: Round<'a>, facts: &ForLetter, incoming: &Incoming<'_>, person: &'a Specialist) -> Option<Vec<Effect>> {
    if !by_hand(incoming) || facts.thread.is_some() {
        return None;
    }
    let said = own_words(incoming);
    let said = if said.trim().is_empty() { incoming.message.subject.as_str() } else { said };
    let asked = read(said, round.date(today(round, incoming)))?;
    if facts.replayed {
        return Some(settled(Settled::Answer(None), Event::Refused, None, "та же просьба об отчёте ещё раз"));
    }
    let m = incoming.message;
    let key = format!("report_told/{}/{}", person.id, m.content_hash.get(..16).unwrap_or("0"));
    let told = |line: &str| {
        let mut effects = settled(Settled::Answer(None), Event::Refused, None, &format!("просьба об отчёте ({}): не исполнена", person.post));
        let notice = Notice { number: None, title: "отчёт не составлен".into(), lines: vec![line.to_owned()] };
        effects.push(answer_to_staff(round, key.clone(), &person.email, m.message_id.as_deref(), None, &notice));
        Some(effects)
    };
    let s = round.settings;
    let may = s.head.contains(&person.id) || s.director.contains(&person.id) || round.decider(&[]).is_some_and(|d| d.id == person.id);
    if !may {
        return told("Отчёты по обращениям получают руководитель службы и директор. Свои заявки Вы найдёте в письмах Отклика.");
    }
    let (span, first) = match asked {
        ReportAsked::Week(first) => (Span::Week, first),
        ReportAsked::Month(first) => (Span::Month, first),
        ReportAsked::Quarter(first) => (Span::Quarter, first),
        ReportAsked::Ahead => return told(&format!("Этот период ещё не начался. {SAMPLE}")),
        ReportAsked::Unclear => return told(&format!("Не понял, за какой период. {SAMPLE}")),
    };
    let mut effects = settled(Settled::Answer(None), Event::Ordered, None, &format!("просьба об отчёте ({})", person.post));
    effects.push(Effect::Want(Box::new(Wanted { staff: person.id.clone(), span, first, message_id: m.message_id.clone() })));
    Some(effects)
}

/// The report that was asked for, or a sentence where the period is empty.
pub fn on_wanted(round: Round<'_>, id: i64, wanted: &Wanted, report: &report::Weekly) -> Vec<Effect> {
    let Some(person) = round.settings.person(&wanted.staff) else { return Vec::new() };
    let key = format!("report/asked/{id}");
    if report.analysis.nothing() {
        let lines = vec!["Ни новых, ни закрытых за этот период нет, или Отклик тогда ещё не работал.".to_owned()];
        let notice = Notice { number: None, title: format!("за {} обращений не было", report.analysis.title), lines };
        return vec![answer_to_staff(round, key, &person.email, wanted.message_id.as_deref(), None, &notice)];
    }
    let references = wanted.message_id.iter().cloned().collect();
    let envelope = Envelope { references, replied: true, not_before: None, ..staff_envelope(round, Kind::ReportWeekly, key, &person.email, 2) };
    vec![Effect::Post(Box::new(super::case::shadowed(&round, freeze(&round.settings.composer, envelope, &Weekly::of(report.clone())))))]
}
