//! The three foreign readers: where they are, how they are asked.
//!
//! Not here: what they are asked about (`tests/interop.rs`).

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A reader, ready to be run on files.
pub struct Reader {
    pub name: &'static str,
    program: PathBuf,
    before: Vec<PathBuf>,
}

impl Reader {
    /// A line of JSON for each file.
    pub fn read(&self, files: &[PathBuf]) -> Vec<Value> {
        let done = Command::new(&self.program).args(&self.before).args(files).output().unwrap();
        assert!(done.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&done.stderr));
        let said = String::from_utf8(done.stdout).unwrap();
        let told: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{}: {e}: {line}", self.name))).collect();
        assert_eq!(told.len(), files.len(), "{}", self.name);
        told
    }
}

/// All three, or none with a printed line; with `CI=true` in the environment a missing one is a failure.
pub fn readers() -> Option<[Reader; 3]> {
    let found = (libical(), python(), node());
    if let (Ok(libical), Ok(python), Ok(node)) = found {
        return Some([libical, python, node]);
    }
    let missing: Vec<String> = [found.0.err(), found.1.err(), found.2.err()].into_iter().flatten().collect();
    let missing = missing.join("; ");
    #[expect(clippy::disallowed_methods, reason = "a test that is skipped in CI would be skipped for ever")]
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!ci, "CI must read our calendar objects with three foreign parsers: {missing}");
    eprintln!("skipped: no foreign parser has read our calendar objects: {missing} (tests/run installs what is missing)");
    None
}

/// `tests/interop`.
fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop")
}

/// Where `tests/run` puts what it installs.
fn installed() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap_or(Path::new("target")).join("interop-tools")
}

fn libical() -> Result<Reader, String> {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("check-libical-{}", std::process::id()));
    let compiled = Command::new("gcc").args(["-std=c11", "-Wall", "-O1", "-o"]).arg(&program).arg(here().join("check.c")).arg("-lical").output();
    match compiled {
        Ok(done) if done.status.success() => Ok(Reader { name: "libical", program, before: Vec::new() }),
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(said.contains("libical/ical.h") || said.contains("-lical"), "check.c does not compile: {said}");
            Err("libical-dev is not installed".to_owned())
        }
        Err(_) => Err("gcc is not installed".to_owned()),
    }
}

fn python() -> Result<Reader, String> {
    let program = installed().join("python/bin/python");
    let there = Command::new(&program).args(["-c", "import icalendar, dateutil"]).output().is_ok_and(|o| o.status.success());
    if there { Ok(Reader { name: "icalendar", program, before: vec![here().join("check.py")] }) } else { Err("Python's icalendar is not installed".to_owned()) }
}

fn node() -> Result<Reader, String> {
    let module = installed().join("node_modules/ical.js/dist/ical.js");
    let there = module.exists() && Command::new("node").arg("--version").output().is_ok_and(|o| o.status.success());
    if there {
        Ok(Reader { name: "ical.js", program: "node".into(), before: vec![here().join("check.mjs"), module] })
    } else {
        Err("npm's ical.js is not installed".to_owned())
    }
}
