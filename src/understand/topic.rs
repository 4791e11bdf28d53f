//! The topic: `rules/topics/*.toml` matched against the words of a letter, and the trained classifier asked of the same words.
//!
//! Not here: how both are weighed into one verdict (`verdict`), what a category leads to (`settings`, `decide`).

use super::danger::{self, Weighed};
use super::examples::{self, Learned};
use super::learned::{Pair, Scores, train};
use super::likeness::cosine;
use super::phrases::{Matcher, denied};
use super::urgency::{Found, Urgency};
use super::verdict::{CLASSES, Evidence, Verdict, Why};
use super::words::{Token, Words};
use super::{Category, learned};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The embedded rule files: name and text. A file of the same name beside the configuration replaces one as a whole.
pub const EMBEDDED: &[(&str, &str)] = &[
    ("technical.toml", include_str!("../../rules/topics/technical.toml")),
    ("ejournal.toml", include_str!("../../rules/topics/ejournal.toml")),
    ("lesson_quality.toml", include_str!("../../rules/topics/lesson_quality.toml")),
    ("equipment.toml", include_str!("../../rules/topics/equipment.toml")),
    ("psychologist.toml", include_str!("../../rules/topics/psychologist.toml")),
    ("speech_therapist.toml", include_str!("../../rules/topics/speech_therapist.toml")),
    ("social_pedagogue.toml", include_str!("../../rules/topics/social_pedagogue.toml")),
    ("learning_help.toml", include_str!("../../rules/topics/learning_help.toml")),
    ("other.toml", include_str!("../../rules/topics/other.toml")),
];

/// One `rules/topics/*.toml` as read. The way phrases are written is told in the head of each embedded file.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicRules {
    /// Phrases that, standing in a form's field "type of appeal", speak for this category.
    #[serde(default)]
    pub form_types: Vec<String>,
    /// What the form's type counts: authors often choose a wrong one.
    #[serde(default)]
    pub form_weight: f64,
    /// Beginnings or domains (`@firm.example`) of sender addresses that speak for it.
    #[serde(default)]
    pub senders: Vec<String>,
    /// What the sender counts.
    #[serde(default)]
    pub sender_weight: f64,
    /// What the category has without any rule; the one with the highest prior takes letters that nothing speaks of.
    #[serde(default)]
    pub prior: f64,
    /// The rules.
    #[serde(default)]
    pub rule: Vec<TopicRule>,
}

/// One sign of a topic.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicRule {
    /// The reason as people read it, in Russian.
    pub why: String,
    /// Its weight; a letter counts a rule once, further phrases of the same rule add a little.
    pub weight: f64,
    /// Weak signs that count together: every different word counts fully, up to six.
    #[serde(default)]
    pub each: bool,
    /// The phrases.
    pub phrases: Vec<String>,
}

/// What a rule sign stands for.
#[derive(Debug, Clone)]
enum Sign {
    Rule { category: Category, why: String, weight: f64, each: bool },
    FormType { category: Category, weight: f64 },
}

/// All topic rules, compiled once, and the classifier.
#[derive(Debug, Clone, Default)]
pub struct Topics {
    /// Of the categories, and of danger.
    models: Pair<CLASSES>,
    /// The school's own lessons as vectors: a letter that nearly repeats one follows it, whatever the rules say.
    lessons: Vec<(Category, Vec<(u32, f32)>)>,
    text: Matcher,
    form: Matcher,
    signs: Vec<Sign>,
    senders: Vec<(Category, String, f64)>,
    priors: Vec<(Category, f64)>,
    urgency: Urgency,
}

impl Topics {
    /// Compiles rules. All mistakes are told at once.
    pub fn new(rules: &[(Category, TopicRules)]) -> Result<Topics, Vec<String>> {
        let (mut topics, mut mistakes) = (Topics { models: examples::shipped_models(), ..Topics::default() }, Vec::new());
        for (category, file) in rules {
            let key = category.key();
            topics.priors.push((*category, file.prior));
            topics.senders.extend(file.senders.iter().map(|s| (*category, s.to_lowercase(), file.sender_weight)));
            if !file.form_types.is_empty() {
                let number = topics.signs.len();
                topics.signs.push(Sign::FormType { category: *category, weight: file.form_weight });
                for phrase in &file.form_types {
                    mistakes.extend(topics.form.add(number, phrase).err().map(|m| format!("{key}: {m}")));
                }
            }
            for rule in &file.rule {
                if rule.phrases.is_empty() || !rule.weight.is_finite() {
                    mistakes.push(format!("{key}: rule «{}» needs phrases and a finite weight", rule.why));
                }
                let number = topics.signs.len();
                topics.signs.push(Sign::Rule { category: *category, why: rule.why.clone(), weight: rule.weight, each: rule.each });
                for phrase in &rule.phrases {
                    mistakes.extend(topics.text.add(number, phrase).err().map(|m| format!("{key}, «{}»: {m}", rule.why)));
                }
            }
        }
        if topics.text.len() == 0 {
            mistakes.push("no topic rule at all".to_owned());
        }
        topics.text = topics.text.packed();
        topics.form = topics.form.packed();
        if mistakes.is_empty() { Ok(topics) } else { Err(mistakes) }
    }

