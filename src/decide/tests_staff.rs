//! Letters of staff: who may order what, which letters order nothing, what a token is worth.

use super::may::{Role, may};
use super::*;
use crate::appeal::{Appeal, Consultation, Outcome};
use crate::compose::buttons::{author_token, letter_token, order_token};
use crate::effect::{Effect, Settled};
use crate::facts::{Answered, Bearer, ForLetter, Thread};
use crate::message::{self, Message};
use crate::outbox::{Kind, Posting};
use crate::settings::{SenderCheck, Settings};
use crate::understand::{Category, Context, Topics, understand};
use chrono::TimeZone;
use std::sync::LazyLock;

pub(super) static TOPICS: LazyLock<Topics> = LazyLock::new(Topics::embedded);

pub(super) fn settings() -> Settings {
    crate::config::demo()
}

/// Monday, 23 November 2026.
pub(super) fn at(hour: u32, minute: u32) -> DateTime<Utc> {
    chrono_tz::Europe::Moscow.with_ymd_and_hms(2026, 11, 23, hour, minute, 0).unwrap().with_timezone(&Utc)
}

fn decide(settings: &Settings, facts: &ForLetter, message: &Message) -> Vec<Effect> {
    let round = Round { settings, now: at(12, 0), mode: Mode::Live };
    let own = [settings.address.clone()];
    let context = Context {
        own: &own,
        staff_domains: &settings.staff_domains,
        staff: &settings.staff_names,
        received: Some(at(12, 0)),
        zone: Some(settings.worktime.zone),
        ..Context::default()
    };
    let understanding = understand(&TOPICS, message, &context);
    on_message(round, facts, &Incoming { message, understanding: &understanding, received: at(12, 0), proposed: None })
}

fn letter(headers: &str, text: &str) -> Message {
    let text = text.replace('\n', "\r\n");
    message::read(
        format!(
            "Date: Mon, 23 Nov 2026 12:00:00 +0300\r\nMessage-ID: <x@school.example>\r\n{headers}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        )
        .as_bytes(),
    )
}

/// A parent's letter as the school has it: number 7.
pub(super) fn conversation(settings: &Settings, text: &str) -> (Appeal, Vec<Consultation>) {
    let message = letter("From: Anna <a.belova@mail.example>\r\nSubject: =?utf-8?B?0J/QuNGB0YzQvNC+?=", text);
    let effects = decide(settings, &ForLetter { next_number: 7, ..ForLetter::default() }, &message);
    let mut appeal = None;
    let mut consultations = Vec::new();
    for effect in effects {
        match effect {
            Effect::Open(a) => appeal = Some(*a),
            Effect::Book(c) => consultations.push(*c),
            _ => {}
        }
    }
    (appeal.unwrap(), consultations)
}

pub(super) const TO_PSYCHOLOGIST: &str = "Здравствуйте! Хочу записаться на консультацию к педагогу-психологу, сын 4Б плачет перед школой. Анна Белова";
pub(super) const ABOUT_DIARY: &str = "Здравствуйте! В электронном журнале неверно указана буква класса: сын учится в 5Б, а стоит 5В. Анна Белова";
const SPECIALIST: &str = "i.sokolova@school.example";
const HEAD: &str = "zam@school.example";

fn facts(of: &(Appeal, Vec<Consultation>), to: Option<&str>) -> ForLetter {
    let key = of.1.first().map_or_else(|| "task/ejournal-1/7/1".to_owned(), |c| format!("task/7/{}/{}", c.ordinal, c.staff.sequence));
    let posting = to.map(|to| Answered { key, kind: Kind::Task, to: to.to_owned(), subject: "Заявка № 7".into() });
    let by_number = posting.is_none();
    ForLetter {
        next_number: 8,
        thread: Some(Thread { appeal: of.0.clone(), consultations: of.1.clone(), posting, by_number, call: None }),
        ..ForLetter::default()
    }
}

/// The facts with the letter whose buttons this person got.
fn with_button(of: &(Appeal, Vec<Consultation>), to: &str) -> ForLetter {
    let bearer = Bearer { key: format!("task/{to}"), kind: Kind::Task, to: to.to_owned(), made: at(9, 0), subject: "Заявка № 7".into() };
    ForLetter { bearers: vec![bearer], ..facts(of, None) }
}

/// The token in that letter, of `whose`.
fn in_letter(settings: &Settings, whose: &str, to: &str) -> String {
    letter_token(whose, &settings.composer.address, &format!("task/{to}"), at(9, 0))
}

pub(super) fn notes(effects: &[Effect]) -> String {
    let line = |e: &Effect| match e {
        Effect::Note { event, .. } => Some(event.key()),
        _ => None,
    };
    effects.iter().filter_map(line).collect::<Vec<_>>().join(" ")
}

pub(super) fn posts(effects: &[Effect]) -> Vec<&Posting> {
    effects.iter().filter_map(|e| if let Effect::Post(p) = e { Some(&**p) } else { None }).collect()
}

fn carried_out(effects: &[Effect]) -> bool {
    notes(effects).split(' ').any(|n| n == "ordered")
}

pub(super) fn answer(from: &str, text: &str) -> Message {
    letter(&format!("From: <{from}>\r\nSubject: Re: x\r\nIn-Reply-To: <ours@school.example>"), text)
}

fn press(from: &str, subject: &str, text: &str) -> Message {
    let subject = format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(subject.as_bytes()));
    letter(&format!("From: <{from}>\r\nSubject: {subject}"), text)
}

