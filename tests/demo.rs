//! `otklik demo` as a newcomer runs it: the week is whole, its pages can be followed, and two runs are equal.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own output fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of this test run, emptied first.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("demo-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

fn run(out: &Path) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_otklik")).arg("demo").arg("--out").arg(out).current_dir(env!("CARGO_TARGET_TMPDIR")).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// All files below a folder: relative path and bytes.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The values of `href="…"`.
fn links(page: &str) -> Vec<&str> {
    page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_week_is_whole_and_can_be_followed() {
    let out = folder("week");
    let told = run(&out);
    let files = files(&out);

    let incoming = files.keys().filter(|f| f.starts_with("incoming/") && f.ends_with(".eml")).count();
    assert!(incoming >= 30, "{incoming} letters in");
    assert!(told.contains("пн 16.11 08:12  Письмо: мама пятиклассника") && told.contains("index.html"), "{told}");

    // All nine categories, as the register names them.
    let register = text(&files["register.csv"]);
    for category in otklik::understand::Category::ALL {
        assert!(register.contains(category.title()), "no appeal about {}", category.title());
    }

    let mut kinds = BTreeSet::new();
    for line in text(&files["transcript.jsonl"]).lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let keys: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys.len(), 7, "{keys:?}");
        kinds.extend(row["kind"].as_str().map(str::to_owned));
    }
    for kind in ["receipt", "task", "invitation", "update", "cancel", "reminder", "escalation", "report_daily", "report_weekly", "call_task", "answer"] {
        assert!(kinds.contains(kind), "no letter of kind {kind}: {kinds:?}");
    }

    let index = text(&files["index.html"]);
    let here = links(index);
    assert!(here.len() > 200, "{} links", here.len());
    for link in here {
        match link.strip_prefix('#') {
            Some(id) => assert!(index.contains(&format!("id=\"{id}\"")), "nothing is called {id}"),
            None => assert!(files.contains_key(link), "{link} does not exist"),
        }
    }
    for report in ["report-weekly.html", "report-daily-2026-11-17.html", "report-daily-2026-11-23.html", "journal.html", "journal.csv", "register.csv"] {
        assert!(index.contains(&format!("href=\"{report}\"")), "{report} is not linked");
    }

    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        let page = text(bytes);
        assert!(!page.contains('\u{fffd}') && !page.contains("{{"), "{name}");
        assert!(!page.contains("<script") && !page.contains("src=\"http"), "{name}");
        if name.starts_with("letters/") {
            assert!(files.contains_key(&name.replace(".html", ".eml")), "{name}");
        }
    }
}

#[test]
fn the_stories_that_are_recommended_are_what_they_say() {
    let out = folder("stories");
    run(&out);
    let index = std::fs::read_to_string(out.join("index.html")).unwrap();
    let way = |n: u32| {
        let start = index.find(&format!("<section class=\"way\" id=\"a{n}\"")).unwrap();
        index[start..].split("</section>").next().unwrap().to_owned()
    };
    for (number, signs) in [
        (3, &["педагог-психолог", "автор принял приглашение", "приглашение", "консультация проведена"][..]),
        (14, &["срочно", "тревога, письмо 2", "нажимает «вижу»"]),
        (11, &["срок прошёл", "Орлова М. В.", "Громова Е. С.", "не в срок"]),
        (2, &["Не помогло", "открыта снова", "в срок"]),
        (8, &["автор просит другое время", "новое время"]),
        (5, &["просьба позвонить", "автору позвонили"]),
    ] {
        for sign in signs {
            assert!(way(number).contains(sign), "№ {number} lacks «{sign}»:\n{}", way(number));
        }
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    let (one, two) = (folder("one"), folder("two"));
    let (told_one, told_two) = (run(&one), run(&two));
    let (one, two) = (files(&one), files(&two));
    assert!(one.len() > 300, "{} files", one.len());
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &two[name], "{name} differs");
    }
    assert_eq!(told_one.lines().rev().skip(1).collect::<Vec<_>>(), told_two.lines().rev().skip(1).collect::<Vec<_>>());
}
