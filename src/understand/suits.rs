//! Whether a time named in a sentence is one that suits the author, or that of an event, of the past, or a term.
//!
//! Not here: what the time is (`days`, `hours`).

use super::lexer::{Piece, word};
use chrono::NaiveDate;
/// Whether the sentence speaks of calling, meeting, coming, and not as of a thing that happened.
pub(super) fn speaks_of_meeting(sentence: &[Piece], today: NaiveDate) -> bool {
    const STARTS: [&str; 70] = [
        "звон",
        "позвон",
        "перезвон",
        "набер",
        "набра",
        "созвон",
        "связ",
        "удоб",
        "неудоб",
        "подойти",
        "подойд",
        "прийти",
        "приду",
        "придем",
        "прид",
        "приехать",
        "приед",
        "подъех",
        "подъед",
        "заехать",
        "заед",
        "зайти",
        "зайд",
        "забегу",
        "забеж",
        "встреч",
        "встрет",
        "увид",
        "консультац",
        "свобод",
        "трубк",
        "дозвон",
        "загляну",
        "доступн",
        "поговор",
        "побесед",
        "пообща",
        "забрать",
        "заберу",
        "заберем",
        "подскоч",
        "заскоч",
        "занести",
        "занесу",
        "привез",
        "говорить",
        "разговарив",
        "приема",
        "прием",
        "предлага",
        "предпоч",
        "забира",
        "соглас",
        "записаться",
        "записать",
        "запишите",
        "запиш",
        "назначить",
        "назначьте",
        "пригласи",
        "перенести",
        "перенесите",
        "перенос",
        "передвин",
        "отпрос",
        "прием",
        "примите",
        "принять",
        "выйти",
        "видеозв",
    ];
    const WHOLE: [&str; 15] =
        ["могу", "можем", "смогу", "сможем", "готова", "готов", "готовы", "устроит", "устроят", "подходит", "подходят", "подойдет", "любой", "любое", "отвечу"];
    // «звонила вам вчера» is no wish, «чтобы позвонили», «я бы подошла» are.
    let would = sentence.iter().any(|p| matches!(p, Piece::Word(w) if matches!(w.as_str(), "бы" | "б" | "чтобы" | "чтоб")));
    let cue = |at: usize, w: &str| !failing(sentence, at) && (STARTS.iter().any(|s| w.starts_with(s)) || WHOLE.contains(&w)) && (would || !happened(w));
    let pair = |p: &[Piece]| {
        matches!(p, [Piece::Word(a), Piece::Word(b)] if (a == "по" && b == "времени") || (a == "на" && b == "связи") || (a == "попасть" && matches!(b.as_str(), "к" | "на"))
            || (b == "дома" && matches!(a.as_str(), "я" | "мы" | "оба" | "буду" | "всегда" | "бываю" | "бываем")))
    };
    // «лучше во вторник», «можно после шести»
    let wish = |at: usize| {
        matches!(
            word(sentence.get(at)),
            "лучше"
                | "желательно"
                | "можно"
                | "предпочтительно"
                | "хорошо"
                | "идеально"
                | "хотелось"
                | "хотели"
                | "хотел"
                | "хотела"
                | "давайте"
                | "могут"
                | "может"
                | "сможет"
        ) && (at + 1..at + 4).any(|i| sentence.get(i..).is_some_and(|rest| super::days::day(rest, today).is_some() || super::hours::time(rest).is_some()))
    };
    sentence.iter().enumerate().any(|(i, p)| matches!(p, Piece::Word(w) if cue(i, w)))
        || (sentence.contains(&Piece::Phone) && !office(sentence))
        || sentence.windows(2).any(pair)
        || (0..sentence.len()).any(wish)
}

