//! `rules/contacts.csv`: families as the school's spreadsheet has them, for announcements alone. Every mistake with its line; a spreadsheet's habits
//! (semicolons, CP1251, `sep=`, empty columns, numbers for telephones, classes turned into dates) are known.
//!
//! The child's name is never kept.

use super::document::Notes;
use super::values;
use crate::announcement::Contact;
use crate::slots::ClassRange;
use std::collections::BTreeMap;

/// Its name in messages.
const FILE: &str = "rules/contacts.csv";
/// Most rows: a large school has 3,000 families.
const MOST: usize = 20_000;
/// Mistakes that are told; a file with the wrong columns would have thousands.
const MOST_MISTAKES: usize = 200;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Surname,
    First,
    Patronymic,
    Class,
    Letter,
    Email,
    Phone,
    Consent,
    Nothing,
}

/// The column of a header's words; the child is asked first, since «ФИО ученика» is no parent.
fn column(header: &str) -> Column {
    let h = header.trim().to_lowercase().replace('ё', "е");
    let has = |words: &[&str]| words.iter().any(|w| h.contains(w));
    if has(&["mail", "почт", "мейл", "мэйл"]) {
        Column::Email
    } else if has(&["телефон", "тел.", "phone", "моб", "сотов"]) || h == "тел" {
        Column::Phone
    } else if has(&["соглас"]) {
        Column::Consent
    } else if has(&["литер", "буква"]) {
        Column::Letter
    } else if has(&["класс", "class"]) {
        Column::Class
    } else if has(&["ученик", "учащ", "ребен", "обуча", "дети", "child", "дата", "адрес", "снилс"]) {
        Column::Nothing
    } else if has(&["отчество"]) && !has(&["имя"]) {
        Column::Patronymic
    } else if has(&["фамилия"]) && !has(&["имя"]) {
        Column::Surname
    } else if h == "имя" || h == "имя родителя" {
        Column::First
    } else if has(&["фио", "ф.и.о", "имя", "родител", "мама", "мать", "папа", "отец", "представител", "name", "кто"])
    {
        Column::Name
    } else {
        Column::Nothing
    }
}

/// The text of a spreadsheet's export, whatever it is encoded in.
fn text(bytes: &[u8]) -> String {
    let (encoding, from) = match bytes {
        [0xff, 0xfe, ..] => (encoding_rs::UTF_16LE, 2),
        [0xfe, 0xff, ..] => (encoding_rs::UTF_16BE, 2),
        [0xef, 0xbb, 0xbf, ..] => (encoding_rs::UTF_8, 3),
        _ if std::str::from_utf8(bytes).is_ok() => (encoding_rs::UTF_8, 0),
        _ => (encoding_rs::WINDOWS_1251, 0),
    };
    encoding.decode_without_bom_handling(bytes.get(from..).unwrap_or_default()).0.into_owned()
}

/// The sign between fields: the one that the header has most of.
fn delimiter(header: &str) -> u8 {
    [b';', b',', b'\t'].into_iter().max_by_key(|d| (header.bytes().filter(|b| b == d).count(), *d == b';')).unwrap_or(b';')
}

/// Reads the file; every row with a mistake is left out and told.
pub(super) fn read(bytes: &[u8], notes: &Notes) -> Vec<Contact> {
    let text = text(bytes);
    let mut told = 0;
    let mut wrong = |line: usize, message: String| {
        told += 1;
        if told <= MOST_MISTAKES {
            notes.add(FILE, Some(line), message);
        }
    };
    // Excel's own first line.
    let (skipped, body) = match text.split_once('\n') {
        Some((first, rest)) if first.trim().to_lowercase().starts_with("sep=") => (1, rest),
        _ => (0, text.as_str()),
    };
    let header = body.lines().find(|l| !l.trim_matches([';', ',', '\t', ' ', '\r', '"']).is_empty()).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(header)).has_headers(false).flexible(true).from_reader(body.as_bytes());
    let mut columns: Option<Vec<Column>> = None;
    let mut contacts: Vec<Contact> = Vec::new();
    let mut seen: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    // Where the last record began, and the line of it: counted on, never from the beginning.
    let (mut reached, mut line) = (0, skipped + 1);
    for record in reader.records() {
        let Ok(record) = record else { continue };
        // The reader counts a line too few where blank lines stand before a record; its position is where it began to look.
        let at = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
        let blank = body.get(at..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += body.get(reached..at + blank).map_or(0, |between| between.matches('\n').count());
        reached = reached.max(at + blank);
        if record.iter().all(|f| clean(f).is_empty()) {
            continue;
        }
        let Some(columns) = &columns else {
            let found: Vec<Column> = record.iter().map(column).collect();
            if !found.contains(&Column::Email) {
                wrong(line, "no column is called «e-mail» or «почта»; the first line names the columns: ФИО; класс; e-mail; телефон; согласие".into());
                return Vec::new();
            }
            if !found.contains(&Column::Class) {
                wrong(line, "no column is called «класс»; the first line names the columns: ФИО; класс; e-mail; телефон; согласие".into());
                return Vec::new();
            }
            columns = Some(found);
            continue;
        };
        if contacts.len() >= MOST {
            wrong(line, format!("has more than {MOST} rows; keep the families of this school only"));
            break;
        }
        match row(&record, columns, line) {
            Ok(contact) => {
                let key = (
                    contact.name.as_deref().unwrap_or_default().to_lowercase(),
                    contact.class.map(|c| c.to_string()).unwrap_or_default(),
                    contact.email.clone().unwrap_or_default(),
                );
                // Two parents of one child are two rows with two addresses; the same row twice is a slip of copying.
                if let Some(before) = seen.insert(key, line).filter(|_| contact.email.is_some()) {
                    wrong(line, format!("says the same as line {before}; take one of them out"));
                    continue;
                }
                contacts.push(contact);
            }
            Err(mistakes) => mistakes.into_iter().for_each(|m| wrong(line, m)),
        }
    }
    if columns.is_none() {
        wrong(1, "is empty; write a first line with the names of the columns, ФИО; класс; e-mail; телефон; согласие, or take the file away".into());
    }
    if told > MOST_MISTAKES {
        notes.add(FILE, None, format!("{} more mistakes of this kind", told - MOST_MISTAKES));
    }
    contacts
}

