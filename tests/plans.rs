//! Query plans: every statement that stands in `src/store` as one literal is explained, and none reads a table that grows with the years from end to
//! end. What does so on purpose is listed here with its reason.
//!
//! Not here: how long a query takes (`docs/benchmarks.md`).

#![expect(clippy::unwrap_used, reason = "a test without its sources fails")]

/// Tables that grow with every letter, appeal or announcement. Others hold a few rows: staff, groups, what waits.
const GROWING: [&str; 10] = ["letter", "posting", "appeal", "history", "addressee", "call", "consultation", "incident_appeal", "aside", "seat"];

/// Indexes that hold only what is open, waiting or untold: reading one of them whole is the point of it.
const SMALL: [&str; 4] = ["appeal_by_wake", "appeal_open", "aside_waiting", "posting_untold"];

/// Statements that read such a table whole, by their beginning, and why that is right.
const WHOLE: &[(&str, &str)] = &[
    ("SELECT number, name, child FROM appeal WHERE name", "the same for a name, which is written in many ways"),
    ("SELECT a.number, iif(l.sender = a.email", "the words of all letters are taught anew when the program is updated"),
    ("DELETE FROM letter WHERE state = 'waiting'", "the server has renumbered the folder"),
    ("SELECT s.appeal, m.starts, m.specialist", "the journal of a period, as a spreadsheet"),
    ("SELECT c.appeal, c.starts, c.specialist", "the journal of a period, as a spreadsheet"),
    ("SELECT DISTINCT s.appeal FROM seat", "at go-live"),
    ("SELECT 1 FROM posting p JOIN appeal a", "whether an old key is needed any more: when the program starts"),
    ("SELECT number FROM appeal WHERE cause = ?1", "a database is rebuilt, or catches up with the mailbox"),
    ("SELECT appeal, ordinal FROM consultation WHERE (staff_uid = ?1 COLLATE", "a database is rebuilt, or catches up with the mailbox"),
    ("UPDATE consultation SET staff_uid", "a database is rebuilt, or catches up with the mailbox"),
    ("UPDATE consultation SET author_uid", "a database is rebuilt, or catches up with the mailbox"),
    ("SELECT email FROM appeal UNION SELECT sender", "somebody was forgotten, and a database catches up with the mailbox"),
    ("SELECT 1 FROM folder UNION ALL SELECT 1 FROM letter", "whether the program was ever here: it ends with the first row"),
    ("SELECT number, cause FROM appeal", "somebody was forgotten, and a database catches up with the mailbox"),
    ("SELECT count(*) FROM appeal", "what a backup holds, once a day"),
    ("SELECT count(*) FROM letter", "what a backup holds, once a day"),
    ("SELECT count(*) FROM posting", "what a backup holds, once a day"),
];

/// The string literals of a source text, with their escapes undone.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = source.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        if c == '/' && chars.peek() == Some(&'/') {
            chars.by_ref().find(|c| *c == '\n');
        } else if c == '"' && last != '\'' {
            let mut text = String::new();
            while let Some(c) = chars.next() {
                match c {
                    '"' => break,
                    '\\' => match chars.next() {
                        Some('\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                        Some(other) => text.push(other),
                        None => break,
                    },
                    c => text.push(c),
                }
            }
            found.push(text);
        }
        last = c;
    }
    found
}

/// Every whole statement of the store, with the file that it stands in.
fn statements() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir("src/store").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".rs") && !name.starts_with("tests") {
            let source = std::fs::read_to_string(&path).unwrap();
            let whole = |t: &String| ["SELECT ", "UPDATE ", "DELETE ", "WITH "].iter().any(|w| t.starts_with(w)) && t.contains(' ') && !t.contains('{');
            all.extend(literals(&source).into_iter().filter(whole).map(|t| (name.clone(), t)));
        }
    }
    all
}

#[test]
fn no_statement_reads_a_growing_table_from_end_to_end() {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../schema.sql")).unwrap();
    let (mut explained, mut wrong, mut files) = (0, Vec::new(), std::collections::BTreeSet::new());
    for (file, sql) in statements() {
        // A part of a statement that is put together elsewhere is none.
        let Ok(mut plan) = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")) else { continue };
        let count = plan.parameter_count();
        let lines: Vec<String> =
            plan.query_map(rusqlite::params_from_iter(vec![rusqlite::types::Null; count]), |r| r.get(3)).unwrap().collect::<Result<_, _>>().unwrap();
        explained += 1;
        files.insert(file.clone());
        let scans = |l: &String| {
            GROWING.iter().any(|t| l.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()).is_some_and(|n| n == *t || aliased(&sql, t, n)))
        };
        let small = |l: &String| SMALL.iter().any(|i| l.ends_with(&format!("INDEX {i}")));
        for line in lines.iter().filter(|l| scans(l) && !small(l)) {
            // Somebody asks to be forgotten or to see what is known of them: rows of any age are looked for by their address.
            if file != "forget.rs" && !WHOLE.iter().any(|(begins, _)| sql.starts_with(begins)) {
                wrong.push(format!("{file}: {line}\n    {sql}"));
            }
        }
    }
    for (begins, why) in WHOLE {
        assert!(statements().iter().any(|(_, sql)| sql.starts_with(begins)), "«{begins}» ({why}) is no statement any more");
    }
    assert!(explained > 100, "{explained} statements were found");
    for file in ["absences.rs", "announced.rs", "announcements.rs", "asides.rs", "calls.rs", "confirmations.rs", "incidents.rs", "sent.rs", "undo.rs"] {
        assert!(files.contains(file), "no statement of {file} was explained");
    }
    assert!(wrong.is_empty(), "{} of {explained}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether `name` stands for the table in the statement: «posting p».
fn aliased(sql: &str, table: &str, name: &str) -> bool {
    sql.contains(&format!("{table} {name} ")) || sql.ends_with(&format!("{table} {name}"))
}

#[test]
fn the_letters_whose_buttons_come_back_are_found_by_index() {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../schema.sql")).unwrap();
    let source = std::fs::read_to_string("src/store/confirmations.rs").unwrap();
    let all = literals(&source);
    let columns = all.iter().find(|t| t.starts_with("iif(shadow_of")).unwrap();
    let bearers: Vec<&String> = all.iter().filter(|t| t.starts_with("SELECT {COLUMNS} FROM posting")).collect();
    assert_eq!(bearers.len(), 3);
    for bearer in bearers {
        let sql = bearer.replace("{COLUMNS}", columns);
        let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let blanks = vec![rusqlite::types::Null; plan.parameter_count()];
        let line: String = plan.query_row(rusqlite::params_from_iter(blanks), |r| r.get(3)).unwrap();
        assert!(line.starts_with("SEARCH posting USING INDEX"), "{line}\n{sql}");
    }
}

#[test]
fn a_scan_is_seen() {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../schema.sql")).unwrap();
    let line: String = db.query_row("EXPLAIN QUERY PLAN SELECT number FROM appeal a WHERE a.name = 'x'", [], |r| r.get(3)).unwrap();
    assert!(line.starts_with("SCAN a") && aliased("SELECT number FROM appeal a WHERE", "appeal", "a"), "{line}");
    assert_eq!(literals("x(\"a \\\n     b\\\"c\"); // \"no\"\ny('\"', \"d\")"), ["a b\"c", "d"]);
}
