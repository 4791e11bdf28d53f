//! The architecture as tests: who may name whom, where effects and crates have their home, how a file looks. It reads text, not syntax:
//! comments and literals are cut out first. Each rule is shown to fail on a small example beside the test that holds it against the tree.
//!
//! The map is also that of the header of `src/lib.rs`, which must agree with it. One crate: the import order is the layering.

#![expect(clippy::unwrap_used, reason = "a tree that cannot be read fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What a module may do beside naming the modules above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// Plain values in, plain values out.
    Pure,
    /// One outside thing each.
    Edge,
    /// Move what others decided.
    Shell,
}
use Layer::{Edge, Pure, Shell};

/// The map, in import order: a module names only modules above it, so the graph has no circle.
const MAP: [(&str, Layer); 25] = [
    ("message", Pure),
    ("worktime", Pure),
    ("itip", Pure),
    ("understand", Pure),
    ("slots", Pure),
    ("outbox", Pure),
    ("appeal", Pure),
    ("announcement", Pure),
    ("report", Pure),
    ("compose", Pure),
    ("settings", Pure),
    ("publish", Pure),
    ("facts", Pure),
    ("effect", Pure),
    ("decide", Pure),
    ("clock", Edge),
    ("dial", Edge),
    ("moment", Edge),
    ("config", Edge),
    ("mailbox", Edge),
    ("transport", Edge),
    ("store", Edge),
    ("jobs", Shell),
    ("daemon", Shell),
    ("cli", Shell),
];

/// Modules that one may not name although they stand above it.
const NEVER: [(&str, &[&str]); 3] = [
    // It remembers what others decided, composed and configured.
    ("store", &["decide", "compose", "config"]),
    ("mailbox", &["decide", "compose", "config", "clock"]),
    ("transport", &["decide", "compose", "config", "clock"]),
];

/// What makes an answer depend on anything but the arguments.
const EFFECTS: [&str; 13] =
    ["tokio", "async fn", "async move", ".await", "std::fs", "std::net", "std::env", "std::process", "std::thread", "::now(", "rand::", "getrandom", "tracing"];

/// Words and their only homes: most are crates, so that a change of crate is a change of one module.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("async_imap", &["mailbox"]),
    ("imap_proto", &["mailbox"]),
    ("lettre", &["compose", "transport"]),
    ("lettre::transport", &["transport"]),
    ("AsyncSmtpConnection", &["transport"]),
    ("lettre::message", &["compose"]),
    ("mail_parser", &["message"]),
    ("mail_auth", &["jobs"]),
    ("encoding_rs", &["message", "itip", "config"]),
    ("icalendar", &["itip"]),
    ("minijinja", &["compose"]),
    ("rust_xlsxwriter", &["report"]),
    ("hmac", &["compose"]),
    ("rust_stemmers", &["understand"]),
    ("cron::", &["report"]),
    ("rustls", &["mailbox", "transport"]),
    ("sd_notify", &["daemon"]),
    ("clap", &["cli"]),
    ("tracing_subscriber", &["cli"]),
    ("std::env", &["config"]),
    ("anyhow", &["daemon", "cli"]),
    ("Clock::System", &["clock", "daemon", "cli"]),
];

/// Names that gather whatever has no place.
const BANNED_NAMES: [&str; 8] = ["util", "utils", "common", "core", "helpers", "types", "manager", "service"];
const LINES_MOST: usize = 500;
const HEADER_MOST: usize = 120;
/// Moments that SQLite would take from the machine.
const SQL_CLOCKS: [&str; 9] = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "'NOW'", "UNIXEPOCH(", "STRFTIME(", "DATETIME(", "JULIANDAY(", "RANDOM()"];

