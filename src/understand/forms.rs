//! The site's form (001 App. 1) and the hotline's form (001 App. 2), as text, with or without numbers, or as a table turned into text.
//!
//! Not here: who may send such a form (`kind`).

use super::Role;
use super::words::{fold, folded};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The filled-in fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub name: Option<String>,
    pub role: Role,
    pub class: Option<String>,
    pub kind: Option<String>,
    pub text: String,
    /// The phone field as written, remark and all.
    pub phone: String,
    pub email: Option<String>,
    /// App. 2: its wording speaks of somebody who called.
    pub hotline: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Name,
    Role,
    ClassOwn,
    ClassChild,
    Kind,
    Text,
    Phone,
    Email,
}

/// Labels, folded, longest first within a field; what follows must be no letter.
const LABELS: &[(Field, &[&str])] = &[
    (
        Field::Name,
        &[
            "фамилия, имя, отчество",
            "фамилия имя отчество",
            "ф.и.о. обратившегося",
            "ф. и. о.",
            "фио обратившегося",
            "фио заявителя",
            "ваше имя",
            "ф.и.о.",
            "ф.и.о",
            "фио",
            "имя",
        ],
    ),
    (Field::Role, &["роль обратившегося", "роль заявителя", "вы являетесь", "кем вы являетесь", "кто обращается", "роль"]),
    (
        Field::ClassOwn,
        &["класс, в котором вы обучаетесь", "класс в котором вы обучаетесь", "класс (для ученика)", "класс ученика", "класс, в котором вы учитесь"],
    ),
    (
        Field::ClassChild,
        &[
            "класс, в котором обучается ваш ребенок",
            "класс в котором обучается ваш ребенок",
            "класс, в котором учится ваш ребенок",
            "класс, в котором учится ребенок (для ученика и родителя)",
            "класс, в котором учится ребенок",
            "класс в котором учится ребенок",
            "класс, в котором обучается ребенок",
            "класс (для родителя)",
            "класс вашего ребенка",
            "класс ребенка",
            "класс",
        ],
    ),
    (Field::Kind, &["тип обращения", "тип вопроса", "тема обращения", "вид обращения", "категория обращения", "категория", "тип"]),
    (
        Field::Text,
        &[
            "опишите вашу проблему",
            "опишите проблему",
            "описание проблемы",
            "описание вопроса",
            "суть обращения",
            "текст обращения",
            "текст сообщения",
            "содержание обращения",
            "содержание",
            "описание",
            "сообщение",
            "проблема",
        ],
    ),
    (Field::Phone, &["телефон для обратной связи", "контактный телефон", "номер телефона", "телефон", "тел."]),
    (
        Field::Email,
        &["адрес электронной почты", "электронная почта", "электронный адрес", "адрес эл. почты", "эл. почта", "эл.почта", "e-mail", "email", "почта"],
    ),
];

/// The labels by the letter that they begin with, in their order.
static BY_LETTER: LazyLock<FxHashMap<char, Vec<(Field, &str)>>> = LazyLock::new(|| {
    let mut all: FxHashMap<char, Vec<(Field, &str)>> = FxHashMap::default();
    for (field, label) in LABELS.iter().flat_map(|(field, labels)| labels.iter().map(move |l| (*field, *l))) {
        if let Some(letter) = label.chars().next() {
            all.entry(letter).or_default().push((field, label));
        }
    }
    all
});

/// No label is longer (characters).
const LONGEST: usize = 64;

/// A line without its number, «Вопрос 1.», asking verb, marks of lists and quotes.
fn bare(line: &str) -> &str {
    let mut line = line.trim_start_matches(['>', ' ', '\t', '\u{a0}', '•', '*', '|', '\u{feff}']);
    if line.starts_with(['В', 'в']) && fold(line.chars().take(8).collect::<String>().as_str()).starts_with("вопрос ") {
        line = line.get("вопрос ".len()..).unwrap_or(line);
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..=2).contains(&digits) {
        let rest = line.get(digits..).unwrap_or_default();
        if let Some(rest) = rest.strip_prefix(['.', ')']) {
            line = rest;
        }
    }
    let line = line.trim_start();
    ["укажите ", "выберите ", "Укажите ", "Выберите ", "УКАЖИТЕ ", "ВЫБЕРИТЕ "].iter().find_map(|verb| line.strip_prefix(verb)).unwrap_or(line)
}

/// The field of a line and what stands behind its label.
fn labelled(line: &str) -> Option<(Field, String, &'static str)> {
    let line = bare(line);
    let begins = line.chars().next()?.to_lowercase().next()?;
    let labels = BY_LETTER.get(&begins)?;
    // Whether a line begins with a label is told before it is cut.
    let head = line.char_indices().nth(LONGEST).map_or(line, |(i, _)| line.get(..i).unwrap_or_default());
    let head = folded(head);
    labels.iter().copied().filter(|(_, l)| head.starts_with(l)).find_map(|(field, label)| {
        // Folding keeps the number of characters, so that a label's length in characters holds for the original.
        let n = label.chars().count();
        let end = line.char_indices().nth(n).map_or(line.len(), |(i, _)| i);
        let (head, rest) = line.split_at(end);
        if fold(head) != label || rest.chars().next().is_some_and(char::is_alphanumeric) {
            return None;
        }
        let separator = rest.trim_start_matches([' ', '\u{a0}', '*']).chars().next();
        // A label is followed by a mark, or stands alone in its line, or by a table's wide gap.
        let marked = separator.is_none_or(|c| matches!(c, ':' | '-' | '–' | '—' | '|' | '?' | '(' | ',' | '.' | '='))
            || rest.starts_with('\t')
            || rest.starts_with("  ")
            // HTML makes one space of a wide gap.
            || rest.strip_prefix(' ').and_then(|r| r.chars().next()).is_some_and(|c| match field {
                Field::Name => label.starts_with('ф') && c.is_uppercase(),
                Field::Phone => c.is_ascii_digit() || c == '+',
                _ => false,
            });
        (marked || n > 12).then(|| (field, value(rest), label))
    })
}

