//! Lists of orders: what is a line, what names an appeal, what is refused; slips of the finger. Reports of a period, asked for by letter.

use super::order_list::{lines, numbered, numbers};
use super::order_slips::slip;
use super::orders::{Reading, Said};
use super::tests_orders::{STAFF, today};
use chrono::NaiveDate;

fn read(text: &str) -> Vec<(Option<i64>, Reading)> {
    lines(text, "Орлова Марина Викторовна", today(), &STAFF).into_iter().map(|l| (l.number, l.reading)).collect()
}

fn order(said: Said) -> Reading {
    Reading::Order(said, None)
}

#[test]
fn each_numbered_line_is_an_order() {
    let date = today() + chrono::TimeDelta::days(5);
    let text = "Доброе утро!\n12 продлить до 28.11\n№ 14 → Петрова\n15: закрыть\n• 16 — Козлову\n17) беру\nЗаявка № 18: не моё\n19 готово: Исправили.\n\nСпасибо\nМарина Викторовна\nШкола № 12";
    assert_eq!(
        read(text),
        vec![
            (Some(12), order(Said::Extend { until: date, reason: None })),
            (Some(14), order(Said::Assign("psy2".into()))),
            (Some(15), order(Said::Close(None))),
            (Some(16), order(Said::Assign("math".into()))),
            (Some(17), order(Said::Take)),
            (Some(18), order(Said::NotMine(None))),
            (Some(19), order(Said::Close(Some("Исправили.".into())))),
        ]
    );
    assert_eq!(numbers(text), [12, 14, 15, 16, 17, 18, 19]);
}

#[test]
fn dates_and_times_name_no_appeal() {
    for line in ["12.05 приду", "15:30 удобно", "12-15 человек", "28.11.2026 педсовет", "12", "№ 12", "взял", "2026 год", "0 закрыть", "12345678901 закрыть"]
    {
        let found = numbered(line).map(|(n, _)| n);
        assert!(found.is_none() || line.starts_with("2026"), "{line}: {found:?}");
    }
    assert!(read("Сегодня в 15:30 педсовет.\nПриду.").is_empty());
}

#[test]
fn what_is_not_plain_is_not_carried_out() {
    // One appeal twice, an answer in several lines, words without a number.
    let read = read("12 беру\n12 закрыть без ответа: дубль\n13 готово: Здравствуйте.\nКласс исправлен.\n14 и так понятно");
    assert!(matches!(read[0], (Some(12), Reading::Unclear(_))) && matches!(read[1], (Some(12), Reading::Unclear(_))), "{read:?}");
    assert!(matches!(read[2], (Some(13), Reading::Unclear(_))), "half an answer is no answer: {read:?}");
    assert_eq!(read[3], (Some(14), Reading::Nothing));
    assert_eq!(read.len(), 4);
}

#[test]
fn steps_that_are_numbered_are_the_rest_of_an_answer() {
    let read = lines("12 готово: порядок такой:\n1) зайдите в настройки\n2) нажмите «Сбросить»", "", today(), &STAFF);
    assert!(matches!(read[0].reading, Reading::Unclear(_)), "half an answer would go to a family: {read:?}");
    assert!(read.iter().all(|l| !matches!(l.reading, Reading::Order(..))), "{read:?}");
}

#[test]
fn joined_appeals_are_asked_for() {
    assert_eq!(numbers("объединить 147 и 151"), [147, 151]);
    assert_eq!(numbers("12 объединить с 14\nспасибо"), [12, 14]);
    assert!(numbers("Здравствуйте! Сын учится в 5Б").is_empty());
}

#[test]
fn reading_a_list_is_bounded() {
    let long: String = (1..200_000).map(|n| format!("{n} беру\n")).collect();
    assert!(lines(&long, "", today(), &STAFF).len() <= 60 && numbers(&long).len() == 30);
    let odd = "12 ".repeat(100_000);
    lines(&odd, "", today(), &STAFF);
    numbers(&odd);
}

#[test]
fn one_slip_is_forgiven_but_not_the_ending() {
    for (said, meant) in [
        ("гатово", "готово"),
        ("прадлить", "продлить"),
        ("пердать", "передать"),
        ("перредать", "передать"),
        ("виижу", "вижу"),
        ("рботу", "работу"),
        ("бреу", "беру"),
    ] {
        assert!(slip(said, meant), "{said}");
    }
    let others = ["ответит", "отметить", "заметить", "перевести", "напишите", "вежу", "закрыто", "готовы", ""];
    let meant = ["ответил", "отменить", "заменить", "перенести", "запишите", "вижу", "закрыть", "готово", "готово"];
    for (said, meant) in others.into_iter().zip(meant) {
        assert!(!slip(said, meant), "{said} is no {meant}");
    }
}

fn report(text: &str) -> Option<super::order_report::ReportAsked> {
    super::order_report::read(text, NaiveDate::from_ymd_opt(2026, 11, 25).unwrap())
}

fn date(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

#[test]
fn periods_are_read_as_people_write_them() {
    assert_eq!(report("отчёт за ноябрь"), Some(super::order_report::ReportAsked::Month(date(2026, 11, 1))));
    assert_eq!(report("Отчет за декабрь"), Some(super::order_report::ReportAsked::Month(date(2025, 12, 1))), "the last December");
    assert_eq!(report("Добрый день! Пришлите отчёт за октябрь 2026 года, пожалуйста."), Some(super::order_report::ReportAsked::Month(date(2026, 10, 1))));
    assert_eq!(report("отчёт за неделю"), Some(super::order_report::ReportAsked::Week(date(2026, 11, 23))));
    assert_eq!(report("отчёт за прошлую неделю"), Some(super::order_report::ReportAsked::Week(date(2026, 11, 16))));
    assert_eq!(report("отчёт за квартал"), Some(super::order_report::ReportAsked::Quarter(date(2026, 10, 1))));
    assert_eq!(report("анализ за 3 квартал"), Some(super::order_report::ReportAsked::Quarter(date(2026, 7, 1))));
    assert_eq!(report("отчёт за декабрь 2026"), Some(super::order_report::ReportAsked::Ahead));
    assert_eq!(report("отчёт за четверть"), Some(super::order_report::ReportAsked::Unclear));
    assert_eq!(report("отчёт за 5 квартал"), Some(super::order_report::ReportAsked::Unclear));
}

#[test]
fn other_letters_are_no_such_order() {
    assert_eq!(report("Отчёт о прочтении книги не принимают"), None);
    assert_eq!(report("Отчёт за практику сын сдал ещё в октябре, а оценки нет"), None);
    assert_eq!(report(""), None);
    assert_eq!(report("отчёт за урок. Учитель просит сдать его завтра, а у сына температура, что делать"), None);
}
