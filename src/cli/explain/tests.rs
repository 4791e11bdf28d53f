//! Tests of what `explain` shows to a person.

use super::shown::{marked, page};
use crate::message;
use crate::understand::{Context, Topics, understand};

#[test]
fn the_causing_words_are_marked_where_they_stand() {
    let text = "Добрый день! У сына НЕТ\nзвука, микрофон молчит, микрофоном не пользуемся.";
    let reasons = ["технические вопросы: нет звука («нет звука»)".to_owned(), "похоже («микрофон», «день»)".to_owned()];
    assert_eq!(marked(text, &reasons), "Добрый *день*! У сына *НЕТ\nзвука*, *микрофон* молчит, микрофоном не пользуемся.");
    assert_eq!(marked("ничего", &[]), "ничего");
    assert_eq!(marked("конец звука нет", &["«звука нет»".to_owned()]), "конец *звука нет*");
}

#[test]
fn a_page_says_in_russian_what_was_understood() {
    let letter = "From: Анна Ковалёва <a.kovaleva@family.example>\r\nTo: school@example.org\r\nDate: Mon, 16 Nov 2026 10:00:00 +0300\r\nSubject: =?utf-8?B?0KHRhNC10YDRg9C8?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nЗдравствуйте! На уроке в Сферуме у дочери из 5Б нет звука.\r\nМожно позвонить во вторник после 18:00: 8 900 111-22-33.\r\nАнна Ковалёва\r\n";
    let context = Context { zone: Some(chrono_tz::Europe::Moscow), ..Context::default() };
    let read = understand(&Topics::embedded(), &message::read(letter.as_bytes()), &context);
    let page = page(&read);
    for (title, value) in [
        ("что это", "новое обращение"),
        ("тема", "технические вопросы"),
        ("кто", "родитель, Анна Ковалёва"),
        ("ребёнок", "5Б"),
        ("как удобно", "по телефону"),
        ("когда удобно", "вт 17.11 с 18:00"),
    ] {
        let line = page.lines().find(|l| l.trim_start().starts_with(title)).unwrap_or_else(|| panic!("{title}: {page}"));
        assert!(line.contains(value), "{line}");
    }
    assert!(page.contains('*'), "{page}");
}
