//! Danger to a child, grief in a family, complaint: what a person must see at once or handle otherwise.
//!
//! `rules/urgency.toml` names concepts (a child, a blow, fear, home) and signs, each a meeting of concepts in one sentence, in neighbouring ones or anywhere in the
//! letter, less the innocent causes. So what is told quietly and in new words is seen too. Not here: what is done about it. High recall is wanted: a false alarm
//! costs a look, a missed one a child (russian.md §4.4).

mod compile;
mod sound;

pub use compile::{SignKind, SignRule, UrgencyRules};

use super::Category;
use super::phrases::{Hit, Matcher, denied};
use super::words::Words;
use rustc_hash::FxHashMap;
use std::cell::LazyCell;
use std::sync::{Arc, LazyLock};

/// The rules that the program carries.
pub const EMBEDDED: &str = include_str!("../../../rules/urgency.toml");

static BUILT_IN: LazyLock<Urgency> = LazyLock::new(|| toml::from_str(EMBEDDED).ok().and_then(|rules| Urgency::new(&rules).ok()).unwrap_or_else(Urgency::none));

/// Words between the outermost concepts of a sign told in one sentence.
const NEAR: usize = 16;
/// The same over neighbouring sentences.
const WIDE: usize = 34;
/// So far from a sign an innocent cause still explains it.
const BESIDE: usize = 14;
/// The matcher stops at so many hits; the rest of a very long letter is read anew from there.
const FULL: usize = 2000;

/// The signs of `rules/urgency.toml`, compiled once and shared.
#[derive(Debug, Clone)]
pub struct Urgency(Arc<Signs>);

/// Without any file of the school's: the program's own rules.
impl Default for Urgency {
    fn default() -> Urgency {
        BUILT_IN.clone()
    }
}

/// All concepts and signs, ready.
#[derive(Debug, Default)]
struct Signs {
    /// A hit's rule is the number of its concept; number 0 are the turns of speech.
    matcher: Matcher,
    sounds: sound::Sounds,
    signs: Vec<Sign>,
    meetings: Vec<Meeting>,
    /// Concept -> meetings that it takes part in.
    by_concept: Vec<Vec<usize>>,
}

/// Why, and for whom.
#[derive(Debug)]
struct Sign {
    kind: SignKind,
    why: String,
    leans: Option<(Category, f64)>,
    even_denied: bool,
}

/// How far apart the concepts of a meeting may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Sentence,
    Neighbours,
    Letter,
}

/// Concepts that make a sign together. A denial counts when it stands at the first one.
#[derive(Debug)]
struct Meeting {
    sign: usize,
    reach: Reach,
    all: Vec<usize>,
    none: Vec<usize>,
}

/// Danger found: why, and whom such a letter is for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Danger {
    /// The reason with the words.
    pub why: String,
    /// The category that it speaks for, and how much.
    pub leans: Option<(Category, f64)>,
    /// Of the gravest signs: nothing outweighs it.
    pub certain: bool,
}

/// How the reason of a danger begins.
pub(super) const ALARM: &str = "срочно: ";

/// What a text says of all three.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Found {
    pub danger: Option<Danger>,
    pub grief: Option<String>,
    pub complaint: Option<String>,
    /// A sign of danger that the letter as a whole outweighs.
    pub outweighed: Option<String>,
}

impl Found {
    /// What the text says, and where it is silent what the subject says.
    pub(super) fn or(self, other: Found) -> Found {
        Found {
            danger: self.danger.or(other.danger),
            grief: self.grief.or(other.grief),
            complaint: self.complaint.or(other.complaint),
            outweighed: self.outweighed.or(other.outweighed),
        }
    }
}

impl Urgency {
    fn none() -> Urgency {
        Urgency(Arc::default())
    }

    /// Danger, grief and complaint, each by the gravest sign (the first of the file) with the words that showed it.
    pub(super) fn read(&self, words: &Words<'_>) -> Found {
        self.0.find(words)
    }
}

impl Signs {
    fn find(&self, words: &Words<'_>) -> Found {
        let tags = self.tags(words);
        if tags.is_empty() {
            return Found::default();
        }
        // Asked for only where a sign stands that something may explain.
        let by_concept = LazyCell::new(|| {
            let mut by_concept: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
            for (n, tag) in tags.iter().enumerate() {
                by_concept.entry(tag.rule).or_default().push(n);
            }
            by_concept
        });
        // A text has few of the concepts: a place for each of them would be wiped for nothing.
        let mut last: FxHashMap<usize, [Option<usize>; 2]> = FxHashMap::default();
        let mut best: [Option<(usize, Hit)>; 3] = [None, None, None];
        for (n, tag) in tags.iter().enumerate() {
            for &number in self.by_concept.get(tag.rule).into_iter().flatten() {
                let Some(meeting) = self.meetings.get(number) else { continue };
                let Some(sign) = self.signs.get(meeting.sign) else { continue };
                let Some(slot) = best.get_mut(sign.kind as usize) else { continue };
                if slot.as_ref().is_some_and(|(found, _)| *found <= meeting.sign) {
                    continue;
                }
                let Some((first, span)) = meet(words, &tags, &last, meeting, n) else { continue };
                let lifted = !sign.even_denied && (long_ago(words, &span) || first.is_some_and(|hit| denied(words, hit) || denied_after(words, hit)));
                if !lifted && (meeting.none.is_empty() || !explained(words, &tags, &by_concept, meeting, &span)) {
                    *slot = Some((meeting.sign, span));
                }
            }
            let seen = last.entry(tag.rule).or_default();
            *seen = [Some(n), seen[0]];
        }
        let told = |found: &Option<(usize, Hit)>| {
            found.as_ref().and_then(|(n, hit)| self.signs.get(*n).map(|s| (format!("{} («{}»)", s.why, words.quote(hit)), s.leans, s.even_denied)))
        };
        let [danger, grief, complaint] = &best;
        Found {
            danger: told(danger).map(|(why, leans, certain)| Danger { why: format!("{ALARM}{why}"), leans, certain }),
            grief: told(grief).map(|(why, ..)| format!("бережно: {why}")),
            complaint: told(complaint).map(|(why, ..)| why),
            outweighed: None,
        }
    }

