//! A letter stripped to the stems of its common words, so that nobody can be known by what is kept of it.
//!
//! Not here: what is done with the stems (`examples`). In doubt a word is dropped: a lesson that lacks a word still teaches, a name that is kept stays.

use super::examples;
use super::name_words::is_first;
use super::topic::{EMBEDDED, TopicRules};
use super::words::{Token, Words, fold, stem};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// No more words than this are kept of a letter.
const MOST: usize = 400;
/// Shorter words tell nothing, and an initial or the letter of a class is one.
const SHORTEST: usize = 3;
/// Lines at the end that may be a signature, and how many words each has at most.
const SIGNED_LINES: usize = 3;
const SIGNED_WORDS: usize = 5;
/// So many people of a letter are looked for in all of it.
const PEOPLE: usize = 64;
/// Words that a name may have after «зовут».
const NAMED: usize = 3;

/// Words that everybody uses: those of the shipped examples, where they stand without a capital, and those of the rules.
struct Common {
    stems: HashSet<String>,
    /// The rules' own words: an abbreviation among them (ОГЭ) is nobody's name.
    rules: HashSet<String>,
}

static COMMON: LazyLock<Common> = LazyLock::new(|| {
    let mut common = Common { stems: HashSet::new(), rules: HashSet::new() };
    for (_, line) in examples::shipped() {
        let words = Words::new(line);
        let lower = words.tokens.iter().filter(|t| !capital(&words, t));
        common.stems.extend(lower.map(|t| t.stem().to_owned()));
    }
    for (_, text) in EMBEDDED {
        let rules = toml::from_str::<TopicRules>(text).map(|r| r.rule).unwrap_or_default();
        for phrase in rules.iter().flat_map(|r| &r.phrases) {
            let words: Vec<String> = phrase.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(fold).collect();
            common.stems.extend(words.iter().map(|w| stem(w)));
            common.rules.extend(words);
        }
    }
    common
});

impl Common {
    fn knows(&self, token: &Token) -> bool {
        self.stems.contains(token.stem()) || self.rules.contains(&token.norm)
    }
}

/// The stems of a text's common words, each once, sorted: the sentences cannot be made from them again. `unwanted` are names of people whom the
/// letter may be about; they go in every form, and so does whatever looks like a name, a number, a class or an address.
pub(super) fn stems(text: &str, unwanted: &[&str]) -> Vec<String> {
    let words = Words::new(text);
    let places = Places { dirty: dirty(&words), hidden: hidden(&words), first: first_names(&words), signature: signature(words.text) };
    let known = unwanted.iter().flat_map(|name| Words::new(name).tokens.iter().map(|t| t.norm.clone()).collect::<Vec<_>>());
    let mut people: HashSet<String> = known.filter(|p| p.chars().count() >= SHORTEST).collect();
    // Who is named once is meant elsewhere in the letter, too: «сын тимоша … тимоше».
    let named = words.tokens.iter().enumerate().filter(|(i, t)| t.norm.chars().count() > SHORTEST && places.name(&words, *i, t));
    people.extend(named.take(PEOPLE).map(|(_, t)| t.norm.clone()));
    let mut kept = Vec::new();
    for (i, token) in words.tokens.iter().enumerate() {
        if places.common(&words, i, token) && !people.iter().any(|p| form_of(p, &token.norm)) {
            kept.push(token.stem().to_owned());
        }
        if kept.len() >= MOST {
            break;
        }
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// What stands where in a letter.
struct Places {
    /// Parts of addresses, numbers, files.
    dirty: Vec<bool>,
    /// Behind a word that announces a name or a place.
    hidden: Vec<bool>,
    /// First names and patronymics.
    first: Vec<bool>,
    /// Where the signature begins.
    signature: usize,
}

impl Places {
    /// Whether a word nobody else would use stands where names stand.
    fn name(&self, words: &Words<'_>, i: usize, token: &Token) -> bool {
        let at = |list: &[bool]| list.get(i).copied().unwrap_or(false);
        let surname = like_a_surname(&token.norm);
        if at(&self.first) || (COMMON.knows(token) && !(surname && self.beside_first(words, i))) {
            return false;
        }
        let inside = capital(words, token) && i > 0 && words.together(i - 1, i);
        surname || inside || at(&self.hidden) || token.at.start >= self.signature || behind_kin(words, i) || self.beside_first(words, i)
    }

    /// Whether only a blank parts a word from a first name: «мельник даниил». Words for people stand there by themselves.
    fn beside_first(&self, words: &Words<'_>, i: usize) -> bool {
        let first = |i: usize| self.first.get(i).copied().unwrap_or(false);
        let blank = |i: usize, j: usize| match (words.tokens.get(i), words.tokens.get(j)) {
            (Some(a), Some(b)) => words.text.get(a.at.end..b.at.start).is_some_and(|t| t == " "),
            _ => false,
        };
        let before = i > 0 && first(i - 1) && blank(i - 1, i);
        !KIN.contains(&words.norm(i)) && (before || (first(i + 1) && blank(i, i + 1)))
    }

    /// Whether a word may be kept by its letters and its place.
    fn common(&self, words: &Words<'_>, i: usize, token: &Token) -> bool {
        let at = |list: &[bool]| list.get(i).copied().unwrap_or(true);
        let strange = at(&self.dirty) || at(&self.hidden) || at(&self.first) || self.beside_first(words, i) || self.name(words, i, token);
        !strange && wanted(words, i, token, token.at.start >= self.signature)
    }
}

fn raw<'a>(words: &Words<'a>, token: &Token) -> &'a str {
    words.text.get(token.at.clone()).unwrap_or_default()
}

