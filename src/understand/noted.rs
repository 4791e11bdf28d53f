//! A call that staff wrote down in their own words: «звонила Иванова, 5А, тел. 8 900 …, не может войти в ЭЖД».
//!
//! Not here: the hotline's form with its labels (`forms`), letters passed on (`quoted`). What staff write of themselves is no call.

use super::name_words::{is_first, is_kin, is_patronymic, like_surname, nominative, not_name, surely_surname};
use super::words::{fold, in_word};
use super::{classes, contact, forms};

/// Who called and where they can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Noted {
    pub name: Option<String>,
    pub class: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// The note without who called and where to call back: what it is about.
    pub matter: String,
}

/// Bytes and words of a note: what is longer is a letter.
const LONGEST: usize = 2400;
const MOST_WORDS: usize = 140;

/// A word with the marks before it.
struct Piece<'a> {
    word: &'a str,
    folded: String,
    marks: &'a str,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut list, mut end, mut start) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (in_word(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let (word, marks) = (text.get(from..at).unwrap_or_default(), text.get(end..from).unwrap_or_default());
                list.push(Piece { word, folded: fold(word), marks });
                (end, start) = (at, None);
            }
            _ => {}
        }
    }
    list
}

/// Reads a note of the member of staff with this name; `None` where nobody else is spoken of or nothing says how to reach them.
pub(super) fn read(text: &str, sender: Option<&str>, school_phones: &[String]) -> Option<Noted> {
    if text.len() > LONGEST {
        return None;
    }
    let pieces = pieces(text);
    if pieces.len() > MOST_WORDS {
        return None;
    }
    // A number that a sentence about a microphone follows («…, не работает») is no dead number: the first that is not the school's counts.
    let phone = contact::phones(text).into_iter().map(|p| p.number).find(|n| !school_phones.contains(n));
    let email = forms::address(text);
    if phone.is_none() && email.is_none() {
        return None;
    }
    let name = author(&pieces);
    let told = told(&pieces);
    let another = name.as_deref().is_some_and(|n| n.split([' ', '.']).next().is_some_and(|first| !sender.is_some_and(|s| fold(s).contains(&fold(first)))));
    if !(told || another && !own_words(&pieces)) {
        return None;
    }
    let matter = matter(&pieces, name.as_deref());
    Some(Noted { name, class: class(text, &pieces), phone, email, matter })
}

