//! Words by what they say of a time beside them: that it suits, that somebody comes or calls, that something happens.
//!
//! Not here: how a clause is judged by them (`clauses`), what the time is (`days`, `hours`).

use super::lexer::{Piece, word};

/// Whether a word begins so.
fn starts(w: &str, list: &[&str]) -> bool {
    list.iter().any(|s| w.starts_with(s))
}

/// Words that say by themselves that a time suits or does not.
pub(super) fn suits(w: &str) -> bool {
    const STEMS: [&str; 25] = [
        "остается",
        "промежут",
        "просвет",
        "удоб",
        "неудоб",
        "устраива",
        "устроит",
        "устроят",
        "подход",
        "годит",
        "годят",
        "свобод",
        "доступн",
        "освобо",
        "предпоч",
        "отпрос",
        "трубк",
        "успею",
        "успева",
        "подстро",
        "отпада",
        "предлага",
        "сподруч",
        "отгул",
        "устроил",
    ];
    const WHOLE: [&str; 40] = [
        "могу",
        "можем",
        "смогу",
        "сможем",
        "сможет",
        "смогут",
        "может",
        "могут",
        "готова",
        "готов",
        "готовы",
        "лучше",
        "желательно",
        "предпочтительно",
        "хорошо",
        "идеально",
        "любой",
        "любое",
        "любую",
        "отвечу",
        "отвечаю",
        "беру",
        "подойдет",
        "подойдут",
        "получится",
        "выйдет",
        "мог",
        "могла",
        "могли",
        "смог",
        "смогла",
        "получалось",
        "оптимально",
        "неудобен",
        "нельзя",
        "никак",
        "согласны",
        "исключена",
        "исключен",
        "исключено",
    ];
    starts(w, &STEMS) && !w.starts_with("свободн") && !w.starts_with("подходить")
        || WHOLE.contains(&w)
        || matches!(w, "свободна" | "свободен" | "свободны" | "свободно" | "подходить" | "согласен" | "согласна")
}

/// Words that suit where nothing else is asked: «я дома после семи», «есть окно».
pub(super) fn amid(w: &str) -> bool {
    matches!(w, "буду" | "будем" | "бываю" | "бываем" | "окно" | "окошко" | "выходной" | "выходные")
}

/// Verbs and nouns of being called, in the forms that ask or offer.
pub(super) fn contacts(w: &str) -> bool {
    const STEMS: [&str; 9] = ["звон", "позвон", "перезвон", "созвон", "дозвон", "набер", "набра", "связ", "свяж"];
    starts(w, &STEMS) && !third_person(w) && !happened(w) || starts(w, &["созвон", "видеозв"])
}

/// Verbs of coming and meeting, in the forms that offer or ask, and their nouns.
pub(super) fn comes(w: &str) -> bool {
    const STEMS: [&str; 63] = [
        "подойт",
        "подойд",
        "прийт",
        "прид",
        "приех",
        "приед",
        "приезж",
        "подъех",
        "подъед",
        "подъезж",
        "заех",
        "заед",
        "заезж",
        "зайт",
        "зайд",
        "захо",
        "забег",
        "забеж",
        "загля",
        "подскоч",
        "заскоч",
        "занес",
        "занос",
        "принес",
        "принош",
        "принос",
        "привез",
        "привож",
        "привоз",
        "привед",
        "привест",
        "приход",
        "прихож",
        "встрет",
        "увид",
        "забер",
        "забрат",
        "забира",
        "забрать",
        "остан",
        "остат",
        "остава",
        "сяд",
        "сест",
        "собер",
        "собрат",
        "поговор",
        "побесед",
        "пообща",
        "познаком",
        "покаж",
        "дойд",
        "завез",
        "завоз",
        "подвез",
        "подвоз",
        "прихва",
        "захват",
        "захвач",
        "подожд",
        "подня",
        "отвез",
        "отлож",
    ];
    const NOUNS: [&str; 6] = ["встреч", "консультац", "бесед", "прием", "аудиенц", "разговор"];
    const FUTURE: [&str; 9] = ["придет", "придут", "подойдет", "приедет", "зайдет", "заедет", "заберет", "подъедет", "останется"];
    let first = ["у", "ю", "ем", "им", "емся", "имся", "усь", "юсь", "ите", "йте", "итесь"].iter().any(|e| w.ends_with(e));
    starts(w, &STEMS) && (first || infinitive(w) || FUTURE.contains(&w)) || starts(w, &NOUNS) || w.starts_with("говорить") || w.starts_with("разговаривать")
}