/// A cell without a spreadsheet's additions.
fn clean(cell: &str) -> String {
    let cell: String = cell.chars().map(|c| if c == '\u{a0}' || c.is_control() { ' ' } else { c }).filter(|c| !"\u{200b}\u{feff}".contains(*c)).collect();
    let cell = cell.trim().trim_start_matches('\'');
    let cell = cell.strip_prefix("=\"").and_then(|c| c.strip_suffix('"')).unwrap_or(cell);
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn row(record: &csv::StringRecord, columns: &[Column], line: usize) -> Result<Contact, Vec<String>> {
    let mut mistakes = Vec::new();
    let mut contact = Contact { line, ..Contact::default() };
    let (mut parts, mut class, mut letter) = ([const { String::new() }; 4], String::new(), String::new());
    for (cell, column) in record.iter().zip(columns) {
        let cell = clean(cell);
        if cell.is_empty() || matches!(cell.as_str(), "-" | "—" | "–" | "нет данных") {
            continue;
        }
        match column {
            Column::Surname => parts[0] = cell,
            Column::First => parts[1] = cell,
            Column::Patronymic => parts[2] = cell,
            Column::Name if parts[3].is_empty() => parts[3] = cell,
            Column::Class => class = cell,
            Column::Letter => letter = cell,
            Column::Email if contact.email.is_none() => match address(&cell) {
                Ok(email) => contact.email = Some(email),
                Err(why) => mistakes.push(why),
            },
            Column::Phone if contact.phone.is_none() => match values::phone(&cell) {
                Some(phone) => contact.phone = Some(phone),
                None if cell.contains(['E', 'e', 'Е']) && cell.contains('+') => {
                    mistakes.push(format!("the phone {cell} was made a number by the spreadsheet; make the column text and write it anew"));
                }
                None => mistakes.push(format!("the phone «{cell}» is no Russian number; write +7 900 000-00-00, or leave it empty")),
            },
            Column::Consent => match cell.to_lowercase().as_str() {
                "да" | "есть" | "+" | "1" | "согласен" | "согласна" | "yes" | "true" | "истина" => contact.consent = Some(true),
                "нет" | "0" | "не согласен" | "не согласна" | "no" | "false" | "ложь" => contact.consent = Some(false),
                _ => mistakes.push(format!("согласие is «{cell}»; write да or нет, or leave it empty")),
            },
            Column::Name | Column::Email | Column::Phone | Column::Nothing => {}
        }
    }
    let [surname, first, patronymic, whole] = parts;
    let joined = [surname, first, patronymic].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ");
    contact.name = [whole, joined].into_iter().find(|n| !n.is_empty()).map(|n| n.chars().take(120).collect());
    let class = format!("{class}{letter}");
    match ClassRange::parse(&class) {
        Some(one) if one.from == one.to => contact.class = Some(one),
        _ if class.is_empty() => mistakes.push("класс is empty; write 5А".into()),
        _ => mistakes.push(format!("«{class}» is no class; write 5А (a spreadsheet makes dates of some classes: make the column text)")),
    }
    if mistakes.is_empty() { Ok(contact) } else { Err(mistakes) }
}

fn address(cell: &str) -> Result<String, String> {
    let bare = cell.strip_prefix("mailto:").unwrap_or(cell);
    let bare = bare.rsplit_once('<').and_then(|(_, a)| a.strip_suffix('>')).unwrap_or(bare);
    if bare.matches('@').count() > 1 {
        return Err(format!(
            "e-mail holds two addresses, {}; one row has one address, the other parent has a row of their own",
            bare.chars().take(80).collect::<String>()
        ));
    }
    values::email(bare).map_err(|why| format!("e-mail «{}» {why}", bare.chars().take(80).collect::<String>()))
}