#[test]
fn orders_and_roles() {
    use Role::{Assignee, Guard, Head, Operator, Specialist};
    let now = at(12, 0);
    let table: Vec<(Order, &[Role])> = vec![
        (Order::Assign("x".into()), &[Head]),
        (Order::Category(Category::Other), &[Head]),
        (Order::Take, &[Head, Assignee, Specialist]),
        (Order::Close { answer: None, reason: None }, &[Head, Assignee, Specialist]),
        (Order::Extend { until: now.date_naive(), reason: None }, &[Head]),
        (Order::Move(now), &[Head, Assignee, Specialist, Operator]),
        (Order::Cancel(None), &[Head, Assignee, Specialist, Operator]),
        (Order::Accept, &[Specialist]),
        (Order::Decline, &[Specialist]),
        (Order::Slot { specialist: "x".into(), start: now }, &[Head]),
        (Order::Another(None), &[Head, Assignee, Specialist, Operator]),
        (Order::Replace(None), &[Head]),
        (Order::Stands, &[Head, Specialist]),
        (Order::Join(1), &[Head]),
        (Order::Channel("phone".into()), &[Head, Assignee, Specialist]),
        (Order::Held { recommendations: None }, &[Head, Assignee, Specialist]),
        (Order::NotHeld { outcome: Outcome::NoShow, reason: None }, &[Head, Assignee, Specialist]),
        (Order::Allow, &[Head]),
        (Order::Recommend("x".into()), &[Head, Assignee, Specialist]),
        (Order::Again(None), &[Head, Assignee, Specialist]),
        (Order::Series { count: 5, weeks: 1, one_event: false }, &[Head, Assignee, Specialist]),
        (Order::EndSeries(None), &[Head, Assignee, Specialist]),
        (Order::Reminders(true), &[Head, Specialist]),
        (Order::Acknowledge, &[Head, Assignee, Specialist, Guard]),
        (Order::Called, &[Head, Assignee, Specialist, Operator]),
        (Order::Unreached, &[Head, Assignee, Specialist, Operator]),
        (Order::Confirmed, &[Head, Assignee, Specialist, Operator]),
        (Order::CallMyself, &[Head, Assignee, Specialist]),
        (Order::Reopen, &[Head, Assignee]),
        (Order::Note("x".into()), &[Head, Assignee]),
        (Order::Ask("x".into()), &[Head, Assignee, Specialist]),
        (Order::NotMine(None), &[Assignee, Specialist]),
        (Order::Merge(8), &[Head, Assignee]),
        (Order::Keep(None), &[Head]),
        (Order::TakeOver(None), &[]),
    ];
    for (order, allowed) in table {
        for role in [Head, Assignee, Specialist, Guard, Operator] {
            assert_eq!(may(role, &order), allowed.contains(&role), "{role:?} {order:?}");
        }
    }
}

