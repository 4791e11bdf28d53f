//! The clauses of a sentence and what each is about: a time in a clause of suiting, asking, coming is a wish; one in a clause of what happens is none.
//!
//! Not here: what the time is (`days`, `hours`); the words of each class (`suits`, `occurs`).

use super::lexer::{Piece, word};
use super::occurs::{absent, busy_word, event, failing, gone, happened, third_person};
use super::suits::{amid, asks, asks_noun, comes, contacts, helps, infinitive, meets, suits, would_come};
use super::words::{Word, known};
use std::rc::Rc;

/// What a clause is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stance {
    /// Suiting, asking for contact, coming: its times are wishes.
    For,
    /// Something that happens, is due, is the reason: its times are none.
    Against,
    /// No verb to tell by: «в среду после пяти».
    Open,
}

/// The stance of every piece of a sentence.
#[derive(Debug)]
pub(super) struct Clauses {
    of: Vec<Stance>,
    /// By piece: its clause says by itself that a time suits, and denies nothing.
    can: Vec<bool>,
    /// Some clause is of suiting or asking.
    pub speaks: bool,
    /// Some clause is of suiting or asking and denies nothing.
    pub asks: bool,
    /// Some clause is of something else.
    pub tells: bool,
}

impl Clauses {
    /// The stance of the clause that piece `at` stands in.
    pub(super) fn at(&self, at: usize) -> Stance {
        self.of.get(at).copied().unwrap_or(Stance::Open)
    }

    /// Whether the clause that piece `at` stands in says by its own words that a time suits.
    pub(super) fn can(&self, at: usize) -> bool {
        self.can.get(at).copied().unwrap_or(false)
    }
}

/// How a clause is tied to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// A comma, a dash, «а», «но».
    Loose,
    /// «и»: a fragment on one side belongs to the other.
    And,
    /// «когда», «что», «который»: it tells of another verb, what stands behind it goes on with the clause before.
    Under,
    /// «так как», «потому что», «поскольку»: a reason.
    Reason,
}

struct Clause {
    from: usize,
    to: usize,
    tie: Tie,
    stance: Stance,
}

/// Cuts a sentence into clauses and judges each.
pub(super) fn clauses(sentence: &[Piece]) -> Clauses {
    let mut list: Vec<Clause> = Vec::new();
    let (mut from, mut tie) = (0, Tie::Loose);
    let mut cut = |from: &mut usize, at: usize, skip: usize, tie: &mut Tie, next: Tie| {
        if at > *from {
            list.push(Clause { from: *from, to: at, tie: *tie, stance: Stance::Open });
            *tie = next;
        } else if matches!(next, Tie::Reason | Tie::Under) || *tie == Tie::And {
            *tie = next;
        }
        *from = at + skip;
    };
    for (i, piece) in sentence.iter().enumerate() {
        match piece {
            Piece::Comma | Piece::Stop | Piece::Dash => cut(&mut from, i, 1, &mut tie, Tie::Loose),
            Piece::Word(w) => match &**w {
                "и" | "или" | "либо" => cut(&mut from, i, 1, &mut tie, Tie::And),
                "так" if word(sentence.get(i + 1)) == "как" => cut(&mut from, i, 0, &mut tie, Tie::Reason),
                "т" if word(sentence.get(i + 1)) == "к" => cut(&mut from, i, 0, &mut tie, Tie::Reason),
                "потому" | "поскольку" | "ибо" | "ведь" | "тк" => cut(&mut from, i, 0, &mut tie, Tie::Reason),
                "а" | "но" | "зато" | "однако" | "если" | "поэтому" => {
                    cut(&mut from, i, 0, &mut tie, Tie::Loose);
                }
                "когда" | "пока" | "чтобы" | "чтоб" | "что" | "хотя" | "кто" | "где" | "куда" | "почему" => {
                    cut(&mut from, i, 0, &mut tie, Tie::Under)
                }
                w if w.starts_with("котор") => cut(&mut from, i, 0, &mut tie, Tie::Under),
                _ => {}
            },
            _ => {}
        }
    }
    cut(&mut from, sentence.len(), 0, &mut tie, Tie::Loose);
    let words: Vec<Option<Rc<Word>>> = sentence.iter().map(|p| Some(word(Some(p))).filter(|w| !w.is_empty()).map(known)).collect();
    for clause in &mut list {
        // «назначенную на 20 ноября» only tells which one is meant.
        if sentence.get(clause.from..clause.to).unwrap_or_default().iter().any(|p| planned(word(Some(p)))) {
            (clause.tie, clause.stance) = (Tie::Under, Stance::Against);
            continue;
        }
        clause.stance = stance(sentence, &words, clause.from, clause.to, clause.tie == Tie::Reason);
    }
    let speaks = list.iter().any(|c| c.stance == Stance::For);
    let tells = list.iter().any(|c| c.stance == Stance::Against);
    let mut can = vec![false; sentence.len()];
    for clause in list.iter().filter(|c| c.stance == Stance::For) {
        let denies = |p: &Piece| matches!(word(Some(p)), "не" | "нельзя" | "никак" | "нет") || word(Some(p)).starts_with("неудоб");
        let range = sentence.get(clause.from..clause.to).unwrap_or_default();
        // A mere number asks for nothing.
        let number = range.contains(&Piece::Phone) && !range.iter().any(|p| contacts(word(Some(p))) || suits(word(Some(p))));
        if let Some(places) = can.get_mut(clause.from..clause.to).filter(|_| !number)
            && !sentence.get(clause.from..clause.to).unwrap_or_default().iter().any(denies)
        {
            places.fill(true);
        }
    }
    inherit(&mut list);
    let mut of = vec![Stance::Open; sentence.len()];
    for clause in &list {
        for place in of.get_mut(clause.from..clause.to).unwrap_or_default() {
            *place = clause.stance;
        }
    }
    Clauses { of, asks: can.contains(&true), can, speaks, tells }
}

