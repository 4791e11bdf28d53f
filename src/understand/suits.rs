//! Words by what they say of a time beside them: that it suits, that somebody comes or calls, that something is asked.
//!
//! Not here: what happens (`occurs`), how a clause is judged by all of them (`clauses`), what the time is (`days`, `hours`).

use super::lexer::Piece;
use super::lexer::word;
use super::occurs::{happened, round, third_person};

/// Whether a word begins so.
pub(super) fn starts(w: &str, list: &[&str]) -> bool {
    // The first two letters tell most words apart without a call.
    let head = w.as_bytes().first_chunk::<4>();
    list.iter().any(|s| s.as_bytes().first_chunk::<4>().is_none_or(|h| head == Some(h)) && w.starts_with(s))
}

/// Whether a word ends so.
pub(super) fn ends(w: &str, list: &[&str]) -> bool {
    // As in `starts`, by the last two letters.
    let tail = w.as_bytes().last_chunk::<4>();
    list.iter().any(|e| e.as_bytes().last_chunk::<4>().is_none_or(|t| tail == Some(t)) && w.ends_with(e))
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
    let first = ends(w, &["у", "ю", "ем", "им", "емся", "имся", "усь", "юсь", "ите", "йте", "итесь"]);
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
    w.chars().count() > 3 && !noun && ends(w, &["ть", "ти", "ться", "тись", "чь"])
}

/// Whether a word of the sentence begins so.
pub(super) fn told_of(sentence: &[Piece], root: &str) -> bool {
    sentence.iter().any(|p| word(Some(p)).starts_with(root))
}

/// Whether the clause says that the author can then: «могу с 24 ноября», «звоните до пятницы», and not that a thing is due.
pub(super) fn able(sentence: &[Piece], from: usize, to: usize) -> bool {
    const DUE: [&str; 12] = ["ответ", "сообщ", "нужн", "надо", "необходим", "срок", "решит", "исправ", "пришл", "успе", "должн", "сдать"];
    let (before, after) = round(sentence, from, to, 8);
    let all = || before.iter().chain(&after).copied();
    all().any(|w| (suits(w) || contacts(w) || comes(w) || w == "начиная") && !happened(w)) && !all().any(|w| starts(w, &DUE) && !happened(w))
}
