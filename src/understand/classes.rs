//! The class of a child or a pupil, as people write it.
//!
//! Not here: whose class it is when several people speak (`forms` and `quoted` cut the text first).

use super::contact::words_before;
use super::suits::starts;
use super::words::{TEXT_LIMIT, Words, cut, fold, folded, in_word, is_letter};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Begins where [`grades`] does: a table of all the world's letters within it would be walked and wiped for each number of a letter.
static CLASS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // 1 the grade, 2 an ordinal ending, 3 "класс" before the letter, 4 what separates, 5 a quote, 6 the letter, 7 "класс" after it.
    Regex::new(
        r#"(?i)^(1[0-2]|[1-9])(?:\s?[-‐-―]?\s?(ый|ой|ий|го|ого|му|ому|ом|ем|й|м|е|я|ая)\b)?(\s{0,2}[-–(]?\s?(?:класс[а-яё]{0,3}|кл)\b\.?,?\s*(?:буква|литера|лит\.)?)?([\s\x{a0}]{0,2}[-‐-―/]?[\s\x{a0}]{0,2})(["«„“”'‘’(]{0,2})([а-яёa-z])(?:["»“”'’)]{1,2}|\b)([\s\x{a0}]{0,2}(?:класс[а-яё]{0,3}|кл\b))?"#,
    )
    .ok()
});
static CLASS_BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(1[0-2]|[1-9])(?:\s?[-‐-―]?\s?(?:ый|ой|ий|го|ого|му|ому|ом|ем|й|м|е))?[\s\x{a0}]{0,2}(?:(класс(?:а|е|у|ом|ник|ника|ница|ницы|нице|нику)?|кл)\b|-?(?:ти|ми)?классни[а-я]{1,3})").ok()
});
static CLASS_FIELD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[^0-9]{0,10}(1[0-2]|[1-9])(?:[^0-9]|$)").ok());

fn letter(raw: &str) -> Option<char> {
    let c = folded(raw).chars().next()?;
    let c = match c {
        'a' => 'а',
        'b' | 'v' => 'в',
        'k' => 'к',
        'e' => 'е',
        'm' => 'м',
        'h' => 'н',
        'o' => 'о',
        'p' => 'р',
        'c' => 'с',
        't' => 'т',
        'x' => 'х',
        'g' => 'г',
        'd' => 'д',
        other => other,
    };
    (matches!(c, 'а'..='я') && !matches!(c, 'й' | 'ъ' | 'ы' | 'ь')).then(|| c.to_uppercase().next().unwrap_or(c))
}

/// A class of a form's field: «4в», «7-й "Б"», «1 класс, букву не помнит».
pub(super) fn class_field(value: &str) -> Option<String> {
    class(value, true).or_else(|| CLASS_FIELD.as_ref()?.captures(value)?.get(1).map(|m| m.as_str().to_owned()))
}

/// The places where a number begins: each piece reaches from the character before it some way on, so that no pattern runs over a whole text. At most 200.
fn round_digits(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = text.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).filter_map(|(i, _)| {
        let mut back = text.get(..i)?.char_indices().rev();
        let from = back.next().unwrap_or((0, ' '));
        if from.1.is_ascii_digit() {
            return None;
        }
        // «Мадина,3 «а»»: a mark right behind a word is no decimal point.
        let glued = matches!(from.1, ',' | '.' | ':' | '/') && back.next().is_some_and(|second| is_letter(second.1));
        Some(if glued { i } else { from.0 })
    });
    starts.take(200).filter_map(|from| {
        let to = (from + 90).min(text.len());
        let to = (to..=text.len()).find(|&e| text.is_char_boundary(e))?;
        Some((from, text.get(from..to)?))
    })
}

