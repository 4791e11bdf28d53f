//! The texts of calendar objects: neutral, because calendars are shared and often kept abroad. No name, no class, no topic.

use super::russian::Moment;
use chrono::{DateTime, Utc};

/// SUMMARY: «Консультация, заявка № 147».
pub fn summary(number: i64) -> String {
    format!("Консультация, заявка № {number}")
}

/// DESCRIPTION: time written out (a calendar in another zone still shows the school's), way, how to move it.
pub fn description(
    number: i64,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    zone: chrono_tz::Tz,
    channel_words: &str,
    connect: Option<&str>,
    phone_of_school: &str,
) -> String {
    let (start, end) = (Moment { at: start, zone }, Moment { at: end, zone });
    let mut lines = vec![
        format!("Консультация по заявке № {number}."),
        format!("Когда: {}, до {} ({}).", start.spoken(), end.time(), start.zone_words()),
        format!("Как: {channel_words}."),
    ];
    if let Some(connect) = connect {
        lines.push(format!("Подключение: {connect}"));
    }
    lines.push(format!("Перенести или отменить: ответьте на письмо или позвоните: {phone_of_school}."));
    lines.join("\n")
}

/// The way of a consultation in words: «phone» -> «по телефону»; what a school names itself stays as it is.
pub fn channel_words(channel: &str) -> String {
    match channel.trim().to_lowercase().as_str() {
        "phone" | "телефон" => "по телефону".to_owned(),
        "in_person" | "лично" | "очно" => "лично, в школе".to_owned(),
        "email" | "почта" => "по электронной почте".to_owned(),
        "video" | "видео" => "по видеосвязи".to_owned(),
        "сферум" => "в Сферуме".to_owned(),
        "max" => "в MAX".to_owned(),
        _ => channel.trim().to_owned(),
    }
}
