//! A family's answer in words: «ознакомлена», «буду», «не смогу», «2», «согласен», «отписаться». Whole sentences of a small grammar; what else the
//! letter says goes to the sender as a question.

use super::{Answer, Asks, Draft};

/// Bytes that are read.
const LONGEST: usize = 4000;

/// A reply, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What counts.
    pub answer: Option<Answer>,
    /// «Отписаться».
    pub unsubscribe: bool,
    /// Other words, for the sender.
    pub question: Option<String>,
}

/// Courtesies that say nothing by themselves.
const COURTEOUS: [&str; 22] = [
    "здравствуйте",
    "добрый день",
    "добрый вечер",
    "доброе утро",
    "добрый",
    "спасибо",
    "спасибо за информацию",
    "спасибо большое",
    "большое спасибо",
    "благодарю",
    "хорошо",
    "принято",
    "с уважением",
    "понятно",
    "поняла",
    "понял",
    "ок",
    "спасибо вам",
    "всего доброго",
    "хорошего дня",
    "до свидания",
    "спасибо за приглашение",
];

const UNSUBSCRIBE: [&str; 9] = [
    "отписаться",
    "отпишите",
    "отпишите меня",
    "отписать",
    "unsubscribe",
    "отписка",
    "не присылайте объявления",
    "больше не присылайте объявления",
    "прошу отписать меня от объявлений",
];

const READ: [&str; 10] =
    ["ознакомлен", "ознакомлена", "ознакомлены", "ознакомился", "ознакомилась", "ознакомились", "прочитал", "прочитала", "прочитали", "прочитано"];
const YES: [&str; 22] = [
    "буду",
    "будем",
    "приду",
    "придем",
    "придём",
    "участвую",
    "участвуем",
    "сможем",
    "смогу",
    "да",
    "да буду",
    "да будем",
    "обязательно буду",
    "обязательно будем",
    "я буду",
    "мы будем",
    "подключусь",
    "подключимся",
    "приедем",
    "приеду",
    "планирую быть",
    "да придем",
];
const NO: [&str; 19] = [
    "не буду",
    "не будем",
    "не приду",
    "не придем",
    "не смогу",
    "не сможем",
    "не участвую",
    "не участвуем",
    "нет",
    "нет не буду",
    "нет не будем",
    "к сожалению не смогу",
    "к сожалению не сможем",
    "к сожалению не буду",
    "к сожалению не будем",
    "не подключусь",
    "не получится",
    "не смогу быть",
    "я не буду",
];
const AGREED: [&str; 10] = ["согласен", "согласна", "согласны", "даю согласие", "я согласен", "я согласна", "мы согласны", "да", "да согласна", "да согласен"];
const REFUSED: [&str; 11] = [
    "не согласен",
    "не согласна",
    "не согласны",
    "не даю согласие",
    "не даю согласия",
    "нет",
    "против",
    "отзываю согласие",
    "нет не согласна",
    "нет не согласен",
    "я не согласна",
];