/// The numbers that can be a class: a grade that no letter, digit or mark of a longer number stands before, and nothing behind it but what separates until
/// a letter comes. Phones, dates, hours and sums are told by this without a pattern.
fn grades<'t>(numbers: &[(usize, &'t str)]) -> impl Iterator<Item = (usize, &'t str)> {
    numbers.iter().filter_map(|&(from, piece)| {
        let first = piece.chars().next()?;
        let before = if first.is_ascii_digit() { 0 } else { first.len_utf8() };
        if before > 0 && (is_letter(first) && !first.is_numeric() || matches!(first, '.' | ',' | ':' | '/' | '+' | '-')) {
            return None;
        }
        let piece = piece.get(before..)?;
        let behind = piece.trim_start_matches(|c: char| c.is_ascii_digit());
        if !matches!(piece.get(..piece.len() - behind.len())?.as_bytes(), [b'1'..=b'9'] | [b'1', b'0'..=b'2']) {
            return None;
        }
        let separates = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '/' | '(' | '"' | '«' | '„' | '“' | '”' | '\'' | '‘' | '’');
        behind.chars().find(|c| !separates(*c)).is_some_and(char::is_alphabetic).then_some((from + before, piece))
    })
}

/// The child's class: the best-supported mention. `sure` says that the text is about a class anyway (a form's field, a subject).
pub(super) fn class(text: &str, sure: bool) -> Option<String> {
    const CUES: [&str; 15] = ["класс", "учит", "учен", "учус", "сын", "доч", "ребен", "внук", "внуч", "мам", "класc", "пап", "бабуш", "параллел", "перев"];
    let mut best: Option<(i32, String)> = None;
    // Asked for once, and only where a brother or a sister is spoken of.
    let admitted = std::cell::OnceCell::new();
    let mut offer = |score: i32, class: String| {
        if best.as_ref().is_none_or(|b| score > b.0) {
            best = Some((score, class));
        }
    };
    let text = cut(text, TEXT_LIMIT);
    // Looked for once: most texts have few, and three readings ask for them.
    let numbers: Vec<_> = round_digits(text).collect();
    if let Some(regex) = CLASS.as_ref() {
        for (start, piece) in grades(&numbers) {
            let Some(c) = regex.captures(piece) else { continue };
            let (Some(grade), Some(sign)) = (c.get(1), c.get(6)) else { continue };
            let Some(upper) = letter(sign.as_str()) else { continue };
            let between = c.get(4).map_or("", |m| m.as_str());
            let quoted = c.get(5).is_some_and(|m| !m.is_empty());
            let class_word = c.get(3).is_some() || c.get(7).is_some();
            let capital = sign.as_str().chars().next().is_some_and(char::is_uppercase);
            let farther = words_before(text, start + grade.start(), 7);
            let before = farther.get(..4).unwrap_or(&farther);
            let near = |list: &[&str]| before.iter().any(|w| starts(w, list));
            let after = text.get(start + sign.end()..).unwrap_or_default().trim_start_matches(['"', '»', '”', '\'', ')', '.']);
            let ends = after.trim_start_matches([' ', '\u{a0}']).chars().next().is_none_or(|c| !in_word(c));
            // «1 класс в сентябре»: the letter behind the word is a preposition.
            if c.get(3).is_some() && !quoted && !capital && !ends {
                continue;
            }
            // «в 6 д у дочери»: what the sentence goes on with speaks of a child.
            let goes_on = || {
                after
                    .split(|c: char| !in_word(c))
                    .filter(|w| !w.is_empty())
                    .take(4)
                    .map(fold)
                    .any(|w| starts(&w, &CUES) || starts(&w, &["карантин", "урок", "собран", "расписан", "каникул"]))
            };
            let apart = text.get(..start + grade.start()).is_some_and(|h| h.trim_end_matches([' ', '\u{a0}', '"', '«', '(']).ends_with(['.', '!', '?', '\n']));
            if before.first().is_some_and(|w| is_place(w) && !(apart && w.chars().count() > 3)) && !class_word {
                continue;
            }
            let attached = between.trim_matches(['\n', ' ', '\u{a0}']).len() == between.len();
            let mut score = if quoted {
                6
            } else if attached && capital {
                5
            } else if capital || attached {
                4
            } else {
                0
            };
            // «в 9 в школе», «5 и 6», «с 3 к 4»: a small separate letter is a word unless the sentence speaks of a class.
            if !quoted && !capital && !attached {
                let word_like = matches!(upper, 'А' | 'В' | 'И' | 'К' | 'О' | 'С' | 'У' | 'Я' | 'Ч' | 'Г');
                let stands_in = before.first().is_some_and(|w| matches!(&**w, "в" | "из" | "во"));
                score = if upper == 'И' && !sure {
                    0
                } else if class_word || near(&CUES) || (ends && (sure || !word_like)) || !word_like && (stands_in || before.len() < 2) && goes_on() {
                    4
                } else {
                    0
                };
            }
            if score > 0 && !quoted && matches!(upper, 'Ч' | 'Я') && !class_word {
                score = 0;
            }
            // «5 В понедельник…»: the letter begins the next sentence.
            if score > 0
                && !quoted
                && !attached
                && !ends
                && capital
                && matches!(upper, 'В' | 'А' | 'К' | 'С' | 'И' | 'У' | 'О' | 'Я')
                && !class_word
                && !near(&CUES)
            {
                score = 1;
            }
            if score == 0 {
                continue;
            }
            score += 3 * i32::from(class_word) + 2 * i32::from(near(&CUES)) + 2 * i32::from(c.get(2).is_some());
            let admission = || *admitted.get_or_init(|| speaks_of_admission(text));
            score += present(&farther, after, admission);
            offer(score, format!("{}{upper}", grade.as_str()));
        }
    }
    if let Some(class) = class_in_words(text) {
        offer(if class.chars().last().is_some_and(is_letter) { 6 } else { 3 }, class);
    }
    if let Some(regex) = CLASS_BARE.as_ref() {
        for (start, piece) in grades(&numbers) {
            // «класс», «кл»: without these letters, in whatever case, there is nothing to match.
            if !["кл", "Кл", "КЛ", "кЛ"].iter().any(|letters| piece.contains(letters)) {
                continue;
            }
            let Some(c) = regex.captures(piece) else { continue };
            let Some(grade) = c.get(1) else { continue };
            let head = words_before(text, start + grade.start(), 4);
            // «с 1 по 4 класс», «5-7 класс»: a range is nobody's class; «из 4 класса» is the former one.
            if head.first().is_some_and(|w| matches!(&**w, "по" | "до") || w.chars().all(|c| c.is_ascii_digit())) {
                continue;
            }
            // Who is yet to be admitted has no class.
            if head.iter().any(|w| is_admission(w)) {
                continue;
            }
            offer(2, grade.as_str().to_owned());
        }
    }
    best.filter(|b| b.0 > 0).map(|b| b.1).or_else(|| pupils_grade(text, &numbers))
}

