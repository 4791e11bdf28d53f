//! Fragments for the school's site (001 3.1.1): «Поддержка обучения в дистанционный период» with a letter of App. 1, the hotline, terms in plain
//! words, a short notice on data; the schedule; announcements for all. Each can be pasted into any page: own styles inline, no script, nothing loaded.
//!
//! Not here: the schedule's own page (`page`).

use super::page::escaped;
use super::schedule::{DAYS_OFF, NONE, TITLE, entries};
use super::{Publication, PublishedFile};
use crate::compose::{mailto, plural};
use crate::settings::{Handling, PublicAnnouncement, Settings};
use crate::worktime::{Term, day_month};
use chrono::{Datelike, NaiveDate};

const BOX: &str = "max-width:720px;margin:0 0 24px;padding:16px;border:1px solid #d3dae2;border-radius:8px;background:#ffffff;color:#1c2430;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;overflow-wrap:break-word;";
const HEADING: &str = "margin:0 0 10px;font-size:22px;line-height:1.3;color:#1c2430;";
const LESSER: &str = "margin:18px 0 6px;font-size:17px;line-height:1.35;color:#1c2430;";
const TEXT: &str = "margin:0 0 10px;";
const LINK: &str = "color:#1f5fa8;";
const BUTTON: &str = "display:block;max-width:440px;margin:0 0 8px;padding:11px 16px;border:1px solid #1f5fa8;border-radius:8px;text-align:center;text-decoration:none;font-weight:bold;background:#ffffff;color:#1f5fa8;";
const SMALL: &str = "margin:0 0 10px;font-size:14px;color:#4f5a68;";

/// The five types of App. 1, as the form names them.
const TYPES: [(&str, &str); 5] = [
    ("Не работает техника или доступ", "проблемы технического характера"),
    ("Вопрос по электронному журналу", "проблема с ЭЖД"),
    ("Вопрос о дистанционном уроке", "вопрос по качеству дистанционного урока"),
    ("Нужна консультация психолога", "необходима консультация психолога"),
    ("Другой вопрос", "иные вопросы"),
];

/// All fragments, and a page that shows them together, as of a day.
pub fn site(of: Publication<'_>, today: NaiveDate) -> Vec<PublishedFile> {
    let parts = [("support.html", support(of.settings)), ("hours.html", hours(of)), ("announcements.html", announcements(of.settings, today))];
    let school = escaped(&of.settings.school);
    let whole = format!(
        "<!doctype html>\n<html lang=\"ru\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{school}</title>\n</head>\n<body style=\"margin:0;padding:12px;background:#eef1f5;color:#1c2430;\">\n{}</body>\n</html>\n",
        parts.iter().map(|(_, html)| html.as_str()).collect::<String>()
    );
    let file = |name: &str, html: String| PublishedFile { name: name.to_owned(), media_type: "text/html", bytes: html.into_bytes() };
    parts.into_iter().map(|(name, html)| file(name, html)).chain([file("index.html", whole)]).collect()
}

/// What stands behind the button of the main page.
fn support(settings: &Settings) -> String {
    let address = &settings.address;
    let mut out = open("Поддержка обучения в дистанционный период");
    p(&mut out, "Что-то не получается с учёбой, техникой или журналом, нужен совет специалиста? Напишите нам или позвоните.");
    heading(&mut out, "Написать");
    p(&mut out, "Выберите, о чём письмо. Откроется Ваша почта с готовыми строками: заполните их и отправьте.");
    for (label, kind) in TYPES {
        out.push_str(&format!("<a href=\"{}\" style=\"{BUTTON}\">{label}</a>\n", escaped(&mailto(address, "Обращение с сайта", &form(kind)))));
    }
    out.push_str(&format!(
        "<p style=\"{TEXT}\">Кнопка не открылась? Напишите обычное письмо на <a href=\"mailto:{0}\" style=\"{LINK}\">{0}</a>: кто Вы, класс и что случилось. Этого достаточно.</p>\n",
        escaped(address)
    ));
    heading(&mut out, "Позвонить: горячая линия");
    let phone = settings.site.hotline.as_ref().unwrap_or(&settings.phone);
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let when = settings.site.hotline_hours.as_ref().map(|h| format!(", {}", escaped(h))).unwrap_or_default();
    out.push_str(&format!("<p style=\"{TEXT}\"><a href=\"tel:{digits}\" style=\"{LINK}white-space:nowrap;\">{}</a>{when}</p>\n", escaped(phone)));
    heading(&mut out, "Что будет дальше");
    out.push_str("<ul style=\"margin:0 0 10px;padding:0 0 0 22px;\">\n");
    for line in terms(settings) {
        out.push_str(&format!("<li style=\"margin:0 0 4px;\">{}</li>\n", escaped(&line)));
    }
    out.push_str("</ul>\n");
    heading(&mut out, "Если кому-то грозит опасность");
    for line in &settings.composer.helplines {
        p(&mut out, line);
    }
    heading(&mut out, "Ваши данные");
    small(
        &mut out,
        "Имя, класс, телефон, адрес почты и то, о чём Вы написали, нужны школе только для того, чтобы помочь Вам (Федеральный закон № 152-ФЗ \
         «О персональных данных»). Письмо читают те, кто на него отвечает. Посторонним данные не передаются. Попросить удалить их можно ответом на любое наше письмо.",
    );
    close(out)
}

