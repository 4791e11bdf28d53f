//! What the rehearsal tells, gathered into scenes: one cause (a letter, an order, the clock) and what the program did about it.

use super::week::LETTERS;
use crate::cli::journal::name as name_of;
use crate::jobs::Happening;
use crate::message;
use crate::outbox::Kind;
use crate::settings::Settings;
use chrono::{DateTime, Datelike, Utc};
use std::collections::BTreeSet;

/// A letter that came to the school.
pub(super) struct Incoming {
    /// Name of its page: `03-plachet`.
    pub name: String,
    /// For people.
    pub about: String,
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
    /// Somebody at school did this.
    Staff(String),
    /// Its time had come.
    Clock,
}

/// One thing the program did.
pub(super) struct Step {
    /// Appeal.
    pub appeal: Option<i64>,
    /// Key of the event.
    pub event: String,
    /// In words.
    pub words: String,
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
        self.steps.iter().filter_map(|s| s.appeal).collect()
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
}

/// Steps that say nothing that the letter beside them does not.
const SILENT: [&str; 3] = ["received", "report", "reminded"];

impl Week {
    /// Hears one happening; true when it began a new scene.
    pub(super) fn hear(&mut self, h: &Happening, settings: &Settings) -> bool {
        match h.event.as_str() {
            "incoming" => {
                let index = self.incoming.len();
                self.incoming.push(incoming(h, index + 1, settings));
                self.begin(h.at, Cause::Letter(index))
            }
            "story" => self.begin(h.at, Cause::Staff(staff_words(&h.text, settings))),
            _ => self.step(h, settings),
        }
    }

    fn begin(&mut self, at: DateTime<Utc>, cause: Cause) -> bool {
        self.scenes.push(Scene { at, cause, steps: Vec::new() });
        true
    }

    fn step(&mut self, h: &Happening, settings: &Settings) -> bool {
        let (words, sent) = if let (Some(kind), Some(name)) = (h.kind, &h.letter) {
            self.sent.push(Sent { name: name.clone(), kind, at: h.at });
            let to = h.to.as_deref().unwrap_or_default();
            (format!("{} → {}", kind_words(kind), reader(to, settings)), Some(self.sent.len() - 1))
        } else if SILENT.contains(&h.event.as_str()) {
            return false;
        } else {
            (step_words(h), None)
        };
        let step = Step { appeal: h.appeal, event: h.event.clone(), words, sent };
        // What happens at the same moment belongs to the same cause; for the clock, also the same appeal.
        let same = self.scenes.last().is_some_and(|s| {
            s.at == h.at && (!matches!(s.cause, Cause::Clock) || s.steps.last().is_none_or(|l| l.appeal == h.appeal))
        });
        let fresh = !same && self.begin(h.at, Cause::Clock);
        if let Some(scene) = self.scenes.last_mut() {
            scene.steps.push(step);
        }
        fresh
    }
}

/// A line of history for people; «opened» names the appeal.
fn step_words(h: &Happening) -> String {
    match (h.event.as_str(), h.appeal) {
        ("opened", Some(n)) => format!("обращение № {n}: {}", h.text.trim_start_matches("заявка открыта: ")),
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
        ("kalendar", format!("календарь отвечает {words}: {who} ({})", client(&object)))
    } else if email.starts_with("mailer-daemon") {
        ("ne-doshlo", "почтовый сервер: наше письмо не доставлено, такого адреса нет".to_owned())
    } else {
        let line: String = read.body.own.lines().find(|l| !l.trim().is_empty()).unwrap_or_default().trim().chars().take(90).collect();
        ("otvet", format!("ответ на наше письмо: «{}»", line.trim_end_matches('.')))
    };
    Incoming { name: format!("{number:02}-{slug}"), about, raw }
}

/// The calendar program by its PRODID.
fn client(object: &str) -> &'static str {
    let known = [("Google", "Gmail"), ("Microsoft", "Outlook"), ("Apple", "Apple"), ("Mozilla", "Thunderbird"), ("Yandex", "Яндекс")];
    known.iter().find(|(mark, _)| object.contains(mark)).map_or("календарь", |(_, name)| name)
}

/// `распоряжение: 4 close --answer "…"` for people.
fn staff_words(text: &str, settings: &Settings) -> String {
    let Some((number, order)) = text.strip_prefix("распоряжение: ").and_then(|t| t.split_once(' ')) else {
        return settings.staff.iter().fold(text.to_owned(), |t, p| t.replace(&format!(" {} ", p.id), &format!(" {} ", p.name)));
    };
    let quoted = order.split_once('"').map(|(_, q)| q.trim_end_matches('"')).unwrap_or_default();
    let last = order.split_whitespace().nth(1).unwrap_or_default();
    let what = match order.split_whitespace().next().unwrap_or_default() {
        "close" if order.contains("--answer") => format!("пишет ответ: «{quoted}»"),
        "close" => format!("закрывает: {quoted}"),
        "take" => "берёт в работу".to_owned(),
        "assign" => format!("передаёт: {}", name_of(settings, last)),
        "extend" => format!("продлевает срок: {quoted}"),
        "acknowledge" => "нажимает «вижу»: тревога принята".to_owned(),
        "called" => "сообщает: автору позвонили".to_owned(),
        "note" => format!("добавляет заметку: «{quoted}»"),
        _ => order.to_owned(),
    };
    format!("№ {number}, сотрудник {what}")
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
        _ => "письмо",
    }
}

/// Who reads a letter: a name of the register, else the author.
fn reader(to: &str, settings: &Settings) -> String {
    match settings.person_by_email(to) {
        Some(p) => format!("{} ({})", crate::compose::initials(&p.name), p.post),
        None => "автору".to_owned(),
    }
}

/// «пн 16.11 08:12».
pub(super) fn stamp(at: DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} {}", day_short(local.weekday()), local.format("%d.%m %H:%M"))
}

fn day_short(day: chrono::Weekday) -> &'static str {
    ["пн", "вт", "ср", "чт", "пт", "сб", "вс"].get(day.num_days_from_monday() as usize).copied().unwrap_or("")
}
