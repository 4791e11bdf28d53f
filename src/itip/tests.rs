//! Tests of `itip`: which answers still count.

use super::tests_build::consultation;
use super::{Method, Object, PartStat, Verdict, answer, read, verdict};
use chrono::{DateTime, TimeDelta, Utc};

fn reply(sequence: u32) -> Object {
    let event = super::Event { sequence, ..consultation(Method::Request) };
    read(answer(&event, PartStat::Accepted, None).as_bytes(), None).unwrap()
}

fn start() -> DateTime<Utc> {
    consultation(Method::Request).start
}

#[test]
fn an_answer_to_the_present_time_counts() {
    let stamp = reply(2).dtstamp.unwrap();
    assert_eq!(verdict(&reply(2), 2, None, start()), Verdict::Fresh);
    assert_eq!(verdict(&reply(2), 2, Some(stamp - TimeDelta::seconds(1)), start()), Verdict::Fresh);
    assert_eq!(verdict(&reply(2), 2, Some(stamp), start()), Verdict::Duplicate);
    assert_eq!(verdict(&reply(2), 2, Some(stamp + TimeDelta::seconds(1)), start()), Verdict::Stale);
    let undated = Object { dtstamp: None, ..reply(2) };
    assert_eq!(verdict(&undated, 2, Some(stamp), start()), Verdict::Fresh);
    // The number decides, even where the client rewrote the time.
    let rewritten = Object { start: Some(start() + TimeDelta::hours(1)), ..reply(2) };
    assert_eq!(verdict(&rewritten, 2, None, start()), Verdict::Fresh);
}

/// «Принять» pressed in an old letter must not confirm the moved meeting.
#[test]
fn an_answer_to_an_earlier_time_does_not_confirm_a_moved_meeting() {
    let moved = start() + TimeDelta::days(1);
    assert_eq!(verdict(&reply(1), 2, None, moved), Verdict::Stale);
    assert_eq!(verdict(&Object { start: None, ..reply(1) }, 2, None, start()), Verdict::Stale);
    assert_eq!(verdict(&reply(1), 2, None, start()), Verdict::Fresh, "an old number with the new time");
    let stamp = reply(1).dtstamp;
    assert_eq!(verdict(&reply(1), 2, stamp, start()), Verdict::Duplicate);
}

#[test]
fn made_up_numbers_count_where_the_time_does_not_contradict() {
    let bogus = Object { sequence: 1_407_317_367_304, ..reply(2) };
    assert_eq!(verdict(&bogus, 2, None, start()), Verdict::Fresh);
    assert_eq!(verdict(&Object { start: None, ..bogus.clone() }, 2, None, start()), Verdict::Fresh);
    assert_eq!(verdict(&bogus, 2, None, start() + TimeDelta::days(1)), Verdict::Stale);
    assert_eq!(verdict(&Object { sequence: -1, ..reply(2) }, 0, None, start() + TimeDelta::days(1)), Verdict::Stale);
}

#[test]
fn a_counter_must_echo_the_number_whatever_time_it_proposes() {
    let counter = Object { method: Some(Method::Counter), start: Some(start() + TimeDelta::days(2)), ..reply(2) };
    assert_eq!(verdict(&counter, 2, None, start()), Verdict::Fresh);
    assert_eq!(verdict(&counter, 3, None, start()), Verdict::Stale);
    assert_eq!(verdict(&counter, 1, None, start()), Verdict::Stale);
    assert_eq!(verdict(&counter, 2, counter.dtstamp, start()), Verdict::Duplicate);
}

#[test]
fn methods_have_their_names() {
    for method in Method::ALL {
        assert_eq!(Method::named(method.as_str()), Some(method));
        assert_eq!(Method::named(&format!(" \"{}\" ", method.as_str().to_lowercase())), Some(method));
    }
    assert_eq!(Method::named("REPLYX"), None);
    assert_eq!(Method::named(""), None);
}
