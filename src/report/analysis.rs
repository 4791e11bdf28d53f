//! The analysis of a period as data (001 3.3.3): figures against the periods before, frequent questions, wishes that found no time.
//!
//! Of what few families wrote nothing is told that could say who: a topic, a wish or a parallel counts from [`FEWEST_FAMILIES`] on, and never from
//! urgent letters, complaints, or those to the psychologist and the social pedagogue. Not here: the counting (`store`), what is proposed
//! (`proposals`), the wording (`compose`).

use super::{Proposal, Satisfaction, Terms};
use crate::understand::Window;
use chrono::{NaiveDate, NaiveTime, Timelike, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Families from which on a group of them is told of.
pub const FEWEST_FAMILIES: usize = 5;
/// An evening begins.
const EVENING: u32 = 17;
/// A morning ends.
const MORNING: u32 = 9;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// From report to report, or seven days.
    Week,
    /// A calendar month.
    Month,
    /// A quarter of a calendar year.
    Quarter,
}

impl Span {
    /// Key in the schema and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Span::Week => "week",
            Span::Month => "month",
            Span::Quarter => "quarter",
        }
    }

    /// The span of a key.
    pub fn from_key(key: &str) -> Option<Span> {
        [Span::Week, Span::Month, Span::Quarter].into_iter().find(|s| s.key() == key)
    }

    /// How many periods before it is compared with.
    pub fn compared(self) -> u32 {
        if self == Span::Week { 4 } else { 3 }
    }

    /// «4 недели», «3 месяца».
    pub fn words(self, n: usize) -> String {
        let forms = match self {
            Span::Week => ["неделю", "недели", "недель"],
            Span::Month => ["месяц", "месяца", "месяцев"],
            Span::Quarter => ["квартал", "квартала", "кварталов"],
        };
        let form = match (n % 10, n % 100) {
            (_, 11..=14) => forms[2],
            (1, _) => forms[0],
            (2..=4, _) => forms[1],
            _ => forms[2],
        };
        format!("{n} {form}")
    }
}

/// Received and closed of one kind, against the periods before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Compared {
    /// Key of the category; empty for all.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Received.
    pub received: u32,
    /// Closed.
    pub closed: u32,
    /// Received in each period before, oldest first; only those in which the program worked.
    pub received_before: Vec<u32>,
    /// Closed in each of them.
    pub closed_before: Vec<u32>,
}

impl Compared {
    /// How many are usually received: the mean of the periods before, rounded.
    pub fn usual(&self) -> Option<u32> {
        mean(&self.received_before)
    }

    /// How many are usually closed.
    pub fn usual_closed(&self) -> Option<u32> {
        mean(&self.closed_before)
    }
}

fn mean(values: &[u32]) -> Option<u32> {
    let n = u32::try_from(values.len()).ok().filter(|n| *n > 0)?;
    Some((values.iter().sum::<u32>() * 2 + n) / (2 * n))
}

/// A question that many families had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frequent {
    /// Key of the category.
    pub key: String,
    /// Its title.
    pub category: String,
    /// Name of the rule.
    pub topic: String,
    /// «5»: the parallel, where it is one's question.
    pub parallel: Option<u8>,
    /// Families.
    pub families: u32,
}

/// A time that families asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// «после 18:00».
    pub time: String,
    /// Families that asked for it.
    pub asked: u32,
    /// Families that asked for any time.
    pub of: u32,
    /// Those of the first that got another one.
    pub unmet: u32,
    /// Somebody's schedule has such a time.
    pub open: bool,
}

/// What was given into other hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Moved {
    /// Appeals that got another specialist.
    pub handed: u32,
    /// Appeals whose category people corrected.
    pub corrected: u32,
}

/// A period, gathered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// How long.
    pub span: Span,
    /// «неделя 16–20 ноября», «ноябрь 2026 года».
    pub title: String,
    /// First local date.
    pub from: NaiveDate,
    /// Last local date.
    pub to: NaiveDate,
    /// All appeals.
    pub all: Compared,
    /// By category, only those with something to tell.
    pub categories: Vec<Compared>,
    /// Terms of the period.
    pub terms: Terms,
    /// Terms of the periods before together.
    pub terms_before: Terms,
    /// Median minutes from receipt to answer.
    pub median: Option<i64>,
    /// The same of the periods before together.
    pub median_before: Option<i64>,
    /// Questions of many, the most frequent first.
    pub topics: Vec<Frequent>,
    /// The same within a parallel.
    pub groups: Vec<Frequent>,
    /// Times that were asked for.
    pub wishes: Vec<Wish>,
    /// Into other hands.
    pub moved: Moved,
    /// Thanks.
    pub thanks: u32,
    /// Open appeals by specialist's name.
    pub load: Vec<(String, u32)>,
    /// What families said.
    pub satisfaction: Option<Satisfaction>,
    /// What follows from the figures.
    pub proposals: Vec<Proposal>,
}