/// «не можем дозвониться», «не получается зайти», «зайти в дневник»: a trouble, not a meeting.
fn failing(sentence: &[Piece], at: usize) -> bool {
    const DOORS: [&str; 13] =
        ["платформ", "дневник", "сферум", "систем", "журнал", "сайт", "аккаунт", "урок", "конференц", "приложен", "профил", "учетн", "личн"];
    let at_word = |i: usize| word(sentence.get(i));
    // «звонок с урока» is the bell.
    if at_word(at).starts_with("звон") && (at + 1..at + 3).any(|i| at_word(i).starts_with("урок")) {
        return true;
    }
    let enters = ["зайт", "зайд", "заход", "попаст"].iter().any(|s| at_word(at).starts_with(s));
    if enters && (at + 1..at + 4).any(|i| DOORS.iter().any(|d| at_word(i).starts_with(d))) {
        return true;
    }
    let infinitive = |w: &str| w.ends_with("ть") || w.ends_with("ться") || w.ends_with("ти");
    // «не можем дозвониться»; «в среду не можем» is about a meeting.
    if matches!(at_word(at), "могу" | "можем") && at.checked_sub(1).is_some_and(|b| at_word(b) == "не") && infinitive(at_word(at + 1)) {
        return !["подойт", "прий", "встре", "приех", "говор"].iter().any(|s| at_word(at + 1).starts_with(s));
    }
    (at.saturating_sub(3)..at).any(|i| {
        let fails = matches!(
            at_word(i),
            "могу"
                | "можем"
                | "может"
                | "могут"
                | "хочет"
                | "хотят"
                | "получается"
                | "удается"
                | "удалось"
                | "получилось"
                | "смогли"
        );
        at_word(i) == "невозможно" || (fails && i.checked_sub(1).is_some_and(|b| at_word(b) == "не"))
    }) && infinitive(at_word(at))
}

/// «Часы приёма: …», «режим работы»: an office's hours in a signature.
pub(super) fn office(sentence: &[Piece]) -> bool {
    sentence.windows(2).any(|p| {
        let (a, b) = (word(p.first()), word(p.get(1)));
        matches!(a, "часы" | "режим" | "график" | "время") && (b == "работы" || b == "приема") || a.starts_with("приемн")
    })
}

pub(super) fn past(sentence: &[Piece]) -> bool {
    sentence.iter().any(|p| matches!(p, Piece::Word(w) if gone(w)))
}

fn gone(w: &str) -> bool {
    w == "вчера" || w == "позавчера" || w.starts_with("прошл") || w.starts_with("вчерашн") || w == "накануне"
}

/// Whether a word of the sentence begins so.
pub(super) fn told_of(sentence: &[Piece], root: &str) -> bool {
    sentence.iter().any(|p| word(Some(p)).starts_with(root))
}

/// The words of the clause round pieces `from..to`, at most `n` on each side, nearest first.
fn round(sentence: &[Piece], from: usize, to: usize, n: usize) -> (Vec<&str>, Vec<&str>) {
    let clause = |p: &&Piece| !matches!(p, Piece::Comma | Piece::Stop | Piece::Dash);
    let before = sentence.get(..from).unwrap_or_default().iter().rev().take_while(clause).take(n).map(|p| word(Some(p))).collect();
    let after = sentence.get(to..).unwrap_or_default().iter().take_while(clause).take(n).map(|p| word(Some(p))).collect();
    (before, after)
}

/// Whether the clause says that the author can then: «могу с 24 ноября», «звоните до пятницы», and not that a thing is due.
pub(super) fn able(sentence: &[Piece], from: usize, to: usize) -> bool {
    const CAN: [&str; 27] = [
        "могу",
        "можем",
        "смогу",
        "сможем",
        "свобод",
        "удоб",
        "готов",
        "доступн",
        "звоните",
        "звонить",
        "позвон",
        "перезвон",
        "набер",
        "созвон",
        "связ",
        "подойд",
        "подойти",
        "приду",
        "придем",
        "прийти",
        "подъед",
        "приед",
        "приех",
        "заед",
        "зайд",
        "встре",
        "начиная",
    ];
    const DUE: [&str; 12] = ["ответ", "сообщ", "нужн", "надо", "необходим", "срок", "решит", "исправ", "пришл", "успе", "должн", "сдать"];
    let (before, after) = round(sentence, from, to, 8);
    let has = |list: &[&str]| before.iter().chain(&after).any(|w| list.iter().any(|s| w.starts_with(s)) && !happened(w));
    has(&CAN) && !has(&DUE)
}

