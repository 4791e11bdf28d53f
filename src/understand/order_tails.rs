//! What may follow the phrase of an order: a moment, a date, a colleague's name, the number of a series, a text.
//!
//! Each takes all of what it is given or nothing: a time with words left over is no time.

use super::Category;
use super::days::{Day, dates_of, day};
use super::hours::time;
use super::lexer::{Piece, pieces, word};
use super::name_words;
use super::orders::Colleague;
use super::words::{Words, cut, fold, stem};
use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

/// Bytes of a time, a date, a name.
const SHORT: usize = 160;

/// A day and a clock time: «на четверг 16:00», «28.11 в 15.00», «завтра в четыре».
pub fn when(text: &str, today: NaiveDate) -> Option<NaiveDateTime> {
    let text = text.trim().trim_end_matches(['.', '!']);
    if text.len() > SHORT || text.contains(['\n', '?']) {
        return None;
    }
    let pieces = pieces(text);
    // «со среды на четверг 16:00»: what it is moved from says nothing.
    let from = matches!(word(pieces.first()), "с" | "со").then(|| pieces.iter().position(|p| word(Some(p)) == "на")).flatten();
    let mut rest = pieces.get(from.unwrap_or(0)..)?;
    let (mut date, mut clock) = (None, None);
    while let Some(piece) = rest.first() {
        if let Some((found, used)) = day(rest, today).filter(|_| date.is_none()) {
            date = Some(one(&found, today)?);
            rest = rest.get(used..)?;
        } else if let Some((at, used)) = exact(rest).filter(|_| clock.is_none()) {
            clock = Some(at);
            rest = rest.get(used..)?;
        } else if matches!(piece, Piece::Comma | Piece::Dash | Piece::End | Piece::Stop)
            || matches!(word(Some(piece)), "на" | "в" | "во" | "к" | "время" | "часов" | "час" | "часа" | "ч" | "года" | "г")
        {
            rest = rest.get(1..)?;
        } else {
            return None;
        }
    }
    Some(NaiveDateTime::new(date?, clock?))
}

/// A clock time, not a part of the day and not a stretch: it reads as the forty minutes from it on.
fn exact(rest: &[Piece]) -> Option<(chrono::NaiveTime, usize)> {
    let (span, used) = time(rest).or_else(|| {
        // «четверг 16 часов»
        let hour = matches!(rest.first(), Some(Piece::Number { .. }))
            && (word(rest.get(1)).starts_with("час") || matches!(word(rest.get(1)), "ч" | "утра" | "дня" | "вечера"));
        let mut led = vec![Piece::Word("в".into())];
        led.extend(rest.iter().filter(|_| hour).take(4).cloned());
        time(&led).map(|(span, used)| (span, used - 1))
    })?;
    let at = span.after.filter(|_| !span.part)?;
    (span.before? - at == TimeDelta::minutes(40)).then_some((at, used))
}

fn one(found: &Day, today: NaiveDate) -> Option<NaiveDate> {
    let dates = dates_of(found, today, None);
    match dates.as_slice() {
        [date] => Some(*date),
        _ => None,
    }
}

/// A date behind «до»: «до 28.11», «до пятницы», «на два дня», «на неделю».
pub fn date(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim().trim_end_matches(['.', '!']);
    if text.len() > SHORT || text.contains('\n') {
        return None;
    }
    let pieces = pieces(text);
    let mut rest = pieces.as_slice();
    while matches!(word(rest.first()), "до" | "по" | "срок" | "на" | "еще" | "ответа") || rest.first() == Some(&Piece::Comma) {
        rest = rest.get(1..)?;
    }
    if let Some(days) = stretch(rest) {
        return today.checked_add_days(Days::new(days));
    }
    let (found, used) = day(rest, today)?;
    let over = rest.get(used..)?;
    let end = |p: &Piece| matches!(p, Piece::End | Piece::Comma | Piece::Stop) || matches!(word(Some(p)), "включительно" | "года" | "г");
    over.iter().all(end).then(|| one(&found, today)).flatten()
}

/// «два дня», «неделю», «3 дня»: how many days.
pub(super) fn stretch(rest: &[Piece]) -> Option<u64> {
    let (count, used) = match rest.first()? {
        Piece::Number { value, .. } => (u64::from(*value), 1),
        Piece::Word(w) => number(w).map_or((1, 0), |n| (u64::from(n), 1)),
        _ => return None,
    };
    let unit = word(rest.get(used));
    let days = if unit.starts_with("недел") {
        7
    } else if matches!(unit, "день" | "дня" | "дней" | "сутки" | "суток") {
        1
    } else {
        return None;
    };
    let over = rest.get(used + 1..)?;
    (over.iter().all(|p| *p == Piece::End) && (1..=60).contains(&(count * days))).then_some(count * days)
}