/// The form of App. 1, its type filled in.
fn form(kind: &str) -> String {
    format!(
        "1. ФИО: \n2. Вы являетесь (родитель, ученик, учитель): \n3. Класс: \n4. Тип обращения: {kind}\n5. Описание: \n6. Телефон: \n7. Электронная почта: "
    )
}

/// The terms of the rules in plain words.
fn terms(settings: &Settings) -> Vec<String> {
    let invited = settings.categories.values().any(|c| c.handled == Handling::Consultation);
    let mut lines = vec![
        "Сразу придёт письмо с номером обращения и датой, к которой мы ответим.".to_owned(),
        format!("На вопрос ответим {} после получения. Если понадобится больше времени, сообщим об этом.", within(settings.terms.answer)),
    ];
    if invited {
        lines.push(format!(
            "Если нужна консультация, {} пришлём письмо с датой, временем и способом связи. Консультация длится до {} минут.",
            within(settings.terms.invite),
            settings.terms.consultation_minutes
        ));
    }
    lines.push("Если Вы звонили и почты нет, перезвоним по телефону, который Вы оставили.".to_owned());
    lines
}

/// «в течение 24 часов», «в течение 3 рабочих дней».
fn within(term: Term) -> String {
    let counted = |n: u32, of: [&str; 2]| format!("в течение {n} {}", if n % 10 == 1 && n % 100 != 11 { of[0] } else { of[1] });
    match term {
        Term::BusinessDays(n) => counted(n, ["рабочего дня", "рабочих дней"]),
        Term::Minutes(n) if n % 60 == 0 => counted(n / 60, ["часа", "часов"]),
        Term::Minutes(n) => counted(n, ["минуты", "минут"]),
        Term::WorkingMinutes(n) if n % 60 == 0 => counted(n / 60, ["рабочего часа", "рабочих часов"]),
        Term::WorkingMinutes(n) => format!("в течение {n} {} рабочего времени", plural(i64::from(n), ["минуты", "минут", "минут"])),
    }
}

/// The hours, one paragraph a person.
fn hours(of: Publication<'_>) -> String {
    let mut out = open(TITLE);
    small(&mut out, &format!("{}. {DAYS_OFF}", upper_first(&of.period.words())));
    let mut any = false;
    for person in of.people() {
        let lines = entries(of, person);
        let Some(first) = lines.first() else { continue };
        any = true;
        heading(&mut out, &first.specialist);
        out.push_str("<ul style=\"margin:0 0 10px;padding:0 0 0 22px;\">\n");
        for e in &lines {
            let classes = if e.classes == "все" { String::new() } else { format!("классы {}", e.classes) };
            let rest: Vec<&str> = [e.ways.as_str(), &e.place, &e.about, &classes].into_iter().filter(|w| !w.is_empty()).collect();
            let rest: String = rest.iter().map(|words| format!(". {}", upper_first(words))).collect();
            out.push_str(&format!("<li style=\"margin:0 0 4px;\"><b>{}, {}</b>{}</li>\n", escaped(&e.days), escaped(&e.hours), escaped(&rest)));
        }
        out.push_str("</ul>\n");
    }
    if !any {
        p(&mut out, NONE);
    }
    close(out)
}

/// Those that the school wrote for its site, the newest first, until their last day.
fn announcements(settings: &Settings, today: NaiveDate) -> String {
    let mut out = open("Объявления");
    let mut shown: Vec<&PublicAnnouncement> = settings.site.announcements.iter().filter(|a| a.until.is_none_or(|until| today <= until)).collect();
    shown.sort_by_key(|a| std::cmp::Reverse(a.date));
    for a in &shown {
        heading(&mut out, &a.title);
        small(&mut out, &format!("{} {} г.", day_month(a.date), a.date.year()));
        for line in &a.text {
            p(&mut out, line);
        }
    }
    if shown.is_empty() {
        p(&mut out, "Новых объявлений нет.");
    }
    close(out)
}

fn upper_first(words: &str) -> String {
    crate::compose::upfirst(words)
}

fn open(title: &str) -> String {
    format!("<section lang=\"ru\" style=\"{BOX}\">\n<h2 style=\"{HEADING}\">{}</h2>\n", escaped(title))
}

fn close(out: String) -> String {
    format!("{out}</section>\n")
}

fn heading(out: &mut String, text: &str) {
    out.push_str(&format!("<h3 style=\"{LESSER}\">{}</h3>\n", escaped(text)));
}

fn p(out: &mut String, text: &str) {
    out.push_str(&format!("<p style=\"{TEXT}\">{}</p>\n", escaped(text)));
}

fn small(out: &mut String, text: &str) {
    out.push_str(&format!("<p style=\"{SMALL}\">{}</p>\n", escaped(text)));
}