/// Events whose time is not the author's.
fn event(w: &str) -> bool {
    const EVENTS: [&str; 19] = [
        "тест",
        "контрольн",
        "экзамен",
        "зачет",
        "заседан",
        "комисси",
        "чаепит",
        "олимпиад",
        "суд",
        "операц",
        "собран",
        "репетиц",
        "соревнован",
        "дедлайн",
        "сдава",
        "пересдач",
        "смен",
        "работ",
        "больниц",
    ];
    // «после работы» is an hour of its own.
    EVENTS.iter().any(|e| w.starts_with(e)) && !matches!(w, "работы" | "работой" | "работаю" | "работаем" | "смену")
}

/// Whether item pieces `from..to` belong to an event or to the past and not to a meeting: judged by the words round them within the clause.
pub(super) fn foreign(sentence: &[Piece], from: usize, to: usize) -> bool {
    let (before, after) = round(sentence, from, to, 5);
    let near = |n: usize| before.iter().take(n).chain(after.iter().take(n)).copied();
    let would = near(5).any(|w| matches!(w, "бы" | "б" | "чтобы" | "чтоб"));
    if !would && near(5).any(|w| gone(w) || w.starts_with("обеща")) {
        return true;
    }
    const MEETING: [&str; 34] = [
        "звон",
        "позвон",
        "перезвон",
        "набер",
        "созвон",
        "удоб",
        "неудоб",
        "подойт",
        "подойд",
        "прий",
        "прид",
        "встре",
        "свобод",
        "могу",
        "можем",
        "смогу",
        "сможем",
        "готов",
        "заех",
        "зайт",
        "зайд",
        "лучше",
        "подъех",
        "подъед",
        "приед",
        "связ",
        "заед",
        "консультац",
        "мог",
        "запис",
        "назнач",
        "поговор",
        "можно",
        "желательно",
    ];
    let meeting = |w: &str| MEETING.iter().any(|s| w.starts_with(s)) && (would || !happened(w) || w.starts_with("мог"));
    if near(5).any(meeting) {
        return false;
    }
    near(4).any(event)
        || before.windows(2).take(2).any(|p| p == ["вас", "у"])
        || after.iter().take(3).any(|w| happened(w))
        || before.iter().take(2).any(|w| matches!(*w, "был" | "была" | "было" | "были"))
        || after.first().is_some_and(|w| w.starts_with("прошл"))
}

/// «работаю до 19», «занята с 9 до 15»: hours at which the author cannot.
pub(super) fn busy(sentence: &[Piece], from: usize) -> bool {
    let (before, _) = round(sentence, from, from, 2);
    before.iter().any(|w| {
        ["работа", "занят", "дежур", "учусь", "учится", "учимся", "смене", "уроки", "тренировк", "секци", "кружок"].iter().any(|s| w.starts_with(s))
            && *w != "работы"
    })
}

/// A verb in the past tense: «выдавали», «закрылся».
fn happened(w: &str) -> bool {
    let ends = ["ал", "ил", "ел", "ала", "ила", "ела", "али", "или", "ели", "ался", "ился", "ылся", "алась", "илась", "ались", "ились", "шел", "шла", "шли"];
    w.chars().count() > 3
        && !matches!(w, "если" | "дела" | "хотел" | "хотела" | "хотели" | "или" | "сила" | "школа" | "апрель" | "отдел" | "раздел")
        && ends.iter().any(|e| w.ends_with(e))
}
