//! Tests of `report`: one table in all its forms, read back as their readers would.

use super::{Cell, Column, JournalRow, Reader, Table, journal};
use calamine::{Data, Reader as _, Xlsx};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use std::io::Cursor;

fn now() -> DateTime<Utc> {
    "2026-11-25T05:00:00Z".parse().unwrap()
}

fn row(number: i64, confidential: bool) -> JournalRow {
    JournalRow {
        number,
        start: Some("2026-11-25T12:30:00Z".parse().unwrap()),
        specialist: "Соколова Ирина Юрьевна".into(),
        form: "phone".into(),
        group: false,
        author: "Рябинина Ольга Петровна".into(),
        class: "5А".into(),
        topic: "педагог-психолог".into(),
        state: "проведена".into(),
        recommendations: Some("Режим дня".into()),
        note: String::new(),
        confidential,
    }
}

/// Title, heading, an empty row, then the columns: as the sheet is laid out.
fn sheet(table: &Table) -> Vec<Vec<Data>> {
    let bytes = table.xlsx(now()).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn a_workbook_reads_back_cell_by_cell() {
    let table = journal(&[row(147, false), row(148, true)], Tz::Europe__Moscow, "Школа № 12", Reader::School);
    let rows = sheet(&table);
    assert_eq!(rows[0][0], Data::String("Журнал дистанционного консультирования".into()));
    assert_eq!((rows[1][0].to_string(), rows[2][0].to_string()), ("Школа № 12".into(), "25.11.2026".into()));
    let head: Vec<String> = rows[4].iter().map(ToString::to_string).collect();
    assert_eq!(head.join("|"), "№|Дата, время|Специалист|Форма|ФИО родителя|Класс|Тема|Состояние|Рекомендации, примечание");
    assert_eq!(rows[5][0], Data::Float(147.0));
    let Data::DateTime(at) = &rows[5][1] else { panic!("{:?} is no date", rows[5][1]) };
    assert_eq!(at.as_datetime().unwrap().to_string(), "2026-11-25 15:30:00");
    assert_eq!(rows[5][4].to_string(), "Рябинина Ольга Петровна");
    assert_eq!(table.xlsx(now()).unwrap(), table.xlsx(now()).unwrap(), "equal tables are equal bytes");
}

#[test]
fn the_journal_for_all_keeps_what_is_the_specialists_own() {
    let for_all = journal(&[row(148, true)], Tz::Europe__Moscow, "Школа № 12", Reader::School);
    for form in [for_all.csv(), for_all.page(), for_all.terminal(200), format!("{:?}", sheet(&for_all))] {
        for secret in ["Рябинина", "5А", "педагог-психолог", "Режим дня"] {
            assert!(!form.contains(secret), "{secret} in {form}");
        }
        assert!(form.contains("в журнале специалиста") && form.contains("рекомендации даны"), "{form}");
    }
    let own = journal(&[row(148, true)], Tz::Europe__Moscow, "Школа № 12", Reader::Specialist).csv();
    assert!(["Рябинина", "5А", "педагог-психолог", "Режим дня"].iter().all(|s| own.contains(s)), "{own}");
}

#[test]
fn formulas_are_words_in_every_form() {
    for evil in ["=cmd|' /C calc'!A0", "=1+1", "+7", "@SUM(A1)", "{=1}"] {
        let rows = sheet(&journal(&[JournalRow { author: evil.into(), ..row(1, false) }], Tz::Europe__Moscow, "=1", Reader::School));
        assert_eq!(rows[5][4], Data::String(evil.into()));
        assert_eq!(rows[1][0], Data::String("=1".into()));
    }
}

#[test]
fn a_terminal_shows_columns_under_each_other() {
    let mut long = row(9, false);
    long.recommendations = None;
    long.note = "Очень длинное примечание, которому не хватит места в узком окне, сколько его ни двигай".into();
    let text = journal(&[row(147, false), long], Tz::Europe__Moscow, "Школа № 12", Reader::School).terminal(150);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().all(|l| l.chars().count() <= 150), "{text}");
    let column = |l: &str| l.chars().collect::<Vec<_>>().windows(8).position(|w| w.iter().collect::<String>() == "Соколова");
    assert_eq!(column(lines[6]), column(lines[7]), "{text}");
    assert!(lines[6].starts_with("147  ") && lines[7].starts_with("  9  "), "numbers stand to the right: {text}");
    assert!(lines[7].ends_with('…'));
    let empty = journal(&[], Tz::Europe__Moscow, "Школа № 12", Reader::School).terminal(80);
    assert!(empty.ends_with("Записей за этот период нет.\n"), "{empty}");
}

#[test]
fn columns_are_chosen_by_key() {
    let table = journal(&[row(147, false)], Tz::Europe__Moscow, "Школа № 12", Reader::School);
    let few = table.clone().only(&["start", "number"]).unwrap();
    assert_eq!(few.csv(), "\u{feff}Дата, время;№\r\n25.11.2026 15:30;147\r\n");
    let wrong = table.only(&["stert"]).unwrap_err();
    assert!(wrong.starts_with("there is no column \"stert\"; the columns are number, start, specialist"), "{wrong}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any words make a workbook that opens and says the same.
    #[test]
    fn any_words_come_back(words in "\\PC{0,60}", number in -1_000_000_i64..1_000_000) {
        let table = Table {
            title: words.clone(),
            heading: vec![words.clone()],
            none: "",
            columns: vec![Column { key: "a", title: "а", width: 10 }, Column { key: "b", title: "б", width: 10 }],
            rows: vec![vec![Cell::text(&words), Cell::Number(number)], vec![Cell::Date(NaiveDate::from_ymd_opt(2026, 2, 28).unwrap()), Cell::Empty]],
            signed: true,
        };
        let rows = sheet(&table);
        let body = rows.iter().position(|r| r[0] == "а" && r[1] == "б").unwrap() + 1;
        prop_assert_eq!(&rows[body][1], &Data::Float(number as f64));
        prop_assert_eq!(rows[body][0].to_string(), Cell::text(&words).shown());
        prop_assert!(table.terminal(40).lines().count() >= 5);
    }
}
