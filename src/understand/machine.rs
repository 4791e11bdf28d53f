//! Letters of machines that no header gives away: absences, tickets, receipts, delivery reports, calendar answers in the wrong kind of part.
//!
//! Not here: machines that say so in their headers (`message::Origin`). A person who is on holiday and says «давайте потом» is a person.

use super::phrases::{Hit, Matcher};
use super::words::{Words, cut, fold};
use super::{Context, Sent};
use crate::itip::{self, Method, Object, PartStat};
use crate::message::Message;
use std::sync::LazyLock;

const SIGNS: &[&[&str]] = &[
    // 0 a person speaks: asks, agrees, excuses, tells of the family
    &[
        "давайте|давай",
        "можно|можете|могли",
        "перенес*|перенос*",
        "=мы|=нам|=нас|=наш|=наша",
        "приду|придем|подойдем|подойду|приедем|подъеду|созвонимся|напишу|напомню",
        "смогу|сможем|смог|удобно|подходит",
        "за рулем|на_совещании|на_работе|на_уроке|в_дороге",
        "тогда .. лучше|после|на",
        "не_понял*|извините|простите",
        "хочу|хотел|хотела|хотелось",
        "=да|=нет|=ок",
        "отец|муж|жена|бабушка|дедушка|мама|папа|сын|дочь|дочка|ребенок|внук",
        "пришлите|скиньте|вышлите",
    ],
    // 1 a machine, or a person who speaks for one
    &[
        "за .. ваше|ваш|твое .. письмо|обращение|сообщение|запрос",
        "по .. срочным|неотложным|всем .. вопросам",
        "срочным|срочных вопросам|вопросов|случаях",
        "автоматич*|автоответ*",
        "доступ .. почт* .. ограничен*|отсутствует|нет",
        "ограничен* .. доступ",
        "отвечу|ответим .. по .. возвращени*",
        "меня нет .. в .. офисе|на .. месте|рабочем",
        "нет .. на .. рабочем месте",
        "обращайтесь|обратитесь .. к|по",
        "ваше письмо .. получено|доставлено|принято|будет",
        "уважаемые коллеги|клиенты|партнеры",
        "сформировано автоматически",
        "меня .. замещает|заменяет",
        "мой|моя коллега",
        "out of office",
    ],
    // 2 a desk that gives out numbers
    &[
        "ваша|вашей|ваше|вашему|ваш|вашего|вашу .. заявка|заявке|обращение|обращению|запрос|запросу|тикет|тикету|сообщение|заявление|заявлению .. зарегистрирован*|принят*|присвоен*|создан*|закрыт*|получен*|в_работе|решен*|обрабат*|рассмотр*",
        "ваша|вашей|вашему|ваше|ваш заявка|обращение|обращению|запрос|тикет|заявке номер",
        "присвоен .. номер",
        "номер .. вашего|вашей .. обращения|заявки|запроса",
        "обращение|заявка|запрос|тикет .. принят*|зарегистрирован*|закрыт*|создан* .. номер|под",
        "оцените .. качество|работу .. обслуживания|специалиста|поддержки",
        "служб* .. поддержки .. свяжется|ответит|благодарит",
        "спасибо за обращение .. в|к",
        "мы ответим .. в .. течение|ближайшее",
        "наш|наши специалист|оператор|менеджер .. свяжется|ответит|свяжутся",
    ],
    // 3 a box that nobody reads
    &[
        "ящик|адрес|почту|почта .. не_читают|не_читается|не_читает|не_обслуживается|не_просматривается|не_проверяется|не_проверяют",
        "письма .. ящик|адрес .. не_читаются|не_обрабатываются|не_рассматриваются|не_просматриваются",
        "не отвечайте на это|данное .. письмо|сообщение",
        "отвечать на него|это|данное .. не_нужно|не_надо|не_следует",
        "mailbox is not monitored",
    ],
];
static SIGN: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(SIGNS));

/// What the words of a letter say of its author.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Voice {
    person: bool,
    formula: bool,
    tickets: usize,
    unread: bool,
    /// «Мне», «моё»: whoever speaks of a desk in the first person writes to one.
    own: bool,
}

/// Listens to the words.
pub(super) fn voice(words: &Words<'_>) -> Voice {
    let hits: Vec<Hit> = SIGN.find(words);
    let count = |rule: usize| {
        let mut ends: Vec<usize> = hits.iter().filter(|h| h.rule == rule).map(|h| h.first).collect();
        ends.dedup_by(|a, b| a.abs_diff(*b) < 2);
        ends.len()
    };
    Voice {
        person: count(0) > 0 || words.text.contains('?'),
        formula: count(1) > 0,
        tickets: count(2),
        unread: count(3) > 0,
        own: words.tokens.iter().any(|t| matches!(t.norm.as_str(), "я" | "мне" | "меня" | "мой" | "моя" | "мое" | "моего" | "моей" | "моему" | "моем")),
    }
}

impl Voice {
    /// A person speaks, and no formula of machines stands beside it.
    pub(super) fn is_person(self) -> bool {
        self.person && !self.formula
    }

