//! Words of what happens, is past, keeps busy or goes wrong: a time beside them is no wish.
//!
//! Not here: words of suiting and asking (`suits`), how a clause is judged (`clauses`).

use super::lexer::{Piece, word};
use super::suits::{ends, infinitive, starts};

/// Leave, absence: «не посещать занятия», «в отъезде».
pub(super) fn absent(w: &str) -> bool {
    starts(w, &["посеща", "отсутств", "освободить", "освобожден", "отпустить", "пропуст", "пропуска"])
}

/// Being busy.
pub(super) fn busy_word(w: &str) -> bool {
    starts(
        w,
        &[
            "работа",
            "занят",
            "дежур",
            "учусь",
            "учится",
            "учимся",
            "смене",
            "смену",
            "тренировк",
            "секци",
            "кружок",
            "процедур",
            "командировк",
            "совещан",
            "лежу",
            "офис",
            "работе",
            "сижу",
        ],
    ) && !matches!(w, "работы" | "занятие" | "занятия" | "занятий" | "занятиях")
}

/// «не можем дозвониться», «не получается зайти», «зайти в дневник»: a trouble, not a meeting.
pub(super) fn failing(sentence: &[Piece], at: usize) -> bool {
    const DOORS: [&str; 14] =
        ["платформ", "дневник", "сферум", "систем", "журнал", "сайт", "аккаунт", "урок", "конференц", "приложен", "профил", "учетн", "личн", "кабинет"];
    let at_word = |i: usize| word(sentence.get(i));
    // «звонок с урока» is the bell.
    if at_word(at).starts_with("звон") && (at + 1..at + 3).any(|i| at_word(i).starts_with("урок")) {
        return true;
    }
    let enters = starts(at_word(at), &["зайт", "зайд", "заход", "попаст"]);
    if enters && (at + 1..at + 4).any(|i| starts(at_word(i), &DOORS)) {
        return true;
    }
    // «не можем дозвониться»; «в среду не можем» is about a meeting.
    if matches!(at_word(at), "могу" | "можем") && at.checked_sub(1).is_some_and(|b| at_word(b) == "не") && infinitive(at_word(at + 1)) {
        return !starts(at_word(at + 1), &["подойт", "прий", "встре", "приех", "говор", "разговар", "взять", "ответ"]);
    }
    let fails = |w: &str| {
        matches!(
            w,
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
        )
    };
    let own = |i: usize| matches!(at_word(i), "могу" | "можем");
    infinitive(at_word(at))
        && !(starts(at_word(at), &["подойт", "прий", "встре", "приех", "говор", "разговар"]) && (at.saturating_sub(3)..at).any(own))
        && (at.saturating_sub(3)..at).any(|i| at_word(i) == "невозможно" || (fails(at_word(i)) && i.checked_sub(1).is_some_and(|b| at_word(b) == "не")))
}

