//! What the rehearsal tells, gathered into scenes: one cause (a letter, an order, the clock) and what the program did about it.

use super::week::LETTERS;
use crate::cli::journal::name as name_of;
use crate::jobs::Happening;
use crate::message;
use crate::outbox::Kind;
use crate::settings::Settings;
use chrono::{DateTime, Datelike, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// A letter that came to the school.
pub(super) struct Incoming {
    /// Name of its page: `03-plachet`.
    pub name: String,
    /// For people.
    pub about: String,
    /// A calendar's answer, not a letter in words.
    pub calendar: bool,
    /// As it arrived.
    pub raw: Vec<u8>,
}

/// A letter that the school sent.
pub(super) struct Sent {
    /// Name of its files: `0007-receipt`.
    pub name: String,
    /// Kind.
    pub kind: Kind,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why something happened.
pub(super) enum Cause {
    /// A letter, by its index.
    Letter(usize),
    /// Somebody at school did this, about an appeal or not.
    Staff(Option<i64>, String),
    /// Its time had come.
    Clock,
}

/// One thing the program did.
pub(super) struct Step {
    /// Appeal.
    pub appeal: Option<i64>,
    /// Key of the event.
    pub event: String,
    /// In words; of a letter sent, what it is.
    pub words: String,
    /// Reader of the letter sent: for a line and for a page.
    pub to: Option<(String, String)>,
    /// The letter sent, by its index.
    pub sent: Option<usize>,
}

/// A cause and what followed at the same moment.
pub(super) struct Scene {
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub cause: Cause,
    /// What followed.
    pub steps: Vec<Step>,
}

impl Scene {
    /// The appeals it is about, in order.
    pub(super) fn appeals(&self) -> BTreeSet<i64> {
        let ordered = match &self.cause {
            Cause::Staff(number, _) => *number,
            _ => None,
        };
        self.steps.iter().filter_map(|s| s.appeal).chain(ordered).collect()
    }
}

/// Everything of the week.
#[derive(Default)]
pub(super) struct Week {
    /// Letters in.
    pub incoming: Vec<Incoming>,
    /// Letters out.
    pub sent: Vec<Sent>,
    /// In order.
    pub scenes: Vec<Scene>,
    /// Who has each appeal now, as a line names them.
    holders: BTreeMap<i64, String>,
}

/// Steps that say nothing that the letter beside them does not.
const SILENT: [&str; 4] = ["received", "report", "reminded", "assigned"];
/// Texts of such steps.
const SILENT_TEXTS: [&str; 3] = ["автору отправлено приглашение", "взята в работу", "не дошло: квитанция о приёме заявки"];
/// Steps that repeat the order that caused them.
const ORDERED: [&str; 6] = ["taken", "closed", "acknowledged", "invited", "added", "extended"];

impl Week {
    /// Hears one happening; true when it began a new scene.
    pub(super) fn hear(&mut self, h: &Happening, settings: &Settings) -> bool {
        match h.event.as_str() {
            "incoming" => {
                let index = self.incoming.len();
                self.incoming.push(incoming(h, index + 1, settings));
                self.begin(h.at, Cause::Letter(index))
            }
            "story" => {
                let cause = self.staff(&h.text, settings);
                self.begin(h.at, cause)
            }
            _ => self.step(h, settings),
        }
    }

    fn begin(&mut self, at: DateTime<Utc>, cause: Cause) -> bool {
        self.scenes.push(Scene { at, cause, steps: Vec::new() });
        true
    }

    fn step(&mut self, h: &Happening, settings: &Settings) -> bool {
        self.hold(h, settings);
        let ordered = self.scenes.last().is_some_and(|s| s.at == h.at && matches!(s.cause, Cause::Staff(..)));
        let extends = self.scenes.last().is_some_and(|s| s.at == h.at && matches!(&s.cause, Cause::Staff(_, words) if words.contains("продлевает")));
        let step = if let (Some(kind), Some(name)) = (h.kind, &h.letter) {
            self.sent.push(Sent { name: name.clone(), kind, at: h.at });
            let alarm = self.scenes.last().is_some_and(|s| s.at == h.at && s.steps.iter().any(|s| s.event == "alarm"));
            let words = match kind {
                Kind::Escalation if alarm => "тревога".to_owned(),
                Kind::Answer if extends => "письмо о новом сроке".to_owned(),
                Kind::Other => h.raw.as_deref().map(|raw| subject(&message::read(raw).subject)).unwrap_or_default(),
                _ => kind_words(kind).to_owned(),
            };
            let to = Some(reader(h.to.as_deref().unwrap_or_default(), settings));
            Step { appeal: h.appeal, event: h.event.clone(), words, to, sent: Some(self.sent.len() - 1) }
        } else {
            let said = SILENT.contains(&h.event.as_str())
                || (ordered && ORDERED.contains(&h.event.as_str()))
                || SILENT_TEXTS.contains(&h.text.as_str())
                || (h.event == "escalated" && !h.text.contains("директор"));
            if said {
                return false;
            }
            Step { appeal: h.appeal, event: h.event.clone(), words: step_words(h), to: None, sent: None }
        };
        // What happens at the same moment belongs to the same cause; for the clock, also the same appeal.
        let same = self.scenes.last().is_some_and(|s| {
            s.at == h.at
                && (!matches!(s.cause, Cause::Clock)
                    || s.steps.last().is_none_or(|l| l.appeal == h.appeal || (h.appeal.is_none() && h.kind == Some(Kind::Escalation))))
        });
        let fresh = !same && self.begin(h.at, Cause::Clock);
        if let Some(scene) = self.scenes.last_mut() {
            scene.steps.push(step);
        }
        fresh
    }

    /// Whoever the history names has the appeal from now on.
    fn hold(&mut self, h: &Happening, settings: &Settings) {
        let Some(number) = h.appeal.filter(|_| matches!(h.event.as_str(), "assigned" | "asked" | "handover")) else { return };
        let named = settings.staff.iter().find(|p| h.text.contains(&p.name)).map(|p| crate::compose::initials(&p.name));
        let head = || settings.head.first().and_then(|id| settings.person(id)).map(|p| crate::compose::initials(&p.name));
        if let Some(holder) = named.or_else(head) {
            self.holders.insert(number, holder);
        }
    }

    /// `распоряжение: 4 close --answer "…"` for people.
    fn staff(&self, text: &str, settings: &Settings) -> Cause {
        let Some((number, order)) = text.strip_prefix("распоряжение: ").and_then(|t| t.split_once(' ')) else {
            let named = settings.staff.iter().fold(text.to_owned(), |t, p| t.replace(&format!(" {} ", p.id), &format!(" {} ", p.name)));
            return Cause::Staff(None, named);
        };
        let number: i64 = number.parse().unwrap_or_default();
        let who = self.holders.get(&number).map_or("сотрудник", String::as_str);
        let quoted = order.split_once('"').map(|(_, q)| q.trim_end_matches('"')).unwrap_or_default();
        let last = order.split_whitespace().nth(1).unwrap_or_default();
        let words = match order.split_whitespace().next().unwrap_or_default() {
            "close" if order.contains("--answer") => format!("{who} отвечает: «{}»", quoted.trim_end_matches('.')),
            "close" => format!("{who} закрывает обращение: {quoted}"),
            "take" => format!("{who} берёт в работу"),
            "assign" => format!("{who} передаёт: {}", name_of(settings, last)),
            "extend" => format!("{who} продлевает срок до {}: {quoted}", last.split('-').rev().take(2).collect::<Vec<_>>().join(".")),
            "acknowledge" => "дежурный руководитель нажимает «вижу»: тревога принята, повторов больше нет".to_owned(),
            "called" => "оператор отмечает: автору позвонили".to_owned(),
            "note" => format!("заметка: {}", quoted.trim_end_matches('.')),
            _ => order.to_owned(),
        };
        Cause::Staff(Some(number), words)
    }
}

/// A line of history for people; «opened» names the appeal.
fn step_words(h: &Happening) -> String {
    match (h.event.as_str(), h.appeal) {
        ("opened", Some(n)) => format!("обращение № {n}: {}", h.text.trim_start_matches("заявка открыта: ")),
        ("moved", _) => "подобрано другое время".to_owned(),
        ("asked", _) => h.text.split_once(':').map_or(h.text.as_str(), |(who, _)| who).to_owned(),
        ("ignored", None) => format!("{}: отвечать не надо", h.text),
        _ => h.text.clone(),
    }
}

fn incoming(h: &Happening, number: usize, settings: &Settings) -> Incoming {
    let raw = h.raw.clone().unwrap_or_default();
    let read = message::read(&raw);
    let origin = h.letter.as_deref().unwrap_or_default();
    let bundled = LETTERS.iter().find(|l| l.name == origin);
    let email = read.sender().map(|a| a.email.clone()).unwrap_or_default();
    let who = settings.person_by_email(&email).map_or_else(|| "автор".to_owned(), |p| p.name.clone());
    let answers = !read.calendars.is_empty();
    let calendar = read.calendars.first().map(|c| String::from_utf8_lossy(&c.bytes).into_owned());
    let (slug, about) = if let Some(letter) = bundled {
        (letter.name.trim_end_matches(".eml"), letter.about.to_owned())
    } else if let Some(object) = calendar {
        let answer = ["ACCEPTED", "DECLINED"].iter().find(|p| object.contains(&format!("PARTSTAT={p}")));
        let words = match answer {
            Some(&"ACCEPTED") => "«приду»",
            Some(_) => "«не смогу»",
            None => "«возможно»",
        };
        ("kalendar", format!("{who}: {words} ({})", client(&object)))
    } else if email.starts_with("mailer-daemon") {
        ("ne-doshlo", "почтовый сервер: наше письмо не доставлено, такого адреса нет".to_owned())
    } else {
        let line = read.body.own.lines().find(|l| !l.trim().is_empty()).unwrap_or_default().trim();
        ("otvet", format!("ответ на наше письмо: «{}»", cut(line)))
    };
    Incoming { name: format!("{number:02}-{slug}"), about, calendar: answers, raw }
}

/// The beginning of a line, whole words.
fn cut(line: &str) -> String {
    let mut out = String::new();
    for word in line.trim_end_matches('.').split(' ') {
        if out.chars().count() + word.chars().count() > 100 {
            return out + " …";
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The calendar program by its PRODID.
fn client(object: &str) -> &'static str {
    let known = [("Google", "Gmail"), ("Microsoft", "Outlook"), ("Apple", "Apple"), ("Mozilla", "Thunderbird"), ("Yandex", "Яндекс")];
    known.iter().find(|(mark, _)| object.contains(mark)).map_or("календарь", |(_, name)| name)
}

/// What a letter is, for people.
pub(super) fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Receipt => "квитанция",
        Kind::Task => "задание",
        Kind::Invitation => "приглашение",
        Kind::Update => "новое время",
        Kind::Cancel => "отмена встречи",
        Kind::Reminder => "напоминание",
        Kind::Escalation => "предупреждение",
        Kind::ReportDaily => "утренний отчёт",
        Kind::ReportWeekly => "недельный отчёт",
        Kind::CallTask => "просьба позвонить",
        Kind::Answer => "ответ",
        Kind::Confirm => "подтверждение",
        _ => "письмо",
    }
}

/// Subject of a letter without its number, which stands beside it anyway.
fn subject(subject: &str) -> String {
    let words = subject.split_once(": ").filter(|(head, _)| head.contains('№')).map_or(subject, |(_, rest)| rest);
    match words {
        "новое письмо" => "новое письмо автора".to_owned(),
        _ => format!("сообщение «{words}»"),
    }
}

/// Who reads a letter: a name of the register, a colleague who passed it on, else the author.
fn reader(to: &str, settings: &Settings) -> (String, String) {
    if let Some(p) = settings.person_by_email(to) {
        let name = crate::compose::initials(&p.name);
        return (name.clone(), format!("{name} ({})", p.post));
    }
    let inside = settings.staff_domains.iter().any(|d| to.ends_with(&format!("@{d}")));
    let words = if inside { "тому, кто передал" } else { "автору" };
    (words.to_owned(), words.to_owned())
}

/// «пн 16.11 08:12».
pub(super) fn stamp(at: DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} {}", day_short(local.weekday()), local.format("%d.%m %H:%M"))
}

fn day_short(day: chrono::Weekday) -> &'static str {
    ["пн", "вт", "ср", "чт", "пт", "сб", "вс"].get(day.num_days_from_monday() as usize).copied().unwrap_or("")
}