/// The value without the mark and the hint in brackets that belong to the label.
fn value(rest: &str) -> String {
    let mut rest = rest.trim_start();
    for hint in ["(для ученика и родителя)", "(для ученика)", "(для родителя)", "(по желанию)"] {
        rest = rest.strip_prefix(hint).unwrap_or(rest).trim_start();
    }
    rest.trim_start_matches([':', '-', '–', '—', '|', '?', '=', '\t', ' ', '\u{a0}', '*', '.']).trim_end_matches(['|', ' ', '*']).to_owned()
}

/// «-», «нет», «не назвала» are no values.
fn given(value: &str) -> Option<&str> {
    let value = value.trim();
    let folded = fold(value);
    let none = ["нет", "не указан", "не назва", "не польз", "отсутств", "не знает", "без почты", "не имеет", "не остав", "прочерк"];
    (value.chars().any(char::is_alphanumeric) && !none.iter().any(|n| folded.starts_with(n))).then_some(value)
}

/// Reads a form out of a text; `None` when fewer than four of its fields are there.
pub(super) fn read(text: &str) -> Option<Form> {
    let mut fields: Vec<(Field, String)> = Vec::new();
    let mut hotline = false;
    let mut blank = false;
    for line in text.lines().take(400) {
        if let Some((field, rest, label)) = labelled(line) {
            let seen = fields.iter().any(|f| f.0 == field);
            if !(seen && matches!(field, Field::Name | Field::Kind | Field::Phone)) || rest.is_empty() {
                hotline |= label.contains("обратившегося") || label == "класс, в котором учится ребенок";
                fields.push((field, rest));
                blank = false;
                continue;
            }
        }
        let line = line.trim().trim_start_matches(['>', '|']).trim();
        if line.is_empty() {
            blank = true;
            continue;
        }
        if let Some((field, value)) = fields.last_mut() {
            // Only the description runs over lines; the other fields may stand below their label. An operator's note after the last field is no value.
            if *field == Field::Text && !(blank && value.is_empty() && line.len() > 2000) {
                if !value.is_empty() {
                    value.push(if blank { '\n' } else { ' ' });
                }
                value.push_str(line);
            } else if value.is_empty() {
                value.push_str(line);
            }
        }
        blank = false;
    }
    let has = |f: Field| fields.iter().any(|(x, _)| *x == f);
    let kinds = [Field::Name, Field::Role, Field::Kind, Field::Text, Field::Phone, Field::Email].iter().filter(|f| has(**f)).count()
        + usize::from(has(Field::ClassChild) || has(Field::ClassOwn));
    if kinds < 4 || !has(Field::Text) || !(has(Field::Name) || has(Field::Kind)) {
        return None;
    }
    hotline |= fold(text).contains("горячей линии") || fold(text).contains("принято по телефону");
    let get = |f: Field| fields.iter().filter(|(x, _)| *x == f).find_map(|(_, v)| given(v)).map(str::to_owned);
    let raw = |f: Field| fields.iter().find(|(x, v)| *x == f && !v.is_empty()).map(|(_, v)| v.clone()).unwrap_or_default();
    let class = get(Field::ClassChild).or_else(|| get(Field::ClassOwn)).and_then(|c| super::classes::class_field(&c));
    let own_class = get(Field::ClassOwn).and_then(|c| super::classes::class_field(&c));
    let role = match fold(&raw(Field::Role)) {
        r if r.contains("родител") || r.contains("представител") || r.contains("бабуш") || r.contains("дедуш") || r.contains("опекун") || r.contains("мам") => {
            Role::Parent
        }
        r if r.contains("учени") || r.contains("учащ") || r.contains("школьни") => Role::Pupil,
        r if r.contains("учител") || r.contains("педагог") => Role::Teacher,
        _ if own_class.is_some() => Role::Pupil,
        _ if class.is_some() => Role::Parent,
        _ => Role::Unknown,
    };
    Some(Form {
        name: name(&raw(Field::Name)),
        role,
        class,
        kind: get(Field::Kind),
        text: raw(Field::Text).trim().to_owned(),
        phone: raw(Field::Phone),
        email: get(Field::Email).and_then(|e| address(&e)),
        hotline,
    })
}

/// A name field: without remarks in brackets; a name in quotes when the person did not give the full one.
fn name(value: &str) -> Option<String> {
    let folded = fold(value);
    if folded.starts_with("не ") || folded.starts_with("аноним") {
        let (_, rest) = value.split_once('«')?;
        return Some(rest.split_once('»')?.0.trim().to_owned()).filter(|n| !n.is_empty());
    }
    let plain = value.split(['(', ',', ';']).next().unwrap_or_default().trim().trim_end_matches('.');
    given(plain).map(str::to_owned)
}

/// The first e-mail address in a text, lower case.
pub(super) fn address(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '(' | ')' | '"' | '[' | ']' | ':'))
        .map(|w| w.trim_matches(['.', '\'']).to_lowercase())
        .find(|w| w.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.contains('@') && w.len() <= 254))
}
