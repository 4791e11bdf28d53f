//! Tests that reading an answer stays linear and total on texts made to hurt: endless quotations, Latin walls, numbered lines.

use super::tests_answers::answer;
use super::{language, survey, translit};

#[test]
fn texts_made_to_hurt_come_to_an_end() {
    let texts = [
        "Zdravstvuyte u menya vopros pro uroki ".repeat(600),
        "ghbdtn e vtyz djghjc ".repeat(1200),
        "aaaa'''''y ".repeat(300),
        "рәхмәт ҡыҙым ".repeat(1500),
        "1) 2) 3) 4) 5) ".repeat(1500),
        "> 17.03.2026 10:00, Приёмная <office@school.example> пишет:\nда\n".repeat(300),
        "на час позже, в то же время, но в среду ".repeat(500),
        "!?+-👍".repeat(3000),
    ];
    for text in &texts {
        let _ = answer(text);
        let _ = survey::read(text);
        let _ = language::foreign(text);
        let _ = translit::script(text);
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
