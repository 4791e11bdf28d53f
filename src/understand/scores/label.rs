//! What people say of a letter: one line of a labels file (docs/labels.md), checked so that no slip of the pen counts as a mistake of the
//! program. All slips are told at once.
//!
//! Not here: whether the letter is there.

use super::{KEYS, tidy};
use crate::understand::{Category, Channel, Intent, Kind, Role, Window};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How hard the letter is for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of docs/labels.md")]
pub enum Difficulty {
    Easy,
    Medium,
    Hard,
}

/// What is wrong in a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Line of the file, from 1.
    pub line: usize,
    /// A sentence.
    pub what: String,
}

/// A letter as people read it. A key that is absent is not scored, `null` says that the letter has no such thing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Label {
    /// Line of the file, from 1.
    pub line: usize,
    /// The letter, relative to the folder of the labels file.
    pub file: String,
    /// How hard it is.
    pub difficulty: Option<Difficulty>,
    /// Other categories that are right as well.
    pub also_ok: Vec<Category>,
    values: Map<String, Value>,
    times: Vec<Window>,
}

/// Keys that `otklik explain --json` prints and nobody scores: its output is a labels file to correct.
const NOT_SCORED: [&str; 9] = ["thread", "contact_email", "child", "bounce", "calendar", "survey", "language", "confidence", "reasons"];
const OF_APPEALS: [&str; 3] = ["category", "secondary", "wants_consultation"];
const OF_PEOPLE: [&str; 5] = ["role", "name", "class", "phone", "channel"];
const WINDOW_KEYS: [&str; 7] = ["weekday", "after", "before", "date", "from", "to", "not"];

impl Label {
    /// The value of a key; `None` when it was not labelled.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// The labelled kind.
    pub fn kind(&self) -> Option<Kind> {
        self.get("kind").and_then(|v| read(v).ok())
    }

    /// The labelled category.
    pub fn category(&self) -> Option<Category> {
        self.get("category").and_then(Value::as_str).and_then(Category::from_key)
    }

    /// The labelled windows.
    pub fn times(&self) -> &[Window] {
        &self.times
    }

    /// Labelled as no appeal: another kind, or our own letter come back.
    pub fn is_no_appeal(&self) -> bool {
        self.get("kind").is_some() && !self.kind().is_some_and(is_appeal)
    }

    /// Reads one line. All mistakes are told at once.
    pub fn read(text: &str) -> Result<Label, Vec<String>> {
        let mut values = match serde_json::from_str(text) {
            Ok(Value::Object(values)) => values,
            Ok(_) => return Err(vec!["is no JSON object; write {\"file\": …, \"kind\": …} on one line".to_owned()]),
            Err(e) => return Err(vec![format!("is no JSON (column {}): {}", e.column(), first_words(&e.to_string()))]),
        };
        let mut wrong = Vec::new();
        let file = match values.remove("file") {
            Some(Value::String(file)) if !file.trim().is_empty() => file,
            _ => {
                wrong.push("file: the letter's path is missing".to_owned());
                String::new()
            }
        };
        let difficulty =
            values.remove("difficulty").filter(|v| !v.is_null()).and_then(|v| word(&v).map_err(|what| wrong.push(format!("difficulty: {v} {what}"))).ok());
        let also_ok = values.remove("also_ok").map(|v| categories(&mut wrong, &v)).unwrap_or_default();
        values.retain(|key, _| !NOT_SCORED.contains(&key.as_str()));
        if values.is_empty() && wrong.is_empty() {
            wrong.push("says nothing of the letter that could be scored, as kind or category".to_owned());
        }
        let mut label = Label { line: 0, file, difficulty, also_ok, times: Vec::new(), values };
        wrong.extend(label.check());
        if wrong.is_empty() { Ok(label) } else { Err(wrong) }
    }

    /// Checks the values one by one and against each other.
    fn check(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (key, value) in &self.values {
            match key.as_str() {
                "times" => self.times = windows(&mut wrong, value),
                key if KEYS.contains(&key) => wrong.extend(fault(key, value).map(|what| format!("{key}: {value} {what}"))),
                _ => wrong.push(format!("{}: no such key; docs/labels.md has the keys", key.escape_debug())),
            }
        }
        if let Some(kind) = self.kind() {
            self.check_kind(kind, &mut wrong);
        }
        if self.category().is_some() && self.get("secondary") == self.get("category") {
            wrong.push("secondary: the same as category; it is for a second question".to_owned());
        }
        wrong
    }

    /// What letters of a kind never have: a label that says otherwise could not be met by any reading.
    fn check_kind(&self, kind: Kind, wrong: &mut Vec<String>) {
        let word = self.get("kind").and_then(Value::as_str).unwrap_or_default();
        let mut never = |keys: &[&str], of: &str| {
            let given = keys.iter().filter(|k| self.get(k).is_some_and(|v| !v.is_null()));
            wrong.extend(given.map(|k| format!("{k}: null where kind is {word}; it is said only of {of}")));
        };
        if !is_appeal(kind) {
            never(&OF_APPEALS, "new_appeal and staff_form");
        }
        if matches!(kind, Kind::Bounce | Kind::AutoReply | Kind::SpamOrList) {
            never(&OF_PEOPLE, "letters that a person wrote to the school");
        }
        if matches!(kind, Kind::NewAppeal | Kind::Bounce | Kind::AutoReply | Kind::SpamOrList) {
            never(&["intent"], "answers and staff_form");
        }
        if is_appeal(kind) && self.get("category").is_some_and(Value::is_null) {
            wrong.push(format!("category: a {word} has one; leave the key out where nobody knows"));
        }
    }
}

