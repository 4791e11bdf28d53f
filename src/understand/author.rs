//! The author's name as the letter gives it: each name of the text is weighed by what stands around it.
//!
//! Not here: the words of names (`names`), role, child, named staff (`people`), how to address the author (`compose`), phones and classes (`contact`).

use super::name_words::{is_kin, is_latin_first, nominative};
use super::names::{self, Kind, Name, Named, Part, gap, parts, within};
use super::words::is_letter;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// On whose side the words of a letter stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Side {
    /// A family speaks of a child.
    Parent,
    /// A pupil speaks.
    Pupil,
    /// Nothing tells.
    #[default]
    Open,
}

/// Who wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Author {
    /// As written.
    pub name: Option<String>,
    /// The name stands beside a class, as pupils sign.
    pub beside_class: bool,
}

/// Least weight of a name that is taken for the author's.
const ENOUGH: i32 = 5;
/// Weight of what rules a name out.
const NEVER: i32 = -40;

/// Words beside a child's name.
pub(super) static CHILD: Listed = LazyLock::new(|| {
    "сын сына сыну сыном сынок дочь дочери дочка дочки дочку дочке дочерью доча ребенок ребенка ребенку внук внука внуку внучка внучки \
    внучку внучке ученика ученицы ученику ученице пасынок падчерица мальчик девочка племянник племянница подопечный"
        .split_whitespace()
        .collect()
});
/// Words beside a child's name.
pub(super) static OWN: Listed = LazyLock::new(|| {
    "мой моя мою моего моей моему наш наша нашу нашего нашей старший старшая младший младшая старшего младшего средний приемный имени \
    мое моим приемная первоклассник"
        .split_whitespace()
        .collect()
});
static STAFF: Listed = LazyLock::new(|| {
    "учитель учительница учителя педагог директор завуч уважаемая уважаемый уважаемые дорогая дорогой преподаватель руководитель \
    руководительница психолог логопед тренер воспитатель классная классной тьютор вожатая библиотекарь врач здравствуйте здравствуй \
    привет день утро вечер"
        .split_whitespace()
        .collect()
});
static CLOSING: Listed = LazyLock::new(|| {
    "уважением ув благодарностью спасибо доброго благодарю заранее ваша ваш пожеланиями надеждой благодарна благодарен свидания \
    признательностью хорошего почтением"
        .split_whitespace()
        .collect()
});
/// Words that may stand below or behind a signature without making it a sentence.
static BELOW: Listed = LazyLock::new(|| {
    "тел телефон т моб мобильный мой моя номер whatsapp ватсап вотсап вацап вайбер viber телеграм звонить звоните класс класса классе \
    кл ученика ученицы ученик ученица с уважением спасибо заранее отправлено из для доб раб рабочий домашний дом контактный почта е \
    мск после до в на или и максе связи сот сотовый приемная законный родной не раньше позже лучше"
        .split_whitespace()
        .collect()
});

/// A list of words.
pub(super) type Listed = LazyLock<FxHashSet<&'static str>>;

/// Whether a list of words holds one.
pub(super) fn listed(list: &Listed, word: &str) -> bool {
    list.contains(word)
}

/// A name's surroundings.
pub(super) struct View<'a, 'b> {
    pub named: &'a Named<'b>,
    /// Words of a sentence that stand after each word of the text, to its end.
    pub rest: Vec<usize>,
}

impl View<'_, '_> {
    pub(super) fn norm(&self, i: Option<usize>) -> &str {
        i.and_then(|i| self.named.words.get(i)).map_or("", |w| &*w.norm)
    }
    pub(super) fn gap(&self, i: usize) -> u8 {
        self.named.words.get(i).map_or(gap::LINE, |w| w.gap)
    }
    fn grade(&self, i: Option<usize>) -> bool {
        i.and_then(|i| self.named.words.get(i)).is_some_and(|w| w.kind == Kind::Number && w.raw.parse::<u8>().is_ok_and(|n| (1..=11).contains(&n)))
    }
    fn letter(&self, i: Option<usize>) -> bool {
        let word = self.norm(i);
        word.chars().count() == 1 && word.chars().all(is_letter) || matches!(word, "бэ" | "вэ" | "гэ" | "дэ")
    }

    /// The first word of a class that stands right before word `i`.
    pub(super) fn class_before(&self, i: usize) -> Option<usize> {
        let mut at = i.checked_sub(1)?;
        let named = self.norm(Some(at)).starts_with("клас") || self.norm(Some(at)) == "кл";
        if named {
            at = at.checked_sub(1)?;
        }
        if self.letter(Some(at)) && self.grade(at.checked_sub(1)) {
            return at.checked_sub(1);
        }
        (named && self.grade(Some(at))).then_some(at)
    }

