//! The sender's letter as people write it, and what must not be guessed.

use super::*;
use chrono::NaiveDate;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default()
}

fn read(subject: &str, text: &str) -> Written {
    read_text(subject, text, today()).whole()
}

fn classes(audience: &Audience) -> String {
    match audience {
        Audience::Unsaid => "unsaid".into(),
        other => other.words(),
    }
}

#[test]
fn an_announcement_is_known_by_its_first_word_alone() {
    for (subject, text) in [
        ("Объявление", "Собрание"),
        ("ОБЪЯВЛЕНИЕ: собрание", ""),
        ("объявление для 5А", ""),
        ("Собрание", "Объявление\nПриглашаем"),
        ("Собрание", "\n  объявление: собрание"),
        ("Срочное объявление", "Школа закрыта"),
    ] {
        assert!(announces(subject, text), "{subject} / {text}");
    }
    for (subject, text) in [
        ("Re: Объявление", "буду"),
        ("Вопрос про объявление", "Видела объявление на двери"),
        ("Объявления", "не приходят"),
        ("", "Добрый день! Объявление о собрании не пришло"),
        ("", ""),
    ] {
        assert!(!announces(subject, text), "{subject} / {text}");
    }
}

#[test]
fn lines_stand_in_any_order_and_in_plain_russian() {
    let text = "Ответить до: 10.12\nКогда: 12 декабря в 18:00\nДорогие родители, приглашаем Вас на собрание.\n\nКому: родителям 5А и 5Б классов\nНужно подтверждение\nГде: кабинет 214\n";
    let w = read("Объявление: собрание", text);
    assert_eq!(w.wrong, Vec::<String>::new());
    let d = w.draft;
    assert_eq!((d.topic.as_str(), d.text.as_str()), ("Собрание", "Дорогие родители, приглашаем Вас на собрание."));
    assert_eq!(classes(&d.audience), "5А, 5Б");
    assert_eq!(d.start.map(|s| s.to_string()).as_deref(), Some("2026-12-12 18:00:00"));
    assert_eq!(d.until.map(|u| u.to_string()).as_deref(), Some("2026-12-10"));
    assert_eq!((d.place.as_deref(), d.confirm, d.minutes), (Some("кабинет 214"), true, 60));
    assert_eq!(Draft { confirm: false, ..d }.asks(), Asks::Come);
}

#[test]
fn the_end_of_a_meeting_is_read_where_it_is_written() {
    for (line, minutes) in [("12.12 18:00-19:30", 90), ("12 декабря с 18:00 до 18:40", 40), ("12.12 18:00", 60)] {
        let w = read("объявление", &format!("Собрание\nКому: все\nКогда: {line}"));
        assert_eq!(w.wrong, Vec::<String>::new(), "{line}");
        assert_eq!((w.draft.start.map(|s| s.to_string()).as_deref(), w.draft.minutes), (Some("2026-12-12 18:00:00"), minutes), "{line}");
    }
}

#[test]
fn classes_are_read_as_people_write_them() {
    for (text, wanted) in [
        ("5А, 5Б", "5А, 5Б"),
        ("5а и 5б", "5А, 5Б"),
        ("1-4 классы", "1-4"),
        ("1 – 4", "1-4"),
        ("5 А, Б", "5А, 5Б"),
        ("родителям 9 классов", "9"),
        ("9-х классов", "9"),
        ("5A", "5А"),
        ("всем", "все классы"),
        ("все классы", "все классы"),
        ("вся школа", "все классы"),
        ("семьям учеников 7В; 8", "7В, 8"),
        ("всем родителям 5А", "5А"),
        ("всем семьям 5А и 5Б классов", "5А, 5Б"),
        ("все 9 классы", "9"),
        ("с 1 по 4 классы", "1-4"),
        ("с 1-го по 4-й класс, 5А", "1-4, 5А"),
        ("с 1 класса по 4 класс и 9Б", "1-4, 9Б"),
        ("5-7 классы", "5-7"),
        ("родителям 1-4 классов", "1-4"),
    ] {
        assert_eq!(Audience::parse(text).map(|a| classes(&a)).as_deref(), Ok(wanted), "{text}");
    }
    for text in ["12Ы", "пятый А", "5А, Иванову", "школьникам", "с 5А по 5В", "с 4 по 1 класс"] {
        assert!(Audience::parse(text).is_err(), "{text}: {:?}", Audience::parse(text));
    }
}