/// «я в 8», «я из 7»: a pupil names the grade alone.
fn pupils_grade(text: &str, numbers: &[(usize, &str)]) -> Option<String> {
    numbers.iter().find_map(|&(start, piece)| {
        let at = piece.find(|c: char| c.is_ascii_digit())?;
        let digits: String = piece.get(at..)?.chars().take_while(char::is_ascii_digit).collect();
        let rest = piece.get(at + digits.len()..)?;
        let ends = rest.chars().next().is_none_or(|c| matches!(c, '.' | ',' | '!' | ')' | '\n')) && !rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        let before = words_before(text, start + at, 2);
        let says = before.first().is_some_and(|w| w == "в" || w == "из") && before.get(1).is_some_and(|w| w == "я" || w == "учусь");
        (ends && says && digits.parse::<u8>().is_ok_and(|n| (1..=11).contains(&n))).then_some(digits)
    })
}

/// Words that a number with a letter belongs to when it is no class: «дом 5А», «кабинет 7Б», «задание 5 а».
fn is_place(word: &str) -> bool {
    const WHOLE: [&str; 24] = [
        "дом",
        "дома",
        "доме",
        "дому",
        "д",
        "каб",
        "корп",
        "кв",
        "стр",
        "№",
        "упр",
        "п",
        "рис",
        "ауд",
        "зал",
        "вход",
        "вагон",
        "место",
        "лит",
        "литер",
        "билет",
        "сош",
        "номер",
        "тест",
    ];
    const HEADS: [&str; 21] = [
        "кабинет",
        "корпус",
        "квартир",
        "офис",
        "строени",
        "школ",
        "этаж",
        "подъезд",
        "вариант",
        "задани",
        "упражнени",
        "задач",
        "параграф",
        "пункт",
        "рисун",
        "автобус",
        "маршрут",
        "аудитори",
        "площадк",
        "приложени",
        "гимнази",
    ];
    WHOLE.contains(&word) || starts(word, &HEADS)
}