/// A participle of what is arranged already.
fn planned(w: &str) -> bool {
    ["назначенн", "запланированн", "намеченн"].iter().any(|s| w.starts_with(s))
}

/// A fragment belongs to what it is joined with by «и», else to the clause before it, else to the one after it. A word or two between commas
/// («поликлиника», «я работаю») are an aside.
fn inherit(list: &mut [Clause]) {
    for i in (0..list.len().saturating_sub(1)).rev() {
        if let Some([a, b]) = list.get_mut(i..i + 2)
            && a.stance == Stance::Open
            && b.tie == Tie::And
        {
            a.stance = b.stance;
        }
    }
    let mut last = None;
    for clause in list.iter_mut() {
        if clause.stance == Stance::Open {
            clause.stance = last.unwrap_or(Stance::Open);
        } else if clause.stance == Stance::For || !(matches!(clause.tie, Tie::Reason | Tie::Under) || clause.to - clause.from < 3) {
            last = Some(clause.stance);
        }
    }
    let mut next = Stance::Open;
    for clause in list.iter_mut().rev() {
        if clause.stance == Stance::Open {
            clause.stance = next;
        } else if clause.stance == Stance::For {
            next = clause.stance;
        }
    }
}

/// A question asked of a word alone: its bit in the word's notes, and the answer.
type Trait = (u32, fn(&str) -> bool);

const GONE: Trait = (1, gone);
const ABSENT: Trait = (1 << 1, absent);
const CONTACTS: Trait = (1 << 2, contacts);
const COMES: Trait = (1 << 3, comes);
const INFINITIVE: Trait = (1 << 4, infinitive);
const MEETS: Trait = (1 << 5, meets);
const SUITS: Trait = (1 << 6, suits);
const THIRD_PERSON: Trait = (1 << 7, third_person);
const HAPPENED: Trait = (1 << 8, happened);
const EVENT: Trait = (1 << 9, event);
const HELPS: Trait = (1 << 10, helps);
const BUSY: Trait = (1 << 11, busy_word);
const ASKS: Trait = (1 << 12, asks);
const ASKS_NOUN: Trait = (1 << 13, asks_noun);
const WOULD_COME: Trait = (1 << 14, would_come);

