//! The table of who may steer, line by line, and what is told of it.

use super::Order;
use super::may::Role;
use super::trust::{Auth, Risk, Verdict, asked_about, decide, risk};
use crate::settings::{SenderCheck, Settings};
use crate::slots::Specialist;

#[test]
fn the_table() {
    use Verdict::{Confirm, Do, DoMarked, Help, Refuse, Silent};
    let auths = [Auth::Sure, Auth::Login, Auth::Shared, Auth::None, Auth::Fail];
    // token, From, then for each proof: low, an own answer, high.
    let table: [(bool, bool, [[Verdict; 3]; 5]); 4] = [
        (true, true, [[Do, Do, Do], [Do, Do, Confirm], [Do, Confirm, Confirm], [DoMarked, Confirm, Confirm], [Refuse; 3]]),
        (true, false, [[Refuse; 3]; 5]),
        (false, true, [[Help, Help, Refuse], [Help, Help, Refuse], [Help, Help, Refuse], [Silent; 3], [Silent; 3]]),
        (false, false, [[Silent; 3]; 5]),
    ];
    for (token, registered, lines) in table {
        for (auth, line) in auths.into_iter().zip(lines) {
            for (risk, verdict) in [Risk::Low, Risk::OwnAnswer, Risk::High].into_iter().zip(line) {
                assert_eq!(decide(token, registered, auth, risk), verdict, "token {token}, From {registered}, {auth:?}, {risk:?}");
            }
        }
    }
}

#[test]
fn what_a_parent_reads_and_what_ends_something_is_high() {
    let answer = Order::Close { answer: Some("готово".into()), reason: None };
    let table = [
        (Order::Take, Risk::Low, Risk::Low),
        (Order::Acknowledge, Risk::Low, Risk::Low),
        (Order::Held { recommendations: None }, Risk::Low, Risk::Low),
        (Order::NotHeld { outcome: crate::appeal::Outcome::Failed, reason: None }, Risk::OwnAnswer, Risk::High),
        (Order::NotHeld { outcome: crate::appeal::Outcome::NoShow, reason: None }, Risk::OwnAnswer, Risk::High),
        (answer, Risk::OwnAnswer, Risk::High),
        (Order::Held { recommendations: Some("x".into()) }, Risk::OwnAnswer, Risk::High),
        (Order::Recommend("x".into()), Risk::OwnAnswer, Risk::High),
        (Order::Close { answer: None, reason: Some("x".into()) }, Risk::High, Risk::High),
        (Order::Assign("x".into()), Risk::High, Risk::High),
        (Order::Cancel(None), Risk::High, Risk::High),
        (Order::Category(crate::understand::Category::Other), Risk::High, Risk::High),
        (Order::Reopen, Risk::High, Risk::High),
    ];
    for (order, own, head) in table {
        assert_eq!(risk(&order, &[Role::Assignee]), own, "{order:?}");
        assert_eq!(risk(&order, &[Role::Head]), head, "{order:?}");
    }
}

#[test]
fn check_says_who_will_confirm_and_why() {
    let mut settings = crate::config::demo();
    let person = |email: &str| Specialist { email: email.to_owned(), ..crate::config::demo().staff[0].clone() };
    let said = |settings: &Settings, email: &str| asked_about(settings, &person(email)).split([':', ' ']).next().unwrap_or_default().to_owned();
    assert_eq!(said(&settings, "a@school.example"), "nothing");
    settings.sender_check = SenderCheck::default();
    assert_eq!(said(&settings, "a@school.example"), "confirms");
    settings.sender_check = SenderCheck { dkim: true, binds_from: vec!["bk.ru".into()], ..SenderCheck::default() };
    assert_eq!(said(&settings, "a@school.example"), "no");
    assert!(asked_about(&settings, &person("a@mail.ru")).contains("not the person"));
    for bound in ["a@yandex.ru", "a@bk.ru"] {
        assert!(asked_about(&settings, &person(bound)).contains("ties From to the login"), "{bound}");
    }
}