#[test]
fn choices_stand_in_one_line_or_below_each_other() {
    for text in [
        "Варианты: 1) да, поедем 2) нет 3) пока не знаем",
        "Варианты:\n1) да, поедем\n2) нет\n3) пока не знаем",
        "Варианты ответа:\n- да, поедем;\n- нет;\n- пока не знаем.",
        "Опрос: да, поедем / нет / пока не знаем",
    ] {
        let w = read("Объявление: поездка", &format!("Едем ли в музей?\nКому: 5А\n{text}\n"));
        assert_eq!(w.draft.choices, ["да, поедем", "нет", "пока не знаем"], "{text}");
        assert_eq!((w.draft.text.as_str(), w.wrong.len(), w.draft.asks()), ("Едем ли в музей?", 0, Asks::Choose), "{text}");
    }
    let one = read("Объявление", "Едем?\nКому: 5А\nВарианты: да");
    assert!(one.wrong.iter().any(|w| w.contains("два варианта")), "{:?}", one.wrong);
}

#[test]
fn what_cannot_be_read_is_said_back_and_never_guessed() {
    let w = read("Объявление", "Кому: пятиклашкам\nКогда: скоро\nОтветить до: потом\nСобрание");
    assert_eq!(w.wrong.len(), 3, "{:?}", w.wrong);
    assert!(w.wrong[0].contains("пятиклашкам") && w.wrong[1].contains("скоро") && w.wrong[2].contains("потом"), "{:?}", w.wrong);
    assert!(read("Объявление", "Кому: 5А").wrong.iter().any(|w| w.contains("Нет текста")));
    let long = read("Объявление", &"слово ".repeat(9000));
    assert!(long.wrong.iter().any(|w| w.contains("длинный")), "{:?}", long.wrong);
}

#[test]
fn a_correction_changes_what_it_says_and_keeps_the_rest() {
    let before = read("Объявление: собрание", "Приглашаем.\nКому: 5А\nКогда: 12.12 18:00\nГде: кабинет 1").draft;
    let after = read_text("", "Когда: 12.12 19:00", today()).over(&before);
    assert_eq!(after.wrong, Vec::<String>::new());
    assert_eq!(after.draft.start.map(|s| s.time().to_string()).as_deref(), Some("19:00:00"));
    assert_eq!((after.draft.text.as_str(), after.draft.topic.as_str(), classes(&after.draft.audience).as_str()), ("Приглашаем.", "Собрание", "5А"));
    let text = read_text("", "Ждём Вас на собрании.", today()).over(&before).draft;
    assert_eq!((text.text.as_str(), text.start), ("Ждём Вас на собрании.", before.start));
}

#[test]
fn ready_texts_have_names() {
    for (name, asks) in [("компьютер", Asks::Choose), ("удовлетворённость", Asks::Choose), ("согласие", Asks::Consent)] {
        let w = read(&format!("Объявление: шаблон {name}"), "Кому: 5А");
        assert_eq!((w.wrong.len(), w.draft.asks(), classes(&w.draft.audience).as_str()), (0, asks, "5А"), "{name}: {:?}", w.wrong);
        assert!(w.draft.text.chars().count() > 100, "{name}");
    }
    assert!(read("объявление: шаблон погода", "Кому: 5А").wrong.iter().any(|w| w.contains("погода")));
}

#[test]
fn any_text_is_read_in_linear_time_and_without_panic() {
    let started = std::hint::black_box(200_000);
    for piece in ["Кому: ", "1) ", "объявление ", "ё", ":", "\n", "Варианты:\n1) а\n", "🙂", "5-"] {
        let text = piece.repeat(started / piece.len());
        let w = read(&text, &text);
        let _ = read_reply(&text, &text, &w.draft);
        let _ = Audience::parse(&text);
        let _ = orders::word(&text);
        let _ = second_address(&text);
        let _ = concerns(&w.draft, &[], "school.example", &[]);
    }
}
