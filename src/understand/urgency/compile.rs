//! `rules/urgency.toml` as read, and its compilation. Every mistake is told, with the words it stands at in «…».
//!
//! Not here: the reading of letters.

use super::{Meeting, Reach, Sign, Signs, Urgency};
use crate::understand::Category;
use crate::understand::words::{fold, is_letter, stem};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Stems shorter than this are no names of concepts.
const SHORT_STEM: usize = 4;

/// `rules/urgency.toml`. How it is written is told in the head of the embedded file.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgencyRules {
    /// Turns of speech that sound like danger and are none: what they cover is not looked at.
    #[serde(default)]
    pub idioms: Vec<String>,
    /// Concepts whose words are known by their sound too, however they are spelled.
    #[serde(default)]
    pub misspelled: Vec<String>,
    /// Phrases by the name of the concept.
    pub concept: BTreeMap<String, Vec<String>>,
    /// The signs, the gravest first.
    pub sign: Vec<SignRule>,
}

/// What a sign is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignKind {
    /// Waiting may harm a child.
    Danger,
    /// Death, grave illness, disaster.
    Grief,
    /// A complaint, a demand to investigate.
    Complaint,
}

/// One sign.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignRule {
    /// What of.
    pub kind: SignKind,
    /// The reason as people read it, in Russian.
    pub why: String,
    /// The category that it speaks for.
    #[serde(default)]
    pub leans: Option<String>,
    /// How much.
    #[serde(default)]
    pub points: f64,
    /// Also when the words deny it or tell of the past.
    #[serde(default)]
    pub even_denied: bool,
    /// Concepts that explain it away, standing in the sentence.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Meetings of concepts: `a + b - c`, `near: a + b`, `letter: a + b`.
    pub when: Vec<String>,
}

impl Urgency {
    /// Compiles rules. All mistakes are told at once.
    pub fn new(rules: &UrgencyRules) -> Result<Urgency, Vec<String>> {
        let (mut signs, mut mistakes) = (Signs::default(), Vec::new());
        for phrase in &rules.idioms {
            mistakes.extend(signs.matcher.add(0, phrase).err().map(|m| format!("idioms: {m}")));
        }
        let numbers: HashMap<&str, usize> = rules.concept.keys().enumerate().map(|(n, name)| (name.as_str(), n + 1)).collect();
        for (name, phrases) in &rules.concept {
            let number = numbers.get(name.as_str()).copied().unwrap_or(0);
            for phrase in phrases {
                match signs.matcher.add(number, &short_words_whole(phrase)) {
                    Ok(()) if rules.misspelled.contains(name) => signs.sounds.learn(number, phrase),
                    Ok(()) => {}
                    Err(m) => mistakes.push(format!("concept {name}: {m}")),
                }
            }
        }
        for name in rules.misspelled.iter().filter(|n| !numbers.contains_key(n.as_str())) {
            mistakes.push(format!("misspelled: there is no concept «{name}»"));
        }
        signs.by_concept = vec![Vec::new(); numbers.len() + 1];
        for rule in &rules.sign {
            let leans = rule.leans.as_deref().map(Category::from_key);
            if leans == Some(None) || rule.when.is_empty() || !rule.points.is_finite() {
                mistakes.push(format!("sign «{}» needs a known category, finite points and at least one meeting", rule.why));
            }
            let sign = signs.signs.len();
            signs.signs.push(Sign { kind: rule.kind, why: rule.why.clone(), leans: leans.flatten().map(|c| (c, rule.points)), even_denied: rule.even_denied });
            for text in &rule.when {
                match meeting(sign, text, &rule.unless, &numbers) {
                    Ok(meeting) => {
                        for &concept in &meeting.all {
                            if let Some(list) = signs.by_concept.get_mut(concept) {
                                list.push(signs.meetings.len());
                            }
                        }
                        signs.meetings.push(meeting);
                    }
                    Err(m) => mistakes.push(format!("sign «{}»: {m}", rule.why)),
                }
            }
        }
        if !rules.sign.iter().any(|s| s.kind == SignKind::Danger) {
            mistakes.push("no sign of danger at all".to_owned());
        }
        signs.matcher = signs.matcher.packed();
        if mistakes.is_empty() { Ok(Urgency(Arc::new(signs))) } else { Err(mistakes) }
    }
}

/// Short stems meet strangers («убит», «убейте» and «убью» are one to the stemmer): such words stand for themselves.
fn short_words_whole(phrase: &str) -> String {
    let word = |w: &str| {
        let plain = !w.is_empty() && !w.starts_with('=') && w.chars().all(is_letter);
        if plain && stem(&fold(w)).chars().count() < SHORT_STEM { format!("={w}") } else { w.to_owned() }
    };
    let alternative = |a: &str| a.split('_').map(word).collect::<Vec<_>>().join("_");
    let slot = |s: &str| s.split('|').map(alternative).collect::<Vec<_>>().join("|");
    phrase.split(' ').map(slot).collect::<Vec<_>>().join(" ")
}

fn meeting(sign: usize, text: &str, unless: &[String], numbers: &HashMap<&str, usize>) -> Result<Meeting, String> {
    let (reach, rest) = match text.split_once(':') {
        None => (Reach::Sentence, text),
        Some(("near", rest)) => (Reach::Neighbours, rest),
        Some(("letter", rest)) => (Reach::Letter, rest),
        Some((other, _)) => return Err(format!("«{text}»: «{other}» is no reach; near: or letter:")),
    };
    let number = |name: &str| numbers.get(name.trim()).copied().ok_or_else(|| format!("«{text}»: there is no concept «{}»", name.trim()));
    let mut pieces = rest.split(" - ");
    let all = pieces.next().unwrap_or_default().split('+').map(number).collect::<Result<Vec<_>, _>>()?;
    let none = pieces.chain(unless.iter().map(String::as_str)).map(number).collect::<Result<Vec<_>, _>>()?;
    if all.iter().enumerate().any(|(n, c)| all.iter().skip(n + 1).any(|d| c == d)) {
        return Err(format!("«{text}» names a concept twice"));
    }
    Ok(Meeting { sign, reach, all, none })
}
