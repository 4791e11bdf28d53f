//! Tests of `report::screen`: how much of a full day is shown.

use super::{Ask, Count, Daily, Line, Meeting, Reconciliation, SCREEN_LINES, Screen};
use chrono::{DateTime, NaiveDate, Utc};

fn at() -> DateTime<Utc> {
    "2026-11-18T04:30:00Z".parse().unwrap()
}

fn line(number: i64) -> Line {
    Line {
        number, category: "технические вопросы".into(), assignee: None, what: "ответить автору".into(), due: Some(at()), acts: Vec::new()
    }
}

fn day(n: usize) -> Daily {
    let lines = || (1..=n as i64).map(line).collect::<Vec<_>>();
    let texts = || vec!["строка".to_owned(); n];
    let meeting = Meeting {
        number: 1, group: false, specialist: "Соколова И. Ю.".into(), start: at(), channel: "phone".into(), state: "подтверждена".into()
    };
    Daily {
        date: NaiveDate::from_ymd_opt(2026, 11, 18).unwrap(),
        since: at(),
        until: at(),
        late: true,
        shadow: true,
        decisions: lines(),
        asks: vec![Ask { text: "?".into(), acts: Vec::new() }; n],
        urgent: lines(),
        due_today: lines(),
        overdue: lines(),
        total: Count::default(),
        by_category: Vec::new(),
        by_specialist: Vec::new(),
        meetings: vec![meeting; n],
        undelivered: texts(),
        incidents: texts(),
        staff_letters: texts(),
        parked: texts(),
        spam: Some(3),
        warnings: texts(),
        reconciliation: Reconciliation::default(),
        absence_means: String::new(),
    }
}

#[test]
fn decisions_come_first_and_nothing_is_shown_that_is_not_there() {
    assert_eq!(Screen::of(&day(0), SCREEN_LINES), Screen::default());
    let worst = Screen::of(&day(50), SCREEN_LINES);
    assert!(worst.decisions >= 2 && worst.decisions >= worst.warnings && worst.overdue >= 1, "{worst:?}");
    let one = Screen::of(&Daily { decisions: (1..=50).map(line).collect(), ..day(0) }, SCREEN_LINES);
    assert_eq!(one.decisions, 12, "a list alone is long, but not endless");
    let few = Screen::of(&Daily { due_today: (1..=3).map(line).collect(), ..day(0) }, SCREEN_LINES);
    assert_eq!((few.due_today, few.decisions), (3, 0));
}
