//! The same trouble of many at once: noticed, proposed to the head as one, answered to each family by itself.
//!
//! Compared is only the last hour of the categories that one outage may be sorted into, never what is urgent, delicate, a complaint, the psychologist's or the social pedagogue's, and no
//! consultation. Nothing is merged: each family keeps its appeal, and no family sees another. Not here: the likeness (`understand::likeness`), the
//! words of staff (`understand::order_incident`).

use super::case::Case;
use super::leaving::letter_of_many;
use super::message::{Incoming, settled};
use super::order::{Order, carry_out};
use super::sender::sender_passes;
use super::{Round, report};
use crate::appeal::{Appeal, Incident, IncidentState};
use crate::compose::buttons::same_token;
use crate::compose::{Action, Notice, StaffQuestion, incident_pressed, incident_token};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{ForIncident, ForLetter};
use crate::slots::Specialist;
use crate::understand::order_incident::{Incident as Said, read};
use crate::understand::{ALIKE, Category, Understanding, common_words, gist, gist_of, likeness};

/// So many appeals of one hour are proposed as one.
const MANY: usize = 5;

/// The category in which a letter may have its like, as far as understanding tells.
pub(super) fn comparable(u: &Understanding) -> Option<Category> {
    let personal = matches!(u.category, None | Some(Category::Psychologist | Category::SocialPedagogue));
    u.category.filter(|_| !(personal || u.urgent || u.complaint || u.delicate))
}

/// What a new appeal makes of incidents: effects, and the known answer where it has one.
pub(super) fn on_new(round: Round<'_>, facts: &ForLetter, appeal: &Appeal, u: &Understanding) -> (Vec<Effect>, Option<String>) {
    let topics = &round.settings.topics;
    if appeal.consultation || (facts.incidents.is_empty() && facts.recent.len() + 1 < MANY) {
        return (Vec::new(), None);
    }
    let Some(own) = gist(topics, u) else { return (Vec::new(), None) };
    let like = |category, text: &str| likeness(&own, &gist_of(topics, category, text)) >= ALIKE;
    if let Some(live) = facts.incidents.iter().find(|live| live.texts.iter().any(|t| like(live.incident.category, t))) {
        let joined = Incident { newest: appeal.received.max(live.incident.newest), appeals: vec![appeal.number], ..live.incident.clone() };
        let answer = live.incident.answer.clone().filter(|_| live.incident.state == IncidentState::Answered);
        let note = Effect::Note { appeal: Some(appeal.number), event: Event::Added, text: format!("общий случай {}", live.incident.id) };
        return (vec![Effect::Incident(Box::new(joined)), note], answer);
    }
    let alike: Vec<&(i64, Category, String)> = facts.recent.iter().filter(|(_, category, text)| like(*category, text)).collect();
    if alike.len() + 1 < MANY {
        return (Vec::new(), None);
    }
    let mut appeals: Vec<i64> = alike.iter().map(|(n, ..)| *n).chain([appeal.number]).collect();
    appeals.sort_unstable();
    let categories: Vec<Category> = alike.iter().map(|(_, c, _)| *c).chain([appeal.category]).collect();
    let incident = Incident {
        id: facts.next_incident,
        category: most_of(&categories).unwrap_or(appeal.category),
        state: IncidentState::Proposed,
        opened: round.now,
        newest: appeal.received,
        answer: None,
        appeals,
    };
    let texts: Vec<&str> = alike.iter().map(|(_, _, t)| t.as_str()).chain([u.text.as_str()]).collect();
    (proposed(round, incident, &common_words(&texts), &categories), None)
}

/// The category that most of them have; of equals the one named first.
fn most_of(categories: &[Category]) -> Option<Category> {
    let count = |c: &Category| categories.iter().filter(|o| *o == c).count();
    categories.iter().rev().copied().max_by_key(count)
}