    /// Whether a class stands right after word `i`, and whether «ученик» stands between.
    pub(super) fn class_after(&self, i: usize) -> (bool, bool) {
        let (mut at, mut pupil) = (i + 1, false);
        for _ in 0..3 {
            let word = self.norm(Some(at));
            if self.gap(at) & (gap::STOP | gap::DOT) != 0 {
                return (false, pupil);
            }
            pupil |= matches!(word, "ученик" | "ученица" | "учусь");
            if !matches!(word, "из" | "в" | "ученик" | "ученица" | "класс" | "учусь") {
                break;
            }
            at += 1;
        }
        let short = self.gap(at) & (gap::STOP | gap::DOT) == 0;
        let class = self.grade(Some(at)) && (self.letter(Some(at + 1)) || self.norm(Some(at + 1)).starts_with("кл") || self.norm(Some(at - 1)) == "класс");
        (short && class, pupil)
    }
}

/// For each word how many words of a sentence stand behind it.
fn rest(named: &Named<'_>) -> Vec<usize> {
    let mut count = 0;
    let mut out = vec![0; named.words.len()];
    for (i, word) in named.words.iter().enumerate().rev() {
        if let Some(slot) = out.get_mut(i) {
            *slot = count;
        }
        let latin = word.norm.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
        let light = latin || word.kind != Kind::Other || word.norm.chars().count() == 1 || is_kin(&word.norm) || listed(&BELOW, &word.norm);
        // What a mail program adds is a line of its own.
        if word.gap & gap::LINE != 0 && matches!(&*word.norm, "отправлено" | "послано" | "sent") {
            count = 0;
        } else {
            count += usize::from(!light);
        }
    }
    out
}

