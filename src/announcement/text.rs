//! The sender's letter to a draft: a first line «объявление», then text with lines «Кому: …», «Когда: …» in any order. What a line says and cannot be
//! read is said back in a sentence; nothing is guessed, and the sender sees it all in the preview.

use super::{Audience, Draft, Ready, ready};
use crate::understand::{day_said, moment_said};
use chrono::{NaiveDate, NaiveDateTime};

/// Bytes of a letter that are read; the rest of an announcement that long would not be read by anybody either.
const LONGEST: usize = 20_000;
/// Most choices of a poll.
const MOST_CHOICES: usize = 12;

/// A draft, and what stands in its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What was read.
    pub draft: Draft,
    /// Sentences for the sender: what is missing or cannot be read.
    pub wrong: Vec<String>,
    /// The lines that were written, by their meaning: a correction changes these and keeps the others.
    said: Vec<Label>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    To,
    When,
    Place,
    Confirm,
    Until,
    Choices,
    Topic,
    Urgent,
    Minutes,
}

const LABELS: [(Label, &[&str]); 9] = [
    (Label::To, &["кому", "для кого", "классы", "класс", "адресаты", "получатели"]),
    (Label::When, &["когда", "дата и время", "дата", "время", "начало"]),
    (Label::Place, &["ссылка", "где", "место", "подключение", "адрес", "как подключиться"]),
    (Label::Confirm, &["нужно подтверждение", "подтверждение", "ознакомление", "подтвердить"]),
    (Label::Until, &["ответить до", "ответ до", "ответы до", "срок ответа", "ответить не позднее", "до какого числа"]),
    (Label::Choices, &["варианты", "варианты ответа", "варианты ответов", "опрос", "выбор"]),
    (Label::Topic, &["тема", "о чём", "о чем"]),
    (Label::Urgent, &["срочно"]),
    (Label::Minutes, &["длительность", "продолжительность", "сколько минут"]),
];

/// Whole lines that ask for an acknowledgement.
const CONFIRMS: [&str; 10] = [
    "нужно подтверждение",
    "нужно подтвердить",
    "прошу подтвердить",
    "прошу подтвердить ознакомление",
    "просьба подтвердить",
    "просьба подтвердить ознакомление",
    "подтвердите ознакомление",
    "нужно ознакомление",
    "под подпись",
    "ознакомление под подпись",
];

/// Lower case, «ё» as «е», no blanks or stops around.
fn folded(text: &str) -> String {
    text.trim().trim_matches(|c: char| c.is_whitespace() || ".,:;!—–-*«»\"".contains(c)).to_lowercase().replace('ё', "е")
}

/// What follows «объявление» in a line that begins with it: «объявление для 5А: собрание» gives «для 5А: собрание».
fn after_word(line: &str) -> Option<(&str, bool)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || "*«\"".contains(c));
    let lower: String = line.chars().take(40).collect::<String>().to_lowercase();
    for (word, urgent) in [("срочное объявление", true), ("срочно, объявление", true), ("срочно! объявление", true), ("объявление", false)]
    {
        if lower.starts_with(word) {
            // Lower case of Cyrillic letters has as many characters.
            let rest = line.char_indices().nth(word.chars().count()).map_or("", |(i, _)| line.get(i..).unwrap_or_default());
            if rest.chars().next().is_none_or(|c| !c.is_alphanumeric()) {
                return Some((rest, urgent));
            }
        }
    }
    None
}

/// The first line with anything in it.
fn first_line(own: &str) -> &str {
    own.lines().find(|l| !l.trim().is_empty()).unwrap_or_default()
}

/// Whether a letter is an announcement by its subject or its first line.
pub fn announces(subject: &str, own: &str) -> bool {
    after_word(subject).is_some() || after_word(first_line(own)).is_some()
}

