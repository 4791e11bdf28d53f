//! Reports, parked letters, letters that did not arrive: what is told to the head and the operator.

use super::Round;
use super::case::{Case, shadowed};
use crate::appeal::Appeal;
use crate::compose::{Daily, Envelope, Letter, Notice, Parked, Undeliverable, Weekly, freeze, phone};
use crate::effect::{Effect, Event};
use crate::outbox::{Audience, Kind, SentCopy};
use crate::report;
use chrono::{DateTime, NaiveDate, Utc};

/// The dedupe period of a report: the local date on which it was due.
pub fn report_key(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// A letter to staff that is about no single appeal.
pub(super) fn staff_letter<L: Letter>(round: Round<'_>, kind: Kind, key: String, to: &str, priority: u8, letter: &L) -> Vec<Effect> {
    let envelope = staff_envelope(round, kind, key, to, priority);
    let posting = shadowed(&round, freeze(&round.settings.composer, envelope, letter));
    vec![Effect::Post(Box::new(posting))]
}

pub(super) fn staff_envelope(round: Round<'_>, kind: Kind, key: String, to: &str, priority: u8) -> Envelope {
    Envelope {
        kind,
        key,
        appeal: None,
        to: to.to_owned(),
        references: Vec::new(),
        replied: false,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::Staff,
        priority,
        copy: SentCopy::Full,
        not_before: Some(round.staff_hours(round.now)),
        not_after: None,
        cause: None,
        due: None,
        press: None,
        now: round.now,
    }
}

/// An answer to a letter of staff that belongs to no appeal, at once (rank 2: no day's number of letters keeps it back), with a calendar's REPLY where one is due.
pub(super) fn answer_to_staff<L: Letter>(round: Round<'_>, key: String, to: &str, answers: Option<&str>, reply: Option<String>, letter: &L) -> Effect {
    let references = answers.map(str::to_owned).into_iter().collect();
    let envelope = Envelope { references, replied: true, reply, not_before: None, ..staff_envelope(round, Kind::Other, key, to, 2) };
    Effect::Post(Box::new(shadowed(&round, freeze(&round.settings.composer, envelope, letter))))
}

/// A report, gathered.
#[derive(Debug, Clone, PartialEq)]
pub enum Gathered {
    /// Daily.
    Daily(report::Daily),
    /// Weekly.
    Weekly(report::Weekly),
}

/// Sends a report to whoever acts as the head: exactly one a period.
pub fn on_report(round: Round<'_>, gathered: &Gathered, period: NaiveDate, until: DateTime<Utc>) -> Vec<Effect> {
    let Some(head) = round.decider(&[]) else { return Vec::new() };
    let period = report_key(period);
    let (kind, mut effects) = match gathered {
        Gathered::Daily(report) => {
            let letter = Daily { report: report.clone() };
            ("daily", staff_letter(round, Kind::ReportDaily, format!("report/daily/{period}"), &head.email, 5, &letter))
        }
        Gathered::Weekly(report) => {
            let letter = Weekly::of(report.clone());
            ("weekly", staff_letter(round, Kind::ReportWeekly, format!("report/weekly/{period}"), &head.email, 5, &letter))
        }
    };
    effects.push(Effect::Reported { kind, period, until });
    effects.push(Effect::Note { appeal: None, event: Event::Report, text: kind.to_owned() });
    effects
}

/// A letter was parked: the operator hears of it at once, with folder and UID and nothing of the letter.
pub fn on_parked(round: Round<'_>, letters: Vec<String>) -> Vec<Effect> {
    let key = format!("parked/{}/{}", round.now.timestamp(), letters.len());
    staff_letter(round, Kind::Other, key, round.operator(), 4, &Parked { letters })
}

/// A letter to an author did not arrive, or nobody knows whether it did: a person must call. Told once for each posting.
pub fn on_failure(round: Round<'_>, appeal: Appeal, posting: i64, what: Kind, why: &str, answer: Option<&str>) -> Vec<Effect> {
    let number = appeal.number;
    let invited = what == Kind::Invitation;
    // What was repeated and still nobody knows of, or came too late, goes to the head as well; a receipt is not worth that.
    let for_head = why == "expired" && what != Kind::Receipt;
    let what = match what {
        Kind::Receipt => "квитанция о приёме заявки",
        Kind::Invitation => "приглашение на консультацию",
        Kind::Update => "письмо о переносе консультации",
        Kind::Cancel => "письмо об отмене консультации",
        Kind::Answer => "ответ на заявку",
        _ => "письмо",
    };
    let why = match why {
        "hard" => "адрес не работает".to_owned(),
        "soft" => "ящик переполнен или сервер не принимает почту".to_owned(),
        "expired" => "срок письма прошёл раньше, чем его удалось отправить, или исход отправки неизвестен".to_owned(),
        _ => answer.map_or_else(|| "сервер отказался принять письмо".to_owned(), |a| format!("сервер отказался принять письмо: {a}")),
    };
    let mut case = Case::of(round, appeal, &[], Vec::new(), Vec::new(), Vec::new());
    let letter = Undeliverable { number, what: what.to_owned(), why, phone: case.appeal.phone.as_deref().map(phone) };
    case.note(Event::Undelivered, format!("не дошло: {what}"));
    if invited && case.appeal.open() {
        // The term is met with that letter, and nobody has it: the ladder goes on until the author was told.
        case.appeal.met = None;
    }
    let to = case.operator();
    let mut told = vec![to.clone()];
    case.to_address(Kind::CallTask, format!("undelivered/{posting}/operator"), &to, None, Vec::new(), &letter);
    if let Some(person) = case.assignee().filter(|p| !told.contains(&p.email)) {
        told.push(person.email.clone());
        case.to_staff(Kind::Other, format!("undelivered/{posting}/{}", person.id), person, &letter);
    }
    if let Some(head) = case.round.decider(&case.appeal.excluded).filter(|h| for_head && !told.contains(&h.email)) {
        case.to_staff(Kind::Other, format!("undelivered/{posting}/{}", head.id), head, &letter);
    }
    case.finish()
}

/// A letter to a member of staff did not arrive: the operator is told, and where it was the operator's own, the alert command. A letter about
/// a failure makes no further letter.
pub fn on_staff_failure(round: Round<'_>, posting: i64, appeal: Option<i64>, to: &str, key: &str) -> Vec<Effect> {
    let mut effects = vec![Effect::Note { appeal, event: Event::Undelivered, text: "письмо сотруднику не дошло".into() }];
    let about_failure = key.trim_start_matches("shadow/").starts_with("undelivered/");
    if about_failure || round.settings.operator.iter().any(|o| o.eq_ignore_ascii_case(to)) {
        let text = format!("letter {posting} of Otklik to a member of staff or to the operator was not delivered; see `otklik status`");
        effects.push(Effect::Alert { key: format!("undelivered/{posting}"), text });
        return effects;
    }
    let who = round.settings.person_by_email(to).map_or_else(|| "сотрудник".to_owned(), Round::titled);
    let lines = vec![
        format!("Письмо Отклика не дошло: {who}, {to}."),
        "Проверьте, пожалуйста, адрес в rules/specialists.toml и передайте содержание иначе: otklik show покажет заявку.".to_owned(),
    ];
    let notice = Notice { number: appeal, title: "письмо сотруднику не дошло".into(), lines };
    effects.extend(staff_letter(round, Kind::Other, format!("undelivered/{posting}/staff"), round.operator(), 4, &notice));
    effects
}
