//! What an answer to a letter of ours wants, in plain words: yes, no, another time, never mind, thanks, nobody came.
//!
//! Not here: the turns of phrase (`intents`), which letter is answered (`thread`), the slot itself (`slot`), what is done about it (`decide`).

use super::intents::{INTENT, INTENTS};
use super::phrases::{Hit, denied};
use super::slot::{self, Offer};
use super::words::Words;
use super::{Intent, Window};

/// Signs that say by themselves: yes, no, thanks.
fn by_sign(text: &str) -> Option<Intent> {
    let text = text.trim();
    let plain = |c: char| c.is_whitespace() || matches!(c, '.' | '!' | ',' | ')' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}');
    let yes = |c: char| matches!(c, '👍' | '👌' | '✅' | '✔' | '☑' | '🤝' | '💯' | '🆗' | '+' | '＋');
    let no = |c: char| matches!(c, '👎' | '❌' | '🙅' | '🚫' | '➖');
    let thanks = |c: char| matches!(c, '🙏' | '❤' | '😊' | '🌹' | '💐' | '🥰' | '😘' | '💖' | '♥' | '😍' | '🤗' | '☺' | '🙂');
    let first = text.chars().find(|c| !plain(*c))?;
    let alone = text.chars().all(|c| plain(c) || !c.is_alphanumeric());
    if yes(first) && (alone || !text.chars().any(|c| c.is_ascii_digit()) || text.starts_with("+1")) {
        return Some(Intent::Accept);
    }
    if alone {
        return if no(first) || matches!(text, "-" | "–" | "—") {
            Some(Intent::Decline)
        } else if text.chars().any(yes) {
            Some(Intent::Accept)
        } else {
            thanks(first).then_some(Intent::Thanks)
        };
    }
    match super::words::fold(text.trim_matches(|c: char| plain(c) || c == '(')).as_str() {
        "плюс" | "плюсик" | "1" | "2" | "3" => Some(Intent::Accept),
        _ => None,
    }
}

/// «Буду жаловаться», «будем рады», «да, и ещё»: nothing is agreed to.
fn doing(words: &Words<'_>, hit: &Hit) -> bool {
    let next = words.norm(hit.last + 1);
    // «Да, и ещё: …», «да вот, забыла» only begin.
    if words.norm(hit.first) == "да" && hit.first == hit.last {
        return matches!(next, "вот" | "кстати" | "забыл" | "забыла")
            || next == "и" && matches!(words.norm(hit.last + 2), "еще" | "вот" | "кстати" | "забыла" | "забыл");
    }
    hit.first == hit.last
        && matches!(words.norm(hit.first), "буду" | "будем")
        && words.together(hit.first, hit.last + 1)
        && ([
            "писать",
            "жалова",
            "обраща",
            "подава",
            "звонить",
            "рад",
            "благодар",
            "призна",
            "проси",
            "требова",
            "искать",
            "переводи",
            "забира",
            "думать",
            "знать",
        ]
        .iter()
        .any(|w| next.starts_with(w)))
}

/// A promise to answer later.
fn later(words: &Words<'_>) -> bool {
    words
        .tokens
        .iter()
        .any(|t| matches!(t.norm.as_str(), "отвечу" | "скажу" | "напишу" | "сообщу" | "подтвержу" | "отпишусь" | "уточню" | "узнаю" | "определюсь"))
}

/// A question without its mark: «а кто будет разговаривать», «какой кабинет».
fn interrogative(words: &Words<'_>) -> bool {
    const BEFORE: [&str; 15] =
        ["здравствуйте", "добрый", "доброе", "день", "вечер", "утро", "а", "и", "ну", "извините", "простите", "скажите", "подскажите", "пожалуйста", "спасибо"];
    let Some(at) = (0..words.tokens.len().min(8)).find(|&i| !BEFORE.contains(&words.norm(i))) else { return false };
    match words.norm(at) {
        "кто" | "кому" | "с_кем" | "где" | "куда" | "сколько" | "почему" | "зачем" | "какой" | "какая" | "какое" | "какие" | "каком" | "чей" | "откуда" => {
            true
        }
        "как" | "когда" | "что" => {
            !["договор", "обычн", "скаж", "реш", "всегда", "раз", "угодно", "удобн"].iter().any(|w| words.norm(at + 1).starts_with(w))
        }
        // «Нужна ли сменка», «парковка есть или лучше пешком»
        _ => {
            let has = |list: &[&str]| words.tokens.iter().any(|t| list.contains(&t.norm.as_str()));
            has(&["ли"]) || has(&["или"]) && has(&["есть", "можно", "нужно", "надо", "нужен", "нужна", "лучше", "обязательно"])
        }
    }
}

