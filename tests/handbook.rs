//! The administrator's handbook in two languages: what one of them names the other names too.

#![expect(clippy::unwrap_used, reason = "a test without the two pages fails")]

use std::collections::BTreeSet;

fn pages() -> [String; 2] {
    ["docs/handbook.ru.md", "docs/handbook.md"].map(|p| std::fs::read_to_string(p).unwrap())
}

/// The commands of a page with their switches: «order category», «check --online --config».
fn commands(page: &str) -> BTreeSet<String> {
    let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let mut found = BTreeSet::new();
    // What stands between backticks, and the lines of blocks.
    for code in page.split('`').skip(1).step_by(2).flat_map(str::lines).map(str::trim).filter_map(|c| c.strip_prefix("otklik ")) {
        // What follows a switch is a name of the reader's own.
        let words = code.split_whitespace().take_while(|w| !w.starts_with("--")).filter(plain);
        found.insert(words.chain(code.split_whitespace().filter(|w| w.starts_with("--"))).collect::<Vec<_>>().join(" "));
    }
    found
}

/// Files, keys and words of orders between backticks, as far as no language changes them.
fn named(page: &str) -> BTreeSet<String> {
    let quoted = page.split('`').skip(1).step_by(2).map(str::trim);
    let others = quoted.filter(|c| !c.starts_with("otklik "));
    others
        .filter(|c| c.contains(".toml") && c.is_ascii() || c.contains(".csv") || c.starts_with(|c: char| ('а'..='я').contains(&c)))
        .map(str::to_owned)
        .collect()
}

/// How many sections, rows of tables and points of lists each part has.
fn shape(page: &str) -> Vec<(usize, usize)> {
    let parts: Vec<&str> = page.split("\n## ").skip(1).collect();
    let count = |part: &str, begins: &str| part.lines().filter(|l| l.trim_start().starts_with(begins)).count();
    parts.iter().map(|p| (count(p, "| "), count(p, "- "))).collect()
}

#[test]
fn both_handbooks_name_the_same_commands_files_and_orders() {
    let [russian, english] = pages();
    assert!(commands(&russian).len() > 25, "{:?}", commands(&russian));
    let [ru, en] = [commands(&russian), commands(&english)];
    assert_eq!(ru.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "only in Russian");
    assert_eq!(en.difference(&ru).collect::<Vec<_>>(), Vec::<&String>::new(), "only in English");
    let placeholder = |names: BTreeSet<String>| names.into_iter().filter(|n| !n.contains("/calendar/")).collect::<BTreeSet<_>>();
    assert_eq!(placeholder(named(&russian)), placeholder(named(&english)));
}

#[test]
fn both_handbooks_have_the_same_parts() {
    let [russian, english] = pages();
    assert!(shape(&russian).len() >= 12);
    assert_eq!(shape(&russian), shape(&english), "sections, rows and points, in order");
}