#[test]
fn an_answer_to_ones_own_letter_is_carried_out_and_confirmed() {
    let settings = settings();
    let consultation = conversation(&settings, TO_PSYCHOLOGIST);
    let request = conversation(&settings, ABOUT_DIARY);
    assert_eq!((consultation.1.len(), request.1.len()), (1, 0));
    let cases = [
        (&consultation, SPECIALIST, "Подходит", "Время принято".to_lowercase()),
        (&consultation, SPECIALIST, "Не могу", String::new()),
        (&consultation, SPECIALIST, "перенести на 26.11 16:00", String::new()),
        // The letter that asks for the next decision says it.
        (&consultation, HEAD, "отменить: карантин", String::new()),
        (&request, "a.zaytseva@school.example", "Взяла в работу", "в работе".into()),
        (&request, "a.zaytseva@school.example", "готово: Исправили.", "закрыта".into()),
        (&request, HEAD, "продлить до 28.11, ждём ЭЖД", "срок продлён до 28.11.2026".into()),
        (&request, HEAD, "передать Козлову", "Козлов Дмитрий Алексеевич".into()),
    ];
    for (of, from, text, says) in cases {
        let effects = decide(&settings, &facts(of, Some(from)), &answer(from, text));
        assert!(carried_out(&effects), "{from} «{text}»: {}", notes(&effects));
        let confirms = posts(&effects).into_iter().filter(|p| p.kind == Kind::Confirm && p.to == from).count();
        assert_eq!(confirms, usize::from(!says.is_empty()), "{text}");
        if let Some(p) = posts(&effects).into_iter().find(|p| p.kind == Kind::Confirm) {
            let read = crate::compose::decoded(&p.raw);
            assert!(read.contains(&says), "{text}: {read}");
        }
        assert!(effects.contains(&Effect::Settle(Settled::Answer(Some(7)))));
    }
}

#[test]
fn who_may_not_orders_nothing() {
    let settings = settings();
    let request = conversation(&settings, ABOUT_DIARY);
    // Another specialist who never got a letter about it, a parent of another family, an unknown address.
    for from in ["d.kozlov@school.example", "a.zaytseva@school.examp1e", "x@mail.example"] {
        let effects = decide(&settings, &facts(&request, Some("a.zaytseva@school.example")), &answer(from, "закрыть: всё"));
        assert!(!carried_out(&effects) && !posts(&effects).iter().any(|p| p.to == from), "{from}: {}", notes(&effects));
    }
    // Somebody who got one, but whose matter it is not: told, nothing done.
    let effects = decide(&settings, &facts(&request, Some("d.kozlov@school.example")), &answer("d.kozlov@school.example", "закрыть: всё"));
    assert!(!carried_out(&effects) && notes(&effects) == "refused" && posts(&effects).len() == 1, "{}", notes(&effects));
    // Nobody orders in a matter about themselves.
    let mut about = request.clone();
    about.0.excluded = vec!["head-1".into()];
    let effects = decide(&settings, &facts(&about, Some(HEAD)), &answer(HEAD, "закрыть: всё"));
    assert!(!carried_out(&effects) && posts(&effects).is_empty());
    // The specialist asks for more time: the head gets a button.
    let asks = decide(&settings, &facts(&request, Some("a.zaytseva@school.example")), &answer("a.zaytseva@school.example", "продлить до 28.11, ждём"));
    assert!(!carried_out(&asks) && posts(&asks).iter().any(|p| p.to == HEAD), "{}", notes(&asks));
}