    /// A person speaks, whatever stands beside it.
    pub(super) fn speaks(self) -> bool {
        self.person
    }

    /// A turn of phrase of absent people's programs stands in the letter.
    pub(super) fn formula(self) -> bool {
        self.formula
    }

    /// A box that says of itself that nobody reads it. Whoever complains of such a box speaks for themselves, or asks.
    pub(super) fn is_unread(self) -> bool {
        self.unread && !self.own && !self.person
    }

    /// A robot of a help desk: one formula with a number in the subject, or two.
    pub(super) fn is_desk(self, subject: &str) -> bool {
        let folded = fold(subject);
        let numbered = subject.contains(['#', '№']) && subject.chars().any(|c| c.is_ascii_digit());
        let titled = ["зарегистрирован", "принят", "закрыт", "создан", "решен", "заявк", "тикет", "ticket", "обращени", "заявлен", "статус"]
            .iter()
            .any(|t| folded.contains(t));
        if self.own {
            return false;
        }
        self.tickets > 1 || (self.tickets == 1 && (numbered || titled))
    }
}

/// A receipt by its subject or its only sentence: «Прочитано: …», «было прочитано …».
pub(super) fn is_receipt(message: &Message) -> bool {
    let subject = fold(&message.subject);
    let titled = [
        "прочитано:",
        "не прочитано:",
        "read:",
        "not read:",
        "доставлено:",
        "delivered:",
        "прочтено:",
        "удалено:",
        "уведомление о прочтении",
        "подтверждение о прочтении",
        "подтверждение прочтения",
        "return receipt",
        "отчет о прочтении",
        "read receipt",
        "уведомление о доставке",
    ]
    .iter()
    .any(|t| subject.starts_with(t));
    if !titled && !["уведомление", "receipt", "прочит", "read"].iter().any(|t| subject.contains(t)) {
        return false;
    }
    let text = fold(cut(&message.body.whole, 1500));
    let says = [
        "было прочитано",
        "была прочитана",
        "было просмотрено",
        "было открыто",
        "уведомление о прочтении",
        "подтверждение о прочтении",
        "подтверждение прочтения",
        "was read on",
        "has been read",
        "was displayed",
        "прочитал ваше письмо",
        "прочитал(а) ваше",
        "прочитала ваше письмо",
        "удалено без прочтения",
        "deleted without being read",
        "успешно доставлено",
        "return receipt",
    ]
    .iter()
    .any(|t| text.contains(t));
    (titled && (says || text.trim().is_empty()))
        || (says && text.chars().count() < 500 && ["уведомление", "receipt", "прочит", "read"].iter().any(|t| subject.contains(t)) && !text.contains('?'))
}

/// The calendar object that answers one of ours, or none. Programs that forget the method, or send the object as a nameless file or as plain text, are understood.
pub(super) fn calendar(message: &Message, context: &Context<'_>) -> Option<(Option<Object>, String)> {
    for part in message.calendars.iter().take(4) {
        let object = itip::read(&part.bytes, part.method.as_deref()).ok();
        let method = object.as_ref().and_then(|o| o.method).map(|m| m.as_str().to_owned()).or_else(|| part.method.clone());
        if let Some(found) = answering(object, method, message, context) {
            return Some(found);
        }
    }
    let begins = |b: &[u8]| b.trim_ascii_start().get(..15).is_some_and(|h| h.eq_ignore_ascii_case(b"BEGIN:VCALENDAR"));
    let files = message.attachments.iter().take(8).map(|a| a.bytes.as_slice()).filter(|b| begins(b));
    let text = cut(&message.body.whole, 64 * 1024);
    let inline = text.find("BEGIN:VCALENDAR").and_then(|at| text.get(at..)).map(str::as_bytes);
    for bytes in files.chain(inline) {
        let Ok(object) = itip::read(bytes, None) else { continue };
        let method = object.method.map(|m| m.as_str().to_owned());
        if let Some(found) = answering(Some(object), method, message, context) {
            return Some(found);
        }
    }
    None
}

fn answering(object: Option<Object>, method: Option<String>, message: &Message, context: &Context<'_>) -> Option<(Option<Object>, String)> {
    let method = match method {
        Some(method) => method.trim().to_ascii_uppercase(),
        // Without a method: an answer is about an event of ours, and the sender has answered in it.
        None => {
            let object = object.as_ref()?;
            let known = |s: &Sent| s.ics_uid.as_deref() == Some(object.uid.as_str());
            let ours = context.sent.iter().any(known) || object.organizer.as_deref().is_some_and(|o| context.own.iter().any(|own| own.eq_ignore_ascii_case(o)));
            let from = message.sender().map_or("", |a| a.email.as_str());
            let answered = object.attendees.iter().any(|a| a.partstat != PartStat::NeedsAction && (a.email == from || object.attendees.len() == 1));
            (ours && answered).then(|| Method::Reply.as_str().to_owned())?
        }
    };
    matches!(method.as_str(), "REPLY" | "COUNTER" | "REFRESH" | "DECLINECOUNTER").then_some((object, method))
}
