//! What was said of somebody's days, over the register.

use super::{Absence, Away, AwaySource, Specialist, open_ended, overlay};
use chrono::NaiveDate;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap_or_default()
}

fn said(from: u32, until: Option<u32>, present: bool) -> Away {
    Away { specialist: "a".into(), from: day(from), until: until.map(day), present, source: AwaySource::Own }
}

fn after(known: &[(u32, u32)], words: &[Away]) -> Vec<(u32, u32)> {
    let absences = known.iter().map(|(from, to)| Absence { from: day(*from), to: day(*to) }).collect();
    let mut staff = vec![Specialist { id: "a".into(), absences, ..Specialist::default() }];
    overlay(&mut staff, words);
    let d = |date: NaiveDate| chrono::Datelike::day(&date);
    staff[0].absences.iter().map(|a| (d(a.from), if open_ended(a) { 0 } else { d(a.to) })).collect()
}

#[test]
fn what_was_said_last_counts() {
    assert_eq!(after(&[], &[said(2, Some(5), false)]), [(2, 5)]);
    assert_eq!(after(&[], &[said(2, None, false)]), [(2, 0)], "nobody knows the end");
    assert_eq!(after(&[], &[said(2, None, false), said(4, Some(8), false)]), [(2, 3), (4, 8)], "now the end is known");
    assert_eq!(after(&[], &[said(2, None, false), said(2, Some(8), false)]), [(2, 8)]);
    assert_eq!(after(&[], &[said(2, Some(9), false), said(5, Some(9), true)]), [(2, 4)], "back early");
    assert_eq!(after(&[(1, 20)], &[said(5, Some(20), true)]), [(1, 4)], "the register's own absence too");
    assert_eq!(after(&[], &[said(2, Some(2), false), said(2, Some(2), true)]), [], "taken back");
    assert_eq!(after(&[], &[said(2, Some(9), false), said(5, Some(5), true)]), [(2, 4), (6, 9)], "there for a day");
    assert_eq!(after(&[], &[said(2, Some(9), false), said(3, Some(9), true), said(7, None, false)]), [(2, 2), (7, 0)], "ill again");
    assert_eq!(after(&[(14, 20)], &[said(2, Some(3), false)]), [(14, 20), (2, 3)], "a leave to come stays");
    let open = said(2, None, false);
    let back = Away { until: Some(open.last()), ..said(5, None, true) };
    assert_eq!(after(&[(14, 20)], &[open.clone(), back.clone()]), [(14, 20), (2, 4)], "back from an illness without an end: the leave to come stays");
    assert_eq!(after(&[(4, 20)], &[open, back]), [(4, 4), (2, 4)], "back from all that she was away for");
}
