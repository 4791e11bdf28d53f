//! How SQLite finds what the daemon asks for: every statement of a school's fortnight, with reports, is explained, and none goes through a table that grows.

use super::*;
use crate::decide::AnnouncementOrder;
use crate::jobs::{Rehearsal, announce};
use crate::mailbox::Recorded;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// Tables that grow with the years.
const GROWING: [&str; 16] = [
    "letter",
    "appeal",
    "consultation",
    "posting",
    "history",
    "rung",
    "seat",
    "meeting",
    "survey",
    "undo",
    "confirmation",
    "call",
    "aside",
    "addressee",
    "incident_appeal",
    "ending",
];

fn letters() -> Vec<Recorded> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/dev");
    let mut names: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    let start: DateTime<Utc> = "2026-11-12T06:00:00Z".parse().unwrap();
    let recorded = names.iter().enumerate().map(|(n, path)| Recorded {
        folder: "INBOX".into(),
        arrival: Some(start + chrono::TimeDelta::minutes(20 * i64::try_from(n).unwrap())),
        bytes: std::fs::read(path).unwrap(),
        origin: path.display().to_string(),
    });
    recorded.take(60).collect()
}

fn plan(db: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let Ok(mut plan) = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")) else { return Vec::new() };
    let blanks = vec![rusqlite::types::Null; plan.parameter_count()];
    plan.query_map(rusqlite::params_from_iter(blanks), |r| r.get(3)).unwrap().map(Result::unwrap).collect()
}

fn scanned(db: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let lines = plan(db, sql);
    let grows = |line: &String| {
        // A partial index holds few rows: open appeals, letters that wait.
        let name = line.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()).unwrap_or("");
        let partial =
            ["appeal_open", "appeal_by_wake", "posting_untold", "posting_uncopied", "posting_failed", "posting_doubtful", "aside_waiting", "meeting_open"];
        GROWING.contains(&name) && !partial.iter().any(|index| line.ends_with(index))
    };
    lines.into_iter().filter(grows).collect()
}

#[tokio::test]
async fn no_question_of_the_daemon_reads_a_whole_table() {
    let mut store = Store::in_memory().unwrap();
    let asked: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let seen = Arc::clone(&asked);
    store
        .db
        .trace_v2(
            TraceEventCodes::SQLITE_TRACE_STMT,
            Some(move |event: TraceEvent<'_>| {
                if let TraceEvent::Stmt(statement, _) = event {
                    seen.lock().unwrap().insert(statement.sql().to_string());
                }
            }),
        )
        .unwrap();
    let mut settings = crate::config::demo();
    settings.contacts = Arc::new(crate::config::contacts("ФИО;класс;e-mail\nСемейкина Анна;5А;semya@mail.example\n".as_bytes()).unwrap());
    let mut rehearsal = Rehearsal::new(settings, store).unwrap();
    rehearsal.add(letters()).unwrap();
    let morning: DateTime<Utc> = "2026-11-13T08:00:00Z".parse().unwrap();
    rehearsal.run(Some(morning), &mut |_| {}).await.unwrap();
    let preview = AnnouncementOrder::Preview {
        staff: "head-1".into(), text: "Приглашаем.\nКому: все\nКогда: 20.11.2026 18:00".into(), files: Vec::new()
    };
    announce(rehearsal.school(), None, &preview, morning).unwrap();
    announce(rehearsal.school(), Some(1), &AnnouncementOrder::Send { now: false }, morning).unwrap();
    rehearsal.run(Some("2026-11-28T20:00:00Z".parse().unwrap()), &mut |_| {}).await.unwrap();
    let statements: Vec<String> = asked.lock().unwrap().iter().filter(|s| !s.starts_with("--")).cloned().collect();
    assert!(statements.len() > 100, "{}", statements.len());
    assert!(statements.iter().any(|s| s.contains("letter_count")), "a report was made");
    let freed: Vec<&String> = statements.iter().filter(|s| s.contains("SET raw = NULL WHERE kind")).collect();
    assert!(!freed.is_empty() && statements.iter().any(|s| s.contains("delicate = 1")), "an announcement was sent");
    let school = rehearsal.school();
    let mut bad = Vec::new();
    for (what, index) in [("SET raw = NULL WHERE kind", "posting_announced"), ("WHERE delicate = 1", "appeal_open")] {
        // Any index is named SEARCH; only the one that holds few rows will do.
        for sql in statements.iter().filter(|s| s.contains(what)) {
            let plan = plan(&school.store().db, sql);
            assert!(plan.iter().any(|line| line.contains(index)), "{sql}: {plan:?}");
        }
    }
    for sql in statements {
        let lines = scanned(&school.store().db, &sql);
        if !lines.is_empty() {
            bad.push(format!("{}\n    {sql}", lines.join("; ")));
        }
    }
    assert!(bad.is_empty(), "{} statements read whole tables:\n{}", bad.len(), bad.join("\n"));
}