/// A source file, relative to `src`, with slashes.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// `understand` for `understand/mod.rs` and for `understand.rs`.
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Files with tests alone: they may do what they like, but say what they are.
    fn is_tests(&self) -> bool {
        let mut parts = self.path.split('/');
        let file = parts.next_back().unwrap_or_default();
        file == "tests.rs" || (file.starts_with("tests_") && file.ends_with(".rs")) || parts.any(|p| p == "tests")
    }

    fn is_shell_of_crate(&self) -> bool {
        matches!(self.path.as_str(), "lib.rs" | "main.rs")
    }
}

/// Code without comments; literals keep their quotes and lose what is in them.
fn code_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut code = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let c = at(i);
        if c == '/' && at(i + 1) == '/' {
            while i < chars.len() && at(i) != '\n' {
                i += 1;
            }
        } else if c == '/' && at(i + 1) == '*' {
            let mut depth = 0;
            loop {
                match (at(i), at(i + 1)) {
                    ('/', '*') => (depth, i) = (depth + 1, i + 2),
                    ('*', '/') => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
                if depth == 0 || i >= chars.len() {
                    break;
                }
            }
        } else if c == 'r' && !word_char(at(i.wrapping_sub(1))) | (at(i.wrapping_sub(1)) == 'b') && raw_hashes(&chars, i + 1).is_some() {
            let hashes = raw_hashes(&chars, i + 1).unwrap_or(0);
            i += 2 + hashes;
            while i < chars.len() && !(at(i) == '"' && (1..=hashes).all(|h| at(i + h) == '#')) {
                if at(i) == '\n' {
                    code.push('\n');
                }
                i += 1;
            }
            i += 1 + hashes;
            code.push_str("\"\"");
        } else if c == '"' {
            i += 1;
            while i < chars.len() && at(i) != '"' {
                if at(i) == '\n' {
                    code.push('\n');
                }
                i += if at(i) == '\\' && at(i + 1) != '\n' { 2 } else { 1 };
            }
            i += 1;
            code.push_str("\"\"");
        } else if c == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'') {
            // A character, not a lifetime.
            i += 2;
            while i < chars.len() && at(i) != '\'' {
                i += 1;
            }
            // An escaped quote: the one just found is the character itself.
            i += if at(i.wrapping_sub(1)) == '\\' && at(i + 1) == '\'' { 2 } else { 1 };
            code.push_str("''");
        } else {
            code.push(c);
            i += 1;
        }
    }
    code
}

fn word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How many hashes open a raw string whose `r` stands before `i`; `None` when none does.
fn raw_hashes(chars: &[char], i: usize) -> Option<usize> {
    let hashes = chars.iter().skip(i).take_while(|c| **c == '#').count();
    (chars.get(i + hashes) == Some(&'"')).then_some(hashes)
}

/// Whether a word stands in the code by itself: `rand::` is not in `grand::`, `rustls` not in `tokio_rustls`.
fn says(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back().is_some_and(word_char) && word.starts_with(word_char);
        let after = code[at + word.len()..].chars().next().is_some_and(word_char) && word.ends_with(word_char);
        !before && !after
    })
}

