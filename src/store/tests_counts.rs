//! The figures of reports against a second counting that shares nothing with the first: every row is read and counted here, in plain loops.

use super::*;
use crate::appeal::Ending;
use crate::understand::Category;
use proptest::prelude::*;
use rusqlite::params;
use std::collections::BTreeMap;

/// One appeal of a random register. Moments are minutes of the test's own time.
#[derive(Debug, Clone)]
struct Row {
    category: Category,
    assignee: Option<u8>,
    received: i64,
    opened: i64,
    office: i64,
    literal: i64,
    met: Option<i64>,
    closed: Option<i64>,
    ending: Option<Ending>,
    reopened: bool,
}

fn row() -> impl Strategy<Value = Row> {
    let category = prop::sample::select(Category::ALL.to_vec());
    let moments = (0..200_i64, 0..30_i64, 1..90_i64, 1..90_i64, prop::option::of(0..150_i64), prop::option::of(0..60_i64));
    (category, prop::option::of(0..4_u8), moments, prop::sample::select(Ending::ALL.to_vec()), any::<bool>()).prop_map(
        |(category, assignee, (received, wait, office, literal, met, closed), ending, reopened)| {
            let met = met.map(|m| received + m);
            Row {
                category,
                assignee,
                received,
                opened: received + wait,
                office: received + office,
                literal: received + literal,
                met,
                closed: closed.map(|c| met.unwrap_or(received) + c),
                ending: closed.map(|_| ending),
                reopened,
            }
        },
    )
}

fn minute(m: i64) -> DateTime<Utc> {
    moment(1_795_000_000 + m * 60)
}

fn insert(store: &Store, number: i64, row: &Row) {
    let at = |m: i64| minute(m).timestamp();
    let state = match (row.closed, row.assignee) {
        (Some(_), _) => "closed",
        (None, Some(_)) => "taken",
        (None, None) => "undecided",
    };
    store
        .db
        .execute(
            "INSERT INTO appeal (number, state, category, consultation, urgent, complaint, delicate, unsure, role, times, text, reasons, excluded, assignee, cause, text_hash, \
             received, met, closed, extended, take_due_literal, take_due_office, due_literal, due_office, provisional) \
             VALUES (?1, ?2, ?3, 0, 0, 0, 0, 0, 'parent', '[]', '', '[]', '[]', ?4, '', '', ?5, ?6, ?7, 0, 0, 0, ?8, ?9, 0)",
            params![
                number,
                state,
                row.category.key(),
                row.assignee.map(|a| format!("person-{a}")),
                at(row.received),
                row.met.map(at),
                row.closed.map(at),
                at(row.literal),
                at(row.office)
            ],
        )
        .unwrap();
    let mut told = store.db.prepare("INSERT INTO history (at, event, appeal, text) VALUES (?1, ?2, ?3, '')").unwrap();
    told.execute(params![at(row.opened), "opened", number]).unwrap();
    if row.reopened {
        told.execute(params![at(row.opened + 5), "opened", number]).unwrap();
    }
    if let Some(how) = row.ending {
        store.db.execute("INSERT INTO ending VALUES (?1, ?2)", params![number, how.key()]).unwrap();
    }
}

/// New, closed, open, overdue.
type Four = [u32; 4];

fn counted<K: Ord>(rows: &[Row], (since, until, now): (i64, i64, i64), key: impl Fn(&Row) -> Option<K>) -> BTreeMap<K, Four> {
    let mut sums: BTreeMap<K, Four> = BTreeMap::new();
    for row in rows {
        let Some(key) = key(row) else { continue };
        let within = |at: i64| at > since && at <= until;
        let sum = sums.entry(key).or_default();
        sum[0] += u32::from(within(row.opened) || row.reopened && within(row.opened + 5));
        sum[1] += u32::from(row.closed.is_some_and(within));
        sum[2] += u32::from(row.closed.is_none());
        sum[3] += u32::from(row.closed.is_none() && row.met.is_none() && row.office <= now);
    }
    sums
}

