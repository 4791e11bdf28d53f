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
const FILES: [&str; learned::CLASSES] =
    ["technical", "ejournal", "lesson_quality", "equipment", "psychologist", "speech_therapist", "social_pedagogue", "learning_help", "other"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for input in ["rules/examples", "src/understand/learned", "src/understand/words.rs", "build.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let mut examples = Vec::new();
    for (class, name) in FILES.iter().enumerate() {
        let path = format!("rules/examples/{name}.txt");
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{path}: {e}"))?;
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let stems = words::Words::new(line).tokens.iter().map(|t| t.stem().to_owned()).collect();
            examples.push(learned::Example { class, stems, weight: 1.0 });
        }
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("topics.model");
    std::fs::write(out, &learned::train(&examples).table)?;
    Ok(())
}
