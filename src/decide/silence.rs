//! A family wants no automatic letters for a while: the head or whoever has the appeal says so in a line.
//!
//! Kept back where letters leave: reminders, surveys, announcements. What they asked for themselves, moves and cancellations go as ever. Not here:
//! the words (`understand::order_silence`), the keeping back (`store::unwanted`).

use super::message::{Incoming, settled};
use super::sender::auth;
use super::trust::Auth;
use super::{Round, confirm, report};
use crate::compose::{Notice, stretch_words};
use crate::effect::{Effect, Event, Settled};
use crate::facts::{ForAppeal, ForLetter};
use crate::message::Origin;
use crate::understand::order_silence::{Silence, read};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// The effects of a letter of staff that is such an order: below a letter about the appeal, or with its number in a letter of its own.
pub(super) fn on_letter(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let m = incoming.message;
    if m.origin != Origin::Person || m.from.len() != 1 {
        return None;
    }
    let person = round.settings.person_by_email(&m.sender()?.email)?;
    let (number, said) = read(super::staff::own_words(incoming), round.date(incoming.received))?;
    let in_thread = facts.thread.as_ref().map(|t| &t.appeal);
    let named = facts.silenced.as_deref();
    let appeal = match number {
        Some(n) => in_thread.filter(|a| a.number == n).or(named.filter(|a| a.number == n)),
        None => in_thread,
    };
    let refused = |number, why: &str| Some(settled(Settled::Answer(number), Event::Refused, number, &format!("тишина ({}): {why}", person.post)));
    let proved = auth(round, m);
    if proved == Auth::Fail || facts.replayed {
        return refused(appeal.map(|a| a.number), "не исполнено");
    }
    let answer = |title: &str, line: String| {
        let key = format!("silence/{}/{}", person.id, m.content_hash.get(..16).unwrap_or("0"));
        let letter = Notice { number: appeal.map(|a| a.number), title: title.to_owned(), lines: vec![line] };
        report::answer_to_staff(round, key, &person.email, m.message_id.as_deref(), None, &letter)
    };
    let Some(appeal) = appeal else {
        let mut effects = refused(None, "такой заявки нет")?;
        effects.push(answer("не сделано", "Такой заявки не нахожу. Напишите её номер, например: «тишина 147 до 15.12».".into()));
        return Some(effects);
    };
    let n = Some(appeal.number);
    let may = !appeal.excluded.contains(&person.id) && (round.settings.head.contains(&person.id) || appeal.assignee.as_deref() == Some(person.id.as_str()));
    let author = appeal.email.clone();
    let (title, line, until): (&str, String, Option<Option<DateTime<Utc>>>) = match (may, said, &author) {
        (false, ..) => ("не сделано", "Об этом решает руководитель или тот, кто ведёт заявку.".into(), None),
        (_, _, None) => ("не сделано", "У автора нет адреса почты: автоматических писем ему и так не уходит.".into(), None),
        (_, Silence::Unclear, _) => ("не сделано", format!("Не вижу, до какого дня. Напишите, например: «тишина {} до 15.12».", appeal.number), None),
        (_, Silence::Over, _) => ("тишина снята", "Напоминания, анкеты и объявления этой семье снова отправляются.".into(), Some(None)),
        (_, Silence::Until(day), _) => {
            let by = stretch_words(day, Some(day), round.date(round.now).year());
            let line = format!(
                "До {by} включительно этой семье не уйдут напоминания, анкеты и объявления. Ответы на её письма, приглашения, переносы и отмены отправляются \
                 как обычно. Снять раньше: «тишина {} нет».",
                appeal.number
            );
            ("тишина записана", line, Some(Some(round.settings.worktime.last_second(day))))
        }
    };
    let Some(until) = until else {
        let mut effects = refused(n, "не исполнено")?;
        effects.push(answer(title, line));
        return Some(effects);
    };
    if proved != Auth::Sure {
        // It carries no token, and keeps letters from a family: its sender alone speaks for it.
        let conversation = facts.thread.as_ref().filter(|t| t.appeal.number == appeal.number);
        let answered = conversation.and_then(|t| t.posting.as_ref()).map(|p| p.key.clone());
        return Some(confirm::ask(round, facts, incoming, person, (conversation.and(n), answered), (Vec::new(), Vec::new())));
    }
    let mut effects = settled(Settled::Answer(n), Event::Ordered, n, &format!("поручение письмом ({}): {title}", person.post));
    effects.extend(author.map(|author| Effect::Silence { author, until }));
    effects.push(answer(title, line));
    Some(effects)
}

/// The same on the command line: silence up to this day included, or its end.
///
/// # Errors
/// A sentence: the author has no address.
pub fn on_silence(round: Round<'_>, facts: &ForAppeal, until: Option<NaiveDate>) -> Result<Vec<Effect>, String> {
    let a = &facts.appeal;
    let author = a.email.clone().ok_or_else(|| format!("appeal {} has no address: no letter goes out by itself anyway", a.number))?;
    let until = until.map(|day| round.settings.worktime.last_second(day));
    if until.is_some_and(|at| at <= round.now) {
        return Err("that day is past; name a day to come".to_owned());
    }
    let text = if until.is_some() {
        "командная строка: тишина записана"
    } else {
        "командная строка: тишина снята"
    };
    Ok(vec![Effect::Silence { author, until }, Effect::Note { appeal: Some(a.number), event: Event::Ordered, text: text.to_owned() }])
}