fn number(w: &str) -> Option<u32> {
    const NUMBERS: [&[&str]; 12] = [
        &["один", "одну", "одной"],
        &["два", "две", "двух"],
        &["три", "трех"],
        &["четыре", "четырех"],
        &["пять", "пяти"],
        &["шесть", "шести"],
        &["семь", "семи"],
        &["восемь", "восьми"],
        &["девять", "девяти"],
        &["десять", "десяти"],
        &["одиннадцать", "одиннадцати"],
        &["двенадцать", "двенадцати"],
    ];
    w.parse().ok().or_else(|| NUMBERS.iter().position(|forms| forms.contains(&w)).map(|n| n as u32 + 1))
}

/// «5», «из 5 встреч раз в две недели», «5 еженедельно», «5, одним событием»: meetings in all, weeks between, one event.
pub(super) fn series(text: &str) -> Option<(u32, u32, bool)> {
    let words = Words::new(cut(text, SHORT));
    let (mut count, mut weeks, mut one_event) = (None, 1, false);
    let mut i = 0;
    while i < words.tokens.len() {
        let (a, b, c) = (words.norm(i), words.norm(i + 1), words.norm(i + 2));
        i += match (a, b, c) {
            ("из" | "на" | "по" | "и", ..) => 1,
            ("раз", "в", c) if c.starts_with("недел") => 3,
            ("раз", "в", c) => {
                weeks = number(c).filter(|n| (1..=8).contains(n) && words.norm(i + 3).starts_with("недел"))?;
                4
            }
            ("каждую", b, _) if b.starts_with("недел") => 2,
            ("каждые", n, c) if c.starts_with("недел") => {
                weeks = number(n).filter(|n| (1..=8).contains(n))?;
                3
            }
            ("через", b, _) if b.starts_with("недел") => {
                weeks = 2;
                2
            }
            ("еженедельно", ..) => 1,
            ("одним", b, _) if b.starts_with("событи") => {
                one_event = true;
                2
            }
            (n, b, _) if count.is_none() => {
                count = Some(number(n).filter(|n| (2..=20).contains(n))?);
                1 + usize::from(b.starts_with("встреч") || b.starts_with("консультац") || b.starts_with("заняти") || b == "раз" && words.norm(i + 2) != "в")
            }
            _ => return None,
        };
    }
    count.map(|n| (n, weeks, one_event))
}

/// The text behind the phrase and on the lines below.
pub(super) fn text_after(tail: &str, below: &str) -> Option<String> {
    let head = tail.trim_start_matches([':', ' ', '—', '–', '-', ',', '.', '!', ';']).trim();
    let text = [head, below].join("\n").trim().to_owned();
    text.chars().any(char::is_alphanumeric).then_some(text)
}