/// The modules that the code names, as `crate::module` or inside `crate::{a, b::{c, d}}`.
fn named(code: &str) -> BTreeSet<String> {
    let first = |s: &str| s.trim().chars().take_while(|c| word_char(*c)).collect::<String>();
    let mut names = BTreeSet::new();
    for (at, word) in code.match_indices("crate::") {
        let rest = code[at + word.len()..].trim_start();
        let Some(list) = rest.strip_prefix('{') else {
            names.insert(first(rest));
            continue;
        };
        let (mut depth, mut item) = (0_u32, String::new());
        for c in list.chars() {
            match c {
                '}' if depth == 0 => break,
                ',' if depth == 0 => {
                    names.insert(first(&item));
                    item.clear();
                    continue;
                }
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            item.push(c);
        }
        names.insert(first(&item));
    }
    names.remove("");
    names
}

fn place(module: &str) -> Option<usize> {
    MAP.iter().position(|(name, _)| *name == module)
}

/// Everything that is wrong with one file.
fn mistakes(source: &Source) -> Vec<String> {
    let Source { path, text } = source;
    let code = code_of(text);
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("src/{path}: {what}"));
    if !text.starts_with("//!") {
        say("begins with no `//!` that says what it is".into());
    }
    for word in unfinished() {
        if says(text, &word) {
            say(format!("`{word}`: finish it, or open an issue"));
        }
    }
    if code.contains("super::super") {
        say("`super::super`: write `crate::…`".into());
    }
    if path.split('/').any(|p| BANNED_NAMES.contains(&p.trim_end_matches(".rs"))) {
        say("is named for a place where anything fits".into());
    }
    if source.is_tests() {
        return found;
    }
    let lines = text.lines().count();
    if lines > LINES_MOST {
        say(format!("{lines} lines, at most {LINES_MOST}: split it by the question asked"));
    }
    for what in test_marks(&code) {
        say(what);
    }
    if source.is_shell_of_crate() {
        return found;
    }
    let module = source.module();
    let Some(here) = place(module) else {
        say(format!("`{module}` is not on the map of tests/architecture.rs"));
        return found;
    };
    for name in named(&code) {
        match place(&name) {
            _ if name == module => {}
            None => say(format!("names `crate::{name}`, which is no module of the map")),
            Some(there) if there > here => say(format!("`{module}` names `{name}`, which is below it on the map")),
            Some(_) if NEVER.iter().any(|(m, never)| *m == module && never.contains(&name.as_str())) => say(format!("`{module}` never names `{name}`")),
            Some(_) if matches!(name.as_str(), "daemon" | "cli") && module != "cli" => say(format!("nobody names `{name}`")),
            Some(_) => {}
        }
    }
    if MAP[here].1 == Pure {
        for word in EFFECTS {
            if says(&code, word) {
                say(format!("`{word}` in a pure module"));
            }
        }
    }
    if module == "store" {
        for word in ["async fn", ".await", "async move", "tokio"] {
            if says(&code, word) {
                say(format!("`{word}`: the store is called inside transactions and never waits"));
            }
        }
        for word in SQL_CLOCKS {
            if says(&text.to_uppercase(), word) {
                say(format!("{word}: moments are given to SQL, it has no clock"));
            }
        }
    }
    for (word, homes) in HOMES {
        if says(&code, word) && !homes.contains(&module) {
            say(format!("`{word}` is at home in {}", homes.join(", ")));
        }
    }
    found
}

/// Tests stay in files of their own: the mark stands before `mod tests…;` and nowhere else.
fn test_marks(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, mark) in code.match_indices("#[cfg(test)]") {
        let next = code[at + mark.len()..].trim_start().lines().next().unwrap_or_default().trim().to_owned();
        let name = next.strip_prefix("mod ").and_then(|m| m.strip_suffix(';'));
        if !name.is_some_and(|n| n == "tests" || n.starts_with("tests_")) {
            found.push(format!("`#[cfg(test)]` before `{next}`: tests sit in tests.rs, tests_*.rs or tests/"));
        }
    }
    if says(code, "#[test]") {
        found.push("a test in a production file: tests sit in tests.rs, tests_*.rs or tests/".into());
    }
    found
}

/// Marks of unfinished work, put together here so that this file is free of them.
fn unfinished() -> [String; 2] {
    [concat!("TO", "DO").to_owned(), concat!("FIX", "ME").to_owned()]
}

