//! Tests of `report`: tables and sums.

use super::{JournalRow, Reader, Reconciliation, RegisterRow, Terms, journal, median, percent, percentile, register};
use crate::appeal::Ending;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse::<DateTime<Utc>>().unwrap())
}

fn row() -> JournalRow {
    JournalRow {
        number: 147,
        start: at("2026-11-25T12:30:00Z"),
        specialist: "Соколова Ирина Юрьевна".to_owned(),
        form: "phone".to_owned(),
        group: false,
        author: "Рябинина Ольга Петровна".to_owned(),
        class: "5 «А»".to_owned(),
        topic: "Помощь психолога".to_owned(),
        state: "проведена".to_owned(),
        recommendations: None,
        note: "Режим дня; повторно 9 декабря".to_owned(),
        confidential: false,
    }
}

fn csv_of(rows: &[JournalRow], zone: Tz) -> String {
    journal(rows, zone, "Школа № 12", Reader::School).csv()
}

fn html_of(rows: &[JournalRow], zone: Tz, school: &str) -> String {
    journal(rows, zone, school, Reader::School).page()
}

/// What a spreadsheet sees.
fn cells(csv: &str) -> Vec<Vec<String>> {
    let text = csv.strip_prefix('\u{feff}').expect("Excel needs the mark");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_journal_opens_in_a_spreadsheet() {
    let table = csv_of(&[row()], Tz::Europe__Moscow);
    assert_eq!(
        table,
        "\u{feff}№;Дата, время;Специалист;Форма;ФИО родителя;Класс;Тема;Состояние;Рекомендации, примечание\r\n\
         147;25.11.2026 15:30;Соколова Ирина Юрьевна;телефон;Рябинина Ольга Петровна;5 «А»;Помощь психолога;проведена;\"Режим дня; повторно 9 декабря\"\r\n"
    );
    assert_eq!(cells(&csv_of(&[], Tz::Europe__Moscow)).len(), 1, "an empty journal has its heading");
    let undated = JournalRow { start: None, ..row() };
    assert_eq!(cells(&csv_of(&[undated], Tz::Europe__Moscow))[1][1], "");
}

#[test]
fn the_register_opens_in_a_spreadsheet() {
    let row = RegisterRow {
        number: 12,
        received: at("2026-11-20T21:30:00Z"),
        category: "Электронный журнал".to_owned(),
        state: "закрыто".to_owned(),
        assignee: "Лукин Пётр Ильич".to_owned(),
        due: at("2026-11-25T20:59:59Z"),
        closed: at("2026-11-24T09:00:00Z"),
        ending: Some(Ending::Answered),
        kept: Some(true),
    };
    let late = RegisterRow { kept: Some(false), closed: None, ..row.clone() };
    let open = RegisterRow { kept: None, ..late.clone() };
    let table = cells(&register(&[row, late, open], Tz::Europe__Moscow, "Школа № 12").csv());
    assert_eq!(table[0].join("|"), "№|Получено|Тип обращения|Состояние|Специалист|Ответить до|Закрыто|Чем закончилось|В срок");
    assert_eq!(table[1].join("|"), "12|21.11.2026 00:30|Электронный журнал|закрыто|Лукин Пётр Ильич|25.11.2026 23:59|24.11.2026 12:00|ответ дан|да");
    assert_eq!((table[2][6].as_str(), table[2][8].as_str(), table[3][8].as_str()), ("", "нет", ""));
}

#[test]
fn a_name_that_is_a_formula_stays_a_name() {
    for evil in
        ["=HYPERLINK(\"http://bad.example\";\"Смотри\")", "+79000000001", "-1+1", "@SUM(A1)", "  =1", "\t=1", "\u{feff}=1", "＝1", "|cmd", "\n=1", "%0A=1"]
    {
        let table = cells(&csv_of(&[JournalRow { author: evil.to_owned(), ..row() }], Tz::Europe__Moscow));
        assert_eq!(table.len(), 2, "{evil:?} made a row");
        assert_eq!(table[1].len(), 9, "{evil:?} made a cell");
        assert!(table[1][4].starts_with('\''), "{:?}", table[1][4]);
    }
    let plain = cells(&csv_of(&[JournalRow { note: "Первое.\r\nВторое = третье\u{0}".to_owned(), ..row() }], Tz::Europe__Moscow));
    assert_eq!(plain[1][8], "Первое. Второе = третье");
}

#[test]
fn the_journal_prints() {
    let page = html_of(&[row(), JournalRow { number: 148, start: at("2026-11-30T06:00:00Z"), ..row() }], Tz::Europe__Moscow, "Школа № 12");
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"ru\">"));
    for text in [
        "<h1>Журнал дистанционного консультирования</h1>",
        "Школа № 12<br>25.11.2026 – 30.11.2026",
        "<th>Рекомендации, примечание</th></tr>",
        "<td>147</td><td>25.11.2026 15:30</td><td>Соколова Ирина Юрьевна</td><td>телефон</td>",
        "Всего записей: 2",
    ] {
        assert!(page.contains(text), "{text} is missing in {page}");
    }
    assert!(!page.contains("http") && !page.contains("<script"), "nothing is loaded or run");
    let empty = html_of(&[], Tz::Europe__Moscow, "Школа № 12");
    assert!(empty.contains("Записей за этот период нет.") && !empty.contains("<table"));
}