#[test]
fn a_token_is_of_one_person_and_one_appeal() {
    let settings = settings();
    let request = conversation(&settings, ABOUT_DIARY);
    let key = &settings.composer.key;
    let from = "a.zaytseva@school.example";
    let good = in_letter(&settings, &order_token(key, 7, "ejournal-1"), from);
    let subject = |number: i64, token: &str| format!("Заявка № {number}: беру в работу [otk-{token}]");
    let effects = decide(&settings, &with_button(&request, from), &press(from, &subject(7, &good), "беру в работу"));
    assert!(carried_out(&effects), "{}", notes(&effects));
    // Only the subject; on a phone, with a signature; in capitals.
    for text in ["", "\n-- \nОтправлено с iPhone", "БЕРУ В РАБОТУ"] {
        assert!(carried_out(&decide(&settings, &with_button(&request, from), &press(from, &subject(7, &good), text))), "{text}");
    }
    let mut flipped = good.clone();
    flipped.replace_range(..1, if good.starts_with('a') { "b" } else { "a" });
    let wrong = [
        (from, in_letter(&settings, &order_token(key, 8, "ejournal-1"), from)),
        (from, in_letter(&settings, &order_token(key, 7, "head-1"), from)),
        (from, in_letter(&settings, &order_token(key, 7, "ejournal-1"), "another-letter")),
        (from, order_token(key, 7, "ejournal-1")),
        ("d.kozlov@school.example", good.clone()),
        ("x@mail.example", good.clone()),
        (from, in_letter(&settings, &author_token(key, 7, "a.belova@mail.example"), from)),
        (from, flipped),
        (from, "a".repeat(26)),
    ];
    for (who, token) in wrong {
        let effects = decide(&settings, &with_button(&request, from), &press(who, &subject(7, &token), "беру в работу"));
        assert!(!carried_out(&effects), "{who} {token}");
        assert!(!posts(&effects).iter().any(|p| p.kind == Kind::Confirm && p.to == who), "{who} is told something");
    }
    // The same letter under another Message-ID, a subject of another appeal above an answer.
    let replayed = ForLetter { replayed: true, ..with_button(&request, from) };
    assert!(!carried_out(&decide(&settings, &replayed, &press(from, &subject(7, &good), "беру в работу"))));
    let other = press(from, &subject(9, &order_token(key, 9, "ejournal-1")), "беру в работу");
    assert!(!carried_out(&decide(&settings, &facts(&request, Some(from)), &other)));
}

#[test]
fn a_press_about_another_time_is_answered_with_the_present_one() {
    let settings = settings();
    let of = conversation(&settings, TO_PSYCHOLOGIST);
    let token = in_letter(&settings, &order_token(&settings.composer.key, 7, "psychologist-1"), SPECIALIST);
    let local = of.1[0].start.with_timezone(&settings.worktime.zone);
    for (time, does) in [(local.format("%d.%m.%Y %H:%M").to_string(), true), ("20.11.2026 10:00".to_owned(), false)] {
        let subject = format!("Заявка № 7, {time}: подходит [otk-{token}]");
        let effects = decide(&settings, &with_button(&of, SPECIALIST), &press(SPECIALIST, &subject, "подходит"));
        assert_eq!(carried_out(&effects), does, "{time}");
        assert!(posts(&effects).iter().any(|p| p.to == SPECIALIST));
    }
    // The answer to an invitation that has moved since.
    let mut moved = facts(&of, Some(SPECIALIST));
    if let Some(t) = &mut moved.thread {
        t.consultations[0].staff.sequence = 1;
    }
    assert!(!carried_out(&decide(&settings, &moved, &answer(SPECIALIST, "не могу"))));
}