fn capital(words: &Words<'_>, token: &Token) -> bool {
    raw(words, token).chars().next().is_some_and(char::is_uppercase)
}

/// Whether the letters and the place of a word let it be a common one.
fn wanted(words: &Words<'_>, i: usize, token: &Token, signed: bool) -> bool {
    let letters = token.norm.chars().count();
    if letters < SHORTEST || numeral(&token.norm) || !token.norm.chars().all(char::is_alphabetic) {
        return false;
    }
    // Other letters than Russian ones: names of programs that the examples know, otherwise perhaps a login.
    let russian = token.norm.chars().all(|c| matches!(c, 'а'..='я'));
    if (!russian || signed) && !COMMON.knows(token) {
        return false;
    }
    let shouted = raw(words, token).chars().all(char::is_uppercase);
    if shouted && letters <= 5 && COMMON.rules.contains(&token.norm) {
        return true;
    }
    if !capital(words, token) {
        return true;
    }
    let begins = i == 0 || !words.together(i - 1, i);
    // Two capitals in a row, or an initial behind: somebody's name.
    let named = words.tokens.get(i + 1).is_some_and(|next| words.together(i, i + 1) && capital(words, next));
    begins && !named && COMMON.knows(token)
}

/// «мой сын мирослав»: where a child is named.
fn behind_kin(words: &Words<'_>, i: usize) -> bool {
    i > 0 && words.together(i - 1, i) && KIN.contains(&words.norm(i - 1))
}

/// Words for people, behind which a name often stands.
const KIN: [&str; 26] = [
    "сын",
    "сына",
    "сыну",
    "сыном",
    "дочь",
    "дочери",
    "дочка",
    "дочки",
    "дочку",
    "дочке",
    "ребенок",
    "ребенка",
    "ребенку",
    "внук",
    "внука",
    "внучка",
    "внучки",
    "внучку",
    "ученик",
    "ученица",
    "мама",
    "мамы",
    "папа",
    "бабушка",
    "учитель",
    "учительница",
];