/// Reads a labels file: the good lines, and all mistakes of the others in their order. Whoever scores does so only without mistakes.
pub fn labels(text: &str) -> (Vec<Label>, Vec<Mistake>) {
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    // Some editors put a mark at the head of a file.
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
    for (line, text) in lines.enumerate().map(|(i, l)| (i + 1, l.trim())).filter(|(_, l)| !l.is_empty()) {
        match Label::read(text) {
            Ok(label) => {
                match seen.get(&label.file) {
                    Some(first) => wrong.push(Mistake { line, what: format!("file: {} is labelled in line {first} already", label.file.escape_debug()) }),
                    None => drop(seen.insert(label.file.clone(), line)),
                }
                good.push(Label { line, ..label });
            }
            Err(all) => wrong.extend(all.into_iter().map(|what| Mistake { line, what })),
        }
    }
    if good.is_empty() && wrong.is_empty() {
        wrong.push(Mistake { line: 1, what: "no label at all; write one JSON object a line, as docs/labels.md shows".to_owned() });
    }
    (good, wrong)
}

fn is_appeal(kind: Kind) -> bool {
    matches!(kind, Kind::NewAppeal | Kind::StaffForm)
}

fn read<T: DeserializeOwned>(value: &Value) -> serde_json::Result<T> {
    serde_json::from_value(value.clone())
}

/// What is wrong with one value.
fn fault(key: &str, value: &Value) -> Option<String> {
    let text = value.as_str();
    let unless = |good: bool, what: &str| (!good).then(|| what.to_owned());
    match key {
        "urgent" => unless(value.is_boolean(), "is neither true nor false"),
        _ if value.is_null() => None,
        "kind" => word::<Kind>(value).err(),
        "category" | "secondary" => word::<Category>(value).err(),
        "wants_consultation" => unless(value.is_boolean(), "is none of true, false, null"),
        "role" => word::<Role>(value).err(),
        "name" => unless(text.is_some_and(|n| !n.trim().is_empty()), "is no name; write null where there is none"),
        "class" => unless(text.is_some_and(is_class), "is no class; write digits and a Cyrillic capital without a space, as 5А, or 10"),
        "phone" => unless(text.is_some_and(is_phone), "is no phone; write +7 and ten digits without spaces"),
        "channel" => word::<Channel>(value).err(),
        "intent" => word::<Intent>(value).err(),
        _ => None,
    }
}

/// One of the words that a key may have.
fn word<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    read(value).map_err(|e| {
        let told = e.to_string().replace('`', "");
        format!("is none of {}", told.split_once("expected one of ").map_or("the words of docs/labels.md", |(_, words)| words))
    })
}

fn categories(wrong: &mut Vec<String>, value: &Value) -> Vec<Category> {
    let Value::Array(list) = value else {
        wrong.extend((!value.is_null()).then(|| format!("also_ok: {value} is no list of categories")));
        return Vec::new();
    };
    let mut good = Vec::new();
    for item in list {
        match word(item) {
            Ok(category) => good.push(category),
            Err(what) => wrong.push(format!("also_ok: {item} {what}")),
        }
    }
    good
}

fn windows(wrong: &mut Vec<String>, value: &Value) -> Vec<Window> {
    let Value::Array(list) = value else {
        wrong.push(format!("times: {value} is no list of windows; write [] where no time is wished"));
        return Vec::new();
    };
    let mut windows = Vec::new();
    for item in list {
        match window(item) {
            Ok(window) => windows.push(window),
            Err(what) => wrong.push(format!("times: {item}: {what}")),
        }
    }
    windows
}

/// A window that some moment lies in.
fn window(item: &Value) -> Result<Window, String> {
    if let Some(key) = item.as_object().and_then(|o| o.keys().find(|k| !WINDOW_KEYS.contains(&k.as_str()))) {
        return Err(format!("{} is none of {}", key.escape_debug(), WINDOW_KEYS.join(", ")));
    }
    let window: Window = read(item).map_err(|e| format!("is no window ({})", first_words(&e.to_string())))?;
    if window == (Window { not: window.not, ..Window::default() }) {
        return Err("constrains nothing; «any time» is []".to_owned());
    }
    if let (Some(after), Some(before)) = (window.after, window.before)
        && after >= before
    {
        return Err("after is not before before".to_owned());
    }
    if let (Some(from), Some(to)) = (window.from, window.to)
        && from > to
    {
        return Err("from is later than to".to_owned());
    }
    Ok(tidy(window))
}

/// `5А`, `10`: a Latin letter that looks the same would never be met.
fn is_class(text: &str) -> bool {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let mut rest = text.chars().skip(digits.len());
    let letter = rest.next().is_none_or(|c| matches!(c, 'А'..='Я' | 'Ё'));
    letter && rest.next().is_none() && digits.parse().is_ok_and(|n: u8| (1..=12).contains(&n))
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix("+7").is_some_and(|d| d.len() == 10 && d.bytes().all(|b| b.is_ascii_digit()))
}

/// A parser's sentence without its place: the line is told, and in a file of lines its own is always 1.
fn first_words(told: &str) -> &str {
    told.split(" at line ").next().unwrap_or(told)
}
