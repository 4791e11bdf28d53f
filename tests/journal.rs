//! The journal after the story of scenario 93: one reply completes a row, and what was said in person is nowhere in the database.

use otklik::compose::PUBLIC_KEY;
use otklik::jobs::Rehearsal;
use otklik::jobs::story::{Story, tell};
use otklik::report::{Cell, Reader, journal};
use otklik::store::Store;
use std::path::Path;

#[test]
fn one_reply_completes_the_row_and_spoken_recommendations_leave_no_trace() {
    let story = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/93-one-reply-for-the-journal.txt")).unwrap();
    let mut settings = otklik::config::demo();
    settings.composer.key = PUBLIC_KEY;
    let zone = settings.worktime.zone;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("otklik.db");
    let mut rehearsal = Rehearsal::new(settings, Store::open(&file).unwrap()).unwrap();
    let mut letters = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut hear = |h: otklik::jobs::Happening| letters.extend(h.raw.map(|raw| (h.to.unwrap_or_default(), otklik::compose::decoded(&raw))));
    runtime.block_on(tell(&Story::parse(&story).unwrap(), &mut rehearsal, &|_| None, &mut hear)).unwrap();

    let rows = rehearsal.school().store().journal_rows("2026-11-01T00:00:00Z".parse().unwrap(), "2026-12-31T00:00:00Z".parse().unwrap()).unwrap();
    let own = journal(&rows, zone, "Школа № 12", Reader::Specialist);
    let column = |key: &str| own.columns.iter().position(|c| c.key == key).unwrap();
    let cells = |key: &str| own.rows.iter().map(|r| r[column(key)].shown()).collect::<Vec<_>>();
    assert_eq!(cells("state"), ["состоялась", "состоялась"]);
    assert_eq!(cells("note"), ["рекомендации даны лично", "Пять минут в день перед зеркалом."]);
    let school = journal(&rows, zone, "Школа № 12", Reader::School);
    let told: Vec<String> = school.rows.iter().map(|r| r[column("note")].shown()).collect();
    assert_eq!(told, ["рекомендации даны лично", "рекомендации даны"]);
    assert_eq!(school.rows[0][column("author")], Cell::Text("в журнале специалиста".into()));

    // The family that heard them in person got no letter with them; the other one did.
    let with = |address: &str| letters.iter().filter(|(to, text)| to == address && text.contains("перед зеркалом")).count();
    assert_eq!((with("e.roschina@mail.example"), with("p.zimin@mail.example")), (0, 1));
    assert!(letters.iter().all(|(to, text)| to != "e.roschina@mail.example" || !text.contains("лично\n")));
    let kept: Vec<Option<String>> = rows.iter().map(|r| r.recommendations.clone()).collect();
    assert_eq!(kept[0].as_deref(), Some("лично"), "a mark, no words");

    // Another machine reads the file: the words that went to a family are there once decoded, those of nobody are not.
    drop(rehearsal);
    let bytes = std::fs::read(&file).unwrap();
    let holds = |words: &str| bytes.windows(words.len()).any(|w| w == words.as_bytes());
    assert!(holds("Пять минут в день перед зеркалом."), "the file is the one that was written");
    assert!(holds("Заявка № 2: рекомендации после консультации") && !holds("Заявка № 1: рекомендации после консультации"));
}
