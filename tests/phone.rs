//! `otklik new` and `otklik find` as whoever sits at the machine uses them: a call becomes an appeal, and is found again by number or name.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own output fails")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn otklik(root: &Path, arguments: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_otklik"))
        .args(arguments)
        .env("OTKLIK_IMAP_PASSWORD", "invented")
        .env("OTKLIK_SMTP_PASSWORD", "invented")
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn good(root: &Path, arguments: &[&str], stdin: &str) -> String {
    let done = otklik(root, arguments, stdin);
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// A school as `init` writes it, with its state in this folder and an operator of the register.
fn school() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    good(root, &["init", ".", "--address", "shkola12@mail.ru", "--yes"], "");
    let written = std::fs::read_to_string(root.join("otklik.toml")).unwrap();
    let lines = written.lines().map(|l| match l.split_once('=').map(|p| p.0.trim()) {
        Some("state_dir") => format!("state_dir = \"{}\"", root.join("state").display()),
        Some("operator") => "operator = [\"it@school.example\"]".to_owned(),
        _ => l.to_owned(),
    });
    let text: Vec<String> = lines.collect();
    std::fs::write(root.join("otklik.toml"), text.join("\n")).unwrap();
    std::fs::create_dir_all(root.join("state")).unwrap();
    folder
}

#[test]
fn a_call_is_taken_in_and_found_again() {
    let folder = school();
    let root = folder.path();
    let by = ["--by", "it@school.example"];
    let flags =
        ["new", "--name", "Кравцова Тамара Ильинична", "--class", "1А", "--phone", "8 900 000-88-99", "--text", "не получается войти в электронный журнал"];
    let said = good(root, &[&flags[..], &by[..]].concat(), "");
    assert!(said.starts_with("№ 1: записано. Скажите: «Номер Вашей заявки 1, ответим до "), "{said}");

    let form = "Телефон: 8 900 000-88-77\nОписание проблемы: сын боится ходить в школу, нужна консультация психолога\nФИО: Рыбаков Олег\nКласс: 3Б\n";
    let second: serde_json::Value = serde_json::from_str(&good(root, &[&["--json", "new"][..], &by[..]].concat(), form)).unwrap();
    assert_eq!(second["number"], 2);
    let third = good(root, &[&["new"][..], &by[..]].concat(), "звонила Иванова, 5А, тел. 8 900 000-88-66, не может войти в ЭЖД");
    assert!(third.starts_with("№ 3"), "{third}");

    for (what, number) in [("+7 900 000-88-99", 1), ("Кравцову", 1), ("89000008877", 2), ("2", 2), ("иванова", 3)] {
        let found = good(root, &["find", what], "");
        assert!(found.starts_with(&format!("№ {number}: ")) && found.lines().count() == 1, "{what}: {found}");
        assert!(!found.contains("Кравцов") && !found.contains("журнал") && !found.contains("8899"), "names and matters are never told: {found}");
    }
    assert_eq!(good(root, &["find", "Неизвестный"], ""), "таких заявок нет\n");
    let shown = good(root, &["show", "1"], "");
    assert!(shown.contains("ejournal-1") && shown.contains("otklik new"), "{shown}");
}

#[test]
fn what_cannot_be_taken_in_says_why() {
    let folder = school();
    let root = folder.path();
    let nobody = otklik(root, &["new", "--by", "nobody@mail.example", "--text", "x"], "");
    assert_eq!(nobody.status.code(), Some(2), "{}", String::from_utf8_lossy(&nobody.stderr));
    let empty = otklik(root, &["new", "--by", "it@school.example"], "");
    assert_eq!(empty.status.code(), Some(2), "{}", String::from_utf8_lossy(&empty.stderr));
    let unclear = otklik(root, &["find", "8 900"], "");
    assert_eq!(unclear.status.code(), Some(2), "{}", String::from_utf8_lossy(&unclear.stderr));
}