/// Words whose neighbours to the right are names or places, with their number; `true`: whatever they are, `false`: unless the word is a common one.
fn announces(word: &str) -> Option<(usize, bool)> {
    match word {
        "зовут" | "звать" | "имя" | "имени" | "фамилия" | "фамилии" | "фио" | "отчество" => Some((NAMED, true)),
        "ул" | "улица" | "улице" | "улицы" | "улицу" | "проспект" | "проспекте" | "пр" | "переулок" | "переулке" | "пер" | "бульвар" | "шоссе" | "мкр"
        | "жк" => Some((2, true)),
        "микрорайон"
        | "микрорайоне"
        | "село"
        | "селе"
        | "деревня"
        | "деревне"
        | "поселок"
        | "поселке"
        | "пос"
        | "город"
        | "городе"
        | "района"
        | "районе"
        | "станция"
        | "метро"
        | "логин"
        | "ник"
        | "пользователь" => Some((1, false)),
        _ => None,
    }
}

/// «ул. Садовая»: the full stop ends no sentence.
fn abbreviated(words: &Words<'_>, i: usize) -> bool {
    match (words.tokens.get(i), words.tokens.get(i + 1)) {
        (Some(a), Some(b)) => words.text.get(a.at.end..b.at.start).is_some_and(|t| matches!(t, "." | ". ")),
        _ => false,
    }
}

/// Which words stand behind one that announces a name or an address.
fn hidden(words: &Words<'_>) -> Vec<bool> {
    let mut hidden = vec![false; words.tokens.len()];
    for i in 0..words.tokens.len() {
        let Some((count, always)) = announces(words.norm(i)) else { continue };
        for next in i + 1..=i + count {
            if let (Some(place), Some(token)) = (hidden.get_mut(next), words.tokens.get(next))
                && (words.together(next - 1, next) || (next == i + 1 && abbreviated(words, i)))
                && (always || !COMMON.knows(token))
            {
                *place = true;
            }
        }
    }
    hidden
}

/// Which words are part of something between blanks that is no word: an address, a file, a number with letters.
fn dirty(words: &Words<'_>) -> Vec<bool> {
    let (mut dirty, mut end, mut is) = (Vec::with_capacity(words.tokens.len()), 0, false);
    for token in words.tokens.iter() {
        if token.at.start >= end {
            let chunk = chunk(words.text, end, &token.at);
            end = chunk.end;
            is = words.text.get(chunk).is_some_and(no_word);
        }
        dirty.push(is);
    }
    dirty
}

/// What stands between blanks around a word; nothing before `from` belongs to it.
fn chunk(text: &str, from: usize, at: &Range<usize>) -> Range<usize> {
    let before = text.get(from..at.start).and_then(|t| t.char_indices().rev().find(|(_, c)| c.is_whitespace()));
    let start = before.map_or(from, |(i, c)| from + i + c.len_utf8());
    let end = text.get(at.end..).and_then(|t| t.find(char::is_whitespace)).map_or(text.len(), |i| at.end + i);
    start..end
}

fn no_word(chunk: &str) -> bool {
    let latin = |c: Option<&u8>| c.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = chunk.as_bytes();
    chunk.chars().any(|c| c.is_numeric() || matches!(c, '@' | '_' | '\\' | '=' | '%' | '#'))
        || chunk.contains("://")
        || (bytes.iter().enumerate()).any(|(i, b)| matches!(b, b'.' | b'/') && i > 0 && latin(bytes.get(i - 1)) && latin(bytes.get(i + 1)))
}

/// Where the last lines begin that are short enough for a signature.
fn signature(text: &str) -> usize {
    let (mut start, mut lines) = (text.len(), 0);
    for line in text.split_inclusive('\n').rev() {
        let words = line.split_whitespace().take(SIGNED_WORDS + 1).count();
        if words > SIGNED_WORDS || lines >= SIGNED_LINES {
            break;
        }
        lines += usize::from(words > 0);
        start -= line.len();
    }
    start
}

