//! `otklik schedule`, `otklik site` and the journal's columns as whoever sits at the machine uses them.

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

/// The sentence of a wrong use.
fn bad(root: &Path, arguments: &[&str]) -> String {
    let done = otklik(root, arguments);
    assert_eq!(done.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stderr).unwrap()
}

#[test]
fn the_schedule_is_printed_and_written_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let shown = good(root, &["schedule"]);
    assert!(shown.starts_with("График консультаций\nШкола № 12\nУТВЕРЖДАЮ: "), "{shown}");
    let one: Vec<serde_json::Value> =
        good(root, &["--json", "schedule", "--specialist", "psychologist-1"]).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(one.len(), 2);
    assert_eq!(one[0]["hours"], "14:00–17:00");

    let all = good(root, &["schedule", "--out", "site"]);
    assert!(all.contains("schedule.html") && all.contains("psychologist-1.ics"), "{all}");
    assert!(std::fs::read(root.join("site/schedule.xlsx")).unwrap().starts_with(b"PK"));
    for name in ["one.html", "one.xlsx", "one.csv", "one.txt"] {
        good(root, &["schedule", "--out", name]);
    }
    good(root, &["schedule", "--specialist", "social-1", "--out", "one.ics"]);
    assert!(std::fs::read_to_string(root.join("one.ics")).unwrap().contains("METHOD:PUBLISH\r\n"));
    assert!(std::fs::read(root.join("one.csv")).unwrap().starts_with("\u{feff}Специалист;".as_bytes()));

    // A year far ahead has hours as well; one without any has a sentence.
    assert!(good(root, &["schedule", "--from", "2031-09-01"]).contains("2031/32 учебный год"));
    let ics = bad(root, &["schedule", "--specialist", "technical-1", "--out", "none.ics"]);
    assert!(ics.contains("has no hours in this period"), "{ics}");
    assert!(good(root, &["schedule", "--specialist", "technical-1"]).contains("Часов консультаций на это время нет."));
}

#[test]
fn what_cannot_be_written_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::write(root.join("file"), "x").unwrap();
    for (arguments, said) in [
        (&["schedule", "--out", "nowhere/schedule.html"][..], "there is no folder nowhere; make it first"),
        (&["schedule", "--out", "nowhere/below/site"], "there is no folder nowhere/below"),
        (&["schedule", "--out", "one.doc"], "name a file that ends in"),
        (&["schedule", "--out", "one.ics"], "add --specialist ID"),
        (&["schedule", "--from", "2027-01-10", "--to", "2027-01-10"], "the period ends before it begins"),
        (&["schedule", "--from", "2020-01-01", "--to", "2030-01-01"], "longer than two years"),
        (&["schedule", "--specialist", "nobody"], "nobody in rules/specialists.toml"),
        (&["site", "--out", "nowhere/site"], "there is no folder nowhere"),
        (&["site", "--out", "file"], "this is a file; name a folder"),
    ] {
        let sentence = bad(root, arguments);
        assert!(sentence.contains(said), "{arguments:?}: {sentence}");
    }
}

#[test]
fn the_site_is_written_with_the_schedule() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let written = good(root, &["site", "--out", "site"]);
    for name in ["support.html", "hours.html", "announcements.html", "index.html", "schedule.html", "schedule.xlsx", "teacher-1.ics"] {
        assert!(written.contains(name) && root.join("site").join(name).is_file(), "{name}: {written}");
    }
    good(root, &["site", "--out", "site"]);
}

#[test]
fn the_configuration_chooses_the_journals_columns() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    good(root, &["init", ".", "--address", "shkola12@mail.ru", "--yes"]);
    let state = root.join("state");
    std::fs::create_dir_all(&state).unwrap();
    let text = std::fs::read_to_string(root.join("otklik.toml")).unwrap();
    let lines: Vec<String> =
        text.lines().map(|l| if l.starts_with("state_dir") { format!("state_dir = \"{}\"", state.display()) } else { l.to_owned() }).collect();
    std::fs::write(
        root.join("otklik.toml"),
        format!("{}\n[journal]\ncolumns = [\"start\", \"number\"]\nregister = [\"number\", \"kept\"]\n", lines.join("\n")),
    )
    .unwrap();
    for (arguments, head) in [
        (&["journal", "--out", "j.csv"][..], "\u{feff}Дата, время;№\r\n"),
        (&["journal", "--register", "--out", "j.csv"], "\u{feff}№;В срок\r\n"),
        (&["journal", "--columns", "state", "--out", "j.csv"], "\u{feff}Состояние\r\n"),
    ] {
        good(root, arguments);
        assert_eq!(std::fs::read_to_string(root.join("j.csv")).unwrap(), head, "{arguments:?}");
    }
    let said = bad(root, &["journal", "--out", "nowhere/j.csv"]);
    assert!(said.contains("there is no folder nowhere"), "{said}");
}