#[test]
fn a_name_that_is_markup_stays_a_name() {
    let evil = "<script>alert('1')</script>&\"";
    let page = html_of(&[JournalRow { author: evil.to_owned(), ..row() }], Tz::Europe__Moscow, evil);
    assert!(!page.contains("<script"));
    assert_eq!(page.matches("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;").count(), 2);
}

#[test]
fn medians_and_percentiles_are_of_what_happened() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[5]), Some(5));
    assert_eq!(median(&[30, 10, 20]), Some(20));
    assert_eq!(median(&[40, 10, 30, 20]), Some(25));
    assert_eq!(median(&[i64::MAX, i64::MAX]), Some(i64::MAX));
    let ten: Vec<i64> = (1..=10).rev().collect();
    assert_eq!(percentile(&ten, 90), Some(9));
    assert_eq!(percentile(&ten, 91), Some(10));
    assert_eq!(percentile(&ten, 100), Some(10));
    assert_eq!(percentile(&ten, 0), Some(1));
    assert_eq!(percentile(&[7], 90), Some(7));
    assert_eq!(percentile(&[], 90), None);
}

#[test]
fn only_everything_is_a_hundred_per_cent() {
    assert_eq!(percent(0, 0), None);
    assert_eq!(percent(0, 5), Some(0));
    assert_eq!(percent(5, 5), Some(100));
    assert_eq!(percent(2, 3), Some(67));
    assert_eq!(percent(999, 1_000), Some(99));
    assert_eq!(percent(1, 1_000), Some(1));
    assert_eq!(percent(9, 5), Some(100));
    assert_eq!(percent(u32::MAX, u32::MAX), Some(100));
    let terms = Terms { ended: 40, kept_literal: 38, kept_office: 40 };
    assert_eq!((terms.percent_literal(), terms.percent_office()), (Some(95), Some(100)));
}

#[test]
fn a_lost_letter_shows_in_the_reconciliation() {
    let mut line =
        Reconciliation {
            journalled: 10, opened: 4, added: 2, answers: 1, duplicates: 1, ignored: vec![("рассылка".to_owned(), 1)], parked: 1, waiting: 0
        };
    assert!(line.balanced());
    line.journalled = 11;
    assert!(!line.balanced());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_stays_in_its_cell(texts in prop::array::uniform7(any::<String>())) {
        let [specialist, form, author, class, topic, state, note] = texts;
        let row = JournalRow { number: 1, start: None, specialist, form, group: false, author, class, topic, state, note, recommendations: None, confidential: false };
        let table = cells(&csv_of(std::slice::from_ref(&row), Tz::Europe__Moscow));
        prop_assert_eq!(table.len(), 2);
        prop_assert_eq!(table[1].len(), 9);
        for cell in &table[1] {
            prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{:?}", cell);
            prop_assert!(!cell.chars().any(char::is_control));
        }
        let page = html_of(&[row], Tz::Europe__Moscow, "");
        prop_assert_eq!(page.matches("<td>").count(), 9);
    }
}
