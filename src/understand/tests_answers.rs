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
    read_with(
        &message,
        &[Sent { slot_start: at("2026-11-20T14:00:00+03:00"), slot_end: at("2026-11-20T14:40:00+03:00"), kind: Some("invitation".into()), ..sent() }],
    )
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

const SECOND: &[(&str, Intent)] = &[
    ("Добрый день! Да, всё верно, ждём вас в пятницу.", Intent::Accept),
    ("Окей, спасибо", Intent::Accept),
    ("Ага", Intent::Accept),
    ("Хорошо.", Intent::Accept),
    ("Мне удобно", Intent::Accept),
    ("Время устраивает. Буду на связи.", Intent::Accept),
    ("20 ноября в 14:00 подтверждаю", Intent::Accept),
    ("✅", Intent::Accept),
    ("да, конечно, приду с сыном", Intent::Accept),
    ("Не возражаю", Intent::Accept),
    ("Спасибо, записали, придем", Intent::Accept),
    ("Пятница подойдёт", Intent::Accept),
    ("Ок, в два часа", Intent::Accept),
    ("Нет, спасибо", Intent::Decline),
    ("не могу", Intent::Decline),
    ("В этот день не получится", Intent::Decline),
    ("Я работаю до шести, прийти не смогу", Intent::Decline),
    ("Нам не подходит это время", Intent::Decline),
    ("Сын заболел, в пятницу не придём", Intent::Decline),
    ("❌", Intent::Decline),
    ("К сожалению, не сможем, уезжаем", Intent::Decline),
    ("А попозже можно?", Intent::Reschedule),
    ("Давайте перенесем на среду", Intent::Reschedule),
    ("Можно другое время, после 16?", Intent::Reschedule),
    ("Не получится в пятницу, а вот в понедельник с утра пожалуйста", Intent::Reschedule),
    ("Хорошо, но только после 18:00", Intent::Reschedule),
    ("Мне бы утром", Intent::Reschedule),
    ("Переназначьте, пожалуйста, на 25 ноября", Intent::Reschedule),
    ("Сдвиньте на полчаса", Intent::Reschedule),
    ("лучше 23-го", Intent::Reschedule),
    ("Пятница не подходит, предлагаю вторник", Intent::Reschedule),
    ("мы болеем, можно на следующей неделе", Intent::Reschedule),
    ("Вопрос уже неактуален, извините за беспокойство", Intent::Withdraw),
    ("Помощь больше не требуется", Intent::Withdraw),
    ("Отмените, пожалуйста, нашу запись", Intent::Withdraw),
    ("Нашли репетитора, спасибо", Intent::Withdraw),
    ("Всё само решилось", Intent::Withdraw),
    ("можете закрывать заявку", Intent::Withdraw),
    ("Сами нашли ошибку, всё уже работает, помощь не нужна", Intent::Withdraw),
    ("спс", Intent::Thanks),
    ("Спасибо, всё понятно", Intent::Thanks),
    ("Спасибо вам большое, теперь заходит", Intent::Thanks),
    ("❤️", Intent::Thanks),
    ("Благодарим психолога за внимание к нашей дочери", Intent::Thanks),
    ("Как подключиться к видеозвонку?", Intent::Question),
    ("Где именно проходит встреча", Intent::Question),
    ("Нужно ли брать тетради?", Intent::Question),
    ("А кто будет проводить консультацию?", Intent::Question),
    ("Логопед не пришла, мы стояли у закрытой двери", Intent::NoShow),
    ("Сегодня в 14:00 никто на связь не вышел", Intent::NoShow),
    ("Нам так и не перезвонили", Intent::NoShow),
    ("Консультация не состоялась, педагога не было", Intent::NoShow),
    ("Удалите, пожалуйста, из базы мой телефон и адрес", Intent::DataWithdrawal),
    ("Не даю согласия на обработку данных моего ребёнка", Intent::DataWithdrawal),
    ("Кто вы? Я никаких заявок не оставляла", Intent::WrongPerson),
    ("Это письмо пришло мне по ошибке", Intent::WrongPerson),
    ("У меня нет детей в вашей школе", Intent::WrongPerson),
    ("Попробовали, не работает", Intent::NotHelped),
    ("Всё по-прежнему, пароль не принимает", Intent::NotHelped),
    ("Проблема не решена", Intent::NotHelped),
    ("Стало только хуже", Intent::NotHelped),
    ("Вторую неделю жду, никакой реакции", Intent::Complaint),
    ("Это безобразие, буду жаловаться в департамент", Intent::Complaint),
    ("Фамилия ребёнка Лосев, 4Г", Intent::Info),
    ("Высылаю скриншот ошибки", Intent::Info),
    ("Постараюсь, но пока точно не знаю", Intent::Tentative),
    ("Скорее всего будем", Intent::Tentative),
];

#[test]
fn answers_of_the_second_set() {
    let wrong: Vec<String> = SECOND
        .iter()
        .filter_map(|(text, wanted)| {
            let got = answer(text).intent;
            (got != *wanted).then(|| format!("{text}: {got:?} instead of {wanted:?}"))
        })
        .collect();
    all_right("answers 2", SECOND.len(), &wrong);
}

const SECOND_TIMES: &[(&str, &str)] = &[
    ("часом позже", "20.11 15:00-15:40"),
    ("Можно минут на двадцать позже?", "20.11 14:20-15:00"),
    ("на полтора часа попозже, если можно", "20.11 15:30-16:10"),
    ("Давайте в тот же день в 17:00", "20.11 17:00-17:40"),
    ("В среду в то же время", "25.11 14:00-14:40"),
    ("На день позже можно?", "21.11"),
    ("Перенесите на неделю позже", "27.11"),
    ("А если в 15:30?", "20.11 15:30-16:10"),
    ("20 ноября в 14:00 подтверждаю", ""),
    ("Ок, в два часа", ""),
    ("Сын заболел, в пятницу не придём", "!20.11"),
    ("Давайте 24 ноября в 10 утра", "24.11 10:00-10:40"),
];

#[test]
fn times_of_the_second_set() {
    let wrong: Vec<String> = SECOND_TIMES
        .iter()
        .filter_map(|(text, wanted)| {
            let got = shortly(&answer(text).times);
            (got != *wanted).then(|| format!("{text}: «{got}» instead of «{wanted}»"))
        })
        .collect();
    all_right("times 2", SECOND_TIMES.len(), &wrong);
}
