//! Whom an announcement is for: classes in the sender's words, families of the contacts in those classes. One letter for each address.

use crate::slots::ClassRange;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most classes that one announcement names.
const MOST: usize = 60;

/// The audience as the sender wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Nothing was written.
    #[default]
    Unsaid,
    /// «Все».
    All,
    /// Classes, as [`ClassRange`] writes them.
    Classes(Vec<String>),
}

impl Audience {
    /// Reads «5А, 5Б», «1-4 классы», «с 1 по 4 класс», «родителям 5А и 5Б классов», «все». What is no class is given back. Classes that are named
    /// beside «всем» are meant: «всем родителям 5А» is one class, not the school.
    pub fn parse(text: &str) -> Result<Audience, String> {
        let mut classes: Vec<String> = Vec::new();
        let mut all = false;
        let mut year = None;
        let spaced: String = text.chars().map(|c| if ",;/+\t\u{a0}.".contains(c) { ' ' } else { c }).collect();
        // «5 А» and «1 - 4» are one class each.
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut i = 0;
        while let Some(word) = words.get(i) {
            i += 1;
            let lower = word.to_lowercase();
            if matches!(lower.as_str(), "все" | "всем" | "всех" | "всей" | "вся" | "школа" | "школе" | "школы") {
                all |= lower.starts_with("вс");
                continue;
            }
            if CONNECTING.iter().any(|c| lower == *c) || ["класс", "родител", "семь", "учен", "учащ", "паралл"].iter().any(|s| lower.starts_with(s))
            {
                continue;
            }
            if let Some((from, to, used)) = span(&words, i - 1) {
                // Between two classes with letters lies what only the sender knows.
                let range = ClassRange::parse(&format!("{from}-{to}")).ok_or_else(|| format!("с {from} по {to}"))?;
                i += used - 1;
                year = None;
                add(&mut classes, range);
                continue;
            }
            let next = words.get(i).copied().unwrap_or_default();
            let joined = if next.chars().count() == 1 && next.chars().all(char::is_alphabetic) && !["и", "с"].contains(&next.to_lowercase().as_str())
                || "-–—".contains(next) && !next.is_empty()
            {
                format!("{word}{next}")
            } else {
                (*word).to_owned()
            };
            let range = if "-–—".contains(next) && !next.is_empty() { words.get(i + 1).map(|to| format!("{joined}{to}")) } else { None };
            let after_year = || year.and_then(|y: u8| (word.chars().count() == 1).then(|| ClassRange::parse(&format!("{y}{word}"))).flatten());
            let found = (range.and_then(|r| ClassRange::parse(&r)).map(|c| (c, 2)))
                .or_else(|| (joined.len() > word.len()).then(|| ClassRange::parse(&joined)).flatten().map(|c| (c, 1)))
                .or_else(|| ClassRange::parse(word.trim_end_matches(['е', 'х', '-'])).map(|c| (c, 0)))
                .or_else(|| after_year().map(|c| (c, 0)));
            let Some((class, used)) = found else { return Err((*word).chars().take(40).collect()) };
            i += used;
            year = (class.from == class.to).then_some(class.from);
            add(&mut classes, class);
        }
        Ok(if !classes.is_empty() {
            Audience::Classes(classes)
        } else if all {
            Audience::All
        } else {
            Audience::Unsaid
        })
    }

    /// The classes; empty for all.
    pub fn ranges(&self) -> Vec<ClassRange> {
        match self {
            Audience::Classes(words) => words.iter().filter_map(|w| ClassRange::parse(w)).collect(),
            Audience::Unsaid | Audience::All => Vec::new(),
        }
    }

    /// «5А, 5Б», «все классы».
    pub fn words(&self) -> String {
        match self {
            Audience::Classes(words) => words.join(", "),
            Audience::Unsaid | Audience::All => "все классы".into(),
        }
    }
}

fn add(classes: &mut Vec<String>, class: ClassRange) {
    let written = class.to_string();
    if !classes.contains(&written) && classes.len() < MOST {
        classes.push(written);
    }
}