fn four(c: &crate::report::Count) -> Four {
    [c.new, c.closed, c.open, c.overdue]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn figures_equal_a_second_counting(rows in prop::collection::vec(row(), 0..60), since in 0..150_i64, length in 1..120_i64) {
        let store = Store::in_memory().unwrap();
        for (number, row) in (1..).zip(&rows) {
            insert(&store, number, row);
        }
        let until = since + length;
        let (from, to) = (minute(since), minute(until));
        let period = (since, until, until);
        let everything = counted(&rows, period, |_| Some(()));
        prop_assert_eq!(four(&store.totals(from, to, to).unwrap()), everything.get(&()).copied().unwrap_or_default());
        let told: BTreeMap<String, Four> = store.by_category(from, to, to).unwrap().iter().map(|c| (c.title.clone(), four(c))).collect();
        let wanted: BTreeMap<String, Four> = counted(&rows, period, |r| Some(r.category.title().to_owned())).into_iter().filter(|(_, f)| f[0] + f[1] + f[2] > 0).collect();
        prop_assert_eq!(told, wanted);
        let told: BTreeMap<String, Four> = store.by_specialist(from, to, to).unwrap().iter().map(|c| (c.title.clone(), four(c))).collect();
        let wanted: BTreeMap<String, Four> = counted(&rows, period, |r| r.assignee.map(|a| format!("person-{a}"))).into_iter().filter(|(_, f)| f[0] + f[1] + f[2] > 0).collect();
        prop_assert_eq!(told, wanted);

        let times = store.times(from, to).unwrap();
        let ended: Vec<&Row> = rows.iter().filter(|r| {
            let last = r.office.max(r.literal);
            let end = r.met.unwrap_or(last).min(last);
            end > since && end <= until
        }).collect();
        prop_assert_eq!(times.terms.ended as usize, ended.len());
        prop_assert_eq!(times.terms.kept_literal as usize, ended.iter().filter(|r| r.met.is_some_and(|m| m <= r.literal)).count());
        prop_assert_eq!(times.terms.kept_office as usize, ended.iter().filter(|r| r.met.is_some_and(|m| m <= r.office.max(r.literal))).count());
        let mut minutes: Vec<i64> = rows.iter().filter_map(|r| r.met.filter(|m| *m > since && *m <= until).map(|m| m - r.received)).collect();
        minutes.sort_unstable();
        prop_assert_eq!(times.minutes, minutes);

        // What was received is open, answered, withdrawn or merged, and nothing else.
        let beginning = minute(-1);
        let end = minute(10_000);
        let endings: u32 = store.endings(beginning, end).unwrap().iter().map(|(_, n)| n).sum();
        let total = store.totals(beginning, end, end).unwrap();
        prop_assert_eq!(store.received_between(beginning, end).unwrap(), total.open + endings);
        for how in Ending::ALL {
            let told = store.endings(from, to).unwrap().iter().find(|(e, _)| *e == how).map_or(0, |(_, n)| *n);
            let wanted = rows.iter().filter(|r| r.ending == Some(how) && r.closed.is_some_and(|c| c > since && c <= until)).count();
            prop_assert_eq!(told as usize, wanted, "{:?}", how);
        }
    }

    #[test]
    fn the_reconciliation_equals_the_journal(steps in prop::collection::vec((0..3_u8, 1..30_i64, 0..6_usize, 0..3_usize), 0..120)) {
        let store = Store::in_memory().unwrap();
        let outcomes = ["opened", "added", "answer", "duplicate", "ignored", "ignored"];
        let reasons = ["spam", "list", "bounce"];
        for (what, uid, outcome, reason) in steps {
            let folder = if uid % 5 == 0 { "Spam" } else { "INBOX" };
            match what {
                0 => {
                    let state = if uid % 7 == 0 { "baseline" } else { "waiting" };
                    store.db.execute(
                        "INSERT OR IGNORE INTO letter (folder, uid_validity, uid, internal_date, size, state, seen_at) VALUES (?1, 1, ?2, 0, 0, ?3, 0)",
                        params![folder, uid, state],
                    ).unwrap();
                }
                1 => {
                    store.db.execute("UPDATE letter SET state = 'done', outcome = ?2, reason = ?3 WHERE uid = ?1", params![uid, outcomes[outcome], reasons[reason]]).unwrap();
                }
                _ => {
                    store.db.execute("DELETE FROM letter WHERE uid = ?1 AND state = 'waiting'", [uid]).unwrap();
                    store.db.execute("UPDATE letter SET state = 'parked', outcome = NULL WHERE uid = ?1 AND uid % 4 = 0", [uid]).unwrap();
                }
            }
        }
        let folders = ["INBOX".to_owned()];
        let told = store.reconciliation(&folders).unwrap();
        let count = |condition: &str| -> u64 {
            store.db.query_row(&format!("SELECT count(*) FROM letter WHERE folder = 'INBOX' AND state <> 'baseline' AND ({condition})"), [], |r| r.get::<_, u32>(0)).unwrap().into()
        };
        prop_assert_eq!(told.journalled, count("1"));
        prop_assert_eq!(told.opened, count("state = 'done' AND outcome = 'opened'"));
        prop_assert_eq!(told.added, count("state = 'done' AND outcome = 'added'"));
        prop_assert_eq!(told.answers, count("state = 'done' AND outcome = 'answer'"));
        prop_assert_eq!(told.duplicates, count("state = 'done' AND outcome = 'duplicate'"));
        prop_assert_eq!(told.waiting, count("state = 'waiting'"));
        prop_assert_eq!(told.parked, count("state = 'parked'"));
        for (reason, n) in &told.ignored {
            prop_assert_eq!(*n, count(&format!("outcome = 'ignored' AND reason = '{reason}'")));
        }
        prop_assert!(told.balanced());
    }
}
