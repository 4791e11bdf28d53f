//! Which letter of ours is answered, and what the answer wants.
//!
//! Not here: what is done about it (`decide`). An id that is not among the letters told is believed only under the school's own domain.

use super::words::{Matcher, Words, denied, fold};
use super::{Context, Intent, Sent};
use crate::itip::{Object, PartStat};
use crate::message::Message;
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
    let same = |s: &&Sent| {
        let sent = plain(s.subject.as_deref().unwrap_or_default());
        let enough = subject.chars().count() >= 8 && sent.chars().count() >= 8;
        s.to.as_deref().is_some_and(|to| to.eq_ignore_ascii_case(from))
            && enough
            && (sent == subject || sent.starts_with(&subject) || subject.starts_with(&sent))
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
    let quoted = questionnaire(&fold(super::words::cut(&message.body.whole, 16 * 1024)));
    let answering = subject.starts_with("re") || thread.answers_us || subject.contains("анкет");
    told || (answering && quoted) || (subject.contains("анкет") && thread.answers_us)
}

/// Whether the letter answered went to many: an announcement.
pub(super) fn announcement(message: &Message, thread: &Thread) -> bool {
    let quoted = fold(super::words::cut(&message.body.quoted, 8 * 1024));
    thread.kind.as_deref() == Some("announcement")
        || ["уважаемые родители", "уважаемые коллеги", "просим ознакомиться", "родительское собрание", "дорогие родители", "приглашаем вас на"]
            .iter()
            .any(|s| quoted.contains(s))
}

const INTENTS: &[(Intent, &[&str])] = &[
    (Intent::DataWithdrawal, &["отзываю .. согласие", "отзыв согласия", "удалите .. мои|наши|персональн*|все_данные|данные", "прошу удалить .. данн*"]),
    (
        Intent::WrongPerson,
        &[
            "вы ошиблись|ошиблись .. адрес*|адресом|номером",
            "не мой|моя|наш ребенок|сын|дочь",
            "не обращал*|писал* .. к_вам|вам|в_школу",
            "не тому|туда|той .. адрес*|человек*|написали|пишете|отправили",
            "у меня нет .. детей|ребенка",
        ],
    ),
    (
        Intent::CloseReport,
        &[
            "консультаци*|встреч*|беседу|заняти* .. провел|провела|проведена|состоялась|проведено",
            "провел|провела .. консультаци*|беседу|встречу|занятие",
            "выполнено|закрыто|сделано|решено|исправлено|отработано",
            "вопрос .. закрыт|решен",
            "обращение .. закрыт*|отработан*|закрыть|можно_закр*",
        ],
    ),
    (
        Intent::Instruction,
        &[
            "прошу внести|назначить|передать|продлить|перенести|закрыть|поручить|отменить",
            "продлить|продлите .. до|срок|на",
            "передайте|назначьте|поручите|переназначьте .. ",
        ],
    ),
    (
        Intent::NoShow,
        &[
            "никто .. не .. позвонил|вышел|подключился|пришел|появился",
            "не дождал*",
            "не .. вышел|вышла|подключил* .. на связь|специалист|психолог|логопед",
            "звонка .. не было",
            "не .. перезвонил|позвонили",
            "прождал*",
            "сидели .. ждали",
        ],
    ),
    (
        Intent::NotHelped,
        &[
            "не .. помогло|помогла|помогли|помог|решилось|решилась|решена|решен|решили|исправили|исправлено|изменилось",
            "не .. получилось|получается .. войти|решить|сделать|открыть",
            "до сих пор .. не|нет|проблема",
            "по прежнему .. не|нет",
            "все равно .. не",
            "опять|снова .. не_работает|пропал*|выкидывает|то_же|та_же",
            "проблема|вопрос .. остал*|не_решен*|не_решил*",
            "ничего .. не .. изменилось|поменялось",
            "так .. и .. не",
        ],
    ),
    (
        Intent::Withdraw,
        &[
            "уже .. не .. нужн*|надо|актуальн*|требуется",
            "неактуальн*",
            "не .. актуальн*",
            "вопрос .. решился|решили|решен|снят",
            "отмените|отменить|отменяем|снимите|аннулируйте",
            "снимаю|отзываю .. обращение|заявку|вопрос|просьбу",
            "больше .. не .. нужн*|надо",
            "передумал*",
            "обойдемся|справились|разобрались .. сами",
            "помощь .. не .. нужна|требуется",
        ],
    ),
    (
        Intent::Complaint,
        &[
            "жалоб*|жалова*|претензи*",
            "прошла неделя|месяц|три .. ответ*|тишина",
            "нет .. ответа",
            "не .. получил* .. ответ*",
            "обращусь|пожалуюсь|напишу .. в .. управление|прокуратур*|министерств*|департамент*",
            "возмущен*|безобразие|недопустимо|неприемлем*",
            "сколько .. можно|ждать",
        ],
    ),
    (
        Intent::Decline,
        &[
            "не .. смогу|сможем|могу|можем|получится|получается|подходит|подойдет|устраивает|удобно|успеваю|успеем|успею|приду|придем|выйдет",
            "увы",
            "к сожалению",
            "отказ*",
            "вариант не",
            "занят|занята|заняты",
        ],
    ),
    (
        Intent::Reschedule,
        &[
            "перенес*|перенос*",
            "другое|иное .. время|день",
            "другой|иной .. день|дата|вариант",
            "лучше .. в|во|на|после|утром|вечером|завтра",
            "давайте .. на|в|во|после|лучше",
            "можно .. раньше|позже|попозже|пораньше|на_другой|в_другой|на_другое",
            "предлагаю .. в|во|на",
            "нельзя ли .. раньше|позже|перенести",
        ],
    ),
    (
        Intent::Accept,
        &[
            "=да",
            "подходит|подойдет|устраивает|устроит",
            "согласен|согласна|согласны",
            "договорились",
            "подтвержд*",
            "хорошо|отлично|ладно|прекрасно",
            "=ок|=окей|=ok",
            "буду|будем|придем|приду|подключимся|подключусь",
            "ознакомлен*",
            "первый|второй|третий|1|2|3 вариант",
            "вариант 1|2|3|один|два|первый|второй",
        ],
    ),
    (Intent::Thanks, &["спасиб*", "благодар*|признательн*", "все .. получилось|заработало|работает|наладилось|хорошо", "помогло|помогли"]),
];
static INTENT: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(&INTENTS.iter().map(|i| i.1).collect::<Vec<_>>()));

