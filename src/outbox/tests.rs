//! Tests of the retry rule.

use super::*;
use chrono::{Duration, TimeZone};

fn at(hour: i64, minute: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 25, 0, 0, 0).unwrap() + Duration::hours(hour) + Duration::minutes(minute)
}

fn deferred() -> Outcome {
    Outcome::Deferred("connection refused".into())
}

#[test]
fn an_unreachable_server_is_tried_after_1_5_15_30_60_minutes_and_then_hourly() {
    let waits: Vec<i64> = (1..=5)
        .map(|attempt| match next(&deferred(), Kind::Receipt, "receipt/147", attempt, at(0, 0), at(1, 0)) {
            Next::RetryAt(moment) => (moment - at(1, 0)).num_minutes(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(waits, [1, 5, 15, 30, 60]);
    let mut seen = std::collections::BTreeSet::new();
    for attempt in 6..90 {
        let Next::RetryAt(moment) = next(&deferred(), Kind::Receipt, "receipt/147", attempt, at(0, 0), at(2, 0)) else { panic!() };
        let seconds = (moment - at(2, 0)).num_seconds();
        assert!((3240..=3960).contains(&seconds), "attempt {attempt} waits {seconds} s");
        seen.insert(seconds);
    }
    assert!(seen.len() > 60, "the jitter hardly varies: {} values", seen.len());
}

#[test]
fn the_same_history_gives_the_same_moment_and_another_letter_another() {
    let moment = |key: &str| next(&deferred(), Kind::Task, key, 9, at(0, 0), at(7, 0));
    assert_eq!(moment("task/147"), moment("task/147"));
    assert_ne!(moment("task/147"), moment("task/148"));
}

#[test]
fn attempt_zero_and_the_end_of_time_do_not_break_the_rule() {
    assert_eq!(next(&deferred(), Kind::Task, "", 0, at(0, 0), at(0, 0)), Next::RetryAt(at(0, 1)));
    let end = DateTime::<Utc>::MAX_UTC;
    assert_eq!(next(&deferred(), Kind::Task, "k", u32::MAX, end, end), Next::RetryAt(end));
    assert_eq!(next(&deferred(), Kind::Task, "k", 3, DateTime::<Utc>::MIN_UTC, end), Next::Dead);
    assert_eq!(next(&deferred(), Kind::Task, "k", 1, at(5, 0), at(0, 0)), Next::RetryAt(at(0, 1)), "a clock set back is no reason to give up");
}

#[test]
fn after_four_days_a_person_takes_over() {
    assert!(matches!(next(&deferred(), Kind::Task, "k", 99, at(0, 0), at(95, 59)), Next::RetryAt(_)));
    assert_eq!(next(&deferred(), Kind::Task, "k", 99, at(0, 0), at(96, 0)), Next::Dead);
}

#[test]
fn greylisting_is_given_five_minutes_at_least() {
    for text in ["450 4.2.0 try later", "451 4.7.1 later", "421 4.7.0 Greylisted"] {
        assert_eq!(next(&Outcome::Deferred(text.into()), Kind::Task, "k", 1, at(0, 0), at(0, 0)), Next::RetryAt(at(0, 5)), "{text}");
    }
    assert_eq!(next(&Outcome::Deferred("450 4.2.0 later".into()), Kind::Task, "k", 3, at(0, 0), at(0, 0)), Next::RetryAt(at(0, 15)));
    assert_eq!(next(&Outcome::Deferred("421 busy".into()), Kind::Task, "k", 1, at(0, 0), at(0, 0)), Next::RetryAt(at(0, 1)));
}

#[test]
fn a_full_mailbox_is_tried_hourly_for_two_days() {
    let full = Outcome::Full("552 5.2.2 full".into());
    let Next::RetryAt(moment) = next(&full, Kind::Receipt, "k", 1, at(0, 0), at(0, 0)) else { panic!() };
    assert!((54..=66).contains(&(moment - at(0, 0)).num_minutes()));
    assert!(matches!(next(&full, Kind::Receipt, "k", 40, at(0, 0), at(47, 59)), Next::RetryAt(_)));
    assert_eq!(next(&full, Kind::Receipt, "k", 40, at(0, 0), at(48, 0)), Next::Dead);
}

#[test]
fn a_wrong_password_stops_the_line_and_kills_no_letter() {
    let account = Outcome::Account("535 5.7.8 no".into());
    let minutes: Vec<i64> = [1, 2, 3, 4, 5, 4000]
        .map(|attempt| match next(&account, Kind::Task, "k", attempt, at(0, 0), at(500, 0)) {
            Next::StopLineUntil(moment) => (moment - at(500, 0)).num_minutes(),
            other => panic!("{other:?}"),
        })
        .to_vec();
    assert_eq!(minutes, [15, 30, 45, 60, 60, 60]);
}

#[test]
fn a_spam_verdict_stops_the_line_for_more_than_a_day_and_a_third_one_frees_it() {
    let spam = Outcome::Spam("554 5.7.1 spam".into());
    for key in ["a", "b", "c", "d"] {
        let Next::StopLineUntil(moment) = next(&spam, Kind::Task, key, 1, at(0, 0), at(0, 0)) else { panic!() };
        assert!((at(24, 0)..at(25, 0)).contains(&moment), "{moment}");
    }
    assert!(matches!(next(&spam, Kind::Task, "a", 2, at(0, 0), at(25, 0)), Next::StopLineUntil(_)));
    assert_eq!(next(&spam, Kind::Task, "a", 3, at(0, 0), at(49, 0)), Next::Dead);
}

#[test]
fn accepted_refused_unknown() {
    let go = |outcome: Outcome| next(&outcome, Kind::Receipt, "k", 1, at(0, 0), at(3, 0));
    assert_eq!(go(Outcome::Accepted("250".into())), Next::Done);
    assert_eq!(go(Outcome::Refused("550".into())), Next::Dead);
    assert_eq!(go(Outcome::Unknown("cut".into())), Next::AwaitEvidence(at(3, 15)));
}

#[test]
fn what_a_term_hangs_on_is_repeated_once_and_courtesies_never() {
    let once: Vec<&str> = Kind::ALL.into_iter().filter(|kind| after_evidence(*kind, false) == AfterEvidence::Repeat).map(Kind::key).collect();
    assert_eq!(
        once,
        ["task", "invitation", "update", "cancel", "escalation", "report_daily", "report_weekly", "call_task", "answer", "other"],
        "receipts, reminders, surveys, confirmations and announcements stay at most once"
    );
    assert!(Kind::ALL.into_iter().all(|kind| after_evidence(kind, true) == AfterEvidence::Dead), "a second unknown goes to the head");
}