/// What a name weighs as the author's, and whether it stands beside a class.
fn weigh(view: &View<'_, '_>, name: &Name, display: &[Part], side: Side) -> (i32, bool) {
    let words = &view.named.words;
    let run = words.get(name.first..=name.last).unwrap_or_default();
    let before = |n: usize| name.first.checked_sub(n);
    let (p1, p2, p3) = (view.norm(before(1)), view.norm(before(2)), view.norm(before(3)));
    let (g, after) = (view.gap(name.first), view.gap(name.last + 1));
    let n1 = view.norm(Some(name.last + 1));
    let ends = gap::LINE | gap::DOT | gap::STOP;
    let stops = gap::DOT | gap::STOP;
    let own = parts(&name.text);
    let shares = run.iter().any(|w| (w.kind == Kind::First || w.kind == Kind::Capital && display.len() == 1) && display.iter().any(|d| d.norm == w.norm))
        || within(display, &own)
        || within(&own, display);
    let behind = view.rest.get(name.last).copied().unwrap_or_default();
    if name.declined {
        return (NEVER, false);
    }
    // «сын Тимофей», «дочь моя, Вера», «по имени Лев».
    let child_cue = |at: usize| listed(&CHILD, view.norm(before(at)));
    if g & ends == 0 && !shares && (child_cue(1) || listed(&OWN, p1) && (child_cue(2) || p1 == "имени") || g == 0 && listed(&OWN, p1) && p1 != "имени")
    {
        return (NEVER, false);
    }
    let mut weight = if name.known { 0 } else { -3 };
    weight += i32::from(run.len() > 1) - if name.small && run.len() == 1 { 4 } else { 0 };
    let mut cue = 0;
    let (next_class, pupil_word) = view.class_after(name.last);
    let class_start = view.class_before(name.first);
    // «Рогачёва Светлана, 4А, дочь Полина»: the child is named behind the class.
    let child_behind = next_class && (3..=5).any(|n| listed(&CHILD, view.norm(Some(name.last + n))) && view.gap(name.last + n) & stops == 0);
    if child_behind && side != Side::Pupil {
        cue += 7;
    }
    // «мама Саши из 1В, Алёна Быкова»: that class belongs to what stands before it.
    let of_others = class_start.is_some_and(|c| matches!(view.norm(c.checked_sub(1)), "из" | "в" | "во"));
    let mut beside = next_class && !child_behind || class_start.is_some() && !of_others && g & gap::LINE == 0;
    // A form of a man's name in the genitive is a woman's in the nominative: «мама Александра».
    let genitive = run.len() == 1 && run.first().is_some_and(|w| nominative(&w.norm).is_some());
    let whole = |w: i32| if side == Side::Pupil { NEVER } else { w };
    if is_kin(p1) && !shares {
        if g & (gap::COMMA | gap::DASH | gap::COLON | gap::LINE) != 0 && g & stops == 0 {
            cue += whole(9);
        } else if g & (stops | gap::BRACKET) == 0 {
            let said =
                matches!(p2, "я" | "это" | "пишет" | "вам" | "беспокоит" | "обращается") || name.first.checked_sub(1).is_some_and(|k| view.gap(k) & ends != 0);
            let third = matches!(p1, "тетя" | "дядя" | "тетка" | "няня") && !said;
            cue += if genitive || third { NEVER } else { whole(if said { 7 } else { 3 }) };
        }
    } else if class_start.is_some_and(|c| is_kin(view.norm(c.checked_sub(1)))) && g & ends == 0 {
        cue += whole(9);
        beside = false;
    }
    let n2 = view.norm(Some(name.last + 2));
    let kin_after =
        (is_kin(n1) || is_kin(n2) && matches!(n1, "приемная" | "законный" | "родной" | "родная" | "я" | "старшая" | "крестная" | "это")) && after & stops == 0;
    if kin_after {
        cue += whole(9);
    }
    if p1 == "зовут" {
        let me = [p2, p3, view.norm(before(4))].iter().any(|w| matches!(*w, "меня" | "мое"));
        cue += if me { 14 } else { NEVER };
    } else if n1 == "зовут" && p1 == "меня" {
        cue += 14;
    }
    let writes = |w: &str| matches!(w, "пишет" | "беспокоит" | "обращается" | "пишу");
    if writes(p1) || matches!(p1, "вам" | "вас") && (writes(p2) || p2 == "к" && writes(p3)) || p1 == "вам" && writes(n1) {
        cue += 10;
    }
    if g & stops == 0 {
        match p1 {
            "я" => cue += 8,
            "это" => cue += 6,
            "исп" | "исполнитель" | "заявитель" | "имя" | "фио" | "отправитель" => cue += 9,
            "лицо" if p2 == "контактное" => cue += 9,
            _ => {}
        }
    }
    if matches!(p1, "исп" | "исполнитель" | "фио") && g & gap::STOP == 0 && g & gap::DOT != 0 {
        cue += 9;
    }
    if listed(&CLOSING, p1) && g & gap::STOP == 0 && behind <= 4 {
        cue += 6;
    }
    let first_person = [p2, p3, view.norm(before(4))].contains(&"я");
    if listed(&STAFF, p1) && g & ends == 0 && behind > 0 && cue == 0 {
        cue += if first_person { 8 } else { NEVER };
    }
    // «Лидия Павловна, простите…»: whom the letter greets.
    if name.first <= 2 && behind > 2 && cue == 0 && !next_class && after & (gap::COMMA | gap::STOP | gap::LINE) != 0 && !writes(n1) {
        weight += NEVER;
    }
    if behind == 0 {
        weight += 6;
    } else if behind <= 8 && g & gap::LINE != 0 {
        weight += 3;
    }
    // «Крылов Николай Фёдорович, председатель совета дома».
    if g & gap::LINE != 0 && after & gap::COMMA != 0 && run.len() > 1 && behind <= 8 {
        weight += 2 + i32::from(run.len() > 2);
    }
    let alone = |flags: u8| g & flags != 0 && after & flags != 0;
    weight += if alone(gap::LINE) {
        3
    } else if alone(ends) {
        2
    } else {
        0
    };
    if words.get(name.last + 1).is_some_and(|w| w.kind == Kind::Number && !next_class) || n1.starts_with("тел") || n1.starts_with("моб") || n1 == "родитель"
    {
        weight += 3;
    }
    if shares {
        weight += 8;
    }
    if beside {
        let apart = g & (stops | gap::LINE) != 0 && !next_class;
        weight += match side {
            Side::Pupil => 6,
            Side::Open if pupil_word => 8,
            // The sender shows another name in full: this one is the child's.
            Side::Open if display.len() > 1 && !shares && display.iter().all(|d| !d.norm.is_ascii()) => -9,
            Side::Open => -2,
            Side::Parent if apart => -2,
            Side::Parent => -9,
        };
    }
    // «Мария Ивановна сказала»: a sentence about somebody.
    let verb = words.get(name.last + 1).is_some_and(|w| w.small && w.gap == 0 && w.kind == Kind::Other && !is_kin(&w.norm) && !listed(&BELOW, &w.norm));
    if verb && cue == 0 {
        weight -= 5;
    }
    weight += cue;
    (weight, beside)
}