/// What the schema may not say.
fn schema_mistakes(sql: &str) -> Vec<String> {
    let code: String = sql.lines().map(|l| l.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n").to_uppercase();
    SQL_CLOCKS.iter().filter(|w| says(&code, w)).map(|w| format!("schema: {w}")).collect()
}

/// What is wrong with the header of lib.rs: each module on its map in order, none besides, and short enough to be read.
fn header_mistakes(lib: &str) -> Vec<String> {
    let mut found = Vec::new();
    let header: Vec<&str> = lib.lines().take_while(|l| l.starts_with("//!")).collect();
    if header.len() > HEADER_MOST {
        found.push(format!("the header has {} lines, at most {HEADER_MOST}", header.len()));
    }
    let rows: Vec<&str> = header.iter().filter_map(|l| l.strip_prefix("//! | [`")?.split('`').next()).collect();
    let map: Vec<&str> = MAP.iter().map(|(name, _)| *name).collect();
    if rows != map {
        found.push(format!("the map in the header is\n  {rows:?}\nbut must be\n  {map:?}"));
    }
    let groups: Vec<Vec<&str>> = lib
        .split("\n\n")
        .map(|part| part.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')).collect::<Vec<_>>())
        .filter(|group| !group.is_empty())
        .collect();
    let wanted: Vec<Vec<&str>> = [Pure, Edge, Shell]
        .into_iter()
        .map(|layer| {
            let mut names: Vec<&str> = MAP.iter().filter(|(_, l)| *l == layer).map(|(name, _)| *name).collect();
            names.sort_unstable();
            names
        })
        .collect();
    if groups != wanted {
        found.push(format!("`pub mod` in groups is\n  {groups:?}\nbut must be\n  {wanted:?}"));
    }
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|x| x == "rs") {
            out.push(path);
        }
    }
}

fn sources(folder: &str) -> Vec<Source> {
    let base = root().join(folder);
    let mut paths = Vec::new();
    rust_files(&base, &mut paths);
    let name = |p: &Path| p.strip_prefix(&base).unwrap().to_str().unwrap().replace('\\', "/");
    paths.iter().map(|p| Source { path: name(p), text: fs::read_to_string(p).unwrap() }).collect()
}

fn none(mistakes: &[String]) {
    assert!(mistakes.is_empty(), "\n{}\n", mistakes.join("\n"));
}

#[test]
fn the_tree_keeps_the_architecture() {
    let sources = sources("src");
    assert!(sources.len() > MAP.len(), "hardly any source was found: {}", sources.len());
    for (module, _) in MAP {
        assert!(sources.iter().any(|s| s.module() == module), "`{module}` is on the map and not in src");
    }
    none(&sources.iter().flat_map(mistakes).collect::<Vec<_>>());
}

#[test]
fn tests_say_what_they_are_and_are_finished() {
    let sources: Vec<Source> = ["tests", "benches", "fuzz"].into_iter().filter(|f| root().join(f).is_dir()).flat_map(sources).collect();
    assert!(!sources.is_empty());
    let mut found = Vec::new();
    for Source { path, text } in &sources {
        if !text.trim_start_matches("#![no_main]\n").starts_with("//!") {
            found.push(format!("{path}: begins with no `//!` that says what it is"));
        }
        found.extend(unfinished().iter().filter(|w| says(text, w)).map(|w| format!("{path}: `{w}`")));
    }
    none(&found);
}

#[test]
fn sql_has_no_clock() {
    none(&schema_mistakes(&fs::read_to_string(root().join("schema.sql")).unwrap()));
}

#[test]
fn the_header_tells_the_map() {
    none(&header_mistakes(&fs::read_to_string(root().join("src/lib.rs")).unwrap()));
}

#[test]
fn documents_lead_somewhere() {
    let mut found = Vec::new();
    let mut pages: Vec<PathBuf> = fs::read_dir(root().join("docs")).unwrap().map(|e| e.unwrap().path()).collect();
    pages.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].map(|p| root().join(p)));
    for page in pages.iter().filter(|p| p.extension().is_some_and(|x| x == "md")) {
        found.extend(broken_links(page, &fs::read_to_string(page).unwrap()));
    }
    assert!(pages.len() > 6, "hardly any page was found");
    none(&found);
}

/// Links to files that are not there.
fn broken_links(page: &Path, text: &str) -> Vec<String> {
    let folder = page.parent().unwrap();
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(|t| t.split('#').next().unwrap_or_default());
    let inside = targets.filter(|t| !t.is_empty() && !t.contains("://") && !t.starts_with("mailto:"));
    inside.filter(|t| !folder.join(t).exists()).map(|t| format!("{}: leads to {t}, which is not there", page.display())).collect()
}