/// What an answer wants. `staff` may report and order; for others those words mean something else.
pub(super) fn intent(text: &str, staff: bool, windows: usize) -> (Intent, Option<String>) {
    let words = Words::new(text);
    let hits = INTENT.find(&words);
    let first = |wanted: Intent| {
        hits.iter()
            .find(|h| {
                INTENTS.get(h.rule).is_some_and(|i| i.0 == wanted)
                    && !(matches!(wanted, Intent::Accept | Intent::Thanks)
                        && (denied(&words, h) || (1..=2).any(|n| words.norm(h.first.wrapping_sub(n)) == "не")))
            })
            .map(|h| words.quote(h))
    };
    let question = text.contains('?');
    let short = words.tokens.len() <= 12;
    if staff {
        for wanted in [Intent::CloseReport, Intent::Instruction] {
            if let Some(quote) = first(wanted) {
                return (wanted, Some(quote));
            }
        }
    }
    for wanted in [Intent::DataWithdrawal, Intent::WrongPerson, Intent::NoShow, Intent::Withdraw, Intent::NotHelped, Intent::Complaint] {
        if let Some(quote) = first(wanted) {
            return (wanted, Some(quote));
        }
    }
    let (decline, reschedule, accept, thanks) = (first(Intent::Decline), first(Intent::Reschedule), first(Intent::Accept), first(Intent::Thanks));
    if let Some(quote) = decline.filter(|d| !(d.contains("жалени") && accept.is_some())) {
        return if windows > 0 || reschedule.is_some() { (Intent::Reschedule, Some(quote)) } else { (Intent::Decline, Some(quote)) };
    }
    if let Some(quote) = reschedule.filter(|_| accept.is_none() || !short) {
        return (Intent::Reschedule, Some(quote));
    }
    if text.trim().chars().all(|c| !c.is_alphanumeric()) && text.contains(['👍', '+', '🙏', '❤', '👌', '✅'])
        || text.trim_start().starts_with(['👍', '👌', '✅', '+'])
    {
        return (Intent::Accept, Some(text.trim().chars().take(2).collect()));
    }
    if matches!(text.trim().trim_end_matches(['.', '!']), "1" | "2" | "3" | "да" | "Да" | "ДА") {
        return (Intent::Accept, Some(text.trim().to_owned()));
    }
    if let Some(quote) = thanks.clone().filter(|_| !question && (accept.is_none() || !short)) {
        return (Intent::Thanks, Some(quote));
    }
    if let Some(quote) = accept.filter(|_| !question) {
        return (Intent::Accept, Some(quote));
    }
    if question {
        return (Intent::Question, None);
    }
    match thanks {
        Some(quote) => (Intent::Thanks, Some(quote)),
        None if text.trim().is_empty() => (Intent::None, None),
        None => (Intent::Info, None),
    }
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
