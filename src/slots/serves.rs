//! Whom a specialist or a window serves: classes («5», «7-9», «10А») and subjects in the words of the register.
//!
//! Not here: which class a letter speaks of (`understand`).

use super::availability::{Specialist, WeeklyWindow};
use super::choice::Wanted;

/// Letters that look alike on two keyboards: a class typed «10A» with a Latin letter is the class «10А».
const ALIKE: [(char, char); 12] =
    [('A', 'А'), ('B', 'В'), ('C', 'С'), ('E', 'Е'), ('H', 'Н'), ('K', 'К'), ('M', 'М'), ('O', 'О'), ('P', 'Р'), ('T', 'Т'), ('X', 'Х'), ('Y', 'У')];

/// Classes from one year to another, or a single class with its letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassRange {
    /// First year, from 1.
    pub from: u8,
    /// Last year, to 11.
    pub to: u8,
    /// The letter, where one class is meant: `А`.
    pub letter: Option<char>,
}

impl ClassRange {
    /// Reads «5», «7-9», «10А», also «10 «а»» and «5-9 классы»; `None` when it is no class.
    pub fn parse(text: &str) -> Option<ClassRange> {
        let text = text.trim();
        let bare = ["классы", "класс"].iter().find_map(|w| text.strip_suffix(w)).unwrap_or(text);
        let signs: Vec<char> = bare.chars().filter(|c| !c.is_whitespace() && !"«»\"'".contains(*c)).take(12).collect();
        let mut rest = signs.as_slice();
        let from = year(&mut rest)?;
        let dash = rest.first().is_some_and(|c| "-–—‑".contains(*c));
        if dash {
            rest = rest.get(1..).unwrap_or_default();
        }
        match rest {
            [] if !dash => Some(ClassRange { from, to: from, letter: None }),
            [one] if !one.is_ascii_digit() => Some(ClassRange { from, to: from, letter: Some(letter(*one)?) }),
            _ if dash => {
                let to = year(&mut rest)?;
                (rest.is_empty() && from <= to).then_some(ClassRange { from, to, letter: None })
            }
            _ => None,
        }
    }

    /// Whether this class is among them. A class without a letter («5») is among those of its year, whatever their letter.
    pub fn holds(self, class: ClassRange) -> bool {
        self.from <= class.from && class.to <= self.to && (self.letter.is_none() || class.letter.is_none() || self.letter == class.letter)
    }
}

impl std::fmt::Display for ClassRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.letter, self.from == self.to) {
            (Some(letter), _) => write!(f, "{}{letter}", self.from),
            (None, true) => write!(f, "{}", self.from),
            (None, false) => write!(f, "{}-{}", self.from, self.to),
        }
    }
}

/// A year of school at the beginning.
fn year(rest: &mut &[char]) -> Option<u8> {
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let (number, behind) = rest.split_at_checked(digits)?;
    *rest = behind;
    number.iter().collect::<String>().parse().ok().filter(|n| (1..=11).contains(n))
}

fn letter(c: char) -> Option<char> {
    let upper = c.to_uppercase().next()?;
    let cyrillic = ALIKE.iter().find(|(latin, _)| *latin == upper).map_or(upper, |(_, c)| *c);
    ('А'..='Я').contains(&cyrillic).then_some(cyrillic)
}

fn serves_class(classes: &[ClassRange], class: Option<ClassRange>) -> bool {
    classes.is_empty() || class.is_none_or(|class| classes.iter().any(|c| c.holds(class)))
}

impl Specialist {
    /// Whether they serve a class (`None`, or what is no class: everybody does).
    pub fn serves_class(&self, class: Option<&str>) -> bool {
        serves_class(&self.classes, class.and_then(ClassRange::parse))
    }

    /// Whether they teach a subject: `Some(true)` when it is on their list, `None` when there is no list or no subject is asked for.
    pub fn teaches(&self, subject: Option<&str>) -> Option<bool> {
        let subject = subject.filter(|s| !words(s).is_empty())?;
        (!self.subjects.is_empty()).then(|| self.subjects.iter().any(|s| same_subject(s, subject)))
    }
}

/// Whether a window is open to this question: its categories, its classes, the reserve.
pub(super) fn window_serves(window: &WeeklyWindow, wanted: &Wanted<'_>) -> bool {
    (wanted.urgent || !window.reserve)
        && (window.categories.is_empty() || wanted.category.is_none_or(|c| window.categories.contains(&c)))
        && serves_class(&window.classes, wanted.class.and_then(ClassRange::parse))
}

/// Words of a subject, small, at most six.
fn words(text: &str) -> Vec<String> {
    let small = text.to_lowercase().replace('ё', "е");
    small
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty() && !matches!(*w, "язык" | "языку" | "языка" | "и" | "по"))
        .take(6)
        .map(str::to_owned)
        .collect()
}

/// «по математике» and «математика», «русскому языку» and «Русский язык»: every word of the shorter one has its like in the other.
fn same_subject(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && short.iter().all(|w| long.iter().any(|l| same_word(w, l)))
}

/// Two forms of one word: the same beginning, and endings of at most three letters; «труд» and «труду», not «физика» and «физкультура».
fn same_word(a: &str, b: &str) -> bool {
    let shared = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.chars().count(), b.chars().count());
    let (shorter, longer) = (a.min(b), a.max(b));
    longer == shared || (shared >= 4 && shared + 3 >= longer) || (shared >= 3 && shared == shorter && longer <= shared + 2)
}
