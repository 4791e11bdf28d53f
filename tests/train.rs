//! `otklik train` as an operator uses it: a correction on the command line, what it taught, taking it out.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own output fails")]

use std::path::Path;
use std::process::{Command, Output};

fn otklik(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_otklik"))
        .args(arguments)
        .env("OTKLIK_IMAP_PASSWORD", "invented")
        .env("OTKLIK_SMTP_PASSWORD", "invented")
        .current_dir(root)
        .output()
        .unwrap()
}

fn good(root: &Path, arguments: &[&str]) -> String {
    let done = otklik(root, arguments);
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// A letter that came so many days ago.
#[expect(clippy::disallowed_methods, reason = "the report counts ninety days back from the real present")]
fn letter(root: &Path, name: &str, days: i64, text: &str) {
    let date = (chrono::Utc::now() - chrono::TimeDelta::days(days)).to_rfc2822();
    let head = "From: =?utf-8?B?0JDQvdC90LA=?= <anna@mail.example>\r\nTo: shkola12@mail.ru\r\nSubject: school";
    let raw = format!(
        "{head}\r\nDate: {date}\r\nMessage-ID: <{name}@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    std::fs::write(root.join(name), raw).unwrap();
}

#[test]
fn a_correction_is_learned_reported_undone_and_redone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    good(root, &["init", ".", "--address", "shkola12@mail.ru", "--yes"]);
    let written = std::fs::read_to_string(root.join("otklik.toml")).unwrap();
    let state = format!("state_dir = \"{}\"", root.join("state").display());
    let lines: Vec<String> = written.lines().map(|l| if l.starts_with("state_dir") { state.clone() } else { l.to_owned() }).collect();
    std::fs::write(root.join("otklik.toml"), lines.join("\n")).unwrap();
    std::fs::create_dir(root.join("mail")).unwrap();
    letter(
        root,
        "mail/1.eml",
        20,
        "Здравствуйте! Браслет для прохода не срабатывает на турникете, охранник каждое утро записывает сына в тетрадь.\r\nАнна Савина",
    );
    letter(root, "mail/2.eml", 19, "Добрый день! Не могу войти в электронный журнал, пишет неверный пароль.");
    letter(root, "next.eml", 1, "Браслет дочери не срабатывает на турникете, охранник не пускает.");
    good(root, &["rehearse", "--mail", "mail", "--out", "out", "--state", "state/otklik.db"]);

    assert!(good(root, &["train"]).starts_with("Исправлений ещё не было"));
    let topic = |root: &Path| good(root, &["explain", "--json", "next.eml"]).split("\"category\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let before = topic(root);
    assert_ne!(before, "technical");
    good(root, &["order", "1", "category", "technical"]);
    assert_eq!(topic(root), "technical", "explain knows what was taught");

    let told = good(root, &["train", "--report"]);
    for line in [
        "Чему научили исправления       примеров   забыто  начиная с   обращения",
        "технические вопросы                   1        0  ",
        "  № 1\n",
        "Верно узнанные темы            без исправлений        с исправлениями",
        "примеры программы              ",
        "свои примеры                       0 из 1       0.0 %      0 из 1       0.0 %",
        "Обращений за 90 дней: 2; теперь ушли бы в другую тему: 1",
        "  № 1     другие вопросы                 → технические вопросы  (учило само)",
    ] {
        assert!(told.contains(line), "no «{line}» in\n{told}");
    }
    assert!(!told.contains("турникет") && !told.contains("Савин"), "numbers only:\n{told}");

    assert!(good(root, &["train", "--undo", "1"]).contains("больше не учат: № 1"));
    assert_eq!(topic(root), before);
    let read: serde_json::Value = serde_json::from_str(&good(root, &["train", "--json"])).unwrap();
    assert_eq!((&read["examples"], &read["accuracy"]), (&0.into(), &serde_json::Value::Null));
    assert_eq!((&read["lessons"][0]["category"], &read["lessons"][0]["undone"]), (&"technical".into(), &serde_json::json!([1])));
    assert_eq!(good(root, &["train", "--undo", "all"]), "Менять нечего.\n");
    assert_eq!(good(root, &["train", "--redo", "all", "--json"]), "{\"redone\":[1]}\n");
    assert_eq!(topic(root), "technical");

    for (arguments, code, said) in [
        (&["train", "--undo", "77"][..], 2, "appeal 77 taught nothing that could be taken out; `otklik train` shows"),
        (&["train", "--redo", "1"], 2, "appeal 1 has nothing to put back"),
        (&["train", "--undo", "x"], 2, "write the number of an appeal, or all"),
        (&["train", "--undo", "1", "--redo", "1"], 2, "cannot be used with"),
    ] {
        let done = otklik(root, arguments);
        let stderr = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    }
}