/// Small letters, single blanks, no signs; «ознакомлен(а)» is «ознакомлен».
fn plain(text: &str) -> String {
    let text = text.replace("(а)", "").replace("(А)", "");
    let kept: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect::<String>().to_lowercase().replace('ё', "е");
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn answer(sentence: &str, draft: &Draft) -> Option<Answer> {
    let words = plain(sentence);
    let is = |list: &[&str]| list.iter().any(|p| p.replace('ё', "е") == words);
    let read = |w: &str| READ.contains(&w);
    let rest = ["с информацией ", "с объявлением ", "с текстом ", "я ", "мы "].iter().find_map(|p| words.strip_prefix(p)).unwrap_or(&words);
    match draft.asks() {
        Asks::Consent if is(&AGREED) => Some(Answer::Yes),
        Asks::Consent if is(&REFUSED) => Some(Answer::No),
        Asks::Choose => choice(&words, draft),
        Asks::Come if is(&YES) => Some(Answer::Yes),
        Asks::Come if is(&NO) => Some(Answer::No),
        Asks::Read | Asks::Nothing | Asks::Come if read(rest) || read(words.split(' ').next().unwrap_or_default()) && words.ends_with("информацией") => {
            Some(Answer::Read)
        }
        Asks::Read if matches!(words.as_str(), "да" | "подтверждаю" | "получил" | "получила" | "получено") => {
            Some(Answer::Read)
        }
        _ => None,
    }
}

/// «2», «вариант 2», «2) есть только телефон», «№ 2», or the words of one choice.
fn choice(words: &str, draft: &Draft) -> Option<Answer> {
    let bare = ["вариант ", "ответ ", "номер ", "выбираю ", "наш ответ ", "n "].iter().find_map(|p| words.strip_prefix(p)).unwrap_or(words);
    let of = |n: usize| u8::try_from(n).ok().filter(|_| (1..=draft.choices.len()).contains(&n)).map(Answer::Choice);
    let (head, tail) = bare.split_once(' ').unwrap_or((bare, ""));
    if let Ok(number) = head.parse::<usize>() {
        let said = draft.choices.get(number.wrapping_sub(1)).map(|c| plain(c));
        return (tail.is_empty() || said.as_deref() == Some(tail)).then(|| of(number)).flatten();
    }
    draft.choices.iter().position(|c| plain(c) == words).and_then(|i| of(i + 1))
}

/// A name under a letter: up to four words, each with a large letter.
fn signature(sentence: &str) -> bool {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    (1..=4).contains(&words.len())
        && words.iter().all(|w| {
            let lower = w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            w.starts_with(char::is_uppercase) && !["нет", "да", "буду", "не"].contains(&lower.as_str()) || ["мама", "папа"].contains(&lower.as_str())
        })
        && words.len() > 1
}

/// Reads what the family wrote itself. `subject` counts where the letter has no words: a button on a telephone may leave it empty.
pub fn read_reply(own: &str, subject: &str, draft: &Draft) -> Reading {
    let end = (0..=LONGEST.min(own.len())).rev().find(|i| own.is_char_boundary(*i)).unwrap_or(0);
    let own = own.get(..end).unwrap_or_default().trim();
    let mut reading = Reading::default();
    if UNSUBSCRIBE.contains(&plain(own).as_str()) || subject.to_lowercase().trim_start().starts_with("unsubscribe") || plain(subject).starts_with("отписаться")
    {
        reading.unsubscribe = true;
        return reading;
    }
    let mut others: Vec<&str> = Vec::new();
    let mut said: Vec<Answer> = Vec::new();
    for line in own.lines() {
        // «2) телефон» is one sentence, so stops inside a line part only before a blank.
        for sentence in sentences(line) {
            let words = plain(sentence);
            if words.is_empty() || COURTEOUS.contains(&words.as_str()) || signature(sentence.trim()) && !said.is_empty() {
                continue;
            }
            if UNSUBSCRIBE.contains(&words.as_str()) {
                reading.unsubscribe = true;
                continue;
            }
            // A consent with a condition is none: «согласна, но без фотографий».
            let led = || Some(draft).filter(|d| d.asks() != Asks::Consent).and_then(|d| led(sentence, d));
            match answer(sentence, draft).or_else(led) {
                Some(found) => {
                    said.push(found);
                    // «Буду, но опоздаю»: the answer counts and the rest is read by a person.
                    if answer(sentence, draft).is_none() {
                        others.push(sentence.trim());
                    }
                }
                None => others.push(sentence.trim()),
            }
        }
    }
    said.dedup();
    // «Буду» and «не буду» in one letter: a person reads it.
    let conditional = draft.asks() == Asks::Consent && !others.is_empty();
    reading.answer = if said.len() == 1 && !conditional { said.first().copied() } else { None };
    let unclear = said.len() > 1;
    if unclear || !others.is_empty() {
        reading.question = Some(if unclear { own.to_owned() } else { others.join(" ") });
    }
    reading
}

/// The part before a comma answers where the whole does not.
fn led(sentence: &str, draft: &Draft) -> Option<Answer> {
    let (head, tail) = sentence.split_once([',', '-', '–', '—', ';'])?;
    // «Нет, буду» is no answer by its first word.
    answer(head, draft).filter(|a| answer(tail, draft).is_none_or(|b| b == *a))
}

fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.trim().is_empty() {
            return None;
        }
        let mut before = ' ';
        let at = rest.char_indices().find_map(|(i, c)| {
            let stop = ".!?".contains(c)
                && rest.get(i + c.len_utf8()..).is_none_or(|r| r.is_empty() || r.starts_with(char::is_whitespace))
                && !before.is_ascii_digit();
            before = c;
            stop.then_some(i + c.len_utf8())
        });
        let (head, tail) = rest.split_at(at.unwrap_or(rest.len()));
        rest = tail;
        Some(head)
    })
}

/// The new address in «мой второй адрес: anna@mail.example», a whole first sentence.
pub fn second_address(own: &str) -> Option<String> {
    let line = own.lines().find(|l| !l.trim().is_empty() && !COURTEOUS.contains(&plain(l).as_str()))?;
    let at = line.find('@')?;
    let start = line
        .get(..at)?
        .rfind(|c: char| c.is_whitespace() || ":<(".contains(c))
        .map_or(0, |i| i + line.get(i..).and_then(|r| r.chars().next()).map_or(1, char::len_utf8));
    let address: String = line.get(start..)?.split(|c: char| c.is_whitespace() || ">),;".contains(c)).next()?.trim_end_matches('.').to_ascii_lowercase();
    let said = plain(line.get(..start)?);
    let named = [
        "мой второй адрес",
        "второй адрес",
        "мой новый адрес",
        "новый адрес",
        "мой другой адрес",
        "добавить адрес",
        "добавьте адрес",
        "ещё один мой адрес",
        "еще один мой адрес",
    ];
    (named.iter().any(|n| n.replace('ё', "е") == said) && address.len() <= 254).then_some(address)
}