/// A verb of the present in the third person: «засыпает», «проходят».
pub(super) fn third_person(w: &str) -> bool {
    const NOUNS: [&str; 61] = [
        "кабинет",
        "ответ",
        "совет",
        "предмет",
        "буфет",
        "билет",
        "интернет",
        "минут",
        "маршрут",
        "результат",
        "привет",
        "портрет",
        "пакет",
        "институт",
        "будет",
        "будут",
        "может",
        "лет",
        "аттестат",
        "формат",
        "свет",
        "цвет",
        "счет",
        "отчет",
        "расчет",
        "зачет",
        "хватит",
        "квит",
        "щит",
        "лимит",
        "визит",
        "найдет",
        "найдут",
        "поможет",
        "помогут",
        "возьмет",
        "возьмут",
        "объяснит",
        "уделит",
        "примет",
        "примут",
        "получит",
        "согласит",
        "проведет",
        "позвонит",
        "перезвонит",
        "наберет",
        "покажет",
        "посмотрит",
        "послушает",
        "расскажет",
        "подскажет",
        "подойдет",
        "придет",
        "приедет",
        "заедет",
        "зайдет",
        "заберет",
        "сможет",
        "смогут",
        "устроит",
    ];
    let verb =
        ["ает", "яет", "ует", "юет", "еет", "ит", "ят", "ют", "ут", "дет", "зет", "чет", "жет", "нет", "вет", "мет", "рет", "лет", "тся", "рат", "жат", "чат"];
    let first = ["аю", "яю", "аем", "яем", "аюсь", "яюсь", "аемся", "яемся"];
    w.chars().count() > 3 && !NOUNS.contains(&w) && (ends(w, &verb) || ends(w, &first)) && !w.ends_with("инет") && !w.ends_with("ться")
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

/// Words of the past: «вчера», «прошлый».
pub(super) fn gone(w: &str) -> bool {
    w == "вчера" || w == "позавчера" || w.starts_with("прошл") || w.starts_with("вчерашн") || w == "накануне"
}

/// Events whose time is not the author's.
pub(super) fn event(w: &str) -> bool {
    const EVENTS: [&str; 60] = [
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
        "физр",
        "физкульт",
        "срок",
        "концерт",
        "спектакл",
        "экскурс",
        "поезд",
        "рейс",
        "тренировк",
        "изложен",
        "сочинен",
        "диктант",
        "отпуск",
        "репетитор",
        "праздник",
        "проверк",
        "меры",
        "ортодонт",
        "стоматолог",
        "врач",
        "невролог",
        "доктор",
        "окулист",
        "поликлиник",
        "танц",
        "музыкалк",
        "бассейн",
        "хор",
        "плаван",
        "футбол",
        "карат",
        "гимнастик",
        "рисован",
        "художк",
        "кружок",
        "лфк",
        "массаж",
        "закрыт",
        "собесед",
        "дежурств",
        "процедур",
    ];
    // «после работы» is an hour of its own.
    matches!(w, "урок" | "уроки" | "уроком" | "мер" | "готово")
        || starts(w, &EVENTS)
            && !matches!(
                w,
                "хорошо"
                    | "хоровод"
                    | "работы"
                    | "работой"
                    | "работаю"
                    | "работаем"
                    | "смену"
                    | "срочно"
                    | "судя"
                    | "поездом"
                    | "поездка"
                    | "хоре"
            )
}

/// «работаю до 19», «занята с 9 до 15»: hours at which the author cannot.
pub(super) fn busy(sentence: &[Piece], from: usize) -> bool {
    let (before, _) = round(sentence, from, from, 2);
    before.iter().any(|w| busy_word(w) || w.starts_with("уроки"))
}

/// A verb in the past tense: «выдавали», «закрылся».
pub(super) fn happened(w: &str) -> bool {
    const ENDS: [&str; 20] =
        ["ал", "ил", "ел", "ял", "ала", "ила", "ела", "яла", "али", "или", "ели", "ались", "ался", "ился", "ылся", "алась", "илась", "ились", "шел", "шла"];
    w.chars().count() > 3
        && !matches!(
            w,
            "если"
                | "дела"
                | "хотел"
                | "хотела"
                | "хотели"
                | "или"
                | "сила"
                | "школа"
                | "апрель"
                | "отдел"
                | "раздел"
                | "просил"
                | "просила"
                | "просили"
                | "недели"
                | "могли"
                | "договорились"
                | "материал"
                | "начала"
                | "сначала"
        )
        && (ends(w, &ENDS) || w.ends_with("шли"))
}

/// The words of the clause round pieces `from..to`, at most `n` on each side, nearest first.
pub(super) fn round<'p>(sentence: &'p [Piece<'_>], from: usize, to: usize, n: usize) -> (Vec<&'p str>, Vec<&'p str>) {
    let clause = |p: &&Piece| !matches!(p, Piece::Comma | Piece::Stop | Piece::Dash);
    let before = sentence.get(..from).unwrap_or_default().iter().rev().take_while(clause).take(n).map(|p| word(Some(p))).collect();
    let after = sentence.get(to..).unwrap_or_default().iter().take_while(clause).take(n).map(|p| word(Some(p))).collect();
    (before, after)
}