    /// The rules that the program carries. A file that cannot be read is left out; a test reads them all.
    pub fn embedded() -> Topics {
        let rules: Vec<_> = EMBEDDED
            .iter()
            .filter_map(|(name, text)| Some((Category::from_key(name.strip_suffix(".toml")?)?, toml::from_str::<TopicRules>(text).ok()?)))
            .collect();
        Topics::new(&rules).unwrap_or_default()
    }

    /// The name of a rule of this category that says more than a single word does; what stands in the reasons of an appeal is compared with it.
    pub fn topic(&self, category: Category, name: &str) -> bool {
        self.signs.iter().any(|s| matches!(s, Sign::Rule { category: c, why, each: false, .. } if *c == category && why == name))
    }

    /// With the school's own signs of danger, grief and complaint instead of the program's.
    pub fn with_urgency(self, urgency: Urgency) -> Topics {
        Topics { urgency, ..self }
    }

    /// Danger, grief and complaint in a letter: by the signs, and danger by the classifier too.
    pub(super) fn urgency(&self, subject: &Words<'_>, text: &Words<'_>) -> Found {
        self.urgency_by(subject, text, &self.learned_of(&both(subject, text)))
    }

    /// The same where what the classifiers say of both is known.
    pub(super) fn urgency_by(&self, subject: &Words<'_>, text: &Words<'_>, (_, learned): &LearnedOf) -> Found {
        let found = self.urgency.read(text).or(self.urgency.read(subject));
        let Weighed { danger, outweighed } = danger::weigh(found.danger, learned, &both(subject, text));
        Found { danger, outweighed, ..found }
    }

    /// The same rules with a classifier that has learned these examples besides the shipped ones (about a tenth of a second); without any, with the
    /// one that was trained while the program was built.
    pub fn learned(&self, own: &[Learned]) -> Topics {
        if own.is_empty() {
            return Topics { models: examples::shipped_models(), lessons: Vec::new(), ..self.clone() };
        }
        let all: Vec<_> = examples::shipped().map(|(c, text)| examples::example(c, text)).chain(own.iter().map(own_example)).collect();
        let taught = self.trained(&all);
        // The newest come last and are the ones that count.
        let lessons =
            own.iter().skip(own.len().saturating_sub(LESSONS)).map(|l| (l.category, taught.models.weigh(l.stems.iter().map(String::as_str)))).collect();
        Topics { lessons, ..taught }
    }

    /// What the lesson most like a text says.
    fn lesson(&self, words: &[&Token]) -> Option<(Category, f64)> {
        if self.lessons.is_empty() {
            return None;
        }
        let own = self.models.weigh(words.iter().map(|t| t.stem()));
        let near = self.lessons.iter().map(|(category, lesson)| (*category, cosine(&own, lesson)));
        near.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, like)| *like >= NEAR)
    }

    /// The same rules with a classifier that knows these examples only.
    pub(super) fn trained(&self, examples: &[learned::Example]) -> Topics {
        Topics { models: Pair::of(&train(examples), &self.models.one()), ..self.clone() }
    }

    /// The stems of a text as a vector to compare letters by.
    pub(super) fn weigh<'a>(&self, stems: impl Iterator<Item = &'a str>) -> Vec<(u32, f32)> {
        self.models.weigh(stems)
    }

    /// Weighs a letter: subject, text, the form's type, the sender's address, what a danger leans to.
    pub(super) fn judge(&self, subject: &Words<'_>, text: &Words<'_>, form_type: Option<&str>, sender: &str, leans: Option<(Category, f64)>) -> Verdict {
        self.judge_by(subject, text, form_type, sender, leans, None)
    }

    /// What the classifiers say of words.
    pub(super) fn learned_of(&self, words: &[&Token]) -> LearnedOf {
        let traces: Vec<_> = words.iter().map(|t| t.trace(self.models.print(), |stem| self.models.trace(stem))).collect();
        self.models.weighed(&self.models.features(words.iter().map(|t| t.stem()).zip(traces.iter().map(|t| &**t))))
    }

    /// The same where what the classifiers say of subject and text may be known.
    pub(super) fn judge_by(
        &self,
        subject: &Words<'_>,
        text: &Words<'_>,
        form_type: Option<&str>,
        sender: &str,
        leans: Option<(Category, f64)>,
        known: Option<&LearnedOf>,
    ) -> Verdict {
        let mut found = Tally::default();
        let mut said = Vec::with_capacity(subject.tokens.len() + text.tokens.len());
        found.take(self, subject, 1.25, &mut said);
        found.take(self, text, 1.0, &mut said);
        if let Some(chosen) = form_type {
            let words = Words::new(chosen);
            for hit in self.form.find(&words) {
                if let Some(Sign::FormType { weight, .. }) = self.signs.get(hit.rule) {
                    found.set(hit.rule, *weight, Why::Told(format!("в форме выбран тип «{}»", words.text.trim())));
                }
            }
        }
        let mut evidence = Evidence::default();
        for &(category, prior) in &self.priors {
            evidence.add(category, prior, None);
        }
        if let Some((category, points)) = leans {
            evidence.lean(category, points, None);
        }
        for (category, address, weight) in &self.senders {
            if !sender.is_empty() && (sender.starts_with(address.as_str()) || sender.ends_with(address.as_str())) {
                evidence.lean(*category, *weight, None);
            }
        }
        for (rule, (points, why)) in found.0 {
            match self.signs.get(rule) {
                Some(Sign::Rule { category, .. }) => evidence.add(*category, points, why),
                Some(Sign::FormType { category, .. }) => evidence.lean(*category, points, why),
                None => {}
            }
        }
        if let Some((category, like)) = self.lesson(&said) {
            evidence.lean(category, LESSON * like, Some(Why::Told("похоже на обращение, которое школа сама сюда передала".to_owned())));
        }
        // Where nothing is denied, all words stand.
        let whole = known.filter(|_| said.len() == subject.tokens.len() + text.tokens.len());
        match whole {
            Some((scores, _)) => evidence.verdict(scores, &said),
            None => evidence.verdict(&self.learned_of(&said).0, &said),
        }
    }
}

