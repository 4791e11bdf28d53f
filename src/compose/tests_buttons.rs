//! Links of buttons and the subjects that come back.

use super::buttons::{about, author_token, mailto, order_token, ordered, pressed, same_token};
use super::samples_author::moment;
use super::*;

fn decoded_link(link: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = link.bytes();
    while let Some(b) = rest.next() {
        if b == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(b);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_press_comes_back_as_it_was_made() {
    let token = order_token(&PUBLIC_KEY, 147, "psychologist-1");
    let press = Press { number: 147, token: token.clone(), about: Some(moment(25, 15, 30)), choices: Vec::new() };
    let link = decoded_link(&press.order("priemnaya@school.example", chrono_tz::Europe::Moscow, "состоялась", ", рекомендации: "));
    assert_eq!(
        link,
        format!("mailto:priemnaya@school.example?subject=Заявка № 147, 25.11.2026 15:30: состоялась [otk-{token}]&body=состоялась, рекомендации: ")
    );
    let subject = link.split_once("subject=").unwrap().1.split_once('&').unwrap().0.to_owned();
    for subject in [subject.clone(), format!("Re: {subject}"), format!("{subject}  ")] {
        assert_eq!(pressed(&subject), Some((147, token.clone())), "{subject}");
        assert_eq!(ordered(&subject), Some("состоялась"));
        assert_eq!(about(&subject).map(|a| a.to_string()), Some("2026-11-25 15:30:00".to_owned()));
    }
    let bare = format!("Заявка № 8: передать: Никитина Светлана Олеговна [otk-{token}]");
    assert_eq!((pressed(&bare).map(|p| p.0), ordered(&bare), about(&bare)), (Some(8), Some("передать: Никитина Светлана Олеговна"), None));
    let author = format!("Re: Консультация: среда, 25 ноября, 15:30 (заявка № 147) [otk-{token}]");
    assert_eq!(pressed(&author).map(|p| p.0), Some(147));
}

#[test]
fn a_damaged_subject_is_no_press() {
    let token = order_token(&PUBLIC_KEY, 147, "psychologist-1");
    let wrong = [
        String::new(),
        "Заявка № 147: состоялась".to_owned(),
        format!("Заявка 147: состоялась [otk-{token}]"),
        format!("Заявка № 147: состоялась [otk-{}]", &token[1..]),
        format!("Заявка № 147: состоялась [otk-{token}x]"),
        format!("Заявка № 147: состоялась [otk-{token}"),
        format!("Заявка № 147: состоялась [otk-{token}] и ещё"),
        format!("Заявка № 99999999999999999999: состоялась [otk-{token}]"),
        "№ [otk-]".to_owned(),
        "[otk-".repeat(1000),
    ];
    for subject in wrong {
        assert_eq!(pressed(&subject), None, "{subject}");
    }
}

#[test]
fn tokens_are_of_one_person_one_appeal_one_purpose() {
    let token = order_token(&PUBLIC_KEY, 147, "psychologist-1");
    assert_eq!(token.len(), 26);
    assert!(same_token(&token, &order_token(&PUBLIC_KEY, 147, "psychologist-1")));
    let others = [
        order_token(&PUBLIC_KEY, 148, "psychologist-1"),
        order_token(&PUBLIC_KEY, 147, "psychologist-2"),
        order_token(&PUBLIC_KEY, 14, "7/psychologist-1"),
        author_token(&PUBLIC_KEY, 147, "psychologist-1"),
        order_token(&InstanceKey([0; 32]), 147, "psychologist-1"),
        String::new(),
        token[..25].to_owned(),
    ];
    for other in others {
        assert!(!same_token(&token, &other), "{other}");
    }
}

#[test]
fn a_link_stays_short_and_its_lines_are_crlf() {
    let link = mailto("a@b.example", "Заявка", &"длинный текст\n".repeat(500));
    assert!(link.len() <= 1800 && decoded_link(&link).contains("текст\r\nдлинный"), "{}", link.len());
}
