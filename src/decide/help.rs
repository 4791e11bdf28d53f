//! «Помощь»: every order by what it is for, in a letter that fits a screen; by itself or in a conversation.

use super::Round;
use super::message::{Incoming, settled};
use super::staff::{by_hand, own_words, said};
use crate::compose::{Choice, Help, HelpGroup};
use crate::effect::{Effect, Event, Settled};
use crate::facts::ForLetter;
use crate::slots::Specialist;
use crate::understand::orders::{Reading, Said};

const GROUPS: [(&str, &[&str]); 6] = [
    ("Взять и ответить", &["беру", "готово: текст ответа (уйдёт автору)", "ответ дан (ответили сами)", "закрыть без ответа: причина", "вернуть в работу"]),
    ("Спросить и отложить", &["уточнить: вопрос автору", "продлить до 28.11, ждём поставщика", "не продлевать"]),
    ("Передать", &["передать Петровой", "не моё", "тема: логопед", "объединить 147 151"]),
    ("Консультация", &["подходит, не могу", "перенести на четверг 16:00", "способ: телефон", "отменить консультацию", "ещё раз, серия 5"]),
    ("После неё", &["состоялась, рекомендации: …", "не пришли, сбой связи", "журнал: проведена"]),
    ("Ещё", &["вижу (срочная заявка)", "созвонились", "отменить (вернуть своё поручение, в течение часа)"]),
];

/// The letter.
pub(super) fn letter(number: Option<i64>, present: Option<String>, options: Vec<Choice>) -> Help {
    let groups = GROUPS.iter().map(|(title, lines)| HelpGroup { title: (*title).to_owned(), lines: lines.iter().map(|l| (*l).to_owned()).collect() }).collect();
    Help { number, present, groups, options }
}

/// A letter to the mailbox that asks for nothing else.
pub(super) fn on_help<'a>(round: Round<'a>, facts: &ForLetter, incoming: &Incoming<'_>, person: &'a Specialist) -> Option<Vec<Effect>> {
    let short = own_words(incoming).split_whitespace().count() <= 4 && incoming.message.attachments.is_empty();
    if !short || !by_hand(incoming) || !matches!(said(round, incoming), Reading::Order(Said::Help, _)) {
        return None;
    }
    if facts.replayed {
        return Some(settled(Settled::Answer(None), Event::Refused, None, "та же просьба о помощи ещё раз"));
    }
    let mut effects = settled(Settled::Answer(None), Event::Ordered, None, "помощь: список поручений");
    effects.push(super::combined::line_back(round, incoming, person, "help", (None, None), &letter(None, None, Vec::new())));
    Some(effects)
}