/// The person that a display name shows, where it shows one.
fn person(display: &str) -> Option<String> {
    const ORGANISATION: [&str; 26] = [
        "сайт",
        "служба",
        "отдел",
        "школ",
        "форма",
        "линия",
        "поддержк",
        "приемн",
        "академ",
        "компани",
        "центр",
        "магазин",
        "рассылк",
        "платформ",
        "почта",
        "admin",
        "info",
        "support",
        "noreply",
        "робот",
        "семья",
        "ооо",
        "мбоу",
        "гбоу",
        "комитет",
        "солнышк",
    ];
    let named = names::read(display);
    let words = &named.words;
    let organisation = words.iter().any(|w| w.norm == "и" || ORGANISATION.iter().any(|o| w.norm.starts_with(o)));
    let latin = |w: &names::Word<'_>| w.norm.chars().all(|c| c.is_ascii_alphabetic()) && !w.small;
    if !organisation && (1..=3).contains(&words.len()) && words.iter().all(latin) && words.iter().any(|w| is_latin_first(&w.norm)) {
        return Some(display.to_owned());
    }
    if organisation || display.contains('@') {
        return None;
    }
    let name = named.names.iter().find(|n| {
        let kin = n.first.checked_sub(1).and_then(|i| words.get(i)).is_some_and(|w| is_kin(&w.norm));
        let run = words.get(n.first..=n.last).unwrap_or_default();
        let genitive = run.len() == 1 && run.first().is_some_and(|w| nominative(&w.norm).is_some());
        !(n.declined || kin && genitive)
    })?;
    let all = name.first == 0 && name.last + 1 == words.len();
    let run = words.get(name.first..=name.last).unwrap_or_default();
    // A lone word is a name only where it is in the lists or ends like a surname.
    let letters = |w: &names::Word<'_>| w.raw.chars().count() < 6 && w.raw.chars().all(char::is_uppercase);
    let agency = words.iter().any(letters) && !words.iter().all(letters);
    let good = name.known || all && !agency && (run.len() > 1 || run.iter().all(|w| w.kind == Kind::Surname));
    if all && good { Some(display.to_owned()) } else { good.then(|| name.text.clone()).filter(|_| name.known) }
}

/// The author's name: the fullest form; the display name wins over a signature that is a part of it, otherwise the signature.
pub(super) fn name(named: &Named<'_>, display: Option<&str>, side: Side) -> Author {
    let shown = display.map(|d| d.trim().trim_matches(['"', '\'', '«', '»'])).filter(|d| !d.is_empty());
    let display = shown.and_then(person);
    // A word that no list knows is no name by itself, but tells which of the text's names is the sender's: «Бекзода».
    let lone = shown.filter(|d| d.chars().all(is_letter) && d.chars().count() > 2);
    let display_parts = display.as_deref().or(lone).map(parts).unwrap_or_default();
    let view = View { named, rest: rest(named) };
    let mut best: Option<(i32, &Name, bool)> = None;
    let mut weighed: Vec<(i32, &Name)> = Vec::new();
    // Who signs stands last: of very many names the first are left out.
    for name in named.names.iter().skip(named.names.len().saturating_sub(400)) {
        let (weight, beside) = weigh(&view, name, &display_parts, side);
        weighed.push((weight, name));
        if weight >= ENOUGH && best.is_none_or(|b| weight >= b.0) {
            best = Some((weight, name, beside));
        }
    }
    let (mut own, beside_class) = best.map_or((None, false), |b| (Some(b.1.text.clone()), b.2));
    if let Some(short) = own.as_deref().map(parts) {
        // A fuller form elsewhere: «М. Ковалёва» below, «меня зовут Мария Ковалёва» above.
        let fuller = weighed.iter().filter(|(weight, n)| *weight > -3 && n.last - n.first + 1 > short.len() && within(&short, &parts(&n.text)));
        if let Some((_, name)) = fuller.max_by_key(|(_, n)| n.last - n.first) {
            own = Some(name.text.clone());
        }
    }
    let name = match (own, display) {
        (Some(own), Some(display)) if is_less(&own, &display) => Some(display),
        (Some(own), _) => Some(own),
        (None, display) => display,
    };
    Author { name, beside_class }
}

/// Whether a signature is only a part of the display name, or its initials («Бартош И. Л.» of «Инга Бартош»), or the same without capitals.
fn is_less(own: &str, display: &str) -> bool {
    let (own_parts, whole) = (parts(own), parts(display));
    let (forth, back) = (within(&own_parts, &whole), within(&whole, &own_parts));
    let full = |list: &[Part]| list.iter().filter(|p| !p.initial).count();
    let initials = full(&own_parts) == 1
        && full(&whole) > 1
        && own_parts.iter().filter(|p| !p.initial).all(|p| whole.iter().any(|w| w.norm == p.norm))
        && own_parts.iter().any(|p| p.initial && whole.iter().any(|w| !w.initial && w.norm.starts_with(&p.norm)));
    let small = |name: &str| !name.chars().any(char::is_uppercase);
    initials || forth && (!back || small(own) && !small(display))
}