fn is_admission(word: &str) -> bool {
    starts(word, &["пойд", "зачисл", "запис", "поступ", "прием", "набор", "набира", "будущ"])
}

fn speaks_of_admission(text: &str) -> bool {
    text.split(|c: char| !is_letter(c)).any(|w| is_admission(&fold(w)) || matches!(w, "исполнится" | "подготовишка"))
}

/// How the words before a class (nearest first) and behind it speak for the present one: «перевели из 3 Г в 3 А», «хотим в 5Б», «раньше был в 4А», «брат в 5Г».
fn present(before: &[Cow<'_, str>], after: &str, admission: impl Fn() -> bool) -> i32 {
    let any = |heads: &[&str]| before.iter().any(|w| starts(w, heads));
    let first = |word: &str| before.first().is_some_and(|w| w == word);
    let mut weight = 0;
    if first("из") && any(&["перев", "переш", "перех"]) {
        let to: Vec<String> = after.split(|c: char| !in_word(c)).filter(|w| !w.is_empty()).take(2).map(fold).collect();
        // «просим перевести из 5Б»: not yet done.
        let wished = any(&["хот", "прос", "прош", "можн", "перевести", "перейти"]);
        weight += if wished || to.is_empty() { 1 } else { -4 };
    } else if (first("в") || first("во")) && any(&["перевест", "перейти", "хотим", "хочу", "хотел"]) && !any(&["учит", "сейчас"])
    {
        weight -= 4;
    }
    if any(&["раньше", "ранее", "прошл", "бывш", "соседн", "параллельн", "другого"]) && !any(&["сейчас", "теперь"])
    {
        weight -= 4;
    }
    if any(&["сейчас", "теперь", "ныне", "новый", "уже"]) {
        weight += 4;
    }
    // The class of a brother of a child who is yet to be admitted does not count.
    if any(&["брат", "сестр"]) && admission() {
        weight -= 20;
    }
    weight
}

/// «пятый бэ», «в седьмом «Г»», «второклассница», «первый класс».
fn class_in_words(text: &str) -> Option<String> {
    const GRADES: [(&str, &str); 12] = [
        ("одиннадцат", "11"),
        ("десят", "10"),
        ("девят", "9"),
        ("восьм", "8"),
        ("седьм", "7"),
        ("шест", "6"),
        ("пят", "5"),
        ("четверт", "4"),
        ("трет", "3"),
        ("втор", "2"),
        ("перв", "1"),
        ("одинадцат", "11"),
    ];
    const ENDINGS: [&str; 13] = ["ый", "ой", "ий", "ого", "его", "ому", "ему", "ом", "ем", "ьем", "ьего", "ым", "ьему"];
    const CHILDREN: [&str; 8] = ["учи", "сын", "доч", "внук", "внуч", "ребен", "мальчик", "девоч"];
    let words = Words::new(text);
    let mut bare = None;
    for (i, token) in words.tokens.iter().enumerate() {
        let w = token.norm.as_str();
        let spoken = w.as_bytes().windows(4).any(|b| b == "кл".as_bytes());
        if let Some(head) = Some(w).filter(|_| spoken).and_then(|w| w.find("классни").or_else(|| w.find("клашк"))).and_then(|at| w.get(..at)) {
            const HEADS: [(&str, &str); 11] = [
                ("перво", "1"),
                ("второ", "2"),
                ("третье", "3"),
                ("четверо", "4"),
                ("пяти", "5"),
                ("шести", "6"),
                ("семи", "7"),
                ("восьми", "8"),
                ("девяти", "9"),
                ("десяти", "10"),
                ("одиннадцати", "11"),
            ];
            // «одноклассники», «первоклассников» (several) are nobody's class.
            let plural = w.ends_with("ки") || w.ends_with("ков") || w.ends_with("кам") || w.ends_with("ками") || w.ends_with("ках");
            if let Some(grade) = HEADS.iter().find(|h| h.0 == head).filter(|_| !plural || w.ends_with("ницы")) {
                bare = bare.or(Some(grade.1.to_owned()));
            }
            continue;
        }
        let Some((root, grade)) = GRADES.iter().find(|g| starts(w, &[g.0])) else { continue };
        if !w.get(root.len()..).is_some_and(|e| ENDINGS.contains(&e)) {
            continue;
        }
        let (mut at, mut class_word) = (i + 1, false);
        if words.norm(at).starts_with("класс") {
            (at, class_word) = (at + 1, true);
        }
        let sign = words.norm(at);
        let named = match sign {
            "бэ" => Some('Б'),
            "вэ" => Some('В'),
            "гэ" => Some('Г'),
            "дэ" => Some('Д'),
            "жэ" => Some('Ж'),
            "зэ" => Some('З'),
            "ка" => Some('К'),
            one if one.chars().count() == 1 && words.together(i, at) => {
                let raw = words.tokens.get(at).and_then(|t| words.text.get(t.at.clone())).unwrap_or_default();
                let quoted = words.tokens.get(at).and_then(|t| words.text.get(..t.at.start)).is_some_and(|h| h.ends_with(['"', '«', '“', '„', '\'']));
                let sure = quoted || raw.chars().all(char::is_uppercase) || words.norm(at + 1).starts_with("класс");
                let end = words.tokens.get(at).and_then(|t| words.text.get(t.at.end..)).and_then(|t| t.chars().next());
                // «в четвёртом а, дерётся», «в шестом б»: the letter ends its phrase or is no word.
                let inside = matches!(words.norm(i.wrapping_sub(1)), "в" | "во" | "из" | "с");
                let commaless = words
                    .tokens
                    .get(i..=at)
                    .is_some_and(|t| t.windows(2).all(|w| matches!(w, [a, b] if words.text.get(a.at.end..b.at.start).is_some_and(|g| !g.contains(',')))));
                let spoken = one == "а" && inside && (2..=4).any(|n| CHILDREN.iter().any(|h| words.norm(i.wrapping_sub(n)).starts_with(h)));
                let small = spoken && commaless
                    || commaless
                        && (end.is_none_or(|c| matches!(c, ',' | '.' | ';' | ')' | '!' | '?' | '\n'))
                            || !matches!(one, "а" | "в" | "и" | "к" | "о" | "с" | "у" | "я") && inside);
                letter(one).filter(|_| (sure || small) && words.norm(at) != "и")
            }
            _ => None,
        };
        if let Some(letter) = named {
            return Some(format!("{grade}{letter}"));
        }
        let previous = words.norm(i.wrapping_sub(1));
        if (1..=4).any(|n| is_admission(words.norm(i.wrapping_sub(n)))) || words.norm(i + 2).len() == 4 && words.norm(i + 2).starts_with("20") {
            continue;
        }
        // «он у вас, кажется, во втором», «внучка в шестом»: no noun follows.
        if matches!(previous, "в" | "во") && ["ом", "ем", "ьем"].iter().any(|e| w.ends_with(e)) && !words.together(i, i + 1)
            || matches!(previous, "в" | "во") && w.ends_with('м') && words.text.get(token.at.end..).is_some_and(|t| t.starts_with([',', '.', ')', ';']))
        {
            let child = (2..=7).any(|n| {
                let w = words.norm(i.wrapping_sub(n));
                CHILDREN.iter().any(|h| w.starts_with(h)) || w == "вас" || w == "он" || w == "она"
            });
            if child {
                bare = bare.or(Some((*grade).to_owned()));
            }
        }
        if class_word
            && words.norm(i + 1).len() <= "классом".len()
            && !words.norm(i + 1).ends_with("ы")
            && !words.norm(i + 1).ends_with("ов")
            && previous != "по"
            && previous != "до"
        {
            bare = bare.or(Some((*grade).to_owned()));
        }
    }
    bare
}
