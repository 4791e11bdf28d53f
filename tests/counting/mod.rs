//! The counters of long runs: docs/counters.json, in which several tests add up what they counted. `tests/counters` prints it.
//!
//! Use through `#[path = "counting/mod.rs"] mod counting;`. A section keeps beside its numbers when and on which commit it was last added to.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The file.
pub fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/counters.json")
}

/// What stands in a section under a name; 0 where nothing does.
pub fn stands(section: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(place()).unwrap_or_default();
    let whole: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    whole[section][name].as_u64().unwrap_or(0)
}

/// Adds numbers to a section; `set` are such as do not add up (how many names there are).
pub fn add(section: &str, numbers: &[(&str, u64)], set: &[(&str, u64)]) {
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(place()).unwrap();
    // Two tests may count at one time.
    file.lock().unwrap();
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    let mut whole: serde_json::Value = if text.trim().is_empty() { serde_json::json!({}) } else { serde_json::from_str(&text).unwrap() };
    let part = &mut whole[section];
    for (name, more) in numbers {
        part[*name] = (part[*name].as_u64().unwrap_or(0) + more).into();
    }
    for (name, number) in set {
        part[*name] = (*number).into();
    }
    part["commit"] = said("git", &["rev-parse", "--short", "HEAD"]).into();
    part["when"] = said("date", &["-u", "+%Y-%m-%d %H:%M"]).into();
    file.set_len(0).unwrap();
    file.rewind().unwrap();
    writeln!(file, "{}", serde_json::to_string_pretty(&whole).unwrap()).unwrap();
}

fn said(program: &str, arguments: &[&str]) -> String {
    let out = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}