/// The one member of staff whom words name: surname in any case, with first name and patronymic where there are namesakes, or the post.
pub(super) fn colleague(text: &str, staff: &[Colleague<'_>]) -> Option<String> {
    let words = Words::new(cut(text, SHORT));
    let said: Vec<&str> = words.tokens.iter().map(|t| t.norm.as_str()).filter(|w| !matches!(*w, "на" | "к" | "у" | "с" | "пожалуйста")).collect();
    if said.is_empty() || said.len() > 8 {
        return None;
    }
    let by_name: Vec<_> = staff.iter().filter(|c| is_named(&said, c)).collect();
    let by_post: Vec<_> = staff.iter().filter(|c| !c.post.is_empty() && holds(&said, c.post)).collect();
    let both: Vec<_> = staff.iter().filter(|c| is_titled(&said, c)).collect();
    match (by_name.as_slice(), by_post.as_slice(), both.as_slice()) {
        ([one], _, _) | ([], [one], _) | ([], [], [one]) => Some(one.id.to_owned()),
        _ => None,
    }
}

/// Every word is of the name: «Петровой», «Петровой Марии Ивановне», «Петрова М. И.».
fn is_named(said: &[&str], c: &Colleague<'_>) -> bool {
    let name = fold(c.name);
    let parts: Vec<&str> = name.split_whitespace().collect();
    let Some(surname) = parts.first() else { return false };
    let mut surnamed = false;
    let all = said.iter().all(|w| {
        if same(w, surname) {
            surnamed = true;
            return true;
        }
        parts.iter().skip(1).any(|p| same(w, p) || w.chars().count() == 1 && p.starts_with(w))
    });
    // A first name alone is nobody's; with the patronymic it is enough: «Ирине Юрьевне».
    all && (surnamed || said.len() >= 2 && said.iter().any(|w| w.chars().count() > 5 && parts.last().is_some_and(|p| same(w, p))))
}

/// «психологу», «социальному педагогу»: each word is of the post.
fn holds(said: &[&str], post: &str) -> bool {
    let post = Words::new(post);
    said.iter().all(|w| post.tokens.iter().any(|p| stem(w) == p.stem() || stem(w) == stem(&p.norm)))
}

/// «педагогу-психологу Соколовой»: post and name together.
fn is_titled(said: &[&str], c: &Colleague<'_>) -> bool {
    (1..said.len()).any(|n| said.get(..n).is_some_and(|post| holds(post, c.post)) && said.get(n..).is_some_and(|name| is_named(name, c)))
}

/// Whether a name that is looked for («Иванову», «иванова мария») is this one: each of its words in some case.
pub fn named_like(said: &str, whole: &str) -> bool {
    let words = |text: &str| -> Vec<String> { text.split(|c: char| !c.is_alphabetic() && c != '-').filter(|w| !w.is_empty()).map(fold).collect() };
    let (said, whole) = (words(cut(said, SHORT)), words(cut(whole, 4 * SHORT)));
    // The register has names as people wrote them, so that either side may stand in some case.
    !said.is_empty() && said.iter().all(|s| whole.iter().any(|w| same(s, w) || same(w, s)))
}

/// Whether a word is a name in some case: «Соколовой», «Соколову» and «Соколова»; «Козлову» and «Козлов»; «Марии» and «Мария».
fn same(said: &str, name: &str) -> bool {
    let (base, cases) = declined(name);
    said == name || said.strip_prefix(base).is_some_and(|end| cases.contains(&end)) || name_words::nominative(said).is_some_and(|n| fold(&n) == name)
}

/// What of a name stays and the endings of its cases, by the ending of its nominative. Men and women of one surname have cases of their own.
fn declined(name: &str) -> (&str, &'static [&'static str]) {
    const TABLE: [(&str, &[&str]); 15] = [
        ("ая", &["ой", "ую", "ою"]),
        ("яя", &["ей", "юю"]),
        ("ия", &["ии", "ию", "ией"]),
        ("ский", &["ского", "скому", "ским", "ском"]),
        ("цкий", &["цкого", "цкому", "цким", "цком"]),
        ("ый", &["ого", "ому", "ым", "ом"]),
        ("ой", &["ого", "ому", "ым", "ом"]),
        ("ова", &["овой", "ову", "овою"]),
        ("ева", &["евой", "еву", "евою"]),
        ("ина", &["иной", "ину", "ине", "ины", "иною"]),
        ("а", &["ы", "и", "е", "у", "ой", "ою", "ей"]),
        ("я", &["и", "е", "ю", "ей"]),
        ("ел", &["ла", "лу", "лом", "ле"]),
        ("й", &["я", "ю", "ем", "е", "и"]),
        ("ь", &["я", "ю", "ем", "е", "и"]),
    ];
    let known = TABLE.iter().find_map(|(end, cases)| name.strip_suffix(end).filter(|b| b.chars().count() >= 2).map(|b| (b, *cases)));
    known.unwrap_or((name, &["а", "у", "ом", "ым", "е", "ем"]))
}

/// The name behind «на», «у», a colon, without what closes the sentence.
pub(super) fn named(tail: &str) -> &str {
    let tail = tail.trim_start_matches([':', ' ', ',', '—', '-']).trim_end_matches(['.', '!', ' ', ',']);
    tail.strip_prefix("на ").unwrap_or(tail).trim()
}

/// The way as the windows name it: «phone», «in_person», or the school's own word.
pub(super) fn way(tail: &str) -> Option<String> {
    let said = tail.trim_start_matches([':', ' ', '—', '-']).trim_end_matches(['.', '!', ' ']);
    let words = Words::new(said);
    if words.tokens.is_empty() || words.tokens.len() > 4 {
        return None;
    }
    let has = |roots: &[&str]| words.tokens.iter().any(|t| roots.iter().any(|r| t.norm.starts_with(r)));
    Some(if has(&["телефон", "звон"]) {
        "phone".to_owned()
    } else if has(&["личн", "очн", "школ", "кабинет"]) {
        "in_person".to_owned()
    } else if has(&["сферум"]) {
        "Сферум".to_owned()
    } else if has(&["max", "макс"]) || words.norm(0) == "мах" {
        "MAX".to_owned()
    } else if has(&["письм", "почт"]) {
        "email".to_owned()
    } else {
        said.to_owned()
    })
}

/// «тема: логопед».
pub(super) fn topic(tail: &str) -> Option<Category> {
    const TITLES: [(&str, Category); 12] = [
        ("техническ", Category::Technical),
        ("журнал", Category::Ejournal),
        ("дневник", Category::Ejournal),
        ("электронн", Category::Ejournal),
        ("качеств", Category::LessonQuality),
        ("техник", Category::Equipment),
        ("психолог", Category::Psychologist),
        ("логопед", Category::SpeechTherapist),
        ("социальн", Category::SocialPedagogue),
        ("соцпедагог", Category::SocialPedagogue),
        ("предмет", Category::LearningHelp),
        ("друг", Category::Other),
    ];
    let words = Words::new(cut(tail, 200));
    if !tail.starts_with(':') || words.tokens.is_empty() || words.tokens.len() > 5 {
        return None;
    }
    let mut found: Vec<Category> =
        TITLES.iter().filter(|(root, _)| words.tokens.iter().any(|t| t.norm.split('-').any(|p| p.starts_with(root)))).map(|t| t.1).collect();
    found.dedup();
    match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}