/// Infinitives of what is done together or on the spot: after «можно», «прошу» they make a wish of the time.
pub(super) fn meets(w: &str) -> bool {
    const STEMS: [&str; 46] = [
        "посмотр",
        "обсуд",
        "поговор",
        "говори",
        "разговар",
        "позанима",
        "занима",
        "показ",
        "рассказ",
        "объясн",
        "разобра",
        "получ",
        "взят",
        "переда",
        "отда",
        "вернут",
        "подпис",
        "оформ",
        "запис",
        "удел",
        "принят",
        "посид",
        "послуш",
        "договор",
        "посовет",
        "проконсульт",
        "попаст",
        "выйт",
        "подключ",
        "назнач",
        "перене",
        "передвин",
        "провест",
        "проводи",
        "организ",
        "устро",
        "пригла",
        "води",
        "быва",
        "быть",
        "подня",
        "ожид",
        "ждат",
        "обрат",
        "сдать",
        "подтяну",
    ];
    starts(w, &STEMS)
}

/// Words that ask: a time beside them is wished unless something else is asked to be done.
pub(super) fn asks(w: &str) -> bool {
    const WORDS: [&str; 23] = [
        "прошу",
        "просим",
        "просьба",
        "давайте",
        "можно",
        "хотелось",
        "хотел",
        "хотела",
        "хотели",
        "хочу",
        "хотим",
        "ждем",
        "жду",
        "ждать",
        "назначьте",
        "предлагаю",
        "предлагаем",
        "перенесите",
        "перенести",
        "примите",
        "возможно",
        "просит",
        "подождите",
    ];
    WORDS.contains(&w) || starts(w, &["запиш", "пригласи", "перенос", "передвин"])
}

/// What is asked of the school's people: «если кто-нибудь найдёт двадцать минут», «пусть учитель позвонит».
pub(super) fn helps(w: &str) -> bool {
    const FUTURE: [&str; 22] = [
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
        "проведет",
        "позвонит",
        "перезвонит",
        "наберет",
        "посмотрит",
        "послушает",
        "расскажет",
        "подскажет",
        "позанимается",
        "встретится",
        "свяжется",
        "поговорит",
    ];
    FUTURE.contains(&w)
}

/// The past of coming and calling, as it stands with «бы»: «я бы подошла».
pub(super) fn would_come(w: &str) -> bool {
    starts(
        w,
        &[
            "подош",
            "пришл",
            "пришел",
            "зашл",
            "зашел",
            "заеха",
            "подъеха",
            "приеха",
            "встрети",
            "забра",
            "забежа",
            "позвони",
            "созвони",
            "поговори",
            "принес",
            "занес",
            "привез",
            "заскочи",
        ],
    )
}

/// Nouns that name an appointment or the time of one.
pub(super) fn asks_noun(w: &str) -> bool {
    starts(w, &["видеосвяз", "созвон"]) || matches!(w, "время" | "времени")
}

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

/// An infinitive, as far as the ending tells.
pub(super) fn infinitive(w: &str) -> bool {
    const NOUNS: [&str; 39] = [
        "пять",
        "шесть",
        "девять",
        "десять",
        "двадцать",
        "тридцать",
        "пятнадцать",
        "мать",
        "часть",
        "дочь",
        "ночь",
        "речь",
        "пусть",
        "есть",
        "опять",
        "память",
        "тетрадь",
        "сеть",
        "печать",
        "область",
        "почти",
        "дети",
        "пути",
        "треть",
        "четверть",
        "шести",
        "пяти",
        "хоть",
        "чуть",
        "путь",
        "суть",
        "гость",
        "кость",
        "кровать",
        "смерть",
        "повесть",
        "весть",
        "прочь",
        "помощь",
    ];
    let noun = w.ends_with("ость")
        || w.ends_with("ности")
        || w.ends_with("дцать")
        || w.ends_with("дцати")
        || w.ends_with("сяти")
        || w.ends_with("вяти")
        || NOUNS.contains(&w);
    w.chars().count() > 3 && !noun && ["ть", "ти", "ться", "тись", "чь"].iter().any(|e| w.ends_with(e))
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
    w.chars().count() > 3 && !NOUNS.contains(&w) && verb.iter().chain(&first).any(|e| w.ends_with(e)) && !w.ends_with("инет") && !w.ends_with("ться")
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
    const DUE: [&str; 12] = ["ответ", "сообщ", "нужн", "надо", "необходим", "срок", "решит", "исправ", "пришл", "успе", "должн", "сдать"];
    let (before, after) = round(sentence, from, to, 8);
    let all = || before.iter().chain(&after).copied();
    all().any(|w| (suits(w) || contacts(w) || comes(w) || w == "начиная") && !happened(w)) && !all().any(|w| starts(w, &DUE) && !happened(w))
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
        && (ENDS.iter().any(|e| w.ends_with(e)) || w.ends_with("шли"))
}