/// Each rule, broken in a small file, with a word of what it must answer.
#[test]
fn every_rule_can_fail() {
    let broken: &[(&str, &str, &str)] = &[
        ("slots/grid.rs", "use std::fmt;\n", "no `//!`"),
        ("slots/grid.rs", &format!("//! x\n// {}: later\n", unfinished()[0]), "finish it"),
        ("slots/tests.rs", &format!("//! x\n// {} later\n", unfinished()[1]), "finish it"),
        ("slots/grid.rs", "//! x\nuse super::super::appeal;\n", "super::super"),
        ("slots/helpers.rs", "//! x\n", "anything fits"),
        ("common/mod.rs", "//! x\n", "anything fits"),
        ("slots/grid.rs", &format!("//! x\n{}", "\n".repeat(LINES_MOST)), "at most 500"),
        ("slots/grid.rs", "//! x\n#[cfg(test)]\nmod tests {\n", "tests sit in"),
        ("slots/grid.rs", "//! x\n#[cfg(test)]\npub fn open() {}\n", "tests sit in"),
        ("slots/grid.rs", "//! x\n#[test]\nfn a() {}\n", "a test in a production file"),
        ("attic/mod.rs", "//! x\n", "not on the map"),
        ("slots/grid.rs", "//! x\nuse crate::attic::Box;\n", "no module of the map"),
        ("slots/grid.rs", "//! x\nuse crate::decide::Round;\n", "below it"),
        ("slots/grid.rs", "//! x\nuse crate::{worktime::Day, appeal::{Appeal, State}};\n", "`slots` names `appeal`"),
        ("slots/grid.rs", "//! x\nfn a() -> crate::settings::Settings { b }\n", "`slots` names `settings`"),
        ("store/facts.rs", "//! x\nuse crate::decide::Round;\n", "never names `decide`"),
        ("store/facts.rs", "//! x\nuse crate::compose;\n", "never names `compose`"),
        ("store/facts.rs", "//! x\nuse crate::config::load;\n", "never names `config`"),
        ("mailbox/imap.rs", "//! x\nuse crate::clock::Clock;\n", "never names `clock`"),
        ("jobs/intake.rs", "//! x\nuse crate::daemon::run;\n", "below it"),
        ("daemon.rs", "//! x\nuse crate::cli::main;\n", "below it"),
        ("slots/grid.rs", "//! x\npub async fn a() {}\n", "`async fn` in a pure module"),
        ("slots/grid.rs", "//! x\nlet a = b.await;\n", "`.await` in a pure module"),
        ("slots/grid.rs", "//! x\nuse std::fs;\n", "`std::fs` in a pure module"),
        ("slots/grid.rs", "//! x\nuse std::net::IpAddr;\n", "`std::net` in a pure module"),
        ("slots/grid.rs", "//! x\nstd::env::var(\"A\");\n", "`std::env` in a pure module"),
        ("slots/grid.rs", "//! x\nlet now = Utc::now();\n", "`::now(` in a pure module"),
        ("slots/grid.rs", "//! x\nlet a = rand::random();\n", "`rand::` in a pure module"),
        ("slots/grid.rs", "//! x\nuse tokio::sync::Mutex;\n", "`tokio` in a pure module"),
        ("store/apply.rs", "//! x\npub async fn a() {}\n", "never waits"),
        ("store/apply.rs", "//! x\ndb.prepare(\"SELECT datetime('now')\");\n", "it has no clock"),
        ("jobs/intake.rs", "//! x\nuse rusqlite::Connection;\n", "at home in store"),
        ("jobs/intake.rs", "//! x\nuse async_imap::Client;\n", "at home in mailbox"),
        ("jobs/dispatch.rs", "//! x\nuse lettre::transport::smtp;\n", "at home in transport"),
        ("compose/mime.rs", "//! x\nuse lettre::transport::smtp;\n", "at home in transport"),
        ("transport/smtp.rs", "//! x\nuse lettre::message::Mailbox;\n", "at home in compose"),
        ("itip/read.rs", "//! x\nuse mail_parser::Message;\n", "at home in message"),
        ("decide/mod.rs", "//! x\nuse icalendar::Event;\n", "at home in itip"),
        ("report/tally.rs", "//! x\nuse minijinja::Environment;\n", "at home in compose"),
        ("jobs/intake.rs", "//! x\nlet now = Clock::System.now();\n", "at home in clock, daemon, cli"),
        ("jobs/intake.rs", "//! x\nfn a() -> anyhow::Result<()> {}\n", "at home in daemon, cli"),
    ];
    for (path, text, word) in broken {
        let found = mistakes(&Source { path: (*path).to_owned(), text: (*text).to_owned() });
        assert!(found.iter().any(|m| m.contains(word)), "{path} with {text:?} must be told about `{word}`, was told {found:?}");
    }
}

