//! What a letter is, from its headers (already read by `message`), its structure and its words, in that order.
//!
//! Not here: the turns of phrase (`signs`), what it is about. Whatever is in doubt is an appeal: a person is never locked out by the machine.

use super::forms::{self, Form};
use super::noted::{self, Noted};
use super::quoted::{self, Passed};
use super::signs::Signs;
use super::thread::{self, Thread};
use super::words::{TEXT_LIMIT, Words, cut, fold};
use super::{Context, Kind, bounce, machine};
use crate::itip::Object;
use crate::message::{Message, Origin, Robot};

/// A letter sorted, with what was read on the way.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub kind: Option<Kind>,
    pub ignored: Option<&'static str>,
    pub why: String,
    pub form: Option<Form>,
    pub passed: Option<Passed>,
    /// Staff pass on a request in their own words.
    pub relayed: bool,
    /// A call that staff wrote down, with who called.
    pub noted: Option<Noted>,
    pub object: Option<Object>,
    pub method: Option<String>,
    pub thread: Thread,
    /// How sure the sorting is.
    pub sure: f64,
}

/// Whether an address is of the school: its domain, a domain below it, or the register.
pub(super) fn is_staff(email: &str, context: &Context<'_>) -> bool {
    let domain = email.rsplit_once('@').map_or("", |d| d.1);
    context.staff.iter().any(|s| s.email == email)
        || context.staff_domains.iter().any(|d| {
            let above = domain.len().checked_sub(d.len()).and_then(|at| domain.split_at_checked(at));
            above.is_some_and(|(below, own)| {
                (below.is_empty() || below.ends_with('.')) && (own.eq_ignore_ascii_case(d) || own.to_lowercase() == d.to_lowercase())
            })
        })
}

fn local(email: &str) -> &str {
    email.split_once('@').map_or(email, |e| e.0)
}