#[test]
fn machines_quotations_and_forgers_order_nothing() {
    let settings = settings();
    let request = conversation(&settings, ABOUT_DIARY);
    let from = "a.zaytseva@school.example";
    let facts = facts(&request, Some(from));
    let reply = |more: &str, text: &str| letter(&format!("From: <{from}>\r\nSubject: Re: x\r\nIn-Reply-To: <ours@school.example>{more}"), text);
    let nothing = [
        reply("\r\nAuto-Submitted: auto-replied", "Взяла"),
        reply("\r\nX-Autoreply: yes", "Взяла"),
        reply("\r\nPrecedence: bulk", "Взяла"),
        reply("\r\nList-Id: <l.school.example>", "Взяла"),
        reply("\r\nFrom: <head@evil.example>", "Взяла"),
        letter(&format!("From: <{from}>, <x@evil.example>\r\nSubject: Re: x\r\nIn-Reply-To: <ours@school.example>"), "Взяла"),
        letter(&format!("From: x <x@evil.example>\r\nSender: <{from}>\r\nReply-To: <{from}>\r\nSubject: Re: x\r\nIn-Reply-To: <ours@school.example>"), "Взяла"),
        letter(&format!("From: \"{from}\" <x@evil.example>\r\nSubject: Re: x\r\nIn-Reply-To: <ours@school.example>"), "Взяла"),
        reply("", "> Взяла\n> закрыть: всё"),
        reply("", "Посмотрите, пожалуйста, что здесь не так, я не понимаю.\n\n23.11.2026 11:00, priemnaya@school.example пишет:\n> взяла"),
        reply("\r\nAuthentication-Results: mx.school.example; dmarc=fail header.from=school.example", "Взяла"),
        reply("\r\nAuthentication-Results: mx.school.example; spf=fail smtp.mailfrom=school.example", "Взяла"),
    ];
    for message in nothing {
        let effects = decide(&settings, &facts, &message);
        assert!(!carried_out(&effects), "{message:?}");
        assert!(!posts(&effects).iter().any(|p| p.kind == Kind::Confirm), "{message:?}");
    }
    // A letter that is all signature orders nothing; what could be ordered is told.
    assert!(!carried_out(&decide(&settings, &facts, &reply("", "-- \nвзяла"))));
    assert!(carried_out(&decide(&settings, &facts, &reply("", "Взяла\n\n23.11.2026 11:00, priemnaya@school.example пишет:\n> закрыть: всё"))));
}

#[test]
fn senders_by_profile() {
    let table: [(&str, bool, bool, bool); 21] = [
        // fields; if_present; required with mxs.mail.ru; required with no name, where a pass proves nothing
        ("", true, false, false),
        ("mxs.mail.ru; dmarc=pass header.from=zam@school.example", true, true, false),
        ("mxs.mail.ru; dkim=pass header.d=school.example", true, true, false),
        ("mxs.mail.ru; dkim=pass header.i=@school.example; spf=pass smtp.mailfrom=zam@school.example", true, true, false),
        ("mxs.mail.ru; spf=pass smtp.mailfrom=zam@school.example", true, false, false),
        ("mxs.mail.ru 2; dmarc=pass header.from=school.example", true, false, false),
        ("mxs.mail.ru; dmarc=pass", true, false, false),
        ("mxs.mail.ru; dkim=pass header.d=evil.example", true, false, false),
        ("mxs.mail.ru; dkim=pass header.d=notschool.example", true, false, false),
        ("mxs.mail.ru; dkim=pass header.d=example", true, false, false),
        ("mxs.mail.ru; spf=pass smtp.mailfrom=x@evil.example", true, false, false),
        ("mxs.mail.ru; dmarc=pass header.from=evil.example", true, false, false),
        ("mxs.mail.ru; dkim=none; spf=none", true, false, false),
        ("mxs.mail.ru; dmarc=fail; dkim=pass header.d=school.example", false, false, false),
        ("mxs.mail.ru; spf=fail; dmarc=pass", false, false, false),
        // A forwarded letter: the path fails, the domain of From is proved all the same.
        ("mxs.mail.ru; spf=fail smtp.mailfrom=x@list.example; dmarc=pass header.from=school.example", true, true, false),
        ("mxs.mail.ru; spf=fail smtp.mailfrom=x@list.example; dkim=pass header.d=school.example", true, true, false),
        ("mxs.mail.ru (dmarc=pass); spf=none", true, false, false),
        ("evil.example; dmarc=pass header.from=school.example", true, false, false),
        // The forger's field below the server's own; the server's own below is no server's own.
        ("mxs.mail.ru; dmarc=fail\r\nAuthentication-Results: mxs.mail.ru; dmarc=pass", false, false, false),
        ("evil.example; none\r\nAuthentication-Results: mxs.mail.ru; dmarc=pass header.from=school.example", true, true, false),
    ];
    for (fields, if_present, mail_ru, any) in table {
        let field = if fields.is_empty() { String::new() } else { format!("Authentication-Results: {fields}\r\n") };
        let message = letter(&format!("{field}From: <zam@school.example>\r\nSubject: x"), "x");
        let profiles = [
            (SenderCheck::default(), if_present),
            (SenderCheck { required: true, authserv_id: Some("mxs.mail.ru".into()), ..SenderCheck::default() }, mail_ru),
            (SenderCheck { required: true, ..SenderCheck::default() }, any),
        ];
        for (check, passes) in profiles {
            let settings = Settings { sender_check: check.clone(), ..settings() };
            let round = Round { settings: &settings, now: at(12, 0), mode: Mode::Live };
            assert_eq!(sender::sender_passes(round, &message), passes, "{fields} {check:?}");
        }
    }
}