/// The head is asked whether it is one, and the specialist of the category, where all of them are of it.
fn proposed(round: Round<'_>, incident: Incident, words: &[String], categories: &[Category]) -> Vec<Effect> {
    let composer = &round.settings.composer;
    let numbers: Vec<String> = incident.appeals.iter().map(ToString::to_string).collect();
    let mut topics = vec![incident.category.title()];
    topics.extend(categories.iter().map(|c| c.title()));
    let mut seen = Vec::new();
    topics.retain(|t| {
        !seen.contains(t) && {
            seen.push(*t);
            true
        }
    });
    let mut lines = vec![format!("За час похожих обращений {}: № {}. Тема: {}.", incident.appeals.len(), numbers.join(", "), topics.join(", "))];
    if !words.is_empty() {
        lines.push(format!("Общие слова: {}.", words.join(", ")));
    }
    lines.push(
        "Если это одно, напишите ответ один раз: «всем: » и текст. Каждая семья получит его отдельным письмом, заявки закроются, а новым семьям он придёт \
         вместе с квитанцией, пока не напишете «инцидент закрыт» или сутки не будет новых."
            .to_owned(),
    );
    let mut readers: Vec<&Specialist> = round.decider(&[]).into_iter().collect();
    let specialist = round.of_category(incident.category, &[]).into_iter().find(|p| round.present(p));
    readers.extend(specialist.filter(|_| topics.len() == 1).filter(|p| readers.iter().all(|r| r.id != p.id)));
    let mut effects = Vec::new();
    for reader in readers {
        let subject = |words: &str| format!("Общий случай {}: {words} [inc-{}]", incident.id, incident_token(&composer.key, incident.id, &reader.id));
        let letter = StaffQuestion {
            title: format!("похоже на общий случай: {}", incident.category.title()),
            lines: lines.clone(),
            actions: vec![
                Action::letter(composer, "Это одно: ответить всем", &subject("ответить всем"), "всем: "),
                Action::letter(composer, "Это разное", &subject("разные"), "разные"),
            ],
        };
        effects.extend(letter_of_many(round, format!("incident/{}/{}", incident.id, reader.id), &reader.email, false, &letter));
    }
    let text = format!("похоже на общий случай {}: заявок {}", incident.id, incident.appeals.len());
    effects.push(Effect::Note { appeal: None, event: Event::Asked, text });
    effects.insert(0, Effect::Incident(Box::new(incident)));
    effects
}

/// The number of the incident that a pressed button names, and whether the press is this person's.
fn pressed(round: Round<'_>, incoming: &Incoming<'_>, person: &Specialist) -> Option<i64> {
    let (id, token) = incident_pressed(&incoming.message.subject)?;
    same_token(&token, &incident_token(&round.settings.composer.key, id, &person.id)).then_some(id)
}