/// What pieces `from..to` are about.
fn stance(sentence: &[Piece], known: &[Option<Rc<Word>>], from: usize, to: usize, reason: bool) -> Stance {
    let range = sentence.get(from..to).unwrap_or_default();
    let words = || range.iter().map(|p| word(Some(p)));
    let is = |i: usize, (bit, judge): Trait| known.get(i).and_then(|w| w.as_ref()).is_some_and(|w| w.notes.is(bit, || judge(word(sentence.get(i)))));
    let any = |what: Trait| (from..to).any(|i| is(i, what));
    let would = words().any(|w| matches!(w, "бы" | "б" | "чтобы" | "чтоб"));
    let denied = |i: usize| word(i.checked_sub(1).and_then(|p| sentence.get(p))) == "не";
    let places = || (from..to).map(|i| (i, word(sentence.get(i)))).filter(|(_, w)| !w.is_empty());
    if (!would && any(GONE)) || any(ABSENT) || range.windows(2).any(|p| word(p.first()) == "у" && word(p.last()) == "вас") {
        return Stance::Against;
    }
    if (from..to).any(|i| (is(i, COMES) || is(i, CONTACTS) || is(i, INFINITIVE)) && failing(sentence, i)) {
        return Stance::Against;
    }
    let other = (from..to).any(|i| is(i, INFINITIVE) && !is(i, MEETS) && !is(i, COMES) && !is(i, CONTACTS));
    let pair = |a: &str, b: &str| range.windows(2).any(|p| word(p.first()) == a && word(p.last()) == b);
    let strong = places().any(|(i, w)| {
        is(i, SUITS) && !(matches!(w, "может" | "могут") && to - from < 2) && !(other && (denied(i) || matches!(w, "может" | "могут" | "сможет" | "смогут")))
            || (amid(w) && !denied(i) && !other)
    }) || pair("на", "связи")
        || pair("на", "месте")
        || (would && words().any(|w| matches!(w, "я" | "мы")))
        || (pair("в", "школе") && words().any(|w| matches!(w, "я" | "мы")) && !any(THIRD_PERSON))
        || pair("по", "времени")
        || pair("есть", "время")
        || pair("целый", "день")
        || pair("свой", "счет")
        || (would && any(WOULD_COME))
        || (words().any(|w| w == "дома")
            && words().any(|w| matches!(w, "я" | "мы" | "оба" | "буду" | "всегда" | "муж" | "жена" | "мама" | "папа" | "бабушка" | "кто" | "потом")));
    if strong {
        return Stance::For;
    }
    let told =
        !would && (any(HAPPENED) || words().any(|w| matches!(w, "был" | "была" | "было" | "были" | "обещают" | "должен" | "должна" | "должны" | "приходится")));
    if told || words().any(|w| w.starts_with("обеща")) {
        return Stance::Against;
    }
    // «после тренировки», «до концерта» only say when.
    let anchor = |i: usize| matches!(word(i.checked_sub(1).and_then(|p| sentence.get(p))), "после" | "до" | "перед" | "без");
    let eventful = (from..to).any(|i| is(i, EVENT) && !anchor(i));
    let contact = any(CONTACTS) || any(HELPS);
    // «прихожу с работы в семь» is no visit.
    let coming = any(COMES) && !pair("с", "работы") && !words().any(|w| w == "домой");
    if (contact || (coming && !eventful)) && !reason {
        return Stance::For;
    }
    if eventful || any(BUSY) {
        return Stance::Against;
    }
    let weak = any(ASKS) || (any(ASKS_NOUN) && !any(THIRD_PERSON));
    if weak && !reason {
        return if other { Stance::Against } else { Stance::For };
    }
    if reason || other || any(THIRD_PERSON) {
        return Stance::Against;
    }
    let of_whom = range.windows(2).any(|p| {
        word(p.first()) == "у"
            && matches!(word(p.last()), "меня" | "нас" | "него" | "нее" | "них" | "сына" | "дочери" | "мужа" | "жены" | "ребенка" | "класса" | "детей")
    });
    if of_whom {
        return Stance::Against;
    }
    if range.contains(&Piece::Phone) { Stance::For } else { Stance::Open }
}
