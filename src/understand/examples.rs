//! The shipped example letters (`rules/examples/`) and the model that was trained on them while the program was built.
//!
//! Not here: the school's own examples (`store`), training itself (`learned`).

use super::learned::{Example, Pair};
use super::verdict::CLASSES;
use super::words::Words;
use super::{Category, stripped};

/// Example letters by category, one a line; `#` begins a heading.
const SHIPPED: [(Category, &str); 9] = [
    (Category::Technical, include_str!("../../rules/examples/technical.txt")),
    (Category::Ejournal, include_str!("../../rules/examples/ejournal.txt")),
    (Category::LessonQuality, include_str!("../../rules/examples/lesson_quality.txt")),
    (Category::Equipment, include_str!("../../rules/examples/equipment.txt")),
    (Category::Psychologist, include_str!("../../rules/examples/psychologist.txt")),
    (Category::SpeechTherapist, include_str!("../../rules/examples/speech_therapist.txt")),
    (Category::SocialPedagogue, include_str!("../../rules/examples/social_pedagogue.txt")),
    (Category::LearningHelp, include_str!("../../rules/examples/learning_help.txt")),
    (Category::Other, include_str!("../../rules/examples/other.txt")),
];

static TRAINED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/examples.models"));

/// The models trained on the shipped examples; `build.rs` made them: one tells the categories, the other letters about a child in danger (`urgent.txt`)
/// from all others (`calm.txt` and the topics' examples).
pub(super) fn shipped_models() -> Pair<CLASSES> {
    Pair::of_bytes(TRAINED).unwrap_or_default()
}

/// The shipped examples, in the order of [`Category::ALL`] and of the files.
pub(super) fn shipped() -> impl Iterator<Item = (Category, &'static str)> {
    SHIPPED.into_iter().flat_map(|(category, text)| lines(text).map(move |line| (category, line)))
}

/// The examples of a file: its lines without headings and empty ones.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'))
}

/// An example that a school's own people made by moving an appeal: stems only, so that nobody can be known by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// Where the appeal belonged.
    pub category: Category,
    /// Stems of common words.
    pub stems: Vec<String>,
}

/// A lesson of fewer stems teaches more about chance than about its topic.
const FEWEST: usize = 3;

impl Learned {
    /// A lesson from an appeal that people moved to `category`: what of its words is common to many. `unwanted` are names of people whom it may be
    /// about. `None` where too little is left.
    pub fn of(category: Category, text: &str, unwanted: &[&str]) -> Option<Learned> {
        let stems = stripped::stems(text, unwanted);
        (stems.len() >= FEWEST).then_some(Learned { category, stems })
    }

    /// A lesson from a whole text, for models that live as long as the program reads labelled letters: nothing of it may be kept.
    pub fn whole(category: Category, text: &str) -> Learned {
        Learned { category, stems: stems(text) }
    }
}

fn stems(text: &str) -> Vec<String> {
    Words::new(text).tokens.iter().map(|t| t.stem().to_owned()).collect()
}

/// A shipped text as an example for the training.
pub(super) fn example(category: Category, text: &str) -> Example {
    Example { class: category.number(), stems: stems(text), weight: 1.0 }
}
