//! Tests of the counting behind reports: no statement looks at every row of a table that grows.

use super::Store;
use super::analysis::{CLOSED, CONSULTATIONS, CORRECTED, HANDED, OPENED, RECEIVED};
use chrono::{DateTime, TimeDelta, Utc};

fn at() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// What SQLite would do for a statement with so many parameters.
fn plan(store: &Store, sql: &str) -> String {
    let mut found = store.db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let n = found.parameter_count();
    let nothing: Vec<i64> = vec![0; n];
    let rows = found.query_map(rusqlite::params_from_iter(nothing), |r| r.get::<_, String>(3)).unwrap();
    rows.map(Result::unwrap).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_counts_of_a_report_go_by_indexes() {
    let store = Store::in_memory().unwrap();
    for sql in [OPENED, CLOSED, RECEIVED, HANDED, CORRECTED, CONSULTATIONS] {
        let plan = plan(&store, sql);
        let scans: Vec<&str> = plan
            .lines()
            .filter(|l| l.starts_with("SCAN") && ["appeal", "history", "letter", "posting", "consultation"].iter().any(|t| l.split(' ').nth(1) == Some(t)))
            .filter(|l| !l.contains("INDEX appeal_open") && !l.contains("COVERING INDEX letter_by_outcome"))
            .collect();
        assert!(scans.is_empty(), "{sql}\n{plan}");
    }
}

#[test]
fn an_empty_school_counts_to_nothing() {
    let store = Store::in_memory().unwrap();
    let (since, until) = (at() - TimeDelta::days(7), at());
    assert_eq!(store.opened_by_category(since, until).unwrap(), []);
    assert_eq!(store.closed_by_category(since, until).unwrap(), []);
    assert_eq!(store.received_plain(since, until).unwrap(), []);
    assert_eq!((store.handed(since, until).unwrap(), store.corrected(since, until).unwrap(), store.consultations_between(since, until).unwrap()), (0, 0, 0));
    assert_eq!(store.totals(since, until, until).unwrap().open, 0);
}
