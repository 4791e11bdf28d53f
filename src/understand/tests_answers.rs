//! Tests of plain-word answers to our letters: what a person would understand, against the slot offered. All sentences are invented.

use super::tests::{read_with, sent};
use super::*;
use crate::message::{Address, Body, Message};

/// The letter is of Wednesday, 18 November 2026; offered is Friday, 20 November, 14:00.
pub(super) fn answer(text: &str) -> Understanding {
    let message = Message {
        from: vec![Address { name: Some("Анна Ухова".into()), email: "anna@mail.example".into() }],
        from_fields: 1,
        subject: "Re: Консультация педагога-психолога: 20 ноября, 14:00".into(),
        date: DateTime::parse_from_rfc3339("2026-11-18T10:00:00+03:00").ok(),
        in_reply_to: vec!["a1@school.example".into()],
        body: Body { whole: text.to_owned(), own: text.to_owned(), ..Body::default() },
        ..Message::default()
    };
    let at = |t: &str| DateTime::parse_from_rfc3339(t).ok().map(|t| t.to_utc());
    read_with(&message, &[Sent { slot_start: at("2026-11-20T14:00:00+03:00"), slot_end: at("2026-11-20T14:40:00+03:00"), kind: Some("invitation".into()), ..sent() }])
}

/// Windows shortly: `20.11 14:00-`, `!20.11`, `mon+wed 10:00-`.
pub(super) fn shortly(times: &[Window]) -> String {
    let one = |w: &Window| {
        let mut out = String::from(if w.not { "!" } else { "" });
        let day = |d: NaiveDate| d.format("%d.%m").to_string();
        let mut parts = Vec::new();
        if let Some(d) = w.date {
            parts.push(day(d));
        }
        if w.from.is_some() || w.to.is_some() {
            parts.push(format!("{}..{}", w.from.map(day).unwrap_or_default(), w.to.map(day).unwrap_or_default()));
        }
        if !w.weekday.is_empty() {
            parts.push(w.weekday.iter().map(|d| d.to_string().to_lowercase()).collect::<Vec<_>>().join("+"));
        }
        if w.after.is_some() || w.before.is_some() {
            let t = |t: Option<NaiveTime>| t.map(|t| t.format("%H:%M").to_string()).unwrap_or_default();
            parts.push(format!("{}-{}", t(w.after), t(w.before)));
        }
        out.push_str(&parts.join(" "));
        out
    };
    times.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Prints what went wrong, and fails where anything did.
pub(super) fn all_right(name: &str, total: usize, wrong: &[String]) {
    println!("{name}: {} of {total} right", total - wrong.len());
    for w in wrong {
        println!("  {w}");
    }
    assert!(wrong.is_empty(), "{name}: {} of {total} wrong\n{}", wrong.len(), wrong.join("\n"));
}

const FIRST: &[(&str, Intent)] = &[
    ("да", Intent::Accept),
    ("ок", Intent::Accept),
    ("ОК!", Intent::Accept),
    ("ok", Intent::Accept),
    ("+", Intent::Accept),
    ("Плюс", Intent::Accept),
    ("1", Intent::Accept),
    ("👍", Intent::Accept),
    ("👍👍 будем", Intent::Accept),
    ("👌🏻", Intent::Accept),
    ("Подойдёт", Intent::Accept),
    ("Подойдет, спасибо большое!", Intent::Accept),
    ("Нас всё устраивает, до встречи", Intent::Accept),
    ("Хорошо, я подъеду к двум", Intent::Accept),
    ("Да, в пятницу в 14 нам удобно", Intent::Accept),
    ("Принято", Intent::Accept),
    ("Угу, записала себе", Intent::Accept),
    ("Договорились, в пятницу в два часа дня буду", Intent::Accept),
    ("Спасибо, придём обязательно", Intent::Accept),
    ("Согласны. Ухова", Intent::Accept),
    ("нет", Intent::Decline),
    ("Нет, не подходит", Intent::Decline),
    ("не получится", Intent::Decline),
    ("К сожалению, в пятницу никак", Intent::Decline),
    ("Увы, я в это время на работе", Intent::Decline),
    ("Извините, мы заболели, прийти не сможем", Intent::Decline),
    ("Неудобное время", Intent::Decline),
    ("на час позже", Intent::Reschedule),
    ("А можно на час позже?", Intent::Reschedule),
    ("лучше в четверг", Intent::Reschedule),
    ("Да, но лучше в понедельник", Intent::Reschedule),
    ("Не могли бы вы перенести на следующую неделю?", Intent::Reschedule),
    ("А пораньше никак нельзя?", Intent::Reschedule),
    ("Давайте в другой день", Intent::Reschedule),
    ("В пятницу не могу, могу в среду после 17", Intent::Reschedule),
    ("Можно в 16:00?", Intent::Reschedule),
    ("Есть ли время вечером?", Intent::Reschedule),
    ("В понедельник в 10", Intent::Reschedule),
    ("я в отпуске до 14-го, давайте потом", Intent::Reschedule),
    ("Мне после шести удобнее", Intent::Reschedule),
    ("уже не надо, сами разобрались", Intent::Withdraw),
    ("Уже всё решили, запись отмените пожалуйста", Intent::Withdraw),
    ("Вопрос снят, спасибо", Intent::Withdraw),
    ("Мы передумали", Intent::Withdraw),
    ("Больше не актуально", Intent::Withdraw),
    ("Консультация нам не нужна, сын сам справился", Intent::Withdraw),
    ("Спасибо!", Intent::Thanks),
    ("Благодарю за помощь, всё заработало", Intent::Thanks),
    ("Огромное спасибо Ирине Юрьевне, нам очень помогло", Intent::Thanks),
    ("🙏", Intent::Thanks),
    ("А где это будет, в каком кабинете?", Intent::Question),
    ("Подскажите, ребёнка с собой брать", Intent::Question),
    ("Сколько длится консультация?", Intent::Question),
    ("Мы пришли, кабинет был закрыт, никого не было", Intent::NoShow),
    ("Прождали полчаса, никто не подключился", Intent::NoShow),
    ("Специалист так и не позвонил", Intent::NoShow),
    ("Прошу удалить мои персональные данные", Intent::DataWithdrawal),
    ("Я отзываю своё согласие на обработку персональных данных", Intent::DataWithdrawal),
    ("Это не мне, я к вам не писала", Intent::WrongPerson),
    ("Вы не туда попали, у меня дети давно выросли", Intent::WrongPerson),
    ("Ничего не изменилось, дневник так и не открывается", Intent::NotHelped),
    ("Не помогло", Intent::NotHelped),
    ("Сделали как вы написали, ошибка та же", Intent::NotHelped),
    ("Третий раз прошу, сколько можно ждать ответа", Intent::Complaint),
    ("Класс 6Б, забыла указать", Intent::Info),
    ("Вот мой телефон: 8 900 000-45-67", Intent::Info),
];

#[test]
fn answers_of_the_first_set() {
    let wrong: Vec<String> = FIRST
        .iter()
        .filter_map(|(text, wanted)| {
            let got = answer(text).intent;
            (got != *wanted).then(|| format!("{text}: {got:?} instead of {wanted:?}"))
        })
        .collect();
    all_right("answers 1", FIRST.len(), &wrong);
}

/// Answers with a time, and the windows that a person would write down.
const FIRST_TIMES: &[(&str, &str)] = &[
    ("на час позже", "20.11 15:00-15:40"),
    ("Можно на полчаса раньше?", "20.11 13:30-14:10"),
    ("А на два часа позже можно?", "20.11 16:00-16:40"),
    ("В то же время, но в понедельник", "23.11 14:00-14:40"),
    ("В тот же день, но после 17", "20.11 17:00-"),
    ("Можно днём раньше?", "19.11"),
    ("Давайте через неделю в это же время", "27.11 14:00-14:40"),
    ("Да, в пятницу в 14 нам удобно", ""),
    ("Лучше в четверг", "19.11"),
    ("Можно в 16:00?", "20.11 16:00-16:40"),
    ("Можно чуть попозже, часа в три?", "20.11 15:00-15:40"),
    ("Не смогу в пятницу", "!20.11"),
];

#[test]
fn times_of_the_first_set() {
    let wrong: Vec<String> = FIRST_TIMES
        .iter()
        .filter_map(|(text, wanted)| {
            let got = shortly(&answer(text).times);
            (got != *wanted).then(|| format!("{text}: «{got}» instead of «{wanted}»"))
        })
        .collect();
    all_right("times 1", FIRST_TIMES.len(), &wrong);
}
