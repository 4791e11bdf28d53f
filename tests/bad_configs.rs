//! Bad configurations: one folder per mistake, with the exact output that `otklik check` must give (`expected.txt`).
//!
//! A folder with a file `without-secrets` is checked without passwords and key; the others are given all of them.

use chrono::NaiveDate;
use otklik::cli::check::check_in;
use otklik::config::Surroundings;
use std::path::{Path, PathBuf};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_configs");
    let mut found: Vec<PathBuf> = std::fs::read_dir(root).into_iter().flatten().flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    found.sort();
    found
}

#[test]
fn every_bad_configuration_is_told_what_is_wrong_where_and_what_to_do() {
    let credentials = tempfile::tempdir().unwrap();
    std::fs::write(credentials.path().join("instance-key"), [7; 32]).unwrap();
    let password = Some("invented".to_owned());
    let given = Surroundings { credentials: Some(credentials.path().to_owned()), imap_password: password.clone(), smtp_password: password };
    let today = NaiveDate::from_ymd_opt(2026, 11, 18).unwrap();
    let actual = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad_configs");
    let mut wrong = Vec::new();
    let folders = folders();
    assert!(folders.len() >= 60, "only {} bad configurations found: were they checked out?", folders.len());
    for folder in &folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        // A key beside the configuration is looked for only when there is no credential.
        let own = folder.join("without-secrets").exists() || folder.join("instance.key").exists();
        let around = if own { Surroundings { credentials: None, ..given.clone() } } else { given.clone() };
        let around = if folder.join("without-secrets").exists() { Surroundings::default() } else { around };
        let checked = check_in(&folder.join("otklik.toml"), today, &around);
        let expected = std::fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
        if checked.code != 2 || checked.text != expected {
            std::fs::create_dir_all(actual.join(&name)).unwrap();
            std::fs::write(actual.join(&name).join("expected.txt"), &checked.text).unwrap();
            wrong.push(format!("== {name} (exit code {})\n-- expected\n{expected}-- got\n{}", checked.code, checked.text));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ; what came out lies in {}\n{}", wrong.len(), folders.len(), actual.display(), wrong.join("\n"));
}

#[test]
fn a_line_is_named_wherever_there_is_one() {
    for folder in folders() {
        let expected = std::fs::read_to_string(folder.join("expected.txt")).unwrap();
        for line in expected.lines().filter(|l| !l.contains("run `otklik check` again")) {
            let mut parts = line.split(':');
            let file = parts.next().unwrap_or_default();
            let number = parts.next().and_then(|n| n.parse::<usize>().ok());
            // A file that is not there, or a key that is missing at the top of a file, has no line.
            let text = std::fs::read(folder.join(file)).unwrap_or_default();
            if let Some(number) = number {
                assert!(number >= 1 && number <= text.split(|b| *b == b'\n').count(), "{line}: no such line in {}", folder.display());
            }
        }
    }
}