/// Sorts a letter.
pub(super) fn sort(message: &Message, context: &Context<'_>) -> Sorted {
    let from = message.sender().map_or("", |a| a.email.as_str());
    let is = |kind, ignored, why: &str, sure| Sorted { kind: Some(kind), ignored, why: why.to_owned(), sure, ..Sorted::default() };
    let ours = |a: &str| context.own.iter().any(|o| o.eq_ignore_ascii_case(a));
    if ours(from) || message.message_id.as_deref().is_some_and(|id| context.sent.iter().any(|s| s.message_id == id)) {
        return Sorted { ignored: Some("own_echo"), why: "наше собственное письмо".to_owned(), sure: 0.99, ..Sorted::default() };
    }
    if let Some((object, method)) = machine::calendar(message, context) {
        let thread = thread::by_uid(object.as_ref(), message, context);
        return Sorted {
            object, method: Some(method.clone()), thread, ..is(Kind::CalendarReply, None, &format!("ответ календаря (METHOD:{method})"), 0.99)
        };
    }
    let returned = |sorted: Sorted| Sorted { thread: Thread { id: named(message, context), ..Thread::default() }, ..sorted };
    let delivery = message.report.as_deref().is_some_and(|r| {
        r.to_ascii_lowercase().contains("action:") || r.to_ascii_lowercase().contains("final-recipient:") && !r.to_ascii_lowercase().contains("disposition:")
    });
    if message.origin == Origin::Robot(Robot::ReadReceipt)
        || machine::is_receipt(message)
        || message.report.as_deref().is_some_and(|r| r.to_ascii_lowercase().contains("disposition:"))
    {
        let found = thread::find(message, context);
        let thread = if found.id.is_some() { found } else { Thread { id: named(message, context), ..found } };
        return Sorted { thread, ..is(Kind::AutoReply, Some("read_receipt"), "уведомление о прочтении", 0.98) };
    }
    if message.origin == Origin::Robot(Robot::Bounce) || delivery || bounce::by_text(message) {
        return returned(is(Kind::Bounce, Some("bounce"), "отчёт о недоставке", 0.98));
    }
    let body = &message.body;
    let form = forms::read(cut(&body.whole, TEXT_LIMIT));
    let staff = is_staff(from, context);
    let robot_name =
        ["noreply", "no-reply", "no_reply", "donotreply", "robot", "site", "form", "forms", "wordpress", "www-data", "webmaster", "sayt", "feedback"]
            .contains(&local(from));
    if let Some(form) = form.clone() {
        let person = staff && !robot_name && !matches!(message.origin, Origin::Robot(Robot::NoReply));
        let subject = message.subject.trim();
        let (kind, why) = if person {
            (Kind::StaffForm, format!("форма горячей линии от сотрудника («{subject}»)"))
        } else {
            (Kind::NewAppeal, format!("форма сайта («{subject}»)"))
        };
        return Sorted { form: Some(form), ..is(kind, None, &why, 0.97) };
    }
    let words = Words::new(&body.own);
    let signs = Signs::of(&words);
    let family = signs.count(2) > 0;
    match message.origin {
        Origin::Robot(Robot::List) => return is(Kind::SpamOrList, Some("list"), "рассылка (заголовки List-*, Precedence)", 0.96),
        // The provider's mark alone does not lock a family out.
        Origin::Robot(Robot::Spam) if !family => return is(Kind::SpamOrList, Some("spam"), "почтовая служба пометила письмо как спам", 0.9),
        Origin::Robot(Robot::AutoReply) => {
            return Sorted {
                thread: thread::find(message, context), ..is(Kind::AutoReply, Some("auto_reply"), "автоматический ответ (заголовки)", 0.96)
            };
        }
        Origin::Robot(Robot::Generated | Robot::NoReply) if !family => return is(Kind::SpamOrList, Some("generated"), "письмо программы, не человека", 0.85),
        _ => {}
    }
    let subject = Words::new(&message.subject);
    let titled = Signs::of(&subject);
    let short = words.tokens.len() < 90;
    let auto_subject = titled.count(5) > 0 && subject.tokens.first().is_none_or(|t| t.norm != "прошу");
    let absence = signs.count(0);
    let answering = !message.in_reply_to.is_empty() || fold(&message.subject).starts_with("re");
    let voice = if short { machine::voice(&words) } else { machine::Voice::default() };
    if short
        && !voice.is_person()
        && ((auto_subject && absence > 0 && !family && !body.own.contains('?'))
            || (auto_subject && subject.tokens.first().is_some_and(|t| t.norm.starts_with("авто") || t.norm == "automatic" || t.norm == "out"))
            || (absence > 0 && voice.formula() && !family && signs.count(3) == 0 && !body.own.contains('?'))
            || (absence > 1 && !family)
            // Somebody is away, asks nothing, speaks of no family and to nobody in particular.
            || (absence > 0 && !family && !voice.speaks() && signs.count(6) == 0 && signs.count(3) == 0 && words.tokens.len() < 60)
            || (absence > 0 && answering && !family && words.tokens.len() < 45))
    {
        return Sorted {
            thread: thread::find(message, context),
            ..is(Kind::AutoReply, Some("auto_reply"), "автоответ по тексту: отсутствие, отпуск, «письмо получено»", 0.85)
        };
    }
    if short && !family && voice.is_unread() {
        return Sorted {
            thread: thread::find(message, context), ..is(Kind::AutoReply, Some("auto_reply"), "автоответ по тексту: «этот ящик не читают»", 0.9)
        };
    }
    if short && !family && !staff && !body.own.contains('?') && voice.is_desk(&message.subject) {
        return Sorted {
            thread: thread::find(message, context),
            ..is(Kind::AutoReply, Some("auto_reply"), "автоответ службы поддержки: «ваша заявка зарегистрирована»", 0.85)
        };
    }
    // The hotline writes down what was told to it, with or without the form's labels.
    let line = ["hotline", "goryachaya", "goryach", "gl@", "linia"].iter().any(|l| from.starts_with(l)) || fold(&message.subject).contains("горяч") && staff;
    let noted = (staff && !robot_name && message.origin == Origin::Person)
        .then(|| noted::read(&body.own, message.sender().and_then(|a| a.name.as_deref()), context.school_phones))
        .flatten();
    if staff && line && message.in_reply_to.is_empty() {
        return Sorted { relayed: true, noted, ..is(Kind::StaffForm, None, "запись горячей линии без граф", 0.85) };
    }
    let passed = quoted::passed_on(message, context.own);
    let passing = signs.count(3) > 0 || staff && signs.count(8) > 0;
    if let Some(passed) = passed.filter(|p| staff && p.from.email != from || passing && p.from.email != from && !is_staff(&p.from.email, context)) {
        return Sorted { passed: Some(passed), ..is(Kind::StaffForm, None, "сотрудник пересылает письмо семьи", 0.95) };
    }
    let thread = thread::find(message, context);
    if thread.id.is_some() || thread.answers_us {
        let kind = if thread::survey(message, &thread) { Kind::SurveyAnswer } else { Kind::ReplyToThread };
        let why = if kind == Kind::SurveyAnswer { "ответ на анкету" } else { "ответ на наше письмо" };
        return Sorted { thread, relayed: false, ..is(kind, None, why, 0.95) };
    }
    if thread::survey(message, &thread) {
        return Sorted { thread, ..is(Kind::SurveyAnswer, None, "заполненная анкета", 0.85) };
    }
    if noted.is_some() && !answering {
        return Sorted {
            relayed: true, noted, ..is(Kind::StaffForm, None, "сотрудник записал звонок своими словами", 0.95)
        };
    }
    if passing && !family_of_own(&words) {
        return Sorted {
            relayed: true, ..is(Kind::StaffForm, None, "сотрудник передаёт просьбу семьи своими словами", 0.8)
        };
    }
    let whole = || if body.whole == body.own { signs.count(1) } else { Signs::of(&Words::new(&body.whole)).count(1) };
    let advert = if staff || family { 0 } else { whole() + titled.count(1) };
    // A firm's name on the envelope and an offer within are two signs.
    let firm = message.sender().and_then(|a| a.name.as_deref()).is_some_and(|name| {
        const FIRMS: [&str; 22] = [
            "ооо",
            "ип",
            "зао",
            "центр",
            "академия",
            "студия",
            "издательство",
            "лагерь",
            "театр",
            "музей",
            "агентство",
            "компания",
            "магазин",
            "клуб",
            "фабрика",
            "фонд",
            "институт",
            "типография",
            "банк",
            "фотостудия",
            "служба",
            "турфирма",
        ];
        fold(name).split(|c: char| !c.is_alphanumeric()).any(|w| FIRMS.contains(&w))
    });
    let advert = if firm && advert > 0 { advert + 1 } else { advert };
    let links = cut(&body.whole, TEXT_LIMIT).matches("http").count().min(3);
    // Whoever asks and links nothing may well be a parent who writes of a bill.
    let classless = || super::classes::class(cut(&body.own, TEXT_LIMIT), false).is_none();
    let asking =
        links == 0 && advert < 3 && (body.own.contains('?') || words.tokens.iter().any(|t| t.norm.starts_with("подскаж") || t.norm.starts_with("помогит")));
    let advert = if asking { advert.saturating_sub(1) } else { advert };
    if !staff && !family && ((advert >= 2 || (advert == 1 && links > 0)) && classless() || advert >= 4) {
        return is(Kind::SpamOrList, Some("spam"), "реклама или обман: признаки рассылки в тексте", 0.8);
    }
    // Thanks and nothing else: somebody whom the school has helped.
    let thanks = signs.count(6) == 0 && signs.early(7, 14) && words.tokens.len() < 70 && !body.own.contains('?') && message.attachments.is_empty();
    if thanks {
        return Sorted { thread, ..is(Kind::ReplyToThread, None, "благодарность, о новом не просят", 0.7) };
    }
    if words.tokens.len() < 25 && signs.count(4) > 0 && !family && classless() {
        return Sorted { thread, ..is(Kind::ReplyToThread, None, "похоже на ответ нам, но без следа переписки", 0.6) };
    }
    Sorted { thread, ..is(Kind::NewAppeal, None, "новое письмо человека", 0.9) }
}

/// The letter of ours that a report is about: returned with it, answered by it, or copied into its text.
fn named(message: &Message, context: &Context<'_>) -> Option<String> {
    let copied = || {
        let id = cut(&message.body.whole, 16 * 1024).lines().find_map(|l| {
            let (name, value) = l.trim_start_matches(['>', ' ', '\t']).split_once(':')?;
            name.eq_ignore_ascii_case("message-id").then(|| value.trim().trim_matches(['<', '>']).to_owned())
        })?;
        thread::ours(&id, context).then_some(id)
    };
    let told = message.returned_id.as_deref().into_iter().chain(message.answers()).find(|id| thread::ours(id, context)).map(str::to_owned);
    told.or_else(copied)
}

/// «Мой сын», «я мама»: the sender speaks of the own family, not of somebody's else.
fn family_of_own(words: &Words<'_>) -> bool {
    words.tokens.windows(2).any(|w| {
        matches!(w, [a, b] if matches!(a.norm.as_str(), "мой" | "моя" | "моего" | "моей" | "моему" | "мою") && ["сын", "доч", "ребен", "внук", "внуч"].iter().any(|k| b.norm.starts_with(k)))
    })
}
