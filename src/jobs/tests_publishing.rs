//! The schedule's letter and its folder: once a change, whole files, and no letter where they cannot be written.

use super::*;
use crate::clock::Clock;
use crate::compose::decoded;
use crate::store::PostingLine;
use crate::transport::{Script, Transport};
use chrono::TimeDelta;

/// Monday, 23 November 2026, 10:00 in Moscow, and days later.
fn at(days: i64) -> DateTime<Utc> {
    "2026-11-23T07:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(days)
}

fn school(change: impl FnOnce(&mut Settings)) -> School {
    let mut settings = crate::config::demo();
    change(&mut settings);
    School::new(settings, Store::in_memory().unwrap(), false)
}

fn letters(school: &School) -> Vec<PostingLine> {
    school.store().postings(None).unwrap()
}

#[test]
fn nothing_is_published_unasked() {
    let school = school(|_| {});
    assert!(!publish(&school, at(0)).unwrap());
    assert!(letters(&school).is_empty());
}

#[tokio::test]
async fn one_letter_a_change_and_none_at_a_start() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("site");
    let school = school(|s| {
        s.schedule.folder = Some(folder.clone());
        s.schedule.administrator = Some("site@school.example".into());
    });
    assert!(publish(&school, at(0)).unwrap());
    assert!(!publish(&school, at(1)).unwrap(), "nothing has changed");
    let sent = letters(&school);
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].to.as_str(), sent[0].subject.as_str()), ("site@school.example", "Отклик: график консультаций для сайта"));
    let mut wire = Transport::Script(Script::default());
    school.sent_was_seen();
    let gone = dispatch(&school, &mut wire, Clock::Virtual(at(1))).await.unwrap();
    let text = decoded(&school.store().raw_of(&gone.sent[0].key).unwrap().unwrap());
    for said in ["Разместите его, пожалуйста, на сайте", "psychologist-1.ics", "schedule.xlsx", "нет номера и даты приказа"]
    {
        assert!(text.contains(said), "{said} in {text}");
    }
    let files: Vec<String> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    for name in ["schedule.html", "schedule.xlsx", "psychologist-1.ics", "support.html", "hours.html", "announcements.html", "index.html"] {
        assert!(files.iter().any(|f| f == name), "{name} in {files:?}");
    }
    assert!(files.iter().all(|f| !f.starts_with('.')), "nothing half-written stays: {files:?}");

    // Somebody deletes a file: it comes back without a letter.
    std::fs::remove_file(folder.join("schedule.html")).unwrap();
    assert!(!publish(&school, at(2)).unwrap());
    assert!(folder.join("schedule.html").exists());
    assert_eq!(letters(&school).len(), 0);

    // Hours change, and change back: two further letters.
    let before = school.settings();
    let mut other = (*before).clone();
    other.staff.iter_mut().find(|p| p.id == "social-1").unwrap().windows[0].to = "18:30:00".parse().unwrap();
    school.reload(other);
    assert!(publish(&school, at(3)).unwrap());
    assert!(!publish(&school, at(4)).unwrap());
    assert!(std::fs::read_to_string(folder.join("schedule.html")).unwrap().contains("15:00–18:30"));
    school.reload((*before).clone());
    assert!(publish(&school, at(5)).unwrap());
    let sent = letters(&school);
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|p| p.subject == "Отклик: график консультаций изменился"));
}

/// A cold changes no approved schedule.
#[test]
fn a_told_absence_is_no_change() {
    let school = school(|s| s.schedule.administrator = Some("site@school.example".into()));
    assert!(publish(&school, at(0)).unwrap());
    let away = crate::slots::Away {
        specialist: "psychologist-1".into(),
        from: school.settings().worktime.local_date(at(0)),
        until: None,
        present: false,
        source: crate::slots::AwaySource::Own,
    };
    school.store().carry_out(&[crate::effect::Effect::Away(away)], at(0)).unwrap();
    school.refresh().unwrap();
    assert!(!publish(&school, at(1)).unwrap());
}

#[test]
fn a_folder_that_cannot_be_written_is_told_in_a_sentence_and_no_letter_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("taken");
    std::fs::write(&file, "x").unwrap();
    let school = school(|s| s.schedule.folder = Some(file.join("site")));
    let said = publish(&school, at(0)).unwrap_err().to_string();
    assert!(said.contains("could not be written") && said.contains("make the folder"), "{said}");
    assert!(letters(&school).is_empty());
}
