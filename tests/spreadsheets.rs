//! Journal and register in a foreign office program: LibreOffice opens the workbook, shows every cell as we meant it, and prints it.

#![expect(clippy::unwrap_used, reason = "a test without its files fails")]

use otklik::report::{JournalRow, Reader, RegisterRow, Table, journal, register};
use std::path::Path;
use std::process::Command;

fn office() -> bool {
    let there = Command::new("soffice").arg("--version").output().is_ok_and(|o| o.status.success());
    #[expect(clippy::disallowed_methods, reason = "whether a test may be skipped is the environment's word")]
    let ci = std::env::var("CI").is_ok_and(|v| v == "true");
    assert!(there || !ci, "CI must have LibreOffice (libreoffice-calc-nogui)");
    if !there {
        println!("skipped: no soffice here; install libreoffice-calc-nogui");
    }
    there
}

fn journal_rows() -> Vec<JournalRow> {
    let row = |number: i64, author: &str, note: &str| JournalRow {
        number,
        start: Some("2026-11-25T12:30:00Z".parse().unwrap()),
        specialist: "Соколова Ирина Юрьевна".into(),
        form: "phone".into(),
        group: number % 2 == 0,
        author: author.into(),
        class: "5А".into(),
        topic: "учитель-логопед".into(),
        state: "проведена".into(),
        recommendations: Some("Читать вслух по 10 минут; \"медленно\"".into()),
        note: note.into(),
        confidential: false,
    };
    vec![
        row(147, "Рябинина Ольга Петровна", ""),
        row(148, "=cmd|' /C calc'!A0", "строка первая\nстрока вторая"),
        row(149, "+7 900 000-00-01", "ёж; «кавычки»"),
        JournalRow { start: None, ..row(150, "@SUM(A1)", "") },
    ]
}

fn register_rows() -> Vec<RegisterRow> {
    (1..=3000)
        .map(|number| RegisterRow {
            number,
            received: Some("2026-11-20T21:30:00Z".parse().unwrap()),
            category: "электронный журнал и дневник".into(),
            state: "закрыта".into(),
            assignee: "Лукин Пётр Ильич".into(),
            due: Some("2026-11-25T20:59:59Z".parse().unwrap()),
            closed: None,
            ending: Some(otklik::appeal::Ending::Answered),
            kept: Some(number % 7 != 0),
        })
        .collect()
}

/// Converts with a profile of its own, so that tests do not disturb each other.
fn convert(dir: &Path, file: &str, to: &str) {
    let profile = format!("-env:UserInstallation=file://{}/profile", dir.display());
    let done = Command::new("soffice").args([&profile, "--headless", "--convert-to", to, "--outdir"]).arg(dir).arg(dir.join(file)).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// What the office program shows in each cell, as text.
fn shown(dir: &Path, name: &str, table: &Table) -> Vec<Vec<String>> {
    std::fs::write(dir.join(format!("{name}.xlsx")), table.xlsx("2026-11-26T05:00:00Z".parse().unwrap()).unwrap()).unwrap();
    // Semicolons, quotes, UTF-8, cells as shown.
    convert(dir, &format!("{name}.xlsx"), "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true");
    let text = std::fs::read(dir.join(format!("{name}.csv"))).unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).flexible(true).from_reader(text.as_slice());
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn libreoffice_shows_every_cell_and_prints_it() {
    if !office() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let zone = chrono_tz::Tz::Europe__Moscow;
    let tables = [("journal", journal(&journal_rows(), zone, "Школа № 12", Reader::Specialist)), ("register", register(&register_rows(), zone, "Школа № 12"))];
    let mut compared = 0;
    for (name, table) in tables {
        let rows = shown(dir.path(), name, &table);
        let head = rows.iter().position(|r| r.first().is_some_and(|c| c == "№")).unwrap();
        assert_eq!(rows[head].iter().map(String::as_str).collect::<Vec<_>>(), table.columns.iter().map(|c| c.title).collect::<Vec<_>>());
        for (given, row) in table.rows.iter().zip(&rows[head + 1..]) {
            for (cell, seen) in given.iter().zip(row) {
                assert_eq!(&cell.shown(), seen, "{name}");
                compared += 1;
            }
        }
        convert(dir.path(), &format!("{name}.xlsx"), "pdf");
        let pdf = std::fs::read(dir.path().join(format!("{name}.pdf"))).unwrap();
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 5_000, "{name}: {} bytes", pdf.len());
    }
    println!("{compared} cells as LibreOffice shows them");
    assert_eq!(compared, 4 * 9 + 3000 * 9);
}