/// Words that can be nothing but a yes; «хорошо» and «конечно» open many sentences.
fn firm(quote: &str) -> bool {
    let folded = super::words::fold(quote);
    [
        "да",
        "подтвержд",
        "подход",
        "подойд",
        "устра",
        "согласн",
        "договор",
        "прид",
        "буд",
        "смож",
        "смог",
        "удобно",
        "принято",
        "записал",
        "приед",
        "подъед",
        "явим",
    ]
    .iter()
    .any(|w| if w.chars().count() > 2 { folded.starts_with(w) } else { folded == *w })
}

/// What an answer wants. `staff` may report and order; for others those words mean something else. `times` are the windows that the answer names.
pub(super) fn intent(text: &str, staff: bool, times: &[Window], offer: Option<Offer>) -> (Intent, Option<String>) {
    let words = Words::new(text);
    let hits = INTENT.find(&words);
    let first = |wanted: Intent| {
        hits.iter()
            .find(|h| {
                INTENTS.get(h.rule).is_some_and(|i| i.0 == wanted)
                    && !(wanted == Intent::Accept && doing(&words, h))
                    && !(matches!(wanted, Intent::Accept | Intent::Thanks | Intent::Tentative)
                        && (denied(&words, h) || (1..=2).any(|n| words.norm(h.first.wrapping_sub(n)) == "не") && words.norm(h.first) != "не"))
            })
            .map(|h| (h.first, words.quote(h)))
    };
    // What is asked is not said: «заявку закрыть?», «А придём мы куда?».
    let asked = |at: usize| words.asked(at);
    // «Вопрос не решён» withdraws nothing.
    let unsolved = |quote: &str| {
        let folded = super::words::fold(quote);
        ["не реш", "не снят", "не разобр", "не справ", "не наш", "не исчез", "не ушл", "не улад", "не выясн"].iter().any(|n| folded.contains(n))
    };
    let quoted = |h: Option<(usize, String)>| h.map(|h| h.1);
    let question = text.contains('?');
    let short = words.tokens.len() <= 12;
    if staff {
        for wanted in [Intent::CloseReport, Intent::Instruction] {
            if let Some((_, quote)) = first(wanted) {
                return (wanted, Some(quote));
            }
        }
    }
    if let Some(intent) = by_sign(text).filter(|i| *i != Intent::Accept || words.tokens.len() < 4) {
        return (intent, Some(text.trim().chars().take(2).collect()));
    }
    let wished = times.iter().any(|w| !w.not);
    let (decline, reschedule, accept, thanks) = (first(Intent::Decline), first(Intent::Reschedule), first(Intent::Accept), first(Intent::Thanks));
    for wanted in [Intent::DataWithdrawal, Intent::WrongPerson, Intent::NoShow, Intent::Withdraw, Intent::NotHelped, Intent::Complaint] {
        // «Не надо звонить утром» takes back nothing, «спасибо, не надо» does; one of two questions solved leaves the other.
        let plain = |at: usize, quote: &str| {
            let alone = words.tokens.len() <= 5 || ["уже", "больше", "ничего"].contains(&words.norm(at.wrapping_sub(1)));
            !unsolved(quote)
                && !asked(at)
                && (super::words::fold(quote) != "не надо" || alone)
                && first(Intent::NotHelped).is_none_or(|(n, said)| {
                    let said = super::words::fold(&said);
                    n < at || ["не нуж", "не надо", "не треб", "не понадоб", "не актуал"].iter().any(|w| said.starts_with(w))
                })
        };
        // «Никто не отвечает» is a complaint; «ещё не решили, посоветуюсь» is of coming.
        let said = |w: &str| words.tokens.iter().any(|t| t.norm.starts_with(w));
        let undecided =
            wanted == Intent::NotHelped && ["посовет", "подума", "обсуд", "переговор"].iter().any(|w| said(w)) && first(Intent::Tentative).is_some();
        if undecided || wanted == Intent::NoShow && said("отвеча") && !["жда", "прожда", "пришл", "приш", "звон"].iter().any(|w| said(w))
        {
            continue;
        }
        if let Some((_, quote)) = first(wanted).filter(|(at, q)| wanted != Intent::Withdraw || plain(*at, q)) {
            // «Отмените пятницу, давайте в четверг» asks for another time; «спасибо, всё решили» still thanks.
            if wanted == Intent::Withdraw && wished && (reschedule.is_some() || decline.is_some()) {
                return (Intent::Reschedule, Some(quote));
            }
            return (wanted, Some(quote));
        }
    }
    let asks = question.then(|| first(Intent::Question)).flatten();
    let same = offer.is_some_and(|o| slot::is_the_offer(times, o));
    // «Пока не могу сказать»: the «не могу» is of saying, not of coming.
    if let (Some((at, quote)), Some((no, _))) = (first(Intent::Tentative), decline.as_ref())
        && at <= *no
        && *no <= at + 4
        && (!wished || later(&words))
        && reschedule.is_none()
    {
        return (Intent::Tentative, Some(quote));
    }
    // «Нет» as the answer itself.
    let stops = |n: usize| text.trim_start().get(n..).is_none_or(|r| r.is_empty() || r.starts_with([',', '.', '!']));
    let no = match words.norm(0) {
        "нет" => (words.tokens.len() <= 2 && !matches!(words.norm(1), "проблем" | "возражений" | "вопросов")) || stops(6),
        "не" => stops(4),
        "no" => words.tokens.len() <= 2,
        _ => false,
    };
    let decline = decline.or_else(|| no.then(|| (0, words.norm(0).to_owned())));
    if let Some((_, quote)) = decline.clone().filter(|(_, d)| !(d.contains("жалени") && accept.is_some())) {
        if let Some((at, yes)) = accept.clone().filter(|_| reschedule.is_none() && (!wished || same)) {
            // «Извините, что не ответила, мы болеем, но в пятницу будем»: the last word counts.
            if decline.as_ref().is_some_and(|d| d.0 < at) && !yes.starts_with("до ") {
                return (Intent::Accept, Some(yes));
            }
        }
        let moved = (wished && !same) || reschedule.is_some();
        return if moved { (Intent::Reschedule, Some(quote)) } else { (Intent::Decline, Some(quote)) };
    }
    // «Отвечу завтра утром»: the hour is of the answer.
    if let Some((_, quote)) = first(Intent::Tentative).filter(|_| !question && wished && reschedule.is_none() && later(&words)) {
        return (Intent::Tentative, Some(quote));
    }
    if let Some((at, quote)) = reschedule.clone().filter(|_| !same) {
        let but = words.tokens.iter().any(|t| matches!(t.norm.as_str(), "но" | "только" | "однако"));
        if accept.as_ref().is_none_or(|a| a.0 > at || but || wished && offer.is_some()) || !short {
            return (Intent::Reschedule, Some(quote));
        }
    }
    // «Есть ли время вечером?», «можно в 16?» ask for a time; «куда подойти в пятницу?» asks about it.
    let for_time =
        wished && !same && words.tokens.iter().any(|t| matches!(t.norm.as_str(), "можно" | "есть" | "возможно" | "нельзя" | "свободно" | "удобно" | "если"));
    if let Some((_, quote)) = accept.clone().filter(|_| wished && !same && words.tokens.iter().any(|t| matches!(t.norm.as_str(), "но" | "только" | "однако")))
    {
        return (Intent::Reschedule, Some(quote));
    }
    // «Да, придём. А какой кабинет?»: a yes, with a question that the specialist reads.
    let yes = hits.iter().find(|h| {
        let of_it = INTENTS.get(h.rule).is_some_and(|i| i.0 == Intent::Accept) && h.first < 12;
        of_it && !words.asked(h.first) && (offer.is_some() || firm(&words.quote(h))) && !denied(&words, h) && !doing(&words, h)
    });
    if let Some(hit) = yes.filter(|_| question && accept.is_some() && reschedule.is_none() && !for_time) {
        return (Intent::Accept, Some(words.quote(hit)));
    }
    if let Some((_, quote)) = asks.filter(|_| reschedule.is_none() && !for_time) {
        return (Intent::Question, Some(quote));
    }
    if let Some((_, quote)) = first(Intent::Tentative).filter(|_| !question && (!wished || later(&words))) {
        return (Intent::Tentative, Some(quote));
    }
    // «Не сложится у нас в пятницу»: what is denied of the very slot is no yes.
    let refused = same && accept.is_none() && words.tokens.iter().any(|t| t.norm == "не" || t.norm == "нет");
    if refused && !question {
        return (Intent::Decline, Some("названо предложенное время".to_owned()));
    }
    if same && !question {
        return (Intent::Accept, quoted(accept).or(Some("названо предложенное время".to_owned())));
    }
    // Another time than the offered one is a wish to move, also where it is said with a «хорошо».
    let other = offer.is_some_and(|o| times.iter().any(|w| !w.not && w.date.is_some_and(|d| d != o.start.date())));
    if wished && !same && offer.is_some() && (accept.is_none() || other) {
        return (Intent::Reschedule, Some("названо другое время".to_owned()));
    }
    if let Some((_, quote)) = thanks.clone().filter(|_| !question && (accept.is_none() || !short)) {
        return (Intent::Thanks, Some(quote));
    }
    if let Some((_, quote)) = accept.filter(|_| !question) {
        return (Intent::Accept, Some(quote));
    }
    if question {
        return (Intent::Question, None);
    }
    if short && interrogative(&words) {
        return (Intent::Question, None);
    }
    // «Подскажите, где вы находитесь» without the mark; «сообщаю, какой у нас класс» is none.
    if let Some((_, quote)) = first(Intent::Question)
        .filter(|q| short && (q.0 == 0 || ["подскаж", "скажи", "уточни", "поясни"].iter().any(|v| words.tokens.iter().any(|t| t.norm.starts_with(v)))))
    {
        return (Intent::Question, Some(quote));
    }
    match thanks {
        Some((_, quote)) => (Intent::Thanks, Some(quote)),
        None if text.trim().is_empty() => (Intent::None, None),
        None => (Intent::Info, None),
    }
}
