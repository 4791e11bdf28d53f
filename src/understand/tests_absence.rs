//! Words about somebody's days; today is Monday, 23 November 2026.

use super::order_absence::{Absence, days, of_auto_reply, read};
use super::orders::Colleague;
use chrono::NaiveDate;

const STAFF: [Colleague<'static>; 2] = [
    Colleague { id: "psychologist-1", name: "Соколова Ирина Юрьевна", post: "педагог-психолог" },
    Colleague { id: "technical-1", name: "Ершов Павел Николаевич", post: "технический специалист" },
];

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default()
}

/// «Соколова 23.11-05.12», «- back 24.11», or what it is not.
fn said(words: &str) -> String {
    let short = |d: NaiveDate| d.format("%d.%m").to_string();
    let who = |w: &Option<String>| w.clone().unwrap_or_else(|| "-".into());
    match read(words, today(), &STAFF) {
        Some(Absence::Away { who: w, days }) => {
            let days: Vec<String> = days.iter().map(|(from, until)| format!("{}-{}", short(*from), until.map_or("?".into(), short))).collect();
            format!("{} {}", who(&w), days.join(" "))
        }
        Some(Absence::Back { who: w, from }) => format!("{} back {}", who(&w), short(from)),
        Some(Absence::Unclear(_)) => "unclear".into(),
        None => "nothing".into(),
    }
}

#[test]
fn ones_own_absence() {
    for (words, expected) in [
        ("болею до 5.12", "- 23.11-05.12"),
        ("Болею до 5.12.", "- 23.11-05.12"),
        ("заболела", "- 23.11-?"),
        ("Добрый день! Заболела.", "- 23.11-?"),
        ("Добрый день, Марина Викторовна! Я заболела, до пятницы.", "- 23.11-27.11"),
        ("на больничном", "- 23.11-?"),
        ("На больничном до 1 декабря", "- 23.11-01.12"),
        ("больничный с 24.11", "- 24.11-?"),
        ("ушла на больничный до 30.11", "- 23.11-30.11"),
        ("отпуск с 1.12 по 14.12", "- 01.12-14.12"),
        ("Отпуск с 1 по 14 декабря", "- 01.12-14.12"),
        ("Я в отпуске с 1 декабря по 14 декабря.", "- 01.12-14.12"),
        ("ухожу в отпуск с 30.11 до 4.12", "- 30.11-04.12"),
        ("меня не будет в четверг и пятницу", "- 26.11-27.11"),
        ("меня не будет завтра", "- 24.11-24.11"),
        ("Меня не будет на работе сегодня", "- 23.11-23.11"),
        ("Завтра меня не будет", "- 24.11-24.11"),
        ("отсутствую с 25.11 по 27.11", "- 25.11-27.11"),
        ("я буду отсутствовать в среду", "- 25.11-25.11"),
        ("командировка 25.11", "- 25.11-25.11"),
        ("болею до конца недели", "- 23.11-29.11"),
        ("болею, неделю", "- 23.11-29.11"),
        ("меня не будет 25.11 и 27.11", "- 25.11-25.11 27.11-27.11"),
        ("Болею до 5.12. Прошу передать мои заявки.", "- 23.11-05.12"),
        ("отпуск", "unclear"),
        ("меня не будет", "unclear"),
        ("болела до 5.11", "nothing"),
    ] {
        assert_eq!(said(words), expected, "{words}");
    }
}

#[test]
fn back_again() {
    for (words, expected) in [
        ("вышла", "- back 23.11"),
        ("Вышел на работу", "- back 23.11"),
        ("вышла с больничного", "- back 23.11"),
        ("Я снова на работе!", "- back 23.11"),
        ("выхожу завтра", "- back 24.11"),
        ("выхожу с 25.11", "- back 25.11"),
        ("выздоровела", "- back 23.11"),
        ("Соколова вышла", "psychologist-1 back 23.11"),
        ("вышла статья о нас в газете", "nothing"),
    ] {
        assert_eq!(said(words), expected, "{words}");
    }
}