fn nothing_proves() -> Settings {
    Settings { sender_check: SenderCheck::default(), ..settings() }
}

#[test]
fn an_order_about_a_whole_group_is_asked_about_where_nothing_proves_the_head() {
    let request = conversation(&settings(), ABOUT_DIARY);
    let staff = crate::appeal::Answer { uid: "group-1".into(), sequence: 0, dtstamp: at(9, 0), partstat: crate::itip::PartStat::Accepted, replied: None };
    let meeting = crate::appeal::Meeting {
        id: 1,
        specialist: "teacher-1".into(),
        topic: "дроби".into(),
        start: at(15, 0) + TimeDelta::days(3),
        end: at(16, 0) + TimeDelta::days(3),
        channel: "in_person".into(),
        capacity: 8,
        classes: Vec::new(),
        course_end: None,
        cancelled: false,
        staff,
        outcome: None,
        duties: Vec::new(),
        asked: None,
    };
    let (groups, busy, load, told, unreminded) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let group = crate::facts::ForMeeting { meeting, families: Vec::new(), groups, busy, load, told, unreminded, wake: None };
    let facts = ForLetter { group: Some(Box::new(group)), ..facts(&request, Some(HEAD)) };
    let message = answer(HEAD, "группу 1 отменить: карантин");
    let asked = decide(&nothing_proves(), &facts, &message);
    assert!(!carried_out(&asked) && asked.iter().any(|e| matches!(e, Effect::Ask(_))), "{}", notes(&asked));
    assert!(carried_out(&decide(&settings(), &facts, &message)), "with a proof it is done at once");
}

#[test]
fn what_is_about_a_colleague_is_joined_with_nothing() {
    let settings = settings();
    let (request, mut second) = (conversation(&settings, ABOUT_DIARY), conversation(&settings, ABOUT_DIARY).0);
    (second.number, second.excluded) = (8, vec!["ejournal-1".into()]);
    let (consultations, references, family, seats) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let named = crate::facts::Named { appeal: second, consultations, references, family, seats, call: None, undo: None };
    let facts = ForLetter { named: vec![named], ..facts(&request, Some(HEAD)) };
    let effects = decide(&settings, &facts, &answer(HEAD, "объединить с 8"));
    assert!(!carried_out(&effects), "{}", notes(&effects));
    assert!(posts(&effects).iter().all(|p| p.to == HEAD), "whom it is about would read it");
}

#[test]
fn a_search_finds_nothing_about_oneself() {
    let settings = settings();
    let found = |number: i64, excluded: &[&str]| crate::facts::Found {
        number,
        state: crate::appeal::State::Assigned,
        received: at(9, 0),
        due: at(18, 0),
        consultation: None,
        excluded: excluded.iter().map(|e| (*e).to_owned()).collect(),
    };
    let asked = letter(&format!("From: <{HEAD}>\r\nSubject: x"), "найти Белова");
    for (all, says, never) in
        [(vec![found(7, &["head-1"])], "таких заявок нет", "№ 7:"), (vec![found(7, &["head-1"]), found(8, &[]), found(9, &[])], "найдено заявок: 2", "№ 7:")]
    {
        let effects = decide(&settings, &ForLetter { found: all, ..ForLetter::default() }, &asked);
        let told = posts(&effects).iter().map(|p| crate::compose::decoded(&p.raw)).collect::<String>();
        assert!(told.contains(says) && !told.contains(never), "{told}");
    }
}
