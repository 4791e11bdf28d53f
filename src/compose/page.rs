//! A sent letter as an HTML page, for the demo.

use super::parts::{calendar_lines, take_apart};
use super::russian::{Case, day_words};
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone};

/// A whole page: headers, the HTML part as the reader's program shows it, the calendar object in words.
pub fn letter_page(raw: &[u8]) -> String {
    let parts = take_apart(raw);
    let subject = escaped(parts.header("Subject"));
    let mut rows = String::new();
    for (name, title) in [("From", "От"), ("To", "Кому"), ("Date", "Отправлено"), ("In-Reply-To", "В ответ на")] {
        let value = if name == "Date" { date_in_words(parts.header(name)) } else { parts.header(name).to_owned() };
        if !value.is_empty() {
            rows.push_str(&format!("<tr><th>{title}</th><td>{}</td></tr>", escaped(&value)));
        }
    }
    for file in &parts.files {
        rows.push_str(&format!("<tr><th>Вложение</th><td>{} ({} Б)</td></tr>", escaped(&file.name), file.bytes.len()));
    }
    let calendar = parts.calendar.as_ref().map(|(method, object)| calendar_block(method, object, parts.header("Date"))).unwrap_or_default();
    let letter = if parts.html.is_empty() {
        format!("<pre class=\"text\">{}</pre>", escaped(&parts.text))
    } else {
        // The letter is our own template with everything foreign escaped, so it can stand in the page itself: it prints, and it needs no frame.
        format!(
            "<div class=\"letter\">{}</div><details><summary>То же письмо простым текстом</summary><pre class=\"text\">{}</pre></details>",
            with_pictures(body_of(&parts.html), &parts.pictures),
            escaped(&parts.text)
        )
    };
    format!(
        "<!doctype html>\n<html lang=\"ru\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{subject}</title><style>{STYLE}</style></head><body><main><h1>{subject}</h1><table>{rows}</table>{calendar}{letter}</main></body></html>\n"
    )
}

/// The pictures inside the page itself: it stands alone.
pub(super) fn with_pictures(html: &str, pictures: &[super::mime::Inline]) -> String {
    let inside = |p: &super::mime::Inline| format!("data:image/png;base64,{}", data_encoding::BASE64.encode(&p.png));
    pictures.iter().fold(html.to_owned(), |html, p| html.replace(&format!("cid:{}", p.id), &inside(p)))
}

/// What stands between the body tags; all of it where there are none.
fn body_of(html: &str) -> &str {
    let inner = html.find("<body").and_then(|at| html.get(at..)).and_then(|rest| rest.split_once('>')).map_or(html, |(_, inner)| inner);
    inner.rsplit_once("</body>").map_or(inner, |(body, _)| body)
}

const STYLE: &str = "body{margin:0;background:#e9edf2;color:#1c2430;font:16px/1.5 system-ui,Arial,sans-serif}main{max-width:760px;margin:0 auto;padding:16px}\
h1{font-size:22px;line-height:1.3;margin:8px 0 12px}main>table{border-collapse:collapse;font-size:14px;margin:0 0 12px}main>table th{text-align:left;font-weight:normal;\
color:#4f5a68;padding:2px 14px 2px 0;vertical-align:top;white-space:nowrap}main>table td{overflow-wrap:anywhere}.letter{overflow:hidden;\
border:1px solid #c9d1da;border-radius:8px;background:#fff}.calendar{background:#fff;border:1px solid #c9d1da;border-left:5px solid #1f5fa8;border-radius:8px;\
padding:10px 14px;margin:0 0 12px}.calendar p{margin:2px 0}.text{background:#fff;border:1px solid #c9d1da;border-radius:8px;padding:12px 14px;\
white-space:pre-wrap;overflow-wrap:anywhere;font:14px/1.5 ui-monospace,monospace}summary{cursor:pointer;margin:10px 0}@media(max-width:480px){main{padding:4px 0}h1,main>table,summary{margin-left:6px;margin-right:6px}}";

fn calendar_block(method: &str, object: &[u8], date: &str) -> String {
    let lines = calendar_lines(object);
    let value = |name: &str| lines.iter().find(|(n, _)| n.split(';').next() == Some(name)).map(|(_, v)| v.as_str()).unwrap_or_default();
    let zone = DateTime::parse_from_rfc2822(date).ok().map(|d| *d.offset());
    let what = match method {
        "REQUEST" if value("SEQUENCE").parse::<u32>().unwrap_or(0) > 0 => "Календарь: новое время встречи",
        "REQUEST" => "Календарь: приглашение",
        "CANCEL" => "Календарь: встреча отменена",
        "REPLY" => "Календарь: ответ на приглашение",
        "DECLINECOUNTER" => "Календарь: предложенное время не подошло",
        _ => "Календарь",
    };
    let mut out = format!("<div class=\"calendar\"><p><b>{what}</b></p>");
    let mut line = |text: String| {
        if !text.trim().is_empty() {
            out.push_str(&format!("<p>{}</p>", escaped(&text)));
        }
    };
    line(unescaped(value("SUMMARY")));
    line(match (moment(value("DTSTART"), zone), moment(value("DTEND"), zone)) {
        (Some(start), Some(end)) => format!("{}, {}–{}", day_words(start.date_naive(), Case::Plain, None), start.format("%-H:%M"), end.format("%-H:%M")),
        _ => String::new(),
    });
    line(unescaped(value("LOCATION")));
    for (name, address) in lines.iter().filter(|(n, _)| n.split(';').next() == Some("ATTENDEE")) {
        let status = name.split(';').find_map(|p| p.strip_prefix("PARTSTAT=")).unwrap_or_default();
        let status = match status {
            "ACCEPTED" => "согласие",
            "DECLINED" => "отказ",
            "TENTATIVE" => "под вопросом",
            _ => "ждём ответа",
        };
        line(format!("Участник: {} ({status})", address.trim_start_matches("mailto:")));
    }
    out.push_str("</div>");
    out
}

/// `20261125T123000Z` in the zone of the letter's Date.
fn moment(value: &str, zone: Option<FixedOffset>) -> Option<DateTime<FixedOffset>> {
    let utc = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%SZ").ok()?;
    Some(zone.or_else(|| FixedOffset::east_opt(0))?.from_utc_datetime(&utc))
}

fn date_in_words(header: &str) -> String {
    match DateTime::parse_from_rfc2822(header) {
        Ok(at) => format!("{}, {}", day_words(at.date_naive(), Case::Plain, Some(0)), at.format("%-H:%M")),
        Err(_) => header.to_owned(),
    }
}

/// RFC 5545 §3.3.11.
pub(super) fn unescaped(value: &str) -> String {
    value.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
}

/// Text for HTML, quotes included.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
