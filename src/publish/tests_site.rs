//! Fragments of the site: what a family reads, and that its letter is understood.

use super::*;
use crate::settings::PublicAnnouncement;
use chrono::NaiveDate;

fn fragments(settings: &Settings) -> Vec<(String, String)> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let of = Publication { settings, groups: &[], period: Period::school_year(today), specialist: None };
    site(of, today).into_iter().map(|f| (f.name, String::from_utf8(f.bytes).unwrap())).collect()
}

fn fragment(settings: &Settings, name: &str) -> String {
    fragments(settings).into_iter().find(|(n, _)| n == name).map(|(_, html)| html).unwrap()
}

#[test]
fn the_page_says_where_to_write_whom_to_call_and_what_follows() {
    let mut settings = crate::config::demo();
    settings.site.hotline = Some("8 (495) 000-12-02".into());
    settings.site.hotline_hours = Some("по рабочим дням с 9:00 до 17:00".into());
    let html = fragment(&settings, "support.html");
    for said in [
        "Поддержка обучения в дистанционный период",
        "8 (495) 000-12-02</a>, по рабочим дням с 9:00 до 17:00",
        "ответим в течение 24 часов после получения",
        "в течение 3 рабочих дней пришлём письмо с датой, временем и способом связи",
        "до 40 минут",
        "152-ФЗ",
        "8-800-2000-122",
    ] {
        assert!(html.contains(said), "{said} in {html}");
    }
    assert_eq!(html.matches("<a href=\"mailto:priemnaya@school.example?").count(), 5, "one button for each type of App. 1");
    for (name, html) in fragments(&settings) {
        for foreign in ["<script", "<link", "<style", "src=", "http:", "https:"] {
            assert!(!html.contains(foreign), "{name}: {foreign}");
        }
    }
}

#[test]
fn announcements_are_those_of_the_school_and_end_on_their_day() {
    let mut settings = crate::config::demo();
    assert!(fragment(&settings, "announcements.html").contains("Новых объявлений нет."));
    let one = |title: &str, day: u32, until: Option<u32>| PublicAnnouncement {
        date: NaiveDate::from_ymd_opt(2026, 11, day).unwrap(),
        until: until.and_then(|d| NaiveDate::from_ymd_opt(2026, 11, d)),
        title: title.into(),
        text: vec!["Текст <b>".into()],
    };
    settings.site.announcements = vec![one("Старое", 2, Some(19)), one("Собрание", 10, Some(20)), one("Новое", 18, None)];
    let html = fragment(&settings, "announcements.html");
    assert!(!html.contains("Старое"), "{html}");
    assert!(html.find("Новое") < html.find("Собрание") && html.contains("10 ноября 2026 г.") && html.contains("Текст &lt;b&gt;"), "{html}");
}

/// A family presses a button of the site, fills the form in and sends it: it is a form of App. 1, and each field is found.
#[test]
fn the_prepared_letter_is_understood() {
    use crate::understand::{Context, Role, Topics, understand};
    let settings = crate::config::demo();
    let html = fragment(&settings, "support.html");
    let link = html.split("<a href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().replace("&amp;", "&");
    let body = link.split_once("&body=").unwrap().1;
    let bytes = body.as_bytes();
    let mut plain = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == b'%' {
            plain.push(u8::from_str_radix(&body[i + 1..i + 3], 16).unwrap());
            i += 3;
        } else {
            plain.push(bytes[i]);
            i += 1;
        }
    }
    let filled = String::from_utf8(plain)
        .unwrap()
        .replace("ФИО: ", "ФИО: Рощина Елена Павловна")
        .replace("ученик, учитель): ", "ученик, учитель): родитель")
        .replace("Класс: ", "Класс: 5А")
        .replace("Описание: ", "Описание: не включается камера на уроке")
        .replace("Телефон: ", "Телефон: +7 900 000-00-01")
        .replace("почта: ", "почта: e.roschina@mail.example");
    let raw = format!("From: e.roschina@mail.example\r\nMessage-ID: <1@mail.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{filled}\r\n");
    let understood = understand(&Topics::embedded(), &crate::message::read(raw.as_bytes()), &Context::default());
    assert_eq!(understood.name.as_deref(), Some("Рощина Елена Павловна"), "{filled}");
    assert_eq!((understood.role, understood.class.as_deref()), (Role::Parent, Some("5А")), "{filled}");
    assert_eq!(understood.category, Some(crate::understand::Category::Technical));
}