/// What a correction counts beside a shipped example. Of invented pairs of letters, 6 of 8 second ones went where the first was moved at a weight of 3,
/// 7 at 5 and above; only the strongest rules hold out longer.
const OWN_WEIGHT: f32 = 8.0;

/// Lessons compared with each letter.
const LESSONS: usize = 500;
/// From here on a letter is like a lesson, and the points that full likeness gives.
const NEAR: f64 = 0.3;
const LESSON: f64 = 16.0;

/// A correction as an example for the training.
pub(super) fn own_example(own: &Learned) -> learned::Example {
    learned::Example { class: own.category.number(), stems: own.stems.clone(), weight: OWN_WEIGHT }
}

/// The words of a subject and of the text below it.
pub(super) fn both<'w>(subject: &'w Words<'_>, text: &'w Words<'_>) -> Vec<&'w Token> {
    subject.tokens.iter().chain(text.tokens.iter()).collect()
}

/// What both classifiers say of a text: of the categories, and of danger.
pub(super) type LearnedOf = (Scores<CLASSES>, Scores<1>);

/// Points and reasons of the rules that were found, by their number.
#[derive(Default)]
struct Tally<'w>(BTreeMap<usize, (f64, Option<Why<'w>>)>);

/// Where the phrases of one rule ended that were counted, and how many those are: no rule counts more.
type Ends = ([usize; MOST], usize);
/// Phrases of one rule that count.
const MOST: usize = 6;

impl<'w> Tally<'w> {
    fn set(&mut self, rule: usize, points: f64, why: Why<'w>) {
        let found = self.0.entry(rule).or_default();
        if found.0 < points {
            *found = (points, Some(why));
        }
    }

    /// A rule counts once at its weight; a second phrase elsewhere adds 30 %, a third 15 %. The words that stand and are not denied are added to those said.
    fn take(&mut self, topics: &'w Topics, words: &'w Words<'_>, factor: f64, said: &mut Vec<&'w Token>) {
        let mut denials: Vec<usize> = Vec::new();
        let mut ends: FxHashMap<usize, Ends> = FxHashMap::default();
        for hit in topics.text.find(words) {
            let Some(Sign::Rule { why, weight, each, .. }) = topics.signs.get(hit.rule) else { continue };
            if denied(words, &hit) {
                denials.extend(hit.first..=hit.last);
                continue;
            }
            let (counted, count) = ends.entry(hit.rule).or_default();
            let seen = counted.get(..*count).unwrap_or_default();
            let (points, reason) = self.0.entry(hit.rule).or_default();
            let (most, apart) = if *each { (MOST, 1) } else { (3, 3) };
            let again = *each && seen.iter().any(|&e| words.tokens.get(e).map(|t| t.stem()) == words.tokens.get(hit.last).map(|t| t.stem()));
            if seen.len() >= most || again || seen.iter().any(|&e| e.abs_diff(hit.last) < apart) {
                continue;
            }
            let share = match seen.len() {
                _ if *points == 0.0 || *each => 1.0,
                0 | 1 => 0.3,
                _ => 0.15,
            };
            if let Some(end) = counted.get_mut(*count) {
                (*end, *count) = (hit.last, *count + 1);
            }
            *points += weight * factor * share;
            reason.get_or_insert(Why::Shown(why, words, hit));
        }
        said.extend(words.tokens.iter().enumerate().filter(|(i, _)| !denials.contains(i)).map(|(_, t)| t));
    }
}