/// «Звонила», «тел.», the name and the digits tell nothing of the topic.
fn matter(pieces: &[Piece<'_>], name: Option<&str>) -> String {
    const CALL: [&str; 7] = ["звонил", "позвонил", "дозвонил", "звонок", "звонит", "входящ", "тел"];
    let names: Vec<String> = name.into_iter().flat_map(|n| n.split([' ', '.'])).filter(|w| !w.is_empty()).map(fold).collect();
    let mut text = String::new();
    for (i, p) in pieces.iter().enumerate() {
        let digits = p.word.chars().all(|c| c.is_ascii_digit());
        let number = pieces.get(i + 1).is_some_and(|n| n.word.starts_with(|c: char| c.is_ascii_digit()));
        let call = CALL.iter().any(|s| p.folded.starts_with(s)) || number && matches!(p.folded.as_str(), "номер" | "т");
        if digits || call || names.contains(&p.folded) {
            // The mark stays, so that two sentences do not become one.
            text.push_str(if p.marks.contains(['.', '!', '?', '\n']) { ". " } else { " " });
            continue;
        }
        text.push_str(p.marks);
        text.push_str(p.word);
    }
    text
}

/// «Звонила», «обратился», «просит передать»: somebody else is spoken of.
fn told(pieces: &[Piece<'_>]) -> bool {
    const PAST: [&str; 15] = [
        "звонил",
        "позвонил",
        "дозвонил",
        "перезванивал",
        "звонок",
        "звонку",
        "звонка",
        "обратил",
        "обращал",
        "просил",
        "попросил",
        "просят",
        "подходил",
        "входящий",
        "горячую",
    ];
    pieces.iter().enumerate().any(|(i, p)| {
        let says = PAST.iter().any(|s| p.folded.starts_with(s)) || p.folded == "телефону" && i > 0 && pieces.get(i - 1).is_some_and(|b| b.folded == "по");
        let own = |k: usize| pieces.get(k).is_some_and(|b| matches!(b.folded.as_str(), "я" | "мы" | "сама" | "сам"));
        says && !(i > 0 && own(i - 1) || i > 1 && own(i - 2) || own(i + 1))
    })
}

/// «У меня», «мой»: the writer speaks of themselves.
fn own_words(pieces: &[Piece<'_>]) -> bool {
    const OWN: [&str; 18] =
        ["я", "мне", "меня", "мной", "мой", "моя", "мое", "мои", "моего", "моей", "моему", "мою", "мы", "нас", "нам", "наш", "нашем", "нашей"];
    pieces.iter().any(|p| OWN.contains(&p.folded.as_str()))
}

/// The class as `classes` finds it, else one that stands alone between marks: «Зимина О. П., 4В.»
fn class(text: &str, pieces: &[Piece<'_>]) -> Option<String> {
    classes::class(text, false).or_else(|| {
        pieces.iter().enumerate().find_map(|(i, p)| {
            let digits: String = p.word.chars().take_while(char::is_ascii_digit).collect();
            let letter: Vec<char> = p.word.chars().skip(digits.len()).collect();
            let number: u8 = digits.parse().ok().filter(|n| (1..=11).contains(n))?;
            let [letter] = letter.as_slice() else { return None };
            let after = pieces.get(i + 1).map_or(".", |n| n.marks);
            let alone = |marks: &str| marks.chars().any(|c| !c.is_whitespace());
            let plain = matches!(letter.to_lowercase().next(), Some('а'..='к'));
            (plain && (alone(p.marks) || alone(after))).then(|| format!("{number}{}", letter.to_uppercase()))
        })
    })
}

/// An initial: «О», «П».
fn initial(p: &Piece<'_>) -> bool {
    p.word.chars().count() == 1 && p.word.starts_with(char::is_uppercase)
}

/// A word that looks like a part of a name: a capital and small letters behind it.
fn capital(p: &Piece<'_>) -> bool {
    let mut chars = p.word.chars();
    chars.next().is_some_and(char::is_uppercase) && p.word.chars().count() > 2 && chars.all(|c| c.is_lowercase() || c == '-') && !not_name(&p.folded)
}

/// How surely a word is of a name.
fn known(folded: &str) -> bool {
    let base = nominative(folded).map(|n| fold(&n));
    is_first(folded) || is_patronymic(folded) || surely_surname(folded) || base.is_some_and(|b| is_first(&b))
}

/// The author's name: the first run of names that is not the child's («мама Пети Сомова»).
fn author(pieces: &[Piece<'_>]) -> Option<String> {
    let mut i = 0;
    while i < pieces.len() {
        let Some(first) = pieces.get(i).filter(|p| capital(p) && !verb(&p.folded)) else {
            i += 1;
            continue;
        };
        let mut end = i + 1;
        while pieces
            .get(end)
            .is_some_and(|p| (capital(p) && p.marks.trim().is_empty() || initial(p) && p.marks.trim_matches(['.', ' ', '\u{a0}']).is_empty()) && end - i < 4)
        {
            end += 1;
        }
        let run = pieces.get(i..end).unwrap_or_default();
        let before = i.checked_sub(1).and_then(|k| pieces.get(k));
        // «мама Пети Сомова», «сына Димы»: the child; a mark between («бабушка, Тамара Ильинична») or a class ends the relation.
        let child = before.is_some_and(|b| first.marks.trim().is_empty() && relation(&b.folded));
        let begins = first.marks.contains(['.', '!', '?', '\n']) || i == 0;
        let sure = run.iter().any(|p| known(&p.folded)) || run.len() > 1 && run.iter().skip(1).any(initial);
        let likely = like_surname(&first.folded) || !begins && before.is_some_and(|b| verb(&b.folded));
        let next = pieces.get(end);
        let closed = next.is_none_or(|n| n.marks.chars().any(|c| !c.is_whitespace()) || n.word.starts_with(|c: char| c.is_ascii_digit()) || verb(&n.folded));
        if !child && (sure || likely && (closed || !begins)) {
            return Some(written(pieces, i, end));
        }
        i = end;
    }
    None
}

/// The run as it was written, with the points of its initials.
fn written(pieces: &[Piece<'_>], from: usize, end: usize) -> String {
    let mut name = String::new();
    for (k, p) in pieces.iter().enumerate().take(end).skip(from) {
        if k > from {
            name.push_str(if p.marks.is_empty() { " " } else { p.marks });
        }
        name.push_str(p.word);
    }
    let initials = pieces.get(end.wrapping_sub(1)).is_some_and(initial);
    let pointed = pieces.get(end).is_none_or(|n| n.marks.starts_with('.'));
    if initials && pointed && end - from > 1 {
        name.push('.');
    }
    name
}

/// «Звонила», «позвонил», «обратилась», «записала».
fn verb(folded: &str) -> bool {
    [
        "звон",
        "позвон",
        "дозвон",
        "перезв",
        "обратил",
        "обращ",
        "просил",
        "попрос",
        "просят",
        "просит",
        "записал",
        "принят",
        "передаю",
        "сообщ",
        "заявк",
        "входящ",
        "телефон",
        "фио",
        "нуж",
    ]
    .iter()
    .any(|s| folded.starts_with(s))
}

/// A word behind which a name is the child's.
fn relation(folded: &str) -> bool {
    is_kin(folded)
        || [
            "мам",
            "пап",
            "отец",
            "отца",
            "мать",
            "матер",
            "бабушк",
            "дедушк",
            "сын",
            "доч",
            "ребен",
            "внук",
            "внуч",
            "ученик",
            "учениц",
            "родител",
            "опекун",
            "семь",
        ]
        .iter()
        .any(|s| folded.starts_with(s))
}
