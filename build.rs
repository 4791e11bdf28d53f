//! Trains the topic classifier on `rules/examples/` while the program is built, so that it starts with a ready model of half a megabyte.
//!
//! Nothing is downloaded, and equal examples give equal bytes. The code that reads and trains is the program's own.

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
    write("topics.model", &learned::train::<9>(&topics).table)?;
    write("danger.model", &learned::train::<1>(&dangers).table)
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