    /// The concepts in the text in the order of their last words, turns of speech and what they cover taken out.
    fn tags(&self, words: &Words<'_>) -> Vec<Hit> {
        let mut tags = self.matcher.find(words);
        let mut part = tags.len();
        while part >= FULL {
            let from = tags.last().map_or(0, |h| h.last + 1);
            let Some(rest) = words.tokens.get(from).and_then(|t| words.text.get(t.at.start..)) else { break };
            let more = self.matcher.find(&Words::new(rest));
            part = more.len();
            tags.extend(more.into_iter().map(|h| Hit { first: h.first + from, last: h.last + from, ..h }));
        }
        self.sounds.add(words, &mut tags);
        let idioms: Vec<(usize, usize)> = tags.iter().filter(|t| t.rule == 0).map(|t| (t.first, t.last)).collect();
        if !idioms.is_empty() {
            let mut covered = vec![false; words.tokens.len()];
            for word in idioms.iter().flat_map(|&(a, b)| a..=b) {
                if let Some(c) = covered.get_mut(word) {
                    *c = true;
                }
            }
            tags.retain(|t| !(t.first..=t.last).any(|i| covered.get(i).is_some_and(|c| *c)));
        }
        tags
    }
}

/// The concepts of a meeting around the newest tag: the first one's place and the whole span.
fn meet<'t>(
    words: &Words<'_>,
    tags: &'t [Hit],
    last: &FxHashMap<usize, [Option<usize>; 2]>,
    meeting: &Meeting,
    newest: usize,
) -> Option<(Option<&'t Hit>, Hit)> {
    let new = tags.get(newest)?;
    let (mut first, mut span) = (None, new.clone());
    for (n, &concept) in meeting.all.iter().enumerate() {
        let place = if concept == new.rule {
            new
        } else {
            let fits = |t: &&Hit| (t.last < new.first || new.last < t.first) && near(words, t, new, meeting.reach);
            last.get(&concept)?.iter().flatten().filter_map(|&i| tags.get(i)).find(fits)?
        };
        if n == 0 {
            first = Some(place);
        }
        span.first = span.first.min(place.first);
        span.last = span.last.max(place.last);
    }
    Some((first, span))
}

fn near(words: &Words<'_>, a: &Hit, b: &Hit, reach: Reach) -> bool {
    let sentence = |i: usize| words.tokens.get(i).map_or(0, |t| t.sentence);
    let apart = sentence(a.first).abs_diff(sentence(b.first));
    let between = b.first.saturating_sub(a.last);
    match reach {
        Reach::Sentence => apart == 0 && between <= NEAR,
        Reach::Neighbours => apart <= 1 && between <= WIDE || apart == 2 && between <= NEAR,
        Reach::Letter => true,
    }
}

/// Whether an innocent cause stands beside the sign, in its sentence.
fn explained(words: &Words<'_>, tags: &[Hit], by_concept: &FxHashMap<usize, Vec<usize>>, meeting: &Meeting, span: &Hit) -> bool {
    meeting.none.iter().filter_map(|c| by_concept.get(c)).any(|list| {
        // The list is in the order of the text: only what stands near is looked at.
        let from = list.partition_point(|&i| tags.get(i).is_some_and(|t| t.last + BESIDE < span.first));
        list.iter()
            .skip(from)
            .filter_map(|&i| tags.get(i))
            .take_while(|t| t.first <= span.last + BESIDE)
            .any(|t| words.together(t.first, span.first) || words.together(t.first, span.last))
    })
}

/// «травли нет», «никто не обижает».
fn denied_after(words: &Words<'_>, hit: &Hit) -> bool {
    let next = |n: usize| if words.together(hit.last, hit.last + n) { words.norm(hit.last + n) } else { Default::default() };
    let never = hit.first.checked_sub(1).is_some_and(|i| matches!(words.norm(i), "нет" | "никакой" | "никакого" | "ни" | "без" | "против"));
    hit.first == hit.last && (never || next(1) == "нет" || (matches!(next(1), "у" | "в") && next(3) == "нет"))
}

/// «в прошлом году», «раньше», «давно»: a thing of the past, when nothing in the sentence says that it goes on.
fn long_ago(words: &Words<'_>, hit: &Hit) -> bool {
    let near = hit.first.saturating_sub(8)..hit.last + 8;
    let here = |list: &[&str]| near.clone().any(|i| words.together(i, hit.first) && list.contains(&words.norm(i)));
    let then = near.clone().any(|i| {
        words.together(i, hit.first)
            && (words.norm(i).starts_with("прошл") && matches!(words.norm(i + 1), "году" | "школе" | "классе")
                || matches!((words.norm(i), words.norm(i + 1)), ("года" | "год" | "лет", "назад")))
    });
    (then || here(&["раньше", "ранее", "давно", "садике", "саду"])) && !here(&["сейчас", "опять", "снова", "теперь", "продолжается", "продолжают", "до"])
        || here(&["помирились", "разобрались", "уладили", "прошло", "позади"]) && !here(&["опять", "снова", "но"])
}
