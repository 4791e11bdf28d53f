//! Tests that reading an answer stays linear and total on texts made to hurt: endless quotations, Latin walls, numbered lines.

use super::tests_answers::answer;
use super::{language, survey, translit};
use std::time::Instant;

#[test]
fn no_text_takes_long() {
    let texts = [
        "Zdravstvuyte u menya vopros pro uroki ".repeat(4000),
        "ghbdtn e vtyz djghjc ".repeat(8000),
        "aaaa'''''y ".repeat(12_000),
        "рәхмәт ҡыҙым ".repeat(10_000),
        "1) 2) 3) 4) 5) ".repeat(10_000),
        "> 17.03.2026 10:00, Приёмная <office@school.example> пишет:\nда\n".repeat(2000),
        "на час позже, в то же время, но в среду ".repeat(3000),
        "!?+-👍".repeat(20_000),
    ];
    for text in &texts {
        let began = Instant::now();
        let _ = answer(text);
        let _ = survey::read(text);
        let _ = language::foreign(text);
        let _ = translit::script(text);
        assert!(began.elapsed().as_secs() < 5, "{}", text.chars().take(40).collect::<String>());
    }
}

#[test]
fn any_piece_of_text_is_read() {
    let text = "Zdravstvuyte! 4to delat'? ghbdtn; Сәлам 👍 20 ноября в 14:00 «да» 1) 5/5/5 2) — на час позже\n> X\n";
    let ends: Vec<usize> = text.char_indices().map(|c| c.0).collect();
    for a in &ends {
        let piece = &text[*a..];
        let _ = (answer(piece).intent, survey::read(piece), language::foreign(piece));
        let _ = (answer(&text[..*a]).intent, survey::read(&text[..*a]), language::foreign(&text[..*a]));
    }
}