/// Reads a letter of which [`announces`] is true, or the text of a correction. `today` is the local date of its arrival.
pub fn read_text(subject: &str, own: &str, today: NaiveDate) -> Written {
    let end = (0..=LONGEST.min(own.len())).rev().find(|i| own.is_char_boundary(*i)).unwrap_or(0);
    let cut = end < own.len();
    let own = own.get(..end).unwrap_or_default();
    let mut read = Reader { written: Written { draft: empty(), wrong: Vec::new(), said: Vec::new() }, text: Vec::new(), choosing: false, today };
    if cut {
        read.wrong("Текст слишком длинный: объявление должно помещаться на странице.");
    }
    let mut lines = own.lines();
    if let Some((rest, urgent)) = after_word(subject) {
        read.heading(rest, urgent);
    }
    if let Some((rest, urgent)) = after_word(first_line(own)) {
        for line in lines.by_ref() {
            if !line.trim().is_empty() {
                break;
            }
        }
        read.heading(rest, urgent);
    }
    for line in lines {
        read.line(line);
    }
    read.finish()
}

fn empty() -> Draft {
    Draft {
        topic: String::new(),
        text: String::new(),
        audience: Audience::Unsaid,
        start: None,
        minutes: 60,
        place: None,
        confirm: false,
        until: None,
        choices: Vec::new(),
        urgent: false,
        consent: false,
    }
}

struct Reader {
    written: Written,
    text: Vec<String>,
    /// The lines that follow are choices.
    choosing: bool,
    today: NaiveDate,
}

impl Reader {
    fn wrong(&mut self, sentence: impl Into<String>) {
        self.written.wrong.push(sentence.into());
    }

    fn said(&mut self, label: Label) {
        if !self.written.said.contains(&label) {
            self.written.said.push(label);
        }
    }

    /// What stands behind «объявление»: a ready text, an audience, a topic.
    fn heading(&mut self, rest: &str, urgent: bool) {
        let mut rest = rest.trim().trim_start_matches([':', '.', ',', '-', '–', '—', '!', '*']).trim();
        if urgent {
            self.said(Label::Urgent);
            self.written.draft.urgent = true;
        }
        let lower = folded(rest);
        if let Some(name) = lower.strip_prefix("шаблон") {
            match ready::named(name) {
                Some(ready) => self.ready(ready),
                None => self.wrong(format!("Готового текста «{}» нет. Есть: {}.", name.trim(), ready::names())),
            }
            return;
        }
        if lower == "срочно" || lower.starts_with("срочно ") || lower.starts_with("срочно,") || lower.starts_with("срочно:") {
            self.said(Label::Urgent);
            self.written.draft.urgent = true;
            rest = rest.char_indices().nth("срочно".chars().count()).map_or("", |(i, _)| rest.get(i..).unwrap_or_default());
            rest = rest.trim_start_matches([':', '.', ',', '!', ' ']).trim();
        }
        // «для 5А и 5Б: собрание», «5А: собрание», «родителям 5А».
        let (before, after) = rest.split_once(':').unwrap_or((rest, ""));
        let spoken = folded(before);
        let aims = ["для ", "родител", "семь", "всем", "все "].iter().any(|w| spoken.starts_with(w)) || spoken.starts_with(|c: char| c.is_ascii_digit());
        if aims
            && before.len() < 200
            && let Ok(audience @ (Audience::All | Audience::Classes(_))) = Audience::parse(before)
        {
            self.said(Label::To);
            self.written.draft.audience = audience;
            rest = after.trim();
        }
        if !rest.is_empty() {
            self.topic(rest);
        }
    }

    fn topic(&mut self, text: &str) {
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.written.draft.topic = upfirst(line.trim_end_matches(['.', ' '])).chars().take(120).collect();
        self.said(Label::Topic);
    }

    fn ready(&mut self, ready: Ready) {
        let today = self.today;
        let text = ready.draft(today);
        let draft = &mut self.written.draft;
        let (audience, urgent) = (draft.audience.clone(), draft.urgent);
        *draft = Draft { audience, urgent, ..text };
        self.text = draft.text.lines().map(str::to_owned).collect();
        self.written.said.push(Label::Topic);
    }

