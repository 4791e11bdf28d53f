//! What follows from the figures of a period: rules as data (`rules/proposals.toml`), each with its cause, its proposal and what it costs.
//!
//! The same figures always give the same proposals; a person edits them before anybody else reads them. Not here: the figures (`analysis`), who is
//! told (`decide`).

use super::{Analysis, Frequent, percent, tenths};
use serde::{Deserialize, Serialize};

/// Letters of a proposal: three of them fit into a prepared letter.
pub const LONGEST_PROPOSAL: usize = 60;
/// Proposals that the head is shown, and that the director is.
pub const MOST_PROPOSALS: usize = 6;
/// Of these so many reach the director.
pub const MOST_FOR_DIRECTOR: usize = 3;

/// What a proposal follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Appeals of a category have grown.
    Growth,
    /// A question of many families.
    Topic,
    /// The same within a parallel: a group consultation (003 3.5).
    Group,
    /// A time that families ask for and do not get.
    Wish,
    /// Terms that were missed.
    Terms,
    /// Answers take longer than before.
    Slow,
    /// One specialist has too much of what is open.
    Load,
    /// Marks are low.
    Marks,
    /// Much goes through wrong hands first.
    Moved,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it follows from.
    pub when: Cause,
    /// Only of this category, by its key; otherwise of any.
    #[serde(default)]
    pub category: Option<String>,
    /// From so many families, appeals or answers on.
    pub at_least: u32,
    /// From so many per cent on (growth, slowness, a specialist's part), or below so many (terms kept); tenths of a mark.
    #[serde(default)]
    pub percent: u32,
    /// Why: a sentence with figures in braces.
    pub cause: String,
    /// What to do, at most [`LONGEST_PROPOSAL`] letters.
    pub proposal: String,
    /// What it costs.
    pub cost: String,
    /// What only the director may decide, where that is needed.
    #[serde(default)]
    pub decision: Option<String>,
}

/// The rules of a school.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct ProposalRules {
    /// Families of a parallel with the same question from which on a group consultation is proposed.
    pub group_from: u32,
    /// The rules, the weightiest first.
    #[serde(rename = "proposal", default)]
    pub rules: Vec<Rule>,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What to do.
    pub text: String,
    /// Why; none where a person wrote it.
    pub cause: Option<String>,
    /// What it costs.
    pub cost: Option<String>,
    /// What the director has to decide.
    pub decision: Option<String>,
}

/// Names of figures that a rule of each kind may use.
fn figures(cause: Cause) -> &'static [&'static str] {
    match cause {
        Cause::Growth => &["category", "now", "usual", "often"],
        Cause::Topic => &["category", "topic", "families"],
        Cause::Group => &["category", "topic", "families", "parallel"],
        Cause::Wish => &["time", "asked", "of", "unmet", "windows"],
        Cause::Terms => &["kept", "ended", "missed"],
        Cause::Slow => &["median", "before"],
        Cause::Load => &["who", "open", "all"],
        Cause::Marks => &["mean", "answers"],
        Cause::Moved => &["moved", "now"],
    }
}

impl ProposalRules {
    /// What is wrong with the rules: number of the rule from 0, and a sentence.
    pub fn mistakes(&self) -> Vec<(usize, String)> {
        let mut wrong = Vec::new();
        for (i, rule) in self.rules.iter().enumerate() {
            for text in [Some(&rule.cause), Some(&rule.proposal), Some(&rule.cost), rule.decision.as_ref()].into_iter().flatten() {
                for name in braces(text) {
                    if !figures(rule.when).contains(&name) {
                        wrong.push((i, format!("{{{name}}} is no figure of this rule; it has {}", figures(rule.when).join(", "))));
                    }
                }
            }
            if rule.proposal.chars().count() > LONGEST_PROPOSAL {
                wrong.push((i, format!("the proposal has more than {LONGEST_PROPOSAL} letters; three of them must fit into a prepared letter: shorten it")));
            }
        }
        wrong
    }
}

