//! School subjects: which ones a letter names, and whether two names are one subject's («физра», «физическая культура»).
//!
//! Not here: the table itself (`rules/subjects.toml`), who teaches what (the register).

use super::phrases::Matcher;
use super::words::{Words, cut, fold};

/// Bytes of a letter that are looked at.
const LIMIT: usize = 16 << 10;

/// One subject of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectRule {
    /// As people read it.
    pub name: String,
    /// Other whole names, as a register may have them.
    pub also: Vec<String>,
    /// As letters have it, in the language of the topic rules' phrases.
    pub phrases: Vec<String>,
}

/// The table, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Subjects {
    rules: Vec<SubjectRule>,
    matcher: Matcher,
}

impl Subjects {
    /// Makes the table; the mistakes are (number of the subject, number of its phrase, what is wrong).
    ///
    /// # Errors
    /// Phrases that cannot be read.
    pub fn new(rules: Vec<SubjectRule>) -> Result<Subjects, Vec<(usize, usize, String)>> {
        let mut matcher = Matcher::default();
        let mut wrong = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            for (nth, phrase) in rule.phrases.iter().enumerate() {
                if let Err(why) = matcher.add(number, phrase) {
                    wrong.push((number, nth, why));
                }
            }
        }
        if wrong.is_empty() { Ok(Subjects { rules, matcher }) } else { Err(wrong) }
    }

    /// The subjects that a text names, in the order in which they are first named.
    pub fn named(&self, text: &str) -> Vec<&str> {
        let mut hits: Vec<(usize, usize)> = self.matcher.find(&Words::new(cut(text, LIMIT))).iter().map(|h| (h.first, h.rule)).collect();
        hits.sort_unstable();
        let mut found = Vec::new();
        for name in hits.into_iter().filter_map(|(_, rule)| self.rules.get(rule)).map(|r| r.name.as_str()) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    /// The table's name of what a register calls a subject; `None` where the table does not know it.
    pub fn known(&self, words: &str) -> Option<&str> {
        let plain = |text: &str| fold(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let asked = plain(words);
        self.rules.iter().find(|r| std::iter::once(&r.name).chain(&r.also).any(|n| plain(n) == asked)).map(|r| r.name.as_str())
    }
}
