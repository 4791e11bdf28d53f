//! The names of others than the one who writes: the child, and the parent in a request that staff pass on.
//!
//! Not here: the author's own name (`author`).

use super::author::{CHILD, OWN, View, listed};
use super::name_words::{is_first, is_kin, nominative};
use super::names::{self, Kind, Name, Named, gap, parts, within};

/// The parent's name in a request that staff pass on in their own words: «Мама, Юсупова Дилноза», «Зовут её Щукина Валентина».
pub(super) fn relayed(named: &Named<'_>) -> Option<String> {
    let norm = |i: Option<usize>| i.and_then(|i| named.words.get(i)).map_or("", |w| &*w.norm);
    let kin = |w: &str| is_kin(w) || matches!(w, "мамы" | "отца" | "папы" | "бабушки" | "мамой" | "имя" | "маму" | "папу" | "родительница" | "матери");
    let found = named.names.iter().filter(|n| !n.declined && n.known).find(|n| {
        let (p1, p2) = (norm(n.first.checked_sub(1)), norm(n.first.checked_sub(2)));
        let marked = named.words.get(n.first).is_some_and(|w| w.gap != 0 && w.gap & (gap::STOP | gap::DOT) == 0);
        let single = n.first == n.last && nominative(norm(Some(n.first))).is_some();
        let cue = p1 == "зовут" && !listed(&CHILD, p2)
            || matches!(p1, "ее" | "его" | "мамы" | "маму" | "отца") && matches!(p2, "зовут" | "имя")
            || kin(p1) && (marked || !single || n.last > n.first);
        cue && is_adult(named, n)
    });
    found.map(|n| n.text.clone())
}

/// A first name, a patronymic or a surname in the nominative.
fn is_adult(named: &Named<'_>, name: &Name) -> bool {
    named.words.get(name.first..=name.last).unwrap_or_default().iter().any(|w| is_first(&w.norm) || w.kind == Kind::Patronymic)
}

/// The child's name as written: after a word for the child, in brackets, or beside the class.
pub(super) fn child(named: &Named<'_>, author: Option<&str>) -> Option<String> {
    let author = author.map(parts).unwrap_or_default();
    let view = View { named, rest: Vec::new() };
    let mut beside_class = None;
    for name in named.names.iter().filter(|n| n.known).take(400) {
        let run = named.words.get(name.first..=name.last).unwrap_or_default();
        if !run.iter().any(|w| matches!(w.kind, Kind::First | Kind::Declined)) || within(&parts(&name.text), &author) {
            continue;
        }
        let g = view.gap(name.first);
        let before = |n: usize| view.norm(name.first.checked_sub(n));
        let open = g & (gap::STOP | gap::DOT | gap::LINE) == 0;
        let child_word = |w: &str| listed(&CHILD, w) || matches!(w, "ученик" | "ученица" | "подопечная" | "подопечного");
        let possessive = listed(&OWN, before(1));
        // Behind a class: «ученика 7 «Д» класса Волкова Сергея», «сын (7Б, Егоров Никита)».
        let class = view.class_before(name.first);
        let over_class = class.is_some_and(|c| {
            let w = |n: usize| view.norm(c.checked_sub(n));
            child_word(w(1)) || child_word(w(2))
        });
        let kin = is_kin(before(1)) && g & (gap::COMMA | gap::COLON | gap::DASH) == 0;
        let kin_over = is_kin(before(2)) && possessive;
        let patronymic = run.iter().any(|w| w.kind == Kind::Patronymic);
        if open && !patronymic && (child_word(before(1)) || possessive && (g == 0 || child_word(before(2))) || over_class || kin && is_childs(run) || kin_over)
            || before(1) == "зовут" && (2..=4).any(|n| child_word(before(n)) || matches!(before(n), "его" | "ее"))
        {
            // «Фролова Ева, 3г» above says more than «мама Евы» below.
            return Some(beside_class.filter(|b: &String| b.contains(' ') && run.len() == 1).unwrap_or_else(|| name.text.clone()));
        }
        let bracket = g & gap::BRACKET != 0 && child_word(before(1));
        if bracket {
            return Some(name.text.clone());
        }
        if beside_class.is_none() && !patronymic && (view.class_after(name.last).0 || class.is_some() && g & gap::LINE == 0) {
            beside_class = Some(name.text.clone());
        }
    }
    beside_class
}

/// Behind «мама» a declined name, or one that may be declined, is the child's.
fn is_childs(run: &[names::Word<'_>]) -> bool {
    run.iter().any(|w| w.kind == Kind::Declined) || run.iter().any(|w| w.kind == Kind::First && nominative(&w.norm).is_some())
}
