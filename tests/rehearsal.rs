//! `otklik rehearse` on the demo's letters: a rehearsal that goes on later gives the same letters and the same transcript as one in a single run,
//! also where part of the mail was added in between.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own output fails")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Runs the program; its output for a failure.
fn rehearse(mail: &Path, out: &Path, more: &[&str]) {
    let done =
        Command::new(env!("CARGO_BIN_EXE_otklik")).arg("rehearse").arg("--mail").arg(mail).arg("--out").arg(out).args(more).current_dir(out).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// Copies the demo's letters whose `Date` day of November satisfies the test.
fn letters(to: &Path, wanted: impl Fn(u32) -> bool) -> usize {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo/letters");
    let mut count = 0;
    for (name, bytes) in files(&from) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let date = text.lines().find_map(|l| l.strip_prefix("Date: ")).unwrap_or_else(|| panic!("{name} has no Date"));
        let day = date.split_whitespace().nth(1).and_then(|d| d.parse().ok()).unwrap();
        if wanted(day) {
            std::fs::write(to.join(name), bytes).unwrap();
            count += 1;
        }
    }
    count
}

#[test]
fn two_steps_give_the_same_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    };
    let (mail, whole, steps) = (at("mail"), at("whole"), at("steps"));
    let state = folder.path().join("state.db");
    let state = state.to_str().unwrap();

    assert!(letters(&mail, |_| true) >= 20, "hardly any letters to rehearse");
    rehearse(&mail, &whole, &["--until", "2026-11-24T12:00"]);

    // The second step is given the mail of Wednesday and later only when it begins.
    std::fs::remove_dir_all(&mail).unwrap();
    std::fs::create_dir_all(&mail).unwrap();
    let early = letters(&mail, |day| day < 18);
    rehearse(&mail, &steps, &["--state", state, "--until", "2026-11-17T23:00"]);
    let halfway = files(&steps).len();
    assert!(letters(&mail, |_| true) > early, "nothing was added");
    rehearse(&mail, &steps, &["--state", state, "--until", "2026-11-24T12:00"]);

    let (whole, steps) = (files(&whole), files(&steps));
    assert!(halfway > 10 && steps.len() > halfway, "both steps write letters");
    assert_eq!(whole.keys().collect::<Vec<_>>(), steps.keys().collect::<Vec<_>>());
    for (name, bytes) in &whole {
        assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&steps[name]), "{name} differs");
    }
}

#[test]
fn a_transcript_line_has_always_the_same_keys() {
    let folder = tempfile::tempdir().unwrap();
    let (mail, out) = (folder.path().join("mail"), folder.path().join("out"));
    std::fs::create_dir_all(&mail).unwrap();
    std::fs::create_dir_all(&out).unwrap();
    letters(&mail, |day| day < 18);
    rehearse(&mail, &out, &["--until", "2026-11-18T12:00"]);
    let transcript = std::fs::read_to_string(out.join("transcript.jsonl")).unwrap();
    let mut sent = 0;
    for line in transcript.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let keys: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["at", "event", "appeal", "letter", "kind", "to", "message_id"], "{line}");
        if row["event"] == "sent" {
            sent += 1;
            let letter = format!("{}.eml", row["letter"].as_str().unwrap());
            assert!(out.join("letters").join(&letter).exists(), "{letter} is told but not written");
        }
    }
    assert!(sent > 10, "hardly anything was sent");
}
