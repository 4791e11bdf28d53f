//! Who the people of a letter are: the author's role, the child, members of staff that are named.
//!
//! Not here: the author's name (`author`).

use super::author::{NO_NAME, is_first, listed, parts, within};
use super::words::{Matcher, Words, fold, stem};
use super::{Role, StaffName};
use std::sync::LazyLock;

const ROLES: &[&[&str]] = &[
    // 0 a parent
    &[
        "мой|моя|моего|моей|моему|нашего|нашей|наш|наша|моих|сына|сыну|дочери .. ребенок|ребенка|ребенку|сын|сына|сыну|дочь|дочери|дочка|дочку|внук|внука|внуку|внучка|внучки|дети|детей|сыном",
        "=я .. мама|мать|папа|отец|бабушка|дедушка|опекун|родитель|одна|вдовец",
        "у меня .. сын|дочь|дети|ребенок|двое|трое|внук|внучка",
        "сын|дочь|дочка|дочке|дочки|сына|сыну|дочери|внук|внучка|внука|внучки|ребенок|ребенка|ребенку|ребенком|сыном|дочкой|дочерью|сынок",
        "законный представитель",
        "мама|папа|отец|мать|бабушка|дедушка|опекун .. ученика|ученицы|учеников",
        "нашей|нашего|нашему семь*",
        "муж|жена|мужа|мужем|мужу|женой|жены",
        "правнук|правнука|племянник|племянника|племянником|племянница|подопечный|подопечная",
        "папа|мама|бабушка|дедушка|отец|мать|прабабушка|опекун|тетя + пишет|обращается",
        "внуки|внуков|детьми|детям|ребят* .. моих|наших",
    ],
    // 1 a pupil
    &[
        "=я .. ученик|ученица|учусь|школьник|школьница|семиклассник|восьмиклассник|девятиклассник|десятиклассник|шестиклассник|одиннадцатиклассник|восьмиклассница|девятиклассница|десятиклассница|семиклассница",
        "учусь|учимся в",
        "мне .. лет",
        "мама|папа|родители|предки .. не знает|знают|говорит|говорят|сказала|ругает*|ругают*|против|убьет|узнает",
        "мои|моя|мой|моего|моей|моим .. родители|мама|папа|отец|отчим + я|мне|меня",
        "наш|наша|нашей .. классная|классной|училка",
        "=я .. забыл|забыла|потерял|потеряла|пропустил|пропустила|болел|болела .. парол*|логин*|тест*|контрольн*|уроки|тему|дз|зачет",
        "сдаю|сдавать .. огэ|егэ|экзамен|впр",
        "мои_одноклассники|моем_классе|моего_класса|моя_учительница|мой_учитель|моим_одноклассникам",
        "=я из",
        "у меня .. дневнике|двойка|тройка|долг|егэ|огэ|контрольная|тест|зачет|самостоятельная",
        "можно мне",
        "мне 10|11|12|13|14|15|16|17",
        "=я .. сдаю|непонял|непоняла|пишу_с_компа|прогулял*|один_из_класса",
        "мама|папа|родители .. тоже|думает|забрала|забрал|узнали|узнали_бы|одна",
        "пишем .. всем|от|мы",
        "нас .. сажают|заставляют|спрашивают",
        "=я .. 5а|5б|6а|6б|7а|7б|8а|8б|9а|9б|10а|10б|11а|11б|5в|6в|7в|8в|9в|5г|6г|7г|8г|9г",
        "дома .. говорят",
        "светлана|елена|ольга|наталья .. сказала сдать",
        "сдаю .. проект|работу|огэ|егэ",
        "наши|нашим|нам .. учителя|ставят|задают|объясняли",
        "учителя .. требуют|ставят",
        "только .. родителям|маме|папе .. не",
        "не говорите|рассказывайте .. маме|родителям|папе",
    ],
    // 2 a teacher
    &[
        "=я .. учитель|педагог|преподаватель|преподаю|классный",
        "веду .. урок*|математик*|русск*|английск*|физик*|класс|истори*|хими*|предмет",
        "мои|моих|моим|моими ученики|учеников|ученикам|учениками",
        "=я .. веду|преподаю",
        "в моем классе",
        "на моем|моих уроке|уроках",
    ],
    // 3 an outsider
    &[
        "сосед|соседка|соседи|соседский|соседский|живет .. подъезде",
        "резюме|вакансия|вакансии|трудоустройство",
        "прошу .. представить|предоставить .. информацию|сведения",
        "управление|департамент|министерство .. образования",
        "наша компания|организация|фирма",
    ],
];
static ROLE: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(ROLES));

