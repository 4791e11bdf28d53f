//! What was counted over many seeds, and the file in which the counters of all runs add up.

use std::collections::BTreeMap;
use std::path::Path;

/// Counters; those of several seeds add up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counters {
    pub seeds: u64,
    /// Simulated days; a month is thirty.
    pub days: u64,
    pub letters_in: u64,
    pub letters_out: u64,
    pub appeals: u64,
    pub rounds: u64,
    pub crashes: u64,
    pub restores: u64,
    pub commands: u64,
    pub faults: BTreeMap<String, u64>,
    pub forged: u64,
    pub lost: u64,
    pub destroyed: u64,
    pub repeated: u64,
    pub broken: u64,
}

impl Counters {
    /// Adds those of another seed.
    pub fn add(&mut self, other: &Counters) {
        for ((_, mine), (_, more)) in self.numbers().into_iter().zip(other.clone().numbers()) {
            *mine += *more;
        }
        for (kind, n) in &other.faults {
            *self.faults.entry(kind.clone()).or_default() += n;
        }
    }

    fn numbers(&mut self) -> [(&'static str, &mut u64); 14] {
        [
            ("seeds", &mut self.seeds),
            ("days", &mut self.days),
            ("letters_in", &mut self.letters_in),
            ("letters_out", &mut self.letters_out),
            ("appeals", &mut self.appeals),
            ("rounds", &mut self.rounds),
            ("crashes", &mut self.crashes),
            ("restores", &mut self.restores),
            ("commands", &mut self.commands),
            ("forged", &mut self.forged),
            ("lost", &mut self.lost),
            ("destroyed", &mut self.destroyed),
            ("repeated", &mut self.repeated),
            ("broken", &mut self.broken),
        ]
    }

    /// Lines for people.
    pub fn told(&mut self) -> String {
        let mut out = format!("simulated months {:.1}\n", self.months());
        for (name, n) in self.numbers() {
            out.push_str(&format!("{:<16} {n}\n", name.replace('_', " ")));
        }
        let all: u64 = self.faults.values().sum();
        out.push_str(&format!("faults           {all}\n"));
        for (kind, n) in &self.faults {
            out.push_str(&format!("  {kind:<14} {n}\n"));
        }
        out
    }

    fn months(&self) -> f64 {
        f64::from(u32::try_from(self.days).unwrap_or(u32::MAX)) / 30.0
    }

    /// Adds the counters to `simulation` of a JSON file that other tests count in too.
    pub fn add_to(&mut self, path: &Path) -> Result<(), String> {
        let text = std::fs::read_to_string(path).unwrap_or_else(|_| "{}".into());
        let mut whole: serde_json::Value = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut add = |name: &str, more: f64| {
            let place = &mut whole["simulation"][name];
            let sum = place.as_f64().unwrap_or_default() + more;
            *place = if name == "months" { serde_json::json!((sum * 10.0).round() / 10.0) } else { serde_json::json!(sum.round() as u64) };
        };
        add("months", self.months());
        for (name, n) in self.numbers() {
            add(name, f64::from(u32::try_from(*n).unwrap_or(u32::MAX)));
        }
        for (kind, n) in &self.faults {
            let place = &mut whole["simulation"]["faults"][kind.as_str()];
            *place = serde_json::json!(place.as_u64().unwrap_or_default() + n);
        }
        let text = serde_json::to_string_pretty(&whole).map_err(|e| e.to_string())?;
        std::fs::write(path, format!("{text}\n")).map_err(|e| format!("{}: {e}", path.display()))
    }
}