fn braces(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// The proposals of a period, in the order of the rules; of one rule at most two.
pub fn propose(rules: &ProposalRules, a: &Analysis) -> Vec<Proposal> {
    let mut all: Vec<Proposal> = Vec::new();
    for rule in &rules.rules {
        for figures in found(rule, a).into_iter().take(2) {
            let fill = |text: &str| figures.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
            let text: String = fill(&rule.proposal).chars().take(LONGEST_PROPOSAL).collect();
            if all.iter().all(|p| p.text != text) {
                all.push(Proposal { text, cause: Some(fill(&rule.cause)), cost: Some(fill(&rule.cost)), decision: rule.decision.as_deref().map(fill) });
            }
        }
    }
    all.truncate(MOST_PROPOSALS);
    all
}

type Figures = Vec<(&'static str, String)>;

/// The figures of each case in which a rule speaks.
fn found(rule: &Rule, a: &Analysis) -> Vec<Figures> {
    let of_category = |key: &str| rule.category.as_deref().is_none_or(|c| c == key);
    match rule.when {
        Cause::Growth => growth(rule, a),
        Cause::Topic => a.topics.iter().filter(|t| t.families >= rule.at_least && of_category(&t.key)).map(asked).collect(),
        Cause::Group => a.groups.iter().filter(|t| t.families >= rule.at_least && of_category(&t.key)).map(asked).collect(),
        Cause::Wish => (a.wishes.iter().filter(|w| w.unmet >= rule.at_least))
            .map(|w| {
                let windows = if w.open { format!("не нашли его {}", w.unmet) } else { "окон нет".to_owned() };
                vec![("time", w.time.clone()), ("asked", w.asked.to_string()), ("of", w.of.to_string()), ("unmet", w.unmet.to_string()), ("windows", windows)]
            })
            .collect(),
        Cause::Terms => (a.terms.percent_office().filter(|p| *p < rule.percent && a.terms.ended - a.terms.kept_office >= rule.at_least).into_iter())
            .map(|p| vec![("kept", p.to_string()), ("ended", a.terms.ended.to_string()), ("missed", (a.terms.ended - a.terms.kept_office).to_string())])
            .collect(),
        Cause::Slow => slow(rule, a),
        Cause::Load => {
            let all: u32 = a.load.iter().map(|(_, n)| n).sum();
            let most = a.load.iter().max_by_key(|(_, n)| *n).filter(|(_, n)| *n >= rule.at_least && percent(*n, all).is_some_and(|p| p >= rule.percent));
            most.filter(|_| a.load.len() > 1)
                .map(|(who, n)| vec![("who", who.clone()), ("open", n.to_string()), ("all", all.to_string())])
                .into_iter()
                .collect()
        }
        Cause::Marks => (a.satisfaction.iter().filter(|s| s.answers >= rule.at_least && s.mean < rule.percent))
            .map(|s| vec![("mean", tenths(s.mean)), ("answers", s.answers.to_string())])
            .collect(),
        Cause::Moved => {
            let much = a.moved.handed >= rule.at_least && percent(a.moved.handed, a.all.received).is_some_and(|p| p >= rule.percent);
            much.then(|| vec![("moved", a.moved.handed.to_string()), ("now", a.all.received.to_string())]).into_iter().collect()
        }
    }
}

fn asked(t: &Frequent) -> Figures {
    let parallel = t.parallel.map(|p| p.to_string()).unwrap_or_default();
    vec![("category", t.category.clone()), ("topic", t.topic.clone()), ("families", t.families.to_string()), ("parallel", parallel)]
}

fn growth(rule: &Rule, a: &Analysis) -> Vec<Figures> {
    let grown = |c: &&super::Compared| {
        let usual = c.usual().unwrap_or(0);
        rule.category.as_deref().is_none_or(|k| k == c.key)
            && c.usual().is_some()
            && c.received >= rule.at_least
            && c.received * 100 >= usual.max(1) * rule.percent
    };
    (a.categories.iter().filter(grown))
        .map(|c| {
            let often = a.topics.iter().find(|t| t.key == c.key).map(|t| format!("; чаще всего: {}", t.topic)).unwrap_or_default();
            vec![("category", c.title.clone()), ("now", c.received.to_string()), ("usual", c.usual().unwrap_or(0).to_string()), ("often", often)]
        })
        .collect()
}

fn slow(rule: &Rule, a: &Analysis) -> Vec<Figures> {
    let (Some(now), Some(before)) = (a.median, a.median_before) else { return Vec::new() };
    let longer = before > 0 && now * 100 >= before * i64::from(rule.percent) && now >= 60 && a.terms.ended >= rule.at_least;
    let words = |m: i64| if m >= 60 { format!("{} ч", (m + 30) / 60) } else { format!("{m} мин") };
    longer.then(|| vec![("median", words(now)), ("before", words(before))]).into_iter().collect()
}