/// «1 по 4», «1-го класса по 4-й» at this word: both ends as written, and how many words that is.
fn span<'w>(words: &[&'w str], at: usize) -> Option<(&'w str, &'w str, usize)> {
    let bare = |i: usize| {
        let word: &'w str = words.get(i).copied()?;
        let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        let (number, rest) = word.split_at_checked(digits)?;
        // «4-й», «4го»: the end of a number in words is no letter of a class.
        Some(if rest.starts_with('-') || rest == "й" || rest.chars().count() > 1 { number } else { word })
    };
    let from = bare(at).filter(|w| ClassRange::parse(w).is_some())?;
    let named = words.get(at + 1).is_some_and(|w| w.to_lowercase().starts_with("класс"));
    let by = at + 1 + usize::from(named);
    words.get(by).filter(|w| w.to_lowercase() == "по")?;
    let to = bare(by + 1).filter(|w| ClassRange::parse(w).is_some())?;
    Some((from, to, by + 2 - at))
}

const CONNECTING: [&str; 8] = ["и", "для", "а", "также", "только", "с", "по", "нашим"];

/// A row of the contacts: one parent of one child. Used for announcements alone; an answer to an appeal goes where the appeal came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// «Петрова Мария Ивановна».
    pub name: Option<String>,
    /// The child's class.
    pub class: Option<ClassRange>,
    /// Address, lower case.
    pub email: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// Consent on paper, as the school's list has it.
    pub consent: Option<bool>,
    /// Line of the file.
    pub line: usize,
}

/// An audience found in the contacts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    /// One entry for each address: name, classes, address.
    pub families: Vec<(Option<String>, Vec<String>, String)>,
    /// Families by class; a family with children in two counts in both.
    pub by_class: Vec<(String, u32)>,
    /// Those without an address: «Сидоров Пётр, 5А».
    pub without: Vec<String>,
    /// Those who want no announcements, or get none for now.
    pub left_out: u32,
}

/// Families of the audience. `leave` says whether an address gets none.
pub fn choose(contacts: &[Contact], audience: &Audience, leave: impl Fn(&str) -> bool) -> Chosen {
    let ranges = audience.ranges();
    let meant =
        |c: &Contact| ranges.is_empty() || c.class.is_some_and(|class| ranges.iter().any(|r| r.holds(class) && (r.letter.is_none() || class.letter.is_some())));
    let mut chosen = Chosen::default();
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    let mut left: Vec<&str> = Vec::new();
    for contact in contacts.iter().filter(|c| meant(c)) {
        let class = contact.class.map(|c| c.to_string());
        let Some(email) = contact.email.as_deref() else {
            let who = contact.name.clone().unwrap_or_else(|| format!("строка {}", contact.line));
            chosen.without.push(class.map_or_else(|| who.clone(), |c| format!("{who}, {c}")));
            continue;
        };
        if leave(email) {
            left.push(email);
            continue;
        }
        let index = *place.entry(email).or_insert_with(|| {
            chosen.families.push((contact.name.clone(), Vec::new(), email.to_owned()));
            chosen.families.len() - 1
        });
        if let (Some(class), Some((_, classes, _))) = (class, chosen.families.get_mut(index))
            && !classes.contains(&class)
        {
            classes.push(class);
        }
    }
    left.sort_unstable();
    left.dedup();
    chosen.left_out = u32::try_from(left.len()).unwrap_or(u32::MAX);
    let mut counts: BTreeMap<(u8, String), u32> = BTreeMap::new();
    for class in chosen.families.iter().flat_map(|(_, classes, _)| classes) {
        let year = ClassRange::parse(class).map_or(0, |c| c.from);
        *counts.entry((year, class.clone())).or_default() += 1;
    }
    chosen.by_class = counts.into_iter().map(|((_, class), n)| (class, n)).collect();
    chosen
}

/// «5А (24), 5Б (26)».
pub fn class_words(by_class: &[(String, u32)]) -> String {
    by_class.iter().map(|(class, n)| format!("{class} ({n})")).collect::<Vec<_>>().join(", ")
}
