//! A TOML file read key by key, so that one reading finds every mistake: wrong types, bad values, unknown keys, each with its line.
//!
//! serde stops at the first error; a person who edits five lines wants to hear of five. Not here: what the keys mean.

use super::Mistake;
use super::values;
use chrono::{NaiveDate, NaiveTime};
use std::cell::RefCell;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The mistakes found so far.
#[derive(Default)]
pub(super) struct Notes(RefCell<Vec<Mistake>>);

impl Notes {
    /// One more.
    pub(super) fn add(&self, file: &str, line: Option<usize>, message: impl Into<String>) {
        self.0.borrow_mut().push(Mistake { file: file.to_owned(), line, message: message.into() });
    }
    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
    /// All of them: `otklik.toml` first, then by file and line.
    pub(super) fn into_sorted(self) -> Vec<Mistake> {
        let mut list = self.0.into_inner();
        list.sort_by(|a, b| (a.file != "otklik.toml", &a.file, a.line).cmp(&(b.file != "otklik.toml", &b.file, b.line)));
        // A key that two questions were asked about is told once.
        let mut seen = std::collections::HashSet::new();
        list.retain(|m| seen.insert((m.file.clone(), m.line, m.message.clone())));
        list
    }
}

/// A value and the line where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// A file's name and text.
#[derive(Debug, Clone)]
pub(super) struct FileText {
    /// Relative to the configuration's folder, `/` between parts.
    pub(super) name: String,
    /// UTF-8 without a byte order mark.
    pub(super) text: String,
}

impl FileText {
    /// Line (from 1) of a byte offset.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count() + 1
    }

    /// Parses the text; `None` when it is not TOML (what a broken file would mean is not guessed at).
    pub(super) fn parse(&self, notes: &Notes) -> Option<DeTable<'_>> {
        let (table, errors) = DeTable::parse_recoverable(&self.text);
        let mut seen = 0;
        for e in &errors {
            let line = e.span().map_or(1, |s| self.line(s.start));
            if line != seen {
                notes.add(
                    &self.name,
                    Some(line),
                    format!("not valid TOML: {}; correct this line (text stands in \"quotes\", dates and numbers without)", e.message()),
                );
            }
            seen = line;
        }
        errors.is_empty().then(|| table.into_inner())
    }
}