/// The role that the words of an appeal show. `staff` says that the sender is of the school.
pub(super) fn role(words: &Words<'_>, has_class: bool, staff: bool) -> Role {
    let hits = ROLE.find(words);
    let count = |n: usize| {
        let mut ends: Vec<usize> = hits.iter().filter(|h| h.rule == n).map(|h| h.last).collect();
        ends.dedup_by(|a, b| a.abs_diff(*b) < 3);
        ends.len()
    };
    let (parent, pupil, teacher, outside) = (count(0), count(1), count(2), count(3));
    if staff {
        return if teacher > 0 || has_class { Role::Teacher } else { Role::Staff };
    }
    if outside > 0 && parent == 0 && pupil == 0 {
        return Role::Unknown;
    }
    let said_pupil = pupil > 0 && (parent == 0 || pupil > parent)
        || words.tokens.windows(2).any(|w| matches!(w, [a, b] if a.norm == "я" && (b.norm.starts_with("учени") || b.norm == "учусь")));
    if said_pupil {
        return Role::Pupil;
    }
    if teacher > parent {
        return Role::Teacher;
    }
    if outside > parent {
        return Role::Unknown;
    }
    if parent > 0 || has_class { Role::Parent } else { Role::Unknown }
}

/// The child's name as written: after a word for the child, or beside the class.
pub(super) fn child(text: &str, author: Option<&str>) -> Option<String> {
    const CHILD: [&str; 30] = [
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
        "дочерью",
        "ребенок",
        "ребенка",
        "ребенку",
        "внук",
        "внука",
        "внуку",
        "внучка",
        "внучки",
        "внучку",
        "ученик",
        "ученика",
        "ученица",
        "ученицы",
        "мама",
        "мамы",
        "папа",
        "бабушка",
        "отец",
        "мать",
    ];
    let author = author.map(parts).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().take(3000).collect();
    for (i, word) in words.iter().enumerate() {
        let folded = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
        let cue = CHILD.contains(&folded.as_str()) && !word.ends_with(['.', '!', '?']);
        let bracket = word.starts_with('(') && words.iter().skip(i).take(5).any(|w| w.chars().any(|c| c.is_ascii_digit()));
        if !cue && !bracket {
            continue;
        }
        let from = if cue { i + 1 } else { i };
        let mut name = Vec::new();
        for word in words.iter().skip(from).skip_while(|w| matches!(**w, "—" | "-" | "–" | ":")).take(3) {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let f = fold(bare);
            if !bare.chars().next().is_some_and(char::is_uppercase)
                || !bare.chars().all(|c| c.is_alphabetic() || c == '-')
                || listed(NO_NAME, &f)
                || bare.chars().count() < 3
            {
                break;
            }
            name.push(bare);
            if word.ends_with([',', '.', ')', '!', ';']) {
                break;
            }
        }
        let joined = name.join(" ");
        let known = name.iter().any(|n| is_first(&fold(n)) || is_first(&nominative(&fold(n))));
        if known && !within(&parts(&joined), &author) {
            return Some(joined);
        }
    }
    None
}

