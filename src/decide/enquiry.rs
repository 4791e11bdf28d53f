//! What staff ask the mailbox for: a blank form («форма») and appeals by number, telephone or name («найти …»).
//!
//! A listing holds numbers, states and times, no names and no matters; only operator and head may search. Not here: what a filled-in form opens
//! (`open`), the search itself (`store`).

use super::Round;
use super::case::shadowed;
use super::message::{Incoming, settled};
use super::report::answer_to_staff;
use super::sender::sender_passes;
use crate::compose::{Choice, Done, Envelope, Moment, Notice, Press, buttons, freeze};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{ForLetter, Found, Wanted};
use crate::outbox::{Audience, Kind, SentCopy};
use crate::slots::Specialist;

/// The fields of the hotline's form (001 App. 2).
const FIELDS: [&str; 7] = [
    "ФИО обратившегося:",
    "Роль обратившегося (ученик, учитель, родитель):",
    "Класс, в котором учится ребёнок (для ученика и родителя):",
    "Тип обращения:",
    "Описание проблемы:",
    "Телефон для обратной связи:",
    "E-mail для обратной связи (если есть):",
];

/// The first line of a letter, or its subject where the letter has no words.
fn line<'m>(incoming: &Incoming<'m>) -> &'m str {
    let m = incoming.message;
    let own = m.body.own.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default();
    if own.is_empty() { m.subject.trim() } else { own }
}

/// Whether nothing but one line and a signature was written.
fn alone(incoming: &Incoming<'_>) -> bool {
    incoming.message.body.own.lines().filter(|l| !l.trim().is_empty()).count() <= 1
}

/// What a letter looks for, whoever wrote it: the answer depends on who.
pub(super) fn wanted(incoming: &Incoming<'_>) -> Option<Wanted> {
    Wanted::asked(&incoming.message.subject, &incoming.message.body.own)
}

/// A number, a telephone or a name.
pub fn looked_for(what: &str) -> Option<Wanted> {
    Wanted::of(what)
}

/// «Форма» as the whole letter.
fn asks_form(incoming: &Incoming<'_>) -> bool {
    let said = line(incoming).trim_end_matches(['.', '!', '?']).to_lowercase();
    alone(incoming) && matches!(said.as_str(), "форма" | "бланк" | "форма обращения" | "пришлите форму" | "форма звонка" | "форма горячей линии")
}

/// Orders of this file.
pub(super) fn on_enquiry<'a>(round: Round<'a>, facts: &ForLetter, incoming: &Incoming<'_>, person: &'a Specialist) -> Option<Vec<Effect>> {
    let wanted = wanted(incoming);
    if wanted.is_none() && !asks_form(incoming) {
        return None;
    }
    if !sender_passes(round, incoming.message) || facts.replayed {
        return Some(settled(Settled::Answer(None), Event::Refused, None, "просьба от имени сотрудника не прошла проверку отправителя"));
    }
    // Nobody hears of a matter about themselves, not even that there is one.
    let found: Vec<Found> = facts.found.iter().filter(|f| !f.excluded.contains(&person.id)).cloned().collect();
    let number = found.first().filter(|_| found.len() == 1);
    let letter = match (wanted, number) {
        (None, _) => blank(),
        (Some(_), _) if !may_search(round, person) => {
            Notice {
                number: None, title: "поиск".into(), lines: vec!["Искать заявки могут оператор и руководитель службы.".into()]
            }
        }
        (Some(_), Some(one)) => {
            let mut effects = settled(Settled::Answer(None), Event::Ordered, None, "поиск заявки");
            effects.push(found_one(round, one, incoming, person));
            return Some(effects);
        }
        (Some(_), None) => listing(round, &found),
    };
    let mut effects = settled(Settled::Answer(None), Event::Ordered, None, &format!("отправлено: {}", letter.title));
    effects.push(answer_to_staff(round, key(incoming, person), &person.email, incoming.message.message_id.as_deref(), None, &letter));
    Some(effects)
}

fn key(incoming: &Incoming<'_>, person: &Specialist) -> String {
    format!("enquiry/{}/{}", person.id, incoming.message.content_hash.get(..16).unwrap_or("0"))
}

fn may_search(round: Round<'_>, person: &Specialist) -> bool {
    let s = round.settings;
    s.operator.iter().any(|o| o.eq_ignore_ascii_case(&person.email)) || s.head.contains(&person.id) || round.decider(&[]).is_some_and(|d| d.id == person.id)
}

fn blank() -> Notice {
    let mut lines = vec![
        "Скопируйте строки ниже в новое письмо в этот ящик (или ответьте на это письмо), заполните что известно и отправьте. Порядок не важен, лишнее удалите."
            .to_owned(),
    ];
    lines.extend(FIELDS.map(str::to_owned));
    lines.push(
        "Можно и своими словами: «звонила Иванова, 5А, тел. 8 900 …, не открывается дневник». В ответ придут номер и слова, которые надо сказать.".to_owned(),
    );
    Notice { number: None, title: "форма обращения".into(), lines }
}

/// One line of a listing.
pub fn found_line(zone: chrono_tz::Tz, f: &Found) -> String {
    let moment = |at| Moment { at, zone };
    let mut text = format!("№ {}: {}, получена {}", f.number, f.state.title(), moment(f.received).spoken());
    if f.state != crate::appeal::State::Closed {
        text.push_str(&format!(", срок до {}", moment(f.due).deadline()));
    }
    if let Some(at) = f.consultation {
        text.push_str(&format!(", консультация {}", moment(at).spoken()));
    }
    text.push('.');
    text
}

fn listing(round: Round<'_>, found: &[Found]) -> Notice {
    if found.is_empty() {
        let lines = vec!["Проверьте номер телефона или фамилию. Искать можно так: «найти +7 900 000-00-00», «найти Иванова», «найти 147».".to_owned()];
        return Notice { number: None, title: "таких заявок нет".into(), lines };
    }
    let mut lines: Vec<String> = found.iter().map(|f| found_line(round.settings.worktime.zone, f)).collect();
    lines.push("Чтобы отменить, перенести или подтвердить, найдите одну: «найти 147», в ответ придут кнопки.".to_owned());
    Notice { number: None, title: format!("найдено заявок: {}", found.len()), lines }
}

/// One appeal with what can be ordered about it.
fn found_one(round: Round<'_>, f: &Found, incoming: &Incoming<'_>, person: &Specialist) -> Effect {
    let mut options = Vec::new();
    if f.consultation.is_some() {
        options.push(Choice::of("Подтвердили по телефону", "подтвердили по телефону"));
        options.push(Choice::with_room("Перенести на…", "перенести", " на "));
        options.push(Choice::of("Отменить по просьбе семьи", "отменить: по просьбе семьи"));
    }
    if f.state != crate::appeal::State::Closed {
        options.push(Choice::with_room("Созвонились", "созвонились", ": "));
        options.push(Choice::of("Не дозвонились", "не дозвонились"));
    }
    let letter =
        Done { number: f.number, title: "найдена".into(), said: found_line(round.settings.worktime.zone, f), present: None, options, undo_until: None };
    let token = buttons::order_token(&round.settings.composer.key, f.number, &person.id);
    let envelope = Envelope {
        kind: Kind::Confirm,
        key: key(incoming, person),
        appeal: Some(f.number),
        to: person.email.clone(),
        references: incoming.message.message_id.iter().cloned().collect(),
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
        press: Some(Press { number: f.number, token, about: f.consultation, choices: Vec::new() }),
        now: round.now,
    };
    Effect::Post(Box::new(shadowed(&round, freeze(&round.settings.composer, envelope, &letter))))
}