#[test]
fn what_is_right_is_left_alone() {
    let right: &[(&str, &str)] = &[
        ("slots/grid.rs", "//! Free hours.\nuse crate::worktime::Day;\nuse crate::slots::Busy;\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\nmod tests_props;\n"),
        (
            "slots/grid.rs",
            "//! x\n// crate::decide, tokio, rusqlite: only told of.\n/* async fn /* nested */ .await */\nlet a = \"std::fs \\\" Utc::now()\";\n",
        ),
        ("slots/grid.rs", "//! x\nlet raw = r#\"use crate::decide; \"quoted\" tokio\"#; let c = '\"'; let d = '\\''; fn a<'a>(b: &'a str) {}\n"),
        ("slots/grid.rs", "//! x\nlet a = grand::total(); known(now());\n"),
        ("slots/tests.rs", "//! x\nuse crate::cli::main;\nuse std::fs;\n"),
        ("mailbox/tests/fake.rs", "//! x\nuse crate::store::Store;\n"),
        ("transport/wire.rs", "//! x\nuse tokio_rustls::rustls;\nasync fn a() { b.await }\n"),
        ("cli/list.rs", "//! x\nuse crate::daemon::open;\nuse crate::store::Store;\n"),
        ("store/open.rs", "//! x\nuse crate::appeal::Appeal;\nuse rusqlite::Connection;\n"),
    ];
    for (path, text) in right {
        none(&mistakes(&Source { path: (*path).to_owned(), text: (*text).to_owned() }));
    }
    assert!(place("store") < place("jobs") && place("message") == Some(0));
    assert_eq!(code_of("a('\"', \"b // c\") // d").trim_end(), "a('', \"\")");
}

#[test]
fn clocks_in_sql_headers_that_lie_and_dead_links_are_found() {
    assert!(schema_mistakes("CREATE TABLE a (at INTEGER NOT NULL); -- never CURRENT_TIMESTAMP\n").is_empty());
    assert_eq!(schema_mistakes("CREATE TABLE a (at TEXT DEFAULT current_timestamp);").len(), 1);
    assert_eq!(schema_mistakes("CREATE TABLE a (at INTEGER DEFAULT (unixepoch('now')));").len(), 2);
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    assert!(!header_mistakes(&lib.replacen("//! | [`slots`", "//! | [`slot`", 1)).is_empty());
    assert!(!header_mistakes(&lib.replacen("pub mod store;\n", "", 1)).is_empty());
    assert!(!header_mistakes(&lib.replacen("pub mod clock;", "pub mod slots;\n\npub mod clock;", 1)).is_empty());
    assert!(!header_mistakes(&format!("{}{lib}", "//! x\n".repeat(HEADER_MOST))).is_empty());
    assert_eq!(broken_links(&root().join("README.md"), "[a](docs/nowhere.md) [b](https://x.example) [c](src/lib.rs#L1)").len(), 1);
}
