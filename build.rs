//! Trains the topic classifier on `rules/examples/` while the program is built, so that it starts with ready models of a megabyte and a quarter.
//!
//! It also tells the linker what the system's loader can take. Nothing is downloaded, and equal examples give equal bytes. The code that reads and trains is the program's own.

#[path = "src/understand/learned/mod.rs"]
#[expect(dead_code, reason = "the build trains, the program weighs")]
mod learned;
#[path = "src/understand/words.rs"]
#[expect(dead_code, reason = "the build needs words and stems, the program phrases too")]
mod words;

use std::path::PathBuf;

/// In the order of `Category::ALL`.
const FILES: [&str; 9] =
    ["technical", "ejournal", "lesson_quality", "equipment", "psychologist", "speech_therapist", "social_pedagogue", "learning_help", "other"];

/// What an example of another topic counts as one of calm: among letters to the psychologist and the social pedagogue some are urgent.
const CALM: [f32; 9] = [0.5, 0.5, 0.5, 0.5, 0.15, 0.5, 0.15, 0.5, 0.5];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for input in ["rules/examples", "src/understand/learned", "src/understand/words.rs", "build.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    if packs_relocations() {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    let (mut topics, mut dangers) = (Vec::new(), Vec::new());
    for ((class, name), calm) in FILES.iter().enumerate().zip(CALM) {
        for stems in read(name)? {
            dangers.push(learned::Example { class: 1, stems: stems.clone(), weight: calm });
            topics.push(learned::Example { class, stems, weight: 1.0 });
        }
    }
    for (class, name) in ["urgent", "calm"].iter().enumerate() {
        dangers.extend(read(name)?.into_iter().map(|stems| learned::Example { class, stems, weight: 1.0 }));
    }
    write("examples.models", &learned::Pair::of(&learned::train::<9>(&topics), &learned::train(&dangers)).table)
}

/// Whether the program may be linked with packed relocations: 1.2 MB less are read at its start and stay in memory. glibc loads such programs from 2.36 on;
/// one that is built on an older system, or for another one, is linked as ever.
fn packs_relocations() -> bool {
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script its target by the environment")]
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    if variable("HOST") != variable("TARGET") || variable("CARGO_CFG_TARGET_ENV") != "gnu" || variable("CARGO_CFG_TARGET_OS") != "linux" {
        return false;
    }
    let told = std::process::Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let told = told.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    let version = told.trim().strip_prefix("glibc 2.").and_then(|minor| minor.split('.').next()?.parse::<u32>().ok());
    version.is_some_and(|minor| minor >= 36)
}

/// The examples of a file as stems.
fn read(name: &str) -> Result<Vec<Vec<String>>, Box<dyn std::error::Error>> {
    let path = format!("rules/examples/{name}.txt");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{path}: {e}"))?;
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    Ok(lines.map(|line| words::Words::new(line).tokens.iter().map(|t| t.stem().to_owned()).collect()).collect())
}

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script its place by the environment")]
fn write(name: &str, table: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    Ok(std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join(name), table)?)
}