/// «семиклассник», «пятом», «десять»: a class or a number in words. «Четверть» is neither.
fn numeral(word: &str) -> bool {
    const NUMBERS: [&str; 14] =
        ["перв", "втор", "трет", "четверт", "четыр", "пят", "шест", "седьм", "семикл", "восьм", "восем", "девят", "десят", "одиннадцат"];
    let quarter = word.starts_with("четверть") || word.starts_with("четвертн") || matches!(word, "четверти" | "четвертей" | "четвертях" | "четвертям");
    !quarter && (NUMBERS.iter().any(|n| word.starts_with(n)) || ["надцать", "надцати", "классник", "классница", "классницы"].iter().any(|e| word.ends_with(e)))
}

/// Which words are first names or patronymics.
fn first_names(words: &Words<'_>) -> Vec<bool> {
    const FATHERS: [&str; 6] = ["ович", "евич", "льич", "мич", "оглы", "кызы"];
    let father = |word: &str| FATHERS.iter().any(|p| word.find(p).is_some_and(|at| at > 2 && word.len() - at - p.len() <= 6));
    let of = |t: &Token| is_first_form(&t.norm) || father(&t.norm) || (DAUGHTERS.iter().any(|e| longer(&t.norm, e)) && !COMMON.knows(t));
    words.tokens.iter().map(of).collect()
}

/// Whether a word ends so and has something before it.
fn longer(word: &str, end: &str) -> bool {
    word.len() > end.len() + 4 && word.ends_with(end)
}

fn like_a_surname(word: &str) -> bool {
    ENDS.iter().any(|e| longer(word, e))
}

/// Endings of patronymics of women.
const DAUGHTERS: [&str; 15] = ["овна", "овны", "овне", "овну", "овной", "евна", "евны", "евне", "евну", "евной", "ична", "ичны", "ичне", "ичну", "ичной"];

/// Endings of surnames in all cases.
const ENDS: [&str; 59] = [
    "ов",
    "ова",
    "ову",
    "овой",
    "овым",
    "ове",
    "овы",
    "овых",
    "ев",
    "ева",
    "еву",
    "евой",
    "евым",
    "еве",
    "евы",
    "евых",
    "ин",
    "ина",
    "ину",
    "иной",
    "иным",
    "ине",
    "ины",
    "иных",
    "ын",
    "ына",
    "ыну",
    "ыной",
    "ыным",
    "ский",
    "ская",
    "ского",
    "ской",
    "скому",
    "скую",
    "ским",
    "ском",
    "цкий",
    "цкая",
    "цкого",
    "цкой",
    "цкому",
    "цкую",
    "цким",
    "ых",
    "их",
    "ко",
    "юк",
    "юка",
    "чук",
    "чука",
    "ян",
    "яна",
    "янц",
    "дзе",
    "швили",
    "штейн",
    "заде",
    "ман",
];

/// A first name in any case: «Марии», «Артёмом», «Павла», «Льву».
fn is_first_form(word: &str) -> bool {
    if is_first(word) {
        return true;
    }
    const CASES: [&str; 14] = ["а", "я", "у", "ю", "е", "и", "ы", "ой", "ей", "ом", "ем", "ью", "ою", "ею"];
    CASES.iter().filter_map(|end| word.strip_suffix(end)).any(|root| {
        let Some(last) = root.chars().next_back() else { return false };
        let before = root.strip_suffix(last).unwrap_or_default();
        // The vowel that other cases lose: «Павел», «Павла»; «Лев», «Льва».
        let lost = format!("{}е{last}", before.strip_suffix('ь').unwrap_or(before));
        root.chars().count() > 1 && (is_first(&lost) || ["", "а", "я", "й", "ь"].iter().any(|put| is_first(&format!("{root}{put}"))))
    })
}

/// Whether `word` may be the name `name` in some case.
fn form_of(name: &str, word: &str) -> bool {
    let letters = name.chars().count();
    let root = letters - if letters > 4 { 2 } else { usize::from(letters > 3) };
    let end = name.char_indices().nth(root).map_or(name.len(), |(i, _)| i);
    word.chars().count() <= letters + 3 && name.get(..end).is_some_and(|root| word.starts_with(root))
}