impl Analysis {
    /// Nothing came and nothing was closed.
    pub fn nothing(&self) -> bool {
        self.all.received == 0 && self.all.closed == 0
    }

    /// Nothing came, nothing was closed and nothing is open.
    pub fn empty(&self) -> bool {
        self.all.received == 0 && self.all.closed == 0 && self.load.is_empty()
    }
}

/// An appeal as far as it may be counted with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Key and title of the category.
    pub category: (String, String),
    /// Name of the rule that spoke most for it.
    pub topic: Option<String>,
    /// Whose it is: the same for all letters of a family.
    pub family: String,
    /// «5» of «5А».
    pub parallel: Option<u8>,
    /// Times wished.
    pub times: Vec<Window>,
    /// Another time was found than the one wished.
    pub unmet: bool,
}

/// «5» of «5А».
pub fn parallel(class: &str) -> Option<u8> {
    let digits: String = class.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|n| (1..=11).contains(n))
}

/// Category, topic and, where it matters, the parallel.
type Question<'a> = (&'a (String, String), &'a str, Option<u8>);

/// Questions of at least so many families, the most frequent first.
pub fn frequent(counted: &[Counted], fewest: usize, by_parallel: bool) -> Vec<Frequent> {
    let mut families: BTreeMap<Question<'_>, BTreeSet<&str>> = BTreeMap::new();
    for c in counted {
        let Some(topic) = c.topic.as_deref() else { continue };
        if by_parallel && c.parallel.is_none() {
            continue;
        }
        families.entry((&c.category, topic, c.parallel.filter(|_| by_parallel))).or_default().insert(&c.family);
    }
    let mut all: Vec<Frequent> = families
        .into_iter()
        .filter(|(_, f)| f.len() >= fewest.max(FEWEST_FAMILIES))
        .map(|(((key, title), topic, parallel), f)| Frequent {
            key: key.clone(),
            category: title.clone(),
            topic: topic.to_owned(),
            parallel,
            families: u32::try_from(f.len()).unwrap_or(u32::MAX),
        })
        .collect();
    all.sort_by(|a, b| b.families.cmp(&a.families).then_with(|| a.topic.cmp(&b.topic)));
    all
}

/// A part of the day or week that a family asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Up to this hour.
    Before(u32),
    /// From this hour on.
    After(u32),
    /// On Saturday.
    Saturday,
}

impl Band {
    /// In words.
    pub fn words(self) -> String {
        match self {
            Band::Before(hour) => format!("до {hour}:00"),
            Band::After(hour) => format!("после {hour}:00"),
            Band::Saturday => "в субботу".to_owned(),
        }
    }

    /// The band of the first wished time, where it has one that a school day hardly has.
    fn of(times: &[Window]) -> Option<Band> {
        let first = times.iter().find(|w| !w.not)?;
        if first.weekday == [Weekday::Sat] {
            return Some(Band::Saturday);
        }
        let late = first.after.map(|t: NaiveTime| t.hour()).filter(|h| (EVENING..=20).contains(h));
        let early = first.before.map(|t| if t.minute() > 0 { t.hour() + 1 } else { t.hour() }).filter(|h| (7..=MORNING).contains(h));
        late.map(Band::After).or(early.map(Band::Before))
    }
}

/// Times that at least [`FEWEST_FAMILIES`] families asked for, and of whom not all got them; `open` says whether a schedule has such a time.
pub fn wishes(counted: &[Counted], open: impl Fn(Band) -> bool) -> Vec<Wish> {
    let with_wish: BTreeSet<&str> = counted.iter().filter(|c| c.times.iter().any(|w| !w.not)).map(|c| c.family.as_str()).collect();
    let mut bands: BTreeMap<Band, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for c in counted {
        let Some(band) = Band::of(&c.times) else { continue };
        let (asked, unmet) = bands.entry(band).or_default();
        asked.insert(&c.family);
        if c.unmet {
            unmet.insert(&c.family);
        }
    }
    let count = |set: &BTreeSet<&str>| u32::try_from(set.len()).unwrap_or(u32::MAX);
    let mut all: Vec<Wish> = bands
        .into_iter()
        .filter(|(_, (asked, unmet))| asked.len() >= FEWEST_FAMILIES && !unmet.is_empty())
        .map(|(band, (asked, unmet))| Wish { time: band.words(), asked: count(&asked), of: count(&with_wish), unmet: count(&unmet), open: open(band) })
        .collect();
    all.sort_by_key(|w| std::cmp::Reverse(w.unmet));
    all
}