/// A table of a file, read by asking for its keys; what was not asked for is unknown.
pub(super) struct Section<'a> {
    /// The file.
    pub(super) file: &'a FileText,
    /// Where mistakes go.
    pub(super) notes: &'a Notes,
    /// `[school] `, as printed before a key; empty at the top of a file.
    label: String,
    /// Line of the header.
    pub(super) line: Option<usize>,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    /// The top of a file.
    pub(super) fn root(file: &'a FileText, notes: &'a Notes, table: &'a DeTable<'a>) -> Section<'a> {
        Section { file, notes, label: String::new(), line: None, table, asked: RefCell::default() }
    }

    /// Prints as `label` from here on (`[[specialist]] psychologist-1`).
    pub(super) fn call(&mut self, label: &str) {
        self.label = format!("{label} ");
    }

    /// A mistake about this table.
    pub(super) fn wrong(&self, line: Option<usize>, message: impl std::fmt::Display) {
        self.notes.add(&self.file.name, line.or(self.line), format!("{}{message}", self.label));
    }

    /// The keys are known although nobody reads them now.
    pub(super) fn know(&self, keys: &[&'static str]) {
        self.asked.borrow_mut().extend(keys);
    }

    /// Whether the key stands here.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.know(&[key]);
        self.table.get(key).is_some()
    }

    fn value(&self, key: &'static str) -> Option<(&'a DeValue<'a>, usize)> {
        self.know(&[key]);
        self.table.get(key).map(|v| (v.get_ref(), self.file.line(v.span().start)))
    }

    fn not(&self, key: &str, line: usize, wanted: &str, found: &DeValue<'_>) {
        let found = match found.type_str() {
            "string" => "a text",
            "integer" => "a whole number",
            "float" => "a number",
            "boolean" => "true or false",
            "datetime" => "a date or time",
            "array" => "a list",
            _ => "a table",
        };
        self.wrong(Some(line), format!("{key} is {found}; write {wanted}"));
    }

    fn clean(&self, key: &str, line: usize, text: &str) -> Option<String> {
        // A line break in a name would end up in a header (RFC 5322 §2.2); nothing here needs one.
        if text.chars().any(char::is_control) {
            self.wrong(Some(line), format!("{key} holds a line break or another control character; write it on one line"));
            return None;
        }
        Some(text.trim().to_owned())
    }

    /// Text; empty is as good as absent.
    pub(super) fn text(&self, key: &'static str, example: &str) -> Option<At<String>> {
        let (value, line) = self.value(key)?;
        let Some(text) = value.as_str() else {
            self.not(key, line, &format!("a text in quotes, e.g. {key} = \"{example}\""), value);
            return None;
        };
        self.clean(key, line, text).filter(|t| !t.is_empty()).map(|value| At { value, line })
    }

    /// Text that must be there.
    pub(super) fn required(&self, key: &'static str, example: &str) -> Option<At<String>> {
        let found = self.text(key, example);
        let empty = self.table.get(key).and_then(|v| v.get_ref().as_str()).is_some_and(|t| t.trim().is_empty());
        if found.is_none() && (empty || self.table.get(key).is_none()) {
            let state = if empty { "is empty" } else { "is missing" };
            let line = self.table.get(key).map(|v| self.file.line(v.span().start));
            self.wrong(line, format!("{key} {state}; write e.g. {key} = \"{example}\""));
        }
        found
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &'static str, example: &str) -> Option<Vec<At<String>>> {
        let (value, line) = self.value(key)?;
        let wanted = format!("a list, e.g. {key} = [\"{example}\"]");
        let Some(list) = value.as_array() else {
            self.not(key, line, &wanted, value);
            return None;
        };
        let mut out = Vec::new();
        for item in list.iter() {
            let line = self.file.line(item.span().start);
            match item.get_ref().as_str() {
                Some(text) => out.extend(self.clean(key, line, text).map(|value| At { value, line })),
                None => self.not(&format!("an entry of {key}"), line, &wanted, item.get_ref()),
            }
        }
        if let Some(empty) = out.iter().find(|t| t.value.is_empty()) {
            self.wrong(Some(empty.line), format!("{key} holds an empty text; take it out or fill it in"));
        }
        Some(out)
    }

    /// A whole number within limits.
    pub(super) fn number(&self, key: &'static str, limits: RangeInclusive<u64>) -> Option<At<u64>> {
        let (value, line) = self.value(key)?;
        let wanted = format!("a whole number from {} to {}", limits.start(), limits.end());
        let Some(integer) = value.as_integer() else {
            self.not(key, line, &wanted, value);
            return None;
        };
        match u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|n| limits.contains(n)) {
            Some(value) => Some(At { value, line }),
            None => {
                self.wrong(Some(line), format!("{key} is {integer}, outside its limits; write {wanted}"));
                None
            }
        }
    }

    /// A share from 0 to 1.
    pub(super) fn share(&self, key: &'static str) -> Option<At<f64>> {
        let (value, line) = self.value(key)?;
        let text = value.as_float().map(|f| f.as_str().to_owned()).or_else(|| value.as_integer().map(|i| i.as_str().to_owned()));
        match text.and_then(|t| t.parse::<f64>().ok()).filter(|f| (0.0..=1.0).contains(f)) {
            Some(value) => Some(At { value, line }),
            None => {
                self.wrong(Some(line), format!("{key} must be a number from 0 to 1; write e.g. {key} = 0.6"));
                None
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        let (value, line) = self.value(key)?;
        if value.as_bool().is_none() {
            self.not(key, line, "true or false, without quotes", value);
        }
        value.as_bool()
    }

    /// One of the words.
    pub(super) fn choice<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<At<T>> {
        let list: Vec<String> = words.iter().map(|(w, _)| format!("\"{w}\"")).collect();
        let first = words.first().map_or("", |(w, _)| w);
        let text = self.text(key, first)?;
        match words.iter().find(|(w, _)| *w == text.value) {
            Some((_, value)) => Some(At { value: *value, line: text.line }),
            None => {
                self.wrong(Some(text.line), format!("{key} = \"{}\" is not known; write {}", text.value, list.join(" or ")));
                None
            }
        }
    }

    /// A local time, `"07:30"` (or the TOML time 07:30).
    pub(super) fn time(&self, key: &'static str) -> Option<At<NaiveTime>> {
        let (value, line) = self.value(key)?;
        let time = match value {
            DeValue::String(s) => values::time(s),
            DeValue::Datetime(d) if d.date.is_none() => values::time(&d.to_string()),
            _ => None,
        };
        if time.is_none() {
            self.wrong(Some(line), format!("{key} is not a time of day; write hours and minutes, e.g. {key} = \"07:30\""));
        }
        time.map(|value| At { value, line })
    }

    /// A date, `2026-12-28` (with or without quotes).
    pub(super) fn date(&self, key: &'static str) -> Option<At<NaiveDate>> {
        let (value, line) = self.value(key)?;
        let date = match value {
            DeValue::String(s) => values::date(s),
            DeValue::Datetime(d) if d.time.is_none() => values::date(&d.to_string()),
            _ => None,
        };
        if date.is_none() {
            self.wrong(Some(line), format!("{key} is not a date; write year-month-day, e.g. {key} = 2026-12-28"));
        }
        date.map(|value| At { value, line })
    }

    /// A table below this one.
    pub(super) fn table(&self, key: &'static str) -> Option<Section<'a>> {
        let (value, line) = self.value(key)?;
        match value.as_table() {
            Some(table) => Some(self.below(table, format!("{}[{key}] ", self.label), line)),
            None => {
                self.not(key, line, &format!("a section [{key}] with its keys below"), value);
                None
            }
        }
    }

    /// The tables of a list, `[[key]]` or `key = [{ … }]`.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some((value, line)) = self.value(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.not(key, line, &format!("a list of tables, each under its own [[{key}]] or as {key} = [{{ … }}]"), value);
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in list.iter() {
            let line = self.file.line(item.span().start);
            match item.get_ref().as_table() {
                Some(table) => out.push(self.below(table, format!("{}{key}: ", self.label), line)),
                None => self.not(&format!("an entry of {key}"), line, "a table, e.g. { from = … }", item.get_ref()),
            }
        }
        out
    }

    fn below(&self, table: &'a DeTable<'a>, label: String, line: usize) -> Section<'a> {
        Section { file: self.file, notes: self.notes, label, line: Some(line), table, asked: RefCell::default() }
    }

    /// Every key with its text, for tables whose keys are free words (`connect`).
    pub(super) fn pairs(&self, key: &'static str, example: &str) -> Vec<(At<String>, String)> {
        let Some(section) = self.table(key) else { return Vec::new() };
        let mut out = Vec::new();
        for (name, value) in section.table.iter() {
            let line = self.file.line(name.span().start);
            match value.get_ref().as_str() {
                Some(text) => out.extend(self.clean(key, line, text).map(|t| (At { value: name.get_ref().to_string(), line }, t))),
                None => self.not(&format!("{key}.{}", name.get_ref()), line, &format!("a text in quotes, e.g. {example}"), value.get_ref()),
            }
        }
        out
    }

    /// Names of the keys that stand here, with their lines.
    pub(super) fn keys(&self) -> Vec<At<String>> {
        self.table.iter().map(|(k, _): (&Spanned<_>, _)| At { value: k.get_ref().to_string(), line: self.file.line(k.span().start) }).collect()
    }

    /// Every key that nobody asked for is a mistake: a misspelt setting must not be a setting left at its default.
    pub(super) fn finish(self) {
        let mut known = self.asked.borrow().clone();
        known.sort_unstable();
        known.dedup();
        for key in self.keys() {
            if known.contains(&key.value.as_str()) {
                continue;
            }
            let hint = match values::closest(&key.value, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            self.wrong(Some(key.line), format!("unknown key `{}`; {hint}", key.value));
        }
    }
}
