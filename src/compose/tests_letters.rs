//! Letters as their receivers read them.

use super::samples_author::moment;
use super::*;

fn envelope(kind: Kind, key: &str, to: &str) -> Envelope {
    Envelope {
        kind,
        key: key.to_owned(),
        appeal: Some(147),
        to: to.to_owned(),
        references: vec!["first-letter@mail.example".to_owned()],
        replied: true,
        event: None,
        attachments: Vec::new(),
        audience: Audience::OutsiderAutomatic,
        priority: 2,
        copy: SentCopy::Full,
        not_before: None,
        not_after: None,
        cause: Some("ab12".to_owned()),
        due: Some(moment(19, 10, 0)),
        now: moment(18, 10, 1),
    }
}

fn read<L: Letter>(letter: &L, kind: Kind) -> String {
    let author = matches!(kind, Kind::Receipt | Kind::Invitation | Kind::Update | Kind::Cancel | Kind::Answer | Kind::Confirm);
    let mut envelope = envelope(kind, "test/147", if author { "m.petrova@mail.example" } else { "i.sokolova@school.example" });
    if !author {
        (envelope.replied, envelope.references) = (false, Vec::new());
    }
    let posting = freeze(&Composer::sample(), envelope, letter);
    decoded(&posting.raw)
}

fn receipt(path: Path) -> Receipt {
    Receipt::samples().into_iter().rev().find(|r| r.path == path).unwrap()
}

fn body(read: &str) -> &str {
    read.split_once("\n\n").unwrap().1
}

#[test]
fn receipt_of_a_request() {
    insta::assert_snapshot!(read(&receipt(Path::Request), Kind::Receipt), @"");
}

#[test]
fn receipt_of_a_consultation() {
    insta::assert_snapshot!(read(&receipt(Path::Consultation), Kind::Receipt), @"");
}

#[test]
fn receipt_of_a_complaint() {
    insta::assert_snapshot!(read(&receipt(Path::Complaint), Kind::Receipt), @"");
}

#[test]
fn receipt_of_a_delicate_letter_has_two_lines() {
    let read = read(&receipt(Path::Delicate), Kind::Receipt);
    assert_eq!(body(&read).trim_end().lines().count(), 2);
    insta::assert_snapshot!(read, @"");
}

#[test]
fn receipt_with_everything() {
    let all = Receipt::samples().into_iter().find(|r| r.season.is_some()).unwrap();
    insta::assert_snapshot!(body(&read(&all, Kind::Receipt)), @"");
}

#[test]
fn receipts_are_short_and_all_carry_the_same_block() {
    for sample in Receipt::samples() {
        let read = read(&sample, Kind::Receipt);
        let text = body(&read).trim_end();
        assert!(text.lines().count() <= 16, "{text}");
        assert!(text.lines().filter(|l| !l.is_empty()).count() <= 15);
        assert_eq!(sample.path == Path::Delicate, !text.contains("8-800-2000-122"), "{text}");
    }
}

#[test]
fn invitation() {
    let invitation = Invitation::samples().into_iter().next().unwrap();
    let read = read(&invitation, Kind::Invitation);
    let first: Vec<&str> = body(&read).lines().take(3).collect();
    let first = first.join(" ");
    for what in ["среду", "25 ноября", "15:30", "по телефону"] {
        assert!(first.contains(what), "the first three lines say {what}");
    }
    insta::assert_snapshot!(read, @"");
}

#[test]
fn rescheduled_and_cancelled() {
    insta::assert_snapshot!(read(&Rescheduled::samples().pop().unwrap(), Kind::Update), @"");
    insta::assert_snapshot!(read(&Cancelled::samples().pop().unwrap(), Kind::Cancel), @"");
}

#[test]
fn answer_extension_and_absence() {
    insta::assert_snapshot!(body(&read(&Answer::samples().pop().unwrap(), Kind::Answer)), @"");
    insta::assert_snapshot!(body(&read(&Extension::samples().pop().unwrap(), Kind::Confirm)), @"");
    insta::assert_snapshot!(body(&read(&Absent::samples().pop().unwrap(), Kind::Confirm)), @"");
}

#[test]
fn task_with_a_consultation() {
    insta::assert_snapshot!(read(&Task::samples()[0], Kind::Task), @"");
}

#[test]
fn task_of_a_request_and_of_a_call() {
    insta::assert_snapshot!(body(&read(&Task::samples()[1], Kind::Task)), @"");
    insta::assert_snapshot!(body(&read(&Task::samples()[2], Kind::Task)), @"");
}

#[test]
fn alarm() {
    insta::assert_snapshot!(read(&Alarm::samples().pop().unwrap(), Kind::Other), @"");
}

#[test]
fn decision() {
    insta::assert_snapshot!(read(&Decision::samples()[0], Kind::Other), @"");
}

#[test]
fn escalation_to_the_director_is_one_list() {
    insta::assert_snapshot!(read(&Escalation::samples().pop().unwrap(), Kind::Escalation), @"");
}

#[test]
fn call_task_says_at_most_five_lines() {
    let long = CallTask { say: vec!["Строка.".to_owned(); 9], ..CallTask::samples().pop().unwrap() };
    assert_eq!(read(&long, Kind::CallTask).matches("Строка.").count(), 5);
    insta::assert_snapshot!(body(&read(&CallTask::samples().pop().unwrap(), Kind::CallTask)), @"");
}

#[test]
fn daily_report() {
    insta::assert_snapshot!(read(&Daily::samples()[0], Kind::ReportDaily), @"");
}

#[test]
fn daily_report_of_a_quiet_day_in_shadow_mode() {
    let read = read(&Daily::samples()[1], Kind::ReportDaily);
    assert!(body(&read).starts_with("Пробный режим"), "the first line says so");
    insta::assert_snapshot!(body(&read), @"");
}

#[test]
fn weekly_report() {
    insta::assert_snapshot!(read(&Weekly::samples()[0], Kind::ReportWeekly), @"");
}

#[test]
fn short_letters_to_staff() {
    let mut all = String::new();
    let mut add = |text: String| {
        let (head, body) = text.split_once("\n\n").unwrap();
        let subject = head.lines().find(|l| l.starts_with("Тема")).unwrap();
        all.push_str(&format!("{subject}\n\n{}\n---\n", body.trim_end()));
    };
    add(read(&TaskMoved::samples().pop().unwrap(), Kind::Task));
    add(read(&TaskCancelled::samples().pop().unwrap(), Kind::Task));
    add(read(&Reminder::samples()[0], Kind::Reminder));
    add(read(&Escalation::samples()[0], Kind::Escalation));
    add(read(&Handover::samples().pop().unwrap(), Kind::Other));
    add(read(&Added::samples().pop().unwrap(), Kind::Other));
    add(read(&Parked::samples()[0], Kind::Other));
    add(read(&Undeliverable::samples().pop().unwrap(), Kind::Other));
    add(read(&Passed::samples()[0], Kind::Other));
    add(read(&Notice::samples()[0], Kind::Other));
    insta::assert_snapshot!(all, @"");
}