    fn line(&mut self, line: &str) {
        let whole = folded(line);
        if CONFIRMS.contains(&whole.as_str()) {
            self.choosing = false;
            self.said(Label::Confirm);
            self.written.draft.confirm = true;
            return;
        }
        if whole == "срочно" {
            self.said(Label::Urgent);
            self.written.draft.urgent = true;
            return;
        }
        if let Some(rest) = whole.strip_prefix("ответить до ").filter(|r| r.len() < 80).or_else(|| whole.strip_prefix("ответьте до ").filter(|r| r.len() < 80))
            && !line.contains(':')
            && let Some(day) = day_said(rest, self.today)
        {
            self.until(Some(day), rest);
            return;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.chars().count() <= 30
            && let Some((label, _)) = LABELS.iter().find(|(_, names)| names.contains(&folded(name).as_str()))
        {
            self.choosing = false;
            return self.labelled(*label, value.trim());
        }
        if self.choosing {
            if let Some(choice) = choice_line(line) {
                self.choice(&choice);
                return;
            }
            if !whole.is_empty() {
                self.choosing = false;
            }
        }
        self.text.push(line.trim_end().to_owned());
    }

    fn labelled(&mut self, label: Label, value: &str) {
        self.said(label);
        match label {
            Label::To => match Audience::parse(value) {
                Ok(audience) => self.written.draft.audience = audience,
                Err(word) => self.wrong(format!("В строке «Кому» непонятно «{word}». Напишите классы: «5А, 5Б», «1-4 классы» или «все».")),
            },
            Label::When => match self.when(value) {
                Some((start, minutes)) => {
                    self.written.draft.start = Some(start);
                    self.written.draft.minutes = minutes.unwrap_or(self.written.draft.minutes);
                }
                None => self.wrong(format!("В строке «Когда» непонятно «{}». Напишите день и час: «12.12 18:00» или «в четверг 18:00».", short(value))),
            },
            Label::Place => self.written.draft.place = Some(short(value)).filter(|v| !v.is_empty()),
            Label::Confirm => self.written.draft.confirm = !matches!(folded(value).as_str(), "нет" | "не нужно" | "не надо"),
            Label::Until => {
                let day = day_said(value, self.today);
                self.until(day, value);
            }
            Label::Choices => {
                self.written.draft.choices.clear();
                for choice in inline_choices(value) {
                    self.choice(&choice);
                }
                self.choosing = self.written.draft.choices.is_empty();
            }
            Label::Topic => self.topic(value),
            Label::Urgent => self.written.draft.urgent = !matches!(folded(value).as_str(), "нет"),
            Label::Minutes => match value.split_whitespace().next().and_then(|n| n.parse::<u32>().ok()).filter(|n| (5..=600).contains(n)) {
                Some(minutes) => self.written.draft.minutes = minutes,
                None => self.wrong(format!("В строке «Длительность» непонятно «{}». Напишите минуты: «40 минут».", short(value))),
            },
        }
    }

    fn until(&mut self, day: Option<NaiveDate>, value: &str) {
        self.said(Label::Until);
        match day {
            Some(day) => self.written.draft.until = Some(day),
            None => self.wrong(format!("В строке «Ответить до» непонятно «{}». Напишите день: «10.12» или «до пятницы».", short(value))),
        }
    }

    fn choice(&mut self, text: &str) {
        let text: String = text.trim().trim_end_matches([';', ',', '.']).chars().take(120).collect();
        if !text.is_empty() && self.written.draft.choices.len() < MOST_CHOICES {
            self.written.draft.choices.push(text);
        }
    }

    /// «12.12 18:00», «12.12 18:00-19:30», «12 декабря с 18:00 до 19:30», «в четверг в 18 часов».
    fn when(&self, value: &str) -> Option<(NaiveDateTime, Option<u32>)> {
        let stretch = |sep: &str| {
            let (head, end) = value.rsplit_once(sep)?;
            let end = chrono::NaiveTime::parse_from_str(&end.trim().replace('.', ":"), "%H:%M").ok()?;
            let start = moment_said(head.replace(" с ", " ").trim(), self.today)?;
            let minutes = u32::try_from((end - start.time()).num_minutes()).ok().filter(|m| (5..=600).contains(m))?;
            Some((start, Some(minutes)))
        };
        [" до ", "-", "–", "—"].into_iter().find_map(stretch).or_else(|| moment_said(value, self.today).map(|start| (start, None)))
    }

    fn finish(mut self) -> Written {
        let text = self.text.join("\n");
        self.written.draft.text = text.trim().to_owned();
        if self.written.said.contains(&Label::Choices) && self.written.draft.choices.len() < 2 {
            self.wrong("В опросе нужны хотя бы два варианта: «Варианты: 1) да 2) нет».");
        }
        self.written
    }
}

impl Written {
    /// This letter as a whole announcement: the topic found where none is written, what is missing said.
    pub fn whole(mut self) -> Written {
        if self.draft.text.is_empty() {
            self.wrong.push("Нет текста: напишите, что сказать семьям.".into());
        }
        if self.draft.topic.is_empty() {
            let first = self.draft.text.split(['\n', '.', '!', '?']).map(str::trim).find(|s| s.chars().count() > 2).unwrap_or("Объявление");
            self.draft.topic = first.chars().take(80).collect();
        }
        self
    }

