//! A letter that came, as a page: headers and the words as plain text; nothing foreign is ever HTML of ours.

use super::scenes::Incoming;
use crate::message;

/// The look of the demo's own pages.
pub(super) const STYLE: &str = include_str!("style.css");

/// Text for HTML, quotes included.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// Head and end of a page around its body.
pub(super) fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"ru\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

/// The page of an incoming letter.
pub(super) fn incoming(letter: &Incoming, zone: chrono_tz::Tz) -> String {
    let read = message::read(&letter.raw);
    let sender =
        read.sender().map_or_else(|| "без отправителя".to_owned(), |a| a.name.as_ref().map_or_else(|| a.email.clone(), |n| format!("{n} <{}>", a.email)));
    let subject = if read.subject.is_empty() { "(без темы)" } else { &read.subject };
    let mut rows = format!("<dt>От</dt><dd>{}</dd>", escaped(&sender));
    if let Some(date) = read.date {
        rows.push_str(&format!("<dt>Отправлено</dt><dd>{}</dd>", date.with_timezone(&zone).format("%d.%m.%Y, %H:%M")));
    }
    rows.push_str(&format!("<dt>Файл</dt><dd><a href=\"{0}.eml\">{0}.eml</a>, как пришёл</dd>", escaped(&letter.name)));
    let mut body = format!(
        "<main class=\"letter\">\n<p class=\"back\"><a href=\"../index.html\">← к неделе</a></p>\n<p class=\"about\">{}</p>\n<h1>{}</h1>\n<dl class=\"head\">{rows}</dl>\n<pre>{}</pre>\n",
        escaped(&letter.about),
        escaped(subject),
        escaped(read.body.whole.trim())
    );
    if let Some(calendar) = read.calendars.first() {
        let text = String::from_utf8_lossy(&calendar.bytes);
        body.push_str(&format!("<h2>Ответ календаря, который читает программа</h2>\n<pre class=\"code\">{}</pre>\n", escaped(text.trim())));
    }
    body.push_str("</main>\n");
    page(subject, &body)
}
