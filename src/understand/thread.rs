//! Which letter of ours is answered, and what a calendar's answer wants.
//!
//! Not here: what an answer in words wants (`answers`), what is done about it (`decide`). An id that is not among the letters told is believed only under the school's own domain.

use super::lexer::{Piece, pieces, word};
use super::phrases::Matcher;
use super::words::{Words, fold};
use super::{Context, Intent, Sent};
use crate::itip::{Object, PartStat};
use crate::message::Message;
use chrono::NaiveDate;
use std::sync::LazyLock;

/// What is known of the letter answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Thread {
    /// Its Message-ID.
    pub id: Option<String>,
    /// It answers the school, though which letter is not known.
    pub answers_us: bool,
    /// The posting kind of the letter.
    pub kind: Option<String>,
}

/// Whether an id is of a letter of ours: told, or made under a domain of the school.
pub(super) fn ours(id: &str, context: &Context<'_>) -> bool {
    if context.sent.iter().any(|s| s.message_id == id) {
        return true;
    }
    let host = id.rsplit_once('@').map_or("", |h| h.1);
    let school = |d: &str| context.staff_domains.iter().any(|s| s.eq_ignore_ascii_case(d));
    context.own.iter().filter_map(|o| o.rsplit_once('@')).any(|(_, d)| d.eq_ignore_ascii_case(host) && school(d))
}

fn of(sent: &Sent) -> Thread {
    Thread { id: Some(sent.message_id.clone()), answers_us: true, kind: sent.kind.clone() }
}

/// A subject without «Re:», «Ответ:» and the like, folded.
fn plain(subject: &str) -> String {
    let mut s = fold(subject);
    loop {
        let t = s.trim_start();
        let cut = ["re:", "на:", "ha:", "отв:", "ответ:", "fwd:", "fw:", "пересл:"]
            .iter()
            .find_map(|p| t.strip_prefix(p))
            .or_else(|| t.strip_prefix("re[").and_then(|r| r.split_once("]:")).map(|r| r.1));
        match cut {
            Some(rest) => s = rest.to_owned(),
            None => return t.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

/// By the ids that the letter names, by the quoted letter, by sender and subject.
pub(super) fn find(message: &Message, context: &Context<'_>) -> Thread {
    let known = |id: &str| context.sent.iter().find(|s| s.message_id == id);
    if let Some(sent) = message.answers().find_map(known) {
        return of(sent);
    }
    let from = message.sender().map_or("", |a| a.email.as_str());
    let subject = plain(&message.subject);
    // «консультация» begins many letters: only what says that it answers, or names a number or a day, may stand for a longer subject of ours.
    let telling = fold(message.subject.trim()).trim() != subject || subject.contains(|c: char| c.is_ascii_digit());
    let same = |s: &&Sent| {
        let sent = plain(s.subject.as_deref().unwrap_or_default());
        let enough = subject.chars().count() >= 8 && sent.chars().count() >= 8;
        s.to.as_deref().is_some_and(|to| to.eq_ignore_ascii_case(from))
            && enough
            && (sent == subject || telling && sent.starts_with(&subject) || subject.starts_with(&sent))
    };
    if let Some(sent) = context.sent.iter().filter(same).max_by_key(|s| s.sent_at) {
        return of(sent);
    }
    let by_domain = message.answers().find(|id| ours(id, context)).map(str::to_owned);
    let answers_us = by_domain.is_some() || super::quoted::quotes_us(message, context.own);
    // Where letters were told, an id that is not among them names none.
    Thread { id: by_domain.filter(|_| context.sent.is_empty()), answers_us, kind: None }
}

/// By the UID of a calendar object, else as any letter.
pub(super) fn by_uid(object: Option<&Object>, message: &Message, context: &Context<'_>) -> Thread {
    let uid = object.map_or("", |o| o.uid.as_str());
    let sent = context.sent.iter().filter(|s| !uid.is_empty() && s.ics_uid.as_deref() == Some(uid)).max_by_key(|s| s.sent_at);
    sent.map_or_else(|| find(message, context), of)
}

/// Whether the letter answers the questionnaire: that letter is answered, or the filled-in questions stand in it.
pub(super) fn survey(message: &Message, thread: &Thread) -> bool {
    let questionnaire =
        |t: &str| t.contains("порекомендовали бы") || (t.contains("анкет") && (t.contains("балльной") || t.contains("бальной") || t.contains("впечатление")));
    let subject = fold(&message.subject);
    let told = thread.kind.as_deref() == Some("survey");
    let quoted = || questionnaire(&fold(super::words::cut(&message.body.whole, 16 * 1024)));
    let answering = subject.starts_with("re") || thread.answers_us || subject.contains("анкет");
    told || (answering && quoted()) || (subject.contains("анкет") && thread.answers_us)
}

/// Whether the letter answered went to many: an announcement.
pub(super) fn announcement(message: &Message, thread: &Thread) -> bool {
    let quoted = fold(super::words::cut(&message.body.quoted, 8 * 1024));
    thread.kind.as_deref() == Some("announcement")
        || ["уважаемые родители", "уважаемые коллеги", "просим ознакомиться", "родительское собрание", "дорогие родители", "приглашаем вас на"]
            .iter()
            .any(|s| quoted.contains(s))
}

/// «Теперь другая беда», «пишу по другому вопросу»: the author says that it is about something else.
pub(super) fn another_matter(text: &str) -> bool {
    static OTHER: LazyLock<Matcher> = LazyLock::new(|| {
        Matcher::of(&[&[
            "другой|другому|другая|новый|новая|новому|иному|иной|другую|новую вопрос|вопросу|поводу|беда|проблема|проблему|тема|теме|просьба|ситуация|трудность",
            "по .. другому|новому|иному .. поводу|вопросу|делу",
            "теперь|сейчас|снова .. другая|новая|другой|новый",
            "не .. по .. этой|этому .. теме|поводу|вопросу",
            "возник|появился|появилась|возникла .. новый|новая|другой|другая|еще_один|еще_одна",
        ]])
    });
    !OTHER.find(&Words::new(text)).is_empty()
}

/// How many days ago the letter answered was written: as the store tells, or as the head of the quotation has it.
pub(super) fn age(message: &Message, thread: &Thread, context: &Context<'_>, today: NaiveDate) -> Option<i64> {
    let sent = context.sent.iter().find(|s| Some(&s.message_id) == thread.id.as_ref()).and_then(|s| s.sent_at).map(|t| t.date_naive());
    let quoted = || {
        message.body.quoted.lines().take(4).find_map(|line| {
            let pieces = pieces(line);
            pieces.iter().enumerate().find_map(|(i, p)| match p {
                Piece::Date(d, m, Some(y)) => NaiveDate::from_ymd_opt(*y, *m, *d),
                Piece::Number { value, .. } => {
                    let month = super::days::month(word(pieces.get(i + 1)))?;
                    NaiveDate::from_ymd_opt(word(pieces.get(i + 2)).get(..4)?.parse().ok()?, month, *value)
                }
                _ => None,
            })
        })
    };
    sent.or_else(quoted).map(|date| (today - date).num_days())
}

/// What a calendar answer wants.
pub(super) fn calendar_intent(method: &str, partstat: Option<PartStat>) -> Intent {
    match (method, partstat) {
        ("COUNTER", _) => Intent::Reschedule,
        (_, Some(PartStat::Accepted)) => Intent::Accept,
        (_, Some(PartStat::Declined)) => Intent::Decline,
        (_, Some(PartStat::Tentative)) => Intent::Tentative,
        _ => Intent::None,
    }
}
