//! The README tells the counters of the last runs as docs/counters.json has them.

use std::path::Path;
use std::process::Command;

const BEGIN: &str = "<!-- counters: written by tests/counters --readme -->";
const END: &str = "<!-- /counters -->";

#[test]
fn the_counters_in_the_readme_are_those_that_were_counted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let told = readme.split_once(BEGIN).unwrap().1.split_once(END).unwrap().0.trim();
    let Ok(made) = Command::new("python3").arg(root.join("tests/counters")).arg("--table").output() else {
        println!("skipped: python3 is not installed");
        return;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(told, String::from_utf8_lossy(&made.stdout).trim(), "write it anew: tests/counters --readme");
}