/// A guess at the nominative of a first name in an oblique case, good enough for looking it up.
fn nominative(word: &str) -> String {
    for (end, put) in [
        ("ю", "я"),
        ("и", "я"),
        ("у", "а"),
        ("ы", "а"),
        ("е", "а"),
        ("ой", "а"),
        ("ей", "я"),
        ("ом", ""),
        ("а", ""),
        ("я", "й"),
        ("ем", "й"),
        ("у", ""),
        ("ю", "й"),
        ("е", "я"),
        ("я", "ь"),
    ] {
        if let Some(root) = word.strip_suffix(end) {
            let guess = format!("{root}{put}");
            if is_first(&guess) {
                return guess;
            }
        }
    }
    word.to_owned()
}

/// Ids of staff whom the text names: the surname in any case, with a first name, a patronymic or an initial beside it, or a surname that is nobody else's
/// part of the author's name; also «Мария Ивановна» without the surname where only one has it.
pub(super) fn staff_named(words: &Words<'_>, staff: &[StaffName], author: Option<&str>) -> Vec<String> {
    let author = author.map(parts).unwrap_or_default();
    let mut found = Vec::new();
    for person in staff {
        let names = parts(&person.name);
        let Some(surname) = names.first().filter(|s| !author.iter().any(|a| a.norm == s.norm)) else { continue };
        let root = name_root(&surname.norm);
        let by_surname = words.tokens.iter().enumerate().any(|(i, t)| {
            name_root(&t.norm) == root
                && words.text.get(t.at.clone()).is_some_and(|raw| raw.chars().next().is_some_and(char::is_uppercase))
                && !kindly(words, i)
        });
        let by_name = match (names.get(1), names.get(2)) {
            (Some(first), Some(patronymic)) => {
                let alone = staff
                    .iter()
                    .filter(|s| parts(&s.name).get(1).is_some_and(|f| f.norm == first.norm) && parts(&s.name).get(2).is_some_and(|p| p.norm == patronymic.norm))
                    .count()
                    == 1;
                let (f, p) = (bare(&first.norm), bare(&patronymic.norm));
                let case = |word: &str, bare: &str| word.strip_prefix(bare).is_some_and(|end| end.chars().count() <= 3);
                alone && words.tokens.windows(2).enumerate().any(|(i, w)| matches!(w, [a, b] if case(&a.norm, f) && case(&b.norm, p)) && !kindly(words, i))
            }
            _ => false,
        };
        if by_surname || by_name {
            found.push(person.id.clone());
        }
    }
    found
}

/// A first name or patronymic without its ending: «Нин», «Аркадьевн», «Игор».
fn bare(word: &str) -> &str {
    word.trim_end_matches(['а', 'я', 'й', 'ь', 'и'])
}

/// «Спасибо Марии Ивановне», «хотим попасть к Соколовой»: named, but not what the letter is about.
fn kindly(words: &Words<'_>, name: usize) -> bool {
    let before = |n: usize| name.checked_sub(n).filter(|&i| words.together(i, name)).map_or("", |i| words.norm(i));
    let wish = |w: &str| ["запис", "попаст", "консультац", "обратит", "поговорит", "встрет", "посоветова"].iter().any(|p| w.starts_with(p));
    (1..=3).any(|n| before(n).starts_with("спасибо") || before(n).starts_with("благодар")) || (before(1) == "к" && (2..=4).any(|n| wish(before(n))))
}

/// A surname without its ending of gender and case: «Соколова», «Соколовой», «Соколову» are one; so are «Зимина», «Зиминой».
fn name_root(word: &str) -> String {
    for end in [
        "скому",
        "ского",
        "ским",
        "ской",
        "ская",
        "ский",
        "скую",
        "ском",
        "овой",
        "евой",
        "иной",
        "ыной",
        "ову",
        "еву",
        "ину",
        "ыну",
        "ова",
        "ева",
        "ина",
        "ына",
        "ове",
        "еве",
        "ине",
        "овым",
        "евым",
        "иным",
        "ов",
        "ев",
        "ин",
        "ын",
    ] {
        if let Some(root) = word.strip_suffix(end).filter(|r| r.chars().count() >= 2) {
            let class: String = end.chars().take(2).collect();
            return format!("{root}{class}");
        }
    }
    stem(word)
}
