//! What a letter by hand is: answers, questions back, promises, what is in doubt; the times that it names.

use super::{Hand, by_hand, times_named};
use chrono::{NaiveDate, NaiveDateTime};

fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(hour, minute, 0).unwrap()
}

#[test]
fn answers_questions_promises_and_doubts() {
    let table = [
        ("Здравствуйте, Леонид!\nБукву класса исправили, проверьте, пожалуйста.", Hand::Answer),
        ("Добрый день! Пароль сброшен, новый пароль у секретаря. Если останутся вопросы, пишите.", Hand::Answer),
        ("Расписание на следующую неделю опубликовано на сайте школы в разделе «Родителям».", Hand::Answer),
        ("Зайдите, пожалуйста, в настройки и разрешите доступ к камере.", Hand::Answer),
        ("Ноутбук можно получить в кабинете 15 с 9 до 17.", Hand::Answer),
        ("Справку выдадут в канцелярии. При необходимости перезвоним.", Hand::Answer),
        ("Добрый день! Уточните, пожалуйста, под каким логином Вы входите.", Hand::Asks),
        ("Какой у Вас браузер?", Hand::Asks),
        ("Напишите, пожалуйста, когда Вам удобно подойти", Hand::Asks),
        ("Пришлите скан заявления.", Hand::Asks),
        ("Здравствуйте! Передала Ваше письмо администратору журнала, он ответит.", Hand::Promises),
        ("Разберёмся и сообщим завтра.", Hand::Promises),
        ("Ваше письмо получили, рассмотрим в ближайшее время.", Hand::Promises),
        ("Пока не исправили, разбираемся.", Hand::Promises),
        ("Пароль сбросили. Получилось войти?", Hand::Unclear),
        ("Журнал поправили, про дневник уточним и сообщим.", Hand::Unclear),
        ("Спасибо за письмо.", Hand::Unclear),
        ("Ок", Hand::Unclear),
        ("", Hand::Unclear),
        ("Здравствуйте! Спасибо за письмо. Я в отпуске до 30 ноября и отвечу после возвращения.", Hand::Machine),
    ];
    let wrong: Vec<String> =
        table.iter().filter(|(text, sort)| by_hand(text) != *sort).map(|(text, sort)| format!("«{text}» is {:?}, not {sort:?}", by_hand(text))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn moments_are_named_by_day_and_hour() {
    // A Monday, 11:00.
    let now = at(23, 11, 0);
    let table: [(&str, Vec<NaiveDateTime>); 9] = [
        ("Ирина Юрьевна позвонит Вам в четверг, 26 ноября, в 16:00.", vec![at(26, 16, 0)]),
        ("Приходите в четверг в 16:00", vec![at(26, 16, 0)]),
        ("Ждём Вас завтра в 15.30, кабинет 12.", vec![at(24, 15, 30)]),
        ("Можно 25.11 в 14:00 или 26.11 в 16:00, как Вам удобнее.", vec![at(25, 14, 0), at(26, 16, 0)]),
        ("Подойдите после 16:00 в любой день", vec![]),
        ("Консультация была 18 ноября в 15:00.", vec![]),
        ("Пароль сбросили.", vec![]),
        ("Перезвоним на этой неделе", vec![]),
        ("В кабинете 15 с 9 до 17", vec![]),
    ];
    for (text, moments) in table {
        assert_eq!(times_named(text, now), moments, "{text}");
    }
}

#[test]
fn a_long_letter_is_read_in_linear_time() {
    let long = "Уточните? ".repeat(20_000);
    assert_eq!(by_hand(&long), Hand::Asks);
    assert!(times_named(&"завтра в 15:00, ".repeat(5_000), at(23, 11, 0)).len() <= 12);
}