    /// A correction of an announcement: lines that it has replace those before, its text replaces the text where it has any.
    pub fn over(self, before: &Draft) -> Written {
        let (new, said) = (self.draft, self.said);
        let has = |label: Label| said.contains(&label);
        let changed = new.start.is_some() && !new.text.is_empty();
        let draft = Draft {
            topic: if has(Label::Topic) { new.topic } else { before.topic.clone() },
            text: if new.text.is_empty() { before.text.clone() } else { new.text },
            audience: if has(Label::To) { new.audience } else { before.audience.clone() },
            minutes: if has(Label::When) || has(Label::Minutes) || changed { new.minutes } else { before.minutes },
            start: if has(Label::When) { new.start } else { before.start },
            place: if has(Label::Place) { new.place } else { before.place.clone() },
            confirm: if has(Label::Confirm) { new.confirm } else { before.confirm },
            until: if has(Label::Until) { new.until } else { before.until },
            choices: if has(Label::Choices) { new.choices } else { before.choices.clone() },
            urgent: if has(Label::Urgent) { new.urgent } else { before.urgent },
            consent: before.consent,
        };
        Written { draft, wrong: self.wrong, said }
    }
}

/// A subject begins with a large letter; one that is all large is written as people read.
fn upfirst(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let shouted = letters.clone().count() > 8 && letters.clone().all(char::is_uppercase);
    let text = if shouted { text.to_lowercase() } else { text.to_owned() };
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

fn short(text: &str) -> String {
    text.trim().chars().take(200).collect()
}

/// «1) да», «2. нет», «- может быть».
fn choice_line(line: &str) -> Option<String> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix(['-', '–', '—', '•', '*']) {
        return Some(rest.trim().to_owned());
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = line.get(digits..)?;
    (1..=2).contains(&digits).then(|| rest.strip_prefix([')', '.']).map(|r| r.trim().to_owned())).flatten()
}

/// «1) да 2) нет 3) не знаю»; without numbers «да / нет» and «да; нет».
fn inline_choices(value: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = value;
    for n in 1..=MOST_CHOICES {
        let mark = format!("{n})");
        let Some(at) = rest.find(&mark) else { break };
        if let (Some(last), true) = (found.last_mut(), n > 1) {
            *last = rest.get(..at).unwrap_or_default().trim().to_owned();
        }
        rest = rest.get(at + mark.len()..).unwrap_or_default();
        found.push(rest.trim().to_owned());
    }
    if found.is_empty() && !value.is_empty() {
        let sign = if value.contains(';') { ';' } else { '/' };
        found = value.split(sign).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect();
    }
    found
}
