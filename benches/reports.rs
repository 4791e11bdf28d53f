//! Reports and the register over a year of a large school and over a million appeals: whole calls, medians of eleven.
//! Run `cargo bench --bench reports`; `-- --small` leaves the million out. See docs/benchmarks.md.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot set itself up fails and says where")]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use otklik::decide::{Gathered, on_report};
use otklik::jobs::{School, gather_daily, gather_weekly};
use otklik::report::{Table, register};
use otklik::store::Store;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// Friday noon in Moscow.
fn now() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// Rows as the daemon leaves them behind, without bytes of letters: `n` appeals over `days` days, the newest 300 open.
fn fill(path: &Path, n: i64, days: i64) {
    drop(Store::open(path).unwrap());
    let db = rusqlite::Connection::open(path).unwrap();
    let first = (now() - TimeDelta::days(days)).timestamp();
    let step = days * 86_400 / n;
    let at = format!("({first} + i * {step})");
    let rows = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n})");
    let category = "CASE i % 9 WHEN 0 THEN 'technical' WHEN 1 THEN 'ejournal' WHEN 2 THEN 'lesson_quality' WHEN 3 THEN 'equipment' WHEN 4 THEN 'psychologist' \
         WHEN 5 THEN 'speech_therapist' WHEN 6 THEN 'social_pedagogue' WHEN 7 THEN 'learning_help' ELSE 'other' END";
    let open = format!("i > {n} - 300");
    db.execute_batch(&format!(
        "PRAGMA foreign_keys = off; PRAGMA synchronous = off; PRAGMA journal_mode = memory; BEGIN;
         {rows} INSERT INTO appeal (number, state, category, consultation, urgent, complaint, delicate, unsure, email, role, times, text, reasons, excluded, assignee, cause, text_hash,
             received, assigned, taken, met, closed, extended, take_due_literal, take_due_office, due_literal, due_office, provisional)
           SELECT i, iif({open}, 'taken', 'closed'), {category}, i % 3 = 0, 0, 0, 0, 0, 'p' || (i % 3000) || '@mail.example', 'parent', '[]', 'text', '[]', '[]',
             'person-' || (i % 30), 'c' || i, 'h' || i, {at}, {at}, {at} + 600, iif({open}, NULL, {at} + 3600 * (i % 90)), iif({open}, NULL, {at} + 3600 * 100), 0,
             {at} + 1800, {at} + 1800, {at} + 86400, {at} + 86400 * 2, 0 FROM n;
         {rows} INSERT INTO letter (folder, uid_validity, uid, internal_date, size, state, outcome, reason, appeal, seen_at, settled_at)
           SELECT 'INBOX', 1, i, {at}, 4000, 'done', iif(i % 5 = 0, 'ignored', 'opened'), iif(i % 5 = 0, 'spam', NULL), i, {at}, {at} FROM n;
         {rows} INSERT INTO posting (key, kind, appeal, recipient, message_id, subject, sha256, copy, audience, priority, status, next_at, created_at, sent_at, bounced, reported_at)
           SELECT k || '/' || i, k, i, 'p@mail.example', k || i, 's', '', 'no', 'owed', 2, 'sent', {at}, {at}, {at}, iif(i % 500 = 0, 'hard', NULL), iif(i % 500 = 0, {at}, NULL)
           FROM n, (SELECT 'receipt' AS k UNION ALL SELECT 'answer');
         {rows} INSERT INTO history (at, event, appeal, text) SELECT {at}, k, i, '' FROM n, (SELECT 'opened' AS k UNION ALL SELECT 'assigned' UNION ALL SELECT 'closed');
         {rows} INSERT INTO survey (appeal, at, specialist, score, recommend) SELECT i, {at}, 'person-' || (i % 30), 1 + i % 5, i % 2 FROM n WHERE i % 10 = 0;
         {rows} INSERT INTO ending SELECT i, 'answered' FROM n WHERE NOT {open};
         COMMIT; ANALYZE;"
    ))
    .unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the run is timed")]
fn median(what: &str, mut once: impl FnMut() -> usize) {
    let mut times: Vec<f64> = (0..11)
        .map(|_| {
            let start = Instant::now();
            black_box(once());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.1} ms ({:.1} to {:.1})", times[5], times[0], times[10]);
}

fn measure(name: &str, n: i64, days: i64) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    fill(&path, n, days);
    println!("{name}: {n} appeals, {} MB", std::fs::metadata(&path).unwrap().len() / 1_000_000);
    let school = School::new(otklik::config::demo(), Store::open(&path).unwrap(), false);
    let settings = school.settings();
    let (today, yesterday) = (NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), now() - TimeDelta::days(1));
    let letter = |gathered: Gathered| on_report(school.round(&settings, now()), &gathered, "2026-W47", now()).len();
    median("  daily report, its figures", || gather_daily(&school, &settings, today, yesterday, now(), false).unwrap().overdue.len());
    median("  daily report, to the letter", || letter(Gathered::Daily(Box::new(gather_daily(&school, &settings, today, yesterday, now(), false).unwrap()))));
    median("  weekly report, its figures", || gather_weekly(&school, &settings, now(), false).unwrap().days.len());
    median("  weekly report with charts, to the letter", || letter(Gathered::Weekly(Box::new(gather_weekly(&school, &settings, now(), false).unwrap()))));
    if n <= 10_000 {
        let table = || -> Table { register(&school.store().register_rows(DateTime::UNIX_EPOCH, now()).unwrap(), settings.worktime.zone, &settings.school) };
        median("  register as XLSX", || table().xlsx(now()).unwrap().len());
    }
}

fn main() {
    measure("a year of a large school", 5_000, 365);
    if !std::env::args().any(|a| a == "--small") {
        measure("a million", 1_000_000, 3_650);
    }
}