#[test]
fn somebody_elses_absence() {
    for (words, expected) in [
        ("Соколова болеет до 5.12", "psychologist-1 23.11-05.12"),
        ("Соколова заболела", "psychologist-1 23.11-?"),
        ("Соколовой нет до 5.12", "psychologist-1 23.11-05.12"),
        ("Соколова Ирина Юрьевна отсутствует с 23.11 по 05.12", "psychologist-1 23.11-05.12"),
        ("Ершова не будет в четверг", "technical-1 26.11-26.11"),
        ("Ершов в отпуске с 1.12 по 14.12", "technical-1 01.12-14.12"),
        ("Психолог на больничном", "psychologist-1 23.11-?"),
        ("Иванова не будет в четверг", "nothing"),
    ] {
        assert_eq!(said(words), expected, "{words}");
    }
}

#[test]
fn what_is_about_no_absence() {
    for words in [
        "",
        "Заболела дочь, не можем прийти",
        "Заболела. Можно ли перенести прививку дочери?",
        "нет",
        "не будет",
        "Нет связи",
        "Отпуск детям положен?",
        "Сын болеет до 5.12, пришлите задания",
        "В электронном журнале не будет оценок до 5.12",
        "болею душой за школу",
        "больничный лист ребёнка принести учителю?",
    ] {
        assert_eq!(said(words), "nothing", "{words}");
    }
}

#[test]
fn days_and_nothing_else() {
    let end = |text| days(text, today()).and_then(|d| d.first().and_then(|(_, until)| *until)).map(|d| d.format("%d.%m").to_string());
    assert_eq!(end("до 15.12").as_deref(), Some("15.12"));
    assert_eq!(end("до пятницы").as_deref(), Some("27.11"));
    assert_eq!(days("до 15.12 и вообще", today()), None);
}

#[test]
fn a_vacation_answer_names_its_end() {
    let d = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap_or_default();
    assert_eq!(of_auto_reply("Здравствуйте!\nЯ в отпуске с 23.11 по 05.12. По срочным вопросам пишите завучу.", today()), Some((d(11, 23), d(12, 5))));
    assert_eq!(of_auto_reply("Меня не будет до 5 декабря.", today()), Some((d(11, 23), d(12, 5))));
    assert_eq!(of_auto_reply("Ваше письмо получено, отвечу до 5.12.", today()), None);
    assert_eq!(of_auto_reply("Я в отпуске.", today()), None);
    assert_eq!(of_auto_reply("Меня не будет до 5.11.", today()), None, "past, or a year ahead");
}

#[test]
fn silence_for_a_family() {
    use super::order_silence::{Silence, named, read};
    let until = |d| Silence::Until(NaiveDate::from_ymd_opt(2026, 12, d).unwrap_or_default());
    for (words, expected) in [
        ("тишина 147 до 15.12", Some((Some(147), until(15)))),
        ("Тишина № 147: до 15 декабря.", Some((Some(147), until(15)))),
        ("тишина до 15.12", Some((None, until(15)))),
        ("тишина 147 нет", Some((Some(147), Silence::Over))),
        ("тишина 147", Some((Some(147), Silence::Unclear))),
        ("тишина 147 до 15.11", Some((Some(147), Silence::Unclear))),
        ("тишина 147 до 15.12 и пусть не пишут", None),
        ("тишина в классе", None),
        ("Прошу тишины", None),
    ] {
        assert_eq!(read(words, today()), expected, "{words}");
    }
    assert_eq!((named("тишина 147 до 15.12"), named("тишина до 15.12")), (Some(147), None));
}

#[test]
fn one_answer_for_all() {
    use super::order_incident::{Incident, read};
    let all = |t: &str| Some(Incident::All(t.to_owned()));
    for (words, expected) in [
        ("всем: Журнал починят к 14:00.", all("Журнал починят к 14:00.")),
        ("Добрый день!\nВсем: Журнал чинят.\nЖдите.", all("Журнал чинят.\nЖдите.")),
        ("Ответить всем: чинят", all("чинят")),
        ("всем:", Some(Incident::NoText)),
        ("разные", Some(Incident::Apart)),
        ("Это разные.", Some(Incident::Apart)),
        ("Инцидент закрыт", Some(Incident::Over)),
        ("Всем спасибо: вы молодцы", None),
        ("объявление всем: завтра собрание", None),
        ("", None),
    ] {
        assert_eq!(read(words), expected, "{words}");
    }
}