/// An order about an incident: below the letter about it, by its button, or «инцидент закрыт» where only one is open.
pub(super) fn on_letter<'a>(round: Round<'a>, facts: &ForLetter, incoming: &Incoming<'_>, person: &'a Specialist) -> Option<Vec<Effect>> {
    let said = read(super::staff::own_words(incoming))?;
    let known = facts.incident.as_deref();
    let held = known.is_some_and(|k| k.answered_by.as_ref() == Some(&person.id) || pressed(round, incoming, person) == Some(k.incident.id));
    let m = incoming.message;
    if !held && said != Said::Over {
        // Without a letter about an incident «всем: …» is about something else; below a letter that went to others it is nobody's order.
        let text = format!("поручение об общем случае ({}): письмо было не этому сотруднику, не исполнено", person.post);
        return known.map(|_| settled(Settled::Answer(None), Event::Refused, None, &text));
    }
    let category = known.map(|k| k.incident.category);
    let may = round.settings.head.contains(&person.id) || category.is_some_and(|c| person.categories.contains(&c));
    if !sender_passes(round, m) || facts.replayed || !may {
        return Some(settled(Settled::Answer(None), Event::Refused, None, &format!("поручение об общем случае ({}): не исполнено", person.post)));
    }
    let answer = |title: &str, lines: Vec<String>| {
        let key = format!("incident_done/{}/{}", person.id, m.content_hash.get(..16).unwrap_or("0"));
        report::answer_to_staff(round, key, &person.email, m.message_id.as_deref(), None, &Notice { number: None, title: title.to_owned(), lines })
    };
    let told = |title: &str, line: &str| {
        let mut effects = settled(Settled::Answer(None), Event::Refused, None, &format!("поручение об общем случае ({}): {title}", person.post));
        effects.push(answer(title, vec![line.to_owned()]));
        Some(effects)
    };
    let Some(known) = known else {
        return told("не сделано", "Открытого общего случая нет, или их несколько: ответьте тогда на письмо о нужном.");
    };
    if matches!(known.incident.state, IncidentState::Apart | IncidentState::Closed) {
        return told("уже решено", "Этот общий случай уже закрыт, ничего не изменено.");
    }
    let done = |text: String| settled(Settled::Answer(None), Event::Ordered, None, &format!("поручение письмом ({}): {text}", person.post));
    let id = known.incident.id;
    match said {
        Said::NoText => told("не сделано", "Нет текста. Напишите «всем: » и ответ семьям."),
        Said::Apart => {
            let mut effects = done(format!("общий случай {id}: разные"));
            effects.push(Effect::Incident(Box::new(Incident { state: IncidentState::Apart, ..known.incident.clone() })));
            effects.push(answer("заявки остаются отдельными", vec!["Каждая заявка идёт своим порядком, у своего исполнителя.".to_owned()]));
            Some(effects)
        }
        Said::All(text) => {
            // Of another category (it came later) is not the specialist's to answer.
            let theirs = |a: &Appeal| round.settings.head.contains(&person.id) || person.categories.contains(&a.category);
            let (effects, answered) = close_all(round, facts, known, person, &Order::Close { answer: Some(text.clone()), reason: None }, theirs);
            let mut all = done(format!("общий случай {id}: ответ всем, заявок {}", answered.len()));
            all.extend(effects);
            all.push(Effect::Incident(Box::new(Incident { state: IncidentState::Answered, answer: Some(text), ..known.incident.clone() })));
            let lines = vec![
                format!("Ответ уходит каждой семье отдельным письмом, заявки закрыты: {}.", numbers(&answered)),
                "Новые семьи с тем же вопросом получат его вместе с квитанцией. Остановить: «инцидент закрыт».".to_owned(),
            ];
            all.push(answer("ответ отправлен всем", lines));
            Some(all)
        }
        Said::Over => {
            // Newcomers who had the known answer with their receipt and whom nobody has taken up since.
            let had = |a: &Appeal| known.incident.answer.is_some() && a.met.is_some() && a.taken.is_none();
            let order = Order::Close { answer: None, reason: Some("общий случай закрыт, ответ был в квитанции".into()) };
            let (effects, closed) = close_all(round, facts, known, person, &order, had);
            let mut all = done(format!("общий случай {id} закрыт"));
            all.extend(effects);
            all.push(Effect::Incident(Box::new(Incident { state: IncidentState::Closed, ..known.incident.clone() })));
            let line = if closed.is_empty() {
                "Новые обращения снова идут обычным порядком.".to_owned()
            } else {
                format!("Новые обращения снова идут обычным порядком. Закрыты заявки, которым ответ пришёл с квитанцией: {}.", numbers(&closed))
            };
            all.push(answer("общий случай закрыт", vec![line]));
            Some(all)
        }
    }
}

fn numbers(list: &[i64]) -> String {
    let words: Vec<String> = list.iter().map(|n| format!("№ {n}")).collect();
    if words.is_empty() { "открытых не осталось".to_owned() } else { words.join(", ") }
}

/// Closes every open appeal of an incident that may be closed, each by a decision of its own.
fn close_all(
    round: Round<'_>,
    facts: &ForLetter,
    known: &ForIncident,
    person: &Specialist,
    order: &Order,
    which: impl Fn(&Appeal) -> bool,
) -> (Vec<Effect>, Vec<i64>) {
    let (mut effects, mut closed) = (Vec::new(), Vec::new());
    for family in known.families.iter().filter(|f| f.appeal.open() && !f.appeal.urgent && !f.appeal.excluded.contains(&person.id)) {
        if !which(&family.appeal) {
            continue;
        }
        let references = family.references.clone();
        let mut case = Case::of(round, family.appeal.clone(), &family.consultations, facts.busy.clone(), facts.load.clone(), references);
        case.by = Some(person.id.clone());
        // Words that wait to be told are the old ones.
        case.call.clone_from(&family.call);
        if carry_out(&mut case, order, &[]).is_ok() {
            closed.push(case.appeal.number);
            effects.extend(case.finish());
        }
    }
    (effects, closed)
}
